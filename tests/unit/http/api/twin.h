// A small twin in a temporary folder behind a real server, for the tests of the API.
#ifndef TESTS_UNIT_HTTP_API_TWIN_H
#define TESTS_UNIT_HTTP_API_TWIN_H

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "http/api/api.h"
#include "new_twin.h"
#include "unit/http/client.h"

#define TWIN_CRS     "EPSG:4547"
#define TWIN_CRS_URI "http://www.opengis.net/def/crs/EPSG/0/4547"
#define MERCATOR_URI "http://www.opengis.net/def/crs/EPSG/0/3857"

enum { N_BUILDINGS = 250, GRID_COLUMNS = 25 };

static const double twin_east = 529000.0, twin_north = 3380000.0, building_step_m = 30.0;

typedef struct twin {
    char folder[64];
    ct_catalogue *catalogue;
    ct_store *store;
    ct_tiles *tiles;
    ct_live *live;
    ct_queue *queue;
    ct_api *api;
    ct_http *http;
    uint16_t port;
} twin;

static inline void set_text(ct_feature *f, const char *attr, const char *text) {
    assert_int_equal(ct_feature_set_text(f, attr, text), CT_OK);
}

static inline void set_number(ct_feature *f, const char *attr, double value) {
    assert_int_equal(ct_feature_set_number(f, attr, value), CT_OK);
}

// A square footprint (clockwise, so that the output has to turn it) with its south-west corner at
// (x, y), at height z.
static inline ct_geom square(ct_arena *arena, double x, double y, double z, double side_m) {
    const double ring[15] = {x, y,          z, x, y + side_m, z, x + side_m, y + side_m,
                             z, x + side_m, y, z, x,          y, z};
    ct_geom g = {
        .type = CT_GEOM_MULTIPOLYGON, .has_z = true, .n_points = 5, .n_rings = 1, .n_parts = 1};
    g.xyz = ct_arena_alloc(arena, sizeof ring);
    g.ring_end = ct_arena_alloc(arena, sizeof *g.ring_end);
    g.part_end = ct_arena_alloc(arena, sizeof *g.part_end);
    memcpy(g.xyz, ring, sizeof ring);
    g.ring_end[0] = 5;
    g.part_end[0] = 1;
    return g;
}

static inline ct_geom point(ct_arena *arena, double x, double y, double z, bool has_z) {
    ct_geom g = {.type = CT_GEOM_POINT, .has_z = has_z, .n_points = 1, .n_rings = 1, .n_parts = 1};
    g.xyz = ct_arena_alloc(arena, 3 * sizeof *g.xyz);
    g.ring_end = ct_arena_alloc(arena, sizeof *g.ring_end);
    g.part_end = ct_arena_alloc(arena, sizeof *g.part_end);
    g.xyz[0] = x;
    g.xyz[1] = y;
    g.xyz[2] = z;
    g.ring_end[0] = g.part_end[0] = 1;
    return g;
}

static inline ct_feature feature_of(const twin *t, ct_arena *arena, const char *cls,
                                    const char *id) {
    ct_feature f;
    assert_int_equal(ct_feature_new(&f, arena, ct_catalogue_by_name(t->catalogue, cls)), CT_OK);
    f.id = id;
    return f;
}

static inline void add(ct_writer *writer, ct_arena *arena, ct_feature *f) {
    int64_t fid;
    if (ct_feature_check(f, arena) != CT_OK || ct_writer_add(writer, f, &fid) != CT_OK)
        fail_msg("%s", ct_err_message());
}

static inline void add_buildings(const twin *t, ct_writer *writer, ct_arena *arena) {
    for (int i = 0; i < N_BUILDINGS; i++) {
        ct_feature f = feature_of(t, arena, "building", ct_arena_printf(arena, "bldg-%d", i));
        set_text(&f, "name",
                 i == 7 ? "<script>alert(\"7\")</script> & Co"
                        : ct_arena_printf(arena, "Tower %d", i));
        set_text(&f, "name_zh", "楼");
        set_text(&f, "use", i % 5 == 0 ? "school" : "residential");
        set_number(&f, "height_m", 3.0 * (i % 33));
        set_number(&f, "residents", i);
        f.geom = square(arena, twin_east + building_step_m * (i % GRID_COLUMNS),
                        twin_north + building_step_m * (i / GRID_COLUMNS), 21.5, 12.0);
        add(writer, arena, &f);
    }
}

static inline void add_others(const twin *t, ct_writer *writer, ct_arena *arena) {
    static const char *const starts[] = {"2026-07-20T20:00:00Z", "2026-07-21T08:30:00Z"};
    for (int i = 0; i < 2; i++) {
        ct_feature f = feature_of(t, arena, "event", ct_arena_printf(arena, "event-%d", i));
        set_text(&f, "start_time", starts[i]);
        f.geom = point(arena, twin_east + i, twin_north, 0, false);
        add(writer, arena, &f);
    }
    ct_feature cell = feature_of(t, arena, "grid_cell", "cell-1");
    set_text(&cell, "keeper", "Secret Person");
    cell.geom = square(arena, twin_east, twin_north, 0, 500);
    add(writer, arena, &cell);
    ct_feature household = feature_of(t, arena, "household", "home-1");
    set_text(&household, "building", "bldg-1");
    add(writer, arena, &household);
    ct_feature device = feature_of(t, arena, "device", "gauge-1");
    set_text(&device, "kind", "water_level");
    set_text(&device, "property", "water_level_m");
    set_text(&device, "unit", "m");
    set_number(&device, "threshold_red", 1.5);
    set_number(&device, "interval_s", 60);
    device.geom = point(arena, twin_east, twin_north, 20, true);
    add(writer, arena, &device);
}

