// Steps, and the watchdog over them.
#include <math.h>

#include "sim/flood/state.h"

// Of the shortest, in a stretch of local ones: longer stretches gain next to nothing.
#define MOST_STEPS 8

double ct_flood_time_s(const ct_flood *flood) {
    return flood->time_s;
}

uint64_t ct_flood_steps(const ct_flood *flood) {
    return flood->steps;
}

double ct_flood_dt_max_s(const ct_flood *flood) {
    return flood->cfl * flood->cell_m / flood->wave_ms;
}

static bool is_bad(double depth_m, double speed_ms) {
    return !(depth_m >= 0) || !(speed_ms <= CT_FLOOD__SPEED_LIMIT_MS) ||
           !(sqrt(CT_FLOOD_GRAVITY * depth_m) <= CT_FLOOD__SPEED_LIMIT_MS);
}

// Names the first cell that is to blame; where none is beyond all bounds, the fastest.
static ct_err diverged(const ct_flood *flood, double dt_s, const char *what) {
    ct_flood__surface_read(flood);
    const ct_flood__cells *c = &flood->now;
    size_t cell = 0;
    double fastest_ms = -1;
    for (size_t i = 0; i < flood->cells; i++) {
        const double speed_ms = hypot(c->u[i], c->v[i]);
        if (is_bad(c->h[i], speed_ms)) {
            cell = i;
            break;
        }
        if (speed_ms > fastest_ms) {
            fastest_ms = speed_ms;
            cell = i;
        }
    }
    return ct_fail(
        CT_DIVERGED,
        "flood: %s at row %zu, column %zu, time %.6g s, step %.3g s: depth %.6g m, velocity "
        "(%.6g, %.6g) m/s",
        what, cell / flood->nx, cell % flood->nx, flood->time_s, dt_s, c->h[cell], c->u[cell],
        c->v[cell]);
}

static void accept(ct_flood *flood, double rain_m, double end_s, double wave_ms) {
    flood->time_s = end_s;
    ct_flood__rain_book(&flood->rain, rain_m);
    double edges_ms = ct_flood__edges_wave(flood, end_s);
    wave_ms = fmax(CT_FLOOD__WAVE_FLOOR_MS, fmax(wave_ms, edges_ms));
    flood->wave_ms = ct_flood__sources_wave(flood, end_s, wave_ms);
    ct_flood__soak(flood);
}

static ct_err check_found(ct_flood *flood, const ct_surface_found *found, double dt_s) {
    if (!found->wild && found->wave_ms <= CT_FLOOD__SPEED_LIMIT_MS) return CT_OK;
    flood->lost = true;
    return diverged(flood, dt_s, "diverged");
}

static ct_err step_all(ct_flood *flood, double dt_s, double end_s, double rain_m, double *wave_ms) {
    ct_flood__sources_pour(flood, dt_s, end_s);
    ct_flood__edges_tell(flood, dt_s);
    const ct_surface_found found = ct_surface_step(flood->surface, dt_s, rain_m);
    CT_TRY(check_found(flood, &found, dt_s));
    ct_flood__edges_book(flood, dt_s);
    ct_surface_arrivals(flood->surface, flood->arrival, end_s);
    flood->steps++;
    *wave_ms = found.wave_ms;
    return CT_OK;
}

// A stretch of local steps.
static ct_err step_locally(ct_flood *flood, double dt_s, double end_s, double rain_m,
                           double *wave_ms) {
    ct_surface_begin(flood->surface, dt_s, rain_m, flood->cfl);
    for (double passed_s = 0; passed_s < dt_s; flood->steps++) {
        ct_flood__edges_raise(flood);
        ct_flood__sources_raise(flood, end_s);
        ct_surface_choose(flood->surface);
        ct_flood__sources_pour_starting(flood, end_s);
        ct_flood__edges_tell_starting(flood);
        const ct_surface_found found = ct_surface_go(flood->surface, &passed_s);
        CT_TRY(check_found(flood, &found, dt_s));
        const double now_s = passed_s < dt_s ? flood->time_s + passed_s : end_s;
        ct_surface_arrivals(flood->surface, flood->arrival, now_s);
        *wave_ms = found.wave_ms;
    }
    return CT_OK;
}

