// The one block of the live state, and the identity of the parameters.
#include <math.h>

#include "base/mem.h"
#include "sim/drains/state.h"

typedef struct slice {
    double **at;
    size_t count;
} slice;

ct_err ct_drains__live_new(ct_drains *d) {
    ct_drains__live *l = &d->live;
    size_t n = d->unknowns, nodes = d->node_count, x = d->exchange_count;
    const slice list[] = {
        {&l->head, n},
        {&l->volume, n},
        {&l->carry, n},
        {&l->velocity, d->faces},
        {&l->flow, d->edge_count},
        {&l->flooded, nodes},
        {&l->max_head, nodes},
        {&l->inflow_add, nodes},
        {&l->outfall_level, nodes},
        {&l->max_flow, d->conduit_count},
        {&l->gate, d->conduit_count},
        {&l->pump_on, d->pump_count},
        {&l->pump_share, d->pump_count},
        {&l->pumped, d->pump_count},
        {&l->orifice_open, d->orifice_count},
        {&l->weir_open, d->weir_count},
        {&l->outlet_open, d->outlet_count},
        {&l->surface_level, x},
        {&l->surface_area, x},
        {&l->surface_volume, x},
        {&l->surface_flow, x},
        {&l->exchanged, x},
    };
    size_t slices = sizeof list / sizeof *list;
    l->count = 0;
    for (size_t i = 0; i < slices; i++) l->count += list[i].count;
    l->block = ct_calloc(l->count, sizeof *l->block);
    if (!l->block) return CT_NOMEM;
    double *at = l->block;
    for (size_t i = 0; i < slices; i++) {
        *list[i].at = at;
        at += list[i].count;
    }
    return CT_OK;
}

ct_err ct_drains__report_new(ct_drains *d) {
    size_t total = 0;
    for (int a = 0; a < CT_DRAINS_ARRAYS; a++) {
        size_t count = d->conduit_count;
        if (a <= CT_DRAINS_MAX_HEAD) count = d->node_count;
        if (a == CT_DRAINS_PUMP_FLOW || a == CT_DRAINS_PUMPED) count = d->pump_count;
        if (a == CT_DRAINS_ORIFICE_FLOW) count = d->orifice_count;
        if (a == CT_DRAINS_WEIR_FLOW) count = d->weir_count;
        if (a == CT_DRAINS_OUTLET_FLOW) count = d->outlet_count;
        if (a >= CT_DRAINS_EXCHANGE_FLOW) count = d->exchange_count;
        d->report_count[a] = count;
        total += count;
    }
    d->report = ct_calloc(total, sizeof *d->report);
    if (!d->report) return CT_NOMEM;
    double *at = d->report;
    for (int a = 0; a < CT_DRAINS_ARRAYS; a++) {
        d->report_at[a] = at;
        at += d->report_count[a];
    }
    return CT_OK;
}

static void chain_numbers(ct_hash128 *acc, const double *values, size_t count) {
    ct_hash_chain(acc, values, count * sizeof *values);
}

static void chain_curve(ct_hash128 *acc, const ct_drains_curve *curve) {
    uint64_t count = curve->count;
    ct_hash_chain(acc, &count, sizeof count);
    if (count == 0) return;
    chain_numbers(acc, curve->x, curve->count);
    chain_numbers(acc, curve->y, curve->count);
}

static void chain_nodes(ct_hash128 *acc, const ct_drains_params *p) {
    for (size_t i = 0; i < p->node_count; i++) {
        const ct_drains_node n = ct_drains__plain_node(&p->nodes[i]);
        double numbers[] = {n.kind,          n.top,
                            n.outfall,       n.flap,
                            n.invert_m,      n.rim_m,
                            n.area_m2,       n.ponded_area_m2,
                            n.opening_m,     n.depth_m,
                            n.area_base_m2,  n.area_factor,
                            n.area_exponent, (double)n.area.count};
        chain_numbers(acc, numbers, sizeof numbers / sizeof *numbers);
        chain_curve(acc, &n.area);
        chain_curve(acc, &n.level);
        chain_curve(acc, &n.inflow);
    }
}

