// Queries from parameter texts: filters, boxes in several reference systems, times.
#include "query/query.h"

#include <stdio.h>
#include <string.h>

#include "cmk.h"
#include "geo/crs.h"

#define TWIN "EPSG:4547"
#define US   INT64_C(1000000)

static ct_catalogue *catalogue;
static ct_arena *arena;

static int load(void **state) {
    (void)state;
    arena = ct_arena_new(4096, 1 << 20);
    return arena && ct_catalogue_load(&catalogue, CT_SOURCE_DIR "/data/catalogue") == CT_OK ? 0
                                                                                            : -1;
}

static int unload(void **state) {
    (void)state;
    ct_catalogue_free(catalogue);
    ct_arena_free(arena);
    return 0;
}

static void failed_with(ct_err err, ct_err expected, const char *part) {
    if (err != expected || !strstr(ct_err_message(), part))
        fail_msg("got %s: %s; expected %s with \"%s\"", ct_err_name(err), ct_err_message(),
                 ct_err_name(expected), part);
}

static ct_query query_of(const char *cls) {
    ct_query q;
    ct_query_init(&q, ct_catalogue_by_name(catalogue, cls));
    assert_false(q.has_bbox || q.has_time || q.skip_geometry);
    assert_int_equal(q.limit, 0);
    return q;
}

static void filters_take_the_type_of_their_attribute(void **state) {
    (void)state;
    ct_query q = query_of("building");
    assert_int_equal(ct_query_add_filter(&q, arena, "use", "office"), CT_OK);
    assert_int_equal(ct_query_add_filter(&q, arena, "storeys_above", "6"), CT_OK);
    assert_int_equal(ct_query_add_filter(&q, arena, "height_m", "18.5"), CT_OK);
    assert_int_equal(q.n_filters, 3);
    assert_string_equal(q.filters[0].value.as.text, "office");
    assert_int_equal(q.filters[1].value.kind, CT_VALUE_INTEGER);
    assert_near(q.filters[2].value.as.real, 18.5, 0);
    assert_string_equal(q.cls->attrs[q.filters[2].attr].name, "height_m");
    // what no feature can have selects nothing; it is no error
    assert_int_equal(ct_query_add_filter(&q, arena, "use", "castle"), CT_OK);
    assert_int_equal(ct_query_add_filter(&q, arena, "storeys_above", "-5"), CT_OK);
    failed_with(ct_query_add_filter(&q, arena, "colour", "red"), CT_ARG, "colour");
    failed_with(ct_query_add_filter(&q, arena, "height_m", "high"), CT_PARSE, "height_m");
    assert_int_equal(q.n_filters, 5);
    while (q.n_filters < CT_QUERY_MAX_FILTERS)
        assert_int_equal(ct_query_add_filter(&q, arena, "use", "office"), CT_OK);
    failed_with(ct_query_add_filter(&q, arena, "use", "office"), CT_LIMIT, "filters");
}

static void boxes_reach_the_twins_reference_system(void **state) {
    (void)state;
    ct_query q = query_of("building");
    assert_int_equal(ct_query_set_bbox(&q, "114,30.5,114.01,30.51", CT_CRS_CRS84, false, TWIN),
                     CT_OK);
    assert_true(q.has_bbox);
    // 114 E is the central meridian; 0.01 degree is about 960 m east and 1109 m north there
    assert_near(q.bbox.min_x, 500000, 0.01);
    assert_near(q.bbox.max_x - q.bbox.min_x, 959.8, 1);
    assert_near(q.bbox.max_y - q.bbox.min_y, 1108.7, 1);

    ct_query swapped = query_of("building"), heights = query_of("building");
    assert_int_equal(ct_query_set_bbox(&swapped, "30.5,114,30.51,114.01", CT_CRS_CRS84, true, TWIN),
                     CT_OK);
    assert_memory_equal(&swapped.bbox, &q.bbox, sizeof q.bbox);
    assert_int_equal(
        ct_query_set_bbox(&heights, "114,30.5,-10,114.01,30.51,1e2", CT_CRS_CRS84, false, TWIN),
        CT_OK);
    assert_memory_equal(&heights.bbox, &q.bbox, sizeof q.bbox);

    ct_query same = query_of("building");
    assert_int_equal(ct_query_set_bbox(&same, "500000,3374000,501000,3375000", TWIN, false, TWIN),
                     CT_OK);
    assert_near(same.bbox.min_x, 500000, 0);
    assert_near(same.bbox.max_y, 3375000, 0);
}

// Whether the box reaches what the twin has at this place (114 E, 30.5 N or a little beside).
static bool reaches(const char *box, const char *crs) {
    ct_query q = query_of("building");
    if (ct_query_set_bbox(&q, box, crs, false, TWIN) != CT_OK)
        fail_msg("%s: %s", box, ct_err_message());
    const ct_bbox place = {500100, 3374000, 500200, 3375000};
    assert_true(q.has_bbox);
    return ct_bbox_intersects(&q.bbox, &place);
}

