// CityJSON and CityJSONSeq: small documents of every kind of geometry, references, attributes, and
// what is wrong with files.
#include "city_harness.h"

#define TWIN "EPSG:28992"
#define HEAD                                                                                       \
    "{\"type\":\"CityJSON\",\"version\":\"2.0\",\"transform\":{\"scale\":[0.001,0.001,0.001],"     \
    "\"translate\":[85000,447000,2]},\"metadata\":{\"referenceSystem\":"                           \
    "\"https://www.opengis.net/def/crs/EPSG/0/7415\"},"
// A box of 10 m x 8 m x 6 m.
#define BOX                                                                                        \
    "[0,0,0],[10000,0,0],[10000,8000,0],[0,8000,0],[0,0,6000],[10000,0,6000],[10000,8000,6000],"   \
    "[0,8000,6000]"
#define SHELL "[[[0,3,2,1]],[[4,5,6,7]],[[0,1,5,4]],[[1,2,6,5]],[[2,3,7,6]],[[3,0,4,7]]]"
#define SEMANTICS                                                                                  \
    "\"semantics\":{\"surfaces\":[{\"type\":\"GroundSurface\"},{\"type\":\"RoofSurface\","         \
    "\"slope\":0.5},{\"type\":\"WallSurface\"}],\"values\":[[0,1,2,2,2,2]]}"
#define SOLID(lod)                                                                                 \
    "{\"type\":\"Solid\",\"lod\":\"" lod "\",\"boundaries\":[" SHELL "]," SEMANTICS "}"
#define END "\"vertices\":[" BOX "]}"

static ct_err import_json(const char *text) {
    return import_text("a.city.json", text, TWIN, NULL);
}

static void a_solid_building_has_body_outline_and_measures(void **state) {
    (void)state;
    must(import_json(HEAD "\"CityObjects\":{\"b 1\":{\"type\":\"Building\",\"attributes\":{"
                          "\"storeysAboveGround\":2,\"roofType\":\"flat\",\"function\":\"1000\","
                          "\"yearOfConstruction\":\"1985\",\"owner\":\"town\"},"
                          "\"geometry\":[" SOLID("2.2") "]}}," END));
    assert_int_equal(n_all, 1);
    const seen *b = of_id("b 1");
    assert_string_equal(b->f.id, "building-b~20"
                                 "1");
    assert_int_equal(b->n_parts, 1);
    assert_int_equal(b->n_faces, 6);
    assert_int_equal(b->tags[CT_SURFACE_WALL], 4);
    assert_int_equal(b->tags[CT_SURFACE_ROOF], 1);
    assert_int_equal(b->tags[CT_SURFACE_GROUND], 1);
    assert_int_equal(b->lods[2], 1);
    assert_float_equal(b->volume_m3, 480, 1e-6);
    assert_float_equal(b->box.min[0], 85000, 1e-6);
    assert_float_equal(b->box.max[2], 8, 1e-9);
    assert_float_equal(ct_geom_area_m2(&b->f.geom), 80, 1e-6);
    assert_true(b->f.geom.has_z);
    assert_float_equal(b->f.geom.xyz[2], 2, 1e-9);
    assert_float_equal(ct_feature_number(&b->f, "base_m", 0), 2, 1e-9);
    assert_float_equal(ct_feature_number(&b->f, "height_m", 0), 6, 1e-9);
    assert_float_equal(ct_feature_number(&b->f, "storeys_above", 0), 2, 0);
    assert_float_equal(ct_feature_number(&b->f, "year_built", 0), 1985, 0);
    assert_string_equal(ct_feature_text(&b->f, "use", ""), "residential");
    assert_string_equal(ct_feature_text(&b->f, "roof_type", ""), "flat");
    assert_string_equal(property(b, "", "owner")->value.as.text, "town");
    assert_string_equal(property(b, "", "function")->value.as.text, "1000");
    assert_string_equal(property(b, "geometry", "lods")->value.as.text, "2.2");
    assert_float_equal(property(b, "RoofSurface lod2.2 1", "slope")->value.as.real, 0.5, 0);
    found("vertical-datum", "a.city.json", "EPSG:5709");
}

