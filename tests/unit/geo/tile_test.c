// Tile arithmetic and the polynomial stand-in of a transform.
#include "geo_fixture.h"

#include "geo/tile.h"

static void the_world_is_one_tile(void **state) {
    (void)state;
    const ct_bbox world = ct_tile_bounds_mercator((ct_tile){0, 0, 0});
    assert_true(world.min_x == -CT_MERCATOR_HALF && world.max_x == CT_MERCATOR_HALF);
    assert_true(world.min_y == -CT_MERCATOR_HALF && world.max_y == CT_MERCATOR_HALF);
    // OGC 17-083r4 annex D.1: cell size 156543.03392804097 at zoom 0.
    assert_near(ct_tile_pixel_m(0, 256), 156543.03392804097, 1e-9);
    assert_near(ct_tile_pixel_m(24, 256), 0.009330692, 1e-9);
}

static void only_tiles_of_the_set_are_ok(void **state) {
    (void)state;
    assert_true(ct_tile_ok((ct_tile){0, 0, 0}));
    assert_false(ct_tile_ok((ct_tile){0, 1, 0}));
    assert_true(ct_tile_ok((ct_tile){24, (1U << 24) - 1, (1U << 24) - 1}));
    assert_false(ct_tile_ok((ct_tile){24, 1U << 24, 0}));
    assert_false(ct_tile_ok((ct_tile){25, 0, 0}));
    assert_false(ct_tile_ok((ct_tile){4000000000U, 0, 0}));
}

static void neighbours_meet_to_the_bit(void **state) {
    (void)state;
    dice d = {.seed = 31};
    print_message("seed %llu\n", (unsigned long long)d.seed);
    for (int i = 0; i < 10000; i++) {
        const uint32_t z = (uint32_t)dice_int(&d, 1, CT_TILE_MAX_ZOOM);
        const ct_tile tile = {z, (uint32_t)dice_int(&d, 0, (1 << z) - 2),
                              (uint32_t)dice_int(&d, 0, (1 << z) - 2)};
        const ct_bbox own = ct_tile_bounds_mercator(tile);
        const ct_bbox east = ct_tile_bounds_mercator((ct_tile){z, tile.x + 1, tile.y});
        const ct_bbox south = ct_tile_bounds_mercator((ct_tile){z, tile.x, tile.y + 1});
        assert_true(own.max_x == east.min_x && own.min_y == south.max_y);
        uint32_t x0, y0, x1, y1;
        const double e = ct_tile_pixel_m(z, 4096);
        const ct_bbox inner = {own.min_x + e, own.min_y + e, own.max_x - e, own.max_y - e};
        ct_tile_range(z, &inner, &x0, &y0, &x1, &y1);
        assert_true(x0 == tile.x && x1 == tile.x && y0 == tile.y && y1 == tile.y);
        const ct_bbox wider = {inner.min_x, inner.min_y - 2 * e, inner.max_x + 2 * e, inner.max_y};
        ct_tile_range(z, &wider, &x0, &y0, &x1, &y1);
        assert_true(x0 == tile.x && x1 == tile.x + 1 && y0 == tile.y && y1 == tile.y + 1);
    }
}

static void ranges_stay_in_the_world(void **state) {
    (void)state;
    uint32_t x0, y0, x1, y1;
    ct_tile_range(3, &(ct_bbox){-1e300, -1e300, 1e300, 1e300}, &x0, &y0, &x1, &y1);
    assert_true(x0 == 0 && y0 == 0 && x1 == 7 && y1 == 7);
    ct_tile_range(3, &(ct_bbox){nan(""), nan(""), nan(""), nan("")}, &x0, &y0, &x1, &y1);
    assert_true(x0 == 0 && y0 == 0 && x1 == 0 && y1 == 0);
}

static void the_fit_keeps_its_promise(void **state) {
    (void)state;
    dice d = {.seed = 8};
    print_message("seed %llu\n", (unsigned long long)d.seed);
    ct_transform *t = NULL;
    assert_ok(ct_transform_get(&t, "EPSG:4547", "EPSG:3857"));
    for (double side_m = 100; side_m <= 20000; side_m *= 2) {
        const double x = dice_range(&d, 400000, 580000), y = dice_range(&d, 2300000, 4000000);
        const ct_bbox box = {x, y, x + side_m, y + side_m / 2};
        ct_fit fit;
        assert_ok(ct_fit_make(&fit, t, &box, 0.01));
        for (int i = 0; i < 500; i++) {
            double p[2] = {dice_range(&d, box.min_x, box.max_x),
                           dice_range(&d, box.min_y, box.max_y)};
            double fx = 0, fy = 0;
            ct_fit_apply(&fit, p[0], p[1], &fx, &fy);
            assert_ok(ct_transform_points(t, p, 1, 2));
            assert_near(hypot(fx - p[0], fy - p[1]), 0, fit.max_error * 1.05 + 1e-8);
        }
        if (side_m <= 1600) assert_true(fit.max_error < 1e-5);
    }
}

static void a_bad_fit_is_refused(void **state) {
    (void)state;
    ct_transform *t = NULL;
    assert_ok(ct_transform_get(&t, "OGC:CRS84", "EPSG:4547"));
    ct_fit fit = {.max_error = 42};
    assert_int_equal(ct_fit_make(&fit, t, &(ct_bbox){110, 20, 118, 40}, 0.001), CT_RANGE);
    assert_int_equal(ct_fit_make(&fit, t, &(ct_bbox){1, 1, 0, 0}, 1), CT_ARG);
    assert_int_equal(ct_fit_make(&fit, t, &(ct_bbox){0, 0, HUGE_VAL, 1}, 1), CT_ARG);
    assert_int_equal(ct_fit_make(&fit, t, &(ct_bbox){110, 80, 118, 100}, 1), CT_CRS);
    assert_true(fit.max_error == 42);
    // A box of one point has a fit all the same.
    assert_ok(ct_fit_make(&fit, t, &(ct_bbox){114, 30, 114, 30}, 1e-6));
    double x = 0, y = 0;
    ct_fit_apply(&fit, 114, 30, &x, &y);
    assert_near(x, 500000, 1e-6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_world_is_one_tile),
        cmocka_unit_test(only_tiles_of_the_set_are_ok),
        cmocka_unit_test(neighbours_meet_to_the_bit),
        cmocka_unit_test(ranges_stay_in_the_world),
        cmocka_unit_test(the_fit_keeps_its_promise),
        cmocka_unit_test(a_bad_fit_is_refused),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    ct_geo_thread_end();
    return failed;
}
