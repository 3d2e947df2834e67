// Areas swept along a line, and around an axis.
#include <math.h>
#include <string.h>

#include "ingest/ifc/shape/sweep.h"

// ---- along a line -------------------------------------------------------------------------------

static ct_err read_along(double out[3], ct_ifc__work *w, uint32_t item) {
    double depth;
    uint32_t direction;
    CT_TRY(ct_ifc__need_length(&depth, w, item, "Depth"));
    CT_TRY(ct_ifc__need_ref(&direction, w, item, "ExtrudedDirection"));
    CT_TRY(ct_ifc__direction(out, w, direction));
    for (int k = 0; k < 3; k++) out[k] *= depth;
    return CT_OK;
}

// A line swept to a surface.
static ct_err extrude_line(ct_ifc__solid *out, ct_ifc__work *w, uint32_t profile,
                           const double along[3], const ct_affine *place) {
    ct_ifc__line line;
    CT_TRY(ct_ifc__profile_curve(&line, w, profile));
    ct_ifc__mesh_begin(w);
    for (uint32_t i = 0; i + (line.closed ? 0 : 1) < line.n; i++) {
        const double *a = line.xyz + 3 * (size_t)i;
        const double *b = line.xyz + 3 * (size_t)(i + 1 < line.n ? i + 1 : 0);
        double p[12];
        for (int k = 0; k < 3; k++) {
            p[k] = a[k];
            p[3 + k] = b[k];
            p[6 + k] = b[k] + along[k];
            p[9 + k] = a[k] + along[k];
        }
        const uint32_t end = 4;
        CT_TRY(ct_mesh_builder_polygon(w->builder, p, &end, 1, 0));
    }
    return ct_ifc__mesh_end(out, w, place);
}

ct_err ct_ifc__extruded(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    uint32_t profile;
    ct_prism *prism = ct_arena_calloc(w->arena, 1, sizeof *prism);
    ct_geom *area = ct_arena_calloc(w->arena, 1, sizeof *area);
    if (!prism || !area) return CT_NOMEM;
    CT_TRY(ct_ifc__need_ref(&profile, w, item, "SweptArea"));
    CT_TRY(read_along(prism->along, w, item));
    const ct_affine place = ct_ifc__position(w, item, "Position");
    if (ct_ifc__kind_of(w, profile) == CT_IFC__K_P_OPEN)
        return extrude_line(out, w, profile, prism->along, &place);
    CT_TRY(ct_ifc__profile(area, w, profile));
    CT_TRY(ct_ifc__spend(w, 16 * (uint64_t)area->n_points));
    prism->profile = area;
    prism->place = ct_affine_identity;
    ct_mesh mesh;
    CT_TRY(ct_mesh_extrude(&mesh, w->arena, prism, &(ct_prism_tags){0}));
    return ct_ifc__mesh_take(out, w, &mesh, &place, prism, true);
}

static ct_err read_both(ct_geom area[2], ct_ifc__work *w, uint32_t item) {
    static const char *const attributes[] = {"SweptArea", "EndSweptArea"};
    for (int i = 0; i < 2; i++) {
        uint32_t profile;
        CT_TRY(ct_ifc__need_ref(&profile, w, item, attributes[i]));
        CT_TRY(ct_ifc__profile(&area[i], w, profile));
    }
    return ct_ifc__match(&area[0], &area[1], w);
}

ct_err ct_ifc__extruded_tapered(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    ct_geom area[2];
    ct_affine at[2] = {ct_affine_identity, ct_affine_identity};
    double along[3];
    CT_TRY(read_along(along, w, item));
    CT_TRY(read_both(area, w, item));
    for (int k = 0; k < 3; k++) at[1].m[4 * k + 3] = along[k];
    const ct_geom *const profiles[] = {&area[0], &area[1]};
    const ct_affine place = ct_ifc__position(w, item, "Position");
    ct_ifc__mesh_begin(w);
    CT_TRY(ct_ifc__sweep(w, &(ct_ifc__sections){profiles, 2, at, 2, false, false}));
    return ct_ifc__mesh_end(out, w, &place);
}

// ---- around an axis -----------------------------------------------------------------------------

// The turn about an axis through `origin` along the unit vector `d`, and away from it by a factor.
static ct_affine rotation(const double origin[3], const double d[3], double angle, double swell) {
    const double c = cos(angle), s = sin(angle);
    ct_affine a = ct_affine_identity;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) a.m[4 * i + k] = (1 - c) * d[i] * d[k] + (i == k ? c : 0);
    a.m[1] -= s * d[2];
    a.m[2] += s * d[1];
    a.m[4] += s * d[2];
    a.m[6] -= s * d[0];
    a.m[8] -= s * d[1];
    a.m[9] += s * d[0];
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++)
            a.m[4 * i + k] = swell * a.m[4 * i + k] + (1 - swell) * d[i] * d[k];
    double moved[3];
    ct_affine_vector(moved, &a, origin);
    for (int k = 0; k < 3; k++) a.m[4 * k + 3] = origin[k] - moved[k];
    return a;
}

