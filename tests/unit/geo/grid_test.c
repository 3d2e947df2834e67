// Grids: storage, reading, resampling, hill shading.
#include "geo_fixture.h"

#include "base/mem.h"
#include "geo/grid.h"

static ct_grid grid_of(uint32_t nx, uint32_t ny, double cell_m) {
    ct_grid grid;
    assert_ok(ct_grid_new(&grid, nx, ny, 500000, 3320000, cell_m, 0));
    return grid;
}

// A tilted plane: 1 + 2 east + 3 north, in a hundredth of a metre.
static float plane(const ct_grid *grid, double x, double y) {
    (void)grid;
    return (float)(1 + 0.02 * (x - 500000) + 0.03 * (y - 3320000));
}

static void fill_plane(ct_grid *grid) {
    for (uint32_t r = 0; r < grid->ny; r++)
        for (uint32_t c = 0; c < grid->nx; c++)
            grid->v[r * grid->nx + c] = plane(grid, ct_grid_x(grid, c), ct_grid_y(grid, r));
}

static void storage_and_refusals(void **state) {
    (void)state;
    ct_grid grid;
    assert_ok(ct_grid_new(&grid, 3, 2, 10, 20, 0.5, 7));
    for (int i = 0; i < 6; i++) assert_near((double)grid.v[i], 7, 0);
    const ct_bbox box = ct_grid_bbox(&grid);
    assert_true(box.min_x == 10 && box.max_x == 11.5 && box.min_y == 19 && box.max_y == 20);
    ct_grid_free(&grid);
    assert_null(grid.v);
    const ct_grid before = grid;
    assert_int_equal(ct_grid_new(&grid, 0, 2, 0, 0, 1, 0), CT_ARG);
    assert_int_equal(ct_grid_new(&grid, 2, 2, 0, 0, 0, 0), CT_ARG);
    assert_int_equal(ct_grid_new(&grid, 2, 2, 0, 0, nan(""), 0), CT_ARG);
    assert_int_equal(ct_grid_new(&grid, 2, 2, HUGE_VAL, 0, 1, 0), CT_ARG);
    assert_int_equal(ct_grid_new(&grid, 65536, 32769, 0, 0, 1, 0), CT_LIMIT);
    assert_int_equal(ct_grid_new(&grid, UINT32_MAX, UINT32_MAX, 0, 0, 1, 0), CT_LIMIT);
    assert_memory_equal(&grid, &before, sizeof grid);
}

static void row_0_is_north(void **state) {
    (void)state;
    ct_grid grid = grid_of(2, 2, 10);
    const float v[] = {1, 2, 3, 4};
    memcpy(grid.v, v, sizeof v);
    assert_near((double)ct_grid_nearest(&grid, 500001, 3319999), 1, 0);
    assert_near((double)ct_grid_nearest(&grid, 500019, 3319981), 4, 0);
    assert_near((double)ct_grid_nearest(&grid, 500020, 3319980), 4, 0); // the rim belongs to it
    assert_true(isnan(ct_grid_nearest(&grid, 499999, 3319999)));
    assert_true(isnan(ct_grid_nearest(&grid, 500001, 3320001)));
    assert_true(isnan(ct_grid_nearest(&grid, 500021, 3319999)));
    assert_true(isnan(ct_grid_nearest(&grid, nan(""), 3319999)));
    assert_near((double)ct_grid_bilinear(&grid, 500010, 3319990), 2.5, 1e-6);
    assert_near((double)ct_grid_bilinear(&grid, 500005, 3319990), 2, 1e-6);
    assert_near((double)ct_grid_bilinear(&grid, 500000, 3320000), 1, 0); // beyond the centres
    assert_true(isnan(ct_grid_bilinear(&grid, 500030, 3319990)));
    grid.v[3] = nanf("");
    assert_true(isnan(ct_grid_bilinear(&grid, 500010, 3319990)));
    assert_near((double)ct_grid_bilinear(&grid, 500010, 3319995), 1.5, 1e-6); // without its weight
    ct_grid_free(&grid);
}

static void bilinear_is_exact_on_planes(void **state) {
    (void)state;
    dice d = {.seed = 5};
    ct_grid grid = grid_of(40, 30, 2);
    fill_plane(&grid);
    for (int i = 0; i < 1000; i++) {
        const double x = dice_range(&d, 500001, 500079), y = dice_range(&d, 3319941, 3319999);
        assert_near((double)ct_grid_bilinear(&grid, x, y), (double)plane(&grid, x, y), 1e-5);
    }
    ct_grid_free(&grid);
}

static void resampling_to_itself_changes_no_bit(void **state) {
    (void)state;
    dice d = {.seed = 6};
    ct_grid grid = grid_of(37, 23, 0.7), same;
    for (int i = 0; i < 37 * 23; i++)
        grid.v[i] = i % 11 ? (float)dice_range(&d, -5, 9000) : nanf("");
    assert_ok(ct_grid_resample(&same, &grid, 37, 23, 500000, 3320000, 0.7));
    for (int i = 0; i < 37 * 23; i++)
        assert_true(isnan(grid.v[i]) ? isnan(same.v[i]) : same.v[i] == grid.v[i]);
    ct_grid_free(&same);
    ct_grid_free(&grid);
}

