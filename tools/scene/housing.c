// Residential compounds: perimeter blocks of walk-ups, rows of slabs, staggered towers.
#include <math.h>

#include "base/mem.h"
#include "yard.h"

#define EDGE_M      16.0 // rows of high buildings stand this far inside the plot's frame
#define LANE_IN_M   7.0  // ring lane of high compounds, which is the fire lane too
#define WALK_IN_M   10.5
#define DOOR_WALK_M 3.5  // from the entrances to the path before them
#define CORE_M      1.2  // stair cores stand out
#define STRETCH     0.12 // of the bays' nominal length, to reach the floor-area ratio

typedef struct rows { // high buildings in rows, from the south
    int n, count[3], storeys[3][3];
    double south_q[3]; // south face
    double bay_m;
    int bays;
    sc_design design;
} rows;

static sc_design home_design(const sc_town *town, const sc_block *b, sc_form form,
                             const char *structure) {
    const sc_housing *h = &town->world->params->housing[b->programme->kind];
    return (sc_design){
        .form = form,
        .depth_m = h->depth_m,
        .units_per_bay = h->units_per_bay,
        .below = 1,
        .storey_m = h->storey_m,
        .ground_storey_m = h->storey_m,
        .step_m = 0.45,
        .use = "residential",
        .structure = structure,
        .year = sc_pick(town->world, (uint64_t)b->index, SC_DRAW_YEAR, h->year_from, h->year_to)};
}

static double home_height(const sc_design *d, int storeys) {
    return d->step_m + d->storey_m * storeys + 0.6;
}

// A shed for electric bicycles and a substation on the east side; their doors face the path at
// `walk_p`.
static void add_services(sc_yard *y, double east_p, double q0, double walk_p) {
    sc_design shed = {.form = SC_FORM_BOX,
                      .length_m = 16,
                      .depth_m = 6,
                      .bays = 1,
                      .storeys = 1,
                      .storey_m = 3,
                      .ground_storey_m = 3,
                      .step_m = 0.1,
                      .use = "garage",
                      .structure = "steel",
                      .year = 2021,
                      .name = {"Bicycle shed", "非机动车棚"}};
    sc_design station = {.form = SC_FORM_BOX,
                         .length_m = 9,
                         .depth_m = 6,
                         .bays = 1,
                         .storeys = 1,
                         .storey_m = 4,
                         .ground_storey_m = 4,
                         .step_m = 0.5,
                         .use = "utility",
                         .structure = "reinforced_concrete",
                         .year = 2010,
                         .name = {"Substation", "配电房"}};
    double p = east_p - 3;
    sc_yard_doors(y, sc_build(y->town, y->block, &shed, p, q0 + 10, SC_FACE_EAST), walk_p - east_p);
    sc_yard_doors(y, sc_build(y->town, y->block, &station, p, q0 + 29, SC_FACE_EAST),
                  walk_p - east_p);
}

// The side of the main gate: the collector in the east or west.
static int gate_side(const sc_block *b) {
    return b->street[SC_WEST]->rank == SC_COLLECTOR ? SC_WEST : SC_EAST;
}

static void plan_storeys(rows *r, const sc_town *town, const sc_block *b) {
    const sc_housing *h = &town->world->params->housing[b->programme->kind];
    bool tower = b->programme->kind == SC_TOWER;
    r->n = tower ? 2 : 3;
    for (int k = 0; k < r->n; k++) {
        r->count[k] = tower && k == 1 ? 3 : 2;
        for (int i = 0; i < r->count[k]; i++)
            r->storeys[k][i] = tower ? sc_pick(town->world, (uint64_t)(b->index * 8 + k * 3 + i),
                                               SC_DRAW_STOREYS, h->storeys[k], h->storeys[k + 1])
                                     : h->storeys[k];
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
    r->design = home_design(town, b, tower ? SC_FORM_TOWER : SC_FORM_SLAB, "reinforced_concrete");
    r->design.below = tower ? 2 : 1;
    double room = tower ? f->width / 3 - 20 : (f->width - 2 * EDGE_M - 18) / 2;
    for (r->bays = tower ? 1 : SC_MAX_ENTRANCES; r->bays > 0; r->bays--) {
        r->bay_m = fit_bay(r, &r->design, h, h->far * b->plot_m2, r->bays);
        if (fabs(r->bay_m / h->bay_m - 1) <= STRETCH && r->bays * r->bay_m <= room) break;
    }
    if (r->bays == 0)
        return ct_fail(CT_RANGE, "block %d,%d: floor_area_ratio %.2f does not fit", b->column,
                       b->row, h->far);
    r->design.bays = r->bays;
    r->design.length_m = r->bays * r->bay_m;
    // free depth goes to the rows in proportion to the height of the building in front
    double height[3], sum = 0,
                      free_m = f->depth - 2 * EDGE_M - r->n * (h->depth_m + (tower ? 0 : CORE_M));
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
            r->south_q[k - 1] + h->depth_m + (tower ? 0 : CORE_M) + free_m * height[k - 1] / sum;
    return CT_OK;
}

static void ring_of(sc_yard *y, double in, bool lane, double width) {
    double e = y->width - in, n = y->depth - in;
    void (*draw)(sc_yard *, double, double, double, double, double) =
        lane ? sc_yard_lane : sc_yard_path;
    draw(y, in, in, e, in, width);
    draw(y, e, in, e, n, width);
    draw(y, e, n, in, n, width);
    draw(y, in, n, in, in, width);
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
        double front_q = r->south_q[k] + r->design.depth_m + (tower ? 0 : CORE_M);
        bool last = k == r->n - 1;
        double walk_q = last ? y->depth - WALK_IN_M : front_q + DOOR_WALK_M;
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
        service0 = r->south_q[1] + r->design.depth_m + CORE_M + DOOR_WALK_M + 3;
        service1 = r->south_q[2] - 3;
    }
    add_garden(y, 56, w - 22, service0, service1);
    sc_yard_green(y, 13, service0 + 19, 54, service1, "garden");
    double level = sc_ground_z(y->town->ground, sc_at(&y->frame, 13, service0 + 8));
    sc_yard_parking(y, 13, service0, 54, service0 + 17, "surface", 30, level);
    sc_yard_lane(y, LANE_IN_M, service0 + 8.5, 13, service0 + 8.5, 6);
    add_services(y, w - 13, service0, w - WALK_IN_M);
}

