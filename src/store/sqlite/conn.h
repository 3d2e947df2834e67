// Private to the store: connections to SQLite files. Each keeps its prepared statements; readers
// come from a pool.
#ifndef CT_STORE_SQLITE_CONN_H
#define CT_STORE_SQLITE_CONN_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "cimtwin/err.h"

#define CT_STORE__BUSY_MS                                                                          \
    10000 // how long a writer waits for other programs, and a reader for a connection
#define CT_STORE__MAX_READERS 64
#define CT_STORE__STATEMENTS  128 // prepared statements kept by one connection
#define CT_STORE__SQL_MAX     (1U << 20)

typedef struct ct_store__statement {
    sqlite3_stmt *stmt; // NULL = free place
    uint64_t hash;      // of its text
    uint64_t used;      // time of the last use, for throwing out the oldest
    bool out;           // lent to a caller
} ct_store__statement;

typedef struct ct_store__conn {
    sqlite3 *db;
    struct ct_store__conn *next; // in the pool's list of free ones
    uint64_t uses;
    ct_store__statement statements[CT_STORE__STATEMENTS];
} ct_store__conn;

// `flags` of sqlite3_open_v2. Writers get synchronous FULL, all get mmap of 1 GB.
CT_CHECKED ct_err ct_store__conn_open(ct_store__conn **out, const char *path, int flags);
void ct_store__conn_close(ct_store__conn *conn); // NULL is fine

// The last failure of the connection as an error, "file: what: reason".
CT_CHECKED ct_err ct_store__sql_fail(sqlite3 *db, const char *what);
CT_CHECKED ct_err ct_store__exec(ct_store__conn *conn, const char *sql);
// Begins to write. An older transaction that could not be ended, for want of memory, is ended now.
CT_CHECKED ct_err ct_store__begin_write(ct_store__conn *conn);
// Begins a transaction that reads, and ends it: as below, by statements that stay prepared.
CT_CHECKED ct_err ct_store__begin_read(ct_store__conn *conn);
void ct_store__end_read(ct_store__conn *conn);
// Ends what was begun, without its changes.
void ct_store__undo(ct_store__conn *conn);

// A statement from the connection's cache, prepared if need be; give it back with ct_store__done
// (NULL is fine).
CT_CHECKED ct_err ct_store__prepare(sqlite3_stmt **out, ct_store__conn *conn, const char *sql);
void ct_store__done(ct_store__conn *conn, sqlite3_stmt *stmt);
// One step: *row tells whether there is one.
CT_CHECKED ct_err ct_store__step(ct_store__conn *conn, sqlite3_stmt *stmt, bool *row);
// Steps a statement that gives no rows, and resets it.
CT_CHECKED ct_err ct_store__run(ct_store__conn *conn, sqlite3_stmt *stmt);
// First column of the first row; CT_NOTFOUND if there is none. `text` (NULL = none) is bound as ?1.
CT_CHECKED ct_err ct_store__get_int(int64_t *out, ct_store__conn *conn, const char *sql,
                                    const char *text);
// The same as text; caller frees with ct_free. A null is CT_NOTFOUND.
CT_CHECKED ct_err ct_store__get_text(char **out, ct_store__conn *conn, const char *sql,
                                     const char *text);

// A pool of read-only connections to one file; made when needed. Thread-safe.
typedef struct ct_store__pool {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    ct_store__conn *free;
    int made;
    const char *path;  // borrowed
    const char *setup; // SQL for each new connection; NULL = none; borrowed
} ct_store__pool;

void ct_store__pool_init(ct_store__pool *pool, const char *path);
void ct_store__pool_fini(ct_store__pool *pool); // all connections must be back
CT_CHECKED ct_err ct_store__pool_take(ct_store__conn **out, ct_store__pool *pool);
// Ends its transaction.
void ct_store__pool_give(ct_store__pool *pool, ct_store__conn *conn);

// Waits for the condition until `deadline_us` (real clock); false when it has passed.
bool ct_store__wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t deadline_us);

#endif
