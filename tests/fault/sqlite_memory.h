// SQLite's memory behind a door of its own: its n-th allocation fails.
#ifndef TESTS_FAULT_SQLITE_MEMORY_H
#define TESTS_FAULT_SQLITE_MEMORY_H

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "cmk.h"

static sqlite3_mem_methods sqlite_memory_real;
static atomic_long sqlite_memory_left; // 0 = not armed
static atomic_bool sqlite_memory_met;

static inline bool sqlite_memory_fails(void) {
    if (atomic_load(&sqlite_memory_left) == 0 || atomic_fetch_sub(&sqlite_memory_left, 1) != 1)
        return false;
    atomic_store(&sqlite_memory_met, true);
    return true;
}
static inline void *sqlite_memory_malloc(int bytes) {
    return sqlite_memory_fails() ? NULL : sqlite_memory_real.xMalloc(bytes);
}
static inline void *sqlite_memory_realloc(void *block, int bytes) {
    return sqlite_memory_fails() ? NULL : sqlite_memory_real.xRealloc(block, bytes);
}

// Once, before SQLite is used.
static inline void sqlite_memory_install(void) {
    sqlite3_mem_methods methods;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory_real), SQLITE_OK);
    methods = sqlite_memory_real;
    methods.xMalloc = sqlite_memory_malloc;
    methods.xRealloc = sqlite_memory_realloc;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), SQLITE_OK);
    // each allocation is one of its own, none comes from a connection's private store
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0), SQLITE_OK);
}

// The n-th allocation from now fails (1 = the next); 0 = none.
static inline void sqlite_memory_fail_at(long n) {
    atomic_store(&sqlite_memory_met, false);
    atomic_store(&sqlite_memory_left, n);
}
static inline bool sqlite_memory_failed(void) {
    return atomic_load(&sqlite_memory_met);
}

#endif
