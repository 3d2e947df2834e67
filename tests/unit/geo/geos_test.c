// The GEOS operations: reasons, dimensions, heights, precision, threads.
#include "geo_fixture.h"

#include <pthread.h>

#include "base/mem.h"
#include "geo/crs.h"
#include "geo/geos.h"

#define BOW    "[[[0,0],[10,10],[10,0],[0,10],[0,0]]]"
#define SQUARE "[[[0,0],[10,0],[10,10],[0,10],[0,0]]]"

static void reasons_name_the_place(void **state) {
    const ct_geom bow = geom_of(*state, "Polygon", BOW);
    assert_int_equal(ct_geos_check(&bow), CT_GEOM);
    assert_string_equal(ct_err_message(), "Self-intersection at 5 5");
    const ct_geom outside =
        geom_of(*state, "Polygon", "[[[0,0],[4,0],[4,4],[0,0]],[[8,8],[8,9],[9,9],[8,8]]]");
    assert_int_equal(ct_geos_check(&outside), CT_GEOM);
    assert_message("Hole lies outside shell at ");
    const ct_geom dot = geom_of(*state, "LineString", "[[1,1],[1,1]]");
    assert_int_equal(ct_geos_check(&dot), CT_GEOM);
    static const char *const fine[][2] = {{"Polygon", SQUARE},
                                          {"Point", "[1,2,3]"},
                                          {"MultiPoint", "[[1,2],[1,2]]"},
                                          {"LineString", "[[0,0],[10,10],[10,0],[0,10]]"},
                                          {"MultiLineString", "[[[0,0],[1,1]],[[2,2],[3,3]]]"},
                                          {"MultiPolygon", "[]"}};
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        const ct_geom g = geom_of(*state, fine[i][0], fine[i][1]);
        assert_ok(ct_geos_check(&g));
    }
}

// Rings on a small grid, so that many touch, cross and go back on themselves. GEOS is asked of the
// ring by itself, where it may be passed over, and beside a triangle far away, where it is not.
static void small_rings_are_valid_where_geos_says_so(void **state) {
    (void)state;
    enum { COUNT = 40000, MOST = 8 };
    size_t n_valid = 0;
    for (uint64_t i = 0; i < COUNT; i++) {
        double xyz[2 * (MOST + 5)];
        const uint32_t n = 3 + (uint32_t)ct_rng_int(0, MOST - 3, 5, i, 0, 0);
        const int grid = (int)ct_rng_int(2, 9, 5, i, 1, 0);
        for (uint32_t k = 0; k < 2 * n; k++)
            xyz[k] = 0.1 * (double)ct_rng_int(0, grid, 5, i, 2 + k, 0);
        memcpy(xyz + 2 * n, xyz, 2 * sizeof *xyz);
        const double far[8] = {100, 100, 101, 100, 100, 101, 100, 100};
        memcpy(xyz + 2 * (n + 1), far, sizeof far);
        uint32_t ring_end[2] = {n + 1, n + 5}, part_end[2] = {1, 2};
        ct_geom g = {.type = CT_GEOM_MULTIPOLYGON,
                     .n_points = n + 5,
                     .n_rings = 2,
                     .n_parts = 2,
                     .xyz = xyz,
                     .ring_end = ring_end,
                     .part_end = part_end};
        const ct_err want = ct_geos_check(&g);
        g.n_points = n + 1;
        g.n_rings = g.n_parts = 1;
        const ct_err got = ct_geos_check(&g);
        if (got != want) fail_msg("ring %llu: %d, %d expected", (unsigned long long)i, got, want);
        n_valid += got == CT_OK;
    }
    assert_true(n_valid > COUNT / 10 && n_valid < COUNT);
}

