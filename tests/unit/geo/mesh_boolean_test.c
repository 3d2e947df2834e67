// Booleans of solids: volumes by hand, and identities on many pairs made at random.
#include "mesh_fixture.h"

#include "geo/mesh_boolean.h"
#include "geo/mesh_repair.h"

static const ct_boolean_options plain = {0};

static ct_mesh combine(ct_arena *arena, ct_boolean operation, const ct_mesh *a, const ct_mesh *b) {
    const ct_mesh *list[2] = {a, b};
    ct_mesh out;
    assert_ok(ct_mesh_boolean(&out, NULL, arena, operation, list, 2, &plain));
    assert_ok(ct_mesh_check(&out));
    return out;
}

// As often in one direction as in the other.
static void assert_balanced(const ct_mesh *mesh) {
    uint64_t *forth, *back;
    const size_t n = sorted_edges(&forth, &back, mesh);
    assert_memory_equal(forth, back, n * sizeof *forth);
    free(forth);
    free(back);
}

static double volume_of(const ct_mesh *mesh) {
    assert_balanced(mesh);
    assert_true(edges_not_closed(mesh) <= 8); // the rare ones of ct_mesh_part_edges
    return ct_mesh_volume_m3(mesh);
}

// Solids that touch along an edge have each an edge of its own there.
static void edges_that_touch(void **state) {
    const ct_mesh a = box_of(*state, 0, 0, 0, 1, 1, 1), b = box_of(*state, 1, 1, 0, 2, 2, 1);
    const ct_mesh two = combine(*state, CT_BOOLEAN_UNION, &a, &b);
    assert_int_equal(edges_not_closed(&two), 0);
    assert_int_equal(two.n_points, 16);
    assert_near(ct_mesh_volume_m3(&two), 2, 1e-12);
    ct_mesh_topology top;
    assert_ok(ct_mesh_topology_of(&top, *state, &two));
    assert_true(top.watertight);
    assert_int_equal(top.n_shells, 2);
    // What is left of a block less the two others: it touches itself along an edge between them.
    const ct_mesh block = box_of(*state, 0, 0, 0, 2, 2, 1);
    const ct_mesh less = combine(*state, CT_BOOLEAN_DIFFERENCE, &block, &two);
    assert_int_equal(edges_not_closed(&less), 0);
    assert_near(ct_mesh_volume_m3(&less), 2, 1e-12);
    // Two cores that touch: the block is one, its holes have an edge each.
    const ct_mesh wide = box_of(*state, -1, -1, 0, 3, 3, 1);
    const ct_mesh holes = combine(*state, CT_BOOLEAN_DIFFERENCE, &wide, &two);
    assert_near(ct_mesh_volume_m3(&holes), 14, 1e-12);
    assert_int_equal(edges_not_closed(&holes), 0);
    assert_ok(ct_mesh_topology_of(&top, *state, &holes));
    assert_true(top.watertight);
    assert_int_equal(top.n_shells, 1);
}

static void boxes_that_cross(void **state) {
    const ct_mesh a = box_of(*state, 0, 0, 0, 2, 2, 2), b = box_of(*state, 1, 1, 1, 3, 3, 3);
    const ct_mesh both = combine(*state, CT_BOOLEAN_INTERSECTION, &a, &b);
    assert_near(volume_of(&both), 1, 1e-12);
    assert_int_equal(both.n_points, 8);
    assert_int_equal(both.n_triangles, 12);
    assert_int_equal(both.n_faces, 6);
    const ct_mesh any = combine(*state, CT_BOOLEAN_UNION, &a, &b);
    assert_near(volume_of(&any), 15, 1e-12);
    assert_int_equal(edges_not_closed(&any), 0);
    assert_int_equal(any.n_faces, 12);
    const ct_mesh less = combine(*state, CT_BOOLEAN_DIFFERENCE, &a, &b);
    assert_near(volume_of(&less), 7, 1e-12);
    assert_int_equal(edges_not_closed(&less), 0);
    assert_int_equal(less.n_faces, 9);
    assert_int_equal(less.n_points, 14);
}

