// What the tests of storages share: a garage beside a river, with one connection until more are
// added. Arrays live as long as the world.
#ifndef TESTS_SIM_STORAGE_WORLD_H
#define TESTS_SIM_STORAGE_WORLD_H

#include "cmk.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "cimtwin/storage.h"

enum { WORLD_AREAS = 8, WORLD_CONNECTIONS = 12, WORLD_OUTSIDES = 2 };

typedef struct world {
    ct_storage_params params;
    ct_storage_area areas[WORLD_AREAS];
    ct_storage_connection connections[WORLD_CONNECTIONS];
    ct_storage_outside outsides[WORLD_OUTSIDES];
    double floor_m[WORLD_AREAS], area_m2[WORLD_AREAS], time_s[1], level_m[WORLD_OUTSIDES];
    ct_storage *storage;
} world;

static inline ct_storage_end world_end(ct_storage_end_kind kind, uint32_t index) {
    return (ct_storage_end){kind, index};
}

static inline size_t world_area(world *w, double floor_m, double area_m2, double depth_m) {
    const size_t i = w->params.area_count++;
    w->floor_m[i] = floor_m;
    w->area_m2[i] = area_m2;
    w->areas[i] =
        (ct_storage_area){.area = {1, &w->floor_m[i], &w->area_m2[i]}, .depth_m = depth_m};
    return i;
}

static inline size_t world_outside(world *w, double level_m) {
    const size_t i = w->params.outside_count++;
    w->level_m[i] = level_m;
    w->outsides[i] = (ct_storage_outside){{1, w->time_s, &w->level_m[i]}};
    return i;
}

static inline ct_storage_connection *world_connect(world *w, ct_storage_kind kind,
                                                   ct_storage_end from, ct_storage_end to) {
    ct_storage_connection *c = &w->connections[w->params.connection_count++];
    *c = (ct_storage_connection){.kind = kind, .from = from, .to = to, .width_m = 1};
    return c;
}

static inline void world_new(world *w) {
    memset(w, 0, sizeof *w);
    ct_storage_params_init(&w->params);
    w->params.areas = w->areas;
    w->params.connections = w->connections;
    w->params.outsides = w->outsides;
}

static inline void world_open(world *w) {
    if (ct_storage_open(&w->storage, &w->params) != CT_OK) fail_msg("%s", ct_err_message());
}

static inline void world_close(world *w) {
    ct_storage_close(w->storage);
    w->storage = NULL;
}

static inline void world_advance(world *w, double until_s) {
    if (ct_storage_advance(w->storage, until_s) != CT_OK) fail_msg("%s", ct_err_message());
}

static inline ct_storage_area_report world_pool(const world *w, size_t area) {
    ct_storage_area_report r;
    assert_int_equal(ct_storage_area_get(w->storage, area, &r), CT_OK);
    return r;
}

static inline ct_storage_flow_report world_flow(const world *w, size_t connection) {
    ct_storage_flow_report r;
    assert_int_equal(ct_storage_flow_get(w->storage, connection, &r), CT_OK);
    return r;
}

static inline double world_rating(const world *w, size_t connection, double from_m, double to_m) {
    double q;
    assert_int_equal(ct_storage_rating(w->storage, connection, from_m, to_m, &q), CT_OK);
    return q;
}

// |error| of the ledger as a share of all water that was ever there.
static inline double world_error(const world *w) {
    ct_storage_ledger l;
    ct_storage_ledger_get(w->storage, &l);
    const double all = l.initial_m3 + l.inflow_m3 + l.outside_in_m3 + l.place_in_m3;
    return fabs(l.error_m3) / fmax(all, 1e-9);
}

// A network of everything, between a river, a free fall and two places of a surface.
static inline void world_town(world *w) {
    static const double lift_m[] = {0, 10}, lift_m3s[] = {0.05, 0};
    world_new(w);
    w->params.place_count = 2;
    const uint32_t river = (uint32_t)world_outside(w, 2.0);
    const uint32_t away = (uint32_t)w->params.outside_count++;
    const uint32_t garage = (uint32_t)world_area(w, -3, 400, 0);
    const uint32_t hall = (uint32_t)world_area(w, 0, 60, 0);
    const uint32_t room = (uint32_t)world_area(w, 0, 12, 0);
    const uint32_t well = (uint32_t)world_area(w, -3.2, 1.5, 0);
    const uint32_t pond = (uint32_t)world_area(w, -1, 500, 2.5);
    const ct_storage_end areas[] = {
        world_end(CT_STORAGE_AREA, garage), world_end(CT_STORAGE_AREA, hall),
        world_end(CT_STORAGE_AREA, room), world_end(CT_STORAGE_AREA, well),
        world_end(CT_STORAGE_AREA, pond)};
    const ct_storage_end street = world_end(CT_STORAGE_PLACE, 0),
                         yard = world_end(CT_STORAGE_PLACE, 1);
    ct_storage_connection *c = world_connect(w, CT_STORAGE_OPENING, street, areas[0]); // the ramp
    c->width_m = 5;
    c->sill_m = 0.15;
    c = world_connect(w, CT_STORAGE_OPENING, yard, areas[1]); // the front door
    c->height_m = 2;
    c->leak_m2 = 0.01;
    c = world_connect(w, CT_STORAGE_OPENING, areas[1], areas[2]);
    c->height_m = 2;
    c = world_connect(w, CT_STORAGE_SHAFT, areas[1], areas[0]); // the stair
    c->sill_m = 0.02;
    c->width_m = 4;
    c->area_m2 = 2;
    c = world_connect(w, CT_STORAGE_ORIFICE, areas[2], areas[3]); // an air brick
    c->sill_m = 0.3;
    c->height_m = 0.2;
    c = world_connect(w, CT_STORAGE_PUMP, areas[3], yard);
    c->curve = (ct_storage_curve){2, lift_m, lift_m3s};
    c->on_m = -2.5;
    c->off_m = -3.1;
    c = world_connect(w, CT_STORAGE_PUMP, areas[0], world_end(CT_STORAGE_OUTSIDE, away));
    c->curve = (ct_storage_curve){2, lift_m, lift_m3s};
    c->outlet_m = 1;
    c = world_connect(w, CT_STORAGE_CULVERT, areas[4], street);
    c->width_m = 0;
    c->height_m = 0.8;
    c->length_m = 20;
    c->manning = 0.013;
    c->loss_entry = 0.5;
    c->loss_exit = 1;
    c->barrels = 2;
    c->sill_m = -0.1;
    c->invert_to_m = -0.2;
    c = world_connect(w, CT_STORAGE_GATE, areas[4], world_end(CT_STORAGE_OUTSIDE, river));
    c->height_m = 1;
    c->sill_m = -0.5;
    c->flap = true;
    c = world_connect(w, CT_STORAGE_OPENING, street, world_end(CT_STORAGE_OUTSIDE, away));
    c->sill_m = 0.3;
}

// Tells both places the same depth over a ground at 0 m, of 40 m2 each.
static inline void world_tell(world *w, double depth_m) {
    const ct_storage_surface surface = {depth_m, 40, 40 * depth_m, 0};
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(ct_storage_surface_set(w->storage, i, &surface), CT_OK);
}

#endif
