// Scenario documents: what is refused and how it is told, the normal form, the run id, and that
// schema, parser and shipped scenarios agree.
#include "flood_twin.h"

#include "fault.h"
#include "scenario/scenario.h"
#include "sim/core/storm.h"
#include "sim/flood/soil_read.h"

static ct_catalogue *g_catalogue;

static int load(void **state) {
    (void)state;
    return ct_catalogue_load(&g_catalogue, NULL) == CT_OK ? 0 : -1;
}

static int unload(void **state) {
    (void)state;
    ct_catalogue_free(g_catalogue);
    return 0;
}

static ct_err parse(ct_scenario **out, const char *text) {
    json_t *document = flood_twin_json(text);
    const ct_err err = ct_scenario_parse(out, document, g_catalogue, FT_CRS);
    json_decref(document);
    return err;
}

#define BASE         "\"start\":\"2026-07-20T20:00:00Z\",\"duration_s\":600"
#define WITH(more)   "{" BASE "," more "}"
#define RAIN(inside) WITH("\"rain\":[{\"from_s\":0,\"to_s\":60,\"intensity_mm_h\":1}," inside "]")
#define SOIL(inside) WITH("\"infiltration\":{\"green\":{" inside "}}")
#define STORM(a, minutes)                                                                          \
    WITH("\"rain\":{\"a_l_s_ha\":" a ",\"c\":0.811,\"b_min\":8,\"n\":0.711,"                       \
         "\"return_period_years\":10,\"duration_min\":" minutes ",\"step_min\":5,\"begin_s\":60}")
#define WALL(more)                                                                                 \
    "{\"op\":\"add\",\"class\":\"barrier\",\"geometry\":{\"type\":\"LineString\","                 \
    "\"coordinates\":[[114.01,30.5],[114.02,30.5]]}" more "}"

