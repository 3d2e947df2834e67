// ct_writer_complete: what a feature lacks it gets, what it has it keeps, and what is refused
// leaves it as it was.
#include "fixture.h"

static ct_feature got(const fixture *f, const char *id) {
    ct_reader *reader = NULL;
    ct_feature feature;
    ok(ct_store_reader(&reader, f->store));
    ok(ct_reader_get(&feature, f->arena, reader, NULL, id));
    ct_reader_release(reader);
    return feature;
}

static size_t properties_of(const fixture *f, const char *id, const ct_property **list) {
    ct_reader *reader = NULL;
    const ct_feature feature = got(f, id);
    size_t n = 0;
    ok(ct_store_reader(&reader, f->store));
    ok(ct_reader_properties(list, &n, f->arena, reader, feature.cls, feature.fid));
    ct_reader_release(reader);
    return n;
}

static size_t parts_of(const fixture *f, const char *id) {
    ct_reader *reader = NULL;
    const ct_feature feature = got(f, id);
    ct_body body = {0};
    ok(ct_store_reader(&reader, f->store));
    ok(ct_reader_body(&body, f->arena, reader, feature.cls, feature.fid));
    ct_reader_release(reader);
    return body.n_parts;
}

static bool complete(const fixture *f, const ct_feature *feature) {
    ct_writer *w = NULL;
    bool there = false;
    ok(ct_store_writer(&w, f->store, "test"));
    ok(ct_writer_complete(&there, w, feature));
    ok(ct_writer_commit(w, NULL));
    return there;
}

static double number_of(const ct_feature *f, const char *attr) {
    return ct_feature_number(f, attr, NAN);
}

static const ct_body *triangle(const fixture *f) {
    static const double xyz[9] = {0, 0, 0, 1, 0, 0, 0, 1, 0};
    static const uint32_t corners[3] = {0, 1, 2}, ends[1] = {1};
    const ct_mesh mesh = {3,
                          1,
                          1,
                          (double *)(uintptr_t)xyz,
                          (uint32_t *)(uintptr_t)corners,
                          (uint32_t *)(uintptr_t)ends,
                          NULL};
    ct_mesh *copy = ct_arena_alloc(f->arena, sizeof *copy);
    ct_body_part *part = ct_arena_calloc(f->arena, 1, sizeof *part);
    ct_body *body = ct_arena_alloc(f->arena, sizeof *body);
    assert_true(copy && part && body);
    ok(ct_mesh_copy(copy, f->arena, &mesh));
    *part = (ct_body_part){copy, ct_affine_identity, {"brick", {1, 0, 0, 1}}, 4};
    *body = (ct_body){1, part};
    return body;
}

static void what_is_not_there_is_added(void **state) {
    fixture *f = *state;
    ct_feature b = square(f, "b-1", 0, 0, 5), nameless = square(f, NULL, 9, 0, 5);
    assert_false(complete(f, &b));
    assert_int_equal(got(f, "b-1").geom.n_points, 5);
    assert_false(complete(f, &nameless));
    assert_string_equal(got(f, "building-2").id, "building-2");
    assert_true(complete(f, &b));
    ct_reader *reader = NULL;
    ok(ct_store_reader(&reader, f->store));
    const ct_query all = {.cls = class_of(f, "building")};
    assert_int_equal(count_of(reader, &all), 2);
    ct_reader_release(reader);
}

static void what_it_lacks_is_given(void **state) {
    fixture *f = *state;
    const ct_property first = {"Pset_A", "a", {CT_VALUE_TEXT, {.text = "x"}}, ""};
    ct_feature there, given = square(f, "b-1", 0, 0, 5);
    ok(ct_feature_new(&there, f->arena, given.cls));
    there.id = "b-1";
    ok(ct_feature_set_text(&there, "name", "Tower"));
    add_all(f, &there, 1);
    const int64_t fid = got(f, "b-1").fid;

    ok(ct_feature_set_text(&given, "name", "Another"));
    ok(ct_feature_set_number(&given, "height_m", 54));
    given.source_id = "house.ifc";
    given.body = triangle(f);
    given.properties = &first;
    given.n_properties = 1;
    assert_true(complete(f, &given));
    ct_feature now = got(f, "b-1");
    assert_int_equal(now.fid, fid);
    assert_string_equal(ct_feature_text(&now, "name", NULL), "Tower");
    assert_near(number_of(&now, "height_m"), 54, 0);
    assert_string_equal(now.source_id, "house.ifc");
    assert_int_equal(now.geom.n_points, 5);
    assert_int_equal(parts_of(f, "b-1"), 1);
    const ct_property *list = NULL;
    assert_int_equal(properties_of(f, "b-1", &list), 1);
    assert_string_equal(list[0].name, "a");

    // once it has all, it keeps all; a body and properties that are brought take the place of its
    // own
    ct_feature again = square(f, "b-1", 100, 0, 7);
    ok(ct_feature_set_number(&again, "height_m", 60));
    again.source_id = "other.ifc";
    assert_true(complete(f, &again));
    now = got(f, "b-1");
    assert_near(number_of(&now, "height_m"), 54, 0);
    assert_string_equal(now.source_id, "house.ifc");
    assert_near(now.geom.xyz[0], 0, 0);
    assert_int_equal(parts_of(f, "b-1"), 1);
    const ct_property second = {"Pset_B", "b", {CT_VALUE_INTEGER, {.integer = 3}}, ""};
    again.properties = &second;
    again.n_properties = 1;
    assert_true(complete(f, &again));
    assert_int_equal(properties_of(f, "b-1", &list), 1);
    assert_string_equal(list[0].set, "Pset_B");
}

static void what_is_refused_changes_nothing(void **state) {
    fixture *f = *state;
    ct_writer *w = NULL;
    bool there = true;
    const ct_feature b = square(f, "b-1", 0, 0, 5), hydrant = point(f, "hydrant", "b-1", 1, 1);
    ct_feature bad = square(f, "b-1", 0, 0, 5), missing = {.cls = class_of(f, "storey")};
    add_all(f, &b, 1);
    ok(ct_feature_set_text(&bad, "name", "Tower"));
    bad.values[ct_class_attr(bad.cls, "height_m")] =
        (ct_value){CT_VALUE_REAL, {.real = -5}}; // lower than the catalogue allows
    ok(ct_feature_new(&missing, f->arena, missing.cls));
    missing.id = "s-1"; // without the building that a storey must have
    ok(ct_store_writer(&w, f->store, "test"));
    fails(ct_writer_complete(&there, w, &hydrant), "EXISTS");
    assert_non_null(strstr(ct_err_message(), "\"b-1\" is that of a building"));
    assert_true(there);
    fails(ct_writer_complete(&there, w, &bad), "RANGE");
    assert_non_null(strstr(ct_err_message(), "height_m"));
    assert_true(there);
    const ct_err err = ct_writer_complete(&there, w, &missing);
    assert_int_not_equal(err, CT_OK);
    assert_non_null(strstr(ct_err_message(), "building"));
    assert_false(there);
    ok(ct_writer_commit(w, NULL));
    const ct_feature now = got(f, "b-1");
    assert_null(ct_feature_text(&now, "name", NULL));
    assert_true(isnan(number_of(&now, "height_m")));
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        T(what_is_not_there_is_added),
        T(what_it_lacks_is_given),
        T(what_is_refused_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
