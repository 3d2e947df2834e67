// City models of other programs: every object, face and meaning of the file arrives. The numbers
// were counted by other means (a walk through the JSON or the XML that follows links).
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

static void citygml_2_arrives_whole(void **state) {
    (void)state;
    static const expected files[] = {
        // With 9 or 12 triangles of the terrain; faces that two objects share count for both.
        {"citygml2/Building_LOD0-EPSG25832.gml", "EPSG:25832", NULL, 3, 1, 0, 0, 0, 0, 11, 0, 0, 0},
        {"citygml2/Building_LOD1-EPSG25832.gml", "EPSG:25832", NULL, 3, 1, 0, 0, 0, 0, 15, 0, 0, 0},
        {"citygml2/Building_LOD2-EPSG25832.gml", "EPSG:25832", NULL, 3, 1, 0, 0, 0, 0, 16, 4, 2, 1},
        {"citygml2/Building_LOD3-EPSG25832.gml", "EPSG:25832", NULL, 6, 1, 0, 0, 3, 0, 33, 16, 4,
         1},
        {"citygml2/Building_LOD4-EPSG25832.gml", "EPSG:25832", NULL, 12, 1, 1, 1, 6, 1, 1010, 16, 4,
         1},
        {"citygml2/Building_and_garage_LOD2-EPSG25832.gml", "EPSG:25832", NULL, 4, 2, 0, 0, 0, 0,
         26, 9, 3, 2},
        {"citygml2/Potsdam_LoD1.gml", "EPSG:25833", NULL, 97, 97, 0, 0, 0, 0, 1547, 0, 0, 0},
        // 1 of 3092 has no area
        {"citygml2/lod3_building_v2.gml", "EPSG:25833", NULL, 25, 1, 0, 0, 23, 1, 3091, 2521, 171,
         24},
        {"citygml2/53394517_bldg_6697_2_op_CityGML2.gml", "EPSG:6677", NULL, 1, 1, 0, 0, 0, 0, 785,
         370, 279, 1},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) check(&files[i]);
}

static void citygml_3_arrives_whole(void **state) {
    (void)state;
    static const expected files[] = {
        {"citygml3/Building_LOD0-EPSG25832.gml", "EPSG:25832", NULL, 3, 1, 0, 0, 0, 0, 11, 0, 1, 0},
        {"citygml3/Building_LOD1-EPSG25832.gml", "EPSG:25832", NULL, 3, 1, 0, 0, 0, 0, 15, 0, 0, 0},
        {"citygml3/Building_LOD2-EPSG25832.gml", "EPSG:25832", NULL, 3, 1, 0, 0, 0, 0, 16, 4, 2, 1},
        {"citygml3/Building_LOD3-EPSG25832.gml", "EPSG:25832", NULL, 12, 1, 1, 1, 6, 1, 1010, 16, 4,
         1},
        {"citygml3/BuildingUnits_Storeys_xlink.gml", "EPSG:25832", NULL, 9, 1, 3, 3, 0, 0, 45, 4, 2,
         1},
        {"citygml3/Building_CityGML3.0_LOD2_with_several_attributes.gml", "EPSG:31468", NULL, 1, 1,
         0, 0, 0, 0, 11, 8, 2, 1},
        // With a device of its dynamizer.
        {"citygml3/Building_CityGML3.0_with_Dynamizer_and_SensorConnection_V1.gml", "EPSG:31468",
         NULL, 4, 1, 1, 1, 0, 0, 11, 8, 2, 1},
        {"citygml3/Building_CityGML3.0_with_Dynamizer_and_inline_Timeseries.gml", "EPSG:31468",
         NULL, 2, 1, 0, 0, 0, 0, 11, 8, 2, 1},
        {"citygml3/JeffersonBuilding_CityGML3.0_LOD1_with_xAL3_CommonTypes.gml", "EPSG:32618", NULL,
         1, 1, 0, 0, 0, 0, 123, 0, 0, 0},
        // 3 of 2279 have no area
        {"citygml3/Opera-Lyon_CityGML3.0_LOD2_with_xAL3_FullyStructured.gml", "EPSG:3946", NULL, 1,
         1, 0, 0, 0, 0, 2276, 2051, 63, 162},
        {"citygml3/ParkingGarage_CityGML3.0_LOD2_with_CityObjectRelations_and_XLinks.gml",
         "EPSG:25832", "EPSG:25832", 27, 1, 0, 0, 0, 0, 132, 96, 10, 0},
        {"citygml3/Road_over_Bridge_CityGML3.0_LOD2_with_CityObjectRelations.gml", "EPSG:25832",
         "EPSG:25832", 11, 0, 0, 0, 0, 0, 28, 10, 4, 2},
        // Of 4 buildings and 5 parts those of the last version.
        {"citygml3/historicalSuccession_CityGML_3.0_LOD2_Versioning.gml", "EPSG:3946", NULL, 5, 5,
         0, 0, 0, 0, 33, 21, 9, 3},
        {"citygml3/lod2_buildings_v3.gml", "EPSG:25833", NULL, 100, 100, 0, 0, 0, 0, 700, 400, 200,
         100},
        {"citygml3/53394517_bldg_6697_2_op_CityGML3.gml", "EPSG:6677", NULL, 1, 1, 0, 0, 0, 0, 785,
         370, 279, 1},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) check(&files[i]);
}

