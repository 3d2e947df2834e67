// Minimum-degree order, symbolic and numeric LU of a structurally symmetric matrix.
#include "sim/core/sparse.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

// The graph while it is eliminated: each unknown's neighbours that are still there.
typedef struct row {
    uint32_t *to;
    uint32_t count, room;
} row;

typedef struct graph {
    size_t n;
    row *rows;
    // Unknowns by degree: doubly linked lists, the lowest degree first.
    uint32_t *head, *next, *previous;
    size_t lowest;
} graph;

static const uint32_t none = UINT32_MAX;

static bool grow(row *r) {
    if (r->count < r->room) return true;
    uint32_t room = r->room ? 2 * r->room : 4;
    uint32_t *to = ct_realloc(r->to, room * sizeof *to);
    if (!to) return false;
    r->to = to;
    r->room = room;
    return true;
}

static bool has(const row *r, uint32_t v) {
    for (uint32_t i = 0; i < r->count; i++) {
        if (r->to[i] == v) return true;
    }
    return false;
}

static bool join(graph *g, uint32_t a, uint32_t b) {
    if (a == b || has(&g->rows[a], b)) return true;
    if (!grow(&g->rows[a]) || !grow(&g->rows[b])) return false;
    g->rows[a].to[g->rows[a].count++] = b;
    g->rows[b].to[g->rows[b].count++] = a;
    return true;
}

static void leave(row *r, uint32_t v) {
    for (uint32_t i = 0; i < r->count; i++) {
        if (r->to[i] != v) continue;
        r->to[i] = r->to[--r->count];
        return;
    }
}

static void list_in(graph *g, uint32_t v) {
    uint32_t degree = g->rows[v].count, first = g->head[degree];
    g->next[v] = first;
    g->previous[v] = none;
    if (first != none) g->previous[first] = v;
    g->head[degree] = v;
    if (degree < g->lowest) g->lowest = degree;
}

static void list_out(graph *g, uint32_t v) {
    uint32_t before = g->previous[v], after = g->next[v];
    if (before == none) {
        g->head[g->rows[v].count] = after;
    } else {
        g->next[before] = after;
    }
    if (after != none) g->previous[after] = before;
}

static ct_err graph_new(graph *g, size_t n, int32_t (*ends)[2], size_t edges) {
    g->n = n;
    g->rows = ct_calloc(n + 1, sizeof *g->rows);
    g->head = ct_alloc((n + 1) * sizeof *g->head);
    g->next = ct_alloc((n + 1) * sizeof *g->next);
    g->previous = ct_alloc((n + 1) * sizeof *g->previous);
    if (!g->rows || !g->head || !g->next || !g->previous) return CT_NOMEM;
    for (size_t e = 0; e < edges; e++) {
        if (ends[e][1] < 0) continue;
        if (!join(g, (uint32_t)ends[e][0], (uint32_t)ends[e][1])) return CT_NOMEM;
    }
    for (size_t i = 0; i <= n; i++) g->head[i] = none;
    g->lowest = n;
    for (size_t i = n; i > 0; i--) list_in(g, (uint32_t)(i - 1));
    return CT_OK;
}

static void graph_free(graph *g) {
    for (size_t i = 0; g->rows && i < g->n; i++) ct_free(g->rows[i].to);
    ct_free(g->rows);
    ct_free(g->head);
    ct_free(g->next);
    ct_free(g->previous);
}

// Takes v out and joins its neighbours; its row keeps them.
static bool eliminate(graph *g, uint32_t v) {
    row *r = &g->rows[v];
    for (uint32_t i = 0; i < r->count; i++) {
        list_out(g, r->to[i]);
        leave(&g->rows[r->to[i]], v);
    }
    for (uint32_t i = 0; i < r->count; i++) {
        for (uint32_t j = i + 1; j < r->count; j++) {
            if (!join(g, r->to[i], r->to[j])) return false;
        }
    }
    for (uint32_t i = 0; i < r->count; i++) list_in(g, r->to[i]);
    return true;
}

static ct_err order_by_degree(ct_sparse *s, graph *g) {
    size_t entries = 0, pairs = 0;
    for (size_t k = 0; k < s->n; k++) {
        while (g->head[g->lowest] == none) g->lowest++;
        uint32_t v = g->head[g->lowest];
        list_out(g, v);
        if (!eliminate(g, v)) return CT_NOMEM;
        s->order[k] = v;
        s->place[v] = (uint32_t)k;
        size_t degree = g->rows[v].count;
        entries += degree;
        pairs += degree * (degree - 1) / 2;
        if (pairs > (size_t)1 << 28) {
            return ct_fail(CT_LIMIT, "the network is too much of a mesh to be solved");
        }
    }
    s->entries = entries;
    s->pairs = pairs;
    return CT_OK;
}

