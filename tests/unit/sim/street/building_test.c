// Street and buildings: a garage that a flooded street runs into over its ramp, a barrier that
// keeps it out, pumps; doors and manholes that share cells; volumes to rounding, restarts, bad
// input.
#include "world.h"

#include "fault.h"

static const double floor_m[] = {7, 10.1}, area_m2[] = {300, 40};
static const double lift_m[] = {0, 8}, lift_m3s[] = {0.03, 0};
static const double flood_s[] = {0, 600, 1800, 2400}, flood_m3s[] = {0, 0.4, 0.4, 0};
static const uint32_t ramp_cells[] = {2 * WORLD_NX + 40, 2 * WORLD_NX + 41};
static const uint32_t spring_cells[] = {10};
static const ct_flood_source spring = {spring_cells, 1, {4, flood_s, flood_m3s}};

typedef struct town {
    world w;
    ct_storage_area areas[2]; // a garage, a hall
    ct_storage_connection connections[5];
    ct_storage_outside away;
    ct_street_place places[2];
} town;

static ct_storage_end at(ct_storage_end_kind kind, uint32_t index) {
    return (ct_storage_end){kind, index};
}

// The yard of world.h with a spring and a building: a ramp 4 m wide into a garage, crest 0.1 m over
// the street; a hall behind a door, with a stair down; two pumps from the garage, one away and one
// back to the street, which stands still.
static void town_new(town *t) {
    static const double none[] = {0}, off[] = {0};
    memset(t, 0, sizeof *t);
    world_new(&t->w, 5);
    t->areas[0].area = (ct_storage_curve){1, &floor_m[0], &area_m2[0]};
    t->areas[1].area = (ct_storage_curve){1, &floor_m[1], &area_m2[1]};
    const ct_storage_end garage = at(CT_STORAGE_AREA, 0), hall = at(CT_STORAGE_AREA, 1),
                         street = at(CT_STORAGE_PLACE, 0);
    t->connections[0] = (ct_storage_connection){.kind = CT_STORAGE_OPENING,
                                                .from = street,
                                                .to = garage,
                                                .sill_m = 10.1,
                                                .width_m = 4,
                                                .height_m = 2.2};
    t->connections[1] = (ct_storage_connection){.kind = CT_STORAGE_OPENING,
                                                .from = at(CT_STORAGE_PLACE, 1),
                                                .to = hall,
                                                .sill_m = 10.1,
                                                .width_m = 1,
                                                .height_m = 2};
    t->connections[2] = (ct_storage_connection){.kind = CT_STORAGE_SHAFT,
                                                .from = hall,
                                                .to = garage,
                                                .sill_m = 10.12,
                                                .width_m = 3,
                                                .area_m2 = 2};
    t->connections[3] = (ct_storage_connection){.kind = CT_STORAGE_PUMP,
                                                .from = garage,
                                                .to = at(CT_STORAGE_OUTSIDE, 0),
                                                .curve = {2, lift_m, lift_m3s},
                                                .outlet_m = 10,
                                                .on_m = 7.3,
                                                .off_m = 7.1};
    t->connections[4] = t->connections[3];
    t->connections[4].to = at(CT_STORAGE_PLACE, 1);
    t->connections[4].setting = (ct_storage_curve){1, none, off};
    t->places[0] = (ct_street_place){ramp_cells, 2};
    t->places[1] = (ct_street_place){ramp_cells + 1, 1}; // beside the ramp, in one of its cells
    ct_street_params *p = &t->w.params;
    p->flood.sources = &spring;
    p->flood.source_count = 1;
    p->storage = (ct_storage_params){.areas = t->areas,
                                     .area_count = 2,
                                     .connections = t->connections,
                                     .connection_count = 5,
                                     .outsides = &t->away,
                                     .outside_count = 1,
                                     .place_count = 2};
    p->storage_places = t->places;
}

static void without_drains(town *t) {
    ct_street_params *p = &t->w.params;
    ct_drains_params_init(&p->drains);
    p->place_count = 0;
}

static double garage_m3(const town *t) {
    ct_storage_area_report r;
    assert_int_equal(ct_storage_area_get(ct_street_storage(t->w.street), 0, &r), CT_OK);
    return r.volume_m3;
}

