// The state as bytes: its hash, saving and loading, what is refused.
#include "case.h"

#include "sim/flood/engine.h"
#include "sim/flood/state.h"

static double rain_s[] = {0, 60}, rain_ms[] = {1e-4, 0};
static double level_s[] = {0, 100}, level_m[] = {2, 4};
static const ct_flood_edge edges[] = {
    {CT_FLOOD_LEFT, 0, 37, CT_FLOOD_OPEN, {0}},
    {CT_FLOOD_BOTTOM, 2, 30, CT_FLOOD_LEVEL, {2, level_s, level_m}}};

static flood_case busy_case(void) {
    flood_case c = case_new(53, 37, 1);
    case_rough_lake(&c, 3);
    for (size_t i = 0; i < c.cells; i++) {
        if (i % 53 > 30) c.depth[i] = 0; // a dam break over the rough bed, with rain and edges
    }
    c.params.edges = edges;
    c.params.edge_count = 2;
    c.params.rain = (ct_flood_series){2, rain_s, rain_ms};
    c.params.manning_uniform = 0.03;
    return c;
}

static void hash_of(const flood_case *c, uint64_t out[2]) {
    ct_flood_hash(c->flood, out);
}

static void hash_sees_every_change(void **state) {
    (void)state;
    flood_case c = busy_case();
    case_open(&c);
    uint64_t before[2], after[2];
    hash_of(&c, before);
    double *u = case_inside(&c, 2, 1, 24), kept = *u;
    *u = 1e-300;
    hash_of(&c, after);
    assert_memory_not_equal(before, after, sizeof before);
    *u = kept;
    hash_of(&c, after);
    assert_memory_equal(before, after, sizeof before);
    assert_int_equal(ct_flood_set(c.flood, "crest_x", 60, 2.5), CT_OK);
    hash_of(&c, after);
    assert_memory_not_equal(before, after, sizeof before);
    case_free(&c);
}

static void restart_continues_to_the_bit(void **state) {
    (void)state;
    const ct_sim_engine *engine = ct_flood_engine();
    flood_case a = busy_case(), b = busy_case();
    b.params.threads = 2;
    case_open(&a);
    case_advance(&a, 20);
    assert_int_equal(ct_flood_set(a.flood, "edge", 1, 3.5), CT_OK);
    assert_int_equal(ct_flood_set(a.flood, "crest_x", 25 + 54 * 7, 3.9), CT_OK);
    size_t bytes = engine->save_bytes(a.flood);
    char *saved = ct_alloc(bytes);
    assert_int_equal(engine->save(a.flood, saved, bytes), CT_OK);
    case_advance(&a, 60);

    case_open(&b);
    case_advance(&b, 5); // whatever it did before is forgotten
    assert_int_equal(engine->load(b.flood, saved, bytes), CT_OK);
    assert_true(ct_flood_time_s(b.flood) == 20);
    case_advance(&b, 60);
    ct_hash128 hash_a = engine->hash(a.flood), hash_b = engine->hash(b.flood);
    assert_memory_equal(&hash_a, &hash_b, sizeof hash_a);
    ct_flood_ledger ledger_a, ledger_b;
    ct_flood_ledger_get(a.flood, &ledger_a);
    ct_flood_ledger_get(b.flood, &ledger_b);
    assert_memory_equal(&ledger_a, &ledger_b, sizeof ledger_a);
    ct_free(saved);
    case_free(&a);
    case_free(&b);
}

static void damaged_checkpoints_are_refused(void **state) {
    (void)state;
    flood_case a = busy_case(), b = busy_case();
    case_open(&a);
    case_advance(&a, 3);
    size_t bytes = ct_flood_save_bytes(a.flood);
    char *saved = ct_alloc(bytes);
    assert_int_equal(ct_flood_save(a.flood, saved, bytes - 1), CT_ARG);
    assert_int_equal(ct_flood_save(a.flood, saved, bytes), CT_OK);
    uint64_t before[2], after[2];
    hash_of(&a, before);
    assert_int_equal(ct_flood_load(a.flood, saved, 10), CT_CORRUPT);
    assert_int_equal(ct_flood_load(a.flood, saved, bytes - 8), CT_CORRUPT);
    size_t spots[] = {0, 9, 200, bytes / 2, bytes - 1};
    for (size_t i = 0; i < sizeof spots / sizeof *spots; i++) {
        saved[spots[i]] ^= 4;
        assert_int_equal(ct_flood_load(a.flood, saved, bytes), CT_CORRUPT);
        saved[spots[i]] ^= 4;
    }
    b.params.manning_uniform = 0.031;
    case_open(&b);
    assert_int_equal(ct_flood_load(b.flood, saved, bytes), CT_ARG);
    hash_of(&a, after);
    assert_memory_equal(before, after, sizeof before);
    ct_free(saved);
    case_free(&a);
    case_free(&b);
}

// Single precision keeps heights to a quantum that the first depths decide too.
static void the_quantum_is_a_parameter(void **state) {
    (void)state;
    flood_case pair[2];
    for (size_t p = 0; p < 2; p++) {
        pair[p] = case_new(5, 4, 1);
        for (size_t i = 0; i < pair[p].cells; i++) pair[p].depth[i] = p == 0 ? 1 : 10;
        case_choose(&pair[p], (flood_variant){CT_FLOOD_SECOND_ORDER, CT_FLOOD_SINGLE});
        case_open(&pair[p]);
    }
    assert_true(pair[0].flood->quantum_m < pair[1].flood->quantum_m);
    size_t bytes = ct_flood_save_bytes(pair[0].flood);
    char *saved = ct_alloc(bytes);
    assert_int_equal(ct_flood_save(pair[0].flood, saved, bytes), CT_OK);
    assert_int_equal(ct_flood_load(pair[1].flood, saved, bytes), CT_ARG);
    ct_free(saved);
    case_free(&pair[0]);
    case_free(&pair[1]);
}

// Where there is no ground the bed holds whatever it holds: heights elsewhere stay as fine.
static void places_without_ground_coarsen_nothing(void **state) {
    (void)state;
    flood_case c = case_new(5, 4, 1);
    for (size_t i = 0; i < c.cells; i++) {
        c.blocked[i] = i == 7;
        c.bed[i] = i == 7 ? 0 : 800;
    }
    case_choose(&c, (flood_variant){CT_FLOOD_SECOND_ORDER, CT_FLOOD_SINGLE});
    case_open(&c);
    assert_true(c.flood->quantum_m == 0x1p-20);
    case_free(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hash_sees_every_change),
        cmocka_unit_test(restart_continues_to_the_bit),
        cmocka_unit_test(damaged_checkpoints_are_refused),
        cmocka_unit_test(the_quantum_is_a_parameter),
        cmocka_unit_test(places_without_ground_coarsen_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
