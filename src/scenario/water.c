// The engines of a run, and their books.
#include "scenario/water.h"

#include "base/mem.h"
#include "scenario/sources.h"

// Of both engines together. Half of it moves the volumes of the sample community's cloudburst by
// one part in a hundred.
#define STEP_S 2.0

// ---- opening ------------------------------------------------------------------------------------
static ct_err open_street(ct_scenario_water *w, const ct_flood_params *flood) {
    ct_street_params p;
    ct_street_params_init(&p);
    p.step_s = STEP_S;
    p.flood = *flood;
    p.drains = w->drains->params;
    p.places = w->drains->places;
    p.place_count = w->drains->params.exchange_count;
    CT_TRY(ct_street_open(&w->street, &p));
    w->surface = ct_street_flood(w->street);
    return ct_drains_gauge_new(&w->gauge, w->drains);
}

static ct_err open_engines(ct_scenario_water *w, const ct_flood_params *flood) {
    w->own_sources = flood->source_count;
    if (w->drains && w->drains->params.node_count > 0) return open_street(w, flood);
    CT_TRY(ct_flood_open(&w->alone, flood));
    w->surface = w->alone;
    return CT_OK;
}

ct_err ct_scenario__water_open(ct_scenario_water *w, const ct_scenario *s,
                               const ct_flood_domain *ground, ct_store *store, ct_reader *reader,
                               int threads) {
    if (s->drains) CT_TRY(ct_drains_domain_make(&w->drains, store, reader, s->edits, ground));
    double *times = ct_alloc(2 * (2 * s->n_rain + 1) * sizeof *times);
    if (!times) return CT_NOMEM;
    double *rates = times + 2 * s->n_rain + 1;
    ct_flood_params params;
    ct_flood_params_init(&params);
    ct_flood_domain_params(&params, ground);
    params.threads = threads;
    params.scheme = s->scheme;
    params.precision = s->precision;
    size_t k = 0;
    for (size_t i = 0; i < s->n_rain; i++) {
        times[k] = s->rain[i].from_s;
        rates[k++] = s->rain[i].intensity_ms;
        if (i + 1 < s->n_rain && s->rain[i + 1].from_s == s->rain[i].to_s) continue;
        times[k] = s->rain[i].to_s;
        rates[k++] = 0;
    }
    params.rain = (ct_flood_series){k, times, rates};
    ct_err err = ct_scenario__sources_params(&params, s, ground);
    if (err == CT_OK) err = open_engines(w, &params);
    ct_free(times);
    return err;
}

void ct_scenario__water_close(ct_scenario_water *w) {
    ct_drains_gauge_free(w->gauge);
    ct_street_close(w->street);
    ct_flood_close(w->alone);
    ct_drains_domain_free(w->drains);
}

// ---- running ------------------------------------------------------------------------------------
ct_err ct_scenario__water_advance(ct_scenario_water *w, double until_s) {
    return w->street ? ct_drains_gauge_advance(w->gauge, w->street, until_s)
                     : ct_flood_advance(w->alone, until_s);
}

void ct_scenario__water_hash(const ct_scenario_water *w, uint64_t out[2]) {
    if (w->street)
        ct_street_hash(w->street, out);
    else
        ct_flood_hash(w->alone, out);
}

size_t ct_scenario__water_rows(const ct_scenario_water *w) {
    if (!w->street) return 0;
    return w->drains->own_nodes + w->drains->params.conduit_count + w->drains->params.pump_count;
}

// ---- books --------------------------------------------------------------------------------------
static json_t *sides_json(const double m3[CT_FLOOD_SIDES]) {
    return json_pack("{s:f,s:f,s:f,s:f}", "west", m3[CT_FLOOD_LEFT], "east", m3[CT_FLOOD_RIGHT],
                     "north", m3[CT_FLOOD_TOP], "south", m3[CT_FLOOD_BOTTOM]);
}

json_t *ct_scenario__ledger_json(const ct_scenario_water *w) {
    ct_flood_ledger l;
    double own_in_m3 = 0, own_out_m3 = 0;
    ct_flood_ledger_get(w->surface, &l);
    for (size_t k = 0; k < w->own_sources; k++) {
        double in_m3 = 0, out_m3 = 0;
        if (ct_flood_source_get(w->surface, k, &in_m3, &out_m3) != CT_OK) continue; // there are all
        own_in_m3 += in_m3;
        own_out_m3 += out_m3;
    }
    const bool drains = w->street != NULL;
    return json_pack("{s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:o,s:o,s:f,s:f}", "initial_m3",
                     l.initial_m3, "rain_m3", l.rain_m3, "rain_lost_m3", l.rain_lost_m3,
                     "infiltrated_m3", l.infiltrated_m3, "source_in_m3", own_in_m3, "source_out_m3",
                     own_out_m3, "drains_in_m3", drains ? l.source_in_m3 - own_in_m3 : 0.0,
                     "drains_out_m3", drains ? l.source_out_m3 - own_out_m3 : 0.0, "in_m3",
                     sides_json(l.in_m3), "out_m3", sides_json(l.out_m3), "state_m3", l.state_m3,
                     "error_m3", l.error_m3);
}

static json_t *network_json(ct_street *street) {
    ct_drains_ledger l;
    ct_drains_ledger_get(ct_street_drains(street), &l);
    return json_pack("{s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f}", "initial_m3", l.initial_m3,
                     "from_surface_m3", l.exchange_in_m3, "to_surface_m3", l.exchange_out_m3,
                     "outfall_in_m3", l.outfall_in_m3, "outfall_out_m3", l.outfall_out_m3,
                     "flooded_m3", l.flooded_m3, "state_m3", l.state_m3, "error_m3", l.error_m3);
}

static json_t *whole_json(const ct_street *street) {
    ct_street_ledger l;
    ct_street_ledger_get(street, &l);
    return json_pack("{s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f}", "initial_m3", l.initial_m3, "in_m3",
                     l.in_m3, "out_m3", l.out_m3, "surface_m3", l.surface_m3, "drains_m3",
                     l.drains_m3, "under_way_m3", l.under_way_m3, "state_m3", l.state_m3,
                     "error_m3", l.error_m3);
}

static json_t *pumps_json(const ct_scenario_water *w) {
    json_t *list = json_array();
    for (size_t k = 0; list && k < w->drains->params.pump_count; k++) {
        json_t *pump = json_pack("{s:s,s:f,s:f}", "id", w->drains->pump_ids[k], "pumped_m3",
                                 w->gauge->pumped_m3[k], "running_s", w->gauge->running_s[k]);
        if (json_array_append_new(list, pump) == 0) continue;
        json_decref(list);
        list = NULL;
    }
    return list;
}

json_t *ct_scenario__drains_json(const ct_scenario_water *w) {
    if (!w->street) return json_null();
    const ct_drains_params *p = &w->drains->params;
    return json_pack("{s:I,s:I,s:I,s:o,s:o,s:o}", "nodes", (json_int_t)w->drains->own_nodes,
                     "links", (json_int_t)p->conduit_count, "exchanges",
                     (json_int_t)p->exchange_count, "pumps", pumps_json(w), "ledger",
                     network_json(w->street), "whole", whole_json(w->street));
}