static ct_storage_flow_report flow(const town *t, size_t connection) {
    ct_storage_flow_report r;
    assert_int_equal(ct_storage_flow_get(ct_street_storage(t->w.street), connection, &r), CT_OK);
    return r;
}

// How a run ended.
typedef struct end {
    double garage_m3, ramp_m3, stair_m3, away_m3, back_m3, highest_m;
} end;

static end run(town *t) {
    double highest = 0;
    world_open(&t->w);
    for (int s = 60; s <= 3600; s += 60) {
        world_advance(&t->w, s);
        ct_flood_spot spot;
        assert_int_equal(ct_flood_look(ct_street_flood(t->w.street), ramp_cells[0], &spot), CT_OK);
        highest = fmax(highest, spot.bed_m + spot.depth_m);
        assert_true(world_error(&t->w) < world_bound(&t->w));
        assert_true(garage_m3(t) >= 0);
    }
    const end e = {garage_m3(t),
                   flow(t, 0).forward_m3 - flow(t, 0).backward_m3,
                   flow(t, 2).forward_m3 - flow(t, 2).backward_m3,
                   flow(t, 3).forward_m3,
                   flow(t, 4).forward_m3,
                   highest};
    assert_true(fabs(e.garage_m3 - (e.ramp_m3 + e.stair_m3 - e.away_m3 - e.back_m3)) < 1e-9);
    world_close(&t->w);
    return e;
}

// The story of a garage: as it is; behind a barrier higher than the flood; with a second pump.
static void a_garage_a_barrier_and_a_second_pump(void **state) {
    (void)state;
    static const double from_s[] = {0}, crest_m[] = {11};
    town t;
    town_new(&t);
    without_drains(&t);
    const end open = run(&t);
    assert_true(open.ramp_m3 > 100 && open.highest_m > 10.1);
    assert_true(open.away_m3 > 10);

    town_new(&t);
    without_drains(&t);
    t.connections[0].crest = (ct_storage_curve){1, from_s, crest_m};
    const end shut = run(&t);
    assert_true(shut.highest_m < 11); // higher than without, and still below
    assert_true(shut.highest_m > open.highest_m);
    assert_true(shut.ramp_m3 == 0);
    const double less = (open.ramp_m3 - shut.ramp_m3) + (open.stair_m3 - shut.stair_m3) -
                        (open.away_m3 - shut.away_m3);
    print_message("garage %.3f m3, with a barrier %.3f m3\n", open.garage_m3, shut.garage_m3);
    assert_true(fabs(open.garage_m3 - shut.garage_m3 - less) < 1e-9);

    town_new(&t);
    without_drains(&t);
    t.connections[4].setting = (ct_storage_curve){0};
    const end pumped = run(&t);
    print_message("with a second pump %.3f m3, which lifted %.3f m3\n", pumped.garage_m3,
                  pumped.back_m3);
    assert_true(pumped.back_m3 > 10 && pumped.garage_m3 < open.garage_m3);
}

// What runs down the ramp is no matter of the coupling's step.
static void any_step_will_do(void **state) {
    (void)state;
    const double steps_s[] = {0.1, 1, 20};
    double ramp_m3[3];
    for (size_t k = 0; k < 3; k++) {
        town t;
        town_new(&t);
        without_drains(&t);
        t.w.params.step_s = steps_s[k];
        ramp_m3[k] = run(&t).ramp_m3;
        print_message("step %g s: %.3f m3\n", steps_s[k], ramp_m3[k]);
        assert_true(fabs(ramp_m3[k] - ramp_m3[0]) < 0.02 * ramp_m3[0]);
    }
}

