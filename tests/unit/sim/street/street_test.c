// Street and drains together: levels that meet, a manhole that floods a street and drains it again,
// volumes to rounding whatever the steps, what is told of exchanges.
#include "world.h"

#include "fault.h"

// A closed yard under 0.5 m of water over a tank: both come to the level that holds all of it. Pipe
// and shaft are full from the start.
static void levels_become_one(void **state) {
    (void)state;
    for (int single = 0; single < 2; single++) {
        world w;
        const double yard_m2 = WORLD_CELLS * 4.0, tank_m2 = 300;
        world_new(&w, tank_m2);
        for (size_t i = 0; i < WORLD_CELLS; i++) w.depth[i] = 0.5;
        w.params.flood.precision = single ? CT_FLOOD_SINGLE : CT_FLOOD_DOUBLE;
        w.params.step_s = 5;
        w.nodes[0].depth_m = w.nodes[1].depth_m = 3; // to the ground
        world_open(&w);
        ct_street_ledger before, l;
        ct_street_ledger_get(w.street, &before);
        world_advance(&w, 3600);
        const double level = 10 + 0.5 * yard_m2 / (yard_m2 + tank_m2 + 1);
        size_t count;
        const double *head = ct_drains_get(ct_street_drains(w.street), CT_DRAINS_HEAD, &count);
        ct_flood_spot spot;
        assert_int_equal(ct_flood_look(ct_street_flood(w.street), 0, &spot), CT_OK);
        if (fabs(spot.bed_m + spot.depth_m - level) > 1e-3 || fabs(head[1] - level) > 2e-3)
            fail_msg("%.6f and %.6f, not %.6f", spot.bed_m + spot.depth_m, head[1], level);
        ct_street_ledger_get(w.street, &l);
        assert_true(l.in_m3 == 0 && l.out_m3 == 0);
        assert_true(fabs(l.state_m3 - before.state_m3) < world_bound(&w) * before.state_m3);
        assert_true(world_error(&w) < world_bound(&w));
        assert_true(world_report(&w).drained_m3 > 50);
        world_close(&w);
    }
}

static double surge_s[] = {0, 60, 300, 360}, surge_m3s[] = {0, 0.3, 0.3, 0};

// An outfall that lets through less than what comes: the manhole surcharges, the street floods and,
// once the inflow ends, drains back to the last film.
static void surcharge(world *w) {
    world_new(w, 1);
    w->nodes[0].depth_m = 0;
    w->nodes[0].inflow = (ct_drains_curve){4, surge_s, surge_m3s};
    w->nodes[1] =
        (ct_drains_node){.kind = CT_DRAINS_OUTFALL, .invert_m = 6.9, .outfall = CT_DRAINS_FREE};
    w->conduit.section.height_m = 0.2;
    // a hollow street: all of it comes back to the manhole
    for (size_t i = 0; i < WORLD_CELLS; i++)
        w->bed[i] += 0.01 * fabs((double)(i % WORLD_NX) - 63.5);
    w->bed[w->cells[0]] = w->bed[w->cells[1]] = 10;
}

static void floods_and_drains_back(void **state) {
    (void)state;
    const double steps[] = {0.2, 1, 10};
    double most[3] = {0};
    for (size_t k = 0; k < 3; k++) {
        world w;
        surcharge(&w);
        w.params.step_s = steps[k];
        world_open(&w);
        bool surcharged = false, drained = false;
        for (int t = 1; t <= 45; t++) {
            world_advance(&w, 60.0 * t);
            ct_street_report r = world_report(&w);
            surcharged = surcharged || r.state == CT_STREET_SURCHARGING;
            drained = drained || (surcharged && r.state == CT_STREET_DRAINING);
            assert_true((r.flow_m3s > 0) == (r.state == CT_STREET_DRAINING));
            assert_true((r.flow_m3s < 0) == (r.state == CT_STREET_SURCHARGING));
            assert_true(world_error(&w) < 1e-12);
            ct_street_ledger l;
            ct_street_ledger_get(w.street, &l);
            most[k] = fmax(most[k], l.surface_m3);
        }
        assert_true(surcharged && drained);
        ct_street_ledger l;
        ct_street_ledger_get(w.street, &l);
        print_message("step %g s: at most %.3f m3 on the street, %.3f at the end, out %.3f\n",
                      steps[k], most[k], l.surface_m3, l.out_m3);
        assert_true(fabs(l.in_m3 - 90) < 1e-9);
        assert_true(most[k] > 20 && l.surface_m3 < 0.2 * most[k]);
        assert_true(l.out_m3 > 0.8 * l.in_m3);
        world_close(&w);
    }
    // whatever the step of the coupling, about as much stands on the street
    assert_true(fabs(most[1] - most[0]) < 0.03 * most[0]);
    assert_true(fabs(most[2] - most[0]) < 0.1 * most[0]);
}