static void parts_rooms_and_storeys_refer_to_their_building(void **state) {
    (void)state;
    must(import_json(
        HEAD
        "\"CityObjects\":{"
        "\"r\":{\"type\":\"BuildingRoom\",\"parents\":[\"s\"],\"geometry\":[" SOLID(
            "2") "]},"
                 "\"lost\":{\"type\":\"BuildingRoom\",\"parents\":[\"p\"],\"geometry\":[" SOLID(
                     "2") "]},"
                          "\"s\":{\"type\":\"BuildingStorey\",\"parents\":[\"b\"],\"children\":["
                          "\"r\"]},"
                          "\"p\":{\"type\":\"BuildingPart\",\"parents\":[\"b\"],\"children\":["
                          "\"lost\"]},"
                          "\"i\":{\"type\":\"BuildingInstallation\",\"attributes\":{\"function\":"
                          "\"ramp\"},"
                          "\"parents\":[\"b\"],\"geometry\":[" SOLID(
                              "2") "]},"
                                   "\"b\":{\"type\":\"Building\",\"children\":[\"s\",\"p\",\"i\"],"
                                   "\"address\":[{\"street\":\"Dorpsstraat\",\"number\":\"1\"}]}}"
                                   "," END));
    const seen *b = of_id("b"), *p = of_id("p"), *s = of_id("s"), *r = of_id("r");
    assert_int_equal(n_all, 7); // and a storey for the room that is on none
    assert_string_equal(ct_feature_text(&p->f, "part_of", ""), b->f.id);
    assert_string_equal(ct_feature_text(&s->f, "building", ""), b->f.id);
    assert_string_equal(ct_feature_text(&r->f, "storey", ""), s->f.id);
    assert_float_equal(ct_feature_number(&r->f, "area_m2", 0), 80, 1e-6);
    assert_float_equal(ct_feature_number(&r->f, "volume_m3", 0), 480, 1e-6);
    assert_float_equal(ct_feature_number(&s->f, "elevation_m", 0), 2, 1e-9);
    assert_float_equal(ct_geom_area_m2(&b->f.geom), 80, 1e-6); // of its parts
    assert_string_equal(ct_feature_text(&b->f, "address", ""), "Dorpsstraat, 1");
    assert_string_equal(ct_feature_text(&of_id("lost")->f, "storey", ""), of_id("p-storey")->f.id);
    assert_string_equal(of_id("i")->f.cls->name, "transition");
    assert_string_equal(ct_feature_text(&of_id("i")->f, "kind", ""), "ramp");
    found("made-storey", "a.city.json", "1 buildings");
}

static void doors_and_windows_become_openings(void **state) {
    (void)state;
    must(import_json(HEAD "\"CityObjects\":{\"b\":{\"type\":\"Building\",\"geometry\":[{"
                          "\"type\":\"MultiSurface\",\"lod\":\"3\",\"boundaries\":"
                          "[[[0,1,5,4]],[[1,2,6,5]],[[2,3,7,6]]],\"semantics\":{\"surfaces\":["
                          "{\"type\":\"WallSurface\",\"children\":[1]},{\"type\":\"Door\","
                          "\"parent\":0,\"leaf\":\"oak\"},{\"type\":\"+Hatch\"}],"
                          "\"values\":[0,1,2]}}]}}," END));
    const seen *d = of_id("b-opening-1");
    assert_int_equal(n_all, 2);
    assert_string_equal(d->f.cls->name, "opening");
    assert_string_equal(ct_feature_text(&d->f, "kind", ""), "door");
    assert_string_equal(ct_feature_text(&d->f, "building", ""), of_id("b")->f.id);
    assert_float_equal(ct_feature_number(&d->f, "width_m", 0), 8, 1e-9);
    assert_float_equal(ct_feature_number(&d->f, "height_m", 0), 6, 1e-9);
    assert_string_equal(property(d, "", "leaf")->value.as.text, "oak");
    assert_int_equal(d->n_faces, 1);
    assert_int_equal(of_id("b")->tags[CT_SURFACE_DOOR], 1);
    found("unknown-surface", "a.city.json", "+Hatch");
}