// A court of two cells under a metre of water before a hall: both come to one level and rest there.
static void a_closed_court_does_not_swing(void **state) {
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        town t;
        town_new(&t);
        without_drains(&t);
        t.w.params.flood.source_count = 0;
        t.w.params.storage.connection_count = 1;
        t.connections[0].sill_m = 10;
        memset(t.w.blocked, 1, sizeof t.w.blocked);
        for (size_t i = 0; i < 2; i++) {
            t.w.blocked[ramp_cells[i]] = 0;
            t.w.depth[ramp_cells[i]] = 1;
        }
        const double hall_m = 10, hall_m2[] = {5, 5000}; // far less than the court, and far more
        t.areas[0].area = (ct_storage_curve){1, &hall_m, &hall_m2[k]};
        world_open(&t.w);
        world_advance(&t.w, 300);
        ct_flood_spot spot;
        ct_storage_area_report hall;
        assert_int_equal(ct_flood_look(ct_street_flood(t.w.street), ramp_cells[0], &spot), CT_OK);
        assert_int_equal(ct_storage_area_get(ct_street_storage(t.w.street), 0, &hall), CT_OK);
        const double level = 10 + 8 / (8 + hall_m2[k]);
        if (fabs(spot.bed_m + spot.depth_m - level) > 1e-3 || fabs(hall.level_m - level) > 1e-3)
            fail_msg("%.6f and %.6f, not %.6f", spot.bed_m + spot.depth_m, hall.level_m, level);
        assert_true(fabs(flow(&t, 0).flow_m3s) < 1e-3);
        assert_true(world_error(&t.w) < 1e-12);
        world_close(&t.w);
    }
}

// Doors and a manhole in the same cells, drains below: all volumes, for one thread and three, and
// after a restart.
static void everything(town *t) {
    town_new(t);
    t->connections[4].setting = (ct_storage_curve){0};
    t->w.place.cells = ramp_cells;
    for (size_t i = 0; i < WORLD_CELLS; i++) t->w.depth[i] = 0.02;
}

static void shared_cells_owe_nobody_twice(void **state) {
    (void)state;
    for (int single = 0; single < 2; single++) {
        town t;
        everything(&t);
        t.w.params.flood.precision = single ? CT_FLOOD_SINGLE : CT_FLOOD_DOUBLE;
        t.w.params.step_s = 10; // far more than a cell holds
        world_open(&t.w);
        for (int s = 30; s <= 3000; s += 30) {
            world_advance(&t.w, s);
            if (world_error(&t.w) > world_bound(&t.w))
                fail_msg("error %g at %d s", world_error(&t.w), s);
        }
        ct_street_report door, manhole = world_report(&t.w);
        assert_int_equal(ct_street_place_get(t.w.street, 1, &door), CT_OK);
        print_message("door: %.3f m3 in, %.3f m3 out; manhole: %.3f m3\n", door.drained_m3,
                      door.surcharged_m3, manhole.drained_m3);
        assert_true(door.drained_m3 > 1 || door.surcharged_m3 > 1); // the door less the pump
        assert_true(manhole.drained_m3 > 1);
        ct_street_ledger l;
        ct_street_ledger_get(t.w.street, &l);
        assert_true(l.storage_m3 > 1 && l.drains_m3 > 1 && l.surface_m3 > 1);
        assert_true(fabs(l.under_way_m3) < 1e-3 * l.state_m3);
        world_close(&t.w);
    }
}

static void the_same_for_any_threads_and_after_a_restart(void **state) {
    (void)state;
    town a, b;
    uint64_t hash_a[2], hash_b[2];
    everything(&a);
    everything(&b);
    b.w.params.flood.threads = 3;
    world_open(&a.w);
    world_open(&b.w);
    world_advance(&a.w, 900);
    assert_int_equal(ct_street_set(a.w.street, "crest", 0, 10.3), CT_OK);
    assert_int_equal(ct_street_set(a.w.street, "setting", 1, 0.5), CT_OK);
    assert_int_equal(ct_street_set(a.w.street, "moon", 1, 0.5), CT_NOTFOUND);
    const size_t bytes = ct_street_save_bytes(a.w.street);
    char *saved = ct_alloc(bytes);
    assert_int_equal(ct_street_save(a.w.street, saved, bytes), CT_OK);
    assert_int_equal(ct_street_load(b.w.street, saved, bytes), CT_OK);
    world_advance(&a.w, 1200);
    world_advance(&b.w, 1200);
    ct_street_hash(a.w.street, hash_a);
    ct_street_hash(b.w.street, hash_b);
    assert_memory_equal(hash_a, hash_b, sizeof hash_a);
    world_close(&b.w);
    // another building: nothing moves
    everything(&b);
    b.connections[0].width_m = 3;
    world_open(&b.w);
    ct_street_hash(b.w.street, hash_a);
    assert_int_equal(ct_street_load(b.w.street, saved, bytes), CT_ARG);
    ct_street_hash(b.w.street, hash_b);
    assert_memory_equal(hash_a, hash_b, sizeof hash_a);
    ct_free(saved);
    world_close(&a.w);
    world_close(&b.w);
}

