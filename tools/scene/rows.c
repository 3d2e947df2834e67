// Compounds of high buildings: rows of slabs, low in the south, and staggered towers.
#include <math.h>

#include "housing.h"

#define EDGE_M    16.0 // the rows stand this far inside the plot's frame
#define LANE_IN_M 7.0  // ring lane, which is the fire lane too
#define WALK_IN_M 10.5

typedef struct rows { // high buildings in rows, from the south
    int n, count[3], storeys[3][3];
    double south_q[3]; // south face
    double bay_m;
    int bays;
    sc_design design;
} rows;

static double home_height(const sc_design *d, int storeys) {
    return d->step_m + d->storey_m * storeys + 0.6;
}

static void plan_storeys(rows *r, const sc_town *town, const sc_block *b) {
    const sc_housing *h = &town->world->params->housing[b->programme->kind];
    bool tower = b->programme->kind == SC_TOWER;
    int number = 0; // the rows' buildings are the first of the block
    r->n = tower ? 2 : 3;
    for (int k = 0; k < r->n; k++) {
        r->count[k] = tower && k == 1 ? 3 : 2;
        for (int i = 0; i < r->count[k]; i++) {
            const sc_model *m = sc_params_model(town->world->params, b->column, b->row, ++number);
            r->storeys[k][i] =
                m       ? m->storeys
                : tower ? sc_pick(town->world, (uint64_t)b->index * 8 + (uint64_t)(k * 3 + i),
                                  SC_DRAW_STOREYS, h->storeys[k], h->storeys[k + 1])
                        : h->storeys[k];
        }
    }
}

// The length of a bay that gives the wanted floor area with `bays` a building.
static double fit_bay(const rows *r, const sc_design *d, const sc_housing *h, double area_m2,
                      int bays) {
    int floors = 0;
    for (int k = 0; k < r->n; k++)
        for (int i = 0; i < r->count[k]; i++) floors += r->storeys[k][i];
    sc_design probe = *d;
    probe.bays = bays;
    probe.length_m = bays * h->bay_m;
    double footprint = area_m2 / floors, excess = footprint - sc_design_area(&probe);
    return h->bay_m + excess / (bays * h->depth_m);
}

static ct_err plan_rows(rows *r, const sc_town *town, const sc_block *b) {
    const sc_housing *h = &town->world->params->housing[b->programme->kind];
    const sc_frame *f = &b->frame;
    bool tower = b->programme->kind == SC_TOWER;
    plan_storeys(r, town, b);
    r->design =
        sc_home_design(town, b, tower ? SC_FORM_TOWER : SC_FORM_SLAB, "reinforced_concrete");
    r->design.below = tower ? 2 : 1;
    double room = tower ? f->width / 3 - 20 : (f->width - 2 * EDGE_M - 18) / 2;
    for (r->bays = tower ? 1 : SC_MAX_ENTRANCES; r->bays > 0; r->bays--) {
        r->bay_m = fit_bay(r, &r->design, h, h->far * b->plot_m2, r->bays);
        if (fabs(r->bay_m / h->bay_m - 1) <= SC_STRETCH && r->bays * r->bay_m <= room) break;
    }
    if (r->bays == 0)
        return ct_fail(CT_RANGE, "block %d,%d: floor_area_ratio %.2f does not fit", b->column,
                       b->row, h->far);
    r->design.bays = r->bays;
    r->design.length_m = r->bays * r->bay_m;
    // free depth goes to the rows in proportion to the height of the building in front
    double height[3],
        sum = 0, free_m = f->depth - 2 * EDGE_M - r->n * (h->depth_m + (tower ? 0 : SC_CORE_M));
    for (int k = 0; k < r->n - 1; k++) {
        height[k] = 0;
        for (int i = 0; i < r->count[k]; i++)
            height[k] = fmax(height[k], home_height(&r->design, r->storeys[k][i]));
        sum += height[k];
    }
    if (!tower && free_m < 1.1 * sum)
        return ct_fail(CT_RANGE, "block %d,%d: rows stand closer than 1.1 times their height",
                       b->column, b->row);
    r->south_q[0] = EDGE_M;
    for (int k = 1; k < r->n; k++)
        r->south_q[k] =
            r->south_q[k - 1] + h->depth_m + (tower ? 0 : SC_CORE_M) + free_m * height[k - 1] / sum;
    return CT_OK;
}

