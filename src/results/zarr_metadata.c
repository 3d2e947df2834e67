// Zarr metadata: .zgroup, .zarray, .zattrs of every array and their consolidated copy .zmetadata,
// with the CF attributes that name axes, units and the grid's place.
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/gzip.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "geo/crs.h"
#include "results/zarr.h"

#define METADATA_MAX ((size_t)1 << 22)

// Writes GROUP/ARRAY/NAME (or GROUP/NAME) and adds it to the consolidated object.
static ct_err put_document(ct_jsonw *all, const char *group, const char *array, const char *name,
                           const ct_buf *json) {
    CT_TRY(ct_buf_status(json));
    char *key = array ? ct_sprintf("%s/%s", array, name) : ct_strdup(name);
    char *path = key ? ct_path_join(group, key) : NULL;
    ct_err err = path ? ct_file_write(path, json->data, json->len) : CT_NOMEM;
    if (err == CT_OK) {
        ct_jsonw_key(all, key);
        ct_jsonw_raw(all, json->data, json->len);
    }
    ct_free(path);
    ct_free(key);
    return err;
}

typedef struct shape3 {
    size_t n, size[3], chunk[3];
} shape3;

static void write_zarray(ct_buf *out, const shape3 *shape, const char *dtype,
                         const char *fill_json) {
    ct_jsonw w;
    ct_buf_reset(out);
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    ct_jsonw_key(&w, "chunks");
    ct_jsonw_array(&w);
    for (size_t i = 0; i < shape->n; i++) ct_jsonw_int(&w, (int64_t)shape->chunk[i]);
    ct_jsonw_end_array(&w);
    ct_jsonw_key(&w, "compressor");
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "id", "zlib");
    ct_jsonw_kv_int(&w, "level", 3);
    ct_jsonw_end_object(&w);
    ct_jsonw_kv_string(&w, "dtype", dtype);
    ct_jsonw_key(&w, "fill_value");
    ct_jsonw_raw(&w, fill_json, strlen(fill_json));
    ct_jsonw_key(&w, "filters");
    ct_jsonw_null(&w);
    ct_jsonw_kv_string(&w, "order", "C");
    ct_jsonw_key(&w, "shape");
    ct_jsonw_array(&w);
    for (size_t i = 0; i < shape->n; i++) ct_jsonw_int(&w, (int64_t)shape->size[i]);
    ct_jsonw_end_array(&w);
    ct_jsonw_kv_int(&w, "zarr_format", 2);
    ct_jsonw_end_object(&w);
}

static void write_dimensions(ct_jsonw *w, const char *const *names, size_t n) {
    ct_jsonw_key(w, "_ARRAY_DIMENSIONS");
    ct_jsonw_array(w);
    for (size_t i = 0; i < n; i++) ct_jsonw_string(w, names[i]);
    ct_jsonw_end_array(w);
}

// An axis: its one chunk of doubles, its metadata.
static ct_err put_axis(ct_jsonw *all, const char *group, const char *name, const double *values,
                       size_t n, const char *standard_name, const char *unit, ct_buf *scratch) {
    char *folder = ct_path_join(group, name);
    char *chunk = folder ? ct_path_join(folder, "0") : NULL;
    ct_err err = chunk ? ct_dir_make(folder) : CT_NOMEM;
    if (err == CT_OK) {
        ct_buf_reset(scratch);
        err = ct_zlib(scratch, values, n * sizeof *values, 3);
    }
    if (err == CT_OK) err = ct_file_write(chunk, scratch->data, scratch->len);
    if (err == CT_OK) {
        const shape3 shape = {1, {n}, {n ? n : 1}};
        write_zarray(scratch, &shape, "<f8", "null");
        err = put_document(all, group, name, ".zarray", scratch);
    }
    if (err == CT_OK) {
        ct_jsonw w;
        ct_buf_reset(scratch);
        ct_jsonw_init(&w, scratch);
        ct_jsonw_object(&w);
        write_dimensions(&w, &name, 1);
        ct_jsonw_kv_string(&w, "standard_name", standard_name);
        ct_jsonw_kv_string(&w, "units", unit);
        ct_jsonw_end_object(&w);
        err = put_document(all, group, name, ".zattrs", scratch);
    }
    ct_free(chunk);
    ct_free(folder);
    return err;
}

static ct_err put_array(ct_jsonw *all, const char *group, const ct_run_array *array,
                        const ct_grid *grid, const char *wkt, size_t n_times, ct_buf *scratch) {
    const shape3 with_time = {3, {n_times, grid->ny, grid->nx}, {1, CT_ZARR_CHUNK, CT_ZARR_CHUNK}};
    const shape3 plain = {2, {grid->ny, grid->nx}, {CT_ZARR_CHUNK, CT_ZARR_CHUNK}};
    const char *const names[] = {"time", "y", "x"};
    write_zarray(scratch, array->has_time ? &with_time : &plain, "<f4", "\"NaN\"");
    CT_TRY(put_document(all, group, array->name, ".zarray", scratch));
    ct_jsonw w;
    ct_buf_reset(scratch);
    ct_jsonw_init(&w, scratch);
    ct_jsonw_object(&w);
    write_dimensions(&w, array->has_time ? names : names + 1, array->has_time ? 3 : 2);
    ct_jsonw_key(&w, "_CRS");
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "wkt", wkt);
    ct_jsonw_end_object(&w);
    if (array->standard_name) ct_jsonw_kv_string(&w, "standard_name", array->standard_name);
    ct_jsonw_kv_string(&w, "long_name", array->long_name);
    ct_jsonw_kv_string(&w, "units", array->unit);
    ct_jsonw_kv_string(&w, "grid_mapping", "crs");
    ct_jsonw_end_object(&w);
    return put_document(all, group, array->name, ".zattrs", scratch);
}

