// Reference systems and transforms: spellings, axis order, published coordinates, round trips,
// heights, threads.
#include "geo_fixture.h"

#include <pthread.h>

#include "base/mem.h"
#include "geo/crs.h"
#include "geo/tile.h"

static void spellings_mean_the_same(void **state) {
    (void)state;
    static const char *const spellings[][2] = {
        {"EPSG:4547", "EPSG:4547"},
        {"4547", "EPSG:4547"},
        {"epsg:04547", "EPSG:4547"},
        {"[EPSG:4547]", "EPSG:4547"},
        {"http://www.opengis.net/def/crs/EPSG/0/4547", "EPSG:4547"},
        {"https://www.opengis.net/def/crs/EPSG/9.9.1/4547", "EPSG:4547"},
        {"urn:ogc:def:crs:EPSG::4547", "EPSG:4547"},
        {"urn:ogc:def:crs:EPSG:9.9.1:4547", "EPSG:4547"},
        {"OGC:CRS84", "OGC:CRS84"},
        {"CRS84", "OGC:CRS84"},
        {"[OGC:CRS84]", "OGC:CRS84"},
        {CT_CRS84_URI, "OGC:CRS84"},
        {"https://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84"},
        {"http://www.opengis.net/def/crs/OGC/0/CRS84", "OGC:CRS84"},
        {"urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"},
        {CT_CRS84H_URI, "OGC:CRS84h"},
    };
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        ct_crs_info info, again;
        assert_ok(ct_crs_describe(&info, spellings[i][0]));
        assert_string_equal(info.code, spellings[i][1]);
        // The URI leads back to the same system.
        assert_ok(ct_crs_describe(&again, info.uri));
        assert_string_equal(again.code, info.code);
    }
}

static void strangers_are_refused(void **state) {
    (void)state;
    static const char *const list[] = {
        "",
        "EPSG:",
        "EPSG:x",
        "EPSG:4547x",
        "EPSG:999999",
        "EPSG:99999999999999999999",
        "[EPSG:4547",
        "[]",
        "OGC:CRS85",
        "FOO:4547",
        "+proj=longlat",
        "http://www.opengis.net/def/crs/EPSG/0/",
        "http://www.opengis.net/def/crs/EPSG",
        "http://www.opengis.net/def/crs/EPSG/0/4547/x",
        "urn:ogc:def:crs:EPSG:4547",
        "http://example.org/def/crs/EPSG/0/4547",
        "EPSG:7415", // compound
        "EPSG:5773", // vertical
        "EPSG:4978", // geocentric
        "EPSG:2263", // feet
        "EPSG:4807", // grads
        "EPSG:2065", // south and west
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        ct_crs_info info = {.code = "before"};
        if (ct_crs_describe(&info, list[i]) != CT_CRS) fail_msg("\"%s\" is taken", list[i]);
        assert_string_equal(info.code, "before");
        assert_true(strlen(ct_err_message()) > 0);
    }
}

static void authority_order_is_known(void **state) {
    (void)state;
    static const struct {
        const char *code;
        bool projected, swapped;
    } list[] = {
        {"EPSG:4326", false, true},  {"EPSG:4490", false, true},  {"EPSG:4979", false, true},
        {"OGC:CRS84", false, false}, {"EPSG:4547", true, true},   {"EPSG:4549", true, true},
        {"EPSG:3857", true, false},  {"EPSG:32650", true, false}, {"EPSG:27700", true, false},
        {"EPSG:4526", true, true},
    };
    for (int pass = 0; pass < 2; pass++) // the second from the cache
        for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
            ct_crs_info info;
            assert_ok(ct_crs_describe(&info, list[i].code));
            assert_string_equal(info.code, list[i].code);
            assert_int_equal(info.projected, list[i].projected);
            assert_int_equal(info.swapped, list[i].swapped);
        }
    ct_crs_info info;
    assert_ok(ct_crs_describe(&info, "4547"));
    assert_string_equal(info.name, "CGCS2000 / 3-degree Gauss-Kruger CM 114E");
    assert_string_equal(info.uri, "http://www.opengis.net/def/crs/EPSG/0/4547");
}

