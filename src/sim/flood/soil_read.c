// Soils in documents: a table of what each kind has, read and written by it.
#include "sim/flood/soil_read.h"

#include <stddef.h>
#include <string.h>

#define MM    1e-3
#define MM_H  (1e-3 / 3600)
#define PER_H (1.0 / 3600)

const char *const ct_flood_soil_fields[] = {
    "kind",    "rate_mm_h",    "initial_mm_h", "decay_per_h", "suction_mm",
    "deficit", "curve_number", "abstraction",  "capacity_mm", NULL};

static const char *const k_kinds[CT_FLOOD_SOILS] = {"constant", "horton", "green_ampt",
                                                    "curve_number"};

enum { HAS_CONSTANT = 1, HAS_HORTON = 2, HAS_GREEN_AMPT = 4, HAS_CURVE_NUMBER = 8, HAS_ALL = 15 };

typedef struct field {
    const char *name;
    size_t at; // in ct_flood_soil
    double unit, min, max, otherwise;
    unsigned kinds;
    bool needed;
} field;

static const field k_fields[] = {
    {"rate_mm_h", offsetof(ct_flood_soil, rate_ms), MM_H, 0, 1e5, 0,
     HAS_CONSTANT | HAS_HORTON | HAS_GREEN_AMPT, true},
    {"initial_mm_h", offsetof(ct_flood_soil, initial_ms), MM_H, 0, 1e5, 0, HAS_HORTON, true},
    {"decay_per_h", offsetof(ct_flood_soil, decay_s), PER_H, 1e-4, 3600, 0, HAS_HORTON, true},
    {"suction_mm", offsetof(ct_flood_soil, suction_m), MM, 0, 1e5, 0, HAS_GREEN_AMPT, true},
    {"deficit", offsetof(ct_flood_soil, deficit), 1, 0, 1, 0, HAS_GREEN_AMPT, true},
    {"curve_number", offsetof(ct_flood_soil, curve_number), 1, 1, 100, 0, HAS_CURVE_NUMBER, true},
    {"abstraction", offsetof(ct_flood_soil, abstraction), 1, 0, 1, 0.2, HAS_CURVE_NUMBER, false},
    {"capacity_mm", offsetof(ct_flood_soil, capacity_m), MM, 0, 1e7, 0, HAS_ALL, false},
};
enum { FIELDS = sizeof k_fields / sizeof *k_fields };

static double *value_of(ct_flood_soil *soil, const field *f) {
    return (double *)((char *)soil + f->at);
}

static ct_err read_kind(ct_flood_soil *out, const json_t *json, const char *where) {
    const char *word;
    CT_TRY(ct_json_get_string(&word, json, "kind", where));
    for (int i = 0; i < CT_FLOOD_SOILS; i++) {
        if (strcmp(word, k_kinds[i]) != 0) continue;
        out->kind = (ct_flood_soil_kind)i;
        return CT_OK;
    }
    return ct_fail(CT_PARSE,
                   "%s.kind: \"%.40s\" is none of constant, horton, green_ampt, curve_number",
                   where, word);
}

static ct_err read_field(ct_flood_soil *out, const field *f, const json_t *json,
                         const char *where) {
    const bool has = f->kinds & 1u << out->kind;
    double value;
    if (!has && json_object_get(json, f->name))
        return ct_fail(CT_PARSE, "%s.%s: a soil of kind %s has none", where, f->name,
                       k_kinds[out->kind]);
    if (!has) return CT_OK;
    CT_TRY(f->needed
               ? ct_json_get_number(&value, json, f->name, f->min, f->max, where)
               : ct_json_number_or(&value, json, f->name, f->otherwise, f->min, f->max, where));
    *value_of(out, f) = value * f->unit;
    return CT_OK;
}

ct_err ct_flood_soil_read(ct_flood_soil *out, const json_t *json, const char *where) {
    ct_flood_soil soil = {0};
    CT_TRY(ct_json_only(json, ct_flood_soil_fields, where));
    CT_TRY(read_kind(&soil, json, where));
    for (int i = 0; i < FIELDS; i++) CT_TRY(read_field(&soil, &k_fields[i], json, where));
    if (soil.kind == CT_FLOOD_SOIL_HORTON && soil.initial_ms < soil.rate_ms)
        return ct_fail(CT_RANGE, "%s.initial_mm_h: %g is less than rate_mm_h, %g", where,
                       soil.initial_ms / MM_H, soil.rate_ms / MM_H);
    *out = soil;
    return CT_OK;
}

json_t *ct_flood_soil_json(const ct_flood_soil *soil) {
    ct_flood_soil copy = *soil;
    json_t *json = json_pack("{s:s}", "kind", k_kinds[soil->kind]);
    for (int i = 0; json && i < FIELDS; i++) {
        const field *f = &k_fields[i];
        if (!(f->kinds & 1u << soil->kind)) continue;
        if (json_object_set_new(json, f->name, json_real(*value_of(&copy, f) / f->unit)) == 0)
            continue;
        json_decref(json);
        json = NULL;
    }
    return json;
}
