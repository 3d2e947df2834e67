// Runoff of planes against closed forms; infiltration against its own integrals; volumes close.
#include "cmk.h"

#include <math.h>
#include <string.h>

#include "sim/runoff/runoff.h"

static const double k_mm_h = 1e-3 / 3600;

static ct_runoff_area roof(void) {
    return (ct_runoff_area){.area_m2 = 1e4,
                            .width_m = 100,
                            .slope = 0.01,
                            .impervious = 1,
                            .no_storage = 1,
                            .manning_impervious = 0.015,
                            .manning_pervious = 0.2,
                            .gage = 0,
                            .to = CT_RUNOFF_NONE};
}

static ct_runoff_area meadow(void) {
    ct_runoff_area a = roof();
    a.impervious = 0;
    a.storage_pervious_m = 0.002;
    a.soil = (ct_soil){.kind = CT_SOIL_HORTON,
                       .first_ms = 60 * k_mm_h,
                       .last_ms = 6 * k_mm_h,
                       .decay_s = 4.0 / 3600,
                       .dry_s = 7 * 86400};
    return a;
}

static ct_runoff *open_areas(const ct_runoff_area *areas, size_t count) {
    ct_runoff *r;
    if (ct_runoff_open(&r, areas, count) != CT_OK) fail_msg("%s", ct_err_message());
    return r;
}

static void run(ct_runoff *r, int steps, double dt, double rain, double evaporation) {
    for (int i = 0; i < steps; i++) ct_runoff_step(r, dt, &rain, evaporation);
}

static void assert_closed(const ct_runoff *r) {
    ct_runoff_ledger l;
    ct_runoff_ledger_get(r, &l);
    assert_near(l.error_m3, 0, 1e-10 * (l.rain_m3 + 1));
}

// Steady: what falls runs off. Then d^(-2/3) grows by 2/3 alpha t.
static void steady_and_receding(void **state) {
    (void)state;
    const ct_runoff_area a = roof();
    ct_runoff *r = open_areas(&a, 1);
    const double rain = 50 * k_mm_h, alpha = 100 * sqrt(0.01) / (1e4 * 0.015);
    run(r, 200, 60, rain, 0);
    assert_near(ct_runoff_flow(r)[0], rain * 1e4, 1e-9);
    const double d0 = pow(rain / alpha, 0.6);
    run(r, 5, 120, 0, 0);
    const double d1 = pow(pow(d0, -2.0 / 3) + 2.0 / 3 * alpha * 600, -1.5);
    assert_near(ct_runoff_flow(r)[0] / (alpha * pow(d1, 5.0 / 3) * 1e4), 1, 1e-4);
    assert_closed(r);
    ct_runoff_close(r);
}

// What the hollows hold does not run off; it evaporates.
static void depression_storage(void **state) {
    (void)state;
    ct_runoff_area a = roof();
    a.no_storage = 0;
    a.storage_impervious_m = 0.003;
    ct_runoff *r = open_areas(&a, 1);
    run(r, 30, 60, 4 * k_mm_h, 0); // 2 mm
    assert_near(ct_runoff_flow(r)[0], 0, 0);
    run(r, 20, 3600, 0, 1 * k_mm_h);
    ct_runoff_ledger l;
    ct_runoff_ledger_get(r, &l);
    assert_near(l.evaporated_m3, 20, 1e-9);
    assert_near(l.stored_m3, 0, 1e-9);
    assert_closed(r);
    ct_runoff_close(r);
}

// The paved quarter of four hectares whose soil takes all is a hectare that is paved.
static void a_part_is_as_wide_as_the_area(void **state) {
    (void)state;
    ct_runoff_area whole = roof(), quarter = meadow();
    whole.width_m = quarter.width_m = 50;
    whole.no_storage = quarter.no_storage = 0.25;
    quarter.area_m2 = 4e4;
    quarter.impervious = 0.25;
    quarter.soil.first_ms = quarter.soil.last_ms = 1e3 * k_mm_h;
    ct_runoff *r = open_areas(&whole, 1), *s = open_areas(&quarter, 1);
    for (int i = 0; i < 20; i++) {
        run(r, 1, 60, i < 10 ? 50 * k_mm_h : 0, 0);
        run(s, 1, 60, i < 10 ? 50 * k_mm_h : 0, 0);
        assert_near(ct_runoff_flow(s)[0] / ct_runoff_flow(r)[0], 1, 1e-12);
    }
    ct_runoff_close(r);
    ct_runoff_close(s);
}

