// Reading a network in its order: what others refer to comes first.
#include "sim/swmm/network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/swmm/rules.h"

bool ct_swmm_find_node(uint32_t *index, const ct_swmm_network *network, const char *name) {
    size_t value;
    if (!ct_swmm__name_get(&value, network->node_map, name)) return false;
    *index = (uint32_t)value;
    return true;
}

bool ct_swmm_find_link(ct_swmm_link_kind *kind, uint32_t *index, const ct_swmm_network *network,
                       const char *name) {
    size_t value;
    if (!ct_swmm__name_get(&value, network->link_map, name)) return false;
    *kind = (ct_swmm_link_kind)(value % CT_SWMM_LINK_KINDS);
    *index = (uint32_t)(value / CT_SWMM_LINK_KINDS);
    return true;
}

size_t ct_swmm_link_count(const ct_swmm_network *network, ct_swmm_link_kind kind) {
    const ct_drains_params *p = &network->drains;
    const size_t counts[CT_SWMM_LINK_KINDS] = {p->conduit_count, p->pump_count, p->orifice_count,
                                               p->weir_count, p->outlet_count};
    return kind < CT_SWMM_LINK_KINDS ? counts[kind] : 0;
}

const char *ct_swmm_link_kind_name(ct_swmm_link_kind kind) {
    static const char *const names[] = {"conduit", "pump", "orifice", "weir", "outlet"};
    return kind < CT_SWMM_LINK_KINDS ? names[kind] : "";
}

// ---- rims --------------------------------------------------------------------------------------

static double height_of(const ct_drains_section *s) {
    if (s->shape != CT_DRAINS_TRANSECT) return s->height_m;
    double low = s->table.y[0], high = low;
    for (size_t i = 1; i < s->table.count; i++) {
        low = fmin(low, s->table.y[i]);
        high = fmax(high, s->table.y[i]);
    }
    return high - low;
}

static void reach(double *crowns, uint32_t node, double crown) {
    crowns[node] = fmax(crowns[node], crown);
}

// The highest crown over the invert of each node.
static void find_crowns(const ct_swmm__reader *r, double *crowns) {
    const ct_drains_params *p = &r->net->drains;
    for (size_t i = 0; i < p->conduit_count; i++) {
        const ct_drains_conduit *c = &p->conduits[i];
        const double height = height_of(&c->section);
        if (r->dummies[i]) continue; // it has no crown
        reach(crowns, c->from, c->offset_from_m + height);
        reach(crowns, c->to, c->offset_to_m + height);
    }
    for (size_t i = 0; i < p->orifice_count; i++) {
        const ct_drains_orifice *o = &p->orifices[i];
        if (!o->bottom) reach(crowns, o->from, o->offset_m + o->height_m);
    }
    for (size_t i = 0; i < p->weir_count; i++)
        reach(crowns, p->weirs[i].from, p->weirs[i].offset_m + p->weirs[i].height_m);
}

// Between dummies alone a node without a depth gets room for what they carry.
static void make_room(const ct_swmm__reader *r, double *crowns) {
    const ct_drains_params *p = &r->net->drains;
    for (size_t i = 0; i < p->conduit_count; i++) {
        const ct_drains_conduit *c = &p->conduits[i];
        if (!r->dummies[i]) continue;
        const uint32_t ends[] = {c->from, c->to};
        const double offsets[] = {c->offset_from_m, c->offset_to_m};
        for (size_t k = 0; k < 2; k++)
            if (r->max_depth[ends[k]] == 0 && crowns[ends[k]] == 0)
                crowns[ends[k]] = offsets[k] + c->section.height_m;
    }
}

static ct_err lay_rims(ct_swmm__reader *r) {
    const size_t n = r->net->drains.node_count;
    double *crowns = ct_calloc(n, sizeof *crowns);
    if (!crowns) return CT_NOMEM;
    find_crowns(r, crowns);
    make_room(r, crowns);
    for (size_t i = 0; i < n; i++) {
        ct_drains_node *node = &r->nodes[i];
        double depth = r->max_depth[i];
        if (node->kind == CT_DRAINS_OUTFALL) continue;
        if (node->kind == CT_DRAINS_JUNCTION && depth < crowns[i]) {
            if (depth > 0 && crowns[i] - depth > 1e-6) {
                ct_swmm__find(r, &r->lines[r->net->nodes[i].line], "swmm-crown",
                              "%s: its maximum depth is raised by %.4g m to the highest crown",
                              r->net->nodes[i].name, crowns[i] - depth);
            }
            depth = crowns[i];
        }
        node->rim_m = node->invert_m + depth + r->surcharge[i];
    }
    ct_free(crowns);
    return CT_OK;
}

// ---- what is kept only -------------------------------------------------------------------------

