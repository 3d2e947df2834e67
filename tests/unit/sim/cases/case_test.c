// Cases of the flood engine: what a file means, what is told of a wrong one, what the run is
// compared with.
#include "folder.h"

#include <math.h>

#include "base/json.h"
#include "base/mem.h"
#include "cimtwin/flood.h"
#include "results/raster_file.h"
#include "sim/cases/flood_case.h"

static int setup(void **state) {
    return setup_named(state, "case.json");
}

// The JSON of the run of a case whose fields, after engine and grid (4 x 3 cells of 10 m), are
// these.
static json_t *run(const world *w, const char *fields, bool expect_met) {
    char *text = ct_sprintf(
        "{\"engine\":\"flood\",\"grid\":{\"columns\":4,\"rows\":3,\"cell_m\":10},%s}", fields);
    assert_non_null(text);
    put(w, "case.json", text);
    ct_free(text);
    ct_flood_case *c;
    if (ct_flood_case_read(&c, w->path) != CT_OK) fail_msg("%s", ct_err_message());
    bool met = !expect_met;
    const ct_flood_case_options options = {.threads = 1, .folder = w->folder};
    if (ct_flood_case_run(c, &options, &met) != CT_OK) fail_msg("%s", ct_err_message());
    assert_int_equal(met, expect_met);
    ct_buf out;
    json_t *json;
    ct_buf_init(&out, 1 << 24);
    ct_flood_case_json(&out, c);
    assert_int_equal(ct_buf_status(&out), CT_OK);
    assert_int_equal(ct_json_parse(&json, out.data, out.len, out.len), CT_OK);
    ct_buf_reset(&out);
    ct_flood_case_text(&out, c);
    assert_int_equal(ct_buf_status(&out), CT_OK);
    ct_buf_fini(&out);
    ct_flood_case_free(c);
    return json;
}

// Of the first point, at the last time.
static double last(const json_t *json, const char *key) {
    const json_t *list = json_object_get(json_array_get(json_object_get(json, "points"), 0), key);
    assert_true(json_array_size(list) > 0);
    return json_number_value(json_array_get(list, json_array_size(list) - 1));
}

static void refused(const world *w, ct_err err, const char *fields, const char *told) {
    char *text = ct_sprintf("{\"engine\":\"flood\",%s}", fields);
    assert_non_null(text);
    put(w, "case.json", text);
    ct_free(text);
    ct_flood_case *c = NULL;
    const ct_err got = ct_flood_case_read(&c, w->path);
    if (got != err || !strstr(ct_err_message(), told) || !strstr(ct_err_message(), "case.json"))
        fail_msg("%s: %s: \"%s\", not \"%s\"", fields, ct_err_name(got), ct_err_message(), told);
    assert_null(c);
}

#define GRID "\"grid\":{\"columns\":4,\"rows\":3,\"cell_m\":10},"
#define REST GRID "\"terrain_m\":0,\"duration_s\":10,"

static void x_runs_east_and_y_north(void **state) {
    const world *w = *state;
    // the point in the north-west: row 0, column 0
    json_t *json = run(w,
                       "\"terrain_m\":\"x + 100 * y\",\"level_m\":\"x + 100 * y + 0.25\","
                       "\"duration_s\":1e-3,\"velocity_y_ms\":\"y > 20 ? 2 : 0\","
                       "\"points\":[{\"name\":\"a\",\"x_m\":1,\"y_m\":29}],"
                       "\"expected\":[{\"quantity\":\"velocity_y_ms\",\"point\":\"a\",\"at_s\":0,"
                       "\"value\":2,\"bound\":0},"
                       "{\"quantity\":\"depth_m\",\"at_s\":0,\"formula\":\"0.25\","
                       "\"norm\":\"largest\",\"bound\":1e-9}]",
                       true);
    const json_t *point = json_array_get(json_object_get(json, "points"), 0);
    const double level = json_number_value(json_array_get(json_object_get(point, "level_m"), 0));
    assert_true(fabs(level - (5 + 100 * 25 + 0.25)) < 1e-6);
    json_decref(json);
}

static void later_areas_count(void **state) {
    const world *w = *state;
    json_t *json = run(
        w,
        "\"terrain_m\":[1,{\"area\":{\"type\":\"Polygon\",\"coordinates\":"
        "[[[0,0],[20,0],[20,30],[0,30],[0,0]]]},\"value\":\"2 + x\"},"
        "{\"area\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[10,0],[10,10],[0,10],[0,0]]]},"
        "\"value\":7}],\"depth_m\":1,\"duration_s\":1e-3,\"expected\":["
        "{\"quantity\":\"level_m\",\"at_s\":0,\"formula\":"
        "\"x < 10 && y < 10 ? 8 : x < 20 ? 3 + x : 2\",\"norm\":\"largest\",\"bound\":1e-9}]",
        true);
    json_decref(json);
}

static void inflow_fills_and_rain_falls(void **state) {
    const world *w = *state;
    put(w, "q.csv", "# a remark\nminute;q\n0;0\n1;6\n2;6\n");
    json_t *json = run(w,
                       "\"terrain_m\":0,\"manning\":0.03,\"duration_s\":120,\"output_step_s\":60,"
                       "\"rain\":{\"intensity_mm_h\":[[0,36],[60,0]]},"
                       "\"boundaries\":[{\"side\":\"north\",\"from_m\":0,\"to_m\":20,"
                       "\"kind\":\"inflow\",\"discharge_m3s\":{\"file\":\"q.csv\","
                       "\"time\":\"minute\",\"value\":\"q\",\"time_factor\":60,"
                       "\"value_factor\":0.5}}],"
                       "\"points\":[{\"name\":\"a\",\"x_m\":35,\"y_m\":5}],"
                       "\"expected\":[{\"quantity\":\"volume_m3\",\"value\":270.72,\"bound\":1e-5},"
                       "{\"quantity\":\"volume_m3\",\"at_s\":60,\"value\":90.72,\"bound\":1e-5},"
                       "{\"quantity\":\"volume_error\",\"at_most\":1e-7}]",
                       true);
    assert_int_equal(json_array_size(json_object_get(json, "time_s")), 3);
    assert_true(last(json, "depth_m") > 0.1);
    json_decref(json);
}

