// Zarr V2 groups with CF attributes: arrays over (time, y, x) and (y, x), float32, zlib chunks, as
// GDAL and xarray read them. Private to results.
#ifndef CT_RESULTS_ZARR_H
#define CT_RESULTS_ZARR_H

#include "results/run_store.h"

#define CT_ZARR_CHUNK 256 // cells a side of a chunk; one time a chunk

// One slice into its chunk files. `folder`: the array's own folder, made if missing. time_index <
// 0: (y, x).
CT_CHECKED ct_err ct_results__zarr_write_slice(const char *folder, const ct_grid *shape,
                                               long time_index, const float *values);
CT_CHECKED ct_err ct_results__zarr_read_slice(float *values, const char *folder,
                                              const ct_grid *shape, long time_index);
// The value of one cell: reads one chunk.
CT_CHECKED ct_err ct_results__zarr_read_cell(float *value, const char *folder, const ct_grid *shape,
                                             long time_index, uint32_t row, uint32_t column);
// Everything but the chunks of the data arrays: group, axes, attributes and the consolidated
// .zmetadata.
CT_CHECKED ct_err ct_results__zarr_write_metadata(const char *group, const ct_grid *shape,
                                                  const char *crs, int64_t epoch_us,
                                                  const ct_run_array *arrays, size_t n_arrays,
                                                  const double *t_s, size_t n_times);

#endif