static void make_valid_covers_the_same_ground(void **state) {
    const ct_geom bow =
        geom_of(*state, "Polygon", "[[[0,0,1],[10,10,2],[10,0,3],[0,10,4],[0,0,1]]]");
    ct_geom out;
    assert_ok(ct_geos_make_valid(&out, *state, &bow));
    assert_int_equal(out.type, CT_GEOM_MULTIPOLYGON);
    assert_int_equal(out.n_parts, 2);
    assert_ok(ct_geos_check(&out));
    assert_near(ct_geom_area_m2(&out), 50, 1e-9);
    assert_true(out.has_z);
    for (uint32_t i = 0; i < out.n_points; i++)
        assert_true(out.xyz[3 * i + 2] >= 1 && out.xyz[3 * i + 2] <= 4);
    for (uint32_t i = 0; i < out.n_points; i++) // corners keep their own
        if (out.xyz[3 * i] == 10 && out.xyz[3 * i + 1] == 0) assert_near(out.xyz[3 * i + 2], 3, 0);
    // What is valid stays what it is; a polygon with a tail loses it and stays a polygon.
    const ct_geom square = geom_of(*state, "Polygon", SQUARE);
    assert_ok(ct_geos_make_valid(&out, *state, &square));
    assert_int_equal(out.type, CT_GEOM_POLYGON);
    assert_near(ct_geom_area_m2(&out), 100, 0);
    const ct_geom tail =
        geom_of(*state, "Polygon", "[[[0,0],[10,0],[20,0],[10,0],[10,10],[0,10],[0,0]]]");
    assert_ok(ct_geos_make_valid(&out, *state, &tail));
    assert_int_equal(out.type, CT_GEOM_POLYGON);
    assert_near(ct_geom_area_m2(&out), 100, 1e-9);
    const ct_geom flat = geom_of(*state, "Polygon", "[[[0,0],[10,0],[20,0],[0,0]]]");
    out.n_points = 99;
    assert_int_equal(ct_geos_make_valid(&out, *state, &flat), CT_GEOM);
    assert_int_equal(out.n_points, 99);
}

static void snap_gives_valid_multiples(void **state) {
    dice d = {.seed = 321};
    print_message("seed %llu\n", (unsigned long long)d.seed);
    int left = 0;
    for (int i = 0; i < 200; i++) {
        ct_arena_reset(*state);
        double p[16 * 3];
        uint32_t ring_end = 16, part_end = 1;
        for (int k = 0; k < 15; k++) { // a star: valid as it is, with slivers that snapping folds
            const double a = 2 * M_PI * k / 15, r = dice_range(&d, 0.2, 4);
            p[3 * k] = 500000 + r * cos(a);
            p[3 * k + 1] = 3320000 + r * sin(a);
            p[3 * k + 2] = k;
        }
        memcpy(p + 45, p, 3 * sizeof(double));
        const ct_geom g = {CT_GEOM_POLYGON, true, 16, 1, 1, p, &ring_end, &part_end};
        assert_ok(ct_geos_check(&g));
        ct_geom out;
        assert_ok(ct_geos_snap(&out, *state, &g, 0.5));
        if (out.type == CT_GEOM_NONE) continue;
        left++;
        assert_ok(ct_geos_check(&out));
        for (uint32_t k = 0; k < out.n_points; k++) {
            assert_near(out.xyz[3 * k] * 2, round(out.xyz[3 * k] * 2), 0);
            assert_near(out.xyz[3 * k + 1] * 2, round(out.xyz[3 * k + 1] * 2), 0);
            assert_true(isfinite(out.xyz[3 * k + 2]));
        }
    }
    assert_true(left > 150);
}

