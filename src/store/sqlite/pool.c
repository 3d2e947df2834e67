// The pool of read-only connections to one file: made when needed, kept until the end.
#include <errno.h>
#include <time.h>

#include "base/clock.h"
#include "store/sqlite/conn.h"

bool ct_store__wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t deadline_us) {
    const struct timespec until = {.tv_sec = deadline_us / 1000000,
                                   .tv_nsec = (deadline_us % 1000000) * 1000};
    return pthread_cond_timedwait(cond, lock, &until) != ETIMEDOUT;
}

void ct_store__pool_init(ct_store__pool *pool, const char *path) {
    *pool = (ct_store__pool){.path = path};
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->freed, NULL);
}

void ct_store__pool_fini(ct_store__pool *pool) {
    while (pool->free) {
        ct_store__conn *next = pool->free->next;
        ct_store__conn_close(pool->free);
        pool->free = next;
    }
    pthread_cond_destroy(&pool->freed);
    pthread_mutex_destroy(&pool->lock);
}

ct_err ct_store__pool_take(ct_store__conn **out, ct_store__pool *pool) {
    const int64_t deadline_us = ct_clock_now_us(ct_clock_real()) + CT_STORE__BUSY_MS * 1000LL;
    ct_store__conn *conn = NULL;
    bool in_time = true;
    pthread_mutex_lock(&pool->lock);
    while (!pool->free && pool->made >= CT_STORE__MAX_READERS && in_time) {
        in_time = ct_store__wait(&pool->freed, &pool->lock, deadline_us);
    }
    if (pool->free) {
        conn = pool->free;
        pool->free = conn->next;
    } else if (pool->made < CT_STORE__MAX_READERS) {
        pool->made++;
        in_time = true;
    }
    pthread_mutex_unlock(&pool->lock);
    if (!conn) {
        if (!in_time) {
            return ct_fail(CT_BUSY, "all %d readers are in use", CT_STORE__MAX_READERS);
        }
        ct_err err = ct_store__conn_open(&conn, pool->path, SQLITE_OPEN_READONLY);
        if (err == CT_OK && pool->setup) err = ct_store__exec(conn, pool->setup);
        if (err != CT_OK) {
            ct_store__conn_close(conn);
            pthread_mutex_lock(&pool->lock);
            pool->made--;
            pthread_cond_signal(&pool->freed);
            pthread_mutex_unlock(&pool->lock);
            return err;
        }
    }
    *out = conn;
    return CT_OK;
}

void ct_store__pool_give(ct_store__pool *pool, ct_store__conn *conn) {
    ct_store__end_read(conn); // nothing was written
    // One that is still in its old state must not answer anybody else.
    const bool keep = sqlite3_get_autocommit(conn->db);
    if (!keep) ct_store__conn_close(conn);
    pthread_mutex_lock(&pool->lock);
    if (keep) {
        conn->next = pool->free;
        pool->free = conn;
    } else {
        pool->made--;
    }
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
}
