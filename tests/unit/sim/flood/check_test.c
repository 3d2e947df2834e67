// Bad input is refused by name and place; a state that goes wrong says where; failed allocations
// leak nothing.
#include "case.h"
#include "fault.h"

#include "sim/flood/state.h"

static void sizes(void **state) {
    (void)state;
    flood_case c = case_new(4, 3, 1);
    ct_flood_params p = c.params;
    p.nx = 0;
    case_refused(&p, CT_ARG, "nx");
    p = c.params;
    p.nx = p.ny = 1u << 20;
    case_refused(&p, CT_LIMIT, "nx");
    p = c.params;
    p.scheme = CT_FLOOD_SECOND_ORDER; // tiles of which next to nothing would be used
    p.nx = 1;
    p.ny = 1u << 28;
    case_refused(&p, CT_LIMIT, "1 x 268435456 cells take 1825361100800 bytes in tiles");
    p.nx = 1u << 28;
    p.ny = 1;
    case_refused(&p, CT_LIMIT, "bytes");
    assert_true(ct_surface_bytes(1u << 14, 1u << 14, false) < CT_FLOOD_MAX_TILE_BYTES / 2);
    p = c.params;
    p.cell_m = 0;
    case_refused(&p, CT_RANGE, "cell_m");
    p = c.params;
    p.cell_m = (double)NAN;
    case_refused(&p, CT_RANGE, "cell_m");
    p = c.params;
    p.bed_m = NULL;
    case_refused(&p, CT_ARG, "bed_m");
    p = c.params;
    p.cfl = 0.6;
    case_refused(&p, CT_RANGE, "cfl");
    p = c.params;
    p.threads = -1;
    case_refused(&p, CT_RANGE, "threads");
    p = c.params;
    p.start_s = HUGE_VAL;
    case_refused(&p, CT_RANGE, "start_s");
    case_free(&c);
}

static void values(void **state) {
    (void)state;
    flood_case c = case_new(4, 3, 1);
    double *bad = ct_calloc(c.cells + 4, sizeof *bad);
    bad[6] = (double)NAN;
    ct_flood_params p = c.params;
    p.bed_m = bad;
    case_refused(&p, CT_RANGE, "bed_m: row 1, column 2: nan");
    p = c.params;
    p.depth_m = bad;
    case_refused(&p, CT_RANGE, "depth_m: row 1, column 2");
    bad[6] = -0.01;
    case_refused(&p, CT_RANGE, "depth_m: row 1, column 2: -0.01");
    p = c.params;
    p.manning = bad;
    case_refused(&p, CT_RANGE, "manning: row 1, column 2");
    p.manning = NULL;
    p.manning_uniform = -1;
    case_refused(&p, CT_RANGE, "manning_uniform");
    p = c.params;
    p.rain_factor = bad;
    case_refused(&p, CT_RANGE, "rain_factor");
    p = c.params;
    p.debris_factor = bad;
    case_refused(&p, CT_RANGE, "debris_factor");
    bad[6] = HUGE_VAL;
    p = c.params;
    p.velocity_y_ms = bad;
    case_refused(&p, CT_RANGE, "velocity_y_ms: row 1, column 2: inf");
    ct_free(bad);
    case_free(&c);
}

static void buildings_and_rain(void **state) {
    (void)state;
    flood_case c = case_new(4, 3, 1);
    ct_flood_params p = c.params;
    c.blocked[5] = 1;
    c.depth[5] = 1;
    case_refused(&p, CT_RANGE, "depth_m: row 1, column 1: 1 in a blocked cell");
    c.depth[5] = 0;
    c.roof[5] = 12;
    case_refused(&p, CT_RANGE, "roof_receiver: row 1, column 1: 12");
    c.roof[5] = -2;
    case_refused(&p, CT_RANGE, "roof_receiver");
    c.roof[5] = 5;
    case_refused(&p, CT_RANGE, "roof_receiver");
    c.roof[5] = 0;
    double time_s[] = {0, 10, 10}, rate[] = {0, 1e-5, -1e-5};
    p.rain = (ct_flood_series){3, time_s, rate};
    case_refused(&p, CT_RANGE, "rain: entry 2: time 10");
    time_s[2] = 20;
    case_refused(&p, CT_RANGE, "rain: entry 2: -1e-05");
    p.rain.value = NULL;
    case_refused(&p, CT_ARG, "rain");
    p.rain = (ct_flood_series){2000000, time_s, rate};
    case_refused(&p, CT_LIMIT, "rain");
    case_free(&c);
}

static void edges(void **state) {
    (void)state;
    flood_case c = case_new(4, 3, 1);
    ct_flood_params p = c.params;
    ct_flood_edge runs[2] = {{CT_FLOOD_LEFT, 0, 3, CT_FLOOD_OPEN, {0}},
                             {CT_FLOOD_TOP, 0, 5, CT_FLOOD_OPEN, {0}}};
    p.edges = runs;
    p.edge_count = 2;
    case_refused(&p, CT_RANGE, "edges[1]");
    runs[1] = (ct_flood_edge){CT_FLOOD_LEFT, 2, 1, CT_FLOOD_OPEN, {0}};
    case_refused(&p, CT_RANGE, "edges[1]: cell 2");
    runs[1] = (ct_flood_edge){CT_FLOOD_TOP, 0, 1, CT_FLOOD_LEVEL, {0}};
    case_refused(&p, CT_ARG, "edges[1]");
    double time_s[] = {0}, value[] = {-1};
    runs[1] = (ct_flood_edge){CT_FLOOD_TOP, 0, 1, CT_FLOOD_INFLOW, {1, time_s, value}};
    case_refused(&p, CT_RANGE, "edges[1]: flood: inflow: entry 0: -1");
    runs[1].kind = (ct_flood_edge_kind)9;
    case_refused(&p, CT_ARG, "kind 9");
    p.edge_count = 1000;
    case_refused(&p, CT_LIMIT, "edges");
    p.edges = NULL;
    case_refused(&p, CT_ARG, "edges");
    case_free(&c);
}

