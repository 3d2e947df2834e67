// Sources of a scenario: a burst main, a spring, an intake; from the document to cells of the grid.
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "geo/crs.h"
#include "scenario/sources.h"

enum { MAX_SOURCES = 1000, MAX_TIMES = 10000 };

const char *const ct_scenario_source_fields[] = {"geometry", "crs", "radius_m", "discharge_m3s",
                                                 NULL};

static ct_err parse_series(ct_scenario_source *s, const json_t *list, const char *where) {
    const size_t n = json_array_size(list);
    if (n == 0) return ct_fail(CT_PARSE, "%s.discharge_m3s: not a list of [time_s, m3/s]", where);
    if (n > MAX_TIMES)
        return ct_fail(CT_LIMIT, "%s.discharge_m3s has over %d times", where, MAX_TIMES);
    s->time_s = ct_calloc(2 * n, sizeof *s->time_s);
    if (!s->time_s) return CT_NOMEM;
    s->discharge_m3s = s->time_s + n;
    s->n = n;
    for (size_t i = 0; i < n; i++) {
        const json_t *pair = json_array_get(list, i);
        const json_t *t = json_array_get(pair, 0), *q = json_array_get(pair, 1);
        if (json_array_size(pair) != 2 || !json_is_number(t) || !json_is_number(q))
            return ct_fail(CT_PARSE, "%s.discharge_m3s[%zu]: not [time_s, m3/s]", where, i);
        s->time_s[i] = json_number_value(t);
        s->discharge_m3s[i] = json_number_value(q);
        if (!(fabs(s->time_s[i]) <= 1e9) || (i && s->time_s[i] <= s->time_s[i - 1]))
            return ct_fail(CT_RANGE, "%s.discharge_m3s[%zu]: time %g does not ascend", where, i,
                           s->time_s[i]);
        if (!(fabs(s->discharge_m3s[i]) <= 1e6))
            return ct_fail(CT_RANGE, "%s.discharge_m3s[%zu]: %g is not in -1e6 to 1e6", where, i,
                           s->discharge_m3s[i]);
    }
    return CT_OK;
}

static ct_err parse_place(ct_scenario_source *s, ct_arena *arena, const json_t *json,
                          const char *twin_crs, const char *where) {
    ct_geom geom = {0};
    ct_transform *transform = NULL;
    const char *crs;
    CT_TRY(ct_json_string_or(&crs, json, "crs", CT_CRS_CRS84, where));
    CT_TRY(ct_context(ct_geom_from_geojson(&geom, arena, json_object_get(json, "geometry"), 1),
                      "%s.geometry", where));
    if (geom.type != CT_GEOM_POINT) return ct_fail(CT_PARSE, "%s.geometry: not a Point", where);
    CT_TRY(ct_context(ct_transform_get(&transform, crs, twin_crs), "%s.crs", where));
    CT_TRY(ct_context(ct_transform_place(transform, twin_crs, geom.xyz[0], geom.xyz[1]),
                      "%s.geometry", where));
    CT_TRY(ct_context(ct_transform_geom(transform, &geom), "%s.geometry", where));
    s->x_m = geom.xyz[0];
    s->y_m = geom.xyz[1];
    return ct_json_number_or(&s->radius_m, json, "radius_m", 0, 0, 1000, where);
}

ct_err ct_scenario__sources_parse(ct_scenario *s, const json_t *list, const char *twin_crs) {
    const size_t n = json_array_size(list);
    if (!list) return CT_OK;
    if (!json_is_array(list)) return ct_fail(CT_PARSE, "scenario.sources is not an array");
    if (n > MAX_SOURCES) return ct_fail(CT_LIMIT, "scenario.sources: over %d", MAX_SOURCES);
    s->sources = ct_calloc(n ? n : 1, sizeof *s->sources);
    ct_arena *arena = ct_arena_new(1 << 12, 0);
    ct_err err = s->sources && arena ? CT_OK : CT_NOMEM;
    for (size_t i = 0; err == CT_OK && i < n; i++) {
        char where[48];
        const json_t *json = json_array_get(list, i);
        ct_scenario_source *source = &s->sources[i];
        (void)snprintf(where, sizeof where, "scenario.sources[%zu]", i);
        s->n_sources = i + 1; // freed with the scenario
        err = ct_json_only(json, ct_scenario_source_fields, where);
        if (err == CT_OK) err = parse_place(source, arena, json, twin_crs, where);
        if (err == CT_OK) err = parse_series(source, json_object_get(json, "discharge_m3s"), where);
    }
    ct_arena_free(arena);
    return err;
}

