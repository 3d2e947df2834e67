// What a case expects, and what came: reading, comparing, the names of quantities.
#include <math.h>
#include <string.h>

#include "sim/cases/case_private.h"

static const char *const k_quantities[CT_CASE_QUANTITIES] = {"depth_m",
                                                             "level_m",
                                                             "speed_ms",
                                                             "velocity_x_ms",
                                                             "velocity_y_ms",
                                                             "max_depth_m",
                                                             "max_level_m",
                                                             "max_speed_ms",
                                                             "max_hazard_m2s",
                                                             "arrival_s",
                                                             "volume_m3",
                                                             "volume_error",
                                                             "source_in_m3",
                                                             "source_out_m3",
                                                             "drained_m3",
                                                             "surcharged_m3",
                                                             "node_level_m",
                                                             "discharge_m3s",
                                                             "storage_level_m",
                                                             "storage_volume_m3",
                                                             "storage_max_level_m",
                                                             "connection_flow_m3s",
                                                             "forward_m3",
                                                             "backward_m3"};
static const char *const k_norms[] = {"mean", "rms", "largest"};

const char *ct_case__check_place(const ct_flood_case *c, const ct_case__check *check) {
    if (check->point) return check->point->name;
    if (check->section >= 0) return c->sections[check->section].name;
    if (check->source >= 0) return c->source_names[check->source];
    if (check->node >= 0 && c->drains) return c->drains->network->nodes[check->node].name;
    if (check->storage >= 0) return c->storages->area_names[check->storage];
    if (check->connection >= 0) return c->storages->connection_names[check->connection];
    return NULL;
}

const char *ct_case__quantity_name(ct_case__quantity quantity) {
    return k_quantities[quantity];
}

// ---- reading ------------------------------------------------------------------------------------
static ct_err find_name(int *out, const char *const *names, int n, const char *name,
                        const char *what) {
    for (int i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = i;
            return CT_OK;
        }
    }
    return ct_fail(CT_PARSE, "%s \"%.60s\" is not known", what, name);
}

static ct_err read_point(ct_case__check *check, const ct_flood_case *c, const json_t *json) {
    const char *name;
    CT_TRY(ct_json_string_or(&name, json, "point", NULL, "check"));
    if (!name) return CT_OK;
    for (size_t i = 0; i < c->n_points; i++) {
        if (strcmp(c->points[i].name, name) == 0) {
            check->point = &c->points[i];
            return CT_OK;
        }
    }
    return ct_fail(CT_NOTFOUND, "there is no point \"%.60s\"", name);
}

static ct_err read_source(ct_case__check *check, const ct_flood_case *c, const json_t *json) {
    const char *name;
    check->source = -1;
    CT_TRY(ct_json_string_or(&name, json, "source", NULL, "check"));
    if (!name) return CT_OK;
    if (check->quantity != CT_CASE_SOURCE_IN && check->quantity != CT_CASE_SOURCE_OUT)
        return ct_fail(CT_PARSE, "\"source\" goes with source_in_m3 and source_out_m3");
    for (size_t i = 0; i < c->params.source_count; i++)
        if (strcmp(c->source_names[i], name) == 0) check->source = (int64_t)i;
    return check->source >= 0 ? CT_OK : ct_fail(CT_NOTFOUND, "there is no source \"%.60s\"", name);
}

static ct_err read_section(ct_case__check *check, const ct_flood_case *c, const json_t *json) {
    const char *name;
    const bool needed = check->quantity == CT_CASE_DISCHARGE;
    check->section = -1;
    CT_TRY(ct_json_string_or(&name, json, "section", NULL, "check"));
    if (needed != (name != NULL))
        return ct_fail(CT_PARSE, "\"section\" goes with discharge_m3s, and it with a section");
    for (size_t i = 0; needed && i < c->n_sections; i++)
        if (strcmp(c->sections[i].name, name) == 0) check->section = (int64_t)i;
    return !needed || check->section >= 0
               ? CT_OK
               : ct_fail(CT_NOTFOUND, "there is no section \"%.60s\"", name);
}

static bool of_drains(ct_case__quantity quantity) {
    return quantity == CT_CASE_DRAINED || quantity == CT_CASE_SURCHARGED ||
           quantity == CT_CASE_NODE_LEVEL;
}

