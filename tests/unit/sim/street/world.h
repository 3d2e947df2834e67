// A small street over drains for the tests: a flat closed yard and, below its middle, a manhole on
// a pipe to a tank or to the sea. Arrays live as long as the world.
#ifndef TESTS_SIM_STREET_WORLD_H
#define TESTS_SIM_STREET_WORLD_H

#include "cmk.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "cimtwin/street.h"

enum { WORLD_NX = 70, WORLD_NY = 5, WORLD_CELLS = WORLD_NX * WORLD_NY };

typedef struct world {
    ct_street_params params;
    double bed[WORLD_CELLS], depth[WORLD_CELLS];
    uint8_t blocked[WORLD_CELLS];
    ct_drains_node nodes[2];
    ct_drains_conduit conduit;
    ct_drains_exchange exchange;
    uint32_t cells[2]; // in two tiles
    ct_street_place place;
    ct_street *street;
} world;

// Ground at 10 m; the manhole's shaft from 7 m to the ground, a tank of area_m2 from 7 m.
static inline void world_new(world *w, double area_m2) {
    memset(w, 0, sizeof *w);
    ct_street_params_init(&w->params);
    for (size_t i = 0; i < WORLD_CELLS; i++) w->bed[i] = 10;
    w->cells[0] = 2 * WORLD_NX + 63;
    w->cells[1] = 2 * WORLD_NX + 64;
    w->nodes[0] = (ct_drains_node){.kind = CT_DRAINS_JUNCTION,
                                   .invert_m = 7,
                                   .rim_m = 10,
                                   .top = CT_DRAINS_COUPLED,
                                   .area_m2 = 1,
                                   .depth_m = 1};
    w->nodes[1] = (ct_drains_node){.kind = CT_DRAINS_STORAGE,
                                   .invert_m = 7,
                                   .rim_m = 30,
                                   .top = CT_DRAINS_SEALED,
                                   .area_base_m2 = area_m2,
                                   .depth_m = 1};
    w->conduit = (ct_drains_conduit){.from = 0,
                                     .to = 1,
                                     .length_m = 20,
                                     .manning = 0.013,
                                     .barrels = 1,
                                     .section = {.shape = CT_DRAINS_CIRCULAR, .height_m = 0.6}};
    w->exchange = (ct_drains_exchange){
        .node = 0, .kind = CT_DRAINS_MANHOLE, .level_m = 10, .opening_m = 0.7, .count = 1};
    w->place = (ct_street_place){w->cells, 2};
    ct_street_params *p = &w->params;
    p->flood.nx = WORLD_NX;
    p->flood.ny = WORLD_NY;
    p->flood.cell_m = 2;
    p->flood.bed_m = w->bed;
    p->flood.depth_m = w->depth;
    p->flood.blocked = w->blocked;
    p->flood.manning_uniform = 0.02;
    p->flood.scheme = CT_FLOOD_SECOND_ORDER;
    p->flood.precision = CT_FLOOD_DOUBLE;
    p->drains.nodes = w->nodes;
    p->drains.node_count = 2;
    p->drains.conduits = &w->conduit;
    p->drains.conduit_count = 1;
    p->drains.exchanges = &w->exchange;
    p->drains.exchange_count = 1;
    p->places = &w->place;
    p->place_count = 1;
}

static inline void world_open(world *w) {
    if (ct_street_open(&w->street, &w->params) != CT_OK) fail_msg("%s", ct_err_message());
}

static inline void world_close(world *w) {
    ct_street_close(w->street);
    w->street = NULL;
}

static inline void world_advance(world *w, double until_s) {
    if (ct_street_advance(w->street, until_s) != CT_OK) fail_msg("%s", ct_err_message());
}

static inline ct_street_report world_report(const world *w) {
    ct_street_report report;
    assert_int_equal(ct_street_exchange_get(w->street, 0, &report), CT_OK);
    return report;
}

// |error| of the ledger as a share of all water that was ever there.
static inline double world_error(const world *w) {
    ct_street_ledger l;
    ct_street_ledger_get(w->street, &l);
    return fabs(l.error_m3) / (l.initial_m3 + l.in_m3);
}

static inline double world_bound(const world *w) {
    return w->params.flood.precision == CT_FLOOD_SINGLE ? 1e-6 : 1e-12;
}

#endif