static void faults_are_named(void **state) {
    (void)state;
    static const struct {
        const char *document, *error, *message;
    } k_cases[] = {
        {"[]", "PARSE", "not a JSON object"},
        {"null", "PARSE", "not a JSON object"},
        {"{\"duration_s\":600}", "PARSE", "scenario: field \"start\" is missing"},
        {"{\"start\":\"2026-07-20T20:00:00Z\"}", "PARSE", "\"duration_s\" is missing"},
        {"{\"start\":\"yesterday\",\"duration_s\":600}", "PARSE", "scenario.start: "},
        {"{\"start\":7,\"duration_s\":600}", "PARSE", "scenario.start: must be a string"},
        {"{\"start\":\"2026-07-20T20:00:00Z\",\"duration_s\":\"10 min\"}", "PARSE",
         "scenario.duration_s: must be a number"},
        {"{\"start\":\"2026-07-20T20:00:00Z\",\"duration_s\":-600}", "RANGE",
         "scenario.duration_s: -600 is not in 1 to 2592000"},
        {"{\"start\":\"9999-12-31T23:59:00Z\",\"duration_s\":600}", "RANGE", "scenario.start: "},
        {"{\"start\":\"9999-12-31T23:59:60.5Z\",\"duration_s\":1}", "RANGE", "scenario.start: "},
        {WITH("\"depth\":1"), "PARSE", "scenario: unknown field \"depth\""},
        {WITH("\"engine\":\"fire\""), "UNSUPPORTED", "scenario.engine: \"fire\""},
        {WITH("\"scheme\":\"rows\""), "PARSE",
         "scenario.scheme: \"rows\" is not one of first_order, second_order"},
        {WITH("\"scheme\":2"), "PARSE", "scenario.scheme: must be a string"},
        {WITH("\"precision\":\"half\""), "PARSE",
         "scenario.precision: \"half\" is not one of double, single"},
        {WITH("\"title\":{\"zh\":\"雨\"}"), "PARSE", "scenario.title: field \"en\" is missing"},
        {WITH("\"title\":{\"en\":\"Rain\",\"fr\":\"Pluie\"}"), "PARSE", "unknown field \"fr\""},
        {WITH("\"title\":3"), "PARSE", "scenario.title"},
        {WITH("\"description\":[]"), "PARSE", "scenario.description"},
        {WITH("\"id\":\"a b\""), "PARSE", "scenario.id: \"a b\""},
        {WITH("\"cell_m\":0.2"), "RANGE", "scenario.cell_m: 0.2 is not in 0.5 to 100"},
        {WITH("\"cell_m\":null"), "PARSE", "scenario.cell_m: must be a number"},
        {WITH("\"seed\":1.5"), "PARSE", "scenario.seed: must be a whole number"},
        {WITH("\"seed\":-1"), "RANGE", "scenario.seed"},
        {"{\"start\":\"2026-07-20\",\"duration_s\":2592000,\"output_step_s\":60}", "LIMIT",
         "scenario.output_step_s: 60 s gives over 5000 stored times"},
        {WITH("\"rain\":7"), "PARSE", "scenario.rain is neither an array nor a storm"},
        {WITH("\"rain\":{}"), "PARSE", "scenario.rain: field \"a_l_s_ha\" is missing"},
        {STORM("1e5", "60"), "RANGE", "scenario.rain: "},
        {STORM("2001", "0"), "RANGE", "scenario.rain.duration_min: 0"},
        {RAIN("5"), "PARSE", "scenario.rain[1]: not a JSON object"},
        {RAIN("{\"from_s\":60,\"to_s\":120}"), "PARSE",
         "scenario.rain[1]: field \"intensity_mm_h\" is missing"},
        {RAIN("{\"from_s\":60,\"to_s\":120,\"intensity_mm_h\":-5}"), "RANGE",
         "scenario.rain[1].intensity_mm_h: -5 is not in 0 to 2000"},
        {RAIN("{\"from_s\":60,\"to_s\":60,\"intensity_mm_h\":5}"), "RANGE",
         "scenario.rain[1]: to_s 60 is not after from_s 60"},
        {RAIN("{\"from_s\":30,\"to_s\":90,\"intensity_mm_h\":5}"), "RANGE",
         "scenario.rain[1]: from_s 30 lies before the end"},
        {RAIN("{\"from_s\":60,\"to_s\":90,\"depth_mm\":5}"), "PARSE", "unknown field \"depth_mm\""},
        {WITH("\"manning\":{\"road\":2}"), "RANGE", "scenario.manning.road: 2 is not in 0 to 1"},
        {WITH("\"manning\":{\"roads\":0.1}"), "PARSE", "scenario.manning: unknown field \"roads\""},
        {WITH("\"manning\":0.03"), "PARSE", "scenario.manning: not a JSON object"},
        {WITH("\"sources\":{}"), "PARSE", "scenario.sources is not an array"},
        {WITH("\"sources\":[{\"flow\":1}]"), "PARSE",
         "scenario.sources[0]: unknown field \"flow\""},
        {WITH("\"sources\":[{\"geometry\":{\"type\":\"Point\",\"coordinates\":[114,22.5]}}]"),
         "PARSE", "scenario.sources[0].discharge_m3s"},
        {WITH("\"sources\":[{\"geometry\":{\"type\":\"Point\",\"coordinates\":[114,22.5]},"
              "\"discharge_m3s\":[[0,1],[0,2]]}]"),
         "RANGE", "scenario.sources[0].discharge_m3s[1]: time 0 does not ascend"},
        {WITH("\"infiltration\":[]"), "PARSE", "scenario.infiltration: not a JSON object"},
        {WITH("\"infiltration\":{\"lawn\":{}}"), "PARSE", "unknown field \"lawn\""},
        {SOIL("\"kind\":\"sponge\""), "PARSE", "scenario.infiltration.green.kind: \"sponge\""},
        {SOIL("\"kind\":\"constant\""), "PARSE", "green: field \"rate_mm_h\" is missing"},
        {SOIL("\"kind\":\"constant\",\"rate_mm_h\":-1"), "RANGE",
         "scenario.infiltration.green.rate_mm_h: -1 is not in 0 to 100000"},
        {SOIL("\"kind\":\"constant\",\"rate_mm_h\":1,\"deficit\":0.3"), "PARSE",
         "green.deficit: a soil of kind constant has none"},
        {SOIL("\"kind\":\"horton\",\"rate_mm_h\":9,\"initial_mm_h\":8,\"decay_per_h\":2"), "RANGE",
         "green.initial_mm_h: 8 is less than rate_mm_h, 9"},
        {SOIL("\"kind\":\"curve_number\",\"curve_number\":101"), "RANGE", "curve_number: 101"},
        {WITH("\"boundaries\":{\"river_stage_m\":\"high\"}"), "PARSE",
         "scenario.boundaries.river_stage_m: must be a number"},
        {WITH("\"boundaries\":{\"river_stage_m\":99999}"), "RANGE", "river_stage_m: 99999"},
        {WITH("\"drains\":7"), "PARSE", "scenario.drains: not a JSON object"},
        {WITH("\"drains\":{\"step_s\":1}"), "PARSE", "scenario.drains: unknown field \"step_s\""},
        {WITH("\"drains\":{\"model\":\"pipes\"}"), "PARSE",
         "scenario.drains.model: \"pipes\" is not one of none, network"},
        {WITH("\"inside\":[]"), "PARSE", "scenario.inside: not a JSON object"},
        {WITH("\"inside\":{\"doors\":1}"), "PARSE", "scenario.inside: unknown field \"doors\""},
        {WITH("\"inside\":{\"model\":\"rooms\"}"), "PARSE",
         "scenario.inside.model: \"rooms\" is not one of none, storeys"},
        {WITH("\"edits\":{}"), "PARSE", "scenario: edits: an array expected"},
        {WITH("\"edits\":[7]"), "PARSE", "scenario: edits[0]: an object expected"},
        {WITH("\"edits\":[{\"op\":\"paint\"}]"), "PARSE", "edits[0]: op: \"paint\""},
        {WITH("\"edits\":[" WALL("") "," WALL(",\"properties\":{\"height_m\":-1}") "]"), "RANGE",
         "edits[1]"},
        {WITH("\"edits\":[" WALL(",\"colour\":\"red\"") "]"), "PARSE", "unknown field \"colour\""},
        {WITH("\"edits\":[{\"op\":\"add\",\"class\":\"castle\"}]"), "PARSE",
         "there is no class \"castle\""},
    };
    ct_scenario *wall = NULL;
    ok(parse(&wall, WITH("\"edits\":[" WALL("") "]"))); // what a thread keeps for coordinates
    ct_scenario_free(wall);
    const long live = ct_mem_live();
    for (size_t i = 0; i < sizeof k_cases / sizeof *k_cases; i++) {
        ct_scenario *s = NULL;
        const ct_err err = parse(&s, k_cases[i].document);
        if (strcmp(ct_err_name(err), k_cases[i].error) != 0)
            fail_msg("%s: %s, not %s", k_cases[i].document, ct_err_name(err), k_cases[i].error);
        message_has(k_cases[i].message);
        assert_null(s);
    }
    assert_int_equal(ct_mem_live(), live);
}