// What falls is the formula's depth times the ground: 2001 (1 + 0.811) / 38^0.711 L/(s ha) for half
// an hour on 1200 m2.
static void a_design_storm_falls(void **state) {
    const world *w = *state;
    json_t *json = run(w,
                       "\"terrain_m\":0,\"duration_s\":2400,\"rain\":{\"storm\":{\"a_l_s_ha\":2001,"
                       "\"c\":0.811,\"b_min\":8,\"n\":0.711,\"return_period_years\":10,"
                       "\"duration_min\":30,\"begin_s\":120}},\"expected\":["
                       "{\"quantity\":\"volume_m3\",\"value\":58.93,\"bound\":0.01},"
                       "{\"quantity\":\"volume_m3\",\"at_s\":120,\"value\":0,\"bound\":0}]",
                       true);
    json_decref(json);
}

static void gauges_share_the_ground(void **state) {
    const world *w = *state;
    // The line half way between the gauges runs at x = 20.
    json_t *json = run(
        w,
        "\"terrain_m\":0,\"duration_s\":120,"
        "\"walls\":[{\"line\":{\"type\":\"LineString\",\"coordinates\":[[20,0],[20,30]]}}],"
        "\"rain\":{\"factor\":2,\"gauges\":["
        "{\"name\":\"a\",\"x_m\":-5,\"y_m\":10,\"intensity_mm_h\":[[0,36],[60,0]]},"
        "{\"name\":\"b\",\"x_m\":45,\"y_m\":10,\"intensity_mm_h\":90}]},\"expected\":["
        "{\"quantity\":\"depth_m\",\"formula\":\"x < 20 ? 0.0012 : 0.006\",\"norm\":\"largest\","
        "\"bound\":1e-8},{\"quantity\":\"volume_error\",\"at_most\":1e-6}]",
        true);
    json_decref(json);
    refused(w, CT_PARSE, REST "\"rain\":{\"gauges\":[]}", "rain.gauges: not a list of 1 to");
    refused(w, CT_PARSE, REST "\"rain\":{\"gauges\":[{\"x_m\":0,\"y_m\":0}]}",
            "rain.gauges[0]: one of");
    refused(w, CT_PARSE, REST "\"rain\":{\"intensity_mm_h\":1,\"gauges\":[]}", "rain: one of");
}

// A raster of cells of 20 m that begins 10 m to the west and north of the grid.
static void put_frame(const world *w, const char *name, const float v[6]) {
    char path[200];
    ct_grid frame;
    (void)snprintf(path, sizeof path, "%s/%s", w->folder, name);
    assert_int_equal(ct_grid_new(&frame, 3, 2, -10, 40, 20, 0), CT_OK);
    memcpy(frame.v, v, 6 * sizeof *v);
    assert_int_equal(ct_raster_write(path, &frame, NULL, "rain", "mm h-1"), CT_OK);
    ct_grid_free(&frame);
}

static void a_radar_rains_cell_by_cell(void **state) {
    const world *w = *state;
    put_frame(w, "a.tif", (const float[]){1, 2, 3, 4, 5, 6});
    put_frame(w, "b.tif", (const float[]){6, 0, 0, 0, 0, NAN});
#define FRAMES(more)                                                                               \
    "\"rain\":{\"grid\":{\"value_factor\":12,\"frames\":["                                         \
    "{\"time_s\":0,\"raster\":\"a.tif\"},{\"time_s\":60,\"raster\":\"b.tif\"}" more
    // Of its cells 1, 2, 1 (north) and 2, 4, 2 of the case's: 48 of 0.2 mm, then 1.2 mm on one and
    // 0.05 mm on two.
    json_t *json = run(w,
                       "\"terrain_m\":0,\"duration_s\":120," FRAMES(
                           "],\"nodata_mm_h\":3}},") "\"expected\":[{\"quantity\":\"volume_m3\","
                                                     "\"value\":1.09,\"bound\":1e-6}]",
                       true);
    json_decref(json);
    refused(w, CT_RANGE, REST FRAMES("]}}"), "rain.grid.frames[1]: nan mm/h at row 1, column 2");
    refused(w, CT_RANGE, REST FRAMES(",{\"time_s\":60,\"raster\":\"b.tif\"}],\"nodata_mm_h\":0}}"),
            "rain.grid.frames[2].time_s: 60");
    refused(w, CT_RANGE,
            "\"grid\":{\"columns\":6,\"rows\":3,\"cell_m\":10},\"terrain_m\":0,\"duration_s\":"
            "1," FRAMES("]}}"),
            "rain.grid: the rasters do not reach x 55");
    refused(w, CT_PARSE, REST "\"rain\":{\"grid\":{\"frames\":3}}", "rain.grid.frames: not a list");
}

// 60 mm fall in half an hour; the west half takes 40 mm/h of it for ever, the east half nothing.
static void the_ground_takes_water(void **state) {
    const world *w = *state;
    json_t *json =
        run(w,
            "\"terrain_m\":0,\"duration_s\":1800,\"rain\":{\"intensity_mm_h\":120},"
            "\"walls\":[{\"line\":{\"type\":\"LineString\",\"coordinates\":[[20,0],[20,30]]}}],"
            "\"infiltration\":{\"soils\":[{\"kind\":\"constant\",\"rate_mm_h\":40}],"
            "\"soil\":\"x < 20 ? 1 : 0\"},\"expected\":["
            "{\"quantity\":\"depth_m\",\"formula\":\"x < 20 ? 0.04 : 0.06\",\"norm\":\"largest\","
            "\"bound\":5e-5},{\"quantity\":\"volume_error\",\"at_most\":1e-6}]",
            true);
    const json_t *ledger = json_object_get(json, "ledger");
    assert_near(json_number_value(json_object_get(ledger, "infiltrated_m3")), 12, 0.01);
    json_decref(json);
    refused(w, CT_PARSE, REST "\"infiltration\":{}", "infiltration.soils: not a list of 1 to 255");
    refused(w, CT_PARSE, REST "\"infiltration\":{\"soils\":[{\"kind\":\"clay\"}]}",
            "infiltration.soils[0].kind: \"clay\"");
    refused(w, CT_RANGE,
            REST
            "\"infiltration\":{\"soils\":[{\"kind\":\"constant\",\"rate_mm_h\":1}],\"soil\":2}",
            "soil: 2 at row 0, column 0");
    refused(w, CT_RANGE,
            REST
            "\"infiltration\":{\"soils\":[{\"kind\":\"constant\",\"rate_mm_h\":1}],\"soil\":0.5}",
            "infiltration.soil: 0.5 at row 0, column 0 is not whole");
}

