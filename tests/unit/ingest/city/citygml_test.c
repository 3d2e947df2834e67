// CityGML 2.0 and 3.0: small documents with links forward and back, shared and turned surfaces,
// rooms, storeys, implicit geometries, and files that mean harm.
#include "city_gml.h"

static void check_box_building(void) {
    const seen *b = of_id("B1");
    assert_int_equal(b->n_faces, 6);
    assert_int_equal(b->n_parts, 1);
    assert_int_equal(b->tags[CT_SURFACE_WALL], 4);
    assert_int_equal(b->tags[CT_SURFACE_ROOF], 1);
    assert_int_equal(b->tags[CT_SURFACE_GROUND], 1);
    assert_float_equal(b->volume_m3, 480, 1e-6);
    assert_float_equal(ct_geom_area_m2(&b->f.geom), 80, 1e-6);
    assert_int_equal(findings("invalid-geometry"), 0);
}

static void solids_link_to_surfaces_before_and_after_them(void **state) {
    (void)state;
    must(import_gml(HEAD "<b:Building gml:id=\"B1\">" SOLID("2", LINKS) SURFACES
                    "</b:Building>" TAIL));
    check_box_building();
    must(import_gml(HEAD
                    "<b:Building gml:id=\"B1\">" SURFACES SOLID("2", LINKS) "</b:Building>" TAIL));
    check_box_building();
    // The other way round: surfaces that link to the solid's polygons.
    must(import_gml(HEAD "<b:Building gml:id=\"B1\">" SURFACE("GroundSurface", LINK("p1"))
                        SURFACE("RoofSurface", LINK("p2"))
                            SURFACE("WallSurface", LINK("p3") LINK("p4") LINK("p5") LINK("p6"))
                                SOLID("2", FACES) "</b:Building>" TAIL));
    check_box_building();
}

static void attributes_of_all_kinds_arrive(void **state) {
    (void)state;
    must(import_gml(HEAD
                    "<b:Building gml:id=\"B1\"><gml:name>House</gml:name>"
                    "<g:stringAttribute name=\"owner\"><g:value>007</g:value></g:stringAttribute>"
                    "<g:doubleAttribute name=\"h\"><g:value>2.5</g:value></g:doubleAttribute>"
                    "<b:function codeSpace=\"x\">1000</b:function><b:yearOfConstruction>1985"
                    "</b:yearOfConstruction><b:roofType>1030</b:roofType>"
                    "<b:measuredHeight uom=\"#m\">6.5</b:measuredHeight>"
                    "<b:storeysAboveGround>2</b:storeysAboveGround>"
                    "<b:storeysBelowGround>9999</b:storeysBelowGround>"
                    "<b:address><Address><a><Street>Main "
                    "Street</Street><No>5</No></a></Address></b:address>" SOLID(
                        "1", FACES) "</b:Building>" TAIL));
    const seen *b = of_id("B1");
    assert_string_equal(ct_feature_text(&b->f, "name", ""), "House");
    assert_string_equal(ct_feature_text(&b->f, "use", ""), "residential");
    assert_string_equal(ct_feature_text(&b->f, "roof_type", ""), "1030");
    assert_string_equal(ct_feature_text(&b->f, "address", ""), "Main Street, 5");
    assert_float_equal(ct_feature_number(&b->f, "height_m", 0), 6.5, 1e-9);
    assert_float_equal(ct_feature_number(&b->f, "storeys_above", 0), 2, 0);
    assert_float_equal(ct_feature_number(&b->f, "year_built", 0), 1985, 0);
    assert_string_equal(property(b, "generic", "owner")->value.as.text, "007");
    assert_float_equal(property(b, "generic", "h")->value.as.real, 2.5, 0);
    assert_float_equal((double)property(b, "", "storeysBelowGround")->value.as.integer, 9999, 0);
    found("attribute-value", "Building B1", "9999");
}

// A number only where its sign and zeros say no more than its value.
static void codes_stay_as_they_are_written(void **state) {
    (void)state;
    static const struct {
        const char *open, *text;
        ct_value_kind kind;
    } cases[] = {
        {"", "007", CT_VALUE_TEXT},
        {"", "-007", CT_VALUE_TEXT},
        {"", "+5", CT_VALUE_TEXT},
        {"", "+49301234567", CT_VALUE_TEXT},
        {"", "0x1", CT_VALUE_TEXT},
        {"", "1-2", CT_VALUE_TEXT},
        {"", "0", CT_VALUE_INTEGER},
        {"", "-7", CT_VALUE_INTEGER},
        {"", "-0.5", CT_VALUE_REAL},
        {"", "0.5", CT_VALUE_REAL},
        {" uom=\"m\"", "+5.5", CT_VALUE_REAL},
        {" uom=\"m\"", "007", CT_VALUE_INTEGER},
    };
    char text[4000];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(text, sizeof text, "%s<b:own%s>%s</b:own>%s", HEAD "<b:Building gml:id=\"B1\">",
                 cases[i].open, cases[i].text, SOLID("2", FACES) "</b:Building>" TAIL);
        must(import_gml(text));
        const ct_value *v = &property(of_id("B1"), "", "own")->value;
        if (v->kind != cases[i].kind) fail_msg("%s: kind %d", cases[i].text, (int)v->kind);
        if (v->kind == CT_VALUE_TEXT) assert_string_equal(v->as.text, cases[i].text);
    }
}

