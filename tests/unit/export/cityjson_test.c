// CityJSON and CityJSONSeq out: what stands in the text, and that a twin comes back from it as it
// was, from a document of the test's own and from models of other programs.
#include "city_round.h"

#include "geo/mesh_repair.h"

#define TWIN "EPSG:4547" // north first, by its authority

// ---- comparison ---------------------------------------------------------------------------------

static void same_value(const ct_feature *f, const char *name, const ct_value *a,
                       const ct_value *b) {
    bool same = a->kind == b->kind;
    if (same) switch (a->kind) {
        case CT_VALUE_NULL: break;
        case CT_VALUE_INTEGER: same = a->as.integer == b->as.integer; break;
        case CT_VALUE_REAL: same = a->as.real == b->as.real; break;
        case CT_VALUE_BOOLEAN: same = a->as.boolean == b->as.boolean; break;
        case CT_VALUE_TEXT: same = strcmp(a->as.text, b->as.text) == 0; break;
        }
    if (!same) fail_msg("%s: %s came back otherwise", f->id, name);
}

static void same_properties(const ct_feature *a, const ct_feature *b) {
    if (a->n_properties != b->n_properties)
        fail_msg("%s: %zu properties, not %zu", a->id, b->n_properties, a->n_properties);
    if (b->n_properties)
        qsort((void *)b->properties, b->n_properties, sizeof *b->properties, by_property);
    for (size_t i = 0; i < a->n_properties; i++) {
        const ct_property *p = &a->properties[i], *q = &b->properties[i];
        assert_string_equal(p->set, q->set);
        assert_string_equal(p->name, q->name);
        assert_string_equal(p->unit, q->unit);
        same_value(a, p->name, &p->value, &q->value);
    }
}

static void same_geometry(const ct_feature *a, const ct_feature *b) {
    const ct_geom *g = &a->geom, *h = &b->geom;
    assert_int_equal(g->type, h->type);
    if (g->n_points != h->n_points)
        fail_msg("%s: %u points, not %u", a->id, h->n_points, g->n_points);
    assert_int_equal(g->n_rings, h->n_rings);
    assert_int_equal(g->n_parts, h->n_parts);
    assert_int_equal(g->has_z, h->has_z);
    for (size_t i = 0; i < (size_t)g->n_points * (size_t)ct_geom_stride(g); i++)
        if (fabs(g->xyz[i] - h->xyz[i]) > 1e-5)
            fail_msg("%s: number %zu is %.9f, not %.9f", a->id, i, h->xyz[i], g->xyz[i]);
}

typedef struct measures {
    double area_m2[CT_SURFACE_COUNT], lod_area_m2[5], all_m2, volume_m3;
} measures;

static double triangle_m2(const ct_body_part *p, uint32_t t) {
    double at[3][3], n2 = 0;
    for (int c = 0; c < 3; c++)
        ct_affine_point(at[c], &p->place,
                        p->mesh->xyz + 3 * (size_t)p->mesh->triangles[3 * (size_t)t + c]);
    for (int k = 0; k < 3; k++) {
        const int l = (k + 1) % 3, m = (k + 2) % 3;
        const double n = (at[1][l] - at[0][l]) * (at[2][m] - at[0][m]) -
                         (at[1][m] - at[0][m]) * (at[2][l] - at[0][l]);
        n2 += n * n;
    }
    return sqrt(n2) / 2;
}

static measures measure(const ct_body *body) {
    measures m = {.volume_m3 = body ? ct_body_volume_m3(body) : 0};
    for (size_t i = 0; body && i < body->n_parts; i++) {
        const ct_body_part *p = &body->parts[i];
        for (uint32_t f = 0, t = 0; f < p->mesh->n_faces; f++)
            for (; t < p->mesh->face_end[f]; t++) {
                const double area = triangle_m2(p, t);
                m.area_m2[p->mesh->face_tag ? p->mesh->face_tag[f] : 0] += area;
                m.lod_area_m2[p->lod] += area;
                m.all_m2 += area;
            }
    }
    return m;
}

// Whether all its parts are; the volume of others means nothing.
static bool is_closed(const ct_body *body) {
    bool closed = body != NULL;
    for (size_t i = 0; closed && i < body->n_parts; i++) {
        ct_mesh_topology t;
        must(ct_mesh_topology_of(&t, second.arena, body->parts[i].mesh));
        closed = t.watertight;
    }
    return closed;
}

