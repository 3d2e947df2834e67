// The engines of a run, and their books.
#include "scenario/water.h"

#include <math.h>

#include "base/mem.h"
#include "scenario/sources.h"

// Of all engines together. Half of it moves the volumes of the sample community's cloudburst by
// one part in a hundred.
#define STEP_S 2.0

// ---- opening ------------------------------------------------------------------------------------
static bool has_drains(const ct_scenario_water *w) {
    return w->drains && w->drains->params.node_count > 0;
}

static ct_err open_street(ct_scenario_water *w, const ct_flood_params *flood) {
    ct_street_params p;
    ct_street_params_init(&p);
    p.step_s = STEP_S;
    p.flood = *flood;
    if (has_drains(w)) {
        p.drains = w->drains->params;
        p.places = w->drains->places;
        p.place_count = w->drains->params.exchange_count;
    }
    if (w->has_rooms) {
        p.storage = w->inside->params;
        p.storage_places = w->inside->places;
    }
    CT_TRY(ct_street_open(&w->street, &p));
    w->surface = ct_street_flood(w->street);
    return has_drains(w) ? ct_drains_gauge_new(&w->gauge, w->drains) : CT_OK;
}

static ct_err open_engines(ct_scenario_water *w, const ct_flood_params *flood) {
    w->own_sources = flood->source_count;
    w->has_rooms = w->inside && w->inside->params.area_count > 0;
    if (has_drains(w) || w->has_rooms) return open_street(w, flood);
    CT_TRY(ct_flood_open(&w->alone, flood));
    w->surface = w->alone;
    return CT_OK;
}

ct_err ct_scenario__water_open(ct_scenario_water *w, const ct_scenario *s, ct_flood_domain *ground,
                               ct_store *store, ct_reader *reader, int threads) {
    if (s->drains) CT_TRY(ct_drains_domain_make(&w->drains, store, reader, s->edits, ground));
    if (s->inside) CT_TRY(ct_storage_domain_make(&w->inside, store, reader, s->edits, ground));
    double *times = ct_alloc(2 * (2 * s->n_rain + 1) * sizeof *times);
    if (!times) return CT_NOMEM;
    double *rates = times + 2 * s->n_rain + 1;
    ct_flood_params params;
    ct_flood_params_init(&params);
    ct_flood_domain_params(&params, ground);
    params.threads = threads;
    params.scheme = s->scheme;
    params.precision = s->precision;
    params.local_steps = s->local_steps;
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
    ct_storage_domain_free(w->inside);
}

// ---- running ------------------------------------------------------------------------------------
ct_err ct_scenario__water_advance(ct_scenario_water *w, double until_s) {
    if (w->gauge) return ct_drains_gauge_advance(w->gauge, w->street, until_s);
    return w->street ? ct_street_advance(w->street, until_s) : ct_flood_advance(w->alone, until_s);
}

void ct_scenario__water_hash(const ct_scenario_water *w, uint64_t out[2]) {
    if (w->street)
        ct_street_hash(w->street, out);
    else
        ct_flood_hash(w->alone, out);
}

size_t ct_scenario__water_rows(const ct_scenario_water *w) {
    size_t rows = 0;
    if (w->gauge)
        rows +=
            w->drains->own_nodes + w->drains->params.conduit_count + w->drains->params.pump_count;
    if (w->has_rooms) rows += w->inside->params.area_count + w->inside->params.connection_count;
    return rows;
}

ct_err ct_scenario__water_tell(const ct_scenario_water *w, ct_buf *drains_rows,
                               ct_buf *inside_rows) {
    if (w->gauge) CT_TRY(ct_drains_domain_rows(drains_rows, w->drains, w->street));
    return w->has_rooms ? ct_storage_domain_rows(inside_rows, w->inside, w->street) : CT_OK;
}

// ---- books --------------------------------------------------------------------------------------
static json_t *sides_json(const double m3[CT_FLOOD_SIDES]) {
    return json_pack("{s:f,s:f,s:f,s:f}", "west", m3[CT_FLOOD_LEFT], "east", m3[CT_FLOOD_RIGHT],
                     "north", m3[CT_FLOOD_TOP], "south", m3[CT_FLOOD_BOTTOM]);
}

typedef struct passed {
    double in_m3, out_m3;
} passed;

// What sources of the surface brought and took.
static passed sum_sources(const ct_flood *surface, size_t first, size_t count) {
    passed sum = {0, 0};
    for (size_t k = first; k < first + count; k++) {
        double in_m3 = 0, out_m3 = 0;
        if (ct_flood_source_get(surface, k, &in_m3, &out_m3) != CT_OK) continue; // there are all
        sum.in_m3 += in_m3;
        sum.out_m3 += out_m3;
    }
    return sum;
}

