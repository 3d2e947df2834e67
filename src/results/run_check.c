// Whether finished runs are whole: run.json against the Zarr group's metadata, every chunk that
// they promise, every raster, every table. All of it but tables is read: a file that is there may
// still be cut short.
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/gzip.h"
#include "base/mem.h"
#include "results/raster_file.h"
#include "results/zarr.h"

#define METADATA_MAX ((size_t)1 << 22)
#define AXIS_MAX     ((size_t)1 << 24)

typedef struct checking {
    void (*report)(void *context, const char *line);
    void *context;
    int problems;
    const char *runs_folder;
    ct_run *run; // in hand
    char *group; // its flood.zarr
} checking;

CT_PRINTF(2, 3) static void found(checking *c, const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    c->problems++;
    if (c->report) c->report(c->context, text);
}

// What says that a file is damaged or gone is a finding; what says that it could not be looked at
// is an error.
static ct_err judge(checking *c, ct_err err, const char *id) {
    if (err != CT_NOTFOUND && err != CT_CORRUPT && err != CT_PARSE && err != CT_RANGE &&
        err != CT_LIMIT)
        return err;
    found(c, "runs/%s: %s", id, ct_err_message());
    return CT_OK;
}

// ---- metadata -----------------------------------------------------------------------------------
// A document of the consolidated metadata must lie in its own file too: readers take either.
static ct_err check_document(checking *c, const char *key, const json_t *value) {
    char *path = ct_path_join(c->group, key);
    if (!path) return CT_NOMEM;
    json_t *own = NULL;
    const ct_err err = judge(c, ct_json_read_file(&own, path, METADATA_MAX), ct_run_id(c->run));
    if (err == CT_OK && own && !json_equal(own, value))
        found(c, "runs/%s: flood.zarr/%s says something else than .zmetadata", ct_run_id(c->run),
              key);
    json_decref(own);
    ct_free(path);
    return err;
}

// The array's shape in the metadata, against what run.json says.
static void check_shape(checking *c, const json_t *metadata, const char *array,
                        const json_int_t *shape, size_t n) {
    char key[128];
    (void)snprintf(key, sizeof key, "%s/.zarray", array);
    const json_t *sizes = json_object_get(json_object_get(metadata, key), "shape");
    bool same = json_array_size(sizes) == n;
    for (size_t i = 0; i < n && same; i++)
        same = json_integer_value(json_array_get(sizes, i)) == shape[i];
    if (!same)
        found(c, "runs/%s: flood.zarr/.zmetadata has no array %s of the size in run.json",
              ct_run_id(c->run), array);
}

// ---- chunks -------------------------------------------------------------------------------------
static ct_err check_axis(checking *c, const json_t *metadata, const char *name, size_t n) {
    const json_int_t shape[] = {(json_int_t)n};
    check_shape(c, metadata, name, shape, 1);
    char *path = ct_sprintf("%s/%s/0", c->group, name), *packed = NULL;
    size_t length = 0;
    if (!path) return CT_NOMEM;
    ct_buf plain;
    ct_buf_init(&plain, AXIS_MAX);
    ct_err err = ct_file_read(&packed, &length, path, AXIS_MAX);
    if (err == CT_OK) err = ct_unzlib(&plain, packed, length, AXIS_MAX);
    if (err == CT_OK && plain.len != n * sizeof(double))
        err = ct_fail(CT_CORRUPT, "it has %zu bytes, not %zu", plain.len, n * sizeof(double));
    if (err != CT_OK && err != CT_NOTFOUND) err = ct_context(err, "%s", path);
    ct_buf_fini(&plain);
    ct_free(packed);
    ct_free(path);
    return judge(c, err, ct_run_id(c->run));
}

// One finding an array: a folder that is gone would else be told of a hundred times.
static ct_err check_array(checking *c, const json_t *metadata, const char *name, bool has_time,
                          float *values) {
    const ct_grid *g = ct_run_grid(c->run);
    const json_int_t shape[] = {(json_int_t)ct_run_times(c->run, NULL), g->ny, g->nx};
    check_shape(c, metadata, name, has_time ? shape : shape + 1, has_time ? 3 : 2);
    char *folder = ct_path_join(c->group, name);
    ct_err err = folder ? CT_OK : CT_NOMEM;
    if (err == CT_OK && !has_time) err = ct_results__zarr_read_slice(values, folder, g, -1);
    for (size_t i = 0; has_time && err == CT_OK && i < ct_run_times(c->run, NULL); i++)
        err = ct_results__zarr_read_slice(values, folder, g, (long)i);
    ct_free(folder);
    return judge(c, err, ct_run_id(c->run));
}

