// Pictures of the ground: where they are, how light falls, finer ground than the memory holds,
// rasters that change, and everything with every allocation failing.
#include <pthread.h>

#include "base/hash.h"
#include "picture.h"
#include "results/raster_file.h"

static void write_raster(const fixture *f, const char *name, double x, double y, uint32_t side,
                         double cell_m, double (*height)(double x, double y)) {
    char path[320];
    (void)snprintf(path, sizeof path, "%s.d/terrain/%s", f->path, name);
    ct_grid g;
    ok(ct_grid_new(&g, side, side, EAST + x, NORTH + y, cell_m, NAN));
    for (uint32_t row = 0; row < side; row++)
        for (uint32_t column = 0; column < side; column++)
            g.v[(size_t)row * side + column] =
                (float)height(ct_grid_x(&g, column) - EAST, ct_grid_y(&g, row) - NORTH);
    ok(ct_raster_write(path, &g, CRS, "ground", "m"));
    ct_grid_free(&g);
}

static int setup(void **state) {
    fixture_setup(state);
    fixture *f = *state;
    char path[320];
    (void)snprintf(path, sizeof path, "%s.d/terrain", f->path);
    ok(ct_dir_make(path));
    ok(ct_tiles_open(&f->tiles, f->store, (size_t)4 << 20));
    return 0;
}

static double flat(double x, double y) {
    (void)x;
    (void)y;
    return 50;
}

static double roof(double x, double y) { // a ridge from south-west to north-east
    return 60 - fabs(x - y) * 0.3;
}

static double with_hole(double x, double y) {
    return fabs(x) < 30 && fabs(y) < 30 ? (double)NAN : 50 + 0.02 * x;
}

static picture ground(const fixture *f, ct_tile tile, char etag[40]) {
    const ct_tile_data *d;
    ok(ct_tiles_ground(&d, f->tiles, tile));
    assert_true(d->length > 0 && !d->gzipped);
    if (etag) memcpy(etag, d->etag, 40);
    picture p = picture_open(d->bytes, d->length);
    ct_tile_data_unref(d);
    assert_true(p.width == 256 && p.height == 256);
    return p;
}

static bool has_ground(const fixture *f, ct_tile tile) {
    const ct_tile_data *d;
    ok(ct_tiles_ground(&d, f->tiles, tile));
    const bool any = d->length > 0;
    assert_true(any == (d->bytes != NULL));
    ct_tile_data_unref(d);
    return any;
}

// The transform's rounding decides within this distance of a raster's side.
#define NEAR_SIDE_M 0.05

static void only_where_ground_is(void **state) {
    fixture *f = *state;
    assert_false(has_ground(f, tile_at(0, 0, 16))); // no raster at all
    write_raster(f, "a.tif", -200, 200, 400, 1, with_hole);
    for (uint32_t z = 15; z <= 19; z++) {
        const ct_tile tile = tile_at(0, 0, z);
        picture p = ground(f, tile, NULL);
        int in = 0, out = 0;
        for (uint32_t y = 0; y < 256; y += 3)
            for (uint32_t x = 0; x < 256; x += 3) {
                double place[2];
                pixel_place(place, tile, x, y);
                const double e = fabs(place[0] - EAST), n = fabs(place[1] - NORTH);
                const double to_side = fmin(fabs(fmax(e, n) - 200), fabs(fmax(e, n) - 30));
                // Coarser levels have cells of up to a pixel at the sides.
                if (to_side < NEAR_SIDE_M + ct_tile_pixel_m(z, 256)) continue;
                const bool inside = e < 200 && n < 200 && !(e < 30 && n < 30);
                assert_int_equal(picture_at(&p, x, y)[3], inside ? 255 : 0);
                in += inside;
                out += !inside;
            }
        assert_true(in > 500 && (out > 100 || z > 16));
        picture_close(&p);
    }
    assert_false(has_ground(f, tile_at(2000, 0, 17)));
    assert_false(has_ground(f, (ct_tile){17, 0, 0}));
    const ct_tile_data *d;
    fails(ct_tiles_ground(&d, f->tiles, (ct_tile){17, 1 << 17, 0}), "RANGE");
}

static int brightness(const picture *p, uint32_t x, uint32_t y) {
    const uint8_t *c = picture_at(p, x, y);
    return c[0] + c[1] + c[2];
}

