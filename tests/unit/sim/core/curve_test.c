// Curves: linear, in steps, means, integrals.
#include "cmk.h"

#include <math.h>

#include "sim/core/curve.h"

static void points_hold_and_integrate(void **state) {
    (void)state;
    double x[] = {10, 20, 40}, y[] = {1, 3, 0};
    const ct_curve s = {3, x, y};
    assert_true(ct_curve_at(&s, 0) == 1 && ct_curve_at(&s, 15) == 2);
    assert_true(ct_curve_at(&s, 20) == 3 && ct_curve_at(&s, 99) == 0);
    assert_true(ct_curve_integral(&s, 0, 10) == 0);
    assert_true(ct_curve_integral(&s, 0, 15) == 5);
    assert_true(ct_curve_integral(&s, 15, 30) == 5 + 30);
    assert_true(ct_curve_integral(&s, 0, 100) == 10 + 60);
    assert_true(ct_curve_integral(&s, 50, 100) == 0);
    assert_true(ct_curve_mean(&s, 0, 20) == 1.5);
    assert_true(fabs(ct_curve_mean(&s, 12, 14) - 1.6) < 1e-15);
    assert_true(fabs(ct_curve_mean(&s, 15, 60) - (12.5 + 30) / 45) < 1e-15);
    assert_true(ct_curve_mean(&s, 50, 60) == 0);
    const ct_curve none = {0};
    assert_true(ct_curve_integral(&none, 0, 10) == 0);
    assert_true(ct_curve_since(&none, 5) == 0 && isinf(ct_curve_next(&none, 5)));
    assert_true(ct_curve_since(&s, 9) == 0 && ct_curve_since(&s, 10) == 1);
    assert_true(ct_curve_since(&s, 39) == 3 && ct_curve_since(&s, 99) == 0);
    assert_true(ct_curve_next(&s, 0) == 10 && ct_curve_next(&s, 10) == 20);
    assert_true(ct_curve_next(&s, 39) == 40 && isinf(ct_curve_next(&s, 40)));
    assert_true(ct_curve_below(&s, 5) == 1 && ct_curve_below(&s, 10) == 3);
    assert_true(ct_curve_below(&s, 39) == 0 && ct_curve_below(&s, 99) == 0);
}

static void a_copy_is_its_own(void **state) {
    (void)state;
    double x[] = {1, 2}, y[] = {3, 4};
    ct_curve copy, empty;
    assert_int_equal(ct_curve_copy(&copy, x, y, 2), CT_OK);
    x[0] = y[0] = 9;
    assert_true(copy.count == 2 && copy.x[0] == 1 && copy.y[0] == 3 && ct_curve_at(&copy, 2) == 4);
    ct_curve_free(&copy);
    assert_true(copy.count == 0 && !copy.x);
    assert_int_equal(ct_curve_copy(&empty, NULL, NULL, 0), CT_OK);
    assert_true(empty.count == 0 && !empty.x);
    ct_curve_free(&empty);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_hold_and_integrate),
        cmocka_unit_test(a_copy_is_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
