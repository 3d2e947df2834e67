// Ways of water into rooms and between them: entrances, doors and windows, garage ramps, stairs,
// pumps of garages.
#include <math.h>
#include <string.h>

#include "base/grow.h"
#include "sim/domain/storage_build.h"

#define DOOR_HEIGHT_M   2.1
#define WINDOW_HEIGHT_M 1.2
#define WINDOW_SILL_M   0.9
#define LEAF_GAP_M      0.008 // under a door
#define STAIR_WIDTH_M   1.1   // GB 50096: the least between two walls
#define GATE_HEIGHT_M   2.2   // of a garage
#define PARAPET_M       1.1   // of a ramp over its crest: GB 50352, guards
#define LEAST_FALL_M    1.5   // of a ramp under the ground at its head
#define GARAGE_REACH_M  10.0  // from the foot of a ramp

enum { REACH_CELLS = 3 };

// The nearest open cell about a place; the first of equally near ones; -1: none.
static int64_t open_cell_near(const ct_flood_domain *d, double x, double y) {
    const int64_t at = ct_grid_cell_at(&d->shape, x, y);
    if (at < 0) return -1;
    const int64_t nx = d->shape.nx, ny = d->shape.ny, row = at / nx, column = at % nx;
    int64_t best = -1;
    double nearest = HUGE_VAL;
    for (int64_t j = row - REACH_CELLS; j <= row + REACH_CELLS; j++) {
        for (int64_t i = column - REACH_CELLS; i <= column + REACH_CELLS; i++) {
            if (j < 0 || i < 0 || j >= ny || i >= nx || d->blocked[j * nx + i]) continue;
            const double away =
                hypot(ct_grid_x(&d->shape, (uint32_t)i) - x, ct_grid_y(&d->shape, (uint32_t)j) - y);
            if (!(away < nearest)) continue;
            nearest = away;
            best = j * nx + i;
        }
    }
    return best;
}

static ct_err add_way(ct_rooms *b, const ct_rooms_way *way, const char *id) {
    CT_TRY(ct_grow(&b->ways, &b->cap_ways, b->n_ways + 1, sizeof *b->ways));
    ct_rooms_way *kept = &b->ways[b->n_ways];
    *kept = *way;
    kept->id = ct_arena_strdup(b->domain->arena, id);
    if (!kept->id) return CT_NOMEM;
    b->n_ways++;
    return CT_OK;
}

// ---- openings -----------------------------------------------------------------------------------
static bool leads_out(const ct_feature *f, const char *kind) {
    if (!ct_feature_bool(f, "is_external", true)) return false;
    return strcmp(kind, "entrance") == 0 || ct_feature_bool(f, "is_external", false) ||
           strcmp(kind, "window") == 0;
}

static bool is_shut(const ct_feature *f, const char *kind) {
    const char *state = ct_feature_text(f, "state", "");
    if (*state) return strcmp(state, "open") != 0;
    return strcmp(kind, "entrance") != 0 && strcmp(kind, "opening") != 0;
}

// The storey of a building whose floor is nearest to a height; CT_ROOMS_NONE.
static size_t storey_near(const ct_rooms *b, size_t building, double z_m) {
    size_t best = CT_ROOMS_NONE;
    double nearest = HUGE_VAL;
    for (size_t i = 0; i < b->n_rooms; i++) {
        const ct_rooms_room *r = &b->rooms[i];
        if (r->building != building || r->kind != CT_STORAGE_OF_STOREY) continue;
        const double away = fabs(r->floor_m - z_m);
        if (!(away < nearest)) continue;
        nearest = away;
        best = i;
    }
    return best;
}