// Points moved by half a step at most.
static void same_body(const ct_feature *a, const ct_feature *b) {
    const double nearly = 1e-5;
    const measures m = measure(a->body), n = measure(b->body);
    assert_int_equal(a->body != NULL, b->body != NULL);
    for (int i = 0; i < CT_SURFACE_COUNT; i++)
        if (fabs(m.area_m2[i] - n.area_m2[i]) > nearly * (1 + m.area_m2[i]))
            fail_msg("%s: %s of %.9f m2, not %.9f", a->id, ct_surface_name((ct_surface)i),
                     n.area_m2[i], m.area_m2[i]);
    for (int i = 0; i < 5; i++)
        assert_near(m.lod_area_m2[i], n.lod_area_m2[i], nearly * (1 + m.lod_area_m2[i]));
    if (is_closed(a->body) &&
        fabs(m.volume_m3 - n.volume_m3) > nearly * (1 + fabs(m.volume_m3) + m.all_m2))
        fail_msg("%s: %.9f m3, not %.9f", a->id, n.volume_m3, m.volume_m3);
}

static void same_twin(void) {
    assert_int_equal(first.n, second.n);
    for (size_t i = 0; i < first.n; i++) {
        const ct_feature *a = &first.all[i], *b = with_id(&second, a->id);
        assert_ptr_equal(a->cls, b->cls);
        assert_int_equal(a->source_id != NULL, b->source_id != NULL);
        if (a->source_id) assert_string_equal(a->source_id, b->source_id);
        for (size_t k = 0; k < a->cls->n_attrs; k++)
            same_value(a, a->cls->attrs[k].name, &a->values[k], &b->values[k]);
        same_properties(a, b);
        same_geometry(a, b);
        same_body(a, b);
    }
}

// What `first` holds goes out and comes in again; the second export has the bytes of the first.
static void there_and_back(const char *name, const char *twin) {
    char *out = in_folder(name), *again_name = ct_sprintf("again-%s", name);
    char *again = in_folder(again_name);
    must(write_file(&first, out, twin));
    must(read_file(&second, out, twin, NULL));
    same_twin();
    must(write_file(&second, again, twin));
    char *a = text_of(out), *b = text_of(again);
    if (strcmp(a, b) != 0) fail_msg("%s: the second export is another", name);
    ct_free(a);
    ct_free(b);
    ct_free(out);
    ct_free(again);
    ct_free(again_name);
}

// ---- own documents ------------------------------------------------------------------------------

#define HEAD                                                                                       \
    "{\"type\":\"CityJSON\",\"version\":\"2.0\",\"transform\":{\"scale\":[0.001,0.001,0.001],"     \
    "\"translate\":[500000,3380000,20]},\"metadata\":{\"referenceSystem\":"                        \
    "\"https://www.opengis.net/def/crs/EPSG/0/4547\"},"                                            \
    "\"appearance\":{\"materials\":[{\"name\":\"brick\",\"diffuseColor\":[0.7,0.2,0.1]},"          \
    "{\"name\":\"glass\",\"diffuseColor\":[0.5,0.6,0.7],\"transparency\":0.6}]},"
#define BOX                                                                                        \
    "[0,0,0],[10000,0,0],[10000,8000,0],[0,8000,0],[0,0,6000],[10000,0,6000],[10000,8000,6000],"   \
    "[0,8000,6000]"
// A window with a frame: a wall with a hole, and the pane in it.
#define HOLE "[3000,0,1000],[5000,0,1000],[5000,0,2000],[3000,0,2000]"
// A cavity in the middle.
#define INNER                                                                                      \
    "[4000,3000,2000],[6000,3000,2000],[6000,5000,2000],[4000,5000,2000],[4000,3000,4000],"        \
    "[6000,3000,4000],[6000,5000,4000],[4000,5000,4000]"
#define SHELL                                                                                      \
    "[[[0,3,2,1]],[[4,5,6,7]],[[0,1,5,4],[8,11,10,9]],[[8,9,10,11]],[[1,2,6,5]],[[2,3,7,6]],"      \
    "[[3,0,4,7]]]"
