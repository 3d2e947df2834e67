// Attributes and addresses of city objects.
#include <string.h>

#include "base/mem.h"
#include "ingest/cityjson/cityjson.h"

static ct_err text_value(ct_value *out, ct_arena *arena, const json_t *json) {
    char *text = ct_json_canonical(json);
    if (!text) return CT_NOMEM;
    *out = (ct_value){.kind = CT_VALUE_TEXT, .as.text = ct_arena_strdup(arena, text)};
    ct_free(text);
    return out->as.text ? CT_OK : CT_NOMEM;
}

static ct_err scalar(ct_value *out, ct_arena *arena, const json_t *json) {
    switch (json_typeof(json)) {
    case JSON_STRING:
        *out = (ct_value){.kind = CT_VALUE_TEXT,
                          .as.text = ct_arena_strdup(arena, json_string_value(json))};
        return out->as.text ? CT_OK : CT_NOMEM;
    case JSON_INTEGER:
        *out = (ct_value){.kind = CT_VALUE_INTEGER, .as.integer = json_integer_value(json)};
        return CT_OK;
    case JSON_REAL:
        *out = (ct_value){.kind = CT_VALUE_REAL, .as.real = json_real_value(json)};
        return CT_OK;
    case JSON_TRUE:
    case JSON_FALSE:
        *out = (ct_value){.kind = CT_VALUE_BOOLEAN, .as.boolean = json_is_true(json)};
        return CT_OK;
    case JSON_NULL: *out = (ct_value){.kind = CT_VALUE_NULL}; return CT_OK;
    case JSON_OBJECT:
    case JSON_ARRAY: return text_value(out, arena, json);
    }
    return CT_OK;
}

// {"value": 12.5, "uom": "m"} is a number with its unit; other objects and arrays are kept as text.
ct_err ct_cityjson__property(ct_property *out, ct_arena *arena, const char *name,
                             const json_t *value) {
    const json_t *measure = json_object_get(value, "value");
    const char *unit = json_string_value(json_object_get(value, "uom"));
    *out = (ct_property){.set = "", .name = ct_arena_strdup(arena, name), .unit = ""};
    if (!out->name) return CT_NOMEM;
    if (!measure || !unit) return scalar(&out->value, arena, value);
    out->unit = ct_arena_strdup(arena, unit);
    return out->unit ? scalar(&out->value, arena, measure) : CT_NOMEM;
}

// Keys of objects that this program wrote.
static const char own_key[] = "cimtwin", sets_key[] = "propertySets";

static ct_err add(ct_cityjson__document *d, ct_city__object *o, const char *set, const char *name,
                  const json_t *value) {
    ct_property p;
    if (json_is_null(value) && !o->own) return CT_OK;
    CT_TRY(ct_cityjson__property(&p, d->r.family, name, value));
    p.set = set;
    return ct_city__add_attribute(o, d->r.family, &p);
}

// Its texts as one line for the attribute "address", and each as a property.
static ct_err add_address(ct_cityjson__document *d, ct_city__object *o, const json_t *address) {
    const char *key, *line = "";
    json_t *value;
    if (json_is_array(address)) address = json_array_get(address, 0);
    json_object_foreach((json_t *)address, key, value) {
        CT_TRY(add(d, o, "address", key, value));
        if (!json_is_string(value)) continue;
        line = ct_arena_printf(d->r.family, "%s%s%s", line, *line ? ", " : "",
                               json_string_value(value));
        if (!line) return CT_NOMEM;
    }
    if (!*line) return CT_OK;
    const ct_property p = {.set = "",
                           .name = "address",
                           .value = {.kind = CT_VALUE_TEXT, .as.text = line},
                           .unit = ""};
    return ct_city__add_attribute(o, d->r.family, &p);
}

static ct_err add_sets(ct_cityjson__document *d, ct_city__object *o, const json_t *sets) {
    const char *set, *key;
    json_t *properties, *value;
    json_object_foreach((json_t *)sets, set, properties) {
        const char *kept = ct_arena_strdup(d->r.family, set);
        if (!kept) return CT_NOMEM;
        json_object_foreach(properties, key, value) CT_TRY(add(d, o, kept, key, value));
    }
    return CT_OK;
}

// An id that is none, or a class that the catalogue lacks: it is somebody else's object.
ct_err ct_cityjson__own(ct_cityjson__document *d, ct_city__object *o, const json_t *object) {
    const json_t *told = json_object_get(json_object_get(object, "attributes"), own_key);
    const char *name = json_string_value(json_object_get(told, "class"));
    const char *source = json_string_value(json_object_get(told, "sourceId"));
    const ct_class *cls = name ? ct_catalogue_by_name(d->r.job->options.catalogue, name) : NULL;
    if (!cls || d->r.job->only_class || !ct_id_ok(o->id)) return CT_OK;
    ct_city__own *own = ct_arena_calloc(d->r.family, 1, sizeof *own);
    if (!own) return CT_NOMEM;
    own->cls = cls;
    own->outline = json_is_true(json_object_get(told, "outline"));
    own->source_id = source ? ct_arena_strdup(d->r.family, source) : NULL;
    if (source && !own->source_id) return CT_NOMEM;
    o->own = own;
    return CT_OK;
}

ct_err ct_cityjson__attributes(ct_cityjson__document *d, ct_city__object *o, const json_t *object) {
    const json_t *attributes = json_object_get(object, "attributes");
    const char *key;
    json_t *value;
    if (attributes && !json_is_object(attributes))
        return ct_fail(CT_PARSE, "attributes: an object expected");
    json_object_foreach((json_t *)attributes, key, value) {
        if (o->own && (strcmp(key, own_key) == 0 || strcmp(key, sets_key) == 0)) continue;
        CT_TRY(add(d, o, "", key, value));
    }
    if (o->own) o->own->n_plain = o->n_attributes;
    if (o->own) return add_sets(d, o, json_object_get(attributes, sets_key));
    if (json_object_get(object, "address"))
        CT_TRY(add_address(d, o, json_object_get(object, "address")));
    return CT_OK;
}
