// Every allocation of an import failing once: no crash, no block and no file left, and never a
// false success.
#include "../unit/ingest/harness.h"

#include "fault.h"
#include "ingest/overrides.h"

static ct_err check_once(const char *path, const ct_ingest_options *o, int64_t *total) {
    ct_ingest_report *r = ct_ingest_report_new(catalogue);
    if (!r) return CT_NOMEM;
    ct_err err = ct_ingest_file(path, o, NULL, r);
    *total = ct_ingest_total(r);
    ct_ingest_report_free(r);
    return err;
}

static ct_err count_file(void *context, const char *name, bool is_dir) {
    (void)name;
    *(size_t *)context += !is_dir;
    return CT_OK;
}

// One import with the n-th allocation failing; false when there was none such.
static bool fail_nth(const char *path, const ct_ingest_options *o, long n, int64_t expected) {
    const long before = ct_mem_live();
    int64_t total = 0;
    ct_mem_fail_at(n, false);
    const ct_err err = check_once(path, o, &total);
    const bool reached = ct_mem_failed();
    ct_mem_fail_at(0, false);
    if (ct_mem_live() != before) fail_msg("%s: allocation %ld: blocks are left", path, n);
    if (err == CT_OK) assert_int_equal(total, expected);
    if (err != CT_OK && (!reached || err != CT_NOMEM || !*ct_err_message()))
        fail_msg("%s: allocation %ld: %s: %s", path, n, ct_err_name(err), ct_err_message());
    return reached;
}

static void sweep(const char *path, int64_t expected) {
    ct_ingest_options o = options_for();
    o.terrain_folder = in_folder("terrain");
    int64_t total = 0;
    must(check_once(path, &o, &total)); // makes the thread's transforms
    assert_int_equal(total, expected);
    long n = 1;
    while (fail_nth(path, &o, n, expected)) n++;
    assert_true(n > 5);
    size_t files = 0;
    must(ct_dir_list(in_folder("terrain"), count_file, &files));
    assert_int_equal(files, 0);
}

static void vector_files(void **state) {
    (void)state;
    must(ct_dir_make(in_folder("terrain")));
    sweep(DATA("buildings.geojson"), 3);
    sweep(DATA("bowtie.geojson"), 2);
}

static void building_models(void **state) {
    (void)state;
    sweep(DATA("house.ifc"), 15);
    sweep(DATA("shapes.ifc"), 15);
    sweep(DATA("booleans.ifc"), 8);
}

// Properties of names so long that most of them need a block of memory of their own.
static void city_model_with_long_names(void **state) {
    (void)state;
    enum { N = 12, LONG = 40000 };
    static char name[LONG + 1], text[2 * N * (LONG + 100)];
    memset(name, 'n', LONG);
    size_t n = (size_t)snprintf(
        text, sizeof text,
        "<CityModel xmlns=\"http://www.opengis.net/citygml/2.0\" xmlns:g=\"g\"><cityObjectMember>"
        "<Building g:id=\"B\"><lod1MultiSurface><g:MultiSurface srsName=\"EPSG:4547\">"
        "<g:surfaceMember><g:Polygon><g:exterior><g:LinearRing><g:posList>500000 2500000 0 "
        "500009 2500000 0 500009 2500008 0 500000 2500000 0</g:posList></g:LinearRing></g:exterior>"
        "</g:Polygon></g:surfaceMember></g:MultiSurface></lod1MultiSurface>");
    for (int i = 0; i < N; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "<%s><x>1</x></%s>", name, name);
    n += (size_t)snprintf(text + n, sizeof text - n, "</Building></cityObjectMember></CityModel>");
    must(ct_file_write(in_folder("a.citygml"), text, n));
    sweep(in_folder("a.citygml"), 1);
}

// Members that need each other, versions, groups, dynamizers: 1 building, 1 storey, 1 room, 1
// device and a group without a building.
static void city_model_of_linked_members(void **state) {
    (void)state;
    sweep(DATA("whole.gml"), 5);
}

