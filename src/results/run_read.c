// A finished run opened for reading: run.json, its grid and times, and slices kept in a small
// cache.
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "results/zarr.h"

#define RUN_JSON_MAX  ((size_t)64 << 20)
#define CACHE_BYTES   ((size_t)96 << 20) // of slices kept for each open run
#define CACHE_ENTRIES 64
#define MAX_TIME_S    1e9  // from the epoch, either way
#define MIN_STEP_S    1e-3 // from one time to the next

struct ct_run_slice {
    atomic_int refs;
    ct_grid grid;
    char array[48];
    long time_index;
};

struct ct_run {
    atomic_int refs;
    char id[CT_RUN_ID_MAX];
    char *folder;
    json_t *document;
    ct_grid shape;
    int64_t epoch_us;
    double *t_s;
    size_t n_times;
    pthread_mutex_t lock;               // of the cache
    ct_run_slice *cache[CACHE_ENTRIES]; // most recently used first
    size_t n_cached;
};

static void slice_unref(ct_run_slice *slice) {
    if (slice && atomic_fetch_sub(&slice->refs, 1) == 1) {
        ct_grid_free(&slice->grid);
        ct_free(slice);
    }
}

// The reference count is the one thing that moves in a shared slice.
void ct_run_slice_unref(const ct_run_slice *slice) {
    slice_unref((ct_run_slice *)(uintptr_t)slice);
}

const ct_grid *ct_run_slice_grid(const ct_run_slice *slice) {
    return &slice->grid;
}

static ct_err read_shape(ct_run *run) {
    const json_t *grid = json_object_get(run->document, "grid");
    double nx, ny;
    CT_TRY(ct_json_get_number(&nx, grid, "nx", 1, 1 << 20, "run.grid"));
    CT_TRY(ct_json_get_number(&ny, grid, "ny", 1, 1 << 20, "run.grid"));
    CT_TRY(ct_json_get_number(&run->shape.west_m, grid, "west_m", -1e9, 1e9, "run.grid"));
    CT_TRY(ct_json_get_number(&run->shape.north_m, grid, "north_m", -1e9, 1e9, "run.grid"));
    CT_TRY(ct_json_get_number(&run->shape.cell_m, grid, "cell_m", 1e-3, 1e5, "run.grid"));
    if (nx != floor(nx) || ny != floor(ny))
        return ct_fail(CT_PARSE, "run.grid: nx and ny must be whole numbers");
    run->shape.nx = (uint32_t)nx;
    run->shape.ny = (uint32_t)ny;
    const char *epoch;
    CT_TRY(ct_json_get_string(&epoch, run->document, "epoch", "run"));
    return ct_time_parse(&run->epoch_us, epoch);
}

static ct_err read_times(ct_run *run) {
    const json_t *times = json_object_get(run->document, "times_s");
    if (!json_is_array(times)) return ct_fail(CT_PARSE, "run.times_s is not an array");
    run->n_times = json_array_size(times);
    run->t_s = ct_alloc(run->n_times * sizeof *run->t_s);
    if (!run->t_s) return CT_NOMEM;
    for (size_t i = 0; i < run->n_times; i++) {
        const json_t *t = json_array_get(times, i);
        if (!json_is_number(t)) return ct_fail(CT_PARSE, "run.times_s[%zu] is not a number", i);
        run->t_s[i] = json_number_value(t);
        if (!(fabs(run->t_s[i]) <= MAX_TIME_S))
            return ct_fail(CT_RANGE, "run.times_s[%zu]: %g is too far from the epoch", i,
                           run->t_s[i]);
        if (i && run->t_s[i] - run->t_s[i - 1] < MIN_STEP_S)
            return ct_fail(CT_RANGE, "run.times_s[%zu] does not come after the one before", i);
    }
    return CT_OK;
}

ct_err ct_run_open(ct_run **out, const char *runs_folder, const char *id) {
    if (!ct_run_id_ok(id)) return ct_fail(CT_NOTFOUND, "\"%s\" is not a run id", id ? id : "");
    ct_run *run = ct_calloc(1, sizeof *run);
    if (!run) return CT_NOMEM;
    atomic_init(&run->refs, 1);
    memcpy(run->id, id, CT_RUN_ID_MAX);
    pthread_mutex_init(&run->lock, NULL);
    run->folder = ct_path_join(runs_folder, id);
    char *path = run->folder ? ct_path_join(run->folder, "run.json") : NULL;
    ct_err err = path ? CT_OK : CT_NOMEM;
    if (err == CT_OK && !ct_dir_exists(run->folder))
        err = ct_fail(CT_NOTFOUND, "there is no run %s", id);
    if (err == CT_OK) {
        err = ct_json_read_file(&run->document, path, RUN_JSON_MAX);
        if (err == CT_OK) err = read_shape(run);
        if (err == CT_OK) err = read_times(run);
        if (err != CT_OK && err != CT_NOMEM)
            err = ct_fail(CT_CORRUPT, "run %s is damaged: %s", id, ct_err_message());
    }
    ct_free(path);
    if (err != CT_OK) {
        ct_run_unref(run);
        return err;
    }
    *out = run;
    return CT_OK;
}

ct_run *ct_run_ref(ct_run *run) {
    atomic_fetch_add(&run->refs, 1);
    return run;
}