static void boxes_may_be_larger_than_the_projection_reaches(void **state) {
    (void)state;
    static const char *const around[] = {
        "-180,-90,180,90",  "-170,6,130,55",  "29,-51,144,58.7", "-30,30.4,128,30.6",
        "75.1,30.4,178,31", "-146,30,126,34", "113,-90,115,90",  "19,-63,150,88.5",
        "100,0,-100,60",    "170,0,120,60",   "-360,-90,360,90", "113.9,30.4,114.1,30.6",
        "-250,0,-240,60",   "113,30,180.5,31"};
    for (size_t i = 0; i < sizeof around / sizeof *around; i++)
        if (!reaches(around[i], CT_CRS_CRS84)) fail_msg("%s", around[i]);
    static const char *const beside[] = {"170,0,-170,1",   "-180,-90,100,90", "120,-90,180,90",
                                         "-180,40,180,90", "170,0,100,60",    "0,0,1,1"};
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        if (reaches(beside[i], CT_CRS_CRS84)) fail_msg("%s", beside[i]);
    // the whole of Web Mercator, more than it, and its eastern half
    assert_true(reaches("-20037508.34,-20037508.34,20037508.34,20037508.34", CT_CRS_MERCATOR));
    assert_true(reaches("-2e8,-2e8,2e8,2e8", CT_CRS_MERCATOR));
    assert_true(reaches("0,0,20037508,20037508", CT_CRS_MERCATOR));
    assert_false(reaches("-20037508,-20037508,0,20037508", CT_CRS_MERCATOR));
}

// West > east where both ends lie in the twin's region: two boxes, and one around both.
static void boxes_may_leave_a_strip_out(void **state) {
    (void)state;
    ct_query q = query_of("building");
    assert_int_equal(ct_query_set_bbox(&q, "114.02,30.5,114.01,30.51", CT_CRS_CRS84, false, TWIN),
                     CT_OK);
    assert_int_equal(q.n_boxes, 2);
    assert_false(q.has_heights);
    assert_true(q.boxes[0].max_x < q.boxes[1].min_x);
    assert_near(q.boxes[1].min_x - q.boxes[0].max_x, 959.8, 2);
    assert_near(q.bbox.min_x, q.boxes[0].min_x, 0);
    assert_near(q.bbox.max_x, q.boxes[1].max_x, 0);
    assert_int_equal(
        ct_query_set_bbox(&q, "114,30.5,-10,114.01,30.51,20", CT_CRS_CRS84, false, TWIN), CT_OK);
    assert_int_equal(q.n_boxes, 0);
    assert_true(q.has_heights);
    assert_near(q.min_z_m, -10, 0);
    assert_near(q.max_z_m, 20, 0);
}

static void bad_boxes_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"",           "1,2,3",   "1,2,3,4,5",   "1,2,3,4,5,6,7",
                                      "1,2,3,x",    "1,2,3,",  "1,2,3,nan",   "1,2,3,4 ",
                                      "1, 2,3,4",   "1,5,3,4", "1,2,9,3,4,5", "1,2,3,0x4",
                                      "1,2,3,1e999"};
    ct_query q = query_of("building");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        failed_with(ct_query_set_bbox(&q, bad[i], CT_CRS_CRS84, false, TWIN), CT_PARSE, "bbox");
    failed_with(ct_query_set_bbox(&q, "1,-91,3,4", CT_CRS_CRS84, false, TWIN), CT_RANGE,
                "latitude");
    failed_with(ct_query_set_bbox(&q, "3,0,2,1", TWIN, false, TWIN), CT_PARSE, "west");
    failed_with(ct_query_set_bbox(&q, "1,2,3,4", "EPSG:1", false, TWIN), CT_CRS, "bbox-crs");
    assert_false(q.has_bbox);
}

static void times_are_instants_or_intervals(void **state) {
    (void)state;
    const int64_t noon = INT64_C(1784548800) * US; // 2026-07-20T12:00:00Z
    static const struct {
        const char *text;
        bool from, to;
    } cases[] = {{"2026-07-20T12:00:00Z", true, true},
                 {"2026-07-20T20:00:00+08:00", true, true},
                 {"2026-07-20T12:00:00Z/..", true, false},
                 {"2026-07-20T12:00:00Z/", true, false},
                 {"../2026-07-20T12:00:00Z", false, true},
                 {"/2026-07-20T12:00:00Z", false, true},
                 {"2026-07-20T12:00:00Z/2026-07-20T12:00:00Z", true, true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ct_query q = query_of("event");
        assert_int_equal(ct_query_set_datetime(&q, cases[i].text), CT_OK);
        assert_true(q.has_time);
        assert_true(q.from_us == (cases[i].from ? noon : INT64_MIN));
        assert_true(q.to_us == (cases[i].to ? noon : INT64_MAX));
    }
    ct_query q = query_of("event");
    assert_int_equal(ct_query_set_datetime(&q, "../.."), CT_OK);
    assert_false(q.has_time); // all times: no selection
    static const char *const bad[] = {
        "",    "today", "2026-13-01", "2026-07-21/2026-07-20", "2026-07-20/2026-07-21/2026-07-22",
        "x/.."};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        failed_with(ct_query_set_datetime(&q, bad[i]), CT_PARSE, "datetime");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_take_the_type_of_their_attribute),
        cmocka_unit_test(boxes_reach_the_twins_reference_system),
        cmocka_unit_test(boxes_may_be_larger_than_the_projection_reaches),
        cmocka_unit_test(boxes_may_leave_a_strip_out),
        cmocka_unit_test(bad_boxes_are_refused),
        cmocka_unit_test(times_are_instants_or_intervals),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
