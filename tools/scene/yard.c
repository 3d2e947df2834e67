// The open ground of one block.
#include "yard.h"

#include <math.h>
#include <string.h>

#define FOOTWAY_OUT_M 1.5 // footway of the street outside the red line
#define FENCE_IN_M    0.5

static void block_id(char *out, size_t size, const sc_block *b) {
    snprintf(out, size, "%02d%d", b->column, b->row);
}

static void offset_quad(sc_point out[4], const sc_block *block, double inwards) {
    const double by[4] = {inwards, inwards, inwards, inwards};
    sc_quad_inset(out, block->plot, by);
}

sc_point sc_walk_corner(const sc_block *block, int corner) {
    sc_point ring[4];
    offset_quad(ring, block, -FOOTWAY_OUT_M);
    return ring[corner];
}

static void add_line(sc_yard *y, sc_line *lines, int *n, sc_line line) {
    if (*n < SC_YARD_LINES)
        lines[(*n)++] = line;
    else
        sc_world_stick(y->town->world,
                       ct_fail(CT_LIMIT, "more than %d lines in a block", SC_YARD_LINES));
}

void sc_yard_open(sc_yard *y, sc_town *town, const sc_block *block) {
    memset(y, 0, sizeof *y);
    y->town = town;
    y->block = block;
    y->frame = block->frame;
    y->width = block->frame.width;
    y->depth = block->frame.depth;
    sc_point ring[4];
    offset_quad(ring, block, -FOOTWAY_OUT_M);
    for (int k = 0; k < 4; k++)
        add_line(y, y->paths, &y->n_paths, (sc_line){ring[k], ring[(k + 1) % 4], "footway", 2.5});
}

void sc_yard_path(sc_yard *y, double p0, double q0, double p1, double q1, double width) {
    add_line(y, y->paths, &y->n_paths,
             (sc_line){sc_at(&y->frame, p0, q0), sc_at(&y->frame, p1, q1), "footway", width});
}

void sc_yard_lane(sc_yard *y, double p0, double q0, double p1, double q1, double width) {
    add_line(y, y->lanes, &y->n_lanes,
             (sc_line){sc_at(&y->frame, p0, q0), sc_at(&y->frame, p1, q1), "service", width});
}

void sc_yard_ring(sc_yard *y, double in, bool lane, double width) {
    double e = y->width - in, n = y->depth - in;
    void (*draw)(sc_yard *, double, double, double, double, double) =
        lane ? sc_yard_lane : sc_yard_path;
    draw(y, in, in, e, in, width);
    draw(y, e, in, e, n, width);
    draw(y, e, n, in, n, width);
    draw(y, in, n, in, in, width);
}

void sc_yard_doors(sc_yard *y, const sc_building *b, double reach) {
    if (!b) return;
    for (int k = 0; k < b->n_entrances; k++) {
        sc_point to = {b->entrance[k].x + b->out_x * reach, b->entrance[k].y + b->out_y * reach};
        add_line(y, y->paths, &y->n_paths, (sc_line){b->entrance[k], to, "footway", 1.8});
    }
}

// Where the way at `along` (from inside) meets the line a-b.
static sc_point meet_side(const sc_yard *y, const sc_way_in *way, double along, sc_point a,
                          sc_point b) {
    bool upright = way->side == SC_SOUTH || way->side == SC_NORTH;
    sc_point from = upright ? sc_at(&y->frame, along, 0) : sc_at(&y->frame, 0, along);
    sc_point to = upright ? sc_at(&y->frame, along, 50) : sc_at(&y->frame, 50, along);
    sc_point out = a;
    sc_lines_meet(&out, from, to, a, b);
    return out;
}

static sc_point inside(const sc_yard *y, const sc_way_in *way, double along, double across) {
    return way->side == SC_SOUTH || way->side == SC_NORTH ? sc_at(&y->frame, along, across)
                                                          : sc_at(&y->frame, across, along);
}