void ct_run_unref(ct_run *run) {
    if (!run || atomic_fetch_sub(&run->refs, 1) != 1) return;
    for (size_t i = 0; i < run->n_cached; i++) slice_unref(run->cache[i]);
    pthread_mutex_destroy(&run->lock);
    json_decref(run->document);
    ct_free(run->t_s);
    ct_free(run->folder);
    ct_free(run);
}

const char *ct_run_id(const ct_run *run) {
    return run->id;
}
const json_t *ct_run_json(const ct_run *run) {
    return run->document;
}
const ct_grid *ct_run_grid(const ct_run *run) {
    return &run->shape;
}
int64_t ct_run_epoch_us(const ct_run *run) {
    return run->epoch_us;
}

size_t ct_run_times(const ct_run *run, const double **t_s) {
    if (t_s) *t_s = run->t_s;
    return run->n_times;
}

long ct_run_time_index(const ct_run *run, int64_t time_us) {
    long found = -1;
    for (size_t i = 0; i < run->n_times; i++)
        if (run->epoch_us + llround(run->t_s[i] * 1e6) <= time_us) found = (long)i;
    return found;
}

// The array's declaration in run.json; wrong names and times end here.
static ct_err check_array(const ct_run *run, const char *array, long time_index) {
    const json_t *declared = json_object_get(json_object_get(run->document, "arrays"), array);
    if (!declared) return ct_fail(CT_NOTFOUND, "run %s has no array \"%s\"", run->id, array);
    const bool has_time = json_is_true(json_object_get(declared, "has_time"));
    if (has_time != (time_index >= 0) || (has_time && (size_t)time_index >= run->n_times))
        return ct_fail(CT_RANGE, "run %s: array %s has no time %ld", run->id, array, time_index);
    return CT_OK;
}

static ct_run_slice *cache_find(ct_run *run, const char *array, long time_index) {
    for (size_t i = 0; i < run->n_cached; i++) {
        ct_run_slice *s = run->cache[i];
        if (s->time_index != time_index || strcmp(s->array, array) != 0) continue;
        memmove(run->cache + 1, run->cache, i * sizeof *run->cache);
        run->cache[0] = s;
        atomic_fetch_add(&s->refs, 1);
        return s;
    }
    return NULL;
}

static void cache_add(ct_run *run, ct_run_slice *slice) {
    const size_t bytes = (size_t)run->shape.nx * run->shape.ny * sizeof(float);
    size_t room = CACHE_BYTES / bytes;
    if (room > CACHE_ENTRIES) room = CACHE_ENTRIES;
    if (room < 2) room = 2; // a difference needs two
    while (run->n_cached >= room) slice_unref(run->cache[--run->n_cached]);
    memmove(run->cache + 1, run->cache, run->n_cached * sizeof *run->cache);
    run->cache[0] = slice;
    run->n_cached++;
    atomic_fetch_add(&slice->refs, 1);
}

static ct_err load_slice(ct_run_slice **out, const ct_run *run, const char *array,
                         long time_index) {
    ct_run_slice *slice = ct_calloc(1, sizeof *slice);
    char *folder = ct_sprintf("%s/flood.zarr/%s", run->folder, array);
    ct_err err = slice && folder ? CT_OK : CT_NOMEM;
    if (err == CT_OK)
        err = ct_grid_new(&slice->grid, run->shape.nx, run->shape.ny, run->shape.west_m,
                          run->shape.north_m, run->shape.cell_m, NAN);
    if (err == CT_OK) {
        err = ct_results__zarr_read_slice(slice->grid.v, folder, &run->shape, time_index);
        if (err != CT_OK) ct_grid_free(&slice->grid);
    }
    ct_free(folder);
    if (err != CT_OK) {
        ct_free(slice);
        return err;
    }
    atomic_init(&slice->refs, 1);
    strncpy(slice->array, array, sizeof slice->array - 1);
    slice->time_index = time_index;
    *out = slice;
    return CT_OK;
}

ct_err ct_run_slice_get(const ct_run_slice **out, ct_run *run, const char *array, long time_index) {
    CT_TRY(check_array(run, array, time_index));
    pthread_mutex_lock(&run->lock);
    ct_run_slice *slice = cache_find(run, array, time_index);
    pthread_mutex_unlock(&run->lock);
    if (!slice) {
        CT_TRY(load_slice(&slice, run, array,
                          time_index)); // outside the lock: two threads may both read it
        pthread_mutex_lock(&run->lock);
        cache_add(run, slice);
        pthread_mutex_unlock(&run->lock);
    }
    *out = slice;
    return CT_OK;
}

ct_err ct_run_series(float *values, ct_run *run, const char *array, double x, double y) {
    for (size_t i = 0; i < run->n_times; i++) values[i] = NAN;
    const ct_grid *g = &run->shape;
    const int64_t cell = ct_grid_cell_at(g, x, y);
    if (cell < 0) return CT_OK;
    CT_TRY(check_array(run, array, 0));
    char *folder = ct_sprintf("%s/flood.zarr/%s", run->folder, array);
    if (!folder) return CT_NOMEM;
    ct_err err = CT_OK;
    for (size_t i = 0; err == CT_OK && i < run->n_times; i++)
        err = ct_results__zarr_read_cell(&values[i], folder, g, (long)i, (uint32_t)(cell / g->nx),
                                         (uint32_t)(cell % g->nx));
    ct_free(folder);
    return err;
}
