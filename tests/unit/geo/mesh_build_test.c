// The mesh builder and outlines of faces.
#include "mesh_fixture.h"

#include "geo/outline.h"

static void a_box_is_closed(void **state) {
    const ct_mesh box = box_of(*state, 0, 0, 0, 2, 3, 4);
    assert_ok(ct_mesh_check(&box));
    assert_int_equal(box.n_points, 8);
    assert_int_equal(box.n_triangles, 12);
    assert_int_equal(box.n_faces, 6);
    assert_int_equal(edges_not_closed(&box), 0);
    assert_near(ct_mesh_volume_m3(&box), 24, 1e-12);
    assert_near(ct_mesh_area_m2(&box), 52, 1e-12);
    assert_int_equal(box.face_tag[1], 2);
}

static void near_points_are_one(void **state) {
    (void)state;
    ct_mesh_builder *b = ct_mesh_builder_new(1e-5, 0);
    dice d = {.seed = 45};
    double p[64][3];
    uint32_t index[64];
    for (int i = 0; i < 64; i++) {
        for (int k = 0; k < 3; k++) p[i][k] = dice_range(&d, -1, 1);
        assert_ok(ct_mesh_builder_point(&index[i], b, p[i]));
        assert_int_equal(index[i], i);
    }
    // Whatever cell border lies between, what is nearer than the distance is the same point.
    for (int round = 0; round < 2000; round++)
        for (int i = 0; i < 64; i++) {
            uint32_t again;
            double q[3];
            for (int k = 0; k < 3; k++) q[k] = p[i][k] + dice_range(&d, -5.7e-6, 5.7e-6);
            assert_ok(ct_mesh_builder_point(&again, b, q));
            assert_int_equal(again, i);
        }
    const double off[3] = {p[0][0] + 1.1e-5, p[0][1], p[0][2]};
    uint32_t far;
    assert_ok(ct_mesh_builder_point(&far, b, off));
    assert_int_equal(far, 64);
    ct_mesh_builder_free(b);
}

static void only_equal_points_are_one_without_a_distance(void **state) {
    (void)state;
    ct_mesh_builder *b = ct_mesh_builder_new(0, 0);
    uint32_t i;
    assert_ok(ct_mesh_builder_point(&i, b, (const double[3]){0, 1, 2}));
    assert_ok(ct_mesh_builder_point(&i, b, (const double[3]){-0.0, 1, 2}));
    assert_int_equal(i, 0);
    assert_ok(ct_mesh_builder_point(&i, b, (const double[3]){5e-324, 1, 2}));
    assert_int_equal(i, 1);
    ct_mesh_builder_free(b);
}

static void degenerate_faces_are_counted(void **state) {
    ct_mesh_builder *b = ct_mesh_builder_new(CT_MESH_WELD_M, 0);
    const double line[] = {0, 0, 0, 1, 0, 0, 2, 0, 0};
    const double closed[] = {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0};
    const double tiny[] = {0, 0, 0, 1e-6, 0, 0, 0, 1e-6, 0};
    const double bow[] = {0, 0, 0, 4, 4, 0, 4, 0, 0, 0, 3, 0};
    const uint32_t three = 3, four = 4;
    assert_ok(ct_mesh_builder_polygon(b, line, &three, 1, 0));
    assert_ok(ct_mesh_builder_polygon(b, closed, &four, 1, 7));
    assert_ok(ct_mesh_builder_polygon(b, tiny, &three, 1, 0));
    assert_ok(ct_mesh_builder_polygon(b, bow, &four, 1, 0));
    assert_ok(ct_mesh_builder_polygon(b, bow, &four, 0, 0));
    ct_mesh mesh;
    ct_mesh_counts counts;
    assert_ok(ct_mesh_builder_finish(&mesh, &counts, *state, b));
    assert_int_equal(counts.faces, 2);
    assert_int_equal(counts.degenerate, 3);
    assert_int_equal(counts.crossing, 1);
    assert_int_equal(mesh.face_tag[0], 7);
    assert_ok(ct_mesh_check(&mesh));
    ct_mesh_builder_reset(b);
    assert_ok(ct_mesh_builder_finish(&mesh, &counts, *state, b));
    assert_int_equal(mesh.n_points + mesh.n_faces + counts.degenerate, 0);
    ct_mesh_builder_free(b);
}

