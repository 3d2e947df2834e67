// Results of runs as maps: PNG tiles, legends, the value at a place, its course in time.
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/gzip.h"
#include "http/api/internal.h"

#define MAP_PATH "/runs/{runId}/maps/{layer}"

// ---- pictures ----

static void put_u32be(ct_buf *out, uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) ct_buf_putc(out, (char)(value >> shift & 0xff));
}

static void put_chunk(ct_buf *out, const char type[4], const void *data, size_t length) {
    put_u32be(out, (uint32_t)length);
    size_t from = out->len;
    ct_buf_put(out, type, 4);
    ct_buf_put(out, data, length);
    if (!out->err) put_u32be(out, ct_crc32(0, out->data + from, length + 4));
}

// A transparent picture of one palette colour, 256 x 256, 1 bit a pixel (PNG, ISO 15948).
static ct_err put_blank(ct_buf *out) {
    static const unsigned char head[13] = {0, 0, 1, 0, 0, 0, 1, 0, 1, 3, 0, 0, 0}, black[3] = {0},
                               clear[1] = {0};
    static const char rows[256 * 33];
    ct_buf packed;
    ct_buf_init(&packed, sizeof rows);
    ct_err err = ct_zlib(&packed, rows, sizeof rows, 9);
    if (err == CT_OK) {
        ct_buf_put(out, "\x89PNG\r\n\x1a\n", 8);
        put_chunk(out, "IHDR", head, sizeof head);
        put_chunk(out, "PLTE", black, sizeof black);
        put_chunk(out, "tRNS", clear, sizeof clear);
        put_chunk(out, "IDAT", packed.data, packed.len);
        put_chunk(out, "IEND", "", 0);
        err = ct_buf_status(out);
    }
    ct_buf_fini(&packed);
    return err;
}

ct_err ct_api__answer_picture(ct_http_req *req, ct_http_res *res, const ct_tile_data *data,
                              const char *cache) {
    if (data->length) return ct_api__answer_kept(req, res, data, "image/png", cache);
    ct_http_res_header(res, "Cache-Control", cache);
    const bool unchanged = ct_http_not_modified(req, res, data->etag);
    ct_tile_data_unref(data);
    if (unchanged) return CT_OK;
    ct_buf blank;
    ct_buf_init(&blank, 4096);
    ct_err err = put_blank(&blank);
    if (err == CT_OK) err = ct_http_res_buf(res, "image/png", &blank);
    ct_buf_fini(&blank);
    return err;
}

// ---- what is asked for ----

typedef struct asked {
    ct_run *run, *other; // other: for the difference only
    ct_map_layer layer;
    long time_index; // -1: a layer without time
} asked;

static void asked_fini(asked *a) {
    ct_run_unref(a->run);
    ct_run_unref(a->other);
}

static ct_err read_time(asked *a, const ct_http_req *req) {
    a->time_index = -1;
    if (a->layer != CT_MAP_DEPTH) return CT_OK;
    const char *text = ct_http_req_param(req, "datetime");
    if (!text) return ct_fail(CT_ARG, "parameter datetime: the layer depth needs it");
    int64_t time_us;
    CT_TRY(ct_context(ct_time_parse(&time_us, text), "parameter datetime"));
    a->time_index = ct_run_time_index(a->run, time_us);
    if (a->time_index < 0) return ct_fail(CT_NOTFOUND, "the run has no step at or before %s", text);
    return CT_OK;
}

static ct_err open_asked(asked *out, ct_api *api, const ct_http_req *req) {
    asked a = {0};
    CT_TRY(ct_map_layer_of_name(&a.layer, ct_http_req_segment(req, "layer")));
    CT_TRY(ct_queue_open_run(&a.run, api->parts.queue, ct_http_req_segment(req, "runId")));
    const char *with = ct_http_req_param(req, "with");
    ct_err err = CT_OK;
    if (a.layer == CT_MAP_DIFFERENCE && !with)
        err = ct_fail(CT_ARG, "parameter with: the layer difference needs the other run");
    else if (a.layer == CT_MAP_DIFFERENCE)
        err = ct_queue_open_run(&a.other, api->parts.queue, with);
    if (err == CT_OK) err = read_time(&a, req);
    if (err == CT_OK)
        *out = a;
    else
        asked_fini(&a);
    return err;
}

// ---- handlers ----

static ct_err tile(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    ct_tile place;
    asked a;
    const ct_tile_data *data;
    CT_TRY(ct_api__tile_of(&place, req));
    CT_TRY(open_asked(&a, api, req));
    ct_err err =
        ct_tiles_result(&data, api->parts.tiles, a.run, a.layer, a.time_index, a.other, place);
    asked_fini(&a);
    CT_TRY(err);
    // A run never changes under its id.
    return ct_api__answer_picture(req, res, data, "public, max-age=3600");
}

static ct_err legend(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context;
    ct_map_layer layer;
    CT_TRY(ct_map_layer_of_name(&layer, ct_http_req_segment(req, "layer")));
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_legend_write_json(&out, ct_legend_of(layer));
    return ct_api__answer(res, CT_API__JSON, &out);
}

