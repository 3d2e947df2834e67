// Pictures of the twin's ground. Private to tiles.
#ifndef CT_TILES_GROUND_H
#define CT_TILES_GROUND_H

#include "geo/grid.h"
#include "geo/tile.h"

typedef struct ct_tiles__ground ct_tiles__ground; // immutable; shared by reference

// Reads the terrain folder: one grid and coarser ones made of it. *out is NULL if the folder has no
// rasters.
CT_CHECKED ct_err ct_tiles__ground_load(ct_tiles__ground **out, const char *folder,
                                        const char *crs);
ct_tiles__ground *ct_tiles__ground_ref(ct_tiles__ground *ground); // NULL is fine
void ct_tiles__ground_unref(ct_tiles__ground *ground);
const char *ct_tiles__ground_hash(const ct_tiles__ground *ground);       // of the rasters' bytes
const ct_grid *ct_tiles__ground_heights(const ct_tiles__ground *ground); // the finest in memory
// Appends a PNG of 256 x 256 pixels; nothing where the tile has no ground.
CT_CHECKED ct_err ct_tiles__ground_draw(ct_buf *out, const ct_tiles__ground *ground, ct_tile tile);

#endif