static void wkt_of_both_kinds(void **state) {
    (void)state;
    char *wkt = NULL;
    assert_ok(ct_crs_wkt(&wkt, "EPSG:4547", false));
    assert_memory_equal(wkt, "PROJCRS[\"CGCS2000", 17);
    ct_free(wkt);
    assert_ok(ct_crs_wkt(&wkt, "EPSG:4547", true));
    assert_memory_equal(wkt, "PROJCS[\"CGCS2000", 16);
    ct_free(wkt);
    wkt = NULL;
    assert_int_equal(ct_crs_wkt(&wkt, "EPSG:999999", true), CT_CRS);
    assert_null(wkt);
}

static void one(const char *from, const char *to, double x, double y, double expected_x,
                double expected_y, double tolerance) {
    ct_transform *t = NULL;
    assert_ok(ct_transform_get(&t, from, to));
    double p[2] = {x, y};
    assert_ok(ct_transform_points(t, p, 1, 2));
    assert_near(p[0], expected_x, tolerance);
    assert_near(p[1], expected_y, tolerance);
}

// Length of the meridian from the equator on the CGCS2000 ellipsoid, by Simpson's rule on its
// definition.
static double meridian_arc_m(double latitude_deg) {
    const double a = 6378137, f = 1 / 298.257222101, e2 = f * (2 - f);
    enum { STEPS = 2000 };
    const double h = latitude_deg * M_PI / 180 / STEPS;
    double sum = 0;
    for (int i = 0; i <= STEPS; i++) {
        const double s = sin(i * h);
        const double m = a * (1 - e2) / pow(1 - e2 * s * s, 1.5);
        sum += m * (i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2);
    }
    return sum * h / 3;
}

static void published_and_derived_coordinates(void **state) {
    (void)state;
    one("OGC:CRS84", "EPSG:3857", 180, 0, CT_MERCATOR_HALF, 0, 1e-8);
    one("EPSG:4326", "EPSG:3857", -180, 85.0511287798066, -CT_MERCATOR_HALF, CT_MERCATOR_HALF,
        1e-6);
    // EPSG guidance note 7-2, section 3.5.3.1: the worked example of Transverse Mercator.
    one("EPSG:4277", "EPSG:27700", 0.5, 50.5, 577274.99, 69740.50, 0.01);
    for (int latitude = 5; latitude <= 50; latitude += 15)
        one("EPSG:4490", "EPSG:4547", 114, latitude, 500000, meridian_arc_m(latitude), 1e-6);
}

// Whatever the authority's order: east or longitude first on both sides.
static void order_is_east_north_throughout(void **state) {
    (void)state;
    one("EPSG:4326", "EPSG:4547", 115, 30, 596490, 3321000, 2000);
    one("OGC:CRS84", "EPSG:4547", 115, 30, 596490, 3321000, 2000);
    one("EPSG:4547", "EPSG:4490", 500000, 0, 114, 0, 1e-9);
    one("EPSG:4547", "EPSG:3857", 500000, 0, 114 * CT_MERCATOR_HALF / 180, 0, 1e-3);
}

static void equal_systems_cost_nothing(void **state) {
    (void)state;
    static const char *const list[][2] = {
        {"EPSG:4547", "4547"}, {"EPSG:4326", "OGC:CRS84"}, {"OGC:CRS84h", "CRS84"}};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        ct_transform *t = NULL;
        assert_ok(ct_transform_get(&t, list[i][0], list[i][1]));
        assert_true(ct_transform_is_identity(t));
        double p[2] = {0.1, 0.2};
        assert_ok(ct_transform_points(t, p, 1, 2));
        assert_true(p[0] == 0.1 && p[1] == 0.2);
        ct_bbox box = {0.1, 0.2, 0.3, 0.4};
        assert_ok(ct_transform_bbox(t, &box));
        assert_true(box.min_x == 0.1 && box.max_y == 0.4);
    }
    ct_transform *t = NULL;
    assert_ok(ct_transform_get(&t, "EPSG:4547", "EPSG:4549"));
    assert_false(ct_transform_is_identity(t));
}

