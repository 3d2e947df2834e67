// Streets between the nodes of the grid, the underpass with its side lanes, and crossings for
// people.
#include <math.h>
#include <stdlib.h>

#include "yard.h"

enum { MAX_VERTICES = 40 };

typedef struct chain { // a street's piece while its vertices are gathered
    sc_point at[MAX_VERTICES];
    int n;
} chain;

static void push(sc_world *w, chain *c, sc_point at) {
    if (c->n < MAX_VERTICES)
        c->at[c->n++] = at;
    else
        sc_world_stick(w, ct_fail(CT_LIMIT, "more than %d lanes meet a street", MAX_VERTICES));
}

// Node a, the joins in order, node b.
static void gather(chain *c, const sc_town *town, bool on_column, int street, int segment,
                   sc_point a, sc_point b) {
    c->n = 0;
    push(town->world, c, a);
    for (;;) {
        const sc_join *next = NULL;
        double reached = c->n == 1 ? 0 : sc_distance(a, c->at[c->n - 1]);
        for (size_t k = 0; k < town->n_joins; k++) {
            const sc_join *j = &town->joins[k];
            if (j->on_column != on_column || j->street != street || j->segment != segment) continue;
            if (sc_distance(a, j->at) > reached + 0.01 &&
                (!next || sc_distance(a, j->at) < sc_distance(a, next->at)))
                next = j;
        }
        if (!next) break;
        push(town->world, c, next->at);
    }
    push(town->world, c, b);
}

static void add_road(sc_world *w, const sc_axis *axis, const char *kind, const char *id,
                     const chain *c) {
    static const double speed[] = {60, 40, 30};
    ct_feature *f = sc_add(w, "road", "%s", id);
    sc_named(w, f, axis->name.en, axis->name.zh);
    sc_text(w, f, "kind", "%s", kind);
    sc_number(w, f, "width_m", axis->carriageway_m);
    sc_number(w, f, "red_line_m", axis->red_line_m);
    sc_number(w, f, "lanes", axis->lanes);
    sc_text(w, f, "surface", "asphalt");
    sc_number(w, f, "oneway", 0);
    sc_number(w, f, "speed_limit_kmh", speed[axis->rank]);
    sc_set_line(w, f, c->at, c->n, 0);
}

