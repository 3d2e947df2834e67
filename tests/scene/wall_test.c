// The shipped scenarios: the flood wall of cloudburst_wall.json really keeps water from the
// kindergarten, and no other building gets much of it instead; a further pump at the underpass and
// a cleaned sewer each lower the indicators by as much as the ledgers say. Imports the scene and
// runs the storms with the program itself.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/proc.h"
#include "cmk.h"
#include "scratch.h"

static const char *program, *scene; // cimtwin, folder with riverside.gpkg and terrain.tif
static char folder[128], *twin;

// Runs the program; the last line of its output, caller frees.
static char *last_line(char *const argv[]) {
    ct_proc *proc = NULL;
    char *line = NULL, *last = NULL;
    assert_int_equal(ct_proc_start(&proc, argv, false), CT_OK);
    while (ct_proc_read_line(proc, &line) == CT_OK) {
        ct_free(last);
        last = ct_strdup(line);
    }
    if (ct_proc_wait(proc) != 0) fail_msg("%s %s failed: %s", argv[0], argv[1], last ? last : "");
    ct_proc_free(proc);
    return last;
}

static json_t *last_object(char *const argv[]) {
    json_t *object = NULL;
    char *line = last_line(argv);
    assert_non_null(line);
    if (ct_json_parse(&object, line, strlen(line), 1 << 24) != CT_OK)
        fail_msg("%s", ct_err_message());
    ct_free(line);
    return object;
}

static char *run_file(const char *path) {
    json_t *result = last_object(
        (char *[]){(char *)program, "run", twin, (char *)(uintptr_t)path, "--json", NULL});
    const char *id = json_string_value(json_object_get(result, "run"));
    assert_non_null(id);
    char *copy = ct_strdup(id);
    json_decref(result);
    return copy;
}

static char *shipped(const char *name) {
    return ct_sprintf("%s/scenes/riverside/scenarios/%s", CT_SOURCE_DIR, name);
}

static char *run_scenario(const char *name) {
    char *path = shipped(name), *id = run_file(path);
    ct_free(path);
    return id;
}

// On cells of 8 m: an eighth of the work. The whole of run.json.
static json_t *run_coarse(const char *name) {
    json_t *document = NULL, *run = NULL;
    char *path = shipped(name), *coarse = ct_sprintf("%s/%s", folder, name);
    assert_int_equal(ct_json_read_file(&document, path, 1 << 20), CT_OK);
    json_object_set_new(document, "cell_m", json_real(8));
    assert_int_equal(json_dump_file(document, coarse, 0), 0);
    char *id = run_file(coarse), *file = ct_sprintf("%s.d/runs/%s/run.json", twin, id);
    assert_int_equal(ct_json_read_file(&run, file, 1 << 24), CT_OK);
    json_decref(document);
    ct_free(path);
    ct_free(coarse);
    ct_free(id);
    ct_free(file);
    return run;
}

static double indicator(const json_t *comparison, const char *id, const char *key) {
    size_t i;
    json_t *entry;
    json_array_foreach(json_object_get(comparison, "indicators"), i, entry) {
        if (strcmp(json_string_value(json_object_get(entry, "id")), id) == 0)
            return json_number_value(json_object_get(entry, key));
    }
    fail_msg("no indicator %s", id);
    return 0;
}

static void check_buildings(const json_t *comparison) {
    size_t i;
    json_t *entry;
    bool found = false;
    json_array_foreach(json_object_get(comparison, "buildings"), i, entry) {
        double delta = json_number_value(json_object_get(entry, "delta_m"));
        if (strcmp(json_string_value(json_object_get(entry, "name")), "Riverside Kindergarten") ==
            0) {
            found = true;
            assert_true(json_number_value(json_object_get(entry, "base_depth_m")) > 0.25);
            assert_true(json_number_value(json_object_get(entry, "other_depth_m")) < 0.15);
        } else if (delta > 0.02) {
            fail_msg("%s gets %.3f m more", json_string_value(json_object_get(entry, "id")), delta);
        }
    }
    assert_true(found);
}

