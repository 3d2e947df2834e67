// What must hold of a cross-section before a table is made of it.
#include <math.h>

#include "sim/drains/shape.h"

static ct_err number(const char *name, double value, double low, double high) {
    if (value >= low && value <= high) return CT_OK;
    return ct_fail(CT_RANGE, "drains: section: %s: %g is not within %g and %g", name, value, low,
                   high);
}

static ct_err points(const ct_drains_curve *t) {
    if (t->count < 2 || t->count > 10000) {
        return ct_fail(CT_LIMIT, "drains: section: table: %zu points, not within 2 and 10000",
                       t->count);
    }
    if (!t->x || !t->y) return ct_fail(CT_ARG, "drains: section: table: no arrays");
    return CT_OK;
}

static ct_err custom(const ct_drains_curve *t) {
    double widest = 0;
    CT_TRY(points(t));
    for (size_t i = 0; i < t->count; i++) {
        if (i > 0 && !(t->x[i] > t->x[i - 1])) {
            return ct_fail(CT_RANGE, "drains: section: table: point %zu: %g does not ascend", i,
                           t->x[i]);
        }
        CT_TRY(number("table: width", t->y[i], 0, 1e3));
        widest = fmax(widest, t->y[i]);
    }
    if (t->x[0] != 0 || t->x[t->count - 1] != 1) {
        return ct_fail(CT_RANGE, "drains: section: table: from %g to %g, not from 0 to 1", t->x[0],
                       t->x[t->count - 1]);
    }
    return widest > 0 ? CT_OK : ct_fail(CT_RANGE, "drains: section: table: no width");
}

static ct_err transect(const ct_drains_section *s) {
    const ct_drains_curve *t = &s->table;
    double low = HUGE_VAL, high = -HUGE_VAL;
    CT_TRY(points(t));
    if (t->count > 2000) {
        return ct_fail(CT_LIMIT, "drains: section: table: %zu points, at most 2000", t->count);
    }
    for (size_t i = 0; i < t->count; i++) {
        if (!(fabs(t->x[i]) <= 1e6) || (i > 0 && t->x[i] < t->x[i - 1])) {
            return ct_fail(CT_RANGE, "drains: section: table: point %zu: station %g", i, t->x[i]);
        }
        CT_TRY(number("table: elevation", t->y[i], -1e5, 1e5));
        low = fmin(low, t->y[i]);
        high = fmax(high, t->y[i]);
    }
    if (!(high - low >= 1e-3) || !(t->x[t->count - 1] > t->x[0])) {
        return ct_fail(CT_RANGE, "drains: section: table: no depth or no width");
    }
    CT_TRY(number("manning_left", s->manning_left, 0, 1));
    CT_TRY(number("manning_right", s->manning_right, 0, 1));
    CT_TRY(number("bank_left_m", s->bank_left_m, -1e6, 1e6));
    return number("bank_right_m", s->bank_right_m, s->bank_left_m, 1e6);
}

static ct_err trapezoid(const ct_drains_section *s) {
    CT_TRY(number("width_m", s->width_m, 0, 1e4));
    CT_TRY(number("slope_left", s->slope_left, 0, 1e3));
    CT_TRY(number("slope_right", s->slope_right, 0, 1e3));
    if (s->width_m + s->slope_left + s->slope_right > 0) return CT_OK;
    return ct_fail(CT_RANGE, "drains: section: no width");
}

ct_err ct_drains__shape_check(const ct_drains_section *s) {
    if ((unsigned)s->shape >= CT_DRAINS_SHAPES) {
        return ct_fail(CT_ARG, "drains: section: unknown shape %d", (int)s->shape);
    }
    if (s->shape == CT_DRAINS_TRANSECT) return transect(s);
    CT_TRY(number("height_m", s->height_m, 1e-3, 100));
    if (s->shape == CT_DRAINS_TRAPEZOIDAL) return trapezoid(s);
    if (s->shape == CT_DRAINS_CUSTOM) return custom(&s->table);
    if (s->shape == CT_DRAINS_FILLED_CIRCULAR) {
        return number("fill_m", s->fill_m, 0, 0.95 * s->height_m);
    }
    bool round = s->shape == CT_DRAINS_CIRCULAR || s->shape == CT_DRAINS_EGG ||
                 s->shape == CT_DRAINS_HORSESHOE;
    if (!round) CT_TRY(number("width_m", s->width_m, 1e-3, 1e4));
    if (s->shape == CT_DRAINS_POWER) return number("exponent", s->exponent, 0.1, 10);
    return CT_OK;
}