static void snap_drops_what_collapses(void **state) {
    const ct_geom tiny = geom_of(*state, "Polygon", "[[[0,0],[0.1,0],[0.1,0.1],[0,0]]]");
    ct_geom out;
    assert_ok(ct_geos_snap(&out, *state, &tiny, 1));
    assert_int_equal(out.type, CT_GEOM_NONE);
    const ct_geom two =
        geom_of(*state, "MultiPolygon",
                "[[[[0,0],[0.1,0],[0.1,0.1],[0,0]]],[[[5,5],[9.2,5],[9.2,9],[5,5]]]]");
    assert_ok(ct_geos_snap(&out, *state, &two, 1));
    assert_int_equal(out.type, CT_GEOM_MULTIPOLYGON); // multi stays multi
    assert_int_equal(out.n_parts, 1);
    const ct_geom millimetres =
        geom_of(*state, "LineString", "[[500000.12345,3320000.98765,7.5],[1.0004,2.0006,8]]");
    assert_ok(ct_geos_snap(&out, *state, &millimetres, 0.001));
    const ct_geom expected =
        geom_of(*state, "LineString", "[[500000.123,3320000.988,7.5],[1,2.001,8]]");
    assert_same_geom(&out, &expected);
    assert_int_equal(ct_geos_snap(&out, *state, &two, 0), CT_ARG);
    assert_int_equal(ct_geos_snap(&out, *state, &two, -1), CT_ARG);
    const ct_geom empty = geom_of(*state, "Polygon", "[]");
    assert_ok(ct_geos_snap(&out, *state, &empty, 1));
    assert_int_equal(out.type, CT_GEOM_NONE);
}

static void union_takes_what_overlaps_once(void **state) {
    // Two squares that overlap, a bow tie that crosses itself, a square that meets the first but
    // for less than the step.
    const ct_geom four =
        geom_of(*state, "MultiPolygon",
                "[[[[0,0],[4,0],[4,4],[0,4],[0,0]]],[[[2,0],[6,0],[6,4],[2,4],[2,0]]],"
                "[[[10,0],[12,2],[12,0],[10,2],[10,0]]],"
                "[[[0,4.0001],[4,4.0001],[4,8],[0,8],[0,4.0001]]]]");
    ct_geom out;
    assert_ok(ct_geos_union(&out, *state, &four, 0.001));
    assert_ok(ct_geos_check(&out));
    assert_int_equal(out.n_parts, 3);
    assert_near(ct_geom_area_m2(&out), 24 + 2 + 16, 1e-9);
    assert_false(out.has_z);
    assert_int_equal(ct_geos_union(&out, *state, &four, 0), CT_ARG);
}

static void clip_keeps_the_part_inside(void **state) {
    const ct_bbox box = {2, 2, 6, 6};
    ct_geom out;
    const ct_geom square =
        geom_of(*state, "Polygon", "[[[0,0,0],[10,0,10],[10,10,10],[0,10,0],[0,0,0]]]");
    assert_ok(ct_geos_clip(&out, *state, &square, &box));
    assert_int_equal(out.type, CT_GEOM_POLYGON);
    assert_near(ct_geom_area_m2(&out), 16, 1e-12);
    assert_true(out.has_z);
    for (uint32_t i = 0; i < out.n_points; i++) assert_true(isfinite(out.xyz[3 * i + 2]));
    // Inside: the same; outside: nothing; touching from outside: nothing of its dimension.
    const ct_geom inner = geom_of(*state, "Polygon", "[[[3,3],[4,3],[4,4],[3,3]]]");
    assert_ok(ct_geos_clip(&out, *state, &inner, &box));
    assert_same_geom(&out, &inner);
    static const char *const away[] = {"[[[20,20],[30,20],[30,30],[20,20]]]",
                                       "[[[6,2],[9,2],[9,6],[6,6],[6,2]]]", "[]"};
    for (size_t i = 0; i < 3; i++) {
        const ct_geom g = geom_of(*state, "Polygon", away[i]);
        assert_ok(ct_geos_clip(&out, *state, &g, &box));
        assert_int_equal(out.type, CT_GEOM_NONE);
    }
    const ct_geom line = geom_of(*state, "LineString", "[[0,3,0],[10,3,10],[10,5,10],[0,5,20]]");
    assert_ok(ct_geos_clip(&out, *state, &line, &box));
    assert_int_equal(out.type, CT_GEOM_MULTILINESTRING);
    assert_int_equal(out.n_rings, 2);
    assert_near(ct_geom_length_m(&out), 8, 1e-12);
    for (uint32_t i = 0; i < out.n_points; i++) // heights of new points lie on the line
        if (out.xyz[3 * i + 1] == 3) assert_near(out.xyz[3 * i + 2], out.xyz[3 * i], 1e-9);
    const ct_geom points = geom_of(*state, "MultiPoint", "[[3,3],[9,9],[4,4]]");
    assert_ok(ct_geos_clip(&out, *state, &points, &box));
    assert_int_equal(out.n_points, 2);
    assert_int_equal(ct_geos_clip(&out, *state, &line, &(ct_bbox){3, 3, 3, 9}), CT_ARG);
}

