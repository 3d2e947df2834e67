// Features: values from JSON and text, ids, and the check before storing.
#include "model/feature.h"

#include <math.h>
#include <string.h>

#include "cmk.h"

static ct_catalogue *catalogue;
static ct_arena *arena;

static int load(void **state) {
    (void)state;
    arena = ct_arena_new(4096, 1 << 20);
    return arena && ct_catalogue_load(&catalogue, CT_SOURCE_DIR "/data/catalogue") == CT_OK ? 0
                                                                                            : -1;
}

static int unload(void **state) {
    (void)state;
    ct_catalogue_free(catalogue);
    ct_arena_free(arena);
    return 0;
}

static ct_feature make(const char *cls) {
    ct_feature f = {0};
    const ct_class *c = ct_catalogue_by_name(catalogue, cls);
    assert_non_null(c);
    assert_int_equal(ct_feature_new(&f, arena, c), CT_OK);
    return f;
}

static const ct_attr *attr_of(const char *cls, const char *name) {
    const ct_class *c = ct_catalogue_by_name(catalogue, cls);
    int i = ct_class_attr(c, name);
    assert_true(i >= 0);
    return &c->attrs[i];
}

static void failed_with(ct_err err, ct_err expected, const char *part) {
    if (err != expected || !strstr(ct_err_message(), part))
        fail_msg("got %s: %s; expected %s with \"%s\"", ct_err_name(err), ct_err_message(),
                 ct_err_name(expected), part);
}

static void values_are_set_and_read_by_name(void **state) {
    (void)state;
    ct_feature f = make("building");
    assert_int_equal(ct_feature_get(&f, "height_m")->kind, CT_VALUE_NULL);
    assert_null(ct_feature_get(&f, "colour"));
    assert_near(ct_feature_number(&f, "height_m", -1), -1, 0);
    assert_int_equal(ct_feature_set_number(&f, "height_m", 18.5), CT_OK);
    assert_int_equal(ct_feature_set_number(&f, "storeys_above", 6), CT_OK);
    assert_int_equal(ct_feature_set_text(&f, "use", "residential"), CT_OK);
    assert_near(ct_feature_number(&f, "height_m", -1), 18.5, 0);
    assert_int_equal(ct_feature_get(&f, "storeys_above")->kind, CT_VALUE_INTEGER);
    assert_near(ct_feature_number(&f, "storeys_above", -1), 6, 0);
    assert_string_equal(ct_feature_text(&f, "use", "?"), "residential");
    assert_string_equal(ct_feature_text(&f, "address", "?"), "?");
    failed_with(ct_feature_set_number(&f, "colour", 1), CT_ARG, "colour");
    failed_with(ct_feature_set_number(&f, "storeys_above", 1.5), CT_PARSE, "storeys_above");
    failed_with(ct_feature_set_number(&f, "use", 1), CT_PARSE, "use");
    failed_with(ct_feature_set_number(&f, "height_m", -2), CT_RANGE, "height_m: -2 is below 0");
    failed_with(ct_feature_set_text(&f, "height_m", "high"), CT_ARG, "height_m");
    assert_near(ct_feature_number(&f, "height_m", -1), 18.5, 0); // untouched by the failures

    ct_feature gate = make("gate");
    assert_int_equal(ct_feature_set_bool(&gate, "open", true), CT_OK);
    assert_true(ct_feature_bool(&gate, "open", false));
    assert_true(ct_feature_bool(&gate, "width_m", true)); // no boolean
    assert_false(ct_feature_bool(&gate, "colour", false));
    assert_int_equal(ct_feature_set_bool(&gate, "open", false), CT_OK);
    assert_false(ct_feature_bool(&gate, "open", true));
    failed_with(ct_feature_set_bool(&gate, "width_m", true), CT_ARG, "width_m");
}

static ct_err from_json(ct_value *out, const ct_attr *attr, const char *text) {
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    ct_err err = ct_value_from_json(out, arena, attr, json);
    json_decref(json);
    return err;
}

