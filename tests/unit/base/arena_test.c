// Arenas: alignment, contents, the bound, reuse after a reset.
#include "cmk.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "cimtwin/err.h"

static void blocks_are_aligned_and_apart(void **state) {
    (void)state;
    long live = ct_mem_live();
    ct_arena *arena = ct_arena_new(512, 0);
    char *blocks[200];
    for (size_t i = 0; i < 200; i++) {
        blocks[i] = ct_arena_alloc(arena, i * 7);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        memset(blocks[i], (int)i, i * 7);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t k = 0; k < i * 7; k++) assert_int_equal((unsigned char)blocks[i][k], i);
    ct_arena_free(arena);
    ct_arena_free(NULL);
    assert_int_equal(ct_mem_live(), live);
}

static void texts_and_zeros(void **state) {
    (void)state;
    ct_arena *arena = ct_arena_new(0, 0);
    assert_string_equal(ct_arena_strdup(arena, "space"), "space");
    assert_string_equal(ct_arena_strndup(arena, "space", 3), "spa");
    char *dirty = ct_arena_alloc(arena, 64);
    memset(dirty, 0xff, 64);
    ct_arena_reset(arena);
    char *zeros = ct_arena_calloc(arena, 50, 8);
    for (int i = 0; i < 400; i++) assert_int_equal(zeros[i], 0);
    char long_text[2000];
    memset(long_text, 'y', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_string_equal(ct_arena_printf(arena, "%s", long_text), long_text);
    assert_null(ct_arena_calloc(arena, SIZE_MAX / 2, 3));
    assert_null(ct_arena_alloc(arena, SIZE_MAX - 3));
    ct_arena_free(arena);
}

static void bound_holds(void **state) {
    (void)state;
    ct_arena *arena = ct_arena_new(256, 1000);
    size_t n = 0;
    while (ct_arena_alloc(arena, 16)) n++;
    assert_int_equal(n, 1000 / 16);
    assert_non_null(strstr(ct_err_message(), "1000"));
    ct_arena_reset(arena);
    assert_null(ct_arena_alloc(arena, 1001));
    assert_non_null(ct_arena_alloc(arena, 900));
    ct_arena_free(arena);
}

static void reset_reuses_the_memory(void **state) {
    (void)state;
    ct_arena *arena = ct_arena_new(1024, 0);
    for (int i = 0; i < 100; i++) ct_arena_alloc(arena, (size_t)(i % 5 == 0 ? 3000 : 100));
    long live = ct_mem_live();
    for (int round = 0; round < 50; round++) {
        ct_arena_reset(arena);
        for (int i = 0; i < 100; i++) ct_arena_alloc(arena, (size_t)(i % 5 == 0 ? 3000 : 100));
    }
    assert_int_equal(ct_mem_live(), live);
    ct_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_aligned_and_apart),
        cmocka_unit_test(texts_and_zeros),
        cmocka_unit_test(bound_holds),
        cmocka_unit_test(reset_reuses_the_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