// An array of n times one JSON text.
static json_t *document_of_many(const char *field, const char *text, size_t n) {
    json_t *document = flood_twin_json("{" BASE "}"), *list = json_array();
    for (size_t i = 0; i < n; i++) json_array_append_new(list, flood_twin_json(text));
    json_object_set_new(document, field, list);
    return document;
}

static void everything_has_a_limit(void **state) {
    (void)state;
    ct_scenario *s = NULL;
    json_t *d = document_of_many("rain", "{}", 10001);
    fails(ct_scenario_parse(&s, d, g_catalogue, FT_CRS), "LIMIT");
    message_has("scenario.rain has 10001 intervals");
    json_decref(d);
    d = document_of_many("edits", "{\"op\":\"remove\",\"id\":\"a\"}", 10001);
    fails(ct_scenario_parse(&s, d, g_catalogue, FT_CRS), "LIMIT");
    message_has("scenario: edits: 10001");
    json_decref(d);
    char *title = malloc(502);
    memset(title, 'x', 501);
    title[501] = 0;
    d = flood_twin_json("{" BASE "}");
    json_object_set_new(d, "title", json_string(title));
    fails(ct_scenario_parse(&s, d, g_catalogue, FT_CRS), "LIMIT");
    message_has("scenario.title");
    title[500] = 0;
    json_object_set_new(d, "title", json_string(title));
    ok(ct_scenario_parse(&s, d, g_catalogue, FT_CRS));
    ct_scenario_free(s);
    json_decref(d);
    free(title);
}

