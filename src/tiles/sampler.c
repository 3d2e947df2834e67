// What a layer shows where. Only flood water is shown: a place is flooded if it has at least 3 cm
// of water and, where water stood at the start (a river, a pond), that has risen by more than 3 cm.
// The difference of two runs asks nothing of that kind.
#include "tiles/sampler.h"

#include <math.h>

#define FLOOD_M 0.03 // least depth, and least rise of standing water

ct_err ct_tiles__sampler_open(ct_tiles__sampler *out, ct_run *run, ct_map_layer layer,
                              long time_index, ct_run *other) {
    if ((layer == CT_MAP_DIFFERENCE) != (other != NULL))
        return ct_fail(CT_ARG, "the difference, and only it, needs another run");
    if ((layer == CT_MAP_DEPTH) != (time_index >= 0))
        return ct_fail(CT_ARG, "the depth, and only it, needs a time");
    ct_tiles__sampler s = {.legend = ct_legend_of(layer)};
    const char *name = other ? "max_depth" : s.legend->name;
    ct_err err = ct_run_slice_get(&s.value, run, name, time_index);
    if (err == CT_OK && other) {
        err = ct_run_slice_get(&s.other, other, "max_depth", -1);
    } else if (err == CT_OK) {
        err = layer == CT_MAP_DEPTH ? ct_run_slice_get(&s.depth, run, "depth", time_index)
                                    : ct_run_slice_get(&s.depth, run, "max_depth", -1);
        if (err == CT_OK) {
            err = ct_run_slice_get(&s.initial, run, "initial_depth", -1);
            if (err == CT_NOTFOUND) err = CT_OK;
        }
    }
    if (err == CT_OK)
        *out = s;
    else
        ct_tiles__sampler_close(&s);
    return err;
}

void ct_tiles__sampler_close(ct_tiles__sampler *s) {
    const ct_run_slice *slices[] = {s->value, s->depth, s->initial, s->other};
    for (int i = 0; i < 4; i++)
        if (slices[i]) ct_run_slice_unref(slices[i]);
    *s = (ct_tiles__sampler){0};
}

static double value_at(const ct_run_slice *slice, double x, double y) {
    return (double)ct_grid_nearest(ct_run_slice_grid(slice), x, y);
}

static bool flooded(const ct_tiles__sampler *s, double depth_m, double x, double y) {
    if (!(depth_m >= FLOOD_M)) return false;
    const double before_m = s->initial ? value_at(s->initial, x, y) : 0;
    return !(before_m > 0) || depth_m - before_m > FLOOD_M;
}

int ct_tiles__sample(const ct_tiles__sampler *s, double x, double y, double *value) {
    *value = NAN;
    double v = value_at(s->value, x, y);
    if (s->other)
        v = value_at(s->other, x, y) - v;
    else if (!flooded(s, s->depth == s->value ? v : value_at(s->depth, x, y), x, y))
        return -1;
    const int found = ct_legend_class_of(s->legend, v);
    if (found >= 0) *value = v;
    return found;
}
