// A small town of drains for the tests: two manholes, a tank with a pump and a weir, an outfall, an
// inlet. Arrays live as long as the town.
#ifndef TESTS_SIM_DRAINS_TOWN_H
#define TESTS_SIM_DRAINS_TOWN_H

#include "cmk.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "cimtwin/drains.h"

enum { TOWN_HIGH, TOWN_LOW, TOWN_TANK, TOWN_SEA, TOWN_NODES };

typedef struct town {
    ct_drains_params params;
    ct_drains_node nodes[TOWN_NODES];
    ct_drains_conduit conduits[2];
    ct_drains_pump pumps[1];
    ct_drains_weir weirs[1];
    ct_drains_orifice orifices[1];
    ct_drains_outlet outlets[1];
    ct_drains_exchange exchanges[1];
    ct_drains *drains;
} town;

static const double town_time[] = {0, 300, 600}, town_rain[] = {0, 0.3, 0};
static const double town_curve_x[] = {0, 3}, town_curve_y[] = {0.01, 0.1};
static const double town_area_x[] = {0, 2, 4}, town_area_y[] = {4, 10, 30};
static const double town_tide_t[] = {0, 1200}, town_tide_m[] = {-2, 1};

// From TOWN_HIGH through TOWN_LOW into the tank, which a pump, a weir, an orifice and an outlet
// leave for the sea.
static inline void town_new(town *t) {
    *t = (town){0};
    t->nodes[TOWN_HIGH] = (ct_drains_node){.kind = CT_DRAINS_JUNCTION,
                                           .invert_m = 1,
                                           .rim_m = 3,
                                           .top = CT_DRAINS_OPEN,
                                           .area_m2 = 1,
                                           .opening_m = 0.6,
                                           .inflow = {3, town_time, town_rain}};
    t->nodes[TOWN_LOW] = (ct_drains_node){.kind = CT_DRAINS_JUNCTION,
                                          .invert_m = 0.5,
                                          .rim_m = 2.5,
                                          .top = CT_DRAINS_COUPLED,
                                          .area_m2 = 1};
    t->nodes[TOWN_TANK] = (ct_drains_node){.kind = CT_DRAINS_STORAGE,
                                           .invert_m = -2,
                                           .rim_m = 3,
                                           .top = CT_DRAINS_PONDED,
                                           .ponded_area_m2 = 500,
                                           .depth_m = 0.5,
                                           .area = {3, town_area_x, town_area_y}};
    t->nodes[TOWN_SEA] = (ct_drains_node){.kind = CT_DRAINS_OUTFALL,
                                          .invert_m = -3,
                                          .outfall = CT_DRAINS_LEVEL,
                                          .level = {2, town_tide_t, town_tide_m}};
    for (uint32_t i = 0; i < 2; i++) {
        t->conduits[i] = (ct_drains_conduit){.from = i,
                                             .to = i + 1,
                                             .length_m = 90,
                                             .manning = 0.013,
                                             .section = {CT_DRAINS_CIRCULAR, .height_m = 0.5},
                                             .barrels = 1};
    }
    t->conduits[1].offset_to_m = 2;
    t->pumps[0] = (ct_drains_pump){.from = TOWN_TANK,
                                   .to = TOWN_SEA,
                                   .kind = CT_DRAINS_PUMP_DEPTH,
                                   .curve = {2, town_curve_x, town_curve_y},
                                   .on_m = 1,
                                   .off_m = 0.3,
                                   .stopped = true};
    t->weirs[0] = (ct_drains_weir){.from = TOWN_TANK,
                                   .to = TOWN_SEA,
                                   .offset_m = 3,
                                   .height_m = 1,
                                   .length_m = 1,
                                   .coefficient = 1.7,
                                   .opening = 1};
    t->orifices[0] = (ct_drains_orifice){.from = TOWN_TANK,
                                         .to = TOWN_SEA,
                                         .height_m = 0.1,
                                         .coefficient = 0.6,
                                         .opening = 1,
                                         .flap = true};
    t->outlets[0] = (ct_drains_outlet){.from = TOWN_TANK,
                                       .to = TOWN_SEA,
                                       .offset_m = 1,
                                       .factor = 0.01,
                                       .exponent = 1,
                                       .opening = 1};
    t->exchanges[0] = (ct_drains_exchange){.node = TOWN_LOW,
                                           .kind = CT_DRAINS_GRATE,
                                           .level_m = 2.5,
                                           .length_m = 0.6,
                                           .width_m = 0.5,
                                           .open_share = 0.6,
                                           .count = 2};
    t->params = (ct_drains_params){.nodes = t->nodes,
                                   .node_count = TOWN_NODES,
                                   .conduits = t->conduits,
                                   .conduit_count = 2,
                                   .pumps = t->pumps,
                                   .pump_count = 1,
                                   .weirs = t->weirs,
                                   .weir_count = 1,
                                   .orifices = t->orifices,
                                   .orifice_count = 1,
                                   .outlets = t->outlets,
                                   .outlet_count = 1,
                                   .exchanges = t->exchanges,
                                   .exchange_count = 1,
                                   .step_s = 100};
}

static inline void town_open(town *t) {
    ct_err err = ct_drains_open(&t->drains, &t->params);
    if (err != CT_OK) print_error("%s\n", ct_err_message());
    assert_int_equal(err, CT_OK);
}

static inline void town_advance(town *t, double until_s) {
    ct_err err = ct_drains_advance(t->drains, until_s);
    if (err != CT_OK) print_error("%s\n", ct_err_message());
    assert_int_equal(err, CT_OK);
}

static inline double town_value(const town *t, ct_drains_array which, size_t index) {
    size_t count = 0;
    const double *values = ct_drains_get(t->drains, which, &count);
    assert_true(values && index < count);
    return values[index];
}

#endif
