// IFC files as features: structure, attributes, properties, places, ids; archives; findings.
#include <math.h>

#include "../harness.h"
#include "base/buf.h"
#include "ingest/ifc/reader.h"

static const char *const k_map = "#14=IFCMAPCONVERSION(#10,#12,500000.,3300000.,20.,0.,1.,0.001);";

// A piece of the file changed, as a file of its own.
static const char *changed_file(const char *old, const char *name, const char *from,
                                const char *to) {
    char *text = NULL;
    size_t n = 0;
    must(ct_file_read(&text, &n, old, 4 << 20));
    char *at = strstr(text, from);
    if (!at) fail_msg("no \"%s\"", from);
    const char *path = in_folder(name);
    const char *all =
        ct_arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    assert_non_null(all);
    must(ct_file_write(path, all, strlen(all)));
    ct_free(text);
    return path;
}

static const char *changed(const char *name, const char *from, const char *to) {
    return changed_file(DATA("house.ifc"), name, from, to);
}

// Without its map conversion, and with another change.
static const char *changed_mapless(const char *from, const char *to) {
    return changed_file(changed("mapless.ifc", k_map, ""), "changed.ifc", from, to);
}

static ct_err import_mapless(const char *from, const char *to) {
    const ct_ingest_options o = options_for();
    return import(changed_mapless(from, to), &o);
}

static ct_err import_changed(const char *from, const char *to) {
    const ct_ingest_options o = options_for();
    return import(changed("changed.ifc", from, to), &o);
}

static void import_house(void) {
    const ct_ingest_options o = options_for();
    must(import(DATA("house.ifc"), &o));
}

static double number(const char *id, const char *attr) {
    return ct_feature_number(by_id(id), attr, NAN);
}

static const char *text(const char *id, const char *attr) {
    return ct_feature_text(by_id(id), attr, "-");
}

static int boolean(const char *id, const char *attr) {
    const ct_value *v = ct_feature_get(by_id(id), attr);
    assert_non_null(v);
    return v->kind == CT_VALUE_BOOLEAN ? v->as.boolean : -1;
}

static void near(double got, double expected) {
    if (!(fabs(got - expected) < 1e-6)) fail_msg("got %.9f, expected %.9f", got, expected);
}

static void structure(void **state) {
    (void)state;
    import_house();
    static const struct {
        const char *cls;
        int64_t n;
    } expected[] = {{"site", 1},    {"building", 1},   {"storey", 3}, {"space", 2},
                    {"opening", 2}, {"transition", 1}, {"device", 1}, {"fire_equipment", 1},
                    {"element", 2}, {"zone", 1}};
    int64_t total = 0;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_int_equal(ct_ingest_count(report, ct_catalogue_by_name(catalogue, expected[i].cls)),
                         expected[i].n);
        total += expected[i].n;
    }
    assert_int_equal(ct_ingest_total(report), total);
    const ct_diagnostics *all = ct_ingest_diagnostics(report);
    for (size_t i = 0; i < ct_diagnostics_kept(all); i++) { // only validation rules have a say
        const ct_diagnostic *d = ct_diagnostics_at(all, i);
        assert_true(d->severity == CT_SEVERITY_INFO || (d->rule[0] >= 'A' && d->rule[0] <= 'Z'));
    }
    found("ifc-georef", CT_SEVERITY_INFO, "house.ifc", "IfcMapConversion");
    assert_string_equal(text("0Building0000000000000", "long_name"), "House on the river");
    assert_string_equal(text("0Building0000000000000", "address"),
                        "River Road 7, Wuhan, 430000, China");
    near(number("0Building0000000000000", "storeys_above"), 2);
    near(number("0Building0000000000000", "storeys_below"), 1);
    near(number("0Building0000000000000", "ground_floor_m"), 20);
    near(number("0Building0000000000000", "base_m"), 19.5);
}

