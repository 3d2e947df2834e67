// Reads the parameter file of a scene: every field checked, errors name it.
#include "params.h"

#include <string.h>

#include "base/mem.h"

static const char *const KIND_NAMES[SC_BLOCK_KINDS] = {
    [SC_WALKUP] = "walkup", [SC_SLAB] = "slab",     [SC_TOWER] = "tower",
    [SC_SCHOOL] = "school", [SC_HEALTH] = "health", [SC_KINDERGARTEN] = "kindergarten",
    [SC_MARKET] = "market", [SC_PLAZA] = "plaza",   [SC_OFFICE] = "office",
    [SC_PARK] = "park",     [SC_SPORTS] = "sports", [SC_COMMERCIAL] = "commercial",
};
static const char *const RANK_NAMES[] = {"arterial", "collector", "local"};

const char *sc_block_kind_name(sc_block_kind kind) {
    return KIND_NAMES[kind];
}

const char *sc_rank_name(sc_rank rank) {
    return RANK_NAMES[rank];
}

typedef struct field { // one number of an object
    const char *key;
    double *out, min, max;
} field;

static ct_err read_numbers(const json_t *object, const char *where, const field *fields, size_t n) {
    for (size_t i = 0; i < n; i++)
        CT_TRY(ct_json_get_number(fields[i].out, object, fields[i].key, fields[i].min,
                                  fields[i].max, where));
    return CT_OK;
}

#define READ_NUMBERS(object, where, ...)                                                           \
    read_numbers(object, where, (const field[]){__VA_ARGS__},                                      \
                 sizeof((const field[]){__VA_ARGS__}) / sizeof(field))

static ct_err read_int(int *out, const json_t *object, const char *key, int min, int max,
                       const char *where) {
    double value = 0;
    CT_TRY(ct_json_get_number(&value, object, key, min, max, where));
    if (value != (double)(int)value)
        return ct_fail(CT_RANGE, "%s.%s: not a whole number", where, key);
    *out = (int)value;
    return CT_OK;
}

static ct_err read_object(const json_t **out, const json_t *parent, const char *key) {
    const json_t *object = json_object_get(parent, key);
    if (!json_is_object(object)) return ct_fail(CT_PARSE, "%s: an object is needed", key);
    *out = object;
    return CT_OK;
}

static ct_err read_array(const json_t **out, const json_t *parent, const char *key, size_t min,
                         size_t max, const char *where) {
    const json_t *array = json_object_get(parent, key);
    if (!json_is_array(array)) return ct_fail(CT_PARSE, "%s.%s: an array is needed", where, key);
    size_t n = json_array_size(array);
    if (n < min || n > max)
        return ct_fail(CT_RANGE, "%s.%s: %zu entries, %zu to %zu are allowed", where, key, n, min,
                       max);
    *out = array;
    return CT_OK;
}

static ct_err read_label(sc_label *out, const json_t *object, const char *key, const char *where) {
    const json_t *label = json_object_get(object, key);
    if (!json_is_object(label))
        return ct_fail(CT_PARSE, "%s.%s: an object with en and zh is needed", where, key);
    CT_TRY(ct_json_get_string(&out->en, label, "en", where));
    return ct_json_get_string(&out->zh, label, "zh", where);
}

static ct_err find_name(int *out, const char *text, const char *const *names, int n,
                        const char *where) {
    for (int i = 0; i < n; i++)
        if (strcmp(text, names[i]) == 0) {
            *out = i;
            return CT_OK;
        }
    return ct_fail(CT_PARSE, "%s: unknown kind \"%s\"", where, text);
}

static ct_err read_axis(sc_axis *out, const json_t *object, const char *where) {
    const char *kind = NULL;
    int rank = 0;
    CT_TRY(ct_json_get_string(&kind, object, "kind", where));
    CT_TRY(find_name(&rank, kind, RANK_NAMES, 3, where));
    out->rank = (sc_rank)rank;
    CT_TRY(READ_NUMBERS(object, where, {"at_m", &out->at_m, 0, 1e5},
                        {"red_line_m", &out->red_line_m, 6, 100},
                        {"carriageway_m", &out->carriageway_m, 4, 80}));
    if (out->carriageway_m > out->red_line_m - 4)
        return ct_fail(CT_RANGE, "%s.carriageway_m: leaves no room for footways", where);
    CT_TRY(read_int(&out->lanes, object, "lanes", 1, 12, where));
    return read_label(&out->name, object, "name", where);
}

