// Values over time: the pairs of CityGML 3.0 (TimeValuePair) and of the dynamizer extension of 2.0
// (MeasurementTVP of WaterML). Numbers at an instant become observations of the device where
// somebody takes them; what else a series holds stays a text.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/jsonw.h"
#include "ingest/citygml/citygml.h"

enum { MOST_TEXT = 16 << 20 };

typedef struct series {
    ct_citygml__reader *c;
    ct_city__object *device;
    bool observed;
    ct_jsonw *w; // of what is no observation
    size_t n_odd;
} series;

bool ct_citygml__is_pair(const xmlNode *node) {
    return ct_citygml__named(node, "TimeValuePair") || ct_citygml__named(node, "MeasurementTVP");
}

// A month or a year is its begin, a time without a zone one of UTC.
static bool instant_of(int64_t *us, const char *text) {
    static const char *const ends[] = {"", "Z", "-01", "-01-01"};
    char whole[64];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const int n = snprintf(whole, sizeof whole, "%s%s", text, ends[i]);
        if (n < (int)sizeof whole && ct_time_parse(us, whole) == CT_OK) return true;
    }
    return false;
}

// By the element that the value is in; texts that look like numbers are texts.
static bool number_of(double *out, const xmlNode *value, const char *text) {
    char *end;
    if (ct_citygml__named(value, "boolValue") || ct_citygml__named(value, "booleanValue")) {
        *out = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
        return *out != 0 || strcmp(text, "false") == 0 || strcmp(text, "0") == 0;
    }
    if (!ct_citygml__named(value, "doubleValue") && !ct_citygml__named(value, "intValue") &&
        !ct_citygml__named(value, "value"))
        return false;
    *out = strtod(text, &end);
    return end != text && !*end && isfinite(*out);
}

static ct_err put_pair(series *s, const xmlNode *pair) {
    ct_arena *arena = s->c->r.job->arena;
    const xmlNode *time = ct_citygml__child(pair, "timestamp"), *value = ct_citygml__first(pair);
    const char *at, *text;
    double number;
    int64_t us;
    if (!time) time = ct_citygml__child(pair, "time");
    if (value == time && value) value = ct_citygml__next(value);
    if (!time || !value) return CT_OK;
    CT_TRY(ct_citygml__text(&at, arena, time));
    CT_TRY(ct_citygml__text(&text, arena, value));
    const bool numeric = number_of(&number, value, text);
    if (s->observed) {
        if (numeric && instant_of(&us, at))
            return ct_city__add_observation(s->device, s->c->r.family, us, number);
        s->n_odd++;
    }
    ct_jsonw_array(s->w);
    ct_jsonw_string(s->w, at);
    if (numeric)
        ct_jsonw_double(s->w, number);
    else
        ct_jsonw_string(s->w, text);
    ct_jsonw_end_array(s->w);
    return CT_OK;
}

static ct_err put_all(series *s, xmlNode *data) {
    ct_jsonw_array(s->w);
    for (xmlNode *at = data; at; at = ct_citygml__walk(at, data)) {
        if (ct_citygml__is_pair(at)) CT_TRY(put_pair(s, at));
        if (ct_citygml__named(at, "TabulatedFileTimeseries") ||
            ct_citygml__named(at, "StandardFileTimeseries"))
            CT_TRY(ct_city__count(&s->c->r, "series-elsewhere",
                                  "%zu time series are in files of their own (%s), which are not "
                                  "read",
                                  ct_citygml__name(at)));
        if (ct_citygml__named(at, "CompositeTimeseries"))
            CT_TRY(ct_city__count(&s->c->r, "series-composed",
                                  "%zu time series are composed (%s): each part is taken once, "
                                  "repetitions and gaps are not",
                                  ct_citygml__name(at)));
    }
    ct_jsonw_end_array(s->w);
    return CT_OK;
}

ct_err ct_citygml__series(const char **rest, ct_citygml__reader *c, ct_city__object *device,
                          xmlNode *data, bool observed) {
    ct_buf text;
    ct_jsonw w;
    ct_buf_init(&text, MOST_TEXT);
    ct_jsonw_init(&w, &text);
    series s = {.c = c, .device = device, .observed = observed, .w = &w};
    *rest = "";
    ct_err err = put_all(&s, data);
    if (err == CT_OK) err = ct_buf_status(&text);
    if (err == CT_OK && text.len > 2) // "[]"
        *rest = ct_arena_strndup(c->r.family, text.data, text.len);
    ct_buf_fini(&text);
    if (err == CT_OK && !*rest) err = CT_NOMEM;
    if (err == CT_OK && s.n_odd)
        err =
            ct_city__count(&c->r, "series-text",
                           "%zu time series (%s) hold values that are no numbers, or have no time "
                           "that can be read: these stay a text",
                           "timeseries");
    return err;
}
