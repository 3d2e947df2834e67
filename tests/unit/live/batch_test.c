// Batches: what is refused, what comes late or twice, what one batch raises and clears, and what a
// disk that fails leaves.
#include "fixture.h"

static void test_what_is_refused(void **state) {
    fixture *f = *state;
    char longer[200];
    memset(longer, 'p', sizeof longer);
    longer[128] = 0;
    const ct_observation rows[] = {
        {"wl-1", NULL, S(1), 0.1, 0},
        {"nobody", NULL, S(1), 0.1, 0},
        {NULL, NULL, S(1), 0.1, 0},
        {"wl-2", NULL, S(1), (double)NAN, 0},
        {"wl-2", NULL, S(1), (double)INFINITY, 0},
        {"wl-2", NULL, 0, 0.1, 0},
        {"wl-2", NULL, S(1), 0.1, 3},
        {"wl-2", NULL, S(1), 0.1, -1},
        {"wl-2", "", S(1), 0.1, 0},
        {"wl-2", longer, S(1), 0.1, 0},
        {"temp-1", "battery_v", S(1), 3.6, 0},
    };
    size_t refused = 0, devices, silent, alarms;
    int64_t taken;
    ok(ct_live_take(f->live, rows, sizeof rows / sizeof *rows, &refused));
    assert_int_equal(refused, 9);
    ct_live_counts(f->live, &devices, &silent, &alarms, &taken);
    assert_int_equal(taken, 2);
    assert_int_equal(devices, 5);
    assert_int_equal(silent, 4); // who never spoke
    assert_has(device_text(f, "wl-2"), "\"value\":null,\"time\":null,\"state\":\"silent\"");
    // another property is kept, and is not the device's value
    assert_has(history_text(f, "temp-1", "battery_v"), "\"v\":3.6,");
    assert_has(device_text(f, "temp-1"), "\"value\":null");
    ok(ct_live_take(f->live, NULL, 0, &refused));
    assert_int_equal(refused, 0);
}

static void test_other_properties_are_bounded(void **state) {
    fixture *f = *state;
    char names[20][16];
    ct_observation rows[20];
    size_t refused = 0;
    for (int i = 0; i < 20; i++) {
        (void)snprintf(names[i], sizeof names[i], "extra_%d", i);
        rows[i] = (ct_observation){"temp-1", names[i], S(1), i, 0};
    }
    ok(ct_live_take(f->live, rows, 10, &refused));
    assert_int_equal(refused, 0);
    reopen_live(f); // what is in the file counts
    ok(ct_live_take(f->live, rows, 20, &refused));
    assert_int_equal(refused, 4);
    for (int i = 0; i < 20; i++) rows[i].time_us = S(2);
    ok(ct_live_take(f->live, rows, 20, &refused)); // those that are known go on
    assert_int_equal(refused, 4);
    take_row(f, "temp-1", S(2), 21, 0); // and its own always
    assert_has(history_text(f, "temp-1", "extra_15"), "20:00:02Z\",\"v\":15,");
    assert_has(history_text(f, "temp-1", "extra_16"), "\"observations\":[]");
}

static void test_raised_and_cleared_in_one(void **state) {
    fixture *f = *state;
    const ct_observation rows[] = {
        {"wl-1", NULL, S(1), 0.4, 0}, {"wl-2", NULL, S(1), 0.4, 0}, {"wl-1", NULL, S(2), 0.1, 0},
        {"wl-1", NULL, S(3), 0.7, 0}, {"wl-1", NULL, S(4), 0.1, 0}, {"wl-1", NULL, S(5), 0.35, 0},
    };
    size_t refused = 9;
    ok(ct_live_take(f->live, rows, 6, &refused));
    assert_int_equal(refused, 0);
    assert_int_equal(times_in(alarms_text(f, false), "\"id\":"), 4);
    assert_int_equal(times_in(f->text.data, "\"state\":\"cleared\""), 2);
    assert_int_equal(times_in(f->text.data, "\"state\":\"active\""), 2);
    assert_int_equal(times_in(f->text.data, "\"rule\":\"red\""), 1);
    assert_int_equal(times_in(f->heard, "alarm {"), 4);
    assert_int_equal(times_in(f->heard, "\"state\":\"cleared\""), 2);
    assert_int_equal(times_in(f->heard, "\"id\":0,"), 0); // each has its number when it is told
    // the open one's number is known: the next batch changes it and does not make another
    take_row(f, "wl-1", S(6), 0.1, 0);
    take_row(f, "wl-2", S(6), 0.1, 0);
    assert_int_equal(times_in(alarms_text(f, false), "\"state\":\"cleared\""), 4);
    assert_string_equal(alarms_text(f, true), "{\"alarms\":[]}");
    take_row(f, "wl-1", S(7), 0.7, 0);
    ct_buf_reset(&f->text);
    ok(ct_live_write_alarms(&f->text, f->live, CT_LIVE_CLEARED_ALARMS));
    assert_int_equal(times_in(f->text.data, "\"state\":\"cleared\""), 4);
    assert_int_equal(times_in(f->text.data, "\"state\":"), 4);
    assert_int_equal(times_in(alarms_text(f, false), "\"state\":"), 5);
}

