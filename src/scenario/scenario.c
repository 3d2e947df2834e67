// Scenario documents: parsed field by field, every default written into the normalised document.
#include "scenario/scenario.h"
#include "scenario/sources.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sim/core/storm.h"
#include "sim/flood/scheme_read.h"
#include "sim/flood/soil_read.h"

#define MAX_RAIN_INTERVALS 10000
#define MAX_MM_PER_HOUR    2000
#define MAX_TITLE_BYTES    500
#define MAX_TEXT_BYTES     20000 // of a description
#define MAX_TIMES          5000
#define FIRST_US           INT64_C(-62135596800000000) // 0001-01-01T00:00:00Z
#define LAST_US            INT64_C(253402300799000000) // 9999-12-31T23:59:59Z
#define MM_PER_HOUR        (1e-3 / 3600)               // m/s

const char *const ct_scenario_fields[] = {
    "id",     "title",     "description",  "engine",  "start",  "duration_s", "output_step_s",
    "scheme", "precision", "local_steps",  "cell_m",  "rain",   "manning",    "boundaries",
    "seed",   "edits",     "infiltration", "sources", "drains", "inside",     NULL};
const char *const ct_scenario_rain_fields[] = {"from_s", "to_s", "intensity_mm_h", NULL};
const char *const ct_scenario_boundary_fields[] = {"river_stage_m", NULL};
// In the order of CT_COVER_GROUND and the others.
const char *const ct_scenario_cover_fields[] = {"ground", "road", "path", "green", "water", NULL};
const char *const ct_scenario_drains_fields[] = {"model", NULL};
const char *const ct_scenario_inside_fields[] = {"model", NULL};
const char *const ct_scenario_text_fields[] = {"en", "zh", NULL};

// A text in English and Chinese: an object {"en","zh"} or one string for both.
static ct_err parse_text(const char **en, const char **zh, const json_t *text, size_t max_bytes,
                         const char *where) {
    if (json_is_string(text)) {
        *en = *zh = json_string_value(text);
    } else {
        CT_TRY(ct_json_only(text, ct_scenario_text_fields, where));
        CT_TRY(ct_json_get_string(en, text, "en", where));
        CT_TRY(ct_json_string_or(zh, text, "zh", *en, where));
    }
    if (strlen(*en) > max_bytes || strlen(*zh) > max_bytes)
        return ct_fail(CT_LIMIT, "%s: longer than %zu bytes", where, max_bytes);
    return CT_OK;
}

static ct_err parse_texts(ct_scenario *s, const json_t *document) {
    const json_t *title = json_object_get(document, "title"),
                 *description = json_object_get(document, "description");
    const char *id, *en, *zh;
    s->title_en = "Scenario";
    s->title_zh = "情景";
    if (title)
        CT_TRY(parse_text(&s->title_en, &s->title_zh, title, MAX_TITLE_BYTES, "scenario.title"));
    if (description)
        CT_TRY(parse_text(&en, &zh, description, MAX_TEXT_BYTES, "scenario.description"));
    CT_TRY(ct_json_string_or(&id, document, "id", NULL, "scenario"));
    if (id && !ct_id_ok(id))
        return ct_fail(CT_PARSE, "scenario.id: \"%.140s\" is not 1 to %d of A-Z a-z 0-9 . _ ~ -",
                       id, CT_ID_MAX - 1);
    return CT_OK;
}

static ct_err make_intervals(ct_scenario *s, size_t n) {
    if (n > MAX_RAIN_INTERVALS)
        return ct_fail(CT_LIMIT, "scenario.rain has %zu intervals, over %d", n, MAX_RAIN_INTERVALS);
    s->rain = ct_calloc(n, sizeof *s->rain);
    if (!s->rain) return CT_NOMEM;
    s->n_rain = n;
    return CT_OK;
}

