// A run being made: its folder under a passing name, renamed when everything is on disk.
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stage.h"
#include "results/raster_file.h"
#include "results/zarr.h"

#define MAX_ARRAYS  32
#define MAX_TIMES   100000
#define MAX_RASTERS 32

struct ct_run_writer {
    char *part, *final_path; // part: the passing name
    int lock;                // of the part
    char id[CT_RUN_ID_MAX];
    char crs[32];
    ct_grid shape; // v is NULL
    int64_t epoch_us;
    ct_run_array arrays[MAX_ARRAYS]; // texts are the caller's constants
    size_t n_arrays;
    const char *rasters[MAX_RASTERS]; // files, in the arena
    size_t n_rasters;
    json_t *tables; // bytes of each file of ct_run_writer_file, by name
    double *t_s;
    size_t n_times, cap_times;
    ct_arena *texts;
};

static void free_writer(ct_run_writer *w) {
    ct_dir_unlock(w->lock);
    ct_free(w->part);
    ct_free(w->final_path);
    ct_free(w->t_s);
    json_decref(w->tables);
    ct_arena_free(w->texts);
    ct_free(w);
}

static ct_err already_there(const char *id) {
    return ct_fail(CT_EXISTS, "run %s is there already", id);
}

ct_err ct_run_writer_open(ct_run_writer **out, const char *runs_folder, const char *id) {
    if (!ct_run_id_ok(id)) return ct_fail(CT_ARG, "\"%s\" is not a run id", id ? id : "");
    ct_run_writer *w = ct_calloc(1, sizeof *w);
    if (!w) return CT_NOMEM;
    memcpy(w->id, id, CT_RUN_ID_MAX);
    w->lock = -1;
    w->part = ct_sprintf("%s/" CT_PART "%s", runs_folder, id);
    w->final_path = ct_path_join(runs_folder, id);
    w->texts = ct_arena_new(4096, 0);
    w->tables = json_object();
    ct_err err = w->part && w->final_path && w->texts && w->tables ? CT_OK : CT_NOMEM;
    if (err == CT_OK && ct_dir_exists(w->final_path)) err = already_there(id);
    if (err == CT_OK) err = ct_run_sweep(runs_folder);
    if (err == CT_OK) err = ct_context(ct_dir_lock(&w->lock, w->part), "run %s", id);
    if (err == CT_OK) err = ct_dir_clear(w->part);
    // Another process may have completed it between the first look and the lock.
    if (err == CT_OK && ct_dir_exists(w->final_path)) {
        err = ct_dir_remove(w->part);
        if (err == CT_OK) err = already_there(id);
    }
    if (err != CT_OK) {
        if (w->lock >= 0)
            ct_run_writer_abort(w);
        else
            free_writer(w);
        return err;
    }
    *out = w;
    return CT_OK;
}

static char *copy_text(ct_run_writer *w, const char *text) {
    return text ? ct_arena_strdup(w->texts, text) : NULL;
}

ct_err ct_run_writer_grid(ct_run_writer *w, const ct_grid *shape, const char *crs, int64_t epoch_us,
                          const ct_run_array *arrays, size_t n_arrays) {
    if (n_arrays > MAX_ARRAYS)
        return ct_fail(CT_LIMIT, "%zu arrays are over %d", n_arrays, MAX_ARRAYS);
    w->shape = *shape;
    w->shape.v = NULL;
    snprintf(w->crs, sizeof w->crs, "%s", crs);
    w->epoch_us = epoch_us;
    for (size_t i = 0; i < n_arrays; i++) {
        ct_run_array *a = &w->arrays[i];
        *a = (ct_run_array){copy_text(w, arrays[i].name), copy_text(w, arrays[i].standard_name),
                            copy_text(w, arrays[i].long_name), copy_text(w, arrays[i].unit),
                            arrays[i].has_time};
        if (!a->name || !a->long_name || !a->unit) return CT_NOMEM;
    }
    w->n_arrays = n_arrays;
    return CT_OK;
}

ct_err ct_run_writer_time(ct_run_writer *w, double t_s) {
    if (w->n_times && !(t_s > w->t_s[w->n_times - 1]))
        return ct_fail(CT_ARG, "time %g s does not rise", t_s);
    if (w->n_times == MAX_TIMES) return ct_fail(CT_LIMIT, "more than %d output times", MAX_TIMES);
    if (w->n_times == w->cap_times) {
        const size_t cap = w->cap_times ? w->cap_times * 2 : 64;
        double *grown = ct_realloc(w->t_s, cap * sizeof *grown);
        if (!grown) return CT_NOMEM;
        w->t_s = grown;
        w->cap_times = cap;
    }
    w->t_s[w->n_times++] = t_s;
    return CT_OK;
}

ct_err ct_run_writer_slice(ct_run_writer *w, const char *array, const float *values) {
    for (size_t i = 0; i < w->n_arrays; i++) {
        if (strcmp(w->arrays[i].name, array) != 0) continue;
        if (w->arrays[i].has_time && !w->n_times)
            return ct_fail(CT_ARG, "no time yet for %s", array);
        char *folder = ct_sprintf("%s/flood.zarr/%s", w->part, array);
        if (!folder) return CT_NOMEM;
        const long index = w->arrays[i].has_time ? (long)w->n_times - 1 : -1;
        ct_err err = ct_results__zarr_write_slice(folder, &w->shape, index, values);
        ct_free(folder);
        return err;
    }
    return ct_fail(CT_ARG, "array %s was not declared", array);
}