static void storeys_and_spaces(void **state) {
    (void)state;
    import_house();
    static const struct {
        const char *id;
        double level, elevation_m, height_m;
    } expected[] = {{"1Storey00000000000000C", -1, 17.2, 2.8},
                    {"1Storey00000000000000A", 0, 20, 3},
                    {"1Storey00000000000000B", 1, 23, NAN}};
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(text(expected[i].id, "building"), "0Building0000000000000");
        near(number(expected[i].id, "level"), expected[i].level);
        near(number(expected[i].id, "elevation_m"), expected[i].elevation_m);
        if (i < 2) near(number(expected[i].id, "height_m"), expected[i].height_m);
    }
    assert_true(isnan(number("1Storey00000000000000B", "height_m")));
    assert_string_equal(text("1Storey00000000000000A", "long_name"), "地层");
    const char *hall = "1Space000000000000000A";
    assert_string_equal(text(hall, "storey"), "1Storey00000000000000A");
    assert_string_equal(text(hall, "name"), "101");
    assert_string_equal(text(hall, "long_name"), "Hall");
    assert_string_equal(text(hall, "zone"), "1Zone0000000000000000A");
    near(number(hall, "area_m2"), 24.5);
    near(number(hall, "height_m"), 2.6);
    assert_int_equal(boolean(hall, "is_external"), 0);
    assert_int_equal(
        by_id("1Zone0000000000000000A")->cls == ct_catalogue_by_name(catalogue, "zone"), true);
}

static void doors_and_openings(void **state) {
    (void)state;
    import_house();
    const char *door = "1Door0000000000000000A", *hole = "1Opening0000000000000B";
    assert_string_equal(text(door, "kind"), "door");
    near(number(door, "width_m"), 0.885);
    near(number(door, "height_m"), 2.01);
    near(number(door, "sill_m"), 0);
    assert_string_equal(text(door, "space_a"), "1Space000000000000000A");
    assert_string_equal(text(door, "space_b"), "1Space000000000000000B");
    assert_string_equal(text(door, "host"), "1Wall0000000000000000A");
    assert_string_equal(text(door, "storey"), "1Storey00000000000000A");
    assert_string_equal(text(door, "operation"), "SINGLE_SWING_LEFT");
    assert_string_equal(text(door, "fire_rating"), "EI2 30-C");
    near(number(door, "fire_rating_min"), 30);
    assert_int_equal(boolean(door, "self_closing"), 1);
    assert_int_equal(boolean(door, "smoke_stop"), 0);
    assert_int_equal(boolean(door, "is_exit"), -1);
    const ct_geom *g = &by_id(door)->geom; // x axis to the north
    assert_int_equal(g->type, CT_GEOM_POINT);
    near(g->xyz[0], 500000 - 0.2);
    near(g->xyz[1], 3300000 + 1);
    assert_string_equal(text(hole, "kind"), "opening");
    assert_string_equal(text(hole, "storey"), "1Storey00000000000000A"); // its wall's
    assert_string_equal(text(hole, "host"), "1Wall0000000000000000A");
}

static void elements_and_devices(void **state) {
    (void)state;
    import_house();
    const char *wall = "1Wall0000000000000000A", *stair = "1Stair000000000000000A";
    assert_string_equal(text(wall, "kind"), "wall");
    assert_string_equal(text(wall, "source_class"), "IfcWall");
    assert_string_equal(text(wall, "source_type"), "Brick 24");
    assert_string_equal(text(wall, "material"), "Brick 0.24 m; Plaster 0.015 m");
    assert_int_equal(boolean(wall, "load_bearing"), 1); // its own word before its type's
    assert_int_equal(boolean(wall, "compartmentation"), 1);
    near(number(wall, "fire_rating_min"), 90);
    assert_string_equal(text(stair, "kind"), "stair");
    assert_string_equal(text(stair, "from_storey"), "1Storey00000000000000A");
    assert_string_equal(text(stair, "to_storey"), "1Storey00000000000000B");
    near(number(stair, "risers"), 16);
    near(number(stair, "riser_m"), 0.1875);
    near(number(stair, "tread_m"), 0.25);
    assert_string_equal(text("1Flight00000000000000A", "part_of"), stair);
    assert_string_equal(text("1Flight00000000000000A", "storey"), "1Storey00000000000000A");
    assert_string_equal(text("1Sensor00000000000000A", "kind"), "smoke_detector");
    assert_string_equal(text("1Sprinkler00000000000A", "kind"), "sprinkler");
    near(by_id("1Sensor00000000000000A")->geom.xyz[2], 20);
}

// ---- properties ---------------------------------------------------------------------------------