static void templates_are_one_mesh_for_all_their_places(void **state) {
    (void)state;
    const char *lamp = "{\"type\":\"CityFurniture\",\"geometry\":[{\"type\":\"GeometryInstance\","
                       "\"template\":0,\"boundaries\":[%d],\"transformationMatrix\":"
                       "[2,0,0,1, 0,2,0,0, 0,0,2,0, 0,0,0,1]}]}";
    char a[400], b[400], text[4000];
    snprintf(a, sizeof a, lamp, 0);
    snprintf(b, sizeof b, lamp, 6);
    snprintf(text, sizeof text,
             HEAD "\"geometry-templates\":{\"templates\":[{\"type\":\"MultiSurface\",\"lod\":\"2\","
                  "\"boundaries\":[[[0,1,2]]]}],\"vertices-templates\":[[0,0,0],[1,0,0],[0,1,0]]},"
                  "\"CityObjects\":{\"a\":%s,\"b\":%s}," END,
             a, b);
    must(import_json(text));
    const seen *one = of_id("a"), *two = of_id("b");
    assert_true(one->mesh == two->mesh);
    assert_float_equal(one->box.min[0], 85001, 1e-6);
    assert_float_equal(one->box.max[0], 85003, 1e-6);
    assert_float_equal(two->box.min[0], 85011, 1e-6);
    assert_float_equal(two->box.min[2], 8, 1e-9);
    assert_string_equal(one->f.cls->name, "component");
    assert_int_equal(one->f.geom.type, CT_GEOM_POINT);
}

static void materials_colour_parts(void **state) {
    (void)state;
    must(import_json(
        HEAD "\"appearance\":{\"materials\":[{\"name\":\"red\",\"diffuseColor\":[1,0,0],"
             "\"transparency\":0.25},{\"name\":\"grey\"}]},"
             "\"CityObjects\":{\"b\":{\"type\":\"Building\",\"geometry\":[{\"type\":\"Solid\","
             "\"lod\":\"1\",\"boundaries\":[" SHELL "],\"material\":{\"x\":{\"values\":"
             "[[0,0,1,1,1,null]]}}}]}}," END));
    const seen *b = of_id("b");
    assert_int_equal(b->n_parts, 3);
    assert_int_equal(b->n_faces, 6);
    assert_string_equal(b->material.name, "red");
    assert_float_equal(b->material.rgba[0], 1, 0);
    assert_float_equal(b->material.rgba[3], 0.75, 1e-6);
}

static void every_lod_and_member_is_a_part(void **state) {
    (void)state;
    must(import_json(
        HEAD "\"CityObjects\":{\"b\":{\"type\":\"Building\",\"geometry\":["
             "{\"type\":\"MultiSurface\",\"lod\":\"0\",\"boundaries\":[[[0,1,2]]]},"
             "{\"type\":\"CompositeSurface\",\"lod\":\"1.3\",\"boundaries\":[[[0,3,2,1]]]},"
             "{\"type\":\"CompositeSolid\",\"lod\":\"2\",\"boundaries\":[[" SHELL "],[" SHELL "]]},"
             "{\"type\":\"MultiPoint\",\"lod\":\"0\",\"boundaries\":[0]}]},"
             "\"w\":{\"type\":\"Road\",\"geometry\":[{\"type\":\"MultiLineString\",\"lod\":\"0\","
             "\"boundaries\":[[0,1,2],[2,3]]}]}}," END));
    const seen *b = of_id("b"), *w = of_id("w");
    assert_int_equal(b->n_parts, 4);
    assert_int_equal(b->lods[0], 1);
    assert_int_equal(b->lods[1], 1);
    assert_int_equal(b->lods[2], 2);
    assert_float_equal(ct_geom_area_m2(&b->f.geom), 40, 1e-6); // of LOD 0
    assert_string_equal(w->f.cls->name, "road");
    assert_int_equal(w->f.geom.n_rings, 2);
    assert_float_equal(ct_geom_length_m(&w->f.geom), 28, 1e-6);
}

