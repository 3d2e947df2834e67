// WKB: known bytes, both byte orders and flag conventions, round trips to the bit, hostile and
// truncated input.
#include "geo_fixture.h"

#include "base/mem.h"

enum { PLENTY = 100000 };

static ct_err read(ct_geom *out, ct_arena *arena, const void *bytes, size_t n) {
    return ct_geom_from_wkb(out, arena, bytes, n, PLENTY);
}

// Any finite double, its bits taken at random.
static double any_finite(dice *d) {
    for (;;) {
        const uint64_t bits = ct_rng_u64(d->seed, 2, d->step++, 0);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value)) return value;
    }
}

static void known_bytes_of_a_point(void **state) {
    static const uint8_t iso_z[] = {1, 0xe9, 3, 0, 0, 0,    0, 0, 0, 0, 0, 0xf0, 0x3f, 0,   0,
                                    0, 0,    0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0,    8,    0x40};
    const ct_geom point = geom_of(*state, "Point", "[1,2,3]");
    ct_buf wkb;
    ct_buf_init(&wkb, 1000);
    ct_geom_to_wkb(&wkb, &point);
    assert_ok(ct_buf_status(&wkb));
    assert_int_equal(wkb.len, sizeof iso_z);
    assert_memory_equal(wkb.data, iso_z, sizeof iso_z);
    ct_geom g;
    assert_ok(read(&g, *state, iso_z, sizeof iso_z));
    assert_same_geom(&g, &point);
    ct_buf_reset(&wkb);
    ct_geom_to_wkb(&wkb, &(ct_geom){0});
    assert_int_equal(wkb.len, 0);
    ct_buf_fini(&wkb);
}

static void ewkb_and_big_endian_are_understood(void **state) {
    static const uint8_t ewkb[] = {1, 1, 0,    0, 0xa0, 0xc3, 0x11, 0, 0, 0, 0,
                                   0, 0, 0,    0, 0xf0, 0x3f, 0,    0, 0, 0, 0,
                                   0, 0, 0x40, 0, 0,    0,    0,    0, 0, 8, 0x40};
    // A MULTIPOINT in big endian, whose second member is in little endian.
    static const uint8_t mixed[] = {
        0, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0x40, 0,   0, 0, 0,
        0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8,    0x40, 0, 0, 0, 0, 0, 0, 0x10, 0x40};
    ct_geom g;
    assert_ok(read(&g, *state, ewkb, sizeof ewkb));
    const ct_geom point = geom_of(*state, "Point", "[1,2,3]");
    assert_same_geom(&g, &point);
    assert_ok(read(&g, *state, mixed, sizeof mixed));
    const ct_geom points = geom_of(*state, "MultiPoint", "[[1,2],[3,4]]");
    assert_same_geom(&g, &points);
}

static void round_trips_keep_every_bit(void **state) {
    dice d = {.seed = 20240611};
    print_message("seed %llu\n", (unsigned long long)d.seed);
    ct_buf wkb, again;
    ct_buf_init(&wkb, 1U << 20);
    ct_buf_init(&again, 1U << 20);
    for (int i = 0; i < 2000; i++) {
        ct_arena_reset(*state);
        const ct_geom g = random_geom(*state, &d, any_finite);
        ct_buf_reset(&wkb);
        ct_geom_to_wkb(&wkb, &g);
        assert_ok(ct_buf_status(&wkb));
        ct_geom back;
        assert_ok(read(&back, *state, wkb.data, wkb.len));
        assert_same_geom(&back, &g);
        ct_buf_reset(&again);
        ct_geom_to_wkb(&again, &back);
        assert_int_equal(again.len, wkb.len);
        assert_memory_equal(again.data, wkb.data, wkb.len);
    }
    ct_buf_fini(&wkb);
    ct_buf_fini(&again);
}

