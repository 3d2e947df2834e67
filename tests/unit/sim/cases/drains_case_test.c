// Cases of drains: a project file is run over its own times, its volume closes, and what it shows
// is what formulas say.
#include "folder.h"

#include <math.h>

#include "base/json.h"
#include "base/mem.h"
#include "sim/cases/drains_case.h"

static int setup(void **state) {
    return setup_named(state, "case.inp");
}

static json_t *run(const world *w, const char *text) {
    ct_drains_case *c;
    bool closed = false;
    put(w, "case.inp", text);
    if (ct_drains_case_read(&c, w->path) != CT_OK) fail_msg("%s", ct_err_message());
    const ct_drains_case_options options = {.folder = w->folder};
    if (ct_drains_case_run(c, &options, &closed) != CT_OK) fail_msg("%s", ct_err_message());
    assert_true(closed);
    ct_buf out;
    json_t *json;
    ct_buf_init(&out, 1 << 24);
    ct_drains_case_text(&out, c, 100);
    assert_int_equal(ct_buf_status(&out), CT_OK);
    assert_non_null(strstr(out.data, "volume error: "));
    ct_buf_reset(&out);
    ct_drains_case_json(&out, c);
    assert_int_equal(ct_buf_status(&out), CT_OK);
    assert_int_equal(ct_json_parse(&json, out.data, out.len, out.len), CT_OK);
    ct_buf_fini(&out);
    ct_drains_case_free(c);
    return json;
}

// "nodes", "links": a number of the element of a name.
static double of(const json_t *json, const char *list, const char *name, const char *key) {
    const json_t *item;
    size_t i;
    json_array_foreach(json_object_get(json, list), i, item) {
        if (strcmp(json_string_value(json_object_get(item, "name")), name) != 0) continue;
        const json_t *value = json_object_get(item, key);
        if (!json_is_number(value)) fail_msg("%s %s: no number", name, key);
        return json_number_value(value);
    }
    fail_msg("no %s", name);
    return 0;
}

#define OPTIONS(end)                                                                               \
    "[TITLE]\nA test\n[OPTIONS]\nFLOW_UNITS LPS\nSTART_DATE 5/1/2024\nEND_DATE "                   \
    "5/1/2024\nEND_TIME " end "\nREPORT_STEP 0:10\nROUTING_STEP 5\n"

// The depth at which Manning's formula carries a discharge in a circle.
static double normal_depth(double diameter, double slope, double manning, double flow) {
    double low = 0, high = 0.9 * diameter;
    for (int i = 0; i < 100; i++) {
        const double y = (low + high) / 2, angle = 2 * acos(1 - 2 * y / diameter);
        const double area = diameter * diameter / 8 * (angle - sin(angle));
        const double radius = area / (angle * diameter / 2);
        if (area * pow(radius, 2.0 / 3) * sqrt(slope) / manning < flow)
            low = y;
        else
            high = y;
    }
    return high;
}

static void a_pipe_runs_at_its_normal_depth(void **state) {
    const world *w = *state;
    json_t *json = run(w, OPTIONS("2:00") "[JUNCTIONS]\nJ1 11 3\n\"J,2\" 10 3\n"
                                          "[OUTFALLS]\nO1 9 NORMAL\n"
                                          "[CONDUITS]\nC1 J1 J,2 200 0.013\nC2 J,2 O1 200 0.013\n"
                                          "[XSECTIONS]\nC1 CIRCULAR 0.6\nC2 CIRCULAR 0.6\n"
                                          "[INFLOWS]\nJ1 FLOW \"\" FLOW 1 1 200\n");
    const double expected = normal_depth(0.6, 0.005, 0.013, 0.2);
    assert_near(of(json, "links", "C1", "max_depth_m"), expected, 1e-3 * expected);
    assert_near(of(json, "nodes", "J,2", "max_depth_m"), expected, 1e-3 * expected);
    assert_near(of(json, "links", "C2", "max_flow_m3s"), 0.2, 1e-6);
    const json_t *volumes = json_object_get(json, "volumes");
    assert_near(json_number_value(json_object_get(volumes, "inflow_m3")), 0.2 * 7200, 1e-6);
    assert_string_equal(json_string_value(json_object_get(json, "title")), "A test");
    assert_string_equal(json_string_value(json_object_get(json, "start")), "2024-05-01T00:00:00Z");
    json_decref(json);
    char path[200], *text;
    size_t length, rows = 0;
    (void)snprintf(path, sizeof path, "%s/node_depth_m.csv", w->folder);
    assert_int_equal(ct_file_read(&text, &length, path, 1 << 20), CT_OK);
    assert_memory_equal(text, "time_s,J1,\"J,2\",O1\n0,0,0,0\n600,", 31);
    for (const char *p = text; *p; p++) rows += *p == '\n';
    assert_int_equal(rows, 1 + 13);
    ct_free(text);
}

