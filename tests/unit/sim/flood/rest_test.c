// Still water stays still: over any bed, round islands, buildings and walls, beside open and level
// edges.
#include "case.h"

// The bed is kept to 2^-30 m; a level that the same grid holds makes the start exactly level.
static const double level_m = 3.25;

static void exact_level_stays_exactly_still(void **state) {
    (void)state;
    flood_case c = case_new(40, 30, 2);
    case_rough_lake(&c, level_m);
    for (size_t i = 0; i < c.cells;
         i++) { // whole multiples, so that bed + depth is the level to the bit
        c.bed[i] = rint(c.bed[i] * 0x1p30) * 0x1p-30;
        c.depth[i] = c.blocked[i] ? 0 : fmax(0, level_m - c.bed[i]);
    }
    double time_s[] = {0}, value[] = {level_m};
    ct_flood_edge edges[] = {{CT_FLOOD_LEFT, 0, 30, CT_FLOOD_LEVEL, {1, time_s, value}},
                             {CT_FLOOD_RIGHT, 5, 20, CT_FLOOD_OPEN, {0}},
                             {CT_FLOOD_TOP, 0, 10, CT_FLOOD_CLOSED, {0}}};
    c.params.edges = edges;
    c.params.edge_count = 3;
    case_open(&c);
    case_advance(&c, 500);
    assert_true(case_top_speed(&c) == 0);
    assert_memory_equal(ct_flood_get(c.flood, CT_FLOOD_DEPTH), c.depth, c.cells * sizeof(double));
    assert_true(case_volume_error(&c) == 0);
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
        cmocka_unit_test(exact_level_stays_exactly_still),
        cmocka_unit_test(rounded_level_stays_still),
        cmocka_unit_test(dry_ground_stays_dry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
