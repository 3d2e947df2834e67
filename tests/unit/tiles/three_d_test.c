// 3D tilesets of buildings: what is in them, storey by storey; errors that do not grow; boxes
// around what is drawn; tags that change where an edit touched and only there; equal bytes on any
// number of threads.
#include "base/hash.h"
#include "three_d.h"
#include "tiles/three_d/city.h"

static void open_tiles(fixture *f) {
    ok(ct_tiles_open(&f->tiles, f->store, (size_t)8 << 20));
}

// A body: the outline's prism, as a part of its own with a wall tag everywhere.
static const ct_body *pyramid(const fixture *f, double x, double y, double side, double low,
                              double high) {
    static const uint32_t corners[18] = {0, 2, 1, 0, 3, 2, 0, 1, 4, 1, 2, 4, 2, 3, 4, 3, 0, 4};
    static const uint32_t ends[5] = {2, 3, 4, 5, 6};
    static const uint8_t tags[5] = {CT_SURFACE_GROUND, CT_SURFACE_ROOF, CT_SURFACE_ROOF,
                                    CT_SURFACE_ROOF, CT_SURFACE_ROOF};
    const double e = EAST + x, n = NORTH + y;
    const double xyz[15] = {e,        n,        low,          e + side,     n,
                            low,      e + side, n + side,     low,          e,
                            n + side, low,      e + side / 2, n + side / 2, high};
    const ct_mesh mesh = {5,
                          6,
                          5,
                          (double *)(uintptr_t)xyz,
                          (uint32_t *)(uintptr_t)corners,
                          (uint32_t *)(uintptr_t)ends,
                          (uint8_t *)(uintptr_t)tags};
    ct_mesh *copy = ct_arena_alloc(f->arena, sizeof *copy);
    ct_body_part *part = ct_arena_alloc(f->arena, sizeof *part);
    ct_body *body = ct_arena_alloc(f->arena, sizeof *body);
    assert_true(copy && part && body);
    ok(ct_mesh_copy(copy, f->arena, &mesh));
    *part = (ct_body_part){copy, ct_affine_identity, {"", {0.8F, 0.8F, 0.8F, 1}}, 2};
    *body = (ct_body){1, part};
    return body;
}

// Errors never grow, leaves have none, every uri is answered.
static void check_tile(const fixture *f, const char *folder, const json_t *tile, double above,
                       int *contents) {
    const double error = json_number_value(at(tile, "geometricError"));
    const json_t *content = json_object_get(tile, "content");
    const json_t *children = json_object_get(tile, "children");
    if (error > above) fail_msg("an error grows from %g to %g", above, error);
    bool document = false;
    if (content) {
        char path[256];
        const char *uri = json_string_value(at(content, "uri"));
        document = strstr(uri, ".json") != NULL;
        (void)snprintf(path, sizeof path, "%s%s", folder, uri);
        if (document) {
            json_t *inner = json_of(f, path);
            char inside[256];
            (void)snprintf(inside, sizeof inside, "%.*s", (int)(strrchr(path, '/') + 1 - path),
                           path);
            check_tile(f, inside, at(inner, "root"), error, contents);
            json_decref(inner);
        } else {
            ct_buf bytes = file_of(f, path, NULL);
            glb g = glb_open(bytes.data, bytes.len);
            assert_true(rows_of(&g, 0) > 0);
            json_decref(g.json);
            ct_buf_fini(&bytes);
            (*contents)++;
        }
    }
    if (!children && !document) assert_true(content && error <= 0);
    for (size_t i = 0; i < json_array_size(children); i++)
        check_tile(f, folder, json_array_get(children, i), error, contents);
}