static ct_err read_axes(sc_axis *out, int *count, const json_t *streets, const char *key,
                        size_t max) {
    const json_t *array = NULL;
    CT_TRY(read_array(&array, streets, key, 2, max, "streets"));
    size_t n = json_array_size(array);
    for (size_t i = 0; i < n; i++) {
        char where[48];
        snprintf(where, sizeof where, "streets.%s[%zu]", key, i);
        CT_TRY(read_axis(&out[i], json_array_get(array, i), where));
        if (i && out[i].at_m - out[i - 1].at_m < 120)
            return ct_fail(CT_RANGE, "%s.at_m: less than 120 m from the street before", where);
    }
    *count = (int)n;
    return CT_OK;
}

static ct_err read_streets(sc_params *p, const json_t *document) {
    const json_t *streets = NULL, *under = NULL;
    CT_TRY(read_object(&streets, document, "streets"));
    CT_TRY(read_axes(p->columns, &p->n_columns, streets, "columns", SC_MAX_COLUMNS));
    CT_TRY(read_axes(p->rows, &p->n_rows, streets, "rows", SC_MAX_ROWS));
    CT_TRY(READ_NUMBERS(streets, "streets", {"jitter_m", &p->jitter_m, 0, 8}));
    CT_TRY(read_object(&under, streets, "underpass"));
    CT_TRY(
        read_int(&p->underpass.column, under, "column", 0, p->n_columns - 1, "streets.underpass"));
    CT_TRY(read_int(&p->underpass.row, under, "row", 1, p->n_rows - 2, "streets.underpass"));
    return READ_NUMBERS(under, "streets.underpass", {"depth_m", &p->underpass.depth_m, 2, 8},
                        {"ramp_m", &p->underpass.ramp_m, 40, 150},
                        {"width_m", &p->underpass.width_m, 6, 30});
}

static ct_err read_blocks(sc_params *p, const json_t *document) {
    const json_t *rows = NULL;
    CT_TRY(read_array(&rows, document, "blocks", (size_t)p->n_rows - 1, (size_t)p->n_rows - 1,
                      "scene"));
    for (int j = 0; j + 1 < p->n_rows; j++) {
        // the file lists rows from the north, as on a map
        const json_t *row = json_array_get(rows, (size_t)(p->n_rows - 2 - j));
        if (!json_is_array(row) || json_array_size(row) != (size_t)p->n_columns - 1)
            return ct_fail(CT_RANGE, "blocks[%d]: %d entries are needed", p->n_rows - 2 - j,
                           p->n_columns - 1);
        for (int i = 0; i + 1 < p->n_columns; i++) {
            char where[48];
            const char *kind = NULL;
            int index = 0;
            const json_t *entry = json_array_get(row, (size_t)i);
            snprintf(where, sizeof where, "blocks[%d][%d]", p->n_rows - 2 - j, i);
            CT_TRY(ct_json_get_string(&kind, entry, "kind", where));
            CT_TRY(find_name(&index, kind, KIND_NAMES, SC_BLOCK_KINDS, where));
            p->blocks[j][i].kind = (sc_block_kind)index;
            CT_TRY(read_label(&p->blocks[j][i].name, entry, "name", where));
        }
    }
    return CT_OK;
}

static ct_err read_housing(sc_params *p, const json_t *document) {
    const json_t *housing = NULL, *storeys = NULL;
    CT_TRY(read_object(&housing, document, "housing"));
    for (int k = 0; k <= SC_TOWER; k++) {
        sc_housing *h = &p->housing[k];
        const json_t *object = NULL;
        char where[48];
        snprintf(where, sizeof where, "housing.%s", KIND_NAMES[k]);
        CT_TRY(read_object(&object, housing, KIND_NAMES[k]));
        CT_TRY(READ_NUMBERS(object, where, {"floor_area_ratio", &h->far, 0.5, 6},
                            {"storey_m", &h->storey_m, 2.7, 4}, {"depth_m", &h->depth_m, 8, 40},
                            {"bay_m", &h->bay_m, 8, 60}));
        CT_TRY(read_int(&h->units_per_bay, object, "units_per_bay", 1, 12, where));
        CT_TRY(read_int(&h->year_from, object, "year_from", 1900, 2100, where));
        CT_TRY(read_int(&h->year_to, object, "year_to", h->year_from, 2100, where));
        CT_TRY(read_array(&storeys, object, "storeys", 3, 3, where));
        for (int i = 0; i < 3; i++) {
            json_int_t n = json_integer_value(json_array_get(storeys, (size_t)i));
            if (n < 1 || n > 40) return ct_fail(CT_RANGE, "%s.storeys[%d]: 1 to 40", where, i);
            h->storeys[i] = (int)n;
        }
    }
    return CT_OK;
}

