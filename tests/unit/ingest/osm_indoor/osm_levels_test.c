// Levels as tags write them.
#include "cmk.h"
#include "ingest/osm_indoor/levels.h"

static void reads(const char *text, size_t n, const double *expected) {
    ct_osm__levels levels;
    if (!ct_osm__levels_read(&levels, text)) fail_msg("\"%s\" was refused", text);
    if (levels.n != n) fail_msg("\"%s\": %zu levels, expected %zu", text, levels.n, n);
    for (size_t i = 0; i < n; i++) assert_float_equal(levels.at[i], expected[i], 1e-9);
}
#define READS(text, ...)                                                                           \
    reads(text, sizeof((double[]){__VA_ARGS__}) / sizeof(double), (double[]){__VA_ARGS__})

static void lists_and_ranges(void **state) {
    (void)state;
    READS("0", 0);
    READS("-1", -1);
    READS("0.5", 0.5);
    READS("-0.5", -0.5);
    READS("0;1", 0, 1);
    READS("3; -1 ;0;0", -1, 0, 3);
    READS("0-3", 0, 1, 2, 3);
    READS("3-0", 0, 1, 2, 3);
    READS("-1-2", -1, 0, 1, 2);
    READS("-3--1", -3, -2, -1);
    READS("-2;0-1;5", -2, 0, 1, 5);
    READS("0.5-2.5", 0.5, 1.5, 2.5);
    READS("0 - 1", 0, 1);
    READS("1,2;", 1, 2);
    READS("300", 300);
}

static void other_texts_are_none(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      " ",
                                      "E",
                                      "ground",
                                      ";1",
                                      "0;;1",
                                      "1-",
                                      "-",
                                      "--1",
                                      "1--",
                                      "1.2.3",
                                      "0x1",
                                      "1e2",
                                      "0-1-2",
                                      "301",
                                      "-31",
                                      "0-301",
                                      "1/2",
                                      "nan",
                                      "1 2",
                                      "0;one",
                                      "0-999999999999999",
                                      "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ct_osm__levels levels = {.n = 7};
        if (ct_osm__levels_read(&levels, bad[i])) fail_msg("\"%s\" was taken", bad[i]);
        assert_int_equal(levels.n, 0);
    }
}

static void levels_are_held_once_and_in_order(void **state) {
    (void)state;
    ct_osm__levels levels = {.n = 0};
    for (int i = 0; i < CT_OSM__MOST_LEVELS; i++) assert_true(ct_osm__levels_add(&levels, -i));
    assert_true(ct_osm__levels_add(&levels, 0));
    assert_false(ct_osm__levels_add(&levels, 1));
    assert_int_equal(levels.n, CT_OSM__MOST_LEVELS);
    assert_float_equal(levels.at[0], 1 - CT_OSM__MOST_LEVELS, 0);
    assert_true(ct_osm__levels_have(&levels, -7));
    assert_false(ct_osm__levels_have(&levels, 0.5));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_and_ranges),
        cmocka_unit_test(other_texts_are_none),
        cmocka_unit_test(levels_are_held_once_and_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
