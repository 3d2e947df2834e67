// The laws of infiltration against their closed forms.
#include "cmk.h"

#include <math.h>

#include "sim/flood/soil.h"

#define MM_H (1e-3 / 3600)

static double after(const ct_flood_soil *s, double seconds, double dt_s, double depth_m) {
    double taken_m = 0;
    for (int i = 0; i < (int)(seconds / dt_s + 0.5); i++)
        taken_m += ct_flood__soil_take(s, taken_m, depth_m, 0, 0, dt_s);
    return taken_m;
}

static void constant_takes_its_rate(void **state) {
    (void)state;
    const ct_flood_soil s = {.kind = CT_FLOOD_SOIL_CONSTANT, .rate_ms = 36 * MM_H};
    assert_near(after(&s, 3600, 10, 1), 0.036, 1e-15);
    assert_near(ct_flood__soil_take(&s, 0, 4e-6, 0, 0, 1), 4e-6, 0); // what is there
    const ct_flood_soil full = {
        .kind = CT_FLOOD_SOIL_CONSTANT, .rate_ms = 36 * MM_H, .capacity_m = 0.01};
    assert_near(after(&full, 3600, 10, 1), 0.01, 1e-17);
}

static void horton_follows_its_curve_with_any_step(void **state) {
    (void)state;
    const ct_flood_soil s = {.kind = CT_FLOOD_SOIL_HORTON,
                             .rate_ms = 12 * MM_H,
                             .initial_ms = 120 * MM_H,
                             .decay_s = 4.0 / 3600};
    const double exact = 12e-3 + (120 - 12) * 1e-3 / 4 * (1 - exp(-4.0));
    assert_near(after(&s, 3600, 1, 1), exact, 1e-12);
    assert_near(after(&s, 3600, 600, 1), exact, 1e-14);
    assert_near(after(&s, 3600, 3600, 1), exact, 1e-14);
    // A soil that ends with nothing fills up.
    const ct_flood_soil ends = {
        .kind = CT_FLOOD_SOIL_HORTON, .initial_ms = 120 * MM_H, .decay_s = 4.0 / 3600};
    assert_near(after(&ends, 86400, 60, 1), 0.030, 1e-9);
    assert_true(ct_flood__soil_take(&ends, 0.030, 1, 0, 0, 60) == 0);
}

// Under rain that is less than it could take, it takes all, and later as much as if no time had
// gone by but that which it would have needed.
static void horton_does_not_tire_of_waiting(void **state) {
    (void)state;
    const ct_flood_soil s = {.kind = CT_FLOOD_SOIL_HORTON,
                             .rate_ms = 12 * MM_H,
                             .initial_ms = 120 * MM_H,
                             .decay_s = 4.0 / 3600};
    double taken_m = 0;
    for (int minute = 0; minute < 60; minute++)
        taken_m += ct_flood__soil_take(&s, taken_m, 6e-3 / 60, 0, 0, 60);
    assert_near(taken_m, 6e-3, 1e-15);
    double t = 0; // time at capacity for 6 mm, by bisection
    for (double low = 0, high = 3600; high - low > 1e-9;) {
        t = 0.5 * (low + high);
        const double f = 12e-3 * t / 3600 + 27e-3 * (1 - exp(-4 * t / 3600));
        if (f < 6e-3)
            low = t;
        else
            high = t;
    }
    const double f = 12e-3 * (t + 60) / 3600 + 27e-3 * (1 - exp(-4 * (t + 60) / 3600));
    assert_near(ct_flood__soil_take(&s, taken_m, 1, 0, 0, 60), f - 6e-3, 1e-13);
}

// K t = F - S ln(1 + F / S).
static void green_ampt_is_its_equation(void **state) {
    (void)state;
    const ct_flood_soil s = {.kind = CT_FLOOD_SOIL_GREEN_AMPT,
                             .rate_ms = 10.9 * MM_H,
                             .suction_m = 0.11,
                             .deficit = 0.3};
    const double steps[] = {1, 60, 3600};
    for (int i = 0; i < 3; i++) {
        const double f = after(&s, 7200, steps[i], 0.09), pull = (0.11 + 0.09) * 0.3;
        assert_near((f - pull * log1p(f / pull)) / (2 * 10.9e-3), 1, 1e-10);
    }
    const ct_flood_soil sated = {.kind = CT_FLOOD_SOIL_GREEN_AMPT, .rate_ms = 10.9 * MM_H};
    assert_near(after(&sated, 3600, 60, 1), 10.9e-3, 1e-15);
    const ct_flood_soil rock = {.kind = CT_FLOOD_SOIL_GREEN_AMPT, .suction_m = 1, .deficit = 1};
    assert_true(after(&rock, 3600, 60, 1) == 0);
}

// CN 80: S = 63.5 mm, Ia = 12.7 mm; of 100 mm 87.3^2 / 150.8 = 50.54 mm run off.
static void curve_number_keeps_its_share_of_the_rain(void **state) {
    (void)state;
    const ct_flood_soil s = {
        .kind = CT_FLOOD_SOIL_CURVE_NUMBER, .curve_number = 80, .abstraction = 0.2};
    double taken_m = 0, depth_m = 0;
    for (int i = 0; i < 100; i++) {
        depth_m += 1e-3;
        const double take_m = ct_flood__soil_take(&s, taken_m, depth_m, i * 1e-3, 1e-3, 60);
        if (i < 12) assert_near(take_m, 1e-3, 1e-15);
        taken_m += take_m;
        depth_m -= take_m;
    }
    assert_near(depth_m, 0.0873 * 0.0873 / 0.1508, 1e-12);
    assert_true(ct_flood__soil_take(&s, taken_m, depth_m, 0.1, 0, 60) == 0); // no rain
    const ct_flood_soil paved = {
        .kind = CT_FLOOD_SOIL_CURVE_NUMBER, .curve_number = 100, .abstraction = 0.2};
    assert_near(ct_flood__soil_take(&paved, 0, 1, 0.05, 1e-3, 60), 0, 1e-17);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constant_takes_its_rate),
        cmocka_unit_test(horton_follows_its_curve_with_any_step),
        cmocka_unit_test(horton_does_not_tire_of_waiting),
        cmocka_unit_test(green_ampt_is_its_equation),
        cmocka_unit_test(curve_number_keeps_its_share_of_the_rain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