#define CAVITY                                                                                     \
    "[[[12,13,14,15]],[[19,18,17,16]],[[16,17,13,12]],[[17,18,14,13]],[[18,19,15,14]],"            \
    "[[19,16,12,15]]]"
#define SEMANTICS                                                                                  \
    "\"semantics\":{\"surfaces\":[{\"type\":\"GroundSurface\"},{\"type\":\"RoofSurface\","         \
    "\"slope\":0.5},{\"type\":\"WallSurface\"},{\"type\":\"Window\"}],"                            \
    "\"values\":[[0,1,2,3,2,2,2],null]}"
#define MATERIAL "\"material\":{\"visual\":{\"values\":[[0,0,0,1,0,0,0],[0,0,0,0,0,0]]}}"

static const char house[] =
    HEAD "\"CityObjects\":{\"h\":{\"type\":\"Building\",\"attributes\":{\"storeysAboveGround\":2,"
         "\"function\":\"1000\",\"roofType\":\"flat\",\"owner\":\"town\",\"height\":{\"value\":6,"
         "\"uom\":\"m\"},\"share\":0.25,\"whole\":2.0,\"listed\":true,\"tags\":[1,2]},"
         "\"children\":[\"s\",\"p\"],\"geometry\":[{\"type\":\"Solid\",\"lod\":\"2.2\","
         "\"boundaries\":[" SHELL "," CAVITY "]," SEMANTICS "," MATERIAL "}]},"
         "\"s\":{\"type\":\"BuildingStorey\",\"parents\":[\"h\"],\"children\":[\"r\"]},"
         "\"r\":{\"type\":\"BuildingRoom\",\"parents\":[\"s\"],\"geometry\":[{\"type\":\"Solid\","
         "\"lod\":\"4\",\"boundaries\":[[[[0,3,2,1]],[[4,5,6,7]],[[0,1,5,4]],[[1,2,6,5]],"
         "[[2,3,7,6]],[[3,0,4,7]]]]}]},"
         "\"p\":{\"type\":\"BuildingPart\",\"parents\":[\"h\"],\"geometry\":[{\"type\":"
         "\"MultiSurface\",\"lod\":\"2\",\"boundaries\":[[[0,3,2,1]],[[0,1,5,4],[8,11,10,9]]]}]},"
         "\"w\":{\"type\":\"Road\",\"geometry\":[{\"type\":\"MultiLineString\",\"lod\":\"0\","
         "\"boundaries\":[[0,1,2],[3,7]]}]},"
         "\"t\":{\"type\":\"SolitaryVegetationObject\",\"geometry\":[{\"type\":\"MultiPoint\","
         "\"lod\":\"1\",\"boundaries\":[2]}]}},"
         "\"vertices\":[" BOX "," HOLE "," INNER "]}";

static void read_house(void) {
    char *path = in_folder("house.city.json");
    write_text(path, house);
    must(read_file(&first, path, TWIN, NULL));
    ct_free(path);
}

static void a_document_comes_back_as_it_was(void **state) {
    (void)state;
    read_house();
    there_and_back("out.city.json", TWIN);
}

static void a_sequence_comes_back_as_it_was(void **state) {
    (void)state;
    read_house();
    there_and_back("out.city.jsonl", TWIN);
}

static void has(const char *text, const char *part) {
    if (!strstr(text, part)) fail_msg("%s\n is not in\n%s", part, text);
}

static void faces_are_polygons_with_holes_in_shells(void **state) {
    (void)state;
    read_house();
    char *out = in_folder("out.city.json");
    must(write_file(&first, out, TWIN));
    char *text = text_of(out);
    has(text, "\"referenceSystem\":\"https://www.opengis.net/def/crs/EPSG/0/4547\"");
    has(text,
        "\"scale\":[0.00001,0.00001,0.00001],\"translate\":[500000,3380000,0]"); // roads and
                                                                                 // trees have
                                                                                 // no heights
    has(text, "\"geographicalExtent\":[500000,3380000,0,500010,3380008,26]");
    has(text, "\"type\":\"Solid\",\"lod\":\"2.2\"");
    has(text, "\"surfaces\":[{\"type\":\"GroundSurface\"},{\"type\":\"RoofSurface\"},"
              "{\"type\":\"WallSurface\"},{\"type\":\"Window\"}],\"values\":[[");
    has(text, "{\"type\":\"Window\"}");
    has(text, "\"name\":\"glass\"");
    has(text, "\"children\":[\"building-p\",\"opening-h-opening-1\",\"storey-s\"]");
    has(text, "\"parents\":[\"building-h\"]");
    has(text, "\"type\":\"BuildingRoom\"");
    has(text, "\"lod4\":[1]"); // which CityJSON has not; 0 is the room's floor
    has(text, "\"type\":\"Solid\",\"lod\":\"3\"");
    assert_null(strstr(text, "\"lod\":\"4"));
    has(text, "\"height\":{\"value\":6,\"uom\":\"m\"}");
    has(text, "\"whole\":2.0");
    has(text, "\"type\":\"MultiLineString\"");
    has(text, "\"type\":\"SolitaryVegetationObject\"");
    ct_free(text);
    ct_free(out);
}