static inline void fill(const twin *t) {
    ct_arena *arena = ct_arena_new(1 << 16, 0);
    ct_writer *writer;
    assert_int_equal(ct_store_writer(&writer, t->store, "test"), CT_OK);
    add_buildings(t, writer, arena);
    add_others(t, writer, arena);
    static const char source[] = "{\"file\":\"a.osm\",\"rights\":\"Town & <b>mappers</b>\"}";
    assert_int_equal(ct_writer_add_source(writer, source, sizeof source - 1), CT_OK);
    int64_t version;
    assert_int_equal(ct_writer_commit(writer, &version), CT_OK);
    ct_arena_free(arena);
}

static inline void write_console(const twin *t, char folder[96]) {
    snprintf(folder, 96, "%s/console", t->folder);
    assert_int_equal(ct_dir_make(folder), CT_OK);
    char *index = ct_path_join(folder, "index.html"),
         *script = ct_path_join(folder, "page-0123456789.js");
    char *text = ct_calloc(1, 5001);
    memset(text, 'a', 5000);
    assert_int_equal(ct_file_write(index, "<!doctype html>", 15), CT_OK);
    assert_int_equal(ct_file_write(script, text, 5000), CT_OK);
    ct_free(index);
    ct_free(script);
    ct_free(text);
}

static inline int twin_open(void **state) {
    twin *t = calloc(1, sizeof *t);
    snprintf(t->folder, sizeof t->folder, "/tmp/ct-api-XXXXXX");
    if (!mkdtemp(t->folder)) return -1;
    char path[96], console[96];
    snprintf(path, sizeof path, "%s/small.ct", t->folder);
    write_console(t, console);
    assert_int_equal(ct_catalogue_load(&t->catalogue, NULL), CT_OK);
    new_twin(path, TWIN_CRS, "Small <twin>", t->catalogue);
    assert_int_equal(ct_store_open(&t->store, path, t->catalogue), CT_OK);
    fill(t);
    assert_int_equal(ct_tiles_open(&t->tiles, t->store, 16 << 20), CT_OK);
    assert_int_equal(ct_live_open(&t->live, t->store, ct_clock_real()), CT_OK);
    assert_int_equal(ct_queue_open(&t->queue, t->store, "/bin/false", 1, 0, NULL, NULL), CT_OK);
    ct_api_parts parts = {.store = t->store,
                          .tiles = t->tiles,
                          .queue = t->queue,
                          .live = t->live,
                          .console_folder = console};
    assert_int_equal(ct_api_new(&t->api, &parts), CT_OK);
    ct_http_config config = {.threads = 2};
    assert_int_equal(ct_http_new(&t->http, &config), CT_OK);
    assert_int_equal(ct_api_add_routes(t->http, t->api), CT_OK);
    assert_int_equal(ct_http_start(t->http), CT_OK);
    t->port = ct_http_port(t->http);
    *state = t;
    return 0;
}

static inline int twin_close(void **state) {
    twin *t = *state;
    ct_http_stop(t->http);
    ct_queue_close(t->queue);
    ct_api_free(t->api);
    ct_http_free(t->http);
    ct_live_close(t->live);
    ct_tiles_close(t->tiles);
    ct_store_close(t->store);
    ct_catalogue_free(t->catalogue);
    assert_int_equal(ct_dir_remove(t->folder), CT_OK);
    free(t);
    return 0;
}

// GET that must answer `status`; the JSON body (caller: json_decref), NULL if there is none.
static inline json_t *get_json(const twin *t, const char *target, int status) {
    answer a = get(t->port, target);
    if (a.status != status) fail_msg("%s: %d %s", target, a.status, a.body);
    json_t *document = NULL;
    if (a.length && ct_json_parse(&document, a.body, a.length, 256 << 20) != CT_OK)
        fail_msg("%s: %s: %.300s", target, ct_err_message(), a.body);
    answer_free(&a);
    return document;
}

static inline void expect_status(const twin *t, const char *target, int status) {
    answer a = get(t->port, target);
    if (a.status != status) fail_msg("%s: %d %.300s", target, a.status, a.length ? a.body : "");
    answer_free(&a);
}

static inline const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

// The href of the first link with this relation (and type, unless NULL); NULL if there is none.
static inline const char *link_of(const json_t *object, const char *rel, const char *type) {
    size_t i;
    json_t *link;
    json_array_foreach(json_object_get(object, "links"), i, link) {
        if (strcmp(text_of(link, "rel"), rel) != 0) continue;
        if (!type || strcmp(text_of(link, "type"), type) == 0) return text_of(link, "href");
    }
    return NULL;
}

// The path part of an absolute link to this server.
static inline const char *path_of(const twin *t, const char *href) {
    char base[64];
    snprintf(base, sizeof base, "http://127.0.0.1:%u", t->port);
    assert_non_null(href);
    assert_int_equal(strncmp(href, base, strlen(base)), 0);
    return href + strlen(base);
}

#endif
