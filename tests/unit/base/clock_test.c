// Clocks and RFC 3339 times.
#include "cmk.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/rng.h"

static void formats_times(void **state) {
    (void)state;
    char text[32];
    ct_time_format(text, 0);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    ct_time_format(text, INT64_C(1784577600000000));
    assert_string_equal(text, "2026-07-20T20:00:00Z");
    ct_time_format(text, INT64_C(1784577600250000));
    assert_string_equal(text, "2026-07-20T20:00:00.25Z");
    ct_time_format(text, INT64_C(1784577600000001));
    assert_string_equal(text, "2026-07-20T20:00:00.000001Z");
    ct_time_format(text, -1);
    assert_string_equal(text, "1969-12-31T23:59:59.999999Z");
    ct_time_format(text, INT64_MIN); // far away, but within the 32 bytes
    assert_in_range(strlen(text), 20, 31);
    ct_time_format(text, INT64_MAX);
    assert_in_range(strlen(text), 20, 31);
}

static int64_t parsed(const char *text) {
    int64_t us = -7;
    assert_int_equal(ct_time_parse(&us, text), CT_OK);
    return us;
}

static void parses_times(void **state) {
    (void)state;
    int64_t t = INT64_C(1784577600000000);
    assert_int_equal(parsed("2026-07-20T20:00:00Z"), t);
    assert_int_equal(parsed("2026-07-20t20:00:00z"), t);
    assert_int_equal(parsed("2026-07-20 20:00:00Z"), t);
    assert_int_equal(parsed("2026-07-21T04:00:00+08:00"), t);
    assert_int_equal(parsed("2026-07-20T12:30:00-07:30"), t);
    assert_int_equal(parsed("2026-07-20T20:00:00.5Z"), t + 500000);
    assert_int_equal(parsed("2026-07-20T20:00:00.1234567899Z"), t + 123456);
    assert_int_equal(parsed("2026-07-20"), t - INT64_C(72000000000));
    assert_int_equal(parsed("1970-01-01T00:00:00Z"), 0);
    assert_int_equal(parsed("1969-12-31T23:59:59Z"), -1000000);
    assert_int_equal(parsed("2024-02-29T00:00:00Z") - parsed("2024-02-28T00:00:00Z"),
                     INT64_C(86400000000));
    assert_int_equal(parsed("2016-12-31T23:59:60Z"), parsed("2017-01-01T00:00:00Z"));
}

// What has no text of its own with four digits for the year would be given out unreadable.
static void refuses_years_without_a_text(void **state) {
    (void)state;
    int64_t us = 77;
    assert_int_equal(ct_time_parse(&us, "0000-01-01T00:00:00+00:01"), CT_RANGE);
    assert_int_equal(ct_time_parse(&us, "9999-12-31T23:59:59-00:01"), CT_RANGE);
    assert_int_equal(ct_time_parse(&us, "9999-12-31T23:59:60Z"), CT_RANGE);
    assert_int_equal(us, 77);
    char text[32];
    ct_time_format(text, parsed("0000-01-01T00:00:00Z"));
    assert_string_equal(text, "0000-01-01T00:00:00Z");
    ct_time_format(text, parsed("9999-12-31T23:59:59.999999Z"));
    assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
}

static void refuses_other_texts(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "x",
                                      "2026",
                                      "2026-07",
                                      "2026-7-20",
                                      "2026-13-01",
                                      "2026-00-10",
                                      "2026-02-30",
                                      "2023-02-29",
                                      "1900-02-29",
                                      "2026-07-20T",
                                      "2026-07-20T20:00:00",
                                      "2026-07-20T20:00Z",
                                      "2026-07-20T24:00:00Z",
                                      "2026-07-20T20:60:00Z",
                                      "2026-07-20T20:00:61Z",
                                      "2026-07-20T20:00:00.Z",
                                      "2026-07-20T20:00:00+8:00",
                                      "2026-07-20T20:00:00+08",
                                      "2026-07-20T20:00:00+24:00",
                                      "2026-07-20T20:00:00Zx",
                                      " 2026-07-20",
                                      "2026-07-20x20:00:00Z",
                                      "+026-07-20",
                                      "2026-07-2\xE0"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t us = 77;
        assert_int_equal(ct_time_parse(&us, bad[i]), CT_PARSE);
        assert_int_equal(us, 77);
    }
}

static void agrees_with_the_c_library(void **state) {
    (void)state;
    for (uint32_t i = 0; i < 20000; i++) {
        // years 1000 to 9000 or so
        int64_t s = ct_rng_int(-INT64_C(30000000000), INT64_C(220000000000), 1, i, 0, 0);
        time_t t = (time_t)s;
        struct tm tm;
        char ours[32], theirs[64];
        gmtime_r(&t, &tm);
        strftime(theirs, sizeof theirs, "%Y-%m-%dT%H:%M:%SZ", &tm);
        ct_time_format(ours, s * 1000000);
        assert_string_equal(ours, theirs);
        assert_true(parsed(ours) == s * 1000000);
    }
}

static void real_clock_runs(void **state) {
    (void)state;
    ct_clock *clock = ct_clock_real();
    assert_true(ct_clock_now_us(clock) > INT64_C(1700000000000000)); // after 2023
    int64_t before = ct_clock_mono_us(clock);
    ct_clock_sleep_us(clock, 3000);
    ct_clock_sleep_us(clock, -5);
    assert_true(ct_clock_mono_us(clock) - before >= 3000);
    ct_clock_advance(clock, 1000000); // has no power over it
    ct_clock_free(clock);
    assert_true(ct_clock_now_us(ct_clock_real()) > INT64_C(1700000000000000));
}

typedef struct sleeper {
    ct_clock *clock;
    int64_t us;
    atomic_int awake;
} sleeper;

static void *sleep_for(void *argument) {
    sleeper *s = argument;
    ct_clock_sleep_us(s->clock, s->us);
    atomic_store(&s->awake, 1);
    return NULL;
}

static void virtual_clock_is_turned_by_hand(void **state) {
    (void)state;
    ct_clock *clock = ct_clock_virtual_new(5000);
    assert_int_equal(ct_clock_now_us(clock), 5000);
    ct_clock_advance(clock, 10);
    ct_clock_advance(clock, -3); // never back
    assert_int_equal(ct_clock_now_us(clock), 5010);
    assert_int_equal(ct_clock_mono_us(clock), 5010);

    sleeper s = {.clock = clock, .us = 60000000};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, sleep_for, &s), 0);
    ct_clock_sleep_us(ct_clock_real(), 5000);
    assert_int_equal(atomic_load(&s.awake), 0);
    // The sleeper may start late, so its minute counts from a moment not known here: turn until it
    // wakes.
    while (!atomic_load(&s.awake)) {
        ct_clock_advance(clock, 60000000);
        ct_clock_sleep_us(ct_clock_real(), 100);
    }
    pthread_join(thread, NULL);
    assert_true(ct_clock_now_us(clock) >= 60005010);
    ct_clock_free(clock);
    ct_clock_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_times),
        cmocka_unit_test(parses_times),
        cmocka_unit_test(refuses_other_texts),
        cmocka_unit_test(refuses_years_without_a_text),
        cmocka_unit_test(agrees_with_the_c_library),
        cmocka_unit_test(real_clock_runs),
        cmocka_unit_test(virtual_clock_is_turned_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
