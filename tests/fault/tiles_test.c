// Every allocation of vector tiles fails once, ours and SQLite's, and every read of the disk: the
// tile is right or refused, nothing leaks, and no failure makes an edit be missed. Pictures of the
// ground and of results: unit/tiles.
#include "../unit/tiles/fixture.h"

#include "doors.h"

#define TILE_MAX  ((size_t)1 << 20)
#define LIVE_MORE 64 // blocks: a tile more may be kept, statements of a new connection

typedef struct world {
    fixture *f;
    const ct_class *classes[3];
    ct_tile tile;
    int round; // makes each edit its own
} world;

// The tile as it must be, made past the cache.
static void expect_fresh(const world *w) {
    ct_reader *reader = NULL;
    const ct_tile_data *data = NULL;
    ct_buf direct, kept;
    ct_buf_init(&direct, TILE_MAX);
    ct_buf_init(&kept, TILE_MAX);
    ok(ct_store_reader(&reader, w->f->store));
    ok(ct_mvt_encode(&direct, reader, w->f->store, w->classes, 3, w->tile));
    ct_reader_release(reader);
    ok(ct_tiles_refresh(w->f->tiles, NULL)); // the next look finds all
    ok(ct_tiles_vector(&data, w->f->tiles, w->classes, 3, w->tile, false));
    ok(ct_gunzip(&kept, data->bytes, data->length, TILE_MAX));
    ct_tile_data_unref(data);
    assert_true(direct.len > 100);
    assert_int_equal(direct.len, kept.len);
    assert_memory_equal(direct.data, kept.data, kept.len);
    ct_buf_fini(&direct);
    ct_buf_fini(&kept);
}

static bool try_once(world *w, void (*prepare)(world *w), ct_err (*work)(world *w), door which,
                     long n) {
    if (prepare) prepare(w);
    const long live = ct_mem_live();
    arm(which, n);
    const ct_err err = work(w);
    const bool failed = met(which);
    arm(which, 0);
    const bool kind = which == READS ? err == CT_IO || err == CT_CORRUPT : err == CT_NOMEM;
    if (err != CT_OK && (!failed || !kind || !*ct_err_message()))
        fail_msg("call %ld: %s: %s", n, ct_err_name(err), ct_err_message());
    if (which == OURS && ct_mem_live() > live + LIVE_MORE)
        fail_msg("allocation %ld failed: %ld blocks leaked", n, ct_mem_live() - live);
    expect_fresh(w);
    return failed;
}

static void sweep(world *w, void (*prepare)(world *w), ct_err (*work)(world *w)) {
    static const char *const names[] = {"our allocations", "SQLite's", "reads"};
    for (door which = OURS; which <= READS; ++which) {
        long n = 1, tries = 0;
        ok(work(w)); // what is made once and kept
        for (; try_once(w, prepare, work, which, n); n += n < 40 ? 1 : n / 4) ++tries;
        print_message("%-15s %3ld failed, up to %ld\n", names[which], tries, n - 1);
        assert_true(tries > 0 || which == READS);
    }
}

// ---- works --------------------------------------------------------------------------------------
static ct_err open_and_draw(world *w) {
    ct_tiles *tiles = NULL;
    const ct_tile_data *data = NULL;
    CT_TRY(ct_tiles_open(&tiles, w->f->store, TILE_MAX));
    ct_err err = ct_tiles_vector(&data, tiles, w->classes, 3, w->tile, false);
    assert_int_equal(data != NULL, err == CT_OK);
    ct_tile_data_unref(data);
    data = NULL;
    if (err == CT_OK) err = ct_tiles_vector(&data, tiles, w->classes, 3, w->tile, true);
    ct_tile_data_unref(data);
    ct_tiles_close(tiles);
    return err;
}

// What the look at the log then meets.
static void edit(world *w) {
    char id[32];
    (void)snprintf(id, sizeof id, "e-%d", ++w->round);
    ct_feature made =
        feature_of(w->f, "building", id, square(w->f, w->round % 20, w->round / 20.0, 0.6));
    (void)put(w->f, &made, 1);
}
static ct_err look(world *w) {
    return ct_tiles_refresh(w->f->tiles, NULL);
}
static ct_err draw(world *w) {
    const ct_tile_data *data = NULL;
    CT_TRY(look(w));
    const ct_err err = ct_tiles_vector(&data, w->f->tiles, w->classes, 3, w->tile, false);
    ct_tile_data_unref(data);
    return err;
}

static void test_open(void **state) {
    sweep(*state, NULL, open_and_draw);
}
static void test_draw(void **state) {
    sweep(*state, edit, draw);
}
static void test_look(void **state) {
    sweep(*state, edit, look);
}

// ---- set-up -------------------------------------------------------------------------------------
static int setup(void **state) {
    world *w = calloc(1, sizeof *w);
    void *inner = NULL;
    assert_non_null(w);
    fixture_setup(&inner);
    fixture *f = w->f = inner;
    w->classes[0] = class_of(f, "building");
    w->classes[1] = class_of(f, "road");
    w->classes[2] = class_of(f, "hydrant");
    w->tile = tile_at(0, 0, 18);
    const double bow[4][2] = {{0, 0}, {9, 9}, {9, 0}, {0, 7}}; // crosses itself: is repaired
    const double way[3][2] = {{-5, 1}, {4, 3}, {20, -2}}, place[1][2] = {{2, 2}};
    ct_feature all[] = {
        feature_of(f, "building", "b-1", square(f, 1, 1, 5)),
        feature_of(f, "building", "b-2", geom_of(f, CT_GEOM_POLYGON, bow, 4)),
        feature_of(f, "road", "r-1", geom_of(f, CT_GEOM_LINESTRING, way, 3)),
        feature_of(f, "hydrant", "h-1", geom_of(f, CT_GEOM_POINT, place, 1)),
    };
    (void)put(f, all, sizeof all / sizeof *all);
    ok(ct_tiles_open(&f->tiles, f->store, TILE_MAX));
    *state = w;
    return 0;
}

static int teardown(void **state) {
    world *w = *state;
    void *inner = w->f;
    for (door which = OURS; which <= READS; ++which) arm(which, 0);
    fixture_teardown(&inner);
    free(w);
    return 0;
}

int main(int argc, char **argv) {
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {T(test_open), T(test_draw), T(test_look)};
    sqlite_memory_install();
    shim_install();
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