static void add_gate(sc_yard *y, int side, sc_point at, bool vehicle) {
    sc_world *w = y->town->world;
    sc_gate *g = sc_town_new_gate(y->town);
    if (!g) return;
    char block[8];
    block_id(block, sizeof block, y->block);
    snprintf(g->id, sizeof g->id, "gate-%s-%d", block, ++y->n_gates);
    g->block = y->block->index;
    g->at = at;
    g->vehicle = vehicle;
    double turn = -atan2(y->frame.sine, y->frame.cosine) * 57.29577951308232;
    static const double heading[] = {180, 90, 0, 270};
    g->heading_deg = fmod(heading[side] + turn + 360, 360);
    static const char *const en[] = {"South", "East", "North", "West"};
    static const char *const zh[] = {"南", "东", "北", "西"};
    ct_feature *f = sc_add(w, "gate", "%s", g->id);
    sc_text(w, f, "kind", vehicle ? "vehicle" : "pedestrian");
    sc_number(w, f, "width_m", vehicle ? 7 : 1.8);
    sc_number(w, f, "open", 1);
    sc_number(w, f, "heading_deg", g->heading_deg);
    sc_text(w, f, "name", "%s, %s %sgate", y->block->programme->name.en, en[side],
            vehicle ? "vehicle " : "");
    sc_text(w, f, "name_zh", "%s%s%s", y->block->programme->name.zh, zh[side],
            vehicle ? "车行门" : "门");
    sc_set_point(w, f, at, 0);
}

static void add_gap(sc_yard *y, int side, sc_point at, double half) {
    if (y->n_gaps < SC_YARD_GAPS)
        y->gaps[y->n_gaps++] = (sc_gap){side, at, half};
    else
        sc_world_stick(y->town->world,
                       ct_fail(CT_LIMIT, "more than %d gaps in a fence", SC_YARD_GAPS));
}

void sc_yard_way_in(sc_yard *y, const sc_way_in *way) {
    sc_point walk[4], fence[4];
    int k = way->side, next = (k + 1) % 4;
    double walk_along = way->along + (way->vehicle ? way->walk_aside : 0);
    offset_quad(walk, y->block, -FOOTWAY_OUT_M);
    offset_quad(fence, y->block, FENCE_IN_M);
    sc_point out = meet_side(y, way, walk_along, walk[k], walk[next]);
    sc_point gate = meet_side(y, way, walk_along, fence[k], fence[next]);
    // two lines with a joint in the gate: the gate lies on the network
    add_line(y, y->paths, &y->n_paths,
             (sc_line){inside(y, way, walk_along, way->path_from), gate, "footway", 2});
    add_line(y, y->paths, &y->n_paths, (sc_line){gate, out, "footway", 2});
    if (way->gates) {
        add_gate(y, k, gate, false);
        add_gap(y, k, gate, 1.2);
    }
    if (!way->vehicle) return;
    sc_point street = meet_side(y, way, way->along, y->block->corner[k], y->block->corner[next]);
    sc_point drive = meet_side(y, way, way->along, fence[k], fence[next]);
    add_line(y, y->lanes, &y->n_lanes,
             (sc_line){inside(y, way, way->along, way->lane_from), street, "service", 6});
    if (way->gates) {
        add_gate(y, k, drive, true);
        add_gap(y, k, drive, 3.6);
    }
    sc_join *join = sc_town_new_join(y->town);
    if (!join) return;
    join->on_column = k == SC_EAST || k == SC_WEST;
    join->street =
        join->on_column ? y->block->column + (k == SC_EAST) : y->block->row + (k == SC_NORTH);
    join->segment = join->on_column ? y->block->row : y->block->column;
    join->at = street;
}

static bool box(sc_ring *ring, const sc_yard *y, double p0, double q0, double p1, double q1) {
    if (p1 - p0 < 1.5 || q1 - q0 < 1.5) return false;
    ring->n = 4;
    ring->at[0] = sc_at(&y->frame, p0, q0);
    ring->at[1] = sc_at(&y->frame, p1, q0);
    ring->at[2] = sc_at(&y->frame, p1, q1);
    ring->at[3] = sc_at(&y->frame, p0, q1);
    return true;
}

