// IndoorGML 1.0: cells on storeys, the graph between them, boundaries, and links that lead nowhere.
#include "city_harness.h"

#define TWIN "EPSG:25832"
#define HEAD                                                                                       \
    "<IndoorFeatures xmlns=\"http://www.opengis.net/indoorgml/1.0/core\" xmlns:gml=\"http://"      \
    "www.opengis.net/gml/3.2\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" gml:id=\"I\">"         \
    "<primalSpaceFeatures><PrimalSpaceFeatures>"
#define GRAPH                                                                                      \
    "</PrimalSpaceFeatures></primalSpaceFeatures><multiLayeredGraph><MultiLayeredGraph>"           \
    "<spaceLayers><spaceLayerMember><SpaceLayer><nodes>"
#define EDGES "</nodes><edges>"
#define TAIL                                                                                       \
    "</edges></SpaceLayer></spaceLayerMember></spaceLayers></MultiLayeredGraph>"                   \
    "</multiLayeredGraph></IndoorFeatures>"
#define RING(list)                                                                                 \
    "<gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>" list             \
    "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>"
// A tetrahedron with a foot of 8 m2, 3 m high.
#define CELL(id, z, top)                                                                           \
    "<cellSpaceMember><CellSpace gml:id=\"" id "\"><gml:name>room " id "</gml:name>"               \
    "<cellSpaceGeometry><Geometry3D><gml:Solid><gml:exterior><gml:Shell>" RING(                    \
        "500000 5400000 " z " 500000 5400004 " z " 500004 5400000 " z " 500000 5400000 " z)        \
        RING("500000 5400000 " z " 500004 5400000 " z " 500000 5400000 " top " 500000 5400000 " z) \
            RING("500004 5400000 " z " 500000 5400004 " z " 500000 5400000 " top                   \
                 " 500004 5400000 " z)                                                             \
                RING("500000 5400004 " z " 500000 5400000 " z " 500000 5400000 " top               \
                     " 500000 5400004 " z) "</gml:Shell></gml:exterior></gml:Solid></"             \
                                           "Geometry3D></cellSpaceGeometry>"                       \
                                           "<duality xlink:href=\"#S" id                           \
                                           "\"/></CellSpace></cellSpaceMember>"
#define STATE(id)                                                                                  \
    "<stateMember><State gml:id=\"S" id "\"><duality xlink:href=\"#" id                            \
    "\"/><geometry><gml:Point>"                                                                    \
    "<gml:pos>500001 5400001 1</gml:pos></gml:Point></geometry></State></stateMember>"
#define EDGE(id, a, b)                                                                             \
    "<transitionMember><Transition gml:id=\"" id                                                   \
    "\"><weight>2.5</weight><connects xlink:href=\"#S" a "\"/><connects xlink:href=\"#S" b         \
    "\"/><geometry><gml:LineString><gml:pos>500001 5400001 1"                                      \
    "</gml:pos><gml:pos>500001 5400001 4</gml:pos></gml:LineString></geometry></Transition>"       \
    "</transitionMember>"
#define BOUNDARY(id, edge)                                                                         \
    "<cellSpaceBoundaryMember><CellSpaceBoundary gml:id=\"" id "\"><duality xlink:href=\"#" edge   \
    "\"/><cellSpaceBoundaryGeometry><geometry3D><gml:Polygon><gml:exterior><gml:LinearRing>"       \
    "<gml:posList>500000 5400000 3 500001 5400000 3 500000 5400001 3 500000 5400000 3"             \
    "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></geometry3D>"                    \
    "</cellSpaceBoundaryGeometry></CellSpaceBoundary></cellSpaceBoundaryMember>"

static ct_err import_indoor(const char *text) {
    return import_text("a.gml", text, TWIN, "EPSG:25832");
}