static void boxes_with_common_faces(void **state) {
    const ct_mesh a = box_of(*state, 0, 0, 0, 2, 2, 2);
    const struct {
        double low[3], high[3], any, both;
        uint32_t any_faces;
    } cases[] = {
        {{0, 0, 0}, {2, 2, 2}, 8, 8, 6},           // the same
        {{2, 0, 0}, {3, 2, 2}, 12, 0, 10},         // side by side, the common face gone
        {{0, 0, 0}, {1, 2, 2}, 8, 4, 6},           // within, five faces flush
        {{0.5, 0.5, 0}, {1.5, 1.5, 2}, 8, 2, 6},   // a core from end to end
        {{0.5, 0.5, 2}, {1.5, 1.5, 3}, 9, 0, 11},  // on top
        {{0.5, 0.5, 1}, {1.5, 1.5, 3}, 9, 1, 11},  // partly in
        {{2, 2, 0}, {3, 3, 2}, 10, 0, 12},         // a common edge
        {{2, 2, 2}, {3, 3, 3}, 9, 0, 12},          // a common corner
        {{0.5, 0.5, 0.5}, {1, 1, 1}, 8, 0.125, 6}, // all within
        {{5, 5, 5}, {6, 6, 6}, 9, 0, 12},          // apart
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double *l = cases[i].low, *h = cases[i].high;
        const ct_mesh b = box_of(*state, l[0], l[1], l[2], h[0], h[1], h[2]);
        const double vb = (h[0] - l[0]) * (h[1] - l[1]) * (h[2] - l[2]);
        const ct_mesh any = combine(*state, CT_BOOLEAN_UNION, &a, &b);
        const ct_mesh both = combine(*state, CT_BOOLEAN_INTERSECTION, &a, &b);
        const ct_mesh less = combine(*state, CT_BOOLEAN_DIFFERENCE, &a, &b);
        const ct_mesh rest = combine(*state, CT_BOOLEAN_DIFFERENCE, &b, &a);
        assert_near(volume_of(&any), cases[i].any, 1e-12);
        assert_near(volume_of(&both), cases[i].both, 1e-12);
        assert_near(volume_of(&less), 8 - cases[i].both, 1e-12);
        assert_near(volume_of(&rest), vb - cases[i].both, 1e-12);
        assert_int_equal(any.n_faces, cases[i].any_faces);
    }
}

static void a_core_makes_a_ring(void **state) {
    const ct_mesh a = box_of(*state, 0, 0, 0, 3, 3, 1), b = box_of(*state, 1, 1, -1, 2, 2, 2);
    const ct_mesh ring = combine(*state, CT_BOOLEAN_DIFFERENCE, &a, &b);
    assert_near(volume_of(&ring), 8, 1e-12);
    assert_int_equal(ring.n_faces, 10);
    assert_int_equal(ring.n_points, 16);
    ct_mesh_topology top;
    assert_ok(ct_mesh_topology_of(&top, *state, &ring));
    assert_true(top.watertight);
    assert_int_equal(top.n_shells, 1);
    assert_int_equal(top.shells[0].genus, 1);
}

static void many_openings_at_once(void **state) {
    ct_mesh meshes[101];
    const ct_mesh *list[101];
    meshes[0] = box_of(*state, 0, 0, 0, 101, 0.3, 3);
    for (int i = 1; i < 101; i++) // flush with both faces, every fifth one overlaps the next
        meshes[i] = box_of(*state, i - 0.25, 0, 1, i + (i % 5 ? 0.25 : 0.85), 0.3, 2);
    for (int i = 0; i < 101; i++) list[i] = &meshes[i];
    uint8_t tags[101];
    memset(tags, 9, sizeof tags);
    ct_mesh out;
    ct_boolean_source *sources;
    const ct_boolean_options options = {.cut_tag = tags};
    assert_ok(ct_mesh_boolean(&out, &sources, *state, CT_BOOLEAN_DIFFERENCE, list, 101, &options));
    // 100 of 0.5 x 0.3, 19 with 0.5 more to the next one, the last with 0.6
    assert_near(volume_of(&out), 101 * 0.9 - 0.3 * (50 + 19 * 0.5 + 0.6), 1e-9);
    assert_int_equal(edges_not_closed(&out), 0);
    uint32_t cut = 0;
    for (uint32_t f = 0; f < out.n_faces; f++) {
        cut += out.face_tag[f] == 9;
        assert_int_equal(out.face_tag[f] == 9, sources[f].mesh > 0);
    }
    assert_true(cut > 300);
}

