// The laws of connections against their formulas: weirs free and drowned, orifices, barriers,
// leaks, shafts, gates, culverts at points calculated by hand, pumps; and that none of them jumps
// or runs the wrong way.
#include "world.h"

static const double g = CT_STORAGE_GRAVITY;

// One connection between two deep pools.
static ct_storage_connection *one(world *w, ct_storage_kind kind) {
    world_new(w);
    world_area(w, -50, 10, 0);
    world_area(w, -50, 10, 0);
    return world_connect(w, kind, world_end(CT_STORAGE_AREA, 0), world_end(CT_STORAGE_AREA, 1));
}

static void near(double got, double expected, double share) {
    if (!(fabs(got - expected) <= share * fabs(expected)))
        fail_msg("%.12g, not %.12g", got, expected);
}

static void a_weir_free_and_drowned(void **state) {
    (void)state;
    world w;
    ct_storage_connection *c = one(&w, CT_STORAGE_OPENING);
    c->sill_m = 2;
    c->width_m = 3;
    world_open(&w);
    const double free = 1.7 * 3 * pow(0.4, 1.5);
    near(world_rating(&w, 0, 2.4, 1), free, 1e-14);
    near(world_rating(&w, 0, 2.4, 2), free, 1e-14);
    near(world_rating(&w, 0, 1, 2.4), -free, 1e-14);
    for (double d = 0.04; d < 0.39; d += 0.05)
        near(world_rating(&w, 0, 2.4, 2 + d), free * pow(1 - pow(d / 0.4, 1.5), 0.385), 1e-12);
    assert_true(world_rating(&w, 0, 2.4, 2.4) == 0);
    assert_true(world_rating(&w, 0, 2, 1) == 0);
    world_close(&w);
    c->weir_coefficient = 1.5;
    c->flap = true;
    world_open(&w);
    near(world_rating(&w, 0, 2.4, 1), free / 1.7 * 1.5, 1e-14);
    assert_true(world_rating(&w, 0, 1, 2.4) == 0);
    world_close(&w);
}

static void an_opening_under_its_soffit(void **state) {
    (void)state;
    world w;
    ct_storage_connection *c = one(&w, CT_STORAGE_OPENING);
    c->width_m = 2;
    c->height_m = 0.5;
    world_open(&w);
    near(world_rating(&w, 0, 0.5, -1), 1.7 * 2 * pow(0.5, 1.5), 1e-14); // a weir still
    near(world_rating(&w, 0, 2, -1), 0.6 * 1 * sqrt(2 * g * 1.75), 1e-9);
    near(world_rating(&w, 0, 2, 1.2), 0.6 * 1 * sqrt(2 * g * 0.8), 1e-9); // drowned
    near(world_rating(&w, 0, 1.2, 2), -0.6 * 1 * sqrt(2 * g * 0.8), 1e-9);
    // half open
    assert_int_equal(ct_storage_set(w.storage, "setting", 0, 0.5), CT_OK);
    near(world_rating(&w, 0, 2, -1), 0.3 * 1 * sqrt(2 * g * 1.75), 1e-9);
    world_close(&w);
    c->kind = CT_STORAGE_ORIFICE;
    world_open(&w);
    near(world_rating(&w, 0, 0.3, -1), 0.6 * 2 * 0.3 * sqrt(2 * g * 0.15), 1e-8);
    near(world_rating(&w, 0, 2, -1), 0.6 * 1 * sqrt(2 * g * 1.75), 1e-9);
    world_close(&w);
}

static void a_barrier_keeps_out_what_stands_below_it(void **state) {
    (void)state;
    world w;
    double time_s = 0, crest_m = 0.6;
    ct_storage_connection *c = one(&w, CT_STORAGE_OPENING);
    c->width_m = 4;
    c->height_m = 2;
    c->leak_m2 = 0.05;
    c->crest = (ct_storage_curve){1, &time_s, &crest_m};
    world_open(&w);
    assert_true(world_rating(&w, 0, 0.6, -2) == 0);
    assert_true(world_rating(&w, 0, 0.599, -2) == 0);
    near(world_rating(&w, 0, 0.8, -2), 1.7 * 4 * pow(0.2, 1.5), 1e-12);
    assert_int_equal(ct_storage_set(w.storage, "crest", 0, 0.9), CT_OK);
    assert_true(world_rating(&w, 0, 0.8, -2) == 0);
    assert_int_equal(ct_storage_set(w.storage, "crest", 0, 2.5), CT_OK); // over the soffit
    assert_true(world_rating(&w, 0, 9, -2) == 0);
    assert_int_equal(ct_storage_set(w.storage, "crest", 0, -HUGE_VAL), CT_OK);
    assert_int_equal(ct_storage_set(w.storage, "setting", 0, 0), CT_OK); // the door alone
    near(world_rating(&w, 0, 0.5, -2), 0.6 * 0.05 * sqrt(2 * g * 0.5), 1e-8);
    near(world_rating(&w, 0, 0.5, 0.2), 0.6 * 0.05 * sqrt(2 * g * 0.3), 1e-8);
    world_close(&w);
}

