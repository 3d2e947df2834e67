// What the state shows to the outside: its arrays and its books of volume.
#include "sim/flood/state.h"

void ct_flood__surface_read(const ct_flood *flood) {
    ct_surface_read(flood->surface, CT_SURFACE_DEPTH, flood->now.h);
    ct_surface_read(flood->surface, CT_SURFACE_U, flood->now.u);
    ct_surface_read(flood->surface, CT_SURFACE_V, flood->now.v);
}

// Fills the array that is asked for.
static void read_one(const ct_flood *flood, ct_flood_array which) {
    switch (which) {
    case CT_FLOOD_DEPTH: ct_surface_read(flood->surface, CT_SURFACE_DEPTH, flood->now.h); break;
    case CT_FLOOD_VELOCITY_X: ct_surface_read(flood->surface, CT_SURFACE_U, flood->now.u); break;
    case CT_FLOOD_VELOCITY_Y: ct_surface_read(flood->surface, CT_SURFACE_V, flood->now.v); break;
    case CT_FLOOD_MAX_DEPTH:
        ct_surface_read(flood->surface, CT_SURFACE_MAX_DEPTH, flood->max_depth);
        break;
    case CT_FLOOD_MAX_SPEED:
        ct_surface_read(flood->surface, CT_SURFACE_MAX_SPEED, flood->max_speed);
        break;
    case CT_FLOOD_MAX_HAZARD:
        ct_surface_read(flood->surface, CT_SURFACE_MAX_RATING, flood->max_hazard);
        for (size_t i = 0; flood->debris && i < flood->cells; i++) {
            if (flood->max_hazard[i] > 0) flood->max_hazard[i] += flood->debris[i];
        }
        break;
    case CT_FLOOD_BED:
    case CT_FLOOD_INFILTRATED:
    case CT_FLOOD_ARRIVAL:
    case CT_FLOOD_ARRAYS: break;
    }
}

const double *ct_flood_get(const ct_flood *flood, ct_flood_array which) {
    read_one(flood, which);
    switch (which) {
    case CT_FLOOD_DEPTH: return flood->now.h;
    case CT_FLOOD_VELOCITY_X: return flood->now.u;
    case CT_FLOOD_VELOCITY_Y: return flood->now.v;
    case CT_FLOOD_BED: return flood->z;
    case CT_FLOOD_MAX_DEPTH: return flood->max_depth;
    case CT_FLOOD_MAX_SPEED: return flood->max_speed;
    case CT_FLOOD_MAX_HAZARD: return flood->max_hazard;
    case CT_FLOOD_INFILTRATED: return flood->taken_m;
    case CT_FLOOD_ARRIVAL: return flood->arrival;
    case CT_FLOOD_ARRAYS: break;
    }
    return NULL;
}

void ct_flood_ledger_get(const ct_flood *flood, ct_flood_ledger *out) {
    ct_surface_read(flood->surface, CT_SURFACE_DEPTH, flood->now.h);
    double area_m2 = flood->cell_m * flood->cell_m;
    double state = ct_sum_array(flood->pool, flood->now.h, flood->cells, flood->blocks) * area_m2;
    *out = (ct_flood_ledger){.initial_m3 = flood->initial_m3,
                             .rain_m3 = ct_sum_value(&flood->rain.reached_m3),
                             .rain_lost_m3 = ct_sum_value(&flood->rain.lost_m3),
                             .infiltrated_m3 = ct_sum_value(&flood->taken_sum_m) * area_m2,
                             .state_m3 = state};
    ct_sum error = {0};
    ct_sum_add(&error, state);
    ct_sum_add(&error, -out->initial_m3);
    ct_sum_add(&error, -out->rain_m3);
    ct_sum_add(&error, out->infiltrated_m3);
    for (int s = 0; s < CT_FLOOD_SIDES; s++) {
        out->in_m3[s] = ct_sum_value(&flood->rim[s].in_m3);
        out->out_m3[s] = ct_sum_value(&flood->rim[s].out_m3);
        ct_sum_add(&error, -out->in_m3[s]);
        ct_sum_add(&error, out->out_m3[s]);
    }
    ct_sum in = {0}, taken = {0};
    for (size_t s = 0; s < flood->source_count; s++) {
        ct_sum_add(&in, ct_sum_value(&flood->sources[s].in_m3));
        ct_sum_add(&taken, ct_sum_value(&flood->sources[s].out_m3));
    }
    out->source_in_m3 = ct_sum_value(&in);
    out->source_out_m3 = ct_sum_value(&taken);
    out->exchange_in_m3 = ct_sum_value(&flood->exchange_in_m3);
    out->exchange_out_m3 = ct_sum_value(&flood->exchange_out_m3);
    ct_sum_add(&error, -out->source_in_m3);
    ct_sum_add(&error, out->source_out_m3);
    ct_sum_add(&error, -out->exchange_in_m3);
    ct_sum_add(&error, out->exchange_out_m3);
    out->error_m3 = ct_sum_value(&error);
}
