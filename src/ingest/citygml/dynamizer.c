// Dynamizers of CityGML 3.0: what makes an attribute of an object change - a series of values, a
// connection to a sensor - becomes a device at the object, which names what it observes.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/jsonw.h"
#include "ingest/citygml/citygml.h"

#define SET "dynamizer"

static ct_err add_text(ct_citygml__reader *c, ct_city__object *o, const char *set, const char *name,
                       const char *text) {
    const ct_property p = {
        .set = set, .name = name, .value = {.kind = CT_VALUE_TEXT, .as.text = text}, .unit = ""};
    return *text ? ct_city__add_attribute(o, c->r.family, &p) : CT_OK;
}

// ---- which attribute ----------------------------------------------------------------------------

// Of "//bldg:Room[@gml:id='R']/genericAttribute/gen:DoubleAttribute[name='temperature']/gen:value"
// the name in the last brackets, else the last step.
static const char *attribute_of(ct_arena *arena, const char *path) {
    const char *bracket = strrchr(path, '['), *slash = strrchr(path, '/');
    if (bracket && !memmem(bracket, strlen(bracket), "@gml:id", 7)) {
        const char *quote = strpbrk(bracket, "'\"");
        const char *end = quote ? strchr(quote + 1, *quote) : NULL;
        if (end) return ct_arena_strndup(arena, quote + 1, (size_t)(end - quote - 1));
    }
    const char *step = slash ? slash + 1 : path, *colon = strrchr(step, ':');
    return ct_arena_strdup(arena, colon ? colon + 1 : step);
}

static const char *kind_of(const char *property) {
    static const struct {
        const char *word, *kind;
    } words[] = {{"temperature", "temperature"},
                 {"smoke", "smoke_detector"},
                 {"rain", "rain_gauge"},
                 {"precipitation", "rain_gauge"},
                 {"water level", "water_level"},
                 {"waterlevel", "water_level"},
                 {"electric", "electricity_meter"},
                 {"power", "electricity_meter"},
                 {"humidity", "air_quality"},
                 {"co2", "air_quality"},
                 {"pm2", "air_quality"},
                 {"pm10", "air_quality"},
                 {"motion", "motion"},
                 {"presence", "motion"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(property, words[i].word)) return words[i].kind;
    return "other";
}

// ---- values over time ---------------------------------------------------------------------------

// The value of a pair is in the element beside its time: doubleValue, stringValue, ...
static ct_err write_pair(ct_jsonw *w, ct_arena *arena, const xmlNode *pair) {
    const xmlNode *time = ct_citygml__child(pair, "timestamp");
    const xmlNode *value = ct_citygml__first(pair);
    const char *text;
    char *end;
    if (value == time && value) value = ct_citygml__next(value);
    if (!time || !value) return CT_OK;
    ct_jsonw_array(w);
    CT_TRY(ct_citygml__text(&text, arena, time));
    ct_jsonw_string(w, text);
    CT_TRY(ct_citygml__text(&text, arena, value));
    const double number = strtod(text, &end);
    const bool numeric =
        ct_citygml__named(value, "doubleValue") || ct_citygml__named(value, "intValue");
    if (numeric && end != text && !*end && isfinite(number))
        ct_jsonw_double(w, number);
    else
        ct_jsonw_string(w, text);
    ct_jsonw_end_array(w);
    return CT_OK;
}

static ct_err write_pairs(ct_jsonw *w, ct_arena *arena, xmlNode *data) {
    ct_jsonw_array(w);
    for (xmlNode *at = data; at; at = ct_citygml__walk(at, data))
        if (ct_citygml__named(at, "TimeValuePair")) CT_TRY(write_pair(w, arena, at));
    ct_jsonw_end_array(w);
    return CT_OK;
}

// All pairs of a time and a value as one JSON array, in the order of the file.
static ct_err add_series(ct_citygml__reader *c, ct_city__object *o, xmlNode *data) {
    enum { MOST = 16 << 20 };
    ct_buf text;
    ct_jsonw w;
    ct_buf_init(&text, MOST);
    ct_jsonw_init(&w, &text);
    ct_err err = write_pairs(&w, c->r.job->arena, data);
    if (err == CT_OK) err = ct_buf_status(&text);
    if (err == CT_OK && text.len > 2) { // "[]"
        const char *kept = ct_arena_strdup(c->r.family, text.data);
        err = kept ? add_text(c, o, SET, "timeseries", kept) : CT_NOMEM;
    }
    ct_buf_fini(&text);
    return err;
}

// ---- the device ---------------------------------------------------------------------------------

typedef struct told { // by whichever part of the dynamizer says it first
    const char *property, *unit, *reference, *place;
} told;

static ct_err tell(const char **out, ct_arena *arena, const xmlNode *node) {
    return *out ? CT_OK : ct_citygml__text(out, arena, node);
}

// Leaves of a series or a connection, but for its pairs.
static ct_err read_leaves(told *t, ct_citygml__reader *c, ct_city__object *o, xmlNode *root) {
    ct_arena *arena = c->r.family;
    for (xmlNode *at = root; at; at = ct_citygml__walk(at, root)) {
        const char *text;
        if (at->type != XML_ELEMENT_NODE || ct_citygml__first(at)) continue;
        if (ct_citygml__named(at->parent, "TimeValuePair")) continue;
        CT_TRY(ct_citygml__text(&text, arena, at));
        const char *name = ct_arena_strdup(arena, ct_citygml__name(at));
        if (!name) return CT_NOMEM;
        if (strcmp(name, "observationProperty") == 0) {
            CT_TRY(tell(&t->property, arena, at));
        } else if (strcmp(name, "uom") == 0) {
            CT_TRY(tell(&t->unit, arena, at));
        } else if (strcmp(name, "sensorLocation") == 0) {
            CT_TRY(ct_citygml__attr(&t->place, arena, at, "href"));
            if (t->place) CT_TRY(add_text(c, o, SET, name, t->place));
        } else {
            CT_TRY(add_text(c, o, SET, name, text));
        }
    }
    return CT_OK;
}

static ct_err read_part(told *t, ct_citygml__reader *c, ct_city__object *o, xmlNode *p) {
    if (ct_citygml__named(p, "attributeRef")) {
        CT_TRY(tell(&t->reference, c->r.family, p));
        return add_text(c, o, SET, "attributeRef", t->reference);
    }
    if (ct_citygml__named(p, "dynamicData")) CT_TRY(add_series(c, o, p));
    if (ct_citygml__first(p)) return read_leaves(t, c, o, p);
    return ct_citygml__attribute(c, o, p);
}

ct_err ct_citygml__dynamizer(ct_city__object **out, ct_citygml__reader *c, const xmlNode *node) {
    told t = {0};
    CT_TRY(ct_citygml__begin(out, c, node, "Dynamizer"));
    ct_city__object *o = *out;
    for (xmlNode *p = ct_citygml__first(node); p; p = ct_citygml__next(p))
        CT_TRY(read_part(&t, c, o, p));
    if (!t.property || !*t.property)
        t.property = attribute_of(c->r.family, t.reference ? t.reference : "");
    if (!t.property) return CT_NOMEM;
    if (t.place && *t.place == '#') o->place_id = t.place + 1;
    CT_TRY(add_text(c, o, "", "property", *t.property ? t.property : "unknown"));
    CT_TRY(add_text(c, o, "", "kind", kind_of(t.property)));
    return t.unit ? add_text(c, o, "", "unit", t.unit) : CT_OK;
}
