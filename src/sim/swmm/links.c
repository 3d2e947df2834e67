// [CONDUITS], [PUMPS], [ORIFICES], [WEIRS], [OUTLETS] and [LOSSES]. What [XSECTIONS] gives them
// comes later.
#include <math.h>
#include <string.h>

#include "sim/swmm/reader.h"

static ct_err find_end(uint32_t *out, ct_swmm__reader *r, const ct_swmm_line *line, size_t word) {
    if (ct_swmm_find_node(out, r->net, ct_swmm__word(line, word))) return CT_OK;
    return ct_swmm_fail(r->document, line, CT_PARSE, "%s: there is no node \"%.60s\"",
                        line->words[0], ct_swmm__word(line, word));
}

static ct_err new_link(ct_swmm__reader *r, const ct_swmm_line *line, ct_swmm_link_kind kind,
                       size_t index, uint32_t *from, uint32_t *to) {
    ct_swmm_link_kind other;
    uint32_t other_index;
    ct_swmm_network *net = r->net;
    const char *name = line->words[0];
    if (ct_swmm_find_link(&other, &other_index, net, name)) {
        const ct_swmm_line *first = &r->lines[net->links[other][other_index].line];
        return ct_swmm_fail(r->document, line, CT_EXISTS,
                            "there is a %s %.60s already, on line %zu",
                            ct_swmm_link_kind_name(other), name, first->number);
    }
    net->links[kind][index] = (ct_swmm_link){.name = name, .line = ct_swmm__index(r, line)};
    CT_TRY(ct_swmm__name_put(r, net->link_map, name, index * CT_SWMM_LINK_KINDS + kind));
    CT_TRY(ct_swmm__need(r, line, 3));
    CT_TRY(find_end(from, r, line, 1));
    CT_TRY(find_end(to, r, line, 2));
    if (*from != *to) return CT_OK;
    return ct_swmm_fail(r->document, line, CT_RANGE, "%s: it begins and ends at node %.60s", name,
                        line->words[1]);
}

// An offset over the node's invert: given as a depth or as an elevation; "*" = none.
static ct_err offset(double *out, ct_swmm__reader *r, const ct_swmm_line *line, size_t word,
                     uint32_t node) {
    double value;
    *out = 0;
    if (!ct_swmm__has(line, word)) return CT_OK;
    CT_TRY(ct_swmm__number(&value, r, line, word, "offset"));
    value *= r->units.length_m;
    if (r->net->options.elevations) value -= r->nodes[node].invert_m;
    if (value < 0) {
        if (value < -1e-6) {
            ct_swmm__find(r, line, "swmm-offset",
                          "%s: %g m under the invert of %s: taken as at the invert", line->words[0],
                          -value, r->net->nodes[node].name);
        }
        value = 0;
    }
    *out = value;
    return CT_OK;
}

// ---- conduits ----------------------------------------------------------------------------------

static ct_err take_conduit(ct_swmm__reader *r, const ct_swmm_line *line) {
    double length, most;
    const double unit = r->units.length_m;
    const size_t index = r->net->drains.conduit_count++;
    ct_drains_conduit *c = &r->conduits[index];
    CT_TRY(new_link(r, line, CT_SWMM_CONDUIT, index, &c->from, &c->to));
    CT_TRY(ct_swmm__number(&length, r, line, 3, "length"));
    CT_TRY(ct_swmm__number(&c->manning, r, line, 4, "roughness"));
    CT_TRY(offset(&c->offset_from_m, r, line, 5, c->from));
    CT_TRY(offset(&c->offset_to_m, r, line, 6, c->to));
    CT_TRY(ct_swmm__number_or(&c->flow_m3s, r, line, 7, 0, "initial flow"));
    CT_TRY(ct_swmm__number_or(&most, r, line, 8, 0, "maximum flow"));
    c->length_m = length * unit;
    c->flow_m3s *= r->units.flow_m3s;
    c->barrels = 1;
    if (most > 0)
        ct_swmm__find(r, line, "swmm-max-flow", "%s: its maximum flow is no limit", line->words[0]);
    const double fall =
        r->nodes[c->from].invert_m + c->offset_from_m - r->nodes[c->to].invert_m - c->offset_to_m;
    if (fall < 0) {
        ct_swmm__find(r, line, "swmm-uphill", "%s: it rises by %.6g m from %s to %s",
                      line->words[0], -fall, line->words[1], line->words[2]);
    }
    return CT_OK;
}

