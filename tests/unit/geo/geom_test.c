// Type names, boxes, copies, measures, orientation and predicates of plane geometry.
#include "geo_fixture.h"

#define HOLED "[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[2,2],[2,4],[4,4],[4,2],[2,2]]]"

static void names_go_both_ways(void **state) {
    (void)state;
    for (int t = CT_GEOM_POINT; t <= CT_GEOM_MULTIPOLYGON; t++)
        assert_int_equal(ct_geom_type_of_name(ct_geom_type_name((ct_geom_type)t)), t);
    assert_string_equal(ct_geom_type_name(CT_GEOM_NONE), "");
    assert_int_equal(ct_geom_type_of_name("MULTIPOLYGON"), CT_GEOM_MULTIPOLYGON);
    assert_int_equal(ct_geom_type_of_name("Circle"), CT_GEOM_NONE);
    assert_int_equal(ct_geom_type_of_name(""), CT_GEOM_NONE);
}

static void box_holds_all_points(void **state) {
    const ct_geom g = geom_of(*state, "MultiPoint", "[[3,-2,9],[-1,5,9],[2,2,9]]");
    ct_bbox box;
    assert_true(ct_geom_bbox(&box, &g));
    assert_near(box.min_x, -1, 0);
    assert_near(box.min_y, -2, 0);
    assert_near(box.max_x, 3, 0);
    assert_near(box.max_y, 5, 0);
    ct_bbox_add(&box, &(ct_bbox){0, -7, 8, 0});
    assert_near(box.min_y, -7, 0);
    assert_near(box.max_x, 8, 0);
    assert_near(box.max_y, 5, 0);
    const ct_geom empty = geom_of(*state, "Polygon", "[]");
    assert_false(ct_geom_bbox(&box, &empty));
}

static void copies_are_apart(void **state) {
    const ct_geom g = geom_of(*state, "Polygon", HOLED);
    ct_geom copy;
    assert_ok(ct_geom_copy(&copy, *state, &g));
    assert_same_geom(&copy, &g);
    copy.xyz[0] = 77;
    assert_near(g.xyz[0], 0, 0);
    const ct_geom none = {0};
    assert_ok(ct_geom_copy(&copy, *state, &none));
    assert_int_equal(copy.type, CT_GEOM_NONE);
}

static void holes_count_against_area_and_centroid(void **state) {
    ct_geom g = geom_of(*state, "Polygon", HOLED);
    double x = 0, y = 0;
    assert_near(ct_geom_area_m2(&g), 96, 1e-12);
    assert_near(ct_geom_length_m(&g), 48, 1e-12);
    assert_true(ct_geom_centroid(&x, &y, &g));
    assert_near(x, (100 * 5 - 4 * 3) / 96.0, 1e-12);
    assert_near(y, (100 * 5 - 4 * 3) / 96.0, 1e-12);
}

// Either way round, and two parts; far from the origin nothing of it is lost.
static void measures_do_not_mind_direction_or_place(void **state) {
    const char *wrong = "[[[[0,0],[0,10],[10,10],[10,0],[0,0]],[[2,2],[4,2],[4,4],[2,4],[2,2]]],"
                        "[[[20,0],[21,0],[21,1],[20,1],[20,0]]]]";
    ct_geom g = geom_of(*state, "MultiPolygon", wrong);
    for (int pass = 0; pass < 2; pass++) {
        double x = 0, y = 0;
        assert_near(ct_geom_area_m2(&g), 97, 1e-9);
        assert_true(ct_geom_centroid(&x, &y, &g));
        const double shift = pass ? 38500000.25 : 0;
        assert_near(x - shift, (100 * 5 - 4 * 3 + 20.5) / 97.0, 1e-7);
        for (uint32_t i = 0; i < g.n_points; i++) {
            g.xyz[2 * i] += 38500000.25;
            g.xyz[2 * i + 1] += 3320000.5;
        }
    }
}

