// Lays the street grid: axes at their nominal places, nodes with a little jitter, blocks between.
#include "plan.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

#define TWO_PI 6.283185307179586

double sc_river_y(const sc_params *p, double x) {
    return p->river.centre_m + p->river.meander_m * sin(TWO_PI * (x - p->edge_m) / p->river.wave_m);
}

double sc_shore_y(const sc_params *p, double x) {
    return sc_river_y(p, x) + p->river.width_m / 2;
}

double sc_dike_y(const sc_params *p, double x) {
    return sc_shore_y(p, x) + p->dike.offset_m;
}

double sc_dike_toe_m(const sc_params *p) {
    return p->dike.crest_width_m / 2 + (p->dike.crest_m - p->ground.inner_m) * p->dike.slope;
}

double sc_plan_period_m(const sc_plan *plan) {
    const sc_params *p = plan->params;
    return p->columns[p->n_columns - 1].at_m - p->columns[0].at_m;
}

const sc_axis *sc_plan_column(const sc_plan *plan, int column) {
    int period = sc_plan_period(plan);
    return &plan->params->columns[column == plan->n_columns - 1 ? period : column % period];
}

bool sc_plan_is_underpass(const sc_plan *plan, int column) {
    return column % sc_plan_period(plan) == plan->params->underpass.column;
}

void sc_numbered(char *out, size_t size, const sc_plan *plan, int community, const char *name) {
    if (plan->params->factor == 1)
        snprintf(out, size, "%s", name);
    else
        snprintf(out, size, "%s %d", name, community + 1);
}

static sc_point node_at(const sc_plan *plan, const sc_world *world, int column, int row) {
    const sc_params *p = plan->params;
    int period = sc_plan_period(plan);
    uint64_t entity = (uint64_t)column * SC_MAX_ROWS + (uint64_t)row;
    double jitter = p->jitter_m;
    sc_point at = {p->edge_m + column / period * sc_plan_period_m(plan) +
                       p->columns[column % period].at_m - p->columns[0].at_m,
                   p->rows[row].at_m};
    if (column % period) at.x += sc_range(world, entity, SC_DRAW_JITTER_X, -jitter, jitter);
    if (row && row < plan->n_rows - 1)
        at.y += sc_range(world, entity, SC_DRAW_JITTER_Y, -jitter, jitter);
    // the streets near the river follow its bend
    double follow = row == 0 ? 1 : row == 1 ? 0.5 : 0;
    at.y += follow * (sc_river_y(p, at.x) - p->river.centre_m);
    return at;
}

static ct_err make_block(sc_block *b, const sc_plan *plan, int column, int row) {
    const sc_params *p = plan->params;
    int period = sc_plan_period(plan);
    *b = (sc_block){.index = column * (plan->n_rows - 1) + row,
                    .column = column,
                    .row = row,
                    .community = column / period,
                    .programme = &p->blocks[row][column % period],
                    .street = {&p->rows[row], sc_plan_column(plan, column + 1), &p->rows[row + 1],
                               sc_plan_column(plan, column)},
                    .corner = {sc_plan_node(plan, column, row), sc_plan_node(plan, column + 1, row),
                               sc_plan_node(plan, column + 1, row + 1),
                               sc_plan_node(plan, column, row + 1)}};
    double half[4];
    for (int k = 0; k < 4; k++) half[k] = b->street[k]->red_line_m / 2;
    sc_quad_inset(b->plot, b->corner, half);
    sc_ring ring = {.n = 4};
    memcpy(ring.at, b->plot, sizeof b->plot);
    b->plot_m2 = sc_ring_area(&ring);
    b->frame = sc_frame_inside(b->plot);
    if (b->frame.width < 90 || b->frame.depth < 90)
        return ct_fail(CT_RANGE, "block %d,%d: %.0f x %.0f m are too small to build on", column,
                       row, b->frame.width, b->frame.depth);
    return CT_OK;
}

ct_err sc_plan_init(sc_plan *out, const sc_world *world) {
    const sc_params *p = world->params;
    sc_plan plan = {
        .params = p, .n_columns = p->factor * (p->n_columns - 1) + 1, .n_rows = p->n_rows};
    plan.n_blocks = (plan.n_columns - 1) * (plan.n_rows - 1);
    plan.width_m = 2 * p->edge_m + p->factor * sc_plan_period_m(&plan);
    plan.nodes = ct_calloc((size_t)plan.n_columns * (size_t)plan.n_rows, sizeof *plan.nodes);
    plan.blocks = ct_calloc((size_t)plan.n_blocks, sizeof *plan.blocks);
    ct_err err = plan.nodes && plan.blocks ? CT_OK : CT_NOMEM;
    for (int i = 0; err == CT_OK && i < plan.n_columns; i++)
        for (int j = 0; j < plan.n_rows; j++)
            plan.nodes[i * plan.n_rows + j] = node_at(&plan, world, i, j);
    for (int i = 0; err == CT_OK && i < plan.n_columns - 1; i++)
        for (int j = 0; err == CT_OK && j < plan.n_rows - 1; j++)
            err = make_block(&plan.blocks[i * (plan.n_rows - 1) + j], &plan, i, j);
    if (err != CT_OK) {
        sc_plan_fini(&plan);
        return err;
    }
    *out = plan;
    return CT_OK;
}

void sc_plan_fini(sc_plan *plan) {
    ct_free(plan->nodes);
    ct_free(plan->blocks);
    memset(plan, 0, sizeof *plan);
}