static void defaults_are_written_out(void **state) {
    (void)state;
    ct_scenario *s = NULL;
    ok(parse(&s, "{" BASE "}"));
    assert_string_equal(s->title_en, "Scenario");
    assert_string_equal(s->engine, "flood");
    assert_true(s->start_us == INT64_C(1784577600000000));
    assert_true(!s->local_steps);
    assert_near(s->output_step_s, 300, 0);
    assert_near(s->cell_m, 4, 0);
    assert_near(s->manning.road, 0.016, 0);
    assert_false(s->has_river_stage);
    assert_int_equal(s->n_rain, 0);
    assert_int_equal(ct_changeset_count(s->edits), 0);
    json_t *want = flood_twin_json(
        "{\"title\":{\"en\":\"Scenario\",\"zh\":\"情景\"},\"engine\":\"flood\","
        "\"start\":\"2026-07-20T20:00:00Z\",\"duration_s\":600.0,\"output_step_s\":300.0,"
        "\"scheme\":\"second_order\",\"precision\":\"single\",\"local_steps\":false,\"cell_m\":4.0,"
        "\"rain\":[],"
        "\"manning\":{\"ground\":0.03,\"road\":0.016,\"path\":0.015,"
        "\"green\":0.06,\"water\":0.028},\"infiltration\":{},\"sources\":[],\"boundaries\":{"
        "\"river_stage_m\":"
        "null},\"drains\":{\"model\":\"network\"},\"inside\":{\"model\":\"storeys\"},\"seed\":1,"
        "\"edits\":[]}");
    assert_true(json_equal(s->document, want));
    json_decref(want);
    // The normal form of a normal form is itself.
    ct_scenario *again = NULL;
    ok(ct_scenario_parse(&again, s->document, g_catalogue, FT_CRS));
    assert_true(json_equal(s->document, again->document));
    ct_scenario_free(again);
    ct_scenario_free(s);
    ct_scenario_free(NULL);
}

static void values_arrive(void **state) {
    (void)state;
    ct_scenario *s = NULL;
    ok(parse(&s, "{\"start\":\"2026-07-20T22:00:00+02:00\",\"duration_s\":5400,\"cell_m\":2,"
                 "\"scheme\":\"second_order\",\"precision\":\"single\",\"local_steps\":true,"
                 "\"title\":\"One\",\"description\":{\"en\":\"Two\"},\"id\":\"three\",\"seed\":9,"
                 "\"rain\":[{\"from_s\":0,\"to_s\":60,\"intensity_mm_h\":36}],"
                 "\"manning\":{\"green\":0.1},\"boundaries\":{\"river_stage_m\":12.5},"
                 "\"edits\":[" WALL("") "]}"));
    assert_true(s->start_us == INT64_C(1784577600000000));
    assert_true(s->local_steps);
    assert_string_equal(s->title_zh, "One");
    assert_near(s->rain[0].intensity_ms, 1e-5, 1e-18);
    assert_true(s->scheme == CT_FLOOD_SECOND_ORDER && s->precision == CT_FLOOD_SINGLE);
    assert_near(s->manning.green, 0.1, 0);
    assert_near(s->manning.ground, 0.03, 0);
    assert_true(s->has_river_stage && s->river_stage_m == 12.5);
    assert_int_equal(s->seed, 9);
    assert_int_equal(ct_changeset_count(s->edits), 1);
    assert_string_equal(json_string_value(json_object_get(s->document, "start")),
                        "2026-07-20T20:00:00Z");
    assert_string_equal(json_string_value(json_object_get(s->document, "id")), "three");
    ct_scenario_free(s);
}

static double flat(uint32_t row, uint32_t column) {
    (void)row;
    (void)column;
    return 10;
}

static void id_of(char out[CT_RUN_ID_MAX], const flood_twin *t, const char *text) {
    ct_scenario *s = NULL;
    ct_reader *reader;
    if (parse(&s, text) != CT_OK) fail_msg("%s in %s", ct_err_message(), text);
    ok(ct_store_reader(&reader, t->store));
    ok(ct_scenario_run_id(out, s, reader, t->store));
    ct_reader_release(reader);
    ct_scenario_free(s);
    assert_true(ct_run_id_ok(out));
}

#define SHOWER      "\"rain\":[{\"from_s\":0,\"to_s\":60,\"intensity_mm_h\":36}]"
#define EDITS(a, b) "\"edits\":[" a "," b "]"
#define WALL_A      WALL(",\"id\":\"a\",\"properties\":{\"height_m\":2}")
#define WALL_B      WALL(",\"id\":\"b\",\"properties\":{\"height_m\":2}")

