// Requests are kept for the next ones, with the memory of their arenas: a short request then
// allocates nothing.
#include <string.h>

#include "base/mem.h"
#include "http/core/internal.h"

enum {
    ARENA_BLOCK_BYTES = 8 * 1024,
    MAX_IDLE = 64,              // requests kept a thread; as many as it ever has, as a rule
    MAX_IDLE_ARENA = 128 * 1024 // bytes; an arena that has grown larger is freed
};

static void destroy(ct_http_req *req) {
    ct_arena_free(req->arena);
    ct_free(req);
}

static ct_http_req *take_idle(ct_http__share *share) {
    pthread_mutex_lock(&share->lock);
    ct_http_req *req = share->idle;
    if (req) {
        share->idle = req->next_idle;
        share->n_idle--;
    }
    pthread_mutex_unlock(&share->lock);
    return req;
}

ct_http_req *ct_http__req_take(ct_http *http, ct_http__share *share) {
    ct_http_req *req = take_idle(share);
    if (!req) {
        req = ct_calloc(1, sizeof *req);
        if (!req) return NULL;
        req->arena = ct_arena_new(ARENA_BLOCK_BYTES, (size_t)CT_HTTP__REQUEST_MEMORY << 20);
        if (!req->arena) {
            ct_free(req);
            return NULL;
        }
    }
    *req = (ct_http_req){.http = http, .share = share, .arena = req->arena};
    return req;
}

void ct_http__req_give_back(ct_http_req *req) {
    ct_http__share *share = req->share;
    bool keep = ct_arena_room(req->arena) <= MAX_IDLE_ARENA;
    if (keep) ct_arena_reset(req->arena);
    pthread_mutex_lock(&share->lock);
    keep = keep && share->n_idle < MAX_IDLE;
    if (keep) {
        req->next_idle = share->idle;
        share->idle = req;
        share->n_idle++;
    }
    pthread_mutex_unlock(&share->lock);
    if (!keep) destroy(req);
}

void ct_http__req_free_idle(ct_http *http) {
    for (size_t i = 0; i < CT_HTTP__SHARES; i++)
        for (ct_http_req *req; (req = take_idle(&http->shares[i])) != NULL;) destroy(req);
}
