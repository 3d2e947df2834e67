// The table of functions through which runs and coupling speak to the flood engine.
#include "sim/flood/engine.h"

#include "cimtwin/flood.h"
#include "sim/core/engine_table.h"
#include "sim/flood/state.h"

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
        {"infiltrated", "m", "Water that the ground has taken up", CT_FLOOD_INFILTRATED},
    };
    const ct_flood *flood = state;
    size_t count = sizeof list / sizeof *list;
    if (!flood->soil) count--; // the last one
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

CT_SIM_ENGINE_FUNCTIONS(ct_flood)

const ct_sim_engine *ct_flood_engine(void) {
    static const ct_sim_engine engine = CT_SIM_ENGINE_TABLE("flood", "2", engine_fields);
    return &engine;
}
