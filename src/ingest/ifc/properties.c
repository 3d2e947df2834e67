// Property sets into lists of values. Entities: ISO 16739-1, IfcPropertyResource,
// IfcQuantityResource.
#include "ingest/ifc/properties.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    MAX_LISTED = 64,
    MAX_TEXT = 4096,
    MAX_VISITS = 4 * CT_IFC__MAX_PROPERTIES, // of sets and properties, for one object
};

typedef struct reader {
    ct_ifc__model *m;
    const ct_ifc__units *units;
    ct_arena *arena;
    ct_ifc__properties *out;
    size_t capacity;
    const char *set;
    size_t n_own; // properties of the object; those of its type come after them
    size_t n_visits;
    bool full;
    uint32_t open[CT_IFC__PROPERTY_DEPTH]; // the complex properties that are open
} reader;

static bool same_property(const ct_property *a, const char *set, const char *name) {
    return strcmp(a->name, name) == 0 && strcmp(a->set, set) == 0;
}

static ct_err add(reader *r, const char *name, const ct_value *value, const char *unit) {
    for (size_t i = 0; i < r->n_own; i++)
        if (same_property(&r->out->at[i], r->set, name)) return CT_OK;
    if (r->out->n == CT_IFC__MAX_PROPERTIES) {
        r->full = true;
        return CT_OK;
    }
    if (r->out->n == r->capacity) {
        const size_t capacity = r->capacity ? 2 * r->capacity : 32;
        ct_property *at = ct_arena_alloc(r->arena, capacity * sizeof *at);
        if (!at) return CT_NOMEM;
        if (r->out->n) memcpy(at, r->out->at, r->out->n * sizeof *at);
        r->out->at = at;
        r->capacity = capacity;
    }
    r->out->at[r->out->n++] =
        (ct_property){.set = r->set, .name = name, .value = *value, .unit = unit};
    return CT_OK;
}

// Whether one more set or property may be read. A list may name the same one again and again.
static bool visit(reader *r) {
    if (r->n_visits == MAX_VISITS) r->full = true;
    if (!r->full) r->n_visits++;
    return !r->full;
}

// ---- values -------------------------------------------------------------------------------------

static bool is_count(const ct_step__value *v) {
    return ct_step__named(v, "IFCINTEGER") || ct_step__named(v, "IFCCOUNTMEASURE") ||
           ct_step__named(v, "IFCPOSITIVEINTEGER");
}

// In SI by the property's own unit, else by the project's for the measure.
static ct_value number_of(const reader *r, const ct_step__value *v, double number, uint32_t unit,
                          const char *measure, size_t n) {
    const ct_ifc__unit u = unit != CT_STEP__NONE ? ct_ifc__unit_of(r->m, unit)
                                                 : ct_ifc__unit_of_measure(r->units, measure, n);
    const double si = u.known ? number * u.factor + u.offset : number;
    const bool whole = is_count(v) && si == floor(si) && fabs(si) < 9e15;
    if (whole) return (ct_value){.kind = CT_VALUE_INTEGER, .as.integer = (int64_t)si};
    return (ct_value){.kind = CT_VALUE_REAL, .as.real = si};
}

static ct_err value_of(ct_value *out, reader *r, const ct_step__value *v, uint32_t unit) {
    const ct_step__value bare = ct_step__bare(v);
    double number;
    *out = (ct_value){.kind = CT_VALUE_NULL};
    if (bare.kind == CT_STEP__ENUM) {
        const int logical = ct_step__logical(&bare);
        if (logical >= 0) {
            *out = (ct_value){.kind = CT_VALUE_BOOLEAN, .as.boolean = logical == 1};
            return CT_OK;
        }
        if (ct_step__is(&bare, "U") || ct_step__is(&bare, "UNKNOWN")) return CT_OK;
        out->as.text = ct_arena_strndup(r->arena, bare.at, (size_t)(bare.end - bare.at));
    } else if (ct_step__number(&number, &bare)) {
        *out = number_of(r, v, number, unit, v->name, v->n_name);
        return CT_OK;
    } else if (bare.kind == CT_STEP__STRING) {
        CT_TRY(ct_step__text(&out->as.text, r->arena, &bare, &r->m->n_foreign));
        if (!*out->as.text) return CT_OK; // empty says nothing
    } else {
        return CT_OK;
    }
    if (!out->as.text) return CT_NOMEM;
    out->kind = CT_VALUE_TEXT;
    return CT_OK;
}

