// The way of a polygon through bridges, ears and flips.
#include "geo/triangulate.h"

#include <float.h>
#include <string.h>

#include "geo/triangulate_private.h"

#define MAX_OVERLAP 1e-6 // of the area: what rounding does to thin polygons

enum { MAX_MERGED = 4096 }; // nodes that are compared one by one

ct_triangulator *ct_triangulator_new(void) {
    return ct_calloc(1, sizeof(ct_triangulator));
}

void ct_triangulator_free(ct_triangulator *t) {
    if (!t) return;
    ct_free(t->nodes);
    ct_free(t->holes);
    ct_free(t->cells);
    ct_free(t->corners);
    ct_free(t->twin);
    ct_free(t->table);
    ct_free(t->stack);
    ct_free(t);
}

// Twice the ring's area in the plane, about its first point.
static double ring_area2(const ct_triangulator *t, uint32_t start) {
    const ct_geo__node *n = t->nodes, *o = &n[start];
    double sum = 0;
    for (uint32_t v = o->next; n[v].next != start; v = n[v].next) {
        const ct_geo__node *a = &n[v], *b = &n[a->next];
        sum += (a->at[0] - o->at[0]) * (b->at[1] - o->at[1]) -
               (a->at[1] - o->at[1]) * (b->at[0] - o->at[0]);
    }
    return sum;
}

// A ring as linked nodes, points that follow themselves left out, turning counter-clockwise or
// not. NONE if fewer than 3 are left.
static uint32_t link_ring(ct_triangulator *t, const uint32_t *points, uint32_t n, bool ccw) {
    const uint32_t first = t->n_nodes;
    for (uint32_t i = 0; i < n; i++) {
        if (points[i] == points[i ? i - 1 : n - 1]) continue;
        const double *p = t->xyz + 3 * (size_t)points[i];
        t->nodes[t->n_nodes] = (ct_geo__node){.at = {p[t->flat.x], p[t->flat.y]},
                                              .point = points[i],
                                              .prev = t->n_nodes - 1,
                                              .next = t->n_nodes + 1};
        t->n_nodes++;
    }
    const uint32_t end = t->n_nodes;
    if (end - first < 3) {
        t->n_nodes = first;
        return CT_GEO__NONE;
    }
    t->nodes[first].prev = end - 1;
    t->nodes[end - 1].next = first;
    if (!t->directed && (ring_area2(t, first) >= 0) != ccw)
        for (uint32_t v = first; v < end; v++) {
            const uint32_t kept = t->nodes[v].prev;
            t->nodes[v].prev = t->nodes[v].next;
            t->nodes[v].next = kept;
        }
    return first;
}

static uint32_t leftmost(const ct_triangulator *t, uint32_t start) {
    const ct_geo__node *n = t->nodes;
    uint32_t best = start;
    for (uint32_t v = n[start].next; v != start; v = n[v].next)
        if (n[v].at[0] < n[best].at[0] ||
            (n[v].at[0] == n[best].at[0] && n[v].at[1] < n[best].at[1]))
            best = v;
    return best;
}

// Links all rings; the outside's node, or NONE. *n: nodes of the ring once holes are joined;
// *area2: twice the area that its triangles must have together.
static uint32_t link_rings(ct_triangulator *t, const uint32_t *points, const uint32_t *ring_end,
                           uint32_t n_rings, uint32_t *n, double *area2) {
    t->n_nodes = t->n_holes = 0;
    const uint32_t outer = link_ring(t, points, ring_end[0], true);
    if (outer == CT_GEO__NONE) return outer;
    *area2 = ring_area2(t, outer);
    for (uint32_t r = 1; r < n_rings; r++) {
        const uint32_t hole =
            link_ring(t, points + ring_end[r - 1], ring_end[r] - ring_end[r - 1], false);
        if (hole == CT_GEO__NONE) continue;
        t->holes[t->n_holes++] = leftmost(t, hole);
        *area2 += ring_area2(t, hole);
    }
    *n = t->n_nodes + 2 * t->n_holes;
    return outer;
}

// Triangles and convex quadrilaterals, the most common faces, need no search. False: not one.
static bool cut_simple(ct_triangulator *t, uint32_t a, uint32_t n) {
    const uint32_t b = t->nodes[a].next, c = t->nodes[b].next, d = t->nodes[c].next;
    if (n == 3) {
        memcpy(t->corners, (const uint32_t[]){a, b, c}, 3 * sizeof a);
        t->n_corners = 3;
        return true;
    }
    if (n != 4) return false;
    if (ct_geo__turn(t, a, b, c) <= 0 || ct_geo__turn(t, b, c, d) <= 0 ||
        ct_geo__turn(t, c, d, a) <= 0 || ct_geo__turn(t, d, a, b) <= 0)
        return false;
    const uint32_t corners[6] = {a, b, c, c, d, a};
    memcpy(t->corners, corners, sizeof corners);
    t->n_corners = 6;
    return true;
}