static void case_is_met(const world *w) {
    ct_flood_case *c;
    bool met = false;
    const ct_flood_case_options options = {.threads = 1, .folder = w->folder};
    if (ct_flood_case_read(&c, w->path) != CT_OK) fail_msg("%s", ct_err_message());
    assert_int_equal(ct_flood_case_run(c, &options, &met), CT_OK);
    assert_true(met);
    ct_flood_case_free(c);
}

// 0.6 m3/s run down a street from the west to the east, past a level and a slanting line; seen from
// the other side they run the other way.
static void sections_tell_the_discharge(void **state) {
    const world *w = *state;
    put(w, "case.json",
        "{\"engine\":\"flood\",\"grid\":{\"columns\":60,\"rows\":9,\"cell_m\":2},"
        "\"terrain_m\":\"1 - x / 200\",\"manning\":0.03,\"duration_s\":900,\"boundaries\":["
        "{\"side\":\"west\",\"kind\":\"inflow\",\"discharge_m3s\":0.6},"
        "{\"side\":\"east\",\"kind\":\"open\"}],\"sections\":["
        "{\"name\":\"down\",\"line\":{\"type\":\"LineString\",\"coordinates\":[[40,18],[40,0]]}},"
        "{\"name\":\"up\",\"line\":{\"type\":\"LineString\",\"coordinates\":[[40,0],[40,18]]}},"
        "{\"name\":\"slanting\",\"line\":{\"type\":\"LineString\",\"coordinates\":"
        "[[50,18],[57,9],[90,0]]}},"
        "{\"name\":\"back\",\"line\":{\"type\":\"LineString\",\"coordinates\":"
        "[[40,18],[40,3],[43,9],[41,0]]}},"
        "{\"name\":\"along\",\"line\":{\"type\":\"LineString\",\"coordinates\":[[0,8],[120,8]]}}],"
        "\"expected\":["
        "{\"quantity\":\"discharge_m3s\",\"section\":\"down\",\"value\":0.6,\"bound\":0.003},"
        "{\"quantity\":\"discharge_m3s\",\"section\":\"up\",\"value\":-0.6,\"bound\":0.003},"
        "{\"quantity\":\"discharge_m3s\",\"section\":\"slanting\",\"value\":0.6,\"bound\":0.003},"
        "{\"quantity\":\"discharge_m3s\",\"section\":\"back\",\"value\":0.6,\"bound\":0.003},"
        "{\"quantity\":\"discharge_m3s\",\"section\":\"along\",\"value\":0,\"bound\":1e-6},"
        "{\"quantity\":\"discharge_m3s\",\"section\":\"down\",\"at_s\":0,\"value\":0,\"bound\":0}]"
        "}");
    case_is_met(w);
    char path[200];
    (void)snprintf(path, sizeof path, "%s/sections.csv", w->folder);
    char *text;
    size_t length;
    assert_int_equal(ct_file_read(&text, &length, path, 1 << 20), CT_OK);
    assert_true(strncmp(text, "time_s,down discharge_m3s,up discharge_m3s,", 43) == 0);
    ct_free(text);
    refused(w, CT_RANGE,
            REST "\"sections\":[{\"name\":\"a\",\"line\":{\"type\":\"LineString\","
                 "\"coordinates\":[[500,0],[500,9]]}}]",
            "sections[0]: line: it parts no two cells");
    refused(w, CT_RANGE, // there and back
            REST "\"sections\":[{\"name\":\"a\",\"line\":{\"type\":\"LineString\","
                 "\"coordinates\":[[20,0],[20,30],[20,0]]}}]",
            "sections[0]: line: it parts no two cells");
    // A film on a quay three metres over a river that runs towards it passes nothing into it.
    put(w, "case.json",
        "{\"engine\":\"flood\",\"grid\":{\"columns\":4,\"rows\":3,\"cell_m\":10},"
        "\"terrain_m\":\"x > 20 ? 3 : 0\",\"depth_m\":\"x > 20 ? 0.001 : 1\","
        "\"velocity_x_ms\":\"x > 20 ? 0 : "
        "0.2\",\"duration_s\":1e-3,\"sections\":[{\"name\":\"quay\","
        "\"line\":{\"type\":\"LineString\",\"coordinates\":[[20,30],[20,0]]}}],\"expected\":["
        "{\"quantity\":\"discharge_m3s\",\"section\":\"quay\",\"at_s\":0,\"value\":0,\"bound\":0.1}"
        "]}");
    case_is_met(w);
    refused(w, CT_NOTFOUND,
            REST "\"expected\":[{\"quantity\":\"discharge_m3s\",\"section\":\"a\"}]",
            "expected[0]: there is no section \"a\"");
    refused(w, CT_PARSE, REST "\"expected\":[{\"quantity\":\"discharge_m3s\"}]", "with a section");
}

static void a_wall_holds_water(void **state) {
    const world *w = *state;
    json_t *json = run(w,
                       "\"terrain_m\":0,\"depth_m\":\"x < 20 ? 1 : 0\",\"duration_s\":100,"
                       "\"walls\":[{\"line\":{\"type\":\"LineString\",\"coordinates\":"
                       "[[20,0],[20,30]]}}],"
                       "\"expected\":[{\"quantity\":\"depth_m\",\"formula\":\"x < 20 ? 1 : 0\","
                       "\"norm\":\"largest\",\"bound\":0}]",
                       true);
    json_decref(json);
}

// Whatever the level, the ground and the precision.
static void a_level_is_still_to_the_bit(void **state) {
    const world *w = *state;
    for (int i = 0; i < 4; i++) {
        char *fields = ct_sprintf(
            "\"terrain_m\":\"30 * sin(x * y)\",\"level_m\":3.3333333333,\"duration_s\":100,"
            "\"scheme\":\"%s\",\"precision\":\"%s\",\"boundaries\":[{\"side\":\"west\","
            "\"kind\":\"level\",\"level_m\":3.3333333333},{\"side\":\"east\",\"kind\":\"open\"}],"
            "\"expected\":[{\"quantity\":\"max_speed_ms\",\"value\":0,\"bound\":0},"
            "{\"quantity\":\"max_depth_m\",\"at_least\":1}]",
            ct_flood_scheme_words[i / 2], ct_flood_precision_words[i % 2]);
        json_decref(run(w, fields, true));
        ct_free(fields);
    }
}