static void a_sequence_has_a_line_for_each_tree(void **state) {
    (void)state;
    size_t lines = 0;
    read_house();
    char *out = in_folder("out.city.jsonl");
    must(write_file(&first, out, TWIN));
    char *text = text_of(out);
    for (const char *at = text; (at = strchr(at, '\n')); at++) lines++;
    assert_int_equal(lines, 4); // the header, the building with its own, the road, the tree
    has(text, "{\"type\":\"CityJSONFeature\",\"id\":\"building-h\",\"CityObjects\":{");
    ct_free(text);
    ct_free(out);
}

static void parts_without_their_whole_are_generic(void **state) {
    (void)state;
    read_house();
    drop_class(&first, "building");
    char *out = in_folder("part.city.json");
    must(write_file(&first, out, TWIN));
    char *text = text_of(out);
    has(text, "\"storey-s\":{\"type\":\"GenericCityObject\"");
    assert_null(strstr(text, "\"parents\":[\"building"));
    ct_free(text);
    ct_free(out);
    there_and_back("part.city.json", TWIN);
}

// Parts of each other, in a circle: both are written.
static void circles_are_cut(void **state) {
    (void)state;
    read_house();
    first.n = 0;
    ct_feature f[2];
    for (int i = 0; i < 2; i++) {
        must(ct_feature_new(&f[i], first.arena, ct_catalogue_by_name(catalogue, "building")));
        f[i].id = i ? "b" : "a";
        must(ct_feature_set_text(&f[i], "part_of", i ? "a" : "b"));
        first.all[first.n++] = f[i];
    }
    there_and_back("circle.city.json", TWIN);
    assert_int_equal(second.n, 2);
}

static void an_empty_twin_is_an_empty_city(void **state) {
    (void)state;
    first.n = 0;
    char *out = in_folder("none.city.json");
    must(write_file(&first, out, TWIN));
    char *text = text_of(out);
    has(text, "\"CityObjects\":{},\"vertices\":[\n]}");
    ct_free(text);
    ct_free(out);
}

static void what_cannot_be_written_leaves_nothing(void **state) {
    (void)state;
    read_house();
    char *out = in_folder("far.city.json");
    ct_feature *f = &first.all[0];
    for (size_t i = 0; f->geom.type == CT_GEOM_NONE; i++) f = &first.all[i];
    f->geom.xyz[0] = 1e300;
    assert_int_equal(write_file(&first, out, TWIN), CT_RANGE);
    assert_false(ct_file_exists(out));
    ct_free(out);
}

// ---- models of other programs -------------------------------------------------------------------

