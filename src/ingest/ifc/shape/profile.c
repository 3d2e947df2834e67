// Profiles as polygons: those of curves, and those made of others.
#include "ingest/ifc/shape/profile.h"

#include <math.h>
#include <string.h>

#include "ingest/ifc/shape/basis.h"

// ---- rings --------------------------------------------------------------------------------------

static ct_err grow(void **block, size_t *room, size_t need, size_t each, ct_arena *arena) {
    if (need <= *room) return CT_OK;
    const size_t wanted = need > 2 * *room ? need : 2 * *room;
    void *grown = ct_arena_alloc(arena, wanted * each);
    if (!grown) return CT_NOMEM;
    if (*room) memcpy(grown, *block, *room * each);
    *block = grown;
    *room = wanted;
    return CT_OK;
}

static double ring_area(const double *xy, uint32_t n) {
    double twice = 0;
    for (uint32_t i = 1; i + 1 < n; i++)
        twice += (xy[2 * i] - xy[0]) * (xy[2 * i + 3] - xy[1]) -
                 (xy[2 * i + 2] - xy[0]) * (xy[2 * i + 1] - xy[1]);
    return 0.5 * twice;
}

ct_err ct_ifc__add_ring(ct_ifc__area *out, ct_ifc__work *w, const double *xy, uint32_t n,
                        int stride) {
    void *points = out->xy, *rings = out->ring_end;
    CT_TRY(ct_ifc__spend(w, n));
    CT_TRY(grow(&points, &out->point_room, out->n_points + n + 1, 2 * sizeof *out->xy, w->arena));
    out->xy = points;
    CT_TRY(grow(&rings, &out->ring_room, out->n_rings + 1, sizeof *out->ring_end, w->arena));
    out->ring_end = rings;
    double *ring = out->xy + 2 * (size_t)out->n_points;
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        const double *p = xy + (size_t)stride * i;
        if (!isfinite(p[0]) || !isfinite(p[1]))
            return ct_fail(CT_GEOM, "a profile runs out of all numbers");
        if (k && p[0] == ring[2 * k - 2] && p[1] == ring[2 * k - 1]) continue;
        ring[2 * k] = p[0];
        ring[2 * k + 1] = p[1];
        k++;
    }
    while (k > 1 && ring[0] == ring[2 * k - 2] && ring[1] == ring[2 * k - 1]) k--;
    if (k < 3 || ring_area(ring, k) == 0) return ct_fail(CT_GEOM, "a profile has no area");
    ring[2 * k] = ring[0];
    ring[2 * k + 1] = ring[1];
    out->n_points += k + 1;
    out->ring_end[out->n_rings++] = out->n_points;
    return CT_OK;
}

ct_err ct_ifc__end_area(ct_ifc__area *out, ct_ifc__work *w) {
    void *parts = out->part_end;
    CT_TRY(grow(&parts, &out->part_room, out->n_parts + 1, sizeof *out->part_end, w->arena));
    out->part_end = parts;
    out->part_end[out->n_parts++] = out->n_rings;
    return CT_OK;
}

// The arc at a corner, tangent to both sides; `xy` has room for `steps` + 1 points.
static uint32_t round_corner(double *xy, const ct_ifc__work *w, const ct_ifc__corner *before,
                             const ct_ifc__corner *at, const ct_ifc__corner *after) {
    enum { MOST = 32 };
    double u[2] = {before->x - at->x, before->y - at->y};
    double v[2] = {after->x - at->x, after->y - at->y};
    const double lu = hypot(u[0], u[1]), lv = hypot(v[0], v[1]);
    const double cross = u[0] * v[1] - u[1] * v[0], inner = u[0] * v[0] + u[1] * v[1];
    xy[0] = at->x;
    xy[1] = at->y;
    if (!(at->r > 0) || !(fabs(cross) > 1e-9 * lu * lv)) return 1;
    const double angle = atan2(fabs(cross), inner); // between the sides
    // Sides that two arcs share are shared half and half.
    double reach = at->r / tan(angle / 2);
    reach = fmin(reach, fmin(before->r > 0 ? 0.5 * lu : lu, after->r > 0 ? 0.5 * lv : lv));
    const double r = reach * tan(angle / 2), turn = 3.14159265358979323846 - angle;
    const uint32_t n = (uint32_t)fmin(ct_ifc__arc_steps(w, r, turn), MOST);
    const double swell = ct_ifc__arc_swell(w, r, turn, n);
    // From the first tangent point about the centre.
    const double p[2] = {at->x + u[0] / lu * reach, at->y + u[1] / lu * reach};
    const double side = cross < 0 ? 1 : -1; // the way turns left where u x v < 0
    const double c[2] = {p[0] + side * r * u[1] / lu, p[1] - side * r * u[0] / lu};
    for (uint32_t i = 0; i <= n; i++) {
        const double a = side * turn * i / n, at_arc = i > 0 && i < n ? swell : 1;
        const double x = at_arc * (p[0] - c[0]), y = at_arc * (p[1] - c[1]);
        xy[2 * i] = c[0] + x * cos(a) - y * sin(a);
        xy[2 * i + 1] = c[1] + x * sin(a) + y * cos(a);
    }
    return n + 1;
}

