// Sections and clips by planes.
#include "mesh_fixture.h"

#include "geo/geos.h"
#include "geo/mesh_section.h"

static ct_geom section_at(ct_arena *arena, const ct_mesh *mesh, double h) {
    ct_geom g;
    uint32_t n_open = 99;
    assert_ok(ct_mesh_section_at(&g, &n_open, arena, mesh, h));
    assert_int_equal(n_open, 0);
    assert_ok(ct_geos_check(&g));
    return g;
}

static void boxes_give_their_plan(void **state) {
    const ct_mesh box = box_of(*state, 0, 0, 0, 2, 3, 4);
    // The cut is made just above: at the bottom it is there, at the top no more.
    const struct {
        double h, area;
    } cases[] = {{-1e-9, 0}, {0, 6}, {2, 6}, {3.9999, 6}, {4, 0}, {5, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const ct_geom g = section_at(*state, &box, cases[i].h);
        assert_near(ct_geom_area_m2(&g), cases[i].area, 1e-12);
        assert_int_equal(g.n_points, cases[i].area > 0 ? 5 : 0); // no points on straight lines
    }
}

static void tilted_planes_measure_in_their_own_frame(void **state) {
    const ct_mesh box = box_of(*state, -1, -1, -1, 1, 1, 1);
    // Through the middle, across a corner: a regular hexagon of edge sqrt(2).
    const ct_affine frame = ct_affine_frame((const double[3]){0, 0, 0}, (const double[3]){1, 1, 1},
                                            (const double[3]){1, -1, 0});
    ct_geom g;
    assert_ok(ct_mesh_section(&g, NULL, *state, &box, &frame));
    assert_near(ct_geom_area_m2(&g), 3 * sqrt(3), 1e-9);
    assert_int_equal(g.n_points, 7);
    const ct_affine flat = {{0}};
    assert_int_equal(ct_mesh_section(&g, NULL, *state, &box, &flat), CT_ARG);
}

static void a_torus_has_a_hole(void **state) {
    const double numbers[] = {0, 0, 0, 3, 1};
    const ct_mesh torus = grid_surface(*state, 48, 24, torus_at, numbers);
    assert_int_equal(edges_not_closed(&torus), 0);
    const ct_geom g = section_at(*state, &torus, 0); // through a row of points
    assert_int_equal(g.n_parts, 1);
    assert_int_equal(g.n_rings, 2);
    const double ring = 48 / 2.0 * sin(2 * M_PI / 48); // area of the 48-gon of radius 1
    assert_near(ct_geom_area_m2(&g), ring * (16 - 4), 1e-9);
    ct_affine side = ct_affine_frame((const double[3]){0, 0, 0}, (const double[3]){1, 0, 0}, NULL);
    ct_geom two;
    assert_ok(ct_mesh_section(&two, NULL, *state, &torus, &side));
    assert_int_equal(two.n_parts, 2);
}

static void footprints(void **state) {
    const ct_mesh box = box_of(*state, 0, 0, 0, 2, 3, 4);
    ct_geom g;
    assert_ok(ct_mesh_footprint(&g, *state, &box, 1e-5));
    assert_near(ct_geom_area_m2(&g), 6, 1e-9);
    const double numbers[] = {0, 0, 0, 3, 1};
    const ct_mesh torus = grid_surface(*state, 48, 24, torus_at, numbers);
    assert_ok(ct_mesh_footprint(&g, *state, &torus, 1e-5));
    assert_ok(ct_geos_check(&g));
    assert_int_equal(g.n_rings, 2);
    assert_near(ct_geom_area_m2(&g), 48 / 2.0 * sin(2 * M_PI / 48) * (16 - 4), 1e-3);
    const double xyz[] = {0, 0, 0, 1, 0, 0, 0, 0, 1};
    const uint32_t one[] = {0, 1, 2}, end = 1;
    double copy[9];
    uint32_t corners[3], face = end;
    memcpy(copy, xyz, sizeof xyz);
    memcpy(corners, one, sizeof one);
    const ct_mesh upright = {3, 1, 1, copy, corners, &face, NULL};
    assert_ok(ct_mesh_footprint(&g, *state, &upright, 1e-5));
    assert_int_equal(g.type, CT_GEOM_NONE);
}

static void open_meshes_tell_it(void **state) {
    ct_mesh box = box_of(*state, 0, 0, 0, 2, 3, 4);
    box.n_faces--;
    box.n_triangles -= 2;
    ct_geom g;
    uint32_t n_open;
    assert_ok(ct_mesh_section_at(&g, &n_open, *state, &box, 1));
    assert_int_equal(g.type, CT_GEOM_NONE);
    assert_true(n_open > 0);
    ct_mesh out = {.n_points = 99};
    ct_affine up = ct_affine_identity;
    up.m[11] = 2;
    assert_int_equal(ct_mesh_clip(&out, *state, &box, &(ct_clip_options){up, 0, 9}), CT_GEOM);
    assert_int_equal(out.n_points, 99);
    assert_message("open at");
}

static ct_mesh clip_at(ct_arena *arena, const ct_mesh *mesh, const double *axis, double h) {
    ct_clip_options options = {.on_m = 1e-9, .tag = 9};
    options.plane = ct_affine_frame((const double[3]){0, 0, 0}, axis, NULL);
    for (int k = 0; k < 3; k++) options.plane.m[4 * k + 3] = h * options.plane.m[4 * k + 2];
    ct_mesh out;
    assert_ok(ct_mesh_clip(&out, arena, mesh, &options));
    assert_ok(ct_mesh_check(&out));
    assert_int_equal(edges_not_closed(&out), 0);
    return out;
}

static void clipped_boxes_are_boxes(void **state) {
    const ct_mesh box = box_of(*state, 0, 0, 0, 2, 3, 4);
    const double up[] = {0, 0, 1}, down[] = {0, 0, -1};
    const ct_mesh low = clip_at(*state, &box, up, 1);
    assert_near(ct_mesh_volume_m3(&low), 6, 1e-12);
    assert_int_equal(low.n_faces, 6);
    assert_int_equal(low.face_tag[0], 1);
    assert_int_equal(low.face_tag[5], 9); // the cap comes last
    const ct_mesh high = clip_at(*state, &box, down, -1);
    assert_near(ct_mesh_volume_m3(&high), 18, 1e-12);
    // In a face: all or nothing, and the cap takes the face's place.
    const ct_mesh all = clip_at(*state, &box, up, 4);
    assert_int_equal(all.n_triangles, 12);
    assert_int_equal(all.n_faces, 6);
    assert_near(ct_mesh_volume_m3(&all), 24, 1e-12);
    assert_int_equal(clip_at(*state, &box, up, 0).n_triangles, 0);
    assert_int_equal(clip_at(*state, &box, up, -1).n_triangles, 0);
    assert_int_equal(clip_at(*state, &box, up, 9).n_triangles, 12);
}

static void both_halves_make_the_whole(void **state) {
    const double sphere_numbers[] = {0.5, 0.25, 0, 2}, torus_numbers[] = {0, 0, 0, 3, 1};
    const ct_mesh list[] = {box_of(*state, -1, -1, -1, 2, 1, 1),
                            grid_surface(*state, 24, 12, sphere_at, sphere_numbers),
                            grid_surface(*state, 24, 12, torus_at, torus_numbers)};
    dice d = {.seed = 46};
    for (int i = 0; i < 600; i++) {
        const ct_mesh *mesh = &list[i % 3];
        double axis[3], back[3];
        for (int k = 0; k < 3; k++)
            // every other plane runs through points and along faces
            axis[k] = i % 2 ? dice_range(&d, -1, 1) : (double)dice_int(&d, -1, 1);
        if (fabs(axis[0]) + fabs(axis[1]) + fabs(axis[2]) == 0) axis[2] = 1;
        for (int k = 0; k < 3; k++) back[k] = -axis[k];
        const double h = i % 2 ? dice_range(&d, -2, 2) : dice_int(&d, -4, 4) / 2.0;
        const ct_mesh one = clip_at(*state, mesh, axis, h), other = clip_at(*state, mesh, back, -h);
        assert_near(ct_mesh_volume_m3(&one) + ct_mesh_volume_m3(&other), ct_mesh_volume_m3(mesh),
                    1e-9 * ct_mesh_volume_m3(mesh));
    }
}

int main(void) {
#define MESH_TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        MESH_TEST(boxes_give_their_plan),      MESH_TEST(tilted_planes_measure_in_their_own_frame),
        MESH_TEST(a_torus_has_a_hole),         MESH_TEST(footprints),
        MESH_TEST(open_meshes_tell_it),        MESH_TEST(clipped_boxes_are_boxes),
        MESH_TEST(both_halves_make_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
