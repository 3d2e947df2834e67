// Rain in zones: what falls where and when, that the books tell it, that zones of equal rain are
// one rain to the bit, that bits do not depend on threads or restarts, and what is refused.
#include "case.h"

typedef struct world {
    flood_case c;
    uint16_t *zone;
    ct_flood_series rains[3];
} world;

static double g_first_s[] = {0, 10, 20}, g_first_ms[] = {1e-3, 0, 2e-3};
static double g_second_s[] = {5, 15.3}, g_second_ms[] = {4e-3, 0};

static world world_new(uint32_t nx, uint32_t ny, flood_variant v) {
    world w = {.c = case_new(nx, ny, 2)};
    w.zone = ct_calloc(w.c.cells, sizeof *w.zone);
    assert_non_null(w.zone);
    w.rains[0] = (ct_flood_series){3, g_first_s, g_first_ms};
    w.rains[1] = (ct_flood_series){2, g_second_s, g_second_ms};
    case_choose(&w.c, v);
    return w;
}

static void world_open(world *w, size_t zones) {
    w->c.params.rain_zone = w->zone;
    w->c.params.zone_rain = w->rains;
    w->c.params.zone_count = zones;
    case_open(&w->c);
}

static void world_free(world *w) {
    case_free(&w->c);
    ct_free(w->zone);
}

// Three basins parted by walls, each with its own rain: 10 mm and from 20 s on 2 mm/s; 41.2 mm;
// none. A roof of the first drains into the second, one of the third away.
static void every_zone_has_its_rain(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        world w = world_new(90, 4, variants[i]);
        for (size_t k = 0; k < w.c.cells; k++) {
            w.zone[k] = (uint16_t)(k % 90 / 30);
            if (k % 90 % 30 == 0)
                for (size_t row = 0; row < 4; row++) w.c.crest_x[row * 91 + k % 90] = HUGE_VAL;
        }
        w.c.blocked[29] = w.c.blocked[75] = 1;
        w.c.roof[29] = 30;
        world_open(&w, 3);
        case_advance(&w.c, 25);
        const double *h = ct_flood_get(w.c.flood, CT_FLOOD_DEPTH);
        double m3[3] = {0};
        for (size_t k = 0; k < w.c.cells; k++) m3[k % 90 / 30] += 4 * h[k];
        ct_flood_ledger l;
        ct_flood_ledger_get(w.c.flood, &l);
        assert_near(m3[0], 0.020 * 4 * 119, 1e-5);
        assert_near(m3[1], 0.0412 * 4 * 121, 1e-5);
        assert_near(m3[2], 0, 0);
        assert_near(l.rain_m3, m3[0] + m3[1], 1e-5);
        assert_near(l.rain_lost_m3, 0, 0);
        assert_true(case_volume_error(&w.c) < case_volume_bound(&w.c));
        world_free(&w);
    }
}

static void lost_rain_is_booked_by_zone(void **state) {
    (void)state;
    world w = world_new(4, 1, variants[0]);
    w.zone[3] = 1;
    w.c.blocked[3] = 1; // drains away
    world_open(&w, 2);
    case_advance(&w.c, 25);
    ct_flood_ledger l;
    ct_flood_ledger_get(w.c.flood, &l);
    assert_near(l.rain_lost_m3, 0.0412 * 4, 1e-12);
    assert_near(l.rain_m3, 0.020 * 12, 1e-12);
    world_free(&w);
}

static world busy(flood_variant v, int threads, size_t zones) {
    world w = world_new(130, 70, v);
    case_rough_lake(&w.c, 1);
    for (size_t i = 0; i < w.c.cells; i++) w.zone[i] = (uint16_t)(i % 130 / 20 % zones);
    w.rains[2] = w.rains[0];
    w.c.params.manning_uniform = 0.03;
    w.c.params.threads = threads;
    return w;
}

// Zones of one rain give what that rain alone gives.
static void equal_zones_are_one_rain(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        world many = busy(variants[i], 1, 3), one = busy(variants[i], 1, 3);
        many.rains[1] = many.rains[0];
        world_open(&many, 3);
        one.c.params.rain = one.rains[0];
        case_open(&one.c);
        case_advance(&many.c, 4);
        case_advance(&one.c, 4);
        assert_memory_equal(ct_flood_get(many.c.flood, CT_FLOOD_DEPTH),
                            ct_flood_get(one.c.flood, CT_FLOOD_DEPTH),
                            one.c.cells * sizeof(double));
        world_free(&many);
        world_free(&one);
    }
}

static void same_bits_on_threads_and_after_restart(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        world a = busy(variants[i], 1, 2), b = busy(variants[i], 3, 2);
        world_open(&a, 2);
        world_open(&b, 2);
        case_advance(&a.c, 5.01);
        case_restarts(&a.c, &b.c, 10.2);
        assert_true(case_volume_error(&b.c) < case_volume_bound(&b.c));
        world_free(&a);
        world_free(&b);
    }
}

static void what_is_no_zone_is_named(void **state) {
    (void)state;
    static double bad_ms[] = {4e-3, -1};
    world w = world_new(4, 4, variants[0]);
    w.c.params.zone_rain = w.rains;
    w.c.params.zone_count = 2;
    case_refused(&w.c.params, CT_ARG, "zone_rain: 2 zones, but no array");
    w.c.params.rain_zone = w.zone;
    w.zone[6] = 2;
    case_refused(&w.c.params, CT_RANGE, "rain_zone: row 1, column 2: 2 of 2 zones");
    w.zone[6] = 1;
    w.rains[1].value = bad_ms;
    case_refused(&w.c.params, CT_RANGE, "zone_rain[1]: flood: rain: entry 1: -1");
    w.rains[1].value = g_second_ms;
    w.c.params.rain = w.rains[0];
    case_refused(&w.c.params, CT_ARG, "rain: beside that of zones");
    w.c.params.rain = (ct_flood_series){0};
    case_open(&w.c);
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_zone_has_its_rain),
        cmocka_unit_test(lost_rain_is_booked_by_zone),
        cmocka_unit_test(equal_zones_are_one_rain),
        cmocka_unit_test(same_bits_on_threads_and_after_restart),
        cmocka_unit_test(what_is_no_zone_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
