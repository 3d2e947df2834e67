// Topology of meshes and the repair of their winding.
#include "mesh_fixture.h"

#include "geo/mesh_repair.h"

static void turn_face(ct_mesh *mesh, uint32_t face) {
    for (uint32_t t = face ? mesh->face_end[face - 1] : 0; t < mesh->face_end[face]; t++) {
        uint32_t *c = mesh->triangles + 3 * (size_t)t;
        const uint32_t kept = c[1];
        c[1] = c[2];
        c[2] = kept;
    }
}

// Both meshes as one, without a point in common.
static ct_mesh both(ct_arena *arena, const ct_mesh *a, const ct_mesh *b, double weld) {
    ct_mesh_builder *builder = ct_mesh_builder_new(weld, 0);
    const ct_mesh *list[] = {a, b};
    for (int m = 0; m < 2; m++)
        for (uint32_t f = 0, t = 0; f < list[m]->n_faces; f++) {
            uint32_t corners[3 * 64], n = 0;
            for (; t < list[m]->face_end[f]; t++)
                for (int k = 0; k < 3; k++)
                    assert_ok(ct_mesh_builder_point(
                        &corners[n++], builder,
                        list[m]->xyz + 3 * (size_t)list[m]->triangles[3 * (size_t)t + k]));
            assert_ok(ct_mesh_builder_triangles(builder, corners, n / 3, (uint8_t)m));
        }
    ct_mesh out;
    assert_ok(ct_mesh_builder_finish(&out, NULL, arena, builder));
    ct_mesh_builder_free(builder);
    return out;
}

static void solids_are_counted(void **state) {
    const ct_mesh box = box_of(*state, 0, 0, 0, 2, 3, 4);
    ct_mesh_topology top;
    assert_ok(ct_mesh_topology_of(&top, *state, &box));
    assert_true(top.watertight);
    assert_int_equal(top.n_edges, 18);
    assert_int_equal(top.n_shells, 1);
    assert_int_equal(top.shells[0].euler, 2);
    assert_int_equal(top.shells[0].genus, 0);
    assert_near(top.shells[0].volume_m3, 24, 1e-12);
    const double numbers[] = {0, 0, 0, 3, 1};
    const ct_mesh torus = grid_surface(*state, 12, 8, torus_at, numbers);
    assert_ok(ct_mesh_topology_of(&top, *state, &torus));
    assert_int_equal(top.shells[0].genus, 1);
    ct_mesh open = box;
    open.n_triangles -= 2;
    open.n_faces--;
    assert_ok(ct_mesh_topology_of(&top, *state, &open));
    assert_false(top.watertight);
    assert_int_equal(top.n_open_edges, 4);
    assert_int_equal(top.shells[0].genus, -1);
    ct_mesh none = {0};
    assert_ok(ct_mesh_repair(&top, *state, &none));
    assert_int_equal(top.n_shells, 0);
}

static void faces_turned_at_random_come_back(void **state) {
    dice d = {.seed = 47};
    const double numbers[] = {0, 0, 0, 3, 1};
    for (int i = 0; i < 100; i++) {
        ct_mesh mesh = i % 2 ? box_of(*state, 5, 5, 5, 7, 8, 9)
                             : grid_surface(*state, 12, 8, torus_at, numbers);
        const double volume = ct_mesh_volume_m3(&mesh);
        uint32_t turned = 0;
        for (uint32_t f = 0; f < mesh.n_faces; f++)
            if (dice_int(&d, 0, 1)) {
                turn_face(&mesh, f);
                turned++;
            }
        ct_mesh_topology top;
        assert_ok(ct_mesh_repair(&top, *state, &mesh));
        assert_true(top.watertight);
        assert_int_equal(top.n_turned, turned);
        assert_near(ct_mesh_volume_m3(&mesh), volume, 1e-12 * volume);
        assert_near(top.shells[0].volume_m3, volume, 1e-9 * volume);
    }
}

