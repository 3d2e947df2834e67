// The text map: what was put is found, replaced values count once, growth loses nothing, failed
// allocations harm nothing.
#include "cmk.h"

#include <stdio.h>

#include "base/mem.h"
#include "base/strmap.h"

#define N 5000

static void finds_what_was_put(void **state) {
    (void)state;
    static char keys[N][16];
    ct_strmap *map = ct_strmap_new(0);
    assert_non_null(map);
    for (size_t i = 0; i < N; i++) {
        snprintf(keys[i], sizeof keys[i], "device-%zu", i * 7919);
        assert_int_equal(ct_strmap_put(map, keys[i], i), CT_OK);
    }
    assert_int_equal(ct_strmap_put(map, "device-0", 77), CT_OK);
    assert_int_equal(ct_strmap_count(map), N);
    size_t value = 1;
    for (size_t i = 0; i < N; i++) {
        assert_true(ct_strmap_get(&value, map, keys[i]));
        assert_int_equal(value, i ? i : 77);
    }
    assert_false(ct_strmap_get(&value, map, "device-1"));
    assert_false(ct_strmap_get(&value, map, ""));
    ct_strmap_free(map);
}

static void survives_failed_growth(void **state) {
    (void)state;
    static char keys[64][8];
    ct_strmap *map = ct_strmap_new(0);
    size_t put = 0, value;
    for (; put < 64; put++) {
        snprintf(keys[put], sizeof keys[put], "k%zu", put);
        ct_mem_fail_at(1, true);
        const ct_err err = ct_strmap_put(map, keys[put], put);
        ct_mem_fail_at(0, false);
        if (err == CT_NOMEM) break;
        assert_int_equal(err, CT_OK);
    }
    assert_true(put > 0 && put < 64);
    assert_int_equal(ct_strmap_put(map, keys[put], put), CT_OK);
    for (size_t i = 0; i <= put; i++) {
        assert_true(ct_strmap_get(&value, map, keys[i]));
        assert_int_equal(value, i);
    }
    ct_strmap_free(map);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_put),
        cmocka_unit_test(survives_failed_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
