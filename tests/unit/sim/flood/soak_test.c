// Ground that takes up water: how much, that the ledger tells it, that bits do not depend on
// threads or restarts, and what is refused.
#include "case.h"

#define MM_H (1e-3 / 3600)

typedef struct world {
    flood_case c;
    uint8_t *soil;
    ct_flood_soil soils[3];
} world;

static world world_new(uint32_t nx, uint32_t ny, flood_variant v) {
    world w = {.c = case_new(nx, ny, 2)};
    w.soil = ct_calloc(w.c.cells, 1);
    assert_non_null(w.soil);
    case_choose(&w.c, v);
    return w;
}

static void world_open(world *w, size_t soils) {
    w->c.params.soil = w->soil;
    w->c.params.soils = w->soils;
    w->c.params.soil_count = soils;
    case_open(&w->c);
}

static void world_free(world *w) {
    case_free(&w->c);
    ct_free(w->soil);
}

// Half of a pond stands on sand: the level sinks as half the rate says.
static void a_pond_sinks(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        world w = world_new(70, 10, variants[i]);
        w.soils[0] = (ct_flood_soil){.kind = CT_FLOOD_SOIL_CONSTANT, .rate_ms = 360 * MM_H};
        for (size_t k = 0; k < w.c.cells; k++) {
            w.c.depth[k] = 0.5;
            w.soil[k] = k % 70 < 35;
        }
        world_open(&w, 1);
        case_advance(&w.c, 600);
        ct_flood_ledger l;
        ct_flood_ledger_get(w.c.flood, &l);
        // Up to the last whole second or step: 600 s less at most one second.
        const double all_m3 = 0.06 * 350 * 4;
        assert_true(l.infiltrated_m3 <= all_m3 + 1e-4 &&
                    l.infiltrated_m3 >= all_m3 * 599 / 600 - 1e-4);
        assert_true(case_volume_error(&w.c) < case_volume_bound(&w.c));
        const double *taken = ct_flood_get(w.c.flood, CT_FLOOD_INFILTRATED);
        assert_true(taken[69] == 0 && fabs(taken[0] - l.infiltrated_m3 / 1400) < 1e-7);
        world_free(&w);
    }
}

// Rain that the ground can take leaves it dry; what it cannot take stands.
static void rain_goes_in_first(void **state) {
    (void)state;
    double rain_s[] = {0, 1800}, rain_ms[] = {100 * MM_H, 0};
    for (size_t i = 0; i < VARIANTS; i++) {
        world w = world_new(6, 5, variants[i]);
        w.soils[0] = (ct_flood_soil){.kind = CT_FLOOD_SOIL_CONSTANT, .rate_ms = 120 * MM_H};
        w.soils[1] = (ct_flood_soil){
            .kind = CT_FLOOD_SOIL_CURVE_NUMBER, .curve_number = 80, .abstraction = 0.2};
        w.c.params.rain = (ct_flood_series){2, rain_s, rain_ms};
        w.c.params.manning_uniform = 0.03;
        memset(w.soil, 1, w.c.cells);
        world_open(&w, 2);
        case_advance(&w.c, 2000);
        ct_flood_ledger l;
        ct_flood_ledger_get(w.c.flood, &l);
        assert_true(l.state_m3 == 0 && fabs(l.infiltrated_m3 - 0.05 * 120) < 1e-6);
        memset(w.soil, 2, w.c.cells);
        case_reopen(&w.c);
        case_advance(&w.c, 2000);
        ct_flood_ledger_get(w.c.flood, &l);
        assert_near(l.state_m3, 120 * 0.0373 * 0.0373 / (0.0373 + 0.0635), 1e-5);
        assert_true(case_volume_error(&w.c) < case_volume_bound(&w.c));
        world_free(&w);
    }
}

