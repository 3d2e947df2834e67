// The list of connections and its keeper. No lock is taken for a request: phases are atomic, the
// list changes with accept and close only.
#include "http/core/connections.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

enum {
    LOOK_MS = 1000,      // between two looks of the keeper
    MIN_BYTES_S = 4096,  // that a client must send or read, beside the time of a silent one
    GRACE_US = 1000000,  // that a new connection has for its first request before it may be shut
    READER_US = 2000000, // after which a reader may be shut when too much is held
    PART_SHED = 64,      // of all connections, one in so many is shut at once
    LEAST = 16           // connections, however few files may be open
};

static int64_t now_us(void) {
    return ct_clock_mono_us(ct_clock_real());
}

void ct_http__conns_init(ct_http__conns *conns) {
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&conns->lock, NULL);
    pthread_cond_init(&conns->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void ct_http__conns_fini(ct_http__conns *conns) {
    ct_free(conns->ages);
    pthread_cond_destroy(&conns->wake);
    pthread_mutex_destroy(&conns->lock);
}

// ---- one connection ----

ct_http__conn *ct_http__conn_of(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

void ct_http__conn_turn(ct_http__conn *conn, ct_http__phase phase, int64_t since_us,
                        uint64_t bytes) {
    if (!conn) return;
    int was = atomic_load(&conn->phase);
    // Several times a request: the exchange below makes them seen.
    if (since_us) atomic_store_explicit(&conn->since_us, since_us, memory_order_relaxed);
    atomic_store_explicit(&conn->bytes, bytes, memory_order_relaxed);
    while (was != CT_HTTP__GOING && !atomic_compare_exchange_weak(&conn->phase, &was, (int)phase)) {
    }
}

void ct_http__conn_turn_bytes(ct_http__conn *conn, uint64_t more) {
    if (conn) atomic_fetch_add(&conn->bytes, more);
}

void ct_http__conn_say(const ct_http__conn *conn, int status, const char *detail) {
    if (!conn) return;
    char body[512], text[1024];
    const char *title = MHD_get_reason_phrase_for((unsigned)status);
    snprintf(body, sizeof body,
             "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}", title,
             status, detail);
    const int n = snprintf(text, sizeof text,
                           "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Type: "
                           "application/problem+json\r\nContent-Length: %zu\r\n\r\n%s",
                           status, title, strlen(body), body);
    // Best effort: a client that does not read is not waited for.
    (void)!send(conn->fd, text, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(conn->fd, SHUT_WR);
}

// Whether something came that its thread has had no time to read: then the client is not what is
// slow.
static bool unread(const ct_http__conn *conn) {
    int n = 0;
    return ioctl(conn->fd, FIONREAD, &n) == 0 && n > 0;
}

// The lock is held. False if the connection has just begun something else.
static bool shut(ct_http__conns *conns, ct_http__conn *conn, ct_http__phase was,
                 const char *reason) {
    int phase = (int)was;
    if (!atomic_compare_exchange_strong(&conn->phase, &phase, CT_HTTP__GOING)) return false;
    conns->n_going++;
    atomic_fetch_add(&conns->shed, 1);
    if (reason) ct_http__conn_say(conn, 408, reason);
    shutdown(conn->fd, SHUT_RDWR); // its thread sees the end and closes it
    return true;
}

// ---- too many ----

static int by_age(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (y > x) - (y < x);
}

// The lock is held. Shuts some of those that have waited longest, at least `least_us`;
// returns how many.
static size_t shed_waiting(ct_http__conns *conns, int64_t least_us) {
    const int64_t now = now_us();
    size_t n = 0, wanted = 1 + conns->max / PART_SHED;
    for (ct_http__conn *c = conns->first; c && n < conns->max + conns->slack; c = c->next) {
        const int64_t age = now - atomic_load(&c->since_us);
        if (atomic_load(&c->phase) == CT_HTTP__WAITING && age >= least_us) conns->ages[n++] = age;
    }
    if (!n) return 0;
    qsort(conns->ages, n, sizeof *conns->ages, by_age);
    const int64_t from_us = conns->ages[(wanted < n ? wanted : n) - 1];
    n = 0;
    for (ct_http__conn *c = conns->first; c && n < wanted; c = c->next) {
        if (atomic_load(&c->phase) == CT_HTTP__WAITING &&
            now - atomic_load(&c->since_us) >= from_us && !unread(c) &&
            shut(conns, c, CT_HTTP__WAITING, NULL))
            n++;
    }
    return n;
}

// The lock is held.
static size_t staying(const ct_http__conns *conns) {
    return conns->n - conns->n_going;
}

// The lock is held. The calling thread's number.
static unsigned thread_number(ct_http__conns *conns) {
    const pthread_t self = pthread_self();
    for (unsigned i = 0; i < conns->n_threads; i++)
        if (pthread_equal(conns->threads[i], self)) return i;
    if (conns->n_threads == CT_HTTP__SHARES) return CT_HTTP__SHARES - 1;
    conns->threads[conns->n_threads] = self;
    return conns->n_threads++;
}

ct_http__conn *ct_http__conn_open(ct_http__conns *conns, struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    ct_http__conn *conn = info ? ct_calloc(1, sizeof *conn) : NULL;
    if (!conn) return NULL;
    conn->fd = info->connect_fd;
    ct_http__conn_turn(conn, CT_HTTP__WAITING, now_us(), 0);
    pthread_mutex_lock(&conns->lock);
    if (staying(conns) >= conns->max)
        (void)shed_waiting(conns, staying(conns) < conns->max + conns->slack / 2 ? GRACE_US : 0);
    atomic_store(&conn->over, staying(conns) >= conns->max);
    conn->thread = thread_number(conns);
    conn->next = conns->first;
    if (conn->next) conn->next->previous = conn;
    conns->first = conn;
    conns->n++;
    pthread_mutex_unlock(&conns->lock);
    return conn;
}

bool ct_http__conn_admit(ct_http__conns *conns, ct_http__conn *conn) {
    if (!conn || !atomic_load(&conn->over)) return true;
    pthread_mutex_lock(&conns->lock);
    // Who asks goes before who waits, however short.
    const bool room = staying(conns) <= conns->max || shed_waiting(conns, 0) > 0;
    pthread_mutex_unlock(&conns->lock);
    if (room)
        atomic_store(&conn->over, false);
    else
        atomic_fetch_add(&conns->refused, 1);
    return room;
}

void ct_http__conn_close(ct_http__conns *conns, ct_http__conn *conn) {
    if (!conn) return;
    pthread_mutex_lock(&conns->lock);
    if (conn->previous) conn->previous->next = conn->next;
    if (!conn->previous) conns->first = conn->next;
    if (conn->next) conn->next->previous = conn->previous;
    conns->n--;
    if (atomic_load(&conn->phase) == CT_HTTP__GOING) conns->n_going--;
    pthread_mutex_unlock(&conns->lock);
    ct_free(conn);
}

// ---- too slow ----

void ct_http__conns_shed_readers(ct_http__conns *conns) {
    const int64_t now = now_us();
    pthread_mutex_lock(&conns->lock);
    for (ct_http__conn *c = conns->first; c; c = c->next)
        if (atomic_load(&c->phase) == CT_HTTP__ANSWERING &&
            now - atomic_load(&c->since_us) > READER_US)
            (void)shut(conns, c, CT_HTTP__ANSWERING, NULL);
    pthread_mutex_unlock(&conns->lock);
}

// The lock is held.
static void judge(ct_http__conns *conns, ct_http__conn *c, int64_t now) {
    const ct_http__phase phase = (ct_http__phase)atomic_load(&c->phase);
    const int64_t age = now - atomic_load(&c->since_us);
    // Silence is the wire library's business: a second more, so that it comes first.
    const int64_t allowed =
        conns->timeout_us + (int64_t)(atomic_load(&c->bytes) * 1000000 / MIN_BYTES_S) + 1000000;
    const bool late = age > allowed && (phase == CT_HTTP__ANSWERING || !unread(c));
    // Twice in a row: its thread may be at work on what it has just read.
    const bool again = late && c->late;
    c->late = late;
    if (!again) return;
    if (phase == CT_HTTP__WAITING)
        (void)shut(conns, c, phase, "the head of the request did not arrive in time");
    else if (phase == CT_HTTP__RECEIVING)
        (void)shut(conns, c, phase, "the body of the request did not arrive in time");
    else if (phase == CT_HTTP__ANSWERING)
        (void)shut(conns, c, phase, NULL);
}

static void *keep(void *context) {
    ct_http__conns *conns = context;
    pthread_mutex_lock(&conns->lock);
    while (!conns->stopping) {
        const int64_t us = now_us() + LOOK_MS * 1000;
        const struct timespec until = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
        if (pthread_cond_timedwait(&conns->wake, &conns->lock, &until) != ETIMEDOUT) continue;
        const int64_t now = now_us();
        for (ct_http__conn *c = conns->first; c; c = c->next) judge(conns, c, now);
    }
    pthread_mutex_unlock(&conns->lock);
    return NULL;
}

// ---- life ----

ct_err ct_http__conns_start(ct_http__conns *conns, unsigned *total, size_t wanted, int timeout_s) {
    struct rlimit files = {0};
    size_t room = SIZE_MAX;
    // A quarter stays for databases, results and whatever else is open.
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY)
        room = (size_t)files.rlim_cur / 4 * 3;
    conns->max = wanted;
    if (wanted + wanted / 8 + LEAST > room)
        conns->max = room > 2 * LEAST ? (room - LEAST) / 9 * 8 : LEAST;
    conns->slack = conns->max / 8 + LEAST;
    if (conns->max < wanted)
        ct_log(CT_LOG_INFO, "http: %zu connections at most: %llu files may be open", conns->max,
               (unsigned long long)files.rlim_cur);
    ct_free(conns->ages);
    conns->ages = ct_calloc(conns->max + conns->slack, sizeof *conns->ages);
    if (!conns->ages) return CT_NOMEM;
    conns->timeout_us = (int64_t)timeout_s * 1000000;
    if (pthread_create(&conns->keeper, NULL, keep, conns) != 0)
        return ct_fail(CT_NOMEM, "cannot start the thread that looks for slow clients");
    conns->started = true;
    *total = (unsigned)(conns->max + conns->slack);
    return CT_OK;
}

void ct_http__conns_stop(ct_http__conns *conns) {
    pthread_mutex_lock(&conns->lock);
    conns->stopping = true;
    pthread_cond_signal(&conns->wake);
    pthread_mutex_unlock(&conns->lock);
    if (conns->started) pthread_join(conns->keeper, NULL);
    conns->started = false;
}