// ---- pumps -------------------------------------------------------------------------------------

static ct_err pump_curve(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_pump *p) {
    const ct_swmm__table *t;
    const double unit = r->units.length_m;
    double x_factor = unit;
    if (!ct_swmm__has(line, 3)) {
        p->kind = CT_DRAINS_PUMP_IDEAL;
        return CT_OK;
    }
    CT_TRY(ct_swmm__curve(&t, r, line, 3, "PUMP1 PUMP2 PUMP3 PUMP4 PUMP5"));
    switch (t->kind[4]) {
    case '1':
        p->kind = CT_DRAINS_PUMP_VOLUME;
        x_factor = unit * unit * unit;
        break;
    case '2': p->kind = CT_DRAINS_PUMP_STEPS; break;
    case '4': p->kind = CT_DRAINS_PUMP_DEPTH; break;
    default: p->kind = CT_DRAINS_PUMP_LIFT; break; // 3; 5 at full speed
    }
    if (t->kind[4] == '5') {
        ct_swmm__find(r, line, "swmm-pump5",
                      "%s: at another speed than 1 its flow changes, its lift does not",
                      line->words[0]);
    }
    return ct_swmm__scaled(&p->curve, r, t, x_factor, r->units.flow_m3s);
}

static ct_err take_pump(ct_swmm__reader *r, const ct_swmm_line *line) {
    const size_t index = r->net->drains.pump_count++;
    ct_drains_pump *p = &r->pumps[index];
    CT_TRY(new_link(r, line, CT_SWMM_PUMP, index, &p->from, &p->to));
    CT_TRY(pump_curve(r, line, p));
    const char *status = ct_swmm__word(line, 4);
    p->stopped = ct_swmm__is(status, "OFF");
    if (*status && !p->stopped && !ct_swmm__is(status, "ON")) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "%s: \"%.40s\" is neither ON nor OFF",
                            line->words[0], status);
    }
    CT_TRY(ct_swmm__number_or(&p->on_m, r, line, 5, 0, "startup depth"));
    CT_TRY(ct_swmm__number_or(&p->off_m, r, line, 6, 0, "shutoff depth"));
    p->on_m *= r->units.length_m;
    p->off_m *= r->units.length_m;
    if (p->off_m <= p->on_m) return CT_OK;
    if (p->on_m == 0) { // only a shut-off: it starts there too
        p->on_m = p->off_m;
        return CT_OK;
    }
    return ct_swmm_fail(r->document, line, CT_RANGE, "%s: its shutoff depth is above its startup",
                        line->words[0]);
}

// ---- orifices, weirs, outlets ------------------------------------------------------------------

static ct_err take_orifice(ct_swmm__reader *r, const ct_swmm_line *line) {
    double hours;
    const size_t index = r->net->drains.orifice_count++;
    ct_drains_orifice *o = &r->orifices[index];
    CT_TRY(new_link(r, line, CT_SWMM_ORIFICE, index, &o->from, &o->to));
    CT_TRY(ct_swmm__need(r, line, 6));
    o->bottom = ct_swmm__is(line->words[3], "BOTTOM");
    if (!o->bottom && !ct_swmm__is(line->words[3], "SIDE")) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "%s: \"%.40s\" is neither SIDE nor BOTTOM",
                            line->words[0], line->words[3]);
    }
    CT_TRY(offset(&o->offset_m, r, line, 4, o->from));
    CT_TRY(ct_swmm__number(&o->coefficient, r, line, 5, "coefficient"));
    CT_TRY(ct_swmm__yes_or(&o->flap, r, line, 6, false));
    CT_TRY(ct_swmm__number_or(&hours, r, line, 7, 0, "time to close"));
    o->opening = 1;
    r->net->links[CT_SWMM_ORIFICE][index].close_s = hours * 3600;
    return CT_OK;
}

