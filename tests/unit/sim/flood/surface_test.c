// Floods in tiles: the fast loops are the plain statement to the bit, in both orders and
// precisions, on every instruction set, over any number of threads and after a restart; still water
// is still, volume is kept, dry land takes no part.
#include "case.h"

#include "sim/flood/state.h"

static double rain_s[] = {0, 60}, rain_ms[] = {1e-4, 0};
static double level_s[] = {0, 100}, level_m[] = {2, 4};
static double flow_s[] = {0}, flow_m3s[] = {5};
static const ct_flood_edge edges[] = {
    {CT_FLOOD_LEFT, 0, 37, CT_FLOOD_OPEN, {0}},
    {CT_FLOOD_TOP, 60, 20, CT_FLOOD_INFLOW, {1, flow_s, flow_m3s}},
    {CT_FLOOD_BOTTOM, 2, 90, CT_FLOOD_LEVEL, {2, level_s, level_m}}};

// A dam break over a rough bed with buildings, walls, rain and edges; tiles of 64, 64 and 1 columns
// and of 64 and 6 rows.
static flood_case busy_case(flood_variant v) {
    flood_case c = case_new(129, 70, 1);
    case_rough_lake(&c, 3);
    for (size_t i = 0; i < c.cells; i++) {
        size_t column = i % 129;
        if (column > 100) c.bed[i] = 0.02 * (double)(column % 29); // a smooth slope, without walls
        if (column > 90) c.depth[i] = 0;
    }
    for (size_t i = 0; i < c.cells + 70; i++) {
        if (i % 130 > 100) c.crest_x[i] = (double)NAN;
    }
    for (size_t i = 0; i < c.cells + 129; i++) {
        if (i % 129 > 100) c.crest_y[i] = (double)NAN;
    }
    c.params.edges = edges;
    c.params.edge_count = 3;
    c.params.rain = (ct_flood_series){2, rain_s, rain_ms};
    c.params.manning_uniform = 0.03;
    case_choose(&c, v);
    return c;
}

static void hash_of(const flood_case *c, uint64_t out[2]) {
    ct_flood_hash(c->flood, out);
}

// Deep water that runs out over dry land, on a smooth bed, with nothing from outside: blocks that
// are all wet and rows that are all dry.
static flood_case calm_case(flood_variant v) {
    flood_case c = case_new(129, 70, 1);
    for (size_t i = 0; i < c.cells; i++) {
        double x = (double)(i % 129), y = (double)(i / 129);
        c.bed[i] = 0.2 * sin(x / 7) * sin(y / 9);
        c.depth[i] = y < 30 && x < 100 ? 2 + (x < 40) : 0;
    }
    c.params.manning_uniform = 0.03;
    case_choose(&c, v);
    return c;
}

static void compare_builds(flood_case (*make)(flood_variant v), flood_variant v) {
    uint64_t plain[2], fast[2];
    for (int build = 0; build <= 3; build++) {
        flood_case c = make(v);
        case_open(&c);
        if (ct_surface_use_build(c.flood->surface, build)) {
            case_advance(&c, 1.5);
            hash_of(&c, build == 0 ? plain : fast);
            if (build > 0) assert_memory_equal(plain, fast, sizeof plain);
        }
        case_free(&c);
    }
}

static void fast_is_plain_to_the_bit(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        compare_builds(busy_case, variants[i]);
        compare_builds(calm_case, variants[i]);
    }
}

static void any_number_of_threads(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        uint64_t first[2], other[2];
        for (int threads = 1; threads <= 3; threads++) {
            flood_case c = busy_case(variants[i]);
            c.params.threads = threads;
            case_open(&c);
            case_advance(&c, 3);
            hash_of(&c, threads == 1 ? first : other);
            if (threads > 1) assert_memory_equal(first, other, sizeof first);
            case_free(&c);
        }
    }
}

static void restart_continues_to_the_bit(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case a = busy_case(variants[i]), b = busy_case(variants[i]);
        case_open(&a);
        case_open(&b);
        for (size_t row = 0; row < 70; row++) { // between two tiles
            assert_int_equal(ct_flood_set(a.flood, "crest_x", row * 130 + 64, 3.5), CT_OK);
        }
        assert_int_equal(ct_flood_set(a.flood, "edge", 2, 3.5), CT_OK);
        case_advance(&a, 5);
        size_t bytes = ct_flood_save_bytes(a.flood);
        char *saved = ct_alloc(bytes);
        assert_int_equal(ct_flood_save(a.flood, saved, bytes), CT_OK);
        case_advance(&a, 9);
        case_advance(&b, 2); // whatever it did before is forgotten
        assert_int_equal(ct_flood_load(b.flood, saved, bytes), CT_OK);
        case_advance(&b, 9);
        uint64_t hash_a[2], hash_b[2];
        hash_of(&a, hash_a);
        hash_of(&b, hash_b);
        assert_memory_equal(hash_a, hash_b, sizeof hash_a);
        ct_free(saved);
        case_free(&a);
        case_free(&b);
    }
}

