// Where two triangles meet: a point, a segment of the line of their planes, or, in one plane, the
// edges of each within the other. Each becomes a cut of both.
#include "geo/boolean_private.h"

// Points of a triangle in another's plane: one or two ends of a segment, in order.
typedef struct span {
    uint32_t end[2];
    int n;
} span;

static ct_err put_cut(ct_geo__kernel *k, uint32_t triangle, uint32_t p, uint32_t q,
                      uint32_t plane) {
    const uint32_t *own = k->triangles[triangle].point;
    if (p == q && (p == own[0] || p == own[1] || p == own[2])) return CT_OK;
    CT_TRY(ct_grow(&k->cuts, &k->cuts_room, k->n_cuts + 1, sizeof *k->cuts));
    k->cuts[k->n_cuts++] = (ct_geo__cut){triangle, p, q, plane};
    return CT_OK;
}

// Where the line through given points a and b crosses a plane over which they stand `va`, `vb`.
static ct_err cross_plane(uint32_t *point, ct_geo__points *p, uint32_t a, uint32_t b, ct_int128 va,
                          ct_int128 vb) {
    ct_wide x[3], w, wa, wb, c, s, t;
    ct_wide_set(&wa, va);
    ct_wide_set(&wb, vb);
    for (int k = 0; k < 3; k++) {
        ct_wide_set(&c, ct_geo__coordinate(p, a, k));
        ct_wide_mul(&s, &c, &wb);
        ct_wide_set(&c, ct_geo__coordinate(p, b, k));
        ct_wide_mul(&t, &c, &wa);
        ct_wide_sub(&x[k], &s, &t);
    }
    ct_wide_sub(&w, &wb, &wa);
    return ct_geo__point_quotient(point, p, x, &w);
}

static void widen(span *s, const ct_geo__points *p, uint32_t point) {
    if (s->n == 0) {
        s->end[0] = s->end[1] = point;
        s->n = 1;
        return;
    }
    if (ct_geo__compare_points(p, point, s->end[0]) < 0) s->end[0] = point;
    if (ct_geo__compare_points(p, point, s->end[1]) > 0) s->end[1] = point;
}

// The part of triangle t in a plane over which its points stand `over`.
static ct_err span_in_plane(span *out, ct_geo__kernel *k, const ct_geo__triangle *t,
                            const ct_int128 over[3]) {
    out->n = 0;
    for (int i = 0; i < 3; i++) {
        const int j = (i + 1) % 3;
        if (over[i] == 0) widen(out, &k->points, t->point[i]);
        if (ct_geo__sign(over[i]) * ct_geo__sign(over[j]) >= 0) continue;
        const bool up = t->point[i] < t->point[j]; // the same numbers from either triangle
        const int a = up ? i : j, b = up ? j : i;
        uint32_t point;
        CT_TRY(cross_plane(&point, &k->points, t->point[a], t->point[b], over[a], over[b]));
        widen(out, &k->points, point);
    }
    return CT_OK;
}

static bool one_side(const ct_int128 over[3]) {
    return (over[0] > 0 && over[1] > 0 && over[2] > 0) ||
           (over[0] < 0 && over[1] < 0 && over[2] < 0);
}

static ct_err meet_across(ct_geo__kernel *k, uint32_t a, uint32_t b, const ct_int128 a_over[3],
                          const ct_int128 b_over[3]) {
    span sa, sb;
    CT_TRY(span_in_plane(&sa, k, &k->triangles[a], a_over));
    CT_TRY(span_in_plane(&sb, k, &k->triangles[b], b_over));
    const ct_geo__points *p = &k->points;
    const uint32_t low =
        ct_geo__compare_points(p, sa.end[0], sb.end[0]) > 0 ? sa.end[0] : sb.end[0];
    const uint32_t high =
        ct_geo__compare_points(p, sa.end[1], sb.end[1]) < 0 ? sa.end[1] : sb.end[1];
    if (ct_geo__compare_points(p, low, high) > 0) return CT_OK;
    CT_TRY(put_cut(k, a, low, high, b));
    return put_cut(k, b, low, high, a);
}

// The plane through given points a and b along the axis.
static ct_err upright_plane(uint32_t *plane, ct_geo__kernel *k, int axis, uint32_t a, uint32_t b) {
    CT_TRY(ct_grow(&k->planes, &k->planes_room, (size_t)k->n_planes + 1, sizeof *k->planes));
    const int x = (axis + 1) % 3, y = (axis + 2) % 3;
    const ct_geo__points *p = &k->points;
    ct_geo__plane made = {.offset = 0};
    made.normal[x] = ct_geo__coordinate(p, a, y) - ct_geo__coordinate(p, b, y);
    made.normal[y] = ct_geo__coordinate(p, b, x) - ct_geo__coordinate(p, a, x);
    made.offset =
        made.normal[x] * ct_geo__coordinate(p, a, x) + made.normal[y] * ct_geo__coordinate(p, a, y);
    k->planes[k->n_planes] = made;
    *plane = k->n_planes++;
    return CT_OK;
}

// -1, 0, 1: p outside, on the border of, inside triangle t, in its plane.
static int where_in(const ct_geo__kernel *k, const ct_geo__triangle *t, uint32_t p) {
    int least = 1;
    for (int i = 0; i < 3; i++) {
        int side = ct_geo__orient(&k->points, t->axis, t->point[i], t->point[(i + 1) % 3], p);
        if (t->back) side = -side;
        if (side < least) least = side;
    }
    return least;
}

