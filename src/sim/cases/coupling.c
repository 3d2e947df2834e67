// What couples a case's surface with the drains below it and the storages beside it: one street,
// its steps, its ledger.
#include <math.h>

#include "sim/cases/case_private.h"

ct_err ct_case__coupling_read(ct_flood_case *c, const json_t *document) {
    const char *key = "coupling_step_s";
    if (!json_object_get(document, key) && c->drains) return CT_OK; // the drains' own
    if (json_object_get(document, key) && !c->storages)
        return ct_fail(CT_PARSE, "%s: it goes with \"storages\"", key);
    return ct_json_number_or(&c->step_s, document, key, 1, 1e-3, 3600, "case");
}

ct_err ct_case__coupling_open(ct_flood_case *c) {
    const ct_case__drains *d = c->drains;
    const ct_case__storages *s = c->storages;
    ct_street_params p;
    ct_street_params_init(&p);
    p.flood = c->params;
    p.step_s = c->step_s;
    if (d) {
        p.drains = d->network->drains;
        p.drains.nodes = d->nodes;
        p.drains.exchanges = d->exchanges;
        p.drains.exchange_count = d->count;
        p.drains.start_s = p.flood.start_s;
        p.places = d->places;
        p.place_count = d->count;
    }
    if (s) {
        p.storage = (ct_storage_params){.areas = s->areas,
                                        .area_count = s->area_count,
                                        .connections = s->connections,
                                        .connection_count = s->connection_count,
                                        .outsides = s->outsides,
                                        .outside_count = s->outside_count,
                                        .place_count = s->place_count,
                                        .start_s = p.flood.start_s};
        p.storage_places = s->places;
    }
    return ct_street_open(&c->street, &p);
}

// Step by step, so that the control rules of the drains' file are obeyed.
ct_err ct_case__coupling_advance(ct_flood_case *c, double until_s) {
    if (!c->drains) return ct_street_advance(c->street, until_s);
    for (double now_s; (now_s = ct_street_time_s(c->street)) < until_s;) {
        const double rest_s = until_s - now_s, most_s = ct_street_dt_max_s(c->street);
        // Two equal steps rather than a long and a tiny one.
        const double end_s = rest_s <= most_s       ? until_s
                             : rest_s <= 2 * most_s ? now_s + 0.5 * rest_s
                                                    : now_s + most_s;
        CT_TRY(ct_swmm_follow(c->drains->network, ct_street_drains(c->street),
                              now_s - c->params.start_s, end_s - c->params.start_s));
        CT_TRY(ct_street_advance(c->street, end_s));
    }
    return CT_OK;
}

ct_err ct_case__coupling_conclude(ct_flood_case *c) {
    ct_street_ledger_get(c->street, &c->street_ledger);
    if (c->drains) CT_TRY(ct_case__drains_conclude(c));
    return c->storages ? ct_case__storages_conclude(c) : CT_OK;
}

double ct_case__coupling_error(const ct_flood_case *c) {
    ct_street_ledger l;
    ct_street_ledger_get(c->street, &l);
    const double all = l.initial_m3 + l.in_m3;
    return all > 0 ? fabs(l.error_m3) / all : fabs(l.error_m3);
}

void ct_case__coupling_json(ct_jsonw *w, const ct_flood_case *c) {
    const ct_street_ledger *l = &c->street_ledger;
    ct_jsonw_key(w, "ledger");
    ct_jsonw_object(w);
    ct_jsonw_kv_double(w, "initial_m3", l->initial_m3);
    ct_jsonw_kv_double(w, "in_m3", l->in_m3);
    ct_jsonw_kv_double(w, "out_m3", l->out_m3);
    ct_jsonw_kv_double(w, "surface_m3", l->surface_m3);
    ct_jsonw_kv_double(w, "drains_m3", l->drains_m3);
    ct_jsonw_kv_double(w, "storage_m3", l->storage_m3);
    ct_jsonw_kv_double(w, "under_way_m3", l->under_way_m3);
    ct_jsonw_kv_double(w, "error_m3", l->error_m3);
    ct_jsonw_end_object(w);
}
