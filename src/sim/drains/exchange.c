// The exchange with the surface: manholes and inlets, and rims that spill out of the model.
//
// A manhole passes what the lesser of two laws lets: the weir around its edge, drowned by the lower
// side, and the orifice through its opening (Leandro and Martins 2016; Rubinato, Martins,
// Kesserwani, Leandro, Djordjevic, Shucksmith 2017). An inlet takes what HEC-22 says and gives back
// as a manhole of its clear opening.
//
// The surface answers within the step: its level falls by q dt / area, and q is the one that fits
// the fallen level, so that no step is too long; the volume limit holds over all pieces of a step.
#include <math.h>

#include "sim/core/opening.h"
#include "sim/drains/state.h"

static const double half_turn = 3.14159265358979323846;

// An opening in the ground.
typedef struct opening {
    double edge_m, area_m2; // length of the edge that water falls over; clear area
    double weir, orifice;   // coefficients
} opening;

static opening opening_of(const ct_drains_exchange *x) {
    double clear = 1 - x->clogging;
    bool grate = x->kind == CT_DRAINS_GRATE || x->kind == CT_DRAINS_COMBINATION;
    bool curb = x->kind == CT_DRAINS_CURB || x->kind == CT_DRAINS_COMBINATION;
    opening o = {0, 0, 0.56, 0.6};
    if (x->kind == CT_DRAINS_MANHOLE) {
        o.edge_m = half_turn * x->opening_m;
        o.area_m2 = 0.25 * half_turn * x->opening_m * x->opening_m;
        if (x->weir_coefficient > 0) o.weir = x->weir_coefficient;
        if (x->orifice_coefficient > 0) o.orifice = x->orifice_coefficient;
    }
    if (grate || x->kind == CT_DRAINS_SLOTTED) {
        o.edge_m += 2 * (x->length_m + x->width_m);
        o.area_m2 += x->length_m * x->width_m * (grate ? x->open_share : 1);
    }
    if (curb) {
        o.edge_m += x->curb_length_m;
        o.area_m2 += x->curb_length_m * x->curb_height_m;
    }
    o.edge_m *= clear;
    o.area_m2 *= clear;
    return o;
}

// From the higher depth over the edge to the lower.
static double through(const opening *o, double high, double low) {
    if (!(high > 0)) return 0;
    const double two_g = 2 * CT_DRAINS_GRAVITY;
    double weir =
        o->weir * 2 / 3 * sqrt(two_g) * o->edge_m * high * sqrt(high) * ct_drowned(low / high);
    double orifice = o->orifice * o->area_m2 * sqrt(two_g) * ct_root(high - fmax(0, low));
    return fmin(weir, orifice);
}

// The share of an inlet's capture that is left where the drains stand over its edge.
static double drowned_inlet(double depth, double below) {
    return below > 0 ? ct_root(fmax(0, 1 - below / depth)) : 1;
}

// Into the drains positive; one of its count. depth, below: of the surface's water and of the
// drains' head over the edge.
static double into_drains(const ct_drains_exchange *x, double depth, double flow, double below) {
    if (x->on_grade && x->kind != CT_DRAINS_MANHOLE) {
        depth = fmax(depth, ct_drains__gutter_depth(x, flow));
    }
    const bool up = below > fmax(depth, 0);
    if (up || x->kind == CT_DRAINS_MANHOLE) {
        opening o = opening_of(x);
        return up ? -through(&o, below, depth) : through(&o, depth, below);
    }
    double q = x->on_grade ? ct_drains__inlet_grade(x, flow) : ct_drains__inlet_sag(x, depth);
    return q * drowned_inlet(depth, below);
}

// The q that fits the level that it leaves behind: q = f(level - q dt / area), by the Illinois
// method between 0 and f(level). Over the edge rather than the datum: what rounding of levels would
// leave of thin films never converges.
static double settled(const ct_drains *d, size_t index, double head) {
    const ct_drains_exchange *x = &d->exchanges[index];
    const ct_drains__live *live = &d->live;
    double area = live->surface_area[index], flow = live->surface_flow[index] / (double)x->count;
    double depth = live->surface_level[index] - x->level_m, below = head - x->level_m;
    if (area > 0) depth -= live->exchanged[index] / area;
    double count = (double)x->count, full = count * into_drains(x, depth, flow, below);
    double sink = area > 0 ? d->dt_s / area : 0;
    if (full == 0 || sink == 0) return full;
    double low = 0, high = full;
    double at_low = -full;
    double at_high = full - count * into_drains(x, depth - sink * full, flow, below);
    double near = 1e-13 * fabs(full);
    int last = 0; // the end that moved: 1 = high, -1 = low
    for (int i = 0; i < 60; i++) {
        double q = (low * at_high - high * at_low) / (at_high - at_low);
        double miss = q - count * into_drains(x, depth - sink * q, flow, below);
        if (fabs(miss) <= near || !isfinite(q)) return isfinite(q) ? q : low;
        // The end that stays twice counts half.
        if ((miss > 0) == (at_high > 0)) {
            high = q;
            at_high = miss;
            if (last == 1) at_low *= 0.5;
            last = 1;
        } else {
            low = q;
            at_low = miss;
            if (last == -1) at_high *= 0.5;
            last = -1;
        }
    }
    return 0.5 * (low + high);
}

static double exchanged(const ct_drains *d, size_t index, double head) {
    double left = fmax(0, d->live.surface_volume[index] - d->live.exchanged[index]);
    return fmin(settled(d, index, head), left / d->dt_s);
}

ct_drains__flux ct_drains__exchange_flux(const ct_drains *d, size_t edge, double head) {
    const double h = 1e-7;
    size_t index = d->edges[edge].index;
    double q = -exchanged(d, index, head);
    return (ct_drains__flux){q, fmax(0, (-exchanged(d, index, head + h) - q) / h), 0};
}

ct_drains__flux ct_drains__spill_flux(const ct_drains *d, size_t edge, double head) {
    const double h = 1e-7;
    const ct_drains_node *n = &d->nodes[d->edges[edge].index].what;
    opening o = {half_turn * n->opening_m, 0.25 * half_turn * n->opening_m * n->opening_m, 0.56,
                 0.6};
    double q = through(&o, head - n->rim_m, 0);
    return (ct_drains__flux){q, (through(&o, head + h - n->rim_m, 0) - q) / h, 0};
}
