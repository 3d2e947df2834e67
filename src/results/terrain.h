// The twin's ground: every elevation raster in its terrain folder, laid over each other and brought
// onto one grid.
#ifndef CT_RESULTS_TERRAIN_H
#define CT_RESULTS_TERRAIN_H

#include "geo/grid.h"

// The box around all rasters of the folder. CT_NOTFOUND if there are none.
CT_CHECKED ct_err ct_terrain_bounds(ct_bbox *out, const char *folder, const char *crs);
// Finest cell size of the rasters, m.
CT_CHECKED ct_err ct_terrain_finest_m(double *cell_m, const char *folder, const char *crs);
// The ground inside `box` in cells of `cell_m`, cell edges on multiples of cell_m: means where it
// gets coarser. Rasters later in the order of their names lie on top. NaN where no raster has
// ground. Caller frees with ct_grid_free.
CT_CHECKED ct_err ct_terrain_read(ct_grid *out, const char *folder, const char *crs,
                                  const ct_bbox *box, double cell_m);
// Hash of all rasters' names and bytes, as 32 hexadecimal digits.
CT_CHECKED ct_err ct_terrain_hash(char out[33], const char *folder);

#endif