static void errors_fall(void **state) {
    fixture *f = *state;
    ct_feature list[] = {building(f, "a", 0, 0, 20, 12),
                         building(f, "b", 300, 0, 10, 9),
                         building(f, "c", 320, 40, 10, 9),
                         storey_of(f, "a-0", "a", 0, square(f, 0, 0, 20)),
                         storey_of(f, "a-1", "a", 1, square(f, 0, 0, 20)),
                         feature_of(f, "space", "room", square(f, 1, 1, 5))};
    list[1].body = pyramid(f, 300, 0, 10, 20, 29);
    ok(ct_feature_set_text(&list[5], "storey", "a-1"));
    put(f, list, 6);
    open_tiles(f);
    json_t *top = json_of(f, "tileset.json");
    int contents = 0;
    check_tile(f, "", at(top, "root"), 1e9, &contents);
    // Blocks and bodies of b and c; of a: block, shell, two storeys' shells, a room.
    assert_int_equal(contents, 2 + 5);
    json_decref(top);
}

static void one_storey(void **state) {
    fixture *f = *state;
    ct_feature list[] = {building(f, "a", 0, 0, 20, 6),
                         storey_of(f, "a-0", "a", 0, square(f, 0, 0, 20)),
                         storey_of(f, "a-1", "a", 1, square(f, 0, 0, 20)),
                         feature_of(f, "space", "room", square(f, 1, 1, 5))};
    ok(ct_feature_set_text(&list[3], "storey", "a-1"));
    put(f, list, 4);
    open_tiles(f);
    char path[64];
    (void)snprintf(path, sizeof path, "%lld/tileset.json", (long long)list[0].fid);
    json_t *inside = json_of(f, path);
    const json_t *groups = at(inside, "groups");
    int rooms = 0;
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *p = at(json_array_get(groups, i), "properties");
        if (strcmp(json_string_value(at(p, "kind")), "spaces") != 0) continue;
        assert_string_equal(json_string_value(at(p, "storey")), "a-1");
        assert_int_equal(int_at(p, "level"), 1);
        rooms++;
    }
    assert_int_equal(rooms, 1);
    json_decref(inside);
    (void)snprintf(path, sizeof path, "%lld/s%lld-spaces-0.glb", (long long)list[0].fid,
                   (long long)list[2].fid);
    ct_buf bytes = file_of(f, path, NULL);
    glb g = glb_open(bytes.data, bytes.len);
    assert_int_equal(rows_of(&g, 0), 1);
    json_decref(g.json);
    ct_buf_fini(&bytes);
    json_t *by_id = json_of(f, "id:a/tileset.json");
    json_decref(by_id);
    static const char *const none[] = {"",
                                       "x",
                                       "tileset.jso",
                                       "9999/tileset.json",
                                       "tiles/0/0",
                                       "tiles/22/1/1-0.glb",
                                       "../tileset.json",
                                       "-1/block.glb",
                                       "01/block.glb",
                                       "id:/block.glb",
                                       "id:a",
                                       "id:aa/block.glb",
                                       "branches/0/0/0.json"};
    const ct_tile_data *d;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        fails(ct_tiles_buildings3d(&d, f->tiles, none[i], false), "NOTFOUND");
}

// What is drawn lies in the box that is told of it: far from the meridian, turned, large.
static void boxes_hold(void **state) {
    fixture *f = *state;
    for (int i = 0; i < 12; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "b%d", i);
        ct_feature b = building(f, id, 400.0 * i, -300.0 * i, 5 << i % 8, 3 + 20 * i);
        put(f, &b, 1);
    }
    ct_reader *reader;
    ct_tiles__city *city;
    ok(ct_store_reader(&reader, f->store));
    ok(ct_tiles__city_make(&city, reader, f->store));
    assert_int_equal(city->scene->n_buildings, 12);
    for (uint32_t i = 0; i < 12; i++) {
        const ct_tiles__building *b = &city->scene->buildings[i];
        ct_enu frame;
        ct_box3 told, drawn;
        ct_tiles__drawing d;
        ok(ct_tiles__frame_of(&frame, CRS, &b->box));
        ok(ct_tiles__box_in(&told, &frame, CRS, &b->box));
        ok(ct_tiles__drawing_init(&d, city->scene, reader, &frame));
        ok(ct_tiles__draw_building(&d, b, CT_TILES__FULL));
        assert_true(ct_tiles__glb_box(&drawn, d.glb));
        const double step = ct_tiles__glb_step_m(&drawn);
        for (int k = 0; k < 3; k++) {
            assert_true(drawn.min[k] - step >= told.min[k] && drawn.max[k] + step <= told.max[k]);
            assert_true(drawn.min[k] - told.min[k] < 0.1 * b->size_m + 1); // and not much larger
        }
        ct_tiles__drawing_fini(&d);
    }
    ct_tiles__city_free(city);
    ct_reader_release(reader);
}

