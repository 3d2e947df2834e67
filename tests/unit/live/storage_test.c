// A file that takes no writes: the live state says so, takes nothing, and comes back by itself.
#include "fixture.h"

#define LOOK_US 1000000

static ct_live_storage storage_of(const fixture *f) {
    ct_live_storage storage;
    ct_live_get_storage(&storage, f->live);
    return storage;
}

static void tick_after(fixture *f, int64_t us) {
    ct_clock_advance(f->clock, us);
    ok(ct_live_tick(f->live));
}

static void test_disk_in_order(void **state) {
    fixture *f = *state;
    ok(ct_live_tick(f->live));
    const ct_live_storage storage = storage_of(f);
    assert_int_equal(storage.err, CT_OK);
    assert_false(storage.refuses);
    assert_int_equal(storage.since_us, 0);
    assert_true(storage.free_bytes > 0);
    assert_string_equal(storage.message, "");
}

static void break_file(fixture *f) {
    foreign_sql(f, "CREATE TRIGGER broken BEFORE UPDATE ON total BEGIN "
                   "SELECT RAISE(ABORT, 'the disk is broken'); END");
}

static void test_refused_and_taken_again(void **state) {
    fixture *f = *state;
    const ct_observation row = {"wl-1", NULL, S(2), 0.4, 0};
    size_t refused = 99;
    take_row(f, "wl-1", S(1), 0.1, 0);
    break_file(f);
    ct_clock_advance(f->clock, 5000000);
    assert_int_not_equal(ct_live_take(f->live, &row, 1, &refused), CT_OK);
    assert_int_equal(refused, 99);
    ct_live_storage storage = storage_of(f);
    assert_int_not_equal(storage.err, CT_OK);
    assert_true(storage.refuses);
    assert_int_equal(storage.since_us, T0 + 5000000);
    assert_has(storage.message, "obs.sqlite");
    assert_has(storage.message, "the disk is broken");
    assert_has(device_text(f, "wl-1"), "\"value\":0.1,");
    tick_after(f, LOOK_US); // tried, in vain
    assert_true(storage_of(f).refuses);
    assert_int_equal(storage_of(f).since_us, T0 + 5000000);
    foreign_sql(f, "DROP TRIGGER broken");
    tick_after(f, LOOK_US / 2); // not yet tried again
    assert_true(storage_of(f).refuses);
    tick_after(f, LOOK_US / 2);
    storage = storage_of(f);
    assert_int_equal(storage.err, CT_OK);
    assert_false(storage.refuses);
    assert_int_equal(storage.since_us, 0);
    ok(ct_live_take(f->live, &row, 1, &refused));
    assert_has(device_text(f, "wl-1"), "\"value\":0.4,");
    assert_int_equal(times_in(history_text(f, "wl-1", NULL), "\"t\":"), 2);
}

static void test_a_write_that_succeeds_ends_it(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(1), 0.7, 0);
    break_file(f);
    foreign_sql(f, "CREATE TRIGGER broken_too BEFORE UPDATE ON alarms BEGIN "
                   "SELECT RAISE(ABORT, 'no alarm either'); END");
    assert_int_not_equal(ct_live_acknowledge(f->live, 1, "wang"), CT_OK);
    assert_has(storage_of(f).message, "no alarm either");
    foreign_sql(f, "DROP TRIGGER broken; DROP TRIGGER broken_too");
    ok(ct_live_acknowledge(f->live, 1, "wang"));
    assert_int_equal(storage_of(f).err, CT_OK);
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        T(test_disk_in_order),
        T(test_refused_and_taken_again),
        T(test_a_write_that_succeeds_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
