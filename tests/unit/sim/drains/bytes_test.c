// The same bytes: again, and after save and load; damaged checkpoints; the engine's table.
#include "town.h"

#include "sim/drains/engine.h"

static void restart_continues_to_the_bit(void **state) {
    (void)state;
    const ct_sim_engine *engine = ct_drains_engine();
    town a, b;
    town_new(&a);
    town_new(&b);
    town_open(&a);
    town_open(&b);
    town_advance(&a, 200);
    assert_int_equal(ct_drains_set(a.drains, "weir", 0, 0.5), CT_OK);
    assert_int_equal(ct_drains_set(a.drains, "surface_level", 0, 2.6), CT_OK);
    size_t bytes = engine->save_bytes(a.drains);
    char *saved = ct_alloc(bytes);
    assert_int_equal(engine->save(a.drains, saved, bytes), CT_OK);
    town_advance(&a, 700);
    town_advance(&b, 50); // whatever it did before is forgotten
    assert_int_equal(engine->load(b.drains, saved, bytes), CT_OK);
    assert_true(ct_drains_time_s(b.drains) == 200);
    town_advance(&b, 700);
    ct_hash128 hash_a = engine->hash(a.drains), hash_b = engine->hash(b.drains);
    assert_memory_equal(&hash_a, &hash_b, sizeof hash_a);
    assert_int_equal(ct_drains_steps(a.drains), ct_drains_steps(b.drains));
    ct_free(saved);
    ct_drains_close(a.drains);
    ct_drains_close(b.drains);
}

static void hash_sees_every_change(void **state) {
    (void)state;
    town t;
    town_new(&t);
    town_open(&t);
    uint64_t before[2], after[2];
    ct_drains_hash(t.drains, before);
    assert_int_equal(ct_drains_set(t.drains, "outlet", 0, 0.25), CT_OK);
    ct_drains_hash(t.drains, after);
    assert_memory_not_equal(before, after, sizeof before);
    ct_drains_close(t.drains);
}

static void damaged_checkpoints_are_refused(void **state) {
    (void)state;
    town a, b;
    town_new(&a);
    town_new(&b);
    town_open(&a);
    town_advance(&a, 100);
    size_t bytes = ct_drains_save_bytes(a.drains);
    char *saved = ct_alloc(bytes);
    assert_int_equal(ct_drains_save(a.drains, saved, bytes - 1), CT_ARG);
    assert_int_equal(ct_drains_save(a.drains, saved, bytes), CT_OK);
    uint64_t before[2], after[2];
    ct_drains_hash(a.drains, before);
    assert_int_equal(ct_drains_load(a.drains, saved, 10), CT_CORRUPT);
    assert_int_equal(ct_drains_load(a.drains, saved, bytes - 8), CT_CORRUPT);
    size_t spots[] = {0, 9, 120, bytes / 2, bytes - 1};
    for (size_t i = 0; i < sizeof spots / sizeof *spots; i++) {
        saved[spots[i]] ^= 4;
        assert_int_equal(ct_drains_load(a.drains, saved, bytes), CT_CORRUPT);
        saved[spots[i]] ^= 4;
    }
    b.weirs[0].coefficient = 1.8;
    town_open(&b);
    assert_int_equal(ct_drains_load(b.drains, saved, bytes), CT_ARG);
    ct_drains_close(b.drains);
    town_new(&b);
    b.params.step_s = 50; // it cuts what ct_drains_advance does
    town_open(&b);
    assert_int_equal(ct_drains_load(b.drains, saved, bytes), CT_ARG);
    ct_drains_hash(a.drains, after);
    assert_memory_equal(before, after, sizeof before);
    ct_free(saved);
    ct_drains_close(a.drains);
    ct_drains_close(b.drains);
}

static void fields_have_names_and_values(void **state) {
    (void)state;
    const ct_sim_engine *engine = ct_drains_engine();
    town t;
    town_new(&t);
    void *opened = NULL;
    assert_int_equal(engine->open(&opened, &t.params), CT_OK);
    ct_sim_field fields[32];
    size_t count = engine->fields(opened, fields, 32);
    assert_int_equal(count, CT_DRAINS_ARRAYS);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(fields[i].name);
        assert_int_equal(fields[i].place, CT_SIM_LIST);
        assert_true(fields[i].values && fields[i].grid.nx > 0);
        for (size_t k = 0; k < i; k++) assert_string_not_equal(fields[i].name, fields[k].name);
    }
    assert_int_equal(engine->step(opened, engine->dt_max_s(opened)), CT_OK);
    assert_true(engine->time_s(opened) == 100);
    assert_int_equal(engine->set(opened, "pump", 0, 1), CT_OK);
    engine->close(opened);
    engine->close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restart_continues_to_the_bit),
        cmocka_unit_test(hash_sees_every_change),
        cmocka_unit_test(damaged_checkpoints_are_refused),
        cmocka_unit_test(fields_have_names_and_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
