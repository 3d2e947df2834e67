// From triangles to indexed vertices: quantised, equal corners merged, one run for each colour.
#include <math.h>
#include <meshoptimizer.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tiles/three_d/glb_private.h"
#include "tiles/three_d/mesh_room.h"

typedef struct order { // of a triangle among all
    uint64_t key;      // table, then colour
    uint32_t at;
} order;

static int by_key(const void *a, const void *b) {
    const order *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static int16_t quantised(double v, double centre, double scale) {
    return (int16_t)lrint(fmax(-32767, fmin(32767, (v - centre) / scale)));
}

static void pack_triangle(ct_tiles__vertex out[3], const ct_tiles__packed *p,
                          const ct_tiles__glb_triangle_ *t) {
    for (int c = 0; c < 3; c++) {
        const double at[3] = {t->corner[c][0], t->corner[c][2], -t->corner[c][1]};
        memset(&out[c], 0, sizeof out[c]);
        for (int i = 0; i < 3; i++) {
            out[c].position[i] = quantised(at[i], p->centre[i], p->scale);
            out[c].normal[i] = t->normal[c][i];
        }
        out[c].id[0] = (uint16_t)(t->feature % CT_TILES__GLB_ROWS);
    }
}

static bool same_place(const ct_tiles__vertex *a, const ct_tiles__vertex *b) {
    return memcmp(a->position, b->position, sizeof a->position) == 0;
}

static bool vanished(const ct_tiles__vertex v[3]) {
    return same_place(&v[0], &v[1]) || same_place(&v[1], &v[2]) || same_place(&v[2], &v[0]);
}

static void bounds_of(ct_tiles__primitive *p, const ct_tiles__vertex *v) {
    memcpy(p->min, v[0].position, sizeof p->min);
    memcpy(p->max, v[0].position, sizeof p->max);
    for (size_t k = 1; k < p->n_vertices; k++)
        for (int i = 0; i < 3; i++) {
            if (v[k].position[i] < p->min[i]) p->min[i] = v[k].position[i];
            if (v[k].position[i] > p->max[i]) p->max[i] = v[k].position[i];
        }
}

// Merges n corners, which become the packed arrays' next vertices and indices.
static void merge(ct_tiles__packed *p, ct_tiles__primitive *prim, const ct_tiles__vertex *corners,
                  size_t n, uint32_t *scratch) {
    ct_tiles__vertex *vertices = p->vertices + p->n_vertices;
    uint32_t *indices = p->indices + p->n_indices;
    const size_t unique =
        meshopt_generateVertexRemap(scratch, NULL, n, corners, n, sizeof *corners);
    meshopt_remapVertexBuffer(vertices, corners, n, sizeof *corners, scratch);
    meshopt_remapIndexBuffer(indices, NULL, n, scratch);
    meshopt_optimizeVertexCache(scratch, indices, n, unique);
    memcpy(indices, scratch, n * sizeof *indices);
    prim->first_vertex = p->n_vertices;
    prim->n_vertices =
        meshopt_optimizeVertexFetch(vertices, indices, n, vertices, unique, sizeof *vertices);
    prim->first_index = p->n_indices;
    prim->n_indices = n;
    bounds_of(prim, vertices);
    p->n_vertices += prim->n_vertices;
    p->n_indices += n;
}

static ct_err pack_all(ct_tiles__packed *p, const ct_tiles__glb *g, const order *list,
                       ct_tiles__vertex *corners, uint32_t *scratch) {
    size_t room = 0;
    for (size_t first = 0, last; first < g->n_triangles; first = last) {
        size_t n = 0;
        for (last = first; last < g->n_triangles && list[last].key == list[first].key; last++) {
            pack_triangle(corners + n, p, &g->triangles[list[last].at]);
            if (!vanished(corners + n)) n += 3;
        }
        if (!n) continue;
        CT_TRY(ct_grow(&p->primitives, &room, p->n_primitives + 1, sizeof *p->primitives));
        ct_tiles__primitive *prim = &p->primitives[p->n_primitives++];
        *prim = (ct_tiles__primitive){.rgba = (uint32_t)list[first].key,
                                      .table = (uint32_t)(list[first].key >> 32)};
        merge(p, prim, corners, n, scratch);
    }
    return CT_OK;
}

ct_err ct_tiles__glb_pack(ct_tiles__packed *out, const ct_tiles__glb *g) {
    const size_t n = g->n_triangles;
    ct_tiles__packed p = {.scale = 1};
    order *list = ct_alloc((n + 1) * sizeof *list);
    ct_tiles__vertex *corners = ct_alloc((3 * n + 1) * sizeof *corners);
    uint32_t *scratch = ct_alloc((3 * n + 1) * sizeof *scratch);
    p.vertices = ct_alloc((3 * n + 1) * sizeof *p.vertices);
    p.indices = ct_alloc((3 * n + 1) * sizeof *p.indices);
    ct_err err = list && corners && scratch && p.vertices && p.indices ? CT_OK : CT_NOMEM;
    if (err == CT_OK && n) {
        const double *low = g->box.min, *high = g->box.max;
        p.scale = ct_tiles__glb_step_m(&g->box);
        p.centre[0] = (low[0] + high[0]) / 2;
        p.centre[1] = (low[2] + high[2]) / 2;
        p.centre[2] = -(low[1] + high[1]) / 2;
        for (size_t i = 0; i < n; i++) {
            const ct_tiles__glb_triangle_ *t = &g->triangles[i];
            const uint64_t table = t->feature / CT_TILES__GLB_ROWS;
            list[i] = (order){table << 32 | t->rgba, (uint32_t)i};
        }
        qsort(list, n, sizeof *list, by_key);
        err = ct_tiles__mesh_room_open(ct_tiles__mesh_room_pack(3 * n));
        if (err == CT_OK) err = pack_all(&p, g, list, corners, scratch);
        ct_tiles__mesh_room_close();
    }
    ct_free(list);
    ct_free(corners);
    ct_free(scratch);
    if (err == CT_OK)
        *out = p;
    else
        ct_tiles__glb_pack_fini(&p);
    return err;
}

void ct_tiles__glb_pack_fini(ct_tiles__packed *p) {
    ct_free(p->vertices);
    ct_free(p->indices);
    ct_free(p->primitives);
    *p = (ct_tiles__packed){0};
}
