// Dynamizers of CityGML 3.0: what makes an attribute of an object change - a series of values, a
// connection to a sensor - becomes a device at the object, which names what it observes.
#include <string.h>
#include <strings.h>

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
        if (ct_citygml__is_pair(at->parent)) continue;
        CT_TRY(ct_citygml__text(&text, arena, at));
        const char *name = ct_arena_strdup(arena, ct_citygml__name(at));
        if (!name) return CT_NOMEM;
        if (strcmp(name, "observationProperty") == 0) {
            CT_TRY(tell(&t->property, arena, at));
        } else if (strcmp(name, "uom") == 0) { // of WaterML as an attribute
            if (!*text) CT_TRY(ct_citygml__attr(&text, arena, at, "code"));
            if (!t->unit && text && *text) t->unit = text;
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
    if (ct_citygml__first(p)) return read_leaves(t, c, o, p);
    return ct_citygml__attribute(c, o, p);
}

// ---- its series ---------------------------------------------------------------------------------

// Whether somebody takes what it observes: of devices only, and under a name that fits.
static ct_err is_observed(bool *out, ct_citygml__reader *c, const ct_city__object *o) {
    const ct_ingest__job *job = c->r.job;
    const size_t n = strlen(o->observed);
    *out = job->options.observe != NULL;
    if (*out && job->only_class && strcmp(job->only_class->name, "device") != 0) {
        *out = false;
        return ct_city__count(&c->r, "series-no-device",
                              "%zu time series stay a text: they are of things of the class %s, "
                              "which are no devices",
                              job->only_class->name);
    }
    if (*out && n > CT_INGEST_OBSERVED_MOST) {
        *out = false;
        ct_diagnostics_add(job->diagnostics, CT_SEVERITY_WARNING, "property-name", o->where,
                           "what it observes has a name of %zu bytes; those of observations have "
                           "at most %d: its series stay a text",
                           n, CT_INGEST_OBSERVED_MOST);
    }
    return CT_OK;
}

// Once it is known what it observes, which may stand behind them.
static ct_err read_series(ct_citygml__reader *c, ct_city__object *o, const xmlNode *node) {
    bool first = true, observed = false;
    for (xmlNode *p = ct_citygml__first(node); p; p = ct_citygml__next(p)) {
        const char *rest;
        if (!ct_citygml__named(p, "dynamicData")) continue;
        if (first) CT_TRY(is_observed(&observed, c, o));
        first = false;
        CT_TRY(ct_citygml__series(&rest, c, o, p, observed));
        CT_TRY(add_text(c, o, SET, "timeseries", rest));
    }
    return CT_OK;
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
    o->observed = *t.property ? t.property : "unknown";
    CT_TRY(read_series(c, o, node));
    CT_TRY(add_text(c, o, "", "property", o->observed));
    CT_TRY(add_text(c, o, "", "kind", kind_of(t.property)));
    return t.unit ? add_text(c, o, "", "unit", t.unit) : CT_OK;
}