static void a_sequence_is_read_line_by_line(void **state) {
    (void)state;
    must(import_text(
        "a.city.jsonl",
        HEAD "\"CityObjects\":{},\"vertices\":[]}\n"
             "{\"type\":\"CityJSONFeature\",\"id\":\"a\",\"CityObjects\":{\"a\":{\"type\":"
             "\"Building\",\"geometry\":[" SOLID(
                 "2") "]}}," END "\n\n"
                      "{\"type\":\"CityJSONFeature\",\"id\":\"b\",\"CityObjects\":{\"b\":{\"type\":"
                      "\"WaterBody\",\"geometry\":[{\"type\":\"MultiSurface\",\"lod\":\"1\","
                      "\"boundaries\":[[[0,1,2,3]]]}]}},"
                      "\"vertices\":[[0,0,0],[5000,0,0],[5000,4000,0],[0,4000,0]]}\n",
        TWIN, NULL));
    assert_int_equal(count_of("building"), 1);
    assert_float_equal(ct_geom_area_m2(&of_id("b")->f.geom), 20, 1e-6);
    failed_with(import_text("b.city.jsonl",
                            HEAD "\"CityObjects\":{},\"vertices\":[]}\n{\"type\":\"Feature\"}\n",
                            TWIN, NULL),
                CT_PARSE, "b.city.jsonl: line 2: type: \"Feature\"");
}

#define FEATURE(id, members, geometry)                                                             \
    "{\"type\":\"CityJSONFeature\",\"id\":\"" id "\"," members "\"CityObjects\":{\"" id            \
    "\":{\"type\":\"Building\",\"geometry\":[" geometry "]}}," END "\n"
#define COLOURED(material)                                                                         \
    "{\"type\":\"Solid\",\"lod\":\"1\",\"boundaries\":[" SHELL                                     \
    "],\"material\":{\"x\":{\"value\":" material "}}}"
#define MATERIALS(list) "\"appearance\":{\"materials\":[" list "]},"
#define RED_AND_GREEN   MATERIALS("{\"name\":\"red\"},{\"name\":\"green\"}")
#define ONLY_BLUE       MATERIALS("{\"name\":\"blue\"}")
#define INSTANCE                                                                                   \
    "{\"type\":\"GeometryInstance\",\"template\":0,\"boundaries\":[0],\"transformationMatrix\":"   \
    "[1,0,0,0, 0,1,0,0, 0,0,1,0, 0,0,0,1]}"

static void a_document_on_one_line_may_end_in_empty_lines(void **state) {
    (void)state;
    must(import_json(HEAD "\"CityObjects\":{\"b\":{\"type\":\"Building\",\"geometry\":[" SOLID(
        "2") "]}}," END "\n\n \r\n"));
    assert_int_equal(n_all, 1);
    assert_int_equal(of_id("b")->n_faces, 6);
}

static void city_objects_in_the_header_of_a_sequence_arrive(void **state) {
    (void)state;
    must(import_text("a.city.jsonl",
                     HEAD "\"CityObjects\":{\"h\":{\"type\":\"Building\",\"geometry\":[" SOLID(
                         "2") "]}}," END "\n" FEATURE("a", "", SOLID("2")),
                     TWIN, NULL));
    assert_int_equal(n_all, 2);
    assert_int_equal(of_id("h")->n_faces, 6);
    assert_int_equal(of_id("a")->n_faces, 6);
}

