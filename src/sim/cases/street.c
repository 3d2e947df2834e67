// The drains below a case: a SWMM project file whose junctions become manholes in the cells that
// they lie in, inlets beside them; and what is told of both after the run.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "sim/cases/case_private.h"

enum { MAX_INLETS = 100000, MAX_FINDINGS = 1000 };

// ---- places -------------------------------------------------------------------------------------
// Adds an exchange in the cells of a disc; its edge is theirs, where level_m is NaN.
static ct_err add_exchange(ct_flood_case *c, const ct_drains_exchange *exchange, uint32_t *cells,
                           size_t count) {
    ct_case__drains *d = c->drains;
    uint32_t *kept = ct_arena_alloc(c->arena, count * sizeof *kept);
    if (!kept) return CT_NOMEM;
    memcpy(kept, cells, count * sizeof *kept);
    double lowest = HUGE_VAL;
    for (size_t k = 0; k < count; k++) lowest = fmin(lowest, c->params.bed_m[cells[k]]);
    ct_drains_exchange *added = &d->exchanges[d->count];
    *added = *exchange;
    if (isnan(added->level_m)) added->level_m = lowest;
    ct_drains_node *node = &d->nodes[exchange->node];
    if (!(added->level_m >= node->invert_m))
        return ct_fail(CT_RANGE, "node \"%.60s\": its invert at %g m lies over the ground at %g m",
                       d->network->nodes[exchange->node].name, node->invert_m, added->level_m);
    node->top = CT_DRAINS_COUPLED;
    d->places[d->count] = (ct_street_place){kept, count};
    d->count++;
    return CT_OK;
}

static ct_err add_manholes(ct_flood_case *c, const json_t *json, uint32_t *cells) {
    static const char *const rims[] = {"terrain", "file", NULL};
    ct_case__drains *d = c->drains;
    double opening_m, radius_m;
    int rim = 0;
    CT_TRY(ct_json_get_number(&opening_m, json, "opening_m", 0.01, 100, "drains"));
    CT_TRY(ct_json_number_or(&radius_m, json, "radius_m", 0, 0, 1000, "drains"));
    CT_TRY(ct_json_word_or(&rim, json, "rims", rims, 0, "drains"));
    for (uint32_t i = 0; i < d->network->drains.node_count; i++) {
        const ct_swmm_place *place = &d->network->nodes[i].place;
        ct_drains_node *node = &d->nodes[i];
        if (node->kind != CT_DRAINS_JUNCTION) continue;
        size_t count = 0;
        if (!isnan(place->x) && !isnan(place->y))
            count = ct_case__disc(cells, c, place->x, place->y, radius_m);
        if (count == 0) {
            d->left++;
            continue;
        }
        const ct_drains_exchange manhole = {.node = i,
                                            .kind = CT_DRAINS_MANHOLE,
                                            .level_m = rim == 1 ? node->rim_m : (double)NAN,
                                            .opening_m = opening_m,
                                            .count = 1};
        CT_TRY(add_exchange(c, &manhole, cells, count));
        if (rim == 0) node->rim_m = d->exchanges[d->count - 1].level_m;
    }
    return CT_OK;
}

static ct_err read_sizes(ct_drains_exchange *x, const json_t *json) {
    const bool grate = x->kind == CT_DRAINS_GRATE || x->kind == CT_DRAINS_COMBINATION;
    const bool curb = x->kind == CT_DRAINS_CURB || x->kind == CT_DRAINS_COMBINATION;
    if (grate || x->kind == CT_DRAINS_SLOTTED) {
        CT_TRY(ct_json_get_number(&x->length_m, json, "length_m", 0.01, 100, "inlet"));
        CT_TRY(ct_json_get_number(&x->width_m, json, "width_m", 0.01, 100, "inlet"));
    }
    if (curb) {
        CT_TRY(ct_json_get_number(&x->curb_length_m, json, "curb_length_m", 0.01, 100, "inlet"));
        CT_TRY(ct_json_get_number(&x->curb_height_m, json, "curb_height_m", 0.01, 100, "inlet"));
    }
    return ct_json_number_or(&x->open_share, json, "open_share", 0.8, 0.01, 1, "inlet");
}

static const char *const k_kinds[] = {"manhole", "grate", "curb", "combination", "slotted", NULL};

