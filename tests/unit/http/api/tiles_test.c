// Tiles over HTTP: vector tiles of one and several collections, TileJSON, caching, the ground, maps
// of runs that are not there. What is inside a tile is the matter of the tests of tiles.
#include <math.h>

#include "geo/crs.h"
#include "geo/tile.h"
#include "unit/http/api/twin.h"

static ct_tile tile_at(uint32_t zoom, double east, double north) {
    ct_transform *transform;
    double xy[2] = {east, north};
    assert_int_equal(ct_transform_get(&transform, TWIN_CRS, CT_CRS_MERCATOR), CT_OK);
    assert_int_equal(ct_transform_points(transform, xy, 1, 2), CT_OK);
    ct_bbox box = {xy[0], xy[1], xy[0], xy[1]};
    ct_tile tile = {.z = zoom};
    uint32_t x1, y1;
    ct_tile_range(zoom, &box, &tile.x, &tile.y, &x1, &y1);
    return tile;
}

static void path_of_tile(char out[256], const char *before, ct_tile tile, const char *after) {
    snprintf(out, 256, "%s/tiles/WebMercatorQuad/%u/%u/%u%s", before, tile.z, tile.y, tile.x,
             after);
}

static void vector_tiles(void **state) {
    const twin *t = *state;
    char path[256], value[1024], etag[1024], header[1100];
    ct_tile tile = tile_at(16, twin_east + 100, twin_north + 100);
    path_of_tile(path, "/collections/buildings", tile, "");
    answer a = get(t->port, path);
    assert_int_equal(a.status, 200);
    assert_string_equal(answer_header(&a, "Content-Type", value),
                        "application/vnd.mapbox-vector-tile");
    assert_true(a.length > 1000);
    assert_int_equal(a.body[0], 0x1a); // field 3 of the message: a layer
    assert_non_null(memmem(a.body, a.length, "buildings", 9));
    assert_non_null(memmem(a.body, a.length, "<script>alert", 13)); // text as it is, not HTML
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", answer_header(&a, "ETag", etag));
    answer again = get(t->port, path); // from the cache
    assert_int_equal(again.length, a.length);
    assert_memory_equal(again.body, a.body, a.length);
    answer_free(&again);
    answer packed = request(t->port, "GET", path, "Accept-Encoding: gzip\r\n", NULL);
    assert_string_equal(answer_header(&packed, "Content-Encoding", value), "gzip");
    assert_true(packed.length < a.length);
    answer_free(&packed);
    answer_free(&a);
    a = request(t->port, "GET", path, header, NULL);
    assert_int_equal(a.status, 304);
    answer_free(&a);
    path_of_tile(path, "/collections/buildings", tile_at(16, twin_east + 30000, twin_north), "");
    expect_status(t, path, 204); // nothing there
}

static void layers_in_one_tile(void **state) {
    const twin *t = *state;
    char path[256];
    ct_tile tile = tile_at(15, twin_east + 100, twin_north + 100);
    path_of_tile(path, "", tile, "?collections=buildings,grid_cells");
    answer a = get(t->port, path);
    assert_int_equal(a.status, 200);
    const char *first = memmem(a.body, a.length, "buildings", 9),
               *second = memmem(a.body, a.length, "grid_cells", 10);
    assert_true(first && second && first < second);
    assert_null(memmem(a.body, a.length, "Secret", 6)); // personal attributes stay inside
    answer_free(&a);
    path_of_tile(path, "", tile, "");
    expect_status(t, path, 200); // every collection
    static const char *const bad[] = {"?collections=none", "?collections=buildings,buildings",
                                      "?collections=", "?collections=households", "?x=1"};
    for (size_t i = 0; i < 5; i++) {
        path_of_tile(path, "", tile, bad[i]);
        expect_status(t, path, 400);
    }
}

static void wrong_tiles(void **state) {
    const twin *t = *state;
    expect_status(t, "/collections/buildings/tiles/WebMercatorQuad/1/2/0", 404);
    expect_status(t, "/collections/buildings/tiles/WebMercatorQuad/99/0/0", 404);
    expect_status(t, "/collections/buildings/tiles/WebMercatorQuad/a/0/0", 400);
    expect_status(t, "/collections/buildings/tiles/WebMercatorQuad/1/-1/0", 400);
    expect_status(t, "/collections/buildings/tiles/WebMercatorQuad/1/0/1.5", 400);
    expect_status(t, "/collections/buildings/tiles/OtherQuad/1/0/0", 404);
    expect_status(t, "/collections/none/tiles/WebMercatorQuad/1/0/0", 404);
    expect_status(t, "/collections/households/tiles/WebMercatorQuad/1/0/0", 404); // no geometry
}

