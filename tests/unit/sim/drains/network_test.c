// A town of drains through a storm: books, controls, both ways at an inlet, no allocation in a
// step.
#include "town.h"

static double ledger_error(const town *t) {
    ct_drains_ledger l;
    ct_drains_ledger_get(t->drains, &l);
    double in = l.inflow_m3 + l.outfall_in_m3 + l.exchange_in_m3;
    double out = l.taken_m3 + l.outfall_out_m3 + l.exchange_out_m3 + l.flooded_m3;
    double error = l.state_m3 - (l.initial_m3 + in - out);
    assert_near(error, l.error_m3, 1e-12);
    assert_near(l.state_m3, l.node_m3 + l.conduit_m3, 1e-12);
    return fabs(error) / (l.initial_m3 + in);
}

static void books_close(void **state) {
    (void)state;
    town t;
    town_new(&t);
    town_open(&t);
    for (int i = 1; i <= 60; i++) {
        ct_drains_surface s = {2.5 + (i % 7) * 0.02, i % 2 ? 30 : 0, i % 3 ? 2 : HUGE_VAL, 0};
        assert_int_equal(ct_drains_surface_set(t.drains, 0, &s), CT_OK);
        // shut for ten of them: it comes back up through the inlet
        if (i == 10) assert_int_equal(ct_drains_set(t.drains, "conduit", 1, 0), CT_OK);
        if (i == 20) assert_int_equal(ct_drains_set(t.drains, "conduit", 1, 1), CT_OK);
        town_advance(&t, 30 * i);
        assert_true(ledger_error(&t) < 1e-15);
    }
    ct_drains_ledger l;
    ct_drains_ledger_get(t.drains, &l);
    assert_near(l.inflow_m3, 90, 1e-9); // the triangle of the series
    assert_true(l.flooded_m3 > 0 && l.exchange_in_m3 > 0 && l.exchange_out_m3 > 0);
    assert_true(l.outfall_out_m3 > 0 && l.taken_m3 == 0);
    assert_near(l.flooded_m3, town_value(&t, CT_DRAINS_FLOODED, TOWN_HIGH), 1e-12);
    ct_drains_close(t.drains);
}

static void taking_out_ends_at_the_bottom(void **state) {
    (void)state;
    town t;
    town_new(&t);
    town_open(&t);
    assert_int_equal(ct_drains_set(t.drains, "inflow", TOWN_TANK, -5), CT_OK);
    town_advance(&t, 100);
    double left = town_value(&t, CT_DRAINS_VOLUME, TOWN_TANK);
    assert_true(left >= 0 && left < 0.1);
    assert_true(ledger_error(&t) < 1e-15);
    ct_drains_close(t.drains);
}

static void steps_do_not_allocate(void **state) {
    (void)state;
    town t;
    town_new(&t);
    town_open(&t);
    ct_mem_fail_at(1, true);
    ct_err err = ct_drains_advance(t.drains, 900);
    bool met = ct_mem_failed();
    ct_mem_fail_at(0, false);
    assert_int_equal(err, CT_OK);
    assert_false(met);
    ct_drains_close(t.drains);
}

static void gates_close_and_open(void **state) {
    (void)state;
    town t;
    town_new(&t);
    town_open(&t);
    const char *names[] = {"conduit", "orifice", "weir", "outlet", "pump"};
    for (int i = 0; i < 5; i++) {
        assert_int_equal(ct_drains_set(t.drains, names[i], 0, 0), CT_OK);
    }
    town_advance(&t, 600);
    ct_drains_ledger l;
    ct_drains_ledger_get(t.drains, &l);
    assert_true(l.outfall_out_m3 == 0 && l.outfall_in_m3 == 0);
    assert_true(town_value(&t, CT_DRAINS_MAX_FLOW, 0) == 0);
    assert_true(l.flooded_m3 > 80); // what fell into the highest node
    assert_int_equal(ct_drains_set(t.drains, "pump", 0, 0.5), CT_OK);
    town_advance(&t, 610);
    double depth = town_value(&t, CT_DRAINS_DEPTH, TOWN_TANK);
    double full = 0.01 + 0.09 * depth / 3;
    assert_near(town_value(&t, CT_DRAINS_PUMP_FLOW, 0), 0.5 * full, 1e-6);
    assert_int_equal(ct_drains_set(t.drains, "conduit", 0, 1), CT_OK);
    town_advance(&t, 620);
    assert_true(town_value(&t, CT_DRAINS_FLOW, 0) > 0);
    ct_drains_close(t.drains);
}

