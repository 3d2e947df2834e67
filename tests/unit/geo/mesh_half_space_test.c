// Half-spaces taken out of meshes: how they meet, and the cutters of bounded ones.
#include "mesh_fixture.h"

#include "geo/mesh_boolean.h"
#include "geo/mesh_half_space.h"

static const double near_m = 1e-5;

// The mesh less the half-space, by the way that it asks for.
static ct_mesh less(ct_half_space_way *way, ct_arena *arena, const ct_mesh *mesh,
                    const ct_half_space *half) {
    ct_mesh cutter, out = *mesh;
    assert_ok(ct_mesh_half_space(way, &cutter, arena, mesh, half, near_m));
    if (*way == CT_HALF_SPACE_PLANE) {
        const ct_clip_options options = {half->plane, near_m, 0};
        assert_ok(ct_mesh_clip(&out, arena, mesh, &options));
    } else if (*way == CT_HALF_SPACE_MESH) {
        assert_int_equal(edges_not_closed(&cutter), 0);
        const ct_mesh *pair[2] = {mesh, &cutter};
        const ct_boolean_options options = {.flush_m = CT_BOOLEAN_FLUSH_M};
        assert_ok(ct_mesh_boolean(&out, NULL, arena, CT_BOOLEAN_DIFFERENCE, pair, 2, &options));
    }
    return out;
}

// The plane z = height_m + x / 4.
static ct_affine slope(double height_m) {
    return ct_affine_frame((const double[3]){0, 0, height_m}, (const double[3]){-0.25, 0, 1},
                           (const double[3]){1, 0, 0.25});
}

static void without_a_boundary(void **state) {
    const ct_mesh box = box_of(*state, 0, 0, 0, 4, 2, 4);
    ct_half_space_way way;
    ct_half_space half = {.plane = slope(2), .frame = ct_affine_identity};
    ct_mesh out = less(&way, *state, &box, &half);
    assert_int_equal(way, CT_HALF_SPACE_PLANE);
    assert_near(ct_mesh_volume_m3(&out), 2 * (4 * 2 + 2), 1e-9);
    half.plane = slope(4);
    (void)less(&way, *state, &box, &half);
    assert_int_equal(way, CT_HALF_SPACE_BESIDE); // it touches an edge
    half.plane = slope(-9);
    out = less(&way, *state, &box, &half);
    assert_int_equal(way, CT_HALF_SPACE_PLANE);
    assert_int_equal(out.n_triangles, 0);
}

static void boundaries(void **state) {
    const ct_mesh box = box_of(*state, 0, 0, 0, 4, 2, 4);
    // x up to 2: half of the roof is cut; a frame that lies elsewhere and looks down
    const ct_geom half_way = geom_of(*state, "Polygon", "[[[-9,-9],[2,-9],[2,9],[-9,9],[-9,-9]]]");
    const ct_affine down = ct_affine_frame((const double[3]){0, 0, 50}, (const double[3]){0, 0, -1},
                                           (const double[3]){1, 0, 0});
    ct_half_space_way way;
    ct_half_space half = {.plane = slope(2), .boundary = &half_way, .frame = down};
    ct_mesh out = less(&way, *state, &box, &half);
    assert_int_equal(way, CT_HALF_SPACE_MESH);
    assert_near(ct_mesh_volume_m3(&out), 32 - 2 * (2 * 2 - 0.5), 1e-8);
    // All of it: the boundary ends where the box does.
    const ct_geom all = geom_of(*state, "Polygon", "[[[0,-2],[4,-2],[4,0],[0,0],[0,-2]]]");
    half.boundary = &all;
    out = less(&way, *state, &box, &half);
    assert_int_equal(way, CT_HALF_SPACE_PLANE);
    assert_near(ct_mesh_volume_m3(&out), 20, 1e-9);
    // Beside it.
    const ct_geom beside = geom_of(*state, "Polygon", "[[[4,-2],[9,-2],[9,9],[4,9],[4,-2]]]");
    half.boundary = &beside;
    (void)less(&way, *state, &box, &half);
    assert_int_equal(way, CT_HALF_SPACE_BESIDE);
    // An L: its corner lies within the box.
    const ct_geom l =
        geom_of(*state, "Polygon", "[[[-9,-9],[9,-9],[9,-1],[1,-1],[1,9],[-9,9],[-9,-9]]]");
    half.boundary = &l;
    out = less(&way, *state, &box, &half);
    assert_int_equal(way, CT_HALF_SPACE_MESH);
    // y > 1 (seen from below -y < -1) everywhere, and x < 1 for y < 1
    assert_near(ct_mesh_volume_m3(&out), 32 - (4 * 2 - 2) - (2 - 0.125), 1e-8);
}

static void frames_without_inverse_are_refused(void **state) {
    const ct_mesh box = box_of(*state, 0, 0, 0, 1, 1, 1);
    const ct_geom square = geom_of(*state, "Polygon", "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]");
    ct_half_space_way way;
    ct_mesh cutter;
    ct_half_space half = {.frame = ct_affine_identity};
    assert_int_equal(ct_mesh_half_space(&way, &cutter, *state, &box, &half, near_m), CT_ARG);
    half = (ct_half_space){.plane = ct_affine_identity, .boundary = &square};
    assert_int_equal(ct_mesh_half_space(&way, &cutter, *state, &box, &half, near_m), CT_ARG);
    assert_message("boundary");
}

int main(void) {
#define MESH_TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        MESH_TEST(without_a_boundary),
        MESH_TEST(boundaries),
        MESH_TEST(frames_without_inverse_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
