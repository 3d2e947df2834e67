// Networks at random with every kind of element, storms, surfaces, controls and steps from a tenth
// of a second to five minutes: no step fails, no volume is lost or below nothing, all is finite.
#include "town.h"

#include "base/rng.h"

enum { NODES = 14, LINKS = 24, OTHERS = 4, SEEDS = 40, STEPS = 60 };

typedef struct web {
    ct_drains_params params;
    ct_drains_node nodes[NODES];
    ct_drains_conduit conduits[LINKS];
    ct_drains_pump pumps[OTHERS];
    ct_drains_orifice orifices[OTHERS];
    ct_drains_weir weirs[OTHERS];
    ct_drains_outlet outlets[OTHERS];
    ct_drains_exchange exchanges[OTHERS];
    uint64_t seed, turn;
} web;

// Each place of the text draws its own number for each turn of a loop, so that the order in which a
// compiler evaluates initialisers does not matter.
static double draw_at(const web *w, uint32_t place, double low, double high) {
    return ct_rng_range(low, high, w->seed, w->turn, 0, place);
}
#define draw(w, low, high) draw_at(w, __COUNTER__, low, high)
#define draw_int(w, below) ((uint32_t)draw_at(w, __COUNTER__, 0, below))

static const double storm_s[] = {0, 900, 1800};
static const double storm_m3s[] = {0.05, 0.6, 0};
static const double tide_s[] = {0, 3000}, tide_m[] = {-1, 3};
static const double depths[] = {0, 1, 3}, areas[] = {2, 10, 40};
static const double rising_x[] = {0, 1, 4}, rising_y[] = {0.02, 0.1, 0.3};
static const double falling_x[] = {0, 5, 12}, falling_y[] = {0.3, 0.2, 0};

static void draw_nodes(web *w) {
    for (uint32_t i = 0; i < NODES; i++, w->turn++) {
        double invert = draw(w, -1, 3);
        ct_drains_node *n = &w->nodes[i];
        *n = (ct_drains_node){.kind = i % 4 == 3 ? CT_DRAINS_STORAGE : CT_DRAINS_JUNCTION,
                              .invert_m = invert,
                              .rim_m = invert + draw(w, 1, 4),
                              .top = (ct_drains_top)draw_int(w, 4),
                              .area_m2 = draw(w, 0.5, 4),
                              .ponded_area_m2 = draw(w, 1, 500),
                              .opening_m = draw(w, 0.3, 1),
                              .depth_m = fmax(0, draw(w, -1, 1))};
        if (i % 8 == 3) n->area = (ct_drains_curve){3, depths, areas};
        n->area_base_m2 = 3;
        n->area_factor = draw(w, 0, 5);
        n->area_exponent = draw(w, 0.5, 2);
        if (i % 3 == 0) n->inflow = (ct_drains_curve){3, storm_s, storm_m3s};
        // rain falls into no bolted node, nor one that spills to exchanges it may not have
        if (n->inflow.count > 0 && n->top >= CT_DRAINS_SEALED) n->top = CT_DRAINS_PONDED;
        if (n->top == CT_DRAINS_COUPLED) n->top = CT_DRAINS_OPEN;
    }
    w->nodes[0] = (ct_drains_node){.kind = CT_DRAINS_OUTFALL,
                                   .invert_m = -2,
                                   .outfall = (ct_drains_outfall_kind)draw_int(w, 3),
                                   .level = {2, tide_s, tide_m},
                                   .flap = draw_int(w, 2) == 1};
}

static void draw_conduits(web *w) {
    for (uint32_t i = 0; i < LINKS; i++, w->turn++) {
        uint32_t from = 1 + draw_int(w, NODES - 1), to = draw_int(w, NODES);
        if (to == from) to = 0;
        w->conduits[i] =
            (ct_drains_conduit){.from = from,
                                .to = to,
                                .length_m = draw(w, 5, 200),
                                .manning = draw(w, 0, 0.03),
                                .offset_from_m = fmax(0, draw(w, -1, 1)),
                                .offset_to_m = fmax(0, draw(w, -1, 1)),
                                .section = {.shape = (ct_drains_shape)draw_int(w, CT_DRAINS_CUSTOM),
                                            .height_m = draw(w, 0.2, 2),
                                            .width_m = draw(w, 0.2, 2),
                                            .slope_left = draw(w, 0, 2),
                                            .slope_right = draw(w, 0.1, 2),
                                            .exponent = draw(w, 0.3, 3),
                                            .fill_m = 0.05},
                                .barrels = 1 + draw_int(w, 3),
                                .loss_entry = draw(w, 0, 1),
                                .loss_exit = draw(w, 0, 1),
                                .flap = draw_int(w, 5) == 0};
    }
}

