// Local time steps: with deep water beside shallow, tiles go by steps of their own, and all the
// rest holds: still water, volume, positive depths, equal bits on all builds, threads and after a
// restart; a dam break over borders of steps is as near to the exact one as by one step.
#include "case.h"

#include "sim/flood/state.h"

enum { NX = 200, NY = 135 }; // four tiles by three, the last of 8 columns and 7 rows

static double rain_s[] = {0, 3, 20}, rain_ms[] = {1e-4, 5e-5, 0};
static double level_s[] = {0, 40}, level_m[] = {0.6, 1.4};
static double flow_s[] = {0, 20}, flow_m3s[] = {2, 9};
static double spring_s[] = {0, 30}, spring_m3s[] = {1, 4};
static const uint32_t spring_cells[] = {20 * NX + 150, 20 * NX + 151, 100 * NX + 63, 100 * NX + 64};
static const ct_flood_source spring = {spring_cells, 4, {2, spring_s, spring_m3s}};
static const ct_flood_edge edges[] = {
    {CT_FLOOD_RIGHT, 60, 70, CT_FLOOD_OPEN, {0}},
    {CT_FLOOD_TOP, 130, 20, CT_FLOOD_INFLOW, {2, flow_s, flow_m3s}},
    {CT_FLOOD_BOTTOM, 60, 20, CT_FLOOD_LEVEL, {2, level_s, level_m}}};

// Rough ground that falls to a trench of 12 m in the first tiles, from which steps shorter by
// powers of two are forced; walls and buildings on it.
static void rough_ground(flood_case *c) {
    for (size_t i = 0; i < c->cells; i++) {
        const double x = (double)(i % NX), y = (double)(i / NX);
        c->bed[i] = ct_rng_range(0, 0.2, 7, i, 0, 0) + 0.02 * fabs(y - 60) - (x < 50 ? 12 : 0) +
                    (x > 130 ? 0.02 * (x - 130) : 0);
        c->bed[i] = rint(c->bed[i] * 0x1p20) * 0x1p-20;
        c->blocked[i] = i % 97 == 5;
    }
    for (size_t j = 0; j < NY; j += 2) c->crest_x[j * (NX + 1) + 64] = 0.9; // on a border of tiles
    for (size_t i = 70; i < 100; i++) c->crest_y[(size_t)64 * NX + i] = 0.7;
}

static void lake(flood_case *c, double level_m_) {
    for (size_t i = 0; i < c->cells; i++) {
        c->depth[i] = c->blocked[i] ? 0 : fmax(0, level_m_ - c->bed[i]);
    }
}

static flood_case lake_case(flood_variant v) {
    flood_case c = case_new(NX, NY, 1);
    c.params.local_steps = true;
    c.params.manning_uniform = 0.03;
    rough_ground(&c);
    lake(&c, 1);
    case_choose(&c, v);
    return c;
}

// A wave leaves the trench over wet and dry ground, with all that may come from outside.
static flood_case busy_case(flood_variant v) {
    flood_case c = lake_case(v);
    for (size_t i = 0; i < c.cells; i++) {
        const size_t x = i % NX, y = i / NX;
        if (x < 30 && !c.blocked[i]) c.depth[i] += 3;
        if (x > 110 || (x > 55 && y > 80)) c.depth[i] = 0;
    }
    c.params.edges = edges;
    c.params.edge_count = 3;
    c.params.sources = &spring;
    c.params.source_count = 1;
    c.params.rain = (ct_flood_series){3, rain_s, rain_ms};
    return c;
}

// Tile steps beside what they were if every active tile took each of the shortest.
static double share_of_steps(const flood_case *c) {
    return (double)ct_surface_tile_steps(c->flood->surface) / (double)ct_flood_steps(c->flood);
}

static void still_water_stays_still(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case c = lake_case(variants[i]);
        case_open(&c);
        double *before = ct_calloc(c.cells, sizeof *before);
        assert_non_null(before);
        memcpy(before, ct_flood_get(c.flood, CT_FLOOD_DEPTH), c.cells * sizeof *before);
        case_advance(&c, 6);
        assert_true(case_top_speed(&c) == 0);
        assert_memory_equal(before, ct_flood_get(c.flood, CT_FLOOD_DEPTH),
                            c.cells * sizeof *before);
        assert_true(share_of_steps(&c) < 0.7 * 12); // of twelve tiles
        ct_free(before);
        case_free(&c);
    }
}

