// Alarms: when they ring, get worse, are over; who acknowledged them.
#include "fixture.h"

static void test_rise_and_fall(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(1), 0.2, 0);
    assert_string_equal(alarms_text(f, false), "{\"alarms\":[]}");
    take_row(f, "wl-1", S(2), 0.3, 0); // the threshold belongs to it
    assert_string_equal(
        alarms_text(f, true),
        "{\"alarms\":[{\"id\":1,\"device\":\"wl-1\",\"kind\":\"water_level\",\"building\":null,"
        "\"property\":\"water_level_m\",\"unit\":\"m\",\"rule\":\"yellow\",\"severity\":3,"
        "\"state\":\"active\",\"value\":0.3,\"raised\":\"2026-07-20T20:00:02Z\","
        "\"acknowledged\":null,\"cleared\":null,\"acknowledged_by\":null}]}");
    assert_has(device_text(f, "wl-1"), "\"state\":\"alarm\",\"severity\":3");
    take_row(f, "wl-1", S(3), 0.295, 0); // trembles at the threshold: the same alarm goes on
    take_row(f, "wl-1", S(4), 0.31, 0);
    assert_int_equal(times_in(alarms_text(f, false), "\"id\":"), 1);
    take_row(f, "wl-1", S(5), 0.29, 0); // 2 % below it
    assert_string_equal(alarms_text(f, true), "{\"alarms\":[]}");
    assert_has(alarms_text(f, false), "\"state\":\"cleared\"");
    assert_has(f->text.data, "\"cleared\":\"2026-07-20T20:00:05Z\"");
    assert_has(device_text(f, "wl-1"), "\"state\":\"ok\",\"severity\":null");
}

static void test_getting_worse(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(1), 0.4, 0);
    ok(ct_live_acknowledge(f->live, 1, "li"));
    forget(f);
    take_row(f, "wl-1", S(2), 0.7, 0);
    // the yellow one ends with the name of who saw it, a red one begins that nobody saw
    assert_has(f->heard, "alarm {\"id\":1,");
    assert_has(f->heard, "\"state\":\"cleared\",\"value\":0.4,\"raised\":\"2026-07-20T20:00:01Z\"");
    assert_has(f->heard, "\"acknowledged_by\":\"li\"}\nalarm {\"id\":2,");
    assert_has(f->heard, "\"rule\":\"red\",\"severity\":1,\"state\":\"active\",\"value\":0.7,");
    assert_has(alarms_text(f, false), "\"acknowledged_by\":\"li\"}]}");
    assert_has(alarms_text(f, true), "\"acknowledged_by\":null}]}");
    take_row(f, "wl-1", S(3), 0.4, 0); // red stays red until all is well
    assert_has(alarms_text(f, true), "\"id\":2,");
    assert_has(device_text(f, "wl-1"), "\"severity\":1}");
    take_row(f, "wl-1", S(4), 0.2, 0);
    assert_string_equal(alarms_text(f, true), "{\"alarms\":[]}");
}

static void test_from_high_to_low_and_back(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(1), 0.7, 0);
    take_row(f, "wl-1", S(2), 0.01, 0); // the flood is over, the channel is dry
    assert_has(alarms_text(f, true), "\"id\":2,");
    assert_has(f->text.data, "\"rule\":\"low\",\"severity\":2,");
    assert_int_equal(times_in(f->text.data, "\"id\":"), 1);
    take_row(f, "wl-1", S(3), 0.05, 0); // at the threshold is still low
    assert_has(alarms_text(f, true), "\"id\":2,");
    take_row(f, "wl-1", S(4), 0.4, 0);
    assert_has(alarms_text(f, true), "\"rule\":\"yellow\",\"severity\":3,");
    assert_int_equal(times_in(f->text.data, "\"id\":"), 1);
    assert_int_equal(times_in(alarms_text(f, false), "\"cleared\":\"2026"), 2);
}

