// Export: the frame's refusals, what an abort leaves, and a GeoPackage that is read again.
#include "cmk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gdal.h>
#include <ogr_api.h>

#include "base/file.h"
#include "export/export.h"
#include "ingest/ingest.h"

#define ok(expression)          assert_string_equal(ct_err_name(expression), "OK")
#define fails(expression, name) assert_string_equal(ct_err_name(expression), name)

typedef struct fixture {
    char folder[64], path[96];
    ct_catalogue *catalogue;
    ct_arena *arena;
    int n_read, n_properties;
    char ids[64];   // id and source id of the features read, "id/source " each
    char text[200]; // set, name and value of the properties read, "set/name=value " each
} fixture;

static int setup(void **state) {
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/ct-export-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    (void)snprintf(f->path, sizeof f->path, "%s/out.gpkg", f->folder);
    ok(ct_catalogue_load(&f->catalogue, NULL));
    f->arena = ct_arena_new(1 << 12, 0);
    assert_non_null(f->arena);
    *state = f;
    return 0;
}

static int teardown(void **state) {
    fixture *f = *state;
    ct_catalogue_free(f->catalogue);
    ct_arena_free(f->arena);
    ok(ct_dir_remove(f->folder));
    free(f);
    return 0;
}

static ct_feature hydrant(const fixture *f, const char *id) {
    static double at[2] = {500000, 3380000};
    static uint32_t end = 1;
    ct_feature h;
    ok(ct_feature_new(&h, f->arena, ct_catalogue_by_name(f->catalogue, "hydrant")));
    h.geom = (ct_geom){CT_GEOM_POINT, false, 1, 1, 1, at, &end, &end};
    h.id = id;
    ok(ct_feature_set_number(&h, "flow_m3s", 0.015));
    return h;
}

static const ct_export_options plain = {.twin_crs = "EPSG:4547"};

static void write_two(fixture *f) {
    const ct_property properties[2] = {
        {"Pset_A", "b", {CT_VALUE_REAL, {.real = 1.0 / 3}}, "m"},
        {"Pset_A", "a", {CT_VALUE_TEXT, {.text = "消火栓"}}, ""},
    };
    ct_export *e = NULL;
    ct_feature one = hydrant(f, "h-1"), two = hydrant(f, "2"); // a number too is an id
    two.source_id = "FH 2";
    one.properties = properties;
    one.n_properties = 2;
    ok(ct_export_open(&e, f->path, &plain));
    assert_true(ct_export_takes_properties(e));
    ok(ct_export_class(e, one.cls));
    ok(ct_export_put(e, &one));
    ok(ct_export_put(e, &two));
    assert_int_equal(ct_export_count(e), 2);
    assert_false(ct_file_exists(f->path));
    ok(ct_export_commit(e));
    assert_true(ct_file_exists(f->path));
}

static ct_err see(void *context, const ct_feature *feature) {
    fixture *f = context;
    const size_t known = strlen(f->ids);
    f->n_read++;
    (void)snprintf(f->ids + known, sizeof f->ids - known, "%s/%s ", feature->id,
                   feature->source_id ? feature->source_id : "");
    assert_near(ct_feature_number(feature, "flow_m3s", 0), 0.015, 0);
    for (size_t i = 0; i < feature->n_properties; i++) {
        const ct_property *p = &feature->properties[i];
        const size_t used = strlen(f->text);
        f->n_properties++;
        if (p->value.kind == CT_VALUE_TEXT)
            (void)snprintf(f->text + used, sizeof f->text - used, "%s/%s=%s ", p->set, p->name,
                           p->value.as.text);
        else
            (void)snprintf(f->text + used, sizeof f->text - used, "%s/%s=%.17g%s ", p->set, p->name,
                           p->value.as.real, p->unit);
    }
    return CT_OK;
}

static ct_err read_back(fixture *f, ct_ingest_report *report) {
    const ct_ingest_options options = {.catalogue = f->catalogue, .twin_crs = "EPSG:4547"};
    const ct_sink sink = {see, f};
    return ct_ingest_file(f->path, &options, &sink, report);
}

static void there_and_back(void **state) {
    fixture *f = *state;
    write_two(f);
    ct_ingest_report *report = ct_ingest_report_new(f->catalogue);
    ok(read_back(f, report));
    assert_int_equal(ct_diagnostics_kept(ct_ingest_diagnostics(report)), 0);
    ct_ingest_report_free(report);
    assert_int_equal(f->n_read, 2);
    assert_string_equal(f->ids, "h-1/ 2/FH 2 ");
    assert_string_equal(f->text, "Pset_A/b=0.33333333333333331m Pset_A/a=消火栓 ");
}

