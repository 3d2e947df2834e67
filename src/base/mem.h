// The memory door: every allocation of our own code goes through here, so that tests can count
// blocks and fail the n-th one. All functions are thread-safe.
#ifndef CT_BASE_MEM_H
#define CT_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

// Each returns NULL and sets the thread's error message when out of memory; sizes of 0 give a valid
// pointer.
void *ct_alloc(size_t bytes);
void *ct_calloc(size_t count, size_t bytes_each); // zeroed; NULL on overflow too
void *ct_realloc(void *block, size_t bytes);      // the old block stays valid on failure
void *ct_alloc_aligned(size_t alignment,
                       size_t bytes); // power of two; free with ct_free; not for ct_realloc
char *ct_strdup(const char *text);
char *ct_strndup(const char *text, size_t length);
char *ct_sprintf(const char *format, ...)
    __attribute__((format(printf, 1, 2))); // caller frees with ct_free
void ct_free(void *block);                 // NULL is fine

// For programs that make and free large blocks for every request: keeps freed memory, some 16 MB a
// thread, instead of giving it back to the system and taking it anew, zeroed page by page.
void ct_mem_keep_freed(void);

// a * b into *product; false on overflow.
bool ct_mul_ok(size_t a, size_t b, size_t *product);

// Test instruments. Fails the n-th allocation from now (1 = the next); every later one too if
// `persistent`; 0 = off.
void ct_mem_fail_at(long n, bool persistent);
bool ct_mem_failed(void); // whether the armed failure was reached since ct_mem_fail_at
long ct_mem_live(void);   // blocks not yet freed, of the whole process

#endif