static int make_twin(void **state) {
    (void)state;
    scratch_make(folder);
    twin = ct_sprintf("%s/riverside.ct", folder);
    char *package = ct_sprintf("%s/riverside.gpkg", scene),
         *terrain = ct_sprintf("%s/terrain.tif", scene);
    assert_true(twin && package && terrain);
    ct_free(last_line((char *[]){(char *)program, "new", twin, "--crs", "EPSG:4547", NULL}));
    ct_free(last_line((char *[]){(char *)program, "import", twin, package, terrain, NULL}));
    ct_free(package);
    ct_free(terrain);
    return 0;
}

static int remove_twin(void **state) {
    (void)state;
    ct_free(twin);
    scratch_remove(folder);
    return 0;
}

static void the_wall_protects_the_kindergarten(void **state) {
    (void)state;
    char *base = run_scenario("cloudburst.json"), *wall = run_scenario("cloudburst_wall.json");
    json_t *comparison =
        last_object((char *[]){(char *)program, "compare", twin, base, wall, "--json", NULL});
    assert_true(indicator(comparison, "flooded_area_m2", "delta") < -500);
    assert_true(indicator(comparison, "buildings_reached", "delta") <= -1);
    assert_true(indicator(comparison, "flooded_area_m2", "base") > 20000);
    assert_true(indicator(comparison, "roads_closed_m", "base") > 100); // the underpass
    check_buildings(comparison);
    json_decref(comparison);
    ct_free(base);
    ct_free(wall);
}

// A figure of run.json; inner NULL = of the part itself.
static double of(const json_t *run, const char *part, const char *inner, const char *name) {
    const json_t *value = json_object_get(run, part);
    if (inner) value = json_object_get(value, inner);
    value = json_object_get(value, name);
    if (!json_is_number(value)) fail_msg("%s has no %s", part, name);
    return json_number_value(value);
}

// How much less of it there is with the measure.
static double less(const json_t *base, const json_t *other, const char *part, const char *inner,
                   const char *name) {
    return of(base, part, inner, name) - of(other, part, inner, name);
}

static double less_over_edges(const json_t *base, const json_t *other) {
    static const char *const sides[] = {"west", "east", "north", "south"};
    double m3 = 0;
    for (int k = 0; k < 4; k++)
        m3 += less(base, other, "ledger", "out_m3", sides[k]) -
              less(base, other, "ledger", "in_m3", sides[k]);
    return m3;
}

// What the drains lead away more is what is less on the ground, in the drains and over the edges.
static void drains_explain(const json_t *base, const json_t *other) {
    const double away = -less(base, other, "summary", "indicators", "outfall_volume_m3");
    const double left = less(base, other, "whole", NULL, "state_m3");
    assert_true(away > 50);
    assert_true(less(base, other, "summary", "indicators", "water_volume_m3") > 10);
    assert_near(away, left + less_over_edges(base, other), 0.1);
    assert_true(fabs(of(other, "whole", NULL, "error_m3")) < 0.05); // of 360,000 m3
}

static void a_pump_and_a_clean_sewer_help(void **state) {
    (void)state;
    json_t *base = run_coarse("cloudburst.json"), *pump = run_coarse("cloudburst_pump.json"),
           *cleaned = run_coarse("cloudburst_cleaned.json");
    drains_explain(base, pump);
    drains_explain(base, cleaned);
    // Most of what the pump lifts is led away more; the rest had found its way to other inlets. The
    // underpass is less deep.
    const double lifted = -less(base, pump, "summary", "indicators", "pumped_volume_m3"),
                 away = -less(base, pump, "summary", "indicators", "outfall_volume_m3");
    assert_true(lifted > 1000);
    assert_true(away <= lifted && away > 0.7 * lifted);
    assert_true(less(base, pump, "summary", "indicators", "max_depth_m") > 0.1);
    assert_true(less(base, cleaned, "summary", "indicators", "flooded_area_m2") > 100);
    json_decref(base);
    json_decref(pump);
    json_decref(cleaned);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wall_protects_the_kindergarten),
        cmocka_unit_test(a_pump_and_a_clean_sewer_help),
    };
    if (argc != 3) return 2;
    program = argv[1];
    scene = argv[2];
    return cmocka_run_group_tests_name("scene_wall", tests, make_twin, remove_twin);
}