static ct_err put_axes(ct_jsonw *all, const char *group, const ct_grid *shape, int64_t epoch_us,
                       const double *t_s, size_t n_times, ct_buf *scratch) {
    const size_t longest = shape->nx > shape->ny ? shape->nx : shape->ny;
    double *axis = ct_alloc(longest * sizeof *axis);
    if (!axis) return CT_NOMEM;
    for (uint32_t i = 0; i < shape->nx; i++) axis[i] = shape->west_m + (i + 0.5) * shape->cell_m;
    ct_err err =
        put_axis(all, group, "x", axis, shape->nx, "projection_x_coordinate", "m", scratch);
    for (uint32_t j = 0; j < shape->ny; j++) axis[j] = shape->north_m - (j + 0.5) * shape->cell_m;
    if (err == CT_OK)
        err = put_axis(all, group, "y", axis, shape->ny, "projection_y_coordinate", "m", scratch);
    ct_free(axis);
    if (err != CT_OK) return err;
    char when[32], unit[64];
    ct_time_format(when, epoch_us);
    snprintf(unit, sizeof unit, "seconds since %s", when);
    return put_axis(all, group, "time", t_s, n_times, "time", unit, scratch);
}

// The CF grid mapping variable: a scalar whose attributes hold the reference system.
static ct_err put_grid_mapping(ct_jsonw *all, const char *group, const char *wkt, ct_buf *scratch) {
    char *folder = ct_path_join(group, "crs");
    if (!folder) return CT_NOMEM;
    ct_err err = ct_dir_make(folder);
    ct_free(folder);
    if (err != CT_OK) return err;
    const shape3 scalar = {0, {0}, {0}};
    write_zarray(scratch, &scalar, "<i4", "0");
    CT_TRY(put_document(all, group, "crs", ".zarray", scratch));
    ct_jsonw w;
    ct_buf_reset(scratch);
    ct_jsonw_init(&w, scratch);
    ct_jsonw_object(&w);
    write_dimensions(&w, NULL, 0);
    ct_jsonw_kv_string(&w, "crs_wkt", wkt);
    ct_jsonw_end_object(&w);
    return put_document(all, group, "crs", ".zattrs", scratch);
}

static ct_err put_group(ct_jsonw *all, const char *group, ct_buf *scratch) {
    ct_buf_reset(scratch);
    ct_buf_puts(scratch, "{\"zarr_format\":2}");
    CT_TRY(put_document(all, group, NULL, ".zgroup", scratch));
    ct_buf_reset(scratch);
    ct_buf_puts(scratch, "{\"Conventions\":\"CF-1.8\",\"source\":\"cimtwin " CT_VERSION "\"}");
    return put_document(all, group, NULL, ".zattrs", scratch);
}

ct_err ct_results__zarr_write_metadata(const char *group, const ct_grid *shape, const char *crs,
                                       int64_t epoch_us, const ct_run_array *arrays,
                                       size_t n_arrays, const double *t_s, size_t n_times) {
    char *wkt = NULL;
    CT_TRY(ct_crs_wkt(&wkt, crs, false));
    ct_buf consolidated, scratch;
    ct_buf_init(&consolidated, METADATA_MAX);
    ct_buf_init(&scratch, METADATA_MAX);
    ct_jsonw all;
    ct_jsonw_init(&all, &consolidated);
    ct_jsonw_object(&all);
    ct_jsonw_key(&all, "metadata");
    ct_jsonw_object(&all);
    ct_err err = ct_dir_make(group);
    if (err == CT_OK) err = put_group(&all, group, &scratch);
    if (err == CT_OK) err = put_axes(&all, group, shape, epoch_us, t_s, n_times, &scratch);
    if (err == CT_OK) err = put_grid_mapping(&all, group, wkt, &scratch);
    for (size_t i = 0; err == CT_OK && i < n_arrays; i++)
        err = put_array(&all, group, &arrays[i], shape, wkt, n_times, &scratch);
    if (err == CT_OK) {
        ct_jsonw_end_object(&all);
        ct_jsonw_kv_int(&all, "zarr_consolidated_format", 1);
        ct_jsonw_end_object(&all);
        err = ct_buf_status(&consolidated);
    }
    char *path = err == CT_OK ? ct_path_join(group, ".zmetadata") : NULL;
    if (err == CT_OK)
        err = path ? ct_file_write(path, consolidated.data, consolidated.len) : CT_NOMEM;
    ct_free(path);
    ct_buf_fini(&scratch);
    ct_buf_fini(&consolidated);
    ct_free(wkt);
    return err;
}