static void a_shaft_and_a_pump(void **state) {
    (void)state;
    static const double lift_m[] = {0, 4, 8}, m3s[] = {0.03, 0.02, 0};
    world w;
    ct_storage_connection *c = one(&w, CT_STORAGE_SHAFT);
    c->sill_m = 3;
    c->width_m = 4;
    c->area_m2 = 0.5;
    world_open(&w);
    near(world_rating(&w, 0, 3.05, 0), 1.7 * 4 * pow(0.05, 1.5), 1e-12);
    near(world_rating(&w, 0, 4, 0), 0.6 * 0.5 * sqrt(2 * g), 1e-8);
    near(world_rating(&w, 0, 2, 4), -0.6 * 0.5 * sqrt(2 * g), 1e-8); // the lower one is full
    world_close(&w);
    c = one(&w, CT_STORAGE_PUMP);
    c->curve = (ct_storage_curve){3, lift_m, m3s};
    c->outlet_m = 1;
    world_open(&w);
    near(world_rating(&w, 0, -1, -9), 0.025, 1e-12); // to its outlet
    near(world_rating(&w, 0, -1, 5), 0.01, 1e-12);
    assert_true(world_rating(&w, 0, -1, 8) == 0);
    near(world_rating(&w, 0, 5, 1), 0.03, 1e-12);
    world_close(&w);
}

static void a_gate_free_and_drowned(void **state) {
    (void)state;
    world w;
    ct_storage_connection *c = one(&w, CT_STORAGE_GATE);
    c->width_m = 2;
    c->height_m = 0.5;
    world_open(&w);
    near(world_rating(&w, 0, 2, 0), 2 * 0.305 * sqrt(2 * g * 2 / (1 + 0.305 / 2)), 1e-12);
    near(world_rating(&w, 0, 0.4, 0), 1.7 * 2 * pow(0.4, 1.5), 1e-12); // it does not touch it
    const double d = 1.7, over = 0.81 * d * pow(d / 0.5, 0.72) - 2;
    near(world_rating(&w, 0, 2, d),
         2 * 0.305 * sqrt(2 * g * 2 / (1 + 0.305 / 2)) / (1 + 0.32 * pow(over / (2 - d), 0.7)),
         1e-12);
    assert_int_equal(ct_storage_set(w.storage, "setting", 0, 0), CT_OK);
    assert_true(world_rating(&w, 0, 3, 0) == 0);
    world_close(&w);
}

// ---- HDS-5 --------------------------------------------------------------------------------------
static ct_storage_connection *culvert(world *w, ct_storage_inlet inlet, double width_m) {
    ct_storage_connection *c = one(w, CT_STORAGE_CULVERT);
    c->inlet = inlet;
    c->width_m = width_m;
    c->height_m = 1.2;
    c->length_m = 30;
    c->manning = 0.012;
    c->loss_entry = 0.5;
    c->loss_exit = 1;
    c->barrels = 1;
    c->sill_m = 10;
    c->invert_to_m = 9.7; // a slope of 0.01
    return c;
}

// Inlet control of a box 2 m wide by form 1 of HDS-5: the headwater of 3 m3/s (unsubmerged) and of
// 8 m3/s (submerged), and back.
static void a_box_under_inlet_control(void **state) {
    (void)state;
    world w;
    culvert(&w, CT_STORAGE_BOX_FLARED, 2);
    world_open(&w);
    const double area = 2.4, d = 1.2, part = area * sqrt(d);
    double q = 3, unit = 1.811 * q / part, critical = cbrt(q / 2 * q / 2 / g);
    assert_true(unit < 3.5);
    near(world_rating(&w, 0, 10 + 1.5 * critical + d * (0.026 * unit - 0.5 * 0.01), 0), q, 1e-4);
    q = 8;
    unit = 1.811 * q / part;
    assert_true(unit > 4);
    near(world_rating(&w, 0, 10 + d * (0.0347 * unit * unit + 0.81 - 0.5 * 0.01), 0), q, 1e-4);
    world_close(&w);
}

// A pipe: critical depth 0.6 m (half full) has A = pi D2/8, T = D, so Q = A sqrt(g A / D).
static void a_pipe_under_inlet_control(void **state) {
    (void)state;
    world w;
    culvert(&w, CT_STORAGE_CONCRETE_SQUARE, 0);
    world_open(&w);
    const double pi = 3.14159265358979323846, d = 1.2, half = pi * d * d / 8;
    double q = half * sqrt(g * half / d);
    const double unit = 1.811 * q / (2 * half * sqrt(d)), speed = q / half;
    const double head = 0.6 + speed * speed / (2 * g) + d * (0.0098 * unit * unit - 0.005);
    near(world_rating(&w, 0, 10 + head, 0), q, 1e-4);
    world_close(&w);
    w.connections[0].barrels = 3;
    world_open(&w);
    near(world_rating(&w, 0, 10 + head, 0), 3 * q, 1e-4);
    world_close(&w);
}