static void pump_follows_its_depths(void **state) {
    (void)state;
    town t;
    town_new(&t);
    t.nodes[TOWN_TANK].depth_m = 1.2;
    t.params.step_s = 5; // it switches at the end of a step
    t.nodes[TOWN_HIGH].inflow.count = 0;
    t.params.orifice_count = t.params.weir_count = t.params.outlet_count = 0;
    town_open(&t);
    town_advance(&t, 1);
    assert_true(town_value(&t, CT_DRAINS_PUMP_FLOW, 0) > 0); // above on
    town_advance(&t, 3000);
    assert_true(town_value(&t, CT_DRAINS_PUMP_FLOW, 0) == 0); // below off
    assert_near(town_value(&t, CT_DRAINS_DEPTH, TOWN_TANK), 0.3, 0.06);
    ct_drains_close(t.drains);
}

static void a_pump_without_depths_runs_when_it_is_set(void **state) {
    (void)state;
    town t;
    town_new(&t);
    t.pumps[0].on_m = t.pumps[0].off_m = 0;
    town_open(&t);
    town_advance(&t, 10);
    assert_true(town_value(&t, CT_DRAINS_PUMP_FLOW, 0) == 0); // it began stopped
    assert_int_equal(ct_drains_set(t.drains, "pump", 0, (double)NAN), CT_OK);
    town_advance(&t, 20);
    assert_true(town_value(&t, CT_DRAINS_PUMP_FLOW, 0) > 0);
    assert_int_equal(ct_drains_set(t.drains, "pump", 0, 0), CT_OK);
    town_advance(&t, 30);
    assert_true(town_value(&t, CT_DRAINS_PUMP_FLOW, 0) == 0);
    assert_int_equal(ct_drains_set(t.drains, "pump", 0, (double)NAN), CT_OK);
    town_advance(&t, 40);
    assert_true(town_value(&t, CT_DRAINS_PUMP_FLOW, 0) > 0);
    ct_drains_close(t.drains);
}

// A transverse weir with two contracted ends, under a still level.
static double contracted_weir(double head) {
    ct_drains_node nodes[] = {
        {.kind = CT_DRAINS_STORAGE,
         .rim_m = 100,
         .top = CT_DRAINS_SEALED,
         .area_base_m2 = 1e9,
         .depth_m = head},
        {.kind = CT_DRAINS_OUTFALL, .invert_m = -10},
    };
    ct_drains_weir weir = {.to = 1,
                           .height_m = 50,
                           .length_m = 1,
                           .coefficient = 1.8,
                           .contractions = 2,
                           .opening = 1};
    town t = {.params = {.nodes = nodes, .node_count = 2, .weirs = &weir, .weir_count = 1}};
    town_open(&t);
    town_advance(&t, 0.01);
    double q = town_value(&t, CT_DRAINS_WEIR_FLOW, 0);
    ct_drains_close(t.drains);
    return q;
}

static void more_head_never_passes_less_over_a_contracted_weir(void **state) {
    (void)state;
    double before = 0;
    for (double head = 0.25; head < 12; head += 0.25) {
        double q = contracted_weir(head);
        if (head < 3) assert_near(q, 1.8 * (1 - 0.2 * head) * pow(head, 1.5), 1e-6);
        if (!(q > before)) fail_msg("%g m3/s at a head of %g m, %g before it", q, head, before);
        before = q;
    }
}

static void water_in_a_conduit_at_the_start(void **state) {
    (void)state;
    town t;
    town_new(&t);
    t.nodes[TOWN_LOW].depth_m = 0.3; // stands in the pipe's lower end
    town_open(&t);
    ct_drains_profile p;
    assert_int_equal(ct_drains_profile_get(t.drains, 2, &p), CT_RANGE);
    assert_int_equal(ct_drains_profile_get(t.drains, 0, &p), CT_OK);
    assert_int_equal(p.count, 5);
    assert_near(p.cell_m, 18, 1e-12);
    assert_near(p.head_m[4], 0.8, 1e-12);
    assert_near(p.head_m[0], p.bed_m[0], 1e-12);
    assert_true(p.flow_m3s[5] == 0);
    ct_drains_close(t.drains);
    t.conduits[0].flow_m3s = 0.1; // and flows
    town_open(&t);
    assert_int_equal(ct_drains_profile_get(t.drains, 0, &p), CT_OK);
    assert_true(p.head_m[0] > p.bed_m[0] + 0.1 && p.flow_m3s[2] == 0.1);
    ct_drains_close(t.drains);
}

