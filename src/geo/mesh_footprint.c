// Footprints: the union of all triangles laid flat.
#include <math.h>
#include <string.h>

#include "geo/exact.h"
#include "geo/geom_private.h"
#include "geo/geos.h"
#include "geo/mesh_section.h"

// A triangle in the plane, counter-clockwise and closed; one that stands upright is left out.
static void put_flat(ct_geom *g, const ct_mesh *mesh, uint32_t triangle) {
    const double *p[3];
    for (int k = 0; k < 3; k++)
        p[k] = mesh->xyz + 3 * (size_t)mesh->triangles[3 * (size_t)triangle + k];
    const int turn = ct_orient2d(p[0], p[1], p[2]);
    if (turn == 0) return;
    const int order[4] = {0, turn > 0 ? 1 : 2, turn > 0 ? 2 : 1, 0};
    for (int i = 0; i < 4; i++)
        memcpy(g->xyz + 2 * (size_t)g->n_points++, p[order[i]], 2 * sizeof *g->xyz);
    g->ring_end[g->n_rings++] = g->n_points;
    g->part_end[g->n_parts++] = g->n_rings;
}

// Of a closed ring, whichever way it runs.
static double area_of(const double *xy, uint32_t n) {
    double sum = 0;
    for (uint32_t i = 1; i + 1 < n; i++) {
        const double *a = xy + 2 * (size_t)i;
        sum += (a[0] - xy[0]) * (a[3] - xy[1]) - (a[1] - xy[1]) * (a[2] - xy[0]);
    }
    return fabs(sum) / 2;
}

// Leaves out rings that are thinner than the grid: rounding opens them between triangles.
static void drop_films(ct_geom *g, double step_m) {
    uint32_t points = 0, rings = 0, parts = 0, begin = 0;
    for (uint32_t part = 0, r = 0; part < g->n_parts; part++) {
        const uint32_t first = rings;
        for (; r < g->part_end[part]; r++) {
            const uint32_t end = g->ring_end[r], n = end - begin;
            double around = 0;
            for (uint32_t i = begin; i + 1 < end; i++) {
                const double *a = g->xyz + 2 * (size_t)i;
                around += hypot(a[2] - a[0], a[3] - a[1]);
            }
            const bool film = area_of(g->xyz + 2 * (size_t)begin, n) < step_m * around;
            if (!film) {
                memmove(g->xyz + 2 * (size_t)points, g->xyz + 2 * (size_t)begin,
                        2 * (size_t)n * sizeof *g->xyz);
                points += n;
                g->ring_end[rings++] = points;
            }
            begin = end;
        }
        if (rings > first) g->part_end[parts++] = rings;
    }
    g->n_points = points;
    g->n_rings = rings;
    g->n_parts = parts;
}

ct_err ct_mesh_footprint(ct_geom *out, ct_arena *arena, const ct_mesh *mesh, double step_m) {
    const size_t n = mesh->n_triangles;
    ct_geom g;
    CT_TRY(ct_geo__alloc(&g, arena, CT_GEOM_MULTIPOLYGON, false, 4 * n, n, n));
    g.n_points = g.n_rings = g.n_parts = 0;
    for (uint32_t t = 0; t < n; t++) put_flat(&g, mesh, t);
    CT_TRY(ct_geos_union(&g, arena, &g, step_m));
    if (g.n_parts) drop_films(&g, step_m);
    *out = g.n_parts ? g : (ct_geom){0};
    return CT_OK;
}