static void volume_is_kept_and_no_depth_is_negative(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case c = busy_case(variants[i]);
        case_open(&c);
        for (int t = 1; t <= 8; t++) {
            case_advance(&c, 2.5 * t);
            assert_true(case_lowest_depth(&c) >= 0);
        }
        const bool single = variants[i].precision == CT_FLOOD_SINGLE;
        assert_true(case_volume_error(&c) < (single ? 1e-7 : 1e-13));
        assert_true(share_of_steps(&c) < 0.8 * 12);
        ct_flood_ledger l;
        ct_flood_ledger_get(c.flood, &l);
        assert_true(l.in_m3[CT_FLOOD_TOP] > 0 && l.source_in_m3 > 0 && l.rain_m3 > 0);
        assert_near(l.in_m3[CT_FLOOD_TOP], 20 * 5.5, single ? 1e-4 : 1e-9);
        case_free(&c);
    }
}

static void fast_is_plain_to_the_bit(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        uint64_t plain[2];
        for (int build = 0; build <= 3; build++) {
            flood_case c = busy_case(variants[i]);
            case_open(&c);
            if (ct_surface_use_build(c.flood->surface, build)) {
                case_advance(&c, 0.4);
                if (build == 0) ct_flood_hash(c.flood, plain);
                case_assert_hash(&c, plain);
            }
            case_free(&c);
        }
    }
}

static void same_bits_on_threads_and_after_a_restart(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case a = busy_case(variants[i]), b = busy_case(variants[i]);
        b.params.threads = 3;
        case_open(&a);
        case_open(&b);
        case_advance(&a, 3.3);
        case_restarts(&a, &b, 6);
        case_free(&a);
        case_free(&b);
    }
}

static void other_steps_are_another_model(void **state) {
    (void)state;
    flood_case a = busy_case(variants[0]), b = busy_case(variants[0]);
    b.params.local_steps = false;
    case_open(&a);
    case_open(&b);
    const size_t bytes = ct_flood_save_bytes(a.flood);
    void *saved = ct_alloc(bytes);
    assert_non_null(saved);
    assert_int_equal(ct_flood_save(a.flood, saved, bytes), CT_OK);
    assert_int_equal(ct_flood_load(b.flood, saved, bytes), CT_ARG);
    ct_free(saved);
    case_free(&a);
    case_free(&b);
}

// A step alone is that of the fastest wave; a stretch has eight of them, or a power of two less.
static void a_stretch_is_of_steps(void **state) {
    (void)state;
    flood_case local = busy_case(variants[3]), all = busy_case(variants[3]);
    all.params.local_steps = false;
    case_open(&local);
    case_open(&all);
    const double longest_s = ct_flood_dt_max_s(local.flood);
    assert_true(longest_s == ct_flood_dt_max_s(all.flood));
    assert_int_equal(ct_flood_step(local.flood, 1.01 * longest_s), CT_RANGE);
    assert_int_equal(ct_flood_step(local.flood, longest_s), CT_OK);
    assert_true(ct_flood_time_s(local.flood) == longest_s && ct_flood_steps(local.flood) == 1);
    const uint64_t before = ct_surface_tile_steps(local.flood->surface);
    assert_int_equal(ct_flood_step(all.flood, longest_s), CT_OK);
    assert_int_equal(ct_surface_tile_steps(all.flood->surface), before);
    case_advance(&local, 5 * longest_s);
    assert_true(ct_flood_time_s(local.flood) == 5 * longest_s);
    assert_true(ct_flood_steps(local.flood) >= 5 && ct_flood_steps(local.flood) <= 12);
    case_free(&local);
    case_free(&all);
}

// ---- against exact solutions --------------------------------------------------------------------

// Depth of a dam break at x / t = speed, after Stoker (1957) and Ritter (1892); deep_m on the left,
// low_m on the right.
static double dam_break_m(double deep_m, double low_m, double speed) {
    const double g = CT_FLOOD_GRAVITY, c0 = sqrt(g * deep_m);
    double middle_m = 0, shock = 2 * c0; // without water: the tip
    if (low_m > 0) {
        double low = low_m, high = deep_m; // by bisection: both waves meet in one state
        for (int i = 0; i < 100; i++) {
            middle_m = 0.5 * (low + high);
            const double behind = 2 * (c0 - sqrt(g * middle_m)),
                         ahead = (middle_m - low_m) *
                                 sqrt(0.5 * g * (middle_m + low_m) / (middle_m * low_m));
            if (behind > ahead) low = middle_m;
            if (behind <= ahead) high = middle_m;
        }
        shock = middle_m * 2 * (c0 - sqrt(g * middle_m)) / (middle_m - low_m);
    }
    if (speed <= -c0) return deep_m;
    if (speed >= shock) return low_m;
    const double fan = (2 * c0 - speed) / 3;
    return fmax(middle_m, fan * fan / g);
}