// Two cells that overlap, in layers: with the building, its storey and a way.
static void indoor_model_of_layers(void **state) {
    (void)state;
    sweep(DATA("layers.gml"), 5);
}

static void rasters(void **state) {
    (void)state;
    sweep(DATA("dem.asc"), 1);
}

static void openstreetmap(void **state) {
    (void)state;
    // The rules alone take some thousand allocations: the file once, then every 40th of them.
    ct_ingest_options o = options_for();
    int64_t total = 0;
    must(check_once(DATA("block.osm"), &o, &total));
    assert_int_equal(total, 11);
    long n = 1;
    while (fail_nth(DATA("block.osm"), &o, n, 11)) n += 40;
    assert_true(n > 1000);
}

// ---- overrides ----------------------------------------------------------------------------------

static const char *table;

// Reads the table and puts all its values into one feature, which a failure leaves as it was.
static ct_err override_once(void *context) {
    const ct_class *cls = context;
    ct_arena *a = ct_arena_new(64, 0);
    ct_diagnostics *d = ct_diagnostics_new(10);
    ct_override *lines = NULL;
    ct_feature f;
    size_t n = 0;
    ct_err err = a && d ? ct_feature_new(&f, a, cls) : CT_NOMEM;
    if (err == CT_OK) err = ct_feature_set_text(&f, "kind", "door");
    if (err == CT_OK) err = ct_overrides_read(&lines, &n, a, table, d);
    for (size_t i = 0; err == CT_OK && i < n; i++) {
        const ct_value *before = f.values;
        err = ct_override_apply(&f, a, &lines[i]);
        assert_int_equal(f.values == before, err != CT_OK);
    }
    if (err == CT_OK) assert_string_equal(ct_feature_text(&f, "name", ""), "Front \"A\"");
    ct_diagnostics_free(d);
    ct_arena_free(a);
    return err;
}

static void overrides(void **state) {
    enum { ROWS = 300 }; // more than the first room for rows
    static const char first[] = "id,attribute,value\n";
    static char text[ROWS * 40 + 100];
    size_t length = (size_t)snprintf(text, sizeof text, "%s", first);
    (void)state;
    for (int i = 0; i < ROWS; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "d,%s\n",
                                   i % 2 ? "name,\"Front \"\"A\"\"\"" : "width_m,0.9");
    table = in_folder("doors.csv");
    must(ct_file_write(table, text, length));
    const ct_class *cls = ct_catalogue_by_name(catalogue, "opening");
    assert_true(fault_every_allocation(override_once, (void *)(uintptr_t)cls) > 20);
}

static void openstreetmap_indoors(void **state) {
    (void)state;
    // Every one of the reading and of the features; of the rules, which take some thousand, and of
    // what is outdoors every 23rd.
    ct_ingest_options o = options_for();
    int64_t total = 0;
    long n = 1, last;
    must(check_once(DATA("two_storeys.osm"), &o, &total));
    assert_int_equal(total, 50);
    while (fail_nth(DATA("two_storeys.osm"), &o, n, 50)) n += n < 40 ? 1 : 23;
    for (last = n; !fail_nth(DATA("two_storeys.osm"), &o, last, 50);) last--;
    assert_true(last > 3000);
    for (n = last - 300; n <= last; n++) assert_true(fail_nth(DATA("two_storeys.osm"), &o, n, 50));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vector_files),
        cmocka_unit_test(building_models),
        cmocka_unit_test(city_model_with_long_names),
        cmocka_unit_test(city_model_of_linked_members),
        cmocka_unit_test(indoor_model_of_layers),
        cmocka_unit_test(rasters),
        cmocka_unit_test(openstreetmap),
        cmocka_unit_test(openstreetmap_indoors),
        cmocka_unit_test(overrides),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
