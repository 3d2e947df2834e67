// Export to IFC4: a small house written and read again, names and ids of all kinds, what it
// refuses, and that nothing stays of an export that failed.
#include "cmk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "export/export.h"
#include "ingest/ingest.h"
#include "scratch.h"

#define ok(expression)          assert_string_equal(ct_err_name(expression), "OK")
#define fails(expression, name) assert_string_equal(ct_err_name(expression), name)

enum { MAX_READ = 16 };

typedef struct fixture {
    char folder[128], path[160];
    ct_catalogue *catalogue;
    ct_arena *arena;
    ct_export *export;
    ct_feature read[MAX_READ];
    double volume[MAX_READ], bottom[MAX_READ], east[MAX_READ];
    bool refers[MAX_READ];
    int n_read;
} fixture;

static int setup(void **state) {
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    scratch_make(f->folder);
    (void)snprintf(f->path, sizeof f->path, "%s/out.ifc", f->folder);
    ok(ct_catalogue_load(&f->catalogue, NULL));
    f->arena = ct_arena_new(1 << 14, 0);
    assert_non_null(f->arena);
    *state = f;
    return 0;
}

static int teardown(void **state) {
    fixture *f = *state;
    ct_catalogue_free(f->catalogue);
    ct_arena_free(f->arena);
    scratch_remove(f->folder);
    free(f);
    return 0;
}

// ---- features -----------------------------------------------------------------------------------

static ct_feature feature(const fixture *f, const char *cls, const char *id) {
    ct_feature out;
    ok(ct_feature_new(&out, f->arena, ct_catalogue_by_name(f->catalogue, cls)));
    out.id = id;
    return out;
}

static void text(ct_feature *f, const char *attr, const char *value) {
    ok(ct_feature_set_text(f, attr, value));
}

static void at(ct_feature *f, double *xyz) {
    static uint32_t end = 1;
    f->geom = (ct_geom){CT_GEOM_POINT, true, 1, 1, 1, xyz, &end, &end};
}

// A box of 4 x 3 x 2.5 m.
static double box_points[] = {0, 0, 0,   4, 0, 0,   4, 3, 0,   0, 3, 0,
                              0, 0, 2.5, 4, 0, 2.5, 4, 3, 2.5, 0, 3, 2.5};
static uint32_t box_triangles[] = {0, 2, 1, 0, 3, 2, 4, 5, 6, 4, 6, 7, 0, 1, 5, 0, 5, 4,
                                   1, 2, 6, 1, 6, 5, 2, 3, 7, 2, 7, 6, 3, 0, 4, 3, 4, 7};
static uint32_t box_faces[] = {2, 4, 6, 8, 10, 12};
static const ct_mesh box = {8, 12, 6, box_points, box_triangles, box_faces, NULL};

// Turned by 30 degrees, in the twin's system; every axis times its scale.
static ct_body_part part_at(double east, double north, double up, double sx, double sy, double sz) {
    const double c = sqrt(0.75), s = 0.5;
    return (ct_body_part){&box,
                          {{c * sx, -s * sy, 0, east, s * sx, c * sy, 0, north, 0, 0, sz, up}},
                          {"Plaster", {0.5F, 0.25F, 1, 0.5F}},
                          4};
}

static void put(fixture *f, const ct_feature *feature) {
    ok(ct_export_class(f->export, feature->cls));
    ok(ct_export_put(f->export, feature));
}

static void open_export(fixture *f) {
    const ct_export_options options = {.twin_crs = "EPSG:4547"};
    ok(ct_export_open(&f->export, f->path, &options));
}

// ---- reading back -------------------------------------------------------------------------------

static ct_err see(void *context, const ct_feature *feature) {
    fixture *f = context;
    ct_box3 bounds;
    assert_true(f->n_read < MAX_READ);
    const int i = f->n_read++;
    ok(ct_feature_copy(&f->read[i], f->arena, feature));
    f->refers[i] = feature->refers;
    f->volume[i] = feature->body ? ct_body_volume_m3(feature->body) : 0;
    if (feature->body && ct_body_box(&bounds, feature->body)) {
        f->bottom[i] = bounds.min[2];
        f->east[i] = bounds.min[0];
    }
    return CT_OK;
}