static void one_request_one_id(void **state) {
    (void)state;
    static const char *const k_equal[][2] = {
        {"{" BASE "}", "{\"duration_s\":600.0,\"start\":\"2026-07-20T20:00:00Z\"}"},
        {"{" BASE "}", "{\"duration_s\":6e2,\"start\":\"2026-07-20T22:00:00+02:00\"}"},
        {"{" BASE "}", WITH("\"title\":\"Another\",\"description\":\"d\",\"id\":\"x\"")},
        {"{" BASE "}", WITH("\"engine\":\"flood\",\"output_step_s\":300,\"cell_m\":4,\"rain\":[],"
                            "\"manning\":{\"road\":0.016},\"boundaries\":{},\"seed\":1,"
                            "\"edits\":[]")},
        {"{" BASE "}", WITH("\"boundaries\":{\"river_stage_m\":null}")},
        {"{" BASE "}", WITH("\"drains\":{}")},
        {"{" BASE "}", WITH("\"drains\":{\"model\":\"network\"}")},
        {"{" BASE "}", WITH("\"inside\":{\"model\":\"storeys\"}")},
        {WITH("\"boundaries\":{\"river_stage_m\":12}"),
         WITH("\"boundaries\":{\"river_stage_m\":12.0}")},
        {WITH("\"boundaries\":{\"river_stage_m\":0.0}"),
         WITH("\"boundaries\":{\"river_stage_m\":-0.0}")},
        {WITH(SHOWER), WITH("\"rain\":[{\"intensity_mm_h\":36.0,\"to_s\":60.0,\"from_s\":0.0}]")},
        {WITH("\"edits\":[" WALL(",\"id\":\"a\",\"properties\":{\"height_m\":2}") "]"),
         WITH("\"edits\":[" WALL(",\"properties\":{\"height_m\":2.0},\"id\":\"a\"") "]")},
    };
    static const char *const k_different[][2] = {
        {"{" BASE "}", "{\"start\":\"2026-07-20T20:00:00Z\",\"duration_s\":601}"},
        {"{" BASE "}", "{\"start\":\"2026-07-20T20:00:01Z\",\"duration_s\":600}"},
        {"{" BASE "}", WITH("\"cell_m\":5")},
        {"{" BASE "}", WITH("\"output_step_s\":100")},
        {"{" BASE "}", WITH("\"seed\":2")},
        {"{" BASE "}", WITH("\"drains\":{\"model\":\"none\"}")},
        {"{" BASE "}", WITH("\"inside\":{\"model\":\"none\"}")},
        {WITH("\"scheme\":\"first_order\""), WITH("\"scheme\":\"second_order\"")},
        {WITH("\"local_steps\":true"), WITH("\"local_steps\":false")},
        {WITH("\"precision\":\"double\""), WITH("\"precision\":\"single\"")},
        {WITH("\"seed\":9007199254740993"), WITH("\"seed\":9007199254740992")},
        {"{" BASE "}", WITH("\"manning\":{\"road\":0.017}")},
        {"{" BASE "}", WITH("\"boundaries\":{\"river_stage_m\":12}")},
        {"{" BASE "}", WITH(SHOWER)},
        {"{" BASE "}", WITH("\"edits\":[" WALL_A "]")},
        {WITH("\"edits\":[" WALL_A "]"), WITH("\"edits\":[" WALL_B "]")},
        {WITH(EDITS(WALL_A, WALL_B)), WITH(EDITS(WALL_B, WALL_A))}, // their order counts
    };
    flood_twin t;
    char a[CT_RUN_ID_MAX], b[CT_RUN_ID_MAX];
    flood_twin_make(&t, 8, 8, 1, flat);
    for (size_t i = 0; i < sizeof k_equal / sizeof *k_equal; i++) {
        id_of(a, &t, k_equal[i][0]);
        id_of(b, &t, k_equal[i][1]);
        if (strcmp(a, b) != 0) fail_msg("%s and %s differ", k_equal[i][0], k_equal[i][1]);
    }
    for (size_t i = 0; i < sizeof k_different / sizeof *k_different; i++) {
        id_of(a, &t, k_different[i][0]);
        id_of(b, &t, k_different[i][1]);
        if (strcmp(a, b) == 0) fail_msg("%s and %s are one", k_different[i][0], k_different[i][1]);
    }
    flood_twin_end(&t);
}

static double higher(uint32_t row, uint32_t column) {
    return row == 3 && column == 3 ? 10.25 : 10;
}

// The drainage network counts where it is simulated, and only there.
static void drains_are_in_the_id_of_their_runs(void **state) {
    (void)state;
    static const char *const k_documents[] = {"{" BASE "}",
                                              WITH("\"drains\":{\"model\":\"none\"}")};
    for (int k = 0; k < 2; k++) {
        flood_twin t;
        char first[CT_RUN_ID_MAX], next[CT_RUN_ID_MAX];
        flood_twin_make(&t, 8, 8, 1, flat);
        id_of(first, &t, k_documents[k]);
        json_t *place =
            json_pack("{s:s,s:o}", "type", "Point", "coordinates", flood_twin_point(1, 1));
        flood_twin_store(&t, flood_twin_edit("drain_node", "mh", place, "{\"kind\":\"manhole\"}"));
        id_of(next, &t, k_documents[k]);
        if (k == 0)
            assert_string_not_equal(first, next);
        else
            assert_string_equal(first, next);
        flood_twin_end(&t);
    }
}

