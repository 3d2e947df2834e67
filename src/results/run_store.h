// Run folders: `runs/ID/` beside the twin holds run.json, flood.zarr, flood_*.tif. A run is written
// in a folder beside and renamed when complete, so a folder under its own name is always whole.
#ifndef CT_RESULTS_RUN_STORE_H
#define CT_RESULTS_RUN_STORE_H

#include "base/json.h"
#include "geo/grid.h"

#define CT_RUN_ID_MAX 33 // 32 hexadecimal digits and the end

bool ct_run_id_ok(const char *id);

// ---- writing: one run being made
// ----------------------------------------------------------------------------------
typedef struct ct_run_writer ct_run_writer;

typedef struct ct_run_array {  // an array over (time, y, x) or (y, x) of flood.zarr
    const char *name;          // "depth"
    const char *standard_name; // CF, NULL where none
    const char *long_name, *unit;
    bool has_time;
} ct_run_array;

// `runs_folder`: X.ct.d/runs. CT_EXISTS if the run is complete; CT_BUSY while another process makes
// the same one. What killed processes left behind is removed first.
CT_CHECKED ct_err ct_run_writer_open(ct_run_writer **out, const char *runs_folder, const char *id);
// Declares the Zarr group's grid and arrays; `epoch_us` is time 0. Zarr V2, zlib chunks, CF and
// _CRS attributes, so that GDAL, QGIS and xarray open it.
CT_CHECKED ct_err ct_run_writer_grid(ct_run_writer *w, const ct_grid *shape, const char *crs,
                                     int64_t epoch_us, const ct_run_array *arrays, size_t n_arrays);
// Appends one time (seconds from the epoch) to the time axis; then each array with time gets its
// slice.
CT_CHECKED ct_err ct_run_writer_time(ct_run_writer *w, double t_s);
CT_CHECKED ct_err ct_run_writer_slice(ct_run_writer *w, const char *array,
                                      const float *values); // last time, or (y, x)
CT_CHECKED ct_err ct_run_writer_raster(
    ct_run_writer *w, const char *name, const float *values, const char *description,
    const char *unit); // "flood_max_depth" -> flood_max_depth.tif
// Any other file: a table. run.json tells its bytes, and ct_run_check looks whether they are there.
CT_CHECKED ct_err ct_run_writer_file(ct_run_writer *w, const char *name, const void *data,
                                     size_t length);
// Writes run.json, syncs and renames: the run exists from here on. Frees the writer whatever
// happens.
CT_CHECKED ct_err ct_run_writer_commit(ct_run_writer *w, const json_t *run_json);
void ct_run_writer_abort(ct_run_writer *w); // removes the folder, frees

// ---- reading: a finished run
// --------------------------------------------------------------------------------------
typedef struct ct_run
    ct_run; // thread-safe, immutable; slices are read from disk and kept in a small cache

CT_CHECKED ct_err ct_run_open(ct_run **out, const char *runs_folder,
                              const char *id); // CT_NOTFOUND, CT_CORRUPT
ct_run *ct_run_ref(ct_run *run);
void ct_run_unref(ct_run *run);
const char *ct_run_id(const ct_run *run);
const json_t *ct_run_json(const ct_run *run);  // run.json, borrowed
const ct_grid *ct_run_grid(const ct_run *run); // shape only; v is NULL
int64_t ct_run_epoch_us(const ct_run *run);
size_t ct_run_times(const ct_run *run, const double **t_s); // borrowed
// Index of the last stored time at or before `time_us`; -1 before the first.
long ct_run_time_index(const ct_run *run, int64_t time_us);

// One slice as a grid; NaN where there is nothing. Shared by reference: give back with
// ct_run_slice_unref.
typedef struct ct_run_slice ct_run_slice;
CT_CHECKED ct_err ct_run_slice_get(const ct_run_slice **out, ct_run *run, const char *array,
                                   long time_index); // -1: (y, x)
const ct_grid *ct_run_slice_grid(const ct_run_slice *slice);
void ct_run_slice_unref(const ct_run_slice *slice);
// Values of one cell at all times (NaN outside). `values` has room for ct_run_times.
CT_CHECKED ct_err ct_run_series(float *values, ct_run *run, const char *array, double x, double y);

// Ids of the complete runs, in byte order.
CT_CHECKED ct_err ct_run_list(const char *runs_folder,
                              ct_err (*visit)(void *context, const char *id), void *context);
// Whether every complete run is whole: all that run.json and the Zarr metadata name is read. Calls
// report for each finding; *problems counts. Runs without run.json are the store's to tell. Errors
// are those of looking (CT_IO, CT_NOMEM), not of what was found.
CT_CHECKED ct_err ct_run_check(const char *runs_folder,
                               void (*report)(void *context, const char *line), void *context,
                               int *problems);
// Removes what killed processes left in the folder; runs in the making are not touched.
CT_CHECKED ct_err ct_run_sweep(const char *runs_folder);
CT_CHECKED ct_err ct_run_remove(const char *runs_folder, const char *id);

#endif
