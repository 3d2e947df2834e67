// Loops that meet themselves: distances between the edges of a loop in space.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/vector.h"
#include "ingest/ifc/rules/points.h"

typedef struct edge {
    const double *a, *b;
    double min_x, max_x;
    size_t index; // in the loop
} edge;

enum { MAX_PAIRS = 20000000 }; // of one loop; 0.2 s or so

static double clamp(double x) {
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

// Distance of two segments of some length: C. Ericson, Real-Time Collision Detection, section
// 5.1.9.
static double segment_distance(const edge *p, const edge *q) {
    double d1[3], d2[3], r[3], at1[3], at2[3];
    ct_minus(d1, p->b, p->a);
    ct_minus(d2, q->b, q->a);
    ct_minus(r, p->a, q->a);
    const double a = ct_dot(d1, d1), e = ct_dot(d2, d2), f = ct_dot(d2, r), c = ct_dot(d1, r),
                 b = ct_dot(d1, d2);
    const double denominator = a * e - b * b;
    double s = denominator > 1e-14 * a * e ? clamp((b * f - c * e) / denominator) : 0;
    double t = (b * s + f) / e;
    if (t < 0 || t > 1) {
        t = clamp(t);
        s = clamp((b * t - c) / a);
    }
    for (int i = 0; i < 3; i++) {
        at1[i] = p->a[i] + s * d1[i];
        at2[i] = q->a[i] + t * d2[i];
    }
    return ct_ifc__distance(at1, at2);
}

// Distance of a point from a segment of some length.
static double point_distance(const double p[3], const double a[3], const double b[3]) {
    double d[3], r[3], at[3];
    ct_minus(d, b, a);
    ct_minus(r, p, a);
    const double t = clamp(ct_dot(r, d) / ct_dot(d, d));
    for (int i = 0; i < 3; i++) at[i] = a[i] + t * d[i];
    return ct_ifc__distance(p, at);
}

// The edge and the next one from its end: whether the far end of one lies on the other.
static bool folds_back(const double a[3], const double b[3], const double c[3], double tolerance) {
    return point_distance(c, a, b) < tolerance || point_distance(a, b, c) < tolerance;
}

static int by_min_x(const void *a, const void *b) {
    const edge *p = a, *q = b;
    if (p->min_x != q->min_x) return p->min_x < q->min_x ? -1 : 1;
    return p->index < q->index ? -1 : p->index > q->index;
}

static bool edges_meet(const edge *edges, size_t n, double tolerance) {
    size_t pairs = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n && edges[j].min_x <= edges[i].max_x + tolerance; j++) {
            const size_t apart = edges[i].index > edges[j].index ? edges[i].index - edges[j].index
                                                                 : edges[j].index - edges[i].index;
            if (++pairs > MAX_PAIRS) return false;
            if (apart == 1 || apart == n - 1) continue;
            if (segment_distance(&edges[i], &edges[j]) < tolerance) return true;
        }
    }
    return false;
}

// The points without those that lie on the one before.
static size_t thin(const double **out, const ct_ifc__points *loop, double tolerance) {
    size_t n = 0;
    for (size_t i = 0; i < loop->n; i++)
        if (!n || ct_ifc__distance(out[n - 1], loop->at[i]) > tolerance) out[n++] = loop->at[i];
    while (n > 1 && ct_ifc__distance(out[n - 1], out[0]) <= tolerance) n--;
    return n;
}

ct_err ct_ifc__meets_itself(bool *out, ct_arena *arena, const ct_ifc__points *loop,
                            double tolerance) {
    const double **at = ct_arena_alloc(arena, (loop->n + 1) * sizeof *at);
    edge *edges = ct_arena_alloc(arena, (loop->n + 1) * sizeof *edges);
    if (!at || !edges) return CT_NOMEM;
    const size_t n = thin(at, loop, tolerance);
    *out = false;
    if (n < 3) return CT_OK;
    for (size_t i = 0; i < n; i++) {
        const double *a = at[i], *b = at[(i + 1) % n];
        edges[i] = (edge){a, b, fmin(a[0], b[0]), fmax(a[0], b[0]), i};
        if (folds_back(a, b, at[(i + 2) % n], tolerance)) *out = true;
    }
    if (*out) return CT_OK;
    qsort(edges, n, sizeof *edges, by_min_x);
    *out = edges_meet(edges, n, tolerance);
    return CT_OK;
}
