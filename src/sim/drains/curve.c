// Curves and functions of time: linear, in steps, and their mean over a step.
#include <string.h>

#include "base/mem.h"
#include "sim/drains/state.h"

ct_err ct_drains__curve_copy(ct_drains__curve *out, const ct_drains_curve *in) {
    ct_drains__curve copy = {in->count, NULL, NULL};
    if (copy.count > 0) {
        copy.x = ct_calloc(copy.count, 2 * sizeof *copy.x);
        if (!copy.x) return CT_NOMEM;
        copy.y = copy.x + copy.count;
        memcpy(copy.x, in->x, copy.count * sizeof *copy.x);
        memcpy(copy.y, in->y, copy.count * sizeof *copy.y);
    }
    *out = copy;
    return CT_OK;
}

void ct_drains__curve_free(ct_drains__curve *curve) {
    ct_free(curve->x);
    *curve = (ct_drains__curve){0};
}

// How many of the curve's x are <= x.
static size_t passed(const ct_drains__curve *curve, double x) {
    size_t low = 0, high = curve->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (curve->x[middle] <= x) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

double ct_drains__curve_at(const ct_drains__curve *curve, double x) {
    size_t after = passed(curve, x);
    if (after == 0) return curve->y[0];
    if (after == curve->count) return curve->y[after - 1];
    double share = (x - curve->x[after - 1]) / (curve->x[after] - curve->x[after - 1]);
    return curve->y[after - 1] * (1 - share) + curve->y[after] * share;
}

double ct_drains__curve_step(const ct_drains__curve *curve, double x) {
    size_t after = passed(curve, x);
    return curve->y[after == curve->count ? after - 1 : after];
}

double ct_drains__curve_mean(const ct_drains__curve *curve, double x0, double x1) {
    double from = x0, value = ct_drains__curve_at(curve, x0), total = 0;
    for (size_t next = passed(curve, x0); from < x1; next++) {
        bool bends = next < curve->count && curve->x[next] < x1;
        double to = bends ? curve->x[next] : x1;
        double end = bends ? curve->y[next] : ct_drains__curve_at(curve, x1);
        total += 0.5 * (value + end) * (to - from);
        from = to;
        value = end;
    }
    return total / (x1 - x0);
}
