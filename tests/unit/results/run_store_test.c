// Run folders: what is written is read back, GDAL opens it as an independent reader, and a run that
// was not committed does not exist.
#include "cmk.h"

#include <gdal.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "results/raster_file.h"
#include "results/run_store.h"

#define ID    "0123456789abcdef0123456789abcdef"
#define NX    300
#define NY    270
#define CRS   "EPSG:4547"
#define EPOCH INT64_C(1784577600000000) // 2026-07-20T20:00:00Z

static char g_dir[256];

static float value_at(int time, uint32_t row, uint32_t col) {
    return (row + col) % 17 == 0 ? NAN
                                 : (float)time * 10.0f + (float)row * 0.25f + (float)col * 0.001f;
}

static void fill(float *values, int time) {
    for (uint32_t r = 0; r < NY; r++)
        for (uint32_t c = 0; c < NX; c++) values[r * NX + c] = value_at(time, r, c);
}

static const ct_run_array k_arrays[] = {
    {"depth", "flood_water_thickness", "water depth", "m", true},
    {"max_depth", NULL, "largest water depth", "m", false},
};

static ct_run_writer *write_run(const char *id) {
    const ct_grid shape = {NX, NY, 500000, 3380000, 4, NULL};
    ct_run_writer *w = NULL;
    assert_int_equal(ct_run_writer_open(&w, g_dir, id), CT_OK);
    assert_int_equal(ct_run_writer_grid(w, &shape, CRS, EPOCH, k_arrays, 2), CT_OK);
    float *values = malloc(sizeof *values * NX * NY);
    for (int t = 0; t < 3; t++) {
        fill(values, t);
        assert_int_equal(ct_run_writer_time(w, t * 300.0), CT_OK);
        assert_int_equal(ct_run_writer_slice(w, "depth", values), CT_OK);
    }
    fill(values, 7);
    assert_int_equal(ct_run_writer_slice(w, "max_depth", values), CT_OK);
    assert_int_equal(ct_run_writer_raster(w, "flood_max_depth", values, "largest depth", "m"),
                     CT_OK);
    assert_int_equal(ct_run_writer_file(w, "drains.csv", "time_s,id", 9), CT_OK);
    assert_int_equal(ct_run_writer_time(w, 600.0), CT_ARG);
    assert_int_equal(ct_run_writer_slice(w, "nothing", values), CT_ARG);
    free(values);
    return w;
}

