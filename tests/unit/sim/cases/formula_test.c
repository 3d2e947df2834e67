// Formulas of case files.
#include "cmk.h"

#include <math.h>
#include <string.h>

#include "sim/cases/formula.h"

static const char *const k_names[] = {"x", "y"};

static double value(const char *text, double x, double y) {
    ct_formula *f;
    double out = NAN, at[2] = {x, y};
    assert_int_equal(ct_formula_new(&f, text, k_names, 2), CT_OK);
    assert_int_equal(ct_formula_at(&out, f, at), CT_OK);
    ct_formula_free(f);
    return out;
}

static void values_are_those_of_the_text(void **state) {
    (void)state;
    assert_true(value("1 + 2 * 3 ^ 2", 0, 0) == 19);
    assert_true(value("x < 10 ? 10 - x / 4 : y", 2, 7) == 9.5);
    assert_true(value("x < 10 ? 10 - x / 4 : y", 11, 7) == 7);
    assert_true(value("max(0, min(x, y))", -3, 4) == 0);
    assert_true(fabs(value("cos(pi * x)", 1, 0) + 1) < 1e-15);
    assert_true(fabs(value("log(e)", 0, 0) - 1) < 1e-15); // natural
}

static void one_formula_serves_many_places(void **state) {
    (void)state;
    ct_formula *f;
    assert_int_equal(ct_formula_new(&f, "x * y", k_names, 2), CT_OK);
    for (int i = 0; i < 100; i++) {
        double out = 0, at[2] = {i, i + 1};
        assert_int_equal(ct_formula_at(&out, f, at), CT_OK);
        assert_true(out == (double)i * (i + 1));
    }
    ct_formula_free(f);
}

static void what_is_wrong_is_told(void **state) {
    (void)state;
    static const char *const texts[] = {"1 +", "x + z", "sin(", "1 2", "", "x = 3 4"};
    ct_formula *f = NULL;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(ct_formula_new(&f, texts[i], k_names, 2), CT_PARSE);
        assert_null(f);
    }
    assert_int_equal(ct_formula_new(&f, "x + z", k_names, 2), CT_PARSE);
    assert_non_null(strstr(ct_err_message(), "z"));
    char text[CT_FORMULA_MAX_BYTES + 2];
    memset(text, '1', sizeof text - 1);
    text[sizeof text - 1] = 0;
    assert_int_equal(ct_formula_new(&f, text, k_names, 2), CT_LIMIT);
}

static void not_finite_is_an_error(void **state) {
    (void)state;
    ct_formula *f;
    double out = 5, at[2] = {0, 0};
    assert_int_equal(ct_formula_new(&f, "1 / x", k_names, 2), CT_OK);
    assert_int_equal(ct_formula_at(&out, f, at), CT_RANGE);
    assert_true(out == 5);
    at[0] = 4;
    assert_int_equal(ct_formula_at(&out, f, at), CT_OK); // it goes on after an error
    assert_true(out == 0.25);
    ct_formula_free(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_those_of_the_text),
        cmocka_unit_test(one_formula_serves_many_places),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(not_finite_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