// Where the way leads in; `ground_m`: before it.
static ct_err room_of(size_t *out, ct_rooms *b, const ct_feature *f, double ground_m) {
    *out = ct_rooms__room(b, ct_feature_text(f, "storey", ""));
    if (*out != CT_ROOMS_NONE) return CT_OK;
    const size_t building = ct_rooms__building(b, ct_feature_text(f, "building", ""));
    if (building == CT_ROOMS_NONE) return CT_OK;
    const ct_rooms_building *of = &b->buildings[building];
    if (of->storeys == 0) return ct_rooms__whole(out, b, building);
    *out = storey_near(b, building, isnan(of->base_m) ? ground_m : of->base_m);
    return CT_OK;
}

static double sill_of(const ct_rooms *b, const ct_rooms_room *room, const ct_feature *f,
                      bool window, double ground_m) {
    const double own_m = ct_feature_number(f, "sill_m", window ? WINDOW_SILL_M : 0);
    if (!isnan(room->floor_m)) return room->floor_m + own_m;
    const double base_m = b->buildings[room->building].base_m;
    return (isnan(base_m) ? ground_m : base_m) + own_m;
}

static void count_in(ct_rooms *b, size_t room, double sill_m) {
    if (b->rooms[room].building == CT_ROOMS_NONE) return;
    ct_rooms_building *of = &b->buildings[b->rooms[room].building];
    of->highest_m = fmax(of->highest_m, sill_m);
    of->lowest_m = fmin(of->lowest_m, sill_m);
}

// What the storage engine takes as a width or a height.
static bool is_size(double m) {
    return m >= 1e-3 && m <= 100;
}

static double width_of(const ct_feature *f) {
    const double clear_m = ct_feature_number(f, "clear_width_m", 0);
    return clear_m > 0 ? clear_m : ct_feature_number(f, "width_m", 0);
}

static ct_err visit_opening(void *context, const ct_feature *f) {
    ct_rooms *b = context;
    const char *kind = ct_feature_text(f, "kind", "");
    const bool window = strcmp(kind, "window") == 0, shut = is_shut(f, kind);
    double x, y;
    size_t room;
    if (!leads_out(f, kind) || (window && shut)) return CT_OK;
    if (!ct_geom_centroid(&x, &y, &f->geom)) return CT_OK;
    const int64_t cell = open_cell_near(b->ground, x, y);
    if (cell < 0) return ct_rooms__warn(b, CT_STORAGE_RULE_WAY_COVERED, f->id);
    const double ground_m = b->ground->bed_m[cell];
    CT_TRY(room_of(&room, b, f, ground_m));
    if (room == CT_ROOMS_NONE) return ct_rooms__warn(b, CT_STORAGE_RULE_WAY_ALONE, f->id);
    const double width_m = width_of(f), own_height_m = ct_feature_number(f, "height_m", 0),
                 height_m = own_height_m > 0 ? own_height_m
                            : window         ? WINDOW_HEIGHT_M
                                             : DOOR_HEIGHT_M,
                 barrier_m = ct_feature_number(f, "flood_barrier_m", 0);
    if (!is_size(width_m) || !is_size(height_m))
        return ct_rooms__warn(b, CT_STORAGE_RULE_WAY_SIZE, f->id);
    const double sill_m = sill_of(b, &b->rooms[room], f, window, ground_m);
    if (sill_m > ground_m + CT_ROOMS_RISE_M) return CT_OK;
    count_in(b, room, sill_m);
    const ct_rooms_way way = {.kind = CT_ROOMS_IN,
                              .room = room,
                              .cell = cell,
                              .sill_m = sill_m,
                              .width_m = width_m,
                              .height_m = height_m,
                              .leak_m2 = window ? 0 : LEAF_GAP_M * width_m,
                              .barrier_m = barrier_m > 0 ? sill_m + barrier_m : -HUGE_VAL,
                              .closed = shut};
    return add_way(b, &way, f->id);
}

