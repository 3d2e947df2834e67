// Triangles of a surface made finer: where an inner edge or the middle of a triangle lies too far
// off the surface a corner is put there, and edges are flipped towards Delaunay's criterion in the
// plane of the parameters. The edges of the outline stay as they are.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/exact.h"
#include "geo/surf_private.h"

#define NONE UINT32_MAX

enum { ROUNDS = 24, FLIPS_A_CORNER = 400 };

typedef struct refiner {
    ct_geo__drawing *d;
    uint32_t *twin; // of each edge: triangle * 3 + which; NONE on the outline
    size_t twin_room;
    uint32_t *good; // 3 a triangle: its corners when it was last found near enough
    size_t good_room;
    uint32_t *stack; // edges to be looked at
    size_t n_stack, stack_room;
} refiner;

static uint32_t next_of(uint32_t edge) {
    return edge % 3 == 2 ? edge - 2 : edge + 1;
}

typedef struct side {
    uint32_t low, high, edge;
} side;

static int by_ends(const void *left, const void *right) {
    const side *a = left, *b = right;
    if (a->low != b->low) return a->low < b->low ? -1 : 1;
    if (a->high != b->high) return a->high < b->high ? -1 : 1;
    return a->edge < b->edge ? -1 : a->edge > b->edge;
}

static ct_err pair_edges(refiner *r) {
    const ct_geo__drawing *d = r->d;
    const size_t n = 3 * d->n_triangles;
    side *sides = ct_alloc((n + 1) * sizeof *sides);
    if (!sides) return CT_NOMEM;
    ct_err err = ct_grow(&r->twin, &r->twin_room, n, sizeof *r->twin);
    if (!err) err = ct_grow(&r->good, &r->good_room, n, sizeof *r->good);
    for (uint32_t e = 0; e < n && !err; e++) {
        const uint32_t a = d->triangles[e], b = d->triangles[next_of(e)];
        sides[e] = (side){a < b ? a : b, a < b ? b : a, e};
        r->twin[e] = r->good[e] = NONE;
    }
    if (!err && n) qsort(sides, n, sizeof *sides, by_ends);
    for (size_t i = 0; i + 1 < n && !err; i++) {
        const side *a = &sides[i], *b = &sides[i + 1];
        const bool third = i + 2 < n && sides[i + 2].low == a->low && sides[i + 2].high == a->high;
        if (a->low != b->low || a->high != b->high || third || r->twin[a->edge] != NONE) continue;
        if (d->triangles[a->edge] == d->triangles[b->edge]) continue;
        r->twin[a->edge] = b->edge;
        r->twin[b->edge] = a->edge;
    }
    ct_free(sides);
    return err;
}

static void set_twin(refiner *r, uint32_t edge, uint32_t twin) {
    r->twin[edge] = twin;
    if (twin != NONE) r->twin[twin] = edge;
}

static ct_err look_at(refiner *r, uint32_t edge) {
    CT_TRY(ct_grow(&r->stack, &r->stack_room, r->n_stack + 1, sizeof *r->stack));
    r->stack[r->n_stack++] = edge;
    return CT_OK;
}

static ct_err new_triangle(uint32_t *first_edge, refiner *r) {
    ct_geo__drawing *d = r->d;
    const size_t n = 3 * (d->n_triangles + 1);
    CT_TRY(ct_grow(&d->triangles, &d->triangles_room, n, sizeof *d->triangles));
    CT_TRY(ct_grow(&r->twin, &r->twin_room, n, sizeof *r->twin));
    CT_TRY(ct_grow(&r->good, &r->good_room, n, sizeof *r->good));
    for (size_t i = n - 3; i < n; i++) r->good[i] = NONE;
    *first_edge = (uint32_t)(3 * d->n_triangles++);
    return CT_OK;
}

// ---- flips

static const double *at(const refiner *r, uint32_t corner) {
    return r->d->at + 3 * (size_t)corner;
}

static double cotangent(const double *top, const double *a, const double *b, double *cross) {
    const double u[2] = {a[0] - top[0], a[1] - top[1]}, v[2] = {b[0] - top[0], b[1] - top[1]};
    *cross = fabs(u[0] * v[1] - u[1] * v[0]);
    return u[0] * v[0] + u[1] * v[1];
}

