// The schemas of the API's document: scenarios as data/schemas has them, in the dialect of OpenAPI
// 3.0, and what else is sent to the server or is a feature.
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "http/api/internal.h"

#define SCHEMA_MAX  ((size_t)1 << 20)
#define DEFINITIONS "#/definitions/"
#define COMPONENTS  "#/components/schemas/"
#define PREFIX      "scenario-" // of the names that the scenario's definitions get

typedef struct named {
    const char *name, *json;
} named;

static const named others[] = {
    {"problem", "{\"type\":\"object\",\"description\":\"RFC 9457\",\"properties\":{"
                "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
                "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
                "\"instance\":{\"type\":\"string\"}}}"},
    {"feature",
     "{\"type\":\"object\",\"description\":\"GeoJSON (RFC 7946)\","
     "\"required\":[\"type\",\"id\",\"geometry\",\"properties\"],\"properties\":{"
     "\"type\":{\"type\":\"string\",\"enum\":[\"Feature\"]},\"id\":{\"type\":\"string\"},"
     "\"geometry\":{\"type\":\"object\",\"nullable\":true},"
     "\"properties\":{\"type\":\"object\"}}}"},
    {"propertySets",
     "{\"type\":\"object\",\"required\":[\"id\",\"collection\",\"sets\",\"body\"],"
     "\"properties\":{\"id\":{\"type\":\"string\"},\"collection\":{\"type\":\"string\"},"
     "\"sourceId\":{\"type\":\"string\"},\"sets\":{\"type\":\"array\",\"items\":{"
     "\"type\":\"object\",\"required\":[\"name\",\"properties\"],\"properties\":{"
     "\"name\":{\"type\":\"string\"},\"properties\":{\"type\":\"array\",\"items\":{"
     "\"type\":\"object\",\"required\":[\"name\",\"value\"],\"properties\":{"
     "\"name\":{\"type\":\"string\"},\"value\":{\"nullable\":true},"
     "\"unit\":{\"type\":\"string\",\"description\":\"where it is not SI\"}}}}}}},"
     "\"body\":{\"type\":\"object\",\"nullable\":true,\"properties\":{"
     "\"parts\":{\"type\":\"integer\"},\"triangles\":{\"type\":\"integer\"},"
     "\"levelsOfDetail\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}},"
     "\"materials\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
     "\"box\":{\"type\":\"array\",\"minItems\":6,\"maxItems\":6,\"items\":{"
     "\"type\":\"number\"},\"description\":\"in the twin's CRS, metres: least east, north, "
     "height, greatest\"}}},\"links\":{\"type\":\"array\",\"items\":{"
     "\"type\":\"object\"}}}}"},
    {"featureCollection",
     "{\"type\":\"object\",\"required\":[\"type\",\"features\",\"numberReturned\"],\"properties\":{"
     "\"type\":{\"type\":\"string\",\"enum\":[\"FeatureCollection\"]},"
     "\"features\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/feature\"}},"
     "\"numberMatched\":{\"type\":\"integer\"},\"numberReturned\":{\"type\":\"integer\"},"
     "\"timeStamp\":{\"type\":\"string\",\"format\":\"date-time\"},"
     "\"links\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}"},
    {"indoorModels",
     "{\"type\":\"object\",\"required\":[\"buildings\",\"links\"],\"properties\":{"
     "\"buildings\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
     "\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"
     "\"storeys\":{\"type\":\"integer\"}}}},"
     "\"links\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}"},
    {"indoorModel",
     "{\"type\":\"object\",\"description\":\"lengths in metres, coordinates in crs; ends of "
     "openings and stairs are ids of spaces, outdoors, or null where not known\","
     "\"required\":[\"crs\",\"building\",\"storeys\",\"spaces\",\"openings\","
     "\"transitions\",\"compartments\",\"vents\",\"findings\"],\"properties\":{"
     "\"crs\":{\"type\":\"string\"},\"building\":{\"type\":\"string\"},"
     "\"storeys\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
     "\"spaces\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
     "\"openings\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
     "\"transitions\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
     "\"compartments\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
     "\"vents\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
     "\"findings\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
     "\"rule\":{\"type\":\"string\"},\"id\":{\"type\":\"string\"},"
     "\"other\":{\"type\":\"string\",\"nullable\":true},"
     "\"text\":{\"type\":\"string\"}}}}}}"},
    {"run", "{\"type\":\"object\",\"required\":[\"id\",\"status\"],\"properties\":{"
            "\"id\":{\"type\":\"string\"},\"status\":{\"type\":\"string\","
            "\"enum\":[\"queued\",\"running\",\"done\",\"failed\",\"cancelled\"]},"
            "\"progress\":{\"type\":\"number\",\"minimum\":0,\"maximum\":1},"
            "\"message\":{\"type\":\"string\"},\"scenario\":{\"type\":\"object\"}}}"},
    {"observations",
     "{\"type\":\"array\",\"items\":{\"type\":\"object\","
     "\"required\":[\"device\",\"t\",\"v\"],\"properties\":{"
     "\"device\":{\"type\":\"string\"},\"property\":{\"type\":\"string\"},"
     "\"t\":{\"type\":\"string\",\"format\":\"date-time\"},\"v\":{\"type\":\"number\"},"
     "\"q\":{\"type\":\"integer\",\"enum\":[0,1,2],"
     "\"description\":\"0 good, 1 doubtful, 2 bad\"}}}}"},
    {"acknowledgement", "{\"type\":\"object\",\"required\":[\"by\"],"
                        "\"additionalProperties\":false,\"properties\":{"
                        "\"by\":{\"type\":\"string\",\"minLength\":1}}}"},
};

