// GeoJSON files: classes by name, attributes, ids, repair, and all or nothing.
#include "harness.h"
#include "ingest/geojson.h"

static void features_arrive_with_their_attributes(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    must(import(DATA("buildings.geojson"), &o));
    assert_int_equal(n_kept, 3);
    assert_int_equal(ct_ingest_count(report, ct_catalogue_by_name(catalogue, "building")), 3);
    assert_int_equal(ct_ingest_total(report), 3);

    const ct_feature *tower = by_id("bldg-1");
    assert_string_equal(tower->cls->name, "building");
    assert_string_equal(tower->source_id, "bldg-1");
    assert_string_equal(ct_feature_text(tower, "name", ""), "North Tower");
    assert_near(ct_feature_number(tower, "height_m", 0), 54.5, 0); // the field is Height_M
    assert_near(ct_feature_number(tower, "storeys_above", 0), 18, 0);
    assert_int_equal(tower->geom.type, CT_GEOM_MULTIPOLYGON);
    // 114 E is the central meridian: easting 500 km; 0.0003 x 0.0002 degrees are 28.8 m x 22.2 m
    // there.
    assert_near(tower->geom.xyz[0], 500000, 1e-3);
    assert_near(ct_geom_area_m2(&tower->geom), 28.8 * 22.18, 1.0);

    const ct_feature *kindergarten = by_id("building-bldg~202"); // "bldg 2" is no id
    assert_string_equal(kindergarten->source_id, "bldg 2");
    assert_string_equal(ct_feature_text(kindergarten, "use", ""),
                        "kindergarten");             // by its Chinese title
    assert_near(kindergarten->geom.xyz[2], 21.5, 0); // heights are kept

    assert_int_equal(ct_feature_get(&kept[2], "use")->kind, CT_VALUE_NULL); // "" is no code
    assert_int_equal(ct_feature_get(&kept[2], "height_m")->kind, CT_VALUE_NULL);
    assert_true(ct_id_ok(kept[2].id));

    found("unused-field", CT_SEVERITY_INFO, "buildings.geojson:buildings", "colour");
    assert_int_equal(count_of(CT_SEVERITY_INFO), 1);
    assert_int_equal(count_of(CT_SEVERITY_WARNING), 0);
}

static void the_user_may_name_the_class(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    o.class_name = "parkings"; // by collection
    must(import(DATA("buildings.geojson"), &o));
    assert_string_equal(kept[0].cls->name, "parking");
    o.class_name = "castle";
    failed_with(import(DATA("buildings.geojson"), &o), CT_ARG, "castle");
    assert_int_equal(n_kept, 0);
    o.class_name = "gate"; // polygons are no gates
    failed_with(import(DATA("buildings.geojson"), &o), CT_PARSE, "class gate has Point");
    assert_int_equal(n_kept, 0);
}

static void a_polygon_that_crosses_itself_is_repaired(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    must(import(DATA("bowtie.geojson"), &o));
    assert_int_equal(n_kept, 2);
    found("invalid-polygon", CT_SEVERITY_WARNING, "bowtie.geojson:greens:feature", "repaired");
    const ct_feature *bowtie = by_id("green-1"), *square = by_id("green-2");
    // two triangles of half the square's area together
    assert_int_equal(bowtie->geom.n_parts, 2);
    assert_near(ct_geom_area_m2(&bowtie->geom), ct_geom_area_m2(&square->geom) / 2, 2);

    o.strict = true;
    failed_with(import(DATA("bowtie.geojson"), &o), CT_PARSE, "bowtie.geojson:greens:feature");
    found("invalid-polygon", CT_SEVERITY_ERROR, "bowtie.geojson:greens:feature", "ntersection");
    assert_int_equal(n_kept, 0);
}

static void every_faulty_feature_is_named(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    failed_with(import(DATA("faulty.geojson"), &o), CT_PARSE, "2 more errors");
    assert_int_equal(count_of(CT_SEVERITY_ERROR), 3);
    found("attribute", CT_SEVERITY_ERROR, "faulty.geojson:gates:feature 1",
          "width_m: -6 is below 0");
    found("attribute", CT_SEVERITY_ERROR, "faulty.geojson:gates:feature 2", "drawbridge");
    found("geometry", CT_SEVERITY_ERROR, "faulty.geojson:gates:feature 3", "class gate has Point");
    assert_int_equal(n_kept,
                     1); // nothing after the first error; the caller rolls the first one back

    ct_buf buf;
    ct_jsonw w;
    json_t *json = NULL;
    ct_buf_init(&buf, 1 << 16);
    ct_jsonw_init(&w, &buf);
    ct_ingest_write_json(&w, report, "faulty.geojson");
    must(ct_buf_status(&buf));
    must(ct_json_parse(&json, buf.data, buf.len, buf.len));
    assert_string_equal(json_string_value(json_object_get(json, "source")), "faulty.geojson");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(json, "features"), "gate")),
                     2);
    const json_t *first = json_array_get(json_object_get(json, "diagnostics"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "severity")), "error");
    assert_string_equal(json_string_value(json_object_get(first, "rule")), "attribute");
    assert_non_null(json_object_get(first, "where"));
    assert_non_null(json_object_get(first, "text"));
    json_decref(json);
    ct_buf_fini(&buf);
}

