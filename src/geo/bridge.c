// Holes of a polygon joined to its outside: from the leftmost point of each, in the order of these
// points, an edge there and back to the nearest point of the ring that is seen from it.
#include "geo/triangulate_private.h"

enum { MAX_CANDIDATES = 64 }; // nearest points tried before the very nearest is taken unseen

static double distance2(const ct_geo__node *a, const ct_geo__node *b) {
    const double dx = a->at[0] - b->at[0], dy = a->at[1] - b->at[1];
    return dx * dx + dy * dy;
}

// Whether the way from node v to the place of `to` begins inside the ring's corner at v.
static bool begins_inside(const ct_triangulator *t, uint32_t v, uint32_t to) {
    const uint32_t prev = t->nodes[v].prev, next = t->nodes[v].next;
    const int corner = ct_geo__turn(t, prev, v, next);
    const int from_next = ct_geo__turn(t, v, next, to), from_prev = ct_geo__turn(t, prev, v, to);
    if (corner > 0) return from_next >= 0 && from_prev >= 0;
    return from_next >= 0 || from_prev >= 0;
}

// Whether segments a-b and c-d have a point in common other than the place of a or b being c or d.
static bool meet(const ct_triangulator *t, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    const ct_geo__node *n = t->nodes;
    for (int k = 0; k < 2; k++) {
        const double lo = fmin(n[a].at[k], n[b].at[k]), hi = fmax(n[a].at[k], n[b].at[k]);
        if (fmax(n[c].at[k], n[d].at[k]) < lo || fmin(n[c].at[k], n[d].at[k]) > hi) return false;
    }
    const bool c_at_end = ct_geo__same_place(&n[c], &n[a]) || ct_geo__same_place(&n[c], &n[b]);
    const bool d_at_end = ct_geo__same_place(&n[d], &n[a]) || ct_geo__same_place(&n[d], &n[b]);
    const int sc = ct_geo__turn(t, a, b, c), sd = ct_geo__turn(t, a, b, d);
    if (c_at_end || d_at_end) {
        // Along the bridge the other end may lie on it: then that point is nearer.
        if (c_at_end && d_at_end) return false;
        const uint32_t other = c_at_end ? d : c;
        if ((c_at_end ? sd : sc) != 0) return false;
        return distance2(&n[a], &n[other]) < distance2(&n[a], &n[b]) &&
               distance2(&n[b], &n[other]) < distance2(&n[a], &n[b]);
    }
    if (sc == sd && sc != 0) return false;
    const int sa = ct_geo__turn(t, c, d, a), sb = ct_geo__turn(t, c, d, b);
    return sa != sb || sa == 0;
}

static bool seen(const ct_triangulator *t, uint32_t outer, uint32_t from, uint32_t to) {
    if (!ct_geo__same_place(&t->nodes[from], &t->nodes[to])) {
        uint32_t e = outer;
        do {
            if (meet(t, from, to, e, t->nodes[e].next)) return false;
            e = t->nodes[e].next;
        } while (e != outer);
    }
    if (!ct_geo__same_place(&t->nodes[from], &t->nodes[to])) return begins_inside(t, to, from);
    return begins_inside(t, to, t->nodes[from].next) && begins_inside(t, to, t->nodes[from].prev);
}

// The nearest node of the ring beyond `after` (a node, or NONE for the very first), nodes at equal
// distances in the order of their numbers.
static uint32_t nearest(const ct_triangulator *t, uint32_t outer, uint32_t hole, uint32_t after) {
    const ct_geo__node *n = t->nodes;
    const double past = after == CT_GEO__NONE ? -1 : distance2(&n[hole], &n[after]);
    uint32_t best = CT_GEO__NONE, v = outer;
    double best_d = 0;
    do {
        const double d = distance2(&n[hole], &n[v]);
        const bool beyond = d > past || (d == past && v > after);
        if (beyond && n[v].at[0] <= n[hole].at[0] &&
            (best == CT_GEO__NONE || d < best_d || (d == best_d && v < best))) {
            best = v;
            best_d = d;
        }
        v = n[v].next;
    } while (v != outer);
    return best;
}

