// Bad OpenStreetMap files with things inside buildings: topology that does not hold is told by
// element and left out, files that are none are refused.
#include "osm_harness.h"

static ct_err import_text(const char *text) {
    const ct_ingest_options o = options_for();
    must(ct_file_write(in_folder("a.osm"), text, strlen(text)));
    return import(in_folder("a.osm"), &o);
}

// ---- elements -----------------------------------------------------------------------------------

static void rings_that_do_not_close(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 30, 10, "building=yes");
    box(2, 0, 0, 10, 10, "indoor=room|level=0");
    way(3, "10 11 12", "indoor=room|level=0");
    way(4, "10", "indoor=area|level=0");
    way(5, "", "indoor=room|level=0");
    way(6, "10 11 10", "indoor=room|level=0");
    way(7, "10 11", "");
    relation(8, "w7:outer", "type=multipolygon|indoor=room|level=0");
    relation(9, "n10:outer", "type=multipolygon|indoor=room|level=0");
    must(import_osm());
    assert_int_equal(count_class("space"), 1);
    found("unclosed", CT_SEVERITY_WARNING, "way/3", "does not close");
    found("unclosed", CT_SEVERITY_WARNING, "way/4", "1 nodes");
    found("unclosed", CT_SEVERITY_WARNING, "way/5", "0 nodes");
    found("unclosed", CT_SEVERITY_WARNING, "way/6", "does not close");
    found("unclosed", CT_SEVERITY_WARNING, "relation/8", "outer ring from way/7");
    found("geometry", CT_SEVERITY_WARNING, "relation/9", "no area");
}

static void references_to_nothing(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 30, 10, "building=yes");
    box(2, 0, 0, 10, 10, "indoor=room|level=0");
    way(3, "10 11 777 12 13 10", "indoor=area|level=0");
    way(4, "777 778 779 777", "indoor=area|level=0");
    relation(5, "w2:outer w999:inner r998:inner", "type=multipolygon|indoor=area|level=0");
    relation(6, "w997:outline w2:part", "type=building");
    must(import_osm());
    found("unknown-node", CT_SEVERITY_WARNING, "way/3", "node/777");
    found("unknown-node", CT_SEVERITY_WARNING, "way/4", "4 of its nodes");
    found("unknown-member", CT_SEVERITY_WARNING, "relation/5", "way/999 is not in the file");
    found("unknown-member", CT_SEVERITY_WARNING, "relation/5", "relation/998 is no way");
    found("no-outline", CT_SEVERITY_WARNING, "relation/6", "outline");
    assert_true(has_id("space-w3") && has_id("space-r5") && !has_id("space-w4"));
}

static void relations_that_contain_themselves(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 30, 10, "building=yes");
    box(2, 0, 0, 10, 10, "indoor=room|level=0");
    relation(6, "w1:outline r6:part r7:part", "type=building");
    relation(7, "r8:part w2:part", "type=level|level=0");
    relation(8, "r7:part r6:part", "type=level|level=0");
    must(import_osm());
    found("relation-cycle", CT_SEVERITY_WARNING, "relation/6", "relation/6");
    found("relation-cycle", CT_SEVERITY_WARNING, "relation/8", "relation/7");
    assert_string_equal(text("space-w2", "storey"), "storey-w1~0");
    begin_osm();
    box(1, 0, 0, 30, 10, "building=yes");
    box(2, 0, 0, 10, 10, "indoor=room|level=0");
    relation(10, "w1:outline r11:part", "type=building");
    for (int i = 11; i < 40; i++) {
        char member[16];
        snprintf(member, sizeof member, "r%d:part", i + 1);
        relation(i, member, "type=level|level=0");
    }
    must(import_osm());
    found("relation-depth", CT_SEVERITY_WARNING, "relation/26", "16 deep");
}

static void ids_that_come_again(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 30, 10, "building=yes");
    box(2, 0, 0, 10, 10, "indoor=room|level=0|name=first");
    way(2, "10 11 12 13 10", "indoor=room|level=0|name=second");
    (void)import_osm(); // GDAL may not take it; what counts is what is told here
    found("repeated-id", CT_SEVERITY_WARNING, "way/2", "more than once");
    begin_osm();
    box(1, 0, 0, 30, 10, "building=yes");
    box(2, 0, 0, 10, 10, "indoor=room|level=0");
    node(10, 1, 1, "door=yes");
    (void)import_osm();
    found("repeated-id", CT_SEVERITY_WARNING, "node/10", "more than once");
}

static void levels_that_cannot_be_read(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 30, 10, "building=yes");
    box(2, 0, 0, 10, 10, "indoor=room|level=EG");
    box(3, 10, 0, 20, 10, "indoor=room");
    box(4, 20, 0, 30, 10, "indoor=room|level=2|repeat_on=all");
    box(5, 20, 0, 30, 10, "indoor=area|level=0-1000000");
    must(import_osm());
    found("level-unreadable", CT_SEVERITY_WARNING, "way/2", "level=\"EG\"");
    found("level-missing", CT_SEVERITY_WARNING, "way/3", "level 0");
    found("level-unreadable", CT_SEVERITY_WARNING, "way/4", "repeat_on=\"all\"");
    found("level-unreadable", CT_SEVERITY_WARNING, "way/5", "0-1000000");
    assert_string_equal(text("space-w2", "storey"), "storey-w1~0");
    assert_int_equal(count_class("storey"), 2);
    ct_ingest_options o = options_for();
    o.strict = true;
    failed_with(import(in_folder("a.osm"), &o), CT_PARSE, "a.osm:");
}

