// Attributes and addresses of city objects.
#include "base/mem.h"
#include "ingest/cityjson/cityjson.h"

static ct_err text_value(ct_value *out, ct_arena *arena, const ct_tape_value *v) {
    char *text = ct_tape_canonical(v);
    if (!text) return CT_NOMEM;
    *out = (ct_value){.kind = CT_VALUE_TEXT, .as.text = ct_arena_strdup(arena, text)};
    ct_free(text);
    return out->as.text ? CT_OK : CT_NOMEM;
}

static ct_err scalar(ct_value *out, ct_arena *arena, const ct_tape_value *v) {
    switch ((ct_tape_kind)v->kind) {
    case CT_TAPE_STRING:
        *out = (ct_value){.kind = CT_VALUE_TEXT, .as.text = ct_tape_dup(arena, v)};
        return out->as.text ? CT_OK : CT_NOMEM;
    case CT_TAPE_INTEGER:
        *out = (ct_value){.kind = CT_VALUE_INTEGER, .as.integer = v->as.integer};
        return CT_OK;
    case CT_TAPE_REAL:
        *out = (ct_value){.kind = CT_VALUE_REAL, .as.real = v->as.real};
        return CT_OK;
    case CT_TAPE_TRUE:
    case CT_TAPE_FALSE:
        *out = (ct_value){.kind = CT_VALUE_BOOLEAN, .as.boolean = v->kind == CT_TAPE_TRUE};
        return CT_OK;
    case CT_TAPE_NULL: *out = (ct_value){.kind = CT_VALUE_NULL}; return CT_OK;
    case CT_TAPE_OBJECT:
    case CT_TAPE_ARRAY: return text_value(out, arena, v);
    }
    return CT_OK;
}

// {"value": 12.5, "uom": "m"} is a number with its unit; other objects and arrays are kept as text.
ct_err ct_cityjson__value(ct_property *out, ct_arena *arena, const ct_tape_value *value) {
    const ct_tape_value *measure = ct_tape_get(value, "value"), *unit = ct_tape_get(value, "uom");
    if (!measure || !ct_tape_is(unit, CT_TAPE_STRING)) return scalar(&out->value, arena, value);
    out->unit = ct_tape_dup(arena, unit);
    return out->unit ? scalar(&out->value, arena, measure) : CT_NOMEM;
}

ct_err ct_cityjson__property(ct_property *out, ct_arena *arena, const ct_tape_value *key,
                             const ct_tape_value *value) {
    *out = (ct_property){.set = "", .name = ct_tape_dup(arena, key), .unit = ""};
    return out->name ? ct_cityjson__value(out, arena, value) : CT_NOMEM;
}

// Keys of objects that this program wrote.
static const char own_key[] = "cimtwin", sets_key[] = "propertySets";

static ct_err add(ct_cityjson__document *d, ct_city__object *o, const char *set,
                  const ct_tape_value *key, const ct_tape_value *value) {
    ct_property p;
    if (value->kind == CT_TAPE_NULL && !o->own) return CT_OK;
    CT_TRY(ct_cityjson__property(&p, d->r.family, key, value));
    p.set = set;
    return ct_city__add_attribute(o, d->r.family, &p);
}

// Its texts as one line for the attribute of the name, and each as a property of a set of the name.
static ct_err add_one_address(ct_cityjson__document *d, ct_city__object *o, const char *name,
                              const ct_tape_value *address) {
    const char *line = "";
    ct_tape_walk w = ct_tape_begin(address, CT_TAPE_OBJECT);
    for (const ct_tape_value *key, *value; (key = ct_tape_next(&w));) {
        value = ct_tape_next(&w);
        CT_TRY(add(d, o, name, key, value));
        if (value->kind != CT_TAPE_STRING) continue;
        line = ct_arena_printf(d->r.family, "%s%s%.*s", line, *line ? ", " : "", (int)value->n,
                               value->as.text);
        if (!line) return CT_NOMEM;
    }
    if (!*line) return CT_OK;
    const ct_property p = {
        .set = "", .name = name, .value = {.kind = CT_VALUE_TEXT, .as.text = line}, .unit = ""};
    return ct_city__add_attribute(o, d->r.family, &p);
}

