// No water is made, lost or negative: violent rain and dam breaks on steep beds, edges, roofs.
#include "case.h"

static void violent_rain_on_steep_ground(void **state) {
    (void)state;
    flood_case c = case_new(48, 36, 1);
    case_rough_lake(&c, -1); // rises of metres from cell to cell
    double rain_s[] = {10, 40, 200}, rain_ms[] = {5e-3, 1e-4, 0};
    double level_s[] = {0, 100, 200}, level_m[] = {0, 5, 1};
    double flow_s[] = {0, 50}, flow_m3s[] = {0, 3};
    ct_flood_edge edges[] = {{CT_FLOOD_RIGHT, 0, 36, CT_FLOOD_OPEN, {0}},
                             {CT_FLOOD_TOP, 4, 20, CT_FLOOD_LEVEL, {3, level_s, level_m}},
                             {CT_FLOOD_LEFT, 3, 9, CT_FLOOD_INFLOW, {2, flow_s, flow_m3s}}};
    c.params.edges = edges;
    c.params.edge_count = 3;
    c.params.rain = (ct_flood_series){3, rain_s, rain_ms};
    c.params.manning_uniform = 0.02;
    for (size_t i = 0; i < c.cells; i++) {
        if (c.blocked[i]) c.roof[i] = i > 0 && !c.blocked[i - 1] ? (int64_t)i - 1 : -1;
    }
    case_open(&c);
    for (int minute = 1; minute <= 10; minute++) {
        case_advance(&c, 30.0 * minute);
        assert_true(case_lowest_depth(&c) >= 0);
        assert_true(case_volume_error(&c) < 1e-12);
    }
    ct_flood_ledger l;
    ct_flood_ledger_get(c.flood, &l);
    double fallen_m = 30 * 5e-3 + 160 * 1e-4; // each rate holds until the next time
    double all_m3 = l.rain_m3 + l.rain_lost_m3;
    assert_true(fabs(all_m3 - fallen_m * (double)c.cells) < 1e-10 * all_m3);
    // The discharge rises evenly for 50 s, then stays.
    assert_true(fabs(l.in_m3[CT_FLOOD_LEFT] - (75 + 3 * 250)) < 1e-9);
    assert_true(l.out_m3[CT_FLOOD_RIGHT] > 0 && l.in_m3[CT_FLOOD_RIGHT] == 0);
    assert_true(l.in_m3[CT_FLOOD_TOP] > 0);
    case_free(&c);
}

// A column one cell wide is the worst case of draining: waves to all four sides.
static void lone_columns_never_go_negative(void **state) {
    (void)state;
    flood_case c = case_new(31, 31, 1);
    for (size_t i = 0; i < c.cells; i++) {
        size_t row = i / 31, column = i % 31;
        c.bed[i] = row % 5 == 2 && column % 5 == 2 ? ct_rng_range(0, 200, 3, i, 0, 0) : 0;
        c.depth[i] = row % 5 == 2 && column % 5 == 2 ? ct_rng_range(0, 20, 3, i, 0, 1) : 0;
    }
    c.params.cfl = 0.5;
    case_open(&c);
    for (int i = 0; i < 400; i++) {
        assert_int_equal(ct_flood_step(c.flood, ct_flood_dt_max_s(c.flood)), CT_OK);
        assert_true(case_lowest_depth(&c) >= 0);
    }
    assert_true(case_volume_error(&c) < 1e-13);
    case_free(&c);
}

static void dam_break_down_a_cliff(void **state) {
    (void)state;
    flood_case c = case_new(60, 8, 0.5);
    for (size_t i = 0; i < c.cells; i++) {
        size_t column = i % 60;
        c.bed[i] = 100 - 2.0 * (double)column; // falls 4 m a metre
        c.depth[i] = column < 6 ? 5 : 0;
    }
    ct_flood_edge edge = {CT_FLOOD_RIGHT, 0, 8, CT_FLOOD_OPEN, {0}};
    c.params.edges = &edge;
    c.params.edge_count = 1;
    c.params.manning_uniform = 0.03;
    case_open(&c);
    case_advance(&c, 120);
    ct_flood_ledger l;
    ct_flood_ledger_get(c.flood, &l);
    assert_true(case_lowest_depth(&c) >= 0);
    assert_true(l.out_m3[CT_FLOOD_RIGHT] > 0.9 * l.initial_m3);
    assert_true(case_volume_error(&c) < 1e-12);
    case_free(&c);
}

static void roof_rain_arrives_where_it_is_sent(void **state) {
    (void)state;
    flood_case c = case_new(9, 9, 2);
    for (size_t i = 0; i < c.cells; i++) c.bed[i] = i == 10 ? 0 : 1; // a pit of one cell
    for (size_t row = 4; row < 7; row++) {
        for (size_t column = 4; column < 7; column++) {
            c.blocked[row * 9 + column] = 1;
            c.roof[row * 9 + column] = row < 6 ? 10 : -1;
        }
    }
    double rain_s[] = {0, 100}, rain_ms[] = {1e-4, 0};
    double *factor = ct_calloc(c.cells, sizeof *factor);
    for (size_t i = 0; i < c.cells; i++) factor[i] = c.blocked[i] ? 2 : 0; // on roofs only
    c.params.rain = (ct_flood_series){2, rain_s, rain_ms};
    c.params.rain_factor = factor;
    case_open(&c);
    case_advance(&c, 200);
    ct_flood_ledger l;
    ct_flood_ledger_get(c.flood, &l);
    double fall_m3 = 1e-2 * 2 * 4; // depth x factor x cell
    assert_true(fabs(l.rain_m3 - 6 * fall_m3) < 1e-13);
    assert_true(fabs(l.rain_lost_m3 - 3 * fall_m3) < 1e-13);
    const double *h = ct_flood_get(c.flood, CT_FLOOD_DEPTH);
    for (size_t i = 0; i < c.cells; i++) {
        assert_true(i == 10 ? fabs(h[i] - 6 * 1e-2 * 2) < 1e-13 : h[i] == 0);
    }
    ct_free(factor);
    case_free(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(violent_rain_on_steep_ground),
        cmocka_unit_test(lone_columns_never_go_negative),
        cmocka_unit_test(dam_break_down_a_cliff),
        cmocka_unit_test(roof_rain_arrives_where_it_is_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
