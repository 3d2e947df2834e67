// Points of a polygon that lie within its edges, as those of holes that touch: the edge is split
// there by a triangle without area, and from then on the rings meet in points only.
#include <stdlib.h>

#include "geo/triangulate_private.h"

enum { MAX_NODES = 8192 }; // pairs of points and edges are looked at one by one

typedef struct touch {
    uint32_t edge, node; // the edge from node `edge` to the next
    double along;        // of the edge, to sort by
} touch;

typedef struct touches {
    touch *list;
    size_t n, room;
} touches;

static int by_place(const void *left, const void *right) {
    const touch *a = left, *b = right;
    if (a->edge != b->edge) return a->edge < b->edge ? -1 : 1;
    if (a->along != b->along) return a->along < b->along ? -1 : 1;
    return a->node < b->node ? -1 : a->node > b->node;
}

// Whether v lies on the edge from a to b (or so near it that it may pass for it), at neither end;
// *along: how far from a.
static bool touches_edge(double *along, const ct_triangulator *t, uint32_t a, uint32_t b,
                         uint32_t v) {
    const ct_geo__node *n = t->nodes;
    for (int k = 0; k < 2; k++)
        if (n[v].at[k] < fmin(n[a].at[k], n[b].at[k]) - t->near ||
            n[v].at[k] > fmax(n[a].at[k], n[b].at[k]) + t->near)
            return false;
    if (ct_geo__same_place(&n[v], &n[a]) || ct_geo__same_place(&n[v], &n[b])) return false;
    const double u[2] = {n[b].at[0] - n[a].at[0], n[b].at[1] - n[a].at[1]};
    const double w[2] = {n[v].at[0] - n[a].at[0], n[v].at[1] - n[a].at[1]};
    const double length = hypot(u[0], u[1]);
    *along = u[0] * w[0] + u[1] * w[1];
    if (t->near > 0)
        return fabs(u[0] * w[1] - u[1] * w[0]) <= t->near * length && *along > 0 &&
               *along < length * length;
    return ct_geo__turn(t, a, b, v) == 0;
}

static ct_err find(touches *found, const ct_triangulator *t) {
    for (uint32_t a = 0; a < t->n_nodes; a++)
        for (uint32_t v = 0; v < t->n_nodes; v++) {
            double along;
            if (v == a || !touches_edge(&along, t, a, t->nodes[a].next, v)) continue;
            if (found->n >= 2 * (size_t)MAX_NODES) return CT_OK; // no polygon
            CT_TRY(ct_grow(&found->list, &found->room, found->n + 1, sizeof *found->list));
            found->list[found->n++] = (touch){a, v, along};
        }
    return CT_OK;
}

// Puts a copy of the touching node behind the edge's first one. Edges are split from their ends on,
// so that what follows is the touch before.
static void split(ct_triangulator *t, const touch *at) {
    ct_geo__node *n = t->nodes;
    const uint32_t a = at->edge, b = n[a].next, v = t->n_nodes++;
    n[v] = n[at->node];
    n[v].prev = a;
    n[v].next = b;
    n[a].next = v;
    n[b].prev = v;
    uint32_t *corner = t->corners + t->n_corners;
    corner[0] = a;
    corner[1] = b;
    corner[2] = v;
    t->n_corners += 3;
}

ct_err ct_geo__split_touched(ct_triangulator *t) {
    if (t->n_nodes > MAX_NODES) return CT_OK;
    touches found = {0};
    ct_err err = find(&found, t);
    if (!err && found.n) {
        qsort(found.list, found.n, sizeof *found.list, by_place);
        err = ct_grow(&t->nodes, &t->nodes_room, t->n_nodes + found.n + 2 * (size_t)t->n_holes,
                      sizeof *t->nodes);
    }
    if (!err)
        err = ct_grow(&t->corners, &t->corners_room,
                      6 * (t->n_nodes + found.n + 2 * (size_t)t->n_holes), sizeof *t->corners);
    if (!err)
        for (size_t i = found.n; i-- > 0;) {
            const touch *at = &found.list[i];
            const uint32_t next = t->nodes[at->edge].next;
            if (!ct_geo__same_place(&t->nodes[next], &t->nodes[at->node])) split(t, at);
        }
    ct_free(found.list);
    return err;
}
