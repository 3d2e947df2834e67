// Change sets: parsing with places in the errors, folding of edits of one feature, and applying.
#include "model/changeset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmk.h"

#define CRS "EPSG:4547" // CGCS2000 / 3-degree Gauss-Kruger CM 114E

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

static ct_err parse(ct_changeset **out, const char *text) {
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
    if (!json) fail_msg("the test's JSON is wrong: %s", text);
    ct_err err = ct_changeset_parse(out, catalogue, json, CRS);
    json_decref(json); // the set must not need it any more
    return err;
}

static void refused(const char *text, ct_err expected, const char *part) {
    ct_changeset *set = NULL;
    ct_err err = parse(&set, text);
    if (err != expected || !strstr(ct_err_message(), part))
        fail_msg("%s: got %s: %s; expected %s with \"%s\"", text, ct_err_name(err),
                 ct_err_message(), ct_err_name(expected), part);
    assert_null(set);
}

#define WALL(id)                                                                                   \
    "{\"op\":\"add\",\"class\":\"barrier\",\"id\":\"" id                                           \
    "\",\"geometry\":{\"type\":\"LineString\","                                                    \
    "\"coordinates\":[[114,30.5],[114.001,30.5]]},\"properties\":{\"kind\":\"wall\",\"height_m\":" \
    "1.2}}"

static void three_kinds_of_edits_are_read(void **state) {
    (void)state;
    ct_changeset *set = NULL;
    assert_int_equal(parse(&set, "[" WALL("wall-1") ","
                                                    "{\"op\":\"set\",\"id\":\"bldg-12\","
                                                    "\"properties\":{\"ground_floor_m\":46.1}},"
                                                    "{\"op\":\"remove\",\"id\":\"gate-2\"}]"),
                     CT_OK);
    assert_int_equal(ct_changeset_count(set), 3);
    const ct_edit *add = ct_changeset_at(set, 0);
    assert_int_equal(add->op, CT_EDIT_ADD);
    assert_string_equal(add->feature.cls->name, "barrier");
    assert_string_equal(add->feature.id, "wall-1");
    assert_int_equal(add->feature.geom.type, CT_GEOM_MULTILINESTRING);
    // 114 E is the central meridian (false easting 500 km); a thousandth of a degree there is 96 m.
    assert_near(add->feature.geom.xyz[0], 500000, 1e-3);
    assert_near(ct_geom_length_m(&add->feature.geom), 95.98, 0.1);
    assert_near(ct_feature_number(&add->feature, "height_m", 0), 1.2, 0);
    assert_int_equal(ct_changeset_at(set, 1)->op, CT_EDIT_SET);
    assert_null(ct_changeset_at(set, 1)->feature.cls);
    assert_int_equal(ct_changeset_at(set, 2)->op, CT_EDIT_REMOVE);
    assert_null(ct_changeset_at(set, 3));
    assert_ptr_equal(ct_changeset_find(set, "bldg-12"), ct_changeset_at(set, 1));
    assert_null(ct_changeset_find(set, "bldg-13"));
    ct_changeset_free(set);
    ct_changeset_free(NULL);
}