// ---- stairs -------------------------------------------------------------------------------------
// The lowest storey of the building over a floor and not over another; CT_ROOMS_NONE.
static size_t storey_over(const ct_rooms *b, size_t room, double most_m) {
    const ct_rooms_room *under = &b->rooms[room];
    size_t best = CT_ROOMS_NONE;
    for (size_t i = 0; i < b->n_rooms; i++) {
        const ct_rooms_room *r = &b->rooms[i];
        if (r->building != under->building || r->kind != CT_STORAGE_OF_STOREY) continue;
        if (!(r->floor_m > under->floor_m) || r->floor_m > most_m) continue;
        if (best == CT_ROOMS_NONE || r->floor_m < b->rooms[best].floor_m) best = i;
    }
    return best;
}

// From storey to storey: a stair passes those between its ends.
static ct_err add_stair(ct_rooms *b, const ct_feature *f, size_t low, size_t high) {
    const double own_width_m = ct_feature_number(f, "width_m", 0),
                 width_m = own_width_m > 0 ? own_width_m : STAIR_WIDTH_M;
    const double most_m = b->rooms[high].floor_m;
    if (!is_size(width_m)) return ct_rooms__warn(b, CT_STORAGE_RULE_WAY_SIZE, f->id);
    for (size_t room = low, above; room != high; room = above) {
        above =
            b->rooms[low].building == b->rooms[high].building ? storey_over(b, room, most_m) : high;
        if (above == CT_ROOMS_NONE) return CT_OK;
        const ct_rooms_way way = {
            .kind = CT_ROOMS_STAIR, .room = room, .above = above, .width_m = width_m};
        CT_TRY(add_way(b, &way, f->id));
        if (b->rooms[above].floor_m >= most_m) return CT_OK;
    }
    return CT_OK;
}

// ---- garage ramps -------------------------------------------------------------------------------
typedef struct ramp { // from its head down to its foot
    double (*at)[3];
    size_t n;
} ramp;

// The one of its lines that falls most; points over each other count once. *n = 0 where no line
// tells heights within those of the earth.
static ct_err read_ramp(ramp *out, ct_arena *arena, const ct_geom *g) {
    uint32_t begin = 0, first = 0, end = 0;
    double most_m = 0;
    *out = (ramp){NULL, 0};
    for (uint32_t k = 0; g->has_z && k < g->n_rings; begin = g->ring_end[k++]) {
        if (g->ring_end[k] < begin + 2) continue;
        const double fall_m =
            fabs(g->xyz[3 * (size_t)begin + 2] - g->xyz[3 * ((size_t)g->ring_end[k] - 1) + 2]);
        if (!(fall_m > most_m) || fall_m > 1000) continue;
        most_m = fall_m;
        first = begin;
        end = g->ring_end[k];
    }
    if (end == 0 || fabs(g->xyz[3 * (size_t)first + 2]) > 9000) return CT_OK;
    const double *xyz = g->xyz + 3 * (size_t)first;
    const size_t n = end - first;
    const bool falls = xyz[2] >= xyz[3 * (n - 1) + 2];
    out->at = ct_arena_alloc(arena, n * sizeof *out->at);
    if (!out->at) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const double *p = xyz + 3 * (falls ? i : n - 1 - i);
        double *last = out->n ? out->at[out->n - 1] : NULL;
        if (last && hypot(p[0] - last[0], p[1] - last[1]) < 0.01)
            last[2] = p[2];
        else
            memcpy(out->at[out->n++], p, sizeof *out->at);
    }
    if (out->n < 2) out->n = 0;
    return CT_OK;
}

// Which way the ramp runs at a point.
static void direction_at(double out[2], const ramp *r, size_t i) {
    const double *from = r->at[i > 0 ? i - 1 : 0], *to = r->at[i + 1 < r->n ? i + 1 : i];
    double dx = to[0] - from[0], dy = to[1] - from[1];
    if (dx == 0 && dy == 0) { // it turns back on itself
        dx = r->at[i][0] - from[0];
        dy = r->at[i][1] - from[1];
    }
    out[0] = dx / hypot(dx, dy);
    out[1] = dy / hypot(dx, dy);
}

