// The storm-intensity formula and the course of a Chicago storm, by its integrals in closed form.
#include "sim/core/storm.h"

#include <math.h>

const char *const ct_storm_fields[] = {
    "a_l_s_ha",     "c",          "b_min",   "n",        "return_period_years",
    "duration_min", "peak_ratio", "begin_s", "step_min", NULL};

// Depth in m of the heaviest stretch of t minutes. 1 L/(s ha) = 1e-7 m/s.
static double depth_of(const ct_storm *s, double t_min) {
    if (t_min <= 0) return 0;
    const double a = s->a_l_s_ha * 1e-7 * (1 + s->c * log10(s->return_period_years));
    return a * t_min * 60 / pow(t_min + s->b_min, s->n);
}

static ct_err check(const ct_storm *s, const char *where) {
    const double t_min = s->duration_s / 60;
    if (!(1 + s->c * log10(s->return_period_years) > 0))
        return ct_fail(CT_RANGE, "%s: 1 + c lg P is not above 0 for a return period of %g years",
                       where, s->return_period_years);
    // d/dt of t / (t + b)^n
    if (!(t_min + s->b_min >= s->n * t_min))
        return ct_fail(
            CT_RANGE, "%s.duration_min: %g: with n = %g the formula's depth shrinks from %g min on",
            where, t_min, s->n, s->b_min / (s->n - 1));
    if (s->duration_s / s->step_s > CT_STORM_MAX_STEPS)
        return ct_fail(CT_LIMIT, "%s.step_min: %g min makes over %d steps", where, s->step_s / 60,
                       CT_STORM_MAX_STEPS);
    return CT_OK;
}

ct_err ct_storm_read(ct_storm *out, const json_t *json, const char *where) {
    ct_storm s;
    CT_TRY(ct_json_only(json, ct_storm_fields, where));
    CT_TRY(ct_json_get_number(&s.a_l_s_ha, json, "a_l_s_ha", 1, 1e6, where));
    CT_TRY(ct_json_get_number(&s.c, json, "c", 0, 10, where));
    CT_TRY(ct_json_get_number(&s.b_min, json, "b_min", 0, 1000, where));
    CT_TRY(ct_json_get_number(&s.n, json, "n", 0, 2, where));
    CT_TRY(
        ct_json_get_number(&s.return_period_years, json, "return_period_years", 0.1, 1e5, where));
    CT_TRY(ct_json_get_number(&s.duration_s, json, "duration_min", 1, 10080, where));
    CT_TRY(ct_json_number_or(&s.peak_ratio, json, "peak_ratio", 0.4, 0, 1, where));
    CT_TRY(ct_json_number_or(&s.begin_s, json, "begin_s", 0, 0, 1e9, where));
    CT_TRY(ct_json_number_or(&s.step_s, json, "step_min", 1, 0.1, 1440, where));
    s.duration_s *= 60;
    s.step_s = fmin(s.step_s * 60, s.duration_s);
    CT_TRY(check(&s, where));
    *out = s;
    return CT_OK;
}

double ct_storm_depth_m(const ct_storm *s, double elapsed_s) {
    const double t = fmin(fmax(elapsed_s, 0), s->duration_s) / 60, all = s->duration_s / 60;
    const double r = s->peak_ratio, peak = r * all;
    const double rising = r * depth_of(s, all);
    if (t <= peak && r > 0) return rising - r * depth_of(s, (peak - t) / r);
    return r < 1 ? rising + (1 - r) * depth_of(s, (t - peak) / (1 - r)) : rising;
}

size_t ct_storm_steps(const ct_storm *s) {
    // A last step of less than a millionth of the others is none.
    return (size_t)fmax(1, ceil(s->duration_s / s->step_s - 1e-6));
}

double ct_storm_time_s(const ct_storm *s, size_t step) {
    const double elapsed_s = step >= ct_storm_steps(s) ? s->duration_s : (double)step * s->step_s;
    return s->begin_s + elapsed_s;
}

double ct_storm_intensity_ms(const ct_storm *s, size_t step) {
    const double from = ct_storm_time_s(s, step), to = ct_storm_time_s(s, step + 1);
    const double depth =
        ct_storm_depth_m(s, to - s->begin_s) - ct_storm_depth_m(s, from - s->begin_s);
    return fmax(0, depth) / (to - from);
}
