// Random numbers: the published vectors of Philox 4x32-10, and the laws of the draws.
#include "cmk.h"

#include <math.h>
#include <stdbool.h>

#include "base/rng.h"

// The known answers that the authors publish with Random123 (kat_vectors, philox4x32 10).
static void philox_known_answers(void **state) {
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], answer[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t out[4];
        ct_rng_philox(out, known[i].counter, known[i].key);
        assert_memory_equal(out, known[i].answer, sizeof out);
    }
    // seed 0x299f31d0a4093822, entity 0x85a308d3243f6a88 is the third vector
    assert_true(ct_rng_u64(0x299f31d0a4093822u, 0x85a308d3243f6a88u, 0x13198a2e, 0x03707344) ==
                0x94fdccebd16cfe09u);
}

static void every_argument_counts(void **state) {
    (void)state;
    uint64_t base = ct_rng_u64(1, 2, 3, 4);
    assert_true(base == ct_rng_u64(1, 2, 3, 4));
    assert_true(base != ct_rng_u64(2, 2, 3, 4));
    assert_true(base != ct_rng_u64(1 + (UINT64_C(1) << 40), 2, 3, 4));
    assert_true(base != ct_rng_u64(1, 3, 3, 4));
    assert_true(base != ct_rng_u64(1, 2 + (UINT64_C(1) << 40), 3, 4));
    assert_true(base != ct_rng_u64(1, 2, 4, 4));
    assert_true(base != ct_rng_u64(1, 2, 3, 5));
}

static void unit_is_uniform(void **state) {
    (void)state;
    enum { N = 100000, BINS = 20 };
    int bins[BINS] = {0};
    double sum = 0;
    for (uint32_t i = 0; i < N; i++) {
        double u = ct_rng_unit(42, 7, i, 1);
        assert_true(u >= 0 && u < 1);
        bins[(int)(u * BINS)]++;
        sum += u;
    }
    assert_true(fabs(sum / N - 0.5) < 5 * sqrt(1.0 / 12 / N));
    double chi2 = 0;
    for (int b = 0; b < BINS; b++)
        chi2 += (bins[b] - (double)N / BINS) * (bins[b] - (double)N / BINS) / ((double)N / BINS);
    assert_true(chi2 < 43.8); // 19 degrees of freedom, one in a thousand
}

static void range_and_int_keep_their_ends(void **state) {
    (void)state;
    bool seen[6] = {false};
    for (uint32_t i = 0; i < 2000; i++) {
        double r = ct_rng_range(-3.0, 5.0, 1, i, 0, 0);
        assert_true(r >= -3.0 && r < 5.0);
        int64_t k = ct_rng_int(-2, 3, 1, i, 0, 0);
        assert_true(k >= -2 && k <= 3);
        seen[k + 2] = true;
    }
    for (int i = 0; i < 6; i++) assert_true(seen[i]);
    assert_true(ct_rng_int(9, 9, 1, 2, 3, 4) == 9);
    assert_true(ct_rng_int(INT64_MIN, INT64_MAX, 1, 2, 3, 4) !=
                ct_rng_int(INT64_MIN, INT64_MAX, 1, 2, 3, 5));
}

static void normal_has_its_moments(void **state) {
    (void)state;
    enum { N = 200000 };
    double s1 = 0, s2 = 0, s3 = 0, s4 = 0;
    for (uint32_t i = 0; i < N; i++) {
        double x = ct_rng_normal(3, 1, i, 2);
        assert_true(isfinite(x));
        s1 += x;
        s2 += x * x;
        s3 += x * x * x;
        s4 += x * x * x * x;
    }
    // five standard errors of each moment of N(0, 1): variances 1, 2, 15, 96 over N
    assert_true(fabs(s1 / N) < 5 * sqrt(1.0 / N));
    assert_true(fabs(s2 / N - 1) < 5 * sqrt(2.0 / N));
    assert_true(fabs(s3 / N) < 5 * sqrt(15.0 / N));
    assert_true(fabs(s4 / N - 3) < 5 * sqrt(96.0 / N));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_known_answers),   cmocka_unit_test(every_argument_counts),
        cmocka_unit_test(unit_is_uniform),        cmocka_unit_test(range_and_int_keep_their_ends),
        cmocka_unit_test(normal_has_its_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