ct_err ct_run_writer_raster(ct_run_writer *w, const char *name, const float *values,
                            const char *description, const char *unit) {
    if (w->n_rasters == MAX_RASTERS) return ct_fail(CT_LIMIT, "more than %d rasters", MAX_RASTERS);
    const char *file = ct_arena_printf(w->texts, "%s.tif", name);
    if (!file) return CT_NOMEM;
    char *path = ct_sprintf("%s/%s.tif", w->part, name);
    if (!path) return CT_NOMEM;
    const size_t n = (size_t)w->shape.nx * w->shape.ny;
    ct_grid grid = w->shape;
    grid.v = ct_alloc(n * sizeof *grid.v); // GDAL wants memory it may write to
    ct_err err = grid.v ? CT_OK : CT_NOMEM;
    if (err == CT_OK) {
        memcpy(grid.v, values, n * sizeof *grid.v);
        err = ct_raster_write(path, &grid, w->crs, description, unit);
    }
    if (err == CT_OK) w->rasters[w->n_rasters++] = file;
    ct_free(grid.v);
    ct_free(path);
    return err;
}

static ct_err write_file(const ct_run_writer *w, const char *name, const void *data,
                         size_t length) {
    char *path = ct_path_join(w->part, name);
    if (!path) return CT_NOMEM;
    ct_err err = ct_file_write(path, data, length);
    ct_free(path);
    return err;
}

ct_err ct_run_writer_file(ct_run_writer *w, const char *name, const void *data, size_t length) {
    CT_TRY(write_file(w, name, data, length));
    return json_object_set_new(w->tables, name, json_integer((json_int_t)length)) == 0
               ? CT_OK
               : ct_fail(CT_NOMEM, "out of memory");
}

// What a reader needs to open the arrays, beside what the caller says of the run.
static ct_err add_shape(json_t *document, const ct_run_writer *w) {
    char epoch[32];
    ct_time_format(epoch, w->epoch_us);
    json_t *grid = json_pack("{s:i,s:i,s:f,s:f,s:f,s:s}", "nx", (int)w->shape.nx, "ny",
                             (int)w->shape.ny, "west_m", w->shape.west_m, "north_m",
                             w->shape.north_m, "cell_m", w->shape.cell_m, "crs", w->crs);
    json_t *times = json_array(), *arrays = json_object(), *rasters = json_array();
    bool ok = grid && times && arrays && rasters;
    for (size_t i = 0; ok && i < w->n_rasters; i++)
        ok = json_array_append_new(rasters, json_string(w->rasters[i])) == 0;
    for (size_t i = 0; ok && i < w->n_times; i++)
        ok = json_array_append_new(times, json_real(w->t_s[i])) == 0;
    for (size_t i = 0; ok && i < w->n_arrays; i++)
        ok = json_object_set_new(arrays, w->arrays[i].name,
                                 json_pack("{s:s,s:b}", "unit", w->arrays[i].unit, "has_time",
                                           w->arrays[i].has_time)) == 0;
    ok = ok && json_object_set(document, "grid", grid) == 0 &&
         json_object_set(document, "times_s", times) == 0 &&
         json_object_set(document, "arrays", arrays) == 0 &&
         json_object_set(document, "rasters", rasters) == 0 &&
         json_object_set(document, "tables", w->tables) == 0 &&
         json_object_set_new(document, "epoch", json_string(epoch)) == 0 &&
         json_object_set_new(document, "id", json_string(w->id)) == 0;
    json_decref(grid);
    json_decref(times);
    json_decref(arrays);
    json_decref(rasters);
    return ok ? CT_OK : ct_fail(CT_NOMEM, "out of memory");
}

static ct_err finish(ct_run_writer *w, const json_t *run_json) {
    char *group = ct_path_join(w->part, "flood.zarr");
    if (!group) return CT_NOMEM;
    ct_err err = ct_results__zarr_write_metadata(group, &w->shape, w->crs, w->epoch_us, w->arrays,
                                                 w->n_arrays, w->t_s, w->n_times);
    ct_free(group);
    CT_TRY(err);
    json_t *document = ct_json_copy(run_json);
    if (!document) return CT_NOMEM;
    err = add_shape(document, w);
    char *text = err == CT_OK ? ct_json_dump(document, JSON_INDENT(1) | JSON_SORT_KEYS) : NULL;
    json_decref(document);
    if (err == CT_OK && !text) err = ct_fail(CT_NOMEM, "out of memory");
    if (err == CT_OK) err = write_file(w, "run.json", text, strlen(text));
    ct_free(text);
    if (err == CT_OK) err = ct_dir_sync(w->part);
    if (err == CT_OK) err = ct_file_rename(w->part, w->final_path);
    return err;
}

ct_err ct_run_writer_commit(ct_run_writer *w, const json_t *run_json) {
    const ct_err err = finish(w, run_json);
    if (err == CT_OK)
        free_writer(w);
    else
        ct_run_writer_abort(w);
    return err;
}

void ct_run_writer_abort(ct_run_writer *w) {
    if (!w) return;
    char kept[512];
    snprintf(kept, sizeof kept, "%s", ct_err_message());
    if (ct_dir_remove(w->part) != CT_OK && *kept) {
        const ct_err first =
            ct_fail(CT_IO, "%s", kept); // the failure that led here is the one to tell
        (void)first;
    }
    free_writer(w);
}
