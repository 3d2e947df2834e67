// What the tests of 3D tiles share: buildings with storeys, rooms and bodies; binary glTF taken
// apart.
#ifndef TESTS_TILES_THREE_D_H
#define TESTS_TILES_THREE_D_H

#include "base/json.h"
#include "fixture.h"
#include "tiles/three_d.h"

typedef struct glb {
    json_t *json;
    const uint8_t *binary;
    size_t length;
} glb;

static inline uint32_t u32_at(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline glb glb_open(const void *data, size_t length) {
    const uint8_t *p = data;
    glb g = {0};
    assert_true(length >= 20 && memcmp(p, "glTF", 4) == 0);
    assert_int_equal(u32_at(p + 4), 2);
    assert_int_equal(u32_at(p + 8), length);
    const uint32_t json = u32_at(p + 12);
    assert_memory_equal(p + 16, "JSON", 4);
    ok(ct_json_parse(&g.json, (const char *)p + 20, json, 1 << 24));
    if (20 + (size_t)json == length) return g;
    const uint8_t *rest = p + 20 + json;
    assert_memory_equal(rest + 4, "BIN", 4);
    assert_int_equal(((size_t)(rest - p) + 8) % 8, 0); // so that columns begin on 8
    g.length = u32_at(rest);
    g.binary = rest + 8;
    assert_int_equal(28 + json + g.length, length);
    return g;
}

static inline const json_t *at(const json_t *json, const char *key) {
    const json_t *value = json_object_get(json, key);
    if (!value) fail_msg("no member %s", key);
    return value;
}

static inline int64_t int_at(const json_t *json, const char *key) {
    assert_true(json_is_integer(at(json, key)));
    return json_integer_value(at(json, key));
}

// The rows of the n-th table: how many.
static inline int64_t rows_of(const glb *g, size_t n) {
    const json_t *meta = at(at(g->json, "extensions"), "EXT_structural_metadata");
    return int_at(json_array_get(at(meta, "propertyTables"), n), "count");
}

// A file of the tileset of buildings, plain; the caller frees.
static inline ct_buf file_of(const fixture *f, const char *path, char etag[40]) {
    const ct_tile_data *d;
    ct_buf plain;
    ct_buf_init(&plain, 1 << 26);
    ok(ct_tiles_buildings3d(&d, f->tiles, path, false));
    assert_true(d->gzipped && d->length > 0);
    ok(ct_gunzip(&plain, d->bytes, d->length, 1 << 26));
    if (etag) memcpy(etag, d->etag, 40);
    ct_tile_data_unref(d);
    return plain;
}

static inline json_t *json_of(const fixture *f, const char *path) {
    ct_buf text = file_of(f, path, NULL);
    json_t *json;
    ok(ct_json_parse(&json, text.data, text.len, 1 << 26));
    ct_buf_fini(&text);
    return json;
}

static inline ct_feature building(const fixture *f, const char *id, double x, double y, double side,
                                  double height_m) {
    ct_feature b = feature_of(f, "building", id, square(f, x, y, side));
    ok(ct_feature_set_number(&b, "base_m", 20));
    ok(ct_feature_set_number(&b, "height_m", height_m));
    return b;
}

static inline ct_feature storey_of(const fixture *f, const char *id, const char *in, int level,
                                   ct_geom outline) {
    ct_feature s = feature_of(f, "storey", id, outline);
    ok(ct_feature_set_text(&s, "building", in));
    ok(ct_feature_set_number(&s, "level", level));
    ok(ct_feature_set_number(&s, "elevation_m", 20 + 3.0 * level));
    ok(ct_feature_set_number(&s, "height_m", 3));
    return s;
}

#endif