// 1e6 m3/s into a millionth of a metre: what is told is the cell, and no file is left.
static void a_run_that_diverges_names_the_cell(void **state) {
    const world *w = *state;
    put(w, "case.json",
        "{\"engine\":\"flood\",\"grid\":{\"columns\":4,\"rows\":3,\"cell_m\":1e-6},"
        "\"terrain_m\":0,\"duration_s\":1,\"boundaries\":[{\"side\":\"west\",\"kind\":\"inflow\","
        "\"to_m\":1e-6,\"discharge_m3s\":1e6}]}");
    ct_flood_case *c;
    bool met = false;
    const ct_flood_case_options options = {.threads = 1, .folder = w->folder};
    assert_int_equal(ct_flood_case_read(&c, w->path), CT_OK);
    assert_int_equal(ct_flood_case_run(c, &options, &met), CT_DIVERGED);
    if (!strstr(ct_err_message(), "row 2, column 0")) fail_msg("%s", ct_err_message());
    char path[200];
    (void)snprintf(path, sizeof path, "%s/points.csv", w->folder);
    assert_false(ct_file_exists(path));
    ct_flood_case_free(c);
}

static void buildings_keep_water_out(void **state) {
    const world *w = *state;
    json_t *json = run(w,
                       "\"terrain_m\":0,\"level_m\":1,\"duration_s\":10,"
                       "\"blocked\":\"x < 10 ? 1 : 0\",\"expected\":[{\"quantity\":\"depth_m\","
                       "\"formula\":\"x < 10 ? 0 : 1\",\"norm\":\"largest\",\"bound\":0}]",
                       true);
    json_decref(json);
}

static void a_raster_gives_the_cells(void **state) {
    const world *w = *state;
    char path[200];
    ct_grid grid;
    (void)snprintf(path, sizeof path, "%s/ground.tif", w->folder);
    assert_int_equal(ct_grid_new(&grid, 3, 2, 100, 220, 10, 4), CT_OK);
    grid.v[0] = NAN;
    assert_int_equal(ct_raster_write(path, &grid, NULL, "ground", "m"), CT_OK);
    ct_grid_free(&grid);
    refused(w, CT_RANGE, "\"terrain_m\":{\"raster\":\"ground.tif\"},\"duration_s\":1", "nodata");
    put(w, "case.json",
        "{\"engine\":\"flood\",\"terrain_m\":{\"raster\":\"ground.tif\",\"nodata\":9},"
        "\"duration_s\":1,\"depth_m\":1,\"points\":[{\"name\":\"p\",\"x_m\":101,\"y_m\":219}],"
        "\"expected\":[{\"quantity\":\"level_m\",\"point\":\"p\",\"at_s\":0,\"value\":10,"
        "\"bound\":1e-9}]}");
    case_is_met(w);
    // Where the terrain ends is no water, whatever depth is given; five cells of 100 m2 have it.
    put(w, "case.json",
        "{\"engine\":\"flood\",\"terrain_m\":{\"raster\":\"ground.tif\",\"nodata\":\"outside\"},"
        "\"duration_s\":1,\"depth_m\":1,\"rain\":{\"intensity_mm_h\":3600},"
        "\"expected\":[{\"quantity\":\"volume_m3\",\"value\":500.5,\"bound\":1e-3},"
        "{\"quantity\":\"max_speed_ms\",\"at_most\":0}]}");
    case_is_met(w);
    refused(w, CT_PARSE, REST "\"manning\":{\"raster\":\"ground.tif\",\"nodata\":\"outside\"}",
            "manning: nodata: only the terrain ends");
}

static void the_scheme_is_chosen_and_told(void **state) {
    const world *w = *state;
    char seen[4][64];
    for (int i = 0; i < 4; i++) {
        const char *scheme = ct_flood_scheme_words[i / 2],
                   *precision = ct_flood_precision_words[i % 2];
        char *fields = ct_sprintf("\"terrain_m\":\"x / 100\",\"level_m\":\"x < 20 ? 2 : 1\","
                                  "\"scheme\":\"%s\",\"precision\":\"%s\",\"duration_s\":5",
                                  scheme, precision);
        json_t *json = run(w, fields, true);
        ct_free(fields);
        assert_string_equal(json_string_value(json_object_get(json, "scheme")), scheme);
        assert_string_equal(json_string_value(json_object_get(json, "precision")), precision);
        (void)snprintf(seen[i], sizeof *seen, "%s",
                       json_string_value(json_object_get(json, "state_hash")));
        json_decref(json);
        for (int k = 0; k < i; k++) assert_string_not_equal(seen[i], seen[k]);
    }
    refused(w, CT_PARSE, REST "\"scheme\":\"rows\"", "first_order, second_order");
    refused(w, CT_PARSE, REST "\"precision\":4", "case.precision");
}

static void what_is_missed_is_told(void **state) {
    const world *w = *state;
    json_t *json = run(w,
                       "\"terrain_m\":0,\"depth_m\":1,\"duration_s\":1,\"expected\":["
                       "{\"quantity\":\"depth_m\",\"value\":2,\"bound\":0.1},"
                       "{\"quantity\":\"depth_m\",\"value\":2,\"bound\":0.6,\"relative\":true},"
                       "{\"quantity\":\"arrival_s\",\"value\":0,\"bound\":1e9},"
                       "{\"quantity\":\"depth_m\",\"at_most\":0.5},"
                       "{\"quantity\":\"depth_m\",\"formula\":\"2\",\"relative\":true,"
                       "\"norm\":\"rms\",\"bound\":0.5}]",
                       false);
    const json_t *checks = json_object_get(json, "checks");
    static const bool ok[] = {false, true, true, false, true};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(json_is_true(json_object_get(json_array_get(checks, i), "ok")), ok[i]);
    assert_true(json_number_value(json_object_get(json_array_get(checks, 1), "error")) == 0.5);
    json_decref(json);
}

static void no_value_is_no_success(void **state) {
    const world *w = *state;
    json_decref(run(w,
                    "\"terrain_m\":0,\"duration_s\":1,"
                    "\"points\":[{\"name\":\"a\",\"x_m\":1,\"y_m\":1}],\"expected\":["
                    "{\"quantity\":\"arrival_s\",\"point\":\"a\",\"value\":0,\"bound\":1e9}]",
                    false));
    json_decref(run(w,
                    "\"terrain_m\":0,\"duration_s\":1,\"expected\":["
                    "{\"quantity\":\"level_m\",\"formula\":\"0\",\"bound\":1e9}]",
                    false));
}