static void read_back(fixture *f) {
    const ct_ingest_options options = {.catalogue = f->catalogue, .twin_crs = "EPSG:4547"};
    const ct_sink sink = {see, f};
    ct_ingest_report *report = ct_ingest_report_new(f->catalogue);
    ok(ct_ingest_file(f->path, &options, &sink, report));
    const ct_diagnostics *found = ct_ingest_diagnostics(report);
    for (size_t i = 0; i < ct_diagnostics_kept(found); i++)
        if (ct_diagnostics_at(found, i)->severity != CT_SEVERITY_INFO)
            fail_msg("%s: %s", ct_diagnostics_at(found, i)->where,
                     ct_diagnostics_at(found, i)->text);
    ct_ingest_report_free(report);
}

static int find(const fixture *f, const char *id) {
    for (int i = 0; i < f->n_read; i++)
        if (strcmp(f->read[i].id, id) == 0) return i;
    fail_msg("%s is missing", id);
    return -1;
}

static const char *read_text(const fixture *f, const char *id, const char *attr) {
    return ct_feature_text(&f->read[find(f, id)], attr, "");
}

// ---- tests --------------------------------------------------------------------------------------

static void small_house(void **state) {
    fixture *f = *state;
    double door_at[] = {503002.25, 3380001.5, 25.25}, sensor_at[] = {503001, 3380002, 27.5};
    ct_feature building = feature(f, "building", "bldg-1"), storey = feature(f, "storey", "s-0");
    ct_feature space = feature(f, "space", "2O2Fr~24t4X7Zf8NOew3FLOH"),
               wall = feature(f, "element", "w-1");
    ct_feature door = feature(f, "opening", "d-1"), sensor = feature(f, "device", "dev-1");
    ct_feature zone = feature(f, "zone", "flat-1");
    text(&building, "name", "House 'A'\\B");
    text(&building, "name_zh", "1号楼");
    ok(ct_feature_set_number(&building, "residents", 12));
    text(&storey, "building", "bldg-1");
    ok(ct_feature_set_number(&storey, "level", 0));
    ok(ct_feature_set_number(&storey, "elevation_m", 25.25));
    text(&space, "storey", "s-0");
    text(&space, "use", "bedroom");
    text(&space, "zone", "flat-1");
    space.source_id = "2O2Fr$t4X7Zf8NOew3FLOH";
    ok(ct_feature_set_number(&space, "elevation_m", 25.25));
    const ct_body_part room = part_at(503000.1, 3380000.2, 25.25, 1, 1, 1),
                       sheared = part_at(503000, 3380000, 25, 1, 0.1, 1),
                       panel = part_at(503002, 3380001, 25.25, 0.25, 0.25, 0.25);
    const ct_body room_body = {1, &room}, wall_body = {1, &sheared}, door_body = {1, &panel};
    const ct_property property = {
        "Pset_DoorCommon", "FireRating", {CT_VALUE_TEXT, {.text = "EI 60"}}, ""};
    space.body = &room_body;
    wall.body = &wall_body;
    text(&wall, "kind", "wall");
    text(&wall, "building", "bldg-1");
    text(&wall, "storey", "s-0");
    text(&door, "kind", "door");
    text(&door, "host", "w-1");
    text(&door, "storey", "s-0");
    text(&door, "space_a", space.id);
    text(&door, "fire_rating", "EI 60");
    ok(ct_feature_set_number(&door, "width_m", 1));
    at(&door, door_at);
    door.body = &door_body;
    door.properties = &property;
    door.n_properties = 1;
    text(&sensor, "kind", "smoke_detector");
    text(&sensor, "property", "smoke_pct_m");
    text(&sensor, "space", space.id);
    text(&sensor, "storey", "s-0");
    ok(ct_feature_set_number(&sensor, "threshold_red", 3.5));
    at(&sensor, sensor_at);
    text(&zone, "kind", "group");

    open_export(f);
    const ct_feature *all[] = {&building, &storey, &space, &zone, &door, &wall, &sensor};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) put(f, all[i]);
    assert_int_equal(ct_export_count(f->export), 7);
    ok(ct_export_commit(f->export));
    read_back(f);

    assert_int_equal(f->n_read, 7);
    assert_string_equal(read_text(f, "bldg-1", "name"), "House 'A'\\B");
    assert_string_equal(read_text(f, "bldg-1", "name_zh"), "1号楼");
    assert_near(ct_feature_number(&f->read[find(f, "bldg-1")], "residents", 0), 12, 0);
    assert_string_equal(read_text(f, "s-0", "building"), "bldg-1");
    assert_string_equal(read_text(f, space.id, "storey"), "s-0");
    assert_string_equal(read_text(f, space.id, "use"), "bedroom");
    assert_string_equal(read_text(f, space.id, "zone"), "flat-1");
    assert_string_equal(f->read[find(f, space.id)].source_id, space.source_id);
    assert_false(f->refers[find(f, space.id)]); // its GlobalId tells its id
    assert_true(f->refers[find(f, "w-1")]);
    assert_string_equal(read_text(f, "d-1", "host"), "w-1");
    assert_string_equal(read_text(f, "d-1", "space_a"), space.id);
    assert_string_equal(read_text(f, "d-1", "fire_rating"), "EI 60");
    assert_string_equal(read_text(f, "dev-1", "space"), space.id);
    assert_near(ct_feature_number(&f->read[find(f, "dev-1")], "threshold_red", 0), 3.5, 0);
    for (int k = 0; k < 2; k++) assert_near(f->read[find(f, "d-1")].geom.xyz[k], door_at[k], 1e-9);
    assert_near(f->read[find(f, "dev-1")].geom.xyz[1], 3380002, 1e-9);

    const double volume = 4 * 3 * 2.5;
    assert_near(f->volume[find(f, space.id)], volume, 1e-6);
    assert_near(f->bottom[find(f, space.id)], 25.25, 1e-6);
    assert_near(f->east[find(f, space.id)], 503000.1 - 1.5, 1e-5);
    assert_near(f->volume[find(f, "w-1")], volume * 0.1, 1e-4);
    assert_near(f->volume[find(f, "d-1")], volume / 64, 1e-6);
}