static ct_err read_inlet(ct_drains_exchange *x, const ct_flood_case *c, const json_t *json) {
    static const char *const allowed[] = {
        "node",    "x_m",           "y_m",           "radius_m",   "kind",  "length_m",
        "width_m", "curb_length_m", "grate",         "open_share", "slope", "cross_slope",
        "manning", "clogging",      "curb_height_m", "count",      NULL};
    static const char *const grates[] = {"p_50",    "p_50_100", "p_30",       "curved_vane",
                                         "tilt_45", "tilt_30",  "reticuline", NULL};
    const char *name;
    int kind = 0, grate = 0;
    int64_t count;
    *x = (ct_drains_exchange){.level_m = (double)NAN};
    CT_TRY(ct_json_only(json, allowed, "inlet"));
    CT_TRY(ct_json_get_string(&name, json, "node", "inlet"));
    if (!ct_swmm_find_node(&x->node, c->drains->network, name))
        return ct_fail(CT_NOTFOUND, "there is no node \"%.60s\"", name);
    if (c->drains->nodes[x->node].kind == CT_DRAINS_OUTFALL)
        return ct_fail(CT_PARSE, "node \"%.60s\" is an outfall", name);
    CT_TRY(ct_json_word_or(&kind, json, "kind", k_kinds, -1, "inlet"));
    if (kind == CT_DRAINS_MANHOLE) return ct_fail(CT_PARSE, "kind: a manhole is no inlet");
    CT_TRY(ct_json_word_or(&grate, json, "grate", grates, 0, "inlet"));
    x->kind = (ct_drains_exchange_kind)kind;
    x->grate = (ct_drains_grate)grate;
    CT_TRY(read_sizes(x, json));
    x->on_grade = json_object_get(json, "slope") != NULL;
    CT_TRY(ct_json_number_or(&x->slope, json, "slope", 0, 1e-4, 0.5, "inlet"));
    CT_TRY(ct_json_number_or(&x->cross_slope, json, "cross_slope", 0.02, 1e-3, 0.5, "inlet"));
    CT_TRY(ct_json_number_or(&x->manning, json, "manning", 0.016, 1e-3, 1, "inlet"));
    CT_TRY(ct_json_number_or(&x->clogging, json, "clogging", 0, 0, 0.999, "inlet"));
    CT_TRY(ct_json_int_or(&count, json, "count", 1, 1, 1000, "inlet"));
    x->count = (uint32_t)count;
    return CT_OK;
}

static ct_err add_inlet(ct_flood_case *c, const json_t *json, uint32_t *cells) {
    ct_drains_exchange inlet;
    double x_m, y_m, radius_m;
    CT_TRY(read_inlet(&inlet, c, json));
    CT_TRY(ct_json_get_number(&x_m, json, "x_m", -1e9, 1e9, "inlet"));
    CT_TRY(ct_json_get_number(&y_m, json, "y_m", -1e9, 1e9, "inlet"));
    CT_TRY(ct_json_number_or(&radius_m, json, "radius_m", 0, 0, 1000, "inlet"));
    if (ct_grid_cell_at(&c->shape, x_m, y_m) < 0)
        return ct_fail(CT_RANGE, "an inlet outside: (%.10g, %.10g) is not on the grid", x_m, y_m);
    const size_t count = ct_case__disc(cells, c, x_m, y_m, radius_m);
    if (count == 0) return ct_fail(CT_RANGE, "an inlet outside: in a building");
    return add_exchange(c, &inlet, cells, count);
}

// ---- the member ---------------------------------------------------------------------------------
static ct_err read_network(ct_flood_case *c, const char *name, bool rained_on) {
    ct_case__drains *d = c->drains;
    const char *path;
    CT_TRY(ct_case__beside(&path, c, name));
    d->file = ct_arena_strdup(c->arena, name);
    d->findings = ct_diagnostics_new(MAX_FINDINGS);
    if (!d->file || !d->findings) return CT_NOMEM;
    CT_TRY(ct_swmm_read(&d->document, path));
    CT_TRY(ct_swmm_network_new(&d->network, d->document, rained_on, d->findings));
    const size_t nodes = d->network->drains.node_count;
    d->nodes = ct_arena_alloc(c->arena, (nodes ? nodes : 1) * sizeof *d->nodes);
    if (!d->nodes) return CT_NOMEM;
    if (nodes) memcpy(d->nodes, d->network->drains.nodes, nodes * sizeof *d->nodes);
    return CT_OK;
}

static ct_err place_exchanges(ct_flood_case *c, const json_t *json) {
    ct_case__drains *d = c->drains;
    const json_t *list = json_object_get(json, "inlets");
    const size_t inlets = json_array_size(list), most = d->network->drains.node_count + inlets;
    if (list && !json_is_array(list)) return ct_fail(CT_PARSE, "inlets: not a list");
    if (inlets > MAX_INLETS) return ct_fail(CT_LIMIT, "inlets: more than %d", MAX_INLETS);
    d->exchanges = ct_arena_calloc(c->arena, most ? most : 1, sizeof *d->exchanges);
    d->places = ct_arena_calloc(c->arena, most ? most : 1, sizeof *d->places);
    uint32_t *cells = ct_alloc((size_t)c->shape.nx * c->shape.ny * sizeof *cells);
    ct_err err = d->exchanges && d->places && cells ? add_manholes(c, json, cells) : CT_NOMEM;
    for (size_t i = 0; err == CT_OK && i < inlets; i++)
        err = ct_context(add_inlet(c, json_array_get(list, i), cells), "inlets[%zu]", i);
    ct_free(cells);
    return err;
}

