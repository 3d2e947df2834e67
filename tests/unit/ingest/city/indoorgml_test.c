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

// ---- boxes --------------------------------------------------------------------------------------

static size_t put_face(char *to, size_t room, const double *b, int axis, int end) {
    static const int round[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    size_t n = (size_t)snprintf(to, room,
                                "<gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing>"
                                "<gml:posList>");
    for (int i = 0; i <= 4; i++) {
        double p[3];
        const int *at = round[end ? i % 4 : (4 - i) % 4]; // looking out
        p[axis] = b[3 * end + axis];
        p[(axis + 1) % 3] = b[3 * at[0] + (axis + 1) % 3];
        p[(axis + 2) % 3] = b[3 * at[1] + (axis + 2) % 3];
        n += (size_t)snprintf(to + n, room - n, "%.10g %.10g %.10g ", 500000 + p[0], 5400000 + p[1],
                              p[2]);
    }
    n += (size_t)snprintf(to + n, room - n,
                          "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
                          "</gml:surfaceMember>");
    return n;
}

enum { BOX_TEXT = 8000 };

// A cell of one box, or of two of which the second is a well: its floor and ceiling are laid on
// those of the first.
static const char *box_cell(char to[BOX_TEXT], const char *id, const char *state, const double *b,
                            const double *well) {
    size_t n = (size_t)snprintf(to, BOX_TEXT,
                                "<cellSpaceMember><CellSpace gml:id=\"%s\"><cellSpaceGeometry>"
                                "<Geometry3D><gml:Solid><gml:exterior><gml:Shell>",
                                id);
    for (const double *box = b; box; box = box == b ? well : NULL)
        for (int face = 0; face < 6; face++)
            n += put_face(to + n, BOX_TEXT - n, box, face / 2, face % 2 != (box == well));
    snprintf(to + n, BOX_TEXT - n,
             "</gml:Shell></gml:exterior></gml:Solid></Geometry3D></cellSpaceGeometry>"
             "<duality xlink:href=\"#%s\"/></CellSpace></cellSpaceMember>",
             state);
    return to;
}

static void cells_are_held_against_each_other(void **state) {
    (void)state;
    static const double a[] = {0, 0, 0, 4, 4, 3}, touching[] = {4, 1, 0, 8, 3, 3};
    static const double over[] = {3.5, 1, 0, 8, 3, 3}, apart[] = {4.3, 1, 0, 8, 3, 3};
    static const double above[] = {0, 0, 3, 4, 4, 6}, edge[] = {4, 4, 0, 8, 8, 3};
    static const struct {
        const double *b;
        double shared_m3;
        const char *gap;
    } cases[] = {{touching, 0, NULL},
                 {over, 3, "the widest gap is 0.00 m"},
                 {apart, 0, "0.30 m"},
                 {above, 0, NULL},
                 {edge, 0, "0.00 m"}};
    static char text[20000], one[BOX_TEXT], two[BOX_TEXT], told[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(text, sizeof text, "%s%s%s%s", HEAD, box_cell(one, "A", "SA", a, NULL),
                 box_cell(two, "B", "SB", cases[i].b, NULL),
                 GRAPH STATE("A") STATE("B") EDGES EDGE("T", "A", "B") TAIL);
        must(import_indoor(text));
        assert_float_equal(ct_feature_number(&of_id("A")->f, "volume_m3", 0), 48, 1e-6);
        assert_int_equal(findings("cells-overlap"), cases[i].shared_m3 > 0);
        assert_int_equal(findings("transition-apart"), cases[i].gap != NULL);
        snprintf(told, sizeof told, "val3dity 701: it shares %.3f m3 with B", cases[i].shared_m3);
        if (cases[i].shared_m3 > 0) found("cells-overlap", "CellSpace A", told);
        if (cases[i].gap) found("transition-apart", "a.gml", "val3dity 704: 1 of 1 transitions");
        if (cases[i].gap) found("transition-apart", "a.gml", cases[i].gap);
    }
}

static void a_well_is_no_floor(void **state) {
    (void)state;
    static const double a[] = {0, 0, 0, 10, 10, 3}, well[] = {3, 3, 0, 7, 7, 3};
    static char text[20000], one[BOX_TEXT];
    snprintf(text, sizeof text, "%s%s%s", HEAD, box_cell(one, "A", "SA", a, well),
             GRAPH STATE("A") EDGES TAIL);
    must(import_indoor(text));
    assert_float_equal(ct_feature_number(&of_id("A")->f, "area_m2", 0), 84, 1e-6);
    assert_float_equal(ct_geom_area_m2(&of_id("A")->f.geom), 84, 1e-6);
    assert_float_equal(ct_feature_number(&of_id("A")->f, "volume_m3", 0), 252, 1e-6);
}

// A storey and its two halves in a second layer, and a third of sensors, which has no cells.
static void layers_are_told_apart(void **state) {
    (void)state;
#define LAYER(id, states, edges)                                                                   \
    "<spaceLayerMember><SpaceLayer gml:id=\"" id "\"><nodes>" states "</nodes><edges>" edges       \
    "</edges></SpaceLayer></spaceLayerMember>"
#define SENSOR(id) "<stateMember><State gml:id=\"S" id "\"/></stateMember>"
#define BETWEEN(id, a, b, word)                                                                    \
    "<interLayerConnectionMember><InterLayerConnection gml:id=\"" id "\">"                         \
    "<typeOfTopoExpression>" word "</typeOfTopoExpression><interConnects xlink:href=\"#S" a        \
    "\"/><interConnects xlink:href=\"#S" b "\"/></InterLayerConnection>"                           \
    "</interLayerConnectionMember>"
    static const double a[] = {0, 0, 0, 8, 4, 3}, west[] = {0, 0, 0, 4, 4, 3};
    static const double east[] = {4, 0, 0, 8, 4, 3};
    static char text[30000], one[BOX_TEXT], two[BOX_TEXT], three[BOX_TEXT];
    snprintf(text, sizeof text, "%s%s%s%s%s%s", HEAD, box_cell(one, "A", "SA", a, NULL),
             box_cell(two, "B", "SB", west, NULL), box_cell(three, "C", "SB", east, NULL),
             "</PrimalSpaceFeatures></primalSpaceFeatures><multiLayeredGraph><MultiLayeredGraph>"
             "<spaceLayers>" LAYER("L1", STATE("A"), "")
                 LAYER("L2", STATE("B") STATE("C"), EDGE("T", "B", "C"))
                     LAYER("L3", SENSOR("w1") SENSOR("w2"), EDGE("W", "w1", "w2")),
             "</spaceLayers><interEdges><InterEdges>" BETWEEN("I1", "A", "B", "CONTAINS")
                 BETWEEN("I2", "A", "C", "CONTAINS") BETWEEN("I3", "w1", "B", "OVERLAPS")
                     BETWEEN("I4", "none", "B",
                             "OVERLAPS") "</InterEdges></interEdges></MultiLayeredGraph></"
                                         "multiLayeredGraph></IndoorFeatures>");
    must(import_indoor(text));
    assert_int_equal(count_of("space"), 3);
    assert_int_equal(count_of("connection"), 1);
    assert_string_equal(property(of_id("A"), "state", "layer")->value.as.text, "L1");
    assert_string_equal(property(of_id("C"), "state", "layer")->value.as.text, "L2");
    assert_string_equal(property(of_id("T"), "", "layer")->value.as.text, "L2");
    assert_string_equal(property(of_id("A"), "inter_layer", "I2")->value.as.text, "A CONTAINS C");
    assert_string_equal(property(of_id("B"), "inter_layer", "I1")->value.as.text, "A CONTAINS B");
    assert_null(property(of_id("B"), "inter_layer", "I3"));
    found("layer-without-cells", "a.gml", "2 states of the layer L3");
    found("bad-link", "a.gml", "1 links of a InterLayerConnection");
    found("duality-differs", "a.gml", "1 cells name another state"); // C
    assert_int_equal(findings("cells-overlap"), 0);                  // of different layers
    assert_int_equal(findings("transition-apart"), 0);
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
        cmocka_unit_test(cells_are_held_against_each_other),
        cmocka_unit_test(a_well_is_no_floor),
        cmocka_unit_test(layers_are_told_apart),
        cmocka_unit_test(wrong_documents_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
