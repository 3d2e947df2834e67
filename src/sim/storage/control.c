// Controls that may move while it runs, and what is told of the surface.
#include <math.h>
#include <string.h>

#include "sim/storage/state.h"

typedef struct control {
    const char *name;
    double *values;
    size_t count;
    double low, high;
    bool by_hand; // NaN gives it back to its series
} control;

static ct_err set(const control *c, size_t index, double value) {
    if (index >= c->count)
        return ct_fail(CT_RANGE, "storage: %s: no index %zu, there are %zu", c->name, index,
                       c->count);
    const bool none = isnan(value) && c->by_hand;
    if (!none && !(value >= c->low && value <= c->high))
        return ct_fail(CT_RANGE, "storage: %s: %g is not within %g and %g", c->name, value, c->low,
                       c->high);
    c->values[index] = value;
    return CT_OK;
}

ct_err ct_storage_set(ct_storage *storage, const char *control_name, size_t index, double value) {
    const ct_storage__live *l = &storage->live;
    const size_t n = storage->connection_count;
    const bool pump = index < n && storage->connections[index].what.kind == CT_STORAGE_PUMP;
    const bool opening = index < n && storage->connections[index].what.kind == CT_STORAGE_OPENING;
    const control list[] = {
        {"setting", l->setting, n, 0, pump ? 10 : 1, true},
        {"crest", l->crest, n, value == -HUGE_VAL ? -HUGE_VAL : -1e5, 1e5, true},
        {"outside", l->outside, storage->outside_count, -1e5, 1e5, true},
        {"area_inflow", l->inflow_add, storage->area_count, -1e6, 1e6, false},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        if (strcmp(list[i].name, control_name) != 0) continue;
        if (list[i].values == l->crest && index < n && !opening)
            return ct_fail(CT_RANGE, "storage: crest: connection %zu is no opening", index);
        return set(&list[i], index, value);
    }
    return ct_fail(CT_NOTFOUND, "storage: no control \"%s\"", control_name);
}

ct_err ct_storage_surface_set(ct_storage *storage, size_t place,
                              const ct_storage_surface *surface) {
    if (place >= storage->place_count)
        return ct_fail(CT_RANGE, "storage: no place %zu, there are %zu", place,
                       storage->place_count);
    if (!(surface->level_m >= -1e5 && surface->level_m <= 1e6))
        return ct_fail(CT_RANGE, "storage: level_m of place %zu: %g", place, surface->level_m);
    if (!(surface->area_m2 >= 1e-6 && surface->area_m2 <= 1e12))
        return ct_fail(CT_RANGE, "storage: area_m2 of place %zu: %g", place, surface->area_m2);
    if (!(surface->volume_m3 >= 0))
        return ct_fail(CT_RANGE, "storage: volume_m3 of place %zu: %g", place, surface->volume_m3);
    if (!(surface->floor_m >= -1e5 && surface->floor_m <= surface->level_m))
        return ct_fail(CT_RANGE, "storage: floor_m of place %zu: %g", place, surface->floor_m);
    const size_t body = storage->area_count + place;
    storage->live.level[body] = surface->level_m;
    storage->live.told_area[place] = surface->area_m2;
    storage->live.told_floor[place] = surface->floor_m;
    storage->live.volume[body] = (ct_sum){surface->volume_m3, 0};
    return CT_OK;
}