static void lines_and_points_have_centroids_too(void **state) {
    double x = 0, y = 0;
    const ct_geom line = geom_of(*state, "LineString", "[[0,0],[4,0],[4,4]]");
    assert_near(ct_geom_length_m(&line), 8, 0);
    assert_near(ct_geom_area_m2(&line), 0, 0);
    assert_true(ct_geom_centroid(&x, &y, &line));
    assert_near(x, 3, 1e-15);
    assert_near(y, 1, 1e-15);
    const ct_geom points = geom_of(*state, "MultiPoint", "[[0,0],[4,0],[5,6]]");
    assert_near(ct_geom_length_m(&points), 0, 0);
    assert_true(ct_geom_centroid(&x, &y, &points));
    assert_near(x, 3, 1e-15);
    assert_near(y, 2, 1e-15);
    const ct_geom flat = geom_of(*state, "Polygon", "[[[0,0],[8,0],[4,0],[0,0]]]");
    assert_true(ct_geom_centroid(&x, &y, &flat));
    assert_near(x, 4, 1e-15);
    const ct_geom spot = geom_of(*state, "LineString", "[[7,8],[7,8]]");
    assert_true(ct_geom_centroid(&x, &y, &spot));
    assert_near(y, 8, 0);
    const ct_geom empty = geom_of(*state, "Point", "[]");
    assert_false(ct_geom_centroid(&x, &y, &empty));
}

static void orient_follows_rfc_7946(void **state) {
    ct_geom g = geom_of(*state, "Polygon",
                        "[[[0,0,1],[0,10,2],[10,10,3],[10,0,4],[0,0,1]],"
                        "[[2,2,5],[4,2,6],[4,4,7],[2,4,8],[2,2,5]]]");
    const ct_geom right = geom_of(*state, "Polygon",
                                  "[[[0,0,1],[10,0,4],[10,10,3],[0,10,2],[0,0,1]],"
                                  "[[2,2,5],[2,4,8],[4,4,7],[4,2,6],[2,2,5]]]");
    ct_geom_orient(&g);
    assert_same_geom(&g, &right);
    ct_geom_orient(&g);
    assert_same_geom(&g, &right);
    ct_geom line = geom_of(*state, "LineString", "[[0,0],[0,1],[1,0]]"), before;
    assert_ok(ct_geom_copy(&before, *state, &line));
    ct_geom_orient(&line);
    assert_same_geom(&line, &before);
}

static void inside_means_in_a_part_and_in_no_hole(void **state) {
    const ct_geom g = geom_of(*state, "Polygon", HOLED);
    assert_true(ct_geom_contains_point(&g, 1, 1));
    assert_true(ct_geom_contains_point(&g, 5, 3));
    assert_false(ct_geom_contains_point(&g, 3, 3));
    assert_false(ct_geom_contains_point(&g, -1, 5));
    assert_false(ct_geom_contains_point(&g, 11, 10));
    // Level with vertices, where a careless count of crossings goes wrong.
    const ct_geom diamond = geom_of(*state, "Polygon", "[[[5,0],[10,5],[5,10],[0,5],[5,0]]]");
    assert_true(ct_geom_contains_point(&diamond, 1, 5));
    assert_false(ct_geom_contains_point(&diamond, -1, 5));
    assert_false(ct_geom_contains_point(&diamond, 11, 5));
    assert_false(ct_geom_contains_point(&diamond, 4, 10));
    const ct_geom line = geom_of(*state, "LineString", "[[0,0],[10,0],[10,10],[0,0]]");
    assert_false(ct_geom_contains_point(&line, 8, 2));
}

static void a_point_well_inside(void **state) {
    double at[2] = {7, 7};
    const ct_geom square = geom_of(*state, "Polygon", "[[[0,0],[4,0],[4,2],[0,2],[0,0]]]");
    assert_true(ct_geom_inside_point(at, &square));
    assert_near(at[0], 2, 1e-12);
    assert_near(at[1], 1, 1e-12);
    // Centroids outside: of an angle, of a ring.
    const ct_geom angle =
        geom_of(*state, "Polygon", "[[[0,0],[10,0],[10,1],[1,1],[1,10],[0,10],[0,0]]]");
    double x, y;
    assert_true(ct_geom_centroid(&x, &y, &angle));
    assert_false(ct_geom_contains_point(&angle, x, y));
    assert_true(ct_geom_inside_point(at, &angle));
    assert_true(ct_geom_contains_point(&angle, at[0], at[1]));
    const ct_geom ring = geom_of(
        *state, "Polygon", "[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[1,8],[8,8],[8,1],[1,1]]]");
    assert_true(ct_geom_inside_point(at, &ring));
    assert_true(ct_geom_contains_point(&ring, at[0], at[1]));
    const ct_geom line = geom_of(*state, "LineString", "[[0,0],[10,0]]");
    at[0] = 7;
    assert_false(ct_geom_inside_point(at, &line));
    assert_true(at[0] == 7);
}

