// Making and unmaking a state from checked parameters.
#include <math.h>

#include "base/mem.h"
#include "sim/drains/state.h"

void ct_drains_params_init(ct_drains_params *params) {
    *params = (ct_drains_params){0};
}

static ct_err copy_nodes(ct_drains *d, const ct_drains_params *p) {
    d->nodes = ct_calloc(p->node_count, sizeof *d->nodes);
    if (!d->nodes) return CT_NOMEM;
    d->node_count = p->node_count;
    for (size_t i = 0; i < p->node_count; i++) {
        ct_drains__node *n = &d->nodes[i];
        n->what = ct_drains__plain_node(&p->nodes[i]);
        if (n->what.kind == CT_DRAINS_OUTFALL) n->what.rim_m = HUGE_VAL;
        CT_TRY(ct_curve_copy(&n->area, n->what.area.x, n->what.area.y, n->what.area.count));
        CT_TRY(ct_curve_copy(&n->level, n->what.level.x, n->what.level.y, n->what.level.count));
        CT_TRY(ct_curve_copy(&n->inflow, n->what.inflow.x, n->what.inflow.y, n->what.inflow.count));
        n->what.area = n->what.level = n->what.inflow = (ct_drains_curve){0};
        CT_TRY(ct_drains__node_prepare(d, n));
    }
    return CT_OK;
}

// Shapes without a table of their own that are equal in all numbers share one table; networks have
// few of them, and those that are made last are looked at first.
static bool equal_sections(const ct_drains_section *s, const ct_drains_section *t) {
    return s->table.count == 0 && t->table.count == 0 && s->shape == t->shape &&
           s->height_m == t->height_m && s->width_m == t->width_m &&
           s->slope_left == t->slope_left && s->slope_right == t->slope_right &&
           s->exponent == t->exponent && s->fill_m == t->fill_m && s->capped == t->capped;
}

static ct_err give_section(ct_drains *d, size_t index, size_t *makers) {
    enum { LOOKED_AT = 64 };
    size_t n = d->section_count, first = n > LOOKED_AT ? n - LOOKED_AT : 0;
    const ct_drains_conduit *in = &d->conduits[index].what;
    for (size_t k = n; k > first; k--) {
        const ct_drains_conduit *maker = &d->conduits[makers[k - 1]].what;
        if (!equal_sections(&in->section, &maker->section)) continue;
        d->conduits[index].section = d->sections[k - 1];
        return CT_OK;
    }
    ct_drains__section *section = ct_calloc(1, sizeof *section);
    if (!section) return CT_NOMEM;
    d->sections[n] = section;
    d->section_count++;
    makers[n] = index;
    d->conduits[index].section = section;
    return ct_drains__section_new(section, &in->section, in->manning);
}

static ct_err make_sections(ct_drains *d) {
    size_t *makers = ct_calloc(d->conduit_count, sizeof *makers);
    d->sections = ct_calloc(d->conduit_count, sizeof *d->sections);
    ct_err err = makers && d->sections ? CT_OK : CT_NOMEM;
    for (size_t i = 0; i < d->conduit_count && err == CT_OK; i++) err = give_section(d, i, makers);
    ct_free(makers);
    return err;
}