static void files_hold_the_run(void **state) {
    const world *w = *state;
    json_decref(run(w,
                    "\"terrain_m\":0,\"depth_m\":0.5,\"duration_s\":4,\"output_step_s\":2,"
                    "\"points\":[{\"name\":\"a\",\"x_m\":1,\"y_m\":1}]",
                    true));
    char path[200], *text;
    size_t length;
    (void)snprintf(path, sizeof path, "%s/points.csv", w->folder);
    assert_int_equal(ct_file_read(&text, &length, path, 1 << 20), CT_OK);
    assert_string_equal(text, "time_s,a depth_m,a level_m,a velocity_x_ms,a velocity_y_ms\n"
                              "0,0.5,0.5,0,0\n2,0.5,0.5,0,0\n4,0.5,0.5,0,0\n");
    ct_free(text);
    ct_grid grid;
    (void)snprintf(path, sizeof path, "%s/max_depth.tif", w->folder);
    assert_int_equal(ct_raster_read(&grid, path, NULL, NULL), CT_OK);
    assert_int_equal(grid.nx, 4);
    assert_true(grid.v[5] == 0.5f && grid.north_m == 30);
    ct_grid_free(&grid);
}

static void wrong_cases_name_the_field(void **state) {
    const world *w = *state;
    refused(w, CT_PARSE, "\"duration_s\":1", "grid");
    refused(w, CT_PARSE, GRID "\"duration_s\":1", "terrain_m");
    refused(w, CT_PARSE, GRID "\"terrain_m\":0", "duration_s");
    refused(w, CT_PARSE, REST "\"terain\":1", "terain");
    refused(w, CT_PARSE, REST "\"manning\":\"0.03 +\"", "manning");
    refused(w, CT_RANGE, REST "\"manning\":-1", "manning");
    refused(w, CT_RANGE, REST "\"manning\":\"1 / (x - 15)\"", "x 15");
    refused(w, CT_RANGE, REST "\"depth_m\":-1", "depth_m");
    refused(w, CT_PARSE, REST "\"depth_m\":1,\"level_m\":1", "level_m");
    refused(w, CT_PARSE, REST "\"depth_m\":{\"file\":\"x\"}", "depth_m");
    refused(w, CT_NOTFOUND, REST "\"depth_m\":{\"raster\":\"none.tif\"}", "none.tif");
    put(w, "sly.tif",
        "<VRTDataset rasterXSize=\"4\" rasterYSize=\"3\"><VRTRasterBand "
        "dataType=\"Byte\" band=\"1\"/></VRTDataset>");
    refused(w, CT_CORRUPT, REST "\"depth_m\":{\"raster\":\"sly.tif\"}", "sly.tif");
    refused(w, CT_NOTFOUND, REST "\"depth_m\":{\"raster\":\"/vsizip/a.zip/b.tif\"}", "vsizip");
    refused(w, CT_RANGE, REST "\"points\":[{\"name\":\"a\",\"x_m\":41,\"y_m\":1}]", "outside");
    refused(w, CT_PARSE, REST "\"points\":[{\"name\":\"a,b\",\"x_m\":1,\"y_m\":1}]", "points[0]");
    refused(w, CT_PARSE, REST "\"points\":[{\"name\":\"a\\u0001\",\"x_m\":1,\"y_m\":1}]", "name");
    refused(w, CT_EXISTS,
            REST "\"points\":[{\"name\":\"a\",\"x_m\":1,\"y_m\":1},"
                 "{\"name\":\"a\",\"x_m\":2,\"y_m\":1}]",
            "points[1]");
    refused(w, CT_LIMIT,
            REST "\"output_step_s\":1e-5,\"points\":[{\"name\":\"a\",\"x_m\":1,"
                 "\"y_m\":1},{\"name\":\"b\",\"x_m\":1,\"y_m\":1},{\"name\":\"c\","
                 "\"x_m\":1,\"y_m\":1},{\"name\":\"d\",\"x_m\":1,\"y_m\":1},{\"name\":\"e\",\"x_"
                 "m\":1,\"y_m\":1}]",
            "output_step_s");
    refused(w, CT_PARSE,
            REST "\"expected\":[{\"quantity\":\"volume_m3\",\"at_most\":1,"
                 "\"where\":\"x > 1\"}]",
            "where");
    refused(w, CT_PARSE, REST "\"expected\":[{\"quantity\":\"deep\",\"at_most\":1}]", "deep");
    refused(w, CT_PARSE, REST "\"expected\":[{\"quantity\":\"depth_m\"}]", "expected[0]");
    refused(w, CT_PARSE, REST "\"expected\":[{\"quantity\":\"depth_m\",\"value\":1}]", "bound");
    refused(w, CT_NOTFOUND,
            REST "\"expected\":[{\"quantity\":\"depth_m\",\"point\":\"b\",\"at_most\":1}]",
            "\"b\"");
    refused(w, CT_RANGE, REST "\"expected\":[{\"quantity\":\"depth_m\",\"at_s\":11,\"at_most\":1}]",
            "at_s");
    refused(w, CT_PARSE, REST "\"boundaries\":[{\"side\":\"left\",\"kind\":\"open\"}]", "left");
    refused(w, CT_PARSE, REST "\"boundaries\":[{\"side\":\"west\",\"kind\":\"inflow\"}]",
            "discharge_m3s");
    refused(w, CT_RANGE,
            REST "\"boundaries\":[{\"side\":\"west\",\"kind\":\"open\",\"from_m\":50}]", "50");
    refused(w, CT_RANGE,
            REST "\"boundaries\":[{\"side\":\"west\",\"kind\":\"inflow\","
                 "\"discharge_m3s\":[[0,1],[0,2]]}]",
            "discharge_m3s");
    refused(w, CT_RANGE,
            REST "\"walls\":[{\"line\":{\"type\":\"LineString\",\"coordinates\":"
                 "[[100,100],[200,100]]}}]",
            "walls[0]");
    refused(w, CT_LIMIT,
            "\"grid\":{\"columns\":67108864,\"rows\":2,\"cell_m\":1},"
            "\"terrain_m\":0,\"duration_s\":1",
            "cells");
    put(w, "t.csv", "t,q\n0,1\n1,x\n");
    refused(w, CT_PARSE, REST "\"rain\":{\"intensity_mm_h\":{\"file\":\"t.csv\"}}", "t.csv:3");
    refused(w, CT_NOTFOUND,
            REST "\"rain\":{\"intensity_mm_h\":{\"file\":\"t.csv\",\"value\":\"v\"}}", "column");
}

#define SQUARE(x0, y0, x1, y1)                                                                     \
    "{\"type\":\"Polygon\",\"coordinates\":[[[" #x0 "," #y0 "],[" #x1 "," #y0 "],[" #x1 "," #y1    \
    "],[" #x0 "," #y1 "],[" #x0 "," #y0 "]]]}"

