// Runs from end to end on small grids: right results, files that others open, the same bytes
// whatever the threads, and comparison of two.
#include "run_fixture.h"

#include "sim/domain/drains_domain.h"

#include <gdal.h>

#define NX 30
#define NY 30

static flood_twin g_twin;

static double flat(uint32_t row, uint32_t column) {
    (void)row;
    (void)column;
    return 10;
}

// Flat inside (5, 5) to (25, 25), falling to all sides around it.
static double table(uint32_t row, uint32_t column) {
    const double r = row < 5 ? 5.0 - row : row >= 25 ? row - 24.0 : 0;
    const double c = column < 5 ? 5.0 - column : column >= 25 ? column - 24.0 : 0;
    return 10 - 0.2 * fmax(r, c);
}

static flood_twin g_table; // with that ground

static int set_up(void **state) {
    (void)state;
    flood_twin_make(&g_twin, NX, NY, 1, flat);
    flood_twin_make(&g_table, NX, NY, 1, table);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    flood_twin_end(&g_twin);
    flood_twin_end(&g_table);
    return 0;
}

// A wall of 5 m around (5, 5) to (25, 25).
static json_t *basin(void) {
    const double ring[] = {5, 5, 25, 5, 25, 25, 5, 25, 5, 5};
    return json_pack("[o]", flood_twin_line("barrier", "ring", 5, ring, "{\"height_m\":5}"));
}

// 0.3 m in ten minutes.
#define DOWNPOUR                                                                                   \
    SCENARIO("\"duration_s\":620,\"rain\":[{\"from_s\":0,\"to_s\":300,\"intensity_mm_h\":1800},"   \
             "{\"from_s\":300,\"to_s\":600,\"intensity_mm_h\":1800}]")

// A main bursts in a flat closed basin: what it brings stands there; in a building it is refused.
static void a_burst_main_fills_a_basin(void **state) {
    (void)state;
    char id[CT_RUN_ID_MAX], text[600];
    (void)snprintf(text, sizeof text,
                   SCENARIO("\"duration_s\":600,\"sources\":[{\"crs\":\"%s\",\"radius_m\":2,"
                            "\"geometry\":{\"type\":\"Point\",\"coordinates\":[%.1f,%.1f]},"
                            "\"discharge_m3s\":[[0,0.2],[300,0.2],[301,0]]}]"),
                   FT_CRS, FT_WEST + 12.5, FT_SOUTH + 12.5);
    assert_false(run_it(id, &g_table, text, basin(), 2));
    ct_run *run = open_it(&g_table, id);
    const json_t *ledger = json_object_get(ct_run_json(run), "ledger");
    assert_true(fabs(json_number_value(json_object_get(ledger, "source_in_m3")) - 60.1) < 1e-9);
    assert_true(fabs(value_at(run, "depth", 10, 20, 20) - 60.1 / 400) < 0.02);
    ct_run_unref(run);

    (void)snprintf(text, sizeof text,
                   SCENARIO("\"duration_s\":600,\"sources\":[{\"crs\":\"%s\",\"geometry\":"
                            "{\"type\":\"Point\",\"coordinates\":[%.1f,%.1f]},"
                            "\"discharge_m3s\":[[0,1]]}]"),
                   FT_CRS, FT_WEST - 5.0, FT_SOUTH + 5.0);
    ct_scenario *s = scenario_of(&g_table, text, NULL);
    const ct_run_options options = {.threads = 1};
    bool reused;
    assert_int_equal(ct_scenario_run(id, &reused, g_table.store, s, &options), CT_RANGE);
    assert_non_null(strstr(ct_err_message(), "scenario.sources[0]: an inflow outside"));
    ct_scenario_free(s);
}

