// Storages over time: filling, emptying and equalising against closed forms, small rooms without
// oscillation, pumps that cycle, volumes to rounding in a whole town, checkpoints, bad input.
#include "world.h"

#include "base/rng.h"

static const double g = CT_STORAGE_GRAVITY;

// Both ways through an orifice below all water: sqrt(drop) falls evenly, by the share of the two
// areas.
static double orifice_error(double step_s, bool two_pools) {
    world w;
    world_new(&w);
    world_area(&w, 0, 50, 1);
    ct_storage_end other;
    double rate = 1 / 50.0;
    if (two_pools) {
        other = world_end(CT_STORAGE_AREA, (uint32_t)world_area(&w, 0, 20, 3));
        rate += 1 / 20.0;
    } else {
        other = world_end(CT_STORAGE_OUTSIDE, (uint32_t)world_outside(&w, 3));
    }
    ct_storage_connection *c =
        world_connect(&w, CT_STORAGE_ORIFICE, other, world_end(CT_STORAGE_AREA, 0));
    c->width_m = 0.5;
    c->height_m = 0.4;
    w.params.step_s = step_s;
    world_open(&w);
    double worst = 0;
    for (int t = 10; t <= 80; t += 10) {
        world_advance(&w, t);
        const double through = 0.6 * 0.2 * sqrt(2 * g);
        const double root = fmax(0, sqrt(2) - 0.5 * through * rate * t), drop = root * root;
        const double level = two_pools ? 1 + (2 - drop) * 20 / 70.0 : 3 - drop;
        worst = fmax(worst, fabs(world_pool(&w, 0).level_m - level));
    }
    assert_true(world_error(&w) < 1e-14);
    world_close(&w);
    return worst;
}

static void as_closed_forms_through_an_orifice(void **state) {
    (void)state;
    for (int two = 0; two < 2; two++) {
        const double coarse = orifice_error(1, two), fine = orifice_error(0.25, two);
        print_message("%d pools: error %.3g m at 1 s, %.3g m at 0.25 s\n", two + 1, coarse, fine);
        assert_true(coarse < 0.02);
        assert_true(fine < 0.3 * coarse); // first order
    }
}

// A pool empties over a weir: h^-0.5 grows evenly.
static void as_the_closed_form_over_a_weir(void **state) {
    (void)state;
    double errors[2];
    for (int k = 0; k < 2; k++) {
        world w;
        world_new(&w);
        world_area(&w, 0, 100, 2);
        w.params.outside_count = 1;
        ct_storage_connection *c =
            world_connect(&w, CT_STORAGE_OPENING, world_end(CT_STORAGE_AREA, 0),
                          world_end(CT_STORAGE_OUTSIDE, 0));
        c->sill_m = 1;
        w.params.step_s = k ? 0.25 : 1;
        world_open(&w);
        world_advance(&w, 300);
        const double root = 1 + 1.7 * 300 / (2 * 100.0);
        errors[k] = fabs(world_pool(&w, 0).level_m - 1 - 1 / (root * root));
        world_close(&w);
    }
    print_message("error %.3g m at 1 s, %.3g m at 0.25 s\n", errors[0], errors[1]);
    assert_true(errors[0] < 1e-3 && errors[1] < 0.3 * errors[0]);
}

// A cupboard behind a door wide open: far less than a step's discharge fills it.
static void a_small_room_fills_without_passing_the_level_outside(void **state) {
    (void)state;
    const double areas[] = {0.05, 1, 8, 30};
    for (size_t k = 0; k < 4; k++) {
        world w;
        world_new(&w);
        world_area(&w, 0, areas[k], 0);
        const uint32_t river = (uint32_t)world_outside(&w, 1.2);
        ct_storage_connection *c =
            world_connect(&w, CT_STORAGE_OPENING, world_end(CT_STORAGE_OUTSIDE, river),
                          world_end(CT_STORAGE_AREA, 0));
        c->height_m = 2;
        world_open(&w);
        double before = 0;
        for (int t = 1; t <= 60; t++) {
            world_advance(&w, t);
            const double level = world_pool(&w, 0).level_m;
            if (level < before - 1e-9 || level > 1.2 + 1e-9)
                fail_msg("area %g: %.12g m after %.12g m at %d s", areas[k], level, before, t);
            before = level;
        }
        assert_true(fabs(before - 1.2) < 1e-6);
        assert_true(fabs(world_flow(&w, 0).forward_m3 - 1.2 * areas[k]) < 1e-5 * areas[k]);
        world_close(&w);
    }
}