static double rain_s[] = {0, 600}, rain_ms[] = {2e-5, 0};

// What an inlet in the hollow takes from ten minutes of rain in twenty.
static double captured(double clogging) {
    world w;
    surcharge(&w);
    w.nodes[0].inflow = (ct_drains_curve){0};
    w.conduit.section.height_m = 0.6;
    w.exchange = (ct_drains_exchange){.node = 0,
                                      .kind = CT_DRAINS_GRATE,
                                      .level_m = 10,
                                      .length_m = 0.5,
                                      .width_m = 0.3,
                                      .grate = CT_DRAINS_P_50,
                                      .open_share = 0.8,
                                      .clogging = clogging,
                                      .count = 1};
    w.params.flood.rain = (ct_flood_series){2, rain_s, rain_ms};
    world_open(&w);
    world_advance(&w, 1200);
    assert_true(world_error(&w) < 1e-12);
    double drained = world_report(&w).drained_m3;
    assert_true(world_report(&w).surcharged_m3 == 0);
    world_close(&w);
    print_message("clogging %g: %.3f m3\n", clogging, drained);
    return drained;
}

static void a_clogged_inlet_takes_less(void **state) {
    (void)state;
    double clear = captured(0), half = captured(0.5), nearly = captured(0.95);
    assert_true(clear > 5 && half < clear && nearly < 0.7 * half);
}

static double tide_s[] = {0, 300, 900}, tide_m[] = {7, 11, 7};
static double edge_s[] = {0, 400}, edge_m[] = {10.9, 10.7};
static double intake_s[] = {0}, intake_m3s[] = {-0.05};
static const uint32_t intake[] = {200};
static const ct_flood_source intake_source = {intake, 1, {1, intake_s, intake_m3s}};
static const ct_flood_edge west = {CT_FLOOD_LEFT, 0, WORLD_NY, CT_FLOOD_LEVEL, {2, edge_s, edge_m}};

// Everything at once: rain, an edge, an intake, a tide that comes up through the manhole.
static void busy(world *w) {
    surcharge(w);
    w->nodes[1].outfall = CT_DRAINS_LEVEL;
    w->nodes[1].level = (ct_drains_curve){3, tide_s, tide_m};
    w->conduit.section.height_m = 0.6;
    w->blocked[3 * WORLD_NX + 30] = 1;
    w->params.flood.rain = (ct_flood_series){2, rain_s, rain_ms};
    w->params.flood.edges = &west;
    w->params.flood.edge_count = 1;
    w->params.flood.sources = &intake_source;
    w->params.flood.source_count = 1;
}

static void all_volumes_are_booked(void **state) {
    (void)state;
    for (int single = 0; single < 2; single++) {
        world w;
        busy(&w);
        w.params.flood.precision = single ? CT_FLOOD_SINGLE : CT_FLOOD_DOUBLE;
        world_open(&w);
        double worst = 0;
        for (int t = 1; t <= 12; t++) {
            world_advance(&w, 75.0 * t);
            worst = fmax(worst, world_error(&w));
        }
        print_message("%s: error %.3g, bound %g\n", single ? "single" : "double", worst,
                      world_bound(&w));
        assert_true(worst < world_bound(&w));
        ct_street_report r = world_report(&w);
        assert_true(r.drained_m3 > 0 && r.surcharged_m3 > 0);
        double in_m3, out_m3;
        assert_int_equal(ct_flood_source_get(ct_street_flood(w.street), 0, &in_m3, &out_m3), CT_OK);
        assert_true(out_m3 > 0 && in_m3 == 0);
        world_close(&w);
    }
}

