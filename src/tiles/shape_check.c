// The check of polygons on the grid. All arithmetic is exact: coordinates have 13 bits.
#include <stdlib.h>

#include "base/mem.h"
#include "tiles/shape.h"

enum { SMALL = 24 }; // edges that are sorted by insertion

typedef struct edge {
    int32_t min_x, max_x, min_y, max_y;
    uint32_t a, b; // points
    uint32_t ring;
} edge;

static int side(const int32_t a[2], const int32_t b[2], const int32_t c[2]) {
    const int64_t v =
        (int64_t)(b[0] - a[0]) * (c[1] - a[1]) - (int64_t)(b[1] - a[1]) * (c[0] - a[0]);
    return (v > 0) - (v < 0);
}

// Boxes are known to meet: collinear edges then have a point in common.
static bool edges_meet(const ct_tiles__shape *s, const edge *e, const edge *f) {
    const int32_t *a = s->xy[e->a], *b = s->xy[e->b], *c = s->xy[f->a], *d = s->xy[f->b];
    return side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0;
}

static int by_min_x(const void *a, const void *b) {
    const edge *e = a, *f = b;
    if (e->min_x != f->min_x) return e->min_x < f->min_x ? -1 : 1;
    return (e->a > f->a) - (e->a < f->a);
}

static void sort_edges(edge *edges, size_t n) {
    if (n > SMALL) {
        qsort(edges, n, sizeof *edges, by_min_x);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        const edge e = edges[i];
        size_t j = i;
        for (; j > 0 && edges[j - 1].min_x > e.min_x; j--) edges[j] = edges[j - 1];
        edges[j] = e;
    }
}

// Rings need not follow each other without gaps in the points.
static ct_err list_edges(size_t *n, ct_tiles__shape *s) {
    if (s->edge_room < s->n) {
        edge *edges = ct_realloc(s->edges, s->n * sizeof *edges);
        if (!edges) return CT_NOMEM;
        s->edges = edges;
        s->edge_room = s->n;
    }
    edge *e = s->edges;
    for (uint32_t r = 0; r < s->n_rings; r++) {
        const ct_tiles__ring *ring = &s->rings[r];
        for (uint32_t i = ring->begin; i < ring->end; i++, e++) {
            const uint32_t j = i + 1 < ring->end ? i + 1 : ring->begin;
            const int32_t *p = s->xy[i], *q = s->xy[j];
            *e = (edge){.min_x = p[0] < q[0] ? p[0] : q[0],
                        .max_x = p[0] < q[0] ? q[0] : p[0],
                        .min_y = p[1] < q[1] ? p[1] : q[1],
                        .max_y = p[1] < q[1] ? q[1] : p[1],
                        .a = i,
                        .b = j,
                        .ring = r};
        }
    }
    *n = (size_t)(e - (edge *)s->edges);
    return CT_OK;
}

// Neighbours in a ring share a point, and nothing else: spikes are gone already.
static bool neighbours(const edge *e, const edge *f) {
    return e->ring == f->ring && (e->b == f->a || f->b == e->a);
}

static bool any_meet(const ct_tiles__shape *s, const edge *edges, size_t n) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n && edges[j].min_x <= edges[i].max_x; j++) {
            const edge *e = &edges[i], *f = &edges[j];
            if (f->min_y <= e->max_y && f->max_y >= e->min_y && !neighbours(e, f) &&
                edges_meet(s, e, f))
                return true;
        }
    return false;
}

// Even-odd rule; p is known not to lie on the ring.
static bool ring_holds(const ct_tiles__shape *s, const ct_tiles__ring *ring, const int32_t p[2]) {
    bool in = false;
    for (uint32_t i = ring->begin, j = ring->end - 1; i < ring->end; j = i++) {
        const int32_t *a = s->xy[i], *b = s->xy[j];
        if ((a[1] > p[1]) == (b[1] > p[1])) continue;
        const int turn = side(a, b, p);
        if (b[1] > a[1] ? turn > 0 : turn < 0) in = !in;
    }
    return in;
}

// Rings that do not meet are in each other or apart: a point of each tells. A ring must lie in its
// own exterior, if it is a hole, and in no other polygon's inside.
static bool nested_well(const ct_tiles__shape *s) {
    for (uint32_t r = 0; r < s->n_rings; r++) {
        const int32_t *p = s->xy[s->rings[r].begin];
        uint32_t own = r; // the exterior that the ring belongs to
        while (s->rings[own].hole) own--;
        for (uint32_t k = 0; k < s->n_rings;) {
            const uint32_t shell = k;
            bool in = k != r && ring_holds(s, &s->rings[k], p);
            if (shell == own && r != own && !in) return false;
            for (k++; k < s->n_rings && s->rings[k].hole; k++) {
                if (k == r || !ring_holds(s, &s->rings[k], p)) continue;
                if (shell == own) return false; // a hole in a hole
                in = false;
            }
            if (shell != own && in) return false;
        }
    }
    return true;
}

ct_err ct_tiles__shape_simple(bool *simple, ct_tiles__shape *s) {
    *simple = true;
    if (s->n <= 3) return CT_OK;
    size_t n;
    CT_TRY(list_edges(&n, s));
    sort_edges(s->edges, n);
    *simple = !any_meet(s, s->edges, n) && (s->n_rings == 1 || nested_well(s));
    return CT_OK;
}