// In a flat closed basin the depth is the rain.
static void rain_fills_a_basin(void **state) {
    (void)state;
    char id[CT_RUN_ID_MAX];
    assert_false(run_it(id, &g_table, DOWNPOUR, basin(), 2));
    ct_run *run = open_it(&g_table, id);
    const double *t_s;
    assert_int_equal(ct_run_times(run, &t_s), 12); // 0, 60 .. 600, 620
    for (long i = 0; i < 12; i++) {
        assert_near(t_s[i], i < 11 ? 60.0 * (double)i : 620, 0);
        const double want = 5e-4 * fmin(t_s[i], 600);
        for (double at = 6; at < 25; at += 3) {
            assert_near(value_at(run, "depth", i, at, 12.5), want, 1e-7);
            assert_near(value_at(run, "velocity_x", i, at, 12.5), 0, 1e-9);
            assert_near(value_at(run, "velocity_y", i, at, 12.5), 0, 1e-9);
        }
    }
    assert_near(value_at(run, "max_depth", -1, 10.5, 10.5), 0.3, 1e-7);
    assert_near(value_at(run, "arrival", -1, 10.5, 10.5), 100, 20); // 0.05 m
    assert_near(value_at(run, "bed", -1, 10.5, 10.5), 10, 0);
    assert_near(value_at(run, "initial_depth", -1, 10.5, 10.5), 0, 0);
    assert_true(value_at(run, "max_depth", -1, 1.5, 1.5) < 0.15); // outside it runs off
    assert_near(indicator(run, "flooded_area_m2"), 400, 0);
    assert_near(indicator(run, "max_depth_m"), 0.3, 1e-7);
    assert_near(indicator(run, "mean_depth_m"), 0.3, 1e-7);
    const double volume = indicator(run, "water_volume_m3");
    assert_true(volume >= 120 - 1e-5 && volume < 120 + 500 * 0.15);
    assert_near(indicator(run, "buildings_reached"), 0, 0);
    ct_run_unref(run);
}

// The same basin, parted; the lawn in its west takes up 900 mm/h, to the end.
static void a_lawn_takes_up_its_share(void **state) {
    (void)state;
    char id[CT_RUN_ID_MAX];
    const double middle[] = {15, 5, 15, 25};
    json_t *edits = basin();
    json_array_append_new(edits,
                          flood_twin_line("barrier", "middle", 2, middle, "{\"height_m\":5}"));
    json_array_append_new(edits, flood_twin_box("green", "lawn", 5, 5, 15, 25, NULL));
    run_it(id, &g_table,
           SCENARIO("\"duration_s\":620,\"rain\":[{\"from_s\":0,\"to_s\":600,"
                    "\"intensity_mm_h\":1800}],\"infiltration\":{\"green\":{\"kind\":\"constant\","
                    "\"rate_mm_h\":900}}"),
           edits, 1);
    ct_run *run = open_it(&g_table, id);
    const json_t *ledger = json_object_get(ct_run_json(run), "ledger");
    const double taken = json_number_value(json_object_get(ledger, "infiltrated_m3"));
    assert_near(taken, 200 * 0.155, 200 * 0.25e-3); // it is taken once a second
    assert_near(json_number_value(json_object_get(ledger, "error_m3")), 0, 1e-4);
    assert_near(value_at(run, "depth", 11, 8.5, 12.5), 0.145, 0.3e-3);
    assert_near(value_at(run, "depth", 11, 20.5, 12.5), 0.3, 1e-6);
    ct_run_unref(run);
}

static void the_ledger_closes(void **state) {
    (void)state;
    char id[CT_RUN_ID_MAX];
    run_it(id, &g_table, DOWNPOUR, basin(), 1);
    ct_run *run = open_it(&g_table, id);
    const json_t *ledger = json_object_get(ct_run_json(run), "ledger");
    const double rain = json_number_value(json_object_get(ledger, "rain_m3"));
    assert_near(rain, 0.3 * NX * NY, 1e-9);
    assert_near(json_number_value(json_object_get(ledger, "rain_lost_m3")), 0, 0);
    assert_near(json_number_value(json_object_get(ledger, "error_m3")), 0, 1e-8 * rain);
    double out = 0;
    const char *side;
    json_t *v;
    json_object_foreach(json_object_get(ledger, "out_m3"), side, v) {
        assert_true(json_number_value(v) > 0);
        out += json_number_value(v);
    }
    const double state_m3 = json_number_value(json_object_get(ledger, "state_m3"));
    assert_near(rain - out, state_m3, 1e-8 * rain);
    assert_true(out > 0.5 * 0.3 * 500);
    assert_near(state_m3, indicator(run, "water_volume_m3"), 1e-9); // all of it on dry ground
    ct_run_unref(run);
}