static double random_step(dice *d) {
    return dice_int(d, 0, 4);
}

static ct_mesh random_box(ct_arena *arena, dice *d, double (*coordinate)(dice *d)) {
    double low[3], high[3];
    for (int k = 0; k < 3; k++) {
        low[k] = coordinate(d);
        do high[k] = coordinate(d);
        while (high[k] == low[k]);
        if (high[k] < low[k]) {
            const double kept = low[k];
            low[k] = high[k];
            high[k] = kept;
        }
    }
    return box_of(arena, low[0], low[1], low[2], high[0], high[1], high[2]);
}

static ct_affine random_turn(dice *d) {
    const double origin[3] = {dice_range(d, -1, 1), dice_range(d, -1, 1), dice_range(d, -1, 1)};
    const double axis[3] = {dice_range(d, -1, 1), dice_range(d, -1, 1), dice_range(d, -1, 1)};
    const double ref[3] = {dice_range(d, -1, 1), dice_range(d, -1, 1), dice_range(d, -1, 1)};
    return ct_affine_frame(origin, axis, ref);
}

static void assert_identities(ct_arena *arena, const ct_mesh *a, const ct_mesh *b, int i) {
    const double va = ct_mesh_volume_m3(a), vb = ct_mesh_volume_m3(b);
    const ct_mesh any = combine(arena, CT_BOOLEAN_UNION, a, b);
    const ct_mesh both = combine(arena, CT_BOOLEAN_INTERSECTION, a, b);
    const ct_mesh less = combine(arena, CT_BOOLEAN_DIFFERENCE, a, b);
    const double v_any = volume_of(&any), v_both = volume_of(&both), v_less = volume_of(&less);
    const double slack = 1e-9 * (va + vb);
    if (fabs(v_any + v_both - va - vb) > slack || fabs(v_less + v_both - va) > slack ||
        v_both < -slack || v_less < -slack)
        fail_msg("pair %d: %.12g + %.12g != %.12g + %.12g, less %.12g", i, v_any, v_both, va, vb,
                 v_less);
}

static void boxes_on_a_grid(void **state) {
    (void)state;
    dice d = {.seed = 48};
    for (int i = 0; i < 700; i++) {
        ct_arena *arena = ct_arena_new(65536, 0);
        const ct_mesh a = random_box(arena, &d, random_step),
                      b = random_box(arena, &d, random_step);
        assert_identities(arena, &a, &b, i);
        ct_arena_free(arena);
    }
}

static void unions_of_boxes_against_each_other(void **state) {
    (void)state;
    dice d = {.seed = 49};
    for (int i = 0; i < 150; i++) {
        ct_arena *arena = ct_arena_new(65536, 0);
        ct_mesh sum[2];
        for (int s = 0; s < 2; s++) {
            ct_mesh parts[4];
            const ct_mesh *list[4];
            for (int k = 0; k < 4; k++) {
                parts[k] = random_box(arena, &d, random_step);
                list[k] = &parts[k];
            }
            assert_ok(ct_mesh_boolean(&sum[s], NULL, arena, CT_BOOLEAN_UNION, list, 4, &plain));
        }
        assert_identities(arena, &sum[0], &sum[1], i);
        ct_arena_free(arena);
    }
}

static void turned_solids(void **state) {
    (void)state;
    dice d = {.seed = 50};
    const double sphere_numbers[] = {1.5, 1.25, 1, 1.5}, torus_numbers[] = {1, 1, 1, 1.5, 0.5};
    for (int i = 0; i < 240; i++) {
        ct_arena *arena = ct_arena_new(65536, 0);
        ct_mesh pair[2];
        for (int s = 0; s < 2; s++) {
            const int kind = (i >> s * 2) % 3;
            pair[s] = kind == 0   ? random_box(arena, &d, random_step)
                      : kind == 1 ? grid_surface(arena, 12, 6, sphere_at, sphere_numbers)
                                  : grid_surface(arena, 12, 8, torus_at, torus_numbers);
            if (i % 4 == 0 && s == 0) continue;
            const ct_affine turn = random_turn(&d);
            ct_mesh_transform(&pair[s], &turn);
        }
        assert_identities(arena, &pair[0], &pair[1], i);
        ct_arena_free(arena);
    }
}