// The surface moves in place: once it has diverged its state is gone.
static ct_err step_to(ct_flood *flood, double dt_s, double end_s) {
    bool changed;
    double rain_m = ct_flood__rain_depth(&flood->rain, flood->time_s, end_s, &changed), wave_ms = 0;
    if (changed) {
        ct_surface_set_rain(flood->surface, flood->rain.gain, flood->rain.zone, flood->rain.share);
    }
    ct_flood__edges_prepare(flood, end_s);
    CT_TRY(flood->local_steps ? step_locally(flood, dt_s, end_s, rain_m, &wave_ms)
                              : step_all(flood, dt_s, end_s, rain_m, &wave_ms));
    accept(flood, rain_m, end_s, wave_ms);
    return CT_OK;
}

static ct_err check_state(const ct_flood *flood) {
    if (!flood->lost) return CT_OK;
    return ct_fail(CT_DIVERGED, "flood: the state diverged after %g s and is of no use any more",
                   flood->time_s);
}

ct_err ct_flood_step(ct_flood *flood, double dt_s) {
    double longest_s = ct_flood_dt_max_s(flood);
    CT_TRY(check_state(flood));
    if (!(dt_s > 0) || dt_s > longest_s || !(flood->time_s + dt_s > flood->time_s)) {
        return ct_fail(CT_RANGE, "flood: step of %g s: not within 0 and %g s", dt_s, longest_s);
    }
    return step_to(flood, dt_s, flood->time_s + dt_s);
}

// The next step within rest_s, so that no tiny one is left over.
static double next_step_s(const ct_flood *flood, double rest_s) {
    const double dt_s = ct_flood_dt_max_s(flood), steps = ceil(rest_s / dt_s);
    if (!flood->local_steps) {
        if (dt_s >= rest_s) return rest_s;
        return 2 * dt_s > rest_s ? 0.5 * rest_s : dt_s; // two equal ones
    }
    if (steps > 2 * MOST_STEPS) return MOST_STEPS * dt_s;
    double together = MOST_STEPS; // a power of two of equal ones
    while (together > steps) together /= 2;
    return together == steps ? rest_s : together * (rest_s / steps);
}

// The next time at which rain, an edge or a source begins to change otherwise.
static double next_change_s(const ct_flood *flood) {
    double next_s = ct_flood__rain_next(&flood->rain, flood->time_s);
    for (size_t e = 0; e < flood->edge_count; e++)
        next_s = fmin(next_s, ct_curve_next(&flood->edges[e].series, flood->time_s));
    for (size_t s = 0; s < flood->source_count; s++)
        next_s = fmin(next_s, ct_curve_next(&flood->sources[s].discharge, flood->time_s));
    return next_s;
}

// Rain, edges and sources have their means in a stretch of local steps, and the ground takes at its
// end: it ends where they change, and soon where there is ground. No stop is nearer than one step,
// which has means without local steps too.
static double next_stop_s(const ct_flood *flood, double until_s) {
    if (!flood->local_steps) return until_s;
    // A little less, so that rounding makes no two steps of it.
    const double one_s = flood->time_s + (1 - 1e-9) * ct_flood_dt_max_s(flood);
    double stop_s = fmax(one_s, next_change_s(flood));
    if (flood->soil) stop_s = fmin(stop_s, fmax(one_s, flood->time_s + CT_FLOOD__SOAK_BETWEEN_S));
    return fmin(until_s, stop_s);
}

ct_err ct_flood_advance(ct_flood *flood, double until_s) {
    CT_TRY(check_state(flood));
    if (!(until_s >= flood->time_s) || !isfinite(until_s)) {
        return ct_fail(CT_RANGE, "flood: cannot advance to %g s from %g s", until_s, flood->time_s);
    }
    while (flood->time_s < until_s) {
        const double stop_s = next_stop_s(flood, until_s), rest_s = stop_s - flood->time_s;
        const double dt_s = next_step_s(flood, rest_s);
        if (dt_s >= rest_s) {
            CT_TRY(step_to(flood, rest_s, stop_s));
            continue;
        }
        if (!(flood->time_s + dt_s > flood->time_s)) {
            return diverged(flood, dt_s, "the step is lost in the time's rounding");
        }
        CT_TRY(step_to(flood, dt_s, flood->time_s + dt_s));
    }
    return CT_OK;
}
