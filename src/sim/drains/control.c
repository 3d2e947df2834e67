// Controls that move while drains run: pumps, gates, inflows, outfalls, and the surface.
#include <math.h>
#include <string.h>

#include "sim/drains/state.h"

typedef struct control {
    const char *name;
    double *values;
    size_t count;
    double low, high;
    bool nan_ok;
} control;

static ct_err put(const control *c, size_t index, double value) {
    if (index >= c->count) {
        return ct_fail(CT_RANGE, "drains: %s: no %zu, there are %zu", c->name, index, c->count);
    }
    bool in = value >= c->low && value <= c->high;
    if (!in && !(c->nan_ok && isnan(value))) {
        return ct_fail(CT_RANGE, "drains: %s: %g for %zu is not within %g and %g", c->name, value,
                       index, c->low, c->high);
    }
    c->values[index] = value;
    return CT_OK;
}

// Inflows are of nodes that are no outfalls, levels of those that are.
static ct_err check_place(const ct_drains *d, const char *name, size_t index) {
    bool inflow = strcmp(name, "inflow") == 0, level = strcmp(name, "outfall") == 0;
    if (!(inflow || level) || index >= d->node_count) return CT_OK; // told by put
    bool outfall = d->nodes[index].what.kind == CT_DRAINS_OUTFALL;
    if (inflow && outfall) {
        return ct_fail(CT_RANGE, "drains: inflow: node %zu is an outfall", index);
    }
    if (level && !outfall) { return ct_fail(CT_RANGE, "drains: outfall: node %zu is none", index); }
    return CT_OK;
}

// By its depths again: one without depths runs, even if it began stopped.
static void free_pump(ct_drains *d, size_t index) {
    if (d->pumps[index].what.on_m == 0) d->live.pump_on[index] = 1;
}

ct_err ct_drains_set(ct_drains *drains, const char *name, size_t index, double value) {
    ct_drains__live *l = &drains->live;
    size_t nodes = drains->node_count, x = drains->exchange_count;
    const control list[] = {
        {"pump", l->pump_share, drains->pump_count, 0, 10, true},
        {"orifice", l->orifice_open, drains->orifice_count, 0, 1, false},
        {"weir", l->weir_open, drains->weir_count, 0, 1, false},
        {"outlet", l->outlet_open, drains->outlet_count, 0, 1, false},
        {"conduit", l->gate, drains->conduit_count, 0, 1, false},
        {"inflow", l->inflow_add, nodes, -1e6, 1e6, false},
        {"outfall", l->outfall_level, nodes, -1e5, 1e5, true},
        {"surface_level", l->surface_level, x, -HUGE_VAL, 1e5, false},
        {"surface_area", l->surface_area, x, 0, 1e12, false},
        {"surface_volume", l->surface_volume, x, 0, HUGE_VAL, false},
        {"surface_flow", l->surface_flow, x, 0, 1e6, false},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        if (strcmp(list[i].name, name) != 0) continue;
        CT_TRY(check_place(drains, name, index));
        if (strcmp(name, "conduit") == 0 && value != 0 && value != 1) {
            return ct_fail(CT_RANGE, "drains: conduit: %g is neither 0 nor 1", value);
        }
        CT_TRY(put(&list[i], index, value));
        if (strcmp(name, "pump") == 0 && isnan(value)) free_pump(drains, index);
        return CT_OK;
    }
    return ct_fail(CT_NOTFOUND, "drains: no control \"%s\"", name);
}

ct_err ct_drains_surface_set(ct_drains *drains, size_t exchange, const ct_drains_surface *surface) {
    static const char *const names[] = {"surface_level", "surface_area", "surface_volume",
                                        "surface_flow"};
    double values[] = {surface->level_m, surface->area_m2, surface->volume_m3, surface->flow_m3s};
    ct_drains__live *l = &drains->live;
    double *fields[] = {l->surface_level, l->surface_area, l->surface_volume, l->surface_flow};
    for (int i = 0; i < 4; i++) {
        double before = exchange < drains->exchange_count ? fields[i][exchange] : 0;
        ct_err err = ct_drains_set(drains, names[i], exchange, values[i]);
        values[i] = before;
        while (err != CT_OK && i > 0) { // nothing half-set
            i--;
            fields[i][exchange] = values[i];
        }
        CT_TRY(err);
    }
    return CT_OK;
}
