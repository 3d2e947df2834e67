// The memory door: what it gives, counts and fails on request.
#include "cmk.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "cimtwin/err.h"

static void blocks_are_counted(void **state) {
    (void)state;
    long live = ct_mem_live();
    char *a = ct_alloc(0), *b = ct_calloc(3, 5), *c = ct_realloc(NULL, 8);
    char *d = ct_alloc_aligned(64, 100), *e = ct_strdup("five"), *f = ct_sprintf("%d-%s", 7, "x");
    assert_non_null(a);
    assert_non_null(c);
    assert_int_equal(ct_mem_live(), live + 6);
    for (int i = 0; i < 15; i++) assert_int_equal(b[i], 0);
    assert_int_equal((uintptr_t)d % 64, 0);
    assert_string_equal(e, "five");
    assert_string_equal(f, "7-x");
    memcpy(c, "1234567", 8);
    c = ct_realloc(c, 100000);
    assert_string_equal(c, "1234567");
    assert_int_equal(ct_mem_live(), live + 6);
    ct_free(a);
    ct_free(b);
    ct_free(c);
    ct_free(d);
    ct_free(e);
    ct_free(f);
    ct_free(NULL);
    assert_int_equal(ct_mem_live(), live);
}

static void strndup_stops_at_the_end(void **state) {
    (void)state;
    char *a = ct_strndup("riverside", 5), *b = ct_strndup("river", 50);
    assert_string_equal(a, "river");
    assert_string_equal(b, "river");
    ct_free(a);
    ct_free(b);
}

static void overflow_is_refused(void **state) {
    (void)state;
    size_t product = 77;
    assert_true(ct_mul_ok(6, 7, &product));
    assert_int_equal(product, 42);
    assert_false(ct_mul_ok(SIZE_MAX / 2, 3, &product));
    long live = ct_mem_live();
    (void)ct_fail(CT_OK, "%s", "");
    assert_null(ct_calloc(SIZE_MAX / 2, 3));
    assert_non_null(strstr(ct_err_message(), "out of memory"));
    assert_int_equal(ct_mem_live(), live);
}

static void nth_allocation_fails(void **state) {
    (void)state;
    long live = ct_mem_live();
    ct_mem_fail_at(2, false);
    char *a = ct_alloc(10);
    assert_false(ct_mem_failed());
    assert_null(ct_strdup("x"));
    assert_true(ct_mem_failed());
    char *b = ct_alloc(10);
    assert_non_null(a);
    assert_non_null(b);
    ct_mem_fail_at(0, false);
    assert_false(ct_mem_failed());
    ct_free(b);

    ct_mem_fail_at(1, true);
    assert_null(ct_alloc(1));
    assert_null(ct_calloc(1, 1));
    assert_null(ct_alloc_aligned(16, 1));
    assert_null(ct_sprintf("x"));
    // The old block is still there after a failed growth
    a[0] = 'q';
    assert_null(ct_realloc(a, 1 << 20));
    assert_int_equal(a[0], 'q');
    ct_mem_fail_at(0, false);
    ct_free(a);
    assert_int_equal(ct_mem_live(), live);
}

static void *churn(void *unused) {
    (void)unused;
    for (size_t i = 0; i < 20000; i++) ct_free(ct_alloc(i % 100));
    return NULL;
}

static void threads_keep_the_count(void **state) {
    (void)state;
    pthread_t threads[4];
    long live = ct_mem_live();
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, churn, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    assert_int_equal(ct_mem_live(), live);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_counted),     cmocka_unit_test(strndup_stops_at_the_end),
        cmocka_unit_test(overflow_is_refused),    cmocka_unit_test(nth_allocation_fails),
        cmocka_unit_test(threads_keep_the_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
