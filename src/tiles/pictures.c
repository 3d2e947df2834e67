// Raster tiles with their cache: the ground, and results of runs.
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "tiles/png.h"
#include "tiles/sampler.h"
#include "tiles/tiles_private.h"
#include "tiles/view.h"

enum { PIXELS = 256 };
#define PNG_MAX       ((size_t)1 << 20)
#define GROUND_FORMAT "ground 1" // goes up whenever equal data give other pictures
#define RESULT_FORMAT "result 1"

static ct_err check(ct_tile tile) {
    if (ct_tile_ok(tile)) return CT_OK;
    return ct_fail(CT_RANGE, "there is no tile %u/%u/%u", tile.z, tile.y, tile.x);
}

// ---- ground
// -------------------------------------------------------------------------------------------------------
void ct_tiles__ground_forget(ct_tiles *t) {
    pthread_mutex_lock(&t->ground_lock);
    t->ground_known = false;
    pthread_mutex_unlock(&t->ground_lock);
}

// Rasters come and go by renaming, which the
// folder's time tells; terrain features that change make us look too.
ct_err ct_tiles__ground_get(ct_tiles__ground **out, ct_tiles *t) {
    ct_err err = CT_OK;
    pthread_mutex_lock(&t->ground_lock);
    const int64_t mtime_us = ct_file_mtime_us(t->terrain_folder);
    if (!t->ground_known || t->ground_mtime_us != mtime_us) {
        ct_tiles__ground *fresh = NULL;
        err = ct_tiles__ground_load(&fresh, t->terrain_folder, ct_store_crs(t->store)->code);
        if (err == CT_OK) {
            ct_tiles__ground_unref(t->ground);
            t->ground = fresh;
            t->ground_known = true;
            t->ground_mtime_us = mtime_us;
        }
    }
    if (err == CT_OK) *out = ct_tiles__ground_ref(t->ground);
    pthread_mutex_unlock(&t->ground_lock);
    return err;
}

static ct_hash128 key_of_ground(const ct_tiles__ground *ground, ct_tile tile) {
    struct {
        char format[16], hash[40];
        uint64_t z, x, y;
    } key = {.format = GROUND_FORMAT, .z = tile.z, .x = tile.x, .y = tile.y};
    if (ground) memcpy(key.hash, ct_tiles__ground_hash(ground), 33);
    return ct_hash_bytes(&key, sizeof key);
}

static ct_err draw_ground(ct_tiles__data **out, const ct_tiles__ground *ground, ct_tile tile,
                          const char *etag) {
    ct_buf made;
    ct_buf_init(&made, PNG_MAX);
    ct_err err = ground ? ct_tiles__ground_draw(&made, ground, tile) : CT_OK;
    if (err == CT_OK) err = ct_tiles__data_take(out, &made, false, etag, 0);
    ct_buf_fini(&made);
    return err;
}

ct_err ct_tiles_ground(const ct_tile_data **out, ct_tiles *t, ct_tile tile) {
    CT_TRY(check(tile));
    ct_tiles__ground *ground;
    CT_TRY(ct_tiles__ground_get(&ground, t));
    const ct_hash128 key = key_of_ground(ground, tile);
    ct_tiles__data *data = ct_tiles__cache_get(t->cache, key, 0);
    ct_err err = CT_OK;
    if (!data) {
        char etag[40];
        ct_tiles__etag(etag, key);
        err = draw_ground(&data, ground, tile, etag);
        if (err == CT_OK) ct_tiles__cache_put(t->cache, key, data);
    }
    ct_tiles__ground_unref(ground);
    if (err == CT_OK) *out = &data->data;
    return err;
}

// ---- results
// ------------------------------------------------------------------------------------------------------
static ct_err fill(uint8_t *pixels, const ct_tiles__sampler *sampler,
                   const ct_tiles__raster_view *view) {
    double xy[2 * PIXELS], value;
    for (uint32_t row = view->row0; row < view->row1; row++) {
        CT_TRY(ct_tiles__raster_view_row(view, row, xy));
        uint8_t *to = pixels + (size_t)row * PIXELS + view->column0;
        const uint32_t n = view->column1 - view->column0;
        for (uint32_t i = 0; i < n; i++)
            to[i] = (uint8_t)(1 + ct_tiles__sample(sampler, xy[2 * i], xy[2 * i + 1], &value));
    }
    return CT_OK;
}

