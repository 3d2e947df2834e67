// A tile of the ground: its heights, its error, its triangles. Private to relief*.c.
#ifndef CT_TILES_THREE_D_RELIEF_MESH_H
#define CT_TILES_THREE_D_RELIEF_MESH_H

#include "tiles/three_d/relief.h"

// Lowest and highest height of the cells in a tile's range.
void ct_tiles__relief_range(ct_tiles__patch *out, const ct_tiles__relief *relief, uint32_t level,
                            uint32_t x, uint32_t y);
// The largest height between a cell in the range and the triangles; over holes that they do not
// cover, the height of all the ground.
float ct_tiles__relief_error_m(const ct_tiles__relief *relief, uint32_t level, uint32_t x,
                               uint32_t y);
CT_CHECKED ct_err ct_tiles__relief_frame(ct_tiles__relief *relief);
CT_CHECKED ct_err ct_tiles__relief_box(ct_box3 *out, const ct_tiles__relief *relief, uint32_t level,
                                       uint32_t x, uint32_t y);
CT_CHECKED ct_err ct_tiles__relief_draw(ct_buf *out, const ct_tiles__relief *relief, uint32_t level,
                                        uint32_t x, uint32_t y, bool compress, size_t *triangles);

#endif