static const struct {
    const char *file, *twin, *crs;
} models[] = {
    {"cityjson/delft.json", "EPSG:28992", NULL},
    {"cityjson/DH_01_subs.city.json", "EPSG:28992", "EPSG:28992"},
    {"cityjson/multi_lod.json", "EPSG:28992", "EPSG:28992"},
    {"cityjson/lod2_buildings_v2.city.json", "EPSG:25833", NULL},
    {"cityjson/cjval/japanese.city.json", "EPSG:6677", NULL},
    {"cityjson/cjval/texture4.city.json", "EPSG:25833", NULL},
    {"cityjson/cjval/cube.city.json", "EPSG:28992", "EPSG:28992"},
    {"cityjson/cjval/material.city.json", "EPSG:28992", "EPSG:28992"},
    {"citygml2/Building_LOD0-EPSG25832.gml", "EPSG:25832", NULL},
    {"citygml2/Building_LOD1-EPSG25832.gml", "EPSG:25832", NULL},
    {"citygml2/Building_LOD2-EPSG25832.gml", "EPSG:25832", NULL},
    {"citygml2/Building_LOD3-EPSG25832.gml", "EPSG:25832", NULL},
    {"citygml2/Building_LOD4-EPSG25832.gml", "EPSG:25832", NULL},
    {"citygml2/Building_and_garage_LOD2-EPSG25832.gml", "EPSG:25832", NULL},
    {"citygml2/Potsdam_LoD1.gml", "EPSG:25833", NULL},
    {"citygml2/lod3_building_v2.gml", "EPSG:25833", NULL},
    {"citygml2/53394517_bldg_6697_2_op_CityGML2.gml", "EPSG:6677", NULL},
    {"citygml3/Building_LOD0-EPSG25832.gml", "EPSG:25832", NULL},
    {"citygml3/Building_LOD1-EPSG25832.gml", "EPSG:25832", NULL},
    {"citygml3/Building_LOD2-EPSG25832.gml", "EPSG:25832", NULL},
    {"citygml3/Building_LOD3-EPSG25832.gml", "EPSG:25832", NULL},
    {"citygml3/BuildingUnits_Storeys_xlink.gml", "EPSG:25832", NULL},
    {"citygml3/Building_CityGML3.0_LOD2_with_several_attributes.gml", "EPSG:31468", NULL},
    {"citygml3/Building_CityGML3.0_with_Dynamizer_and_SensorConnection_V1.gml", "EPSG:31468", NULL},
    {"citygml3/Building_CityGML3.0_with_Dynamizer_and_inline_Timeseries.gml", "EPSG:31468", NULL},
    {"citygml3/JeffersonBuilding_CityGML3.0_LOD1_with_xAL3_CommonTypes.gml", "EPSG:32618", NULL},
    {"citygml3/Opera-Lyon_CityGML3.0_LOD2_with_xAL3_FullyStructured.gml", "EPSG:3946", NULL},
    {"citygml3/ParkingGarage_CityGML3.0_LOD2_with_CityObjectRelations_and_XLinks.gml", "EPSG:25832",
     "EPSG:25832"},
    {"citygml3/Road_over_Bridge_CityGML3.0_LOD2_with_CityObjectRelations.gml", "EPSG:25832",
     "EPSG:25832"},
    {"citygml3/historicalSuccession_CityGML_3.0_LOD2_Versioning.gml", "EPSG:3946", NULL},
    {"citygml3/lod2_buildings_v3.gml", "EPSG:25833", NULL},
    {"citygml3/53394517_bldg_6697_2_op_CityGML3.gml", "EPSG:6677", NULL},
    {"indoorgml/FJK-Haus_IndoorGML_withEXR-corrected_1_0_3.gml", "EPSG:25832", "EPSG:25832"},
    {"indoorgml/v103-PNU-bldg201_3d.gml", "EPSG:5179", "EPSG:5179"},
};

static void models_come_back_as_they_were(void **state) {
    (void)state;
    const char *folder_of = getenv("CIMTWIN_TEST_DATA");
    const char *data = folder_of && *folder_of ? folder_of : CT_SOURCE_DIR "/../shared/data";
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        char *path = ct_sprintf("%s/bim/%s", data, models[i].file);
        assert_non_null(path);
        if (!ct_file_exists(path)) {
            print_message("left out, as it is not there: %s\n", path);
            ct_free(path);
            skip();
        }
        must(read_file(&first, path, models[i].twin, models[i].crs));
        if (first.n == 0) fail_msg("%s is empty", path);
        print_message("%s\n", models[i].file);
        there_and_back(i % 2 ? "model.city.json" : "model.city.jsonl", models[i].twin);
        ct_free(path);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_comes_back_as_it_was),
        cmocka_unit_test(a_sequence_comes_back_as_it_was),
        cmocka_unit_test(faces_are_polygons_with_holes_in_shells),
        cmocka_unit_test(a_sequence_has_a_line_for_each_tree),
        cmocka_unit_test(parts_without_their_whole_are_generic),
        cmocka_unit_test(circles_are_cut),
        cmocka_unit_test(an_empty_twin_is_an_empty_city),
        cmocka_unit_test(what_cannot_be_written_leaves_nothing),
        cmocka_unit_test(models_come_back_as_they_were),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