static int by_place(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

// The entry of two places; it is there.
static size_t find(const ct_sparse *s, uint32_t early, uint32_t late) {
    size_t low = s->start[early], high = s->start[early + 1];
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (s->later[middle] <= late) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static void fill_pattern(ct_sparse *s, const graph *g) {
    size_t at = 0;
    for (size_t k = 0; k < s->n; k++) {
        const row *r = &g->rows[s->order[k]];
        s->start[k] = at;
        for (uint32_t i = 0; i < r->count; i++) s->later[at++] = s->place[r->to[i]];
        qsort(&s->later[s->start[k]], r->count, sizeof *s->later, by_place);
    }
    s->start[s->n] = at;
    size_t p = 0;
    for (size_t k = 0; k < s->n; k++) {
        for (size_t i = s->start[k]; i < s->start[k + 1]; i++) {
            for (size_t j = i + 1; j < s->start[k + 1]; j++) {
                s->pair[p++] = find(s, s->later[i], s->later[j]);
            }
        }
    }
}

static void fill_edges(ct_sparse *s, int32_t (*ends)[2], size_t edges) {
    for (size_t e = 0; e < edges; e++) {
        s->edge[e] = SIZE_MAX;
        if (ends[e][1] < 0) continue;
        uint32_t a = s->place[ends[e][0]], b = s->place[ends[e][1]];
        s->turned[e] = b < a;
        s->edge[e] = a < b ? find(s, a, b) : find(s, b, a);
    }
}

static ct_err allocate(ct_sparse *s) {
    s->start = ct_calloc(s->n + 1, sizeof *s->start);
    s->later = ct_calloc(s->entries, sizeof *s->later);
    s->pair = ct_calloc(s->pairs, sizeof *s->pair);
    s->diagonal = ct_calloc(s->n, sizeof *s->diagonal);
    s->x = ct_calloc(s->n, sizeof *s->x);
    s->upper = ct_calloc(s->entries, sizeof *s->upper);
    s->lower = ct_calloc(s->entries, sizeof *s->lower);
    bool ok = s->start && s->later && s->pair && s->diagonal && s->x && s->upper && s->lower;
    return ok ? CT_OK : CT_NOMEM;
}

ct_err ct_sparse_new(ct_sparse *out, size_t n, int32_t (*ends)[2], size_t edges) {
    ct_sparse s = {.n = n};
    graph g = {0};
    s.order = ct_calloc(n, sizeof *s.order);
    s.place = ct_calloc(n, sizeof *s.place);
    s.edge = ct_calloc(edges, sizeof *s.edge);
    s.turned = ct_calloc(edges, sizeof *s.turned);
    ct_err err = s.order && s.place && s.edge && s.turned ? CT_OK : CT_NOMEM;
    if (err == CT_OK) err = graph_new(&g, n, ends, edges);
    if (err == CT_OK) err = order_by_degree(&s, &g);
    if (err == CT_OK) err = allocate(&s);
    if (err == CT_OK) {
        fill_pattern(&s, &g);
        fill_edges(&s, ends, edges);
        *out = s;
    } else {
        ct_sparse_free(&s);
    }
    graph_free(&g);
    return err;
}

void ct_sparse_free(ct_sparse *s) {
    void *blocks[] = {s->order, s->start,    s->later, s->pair,  s->edge, s->turned,
                      s->place, s->diagonal, s->x,     s->upper, s->lower};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) ct_free(blocks[i]);
    *s = (ct_sparse){0};
}

void ct_sparse_clear(ct_sparse *s) {
    memset(s->diagonal, 0, s->n * sizeof *s->diagonal);
    memset(s->upper, 0, s->entries * sizeof *s->upper);
    memset(s->lower, 0, s->entries * sizeof *s->lower);
}

void ct_sparse_add(ct_sparse *s, size_t edge, double ab, double ba) {
    size_t e = s->edge[edge];
    if (e == SIZE_MAX) return;
    s->upper[e] += s->turned[edge] ? ba : ab;
    s->lower[e] += s->turned[edge] ? ab : ba;
}

void ct_sparse_add_diagonal(ct_sparse *s, size_t unknown, double value) {
    s->diagonal[s->place[unknown]] += value;
}

static void factor(ct_sparse *s) {
    size_t p = 0;
    for (size_t k = 0; k < s->n; k++) {
        size_t begin = s->start[k], end = s->start[k + 1];
        double inverse = 1 / s->diagonal[k];
        for (size_t i = begin; i < end; i++) {
            double factor_i = s->lower[i] * inverse, right_i = s->upper[i];
            s->diagonal[s->later[i]] -= factor_i * right_i;
            for (size_t j = i + 1; j < end; j++) {
                size_t e = s->pair[p++];
                s->upper[e] -= factor_i * s->upper[j];
                s->lower[e] -= s->lower[j] * inverse * right_i;
            }
        }
        for (size_t i = begin; i < end; i++) s->lower[i] *= inverse;
    }
}

void ct_sparse_solve(ct_sparse *s, double *right) {
    factor(s);
    for (size_t k = 0; k < s->n; k++) s->x[k] = right[s->order[k]];
    for (size_t k = 0; k < s->n; k++) {
        for (size_t i = s->start[k]; i < s->start[k + 1]; i++) {
            s->x[s->later[i]] -= s->lower[i] * s->x[k];
        }
    }
    for (size_t k = s->n; k > 0; k--) {
        double sum = s->x[k - 1];
        for (size_t i = s->start[k - 1]; i < s->start[k]; i++) {
            sum -= s->upper[i] * s->x[s->later[i]];
        }
        s->x[k - 1] = sum / s->diagonal[k - 1];
    }
    for (size_t k = 0; k < s->n; k++) right[s->order[k]] = s->x[k];
}
