// Devices in buildings: doors, lifts, meters, bicycle chargers, smoke detectors.
#include <math.h>
#include <string.h>

#include "devices.h"

sc_point sc_indoors(const sc_building *b, int door, double in, double side) {
    sc_point e = b->entrance[door];
    return (sc_point){e.x - b->out_x * in - b->out_y * side, e.y - b->out_y * in + b->out_x * side};
}

bool sc_is_use(const sc_building *b, const char *use) {
    return strcmp(b->use, use) == 0;
}

static double floor_z(const sc_building *b, int level) {
    return b->ground_floor_m + level * (level < 0 ? 3.6 : b->storey_m);
}

static bool ours(const sc_roll *r, const sc_building *b) {
    return r->town->plan->blocks[b->block].community == r->community;
}

static int lifts_of(const sc_building *b) {
    if (b->storeys < 4 || (b->units_per_bay && b->storeys < 7)) return 0;
    if (!b->units_per_bay) return 2;
    return b->bays > 1 ? b->bays : 3;
}

// Towers have their lifts on either side of the hall, as their models do: metres in, to the side.
static const double k_tower_lifts_m[][2] = {{1.25, 3.15}, {3.7, 3.15}, {1.25, -3.15}};

static void watch_lifts(sc_roll *r, const sc_building *b) {
    const bool tower = b->units_per_bay && b->bays == 1;
    for (int k = 0; tower && k < lifts_of(b); k++)
        sc_call_up(r, SC_DEV_LIFT, sc_indoors(b, 0, k_tower_lifts_m[k][0], k_tower_lifts_m[k][1]),
                   b->ground_floor_m, b, 0);
    if (tower) return;
    for (int k = 0; k < lifts_of(b); k++)
        sc_call_up(r, SC_DEV_LIFT,
                   sc_indoors(b, k < b->n_entrances && b->bays > 1 ? k : 0, 4,
                              b->bays > 1 ? 1.5 : 3.0 * k - 3),
                   b->ground_floor_m, b, 0);
}

static void watch_garage(sc_roll *r, const sc_building *b) {
    for (int k = 0; k < 6; k++)
        sc_call_up(r, SC_DEV_BIKE, sc_indoors(b, 0, 2, -6.5 + 2.6 * k), b->base_m, b, 0);
    sc_call_up(r, SC_DEV_SMOKE, sc_indoors(b, 0, 2.5, 4), b->ground_floor_m, b, 0);
}

void sc_watch_buildings(sc_roll *r) {
    const sc_town *t = r->town;
    bool gauge = false;
    for (size_t i = 0; i < t->n_buildings; i++) {
        const sc_building *b = &t->buildings[i];
        if (!ours(r, b) || !b->n_entrances) continue;
        if (sc_is_use(b, "garage")) {
            watch_garage(r, b);
            continue;
        }
        if (sc_is_use(b, "utility")) {
            sc_call_up(r, SC_DEV_HEAT, sc_indoors(b, 0, 2.5, 1), b->ground_floor_m, b, 0);
            continue;
        }
        if (!b->units_per_bay && !gauge && b->storeys >= 4) {
            sc_call_up(r, SC_DEV_RAIN, b->centre, b->base_m + b->height_m, b, b->storeys - 1);
            gauge = true;
        }
        watch_lifts(r, b);
        for (int k = 0; k < b->n_entrances; k++) {
            sc_call_up(r, SC_DEV_DOOR, sc_indoors(b, k, 0.2, 0), b->ground_floor_m, b, 0);
            sc_call_up(r, SC_DEV_METER, sc_indoors(b, k, 1.5, 1.5), b->ground_floor_m, b, 0);
        }
        if (!b->units_per_bay)
            sc_call_up(r, SC_DEV_HEAT, sc_indoors(b, 0, 3, 2), b->ground_floor_m, b, 0);
    }
}

// Landings of a building: one place a stair and storey.
static int landings(const sc_building *b) {
    return sc_is_use(b, "garage") || sc_is_use(b, "utility") ? 0 : b->n_entrances * b->storeys;
}

static void detect(sc_roll *r, const sc_building *b, int place) {
    sc_call_up(r, SC_DEV_SMOKE, sc_indoors(b, place / b->storeys, 4, 0),
               floor_z(b, place % b->storeys), b, place % b->storeys);
}

// Detectors on the landings: all of the towers' storeys, then evenly over those of the other
// buildings.
void sc_watch_smoke(sc_roll *r) {
    const sc_town *t = r->town;
    uint64_t others = 0, seen = 0;
    for (size_t i = 0; i < t->n_buildings; i++) {
        const sc_building *b = &t->buildings[i];
        bool tower = b->units_per_bay && b->bays == 1;
        if (!ours(r, b)) continue;
        for (int k = 0; tower && k < landings(b); k++) detect(r, b, k);
        if (!tower) others += (uint64_t)landings(b);
    }
    uint64_t wanted = (uint64_t)(t->world->params->devices - r->count);
    for (size_t i = 0; others && i < t->n_buildings; i++) {
        const sc_building *b = &t->buildings[i];
        if (!ours(r, b) || (b->units_per_bay && b->bays == 1)) continue;
        for (int k = 0; k < landings(b); k++, seen++)
            if (seen * wanted / others != (seen + 1) * wanted / others) detect(r, b, k);
    }
}
