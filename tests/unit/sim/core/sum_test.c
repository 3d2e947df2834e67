// Block sums: equal bytes for any number of threads, error near one rounding.
#include "cmk.h"

#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "sim/core/sum.h"

static void same_bytes_for_any_threads(void **state) {
    (void)state;
    enum { N = 3 * CT_SUM_BLOCK + 77 };
    double *values = ct_calloc(N, sizeof *values);
    ct_sum *blocks = ct_calloc(ct_sum_blocks(N), sizeof *blocks);
    assert_non_null(values);
    assert_non_null(blocks);
    for (uint32_t i = 0; i < N; i++) values[i] = ct_rng_range(-1e6, 1e6, 1, i, 0, 0);
    double alone = ct_sum_array(NULL, values, N, blocks);
    for (int threads = 1; threads <= 3; threads++) {
        ct_pool *pool = ct_pool_new(threads);
        assert_non_null(pool);
        double shared = ct_sum_array(pool, values, N, blocks);
        assert_memory_equal(&alone, &shared, sizeof alone);
        ct_pool_free(pool);
    }
    ct_free(values);
    ct_free(blocks);
}

static void keeps_what_plain_addition_loses(void **state) {
    (void)state;
    double values[] = {1, 1e100, 1, -1e100};
    ct_sum blocks[1];
    assert_true(ct_sum_array(NULL, values, 4, blocks) == 2);
    ct_sum acc = {0};
    for (int i = 0; i < 10000000; i++) ct_sum_add(&acc, 0.1);
    assert_true(ct_sum_value(&acc) == 1e6); // plain addition is off by 1.6e-4
}

static void empty_and_exact_blocks(void **state) {
    (void)state;
    assert_int_equal(ct_sum_blocks(0), 0);
    assert_int_equal(ct_sum_blocks(CT_SUM_BLOCK), 1);
    assert_int_equal(ct_sum_blocks(CT_SUM_BLOCK + 1), 2);
    assert_true(ct_sum_array(NULL, NULL, 0, NULL) == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bytes_for_any_threads),
        cmocka_unit_test(keeps_what_plain_addition_loses),
        cmocka_unit_test(empty_and_exact_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