// Whether the edge a-b of (a, b, c) and (b, a, d) should become c-d: the angles opposite to it are
// more than half a turn together.
static bool should_flip(const refiner *r, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    double sin_c, sin_d;
    const double cos_c = cotangent(at(r, c), at(r, a), at(r, b), &sin_c);
    const double cos_d = cotangent(at(r, d), at(r, a), at(r, b), &sin_d);
    const double sum = sin_c * cos_d + cos_c * sin_d;
    if (sum >= -1e-9 * (sin_c + fabs(cos_c)) * (sin_d + fabs(cos_d))) return false;
    const int turn = ct_orient2d(at(r, a), at(r, b), at(r, c));
    return ct_orient2d(at(r, c), at(r, a), at(r, d)) == turn &&
           ct_orient2d(at(r, d), at(r, b), at(r, c)) == turn;
}

// At most `most` looks: rounding may let edges flip without end.
static ct_err flip_all(refiner *r, uint64_t most) {
    uint32_t *corner = r->d->triangles;
    for (uint64_t left = most; r->n_stack && left; left--) {
        const uint32_t e = r->stack[--r->n_stack], f = r->twin[e];
        if (f == NONE) continue;
        const uint32_t e1 = next_of(e), e2 = next_of(e1), f1 = next_of(f), f2 = next_of(f1);
        const uint32_t a = corner[e], b = corner[e1], c = corner[e2], d = corner[f2];
        if (c == d || !should_flip(r, a, b, c, d)) continue;
        const uint32_t bc = r->twin[e1], ca = r->twin[e2], ad = r->twin[f1], db = r->twin[f2];
        corner[e] = c;
        corner[e1] = a;
        corner[e2] = d;
        corner[f] = d;
        corner[f1] = b;
        corner[f2] = c;
        set_twin(r, e, ca);
        set_twin(r, e1, ad);
        set_twin(r, f, db);
        set_twin(r, f1, bc);
        set_twin(r, e2, f2);
        const uint32_t touched[4] = {e, e1, f, f1};
        for (int k = 0; k < 4; k++) CT_TRY(look_at(r, touched[k]));
    }
    r->n_stack = 0;
    return CT_OK;
}

// ---- new corners

// The triangle of edge e, a-b-c, becomes x-b-c and a-x-c; *open: its new edge a-x.
static ct_err split_side(uint32_t *open, refiner *r, uint32_t e, uint32_t x) {
    uint32_t g;
    CT_TRY(new_triangle(&g, r));
    uint32_t *corner = r->d->triangles;
    const uint32_t e2 = next_of(next_of(e));
    const uint32_t a = corner[e], c = corner[e2], ca = r->twin[e2];
    corner[e] = x; // x b c, its edge c-x the new one
    corner[g] = a;
    corner[g + 1] = x;
    corner[g + 2] = c;
    set_twin(r, g + 2, ca);
    set_twin(r, g + 1, e2);
    CT_TRY(look_at(r, next_of(e)));
    CT_TRY(look_at(r, g + 2));
    *open = g;
    return CT_OK;
}

static ct_err split_edge(refiner *r, uint32_t e, uint32_t x) {
    const uint32_t f = r->twin[e];
    uint32_t open, other;
    CT_TRY(split_side(&open, r, e, x));
    CT_TRY(split_side(&other, r, f, x));
    // e is now x-b and f x-a; `open` is a-x and `other` b-x.
    set_twin(r, e, other);
    set_twin(r, f, open);
    return CT_OK;
}

static ct_err split_triangle(refiner *r, uint32_t e, uint32_t x) {
    uint32_t g, h;
    CT_TRY(new_triangle(&g, r));
    CT_TRY(new_triangle(&h, r));
    uint32_t *corner = r->d->triangles;
    const uint32_t a = corner[e], b = corner[e + 1], c = corner[e + 2];
    const uint32_t bc = r->twin[e + 1], ca = r->twin[e + 2];
    corner[e + 2] = x; // a b x
    const uint32_t rest[6] = {b, c, x, c, a, x};
    for (uint32_t k = 0; k < 3; k++) {
        corner[g + k] = rest[k];
        corner[h + k] = rest[3 + k];
    }
    set_twin(r, g, bc);
    set_twin(r, h, ca);
    set_twin(r, e + 1, g + 2);
    set_twin(r, g + 1, h + 2);
    set_twin(r, h + 1, e + 2);
    CT_TRY(look_at(r, e));
    CT_TRY(look_at(r, g));
    return look_at(r, h);
}

