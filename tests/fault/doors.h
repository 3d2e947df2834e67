// Three ways in which a piece of work can fail: our memory, SQLite's, and what is read of the disk.
#ifndef TESTS_FAULT_DOORS_H
#define TESTS_FAULT_DOORS_H

#include "base/mem.h"
#include "sqlite_memory.h"
#include "vfs_shim.h"

typedef enum door { OURS, SQLITES, READS } door;

// The n-th from now on fails; 0: none.
static inline void arm(door which, long n) {
    if (which == OURS) ct_mem_fail_at(n, false);
    if (which == SQLITES) sqlite_memory_fail_at(n);
    if (which == READS) shim_fail_at(SHIM_READ, n);
}

static inline bool met(door which) {
    if (which == OURS) return ct_mem_failed();
    return which == SQLITES ? sqlite_memory_failed() : shim_failed();
}

#endif