static void chain_conduits(ct_hash128 *acc, const ct_drains_params *p) {
    for (size_t i = 0; i < p->conduit_count; i++) {
        const ct_drains_conduit c = ct_drains__plain_conduit(&p->conduits[i]);
        const ct_drains_section *s = &c.section;
        double numbers[] = {c.from,           c.to,
                            c.length_m,       c.manning,
                            c.offset_from_m,  c.offset_to_m,
                            c.barrels,        c.loss_entry,
                            c.loss_exit,      c.loss_average,
                            c.flap,           c.flow_m3s,
                            s->shape,         s->height_m,
                            s->width_m,       s->slope_left,
                            s->slope_right,   s->exponent,
                            s->fill_m,        s->bank_left_m,
                            s->bank_right_m,  s->manning_left,
                            s->manning_right, s->capped};
        chain_numbers(acc, numbers, sizeof numbers / sizeof *numbers);
        chain_curve(acc, &s->table);
    }
}

static void chain_structures(ct_hash128 *acc, const ct_drains_params *p) {
    for (size_t i = 0; i < p->pump_count; i++) {
        const ct_drains_pump u = ct_drains__plain_pump(&p->pumps[i]);
        double numbers[] = {u.from, u.to, u.kind, u.on_m, u.off_m, u.stopped};
        chain_numbers(acc, numbers, sizeof numbers / sizeof *numbers);
        chain_curve(acc, &u.curve);
    }
    for (size_t i = 0; i < p->orifice_count; i++) {
        const ct_drains_orifice o = ct_drains__plain_orifice(&p->orifices[i]);
        double numbers[] = {o.from,     o.to,      o.bottom,      o.rectangular, o.offset_m,
                            o.height_m, o.width_m, o.coefficient, o.flap,        o.opening};
        chain_numbers(acc, numbers, sizeof numbers / sizeof *numbers);
    }
    for (size_t i = 0; i < p->weir_count; i++) {
        const ct_drains_weir w = ct_drains__plain_weir(&p->weirs[i]);
        double numbers[] = {
            w.from,  w.to,          w.kind, w.offset_m, w.height_m,        w.length_m,
            w.slope, w.coefficient, w.flap, w.opening,  w.coefficient_end, w.contractions};
        chain_numbers(acc, numbers, sizeof numbers / sizeof *numbers);
    }
    for (size_t i = 0; i < p->outlet_count; i++) {
        const ct_drains_outlet o = ct_drains__plain_outlet(&p->outlets[i]);
        double numbers[] = {o.from,   o.to,       o.offset_m, o.by_head,
                            o.factor, o.exponent, o.flap,     o.opening};
        chain_numbers(acc, numbers, sizeof numbers / sizeof *numbers);
        chain_curve(acc, &o.curve);
    }
}

static void chain_exchanges(ct_hash128 *acc, const ct_drains_params *p) {
    for (size_t i = 0; i < p->exchange_count; i++) {
        const ct_drains_exchange x = ct_drains__plain_exchange(&p->exchanges[i]);
        double numbers[] = {x.node,
                            x.kind,
                            x.level_m,
                            x.opening_m,
                            x.weir_coefficient,
                            x.orifice_coefficient,
                            x.length_m,
                            x.width_m,
                            x.curb_length_m,
                            x.curb_height_m,
                            x.grate,
                            x.open_share,
                            x.on_grade,
                            x.slope,
                            x.cross_slope,
                            x.manning,
                            x.clogging,
                            x.count};
        chain_numbers(acc, numbers, sizeof numbers / sizeof *numbers);
    }
}

void ct_drains__identify(ct_drains *d, const ct_drains_params *p) {
    ct_hash128 acc = {0, 0};
    uint64_t counts[] = {p->node_count, p->conduit_count, p->pump_count,    p->orifice_count,
                         p->weir_count, p->outlet_count,  p->exchange_count};
    double numbers[] = {p->start_s, p->cell_m, p->pressure_wave_ms, p->step_s};
    ct_hash_chain(&acc, counts, sizeof counts);
    chain_numbers(&acc, numbers, sizeof numbers / sizeof *numbers);
    chain_nodes(&acc, p);
    chain_conduits(&acc, p);
    chain_structures(&acc, p);
    chain_exchanges(&acc, p);
    d->identity = acc;
}
