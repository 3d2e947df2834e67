// Every allocation of live fails once: nothing leaks, nothing is half done, the error is CT_NOMEM.
#include "../unit/live/fixture.h"

#include "fault.h"

static ct_err parse_payload(void *context) {
    (void)context;
    static const char json[] = "[{\"t\":\"2026-07-20T20:00:01Z\",\"v\":1,\"property\":\"a\"},"
                               "{\"t\":\"2026-07-20T20:00:02Z\",\"v\":2}]";
    ct_observation *rows = NULL;
    size_t n = 0;
    ct_arena *arena = ct_arena_new(256, 0);
    ct_err err = arena ? CT_OK : CT_NOMEM;
    for (int i = 0; i < 20 && err == CT_OK; i++) {
        err = ct_live_parse(&rows, &n, arena, "wl-1", json, strlen(json));
        assert_int_equal(n, 2 * (size_t)(i + (err == CT_OK)));
    }
    ct_arena_free(arena);
    return err;
}

// The rows of one round; with another property that the device has not reported before.
static ct_err take_and_acknowledge(void *context) {
    fixture *f = context;
    static int round;
    char property[32];
    size_t refused = 0, devices, silent, alarms, alarms_before;
    int64_t taken, taken_before;
    ct_live_counts(f->live, &devices, &silent, &alarms_before, &taken_before);
    const int64_t t = S(++round * 10);
    (void)snprintf(property, sizeof property, "other_%d", round % 8);
    const ct_observation rows[] = {{"wl-1", NULL, t, 0.4, 0},
                                   {"wl-1", NULL, t + 1, 0.7, 0},
                                   {"wl-2", property, t, 1, 0},
                                   {"wl-1", NULL, t + 2, 0.1, 0}};
    const ct_err err = ct_live_take(f->live, rows, 4, &refused);
    ct_live_counts(f->live, &devices, &silent, &alarms, &taken);
    assert_int_equal(taken, taken_before + (err == CT_OK ? 4 : 0));
    assert_int_equal(alarms, alarms_before);
    assert_int_equal(refused, 0);
    return err;
}

static ct_err answer(void *context) {
    fixture *f = context;
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    ct_err err = ct_live_write_devices(&out, f->live);
    if (err == CT_OK) err = ct_live_write_alarms(&out, f->live, false);
    if (err == CT_OK) err = ct_live_write_device(&out, f->live, "wl-1");
    if (err == CT_OK) err = ct_live_write_history(&out, f->live, "wl-1", NULL, 0, INT64_MAX, 100);
    ct_buf_fini(&out);
    return err;
}

static ct_err change_devices(void *context) {
    fixture *f = context;
    return ct_live_devices_changed(f->live);
}

static ct_err open_again(void *context) {
    fixture *f = context;
    ct_live *live = NULL;
    const ct_err err = ct_live_open(&live, f->store, f->clock);
    assert_int_equal(err == CT_OK, live != NULL);
    ct_live_close(live);
    return err;
}

static void test_parse(void **state) {
    (void)state;
    assert_in_range(fault_every_allocation(parse_payload, NULL), 20, 5000);
}

static void test_take(void **state) {
    ct_live_listen(((fixture *)*state)->live, NULL, NULL); // an event without memory is not told
    ok(take_and_acknowledge(*state));
    assert_in_range(fault_every_allocation(take_and_acknowledge, *state), 5, 200);
}

static void test_told_later(void **state) {
    fixture *f = *state;
    const ct_observation row = {"temp-1", NULL, S(1), 20, 0};
    size_t refused;
    long live = 0;
    ok(ct_live_take(f->live, &row, 1, &refused));
    // the event of the second value fails; the value is not lost
    take_row(f, "temp-1", S(2), 21, 0);
    ct_clock_advance(f->clock, 1000000);
    forget(f);
    live = ct_mem_live();
    ct_mem_fail_at(1, true);
    ok(ct_live_tick(f->live));
    assert_true(ct_mem_failed());
    ct_mem_fail_at(0, false);
    assert_int_equal(ct_mem_live(), live);
    assert_int_equal(f->n_heard, 0);
    ok(ct_live_tick(f->live));
    assert_has(f->heard, "[\"temp-1\",21,");
}

static void test_answers(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(1), 0.4, 0);
    ok(answer(f));
    assert_in_range(fault_every_allocation(answer, f), 2, 200);
}

static void test_devices(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(1), 0.4, 0);
    take_row(f, "smoke-1", S(1), 1, 0);
    remove_device(f, "smoke-1");
    ok(change_devices(f));
    assert_in_range(fault_every_allocation(change_devices, f), 10, 2000);
    assert_has(device_text(f, "wl-1"), "\"state\":\"alarm\"");
}

static void test_open(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(1), 0.4, 0);
    assert_in_range(fault_every_allocation(open_again, f), 20, 2000);
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        T(test_take),
        T(test_told_later),
        T(test_answers),
        T(test_devices),
        T(test_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