json_t *ct_scenario__ledger_json(const ct_scenario_water *w) {
    ct_flood_ledger l;
    ct_flood_ledger_get(w->surface, &l);
    const size_t exchanges = w->gauge ? w->drains->params.exchange_count : 0,
                 places = w->has_rooms ? w->inside->params.place_count : 0;
    const passed own = sum_sources(w->surface, 0, w->own_sources),
                 drains = sum_sources(w->surface, w->own_sources, exchanges),
                 inside = sum_sources(w->surface, w->own_sources + exchanges, places);
    return json_pack("{s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:o,s:o,s:f,s:f}", "initial_m3",
                     l.initial_m3, "rain_m3", l.rain_m3, "rain_lost_m3", l.rain_lost_m3,
                     "infiltrated_m3", l.infiltrated_m3, "source_in_m3", own.in_m3, "source_out_m3",
                     own.out_m3, "drains_in_m3", drains.in_m3, "drains_out_m3", drains.out_m3,
                     "inside_in_m3", inside.in_m3, "inside_out_m3", inside.out_m3, "in_m3",
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

json_t *ct_scenario__whole_json(const ct_scenario_water *w) {
    ct_street_ledger l;
    if (!w->street) return json_null();
    ct_street_ledger_get(w->street, &l);
    return json_pack("{s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f}", "initial_m3", l.initial_m3, "in_m3",
                     l.in_m3, "out_m3", l.out_m3, "surface_m3", l.surface_m3, "drains_m3",
                     l.drains_m3, "inside_m3", l.storage_m3, "under_way_m3", l.under_way_m3,
                     "state_m3", l.state_m3, "error_m3", l.error_m3);
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
    if (!w->gauge) return json_null();
    const ct_drains_params *p = &w->drains->params;
    return json_pack("{s:I,s:I,s:I,s:o,s:o}", "nodes", (json_int_t)w->drains->own_nodes, "links",
                     (json_int_t)p->conduit_count, "exchanges", (json_int_t)p->exchange_count,
                     "pumps", pumps_json(w), "ledger", network_json(w->street));
}

// ---- rooms --------------------------------------------------------------------------------------
static json_t *room_json(const ct_storage_domain *d, size_t area, const ct_storage *storage) {
    const ct_storage_room *room = &d->rooms[area];
    ct_storage_area_report r;
    if (ct_storage_area_get(storage, area, &r) != CT_OK) return NULL; // there are all
    return json_pack("{s:s,s:s,s:s,s:s,s:s?,s:f,s:f,s:f,s:f,s:f}", "class",
                     ct_storage_room_class(room), "id", room->id, "name", room->name, "name_zh",
                     room->name_zh, "building", room->building, "floor_m", room->floor_m, "area_m2",
                     room->area_m2, "max_depth_m", fmax(0, r.max_level_m - room->floor_m),
                     "depth_m", r.depth_m, "volume_m3", r.volume_m3);
}

static json_t *way_json(const ct_storage_domain *d, size_t connection, const ct_storage *storage) {
    ct_storage_flow_report r;
    if (ct_storage_flow_get(storage, connection, &r) != CT_OK) return NULL; // there are all
    return json_pack("{s:s,s:s,s:f,s:f}", "class", ct_storage_way_class(d, connection), "id",
                     d->connection_ids[connection], "inward_m3", r.forward_m3, "outward_m3",
                     r.backward_m3);
}

static json_t *list_of(const ct_scenario_water *w, size_t count,
                       json_t *(*each)(const ct_storage_domain *, size_t, const ct_storage *)) {
    json_t *list = json_array();
    for (size_t k = 0; list && k < count; k++) {
        if (json_array_append_new(list, each(w->inside, k, ct_street_storage(w->street))) == 0)
            continue;
        json_decref(list);
        list = NULL;
    }
    return list;
}

static json_t *rooms_ledger_json(ct_street *street) {
    ct_storage_ledger l;
    ct_storage_ledger_get(ct_street_storage(street), &l);
    return json_pack("{s:f,s:f,s:f,s:f,s:f}", "from_surface_m3", l.place_in_m3, "to_surface_m3",
                     l.place_out_m3, "pumped_out_m3", l.outside_out_m3, "state_m3", l.state_m3,
                     "error_m3", l.error_m3);
}

json_t *ct_scenario__inside_json(const ct_scenario_water *w) {
    if (!w->has_rooms) return json_null();
    const ct_storage_params *p = &w->inside->params;
    return json_pack("{s:o,s:o,s:o}", "rooms", list_of(w, p->area_count, room_json), "ways",
                     list_of(w, p->connection_count, way_json), "ledger",
                     rooms_ledger_json(w->street));
}