static ct_err look_at_properties(void *context, const ct_feature *f) {
    int *n = context;
    if (strcmp(f->id, "1Space000000000000000A") == 0) {
        assert_int_equal(f->n_properties, 3);
        assert_string_equal(f->properties[0].set, "Qto_SpaceBaseQuantities");
        assert_string_equal(f->properties[0].name, "NetFloorArea");
        assert_true(f->properties[0].value.as.real == 24.5);
        assert_true(f->properties[1].value.as.real == 2.6); // millimetres in metres
        assert_string_equal(f->properties[2].set, "group");
        assert_string_equal(f->properties[2].value.as.text, "1Zone0000000000000000A");
        ++*n;
    }
    if (strcmp(f->id, "1Wall0000000000000000A") == 0) {
        assert_int_equal(f->n_properties, 3);
        assert_string_equal(f->properties[0].name, "LoadBearing");
        assert_true(f->properties[0].value.as.boolean);
        assert_string_equal(f->properties[1].name, "FireRating");
        assert_string_equal(f->properties[1].value.as.text, "REI 90");
        assert_string_equal(f->properties[2].name, "Compartmentation");
        ++*n;
    }
    return CT_OK;
}

static void property_sets(void **state) {
    (void)state;
    int n = 0;
    const ct_ingest_options o = options_for();
    const ct_sink sink = {look_at_properties, &n};
    ct_ingest_report_free(report);
    report = ct_ingest_report_new(catalogue);
    must(ct_ingest_file(DATA("house.ifc"), &o, &sink, report));
    assert_int_equal(n, 2);
}

// `n` times the text, parted by commas.
static const char *times(int n, const char *text) {
    ct_buf b;
    ct_buf_init(&b, 1 << 20);
    for (int i = 0; i < n; i++) ct_buf_printf(&b, "%s%s", i ? "," : "", text);
    must(ct_buf_status(&b));
    const char *all = ct_arena_strndup(arena, b.data, b.len);
    assert_non_null(all);
    ct_buf_fini(&b);
    return all;
}

// A property set of the object that holds what is on the lines, from #110 on.
static const char *set_of(const char *object, const char *held, const char *lines) {
    const char *all = ct_arena_printf(
        arena,
        "\n%s#100=IFCPROPERTYSET('2Rel000000000000000030',$,'Own',$,(%s));\n"
        "#101=IFCRELDEFINESBYPROPERTIES('2Rel000000000000000031',$,$,$,(%s),#100);\n",
        lines, held, object);
    assert_non_null(all);
    return all;
}

// Properties of the name, each of which holds the next one 20 times.
static const char *crowded(const char *name) {
    const char *lines = "#114=IFCPROPERTYSINGLEVALUE('x',$,IFCREAL(1.),$);\n";
    for (int i = 3; i >= 0; i--)
        lines = ct_arena_printf(arena, "%s#%d=IFCCOMPLEXPROPERTY('%s',$,'u',(%s));\n", lines,
                                110 + i, name, times(20, ct_arena_printf(arena, "#%d", 111 + i)));
    return lines;
}

static ct_err import_with(const char *lines) {
    const char *const end = "ENDSEC;\nEND-ISO";
    return import_changed(end, ct_arena_printf(arena, "%s%s", lines, end));
}

static void properties_within_themselves(void **state) {
    (void)state;
    const char *const end = "ENDSEC;\nEND-ISO";
    const char *const x = "#113=IFCPROPERTYSINGLEVALUE('x',$,IFCREAL(1.),$);\n";
    // One that holds itself, and two that hold each other: told, and what they hold beside it is
    // read.
    must(import_with(
        set_of("#40", "#110",
               ct_arena_printf(arena, "%s#110=IFCCOMPLEXPROPERTY('a',$,'u',(#110,#113));\n", x))));
    found("ifc-properties", CT_SEVERITY_WARNING, "IFCCOMPLEXPROPERTY #110", "a part of itself");
    must(import_with(set_of("#40", "#110",
                            ct_arena_printf(arena,
                                            "%s#110=IFCCOMPLEXPROPERTY('a',$,'u',(#111));\n"
                                            "#111=IFCCOMPLEXPROPERTY('b',$,'u',(#110,#113));\n",
                                            x))));
    found("ifc-properties", CT_SEVERITY_WARNING, "IFCCOMPLEXPROPERTY #110", "a part of itself");
    // Sets: within itself, within another.
    must(import_with(set_of("#40", "#100,#113", x)));
    found("ifc-properties", CT_SEVERITY_WARNING, "IFCPROPERTYSET #100", "a part of itself");
    // Too deep, and too many.
    char lines[2048] = "";
    for (int i = 0; i < 6; i++)
        snprintf(lines + strlen(lines), sizeof lines - strlen(lines),
                 "#%d=IFCCOMPLEXPROPERTY('a',$,'u',(#%d));\n", 120 + i, i < 5 ? 121 + i : 113);
    must(import_with(set_of("#40", "#120", ct_arena_printf(arena, "%s%s", x, lines))));
    found("ifc-properties", CT_SEVERITY_WARNING, "IFCPROPERTYSET #100", "within each other");
    must(import_with(set_of("#40", "#110", crowded("a"))));
    found("ifc-properties", CT_SEVERITY_WARNING, "IFCSPACE #40", "16000 named in its sets");
    near(number("1Space000000000000000A", "area_m2"), 24.5); // of the set before
    // The project's are read for its place alone, and have a bound there.
    char name[60001];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = 0;
    failed_with(import_mapless(
                    end, ct_arena_printf(arena, "%s%s", set_of("#11", "#110", crowded(name)), end)),
                CT_NOMEM, "268435456");
}