static void test_late_rows(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(10), 0.1, 0);
    take_row(f, "wl-1", S(5), 0.9, 0); // nobody rings for what is over
    assert_string_equal(alarms_text(f, false), "{\"alarms\":[]}");
    assert_has(device_text(f, "wl-1"), "\"value\":0.1,\"time\":\"2026-07-20T20:00:10Z\"");
    assert_string_equal(history_text(f, "wl-1", NULL),
                        "{\"device\":\"wl-1\",\"property\":\"water_level_m\",\"observations\":["
                        "{\"t\":\"2026-07-20T20:00:10Z\",\"v\":0.1,\"q\":0},"
                        "{\"t\":\"2026-07-20T20:00:05Z\",\"v\":0.9,\"q\":0}]}");
}

static void test_sent_again(void **state) {
    fixture *f = *state;
    const ct_observation rows[] = {{"wl-1", NULL, S(1), 0.4, 0}, {"wl-1", NULL, S(2), 0.1, 0}};
    size_t refused;
    ok(ct_live_take(f->live, rows, 2, &refused));
    ct_clock_advance(f->clock, 1000000);
    ok(ct_live_tick(f->live));
    forget(f);
    for (int i = 0; i < 3; i++) {
        ok(ct_live_take(f->live, rows, 2, &refused));
        ct_clock_advance(f->clock, 1000000);
        ok(ct_live_tick(f->live));
        reopen_live(f);
    }
    assert_int_equal(f->n_heard, 0); // nothing is new
    assert_int_equal(times_in(alarms_text(f, false), "\"id\":"), 1);
    assert_int_equal(times_in(history_text(f, "wl-1", NULL), "\"t\":"), 2);
    // another value of the same time: the first stays, shown and stored
    take_row(f, "wl-1", S(2), 0.9, 0);
    assert_has(device_text(f, "wl-1"), "\"value\":0.1,");
    assert_string_equal(alarms_text(f, true), "{\"alarms\":[]}");
    assert_has(history_text(f, "wl-1", NULL), "20:00:02Z\",\"v\":0.1,");
}

static void test_clock_that_runs_ahead(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(1), 0.7, 0); // a red alarm
    assert_has(alarms_text(f, true), "\"rule\":\"red\"");
    forget(f);
    take_row(f, "wl-1", S(86400 * 365), 0.1, 0); // kept, but neither shown nor believed
    ct_clock_advance(f->clock, 1000000);
    ok(ct_live_tick(f->live));
    assert_int_equal(f->n_heard, 0);
    assert_has(device_text(f, "wl-1"), "\"value\":0.7,\"time\":\"2026-07-20T20:00:01Z\"");
    assert_has(alarms_text(f, true), "\"state\":\"active\"");
    assert_has(history_text(f, "wl-1", NULL), "\"t\":\"2027-07-20T20:00:00Z\",\"v\":0.1");
    reopen_live(f); // nor is it by who comes after
    assert_has(device_text(f, "wl-1"), "\"value\":0.7,\"time\":\"2026-07-20T20:00:01Z\"");
    assert_has(alarms_text(f, true), "\"state\":\"active\"");
    take_row(f, "wl-1", S(2), 0.8, 0); // the right time goes on as if nothing had been
    assert_has(device_text(f, "wl-1"), "\"value\":0.8,");
    reopen_live(f);
    assert_has(device_text(f, "wl-1"), "\"value\":0.8,");
    take_row(f, "wl-1", S(600), 0.1, 0); // a clock that is a little fast is believed
    take_row(f, "wl-1", S(599), 0.9, 0);
    assert_has(device_text(f, "wl-1"), "\"value\":0.1,");
    assert_string_equal(alarms_text(f, true), "{\"alarms\":[]}");
    // within one batch, in any order
    const ct_observation rows[] = {{"wl-2", NULL, S(86400 * 9), 0.9, 0},
                                   {"wl-2", NULL, S(5), 0.2, 0},
                                   {"wl-2", NULL, S(86400 * 8), 0.9, 0}};
    size_t refused;
    ok(ct_live_take(f->live, rows, 3, &refused));
    assert_int_equal(refused, 0);
    assert_has(device_text(f, "wl-2"), "\"value\":0.2,\"time\":\"2026-07-20T20:00:05Z\"");
    reopen_live(f);
    assert_has(device_text(f, "wl-2"), "\"value\":0.2,\"time\":\"2026-07-20T20:00:05Z\"");
}

