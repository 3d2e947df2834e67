// Runs of a twin whose buildings and garage water gets into: the garage floods over its ramp, a
// barrier keeps all of it out, pumps lower it, each by what the ledgers say.
#include "run_fixture.h"

#define NX 30
#define NY 24

// A basin: high ground all round.
static double basin(uint32_t row, uint32_t column) {
    return row == 0 || row == NY - 1 || column == 0 || column == NX - 1 ? 30 : 10;
}

static flood_twin g_twin;

static json_t *ramp(void) {
    json_t *line = json_pack("[[f,f,f],[f,f,f]]", FT_WEST + 12, FT_SOUTH + 5, 10.05, FT_WEST + 22,
                             FT_SOUTH + 5, 6.5);
    return flood_twin_edit("transition", "ramp",
                           json_pack("{s:s,s:o}", "type", "LineString", "coordinates", line),
                           "{\"kind\":\"ramp\",\"width_m\":4}");
}

static json_t *pump(const char *id, double capacity_m3s) {
    char text[200];
    (void)snprintf(text, sizeof text,
                   "{\"capacity_m3s\":%g,\"on_level_m\":6.6,\"off_level_m\":6.55}", capacity_m3s);
    return flood_twin_edit(
        "pump", id,
        json_pack("{s:s,s:o}", "type", "Point", "coordinates", flood_twin_point(24, 12)), text);
}

static int set_up(void **state) {
    (void)state;
    flood_twin_make(&g_twin, NX, NY, 1, basin);
    flood_twin_store(
        &g_twin,
        json_pack(
            "[o,o,o,o,o]",
            flood_twin_box("parking", "garage", 20, 8, 28, 16, "{\"kind\":\"underground\"}"),
            ramp(), flood_twin_box("building", "house", 4, 12, 10, 18, NULL),
            flood_twin_box("storey", "ground-floor", 4, 12, 10, 18,
                           "{\"building\":\"house\",\"level\":0,\"elevation_m\":10.02,"
                           "\"height_m\":3}"),
            flood_twin_edit(
                "opening", "door",
                json_pack("{s:s,s:o}", "type", "Point", "coordinates", flood_twin_point(10, 15.2)),
                "{\"kind\":\"entrance\",\"storey\":\"ground-floor\",\"width_m\":1.2,"
                "\"height_m\":2.1}")));
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    flood_twin_end(&g_twin);
    return 0;
}

// 150 mm in ten minutes, and twenty minutes more.
#define STORM(more)                                                                                \
    SCENARIO(                                                                                      \
        "\"duration_s\":1800,\"rain\":[{\"from_s\":0,\"to_s\":600,\"intensity_mm_h\":900}]" more)

static const json_t *one_of(const ct_run *run, const char *list, const char *id) {
    const json_t *all = json_object_get(json_object_get(ct_run_json(run), "inside"), list);
    for (size_t i = 0; i < json_array_size(all); i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(all, i), "id")), id) == 0)
            return json_array_get(all, i);
    fail_msg("%s has no %s", list, id);
    return NULL;
}

static double value(const json_t *object, const char *name) {
    assert_true(json_is_number(json_object_get(object, name)));
    return json_number_value(json_object_get(object, name));
}

static ct_run *run_with(json_t *edits) {
    char id[CT_RUN_ID_MAX];
    run_it(id, &g_twin, STORM(""), edits, 1);
    return open_it(&g_twin, id);
}

static json_t *barrier(double height_m) {
    return json_pack("{s:s,s:s,s:{s:f}}", "op", "set", "id", "ramp", "properties",
                     "flood_barrier_m", height_m);
}

static void the_garage_floods_over_its_ramp(void **state) {
    (void)state;
    ct_run *run = run_with(NULL);
    const double rain = part_of(run, "ledger", NULL, "rain_m3");
    const json_t *garage = one_of(run, "rooms", "garage"), *way = one_of(run, "ways", "ramp");
    assert_string_equal(json_string_value(json_object_get(garage, "class")), "parking");
    assert_true(value(garage, "volume_m3") > 5);
    assert_near(value(garage, "volume_m3"), value(way, "inward_m3") - value(way, "outward_m3"),
                1e-9);
    assert_near(indicator(run, "garage_volume_m3"), value(garage, "volume_m3"), 1e-12);
    assert_near(indicator(run, "garages_flooded"), 1, 0);
    assert_near(indicator(run, "storeys_flooded"), 1, 0);
    assert_true(value(one_of(run, "rooms", "ground-floor"), "max_depth_m") > 0.05);
    // Every ledger closes, and they agree.
    assert_near(part_of(run, "ledger", NULL, "error_m3"), 0, 1e-6 * rain);
    assert_near(part_of(run, "inside", "ledger", "error_m3"), 0, 1e-9 * rain);
    assert_near(part_of(run, "whole", NULL, "error_m3"), 0, 1e-6 * rain);
    assert_near(part_of(run, "inside", "ledger", "state_m3"), indicator(run, "inside_volume_m3"),
                1e-9);
    assert_near(part_of(run, "inside", "ledger", "from_surface_m3") -
                    part_of(run, "inside", "ledger", "to_surface_m3"),
                part_of(run, "ledger", NULL, "inside_out_m3") -
                    part_of(run, "ledger", NULL, "inside_in_m3") -
                    part_of(run, "whole", NULL, "under_way_m3"),
                1e-6);
    assert_int_equal(json_array_size(json_object_get(ct_run_json(run), "warnings")), 0);
    ct_run_unref(run);
}

