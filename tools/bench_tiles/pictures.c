// Pictures: a ground of 1 m cells and a result of 1 m cells over one square kilometre.
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "bench_tiles.h"
#include "results/raster_file.h"

enum { SIDE = 1000, TILES = 16 };
#define CRS    "EPSG:4547"
#define EAST   434000.0
#define NORTH  3374000.0
#define RUN_ID "0123456789abcdef0123456789abcdef"

static double height_m(double x, double y) {
    return 50 + 6 * sin(x / 150) * cos(y / 210) + 0.4 * sin(x / 9) * sin(y / 11) + y / 200;
}

static void fill(float *v, double (*at)(double x, double y)) {
    for (int row = 0; row < SIDE; row++)
        for (int column = 0; column < SIDE; column++)
            v[(size_t)row * SIDE + (size_t)column] = (float)at(column, row);
}

static double depth_m(double x, double y) {
    return fmax(0, 55 - height_m(x, y)) / 4;
}

static double dry_m(double x, double y) {
    (void)x;
    (void)y;
    return 0;
}

static ct_err make_run(const char *runs, const ct_grid *grid) {
    static const ct_run_array arrays[] = {
        {"depth", NULL, "depth", "m", true},
        {"max_depth", NULL, "largest depth", "m", false},
        {"initial_depth", NULL, "depth at the start", "m", false},
    };
    ct_run_writer *w;
    CT_TRY(ct_run_writer_open(&w, runs, RUN_ID));
    ct_err err = ct_run_writer_grid(w, grid, CRS, 0, arrays, sizeof arrays / sizeof *arrays);
    if (err == CT_OK) err = ct_run_writer_time(w, 0);
    fill(grid->v, depth_m);
    if (err == CT_OK) err = ct_run_writer_slice(w, "depth", grid->v);
    if (err == CT_OK) err = ct_run_writer_slice(w, "max_depth", grid->v);
    fill(grid->v, dry_m);
    if (err == CT_OK) err = ct_run_writer_slice(w, "initial_depth", grid->v);
    json_t *document = json_object();
    if (err == CT_OK && document) {
        err = ct_run_writer_commit(w, document);
    } else {
        ct_run_writer_abort(w);
        if (err == CT_OK) err = CT_NOMEM;
    }
    json_decref(document);
    return err;
}

static ct_err measure(ct_tiles *t, ct_run *run, uint32_t z, const char *what) {
    ct_tile tiles[TILES];
    CT_TRY(tiles_around(tiles, TILES, CRS, EAST + SIDE / 2, NORTH - SIDE / 2, z));
    const ct_tile_data *data;
    CT_TRY(run ? ct_tiles_result(&data, t, run, CT_MAP_DEPTH, 0, NULL, (ct_tile){0})
               : ct_tiles_ground(&data, t, (ct_tile){0})); // reads the data
    ct_tile_data_unref(data);
    size_t bytes = 0;
    const int64_t start_us = ct_clock_cpu_us();
    for (int i = 0; i < TILES; i++) {
        CT_TRY(run ? ct_tiles_result(&data, t, run, CT_MAP_DEPTH, 0, NULL, tiles[i])
                   : ct_tiles_ground(&data, t, tiles[i]));
        bytes += data->length;
        ct_tile_data_unref(data);
    }
    const double cpu_ms = (double)(ct_clock_cpu_us() - start_us) * 1e-3 / TILES;
    char metric[64], unit[64];
    (void)snprintf(metric, sizeof metric, "picture of %s z%u, cold", what, z);
    (void)snprintf(unit, sizeof unit, "CPU ms for %.1f kB", (double)bytes / 1e3 / TILES);
    print_figure("tiles", metric, cpu_ms, unit, NAN, true, NAN);
    return CT_OK;
}

static ct_err run_all(ct_store *store, const char *runs) {
    ct_grid grid;
    CT_TRY(ct_grid_new(&grid, SIDE, SIDE, EAST, NORTH, 1, 0));
    fill(grid.v, height_m);
    char *terrain = ct_store_file(store, "terrain/ground.tif");
    ct_err err = terrain ? ct_raster_write(terrain, &grid, CRS, "ground", "m") : CT_NOMEM;
    ct_free(terrain);
    if (err == CT_OK) err = make_run(runs, &grid);
    ct_grid_free(&grid);
    CT_TRY(err);
    ct_run *run;
    ct_tiles *t = NULL;
    CT_TRY(ct_run_open(&run, runs, RUN_ID));
    err = ct_tiles_open(&t, store, (size_t)64 << 20);
    if (err == CT_OK) err = measure(t, NULL, 17, "the ground");
    if (err == CT_OK) err = measure(t, run, 17, "a depth");
    ct_tiles_close(t);
    ct_run_unref(run);
    return err;
}

ct_err bench_pictures(const char *folder, const ct_catalogue *catalogue) {
    ct_store *store = NULL;
    char *path = ct_path_join(folder, "picture.ct"), *runs = ct_path_join(folder, "runs");
    ct_err err = path && runs ? ct_store_create(path, CRS, "Bench", catalogue) : CT_NOMEM;
    if (err == CT_OK) err = ct_store_open(&store, path, catalogue);
    if (err == CT_OK) err = run_all(store, runs);
    ct_store_close(store);
    ct_free(path);
    ct_free(runs);
    return err;
}
