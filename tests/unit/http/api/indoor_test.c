// Indoor models over HTTP: the list, the graph, GeoJSON by storey, tags that follow changes.
#include "unit/http/api/twin.h"

static void put(const twin *t, const char *text) {
    json_t *edits;
    ct_changeset *set;
    int64_t version;
    assert_int_equal(ct_json_parse(&edits, text, strlen(text), 1 << 20), CT_OK);
    if (ct_changeset_parse(&set, t->catalogue, edits, TWIN_CRS) != CT_OK ||
        ct_store_apply(t->store, set, "test", &version) != CT_OK)
        fail_msg("%s", ct_err_message());
    ct_changeset_free(set);
    json_decref(edits);
}

#define PLACE(x0, y0, x1, y1)                                                                      \
    "\"crs\":\"EPSG:4547\",\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":[[[[" #x0       \
    "," #y0 "],[" #x1 "," #y0 "],[" #x1 "," #y1 "],[" #x0 "," #y1 "],[" #x0 "," #y0 "]]]]}"

static int open_with_inside(void **state) {
    const int err = twin_open(state);
    if (err) return err;
    put(*state,
        "[{\"op\":\"add\",\"class\":\"storey\",\"id\":\"s0\",\"properties\":{\"building\":\"bldg-"
        "3\","
        "\"level\":0,\"elevation_m\":21.5}},"
        "{\"op\":\"add\",\"class\":\"storey\",\"id\":\"s1\",\"properties\":{\"building\":\"bldg-"
        "3\","
        "\"level\":1,\"elevation_m\":24.5}},"
        "{\"op\":\"add\",\"class\":\"space\",\"id\":\"r1\",\"properties\":{\"storey\":\"s0\","
        "\"use\":\"office\"}," PLACE(
            529091, 3380001, 529095,
            3380006) "},"
                     "{\"op\":\"add\",\"class\":\"space\",\"id\":\"r2\",\"properties\":{\"storey\":"
                     "\"s1\"}," PLACE(529095.2, 3380001, 529099,
                                      3380006) "},"
                                               "{\"op\":\"add\",\"class\":\"opening\",\"id\":"
                                               "\"d1\",\"properties\":{\"kind\":\"door\","
                                               "\"building\":\"bldg-3\",\"storey\":\"s0\",\"space_"
                                               "a\":\"r1\"}}]");
    return 0;
}

static void the_list_names_buildings_with_storeys(void **state) {
    const twin *t = *state;
    json_t *list = get_json(t, "/indoor", 200);
    const json_t *buildings = json_object_get(list, "buildings");
    assert_int_equal(json_array_size(buildings), 1);
    assert_string_equal(text_of(json_array_get(buildings, 0), "id"), "bldg-3");
    assert_string_equal(text_of(json_array_get(buildings, 0), "name"), "Tower 3");
    json_decref(get_json(t, path_of(t, link_of(json_array_get(buildings, 0), "item", NULL)), 200));
    json_decref(get_json(t, path_of(t, link_of(json_array_get(buildings, 0), "items", NULL)), 200));
    json_decref(list);
}

static void the_graph_has_ends(void **state) {
    const twin *t = *state;
    json_t *m = get_json(t, "/indoor/bldg-3", 200);
    assert_string_equal(text_of(m, "crs"), TWIN_CRS_URI);
    const json_t *space = json_array_get(json_object_get(m, "spaces"), 0);
    assert_string_equal(text_of(space, "id"), "r1");
    assert_true(json_number_value(json_object_get(space, "area_m2")) == 20);
    const json_t *door = json_array_get(json_object_get(m, "openings"), 0);
    const json_t *ends = json_object_get(door, "spaces");
    assert_string_equal(json_string_value(json_array_get(ends, 0)), "r1");
    assert_string_equal(json_string_value(json_array_get(ends, 1)), "outdoors");
    assert_true(json_is_true(json_object_get(door, "exit")));
    const json_t *finding = json_array_get(json_object_get(m, "findings"), 0);
    assert_string_equal(text_of(finding, "rule"), "room-no-way-out");
    assert_string_equal(text_of(finding, "id"), "r2");
    json_decref(m);
    expect_status(t, "/indoor/nobody", 404);
}

static void maps_get_a_storey(void **state) {
    const twin *t = *state;
    json_t *all = get_json(t, "/indoor/bldg-3/features", 200);
    json_t *one = get_json(t, "/indoor/bldg-3/features?storey=s1", 200);
    assert_int_equal(json_array_size(json_object_get(all, "features")), 2); // the door has no place
    assert_int_equal(json_array_size(json_object_get(one, "features")), 1);
    const json_t *f = json_array_get(json_object_get(one, "features"), 0);
    assert_string_equal(text_of(json_object_get(f, "properties"), "id"), "r2");
    const json_t *at = json_object_get(json_object_get(f, "geometry"), "coordinates");
    for (int depth = 0; depth < 2; depth++) at = json_array_get(at, 0);
    const double east = json_number_value(json_array_get(at, 0));
    const double north = json_number_value(json_array_get(at, 1));
    assert_true(east > 114 && east < 115 && north > 30 && north < 31);
    json_decref(all);
    json_decref(one);
    expect_status(t, "/indoor/bldg-3/features?storey=attic", 404);
    expect_status(t, "/indoor/bldg-3/features?floor=s1", 400);
}

static void tags_follow_changes(void **state) {
    const twin *t = *state;
    char etag[1024], again[1024];
    answer a = get(t->port, "/indoor/bldg-3");
    snprintf(etag, sizeof etag, "%s", answer_header(&a, "ETag", again));
    answer_free(&a);
    put(t, "[{\"op\":\"set\",\"id\":\"r1\",\"properties\":{\"occupants\":77}}]");
    a = get(t->port, "/indoor/bldg-3");
    assert_string_not_equal(etag, answer_header(&a, "ETag", again));
    assert_non_null(strstr(a.body, "\"occupants\":77,"));
    answer_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_names_buildings_with_storeys),
        cmocka_unit_test(the_graph_has_ends),
        cmocka_unit_test(maps_get_a_storey),
        cmocka_unit_test(tags_follow_changes),
    };
    return cmocka_run_group_tests(tests, open_with_inside, twin_close);
}