static ct_err read_node(ct_case__check *check, const ct_flood_case *c, const json_t *json) {
    const char *name;
    uint32_t node;
    check->node = -1;
    CT_TRY(ct_json_string_or(&name, json, "node", NULL, "check"));
    if (of_drains(check->quantity) && !c->drains)
        return ct_fail(CT_PARSE, "there are no \"drains\"");
    if (!name && check->quantity != CT_CASE_NODE_LEVEL) return CT_OK;
    if (!name || !of_drains(check->quantity))
        return ct_fail(CT_PARSE, "\"node\" goes with quantities of the drains");
    if (!ct_swmm_find_node(&node, c->drains->network, name))
        return ct_fail(CT_NOTFOUND, "there is no node \"%.60s\"", name);
    check->node = node;
    return CT_OK;
}

static ct_err read_formula(ct_formula **out, const json_t *json, const char *key) {
    const char *text;
    CT_TRY(ct_json_string_or(&text, json, key, NULL, "check"));
    if (!text) return CT_OK;
    return ct_context(ct_formula_new(out, text, ct_case__variables, 3), "%s", key);
}

static ct_err read_bounds(ct_case__check *check, const json_t *json) {
    CT_TRY(ct_json_number_or(&check->value, json, "value", NAN, -1e15, 1e15, "check"));
    CT_TRY(ct_json_number_or(&check->at_least, json, "at_least", NAN, -1e15, 1e15, "check"));
    CT_TRY(ct_json_number_or(&check->at_most, json, "at_most", NAN, -1e15, 1e15, "check"));
    CT_TRY(ct_json_bool_or(&check->relative, json, "relative", false, "check"));
    CT_TRY(ct_json_number_or(&check->bound, json, "bound", NAN, 0, 1e15, "check"));
    const bool compares = check->formula || !isnan(check->value);
    if (compares != !isnan(check->bound))
        return ct_fail(CT_PARSE, "\"bound\" goes with \"value\" or \"formula\"");
    if (!compares && isnan(check->at_least) && isnan(check->at_most))
        return ct_fail(CT_PARSE, "one of \"value\", \"formula\", \"at_least\", \"at_most\"");
    if (check->formula && !(isnan(check->value) && isnan(check->at_least) && isnan(check->at_most)))
        return ct_fail(CT_PARSE, "\"formula\" stands alone");
    return CT_OK;
}

// Quantities of the whole model have no place.
static bool has_place(ct_case__quantity quantity) {
    return quantity < CT_CASE_VOLUME;
}

static ct_err read_check(ct_case__check *check, const ct_flood_case *c, const json_t *json) {
    static const char *const allowed[] = {
        "quantity", "section", "source",   "node",       "point", "at_s",
        "value",    "bound",   "relative", "formula",    "where", "norm",
        "at_least", "at_most", "storage",  "connection", NULL};
    const char *name, *norm;
    int index = 0;
    CT_TRY(ct_json_only(json, allowed, "check"));
    CT_TRY(ct_json_get_string(&name, json, "quantity", "check"));
    CT_TRY(find_name(&index, k_quantities, CT_CASE_QUANTITIES, name, "quantity"));
    check->quantity = (ct_case__quantity)index;
    CT_TRY(ct_json_string_or(&norm, json, "norm", "mean", "check"));
    CT_TRY(find_name(&index, k_norms, 3, norm, "norm"));
    check->norm = (ct_case__norm)index;
    CT_TRY(read_point(check, c, json));
    CT_TRY(read_source(check, c, json));
    CT_TRY(read_node(check, c, json));
    CT_TRY(read_section(check, c, json));
    CT_TRY(ct_case__storages_check(check, c, json));
    CT_TRY(ct_json_number_or(&check->at_s, json, "at_s", c->duration_s, 0, c->duration_s, "check"));
    CT_TRY(read_formula(&check->formula, json, "formula"));
    CT_TRY(read_formula(&check->where, json, "where"));
    if (check->formula && check->point)
        return ct_fail(CT_PARSE, "\"formula\" is for all cells, not for a point");
    if (!has_place(check->quantity) && (check->point || check->formula))
        return ct_fail(CT_PARSE, "%s is of the whole model", name);
    if (check->where && (check->point || !has_place(check->quantity)))
        return ct_fail(CT_PARSE, "\"where\" goes with all cells");
    return read_bounds(check, json);
}

ct_err ct_case__checks_read(ct_flood_case *c, const json_t *list) {
    const size_t n = json_array_size(list);
    if (list && !json_is_array(list)) return ct_fail(CT_PARSE, "expected: not a list");
    if (n > CT_CASE_MAX_CHECKS)
        return ct_fail(CT_LIMIT, "expected: more than %d", CT_CASE_MAX_CHECKS);
    c->checks = ct_arena_calloc(c->arena, n ? n : 1, sizeof *c->checks);
    if (!c->checks) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        c->n_checks = i + 1; // their formulas are freed with the case
        CT_TRY(
            ct_context(read_check(&c->checks[i], c, json_array_get(list, i)), "expected[%zu]", i));
    }
    return CT_OK;
}

