// Half-spaces whose base surface is curved: as closed bodies of what lies behind the surface, the
// side that its normal looks away from, as far as that matters.
//
// Cylinders, balls and rings have an inside. Behind other surfaces lies what they sweep when they
// move against their normal, out of all that it is combined with.
#include <math.h>
#include <string.h>

#include "geo/vector.h"
#include "ingest/ifc/shape/brep.h"
#include "ingest/ifc/shape/cut.h"
#include "ingest/ifc/shape/surface.h"

// How far the box reaches along a direction, from `low` to `high`, and its centre.
static void reach_of(double *low, double *high, const ct_box3 *box, const ct_affine *frame,
                     int axis) {
    double middle = 0, half = 0;
    for (int k = 0; k < 3; k++) {
        const double z = frame->m[4 * k + axis];
        middle += z * (0.5 * (box->min[k] + box->max[k]) - frame->m[4 * k + 3]);
        half += fabs(z) * 0.5 * (box->max[k] - box->min[k]);
    }
    *low = middle - half;
    *high = middle + half;
}

static ct_err cylinder(ct_ifc__solid *out, ct_ifc__work *w, const ct_surf *s, const ct_box3 *box) {
    double low, high;
    reach_of(&low, &high, box, &s->frame, 2);
    double *xy;
    uint32_t n;
    CT_TRY(ct_ifc__ellipse(&xy, &n, w, s->radius, s->radius));
    const double foot[3] = {0, 0, low};
    const ct_affine lift = ct_affine_frame(foot, NULL, NULL);
    const ct_affine place = ct_affine_multiply(&s->frame, &lift);
    return ct_ifc__column(out, w, xy, n, high - low, &place);
}

static ct_err piece_of(ct_surf_piece *out, ct_ifc__work *w, const ct_surf *s) {
    const ct_surf_options options = {
        .chord_m = w->chord_m, .turn_rad = 0.13, .weld_m = w->weld_m, .max_points = 100000};
    CT_TRY(ct_surf_trim(out, w->arena, s, NULL, NULL, 0, true, &options));
    return ct_ifc__spend(w, 40 * (uint64_t)out->n_points);
}

static ct_err put_triangle(ct_ifc__work *w, const uint32_t *name, const uint32_t *corner) {
    const uint32_t c[3] = {name[corner[0]], name[corner[1]], name[corner[2]]};
    if (c[0] == c[1] || c[1] == c[2] || c[2] == c[0]) return CT_OK;
    return ct_mesh_builder_triangles(w->builder, c, 1, 0);
}

static int by_ends(const void *left, const void *right) {
    const uint32_t *a = left, *b = right;
    for (int k = 0; k < 2; k++)
        if (a[k] != b[k]) return a[k] < b[k] ? -1 : 1;
    return 0;
}

// Walls from the edges that belong to one triangle to the same edges moved: `n` names farther.
static ct_err put_walls(ct_ifc__work *w, const ct_surf_piece *piece, const uint32_t *here,
                        const uint32_t *there) {
    uint32_t(*edges)[4] =
        ct_arena_alloc(w->arena, (3 * (size_t)piece->n_triangles + 1) * sizeof *edges);
    size_t n = 0;
    if (!edges) return CT_NOMEM;
    for (size_t i = 0; i < 3 * (size_t)piece->n_triangles; i++) {
        const uint32_t a = piece->corners[i];
        const uint32_t b = piece->corners[i % 3 == 2 ? i - 2 : i + 1];
        const uint32_t p = here[a], q = here[b];
        if (p == q) continue;
        memcpy(edges[n++], (uint32_t[4]){p < q ? p : q, p < q ? q : p, a, b}, sizeof *edges);
    }
    qsort(edges, n, sizeof *edges, by_ends);
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i + 1; k < n && by_ends(edges[i], edges[k]) == 0;) k++;
        if (k - i != 1) continue;
        const uint32_t a = edges[i][2], b = edges[i][3];
        const uint32_t c[6] = {here[a], there[b], here[b], here[a], there[a], there[b]};
        CT_TRY(ct_mesh_builder_triangles(w->builder, c, 1, 0));
        CT_TRY(ct_mesh_builder_triangles(w->builder, c + 3, 1, 0));
    }
    return CT_OK;
}