static ct_err lay_high(sc_yard *y) {
    rows r;
    CT_TRY(plan_rows(&r, y->town, y->block));
    bool tower = r.design.form == SC_FORM_TOWER;
    int side = gate_side(y->block);
    double front = r.south_q[0] + r.design.depth_m + (tower ? 0 : CORE_M) + DOOR_WALK_M;
    double low = front + (tower ? 14 : 2.5),
           high = r.south_q[1] - (tower ? 18 : 3); // garden of the first gap
    double gate_q = (low + high) / 2 - (tower ? 13 : 1);
    ring_of(y, LANE_IN_M, true, 5);
    ring_of(y, WALK_IN_M, false, 2);
    double back_p = high_gates(y, &r, side, gate_q);
    build_rows(y, &r);
    sc_yard_path(y, y->width / 2, WALK_IN_M, y->width / 2,
                 tower ? gate_q + 5 : y->depth - WALK_IN_M, 2.5);
    high_gardens(y, &r, side, gate_q, low, high);
    fence_strips(y, side, gate_q, back_p);
    return CT_OK;
}

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
    bool west = gate_side(y->block) == SC_WEST;
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
    k->front = k->edge + k->depth + CORE_M;
    k->walk = k->front + 4.3;
    k->lane = k->walk + 3.7;
    k->design = home_design(y->town, y->block, SC_FORM_SLAB, "brick_concrete");
    k->design.below = 0;
    k->design.storeys = h->storeys[0];
    for (double t = 1 + STRETCH; t >= 1 - STRETCH;
         t -= 0.01) { // as long bays as leave room for their number
        k->bay = fit_walkups(k, y, t * h->bay_m);
        if (k->bay <= t * h->bay_m && k->bay >= (1 - STRETCH) * h->bay_m) return CT_OK;
    }
    return ct_fail(CT_RANGE, "block %d,%d: floor_area_ratio %.2f does not fit", y->block->column,
                   y->block->row, h->far);
}

static void build_walkups(sc_yard *y, walkups *k) {
    double w = y->width, d = y->depth, row = k->edge + k->row * k->bay / 2,
           wall = k->edge + k->depth / 2;
    double court = 8 + k->court * k->bay / 2, start = k->front + 9, reach = k->walk - k->front;
    bool west = gate_side(y->block) == SC_WEST;
    const struct stand {
        int bays;
        double p, q, reach;
        sc_facing face;
    } stands[] = {
        {k->row, row, wall, reach, SC_FACE_NORTH},
        {k->row, w - row, wall, reach, SC_FACE_NORTH},
        {k->court, w / 2 - court, d / 2, DOOR_WALK_M, SC_FACE_NORTH},
        {k->court, w / 2 + court, d / 2, DOOR_WALK_M, SC_FACE_NORTH},
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
    add_services(y, w - in, high, w - k->walk);
    sc_yard_green(y, 2, 1.5, w / 2 - 4, strip, "trees");
    sc_yard_green(y, w / 2 + 4, 1.5, w - 2, strip, "trees");
    sc_yard_green(y, 2, d - strip, w / 2 - 4, d - 1.5, "trees");
    sc_yard_green(y, w / 2 + 4, d - strip, w - 2, d - 1.5, "trees");
}

static ct_err lay_walkups(sc_yard *y) {
    walkups k;
    CT_TRY(plan_walkups(&k, y));
    double w = y->width, d = y->depth, court_walk = d / 2 + k.depth / 2 + CORE_M + DOOR_WALK_M;
    bool west = gate_side(y->block) == SC_WEST,
         north = y->block->street[SC_SOUTH]->rank == SC_ARTERIAL;
    build_walkups(y, &k);
    // the footways before the rows reach to their last doors; beside the gate its own way does
    double tail = k.edge + 2;
    sc_yard_path(y, tail, k.walk, w - tail, k.walk, 1.8);
    sc_yard_path(y, west ? k.walk : tail, d - k.walk, west ? w - tail : w - k.walk, d - k.walk,
                 1.8);
    sc_yard_path(y, k.walk, k.walk, k.walk, d - k.walk, 1.8);
    sc_yard_path(y, w - k.walk, k.walk, w - k.walk, d - k.walk, 1.8);
    ring_of(y, k.lane, true, 4);
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

void sc_lay_housing(sc_town *town, const sc_block *block) {
    bool walkup = block->programme->kind == SC_WALKUP;
    sc_yard *yard = ct_alloc(sizeof *yard);
    if (!yard) {
        sc_world_stick(town->world, CT_NOMEM);
        return;
    }
    sc_yard_open(yard, town, block);
    sc_world_stick(town->world, walkup ? lay_walkups(yard) : lay_high(yard));
    sc_yard_close(yard, walkup ? SC_FENCE_WALL : SC_FENCE_RAILING);
    ct_free(yard);
}
