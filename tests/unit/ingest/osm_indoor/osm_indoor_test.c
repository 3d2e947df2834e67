// The inside of buildings in OpenStreetMap files: a house of two storeys whole, then each part of
// the scheme by itself.
#include "osm_harness.h"

// ---- the sample ---------------------------------------------------------------------------------

static void a_house_of_two_storeys_arrives(void **state) {
    (void)state;
    const ct_ingest_options o = options_for();
    must(import(DATA("two_storeys.osm"), &o));
    assert_int_equal(count_of(CT_SEVERITY_ERROR), 0);
    assert_int_equal(count_class("building"), 2);
    assert_int_equal(count_class("storey"), 2);
    assert_int_equal(count_class("space"), 18);
    assert_int_equal(count_class("opening"), 21);
    assert_int_equal(count_class("transition"), 3);
    assert_int_equal(count_class("element"), 2);
    assert_int_equal(count_class("path"), 0);

    // The building as outdoors, with what is inside.
    assert_string_equal(by_id("building-w100")->source_id, "way/100");
    assert_string_equal(text("building-w100", "use"), "office");
    assert_float_equal(number("building-w100", "height_m"), 7, 0);
    assert_float_equal(number("building-w100", "storeys_above"), 2, 0);
    assert_float_equal(number("building-w100", "ground_floor_m"), 0, 0);
    // What is outdoors as ever.
    assert_true(has_id("building-w101") && has_id("road-w500"));
    assert_string_equal(text("opening-n51", "kind"), "entrance");
    assert_string_equal(text("opening-n51", "storey"), "");

    assert_string_equal(text("storey-w100~0", "building"), "building-w100");
    assert_string_equal(text("storey-w100~0", "name"), "Ground floor");
    assert_string_equal(text("storey-w100~0", "long_name"), "G");
    assert_float_equal(number("storey-w100~0", "height_m"), 3.5, 0);
    assert_float_equal(number("storey-w100~1", "elevation_m"), 3.5, 0);
    assert_float_equal(number("storey-w100~1", "height_m"), 3.2, 1e-9); // (7 - 0.6) / 2
    assert_float_equal(number("storey-w100~1", "level"), 1, 0);
    assert_true(ct_feature_get(by_id("storey-w100~0"), "is_entrance")->as.boolean);
    assert_string_equal(by_id("storey-w100~0")->source_id, "way/401");
}

static void its_rooms(void **state) {
    (void)state;
    const ct_feature *lobby = by_id("space-r300");
    assert_string_equal(lobby->source_id, "relation/300");
    assert_string_equal(text("space-r300", "use"), "lobby");
    assert_int_equal(lobby->geom.n_rings, 2);
    assert_near(ct_geom_area_m2(&lobby->geom), 18 * 6 - 8, 0.3);
    assert_near(number("space-r300", "volume_m3"), 100 * 3.2, 1);
    assert_string_equal(text("space-w201", "name"), "Office A");
    assert_string_equal(text("space-w202", "name"), "B"); // by its ref
    assert_string_equal(text("space-w202", "use"), "classroom");
    assert_string_equal(text("space-w203", "name"), "Bookshop");
    assert_string_equal(text("space-w203", "name_zh"), "书店");
    assert_string_equal(text("space-w203", "use"), "shop");
    assert_float_equal(number("space-w203", "height_m"), 3, 0);
    // Copies.
    assert_string_equal(text("space-w201~1", "storey"), "storey-w100~1");
    assert_string_equal(by_id("space-w201~1")->source_id, "way/201");
    assert_float_equal(number("space-w201~1", "elevation_m"), 3.5, 0);
    // Shafts: a space on each level.
    assert_string_equal(text("space-w220", "use"), "stairwell");
    assert_string_equal(text("space-w220~1", "storey"), "storey-w100~1");
    assert_string_equal(text("space-w222~1", "use"), "lift_shaft");
    assert_string_equal(text("element-w410", "kind"), "column");
    assert_string_equal(text("element-w411", "kind"), "wall");
}