static void round_trips_stay_within_a_micrometre(void **state) {
    dice d = {.seed = 4547};
    print_message("seed %llu\n", (unsigned long long)d.seed);
    enum { N = 5000 };
    double *p = ct_arena_alloc(*state, N * 3 * sizeof(double));
    double *q = ct_arena_alloc(*state, N * 3 * sizeof(double));
    assert_non_null(p);
    assert_non_null(q);
    for (int i = 0; i < N; i++) {
        p[3 * i] = dice_range(&d, 350000, 650000);
        p[3 * i + 1] = dice_range(&d, 2000000, 5500000);
        p[3 * i + 2] = dice_range(&d, -50, 9000);
    }
    static const char *const others[] = {"EPSG:4490", "OGC:CRS84", "EPSG:3857", "EPSG:4549"};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        memcpy(q, p, N * 3 * sizeof(double));
        ct_transform *there = NULL, *back = NULL;
        assert_ok(ct_transform_get(&there, "EPSG:4547", others[k]));
        assert_ok(ct_transform_get(&back, others[k], "EPSG:4547"));
        assert_ok(ct_transform_points(there, q, N, 3));
        assert_true(fabs(q[0] - p[0]) > 1);
        assert_ok(ct_transform_points(back, q, N, 3));
        for (int i = 0; i < N; i++) {
            assert_near(q[3 * i], p[3 * i], 1e-6);
            assert_near(q[3 * i + 1], p[3 * i + 1], 1e-6);
            assert_memory_equal(&q[3 * i + 2], &p[3 * i + 2], sizeof(double)); // heights to the bit
        }
    }
}

static void a_point_without_image_is_named(void **state) {
    (void)state;
    ct_transform *t = NULL;
    assert_ok(ct_transform_get(&t, "OGC:CRS84", "EPSG:4547"));
    double p[] = {114, 30, 115, 31, 114, 95, 116, 30};
    assert_int_equal(ct_transform_points(t, p, 4, 2), CT_CRS);
    assert_message("point 2 has no image");
    double q[] = {114, 30}; // and the transform still works afterwards
    assert_ok(ct_transform_points(t, q, 1, 2));
    assert_near(q[0], 500000, 1e-6);
    assert_ok(ct_transform_points(t, NULL, 0, 2));
}

static void geometries_and_boxes(void **state) {
    dice d = {.seed = 99};
    print_message("seed %llu\n", (unsigned long long)d.seed);
    ct_transform *t = NULL;
    assert_ok(ct_transform_get(&t, "OGC:CRS84", "EPSG:4547"));
    ct_geom g = geom_of(*state, "LineString", "[[114,0,5],[114,30,6]]");
    assert_ok(ct_transform_geom(t, &g));
    assert_near(g.xyz[0], 500000, 1e-6);
    assert_near(g.xyz[4], meridian_arc_m(30), 1e-2); // WGS 84 and CGCS2000 differ by 0.1 mm in b
    assert_true(g.xyz[2] == 5 && g.xyz[5] == 6);
    const ct_bbox from = {113.5, 22, 114.5, 23};
    ct_bbox to = from;
    assert_ok(ct_transform_bbox(t, &to));
    assert_true(to.max_x - to.min_x < 110000 && to.max_y - to.min_y < 115000);
    for (int i = 0; i < 1000; i++) {
        double p[2] = {dice_range(&d, from.min_x, from.max_x),
                       dice_range(&d, from.min_y, from.max_y)};
        assert_ok(ct_transform_points(t, p, 1, 2));
        assert_true(p[0] >= to.min_x - 1 && p[0] <= to.max_x + 1 && p[1] >= to.min_y - 1 &&
                    p[1] <= to.max_y + 1);
    }
    ct_bbox beyond = {100, 80, 110, 100}, before = beyond;
    assert_int_equal(ct_transform_bbox(t, &beyond), CT_CRS);
    assert_memory_equal(&beyond, &before, sizeof before);
}

static void transforms_may_be_owned_or_cached(void **state) {
    (void)state;
    ct_transform *a = NULL, *b = NULL, *own = NULL;
    assert_ok(ct_transform_get(&a, "EPSG:4547", "OGC:CRS84"));
    assert_ok(ct_transform_get(&b, "4547", CT_CRS84_URI));
    assert_ptr_equal(a, b);
    assert_ok(ct_transform_new(&own, "EPSG:4547", "OGC:CRS84"));
    assert_ptr_not_equal(own, a);
    ct_transform_free(own);
    ct_transform_free(NULL);
    assert_int_equal(ct_transform_new(&own, "EPSG:4547", "EPSG:999999"), CT_CRS);
    assert_int_equal(ct_transform_get(&own, "nonsense", "EPSG:4547"), CT_CRS);
}

