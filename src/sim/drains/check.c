// What must hold of the parameters before anything is made: references, ranges, and where the first
// bad value sits. Errors inside an element name its field; the walk puts the element before it.
#include <math.h>

#include "sim/drains/shape.h"
#include "sim/drains/state.h"

static ct_err number(const char *name, double value, double low, double high) {
    if (value >= low && value <= high) return CT_OK;
    return ct_fail(CT_RANGE, "drains: %s: %g is not within %g and %g", name, value, low, high);
}

static ct_err choice(const char *name, unsigned value, unsigned count) {
    if (value < count) return CT_OK;
    return ct_fail(CT_ARG, "drains: %s: unknown kind %u", name, value);
}

static ct_err curve(const char *name, const ct_drains_curve *c, double low, double high) {
    if (c->count > 1000000) {
        return ct_fail(CT_LIMIT, "drains: %s: %zu entries, at most 1000000", name, c->count);
    }
    if (c->count > 0 && (!c->x || !c->y)) {
        return ct_fail(CT_ARG, "drains: %s: %zu entries, but no arrays", name, c->count);
    }
    for (size_t i = 0; i < c->count; i++) {
        if (!isfinite(c->x[i]) || (i > 0 && c->x[i] <= c->x[i - 1])) {
            return ct_fail(CT_RANGE, "drains: %s: entry %zu: %g does not ascend", name, i, c->x[i]);
        }
        if (!(c->y[i] >= low && c->y[i] <= high)) {
            return ct_fail(CT_RANGE, "drains: %s: entry %zu: %g is not within %g and %g", name, i,
                           c->y[i], low, high);
        }
    }
    return CT_OK;
}

static ct_err some_curve(const char *name, const ct_drains_curve *c, double low, double high) {
    if (c->count == 0) return ct_fail(CT_ARG, "drains: %s: empty", name);
    return curve(name, c, low, high);
}

// Never falling (sign 1) or never rising (sign -1).
static ct_err steady(const char *name, const ct_drains_curve *c, int sign) {
    for (size_t i = 1; i < c->count; i++) {
        if (sign * (c->y[i] - c->y[i - 1]) >= 0) continue;
        return ct_fail(CT_RANGE, "drains: %s: entry %zu: %g %s", name, i, c->y[i],
                       sign > 0 ? "falls" : "rises");
    }
    return CT_OK;
}

static ct_err storage(const ct_drains_node *n) {
    if (n->area.count > 0) {
        CT_TRY(curve("area", &n->area, 1e-3, 1e9));
        if (n->area.x[0] == 0) return CT_OK;
        return ct_fail(CT_RANGE, "drains: area: begins at depth %g, not at 0", n->area.x[0]);
    }
    CT_TRY(number("area_base_m2", n->area_base_m2, 0, 1e9));
    CT_TRY(number("area_factor", n->area_factor, 0, 1e9));
    CT_TRY(number("area_exponent", n->area_exponent, 0, 10));
    if (n->area_base_m2 + n->area_factor > 0) return CT_OK;
    return ct_fail(CT_RANGE, "drains: area_base_m2, area_factor: both 0");
}

static ct_err outfall(const ct_drains_node *n) {
    CT_TRY(choice("outfall", n->outfall, CT_DRAINS_LEVEL + 1));
    if (n->outfall == CT_DRAINS_LEVEL) CT_TRY(some_curve("level", &n->level, -1e5, 1e5));
    if (n->inflow.count == 0) return CT_OK;
    return ct_fail(CT_ARG, "drains: inflow: at an outfall");
}

static ct_err node(const ct_drains_params *p, size_t i) {
    const ct_drains_node *n = &p->nodes[i];
    CT_TRY(choice("kind", n->kind, CT_DRAINS_NODE_KINDS));
    CT_TRY(number("invert_m", n->invert_m, -1e5, 1e5));
    CT_TRY(number("depth_m", n->depth_m, 0, 1e4));
    if (n->kind == CT_DRAINS_OUTFALL) return outfall(n);
    CT_TRY(choice("top", n->top, CT_DRAINS_COUPLED + 1));
    CT_TRY(number("rim_m", n->rim_m, n->invert_m, 1e5));
    if (n->kind == CT_DRAINS_JUNCTION) CT_TRY(number("area_m2", n->area_m2, 1e-3, 1e6));
    if (n->kind == CT_DRAINS_STORAGE) CT_TRY(storage(n));
    if (n->top == CT_DRAINS_PONDED) {
        CT_TRY(number("ponded_area_m2", n->ponded_area_m2, 0.1, 1e9));
    }
    if (n->top == CT_DRAINS_OPEN) CT_TRY(number("opening_m", n->opening_m, 1e-2, 100));
    return curve("inflow", &n->inflow, -1e6, 1e6);
}