// What the engine sees of the twin counts, and nothing else of it.
static void the_twin_is_in_the_id(void **state) {
    (void)state;
    flood_twin t;
    char first[CT_RUN_ID_MAX], next[CT_RUN_ID_MAX];
    flood_twin_make(&t, 8, 8, 1, flat);
    id_of(first, &t, "{" BASE "}");
    flood_twin_store(&t, flood_twin_edit("hydrant", "h-1",
                                         json_pack("{s:s,s:o}", "type", "Point", "coordinates",
                                                   flood_twin_point(1, 1)),
                                         NULL));
    id_of(next, &t, "{" BASE "}");
    assert_string_equal(first, next);
    flood_twin_store(&t, flood_twin_box("building", "b-1", 2, 2, 4, 4, NULL));
    id_of(next, &t, "{" BASE "}");
    assert_string_not_equal(first, next);
    flood_twin_store(&t, json_pack("{s:s,s:s}", "op", "remove", "id", "b-1"));
    id_of(next, &t, "{" BASE "}");
    assert_string_equal(first, next);
    flood_twin_ground(&t, 8, 8, 1, higher);
    id_of(next, &t, "{" BASE "}");
    assert_string_not_equal(first, next);
    flood_twin_ground(&t, 8, 8, 1, flat);
    id_of(next, &t, "{" BASE "}");
    assert_string_equal(first, next);
    flood_twin_end(&t);
}

// ---- the schema

static json_t *schema_of(void) {
    json_t *schema = NULL;
    ok(ct_json_read_file(&schema, CT_SOURCE_DIR "/data/schemas/scenario.schema.json", 1 << 20));
    return schema;
}

static bool listed(const char *const *fields, const char *name) {
    for (; *fields; fields++)
        if (strcmp(*fields, name) == 0) return true;
    return false;
}

static void same_fields(json_t *properties, const char *const *fields) {
    const char *name;
    json_t *value;
    assert_true(json_object_size(properties) > 0);
    json_object_foreach(properties, name, value) {
        if (!listed(fields, name)) fail_msg("the parser does not know %s", name);
        if (!json_object_get(value, "description")) fail_msg("%s is not described", name);
    }
    for (; *fields; fields++)
        if (!json_object_get(properties, *fields)) fail_msg("the schema lacks %s", *fields);
}

static json_t *inside(const json_t *value, const char *a, const char *b, const char *c) {
    json_t *found = json_object_get(value, a);
    if (b) found = json_object_get(found, b);
    if (c) found = json_object_get(found, c);
    assert_non_null(found);
    return found;
}

static ct_err try_number(const char *group, const char *field, double number) {
    json_t *d = flood_twin_json("{" BASE ",\"output_step_s\":86400}"), *place = d;
    if (strcmp(group, "rain") == 0) {
        place = flood_twin_json("{\"from_s\":0,\"to_s\":1000000000,\"intensity_mm_h\":1}");
        json_object_set_new(d, "rain", json_pack("[o]", place));
    } else if (*group) {
        place = json_object();
        json_object_set_new(d, group, place);
    }
    json_object_set_new(place, field, json_real(number));
    ct_scenario *s = NULL;
    const ct_err err = ct_scenario_parse(&s, d, g_catalogue, FT_CRS);
    ct_scenario_free(s);
    json_decref(d);
    return err;
}

// The bounds that the schema states are those of the parser: on them taken, beyond them not.
static int check_bounds(json_t *properties, const char *group) {
    const char *field;
    json_t *schema;
    int checked = 0;
    json_object_foreach(properties, field, schema) {
        const json_t *min = json_object_get(schema, "minimum"),
                     *max = json_object_get(schema, "maximum");
        if (min) {
            const double v = json_number_value(min);
            // An interval of rain may not end where it begins.
            const bool empty = strcmp(field, "to_s") == 0;
            if (!empty && try_number(group, field, v) != CT_OK)
                fail_msg("%s %s: %g: %s", group, field, v, ct_err_message());
            if (try_number(group, field, v - fmax(1, fabs(v)) * 1e-3) == CT_OK)
                fail_msg("%s %s: less than %g is taken", group, field, v);
            checked++;
        }
        if (max) {
            const double v = json_number_value(max);
            const bool empty = strcmp(field, "from_s") == 0;
            if (!empty && try_number(group, field, v) != CT_OK)
                fail_msg("%s %s: %g: %s", group, field, v, ct_err_message());
            if (try_number(group, field, v + fmax(1, fabs(v)) * 1e-3) == CT_OK)
                fail_msg("%s %s: more than %g is taken", group, field, v);
            checked++;
        }
    }
    return checked;
}