// ---- from JSON Schema (draft 7) to the dialect of OpenAPI 3.0; every failure is one of memory

static json_t *translate(const json_t *schema);

static json_t *finished(json_t *value, bool ok) {
    if (ok) return value;
    json_decref(value);
    return NULL;
}

static json_t *translate_list(const json_t *list) {
    json_t *out = json_array(), *item;
    size_t i;
    bool ok = out != NULL;
    json_array_foreach(list, i, item) ok = ok && json_array_append_new(out, translate(item)) == 0;
    return finished(out, ok);
}

// Each member of an object is a schema: properties.
static json_t *translate_members(const json_t *members) {
    json_t *out = json_object(), *member;
    const char *name;
    bool ok = out != NULL;
    json_object_foreach((json_t *)(uintptr_t)members, name, member) {
        ok = ok && json_object_set_new(out, name, translate(member)) == 0;
    }
    return finished(out, ok);
}

// Beside a reference nothing counts, so one with neighbours becomes an allOf of one.
static bool put_reference(json_t *out, const json_t *schema, const char *target) {
    char text[256] = "";
    if (strncmp(target, DEFINITIONS, strlen(DEFINITIONS)) == 0)
        snprintf(text, sizeof text, COMPONENTS PREFIX "%s", target + strlen(DEFINITIONS));
    if (json_object_size(schema) == 1)
        return json_object_set_new(out, "$ref", json_string(text)) == 0;
    return json_object_set_new(out, "allOf", json_pack("[{s:s}]", "$ref", text)) == 0;
}

// ["number", "null"] is a number that may be null.
static bool put_type(json_t *out, const json_t *type) {
    const json_t *one;
    size_t i;
    bool ok = true;
    if (json_is_string(type)) return json_object_set(out, "type", (json_t *)(uintptr_t)type) == 0;
    json_array_foreach(type, i, one) {
        const bool null = strcmp(json_string_value(one), "null") == 0;
        ok = ok && (null ? json_object_set_new(out, "nullable", json_true())
                         : json_object_set(out, "type", (json_t *)(uintptr_t)one)) == 0;
    }
    return ok;
}

static bool put_member(json_t *out, const json_t *schema, const char *key, json_t *value) {
    if (strcmp(key, "$schema") == 0 || strcmp(key, "definitions") == 0) return true;
    if (strcmp(key, "$ref") == 0) return put_reference(out, schema, json_string_value(value));
    if (strcmp(key, "type") == 0) return put_type(out, value);
    if (strcmp(key, "const") == 0)
        return json_object_set_new(out, "enum", json_pack("[O]", value)) == 0;
    if (strcmp(key, "properties") == 0)
        return json_object_set_new(out, key, translate_members(value)) == 0;
    if (strcmp(key, "oneOf") == 0 || strcmp(key, "anyOf") == 0)
        return json_object_set_new(out, key, translate_list(value)) == 0;
    if (strcmp(key, "items") == 0) return json_object_set_new(out, key, translate(value)) == 0;
    return json_object_set(out, key, value) == 0;
}

static json_t *translate(const json_t *schema) {
    json_t *out = json_object(), *value;
    const char *key;
    bool ok = out != NULL;
    json_object_foreach((json_t *)(uintptr_t)schema, key, value) {
        ok = ok && put_member(out, schema, key, value);
    }
    return finished(out, ok);
}

static ct_err write_schema(ct_jsonw *w, const char *name, const json_t *schema) {
    json_t *translated = translate(schema);
    char *text =
        translated ? ct_json_dump(translated, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
    json_decref(translated);
    if (!text) return CT_NOMEM;
    ct_jsonw_key(w, name);
    ct_jsonw_raw(w, text, strlen(text));
    ct_free(text);
    return CT_OK;
}

// The scenario, and its definitions under names of their own.
static ct_err write_scenario(ct_jsonw *w) {
    char *path = NULL;
    json_t *schema = NULL, *definition;
    const char *name;
    CT_TRY(ct_data_path(&path, "schemas/scenario.schema.json"));
    ct_err err = ct_json_read_file(&schema, path, SCHEMA_MAX);
    ct_free(path);
    CT_TRY(err);
    err = write_schema(w, "scenario", schema);
    json_object_foreach(json_object_get(schema, "definitions"), name, definition) {
        char key[128];
        snprintf(key, sizeof key, PREFIX "%s", name);
        if (err == CT_OK) err = write_schema(w, key, definition);
    }
    json_decref(schema);
    return err;
}

ct_err ct_api__openapi_schemas(ct_jsonw *w) {
    ct_jsonw_key(w, "schemas");
    ct_jsonw_object(w);
    CT_TRY(write_scenario(w));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        ct_jsonw_key(w, others[i].name);
        ct_jsonw_raw(w, others[i].json, strlen(others[i].json));
    }
    ct_jsonw_end_object(w);
    return CT_OK;
}