void ct_scenario__sources_free(ct_scenario *s) {
    for (size_t i = 0; i < s->n_sources; i++) ct_free(s->sources[i].time_s);
    ct_free(s->sources);
}

static json_t *series_json(const ct_scenario_source *s) {
    json_t *list = json_array();
    for (size_t i = 0; list && i < s->n; i++) {
        json_t *pair = json_pack("[f,f]", s->time_s[i], s->discharge_m3s[i]);
        if (json_array_append_new(list, pair) == 0) continue;
        json_decref(list);
        list = NULL;
    }
    return list;
}

json_t *ct_scenario__sources_json(const ct_scenario *s, const json_t *given) {
    json_t *list = json_array();
    for (size_t i = 0; list && i < s->n_sources; i++) {
        const ct_scenario_source *source = &s->sources[i];
        const json_t *item = json_array_get(given, i), *crs = json_object_get(item, "crs");
        const json_t *geometry = json_object_get(item, "geometry");
        json_t *json = json_pack("{s:o,s:s,s:f,s:o}", "geometry", ct_json_copy(geometry), "crs",
                                 crs ? json_string_value(crs) : CT_CRS_CRS84, "radius_m",
                                 source->radius_m, "discharge_m3s", series_json(source));
        if (json_array_append_new(list, json) == 0) continue;
        json_decref(list);
        list = NULL;
    }
    return list;
}

// ---- cells --------------------------------------------------------------------------------------
typedef struct gathering {
    const ct_flood_domain *domain;
    uint32_t *cells; // room for the whole grid
    size_t count;
} gathering;

static void take_cell(void *context, uint32_t row, uint32_t column) {
    gathering *g = context;
    const size_t cell = (size_t)row * g->domain->shape.nx + column;
    if (!g->domain->blocked[cell]) g->cells[g->count++] = (uint32_t)cell;
}

static ct_err place(ct_flood_source *out, ct_arena *arena, uint32_t *cells,
                    const ct_flood_domain *d, const ct_scenario_source *s) {
    gathering g = {d, cells, 0};
    if (ct_grid_cell_at(&d->shape, s->x_m, s->y_m) < 0)
        return ct_fail(CT_RANGE, "an inflow outside: (%.10g, %.10g) is not on the ground", s->x_m,
                       s->y_m);
    ct_grid_visit_disc(&d->shape, s->x_m, s->y_m, s->radius_m, take_cell, &g);
    if (g.count == 0)
        return ct_fail(CT_RANGE, "an inflow outside: in a building or where there is no ground");
    uint32_t *kept = ct_arena_alloc(arena, g.count * sizeof *kept);
    if (!kept) return CT_NOMEM;
    memcpy(kept, cells, g.count * sizeof *kept);
    *out = (ct_flood_source){kept, g.count, {s->n, s->time_s, s->discharge_m3s}};
    return CT_OK;
}

ct_err ct_scenario__sources_params(ct_flood_params *params, const ct_scenario *s,
                                   const ct_flood_domain *d) {
    if (s->n_sources == 0) return CT_OK;
    ct_flood_source *sources = ct_arena_calloc(d->arena, s->n_sources, sizeof *sources);
    uint32_t *cells = ct_alloc((size_t)d->shape.nx * d->shape.ny * sizeof *cells);
    ct_err err = sources && cells ? CT_OK : CT_NOMEM;
    for (size_t i = 0; err == CT_OK && i < s->n_sources; i++)
        err = ct_context(place(&sources[i], d->arena, cells, d, &s->sources[i]),
                         "scenario.sources[%zu]", i);
    ct_free(cells);
    params->sources = sources;
    params->source_count = s->n_sources;
    return err;
}
