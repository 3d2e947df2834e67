// The storages beside a case and what connects them with each other, with cells of the surface and
// with the outside: reading.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "sim/cases/case_private.h"

enum { MAX_STORAGES = 10000, MAX_CONNECTIONS = 10000, MAX_POINTS = 10000 };

// ---- curves -------------------------------------------------------------------------------------
// Pairs, or a number: then one point at x = alone.
static ct_err read_curve(ct_storage_curve *out, ct_flood_case *c, const json_t *json,
                         const char *what, double alone) {
    const size_t n = json_is_number(json) ? 1 : json_array_size(json);
    if (n == 0 || n > MAX_POINTS)
        return ct_fail(CT_PARSE, "not a number or 1 to %d pairs of [%s, value]", MAX_POINTS, what);
    double *x = ct_arena_alloc(c->arena, n * sizeof *x),
           *y = ct_arena_alloc(c->arena, n * sizeof *y);
    if (!x || !y) return CT_NOMEM;
    x[0] = alone;
    y[0] = json_number_value(json);
    for (size_t i = 0; json_is_array(json) && i < n; i++) {
        const json_t *pair = json_array_get(json, i);
        const json_t *at = json_array_get(pair, 0), *value = json_array_get(pair, 1);
        if (json_array_size(pair) != 2 || !json_is_number(at) || !json_is_number(value))
            return ct_fail(CT_PARSE, "[%zu]: not [%s, value]", i, what);
        x[i] = json_number_value(at);
        y[i] = json_number_value(value);
        if (i > 0 && !(x[i] > x[i - 1]))
            return ct_fail(CT_RANGE, "[%zu]: the %s %g does not come after the one before it", i,
                           what, x[i]);
    }
    *out = (ct_storage_curve){n, x, y};
    return CT_OK;
}

// A function of time, where the member is there.
static ct_err read_series(ct_storage_curve *out, ct_flood_case *c, const json_t *json,
                          const char *key, double min, double max) {
    ct_flood_series series;
    const json_t *member = json_object_get(json, key);
    if (!member) return CT_OK;
    CT_TRY(ct_case__series(&series, c, member, key, 1, min, max));
    *out = (ct_storage_curve){series.count, series.time_s, series.value};
    return CT_OK;
}

// ---- storages -----------------------------------------------------------------------------------
static ct_err read_name(const char **out, ct_flood_case *c, const json_t *json,
                        const char *const *before, size_t n, const char *what) {
    const char *name;
    CT_TRY(ct_json_get_string(&name, json, "name", what));
    if (!ct_case__name_ok(name)) return ct_fail(CT_PARSE, "name: \"%.80s\" is no name", name);
    for (size_t i = 0; i < n; i++)
        if (strcmp(before[i], name) == 0)
            return ct_fail(CT_EXISTS, "name: \"%.60s\" is that of a %s before", name, what);
    *out = ct_arena_strdup(c->arena, name);
    return *out ? CT_OK : CT_NOMEM;
}

static ct_err read_area(ct_flood_case *c, size_t i, const json_t *json) {
    static const char *const allowed[] = {"name",    "floor_m",    "area_m2",
                                          "depth_m", "inflow_m3s", NULL};
    ct_case__storages *s = c->storages;
    ct_storage_area *a = &s->areas[i];
    const json_t *area = json_object_get(json, "area_m2");
    double floor_m;
    CT_TRY(ct_json_only(json, allowed, "storage"));
    CT_TRY(read_name(&s->area_names[i], c, json, s->area_names, i, "storage"));
    if (strcmp(s->area_names[i], "outside") == 0)
        return ct_fail(CT_PARSE, "name: \"outside\" is what is no storage");
    CT_TRY(ct_json_number_or(&floor_m, json, "floor_m", NAN, -1e5, 1e5, "storage"));
    if (!area) return ct_fail(CT_PARSE, "\"area_m2\" is missing");
    if (json_is_number(area) == isnan(floor_m))
        return ct_fail(CT_PARSE, "\"floor_m\" goes with a number as \"area_m2\"");
    CT_TRY(ct_context(read_curve(&a->area, c, area, "level", floor_m), "area_m2"));
    CT_TRY(ct_json_number_or(&a->depth_m, json, "depth_m", 0, 0, 1e4, "storage"));
    return read_series(&a->inflow, c, json, "inflow_m3s", -1e6, 1e6);
}