// Our own clock ran ahead and was set right: what was taken then gives way.
static void test_own_clock_set_back(void **state) {
    fixture *f = *state;
    ct_clock_advance(f->clock, (int64_t)86400 * 1000000);
    take_row(f, "wl-1", S(86400), 0.7, 0);
    ct_live_close(f->live);
    ct_clock_free(f->clock);
    f->clock = ct_clock_virtual_new(T0);
    assert_non_null(f->clock);
    open_live(f);
    assert_has(device_text(f, "wl-1"), "\"value\":null");
    take_row(f, "wl-1", S(1), 0.2, 0);
    reopen_live(f);
    assert_has(device_text(f, "wl-1"), "\"value\":0.2,\"time\":\"2026-07-20T20:00:01Z\"");
}

static void test_disk_that_fails(void **state) {
    fixture *f = *state;
    const ct_observation rows[] = {{"wl-1", NULL, S(2), 0.7, 0}, {"wl-2", NULL, S(2), 0.7, 0}};
    size_t refused = 77;
    take_row(f, "wl-1", S(1), 0.4, 0);
    ct_clock_advance(f->clock, 1000000);
    forget(f);
    foreign_sql(f, "CREATE TRIGGER broken BEFORE UPDATE ON total BEGIN SELECT RAISE(ABORT, 'the "
                   "disk is broken'); END");
    assert_int_not_equal(ct_live_take(f->live, rows, 2, &refused), CT_OK);
    assert_has(ct_err_message(), "the disk is broken");
    assert_int_equal(refused, 77);
    ok(ct_live_tick(f->live));
    assert_int_equal(f->n_heard, 0);
    assert_has(device_text(f, "wl-1"), "\"value\":0.4,");
    assert_has(f->text.data, "\"severity\":3");
    assert_has(device_text(f, "wl-2"), "\"value\":null");
    assert_int_equal(times_in(alarms_text(f, false), "\"id\":"), 1);
    size_t devices, silent, alarms;
    int64_t taken;
    ct_live_counts(f->live, &devices, &silent, &alarms, &taken);
    assert_int_equal(taken, 1);
    assert_int_equal(alarms, 1);
    foreign_sql(f, "DROP TRIGGER broken");
    ok(ct_live_take(f->live, rows, 2, &refused)); // by itself, with the same rows
    assert_int_equal(refused, 0);
    assert_int_equal(times_in(alarms_text(f, false), "\"id\":"), 3);
    assert_int_equal(times_in(f->heard, "alarm {"), 3);
    // acknowledging fails the same way
    foreign_sql(f, "CREATE TRIGGER broken BEFORE UPDATE ON alarms BEGIN SELECT RAISE(ABORT, 'the "
                   "disk is broken'); END");
    forget(f);
    assert_int_not_equal(ct_live_acknowledge(f->live, 3, "li"), CT_OK);
    assert_lacks(alarms_text(f, true), "acknowledged\":\"");
    assert_int_equal(f->n_heard, 0);
    foreign_sql(f, "DROP TRIGGER broken");
    ok(ct_live_acknowledge(f->live, 3, "li"));
}

static void test_large_batch_of_alarms(void **state) {
    fixture *f = *state;
    enum { N = 100000 };
    ct_observation *rows = calloc(N, sizeof *rows);
    size_t refused = 1;
    for (int i = 0; i < N; i++)
        rows[i] = (ct_observation){"wl-2", NULL, T0 + i, i % 2 ? 0.1 : 0.7, 0};
    ct_live_listen(f->live, NULL, NULL);
    ok(ct_live_take(f->live, rows, N, &refused)); // every second row an alarm: not quadratic
    assert_int_equal(refused, 0);
    free(rows);
    size_t devices, silent, alarms;
    int64_t taken;
    ct_live_counts(f->live, &devices, &silent, &alarms, &taken);
    assert_int_equal(taken, N);
    assert_int_equal(alarms, 0);
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        T(test_what_is_refused),
        T(test_other_properties_are_bounded),
        T(test_raised_and_cleared_in_one),
        T(test_late_rows),
        T(test_sent_again),
        T(test_clock_that_runs_ahead),
        T(test_own_clock_set_back),
        T(test_disk_that_fails),
        T(test_large_batch_of_alarms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