static const char *written(const char *name, const char *text) {
    const char *path = in_folder(name);
    must(ct_file_write(path, text, strlen(text)));
    return path;
}

#define COLLECTION(name, features)                                                                 \
    "{\"type\":\"FeatureCollection\",\"name\":\"" name "\",\"features\":[" features "]}"
#define FEATURE(properties, geometry)                                                              \
    "{\"type\":\"Feature\",\"properties\":" properties ",\"geometry\":" geometry "}"
#define POINT "{\"type\":\"Point\",\"coordinates\":[114,30.5]}"

static void unknown_layers_files_and_formats_are_refused(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    failed_with(import(written("castles.geojson", COLLECTION("castles", FEATURE("{}", POINT))), &o),
                CT_PARSE, "--as");
    failed_with(import(in_folder("nothing.geojson"), &o), CT_NOTFOUND, "nothing.geojson");
    failed_with(
        import(written("gates.geojson", "{\"type\":\"FeatureCollection\",\"features\":["), &o),
        CT_PARSE, "gates.geojson: line 1, column 41: the file ends");
    failed_with(import(written("gates.txt", "hello"), &o), CT_UNSUPPORTED, "gates.txt");
    o.twin_crs = "EPSG:1";
    failed_with(import(DATA("buildings.geojson"), &o), CT_CRS, "the twin's CRS");
    // A reference to something else is no file that GDAL may follow.
    o = options_for();
    failed_with(import("/vsimem/x.geojson", &o), CT_NOTFOUND, "vsimem");
    failed_with(
        import(written("gates.vrt",
                       "<OGRVRTDataSource><OGRVRTLayer name=\"gates\"><SrcDataSource>"
                       "buildings.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"),
               &o),
        CT_UNSUPPORTED, "gates.vrt");
}

static void odd_features_are_handled(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    // no geometry: kept, with a warning
    must(import(written("gates.geojson", COLLECTION("gates", FEATURE("{\"id\":\"g-1\"}", "null"))),
                &o));
    assert_int_equal(kept[0].geom.type, CT_GEOM_NONE);
    assert_string_equal(kept[0].id, "g-1");
    found("no-geometry", CT_SEVERITY_WARNING, "gates.geojson:gates:feature", "no geometry");
    // a geometry where the class has none: left out
    must(import(
        written("households.geojson",
                COLLECTION("households", FEATURE("{\"building\":\"b-1\",\"members\":3}", POINT))),
        &o));
    assert_int_equal(kept[0].geom.type, CT_GEOM_NONE);
    found("unused-geometry", CT_SEVERITY_INFO, "households", "no geometry");
    // a bare number is no id of the twin
    must(import(written("gates.geojson", COLLECTION("gates", FEATURE("{\"id\":12}", POINT))), &o));
    assert_string_equal(kept[0].id, "gate-12");
    assert_string_equal(kept[0].source_id, "12");
    // a required attribute is missing
    failed_with(import(written("households.geojson",
                               COLLECTION("households", FEATURE("{\"members\":3}", "null"))),
                       &o),
                CT_PARSE, "building: a value is required");
    // collections of geometries
    failed_with(
        import(written("gates.geojson",
                       COLLECTION("gates",
                                  FEATURE("{}", "{\"type\":\"GeometryCollection\",\"geometries\":"
                                                "[" POINT "]}"))),
               &o),
        CT_PARSE, "geometry");
    // times
    must(import(
        written(
            "events.geojson",
            COLLECTION("events",
                       FEATURE("{\"kind\":\"fire\",\"start_time\":\"2026-07-20T20:00:00+08:00\"}",
                               POINT))),
        &o));
    assert_string_equal(ct_feature_text(&kept[0], "start_time", ""), "2026-07-20T12:00:00Z");
}

static void limits_hold(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    o.max_features = 2;
    failed_with(import(DATA("buildings.geojson"), &o), CT_LIMIT, "more than 2 features");
    o = options_for();
    o.max_points = 4;
    failed_with(import(DATA("buildings.geojson"), &o), CT_PARSE, "points");
}

static ct_err refuse(void *context, const ct_feature *f) {
    (void)context;
    return ct_fail(CT_EXISTS, "%s is there already", f->id);
}

static void the_sinks_error_ends_the_import(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    const ct_sink sink = {.put = refuse};
    ct_ingest_report_free(report);
    report = ct_ingest_report_new(catalogue);
    failed_with(ct_ingest_file(DATA("buildings.geojson"), &o, &sink, report), CT_EXISTS,
                "buildings.geojson:buildings:feature");
    found("not-stored", CT_SEVERITY_ERROR, "feature", "bldg-1 is there already");
    assert_int_equal(count_of(CT_SEVERITY_ERROR), 1);
}

static void a_check_needs_no_sink(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    ct_ingest_report_free(report);
    report = ct_ingest_report_new(catalogue);
    must(ct_ingest_file(DATA("buildings.geojson"), &o, NULL, report));
    assert_int_equal(ct_ingest_total(report), 3);
}

