// Pumps, orifices, weirs and outlets: discharges from the heads on both sides. They have no
// inertia. Where a law has an infinite slope (a root at rest, a drowned weir at equal levels) it is
// made straight close by.
#include <math.h>

#include "sim/core/opening.h"
#include "sim/drains/state.h"

static const double two_g = 2 * CT_DRAINS_GRAVITY;

// A pump that sucks dry, or a node that empties backwards over a sill, slows down within this
// depth.
static const double dry_m = 0.01;
// What an ideal pump passes on for each metre of depth: some millimetres stay.
static const double ideal_m2s = 100;

static double invert_of(const ct_drains *d, uint32_t node) {
    return d->nodes[node].what.invert_m;
}

static double orifice(const ct_drains *d, size_t index, double up, double down) {
    const ct_drains__orifice *o = &d->orifices[index];
    double sill = invert_of(d, o->what.from) + o->what.offset_m, open = d->live.orifice_open[index];
    double head = up - sill;
    if (!(head > 0) || !(open > 0)) return 0;
    if (o->what.bottom) {
        double area = o->section.full_m2 * open;
        double rim = o->section.full_perimeter;
        double drop = up - fmax(down, sill);
        double through = o->what.coefficient * area * sqrt(two_g) * ct_root(drop);
        double over = o->what.coefficient * 2 / 3 * sqrt(two_g) * rim * head * sqrt(head) *
                      ct_drowned((down - sill) / head);
        return fmin(through, over);
    }
    double wet_m = fmin(head, open * o->what.height_m);
    double drop = head - fmax(down - sill, 0.5 * wet_m);
    double area = ct_drains__section_at(&o->section, wet_m).area;
    return o->what.coefficient * area * sqrt(two_g) * ct_root(drop);
}

// What the contracted ends of a weir leave of its length (Francis 1855, for heads up to a third of
// it). Taken further, the discharge would fall with the head from where 0.4 of the length is left
// (h = 6 L / n); so no more is ever lost.
static double contracted(const ct_drains_weir *w, double h) {
    return fmax(0.4 * w->length_m, w->length_m - 0.1 * (double)w->contractions * h);
}

static double weir_free(const ct_drains_weir *w, double h) {
    double length = w->length_m;
    switch (w->kind) {
    case CT_DRAINS_WEIR_TRANSVERSE: return w->coefficient * contracted(w, h) * h * sqrt(h);
    case CT_DRAINS_WEIR_SIDE: return w->coefficient * length * h * cbrt(h * h);
    case CT_DRAINS_WEIR_V_NOTCH: return w->coefficient * w->slope * h * h * sqrt(h);
    case CT_DRAINS_WEIR_TRAPEZOIDAL:
        return (w->coefficient * length + w->coefficient_end * w->slope * h) * h * sqrt(h);
    case CT_DRAINS_WEIR_KINDS: break;
    }
    return 0;
}

static double weir(const ct_drains *d, size_t index, double up, double down) {
    const ct_drains_weir *w = &d->weirs[index];
    double open = d->live.weir_open[index], room = open * w->height_m;
    double crest = invert_of(d, w->from) + w->offset_m + (1 - open) * w->height_m;
    double head = up - crest;
    if (!(head > 0) || !(room > 0)) return 0;
    double q = weir_free(w, fmin(head, room));
    if (head > room) q *= sqrt((head - 0.5 * room) / (0.5 * room));
    return q * ct_drowned((down - crest) / head);
}

static double outlet(const ct_drains *d, size_t index, double up, double down) {
    const ct_drains__outlet *o = &d->outlets[index];
    double sill = invert_of(d, o->what.from) + o->what.offset_m, x = up - sill;
    if (o->what.by_head) x = up - fmax(down, sill);
    if (!(x > 0)) return 0;
    // Straight from nothing: a power below 1 and a curve that begins with a discharge are steep.
    const double straight_m = 1e-3;
    double at = fmax(x, straight_m), share = fmin(1, x / straight_m);
    double q = o->curve.count > 0 ? ct_curve_at(&o->curve, at)
                                  : o->what.factor * pow(at, o->what.exponent);
    return d->live.outlet_open[index] * q * share;
}