// A sump of 10 m2 with 0.01 m3/s in and a pump of 0.03 from 1 m down to 0.5 m: up in 500 s, down in
// 250 s.
static void a_pump_cycles(void **state) {
    (void)state;
    static const double lift_m[] = {0}, pumped[] = {0.03}, at[] = {0}, in[] = {0.01};
    world w;
    world_new(&w);
    world_area(&w, 0, 10, 0.5);
    w.areas[0].inflow = (ct_storage_curve){1, at, in};
    w.params.outside_count = 1;
    ct_storage_connection *c = world_connect(&w, CT_STORAGE_PUMP, world_end(CT_STORAGE_AREA, 0),
                                             world_end(CT_STORAGE_OUTSIDE, 0));
    c->curve = (ct_storage_curve){1, lift_m, pumped};
    c->on_m = 1;
    c->off_m = 0.5;
    world_open(&w);
    int starts = 0, first = 0, last = 0;
    bool ran = false;
    for (int t = 1; t <= 8000; t++) {
        world_advance(&w, t);
        const bool runs = world_flow(&w, 0).runs;
        if (runs && !ran) {
            last = t;
            if (starts++ == 0) first = t;
        }
        ran = runs;
    }
    const double period = (double)(last - first) / (starts - 1);
    print_message("%d starts, every %.2f s\n", starts, period);
    assert_true(starts == 11 || starts == 10);
    assert_true(fabs(period - 750) < 3);
    // by hand: stopped, then at half its curve
    const double before = world_flow(&w, 0).forward_m3;
    assert_int_equal(ct_storage_set(w.storage, "setting", 0, 0), CT_OK);
    world_advance(&w, 8100);
    assert_true(world_flow(&w, 0).forward_m3 == before);
    assert_int_equal(ct_storage_set(w.storage, "setting", 0, 0.5), CT_OK);
    world_advance(&w, 8110);
    assert_true(fabs(world_flow(&w, 0).forward_m3 - before - 0.15) < 1e-9);
    world_close(&w);
}

// Areas by level: a pyramid's volume, its level back, through an inflow that fills it exactly.
static void areas_by_level(void **state) {
    (void)state;
    static const double x[] = {1, 2, 4}, y[] = {2, 6, 1}, at[] = {0}, in[] = {0.5};
    world w;
    world_new(&w);
    world_area(&w, 1, 1, 0.5);
    w.areas[0].area = (ct_storage_curve){3, x, y};
    w.areas[0].inflow = (ct_storage_curve){1, at, in};
    world_open(&w);
    assert_true(fabs(world_pool(&w, 0).volume_m3 - 1.5) < 1e-14); // 0.5 (2 + 4) / 2
    world_advance(&w, 5);
    assert_true(fabs(world_pool(&w, 0).level_m - 2) < 1e-12); // 4 m3
    world_advance(&w, 19);
    assert_true(fabs(world_pool(&w, 0).level_m - 4) < 1e-12); // and 7 more
    world_advance(&w, 21);
    assert_true(fabs(world_pool(&w, 0).level_m - 5) < 1e-12); // the last area holds
    assert_int_equal(ct_storage_set(w.storage, "area_inflow", 0, -3), CT_OK);
    world_advance(&w, 40); // more is asked than there is
    assert_true(world_pool(&w, 0).volume_m3 >= 0 && world_pool(&w, 0).volume_m3 < 0.01);
    assert_true(world_error(&w) < 1e-14);
    world_close(&w);
}

// Whatever the steps and the levels outside: nobody holds less than nothing, all volumes are
// booked.
static void a_town_books_all_volumes(void **state) {
    (void)state;
    const double steps[] = {0.1, 1, 20, 300};
    for (size_t k = 0; k < 4; k++) {
        world w;
        world_town(&w);
        w.params.step_s = steps[k];
        world_open(&w);
        for (int t = 1; t <= 60; t++) {
            const double depth = 2 * ct_rng_unit(5, t, 0, 0);
            world_tell(&w, depth < 0.4 ? 0 : depth);
            if (t % 7 == 0)
                assert_int_equal(
                    ct_storage_set(w.storage, "outside", 0, 5 * ct_rng_unit(6, t, 0, 0) - 1),
                    CT_OK);
            if (t % 5 == 0)
                assert_int_equal(ct_storage_set(w.storage, "crest", 0, t % 2 ? 0.8 : (double)NAN),
                                 CT_OK);
            world_advance(&w, t * steps[k]);
            for (size_t i = 0; i < w.params.area_count; i++)
                assert_true(world_pool(&w, i).volume_m3 >= 0);
            for (size_t i = 0; i < 2; i++)
                assert_true(ct_storage_surface_taken(w.storage, i) <=
                            40 * (depth < 0.4 ? 0 : depth) * (1 + 1e-15));
            if (!(world_error(&w) < 1e-13)) fail_msg("error %g at %d", world_error(&w), t);
        }
        world_close(&w);
    }
}