// Index 0 is transparent, then the legend's classes.
static ct_err write_png(ct_buf *out, const uint8_t *pixels, const ct_legend *legend) {
    uint8_t palette[16][4] = {{0, 0, 0, 0}};
    for (size_t i = 0; i < legend->n_classes; i++)
        memcpy(palette[1 + i], legend->classes[i].rgba, sizeof palette[0]);
    return ct_tiles__png(out, pixels, PIXELS, PIXELS, palette[0], 1 + legend->n_classes);
}

typedef struct question {
    ct_run *run, *other;
    ct_map_layer layer;
    long time_index;
    ct_tile tile;
} question;

static ct_err draw_pixels(uint8_t *pixels, const ct_tiles__sampler *sampler, const char *crs,
                          const question *q) {
    const ct_bbox extent = ct_grid_bbox(ct_run_grid(q->run));
    ct_tiles__raster_view view;
    bool shown;
    CT_TRY(ct_tiles__raster_view_make(&view, &shown, crs, &extent, q->tile, PIXELS));
    return shown ? fill(pixels, sampler, &view) : CT_OK;
}

static ct_err draw_result(ct_tiles__data **out, const char *crs, const question *q,
                          const char *etag) {
    ct_tiles__sampler sampler;
    CT_TRY(ct_tiles__sampler_open(&sampler, q->run, q->layer, q->time_index, q->other));
    ct_buf made;
    ct_buf_init(&made, PNG_MAX);
    uint8_t *pixels = ct_calloc(PIXELS, PIXELS);
    ct_err err = pixels ? draw_pixels(pixels, &sampler, crs, q) : CT_NOMEM;
    if (err == CT_OK) err = write_png(&made, pixels, sampler.legend);
    if (err == CT_OK) err = ct_tiles__data_take(out, &made, false, etag, 0);
    ct_free(pixels);
    ct_buf_fini(&made);
    ct_tiles__sampler_close(&sampler);
    return err;
}

static ct_hash128 key_of_result(const question *q) {
    struct {
        char format[16], run[40], other[40];
        int64_t layer, time_index;
        uint64_t z, x, y;
    } key = {.format = RESULT_FORMAT,
             .layer = q->layer,
             .time_index = q->time_index,
             .z = q->tile.z,
             .x = q->tile.x,
             .y = q->tile.y};
    memcpy(key.run, ct_run_id(q->run), CT_RUN_ID_MAX);
    if (q->other) memcpy(key.other, ct_run_id(q->other), CT_RUN_ID_MAX);
    return ct_hash_bytes(&key, sizeof key);
}

ct_err ct_tiles_result(const ct_tile_data **out, ct_tiles *t, ct_run *run, ct_map_layer layer,
                       long time_index, ct_run *other, ct_tile tile) {
    CT_TRY(check(tile));
    const question q = {run, other, layer, time_index, tile};
    const ct_hash128 key = key_of_result(&q);
    ct_tiles__data *data = ct_tiles__cache_get(t->cache, key, 0);
    if (!data) {
        char etag[40];
        ct_tiles__etag(etag, key);
        CT_TRY(draw_result(&data, ct_store_crs(t->store)->code, &q, etag));
        ct_tiles__cache_put(t->cache, key, data);
    }
    *out = &data->data;
    return CT_OK;
}

ct_err ct_tiles_result_at(double *value, ct_run *run, ct_map_layer layer, long time_index,
                          ct_run *other, double x, double y) {
    ct_tiles__sampler sampler;
    CT_TRY(ct_tiles__sampler_open(&sampler, run, layer, time_index, other));
    (void)ct_tiles__sample(&sampler, x, y, value);
    ct_tiles__sampler_close(&sampler);
    return CT_OK;
}