// Counts cells and faces on the way.
static ct_err copy_conduits(ct_drains *d, const ct_drains_params *p) {
    double longest_m = p->cell_m > 0 ? p->cell_m : 20;
    d->conduits = ct_calloc(p->conduit_count, sizeof *d->conduits);
    if (!d->conduits) return CT_NOMEM;
    d->conduit_count = p->conduit_count;
    for (size_t i = 0; i < p->conduit_count; i++) {
        d->conduits[i].what = ct_drains__plain_conduit(&p->conduits[i]);
    }
    CT_TRY(make_sections(d));
    d->unknowns = p->node_count;
    for (size_t i = 0; i < p->conduit_count; i++) {
        ct_drains__conduit *c = &d->conduits[i];
        const ct_drains_conduit *in = &c->what;
        c->what.section.table = (ct_drains_curve){0}; // it was borrowed
        double cells = fmax(1, ceil(in->length_m / longest_m * (1 - 1e-12)));
        if ((double)d->unknowns + cells > CT_DRAINS_MAX_NODES) {
            return ct_fail(CT_LIMIT, "drains: conduits[%zu]: more than %u cells in all", i,
                           CT_DRAINS_MAX_NODES);
        }
        c->cells = (uint32_t)cells;
        c->cell_m = in->length_m / cells;
        c->first_cell = (uint32_t)d->unknowns;
        c->first_face = (uint32_t)d->faces;
        double raised = c->section->raised_m;
        c->bed_from = d->nodes[in->from].what.invert_m + in->offset_from_m + raised;
        c->bed_to = d->nodes[in->to].what.invert_m + in->offset_to_m + raised;
        c->friction = CT_DRAINS_GRAVITY * in->manning * in->manning;
        d->unknowns += c->cells;
        d->faces += c->cells + 1;
    }
    return CT_OK;
}

static ct_err copy_orifices(ct_drains *d, const ct_drains_params *p) {
    d->orifices = ct_calloc(p->orifice_count, sizeof *d->orifices);
    if (!d->orifices) return CT_NOMEM;
    d->orifice_count = p->orifice_count;
    for (size_t i = 0; i < p->orifice_count; i++) {
        ct_drains__orifice *o = &d->orifices[i];
        o->what = ct_drains__plain_orifice(&p->orifices[i]);
        ct_drains_section section = {.height_m = o->what.height_m, .width_m = o->what.width_m};
        section.shape = o->what.rectangular ? CT_DRAINS_RECT_CLOSED : CT_DRAINS_CIRCULAR;
        CT_TRY(ct_drains__section_new(&o->section, &section, 0));
    }
    return CT_OK;
}

static ct_err copy_structures(ct_drains *d, const ct_drains_params *p) {
    d->pumps = ct_calloc(p->pump_count, sizeof *d->pumps);
    d->outlets = ct_calloc(p->outlet_count, sizeof *d->outlets);
    d->weirs = ct_calloc(p->weir_count, sizeof *d->weirs);
    d->exchanges = ct_calloc(p->exchange_count, sizeof *d->exchanges);
    if (!d->pumps || !d->outlets || !d->weirs || !d->exchanges) return CT_NOMEM;
    d->pump_count = p->pump_count;
    d->outlet_count = p->outlet_count;
    d->weir_count = p->weir_count;
    d->exchange_count = p->exchange_count;
    for (size_t i = 0; i < p->pump_count; i++) {
        ct_drains__pump *u = &d->pumps[i];
        u->what = ct_drains__plain_pump(&p->pumps[i]);
        CT_TRY(ct_curve_copy(&u->curve, u->what.curve.x, u->what.curve.y, u->what.curve.count));
        u->what.curve = (ct_drains_curve){0};
    }
    for (size_t i = 0; i < p->outlet_count; i++) {
        ct_drains__outlet *o = &d->outlets[i];
        o->what = ct_drains__plain_outlet(&p->outlets[i]);
        CT_TRY(ct_curve_copy(&o->curve, o->what.curve.x, o->what.curve.y, o->what.curve.count));
        o->what.curve = (ct_drains_curve){0};
    }
    for (size_t i = 0; i < p->weir_count; i++) d->weirs[i] = ct_drains__plain_weir(&p->weirs[i]);
    for (size_t i = 0; i < p->exchange_count; i++) {
        d->exchanges[i] = ct_drains__plain_exchange(&p->exchanges[i]);
    }
    return copy_orifices(d, p);
}

