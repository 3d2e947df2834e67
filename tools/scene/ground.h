// The bare ground: natural fall to the river, river bed, dike, canal, streets with crown and kerb,
// yards, hollows, ponds, the underpass and garage ramps; and the raster of it, level under
// buildings.
#ifndef SCENE_GROUND_H
#define SCENE_GROUND_H

#include "geo/grid.h"
#include "plan.h"

typedef struct sc_pond { // an ellipse along the frame's axes; its edge is the shore at normal level
    sc_frame frame;      // origin is the centre
    double half_p_m, half_q_m, level_m, bed_m;
} sc_pond;

typedef struct sc_ramp { // from top to foot in a straight line; the level beyond the top is the
                         // crest
    sc_point top, foot;
    double width_m, crest_m, foot_m;
} sc_ramp;

typedef struct sc_pad { // level ground under a building
    sc_ring ring;
    double level_m;
} sc_pad;

enum { SC_MAX_CUTS = 16 * SC_MAX_FACTOR };

typedef struct sc_ground {
    const sc_plan *plan;
    const sc_world *world;
    sc_pond *ponds;
    sc_ramp *ramps;
    int n_ponds, n_ramps;
} sc_ground;

CT_CHECKED ct_err sc_ground_init(sc_ground *ground, const sc_plan *plan, const sc_world *world);
void sc_ground_fini(sc_ground *ground);
CT_CHECKED ct_err sc_ground_add_pond(sc_ground *ground, const sc_pond *pond);
CT_CHECKED ct_err sc_ground_add_ramp(sc_ground *ground, const sc_ramp *ramp);

double sc_ground_z(const sc_ground *ground, sc_point at); // m above datum, without pads
CT_CHECKED ct_err sc_ground_raster(ct_grid *out, const sc_ground *ground, const sc_pad *pads,
                                   size_t n_pads);

#endif