// A long rough pipe under a tailwater runs full: the drop is (ke + kx + 2 g n2 L / R^4/3) V2/2g.
static void a_pipe_under_outlet_control(void **state) {
    (void)state;
    world w;
    ct_storage_connection *c = culvert(&w, CT_STORAGE_METAL_HEADWALL, 0);
    c->manning = 0.024;
    c->length_m = 100;
    c->invert_to_m = 9.9;
    world_open(&w);
    const double pi = 3.14159265358979323846, area = pi * 1.44 / 4;
    const double friction = 2 * g * 0.024 * 0.024 * 100 / pow(0.3, 4.0 / 3);
    near(friction, 19.63 * 0.024 * 0.024 * 100 / pow(0.3, 1.33), 0.01); // as HDS-5 writes it
    const double q = area * sqrt(2 * g * 0.8 / (1.5 + friction));
    near(world_rating(&w, 0, 12.6, 11.8), q, 1e-6);
    near(world_rating(&w, 0, 11.8, 12.6), -q, 1e-6); // and back
    // Free: the drop is to (dc + D)/2 over the outlet's invert.
    const double free = world_rating(&w, 0, 12.6, 0);
    const double outlet = 12.6 - 9.9 - free * free / (area * area * 2 * g) * (1.5 + friction);
    assert_true(outlet > 0.6 && outlet < 1.2);
    const double critical = 2 * outlet - 1.2, angle = 2 * acos(1 - 2 * critical / 1.2);
    const double wet = 0.18 * (angle - sin(angle)), top = 1.2 * sin(angle / 2);
    near(wet * sqrt(g * wet / top), free, 1e-3);
    world_close(&w);
}

// ---- all of them --------------------------------------------------------------------------------
// No law falls with the level before it, rises with that behind it, or jumps.
static void no_law_jumps(void **state) {
    (void)state;
    static const double lift_m[] = {0, 5}, m3s[] = {0.3, 0};
    for (int kind = 0; kind < CT_STORAGE_KINDS; kind++) {
        world w;
        ct_storage_connection *c = one(&w, (ct_storage_kind)kind);
        if (kind == CT_STORAGE_CULVERT) c = culvert(&w, CT_STORAGE_CONCRETE_GROOVE, 0);
        if (kind == CT_STORAGE_CULVERT) c->sill_m = 0.1;
        if (kind == CT_STORAGE_CULVERT) c->invert_to_m = -0.1;
        if (kind != CT_STORAGE_CULVERT) c->height_m = 0.7;
        c->area_m2 = 0.4;
        c->leak_m2 = 0.02;
        c->curve = (ct_storage_curve){2, lift_m, m3s};
        world_open(&w);
        const double step_m = 0.004, most = 0.5;
        for (double down = -1; down < 3; down += 0.11) {
            double before = world_rating(&w, 0, -1, down);
            for (double up = -1; up < 4; up += step_m) {
                const double q = world_rating(&w, 0, up, down);
                if (q < before - 1e-12 || q > before + most)
                    fail_msg("kind %d: %.9g after %.9g at %g, %g", kind, q, before, up, down);
                before = q;
                const double drowned = world_rating(&w, 0, up, down + step_m);
                if (drowned > q + 1e-12 || drowned < q - most)
                    fail_msg("kind %d: %.9g beside %.9g at %g, %g", kind, drowned, q, up, down);
            }
        }
        world_close(&w);
    }
}

// Shut, ajar and open: never more than what is open the wider, at any levels.
static void what_is_shut_passes_least(void **state) {
    (void)state;
    world w;
    ct_storage_connection *c = one(&w, CT_STORAGE_OPENING);
    static const double k_settings[] = {0, 0.3, 1};
    c->width_m = 1;
    c->height_m = 2;
    c->leak_m2 = 0.008;
    world_open(&w);
    for (double down = -1; down < 3; down += 0.17)
        for (double up = -0.5; up < 4; up += up < 0.1 ? 0.0005 : 0.05) {
            double before = 0;
            for (size_t k = 0; k < 3; k++) {
                assert_int_equal(ct_storage_set(w.storage, "setting", 0, k_settings[k]), CT_OK);
                const double q = fabs(world_rating(&w, 0, up, down));
                if (q < before - 1e-12)
                    fail_msg("setting %g: %.9g, %.9g before, at %g, %g", k_settings[k], q, before,
                             up, down);
                before = q;
            }
        }
    assert_int_equal(ct_storage_set(w.storage, "setting", 0, 0), CT_OK);
    assert_true(world_rating(&w, 0, 1, 0) > 0); // it does leak
    world_close(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_weir_free_and_drowned),
        cmocka_unit_test(an_opening_under_its_soffit),
        cmocka_unit_test(a_barrier_keeps_out_what_stands_below_it),
        cmocka_unit_test(a_shaft_and_a_pump),
        cmocka_unit_test(a_gate_free_and_drowned),
        cmocka_unit_test(a_box_under_inlet_control),
        cmocka_unit_test(a_pipe_under_inlet_control),
        cmocka_unit_test(a_pipe_under_outlet_control),
        cmocka_unit_test(no_law_jumps),
        cmocka_unit_test(what_is_shut_passes_least),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