// One of 1.0, or several: those after the first are "address 2" and so on.
static ct_err add_address(ct_cityjson__document *d, ct_city__object *o,
                          const ct_tape_value *address) {
    if (address->kind == CT_TAPE_OBJECT) return add_one_address(d, o, "address", address);
    ct_tape_walk w = ct_tape_begin(address, CT_TAPE_ARRAY);
    const ct_tape_value *at;
    for (size_t i = 1; (at = ct_tape_next(&w)); i++) {
        const char *name = i > 1 ? ct_arena_printf(d->r.family, "address %zu", i) : "address";
        if (!name) return CT_NOMEM;
        CT_TRY(add_one_address(d, o, name, at));
    }
    return CT_OK;
}

// What an extension adds to an object beside its attributes.
static ct_err add_extensions(ct_cityjson__document *d, ct_city__object *o,
                             const ct_tape_value *object) {
    ct_tape_walk w = ct_tape_begin(object, CT_TAPE_OBJECT);
    for (const ct_tape_value *key, *value; (key = ct_tape_next(&w));) {
        value = ct_tape_next(&w);
        if (key->n && key->as.text[0] == '+') CT_TRY(add(d, o, "extension", key, value));
    }
    return CT_OK;
}

static ct_err add_sets(ct_cityjson__document *d, ct_city__object *o, const ct_tape_value *sets) {
    ct_tape_walk all = ct_tape_begin(sets, CT_TAPE_OBJECT);
    for (const ct_tape_value *set; (set = ct_tape_next(&all));) {
        const char *kept = ct_tape_dup(d->r.family, set);
        if (!kept) return CT_NOMEM;
        ct_tape_walk w = ct_tape_begin(ct_tape_next(&all), CT_TAPE_OBJECT);
        for (const ct_tape_value *key; (key = ct_tape_next(&w));)
            CT_TRY(add(d, o, kept, key, ct_tape_next(&w)));
    }
    return CT_OK;
}

const ct_tape_value *ct_cityjson__lod4(const ct_tape_value *object) {
    return ct_tape_get(ct_tape_get(ct_tape_get(object, "attributes"), own_key), "lod4");
}

// An id that is none, or a class that the catalogue lacks: it is somebody else's object.
ct_err ct_cityjson__own(ct_cityjson__document *d, ct_city__object *o, const ct_tape_value *object) {
    const ct_tape_value *told = ct_tape_get(ct_tape_get(object, "attributes"), own_key);
    const ct_tape_value *name = ct_tape_get(told, "class");
    const ct_tape_value *source = ct_tape_get(told, "sourceId");
    if (!ct_tape_is(name, CT_TAPE_STRING) || d->r.job->only_class || !ct_id_ok(o->id)) return CT_OK;
    const char *text = ct_tape_dup(d->r.family, name);
    if (!text) return CT_NOMEM;
    const ct_class *cls = ct_catalogue_by_name(d->r.job->options.catalogue, text);
    if (!cls) return CT_OK;
    ct_city__own *own = ct_arena_calloc(d->r.family, 1, sizeof *own);
    if (!own) return CT_NOMEM;
    own->cls = cls;
    own->outline = ct_tape_is(ct_tape_get(told, "outline"), CT_TAPE_TRUE);
    if (ct_tape_is(source, CT_TAPE_STRING)) {
        own->source_id = ct_tape_dup(d->r.family, source);
        if (!own->source_id) return CT_NOMEM;
    }
    o->own = own;
    return CT_OK;
}

ct_err ct_cityjson__attributes(ct_cityjson__document *d, ct_city__object *o,
                               const ct_tape_value *object) {
    const ct_tape_value *attributes = ct_tape_get(object, "attributes");
    if (attributes && attributes->kind != CT_TAPE_OBJECT)
        return ct_fail(CT_PARSE, "attributes: an object expected");
    ct_tape_walk w = ct_tape_begin(attributes, CT_TAPE_OBJECT);
    for (const ct_tape_value *key, *value; (key = ct_tape_next(&w));) {
        value = ct_tape_next(&w);
        if (o->own && (ct_tape_equals(key, own_key) || ct_tape_equals(key, sets_key))) continue;
        CT_TRY(add(d, o, "", key, value));
    }
    if (o->own) o->own->n_plain = o->n_attributes;
    if (o->own) return add_sets(d, o, ct_tape_get(attributes, sets_key));
    CT_TRY(add_extensions(d, o, object));
    const ct_tape_value *address = ct_tape_get(object, "address");
    return address ? add_address(d, o, address) : CT_OK;
}