ct_err ct_ifc__add_corners(ct_ifc__area *out, ct_ifc__work *w, const ct_ifc__corner *corners,
                           uint32_t n) {
    enum { MOST_CORNERS = 24, MOST_A_CORNER = 33 };
    double xy[2 * MOST_CORNERS * MOST_A_CORNER];
    uint32_t k = 0;
    if (n > MOST_CORNERS) return ct_fail(CT_INTERNAL, "a profile of %u corners", n);
    for (uint32_t i = 0; i < n; i++)
        k += round_corner(xy + 2 * k, w, &corners[(i + n - 1) % n], &corners[i],
                          &corners[(i + 1) % n]);
    return ct_ifc__add_ring(out, w, xy, k, 2);
}

// ---- of curves ----------------------------------------------------------------------------------

static ct_err add_curve(ct_ifc__area *out, ct_ifc__work *w, uint32_t curve) {
    ct_ifc__line line;
    CT_TRY(ct_ifc__curve(&line, w, curve));
    return ct_ifc__add_ring(out, w, line.xyz, line.n, 3);
}

static ct_err arbitrary(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    uint32_t outer;
    ct_ifc__slots inner = {0};
    CT_TRY(ct_ifc__need_ref(&outer, w, profile, "OuterCurve"));
    CT_TRY(add_curve(out, w, outer));
    if (ct_ifc__kind_of(w, profile) == CT_IFC__K_P_VOIDS)
        CT_TRY(ct_ifc__refs(&inner, w, profile, "InnerCurves"));
    for (size_t i = 0; i < inner.n; i++)
        CT_TRY(ct_ifc__forgive(w, add_curve(out, w, inner.at[i]), inner.at[i], true));
    return ct_ifc__end_area(out, w);
}

// Both sides of the line; a closed one has an outside and a hole.
static ct_err centre_line(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    ct_ifc__line line;
    ct_ifc__points left = {0}, right = {0};
    double thickness;
    CT_TRY(ct_ifc__need_size(&thickness, w, profile, "Thickness"));
    CT_TRY(ct_ifc__profile_curve(&line, w, profile));
    CT_TRY(ct_ifc__offset(&left, w, &line, 0.5 * thickness, ct_ifc__up));
    CT_TRY(ct_ifc__offset(&right, w, &line, -0.5 * thickness, ct_ifc__up));
    if (line.closed) {
        CT_TRY(ct_ifc__add_ring(out, w, left.xyz, left.n, 3));
        CT_TRY(ct_ifc__add_ring(out, w, right.xyz, right.n, 3));
        const uint32_t first = out->n_rings == 2 ? 0 : out->ring_end[out->n_rings - 3];
        const uint32_t middle = out->ring_end[out->n_rings - 2], end = out->n_points;
        const double a = fabs(ring_area(out->xy + 2 * (size_t)first, middle - first - 1));
        const double b = fabs(ring_area(out->xy + 2 * (size_t)middle, end - middle - 1));
        if (a < b) { // the right one is outside: the rings change places
            out->n_points = first;
            out->n_rings -= 2;
            CT_TRY(ct_ifc__add_ring(out, w, right.xyz, right.n, 3));
            CT_TRY(ct_ifc__add_ring(out, w, left.xyz, left.n, 3));
        }
    } else {
        for (uint32_t i = right.n; i-- > 0;)
            CT_TRY(ct_ifc__put_point(&left, w, right.xyz + 3 * (size_t)i));
        CT_TRY(ct_ifc__add_ring(out, w, left.xyz, left.n, 3));
    }
    return ct_ifc__end_area(out, w);
}

ct_err ct_ifc__profile_curve(ct_ifc__line *out, ct_ifc__work *w, uint32_t profile) {
    uint32_t curve = ct_ifc__ref(w->m, profile, "Curve");
    if (curve == CT_STEP__NONE) CT_TRY(ct_ifc__need_ref(&curve, w, profile, "OuterCurve"));
    return ct_ifc__curve(out, w, curve);
}