static ct_err read_water(sc_params *p, const json_t *document) {
    const json_t *river = NULL, *dike = NULL;
    sc_river *r = &p->river;
    sc_dike *d = &p->dike;
    CT_TRY(read_object(&river, document, "river"));
    CT_TRY(READ_NUMBERS(river, "river", {"centre_m", &r->centre_m, 0, 1e4},
                        {"width_m", &r->width_m, 10, 1000}, {"meander_m", &r->meander_m, 0, 30},
                        {"wave_m", &r->wave_m, 200, 1e5}, {"level_m", &r->level_m, -100, 5000},
                        {"bed_m", &r->bed_m, -100, 5000}, {"bank_m", &r->bank_m, -100, 5000}));
    if (r->bed_m >= r->level_m || r->level_m >= r->bank_m)
        return ct_fail(CT_RANGE, "river: bed_m < level_m < bank_m is needed");
    CT_TRY(read_object(&dike, document, "dike"));
    return READ_NUMBERS(
        dike, "dike", {"offset_m", &d->offset_m, 15, 300}, {"crest_m", &d->crest_m, -100, 5000},
        {"crest_width_m", &d->crest_width_m, 3, 20}, {"slope", &d->slope, 1.5, 6},
        {"canal_offset_m", &d->canal_offset_m, 12, 100}, {"canal_top_m", &d->canal_top_m, 4, 40},
        {"canal_bottom_m", &d->canal_bottom_m, 1, 38}, {"canal_bed_m", &d->canal_bed_m, -100, 5000},
        {"canal_level_m", &d->canal_level_m, -100, 5000}, {"sluice_at_m", &d->sluice_at_m, 20, 1e5},
        {"sluice_width_m", &d->sluice_width_m, 2, 30},
        {"sluice_sill_m", &d->sluice_sill_m, -100, 5000});
}

static ct_err read_hollows(sc_params *p, const json_t *ground) {
    const json_t *array = NULL;
    CT_TRY(read_array(&array, ground, "hollows", 0, sizeof p->hollows / sizeof p->hollows[0],
                      "ground"));
    p->n_hollows = (int)json_array_size(array);
    for (int i = 0; i < p->n_hollows; i++) {
        sc_hollow *h = &p->hollows[i];
        const json_t *object = json_array_get(array, (size_t)i);
        char where[48];
        snprintf(where, sizeof where, "ground.hollows[%d]", i);
        CT_TRY(read_int(&h->column, object, "column", 0, p->n_columns - 2, where));
        CT_TRY(read_int(&h->row, object, "row", 0, p->n_rows - 2, where));
        CT_TRY(READ_NUMBERS(object, where, {"across", &h->at[0], -0.3, 1.3},
                            {"along", &h->at[1], -0.3, 1.3}, {"radius_m", &h->radius_m, 5, 300},
                            {"depth_m", &h->depth_m, 0, 3}));
    }
    return CT_OK;
}

static ct_err read_ground(sc_params *p, const json_t *document) {
    const json_t *ground = NULL;
    sc_ground_params *g = &p->ground;
    CT_TRY(read_object(&ground, document, "ground"));
    CT_TRY(READ_NUMBERS(ground, "ground", {"cell_m", &g->cell_m, 0.25, 50},
                        {"margin_m", &g->margin_m, 0, 500}, {"inner_m", &g->inner_m, -100, 5000},
                        {"fall_m", &g->fall_m, 0.2, 50}, {"relief_m", &g->relief_m, 0, 1},
                        {"kerb_m", &g->kerb_m, 0, 0.4}, {"lift_m", &g->lift_m, 0, 1}));
    return read_hollows(p, ground);
}

static ct_err read_people(sc_params *p, const json_t *document) {
    const json_t *people = NULL, *sizes = NULL;
    double sum = 0;
    CT_TRY(read_object(&people, document, "people"));
    CT_TRY(read_int(&p->residents, people, "residents", 1, 1000000, "people"));
    CT_TRY(read_array(&sizes, people, "household_sizes", 1, SC_MAX_MEMBERS, "people"));
    for (size_t i = 0; i < json_array_size(sizes); i++) {
        p->household_sizes[i] = json_number_value(json_array_get(sizes, i));
        if (!(p->household_sizes[i] >= 0))
            return ct_fail(CT_RANGE, "people.household_sizes[%zu]: below 0", i);
        sum += p->household_sizes[i];
    }
    if (sum <= 0) return ct_fail(CT_RANGE, "people.household_sizes: all are 0");
    return CT_OK;
}

