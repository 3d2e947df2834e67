// Server-sent events (HTML standard, 9.2) from one ring of formatted events to any number of
// clients.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "http/core/internal.h"

enum { KEEPALIVE_S = 15, MAX_GREETING = 224, MAX_HEAD = 128 };

typedef struct event {
    size_t at, length; // of "id: ...\nevent: ...\ndata: ...\n\n" in the texts
} event;

struct ct_http_hub {
    pthread_mutex_t lock;
    ct_http *http;
    size_t max_events, max_bytes;
    event *ring; // max_events; the oldest at `first`
    size_t first, count;
    char *texts; // max_bytes, round and round; a gap at the end where one does not fit
    size_t end;  // of the newest
    uint64_t next_seq;
};

typedef struct client {
    ct_http_hub *hub;
    uint64_t next; // number of the event that it needs next
    size_t sent;   // bytes of that event that went out already
    char greeting[MAX_GREETING];
    size_t greeting_length, greeting_sent;
    int64_t last_us; // when something went out
    bool ended;
} client;

ct_err ct_http_hub_new(ct_http_hub **out, size_t max_events, size_t max_bytes) {
    ct_http_hub *hub = ct_calloc(1, sizeof *hub);
    if (!hub) return CT_NOMEM;
    *hub = (ct_http_hub){.max_events = max_events, .max_bytes = max_bytes};
    hub->next_seq = (uint64_t)ct_clock_now_us(ct_clock_real());
    pthread_mutex_init(&hub->lock, NULL);
    hub->ring = ct_calloc(max_events, sizeof *hub->ring);
    hub->texts =
        ct_alloc(max_bytes); // once for all: texts of their own would scatter over the heap
    if (!hub->ring || !hub->texts) {
        ct_http_hub_free(hub);
        return CT_NOMEM;
    }
    *out = hub;
    return CT_OK;
}

void ct_http_hub_free(ct_http_hub *hub) {
    if (!hub) return;
    ct_free(hub->ring);
    ct_free(hub->texts);
    pthread_mutex_destroy(&hub->lock);
    ct_free(hub);
}

void ct_http_hub_attach(ct_http_hub *hub, ct_http *http) {
    pthread_mutex_lock(&hub->lock);
    hub->http = http;
    pthread_mutex_unlock(&hub->lock);
}

static void forget_oldest(ct_http_hub *hub) {
    hub->first = (hub->first + 1) % hub->max_events;
    hub->count--;
}

// Where a text of `size` bytes, no more than max_bytes, goes; those in its way are forgotten.
static size_t make_room(ct_http_hub *hub, size_t size) {
    if (hub->count == hub->max_events) forget_oldest(hub);
    for (; hub->count; forget_oldest(hub)) {
        const size_t oldest = hub->ring[hub->first].at;
        if (hub->end > oldest) { // not round yet
            if (size <= hub->max_bytes - hub->end) return hub->end;
            if (size <= oldest) return 0;
        } else if (size <= oldest - hub->end) {
            return hub->end;
        }
    }
    return 0;
}

uint64_t ct_http_hub_publish(ct_http_hub *hub, const char *type, const char *data, size_t length) {
    if (memchr(data, '\n', length) || memchr(data, '\r', length)) return 0;
    char head[MAX_HEAD];
    uint64_t seq = 0;
    pthread_mutex_lock(&hub->lock);
    const int n =
        snprintf(head, sizeof head, "id: %" PRIu64 "\nevent: %s\ndata: ", hub->next_seq, type);
    const size_t size = (size_t)n + length + 2;
    if (n > 0 && (size_t)n < sizeof head && length <= hub->max_bytes / 2 &&
        size <= hub->max_bytes) {
        const size_t at = make_room(hub, size);
        memcpy(hub->texts + at, head, (size_t)n);
        memcpy(hub->texts + at + n, data, length);
        memcpy(hub->texts + at + n + length, "\n\n", 2);
        hub->ring[(hub->first + hub->count) % hub->max_events] = (event){at, size};
        hub->count++;
        hub->end = at + size;
        seq = hub->next_seq++;
        if (hub->http) ct_http_wake(hub->http);
    }
    pthread_mutex_unlock(&hub->lock);
    return seq;
}

uint64_t ct_http_hub_last(ct_http_hub *hub) {
    pthread_mutex_lock(&hub->lock);
    uint64_t last = hub->next_seq - 1;
    pthread_mutex_unlock(&hub->lock);
    return last;
}

