// Compounds of walk-ups: perimeter blocks around courts.
#include <math.h>

#include "housing.h"

// Walk-ups line the streets and two more stand in the court, all with their entrances to the court.
typedef struct walkups {
    double edge, depth, front, walk, lane; // from the frame's edge: wall, inner wall, footway, lane
    double bay;
    int row, court, wing[2]; // bays of the buildings; wings in the west and the east
    sc_design design;
} walkups;

// Counts the bays of `bay` metres that the rooms take, and finds the length that gives the floor
// area with them.
static double fit_walkups(walkups *k, const sc_yard *y, double bay) {
    const sc_housing *h = &y->town->world->params->housing[SC_WALKUP];
    bool west = sc_gate_side(y->block) == SC_WEST;
    double wing = y->depth - 2 * (k->front + 9),
           gate_wing = wing - 14; // shorter beside the main gate
    k->row = (int)((y->width - 2 * k->edge - 16) / 2 / bay);
    k->court = (int)((y->width - 2 * (k->lane + 8) - 16) / 2 / bay);
    k->wing[0] = (int)((west ? gate_wing : wing) / bay);
    k->wing[1] = (int)((west ? wing : gate_wing) / bay);
    int bays = 4 * k->row + k->wing[0] + k->wing[1] + 2 * k->court;
    sc_design one = k->design;
    one.bays = 1;
    one.length_m = h->bay_m;
    double footprint = h->far * y->block->plot_m2 / (bays * one.storeys);
    return h->bay_m + (footprint - sc_design_area(&one)) / k->depth;
}

static ct_err plan_walkups(walkups *k, const sc_yard *y) {
    const sc_housing *h = &y->town->world->params->housing[SC_WALKUP];
    k->edge = 6;
    k->depth = h->depth_m;
    k->front = k->edge + k->depth + SC_CORE_M;
    k->walk = k->front + 4.3;
    k->lane = k->walk + 3.7;
    k->design = sc_home_design(y->town, y->block, SC_FORM_SLAB, "brick_concrete");
    k->design.below = 0;
    k->design.storeys = h->storeys[0];
    // As long bays as leave room for their number. Another way of counting would give other bytes.
    // NOLINTNEXTLINE(cert-flp30-c,clang-analyzer-security.FloatLoopCounter)
    for (double t = 1 + SC_STRETCH; t >= 1 - SC_STRETCH; t -= 0.01) {
        k->bay = fit_walkups(k, y, t * h->bay_m);
        if (k->bay <= t * h->bay_m && k->bay >= (1 - SC_STRETCH) * h->bay_m) return CT_OK;
    }
    return ct_fail(CT_RANGE, "block %d,%d: floor_area_ratio %.2f does not fit", y->block->column,
                   y->block->row, h->far);
}

static void build_walkups(sc_yard *y, walkups *k) {
    double w = y->width, d = y->depth, row = k->edge + k->row * k->bay / 2,
           wall = k->edge + k->depth / 2;
    double court = 8 + k->court * k->bay / 2, start = k->front + 9, reach = k->walk - k->front;
    bool west = sc_gate_side(y->block) == SC_WEST;
    const struct stand {
        int bays;
        double p, q, reach;
        sc_facing face;
    } stands[] = {
        {k->row, row, wall, reach, SC_FACE_NORTH},
        {k->row, w - row, wall, reach, SC_FACE_NORTH},
        {k->court, w / 2 - court, d / 2, SC_DOOR_WALK_M, SC_FACE_NORTH},
        {k->court, w / 2 + court, d / 2, SC_DOOR_WALK_M, SC_FACE_NORTH},
        {k->wing[0], wall, west ? start + k->wing[0] * k->bay / 2 : d / 2, reach, SC_FACE_EAST},
        {k->wing[1], w - wall, west ? d / 2 : start + k->wing[1] * k->bay / 2, reach, SC_FACE_WEST},
        {k->row, row, d - wall, reach, SC_FACE_SOUTH},
        {k->row, w - row, d - wall, reach, SC_FACE_SOUTH},
    };
    for (size_t i = 0; i < sizeof stands / sizeof stands[0]; i++) {
        k->design.bays = stands[i].bays;
        k->design.length_m = k->design.bays * k->bay;
        sc_building *b =
            sc_build(y->town, y->block, &k->design, stands[i].p, stands[i].q, stands[i].face);
        sc_yard_doors(y, b, stands[i].reach);
    }
}