static ct_err read_axis(double origin[3], double d[3], ct_ifc__work *w, uint32_t item) {
    uint32_t axis;
    CT_TRY(ct_ifc__need_ref(&axis, w, item, "Axis"));
    memset(origin, 0, 3 * sizeof *origin);
    (void)ct_ifc__triple(origin, w->m, ct_ifc__ref(w->m, axis, "Location"), w->length_m);
    const uint32_t direction = ct_ifc__ref(w->m, axis, "Axis");
    d[0] = d[1] = 0;
    d[2] = 1;
    return direction == CT_STEP__NONE ? CT_OK : ct_ifc__direction(d, w, direction);
}

// How far the area is from the axis at most.
static double reach(const ct_geom *g, const double origin[3], const double d[3]) {
    double most = 0;
    for (uint32_t i = 0; i < g->n_points; i++) {
        const double v[3] = {g->xyz[2 * (size_t)i] - origin[0],
                             g->xyz[2 * (size_t)i + 1] - origin[1], -origin[2]};
        const double along = v[0] * d[0] + v[1] * d[1] + v[2] * d[2];
        most = fmax(most, v[0] * v[0] + v[1] * v[1] + v[2] * v[2] - along * along);
    }
    return sqrt(most);
}

// Profiles between two: those of the ends mixed.
static ct_err mix(const ct_geom ***out, ct_ifc__work *w, const ct_geom area[2], uint32_t n) {
    const ct_geom **profiles = ct_arena_alloc(w->arena, n * sizeof *profiles);
    ct_geom *own = ct_arena_alloc(w->arena, n * sizeof *own);
    if (!profiles || !own) return CT_NOMEM;
    for (uint32_t i = 0; i < n; i++) {
        const double f = (double)i / (n - 1);
        own[i] = area[0];
        own[i].xyz = ct_arena_alloc(w->arena, 2 * (size_t)own[i].n_points * sizeof *own[i].xyz);
        if (!own[i].xyz) return CT_NOMEM;
        for (size_t k = 0; k < 2 * (size_t)own[i].n_points; k++)
            own[i].xyz[k] = (1 - f) * area[0].xyz[k] + f * area[1].xyz[k];
        profiles[i] = &own[i];
    }
    *out = profiles;
    return CT_OK;
}

ct_err ct_ifc__revolved(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    static const double turn = 6.283185307179586476925286766559;
    ct_geom area[2];
    double origin[3], d[3], angle;
    uint32_t profile;
    const bool tapered = ct_ifc__kind_of(w, item) == CT_IFC__K_REVOLVED_TAPERED;
    CT_TRY(ct_ifc__need(&angle, w, item, "Angle"));
    angle *= w->angle_rad;
    CT_TRY(read_axis(origin, d, w, item));
    CT_TRY(ct_ifc__need_ref(&profile, w, item, "SweptArea"));
    bool surface = false;
    CT_TRY(tapered ? read_both(area, w, item)
                   : ct_ifc__profile_or_line(&area[0], &surface, w, profile));
    if (!(fabs(angle) > 1e-9)) return ct_fail(CT_GEOM, "the area is turned by no angle");
    const bool around = fabs(angle) > turn - 1e-6;
    if (around) angle = copysign(turn, angle);
    const double radius = reach(&area[0], origin, d);
    const double least = ceil(fabs(angle) / CT_IFC__FINE_RAD - 1e-3);
    const uint32_t n = (uint32_t)fmax(ct_ifc__arc_steps(w, radius, angle), least);
    const double swell = ct_ifc__arc_swell(w, radius, angle, n);
    const bool closed = around && !tapered;
    CT_TRY(ct_ifc__spend(w, (uint64_t)(n + 1) * area[0].n_points));
    ct_affine *at = ct_arena_alloc(w->arena, (n + 1) * sizeof *at);
    if (!at) return CT_NOMEM;
    for (uint32_t i = 0; i <= n; i++) {
        const bool inner = around || (i > 0 && i < n);
        at[i] = rotation(origin, d, angle * i / n, inner ? swell : 1);
    }
    const ct_geom *one = &area[0], **profiles = &one;
    if (tapered) CT_TRY(mix(&profiles, w, area, n + 1));
    const ct_affine place = ct_ifc__position(w, item, "Position");
    ct_ifc__mesh_begin(w);
    CT_TRY(
        ct_ifc__sweep(w, &(ct_ifc__sections){(const ct_geom *const *)profiles, tapered ? n + 1 : 1,
                                             at, closed ? n : n + 1, closed, surface}));
    return ct_ifc__mesh_end(out, w, &place);
}