static void materials_of_a_feature_are_its_own(void **state) {
    (void)state;
    static const char *const names[][2] = {{"a", "red"}, {"b", "blue"}, {"c", "green"},
                                           {"d", "red"}, {"e", "red"},  {"f", "green"}};
    static char text[16000];
    snprintf(
        text, sizeof text, "%s%s%s%s",
        HEAD MATERIALS(
            "{\"name\":\"red\"},{\"name\":\"green\"}") "\"geometry-templates\":{"
                                                       "\"templates\":[{\"type\":\"MultiSurface\","
                                                       "\"lod\":\"2\",\"boundaries\":[[[0,1,2]]],"
                                                       "\"material\":{\"x\":{\"value\":1}}}],"
                                                       "\"vertices-templates\":[[0,0,0],[1,0,0],[0,"
                                                       "1,0]]},"
                                                       "\"CityObjects\":{},\"vertices\":[]}\n",
        FEATURE("a", "", COLOURED("0")) FEATURE("b", ONLY_BLUE, COLOURED("0")),
        FEATURE("c", MATERIALS("{\"name\":\"blue\"},{\"name\":\"grey\"}"), INSTANCE)
            FEATURE("d", "", COLOURED("0")),
        FEATURE("e", "\"appearance\":{},", COLOURED("0")) FEATURE("f", "", INSTANCE));
    must(import_text("a.city.jsonl", text, TWIN, NULL));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *name = of_id(names[i][0])->material.name;
        if (strcmp(name, names[i][1]) != 0)
            fail_msg("%s is %s, not %s", names[i][0], name, names[i][1]);
    }
    failed_with(import_text("b.city.jsonl",
                            HEAD RED_AND_GREEN "\"CityObjects\":{},\"vertices\":[]}\n" FEATURE(
                                "b", ONLY_BLUE, COLOURED("1")),
                            TWIN, NULL),
                CT_PARSE, "material.value: an index below 1");
}

static void the_reference_system_must_be_told(void **state) {
    (void)state;
    const char *text =
        "{\"type\":\"CityJSON\",\"version\":\"1.0\",\"CityObjects\":{\"b\":{\"type\":"
        "\"Building\",\"geometry\":[{\"type\":\"Solid\",\"lod\":1,\"boundaries\":[" SHELL
        "]}]}},\"vertices\":[[5.3,52.1,0],[5.4,52.1,0],[5.4,52.2,0],[5.3,52.2,"
        "0],[5.3,52.1,9],[5.4,52.1,9],[5.4,52.2,9],[5.3,52.2,9]]}";
    failed_with(import_text("c.json", text, TWIN, NULL), CT_CRS, "--crs");
    // Latitude first by the authority, but the solid looks outside as it stands.
    must(import_text("c.json", text, TWIN, "EPSG:4326"));
    found("axis-order", "c.json", "east first");
    assert_in_range((uintmax_t)of_id("b")->box.min[0], 140000, 170000);
}

static void a_solid_with_faults_is_told_by_number(void **state) {
    (void)state;
    must(import_json(HEAD "\"CityObjects\":{\"b\":{\"type\":\"Building\",\"geometry\":[{\"type\":"
                          "\"Solid\",\"lod\":\"1\",\"boundaries\":[[[[0,3,2,1]],[[4,5,6,7]],"
                          "[[0,1,5,4]],[[6,2,1,5]],[[0,1]],[[3,0,4,6]]]]}]}}," END));
    found("invalid-geometry", "CityObjects/b", "val3dity 302");
    found("invalid-geometry", "CityObjects/b", "val3dity 101: 1");
    found("invalid-geometry", "CityObjects/b", "val3dity 203: 1");
}

static void unknown_types_are_counted(void **state) {
    (void)state;
    must(import_json(HEAD "\"CityObjects\":{\"x\":{\"type\":\"+Shed\",\"geometry\":[" SOLID(
        "1") "]},\"g\":{\"type\":\"CityObjectGroup\",\"children\":[\"x\"]},"
             "\"+\":{\"type\":\"+GenericCityObject\"}}," END));
    assert_string_equal(of_id("x")->f.cls->name, "city_object");
    assert_string_equal(ct_feature_text(&of_id("x")->f, "kind", ""), "+Shed");
    assert_string_equal(of_id("g")->f.cls->name, "zone");
    assert_string_equal(property(of_id("g"), "members", "member 1")->value.as.text, "x");
    assert_int_equal(findings("unknown-type"), 1);
    found("unknown-type", "a.city.json", "1 objects are of the type +Shed");
}