// Three takers and a giver that has too little: each gets the same share of what it asks for.
static void what_is_there_is_shared(void **state) {
    (void)state;
    static const double lift_m[] = {0}, pumped[] = {4};
    world w;
    world_new(&w);
    world_area(&w, 0, 10, 0.3);
    w.params.outside_count = 1;
    for (int i = 0; i < 3; i++) {
        ct_storage_connection *c = world_connect(&w, CT_STORAGE_PUMP, world_end(CT_STORAGE_AREA, 0),
                                                 world_end(CT_STORAGE_OUTSIDE, 0));
        c->curve = (ct_storage_curve){1, lift_m, pumped};
    }
    world_open(&w);
    assert_int_equal(ct_storage_set(w.storage, "setting", 1, 2), CT_OK);
    world_advance(&w, 2);
    const double a = world_flow(&w, 0).forward_m3, b = world_flow(&w, 1).forward_m3;
    assert_true(world_pool(&w, 0).volume_m3 >= 0 && world_pool(&w, 0).volume_m3 < 0.05);
    assert_true(fabs(b - 2 * a) < 1e-9 && world_flow(&w, 2).forward_m3 == a);
    assert_true(world_error(&w) < 1e-14);
    world_close(&w);
}

static void the_same_after_a_restart(void **state) {
    (void)state;
    world a, b;
    uint64_t hash_a[2], hash_b[2];
    world_town(&a);
    world_town(&b);
    world_open(&a);
    world_open(&b);
    world_tell(&a, 0.7);
    world_advance(&a, 100);
    assert_int_equal(ct_storage_set(a.storage, "setting", 8, 0.3), CT_OK);
    const size_t bytes = ct_storage_save_bytes(a.storage);
    char *saved = ct_alloc(bytes);
    assert_int_equal(ct_storage_save(a.storage, saved, bytes - 1), CT_ARG);
    assert_int_equal(ct_storage_save(a.storage, saved, bytes), CT_OK);
    ct_storage_hash(b.storage, hash_b);
    const size_t spots[] = {0, 10, 20, 40, bytes / 2, bytes - 1};
    for (size_t i = 0; i < sizeof spots / sizeof *spots; i++) {
        saved[spots[i]] ^= 4;
        assert_int_not_equal(ct_storage_load(b.storage, saved, bytes), CT_OK);
        saved[spots[i]] ^= 4;
    }
    assert_int_equal(ct_storage_load(b.storage, saved, 8), CT_CORRUPT);
    ct_storage_hash(b.storage, hash_a);
    assert_memory_equal(hash_a, hash_b, sizeof hash_a); // untouched so far
    assert_int_equal(ct_storage_load(b.storage, saved, bytes), CT_OK);
    assert_true(ct_storage_time_s(b.storage) == 100);
    world_tell(&a, 0.4);
    world_tell(&b, 0.4);
    world_advance(&a, 300);
    world_advance(&b, 300);
    ct_storage_hash(a.storage, hash_a);
    ct_storage_hash(b.storage, hash_b);
    assert_memory_equal(hash_a, hash_b, sizeof hash_a);
    world_close(&b);
    b.connections[0].sill_m = 0.16; // another ramp
    world_open(&b);
    assert_int_equal(ct_storage_load(b.storage, saved, bytes), CT_ARG);
    ct_free(saved);
    world_close(&a);
    world_close(&b);
}