static void add_green(sc_yard *y, const sc_ring *ring, const char *kind) {
    sc_world *w = y->town->world;
    ct_feature *f =
        sc_add(w, "green", "green-%02d%d-%02d", y->block->column, y->block->row, ++y->n_greens);
    sc_text(w, f, "kind", "%s", kind);
    sc_set_ring(w, f, ring, 0);
}

void sc_yard_green(sc_yard *y, double p0, double q0, double p1, double q1, const char *kind) {
    sc_ring ring;
    if (box(&ring, y, p0, q0, p1, q1)) add_green(y, &ring, kind);
}

void sc_yard_oval(sc_yard *y, double p0, double q0, double p1, double q1, const char *kind) {
    enum { STEPS = 16 };
    double radius = (q1 - q0) / 2;
    sc_ring ring = {.n = 0};
    for (int end = 0; end < 2; end++)
        for (int k = 0; k <= STEPS; k++) { // from south to north in the east, back in the west
            double turn = 3.141592653589793 * ((double)k / STEPS - 0.5);
            double p = end ? p0 + radius - radius * cos(turn) : p1 - radius + radius * cos(turn);
            ring.at[ring.n++] =
                sc_at(&y->frame, p, (q0 + q1) / 2 + (end ? -1 : 1) * radius * sin(turn));
        }
    add_green(y, &ring, kind);
}

void sc_yard_parking(sc_yard *y, double p0, double q0, double p1, double q1, const char *kind,
                     int spaces, double entrance_m) {
    sc_ring ring;
    sc_world *w = y->town->world;
    if (!box(&ring, y, p0, q0, p1, q1)) return;
    bool under = strcmp(kind, "underground") == 0;
    ct_feature *f =
        sc_add(w, "parking", "park-%02d%d-%d", y->block->column, y->block->row, ++y->n_parkings);
    sc_text(w, f, "kind", "%s", kind);
    sc_number(w, f, "spaces", spaces);
    sc_number(w, f, "entrance_level_m", entrance_m);
    sc_text(w, f, "name", "%s, %s", y->block->programme->name.en, under ? "garage" : "car park");
    sc_text(w, f, "name_zh", "%s%s", y->block->programme->name.zh, under ? "地下车库" : "停车场");
    sc_set_ring(w, f, &ring, 0);
}

void sc_yard_zone(sc_yard *y, double p0, double q0, double p1, double q1, const char *kind,
                  const char *en, const char *zh) {
    sc_ring ring;
    sc_world *w = y->town->world;
    if (!box(&ring, y, p0, q0, p1, q1)) return;
    ct_feature *f =
        sc_add(w, "zone", "zone-%02d%d-%d", y->block->column, y->block->row, ++y->n_zones);
    sc_text(w, f, "kind", "%s", kind);
    sc_named(w, f, en, zh);
    sc_set_ring(w, f, &ring, 0);
}

void sc_yard_shelter(sc_yard *y, double p0, double q0, double p1, double q1, const char *en,
                     const char *zh) {
    sc_ring ring;
    sc_world *w = y->town->world;
    if (!box(&ring, y, p0, q0, p1, q1)) return;
    ct_feature *f = sc_add(w, "shelter", "shelter-%02d%d", y->block->column, y->block->row);
    sc_number(w, f, "capacity", floor(sc_ring_area(&ring) / 1.5)); // GB 51143: 1 to 2 m2 a person
    sc_named(w, f, en, zh);
    sc_set_ring(w, f, &ring, 0);
}

static ct_err emit_path(void *context, const sc_line *line, const sc_point *at, int count) {
    sc_yard *y = context;
    sc_world *w = y->town->world;
    ct_feature *f = sc_add(w, "path", "path-%02d%d-%03d", y->block->column, y->block->row,
                           (int)(line - y->paths) + 1);
    sc_text(w, f, "kind", "%s", line->kind);
    sc_number(w, f, "width_m", line->width_m);
    sc_set_line(w, f, at, count, 0);
    return sc_world_status(w);
}

