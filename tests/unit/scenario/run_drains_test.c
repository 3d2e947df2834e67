// Runs of a twin with drains: the ledgers of surface, drains and both close, pumps and sediment
// show in indicators by what the ledger says, the same bytes on any number of threads.
#include "run_fixture.h"

#include "sim/domain/drains_domain.h"

#define NX 40
#define NY 12

// Two troughs whose ground falls to the east, with high ground between and around.
static double troughs(uint32_t row, uint32_t column) {
    const bool edge = row == 0 || row == NY - 1 || column == 0 || column == NX - 1;
    return edge || column == 20 ? 30 : 20 - 0.02 * column;
}

static flood_twin g_twin;

static json_t *node(const char *id, double x, const char *properties) {
    return flood_twin_edit(
        "drain_node", id,
        json_pack("{s:s,s:o}", "type", "Point", "coordinates", flood_twin_point(x, 6.5)),
        properties);
}

static json_t *pipe_of(const char *id, const char *from, const char *to, double length_m,
                       const char *more) {
    char text[300];
    (void)snprintf(text, sizeof text, "{\"from_node\":\"%s\",\"to_node\":\"%s\",\"length_m\":%g%s}",
                   from, to, length_m, more);
    return json_pack("{s:s,s:s,s:s,s:o}", "op", "add", "class", "drain_link", "id", id,
                     "properties", flood_twin_json(text));
}

static json_t *pump(const char *id) {
    return flood_twin_edit(
        "pump", id,
        json_pack("{s:s,s:o}", "type", "Point", "coordinates", flood_twin_point(38, 6.5)),
        "{\"node\":\"sump\",\"capacity_m3s\":0.02,\"on_level_m\":17.5,\"off_level_m\":17.1}");
}

// In the west a pipe to an outfall, in the east a pumped sump.
static int set_up(void **state) {
    (void)state;
    flood_twin_make(&g_twin, NX, NY, 1, troughs);
    flood_twin_store(
        &g_twin,
        json_pack("[o,o,o,o,o,o,o,o,o]", node("in", 16.5, "{\"kind\":\"inlet\",\"depth_m\":0.9}"),
                  node("mh", 10.5, "{\"kind\":\"manhole\",\"invert_m\":18}"),
                  node("out", 2.5, "{\"kind\":\"outfall\",\"invert_m\":17.6}"),
                  pipe_of("pipe-in", "in", "mh", 6, ",\"diameter_m\":0.3"),
                  pipe_of("pipe-mh", "mh", "out", 60, ",\"diameter_m\":0.2"),
                  node("low", 37.5, "{\"kind\":\"inlet\",\"depth_m\":0.8}"),
                  node("sump", 36.5, "{\"kind\":\"storage\",\"invert_m\":17,\"area_m2\":6}"),
                  pipe_of("pipe-low", "low", "sump", 3, ",\"diameter_m\":0.4"), pump("pump-1")));
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    flood_twin_end(&g_twin);
    return 0;
}

// 300 mm in ten minutes, and twenty minutes more.
#define STORM(more)                                                                                \
    SCENARIO("\"duration_s\":1800,\"rain\":[{\"from_s\":0,\"to_s\":600,\"intensity_mm_h\":1800}"   \
             "]" more)

