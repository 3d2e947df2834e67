// The twin's ground as a 3D tileset: a quadtree of meshes over the elevation raster. A tile of
// level l takes every 2^(last - l)-th cell of it; its error is the largest height between the cells
// left out and its triangles. Skirts hang from its edges down over the gap to any other level.
//
//   tileset.json           the top
//   branches/L/X/Y.json    a branch that has a file of its own
//   tiles/L/X/Y.glb        a tile: column X from the west, row Y from the north of level L
//
// Private to tiles.
#ifndef CT_TILES_THREE_D_RELIEF_H
#define CT_TILES_THREE_D_RELIEF_H

#include "base/buf.h"
#include "geo/ecef.h"
#include "geo/grid.h"
#include "geo/mesh.h"

enum { CT_TILES__RELIEF_STEPS = 64, CT_TILES__RELIEF_LEVELS = 20 };

typedef struct ct_tiles__patch { // what a tile of a level is known by
    float low_m, high_m;         // of the heights in its range; low > high: it has none
    float error_m;               // its own, or a larger one of those below
} ct_tiles__patch;

typedef struct ct_tiles__relief { // immutable
    const ct_grid *grid;          // borrowed
    char crs[32];
    ct_enu frame;      // of all tiles
    uint32_t n_levels; // 0: there is no ground
    uint32_t nx[CT_TILES__RELIEF_LEVELS], ny[CT_TILES__RELIEF_LEVELS];
    ct_tiles__patch *patches[CT_TILES__RELIEF_LEVELS];
} ct_tiles__relief;

typedef struct ct_tiles__relief_file {
    bool json;
    uint32_t level, x, y;
} ct_tiles__relief_file;

// The grid (NULL: no ground) must live as long as the relief.
CT_CHECKED ct_err ct_tiles__relief_make(ct_tiles__relief **out, const ct_grid *grid,
                                        const char *crs);
void ct_tiles__relief_free(ct_tiles__relief *relief); // NULL is fine
// CT_NOTFOUND for a path that the tileset has not.
CT_CHECKED ct_err ct_tiles__relief_find(ct_tiles__relief_file *out, const ct_tiles__relief *relief,
                                        const char *path);
CT_CHECKED ct_err ct_tiles__relief_write(ct_buf *out, const ct_tiles__relief *relief,
                                         const ct_tiles__relief_file *file, bool compress,
                                         size_t *triangles);

#endif