static ct_err parse_storm(ct_scenario *s, const json_t *json) {
    ct_storm storm;
    CT_TRY(ct_storm_read(&storm, json, "scenario.rain"));
    CT_TRY(make_intervals(s, ct_storm_steps(&storm)));
    for (size_t i = 0; i < s->n_rain; i++) {
        const double mm_h = ct_storm_intensity_ms(&storm, i) / MM_PER_HOUR;
        s->rain[i] = (ct_rain_interval){ct_storm_time_s(&storm, i), ct_storm_time_s(&storm, i + 1),
                                        mm_h, mm_h * MM_PER_HOUR};
        if (mm_h > MAX_MM_PER_HOUR)
            return ct_fail(CT_RANGE, "scenario.rain: %g mm/h from %g s on is over %d", mm_h,
                           s->rain[i].from_s, MAX_MM_PER_HOUR);
    }
    return CT_OK;
}

static ct_err parse_rain(ct_scenario *s, const json_t *document) {
    const json_t *rain = json_object_get(document, "rain");
    if (!rain) return CT_OK;
    if (json_is_object(rain)) return parse_storm(s, rain);
    if (!json_is_array(rain))
        return ct_fail(CT_PARSE, "scenario.rain is neither an array nor a storm");
    CT_TRY(make_intervals(s, json_array_size(rain)));
    for (size_t i = 0; i < s->n_rain; i++) {
        ct_rain_interval *r = &s->rain[i];
        char where[48];
        snprintf(where, sizeof where, "scenario.rain[%zu]", i);
        const json_t *interval = json_array_get(rain, i);
        CT_TRY(ct_json_only(interval, ct_scenario_rain_fields, where));
        CT_TRY(ct_json_get_number(&r->from_s, interval, "from_s", 0, 1e9, where));
        CT_TRY(ct_json_get_number(&r->to_s, interval, "to_s", 0, 1e9, where));
        CT_TRY(ct_json_get_number(&r->intensity_mm_h, interval, "intensity_mm_h", 0,
                                  MAX_MM_PER_HOUR, where));
        r->intensity_ms = r->intensity_mm_h * MM_PER_HOUR;
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
    const json_t *manning = json_object_get(document, "manning");
    const char *where = "scenario.manning";
    // Chow 1959, table 5-6: short grass 0.030, asphalt 0.016, concrete paving 0.015, grass and
    // shrubs 0.060, clean straight river 0.025-0.030; yards between buildings: a mixture of paving
    // and planting.
    ct_manning n = {0.030, 0.016, 0.015, 0.060, 0.028};
    if (manning) {
        CT_TRY(ct_json_only(manning, ct_scenario_cover_fields, where));
        CT_TRY(ct_json_number_or(&n.ground, manning, "ground", n.ground, 0, 1, where));
        CT_TRY(ct_json_number_or(&n.road, manning, "road", n.road, 0, 1, where));
        CT_TRY(ct_json_number_or(&n.path, manning, "path", n.path, 0, 1, where));
        CT_TRY(ct_json_number_or(&n.green, manning, "green", n.green, 0, 1, where));
        CT_TRY(ct_json_number_or(&n.water, manning, "water", n.water, 0, 1, where));
    }
    s->manning = n;
    return CT_OK;
}

static ct_err parse_infiltration(ct_scenario *s, const json_t *document) {
    const json_t *infiltration = json_object_get(document, "infiltration");
    if (!infiltration) return CT_OK;
    CT_TRY(ct_json_only(infiltration, ct_scenario_cover_fields, "scenario.infiltration"));
    for (int cover = 0; cover < CT_COVERS; cover++) {
        const json_t *soil = json_object_get(infiltration, ct_scenario_cover_fields[cover]);
        char where[48];
        if (!soil) continue;
        (void)snprintf(where, sizeof where, "scenario.infiltration.%s",
                       ct_scenario_cover_fields[cover]);
        CT_TRY(ct_flood_soil_read(&s->infiltration.soil[cover], soil, where));
        s->infiltration.has[cover] = s->infiltration.any = true;
    }
    return CT_OK;
}

static json_t *infiltration_json(const ct_scenario *s) {
    json_t *json = json_object();
    for (int cover = 0; json && cover < CT_COVERS; cover++) {
        if (!s->infiltration.has[cover]) continue;
        json_t *soil = ct_flood_soil_json(&s->infiltration.soil[cover]);
        if (json_object_set_new(json, ct_scenario_cover_fields[cover], soil) == 0) continue;
        json_decref(json);
        json = NULL;
    }
    return json;
}

static ct_err parse_boundaries(ct_scenario *s, const json_t *document) {
    const json_t *boundaries = json_object_get(document, "boundaries");
    if (!boundaries) return CT_OK;
    CT_TRY(ct_json_only(boundaries, ct_scenario_boundary_fields, "scenario.boundaries"));
    const json_t *stage = json_object_get(boundaries, "river_stage_m");
    if (!stage || json_is_null(stage)) return CT_OK;
    s->has_river_stage = true;
    return ct_json_get_number(&s->river_stage_m, boundaries, "river_stage_m", -1000, 9000,
                              "scenario.boundaries");
}

// In the order of their words: without, with.
static const char *const k_drains[] = {"none", "network", NULL};
static const char *const k_inside[] = {"none", "storeys", NULL};

// Whether a part is simulated, which it is unless it is told not to be.
static ct_err parse_model(bool *out, const json_t *part, const char *const *fields,
                          const char *const *words, const char *where) {
    int model = 1;
    if (part) {
        CT_TRY(ct_json_only(part, fields, where));
        CT_TRY(ct_json_word_or(&model, part, "model", words, model, where));
    }
    *out = model == 1;
    return CT_OK;
}

static ct_err parse_models(ct_scenario *s, const json_t *document) {
    CT_TRY(parse_model(&s->drains, json_object_get(document, "drains"), ct_scenario_drains_fields,
                       k_drains, "scenario.drains"));
    return parse_model(&s->inside, json_object_get(document, "inside"), ct_scenario_inside_fields,
                       k_inside, "scenario.inside");
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
    // Every time of the run must have a text (RFC 3339 has four digits for the year).
    if (s->start_us < FIRST_US || s->start_us > LAST_US - (int64_t)ceil(s->duration_s * 1e6))
        return ct_fail(CT_RANGE,
                       "scenario.start: \"%.40s\" and the end are not in the years 1 to 9999",
                       start);
    CT_TRY(
        ct_json_number_or(&s->output_step_s, document, "output_step_s", 300, 1, 86400, "scenario"));
    CT_TRY(ct_json_number_or(&s->cell_m, document, "cell_m", 4, 0.5, 100, "scenario"));
    CT_TRY(ct_json_int_or(&s->seed, document, "seed", 1, 0, INT64_MAX, "scenario"));
    if (s->duration_s / s->output_step_s > MAX_TIMES)
        return ct_fail(CT_LIMIT, "scenario.output_step_s: %g s gives over %d stored times",
                       s->output_step_s, MAX_TIMES);
    return CT_OK;
}

// Intervals; a storm is written out.
static json_t *rain_json(const ct_scenario *s) {
    json_t *rain = json_array();
    bool ok = rain != NULL;
    for (size_t i = 0; ok && i < s->n_rain; i++) {
        ok = json_array_append_new(rain, json_pack("{s:f,s:f,s:f}", "from_s", s->rain[i].from_s,
                                                   "to_s", s->rain[i].to_s, "intensity_mm_h",
                                                   s->rain[i].intensity_mm_h)) == 0;
    }
    if (ok) return rain;
    json_decref(rain);
    return NULL;
}

// The document anew, with every default in it, so that what was run can be read from it alone.
static json_t *normal_form(const ct_scenario *s, const json_t *given) {
    const ct_manning *n = &s->manning;
    char start[32];
    ct_time_format(start, s->start_us);
    const json_t *edits = json_object_get(given, "edits");
    json_t *description = json_object_get(given, "description"), *id = json_object_get(given, "id");
    json_t *stage = s->has_river_stage ? json_real(s->river_stage_m) : json_null();
    return json_pack(
        "{s:{s:s,s:s},s:O*,s:O*,s:s,s:s,s:f,s:f,s:s,s:s,s:b,s:f,s:o,s:{s:f,s:f,s:f,s:f,s:"
        "f},s:o,s:o,s:{s:o},s:{s:s},s:{s:s},"
        "s:I,s:o}",
        "title", "en", s->title_en, "zh", s->title_zh, "id", id, "description", description,
        "engine", s->engine, "start", start, "duration_s", s->duration_s, "output_step_s",
        s->output_step_s, "scheme", ct_flood_scheme_words[s->scheme], "precision",
        ct_flood_precision_words[s->precision], "local_steps", s->local_steps, "cell_m", s->cell_m,
        "rain", rain_json(s), "manning", "ground", n->ground, "road", n->road, "path", n->path,
        "green", n->green, "water", n->water, "infiltration", infiltration_json(s), "sources",
        ct_scenario__sources_json(s, json_object_get(given, "sources")), "boundaries",
        "river_stage_m", stage, "drains", "model", k_drains[s->drains], "inside", "model",
        k_inside[s->inside], "seed", (json_int_t)s->seed, "edits",
        edits ? ct_json_copy(edits) : json_array());
}

// The texts move from the given document to the normal one.
static ct_err normalise(ct_scenario *s, const json_t *given) {
    s->document = normal_form(s, given);
    if (!s->document) return ct_fail(CT_NOMEM, "out of memory");
    const json_t *title = json_object_get(s->document, "title");
    s->title_en = json_string_value(json_object_get(title, "en"));
    s->title_zh = json_string_value(json_object_get(title, "zh"));
    s->engine = json_string_value(json_object_get(s->document, "engine"));
    return CT_OK;
}

static ct_err parse(ct_scenario *s, const json_t *document, const ct_catalogue *catalogue,
                    const char *twin_crs) {
    if (!json_is_object(document)) return ct_fail(CT_PARSE, "the scenario is not a JSON object");
    CT_TRY(ct_json_only(document, ct_scenario_fields, "scenario"));
    CT_TRY(parse_texts(s, document));
    CT_TRY(parse_numbers(s, document));
    CT_TRY(ct_flood_scheme_read(&s->scheme, &s->precision, &s->local_steps, document, "scenario"));
    CT_TRY(parse_rain(s, document));
    CT_TRY(parse_manning(s, document));
    CT_TRY(parse_infiltration(s, document));
    CT_TRY(parse_boundaries(s, document));
    CT_TRY(parse_models(s, document));
    CT_TRY(ct_scenario__sources_parse(s, json_object_get(document, "sources"), twin_crs));
    CT_TRY(normalise(s, document));
    return ct_context(
        ct_changeset_parse(&s->edits, catalogue, json_object_get(s->document, "edits"), twin_crs),
        "scenario");
}

ct_err ct_scenario_parse(ct_scenario **out, const json_t *document, const ct_catalogue *catalogue,
                         const char *twin_crs) {
    ct_scenario *s = ct_calloc(1, sizeof *s);
    if (!s) return CT_NOMEM;
    const ct_err err = parse(s, document, catalogue, twin_crs);
    if (err == CT_OK)
        *out = s;
    else
        ct_scenario_free(s);
    return err;
}

ct_err ct_scenario_read_file(ct_scenario **out, const char *path, const ct_catalogue *catalogue,
                             const char *twin_crs) {
    json_t *document = NULL;
    CT_TRY(ct_json_read_file(&document, path, CT_SCENARIO_MAX_BYTES));
    const ct_err err = ct_scenario_parse(out, document, catalogue, twin_crs);
    json_decref(document);
    return ct_context(err, "%s", path);
}

void ct_scenario_free(ct_scenario *scenario) {
    if (!scenario) return;
    ct_changeset_free(scenario->edits);
    json_decref(scenario->document);
    ct_free(scenario->rain);
    ct_scenario__sources_free(scenario);
    ct_free(scenario);
}
