// Design storms: the formula's numbers, the Chicago course, what is refused.
#include "cmk.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "sim/core/storm.h"

#define FORMULA "\"a_l_s_ha\":2001,\"c\":0.811,\"b_min\":8,\"n\":0.711"

static ct_err read(ct_storm *out, const char *text) {
    json_t *json = json_loads(text, 0, NULL);
    assert_non_null(json);
    const ct_err err = ct_storm_read(out, json, "rain.storm");
    json_decref(json);
    return err;
}

static ct_storm storm_of(const char *more) {
    char text[300];
    ct_storm s;
    snprintf(text, sizeof text, "{" FORMULA "%s}", more);
    assert_int_equal(read(&s, text), CT_OK);
    return s;
}

// q = 2001 (1 + 0.811 lg P) / (t + 8)^0.711 worked out by hand for P = 10, t = 60:
// 2001 * 1.811 / 68^0.711 = 3623.811 / 20.0890... L/(s ha).
static void the_depth_is_the_formulas(void **state) {
    (void)state;
    const ct_storm s = storm_of(",\"return_period_years\":10,\"duration_min\":60");
    const double q = 2001 * 1.811 / exp(0.711 * log(68)), depth = q * 1e-7 * 3600;
    assert_true(fabs(q - 180.38) < 0.05); // 64.9 mm in the hour
    assert_true(fabs(ct_storm_depth_m(&s, 3600) / depth - 1) < 1e-14);
    assert_true(ct_storm_depth_m(&s, 0) == 0 && ct_storm_depth_m(&s, -5) == 0);
    assert_true(ct_storm_depth_m(&s, 1e9) == ct_storm_depth_m(&s, 3600));
    // One year: lg 1 = 0.
    const ct_storm one = storm_of(",\"return_period_years\":1,\"duration_min\":60");
    assert_true(fabs(ct_storm_depth_m(&s, 3600) / ct_storm_depth_m(&one, 3600) / 1.811 - 1) <
                1e-14);
}

// What makes a storm one of Chicago: the heaviest stretch of any length has the formula's depth.
static void every_stretch_round_the_peak_has_its_depth(void **state) {
    (void)state;
    const ct_storm s =
        storm_of(",\"return_period_years\":50,\"duration_min\":120,\"peak_ratio\":0.35");
    const double peak = 0.35 * 7200;
    for (double t_min = 5; t_min <= 120; t_min += 5) {
        const double before = 0.35 * t_min * 60, after = 0.65 * t_min * 60;
        const double got = ct_storm_depth_m(&s, peak + after) - ct_storm_depth_m(&s, peak - before);
        const double q = 2001 * (1 + 0.811 * log10(50)) / pow(t_min + 8, 0.711);
        assert_true(fabs(got / (q * 1e-7 * t_min * 60) - 1) < 1e-12);
    }
}

static void steps_add_up(void **state) {
    (void)state;
    static const char *const k_more[] = {
        ",\"return_period_years\":5,\"duration_min\":120,\"step_min\":5",
        ",\"return_period_years\":5,\"duration_min\":121,\"step_min\":5,\"peak_ratio\":0",
        ",\"return_period_years\":5,\"duration_min\":7,\"step_min\":30,\"peak_ratio\":1",
        ",\"return_period_years\":5,\"duration_min\":0.3e2,\"step_min\":0.1,\"begin_s\":600"};
    static const size_t k_steps[] = {24, 25, 1, 300};
    for (size_t k = 0; k < 4; k++) {
        const ct_storm s = storm_of(k_more[k]);
        double sum = 0, most = 0;
        size_t at = 0;
        const size_t n = ct_storm_steps(&s);
        assert_int_equal(n, k_steps[k]);
        for (size_t i = 0; i < n; i++) {
            const double rate = ct_storm_intensity_ms(&s, i);
            assert_true(rate > 0);
            sum += rate * (ct_storm_time_s(&s, i + 1) - ct_storm_time_s(&s, i));
            if (rate > most) most = rate, at = i;
        }
        assert_true(fabs(sum / ct_storm_depth_m(&s, s.duration_s) - 1) < 1e-12);
        assert_true(ct_storm_time_s(&s, 0) == s.begin_s);
        assert_true(ct_storm_time_s(&s, n) == s.begin_s + s.duration_s);
        const double peak = s.begin_s + s.peak_ratio * s.duration_s;
        assert_true(ct_storm_time_s(&s, at) <= peak &&
                    peak <= ct_storm_time_s(&s, at + 1) + s.step_s);
    }
}

static void what_is_no_storm_is_named(void **state) {
    (void)state;
    static const struct {
        const char *text, *error, *message;
    } k_cases[] = {
        {"[]", "PARSE", "rain.storm: not a JSON object"},
        {"{}", "PARSE", "field \"a_l_s_ha\" is missing"},
        {"{" FORMULA ",\"duration_min\":60}", "PARSE", "\"return_period_years\" is missing"},
        {"{" FORMULA ",\"return_period_years\":5,\"duration_min\":60,\"peak\":1}", "PARSE",
         "unknown field \"peak\""},
        {"{" FORMULA ",\"return_period_years\":5,\"duration_min\":0}", "RANGE",
         "rain.storm.duration_min: 0 is not in"},
        {"{" FORMULA ",\"return_period_years\":5,\"duration_min\":60,\"peak_ratio\":2}", "RANGE",
         "rain.storm.peak_ratio: 2"},
        {"{" FORMULA ",\"return_period_years\":5,\"duration_min\":1001,\"step_min\":0.1}", "LIMIT",
         "rain.storm.step_min: 0.1 min makes over 10000 steps"},
        {"{\"a_l_s_ha\":900,\"c\":2,\"b_min\":5,\"n\":0.6,\"return_period_years\":0.3,"
         "\"duration_min\":60}",
         "RANGE", "1 + c lg P is not above 0 for a return period of 0.3 years"},
        {"{\"a_l_s_ha\":900,\"c\":2,\"b_min\":20,\"n\":1.2,\"return_period_years\":3,"
         "\"duration_min\":120}",
         "RANGE",
         "rain.storm.duration_min: 120: with n = 1.2 the formula's depth shrinks from 100"},
    };
    for (size_t i = 0; i < sizeof k_cases / sizeof *k_cases; i++) {
        ct_storm s;
        const ct_err err = read(&s, k_cases[i].text);
        if (strcmp(ct_err_name(err), k_cases[i].error) != 0 ||
            !strstr(ct_err_message(), k_cases[i].message))
            fail_msg("%s: %s", k_cases[i].text, ct_err_message());
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_depth_is_the_formulas),
        cmocka_unit_test(every_stretch_round_the_peak_has_its_depth),
        cmocka_unit_test(steps_add_up),
        cmocka_unit_test(what_is_no_storm_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