static size_t count_edges(ct_drains *d) {
    for (size_t i = 0; i < d->node_count; i++) {
        const ct_drains_node *n = &d->nodes[i].what;
        if (n->kind != CT_DRAINS_OUTFALL && n->top == CT_DRAINS_OPEN) d->spill_count++;
    }
    d->first_pump = d->faces;
    d->first_orifice = d->first_pump + d->pump_count;
    d->first_weir = d->first_orifice + d->orifice_count;
    d->first_outlet = d->first_weir + d->weir_count;
    d->first_exchange = d->first_outlet + d->outlet_count;
    d->first_spill = d->first_exchange + d->exchange_count;
    return d->first_spill + d->spill_count;
}

static void face_edges(ct_drains *d) {
    for (size_t i = 0; i < d->conduit_count; i++) {
        const ct_drains__conduit *c = &d->conduits[i];
        for (uint32_t k = 0; k <= c->cells; k++) {
            uint32_t a = k == 0 ? c->what.from : c->first_cell + k - 1;
            uint32_t b = k == c->cells ? c->what.to : c->first_cell + k;
            d->edges[c->first_face + k] = (ct_drains__edge){(int32_t)a, (int32_t)b, (uint32_t)i};
        }
    }
}

static void fill_edges(ct_drains *d) {
    face_edges(d);
    ct_drains__edge *e = &d->edges[d->first_pump];
    for (uint32_t i = 0; i < d->pump_count; i++) {
        *e++ = (ct_drains__edge){(int32_t)d->pumps[i].what.from, (int32_t)d->pumps[i].what.to, i};
    }
    for (uint32_t i = 0; i < d->orifice_count; i++) {
        const ct_drains_orifice *o = &d->orifices[i].what;
        *e++ = (ct_drains__edge){(int32_t)o->from, (int32_t)o->to, i};
    }
    for (uint32_t i = 0; i < d->weir_count; i++) {
        *e++ = (ct_drains__edge){(int32_t)d->weirs[i].from, (int32_t)d->weirs[i].to, i};
    }
    for (uint32_t i = 0; i < d->outlet_count; i++) {
        const ct_drains_outlet *o = &d->outlets[i].what;
        *e++ = (ct_drains__edge){(int32_t)o->from, (int32_t)o->to, i};
    }
    for (uint32_t i = 0; i < d->exchange_count; i++) {
        *e++ = (ct_drains__edge){(int32_t)d->exchanges[i].node, -1, i};
    }
    for (uint32_t i = 0; i < d->node_count; i++) {
        const ct_drains_node *n = &d->nodes[i].what;
        if (n->kind == CT_DRAINS_OUTFALL || n->top != CT_DRAINS_OPEN) continue;
        *e++ = (ct_drains__edge){(int32_t)i, -1, i};
    }
}

static ct_err connect(ct_drains *d) {
    d->edge_count = count_edges(d);
    d->edges = ct_calloc(d->edge_count, sizeof *d->edges);
    int32_t(*ends)[2] = ct_calloc(d->edge_count, sizeof *ends);
    ct_err err = d->edges && ends ? CT_OK : CT_NOMEM;
    if (err == CT_OK) {
        fill_edges(d);
        for (size_t e = 0; e < d->edge_count; e++) {
            ends[e][0] = d->edges[e].a;
            ends[e][1] = d->edges[e].b;
        }
        err = ct_context(ct_sparse_new(&d->sparse, d->unknowns, ends, d->edge_count), "drains");
    }
    ct_free(ends);
    return err;
}