static void cells_and_graph_become_spaces_and_connections(void **state) {
    (void)state;
    static char text[16000]; // in pieces: compilers need not take texts so long
    snprintf(text, sizeof text, "%s%s%s%s", HEAD CELL("C1", "0", "3"), CELL("C2", "3", "6"),
             CELL("C3", "0.2", "3"),
             BOUNDARY("B1", "T1") BOUNDARY("B2", "none") GRAPH STATE("C1") STATE("C2") STATE("C3")
                 EDGES EDGE("T1", "C1", "C2") TAIL);
    must(import_indoor(text));
    const seen *c1 = of_id("C1"), *c2 = of_id("C2"), *c3 = of_id("C3"), *t = of_id("T1");
    assert_int_equal(n_all, 8); // with the building and two storeys
    assert_string_equal(ct_feature_text(&c1->f, "name", ""), "room C1");
    assert_string_equal(ct_feature_text(&c1->f, "storey", ""),
                        ct_feature_text(&c3->f, "storey", "x"));
    assert_string_equal(ct_feature_text(&c2->f, "storey", ""), of_id("I-storey-2")->f.id);
    assert_float_equal(ct_feature_number(&of_id("I-storey-2")->f, "level", -1), 1, 0);
    assert_float_equal(ct_feature_number(&c1->f, "volume_m3", 0), 8, 1e-6);
    assert_float_equal(ct_feature_number(&c1->f, "area_m2", 0), 8, 1e-6);
    assert_string_equal(property(c1, "state", "id")->value.as.text, "SC1");
    assert_string_equal(ct_feature_text(&t->f, "space_a", ""), c1->f.id);
    assert_string_equal(ct_feature_text(&t->f, "space_b", ""), c2->f.id);
    assert_float_equal(ct_feature_number(&t->f, "weight", 0), 2.5, 0);
    assert_int_equal(t->f.geom.n_points, 2);
    assert_int_equal(t->n_faces, 1);
    assert_string_equal(of_id("B2")->f.cls->name, "city_object");
    found("made-storey", "a.gml", "2 storeys");
    found("boundary-alone", "a.gml", "1 boundaries");
    found("state-outside", "a.gml", "1 places of a State"); // C2 begins 2 m above its state
}

static void links_that_lead_nowhere_are_told(void **state) {
    (void)state;
    must(import_indoor(HEAD CELL("C1", "0", "3") GRAPH STATE("C1") STATE("C9")
                           EDGES EDGE("T1", "C1", "C9") TAIL));
    found("bad-link", "a.gml", "State");
    found("bad-link", "a.gml", "Transition");
    assert_string_equal(ct_feature_text(&of_id("T1")->f, "space_b", "none"), "none");
}

static void a_transition_connects_rooms_only(void **state) {
    (void)state;
    must(import_indoor(HEAD CELL("C1", "0", "3") GRAPH STATE("C1") EDGES EDGE("ST1", "C1", "C1")
                           EDGE("T2", "T1", "C1") TAIL));
    found("bad-link", "a.gml", "1 links of a Transition");
    assert_string_equal(ct_feature_text(&of_id("T2")->f, "space_a", "none"), of_id("C1")->f.id);
    assert_string_equal(ct_feature_text(&of_id("T2")->f, "space_b", "none"), "none");
}

static void wrong_documents_are_refused(void **state) {
    (void)state;
    failed_with(import_indoor("<!DOCTYPE x [<!ENTITY a \"b\">]>" HEAD GRAPH EDGES TAIL),
                CT_UNSUPPORTED, "DTD");
    failed_with(import_indoor(HEAD "<cellSpaceMember>"), CT_PARSE, "a.gml: line 1");
    failed_with(import_indoor("<IndoorFeatures xmlns=\"http://www.opengis.net/indoorgml/2.0/x\"/>"),
                CT_UNSUPPORTED, "IndoorGML 1.0");
    failed_with(import_text("a.gml", HEAD CELL("C1", "0", "3") GRAPH EDGES TAIL, TWIN, NULL),
                CT_CRS, "--crs");
    failed_with(import_indoor(HEAD CELL("C1", "0", "x") GRAPH EDGES TAIL), CT_PARSE,
                "is no number");
    assert_int_equal(n_all, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_and_graph_become_spaces_and_connections),
        cmocka_unit_test(links_that_lead_nowhere_are_told),
        cmocka_unit_test(a_transition_connects_rooms_only),
        cmocka_unit_test(wrong_documents_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
