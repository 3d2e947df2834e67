// What bodies show in the plane: sections, the smallest rectangle around them, points inside.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geos.h"
#include "geo/mesh_section.h"
#include "model/indoor/private.h"

static uint8_t finest_lod(const ct_body *body) {
    uint8_t lod = 0;
    for (size_t i = 0; i < body->n_parts; i++)
        if (body->parts[i].lod > lod) lod = body->parts[i].lod;
    return lod;
}

ct_err ct_indoor__part(bool *finest, ct_mesh *out, ct_arena *arena, const ct_body *body,
                       size_t part) {
    const ct_body_part *p = &body->parts[part];
    *finest = p->lod == finest_lod(body);
    if (!*finest) return CT_OK;
    CT_TRY(ct_mesh_copy(out, arena, p->mesh));
    ct_mesh_transform(out, &p->place);
    return CT_OK;
}

double ct_indoor__volume(const ct_body *body) {
    const uint8_t lod = finest_lod(body);
    double sum = 0;
    for (size_t i = 0; i < body->n_parts; i++)
        if (body->parts[i].lod == lod)
            sum += ct_mesh_volume_m3(body->parts[i].mesh) *
                   fabs(ct_affine_determinant(&body->parts[i].place));
    return sum;
}

// ---- piles --------------------------------------------------------------------------------------

static ct_err grow(void *block, size_t *room, size_t used, size_t more, size_t each,
                   ct_arena *arena) {
    if (used + more <= *room) return CT_OK;
    const size_t wanted = 2 * (used + more) + 16;
    void *old, *grown = ct_arena_calloc(arena, wanted, each);
    if (!grown) return CT_NOMEM;
    memcpy(&old, block, sizeof old);
    if (used) memcpy(grown, old, used * each);
    memcpy(block, &grown, sizeof grown);
    *room = wanted;
    return CT_OK;
}

ct_err ct_indoor__pile_add(ct_indoor__pile *p, ct_arena *arena, const ct_geom *g) {
    if (g->type != CT_GEOM_POLYGON && g->type != CT_GEOM_MULTIPOLYGON) return CT_OK;
    if ((size_t)p->g.n_points + g->n_points > UINT32_MAX / 4)
        return ct_fail(CT_LIMIT, "too many points of walls");
    CT_TRY(grow(&p->g.xyz, &p->points, p->g.n_points, g->n_points, 2 * sizeof *g->xyz, arena));
    CT_TRY(grow(&p->g.ring_end, &p->rings, p->g.n_rings, g->n_rings, sizeof *g->ring_end, arena));
    CT_TRY(grow(&p->g.part_end, &p->parts, p->g.n_parts, g->n_parts, sizeof *g->part_end, arena));
    p->g.type = CT_GEOM_MULTIPOLYGON;
    const size_t stride = (size_t)ct_geom_stride(g);
    for (uint32_t i = 0; i < g->n_points; i++)
        memcpy(p->g.xyz + 2 * ((size_t)p->g.n_points + i), g->xyz + stride * i, 2 * sizeof *g->xyz);
    for (uint32_t i = 0; i < g->n_rings; i++)
        p->g.ring_end[p->g.n_rings + i] = p->g.n_points + g->ring_end[i];
    for (uint32_t i = 0; i < g->n_parts; i++)
        p->g.part_end[p->g.n_parts + i] = p->g.n_rings + g->part_end[i];
    p->g.n_points += g->n_points;
    p->g.n_rings += g->n_rings;
    p->g.n_parts += g->n_parts;
    return CT_OK;
}

ct_err ct_indoor__pile_box(ct_indoor__pile *p, ct_arena *arena, const ct_indoor__plan *plan,
                           double grow_along, double grow_across) {
    const double u = plan->half[0] + grow_along, v = plan->half[1] + grow_across;
    const double corners[5][2] = {{-u, -v}, {u, -v}, {u, v}, {-u, v}, {-u, -v}};
    double xy[10];
    uint32_t end = 5, one = 1;
    for (int i = 0; i < 5; i++) {
        xy[2 * i] = plan->centre[0] + corners[i][0] * plan->axis[0] - corners[i][1] * plan->axis[1];
        xy[2 * i + 1] =
            plan->centre[1] + corners[i][0] * plan->axis[1] + corners[i][1] * plan->axis[0];
    }
    const ct_geom g = {.type = CT_GEOM_POLYGON,
                       .n_points = 5,
                       .n_rings = 1,
                       .n_parts = 1,
                       .xyz = xy,
                       .ring_end = &end,
                       .part_end = &one};
    return ct_indoor__pile_add(p, arena, &g);
}

// ---- sections -----------------------------------------------------------------------------------

ct_err ct_indoor__section(ct_geom *out, uint32_t *n_open, ct_arena *arena, const ct_body *body,
                          double z_m) {
    ct_indoor__pile pile = {0};
    uint32_t open = 0, n = 0;
    for (size_t i = 0; i < body->n_parts; i++) {
        ct_mesh mesh;
        ct_geom g;
        bool finest;
        CT_TRY(ct_indoor__part(&finest, &mesh, arena, body, i));
        if (!finest) continue;
        CT_TRY(ct_mesh_section_at(&g, &n, arena, &mesh, z_m));
        CT_TRY(ct_indoor__pile_add(&pile, arena, &g));
        open += n;
    }
    if (n_open) *n_open = open;
    if (!pile.g.n_points) {
        *out = (ct_geom){0};
        return CT_OK;
    }
    return ct_geos_union(out, arena, &pile.g, CT_INDOOR__STEP_M);
}