// ---- connections --------------------------------------------------------------------------------
static ct_err find_area(uint32_t *out, const ct_case__storages *s, const char *name) {
    for (size_t i = 0; i < s->area_count; i++) {
        if (strcmp(s->area_names[i], name) != 0) continue;
        *out = (uint32_t)i;
        return CT_OK;
    }
    return ct_fail(CT_NOTFOUND, "there is no storage \"%.60s\"", name);
}

// The same cells are the same place: what stands there is shared by all that lies at it.
static ct_err add_place(uint32_t *out, ct_flood_case *c, const uint32_t *cells, size_t count) {
    ct_case__storages *s = c->storages;
    for (size_t i = 0; i < s->place_count; i++) {
        const ct_street_place *p = &s->places[i];
        if (p->cell_count != count || memcmp(p->cells, cells, count * sizeof *cells) != 0) continue;
        *out = (uint32_t)i;
        return CT_OK;
    }
    uint32_t *kept = ct_arena_alloc(c->arena, count * sizeof *kept);
    if (!kept) return CT_NOMEM;
    memcpy(kept, cells, count * sizeof *kept);
    *out = (uint32_t)s->place_count;
    s->places[s->place_count++] = (ct_street_place){kept, count};
    return CT_OK;
}

static ct_err read_end(ct_storage_end *out, ct_flood_case *c, const json_t *json, uint32_t *cells) {
    static const char *const place[] = {"x_m", "y_m", "radius_m", "area", NULL};
    static const char *const level[] = {"level_m", NULL};
    ct_case__storages *s = c->storages;
    size_t count;
    if (json_is_string(json) && strcmp(json_string_value(json), "outside") != 0) {
        out->kind = CT_STORAGE_AREA;
        return find_area(&out->index, s, json_string_value(json));
    }
    if (json_is_string(json) || json_object_get(json, "level_m")) {
        *out = (ct_storage_end){CT_STORAGE_OUTSIDE, (uint32_t)s->outside_count};
        if (!json_is_string(json)) CT_TRY(ct_json_only(json, level, "end"));
        return read_series(&s->outsides[s->outside_count++].level, c, json, "level_m", -1e5, 1e5);
    }
    if (!json_is_object(json))
        return ct_fail(CT_PARSE, "not the name of a storage, \"outside\", a place or a level");
    CT_TRY(ct_json_only(json, place, "place"));
    CT_TRY(ct_case__cells(cells, &count, c, json, "a connection"));
    out->kind = CT_STORAGE_PLACE;
    return add_place(&out->index, c, cells, count);
}

static ct_err read_culvert(ct_storage_connection *x, const json_t *json) {
    static const char *const inlets[] = {
        "concrete_square", "concrete_groove",  "concrete_projecting", "metal_headwall",
        "metal_mitered",   "metal_projecting", "ring_bevel_45",       "ring_bevel_33",
        "box_flared",      "box_90",           "box_straight",        NULL};
    int inlet = 0;
    int64_t barrels;
    CT_TRY(ct_json_word_or(&inlet, json, "inlet", inlets, -1, "connection"));
    x->inlet = (ct_storage_inlet)inlet;
    CT_TRY(ct_json_get_number(&x->invert_to_m, json, "invert_to_m", -1e5, 1e5, "connection"));
    CT_TRY(ct_json_get_number(&x->length_m, json, "length_m", 0.1, 1e5, "connection"));
    CT_TRY(ct_json_get_number(&x->manning, json, "manning", 1e-3, 1, "connection"));
    CT_TRY(ct_json_number_or(&x->loss_entry, json, "loss_entry", 0.5, 0, 100, "connection"));
    CT_TRY(ct_json_number_or(&x->loss_exit, json, "loss_exit", 1, 0, 100, "connection"));
    CT_TRY(ct_json_int_or(&barrels, json, "barrels", 1, 1, 1000, "connection"));
    x->barrels = (uint32_t)barrels;
    return CT_OK;
}

