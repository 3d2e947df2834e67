// The simulated devices: equal seeds give equal values, days look like days, and what goes wrong
// does so now and then, rises and is over again.
#include "cmk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "curves.h"
#include "schedule.h"
#include "values.h"

#define HOUR_US INT64_C(3600000000)
#define DAY_US  (24 * HOUR_US)

static const ds_place k_place = {.seed = 7, .utc_offset_h = 8};

static int64_t midnight_us(void) { // local
    int64_t us = 0;
    assert_int_equal(ct_time_parse(&us, "2026-07-19T16:00:00Z"), CT_OK);
    return us;
}

static ds_device device(const char *kind, int number, double yellow, double red) {
    char id[64];
    (void)snprintf(id, sizeof id, "%s-%d", kind, number);
    return (ds_device){.entity = ct_hash_bytes(id, strlen(id)).low,
                       .kind = ds_kind_of(kind),
                       .yellow = yellow,
                       .red = red,
                       .low = (double)NAN,
                       .interval_s = 300};
}

// Mean of the good values of many devices of a kind at a local hour, over some days.
static double mean_at(const char *kind, double yellow, double red, double hour) {
    double sum = 0;
    int n = 0;
    for (int i = 0; i < 50; i++) {
        const ds_device d = device(kind, i, yellow, red);
        for (int day = 0; day < 10; day++) {
            const int64_t t = midnight_us() + day * DAY_US + (int64_t)(hour * 3.6e9) + i * 1000000;
            const ds_value v = ds_value_at(&k_place, &d, t);
            if (v.silent || v.quality) continue;
            sum += v.value;
            n++;
        }
    }
    assert_true(n > 400);
    return sum / n;
}

static void test_equal_seeds(void **state) {
    (void)state;
    const ds_place other = {8, 8, 0};
    int differ = 0;
    for (int i = 0; i < 200; i++) {
        const ds_device d = device("temperature", i, 40, 60);
        const int64_t t = midnight_us() + i * INT64_C(7777777777);
        const ds_value a = ds_value_at(&k_place, &d, t), b = ds_value_at(&k_place, &d, t);
        assert_true(memcmp(&a.value, &b.value, sizeof a.value) == 0);
        assert_true(a.silent == b.silent && a.quality == b.quality && a.decimals == b.decimals);
        differ += a.value != ds_value_at(&other, &d, t).value;
    }
    assert_true(differ > 190);
}

static void test_days_look_like_days(void **state) {
    (void)state;
    const double nan = (double)NAN;
    assert_true(mean_at("electricity_meter", 180, 240, 19.8) >
                2.5 * mean_at("electricity_meter", 180, 240, 3));
    assert_true(mean_at("electricity_meter", 180, 240, 7.5) >
                1.5 * mean_at("electricity_meter", 180, 240, 4));
    assert_true(mean_at("bike_charger", 38, 46, 21.5) > 4 * mean_at("bike_charger", 38, 46, 14));
    assert_true(mean_at("light", 150, 180, 21) > 80);
    assert_true(mean_at("light", 150, 180, 12) < 1);
    assert_true(mean_at("light", 150, 180, 3) < 0.8 * mean_at("light", 150, 180, 21)); // dimmed
    assert_true(mean_at("camera_ai", 150, 300, 18.8) > 5 * mean_at("camera_ai", 150, 300, 3));
    assert_true(mean_at("lift_monitor", 2.9, 3.2, 18.3) > 3 * mean_at("lift_monitor", 2.9, 3.2, 3));
    assert_true(mean_at("temperature", 40, 60, 15) > mean_at("temperature", 40, 60, 3) + 5);
    assert_in_range((int)mean_at("temperature", 40, 60, 9), 22, 34); // July
    assert_true(mean_at("air_quality", 75, 150, 8) > mean_at("air_quality", 75, 150, 3));
    assert_true(mean_at("door_sensor", nan, nan, 8) > mean_at("door_sensor", nan, nan, 3));
    assert_near(mean_at("smoke_detector", 1.5, 3, 10), 0.07, 0.03);
}

static void test_local_time(void **state) {
    (void)state;
    const ds_device d = device("light", 1, 150, 180);
    const ds_place london = {7, 0, 0};
    const int64_t evening_us = midnight_us() + 21 * HOUR_US; // 13:00 in London
    assert_true(ds_value_at(&k_place, &d, evening_us).value > 80);
    assert_true(ds_value_at(&london, &d, evening_us).value < 1);
}

static void test_silence_and_faults(void **state) {
    (void)state;
    int silent = 0, faulty = 0, changed = 0;
    const int n = 20000;
    for (int i = 0; i < n; i++) {
        const ds_device d = device("temperature", i % 500, 40, 60);
        const int64_t t = midnight_us() + i * INT64_C(31000000);
        const ds_value v = ds_value_at(&k_place, &d, t);
        silent += v.silent;
        faulty += v.quality == 2;
        if (v.quality == 2 && ds_value_at(&k_place, &d, t + 1000000).quality == 2)
            changed += v.value != ds_value_at(&k_place, &d, t + 1000000).value;
    }
    assert_in_range(silent, n / 1000, n / 100);
    assert_in_range(faulty, n / 2000, n / 200);
    assert_int_equal(changed, 0); // stuck
}