static ct_err ends(const ct_drains_params *p, uint32_t from, uint32_t to, bool any_from) {
    if (from >= p->node_count) return ct_fail(CT_ARG, "drains: from: no node %u", from);
    if (to >= p->node_count) return ct_fail(CT_ARG, "drains: to: no node %u", to);
    if (from == to) return ct_fail(CT_ARG, "drains: from, to: both node %u", from);
    if (!any_from && p->nodes[from].kind == CT_DRAINS_OUTFALL) {
        return ct_fail(CT_ARG, "drains: from: node %u is an outfall", from);
    }
    return CT_OK;
}

static ct_err conduit(const ct_drains_params *p, size_t i) {
    const ct_drains_conduit *c = &p->conduits[i];
    CT_TRY(ends(p, c->from, c->to, true));
    CT_TRY(number("length_m", c->length_m, 0.1, 1e5));
    CT_TRY(number("manning", c->manning, 0, 1));
    CT_TRY(number("offset_from_m", c->offset_from_m, 0, 1e4));
    CT_TRY(number("offset_to_m", c->offset_to_m, 0, 1e4));
    CT_TRY(number("barrels", c->barrels, 1, 1000));
    CT_TRY(number("loss_entry", c->loss_entry, 0, 1e3));
    CT_TRY(number("loss_exit", c->loss_exit, 0, 1e3));
    CT_TRY(number("loss_average", c->loss_average, 0, 1e3));
    CT_TRY(number("flow_m3s", c->flow_m3s, -1e6, 1e6));
    return ct_drains__shape_check(&c->section);
}

static ct_err pump(const ct_drains_params *p, size_t i) {
    const ct_drains_pump *u = &p->pumps[i];
    CT_TRY(ends(p, u->from, u->to, false));
    CT_TRY(choice("kind", u->kind, CT_DRAINS_PUMP_KINDS));
    CT_TRY(number("on_m", u->on_m, 0, 1e4));
    CT_TRY(number("off_m", u->off_m, 0, u->on_m));
    if (u->kind == CT_DRAINS_PUMP_IDEAL) return CT_OK;
    CT_TRY(some_curve("curve", &u->curve, 0, 1e6));
    if (u->kind == CT_DRAINS_PUMP_LIFT) return steady("curve", &u->curve, -1);
    return u->kind == CT_DRAINS_PUMP_DEPTH ? steady("curve", &u->curve, 1) : CT_OK;
}

static ct_err orifice(const ct_drains_params *p, size_t i) {
    const ct_drains_orifice *o = &p->orifices[i];
    CT_TRY(ends(p, o->from, o->to, false));
    CT_TRY(number("offset_m", o->offset_m, 0, 1e4));
    CT_TRY(number("height_m", o->height_m, 1e-3, 100));
    if (o->rectangular) CT_TRY(number("width_m", o->width_m, 1e-3, 1e3));
    CT_TRY(number("coefficient", o->coefficient, 0.01, 1));
    return number("opening", o->opening, 0, 1);
}

static ct_err weir(const ct_drains_params *p, size_t i) {
    const ct_drains_weir *w = &p->weirs[i];
    CT_TRY(ends(p, w->from, w->to, false));
    CT_TRY(choice("kind", w->kind, CT_DRAINS_WEIR_KINDS));
    CT_TRY(number("offset_m", w->offset_m, 0, 1e4));
    CT_TRY(number("height_m", w->height_m, 1e-3, 100));
    bool notch = w->kind == CT_DRAINS_WEIR_V_NOTCH;
    if (!notch) CT_TRY(number("length_m", w->length_m, 1e-3, 1e4));
    if (notch || w->kind == CT_DRAINS_WEIR_TRAPEZOIDAL) {
        CT_TRY(number("slope", w->slope, 1e-3, 100));
    }
    CT_TRY(number("coefficient", w->coefficient, 0, 10));
    CT_TRY(number("coefficient_end", w->coefficient_end, 0, 10));
    CT_TRY(number("contractions", w->contractions, 0, 2));
    return number("opening", w->opening, 0, 1);
}