// lon and lat in the twin's CRS.
static ct_err place_of(double *x, double *y, const ct_api *api, const ct_http_req *req) {
    double xy[2];
    CT_TRY(ct_http_req_double(&xy[0], req, "lon", 0, -180, 180));
    CT_TRY(ct_http_req_double(&xy[1], req, "lat", 0, -90, 90));
    ct_transform *t;
    CT_TRY(ct_transform_get(&t, CT_CRS_CRS84, api->twin_crs.code));
    CT_TRY(ct_transform_points(t, xy, 1, 2));
    *x = xy[0];
    *y = xy[1];
    return CT_OK;
}

static ct_err point(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    double x, y, value = NAN;
    asked a;
    CT_TRY(place_of(&x, &y, api, req));
    CT_TRY(open_asked(&a, api, req));
    ct_err err = ct_tiles_result_at(&value, a.run, a.layer, a.time_index, a.other, x, y);
    const ct_legend *key = ct_legend_of(a.layer);
    asked_fini(&a);
    CT_TRY(err);
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_jsonw w;
    ct_jsonw_init(&w, &out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_double(&w, "value", value); // not a number becomes null
    ct_jsonw_kv_string(&w, "unit", key->unit);
    int index = ct_legend_class_of(key, value);
    ct_jsonw_key(&w, "class");
    if (index >= 0)
        ct_jsonw_int(&w, index);
    else
        ct_jsonw_null(&w);
    ct_jsonw_end_object(&w);
    return ct_api__answer(res, CT_API__JSON, &out);
}

static ct_err write_series(ct_buf *out, ct_run *run, double x, double y, ct_arena *arena) {
    const double *t_s;
    size_t n = ct_run_times(run, &t_s);
    float *values = ct_arena_calloc(arena, n ? n : 1, sizeof *values);
    if (!values) return CT_NOMEM;
    CT_TRY(ct_run_series(values, run, "depth", x, y));
    ct_jsonw w;
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    ct_jsonw_key(&w, "times");
    ct_jsonw_array(&w);
    for (size_t i = 0; i < n; i++) {
        char text[32];
        ct_time_format(text, ct_run_epoch_us(run) + llround(t_s[i] * 1e6));
        ct_jsonw_string(&w, text);
    }
    ct_jsonw_end_array(&w);
    ct_jsonw_key(&w, "values");
    ct_jsonw_array(&w);
    for (size_t i = 0; i < n; i++) ct_jsonw_fixed(&w, (double)values[i], 4);
    ct_jsonw_end_array(&w);
    ct_jsonw_kv_string(&w, "unit", "m");
    ct_jsonw_end_object(&w);
    return CT_OK;
}

static ct_err series(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    double x, y;
    ct_run *run;
    CT_TRY(place_of(&x, &y, api, req));
    CT_TRY(ct_queue_open_run(&run, api->parts.queue, ct_http_req_segment(req, "runId")));
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_err err = write_series(&out, run, x, y, ct_http_req_arena(req));
    ct_run_unref(run);
    if (err == CT_OK) err = ct_http_res_buf(res, CT_API__JSON, &out);
    ct_buf_fini(&out);
    return err;
}

#define TIME_PARAM                                                                                 \
    {                                                                                              \
        "datetime", "{\"type\":\"string\",\"format\":\"date-time\"}",                              \
            "for depth: the stored step at or before this time", false                             \
    }
#define WITH_PARAM                                                                                 \
    {                                                                                              \
        "with", "{\"type\":\"string\"}",                                                           \
            "for difference: the run from which this one is taken away", false                     \
    }
#define LON_PARAM                                                                                  \
    { "lon", "{\"type\":\"number\",\"minimum\":-180,\"maximum\":180}", "longitude, degrees", true }
#define LAT_PARAM                                                                                  \
    { "lat", "{\"type\":\"number\",\"minimum\":-90,\"maximum\":90}", "latitude, degrees", true }
static const ct_http_param map_params[] = {TIME_PARAM, WITH_PARAM};
static const ct_http_param point_params[] = {TIME_PARAM, WITH_PARAM, LON_PARAM, LAT_PARAM};
static const ct_http_param place_params[] = {LON_PARAM, LAT_PARAM};
static const ct_http_route routes[] = {
    {.method = CT_HTTP_GET,
     .path = MAP_PATH "/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}",
     .handler = tile,
     .name = "getRunTile",
     .tagged = true,
     .summary = "A result as a picture",
     .tag = "Maps",
     .type = "image/png",
     .params = map_params,
     .n_params = 2},
    {.method = CT_HTTP_GET,
     .path = MAP_PATH "/legend",
     .handler = legend,
     .name = "getRunLegend",
     .summary = "Classes and colours of a layer",
     .tag = "Maps",
     .type = CT_API__JSON,
     .params = map_params,
     .n_params = 2},
    {.method = CT_HTTP_GET,
     .path = MAP_PATH "/point",
     .handler = point,
     .name = "getRunPoint",
     .summary = "The value that the picture shows at a place",
     .tag = "Maps",
     .type = CT_API__JSON,
     .params = point_params,
     .n_params = 4},
    {.method = CT_HTTP_GET,
     .path = "/runs/{runId}/maps/depth/series",
     .handler = series,
     .name = "getRunSeries",
     .summary = "Depth at a place over time",
     .tag = "Maps",
     .type = CT_API__JSON,
     .params = place_params,
     .n_params = 2},
};

ct_err ct_api__maps(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, routes, sizeof routes / sizeof *routes);
}
