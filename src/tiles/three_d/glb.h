// Binary glTF 2.0 of a tile's triangles: gathered by feature and colour, written with quantised
// positions (KHR_mesh_quantization), a feature id a corner (EXT_mesh_features) and a table of the
// features (EXT_structural_metadata), packed by EXT_meshopt_compression or plain.
// Private to tiles.
#ifndef CT_TILES_THREE_D_GLB_H
#define CT_TILES_THREE_D_GLB_H

#include "base/buf.h"
#include "geo/mesh.h"

typedef struct ct_tiles__glb_feature { // a row of the table; texts are copied
    int64_t fid;
    const char *id, *cls; // id and name of its class
    const char *name;     // for people; "" where it has none
    const char *storey;   // id of the storey that it belongs to; "" where there is none
} ct_tiles__glb_feature;

typedef struct ct_tiles__glb ct_tiles__glb; // one thread at a time

ct_tiles__glb *ct_tiles__glb_new(void); // NULL when out of memory
void ct_tiles__glb_free(ct_tiles__glb *glb);
// The triangles that follow are this feature's.
CT_CHECKED ct_err ct_tiles__glb_feature_begin(ct_tiles__glb *glb, const ct_tiles__glb_feature *f);
// Three corners in the tile's frame (east, north, up; metres), counter-clockwise seen from outside;
// one normal for all three, or (`smooth`) one each. `rgba`: red in the lowest byte, as sRGB says
// it. What has no area is left out. CT_LIMIT above 2^28 corners.
CT_CHECKED ct_err ct_tiles__glb_triangle(ct_tiles__glb *glb, const double corners[9],
                                         const float *normals, bool smooth, uint32_t rgba);
bool ct_tiles__glb_box(ct_box3 *out, const ct_tiles__glb *glb); // false if it is empty
size_t ct_tiles__glb_triangles(const ct_tiles__glb *glb);
// The step of quantised positions for content of this box; positions move by half of it at most.
double ct_tiles__glb_step_m(const ct_box3 *box);
// Appends the file. The bytes depend on the calls alone. CT_NOMEM, CT_LIMIT.
CT_CHECKED ct_err ct_tiles__glb_write(ct_buf *out, const ct_tiles__glb *glb, bool compress);

#endif