static void put_text(char *text, size_t room, const ct_value *v) {
    const size_t n = strlen(text);
    const char *comma = n ? ", " : "";
    switch (v->kind) {
    case CT_VALUE_NULL: break;
    case CT_VALUE_INTEGER:
        snprintf(text + n, room - n, "%s%lld", comma, (long long)v->as.integer);
        break;
    case CT_VALUE_REAL: snprintf(text + n, room - n, "%s%.10g", comma, v->as.real); break;
    case CT_VALUE_TEXT: snprintf(text + n, room - n, "%s%s", comma, v->as.text); break;
    case CT_VALUE_BOOLEAN:
        snprintf(text + n, room - n, "%s%s", comma, v->as.boolean ? "true" : "false");
        break;
    }
}

// A list of one value is that value; a longer one a text, "a, b".
static ct_err list_of(ct_value *out, reader *r, const ct_step__value *list, uint32_t unit) {
    ct_step__cursor c = ct_step__list(list);
    ct_step__value v;
    char text[MAX_TEXT] = "";
    size_t n = 0;
    *out = (ct_value){.kind = CT_VALUE_NULL};
    while (n < MAX_LISTED && ct_step__next(&v, &c)) {
        ct_value one;
        CT_TRY(value_of(&one, r, &v, unit));
        if (one.kind == CT_VALUE_NULL) continue;
        put_text(text, sizeof text, &one);
        *out = one;
        n++;
    }
    if (n < 2) return CT_OK;
    *out = (ct_value){.kind = CT_VALUE_TEXT, .as.text = ct_arena_strdup(r->arena, text)};
    return out->as.text ? CT_OK : CT_NOMEM;
}

// ---- properties and quantities ------------------------------------------------------------------

// The unit as it is written, for numbers that have no way to SI.
static ct_err unit_text(const char **out, reader *r, uint32_t unit) {
    *out = "";
    if (unit == CT_STEP__NONE || ct_ifc__unit_of(r->m, unit).known) return CT_OK;
    const char *name = NULL;
    CT_TRY(ct_ifc__text(&name, r->arena, r->m, unit, "Name"));
    if (!name) CT_TRY(ct_ifc__word(&name, r->arena, r->m, unit, "Currency"));
    if (name) *out = name;
    return CT_OK;
}

static ct_err add_value(reader *r, uint32_t slot, const char *name, const char *attribute,
                        const char *suffix) {
    const ct_step__value v = ct_ifc__get(r->m, slot, attribute);
    const uint32_t unit = ct_ifc__ref(r->m, slot, "Unit");
    ct_value value;
    const char *text = "";
    if (v.kind == CT_STEP__LIST)
        CT_TRY(list_of(&value, r, &v, unit));
    else
        CT_TRY(value_of(&value, r, &v, unit));
    if (value.kind == CT_VALUE_NULL) return CT_OK;
    if (value.kind != CT_VALUE_TEXT) CT_TRY(unit_text(&text, r, unit));
    if (*suffix) {
        name = ct_arena_printf(r->arena, "%s.%s", name, suffix);
        if (!name) return CT_NOMEM;
    }
    return add(r, name, &value, text);
}

static ct_err add_quantity(reader *r, uint32_t slot, const char *name) {
    // The value is the fourth attribute of every quantity and carries no type of its own.
    const ct_step__value v = ct_step__get(r->m->step, slot, 3);
    const char *class_name = ct_ifc__class(r->m, slot), *text = "";
    const uint32_t unit = ct_ifc__ref(r->m, slot, "Unit");
    double number;
    if (!ct_step__number(&number, &v)) return CT_OK;
    const ct_value value = number_of(r, &v, number, unit, class_name, strlen(class_name));
    CT_TRY(unit_text(&text, r, unit));
    return add(r, name, &value, text);
}