// A spring, a disc that holds a building, an intake that finds less than it wants.
static void sources_bring_and_take(void **state) {
    const world *w = *state;
    json_t *json =
        run(w,
            "\"terrain_m\":0,\"manning\":0.03,\"duration_s\":100,"
            "\"blocked\":[0,{\"area\":" SQUARE(
                0, 0, 10, 10) ",\"value\":1}],"
                              "\"sources\":[{\"name\":\"spring\",\"x_m\":31,\"y_m\":29,"
                              "\"discharge_m3s\":[[0,0],[10,2],[100,2]]},"
                              "{\"name\":\"disc\",\"x_m\":10,\"y_m\":10,\"radius_m\":8,"
                              "\"discharge_m3s\":0.5},"
                              "{\"name\":\"intake\",\"area\":" SQUARE(
                                  30, 0, 40,
                                  10) ",\"discharge_m3s\":-100}],"
                                      "\"expected\":[{\"quantity\":\"source_in_m3\",\"value\":240,"
                                      "\"bound\":1e-5},{\"quantity\":\"source_in_m3\",\"source\":"
                                      "\"disc\",\"value\":50,\"bound\":1e-5},"
                                      "{\"quantity\":\"source_out_m3\",\"source\":\"intake\","
                                      "\"at_least\":1,\"at_most\":240},"
                                      "{\"quantity\":\"volume_error\",\"at_most\":1e-7}]",
            true);
    const json_t *disc = json_array_get(json_object_get(json, "sources"), 1);
    assert_int_equal(json_integer_value(json_object_get(disc, "cells")), 3);
    assert_true(fabs(json_number_value(json_object_get(disc, "in_m3")) - 50) < 1e-9);
    json_decref(json);
}

#define AT(x, y) "\"sources\":[{\"name\":\"a\",\"x_m\":" #x ",\"y_m\":" #y ","
static void wrong_sources_are_named(void **state) {
    const world *w = *state;
    refused(w, CT_RANGE, REST AT(41, 5) "\"discharge_m3s\":1}]",
            "sources[0]: an inflow outside: (41, 5)");
    refused(w, CT_RANGE, REST "\"blocked\":1," AT(5, 5) "\"discharge_m3s\":1}]",
            "an inflow outside: in a building");
    refused(w, CT_RANGE, REST "\"sources\":[{\"name\":\"a\",\"area\":" SQUARE(50, 0, 60, 9) "}]",
            "no cell");
    refused(w, CT_PARSE, REST AT(5, 5) "\"area\":{},\"discharge_m3s\":1}]", "either");
    refused(w, CT_PARSE, REST "\"sources\":[{\"name\":\"a\",\"discharge_m3s\":1}]", "either");
    refused(w, CT_PARSE, REST AT(5, 5) "\"flow\":1}]", "flow");
    refused(w, CT_RANGE, REST AT(5, 5) "\"discharge_m3s\":1e7}]", "discharge_m3s");
    refused(w, CT_EXISTS,
            REST AT(5, 5) "\"discharge_m3s\":1},{\"name\":\"a\",\"x_m\":1,\"y_m\":1,"
                          "\"discharge_m3s\":1}]",
            "sources[1]: name");
    refused(w, CT_NOTFOUND,
            REST "\"expected\":[{\"quantity\":\"source_in_m3\",\"source\":\"b\","
                 "\"at_most\":1}]",
            "no source \"b\"");
    refused(w, CT_PARSE,
            REST "\"expected\":[{\"quantity\":\"volume_m3\",\"source\":\"b\",\"at_most\":1}]",
            "goes with");
}

static const char k_sewer[] = "[OPTIONS]\nFLOW_UNITS CMS\nLINK_OFFSETS DEPTH\n"
                              "START_DATE 01/01/2020\nEND_DATE 01/01/2020\nEND_TIME 01:00:00\n"
                              "[JUNCTIONS]\nJ1 -2 2 0 0 0\nJ2 -3 3 0 0 0\nJ3 -2 2 0 0 0\n"
                              "[OUTFALLS]\nOUT -3.2 FREE NO\n"
                              "[CONDUITS]\nC1 J1 J2 30 0.013 0 0 0\nC2 J2 OUT 30 0.013 0 0 0\n"
                              "C3 J3 J2 30 0.013 0 0 0\n"
                              "[XSECTIONS]\nC1 CIRCULAR 0.5 0 0 0 1\nC2 CIRCULAR 0.5 0 0 0 1\n"
                              "C3 CIRCULAR 0.5 0 0 0 1\n"
                              "[COORDINATES]\nJ1 5 5\nJ2 35 25\nJ3 -40 5\nOUT 60 25\n";

// A pond over two manholes and an inlet; the third junction lies beside the grid.
static void drains_lie_below(void **state) {
    const world *w = *state;
    put(w, "sewer.inp", k_sewer);
    json_t *json =
        run(w,
            "\"terrain_m\":\"x < 10 ? 0.2 : 0\",\"level_m\":0.5,\"manning\":0.03,"
            "\"duration_s\":600,\"drains\":{\"file\":\"sewer.inp\",\"opening_m\":0.6,"
            "\"inlets\":[{\"node\":\"j1\",\"x_m\":15,\"y_m\":5,\"kind\":\"grate\","
            "\"length_m\":0.5,\"width_m\":0.4,\"clogging\":0.5}]},"
            "\"expected\":[{\"quantity\":\"drained_m3\",\"at_least\":100},"
            "{\"quantity\":\"drained_m3\",\"node\":\"J1\",\"at_least\":10},"
            "{\"quantity\":\"surcharged_m3\",\"at_most\":1},"
            "{\"quantity\":\"node_level_m\",\"node\":\"J2\",\"at_least\":-3,\"at_most\":0.5},"
            "{\"quantity\":\"volume_error\",\"at_most\":1e-7}]",
            true);
    const json_t *drains = json_object_get(json, "drains");
    const json_t *exchanges = json_object_get(drains, "exchanges");
    assert_int_equal(json_array_size(exchanges), 3);
    assert_int_equal(json_integer_value(json_object_get(drains, "junctions_left")), 1);
    const json_t *first = json_array_get(exchanges, 0), *inlet = json_array_get(exchanges, 2);
    assert_string_equal(json_string_value(json_object_get(first, "node")), "J1");
    assert_true(json_number_value(json_object_get(first, "level_m")) == 0.2); // the terrain's
    assert_string_equal(json_string_value(json_object_get(inlet, "kind")), "grate");
    assert_true(json_number_value(json_object_get(inlet, "level_m")) == 0);
    json_decref(json);
}

