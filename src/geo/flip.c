// Edges flipped towards Delaunay's criterion (Lawson): the two angles opposite an edge together at
// most half a turn, measured in space.
#include <string.h>

#include "geo/triangulate_private.h"

enum { FLIPS_A_TRIANGLE = 24 };

static uint32_t next_of(uint32_t edge) {
    return edge % 3 == 2 ? edge - 2 : edge + 1;
}

static uint32_t point_of(const ct_triangulator *t, uint32_t edge) {
    return t->nodes[t->corners[edge]].point;
}

static uint32_t slot_of(const ct_triangulator *t, uint32_t mask, uint32_t from, uint32_t to) {
    uint64_t key = ((uint64_t)from << 32 | to) * 0x9E3779B97F4A7C15U;
    key ^= key >> 29;
    uint32_t slot = (uint32_t)key & mask;
    while (t->table[slot] != CT_GEO__NONE) {
        const uint32_t edge = t->table[slot];
        if (point_of(t, edge) == from && point_of(t, next_of(edge)) == to) break;
        slot = (slot + 1) & mask;
    }
    return slot;
}

// Pairs the edges; one that comes more than once in a direction stays alone.
static ct_err pair_edges(ct_triangulator *t) {
    const uint32_t n = t->n_corners;
    uint32_t size = 16;
    while (size < 2 * n) size *= 2;
    CT_TRY(ct_grow(&t->table, &t->table_room, size, sizeof *t->table));
    CT_TRY(ct_grow(&t->twin, &t->twin_room, n, sizeof *t->twin));
    for (uint32_t i = 0; i < size; i++) t->table[i] = CT_GEO__NONE;
    for (uint32_t e = 0; e < n; e++) t->twin[e] = CT_GEO__NONE;
    for (uint32_t e = 0; e < n; e++) {
        const uint32_t slot = slot_of(t, size - 1, point_of(t, e), point_of(t, next_of(e)));
        if (t->table[slot] != CT_GEO__NONE) {
            t->twin[t->table[slot]] = t->twin[e] = e; // its own: not to be paired
            continue;
        }
        t->table[slot] = e;
    }
    for (uint32_t e = 0; e < n; e++) {
        if (t->twin[e] == e) continue;
        const uint32_t slot = slot_of(t, size - 1, point_of(t, next_of(e)), point_of(t, e));
        const uint32_t other = t->table[slot];
        if (other != CT_GEO__NONE && t->twin[other] != other) t->twin[e] = other;
    }
    for (uint32_t e = 0; e < n; e++)
        if (t->twin[e] == e) t->twin[e] = CT_GEO__NONE;
    return CT_OK;
}

// Cosine and sine, both times the two sides' lengths, of the angle at `at` between `a` and `b`.
static void angle(double *cosine, double *sine, const double *at, const double *a,
                  const double *b) {
    const double u[3] = {a[0] - at[0], a[1] - at[1], a[2] - at[2]};
    const double v[3] = {b[0] - at[0], b[1] - at[1], b[2] - at[2]};
    const double c[3] = {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2],
                         u[0] * v[1] - u[1] * v[0]};
    *cosine = u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
    *sine = sqrt(c[0] * c[0] + c[1] * c[1] + c[2] * c[2]);
}

static const double *place(const ct_triangulator *t, uint32_t node) {
    return t->xyz + 3 * (size_t)t->nodes[node].point;
}

// Whether the edge a-b between triangles (a, b, c) and (b, a, d) should become c-d.
static bool should_flip(const ct_triangulator *t, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    if (t->nodes[c].point == t->nodes[d].point) return false;
    double cos_c, sin_c, cos_d, sin_d;
    angle(&cos_c, &sin_c, place(t, c), place(t, a), place(t, b));
    angle(&cos_d, &sin_d, place(t, d), place(t, a), place(t, b));
    const double one = sin_c * cos_d, other = cos_c * sin_d;
    const double size = (fabs(cos_c) + sin_c) * (fabs(cos_d) + sin_d);
    if (one + other >= -1e-10 * size && sin_c > 0 && sin_d > 0) return false;
    return ct_geo__turn(t, c, a, d) > 0 && ct_geo__turn(t, d, b, c) > 0;
}

static void set_twin(ct_triangulator *t, uint32_t edge, uint32_t twin) {
    t->twin[edge] = twin;
    if (twin != CT_GEO__NONE) t->twin[twin] = edge;
}

// Edge e is a-b of (a, b, c), its twin b-a of (b, a, d): they become (c, a, d) and (d, b, c).
static void flip(ct_triangulator *t, uint32_t e, uint32_t out[4]) {
    const uint32_t f = t->twin[e];
    const uint32_t e1 = next_of(e), e2 = next_of(e1), f1 = next_of(f), f2 = next_of(f1);
    const uint32_t a = t->corners[e], b = t->corners[e1], c = t->corners[e2], d = t->corners[f2];
    const uint32_t bc = t->twin[e1], ca = t->twin[e2], ad = t->twin[f1], db = t->twin[f2];
    t->corners[e] = c;
    t->corners[e1] = a;
    t->corners[e2] = d;
    t->corners[f] = d;
    t->corners[f1] = b;
    t->corners[f2] = c;
    set_twin(t, e, ca);
    set_twin(t, e1, ad);
    set_twin(t, f, db);
    set_twin(t, f1, bc);
    set_twin(t, e2, f2);
    out[0] = e;
    out[1] = e1;
    out[2] = f;
    out[3] = f1;
}

void ct_geo__flip_quadrilateral(ct_triangulator *t) {
    const uint32_t a = t->corners[0], b = t->corners[1], c = t->corners[2], d = t->corners[4];
    if (!should_flip(t, c, a, b, d)) return;
    const uint32_t flipped[6] = {c, d, b, a, b, d};
    memcpy(t->corners, flipped, sizeof flipped);
}

ct_err ct_geo__flip_edges(ct_triangulator *t) {
    if (t->n_corners < 6) return CT_OK;
    CT_TRY(pair_edges(t));
    const uint32_t n = t->n_corners;
    // Each flip pushes four edges at most; what does not fit is left unlooked at.
    CT_TRY(ct_grow(&t->stack, &t->stack_room, 4 * (size_t)n + 4, sizeof *t->stack));
    size_t top = 0;
    for (uint32_t e = n; e-- > 0;)
        if (t->twin[e] != CT_GEO__NONE && e < t->twin[e]) t->stack[top++] = e;
    for (uint64_t left = (uint64_t)FLIPS_A_TRIANGLE * (n / 3); top > 0 && left > 0;) {
        const uint32_t e = t->stack[--top], f = t->twin[e];
        if (f == CT_GEO__NONE) continue;
        const uint32_t a = t->corners[e], b = t->corners[next_of(e)];
        const uint32_t c = t->corners[next_of(next_of(e))], d = t->corners[next_of(next_of(f))];
        if (!should_flip(t, a, b, c, d)) continue;
        uint32_t touched[4];
        flip(t, e, touched);
        left--;
        for (int k = 0; k < 4 && top < 4 * (size_t)n; k++) t->stack[top++] = touched[k];
    }
    return CT_OK;
}