static void values_come_from_json(void **state) {
    (void)state;
    ct_value v;
    assert_int_equal(from_json(&v, attr_of("building", "height_m"), "12"), CT_OK);
    assert_int_equal(v.kind, CT_VALUE_REAL);
    assert_near(v.as.real, 12, 0);
    assert_int_equal(from_json(&v, attr_of("building", "storeys_above"), "7.0"), CT_OK);
    assert_int_equal(v.kind, CT_VALUE_INTEGER);
    assert_int_equal(v.as.integer, 7);
    assert_int_equal(from_json(&v, attr_of("building", "use"), "\"office\""), CT_OK);
    assert_string_equal(v.as.text, "office");
    assert_int_equal(from_json(&v, attr_of("barrier", "permeable"), "true"), CT_OK);
    assert_true(v.kind == CT_VALUE_BOOLEAN && v.as.boolean);
    assert_int_equal(from_json(&v, attr_of("building", "use"), "null"), CT_OK);
    assert_int_equal(v.kind, CT_VALUE_NULL);
    assert_int_equal(from_json(&v, attr_of("event", "start_time"), "\"2026-07-20T20:00:00+08:00\""),
                     CT_OK);
    assert_string_equal(v.as.text, "2026-07-20T12:00:00Z");

    failed_with(from_json(&v, attr_of("building", "height_m"), "\"12\""), CT_PARSE,
                "height_m: real expected");
    failed_with(from_json(&v, attr_of("building", "storeys_above"), "7.5"), CT_PARSE, "whole");
    failed_with(from_json(&v, attr_of("building", "storeys_above"), "-1"), CT_RANGE, "below 0");
    failed_with(from_json(&v, attr_of("building", "use"), "\"castle\""), CT_RANGE,
                "use: \"castle\" is not one of residential, commercial");
    failed_with(from_json(&v, attr_of("building", "use"), "3"), CT_PARSE, "use: text expected");
    failed_with(from_json(&v, attr_of("building", "use"), "[]"), CT_PARSE, "array");
    failed_with(from_json(&v, attr_of("building", "use"), "{}"), CT_PARSE, "object");
    failed_with(from_json(&v, attr_of("barrier", "permeable"), "1"), CT_PARSE, "permeable");
    failed_with(from_json(&v, attr_of("barrier", "height_m"), "false"), CT_PARSE, "height_m");
    failed_with(from_json(&v, attr_of("event", "start_time"), "\"yesterday\""), CT_PARSE,
                "start_time");
}

