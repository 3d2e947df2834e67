// Events: joined at most five times a second, complete, in order, after the disk; and all at once
// from many threads (run with the thread sanitizer too).
#include "fixture.h"

#define GAP_US 200000

static void test_joined(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(1), 0.1, 0);
    assert_string_equal(f->heard, "observation {\"d\":[[\"wl-1\",0.1,1784577601000,\"ok\"]]}\n");
    forget(f);
    take_row(f, "wl-1", S(2), 0.2, 0); // too soon
    take_row(f, "temp-1", S(2), 20, 0);
    take_row(f, "wl-1", S(3), 0.25, 0);
    ct_clock_advance(f->clock, GAP_US - 1);
    ok(ct_live_tick(f->live));
    assert_int_equal(f->n_heard, 0);
    ct_clock_advance(f->clock, 1);
    ok(ct_live_tick(f->live)); // the newest of each, who waits longest first
    assert_string_equal(f->heard, "observation {\"d\":[[\"wl-1\",0.25,1784577603000,\"ok\"],"
                                  "[\"temp-1\",20,1784577602000,\"ok\"]]}\n");
    ct_clock_advance(f->clock, 10 * GAP_US);
    forget(f);
    ok(ct_live_tick(f->live));
    assert_int_equal(f->n_heard, 0);   // nothing new, nothing told
    take_row(f, "wl-1", S(4), 0.3, 0); // the alarm comes first, and both name it
    assert_has(f->heard, "alarm {\"id\":1,");
    assert_has(f->heard, "}\nobservation {\"d\":[[\"wl-1\",0.3,1784577604000,\"alarm\"]]}\n");
}

static void test_alarms_do_not_wait(void **state) {
    fixture *f = *state;
    take_row(f, "wl-1", S(1), 0.1, 0);
    forget(f);
    take_row(f, "wl-1", S(2), 0.4, 0);
    assert_int_equal(f->n_heard, 1);
    assert_has(f->heard, "alarm {\"id\":1,\"device\":\"wl-1\",\"kind\":\"water_level\"");
}

static void test_many_devices(void **state) {
    fixture *f = *state;
    enum { N = 1201 };
    static char ids[N][16];
    ct_observation *rows = calloc(N, sizeof *rows);
    size_t refused = 0;
    ct_arena *arena = ct_arena_new(1 << 16, 0);
    ct_writer *w = NULL;
    ok(ct_store_writer(&w, f->store, "test"));
    for (int i = 0; i < N; i++) {
        ct_feature d;
        (void)snprintf(ids[i], sizeof ids[i], "many-%d", i);
        ok(ct_feature_new(&d, arena, ct_catalogue_by_name(f->catalogue, "device")));
        d.id = ids[i];
        ok(ct_feature_set_text(&d, "kind", "light"));
        ok(ct_feature_set_text(&d, "property", "power_w"));
        ok(ct_writer_add(w, &d, NULL));
        rows[i] = (ct_observation){ids[i], NULL, S(1), i, 0};
    }
    ok(ct_writer_commit(w, NULL));
    ct_arena_free(arena);
    ok(ct_live_devices_changed(f->live));
    ok(ct_live_take(f->live, rows, N, &refused));
    assert_int_equal(refused, 0);
    assert_int_equal(f->n_heard, 3); // 500 in each at most
    assert_int_equal(times_in(f->heard, "[\"many-"), N);
    assert_has(f->heard, "[\"many-1200\",1200,1784577601000,\"ok\"]]}");
    free(rows);
}

// ---- threads
// -----------------------------------------------------------------------------------------------------

enum { TAKERS = 3, ROUNDS = 60 };

typedef struct shared {
    fixture *f;
    int number;
    int32_t *ended;
} shared;