static void block_errors(void **state) {
    fixture *f = *state;
    ct_feature list[] = {building(f, "a", 0, 0, 10, 9), building(f, "b", 50, 0, 10, 9)};
    list[0].body = pyramid(f, 0, 0, 10, 20, 29);
    put(f, list, 2);
    ct_reader *reader;
    ct_tiles__city *city;
    ct_enu frame;
    ct_tiles__drawing d;
    double error_m;
    ok(ct_store_reader(&reader, f->store));
    ok(ct_tiles__city_make(&city, reader, f->store));
    const uint32_t a = ct_tiles__scene_find(city->scene, list[0].fid);
    const uint32_t b = ct_tiles__scene_find(city->scene, list[1].fid);
    ok(ct_tiles__frame_of(&frame, CRS, &city->scene->buildings[a].box));
    ok(ct_tiles__drawing_init(&d, city->scene, reader, &frame));
    ok(ct_tiles__block_error(&error_m, &d, &city->scene->buildings[a]));
    // From the block's upper corner to the pyramid's nearest edge, from the foot's corner (0, 0, 0)
    // to the tip (5, 5, 9): the distance of (0, 0, 9) from that line.
    assert_near(error_m, 9 * sqrt(50.0) / sqrt(131.0), 0.01);
    ok(ct_tiles__block_error(&error_m, &d, &city->scene->buildings[b]));
    assert_near(error_m, 0, 1e-12);
    ct_tiles__drawing_fini(&d);
    ct_tiles__city_free(city);
    ct_reader_release(reader);
}

static void tag_of(const fixture *f, const char *path, char etag[40]) {
    char again[40];
    const ct_tile_data *d;
    ct_buf bytes = file_of(f, path, etag);
    ct_buf_fini(&bytes);
    ok(ct_tiles_buildings3d(&d, f->tiles, path, true));
    memcpy(again, d->etag, sizeof again);
    ct_tile_data_unref(d);
    assert_string_equal(etag, again);
}

static void only_touched(void **state) {
    fixture *f = *state;
    ct_feature list[] = {
        building(f, "a", 0, 0, 20, 6), building(f, "b", 2500, 0, 20, 6),
        storey_of(f, "a-0", "a", 0, square(f, 0, 0, 20)),
        storey_of(f, "b-0", "b", 0, square(f, 2500, 0, 20)),
        feature_of(f, "device", "d", geom_of(f, CT_GEOM_POINT, (const double[1][2]){{5, 5}}, 1))};
    put(f, list, 4);
    open_tiles(f);
    char in_a[64], in_b[64], a[2][40], b[2][40], top[2][40];
    (void)snprintf(in_a, sizeof in_a, "%lld/tileset.json", (long long)list[0].fid);
    (void)snprintf(in_b, sizeof in_b, "%lld/shell-0.glb", (long long)list[1].fid);
    tag_of(f, "tileset.json", top[0]);
    tag_of(f, in_a, a[0]);
    tag_of(f, in_b, b[0]);
    put(f, &list[4], 1); // of no class that is drawn
    tag_of(f, in_a, a[1]);
    assert_string_equal(a[0], a[1]);
    ct_feature room = feature_of(f, "space", "room", square(f, 1, 1, 5));
    ok(ct_feature_set_text(&room, "storey", "a-0"));
    put(f, &room, 1);
    tag_of(f, "tileset.json", top[1]);
    tag_of(f, in_a, a[1]);
    tag_of(f, in_b, b[1]);
    assert_string_not_equal(top[0], top[1]);
    assert_string_not_equal(a[0], a[1]);
    assert_string_equal(b[0], b[1]);
    // What belongs to b by its name alone changes b, wherever it lies.
    ct_feature far = feature_of(f, "space", "far", square(f, 100, 100, 5));
    ok(ct_feature_set_text(&far, "storey", "b-0"));
    put(f, &far, 1);
    tag_of(f, in_b, b[1]);
    assert_string_not_equal(b[0], b[1]);
}

