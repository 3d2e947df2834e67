// Swept polygons and openings cut in the plane.
#include "mesh_fixture.h"

#include "geo/mesh_prism.h"

static const ct_prism_tags tags = {1, 2, 3, 4};
static const ct_prism_cut how = {1e-5, 1e-5, {1, 2, 3, 4}};

static void assert_solid(const ct_mesh *mesh, double volume) {
    assert_ok(ct_mesh_check(mesh));
    assert_int_equal(edges_not_closed(mesh), 0);
    assert_near(ct_mesh_volume_m3(mesh), volume, 1e-9 * volume);
}

static uint32_t faces_with(const ct_mesh *mesh, uint8_t tag) {
    uint32_t n = 0;
    for (uint32_t f = 0; f < mesh->n_faces; f++) n += mesh->face_tag[f] == tag;
    return n;
}

static void a_profile_with_a_hole(void **state) {
    const ct_geom l = geom_of(*state, "Polygon",
                              "[[[0,0],[4,0],[4,2],[2,2],[2,4],[0,4],[0,0]],"
                              "[[1,1],[1.5,1],[1.5,1.5],[1,1.5],[1,1]]]");
    const ct_prism up = {&l, ct_affine_identity, {0, 0, 3}};
    ct_mesh mesh;
    assert_ok(ct_mesh_extrude(&mesh, *state, &up, &tags));
    assert_solid(&mesh, 3 * 11.75);
    assert_int_equal(mesh.n_faces, 2 + 6 + 4);
    assert_int_equal(faces_with(&mesh, 1), 1);
    assert_int_equal(faces_with(&mesh, 2), 1);
    assert_int_equal(faces_with(&mesh, 3), 10);
    // Downwards, askew and mirrored it is still seen from outside.
    const ct_prism down = {&l, ct_affine_identity, {1, 2, -3}};
    assert_ok(ct_mesh_extrude(&mesh, *state, &down, &tags));
    assert_solid(&mesh, 3 * 11.75);
    const ct_affine mirror = {{-1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 1, 7}};
    const ct_prism mirrored = {&l, mirror, {0, 0, 3}};
    assert_ok(ct_mesh_extrude(&mesh, *state, &mirrored, &tags));
    assert_solid(&mesh, 3 * 11.75);
}

static void two_polygons(void **state) {
    const ct_geom two = geom_of(*state, "MultiPolygon",
                                "[[[[0,0],[1,0],[1,1],[0,0]]],[[[2,0],[3,0],[3,0],[3,1],[2,0]]]]");
    const ct_prism up = {&two, ct_affine_identity, {0, 0, 2}};
    ct_mesh mesh;
    assert_ok(ct_mesh_extrude(&mesh, *state, &up, &tags));
    assert_solid(&mesh, 2);
    assert_int_equal(mesh.n_faces, 4 + 6);
}

static void flat_prisms_are_refused(void **state) {
    const ct_geom square = geom_of(*state, "Polygon", "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]");
    const ct_geom line = geom_of(*state, "Polygon", "[[[0,0],[1,0],[2,0],[0,0]]]");
    const ct_geom path = geom_of(*state, "LineString", "[[0,0],[1,0]]");
    ct_mesh mesh;
    const ct_prism within = {&square, ct_affine_identity, {1, 0, 0}};
    assert_int_equal(ct_mesh_extrude(&mesh, *state, &within, &tags), CT_GEOM);
    assert_message("flat");
    const ct_prism thin = {&line, ct_affine_identity, {0, 0, 1}};
    assert_int_equal(ct_mesh_extrude(&mesh, *state, &thin, &tags), CT_GEOM);
    assert_message("no area");
    const ct_prism none = {&path, ct_affine_identity, {0, 0, 1}};
    assert_int_equal(ct_mesh_extrude(&mesh, *state, &none, &tags), CT_GEOM);
}

