// Edits laid over the stored features: what is seen, in which order, and which edits do not fit.
#include "flood_twin.h"

#include "fault.h"
#include "sim/domain/merged.h"

typedef struct seen {
    char ids[512];
    double residents; // of "b-1"
} seen;

static ct_err note(void *context, const ct_feature *feature) {
    seen *s = context;
    const size_t at = strlen(s->ids);
    snprintf(s->ids + at, sizeof s->ids - at, "%s ", feature->id);
    if (strcmp(feature->id, "b-1") == 0) s->residents = ct_feature_number(feature, "residents", -1);
    return CT_OK;
}

// The features of a class under the edits (a JSON array; NULL = none), as "id id ".
static seen look(const flood_twin *t, const char *cls, const char *edits) {
    ct_changeset *set = edits ? flood_twin_set(t, flood_twin_json(edits)) : NULL;
    ct_reader *reader;
    seen s = {"", 0};
    ok(ct_store_reader(&reader, t->store));
    if (set) ok(ct_merged_check(reader, set));
    ok(ct_merged_each(reader, set, ct_catalogue_by_name(t->catalogue, cls), note, &s));
    ct_reader_release(reader);
    ct_changeset_free(set);
    return s;
}

#define POINTS                                                                                     \
    "\"crs\":\"EPSG:4547\",\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[500001,"        \
    "3380001],[500009,3380009]]}"
#define ADD(cls, id) "{\"op\":\"add\",\"class\":\"" cls "\",\"id\":\"" id "\"," POINTS "}"

static int set_up(void **state) {
    static flood_twin t;
    flood_twin_make(&t, 0, 0, 1, NULL);
    for (int i = 1; i <= 3; i++) {
        char id[8];
        snprintf(id, sizeof id, "b-%d", i);
        flood_twin_store(&t, flood_twin_box("building", id, 10 * i, 10, 10 * i + 5, 15,
                                            "{\"residents\":10,\"storeys_above\":6}"));
    }
    flood_twin_store(&t, flood_twin_json("[" ADD("road", "r-1") "]"));
    *state = &t;
    return 0;
}

static int tear_down(void **state) {
    flood_twin_end(*state);
    return 0;
}

static void edits_show(void **state) {
    const flood_twin *t = *state;
    assert_string_equal(look(t, "building", NULL).ids, "b-1 b-2 b-3 ");
    assert_string_equal(look(t, "building", "[]").ids, "b-1 b-2 b-3 ");
    assert_string_equal(look(t, "building", "[{\"op\":\"remove\",\"id\":\"b-2\"}]").ids,
                        "b-1 b-3 ");
    assert_near(look(t, "building", NULL).residents, 10, 0);
    const seen set =
        look(t, "building", "[{\"op\":\"set\",\"id\":\"b-1\",\"properties\":{\"residents\":99}}]");
    assert_string_equal(set.ids, "b-1 b-2 b-3 ");
    assert_near(set.residents, 99, 0);
    assert_string_equal(look(t, "road", "[" ADD("road", "r-9") "," ADD("road", "r-0") "]").ids,
                        "r-1 r-9 r-0 "); // in the order of the edits
    assert_string_equal(look(t, "path", "[" ADD("road", "r-9") "]").ids, "");
    // Nothing of this was stored.
    assert_string_equal(look(t, "road", NULL).ids, "r-1 ");
}

static void removed_and_added_again(void **state) {
    const flood_twin *t = *state;
    const char *same =
        "[{\"op\":\"remove\",\"id\":\"r-1\"}," ADD("road", "r-1") "," ADD("road", "r-2") "]";
    assert_string_equal(look(t, "road", same).ids, "r-1 r-2 "); // once, in its old place
    const char *other = "[{\"op\":\"remove\",\"id\":\"r-1\"}," ADD("path", "r-1") "]";
    assert_string_equal(look(t, "road", other).ids, "");
    assert_string_equal(look(t, "path", other).ids, "r-1 ");
    const char *gone = "[" ADD("road", "r-5") ",{\"op\":\"remove\",\"id\":\"r-5\"}]";
    assert_string_equal(look(t, "road", gone).ids, "r-1 ");
}

static void an_addition_needs_no_id(void **state) {
    const flood_twin *t = *state;
    const char *edits = "[{\"op\":\"remove\",\"id\":\"b-1\"},"
                        "{\"op\":\"add\",\"class\":\"road\"," POINTS "}," ADD("road", "r-7") "]";
    assert_string_equal(look(t, "road", edits).ids, "r-1 ~new-1 r-7 ");
}

static void edits_that_do_not_fit(void **state) {
    static const struct {
        const char *edits, *error, *message;
    } k_cases[] = {
        {"[" ADD("road", "b-1") "]", "EXISTS", "edits: the id \"b-1\" is used already"},
        {"[{\"op\":\"remove\",\"id\":\"b-9\"}]", "NOTFOUND", "there is no feature \"b-9\""},
        {"[{\"op\":\"set\",\"id\":\"b-9\",\"properties\":{\"residents\":1}}]", "NOTFOUND",
         "there is no feature \"b-9\""},
        {"[{\"op\":\"set\",\"id\":\"b-1\",\"properties\":{\"wings\":2}}]", "PARSE",
         "\"b-1\": properties: class building has no attribute \"wings\""},
        {"[{\"op\":\"set\",\"id\":\"b-1\",\"properties\":{\"residents\":\"many\"}}]", "PARSE",
         "residents"},
        {"[{\"op\":\"set\",\"id\":\"b-1\",\"properties\":{\"residents\":-5}}]", "RANGE",
         "residents"},
        {"[{\"op\":\"set\",\"id\":\"b-1\"," POINTS "}]", "GEOM", "\"b-1\""},
    };
    const flood_twin *t = *state;
    ct_reader *reader;
    ok(ct_store_reader(&reader, t->store));
    for (size_t i = 0; i < sizeof k_cases / sizeof *k_cases; i++) {
        ct_changeset *set = flood_twin_set(t, flood_twin_json(k_cases[i].edits));
        fails(ct_merged_check(reader, set), k_cases[i].error);
        message_has(k_cases[i].message);
        ct_changeset_free(set);
    }
    ct_reader_release(reader);
}

static ct_err refuse(void *context, const ct_feature *feature) {
    (void)context;
    return ct_fail(CT_RANGE, "%s is refused", feature->id);
}

static void a_visitor_ends_the_walk(void **state) {
    const flood_twin *t = *state;
    ct_reader *reader;
    ok(ct_store_reader(&reader, t->store));
    fails(
        ct_merged_each(reader, NULL, ct_catalogue_by_name(t->catalogue, "building"), refuse, NULL),
        "RANGE");
    message_has("b-1 is refused");
    ct_reader_release(reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_show),
        cmocka_unit_test(removed_and_added_again),
        cmocka_unit_test(an_addition_needs_no_id),
        cmocka_unit_test(edits_that_do_not_fit),
        cmocka_unit_test(a_visitor_ends_the_walk),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
