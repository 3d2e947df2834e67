// What one cell takes: each law over a step.
#include "sim/flood/soil.h"

#include <math.h>

#include "sim/core/infiltration.h"

static double horton(const ct_flood_soil *s, double taken_m, double dt_s) {
    const ct_horton law = {s->initial_ms, s->rate_ms, s->decay_s};
    const double t = ct_horton_time_s(&law, taken_m);
    if (isinf(t)) return 0;
    // As a difference of integrals from here on, without cancellation.
    const ct_horton rest = {s->rate_ms + (s->initial_ms - s->rate_ms) * exp(-s->decay_s * t),
                            s->rate_ms, s->decay_s};
    return ct_horton_depth_m(&rest, dt_s);
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
    case CT_FLOOD_SOIL_GREEN_AMPT: {
        const double pull_m = (s->suction_m + available_m) * s->deficit;
        return ct_green_ampt_depth_m(s->rate_ms, pull_m, taken_m, dt_s);
    }
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