static void still_water_stays_still(void **state) {
    (void)state;
    double zero[] = {0}, level[] = {3.25};
    ct_flood_edge open_and_level[] = {{CT_FLOOD_LEFT, 0, 70, CT_FLOOD_LEVEL, {1, zero, level}},
                                      {CT_FLOOD_RIGHT, 5, 20, CT_FLOOD_OPEN, {0}}};
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case c = busy_case(variants[i]);
        case_rough_lake(&c, 3.25);
        for (size_t k = 0; k < c.cells; k++) { // bed + depth is the level to the bit
            c.bed[k] = rint(c.bed[k] * 0x1p30) * 0x1p-30;
            c.depth[k] = c.blocked[k] ? 0 : fmax(0, 3.25 - c.bed[k]);
        }
        c.params.edges = open_and_level;
        c.params.edge_count = 2;
        c.params.rain = (ct_flood_series){0};
        case_open(&c);
        const double *depth = ct_flood_get(c.flood, CT_FLOOD_DEPTH);
        double *before = ct_calloc(c.cells, sizeof *before);
        memcpy(before, depth, c.cells * sizeof *before);
        case_advance(&c, 30);
        assert_true(case_top_speed(&c) == 0);
        depth = ct_flood_get(c.flood, CT_FLOOD_DEPTH);
        for (size_t k = 0; k < c.cells; k++) assert_true(depth[k] == before[k]);
        ct_free(before);
        case_free(&c);
    }
}

static void volume_is_kept_and_no_depth_is_negative(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case c = busy_case(variants[i]);
        case_open(&c);
        for (int t = 1; t <= 20; t++) {
            case_advance(&c, 1.5 * t);
            assert_true(case_lowest_depth(&c) >= 0);
        }
        bool single = variants[i].precision == CT_FLOOD_SINGLE;
        assert_true(case_volume_error(&c) < (single ? 1e-7 : 1e-13));
        case_free(&c);
    }
}

static void single_follows_double(void **state) {
    (void)state;
    flood_case pair[2];
    for (size_t p = 0; p < 2; p++) {
        pair[p] = case_new(100, 100, 1);
        for (size_t i = 0; i < pair[p].cells; i++) {
            double x = (double)(i % 100) - 49.5, y = (double)(i / 100) - 49.5;
            pair[p].bed[i] = 40 + 0.3 * sin(x / 7) * sin(y / 9);
            pair[p].depth[i] = hypot(x, y) < 20 ? 6 : 1;
        }
        pair[p].params.manning_uniform = 0.03;
        pair[p].params.scheme = CT_FLOOD_SECOND_ORDER;
        pair[p].params.precision = p == 0 ? CT_FLOOD_DOUBLE : CT_FLOOD_SINGLE;
        case_open(&pair[p]);
        case_advance(&pair[p], 5);
    }
    const double *full = ct_flood_get(pair[0].flood, CT_FLOOD_DEPTH);
    const double *half = ct_flood_get(pair[1].flood, CT_FLOOD_DEPTH);
    for (size_t i = 0; i < pair[0].cells; i++) assert_true(fabs(full[i] - half[i]) < 1e-4);
    case_free(&pair[0]);
    case_free(&pair[1]);
}

// Between a film on higher ground and one on its brim a pool's surface has no slope.
static void a_pool_spills_over_its_brim(void **state) {
    (void)state;
    const double ground[] = {0.5, 0, 0.3, 0.2, 0.1, 0};
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case c = case_new(6, 1, 1);
        memcpy(c.bed, ground, sizeof ground);
        c.depth[1] = 0.3;
        const ct_flood_edge out = {CT_FLOOD_RIGHT, 0, 1, CT_FLOOD_OPEN, {0}};
        c.params.edges = &out;
        c.params.edge_count = 1;
        double second[] = {0}, drizzle[] = {1e-3};
        c.params.rain = (ct_flood_series){1, second, drizzle};
        c.params.manning_uniform = 0.02;
        case_choose(&c, variants[i]);
        case_open(&c);
        case_advance(&c, 300);
        // What comes down on two cells passes the brim some millimetres deep.
        assert_true(ct_flood_get(c.flood, CT_FLOOD_DEPTH)[1] < 0.3 + 0.03);
        assert_true(case_top_speed(&c) < 1);
        case_free(&c);
    }
}

static void dry_land_takes_no_part(void **state) {
    (void)state;
    flood_case c = case_new(640, 64, 1);
    for (size_t i = 0; i < c.cells; i++) c.depth[i] = i % 640 < 5 ? 1 : 0;
    c.params.scheme = CT_FLOOD_SECOND_ORDER;
    case_open(&c);
    case_advance(&c, 1);
    assert_int_equal(ct_surface_active_tiles(c.flood->surface), 1);
    case_advance(&c, 60); // by now it has run on
    assert_true(ct_surface_active_tiles(c.flood->surface) > 2);
    assert_true(case_volume_error(&c) < 1e-13);
    case_free(&c);
}

static void what_does_not_exist_is_refused(void **state) {
    (void)state;
    flood_case c = case_new(5, 5, 1);
    c.params.precision = CT_FLOOD_PRECISIONS;
    assert_int_equal(ct_flood_open(&c.flood, &c.params), CT_RANGE);
    c.params.precision = CT_FLOOD_SINGLE;
    c.params.scheme = CT_FLOOD_SCHEMES;
    assert_int_equal(ct_flood_open(&c.flood, &c.params), CT_RANGE);
    case_free(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fast_is_plain_to_the_bit),
        cmocka_unit_test(any_number_of_threads),
        cmocka_unit_test(restart_continues_to_the_bit),
        cmocka_unit_test(still_water_stays_still),
        cmocka_unit_test(volume_is_kept_and_no_depth_is_negative),
        cmocka_unit_test(single_follows_double),
        cmocka_unit_test(a_pool_spills_over_its_brim),
        cmocka_unit_test(dry_land_takes_no_part),
        cmocka_unit_test(what_does_not_exist_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