static void between(const char *id, const char *a, const char *b) {
    const char *got[2] = {text(id, "space_a"), text(id, "space_b")};
    if ((strcmp(got[0], a) != 0 || strcmp(got[1], b) != 0) &&
        (strcmp(got[0], b) != 0 || strcmp(got[1], a) != 0))
        fail_msg("%s: between \"%s\" and \"%s\", expected \"%s\" and \"%s\"", id, got[0], got[1], a,
                 b);
}

static bool flag(const char *id, const char *attr) {
    const ct_value *v = ct_feature_get(by_id(id), attr);
    return v->kind == CT_VALUE_BOOLEAN && v->as.boolean;
}

static void its_doors_and_stairs(void **state) {
    (void)state;
    between("opening-n14", "space-w201", "space-w210");
    between("opening-n14~1", "space-w201~1", "space-w210~1");
    between("opening-n18~1", "space-w202~1", "space-w210~1"); // it tells no level
    between("opening-n23", "space-r300", "space-w210");
    between("opening-n31", "space-w206", "space-w221");
    between("opening-w210-w221", "space-w210", "space-w221");
    between("opening-w210-w222", "space-w210", "space-w222");
    between("opening-n6", "space-w210", "");
    assert_string_equal(text("opening-n6", "kind"), "entrance");
    assert_true(flag("opening-n6", "is_external") && flag("opening-n6", "accessible"));
    assert_true(flag("opening-n3", "is_exit"));
    assert_float_equal(number("opening-n6", "width_m"), 1.8, 1e-9);
    assert_float_equal(number("opening-n20", "width_m"), 1.6, 1e-9);
    assert_float_equal(number("opening-n20", "clear_width_m"), 1.2, 1e-9);
    assert_float_equal(number("opening-n20", "height_m"), 2.1, 1e-9);
    assert_string_equal(text("opening-n20", "operation"), "automatic");
    assert_string_equal(text("opening-n7~1", "kind"), "window");
    assert_string_equal(text("opening-n23", "kind"), "opening");

    assert_string_equal(text("transition-w220", "kind"), "stair");
    assert_string_equal(text("transition-w222", "kind"), "lift");
    assert_string_equal(text("transition-w222", "from_storey"), "storey-w100~0");
    assert_string_equal(text("transition-w222", "to_storey"), "storey-w100~1");
    assert_true(flag("transition-w222", "accessible"));
    const ct_feature *steps = by_id("transition-w230");
    assert_float_equal(number("transition-w230", "risers"), 18, 0);
    assert_float_equal(number("transition-w230", "riser_m"), 3.5 / 18, 1e-9);
    assert_float_equal(number("transition-w230", "width_m"), 1.5, 0);
    assert_float_equal(steps->geom.xyz[2], 0, 0);
    assert_near(steps->geom.xyz[5], 1.75, 1e-6);
    assert_float_equal(steps->geom.xyz[8], 3.5, 0);
    found("made-opening", CT_SEVERITY_INFO, "two_storeys.osm", "2 stairs and lifts");
    found("door-levels", CT_SEVERITY_INFO, "two_storeys.osm", "1 doors");
    found("storey-height", CT_SEVERITY_INFO, "two_storeys.osm",
          "1 buildings, as way/100, tell their height and levels");
}

// ---- bodies and tags ----------------------------------------------------------------------------

static double volumes[4]; // of spaces, openings (area), elements; properties of the set osm
static ct_err look_at_body(void *context, const ct_feature *f) {
    (void)context;
    const bool space = strcmp(f->cls->name, "space") == 0;
    if (space) assert_non_null(f->body);
    for (size_t i = 0; f->body && i < f->body->n_parts; i++) {
        must(ct_mesh_check(f->body->parts[i].mesh));
        if (space) volumes[0] += ct_mesh_volume_m3(f->body->parts[i].mesh);
        if (strcmp(f->cls->name, "opening") == 0)
            volumes[1] += ct_mesh_area_m2(f->body->parts[i].mesh);
    }
    if (f->id && strcmp(f->id, "space-w203") == 0)
        for (size_t i = 0; i < f->n_properties; i++)
            volumes[3] += strcmp(f->properties[i].set, "osm") == 0;
    return CT_OK;
}

