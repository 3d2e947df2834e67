// The flood engine as an engine like the others: state = ct_flood, params = ct_flood_params
// (cimtwin/flood.h). Fields: depth, velocity_x, velocity_y, bed, max_depth, max_speed, max_hazard,
// arrival. Controls: crest_x, crest_y, edge.
#ifndef CT_SIM_FLOOD_ENGINE_H
#define CT_SIM_FLOOD_ENGINE_H

#include "sim/core/engine.h"

const ct_sim_engine *ct_flood_engine(void);

#endif
