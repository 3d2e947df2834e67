// Sweeping a polygon: both ends from one triangulation, a quadrilateral for each edge.
#include "geo/mesh_prism_private.h"

#include <math.h>
#include <string.h>

#include "base/grow.h"
#include "geo/faces.h"
#include "geo/geom_private.h"
#include "geo/triangulate.h"

typedef struct sweep {
    const ct_prism *prism;
    ct_geom profile; // outsides counter-clockwise, holes clockwise
    bool turned;     // the sweep goes against the profile's normal, or the place mirrors
    double *xyz;     // points at the beginning, then those at the end; in the place
    uint32_t *ring;  // of the part at work
    uint32_t *ring_end;
    uint32_t n; // points at the beginning
    ct_triangulator *triangulator;
    ct_geo__faces faces;
} sweep;

static void sweep_fini(sweep *s) {
    ct_free(s->xyz);
    ct_free(s->ring);
    ct_free(s->ring_end);
    ct_triangulator_free(s->triangulator);
    ct_geo__faces_fini(&s->faces);
}

static ct_err sweep_init(sweep *s, ct_arena *arena, const ct_prism *prism) {
    *s = (sweep){.prism = prism};
    if (!ct_geo__is_polygonal(prism->profile->type) || prism->profile->n_points == 0)
        return ct_fail(CT_GEOM, "the profile is not a polygon");
    const double volume = prism->along[2] * ct_affine_determinant(&prism->place);
    if (!(volume < 0 || volume > 0)) return ct_fail(CT_GEOM, "the prism is flat");
    s->turned = volume < 0;
    CT_TRY(ct_geom_copy(&s->profile, arena, prism->profile));
    ct_geom_orient(&s->profile);
    s->triangulator = ct_triangulator_new();
    s->xyz = ct_alloc(6 * (size_t)s->profile.n_points * sizeof *s->xyz);
    s->ring = ct_alloc((size_t)s->profile.n_points * sizeof *s->ring);
    s->ring_end = ct_alloc((size_t)s->profile.n_rings * sizeof *s->ring_end);
    return s->triangulator && s->xyz && s->ring && s->ring_end ? CT_OK : CT_NOMEM;
}

// The part's rings as new points, open and without points that follow themselves; the number of
// rings.
static uint32_t lay_out(sweep *s, uint32_t part, uint32_t first) {
    const ct_geom *g = &s->profile;
    uint32_t n_rings = 0, n = 0;
    for (uint32_t r = ct_geo__part_begin(g, part); r < g->part_end[part]; r++) {
        for (uint32_t i = ct_geo__ring_begin(g, r); i + 1 < g->ring_end[r]; i++) {
            const double *p = ct_geo__point(g, i), *q = ct_geo__point(g, i + 1);
            if (p[0] == q[0] && p[1] == q[1]) continue;
            double *at = s->xyz + 3 * ((size_t)first + n);
            at[0] = p[0];
            at[1] = p[1];
            at[2] = 0;
            s->ring[n] = first + n;
            n++;
        }
        s->ring_end[n_rings++] = n;
    }
    return n_rings;
}

static ct_err triangle(sweep *s, uint32_t a, uint32_t b, uint32_t c) {
    return s->turned ? ct_geo__faces_triangle(&s->faces, a, c, b)
                     : ct_geo__faces_triangle(&s->faces, a, b, c);
}

// An end; the first one looks back.
static ct_err put_end(sweep *s, const ct_triangles *t, uint32_t offset, bool back, uint8_t tag) {
    for (uint32_t i = 0; i < t->n; i++) {
        const uint32_t *c = t->corners + 3 * (size_t)i;
        CT_TRY(triangle(s, c[0] + offset, c[back ? 2 : 1] + offset, c[back ? 1 : 2] + offset));
    }
    return ct_geo__faces_end(&s->faces, tag);
}

static ct_err put_sides(sweep *s, uint32_t n_rings, ct_geo__side_tag *tag_of, const void *context) {
    for (uint32_t r = 0, begin = 0; r < n_rings; begin = s->ring_end[r++])
        for (uint32_t i = begin; i < s->ring_end[r]; i++) {
            const uint32_t a = s->ring[i], b = s->ring[i + 1 < s->ring_end[r] ? i + 1 : begin];
            CT_TRY(triangle(s, a, b, b + s->n));
            CT_TRY(triangle(s, a, b + s->n, a + s->n));
            const double *p = s->xyz + 3 * (size_t)a, *q = s->xyz + 3 * (size_t)b;
            CT_TRY(ct_geo__faces_end(&s->faces, tag_of(context, p, q)));
        }
    return CT_OK;
}

static ct_err run(ct_mesh *out, sweep *s, ct_arena *arena, const ct_prism_tags *tags,
                  ct_geo__side_tag *tag_of, const void *context) {
    s->n = s->profile.n_points;
    uint32_t first = 0;
    for (uint32_t part = 0; part < s->profile.n_parts; part++) {
        const uint32_t n_rings = lay_out(s, part, first);
        ct_triangles t;
        CT_TRY(ct_triangulate(&t, s->triangulator, s->xyz, s->ring, s->ring_end, n_rings));
        if (t.n == 0) continue;
        CT_TRY(put_end(s, &t, 0, true, tags->begin));
        CT_TRY(put_end(s, &t, s->n, false, tags->end));
        CT_TRY(put_sides(s, n_rings, tag_of, context));
        first += s->ring_end[n_rings - 1];
    }
    if (s->faces.n_faces == 0) return ct_fail(CT_GEOM, "the profile has no area");
    for (size_t i = 0; i < first; i++)
        for (size_t k = 0; k < 3; k++)
            s->xyz[3 * (i + s->n) + k] = s->xyz[3 * i + k] + s->prism->along[k];
    ct_mesh mesh;
    CT_TRY(ct_geo__faces_mesh(&mesh, arena, &s->faces, s->xyz, 2 * s->n));
    for (size_t i = 0; i < mesh.n_points; i++)
        ct_affine_point(mesh.xyz + 3 * i, &s->prism->place, mesh.xyz + 3 * i);
    *out = mesh;
    return CT_OK;
}

ct_err ct_geo__extrude(ct_mesh *out, ct_arena *arena, const ct_prism *prism,
                       const ct_prism_tags *tags, ct_geo__side_tag *tag_of, const void *context) {
    sweep s;
    ct_err err = sweep_init(&s, arena, prism);
    if (!err) err = run(out, &s, arena, tags, tag_of, context);
    sweep_fini(&s);
    return err;
}

static uint8_t all_alike(const void *tags, const double a[2], const double b[2]) {
    (void)a;
    (void)b;
    return ((const ct_prism_tags *)tags)->side;
}

ct_err ct_mesh_extrude(ct_mesh *out, ct_arena *arena, const ct_prism *prism,
                       const ct_prism_tags *tags) {
    return ct_geo__extrude(out, arena, prism, tags, all_alike, tags);
}
