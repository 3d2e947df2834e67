// The table of functions through which runs and coupling speak to the drain engine.
#include "sim/drains/engine.h"

#include "cimtwin/drains.h"

static ct_err engine_open(void **state, const void *params) {
    ct_drains *drains;
    CT_TRY(ct_drains_open(&drains, params));
    *state = drains;
    return CT_OK;
}

static void engine_close(void *state) {
    ct_drains_close(state);
}

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

static ct_err engine_set(void *state, const char *control, size_t index, double value) {
    return ct_drains_set(state, control, index, value);
}

static double engine_time_s(const void *state) {
    return ct_drains_time_s(state);
}

static double engine_dt_max_s(const void *state) {
    return ct_drains_dt_max_s(state);
}

static ct_err engine_step(void *state, double dt_s) {
    return ct_drains_step(state, dt_s);
}

static size_t engine_save_bytes(const void *state) {
    return ct_drains_save_bytes(state);
}

static ct_err engine_save(const void *state, void *out, size_t bytes) {
    return ct_drains_save(state, out, bytes);
}

static ct_err engine_load(void *state, const void *data, size_t bytes) {
    return ct_drains_load(state, data, bytes);
}

static ct_hash128 engine_hash(const void *state) {
    uint64_t words[2];
    ct_drains_hash(state, words);
    return (ct_hash128){words[0], words[1]};
}

const ct_sim_engine *ct_drains_engine(void) {
    static const ct_sim_engine engine = {
        .name = "drains",
        .version = "1",
        .open = engine_open,
        .close = engine_close,
        .fields = engine_fields,
        .set = engine_set,
        .time_s = engine_time_s,
        .dt_max_s = engine_dt_max_s,
        .step = engine_step,
        .save_bytes = engine_save_bytes,
        .save = engine_save,
        .load = engine_load,
        .hash = engine_hash,
    };
    return &engine;
}
