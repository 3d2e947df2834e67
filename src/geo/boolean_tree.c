// A tree of boxes over triangles, made by sorting: leaves in Morton order, each node the box of its
// two children.
#include <stdlib.h>
#include <string.h>

#include "geo/boolean_private.h"

typedef struct ranked {
    uint64_t code;
    uint32_t triangle;
} ranked;

static int by_code(const void *left, const void *right) {
    const ranked *a = left, *b = right;
    if (a->code != b->code) return a->code < b->code ? -1 : 1;
    return a->triangle < b->triangle ? -1 : a->triangle > b->triangle;
}

static uint64_t spread(uint64_t v) { // 20 bits, two free ones behind each
    uint64_t out = 0;
    for (int i = 0; i < 20; i++) out |= (v >> i & 1) << 3 * i;
    return out;
}

static uint64_t code_of(const ct_geo__triangle *t) {
    uint64_t code = 0;
    for (int k = 0; k < 3; k++) {
        const int64_t middle = (t->low[k] + t->high[k]) / 2 + (INT64_C(1) << CT_GEO__REACH);
        code |= spread((uint64_t)middle >> (CT_GEO__REACH + 1 - 20)) << k;
    }
    return code;
}

static void leaf_box(int64_t *box, const ct_geo__triangle *t) {
    for (int k = 0; k < 3; k++) {
        box[k] = t ? t->low[k] : INT64_MAX;
        box[3 + k] = t ? t->high[k] : INT64_MIN;
    }
}

static void inner_box(int64_t *box, const int64_t *a, const int64_t *b) {
    for (int k = 0; k < 3; k++) {
        box[k] = a[k] < b[k] ? a[k] : b[k];
        box[3 + k] = a[3 + k] > b[3 + k] ? a[3 + k] : b[3 + k];
    }
}

ct_err ct_geo__tree_init(ct_geo__tree *t, const ct_geo__triangle *triangles, uint32_t n) {
    t->n_leaves = 1;
    while (t->n_leaves < n) t->n_leaves *= 2;
    ranked *list = ct_alloc(((size_t)n + 1) * sizeof *list);
    t->order = ct_alloc(((size_t)n + 1) * sizeof *t->order);
    t->boxes = ct_alloc(12 * (size_t)t->n_leaves * sizeof *t->boxes);
    if (!list || !t->order || !t->boxes) {
        ct_free(list);
        return CT_NOMEM;
    }
    for (uint32_t i = 0; i < n; i++) list[i] = (ranked){code_of(&triangles[i]), i};
    if (n) qsort(list, n, sizeof *list, by_code);
    for (uint32_t i = 0; i < n; i++) t->order[i] = list[i].triangle;
    ct_free(list);
    const size_t first = t->n_leaves - 1;
    for (uint32_t i = 0; i < t->n_leaves; i++)
        leaf_box(t->boxes + 6 * (first + i), i < n ? &triangles[t->order[i]] : NULL);
    for (size_t i = first; i-- > 0;)
        inner_box(t->boxes + 6 * i, t->boxes + 6 * (2 * i + 1), t->boxes + 6 * (2 * i + 2));
    return CT_OK;
}

void ct_geo__tree_fini(ct_geo__tree *t) {
    ct_free(t->order);
    ct_free(t->boxes);
}

static bool box_meets(const int64_t *box, const int64_t low[3], const int64_t high[3]) {
    for (int k = 0; k < 3; k++)
        if (box[k] > high[k] || box[3 + k] < low[k]) return false;
    return true;
}

ct_err ct_geo__tree_search(const ct_geo__tree *t, uint32_t n, const int64_t low[3],
                           const int64_t high[3], ct_geo__visit *visit, void *context) {
    if (n == 0) return CT_OK;
    uint32_t stack[64]; // a path and its siblings: two a level
    int top = 0;
    stack[top++] = 0;
    while (top) {
        const uint32_t node = stack[--top];
        if (!box_meets(t->boxes + 6 * (size_t)node, low, high)) continue;
        if (node >= t->n_leaves - 1) {
            CT_TRY(visit(context, t->order[node - (t->n_leaves - 1)]));
            continue;
        }
        stack[top++] = 2 * node + 2;
        stack[top++] = 2 * node + 1;
    }
    return CT_OK;
}
