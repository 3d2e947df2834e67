// Rasters on disk through GDAL: elevation and result grids read and written as cloud-optimised
// GeoTIFF. A crs of NULL: of no known place, as laboratory grids are; any raster is read then.
#ifndef CT_RESULTS_RASTER_FILE_H
#define CT_RESULTS_RASTER_FILE_H

#include "geo/grid.h"

// The first band inside `window` (NULL = all) as float, no-data cells NaN. The file must be in
// `crs` (code) with square, north-up cells: CT_CRS, CT_UNSUPPORTED. The caller frees with
// ct_grid_free.
CT_CHECKED ct_err ct_raster_read(ct_grid *out, const char *path, const char *crs,
                                 const ct_bbox *window);
// Its size, place and cell size only; v is NULL.
CT_CHECKED ct_err ct_raster_shape(ct_grid *out, const char *path, const char *crs);
// Writes a COG (deflate, no-data NaN, with overviews): complete or absent. `unit` and `description`
// go to the band.
CT_CHECKED ct_err ct_raster_write(const char *path, const ct_grid *grid, const char *crs,
                                  const char *description, const char *unit);

#endif