static ct_err look_at_own(void *context, const ct_feature *f) {
    const char *expected = context;
    ct_buf b;
    if (strcmp(f->id, "1Space000000000000000A") != 0) return CT_OK;
    ct_buf_init(&b, 4096);
    for (size_t i = 0; i < f->n_properties; i++) {
        const ct_property *p = &f->properties[i];
        if (strcmp(p->set, "Own") != 0) continue;
        if (p->value.kind == CT_VALUE_TEXT)
            ct_buf_printf(&b, "%s=%s;", p->name, p->value.as.text);
        else
            ct_buf_printf(&b, "%s=%g;", p->name, p->value.as.real);
    }
    must(ct_buf_status(&b));
    assert_int_equal(b.len, strlen(expected));
    assert_memory_equal(b.data, expected, b.len);
    ct_buf_fini(&b);
    return CT_OK;
}

// Tables are texts; what complex properties and quantities hold has their names before its own.
static void properties_within_others(void **state) {
    (void)state;
    char text[] = "a.x=1;a.b.x=1;t=1: 10, 2: 20;";
    const ct_ingest_options o = options_for();
    const ct_sink sink = {look_at_own, text};
    const char *const end = "ENDSEC;\nEND-ISO";
    const char *lines = set_of(
        "#40", "#110,#112",
        "#110=IFCCOMPLEXPROPERTY('a',$,'u',(#113,#111));\n"
        "#111=IFCPHYSICALCOMPLEXQUANTITY('b',$,(#113),'d',$,$);\n"
        "#112=IFCPROPERTYTABLEVALUE('t',$,(IFCREAL(1.),IFCREAL(2.)),(IFCREAL(10.),IFCREAL(20.)),$,"
        "$,$,$);\n#113=IFCPROPERTYSINGLEVALUE('x',$,IFCREAL(1.),$);\n");
    const char *path = changed("own.ifc", end, ct_arena_printf(arena, "%s%s", lines, end));
    ct_ingest_report_free(report);
    report = ct_ingest_report_new(catalogue);
    must(ct_ingest_file(path, &o, &sink, report));
}

// ---- places -------------------------------------------------------------------------------------

static void an_anchor(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    o.anchor.given = true;
    o.anchor.east_m = 510000;
    o.anchor.north_m = 3310000;
    o.anchor.height_m = 5;
    o.anchor.rotation_rad = 1.57079632679489662;
    must(import(DATA("house.ifc"), &o));
    const ct_geom *g = &by_id("1Sensor00000000000000A")->geom;
    near(g->xyz[0], 510000 - 0.2);
    near(g->xyz[1], 3310001);
    near(g->xyz[2], 5);
    near(number("1Storey00000000000000B", "elevation_m"), 8);
}

static void scale_of_map_conversions(void **state) {
    (void)state;
    static const char *const scales[] = {"0.,1.,$);", "0.,1.,1.);", "0.,1.,1000.);"};
    for (size_t i = 0; i < 3; i++) {
        must(import_changed("0.,1.,0.001);", scales[i]));
        found("ifc-georef", CT_SEVERITY_WARNING, "IFCMAPCONVERSION #14", "lengths are kept");
        near(by_id("1Sensor00000000000000A")->geom.xyz[1], 3300001);
    }
    must(import_changed("0.,1.,0.001);", "0.,1.,0.0009996);"));
    near(by_id("1Sensor00000000000000A")->geom.xyz[1], 3300000 + 0.9996);
    // Without a unit of the map its numbers are in the project's, millimetres.
    must(import_changed("$,$,$,#13);", "$,$,$,$);"));
    found("ifc-georef", CT_SEVERITY_WARNING, "IFCMAPCONVERSION #14", "outside the area");
}

