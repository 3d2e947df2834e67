// The edges of a mesh, each with its triangles side by side.
#ifndef CT_GEO_MESH_EDGES_H
#define CT_GEO_MESH_EDGES_H

#include "geo/mesh.h"

typedef struct ct_geo__side {
    uint32_t low, high; // points of the edge
    uint32_t corner;    // 3 * triangle + which corner the side ran from
} ct_geo__side;

typedef struct ct_geo__edges {
    ct_geo__side *sides; // sorted by edge, then corner
    size_t n;            // 3 a triangle
} ct_geo__edges;         // _fini frees

CT_CHECKED ct_err ct_geo__edges_init(ct_geo__edges *out, const ct_mesh *mesh);
void ct_geo__edges_fini(ct_geo__edges *e);

// The index after the last side of the edge that begins at `first`.
static inline size_t ct_geo__edge_end(const ct_geo__edges *e, size_t first) {
    size_t end = first + 1;
    while (end < e->n && e->sides[end].low == e->sides[first].low &&
           e->sides[end].high == e->sides[first].high)
        end++;
    return end;
}
// Whether the side's triangle, as it stands now, runs from the lower point to the higher one.
static inline bool ct_geo__runs_up(const ct_mesh *mesh, const ct_geo__side *s) {
    const uint32_t *c = mesh->triangles + s->corner / 3 * (size_t)3;
    for (int k = 0; k < 3; k++)
        if (c[k] == s->low && c[(k + 1) % 3] == s->high) return true;
    return false;
}

enum { CT_GEO__MAX_PAIRS = 32 };

// The sides first to end - 1 of an edge, paired so that between the two triangles of each pair lies
// the inside, as they are wound. Returns how many pairs; 0 where not as many run one way as the
// other, or there are more.
uint32_t ct_geo__pair_about(uint32_t pairs[CT_GEO__MAX_PAIRS][2], const ct_mesh *mesh,
                            const ct_geo__edges *e, size_t first, size_t end);

#endif