// Neither drains nor storages: the surface alone.
static void a_bare_street(void **state) {
    (void)state;
    town t;
    town_new(&t);
    without_drains(&t);
    t.w.params.storage = (ct_storage_params){0};
    world_open(&t.w);
    world_advance(&t.w, 300);
    assert_null(ct_street_drains(t.w.street));
    assert_null(ct_street_storage(t.w.street));
    assert_true(world_error(&t.w) < 1e-12);
    ct_street_report report;
    assert_int_equal(ct_street_place_get(t.w.street, 0, &report), CT_RANGE);
    assert_int_equal(ct_street_set(t.w.street, "crest", 0, 1), CT_NOTFOUND);
    const size_t bytes = ct_street_save_bytes(t.w.street);
    char *saved = ct_alloc(bytes);
    assert_int_equal(ct_street_save(t.w.street, saved, bytes), CT_OK);
    assert_int_equal(ct_street_load(t.w.street, saved, bytes), CT_OK);
    ct_free(saved);
    world_close(&t.w);
}

static void refused(const town *t, ct_err expected, const char *part) {
    ct_street *street = NULL;
    assert_int_equal(ct_street_open(&street, &t->w.params), expected);
    assert_null(street);
    if (!strstr(ct_err_message(), part))
        fail_msg("\"%s\" does not name \"%s\"", ct_err_message(), part);
}

static void bad_parameters(void **state) {
    (void)state;
    town t;
    town_new(&t);
    t.w.blocked[ramp_cells[1]] = 1;
    refused(&t, CT_RANGE,
            "storage_places[0]: a connection outside: row 2, column 41 is a building");
    town_new(&t);
    t.w.params.storage_places = NULL;
    refused(&t, CT_ARG, "storage_places: 2, but no array");
    town_new(&t);
    t.w.params.storage.start_s = 5;
    refused(&t, CT_ARG, "start_s: 0 s of the surface, 5 s of the storages");
    town_new(&t);
    t.connections[1].from.index = 2;
    refused(&t, CT_ARG, "connections[1]: storage: from: no place 2, there are 2");
    town_new(&t);
    t.places[1].cell_count = 0;
    refused(&t, CT_ARG, "storage_places[1]: no cells");
}

static ct_err open_once(void *context) {
    const town *t = context;
    ct_street *street;
    CT_TRY(ct_street_open(&street, &t->w.params));
    ct_street_close(street);
    return CT_OK;
}

static ct_err load_once(void *context) {
    const town *t = context;
    const size_t bytes = ct_street_save_bytes(t->w.street);
    char *saved = ct_alloc(bytes);
    if (!saved) return CT_NOMEM;
    ct_err err = ct_street_save(t->w.street, saved, bytes);
    if (err == CT_OK) err = ct_street_load(t->w.street, saved, bytes);
    ct_free(saved);
    return err;
}

static void failed_allocations_leak_nothing(void **state) {
    (void)state;
    town t;
    everything(&t);
    assert_true(fault_every_allocation(open_once, &t) > 60);
    world_open(&t.w);
    world_advance(&t.w, 5);
    uint64_t before[2], after[2];
    ct_street_hash(t.w.street, before);
    assert_true(fault_every_allocation(load_once, &t) >= 2);
    ct_street_hash(t.w.street, after);
    assert_memory_equal(before, after, sizeof before);
    world_close(&t.w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_garage_a_barrier_and_a_second_pump),
        cmocka_unit_test(any_step_will_do),
        cmocka_unit_test(a_closed_court_does_not_swing),
        cmocka_unit_test(shared_cells_owe_nobody_twice),
        cmocka_unit_test(the_same_for_any_threads_and_after_a_restart),
        cmocka_unit_test(a_bare_street),
        cmocka_unit_test(bad_parameters),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
