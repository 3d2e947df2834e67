// A step of all: the surface is told to the drains and they go ahead; then, in steps of the
// surface, it is told to the storages, they go ahead, and the surface follows with what both
// passed.
#include <math.h>
#include <string.h>

#include "sim/street/state.h"

#define MOST_M3S 1e6 // of a source

double ct_street_time_s(const ct_street *street) {
    return street->time_s;
}

double ct_street_dt_max_s(const ct_street *street) {
    return street->step_s;
}

// What a place passed in a part of a step, from the surface positive.
static void pass(ct_street *s, size_t place, double volume_m3, double share_of_flow) {
    ct_street__passed *p = &s->passed[place];
    p->under_way_m3 -= volume_m3;
    p->flow_m3s += volume_m3 * share_of_flow;
    ct_sum_add(volume_m3 > 0 ? &p->drained_m3 : &p->surcharged_m3, fabs(volume_m3));
}

// dt_s to end_s, of a whole step of step_s.
static ct_err storage_step(ct_street *s, double dt_s, double end_s, double step_s) {
    CT_TRY(ct_street__look(s));
    ct_street__reckon_debts(s);
    for (size_t k = s->exchanges; k < s->count; k++) {
        const ct_storage_surface surface = ct_street__at_storage(s, k, dt_s);
        CT_TRY(ct_storage_surface_set(s->storage, k - s->exchanges, &surface));
    }
    CT_TRY(ct_storage_advance(s->storage, end_s));
    for (size_t k = s->exchanges; k < s->count; k++)
        pass(s, k, ct_storage_surface_taken(s->storage, k - s->exchanges), 1 / step_s);
    return CT_OK;
}

static ct_err drains_step(ct_street *s, double dt_s, double end_s) {
    CT_TRY(ct_street__look(s));
    ct_street__reckon_debts(s);
    for (size_t k = 0; k < s->exchanges; k++) {
        const ct_drains_surface surface = ct_street__at_exchange(s, k);
        CT_TRY(ct_drains_surface_set(s->drains, k, &surface));
    }
    CT_TRY(ct_drains_advance(s->drains, end_s));
    size_t count;
    const double *volume = ct_drains_get(s->drains, CT_DRAINS_EXCHANGE_VOLUME, &count);
    for (size_t k = 0; k < s->exchanges; k++) pass(s, k, volume[k], 1 / dt_s);
    return CT_OK;
}

// What the surface has got from a place so far.
static ct_err arrived(const ct_street *s, size_t place, double *net_m3) {
    double in_m3, out_m3;
    CT_TRY(ct_flood_source_get(s->flood, s->sources + place, &in_m3, &out_m3));
    *net_m3 = in_m3 - out_m3;
    return CT_OK;
}

// To end_s: what the storages passed comes by then, what the drains passed by rest_s from now.
static ct_err flood_step(ct_street *s, double dt_s, double end_s, double rest_s) {
    for (size_t k = 0; k < s->count; k++) {
        // What a very short step cannot pass stays under way.
        const double m3s = s->passed[k].under_way_m3 / (k < s->exchanges ? rest_s : dt_s);
        s->pours_m3s[k] = fmin(fmax(m3s, -MOST_M3S), MOST_M3S);
    }
    CT_TRY(ct_flood_set_sources(s->flood, s->sources, s->count, s->pours_m3s));
    for (size_t k = 0; k < s->count; k++) {
        double before_m3;
        CT_TRY(arrived(s, k, &before_m3));
        s->passed[k].under_way_m3 += before_m3; // until the surface has gone its way
    }
    CT_TRY(ct_flood_advance(s->flood, end_s));
    for (size_t k = 0; k < s->count; k++) {
        double after_m3;
        CT_TRY(arrived(s, k, &after_m3));
        s->passed[k].under_way_m3 -= after_m3;
    }
    return CT_OK;
}

// Storages and surface by the steps of the surface: a door takes a cell's water in little more than
// the time in which its neighbours refill it.
static ct_err storage_and_flood(ct_street *s, double step_s, double end_s) {
    for (double now_s; (now_s = ct_flood_time_s(s->flood)) < end_s;) {
        // A little less than the longest: rounding of the times must not make two steps of it.
        const double rest_s = end_s - now_s, most_s = ct_flood_dt_max_s(s->flood) * (1 - 1e-9);
        // Two equal steps rather than a long and a tiny one.
        const double dt_s = rest_s <= most_s       ? rest_s
                            : rest_s <= 2 * most_s ? 0.5 * rest_s
                                                   : most_s;
        const double to_s = dt_s < rest_s && now_s + dt_s > now_s ? now_s + dt_s : end_s;
        CT_TRY(storage_step(s, to_s - now_s, to_s, step_s));
        CT_TRY(flood_step(s, to_s - now_s, to_s, rest_s));
    }
    return CT_OK;
}

static ct_err step_to(ct_street *s, double dt_s, double end_s) {
    if (s->lost) return ct_fail(CT_DIVERGED, "street: the state has diverged");
    s->lost = true; // until all of it is done
    for (size_t k = 0; k < s->count; k++) s->passed[k].flow_m3s = 0;
    if (s->drains) CT_TRY(drains_step(s, dt_s, end_s));
    CT_TRY(s->storage ? storage_and_flood(s, dt_s, end_s) : flood_step(s, dt_s, end_s, dt_s));
    s->lost = false;
    s->time_s = end_s;
    return CT_OK;
}

ct_err ct_street_step(ct_street *street, double dt_s) {
    if (!(dt_s > 0) || dt_s > street->step_s || !(street->time_s + dt_s > street->time_s)) {
        return ct_fail(CT_RANGE, "street: step of %g s: not within 0 and %g s", dt_s,
                       street->step_s);
    }
    return step_to(street, dt_s, street->time_s + dt_s);
}

ct_err ct_street_advance(ct_street *street, double until_s) {
    if (!(until_s >= street->time_s) || !isfinite(until_s)) {
        return ct_fail(CT_RANGE, "street: cannot advance to %g s from %g s", until_s,
                       street->time_s);
    }
    while (street->time_s < until_s) {
        double rest_s = until_s - street->time_s, dt_s = street->step_s;
        if (dt_s >= rest_s) {
            CT_TRY(step_to(street, rest_s, until_s));
            continue;
        }
        if (2 * dt_s > rest_s) dt_s = 0.5 * rest_s; // two equal steps, not a long and a tiny one
        if (!(street->time_s + dt_s > street->time_s)) {
            return ct_fail(CT_RANGE, "street: a step of %g s is lost at %g s", dt_s,
                           street->time_s);
        }
        CT_TRY(step_to(street, dt_s, street->time_s + dt_s));
    }
    return CT_OK;
}

ct_err ct_street_set(ct_street *street, const char *control, size_t index, double value) {
    if (strncmp(control, "surface_", 8) == 0) {
        return ct_fail(CT_NOTFOUND, "street: no control \"%s\": the surface is there", control);
    }
    if (strcmp(control, "source") == 0 && index >= street->sources) {
        return ct_fail(CT_RANGE, "street: source: no source %zu, there are %zu", index,
                       street->sources);
    }
    ct_err err = ct_flood_set(street->flood, control, index, value);
    if (err == CT_NOTFOUND && street->drains)
        err = ct_drains_set(street->drains, control, index, value);
    if (err == CT_NOTFOUND && street->storage)
        err = ct_storage_set(street->storage, control, index, value);
    return err;
}