static ct_err allocate(ct_drains *d) {
    size_t n = d->unknowns;
    bool ok = (d->cell_conduit = ct_calloc(n - d->node_count, sizeof *d->cell_conduit)) != NULL;
    ok = ok && (d->bed = ct_calloc(n, sizeof *d->bed));
    ok = ok && (d->try_head = ct_calloc(n, sizeof *d->try_head));
    ok = ok && (d->residual = ct_calloc(n, sizeof *d->residual));
    ok = ok && (d->slope = ct_calloc(n, sizeof *d->slope));
    ok = ok && (d->fixed = ct_calloc(d->node_count, sizeof *d->fixed));
    ok = ok && (d->rate = ct_calloc(d->node_count, sizeof *d->rate));
    ok = ok && (d->took = ct_calloc(d->node_count, sizeof *d->took));
    ok = ok && (d->face = ct_calloc(d->faces, sizeof *d->face));
    ok = ok && (d->try_velocity = ct_calloc(d->faces, sizeof *d->try_velocity));
    ok = ok && (d->flux = ct_calloc(d->edge_count, sizeof *d->flux));
    if (!ok) return CT_NOMEM;
    CT_TRY(ct_drains__live_new(d));
    return ct_drains__report_new(d);
}

static void fill_beds(ct_drains *d) {
    for (size_t i = 0; i < d->node_count; i++) d->bed[i] = d->nodes[i].what.invert_m;
    for (size_t i = 0; i < d->conduit_count; i++) {
        const ct_drains__conduit *c = &d->conduits[i];
        for (uint32_t k = 0; k < c->cells; k++) {
            double share = (k + 0.5) / c->cells;
            d->bed[c->first_cell + k] = c->bed_from * (1 - share) + c->bed_to * share;
            d->cell_conduit[c->first_cell + k - d->node_count] = (uint32_t)i;
        }
    }
}

ct_err ct_drains_open(ct_drains **out, const ct_drains_params *params) {
    CT_TRY(ct_drains__check(params));
    ct_drains *d = ct_calloc(1, sizeof *d);
    if (!d) return CT_NOMEM;
    d->wave_ms = params->pressure_wave_ms > 0 ? params->pressure_wave_ms : 1000;
    d->step_s = params->step_s > 0 ? params->step_s : 10;
    d->live.time_s = params->start_s;
    ct_err err = copy_nodes(d, params);
    if (err == CT_OK) err = copy_conduits(d, params);
    if (err == CT_OK) err = copy_structures(d, params);
    if (err == CT_OK) err = connect(d);
    if (err == CT_OK) err = allocate(d);
    if (err != CT_OK) {
        ct_drains_close(d);
        return err;
    }
    fill_beds(d);
    ct_drains__begin(d);
    ct_drains__identify(d, params);
    *out = d;
    return CT_OK;
}

static void close_elements(ct_drains *d) {
    for (size_t i = 0; i < d->node_count; i++) {
        ct_curve_free(&d->nodes[i].area);
        ct_curve_free(&d->nodes[i].level);
        ct_curve_free(&d->nodes[i].inflow);
        ct_free(d->nodes[i].area_volume);
    }
    for (size_t i = 0; i < d->section_count; i++) {
        ct_drains__section_free(d->sections[i]);
        ct_free(d->sections[i]);
    }
    ct_free(d->sections);
    for (size_t i = 0; i < d->pump_count; i++) ct_curve_free(&d->pumps[i].curve);
    for (size_t i = 0; i < d->orifice_count; i++) ct_drains__section_free(&d->orifices[i].section);
    for (size_t i = 0; i < d->outlet_count; i++) ct_curve_free(&d->outlets[i].curve);
}

void ct_drains_close(ct_drains *drains) {
    if (!drains) return;
    close_elements(drains);
    ct_sparse_free(&drains->sparse);
    void *blocks[] = {drains->nodes,     drains->conduits,     drains->pumps,
                      drains->orifices,  drains->weirs,        drains->outlets,
                      drains->exchanges, drains->edges,        drains->cell_conduit,
                      drains->bed,       drains->live.block,   drains->try_head,
                      drains->fixed,     drains->rate,         drains->residual,
                      drains->slope,     drains->took,         drains->face,
                      drains->flux,      drains->try_velocity, drains->report};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) ct_free(blocks[i]);
    ct_free(drains);
}
