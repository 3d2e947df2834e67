// The cache alone: what is kept, in which order it goes, versions.
#include <string.h>

#include "base/mem.h"
#include "cmk.h"
#include "tiles/cache.h"

static ct_tiles__data *data_of(size_t length, int64_t version) {
    ct_tiles__data *d = NULL;
    void *bytes = ct_alloc(length);
    assert_non_null(bytes);
    memset(bytes, 7, length);
    assert_int_equal(ct_tiles__data_new(&d, bytes, length, false, "\"tag\"", version), CT_OK);
    return d;
}

static ct_hash128 key_of(uint64_t n) {
    return ct_hash_bytes(&n, sizeof n);
}

static void put(ct_tiles__cache *c, uint64_t key, size_t length, int64_t version) {
    ct_tiles__data *d = data_of(length, version);
    ct_tiles__cache_put(c, key_of(key), d);
    ct_tile_data_unref(&d->data);
}

static bool has(ct_tiles__cache *c, uint64_t key, int64_t version) {
    ct_tiles__data *d = ct_tiles__cache_get(c, key_of(key), version);
    if (d) ct_tile_data_unref(&d->data);
    return d != NULL;
}

static void least_recently_used_goes(void **state) {
    (void)state;
    const long live = ct_mem_live();
    ct_tiles__cache *c = ct_tiles__cache_new(22000);
    for (uint64_t k = 0; k < 4; k++) put(c, k, 2000, 1); // 5,072 each: four fit
    assert_true(has(c, 0, 0));
    put(c, 4, 2000, 1);
    assert_true(has(c, 0, 0) && !has(c, 1, 0) && has(c, 2, 0) && has(c, 3, 0) && has(c, 4, 0));
    put(c, 5, 44000, 1); // larger than all the room: not kept, and nothing goes for it
    assert_true(!has(c, 5, 0) && has(c, 0, 0));
    ct_tiles__cache_free(c);
    assert_int_equal(ct_mem_live(), live);
}

static void versions(void **state) {
    (void)state;
    ct_tiles__cache *c = ct_tiles__cache_new(100000);
    put(c, 1, 10, 5);
    assert_true(has(c, 1, 5) && has(c, 1, 4));
    put(c, 1, 20, 3); // older than what is there
    assert_true(has(c, 1, 5));
    put(c, 1, 30, 7);
    ct_tiles__data *d = ct_tiles__cache_get(c, key_of(1), 7);
    assert_int_equal(d->data.length, 30);
    assert_false(has(c, 1, 8)); // too old: dropped
    assert_false(has(c, 1, 0));
    assert_int_equal(((const char *)d->data.bytes)[29], 7); // whoever holds it keeps it
    ct_tile_data_unref(&d->data);
    ct_tiles__cache_free(c);
}

static void many(void **state) { // chains grow, every entry is found
    (void)state;
    const long live = ct_mem_live();
    ct_tiles__cache *c = ct_tiles__cache_new((size_t)64 << 20);
    for (uint64_t k = 0; k < 10000; k++) put(c, k, 1 + k % 50, 1);
    for (uint64_t k = 0; k < 10000; k++) assert_true(has(c, k, 1));
    assert_false(has(c, 10001, 0));
    ct_tiles__cache_free(c);
    assert_int_equal(ct_mem_live(), live);
}

static void without_memory(void **state) { // keeps nothing, says nothing, leaks nothing
    (void)state;
    const long live = ct_mem_live();
    ct_mem_fail_at(1, false);
    assert_null(ct_tiles__cache_new(1000));
    ct_mem_fail_at(2, false);
    assert_null(ct_tiles__cache_new(1000));
    ct_mem_fail_at(0, false);
    ct_tiles__cache *c = ct_tiles__cache_new(1000);
    ct_tiles__data *d = data_of(10, 1);
    ct_mem_fail_at(1, false);
    ct_tiles__cache_put(c, key_of(1), d);
    ct_mem_fail_at(0, false);
    assert_false(has(c, 1, 0));
    ct_tile_data_unref(&d->data);
    ct_mem_fail_at(2, false);
    ct_tiles__data *none = NULL;
    assert_int_equal(ct_tiles__data_new(&none, ct_alloc(5), 5, false, "", 1), CT_NOMEM);
    ct_mem_fail_at(0, false);
    ct_tiles__cache_free(c);
    assert_int_equal(ct_mem_live(), live);
}

static void count(void *thing) {
    ++*(int *)thing;
}

// What is kept with a tile goes with it, not with the cache's entry.
static void kept_things(void **state) {
    (void)state;
    int first = 0, second = 0;
    ct_tiles__cache *c = ct_tiles__cache_new(100000);
    put(c, 1, 10, 5);
    ct_tiles__data *d = ct_tiles__cache_get(c, key_of(1), 5);
    assert_null(ct_tile_data_kept(&d->data));
    assert_ptr_equal(ct_tile_data_keep(&d->data, &first, count), &first);
    assert_ptr_equal(ct_tile_data_keep(&d->data, &second, count), &first); // came too late
    assert_int_equal(second, 1);
    assert_ptr_equal(ct_tile_data_kept(&d->data), &first);
    assert_false(has(c, 1, 6)); // an edit: the cache gives it up, we still hold it
    assert_int_equal(first, 0);
    ct_tile_data_unref(&d->data);
    assert_int_equal(first, 1);
    put(c, 1, 10, 7);
    d = ct_tiles__cache_get(c, key_of(1), 7);
    assert_null(ct_tile_data_kept(&d->data)); // the new tile has none yet
    ct_tile_data_unref(&d->data);
    ct_tiles__cache_free(c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(least_recently_used_goes),
        cmocka_unit_test(versions),
        cmocka_unit_test(many),
        cmocka_unit_test(without_memory),
        cmocka_unit_test(kept_things),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
