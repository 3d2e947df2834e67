// Tiles and edits: a tile's tag changes when an edit touched its box with the buffer, and only
// then; after a restart, by other programs and by many threads too.
#include <pthread.h>
#include <stdatomic.h>

#include "base/hash.h"
#include "decode.h"
#include "fixture.h"

static void open_tiles(fixture *f) {
    ok(ct_tiles_open(&f->tiles, f->store, (size_t)8 << 20));
}

typedef struct answer {
    char etag[40];
    ct_hash128 hash;
    size_t length;
} answer;

static answer ask(const fixture *f, const char *cls, ct_tile tile) {
    const ct_class *c = class_of(f, cls);
    const ct_tile_data *d, *tag;
    ok(ct_tiles_vector(&d, f->tiles, &c, 1, tile, false));
    ok(ct_tiles_vector(&tag, f->tiles, &c, 1, tile, true));
    assert_string_equal(d->etag, tag->etag);
    assert_int_equal(tag->length, 0);
    answer a = {.hash = ct_hash_bytes(d->bytes, d->length), .length = d->length};
    memcpy(a.etag, d->etag, sizeof a.etag);
    const size_t n = strlen(a.etag);
    assert_true(n > 10 && a.etag[0] == '"' && a.etag[n - 1] == '"');
    assert_true(d->gzipped == (d->length > 0));
    ct_tile_data_unref(d);
    ct_tile_data_unref(tag);
    return a;
}

// The sides of a feature's box in the decoded tile, whose only layer has it; false if it has not.
static bool find(const fixture *f, ct_tile tile, const char *id, int32_t box[4]) {
    const ct_class *c = class_of(f, "building");
    const ct_tile_data *d;
    ct_buf plain;
    mvt_tile decoded = {0};
    ct_buf_init(&plain, 1 << 24);
    ok(ct_tiles_vector(&d, f->tiles, &c, 1, tile, false));
    if (d->length) ok(ct_gunzip(&plain, d->bytes, d->length, 1 << 24));
    mvt_decode(&decoded, plain.data, plain.len);
    const mvt_feature *b = decoded.n_layers ? mvt_by_id(&decoded.layers[0], id) : NULL;
    const bool found = b != NULL;
    for (uint32_t i = 0; b && i < b->n; i++)
        for (int axis = 0; axis < 2; axis++) {
            if (i == 0 || b->xy[i][axis] < box[axis]) box[axis] = b->xy[i][axis];
            if (i == 0 || b->xy[i][axis] > box[2 + axis]) box[2 + axis] = b->xy[i][axis];
        }
    mvt_free(&decoded);
    ct_buf_fini(&plain);
    ct_tile_data_unref(d);
    return found;
}

static void replace(const fixture *f, ct_store *store, ct_feature *feature) {
    ct_writer *w;
    ok(ct_store_writer(&w, store, "test"));
    ok(ct_feature_check(feature, f->arena));
    ok(ct_writer_replace(w, feature));
    ok(ct_writer_commit(w, NULL));
}

static void removed(const fixture *f, const char *id) {
    ct_writer *w;
    ok(ct_store_writer(&w, f->store, "test"));
    ok(ct_writer_remove(w, id));
    ok(ct_writer_commit(w, NULL));
}