static ct_err read_pump(ct_storage_connection *x, ct_flood_case *c, const json_t *json) {
    const json_t *curve = json_object_get(json, "curve_m3s");
    if (!curve) return ct_fail(CT_PARSE, "\"curve_m3s\" is missing");
    CT_TRY(ct_context(read_curve(&x->curve, c, curve, "head", 0), "curve_m3s"));
    CT_TRY(ct_json_number_or(&x->outlet_m, json, "outlet_m", -1e5, -1e5, 1e5, "connection"));
    CT_TRY(ct_json_number_or(&x->on_m, json, "on_m", NAN, -1e5, 1e5, "connection"));
    CT_TRY(ct_json_number_or(&x->off_m, json, "off_m", NAN, -1e5, 1e5, "connection"));
    if (isnan(x->on_m) != isnan(x->off_m))
        return ct_fail(CT_PARSE, "\"on_m\" and \"off_m\" go together");
    if (isnan(x->on_m)) x->on_m = x->off_m = 0; // it always runs
    return CT_OK;
}

// What every kind but pumps has.
static ct_err read_hole(ct_storage_connection *x, ct_flood_case *c, const json_t *json) {
    const bool sized = x->kind == CT_STORAGE_ORIFICE || x->kind == CT_STORAGE_GATE ||
                       x->kind == CT_STORAGE_CULVERT;
    const double least = x->kind == CT_STORAGE_CULVERT ? 0 : 1e-3; // 0: a pipe
    CT_TRY(ct_json_get_number(&x->sill_m, json, "sill_m", -1e5, 1e5, "connection"));
    CT_TRY(ct_json_number_or(&x->width_m, json, "width_m", 0, least, 1e4, "connection"));
    if (x->width_m == 0 && x->kind != CT_STORAGE_CULVERT)
        return ct_fail(CT_PARSE, "\"width_m\" is missing");
    CT_TRY(ct_json_number_or(&x->height_m, json, "height_m", 0, 1e-3, 100, "connection"));
    if (x->height_m == 0 && sized) return ct_fail(CT_PARSE, "\"height_m\" is missing");
    if (x->kind == CT_STORAGE_SHAFT)
        CT_TRY(ct_json_get_number(&x->area_m2, json, "area_m2", 1e-4, 1e6, "connection"));
    CT_TRY(ct_json_number_or(&x->leak_m2, json, "leak_m2", 0, 0, 100, "connection"));
    CT_TRY(ct_json_number_or(&x->weir_coefficient, json, "weir_coefficient", 0, 1e-3, 10,
                             "connection"));
    CT_TRY(ct_json_number_or(&x->orifice_coefficient, json, "orifice_coefficient", 0, 1e-3, 1,
                             "connection"));
    return read_series(&x->crest, c, json, "crest_m", -1e5, 1e5);
}

