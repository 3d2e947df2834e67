// What outlives a process, what follows edits of the devices, who is silent.
#include "fixture.h"

static void test_restart(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(1), 0.4, 0);
    take_row(f, "wl-2", S(1), 0.7, 0);
    take_row(f, "temp-1", S(1), 21.5, 2);
    ok(ct_live_acknowledge(f->live, 2, "wang"));
    char devices[4096], alarms[4096];
    ct_buf_reset(&f->text);
    ok(ct_live_write_devices(&f->text, f->live));
    (void)snprintf(devices, sizeof devices, "%s", f->text.data);
    (void)snprintf(alarms, sizeof alarms, "%s", alarms_text(f, true));
    assert_has(devices, "\"id\":\"wl-1\",\"kind\":\"water_level\",\"property\":\"water_level_m\","
                        "\"unit\":\"m\",\"building\":null,\"value\":0.4,"
                        "\"time\":\"2026-07-20T20:00:01Z\",\"state\":\"alarm\",\"severity\":3}");
    assert_has(devices, "\"id\":\"temp-1\",\"kind\":\"temperature\",\"property\":\"temperature_c\","
                        "\"unit\":\"m\",\"building\":\"bldg-1\",\"value\":21.5,"
                        "\"time\":\"2026-07-20T20:00:01Z\",\"state\":\"fault\",\"severity\":null}");
    reopen_live(f);
    ct_buf_reset(&f->text);
    ok(ct_live_write_devices(&f->text, f->live));
    assert_string_equal(f->text.data, devices);
    assert_string_equal(alarms_text(f, true), alarms);
    // the alarms go on: they get worse, are over, and keep who saw them
    take_row(f, "wl-1", S(2), 0.7, 0);
    take_row(f, "wl-2", S(2), 0.1, 0);
    assert_int_equal(times_in(alarms_text(f, false), "\"id\":"), 3);
    assert_has(f->text.data, "\"acknowledged_by\":\"wang\"");
    assert_has(alarms_text(f, true), "\"rule\":\"red\"");
    assert_int_equal(times_in(f->text.data, "\"id\":"), 1);
    reopen_live(f);
    fails(ct_live_acknowledge(f->live, 2, "li"), "ARG");
    ok(ct_live_acknowledge(f->live, 3, "li"));
}

static void test_restart_long_after(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(1), 0.4, 0);
    take_row(f, "plain-1", S(1), 40, 0);
    ct_clock_advance(f->clock, INT64_C(3600000000));
    reopen_live(f);
    assert_has(device_text(f, "wl-1"), "\"value\":0.4,");
    assert_has(f->text.data, "\"state\":\"silent\",\"severity\":3");
    assert_has(device_text(f, "plain-1"), "\"state\":\"ok\""); // it never said how often it speaks
    take_row(f, "wl-1", S(3601), 0.1, 0);
    assert_has(device_text(f, "wl-1"), "\"state\":\"ok\"");
}

static void test_silence(void **state) {
    fixture *f = *state;
    size_t devices, silent, alarms;
    int64_t taken;
    take_row(f, "wl-1", S(0), 0.1, 0);
    take_row(f, "plain-1", S(0), 40, 0);
    ct_clock_advance(f->clock, 180000000);
    ok(ct_live_tick(f->live));
    assert_has(device_text(f, "wl-1"), "\"state\":\"ok\""); // three intervals are fine
    forget(f);
    ct_clock_advance(f->clock, 1000000);
    ok(ct_live_tick(f->live));
    assert_has(device_text(f, "wl-1"), "\"value\":0.1,");
    assert_has(f->text.data, "\"state\":\"silent\"");
    assert_string_equal(f->heard,
                        "observation {\"d\":[[\"wl-1\",0.1,1784577600000,\"silent\"]]}\n");
    ct_live_counts(f->live, &devices, &silent, &alarms, &taken);
    assert_int_equal(silent, 4); // and those who never spoke
    ct_clock_advance(f->clock, 1000000);
    ok(ct_live_tick(f->live));
    assert_int_equal(f->n_heard, 1); // told once
    // what comes late proves that it lives, by our clock: its own may be wrong
    ct_clock_advance(f->clock, 1000000);
    forget(f);
    take_row(f, "wl-1", S(1), 0.2, 0);
    assert_has(f->heard, "[\"wl-1\",0.2,1784577601000,\"ok\"]");
    ct_clock_advance(f->clock, 1000000);
    ok(ct_live_tick(f->live));
    assert_has(device_text(f, "wl-1"), "\"state\":\"ok\"");
}

static void test_new_device(void **state) {
    fixture *f = *state;
    const device_row added = {"wl-9", "water_level", "water_level_m", NULL, 0.3, 0.6, NAN, 60};
    const ct_observation row = {"wl-9", NULL, S(1), 0.4, 0};
    size_t refused = 0;
    ok(ct_live_take(f->live, &row, 1, &refused));
    assert_int_equal(refused, 1);
    put_device(f, &added, false);
    ok(ct_live_devices_changed(f->live));
    ok(ct_live_take(f->live, &row, 1, &refused));
    assert_int_equal(refused, 0);
    assert_has(device_text(f, "wl-9"), "\"state\":\"alarm\"");
}