static void test_switch(void **state) {
    fixture *f = *state;
    take_row(f, "smoke-1", S(1), 0, 0);
    take_row(f, "smoke-1", S(2), 1, 0);
    assert_has(alarms_text(f, true), "\"kind\":\"smoke_detector\",\"building\":\"bldg-1\"");
    take_row(f, "smoke-1", S(3), 0, 0);
    assert_string_equal(alarms_text(f, true), "{\"alarms\":[]}");
}

static void test_faults_ring_and_clear_nothing(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(1), 9.9, 2);
    assert_string_equal(alarms_text(f, false), "{\"alarms\":[]}");
    assert_has(device_text(f, "wl-1"), "\"value\":9.9,");
    assert_has(f->text.data, "\"state\":\"fault\",\"severity\":null");
    take_row(f, "wl-1", S(2), 0.7, 1); // doubtful is not bad
    assert_has(device_text(f, "wl-1"), "\"state\":\"alarm\",\"severity\":1");
    take_row(f, "wl-1", S(3), 0.1, 2);
    assert_has(alarms_text(f, true), "\"state\":\"active\"");
    assert_has(device_text(f, "wl-1"), "\"state\":\"fault\",\"severity\":1");
    take_row(f, "wl-1", S(4), 0.1, 0);
    assert_has(device_text(f, "wl-1"), "\"state\":\"ok\",\"severity\":null");
}

static void test_thresholds_in_the_wrong_order(void **state) {
    fixture *f = *state;
    const device_row odd = {"odd-1", "water_level", "water_level_m", NULL, 0.6, 0.3, NAN, 60};
    put_device(f, &odd, false);
    ok(ct_live_devices_changed(f->live));
    for (int i = 1; i < 10; i++) take_row(f, "odd-1", S(i), 0.4, 0);
    assert_int_equal(times_in(alarms_text(f, false), "\"id\":"), 1); // rings once
    take_row(f, "odd-1", S(10), 0.2, 0);
    assert_string_equal(alarms_text(f, true), "{\"alarms\":[]}");
}

static void test_acknowledging(void **state) {
    fixture *f = *state;
    char name[80];
    take_row(f, "wl-1", S(1), 0.4, 0);
    forget(f);
    fails(ct_live_acknowledge(f->live, 7, "li"), "NOTFOUND");
    assert_has(ct_err_message(), "there is no alarm 7");
    memset(name, 'x', sizeof name);
    name[64] = 0;
    fails(ct_live_acknowledge(f->live, 1, name), "PARSE");
    fails(ct_live_acknowledge(f->live, 1, ""), "PARSE");
    fails(ct_live_acknowledge(f->live, 1, NULL), "PARSE");
    assert_has(ct_err_message(), "by: ");
    assert_int_equal(f->n_heard, 0);
    name[63] = 0;
    ct_clock_advance(f->clock, 5000000);
    ok(ct_live_acknowledge(f->live, 1, name));
    assert_has(alarms_text(f, true), name);
    assert_has(f->heard, "alarm {\"id\":1,");
    assert_has(f->heard, "\"state\":\"acknowledged\"");
    assert_has(f->heard, "\"acknowledged\":\"2026-07-20T20:00:05Z\"");
    ok(ct_live_acknowledge(f->live, 1, "wang")); // the first one counts
    assert_lacks(alarms_text(f, true), "wang");
    assert_int_equal(f->n_heard, 1);
    take_row(f, "wl-1", S(2), 0.1, 0);
    assert_has(alarms_text(f, false), name);
    fails(ct_live_acknowledge(f->live, 1, "wang"), "ARG");
    assert_has(ct_err_message(), "over already");
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        T(test_rise_and_fall),
        T(test_getting_worse),
        T(test_from_high_to_low_and_back),
        T(test_switch),
        T(test_faults_ring_and_clear_nothing),
        T(test_thresholds_in_the_wrong_order),
        T(test_acknowledging),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