// The members that a kind heeds.
static ct_err only_its_own(const json_t *json, ct_storage_kind kind) {
    static const char *const opening[] = {"name",
                                          "kind",
                                          "from",
                                          "to",
                                          "flap",
                                          "setting",
                                          "sill_m",
                                          "width_m",
                                          "height_m",
                                          "leak_m2",
                                          "crest_m",
                                          "weir_coefficient",
                                          "orifice_coefficient",
                                          NULL};
    static const char *const orifice[] = {
        "name",    "kind",   "from",    "to",       "flap",
        "setting", "sill_m", "width_m", "height_m", "orifice_coefficient",
        NULL};
    static const char *const shaft[] = {"name",
                                        "kind",
                                        "from",
                                        "to",
                                        "flap",
                                        "setting",
                                        "sill_m",
                                        "width_m",
                                        "area_m2",
                                        "weir_coefficient",
                                        "orifice_coefficient",
                                        NULL};
    static const char *const culvert[] = {
        "name",    "kind",       "from",      "to",      "flap",        "setting",
        "sill_m",  "width_m",    "height_m",  "inlet",   "invert_to_m", "length_m",
        "manning", "loss_entry", "loss_exit", "barrels", NULL};
    static const char *const gate[] = {"name",
                                       "kind",
                                       "from",
                                       "to",
                                       "flap",
                                       "setting",
                                       "sill_m",
                                       "width_m",
                                       "height_m",
                                       "weir_coefficient",
                                       "orifice_coefficient",
                                       NULL};
    static const char *const pump[] = {"name", "kind",  "from",     "to",        "setting",
                                       "on_m", "off_m", "outlet_m", "curve_m3s", NULL};
    static const char *const *const lists[CT_STORAGE_KINDS] = {
        [CT_STORAGE_OPENING] = opening, [CT_STORAGE_ORIFICE] = orifice, [CT_STORAGE_SHAFT] = shaft,
        [CT_STORAGE_CULVERT] = culvert, [CT_STORAGE_GATE] = gate,       [CT_STORAGE_PUMP] = pump};
    return ct_json_only(json, lists[kind], "connection");
}

static ct_err read_connection(ct_flood_case *c, size_t i, const json_t *json, uint32_t *cells) {
    static const char *const kinds[] = {"opening", "orifice", "shaft", "culvert",
                                        "gate",    "pump",    NULL};
    ct_case__storages *s = c->storages;
    ct_storage_connection *x = &s->connections[i];
    int kind = 0;
    if (!json_is_object(json)) return ct_fail(CT_PARSE, "not an object");
    CT_TRY(ct_json_word_or(&kind, json, "kind", kinds, -1, "connection"));
    x->kind = (ct_storage_kind)kind;
    CT_TRY(only_its_own(json, x->kind));
    CT_TRY(read_name(&s->connection_names[i], c, json, s->connection_names, i, "connection"));
    CT_TRY(ct_context(read_end(&x->from, c, json_object_get(json, "from"), cells), "from"));
    CT_TRY(ct_context(read_end(&x->to, c, json_object_get(json, "to"), cells), "to"));
    if (x->from.kind == x->to.kind && x->from.index == x->to.index)
        return ct_fail(CT_PARSE, "from, to: the same");
    CT_TRY(ct_json_bool_or(&x->flap, json, "flap", false, "connection"));
    CT_TRY(read_series(&x->setting, c, json, "setting", 0, x->kind == CT_STORAGE_PUMP ? 10 : 1));
    if (x->kind == CT_STORAGE_PUMP) return read_pump(x, c, json);
    CT_TRY(read_hole(x, c, json));
    return x->kind == CT_STORAGE_CULVERT ? read_culvert(x, json) : CT_OK;
}

// ---- the members --------------------------------------------------------------------------------
static ct_err check_list(const json_t *list, const char *name, size_t most) {
    if (list && !json_is_array(list)) return ct_fail(CT_PARSE, "%s: not a list", name);
    if (json_array_size(list) > most) return ct_fail(CT_LIMIT, "%s: more than %zu", name, most);
    return CT_OK;
}

static ct_err read_all(ct_flood_case *c, const json_t *storages, const json_t *connections,
                       uint32_t *cells) {
    ct_case__storages *s = c->storages;
    for (size_t i = 0; i < json_array_size(storages); i++) {
        CT_TRY(ct_context(read_area(c, i, json_array_get(storages, i)), "storages[%zu]", i));
        s->area_count = i + 1;
    }
    for (size_t i = 0; i < json_array_size(connections); i++) {
        CT_TRY(ct_context(read_connection(c, i, json_array_get(connections, i), cells),
                          "connections[%zu]", i));
        s->connection_count = i + 1;
    }
    if (s->area_count + s->place_count == 0)
        return ct_fail(CT_PARSE, "connections: neither storages nor places");
    return CT_OK;
}

