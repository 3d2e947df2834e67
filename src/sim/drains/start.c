// The state at the start: what stands in nodes and conduits, what flows, and the controls.
//
// A conduit holds no water but what its ends or its own discharge give it. Between two wet ends the
// level is straight. One wet end alone reaches in only as a pool at rest, which the other end's
// bed, or the water behind its flap, must hold: else it would run, and is left to the first steps.
#include <math.h>

#include "sim/drains/state.h"

// The depth of a discharge in one barrel: normal, or critical where the bed does not fall along it
// or is too smooth to slow it down; the full height where that does not carry it.
static double flow_depth(const ct_drains__conduit *c, double flow) {
    const double smooth = 1e-3; // smoother than any wall
    const ct_drains__section *s = c->section;
    double fall = flow > 0 ? c->bed_from - c->bed_to : c->bed_to - c->bed_from;
    bool normal = fall > 0 && c->what.manning >= smooth;
    double speed = normal ? sqrt(fall / c->what.length_m) / c->what.manning : 0;
    double low = 0, high = s->full_m;
    for (int i = 0; i < 60; i++) {
        double middle = 0.5 * (low + high);
        ct_drains__wet w = ct_drains__section_at(s, middle);
        double carried = normal ? speed * w.area * pow(w.area / w.perimeter, 2.0 / 3)
                                : ct_drains__critical_flow(s, middle);
        if (carried < fabs(flow)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

typedef struct end {
    double level, bed; // of its node's water, of the conduit
    bool flap;         // nothing comes in from the node
} end;

static end end_of(const ct_drains *d, uint32_t node, double bed, bool flap) {
    const ct_drains_node *n = &d->nodes[node].what;
    return (end){d->live.head[node], bed, flap || (n->kind == CT_DRAINS_OUTFALL && n->flap)};
}

static bool is_wet(const end *e) {
    return e->level > e->bed;
}

// A flap is open where the other end's water is no lower.
static bool gives(const end *e, const end *other) {
    return is_wet(e) && (!e->flap || (is_wet(other) && other->level >= e->level));
}

static double pool_head(const end *e, const end *other) {
    return fmax(other->bed, other->level) >= e->level ? e->level : -HUGE_VAL;
}

static double still_head(const end *from, const end *to, double share) {
    bool from_gives = gives(from, to), to_gives = gives(to, from);
    if (from_gives && to_gives) {
        bool equal = from->level == to->level; // to the bit
        return equal ? from->level : from->level * (1 - share) + to->level * share;
    }
    if (from_gives) return pool_head(from, to);
    return to_gives ? pool_head(to, from) : -HUGE_VAL;
}

static void fill_conduit(ct_drains *d, size_t index) {
    const ct_drains__conduit *c = &d->conduits[index];
    double barrels = c->what.barrels, flow = c->what.flow_m3s / barrels, area = 0;
    double depth = flow != 0 ? flow_depth(c, flow) : 0;
    end from = end_of(d, c->what.from, c->bed_from, false);
    end to = end_of(d, c->what.to, c->bed_to, c->what.flap);
    for (uint32_t k = 0; k < c->cells; k++) {
        size_t i = c->first_cell + k;
        double still = still_head(&from, &to, (k + 0.5) / c->cells);
        d->live.head[i] = fmax(d->bed[i] + depth, still);
    }
    for (uint32_t k = 0; k <= c->cells; k++) {
        if (k < c->cells) {
            size_t i = c->first_cell + k;
            area = ct_drains__section_at(c->section, d->live.head[i] - d->bed[i]).area;
        }
        // a trickle's depth can be lost in the rounding of its head
        d->live.velocity[c->first_face + k] = area > 0 ? flow / area : 0;
        d->live.flow[c->first_face + k] = c->what.flow_m3s;
    }
    d->live.gate[index] = 1;
}

static void fill_controls(ct_drains *d) {
    for (size_t i = 0; i < d->pump_count; i++) {
        d->live.pump_on[i] = !d->pumps[i].what.stopped;
        d->live.pump_share[i] = (double)NAN;
    }
    for (size_t i = 0; i < d->orifice_count; i++) {
        d->live.orifice_open[i] = d->orifices[i].what.opening;
    }
    for (size_t i = 0; i < d->weir_count; i++) d->live.weir_open[i] = d->weirs[i].opening;
    for (size_t i = 0; i < d->outlet_count; i++) {
        d->live.outlet_open[i] = d->outlets[i].what.opening;
    }
    for (size_t i = 0; i < d->exchange_count; i++) {
        d->live.surface_level[i] = -HUGE_VAL;
        d->live.surface_volume[i] = HUGE_VAL;
    }
}

void ct_drains__begin(ct_drains *d) {
    ct_drains__live *live = &d->live;
    ct_sum sum = {0};
    for (size_t i = 0; i < d->node_count; i++) {
        live->head[i] = d->bed[i] + d->nodes[i].what.depth_m;
        live->outfall_level[i] = (double)NAN;
        const ct_drains__node *n = &d->nodes[i];
        if (n->what.kind == CT_DRAINS_OUTFALL && n->what.outfall == CT_DRAINS_LEVEL) {
            live->head[i] = fmax(d->bed[i], ct_curve_at(&n->level, live->time_s));
        }
        live->max_head[i] = live->head[i];
    }
    for (size_t i = 0; i < d->conduit_count; i++) fill_conduit(d, i);
    fill_controls(d);
    for (size_t i = 0; i < d->unknowns; i++) {
        double area;
        live->volume[i] = i < d->node_count ? ct_drains__node_volume(d, i, live->head[i], &area)
                                            : ct_drains__cell_volume(d, i, live->head[i], &area);
        ct_sum_add(&sum, live->volume[i]);
    }
    live->initial_m3 = ct_sum_value(&sum);
}