// The same, whose lower pipe is shut after five minutes; what comes then spills at the junction
// beside the grid: 295 m3 are drained in all, 345 without the rule.
static void the_drains_rules_are_obeyed(void **state) {
    const world *w = *state;
    char *text = ct_sprintf("%s[CONTROLS]\nRULE shut\nIF SIMULATION TIME > 0:05\n"
                            "THEN CONDUIT C2 STATUS = CLOSED\n",
                            k_sewer);
    assert_non_null(text);
    put(w, "sewer.inp", text);
    ct_free(text);
    json_t *json = run(w,
                       "\"terrain_m\":\"x < 10 ? 0.2 : 0\",\"level_m\":0.5,\"manning\":0.03,"
                       "\"duration_s\":600,\"drains\":{\"file\":\"sewer.inp\",\"opening_m\":0.6},"
                       "\"expected\":[{\"quantity\":\"drained_m3\",\"at_s\":300,\"at_least\":200},"
                       "{\"quantity\":\"drained_m3\",\"at_most\":310}]",
                       true);
    json_decref(json);
}

#define SEWER(more) "\"drains\":{\"file\":\"sewer.inp\"," more "}"
static void wrong_drains_are_named(void **state) {
    const world *w = *state;
    put(w, "sewer.inp", k_sewer);
    refused(w, CT_PARSE, REST SEWER("\"rims\":\"file\""), "opening_m");
    refused(w, CT_PARSE, REST SEWER("\"opening_m\":1,\"rims\":\"sky\""), "sky");
    refused(w, CT_RANGE, GRID "\"terrain_m\":-2.5,\"duration_s\":10," SEWER("\"opening_m\":1"),
            "node \"J1\": its invert at -2 m lies over the ground at -2.5 m");
    refused(w, CT_NOTFOUND, REST "\"drains\":{\"file\":\"none.inp\",\"opening_m\":1}", "none.inp");
    refused(w, CT_NOTFOUND,
            REST SEWER("\"opening_m\":1,\"inlets\":[{\"node\":\"J9\",\"kind\":\"grate\"}]"),
            "inlets[0]: there is no node \"J9\"");
    refused(w, CT_PARSE,
            REST SEWER("\"opening_m\":1,\"inlets\":[{\"node\":\"OUT\",\"kind\":\"curb\"}]"),
            "outfall");
    refused(w, CT_RANGE,
            REST SEWER("\"opening_m\":1,\"inlets\":[{\"node\":\"J1\",\"kind\":\"curb\","
                       "\"curb_length_m\":1,\"curb_height_m\":0.1,\"x_m\":50,\"y_m\":5}]"),
            "an inlet outside: (50, 5)");
    refused(w, CT_PARSE, REST "\"expected\":[{\"quantity\":\"drained_m3\",\"at_most\":1}]",
            "no \"drains\"");
    refused(w, CT_PARSE,
            REST SEWER("\"opening_m\":1") ",\"expected\":[{\"quantity\":\"node_level_m\","
                                          "\"at_most\":1}]",
            "\"node\"");
    put(w, "sewer.inp", "[OPTIONS]\nEND_TIME 01:00:00\n[JUNCTIONS]\nJ1 x\n");
    refused(w, CT_PARSE, REST SEWER("\"opening_m\":1"), "sewer.inp line 4");
}

#define ROOM "\"storages\":[{\"name\":\"cellar\",\"floor_m\":-2,\"area_m2\":20}],"
#define SILL "\"sill_m\":0,\"width_m\":1"

// A pond over a cellar: in through a window, out of it by a pump and, far below, by a culvert.
static void storages_fill(void **state) {
    const world *w = *state;
    json_t *json =
        run(w,
            "\"terrain_m\":0,\"level_m\":0.5,\"duration_s\":600,\"output_step_s\":60,"
            "\"coupling_step_s\":0.5," ROOM "\"connections\":["
            "{\"name\":\"window\",\"kind\":\"opening\",\"from\":{\"x_m\":5,\"y_m\":5},"
            "\"to\":\"cellar\",\"height_m\":0.4," SILL "},"
            "{\"name\":\"door\",\"kind\":\"opening\",\"from\":{\"x_m\":5,\"y_m\":5},"
            "\"to\":\"cellar\",\"crest_m\":0.6,\"leak_m2\":0.1," SILL "},"
            "{\"name\":\"pump\",\"kind\":\"pump\",\"from\":\"cellar\",\"to\":\"outside\","
            "\"curve_m3s\":[[0,0.02],[4,0.01]],\"outlet_m\":0,\"on_m\":-1,\"off_m\":-1.5},"
            "{\"name\":\"culvert\",\"kind\":\"culvert\",\"from\":{\"level_m\":[[0,-9],[600,-8]]},"
            "\"to\":\"cellar\",\"sill_m\":-1,\"invert_to_m\":-1.1,\"height_m\":0.3,"
            "\"length_m\":10,\"manning\":0.013,\"inlet\":\"concrete_square\"}],"
            "\"expected\":[{\"quantity\":\"storage_level_m\",\"storage\":\"cellar\","
            "\"at_least\":0.25,\"at_most\":0.45},"
            "{\"quantity\":\"storage_max_level_m\",\"storage\":\"cellar\",\"at_most\":0.5},"
            "{\"quantity\":\"storage_volume_m3\",\"storage\":\"cellar\",\"at_least\":44},"
            "{\"quantity\":\"forward_m3\",\"connection\":\"window\",\"at_least\":50},"
            "{\"quantity\":\"backward_m3\",\"connection\":\"window\",\"at_most\":1},"
            "{\"quantity\":\"forward_m3\",\"connection\":\"door\",\"value\":0,\"bound\":0},"
            "{\"quantity\":\"connection_flow_m3s\",\"connection\":\"pump\",\"at_least\":0.019},"
            "{\"quantity\":\"backward_m3\",\"connection\":\"culvert\",\"at_least\":10},"
            "{\"quantity\":\"volume_error\",\"at_most\":1e-7}]",
            true);
    const json_t *cellar = json_array_get(json_object_get(json, "storages"), 0);
    const json_t *pump = json_array_get(json_object_get(json, "connections"), 2);
    assert_string_equal(json_string_value(json_object_get(cellar, "name")), "cellar");
    assert_string_equal(json_string_value(json_object_get(pump, "name")), "pump");
    const json_t *coupling = json_object_get(json, "coupling");
    assert_true(json_number_value(json_object_get(coupling, "step_s")) == 0.5);
    json_decref(json);
    char path[200], *text;
    size_t length;
    (void)snprintf(path, sizeof path, "%s/storages.csv", w->folder);
    assert_int_equal(ct_file_read(&text, &length, path, 1 << 20), CT_OK);
    assert_non_null(strstr(text, "time_s,cellar level_m,cellar volume_m3\n0,-2,0\n60,"));
    ct_free(text);
    (void)snprintf(path, sizeof path, "%s/connections.csv", w->folder);
    assert_int_equal(ct_file_read(&text, &length, path, 1 << 20), CT_OK);
    assert_non_null(strstr(text, "time_s,window flow_m3s,door flow_m3s,pump flow_m3s,culvert"));
    ct_free(text);
}