static double pump(const ct_drains *d, size_t index, double up, double down) {
    const ct_drains__pump *p = &d->pumps[index];
    uint32_t from = p->what.from;
    double share = d->live.pump_share[index], depth = up - invert_of(d, from), q = 0;
    if (isnan(share)) share = d->live.pump_on[index];
    if (!(share > 0) || !(depth > 0)) return 0;
    double depth_now = d->live.head[from] - invert_of(d, from);
    switch (p->what.kind) {
    case CT_DRAINS_PUMP_VOLUME: q = ct_curve_below(&p->curve, d->live.volume[from]); break;
    case CT_DRAINS_PUMP_STEPS: q = ct_curve_below(&p->curve, depth_now); break;
    case CT_DRAINS_PUMP_LIFT: q = ct_curve_at(&p->curve, down - up); break;
    case CT_DRAINS_PUMP_DEPTH: q = ct_curve_at(&p->curve, depth); break;
    case CT_DRAINS_PUMP_IDEAL: return share * ideal_m2s * depth;
    case CT_DRAINS_PUMP_KINDS: break;
    }
    return share * q * fmin(1, depth / dry_m);
}

void ct_drains__pumps_switch(ct_drains *d) {
    for (size_t i = 0; i < d->pump_count; i++) {
        const ct_drains_pump *p = &d->pumps[i].what;
        double depth = d->live.head[p->from] - invert_of(d, p->from);
        if (p->on_m == 0) continue; // no switch: as it was set
        if (depth >= p->on_m) {
            d->live.pump_on[i] = 1;
        } else if (depth <= p->off_m) {
            d->live.pump_on[i] = 0;
        }
    }
}

typedef double element_law(const ct_drains *d, size_t index, double up, double down);

typedef struct element {
    element_law *law;
    size_t index;
    bool backward; // it lets water from `to` back
    double behind; // invert of `to`
} element;

static element element_of(const ct_drains *d, size_t edge) {
    size_t i = d->edges[edge].index;
    double behind = invert_of(d, (uint32_t)d->edges[edge].b);
    if (edge < d->first_orifice) return (element){pump, i, false, behind};
    if (edge < d->first_weir) {
        const ct_drains_orifice *o = &d->orifices[i].what;
        return (element){orifice, i, !o->flap, behind};
    }
    if (edge < d->first_outlet) return (element){weir, i, !d->weirs[i].flap, behind};
    const ct_drains_outlet *o = &d->outlets[i].what;
    return (element){outlet, i, o->by_head && !o->flap, behind};
}

static double discharge(const ct_drains *d, const element *e, double a, double b, bool lifts) {
    if (lifts || a >= b) return e->law(d, e->index, a, b);
    if (!e->backward) return 0;
    // The sill may lie below the bottom of the node behind: there only what stands over it flows.
    double depth = b - e->behind;
    return depth > 0 ? -e->law(d, e->index, b, a) * fmin(1, depth / dry_m) : 0;
}

// The head on the side of an outfall: its level, where it has one.
static double outside(const ct_drains *d, int32_t node, double head) {
    if (d->nodes[node].what.kind != CT_DRAINS_OUTFALL) return head;
    double level = d->fixed[node];
    return isfinite(level) ? level : d->nodes[node].what.invert_m;
}

ct_drains__flux ct_drains__structure_flux(const ct_drains *d, size_t edge, double head_a,
                                          double head_b) {
    const double h = 1e-7;
    element e = element_of(d, edge);
    const ct_drains__edge *at = &d->edges[edge];
    // Pumps lift, and an outlet by depth heeds only the water before it.
    bool lifts = e.law == pump || (e.law == outlet && !d->outlets[e.index].what.by_head);
    double a = outside(d, at->a, head_a), b = outside(d, at->b, head_b);
    if (d->nodes[at->b].what.kind == CT_DRAINS_OUTFALL && d->nodes[at->b].what.flap) {
        e.backward = false;
    }
    double q = discharge(d, &e, a, b, lifts);
    double to_a = (discharge(d, &e, a + h, b, lifts) - q) / h;
    double to_b = (discharge(d, &e, a, b + h, lifts) - q) / h;
    return (ct_drains__flux){q, fmax(0, to_a), fmin(0, to_b)};
}