static void rooms_have_storeys_and_doors(void **state) {
    (void)state;
    must(import_gml(
        HEAD3
        "<b:Building gml:id=\"B1\">"
        "<b:buildingRoom><b:BuildingRoom gml:id=\"R\"><b:lod3Solid><gml:Solid><gml:exterior>"
        "<gml:Shell>" FACES "</gml:Shell></gml:exterior></gml:Solid></b:lod3Solid>"
        "<boundary><b:InteriorWallSurface gml:id=\"W\"><b:fillingSurface><b:DoorSurface "
        "gml:id=\"D\"><lod3MultiSurface><gml:MultiSurface>" LINK(
            "p3") "</gml:MultiSurface>"
                  "</lod3MultiSurface></b:DoorSurface></b:fillingSurface></b:InteriorWallSurface>"
                  "</boundary></b:BuildingRoom></b:buildingRoom>"
                  "<b:buildingSubdivision><b:BuildingUnit gml:id=\"U\"><b:buildingRoom "
                  "xlink:href=\"#R\"/>"
                  "</b:BuildingUnit></b:buildingSubdivision>"
                  "<b:buildingSubdivision><b:Storey gml:id=\"S\"><b:sortKey>3</b:sortKey>"
                  "<b:buildingUnit xlink:href=\"#U\"/></b:Storey></b:buildingSubdivision>"
                  "</b:Building>" TAIL));
    const seen *r = of_id("R"), *s = of_id("S"), *u = of_id("U"), *d = of_id("D");
    assert_int_equal(n_all, 5);
    assert_string_equal(ct_feature_text(&r->f, "storey", ""), s->f.id);
    assert_string_equal(ct_feature_text(&u->f, "storey", ""), s->f.id);
    assert_float_equal(ct_feature_number(&s->f, "level", -1), 3, 0);
    assert_float_equal(ct_geom_area_m2(&u->f.geom), 80, 1e-6);
    assert_float_equal(ct_feature_number(&r->f, "volume_m3", 0), 480, 1e-6);
    assert_string_equal(ct_feature_text(&d->f, "kind", ""), "door");
    assert_string_equal(ct_feature_text(&d->f, "storey", ""), s->f.id);
    assert_float_equal(ct_feature_number(&d->f, "width_m", 0), 10, 1e-6);
}

static void a_turned_surface_is_turned_and_holes_are_cut(void **state) {
    (void)state;
    must(import_gml(
        HEAD
        "<b:Building gml:id=\"B1\"><b:lod2MultiSurface><gml:MultiSurface><gml:surfaceMember>"
        "<gml:OrientableSurface orientation=\"-\"><gml:baseSurface><gml:Polygon>" RING(
            TOP) "<gml:interior><gml:LinearRing><gml:pos>500002 5400002 "
                 "106</gml:pos><gml:pos>500002 "
                 "5400004 106</gml:pos><gml:pos>500004 5400004 106</gml:pos><gml:pos>500004 "
                 "5400002 "
                 "106</gml:pos></gml:LinearRing></gml:interior></gml:Polygon></gml:baseSurface>"
                 "</gml:OrientableSurface></gml:surfaceMember></gml:MultiSurface>"
                 "</b:lod2MultiSurface></b:Building>" TAIL));
    const seen *b = of_id("B1");
    assert_int_equal(b->n_faces, 1);
    assert_float_equal(ct_geom_area_m2(&b->f.geom), 76, 1e-6);
    found("ring-open", "a.gml", "val3dity 103");
}