// A wall of 5 x 0.2 x 3 m, turned by 30 degrees; windows and a door swept through its thickness.
static void a_wall_with_openings(void **state) {
    const ct_geom plan = geom_of(*state, "Polygon", "[[[0,0],[5,0],[5,0.2],[0,0.2],[0,0]]]");
    const ct_geom hole = geom_of(*state, "Polygon", "[[[0,0],[1,0],[1,1.2],[0,1.2],[0,0]]]");
    const ct_affine turn = ct_affine_frame((const double[3]){100, 50, 7}, NULL,
                                           (const double[3]){cos(0.5), sin(0.5), 0});
    const ct_prism wall = {&plan, turn, {0, 0, 3}};
    // x along the wall, y up, swept against z = -y of the wall; flush with both faces
    ct_prism openings[3];
    const double at[3][2] = {{1, 1}, {1.5, 1.4}, {3.5, 0}}; // the first two overlap
    for (int i = 0; i < 3; i++) {
        const double origin[3] = {at[i][0], 0, at[i][1]};
        const ct_affine own =
            ct_affine_frame(origin, (const double[3]){0, -1, 0}, (const double[3]){1, 0, 0});
        openings[i] = (ct_prism){&hole, ct_affine_multiply(&turn, &own), {0, 0, -0.2}};
    }
    ct_mesh mesh;
    bool done = false;
    assert_ok(ct_mesh_extrude_cut(&mesh, &done, *state, &wall, openings, 3, &how));
    assert_true(done);
    const double opened = 3 * 1.2 - 0.5 * 0.8;
    assert_solid(&mesh, 0.2 * (15 - opened));
    assert_int_equal(faces_with(&mesh, 1), 2); // the door parts the bottom
    assert_int_equal(faces_with(&mesh, 2), 1);
    assert_int_equal(faces_with(&mesh, 3), 4);
    assert_int_equal(faces_with(&mesh, 4), 8 + 3);
}

// The same wall with openings swept upwards, as plans of them: boxes may be crossed either way.
static void openings_swept_upwards(void **state) {
    const ct_geom plan = geom_of(*state, "Polygon", "[[[0,0],[5,0],[5,0.2],[0,0.2],[0,0]]]");
    const ct_geom hole = geom_of(*state, "Polygon", "[[[0,-1],[1,-1],[1,1],[0,1],[0,-1]]]");
    const ct_prism wall = {&plan, ct_affine_identity, {0, 0, 3}};
    ct_prism openings[2];
    for (int i = 0; i < 2; i++) {
        ct_affine at = ct_affine_identity;
        at.m[3] = 1 + 2 * i;
        at.m[11] = i;
        openings[i] = (ct_prism){&hole, at, {0, 0, 1.2}};
    }
    ct_mesh mesh;
    bool done = false;
    assert_ok(ct_mesh_extrude_cut(&mesh, &done, *state, &wall, openings, 2, &how));
    assert_true(done);
    assert_solid(&mesh, 0.2 * (15 - 2.4));
    assert_int_equal(faces_with(&mesh, 4), 4 + 3);
}

// A gable: windows that touch nothing, then a door on its foot, then two windows that meet.
static void openings_in_a_gable(void **state) {
    const ct_geom gable = geom_of(*state, "Polygon", "[[[0,0],[6,0],[6,3],[3,5],[0,3],[0,0]]]");
    const ct_geom round = geom_of(*state, "Polygon", "[[[3,3],[3.5,3.5],[3,4],[2.5,3.5],[3,3]]]");
    const ct_geom square = geom_of(*state, "Polygon", "[[[1,1],[2,1],[2,2],[1,2],[1,1]]]");
    const ct_geom door = geom_of(*state, "Polygon", "[[[4,0],[5,0],[5,2],[4,2],[4,0]]]");
    const ct_geom next = geom_of(*state, "Polygon", "[[[2,1],[3,1],[3,2],[2,2],[2,1]]]");
    const ct_prism wall = {&gable, ct_affine_identity, {0, 0, 0.2}};
    const ct_geom *profiles[4] = {&round, &square, &door, &next};
    ct_prism openings[4];
    const double opened[4] = {0.5, 1.5, 3.5, 4.5};
    for (size_t n = 0; n < 4; n++) {
        openings[n] = (ct_prism){profiles[n], ct_affine_identity, {0, 0, 0.2}};
        ct_mesh mesh;
        bool done = false;
        assert_ok(ct_mesh_extrude_cut(&mesh, &done, *state, &wall, openings, n + 1, &how));
        assert_true(done);
        assert_solid(&mesh, 0.2 * (24 - opened[n]));
    }
}

