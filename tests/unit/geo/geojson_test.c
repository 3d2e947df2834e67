// GeoJSON geometries: round trips, axis order and decimals on writing, strictness and error places
// on reading.
#include "geo_fixture.h"

static ct_err read(ct_geom *out, ct_arena *arena, const char *text) {
    json_t *object = json_of(text);
    const ct_err err = ct_geom_from_geojson(out, arena, object, 100);
    json_decref(object);
    return err;
}

static void assert_writes(const ct_geom *g, int decimals, bool swap_xy, const char *expected) {
    ct_buf text;
    ct_buf_init(&text, 1U << 16);
    ct_jsonw w;
    ct_jsonw_init(&w, &text);
    ct_geom_write_geojson(&w, g, decimals, swap_xy);
    assert_ok(ct_buf_status(&text));
    assert_string_equal(text.data, expected);
    ct_buf_fini(&text);
}

static void all_types_are_written(void **state) {
    static const char *const list[][2] = {
        {"Point", "[1,2]"},
        {"Point", "[1,2,3]"},
        {"LineString", "[[1,2],[3,4]]"},
        {"Polygon", "[[[0,0],[4,0],[4,4],[0,0]],[[1,1],[2,2],[2,1],[1,1]]]"},
        {"MultiPoint", "[[1,2],[3,4]]"},
        {"MultiLineString", "[[[1,2],[3,4]],[[5,6],[7,8]]]"},
        {"MultiPolygon", "[[[[0,0],[4,0],[4,4],[0,0]]],[[[9,9],[9,8],[8,8],[9,9]]]]"},
        {"Point", "[]"},
        {"Polygon", "[]"},
        {"MultiPolygon", "[]"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        const ct_geom g = geom_of(*state, list[i][0], list[i][1]);
        char expected[256];
        (void)snprintf(expected, sizeof expected, "{\"type\":\"%s\",\"coordinates\":%s}",
                       list[i][0], list[i][1]);
        assert_writes(&g, 7, false, expected);
    }
}

static void decimals_and_axis_order(void **state) {
    const ct_geom g = geom_of(*state, "Point", "[114.123456789,22.5,1.23456]");
    assert_writes(&g, 7, false, "{\"type\":\"Point\",\"coordinates\":[114.1234568,22.5,1.235]}");
    assert_writes(&g, 3, true, "{\"type\":\"Point\",\"coordinates\":[22.5,114.123,1.235]}");
    assert_writes(&(ct_geom){0}, 7, false, "null");
}

// Positions are written a batch at a time; a line longer than a batch, and one with numbers that
// need more care in a later batch, are as if written one by one.
static void long_lines(void **state) {
    enum { N = 200 };
    for (int strange = 0; strange < 2; strange++) {
        double *xyz = ct_arena_alloc(*state, 3 * N * sizeof *xyz);
        ct_buf expected;
        ct_buf_init(&expected, 1U << 16);
        ct_buf_puts(&expected, "{\"type\":\"LineString\",\"coordinates\":[");
        for (int i = 0; i < N; i++) {
            const bool odd = strange && i == 150;
            xyz[3 * i] = 0.5 * i;
            xyz[3 * i + 1] = odd ? 1e300 : -i;
            xyz[3 * i + 2] = odd ? (double)NAN : 7;
            ct_buf_printf(&expected, "%s[%d%s,%s", i ? "," : "", i / 2, i % 2 ? ".5" : "",
                          i ? odd ? "" : "-" : "");
            if (odd)
                ct_buf_puts(&expected, "1e+300,null]");
            else
                ct_buf_printf(&expected, "%d,7]", i);
        }
        ct_buf_puts(&expected, "]}");
        uint32_t end = N, parts = 1;
        const ct_geom g = {.type = CT_GEOM_LINESTRING,
                           .has_z = true,
                           .xyz = xyz,
                           .n_points = N,
                           .ring_end = &end,
                           .n_rings = 1,
                           .part_end = &parts,
                           .n_parts = 1};
        assert_writes(&g, 7, false, expected.data);
        ct_buf_fini(&expected);
    }
}

static double millimetres(dice *d) {
    return dice_int(d, -2000000000, 2000000000) / 1000.0;
}

static void round_trips_keep_every_bit(void **state) {
    dice d = {.seed = 20240612};
    print_message("seed %llu\n", (unsigned long long)d.seed);
    ct_buf text;
    ct_buf_init(&text, 1U << 20);
    for (int i = 0; i < 2000; i++) {
        ct_arena_reset(*state);
        const ct_geom g = random_geom(*state, &d, millimetres);
        ct_buf_reset(&text);
        ct_jsonw w;
        ct_jsonw_init(&w, &text);
        ct_geom_write_geojson(&w, &g, 3, false);
        assert_ok(ct_buf_status(&text));
        json_t *object = json_of(text.data);
        ct_geom back;
        assert_ok(ct_geom_from_geojson(&back, *state, object, 1000));
        assert_same_geom(&back, &g);
        json_decref(object);
    }
    ct_buf_fini(&text);
}

static void null_is_no_geometry(void **state) {
    ct_geom g = {.type = CT_GEOM_POINT};
    assert_ok(ct_geom_from_geojson(&g, *state, json_null(), 10));
    assert_int_equal(g.type, CT_GEOM_NONE);
}

static void foreign_members_do_no_harm(void **state) {
    ct_geom g;
    assert_ok(
        read(&g, *state, "{\"type\":\"Point\",\"coordinates\":[1,2],\"bbox\":[1,2,1,2],\"x\":{}}"));
    assert_int_equal(g.n_points, 1);
}

static void errors_name_the_place(void **state) {
    static const struct {
        const char *text, *message;
        ct_err err;
    } list[] = {
        {"[1,2]", "neither an object nor null", CT_PARSE},
        {"{\"coordinates\":[1,2]}", "\"type\" is missing", CT_PARSE},
        {"{\"type\":3,\"coordinates\":[1,2]}", "\"type\" is missing or no string", CT_PARSE},
        {"{\"type\":\"point\",\"coordinates\":[1,2]}", "unknown type \"point\"", CT_PARSE},
        {"{\"type\":\"GeometryCollection\",\"geometries\":[]}", "collections", CT_UNSUPPORTED},
        {"{\"type\":\"Point\"}", "\"coordinates\" is missing", CT_PARSE},
        {"{\"type\":\"Point\",\"coordinates\":{}}", "coordinates: a position", CT_PARSE},
        {"{\"type\":\"Point\",\"coordinates\":[1]}", "coordinates: a position must have 2 or 3",
         CT_PARSE},
        {"{\"type\":\"Point\",\"coordinates\":[1,2,3,4]}", "2 or 3 numbers", CT_PARSE},
        {"{\"type\":\"Point\",\"coordinates\":[1,\"2\"]}", "must be a finite number", CT_PARSE},
        {"{\"type\":\"MultiPoint\",\"coordinates\":7}", "coordinates: must be an array", CT_PARSE},
        {"{\"type\":\"MultiPoint\",\"coordinates\":[[1,2],[null,2]]}",
         "coordinates[1]: ", CT_PARSE},
        {"{\"type\":\"LineString\",\"coordinates\":[[1,2]]}", "coordinates: a line needs 2",
         CT_GEOM},
        {"{\"type\":\"LineString\",\"coordinates\":[[1,2],[1,2,3]]}",
         "coordinates[1]: positions with", CT_PARSE},
        {"{\"type\":\"MultiLineString\",\"coordinates\":[[[1,2],[3,4]],[]]}",
         "coordinates[1]: a line needs 2", CT_GEOM},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[4,0],[4,4],[\"a\",0]]]}",
         "coordinates[0][3]: ", CT_PARSE},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[4,0],[4,4],[0,1]]]}",
         "coordinates[0]: the ring's last", CT_GEOM},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[0,0,1],[4,0,1],[4,4,1],[0,0,2]]]}",
         "coordinates[0]: the ring's last", CT_GEOM},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[4,0],[0,0]]]}",
         "coordinates[0]: a ring needs 4", CT_GEOM},
        {"{\"type\":\"Polygon\",\"coordinates\":[5]}", "coordinates[0]: a ring must be", CT_PARSE},
        {"{\"type\":\"MultiPolygon\",\"coordinates\":[[]]}", "coordinates[0]: a polygon needs",
         CT_GEOM},
        {"{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[4,0],[4,4],[0,0]]],[[[0,0],[4,true],"
         "[4,4],[0,0]]]]}",
         "coordinates[1][0][1]: ", CT_PARSE},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        ct_geom out = {.n_points = 99};
        const ct_err err = read(&out, *state, list[i].text);
        if (err != list[i].err) fail_msg("%s: %s", list[i].text, ct_err_name(err));
        assert_message(list[i].message);
        assert_int_equal(out.n_points, 99);
    }
}

static void limits_hold(void **state) {
    json_t *object = json_of("{\"type\":\"MultiPoint\",\"coordinates\":[[0,0],[1,1],[2,2]]}");
    ct_geom g;
    assert_ok(ct_geom_from_geojson(&g, *state, object, 3));
    assert_int_equal(ct_geom_from_geojson(&g, *state, object, 2), CT_LIMIT);
    assert_message("coordinates[2]: too many points");
    json_decref(object);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(all_types_are_written),
        CASE(decimals_and_axis_order),
        CASE(long_lines),
        CASE(round_trips_keep_every_bit),
        CASE(null_is_no_geometry),
        CASE(foreign_members_do_no_harm),
        CASE(errors_name_the_place),
        CASE(limits_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
