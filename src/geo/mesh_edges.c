// Edges by sorting: two passes of counting by point, so that the time is proportional to the mesh.
#include "geo/mesh_edges.h"

#include "base/mem.h"

// Stable; `counts` has room for n_points + 1.
static void sort_by(ct_geo__side *to, const ct_geo__side *from, size_t n, uint32_t *counts,
                    uint32_t n_points, bool low) {
    for (uint32_t i = 0; i <= n_points; i++) counts[i] = 0;
    for (size_t i = 0; i < n; i++) counts[(low ? from[i].low : from[i].high) + 1]++;
    for (uint32_t i = 0; i < n_points; i++) counts[i + 1] += counts[i];
    for (size_t i = 0; i < n; i++) to[counts[low ? from[i].low : from[i].high]++] = from[i];
}

ct_err ct_geo__edges_init(ct_geo__edges *out, const ct_mesh *mesh) {
    const size_t n = 3 * (size_t)mesh->n_triangles;
    ct_geo__side *sides = ct_alloc((2 * n + 1) * sizeof *sides);
    uint32_t *counts = ct_alloc(((size_t)mesh->n_points + 2) * sizeof *counts);
    if (!sides || !counts) {
        ct_free(sides);
        ct_free(counts);
        return CT_NOMEM;
    }
    for (uint32_t c = 0; c < n; c++) {
        const uint32_t a = mesh->triangles[c], b = mesh->triangles[c % 3 == 2 ? c - 2 : c + 1];
        sides[c] = (ct_geo__side){a < b ? a : b, a < b ? b : a, c};
    }
    sort_by(sides + n, sides, n, counts, mesh->n_points, false);
    sort_by(sides, sides + n, n, counts, mesh->n_points, true);
    ct_free(counts);
    *out = (ct_geo__edges){sides, n};
    return CT_OK;
}

void ct_geo__edges_fini(ct_geo__edges *e) {
    ct_free(e->sides);
}