static void light_from_the_north_west(void **state) {
    fixture *f = *state;
    write_raster(f, "a.tif", -200, 200, 400, 1, roof);
    const ct_tile tile = tile_at(0, 0, 17);
    picture p = ground(f, tile, NULL);
    int north_west = 0, south_east = 0;
    long sum_nw = 0, sum_se = 0;
    for (uint32_t y = 0; y < 256; y += 2)
        for (uint32_t x = 0; x < 256; x += 2) {
            double place[2];
            pixel_place(place, tile, x, y);
            const double e = place[0] - EAST, n = place[1] - NORTH;
            if (fabs(e) > 60 || fabs(n) > 60 || fabs(e - n) < 5 || fabs(e - n) > 20) continue;
            if (n > e) {
                sum_nw += brightness(&p, x, y);
                north_west++;
            } else {
                sum_se += brightness(&p, x, y);
                south_east++;
            }
        }
    assert_true(north_west > 50 && south_east > 50);
    assert_true(sum_nw / north_west > sum_se / south_east * 3 / 2);
    picture_close(&p);
}

static void flat_ground_is_even(void **state) { // and tiles have no seams
    fixture *f = *state;
    write_raster(f, "a.tif", -600, 600, 300, 4, flat);
    const ct_tile tile = tile_at(0, 0, 17);
    picture a = ground(f, tile, NULL), b = ground(f, (ct_tile){17, tile.x + 1, tile.y}, NULL);
    const int first = brightness(&a, 0, 0);
    for (uint32_t i = 0; i < 256 * 256; i++) {
        const uint32_t x = i % 256, y = i / 256;
        assert_in_range(brightness(&a, x, y), first - 30, first + 30);
        assert_in_range(brightness(&b, x, y), first - 30, first + 30);
    }
    picture_close(&a);
    picture_close(&b);
}

static void rasters_that_change(void **state) {
    fixture *f = *state;
    char first[40], same[40], second[40];
    const ct_tile tile = tile_at(0, 0, 17);
    write_raster(f, "a.tif", -200, 200, 400, 1, flat);
    picture p = ground(f, tile, first);
    picture_close(&p);
    p = ground(f, tile, same);
    assert_string_equal(first, same);
    const int before = brightness(&p, 128, 128);
    picture_close(&p);
    write_raster(f, "b.tif", -200, 200, 400, 1, roof); // lies on top
    p = ground(f, tile, second);
    assert_string_not_equal(first, second);
    int differ = 0;
    for (uint32_t i = 0; i < 256; i++) differ += brightness(&p, i, 128) != before;
    assert_true(differ > 30);
    picture_close(&p);
    ct_tiles_close(f->tiles); // the tag follows the data, not the process
    ok(ct_tiles_open(&f->tiles, f->store, 0));
    p = ground(f, tile, same);
    assert_string_equal(second, same);
    picture_close(&p);
}

// A raster of 1 m cells in a corner of 10 x 10 km: the memory holds 4 m cells, near views read the
// raster itself.
static double stripes(double x, double y) { // of 4 m: means over 4 m are flat
    (void)y;
    return 50 + 0.5 * (floor(x / 2) - 2 * floor(x / 4));
}

static int steps_in_row(const picture *p) {
    int steps = 0;
    for (uint32_t x = 1; x < 256; x++)
        steps += abs(brightness(p, x, 128) - brightness(p, x - 1, 128)) > 20;
    return steps;
}

static void finer_than_memory(void **state) {
    fixture *f = *state;
    write_raster(f, "a.tif", -5000, 5000, 200, 50, flat);
    write_raster(f, "b.tif", -200, 200, 400, 1, stripes);
    picture far_view = ground(f, tile_at(0, 0, 14), NULL),
            near_view = ground(f, tile_at(0, 0, 19), NULL);
    assert_true(steps_in_row(&near_view) > 20);
    assert_int_equal(picture_at(&far_view, 128, 128)[3], 255);
    picture_close(&far_view);
    picture_close(&near_view);
    near_view = ground(f, tile_at(3000, 3000, 19), NULL); // the coarse raster alone, near
    assert_int_equal(steps_in_row(&near_view), 0);
    assert_int_equal(picture_at(&near_view, 0, 255)[3], 255);
    picture_close(&near_view);
}

static void broken_raster(void **state) {
    fixture *f = *state;
    char path[320];
    (void)snprintf(path, sizeof path, "%s.d/terrain/broken.tif", f->path);
    ok(ct_file_write(path, "no raster", 9));
    const ct_tile_data *d = NULL;
    assert_int_not_equal(ct_tiles_ground(&d, f->tiles, tile_at(0, 0, 17)), CT_OK);
    assert_null(d);
    ok(ct_file_remove(path));
    write_raster(f, "a.tif", -200, 200, 400, 1, flat);
    assert_true(has_ground(f, tile_at(0, 0, 17)));
}