static void a_barrier_keeps_all_of_it_out(void **state) {
    (void)state;
    ct_run *open = run_with(NULL), *held = run_with(json_pack("[o]", barrier(1)));
    assert_true(value(one_of(held, "ways", "ramp"), "inward_m3") == 0); // exactly
    assert_true(indicator(held, "garage_volume_m3") == 0);
    assert_near(indicator(held, "garages_flooded"), 0, 0);
    // What is not in the garage is elsewhere: outside, or in the house.
    const double missing =
        indicator(open, "garage_volume_m3") - indicator(held, "garage_volume_m3");
    assert_near(missing,
                part_of(held, "ledger", NULL, "state_m3") -
                    part_of(open, "ledger", NULL, "state_m3") +
                    value(one_of(held, "rooms", "ground-floor"), "volume_m3") -
                    value(one_of(open, "rooms", "ground-floor"), "volume_m3") +
                    part_of(held, "whole", NULL, "under_way_m3") -
                    part_of(open, "whole", NULL, "under_way_m3"),
                1e-3);
    ct_run_unref(open);
    ct_run_unref(held);
}

static void pumps_lower_the_garage(void **state) {
    (void)state;
    double last_m3 = HUGE_VAL;
    for (int n = 0; n < 3; n++) {
        json_t *edits = json_array();
        if (n > 0) json_array_append_new(edits, pump("pump-1", 0.004));
        if (n > 1) json_array_append_new(edits, pump("pump-2", 0.004));
        ct_run *run = run_with(edits);
        const double left_m3 = indicator(run, "garage_volume_m3"),
                     pumped_m3 = part_of(run, "inside", "ledger", "pumped_out_m3");
        const json_t *way = one_of(run, "ways", "ramp");
        assert_near(left_m3, value(way, "inward_m3") - value(way, "outward_m3") - pumped_m3, 1e-9);
        assert_true((pumped_m3 > 1) == (n > 0));
        assert_true(left_m3 < last_m3 - (n > 0));
        last_m3 = left_m3;
        ct_run_unref(run);
    }
}

static void shut_buildings_stay_dry(void **state) {
    (void)state;
    char id[CT_RUN_ID_MAX];
    run_it(id, &g_twin, STORM(",\"inside\":{\"model\":\"none\"}"), NULL, 1);
    ct_run *shut = open_it(&g_twin, id), *open = run_with(NULL);
    assert_true(json_is_null(json_object_get(ct_run_json(shut), "inside")));
    assert_true(json_is_null(json_object_get(ct_run_json(shut), "whole")));
    // The rooms follow the steps of the surface and add few of their own.
    assert_true(part_of(open, "provenance", NULL, "steps") <
                1.25 * part_of(shut, "provenance", NULL, "steps"));
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    ok(ct_scenario_compare(&out, shut, open)); // rooms are in one alone
    json_t *c = flood_twin_json(out.data);
    assert_int_equal(json_array_size(json_object_get(c, "indicators")), 7);
    json_decref(c);
    ct_buf_fini(&out);
    ct_run_unref(shut);
    ct_run_unref(open);
}

static void the_table_holds_every_time(void **state) {
    (void)state;
    char id[CT_RUN_ID_MAX];
    size_t lines;
    run_it(id, &g_twin, STORM(""), NULL, 1);
    char *text = table_of(&lines, &g_twin, id, "inside.csv");
    assert_int_equal(lines, 1 + 31 * (2 + 2)); // head; rooms and ways at each time
    assert_non_null(strstr(text, "time_s,class,id,level_m,depth_m,volume_m3,flow_m3s,inward_m3,"));
    assert_non_null(strstr(text, "\n0,parking,garage,6.5,0,0,,,\n"));
    assert_non_null(strstr(text, "\n1800,transition,ramp,,,,"));
    assert_non_null(strstr(text, "\n60,opening,door,,,,"));
    ct_free(text);
}

static void threads_make_no_difference(void **state) {
    (void)state;
    assert_same_on_threads(&g_twin, STORM(""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_garage_floods_over_its_ramp),
        cmocka_unit_test(a_barrier_keeps_all_of_it_out),
        cmocka_unit_test(pumps_lower_the_garage),
        cmocka_unit_test(shut_buildings_stay_dry),
        cmocka_unit_test(the_table_holds_every_time),
        cmocka_unit_test(threads_make_no_difference),
    };
    return cmocka_run_group_tests_name("scenario_run_inside", tests, set_up, tear_down);
}