static void errors_name_the_edit(void **state) {
    (void)state;
    refused("{}", CT_PARSE, "edits: an array");
    refused("[1]", CT_PARSE, "edits[0]");
    refused("[" WALL("a") ",{\"op\":\"burn\"}]", CT_PARSE, "edits[1]: op: \"burn\"");
    refused("[{\"op\":\"remove\"}]", CT_PARSE, "edits[0]: id");
    refused("[{\"op\":\"remove\",\"id\":\"a b\"}]", CT_PARSE, "edits[0]: id: \"a b\"");
    refused("[{\"op\":\"remove\",\"id\":\"a\",\"class\":\"gate\"}]", CT_PARSE, "class");
    refused("[{\"op\":\"set\",\"id\":\"a\"}]", CT_PARSE, "neither");
    refused("[{\"op\":\"set\",\"id\":\"a\",\"properties\":[]}]", CT_PARSE, "properties");
    refused("[{\"op\":\"add\",\"class\":\"castle\"}]", CT_PARSE, "castle");
    refused("[{\"op\":\"add\",\"class\":\"gate\",\"properties\":{\"colour\":1}}]", CT_PARSE,
            "edits[0]: properties: class gate has no attribute \"colour\"");
    refused("[{\"op\":\"add\",\"class\":\"gate\",\"properties\":{\"width_m\":-1}}]", CT_RANGE,
            "edits[0]: properties: width_m");
    refused("[{\"op\":\"add\",\"class\":\"opening\"}]", CT_PARSE, "kind: a value is required");
    refused("[{\"op\":\"add\",\"class\":\"gate\",\"geometry\":{\"type\":\"Pt\"}}]", CT_PARSE,
            "edits[0]: geometry");
    refused("[{\"op\":\"add\",\"class\":\"gate\",\"crs\":\"EPSG:1\",\"geometry\":"
            "{\"type\":\"Point\",\"coordinates\":[1,2]}}]",
            CT_CRS, "edits[0]: crs");
    refused("[{\"op\":\"add\",\"class\":\"gate\",\"geometry\":"
            "{\"type\":\"LineString\",\"coordinates\":[[1,2],[3,4]]}}]",
            CT_GEOM, "gate has Point");
}

static void too_many_edits_are_refused(void **state) {
    (void)state;
    json_t *edits = json_array();
    for (int i = 0; i <= CT_CHANGESET_MAX_EDITS; i++)
        json_array_append_new(
            edits, json_pack("{s:s,s:o}", "op", "remove", "id", json_sprintf("gate-%d", i)));
    ct_changeset *set = NULL;
    assert_int_equal(ct_changeset_parse(&set, catalogue, edits, CRS), CT_LIMIT);
    json_array_remove(edits, 0);
    assert_int_equal(ct_changeset_parse(&set, catalogue, edits, CRS), CT_OK);
    assert_int_equal(ct_changeset_count(set), CT_CHANGESET_MAX_EDITS);
    for (int i = 1; i <= CT_CHANGESET_MAX_EDITS; i += 777) {
        char id[32];
        snprintf(id, sizeof id, "gate-%d", i);
        assert_string_equal(ct_changeset_find(set, id)->id, id);
    }
    ct_changeset_free(set);
    json_decref(edits);
}

static void edits_of_one_feature_are_folded(void **state) {
    (void)state;
    ct_changeset *set = NULL;
    // add + set + set = add; add + remove = nothing; set + set = set; set + remove = remove
    assert_int_equal(
        parse(&set,
              "[" WALL("w1") "," WALL(
                  "w2") ","
                        "{\"op\":\"set\",\"id\":\"w1\",\"properties\":{\"height_m\":2}},"
                        "{\"op\":\"set\",\"id\":\"b\",\"properties\":{\"height_m\":9,\"units\":3}},"
                        "{\"op\":\"set\",\"id\":\"c\",\"properties\":{\"height_m\":9}},"
                        "{\"op\":\"remove\",\"id\":\"w2\"},"
                        "{\"op\":\"set\",\"id\":\"w1\",\"properties\":{\"kind\":null}},"
                        "{\"op\":\"set\",\"id\":\"b\",\"properties\":{\"height_m\":8}},"
                        "{\"op\":\"remove\",\"id\":\"c\"}]"),
        CT_OK);
    assert_int_equal(ct_changeset_count(set), 3);
    const ct_edit *w1 = ct_changeset_find(set, "w1"), *b = ct_changeset_find(set, "b");
    assert_int_equal(w1->op, CT_EDIT_ADD);
    assert_near(ct_feature_number(&w1->feature, "height_m", 0), 2, 0);
    assert_int_equal(ct_feature_get(&w1->feature, "kind")->kind, CT_VALUE_NULL);
    assert_null(ct_changeset_find(set, "w2"));
    assert_int_equal(b->op, CT_EDIT_SET);
    assert_int_equal(json_integer_value(json_object_get(b->properties, "height_m")), 8);
    assert_int_equal(json_integer_value(json_object_get(b->properties, "units")), 3);
    assert_int_equal(ct_changeset_find(set, "c")->op, CT_EDIT_REMOVE);
    ct_changeset_free(set);

    set = NULL;
    assert_int_equal(parse(&set, "[{\"op\":\"remove\",\"id\":\"w\"}," WALL("w") "]"), CT_OK);
    assert_int_equal(ct_changeset_count(set), 2);
    assert_int_equal(ct_changeset_find(set, "w")->op, CT_EDIT_ADD);
    ct_changeset_free(set);

    refused("[" WALL("w") "," WALL("w") "]", CT_EXISTS, "edits[1]: id");
    refused("[{\"op\":\"remove\",\"id\":\"w\"},{\"op\":\"remove\",\"id\":\"w\"}]", CT_NOTFOUND,
            "edits[1]: id: an earlier edit removed \"w\"");
    refused("[" WALL("w") ",{\"op\":\"set\",\"id\":\"w\",\"properties\":{\"height_m\":-1}}]",
            CT_RANGE, "edits[1]: properties: height_m");
}