static void only_touched_tiles(void **state) {
    fixture *f = *state;
    ct_feature list[] = {feature_of(f, "building", "a", square(f, 0, 0, 20)),
                         feature_of(f, "building", "b", square(f, 2500, 0, 20)),
                         feature_of(f, "green", "g", square(f, 0, 0, 50))};
    put(f, list, 3);
    open_tiles(f);
    answer before[4][7];
    bool changed = true;
    ok(ct_tiles_refresh(f->tiles, &changed));
    assert_false(changed);
    for (uint32_t z = 12; z <= 18; z++) {
        before[0][z - 12] = ask(f, "building", tile_at(10, 10, z));
        before[1][z - 12] = ask(f, "building", tile_at(2510, 10, z));
        before[2][z - 12] = ask(f, "green", tile_at(10, 10, z));
        before[3][z - 12] = ask(f, "building", tile_at(-9000, 9000, z)); // empty ones have tags too
    }
    ok(ct_feature_set_text(&list[0], "name", "new"));
    replace(f, f->store, &list[0]);
    ok(ct_tiles_refresh(f->tiles, &changed));
    assert_true(changed);
    for (uint32_t z = 12; z <= 18; z++) {
        const answer a = ask(f, "building", tile_at(10, 10, z));
        assert_string_not_equal(a.etag, before[0][z - 12].etag);
        assert_true(a.hash.low != before[0][z - 12].hash.low);
        const ct_tile far_tile = tile_at(2510, 10, z), near_tile = tile_at(10, 10, z);
        const answer b = ask(f, "building", far_tile);
        if (far_tile.x > near_tile.x + 1 || far_tile.y != near_tile.y)
            assert_string_equal(b.etag, before[1][z - 12].etag);
        assert_string_equal(ask(f, "green", tile_at(10, 10, z)).etag, before[2][z - 12].etag);
        assert_string_equal(ask(f, "building", tile_at(-9000, 9000, z)).etag,
                            before[3][z - 12].etag);
    }
}

static void buffer_counts(void **state) {
    fixture *f = *state;
    open_tiles(f);
    const uint32_t z = 16;
    const ct_tile tile = tile_at(0, 0, z), west = {z, tile.x - 1, tile.y};
    const ct_bbox bounds = ct_tile_bounds_mercator(tile);
    const double unit_m = ct_tile_pixel_m(z, 4096);
    ct_transform *back;
    ok(ct_transform_get(&back, CT_CRS_MERCATOR, CRS));
    // In the tile, 40 units from its west edge: in the western tile's buffer. Then 100 units.
    const double from_edge[2] = {40, 100};
    const char *const ids[2] = {"near", "off"};
    for (int i = 0; i < 2; i++) {
        const answer before = ask(f, "building", west), own = ask(f, "building", tile);
        double p[2] = {bounds.min_x + from_edge[i] * unit_m, bounds.max_y - 2000 * unit_m};
        ok(ct_transform_points(back, p, 1, 2));
        ct_feature b = feature_of(f, "building", ids[i], square(f, p[0] - EAST, p[1] - NORTH, 5));
        put(f, &b, 1);
        ok(ct_tiles_refresh(f->tiles, NULL));
        const answer after = ask(f, "building", west);
        assert_int_equal(strcmp(before.etag, after.etag) != 0, i == 0);
        assert_string_not_equal(own.etag, ask(f, "building", tile).etag);
        int32_t box[4];
        assert_int_equal(find(f, west, ids[i], box), i == 0);
    }
}

static void moved_and_removed(void **state) {
    fixture *f = *state;
    ct_feature b = feature_of(f, "building", "b", square(f, 0, 0, 20));
    put(f, &b, 1);
    open_tiles(f);
    const ct_tile here = tile_at(10, 10, 17), there = tile_at(1010, 10, 17);
    const answer here_0 = ask(f, "building", here), there_0 = ask(f, "building", there);
    int32_t box[4];
    assert_true(find(f, here, "b", box) && !find(f, there, "b", box));
    b.geom = square(f, 1000, 0, 20);
    replace(f, f->store, &b);
    ok(ct_tiles_refresh(f->tiles, NULL));
    const answer here_1 = ask(f, "building", here), there_1 = ask(f, "building", there);
    assert_string_not_equal(here_0.etag, here_1.etag);
    assert_string_not_equal(there_0.etag, there_1.etag);
    assert_true(!find(f, here, "b", box) && find(f, there, "b", box));
    removed(f, "b");
    ok(ct_tiles_refresh(f->tiles, NULL));
    assert_string_equal(here_1.etag, ask(f, "building", here).etag);
    assert_string_not_equal(there_1.etag, ask(f, "building", there).etag);
    assert_int_equal(ask(f, "building", there).length, 0);
}