static void run_json_tells_all(void **state) {
    (void)state;
    char id[CT_RUN_ID_MAX];
    json_t *edits = basin();
    json_array_append_new(edits, flood_twin_box("water", "dry", 1, 1, 3, 3, NULL));
    run_it(id, &g_twin, DOWNPOUR, edits, 1);
    ct_run *run = open_it(&g_twin, id);
    const json_t *j = ct_run_json(run);
    assert_string_equal(json_string_value(json_object_get(j, "id")), id);
    assert_string_equal(json_string_value(json_object_get(j, "epoch")), "2026-07-20T20:00:00Z");
    ct_scenario *s = NULL; // what was run can be run again from it
    ok(ct_scenario_parse(&s, json_object_get(j, "scenario"), g_twin.catalogue, FT_CRS));
    ct_reader *reader;
    char again[CT_RUN_ID_MAX];
    ok(ct_store_reader(&reader, g_twin.store));
    ok(ct_scenario_run_id(again, s, reader, g_twin.store));
    ct_reader_release(reader);
    ct_scenario_free(s);
    assert_string_equal(again, id);
    static const char *const k_hashes[] = {"features", "terrain", "document"};
    for (int i = 0; i < 3; i++)
        assert_true(ct_run_id_ok(
            json_string_value(json_object_get(json_object_get(j, "hashes"), k_hashes[i]))));
    const json_t *versions = json_object_get(j, "versions");
    assert_string_equal(json_string_value(json_object_get(versions, "engine")), "flood");
    assert_non_null(json_string_value(json_object_get(versions, "engine_version")));
    const json_t *hashes = json_object_get(j, "state_hashes");
    assert_near(json_number_value(json_object_get(hashes, "interval_s")), 60, 0);
    const json_t *values = json_object_get(hashes, "values");
    assert_int_equal(json_array_size(values), 12); // start, ten minutes, end
    for (size_t i = 0; i < 12; i++)
        assert_true(ct_run_id_ok(json_string_value(json_array_get(values, i))));
    const json_t *warnings = json_object_get(j, "warnings");
    assert_int_equal(json_array_size(warnings), 1);
    const json_t *w = json_array_get(warnings, 0);
    assert_string_equal(json_string_value(json_object_get(w, "rule")), "water_without_level");
    assert_int_equal(json_integer_value(json_object_get(w, "count")), 1);
    assert_string_equal(json_string_value(json_array_get(json_object_get(w, "ids"), 0)), "dry");
    assert_non_null(json_string_value(json_object_get(json_object_get(w, "text"), "zh")));
    const json_t *provenance = json_object_get(j, "provenance");
    assert_true(json_integer_value(json_object_get(provenance, "steps")) > 0);
    assert_non_null(json_string_value(json_object_get(provenance, "started")));
    ct_run_unref(run);
}

// The last hash of the engine's state.
static void last_state(char out[CT_RUN_ID_MAX], const ct_run *run) {
    const json_t *values =
        json_object_get(json_object_get(ct_run_json(run), "state_hashes"), "values");
    const json_t *last = json_array_get(values, json_array_size(values) - 1);
    snprintf(out, CT_RUN_ID_MAX, "%s", json_string_value(last));
}

