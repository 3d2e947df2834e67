// Decimal numbers: the same doubles as strtod's, to the bit, for millions of texts; where they end.
#include "cmk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/rng.h"

static void same_as_library(const char *text) {
    double got = NAN;
    char *end = NULL;
    const double want = strtod(text, &end);
    const char *behind = ct_decimal_read(&got, text, text + strlen(text));
    if (behind != end || memcmp(&got, &want, sizeof got) != 0)
        fail_msg("\"%s\": %a, %a expected; ends at %td of %td", text, got, want,
                 behind ? behind - text : -1, end - text);
}

static void special_texts(void **state) {
    (void)state;
    static const char *const texts[] = {"0",
                                        "-0",
                                        "-0.0",
                                        "1",
                                        "1.",
                                        ".5",
                                        "+7",
                                        "-.25e2",
                                        "9007199254740993",
                                        "9007199254740992.5",
                                        "9007199254740993.0000000001",
                                        "18446744073709551615",
                                        "9999999999999999999",
                                        "99999999999999999999",
                                        "0.3",
                                        "1e22",
                                        "1e23",
                                        "8.5e22",
                                        "123456789012345678e-19",
                                        "9007199254740993e3",
                                        "4503599627370497.5",
                                        "4503599627370496.5",
                                        "2.5e-324",
                                        "4.9e-324",
                                        "1.7976931348623157e308",
                                        "1e400",
                                        "-1e400",
                                        "1e-400",
                                        "1e99999999999",
                                        "1e-99999999999",
                                        "0e99999999999",
                                        "00000000000000000000000000001.5",
                                        "0.00000000000000000000000000015",
                                        "3.14159265358979323846264338327950288",
                                        "1e",
                                        "1e+",
                                        "1.5ex",
                                        "1 2",
                                        "12,3"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) same_as_library(texts[i]);
}

static void millions_of_random_texts(void **state) {
    (void)state;
    enum { COUNT = 3000000 };
    char text[80];
    for (uint64_t i = 0; i < COUNT; i++) {
        const uint64_t digits = ct_rng_u64(1, i, 0, 0) >> (ct_rng_u64(1, i, 1, 0) % 64);
        const int point = (int)(ct_rng_u64(1, i, 2, 0) % 21);
        int n = snprintf(text, sizeof text, "%llu", (unsigned long long)digits);
        if (point < n) { // 12345 -> 12.345
            memmove(text + point + 1, text + point, (size_t)(n - point + 1));
            text[point] = '.';
            n++;
        }
        if (i % 3 == 0)
            snprintf(text + n, sizeof text - (size_t)n, "e%d",
                     (int)(ct_rng_u64(1, i, 3, 0) % (i % 2 ? 50 : 700)) - (i % 2 ? 25 : 350));
        same_as_library(text);
    }
}

// Halves between two doubles and their neighbours: where rounding is decided by the last digit.
static void ties(void **state) {
    (void)state;
    enum { COUNT = 300000 };
    char text[80];
    for (uint64_t i = 0; i < COUNT; i++) {
        const uint64_t odd = ((ct_rng_u64(2, i, 0, 0) >> 10) | 1ULL << 53) + 1; // 54 bits
        const int down = (int)(ct_rng_u64(2, i, 1, 0) % 4);                     // halves of it
        snprintf(text, sizeof text, "%llu.%s", (unsigned long long)(odd >> down),
                 (const char *[]){"0", "5", "25", "125"}[down]);
        same_as_library(text);
        snprintf(text, sizeof text, "%llue-%d", (unsigned long long)(odd * 5 * (1 + down)), down);
        same_as_library(text);
        snprintf(text, sizeof text, "%llu", (unsigned long long)(odd | 1));
        same_as_library(text);
    }
}

static void no_numbers(void **state) {
    (void)state;
    static const char *const texts[] = {"", "-", "+", ".", "-.", "e5", "x", " 1", "inf", "nan"};
    double got = -7;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_null(ct_decimal_read(&got, texts[i], texts[i] + strlen(texts[i])));
    char longer[500];
    memset(longer, '1', sizeof longer);
    assert_null(ct_decimal_read(&got, longer, longer + sizeof longer));
    assert_true(got == -7);
    // no more than it may
    static const char text[] = "1234.5e6";
    assert_ptr_equal(ct_decimal_read(&got, text, text + 3), text + 3);
    assert_true(got == 123);
    assert_ptr_equal(ct_decimal_read(&got, text, text + 7), text + 6);
    assert_true(got == 1234.5);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(special_texts),
                                       cmocka_unit_test(millions_of_random_texts),
                                       cmocka_unit_test(ties), cmocka_unit_test(no_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