static bool stop(void *context, double part) {
    (void)part;
    ++*(int *)context;
    return false;
}

static void texts_that_are_no_json_are_named(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"", "empty"},
        {"  \n", "empty"},
        {"{\"a\":1,\n}", "line 2, column 1: the name of a field"},
        {"{\"a\"\n 1}", "line 2, column 2: a colon"},
        {"[1 2]", "line 1, column 4: a comma or ]"},
        {"{\"a\":1 \"b\":2}", "column 8: a comma or }"},
        {"[01]", "column 3: not a number"},
        {"[-]", "column 3: not a number"},
        {"[1.]", "column 4: a number without digits"},
        {"[1e+]", "column 5: a number without an exponent"},
        {"[NaN]", "column 2: \"NaN\""},
        {"[,]", "column 2: a value is missing"},
        {"[\"\\x\"]", "column 4: a \\"},
        {"[\"\\u12g4\"]", "column 7: \\u"},
        {"[\"a\nb\"]", "column 4: a control character"},
        {"[\"a", "the file ends: a text is not closed"},
        {"[\"\xC0\xAE\"]", "column 3: text that is not UTF-8"},
        {"[\"\xED\xA0\x80\"]", "column 3: text that is not UTF-8"},
        {"[1] 2", "column 5: something follows"},
        {"{\"features\":[{},\n7]}", "line 2, column 1: a feature that is no object"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ct_buf shapes;
        ct_buf_init(&shapes, 100);
        const char *path = written("text.geojson", bad[i].text);
        failed_with(ct_ingest__geojson_look(&shapes, path, "text"), CT_PARSE, bad[i].says);
        ct_buf_fini(&shapes);
    }
    char deep[201];
    memset(deep, '[', 200);
    deep[200] = '\0';
    ct_buf shapes;
    ct_buf_init(&shapes, 100);
    failed_with(ct_ingest__geojson_look(&shapes, written("deep.geojson", deep), "deep"), CT_LIMIT,
                "column 65: nested deeper than 64");
    ct_buf_fini(&shapes);
}

static void features_with_a_shape_are_marked(void **state) {
    (void)state;
    ct_buf shapes;
    ct_buf_init(&shapes, 100);
    const char *path = written(
        "marks.geojson",
        "\xEF\xBB\xBF{\"name\":\"\\u00e9 \xE6\xA5\xBC\",\"features\":[{\"geometry\":null},"
        "{\"geometry\":{\"type\":\"Point\",\"coordinates\":[]}},"
        "{\"geometry\":{\"type\":\"Point\",\"coordinates\":[-1.5e-3,0]},\"properties\":null},"
        "{\"properties\":{\"geometry\":[1],\"features\":[true,false]}},{\"geometry\":\"POINT\"}]}"
        "\n");
    must(ct_ingest__geojson_look(&shapes, path, "marks"));
    static const bool expected[] = {false, false, true, false, true, false};
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(ct_ingest__geojson_has_shape(&shapes, i), expected[i]);
    ct_buf_fini(&shapes);
    // A document a line.
    ct_buf_init(&shapes, 100);
    path =
        written("lines.json", "{\"geometry\":[1]}\n{\"geometry\":null}\n\x1e{\"geometry\":[2]}\n");
    must(ct_ingest__geojson_look(&shapes, path, "lines"));
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(ct_ingest__geojson_has_shape(&shapes, i), i == 0 || i == 2);
    ct_buf_fini(&shapes);
}

static void the_user_may_cancel(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    ct_buf buf;
    int calls = 0;
    ct_buf_init(&buf, 1 << 20);
    ct_buf_puts(&buf, "{\"type\":\"FeatureCollection\",\"name\":\"gates\",\"features\":[");
    for (int i = 0; i < 3000; i++) ct_buf_printf(&buf, "%s" FEATURE("{}", POINT), i ? "," : "");
    ct_buf_puts(&buf, "]}");
    must(ct_buf_status(&buf));
    const char *path = written("gates.geojson", buf.data);
    ct_buf_fini(&buf);
    o.progress = stop;
    o.progress_context = &calls;
    ct_ingest_report_free(report);
    report = ct_ingest_report_new(catalogue);
    failed_with(ct_ingest_file(path, &o, NULL, report), CT_CANCELLED, "cancelled");
    assert_int_equal(calls, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_arrive_with_their_attributes),
        cmocka_unit_test(the_user_may_name_the_class),
        cmocka_unit_test(a_polygon_that_crosses_itself_is_repaired),
        cmocka_unit_test(every_faulty_feature_is_named),
        cmocka_unit_test(unknown_layers_files_and_formats_are_refused),
        cmocka_unit_test(odd_features_are_handled),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(the_sinks_error_ends_the_import),
        cmocka_unit_test(a_check_needs_no_sink),
        cmocka_unit_test(the_user_may_cancel),
        cmocka_unit_test(texts_that_are_no_json_are_named),
        cmocka_unit_test(features_with_a_shape_are_marked),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