static void wrong_documents_are_refused_by_their_place(void **state) {
    (void)state;
    static const struct {
        const char *text;
        ct_err err;
        const char *part;
    } cases[] = {
        {"{\"type\":\"CityJSON\",\"version\":\"2.0\"", CT_PARSE, "line 1"},
        {"[]", CT_PARSE, "an object expected"},
        {"{\"type\":\"CityJSON\",\"version\":\"3.0\"}", CT_UNSUPPORTED, "version"},
        {HEAD "\"CityObjects\":[]," END, CT_PARSE, "CityObjects: an object"},
        {HEAD "\"CityObjects\":{\"b\":1}," END, CT_PARSE, "CityObjects/b"},
        {HEAD "\"CityObjects\":{},\"vertices\":[[1,2]]}", CT_PARSE, "vertices[0]"},
        {HEAD "\"CityObjects\":{},\"vertices\":7}", CT_PARSE, "vertices: an array"},
        {HEAD "\"CityObjects\":{\"b\":{\"type\":\"Building\",\"geometry\":[{\"type\":\"Solid\","
              "\"lod\":\"1\",\"boundaries\":[[[[0,1,99]]]]}]}}," END,
         CT_PARSE, "CityObjects/b: geometry[0]: boundaries: [0]: [0]: [0]: [2]: vertex 99 of 8"},
        {HEAD "\"CityObjects\":{\"b\":{\"type\":\"Building\",\"geometry\":[{\"type\":\"Solid\","
              "\"lod\":\"9\",\"boundaries\":[]}]}}," END,
         CT_PARSE, "lod: \"9\""},
        {HEAD "\"CityObjects\":{\"b\":{\"type\":\"Building\",\"geometry\":[{\"type\":"
              "\"GeometryInstance\",\"template\":0,\"boundaries\":[0]}]}}," END,
         CT_PARSE, "template: an index below 0"},
        {HEAD "\"CityObjects\":{\"b\":{\"geometry\":[]}}," END, CT_PARSE, "type"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        failed_with(import_json(cases[i].text), cases[i].err, cases[i].part);
        assert_int_equal(n_all, 0);
    }
}

// Links that only the parent tells; groups of CityJSON 1, which knows no storeys.
static void children_and_groups_are_linked(void **state) {
    (void)state;
    static const char part[] = "\"geometry\":[{\"type\":\"MultiSurface\",\"lod\":1,"
                               "\"boundaries\":[[[0,1,2]]]}]";
    static const char above[] = "\"geometry\":[{\"type\":\"MultiSurface\",\"lod\":1,"
                                "\"boundaries\":[[[3,4,5]]]}]";
    static const char form[] =
        "{\"type\":\"CityJSON\",\"version\":\"1.0\",\"metadata\":{\"referenceSystem\":"
        "\"urn:ogc:def:crs:EPSG::7415\"},\"CityObjects\":{"
        "\"b\":{\"type\":\"Building\",\"children\":[\"p\",\"r0\",\"r1\",\"b\",\"none\"]},"
        "\"p\":{\"type\":\"BuildingPart\",%s},"
        "\"r0\":{\"type\":\"+BuildingRoom\",%s},"
        "\"r1\":{\"type\":\"+BuildingRoom\",%s},"
        "\"g0\":{\"type\":\"CityObjectGroup\",\"members\":[\"r0\"],"
        "\"attributes\":{\"class\":\"building separation\"}},"
        "\"g1\":{\"type\":\"CityObjectGroup\",\"children\":[\"r1\"],\"parents\":[\"b\"],"
        "\"attributes\":{\"function\":\"lod4Storey\"}},"
        "\"g2\":{\"type\":\"CityObjectGroup\",\"members\":[\"none\"],"
        "\"attributes\":{\"function\":\"storey\"}},"
        "\"e\":{\"type\":\"BridgeConstructionElement\"}},"
        "\"vertices\":[[85000,447000,0],[85009,447000,0],[85009,447008,0],"
        "[85000,447000,3],[85009,447000,3],[85009,447008,3]]}";
    char text[4000];
    snprintf(text, sizeof text, form, part, part, above);
    must(import_json(text));
    assert_string_equal(ct_feature_text(&of_id("p")->f, "part_of", ""), of_id("b")->f.id);
    assert_string_equal(ct_feature_text(&of_id("r0")->f, "storey", ""), of_id("g0")->f.id);
    assert_string_equal(ct_feature_text(&of_id("r1")->f, "storey", ""), of_id("g1")->f.id);
    assert_string_equal(of_id("g0")->f.cls->name, "storey");
    assert_string_equal(ct_feature_text(&of_id("g0")->f, "building", ""), of_id("b")->f.id);
    assert_float_equal(ct_feature_number(&of_id("g1")->f, "level", -1), 1, 0);
    assert_string_equal(of_id("g2")->f.cls->name, "zone");
    assert_string_equal(of_id("e")->f.cls->name, "element");
    assert_int_equal(count_of("storey"), 2);
    assert_int_equal(findings("unknown-type"), 0);
}

static void extensions_and_addresses_are_kept(void **state) {
    (void)state;
    static const char text[] = HEAD
        "\"extensions\":{\"Noise\":{\"url\":\"https://example.org/n.json\",\"version\":\"1.0\"}},"
        "\"+census\":{\"people\":7},\"CityObjects\":{\"b\":{\"type\":\"Building\","
        "\"attributes\":{\"+noise-a\":{\"value\":51.5,\"uom\":\"dB\"}},\"+noise-b\":[1,2],"
        "\"address\":[{\"Street\":\"Main Street\",\"No\":\"5\"},{\"Street\":\"Back Lane\"}],"
        "\"geometry\":[" SOLID("2.2") "]},\"s\":{\"type\":\"+NoiseBarrier\",\"geometry\":["
                                      "{\"type\":\"MultiSurface\",\"lod\":\"2\",\"boundaries\":[[["
                                      "0,1,2]]],\"semantics\":{"
                                      "\"surfaces\":[{\"type\":\"+NoiseSurface\",\"damping\":3}],"
                                      "\"values\":[0]}}]}}," END;
    must(import_json(text));
    const seen *b = of_id("b");
    assert_string_equal(ct_feature_text(&b->f, "address", ""), "Main Street, 5");
    assert_string_equal(property(b, "", "address 2")->value.as.text, "Back Lane");
    assert_string_equal(property(b, "address 2", "Street")->value.as.text, "Back Lane");
    assert_float_equal(property(b, "", "+noise-a")->value.as.real, 51.5, 0);
    assert_string_equal(property(b, "", "+noise-a")->unit, "dB");
    assert_string_equal(property(b, "extension", "+noise-b")->value.as.text, "[1,2]");
    const seen *s = of_id("s");
    assert_string_equal(s->f.cls->name, "city_object");
    assert_string_equal(ct_feature_text(&s->f, "kind", ""), "+NoiseBarrier");
    assert_int_equal(property(s, "+NoiseSurface lod2 0", "damping")->value.as.integer, 3);
    assert_int_equal(s->n_faces, 1);
    found("extension", "a.city.json", "extension Noise");
    found("extension-of-root", "a.city.json", "as +census");
    found("unknown-type", "a.city.json", "+NoiseBarrier");
    found("unknown-surface", "a.city.json", "+NoiseSurface");
}

// A colour changes nothing of what a face means.
static void coloured_faces_keep_their_meaning(void **state) {
    (void)state;
    static const char text[] =
        HEAD "\"appearance\":{\"materials\":[{\"name\":\"red\",\"diffuseColor\":[1,0,0]},"
             "{\"name\":\"blue\",\"diffuseColor\":[0,0,1]}]},\"CityObjects\":{\"b\":{\"type\":"
             "\"Building\",\"geometry\":[{\"type\":\"Solid\",\"lod\":\"2\",\"boundaries\":[" SHELL
             "]," SEMANTICS ",\"material\":{\"t\":{\"values\":[[0,1,0,1,null,0]]}}}]}}," END;
    must(import_json(text));
    const seen *b = of_id("b");
    assert_int_equal(b->n_parts, 3);
    assert_int_equal(b->tags[CT_SURFACE_WALL], 4);
    assert_int_equal(b->tags[CT_SURFACE_ROOF], 1);
    assert_int_equal(b->tags[CT_SURFACE_GROUND], 1);
}

static void parents_that_are_wrong_are_told(void **state) {
    (void)state;
    must(import_json(HEAD "\"CityObjects\":{"
                          "\"a\":{\"type\":\"BuildingPart\",\"parents\":[\"b\"]},"
                          "\"b\":{\"type\":\"BuildingPart\",\"parents\":[\"a\"]},"
                          "\"c\":{\"type\":\"BuildingPart\",\"parents\":[\"nobody\"]}}," END));
    assert_int_equal(n_all, 3);
    found("parents-in-a-circle", "CityObjects/a", "itself");
    found("no-parent", "CityObjects/c", "nobody");
}

// Its parts are lost with it; they are not told again as parts of nothing.
static void an_object_with_a_fault_takes_its_parts_along(void **state) {
    (void)state;
#define PART(id, parent)                                                                           \
    "\"" id "\":{\"type\":\"BuildingPart\",\"parents\":[\"" parent                                 \
    "\"],\"geometry\":[" SOLID("1") "]}"
#define BROKEN(id, parent)                                                                         \
    "\"" id "\":{\"type\":\"BuildingPart\",\"parents\":[\"" parent "\"],\"geometry\":[7]}"
    static const char *const cases[] = {
        HEAD "\"CityObjects\":{" PART("p1", "b") "," PART(
            "p2", "p1") ","
                        "\"b\":{\"type\":\"Building\",\"geometry\":[7]}," PART("p3", "b") "}," END,
        HEAD "\"CityObjects\":{\"b\":{\"type\":\"Building\"}," BROKEN("p1", "b") "," PART(
            "p2", "p1") "," PART("p3", "b") "," PART("p4", "p3") "}," END,
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        failed_with(import_json(cases[i]), CT_PARSE, "geometry[0]");
        assert_int_equal(n_all, 0);
        assert_int_equal(findings("attribute"), 1);
        assert_int_equal(findings("parents-in-a-circle"), 0);
    }
    // In a circle too, where each is below the other.
    failed_with(import_json(HEAD "\"CityObjects\":{" BROKEN("a", "b") "," PART("c", "a") "," PART(
                    "b", "c") "," PART("d", "b") "}," END),
                CT_PARSE, "geometry[0]");
    assert_int_equal(n_all, 0);
    assert_int_equal(findings("parents-in-a-circle"), 1);
#undef PART
#undef BROKEN
}

static void a_chain_of_objects_too_deep_is_refused(void **state) {
    (void)state;
    char text[8000] = HEAD "\"CityObjects\":{\"o0\":{\"type\":\"Building\"}";
    for (int i = 1; i < 60; i++) {
        const size_t n = strlen(text);
        snprintf(text + n, sizeof text - n,
                 ",\"o%d\":{\"type\":\"BuildingPart\",\"parents\":[\"o%d\"]}", i, i - 1);
    }
    const size_t length = strlen(text);
    snprintf(text + length, sizeof text - length, "}," END);
    failed_with(import_json(text), CT_PARSE, "deeper than 32");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_solid_building_has_body_outline_and_measures),
        cmocka_unit_test(parts_rooms_and_storeys_refer_to_their_building),
        cmocka_unit_test(doors_and_windows_become_openings),
        cmocka_unit_test(templates_are_one_mesh_for_all_their_places),
        cmocka_unit_test(materials_colour_parts),
        cmocka_unit_test(every_lod_and_member_is_a_part),
        cmocka_unit_test(a_sequence_is_read_line_by_line),
        cmocka_unit_test(a_document_on_one_line_may_end_in_empty_lines),
        cmocka_unit_test(city_objects_in_the_header_of_a_sequence_arrive),
        cmocka_unit_test(materials_of_a_feature_are_its_own),
        cmocka_unit_test(the_reference_system_must_be_told),
        cmocka_unit_test(a_solid_with_faults_is_told_by_number),
        cmocka_unit_test(unknown_types_are_counted),
        cmocka_unit_test(wrong_documents_are_refused_by_their_place),
        cmocka_unit_test(children_and_groups_are_linked),
        cmocka_unit_test(extensions_and_addresses_are_kept),
        cmocka_unit_test(coloured_faces_keep_their_meaning),
        cmocka_unit_test(parents_that_are_wrong_are_told),
        cmocka_unit_test(an_object_with_a_fault_takes_its_parts_along),
        cmocka_unit_test(a_chain_of_objects_too_deep_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
