// Curves and functions of time: linear, in steps, means and integrals.
#include "sim/core/curve.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"

ct_err ct_curve_copy(ct_curve *out, const double *x, const double *y, size_t count) {
    ct_curve copy = {count, NULL, NULL};
    if (count > 0) {
        copy.x = ct_calloc(count, 2 * sizeof *copy.x);
        if (!copy.x) return CT_NOMEM;
        copy.y = copy.x + count;
        memcpy(copy.x, x, count * sizeof *x);
        memcpy(copy.y, y, count * sizeof *y);
    }
    *out = copy;
    return CT_OK;
}

void ct_curve_free(ct_curve *curve) {
    ct_free(curve->x);
    *curve = (ct_curve){0};
}

// How many of n ascending x are <= at.
static size_t count_below(const double *x, size_t n, double at) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (x[middle] <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static size_t passed(const ct_curve *curve, double x) {
    return count_below(curve->x, curve->count, x);
}

double ct_curve_linear(const double *x, const double *y, size_t n, double at) {
    size_t after = count_below(x, n, at);
    if (after == 0) return y[0];
    if (after == n) return y[after - 1];
    double share = (at - x[after - 1]) / (x[after] - x[after - 1]);
    return y[after - 1] * (1 - share) + y[after] * share;
}

double ct_curve_at(const ct_curve *curve, double x) {
    return ct_curve_linear(curve->x, curve->y, curve->count, x);
}

double ct_curve_below(const ct_curve *curve, double x) {
    size_t after = passed(curve, x);
    return curve->y[after == curve->count ? after - 1 : after];
}

double ct_curve_mean(const ct_curve *curve, double x0, double x1) {
    double from = x0, value = ct_curve_at(curve, x0), total = 0;
    for (size_t next = passed(curve, x0); from < x1; next++) {
        bool bends = next < curve->count && curve->x[next] < x1;
        double to = bends ? curve->x[next] : x1;
        double end = bends ? curve->y[next] : ct_curve_at(curve, x1);
        total += 0.5 * (value + end) * (to - from);
        from = to;
        value = end;
    }
    return total / (x1 - x0);
}

double ct_curve_since(const ct_curve *curve, double x) {
    const size_t after = passed(curve, x);
    return after ? curve->y[after - 1] : 0;
}

double ct_curve_next(const ct_curve *curve, double x) {
    const size_t after = passed(curve, x);
    return after < curve->count ? curve->x[after] : HUGE_VAL;
}

double ct_curve_integral(const ct_curve *curve, double x0, double x1) {
    size_t next = passed(curve, x0);
    double from = x0, total = 0;
    if (next == 0) {
        if (curve->count == 0 || curve->x[0] >= x1) return 0;
        from = curve->x[0];
        next = 1;
    }
    for (; from < x1; next++) {
        double to = next < curve->count && curve->x[next] < x1 ? curve->x[next] : x1;
        total += curve->y[next - 1] * (to - from);
        from = to;
    }
    return total;
}
