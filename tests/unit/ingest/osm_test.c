// OpenStreetMap: the rules are sound, the driver's configuration knows their tags, and a small
// block arrives whole.
#include "harness.h"

#include "ingest/measure.h"
#include "ingest/rules.h"

static void a_block_of_a_town_arrives(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    must(import(DATA("block.osm"), &o));
    assert_int_equal(ct_ingest_total(report), 11);

    const ct_feature *tower = by_id("building-w100");
    assert_string_equal(tower->source_id, "way/100");
    assert_string_equal(ct_feature_text(tower, "use", ""), "residential");
    assert_near(ct_feature_number(tower, "storeys_above", 0), 18, 0);
    assert_near(ct_feature_number(tower, "height_m", 0), 56.5, 0);
    assert_near(ct_feature_number(tower, "year_built", 0), 2015, 0);
    assert_string_equal(ct_feature_text(tower, "name", ""), "Riverside 1");
    assert_string_equal(ct_feature_text(tower, "name_zh", ""), "江岸一号楼");
    assert_int_equal(tower->geom.type, CT_GEOM_MULTIPOLYGON);
    assert_near(ct_geom_area_m2(&tower->geom), 28.8 * 22.18, 1.0);

    const ct_feature *kindergarten =
        by_id("building-w101"); // its height says "tall": levels of 3 m
    assert_string_equal(ct_feature_text(kindergarten, "use", ""), "kindergarten");
    assert_near(ct_feature_number(kindergarten, "height_m", 0), 9, 0);
    found("tag-value", CT_SEVERITY_WARNING, "block.osm:way/101", "tall");

    const ct_feature *road = by_id("road-w102");
    assert_string_equal(ct_feature_text(road, "kind", ""), "collector");
    assert_string_equal(ct_feature_text(road, "surface", ""), "asphalt");
    assert_near(ct_feature_number(road, "lanes", 0), 2, 0);
    assert_near(ct_feature_number(road, "width_m", 0), 23 * 0.3048, 1e-12);
    assert_near(ct_feature_number(road, "speed_limit_kmh", 0), 40, 0);
    assert_true(ct_feature_get(road, "oneway")->as.boolean);
    assert_int_equal(road->geom.type, CT_GEOM_MULTILINESTRING);
    assert_near(ct_geom_length_m(&road->geom), 192, 0.5); // 0.002 degrees of longitude at 30.5 N

    assert_string_equal(ct_feature_text(by_id("path-w103"), "kind", ""), "stair");
    assert_string_equal(ct_feature_text(by_id("green-w104"), "kind", ""), "garden");
    const ct_feature *river = by_id("water-r200");
    assert_string_equal(ct_feature_text(river, "kind", ""), "river");
    assert_string_equal(river->source_id, "relation/200");
    assert_near(ct_feature_number(by_id("barrier-w106"), "height_m", 0), 2.2, 0);
    assert_string_equal(ct_feature_text(by_id("opening-n31"), "kind", ""), "entrance");
    assert_near(ct_feature_number(by_id("opening-n31"), "width_m", 0), 1.8, 0);
    assert_string_equal(ct_feature_text(by_id("hydrant-n32"), "kind", ""), "pillar");
    assert_string_equal(ct_feature_text(by_id("component-n33"), "kind", ""), "tree");
    assert_true(ct_feature_get(by_id("gate-n34"), "open")->as.boolean);

    found("no-rule", CT_SEVERITY_INFO, "block.osm", "2 things"); // the pub and the power line
    assert_int_equal(count_of(CT_SEVERITY_ERROR), 0);
}

static void one_class_alone_may_be_taken(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    o.class_name = "building";
    must(import(DATA("block.osm"), &o));
    assert_int_equal(n_kept, 2);
    o.strict = true; // a height that cannot be read is an error then
    failed_with(import(DATA("block.osm"), &o), CT_PARSE, "height_m: \"tall\"");
}

static void a_file_cut_short_is_an_error(void **state) {
    (void)state;
    char *text = NULL;
    size_t length = 0;
    ct_ingest_options o = options_for();
    must(ct_file_read(&text, &length, DATA("block.osm"), 1 << 20));
    const char *path = in_folder("cut.osm");
    must(ct_file_write(path, text, length * 2 / 3));
    ct_free(text);
    ct_err err = import(path, &o);
    assert_int_equal(err, CT_PARSE);
    found("reader", CT_SEVERITY_ERROR, "cut.osm", "");
}

// ---- the rules
// --------------------------------------------------------------------------------------

static char *section_of(char *ini, const char *name, char **rest) {
    char *at = strstr(ini, name);
    assert_non_null(at);
    char *attributes = strstr(at, "attributes=");
    assert_non_null(attributes);
    attributes += strlen("attributes=");
    *rest = strchr(attributes, '\n');
    return attributes;
}

static bool lists(const char *list, const char *end, const char *tag) {
    size_t n = strlen(tag);
    for (const char *at = list; at < end; at += strcspn(at, ",\n") + 1)
        if (strncmp(at, tag, n) == 0 && (at[n] == ',' || at[n] == '\n')) return true;
    return false;
}

