// The bytes of a thread, given out and taken back like a stack, as meshoptimizer asks for them.
#include "tiles/three_d/mesh_room.h"

#include <meshoptimizer.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

enum { ALIGN = 16, SLACK = 1 << 10 };

typedef struct room {
    char *bytes;
    size_t size, used;
} room;

// meshoptimizer's allocator has no context: these are the thread's and the process's own.
static _Thread_local room g_room;
static atomic_long g_missed;
static pthread_once_t g_once = PTHREAD_ONCE_INIT;

// What version 0.18 allocates, with a fifth on top: a table of twice 1.25 entries of 4 bytes a
// corner for merging; three numbers a corner, one an index, a number and a byte a triangle for
// ordering; a number and the vertex itself (16 bytes) for fetching.
size_t ct_tiles__mesh_room_pack(size_t corners) {
    return 24 * corners + SLACK;
}

// The same of simplifying: 92 bytes a point (44 of them its quadric, 12 its place), 28 an index.
size_t ct_tiles__mesh_room_simplify(size_t points, size_t indices) {
    return 112 * points + 36 * indices + SLACK;
}

static void *take(size_t bytes) {
    room *r = &g_room;
    const size_t rounded = bytes < SIZE_MAX - ALIGN ? (bytes + ALIGN - 1) / ALIGN * ALIGN : bytes;
    if (rounded <= r->size - r->used) {
        void *block = r->bytes + r->used;
        r->used += rounded;
        return block;
    }
    atomic_fetch_add(&g_missed, 1);
    void *block = ct_alloc(bytes);
    if (block) return block;
    (void)fputs("cimtwin: out of memory in meshoptimizer\n", stderr);
    abort(); // it would write to NULL
}

// Blocks come back in turn, the last one first.
static void give_back(void *block) {
    room *r = &g_room;
    const uintptr_t first = (uintptr_t)r->bytes, at = (uintptr_t)block;
    if (r->bytes && at >= first && at < first + r->size)
        r->used = at - first;
    else
        ct_free(block);
}

static void choose_allocator(void) {
    meshopt_setAllocator(take, give_back);
}

ct_err ct_tiles__mesh_room_open(size_t bytes) {
    pthread_once(&g_once, choose_allocator);
    char *block = ct_alloc_aligned(ALIGN, (bytes + ALIGN - 1) / ALIGN * ALIGN);
    if (!block) return CT_NOMEM;
    g_room = (room){block, bytes / ALIGN * ALIGN, 0};
    return CT_OK;
}

void ct_tiles__mesh_room_close(void) {
    ct_free(g_room.bytes);
    g_room = (room){0};
}

long ct_tiles__mesh_room_missed(void) {
    return atomic_load(&g_missed);
}