static void the_scheme_is_the_scenarios(void **state) {
    (void)state;
    char seen[4][CT_RUN_ID_MAX];
    for (int i = 0; i < 4; i++) {
        const char *words[] = {ct_flood_scheme_words[i / 2], ct_flood_precision_words[i % 2]};
        char text[400], id[CT_RUN_ID_MAX];
        snprintf(text, sizeof text,
                 SCENARIO("\"duration_s\":60,\"scheme\":\"%s\",\"precision\":\"%s\",\"rain\":"
                          "[{\"from_s\":0,\"to_s\":60,\"intensity_mm_h\":1800}]"),
                 words[0], words[1]);
        run_it(id, &g_table, text, NULL, 1);
        ct_run *run = open_it(&g_table, id);
        const json_t *scenario = json_object_get(ct_run_json(run), "scenario");
        assert_string_equal(json_string_value(json_object_get(scenario, "scheme")), words[0]);
        assert_string_equal(json_string_value(json_object_get(scenario, "precision")), words[1]);
        last_state(seen[i], run);
        for (int k = 0; k < i; k++) assert_string_not_equal(seen[i], seen[k]);
        ct_run_unref(run);
    }
}

// ---- the schema of run.json

static bool is_type(const json_t *value, const char *type) {
    if (strcmp(type, "object") == 0) return json_is_object(value);
    if (strcmp(type, "array") == 0) return json_is_array(value);
    if (strcmp(type, "string") == 0) return json_is_string(value);
    if (strcmp(type, "number") == 0) return json_is_number(value);
    if (strcmp(type, "integer") == 0) return json_is_integer(value);
    if (strcmp(type, "boolean") == 0) return json_is_boolean(value);
    return strcmp(type, "null") == 0 && json_is_null(value);
}

// As much of JSON Schema as the schema uses.
static void conform(const json_t *root, const json_t *schema, const json_t *value,
                    const char *where) {
    if (json_object_get(schema, "$ref"))
        schema = json_object_get(json_object_get(root, "definitions"), "sides");
    const json_t *type = json_object_get(schema, "type");
    bool right = json_is_string(type) && is_type(value, json_string_value(type));
    for (size_t i = 0; i < json_array_size(type); i++)
        right |= is_type(value, json_string_value(json_array_get(type, i)));
    if (!right) fail_msg("%s is of the wrong type", where);
    size_t i;
    const json_t *item;
    json_array_foreach(value, i, item) conform(root, json_object_get(schema, "items"), item, where);
    json_array_foreach(json_object_get(schema, "required"), i, item) {
        if (json_is_null(value)) break;
        if (!json_object_get(value, json_string_value(item)))
            fail_msg("%s lacks %s", where, json_string_value(item));
    }
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)(uintptr_t)value, key, member) {
        const json_t *properties = json_object_get(schema, "properties");
        const json_t *inner = json_object_get(properties, key);
        if (!inner) inner = json_object_get(schema, "additionalProperties");
        if (json_is_false(inner)) fail_msg("%s.%s is not in the schema", where, key);
        if (json_is_object(inner)) conform(root, inner, member, key);
    }
}

static json_t *busy_edits(void);

static void run_json_is_as_its_schema(void **state) {
    (void)state;
    json_t *schema = NULL;
    char id[CT_RUN_ID_MAX];
    ok(ct_json_read_file(&schema, CT_SOURCE_DIR "/data/schemas/run.schema.json", 1 << 20));
    json_t *edits = busy_edits();
    json_array_append_new(edits, flood_twin_box("water", "dry", 1, 1, 3, 3, NULL));
    run_it(id, &g_twin, SCENARIO("\"duration_s\":60"), edits, 1);
    ct_run *run = open_it(&g_twin, id);
    conform(schema, schema, ct_run_json(run), "run");
    ct_run_unref(run);
    // Every rule is told of.
    const json_t *rule = json_object_get(
        json_object_get(
            json_object_get(
                json_object_get(json_object_get(json_object_get(schema, "properties"), "warnings"),
                                "items"),
                "properties"),
            "rule"),
        "description");
    for (int i = 0; i < CT_FLOOD_RULES; i++)
        if (!strstr(json_string_value(rule), ct_flood_rule_texts[i].rule))
            fail_msg("the schema does not tell of %s", ct_flood_rule_texts[i].rule);
    for (int i = 0; i < CT_DRAINS_RULES; i++)
        if (!strstr(json_string_value(rule), ct_drains_rule_texts[i].rule))
            fail_msg("the schema does not tell of %s", ct_drains_rule_texts[i].rule);
    json_decref(schema);
}