static void implicit_geometries_share_their_mesh(void **state) {
    (void)state;
    static const char tree[] =
        "<v:SolitaryVegetationObject xmlns:v=\"x\" gml:id=\"%s\"><v:lod2ImplicitRepresentation>"
        "<ImplicitGeometry><transformationMatrix>1 0 0 5 0 1 0 0 0 0 2 0 0 0 0 "
        "1</transformationMatrix>"
        "<referencePoint><gml:Point><gml:pos>%s</gml:pos></gml:Point></referencePoint>%s"
        "</ImplicitGeometry></v:lod2ImplicitRepresentation></v:SolitaryVegetationObject>";
    char text[4000], one[1200], two[1200];
    snprintf(
        one, sizeof one, tree, "T1", "500000 5400000 100",
        "<relativeGMLGeometry><gml:MultiSurface gml:id=\"M\"><gml:surfaceMember><gml:Polygon>" RING(
            "0 0 0 1 0 0 0 0 3 0 0 0") "</gml:Polygon></gml:surfaceMember></gml:MultiSurface>"
                                       "</relativeGMLGeometry>");
    snprintf(two, sizeof two, tree, "T2", "500050 5400000 110",
             "<relativeGMLGeometry xlink:href=\"#M\"/>");
    snprintf(text, sizeof text, HEAD "%s</cityObjectMember><cityObjectMember>%s" TAIL, one, two);
    must(import_gml(text));
    assert_true(of_id("T1")->mesh == of_id("T2")->mesh);
    assert_float_equal(of_id("T1")->box.min[0], 500005, 1e-3);
    assert_float_equal(of_id("T1")->box.max[2], 106, 1e-6);
    assert_float_equal(of_id("T2")->box.max[2], 116, 1e-6);
    assert_string_equal(ct_feature_text(&of_id("T1")->f, "kind", ""), "tree");
}

// The name of a relief's property tells no role; the parser keeps the next name right behind it.
static void a_relief_has_the_outline_of_its_tin(void **state) {
    (void)state;
    must(import_gml(HEAD "<TINRelief gml:id=\"T\"><tin><TerrainIntersection><gml:Triangle>" RING(
        TOP) "</gml:Triangle></TerrainIntersection></tin></TINRelief>" TAIL));
    assert_int_equal(of_id("T")->n_faces, 1);
    assert_true(of_id("T")->f.geom.n_points > 0);
}

static void colours_come_from_materials(void **state) {
    (void)state;
    must(import_gml(HEAD "<b:Building gml:id=\"B1\"><appearance><Appearance><surfaceDataMember>"
                         "<X3DMaterial><diffuseColor>1 0 0</diffuseColor><target>#p2</target>"
                         "</X3DMaterial></surfaceDataMember></Appearance></appearance>" SOLID(
                             "2", FACES) "</b:Building>" TAIL));
    assert_int_equal(of_id("B1")->n_parts, 2);
    assert_int_equal(of_id("B1")->n_faces, 6);
}

// What the first building's surfaces mean is not the second's, which has polygons of the first.
static void objects_of_one_member_share_polygons(void **state) {
    (void)state;
    enum { LONG = 40000 };
    static char text[LONG + 16000], name[LONG + 1];
    for (int n = 0; n <= LONG; n += LONG) {
        memset(name, 'A', (size_t)n);
        snprintf(text, sizeof text, "%s%s%s%s%s",
                 HEAD "<b:Building gml:id=\"B1\">" SURFACES SOLID("2", LINKS) "</b:Building>",
                 "<b:Building gml:id=\"B2\"><gml:name>", name,
                 "</gml:name><b:lod2MultiSurface><gml:MultiSurface>" LINKS,
                 "</gml:MultiSurface></b:lod2MultiSurface></b:Building>" TAIL);
        must(import_gml(text));
        check_box_building();
        assert_int_equal(of_id("B2")->n_faces, 6);
        assert_int_equal(of_id("B2")->tags[CT_SURFACE_NONE], 6);
    }
}

static void feature_members_are_read_one_by_one(void **state) {
    (void)state;
    static const char head[] =
        "<CityModel xmlns=\"http://www.opengis.net/citygml/2.0\"" NS ">" ENVELOPE
        "<gml:featureMembers><b:Building gml:id=\"B1\">" SURFACES SOLID("2", LINKS) "</b:Building>";
    static const char colour[] =
        "<appearance><Appearance><surfaceDataMember><X3DMaterial><diffuseColor>%s</diffuseColor>"
        "<target>#p2</target></X3DMaterial></surfaceDataMember></Appearance></appearance>";
    static const char tail[] =
        "<b:Building gml:id=\"B2\">%s" SOLID("2", LINKS) "</b:Building>"
                                                         "</gml:featureMembers></CityModel>";
    static char text[16000], coloured[1000], last[4000];
    snprintf(coloured, sizeof coloured, colour, "0 1 0");
    snprintf(last, sizeof last, tail, coloured);
    snprintf(text, sizeof text, "%s%s", head, last);
    must(import_gml(text));
    assert_int_equal(n_all, 2);
    assert_int_equal(of_id("B1")->n_parts, 2); // the colour stands for the whole member
    assert_int_equal(of_id("B2")->n_parts, 2);
    assert_int_equal(of_id("B2")->n_faces, 6);
    // Colours are read once, and their fault is told once.
    snprintf(coloured, sizeof coloured, colour, "0 2 0");
    snprintf(last, sizeof last, tail, coloured);
    snprintf(text, sizeof text, "%s%s", head, last);
    failed_with(import_gml(text), CT_PARSE, "diffuseColor: 3 numbers of 0 to 1 expected");
    assert_int_equal(findings("attribute"), 1);
}