// The buildings of the file by the version or the time that is asked for.
static void versions_arrive_one_at_a_time(void **state) {
    (void)state;
    static const char file[] = "citygml3/historicalSuccession_CityGML_3.0_LOD2_Versioning.gml";
    static const expected old = {file, "EPSG:3946", NULL, 4, 4, 0, 0, 0, 0, 17, 10, 5, 2};
    static const expected last = {file, "EPSG:3946", NULL, 5, 5, 0, 0, 0, 0, 33, 21, 9, 3};
    as_of = "v1.0";
    check(&old);
    as_of = "2007-07-07";
    check(&old);
    as_of = "v2.0";
    check(&last);
    as_of = "2015-01-01";
    check(&last);
    as_of = NULL;
}

// ---- what the objects are -----------------------------------------------------------------------

static size_t of_kind(const char *cls, const char *kind) {
    size_t n = 0;
    for (size_t i = 0; i < n_all; i++)
        n += strcmp(all[i].f.cls->name, cls) == 0 &&
             strcmp(ct_feature_text(&all[i].f, "kind", ""), kind) == 0;
    return n;
}

// Buildings and rooms around a volume, and those that are parts of another.
static void count_bodies(size_t *solid, size_t *parts) {
    *solid = *parts = 0;
    for (size_t i = 0; i < n_all; i++) {
        const char *cls = all[i].f.cls->name;
        const bool house = strcmp(cls, "building") == 0 || strcmp(cls, "space") == 0;
        *solid += house && all[i].volume_m3 > 0;
        *parts += *ct_feature_text(&all[i].f, "part_of", "") != '\0';
    }
}

// Elements of the files, counted by their tags.
static void objects_keep_their_meaning(void **state) {
    (void)state;
    static const struct {
        const char *file, *twin;
        size_t door, window, furniture, unit, device, solid, part;
    } files[] = {
        {"citygml2/Potsdam_LoD1.gml", "EPSG:25833", 0, 0, 0, 0, 0, 97, 0},
        // Two of them have no solid, but surfaces around a volume.
        {"citygml2/lod3_building_v2.gml", "EPSG:25833", 2, 21, 0, 0, 0, 1, 0},
        {"citygml2/Building_LOD3-EPSG25832.gml", "EPSG:25832", 1, 2, 0, 0, 0, 1, 0},
        {"citygml2/Building_LOD4-EPSG25832.gml", "EPSG:25832", 2, 4, 1, 0, 0, 2, 0},
        {"citygml2/Building_and_garage_LOD2-EPSG25832.gml", "EPSG:25832", 0, 0, 0, 0, 0, 2, 1},
        {"citygml3/lod2_buildings_v3.gml", "EPSG:25833", 0, 0, 0, 0, 0, 100, 0},
        {"citygml3/Building_LOD3-EPSG25832.gml", "EPSG:25832", 2, 4, 1, 0, 0, 2, 0},
        {"citygml3/BuildingUnits_Storeys_xlink.gml", "EPSG:25832", 0, 0, 0, 2, 0, 1, 0},
        {"citygml3/Building_CityGML3.0_with_Dynamizer_and_SensorConnection_V1.gml", "EPSG:31468", 0,
         0, 0, 0, 1, 1, 0},
        {"citygml3/Building_CityGML3.0_with_Dynamizer_and_inline_Timeseries.gml", "EPSG:31468", 0,
         0, 0, 0, 1, 1, 0},
        {"cityjson/DH_01_subs.city.json", "EPSG:28992", 0, 0, 0, 0, 0, 9, 8},
        {"cityjson/lod2_buildings_v2.city.json", "EPSG:25833", 0, 0, 0, 0, 0, 100, 0},
    };
    size_t n_wrong = 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[512];
        size_t solid, part;
        snprintf(path, sizeof path, "%s/bim/%s", data_folder(), files[i].file);
        must(import(path, files[i].twin, files[i].twin));
        count_bodies(&solid, &part);
        const size_t got[] = {of_kind("opening", "door"),
                              of_kind("opening", "window"),
                              of_kind("element", "furniture"),
                              count_of("building_unit"),
                              count_of("device"),
                              solid,
                              part};
        const size_t want[] = {files[i].door,   files[i].window, files[i].furniture, files[i].unit,
                               files[i].device, files[i].solid,  files[i].part};
        static const char *const names[] = {"doors",   "windows", "furniture", "units",
                                            "devices", "solids",  "parts"};
        for (size_t k = 0; k < sizeof got / sizeof *got; k++)
            if (got[k] != want[k])
                print_error("%s: %zu %s, %zu expected\n", files[i].file, got[k], names[k], want[k]);
        n_wrong += memcmp(got, want, sizeof got) != 0;
    }
    assert_int_equal(n_wrong, 0);
}