static world busy(flood_variant v, int threads) {
    static double rain_s[] = {0, 20}, rain_ms[] = {2e-4, 1e-5};
    world w = world_new(130, 70, v);
    case_rough_lake(&w.c, 2);
    w.soils[0] = (ct_flood_soil){
        .kind = CT_FLOOD_SOIL_GREEN_AMPT, .rate_ms = 1e-5, .suction_m = 0.1, .deficit = 0.3};
    w.soils[1] = (ct_flood_soil){
        .kind = CT_FLOOD_SOIL_HORTON, .rate_ms = 1e-6, .initial_ms = 1e-3, .decay_s = 0.01};
    w.soils[2] = (ct_flood_soil){.kind = CT_FLOOD_SOIL_CURVE_NUMBER, .curve_number = 60};
    for (size_t i = 0; i < w.c.cells; i++) w.soil[i] = (uint8_t)(i * 2654435761u >> 16) % 4;
    w.c.params.rain = (ct_flood_series){2, rain_s, rain_ms};
    w.c.params.manning_uniform = 0.03;
    w.c.params.threads = threads;
    world_open(&w, 3);
    return w;
}

static void same_bits_on_threads_and_after_restart(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        world a = busy(variants[i], 1), b = busy(variants[i], 3);
        case_advance(&a.c, 3.3); // between two takings
        case_restarts(&a.c, &b.c, 8);
        assert_true(case_lowest_depth(&b.c) >= 0);
        assert_true(case_volume_error(&b.c) < case_volume_bound(&b.c));
        world_free(&a);
        world_free(&b);
    }
}

// What curve numbers take depends on when the rain began.
static void another_start_is_another_model(void **state) {
    (void)state;
    world a = world_new(4, 4, variants[0]), b = world_new(4, 4, variants[0]);
    world *both[] = {&a, &b};
    for (int i = 0; i < 2; i++) {
        both[i]->soils[0] = (ct_flood_soil){.kind = CT_FLOOD_SOIL_CURVE_NUMBER, .curve_number = 80};
        both[i]->c.params.start_s = 900.0 * i;
        world_open(both[i], 1);
    }
    const size_t bytes = ct_flood_save_bytes(a.c.flood);
    void *saved = ct_alloc(bytes);
    assert_non_null(saved);
    assert_int_equal(ct_flood_save(a.c.flood, saved, bytes), CT_OK);
    assert_int_equal(ct_flood_load(b.c.flood, saved, bytes), CT_ARG);
    ct_free(saved);
    world_free(&a);
    world_free(&b);
}

static void what_is_no_soil_is_named(void **state) {
    (void)state;
    world w = world_new(4, 4, variants[0]);
    w.c.params.soil = w.soil;
    w.c.params.soils = w.soils;
    w.c.params.soil_count = 2;
    w.soils[1] = (ct_flood_soil){.kind = CT_FLOOD_SOIL_HORTON, .rate_ms = 2e-5, .initial_ms = 1e-5};
    case_refused(&w.c.params, CT_RANGE,
                 "soils[1]: flood: initial_ms: 1e-05 is not within 2e-05 and 1");
    w.soils[1] = (ct_flood_soil){.kind = CT_FLOOD_SOIL_CURVE_NUMBER};
    case_refused(&w.c.params, CT_RANGE, "curve_number: 0 is not within 1 and 100");
    w.soils[1] = (ct_flood_soil){.kind = CT_FLOOD_SOIL_GREEN_AMPT, .deficit = 2};
    case_refused(&w.c.params, CT_RANGE, "deficit: 2");
    w.soils[1] = (ct_flood_soil){.rate_ms = (double)NAN};
    case_refused(&w.c.params, CT_RANGE, "rate_ms");
    w.soils[1] = (ct_flood_soil){.kind = CT_FLOOD_SOILS};
    case_refused(&w.c.params, CT_ARG, "unknown soil");
    w.soils[1] = (ct_flood_soil){.kind = CT_FLOOD_SOIL_CONSTANT};
    w.soil[6] = 3;
    case_refused(&w.c.params, CT_RANGE, "soil: row 1, column 2: 3 of 2 soils");
    w.c.blocked[6] = 1; // not read there
    w.c.params.soil = NULL;
    case_refused(&w.c.params, CT_ARG, "soils: 2, but no array");
    w.c.params.soil = w.soil;
    case_open(&w.c);
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pond_sinks),
        cmocka_unit_test(rain_goes_in_first),
        cmocka_unit_test(same_bits_on_threads_and_after_restart),
        cmocka_unit_test(another_start_is_another_model),
        cmocka_unit_test(what_is_no_soil_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