// How much more the triangles cover than the polygon's area, as a part of it: 0 where all turn the
// right way and their areas together are the polygon's.
static double overlap_of(const ct_triangulator *t, double area2) {
    double sum = 0, wrong = 0;
    for (uint32_t i = 0; i < t->n_corners; i += 3) {
        const uint32_t *c = t->corners + i;
        const double *o = t->nodes[c[0]].at, *a = t->nodes[c[1]].at, *b = t->nodes[c[2]].at;
        const double size = (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
        sum += size;
        if (ct_geo__turn(t, c[0], c[1], c[2]) < 0) wrong += fabs(size) + DBL_MIN;
    }
    const double size = fabs(sum) + fabs(area2);
    const double excess = fabs(sum - area2);
    return size > 0 ? (2 * wrong + (excess > 1e-9 * size ? excess : 0)) / size : 0;
}

static ct_err make_room(ct_triangulator *t, uint32_t n, uint32_t n_rings) {
    CT_TRY(ct_grow(&t->nodes, &t->nodes_room, n + 2 * (size_t)n_rings, sizeof *t->nodes));
    CT_TRY(ct_grow(&t->holes, &t->holes_room, n_rings, sizeof *t->holes));
    return ct_grow(&t->corners, &t->corners_room, 3 * (n + 4 * (size_t)n_rings),
                   sizeof *t->corners);
}

// Twice the area vector of all rings, holes against the outside.
static void area_vector(double sum[3], const double *xyz, const uint32_t *points,
                        const uint32_t *ring_end, uint32_t n_rings) {
    for (uint32_t r = 0; r < n_rings; r++) {
        const uint32_t begin = r ? ring_end[r - 1] : 0;
        double ring[3] = {0};
        ct_flat_newell(ring, xyz, points + begin, ring_end[r] - begin);
        const double along = ring[0] * sum[0] + ring[1] * sum[1] + ring[2] * sum[2];
        for (int k = 0; k < 3; k++) sum[k] += r && along > 0 ? -ring[k] : ring[k];
    }
}

// Gives nodes that all but coincide one place, so that necks are points.
static void merge_places(ct_triangulator *t) {
    if (t->n_nodes > MAX_MERGED) return;
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (uint32_t i = 0; i < t->n_nodes; i++)
        for (int k = 0; k < 2; k++) {
            low[k] = fmin(low[k], t->nodes[i].at[k]);
            high[k] = fmax(high[k], t->nodes[i].at[k]);
        }
    const double near = CT_GEO__THIN * fmax(high[0] - low[0], high[1] - low[1]);
    t->near = near;
    for (uint32_t i = 0; i < t->n_nodes; i++)
        for (uint32_t j = 0; j < i; j++) {
            ct_geo__node *a = &t->nodes[i];
            const ct_geo__node *b = &t->nodes[j];
            if (fabs(a->at[0] - b->at[0]) > near || fabs(a->at[1] - b->at[1]) > near) continue;
            a->at[0] = b->at[0];
            a->at[1] = b->at[1];
            break;
        }
}

static ct_err attempt(double *overlap, ct_triangulator *t, const uint32_t *points,
                      const uint32_t *ring_end, uint32_t n_rings, ct_geo__care care) {
    uint32_t n = 0;
    double area2 = 0;
    t->n_corners = 0;
    t->care = care;
    t->near = 0;
    *overlap = 0;
    const uint32_t outer = link_rings(t, points, ring_end, n_rings, &n, &area2);
    if (outer == CT_GEO__NONE) return CT_OK;
    if (care == THIN_FIRST) merge_places(t);
    if (care != QUICK) CT_TRY(ct_geo__split_touched(t));
    if (care != QUICK || t->n_holes || !cut_simple(t, outer, n)) {
        ct_geo__bridge_holes(t, outer);
        CT_TRY(ct_geo__cut_ears(t, outer));
        CT_TRY(ct_geo__flip_edges(t));
    } else if (n == 4) {
        ct_geo__flip_quadrilateral(t);
    }
    *overlap = overlap_of(t, area2);
    return CT_OK;
}

static ct_err triangulate(ct_triangles *out, ct_triangulator *t, const double *xyz,
                          const uint32_t *points, const uint32_t *ring_end, uint32_t n_rings) {
    ct_triangles result = {.sound = true};
    if (n_rings == 0) {
        *out = result;
        return CT_OK;
    }
    CT_TRY(make_room(t, ring_end[n_rings - 1], n_rings));
    double normal[3] = {0};
    ct_flat_newell(normal, xyz, points, ring_end[0]);
    t->flat = ct_flat_of(normal);
    t->xyz = xyz;
    t->n_corners = 0;
    const double size = fabs(normal[0]) + fabs(normal[1]) + fabs(normal[2]);
    if (size > 0 && isfinite(size)) {
        double overlap = 1;
        for (int care = QUICK; care <= THIN_FIRST && overlap > 0; care++)
            CT_TRY(attempt(&overlap, t, points, ring_end, n_rings, (ct_geo__care)care));
        result.sound = overlap < MAX_OVERLAP;
    }
    double area2[3] = {0};
    area_vector(area2, xyz, points, ring_end, n_rings);
    for (int k = 0; k < 3; k++) result.area_m2[k] = area2[k] / 2;
    for (uint32_t i = 0; i < t->n_corners; i++) t->corners[i] = t->nodes[t->corners[i]].point;
    result.corners = t->corners;
    result.n = t->n_corners / 3;
    *out = result;
    return CT_OK;
}

ct_err ct_triangulate(ct_triangles *out, ct_triangulator *t, const double *xyz,
                      const uint32_t *points, const uint32_t *ring_end, uint32_t n_rings) {
    t->directed = false;
    return triangulate(out, t, xyz, points, ring_end, n_rings);
}

ct_err ct_triangulate_directed(ct_triangles *out, ct_triangulator *t, const double *xyz,
                               const uint32_t *points, const uint32_t *ring_end, uint32_t n_rings) {
    t->directed = true;
    return triangulate(out, t, xyz, points, ring_end, n_rings);
}
