// Still water stays still: over any bed, round islands, buildings and walls, beside open and level
// edges.
#include "case.h"

// A level of its own array: still to the bit whatever the level, the bed and the precision.
static void a_level_stays_exactly_still(void **state) {
    (void)state;
    double time_s[] = {0}, level_m = 10.0 / 3;
    const ct_flood_edge edges[] = {{CT_FLOOD_LEFT, 0, 30, CT_FLOOD_LEVEL, {1, time_s, &level_m}},
                                   {CT_FLOOD_RIGHT, 5, 20, CT_FLOOD_OPEN, {0}},
                                   {CT_FLOOD_TOP, 0, 10, CT_FLOOD_CLOSED, {0}}};
    for (size_t v = 0; v < VARIANTS; v++) {
        flood_case c = case_new(40, 30, 2);
        case_rough_lake(&c, level_m);
        double *levels = ct_calloc(c.cells, sizeof *levels);
        double *before = ct_calloc(c.cells, sizeof *before);
        for (size_t i = 0; i < c.cells; i++) {
            c.bed[i] = 700 + c.bed[i] * 100; // relief that takes a coarse quantum
            levels[i] = 700 + level_m * 100;
        }
        level_m = levels[0];
        c.params.depth_m = NULL;
        c.params.level_m = levels;
        c.params.edges = edges;
        c.params.edge_count = 3;
        case_choose(&c, variants[v]);
        case_open(&c);
        memcpy(before, ct_flood_get(c.flood, CT_FLOOD_DEPTH), c.cells * sizeof *before);
        case_advance(&c, 50);
        assert_true(case_top_speed(&c) == 0);
        assert_memory_equal(ct_flood_get(c.flood, CT_FLOOD_DEPTH), before,
                            c.cells * sizeof *before);
        assert_true(case_volume_error(&c) == 0);
        for (size_t i = 0; i < c.cells; i++) { // and it is the water that was asked for
            const double asked = c.blocked[i] ? 0 : fmax(0, level_m - c.bed[i]);
            assert_true(fabs(before[i] - asked) <= c.flood->quantum_m);
        }
        level_m = 10.0 / 3;
        ct_free(levels);
        ct_free(before);
        case_free(&c);
    }
}

static void a_level_may_be_missing(void **state) {
    (void)state;
    double levels[6] = {1, (double)NAN, -5, 1, (double)NAN, 1};
    flood_case c = case_new(3, 2, 1);
    c.blocked[5] = 1; // not read there
    c.params.level_m = levels;
    assert_int_equal(ct_flood_open(&c.flood, &c.params), CT_ARG); // and depth_m
    c.params.depth_m = NULL;
    case_open(&c);
    const double *h = ct_flood_get(c.flood, CT_FLOOD_DEPTH);
    for (size_t i = 0; i < 6; i++) assert_true(h[i] == (i == 0 || i == 3 ? 1 : 0));
    levels[5] = 1e5; // nor is this
    case_reopen(&c);
    levels[3] = 10001;
    ct_flood_close(c.flood);
    c.flood = NULL;
    assert_int_equal(ct_flood_open(&c.flood, &c.params), CT_RANGE);
    assert_non_null(strstr(ct_err_message(), "level_m: row 1, column 0: 10001 m above the ground"));
    levels[3] = 2e5;
    assert_int_equal(ct_flood_open(&c.flood, &c.params), CT_RANGE);
    case_free(&c);
}

static void rounded_level_stays_still(void **state) {
    (void)state;
    flood_case c = case_new(40, 30, 2);
    case_rough_lake(&c, 10.0 / 3);
    case_open(&c);
    // What the kept bed's rounding (2^-31 m) can stir at most in the beginning, and nothing that
    // grows.
    case_advance(&c, 100);
    double early = case_top_speed(&c);
    case_advance(&c, 3000);
    assert_true(early < 1e-7);
    assert_true(case_top_speed(&c) <= early);
    case_free(&c);
}

static void dry_ground_stays_dry(void **state) {
    (void)state;
    flood_case c = case_new(20, 20, 1);
    case_rough_lake(&c, -1);
    ct_flood_edge edge = {CT_FLOOD_BOTTOM, 0, 20, CT_FLOOD_OPEN, {0}};
    c.params.edges = &edge;
    c.params.edge_count = 1;
    case_open(&c);
    case_advance(&c, 100);
    ct_flood_ledger l;
    ct_flood_ledger_get(c.flood, &l);
    assert_true(l.state_m3 == 0 && l.out_m3[CT_FLOOD_BOTTOM] == 0);
    assert_true(isnan(ct_flood_get(c.flood, CT_FLOOD_ARRIVAL)[0]));
    case_free(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_stays_exactly_still),
        cmocka_unit_test(a_level_may_be_missing),
        cmocka_unit_test(rounded_level_stays_still),
        cmocka_unit_test(dry_ground_stays_dry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
