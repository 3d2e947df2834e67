// Edges taken apart: the triangles about each are paired, and what is paired keeps common points.
#include "geo/mesh_part.h"

#include <string.h>

#include "base/mem.h"
#include "geo/mesh_edges.h"

#define NONE UINT32_MAX

typedef struct parter {
    ct_mesh *mesh;
    ct_geo__edges edges;
    uint32_t *set; // by corner: another one that has the same point, or itself
    bool *crowded; // by point: an end of an edge of many triangles
} parter;

static uint32_t find(parter *p, uint32_t corner) {
    while (p->set[corner] != corner) corner = p->set[corner] = p->set[p->set[corner]];
    return corner;
}

// The lower one stands for both.
static void join(parter *p, uint32_t a, uint32_t b) {
    a = find(p, a);
    b = find(p, b);
    p->set[a < b ? b : a] = a < b ? a : b;
}

static uint32_t corner_of(const parter *p, uint32_t side, uint32_t point) {
    const uint32_t first = p->edges.sides[side].corner / 3 * 3;
    for (uint32_t k = 0; k < 3; k++)
        if (p->mesh->triangles[first + k] == point) return first + k;
    return first;
}

static void pair(parter *p, uint32_t a, uint32_t b) {
    const ct_geo__side *s = &p->edges.sides[a];
    join(p, corner_of(p, a, s->low), corner_of(p, b, s->low));
    join(p, corner_of(p, a, s->high), corner_of(p, b, s->high));
}

static void pair_all(parter *p, bool *any) {
    for (size_t i = 0, end; i < p->edges.n; i = end) {
        end = ct_geo__edge_end(&p->edges, i);
        uint32_t pairs[CT_GEO__MAX_PAIRS][2];
        const uint32_t n = end - i > 2 ? ct_geo__pair_about(pairs, p->mesh, &p->edges, i, end) : 0;
        for (uint32_t k = 0; k < n; k++) pair(p, pairs[k][0], pairs[k][1]);
        if (n) p->crowded[p->edges.sides[i].low] = p->crowded[p->edges.sides[i].high] = *any = true;
        for (size_t k = i + 1; k < end && !n; k++) pair(p, (uint32_t)i, (uint32_t)k);
    }
}

// New points for all sets of a crowded point but the first.
static ct_err double_points(parter *p, ct_arena *arena) {
    ct_mesh *m = p->mesh;
    const uint32_t n_corners = 3 * m->n_triangles;
    uint32_t *owner = ct_alloc(((size_t)m->n_points + 1) * sizeof *owner);
    uint32_t *name = ct_alloc(((size_t)n_corners + 1) * sizeof *name);
    uint32_t n = m->n_points;
    ct_err err = owner && name ? CT_OK : CT_NOMEM;
    for (uint32_t i = 0; i < m->n_points && !err; i++) owner[i] = NONE;
    for (uint32_t c = 0; c < n_corners && !err; c++) { // a set's lowest corner comes first
        const uint32_t point = m->triangles[c], set = find(p, c);
        name[c] = set == c ? point : name[set];
        if (set != c || !p->crowded[point]) continue;
        if (owner[point] == NONE)
            owner[point] = c;
        else
            name[c] = n++;
    }
    double *xyz = err ? NULL : ct_arena_alloc(arena, (3 * (size_t)n + 1) * sizeof *xyz);
    if (!err && !xyz) err = CT_NOMEM;
    if (!err) {
        memcpy(xyz, m->xyz, 3 * (size_t)m->n_points * sizeof *xyz);
        for (uint32_t c = 0; c < n_corners; c++) {
            const double *from = m->xyz + 3 * (size_t)m->triangles[c];
            memcpy(xyz + 3 * (size_t)name[c], from, 3 * sizeof *xyz);
        }
        memcpy(m->triangles, name, n_corners * sizeof *name);
        m->xyz = xyz;
        m->n_points = n;
    }
    ct_free(owner);
    ct_free(name);
    return err;
}

ct_err ct_mesh_part_edges(ct_mesh *mesh, ct_arena *arena) {
    parter p = {.mesh = mesh};
    CT_TRY(ct_geo__edges_init(&p.edges, mesh));
    const size_t n_corners = 3 * (size_t)mesh->n_triangles;
    p.set = ct_alloc((n_corners + 1) * sizeof *p.set);
    p.crowded = ct_calloc((size_t)mesh->n_points + 1, sizeof *p.crowded);
    ct_err err = p.set && p.crowded ? CT_OK : CT_NOMEM;
    bool any = false;
    for (uint32_t c = 0; c < n_corners && !err; c++) p.set[c] = c;
    if (!err) pair_all(&p, &any);
    if (!err && any) err = double_points(&p, arena);
    ct_geo__edges_fini(&p.edges);
    ct_free(p.set);
    ct_free(p.crowded);
    return err;
}
