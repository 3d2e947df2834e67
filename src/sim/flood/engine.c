// The table of functions through which runs and coupling speak to the flood engine.
#include "sim/flood/engine.h"

#include "cimtwin/flood.h"
#include "sim/flood/state.h"

static ct_err engine_open(void **state, const void *params) {
    ct_flood *flood;
    CT_TRY(ct_flood_open(&flood, params));
    *state = flood;
    return CT_OK;
}

static void engine_close(void *state) {
    ct_flood_close(state);
}

static size_t engine_fields(const void *state, ct_sim_field *out, size_t max) {
    static const struct {
        const char *name, *unit, *title;
        ct_flood_array array;
    } list[] = {
        {"depth", "m", "Water depth", CT_FLOOD_DEPTH},
        {"velocity_x", "m s-1", "Velocity along columns", CT_FLOOD_VELOCITY_X},
        {"velocity_y", "m s-1", "Velocity along rows, downwards", CT_FLOOD_VELOCITY_Y},
        {"bed", "m", "Ground height", CT_FLOOD_BED},
        {"max_depth", "m", "Largest depth so far", CT_FLOOD_MAX_DEPTH},
        {"max_speed", "m s-1", "Largest speed so far", CT_FLOOD_MAX_SPEED},
        {"max_hazard", "m2 s-1", "Largest hazard rating so far", CT_FLOOD_MAX_HAZARD},
        {"arrival", "s", "Time at which the depth first passed 0.05 m", CT_FLOOD_ARRIVAL},
    };
    const ct_flood *flood = state;
    size_t count = sizeof list / sizeof *list;
    for (size_t i = 0; i < count && i < max; i++) {
        out[i] = (ct_sim_field){list[i].name,
                                list[i].unit,
                                list[i].title,
                                CT_SIM_CELLS,
                                {flood->nx, flood->ny, flood->cell_m},
                                ct_flood_get(flood, list[i].array)};
    }
    return count;
}

static ct_err engine_set(void *state, const char *control, size_t index, double value) {
    return ct_flood_set(state, control, index, value);
}

static double engine_time_s(const void *state) {
    return ct_flood_time_s(state);
}

static double engine_dt_max_s(const void *state) {
    return ct_flood_dt_max_s(state);
}

static ct_err engine_step(void *state, double dt_s) {
    return ct_flood_step(state, dt_s);
}

static size_t engine_save_bytes(const void *state) {
    return ct_flood_save_bytes(state);
}

static ct_err engine_save(const void *state, void *out, size_t bytes) {
    return ct_flood_save(state, out, bytes);
}

static ct_err engine_load(void *state, const void *data, size_t bytes) {
    return ct_flood_load(state, data, bytes);
}

static ct_hash128 engine_hash(const void *state) {
    uint64_t words[2];
    ct_flood_hash(state, words);
    return (ct_hash128){words[0], words[1]};
}

const ct_sim_engine *ct_flood_engine(void) {
    static const ct_sim_engine engine = {
        .name = "flood",
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
