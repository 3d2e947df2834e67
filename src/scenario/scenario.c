// Scenario documents: parsed field by field, every default written into the normalised document.
#include "scenario/scenario.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define SCENARIO_MAX_BYTES ((size_t)16 << 20)
#define MAX_RAIN_INTERVALS 10000
#define MM_PER_HOUR        (1e-3 / 3600) // m/s

// A text in English and Chinese: an object {"en","zh"} or one string for both.
static ct_err parse_title(ct_scenario *s, json_t *document) {
    const json_t *title = json_object_get(document, "title");
    if (!title) {
        s->title_en = "Scenario";
        s->title_zh = "情景";
    } else if (json_is_string(title)) {
        s->title_en = s->title_zh = json_string_value(title);
    } else {
        CT_TRY(ct_json_get_string(&s->title_en, title, "en", "scenario.title"));
        CT_TRY(ct_json_string_or(&s->title_zh, title, "zh", s->title_en, "scenario.title"));
    }
    return CT_OK;
}

static ct_err parse_rain(ct_scenario *s, const json_t *document) {
    static const char *const k_fields[] = {"from_s", "to_s", "intensity_mm_h", NULL};
    const json_t *rain = json_object_get(document, "rain");
    if (!rain) return CT_OK;
    if (!json_is_array(rain)) return ct_fail(CT_PARSE, "scenario.rain is not an array");
    const size_t n = json_array_size(rain);
    if (n > MAX_RAIN_INTERVALS)
        return ct_fail(CT_LIMIT, "scenario.rain has %zu intervals, over %d", n, MAX_RAIN_INTERVALS);
    s->rain = ct_calloc(n, sizeof *s->rain);
    if (!s->rain) return CT_NOMEM;
    s->n_rain = n;
    for (size_t i = 0; i < n; i++) {
        ct_rain_interval *r = &s->rain[i];
        char where[48];
        double mm_h;
        snprintf(where, sizeof where, "scenario.rain[%zu]", i);
        const json_t *interval = json_array_get(rain, i);
        CT_TRY(ct_json_only(interval, k_fields, where));
        CT_TRY(ct_json_get_number(&r->from_s, interval, "from_s", 0, 1e9, where));
        CT_TRY(ct_json_get_number(&r->to_s, interval, "to_s", 0, 1e9, where));
        CT_TRY(ct_json_get_number(&mm_h, interval, "intensity_mm_h", 0, 2000, where));
        r->intensity_ms = mm_h * MM_PER_HOUR;
        if (!(r->to_s > r->from_s))
            return ct_fail(CT_RANGE, "%s: to_s %g is not after from_s %g", where, r->to_s,
                           r->from_s);
        if (i && r->from_s < s->rain[i - 1].to_s)
            return ct_fail(CT_RANGE, "%s: from_s %g lies before the end of the interval before it",
                           where, r->from_s);
    }
    return CT_OK;
}

static ct_err parse_manning(ct_scenario *s, const json_t *document) {
    static const char *const k_fields[] = {"ground", "road", "path", "green", "water", NULL};
    const json_t *manning = json_object_get(document, "manning");
    const char *where = "scenario.manning";
    // Chow 1959, table 5-6: short grass 0.030, asphalt 0.016, concrete paving 0.015, grass and
    // shrubs 0.060, clean straight river 0.025-0.030; yards between buildings: a mixture of paving
    // and planting.
    ct_manning n = {0.030, 0.016, 0.015, 0.060, 0.028};
    if (manning) {
        CT_TRY(ct_json_only(manning, k_fields, where));
        CT_TRY(ct_json_number_or(&n.ground, manning, "ground", n.ground, 0, 1, where));
        CT_TRY(ct_json_number_or(&n.road, manning, "road", n.road, 0, 1, where));
        CT_TRY(ct_json_number_or(&n.path, manning, "path", n.path, 0, 1, where));
        CT_TRY(ct_json_number_or(&n.green, manning, "green", n.green, 0, 1, where));
        CT_TRY(ct_json_number_or(&n.water, manning, "water", n.water, 0, 1, where));
    }
    s->manning = n;
    return CT_OK;
}

static ct_err parse_boundaries(ct_scenario *s, const json_t *document) {
    static const char *const k_fields[] = {"river_stage_m", NULL};
    const json_t *boundaries = json_object_get(document, "boundaries");
    if (!boundaries) return CT_OK;
    CT_TRY(ct_json_only(boundaries, k_fields, "scenario.boundaries"));
    const json_t *stage = json_object_get(boundaries, "river_stage_m");
    if (!stage || json_is_null(stage)) return CT_OK;
    s->has_river_stage = true;
    return ct_json_get_number(&s->river_stage_m, boundaries, "river_stage_m", -1000, 9000,
                              "scenario.boundaries");
}

