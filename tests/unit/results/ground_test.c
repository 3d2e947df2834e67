// Heights of the ground at single places: between cells, over the edges of what is read at once, of
// rasters over each other, and where there is none.
#include "cmk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "results/ground.h"
#include "results/raster_file.h"

#define ok(expression) assert_string_equal(ct_err_name(expression), "OK")
#define CRS            "EPSG:4547"
#define EAST           500000.0
#define NORTH          3380000.0

static char g_folder[64];

static int set_up(void **state) {
    (void)state;
    (void)snprintf(g_folder, sizeof g_folder, "/tmp/ct-ground-XXXXXX");
    return mkdtemp(g_folder) ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    return ct_dir_remove(g_folder) == CT_OK ? 0 : -1;
}

static double plane(double x, double y) {
    return 0.01 * (x - EAST) + 0.02 * (y - NORTH);
}

// n by n cells of 1 m from the corner on, on the plane and `higher`; a hole of no data at its
// south-west cell.
static void put_raster(const char *name, uint32_t n, double west, double north, double higher) {
    char path[128];
    ct_grid grid;
    ok(ct_grid_new(&grid, n, n, west, north, 1, 0));
    for (uint32_t r = 0; r < n; r++)
        for (uint32_t c = 0; c < n; c++)
            grid.v[r * n + c] = (float)(plane(ct_grid_x(&grid, c), ct_grid_y(&grid, r)) + higher);
    grid.v[(n - 1) * n] = (float)NAN;
    (void)snprintf(path, sizeof path, "%s/%s", g_folder, name);
    ok(ct_raster_write(path, &grid, CRS, "ground", "m"));
    ct_grid_free(&grid);
}

static double height(ct_ground *ground, double x, double y) {
    double z = 77;
    ok(ct_ground_height(&z, ground, x, y));
    return z;
}

static void no_ground(void **state) {
    (void)state;
    ct_ground *ground = NULL;
    ok(ct_ground_open(&ground, g_folder, CRS));
    assert_true(isnan(height(ground, EAST, NORTH)));
    ct_ground_close(ground);
    ok(ct_ground_open(&ground, "/tmp/ct-nothing-is-here", CRS));
    assert_true(isnan(height(ground, EAST, NORTH)));
    ct_ground_close(ground);
}

static void heights_between_cells(void **state) {
    (void)state;
    ct_ground *ground = NULL;
    put_raster("a.tif", 1200, EAST, NORTH + 1200, 0);
    put_raster("b.tif", 50, EAST + 100, NORTH + 150, 5); // lies on top
    ok(ct_ground_open(&ground, g_folder, CRS));
    for (int i = 1; i < 1199; i += 7) { // across several of the squares that are read at once
        const double x = EAST + i + 0.3, y = NORTH + 1200 - i - 0.4;
        assert_near(height(ground, x, y), plane(x, y), 0.002);
    }
    assert_near(height(ground, EAST + 130, NORTH + 120), plane(EAST + 130, NORTH + 120) + 5, 0.002);
    assert_true(isnan(height(ground, EAST + 0.5, NORTH + 0.5))); // no data
    assert_true(isnan(height(ground, EAST - 1, NORTH + 50)));
    assert_true(isnan(height(ground, EAST + 5000, NORTH + 50)));
    ct_ground_close(ground);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_ground),
        cmocka_unit_test(heights_between_cells),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