static double gdal_value(const char *name, int column, int row) {
    GDALDatasetH dataset = GDALOpen(name, GA_ReadOnly);
    if (!dataset) fail_msg("GDAL does not open %s", name);
    assert_int_equal(GDALGetRasterXSize(dataset), NX);
    float v = -1;
    assert_int_equal(GDALRasterIO(GDALGetRasterBand(dataset, 1), GF_Read, column, row, 1, 1, &v, 1,
                                  1, GDT_Float32, 0, 0),
                     CE_None);
    GDALClose(dataset);
    return (double)v;
}

static void others_open_the_files(void **state) {
    (void)state;
    char id[CT_RUN_ID_MAX], name[512];
    run_it(id, &g_twin, DOWNPOUR, basin(), 1);
    GDALAllRegister();
    char *folder = ct_store_file(g_twin.store, "runs");
    snprintf(name, sizeof name, "ZARR:\"%s/%s/flood.zarr\":/depth:5", folder, id);
    assert_near(gdal_value(name, 10, 10), 0.15, 1e-7);
    static const char *const k_rasters[] = {"flood_max_depth", "flood_max_speed",
                                            "flood_max_hazard", "flood_arrival"};
    const double want[] = {0.3, 0, 0.15, 100}; // hazard h (v + 0.5)
    for (int i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "%s/%s/%s.tif", folder, id, k_rasters[i]);
        assert_near(gdal_value(name, 10, 10), want[i], i == 3 ? 20 : 1e-6);
    }
    ct_free(folder);
}

// ---- the same bytes

typedef struct pair {
    const char *a, *b;
    int files;
} pair;

static ct_err compare_entry(void *context, const char *name, bool is_dir) {
    pair *p = context;
    char *a = ct_path_join(p->a, name), *b = ct_path_join(p->b, name);
    if (is_dir) {
        pair inner = {a, b, 0};
        ok(ct_dir_list(a, compare_entry, &inner));
        p->files += inner.files;
    } else {
        char *da, *db;
        size_t na, nb;
        ok(ct_file_read(&da, &na, a, 1 << 24));
        ok(ct_file_read(&db, &nb, b, 1 << 24));
        if (strcmp(name, "run.json") == 0) { // all but how it came about
            json_t *ja = flood_twin_json(da), *jb = flood_twin_json(db);
            assert_int_equal(json_object_del(ja, "provenance"), 0);
            assert_int_equal(json_object_del(jb, "provenance"), 0);
            assert_true(json_equal(ja, jb));
            json_decref(ja);
            json_decref(jb);
        } else if (na != nb || memcmp(da, db, na) != 0) {
            fail_msg("%s and %s differ", a, b);
        }
        ct_free(da);
        ct_free(db);
        p->files++;
    }
    ct_free(a);
    ct_free(b);
    return CT_OK;
}

// Water that runs: a pond let loose, rain, houses and a wall.
static json_t *busy_edits(void) {
    const double wall[] = {14.3, 3.1, 18.2, 26.7};
    return json_pack(
        "[o,o,o,o]",
        flood_twin_box("water", "pond", 0, 0, 8, 30, "{\"kind\":\"pond\",\"level_m\":11.2}"),
        flood_twin_line("barrier", "wall", 2, wall, "{\"height_m\":0.5}"),
        flood_twin_box("building", "a", 20, 10, 24, 14, "{\"residents\":12}"),
        flood_twin_box("building", "b", 10, 20, 13, 24, NULL));
}