// A wet well of 10 m2 that 10 l/s fill from 1 to 2 m depth, and 60 l/s empty: 1000 s up, 200 s
// down.
static void a_pump_cycles_on_depths(void **state) {
    json_t *json =
        run(*state, OPTIONS("6:00") "ROUTING_STEP 1\n[STORAGE]\nW 0 5 1 FUNCTIONAL 0 0 10\n"
                                    "[OUTFALLS]\nO 8 FREE\n"
                                    "[PUMPS]\nP W O p OFF 2 1\n"
                                    "[CURVES]\np PUMP2 9 60\n"
                                    "[INFLOWS]\nW FLOW \"\" FLOW 1 1 10\n");
    assert_near(of(json, "links", "P", "starts"), 18, 0);
    assert_near(of(json, "links", "P", "running_s"), 17 * 200 + 200, 100);
    assert_near(of(json, "nodes", "W", "max_depth_m"), 2, 0.02);
    json_decref(json);
}

// A sluice at the ground of a lake closes within half an hour, by a rule looked at as often: it
// moves all the time, and half of what it would let through passes.
static void gates_move_between_looks_at_the_rules(void **state) {
    json_t *json =
        run(*state, OPTIONS("1:00") "RULE_STEP 0:30:00\n[STORAGE]\nW 0 9 4 FUNCTIONAL 0 0 1e6\n"
                                    "[OUTFALLS]\nO -5 FREE\n"
                                    "[ORIFICES]\nR W O BOTTOM 0 0.6 NO 0.5\n"
                                    "[XSECTIONS]\nR RECT_CLOSED 0.2 0.5\n"
                                    "[CONTROLS]\nRULE a\nIF SIMULATION TIME >= 0\n"
                                    "THEN ORIFICE R SETTING = 0\n");
    const double open_m3s = 0.6 * 0.2 * 0.5 * sqrt(2 * 9.81 * 4);
    const json_t *volumes = json_object_get(json, "volumes");
    assert_near(json_number_value(json_object_get(volumes, "outfall_out_m3")), open_m3s * 1800 / 2,
                5);
    json_decref(json);
}

static void what_floods_is_told_by_node(void **state) {
    json_t *json = run(*state, OPTIONS("1:00") "[JUNCTIONS]\nJ 10 2\n[OUTFALLS]\nO 9.9 FREE\n"
                                               "[CONDUITS]\nC J O 100 0.013\n"
                                               "[XSECTIONS]\nC CIRCULAR 0.2\n"
                                               "[INFLOWS]\nJ FLOW \"\" FLOW 1 1 300\n");
    assert_true(of(json, "nodes", "J", "flooded_m3") > 500);
    assert_true(of(json, "nodes", "J", "flooded_from_s") < 300);
    json_decref(json);
}

