// Content hashes: known values, piecewise feeding, hex.
#include "cmk.h"

#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "scratch.h"

static void known_values(void **state) {
    (void)state;
    char hex[33];
    // XXH3-128 of no bytes, seed 0, as xxhsum -H2 prints it
    ct_hash_hex(hex, ct_hash_bytes("", 0));
    assert_string_equal(hex, "99aa06d3014798d86001c324468d497f");
    ct_hash128 small = {.high = 0xab, .low = 0x1};
    ct_hash_hex(hex, small);
    assert_string_equal(hex, "00000000000000ab0000000000000001");
}

static void pieces_equal_the_whole(void **state) {
    (void)state;
    char bytes[5000];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i * 31);
    ct_hash128 whole = ct_hash_bytes(bytes, sizeof bytes);
    ct_hash *hash = ct_hash_new();
    for (size_t i = 0; i < sizeof bytes; i += 100) ct_hash_add(hash, bytes + i, 100);
    ct_hash_add(hash, NULL, 0);
    ct_hash128 pieces = ct_hash_get(hash);
    assert_true(pieces.high == whole.high && pieces.low == whole.low);
    pieces = ct_hash_get(hash); // reading does not end it
    assert_true(pieces.high == whole.high && pieces.low == whole.low);
    bytes[4999]++;
    ct_hash128 other = ct_hash_bytes(bytes, sizeof bytes);
    assert_true(other.high != whole.high && other.low != whole.low);
    ct_hash_free(hash);
    ct_hash_free(NULL);
}

static void files_equal_their_bytes(void **state) {
    (void)state;
    static char bytes[200000]; // more than one piece
    char folder[128], path[160];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i * 7 + i / 256);
    scratch_make(folder);
    snprintf(path, sizeof path, "%s/file", folder);
    assert_int_equal(ct_file_write(path, bytes, sizeof bytes), CT_OK);
    ct_hash *hash = ct_hash_new();
    assert_int_equal(ct_hash_add_file(hash, path), CT_OK);
    const ct_hash128 got = ct_hash_get(hash), want = ct_hash_bytes(bytes, sizeof bytes);
    assert_true(got.high == want.high && got.low == want.low);
    assert_int_equal(ct_hash_add_file(hash, "/no/such/file"), CT_NOTFOUND);
    ct_hash_free(hash);
    scratch_remove(folder);
}

static ct_hash128 of_texts(const char *a, const char *b) {
    ct_hash *hash = ct_hash_new();
    ct_hash_add_text(hash, a);
    ct_hash_add_text(hash, b);
    ct_hash128 h = ct_hash_get(hash);
    ct_hash_free(hash);
    return h;
}

static void texts_do_not_run_together(void **state) {
    (void)state;
    assert_true(of_texts("ab", "c").low != of_texts("a", "bc").low);
    assert_true(of_texts("", "abc").low != of_texts("abc", "").low);
    assert_true(of_texts("ab", "c").low == of_texts("ab", "c").low);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),
        cmocka_unit_test(pieces_equal_the_whole),
        cmocka_unit_test(files_equal_their_bytes),
        cmocka_unit_test(texts_do_not_run_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