ct_err ct_indoor__flat(ct_geom *out, ct_arena *arena, const ct_geom *g) {
    ct_indoor__pile pile = {0};
    CT_TRY(ct_indoor__pile_add(&pile, arena, g));
    if (!pile.g.n_points) {
        *out = (ct_geom){0};
        return CT_OK;
    }
    return ct_geos_union(out, arena, &pile.g, CT_INDOOR__STEP_M);
}

// ---- the smallest rectangle ---------------------------------------------------------------------

static int by_xy(const void *a, const void *b) {
    const double *p = a, *q = b;
    if (p[0] < q[0] || p[0] > q[0]) return p[0] < q[0] ? -1 : 1;
    return p[1] < q[1] ? -1 : p[1] > q[1];
}

// The convex hull by monotone chain; `hull` has room for n + 1 points. Counter-clockwise.
static size_t hull_of(double *hull, double *xy, size_t n) {
    size_t k = 0;
    qsort(xy, n, 2 * sizeof *xy, by_xy);
    for (int side = 0; side < 2; side++) {
        const size_t start = k;
        for (size_t i = 0; i < n; i++) {
            const double *p = xy + 2 * (side ? n - 1 - i : i);
            while (k >= start + 2) {
                const double *a = hull + 2 * (k - 2), *b = hull + 2 * (k - 1);
                if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
                k--;
            }
            memcpy(hull + 2 * k++, p, 2 * sizeof *p);
        }
        k--; // the end is the other side's start
    }
    return k;
}

static void rectangle(ct_indoor__plan *out, const double *hull, size_t n, const double axis[2]) {
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (size_t i = 0; i < n; i++) {
        const double *p = hull + 2 * i;
        const double at[2] = {p[0] * axis[0] + p[1] * axis[1], p[1] * axis[0] - p[0] * axis[1]};
        for (int k = 0; k < 2; k++) {
            low[k] = fmin(low[k], at[k]);
            high[k] = fmax(high[k], at[k]);
        }
    }
    const double mid[2] = {(low[0] + high[0]) / 2, (low[1] + high[1]) / 2};
    const double half[2] = {(high[0] - low[0]) / 2, (high[1] - low[1]) / 2};
    const bool along = half[0] >= half[1];
    out->centre[0] = mid[0] * axis[0] - mid[1] * axis[1];
    out->centre[1] = mid[0] * axis[1] + mid[1] * axis[0];
    out->axis[0] = along ? axis[0] : -axis[1];
    out->axis[1] = along ? axis[1] : axis[0];
    out->half[0] = along ? half[0] : half[1];
    out->half[1] = along ? half[1] : half[0];
}

static void smallest_rectangle(ct_indoor__plan *out, const double *hull, size_t n) {
    double best = INFINITY;
    for (size_t i = 0; i < n; i++) {
        const double *a = hull + 2 * i, *b = hull + 2 * ((i + 1) % n);
        const double length = hypot(b[0] - a[0], b[1] - a[1]);
        ct_indoor__plan r = *out;
        if (!(length > CT_INDOOR__STEP_M)) continue;
        rectangle(&r, hull, n, (double[2]){(b[0] - a[0]) / length, (b[1] - a[1]) / length});
        // The margin keeps the choice where rounding makes equal rectangles differ.
        if (r.half[0] * r.half[1] > best * (1 - 1e-6) - 1e-9) continue;
        best = r.half[0] * r.half[1];
        *out = r;
        out->has = true;
    }
}

// Points are taken about the first one: hulls of coordinates of a million metres lose little.
ct_err ct_indoor__plan_of(ct_indoor__plan *out, ct_arena *moment, const ct_body *body) {
    const uint8_t lod = finest_lod(body);
    size_t n = 0, k = 0;
    *out = (ct_indoor__plan){.z = {INFINITY, -INFINITY}};
    for (size_t i = 0; i < body->n_parts; i++)
        if (body->parts[i].lod == lod) n += body->parts[i].mesh->n_points;
    if (n < 2) return CT_OK;
    double *xy = ct_arena_calloc(moment, 2 * n + 2, 2 * sizeof *xy);
    if (!xy) return CT_NOMEM;
    double origin[3] = {0}, at[3];
    for (size_t i = 0; i < body->n_parts; i++) {
        const ct_body_part *part = &body->parts[i];
        for (uint32_t p = 0; part->lod == lod && p < part->mesh->n_points; p++, k++) {
            ct_affine_point(at, &part->place, part->mesh->xyz + 3 * (size_t)p);
            if (k == 0) memcpy(origin, at, sizeof origin);
            xy[2 * k] = at[0] - origin[0];
            xy[2 * k + 1] = at[1] - origin[1];
            out->z[0] = fmin(out->z[0], at[2]);
            out->z[1] = fmax(out->z[1], at[2]);
        }
    }
    double *hull = xy + 2 * n;
    smallest_rectangle(out, hull, hull_of(hull, xy, n));
    for (int c = 0; c < 2; c++) out->centre[c] += origin[c];
    return CT_OK;
}
