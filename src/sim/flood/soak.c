// What the ground takes from the water on it, now and then between steps.
#include <string.h>

#include "base/mem.h"
#include "sim/flood/state.h"

ct_err ct_flood__soak_open(ct_flood *f, const ct_flood_params *p) {
    f->taken_until_s = f->start_s = p->start_s;
    if (p->soil_count == 0) return CT_OK;
    f->soil_count = p->soil_count;
    f->soil = ct_alloc(f->cells);
    f->soils = ct_alloc(p->soil_count * sizeof *f->soils);
    f->taken_m = ct_calloc(f->cells, sizeof *f->taken_m);
    f->fallen_m = ct_calloc(2 * f->rain.count, sizeof *f->fallen_m);
    if (!f->soil || !f->soils || !f->taken_m || !f->fallen_m) return CT_NOMEM;
    memcpy(f->soils, p->soils, p->soil_count * sizeof *f->soils);
    for (size_t i = 0; i < f->cells; i++) f->soil[i] = f->blocked && f->blocked[i] ? 0 : p->soil[i];
    return CT_OK;
}

// Whether some soil goes by what has fallen.
static bool by_rain(const ct_flood *f) {
    for (size_t i = 0; i < f->soil_count; i++)
        if (f->soils[i].kind == CT_FLOOD_SOIL_CURVE_NUMBER) return true;
    return false;
}

void ct_flood__soak(ct_flood *f) {
    const double dt_s = f->time_s - f->taken_until_s;
    if (!f->soil || dt_s < CT_FLOOD__SOAK_BETWEEN_S) return;
    double *fallen_m = f->fallen_m, *falls_m = f->fallen_m + f->rain.count;
    const bool counts = by_rain(f);
    for (size_t k = 0; counts && k < f->rain.count; k++) {
        const ct_curve *rain = &f->rain.curve[k];
        fallen_m[k] = ct_curve_integral(rain, f->start_s, f->taken_until_s);
        falls_m[k] = ct_curve_integral(rain, f->taken_until_s, f->time_s);
    }
    const ct_surface_soak soak = {.soil = f->soil,
                                  .soils = f->soils,
                                  .taken_m = f->taken_m,
                                  .dt_s = dt_s,
                                  .gain = f->rain.gain,
                                  .zone = f->rain.zone,
                                  .fallen_m = fallen_m,
                                  .falls_m = falls_m};
    ct_sum_add(&f->taken_sum_m, ct_surface_take_up(f->surface, &soak));
    f->taken_until_s = f->time_s;
}
