// Meshes: measures, maps, checks.
#include "geo_fixture.h"

#include "geo/mesh.h"

// A box of 2 x 3 x 5 m with its corner at (10, 20, 30), six faces of two triangles.
static double box_xyz[24];
static uint32_t box_triangles[36] = {0, 2, 1, 0, 3, 2, 4, 5, 6, 4, 6, 7, 0, 1, 5, 0, 5, 4,
                                     1, 2, 6, 1, 6, 5, 2, 3, 7, 2, 7, 6, 3, 0, 4, 3, 4, 7};
static uint32_t box_ends[6] = {2, 4, 6, 8, 10, 12};

static ct_mesh box_mesh(void) {
    static const double corners[8][3] = {{0, 0, 0}, {2, 0, 0}, {2, 3, 0}, {0, 3, 0},
                                         {0, 0, 5}, {2, 0, 5}, {2, 3, 5}, {0, 3, 5}};
    for (int i = 0; i < 8; i++)
        for (int k = 0; k < 3; k++) box_xyz[3 * i + k] = corners[i][k] + 10 * (k + 1);
    return (ct_mesh){.n_points = 8,
                     .n_triangles = 12,
                     .n_faces = 6,
                     .xyz = box_xyz,
                     .triangles = box_triangles,
                     .face_end = box_ends};
}

static void measures(void **state) {
    (void)state;
    const ct_mesh mesh = box_mesh();
    assert_ok(ct_mesh_check(&mesh));
    assert_near(ct_mesh_volume_m3(&mesh), 30, 1e-12);
    assert_near(ct_mesh_area_m2(&mesh), 2 * (6 + 10 + 15), 1e-12);
    ct_box3 box;
    assert_true(ct_mesh_box(&box, &mesh));
    assert_near(box.min[0], 10, 0);
    assert_near(box.max[2], 35, 0);
    const ct_mesh none = {0};
    assert_false(ct_mesh_box(&box, &none));
    assert_near(ct_mesh_volume_m3(&none), 0, 0);
}

// Far away the volume keeps its digits, and a mirroring map leaves the mesh looking outside.
static void maps(void **state) {
    (void)state;
    ct_arena *arena = ct_arena_new(4096, 0);
    const ct_mesh mesh = box_mesh();
    ct_mesh moved, mirrored;
    assert_ok(ct_mesh_copy(&moved, arena, &mesh));
    const ct_affine far = {{1, 0, 0, 4e5, 0, 1, 0, 3.3e6, 0, 0, 1, 20}};
    ct_mesh_transform(&moved, &far);
    assert_near(ct_mesh_volume_m3(&moved), 30, 1e-7);
    assert_ok(ct_mesh_copy(&mirrored, arena, &mesh));
    const ct_affine mirror = {{-2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0}};
    ct_mesh_transform(&mirrored, &mirror);
    assert_near(ct_mesh_volume_m3(&mirrored), 60, 1e-11);
    assert_near(ct_mesh_volume_m3(&mesh), 30, 1e-12);
    ct_arena_free(arena);
}

static void faults_are_named(void **state) {
    (void)state;
    ct_mesh mesh = box_mesh();
    box_triangles[5] = 8;
    assert_int_equal(ct_mesh_check(&mesh), CT_GEOM);
    assert_string_equal(ct_err_message(), "triangle 1 of the mesh names a point that is not there");
    box_triangles[5] = 2;
    box_ends[2] = 3;
    assert_int_equal(ct_mesh_check(&mesh), CT_GEOM);
    assert_string_equal(ct_err_message(), "face 2 of the mesh ends before it begins");
    box_ends[2] = 6;
    mesh.n_faces = 5;
    assert_int_equal(ct_mesh_check(&mesh), CT_GEOM);
    assert_string_equal(ct_err_message(), "the mesh has 12 triangles, its faces end at 10");
    mesh.n_faces = 6;
    box_xyz[4] = HUGE_VAL;
    assert_int_equal(ct_mesh_check(&mesh), CT_GEOM);
    assert_string_equal(ct_err_message(), "point 1 of the mesh is not finite");
}

static void affine_maps(void **state) {
    (void)state;
    const double p[3] = {1, 2, 3};
    double q[3];
    // x looks north, z up: a quarter turn
    const ct_affine turn =
        ct_affine_frame((const double[3]){100, 0, 0}, NULL, (const double[3]){0, 7, 0});
    ct_affine_point(q, &turn, p);
    assert_near(q[0], 98, 1e-12);
    assert_near(q[1], 1, 1e-12);
    assert_near(q[2], 3, 1e-12);
    ct_affine back;
    assert_true(ct_affine_invert(&back, &turn));
    ct_affine_point(q, &back, q);
    for (int k = 0; k < 3; k++) assert_near(q[k], p[k], 1e-12);
    const ct_affine scale = {{2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 1}};
    const ct_affine both = ct_affine_multiply(&turn, &scale);
    ct_affine_point(q, &both, p);
    assert_near(q[0], 96, 1e-12);
    assert_near(q[1], 2, 1e-12);
    assert_near(q[2], 7, 1e-12);
    assert_near(ct_affine_determinant(&both), 8, 1e-12);
    const ct_affine flat = {{1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0}};
    assert_false(ct_affine_invert(&back, &flat));
}

// A ref that lies along the axis, or has no length, is the default one.
static void frames_of_odd_axes(void **state) {
    (void)state;
    const double zero[3] = {0}, up[3] = {0, 0, 4}, east[3] = {3, 0, 0}, slanted[3] = {1, 0, 1};
    const ct_affine along = ct_affine_frame(zero, up, up), none = ct_affine_frame(zero, zero, zero);
    for (int i = 0; i < 12; i++) {
        assert_near(along.m[i], ct_affine_identity.m[i], 0);
        assert_near(none.m[i], ct_affine_identity.m[i], 0);
    }
    const ct_affine lying = ct_affine_frame(zero, east, NULL); // z east: x cannot be
    assert_near(lying.m[4], 1, 0);
    assert_near(ct_affine_determinant(&lying), 1, 1e-15);
    const ct_affine skew = ct_affine_frame(zero, up, slanted);
    assert_near(skew.m[0], 1, 1e-15);
    assert_near(skew.m[8], 0, 1e-15);
    assert_true(ct_affine_is_finite(&skew));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures),           cmocka_unit_test(maps),
        cmocka_unit_test(faults_are_named),   cmocka_unit_test(affine_maps),
        cmocka_unit_test(frames_of_odd_axes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