static size_t take(char *out, size_t max, const char *text, size_t length, size_t *sent) {
    size_t n = length - *sent < max ? length - *sent : max;
    memcpy(out, text + *sent, n);
    *sent += n;
    return n;
}

// The hub's lock is held. What the client missed is gone: tell it, and go on with the next event.
static void lose(client *c) {
    int n = snprintf(c->greeting, sizeof c->greeting, "id: %" PRIu64 "\nevent: reset\ndata: {}\n\n",
                     c->hub->next_seq - 1);
    c->greeting_length = (size_t)n;
    c->greeting_sent = 0;
    c->next = c->hub->next_seq;
}

// The hub's lock is held.
static size_t read_ring(client *c, char *out, size_t max) {
    ct_http_hub *hub = c->hub;
    size_t used = 0;
    while (used < max) {
        if (c->greeting_sent < c->greeting_length) {
            used +=
                take(out + used, max - used, c->greeting, c->greeting_length, &c->greeting_sent);
            continue;
        }
        if (c->next == hub->next_seq) break;
        if (c->next < hub->next_seq - hub->count) {
            // Half of a forgotten event went out: only the end of the stream makes the client drop
            // it.
            c->ended = c->sent > 0;
            if (c->ended) break;
            lose(c);
            continue;
        }
        const event *e =
            &hub->ring[(hub->first + (c->next - (hub->next_seq - hub->count))) % hub->max_events];
        used += take(out + used, max - used, hub->texts + e->at, e->length, &c->sent);
        if (c->sent < e->length) break;
        c->next++;
        c->sent = 0;
    }
    return used;
}

static size_t read_client(void *context, char *out, size_t max) {
    static const char keepalive[] = ":\n\n";
    client *c = context;
    pthread_mutex_lock(&c->hub->lock);
    size_t used = read_ring(c, out, max);
    pthread_mutex_unlock(&c->hub->lock);
    int64_t now_us = ct_clock_mono_us(ct_clock_real());
    if (!used && now_us - c->last_us > (int64_t)KEEPALIVE_S * 1000000 && c->sent == 0 &&
        max >= sizeof keepalive) {
        memcpy(out, keepalive, sizeof keepalive - 1);
        used = sizeof keepalive - 1;
    }
    if (used) c->last_us = now_us;
    return !used && c->ended ? SIZE_MAX : used;
}

static void close_client(void *context) {
    ct_free(context);
}

// Where the client stands by its Last-Event-ID: after it if the ring still knows what followed.
static void place(client *c, const char *last_id) {
    ct_http_hub *hub = c->hub;
    c->next = hub->next_seq;
    char time[32];
    ct_time_format(time, ct_clock_now_us(ct_clock_real()));
    char *end = NULL;
    uint64_t last = last_id ? strtoull(last_id, &end, 10) : 0;
    bool asked = last_id && end != last_id && !*end;
    bool known = asked && last < hub->next_seq && last + 1 >= hub->next_seq - hub->count;
    if (known) c->next = last + 1;
    // The number says where the client stands, so that one who goes before its first event and
    // comes back misses nothing either.
    int n = snprintf(c->greeting, sizeof c->greeting,
                     "retry: 2000\n%sid: %" PRIu64 "\nevent: hello\ndata: {\"seq\":%" PRIu64
                     ",\"time\":\"%s\"}\n\n",
                     asked && !known ? "event: reset\ndata: {}\n\n" : "", c->next - 1,
                     hub->next_seq - 1, time);
    c->greeting_length = (size_t)n;
}

ct_err ct_http_hub_subscribe(ct_http_hub *hub, ct_http_req *req, ct_http_res *res,
                             size_t max_clients) {
    ct_http_stats stats;
    ct_http_get_stats(req->http, &stats);
    if (stats.streams >= max_clients) {
        ct_http_res_header(res, "Retry-After", "10");
        return ct_http_res_problem(req, res, 503, "%zu clients follow the events already",
                                   max_clients);
    }
    client *c = ct_calloc(1, sizeof *c);
    if (!c) return CT_NOMEM;
    c->hub = hub;
    c->last_us = ct_clock_mono_us(ct_clock_real());
    pthread_mutex_lock(&hub->lock);
    place(c, ct_http_req_header(req, "Last-Event-ID"));
    pthread_mutex_unlock(&hub->lock);
    ct_http_res_header(res, "Cache-Control", "no-store");
    ct_http_res_header(res, "X-Accel-Buffering", "no"); // a proxy shall not hold events back
    return ct_http_res_stream(res, "text/event-stream",
                              (ct_http_source){read_client, close_client, c});
}