static ct_err add_list(reader *r, uint32_t slot, const char *attribute, const char *prefix,
                       int depth);

// What holds itself, or lies too deep, was told by ct_ifc__check_nesting.
static ct_err add_complex(reader *r, uint32_t slot, const char *name, int depth) {
    for (int i = 0; i < depth; i++)
        if (r->open[i] == slot) return CT_OK;
    if (depth == CT_IFC__PROPERTY_DEPTH) return CT_OK;
    r->open[depth] = slot;
    return add_list(r, slot, ct_ifc__held_by(r->m, slot), name, depth + 1);
}

// A table as a text: "x: y, x: y".
static ct_err add_table(reader *r, uint32_t slot, const char *name) {
    const ct_step__value defining = ct_ifc__get(r->m, slot, "DefiningValues");
    const ct_step__value defined = ct_ifc__get(r->m, slot, "DefinedValues");
    const uint32_t units[] = {ct_ifc__ref(r->m, slot, "DefiningUnit"),
                              ct_ifc__ref(r->m, slot, "DefinedUnit")};
    ct_step__cursor x = ct_step__list(&defining), y = ct_step__list(&defined);
    ct_step__value v;
    char text[MAX_TEXT] = "", one[MAX_TEXT];
    size_t n = 0;
    while (n < sizeof text - 1 && ct_step__next(&v, &x)) {
        ct_value value = {.kind = CT_VALUE_NULL};
        one[0] = 0;
        CT_TRY(value_of(&value, r, &v, units[0]));
        put_text(one, sizeof one, &value);
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s: ", n ? ", " : "", one);
        one[0] = 0;
        if (ct_step__next(&v, &y)) CT_TRY(value_of(&value, r, &v, units[1]));
        put_text(one, sizeof one, &value);
        if (n < sizeof text - 1) n += (size_t)snprintf(text + n, sizeof text - n, "%s", one);
    }
    if (!text[0]) return CT_OK;
    const ct_value table = {.kind = CT_VALUE_TEXT, .as.text = ct_arena_strdup(r->arena, text)};
    return table.as.text ? add(r, name, &table, "") : CT_NOMEM;
}

static ct_err add_property(reader *r, uint32_t slot, const char *prefix, int depth) {
    static const char *const values[][2] = {
        {"NominalValue", ""},         {"EnumerationValues", ""},    {"ListValues", ""},
        {"LowerBoundValue", "lower"}, {"UpperBoundValue", "upper"}, {"SetPointValue", "set_point"}};
    const char *name = NULL;
    if (!visit(r)) return CT_OK;
    CT_TRY(ct_ifc__text(&name, r->arena, r->m, slot, "Name"));
    if (!name) return CT_OK;
    if (*prefix) {
        name = ct_arena_printf(r->arena, "%s.%s", prefix, name);
        if (!name) return CT_NOMEM;
    }
    if (ct_ifc__is(r->m, slot, CT_IFC__SIMPLE_QUANTITY)) return add_quantity(r, slot, name);
    if (ct_ifc__is(r->m, slot, CT_IFC__COMPLEX_PROPERTY) ||
        ct_ifc__is(r->m, slot, CT_IFC__COMPLEX_QUANTITY))
        return add_complex(r, slot, name, depth);
    if (ct_ifc__is(r->m, slot, CT_IFC__TABLE)) return add_table(r, slot, name);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        CT_TRY(add_value(r, slot, name, values[i][0], values[i][1]));
    return CT_OK;
}

static ct_err add_list(reader *r, uint32_t slot, const char *attribute, const char *prefix,
                       int depth) {
    const ct_step__value list = ct_ifc__get(r->m, slot, attribute);
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    while (!r->full && ct_step__next(&v, &c)) {
        const uint32_t property = ct_step__ref(r->m->step, &v);
        if (property != CT_STEP__NONE) CT_TRY(add_property(r, property, prefix, depth));
    }
    return CT_OK;
}

