// Random networks of every kind of connection between rooms of any size, at short and long steps,
// under outside levels and a surface that jump: no step collapses, nobody holds less than nothing,
// volumes are booked.
#include "world.h"

#include "base/rng.h"

enum { AREAS = 24, CONNECTIONS = 60, PLACES = 3, OUTSIDES = 3, KNOTS = 3 };

typedef struct soak {
    uint64_t seed;
    uint32_t drawn;
    ct_storage_params params;
    ct_storage_area areas[AREAS];
    double x[AREAS][KNOTS], y[AREAS][KNOTS];
    ct_storage_connection connections[CONNECTIONS];
    ct_storage_outside outsides[OUTSIDES];
    double level_m[OUTSIDES];
} soak;

static const double at_s[] = {0}, lift_m[] = {0, 3, 12}, lift_m3s[] = {0.5, 0.4, 0};

static double draw(soak *s, double low, double high) {
    return ct_rng_range(low, high, s->seed, s->drawn++, 0, 0);
}

static uint32_t pick(soak *s, uint32_t n) {
    return (uint32_t)draw(s, 0, n);
}

static ct_storage_end draw_end(soak *s) {
    const double which = draw(s, 0, 1);
    if (which < 0.8)
        return (ct_storage_end){CT_STORAGE_AREA, pick(s, (uint32_t)s->params.area_count)};
    if (which < 0.9) return (ct_storage_end){CT_STORAGE_PLACE, pick(s, PLACES)};
    return (ct_storage_end){CT_STORAGE_OUTSIDE, pick(s, OUTSIDES)};
}

static void draw_area(soak *s, size_t i) {
    s->x[i][0] = draw(s, -4, 1);
    s->x[i][1] = s->x[i][0] + draw(s, 0.1, 3);
    s->x[i][2] = s->x[i][1] + draw(s, 0.01, 0.5);
    for (int k = 0; k < KNOTS; k++) s->y[i][k] = pow(10, draw(s, -2, 3));
    s->areas[i] = (ct_storage_area){.area = {1 + pick(s, KNOTS), s->x[i], s->y[i]},
                                    .depth_m = draw(s, 0, 1) < 0.5 ? 0 : draw(s, 0, 4)};
}

static void draw_connection(soak *s, ct_storage_connection *c) {
    const double low = draw(s, -4, 2);
    *c = (ct_storage_connection){.kind = (ct_storage_kind)pick(s, CT_STORAGE_KINDS),
                                 .from = draw_end(s),
                                 .flap = draw(s, 0, 1) < 0.2,
                                 .sill_m = low,
                                 .width_m = draw(s, 0.05, 6),
                                 .height_m = draw(s, 0.05, 2),
                                 .area_m2 = draw(s, 0.01, 4),
                                 .leak_m2 = draw(s, 0, 0.1),
                                 .invert_to_m = low + draw(s, -0.5, 0.5),
                                 .length_m = draw(s, 1, 60),
                                 .manning = draw(s, 0.01, 0.05),
                                 .loss_entry = draw(s, 0.2, 0.9),
                                 .loss_exit = 1,
                                 .barrels = 1 + pick(s, 3),
                                 .curve = {3, lift_m, lift_m3s},
                                 .on_m = draw(s, -2, 1),
                                 .outlet_m = draw(s, -2, 2)};
    c->off_m = c->on_m - draw(s, 0, 1);
    do c->to = draw_end(s);
    while (c->to.kind == c->from.kind && c->to.index == c->from.index);
    if (c->kind == CT_STORAGE_CULVERT && draw(s, 0, 1) < 0.5) c->width_m = 0;
    if (c->kind == CT_STORAGE_CULVERT && c->width_m > 0) c->inlet = CT_STORAGE_BOX_90;
}

static void draw_network(soak *s, uint64_t seed, double step_s) {
    memset(s, 0, sizeof *s);
    s->seed = seed;
    s->params = (ct_storage_params){.areas = s->areas,
                                    .area_count = 2 + pick(s, AREAS - 2),
                                    .connections = s->connections,
                                    .outsides = s->outsides,
                                    .outside_count = OUTSIDES,
                                    .place_count = PLACES,
                                    .step_s = step_s};
    s->params.connection_count = s->params.area_count + pick(s, CONNECTIONS - AREAS);
    for (size_t i = 0; i < s->params.area_count; i++) draw_area(s, i);
    for (size_t i = 1; i < OUTSIDES; i++) {
        s->level_m[i] = draw(s, -3, 4);
        s->outsides[i] = (ct_storage_outside){{1, at_s, &s->level_m[i]}};
    }
    for (size_t i = 0; i < s->params.connection_count; i++) draw_connection(s, &s->connections[i]);
}

static void disturb(soak *s, ct_storage *storage) {
    for (size_t i = 0; i < PLACES; i++) {
        const double depth = fmax(0, draw(s, -1, 2)), area = pow(10, draw(s, 0, 3));
        const double ground = draw(s, -1, 1);
        const ct_storage_surface surface = {ground + depth, area, area * depth * draw(s, 0, 1),
                                            ground};
        assert_int_equal(ct_storage_surface_set(storage, i, &surface), CT_OK);
    }
    const uint32_t i = pick(s, (uint32_t)s->params.connection_count);
    const bool pump = s->connections[i].kind == CT_STORAGE_PUMP;
    assert_int_equal(ct_storage_set(storage, "setting", i, draw(s, 0, pump ? 3 : 1)), CT_OK);
    assert_int_equal(ct_storage_set(storage, "outside", 1, draw(s, -3, 4)), CT_OK);
    assert_int_equal(ct_storage_set(storage, "area_inflow", pick(s, (uint32_t)s->params.area_count),
                                    draw(s, -1, 1)),
                     CT_OK);
}

static void run(uint64_t seed, double step_s, int steps) {
    soak s;
    ct_storage *storage;
    draw_network(&s, seed, step_s);
    if (ct_storage_open(&storage, &s.params) != CT_OK) fail_msg("%s", ct_err_message());
    for (int t = 1; t <= steps; t++) {
        if (t % 8 == 1) disturb(&s, storage);
        if (ct_storage_advance(storage, t * step_s) != CT_OK)
            fail_msg("seed %d, step %g s: %s", (int)seed, step_s, ct_err_message());
        for (size_t i = 0; i < s.params.area_count; i++) {
            ct_storage_area_report r;
            assert_int_equal(ct_storage_area_get(storage, i, &r), CT_OK);
            if (!(r.volume_m3 >= 0)) fail_msg("seed %d: %g m3 in %zu", (int)seed, r.volume_m3, i);
        }
    }
    ct_storage_ledger l;
    ct_storage_ledger_get(storage, &l);
    const double all = l.initial_m3 + l.inflow_m3 + l.outside_in_m3 + l.place_in_m3;
    if (!(fabs(l.error_m3) <= 1e-13 * all))
        fail_msg("seed %d: %g of %g", (int)seed, l.error_m3, all);
    ct_storage_close(storage);
}

static void random_networks(void **state) {
    (void)state;
    const double steps_s[] = {0.05, 1, 30, 600};
    for (uint64_t seed = 1; seed <= 8; seed++)
        for (size_t k = 0; k < 4; k++) run(seed, steps_s[k], 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
