// Laws of infiltration: integrals and inverses against their equations, and at their ends.
#include "cmk.h"

#include <math.h>

#include "sim/core/infiltration.h"

static void horton_and_its_inverse(void **state) {
    (void)state;
    const ct_horton law = {120e-3 / 3600, 12e-3 / 3600, 4.0 / 3600};
    assert_near(ct_horton_depth_m(&law, 3600), 12e-3 + 27e-3 * (1 - exp(-4.0)), 1e-15);
    assert_near(ct_horton_depth_m(&law, 0), 0, 0);
    for (double t = 1; t < 1e6; t *= 7)
        assert_near(ct_horton_time_s(&law, ct_horton_depth_m(&law, t)) / t, 1, 1e-9);
    const ct_horton ends = {120e-3 / 3600, 0, 4.0 / 3600}; // 30 mm in all
    assert_true(isinf(ct_horton_time_s(&ends, 0.0301)));
    assert_true(isfinite(ct_horton_time_s(&ends, 0.0299)));
    const ct_horton nothing = {0, 0, 1};
    assert_true(isinf(ct_horton_time_s(&nothing, 0)));
}

static void green_ampt_solves_its_equation(void **state) {
    (void)state;
    static const double k_taken[] = {0, 1e-9, 1e-3, 0.2, 10};
    const double k = 3e-6, pull = 0.03;
    for (int i = 0; i < 5; i++) {
        for (double dt = 0.1; dt < 1e5; dt *= 10) {
            const double x = ct_green_ampt_depth_m(k, pull, k_taken[i], dt);
            assert_near((x - pull * log1p(x / (k_taken[i] + pull))) / (k * dt), 1, 1e-6);
        }
    }
    assert_near(ct_green_ampt_depth_m(k, 0, 0, 100), 3e-4, 1e-18); // no pull: conductivity alone
    assert_near(ct_green_ampt_depth_m(0, pull, 0, 100), 0, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(horton_and_its_inverse),
        cmocka_unit_test(green_ampt_solves_its_equation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