// The same solid, moved by about the size of rounding: faces that all but coincide.
static void solids_that_all_but_coincide(void **state) {
    (void)state;
    dice d = {.seed = 51};
    const double sphere_numbers[] = {0, 0, 0, 1.5};
    for (int i = 0; i < 60; i++) {
        ct_arena *arena = ct_arena_new(65536, 0);
        ct_mesh a = i % 2 ? random_box(arena, &d, random_step)
                          : grid_surface(arena, 12, 6, sphere_at, sphere_numbers);
        const ct_affine turn = random_turn(&d);
        ct_mesh_transform(&a, &turn);
        ct_mesh b;
        assert_ok(ct_mesh_copy(&b, arena, &a));
        const double size = pow(10, -6 - i % 9);
        for (uint32_t p = 0; p < 3 * b.n_points; p++) b.xyz[p] += dice_range(&d, -size, size);
        assert_identities(arena, &a, &b, i);
        ct_arena_free(arena);
    }
}

// A wall turned by an odd angle with an opening that is flush but for rounding: no film stays.
static void flush_faces_leave_no_film(void **state) {
    dice d = {.seed = 52};
    for (int i = 0; i < 50; i++) {
        ct_mesh wall = box_of(*state, 0, 0, 0, 5, 0.2, 3),
                hole = box_of(*state, 1, 0, 1, 2, 0.2, 2);
        const ct_affine turn = random_turn(&d);
        ct_mesh_transform(&wall, &turn);
        ct_mesh_transform(&hole, &turn);
        for (uint32_t p = 0; p < 3 * hole.n_points; p++) hole.xyz[p] += dice_range(&d, -1e-7, 1e-7);
        const ct_mesh *list[2] = {&wall, &hole};
        const ct_boolean_options options = {.flush_m = CT_BOOLEAN_FLUSH_M};
        ct_mesh out;
        assert_ok(ct_mesh_boolean(&out, NULL, *state, CT_BOOLEAN_DIFFERENCE, list, 2, &options));
        assert_int_equal(edges_not_closed(&out), 0);
        assert_int_equal(out.n_points, 16);
        assert_int_equal(out.n_faces, 10);
        assert_near(ct_mesh_volume_m3(&out), 0.2 * 14, 1e-5);
    }
}

static void what_cannot_be_is_refused(void **state) {
    const ct_mesh a = box_of(*state, 0, 0, 0, 2, 2, 2);
    ct_mesh open = box_of(*state, 1, 1, 1, 3, 3, 3);
    open.n_triangles -= 2;
    open.n_faces--;
    const ct_mesh *list[2] = {&a, &open};
    ct_mesh out = {.n_points = 99};
    assert_int_equal(ct_mesh_boolean(&out, NULL, *state, CT_BOOLEAN_UNION, list, 2, &plain),
                     CT_GEOM);
    assert_int_equal(out.n_points, 99);
    const ct_boolean_options little = {.max_work = 10};
    list[1] = &a;
    assert_int_equal(ct_mesh_boolean(&out, NULL, *state, CT_BOOLEAN_UNION, list, 2, &little),
                     CT_LIMIT);
    assert_message("more than 10 steps");
    assert_int_equal(ct_mesh_boolean(&out, NULL, *state, CT_BOOLEAN_UNION, list, 0, &plain),
                     CT_ARG);
    const ct_mesh none = {0};
    list[1] = &none;
    assert_ok(ct_mesh_boolean(&out, NULL, *state, CT_BOOLEAN_INTERSECTION, list, 2, &plain));
    assert_int_equal(out.n_triangles, 0);
    assert_ok(ct_mesh_boolean(&out, NULL, *state, CT_BOOLEAN_DIFFERENCE, list, 2, &plain));
    assert_int_equal(out.n_triangles, 12);
}

int main(void) {
#define MESH_TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        MESH_TEST(boxes_that_cross),
        MESH_TEST(boxes_with_common_faces),
        MESH_TEST(a_core_makes_a_ring),
        MESH_TEST(edges_that_touch),
        MESH_TEST(many_openings_at_once),
        MESH_TEST(boxes_on_a_grid),
        MESH_TEST(unions_of_boxes_against_each_other),
        MESH_TEST(turned_solids),
        MESH_TEST(solids_that_all_but_coincide),
        MESH_TEST(flush_faces_leave_no_film),
        MESH_TEST(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