// The garage ramp beside the main gate: from the ring lane down into the garage.
static void add_garage(sc_yard *y, int side, double q, double q1, int spaces) {
    bool west = side == SC_WEST;
    double top_p = west ? 14 : y->width - 14, foot_p = west ? 50 : y->width - 50;
    sc_ramp ramp = {sc_at(&y->frame, top_p, q), sc_at(&y->frame, foot_p, q), 7, 0, 0};
    ramp.crest_m = sc_ground_z(y->town->ground, ramp.top) + 0.10; // a low hump against street water
    ramp.foot_m = ramp.crest_m - 3.7;
    sc_world_stick(y->town->world, sc_ground_add_ramp(y->town->ground, &ramp));
    sc_yard_lane(y, west ? LANE_IN_M : y->width - LANE_IN_M, q, top_p, q, 7);
    sc_yard_parking(y, 30, EDGE_M + 2, y->width - 30, q1, "underground", spaces, ramp.crest_m);
    sc_world *w = y->town->world;
    ct_feature *f = sc_add(w, "transition", "ramp-%02d%d", y->block->column, y->block->row);
    sc_point at[2] = {ramp.top, ramp.foot};
    double z[2] = {ramp.crest_m, ramp.foot_m};
    sc_text(w, f, "kind", "ramp");
    sc_number(w, f, "width_m", ramp.width_m);
    sc_text(w, f, "name", "%s, garage ramp", y->block->programme->name.en);
    sc_text(w, f, "name_zh", "%s车库坡道", y->block->programme->name.zh);
    sc_set_line_z(w, f, at, z, 2);
}

static void fence_strips(sc_yard *y, int side, double gate_q, double south_p) {
    double w = y->width, d = y->depth;
    sc_yard_green(y, 1, 0.8, south_p - 3, 4, "trees");
    sc_yard_green(y, south_p + 3, 0.8, w - 1, 4, "trees");
    sc_yard_green(y, 1, d - 4, w - 1, d - 0.8, "trees");
    for (int k = 0; k < 2; k++) {
        bool gate = (k == 0) == (side == SC_WEST);
        double p = k == 0 ? 0.8 : w - 4;
        sc_yard_green(y, p, 5, p + 3.2, gate ? gate_q - 6 : d - 5, "trees");
        if (gate) sc_yard_green(y, p, gate_q + 10, p + 3.2, d - 5, "trees");
    }
}

// One green, in two where the middle path passes.
static void split_green(sc_yard *y, double p0, double q0, double p1, double q1, bool split) {
    double west = y->width / 2 - 2.5, east = y->width / 2 + 2.5;
    if (!split || p1 < west || p0 > east) {
        sc_yard_green(y, p0, q0, p1, q1, "trees");
        return;
    }
    sc_yard_green(y, p0, q0, fmin(p1, west), q1, "trees");
    sc_yard_green(y, fmax(p0, east), q0, p1, q1, "trees");
}

// Planting before the first row's south front, between the buildings of row k, and beside the fire
// brigade's areas.
static void row_greens(sc_yard *y, const rows *r, int k) {
    bool tower = r->design.form == SC_FORM_TOWER, split = k == 0 || !tower;
    double span = (y->width - 2 * EDGE_M) / r->count[k], half = r->design.length_m / 2 + 3,
           south = r->south_q[k];
    double front = south + r->design.depth_m, fire = k == 0 ? front + 5.5 : south - 14.5;
    if (k == 0) split_green(y, 13, 12, y->width - 13, south - 1, true);
    for (int i = 0; i <= r->count[k]; i++) {
        bool first = i == 0, last = i == r->count[k];
        double before = EDGE_M + span * (i - 0.5), after = EDGE_M + span * (i + 0.5);
        split_green(y, first ? 13 : before + half, south, last ? y->width - 13 : after - half,
                    front, split);
        if (tower)
            split_green(y, first ? 13 : before + 9, fire, last ? y->width - 13 : after - 9,
                        fire + 9, split);
    }
}

static void build_rows(sc_yard *y, rows *r) {
    bool tower = r->design.form == SC_FORM_TOWER;
    double walk_width = 2, span = y->width - 2 * EDGE_M;
    for (int k = 0; k < r->n; k++) {
        double front_q = r->south_q[k] + r->design.depth_m + (tower ? 0 : SC_CORE_M);
        bool last = k == r->n - 1;
        double walk_q = last ? y->depth - WALK_IN_M : front_q + SC_DOOR_WALK_M;
        for (int i = 0; i < r->count[k]; i++) {
            double p = EDGE_M + span * (i + 0.5) / r->count[k];
            r->design.storeys = r->storeys[k][i];
            sc_building *b = sc_build(y->town, y->block, &r->design, p,
                                      r->south_q[k] + r->design.depth_m / 2, SC_FACE_NORTH);
            sc_yard_doors(y, b, walk_q - front_q);
            if (tower) {
                double fire_q = last ? r->south_q[k] - 15 : front_q + 5;
                sc_yard_zone(y, p - 7.5, fire_q, p + 7.5, fire_q + 10, "fire_lane",
                             "Fire brigade area", "消防登高场地");
            }
        }
        row_greens(y, r, k);
        if (!last) sc_yard_path(y, WALK_IN_M, walk_q, y->width - WALK_IN_M, walk_q, walk_width);
    }
}