static void empty_geometries_round_trip(void **state) {
    for (int t = CT_GEOM_POINT; t <= CT_GEOM_MULTIPOLYGON; t++) {
        const ct_geom g = {.type = (ct_geom_type)t, .has_z = t % 2 == 0};
        ct_buf wkb;
        ct_buf_init(&wkb, 1000);
        ct_geom_to_wkb(&wkb, &g);
        assert_ok(ct_buf_status(&wkb));
        ct_geom back;
        assert_ok(read(&back, *state, wkb.data, wkb.len));
        assert_same_geom(&back, &g);
        ct_buf_fini(&wkb);
    }
}

static void every_truncation_is_refused(void **state) {
    const char *parts =
        "[[[[0,0,1],[10,0,1],[10,10,1],[0,0,1]]],"
        "[[[20,0,1],[30,0,1],[30,10,1],[20,0,1]],[[22,1,1],[23,1,1],[23,2,1],[22,1,1]]]]";
    const ct_geom g = geom_of(*state, "MultiPolygon", parts);
    ct_buf wkb;
    ct_buf_init(&wkb, 10000);
    ct_geom_to_wkb(&wkb, &g);
    for (size_t n = 0; n < wkb.len; n++) {
        uint8_t *exact = ct_alloc(n); // so that a sanitizer sees a read past the end
        assert_non_null(exact);
        memcpy(exact, wkb.data, n);
        ct_geom out = {.type = CT_GEOM_POINT, .n_points = 99};
        assert_int_equal(read(&out, *state, exact, n), CT_PARSE);
        assert_message("WKB byte");
        assert_int_equal(out.n_points, 99);
        ct_free(exact);
    }
    ct_buf_putc(&wkb, 0);
    ct_geom out;
    assert_int_equal(read(&out, *state, wkb.data, wkb.len), CT_PARSE);
    assert_message("after the geometry");
    ct_buf_fini(&wkb);
}

// No count in the bytes may make us allocate what the bytes cannot hold.
static void counts_are_checked_before_memory(void **state) {
    (void)state;
    static const uint8_t types[] = {2, 3, 4, 5, 6};
    for (size_t i = 0; i < sizeof types; i++) {
        uint8_t bytes[64] = {1, types[i], 0, 0, 0, 0xff, 0xff, 0xff, 0xff};
        ct_arena *small = ct_arena_new(256, 4096);
        assert_non_null(small);
        ct_geom out;
        assert_int_equal(read(&out, small, bytes, sizeof bytes), CT_PARSE);
        assert_message("do not fit");
        ct_arena_free(small);
    }
}

static void limits_hold(void **state) {
    const ct_geom g = geom_of(*state, "LineString", "[[0,0],[1,1],[2,2]]");
    ct_buf wkb;
    ct_buf_init(&wkb, 1000);
    ct_geom_to_wkb(&wkb, &g);
    ct_geom out;
    assert_ok(ct_geom_from_wkb(&out, *state, wkb.data, wkb.len, 3));
    assert_int_equal(ct_geom_from_wkb(&out, *state, wkb.data, wkb.len, 2), CT_LIMIT);
    ct_buf_fini(&wkb);
}

typedef struct bad {
    const char *what;
    uint8_t bytes[160];
    size_t n;
    ct_err err;
    const char *message;
} bad;

#define F8  0, 0, 0, 0, 0, 0, 0, 0
#define INF 0, 0, 0, 0, 0, 0, 0xf0, 0x7f