static void all_ledgers_close(void **state) {
    (void)state;
    char id[CT_RUN_ID_MAX];
    assert_false(run_it(id, &g_twin, STORM(""), NULL, 2));
    ct_run *run = open_it(&g_twin, id);
    const double rain = part_of(run, "ledger", NULL, "rain_m3");
    assert_near(part_of(run, "ledger", NULL, "error_m3"), 0, 1e-6 * rain);
    assert_near(part_of(run, "drains", "ledger", "error_m3"), 0, 1e-9 * rain);
    assert_near(part_of(run, "whole", NULL, "error_m3"), 0, 1e-6 * rain);
    // What one side gave the other has got, but for what is under way.
    const double taken = part_of(run, "drains", "ledger", "from_surface_m3"),
                 given = part_of(run, "drains", "ledger", "to_surface_m3");
    assert_true(taken > 1);
    assert_near(taken - given,
                part_of(run, "ledger", NULL, "drains_out_m3") -
                    part_of(run, "ledger", NULL, "drains_in_m3") -
                    part_of(run, "whole", NULL, "under_way_m3"),
                1e-9 * rain);
    // Nothing leaves but by the outfall and the pump.
    const double left = part_of(run, "drains", "ledger", "outfall_out_m3");
    assert_near(
        part_of(run, "whole", NULL, "out_m3"),
        left + part_of(run, "ledger", "out_m3", "west") + part_of(run, "ledger", "out_m3", "east") +
            part_of(run, "ledger", "out_m3", "north") + part_of(run, "ledger", "out_m3", "south"),
        1e-9 * rain);
    assert_near(indicator(run, "outfall_volume_m3"), left, 1e-9 * rain);
    assert_near(indicator(run, "drained_volume_m3"), taken, 1e-9 * rain);
    assert_near(indicator(run, "surcharge_volume_m3"), given, 1e-9 * rain);
    const json_t *pumps = json_object_get(json_object_get(ct_run_json(run), "drains"), "pumps");
    assert_int_equal(json_array_size(pumps), 1);
    const double pumped = json_number_value(json_object_get(json_array_get(pumps, 0), "pumped_m3"));
    assert_true(pumped > 0.5 && pumped < left);
    assert_near(indicator(run, "pumped_volume_m3"), pumped, 1e-12);
    const double running =
        json_number_value(json_object_get(json_array_get(pumps, 0), "running_s"));
    assert_true(pumped <= 0.02 * running + 1e-9 && pumped > 0.9 * 0.02 * running);
    assert_true(indicator(run, "links_full") >= 1);
    assert_int_equal(json_array_size(json_object_get(ct_run_json(run), "warnings")), 0);
    ct_run_unref(run);
}

// The drains take no more than the scenario wants, and a twin's edits are laid over them.
static void without_drains_the_surface_keeps_it(void **state) {
    (void)state;
    char with[CT_RUN_ID_MAX], without[CT_RUN_ID_MAX];
    run_it(with, &g_twin, STORM(""), NULL, 1);
    run_it(without, &g_twin, STORM(",\"drains\":{\"model\":\"none\"}"), NULL, 1);
    ct_run *a = open_it(&g_twin, without), *b = open_it(&g_twin, with);
    assert_true(json_is_null(json_object_get(ct_run_json(a), "drains")));
    assert_near(part_of(a, "ledger", NULL, "drains_out_m3"), 0, 0);
    // What is missing on the ground went into the drains: nothing else differs.
    assert_near(indicator(a, "water_volume_m3") - indicator(b, "water_volume_m3"),
                part_of(b, "ledger", NULL, "drains_out_m3") -
                    part_of(b, "ledger", NULL, "drains_in_m3") -
                    part_of(b, "whole", NULL, "under_way_m3"),
                1e-3);
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    ok(ct_scenario_compare(&out, a, b)); // one has no drains: theirs are not compared
    json_t *c = flood_twin_json(out.data);
    assert_int_equal(json_array_size(json_object_get(c, "indicators")), 7);
    json_decref(c);
    ct_buf_fini(&out);
    ct_run_unref(a);
    ct_run_unref(b);
}