static void cached_until_edited(void **state) {
    fixture *f = *state;
    ct_feature b = feature_of(f, "building", "b", square(f, 0, 0, 20));
    put(f, &b, 1);
    open_tiles(f);
    const ct_class *c = class_of(f, "building");
    const ct_tile tile = tile_at(10, 10, 17);
    const ct_tile_data *first, *second, *third;
    ok(ct_tiles_vector(&first, f->tiles, &c, 1, tile, false));
    ok(ct_tiles_vector(&second, f->tiles, &c, 1, tile, false));
    assert_ptr_equal(first, second);
    ok(ct_feature_set_text(&b, "name", "new"));
    replace(f, f->store, &b);
    ok(ct_tiles_refresh(f->tiles, NULL));
    ok(ct_tiles_vector(&third, f->tiles, &c, 1, tile, false));
    assert_ptr_not_equal(first, third);
    ct_tile_data_unref(first);
    ct_tile_data_unref(second);
    ct_tile_data_unref(third);
    // A tile that was not asked for yet shows a commit that nobody told of, under its own tag.
    const ct_tile other = tile_at(10, 10, 16);
    const answer before = ask(f, "building", other);
    ok(ct_feature_set_text(&b, "name", "newer"));
    replace(f, f->store, &b);
    const answer fresh = ask(f, "building", tile_at(10, 10, 15));
    const answer after = ask(f, "building", other); // and its look at the log counts for all
    assert_string_not_equal(before.etag, after.etag);
    ok(ct_tiles_refresh(f->tiles, NULL));
    assert_string_equal(fresh.etag, ask(f, "building", tile_at(10, 10, 15)).etag);
}

static void after_a_restart(void **state) {
    fixture *f = *state;
    ct_feature list[] = {feature_of(f, "building", "a", square(f, 0, 0, 20)),
                         feature_of(f, "building", "b", square(f, 2500, 0, 20)),
                         feature_of(f, "green", "g", square(f, 0, 0, 50))};
    put(f, list, 3);
    open_tiles(f);
    const ct_tile tile = tile_at(10, 10, 17);
    const answer building = ask(f, "building", tile), green = ask(f, "green", tile);
    ct_tiles_close(f->tiles);
    open_tiles(f);
    assert_string_equal(building.etag, ask(f, "building", tile).etag);
    assert_string_equal(green.etag, ask(f, "green", tile).etag);
    // Edited while the server was away.
    ct_tiles_close(f->tiles);
    ok(ct_feature_set_text(&list[0], "name", "new"));
    replace(f, f->store, &list[0]);
    open_tiles(f);
    assert_string_not_equal(building.etag, ask(f, "building", tile).etag);
    assert_string_equal(green.etag, ask(f, "green", tile).etag);
}

static void other_programs(void **state) {
    fixture *f = *state;
    ct_feature b = feature_of(f, "building", "b", square(f, 0, 0, 20));
    put(f, &b, 1);
    open_tiles(f);
    const ct_tile tile = tile_at(10, 10, 17);
    const answer before = ask(f, "building", tile);
    ct_store *other;
    ok(ct_store_open(&other, f->path, f->catalogue));
    ok(ct_feature_set_text(&b, "name", "from elsewhere"));
    replace(f, other, &b);
    ct_store_close(other);
    bool changed = false;
    ok(ct_tiles_refresh(f->tiles, &changed));
    assert_true(changed);
    assert_string_not_equal(before.etag, ask(f, "building", tile).etag);
}