#define BUSY                                                                                       \
    SCENARIO("\"duration_s\":120,\"rain\":[{\"from_s\":10,\"to_s\":90,\"intensity_mm_h\":200}]")

static void same_bytes_always(void **state) {
    (void)state;
    flood_twin other;
    char id[CT_RUN_ID_MAX], id2[CT_RUN_ID_MAX];
    flood_twin_make(&other, NX, NY, 1, flat);
    // What is not in the model must not matter either.
    flood_twin_store(&other, flood_twin_edit("hydrant", "h",
                                             json_pack("{s:s,s:o}", "type", "Point", "coordinates",
                                                       flood_twin_point(1, 1)),
                                             NULL));
    assert_false(run_it(id, &g_twin, BUSY, busy_edits(), 1));
    assert_false(run_it(id2, &other, BUSY, busy_edits(), 2));
    assert_string_equal(id, id2);
    char *fa = ct_store_file(g_twin.store, "runs"), *fb = ct_store_file(other.store, "runs");
    char *a = ct_path_join(fa, id), *b = ct_path_join(fb, id);
    pair forth = {a, b, 0}, back = {b, a, 0};
    ok(ct_dir_list(a, compare_entry, &forth));
    ok(ct_dir_list(b, compare_entry, &back));
    assert_true(forth.files > 30);
    assert_int_equal(forth.files, back.files);
    ct_run *run = open_it(&other, id);
    assert_true(indicator(run, "max_depth_m") > 0.2); // it did run
    ct_run_unref(run);
    ct_free(a);
    ct_free(b);
    ct_free(fa);
    ct_free(fb);
    flood_twin_end(&other);
}

static void an_equal_run_is_found(void **state) {
    (void)state;
    char id[CT_RUN_ID_MAX], again[CT_RUN_ID_MAX];
    run_it(id, &g_twin, BUSY, busy_edits(), 1);
    const int n = entries_of_runs(&g_twin);
    assert_true(run_it(again, &g_twin,
                       SCENARIO("\"title\":\"Renamed\",\"duration_s\":120.0,\"rain\":[{\"from_s\":"
                                "10,\"to_s\":90,\"intensity_mm_h\":200}]"),
                       busy_edits(), 2));
    assert_string_equal(id, again);
    assert_int_equal(entries_of_runs(&g_twin), n);
}

// ---- two runs side by side

#define FLOW SCENARIO("\"duration_s\":60")

static json_t *loose_pond(bool with_wall) {
    const double wall[] = {14, -1, 14, 31};
    json_t *edits = json_pack(
        "[o,o,o]",
        flood_twin_box("water", "pond", 0, 0, 8, 30, "{\"kind\":\"pond\",\"level_m\":12}"),
        flood_twin_box("building", "home", 20, 10, 24, 14, "{\"residents\":40}"),
        flood_twin_box("building", "island", 10, 10, 12, 12, "{\"residents\":2}"));
    if (with_wall)
        json_array_append_new(edits,
                              flood_twin_line("barrier", "wall", 2, wall, "{\"height_m\":5}"));
    return edits;
}

static const json_t *entry(const json_t *list, const char *id) {
    size_t i;
    const json_t *item;
    json_array_foreach(list, i, item) if (strcmp(json_string_value(json_object_get(item, "id")),
                                                 id) == 0) return item;
    fail_msg("there is no %s", id);
    return NULL;
}