// The surface and itself moved by `along`, joined to a body; `along` NULL: the surface closes
// alone.
static ct_err body_of(ct_ifc__solid *out, ct_ifc__work *w, const ct_surf_piece *piece,
                      const double *along) {
    uint32_t *here = ct_arena_alloc(w->arena, 2 * ((size_t)piece->n_points + 1) * sizeof *here);
    if (!here) return CT_NOMEM;
    uint32_t *there = here + piece->n_points + 1;
    ct_ifc__mesh_begin(w);
    for (size_t i = 0; i < piece->n_points; i++) {
        const double *p = piece->xyz + 3 * i;
        CT_TRY(ct_mesh_builder_point(&here[i], w->builder, p));
        if (!along) continue;
        const double q[3] = {p[0] + along[0], p[1] + along[1], p[2] + along[2]};
        CT_TRY(ct_mesh_builder_point(&there[i], w->builder, q));
    }
    for (size_t i = 0; i < piece->n_triangles; i++) {
        const uint32_t *c = piece->corners + 3 * i, back[3] = {c[2], c[1], c[0]};
        CT_TRY(put_triangle(w, here, c));
        if (along) CT_TRY(put_triangle(w, there, back));
    }
    if (along) CT_TRY(put_walls(w, piece, here, there));
    return ct_ifc__mesh_end(out, w, NULL);
}

// The sum of the triangles' normals, by their area.
static void normal_of(double out[3], const ct_surf_piece *piece) {
    memset(out, 0, 3 * sizeof *out);
    for (size_t i = 0; i < piece->n_triangles; i++) {
        const double *p[3];
        for (size_t k = 0; k < 3; k++) p[k] = piece->xyz + 3 * (size_t)piece->corners[3 * i + k];
        for (int k = 0; k < 3; k++) {
            const int a = (k + 1) % 3, b = (k + 2) % 3;
            out[k] += (p[1][a] - p[0][a]) * (p[2][b] - p[0][b]) -
                      (p[1][b] - p[0][b]) * (p[2][a] - p[0][a]);
        }
    }
}

static ct_err swept(ct_ifc__solid *out, ct_ifc__work *w, ct_surf *s, const ct_box3 *box) {
    ct_surf_piece piece;
    double n[3], far = 0;
    for (int k = 0; k < 3; k++) far += fabs(box->max[k] - box->min[k]);
    for (int k = 0; k < 2; k++) { // what has no end goes on as far as matters
        double low, high;
        reach_of(&low, &high, box, &s->frame, 2);
        if (!isfinite(s->low[k])) s->low[k] = low;
        if (!isfinite(s->high[k])) s->high[k] = high;
    }
    CT_TRY(piece_of(&piece, w, s));
    normal_of(n, &piece);
    const double length = sqrt(ct_dot(n, n));
    if (!(length > 0)) return ct_fail(CT_GEOM, "a surface has no side");
    // Out of the box and of the surface's own.
    for (size_t i = 0; i < piece.n_points; i++)
        for (int k = 0; k < 3; k++)
            far = fmax(far, 2 * fabs(piece.xyz[3 * i + (size_t)k] - box->min[k]));
    for (int k = 0; k < 3; k++) n[k] *= -2 * far / length;
    return body_of(out, w, &piece, n);
}

ct_err ct_ifc__behind(ct_ifc__solid *out, ct_ifc__work *w, uint32_t surface, const ct_box3 *box) {
    ct_surf s;
    const size_t first = out->n;
    CT_TRY(ct_ifc__surf(&s, w, surface));
    ct_err err = CT_OK;
    if (s.kind == CT_SURF_CYLINDER) {
        err = cylinder(out, w, &s, box);
    } else if (s.kind == CT_SURF_SPHERE || s.kind == CT_SURF_TORUS) {
        ct_surf_piece piece;
        err = piece_of(&piece, w, &s);
        if (!err) err = body_of(out, w, &piece, NULL);
    } else {
        err = swept(out, w, &s, box);
    }
    if (!err && !out->parts[first].closed)
        err = ct_fail(CT_GEOM, "what lies behind a surface is not closed");
    if (err) out->n = first;
    return err;
}
