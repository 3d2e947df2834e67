// Streams: responses without an end, asked when there is something. A stream with nothing to send
// is suspended, so it costs no thread; one push thread resumes all of them after ct_http_wake (at
// most every 20 ms) and every 5 s.
#include <errno.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "http/core/internal.h"

enum { BLOCK_BYTES = 16 * 1024 };

static ssize_t read_stream(void *context, uint64_t position, char *out, size_t max) {
    (void)position;
    ct_http__stream *s = context;
    ct_http *http = s->http;
    for (;;) {
        pthread_mutex_lock(&http->lock);
        bool ended = http->stopping;
        pthread_mutex_unlock(&http->lock);
        if (ended) return MHD_CONTENT_READER_END_OF_STREAM;
        unsigned long long seen = atomic_load(&http->wakes);
        size_t n = s->source.read(s->source.context, out, max);
        if (n == SIZE_MAX) return MHD_CONTENT_READER_END_OF_STREAM;
        if (n > 0) {
            atomic_fetch_add(&s->share->sent_bytes, n);
            return (ssize_t)n;
        }
        // Sleep only if nothing came between the look and the lock.
        pthread_mutex_lock(&http->lock);
        bool sleep = !http->stopping && seen == atomic_load(&http->wakes);
        if (sleep) {
            MHD_suspend_connection(s->connection);
            s->suspended = true;
        }
        pthread_mutex_unlock(&http->lock);
        if (sleep) return 0;
    }
}

void ct_http__stream_leave(ct_http__stream *s) {
    ct_http *http = s->http;
    pthread_mutex_lock(&http->lock);
    if (s->listed) {
        if (s->previous) s->previous->next = s->next;
        if (!s->previous) http->streams = s->next;
        if (s->next) s->next->previous = s->previous;
        s->listed = false;
        http->n_streams--;
        if (http->stopping) pthread_cond_signal(&http->wake);
    }
    pthread_mutex_unlock(&http->lock);
}

static void free_stream(void *context) {
    ct_http__stream *s = context;
    ct_http__stream_leave(s);
    if (s->source.close) s->source.close(s->source.context);
    ct_free(s);
}

struct MHD_Response *ct_http__stream_response(ct_http_req *req, ct_http_source source) {
    ct_http *http = req->http;
    ct_http__stream *s = ct_calloc(1, sizeof *s);
    if (!s) {
        if (source.close) source.close(source.context);
        return NULL;
    }
    *s = (ct_http__stream){.http = http,
                           .share = req->share,
                           .connection = req->connection,
                           .source = source,
                           .listed = true};
    pthread_mutex_lock(&http->lock);
    s->next = http->streams;
    if (s->next) s->next->previous = s;
    http->streams = s;
    http->n_streams++;
    pthread_mutex_unlock(&http->lock);
    struct MHD_Response *wire = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES,
                                                                  read_stream, s, free_stream);
    if (wire)
        req->stream = s;
    else
        free_stream(s);
    return wire;
}

void ct_http_wake(ct_http *http) {
    atomic_fetch_add(&http->wakes, 1);
    pthread_mutex_lock(&http->lock);
    pthread_cond_signal(&http->wake);
    pthread_mutex_unlock(&http->lock);
}

// The lock is held.
static void resume_all(ct_http *http) {
    for (ct_http__stream *s = http->streams; s; s = s->next) {
        if (!s->suspended) continue;
        s->suspended = false;
        MHD_resume_connection(s->connection);
    }
}

static void deadline_in(struct timespec *at, long ms) {
    int64_t us = ct_clock_mono_us(ct_clock_real()) + ms * 1000;
    *at = (struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
}

static void *push(void *context) {
    ct_http *http = context;
    unsigned long long done = 0;
    pthread_mutex_lock(&http->lock);
    while (!http->stopping) {
        struct timespec until;
        deadline_in(&until, CT_HTTP__TICK_MS);
        int waited = 0;
        while (!http->stopping && atomic_load(&http->wakes) == done && waited != ETIMEDOUT)
            waited = pthread_cond_timedwait(&http->wake, &http->lock, &until);
        done = atomic_load(&http->wakes);
        resume_all(http);
        // What comes in the next moments waits for one common round.
        deadline_in(&until, CT_HTTP__WAKE_MS);
        waited = 0;
        while (!http->stopping && waited != ETIMEDOUT)
            waited = pthread_cond_timedwait(&http->wake, &http->lock, &until);
    }
    // Awake, they end by themselves; a client that does not read is not waited for long.
    resume_all(http);
    struct timespec until;
    deadline_in(&until, CT_HTTP__FAREWELL_MS);
    int waited = 0;
    while (http->n_streams > 0 && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&http->wake, &http->lock, &until);
    pthread_mutex_unlock(&http->lock);
    return NULL;
}

ct_err ct_http__push_start(ct_http *http) {
    if (pthread_create(&http->push_thread, NULL, push, http) != 0)
        return ct_fail(CT_NOMEM, "cannot start the push thread");
    http->push_started = true;
    return CT_OK;
}

void ct_http__push_stop(ct_http *http) {
    pthread_mutex_lock(&http->lock);
    http->stopping = true;
    pthread_cond_signal(&http->wake);
    pthread_mutex_unlock(&http->lock);
    if (http->push_started) pthread_join(http->push_thread, NULL);
    http->push_started = false;
}