static void bad_input_is_refused_with_a_reason(void **state) {
    static const bad list[] = {
        {"byte order", {2, 1, 0, 0, 0, F8, F8}, 21, CT_PARSE, "byte order 2"},
        {"type 0", {1, 0, 0, 0, 0, F8, F8}, 21, CT_PARSE, "unknown geometry type"},
        {"type 99", {1, 99, 0, 0, 0, F8, F8}, 21, CT_PARSE, "unknown geometry type"},
        {"collection", {1, 7, 0, 0, 0, 0, 0, 0, 0}, 9, CT_UNSUPPORTED, "collections"},
        {"curve", {1, 8, 0, 0, 0, 0, 0, 0, 0}, 9, CT_UNSUPPORTED, "curves"},
        {"iso m", {1, 0xd1, 7, 0, 0, F8, F8, F8}, 29, CT_UNSUPPORTED, "measured"},
        {"iso zm", {1, 0xb9, 0xb, 0, 0, F8, F8, F8, F8}, 37, CT_UNSUPPORTED, "measured"},
        {"ewkb m", {1, 1, 0, 0, 0x40, F8, F8, F8}, 29, CT_UNSUPPORTED, "measured"},
        {"infinite", {1, 1, 0, 0, 0, F8, INF}, 21, CT_PARSE, "byte 13: coordinate is not"},
        {"line of one", {1, 2, 0, 0, 0, 1, 0, 0, 0, F8, F8}, 25, CT_GEOM, "one point"},
        {"short ring", {1, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, F8, F8}, 29, CT_GEOM, "needs 4"},
        {"open ring",
         {1,  3,  0,  0,  0,  1,  0, 0, 0, 4, 0, 0, 0, F8,
          F8, F8, F8, F8, F8, F8, 0, 0, 0, 0, 0, 0, 1, 1},
         77,
         CT_GEOM,
         "not closed"},
        {"foreign member",
         {1, 6, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, F8, F8},
         30,
         CT_PARSE,
         "a Point inside a MultiPolygon"},
        {"member with height",
         {1, 4, 0, 0, 0, 1, 0, 0, 0, 1, 0xe9, 3, 0, 0, F8, F8, F8},
         38,
         CT_PARSE,
         "Point Z inside a MultiPoint"},
        {"nothing", {0}, 0, CT_PARSE, "cut short"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        ct_geom out = {.n_points = 99};
        const ct_err err = read(&out, *state, list[i].bytes, list[i].n);
        if (err != list[i].err) fail_msg("%s: %s", list[i].what, ct_err_name(err));
        assert_message(list[i].message);
        assert_int_equal(out.n_points, 99);
    }
}

// Flipping bits at random: whatever comes out must be sound or refused.
static void damaged_bytes_never_break_it(void **state) {
    dice d = {.seed = 77001};
    print_message("seed %llu\n", (unsigned long long)d.seed);
    ct_buf wkb;
    ct_buf_init(&wkb, 1U << 20);
    int taken = 0, refused = 0;
    for (int i = 0; i < 20000; i++) {
        ct_arena_reset(*state);
        const ct_geom g = random_geom(*state, &d, any_finite);
        ct_buf_reset(&wkb);
        ct_geom_to_wkb(&wkb, &g);
        for (int k = dice_int(&d, 1, 3); k > 0; k--) {
            const int header = dice_int(&d, 0, 1); // counts and types are the tender part
            const int at = dice_int(&d, 0, header ? 12 : (int)wkb.len - 1);
            wkb.data[at] = (char)(wkb.data[at] ^ (1 << dice_int(&d, 0, 7)));
        }
        ct_geom out;
        if (read(&out, *state, wkb.data, wkb.len) != CT_OK) {
            refused++;
            continue;
        }
        taken++;
        for (size_t k = 0; k < (size_t)out.n_points * (size_t)ct_geom_stride(&out); k++)
            assert_true(isfinite(out.xyz[k]));
        if (out.n_rings) assert_int_equal(out.ring_end[out.n_rings - 1], out.n_points);
        if (out.n_parts) assert_int_equal(out.part_end[out.n_parts - 1], out.n_rings);
    }
    assert_true(taken > 100);
    assert_true(refused > 100);
    ct_buf_fini(&wkb);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(known_bytes_of_a_point),
        CASE(ewkb_and_big_endian_are_understood),
        CASE(round_trips_keep_every_bit),
        CASE(empty_geometries_round_trip),
        CASE(every_truncation_is_refused),
        CASE(counts_are_checked_before_memory),
        CASE(limits_hold),
        CASE(bad_input_is_refused_with_a_reason),
        CASE(damaged_bytes_never_break_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