static void cavities_look_inwards(void **state) {
    const ct_mesh outer = box_of(*state, 0, 0, 0, 9, 9, 9),
                  inner = box_of(*state, 1, 1, 1, 8, 8, 8), core = box_of(*state, 2, 2, 2, 4, 4, 4),
                  beside = box_of(*state, 20, 0, 0, 21, 1, 1);
    ct_mesh mesh = both(*state, &outer, &inner, 0);
    const ct_mesh rest = both(*state, &core, &beside, 0);
    mesh = both(*state, &mesh, &rest, 0);
    ct_mesh_topology top;
    assert_ok(ct_mesh_repair(&top, *state, &mesh));
    assert_int_equal(top.n_shells, 4);
    assert_int_equal(top.n_turned, 6);
    const uint32_t depth[] = {0, 1, 2, 0};
    for (int s = 0; s < 4; s++) assert_int_equal(top.shells[s].depth, depth[s]);
    assert_near(ct_mesh_volume_m3(&mesh), 729 - 343 + 8 + 1, 1e-9);
    assert_true(top.watertight);
}

static void boxes_that_share_a_face_or_an_edge_stay_outside(void **state) {
    // As two shells that touch: each on the other's surface, neither inside.
    const ct_mesh one = box_of(*state, 0, 0, 0, 1, 1, 1), next = box_of(*state, 1, 0, 0, 2, 1, 1);
    ct_mesh mesh = both(*state, &one, &next, 0.0);
    ct_mesh_topology top;
    assert_ok(ct_mesh_topology_of(&top, *state, &mesh));
    assert_int_equal(top.n_crowded_edges, 4); // those of the common face
    const ct_mesh corner = box_of(*state, 1, 1, 0, 2, 2, 1);
    mesh = both(*state, &one, &corner, 0.0);
    turn_face(&mesh, 3);
    turn_face(&mesh, 8);
    assert_ok(ct_mesh_repair(&top, *state, &mesh));
    assert_int_equal(top.n_crowded_edges, 1);
    assert_int_equal(top.n_turned, 2);
    assert_near(ct_mesh_volume_m3(&mesh), 2, 1e-12);
    assert_false(top.watertight);
}

static void open_shells_bulge_outwards(void **state) {
    ct_mesh mesh = box_of(*state, 0, 0, 0, 2, 3, 4);
    for (uint32_t f = 0; f < 6; f++) turn_face(&mesh, f);
    turn_face(&mesh, 2);
    mesh.n_triangles -= 2; // one side is missing
    mesh.n_faces--;
    ct_mesh_topology top;
    assert_ok(ct_mesh_repair(&top, *state, &mesh));
    assert_int_equal(top.n_turned, 4);
    assert_int_equal(top.n_wrong_edges, 0);
    assert_true(ct_mesh_volume_m3(&mesh) > 0);
    // A flat sheet keeps the side of most of it.
    mesh.n_triangles = 2;
    mesh.n_faces = 1;
    const uint32_t before = mesh.triangles[1];
    assert_ok(ct_mesh_repair(&top, *state, &mesh));
    assert_int_equal(top.n_turned, 0);
    assert_int_equal(mesh.triangles[1], before);
}

static void a_surface_of_one_side_is_told(void **state) {
    // A band of five quadrilaterals, closed with a half turn.
    double xyz[30];
    uint32_t triangles[30], end = 10;
    for (uint32_t i = 0; i < 5; i++) {
        const double a = 2 * M_PI * i / 5, w = M_PI * i / 5;
        for (uint32_t k = 0; k < 2; k++) {
            const double r = 3 + (k ? 1 : -1) * cos(w);
            const double p[3] = {r * cos(a), r * sin(a), (k ? 1 : -1) * sin(w)};
            memcpy(xyz + 3 * (2 * i + k), p, sizeof p);
        }
        const uint32_t a0 = 2 * i, b0 = 2 * i + 1, a1 = i < 4 ? a0 + 2 : 1, b1 = i < 4 ? b0 + 2 : 0;
        const uint32_t two[6] = {a0, a1, b1, a0, b1, b0};
        memcpy(triangles + 6 * i, two, sizeof two);
    }
    ct_mesh mesh = {10, 10, 1, xyz, triangles, &end, NULL};
    ct_mesh_topology top;
    assert_ok(ct_mesh_repair(&top, *state, &mesh));
    assert_int_equal(top.n_wrong_edges, 1);
    assert_false(top.watertight);
}

