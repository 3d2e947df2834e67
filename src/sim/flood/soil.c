// The laws of infiltration, each by its integral over a step.
#include "sim/flood/soil.h"

#include <math.h>

enum { MOST_ROUNDS = 60 };

// Horton (Trans. Am. Geophys. Union 21, 1940): what is taken at capacity in t seconds is
// fc t + (f0 - fc) / k (1 - exp(-k t)).
static double horton_m(const ct_flood_soil *s, double t) {
    const double start = (s->initial_ms - s->rate_ms) / s->decay_s;
    return s->rate_ms * t - start * expm1(-s->decay_s * t);
}

// The time at which that much has been taken; infinite where it never is. The function is concave,
// so Newton's steps from the left stay there.
static double horton_s(const ct_flood_soil *s, double taken_m) {
    const double start = (s->initial_ms - s->rate_ms) / s->decay_s;
    if (s->initial_ms <= 0 || (s->rate_ms <= 0 && taken_m >= start)) return HUGE_VAL;
    double t = taken_m / s->initial_ms;
    for (int round = 0; round < MOST_ROUNDS; round++) {
        const double slope = s->rate_ms + (s->initial_ms - s->rate_ms) * exp(-s->decay_s * t);
        if (!(slope > 0)) return HUGE_VAL;
        const double ahead = (taken_m - horton_m(s, t)) / slope;
        t += ahead;
        if (ahead <= 1e-13 * t) break;
    }
    return t;
}

static double horton(const ct_flood_soil *s, double taken_m, double dt_s) {
    const double t = horton_s(s, taken_m);
    if (isinf(t)) return 0;
    const double left = (s->initial_ms - s->rate_ms) / s->decay_s * exp(-s->decay_s * t);
    return s->rate_ms * dt_s - left * expm1(-s->decay_s * dt_s);
}

// Green and Ampt (J. Agric. Sci. 4, 1911) under water of a depth: with S = (suction + depth)
// deficit, what is taken in dt is the x of  x - S ln(1 + x / (F + S)) = K dt. The function is
// convex, so Newton's steps come down from the right after the first.
static double green_ampt(const ct_flood_soil *s, double taken_m, double depth_m, double dt_s) {
    const double most = s->rate_ms * dt_s, pull = (s->suction_m + depth_m) * s->deficit;
    if (!(pull > 0) || !(most > 0)) return most;
    const double wet = taken_m + pull;
    double x = most + sqrt(most * (most + 2 * wet));
    for (int round = 0; round < MOST_ROUNDS; round++) {
        const double over = x - pull * log1p(x / wet) - most;
        const double step = over * (wet + x) / (taken_m + x);
        x = fmax(x - step, 0.5 * x);
        if (fabs(step) <= 1e-13 * x) break;
    }
    return x;
}

// SCS curve number (NRCS, National Engineering Handbook 630, chapter 10): of a rain of P all but
// (P - Ia)^2 / (P - Ia + S) stays in the ground, with S = 25.4 mm (1000 / CN - 10).
static double kept_m(const ct_flood_soil *s, double rain_m) {
    const double room = 0.0254 * (1000 / s->curve_number - 10);
    const double over = rain_m - s->abstraction * room;
    return over > 0 ? rain_m - over * over / (over + room) : rain_m;
}

static double could_take_m(const ct_flood_soil *s, double taken_m, double available_m,
                           double fallen_m, double falls_m, double dt_s) {
    switch (s->kind) {
    case CT_FLOOD_SOIL_CONSTANT: return s->rate_ms * dt_s;
    case CT_FLOOD_SOIL_HORTON: return horton(s, taken_m, dt_s);
    case CT_FLOOD_SOIL_GREEN_AMPT: return green_ampt(s, taken_m, available_m, dt_s);
    case CT_FLOOD_SOIL_CURVE_NUMBER: return kept_m(s, fallen_m + falls_m) - kept_m(s, fallen_m);
    case CT_FLOOD_SOILS: break;
    }
    return 0;
}

double ct_flood__soil_take(const ct_flood_soil *soil, double taken_m, double available_m,
                           double fallen_m, double falls_m, double dt_s) {
    double take = could_take_m(soil, taken_m, available_m, fallen_m, falls_m, dt_s);
    if (soil->capacity_m > 0) take = fmin(take, soil->capacity_m - taken_m);
    return fmax(0, fmin(take, available_m));
}
