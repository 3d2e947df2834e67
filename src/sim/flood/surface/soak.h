// What the ground takes out of a surface's cells, for the number of this build. (No guard: a
// template.)
#include "sim/core/sum.h"
#include "sim/flood/soil.h"

// Takes at most take_m out of a cell; returns what it took, which the cell has lost to the last
// bit.
static double take_out(tile *t, ptrdiff_t at, double take_m) {
    const double there_m = (double)t->h[at] + (double)t->low[at];
    real take = R(take_m);
    if (take_m >= there_m || take >= t->h[at]) {
        t->h[at] = t->low[at] = t->u[at] = t->v[at] = 0;
        return there_m;
    }
    const real added = t->low[at] - take, left = t->h[at] + added;
    t->low[at] = added - (left - t->h[at]);
    t->h[at] = left;
    if (left <= R(CT_FLOOD_DRY_M)) t->u[at] = t->v[at] = 0;
    // In single precision the difference is exact, in double the term.
    return sizeof(real) == sizeof(double) ? (double)take
                                          : there_m - ((double)left + (double)t->low[at]);
}

static void take_up(void *context, size_t index) {
    tiles *s = context;
    tile *t = &s->tile[index];
    const ct_surface_soak *soak = s->soak;
    ct_sum sum = {0};
    for (uint32_t j = 0; t->active && j < t->ny; j++) {
        const size_t cell = (size_t)(t->y0 + j) * s->nx + t->x0;
        for (uint32_t i = 0; i < t->nx; i++) {
            const ptrdiff_t at = (ptrdiff_t)j * CT_TILE_STRIDE + (ptrdiff_t)i;
            const uint8_t soil = soak->soil[cell + i];
            if (!soil || !(t->h[at] > 0)) continue;
            double *taken_m = &soak->taken_m[cell + i];
            const size_t zone = soak->zone ? soak->zone[cell + i] : 0;
            const double gain = soak->gain[cell + i],
                         take_m = ct_flood__soil_take(&soak->soils[soil - 1], *taken_m,
                                                      (double)t->h[at] + (double)t->low[at],
                                                      gain * soak->fallen_m[zone],
                                                      gain * soak->falls_m[zone], soak->dt_s);
            if (!(take_m > 0)) continue;
            const double took_m = take_out(t, at, take_m);
            *taken_m += took_m;
            ct_sum_add(&sum, took_m);
        }
    }
    t->taken_m = ct_sum_value(&sum);
}

static double surface_take_up(ct_surface *surface, const ct_surface_soak *soak) {
    tiles *s = (tiles *)surface;
    const size_t count = (size_t)s->across * s->down;
    ct_sum sum = {0};
    s->soak = soak;
    ct_pool_run(s->pool, count, take_up, s);
    s->soak = NULL;
    for (size_t i = 0; i < count; i++) ct_sum_add(&sum, s->tile[i].taken_m);
    return ct_sum_value(&sum);
}
