// What the engine shows to the outside.
#include <math.h>

#include "sim/storage/state.h"

ct_err ct_storage_area_get(const ct_storage *storage, size_t area, ct_storage_area_report *out) {
    if (area >= storage->area_count)
        return ct_fail(CT_RANGE, "storage: no area %zu, there are %zu", area, storage->area_count);
    const ct_storage__live *l = &storage->live;
    *out = (ct_storage_area_report){.level_m = l->level[area],
                                    .depth_m = l->level[area] - storage->areas[area].floor_m,
                                    .volume_m3 = ct_sum_value(&l->volume[area]),
                                    .max_level_m = l->max_level[area]};
    return CT_OK;
}

ct_err ct_storage_flow_get(const ct_storage *storage, size_t connection,
                           ct_storage_flow_report *out) {
    if (connection >= storage->connection_count)
        return ct_fail(CT_RANGE, "storage: no connection %zu, there are %zu", connection,
                       storage->connection_count);
    const ct_storage__live *l = &storage->live;
    *out = (ct_storage_flow_report){.flow_m3s = l->flow[connection],
                                    .forward_m3 = ct_sum_value(&l->forward[connection]),
                                    .backward_m3 = ct_sum_value(&l->backward[connection]),
                                    .runs = l->runs[connection] > 0};
    return CT_OK;
}

double ct_storage_surface_taken(const ct_storage *storage, size_t place) {
    return place < storage->place_count ? ct_sum_value(&storage->live.taken[place]) : (double)NAN;
}

void ct_storage_ledger_get(const ct_storage *storage, ct_storage_ledger *out) {
    const ct_sum *sums = storage->live.sums;
    ct_sum state = {0}, error = {0};
    for (size_t i = 0; i < storage->area_count; i++) {
        ct_sum_add(&state, storage->live.volume[i].sum);
        ct_sum_add(&state, storage->live.volume[i].carry);
    }
    *out = (ct_storage_ledger){.initial_m3 = *storage->live.initial_m3,
                               .inflow_m3 = ct_sum_value(&sums[CT_STORAGE__INFLOW]),
                               .taken_m3 = ct_sum_value(&sums[CT_STORAGE__TAKEN]),
                               .outside_in_m3 = ct_sum_value(&sums[CT_STORAGE__OUTSIDE_IN]),
                               .outside_out_m3 = ct_sum_value(&sums[CT_STORAGE__OUTSIDE_OUT]),
                               .place_in_m3 = ct_sum_value(&sums[CT_STORAGE__PLACE_IN]),
                               .place_out_m3 = ct_sum_value(&sums[CT_STORAGE__PLACE_OUT]),
                               .state_m3 = ct_sum_value(&state)};
    const double terms[] = {out->state_m3,     -out->initial_m3,    -out->inflow_m3,
                            out->taken_m3,     -out->outside_in_m3, out->outside_out_m3,
                            -out->place_in_m3, out->place_out_m3};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) ct_sum_add(&error, terms[i]);
    out->error_m3 = ct_sum_value(&error);
}

ct_err ct_storage_rating(ct_storage *storage, size_t connection, double from_m, double to_m,
                         double *m3s) {
    if (connection >= storage->connection_count)
        return ct_fail(CT_RANGE, "storage: no connection %zu, there are %zu", connection,
                       storage->connection_count);
    if (!isfinite(from_m) || !isfinite(to_m))
        return ct_fail(CT_RANGE, "storage: levels of a rating: %g and %g", from_m, to_m);
    ct_storage__settle(storage, *storage->live.time_s);
    *m3s = ct_storage__discharge(storage, connection, from_m, to_m, -HUGE_VAL, -HUGE_VAL);
    return CT_OK;
}
