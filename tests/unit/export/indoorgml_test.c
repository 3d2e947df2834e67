// IndoorGML out: cells, states and ways of a small building and of models of other programs, there
// and back.
#include "city_round.h"

#define TWIN "EPSG:4547" // north first, by its authority

static const char head[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<IndoorFeatures xmlns=\"http://www.opengis.net/indoorgml/1.0/core\""
    " xmlns:gml=\"http://www.opengis.net/gml/3.2\" xmlns:xlink=\"http://www.w3.org/1999/xlink\""
    " gml:id=\"house\"><gml:boundedBy><gml:Envelope srsName=\"EPSG:4547\"/></gml:boundedBy>"
    "<primalSpaceFeatures><PrimalSpaceFeatures gml:id=\"p\">";
static const char tail[] =
    "<cellSpaceBoundaryMember><CellSpaceBoundary gml:id=\"D\"><cellSpaceBoundaryGeometry>"
    "<geometry3D><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>"
    "3380002 500004 20 3380003 500004 20 3380003 500004 22 3380002 500004 22 3380002 500004 20"
    "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></geometry3D>"
    "</cellSpaceBoundaryGeometry><duality xlink:href=\"#T\"/></CellSpaceBoundary>"
    "</cellSpaceBoundaryMember></PrimalSpaceFeatures></primalSpaceFeatures><multiLayeredGraph>"
    "<MultiLayeredGraph gml:id=\"m\"><spaceLayers gml:id=\"l\"><spaceLayerMember>"
    "<SpaceLayer gml:id=\"s\"><nodes gml:id=\"n\"><stateMember><State gml:id=\"RA\">"
    "<duality xlink:href=\"#A\"/></State></stateMember><stateMember><State gml:id=\"RB\">"
    "<duality xlink:href=\"#B\"/></State></stateMember></nodes><edges gml:id=\"e\">"
    "<transitionMember><Transition gml:id=\"T\"><weight>2.5</weight><connects xlink:href=\"#RA\"/>"
    "<connects xlink:href=\"#RB\"/><geometry><gml:LineString><gml:posList>"
    "3380002.5 500002 21.5 3380002.5 500006 21.5</gml:posList></gml:LineString></geometry>"
    "</Transition></transitionMember></edges></SpaceLayer></spaceLayerMember></spaceLayers>"
    "</MultiLayeredGraph></multiLayeredGraph></IndoorFeatures>";

// A room of 4 m x 5 m x 3 m, above 20 m.
static void put_cell(ct_buf *out, const char *id, const char *name, int east) {
    static const int faces[6][4] = {{0, 3, 2, 1}, {4, 5, 6, 7}, {0, 1, 5, 4},
                                    {1, 2, 6, 5}, {2, 3, 7, 6}, {3, 0, 4, 7}};
    ct_buf_printf(out,
                  "<cellSpaceMember><CellSpace gml:id=\"%s\"><gml:name>%s</gml:name>"
                  "<cellSpaceGeometry><Geometry3D><gml:Solid><gml:exterior><gml:Shell>",
                  id, name);
    for (int f = 0; f < 6; f++) {
        ct_buf_puts(out, "<gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing>");
        for (int i = 0; i <= 4; i++) {
            const int c = faces[f][i % 4];
            ct_buf_printf(out, "<gml:pos>%d %d %d</gml:pos>", 3380000 + (c % 4 > 1 ? 5 : 0),
                          500000 + east + (c % 4 == 1 || c % 4 == 2 ? 4 : 0), c < 4 ? 20 : 23);
        }
        ct_buf_puts(out, "</gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>");
    }
    ct_buf_puts(out, "</gml:Shell></gml:exterior></gml:Solid></Geometry3D></cellSpaceGeometry>"
                     "</CellSpace></cellSpaceMember>");
}

// Two rooms side by side, and a door between them.
static void read_rooms(void) {
    char *path = in_folder("rooms.gml");
    ct_buf text;
    ct_buf_init(&text, 1 << 16);
    ct_buf_puts(&text, head);
    put_cell(&text, "A", "Hall &amp; stairs", 0);
    put_cell(&text, "B", "Office", 4);
    ct_buf_puts(&text, tail);
    must(ct_buf_status(&text));
    write_text(path, text.data);
    must(read_file(&first, path, TWIN, NULL));
    ct_buf_fini(&text);
    ct_free(path);
}

static size_t count_of(const kept *k, const char *cls) {
    size_t n = 0;
    for (size_t i = 0; i < k->n; i++) n += strcmp(k->all[i].cls->name, cls) == 0;
    return n;
}

static double volume_of(const ct_feature *f) {
    return ct_feature_number(f, "volume_m3", 0);
}

// Spaces, storeys and ways by their ids, volumes, and which spaces a way joins. `most_open`: spaces
// whose points lie at the reader's weld distance from each other, so that they may not be closed a
// second time.
static void there_and_back(const char *twin, size_t most_open) {
    static const char *const classes[] = {"building", "storey", "space", "connection"};
    const double nearly = 1e-5;
    size_t n_open = 0;
    char *out = in_folder("out.indoor.gml");
    must(write_file(&first, out, twin));
    must(read_file(&second, out, twin, NULL));
    ct_free(out);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (count_of(&first, classes[i]) != count_of(&second, classes[i]))
            fail_msg("%zu features of %s, not %zu", count_of(&second, classes[i]), classes[i],
                     count_of(&first, classes[i]));
    for (size_t i = 0; i < first.n; i++) {
        const ct_feature *a = &first.all[i];
        if (strcmp(a->cls->name, "city_object") == 0) continue; // boundaries of no way
        const ct_feature *b = with_id(&second, a->id);
        assert_string_equal(ct_feature_text(a, "space_a", ""), ct_feature_text(b, "space_a", ""));
        assert_string_equal(ct_feature_text(a, "space_b", ""), ct_feature_text(b, "space_b", ""));
        assert_string_equal(ct_feature_text(a, "storey", ""), ct_feature_text(b, "storey", ""));
        if (volume_of(a) > 0 && !(volume_of(b) > 0))
            n_open++;
        else
            assert_near(volume_of(b), volume_of(a), nearly * (1 + volume_of(a)));
        assert_near(ct_feature_number(b, "weight", 1), ct_feature_number(a, "weight", 1), 0);
    }
    assert_true(n_open <= most_open);
}

static void rooms_and_ways_come_back(void **state) {
    (void)state;
    read_rooms();
    assert_int_equal(count_of(&first, "space"), 2);
    assert_near(volume_of(with_id(&first, "space-A")), 60, 1e-6);
    there_and_back(TWIN, 0);
    const ct_feature *way = with_id(&second, "connection-T");
    assert_string_equal(ct_feature_text(way, "space_a", ""), "space-A");
    assert_near(ct_feature_number(way, "weight", 0), 2.5, 0);
    assert_non_null(way->body); // the boundary
    assert_string_equal(ct_feature_text(with_id(&second, "space-A"), "name", ""), "Hall & stairs");
}

static void has(const char *text, const char *part) {
    if (!strstr(text, part)) fail_msg("%s\n is not in\n%s", part, text);
}

static void links_and_order_of_axes_are_those_of_the_standard(void **state) {
    (void)state;
    read_rooms();
    char *out = in_folder("out.indoor.gml");
    must(write_file(&first, out, TWIN));
    char *text = text_of(out);
    has(text, "srsName=\"http://www.opengis.net/def/crs/EPSG/0/4547\" srsDimension=\"3\">"
              "<gml:lowerCorner>3380000 500000 20</gml:lowerCorner>"
              "<gml:upperCorner>3380005 500008 23</gml:upperCorner>");
    has(text, "<core:CellSpace gml:id=\"A\">\n<gml:description>level=\"0\"</gml:description>\n"
              "<gml:name>Hall &amp; stairs</gml:name>");
    has(text, "<core:duality xlink:href=\"#state-A\"/>\n"
              "<core:partialboundedBy xlink:href=\"#boundary-T\"/>");
    has(text, "<core:State gml:id=\"state-B\">\n<core:duality xlink:href=\"#B\"/>\n"
              "<core:connects xlink:href=\"#T\"/>\n");
    has(text, "<gml:pos>3380002.5 500002 21.5</gml:pos>");
    has(text, "<core:weight>2.5</core:weight>\n<core:connects xlink:href=\"#state-A\"/>\n"
              "<core:connects xlink:href=\"#state-B\"/>\n"
              "<core:duality xlink:href=\"#boundary-T\"/>");
    ct_free(text);
    ct_free(out);
}

// A door that is an opening: its two spaces are joined by way of its middle.
static void openings_are_ways(void **state) {
    (void)state;
    read_rooms();
    drop_class(&first, "connection");
    ct_feature door;
    must(ct_feature_new(&door, first.arena, ct_catalogue_by_name(catalogue, "opening")));
    door.id = "door-1";
    must(ct_feature_set_text(&door, "kind", "door"));
    must(ct_feature_set_text(&door, "space_a", "space-A"));
    must(ct_feature_set_text(&door, "space_b", "space-B"));
    first.all[first.n++] = door;
    char *out = in_folder("door.indoor.gml");
    must(write_file(&first, out, TWIN));
    must(read_file(&second, out, TWIN, NULL));
    assert_int_equal(count_of(&second, "connection"), 1);
    assert_string_equal(ct_feature_text(with_id(&second, "connection-_door-1"), "space_b", ""),
                        "space-B");
    ct_free(out);
}

// Of the file of the kept features, and a model of them.
static ct_err write_with_model(const char *path, const ct_indoor *model) {
    const ct_export_options options = {.twin_crs = TWIN, .replace = true};
    ct_export *e;
    CT_TRY(ct_export_open(&e, path, &options));
    assert_true(ct_export_takes_indoor(e));
    for (size_t i = 0; i < first.n; i++) must(ct_export_put(e, &first.all[i]));
    must(ct_export_indoor(e, model));
    return ct_export_commit(e);
}

// What the model finds comes, but for what features tell, windows, and doors to the outside.
static void ways_of_the_model_are_told_where_features_tell_none(void **state) {
    (void)state;
    ct_indoor_space spaces[] = {{.id = "space-A"}, {.id = "space-B"}, {.id = "made~1"}};
    double up[] = {500001, 3380001, 20, 500003, 3380001, 23};
    uint32_t end = 2, part = 1;
    ct_indoor_opening openings[] = {
        {.id = "door~1",
         .side = {0, 1},
         .passable = true,
         .ends = {500004, 3380001, 500004, 3380002},
         .sill_z_m = 20,
         .soffit_z_m = 22},
        {.id = "window-1", .side = {0, 1}},
        {.id = "exit-1", .side = {0, CT_INDOOR_OUTDOORS}, .passable = true},
        {.id = "door-2", .side = {0, 2}, .passable = true}}; // to a room that is no feature
    ct_indoor_stair stair = {.id = "stair-1",
                             .space = {1, 0},
                             .line = {.type = CT_GEOM_LINESTRING,
                                      .has_z = true,
                                      .n_points = 2,
                                      .n_rings = 1,
                                      .n_parts = 1,
                                      .xyz = up,
                                      .ring_end = &end,
                                      .part_end = &part}};
    const ct_indoor model = {.building = "building-house",
                             .n_spaces = 3,
                             .spaces = spaces,
                             .n_openings = 4,
                             .openings = openings,
                             .n_stairs = 1,
                             .stairs = &stair};
    char *out = in_folder("model.indoor.gml");
    read_rooms();
    must(write_with_model(out, &model));
    must(read_file(&second, out, TWIN, NULL));
    assert_int_equal(count_of(&second, "connection"), 1); // the file's own
    drop_class(&first, "connection");
    must(write_with_model(out, &model));
    must(read_file(&second, out, TWIN, NULL));
    assert_int_equal(count_of(&second, "connection"), 2);
    const ct_feature *door = with_id(&second, "connection-_door_1");
    assert_string_equal(ct_feature_text(door, "space_a", ""), "space-A");
    assert_string_equal(ct_feature_text(door, "space_b", ""), "space-B");
    assert_int_equal(door->geom.n_points, 3);
    assert_near(door->geom.xyz[3], 500004, 1e-9);
    assert_near(door->geom.xyz[5], 21, 1e-9);
    assert_near(with_id(&second, "connection-_stair-1")->geom.xyz[5], 23, 1e-9);
    ct_free(out);
}

// A door may tell a space that it is not at; the model weighs that against shapes.
static void the_model_knows_better_what_a_door_joins(void **state) {
    (void)state;
    ct_indoor_space spaces[] = {{.id = "space-A"}, {.id = "space-B"}, {.id = "space-C"}};
    ct_indoor_opening opening = {.id = "door-1", .side = {0, 2}, .passable = true};
    const ct_indoor model = {.building = "building-house",
                             .n_spaces = 3,
                             .spaces = spaces,
                             .n_openings = 1,
                             .openings = &opening};
    char *out = in_folder("better.indoor.gml");
    read_rooms();
    size_t n = 0;
    for (size_t i = 0; i < first.n; i++)
        if (strcmp(first.all[i].cls->name, "connection") != 0) first.all[n++] = first.all[i];
    ct_feature door, third;
    must(ct_feature_new(&door, first.arena, ct_catalogue_by_name(catalogue, "opening")));
    door.id = "door-1";
    must(ct_feature_set_text(&door, "kind", "door"));
    must(ct_feature_set_text(&door, "space_a", "space-A"));
    must(ct_feature_set_text(&door, "space_b", "space-B"));
    must(ct_feature_copy(&third, first.arena, with_id(&first, "space-B")));
    third.id = "space-C";
    third.source_id = "C";
    first.all[n++] = third;
    first.all[n++] = door;
    first.n = n;
    must(write_with_model(out, &model));
    must(read_file(&second, out, TWIN, NULL));
    assert_int_equal(count_of(&second, "connection"), 1);
    assert_string_equal(ct_feature_text(with_id(&second, "connection-_door-1"), "space_b", ""),
                        "space-C");
    ct_free(out);
}

static void without_spaces_there_is_no_file(void **state) {
    (void)state;
    char *out = in_folder("none.indoor.gml");
    first.n = 0;
    assert_int_equal(write_file(&first, out, TWIN), CT_UNSUPPORTED);
    assert_false(ct_file_exists(out));
    ct_free(out);
}

static void models_come_back(void **state) {
    (void)state;
    static const struct {
        const char *file, *crs;
        size_t spaces, ways, open;
    } models[] = {
        {"indoorgml/FJK-Haus_IndoorGML_withEXR-corrected_1_0_3.gml", "EPSG:25832", 14, 30, 0},
        {"indoorgml/v103-PNU-bldg201_3d.gml", "EPSG:5179", 80, 186, 1},
    };
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
        must(read_file(&first, path, models[i].crs, models[i].crs));
        assert_int_equal(count_of(&first, "space"), models[i].spaces);
        assert_int_equal(count_of(&first, "connection"), models[i].ways);
        there_and_back(models[i].crs, models[i].open);
        ct_free(path);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rooms_and_ways_come_back),
        cmocka_unit_test(links_and_order_of_axes_are_those_of_the_standard),
        cmocka_unit_test(openings_are_ways),
        cmocka_unit_test(ways_of_the_model_are_told_where_features_tell_none),
        cmocka_unit_test(the_model_knows_better_what_a_door_joins),
        cmocka_unit_test(without_spaces_there_is_no_file),
        cmocka_unit_test(models_come_back),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