// Beside a point of the ramp, to the left, and ahead of it.
static void point_by(double out[2], const ramp *r, size_t i, double aside_m, double ahead_m) {
    double d[2];
    direction_at(d, r, i);
    out[0] = r->at[i][0] - aside_m * d[1] + ahead_m * d[0];
    out[1] = r->at[i][1] + aside_m * d[0] + ahead_m * d[1];
}

static size_t garage_near(const ct_rooms *b, const double at[2]) {
    size_t best = CT_ROOMS_NONE;
    double nearest = GARAGE_REACH_M;
    for (size_t i = 0; i < b->n_rooms; i++) {
        if (b->rooms[i].kind != CT_STORAGE_OF_GARAGE) continue;
        const double away = ct_geom_distance_m(b->rooms[i].outline, at[0], at[1]);
        if (away > nearest || (away == nearest && best != CT_ROOMS_NONE)) continue;
        nearest = away;
        best = i;
    }
    return best;
}

// The crest across the head, from side to side; *raised: some face is.
static ct_err raise_crest(bool *raised, ct_rooms *b, const ramp *r, double width_m,
                          double crest_m) {
    ct_geom line;
    CT_TRY(ct_geom_single(&line, b->arena, CT_GEOM_LINESTRING, false, 2));
    point_by(line.xyz, r, 0, 0.5 * width_m, 0);
    point_by(line.xyz + 2, r, 0, -0.5 * width_m, 0);
    *raised = ct_domain__raise_line(b->ground, &line, crest_m) > 0;
    return CT_OK;
}

// The parapets down one side, round the end behind the gate's cell, and up the other.
static ct_err raise_parapets(ct_rooms *b, const ramp *r, double width_m, double crest_m) {
    const size_t n = r->n + 1; // points of a side
    ct_geom line;
    CT_TRY(ct_geom_single(&line, b->arena, CT_GEOM_LINESTRING, false, (uint32_t)(2 * n)));
    for (size_t i = 0; i < n; i++) {
        const size_t at = i < r->n ? i : r->n - 1;
        const double ahead_m = i < r->n ? 0 : b->ground->shape.cell_m;
        point_by(line.xyz + 2 * i, r, at, 0.5 * width_m, ahead_m);
        point_by(line.xyz + 2 * (2 * n - 1 - i), r, at, -0.5 * width_m, ahead_m);
    }
    (void)ct_domain__raise_line(b->ground, &line, crest_m);
    return CT_OK;
}

// Whether it leads down under the ground: not a walk in a yard over a garage.
static bool leads_under(const ct_rooms *b, const ramp *r, int64_t head_cell) {
    const double foot_m = r->at[r->n - 1][2];
    return foot_m + LEAST_FALL_M <= fmin(r->at[0][2], b->ground->bed_m[head_cell]);
}

static ct_err add_ramp(ct_rooms *b, const ct_feature *f) {
    ramp r;
    CT_TRY(read_ramp(&r, b->arena, &f->geom));
    if (r.n == 0) return CT_OK;
    const double *head = r.at[0], *foot = r.at[r.n - 1];
    const size_t garage = garage_near(b, foot);
    if (garage == CT_ROOMS_NONE) return CT_OK; // of a road, or a walk
    double gate[2];                            // within the parapets
    point_by(gate, &r, r.n - 1, 0, -0.5 * b->ground->shape.cell_m);
    const int64_t low = open_cell_near(b->ground, gate[0], gate[1]),
                  high = open_cell_near(b->ground, head[0], head[1]);
    if (low < 0 || high < 0) return ct_rooms__warn(b, CT_STORAGE_RULE_WAY_COVERED, f->id);
    if (!leads_under(b, &r, high)) return CT_OK;
    const double width_m = ct_feature_number(f, "width_m", 0);
    if (!is_size(width_m)) return ct_rooms__warn(b, CT_STORAGE_RULE_WAY_SIZE, f->id);
    const double crest_m = head[2] + fmax(0, ct_feature_number(f, "flood_barrier_m", 0));
    bool cut = b->ground->bed_m[low] < 0.5 * (foot[2] + head[2]);
    // Cells wider than the ramp cannot hold a crest: then water falls in over it.
    if (cut) CT_TRY(raise_crest(&cut, b, &r, width_m, crest_m));
    if (cut) CT_TRY(raise_parapets(b, &r, width_m, fmax(crest_m, head[2] + PARAPET_M)));
    ct_rooms_room *room = &b->rooms[garage];
    // fmin passes over a floor that is not known yet.
    room->floor_m = fmin(room->floor_m, foot[2]);
    const ct_rooms_way way = {.kind = CT_ROOMS_IN,
                              .room = garage,
                              .cell = cut ? low : high,
                              // The cells' ground may lie over the foot.
                              .sill_m = cut ? fmax(foot[2], b->ground->bed_m[low]) : head[2],
                              .width_m = width_m,
                              .height_m = cut ? GATE_HEIGHT_M : 0,
                              .barrier_m = cut ? -HUGE_VAL : crest_m};
    return add_way(b, &way, f->id);
}