// A tag that no layer hands over would make its rule silently useless.
static void the_driver_hands_over_every_tag_of_the_rules(void **state) {
    (void)state;
    ct_ingest__rules *rules = NULL;
    char *ini = NULL;
    size_t length = 0;
    must(ct_ingest__rules_load(&rules, catalogue, CT_SOURCE_DIR "/data/ingest/osm.json"));
    must(ct_file_read(&ini, &length, CT_SOURCE_DIR "/data/osmconf.ini", 1 << 20));
    static const char *const sections[] = {"[points]", "[lines]", "[multipolygons]"};
    assert_true(ct_ingest__rules_tags(rules) > 30);
    for (size_t t = 0; t < ct_ingest__rules_tags(rules); t++) {
        bool known = false;
        for (size_t s = 0; s < 3; s++) {
            char *end = NULL;
            const char *list = section_of(ini, sections[s], &end);
            known = known || lists(list, end, ct_ingest__rules_tag(rules, t));
        }
        if (!known) fail_msg("osmconf.ini hands over no %s", ct_ingest__rules_tag(rules, t));
    }
    ct_free(ini);
    ct_ingest__rules_free(rules);
}

static void refused(const char *json, ct_err expected, const char *part) {
    ct_ingest__rules *rules = NULL;
    const char *path = in_folder("rules.json");
    must(ct_file_write(path, json, strlen(json)));
    failed_with(ct_ingest__rules_load(&rules, catalogue, path), expected, part);
    assert_null(rules);
}

#define RULES(rule) "{\"common\":{},\"rules\":[" rule "]}"

static void wrong_rules_are_refused_with_their_place(void **state) {
    (void)state;
    refused("{\"rules\":[]}", CT_PARSE, "common");
    refused(RULES(""), CT_PARSE, "rules: a list");
    refused(RULES("1"), CT_PARSE, "rules[0]");
    refused(RULES("{\"class\":\"castle\",\"when\":{\"a\":\"*\"}}"), CT_NOTFOUND, "rules[0]: class");
    refused(RULES("{\"class\":\"green\"}"), CT_PARSE, "condition");
    refused(RULES("{\"class\":\"green\",\"when\":{\"a\":[]}}"), CT_PARSE, "when: a");
    refused(RULES("{\"class\":\"green\",\"when\":{\"a\":[1]}}"), CT_PARSE, "when: a");
    refused(RULES("{\"class\":\"green\",\"when\":{\"a\":\"*\"},\"attributes\":{\"colour\":{"
                  "\"value\":\"x\"}}}"),
            CT_NOTFOUND, "class green has no \"colour\"");
    refused(RULES("{\"class\":\"green\",\"when\":{\"a\":\"*\"},\"attributes\":{\"kind\":{}}}"),
            CT_PARSE, "attributes: kind: either");
    refused(RULES("{\"class\":\"green\",\"when\":{\"a\":\"*\"},\"attributes\":{\"kind\":"
                  "{\"tag\":\"a\",\"as\":\"colour\"}}}"),
            CT_PARSE, "as: unknown");
    refused(RULES("{\"class\":\"green\",\"when\":{\"a\":\"*\"},\"attributes\":{\"kind\":"
                  "{\"tag\":\"a\",\"values\":{}}}}"),
            CT_PARSE, "values");
}

// ---- measures
// ---------------------------------------------------------------------------------------

static double measured(ct_ingest__measure measure, const char *text) {
    const ct_class *cls = ct_catalogue_by_name(catalogue, "building");
    const ct_attr *attr = &cls->attrs[ct_class_attr(cls, "height_m")];
    ct_value v = {.kind = CT_VALUE_NULL};
    return ct_ingest__measure_read(&v, arena, attr, measure, 1, text) == CT_OK ? v.as.real : -1;
}

static void measures_are_read_as_people_write_them(void **state) {
    (void)state;
    assert_near(measured(CT_INGEST__LENGTH, "12"), 12, 0);
    assert_near(measured(CT_INGEST__LENGTH, "12.5 m"), 12.5, 0);
    assert_near(measured(CT_INGEST__LENGTH, "12m"), 12, 0);
    assert_near(measured(CT_INGEST__LENGTH, "0.3 km"), 300, 1e-12);
    assert_near(measured(CT_INGEST__LENGTH, "40 ft"), 12.192, 1e-12);
    assert_near(measured(CT_INGEST__LENGTH, "5'10\""), 1.778, 1e-12);
    assert_near(measured(CT_INGEST__LENGTH, "3;4"), 3, 0);
    assert_near(measured(CT_INGEST__SPEED, "30 mph"), 48.28032, 1e-9);
    assert_near(measured(CT_INGEST__SPEED, "60 km/h"), 60, 0);
    assert_near(measured(CT_INGEST__NUMBER, "7"), 7, 0);
    static const char *const bad[] = {"",     "tall", "12 miles", "m",    "1.2.3",
                                      "12,5", "-",    "1e5",      "0x10", "12 m high"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (measured(CT_INGEST__LENGTH, bad[i]) != -1) fail_msg("\"%s\" was taken", bad[i]);
    assert_near(measured(CT_INGEST__NUMBER, "7 m"), -1, 0);
    assert_near(measured(CT_INGEST__LENGTH, "-5"), -1, 0);        // below the attribute's least
    assert_near(measured(CT_INGEST__YEAR, "0998-05-01"), 998, 0); // heights end at 1500
    assert_near(measured(CT_INGEST__YEAR, "1990s"), -1, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_of_a_town_arrives),
        cmocka_unit_test(one_class_alone_may_be_taken),
        cmocka_unit_test(a_file_cut_short_is_an_error),
        cmocka_unit_test(the_driver_hands_over_every_tag_of_the_rules),
        cmocka_unit_test(wrong_rules_are_refused_with_their_place),
        cmocka_unit_test(measures_are_read_as_people_write_them),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