static sc_point between(sc_point a, sc_point b, double distance) {
    double t = distance / sc_distance(a, b);
    return (sc_point){a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
}

static sc_point aside(sc_point at, sc_point a, sc_point b, double right) { // to the right of a -> b
    double length = sc_distance(a, b);
    return (sc_point){at.x + (b.y - a.y) / length * right, at.y - (b.x - a.x) / length * right};
}

// One of the four one-way lanes beside the trough: from the street's fork up to the crossing
// street.
static void add_side_lane(sc_town *town, int column, sc_point fork, sc_point mouth, sc_point node,
                          double right, int number) {
    const sc_params *p = town->world->params;
    const sc_axis *axis = sc_plan_column(town->plan, column);
    sc_point row_a =
        sc_plan_node(town->plan, column - (right * (node.y - fork.y) < 0), p->underpass.row);
    sc_point row_b =
        sc_plan_node(town->plan, column + (right * (node.y - fork.y) > 0), p->underpass.row);
    sc_point start = aside(mouth, fork, node, right), end = aside(node, fork, node, right);
    chain c = {.n = 0};
    sc_lines_meet(&end, start, end, row_a, row_b);
    push(town->world, &c, fork);
    push(town->world, &c, start);
    push(town->world, &c, end);
    ct_feature *f = sc_add(town->world, "road", "road-c%02d-s%d", column, number);
    sc_text(town->world, f, "name", "%s, side lane", axis->name.en);
    sc_text(town->world, f, "name_zh", "%s辅道", axis->name.zh);
    sc_text(town->world, f, "kind", "local");
    sc_number(town->world, f, "width_m", (axis->carriageway_m - p->underpass.width_m) / 2);
    sc_number(town->world, f, "lanes", 1);
    sc_text(town->world, f, "surface", "asphalt");
    sc_number(town->world, f, "oneway", 1);
    sc_number(town->world, f, "speed_limit_kmh", 30);
    sc_set_line(town->world, f, c.at, c.n, 0);
    sc_join *join = sc_town_new_join(town);
    if (!join) return;
    join->street = p->underpass.row;
    join->segment = end.x < node.x ? column - 1 : column;
    join->at = end;
}

// The diving part: no vertex at the node, for the streets do not meet there.
static void add_underpass(sc_town *town, int column) {
    const sc_params *p = town->world->params;
    const sc_underpass *u = &p->underpass;
    const sc_axis *axis = sc_plan_column(town->plan, column);
    sc_point node = sc_plan_node(town->plan, column, u->row);
    sc_point south = sc_plan_node(town->plan, column, u->row - 1),
             north = sc_plan_node(town->plan, column, u->row + 1);
    double fork_m = u->ramp_m + 18, right = (u->width_m + axis->carriageway_m) / 4;
    sc_point fork_s = between(node, south, fork_m), fork_n = between(node, north, fork_m);
    chain c = {.n = 0};
    push(town->world, &c, fork_s);
    push(town->world, &c, between(node, south, 12));
    push(town->world, &c, between(node, north, 12));
    push(town->world, &c, fork_n);
    ct_feature *f = sc_add(town->world, "road", "road-c%02d-u", column);
    sc_text(town->world, f, "name", "%s underpass", axis->name.en);
    sc_text(town->world, f, "name_zh", "%s下穿通道", axis->name.zh);
    sc_text(town->world, f, "kind", "underpass");
    sc_number(town->world, f, "width_m", u->width_m);
    sc_number(town->world, f, "red_line_m", axis->red_line_m);
    sc_number(town->world, f, "lanes", axis->lanes);
    sc_text(town->world, f, "surface", "asphalt");
    sc_number(town->world, f, "oneway", 0);
    sc_number(town->world, f, "speed_limit_kmh", 40);
    sc_set_line(town->world, f, c.at, c.n, 0);
    add_side_lane(town, column, fork_s, between(node, south, u->ramp_m), node, right, 1);
    add_side_lane(town, column, fork_s, between(node, south, u->ramp_m), node, -right, 2);
    add_side_lane(town, column, fork_n, between(node, north, u->ramp_m), node, right, 3);
    add_side_lane(town, column, fork_n, between(node, north, u->ramp_m), node, -right, 4);
}

static void add_column(sc_town *town, int column) {
    const sc_plan *plan = town->plan;
    const sc_axis *axis = sc_plan_column(plan, column);
    int under = plan->params->underpass.row;
    bool dives = sc_plan_is_underpass(plan, column);
    if (dives) add_underpass(town, column);
    for (int row = 0; row < plan->n_rows - 1; row++) {
        sc_point a = sc_plan_node(plan, column, row), b = sc_plan_node(plan, column, row + 1);
        double fork_m = plan->params->underpass.ramp_m + 18;
        if (dives && row == under - 1) b = between(b, a, fork_m);
        if (dives && row == under) a = between(a, b, fork_m);
        char id[40];
        chain c;
        gather(&c, town, true, column, row, a, b);
        snprintf(id, sizeof id, "road-c%02d-%d", column, row);
        add_road(town->world, axis, sc_rank_name(axis->rank), id, &c);
    }
}

static void add_row(sc_town *town, int row) {
    const sc_axis *axis = &town->world->params->rows[row];
    for (int column = 0; column < town->plan->n_columns - 1; column++) {
        char id[40];
        chain c;
        gather(&c, town, false, row, column, sc_plan_node(town->plan, column, row),
               sc_plan_node(town->plan, column + 1, row));
        snprintf(id, sizeof id, "road-r%d-%02d", row, column);
        add_road(town->world, axis, sc_rank_name(axis->rank), id, &c);
    }
}

static void add_crossing(sc_town *town, int column, int row, int arm, const char *kind, sc_point a,
                         sc_point b) {
    ct_feature *f = sc_add(town->world, "path", "cross-%02d%d-%d", column, row, arm);
    sc_point at[2] = {a, b};
    sc_text(town->world, f, "kind", "%s", kind);
    sc_number(town->world, f, "width_m", 5);
    sc_set_line(town->world, f, at, 2, 0);
}

static const sc_block *block_at(const sc_plan *plan, int column, int row) {
    if (column < 0 || row < 0 || column >= plan->n_columns - 1 || row >= plan->n_rows - 1)
        return NULL;
    return &plan->blocks[column * (plan->n_rows - 1) + row];
}

static void add_crossings(sc_town *town, int column, int row) {
    const sc_plan *plan = town->plan;
    const sc_block *nw = block_at(plan, column - 1, row), *ne = block_at(plan, column, row);
    const sc_block *sw = block_at(plan, column - 1, row - 1), *se = block_at(plan, column, row - 1);
    bool over = sc_plan_is_underpass(plan, column) && row == plan->params->underpass.row;
    const char *kind = over ? "bridge" : "footway"; // beside the deck over the trough
    if (nw && sw)
        add_crossing(town, column, row, 1, "footway", sc_walk_corner(sw, 2), sc_walk_corner(nw, 1));
    if (ne && se)
        add_crossing(town, column, row, 2, "footway", sc_walk_corner(se, 3), sc_walk_corner(ne, 0));
    if (nw && ne)
        add_crossing(town, column, row, 3, kind, sc_walk_corner(nw, 1), sc_walk_corner(ne, 0));
    if (sw && se)
        add_crossing(town, column, row, 4, kind, sc_walk_corner(sw, 2), sc_walk_corner(se, 3));
}

void sc_lay_streets(sc_town *town) {
    for (int i = 0; i < town->plan->n_columns; i++) add_column(town, i);
    for (int j = 0; j < town->plan->n_rows; j++)
        add_row(town, j); // after the side lanes have joined
    for (int i = 0; i < town->plan->n_columns; i++)
        for (int j = 0; j < town->plan->n_rows; j++) add_crossings(town, i, j);
}