static void run_sql(const fixture *f, const char *sql) {
    GDALDatasetH data = GDALOpenEx(f->path, GDAL_OF_VECTOR | GDAL_OF_UPDATE, NULL, NULL, NULL);
    assert_non_null(data);
    (void)GDALDatasetExecuteSQL(data, sql, NULL, NULL);
    GDALClose(data);
}

// A property that somebody broke is named by file, table and row.
static void broken_properties(void **state) {
    fixture *f = *state;
    write_two(f);
    run_sql(f, "UPDATE property_sets SET value='much' WHERE name='b'");
    run_sql(f, "UPDATE property_sets SET type='number' WHERE name='a'");
    ct_ingest_report *report = ct_ingest_report_new(f->catalogue);
    fails(read_back(f, report), "PARSE");
    const ct_diagnostics *found = ct_ingest_diagnostics(report);
    assert_int_equal(ct_diagnostics_count(found, CT_SEVERITY_ERROR), 2);
    assert_string_equal(ct_diagnostics_at(found, 0)->where, "out.gpkg:property_sets:row 1");
    assert_string_equal(ct_diagnostics_at(found, 0)->text, "value: \"much\" is no real number");
    assert_string_equal(ct_diagnostics_at(found, 1)->text,
                        "value: \"number\" is no type of a property");
    ct_ingest_report_free(report);
    assert_int_equal(f->n_read, 0);
}

// Properties of a feature that somebody deleted in a GIS are told of.
static void properties_left_out(void **state) {
    fixture *f = *state;
    write_two(f);
    run_sql(f, "DELETE FROM hydrants WHERE id='h-1'");
    ct_ingest_report *report = ct_ingest_report_new(f->catalogue);
    ok(read_back(f, report));
    const ct_diagnostics *found = ct_ingest_diagnostics(report);
    assert_int_equal(ct_diagnostics_kept(found), 1);
    assert_string_equal(ct_diagnostics_at(found, 0)->text,
                        "2 properties are of features that the file does not hold; the first of "
                        "\"h-1\"");
    ct_ingest_report_free(report);
    assert_int_equal(f->n_read, 1);
}

static ct_err count_entry(void *context, const char *name, bool is_dir) {
    (void)name;
    (void)is_dir;
    ++*(int *)context;
    return CT_OK;
}

static void aborted(void **state) {
    fixture *f = *state;
    ct_export *e = NULL;
    const ct_feature h = hydrant(f, "h-1");
    ok(ct_export_open(&e, f->path, &plain));
    ok(ct_export_class(e, h.cls));
    ok(ct_export_put(e, &h));
    ct_export_abort(e);
    int entries = 0;
    ok(ct_dir_list(f->folder, count_entry, &entries));
    assert_int_equal(entries, 0);
    ct_export_abort(NULL);
}

// An id that comes twice breaks the layer's uniqueness: an error, and no file.
static void refusals(void **state) {
    fixture *f = *state;
    ct_export *e = NULL;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/out.docx", f->folder);
    fails(ct_export_open(&e, path, &plain), "UNSUPPORTED");
    (void)snprintf(path, sizeof path, "%s/none/out.gpkg", f->folder);
    fails(ct_export_open(&e, path, &plain), "NOTFOUND");
    ct_export_options options = plain;
    options.twin_crs = "EPSG:1";
    fails(ct_export_open(&e, f->path, &options), "CRS");
    const ct_feature h = hydrant(f, "h-1");
    ok(ct_export_open(&e, f->path, &plain));
    ok(ct_export_class(e, h.cls));
    ok(ct_export_put(e, &h));
    fails(ct_export_put(e, &h), "IO");
    ct_export_abort(e);
    assert_false(ct_file_exists(f->path));
    write_two(f);
    fails(ct_export_open(&e, f->path, &plain), "EXISTS");
    options = plain;
    options.replace = true;
    ok(ct_export_open(&e, f->path, &options));
    ok(ct_export_commit(e));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(there_and_back, setup, teardown),
        cmocka_unit_test_setup_teardown(broken_properties, setup, teardown),
        cmocka_unit_test_setup_teardown(properties_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(aborted, setup, teardown),
        cmocka_unit_test_setup_teardown(refusals, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
