// The drain engine as an engine like the others: state = ct_drains, params = ct_drains_params
// (cimtwin/drains.h). Fields: node_head, node_depth, node_volume, node_flooded, node_max_head,
// conduit_flow, conduit_flow_from, conduit_flow_to, conduit_depth, conduit_velocity,
// conduit_max_flow, pump_flow, pumped, orifice_flow, weir_flow, outlet_flow, exchange_flow,
// exchange_volume. Controls: those of ct_drains_set.
#ifndef CT_SIM_DRAINS_ENGINE_H
#define CT_SIM_DRAINS_ENGINE_H

#include "sim/core/engine.h"

const ct_sim_engine *ct_drains_engine(void);

#endif