ct_err ct_case__storages_read(ct_flood_case *c, const json_t *storages, const json_t *connections) {
    CT_TRY(check_list(storages, "storages", MAX_STORAGES));
    CT_TRY(check_list(connections, "connections", MAX_CONNECTIONS));
    const size_t areas = json_array_size(storages), n = json_array_size(connections);
    if (areas + n == 0) return CT_OK;
    ct_case__storages *s = ct_arena_calloc(c->arena, 1, sizeof *s);
    if (!s) return CT_NOMEM;
    c->storages = s;
    s->areas = ct_arena_calloc(c->arena, areas + 1, sizeof *s->areas);
    s->area_names = ct_arena_calloc(c->arena, areas + 1, sizeof *s->area_names);
    s->connections = ct_arena_calloc(c->arena, n + 1, sizeof *s->connections);
    s->connection_names = ct_arena_calloc(c->arena, n + 1, sizeof *s->connection_names);
    s->outsides = ct_arena_calloc(c->arena, 2 * n + 1, sizeof *s->outsides);
    s->places = ct_arena_calloc(c->arena, 2 * n + 1, sizeof *s->places);
    if (!s->areas || !s->area_names || !s->connections || !s->connection_names || !s->outsides ||
        !s->places)
        return CT_NOMEM;
    uint32_t *cells = ct_alloc((size_t)c->shape.nx * c->shape.ny * sizeof *cells);
    if (!cells) return CT_NOMEM;
    const ct_err err = read_all(c, storages, connections, cells);
    ct_free(cells);
    return err;
}

ct_err ct_case__storages_plan(ct_flood_case *c) {
    ct_case__storages *s = c->storages;
    if (!s) return CT_OK;
    const size_t columns = 2 * s->area_count + s->connection_count;
    if (c->n_times * columns > CT_CASE__MAX_SEEN)
        return ct_fail(CT_LIMIT,
                       "output_step_s: storages and connections at %zu times are more than %u "
                       "values",
                       c->n_times, CT_CASE__MAX_SEEN);
    s->pools = ct_arena_calloc(c->arena, c->n_times * 2 * s->area_count + 1, sizeof *s->pools);
    s->flows = ct_arena_calloc(c->arena, c->n_times * s->connection_count + 1, sizeof *s->flows);
    return s->pools && s->flows ? CT_OK : CT_NOMEM;
}

// ---- checks -------------------------------------------------------------------------------------
// The index of the name in a member that goes with some quantities, and these with it.
static ct_err find_named(int64_t *out, const json_t *json, const char *key, bool needed,
                         const char *const *names, size_t n) {
    const char *name;
    *out = -1;
    CT_TRY(ct_json_string_or(&name, json, key, NULL, "check"));
    if (needed != (name != NULL))
        return ct_fail(CT_PARSE, "\"%s\" goes with quantities of one, and they with it", key);
    for (size_t i = 0; needed && i < n; i++)
        if (strcmp(names[i], name) == 0) *out = (int64_t)i;
    return !needed || *out >= 0 ? CT_OK
                                : ct_fail(CT_NOTFOUND, "there is no %s \"%.60s\"", key, name);
}

ct_err ct_case__storages_check(ct_case__check *check, const ct_flood_case *c, const json_t *json) {
    static const ct_case__storages none = {0};
    const ct_case__storages *s = c->storages ? c->storages : &none;
    const bool ours = ct_case__of_storages(check->quantity);
    const bool storage = ours && check->quantity <= CT_CASE_STORAGE_MAX_LEVEL;
    CT_TRY(find_named(&check->storage, json, "storage", storage, s->area_names, s->area_count));
    return find_named(&check->connection, json, "connection", ours && !storage, s->connection_names,
                      s->connection_count);
}