static ct_err emit_lane(void *context, const sc_line *line, const sc_point *at, int count) {
    sc_yard *y = context;
    sc_world *w = y->town->world;
    ct_feature *f = sc_add(w, "road", "lane-%02d%d-%02d", y->block->column, y->block->row,
                           (int)(line - y->lanes) + 1);
    sc_text(w, f, "kind", "service");
    sc_number(w, f, "width_m", line->width_m);
    sc_number(w, f, "lanes", line->width_m >= 6 ? 2 : 1);
    sc_text(w, f, "surface", "concrete");
    sc_number(w, f, "oneway", 0);
    sc_number(w, f, "speed_limit_kmh", 10);
    sc_text(w, f, "name", "%s, lane", y->block->programme->name.en);
    sc_text(w, f, "name_zh", "%s内部道路", y->block->programme->name.zh);
    sc_set_line(w, f, at, count, 0);
    return sc_world_status(w);
}

// The pieces of side k between its gaps, appended to the lists.
static void fence_side(const sc_yard *y, int k, const sc_point fence[4], sc_point *at, int *ends,
                       int *n_at, int *n_lines) {
    sc_point a = fence[k], b = fence[(k + 1) % 4];
    double length = sc_distance(a, b), from = 0;
    bool used[SC_YARD_GAPS] = {false};
    for (;;) {
        int next = -1;
        for (int g = 0; g < y->n_gaps; g++)
            if (y->gaps[g].side == k && !used[g] &&
                (next < 0 || sc_distance(a, y->gaps[g].at) < sc_distance(a, y->gaps[next].at)))
                next = g;
        double centre = next < 0 ? length : sc_distance(a, y->gaps[next].at);
        double to = next < 0 ? length : centre - y->gaps[next].half_m;
        if (to - from > 0.2) {
            at[(*n_at)++] =
                (sc_point){a.x + (b.x - a.x) * from / length, a.y + (b.y - a.y) * from / length};
            at[(*n_at)++] =
                (sc_point){a.x + (b.x - a.x) * to / length, a.y + (b.y - a.y) * to / length};
            ends[(*n_lines)++] = *n_at;
        }
        if (next < 0) return;
        used[next] = true;
        from = centre + y->gaps[next].half_m;
    }
}

static void add_fence(sc_yard *y, sc_fence kind) {
    sc_world *w = y->town->world;
    sc_point fence[4], at[2 * (SC_YARD_GAPS + 4)];
    int ends[SC_YARD_GAPS + 4], n_at = 0, n_lines = 0;
    offset_quad(fence, y->block, FENCE_IN_M);
    for (int k = 0; k < 4; k++) fence_side(y, k, fence, at, ends, &n_at, &n_lines);
    ct_feature *f = sc_add(w, "barrier", "fence-%02d%d", y->block->column, y->block->row);
    sc_text(w, f, "kind", kind == SC_FENCE_WALL ? "wall" : "fence");
    sc_number(w, f, "height_m", 2.2);
    sc_number(w, f, "permeable", kind == SC_FENCE_RAILING);
    sc_text(w, f, "name", "%s, %s", y->block->programme->name.en,
            kind == SC_FENCE_WALL ? "wall" : "railing");
    sc_text(w, f, "name_zh", "%s%s", y->block->programme->name.zh,
            kind == SC_FENCE_WALL ? "围墙" : "围栏");
    sc_set_lines(w, f, at, ends, n_lines);
}

void sc_yard_close(sc_yard *y, sc_fence fence) {
    sc_world *w = y->town->world;
    if (sc_world_status(w) != CT_OK) return;
    sc_world_stick(w, sc_node_lines(y->paths, (size_t)y->n_paths, emit_path, y));
    sc_world_stick(w, sc_node_lines(y->lanes, (size_t)y->n_lanes, emit_lane, y));
    if (fence != SC_FENCE_NONE) add_fence(y, fence);
}