static void the_same_for_any_threads_and_after_a_restart(void **state) {
    (void)state;
    world a, b;
    uint64_t hash_a[2], hash_b[2];
    busy(&a);
    busy(&b);
    b.params.flood.threads = 3;
    world_open(&a);
    world_open(&b);
    world_advance(&a, 200);
    world_advance(&b, 200);
    ct_street_hash(a.street, hash_a);
    ct_street_hash(b.street, hash_b);
    assert_memory_equal(hash_a, hash_b, sizeof hash_a);
    assert_int_equal(ct_street_set(a.street, "source", 0, -0.2), CT_OK);
    assert_int_equal(ct_street_set(a.street, "outfall", 1, 9), CT_OK);
    ct_street_hash(a.street, hash_a);
    assert_memory_not_equal(hash_a, hash_b, sizeof hash_a);

    size_t bytes = ct_street_save_bytes(a.street);
    char *saved = ct_alloc(bytes);
    assert_int_equal(ct_street_save(a.street, saved, bytes - 1), CT_ARG);
    assert_int_equal(ct_street_save(a.street, saved, bytes), CT_OK);
    world_advance(&a, 400);
    const size_t spots[] = {0, 40, 60, bytes / 2, bytes - 1};
    for (size_t i = 0; i < sizeof spots / sizeof *spots; i++) {
        saved[spots[i]] ^= 4;
        assert_int_not_equal(ct_street_load(b.street, saved, bytes), CT_OK);
        saved[spots[i]] ^= 4;
    }
    assert_int_equal(ct_street_load(b.street, saved, 10), CT_CORRUPT);
    ct_street_hash(b.street, hash_a);
    assert_memory_equal(hash_a, hash_b, sizeof hash_a); // untouched so far
    assert_int_equal(ct_street_load(b.street, saved, bytes), CT_OK);
    assert_true(ct_street_time_s(b.street) == 200);
    world_advance(&b, 400);
    ct_street_hash(a.street, hash_a);
    ct_street_hash(b.street, hash_b);
    assert_memory_equal(hash_a, hash_b, sizeof hash_a);
    ct_free(saved);
    world_close(&a);
    world_close(&b);
}

// One of the two engines is another model's: nothing has moved.
static void a_checkpoint_of_other_parameters_changes_nothing(void **state) {
    (void)state;
    for (int which = 0; which < 2; which++) {
        world a, b;
        uint64_t before[2], after[2];
        busy(&a);
        busy(&b);
        if (which == 0) b.conduit.manning = 0.02;
        if (which == 1) b.params.flood.manning_uniform = 0.03;
        world_open(&a);
        world_open(&b);
        world_advance(&a, 50);
        size_t bytes = ct_street_save_bytes(a.street);
        char *saved = ct_alloc(bytes);
        assert_int_equal(ct_street_save(a.street, saved, bytes), CT_OK);
        ct_street_hash(b.street, before);
        assert_int_equal(ct_street_load(b.street, saved, bytes), CT_ARG);
        ct_street_hash(b.street, after);
        assert_memory_equal(before, after, sizeof before);
        ct_free(saved);
        world_close(&a);
        world_close(&b);
    }
}