// A week of a kind, minute by minute: how often it rises above yellow, for how long in all, and by
// how much it jumps at most.
typedef struct week {
    int rises;
    double above, jump;
} week;

static week week_at(const ds_place *place, const char *kind, int number, double yellow, double red,
                    bool depth) {
    week w = {0};
    ds_device d = device(kind, number, yellow, red);
    d.depth = depth;
    double before = (double)NAN;
    for (int minute = 0; minute < 7 * 1440; minute++) {
        const ds_value v = ds_value_at(place, &d, midnight_us() + minute * INT64_C(60000000));
        if (v.silent || v.quality) {
            before = (double)NAN;
            continue;
        }
        assert_true(isfinite(v.value) && (!depth || v.value >= 0));
        if (!isnan(before)) w.jump = fmax(w.jump, fabs(v.value - before));
        if (v.value >= yellow && before < yellow) w.rises++;
        w.above += (v.value >= yellow) / (7 * 1440.0);
        before = v.value;
    }
    return w;
}

static week week_of(const char *kind, int number, double yellow, double red, bool depth) {
    return week_at(&k_place, kind, number, yellow, red, depth);
}

static void test_a_busy_place_has_more_trouble(void **state) {
    (void)state;
    const ds_place busy = {k_place.seed, k_place.utc_offset_h, 14};
    int usual = 0, many = 0;
    for (int i = 0; i < 40; i++) {
        usual += week_of("smoke_detector", i, 1.5, 3, false).rises;
        many += week_at(&busy, "smoke_detector", i, 1.5, 3, false).rises;
    }
    assert_in_range(many, 5 * usual, 25 * usual); // 15 times in the long run; rare events scatter
}

static void test_trouble_comes_and_goes(void **state) {
    (void)state;
    int smoke = 0, road = 0, river = 0;
    double above = 0;
    for (int i = 0; i < 40; i++) {
        const week s = week_of("smoke_detector", i, 1.5, 3, false);
        const week r = week_of("water_level", i, 0.15, 0.27, true);
        const week l = week_of("water_level", i + 100, 23.2, 24.5, false);
        smoke += s.rises;
        road += r.rises;
        river += l.rises;
        above += s.above + r.above + l.above;
        assert_true(r.jump < 0.06 && l.jump < 0.35); // water rises slowly, and falls
    }
    assert_in_range(smoke, 10, 60); // 28 expected in 40 weeks
    assert_in_range(road, 100, 1200);
    assert_in_range(river, 100, 1200);
    assert_true(above / 120 < 0.05); // all is well nearly always
}

static void test_weather(void **state) {
    (void)state;
    double most_mm_h = 0, wettest = 0;
    int dry = 0, n = 0;
    for (int64_t t = 0; t < 30 * DAY_US; t += 5 * 60000000, n++) {
        const double time_s = (double)(midnight_us() + t) * 1e-6;
        const double mm_h = ds_rain_mm_h(7, time_s), wet = ds_wetness(7, time_s);
        assert_true(mm_h >= 0 && mm_h <= 60 && wet >= 0 && wet < 2.5);
        most_mm_h = fmax(most_mm_h, mm_h);
        wettest = fmax(wettest, wet);
        dry += mm_h < 0.2;
    }
    assert_true(most_mm_h > 16 && wettest > 0.5);
    assert_true(dry > n / 2 && dry < n);
}

static void test_reports_are_spread(void **state) {
    (void)state;
    int in_second[300] = {0};
    for (int i = 0; i < 3000; i++) {
        const ds_device d = device("door_sensor", i, (double)NAN, (double)NAN);
        const int64_t t = midnight_us() + i;
        const int64_t at = ds_report_at(&d, t), after = ds_report_after(&d, t);
        assert_true(at <= t && after > t && after - at == 300000000 && at % 1000 == 0);
        assert_true(ds_report_at(&d, at) == at && ds_report_after(&d, at) == after);
        assert_true(ds_report_at(&d, after - 1) == at);
        in_second[at / 1000000 % 300]++;
    }
    for (int i = 0; i < 300; i++) assert_in_range(in_second[i], 0, 30); // 10 expected
    const ds_device fast = {.entity = 1, .interval_s = 0};
    assert_true(ds_report_after(&fast, 5000000) > 5000000);
}

static void test_schedule(void **state) {
    (void)state;
    enum { N = 37 };
    ds_turn heap[N];
    int64_t every[N], before = 0;
    for (size_t i = 0; i < N; i++) {
        heap[i] = (ds_turn){0, i};
        every[i] = 10 + (int64_t)(i * 7919 % 23);
    }
    int64_t taken[N] = {0};
    for (int i = 0; i < 5000; i++) {
        const ds_turn first = heap[0];
        assert_true(first.due_us >= before);
        assert_int_equal(first.due_us, taken[first.device] * every[first.device]);
        before = first.due_us;
        taken[first.device]++;
        ds_schedule_move_first(heap, N, first.due_us + every[first.device]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_seeds),
        cmocka_unit_test(test_days_look_like_days),
        cmocka_unit_test(test_local_time),
        cmocka_unit_test(test_silence_and_faults),
        cmocka_unit_test(test_trouble_comes_and_goes),
        cmocka_unit_test(test_a_busy_place_has_more_trouble),
        cmocka_unit_test(test_weather),
        cmocka_unit_test(test_reports_are_spread),
        cmocka_unit_test(test_schedule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