// How much less there is on the ground than in the base run, and how much more has left it.
static void better_by_the_ledger(const char *id, json_t *edits, double least_m3) {
    char base[CT_RUN_ID_MAX], other[CT_RUN_ID_MAX];
    json_t *silted = json_pack("[{s:s,s:s,s:{s:f}}]", "op", "set", "id", "pipe-mh", "properties",
                               "sediment_m", 0.1);
    run_it(base, &g_twin, STORM(""), silted, 1);
    run_it(other, &g_twin, STORM(""), edits, 1);
    ct_run *a = open_it(&g_twin, base), *b = open_it(&g_twin, other);
    const double drier = indicator(a, "water_volume_m3") - indicator(b, "water_volume_m3");
    const double gone = indicator(b, "outfall_volume_m3") - indicator(a, "outfall_volume_m3");
    const double kept = part_of(b, "drains", "ledger", "state_m3") -
                        part_of(a, "drains", "ledger", "state_m3"),
                 under_way = part_of(b, "whole", NULL, "under_way_m3") -
                             part_of(a, "whole", NULL, "under_way_m3");
    if (!(drier > least_m3)) fail_msg("%s: %.3f m3 less on the ground", id, drier);
    assert_near(drier, gone + kept + under_way, 1e-3);
    ct_run_unref(a);
    ct_run_unref(b);
}

static void a_second_pump_lowers_the_water(void **state) {
    (void)state;
    better_by_the_ledger("pump",
                         json_pack("[{s:s,s:s,s:{s:f}},o]", "op", "set", "id", "pipe-mh",
                                   "properties", "sediment_m", 0.1, pump("pump-2")),
                         0.5);
}

static void a_cleaned_drain_lowers_the_water(void **state) {
    (void)state;
    better_by_the_ledger("cleaned", NULL, 0.5);
}

static void the_table_holds_every_time(void **state) {
    (void)state;
    char id[CT_RUN_ID_MAX];
    size_t lines;
    run_it(id, &g_twin, STORM(""), NULL, 1);
    char *text = table_of(&lines, &g_twin, id, "drains.csv");
    assert_int_equal(lines, 1 + 31 * (5 + 3 + 1)); // head; nodes, links and a pump at each time
    assert_non_null(strstr(text, "time_s,class,id,level_m,depth_m,flow_m3s,exchange_m3s,"));
    assert_non_null(strstr(text, "\n600,drain_node,mh,"));
    assert_non_null(strstr(text, "\n1800,drain_link,pipe-low,,"));
    assert_non_null(strstr(text, "\n0,pump,pump-1,,,0,,,\n"));
    ct_free(text);
}

static void threads_make_no_difference(void **state) {
    (void)state;
    assert_same_on_threads(&g_twin, STORM(""));
}

// Of nothing but broken parts there is no engine, but warnings. Pumps without a node are a
// garage's.
static void broken_networks_are_told(void **state) {
    (void)state;
    flood_twin t;
    char id[CT_RUN_ID_MAX];
    flood_twin_make(&t, NX, NY, 1, troughs);
    run_it(id, &t, SCENARIO("\"duration_s\":60"),
           json_pack("[o]", node("alone", 16.5, "{\"kind\":\"inlet\",\"depth_m\":0.9}")), 1);
    ct_run *run = open_it(&t, id);
    assert_true(json_is_null(json_object_get(ct_run_json(run), "drains")));
    const json_t *w = json_array_get(json_object_get(ct_run_json(run), "warnings"), 0);
    assert_string_equal(json_string_value(json_object_get(w, "rule")), "drain_node_unconnected");
    assert_string_equal(json_string_value(json_array_get(json_object_get(w, "ids"), 0)), "alone");
    ct_run_unref(run);
    flood_twin_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ledgers_close),
        cmocka_unit_test(without_drains_the_surface_keeps_it),
        cmocka_unit_test(a_second_pump_lowers_the_water),
        cmocka_unit_test(a_cleaned_drain_lowers_the_water),
        cmocka_unit_test(the_table_holds_every_time),
        cmocka_unit_test(threads_make_no_difference),
        cmocka_unit_test(broken_networks_are_told),
    };
    return cmocka_run_group_tests_name("scenario_run_drains", tests, set_up, tear_down);
}