static void controls_pass_through(void **state) {
    (void)state;
    world w;
    busy(&w);
    world_open(&w);
    ct_street *s = w.street;
    assert_int_equal(ct_street_set(s, "crest_x", 5, 12), CT_OK);
    assert_int_equal(ct_street_set(s, "edge", 0, 10.8), CT_OK);
    assert_int_equal(ct_street_set(s, "conduit", 0, 0), CT_OK);
    assert_int_equal(ct_street_set(s, "inflow", 0, 0.1), CT_OK);
    assert_int_equal(ct_street_set(s, "source", 1, 1), CT_RANGE); // an exchange
    assert_int_equal(ct_street_set(s, "surface_level", 0, 11), CT_NOTFOUND);
    assert_int_equal(ct_street_set(s, "moon", 0, 1), CT_NOTFOUND);
    assert_int_equal(ct_street_set(s, "conduit", 7, 0), CT_RANGE);
    ct_street_report report;
    assert_int_equal(ct_street_exchange_get(s, 1, &report), CT_RANGE);
    assert_int_equal(ct_street_step(s, 0), CT_RANGE);
    assert_int_equal(ct_street_step(s, 1.5), CT_RANGE);
    assert_int_equal(ct_street_step(s, 0.5), CT_OK);
    assert_true(ct_street_time_s(s) == 0.5 && ct_street_dt_max_s(s) == 1);
    assert_int_equal(ct_street_advance(s, 0.4), CT_RANGE);
    assert_int_equal(world_report(&w).state, CT_STREET_IDLE);
    world_close(&w);
}

static void refused(const world *w, ct_err expected, const char *part) {
    ct_street *street = NULL;
    assert_int_equal(ct_street_open(&street, &w->params), expected);
    assert_null(street);
    if (!strstr(ct_err_message(), part))
        fail_msg("\"%s\" does not name \"%s\"", ct_err_message(), part);
}

static void bad_parameters(void **state) {
    (void)state;
    world w;
    world_new(&w, 5);
    w.params.place_count = 0;
    refused(&w, CT_ARG, "places: 0 for 1 exchanges");
    world_new(&w, 5);
    w.params.drains.start_s = 3;
    refused(&w, CT_ARG, "start_s");
    world_new(&w, 5);
    w.params.step_s = -1;
    refused(&w, CT_RANGE, "step_s");
    world_new(&w, 5);
    w.blocked[w.cells[1]] = 1;
    refused(&w, CT_RANGE, "places[0]: an exchange outside: row 2, column 64 is a building");
    world_new(&w, 5);
    w.cells[1] = WORLD_CELLS;
    refused(&w, CT_RANGE, "places[0]: an exchange outside: cell 350");
    world_new(&w, 5);
    w.place.cell_count = 0;
    refused(&w, CT_ARG, "places[0]: no cells");
    world_new(&w, 5);
    w.exchange.node = 9;
    refused(&w, CT_ARG, "drains");
    world_new(&w, 5);
    w.params.flood.cell_m = 0;
    refused(&w, CT_RANGE, "flood: cell_m");
}

static ct_err open_once(void *context) {
    const world *w = context;
    ct_street *street;
    CT_TRY(ct_street_open(&street, &w->params));
    ct_street_close(street);
    return CT_OK;
}

static ct_err load_once(void *context) {
    const world *w = context;
    size_t bytes = ct_street_save_bytes(w->street);
    char *saved = ct_alloc(bytes);
    if (!saved) return CT_NOMEM;
    ct_err err = ct_street_save(w->street, saved, bytes);
    if (err == CT_OK) err = ct_street_load(w->street, saved, bytes);
    ct_free(saved);
    return err;
}

static void failed_allocations_leak_nothing(void **state) {
    (void)state;
    world w;
    busy(&w);
    assert_true(fault_every_allocation(open_once, &w) > 30);
    world_open(&w);
    world_advance(&w, 5);
    uint64_t before[2], after[2];
    ct_street_hash(w.street, before);
    assert_true(fault_every_allocation(load_once, &w) >= 2);
    ct_street_hash(w.street, after);
    assert_memory_equal(before, after, sizeof before);
    world_close(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_become_one),
        cmocka_unit_test(floods_and_drains_back),
        cmocka_unit_test(a_clogged_inlet_takes_less),
        cmocka_unit_test(all_volumes_are_booked),
        cmocka_unit_test(the_same_for_any_threads_and_after_a_restart),
        cmocka_unit_test(a_checkpoint_of_other_parameters_changes_nothing),
        cmocka_unit_test(controls_pass_through),
        cmocka_unit_test(bad_parameters),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