static void what_looks_down(void **state) {
    const ct_mesh box = box_of(*state, 0, 0, 0, 2, 3, 4);
    const double down[3] = {0, 0, -1};
    assert_near(ct_mesh_area_facing_m2(&box, down, 0.1), 6, 1e-12);
    assert_near(ct_mesh_area_facing_m2(&box, down, M_PI), 52, 1e-12);
}

// Two boxes that share an edge, one with a face turned: each is closed.
static void shells_that_touch(void **state) {
    const ct_mesh a = box_of(*state, 0, 0, 0, 1, 1, 1), b = box_of(*state, 1, 1, 0, 2, 2, 1);
    ct_mesh mesh = both(*state, &a, &b, 1e-5);
    turn_face(&mesh, 0);
    ct_mesh_topology top;
    assert_ok(ct_mesh_repair(&top, *state, &mesh));
    assert_false(top.watertight);
    assert_true(top.closed);
    assert_int_equal(top.n_shells, 2);
    assert_int_equal(top.n_crowded_edges, 1);
    assert_true(top.shells[0].closed && top.shells[1].closed);
    assert_near(ct_mesh_volume_m3(&mesh), 2, 1e-12);
    // Box on box, both with the face between them: along its edges neither is a box by itself.
    const ct_mesh c = box_of(*state, 0, 0, 1, 1, 1, 2);
    ct_mesh pile = both(*state, &a, &c, 1e-5);
    assert_ok(ct_mesh_repair(&top, *state, &pile));
    assert_true(top.closed);
    assert_near(ct_mesh_volume_m3(&pile), 2, 1e-12);
}

// A crowd of single triangles costs the solids behind them nothing of their budget.
static void solids_behind_many_open_shells_have_their_depths(void **state) {
    enum { CROWD = 20000 };
    const ct_mesh outer = box_of(*state, 0, 0, 0, 9, 9, 9),
                  inner = box_of(*state, 2, 2, 2, 4, 4, 4);
    const ct_mesh boxes = both(*state, &outer, &inner, 1e-6);
    const uint32_t n = CROWD + boxes.n_triangles;
    ct_mesh mesh = {.n_points = 3 * CROWD + boxes.n_points, .n_triangles = n, .n_faces = n};
    mesh.xyz = ct_arena_calloc(*state, 3 * (size_t)mesh.n_points, sizeof *mesh.xyz);
    mesh.triangles = ct_arena_calloc(*state, 3 * (size_t)n, sizeof *mesh.triangles);
    mesh.face_end = ct_arena_calloc(*state, n, sizeof *mesh.face_end);
    for (uint32_t t = 0; t < n; t++) mesh.face_end[t] = t + 1;
    for (uint32_t p = 0; p < 3 * CROWD; p++) {
        mesh.triangles[p] = p;
        double *at = mesh.xyz + 3 * (size_t)p;
        at[0] = 100 + 3 * (p / 3) + (p % 3 == 1);
        at[1] = p % 3 == 2;
    }
    for (uint32_t k = 0; k < 3 * boxes.n_triangles; k++)
        mesh.triangles[3 * CROWD + k] = 3 * CROWD + boxes.triangles[k];
    memcpy(mesh.xyz + 9 * (size_t)CROWD, boxes.xyz, 3 * boxes.n_points * sizeof *boxes.xyz);
    ct_mesh_topology top;
    assert_ok(ct_mesh_repair(&top, *state, &mesh));
    assert_int_equal(top.n_shells, CROWD + 2);
    assert_int_equal(top.shells[CROWD].depth, 0);
    assert_int_equal(top.shells[CROWD + 1].depth, 1);
    assert_near(top.shells[CROWD + 1].volume_m3, -8, 1e-9); // a hollow
}

int main(void) {
#define MESH_TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        MESH_TEST(solids_behind_many_open_shells_have_their_depths),
        MESH_TEST(shells_that_touch),
        MESH_TEST(solids_are_counted),
        MESH_TEST(faces_turned_at_random_come_back),
        MESH_TEST(cavities_look_inwards),
        MESH_TEST(boxes_that_share_a_face_or_an_edge_stay_outside),
        MESH_TEST(open_shells_bulge_outwards),
        MESH_TEST(a_surface_of_one_side_is_told),
        MESH_TEST(what_looks_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
