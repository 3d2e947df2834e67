// Rooms to walls and spaces, on the grid that all edges and faces of walls span.
#include "floorplan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { MAX_LINES = 900, NO_WALL = -1, N_AROUND = 11 };

static const int thickness_mm[] = {250, 200, 200, 200, 100, 150, 60};

double fp_thickness_m(fp_wall_kind kind) {
    return thickness_mm[kind] / 1000.0;
}

// ---- what the caller tells ----------------------------------------------------------------------

void fp_add_room(fp_plan *plan, const fp_room *room) {
    if (plan->n_rooms < FP_MAX_ROOMS) plan->rooms[plan->n_rooms] = *room;
    plan->n_rooms++;
}

static void add_opening(fp_plan *plan, const fp_opening *o) {
    if (plan->n_openings < FP_MAX_OPENINGS) plan->openings[plan->n_openings] = *o;
    plan->n_openings++;
}

void fp_add_door(fp_plan *plan, const char *a, const char *b, int type, double width_m, double at) {
    fp_opening o = {.type = type, .width_m = width_m, .at = at};
    (void)snprintf(o.a, sizeof o.a, "%s", a);
    (void)snprintf(o.b, sizeof o.b, "%s", b);
    add_opening(plan, &o);
}

void fp_add_outer(fp_plan *plan, const char *room, char side, int type, double width_m, double at) {
    fp_opening o = {.type = type, .width_m = width_m, .at = at, .side = side};
    (void)snprintf(o.a, sizeof o.a, "%s", room);
    add_opening(plan, &o);
}

static bool rename_key(char *key, const char *from, const char *to) {
    const char *at = *key ? strchr(from, *key) : NULL;
    if (at) *key = to[at - from];
    return at != NULL;
}

void fp_mirror(fp_plan *plan, const char *from, const char *to, int units) {
    const int rooms = plan->n_rooms, openings = plan->n_openings;
    for (int i = 0; i < rooms && i < FP_MAX_ROOMS; i++) {
        fp_room r = plan->rooms[i];
        if (!rename_key(r.key, from, to)) continue;
        if (r.unit) r.unit = units + 1 - r.unit;
        for (int k = 0; k < r.n; k++) {
            const double x0 = r.rects[k].x0;
            r.rects[k].x0 = -r.rects[k].x1;
            r.rects[k].x1 = -x0;
        }
        fp_add_room(plan, &r);
    }
    for (int i = 0; i < openings && i < FP_MAX_OPENINGS; i++) {
        fp_opening o = plan->openings[i];
        const bool a = rename_key(o.a, from, to), b = rename_key(o.b, from, to);
        if (!a && !b) continue;
        o.mirrored = true;
        if (o.side == 'E' || o.side == 'W') o.side = o.side == 'E' ? 'W' : 'E';
        add_opening(plan, &o);
    }
}

int fp_room_index(const fp_plan *plan, const char *key) {
    for (int i = 0; i < plan->n_rooms; i++)
        if (strcmp(plan->rooms[i].key, key) == 0) return i;
    return -1;
}

// ---- the grid -----------------------------------------------------------------------------------

typedef struct grid {
    fp_plan *plan;
    int n[2];               // lines along x and y
    int line[2][MAX_LINES]; // mm
    int16_t *room, *wall;   // of each cell
} grid;

static int mm(double m) {
    return (int)lround(m * 1000);
}

