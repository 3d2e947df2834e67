// Clipping by a half-space: triangles are cut, and what they leave open in the plane is closed.
#include <math.h>
#include <string.h>

#include "base/grow.h"
#include "geo/faces.h"
#include "geo/mesh_section.h"
#include "geo/outline.h"
#include "geo/pairs.h"
#include "geo/triangulate.h"

typedef struct clipper {
    const ct_mesh *mesh;
    double *height;  // of each point over the plane, 0 if it lies in it
    double *xyz;     // the mesh's points, then those of the cut
    size_t xyz_room; // in numbers
    ct_geo__pairs edges;
    ct_outline *outline; // of the cap
    ct_triangulator *triangulator;
    ct_geo__faces faces;
} clipper;

static void clipper_fini(clipper *c) {
    ct_free(c->height);
    ct_free(c->xyz);
    ct_geo__pairs_fini(&c->edges);
    ct_outline_free(c->outline);
    ct_geo__faces_fini(&c->faces);
    ct_triangulator_free(c->triangulator);
}

static ct_err clipper_init(clipper *c, const ct_mesh *mesh, const ct_clip_options *options) {
    *c = (clipper){.mesh = mesh};
    ct_affine inverse;
    if (!ct_affine_invert(&inverse, &options->plane))
        return ct_fail(CT_ARG, "the plane's frame is singular");
    c->outline = ct_outline_new();
    c->triangulator = ct_triangulator_new();
    c->height = ct_alloc(((size_t)mesh->n_points + 1) * sizeof *c->height);
    if (!c->outline || !c->triangulator || !c->height) return CT_NOMEM;
    CT_TRY(ct_grow(&c->xyz, &c->xyz_room, 3 * (size_t)mesh->n_points, sizeof *c->xyz));
    // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): there is room
    if (mesh->n_points) memcpy(c->xyz, mesh->xyz, 3 * (size_t)mesh->n_points * sizeof *c->xyz);
    const double *n = inverse.m + 8; // the inverse may scale; heights are wanted in metres
    const double size = sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
    for (size_t i = 0; i < mesh->n_points; i++) {
        const double *p = mesh->xyz + 3 * i;
        const double h = (n[0] * p[0] + n[1] * p[1] + n[2] * p[2] + n[3]) / size;
        c->height[i] = fabs(h) <= options->on_m ? 0 : h;
    }
    return CT_OK;
}

static ct_err point_on(uint32_t *point, clipper *c, uint32_t a, uint32_t b) {
    uint32_t number;
    bool fresh;
    CT_TRY(ct_geo__pairs_put(&number, &fresh, &c->edges, a, b));
    const size_t at = (size_t)c->mesh->n_points + number;
    if (fresh) {
        CT_TRY(ct_grow(&c->xyz, &c->xyz_room, 3 * (at + 1), sizeof *c->xyz));
        const uint32_t low = a < b ? a : b, high = a < b ? b : a;
        const double t = c->height[low] / (c->height[low] - c->height[high]);
        for (size_t k = 0; k < 3; k++) {
            const double p = c->xyz[3 * (size_t)low + k], q = c->xyz[3 * (size_t)high + k];
            c->xyz[3 * at + k] = p + t * (q - p);
        }
    }
    *point = (uint32_t)at;
    return CT_OK;
}

// What is left of a triangle: up to four points, in order; those from the plane are told.
static ct_err clipped(uint32_t points[4], bool in_plane[4], uint32_t *n, clipper *c,
                      const uint32_t corner[3]) {
    *n = 0;
    for (int k = 0; k < 3; k++) {
        const uint32_t a = corner[k], b = corner[(k + 1) % 3];
        const double ha = c->height[a], hb = c->height[b];
        if (ha <= 0) {
            in_plane[*n] = ha == 0;
            points[(*n)++] = a;
        }
        if ((ha < 0 && hb > 0) || (ha > 0 && hb < 0)) {
            in_plane[*n] = true;
            CT_TRY(point_on(&points[(*n)++], c, a, b));
        }
    }
    return CT_OK;
}

static ct_err clip_triangle(clipper *c, const uint32_t corner[3]) {
    // Something must lie below; what only touches the plane goes.
    if (!(c->height[corner[0]] < 0 || c->height[corner[1]] < 0 || c->height[corner[2]] < 0))
        return CT_OK;
    uint32_t points[4] = {0}, n;
    bool in_plane[4] = {false};
    CT_TRY(clipped(points, in_plane, &n, c, corner));
    for (uint32_t i = 1; i + 1 < n; i++)
        CT_TRY(ct_geo__faces_triangle(&c->faces, points[0], points[i], points[i + 1]));
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t j = (i + 1) % n;
        if (in_plane[i] && in_plane[j]) // the cap runs the other way
            CT_TRY(ct_outline_edge(c->outline, points[j], points[i]));
    }
    return CT_OK;
}

static ct_err clip_faces(clipper *c) {
    const ct_mesh *m = c->mesh;
    for (uint32_t face = 0, t = 0; face < m->n_faces; face++) {
        for (; t < m->face_end[face]; t++) CT_TRY(clip_triangle(c, m->triangles + 3 * (size_t)t));
        CT_TRY(ct_geo__faces_end(&c->faces, m->face_tag ? m->face_tag[face] : 0));
    }
    return CT_OK;
}

static ct_err put_cap(clipper *c, const ct_clip_options *options) {
    const double normal[3] = {options->plane.m[2], options->plane.m[6], options->plane.m[10]};
    ct_rings rings;
    CT_TRY(ct_outline_rings(&rings, c->outline, c->xyz, normal));
    if (rings.n_open)
        return ct_fail(CT_GEOM, "the cut of the plane is open at %u edges", rings.n_open);
    for (uint32_t part = 0, ring = 0; part < rings.n_parts; ring = rings.part_end[part++]) {
        const uint32_t begin = ring ? rings.ring_end[ring - 1] : 0;
        uint32_t n_rings = 0;
        for (uint32_t r = ring; r < rings.part_end[part]; r++, n_rings++)
            rings.ring_end[r] -= begin;
        ct_triangles t;
        const ct_err err = ct_triangulate_directed(
            &t, c->triangulator, c->xyz, rings.points + begin, rings.ring_end + ring, n_rings);
        for (uint32_t r = ring; r < rings.part_end[part]; r++) rings.ring_end[r] += begin;
        CT_TRY(err);
        for (uint32_t i = 0; i < t.n; i++)
            CT_TRY(ct_geo__faces_triangle(&c->faces, t.corners[3 * i], t.corners[3 * i + 1],
                                          t.corners[3 * i + 2]));
        CT_TRY(ct_geo__faces_end(&c->faces, options->tag));
    }
    return CT_OK;
}

ct_err ct_mesh_clip(ct_mesh *out, ct_arena *arena, const ct_mesh *mesh,
                    const ct_clip_options *options) {
    clipper c;
    ct_err err = clipper_init(&c, mesh, options);
    if (!err) err = clip_faces(&c);
    if (!err) err = put_cap(&c, options);
    if (!err) err = ct_geo__faces_mesh(out, arena, &c.faces, c.xyz, mesh->n_points + c.edges.n);
    clipper_fini(&c);
    return err;
}