static void buffers_have_known_areas(void **state) {
    ct_geom out;
    const ct_geom point = geom_of(*state, "Point", "[100,200,5]");
    assert_ok(ct_geos_buffer(&out, *state, &point, 2));
    assert_int_equal(out.type, CT_GEOM_POLYGON);
    assert_false(out.has_z);
    assert_int_equal(out.n_points, 33); // 8 segments a quarter
    assert_near(ct_geom_area_m2(&out), 16 * 4 * sin(2 * M_PI / 32), 1e-9);
    const ct_geom square = geom_of(*state, "Polygon", SQUARE);
    assert_ok(ct_geos_buffer(&out, *state, &square, -1));
    assert_near(ct_geom_area_m2(&out), 64, 1e-9);
    assert_ok(ct_geos_buffer(&out, *state, &square, -6));
    assert_int_equal(out.type, CT_GEOM_NONE);
    const ct_geom apart = geom_of(*state, "MultiPoint", "[[0,0],[100,0]]");
    assert_ok(ct_geos_buffer(&out, *state, &apart, 1));
    assert_int_equal(out.type, CT_GEOM_MULTIPOLYGON);
    assert_int_equal(out.n_parts, 2);
    assert_int_equal(ct_geos_buffer(&out, *state, &apart, HUGE_VAL), CT_ARG);
}

// Through GEOS and back without a change, for every type.
static void conversion_keeps_every_bit(void **state) {
    static const char *const list[][2] = {
        {"Point", "[0.1,0.2,0.3]"},
        {"LineString", "[[0.1,0.2],[0.3,0.4]]"},
        {"MultiPoint", "[[0.1,0.2],[0.5,0.6]]"},
        {"MultiLineString", "[[[0.1,0.2],[0.3,0.4]],[[5,6],[7,8]]]"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        const ct_geom g = geom_of(*state, list[i][0], list[i][1]);
        ct_geom out;
        assert_ok(ct_geos_make_valid(&out, *state, &g));
        assert_same_geom(&out, &g);
    }
}

static void *work(void *result) {
    ct_arena *arena = ct_arena_new(4096, 0);
    double p[] = {0, 0, 10, 10, 10, 0, 0, 10, 0, 0};
    uint32_t ring_end = 5, part_end = 1;
    const ct_geom bow = {CT_GEOM_POLYGON, false, 5, 1, 1, p, &ring_end, &part_end};
    int *ok = result;
    *ok = arena != NULL;
    for (int i = 0; *ok && i < 200; i++) {
        ct_geom out;
        ct_arena_reset(arena);
        *ok = ct_geos_check(&bow) == CT_GEOM &&
              strcmp(ct_err_message(), "Self-intersection at 5 5") == 0 &&
              ct_geos_make_valid(&out, arena, &bow) == CT_OK && out.n_parts == 2;
    }
    ct_arena_free(arena);
    return NULL;
}

static void threads_do_not_meet(void **state) {
    (void)state;
    const long live = ct_mem_live();
    pthread_t threads[4];
    int ok[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &ok[i]), 0);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(ok[i]);
    }
    assert_int_equal(ct_mem_live(), live);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(reasons_name_the_place),
        CASE(small_rings_are_valid_where_geos_says_so),
        CASE(make_valid_covers_the_same_ground),
        CASE(snap_gives_valid_multiples),
        CASE(snap_drops_what_collapses),
        CASE(union_takes_what_overlaps_once),
        CASE(clip_keeps_the_part_inside),
        CASE(buffers_have_known_areas),
        CASE(conversion_keeps_every_bit),
        CASE(threads_do_not_meet),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    ct_geo_thread_end();
    return failed;
}