// How far the surface lies off the middle of a triangle.
static double off_middle(const ct_geo__drawing *d, const double middle[2], const uint32_t *corner) {
    double p[3], n[3] = {0, 0, 0}, height = 0;
    const double uv[2] = {middle[0] / d->surf->scale[0], middle[1] / d->surf->scale[1]};
    const double *a = ct_geo__place(d, corner[0]), *b = ct_geo__place(d, corner[1]);
    const double *c = ct_geo__place(d, corner[2]);
    ct_surf_point(p, d->surf, uv);
    for (int k = 0; k < 3; k++) {
        const int i = (k + 1) % 3, j = (k + 2) % 3;
        n[k] = (b[i] - a[i]) * (c[j] - a[j]) - (b[j] - a[j]) * (c[i] - a[i]);
        height += n[k] * (p[k] - a[k]);
    }
    const double area2 = sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
    if (!(area2 > 0)) return 0;
    height = fabs(height) / area2;
    const double flat = fmin(d->options->chord_m, sqrt(area2) * tan(d->options->turn_rad / 4));
    return height > flat && height > d->options->weld_m ? height : 0;
}

// Splits the triangle where it lies worst; *split whether it did.
static ct_err improve(refiner *r, uint32_t triangle, bool *split) {
    ct_geo__drawing *d = r->d;
    const uint32_t e = 3 * triangle;
    const uint32_t *corner = d->triangles + e;
    if (memcmp(corner, r->good + e, 3 * sizeof *corner) == 0) return CT_OK;
    memcpy(r->good + e, corner, 3 * sizeof *corner);
    for (int k = 0; k < 3; k++)
        if (d->point[corner[k]] == d->point[corner[(k + 1) % 3]]) return CT_OK;
    double worst = 0, where[2] = {0, 0}, middle[2];
    uint32_t edge = NONE;
    for (uint32_t k = 0; k < 3; k++) {
        if (r->twin[e + k] == NONE) continue;
        const uint32_t i = corner[k], j = corner[(k + 1) % 3];
        for (int c = 0; c < 2; c++) middle[c] = (at(r, i)[c] + at(r, j)[c]) / 2;
        const double off = ct_geo__off_chord(d, middle, ct_geo__place(d, i), ct_geo__place(d, j));
        if (off <= worst) continue;
        worst = off;
        edge = e + k;
        memcpy(where, middle, sizeof where);
    }
    if (edge == NONE) {
        for (int c = 0; c < 2; c++)
            where[c] = (at(r, corner[0])[c] + at(r, corner[1])[c] + at(r, corner[2])[c]) / 3;
        if (off_middle(d, where, corner) == 0) return CT_OK;
    }
    if (d->n_points >= d->options->max_points) return CT_OK;
    uint32_t point;
    CT_TRY(ct_geo__put_point(&point, d, where[0], where[1]));
    CT_TRY(ct_geo__put_corner(d, where[0], where[1], point));
    const uint32_t x = (uint32_t)d->n - 1;
    CT_TRY(edge == NONE ? split_triangle(r, e, x) : split_edge(r, edge, x));
    *split = true;
    return flip_all(r, FLIPS_A_CORNER);
}

ct_err ct_geo__refine(ct_geo__drawing *d) {
    refiner r = {.d = d};
    ct_err err = pair_edges(&r);
    for (uint32_t e = 0; e < 3 * d->n_triangles && !err; e++) err = look_at(&r, e);
    if (!err) err = flip_all(&r, 64 * (uint64_t)d->n_triangles);
    bool again = true;
    for (int round = 0; round < ROUNDS && again && !err; round++) {
        const size_t n = d->n_triangles;
        again = false;
        for (uint32_t t = 0; t < n && !err; t++) err = improve(&r, t, &again);
    }
    ct_free(r.twin);
    ct_free(r.good);
    ct_free(r.stack);
    return err;
}
