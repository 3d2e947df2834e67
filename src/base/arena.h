// An arena: many small allocations, freed together. One per request, import batch or tile; not
// thread-safe.
#ifndef CT_BASE_ARENA_H
#define CT_BASE_ARENA_H

#include <stddef.h>

typedef struct ct_arena ct_arena;

// `max_bytes` bounds what the arena may hold in all (0 = no bound). NULL when out of memory.
ct_arena *ct_arena_new(size_t block_bytes, size_t max_bytes);
void ct_arena_free(ct_arena *arena);

// 16-byte aligned, not zeroed; valid until reset or free. NULL (with the thread's message) when out
// of memory or bound.
void *ct_arena_alloc(ct_arena *arena, size_t bytes);
void *ct_arena_calloc(ct_arena *arena, size_t count, size_t bytes_each);
char *ct_arena_strdup(ct_arena *arena, const char *text);
char *ct_arena_strndup(ct_arena *arena, const char *text, size_t length);
char *ct_arena_printf(ct_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Forgets everything, keeps the memory for the next use.
void ct_arena_reset(ct_arena *arena);
size_t ct_arena_room(const ct_arena *arena); // bytes of memory that it holds, used or not

#endif
