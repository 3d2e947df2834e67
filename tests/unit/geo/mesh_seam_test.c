// Seams: edges that pass points of others.
#include "mesh_fixture.h"

#include "geo/mesh_repair.h"
#include "geo/mesh_seam.h"

// A box of 2 x 1 x 1 m, its top in two faces that meet at x = 1, its sides whole.
static ct_mesh box_with_a_seam(ct_arena *arena, double off) {
    const double faces[7][12] = {{0, 0, 0, 0, 1, 0, 2, 1, 0, 2, 0, 0},
                                 {0, 0, 1, 1, 0, 1 + off, 1, 1, 1 + off, 0, 1, 1},
                                 {1, 0, 1 + off, 2, 0, 1, 2, 1, 1, 1, 1, 1 + off},
                                 {0, 0, 0, 2, 0, 0, 2, 0, 1, 0, 0, 1},
                                 {2, 0, 0, 2, 1, 0, 2, 1, 1, 2, 0, 1},
                                 {2, 1, 0, 0, 1, 0, 0, 1, 1, 2, 1, 1},
                                 {0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1}};
    const uint32_t end = 4;
    ct_mesh_builder *b = ct_mesh_builder_new(1e-5, 0);
    assert_non_null(b);
    for (int f = 0; f < 7; f++)
        assert_ok(ct_mesh_builder_polygon(b, faces[f], &end, 1, (uint8_t)f));
    ct_mesh mesh;
    assert_ok(ct_mesh_builder_finish(&mesh, NULL, arena, b));
    ct_mesh_builder_free(b);
    return mesh;
}

static void edges_run_through_the_points_of_others(void **state) {
    for (int i = 0; i < 3; i++) {
        ct_mesh mesh = box_with_a_seam(*state, i * 4e-5);
        uint32_t n;
        assert_int_equal(edges_not_closed(&mesh) > 0, true);
        assert_ok(ct_mesh_close_seams(&mesh, &n, *state, 1e-4));
        assert_int_equal(n, 2);
        assert_int_equal(edges_not_closed(&mesh), 0);
        assert_ok(ct_mesh_check(&mesh));
        assert_int_equal(mesh.n_faces, 7);
        assert_int_equal(mesh.face_tag[6], 6);
        assert_near(ct_mesh_volume_m3(&mesh), 2, 1e-4);
    }
    ct_mesh far = box_with_a_seam(*state, 1e-3);
    uint32_t n = 9;
    assert_ok(ct_mesh_close_seams(&far, &n, *state, 1e-4));
    assert_int_equal(n, 0);
}

// A triangle without area over a seam goes, and those on either side of it get its point.
static void slivers(void **state) {
    const ct_mesh box = box_of(*state, 0, 0, 0, 1, 1, 1);
    ct_mesh_builder *b = ct_mesh_builder_new(0, 0);
    assert_non_null(b);
    for (uint32_t f = 0, t = 0; f < box.n_faces; f++)
        for (; t < box.face_end[f]; t++) {
            uint32_t corner[3];
            for (int k = 0; k < 3; k++)
                assert_ok(ct_mesh_builder_point(
                    &corner[k], b, box.xyz + 3 * (size_t)box.triangles[3 * (size_t)t + k]));
            assert_ok(ct_mesh_builder_triangles(b, corner, 1, 0));
        }
    const double flat[3][3] = {{0, 0, 0}, {0.5, 0, 0}, {1, 0, 0}};
    uint32_t corner[3];
    for (int k = 0; k < 3; k++) assert_ok(ct_mesh_builder_point(&corner[k], b, flat[k]));
    assert_ok(ct_mesh_builder_triangles(b, corner, 1, 0));
    ct_mesh mesh;
    assert_ok(ct_mesh_builder_finish(&mesh, NULL, *state, b));
    ct_mesh_builder_free(b);
    assert_int_equal(mesh.n_triangles, 13);
    uint32_t n;
    assert_ok(ct_mesh_close_seams(&mesh, &n, *state, 1e-4));
    assert_int_equal(mesh.n_triangles, 14);
    assert_int_equal(edges_not_closed(&mesh), 0);
}

static void closed_meshes_stay(void **state) {
    ct_mesh box = box_of(*state, 0, 0, 0, 1, 1, 1);
    const uint32_t *before = box.triangles;
    uint32_t n = 9;
    assert_ok(ct_mesh_close_seams(&box, &n, *state, 1e-4));
    assert_int_equal(n, 0);
    assert_ptr_equal(box.triangles, before);
    ct_mesh none = {0};
    assert_ok(ct_mesh_close_seams(&none, &n, *state, 1e-4));
}

int main(void) {
#define MESH_TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        MESH_TEST(edges_run_through_the_points_of_others),
        MESH_TEST(slivers),
        MESH_TEST(closed_meshes_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