static ct_err visit_transition(void *context, const ct_feature *f) {
    ct_rooms *b = context;
    const char *kind = ct_feature_text(f, "kind", "");
    if (strcmp(kind, "lift") == 0) return CT_OK;
    const size_t from = ct_rooms__room(b, ct_feature_text(f, "from_storey", "")),
                 to = ct_rooms__room(b, ct_feature_text(f, "to_storey", ""));
    if (from == CT_ROOMS_NONE && to == CT_ROOMS_NONE && strcmp(kind, "ramp") == 0)
        return add_ramp(b, f);
    if (from == CT_ROOMS_NONE || to == CT_ROOMS_NONE || from == to) return CT_OK;
    const bool rises = b->rooms[to].floor_m >= b->rooms[from].floor_m;
    return add_stair(b, f, rises ? from : to, rises ? to : from);
}

// ---- pumps --------------------------------------------------------------------------------------
static ct_err visit_pump(void *context, const ct_feature *f) {
    ct_rooms *b = context;
    double x, y;
    if (*ct_feature_text(f, "node", "") || !ct_geom_centroid(&x, &y, &f->geom)) return CT_OK;
    for (size_t i = 0; i < b->n_rooms; i++) {
        const ct_rooms_room *r = &b->rooms[i];
        if (r->kind != CT_STORAGE_OF_GARAGE || !ct_geom_contains_point(r->outline, x, y)) continue;
        const ct_rooms_way way = {.kind = CT_ROOMS_PUMP,
                                  .room = i,
                                  .capacity_m3s = ct_feature_number(f, "capacity_m3s", 0),
                                  .on_m = ct_feature_number(f, "on_level_m", NAN),
                                  .off_m = ct_feature_number(f, "off_level_m", NAN),
                                  .closed = strcmp(ct_feature_text(f, "state", ""), "failed") == 0};
        if (!(way.capacity_m3s > 0)) return ct_rooms__warn(b, CT_STORAGE_RULE_PUMP_CAPACITY, f->id);
        return add_way(b, &way, f->id);
    }
    return ct_rooms__warn(b, CT_STORAGE_RULE_PUMP_PLACE, f->id);
}

ct_err ct_rooms__ways(ct_rooms *b) {
    CT_TRY(ct_rooms__each(b, "opening", visit_opening));
    CT_TRY(ct_rooms__each(b, "transition", visit_transition));
    CT_TRY(ct_rooms__each(b, "pump", visit_pump));
    for (size_t i = 0; i < b->n_rooms; i++)
        if (b->rooms[i].kind == CT_STORAGE_OF_GARAGE && isnan(b->rooms[i].floor_m))
            CT_TRY(ct_rooms__warn(b, CT_STORAGE_RULE_GARAGE_NO_RAMP, b->rooms[i].id));
    return CT_OK;
}