static void spaces_have_bodies_and_keep_their_tags(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 10, 10, "building=yes");
    box(2, 0, 0, 5, 10, "indoor=room|level=0|height=3");
    box(203, 5, 0, 10, 10, "indoor=room|level=0|height=4|my=own");
    node(9, 5, 5, "door=yes|width=1|height=2|level=0");
    add("</osm>");
    must(ct_file_write(in_folder("b.osm"), osm_text, osm_n));
    const ct_ingest_options o = options_for();
    const ct_sink sink = {.put = look_at_body};
    memset(volumes, 0, sizeof volumes);
    ct_ingest_report_free(report);
    report = ct_ingest_report_new(catalogue);
    must(ct_ingest_file(in_folder("b.osm"), &o, &sink, report));
    assert_near(volumes[0], 50 * 3 + 50 * 4, 2);
    assert_near(volumes[1], 2, 1e-6);
    assert_float_equal(volumes[3], 4, 0);
}

// ---- levels and heights -------------------------------------------------------------------------

static void levels_that_are_told_become_storeys(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 10, 10, "building=yes|min_level=-1|max_level=4|non_existent_levels=2;3");
    box(2, 0, 0, 5, 10, "indoor=room|level=0");
    must(import_osm());
    assert_int_equal(count_class("storey"), 4);
    assert_float_equal(number("storey-w1~-1", "elevation_m"), -3, 0);
    assert_float_equal(number("storey-w1~0", "elevation_m"), 0, 0);
    assert_float_equal(number("storey-w1~1", "elevation_m"), 3, 0);
    assert_float_equal(number("storey-w1~4", "elevation_m"), 6, 0); // 2 and 3 are no floors
    assert_string_equal(by_id("storey-w1~4")->source_id, "way/1/level/4");
    assert_float_equal(number("building-w1", "storeys_below"), 1, 0);
    found("storey-height", CT_SEVERITY_INFO, "a.osm",
          "as way/1, tell no heights of storeys: floors are taken to be 3.00 m");
}

static void levels_of_buildings_and_between_floors(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 10, 10, "building=yes|building:levels=3|building:levels:underground=1");
    box(2, 0, 0, 5, 10, "indoor=room|level=0.5|level:ref=M|min_height=1.2|height=3.4");
    must(import_osm());
    assert_int_equal(count_class("storey"), 5);
    assert_float_equal(number("storey-w1~0.5", "elevation_m"), 1.5, 1e-9);
    assert_float_equal(number("storey-w1~1", "elevation_m"), 3, 1e-9);
    assert_float_equal(number("storey-w1~0.5", "level"), 0, 0);
    assert_string_equal(text("storey-w1~0.5", "name"), "M");
    // min_height is over the ground, height that of the top.
    assert_float_equal(number("space-w2", "elevation_m"), 1.2, 1e-9);
    assert_float_equal(number("space-w2", "height_m"), 2.2, 1e-9);
}

static void a_room_over_two_levels_is_one_space(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 10, 10, "building=yes");
    box(2, 0, 0, 5, 10, "indoor=room|level=0;1|room=hall");
    box(3, 5, 0, 10, 10, "indoor=corridor|level=1");
    node(9, 5, 5, "door=yes|level=1");
    must(import_osm());
    assert_int_equal(count_class("space"), 2);
    assert_near(number("space-w2", "height_m"), 5.7, 1e-9);
    between("opening-n9", "space-w2", "space-w3");
}

