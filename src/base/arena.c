// Arenas: a chain of blocks filled from the front. A reset rewinds to the first block and keeps the
// chain.
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cimtwin/err.h"

enum { ALIGNMENT = 16, MIN_BLOCK_BYTES = 256 };

typedef struct block {
    struct block *next;
    size_t bytes; // room behind this header
} block;

_Static_assert(sizeof(block) % ALIGNMENT == 0, "room behind the header is aligned");

struct ct_arena {
    block *first, *current;
    size_t used; // bytes taken of the current block
    size_t block_bytes;
    size_t held, max_bytes; // handed out since the reset, rounded up; its bound (0 = none)
};

ct_arena *ct_arena_new(size_t block_bytes, size_t max_bytes) {
    ct_arena *arena = ct_calloc(1, sizeof *arena);
    if (!arena) return NULL;
    arena->block_bytes = block_bytes < MIN_BLOCK_BYTES ? MIN_BLOCK_BYTES : block_bytes;
    arena->max_bytes = max_bytes;
    return arena;
}

void ct_arena_free(ct_arena *arena) {
    if (!arena) return;
    for (block *b = arena->first; b;) {
        block *next = b->next;
        ct_free(b);
        b = next;
    }
    ct_free(arena);
}

// Makes a block with room for `bytes` the current one: the next of the chain if it is big enough,
// else a new one put before it.
static bool advance(ct_arena *arena, size_t bytes) {
    block **link = arena->current ? &arena->current->next : &arena->first;
    block *next = *link;
    if (!next || next->bytes < bytes) {
        size_t room = bytes > arena->block_bytes ? bytes : arena->block_bytes;
        next = room <= SIZE_MAX - sizeof(block) ? ct_alloc(sizeof(block) + room) : NULL;
        if (!next) return false;
        next->next = *link;
        next->bytes = room;
        *link = next;
    }
    arena->current = next;
    arena->used = 0;
    return true;
}

void *ct_arena_alloc(ct_arena *arena, size_t bytes) {
    if (bytes > SIZE_MAX / 2) {
        (void)ct_fail(CT_NOMEM, "out of memory (%zu bytes)", bytes);
        return NULL;
    }
    size_t rounded = bytes ? (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1) : ALIGNMENT;
    if (arena->max_bytes &&
        (arena->held > arena->max_bytes || rounded > arena->max_bytes - arena->held)) {
        (void)ct_fail(CT_LIMIT, "more than %zu bytes in one arena", arena->max_bytes);
        return NULL;
    }
    bool fits = arena->current && arena->current->bytes - arena->used >= rounded;
    if (!fits && !advance(arena, rounded)) return NULL;
    char *place = (char *)(arena->current + 1) + arena->used;
    arena->used += rounded;
    arena->held += rounded;
    return place;
}

void *ct_arena_calloc(ct_arena *arena, size_t count, size_t bytes_each) {
    size_t bytes;
    if (!ct_mul_ok(count, bytes_each, &bytes)) {
        (void)ct_fail(CT_NOMEM, "out of memory (%zu times %zu bytes)", count, bytes_each);
        return NULL;
    }
    void *place = ct_arena_alloc(arena, bytes);
    if (place) memset(place, 0, bytes);
    return place;
}

char *ct_arena_strdup(ct_arena *arena, const char *text) {
    return ct_arena_strndup(arena, text, strlen(text));
}

char *ct_arena_strndup(ct_arena *arena, const char *text, size_t length) {
    size_t n = strnlen(text, length);
    char *copy = ct_arena_alloc(arena, n + 1);
    if (!copy) return NULL;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

char *ct_arena_printf(ct_arena *arena, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    char most[256]; // what most texts fit into, so that they are written once
    const int n = vsnprintf(most, sizeof most, format, args);
    char *text = n < 0 ? NULL : ct_arena_alloc(arena, (size_t)n + 1);
    if (text && (size_t)n < sizeof most)
        memcpy(text, most, (size_t)n + 1);
    else if (text)
        vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}

size_t ct_arena_room(const ct_arena *arena) {
    size_t bytes = 0;
    for (const block *b = arena->first; b; b = b->next) bytes += b->bytes;
    return bytes;
}

void ct_arena_reset(ct_arena *arena) {
    arena->current = NULL; // the next allocation takes the first block again
    arena->used = 0;
    arena->held = 0;
}