const char *ct_ifc__held_by(const ct_ifc__model *m, uint32_t slot) {
    if (ct_ifc__is(m, slot, CT_IFC__QUANTITY_SET)) return "Quantities";
    return ct_ifc__is(m, slot, CT_IFC__COMPLEX_QUANTITY) ? "HasQuantities" : "HasProperties";
}

static ct_err add_set(reader *r, uint32_t set) {
    const bool properties = ct_ifc__is(r->m, set, CT_IFC__PROPERTY_SET);
    if (!properties && !ct_ifc__is(r->m, set, CT_IFC__QUANTITY_SET)) return CT_OK;
    if (!visit(r)) return CT_OK;
    CT_TRY(ct_ifc__text(&r->set, r->arena, r->m, set, "Name"));
    if (!r->set) r->set = "";
    return add_list(r, set, ct_ifc__held_by(r->m, set), "", 0);
}

static ct_err add_type(reader *r, uint32_t type) {
    const ct_step__value list = ct_ifc__get(r->m, type, "HasPropertySets");
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    r->n_own = r->out->n;
    while (ct_step__next(&v, &c)) {
        const uint32_t set = ct_step__ref(r->m->step, &v);
        if (set != CT_STEP__NONE) CT_TRY(add_set(r, set));
    }
    return CT_OK;
}

ct_err ct_ifc__properties_read(ct_ifc__properties *out, ct_arena *arena, ct_ifc__model *m,
                               const ct_ifc__units *units, uint32_t object) {
    *out = (ct_ifc__properties){0};
    reader r = {.m = m, .units = units, .arena = arena, .out = out};
    const ct_ifc__slots sets = ct_ifc__linked(&m->rel.sets, object);
    for (size_t i = 0; i < sets.n; i++) CT_TRY(add_set(&r, sets.at[i]));
    const uint32_t type = ct_ifc__first(&m->rel.type, object);
    if (type != CT_STEP__NONE) CT_TRY(add_type(&r, type));
    if (r.full)
        ct_ifc__note(m, CT_SEVERITY_WARNING, "ifc-properties", object,
                     "more than %d properties, or more than %d named in its sets; the rest is left "
                     "out",
                     CT_IFC__MAX_PROPERTIES, MAX_VISITS);
    return CT_OK;
}

// ---- asking -------------------------------------------------------------------------------------

static bool is_standard(const char *set) {
    return strncasecmp(set, "Pset_", 5) == 0 || strncasecmp(set, "Qto_", 4) == 0 ||
           strcasecmp(set, "BaseQuantities") == 0;
}

const ct_value *ct_ifc__property(const ct_ifc__properties *p, const char *set, const char *name) {
    const ct_value *other = NULL;
    for (size_t i = 0; i < p->n; i++) {
        const ct_property *at = &p->at[i];
        if (strcasecmp(at->name, name) != 0) continue;
        if (set ? strcasecmp(at->set, set) == 0 : is_standard(at->set)) return &at->value;
        if (!set && !other) other = &at->value;
    }
    return other;
}

double ct_ifc__property_number(const ct_ifc__properties *p, const char *set, const char *name,
                               double otherwise) {
    const ct_value *v = ct_ifc__property(p, set, name);
    if (v && v->kind == CT_VALUE_REAL) return v->as.real;
    if (v && v->kind == CT_VALUE_INTEGER) return (double)v->as.integer;
    return otherwise;
}

const char *ct_ifc__property_text(const ct_ifc__properties *p, const char *set, const char *name) {
    const ct_value *v = ct_ifc__property(p, set, name);
    return v && v->kind == CT_VALUE_TEXT ? v->as.text : NULL;
}

int ct_ifc__property_bool(const ct_ifc__properties *p, const char *set, const char *name) {
    const ct_value *v = ct_ifc__property(p, set, name);
    if (v && v->kind == CT_VALUE_BOOLEAN) return v->as.boolean;
    if (v && v->kind == CT_VALUE_TEXT)
        return strcasecmp(v->as.text, "TRUE") == 0 || strcasecmp(v->as.text, "YES") == 0   ? 1
               : strcasecmp(v->as.text, "FALSE") == 0 || strcasecmp(v->as.text, "NO") == 0 ? 0
                                                                                           : -1;
    return -1;
}
