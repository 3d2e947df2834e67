// The packed R-tree: leaves are runs of boxes sorted into columns, the levels above runs of nodes.
#include "geo/rtree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FANOUT = 8, MAX_LEVELS = 16 };

struct ct_rtree {
    uint32_t n_levels;
    uint32_t count[MAX_LEVELS]; // level 0: the boxes themselves, in packed order
    ct_box3 *boxes[MAX_LEVELS];
    uint32_t *index; // of level 0: the caller's numbers
};

typedef struct entry {
    ct_box3 box;
    double x, y;
    uint32_t index;
} entry;

static int compare(double a, double b, uint32_t i, uint32_t k) {
    if (a < b) return -1;
    if (a > b) return 1;
    return (i > k) - (i < k);
}
static int by_x(const void *a, const void *b) {
    const entry *p = a, *q = b;
    return compare(p->x, q->x, p->index, q->index);
}
static int by_y(const void *a, const void *b) {
    const entry *p = a, *q = b;
    return compare(p->y, q->y, p->index, q->index);
}

static bool is_box(const ct_box3 *b) {
    for (int k = 0; k < 3; k++)
        if (!isfinite(b->min[k]) || !isfinite(b->max[k]) || b->min[k] > b->max[k]) return false;
    return true;
}

static void sort_tiles(entry *entries, uint32_t n) {
    const uint32_t leaves = (n + FANOUT - 1) / FANOUT;
    const uint32_t columns = (uint32_t)ceil(sqrt((double)leaves));
    const uint32_t column = columns ? (leaves + columns - 1) / columns * FANOUT : 0;
    qsort(entries, n, sizeof *entries, by_x);
    for (uint32_t at = 0; at < n; at += column)
        qsort(entries + at, n - at < column ? n - at : column, sizeof *entries, by_y);
}

static ct_err build_levels(ct_rtree *t, ct_arena *arena) {
    t->n_levels = 1;
    while (t->count[t->n_levels - 1] > FANOUT && t->n_levels < MAX_LEVELS) {
        const uint32_t below = t->n_levels - 1, n = (t->count[below] + FANOUT - 1) / FANOUT;
        ct_box3 *boxes = ct_arena_calloc(arena, n, sizeof *boxes);
        if (!boxes) return CT_NOMEM;
        for (uint32_t i = 0; i < t->count[below]; i++) {
            const ct_box3 *b = &t->boxes[below][i];
            ct_box3 *to = &boxes[i / FANOUT];
            for (int k = 0; k < 3; k++) {
                to->min[k] = i % FANOUT ? fmin(to->min[k], b->min[k]) : b->min[k];
                to->max[k] = i % FANOUT ? fmax(to->max[k], b->max[k]) : b->max[k];
            }
        }
        t->count[t->n_levels] = n;
        t->boxes[t->n_levels++] = boxes;
    }
    return CT_OK;
}

ct_err ct_rtree_make(ct_rtree **out, ct_arena *arena, const ct_box3 *boxes, uint32_t n) {
    ct_rtree *t = ct_arena_calloc(arena, 1, sizeof *t);
    entry *entries = ct_calloc(n + (size_t)1, sizeof *entries);
    ct_err err = t && entries ? CT_OK : CT_NOMEM;
    uint32_t kept = 0;
    for (uint32_t i = 0; !err && i < n; i++) {
        const ct_box3 *b = &boxes[i];
        if (is_box(b))
            entries[kept++] =
                (entry){*b, (b->min[0] + b->max[0]) / 2, (b->min[1] + b->max[1]) / 2, i};
    }
    if (!err) {
        sort_tiles(entries, kept);
        t->count[0] = kept;
        t->boxes[0] = ct_arena_calloc(arena, kept + (size_t)1, sizeof *t->boxes[0]);
        t->index = ct_arena_calloc(arena, kept + (size_t)1, sizeof *t->index);
        if (!t->boxes[0] || !t->index) err = CT_NOMEM;
    }
    for (uint32_t i = 0; !err && i < kept; i++) {
        t->boxes[0][i] = entries[i].box;
        t->index[i] = entries[i].index;
    }
    ct_free(entries);
    if (!err) err = build_levels(t, arena);
    if (!err) *out = t;
    return err;
}

static bool meets(const ct_box3 *a, const ct_box3 *b) {
    for (int k = 0; k < 3; k++)
        if (a->min[k] > b->max[k] || a->max[k] < b->min[k]) return false;
    return true;
}

// Visits depth first; with `hits` NULL it only counts.
static uint32_t search(const ct_rtree *t, uint32_t level, uint32_t first, uint32_t end,
                       const ct_box3 *box, uint32_t *hits) {
    uint32_t n = 0;
    for (uint32_t i = first; i < end && i < t->count[level]; i++) {
        if (!meets(&t->boxes[level][i], box)) continue;
        if (level)
            n += search(t, level - 1, i * FANOUT, (i + 1) * FANOUT, box, hits ? hits + n : NULL);
        else if (hits)
            hits[n++] = t->index[i];
        else
            n++;
    }
    return n;
}

static int ascending(const void *a, const void *b) {
    const uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    return (i > k) - (i < k);
}

ct_err ct_rtree_find(ct_rtree_hits *out, ct_arena *arena, const ct_rtree *tree,
                     const ct_box3 *box) {
    const uint32_t top = tree->n_levels - 1;
    ct_rtree_hits hits = {.n = search(tree, top, 0, tree->count[top], box, NULL)};
    hits.at = ct_arena_calloc(arena, hits.n + (size_t)1, sizeof *hits.at);
    if (!hits.at) return CT_NOMEM;
    (void)search(tree, top, 0, tree->count[top], box, hits.at);
    qsort(hits.at, hits.n, sizeof *hits.at, ascending);
    *out = hits;
    return CT_OK;
}