static void tide_by_hand(void **state) {
    (void)state;
    town t;
    town_new(&t);
    t.params.pump_count = t.params.weir_count = t.params.outlet_count = 0;
    t.orifices[0].flap = false;
    t.nodes[TOWN_HIGH].inflow.count = 0;
    town_open(&t);
    assert_int_equal(ct_drains_set(t.drains, "outfall", TOWN_SEA, -0.5), CT_OK);
    town_advance(&t, 50000);
    assert_near(town_value(&t, CT_DRAINS_HEAD, TOWN_TANK), -0.5, 1e-3);
    assert_near(town_value(&t, CT_DRAINS_HEAD, TOWN_SEA), -0.5, 1e-12);
    assert_int_equal(ct_drains_set(t.drains, "outfall", TOWN_SEA, (double)NAN), CT_OK);
    town_advance(&t, 50100);
    assert_near(town_value(&t, CT_DRAINS_HEAD, TOWN_SEA), 1, 1e-12); // the series' end
    ct_drains_close(t.drains);
}

static void covers_hold_and_name_the_node(void **state) {
    (void)state;
    town t;
    town_new(&t);
    t.nodes[TOWN_HIGH].top = CT_DRAINS_SEALED;
    t.conduits[0].length_m = 1000;
    assert_int_equal(ct_drains_open(&t.drains, &t.params), CT_OK);
    assert_int_equal(ct_drains_set(t.drains, "conduit", 0, 0), CT_OK); // nowhere to go
    ct_err err = ct_drains_advance(t.drains, 600);
    assert_int_equal(err, CT_DIVERGED);
    assert_non_null(strstr(ct_err_message(), "node 0"));
    assert_true(ledger_error(&t) < 1e-15);
    ct_drains_close(t.drains);
}

// 1 m3/s in a channel 1 m wide: critical at (1 / g)^(1/3) m.
static void an_outfall_shows_what_falls_into_it(void **state) {
    (void)state;
    const double now = 0, flow = 1, low = 0.1;
    for (int steep = 0; steep < 2; steep++) {
        ct_drains_node nodes[2] = {{.kind = CT_DRAINS_JUNCTION,
                                    .invert_m = steep ? 5 : 0.1,
                                    .rim_m = 20,
                                    .area_m2 = 1,
                                    .opening_m = 0.6,
                                    .inflow = {1, &now, &flow}},
                                   {.kind = CT_DRAINS_OUTFALL}};
        const ct_drains_conduit pipe = {
            .to = 1,
            .length_m = 100,
            .manning = 0.013,
            .barrels = 1,
            .section = {.shape = CT_DRAINS_RECT_OPEN, .height_m = 3, .width_m = 1}};
        ct_drains_params params;
        ct_drains *drains;
        ct_drains_profile profile;
        ct_drains_params_init(&params);
        params.nodes = nodes;
        params.node_count = 2;
        params.conduits = &pipe;
        params.conduit_count = 1;
        nodes[1].outfall = steep ? CT_DRAINS_LEVEL : CT_DRAINS_FREE; // a level that drowns nothing
        nodes[1].level = (ct_drains_curve){1, &now, &low};
        assert_int_equal(ct_drains_open(&drains, &params), CT_OK);
        assert_near(ct_drains_get(drains, CT_DRAINS_DEPTH, NULL)[1], steep ? low : 0, 0);
        assert_int_equal(ct_drains_advance(drains, 3600), CT_OK);
        const double depth = ct_drains_get(drains, CT_DRAINS_DEPTH, NULL)[1];
        assert_int_equal(ct_drains_profile_get(drains, 0, &profile), CT_OK);
        const size_t last = profile.count - 1;
        if (steep) {
            assert_near(depth, profile.head_m[last] - profile.bed_m[last], 1e-12);
            assert_true(depth < cbrt(1 / CT_DRAINS_GRAVITY) && depth > low);
        } else {
            assert_near(depth, cbrt(1 / CT_DRAINS_GRAVITY), 1e-4);
        }
        ct_drains_close(drains);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(books_close),
        cmocka_unit_test(taking_out_ends_at_the_bottom),
        cmocka_unit_test(steps_do_not_allocate),
        cmocka_unit_test(gates_close_and_open),
        cmocka_unit_test(pump_follows_its_depths),
        cmocka_unit_test(a_pump_without_depths_runs_when_it_is_set),
        cmocka_unit_test(more_head_never_passes_less_over_a_contracted_weir),
        cmocka_unit_test(water_in_a_conduit_at_the_start),
        cmocka_unit_test(tide_by_hand),
        cmocka_unit_test(an_outfall_shows_what_falls_into_it),
        cmocka_unit_test(covers_hold_and_name_the_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