// ---- threads
// -------------------------------------------------------------------------------------------------
enum { THREADS = 4, ASKED = 40 };

typedef struct asker {
    const fixture *f;
    pthread_t thread;
    struct {
        char etag[40];
        ct_hash128 hash;
    } seen[ASKED];
} asker;

static void *ask_many(void *context) {
    asker *a = context;
    for (uint32_t i = 0; i < ASKED; i++) {
        const ct_tile_data *d;
        if (ct_tiles_ground(&d, a->f->tiles, tile_at(0, 0, 15 + i % 4)) != CT_OK) continue;
        memcpy(a->seen[i].etag, d->etag, sizeof a->seen[i].etag);
        a->seen[i].hash = ct_hash_bytes(d->bytes, d->length);
        ct_tile_data_unref(d);
    }
    return NULL;
}

// Many ask while a raster is replaced: one tag, one picture.
static void many_ask(void **state) {
    fixture *f = *state;
    write_raster(f, "a.tif", -200, 200, 100, 4, flat);
    asker *askers = calloc(THREADS, sizeof *askers);
    for (int i = 0; i < THREADS; i++) {
        askers[i].f = f;
        assert_int_equal(pthread_create(&askers[i].thread, NULL, ask_many, &askers[i]), 0);
    }
    write_raster(f, "b.tif", -200, 200, 100, 4, roof);
    for (int i = 0; i < THREADS; i++) pthread_join(askers[i].thread, NULL);
    for (int i = 0; i < THREADS * ASKED; i++)
        for (int j = 0; j <= i; j++) {
            const asker *a = &askers[i / ASKED], *b = &askers[j / ASKED];
            const int k = i % ASKED, m = j % ASKED;
            assert_true(a->seen[k].etag[0] == '"');
            if (strcmp(a->seen[k].etag, b->seen[m].etag) == 0)
                assert_true(a->seen[k].hash.low == b->seen[m].hash.low);
        }
    free(askers);
}

// ---- every allocation failing
// --------------------------------------------------------------------------------
typedef struct work {
    ct_store *store;
    const ct_class *classes[3];
    ct_tile tile;
    bool ground;
} work;

static ct_err answer_once(void *context) {
    const work *w = context;
    ct_tiles *tiles;
    const ct_tile_data *d;
    CT_TRY(ct_tiles_open(&tiles, w->store, 1 << 20));
    ct_err err = w->ground ? ct_tiles_ground(&d, tiles, w->tile)
                           : ct_tiles_vector(&d, tiles, w->classes, 3, w->tile, false);
    if (err == CT_OK) ct_tile_data_unref(d);
    ct_tiles_close(tiles);
    return err;
}

static void without_memory(void **state) {
    fixture *f = *state;
    const double line[3][2] = {{0, 0}, {40, 10}, {3000, 0}}, at[1][2] = {{20, 20}};
    const double cross[4][2] = {{0, 0}, {30, 30}, {30, 0}, {0, 31}};
    ct_feature list[] = {
        feature_of(f, "building", "b-1", square(f, 0, 0, 30)),
        feature_of(f, "building", "b-2", square(f, -50, 0, 3000)),
        feature_of(f, "building", "b-3", geom_of(f, CT_GEOM_POLYGON, cross, 4)), // is repaired
        feature_of(f, "road", "r-1", geom_of(f, CT_GEOM_LINESTRING, line, 3)),
        feature_of(f, "device", "d-1", geom_of(f, CT_GEOM_POINT, at, 1)),
    };
    put(f, list, sizeof list / sizeof *list);
    write_raster(f, "a.tif", -200, 200, 100, 4, roof);
    work w = {f->store,
              {class_of(f, "building"), class_of(f, "road"), class_of(f, "device")},
              tile_at(0, 0, 16),
              false};
    ok(answer_once(&w));
    assert_true(fail_each(answer_once, &w) > 20);
    w.ground = true;
    ok(answer_once(&w));
    assert_true(fail_each(answer_once, &w) > 20);
}

#define with_twin(test) cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_twin(only_where_ground_is),
        with_twin(light_from_the_north_west),
        with_twin(flat_ground_is_even),
        with_twin(rasters_that_change),
        with_twin(finer_than_memory),
        with_twin(broken_raster),
        with_twin(many_ask),
        with_twin(without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