// The extent that GDAL gives, in the file's own system.
static void the_place_is_that_of_the_file(void **state) {
    (void)state;
    char path[512];
    ct_box3 box = {{INFINITY, INFINITY, INFINITY}, {-INFINITY, -INFINITY, -INFINITY}};
    snprintf(path, sizeof path, "%s/bim/citygml2/Potsdam_LoD1.gml", data_folder());
    must(import(path, "EPSG:25833", NULL));
    for (size_t i = 0; i < n_all; i++)
        for (int k = 0; k < 3 && all[i].n_parts; k++) {
            box.min[k] = fmin(box.min[k], all[i].box.min[k]);
            box.max[k] = fmax(box.max[k], all[i].box.max[k]);
        }
    assert_float_equal(box.min[0], 366970.148, 1e-3);
    assert_float_equal(box.min[1], 5807975.840, 1e-3);
    assert_float_equal(box.max[0], 367588.814, 1e-3);
    assert_float_equal(box.max[1], 5808520.993, 1e-3);
    found("vertical-datum", "Potsdam_LoD1.gml", "EPSG:5783");
}

// What a dynamizer of the sample changes, and by which values.
static void dynamizers_arrive_with_their_series(void **state) {
    (void)state;
    char path[512];
    snprintf(path, sizeof path,
             "%s/bim/citygml3/Building_CityGML3.0_with_Dynamizer_and_inline_Timeseries.gml",
             data_folder());
    must(import(path, "EPSG:31468", NULL));
    const seen *d = of_id("roofsurface1_Dynamizer");
    assert_string_equal(ct_feature_text(&d->f, "property", ""), "DiffuseIrradiationPerMonth");
    assert_string_equal(ct_feature_text(&d->f, "unit", ""), "kWh");
    const char *series = property(d, "dynamizer", "timeseries")->value.as.text;
    assert_non_null(strstr(series, "[[\"2019-01\",1454.63],"));
    assert_non_null(strstr(series, ",[\"2019-12\",1391.29]]"));
    snprintf(path, sizeof path,
             "%s/bim/citygml3/Building_CityGML3.0_with_Dynamizer_and_SensorConnection_V1.gml",
             data_folder());
    must(import(path, "EPSG:31468", NULL));
    d = of_id("room1_Dynamizer");
    assert_string_equal(ct_feature_text(&d->f, "kind", ""), "temperature");
    assert_string_equal(property(d, "dynamizer", "connectionType")->value.as.text, "ogc_sta_1.0");
    assert_string_equal(property(d, "dynamizer", "baseURL")->value.as.text,
                        "http://127.0.0.1:8080/FROST-Server/v1.0");
}

static void indoorgml_arrives_whole(void **state) {
    (void)state;
    static const expected files[] = {
        // 1 building, 3 storeys made up, 14 cells, 30 transitions
        {"indoorgml/FJK-Haus_IndoorGML_withEXR-corrected_1_0_3.gml", "EPSG:25832", "EPSG:25832", 48,
         1, 14, 3, 0, 0, 358, 0, 0, 0},
        // 1 building, 3 storeys, 80 cells, 186 transitions, 6 boundaries without one; 184
        // boundaries
        {"indoorgml/v103-PNU-bldg201_3d.gml", "EPSG:5179", "EPSG:5179", 276, 1, 80, 3, 0, 0, 1322,
         0, 0, 0},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) check(&files[i]);
    assert_int_equal(count_of("connection"), 186);
    // The areas are volume by height; the wells in these two are faces laid on their floors. What
    // cells share is what the indoor model finds of their floors, times their height.
    assert_float_equal(ct_feature_number(&of_id("C34")->f, "area_m2", 0), 5038.11, 0.01);
    assert_float_equal(ct_feature_number(&of_id("C35")->f, "area_m2", 0), 5196.67, 0.01);
    found("cells-overlap", "CellSpace C34", "val3dity 701: it shares 217.307 m3 with C39");
    assert_int_equal(findings("cells-overlap"), 3);
    found("transition-apart", "v103", "val3dity 704: 8 of 186 transitions");
    for (size_t i = 0; i < n_all; i++) {
        if (strcmp(all[i].f.cls->name, "connection") != 0) continue;
        assert_true(*ct_feature_text(&all[i].f, "space_a", ""));
        assert_true(*ct_feature_text(&all[i].f, "space_b", ""));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cityjson_arrives_whole),
        cmocka_unit_test(wrong_cityjson_is_refused),
        cmocka_unit_test(citygml_2_arrives_whole),
        cmocka_unit_test(citygml_3_arrives_whole),
        cmocka_unit_test(versions_arrive_one_at_a_time),
        cmocka_unit_test(objects_keep_their_meaning),
        cmocka_unit_test(the_place_is_that_of_the_file),
        cmocka_unit_test(dynamizers_arrive_with_their_series),
        cmocka_unit_test(indoorgml_arrives_whole),
    };
    char path[512];
    snprintf(path, sizeof path, "%s/bim/cityjson", data_folder());
    if (!ct_dir_exists(path)) {
        printf("skipped: no %s (CIMTWIN_TEST_DATA)\n", path);
        return 77;
    }
    return cmocka_run_group_tests(tests, setup, teardown);
}