static ct_err weir_kind(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_weir *w) {
    const char *type = line->words[3];
    if (ct_swmm__is(type, "TRANSVERSE"))
        w->kind = CT_DRAINS_WEIR_TRANSVERSE;
    else if (ct_swmm__is(type, "SIDEFLOW"))
        w->kind = CT_DRAINS_WEIR_SIDE;
    else if (ct_swmm__is(type, "V-NOTCH"))
        w->kind = CT_DRAINS_WEIR_V_NOTCH;
    else if (ct_swmm__is(type, "TRAPEZOIDAL"))
        w->kind = CT_DRAINS_WEIR_TRAPEZOIDAL;
    else if (ct_swmm__is(type, "ROADWAY")) {
        w->kind = CT_DRAINS_WEIR_TRANSVERSE;
        ct_swmm__find(r, line, "swmm-roadway",
                      "%s: a transverse weir of its own coefficient; that of the road's width and "
                      "surface is not looked up",
                      line->words[0]);
    } else {
        return ct_swmm_fail(r->document, line, CT_PARSE, "%s: \"%.40s\" is no kind of weir",
                            line->words[0], type);
    }
    return CT_OK;
}

static ct_err take_weir(ct_swmm__reader *r, const ct_swmm_line *line) {
    double contractions;
    bool surcharges;
    const size_t index = r->net->drains.weir_count++;
    ct_drains_weir *w = &r->weirs[index];
    CT_TRY(new_link(r, line, CT_SWMM_WEIR, index, &w->from, &w->to));
    CT_TRY(ct_swmm__need(r, line, 6));
    CT_TRY(weir_kind(r, line, w));
    CT_TRY(offset(&w->offset_m, r, line, 4, w->from));
    CT_TRY(ct_swmm__number(&w->coefficient, r, line, 5, "coefficient"));
    CT_TRY(ct_swmm__yes_or(&w->flap, r, line, 6, false));
    CT_TRY(ct_swmm__number_or(&contractions, r, line, 7, 0, "number of contractions"));
    CT_TRY(ct_swmm__number_or(&w->coefficient_end, r, line, 8, w->coefficient, "end coefficient"));
    CT_TRY(ct_swmm__yes_or(&surcharges, r, line, 9, true));
    if (!(contractions >= 0 && contractions <= 2 && contractions == floor(contractions))) {
        return ct_swmm_fail(r->document, line, CT_RANGE, "%s: %g contractions, not 0, 1 or 2",
                            line->words[0], contractions);
    }
    w->contractions = (uint32_t)contractions;
    // C h^1.5 L in ft and cfs is C times the root of a foot in m; of a side weir its cube root
    const double unit = r->units.length_m;
    w->coefficient *= w->kind == CT_DRAINS_WEIR_SIDE ? cbrt(unit) : sqrt(unit);
    w->coefficient_end *= sqrt(unit);
    w->opening = 1;
    if (!surcharges)
        ct_swmm__tell(r, line, "swmm-weir", "%s: drowned to its top it passes water all the same",
                      line->words[0]);
    if (line->count > 12 && ct_swmm__has(line, 12))
        ct_swmm__find(r, line, "swmm-weir-curve", "%s: its curve of coefficients is not read",
                      line->words[0]);
    return CT_OK;
}

static ct_err take_outlet(ct_swmm__reader *r, const ct_swmm_line *line) {
    const size_t index = r->net->drains.outlet_count++;
    const double unit = r->units.length_m, flow = r->units.flow_m3s;
    ct_drains_outlet *o = &r->outlets[index];
    CT_TRY(new_link(r, line, CT_SWMM_OUTLET, index, &o->from, &o->to));
    CT_TRY(ct_swmm__need(r, line, 6));
    CT_TRY(offset(&o->offset_m, r, line, 3, o->from));
    const char *type = line->words[4];
    const bool table = ct_swmm__is(type, "TABULAR") || ct_swmm__is(type, "TABULAR/DEPTH") ||
                       ct_swmm__is(type, "TABULAR/HEAD");
    const bool function = ct_swmm__is(type, "FUNCTIONAL") ||
                          ct_swmm__is(type, "FUNCTIONAL/DEPTH") ||
                          ct_swmm__is(type, "FUNCTIONAL/HEAD");
    o->by_head = ct_swmm__is(type, "TABULAR/HEAD") || ct_swmm__is(type, "FUNCTIONAL/HEAD");
    o->opening = 1;
    if (table) {
        const ct_swmm__table *t;
        CT_TRY(ct_swmm__curve(&t, r, line, 5, "RATING"));
        CT_TRY(ct_swmm__scaled(&o->curve, r, t, unit, flow));
    } else if (function) {
        CT_TRY(ct_swmm__number(&o->factor, r, line, 5, "factor"));
        CT_TRY(ct_swmm__number(&o->exponent, r, line, 6, "exponent"));
        o->factor *= flow / pow(unit, o->exponent);
    } else {
        return ct_swmm_fail(r->document, line, CT_PARSE, "%s: \"%.40s\" is no kind of outlet",
                            line->words[0], type);
    }
    return ct_swmm__yes_or(&o->flap, r, line, table ? 6 : 7, false);
}