static void coarsening_is_the_mean_of_what_is_known(void **state) {
    (void)state;
    ct_grid grid = grid_of(4, 4, 1), out;
    for (int i = 0; i < 16; i++) grid.v[i] = (float)i;
    grid.v[3] = nanf("");
    grid.v[10] = grid.v[11] = grid.v[14] = grid.v[15] = nanf("");
    assert_ok(ct_grid_resample(&out, &grid, 3, 2, 500000, 3320000, 2));
    assert_near((double)out.v[0], (0 + 1 + 4 + 5) / 4.0, 1e-6);
    assert_near((double)out.v[1], (2 + 6 + 7) / 3.0, 1e-6);
    assert_true(isnan(out.v[2])); // beyond the source
    assert_near((double)out.v[3], (8 + 9 + 12 + 13) / 4.0, 1e-6);
    assert_true(isnan(out.v[4])); // nothing known
    ct_grid_free(&out);
    // Parts of cells count by their area: 1.5 cells wide from the corner.
    assert_ok(ct_grid_resample(&out, &grid, 1, 1, 500000, 3320000, 1.5));
    assert_near((double)out.v[0], (0 + 0.5 * 1 + 0.5 * 4 + 0.25 * 5) / 2.25, 1e-6);
    ct_grid_free(&out);
    ct_grid_free(&grid);
}

// Volume is kept when the coarse cells tile the fine ones; a plane stays a plane both ways.
static void resampling_keeps_volume_and_planes(void **state) {
    (void)state;
    dice d = {.seed = 7};
    ct_grid grid = grid_of(60, 45, 1), out;
    double before = 0, after = 0;
    for (int i = 0; i < 60 * 45; i++) before += (double)(grid.v[i] = (float)dice_range(&d, 0, 100));
    assert_ok(ct_grid_resample(&out, &grid, 24, 18, 500000, 3320000, 2.5));
    for (int i = 0; i < 24 * 18; i++) after += (double)out.v[i] * 6.25;
    assert_near(after / before, 1, 1e-6);
    ct_grid_free(&out);
    fill_plane(&grid);
    static const double sizes[] = {0.4, 1, 1.7, 4};
    // A mean of parts of cells takes a cell's value for its part: off by a quarter of a cell at
    // most.
    static const double tolerance[] = {1e-5, 1e-5, 0.0125, 0.0125};
    for (size_t k = 0; k < 4; k++) {
        assert_ok(ct_grid_resample(&out, &grid, 9, 9, 500010.3, 3319990.9, sizes[k]));
        for (uint32_t r = 0; r < 9; r++)
            for (uint32_t c = 0; c < 9; c++)
                if (ct_grid_y(&out, r) > 3319956 + sizes[k])
                    assert_near((double)out.v[r * 9 + c],
                                (double)plane(&out, ct_grid_x(&out, c), ct_grid_y(&out, r)),
                                tolerance[k]);
        ct_grid_free(&out);
    }
    const ct_grid untouched = {.nx = 5};
    out = untouched;
    assert_int_equal(ct_grid_resample(&out, &grid, 9, 9, 0, 0, -1), CT_ARG);
    assert_memory_equal(&out, &untouched, sizeof out);
    ct_grid_free(&grid);
}

static void flat_ground_shows_the_height_of_the_sun(void **state) {
    (void)state;
    ct_grid grid = grid_of(5, 5, 1);
    uint8_t shade[25];
    static const double altitudes[] = {0, 30, 45, 90};
    for (size_t k = 0; k < 4; k++) {
        ct_grid_hillshade(shade, &grid, 315, altitudes[k], 1);
        for (int i = 0; i < 25; i++)
            assert_near(shade[i], 255 * sin(altitudes[k] * M_PI / 180), 0.51);
    }
    ct_grid_free(&grid);
}

// Lambert's law on the plane's own normal, inside the rim.
static void slopes_follow_lambert(void **state) {
    (void)state;
    ct_grid grid = grid_of(9, 9, 2);
    fill_plane(&grid);
    uint8_t shade[81];
    static const double suns[][3] = {
        {315, 45, 1}, {90, 30, 10}, {180, 60, 20}, {10, 5, 30}, {225, 20, 40}};
    for (size_t k = 0; k < 5; k++) {
        const double azimuth = suns[k][0] * M_PI / 180, altitude = suns[k][1] * M_PI / 180;
        const double nx = -0.02 * suns[k][2], ny = -0.03 * suns[k][2];
        const double light = (nx * sin(azimuth) * cos(altitude) +
                              ny * cos(azimuth) * cos(altitude) + sin(altitude)) /
                             sqrt(nx * nx + ny * ny + 1);
        ct_grid_hillshade(shade, &grid, suns[k][0], suns[k][1], suns[k][2]);
        for (int r = 1; r < 8; r++)
            for (int c = 1; c < 8; c++)
                assert_near(shade[9 * r + c], light > 0 ? 255 * light : 0, 0.6);
    }
    ct_grid_free(&grid);
}

static void no_data_is_dark_and_does_not_spread(void **state) {
    (void)state;
    ct_grid grid = grid_of(5, 5, 1);
    uint8_t shade[25];
    grid.v[12] = nanf("");
    ct_grid_hillshade(shade, &grid, 315, 45, 1);
    for (int i = 0; i < 25; i++) assert_int_equal(shade[i], i == 12 ? 0 : 180);
    ct_grid_free(&grid);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(storage_and_refusals),
        cmocka_unit_test(row_0_is_north),
        cmocka_unit_test(bilinear_is_exact_on_planes),
        cmocka_unit_test(resampling_to_itself_changes_no_bit),
        cmocka_unit_test(coarsening_is_the_mean_of_what_is_known),
        cmocka_unit_test(resampling_keeps_volume_and_planes),
        cmocka_unit_test(flat_ground_shows_the_height_of_the_sun),
        cmocka_unit_test(slopes_follow_lambert),
        cmocka_unit_test(no_data_is_dark_and_does_not_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