// Each taker has its device; its values only grow.
static void *take_rows(void *context) {
    static const char *const devices[TAKERS] = {"wl-1", "wl-2", "temp-1"};
    shared *s = context;
    for (int i = 1; i <= ROUNDS; i++) {
        const ct_observation rows[2] = {{devices[s->number], NULL, T0 + 2 * i, i % 7, 0},
                                        {devices[s->number], NULL, T0 + 2 * i + 1, i, 0}};
        size_t refused = 1;
        ok(ct_live_take(s->f->live, rows, 2, &refused));
        assert_int_equal(refused, 0);
    }
    __atomic_fetch_add(s->ended, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static void *tick_and_read(void *context) {
    shared *s = context;
    ct_buf text;
    ct_buf_init(&text, 1 << 20);
    while (__atomic_load_n(s->ended, __ATOMIC_SEQ_CST) < TAKERS) {
        size_t devices, silent, alarms;
        int64_t taken;
        ct_clock_advance(s->f->clock, 70000);
        ok(ct_live_tick(s->f->live));
        ct_buf_reset(&text);
        ok(ct_live_write_devices(&text, s->f->live));
        ct_buf_reset(&text);
        ok(ct_live_write_alarms(&text, s->f->live, true));
        ct_live_counts(s->f->live, &devices, &silent, &alarms, &taken);
        assert_int_equal(devices, 5);
        assert_true(taken % 2 == 0 && taken <= 2 * TAKERS * ROUNDS);
    }
    ct_buf_fini(&text);
    return NULL;
}

static void *edit_and_acknowledge(void *context) {
    shared *s = context;
    int64_t id = 1;
    while (__atomic_load_n(s->ended, __ATOMIC_SEQ_CST) < TAKERS) {
        ok(ct_live_devices_changed(s->f->live));
        const ct_err err = ct_live_acknowledge(s->f->live, id, "li");
        assert_true(err == CT_OK || err == CT_ARG || err == CT_NOTFOUND);
        if (err != CT_NOTFOUND) id++;
    }
    return NULL;
}

// Of each device the values told never go back in time.
static void check_order(const char *heard, const char *device) {
    char key[32];
    long long before = 0;
    (void)snprintf(key, sizeof key, "[\"%s\",", device);
    for (const char *at = heard; (at = strstr(at, key)); at++) {
        double value;
        long long time_ms;
        assert_int_equal(sscanf(at + strlen(key), "%lf,%lld", &value, &time_ms), 2);
        assert_true(time_ms >= before);
        before = time_ms;
    }
    assert_true(before > 0);
}

static void test_all_at_once(void **state) {
    fixture *f = *state;
    static void *(*const work[])(void *) = {take_rows,     take_rows,     take_rows,
                                            tick_and_read, tick_and_read, edit_and_acknowledge};
    enum { THREADS = sizeof work / sizeof *work };
    pthread_t threads[THREADS];
    shared parts[THREADS];
    int32_t ended = 0;
    for (int i = 0; i < THREADS; i++) {
        parts[i] = (shared){f, i, &ended};
        assert_int_equal(pthread_create(&threads[i], NULL, work[i], &parts[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    ct_clock_advance(f->clock, 1000000);
    ok(ct_live_tick(f->live));
    assert_true(strlen(f->heard) < sizeof f->heard - 1000);
    check_order(f->heard, "wl-1");
    check_order(f->heard, "wl-2");
    check_order(f->heard, "temp-1");
    char last[64];
    (void)snprintf(last, sizeof last, "\"value\":%d,", ROUNDS);
    assert_has(device_text(f, "wl-1"), last);
    assert_has(device_text(f, "temp-1"), last);
    (void)snprintf(last, sizeof last, "[\"temp-1\",%d,", ROUNDS);
    assert_has(f->heard, last); // the last word was told
    // memory and file agree on the open alarms
    char alarms[8192];
    (void)snprintf(alarms, sizeof alarms, "%s", alarms_text(f, true));
    reopen_live(f);
    assert_string_equal(alarms_text(f, true), alarms);
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        T(test_joined),
        T(test_alarms_do_not_wait),
        T(test_many_devices),
        T(test_all_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
