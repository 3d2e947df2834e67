// What the state shows to the outside: arrays, profiles and the books of volume. Arrays are worked
// out when they are asked for, into buffers of their own.
#include <math.h>
#include <string.h>

#include "sim/drains/state.h"

static double conduit_depth(const ct_drains *d, const ct_drains__conduit *c) {
    double sum = 0;
    for (uint32_t k = 0; k < c->cells; k++) {
        double depth = fmax(0, d->live.head[c->first_cell + k] - d->bed[c->first_cell + k]);
        sum += c->section->closed ? fmin(depth, c->section->full_m) : depth;
    }
    return sum / c->cells;
}

static double face_mean(const ct_drains__conduit *c, const double *values) {
    double sum = 0;
    for (size_t k = 0; k <= c->cells; k++) sum += values[c->first_face + k];
    return sum / (double)(c->cells + 1);
}

static double conduit_value(const ct_drains *d, ct_drains_array which, size_t i) {
    const ct_drains__conduit *c = &d->conduits[i];
    if (which == CT_DRAINS_FLOW) return face_mean(c, d->live.flow);
    if (which == CT_DRAINS_FLOW_FROM) return d->live.flow[c->first_face];
    if (which == CT_DRAINS_FLOW_TO) return d->live.flow[c->first_face + c->cells];
    if (which == CT_DRAINS_CONDUIT_DEPTH) return conduit_depth(d, c);
    if (which == CT_DRAINS_VELOCITY) return face_mean(c, d->live.velocity);
    return d->live.max_flow[i];
}

static double node_value(const ct_drains *d, ct_drains_array which, size_t i) {
    if (which == CT_DRAINS_HEAD) return d->live.head[i];
    if (which == CT_DRAINS_DEPTH) return fmax(0, d->live.head[i] - d->bed[i]);
    if (which == CT_DRAINS_VOLUME) return d->live.volume[i];
    if (which == CT_DRAINS_FLOODED) return d->live.flooded[i];
    return d->live.max_head[i];
}

static double value(const ct_drains *d, ct_drains_array which, size_t i) {
    const double *flow = d->live.flow;
    if (which <= CT_DRAINS_MAX_HEAD) return node_value(d, which, i);
    if (which <= CT_DRAINS_MAX_FLOW) return conduit_value(d, which, i);
    if (which == CT_DRAINS_PUMP_FLOW) return flow[d->first_pump + i];
    if (which == CT_DRAINS_PUMPED) return d->live.pumped[i];
    if (which == CT_DRAINS_ORIFICE_FLOW) return flow[d->first_orifice + i];
    if (which == CT_DRAINS_WEIR_FLOW) return flow[d->first_weir + i];
    if (which == CT_DRAINS_OUTLET_FLOW) return flow[d->first_outlet + i];
    if (which == CT_DRAINS_EXCHANGE_FLOW) return -flow[d->first_exchange + i];
    return d->live.exchanged[i];
}

double ct_drains_value(const ct_drains *drains, ct_drains_array which, size_t index) {
    const bool there = (unsigned)which < CT_DRAINS_ARRAYS && index < drains->report_count[which];
    return there ? value(drains, which, index) : (double)NAN;
}

const double *ct_drains_get(const ct_drains *drains, ct_drains_array which, size_t *count) {
    if ((unsigned)which >= CT_DRAINS_ARRAYS) return NULL;
    double *out = drains->report_at[which];
    const size_t n = drains->report_count[which];
    if (count) *count = n;
    for (size_t i = 0; i < n; i++) out[i] = value(drains, which, i);
    return out;
}

ct_err ct_drains_profile_get(const ct_drains *drains, size_t conduit, ct_drains_profile *out) {
    if (conduit >= drains->conduit_count) {
        return ct_fail(CT_RANGE, "drains: profile: no conduit %zu, there are %zu", conduit,
                       drains->conduit_count);
    }
    const ct_drains__conduit *c = &drains->conduits[conduit];
    *out =
        (ct_drains_profile){c->cells, c->cell_m, drains->bed + c->first_cell,
                            drains->live.head + c->first_cell, drains->live.flow + c->first_face};
    return CT_OK;
}

void ct_drains_ledger_get(const ct_drains *drains, ct_drains_ledger *out) {
    const ct_drains__live *l = &drains->live;
    ct_sum nodes = {0}, conduits = {0}, error = {0};
    for (size_t i = 0; i < drains->unknowns; i++) {
        ct_sum_add(i < drains->node_count ? &nodes : &conduits, l->volume[i]);
        ct_sum_add(i < drains->node_count ? &nodes : &conduits, l->carry[i]);
        ct_sum_add(&error, l->volume[i]);
        ct_sum_add(&error, l->carry[i]);
    }
    ct_sum_add(&error, -l->initial_m3);
    double sums[CT_DRAINS__SUMS];
    for (int s = 0; s < CT_DRAINS__SUMS; s++) {
        bool in =
            s == CT_DRAINS__INFLOW || s == CT_DRAINS__OUTFALL_IN || s == CT_DRAINS__EXCHANGE_IN;
        sums[s] = ct_sum_value(&l->sums[s]);
        ct_sum_add(&error, in ? -sums[s] : sums[s]);
    }
    *out = (ct_drains_ledger){.initial_m3 = l->initial_m3,
                              .inflow_m3 = sums[CT_DRAINS__INFLOW],
                              .taken_m3 = sums[CT_DRAINS__TAKEN],
                              .outfall_in_m3 = sums[CT_DRAINS__OUTFALL_IN],
                              .outfall_out_m3 = sums[CT_DRAINS__OUTFALL_OUT],
                              .exchange_in_m3 = sums[CT_DRAINS__EXCHANGE_IN],
                              .exchange_out_m3 = sums[CT_DRAINS__EXCHANGE_OUT],
                              .flooded_m3 = sums[CT_DRAINS__FLOODED],
                              .node_m3 = ct_sum_value(&nodes),
                              .conduit_m3 = ct_sum_value(&conduits),
                              .error_m3 = ct_sum_value(&error)};
    out->state_m3 = out->node_m3 + out->conduit_m3;
}