static ct_hash128 hash_of_export(const fixture *f, const char *name, int threads,
                                 ct_tiles3d_figures *figures) {
    char folder[256], path[512];
    (void)snprintf(folder, sizeof folder, "%s/%s", f->folder, name);
    ok(ct_dir_make(folder));
    const ct_tiles3d_options options = {.threads = threads};
    ok(ct_tiles3d_write(figures, f->store, folder, &options));
    // Every file that the documents name, in their order.
    ct_hash *h = ct_hash_new();
    static const char *const some[] = {"buildings/tileset.json", "terrain/tileset.json"};
    for (int i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, some[i]);
        ok(ct_hash_add_file(h, path));
    }
    for (int64_t fid = 1; fid <= 40; fid++) {
        (void)snprintf(path, sizeof path, "%s/buildings/%lld/shell-0.glb", folder, (long long)fid);
        if (ct_file_exists(path)) ok(ct_hash_add_file(h, path));
    }
    const ct_hash128 out = ct_hash_get(h);
    ct_hash_free(h);
    return out;
}

static void threads_alike(void **state) {
    fixture *f = *state;
    for (int i = 0; i < 20; i++) {
        char id[16], storey[16];
        (void)snprintf(id, sizeof id, "b%d", i);
        (void)snprintf(storey, sizeof storey, "s%d", i);
        ct_feature b[2] = {building(f, id, 60 * i, 0, 20, 6),
                           storey_of(f, storey, id, 0, square(f, 60 * i, 0, 20))};
        put(f, b, 2);
    }
    ct_tiles3d_figures one, three;
    const ct_hash128 a = hash_of_export(f, "one", 1, &one),
                     b = hash_of_export(f, "three", 3, &three);
    assert_true(a.low == b.low && a.high == b.high);
    assert_memory_equal(&one, &three, sizeof one);
    assert_int_equal(one.files,
                     2 + 20 * 4); // and of each: document, block, shell, a storey's shell
}

static void empty_twin(void **state) {
    fixture *f = *state;
    open_tiles(f);
    json_t *top = json_of(f, "tileset.json");
    assert_null(json_object_get(at(top, "root"), "content"));
    json_decref(top);
    ct_tiles3d_figures figures;
    (void)hash_of_export(f, "empty", 2, &figures);
    assert_int_equal(figures.files, 2);
}

typedef struct asking {
    fixture *f;
    ct_tiles *tiles;
    const char *path;
} asking;

static ct_err ask(void *context) {
    const asking *a = context;
    ct_tiles *tiles = NULL;
    const ct_tile_data *d = NULL;
    ct_err err = ct_tiles_open(&tiles, a->f->store, 0);
    if (err == CT_OK) err = ct_tiles_buildings3d(&d, tiles, a->path, false);
    ct_tile_data_unref(d);
    ct_tiles_close(tiles);
    return err;
}

static void without_memory(void **state) {
    fixture *f = *state;
    ct_feature list[] = {building(f, "a", 0, 0, 20, 6),
                         storey_of(f, "a-0", "a", 0, square(f, 0, 0, 20))};
    put(f, list, 2);
    char path[64];
    asking a = {.f = f, .path = path};
    (void)snprintf(path, sizeof path, "tileset.json");
    ok(ask(&a)); // what threads keep is there before
    assert_true(fail_each(ask, &a) > 20);
    (void)snprintf(path, sizeof path, "%lld/shell-0.glb", (long long)list[0].fid);
    ok(ask(&a));
    assert_true(fail_each(ask, &a) > 20);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {TEST(errors_fall),  TEST(one_storey),    TEST(boxes_hold),
                                       TEST(block_errors), TEST(only_touched),  TEST(threads_alike),
                                       TEST(empty_twin),   TEST(without_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
