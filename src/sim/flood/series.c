// Functions of time: linear for levels and discharges, stepwise and integrated for rain.
#include <string.h>

#include "base/mem.h"
#include "sim/flood/state.h"

ct_err ct_flood__series_copy(ct_flood__series *out, const ct_flood_series *in) {
    ct_flood__series copy = {in->count, NULL, NULL};
    if (copy.count == 0) {
        *out = copy;
        return CT_OK;
    }
    copy.time_s = ct_calloc(copy.count, sizeof *copy.time_s);
    copy.value = ct_calloc(copy.count, sizeof *copy.value);
    if (!copy.time_s || !copy.value) {
        ct_flood__series_free(&copy);
        return CT_NOMEM;
    }
    memcpy(copy.time_s, in->time_s, copy.count * sizeof *copy.time_s);
    memcpy(copy.value, in->value, copy.count * sizeof *copy.value);
    *out = copy;
    return CT_OK;
}

void ct_flood__series_free(ct_flood__series *series) {
    ct_free(series->time_s);
    ct_free(series->value);
    *series = (ct_flood__series){0};
}

// How many times are <= time_s.
static size_t passed(const ct_flood__series *series, double time_s) {
    size_t low = 0, high = series->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (series->time_s[middle] <= time_s) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

double ct_flood__series_at(const ct_flood__series *series, double time_s) {
    size_t after = passed(series, time_s);
    if (after == 0) return series->value[0];
    if (after == series->count) return series->value[after - 1];
    double t0 = series->time_s[after - 1], t1 = series->time_s[after];
    double share = (time_s - t0) / (t1 - t0);
    return series->value[after - 1] * (1 - share) + series->value[after] * share;
}

double ct_flood__series_mean(const ct_flood__series *series, double t0_s, double t1_s) {
    double from = t0_s, value = ct_flood__series_at(series, t0_s), total = 0;
    for (size_t next = passed(series, t0_s); from < t1_s; next++) {
        bool bends = next < series->count && series->time_s[next] < t1_s;
        double to = bends ? series->time_s[next] : t1_s;
        double end = bends ? series->value[next] : ct_flood__series_at(series, t1_s);
        total += 0.5 * (value + end) * (to - from);
        from = to;
        value = end;
    }
    return total / (t1_s - t0_s);
}

double ct_flood__series_integral(const ct_flood__series *series, double t0_s, double t1_s) {
    size_t next = passed(series, t0_s);
    double from = t0_s, total = 0;
    if (next == 0) {
        if (series->count == 0 || series->time_s[0] >= t1_s) return 0;
        from = series->time_s[0];
        next = 1;
    }
    for (; from < t1_s; next++) {
        double to =
            next < series->count && series->time_s[next] < t1_s ? series->time_s[next] : t1_s;
        total += series->value[next - 1] * (to - from);
        from = to;
    }
    return total;
}