// Storages and drains over one surface.
static void storages_beside_drains(void **state) {
    const world *w = *state;
    put(w, "sewer.inp", k_sewer);
    json_t *json =
        run(w,
            "\"terrain_m\":\"x < 10 ? 0.2 : 0\",\"level_m\":0.5,\"manning\":0.03,"
            "\"duration_s\":300,\"drains\":{\"file\":\"sewer.inp\",\"opening_m\":0.6}," ROOM
            "\"connections\":[{\"name\":\"door\",\"kind\":\"opening\","
            "\"from\":{\"x_m\":35,\"y_m\":25},\"to\":\"cellar\"," SILL "}],"
            "\"expected\":[{\"quantity\":\"drained_m3\",\"at_least\":100},"
            "{\"quantity\":\"forward_m3\",\"connection\":\"door\",\"at_least\":30},"
            "{\"quantity\":\"volume_error\",\"at_most\":1e-7}]",
            true);
    json_decref(json);
}

#define DOOR(more)                                                                                 \
    ROOM "\"connections\":[{\"name\":\"door\",\"kind\":\"opening\",\"to\":\"cellar\"," more "}]"
static void wrong_storages_are_named(void **state) {
    const world *w = *state;
    refused(w, CT_PARSE, REST "\"storages\":[{\"name\":\"a\"}]", "storages[0]: \"area_m2\"");
    refused(w, CT_PARSE, REST "\"storages\":[{\"name\":\"a\",\"area_m2\":3}]", "floor_m");
    refused(w, CT_PARSE, REST "\"storages\":[{\"name\":\"outside\",\"floor_m\":1,\"area_m2\":3}]",
            "outside");
    refused(w, CT_RANGE, REST "\"storages\":[{\"name\":\"a\",\"area_m2\":[[1,2],[1,3]]}]",
            "storages[0]: area_m2: [1]: the level 1 does not come after");
    refused(w, CT_EXISTS,
            REST "\"storages\":[{\"name\":\"a\",\"floor_m\":1,\"area_m2\":3},"
                 "{\"name\":\"a\",\"floor_m\":1,\"area_m2\":3}]",
            "storages[1]: name: \"a\"");
    refused(w, CT_PARSE, REST DOOR("\"from\":7," SILL), "connections[0]: from: not the name");
    refused(w, CT_NOTFOUND, REST DOOR("\"from\":\"attic\"," SILL), "no storage \"attic\"");
    refused(w, CT_RANGE, REST DOOR("\"from\":{\"x_m\":50,\"y_m\":5}," SILL),
            "connections[0]: from: a connection outside: (50, 5)");
    refused(w, CT_RANGE,
            REST "\"blocked\":\"x < 10\"," DOOR("\"from\":{\"x_m\":5,\"y_m\":5}," SILL),
            "from: a connection outside: in a building");
    refused(w, CT_PARSE, REST DOOR("\"from\":\"cellar\"," SILL), "from, to: the same");
    refused(w, CT_PARSE, REST DOOR("\"from\":\"outside\",\"sill_m\":0"), "\"width_m\" is missing");
    refused(w, CT_PARSE, REST DOOR("\"from\":\"outside\",\"length_m\":3," SILL), "length_m");
    refused(w, CT_PARSE,
            REST ROOM "\"connections\":[{\"name\":\"p\",\"kind\":\"pump\",\"from\":\"cellar\","
                      "\"to\":\"outside\",\"on_m\":1,\"curve_m3s\":1}]",
            "off_m");
    refused(w, CT_PARSE,
            REST ROOM "\"connections\":[{\"name\":\"p\",\"kind\":\"pipe\",\"from\":\"cellar\"}]",
            "pipe");
    refused(w, CT_PARSE, REST "\"coupling_step_s\":1", "coupling_step_s");
    refused(w, CT_NOTFOUND,
            REST ROOM "\"expected\":[{\"quantity\":\"storage_level_m\",\"storage\":\"b\","
                      "\"at_most\":1}]",
            "no storage \"b\"");
    refused(w, CT_PARSE, REST ROOM "\"expected\":[{\"quantity\":\"forward_m3\",\"at_most\":1}]",
            "\"connection\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(x_runs_east_and_y_north, setup, teardown),
        cmocka_unit_test_setup_teardown(later_areas_count, setup, teardown),
        cmocka_unit_test_setup_teardown(inflow_fills_and_rain_falls, setup, teardown),
        cmocka_unit_test_setup_teardown(sources_bring_and_take, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_sources_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(drains_lie_below, setup, teardown),
        cmocka_unit_test_setup_teardown(the_drains_rules_are_obeyed, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_drains_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(storages_fill, setup, teardown),
        cmocka_unit_test_setup_teardown(storages_beside_drains, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_storages_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(a_design_storm_falls, setup, teardown),
        cmocka_unit_test_setup_teardown(gauges_share_the_ground, setup, teardown),
        cmocka_unit_test_setup_teardown(a_radar_rains_cell_by_cell, setup, teardown),
        cmocka_unit_test_setup_teardown(the_ground_takes_water, setup, teardown),
        cmocka_unit_test_setup_teardown(sections_tell_the_discharge, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wall_holds_water, setup, teardown),
        cmocka_unit_test_setup_teardown(a_level_is_still_to_the_bit, setup, teardown),
        cmocka_unit_test_setup_teardown(a_run_that_diverges_names_the_cell, setup, teardown),
        cmocka_unit_test_setup_teardown(buildings_keep_water_out, setup, teardown),
        cmocka_unit_test_setup_teardown(a_raster_gives_the_cells, setup, teardown),
        cmocka_unit_test_setup_teardown(the_scheme_is_chosen_and_told, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_missed_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(no_value_is_no_success, setup, teardown),
        cmocka_unit_test_setup_teardown(files_hold_the_run, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_cases_name_the_field, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