static double infiltrated(ct_soil soil, double rain, int steps, double dt) {
    ct_soil_state z;
    double sum = 0;
    ct_soil_begin(&z, &soil);
    for (int i = 0; i < steps; i++) sum += ct_soil_step(&z, &soil, rain, 0, dt) * dt;
    return sum;
}

static void horton(void **state) {
    (void)state;
    const ct_soil s = meadow().soil;
    // under more rain than it takes: its integral
    const double hour = 6e-3 + 54e-3 / 4 * (1 - exp(-4.0));
    assert_near(infiltrated(s, 100 * k_mm_h, 60, 60), hour, 1e-12);
    assert_near(infiltrated(s, 100 * k_mm_h, 4, 900), hour, 1e-12);
    // under less rain all goes in until the curve falls below it
    assert_near(infiltrated(s, 5 * k_mm_h, 60, 60), 5e-3, 1e-15);
    ct_soil m = s;
    m.kind = CT_SOIL_MODIFIED_HORTON; // the same where rain is plenty
    assert_near(infiltrated(m, 100 * k_mm_h, 36000, 0.1), hour, 1e-5);
    m.decay_s = 0; // stays at its first rate
    assert_near(infiltrated(m, 100 * k_mm_h, 60, 60), 60e-3, 1e-12);
    m.kind = CT_SOIL_HORTON;
    assert_near(infiltrated(m, 100 * k_mm_h, 60, 60), 60e-3, 1e-12);
}

static void horton_recovers(void **state) {
    (void)state;
    const ct_soil s = meadow().soil;
    ct_soil_state z;
    ct_soil_begin(&z, &s);
    for (int i = 0; i < 120; i++) (void)ct_soil_step(&z, &s, 100 * k_mm_h, 0, 60);
    assert_near(ct_soil_step(&z, &s, 100 * k_mm_h, 0, 1), 6 * k_mm_h, 0.05 * k_mm_h);
    for (int i = 0; i < 7 * 24; i++) (void)ct_soil_step(&z, &s, 0, 0, 3600);
    assert_near(ct_soil_step(&z, &s, 100 * k_mm_h, 0, 1), (6 + 54 * 0.98) * k_mm_h, 0.1 * k_mm_h);
}

// F - a ln(1 + F / a) = K t.
static void green_ampt(void **state) {
    (void)state;
    const ct_soil s = {.kind = CT_SOIL_GREEN_AMPT,
                       .suction_m = 0.11,
                       .conductivity_ms = 10 * k_mm_h,
                       .deficit = 0.3};
    const double f = infiltrated(s, 500 * k_mm_h, 36000, 0.1), a = 0.11 * 0.3;
    assert_near(f - a * log(1 + f / a), 10e-3, 2e-5);
    assert_near(infiltrated(s, 5 * k_mm_h, 60, 60), 5e-3, 1e-15);
    ct_soil wet = s, loose = s; // nothing draws: the conductivity alone
    wet.deficit = 0;
    loose.suction_m = 0;
    assert_near(infiltrated(wet, 500 * k_mm_h, 60, 60), 10e-3, 1e-12);
    assert_near(infiltrated(loose, 500 * k_mm_h, 60, 60), 10e-3, 1e-12);
}

// Runoff of a rain P: P^2 / (P + S).
static void curve_number(void **state) {
    (void)state;
    const ct_soil s = {.kind = CT_SOIL_CURVE_NUMBER, .retention_m = 0.06, .dry_s = 4 * 86400};
    assert_near(infiltrated(s, 40 * k_mm_h, 120, 60), 0.08 - 0.08 * 0.08 / (0.08 + 0.06), 1e-12);
}