static ct_err check_group(checking *c) {
    const json_t *arrays = json_object_get(ct_run_json(c->run), "arrays");
    const ct_grid *g = ct_run_grid(c->run);
    char *path = ct_path_join(c->group, ".zmetadata");
    json_t *document = NULL;
    ct_err err = path
                     ? judge(c, ct_json_read_file(&document, path, METADATA_MAX), ct_run_id(c->run))
                     : CT_NOMEM;
    ct_free(path);
    if (err != CT_OK || !document) return err;
    json_t *metadata = json_object_get(document, "metadata"), *value;
    const char *name;
    json_object_foreach(metadata, name, value) {
        if (err == CT_OK) err = check_document(c, name, value);
    }
    if (err == CT_OK) err = check_axis(c, metadata, "x", g->nx);
    if (err == CT_OK) err = check_axis(c, metadata, "y", g->ny);
    if (err == CT_OK) err = check_axis(c, metadata, "time", ct_run_times(c->run, NULL));
    float *values = ct_alloc((size_t)g->nx * g->ny * sizeof *values);
    if (err == CT_OK && !values) err = CT_NOMEM;
    json_object_foreach((json_t *)(uintptr_t)arrays, name, value) {
        if (err == CT_OK)
            err = check_array(c, metadata, name, json_is_true(json_object_get(value, "has_time")),
                              values);
    }
    ct_free(values);
    json_decref(document);
    return err;
}

// ---- rasters ------------------------------------------------------------------------------------
static ct_err check_raster(checking *c, const char *file) {
    const ct_grid *g = ct_run_grid(c->run);
    const char *id = ct_run_id(c->run);
    const char *crs = NULL;
    ct_grid raster;
    CT_TRY(judge(
        c,
        ct_json_get_string(&crs, json_object_get(ct_run_json(c->run), "grid"), "crs", "run.grid"),
        id));
    if (!crs) return CT_OK;
    char *path = ct_sprintf("%s/%s/%s", c->runs_folder, id, file);
    if (!path) return CT_NOMEM;
    const ct_err err = ct_raster_read(&raster, path, crs, NULL);
    ct_free(path);
    if (err == CT_NOMEM) return err;
    if (err != CT_OK) {
        found(c, "runs/%s: %s", id, ct_err_message());
        return CT_OK;
    }
    if (raster.nx != g->nx || raster.ny != g->ny)
        found(c, "runs/%s: %s has %u by %u cells, not %u by %u", id, file, raster.nx, raster.ny,
              g->nx, g->ny);
    ct_grid_free(&raster);
    return CT_OK;
}

static ct_err visit_file(void *context, const char *name, bool is_dir) {
    const size_t n = strlen(name);
    if (is_dir || n < 5 || strcmp(name + n - 4, ".tif") != 0) return CT_OK;
    return check_raster(context, name);
}

// Runs of before run.json listed the rasters have those that are there.
static ct_err check_rasters(checking *c) {
    const json_t *rasters = json_object_get(ct_run_json(c->run), "rasters"), *file;
    size_t i;
    ct_err err = CT_OK;
    if (!rasters) {
        char *folder = ct_path_join(c->runs_folder, ct_run_id(c->run));
        err = folder ? ct_dir_list(folder, visit_file, c) : CT_NOMEM;
        ct_free(folder);
    }
    json_array_foreach(rasters, i, file) {
        const char *name = json_string_value(file);
        if (err == CT_OK && name && !strchr(name, '/')) err = check_raster(c, name);
    }
    return err;
}

// ---- tables -------------------------------------------------------------------------------------
// Runs of before run.json listed them have none that are promised.
static ct_err check_tables(checking *c) {
    const char *name, *id = ct_run_id(c->run);
    json_t *bytes;
    json_object_foreach(json_object_get(ct_run_json(c->run), "tables"), name, bytes) {
        if (strchr(name, '/')) continue;
        char *path = ct_sprintf("%s/%s/%s", c->runs_folder, id, name);
        if (!path) return CT_NOMEM;
        const int64_t there = ct_file_size(path);
        if (there < 0)
            found(c, "runs/%s: %s is missing", id, name);
        else if (there != json_integer_value(bytes))
            found(c, "runs/%s: %s has %" PRId64 " bytes, not %" JSON_INTEGER_FORMAT, id, name,
                  there, json_integer_value(bytes));
        ct_free(path);
    }
    return CT_OK;
}

// ---- all ----------------------------------------------------------------------------------------
static ct_err check_run(void *context, const char *id) {
    checking *c = context;
    char *path = ct_sprintf("%s/%s/run.json", c->runs_folder, id);
    const bool there = path && ct_file_exists(path);
    ct_free(path);
    if (!path) return CT_NOMEM;
    if (!there) return CT_OK; // the store's check tells that
    ct_err err = judge(c, ct_run_open(&c->run, c->runs_folder, id), id);
    if (err != CT_OK || !c->run) return err;
    c->group = ct_sprintf("%s/%s/flood.zarr", c->runs_folder, id);
    err = c->group ? check_group(c) : CT_NOMEM;
    if (err == CT_OK) err = check_rasters(c);
    if (err == CT_OK) err = check_tables(c);
    ct_free(c->group);
    ct_run_unref(c->run);
    c->group = NULL;
    c->run = NULL;
    return err;
}

ct_err ct_run_check(const char *runs_folder, void (*report)(void *context, const char *line),
                    void *context, int *problems) {
    checking c = {.report = report, .context = context, .runs_folder = runs_folder};
    CT_TRY(ct_run_list(runs_folder, check_run, &c));
    *problems = c.problems;
    return CT_OK;
}