// ---- comparing ----------------------------------------------------------------------------------
ct_case__now ct_case__look(const ct_flood *flood) {
    return (ct_case__now){.h = ct_flood_get(flood, CT_FLOOD_DEPTH),
                          .u = ct_flood_get(flood, CT_FLOOD_VELOCITY_X),
                          .v = ct_flood_get(flood, CT_FLOOD_VELOCITY_Y),
                          .bed = ct_flood_get(flood, CT_FLOOD_BED)};
}

// Only checks look back.
static void look_back(ct_case__now *now, const ct_flood *flood) {
    now->max_h = ct_flood_get(flood, CT_FLOOD_MAX_DEPTH);
    now->max_speed = ct_flood_get(flood, CT_FLOOD_MAX_SPEED);
    now->max_hazard = ct_flood_get(flood, CT_FLOOD_MAX_HAZARD);
    now->arrival = ct_flood_get(flood, CT_FLOOD_ARRIVAL);
}

double ct_case__value_at(const ct_case__now *now, ct_case__quantity quantity, size_t cell) {
    const double depth = now->h[cell];
    switch (quantity) {
    case CT_CASE_DEPTH: return depth;
    case CT_CASE_LEVEL: return depth > 0 ? now->bed[cell] + depth : (double)NAN;
    case CT_CASE_SPEED: return hypot(now->u[cell], now->v[cell]);
    case CT_CASE_VELOCITY_X: return now->u[cell];
    case CT_CASE_VELOCITY_Y: return 0 - now->v[cell]; // not -0
    case CT_CASE_MAX_DEPTH: return now->max_h[cell];
    case CT_CASE_MAX_LEVEL:
        return now->max_h[cell] > 0 ? now->bed[cell] + now->max_h[cell] : (double)NAN;
    case CT_CASE_MAX_SPEED: return now->max_speed[cell];
    case CT_CASE_MAX_HAZARD: return now->max_hazard[cell];
    case CT_CASE_ARRIVAL: return now->arrival[cell];
    case CT_CASE_VOLUME:
    case CT_CASE_VOLUME_ERROR:
    case CT_CASE_SOURCE_IN:
    case CT_CASE_SOURCE_OUT:
    case CT_CASE_DRAINED:
    case CT_CASE_SURCHARGED:
    case CT_CASE_NODE_LEVEL:
    case CT_CASE_DISCHARGE:
    case CT_CASE_STORAGE_LEVEL:
    case CT_CASE_STORAGE_VOLUME:
    case CT_CASE_STORAGE_MAX_LEVEL:
    case CT_CASE_CONNECTION_FLOW:
    case CT_CASE_FORWARD:
    case CT_CASE_BACKWARD:
    case CT_CASE_QUANTITIES: break;
    }
    return NAN;
}

// Of one source or of all of the case's; what drains pass are sources of the engine, not of it.
static ct_err of_sources(double *out, const ct_flood_case *c, const ct_flood *flood,
                         const ct_case__check *check) {
    const size_t first = check->source >= 0 ? (size_t)check->source : 0,
                 end = check->source >= 0 ? first + 1 : c->params.source_count;
    *out = 0;
    for (size_t i = first; i < end; i++) {
        double in_m3, out_m3;
        CT_TRY(ct_flood_source_get(flood, i, &in_m3, &out_m3));
        *out += check->quantity == CT_CASE_SOURCE_IN ? in_m3 : out_m3;
    }
    return CT_OK;
}

static double of_model(const ct_flood *flood, ct_case__quantity quantity) {
    ct_flood_ledger l;
    ct_flood_ledger_get(flood, &l);
    if (quantity == CT_CASE_VOLUME) return l.state_m3;
    double all = l.initial_m3 + l.rain_m3 + l.source_in_m3;
    for (int side = 0; side < CT_FLOOD_SIDES; side++) all += l.in_m3[side];
    return all > 0 ? fabs(l.error_m3) / all : fabs(l.error_m3);
}

// Whether the check looks at the cell; its formula's value there.
static ct_err at_cell(bool *counts, double *expected, ct_case__check *check, const ct_flood_case *c,
                      size_t cell) {
    const uint32_t row = (uint32_t)(cell / c->shape.nx), column = (uint32_t)(cell % c->shape.nx);
    const double at[3] = {ct_grid_x(&c->shape, column), ct_grid_y(&c->shape, row), check->at_s};
    double in = 1;
    if (check->where) CT_TRY(ct_formula_at(&in, check->where, at));
    *counts = in != 0;
    if (*counts && check->formula) CT_TRY(ct_formula_at(expected, check->formula, at));
    return CT_OK;
}