static ct_err read_member(ct_flood_case *c, const json_t *json, bool rained_on) {
    static const char *const allowed[] = {"file", "step_s", "opening_m", "radius_m",
                                          "rims", "inlets", NULL};
    const char *name;
    CT_TRY(ct_json_only(json, allowed, "drains"));
    CT_TRY(ct_json_get_string(&name, json, "file", "drains"));
    CT_TRY(ct_json_number_or(&c->step_s, json, "step_s", 1, 1e-3, 3600, "drains"));
    CT_TRY(read_network(c, name, rained_on));
    return place_exchanges(c, json);
}

ct_err ct_case__drains_read(ct_flood_case *c, const json_t *json, bool rained_on) {
    if (!json) return CT_OK;
    c->drains = ct_arena_calloc(c->arena, 1, sizeof *c->drains);
    if (!c->drains) return CT_NOMEM;
    return ct_context(read_member(c, json, rained_on), "drains");
}

void ct_case__drains_free(ct_flood_case *c) {
    if (!c->drains) return;
    ct_swmm_network_free(c->drains->network);
    ct_diagnostics_free(c->drains->findings);
    ct_swmm_free(c->drains->document);
}

// ---- the run ------------------------------------------------------------------------------------
ct_err ct_case__drains_conclude(ct_flood_case *c) {
    ct_case__drains *d = c->drains;
    d->reports = ct_arena_calloc(c->arena, d->count ? d->count : 1, sizeof *d->reports);
    if (!d->reports) return CT_NOMEM;
    for (size_t k = 0; k < d->count; k++)
        CT_TRY(ct_street_exchange_get(c->street, k, &d->reports[k]));
    return CT_OK;
}

ct_err ct_case__drains_value(double *out, const ct_flood_case *c, const ct_case__check *check) {
    const ct_case__drains *d = c->drains;
    *out = 0;
    if (check->quantity == CT_CASE_NODE_LEVEL) {
        *out = ct_drains_value(ct_street_drains(c->street), CT_DRAINS_HEAD, (size_t)check->node);
        return CT_OK;
    }
    for (size_t k = 0; k < d->count; k++) {
        ct_street_report report;
        if (check->node >= 0 && d->exchanges[k].node != check->node) continue;
        CT_TRY(ct_street_exchange_get(c->street, k, &report));
        *out += check->quantity == CT_CASE_DRAINED ? report.drained_m3 : report.surcharged_m3;
    }
    return CT_OK;
}

void ct_case__drains_json(ct_jsonw *w, const ct_flood_case *c) {
    static const char *const states[] = {"idle", "draining", "surcharging"};
    const ct_case__drains *d = c->drains;
    ct_jsonw_key(w, "drains");
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "file", d->file);
    ct_jsonw_kv_int(w, "junctions_left", (int64_t)d->left);
    ct_jsonw_key(w, "findings");
    ct_diagnostics_write_json(w, d->findings);
    ct_jsonw_key(w, "exchanges");
    ct_jsonw_array(w);
    for (size_t k = 0; k < d->count; k++) {
        const ct_street_report *r = &d->reports[k];
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "node", d->network->nodes[d->exchanges[k].node].name);
        ct_jsonw_kv_string(w, "kind", k_kinds[d->exchanges[k].kind]);
        ct_jsonw_kv_double(w, "level_m", d->exchanges[k].level_m);
        ct_jsonw_kv_string(w, "state", states[r->state]);
        ct_jsonw_kv_double(w, "flow_m3s", r->flow_m3s);
        ct_jsonw_kv_double(w, "drained_m3", r->drained_m3);
        ct_jsonw_kv_double(w, "surcharged_m3", r->surcharged_m3);
        ct_jsonw_kv_double(w, "under_way_m3", r->under_way_m3);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
    ct_case__coupling_json(w, c);
    ct_jsonw_end_object(w);
}

void ct_case__drains_text(ct_buf *out, const ct_flood_case *c) {
    const ct_case__drains *d = c->drains;
    double drained_m3 = 0, surcharged_m3 = 0;
    const ct_diagnostic *finding;
    for (size_t i = 0; (finding = ct_diagnostics_at(d->findings, i)); i++)
        ct_buf_printf(out, "%s: %s\n", finding->where, finding->text);
    for (size_t k = 0; k < d->count; k++) {
        drained_m3 += d->reports[k].drained_m3;
        surcharged_m3 += d->reports[k].surcharged_m3;
    }
    ct_buf_printf(
        out,
        "%s: %zu exchanges drained %.6g m3 and surcharged %.6g m3, %.6g m3 in the drains, "
        "volume error of both %.2g m3\n",
        d->file, d->count, drained_m3, surcharged_m3, c->street_ledger.drains_m3,
        c->street_ledger.error_m3);
}