// Mean error of the depth of a dam break across seven tiles after 12 s.
static double dam_break_error(flood_variant v, double low_m, bool local, double *share) {
    enum { ALONG = 448 };
    flood_case c = case_new(ALONG, 1, 1);
    for (size_t i = 0; i < ALONG; i++) c.depth[i] = i < 160 ? 4 : low_m;
    c.params.local_steps = local;
    case_choose(&c, v);
    case_open(&c);
    case_advance(&c, 12);
    const double *h = ct_flood_get(c.flood, CT_FLOOD_DEPTH);
    double error_m = 0;
    for (size_t i = 0; i < ALONG; i++) {
        error_m += fabs(h[i] - dam_break_m(4, low_m, ((double)i + 0.5 - 160) / 12)) / ALONG;
    }
    assert_true(case_volume_error(&c) < case_volume_bound(&c));
    assert_true(case_lowest_depth(&c) >= 0);
    *share = share_of_steps(&c) / 7;
    case_free(&c);
    return error_m;
}

static void dam_breaks_are_as_exact(void **state) {
    (void)state;
    const double low_m[] = {0, 0.2};
    for (size_t i = 0; i < 2 * VARIANTS; i++) {
        const flood_variant v = variants[i / 2];
        double all_share, share;
        const double all_m = dam_break_error(v, low_m[i % 2], false, &all_share);
        const double local_m = dam_break_error(v, low_m[i % 2], true, &share);
        print_message("variant %zu on %g m: mean error %.4f mm by one step, %.4f mm by local "
                      "ones, of which %.2f\n",
                      i / 2, low_m[i % 2], 1e3 * all_m, 1e3 * local_m, share / all_share);
        assert_true(local_m < 1.1 * all_m);
        assert_true(share < (low_m[i % 2] > 0 ? 0.8 : 1) * all_share); // dry land takes none
    }
}

// Over uneven ground with friction: beside what one step gives, and beside what the grid leaves.
static void waves_are_those_of_one_step(void **state) {
    (void)state;
    flood_case c[2];
    for (int k = 0; k < 2; k++) {
        c[k] = busy_case(variants[2]);
        c[k].params.local_steps = k == 1;
        case_open(&c[k]);
        case_advance(&c[k], 12);
    }
    double mean_m = 0;
    const double *a = ct_flood_get(c[0].flood, CT_FLOOD_MAX_DEPTH);
    const double *b = ct_flood_get(c[1].flood, CT_FLOOD_MAX_DEPTH);
    for (size_t i = 0; i < c[0].cells; i++) mean_m += fabs(a[i] - b[i]) / (double)c[0].cells;
    print_message("largest depths: %.4f mm apart on average\n", 1e3 * mean_m);
    assert_true(mean_m < 2e-3);
    case_free(&c[0]);
    case_free(&c[1]);
}

// What begins late comes late, on a model of which the last tile is one column wide; and the depth
// where it comes in is that of one step.
static void what_begins_late_comes_late(void **state) {
    (void)state;
    static double late_s[] = {300, 301}, late_m3s[] = {0, 200}, source_m3s[] = {0, 20};
    static const uint32_t far_cells[] = {5 * 65 + 60};
    static const ct_flood_source far = {far_cells, 1, {2, late_s, source_m3s}};
    static const ct_flood_edge edge = {
        CT_FLOOD_LEFT, 0, 10, CT_FLOOD_INFLOW, {2, late_s, late_m3s}};
    double deepest[2];
    for (int local = 0; local < 2; local++) {
        flood_case c = case_new(65, 10, 10);
        c.params.local_steps = local != 0;
        c.params.manning_uniform = 0.03;
        c.params.edges = &edge;
        c.params.edge_count = 1;
        c.params.sources = &far;
        c.params.source_count = 1;
        case_open(&c);
        case_advance(&c, 600);
        const double *arrival = ct_flood_get(c.flood, CT_FLOOD_ARRIVAL);
        double first_s = HUGE_VAL;
        for (size_t i = 0; i < c.cells; i++) first_s = fmin(first_s, arrival[i]);
        assert_true(first_s > 300 && first_s < 310);
        const double *most = ct_flood_get(c.flood, CT_FLOOD_MAX_DEPTH);
        deepest[local] = most[5 * 65];
        case_free(&c);
    }
    assert_near(deepest[1], deepest[0], 0.05 * deepest[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(still_water_stays_still),
        cmocka_unit_test(volume_is_kept_and_no_depth_is_negative),
        cmocka_unit_test(fast_is_plain_to_the_bit),
        cmocka_unit_test(same_bits_on_threads_and_after_a_restart),
        cmocka_unit_test(other_steps_are_another_model),
        cmocka_unit_test(a_stretch_is_of_steps),
        cmocka_unit_test(dam_breaks_are_as_exact),
        cmocka_unit_test(waves_are_those_of_one_step),
        cmocka_unit_test(what_begins_late_comes_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