static void other_systems(void **state) {
    (void)state;
    // The neighbouring zone of the same datum: 3 degrees to the west of its central meridian.
    must(import_changed("'EPSG:4547'", "'EPSG:4546'"));
    const ct_geom *g = &by_id("1Sensor00000000000000A")->geom;
    assert_true(g->xyz[0] < 215000 && g->xyz[0] > 205000);
    failed_with(import_changed("'EPSG:4547'", "'Somewhere'"), CT_PARSE, "give it with --crs");
    ct_ingest_options o = options_for();
    o.source_crs = TWIN;
    must(import(in_folder("changed.ifc"), &o));
    near(by_id("1Sensor00000000000000A")->geom.xyz[1], 3300001);
}

static void latitude_and_longitude(void **state) {
    (void)state;
    // 30 N, 114 E on the central meridian: 500 km east, grid north is north.
    must(import_changed(k_map, ""));
    found("ifc-georef", CT_SEVERITY_INFO, "changed.ifc", "latitude");
    const ct_geom *g = &by_id("1Sensor00000000000000A")->geom;
    assert_true(fabs(g->xyz[0] - 500001) < 1e-3);
    assert_true(fabs(g->xyz[1] - 3320113.4 - 0.2) < 0.5);
    failed_with(import_changed("#14=IFCMAPCONVERSION(#10,#12,500000.,3300000.,20.,0.,1.,0.001);\n"
                               "#20=IFCLOCALPLACEMENT($,#9);\n"
                               "#21=IFCSITE('0Site0000000000000000_',$,'Plot 7',$,$,#20,$,'The "
                               "plot',.ELEMENT.,(30,0,0)",
                               "#20=IFCLOCALPLACEMENT($,#9);\n"
                               "#21=IFCSITE('0Site0000000000000000_',$,'Plot 7',$,$,#20,$,'The "
                               "plot',.ELEMENT.,$"),
                CT_PARSE, "does not tell where on the earth");
}

static void degrees_are_no_map(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    o.source_crs = "EPSG:4326";
    must(import(DATA("house.ifc"), &o)); // it has a CRS of its own
    failed_with(import(changed("changed.ifc", "'EPSG:4547'", "'Somewhere'"), &o), CT_CRS,
                "changed.ifc: its coordinates are those of a map, but EPSG:4326 is in degrees");
    failed_with(import(changed_mapless("#8=IFCCARTESIANPOINT((0.,0.,0.));",
                                       "#8=IFCCARTESIANPOINT((500000000.,3300000000.,0.));"),
                       &o),
                CT_CRS, "EPSG:4326 is in degrees");
}

static void placed_by_nothing(void) {
    const ct_diagnostics *all = ct_ingest_diagnostics(report);
    for (size_t i = 0; i < ct_diagnostics_kept(all); i++)
        assert_false(strstr(ct_diagnostics_at(all, i)->text, "placed by"));
    assert_int_equal(count_of(CT_SEVERITY_ERROR), 1);
}

static void places_that_cannot_be_used(void **state) {
    (void)state;
    failed_with(import_changed("'EPSG:4547'", "'Somewhere'"), CT_PARSE, "give it with --crs");
    placed_by_nothing();
    failed_with(import_mapless("(30,0,0),(114,0,0)", "(10,0,0),(20,0,0)"), CT_PARSE,
                "lie outside the area of the twin's CRS");
    placed_by_nothing();
}

// The world coordinate system of the house's context, its origin in millimetres.
static ct_err import_with_world(const char *origin) {
    return import_mapless(
        "#10=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-3,#9,$);",
        ct_arena_printf(arena,
                        "#120=IFCCARTESIANPOINT((%s));\n#121=IFCAXIS2PLACEMENT3D(#120,$,$);\n"
                        "#10=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-3,#121,$);",
                        origin));
}