static ct_err outlet(const ct_drains_params *p, size_t i) {
    const ct_drains_outlet *o = &p->outlets[i];
    CT_TRY(ends(p, o->from, o->to, false));
    CT_TRY(number("offset_m", o->offset_m, 0, 1e4));
    CT_TRY(number("opening", o->opening, 0, 1));
    CT_TRY(curve("curve", &o->curve, 0, 1e6));
    CT_TRY(steady("curve", &o->curve, 1));
    if (o->curve.count > 0) return number("curve", o->curve.x[0], 0, 1e4);
    CT_TRY(number("factor", o->factor, 0, 1e6));
    return number("exponent", o->exponent, 0.1, 10);
}

static ct_err inlet(const ct_drains_exchange *x) {
    if (x->kind != CT_DRAINS_CURB) {
        CT_TRY(number("length_m", x->length_m, 1e-2, 100));
        CT_TRY(number("width_m", x->width_m, 1e-2, 100));
    }
    if (x->kind == CT_DRAINS_CURB || x->kind == CT_DRAINS_COMBINATION) {
        CT_TRY(number("curb_length_m", x->curb_length_m, 1e-2, 100));
        CT_TRY(number("curb_height_m", x->curb_height_m, 1e-2, 100));
    }
    if (x->kind == CT_DRAINS_GRATE || x->kind == CT_DRAINS_COMBINATION) {
        CT_TRY(choice("grate", x->grate, CT_DRAINS_GRATES));
        CT_TRY(number("open_share", x->open_share, 0.01, 1));
    }
    if (!x->on_grade) return CT_OK;
    CT_TRY(number("slope", x->slope, 1e-4, 0.5));
    CT_TRY(number("cross_slope", x->cross_slope, 1e-3, 0.5));
    return number("manning", x->manning, 1e-3, 1);
}

static ct_err exchange(const ct_drains_params *p, size_t i) {
    const ct_drains_exchange *x = &p->exchanges[i];
    if (x->node >= p->node_count || p->nodes[x->node].kind == CT_DRAINS_OUTFALL) {
        return ct_fail(CT_ARG, "drains: node: %u is no junction or storage", x->node);
    }
    CT_TRY(choice("kind", x->kind, CT_DRAINS_EXCHANGE_KINDS));
    CT_TRY(number("level_m", x->level_m, p->nodes[x->node].invert_m, 1e5));
    CT_TRY(number("count", x->count, 1, 1000));
    CT_TRY(number("clogging", x->clogging, 0, 0.999));
    if (x->kind != CT_DRAINS_MANHOLE) return inlet(x);
    CT_TRY(number("weir_coefficient", x->weir_coefficient, 0, 2));
    CT_TRY(number("orifice_coefficient", x->orifice_coefficient, 0, 2));
    return number("opening_m", x->opening_m, 1e-2, 100);
}

typedef ct_err check_one(const ct_drains_params *p, size_t i);

static ct_err each(const ct_drains_params *p, const char *name, const void *array, size_t count,
                   check_one *check) {
    if (count > CT_DRAINS_MAX_NODES) {
        return ct_fail(CT_LIMIT, "drains: %s: %zu, at most %u", name, count, CT_DRAINS_MAX_NODES);
    }
    if (count > 0 && !array) {
        return ct_fail(CT_ARG, "drains: %s: %zu, but no array", name, count);
    }
    for (size_t i = 0; i < count; i++) {
        ct_err err = check(p, i);
        if (err != CT_OK) return ct_context(err, "%s[%zu]", name, i);
    }
    return CT_OK;
}

ct_err ct_drains__check(const ct_drains_params *p) {
    if (p->node_count == 0) return ct_fail(CT_ARG, "drains: nodes: none");
    if (!isfinite(p->start_s)) return ct_fail(CT_RANGE, "drains: start_s: %g", p->start_s);
    if (p->cell_m != 0) CT_TRY(number("cell_m", p->cell_m, 0.1, 1e5));
    if (p->pressure_wave_ms != 0) CT_TRY(number("pressure_wave_ms", p->pressure_wave_ms, 10, 1e4));
    if (p->step_s != 0) CT_TRY(number("step_s", p->step_s, 1e-3, 1e5));
    CT_TRY(each(p, "nodes", p->nodes, p->node_count, node));
    CT_TRY(each(p, "conduits", p->conduits, p->conduit_count, conduit));
    CT_TRY(each(p, "pumps", p->pumps, p->pump_count, pump));
    CT_TRY(each(p, "orifices", p->orifices, p->orifice_count, orifice));
    CT_TRY(each(p, "weirs", p->weirs, p->weir_count, weir));
    CT_TRY(each(p, "outlets", p->outlets, p->outlet_count, outlet));
    return each(p, "exchanges", p->exchanges, p->exchange_count, exchange);
}
