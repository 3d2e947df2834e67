// The table of functions through which runs and coupling speak to the drain engine.
#include "sim/drains/engine.h"

#include "cimtwin/drains.h"
#include "sim/core/engine_table.h"

static size_t engine_fields(const void *state, ct_sim_field *out, size_t max) {
    static const struct {
        const char *name, *unit, *title;
    } list[CT_DRAINS_ARRAYS] = {
        [CT_DRAINS_HEAD] = {"node_head", "m", "Head at nodes"},
        [CT_DRAINS_DEPTH] = {"node_depth", "m", "Depth at nodes"},
        [CT_DRAINS_VOLUME] = {"node_volume", "m3", "Volume at nodes"},
        [CT_DRAINS_FLOODED] = {"node_flooded", "m3", "Volume that left over the rim so far"},
        [CT_DRAINS_MAX_HEAD] = {"node_max_head", "m", "Highest head at nodes so far"},
        [CT_DRAINS_FLOW] = {"conduit_flow", "m3 s-1", "Discharge of conduits"},
        [CT_DRAINS_FLOW_FROM] = {"conduit_flow_from", "m3 s-1", "Discharge where conduits begin"},
        [CT_DRAINS_FLOW_TO] = {"conduit_flow_to", "m3 s-1", "Discharge where conduits end"},
        [CT_DRAINS_CONDUIT_DEPTH] = {"conduit_depth", "m", "Mean depth in conduits"},
        [CT_DRAINS_VELOCITY] = {"conduit_velocity", "m s-1", "Mean velocity in conduits"},
        [CT_DRAINS_MAX_FLOW] = {"conduit_max_flow", "m3 s-1", "Largest discharge so far"},
        [CT_DRAINS_PUMP_FLOW] = {"pump_flow", "m3 s-1", "Discharge of pumps"},
        [CT_DRAINS_PUMPED] = {"pumped", "m3", "Volume that pumps lifted so far"},
        [CT_DRAINS_ORIFICE_FLOW] = {"orifice_flow", "m3 s-1", "Discharge of orifices"},
        [CT_DRAINS_WEIR_FLOW] = {"weir_flow", "m3 s-1", "Discharge of weirs"},
        [CT_DRAINS_OUTLET_FLOW] = {"outlet_flow", "m3 s-1", "Discharge of outlets"},
        [CT_DRAINS_EXCHANGE_FLOW] = {"exchange_flow", "m3 s-1", "Discharge from the surface"},
        [CT_DRAINS_EXCHANGE_VOLUME] = {"exchange_volume", "m3", "Volume from the surface"},
    };
    for (size_t i = 0; i < CT_DRAINS_ARRAYS && i < max; i++) {
        size_t count;
        const double *values = ct_drains_get(state, (ct_drains_array)i, &count);
        out[i] = (ct_sim_field){
            list[i].name, list[i].unit, list[i].title, CT_SIM_LIST, {(uint32_t)count, 1, 0},
            values};
    }
    return CT_DRAINS_ARRAYS;
}

CT_SIM_ENGINE_FUNCTIONS(ct_drains)

const ct_sim_engine *ct_drains_engine(void) {
    static const ct_sim_engine engine = CT_SIM_ENGINE_TABLE("drains", "3", engine_fields);
    return &engine;
}