static void world_coordinate_systems(void **state) {
    (void)state;
    const double *at;
    must(import_with_world("0.,0.,0."));
    at = by_id("1Sensor00000000000000A")->geom.xyz;
    const double east = at[0], north = at[1], height = at[2];
    // The site lies at its latitude and longitude wherever the world begins.
    must(import_with_world("100000.,0.,7000."));
    found("ifc-georef", CT_SEVERITY_INFO, "changed.ifc", "latitude");
    at = by_id("1Sensor00000000000000A")->geom.xyz;
    near(at[0], east);
    near(at[1], north);
    near(at[2], height);
    must(import_with_world("500000000.,3300000000.,7000."));
    found("ifc-georef", CT_SEVERITY_INFO, "changed.ifc", "coordinates of a map");
    at = by_id("1Sensor00000000000000A")->geom.xyz;
    near(at[0], 500001);
    near(at[1], 3300000.2);
    near(at[2], 7);
}

static void units_of_many_units(void **state) {
    (void)state;
    // Metres to the power of 16, and to that of 4,096 in three steps.
    const char *const units = ct_arena_printf(
        arena,
        "#100=IFCDERIVEDUNITELEMENT(#13,1);\n#101=IFCDERIVEDUNIT((%s),.USERDEFINED.,'a');\n"
        "#102=IFCDERIVEDUNITELEMENT(#101,1);\n#103=IFCDERIVEDUNIT((%s),.USERDEFINED.,'b');\n"
        "#104=IFCDERIVEDUNITELEMENT(#103,1);\n#105=IFCDERIVEDUNIT((%s),.USERDEFINED.,'c');\n",
        times(16, "#100"), times(16, "#102"), times(16, "#104"));
    const char *const assignment = "#7=IFCUNITASSIGNMENT((#1,#2,#6));";
    must(import_changed(assignment,
                        ct_arena_printf(arena, "%s#7=IFCUNITASSIGNMENT((#1,#2,#6,#101));", units)));
    assert_null(finding("ifc-unit"));
    must(import_changed(assignment,
                        ct_arena_printf(arena, "%s#7=IFCUNITASSIGNMENT((#1,#2,#6,#105));", units)));
    found("ifc-unit", CT_SEVERITY_WARNING, "IFCDERIVEDUNIT #105", "no way to SI");
}

static void circles(void **state) {
    (void)state;
    failed_with(
        import_changed("#26=IFCLOCALPLACEMENT(#20,#25);", "#26=IFCLOCALPLACEMENT(#26,#25);"),
        CT_PARSE, "relative to itself");
    // A storey that is a part of itself, or contained in itself; a site under a storey of its own.
    failed_with(import_changed("#23,(#30,#31,#32));", "#30,(#30,#31,#32));"), CT_PARSE,
                "it is a part of itself");
    found("ifc-structure", CT_SEVERITY_ERROR, "IFCBUILDINGSTOREY #30", "a part of itself");
    failed_with(import_changed("#11,(#21));", "#30,(#21));"), CT_PARSE, "it is a part of itself");
    // A file that breaks off, and lists without end.
    failed_with(import_changed("#33=IFCRELAGGREGATES('2Rel", "/*"), CT_PARSE, "not whole");
    // Units and materials made of themselves.
    must(import_changed("IFCPLANEANGLEMEASURE(0.0174532925199433),#3)",
                        "IFCPLANEANGLEMEASURE(0.0174532925199433),#6)"));
    found("ifc-unit", CT_SEVERITY_WARNING, "IFCCONVERSIONBASEDUNIT #6", "no way to SI");
    must(import_changed("IFCMATERIALLAYER(#51,", "IFCMATERIALLAYER(#52,"));
}

// ---- findings -----------------------------------------------------------------------------------

static void bad_attributes(void **state) {
    (void)state;
    failed_with(import_changed("2010.,885.", "2010.,-885."), CT_PARSE,
                "changed.ifc:71: IFCDOOR #72: OverallWidth is negative");
    must(import_changed("2010.,885.", "2010.,885000000."));
    found("attribute", CT_SEVERITY_WARNING, "IFCDOOR #72", "width_m: 885000 is out of range");
    must(import_changed(",$,'tag',.STANDARD.);", ",$,'tag');"));
    found("attribute-count", CT_SEVERITY_WARNING, "IFCWALL #50", "8 attributes, not 9");
    must(import_changed("=IFCSENSOR(", "=IFCGADGET("));
    found("unknown-entity", CT_SEVERITY_WARNING, "IFCGADGET #95", "IFC4 has no such entity");
    must(import_changed("#7=IFCUNITASSIGNMENT((#1,#2,#6));", ""));
    found("ifc-unit", CT_SEVERITY_WARNING, "changed.ifc", "LENGTHUNIT");
}