static int compare(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

static ct_err add_lines(grid *g, int axis, int at) {
    static const int around[N_AROUND] = {0, 50, -50, 60, -60, 100, -100, 150, -150, 250, -250};
    for (size_t i = 0; i < N_AROUND; i++) {
        if (g->n[axis] == MAX_LINES) return ct_fail(CT_INTERNAL, "plan: too many lines");
        g->line[axis][g->n[axis]++] = at + around[i];
    }
    return CT_OK;
}

static void sort_lines(grid *g, int axis) {
    int n = 0, *line = g->line[axis];
    qsort(line, (size_t)g->n[axis], sizeof *line, compare);
    for (int i = 0; i < g->n[axis]; i++)
        if (!n || line[i] != line[n - 1]) line[n++] = line[i];
    g->n[axis] = n;
}

static bool known(const grid *g, int axis, int at) {
    for (int i = 0; i < g->n[axis]; i += N_AROUND)
        if (g->line[axis][i] == at) return true;
    return false;
}

static ct_err make_lines(grid *g) {
    for (int r = 0; r < g->plan->n_rooms; r++)
        for (int k = 0; k < g->plan->rooms[r].n; k++) {
            const fp_rect *f = &g->plan->rooms[r].rects[k];
            const int at[2][2] = {{mm(f->x0), mm(f->x1)}, {mm(f->y0), mm(f->y1)}};
            for (int axis = 0; axis < 2; axis++)
                for (int e = 0; e < 2; e++)
                    if (!known(g, axis, at[axis][e])) CT_TRY(add_lines(g, axis, at[axis][e]));
        }
    sort_lines(g, 0);
    sort_lines(g, 1);
    return CT_OK;
}

static int index_of(const grid *g, int axis, int at) {
    for (int i = 0; i < g->n[axis]; i++)
        if (g->line[axis][i] == at) return i;
    return 0;
}

static int cell(const grid *g, int i, int j) {
    return i < 0 || j < 0 || i >= g->n[0] - 1 || j >= g->n[1] - 1 ? -1 : j * (g->n[0] - 1) + i;
}

static int room_at(const grid *g, int i, int j) {
    const int c = cell(g, i, j);
    return c < 0 ? FP_OUTSIDE : g->room[c];
}

static int wall_at(const grid *g, int i, int j) {
    const int c = cell(g, i, j);
    return c < 0 ? NO_WALL : g->wall[c];
}

static ct_err fill_rooms(grid *g) {
    const size_t cells = (size_t)(g->n[0] - 1) * (size_t)(g->n[1] - 1);
    g->room = ct_alloc(cells * sizeof *g->room);
    g->wall = ct_alloc(cells * sizeof *g->wall);
    if (!g->room || !g->wall) return CT_NOMEM;
    for (size_t c = 0; c < cells; c++) g->room[c] = g->wall[c] = -1;
    for (int r = 0; r < g->plan->n_rooms; r++)
        for (int k = 0; k < g->plan->rooms[r].n; k++) {
            const fp_rect *f = &g->plan->rooms[r].rects[k];
            const int i1 = index_of(g, 0, mm(f->x1)), j1 = index_of(g, 1, mm(f->y1));
            for (int j = index_of(g, 1, mm(f->y0)); j < j1; j++)
                for (int i = index_of(g, 0, mm(f->x0)); i < i1; i++) {
                    int16_t *at = &g->room[cell(g, i, j)];
                    if (*at != -1 && *at != r)
                        return ct_fail(CT_INTERNAL, "plan: %s and %s overlap",
                                       g->plan->rooms[r].key, g->plan->rooms[*at].key);
                    *at = (int16_t)r;
                }
        }
    return CT_OK;
}

// ---- walls --------------------------------------------------------------------------------------

// The rooms left and right of (below and above) a piece of line `l` between lines c and c + 1 of
// the other axis.
static void beside(const grid *g, int axis, int l, int c, int out[2]) {
    out[0] = axis == 0 ? room_at(g, l - 1, c) : room_at(g, c, l - 1);
    out[1] = axis == 0 ? room_at(g, l, c) : room_at(g, c, l);
}

static fp_wall_kind kind_between(const fp_plan *p, int a, int b) {
    if (a == FP_OUTSIDE || b == FP_OUTSIDE) {
        const fp_kind kind = p->rooms[a == FP_OUTSIDE ? b : a].kind;
        return kind == FP_BALCONY ? FP_RAILING : kind == FP_TERRACE ? FP_PARAPET : FP_WALL_EXTERIOR;
    }
    const fp_room *r = &p->rooms[a], *s = &p->rooms[b];
    if (r->kind == FP_CORE || s->kind == FP_CORE) return FP_WALL_CORE;
    if (r->unit != s->unit || r->unit == 0) return FP_WALL_PARTY;
    return r->kind == FP_BALCONY || s->kind == FP_BALCONY ? FP_WALL_BALCONY : FP_WALL_PARTITION;
}

// The kind of wall on a piece of a line; FP_WALL_KINDS: none.
static fp_wall_kind kind_on(const grid *g, int axis, int l, int c) {
    int r[2];
    beside(g, axis, l, c, r);
    return r[0] == r[1] ? FP_WALL_KINDS : kind_between(g->plan, r[0], r[1]);
}

typedef struct run { // of one kind along a line, from line c0 to c1 of the other axis
    fp_wall_kind kind;
    int axis, line, c0, c1;
    int inside; // outer walls: 0 the room is before the line, 1 behind; -1 inner walls
    int unit;   // outer walls: of the room
} run;

static bool same_run(const run *a, const run *b) {
    return a->kind == b->kind && a->inside == b->inside && a->unit == b->unit;
}

static bool outer(fp_wall_kind kind) {
    return kind == FP_WALL_EXTERIOR || kind == FP_RAILING || kind == FP_PARAPET;
}

static int reach(fp_wall_kind kind) { // of a wall's face from its line, mm
    return outer(kind) ? thickness_mm[kind] : thickness_mm[kind] / 2;
}

// How far the run's end at line `c` goes beyond it, mm; negative: stays back. A wall that ends at
// one that goes on stays before its face; two that end at each other fill the corner.
static int end_reach(const grid *g, const run *r, int c) {
    const fp_wall_kind k0 = kind_on(g, 1 - r->axis, c, r->line - 1),
                       k1 = kind_on(g, 1 - r->axis, c, r->line);
    if (k0 == FP_WALL_KINDS && k1 == FP_WALL_KINDS) return 0;
    if (k0 != FP_WALL_KINDS && k1 != FP_WALL_KINDS && k0 <= r->kind && k1 <= r->kind)
        return -(reach(k0) > reach(k1) ? reach(k1) : reach(k0));
    const fp_wall_kind k = k0 == FP_WALL_KINDS ? k1 : k1 == FP_WALL_KINDS || k0 < k1 ? k0 : k1;
    if (outer(k) && !outer(r->kind)) return 0;
    return reach(k);
}

static fp_box box_of(const grid *g, const run *r) {
    const int at = g->line[r->axis][r->line], *other = g->line[1 - r->axis];
    const int low = r->inside == 1 ? 0 : reach(r->kind), high = r->inside == 0 ? 0 : reach(r->kind);
    const int from = other[r->c0] - end_reach(g, r, r->c0),
              to = other[r->c1] + end_reach(g, r, r->c1);
    return r->axis == 0 ? (fp_box){at - low, from, at + high, to}
                        : (fp_box){from, at - low, to, at + high};
}

static ct_err keep_piece(grid *g, const run *r, int i0, int i1, int j0, int j1) {
    fp_plan *p = g->plan;
    if (p->n_walls == FP_MAX_WALLS) return ct_fail(CT_INTERNAL, "plan: too many walls");
    for (int j = j0; j < j1; j++)
        for (int i = i0; i < i1; i++) g->wall[cell(g, i, j)] = (int16_t)p->n_walls;
    p->walls[p->n_walls++] = (fp_wall){
        r->kind, r->axis == 0, {g->line[0][i0], g->line[1][j0], g->line[0][i1], g->line[1][j1]}};
    return CT_OK;
}

static int next_line(const grid *g, int axis, int at) { // the first one at or behind `at`
    int i = 0;
    while (i < g->n[axis] - 1 && g->line[axis][i] < at) i++;
    return i;
}

// The run takes what is free of its box, in pieces of full thickness.
static ct_err take_run(grid *g, const run *r) {
    const fp_box b = box_of(g, r);
    const int lo[2] = {next_line(g, 0, b.x0), next_line(g, 1, b.y0)};
    const int hi[2] = {next_line(g, 0, b.x1), next_line(g, 1, b.y1)};
    const int along = 1 - r->axis;
    int begin = -1;
    for (int c = lo[along]; c <= hi[along]; c++) {
        bool free = c < hi[along];
        for (int k = lo[r->axis]; free && k < hi[r->axis]; k++) {
            const int i = r->axis == 0 ? k : c, j = r->axis == 0 ? c : k;
            free = room_at(g, i, j) != FP_OUTSIDE && wall_at(g, i, j) == NO_WALL;
        }
        if (free && begin < 0) begin = c;
        if (free || begin < 0) continue;
        CT_TRY(r->axis == 0 ? keep_piece(g, r, lo[0], hi[0], begin, c)
                            : keep_piece(g, r, begin, c, lo[1], hi[1]));
        begin = -1;
    }
    return CT_OK;
}

static run run_at(const grid *g, int axis, int l, int c) {
    int r[2];
    beside(g, axis, l, c, r);
    run out = {.kind = FP_WALL_KINDS, .axis = axis, .line = l, .c0 = c, .inside = -1};
    if (r[0] == r[1]) return out;
    out.kind = kind_between(g->plan, r[0], r[1]);
    if (!outer(out.kind)) return out;
    out.inside = r[0] == FP_OUTSIDE;
    out.unit = g->plan->rooms[r[out.inside]].unit;
    return out;
}

static ct_err take_kind(grid *g, fp_wall_kind kind, int axis) {
    for (int l = 0; l < g->n[axis]; l++) {
        run r = {.kind = FP_WALL_KINDS};
        for (int c = 0; c < g->n[1 - axis]; c++) {
            const run here = run_at(g, axis, l, c);
            if (r.kind == kind && !same_run(&r, &here)) {
                r.c1 = c;
                CT_TRY(take_run(g, &r));
            }
            if (!same_run(&r, &here)) r = here;
        }
    }
    return CT_OK;
}

// ---- sides of spaces ----------------------------------------------------------------------------

static bool in_space(const grid *g, int room, int i, int j) {
    return room_at(g, i, j) == room && wall_at(g, i, j) == NO_WALL;
}

static bool first_cell(const grid *g, int room, int *i, int *j) {
    for (*j = 0; *j < g->n[1] - 1; (*j)++)
        for (*i = 0; *i < g->n[0] - 1; (*i)++)
            if (in_space(g, room, *i, *j)) return true;
    return false;
}

static ct_err add_side(fp_room *room, const fp_side *s) {
    fp_side *last = room->n_sides ? &room->sides[room->n_sides - 1] : NULL;
    const bool on = last && last->wall == s->wall && (last->x0 == last->x1) == (s->x0 == s->x1) &&
                    (last->y0 == last->y1) == (s->y0 == s->y1);
    if (on) {
        last->x1 = s->x1;
        last->y1 = s->y1;
        return CT_OK;
    }
    if (room->n_sides == FP_MAX_SIDES)
        return ct_fail(CT_INTERNAL, "plan: %s has too many sides", room->key);
    room->sides[room->n_sides++] = *s;
    return CT_OK;
}

// Around the space with it on the left, from its lowest cell.
static ct_err trace(grid *g, int room) {
    static const int di[] = {1, 0, -1, 0}, dj[] = {0, 1, 0, -1};
    static const int left_i[] = {0, -1, -1, 0}, left_j[] = {0, 0, -1, -1}; // cell left of a step
    fp_room *out = &g->plan->rooms[room];
    int i0, j0, d = 0;
    if (!first_cell(g, room, &i0, &j0))
        return ct_fail(CT_INTERNAL, "plan: nothing is left of %s", out->key);
    int i = i0, j = j0;
    do {
        const int r = (d + 3) % 4; // the cell on the right is the left one of the turn back
        const int ri = i + left_i[d] + di[r], rj = j + left_j[d] + dj[r];
        const fp_side s = {g->line[0][i], g->line[1][j], g->line[0][i + di[d]],
                           g->line[1][j + dj[d]], wall_at(g, ri, rj)};
        CT_TRY(add_side(out, &s));
        i += di[d];
        j += dj[d];
        const bool ahead_right = in_space(g, room, ri + di[d], rj + dj[d]);
        const bool ahead_left = in_space(g, room, i + left_i[d], j + left_j[d]);
        if (ahead_right)
            d = r;
        else if (!ahead_left)
            d = (d + 1) % 4;
    } while (i != i0 || j != j0 || d != 0);
    return CT_OK;
}

static ct_err measure(grid *g, int room) {
    fp_room *out = &g->plan->rooms[room];
    double cells = 0, twice = 0;
    out->box = (fp_box){INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    for (int j = 0; j < g->n[1] - 1; j++)
        for (int i = 0; i < g->n[0] - 1; i++)
            if (in_space(g, room, i, j))
                cells += (double)(g->line[0][i + 1] - g->line[0][i]) *
                         (g->line[1][j + 1] - g->line[1][j]);
    for (int k = 0; k < out->n_sides; k++) {
        const fp_side *s = &out->sides[k];
        twice += (double)s->x0 * s->y1 - (double)s->x1 * s->y0;
        out->perimeter_m += hypot(s->x1 - s->x0, s->y1 - s->y0) / 1000;
        out->box.x0 = s->x0 < out->box.x0 ? s->x0 : out->box.x0;
        out->box.y0 = s->y0 < out->box.y0 ? s->y0 : out->box.y0;
        out->box.x1 = s->x0 > out->box.x1 ? s->x0 : out->box.x1;
        out->box.y1 = s->y0 > out->box.y1 ? s->y0 : out->box.y1;
    }
    out->area_m2 = cells / 1e6;
    if (fabs(twice / 2 - cells) > 1)
        return ct_fail(CT_INTERNAL, "plan: %s is not in one piece", out->key);
    return CT_OK;
}

// ---- openings -----------------------------------------------------------------------------------

typedef struct stretch { // of a line between two rooms
    int axis, line, c0, c1;
} stretch;

static bool fits(const grid *g, const fp_opening *o, int axis, int l, int c) {
    int r[2];
    beside(g, axis, l, c, r);
    if (o->room[1] != FP_OUTSIDE)
        return (r[0] == o->room[0] && r[1] == o->room[1]) ||
               (r[1] == o->room[0] && r[0] == o->room[1]);
    const bool upright = o->side == 'E' || o->side == 'W', high = o->side == 'E' || o->side == 'N';
    return upright == (axis == 0) && r[high ? 0 : 1] == o->room[0] && r[high] == FP_OUTSIDE;
}

// Where along a line of the axis the opening shall be, mm.
static int wish(const fp_opening *o, int axis) {
    return mm(axis == 1 && o->mirrored ? -o->at : o->at);
}

// The longest stretch, or the one that holds the place that is asked for.
static bool find_stretch(stretch *out, const grid *g, const fp_opening *o) {
    double best = 0;
    for (int axis = 0; axis < 2; axis++)
        for (int l = 0; l < g->n[axis]; l++)
            for (int c = 0; c < g->n[1 - axis]; c++) {
                if (!fits(g, o, axis, l, c)) continue;
                stretch s = {axis, l, c, c};
                while (fits(g, o, axis, l, s.c1)) s.c1++;
                const int *line = g->line[1 - axis];
                double length = line[s.c1] - line[s.c0];
                if (!isnan(o->at) && wish(o, axis) > line[s.c0] && wish(o, axis) < line[s.c1])
                    length += 1e6;
                if (length > best) {
                    best = length;
                    *out = s;
                }
                c = s.c1;
            }
    return best > 0;
}

static bool overlaps(const fp_plan *p, const fp_opening *o) {
    for (const fp_opening *q = p->openings; q < o; q++) {
        const double reach_mm = (q->width_m + o->width_m) * 500;
        if (q->wall == o->wall && abs(q->x - o->x) < reach_mm && abs(q->y - o->y) < reach_mm)
            return true;
    }
    return false;
}

static ct_err place(grid *g, fp_opening *o) {
    const fp_plan *p = g->plan;
    stretch s = {0};
    o->room[0] = fp_room_index(p, o->a);
    o->room[1] = *o->b ? fp_room_index(p, o->b) : FP_OUTSIDE;
    if (o->room[0] < 0 || (*o->b && o->room[1] < 0) || !find_stretch(&s, g, o))
        return ct_fail(CT_INTERNAL, "plan: %s and %s are no neighbours", o->a,
                       *o->b ? o->b : "air");
    const int *line = g->line[1 - s.axis];
    const int along = isnan(o->at) ? (line[s.c0] + line[s.c1]) / 2 : wish(o, s.axis);
    const int c = next_line(g, 1 - s.axis, along) - 1;
    for (int k = s.line - 1; k <= s.line; k++) {
        o->wall = s.axis == 0 ? wall_at(g, k, c) : wall_at(g, c, k);
        if (o->wall != NO_WALL) break;
    }
    if (o->wall == NO_WALL) return ct_fail(CT_INTERNAL, "plan: no wall at %s, %s", o->a, o->b);
    const fp_wall *w = &p->walls[o->wall];
    const int half = mm(o->width_m / 2);
    const bool upright = w->upright;
    const int low = upright ? w->box.y0 : w->box.x0, high = upright ? w->box.y1 : w->box.x1;
    if (upright != (s.axis == 0) || along - half < low || along + half > high)
        return ct_fail(CT_INTERNAL,
                       "plan: an opening of %g m between %s and %s: %d to %d mm, wall "
                       "%d to %d",
                       o->width_m, o->a, o->b, along - half, along + half, low, high);
    o->x = upright ? (w->box.x0 + w->box.x1) / 2 : along;
    o->y = upright ? along : (w->box.y0 + w->box.y1) / 2;
    if (overlaps(p, o)) return ct_fail(CT_INTERNAL, "plan: openings meet at %s, %s", o->a, o->b);
    return CT_OK;
}

static ct_err compile(grid *g) {
    fp_plan *p = g->plan;
    CT_TRY(make_lines(g));
    CT_TRY(fill_rooms(g));
    for (int kind = 0; kind < FP_WALL_KINDS; kind++) {
        CT_TRY(take_kind(g, (fp_wall_kind)kind, 1));
        CT_TRY(take_kind(g, (fp_wall_kind)kind, 0));
    }
    for (int r = 0; r < p->n_rooms; r++) {
        CT_TRY(trace(g, r));
        CT_TRY(measure(g, r));
    }
    for (int o = 0; o < p->n_openings; o++) CT_TRY(place(g, &p->openings[o]));
    return CT_OK;
}

ct_err fp_compile(fp_plan *plan) {
    if (plan->n_rooms > FP_MAX_ROOMS || plan->n_openings > FP_MAX_OPENINGS)
        return ct_fail(CT_INTERNAL, "plan: too many rooms or openings");
    grid *g = ct_calloc(1, sizeof *g);
    if (!g) return CT_NOMEM;
    g->plan = plan;
    const ct_err err = compile(g);
    ct_free(g->room);
    ct_free(g->wall);
    ct_free(g);
    return err;
}