static void values_come_from_text(void **state) {
    (void)state;
    ct_value v;
    const ct_attr *height = attr_of("building", "height_m"), *open = attr_of("gate", "open");
    const ct_attr *storeys = attr_of("building", "storeys_above");
    assert_int_equal(ct_value_from_text(&v, arena, height, "1.5e1"), CT_OK);
    assert_near(v.as.real, 15, 0);
    assert_int_equal(ct_value_from_text(&v, arena, storeys, "33"), CT_OK);
    assert_int_equal(v.as.integer, 33);
    assert_int_equal(ct_value_from_text(&v, arena, storeys, "33.0"), CT_OK);
    assert_int_equal(v.as.integer, 33);
    assert_int_equal(ct_value_from_text(&v, arena, open, "YES"), CT_OK);
    assert_true(v.as.boolean);
    assert_int_equal(ct_value_from_text(&v, arena, open, "0"), CT_OK);
    assert_false(v.as.boolean);
    static const char *const bad[] = {"", " ", "x", "0x10", "inf", "nan", "1 ", "1e", "--1", "1,5"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        failed_with(ct_value_from_text(&v, arena, height, bad[i]), CT_PARSE, "height_m");
    failed_with(ct_value_from_text(&v, arena, height, "1e999"), CT_RANGE, "finite");
    failed_with(ct_value_from_text(&v, arena, storeys, "99999999999999999999"), CT_RANGE, "above");
    failed_with(ct_value_from_text(&v, arena, open, "ajar"), CT_PARSE, "open");
    failed_with(ct_value_from_text(&v, arena, attr_of("building", "address"), "\xc3("), CT_PARSE,
                "UTF-8");
}

static void values_are_written_as_json(void **state) {
    (void)state;
    ct_buf buf;
    ct_jsonw w;
    ct_buf_init(&buf, 1000);
    ct_jsonw_init(&w, &buf);
    ct_value values[] = {{.kind = CT_VALUE_NULL},
                         {.kind = CT_VALUE_INTEGER, .as.integer = 9007199254740993},
                         {.kind = CT_VALUE_REAL, .as.real = 0.1},
                         {.kind = CT_VALUE_TEXT, .as.text = "a\"b"},
                         {.kind = CT_VALUE_BOOLEAN, .as.boolean = true}};
    ct_jsonw_array(&w);
    for (size_t i = 0; i < 5; i++) ct_value_write_json(&w, &values[i]);
    ct_jsonw_end_array(&w);
    assert_int_equal(ct_buf_status(&buf), CT_OK);
    assert_string_equal(buf.data, "[null,9007199254740993,0.1,\"a\\\"b\",true]");
    ct_buf_fini(&buf);
}

static void ids_are_checked_and_encoded(void **state) {
    (void)state;
    char id[CT_ID_MAX], other[CT_ID_MAX], longest[200];
    assert_true(ct_id_ok("bldg-12"));
    assert_true(ct_id_ok("A.b_c~1"));
    assert_false(ct_id_ok(""));
    assert_false(ct_id_ok("a b"));
    assert_false(ct_id_ok("a/b"));
    assert_false(ct_id_ok("楼"));
    memset(longest, 'a', sizeof longest);
    longest[127] = '\0';
    assert_true(ct_id_ok(longest));
    assert_int_equal(ct_id_encode(id, longest), CT_OK);
    longest[127] = 'a';
    longest[128] = '\0';
    assert_false(ct_id_ok(longest));
    failed_with(ct_id_encode(id, longest), CT_LIMIT, "too long");
    assert_int_equal(ct_id_encode(id, "2O2Fr$t4X7Zf8NOew3FLOH"), CT_OK);
    assert_string_equal(id, "2O2Fr~24t4X7Zf8NOew3FLOH");
    assert_int_equal(ct_id_encode(id, "楼 1"), CT_OK);
    assert_string_equal(id, "~e6~a5~bc~201");
    assert_true(ct_id_ok(id));
    // different texts stay different
    assert_int_equal(ct_id_encode(id, "a/b"), CT_OK);
    assert_int_equal(ct_id_encode(other, "a~2fb"), CT_OK);
    assert_string_not_equal(id, other);
    assert_int_equal(ct_id_encode(id, ""), CT_ARG);
}

static void geometry(ct_feature *f, const char *geojson) {
    json_t *json = json_loads(geojson, 0, NULL);
    assert_non_null(json);
    assert_int_equal(ct_geom_from_geojson(&f->geom, arena, json, 1000), CT_OK);
    json_decref(json);
}

#define SQUARE "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[4,0],[4,3],[0,3],[0,0]]]}"

static void check_fits_geometry_to_the_class(void **state) {
    (void)state;
    ct_feature f = make("building"); // MultiPolygon with heights
    geometry(&f, SQUARE);
    assert_int_equal(ct_feature_check(&f, arena), CT_OK);
    assert_int_equal(f.geom.type, CT_GEOM_MULTIPOLYGON);
    assert_true(f.geom.has_z);
    assert_near(f.geom.xyz[3], 4, 0);
    assert_near(f.geom.xyz[5], 0, 0);
    assert_near(ct_geom_area_m2(&f.geom), 12, 1e-12);

    ct_feature gate = make("gate"); // Point without heights
    geometry(&gate, "{\"type\":\"MultiPoint\",\"coordinates\":[[1,2,3]]}");
    assert_int_equal(ct_feature_check(&gate, arena), CT_OK);
    assert_int_equal(gate.geom.type, CT_GEOM_POINT);
    assert_false(gate.geom.has_z);
    geometry(&gate, "{\"type\":\"MultiPoint\",\"coordinates\":[[1,2],[3,4]]}");
    failed_with(ct_feature_check(&gate, arena), CT_GEOM, "class gate has Point, found MultiPoint");
    geometry(&gate, SQUARE);
    failed_with(ct_feature_check(&gate, arena), CT_GEOM, "Polygon");
    gate.geom = (ct_geom){0};
    assert_int_equal(ct_feature_check(&gate, arena), CT_OK); // without geometry
}

static void check_refuses_bad_coordinates(void **state) {
    (void)state;
    ct_feature f = make("green");
    geometry(&f, SQUARE);
    f.geom.xyz[3] = (double)NAN;
    failed_with(ct_feature_check(&f, arena), CT_GEOM, "point 1: y");
    f.geom.xyz[3] = -(double)INFINITY;
    failed_with(ct_feature_check(&f, arena), CT_GEOM, "point 1: y");
    f.geom.xyz[3] = 0;
    f.geom.xyz[0] = 1;
    failed_with(ct_feature_check(&f, arena), CT_GEOM, "not closed");
    f.geom.xyz[0] = -0.0; // equals 0
    assert_int_equal(ct_feature_check(&f, arena), CT_OK);
    ct_feature h = make("household");
    assert_int_equal(ct_feature_set_text(&h, "building", "b-1"), CT_OK);
    assert_int_equal(ct_feature_check(&h, arena), CT_OK);
    geometry(&h, SQUARE);
    failed_with(ct_feature_check(&h, arena), CT_GEOM, "class household has none");
}

static void check_looks_at_every_value(void **state) {
    (void)state;
    ct_feature f = make("storey");
    failed_with(ct_feature_check(&f, arena), CT_PARSE, "building: a value is required");
    assert_int_equal(ct_feature_set_text(&f, "building", "b-1"), CT_OK);
    int level = ct_class_attr(f.cls, "level");
    f.values[level] = (ct_value){.kind = CT_VALUE_REAL, .as.real = 3};
    assert_int_equal(ct_feature_check(&f, arena), CT_OK);
    assert_int_equal(f.values[level].kind, CT_VALUE_INTEGER);
    f.values[level] = (ct_value){.kind = CT_VALUE_INTEGER, .as.integer = 1000};
    failed_with(ct_feature_check(&f, arena), CT_RANGE, "level: 1000 is above 300");
    f.values[level] = (ct_value){.kind = CT_VALUE_TEXT, .as.text = "3"};
    failed_with(ct_feature_check(&f, arena), CT_PARSE, "level");
    f.values[level] = (ct_value){.kind = CT_VALUE_INTEGER, .as.integer = 3};
    assert_int_equal(ct_feature_set_text(&f, "use", "castle"), CT_OK);
    failed_with(ct_feature_check(&f, arena), CT_RANGE, "use");
    assert_int_equal(ct_feature_set_text(&f, "use", NULL), CT_OK);
    f.id = "a b";
    failed_with(ct_feature_check(&f, arena), CT_PARSE, "id");
    f.id = "a-b";
    assert_int_equal(ct_feature_check(&f, arena), CT_OK);
}

static void copies_share_nothing(void **state) {
    (void)state;
    char id[] = "b-1", use[] = "office";
    ct_feature f = make("building"), copy = {0};
    geometry(&f, SQUARE);
    f.id = id;
    f.fid = 42;
    assert_int_equal(ct_feature_set_text(&f, "use", use), CT_OK);
    assert_int_equal(ct_feature_copy(&copy, arena, &f), CT_OK);
    id[0] = use[0] = 'x';
    f.geom.xyz[0] = 99;
    assert_string_equal(copy.id, "b-1");
    assert_string_equal(ct_feature_text(&copy, "use", ""), "office");
    assert_near(copy.geom.xyz[0], 0, 0);
    assert_int_equal(copy.fid, 42);
    assert_null(copy.source_id);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_set_and_read_by_name),
        cmocka_unit_test(values_come_from_json),
        cmocka_unit_test(values_come_from_text),
        cmocka_unit_test(values_are_written_as_json),
        cmocka_unit_test(ids_are_checked_and_encoded),
        cmocka_unit_test(check_fits_geometry_to_the_class),
        cmocka_unit_test(check_refuses_bad_coordinates),
        cmocka_unit_test(check_looks_at_every_value),
        cmocka_unit_test(copies_share_nothing),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