// ------------------------------------------------------------------------------------------------

static ct_err make_arrays(ct_swmm__reader *r) {
    static const ct_swmm_section sections[CT_SWMM_LINK_KINDS] = {
        CT_SWMM_CONDUITS, CT_SWMM_PUMPS, CT_SWMM_ORIFICES, CT_SWMM_WEIRS, CT_SWMM_OUTLETS};
    size_t most[CT_SWMM_LINK_KINDS], all = 0;
    for (int k = 0; k < CT_SWMM_LINK_KINDS; k++) {
        most[k] = ct_swmm__count(r, sections[k]) + 1;
        all += most[k];
        r->net->links[k] = ct_arena_calloc(r->arena, most[k], sizeof *r->net->links[k]);
        r->sectioned[k] = ct_arena_calloc(r->arena, most[k], sizeof *r->sectioned[k]);
        if (!r->net->links[k] || !r->sectioned[k]) return CT_NOMEM;
    }
    r->dummies = ct_arena_calloc(r->arena, most[CT_SWMM_CONDUIT], sizeof *r->dummies);
    if (!r->dummies) return CT_NOMEM;
    ct_drains_params *p = &r->net->drains;
    p->conduits = r->conduits = ct_arena_calloc(r->arena, most[0], sizeof *r->conduits);
    p->pumps = r->pumps = ct_arena_calloc(r->arena, most[1], sizeof *r->pumps);
    p->orifices = r->orifices = ct_arena_calloc(r->arena, most[2], sizeof *r->orifices);
    p->weirs = r->weirs = ct_arena_calloc(r->arena, most[3], sizeof *r->weirs);
    p->outlets = r->outlets = ct_arena_calloc(r->arena, most[4], sizeof *r->outlets);
    r->net->link_map = ct_strmap_new(all);
    const bool ok = r->conduits && r->pumps && r->orifices && r->weirs && r->outlets;
    return ok && r->net->link_map ? CT_OK : CT_NOMEM;
}

static ct_err each(ct_swmm__reader *r, ct_swmm_section section,
                   ct_err (*take)(ct_swmm__reader *, const ct_swmm_line *)) {
    for (size_t at = 0;;) {
        const ct_swmm_line *line = ct_swmm__next(r, section, &at);
        if (!line) return CT_OK;
        CT_TRY(take(r, line));
    }
}

ct_err ct_swmm__read_links(ct_swmm__reader *r) {
    CT_TRY(make_arrays(r));
    CT_TRY(each(r, CT_SWMM_CONDUITS, take_conduit));
    CT_TRY(each(r, CT_SWMM_PUMPS, take_pump));
    CT_TRY(each(r, CT_SWMM_ORIFICES, take_orifice));
    CT_TRY(each(r, CT_SWMM_WEIRS, take_weir));
    return each(r, CT_SWMM_OUTLETS, take_outlet);
}

static ct_err take_losses(ct_swmm__reader *r, const ct_swmm_line *line) {
    ct_swmm_link_kind kind;
    uint32_t index;
    double seepage;
    if (!ct_swmm_find_link(&kind, &index, r->net, line->words[0]) || kind != CT_SWMM_CONDUIT) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "there is no conduit \"%.60s\"",
                            line->words[0]);
    }
    ct_drains_conduit *c = &r->conduits[index];
    CT_TRY(ct_swmm__number_or(&c->loss_entry, r, line, 1, 0, "loss at the entrance"));
    CT_TRY(ct_swmm__number_or(&c->loss_exit, r, line, 2, 0, "loss at the exit"));
    CT_TRY(ct_swmm__number_or(&c->loss_average, r, line, 3, 0, "average loss"));
    CT_TRY(ct_swmm__yes_or(&c->flap, r, line, 4, false));
    CT_TRY(ct_swmm__number_or(&seepage, r, line, 5, 0, "seepage"));
    if (seepage > 0)
        ct_swmm__find(r, line, "swmm-seepage", "%s: nothing seeps away", line->words[0]);
    return CT_OK;
}

ct_err ct_swmm__read_losses(ct_swmm__reader *r) {
    return each(r, CT_SWMM_LOSSES, take_losses);
}