void ct_swmm__tell_sections(ct_swmm__reader *r) {
    // Computed with, or of no meaning for what flows: nothing to tell.
    static const ct_swmm_section silent[] = {
        CT_SWMM_TITLE,       CT_SWMM_OPTIONS,       CT_SWMM_REPORT,   CT_SWMM_JUNCTIONS,
        CT_SWMM_OUTFALLS,    CT_SWMM_DIVIDERS,      CT_SWMM_STORAGE,  CT_SWMM_CONDUITS,
        CT_SWMM_PUMPS,       CT_SWMM_ORIFICES,      CT_SWMM_WEIRS,    CT_SWMM_OUTLETS,
        CT_SWMM_XSECTIONS,   CT_SWMM_TRANSECTS,     CT_SWMM_STREETS,  CT_SWMM_LOSSES,
        CT_SWMM_INFLOWS,     CT_SWMM_DWF,           CT_SWMM_CURVES,   CT_SWMM_TIMESERIES,
        CT_SWMM_PATTERNS,    CT_SWMM_MAP,           CT_SWMM_POLYGONS, CT_SWMM_COORDINATES,
        CT_SWMM_VERTICES,    CT_SWMM_LABELS,        CT_SWMM_SYMBOLS,  CT_SWMM_BACKDROP,
        CT_SWMM_TAGS,        CT_SWMM_PROFILES,      CT_SWMM_BEFORE,   CT_SWMM_EVENTS,
        CT_SWMM_RAINGAGES,   CT_SWMM_SUBCATCHMENTS, CT_SWMM_SUBAREAS, CT_SWMM_INFILTRATION,
        CT_SWMM_EVAPORATION, CT_SWMM_CONTROLS};
    bool told[CT_SWMM_SECTIONS] = {false};
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) told[silent[i]] = true;
    for (size_t i = 0; i < r->count; i++) {
        const ct_swmm_line *line = &r->lines[i];
        if (line->section == CT_SWMM_UNKNOWN && line->header) {
            ct_swmm__find(r, line, "swmm-section", "%.60s is unknown and kept only",
                          line->count > 0 ? line->words[0] : "it");
        }
        if (line->section == CT_SWMM_UNKNOWN || line->header || line->count == 0) continue;
        if (told[line->section]) continue;
        told[line->section] = true;
        ct_swmm__find(r, line, "swmm-section", "the section is kept; nothing is computed of it");
    }
}

// ------------------------------------------------------------------------------------------------

static ct_err read_all(ct_swmm__reader *r, bool ignore_rain) {
    CT_TRY(ct_swmm__read_options(r));
    r->net->options.ignore_rain |= ignore_rain;
    CT_TRY(ct_swmm__read_curves(r));
    CT_TRY(ct_swmm__read_series(r));
    CT_TRY(ct_swmm__read_patterns(r));
    CT_TRY(ct_swmm__read_transects(r));
    CT_TRY(ct_swmm__read_streets(r));
    CT_TRY(ct_swmm__read_nodes(r));
    CT_TRY(ct_swmm__read_links(r));
    CT_TRY(ct_swmm__read_sections(r));
    CT_TRY(ct_swmm__read_losses(r));
    CT_TRY(ct_swmm__read_controls(r));
    CT_TRY(lay_rims(r));
    CT_TRY(ct_swmm__read_runoff(r));
    CT_TRY(ct_swmm__read_inflows(r));
    CT_TRY(ct_swmm__read_places(r));
    ct_swmm__tell_sections(r);
    r->net->drains.step_s = fmin(r->net->options.routing_step_s, 1e5);
    return r->findings ? ct_diagnostics_status(r->findings) : CT_OK;
}

ct_err ct_swmm_network_new(ct_swmm_network **out, const ct_swmm_document *document,
                           bool ignore_rain, ct_diagnostics *findings) {
    ct_arena *arena = ct_arena_new((size_t)1 << 16, 0);
    ct_swmm_network *net = arena ? ct_arena_calloc(arena, 1, sizeof *net) : NULL;
    if (!net) {
        ct_arena_free(arena);
        return CT_NOMEM;
    }
    ct_swmm__reader r = {.document = document, .net = net, .arena = arena, .findings = findings};
    r.lines = ct_swmm_lines(document, &r.count);
    net->arena = arena;
    net->document = document;
    const ct_err err = read_all(&r, ignore_rain);
    ct_strmap_free(r.curves.map);
    ct_strmap_free(r.series.map);
    ct_strmap_free(r.pattern_map);
    ct_strmap_free(r.transects.map);
    ct_strmap_free(r.streets.map);
    if (err == CT_OK)
        *out = net;
    else
        ct_swmm_network_free(net);
    return err;
}

void ct_swmm_network_free(ct_swmm_network *network) {
    if (!network) return;
    ct_strmap_free(network->node_map);
    ct_strmap_free(network->link_map);
    ct_arena_free(network->arena);
}

// ---- opening -----------------------------------------------------------------------------------

// The engine names elements as "conduits[3]"; people know them by line and name.
static ct_err name_element(const ct_swmm_network *net, ct_err err) {
    static const char *const arrays[] = {"conduits[", "pumps[", "orifices[", "weirs[", "outlets["};
    char message[512];
    snprintf(message, sizeof message, "%s", ct_err_message());
    size_t count;
    const ct_swmm_line *lines = ct_swmm_lines(net->document, &count);
    for (int k = -1; k < CT_SWMM_LINK_KINDS; k++) {
        const char *array = k < 0 ? "nodes[" : arrays[k];
        const size_t n = strlen(array);
        if (strncmp(message, array, n) != 0) continue;
        char *end;
        const size_t i = strtoul(message + n, &end, 10);
        const char *rest = strncmp(end, "]: drains: ", 11) == 0 ? end + 11 : end;
        const size_t all =
            k < 0 ? net->drains.node_count : ct_swmm_link_count(net, (ct_swmm_link_kind)k);
        if (i >= all) break;
        const char *name = k < 0 ? net->nodes[i].name : net->links[k][i].name;
        const size_t line = k < 0 ? net->nodes[i].line : net->links[k][i].line;
        return ct_swmm_fail(net->document, &lines[line], err == CT_ARG ? CT_RANGE : err, "%s: %s",
                            name, rest);
    }
    return ct_context(err, "%s", ct_swmm_name(net->document));
}

ct_err ct_swmm_network_open(ct_drains **out, const ct_swmm_network *network) {
    const ct_err err = ct_drains_open(out, &network->drains);
    return err == CT_OK || err == CT_NOMEM ? err : name_element(network, err);
}
