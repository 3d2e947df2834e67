// What a tile's content in the making is. Private to glb*.c.
#ifndef CT_TILES_THREE_D_GLB_PRIVATE_H
#define CT_TILES_THREE_D_GLB_PRIVATE_H

#include "base/arena.h"
#include "base/grow.h"
#include "tiles/three_d/glb.h"

#define CT_TILES__GLB_ROWS 65535 // features that one table and 16 bits of feature id can tell apart

typedef struct ct_tiles__glb_triangle_ {
    double corner[3][3];
    int8_t normal[3][3]; // glTF's axes
    uint32_t feature, rgba;
} ct_tiles__glb_triangle_;

struct ct_tiles__glb {
    ct_tiles__glb_triangle_ *triangles;
    size_t n_triangles, triangle_room;
    ct_tiles__glb_feature *features;
    size_t n_features, feature_room;
    ct_arena *arena; // of the features' texts
    ct_box3 box;
};

// A corner as it goes into the file.
typedef struct ct_tiles__vertex {
    int16_t position[4]; // the last is 0
    int8_t normal[4];
    uint16_t id[2];
} ct_tiles__vertex;

typedef struct ct_tiles__primitive { // all triangles of one colour and one table
    uint32_t rgba;
    uint32_t table;
    size_t first_vertex, n_vertices; // of the shared arrays
    size_t first_index, n_indices;
    int16_t min[3], max[3];
} ct_tiles__primitive;

typedef struct ct_tiles__packed {
    double scale, centre[3]; // position = scale * quantised + centre, glTF's axes
    ct_tiles__vertex *vertices;
    size_t n_vertices;
    uint32_t *indices; // from each primitive's first vertex
    size_t n_indices;
    ct_tiles__primitive *primitives;
    size_t n_primitives;
} ct_tiles__packed;

// glb_pack.c: quantises, merges equal corners, orders for the cache. CT_NOMEM.
CT_CHECKED ct_err ct_tiles__glb_pack(ct_tiles__packed *out, const ct_tiles__glb *glb);
void ct_tiles__glb_pack_fini(ct_tiles__packed *packed);

#endif