static void watchdog_names_the_cell(void **state) {
    (void)state;
    flood_case c = case_new(7, 5, 1);
    for (size_t i = 0; i < c.cells; i++) c.depth[i] = 1;
    case_open(&c);
    *case_inside(&c, 0, 2, 3) = (double)NAN;
    assert_int_equal(ct_flood_advance(c.flood, 1), CT_DIVERGED);
    assert_non_null(strstr(ct_err_message(), "row 1, column 3")); // the first cell it reaches
    assert_true(ct_flood_time_s(c.flood) == 0);
    case_reopen(&c);
    *case_inside(&c, 2, 1, 2) = 2e4;
    assert_int_equal(ct_flood_step(c.flood, 1e-9), CT_DIVERGED);
    assert_non_null(strstr(ct_err_message(), "row 1, column 2"));
    case_reopen(&c);
    *case_inside(&c, 0, 1, 2) = -1;
    assert_int_equal(ct_flood_step(c.flood, 1e-9), CT_DIVERGED);
    assert_non_null(strstr(ct_err_message(), "row 1, column 2"));
    case_reopen(&c);
    assert_int_equal(ct_flood_advance(c.flood, -1), CT_RANGE);
    assert_int_equal(ct_flood_advance(c.flood, (double)NAN), CT_RANGE);
    assert_int_equal(ct_flood_step(c.flood, 0), CT_RANGE);
    case_free(&c);
}

// Of no use, until what was saved before is loaded.
static void a_diverged_state_is_refused(void **state) {
    (void)state;
    flood_case c = case_new(7, 5, 1);
    for (size_t i = 0; i < c.cells; i++) c.depth[i] = i % 7 < 3 ? 1 : 0.5;
    case_open(&c);
    case_advance(&c, 1);
    size_t bytes = ct_flood_save_bytes(c.flood);
    char *saved = ct_alloc(bytes);
    assert_int_equal(ct_flood_save(c.flood, saved, bytes), CT_OK);
    *case_inside(&c, 0, 2, 3) = (double)NAN;
    assert_int_equal(ct_flood_advance(c.flood, 2), CT_DIVERGED);
    assert_int_equal(ct_flood_advance(c.flood, 2), CT_DIVERGED);
    assert_non_null(strstr(ct_err_message(), "diverged after 1 s"));
    assert_int_equal(ct_flood_step(c.flood, 1e-3), CT_DIVERGED);
    assert_int_equal(ct_flood_save(c.flood, saved, bytes), CT_DIVERGED);
    assert_int_equal(ct_flood_load(c.flood, saved, bytes), CT_OK);
    case_advance(&c, 2);
    assert_true(case_volume_error(&c) < 1e-13);
    ct_free(saved);
    case_free(&c);
}

static ct_err open_once(void *params) {
    ct_flood *flood = NULL;
    const ct_err err = ct_flood_open(&flood, params);
    if (err != CT_OK) assert_null(flood);
    ct_flood_close(flood);
    return err;
}

static void failed_allocations_leak_nothing(void **state) {
    (void)state;
    flood_case c = case_new(66, 6, 1);
    double time_s[] = {0, 1}, value[] = {1, 2};
    double *debris = ct_calloc(c.cells, sizeof *debris);
    ct_flood_edge edge = {CT_FLOOD_TOP, 0, 4, CT_FLOOD_LEVEL, {2, time_s, value}};
    c.params.edges = &edge;
    c.params.edge_count = 1;
    c.params.rain = (ct_flood_series){2, time_s, debris};
    c.params.debris_factor = debris;
    c.crest_x[64] = 1; // two tiles know it
    for (size_t i = 0; i < VARIANTS; i++) {
        case_choose(&c, variants[i]);
        assert_true(fault_every_allocation(open_once, &c.params) > 25);
    }
    ct_free(debris);
    case_free(&c);
}

static void steps_allocate_nothing(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case c = case_new(70, 20, 1);
        for (size_t k = 0; k < c.cells; k++) c.depth[k] = k % 70 < 10 ? 2 : 0;
        c.crest_x[64] = 1;
        c.params.threads = 2;
        case_choose(&c, variants[i]);
        case_open(&c);
        ct_mem_fail_at(1, true);
        ct_err err = ct_flood_advance(c.flood, 5);
        bool asked = ct_mem_failed();
        ct_mem_fail_at(0, false);
        assert_int_equal(err, CT_OK);
        assert_false(asked);
        case_free(&c);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(values),
        cmocka_unit_test(buildings_and_rain),
        cmocka_unit_test(edges),
        cmocka_unit_test(watchdog_names_the_cell),
        cmocka_unit_test(a_diverged_state_is_refused),
        cmocka_unit_test(failed_allocations_leak_nothing),
        cmocka_unit_test(steps_allocate_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
