// Horton's, Green and Ampt's and the SCS' infiltration.
#include "sim/runoff/soil.h"

#include <math.h>

#include "sim/core/infiltration.h"

static const double k_nothing_ms = 1e-12; // less is no water

// Of 98 % in the time that it takes to be dry.
static double recovery(const ct_soil *s) {
    return -log(0.02) / s->dry_s;
}

// ---- Horton ------------------------------------------------------------------------------------

static double horton(ct_soil_state *z, const ct_soil *s, double available, double dt) {
    if (s->decay_s <= 0 || s->first_ms <= s->last_ms) return fmin(available, s->first_ms);
    if (available <= k_nothing_ms) { // back on the curve
        const double left = -expm1(-s->decay_s * z->curve_s) * exp(-recovery(s) * dt);
        z->curve_s = -log1p(-left) / s->decay_s;
        return available;
    }
    const ct_horton law = {s->first_ms, s->last_ms, s->decay_s};
    const double before = ct_horton_depth_m(&law, z->curve_s);
    const double could = (ct_horton_depth_m(&law, z->curve_s + dt) - before) / dt;
    if (could <= available) {
        z->curve_s += dt;
        // far out the curve is its last rate; recovery needs a finite place
        z->curve_s = fmin(z->curve_s, 30 / s->decay_s);
        return could;
    }
    z->curve_s = ct_horton_time_s(&law, before + available * dt);
    z->curve_s = fmin(z->curve_s, 30 / s->decay_s);
    return available;
}

static double modified_horton(ct_soil_state *z, const ct_soil *s, double available, double dt) {
    if (available <= k_nothing_ms) {
        z->went_m *= exp(-recovery(s) * dt);
        return available;
    }
    const double could = fmax(s->last_ms, s->first_ms - s->decay_s * z->went_m);
    const double rate = fmin(could, available);
    z->went_m += fmax(0, rate - s->last_ms) * dt;
    return rate;
}

// ---- Green and Ampt ----------------------------------------------------------------------------

static const double k_inch = 0.0254;

// The depth of the upper zone and its share of recovery per second, by conductivity (in/h).
static double upper_zone(const ct_soil *s) {
    return 4 * sqrt(s->conductivity_ms / k_inch * 3600) * k_inch;
}

static double upper_recovery(const ct_soil *s) {
    return sqrt(s->conductivity_ms / k_inch * 3600) / 75 / 3600;
}

static double green_ampt(ct_soil_state *z, const ct_soil *s, double available, double dt) {
    const double upper = upper_zone(s), most = s->deficit * upper, kr = upper_recovery(s);
    if (available <= k_nothing_ms) {
        z->dry_for_s += dt;
        const double back = fmin(z->upper_m, kr * most * dt);
        z->upper_m -= back;
        z->went_m = fmax(0, z->went_m - back);
        if (z->dry_for_s > 0.06 / kr) { // a new event
            z->deficit = upper > 0 ? (most - z->upper_m) / upper : 0;
            z->went_m = 0;
        }
        return available;
    }
    z->dry_for_s = 0;
    const double a = s->suction_m * z->deficit;
    const double could = ct_green_ampt_depth_m(s->conductivity_ms, a, z->went_m, dt) / dt;
    const double rate = fmin(could, available);
    z->went_m += rate * dt;
    z->upper_m = fmin(most, z->upper_m + rate * dt);
    return rate;
}

// ---- curve numbers -----------------------------------------------------------------------------

static const double k_ponded_m = 0.05 * 0.0254; // less is no pond

static double curve_number(ct_soil_state *z, const ct_soil *s, double rain, double depth,
                           double available, double dt) {
    const double kr = 1 / s->dry_s;
    double could = 0;
    if (rain > k_nothing_ms) {
        if (z->dry_for_s >= 0.06 / kr) { // a new event
            z->rain_m = z->went_m = 0;
            z->event_m = z->retention_m;
        }
        z->dry_for_s = 0;
        z->rain_m += rain * dt;
        const double went = z->rain_m * (1 - z->rain_m / (z->rain_m + z->event_m));
        if (z->retention_m > 0) could = fmax(0, (went - z->went_m) / dt);
    } else if (depth > k_ponded_m && z->retention_m > 0) { // goes on as it did
        could = fmin(z->rate_ms, z->retention_m / dt);
    } else {
        z->dry_for_s += dt;
    }
    z->rate_ms = fmin(could, available);
    if (z->rate_ms > k_nothing_ms) {
        z->went_m += z->rate_ms * dt;
        z->retention_m = fmax(0, z->retention_m - z->rate_ms * dt);
    } else {
        z->retention_m = fmin(s->retention_m, z->retention_m + kr * s->retention_m * dt);
        z->rate_ms = 0;
    }
    return z->rate_ms;
}

// ------------------------------------------------------------------------------------------------

void ct_soil_begin(ct_soil_state *state, const ct_soil *soil) {
    *state = (ct_soil_state){
        .deficit = soil->deficit, .retention_m = soil->retention_m, .event_m = soil->retention_m};
}

double ct_soil_step(ct_soil_state *state, const ct_soil *soil, double rain_ms, double depth_m,
                    double dt_s) {
    const double available = fmax(0, rain_ms + depth_m / dt_s);
    switch (soil->kind) {
    case CT_SOIL_HORTON: return horton(state, soil, available, dt_s);
    case CT_SOIL_MODIFIED_HORTON: return modified_horton(state, soil, available, dt_s);
    case CT_SOIL_GREEN_AMPT: return green_ampt(state, soil, available, dt_s);
    case CT_SOIL_CURVE_NUMBER: return curve_number(state, soil, rain_ms, depth_m, available, dt_s);
    case CT_SOIL_KINDS: break;
    }
    return 0;
}
