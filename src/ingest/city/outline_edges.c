// Faces side by side as one outline: edges that two faces have in common go. Much faster than a
// union, but of faces that do not overlap only; whether it was so is looked at afterwards.
#include <math.h>
#include <string.h>

#include "geo/geos.h"
#include "ingest/city/city.h"

typedef struct welded { // points of the faces, those that are alike once
    double *xyz;
    uint32_t *index; // of each point of the faces
} welded;

static ct_err weld(welded *out, ct_city__reader *r, const ct_geom *faces) {
    ct_arena *arena = r->family;
    out->xyz = ct_arena_calloc(arena, (size_t)faces->n_points + 1, 3 * sizeof *out->xyz);
    out->index = ct_arena_calloc(arena, (size_t)faces->n_points + 1, sizeof *out->index);
    if (!out->xyz || !out->index) return CT_NOMEM;
    ct_mesh_builder_reset(r->builder);
    uint32_t n = 0;
    for (uint32_t i = 0; i < faces->n_points; i++) {
        // About the first point, as welding counts in steps of a hundredth of a millimetre.
        const double p[3] = {faces->xyz[2 * (size_t)i] - faces->xyz[0],
                             faces->xyz[2 * (size_t)i + 1] - faces->xyz[1], 0};
        CT_TRY(ct_mesh_builder_point(&out->index[i], r->builder, p));
        if (out->index[i] < n) continue;
        memcpy(out->xyz + 3 * (size_t)n++, p, sizeof p);
    }
    return CT_OK;
}

static double area_of(const double *xyz, const uint32_t *index, uint32_t n) {
    const double *o = xyz + 3 * (size_t)index[0];
    double sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        const double *p = xyz + 3 * (size_t)index[i], *q = xyz + 3 * (size_t)index[(i + 1) % n];
        sum += (p[0] - o[0]) * (q[1] - o[1]) - (q[0] - o[0]) * (p[1] - o[1]);
    }
    return sum / 2;
}

// All edges, outsides counter-clockwise and holes clockwise.
static ct_err add_edges(double *area_m2, ct_outline *outline, const welded *w,
                        const ct_geom *faces) {
    uint32_t ring = 0, begin = 0;
    for (uint32_t part = 0; part < faces->n_parts; part++)
        for (bool outside = true; ring < faces->part_end[part]; outside = false) {
            const uint32_t n = faces->ring_end[ring] - begin - 1; // the last is the first again
            const uint32_t *index = w->index + begin;
            const double area = area_of(w->xyz, index, n);
            const bool turn = (area > 0) != outside;
            *area_m2 += outside ? fabs(area) : -fabs(area);
            for (uint32_t i = 0; i < n; i++) {
                const uint32_t a = index[i], b = index[(i + 1) % n];
                if (a != b) CT_TRY(ct_outline_edge(outline, turn ? b : a, turn ? a : b));
            }
            begin = faces->ring_end[ring++];
        }
    return CT_OK;
}

static ct_err to_geom(ct_geom *out, ct_arena *arena, const ct_rings *rings, const double *xyz,
                      const double *origin) {
    ct_geom g = {.type = rings->n_parts == 1 ? CT_GEOM_POLYGON : CT_GEOM_MULTIPOLYGON};
    const size_t points = (size_t)rings->n_points + rings->n_rings;
    g.xyz = ct_arena_calloc(arena, points + 1, 2 * sizeof *g.xyz);
    g.ring_end = ct_arena_calloc(arena, (size_t)rings->n_rings + 1, sizeof *g.ring_end);
    g.part_end = ct_arena_calloc(arena, (size_t)rings->n_parts + 1, sizeof *g.part_end);
    if (!g.xyz || !g.ring_end || !g.part_end) return CT_NOMEM;
    uint32_t begin = 0;
    for (uint32_t r = 0; r < rings->n_rings; begin = rings->ring_end[r++]) {
        const uint32_t n = rings->ring_end[r] - begin;
        for (uint32_t i = 0; i <= n; i++) {
            const double *p = xyz + 3 * (size_t)rings->points[begin + i % n];
            g.xyz[2 * (size_t)g.n_points] = p[0] + origin[0];
            g.xyz[2 * (size_t)g.n_points++ + 1] = p[1] + origin[1];
        }
        g.ring_end[g.n_rings++] = g.n_points;
    }
    memcpy(g.part_end, rings->part_end, rings->n_parts * sizeof *g.part_end);
    g.n_parts = rings->n_parts;
    *out = g;
    return CT_OK;
}

ct_err ct_city__join_faces(ct_geom *out, bool *sound, ct_city__reader *r, const ct_geom *faces) {
    static const double up[3] = {0, 0, 1};
    const double nearly = 1e-6;
    double area_m2 = 0;
    welded w;
    ct_rings rings;
    ct_geom g;
    *sound = false;
    if (faces->n_points == 0) return CT_OK;
    CT_TRY(weld(&w, r, faces));
    ct_outline_begin(r->outline);
    CT_TRY(add_edges(&area_m2, r->outline, &w, faces));
    CT_TRY(ct_outline_rings(&rings, r->outline, w.xyz, up));
    if (rings.n_open || rings.n_parts == 0) return CT_OK;
    CT_TRY(to_geom(&g, r->family, &rings, w.xyz, faces->xyz));
    if (fabs(ct_geom_area_m2(&g) - area_m2) > nearly * area_m2) return CT_OK;
    const ct_err err = ct_geos_check(&g);
    if (err != CT_OK) return err == CT_GEOM ? CT_OK : err;
    *out = g;
    *sound = true;
    return CT_OK;
}