// What runs onto soil is no rain of its event.
static void curve_number_of_run_on(void **state) {
    (void)state;
    ct_runoff_area a[2] = {roof(), meadow()};
    a[0].to = 1;
    a[1].gage = CT_RUNOFF_NONE;
    a[1].soil = (ct_soil){.kind = CT_SOIL_CURVE_NUMBER, .retention_m = 0.06, .dry_s = 4 * 86400};
    ct_runoff *r = open_areas(a, 2);
    ct_runoff_ledger l;
    run(r, 60, 60, 30 * k_mm_h, 0);
    ct_runoff_ledger_get(r, &l);
    assert_near(l.infiltrated_m3, 0, 0);
    assert_closed(r);
    ct_runoff_close(r);
    a[1].gage = 0; // but while it stands there it goes in as before, after the rain too
    r = open_areas(a, 2);
    run(r, 60, 60, 30 * k_mm_h, 0);
    ct_runoff_ledger_get(r, &l);
    assert_near(l.infiltrated_m3, 1e4 * (0.03 - 0.03 * 0.03 / 0.09), 1e-9);
    run(r, 1, 60, 0, 0);
    const double before = l.infiltrated_m3;
    ct_runoff_ledger_get(r, &l);
    assert_true(l.infiltrated_m3 > before);
    assert_closed(r);
    ct_runoff_close(r);
}

// Without an area water runs on, without a width it stays.
static void areas_without_size(void **state) {
    (void)state;
    ct_runoff_area a[3] = {roof(), roof(), roof()};
    a[0].to = 1;
    a[1].area_m2 = 0;
    a[2].width_m = 0;
    a[2].manning_pervious = 0; // it has no such part
    ct_runoff *r = open_areas(a, 3);
    run(r, 200, 60, 30 * k_mm_h, 0);
    assert_near(ct_runoff_flow(r)[1], 30 * k_mm_h * 1e4, 1e-9);
    assert_near(ct_runoff_mean(r)[1], 30 * k_mm_h * 1e4, 1e-9);
    assert_near(ct_runoff_flow(r)[2], 0, 0);
    assert_closed(r);
    ct_runoff_close(r);
}

// Sums of many steps do not drift.
static void a_long_rain_closes(void **state) {
    (void)state;
    const ct_runoff_area a[3] = {roof(), meadow(), roof()};
    ct_runoff *r = open_areas(a, 3);
    ct_runoff_ledger l;
    run(r, 200000, 60, 7.1 * k_mm_h, 0.3 * k_mm_h);
    ct_runoff_ledger_get(r, &l);
    assert_near(l.error_m3, 0, 1e-14 * l.rain_m3);
    ct_runoff_close(r);
}

static void areas_run_onto_each_other(void **state) {
    (void)state;
    ct_runoff_area a[3] = {roof(), meadow(), roof()};
    a[0].to = 1;
    a[2].impervious = 0.5;
    a[2].soil = meadow().soil;
    a[2].route = CT_RUNOFF_TO_PERVIOUS;
    a[2].routed = 0.8;
    ct_runoff *r = open_areas(a, 3);
    run(r, 60, 60, 30 * k_mm_h, 0);
    assert_closed(r);
    run(r, 100, 300, 0, 0.1 * k_mm_h); // steps of another length lose nothing
    assert_closed(r);
    ct_runoff_ledger l;
    ct_runoff_ledger_get(r, &l);
    assert_near(l.rain_m3, 3 * 1e4 * 30e-3, 1e-6);
    assert_true(l.infiltrated_m3 > 0.2 * l.rain_m3 && l.left_m3 > 0.2 * l.rain_m3);
    ct_runoff_close(r);
}

static void what_is_refused(void **state) {
    (void)state;
    ct_runoff *r = NULL;
    ct_runoff_area a[2] = {roof(), roof()};
    a[1].to = 1;
    assert_int_equal(ct_runoff_open(&r, a, 2), CT_ARG);
    assert_string_equal(ct_err_message(), "areas[1]: to: 1 is no other area");
    a[1] = meadow();
    a[1].soil.first_ms = 0;
    assert_int_equal(ct_runoff_open(&r, a, 2), CT_RANGE);
    a[1] = roof();
    a[1].width_m = -1;
    assert_int_equal(ct_runoff_open(&r, a, 2), CT_RANGE);
    assert_null(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_and_receding),
        cmocka_unit_test(depression_storage),
        cmocka_unit_test(a_part_is_as_wide_as_the_area),
        cmocka_unit_test(horton),
        cmocka_unit_test(horton_recovers),
        cmocka_unit_test(green_ampt),
        cmocka_unit_test(curve_number),
        cmocka_unit_test(curve_number_of_run_on),
        cmocka_unit_test(areas_without_size),
        cmocka_unit_test(a_long_rain_closes),
        cmocka_unit_test(areas_run_onto_each_other),
        cmocka_unit_test(what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