static void doors_in_no_wall(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 30, 10, "building=yes");
    box(2, 0, 0, 10, 10, "indoor=room|level=0");
    node(90, 20, 5, "door=yes|level=0");
    node(91, 5, 5, "door=yes|level=0");  // in the middle of the room
    node(92, 5, 10, "door=yes|level=7"); // a level without rooms: the outline is a wall
    node(93, 20, 5, "door=yes");
    node(94, 10, 5, "door=yes|width=wide|level=0"); // beyond is no room, and not outside
    must(import_osm());
    found("door-in-no-wall", CT_SEVERITY_WARNING, "node/90", "level 0");
    found("door-in-no-wall", CT_SEVERITY_WARNING, "node/91", "level 0");
    found("door-outdoors", CT_SEVERITY_INFO, "a.osm", "1 doors");
    found("tag-value", CT_SEVERITY_WARNING, "node/94", "wide");
    assert_string_equal(text("opening-n90", "space_a"), "");
    assert_string_equal(text("opening-n94", "space_a"), "space-w2");
    assert_false(ct_feature_get(by_id("opening-n94"), "is_external")->as.boolean);
}

static void rings_that_cross_themselves(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 30, 10, "building=yes");
    node(90, 0, 0, "");
    node(91, 10, 10, "");
    node(92, 10, 0, "");
    node(93, 0, 10, "");
    way(2, "90 91 92 93 90", "indoor=room|level=0");
    way(3, "90 91 90 91 90", "indoor=room|level=0");
    box(4, 40, 0, 50, 10, "");
    box(5, 60, 0, 70, 10, "");
    relation(6, "w4:outer w5:inner", "type=multipolygon|indoor=room|level=0");
    must(import_osm());
    found("invalid-polygon", CT_SEVERITY_WARNING, "way/2", "repaired");
    found("invalid-polygon", CT_SEVERITY_WARNING, "way/3", "left out");
    found("hole-outside", CT_SEVERITY_WARNING, "relation/6", "no outer one");
    assert_near(number("space-w2", "area_m2"), 50, 0.5);
    assert_false(has_id("space-w3"));
}

// ---- files --------------------------------------------------------------------------------------

static void files_that_are_none(void **state) {
    (void)state;
    failed_with(import_text("<!DOCTYPE osm [<!ENTITY a \"indoor\"><!ENTITY b \"&a;&a;\">]>"
                            "<osm>&b;</osm>"),
                CT_UNSUPPORTED, "a.osm: line 1: a document type (DTD) is refused");
    failed_with(import_text("<!DOCTYPE osm SYSTEM \"file:///etc/hosts\"><osm><!--indoor--></osm>"),
                CT_UNSUPPORTED, "DTD");
    failed_with(import_text("<osmChange><!-- indoor --></osmChange>"), CT_UNSUPPORTED,
                "<osmChange> where <osm> is due");
    failed_with(import_text(OSM("\n<node id='1' lat='1' lon='2'><tag k='indoor' v='room'/>")),
                CT_PARSE, "a.osm: line 2: node/1:");
    failed_with(import_text("<osm><!-- indoor -->\n\n<way id='5'><nd ref='1'/>"), CT_PARSE,
                "line 3: way/5:");
    failed_with(import_text("indoor"), CT_PARSE, "a.osm: line 1");
    failed_with(import_text(OSM("&indoor;")), CT_PARSE, "line 1");
    failed_with(import_text(OSM("<!--indoor--><a><a><a><a><a><a><a><a><a>")), CT_LIMIT, "deep");
}

static void attributes_that_are_none(void **state) {
    (void)state;
#define NODE(attributes) OSM("<!--indoor-->\n<node " attributes "/>")
    failed_with(import_text(NODE("lat='1' lon='2'")), CT_PARSE, "line 2: a node without an id");
    failed_with(import_text(NODE("id='x' lat='1' lon='2'")), CT_PARSE, "without an id");
    failed_with(import_text(NODE("id='9223372036854775808' lat='1' lon='2'")), CT_PARSE, "id");
    failed_with(import_text(NODE("id='1' lat='91' lon='2'")), CT_PARSE, "node/1: lat and lon");
    failed_with(import_text(NODE("id='1' lat='nan' lon='2'")), CT_PARSE, "lat and lon");
    failed_with(import_text(NODE("id='1' lat='1'")), CT_PARSE, "lat and lon");
    failed_with(import_text(NODE("id='1' lat='1' lon='-180.1'")), CT_PARSE, "lat and lon");
    failed_with(import_text(OSM("<!--indoor--><way id='1'><nd/></way>")), CT_PARSE, "way/1: an nd");
    failed_with(import_text(OSM("<!--indoor--><node id='1' lat='1' lon='1'><nd ref='1'/></node>")),
                CT_PARSE, "node/1: an nd");
    failed_with(import_text(OSM("<!--indoor--><way id='1'><tag k='a'/></way>")), CT_PARSE, "a tag");
    failed_with(import_text(OSM("<!--indoor--><relation id='1'><member type='x' ref='1'/>"
                                "</relation>")),
                CT_PARSE, "relation/1: a member");
}