static void bad_points_are_refused(void **state) {
    (void)state;
    ct_mesh_builder *b = ct_mesh_builder_new(1e-5, 2);
    uint32_t i;
    assert_int_equal(ct_mesh_builder_point(&i, b, (const double[3]){0, NAN, 0}), CT_GEOM);
    assert_message("not finite");
    assert_int_equal(ct_mesh_builder_point(&i, b, (const double[3]){0, 1e12, 0}), CT_GEOM);
    assert_message("too far");
    assert_ok(ct_mesh_builder_point(&i, b, (const double[3]){0, 0, 0}));
    assert_ok(ct_mesh_builder_point(&i, b, (const double[3]){1, 0, 0}));
    assert_int_equal(ct_mesh_builder_point(&i, b, (const double[3]){2, 0, 0}), CT_LIMIT);
    assert_message("more than 2 points");
    ct_mesh_builder_free(b);
}

static void faces_give_their_outlines_back(void **state) {
    ct_mesh_builder *b = ct_mesh_builder_new(CT_MESH_WELD_M, 0);
    // A square with two holes, one of them in touch with a corner; then two squares as one face.
    const double holed[] = {0, 0, 1, 8, 0, 1, 8, 8, 1, 0, 8, 1, 0, 0, 1, 1, 2,
                            1, 2, 1, 1, 5, 5, 1, 5, 6, 1, 6, 6, 1, 6, 5, 1};
    const uint32_t holed_end[] = {4, 7, 11};
    assert_ok(ct_mesh_builder_polygon(b, holed, holed_end, 3, 0));
    ct_mesh mesh;
    assert_ok(ct_mesh_builder_finish(&mesh, NULL, *state, b));
    ct_rings rings;
    assert_ok(ct_mesh_face_rings(&rings, *state, &mesh, 0));
    assert_int_equal(rings.n_parts, 1);
    assert_int_equal(rings.n_rings, 3);
    assert_int_equal(rings.n_points, 11);
    assert_int_equal(rings.n_open, 0);
    assert_int_equal(rings.ring_end[0], 4);
    ct_mesh_builder_free(b);
}

static void squares_that_touch_are_two_polygons(void **state) {
    (void)state;
    const double xyz[] = {0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 2, 1, 0, 2, 2, 0, 1, 2, 0};
    static const uint32_t edges[][2] = {
        {0, 1}, {1, 2}, {2, 3}, {3, 0}, {2, 4},
        {4, 5}, {5, 6}, {6, 2}, {0, 5}}; // the last leads nowhere new
    ct_outline *o = ct_outline_new();
    for (int i = 0; i < 9; i++) assert_ok(ct_outline_edge(o, edges[i][0], edges[i][1]));
    assert_ok(ct_outline_edge(o, 5, 0)); // and is taken back
    ct_rings rings;
    assert_ok(ct_outline_rings(&rings, o, xyz, (const double[3]){0, 0, 1}));
    assert_int_equal(rings.n_parts, 2);
    assert_int_equal(rings.n_points, 8);
    ct_outline_begin(o);
    for (int i = 0; i < 3; i++) assert_ok(ct_outline_edge(o, edges[i][0], edges[i][1]));
    assert_ok(ct_outline_rings(&rings, o, xyz, (const double[3]){0, 0, 1}));
    assert_int_equal(rings.n_parts, 0);
    assert_int_equal(rings.n_open, 3);
    ct_outline_free(o);
}

int main(void) {
#define MESH_TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        MESH_TEST(a_box_is_closed),
        MESH_TEST(near_points_are_one),
        MESH_TEST(only_equal_points_are_one_without_a_distance),
        MESH_TEST(degenerate_faces_are_counted),
        MESH_TEST(bad_points_are_refused),
        MESH_TEST(faces_give_their_outlines_back),
        MESH_TEST(squares_that_touch_are_two_polygons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