static void draw_structures(web *w) {
    for (uint32_t i = 0; i < OTHERS; i++, w->turn++) {
        uint32_t a = 1 + draw_int(w, NODES - 1), b = draw_int(w, 2) ? 0 : 1 + a % (NODES - 1);
        ct_drains_pump_kind kind = (ct_drains_pump_kind)draw_int(w, CT_DRAINS_PUMP_KINDS);
        bool lift = kind == CT_DRAINS_PUMP_LIFT;
        w->pumps[i] = (ct_drains_pump){.from = a, .to = b, .kind = kind, .on_m = 0.5, .off_m = 0.2};
        w->pumps[i].curve =
            (ct_drains_curve){3, lift ? falling_x : rising_x, lift ? falling_y : rising_y};
        w->orifices[i] = (ct_drains_orifice){.from = a,
                                             .to = b,
                                             .bottom = draw_int(w, 2) == 1,
                                             .rectangular = draw_int(w, 2) == 1,
                                             .offset_m = draw(w, 0, 1),
                                             .height_m = draw(w, 0.1, 1),
                                             .width_m = draw(w, 0.1, 1),
                                             .coefficient = 0.62,
                                             .opening = draw(w, 0, 1)};
        w->weirs[i] = (ct_drains_weir){.from = a,
                                       .to = b,
                                       .kind = (ct_drains_weir_kind)i,
                                       .offset_m = draw(w, 0, 2),
                                       .height_m = draw(w, 0.1, 1),
                                       .length_m = draw(w, 0.2, 5),
                                       .slope = 1,
                                       .coefficient = 1.8,
                                       .coefficient_end = 1.3,
                                       .contractions = draw_int(w, 3),
                                       .opening = 1};
        w->outlets[i] = (ct_drains_outlet){.from = a,
                                           .to = b,
                                           .by_head = draw_int(w, 2) == 1,
                                           .factor = draw(w, 0, 0.5),
                                           .exponent = draw(w, 0.4, 2),
                                           .opening = 1};
        w->exchanges[i] = (ct_drains_exchange){.node = a,
                                               .kind = (ct_drains_exchange_kind)(i + 1),
                                               .level_m = w->nodes[a].rim_m,
                                               .opening_m = 0.6,
                                               .length_m = 0.6,
                                               .width_m = 0.4,
                                               .curb_length_m = 1.5,
                                               .curb_height_m = 0.12,
                                               .grate = (ct_drains_grate)draw_int(w, 7),
                                               .open_share = 0.5,
                                               .on_grade = draw_int(w, 2) == 1,
                                               .slope = 0.02,
                                               .cross_slope = 0.03,
                                               .manning = 0.016,
                                               .count = 1 + draw_int(w, 3)};
    }
}

static void web_new(web *w, uint64_t seed) {
    *w = (web){.seed = seed};
    draw_nodes(w);
    draw_conduits(w);
    draw_structures(w);
    w->params = (ct_drains_params){.nodes = w->nodes,
                                   .node_count = NODES,
                                   .conduits = w->conduits,
                                   .conduit_count = LINKS,
                                   .pumps = w->pumps,
                                   .pump_count = OTHERS,
                                   .orifices = w->orifices,
                                   .orifice_count = OTHERS,
                                   .weirs = w->weirs,
                                   .weir_count = OTHERS,
                                   .outlets = w->outlets,
                                   .outlet_count = OTHERS,
                                   .exchanges = w->exchanges,
                                   .exchange_count = OTHERS,
                                   .step_s = 300};
}

static void move_controls(web *w, ct_drains *d) {
    uint32_t i = draw_int(w, OTHERS);
    static const char *const names[] = {"orifice", "weir", "outlet"};
    assert_int_equal(ct_drains_set(d, names[draw_int(w, 3)], i, draw(w, 0, 1)), CT_OK);
    assert_int_equal(ct_drains_set(d, "conduit", draw_int(w, LINKS), draw_int(w, 4) > 0), CT_OK);
    double share = draw_int(w, 2) ? draw(w, 0, 1.5) : (double)NAN;
    assert_int_equal(ct_drains_set(d, "pump", draw_int(w, OTHERS), share), CT_OK);
    for (i = 0; i < OTHERS; i++, w->turn++) {
        ct_drains_surface s = {w->exchanges[i].level_m + draw(w, -0.2, 0.4),
                               draw_int(w, 2) ? draw(w, 1, 200) : 0,
                               draw_int(w, 2) ? draw(w, 0, 20) : HUGE_VAL, draw(w, 0, 0.2)};
        assert_int_equal(ct_drains_surface_set(d, i, &s), CT_OK);
    }
}

static void check_state(const ct_drains *d) {
    ct_drains_ledger l;
    ct_drains_ledger_get(d, &l);
    double in = l.initial_m3 + l.inflow_m3 + l.outfall_in_m3 + l.exchange_in_m3;
    assert_near(l.error_m3, 0, 1e-15 * in);
    size_t count = 0;
    const double *volume = ct_drains_get(d, CT_DRAINS_VOLUME, &count);
    for (size_t i = 0; i < count; i++) {
        if (!(volume[i] >= -1e-9)) fail_msg("node %d holds %g m3", (int)i, volume[i]);
    }
    for (int a = 0; a < CT_DRAINS_ARRAYS; a++) {
        const double *values = ct_drains_get(d, (ct_drains_array)a, &count);
        for (size_t i = 0; i < count; i++) assert_true(isfinite(values[i]));
    }
}

static void any_network(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        web w;
        web_new(&w, seed);
        ct_drains *d = NULL;
        ct_err err = ct_drains_open(&d, &w.params);
        if (err != CT_OK) fail_msg("seed %d: %s", (int)seed, ct_err_message());
        for (int k = 0; k < STEPS; k++) {
            move_controls(&w, d);
            err = ct_drains_step(d, 0.1 * pow(3000, draw(&w, 0, 1)));
            if (err != CT_OK) fail_msg("seed %d, step %d: %s", (int)seed, k, ct_err_message());
            check_state(d);
        }
        ct_drains_close(d);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