static void bulk(void **state) { // more changes than are placed one by one: whole classes count
    enum { N = 20500 };
    fixture *f = *state;
    ct_feature list[] = {feature_of(f, "building", "far", square(f, 4000, 4000, 20)),
                         feature_of(f, "green", "g", square(f, 4000, 4000, 50))};
    put(f, list, 2);
    open_tiles(f);
    const ct_tile far_tile = tile_at(4010, 4010, 17), here = tile_at(10, 10, 17);
    const answer building = ask(f, "building", far_tile), green = ask(f, "green", far_tile),
                 at_home = ask(f, "building", here);
    ct_writer *w;
    ok(ct_store_writer(&w, f->store, "bulk"));
    ct_feature b = feature_of(f, "building", NULL, square(f, 0, 0, 20));
    for (int i = 0; i < N; i++) ok(ct_writer_add(w, &b, NULL));
    ok(ct_writer_commit(w, NULL));
    ok(ct_tiles_refresh(f->tiles, NULL));
    assert_string_not_equal(building.etag, ask(f, "building", far_tile).etag);
    assert_string_not_equal(at_home.etag, ask(f, "building", here).etag);
    assert_string_equal(green.etag, ask(f, "green", far_tile).etag);
}

// ---- threads
// -------------------------------------------------------------------------------------------------
// Whoever asks while others write: one tag, one content.
enum { THREADS = 4, ASKED = 120, EDITS = 40, ZOOMS = 5 };

typedef struct seen {
    char etag[40];
    ct_hash128 hash;
} seen;

typedef struct asker {
    const fixture *f;
    pthread_t thread;
    seen seen[ASKED];
} asker;

static void *ask_many(void *context) {
    asker *a = context;
    const ct_class *classes[2] = {class_of(a->f, "building"), class_of(a->f, "green")};
    for (uint32_t i = 0; i < ASKED; i++) {
        const ct_tile_data *d = NULL;
        const ct_tile tile = tile_at(10, 10, 13 + i % ZOOMS);
        ct_err err = ct_tiles_vector(&d, a->f->tiles, classes, 2, tile, false);
        if (err != CT_OK) continue; // counted below
        memcpy(a->seen[i].etag, d->etag, sizeof a->seen[i].etag);
        a->seen[i].hash = ct_hash_bytes(d->bytes, d->length);
        ct_tile_data_unref(d);
        bool changed;
        if (i % 7 == 0 && ct_tiles_refresh(a->f->tiles, &changed) != CT_OK) a->seen[i].etag[0] = 0;
    }
    return NULL;
}

static void one_tag_one_content(void **state) {
    fixture *f = *state;
    ct_feature b = feature_of(f, "building", "b", square(f, 0, 0, 20));
    put(f, &b, 1);
    ok(ct_tiles_open(&f->tiles, f->store, 4096)); // small: entries go all the time
    asker *askers = calloc(THREADS, sizeof *askers);
    for (int i = 0; i < THREADS; i++) {
        askers[i].f = f;
        assert_int_equal(pthread_create(&askers[i].thread, NULL, ask_many, &askers[i]), 0);
    }
    for (int i = 0; i < EDITS; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "name %d", i);
        ok(ct_feature_set_text(&b, "name", name));
        replace(f, f->store, &b);
        if (i % 3 == 0) ok(ct_tiles_refresh(f->tiles, NULL));
    }
    for (int i = 0; i < THREADS; i++) pthread_join(askers[i].thread, NULL);
    for (int i = 0; i < THREADS * ASKED; i++) {
        const seen *a = &askers[i / ASKED].seen[i % ASKED];
        assert_true(a->etag[0] == '"');
        for (int j = 0; j < i; j++) {
            const seen *c = &askers[j / ASKED].seen[j % ASKED];
            if (strcmp(a->etag, c->etag) != 0) continue;
            assert_true(a->hash.low == c->hash.low && a->hash.high == c->hash.high);
        }
    }
    free(askers);
    // What is served in the end is what is stored.
    ok(ct_tiles_refresh(f->tiles, NULL));
    const answer last = ask(f, "building", tile_at(10, 10, 15));
    ct_tiles_close(f->tiles);
    open_tiles(f);
    assert_true(last.hash.low == ask(f, "building", tile_at(10, 10, 15)).hash.low);
}

#define with_twin(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_twin(only_touched_tiles),
        with_twin(buffer_counts),
        with_twin(moved_and_removed),
        with_twin(cached_until_edited),
        with_twin(after_a_restart),
        with_twin(other_programs),
        with_twin(bulk),
        with_twin(one_tag_one_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