typedef struct job {
    const char *from, *to;
    double point[2];
    ct_err err;
} job;

static void *work(void *context) {
    job *j = context;
    ct_transform *t = NULL;
    j->err = ct_transform_get(&t, j->from, j->to);
    for (int i = 0; j->err == CT_OK && i < 100; i++) {
        memcpy(j->point, (double[]){114.1, 30.2}, sizeof j->point);
        j->err = ct_transform_points(t, j->point, 1, 2);
    }
    return NULL;
}

enum { JOBS = 8 };
static void work_at_once(job jobs[JOBS]) {
    pthread_t threads[JOBS];
    for (int i = 0; i < JOBS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &jobs[i]), 0);
    for (int i = 0; i < JOBS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
}

// Each thread has its own, a copy of what the first one found; the last one that ends frees all.
static void threads_agree_and_leave_nothing(void **state) {
    (void)state;
    ct_transform *own = NULL;
    ct_geo_thread_end();
    const long live = ct_mem_live();
    for (int held = 0; held < 2; held++) { // found at once by the threads; and by this one before
        job jobs[JOBS];
        if (held) assert_ok(ct_transform_new(&own, "OGC:CRS84", "EPSG:4547"));
        for (int i = 0; i < JOBS; i++)
            jobs[i] = (job){"OGC:CRS84", i % 2 ? "EPSG:4547" : "EPSG:3857", {0, 0}, CT_OK};
        work_at_once(jobs);
        for (int i = 0; i < JOBS; i++) {
            assert_int_equal(jobs[i].err, CT_OK);
            assert_memory_equal(jobs[i].point, jobs[i % 2].point, sizeof jobs[i].point);
        }
        assert_near(jobs[0].point[0], 114.1 / 180 * CT_MERCATOR_HALF, 1e-6);
        double p[2] = {114.1, 30.2};
        if (held) assert_ok(ct_transform_points(own, p, 1, 2));
        if (held) assert_memory_equal(jobs[1].point, p, sizeof p);
        ct_transform_free(own);
        ct_geo_thread_end();
        assert_int_equal(ct_mem_live(), live);
    }
    ct_geo_thread_end(); // once more does no harm
}

static void threads_fail_alike(void **state) {
    (void)state;
    const long live = ct_mem_live();
    job jobs[JOBS];
    for (int i = 0; i < JOBS; i++)
        jobs[i] = (job){"OGC:CRS84", i % 2 ? "EPSG:999999" : "EPSG:4978", {0, 0}, CT_OK};
    work_at_once(jobs);
    for (int i = 0; i < JOBS; i++) assert_int_equal(jobs[i].err, CT_CRS);
    assert_int_equal(ct_mem_live(), live);
}

static void the_register_is_asked(void **state) {
    (void)state;
    static const struct {
        const char *number;
        bool found, vertical, compound;
        double unit_m;
    } expected[] = {
        {"4547", true, false, false, 1},       {"2277", true, false, false, 1200.0 / 3937},
        {"4326", true, false, false, 0},       {"5703", true, true, false, 0},
        {"5834", true, false, true, 1},        {"1234", false, false, false, 0},
        {"12invalid", false, false, false, 0}, {"", false, false, false, 0},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        ct_crs_entry e;
        assert_int_equal(ct_crs_epsg(&e, expected[i].number), expected[i].found);
        assert_int_equal(e.vertical, expected[i].vertical);
        assert_int_equal(e.compound, expected[i].compound);
        assert_true(fabs(e.unit_m - expected[i].unit_m) < 1e-12);
    }
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(spellings_mean_the_same),
        CASE(strangers_are_refused),
        CASE(authority_order_is_known),
        CASE(wkt_of_both_kinds),
        CASE(published_and_derived_coordinates),
        CASE(order_is_east_north_throughout),
        CASE(equal_systems_cost_nothing),
        CASE(round_trips_stay_within_a_micrometre),
        CASE(a_point_without_image_is_named),
        CASE(geometries_and_boxes),
        CASE(transforms_may_be_owned_or_cached),
        CASE(threads_agree_and_leave_nothing),
        CASE(threads_fail_alike),
        CASE(the_register_is_asked),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    ct_geo_thread_end();
    return failed;
}