// The norm of what differs from the formula; with `relative`, as a share of the formula's own norm.
static ct_err compare_field(ct_case__check *check, const ct_flood_case *c,
                            const ct_case__now *now) {
    double differs = 0, size = 0, largest = 0, largest_size = 0, counted = 0;
    const double power = check->norm == CT_CASE_RMS ? 2 : 1;
    for (size_t i = 0, n = (size_t)c->shape.nx * c->shape.ny; i < n; i++) {
        bool counts;
        double expected = 0;
        CT_TRY(at_cell(&counts, &expected, check, c, i));
        if (!counts) continue;
        const double got = ct_case__value_at(now, check->quantity, i), d = fabs(got - expected);
        if (isnan(d)) { // no value where one is expected
            check->got = check->error = NAN;
            return CT_OK;
        }
        counted++;
        differs += pow(d, power);
        size += pow(fabs(expected), power);
        largest = fmax(largest, d);
        largest_size = fmax(largest_size, fabs(expected));
    }
    if (counted == 0) return ct_fail(CT_RANGE, "\"where\" leaves no cell");
    double error = check->norm == CT_CASE_LARGEST ? largest : pow(differs / counted, 1 / power);
    if (check->relative)
        error /= check->norm == CT_CASE_LARGEST ? largest_size : pow(size / counted, 1 / power);
    check->got = check->error = error;
    return CT_OK;
}

// The largest value of the field where the check looks; NaN where it has none at all.
static ct_err largest(double *out, ct_case__check *check, const ct_flood_case *c,
                      const ct_case__now *now) {
    double found = NAN, unused;
    for (size_t i = 0, n = (size_t)c->shape.nx * c->shape.ny; i < n; i++) {
        bool counts;
        CT_TRY(at_cell(&counts, &unused, check, c, i));
        if (counts)
            found = fmax(found, ct_case__value_at(now, check->quantity, i)); // NaN gives way
    }
    *out = found;
    return CT_OK;
}

static void compare_value(ct_case__check *check, double got) {
    check->got = got;
    check->error = fabs(got - check->value);
    if (check->relative) check->error /= fabs(check->value);
}

static ct_err compare(ct_case__check *check, const ct_flood_case *c, const ct_flood *flood,
                      const ct_case__now *now) {
    double got;
    check->done = true;
    if (check->formula) {
        CT_TRY(compare_field(check, c, now));
        check->ok = check->error <= check->bound;
        return CT_OK;
    }
    if (check->quantity == CT_CASE_SOURCE_IN || check->quantity == CT_CASE_SOURCE_OUT) {
        CT_TRY(of_sources(&got, c, flood, check));
    } else if (check->quantity == CT_CASE_DISCHARGE) {
        const ct_case__section *s = &c->sections[check->section];
        CT_TRY(ct_flood_discharge(flood, s->faces, s->count, &got));
    } else if (of_drains(check->quantity)) {
        CT_TRY(ct_case__drains_value(&got, c, check));
    } else if (ct_case__of_storages(check->quantity)) {
        CT_TRY(ct_case__storages_value(&got, c, check));
    } else if (c->street && check->quantity == CT_CASE_VOLUME_ERROR) {
        got = ct_case__coupling_error(c);
    } else if (!has_place(check->quantity)) {
        got = of_model(flood, check->quantity);
    } else if (check->point) {
        got = ct_case__value_at(now, check->quantity, check->point->cell);
    } else {
        CT_TRY(largest(&got, check, c, now));
    }
    compare_value(check, got);
    check->ok = (isnan(check->value) || check->error <= check->bound) &&
                (isnan(check->at_least) || got >= check->at_least) &&
                (isnan(check->at_most) || got <= check->at_most);
    return CT_OK;
}

ct_err ct_case__checks_do(ct_flood_case *c, const ct_flood *flood, ct_case__now *now) {
    const double now_s = ct_flood_time_s(flood);
    for (size_t i = 0; i < c->n_checks; i++) {
        ct_case__check *check = &c->checks[i];
        if (check->done || check->at_s != now_s) continue;
        if (!now->max_h) look_back(now, flood);
        CT_TRY(ct_context(compare(check, c, flood, now), "expected[%zu]", i));
    }
    return CT_OK;
}