static void a_set_edit_changes_a_stored_feature(void **state) {
    (void)state;
    ct_changeset *set = NULL;
    ct_feature base = {0}, after = {0};
    assert_int_equal(ct_feature_new(&base, arena, ct_catalogue_by_name(catalogue, "gate")), CT_OK);
    base.id = "gate-1";
    base.fid = 7;
    assert_int_equal(ct_feature_set_number(&base, "width_m", 6), CT_OK);
    assert_int_equal(ct_feature_set_bool(&base, "open", true), CT_OK);
    assert_int_equal(parse(&set,
                           "[{\"op\":\"set\",\"id\":\"gate-1\",\"crs\":\"" CRS "\","
                           "\"geometry\":{\"type\":\"Point\",\"coordinates\":[500100,3374000]},"
                           "\"properties\":{\"open\":false,\"width_m\":null}}]"),
                     CT_OK);
    assert_int_equal(ct_edit_apply(&after, arena, ct_changeset_at(set, 0), &base), CT_OK);
    assert_false(ct_feature_get(&after, "open")->as.boolean);
    assert_int_equal(ct_feature_get(&after, "width_m")->kind, CT_VALUE_NULL);
    assert_near(after.geom.xyz[0], 500100, 1e-9);
    assert_int_equal(after.fid, 7);
    assert_string_equal(after.id, "gate-1");
    assert_true(ct_feature_get(&base, "open")->as.boolean);
    ct_changeset_free(set);

    assert_int_equal(
        parse(&set, "[{\"op\":\"set\",\"id\":\"gate-1\",\"properties\":{\"spaces\":3}}]"), CT_OK);
    assert_int_equal(ct_edit_apply(&after, arena, ct_changeset_at(set, 0), &base), CT_PARSE);
    assert_non_null(strstr(ct_err_message(), "spaces"));
    assert_near(after.geom.xyz[0], 500100, 1e-9); // untouched
    ct_changeset_free(set);
}

static void out_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    static const char text[] =
        "[" WALL("w") ",{\"op\":\"set\",\"id\":\"w\",\"properties\":{\"height_m\":1}},"
                      "{\"op\":\"set\",\"id\":\"b\",\"properties\":{\"height_m\":1}}]";
    ct_changeset *set = NULL;
    assert_int_equal(parse(&set, text), CT_OK); // warms the thread's transform
    ct_changeset_free(set);
    json_t *json = json_loads(text, 0, NULL);
    for (long n = 1; n < 1000; n++) {
        long before = ct_mem_live();
        ct_mem_fail_at(n, false);
        ct_err err = ct_changeset_parse(&set, catalogue, json, CRS);
        bool reached = ct_mem_failed();
        ct_mem_fail_at(0, false);
        if (err == CT_OK) ct_changeset_free(set);
        assert_int_equal(ct_mem_live(), before);
        if (!reached) break;
        assert_int_equal(err, CT_NOMEM);
    }
    json_decref(json);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_kinds_of_edits_are_read),
        cmocka_unit_test(errors_name_the_edit),
        cmocka_unit_test(too_many_edits_are_refused),
        cmocka_unit_test(edits_of_one_feature_are_folded),
        cmocka_unit_test(a_set_edit_changes_a_stored_feature),
        cmocka_unit_test(out_of_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