static void tilejson(void **state) {
    const twin *t = *state;
    json_t *one = get_json(t, "/collections/buildings/tiles/WebMercatorQuad?f=tilejson", 200);
    assert_string_equal(text_of(one, "tilejson"), "3.0.0");
    char expected[128];
    snprintf(expected, sizeof expected,
             "http://127.0.0.1:%u/collections/buildings/tiles/WebMercatorQuad/{z}/{y}/{x}",
             t->port);
    assert_string_equal(json_string_value(json_array_get(json_object_get(one, "tiles"), 0)),
                        expected);
    assert_int_equal(json_array_size(json_object_get(one, "bounds")), 4);
    assert_string_equal(text_of(one, "attribution"),
                        "Town &amp; &lt;b&gt;mappers&lt;/b&gt;"); // shown as HTML
    assert_true(json_integer_value(json_object_get(one, "maxzoom")) >= 18);
    const json_t *layer = json_array_get(json_object_get(one, "vector_layers"), 0);
    assert_string_equal(text_of(layer, "id"), "buildings");
    assert_string_equal(text_of(json_object_get(layer, "fields"), "height_m"), "Number");
    json_decref(one);
    json_t *two = get_json(t, "/tiles/WebMercatorQuad?collections=grid_cells,buildings", 200);
    assert_int_equal(json_array_size(json_object_get(two, "vector_layers")), 2);
    layer = json_array_get(json_object_get(two, "vector_layers"), 0);
    assert_null(json_object_get(json_object_get(layer, "fields"), "keeper"));
    assert_non_null(strstr(json_string_value(json_array_get(json_object_get(two, "tiles"), 0)),
                           "{z}/{y}/{x}?collections=grid_cells,buildings"));
    json_decref(two);
}

// An edit changes the tag of the tile that it touches and leaves the others'.
static void edits_change_tags(void **state) {
    twin *t = *state;
    char near_path[256], far_path[256], before[2][1024], after[2][1024];
    path_of_tile(near_path, "/collections/events", tile_at(18, twin_east, twin_north), "");
    path_of_tile(far_path, "/collections/events", tile_at(18, twin_east + 2000, twin_north), "");
    for (int round = 0; round < 2; round++) {
        answer a = get(t->port, near_path), b = get(t->port, far_path);
        (void)answer_header(&a, "ETag", round ? after[0] : before[0]);
        (void)answer_header(&b, "ETag", round ? after[1] : before[1]);
        answer_free(&a);
        answer_free(&b);
        if (round) break;
        ct_arena *arena = ct_arena_new(4096, 0);
        ct_feature f = feature_of(t, arena, "event", "event-tile");
        set_text(&f, "start_time", "2026-08-01T00:00:00Z");
        f.geom = point(arena, twin_east, twin_north, 0, false);
        ct_writer *writer;
        int64_t version;
        assert_int_equal(ct_store_writer(&writer, t->store, "test"), CT_OK);
        add(writer, arena, &f);
        assert_int_equal(ct_writer_commit(writer, &version), CT_OK);
        ct_arena_free(arena);
        ct_api_tick(t->api);
    }
    assert_string_not_equal(before[0], after[0]);
    assert_string_equal(before[1], after[1]);
    // A client with the old tag gets the new tile, one with the new tag a 304; the tile far from
    // the edit keeps its old tag.
    char header[1100];
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", before[0]);
    answer a = request(t->port, "GET", near_path, header, NULL);
    assert_int_equal(a.status, 200);
    assert_non_null(memmem(a.body, a.length, "event-tile", 10));
    answer_free(&a);
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", after[0]);
    a = request(t->port, "GET", near_path, header, NULL);
    assert_int_equal(a.status, 304);
    answer_free(&a);
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", before[1]);
    a = request(t->port, "GET", far_path, header, NULL);
    assert_int_equal(a.status, 304);
    answer_free(&a);
}

static void maps(void **state) {
    const twin *t = *state;
    char path[256], value[1024];
    path_of_tile(path, "/collections/terrains/map", tile_at(15, twin_east, twin_north), "");
    answer a = get(t->port, path); // no terrain here: a transparent picture
    assert_int_equal(a.status, 200);
    assert_string_equal(answer_header(&a, "Content-Type", value), "image/png");
    assert_memory_equal(a.body, "\x89PNG\r\n\x1a\n", 8);
    assert_memory_equal(a.body + 16, "\0\0\1\0\0\0\1\0", 8); // 256 x 256
    answer_free(&a);
    path_of_tile(path, "/collections/terrain/map", tile_at(15, twin_east, twin_north), "");
    expect_status(t, path, 404); // that is the class; the collection is terrains, everywhere
    expect_status(t, "/collections/terrains", 200);
    path_of_tile(path, "/collections/buildings/map", tile_at(15, twin_east, twin_north), "");
    expect_status(t, path, 404);
    json_t *legend = get_json(t, "/runs/any/maps/max_depth/legend", 200);
    assert_string_equal(text_of(legend, "layer"), "max_depth");
    assert_true(json_array_size(json_object_get(legend, "classes")) >= 5);
    json_decref(legend);
    expect_status(t, "/runs/any/maps/none/legend", 404);
    const char *run = "/runs/0123456789abcdef0123456789abcdef/maps";
    static const char *const tails[] = {"/max_depth/tiles/WebMercatorQuad/15/1/1",
                                        "/max_depth/point?lon=114&lat=30",
                                        "/depth/series?lon=114&lat=30"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", run, tails[i]);
        expect_status(t, path, 404);
    }
    snprintf(path, sizeof path, "%s/max_depth/point?lon=114", run);
    expect_status(t, path, 400);
    snprintf(path, sizeof path, "%s/max_depth/point?lon=114&lat=91", run);
    expect_status(t, path, 400);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vector_tiles),      cmocka_unit_test(layers_in_one_tile),
        cmocka_unit_test(wrong_tiles),       cmocka_unit_test(tilejson),
        cmocka_unit_test(edits_change_tags), cmocka_unit_test(maps),
    };
    return cmocka_run_group_tests(tests, twin_open, twin_close);
}