static ct_err parse_numbers(ct_scenario *s, const json_t *document) {
    const char *start;
    CT_TRY(ct_json_string_or(&s->engine, document, "engine", "flood", "scenario"));
    if (strcmp(s->engine, "flood") != 0)
        return ct_fail(CT_UNSUPPORTED, "scenario.engine: \"%s\" is not an engine (flood)",
                       s->engine);
    CT_TRY(ct_json_get_string(&start, document, "start", "scenario"));
    CT_TRY(ct_context(ct_time_parse(&s->start_us, start), "scenario.start"));
    CT_TRY(ct_json_get_number(&s->duration_s, document, "duration_s", 1, 30 * 86400.0, "scenario"));
    CT_TRY(
        ct_json_number_or(&s->output_step_s, document, "output_step_s", 300, 1, 86400, "scenario"));
    CT_TRY(ct_json_number_or(&s->cell_m, document, "cell_m", 4, 0.5, 100, "scenario"));
    CT_TRY(ct_json_int_or(&s->seed, document, "seed", 1, 0, INT64_MAX, "scenario"));
    if (s->duration_s / s->output_step_s > 5000)
        return ct_fail(CT_LIMIT, "scenario.output_step_s: %g s gives over 5000 stored times",
                       s->output_step_s);
    return CT_OK;
}

// Writes the defaults into the document, so that what was run can be read from it alone.
static ct_err normalise(ct_scenario *s) {
    const ct_manning *n = &s->manning;
    json_t *d = s->document;
    bool ok = json_object_set_new(
                  d, "title", json_pack("{s:s,s:s}", "en", s->title_en, "zh", s->title_zh)) == 0;
    const json_t *title = json_object_get(d, "title"); // the texts moved into the new object
    s->title_en = json_string_value(json_object_get(title, "en"));
    s->title_zh = json_string_value(json_object_get(title, "zh"));
    ok =
        ok && json_object_set_new(d, "engine", json_string("flood")) == 0 &&
        json_object_set_new(d, "output_step_s", json_real(s->output_step_s)) == 0 &&
        json_object_set_new(d, "duration_s", json_real(s->duration_s)) == 0 &&
        json_object_set_new(d, "cell_m", json_real(s->cell_m)) == 0 &&
        json_object_set_new(d, "seed", json_integer(s->seed)) == 0 &&
        json_object_set_new(d, "manning",
                            json_pack("{s:f,s:f,s:f,s:f,s:f}", "ground", n->ground, "road", n->road,
                                      "path", n->path, "green", n->green, "water", n->water)) == 0;
    if (ok && !json_object_get(d, "rain")) ok = json_object_set_new(d, "rain", json_array()) == 0;
    if (ok && !json_object_get(d, "edits")) ok = json_object_set_new(d, "edits", json_array()) == 0;
    s->engine = "flood";
    return ok && s->title_en && s->title_zh ? CT_OK : ct_fail(CT_NOMEM, "out of memory");
}

static ct_err parse(ct_scenario *s, const ct_catalogue *catalogue, const char *twin_crs) {
    static const char *const k_fields[] = {
        "title",         "description", "engine", "start",   "duration_s",
        "output_step_s", "cell_m",      "rain",   "manning", "boundaries",
        "seed",          "edits",       "id",     NULL};
    if (!json_is_object(s->document)) return ct_fail(CT_PARSE, "the scenario is not a JSON object");
    CT_TRY(ct_json_only(s->document, k_fields, "scenario"));
    CT_TRY(parse_title(s, s->document));
    CT_TRY(parse_numbers(s, s->document));
    CT_TRY(parse_rain(s, s->document));
    CT_TRY(parse_manning(s, s->document));
    CT_TRY(parse_boundaries(s, s->document));
    CT_TRY(normalise(s));
    return ct_context(
        ct_changeset_parse(&s->edits, catalogue, json_object_get(s->document, "edits"), twin_crs),
        "scenario");
}

ct_err ct_scenario_parse(ct_scenario **out, const json_t *document, const ct_catalogue *catalogue,
                         const char *twin_crs) {
    ct_scenario *s = ct_calloc(1, sizeof *s);
    if (!s) return CT_NOMEM;
    s->document = json_deep_copy(document);
    const ct_err err =
        s->document ? parse(s, catalogue, twin_crs) : ct_fail(CT_NOMEM, "out of memory");
    if (err == CT_OK)
        *out = s;
    else
        ct_scenario_free(s);
    return err;
}

ct_err ct_scenario_read_file(ct_scenario **out, const char *path, const ct_catalogue *catalogue,
                             const char *twin_crs) {
    json_t *document = NULL;
    CT_TRY(ct_json_read_file(&document, path, SCENARIO_MAX_BYTES));
    const ct_err err = ct_scenario_parse(out, document, catalogue, twin_crs);
    json_decref(document);
    return ct_context(err, "%s", path);
}

void ct_scenario_free(ct_scenario *scenario) {
    if (!scenario) return;
    ct_changeset_free(scenario->edits);
    json_decref(scenario->document);
    ct_free(scenario->rain);
    ct_free(scenario);
}
