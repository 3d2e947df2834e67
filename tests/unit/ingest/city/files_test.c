// City models of other programs: every object, face and meaning of the file arrives. The numbers
// were counted by other means (a walk through the JSON, a search for tags).
#include "city_harness.h"

typedef struct expected {
    const char *file, *twin, *crs;
    size_t n_features; // those that were made up too
    size_t building, space, storey, opening, element;
    size_t faces, wall, roof, ground; // of bodies, but for those of openings
} expected;

static const char *data_folder(void) {
    const char *folder_of = getenv("CIMTWIN_TEST_DATA");
    return folder_of && *folder_of ? folder_of : CT_SOURCE_DIR "/../shared/data";
}

static void check(const expected *e) {
    char path[512];
    size_t faces = 0, wall = 0, roof = 0, ground = 0;
    snprintf(path, sizeof path, "%s/bim/%s", data_folder(), e->file);
    const ct_err err = import(path, e->twin, e->crs);
    if (err != CT_OK) fail_msg("%s: %s", e->file, ct_err_message());
    for (size_t i = 0; i < n_all; i++) {
        if (strcmp(all[i].f.cls->name, "opening") == 0) continue;
        faces += all[i].n_faces;
        wall += all[i].tags[CT_SURFACE_WALL];
        roof += all[i].tags[CT_SURFACE_ROOF];
        ground += all[i].tags[CT_SURFACE_GROUND];
    }
    const size_t got[] = {n_all,
                          count_of("building"),
                          count_of("space"),
                          count_of("storey"),
                          count_of("opening"),
                          count_of("element"),
                          faces,
                          wall,
                          roof,
                          ground};
    const size_t want[] = {e->n_features, e->building, e->space, e->storey, e->opening,
                           e->element,    e->faces,    e->wall,  e->roof,   e->ground};
    static const char *const names[] = {"features", "buildings", "spaces", "storeys", "openings",
                                        "elements", "faces",     "walls",  "roofs",   "grounds"};
    for (size_t i = 0; i < sizeof got / sizeof *got; i++)
        if (got[i] != want[i])
            fail_msg("%s: %zu %s, %zu expected", e->file, got[i], names[i], want[i]);
}

static void cityjson_arrives_whole(void **state) {
    (void)state;
    static const expected files[] = {
        // 2 of 36271 faces have no area
        {"cityjson/delft.json", "EPSG:28992", NULL, 570, 160, 0, 0, 0, 0, 36269, 0, 0, 0},
        {"cityjson/DH_01_subs.city.json", "EPSG:28992", "EPSG:28992", 12, 12, 0, 0, 0, 0, 70, 48,
         13, 9},
        {"cityjson/multi_lod.json", "EPSG:28992", "EPSG:28992", 10, 10, 0, 0, 0, 0, 752, 204, 84,
         60},
        {"cityjson/lod2_buildings_v2.city.json", "EPSG:25833", NULL, 100, 100, 0, 0, 0, 0, 700, 400,
         200, 100},
        {"cityjson/cjval/japanese.city.json", "EPSG:6677", NULL, 4, 2, 0, 0, 0, 2, 220, 25, 16, 2},
        {"cityjson/cjval/texture4.city.json", "EPSG:25833", NULL, 24, 1, 0, 0, 21, 2, 186, 10, 18,
         1},
        {"cityjson/cjval/cube.city.json", "EPSG:28992", "EPSG:28992", 1, 0, 0, 0, 0, 0, 6, 0, 0, 0},
        {"cityjson/cjval/material.city.json", "EPSG:28992", "EPSG:28992", 1, 1, 0, 0, 0, 0, 6, 0, 0,
         0},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) check(&files[i]);
}

// Files that cjval keeps because they are wrong.
static void wrong_cityjson_is_refused(void **state) {
    (void)state;
    char path[512];
    snprintf(path, sizeof path, "%s/bim/cityjson/cjval/duplicate.json", data_folder());
    failed_with(import(path, "EPSG:28992", "EPSG:28992"), CT_PARSE, "duplicate object key");
    snprintf(path, sizeof path, "%s/bim/cityjson/cjval/sem.json", data_folder());
    failed_with(import(path, "EPSG:28992", "EPSG:28992"), CT_PARSE, "CityObjects/id-1");
    assert_int_equal(n_all, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cityjson_arrives_whole),
        cmocka_unit_test(wrong_cityjson_is_refused),
    };
    char path[512];
    snprintf(path, sizeof path, "%s/bim/cityjson", data_folder());
    if (!ct_dir_exists(path)) {
        printf("skipped: no %s (CIMTWIN_TEST_DATA)\n", path);
        return 77;
    }
    return cmocka_run_group_tests(tests, setup, teardown);
}
