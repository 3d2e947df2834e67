// Every allocation of results fails once: a run is there whole or not at all, what is read is right
// or refused, and nothing is left open or behind.
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fault.h"
#include "scratch.h"

#include "base/file.h"
#include "geo/thread.h"
#include "results/ground.h"
#include "results/raster_file.h"
#include "results/run_store.h"
#include "results/terrain.h"

#define RUN   "0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210"
#define CRS   "EPSG:4547"
#define N     30
#define ok(expression)                                                                             \
    do {                                                                                           \
        if ((expression) != CT_OK) fail_msg("%s: %s", #expression, ct_err_message());              \
    } while (0)

typedef struct world {
    char folder[128], runs[160], terrain[160], raster[192];
    float values[N * N];
} world;

static const ct_run_array arrays[] = {{"depth", NULL, "depth", "m", true},
                                      {"max_depth", NULL, "greatest depth", "m", false}};
static const ct_grid shape = {N, N, 500000, 3380000, 4, NULL};

// Past the memory door: also asked while an allocation is to fail.
static int entries(const char *folder) {
    DIR *dir = opendir(folder);
    int n = 0;
    if (!dir) return 0;
    while (readdir(dir)) ++n;
    closedir(dir);
    return n;
}

// ---- writing ------------------------------------------------------------------------------------
static ct_err put_all(ct_run_writer *writer, const world *w) {
    CT_TRY(ct_run_writer_grid(writer, &shape, CRS, 0, arrays, 2));
    for (int i = 0; i < 2; ++i) {
        CT_TRY(ct_run_writer_time(writer, i * 60.0));
        CT_TRY(ct_run_writer_slice(writer, "depth", w->values));
    }
    CT_TRY(ct_run_writer_slice(writer, "max_depth", w->values));
    CT_TRY(ct_run_writer_raster(writer, "flood_max_depth", w->values, "greatest depth", "m"));
    return ct_run_writer_file(writer, "notes.csv", "a,b\n", 4);
}

static ct_err write_run(world *w, const char *id) {
    ct_run_writer *writer = NULL;
    CT_TRY(ct_run_writer_open(&writer, w->runs, id));
    const ct_err err = put_all(writer, w);
    if (err != CT_OK) {
        ct_run_writer_abort(writer);
        return err;
    }
    json_t *document = json_object();
    const ct_err committed =
        document ? ct_run_writer_commit(writer, document) : ct_fail(CT_NOMEM, "out of memory");
    if (!document) ct_run_writer_abort(writer);
    json_decref(document);
    return committed;
}

static ct_err make_other(world *w) {
    return write_run(w, OTHER);
}
static ct_err remove_other(world *w) {
    return ct_run_remove(w->runs, OTHER);
}

// The work with its n-th allocation failing; false where there was none such.
static bool try_once(ct_err *err, world *w, ct_err (*work)(world *w), long n) {
    const long live = ct_mem_live();
    ct_mem_fail_at(n, false);
    *err = work(w);
    const bool met = ct_mem_failed();
    ct_mem_fail_at(0, false);
    if (ct_mem_live() != live) fail_msg("allocation %ld failed: blocks leaked", n);
    if (*err != CT_OK && (!met || *err != CT_NOMEM || !*ct_err_message()))
        fail_msg("allocation %ld: %s: %s", n, ct_err_name(*err), ct_err_message());
    return met;
}

static void expect_other(const world *w) {
    ct_run *run = NULL;
    ok(ct_run_open(&run, w->runs, OTHER));
    ct_run_unref(run);
}

static void test_write(void **state) {
    world *w = *state;
    const int before = entries(w->runs);
    ct_err err = CT_OK;
    long failed = 0;
    for (long n = 1; try_once(&err, w, make_other, n); ++n) {
        if (entries(w->runs) != before + (err == CT_OK)) fail_msg("allocation %ld: files stay", n);
        failed += err != CT_OK;
        if (err == CT_OK) ok(remove_other(w));
    }
    expect_other(w);
    print_message("%ld allocations failed\n", failed);
    assert_true(failed > 100);
}

// Still there whole, or gone; what was left of it goes with the next sweep.
static void test_remove(void **state) {
    world *w = *state;
    const int before = entries(w->runs);
    ct_err err = CT_OK;
    bool met = true;
    long failed = 0;
    for (long n = 1; met; ++n) {
        ok(make_other(w));
        met = try_once(&err, w, remove_other, n);
        if (err != CT_OK) {
            expect_other(w);
            ok(remove_other(w));
            ++failed;
        }
        ok(ct_run_sweep(w->runs));
        assert_int_equal(entries(w->runs), before);
    }
    assert_true(failed > 0);
}

// ---- reading ------------------------------------------------------------------------------------
static ct_err look_into(ct_run *run) {
    const ct_run_slice *slice = NULL;
    float series[2] = {0};
    const double *times = NULL;
    assert_int_equal(ct_run_times(run, &times), 2);
    for (long time = -1; time < 2; ++time) {
        CT_TRY(ct_run_slice_get(&slice, run, time < 0 ? "max_depth" : "depth", time));
        const float value = ct_run_slice_grid(slice)->v[N + 1];
        ct_run_slice_unref(slice);
        assert_float_equal(value, (float)(N + 1) / 8, 0);
    }
    CT_TRY(ct_run_series(series, run, "depth", 500000 + 4 * 1.5, 3380000 - 4 * 1.5));
    assert_float_equal(series[1], (float)(N + 1) / 8, 0);
    return CT_OK;
}

static ct_err read_run(void *context) {
    const world *w = context;
    ct_run *run = NULL;
    const ct_err opened = ct_run_open(&run, w->runs, RUN);
    assert_int_equal(run != NULL, opened == CT_OK);
    CT_TRY(opened);
    const ct_err err = look_into(run);
    ct_run_unref(run);
    return err;
}

static ct_err count_id(void *context, const char *id) {
    assert_string_equal(id, RUN);
    ++*(int *)context;
    return CT_OK;
}

static void report(void *context, const char *line) {
    (void)context;
    fail_msg("a whole run is reported: %s", line);
}

static ct_err check_runs(void *context) {
    const world *w = context;
    int n = 0, problems = 0;
    const ct_err err = ct_run_list(w->runs, count_id, &n);
    if (err == CT_OK) assert_int_equal(n, 1);
    CT_TRY(err);
    CT_TRY(ct_run_check(w->runs, report, NULL, &problems));
    assert_int_equal(problems, 0);
    return ct_run_sweep(w->runs);
}

// ---- ground -------------------------------------------------------------------------------------
static ct_err read_ground(void *context) {
    const world *w = context;
    ct_bbox box;
    ct_grid grid = {0};
    char hash[33];
    double finest_m = 0;
    CT_TRY(ct_terrain_bounds(&box, w->terrain, CRS));
    assert_true(fabs(box.max_x - box.min_x - 4 * N) < 1e-9);
    CT_TRY(ct_terrain_finest_m(&finest_m, w->terrain, CRS));
    CT_TRY(ct_terrain_hash(hash, w->terrain));
    const ct_err err = ct_terrain_read(&grid, w->terrain, CRS, &box, 8);
    assert_int_equal(grid.v != NULL, err == CT_OK);
    ct_grid_free(&grid);
    return err;
}

static ct_err ask_heights(void *context) {
    const world *w = context;
    ct_ground *ground = NULL;
    CT_TRY(ct_ground_open(&ground, w->terrain, CRS));
    double z_m = 0;
    ct_err err = CT_OK;
    for (int i = 1; err == CT_OK && i < N - 1; ++i)
        err = ct_ground_height(&z_m, ground, 500000 + 4.0 * i, 3380000 - 4.0 * i);
    if (err == CT_OK) assert_true(isfinite(z_m));
    ct_ground_close(ground);
    return err;
}

static ct_err read_raster(void *context) {
    const world *w = context;
    const ct_bbox window = {500010, 3379950, 500050, 3379990};
    ct_grid grid = {0}, size = {0};
    CT_TRY(ct_raster_shape(&size, w->raster, CRS));
    assert_int_equal(size.nx, N);
    const ct_err err = ct_raster_read(&grid, w->raster, CRS, &window);
    assert_int_equal(grid.v != NULL, err == CT_OK);
    ct_grid_free(&grid);
    return err;
}

static ct_err write_raster(void *context) {
    world *w = context;
    char path[192];
    (void)snprintf(path, sizeof path, "%s/made.tif", w->folder);
    ct_grid grid = shape;
    grid.v = w->values;
    const ct_err err = ct_raster_write(path, &grid, CRS, "depth", "m");
    assert_int_equal(ct_file_exists(path), err == CT_OK);
    if (err == CT_OK) assert_int_equal(unlink(path), 0);
    return err;
}

// ---- tests --------------------------------------------------------------------------------------
static int setup(void **state) {
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    // In memory where the system has such a folder: thousands of syncs of a real disk take minutes.
    (void)snprintf(w->folder, sizeof w->folder, "/dev/shm/ct-results-XXXXXX");
    if (!mkdtemp(w->folder)) scratch_make(w->folder);
    (void)snprintf(w->runs, sizeof w->runs, "%s/runs", w->folder);
    (void)snprintf(w->terrain, sizeof w->terrain, "%s/terrain", w->folder);
    (void)snprintf(w->raster, sizeof w->raster, "%s/a.tif", w->terrain);
    for (int i = 0; i < N * N; ++i) w->values[i] = (float)i / 8;
    ct_grid grid = shape;
    grid.v = w->values;
    ok(ct_dir_make(w->terrain));
    ok(ct_raster_write(w->raster, &grid, CRS, "ground", "m"));
    ok(write_run(w, RUN));
    *state = w;
    return 0;
}

static int teardown(void **state) {
    world *w = *state;
    ct_mem_fail_at(0, false);
    scratch_remove(w->folder);
    free(w);
    ct_geo_thread_end();
    return 0;
}

static void sweep(void **state, ct_err (*work)(void *context), long least) {
    ok(work(*state)); // what is made once and kept
    const long failed = fault_every_allocation(work, *state);
    print_message("%ld allocations failed\n", failed);
    assert_true(failed >= least);
}

#define SWEEP(name, work, least)                                                                   \
    static void name(void **state) {                                                               \
        sweep(state, work, least);                                                                 \
    }
SWEEP(test_read, read_run, 20)
SWEEP(test_check, check_runs, 20)
SWEEP(test_ground, read_ground, 10)
SWEEP(test_heights, ask_heights, 5)
SWEEP(test_raster_read, read_raster, 1)
SWEEP(test_raster_write, write_raster, 1)

int main(int argc, char **argv) {
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_write),  T(test_remove),  T(test_read),        T(test_check),
        T(test_ground), T(test_heights), T(test_raster_read), T(test_raster_write),
    };
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