// The defaults that the schema states are those that the parser writes.
static void check_defaults(json_t *properties, const json_t *normal) {
    const char *field;
    json_t *schema;
    json_object_foreach(properties, field, schema) {
        const json_t *want = json_object_get(schema, "default"),
                     *got = json_object_get(normal, field);
        if (!want) continue;
        const bool equal = json_is_number(want) ? json_number_value(want) == json_number_value(got)
                                                : json_equal(want, got);
        if (!equal) fail_msg("the default of %s differs", field);
    }
}

static void same_words(const json_t *property, const char *const *words) {
    const json_t *list = inside(property, "enum", NULL, NULL);
    size_t n = 0;
    for (; words[n]; n++) assert_string_equal(json_string_value(json_array_get(list, n)), words[n]);
    assert_int_equal(json_array_size(list), n);
}

static void schema_and_parser_agree(void **state) {
    (void)state;
    json_t *schema = schema_of(), *top = inside(schema, "properties", NULL, NULL);
    json_t *rain =
        inside(inside(schema, "definitions", "rain_steps", "items"), "properties", NULL, NULL);
    json_t *storm = inside(schema, "definitions", "storm", "properties");
    json_t *manning = inside(top, "manning", "properties", NULL);
    json_t *boundaries = inside(top, "boundaries", "properties", NULL);
    json_t *text = json_array_get(inside(schema, "definitions", "text", "anyOf"), 1);
    same_fields(top, ct_scenario_fields);
    same_fields(rain, ct_scenario_rain_fields);
    same_fields(storm, ct_storm_fields);
    same_fields(inside(schema, "definitions", "soil", "properties"), ct_flood_soil_fields);
    same_fields(inside(top, "infiltration", "properties", NULL), ct_scenario_cover_fields);
    same_fields(manning, ct_scenario_cover_fields);
    same_fields(boundaries, ct_scenario_boundary_fields);
    same_fields(inside(top, "drains", "properties", NULL), ct_scenario_drains_fields);
    same_fields(inside(top, "inside", "properties", NULL), ct_scenario_inside_fields);
    same_fields(inside(top, "sources", "items", "properties"), ct_scenario_source_fields);
    same_fields(inside(text, "properties", NULL, NULL), ct_scenario_text_fields);
    same_words(inside(top, "scheme", NULL, NULL), ct_flood_scheme_words);
    same_words(inside(top, "precision", NULL, NULL), ct_flood_precision_words);
    assert_int_equal(check_bounds(top, ""), 7);
    assert_int_equal(check_bounds(rain, "rain"), 6);
    assert_int_equal(check_bounds(manning, "manning"), 10);
    assert_int_equal(check_bounds(boundaries, "boundaries"), 2);
    assert_int_equal(json_integer_value(inside(schema, "definitions", "rain_steps", "maxItems")),
                     10000);
    assert_int_equal(json_integer_value(inside(top, "edits", "maxItems", NULL)),
                     CT_CHANGESET_MAX_EDITS);
    ct_scenario *s = NULL;
    ok(parse(&s, "{" BASE "}"));
    check_defaults(top, s->document);
    check_defaults(manning, json_object_get(s->document, "manning"));
    check_defaults(boundaries, json_object_get(s->document, "boundaries"));
    ct_scenario_free(s);
    const json_t *required = inside(schema, "required", NULL, NULL);
    assert_int_equal(json_array_size(required), 2); // each of the two is missing in a case above
    json_decref(schema);
}

