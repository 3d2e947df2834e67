// gzip and zlib, both ways, with limits and damage.
#include "cmk.h"

#include <pthread.h>
#include <string.h>

#include "base/gzip.h"
#include "base/mem.h"
#include "base/rng.h"

typedef ct_err pack_fn(ct_buf *out, const void *data, size_t length, int level);
typedef ct_err unpack_fn(ct_buf *out, const void *data, size_t length, size_t max_bytes);

static void round_trip(pack_fn *pack, unpack_fn *unpack, const char *data, size_t n, int level) {
    ct_buf packed, plain;
    ct_buf_init(&packed, 1 << 24);
    ct_buf_init(&plain, 1 << 24);
    ct_buf_puts(&packed, "head"); // both append
    ct_buf_puts(&plain, "head");
    assert_int_equal(pack(&packed, data, n, level), CT_OK);
    assert_memory_equal(packed.data, "head", 4);
    assert_int_equal(unpack(&plain, packed.data + 4, packed.len - 4, n), CT_OK);
    assert_int_equal(plain.len, n + 4);
    assert_memory_equal(plain.data, "head", 4);
    assert_memory_equal(plain.data + 4, data, n);
    assert_int_equal(plain.data[plain.len], '\0');
    if (n > 0) {
        ct_buf_reset(&plain);
        assert_int_equal(unpack(&plain, packed.data + 4, packed.len - 4, n - 1), CT_LIMIT);
        assert_int_equal(plain.len, 0);
    }
    ct_buf_fini(&packed);
    ct_buf_fini(&plain);
}

static void both_ways(void **state) {
    (void)state;
    enum { N = 300000 };
    char *zeros = ct_calloc(N, 1), *noise = ct_alloc(N);
    for (uint32_t i = 0; i < N; i++) noise[i] = (char)ct_rng_u64(1, i, 0, 0);
    static const size_t sizes[] = {0, 1, 100, 65536, N};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (int level = 1; level <= 12; level += 5) {
            round_trip(ct_gzip, ct_gunzip, zeros, sizes[s], level);
            round_trip(ct_gzip, ct_gunzip, noise, sizes[s], level);
            round_trip(ct_zlib, ct_unzlib, zeros, sizes[s], level);
            round_trip(ct_zlib, ct_unzlib, noise, sizes[s], level);
        }
    }
    ct_free(zeros);
    ct_free(noise);
}

static void members_follow_each_other(void **state) {
    (void)state;
    ct_buf packed, plain;
    ct_buf_init(&packed, 1 << 20);
    ct_buf_init(&plain, 1 << 20);
    assert_int_equal(ct_gzip(&packed, "first ", 6, 6), CT_OK);
    assert_int_equal(ct_gzip(&packed, "second", 6, 6), CT_OK);
    assert_int_equal(ct_gunzip(&plain, packed.data, packed.len, 12), CT_OK);
    assert_string_equal(plain.data, "first second");
    ct_buf_reset(&plain);
    assert_int_equal(ct_gunzip(&plain, packed.data, packed.len, 11), CT_LIMIT);
    ct_buf_reset(&plain);
    ct_buf_puts(&packed, "rubbish");
    assert_int_equal(ct_gunzip(&plain, packed.data, packed.len, 100), CT_CORRUPT);
    assert_int_equal(plain.len, 0);
    ct_buf_fini(&packed);
    ct_buf_fini(&plain);
}

static void damage_is_found(void **state) {
    (void)state;
    char text[1000];
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)('a' + i * i % 23);
    ct_buf gz, z, plain;
    ct_buf_init(&gz, 1 << 20);
    ct_buf_init(&z, 1 << 20);
    ct_buf_init(&plain, 1 << 20);
    assert_int_equal(ct_gzip(&gz, text, sizeof text, 6), CT_OK);
    assert_int_equal(ct_zlib(&z, text, sizeof text, 6), CT_OK);
    for (size_t cut = 0; cut < gz.len; cut++) { // cut short anywhere
        ct_err err = ct_gunzip(&plain, gz.data, cut, 100000);
        assert_int_equal(err, CT_CORRUPT);
    }
    for (size_t cut = 0; cut < z.len; cut++)
        assert_int_equal(ct_unzlib(&plain, z.data, cut, 100000), CT_CORRUPT);
    gz.data[gz.len / 2] ^= 0x10;
    z.data[z.len / 2] ^= 0x10;
    assert_int_equal(ct_gunzip(&plain, gz.data, gz.len, 100000), CT_CORRUPT);
    assert_int_equal(ct_unzlib(&plain, z.data, z.len, 100000), CT_CORRUPT);
    assert_int_equal(plain.len, 0);
    ct_buf_fini(&gz);
    ct_buf_fini(&z);
    ct_buf_fini(&plain);
}

static void lying_length_asks_for_no_memory(void **state) {
    (void)state;
    ct_buf packed, plain;
    ct_buf_init(&packed, 1 << 20);
    ct_buf_init(&plain, (size_t)1 << 40);
    assert_int_equal(ct_gzip(&packed, "abc", 3, 6), CT_OK);
    memset(packed.data + packed.len - 4, 0xff, 4); // claims 4 GiB
    assert_int_equal(ct_gunzip(&plain, packed.data, packed.len, (size_t)1 << 40), CT_CORRUPT);
    assert_in_range(plain.cap, 0, 100000);
    ct_buf_fini(&packed);
    ct_buf_fini(&plain);
}

static void limits_and_levels(void **state) {
    (void)state;
    ct_buf small;
    char text[1000];
    for (uint32_t i = 0; i < sizeof text; i++) text[i] = (char)ct_rng_u64(1, i, 0, 0);
    ct_buf_init(&small, 100);
    assert_int_equal(ct_gzip(&small, text, sizeof text, 6), CT_LIMIT);
    ct_buf_reset(&small);
    assert_int_equal(ct_gzip(&small, text, 20, 6), CT_OK); // small enough to fit
    ct_buf_reset(&small);
    assert_int_equal(ct_gzip(&small, text, 10, 0), CT_ARG);
    assert_int_equal(ct_zlib(&small, text, 10, 13), CT_ARG);
    assert_int_equal(ct_buf_status(&small), CT_OK);
    ct_buf_fini(&small);
}

static void crc_is_known(void **state) {
    (void)state;
    assert_int_equal(ct_crc32(0, "123456789", 9), 0xCBF43926); // the check value of CRC-32
    assert_int_equal(ct_crc32(ct_crc32(0, "1234", 4), "56789", 5), 0xCBF43926);
    assert_int_equal(ct_crc32(0, NULL, 0), 0);
}

static void *pack_in_a_thread(void *result) {
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    ct_err err = ct_gzip(&out, "some text, some text, some text", 31, 9);
    *(ct_err *)result = err;
    ct_buf_fini(&out);
    return NULL;
}

static void threads_have_their_own(void **state) {
    (void)state;
    pthread_t threads[4];
    ct_err results[4];
    for (int i = 0; i < 4; i++) {
        results[i] = CT_INTERNAL;
        pthread_create(&threads[i], NULL, pack_in_a_thread, &results[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(results[i], CT_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways),
        cmocka_unit_test(members_follow_each_other),
        cmocka_unit_test(damage_is_found),
        cmocka_unit_test(lying_length_asks_for_no_memory),
        cmocka_unit_test(limits_and_levels),
        cmocka_unit_test(crc_is_known),
        cmocka_unit_test(threads_have_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