static void controls_and_steps_out_of_range(void **state) {
    (void)state;
    world w;
    world_town(&w);
    world_open(&w);
    ct_storage *s = w.storage;
    ct_storage_area_report area;
    ct_storage_flow_report flow;
    double q;
    assert_int_equal(ct_storage_set(s, "moon", 0, 1), CT_NOTFOUND);
    assert_int_equal(ct_storage_set(s, "setting", 99, 1), CT_RANGE);
    assert_int_equal(ct_storage_set(s, "setting", 0, 1.5), CT_RANGE);
    assert_int_equal(ct_storage_set(s, "setting", 5, 1.5), CT_OK); // a pump
    assert_int_equal(ct_storage_set(s, "crest", 5, 1), CT_RANGE);
    assert_int_equal(ct_storage_set(s, "crest", 0, HUGE_VAL), CT_RANGE);
    assert_int_equal(ct_storage_set(s, "outside", 2, 1), CT_RANGE);
    assert_int_equal(ct_storage_set(s, "area_inflow", 0, NAN), CT_RANGE);
    assert_int_equal(ct_storage_step(s, 0), CT_RANGE);
    assert_int_equal(ct_storage_step(s, 1.5), CT_RANGE);
    assert_int_equal(ct_storage_step(s, 1), CT_OK);
    assert_true(ct_storage_dt_max_s(s) == 1);
    assert_int_equal(ct_storage_advance(s, 0.5), CT_RANGE);
    assert_int_equal(ct_storage_area_get(s, 5, &area), CT_RANGE);
    assert_int_equal(ct_storage_flow_get(s, 10, &flow), CT_RANGE);
    assert_int_equal(ct_storage_rating(s, 10, 0, 0, &q), CT_RANGE);
    assert_int_equal(ct_storage_rating(s, 0, NAN, 0, &q), CT_RANGE);
    assert_true(isnan(ct_storage_surface_taken(s, 2)));
    assert_int_equal(ct_storage_surface_set(s, 2, &(ct_storage_surface){0, 1, 1, 0}), CT_RANGE);
    assert_int_equal(ct_storage_surface_set(s, 0, &(ct_storage_surface){NAN, 1, 1, 0}), CT_RANGE);
    assert_int_equal(ct_storage_surface_set(s, 0, &(ct_storage_surface){0, 0, 1, 0}), CT_RANGE);
    assert_int_equal(ct_storage_surface_set(s, 0, &(ct_storage_surface){0, 1, -1, 0}), CT_RANGE);
    assert_int_equal(ct_storage_surface_set(s, 0, &(ct_storage_surface){1, 9, 9, 2}), CT_RANGE);
    assert_int_equal(ct_storage_surface_set(s, 0, &(ct_storage_surface){1, 9, HUGE_VAL, 0}), CT_OK);
    assert_int_equal(ct_storage_step(s, 1), CT_OK);
    assert_true(world_flow(&w, 0).forward_m3 > 1);
    world_close(&w);
}

static void refused(const world *w, ct_err expected, const char *part) {
    ct_storage *storage = NULL;
    assert_int_equal(ct_storage_open(&storage, &w->params), expected);
    assert_null(storage);
    if (!strstr(ct_err_message(), part))
        fail_msg("\"%s\" does not name \"%s\"", ct_err_message(), part);
}

static void bad_parameters(void **state) {
    (void)state;
    static const double fallen[] = {1, 0}, areas[] = {5, 5}, rising[] = {0.1, 0.2};
    world w;
    world_new(&w);
    refused(&w, CT_ARG, "neither areas nor places");
    world_town(&w);
    w.areas[1].area.count = 0;
    refused(&w, CT_ARG, "areas[1]: storage: area: none");
    world_town(&w);
    w.areas[2].area = (ct_storage_curve){2, fallen, areas};
    refused(&w, CT_RANGE, "areas[2]: storage: area: x 0 at point 1 does not ascend");
    world_town(&w);
    w.area_m2[0] = 0;
    refused(&w, CT_RANGE, "areas[0]: storage: area: y 0 at point 0");
    world_town(&w);
    w.areas[0].depth_m = -1;
    refused(&w, CT_RANGE, "depth_m");
    world_town(&w);
    w.connections[0].from.index = 7;
    refused(&w, CT_ARG, "connections[0]: storage: from: no place 7, there are 2");
    world_town(&w);
    w.connections[2].to = w.connections[2].from;
    refused(&w, CT_ARG, "connections[2]: storage: from, to: the same");
    world_town(&w);
    w.connections[3].area_m2 = 0;
    refused(&w, CT_RANGE, "area_m2");
    world_town(&w);
    w.connections[5].curve = (ct_storage_curve){2, areas, rising};
    refused(&w, CT_RANGE, "connections[5]: storage: curve: x 5");
    world_town(&w);
    w.connections[5].off_m = 3;
    refused(&w, CT_RANGE, "off_m");
    world_town(&w);
    w.connections[7].inlet = CT_STORAGE_BOX_90;
    refused(&w, CT_ARG, "inlet");
    world_town(&w);
    w.connections[7].loss_entry = w.connections[7].loss_exit = 0;
    refused(&w, CT_RANGE, "loss_entry");
    world_town(&w);
    w.params.connections = NULL;
    refused(&w, CT_ARG, "connections: 10, but no array");
    world_town(&w);
    w.params.step_s = -1;
    refused(&w, CT_RANGE, "step_s");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_closed_forms_through_an_orifice),
        cmocka_unit_test(as_the_closed_form_over_a_weir),
        cmocka_unit_test(a_small_room_fills_without_passing_the_level_outside),
        cmocka_unit_test(a_pump_cycles),
        cmocka_unit_test(areas_by_level),
        cmocka_unit_test(a_town_books_all_volumes),
        cmocka_unit_test(what_is_there_is_shared),
        cmocka_unit_test(the_same_after_a_restart),
        cmocka_unit_test(controls_and_steps_out_of_range),
        cmocka_unit_test(bad_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