static int commit_run(void **state) {
    (void)state;
    snprintf(g_dir, sizeof g_dir, "%s/ct-results-XXXXXX",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    assert_non_null(mkdtemp(g_dir));
    json_t *doc = json_pack("{s:s}", "engine", "flood");
    assert_int_equal(ct_run_writer_commit(write_run(ID), doc), CT_OK);
    json_decref(doc);
    return 0;
}

static int remove_all(void **state) {
    (void)state;
    return ct_dir_remove(g_dir) == CT_OK ? 0 : 1;
}

// ---- check

typedef struct findings {
    char text[8192];
} findings;

static void note_finding(void *context, const char *line) {
    findings *f = context;
    const size_t used = strlen(f->text);
    (void)snprintf(f->text + used, sizeof f->text - used, "%s\n", line);
}

static int check_runs(findings *f) {
    int problems = -1;
    f->text[0] = 0;
    if (ct_run_check(g_dir, note_finding, f, &problems) != CT_OK) fail_msg("%s", ct_err_message());
    return problems;
}

// A run with one file replaced (NULL: removed), checked: one finding that has the words.
static void expect_finding(const char *file, const char *content, size_t length,
                           const char *words) {
    static const char id[] = "ffffffffffffffffffffffffffffffff";
    findings f;
    json_t *doc = json_pack("{s:s}", "engine", "flood");
    assert_int_equal(ct_run_writer_commit(write_run(id), doc), CT_OK);
    json_decref(doc);
    assert_int_equal(check_runs(&f), 0);
    char path[512];
    snprintf(path, sizeof path, "%s/%s/%s", g_dir, id, file);
    assert_true(ct_file_exists(path) || ct_dir_exists(path));
    if (content)
        assert_int_equal(ct_file_write(path, content, length), CT_OK);
    else if (ct_dir_exists(path))
        assert_int_equal(ct_dir_remove(path), CT_OK);
    else
        assert_int_equal(ct_file_remove(path), CT_OK);
    if (check_runs(&f) < 1 || !strstr(f.text, words) || !strstr(f.text, id))
        fail_msg("%s: %s", file, f.text);
    assert_int_equal(ct_run_remove(g_dir, id), CT_OK);
}

static void check_reads_everything(void **state) {
    (void)state;
    static const char group[] = "{\"zarr_format\":3}", zeros[200] = {0};
    expect_finding("run.json", "{}", 2, "is damaged");
    expect_finding("flood.zarr", NULL, 0, ".zmetadata");
    expect_finding("flood.zarr/.zmetadata", NULL, 0, ".zmetadata");
    expect_finding("flood.zarr/.zgroup", group, sizeof group - 1, "flood.zarr/.zgroup says");
    expect_finding("flood.zarr/.zgroup", NULL, 0, ".zgroup");
    expect_finding("flood.zarr/max_depth", NULL, 0, "max_depth");
    expect_finding("flood.zarr/max_depth/.zattrs", NULL, 0, "max_depth/.zattrs");
    expect_finding("flood.zarr/max_depth/1.1", NULL, 0, "max_depth/1.1");
    expect_finding("flood.zarr/depth/2.0.1", NULL, 0, "depth/2.0.1");
    expect_finding("flood.zarr/depth/1.0.0", zeros, sizeof zeros, "depth/1.0.0");
    expect_finding("flood.zarr/time/0", NULL, 0, "time/0");
    expect_finding("flood.zarr/x/0", zeros, sizeof zeros, "x/0");
    expect_finding("flood_max_depth.tif", NULL, 0, "flood_max_depth.tif");
    expect_finding("flood_max_depth.tif", zeros, sizeof zeros, "flood_max_depth.tif");
    expect_finding("drains.csv", NULL, 0, "drains.csv is missing");
    expect_finding("drains.csv", zeros, 3, "drains.csv has 3 bytes, not 9");
}

// Cut within its last tile: GDAL opens it, but cannot read it all. And one of another size.
static void check_reads_rasters(void **state) {
    (void)state;
    char path[512];
    char *data = NULL;
    size_t length = 0;
    snprintf(path, sizeof path, "%s/" ID "/flood_max_depth.tif", g_dir);
    assert_int_equal(ct_file_read(&data, &length, path, 1 << 24), CT_OK);
    expect_finding("flood_max_depth.tif", data, length / 2, "flood_max_depth.tif");
    ct_free(data);
    char small[512];
    snprintf(small, sizeof small, "%s/small.tif", g_dir);
    ct_grid grid;
    assert_int_equal(ct_grid_new(&grid, 20, 30, 500000, 3380000, 4, 1), CT_OK);
    assert_int_equal(ct_raster_write(small, &grid, CRS, "x", "m"), CT_OK);
    ct_grid_free(&grid);
    assert_int_equal(ct_file_read(&data, &length, small, 1 << 24), CT_OK);
    expect_finding("flood_max_depth.tif", data, length, "has 20 by 30 cells, not 300 by 270");
    ct_free(data);
    assert_int_equal(ct_file_remove(small), CT_OK);
}

static void slices_come_back(void **state) {
    (void)state;
    ct_run *run = NULL;
    assert_int_equal(ct_run_open(&run, g_dir, ID), CT_OK);
    assert_string_equal(json_string_value(json_object_get(ct_run_json(run), "engine")), "flood");
    assert_int_equal(ct_run_times(run, NULL), 3);
    for (int t = -1; t < 3; t++) {
        const ct_run_slice *slice = NULL;
        assert_int_equal(ct_run_slice_get(&slice, run, t < 0 ? "max_depth" : "depth", t), CT_OK);
        const ct_grid *g = ct_run_slice_grid(slice);
        for (uint32_t r = 0; r < NY; r++)
            for (uint32_t c = 0; c < NX; c++) {
                const float want = value_at(t < 0 ? 7 : t, r, c), got = g->v[r * NX + c];
                assert_true(isnan(want) ? isnan(got) : want == got);
            }
        ct_run_slice_unref(slice);
    }
    ct_run_unref(run);
}

static void times_and_series(void **state) {
    (void)state;
    ct_run *run = NULL;
    assert_int_equal(ct_run_open(&run, g_dir, ID), CT_OK);
    assert_int_equal(ct_run_time_index(run, EPOCH - 1), -1);
    assert_int_equal(ct_run_time_index(run, EPOCH), 0);
    assert_int_equal(ct_run_time_index(run, EPOCH + 299999999), 0);
    assert_int_equal(ct_run_time_index(run, EPOCH + 300000000), 1);
    assert_int_equal(ct_run_time_index(run, INT64_MAX), 2);
    float values[3];
    const uint32_t row = 260, col = 290; // in the last, partly filled chunks
    const double x = 500000 + (col + 0.5) * 4, y = 3380000 - (row + 0.5) * 4;
    assert_int_equal(ct_run_series(values, run, "depth", x, y), CT_OK);
    for (int t = 0; t < 3; t++) assert_true(values[t] == value_at(t, row, col));
    assert_int_equal(ct_run_series(values, run, "depth", 0, 0), CT_OK);
    assert_true(isnan(values[0]));
    ct_run_unref(run);
}

static void wrong_questions_are_refused(void **state) {
    (void)state;
    ct_run *run = NULL;
    const ct_run_slice *slice = NULL;
    assert_int_equal(ct_run_open(&run, g_dir, "../../etc/passwd"), CT_NOTFOUND);
    assert_int_equal(ct_run_open(&run, g_dir, "ffffffffffffffffffffffffffffffff"), CT_NOTFOUND);
    assert_null(run);
    assert_int_equal(ct_run_open(&run, g_dir, ID), CT_OK);
    assert_int_equal(ct_run_slice_get(&slice, run, "depth", 3), CT_RANGE);
    assert_int_equal(ct_run_slice_get(&slice, run, "depth", -1), CT_RANGE);
    assert_int_equal(ct_run_slice_get(&slice, run, "max_depth", 0), CT_RANGE);
    assert_int_equal(ct_run_slice_get(&slice, run, "salt", 0), CT_NOTFOUND);
    ct_run_unref(run);
    ct_run_writer *w = NULL;
    assert_int_equal(ct_run_writer_open(&w, g_dir, ID), CT_EXISTS);
    assert_null(w);
}

static ct_err count_visit(void *context, const char *id) {
    assert_true(ct_run_id_ok(id));
    ++*(int *)context;
    return CT_OK;
}

static void an_uncommitted_run_does_not_exist(void **state) {
    (void)state;
    int n = 0;
    ct_run_writer *w = write_run("00000000000000000000000000000001");
    assert_int_equal(ct_run_list(g_dir, count_visit, &n), CT_OK);
    assert_int_equal(n, 1);
    ct_run_writer_abort(w);
    char *part = ct_path_join(g_dir, ".part-00000000000000000000000000000001");
    assert_false(ct_dir_exists(part));
    ct_free(part);
}

static void one_writer_a_run(void **state) {
    (void)state;
    const char *id = "00000000000000000000000000000003";
    ct_run_writer *first = write_run(id), *second = NULL;
    assert_int_equal(ct_run_writer_open(&second, g_dir, id), CT_BUSY);
    assert_null(second);
    json_t *doc = json_object();
    assert_int_equal(ct_run_writer_commit(first, doc), CT_OK); // the other one did it no harm
    json_decref(doc);
    ct_run *run = NULL;
    assert_int_equal(ct_run_open(&run, g_dir, id), CT_OK);
    ct_run_unref(run);
    assert_int_equal(ct_run_remove(g_dir, id), CT_OK);
}

static ct_err no_part(void *context, const char *name, bool is_dir) {
    (void)context;
    (void)is_dir;
    assert_false(strncmp(name, ".part-", 6) == 0);
    return CT_OK;
}

static void leftovers_of_the_dead_go(void **state) {
    (void)state;
    const char *id = "00000000000000000000000000000004",
               *other = "00000000000000000000000000000005";
    const pid_t child = fork();
    if (child == 0) {
        (void)write_run(id);
        raise(SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    char part[512];
    snprintf(part, sizeof part, "%s/.part-%s", g_dir, id);
    assert_true(ct_dir_exists(part));
    ct_run *run = NULL;
    assert_int_equal(ct_run_open(&run, g_dir, id), CT_NOTFOUND);
    ct_run_writer *w = write_run(other); // sweeps, and is not swept itself
    assert_false(ct_dir_exists(part));
    assert_int_equal(ct_run_sweep(g_dir), CT_OK);
    json_t *doc = json_object();
    assert_int_equal(ct_run_writer_commit(w, doc), CT_OK);
    json_decref(doc);
    assert_int_equal(ct_run_remove(g_dir, other), CT_OK);
    assert_int_equal(ct_dir_list(g_dir, no_part, NULL), CT_OK);
    assert_int_equal(ct_run_remove(g_dir, "../x"), CT_NOTFOUND);
    assert_int_equal(ct_run_sweep("/no/such/folder"), CT_OK);
}

static void damaged_runs_say_so(void **state) {
    (void)state;
    const char *id = "00000000000000000000000000000002";
    json_t *doc = json_object();
    assert_int_equal(ct_run_writer_commit(write_run(id), doc), CT_OK);
    json_decref(doc);
    char path[512];
    snprintf(path, sizeof path, "%s/%s/flood.zarr/depth/1.0.1", g_dir, id);
    assert_int_equal(truncate(path, 40), 0);
    ct_run *run = NULL;
    const ct_run_slice *slice = NULL;
    assert_int_equal(ct_run_open(&run, g_dir, id), CT_OK);
    assert_int_equal(ct_run_slice_get(&slice, run, "depth", 1), CT_CORRUPT);
    assert_non_null(strstr(ct_err_message(), "1.0.1"));
    assert_int_equal(ct_run_slice_get(&slice, run, "depth", 0), CT_OK);
    ct_run_slice_unref(slice);
    ct_run_unref(run);
    snprintf(path, sizeof path, "%s/%s/run.json", g_dir, id);
    assert_int_equal(truncate(path, 30), 0);
    assert_int_equal(ct_run_open(&run, g_dir, id), CT_CORRUPT);
    assert_int_equal(ct_run_remove(g_dir, id), CT_OK);
    assert_int_equal(ct_run_remove(g_dir, id), CT_NOTFOUND);
}

// GDAL as an independent reader of the same slice.
static void gdal_reads_the_zarr(void **state) {
    (void)state;
    GDALAllRegister();
    char name[512];
    snprintf(name, sizeof name, "ZARR:\"%s/%s/flood.zarr\":/depth:2", g_dir, ID);
    GDALDatasetH dataset = GDALOpen(name, GA_ReadOnly);
    assert_non_null(dataset);
    assert_int_equal(GDALGetRasterXSize(dataset), NX);
    assert_int_equal(GDALGetRasterYSize(dataset), NY);
    double gt[6];
    assert_int_equal(GDALGetGeoTransform(dataset, gt), CE_None);
    assert_true(fabs(gt[0] - 500000) < 1e-6 && fabs(gt[3] - 3380000) < 1e-6 &&
                fabs(gt[5] + 4) < 1e-9);
    assert_non_null(GDALGetSpatialRef(dataset));
    float got = 0;
    assert_int_equal(GDALRasterIO(GDALGetRasterBand(dataset, 1), GF_Read, 290, 261, 1, 1, &got, 1,
                                  1, GDT_Float32, 0, 0),
                     CE_None);
    assert_true(got == value_at(2, 261, 290));
    GDALClose(dataset);
}

static void rasters_come_back(void **state) {
    (void)state;
    char path[512];
    snprintf(path, sizeof path, "%s/%s/flood_max_depth.tif", g_dir, ID);
    ct_grid grid;
    assert_int_equal(ct_raster_read(&grid, path, CRS, NULL), CT_OK);
    assert_int_equal(grid.nx, NX);
    for (uint32_t i = 0; i < NX * NY; i++) {
        const float want = value_at(7, i / NX, i % NX);
        assert_true(isnan(want) ? isnan(grid.v[i]) : want == grid.v[i]);
    }
    ct_grid_free(&grid);
    const ct_bbox window = {500041, 3379901, 500059, 3379938}; // columns 10..14, rows 15..24
    assert_int_equal(ct_raster_read(&grid, path, CRS, &window), CT_OK);
    assert_int_equal(grid.nx, 5);
    assert_int_equal(grid.ny, 10);
    assert_true(grid.west_m == 500040 && grid.north_m == 3379940);
    assert_true(grid.v[0] == value_at(7, 15, 10));
    ct_grid_free(&grid);
    const ct_bbox outside = {0, 0, 10, 10};
    assert_int_equal(ct_raster_read(&grid, path, CRS, &outside), CT_NOTFOUND);
    assert_int_equal(ct_raster_read(&grid, path, "EPSG:32650", NULL), CT_CRS);
    assert_int_equal(ct_raster_read(&grid, "/nonexistent/x.tif", CRS, NULL), CT_NOTFOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_come_back),
        cmocka_unit_test(check_reads_everything),
        cmocka_unit_test(check_reads_rasters),
        cmocka_unit_test(times_and_series),
        cmocka_unit_test(wrong_questions_are_refused),
        cmocka_unit_test(an_uncommitted_run_does_not_exist),
        cmocka_unit_test(one_writer_a_run),
        cmocka_unit_test(leftovers_of_the_dead_go),
        cmocka_unit_test(damaged_runs_say_so),
        cmocka_unit_test(gdal_reads_the_zarr),
        cmocka_unit_test(rasters_come_back),
    };
    return cmocka_run_group_tests(tests, commit_run, remove_all);
}