// Two courts with gardens; car park, bicycle shed and substation in the northern one.
static void walkup_gardens(sc_yard *y, const walkups *k, double court_walk) {
    double w = y->width, d = y->depth, in = k->lane + 3.5, high = court_walk + 2.5,
           strip = k->edge - 1.5;
    double low = d / 2 - k->depth / 2 - 3, middle = w / 2 - 1.5;
    sc_yard_green(y, in, in, middle, low, "garden");
    sc_yard_green(y, w - middle, in, w - in, low, "garden");
    sc_yard_green(y, in, high + 18, middle, d - in, "garden");
    sc_yard_green(y, in + 44, high, middle, high + 16.5, "garden");
    sc_yard_green(y, w - middle, high, w - in - 9, d - in, "garden");
    double level = sc_ground_z(y->town->ground, sc_at(&y->frame, in, high + 8));
    sc_yard_parking(y, in, high, in + 42, high + 16.5, "surface", 28, level);
    sc_yard_lane(y, k->lane, high + 8, in, high + 8, 5);
    sc_add_services(y, w - in, high, w - k->walk);
    sc_yard_green(y, 2, 1.5, w / 2 - 4, strip, "trees");
    sc_yard_green(y, w / 2 + 4, 1.5, w - 2, strip, "trees");
    sc_yard_green(y, 2, d - strip, w / 2 - 4, d - 1.5, "trees");
    sc_yard_green(y, w / 2 + 4, d - strip, w - 2, d - 1.5, "trees");
}

ct_err sc_lay_walkups(sc_yard *y) {
    walkups k;
    CT_TRY(plan_walkups(&k, y));
    double w = y->width, d = y->depth,
           court_walk = d / 2 + k.depth / 2 + SC_CORE_M + SC_DOOR_WALK_M;
    bool west = sc_gate_side(y->block) == SC_WEST,
         north = y->block->street[SC_SOUTH]->rank == SC_ARTERIAL;
    build_walkups(y, &k);
    // the footways before the rows reach to their last doors; beside the gate its own way does
    double tail = k.edge + 2;
    sc_yard_path(y, tail, k.walk, w - tail, k.walk, 1.8);
    sc_yard_path(y, west ? k.walk : tail, d - k.walk, west ? w - tail : w - k.walk, d - k.walk,
                 1.8);
    sc_yard_path(y, k.walk, k.walk, k.walk, d - k.walk, 1.8);
    sc_yard_path(y, w - k.walk, k.walk, w - k.walk, d - k.walk, 1.8);
    sc_yard_ring(y, k.lane, true, 4);
    sc_yard_path(y, k.walk, court_walk, w - k.walk, court_walk, 2);
    sc_yard_path(y, w / 2, k.walk, w / 2, d - k.walk, 2);
    sc_yard_way_in(y, &(sc_way_in){.side = west ? SC_WEST : SC_EAST,
                                   .along = d - k.lane,
                                   .vehicle = true,
                                   .gates = true,
                                   .walk_aside = k.lane - k.walk,
                                   .path_from = west ? k.walk : w - k.walk,
                                   .lane_from = west ? k.lane : w - k.lane});
    sc_yard_way_in(y, &(sc_way_in){.side = north ? SC_NORTH : SC_SOUTH,
                                   .along = w / 2,
                                   .gates = true,
                                   .path_from = north ? d - k.walk : k.walk});
    walkup_gardens(y, &k, court_walk);
    return CT_OK;
}