static void a_wall_keeps_the_water_off(void **state) {
    (void)state;
    char base[CT_RUN_ID_MAX], wall[CT_RUN_ID_MAX];
    run_it(base, &g_twin, FLOW, loose_pond(false), 2);
    run_it(wall, &g_twin, FLOW, loose_pond(true), 2);
    assert_string_not_equal(base, wall);
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    ct_run *a = open_it(&g_twin, base), *b = open_it(&g_twin, wall);
    ok(ct_scenario_compare(&out, a, b));
    json_t *c = flood_twin_json(out.data);
    assert_string_equal(json_string_value(json_object_get(c, "base")), base);
    assert_string_equal(json_string_value(json_object_get(c, "other")), wall);
    const json_t *indicators = json_object_get(c, "indicators");
    assert_int_equal(json_array_size(indicators), 7);
    const json_t *residents = entry(indicators, "residents_reached");
    assert_near(json_number_value(json_object_get(residents, "base")), 42, 0);
    assert_near(json_number_value(json_object_get(residents, "other")), 2, 0);
    assert_near(json_number_value(json_object_get(residents, "delta")), -40, 0);
    assert_string_equal(json_string_value(json_object_get(residents, "better")), "lower");
    const json_t *area = entry(indicators, "flooded_area_m2");
    assert_true(json_number_value(json_object_get(area, "delta")) < -100);
    const json_t *buildings = json_object_get(c, "buildings");
    assert_int_equal(json_array_size(buildings), 2);
    const json_t *home = entry(buildings, "home");
    assert_true(home == json_array_get(buildings, 0)); // the largest change first
    assert_true(json_number_value(json_object_get(home, "base_depth_m")) > 0.3);
    assert_near(json_number_value(json_object_get(home, "other_depth_m")), 0, 0);
    const json_t *island = entry(buildings, "island"); // before the wall it gets worse
    assert_true(json_number_value(json_object_get(island, "delta_m")) > 0);
    json_decref(c);
    ct_buf_fini(&out);
    ct_grid d;
    ok(ct_scenario_difference(&d, a, b));
    assert_true(ct_grid_nearest(&d, FT_WEST + 17.5, FT_SOUTH + 5.5) < -0.3f);
    assert_true(ct_grid_nearest(&d, FT_WEST + 13.5, FT_SOUTH + 5.5) > 0.1f);
    assert_true(isnan(ct_grid_nearest(&d, FT_WEST + 22, FT_SOUTH + 12))); // under the house
    for (size_t i = 0; i < (size_t)NX * NY; i++)
        if (!isnan(d.v[i])) assert_true(fabsf(d.v[i]) < 3);
    ct_grid_free(&d);
    ct_run_unref(a);
    ct_run_unref(b);
}

static void what_cannot_be_compared(void **state) {
    (void)state;
    char a[CT_RUN_ID_MAX], b[CT_RUN_ID_MAX];
    run_it(a, &g_twin, FLOW, loose_pond(false), 1);
    run_it(b, &g_twin, "{\"start\":\"2026-07-20T20:00:00Z\",\"cell_m\":2,\"duration_s\":60}", NULL,
           1);
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    ct_run *ra = open_it(&g_twin, a), *rb = open_it(&g_twin, b);
    fails(ct_scenario_compare(&out, ra, rb), "ARG");
    message_has("different grids (30 x 30 of 1 m, 15 x 15 of 2 m)");
    ct_buf_fini(&out);
    ct_grid d;
    fails(ct_scenario_difference(&d, ra, rb), "ARG");
    ok(ct_scenario_difference(&d, ra, ra));
    for (size_t i = 0; i < (size_t)NX * NY; i++) assert_true(isnan(d.v[i]) || d.v[i] == 0);
    ct_grid_free(&d);
    ct_run_unref(ra);
    ct_run_unref(rb);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_main_fills_a_basin), cmocka_unit_test(rain_fills_a_basin),
        cmocka_unit_test(a_lawn_takes_up_its_share),  cmocka_unit_test(the_ledger_closes),
        cmocka_unit_test(run_json_tells_all),         cmocka_unit_test(others_open_the_files),
        cmocka_unit_test(run_json_is_as_its_schema),  cmocka_unit_test(same_bytes_always),
        cmocka_unit_test(an_equal_run_is_found),      cmocka_unit_test(a_wall_keeps_the_water_off),
        cmocka_unit_test(what_cannot_be_compared),    cmocka_unit_test(the_scheme_is_the_scenarios),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
