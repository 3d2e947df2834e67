// The memory door: malloc with a count of live blocks and an armed failure for tests. Blocks carry
// no header, so alignment and checkers (ASan, valgrind) see what malloc made.
#include "base/mem.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cimtwin/err.h"

// The process-wide instruments; the only mutable state here.
static atomic_long live_blocks;
static atomic_bool fail_armed, fail_persistent, fail_reached;
static atomic_long fail_countdown;

static bool injected_failure(void) {
    if (!atomic_load_explicit(&fail_armed, memory_order_relaxed)) return false;
    long left = atomic_fetch_sub(&fail_countdown, 1);
    if (left > 1 || (left < 1 && !atomic_load(&fail_persistent))) return false;
    atomic_store(&fail_reached, true);
    return true;
}

static void *counted(void *block, size_t bytes) {
    if (!block) {
        (void)ct_fail(CT_NOMEM, "out of memory (%zu bytes)", bytes);
        return NULL;
    }
    atomic_fetch_add_explicit(&live_blocks, 1, memory_order_relaxed);
    return block;
}

void *ct_alloc(size_t bytes) {
    return counted(injected_failure() ? NULL : malloc(bytes ? bytes : 1), bytes);
}

void *ct_calloc(size_t count, size_t bytes_each) {
    size_t bytes;
    if (!ct_mul_ok(count, bytes_each, &bytes)) {
        (void)ct_fail(CT_NOMEM, "out of memory (%zu times %zu bytes)", count, bytes_each);
        return NULL;
    }
    return counted(injected_failure() ? NULL : calloc(1, bytes ? bytes : 1), bytes);
}

void *ct_realloc(void *block, size_t bytes) {
    if (!block) return ct_alloc(bytes);
    void *grown = injected_failure() ? NULL : realloc(block, bytes ? bytes : 1);
    if (!grown) (void)ct_fail(CT_NOMEM, "out of memory (%zu bytes)", bytes);
    return grown;
}

void *ct_alloc_aligned(size_t alignment, size_t bytes) {
    void *block = NULL;
    if (alignment < sizeof(void *)) alignment = sizeof(void *);
    if (injected_failure() || posix_memalign(&block, alignment, bytes ? bytes : 1) != 0)
        block = NULL;
    return counted(block, bytes);
}

char *ct_strdup(const char *text) {
    return ct_strndup(text, strlen(text));
}

char *ct_strndup(const char *text, size_t length) {
    size_t n = strnlen(text, length);
    char *copy = n < SIZE_MAX ? ct_alloc(n + 1) : NULL;
    if (!copy) return NULL;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

char *ct_sprintf(const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    char *text = n < 0 ? NULL : ct_alloc((size_t)n + 1);
    if (text) vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}

void ct_free(void *block) {
    if (!block) return;
    atomic_fetch_sub_explicit(&live_blocks, 1, memory_order_relaxed);
    free(block);
}

bool ct_mul_ok(size_t a, size_t b, size_t *product) {
    return !__builtin_mul_overflow(a, b, product);
}

void ct_mem_fail_at(long n, bool persistent) {
    atomic_store(&fail_armed, false);
    atomic_store(&fail_countdown, n);
    atomic_store(&fail_persistent, persistent);
    atomic_store(&fail_reached, false);
    atomic_store(&fail_armed, n > 0);
}

bool ct_mem_failed(void) {
    return atomic_load(&fail_reached);
}

long ct_mem_live(void) {
    return atomic_load(&live_blocks);
}

void ct_mem_keep_freed(void) {
    enum { KEPT_BYTES = 16 << 20, MAPPED_FROM_BYTES = 4 << 20 };
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    (void)mallopt(M_MMAP_THRESHOLD, MAPPED_FROM_BYTES);
}