// A storm is the steps that it stands for.
static void a_storm_is_its_steps(void **state) {
    (void)state;
    ct_scenario *storm = NULL, *steps = NULL;
    ok(parse(&storm, STORM("2001", "60")));
    assert_int_equal(storm->n_rain, 12);
    double depth_m = 0;
    for (size_t i = 0; i < 12; i++)
        depth_m += storm->rain[i].intensity_ms * (storm->rain[i].to_s - storm->rain[i].from_s);
    assert_true(storm->rain[0].from_s == 60 && storm->rain[11].to_s == 3660);
    assert_true(fabs(depth_m - 0.06494) < 1e-4); // 2001 (1 + 0.811) / 68^0.711 L/(s ha) for an hour
    json_t *rain = json_object_get(storm->document, "rain");
    assert_int_equal(json_array_size(rain), 12);
    json_t *document = flood_twin_json("{" BASE "}");
    json_object_set(document, "rain", rain);
    ok(ct_scenario_parse(&steps, document, g_catalogue, FT_CRS));
    assert_true(json_equal(json_object_get(steps->document, "rain"), rain));
    assert_memory_equal(steps->rain, storm->rain, 12 * sizeof *steps->rain); // to the bit
    json_decref(document);
    ct_scenario_free(steps);
    ct_scenario_free(storm);
}

static void soils_are_kept_whole(void **state) {
    (void)state;
    ct_scenario *s = NULL;
    ok(parse(&s, WITH("\"infiltration\":{\"green\":{\"kind\":\"curve_number\",\"curve_number\":61},"
                      "\"ground\":{\"kind\":\"horton\",\"rate_mm_h\":5,\"initial_mm_h\":50,"
                      "\"decay_per_h\":3,\"capacity_mm\":40}}")));
    const ct_infiltration *in = &s->infiltration;
    assert_true(in->any && in->has[CT_COVER_GREEN] && in->has[CT_COVER_GROUND]);
    assert_true(!in->has[CT_COVER_ROAD] && !in->has[CT_COVER_WATER]);
    assert_near(in->soil[CT_COVER_GROUND].initial_ms, 0.05 / 3600, 1e-18);
    assert_near(in->soil[CT_COVER_GROUND].capacity_m, 0.04, 1e-15);
    assert_near(in->soil[CT_COVER_GREEN].abstraction, 0.2, 0);
    const json_t *green = json_object_get(json_object_get(s->document, "infiltration"), "green");
    assert_int_equal(json_object_size(green), 4); // with the defaults
    assert_near(json_number_value(json_object_get(green, "abstraction")), 0.2, 0);
    ct_scenario_free(s);
}

static ct_err parse_shipped(void *context, const char *name, bool is_dir) {
    if (is_dir) return CT_OK;
    char *path = ct_path_join(CT_SOURCE_DIR "/scenes/riverside/scenarios", name);
    ct_scenario *s = NULL;
    if (ct_scenario_read_file(&s, path, g_catalogue, FT_CRS) != CT_OK)
        fail_msg("%s", ct_err_message());
    assert_true(strlen(s->title_en) > 0 && strlen(s->title_zh) > 0);
    assert_string_not_equal(s->title_en, s->title_zh);
    ct_scenario_free(s);
    ct_free(path);
    ++*(int *)context;
    return CT_OK;
}

static void shipped_scenarios_parse(void **state) {
    (void)state;
    int n = 0;
    ok(ct_dir_list(CT_SOURCE_DIR "/scenes/riverside/scenarios", parse_shipped, &n));
    assert_true(n > 0);
    ct_scenario *s = NULL;
    fails(ct_scenario_read_file(&s, "/no/such.json", g_catalogue, FT_CRS), "NOTFOUND");
    message_has("/no/such.json");
}

static ct_err parse_whole(void *context) {
    ct_scenario *s = NULL;
    const ct_err err = ct_scenario_parse(&s, context, g_catalogue, FT_CRS);
    ct_scenario_free(s);
    return err;
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    json_t *d = flood_twin_json(
        WITH(SHOWER ",\"title\":\"T\",\"description\":\"D\",\"boundaries\":{\"river_stage_m\":1},"
                    "\"edits\":[{\"op\":\"set\",\"id\":\"a\",\"properties\":{\"height_m\":2}}]"));
    ok(parse_whole(d));
    assert_true(fault_every_allocation(parse_whole, d) > 20);
    json_decref(d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_named),
        cmocka_unit_test(everything_has_a_limit),
        cmocka_unit_test(defaults_are_written_out),
        cmocka_unit_test(values_arrive),
        cmocka_unit_test(one_request_one_id),
        cmocka_unit_test(the_twin_is_in_the_id),
        cmocka_unit_test(drains_are_in_the_id_of_their_runs),
        cmocka_unit_test(schema_and_parser_agree),
        cmocka_unit_test(a_storm_is_its_steps),
        cmocka_unit_test(soils_are_kept_whole),
        cmocka_unit_test(shipped_scenarios_parse),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