static ct_err sloping_ground(void *context, double *z_m, double x, double y) {
    (void)context;
    (void)y;
    *z_m = 20 + 0.1 * (x - 500000); // the corner at 114 E
    return CT_OK;
}

static void level_0_lies_on_the_lowest_ground(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    o.ground = sloping_ground;
    begin_osm();
    box(1, 0, 0, 10, 10, "building=yes");
    box(2, 0, 0, 5, 10, "indoor=room|level=0;1");
    must(import_osm_as("a.osm", &o));
    assert_near(number("storey-w1~0", "elevation_m"), 20, 0.01);
    assert_near(number("storey-w1~1", "elevation_m"), 23, 0.01);
}

// ---- buildings ----------------------------------------------------------------------------------

static void relations_name_the_building(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 10, 10, "");
    box(2, 0, 0, 5, 10, "indoor=room|level=0");
    box(3, 20, 0, 25, 10, "indoor=room|level=0"); // outside of its outline
    relation(7, "w1:outline w2:buildingpart r8:level_0", "type=building|building=school");
    relation(8, "w3:buildingpart", "type=level|level=0");
    must(import_osm());
    assert_int_equal(count_class("building"), 1);
    assert_string_equal(text("building-r7", "use"), "school");
    assert_string_equal(text("storey-r7~0", "building"), "building-r7");
    assert_string_equal(text("space-w3", "storey"), "storey-r7~0");
}

static void rooms_in_no_outline_get_a_building(void **state) {
    (void)state;
    begin_osm();
    box(2, 0, 0, 5, 10, "indoor=room|level=0");
    box(3, 5, 0, 9, 10, "indoor=room|level=1");
    box(4, 100, 0, 105, 10, "indoor=area|level=0");
    must(import_osm());
    assert_int_equal(count_class("building"), 2);
    assert_near(ct_geom_area_m2(&by_id("building-w2~around")->geom), 90, 0.5);
    assert_string_equal(text("space-w3", "storey"), "storey-w2~around~1");
    assert_string_equal(text("storey-w4~around~0", "building"), "building-w4~around");
    found("made-building", CT_SEVERITY_INFO, "a.osm:way/2", "2 rooms");
}

static void a_building_may_be_a_multipolygon(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 30, 10, "");
    box(2, 10, 3, 20, 7, "");
    box(3, 50, 0, 60, 10, "");
    relation(5, "w1:outer w2:inner w3:outer", "type=multipolygon|building=yes");
    box(6, 1, 1, 9, 9, "indoor=room|level=0");
    box(7, 51, 1, 59, 9, "indoor=room|level=0");
    box(8, 11, 4, 19, 6, "indoor=room|level=0"); // in the yard
    must(import_osm());
    assert_int_equal(by_id("building-r5")->geom.n_parts, 2);
    assert_int_equal(by_id("building-r5")->geom.n_rings, 3);
    assert_string_equal(text("space-w7", "storey"), "storey-r5~0");
    assert_string_equal(text("space-w8", "storey"), "storey-w8~around~0");
}

// ---- spaces without walls, and within each other ------------------------------------------------

static void areas_are_open_to_each_other_but_for_walls(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 30, 10, "building=yes");
    box(2, 0, 0, 10, 10, "indoor=area|level=0");
    box(3, 10, 0, 20, 10, "indoor=corridor|level=0");
    box(4, 20, 0, 30, 10, "indoor=area|level=0");
    box(5, 0, 0, 10, 10, "indoor=area|level=1");
    node(90, 20, 0, "");
    node(91, 20, 10, "");
    way(6, "90 91", "indoor=wall|level=0|width=0.2");
    must(import_osm());
    between("opening-w2-w3", "space-w2", "space-w3");
    assert_near(number("opening-w2-w3", "width_m"), 10, 0.01);
    assert_string_equal(by_id("opening-w2-w3")->source_id, "way/2/way/3");
    assert_false(has_id("opening-w3-w4"));
    assert_int_equal(count_class("opening"), 1);
    assert_near(ct_geom_area_m2(&by_id("element-w6")->geom), 2, 0.1);
}

