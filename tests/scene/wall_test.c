// The shipped scenarios: the flood wall of cloudburst_wall.json really keeps water from the
// kindergarten, and no other building gets much of it instead. Imports the scene and runs both
// storms with the program itself.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/proc.h"
#include "cmk.h"
#include "scratch.h"

static const char *program, *scene; // cimtwin, folder with riverside.gpkg and terrain.tif

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

static char *run_scenario(char *twin, const char *name) {
    char *path = ct_sprintf("%s/scenes/riverside/scenarios/%s", CT_SOURCE_DIR, name);
    json_t *result = last_object((char *[]){(char *)program, "run", twin, path, "--json", NULL});
    const char *id = json_string_value(json_object_get(result, "run"));
    assert_non_null(id);
    char *copy = ct_strdup(id);
    json_decref(result);
    ct_free(path);
    return copy;
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
            assert_true(json_number_value(json_object_get(entry, "base_depth_m")) > 0.3);
            assert_true(json_number_value(json_object_get(entry, "other_depth_m")) < 0.15);
        } else if (delta > 0.02) {
            fail_msg("%s gets %.3f m more", json_string_value(json_object_get(entry, "id")), delta);
        }
    }
    assert_true(found);
}

static void the_wall_protects_the_kindergarten(void **state) {
    (void)state;
    char folder[128];
    scratch_make(folder);
    char *twin = ct_sprintf("%s/riverside.ct", folder),
         *package = ct_sprintf("%s/riverside.gpkg", scene);
    char *terrain = ct_sprintf("%s/terrain.tif", scene);
    assert_true(twin && package && terrain);
    ct_free(last_line((char *[]){(char *)program, "new", twin, "--crs", "EPSG:4547", NULL}));
    ct_free(last_line((char *[]){(char *)program, "import", twin, package, terrain, NULL}));
    char *base = run_scenario(twin, "cloudburst.json"),
         *wall = run_scenario(twin, "cloudburst_wall.json");
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
    ct_free(twin);
    ct_free(package);
    ct_free(terrain);
    scratch_remove(folder);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_wall_protects_the_kindergarten)};
    if (argc != 3) return 2;
    program = argv[1];
    scene = argv[2];
    return cmocka_run_group_tests_name("scene_wall", tests, NULL, NULL);
}
