// Sections: each triangle that crosses the plane gives one edge of the outline, between points that
// belong to mesh edges, so that rings close by their numbers and not by their coordinates.
#include "geo/mesh_section.h"

#include <math.h>
#include <string.h>

#include "base/grow.h"
#include "geo/geom_private.h"
#include "geo/geos.h"
#include "geo/outline.h"
#include "geo/pairs.h"

typedef struct cutter {
    const ct_mesh *mesh;
    double *local; // the mesh's points in the frame
    double *xyz;   // points of the cut
    size_t xyz_room;
    ct_geo__pairs edges;
    ct_outline *outline;
} cutter;

static void cutter_fini(cutter *c) {
    ct_free(c->local);
    ct_free(c->xyz);
    ct_geo__pairs_fini(&c->edges);
    ct_outline_free(c->outline);
}

static ct_err cutter_init(cutter *c, const ct_mesh *mesh, const ct_affine *frame) {
    *c = (cutter){.mesh = mesh};
    ct_affine inverse;
    if (!ct_affine_invert(&inverse, frame)) return ct_fail(CT_ARG, "the plane's frame is singular");
    c->outline = ct_outline_new();
    c->local = ct_alloc((3 * (size_t)mesh->n_points + 1) * sizeof *c->local);
    if (!c->outline || !c->local) return CT_NOMEM;
    for (size_t i = 0; i < mesh->n_points; i++)
        ct_affine_point(c->local + 3 * i, &inverse, mesh->xyz + 3 * i);
    return CT_OK;
}

// The point where the plane cuts the edge between mesh points a and b; the same whichever is first.
static ct_err point_on(uint32_t *point, cutter *c, uint32_t a, uint32_t b) {
    bool fresh;
    CT_TRY(ct_geo__pairs_put(point, &fresh, &c->edges, a, b));
    if (!fresh) return CT_OK;
    CT_TRY(ct_grow(&c->xyz, &c->xyz_room, 3 * ((size_t)*point + 1), sizeof *c->xyz));
    const double *p = c->local + 3 * (size_t)(a < b ? a : b);
    const double *q = c->local + 3 * (size_t)(a < b ? b : a);
    const double t = p[2] / (p[2] - q[2]);
    double *at = c->xyz + 3 * (size_t)*point;
    for (int k = 0; k < 2; k++) at[k] = t == 1 ? q[k] : p[k] + t * (q[k] - p[k]);
    at[2] = 0;
    return CT_OK;
}

static ct_err cut_triangle(cutter *c, uint32_t triangle) {
    const uint32_t *corner = c->mesh->triangles + 3 * (size_t)triangle;
    bool above[3];
    for (int k = 0; k < 3; k++) above[k] = c->local[3 * (size_t)corner[k] + 2] > 0;
    if (above[0] == above[1] && above[1] == above[2]) return CT_OK;
    uint32_t from = 0, to = 0;
    for (int k = 0; k < 3; k++) {
        const int next = (k + 1) % 3;
        if (above[k] && !above[next]) CT_TRY(point_on(&from, c, corner[k], corner[next]));
        if (!above[k] && above[next]) CT_TRY(point_on(&to, c, corner[k], corner[next]));
    }
    return ct_outline_edge(c->outline, from, to);
}

// Whether b lies on the way from a to c, to a nanometre.
static bool is_between(const double *a, const double *b, const double *c) {
    const double u[2] = {c[0] - a[0], c[1] - a[1]}, v[2] = {b[0] - a[0], b[1] - a[1]};
    const double length2 = u[0] * u[0] + u[1] * u[1], along = u[0] * v[0] + u[1] * v[1];
    if (!(length2 > 0)) return v[0] * v[0] + v[1] * v[1] <= 1e-18;
    const double off = u[0] * v[1] - u[1] * v[0];
    return off * off <= 1e-18 * length2 && along >= 0 && along <= length2;
}