static void what_lies_within_is_cut_out(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 30, 10, "building=yes");
    box(2, 0, 0, 30, 10, "indoor=area|level=0");
    box(3, 10, 0, 20, 5, "indoor=room|level=0");
    node(9, 15, 5, "door=yes|level=0");
    must(import_osm());
    assert_near(ct_geom_area_m2(&by_id("space-w2")->geom), 250, 0.5);
    between("opening-n9", "space-w2", "space-w3");
    found("cut-space", CT_SEVERITY_INFO, "a.osm", "1 spaces");
}

static void corridors_drawn_as_lines_become_spaces(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 30, 10, "building=yes");
    box(2, 0, 0, 30, 4, "indoor=room|level=0");
    box(3, 0, 6, 30, 10, "indoor=room|level=0");
    node(90, 0, 5, "entrance=yes");
    node(91, 15, 5, "");
    node(92, 30, 5, "");
    node(93, 15, 4, "door=yes");
    node(94, 15, 6, "door=yes");
    way(6, "90 91", "highway=corridor|level=0");
    way(7, "91 92", "highway=footway|level=0|indoor=yes");
    way(8, "93 94", "highway=footway"); // no level: outdoors
    must(import_osm());
    assert_string_equal(text("space-w6", "use"), "corridor");
    assert_near(number("space-w6", "area_m2"), 31.5, 0.5); // 2 m wide, round at one end
    assert_true(has_id("space-w7") && has_id("path-w8"));
    assert_false(has_id("path-w6") || has_id("path-w7"));
    assert_true(strncmp(text("opening-n93", "space_b"), "space-w", 7) == 0);
    assert_true(count_class("opening") >= 4); // with a way between the two
    found("made-corridor", CT_SEVERITY_INFO, "a.osm", "2 corridors");
}

// ---- up and down --------------------------------------------------------------------------------

static void two_floors(void) {
    begin_osm();
    box(1, 0, 0, 30, 10, "building=yes");
    box(2, 0, 0, 30, 10, "indoor=area|level=0|repeat_on=1-3");
}

static void steps_ramps_and_moving_stairs(void **state) {
    (void)state;
    two_floors();
    node(90, 5, 5, "");
    node(91, 10, 5, "");
    way(3, "90 91", "highway=steps|level=0;1|incline=down|repeat_on=1;2");
    way(4, "90 91", "highway=steps|level=0-1|conveying=forward");
    way(5, "90 91", "highway=footway|level=1;2");
    way(6, "90 91", "highway=footway|level=1;2|conveying=yes");
    must(import_osm());
    assert_string_equal(text("transition-w3", "kind"), "stair");
    assert_string_equal(text("transition-w3~2", "from_storey"), "storey-w1~2");
    assert_string_equal(text("transition-w3~2", "to_storey"), "storey-w1~3");
    const double *down = by_id("transition-w3")->geom.xyz; // from node 91 up to 90
    assert_true(down[0] > down[3] && down[2] < down[5]);
    assert_string_equal(text("transition-w4", "kind"), "escalator");
    assert_string_equal(text("transition-w5", "kind"), "ramp");
    assert_string_equal(text("transition-w6", "kind"), "escalator");
    assert_int_equal(count_class("transition"), 6);
    assert_int_equal(count_class("path"), 0);
}

static void steps_take_levels_of_what_they_join(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 30, 10, "building=yes");
    box(2, 0, 0, 10, 10, "indoor=area|level=0");
    box(3, 20, 0, 30, 10, "indoor=area|level=1");
    node(90, 10, 5, "");
    node(91, 20, 5, "");
    node(92, 5, 5, "");
    way(4, "91 90", "highway=steps");
    way(5, "92 90", "highway=steps|level=0");
    must(import_osm());
    assert_string_equal(text("transition-w4", "from_storey"), "storey-w1~0");
    assert_true(has_id("path-w5")); // as outdoors
    found("steps-one-level", CT_SEVERITY_WARNING, "way/5", "leads nowhere");
}