// In steps of five minutes the storm has few of them; no water comes from their corners.
static void what_ran_off_flows_in(void **state) {
    json_t *json =
        run(*state, OPTIONS("6:00") "WET_STEP 0:05\nDRY_STEP 0:05\n[RAINGAGES]\n"
                                    "G INTENSITY 0:05 1 TIMESERIES r\n"
                                    "[TIMESERIES]\nr 0:10 60 0:15 100 0:20 30 0:25 10\n"
                                    "[JUNCTIONS]\nJ 10 3\n[OUTFALLS]\nO 9 FREE\n"
                                    "[CONDUITS]\nC J O 100 0.013\n[XSECTIONS]\nC CIRCULAR 1.5\n"
                                    "[SUBCATCHMENTS]\nS G J 1 100 2000 0.5\n"
                                    "[SUBAREAS]\nS 0.015 0.15 0 0 25\n"
                                    "[DWF]\nJ FLOW 2 h\n[PATTERNS]\nh HOURLY 1 2 3 1\n");
    const json_t *volumes = json_object_get(json, "volumes"), *r = json_object_get(json, "runoff");
    const double left = json_number_value(json_object_get(r, "left_m3"));
    assert_near(json_number_value(json_object_get(r, "rain_m3")), 1e4 * 0.2 / 12, 1e-9);
    assert_near(left + json_number_value(json_object_get(r, "stored_m3")), 1e4 * 0.2 / 12, 1e-9);
    assert_near(json_number_value(json_object_get(volumes, "inflow_m3")),
                left + 2e-3 * 3600 * (1 + 2 + 3 + 1 + 1 + 1), 1e-4); // ramps of patterns
    assert_near(json_number_value(json_object_get(volumes, "inflow_error_m3")), 0, 1e-9);
    assert_near(of(json, "subcatchments", "S", "volume_m3"), left, 1e-9);
    json_decref(json);
}

static void series_of_a_file_lie_beside_it(void **state) {
    put(*state, "q.dat", "; m3\n5/1/2024 0:00 0\n5/1/2024, 1:00\t100 ; rises\n\n1:00 100\n");
    json_t *json = run(*state, OPTIONS("1:00") "[STORAGE]\nW 0 99 1 FUNCTIONAL 0 0 10\n"
                                               "[INFLOWS]\nW FLOW q\n"
                                               "[TIMESERIES]\nq FILE \"q.dat\"\n");
    const json_t *volumes = json_object_get(json, "volumes");
    assert_near(json_number_value(json_object_get(volumes, "inflow_m3")), 180, 1e-9);
    json_decref(json);
    ct_drains_case *c;
    const world *w = *state;
    put(w, "q.dat", "0:00 1\n0:30\n");
    assert_int_equal(ct_drains_case_read(&c, w->path), CT_PARSE);
    assert_non_null(strstr(ct_err_message(), "q.dat line 2: "));
}

static void a_cancelled_run_writes_nothing(void **state) {
    const world *w = *state;
    ct_drains_case *c;
    bool closed;
    char out[200];
    const atomic_bool at_once = true;
    put(w, "case.inp", OPTIONS("1:00") "[STORAGE]\nW 0 99 1 FUNCTIONAL 0 0 10\n");
    (void)snprintf(out, sizeof out, "%s/out", w->folder);
    assert_int_equal(ct_drains_case_read(&c, w->path), CT_OK);
    const ct_drains_case_options options = {.folder = out, .cancel = &at_once};
    assert_int_equal(ct_drains_case_run(c, &options, &closed), CT_CANCELLED);
    assert_false(ct_dir_exists(out));
    ct_drains_case_free(c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_pipe_runs_at_its_normal_depth, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pump_cycles_on_depths, setup, teardown),
        cmocka_unit_test_setup_teardown(gates_move_between_looks_at_the_rules, setup, teardown),
        cmocka_unit_test_setup_teardown(what_floods_is_told_by_node, setup, teardown),
        cmocka_unit_test_setup_teardown(what_ran_off_flows_in, setup, teardown),
        cmocka_unit_test_setup_teardown(series_of_a_file_lie_beside_it, setup, teardown),
        cmocka_unit_test_setup_teardown(a_cancelled_run_writes_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
