// Level pools: volume and surface by level, from areas that are linear between their levels.
#include <math.h>

#include "sim/storage/state.h"

double ct_storage__volume(const ct_storage__area *area, double level_m, double *surface_m2) {
    const ct_curve *c = &area->area;
    if (!(level_m > c->x[0])) {
        *surface_m2 = c->y[0];
        return 0;
    }
    size_t k = 0;
    while (k + 1 < c->count && c->x[k + 1] <= level_m) k++;
    const double rise_m = level_m - c->x[k];
    const double slope = k + 1 < c->count ? (c->y[k + 1] - c->y[k]) / (c->x[k + 1] - c->x[k]) : 0;
    *surface_m2 = c->y[k] + slope * rise_m;
    return area->volume_m3[k] + 0.5 * (c->y[k] + *surface_m2) * rise_m;
}

double ct_storage__level(const ct_storage__area *area, double volume_m3) {
    const ct_curve *c = &area->area;
    if (!(volume_m3 > 0)) return c->x[0];
    size_t k = 0;
    while (k + 1 < c->count && area->volume_m3[k + 1] <= volume_m3) k++;
    const double rest_m3 = volume_m3 - area->volume_m3[k];
    const double slope = k + 1 < c->count ? (c->y[k + 1] - c->y[k]) / (c->x[k + 1] - c->x[k]) : 0;
    // y r + slope r2 / 2 = rest, in the form that a slope of 0 and a falling one leave well alone.
    const double root = sqrt(fmax(0, c->y[k] * c->y[k] + 2 * slope * rest_m3));
    return c->x[k] + 2 * rest_m3 / (c->y[k] + root);
}
