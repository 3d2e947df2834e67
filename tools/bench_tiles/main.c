// Speed of tiles, each made anew: vector tiles of the shared footprints at zooms 14 (about 1,800
// polygons) and 16 (about 130), pictures of the ground and of a result. Works in a folder that it
// makes (in $TMPDIR) and removes.
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "bench_tiles.h"

ct_err tiles_around(ct_tile *tiles, uint32_t n, const char *crs, double x, double y, uint32_t z) {
    ct_transform *to_mercator;
    CT_TRY(ct_transform_get(&to_mercator, crs, CT_CRS_MERCATOR));
    double p[2] = {x, y};
    CT_TRY(ct_transform_points(to_mercator, p, 1, 2));
    uint32_t x0, y0, x1, y1;
    ct_tile_range(z, &(ct_bbox){p[0], p[1], p[0], p[1]}, &x0, &y0, &x1, &y1);
    const uint32_t side = (uint32_t)ceil(sqrt(n));
    for (uint32_t i = 0; i < n; i++)
        tiles[i] = (ct_tile){z, x0 + i % side - side / 2, y0 + i / side - side / 2};
    return CT_OK;
}

typedef struct timing { // of several tiles
    double cpu_ms, bytes;
} timing;

// `kept`: the second answer of the cache; otherwise the tile encoded, without gzip or cache.
static ct_err time_encoding(timing *out, ct_store *store, const ct_class *cls, const ct_tile *tiles,
                            uint32_t n) {
    ct_buf made;
    ct_buf_init(&made, (size_t)64 << 20);
    size_t bytes = 0;
    int64_t start_us = 0;
    ct_err err = CT_OK;
    for (uint32_t i = 0; i < n + 2 && err == CT_OK; i++) { // the first two prepare statements
        ct_reader *reader;
        if (i == 2) start_us = ct_clock_cpu_us();
        ct_buf_reset(&made);
        err = ct_store_reader(&reader, store);
        if (err != CT_OK) break;
        err = ct_mvt_encode(&made, reader, store, &cls, 1, tiles[i < 2 ? i : i - 2]);
        if (i >= 2) bytes += made.len;
        ct_reader_release(reader);
    }
    *out = (timing){(double)(ct_clock_cpu_us() - start_us) * 1e-3 / n, (double)bytes / n};
    ct_buf_fini(&made);
    return err;
}

static ct_err time_answers(timing *out, ct_tiles *t, const ct_class *cls, const ct_tile *tiles,
                           uint32_t n) {
    size_t bytes = 0;
    const int64_t start_us = ct_clock_cpu_us();
    ct_err err = CT_OK;
    for (uint32_t i = 0; i < n && err == CT_OK; i++) {
        const ct_tile_data *data;
        err = ct_tiles_vector(&data, t, &cls, 1, tiles[i], false);
        if (err != CT_OK) break;
        bytes += data->length;
        ct_tile_data_unref(data);
    }
    *out = (timing){(double)(ct_clock_cpu_us() - start_us) * 1e-3 / n, (double)bytes / n};
    return err;
}

enum { MOST = 100 };

static ct_err measure(ct_store *store, ct_tiles *t, const ct_class *cls, uint32_t z, uint32_t n,
                      double goal_ms, double peer_ms) {
    ct_tile tiles[MOST];
    CT_TRY(tiles_around(tiles, n, FOOTPRINTS_CRS, FOOTPRINTS_WEST_M + FOOTPRINTS_EXTENT_M / 2,
                        FOOTPRINTS_SOUTH_M + FOOTPRINTS_EXTENT_M / 2, z));
    timing plain, packed, kept;
    CT_TRY(time_encoding(&plain, store, cls, tiles, n));
    CT_TRY(time_answers(&packed, t, cls, tiles, n));
    CT_TRY(time_answers(&kept, t, cls, tiles, n));
    char metric[64], unit[64];
    (void)snprintf(metric, sizeof metric, "vector tile z%u, cold", z);
    (void)snprintf(unit, sizeof unit, "CPU ms for %.0f kB", plain.bytes / 1e3);
    print_figure("tiles", metric, plain.cpu_ms, unit, goal_ms, true, peer_ms);
    (void)snprintf(metric, sizeof metric, "vector tile z%u, cold, with gzip", z);
    (void)snprintf(unit, sizeof unit, "CPU ms for %.0f kB", packed.bytes / 1e3);
    print_figure("tiles", metric, packed.cpu_ms, unit, NAN, true, NAN);
    (void)snprintf(metric, sizeof metric, "vector tile z%u, kept", z);
    print_figure("tiles", metric, kept.cpu_ms, "CPU ms", NAN, true, NAN);
    return CT_OK;
}

static ct_err bench_vectors(const char *folder, const ct_catalogue *catalogue) {
    const ct_class *cls = ct_catalogue_by_name(catalogue, "building");
    ct_store *store = NULL;
    ct_tiles *t = NULL;
    char *path = ct_path_join(folder, "vector.ct");
    ct_err err = path ? ct_store_create(path, FOOTPRINTS_CRS, "Bench", catalogue) : CT_NOMEM;
    if (err == CT_OK) err = ct_store_open(&store, path, catalogue);
    if (err == CT_OK && !cls) err = ct_fail(CT_NOTFOUND, "the catalogue has no buildings");
    if (err == CT_OK) err = footprints_load(store, cls);
    if (err == CT_OK) err = ct_tiles_open(&t, store, (size_t)64 << 20);
    // Peers: PostGIS' ST_AsMVT of tiles with as many of the same footprints, jit off.
    if (err == CT_OK) err = measure(store, t, cls, 14, 36, 4, 13.2);
    if (err == CT_OK) err = measure(store, t, cls, 16, 100, 0.4, 0.76);
    ct_tiles_close(t);
    ct_store_close(store);
    ct_free(path);
    return err;
}

static ct_err run(const char *folder, const ct_catalogue *catalogue) {
    CT_TRY(bench_vectors(folder, catalogue));
    return bench_pictures(folder, catalogue);
}

int main(void) {
    return bench_main("bench_tiles", run);
}