// The ring without points on straight lines, closed, into `xy`; the number of points, 0 if nothing
// is left.
static uint32_t straightened(double *xy, const cutter *c, const uint32_t *points, uint32_t n) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        const double *p = c->xyz + 3 * (size_t)points[i];
        while (kept > 1 && is_between(xy + 2 * (size_t)kept - 4, xy + 2 * (size_t)kept - 2, p))
            kept--;
        if (kept == 1 && hypot(p[0] - xy[0], p[1] - xy[1]) <= 1e-9) continue;
        // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): points of a ring are there
        xy[2 * (size_t)kept] = p[0], xy[2 * (size_t)kept + 1] = p[1];
        kept++;
    }
    while (kept > 2 && is_between(xy + 2 * (size_t)kept - 4, xy + 2 * (size_t)kept - 2, xy)) kept--;
    uint32_t skip = 0;
    while (kept - skip > 2 &&
           is_between(xy + 2 * (size_t)kept - 2, xy + 2 * (size_t)skip, xy + 2 * (size_t)skip + 2))
        skip++;
    if (kept - skip < 3) return 0;
    memmove(xy, xy + 2 * (size_t)skip, 2 * (size_t)(kept - skip) * sizeof *xy);
    kept -= skip;
    memcpy(xy + 2 * (size_t)kept, xy, 2 * sizeof *xy);
    return kept + 1;
}

static ct_err geom_of(ct_geom *out, ct_arena *arena, const cutter *c, const ct_rings *rings) {
    ct_geom g;
    CT_TRY(ct_geo__alloc(&g, arena, CT_GEOM_MULTIPOLYGON, false,
                         (size_t)rings->n_points + rings->n_rings, rings->n_rings, rings->n_parts));
    g.n_points = g.n_rings = g.n_parts = 0;
    for (uint32_t part = 0, r = 0; part < rings->n_parts; part++) {
        const uint32_t outside = r;
        for (; r < rings->part_end[part]; r++) {
            const uint32_t begin = r ? rings->ring_end[r - 1] : 0;
            const uint32_t n = straightened(g.xyz + 2 * (size_t)g.n_points, c,
                                            rings->points + begin, rings->ring_end[r] - begin);
            if (n == 0 && r == outside) { // holes go with it
                r = rings->part_end[part];
                break;
            }
            if (n == 0) continue;
            g.n_points += n;
            g.ring_end[g.n_rings++] = g.n_points;
        }
        if (g.n_rings > (g.n_parts ? g.part_end[g.n_parts - 1] : 0))
            g.part_end[g.n_parts++] = g.n_rings;
    }
    *out = g.n_parts ? g : (ct_geom){0};
    return CT_OK;
}

static ct_err section(ct_geom *out, uint32_t *n_open, ct_arena *arena, cutter *c) {
    for (uint32_t t = 0; t < c->mesh->n_triangles; t++) CT_TRY(cut_triangle(c, t));
    ct_rings rings;
    CT_TRY(ct_outline_rings(&rings, c->outline, c->xyz, (const double[3]){0, 0, 1}));
    ct_geom g;
    CT_TRY(geom_of(&g, arena, c, &rings));
    ct_err err = ct_geos_check(&g);
    if (err == CT_GEOM) {
        err = ct_geos_make_valid(&g, arena, &g);
        if (err == CT_GEOM) { // nothing with an area is left
            g = (ct_geom){0};
            err = CT_OK;
        }
    }
    CT_TRY(err);
    *out = g;
    if (n_open) *n_open = rings.n_open;
    return CT_OK;
}

ct_err ct_mesh_section(ct_geom *out, uint32_t *n_open, ct_arena *arena, const ct_mesh *mesh,
                       const ct_affine *frame) {
    cutter c;
    ct_err err = cutter_init(&c, mesh, frame);
    if (!err) err = section(out, n_open, arena, &c);
    cutter_fini(&c);
    return err;
}

ct_err ct_mesh_section_at(ct_geom *out, uint32_t *n_open, ct_arena *arena, const ct_mesh *mesh,
                          double height_m) {
    ct_affine frame = ct_affine_identity;
    frame.m[11] = height_m;
    return ct_mesh_section(out, n_open, arena, mesh, &frame);
}