// Thousands of areas over each other would keep the overlays busy for hours.
static void what_would_take_too_long_is_refused(void **state) {
    (void)state;
    FILE *file = fopen(in_folder("a.osm"), "w");
    assert_non_null(file);
    fprintf(file, "<osm>\n");
    for (int i = 0; i < 2500; i++)
        for (int k = 0; k < 4; k++)
            fprintf(file, "<node id=\"%d\" lat=\"%.7f\" lon=\"%.7f\"/>\n", 4 * i + k + 1,
                    30.5 + (k / 2 ? 1 : -1) * (1e-4 + 1e-7 * i),
                    114 + (k % 3 ? 1 : -1) * (1e-4 + 1e-7 * (i * 7 % 2500)));
    for (int i = 0; i < 2500; i++)
        fprintf(
            file,
            "<way id=\"%d\"><nd ref=\"%d\"/><nd ref=\"%d\"/><nd ref=\"%d\"/><nd ref=\"%d\"/><nd "
            "ref=\"%d\"/><tag k=\"indoor\" v=\"area\"/><tag k=\"level\" v=\"0\"/></way>\n",
            i + 1, 4 * i + 1, 4 * i + 2, 4 * i + 3, 4 * i + 4, 4 * i + 1);
    fprintf(file, "</osm>\n");
    assert_int_equal(fclose(file), 0);
    const ct_ingest_options o = options_for();
    failed_with(import(in_folder("a.osm"), &o), CT_LIMIT, "a.osm: too many spaces");
}

// What is outdoors comes all the same.
static void the_inside_of_too_large_a_file_is_left_out(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    o.max_features = 10; // 50 nodes with it
    begin_osm();
    for (int i = 10; i < 60; i++) node(i, i, 50, "");
    box(10, 0, 0, 30, 10, "building=yes");
    box(20, 0, 0, 10, 10, "indoor=room|level=0");
    must(import_osm_as("a.osm", &o));
    found("indoor-too-large", CT_SEVERITY_WARNING, "a.osm", "more than 50 nodes");
    assert_int_equal(count_class("building"), 1);
    assert_int_equal(count_class("space"), 0);
    o.strict = true;
    failed_with(import(in_folder("a.osm"), &o), CT_PARSE, "more than 50 nodes");
}

static bool never(void *context, double part) {
    (void)part;
    ++*(int *)context;
    return false;
}

static void the_look_for_words_can_be_cancelled(void **state) {
    (void)state;
    int asked = 0;
    ct_ingest_options o = options_for();
    o.progress = never;
    o.progress_context = &asked;
    begin_osm();
    box(1, 0, 0, 10, 10, "indoor=room|level=0");
    failed_with(import_osm_as("a.osm", &o), CT_CANCELLED, "a.osm: cancelled");
    assert_int_equal(asked, 1);
}

// Deleted elements, elements of other names and of no place are passed over.
static void what_does_not_count(void **state) {
    (void)state;
    begin_osm();
    add("<bounds minlat='1'/><note>x</note><node id='5'/>"
        "<node id='6' lat='30.5' lon='114' action='delete'><tag k='door' v='yes'/></node>"
        "<way id='7' visible='false'><tag k='indoor' v='room'/></way>"
        "<way id='8'><tag k='note' v='&lt;&amp;&quot;&#65;'/><other/></way>");
    box(9, 0, 0, 10, 10, "indoor=room|level=0|name=A&amp;B");
    must(import_osm());
    assert_int_equal(count_class("space"), 1);
    assert_string_equal(text("space-w9", "name"), "A&B");
    assert_int_equal(count_class("opening"), 0);
}

static void a_file_without_indoor_things_goes_the_plain_way(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 10, 10, "building=yes|note=indoor pool");
    must(import_osm());
    assert_int_equal(n_kept, 1);
    assert_null(finding("storey-height"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rings_that_do_not_close),
        cmocka_unit_test(references_to_nothing),
        cmocka_unit_test(relations_that_contain_themselves),
        cmocka_unit_test(ids_that_come_again),
        cmocka_unit_test(levels_that_cannot_be_read),
        cmocka_unit_test(doors_in_no_wall),
        cmocka_unit_test(rings_that_cross_themselves),
        cmocka_unit_test(files_that_are_none),
        cmocka_unit_test(attributes_that_are_none),
        cmocka_unit_test(what_would_take_too_long_is_refused),
        cmocka_unit_test(the_inside_of_too_large_a_file_is_left_out),
        cmocka_unit_test(the_look_for_words_can_be_cancelled),
        cmocka_unit_test(what_does_not_count),
        cmocka_unit_test(a_file_without_indoor_things_goes_the_plain_way),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