static void harmful_files_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *part;
        ct_err err;
    } cases[] = {
        {"<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>" HEAD "<b:Building>&b;"
         "</b:Building>" TAIL,
         "DTD", CT_UNSUPPORTED},
        {"<!DOCTYPE x SYSTEM \"file:///etc/passwd\">" HEAD TAIL, "DTD", CT_UNSUPPORTED},
        {HEAD "<b:Building gml:id=\"B1\">", "line 1", CT_PARSE},
        {HEAD "<b:Building gml:id=\"B1\"><b:lod1MultiSurface><gml:MultiSurface gml:id=\"m\">" LINK(
             "m") "</gml:MultiSurface></b:lod1MultiSurface></b:Building>" TAIL,
         "circle", CT_PARSE},
        {HEAD "<b:Building gml:id=\"B1\"><b:lod1MultiSurface><gml:MultiSurface><gml:surfaceMember>"
              "<gml:Polygon>" RING("1 2 x") "</gml:Polygon></gml:surfaceMember></gml:MultiSurface>"
                                            "</b:lod1MultiSurface></b:Building>" TAIL,
         "\"x\" is no number", CT_PARSE},
        {HEAD
         "<b:Building gml:id=\"B1\"><b:lod1MultiSurface><gml:MultiSurface><gml:surfaceMember>"
         "<gml:Polygon>" RING("1 2 3 4") "</gml:Polygon></gml:surfaceMember></gml:MultiSurface>"
                                         "</b:lod1MultiSurface></b:Building>" TAIL,
         "no points of 3", CT_PARSE},
        {"<x xmlns:c=\"http://www.opengis.net/citygml/2.0\"><c:CityModel/></x>",
         "CityModel of CityGML", CT_UNSUPPORTED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        failed_with(import_gml(cases[i].text), cases[i].err, cases[i].part);
        assert_int_equal(n_all, 0);
    }
}

// Ten links to a surface of ten links to ...: as many faces as nobody has memory for.
static void links_that_multiply_end_at_a_limit(void **state) {
    (void)state;
    static char text[60000];
    size_t n = (size_t)snprintf(text, sizeof text,
                                HEAD "<b:Building gml:id=\"B1\"><b:lod1Solid><gml:Solid>");
    for (int i = 0; i < 12; i++) {
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "<gml:exterior><gml:CompositeSurface gml:id=\"m%d\">", i);
        for (int k = 0; k < 10; k++)
            n += (size_t)snprintf(text + n, sizeof text - n,
                                  "<gml:surfaceMember xlink:href=\"#m%d\"/>", i + 1);
        n += (size_t)snprintf(text + n, sizeof text - n, "</gml:CompositeSurface></gml:exterior>");
    }
    snprintf(text + n, sizeof text - n, "</gml:Solid></b:lod1Solid></b:Building>" TAIL);
    failed_with(import_gml(text), CT_PARSE, "steps");
}

static void what_has_no_class_is_counted(void **state) {
    (void)state;
    must(import_gml(
        HEAD "<b:Spaceship gml:id=\"x\"/></cityObjectMember><cityObjectMember>"
             "<b:Building gml:id=\"B1\">" SOLID("1", FACES LINK("nowhere")) "</b:Building>" TAIL));
    assert_int_equal(n_all, 1);
    found("no-class", "a.gml", "as Spaceship");
    found("xlink-elsewhere", "a.gml", "1 references");
    found("vertical-datum", "a.gml", "EPSG:5783");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solids_link_to_surfaces_before_and_after_them),
        cmocka_unit_test(attributes_of_all_kinds_arrive),
        cmocka_unit_test(codes_stay_as_they_are_written),
        cmocka_unit_test(rooms_have_storeys_and_doors),
        cmocka_unit_test(a_turned_surface_is_turned_and_holes_are_cut),
        cmocka_unit_test(implicit_geometries_share_their_mesh),
        cmocka_unit_test(a_relief_has_the_outline_of_its_tin),
        cmocka_unit_test(colours_come_from_materials),
        cmocka_unit_test(objects_of_one_member_share_polygons),
        cmocka_unit_test(feature_members_are_read_one_by_one),
        cmocka_unit_test(harmful_files_are_refused),
        cmocka_unit_test(links_that_multiply_end_at_a_limit),
        cmocka_unit_test(what_has_no_class_is_counted),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