// ---- made of others -----------------------------------------------------------------------------

static ct_err add_profile(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile);

// Applies a map to the points from number `first` on.
static void apply(ct_ifc__area *area, uint32_t first, const ct_affine *a) {
    for (uint32_t i = first; i < area->n_points; i++) {
        double *p = area->xy + 2 * (size_t)i, q[3] = {p[0], p[1], 0};
        ct_affine_point(q, a, q);
        p[0] = q[0];
        p[1] = q[1];
    }
}

static ct_err derived(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    uint32_t parent;
    ct_affine a = ct_affine_identity;
    const uint32_t first = out->n_points;
    CT_TRY(ct_ifc__need_ref(&parent, w, profile, "ParentProfile"));
    const uint32_t map = ct_ifc__ref(w->m, profile, "Operator");
    if (map != CT_STEP__NONE)
        CT_TRY(ct_ifc__operator(&a, w, map));
    else if (ct_ifc__kind_of(w, profile) == CT_IFC__K_P_MIRRORED)
        a.m[0] = -1;
    CT_TRY(add_profile(out, w, parent));
    apply(out, first, &a);
    return CT_OK;
}

static ct_err composite(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    ct_ifc__slots parts;
    CT_TRY(ct_ifc__refs(&parts, w, profile, "Profiles"));
    for (size_t i = 0; i < parts.n; i++) CT_TRY(add_profile(out, w, parts.at[i]));
    return CT_OK;
}

static ct_err parametric(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile, bool steel) {
    const uint32_t first = out->n_points;
    CT_TRY(steel ? ct_ifc__steel_profile(out, w, profile) : ct_ifc__plain_profile(out, w, profile));
    CT_TRY(ct_ifc__end_area(out, w));
    const ct_affine a = ct_ifc__position(w, profile, "Position");
    apply(out, first, &a);
    return CT_OK;
}

static ct_err by_kind(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    const ct_ifc__kind kind = ct_ifc__kind_of(w, profile);
    switch ((int)kind) {
    case CT_IFC__K_P_CLOSED:
    case CT_IFC__K_P_VOIDS: return arbitrary(out, w, profile);
    case CT_IFC__K_P_CENTRE_LINE: return centre_line(out, w, profile);
    case CT_IFC__K_P_COMPOSITE: return composite(out, w, profile);
    case CT_IFC__K_P_DERIVED:
    case CT_IFC__K_P_MIRRORED: return derived(out, w, profile);
    case CT_IFC__K_P_CIRCLE:
    case CT_IFC__K_P_CIRCLE_HOLLOW:
    case CT_IFC__K_P_ELLIPSE:
    case CT_IFC__K_P_RECTANGLE:
    case CT_IFC__K_P_RECTANGLE_HOLLOW:
    case CT_IFC__K_P_ROUNDED:
    case CT_IFC__K_P_TRAPEZIUM: return parametric(out, w, profile, false);
    case CT_IFC__K_P_I:
    case CT_IFC__K_P_ASYMMETRIC_I:
    case CT_IFC__K_P_L:
    case CT_IFC__K_P_T:
    case CT_IFC__K_P_U:
    case CT_IFC__K_P_C:
    case CT_IFC__K_P_Z:
    case CT_IFC__K_P_RAIL_A:
    case CT_IFC__K_P_RAIL_F: return parametric(out, w, profile, true);
    case CT_IFC__K_P_OPEN: return ct_fail(CT_GEOM, "a profile that is a line has no area");
    default: return ct_ifc__unsupported(w, profile);
    }
}

static ct_err add_profile(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    CT_TRY(ct_ifc__enter(w, profile));
    const ct_err err = by_kind(out, w, profile);
    ct_ifc__leave(w);
    return err;
}

ct_err ct_ifc__profile(ct_geom *out, ct_ifc__work *w, uint32_t profile) {
    ct_ifc__area area = {0};
    CT_TRY(add_profile(&area, w, profile));
    if (area.n_parts == 0) return ct_fail(CT_GEOM, "a profile has no area");
    *out = (ct_geom){.type = area.n_parts > 1 ? CT_GEOM_MULTIPOLYGON : CT_GEOM_POLYGON,
                     .n_points = area.n_points,
                     .n_rings = area.n_rings,
                     .n_parts = area.n_parts,
                     .xyz = area.xy,
                     .ring_end = area.ring_end,
                     .part_end = area.part_end};
    return CT_OK;
}