static void test_edits_keep_what_is_known(void **state) {
    fixture *f = *state;
    const device_row raised = {"wl-1", "water_level", "water_level_m", NULL, 0.8, 0.9, NAN, 60};
    take_row(f, "wl-1", S(1), 0.4, 0);
    take_row(f, "temp-1", S(1), 20, 0);
    take_row(f, "wl-2", S(86400 * 3000), 0.1, 0); // a clock that ran ahead, and is right again
    take_row(f, "wl-2", S(2), 0.2, 0);
    forget(f);
    put_device(f, &raised, true);
    ok(ct_live_devices_changed(f->live));
    assert_has(device_text(f, "wl-1"), "\"value\":0.4,");
    assert_has(f->text.data, "\"state\":\"alarm\",\"severity\":3");
    assert_has(device_text(f, "wl-2"), "\"value\":0.2,");
    // what waited to be told is not forgotten
    ct_clock_advance(f->clock, 300000);
    ok(ct_live_tick(f->live));
    assert_has(f->heard, "[\"temp-1\",20,");
    // the new threshold judges the next value
    take_row(f, "wl-1", S(3), 0.5, 0);
    assert_string_equal(alarms_text(f, true), "{\"alarms\":[]}");
    take_row(f, "wl-1", S(4), 0.8, 0);
    assert_has(alarms_text(f, true), "\"value\":0.8,");
}

static void test_alarms_of_what_is_gone(void **state) {
    fixture *f = *state;
    const device_row other = {"wl-2", "water_level", "water_depth_m", NULL, 0.3, 0.6, NAN, 60};
    take_row(f, "wl-1", S(1), 0.4, 0);
    take_row(f, "wl-2", S(1), 0.4, 0);
    take_row(f, "smoke-1", S(1), 1, 0);
    ok(ct_live_acknowledge(f->live, 1, "li"));
    remove_device(f, "wl-1");
    put_device(f, &other, true);
    ct_clock_advance(f->clock, 5000000);
    forget(f);
    ok(ct_live_devices_changed(f->live));
    assert_int_equal(times_in(f->heard, "alarm {"), 2);
    assert_int_equal(times_in(f->heard, "\"cleared\":\"2026-07-20T20:00:05Z\""), 2);
    assert_has(alarms_text(f, true), "\"device\":\"smoke-1\"");
    assert_int_equal(times_in(f->text.data, "\"id\":"), 1);
    assert_has(alarms_text(f, false), "\"acknowledged_by\":\"li\"");
    assert_has(device_text(f, "wl-2"), "\"property\":\"water_depth_m\",\"unit\":\"m\","
                                       "\"building\":null,\"value\":null");
    ct_buf_reset(&f->text);
    fails(ct_live_write_device(&f->text, f->live, "wl-1"), "NOTFOUND");
    assert_has(ct_err_message(), "\"wl-1\"");
    // also when it went while no process was there
    remove_device(f, "smoke-1");
    reopen_live(f);
    assert_string_equal(alarms_text(f, true), "{\"alarms\":[]}");
}

static void test_unknown_names(void **state) {
    fixture *f = *state;
    fails(ct_live_write_history(&f->text, f->live, "nobody", NULL, 0, 1, 1), "NOTFOUND");
    assert_string_equal(history_text(f, "wl-1", "nothing"),
                        "{\"device\":\"wl-1\",\"property\":\"nothing\",\"observations\":[]}");
}

static void test_retention(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(1), 0.7, 0); // rings
    take_row(f, "wl-1", S(2), 0.2, 0); // is over
    take_row(f, "wl-2", S(3), 0.7, 0); // rings on
    take_row(f, "temp-1", S(4), 20, 0);
    take_row(f, "temp-1", S(5), 21, 0);
    ct_clock_advance(f->clock, INT64_C(2) * 86400 * 1000000);
    take_row(f, "wl-1", S(2 * 86400), 0.25, 0);
    fails(ct_live_keep_for(f->live, 0.001), "RANGE");
    fails(ct_live_keep_for(f->live, (double)NAN), "RANGE");
    ok(ct_live_keep_for(f->live, 1));
    fails(ct_live_keep_for(f->live, 1), "EXISTS");
    const int64_t end_us = ct_clock_mono_us(ct_clock_real()) + INT64_C(60000000);
    while (strstr(history_text(f, "temp-1", NULL), "20:00:04Z")) {
        assert_true(ct_clock_mono_us(ct_clock_real()) < end_us);
        ct_clock_sleep_us(ct_clock_real(), 2000);
    }
    // all in one step, so all is done
    assert_has(history_text(f, "temp-1", NULL), "20:00:05Z");
    assert_string_equal(history_text(f, "wl-1", NULL),
                        "{\"device\":\"wl-1\",\"property\":\"water_level_m\",\"observations\":["
                        "{\"t\":\"2026-07-22T20:00:00Z\",\"v\":0.25,\"q\":0}]}");
    assert_has(history_text(f, "wl-2", NULL), "20:00:03Z");
    assert_int_equal(times_in(alarms_text(f, false), "\"id\":"), 1);
    assert_has(f->text.data, "\"device\":\"wl-2\"");
    reopen_live(f); // ends the thread in its pause
    assert_has(device_text(f, "wl-2"), "\"value\":0.7,");
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        T(test_restart),
        T(test_restart_long_after),
        T(test_silence),
        T(test_new_device),
        T(test_edits_keep_what_is_known),
        T(test_alarms_of_what_is_gone),
        T(test_unknown_names),
        T(test_retention),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