// Rectangles of all kinds out of one: the volume is that of the cells that none covers.
static void many_boxes(void **state) {
    const ct_geom plan = geom_of(*state, "Polygon", "[[[0,0],[8,0],[8,8],[0,8],[0,0]]]");
    const ct_prism slab = {&plan, ct_affine_identity, {0, 0, 1}};
    uint32_t seed = 7;
    for (int round = 0; round < 200; round++) {
        enum { BOXES = 6 };
        ct_geom profiles[BOXES];
        ct_prism openings[BOXES];
        bool open[8][8] = {{false}};
        for (int i = 0; i < BOXES; i++) {
            int at[4]; // from -1 to 9: some reach beyond the slab
            for (int k = 0; k < 2; k++) {
                seed = seed * 1664525 + 1013904223;
                at[k] = (int)(seed >> 16) % 9 - 1;
                seed = seed * 1664525 + 1013904223;
                at[k + 2] = at[k] + 1 + (int)(seed >> 16) % 4;
            }
            char text[200];
            (void)snprintf(text, sizeof text, "[[[%d,%d],[%d,%d],[%d,%d],[%d,%d],[%d,%d]]]", at[0],
                           at[1], at[2], at[1], at[2], at[3], at[0], at[3], at[0], at[1]);
            profiles[i] = geom_of(*state, "Polygon", text);
            openings[i] = (ct_prism){&profiles[i], ct_affine_identity, {0, 0, 1}};
            for (int x = at[0]; x < at[2]; x++)
                for (int y = at[1]; y < at[3]; y++)
                    if (x >= 0 && x < 8 && y >= 0 && y < 8) open[x][y] = true;
        }
        int left = 64;
        for (int x = 0; x < 8; x++)
            for (int y = 0; y < 8; y++) left -= open[x][y];
        ct_mesh mesh;
        bool done = false;
        assert_ok(ct_mesh_extrude_cut(&mesh, &done, *state, &slab, openings, BOXES, &how));
        assert_true(done);
        assert_solid(&mesh, left);
    }
}

static void what_stops_inside_is_left_to_others(void **state) {
    const ct_geom square = geom_of(*state, "Polygon", "[[[0,0],[4,0],[4,4],[0,4],[0,0]]]");
    const ct_geom small = geom_of(*state, "Polygon", "[[[1,1],[2,1],[2,2],[1,2],[1,1]]]");
    const ct_prism slab = {&square, ct_affine_identity, {0, 0, 1}};
    ct_affine half = ct_affine_identity, above = ct_affine_identity, below = ct_affine_identity;
    half.m[11] = 0.5;
    above.m[11] = 1;
    below.m[11] = -1;
    const ct_prism niche = {&small, half, {0, 0, 9}}, over = {&small, above, {0, 0, 9}};
    const ct_prism through = {&small, below, {0, 0, 9}}, askew = {&small, below, {0.1, 0, 9}};
    ct_mesh mesh = {.n_points = 99};
    bool done = true;
    assert_ok(ct_mesh_extrude_cut(&mesh, &done, *state, &slab, &niche, 1, &how));
    assert_false(done);
    assert_ok(ct_mesh_extrude_cut(&mesh, &done, *state, &slab, &askew, 1, &how));
    assert_false(done);
    assert_int_equal(mesh.n_points, 99);
    assert_ok(ct_mesh_extrude_cut(&mesh, &done, *state, &slab, &over, 1, &how));
    assert_true(done);
    assert_solid(&mesh, 16);
    assert_ok(ct_mesh_extrude_cut(&mesh, &done, *state, &slab, &through, 1, &how));
    assert_solid(&mesh, 15);
    assert_int_equal(faces_with(&mesh, 4), 4);
    const ct_prism all = {&square, below, {0, 0, 9}};
    assert_ok(ct_mesh_extrude_cut(&mesh, &done, *state, &slab, &all, 1, &how));
    assert_int_equal(mesh.n_triangles, 0);
}

int main(void) {
#define MESH_TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        MESH_TEST(a_profile_with_a_hole),
        MESH_TEST(two_polygons),
        MESH_TEST(flat_prisms_are_refused),
        MESH_TEST(a_wall_with_openings),
        MESH_TEST(openings_swept_upwards),
        MESH_TEST(openings_in_a_gable),
        MESH_TEST(many_boxes),
        MESH_TEST(what_stops_inside_is_left_to_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
