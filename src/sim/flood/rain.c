// Rain. With zones, a step has one depth, that of the heaviest zone, and each zone a share of it;
// the shares change when some zone's intensity does, not from step to step.
#include "sim/flood/rain.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

static ct_err make_arrays(ct_flood__rain *r, size_t cells, bool zones) {
    double *block = ct_calloc(4 * r->count, sizeof *block);
    if (!block) return CT_NOMEM;
    r->area_m2 = block;
    r->lost_m2 = block + r->count;
    r->mean_ms = block + 2 * r->count;
    r->share = block + 3 * r->count;
    r->curve = ct_calloc(r->count, sizeof *r->curve);
    r->gain = ct_alloc_aligned(64, cells * sizeof *r->gain);
    if (!r->curve || !r->gain) return CT_NOMEM;
    memset(r->gain, 0, cells * sizeof *r->gain);
    if (!zones) return CT_OK;
    r->zone = ct_alloc(cells * sizeof *r->zone);
    return r->zone ? CT_OK : CT_NOMEM;
}

// What falls on each cell, to whom it goes, and how much ground that is.
static ct_err share_out(ct_flood__rain *r, const ct_flood_params *p, size_t cells) {
    ct_sum *sums = ct_calloc(2 * r->count, sizeof *sums), *reached = sums,
           *lost = sums ? sums + r->count : NULL;
    if (!sums) return CT_NOMEM;
    for (size_t i = 0; i < cells; i++) {
        const double factor = p->rain_factor ? p->rain_factor[i] : 1;
        int64_t to = (int64_t)i;
        if (p->blocked && p->blocked[i]) to = p->roof_receiver ? p->roof_receiver[i] : -1;
        const size_t of = to >= 0 ? (size_t)to : i, zone = r->zone ? r->zone[of] : 0;
        if (to >= 0) r->gain[of] += factor;
        ct_sum_add(&(to >= 0 ? reached : lost)[zone], factor);
    }
    for (size_t k = 0; k < r->count; k++) {
        r->area_m2[k] = ct_sum_value(&reached[k]) * p->cell_m * p->cell_m;
        r->lost_m2[k] = ct_sum_value(&lost[k]) * p->cell_m * p->cell_m;
    }
    ct_free(sums);
    return CT_OK;
}

ct_err ct_flood__rain_open(ct_flood__rain *r, const ct_flood_params *p) {
    const size_t cells = (size_t)p->nx * p->ny;
    *r = (ct_flood__rain){.count = p->zone_count ? p->zone_count : 1};
    CT_TRY(make_arrays(r, cells, p->zone_count > 0));
    if (r->zone) memcpy(r->zone, p->rain_zone, cells * sizeof *r->zone);
    for (size_t k = 0; k < r->count; k++) {
        const ct_flood_series *s = p->zone_count ? &p->zone_rain[k] : &p->rain;
        CT_TRY(ct_curve_copy(&r->curve[k], s->time_s, s->value, s->count));
    }
    ct_flood__rain_jump(r);
    if (!r->zone) r->share[0] = 1;
    return share_out(r, p, cells);
}

void ct_flood__rain_free(ct_flood__rain *r) {
    for (size_t k = 0; r->curve && k < r->count; k++) ct_curve_free(&r->curve[k]);
    ct_free(r->curve);
    ct_free(r->zone);
    ct_free(r->gain);
    ct_free(r->area_m2); // owns the others
}

void ct_flood__rain_jump(ct_flood__rain *r) {
    r->steady_from_s = HUGE_VAL;
    if (!r->zone) return;
    for (size_t k = 0; k < r->count; k++) r->share[k] = (double)NAN;
}

double ct_flood__rain_next(const ct_flood__rain *r, double from_s) {
    double until_s = HUGE_VAL;
    for (size_t k = 0; k < r->count; k++)
        until_s = fmin(until_s, ct_curve_next(&r->curve[k], from_s));
    return until_s;
}

static void find_means(ct_flood__rain *r, double from_s, double to_s) {
    const double until_s = ct_flood__rain_next(r, from_s);
    const bool steady = to_s <= until_s;
    for (size_t k = 0; k < r->count; k++) {
        r->mean_ms[k] = steady ? ct_curve_since(&r->curve[k], from_s)
                               : ct_curve_integral(&r->curve[k], from_s, to_s) / (to_s - from_s);
    }
    r->steady_from_s = steady ? from_s : HUGE_VAL;
    r->steady_until_s = until_s;
}

double ct_flood__rain_depth(ct_flood__rain *r, double from_s, double to_s, bool *changed) {
    *changed = false;
    if (!r->zone) return ct_curve_integral(r->curve, from_s, to_s);
    if (r->steady_from_s <= from_s && to_s <= r->steady_until_s)
        return r->most_ms * (to_s - from_s);
    find_means(r, from_s, to_s);
    r->most_ms = 0;
    for (size_t k = 0; k < r->count; k++) r->most_ms = fmax(r->most_ms, r->mean_ms[k]);
    for (size_t k = 0; r->most_ms > 0 && k < r->count; k++) {
        const double share = r->mean_ms[k] / r->most_ms;
        if (share != r->share[k]) *changed = true;
        r->share[k] = share;
    }
    return r->most_ms * (to_s - from_s);
}

void ct_flood__rain_book(ct_flood__rain *r, double depth_m) {
    if (depth_m <= 0) return;
    for (size_t k = 0; k < r->count; k++) {
        ct_sum_add(&r->reached_m3, depth_m * r->share[k] * r->area_m2[k]);
        ct_sum_add(&r->lost_m3, depth_m * r->share[k] * r->lost_m2[k]);
    }
}
