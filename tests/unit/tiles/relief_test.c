// The ground as 3D tiles: levels, errors that are the truth, skirts, holes.
#include "results/raster_file.h"
#include "three_d.h"
#include "tiles/three_d/relief.h"

static ct_grid grid_of(uint32_t nx, uint32_t ny, double (*height)(double column, double row)) {
    ct_grid g;
    ok(ct_grid_new(&g, nx, ny, EAST, NORTH, 1, NAN));
    for (uint32_t row = 0; row < ny; row++)
        for (uint32_t column = 0; column < nx; column++)
            g.v[(size_t)row * nx + column] = (float)height(column, row);
    return g;
}

static double slope(double column, double row) {
    return 10 + 0.1 * column - 0.05 * row;
}

static double bump(double column, double row) { // one cell, on no coarser level's grid
    (void)row;
    return column == 33 && row == 17 ? 12 : 10; // NOLINT: whole numbers
}

static double hole(double column, double row) {
    return column > 20 && column < 40 && row > 20 && row < 40 ? (double)NAN : 10 + 0.01 * column;
}

static ct_buf tile(const ct_tiles__relief *r, const char *path, size_t *triangles) {
    ct_tiles__relief_file f;
    ct_buf out;
    ct_buf_init(&out, 1 << 24);
    ok(ct_tiles__relief_find(&f, r, path));
    ok(ct_tiles__relief_write(&out, r, &f, false, triangles));
    return out;
}

static void levels(void **state) {
    (void)state;
    ct_grid g = grid_of(200, 129, slope);
    ct_tiles__relief *r;
    size_t triangles;
    ok(ct_tiles__relief_make(&r, &g, CRS));
    assert_int_equal(r->n_levels, 3); // 64, 128, 256 cells
    assert_true(r->nx[2] == 4 && r->ny[2] == 2 && r->nx[0] == 1 && r->ny[0] == 1);
    assert_true(r->patches[0][0].error_m < 1e-4F); // a plane is a plane on every level
    ct_buf out = tile(r, "tiles/2/1/0.glb", &triangles);
    assert_int_equal(triangles, 2 * 64 * 64 + 4 * 64 * 2); // and skirts
    ct_buf_fini(&out);
    out = tile(r, "tiles/2/3/1.glb", &triangles); // the last column has 199 - 192 cells
    assert_int_equal(triangles, 2 * 7 * 64 + 2 * (7 + 64) * 2);
    ct_buf_fini(&out);
    ct_tiles__relief_file f;
    static const char *const none[] = {"",
                                       "tiles/3/0/0.glb",
                                       "tiles/2/4/0.glb",
                                       "tiles/2/0/2.glb",
                                       "tiles/1/0/0.json",
                                       "branches/1/0/0.json",
                                       "tiles/1/0/0"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        fails(ct_tiles__relief_find(&f, r, none[i]), "NOTFOUND");
    ct_tiles__relief_free(r);
    ct_grid_free(&g);
}

static void true_errors(void **state) {
    (void)state;
    ct_grid g = grid_of(129, 129, bump);
    ct_tiles__relief *r;
    ok(ct_tiles__relief_make(&r, &g, CRS));
    assert_int_equal(r->n_levels, 2);
    assert_near((double)r->patches[0][0].error_m, 2, 1e-6); // the bump is left out
    assert_near((double)r->patches[1][0].error_m, 0, 1e-9);
    assert_near((double)r->patches[0][0].high_m, 12, 1e-6);
    ct_tiles__relief_free(r);
    ct_grid_free(&g);
}

static void holes(void **state) {
    (void)state;
    ct_grid g = grid_of(129, 65, hole);
    ct_tiles__relief *r;
    size_t triangles;
    ok(ct_tiles__relief_make(&r, &g, CRS));
    ct_buf out = tile(r, "tiles/1/0/0.glb", &triangles);
    // 19 cells a side are unknown: squares that touch one of them, 20 a side, are not drawn.
    assert_int_equal(triangles, 2 * (64 * 64 - 20 * 20) + 4 * 64 * 2);
    ct_buf_fini(&out);
    assert_true(r->patches[0][0].error_m > 0.1F); // the coarse level leaves more of it open
    ct_tiles__relief_free(r);
    ct_grid_free(&g);
}

static void no_ground(void **state) {
    (void)state;
    ct_tiles__relief *r;
    ok(ct_tiles__relief_make(&r, NULL, CRS));
    ct_buf out = tile(r, "tileset.json", NULL);
    assert_null(strstr(out.data, "content"));
    ct_buf_fini(&out);
    ct_tiles__relief_free(r);
}

static void served(void **state) {
    fixture *f = *state;
    char path[320];
    const ct_tile_data *a, *b;
    (void)snprintf(path, sizeof path, "%s.d/terrain", f->path);
    ok(ct_dir_make(path));
    (void)snprintf(path, sizeof path, "%s.d/terrain/a.tif", f->path);
    ct_grid g = grid_of(100, 100, slope);
    ok(ct_raster_write(path, &g, CRS, "ground", "m"));
    ct_grid_free(&g);
    ok(ct_tiles_open(&f->tiles, f->store, 1 << 20));
    ok(ct_tiles_terrain3d(&a, f->tiles, "tileset.json"));
    ok(ct_tiles_terrain3d(&b, f->tiles, "tileset.json"));
    assert_ptr_equal(a, b); // kept
    ct_tile_data_unref(b);
    ok(ct_tiles_terrain3d(&b, f->tiles, "tiles/1/0/0.glb"));
    assert_string_not_equal(a->etag, b->etag);
    ct_tile_data_unref(a);
    ct_tile_data_unref(b);
    fails(ct_tiles_terrain3d(&a, f->tiles, "tiles/5/0/0.glb"), "NOTFOUND");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels), cmocka_unit_test(true_errors), cmocka_unit_test(holes),
        cmocka_unit_test(no_ground),
        cmocka_unit_test_setup_teardown(served, fixture_setup, fixture_teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