// Gardens between rows k and k + 1, in halves beside the middle path.
static void add_garden(sc_yard *y, double west_p, double east_p, double q0, double q1) {
    double middle = y->width / 2;
    sc_yard_green(y, west_p, q0, middle - 1.5, q1, "garden");
    sc_yard_green(y, middle + 1.5, q0, east_p, q1, "garden");
}

// Main gate with the garage beside it on the collector, back gate in the south (in the north of an
// arterial). Returns where the back gate's way lies.
static double high_gates(sc_yard *y, const rows *r, int side, double gate_q) {
    bool tower = r->design.form == SC_FORM_TOWER, west = side == SC_WEST;
    double w = y->width, d = y->depth;
    sc_yard_way_in(y, &(sc_way_in){.side = side,
                                   .along = gate_q,
                                   .vehicle = true,
                                   .walk_aside = 5,
                                   .gates = true,
                                   .path_from = west ? w - WALK_IN_M : WALK_IN_M,
                                   .lane_from = west ? LANE_IN_M : w - LANE_IN_M});
    bool north = y->block->street[SC_SOUTH]->rank == SC_ARTERIAL;
    double p = tower && north ? w / 3 : w / 2;
    sc_yard_way_in(y, &(sc_way_in){.side = north ? SC_NORTH : SC_SOUTH,
                                   .along = p,
                                   .gates = true,
                                   .path_from = north ? d - WALK_IN_M : WALK_IN_M});
    add_garage(y, side, gate_q - 8, r->south_q[r->n - 1] - 4, tower ? 780 : 520);
    return north ? w / 2 : p;
}

// Gardens beside the ramp, north of the garden path and between the upper rows; the last one with
// car park, bicycle shed and substation.
static void high_gardens(sc_yard *y, const rows *r, int side, double gate_q, double low,
                         double high) {
    bool tower = r->design.form == SC_FORM_TOWER, west = side == SC_WEST;
    double w = y->width, service0 = gate_q + 8, service1 = high;
    add_garden(y, west ? 53 : 13, west ? w - 13 : w - 53, low, gate_q - 3.5);
    sc_yard_green(y, west ? 13 : w - 53, low, west ? 53 : w - 13, gate_q - 12.5, "lawn");
    if (!tower) {
        add_garden(y, 13, w - 13, gate_q + 7, high);
        service0 = r->south_q[1] + r->design.depth_m + SC_CORE_M + SC_DOOR_WALK_M + 3;
        service1 = r->south_q[2] - 3;
    }
    add_garden(y, 56, w - 22, service0, service1);
    sc_yard_green(y, 13, service0 + 19, 54, service1, "garden");
    double level = sc_ground_z(y->town->ground, sc_at(&y->frame, 13, service0 + 8));
    sc_yard_parking(y, 13, service0, 54, service0 + 17, "surface", 30, level);
    sc_yard_lane(y, LANE_IN_M, service0 + 8.5, 13, service0 + 8.5, 6);
    sc_add_services(y, w - 13, service0, w - WALK_IN_M);
}

ct_err sc_lay_rows(sc_yard *y) {
    rows r;
    CT_TRY(plan_rows(&r, y->town, y->block));
    bool tower = r.design.form == SC_FORM_TOWER;
    int side = sc_gate_side(y->block);
    double front = r.south_q[0] + r.design.depth_m + (tower ? 0 : SC_CORE_M) + SC_DOOR_WALK_M;
    double low = front + (tower ? 14 : 2.5),
           high = r.south_q[1] - (tower ? 18 : 3); // garden of the first gap
    double gate_q = (low + high) / 2 - (tower ? 13 : 1);
    sc_yard_ring(y, LANE_IN_M, true, 5);
    sc_yard_ring(y, WALK_IN_M, false, 2);
    double back_p = high_gates(y, &r, side, gate_q);
    build_rows(y, &r);
    sc_yard_path(y, y->width / 2, WALK_IN_M, y->width / 2,
                 tower ? gate_q + 5 : y->depth - WALK_IN_M, 2.5);
    high_gardens(y, &r, side, gate_q, low, high);
    fence_strips(y, side, gate_q, back_p);
    return CT_OK;
}
