// Steps: try, accept or halve, and the watchdog over them.
#include <math.h>

#include "sim/flood/face.h"
#include "sim/flood/state.h"

double ct_flood_time_s(const ct_flood *flood) {
    return flood->time_s;
}

uint64_t ct_flood_steps(const ct_flood *flood) {
    return flood->steps;
}

double ct_flood_dt_max_s(const ct_flood *flood) {
    return flood->cfl * flood->cell_m / flood->wave_ms;
}

// What a try found: the parts' counts and maximum together.
typedef struct findings {
    size_t drained, wild;
    double wave_ms;
} findings;

static findings collect(const ct_flood *flood) {
    findings all = {0};
    for (size_t p = 0; p < flood->part_count; p++) {
        all.drained += flood->parts[p].drained;
        all.wild += flood->parts[p].wild;
        all.wave_ms = fmax(all.wave_ms, flood->parts[p].wave_ms);
    }
    return all;
}

// Names the first cell of the refused state that is to blame.
static ct_err diverged(const ct_flood *flood, double dt_s, const char *what) {
    const ct_flood__cells *c = flood->surface ? &flood->now : &flood->next;
    size_t cell = 0;
    for (size_t i = 0; i < flood->cells; i++) {
        double speed = hypot(c->u[i], c->v[i]);
        cell = i;
        if (!(c->h[i] >= 0) || !(speed <= CT_FLOOD__SPEED_LIMIT_MS) ||
            !(sqrt(CT_FLOOD_GRAVITY * c->h[i]) <= CT_FLOOD__SPEED_LIMIT_MS)) {
            break;
        }
    }
    return ct_fail(
        CT_DIVERGED,
        "flood: %s at row %zu, column %zu, time %.6g s, step %.3g s: depth %.6g m, velocity "
        "(%.6g, %.6g) m/s",
        what, cell / flood->nx, cell % flood->nx, flood->time_s, dt_s, c->h[cell], c->u[cell],
        c->v[cell]);
}

static bool has_bad_depth(const ct_flood *flood) {
    for (size_t i = 0; i < flood->cells; i++) {
        if (!isfinite(flood->next.h[i])) return true;
    }
    return false;
}

static void accept(ct_flood *flood, double dt_s, double rain_m, double end_s, double wave_ms) {
    flood->time_s = end_s;
    flood->steps++;
    ct_flood__rain_book(&flood->rain, rain_m);
    ct_flood__edges_book(flood, dt_s);
    double edges_ms = ct_flood__edges_wave(flood, end_s);
    wave_ms = fmax(CT_FLOOD__WAVE_FLOOR_MS, fmax(wave_ms, edges_ms));
    flood->wave_ms = ct_flood__sources_wave(flood, end_s, wave_ms);
}

// Tries one step of dt_s that ends at end_s. *done = false: it would drain some cell, nothing has
// changed.
static ct_err try_step(ct_flood *flood, double dt_s, double end_s, bool *done) {
    bool changed;
    double rain_m = ct_flood__rain_depth(&flood->rain, flood->time_s, end_s, &changed);
    ct_flood__edges_prepare(flood, end_s);
    ct_flood__sweep(flood, dt_s, rain_m);
    findings found = collect(flood);
    if (found.wild || found.wave_ms > CT_FLOOD__SPEED_LIMIT_MS) {
        return diverged(flood, dt_s, "diverged");
    }
    if (found.drained && has_bad_depth(flood))
        return diverged(flood, dt_s, "depth is not a number");
    *done = found.drained == 0;
    if (!*done) return CT_OK;
    ct_flood__cells old = flood->now;
    flood->now = flood->next;
    flood->next = old;
    accept(flood, dt_s, rain_m, end_s, found.wave_ms);
    ct_flood__update_maxima(flood);
    return CT_OK;
}

// A surface's step never drains a cell; if it diverges, its state is gone.
static ct_err surface_step(ct_flood *flood, double dt_s, double end_s) {
    bool changed;
    double rain_m = ct_flood__rain_depth(&flood->rain, flood->time_s, end_s, &changed);
    if (changed) {
        ct_surface_set_rain(flood->surface, flood->rain.gain, flood->rain.zone, flood->rain.share);
    }
    ct_flood__edges_prepare(flood, end_s);
    ct_flood__sources_pour(flood, dt_s, end_s);
    ct_flood__edges_tell(flood, dt_s);
    ct_surface_found found = ct_surface_step(flood->surface, dt_s, rain_m);
    if (found.wild || found.wave_ms > CT_FLOOD__SPEED_LIMIT_MS) {
        ct_flood__surface_read(flood);
        return diverged(flood, dt_s, "diverged");
    }
    accept(flood, dt_s, rain_m, end_s, found.wave_ms);
    ct_surface_arrivals(flood->surface, flood->arrival, end_s);
    ct_flood__soak(flood);
    return CT_OK;
}

static ct_err step_to(ct_flood *flood, double dt_s, double end_s) {
    if (flood->surface) return surface_step(flood, dt_s, end_s);
    const double start_s = flood->time_s, shortest_s = ldexp(dt_s, -20);
    double gone_s = 0, piece_s = dt_s;
    for (;;) {
        double rest_s = dt_s - gone_s;
        bool last = piece_s >= rest_s, done = false;
        if (last) piece_s = rest_s;
        CT_TRY(try_step(flood, piece_s, last ? end_s : start_s + gone_s + piece_s, &done));
        if (done) {
            if (last) return CT_OK;
            gone_s += piece_s;
            piece_s = fmin(piece_s, ct_flood_dt_max_s(flood));
        } else {
            piece_s *= 0.5;
        }
        if (piece_s < shortest_s) return diverged(flood, piece_s, "the step collapsed");
    }
}

ct_err ct_flood_step(ct_flood *flood, double dt_s) {
    double longest_s = ct_flood_dt_max_s(flood);
    if (!(dt_s > 0) || dt_s > longest_s || !(flood->time_s + dt_s > flood->time_s)) {
        return ct_fail(CT_RANGE, "flood: step of %g s: not within 0 and %g s", dt_s, longest_s);
    }
    return step_to(flood, dt_s, flood->time_s + dt_s);
}

ct_err ct_flood_advance(ct_flood *flood, double until_s) {
    if (!(until_s >= flood->time_s) || !isfinite(until_s)) {
        return ct_fail(CT_RANGE, "flood: cannot advance to %g s from %g s", until_s, flood->time_s);
    }
    while (flood->time_s < until_s) {
        double dt_s = ct_flood_dt_max_s(flood), rest_s = until_s - flood->time_s;
        if (dt_s >= rest_s) {
            CT_TRY(step_to(flood, rest_s, until_s));
            continue;
        }
        if (2 * dt_s > rest_s) dt_s = 0.5 * rest_s; // two equal steps, not a long and a tiny one
        if (!(flood->time_s + dt_s > flood->time_s)) {
            return diverged(flood, dt_s, "the step is lost in the time's rounding");
        }
        CT_TRY(step_to(flood, dt_s, flood->time_s + dt_s));
    }
    return CT_OK;
}
