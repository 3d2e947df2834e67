// The street grid and the blocks between its streets; the river's and the dike's lines.
#ifndef SCENE_PLAN_H
#define SCENE_PLAN_H

#include "world.h"

enum { SC_SOUTH, SC_EAST, SC_NORTH, SC_WEST }; // sides of a block

typedef struct sc_block {
    int index, column, row; // row from the south
    int community;          // which of the `factor` communities, from 0 in the west
    const sc_programme *programme;
    const sc_axis *street[4]; // by side
    sc_point corner[4];       // street nodes: south-west, south-east, north-east, north-west
    sc_point plot[4];         // inside the red lines
    double plot_m2;
    sc_frame frame; // upright rectangle inside the plot
} sc_block;

typedef struct sc_plan {
    const sc_params *params;
    int n_columns, n_rows; // streets
    double width_m;        // east-west extent
    sc_point *nodes;       // [column * n_rows + row]
    sc_block *blocks;
    int n_blocks;
} sc_plan;

CT_CHECKED ct_err sc_plan_init(sc_plan *plan, const sc_world *world);
void sc_plan_fini(sc_plan *plan);

const sc_axis *sc_plan_column(const sc_plan *plan, int column);
static inline sc_point sc_plan_node(const sc_plan *plan, int column, int row) {
    return plan->nodes[column * plan->n_rows + row];
}
static inline int sc_plan_period(const sc_plan *plan) { // columns of one community
    return plan->params->n_columns - 1;
}
bool sc_plan_is_underpass(const sc_plan *plan, int column); // whether the column's street dives
double sc_plan_period_m(const sc_plan *plan);

double sc_river_y(const sc_params *params, double x); // the river's middle
double sc_shore_y(const sc_params *params, double x); // its northern shore at normal level
double sc_dike_y(const sc_params *params, double x);  // the dike's axis
double sc_dike_toe_m(const sc_params *params);        // from the axis to the inner foot
// Name of a thing of a community: with the community's number after it where there are several.
void sc_numbered(char *out, size_t size, const sc_plan *plan, int community, const char *name);

#endif