static void ids(void **state) {
    (void)state;
    must(import_changed("'1Sensor00000000000000A'", "'1Sensor$0000000000000A'"));
    assert_string_equal(by_id("1Sensor~240000000000000A")->source_id, "1Sensor$0000000000000A");
    must(import_changed("'1Sensor00000000000000A'", "'1Door0000000000000000A'"));
    found("global-id", CT_SEVERITY_WARNING, "IFCSENSOR #95", "#72 has the GlobalId");
    assert_string_equal(text("1Door0000000000000000A.95", "kind"), "smoke_detector");
    assert_string_equal(text("1Door0000000000000000A", "kind"), "door");
    must(import_changed("'1Sensor00000000000000A'", "'short'"));
    found("global-id", CT_SEVERITY_WARNING, "IFCSENSOR #95", "no GlobalId");
    (void)by_id("short.95");
    must(import_changed("'1Sensor00000000000000A'", "$"));
    (void)by_id("ifc.95");
}

static void what_is_made_up(void **state) {
    (void)state;
    must(import_changed("#42=IFCRELAGGREGATES('2Rel000000000000000004',$,$,$,#30,(#40,#41));", ""));
    found("made-up", CT_SEVERITY_WARNING, "changed.ifc", "no storey");
    assert_string_equal(text("1Space000000000000000A", "storey"),
                        "0Project000000000000~241.storey");
    must(import_changed("#23=IFCBUILDING(", "#23=IFCBUILDINGXX("));
    found("made-up", CT_SEVERITY_WARNING, "changed.ifc", "no building");
    assert_string_equal(text("1Storey00000000000000A", "building"),
                        "0Project000000000000~241.building");
}

static void schemas(void **state) {
    (void)state;
    must(import_changed("('IFC4')", "('IFC4X3_RC2')"));
    found("ifc-schema", CT_SEVERITY_WARNING, "changed.ifc", "IFC4X3_RC2");
    ct_ingest_options o = options_for();
    o.strict = true;
    failed_with(import(in_folder("changed.ifc"), &o), CT_PARSE, "nearest official");
    failed_with(import_changed("('IFC4')", "('AUTOMOTIVE_DESIGN')"), CT_UNSUPPORTED, "no schema");
}

static void one_class_alone(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    o.class_name = "spaces";
    must(import(DATA("house.ifc"), &o));
    assert_int_equal(n_kept, 2);
}

static void by_content(void **state) {
    (void)state;
    const ct_ingest_options o = options_for();
    must(ct_file_copy(DATA("house.ifc"), in_folder("house.stp")));
    must(import(in_folder("house.stp"), &o));
    assert_int_equal(ct_ingest_total(report), 15);
    must(ct_file_write(in_folder("no.ifc"), "PK", 2));
    failed_with(import(in_folder("no.ifc"), &o), CT_PARSE, "no STEP file");
}

static void minutes(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int minutes;
    } expected[] = {{"REI 120", 120}, {"EI2 60-C", 60}, {"F90", 90},     {"1.5 hr", 90},
                    {"2 HOUR", 120},  {"30", 30},       {"B2", -1},      {"Fire Rating", -1},
                    {"", -1},         {"99999", -1},    {"EI 30/60", 60}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_int_equal(ct_ifc__minutes_of(expected[i].text), expected[i].minutes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(structure),
        cmocka_unit_test(storeys_and_spaces),
        cmocka_unit_test(doors_and_openings),
        cmocka_unit_test(elements_and_devices),
        cmocka_unit_test(property_sets),
        cmocka_unit_test(properties_within_themselves),
        cmocka_unit_test(an_anchor),
        cmocka_unit_test(scale_of_map_conversions),
        cmocka_unit_test(other_systems),
        cmocka_unit_test(latitude_and_longitude),
        cmocka_unit_test(degrees_are_no_map),
        cmocka_unit_test(places_that_cannot_be_used),
        cmocka_unit_test(world_coordinate_systems),
        cmocka_unit_test(units_of_many_units),
        cmocka_unit_test(properties_within_others),
        cmocka_unit_test(circles),
        cmocka_unit_test(bad_attributes),
        cmocka_unit_test(ids),
        cmocka_unit_test(what_is_made_up),
        cmocka_unit_test(schemas),
        cmocka_unit_test(one_class_alone),
        cmocka_unit_test(by_content),
        cmocka_unit_test(minutes),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