// Hole and ring have a place in common: they become one ring there, without a bridge. Where the two
// points are different ones, two triangles without area stand between them.
static void join_in_place(ct_triangulator *t, uint32_t to, uint32_t hole) {
    ct_geo__node *n = t->nodes;
    const uint32_t to2 = t->n_nodes++, first = n[hole].next, last = n[hole].prev;
    n[to2] = n[to];
    n[n[to].next].prev = to2;
    n[to].next = first;
    n[first].prev = to;
    n[last].next = to2;
    n[to2].prev = last;
    if (n[to].point == n[hole].point) return;
    const uint32_t corners[6] = {to, hole, first, last, hole, to2};
    for (int i = 0; i < 6; i++) t->corners[t->n_corners++] = corners[i];
}

static void join(ct_triangulator *t, uint32_t to, uint32_t hole) {
    ct_geo__node *n = t->nodes;
    if (ct_geo__same_place(&n[to], &n[hole])) {
        join_in_place(t, to, hole);
        return;
    }
    const uint32_t to2 = t->n_nodes++, hole2 = t->n_nodes++;
    n[to2] = n[to];
    n[hole2] = n[hole];
    // to -> hole ... hole2 -> to2 -> what followed
    n[n[to].next].prev = to2;
    n[to].next = hole;
    n[n[hole].prev].next = hole2;
    n[hole].prev = to;
    n[hole2].next = to2;
    n[to2].prev = hole2;
}

// Joins the hole where it touches the ring in a point; false if it does not.
static bool join_touching(ct_triangulator *t, uint32_t outer, uint32_t hole) {
    uint32_t h = hole;
    do {
        uint32_t v = outer;
        do {
            if (ct_geo__same_place(&t->nodes[v], &t->nodes[h]) && seen(t, outer, h, v)) {
                join(t, v, h);
                return true;
            }
            v = t->nodes[v].next;
        } while (v != outer);
        h = t->nodes[h].next;
    } while (h != hole);
    return false;
}

static void bridge(ct_triangulator *t, uint32_t outer, uint32_t hole) {
    if (t->care != QUICK && join_touching(t, outer, hole)) return;
    uint32_t first = CT_GEO__NONE, v = CT_GEO__NONE;
    for (int i = 0; i < MAX_CANDIDATES; i++) {
        v = nearest(t, outer, hole, v);
        if (v == CT_GEO__NONE) break;
        if (first == CT_GEO__NONE) first = v;
        if (seen(t, outer, hole, v)) {
            join(t, v, hole);
            return;
        }
    }
    join(t, first == CT_GEO__NONE ? outer : first, hole);
}

static bool before(const ct_geo__node *n, uint32_t a, uint32_t b) {
    if (n[a].at[0] != n[b].at[0]) return n[a].at[0] < n[b].at[0];
    if (n[a].at[1] != n[b].at[1]) return n[a].at[1] < n[b].at[1];
    return a < b;
}

static void sift(const ct_geo__node *n, uint32_t *heap, uint32_t at, uint32_t end) {
    for (uint32_t child; (child = 2 * at + 1) < end; at = child) {
        if (child + 1 < end && before(n, heap[child], heap[child + 1])) child++;
        if (!before(n, heap[at], heap[child])) return;
        const uint32_t kept = heap[at];
        heap[at] = heap[child];
        heap[child] = kept;
    }
}

void ct_geo__bridge_holes(ct_triangulator *t, uint32_t outer) {
    uint32_t *heap = t->holes;
    for (uint32_t i = t->n_holes / 2; i-- > 0;) sift(t->nodes, heap, i, t->n_holes);
    for (uint32_t end = t->n_holes; end-- > 1;) {
        const uint32_t kept = heap[0];
        heap[0] = heap[end];
        heap[end] = kept;
        sift(t->nodes, heap, 0, end);
    }
    for (uint32_t i = 0; i < t->n_holes; i++) bridge(t, outer, heap[i]);
}
