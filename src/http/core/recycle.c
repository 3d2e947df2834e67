// Requests are kept for the next ones, with the memory of their arenas: a short request then
// allocates nothing.
#include <string.h>

#include "base/mem.h"
#include "http/core/internal.h"

enum {
    ARENA_BLOCK_BYTES = 8 * 1024,
    MAX_IDLE = 64,              // requests kept; as many as are ever at work together, as a rule
    MAX_IDLE_ARENA = 128 * 1024 // bytes; an arena that has grown larger is freed
};

static void destroy(ct_http_req *req) {
    ct_arena_free(req->arena);
    ct_free(req);
}

static ct_http_req *take_idle(ct_http *http) {
    pthread_mutex_lock(&http->idle_lock);
    ct_http_req *req = http->idle;
    if (req) {
        http->idle = req->next_idle;
        http->n_idle--;
    }
    pthread_mutex_unlock(&http->idle_lock);
    return req;
}

ct_http_req *ct_http__req_take(ct_http *http) {
    ct_http_req *req = take_idle(http);
    if (!req) {
        req = ct_calloc(1, sizeof *req);
        if (!req) return NULL;
        req->arena = ct_arena_new(ARENA_BLOCK_BYTES, (size_t)CT_HTTP__REQUEST_MEMORY << 20);
        if (!req->arena) {
            ct_free(req);
            return NULL;
        }
    }
    *req = (ct_http_req){.http = http, .arena = req->arena};
    return req;
}

void ct_http__req_give_back(ct_http_req *req) {
    ct_http *http = req->http;
    bool keep = ct_arena_room(req->arena) <= MAX_IDLE_ARENA;
    if (keep) ct_arena_reset(req->arena);
    pthread_mutex_lock(&http->idle_lock);
    keep = keep && http->n_idle < MAX_IDLE;
    if (keep) {
        req->next_idle = http->idle;
        http->idle = req;
        http->n_idle++;
    }
    pthread_mutex_unlock(&http->idle_lock);
    if (!keep) destroy(req);
}

void ct_http__req_free_idle(ct_http *http) {
    for (ct_http_req *req; (req = take_idle(http)) != NULL;) destroy(req);
}