// Where the edges a-b and c-d, which cross, do.
static ct_err cross_edges(uint32_t *point, ct_geo__kernel *k, int axis, uint32_t a, uint32_t b,
                          uint32_t c, uint32_t d) {
    const uint32_t planes = k->n_planes;
    uint32_t plane;
    CT_TRY(upright_plane(&plane, k, axis, c, d));
    const ct_geo__plane *q = &k->planes[plane];
    const ct_err err = cross_plane(point, &k->points, a, b, ct_geo__over(&k->points, q, a),
                                   ct_geo__over(&k->points, q, b));
    k->n_planes = planes;
    return err;
}

// The part of the edge u-v within triangle t of the same plane, as a cut of t.
static ct_err cut_by_edge(ct_geo__kernel *k, uint32_t triangle, uint32_t u, uint32_t v) {
    const ct_geo__triangle t = k->triangles[triangle];
    span s = {.n = 0};
    if (u > v) {
        const uint32_t kept = u;
        u = v;
        v = kept;
    }
    if (where_in(k, &t, u) >= 0) widen(&s, &k->points, u);
    if (where_in(k, &t, v) >= 0) widen(&s, &k->points, v);
    for (int i = 0; i < 3; i++) {
        uint32_t a = t.point[i], b = t.point[(i + 1) % 3];
        const int sa = ct_geo__orient(&k->points, t.axis, u, v, a);
        const int sb = ct_geo__orient(&k->points, t.axis, u, v, b);
        const int su = ct_geo__orient(&k->points, t.axis, a, b, u);
        const int sv = ct_geo__orient(&k->points, t.axis, a, b, v);
        // A corner on the edge itself: in the line and between the ends.
        if (sa == 0 &&
            ct_geo__compare_points(&k->points, a, u) * ct_geo__compare_points(&k->points, a, v) <=
                0)
            widen(&s, &k->points, a);
        if (sa * sb >= 0 || su * sv >= 0) continue;
        uint32_t point;
        CT_TRY(cross_edges(&point, k, t.axis, u, v, a < b ? a : b, a < b ? b : a));
        widen(&s, &k->points, point);
    }
    if (s.n == 0) return CT_OK;
    uint32_t plane;
    CT_TRY(upright_plane(&plane, k, t.axis, u, v));
    return put_cut(k, triangle, s.end[0], s.end[1], plane);
}

static ct_err meet_in_plane(ct_geo__kernel *k, uint32_t a, uint32_t b) {
    for (int i = 0; i < 3; i++) {
        const uint32_t *pa = k->triangles[a].point, *pb = k->triangles[b].point;
        CT_TRY(cut_by_edge(k, a, pb[i], pb[(i + 1) % 3]));
        CT_TRY(cut_by_edge(k, b, pa[i], pa[(i + 1) % 3]));
    }
    return CT_OK;
}

// How many points the triangles share; the other ones (of two shared) in *pa, *pb.
static int shared_points(uint32_t *pa, uint32_t *pb, const ct_geo__triangle *a,
                         const ct_geo__triangle *b) {
    int n = 0, in_a = 0, in_b = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            if (a->point[i] == b->point[j]) {
                n++;
                in_a += i;
                in_b += j;
            }
    if (n == 2) {
        *pa = a->point[3 - in_a];
        *pb = b->point[3 - in_b];
    }
    return n;
}

// Whether triangles that share an edge lie on both sides of it in one plane: neighbours in a face.
static bool are_flat_neighbours(const ct_geo__kernel *k, const ct_geo__triangle *a, uint32_t pa,
                                uint32_t pb) {
    uint32_t edge[2] = {pa, pa}; // the two others follow
    int n = 0;
    for (int i = 0; i < 3; i++)
        if (a->point[i] != pa) edge[n++] = a->point[i];
    return ct_geo__orient(&k->points, a->axis, edge[0], edge[1], pa) *
               ct_geo__orient(&k->points, a->axis, edge[0], edge[1], pb) <
           0;
}

static ct_err meet(ct_geo__kernel *k, uint32_t a, uint32_t b) {
    const ct_geo__triangle *ta = &k->triangles[a], *tb = &k->triangles[b];
    uint32_t pa = NONE, pb = NONE;
    const int shared = shared_points(&pa, &pb, ta, tb);
    if (shared == 3) return CT_OK; // the same triangle: no cut
    ct_int128 a_over[3], b_over[3];
    for (int i = 0; i < 3; i++) b_over[i] = ct_geo__over(&k->points, &k->planes[a], tb->point[i]);
    if (one_side(b_over)) return CT_OK;
    const bool in_plane = b_over[0] == 0 && b_over[1] == 0 && b_over[2] == 0;
    if (shared == 2 && (!in_plane || are_flat_neighbours(k, ta, pa, pb))) return CT_OK;
    if (in_plane) return meet_in_plane(k, a, b);
    for (int i = 0; i < 3; i++) a_over[i] = ct_geo__over(&k->points, &k->planes[b], ta->point[i]);
    if (one_side(a_over)) return CT_OK;
    return meet_across(k, a, b, a_over, b_over);
}

typedef struct pairing {
    ct_geo__kernel *kernel;
    uint32_t triangle;
} pairing;

static ct_err meet_if_first(void *context, uint32_t other) {
    const pairing *p = context;
    CT_TRY(ct_geo__worked(p->kernel, 1));
    return other > p->triangle ? meet(p->kernel, p->triangle, other) : CT_OK;
}

ct_err ct_geo__meet_all(ct_geo__kernel *k) {
    for (uint32_t t = 0; t < k->n_triangles; t++) {
        pairing p = {k, t};
        CT_TRY(ct_geo__tree_search(&k->tree, k->n_triangles, k->triangles[t].low,
                                   k->triangles[t].high, meet_if_first, &p));
    }
    return CT_OK;
}