static void what_hangs_nowhere(void **state) {
    fixture *f = *state;
    ct_feature space = feature(f, "space", "room-1");
    text(&space, "storey", "of-another-file");
    open_export(f);
    put(f, &space);
    ok(ct_export_commit(f->export));
    char *written = NULL;
    size_t n;
    ok(ct_file_read(&written, &n, f->path, 1 << 20));
    assert_non_null(strstr(written, "IFCRELAGGREGATES"));
    assert_non_null(strstr(written, "'room-1'"));
    ct_free(written);
}

static void the_same_twice(void **state) {
    fixture *f = *state;
    ct_feature zone = feature(f, "zone", "z-1");
    open_export(f);
    put(f, &zone);
    fails(ct_export_put(f->export, &zone), "EXISTS");
    assert_non_null(strstr(ct_err_message(), "z-1"));
    ct_export_abort(f->export);
    assert_false(ct_file_exists(f->path));
}

static void classes_have_an_order(void **state) {
    fixture *f = *state;
    open_export(f);
    assert_true(ct_export_takes_bodies(f->export));
    assert_string_equal(ct_export_class_at(f->export, f->catalogue, 0)->name, "site");
    assert_string_equal(ct_export_class_at(f->export, f->catalogue, 3)->name, "space");
    assert_null(ct_export_class_at(f->export, f->catalogue, 10));
    assert_true(ct_export_takes(f->export, ct_catalogue_by_name(f->catalogue, "device")));
    assert_false(ct_export_takes(f->export, ct_catalogue_by_name(f->catalogue, "road")));
    ct_export_abort(f->export);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(small_house, setup, teardown),
        cmocka_unit_test_setup_teardown(what_hangs_nowhere, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(classes_have_an_order, setup, teardown),
    };
    return cmocka_run_group_tests_name("export_ifc", tests, NULL, NULL);
}