static ct_err read_networks(sc_params *p, const json_t *document) {
    const json_t *drains = NULL, *silted = NULL, *fire = NULL, *devices = NULL;
    CT_TRY(read_object(&drains, document, "drains"));
    CT_TRY(READ_NUMBERS(drains, "drains", {"manhole_spacing_m", &p->manhole_spacing_m, 15, 120},
                        {"cover_m", &p->cover_m, 0.5, 5},
                        {"min_slope", &p->min_slope, 0.0005, 0.02},
                        {"storm_mm_h", &p->storm_mm_h, 5, 300}, {"runoff", &p->runoff, 0.1, 1},
                        {"sump_area_m2", &p->sump_area_m2, 1, 1000}));
    p->silted_column = -1;
    if (json_object_get(drains, "silted")) {
        CT_TRY(read_object(&silted, drains, "silted"));
        CT_TRY(read_int(&p->silted_column, silted, "column", 0, p->n_columns - 1, "drains.silted"));
        CT_TRY(READ_NUMBERS(silted, "drains.silted", {"share", &p->silted_share, 0, 0.9}));
    }
    CT_TRY(read_object(&fire, document, "fire"));
    CT_TRY(READ_NUMBERS(fire, "fire", {"hydrant_spacing_m", &p->hydrant_spacing_m, 30, 120}));
    CT_TRY(read_object(&devices, document, "devices"));
    return read_int(&p->devices, devices, "total", 600, 100000, "devices");
}

static ct_err read_model(sc_model *out, const sc_params *p, const json_t *object,
                         const char *where) {
    const char *kind = json_string_value(json_object_get(object, "kind"));
    const bool tower = kind && strcmp(kind, KIND_NAMES[SC_TOWER]) == 0;
    if (!tower && (!kind || strcmp(kind, KIND_NAMES[SC_KINDERGARTEN]) != 0))
        return ct_fail(CT_PARSE, "%s.kind: \"tower\" or \"kindergarten\" is needed", where);
    out->kind = tower ? SC_TOWER : SC_KINDERGARTEN;
    CT_TRY(read_int(&out->column, object, "column", 0, p->n_columns - 2, where));
    CT_TRY(read_int(&out->row, object, "row", 0, p->n_rows - 2, where));
    CT_TRY(read_int(&out->number, object, "number", 1, 99, where));
    return read_int(&out->storeys, object, "storeys", 1, tower ? 40 : 3, where);
}

static ct_err read_models(sc_params *p, const json_t *document) {
    const json_t *models = json_object_get(document, "models");
    if (!models) return CT_OK;
    CT_TRY(read_array(&models, document, "models", 0, SC_MAX_MODELS, "scene"));
    p->n_models = (int)json_array_size(models);
    for (int i = 0; i < p->n_models; i++) {
        char where[32];
        snprintf(where, sizeof where, "models[%d]", i);
        CT_TRY(read_model(&p->models[i], p, json_array_get(models, (size_t)i), where));
    }
    return CT_OK;
}

const sc_model *sc_params_model(const sc_params *p, int column, int row, int number) {
    for (int i = 0; i < p->n_models; i++) {
        const sc_model *m = &p->models[i];
        if (m->column == column && m->row == row && m->number == number) return m;
    }
    return NULL;
}

static ct_err read_place(sc_params *p, const json_t *document) {
    const json_t *place = NULL;
    double seed = 0;
    CT_TRY(read_label(&p->name, document, "name", "scene"));
    CT_TRY(read_label(&p->city, document, "city", "scene"));
    CT_TRY(read_label(&p->district, document, "district", "scene"));
    CT_TRY(ct_json_get_number(&seed, document, "seed", 0, 9007199254740992.0, "scene"));
    p->seed = (int64_t)seed;
    CT_TRY(read_object(&place, document, "place"));
    CT_TRY(read_int(&p->epsg, place, "epsg", 1024, 32767, "place"));
    return READ_NUMBERS(place, "place", {"east_m", &p->east_m, -1e8, 1e8},
                        {"north_m", &p->north_m, -1e8, 1e8}, {"depth_m", &p->depth_m, 300, 5000},
                        {"edge_m", &p->edge_m, 0, 100});
}

static ct_err read_all(sc_params *p) {
    const json_t *document = p->document;
    static const char *const allowed[] = {"$schema", "description", "name",   "city",    "district",
                                          "seed",    "place",       "people", "ground",  "river",
                                          "dike",    "streets",     "blocks", "housing", "drains",
                                          "fire",    "devices",     "models", NULL};
    CT_TRY(ct_json_only(document, allowed, "scene"));
    CT_TRY(read_place(p, document));
    CT_TRY(read_streets(p, document));
    CT_TRY(read_ground(p, document));
    CT_TRY(read_water(p, document));
    CT_TRY(read_blocks(p, document));
    CT_TRY(read_housing(p, document));
    CT_TRY(read_people(p, document));
    CT_TRY(read_models(p, document));
    return read_networks(p, document);
}

ct_err sc_params_read(sc_params *out, const char *path) {
    sc_params p;
    memset(&p, 0, sizeof p);
    p.factor = 1;
    CT_TRY(ct_json_read_file(&p.document, path, 1 << 20));
    ct_err err = read_all(&p);
    if (err != CT_OK) {
        json_decref(p.document);
        return ct_context(err, "%s", path);
    }
    *out = p;
    return CT_OK;
}

void sc_params_fini(sc_params *params) {
    json_decref(params->document);
    params->document = NULL;
}
