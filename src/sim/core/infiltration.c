// Horton, and Green and Ampt: the integrals and their inverses.
#include "sim/core/infiltration.h"

#include <math.h>

enum { MOST_ROUNDS = 60 };

double ct_horton_depth_m(const ct_horton *law, double t_s) {
    const double start = (law->first_ms - law->last_ms) / law->decay_s;
    return law->last_ms * t_s - start * expm1(-law->decay_s * t_s);
}

// The function is concave, so Newton's steps from the left stay there.
double ct_horton_time_s(const ct_horton *law, double depth_m) {
    const double start = (law->first_ms - law->last_ms) / law->decay_s;
    if (law->first_ms <= 0 || (law->last_ms <= 0 && depth_m >= start)) return HUGE_VAL;
    double t = depth_m / law->first_ms;
    for (int round = 0; round < MOST_ROUNDS; round++) {
        const double slope = law->last_ms + (law->first_ms - law->last_ms) * exp(-law->decay_s * t);
        if (!(slope > 0)) return HUGE_VAL;
        const double ahead = (depth_m - ct_horton_depth_m(law, t)) / slope;
        t += ahead;
        if (ahead <= 1e-13 * t) break;
    }
    return t;
}

// The function is convex, so Newton's steps come down from the right after the first.
double ct_green_ampt_depth_m(double conductivity_ms, double pull_m, double taken_m, double dt_s) {
    const double most = conductivity_ms * dt_s;
    if (!(pull_m > 0) || !(most > 0)) return most;
    const double wet = taken_m + pull_m;
    double x = most + sqrt(most * (most + 2 * wet));
    for (int round = 0; round < MOST_ROUNDS; round++) {
        const double over = x - pull_m * log1p(x / wet) - most;
        const double step = over * (wet + x) / (taken_m + x);
        x = fmax(x - step, 0.5 * x);
        if (fabs(step) <= 1e-13 * x) break;
    }
    return x;
}