static void single_ones_have_one_ring(void **state) {
    ct_geom g;
    assert_ok(ct_geom_single(&g, *state, CT_GEOM_LINESTRING, true, 3));
    for (int i = 0; i < 9; i++) g.xyz[i] = i;
    assert_int_equal(g.n_points, 3);
    assert_int_equal(g.ring_end[0], 3);
    assert_int_equal(g.part_end[0], 1);
    assert_near(ct_geom_length_m(&g), 2 * sqrt(18), 1e-12);
}

static void distance_is_to_the_nearest_edge(void **state) {
    const ct_geom g = geom_of(*state, "Polygon", HOLED);
    assert_near(ct_geom_distance_m(&g, 1, 1), 0, 0);
    assert_near(ct_geom_distance_m(&g, 3, 3), 1, 1e-15);
    assert_near(ct_geom_distance_m(&g, 13, 14), 5, 1e-15);
    const ct_geom line = geom_of(*state, "LineString", "[[0,0],[10,0]]");
    assert_near(ct_geom_distance_m(&line, 5, 2), 2, 0);
    assert_near(ct_geom_distance_m(&line, -3, 4), 5, 0);
    const ct_geom points = geom_of(*state, "MultiPoint", "[[0,0],[10,0]]");
    assert_near(ct_geom_distance_m(&points, 7, 4), 5, 0);
    const ct_geom empty = geom_of(*state, "Point", "[]");
    assert_true(isinf(ct_geom_distance_m(&empty, 0, 0)));
}

static void box_overlap_is_exact(void **state) {
    const ct_geom g = geom_of(*state, "Polygon", HOLED);
    assert_true(ct_geom_intersects_box(&g, &(ct_bbox){5, 5, 6, 6}));
    assert_false(ct_geom_intersects_box(&g, &(ct_bbox){2.5, 2.5, 3.5, 3.5})); // within the hole
    assert_true(ct_geom_intersects_box(&g, &(ct_bbox){2.5, 2.5, 4.5, 3.5}));
    assert_true(ct_geom_intersects_box(&g, &(ct_bbox){-5, -5, 20, 20}));
    assert_true(ct_geom_intersects_box(&g, &(ct_bbox){10, 3, 12, 4})); // touches
    const ct_geom line = geom_of(*state, "LineString", "[[0,0],[10,10]]");
    assert_false(ct_geom_intersects_box(&line, &(ct_bbox){6, 1, 9, 4})); // in its box, off the line
    assert_true(ct_geom_intersects_box(&line, &(ct_bbox){6, 1, 9, 7}));
    const ct_geom points = geom_of(*state, "MultiPoint", "[[0,0],[10,10]]");
    assert_false(ct_geom_intersects_box(&points, &(ct_bbox){4, 4, 6, 6}));
    assert_true(ct_geom_intersects_box(&points, &(ct_bbox){9, 9, 11, 11}));
    const ct_geom empty = geom_of(*state, "Polygon", "[]");
    assert_false(ct_geom_intersects_box(&empty, &(ct_bbox){-9, -9, 9, 9}));
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(names_go_both_ways),
        CASE(box_holds_all_points),
        CASE(copies_are_apart),
        CASE(holes_count_against_area_and_centroid),
        CASE(measures_do_not_mind_direction_or_place),
        CASE(lines_and_points_have_centroids_too),
        CASE(orient_follows_rfc_7946),
        CASE(inside_means_in_a_part_and_in_no_hole),
        CASE(a_point_well_inside),
        CASE(single_ones_have_one_ring),
        CASE(distance_is_to_the_nearest_edge),
        CASE(box_overlap_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