static void lifts(void **state) {
    (void)state;
    two_floors();
    node(90, 5, 5, "highway=elevator|level=0;3|wheelchair=no");
    node(91, 15, 5, "highway=elevator|level=1");
    box(5, 20, 4, 22, 6, "indoor=room|room=elevator|level=0|repeat_on=1;2");
    node(92, 21, 5, "highway=elevator|level=0-2"); // the same lift
    must(import_osm());
    assert_string_equal(text("transition-n90", "to_storey"), "storey-w1~3");
    assert_string_equal(text("transition-w5", "to_storey"), "storey-w1~2");
    assert_int_equal(count_class("transition"), 3);
    found("lift-one-level", CT_SEVERITY_WARNING, "node/91", "one level");
}

static void stairs_that_repeat_link_each_floor(void **state) {
    (void)state;
    two_floors();
    box(5, 20, 4, 24, 6, "indoor=room|room=stairs|level=0;1|repeat_on=1");
    box(6, 10, 4, 14, 6, "indoor=room|stairs=yes|level=0|repeat_on=1-3");
    must(import_osm());
    assert_true(has_id("transition-w5") && has_id("transition-w5~1"));
    assert_false(has_id("transition-w5~2"));
    assert_true(has_id("transition-w6") && has_id("transition-w6~1") && has_id("transition-w6~2"));
    assert_int_equal(count_class("transition"), 5);
}

// ---- what is not touched ------------------------------------------------------------------------

static void houses_without_rooms_stay_outdoors(void **state) {
    (void)state;
    begin_osm();
    box(1, 0, 0, 10, 10, "building=yes|min_level=0|max_level=3");
    box(2, 20, 0, 30, 10, "building=yes");
    box(3, 20, 0, 30, 10, "indoor=room|level=0");
    node(90, 5, 0, "entrance=main");
    node(91, 5, 5, "");
    way(4, "90 91", "highway=steps|level=0;1");
    must(import_osm());
    assert_string_equal(text("opening-n90", "building"), "");
    assert_true(has_id("path-w4") && has_id("building-w1"));
    assert_int_equal(count_class("storey"), 1);
}

static void one_class_for_all_takes_the_plain_way(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    o.class_name = "building";
    must(import(DATA("two_storeys.osm"), &o));
    assert_int_equal(n_kept, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_house_of_two_storeys_arrives),
        cmocka_unit_test(its_rooms),
        cmocka_unit_test(its_doors_and_stairs),
        cmocka_unit_test(spaces_have_bodies_and_keep_their_tags),
        cmocka_unit_test(levels_that_are_told_become_storeys),
        cmocka_unit_test(levels_of_buildings_and_between_floors),
        cmocka_unit_test(a_room_over_two_levels_is_one_space),
        cmocka_unit_test(level_0_lies_on_the_lowest_ground),
        cmocka_unit_test(relations_name_the_building),
        cmocka_unit_test(rooms_in_no_outline_get_a_building),
        cmocka_unit_test(a_building_may_be_a_multipolygon),
        cmocka_unit_test(areas_are_open_to_each_other_but_for_walls),
        cmocka_unit_test(what_lies_within_is_cut_out),
        cmocka_unit_test(corridors_drawn_as_lines_become_spaces),
        cmocka_unit_test(steps_ramps_and_moving_stairs),
        cmocka_unit_test(steps_take_levels_of_what_they_join),
        cmocka_unit_test(lifts),
        cmocka_unit_test(stairs_that_repeat_link_each_floor),
        cmocka_unit_test(houses_without_rooms_stay_outdoors),
        cmocka_unit_test(one_class_for_all_takes_the_plain_way),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
