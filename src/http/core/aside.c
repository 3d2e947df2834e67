// Handlers that wait, for the disk as a rule: each runs on a thread of this small group while its
// connection is suspended, so that the server's threads go on answering everybody else.
#include "http/core/internal.h"

static void *work(void *context) {
    ct_http *http = context;
    ct_http__aside *aside = &http->aside;
    pthread_mutex_lock(&aside->lock);
    for (;;) {
        while (!aside->first && !aside->stopping) pthread_cond_wait(&aside->come, &aside->lock);
        ct_http_req *req = aside->first;
        if (!req) break;
        aside->first = req->next_aside;
        if (!aside->first) aside->end = &aside->first;
        pthread_mutex_unlock(&aside->lock);
        struct MHD_Connection *connection = req->connection;
        ct_http__run_handler(req);
        req->handled = true;
        MHD_resume_connection(connection); // from here on the request is the server thread's
        pthread_mutex_lock(&aside->lock);
    }
    pthread_mutex_unlock(&aside->lock);
    return NULL;
}

void ct_http__aside_init(ct_http *http) {
    pthread_mutex_init(&http->aside.lock, NULL);
    pthread_cond_init(&http->aside.come, NULL);
    http->aside.end = &http->aside.first;
}

void ct_http__aside_fini(ct_http *http) {
    pthread_cond_destroy(&http->aside.come);
    pthread_mutex_destroy(&http->aside.lock);
}

ct_err ct_http__aside_start(ct_http *http) {
    bool wanted = false;
    for (size_t i = 0; i < http->n_entries; i++) wanted |= http->entries[i].route->aside;
    while (wanted && http->aside.n_threads < CT_HTTP__ASIDE_THREADS) {
        if (pthread_create(&http->aside.threads[http->aside.n_threads], NULL, work, http) != 0)
            return ct_fail(CT_NOMEM, "cannot start the threads of requests that wait");
        http->aside.n_threads++;
    }
    return CT_OK;
}

bool ct_http__aside_take(ct_http_req *req) {
    ct_http__aside *aside = &req->http->aside;
    pthread_mutex_lock(&aside->lock);
    const bool taken = aside->n_threads > 0 && !aside->stopping;
    if (taken) {
        // Before a thread can take it: it must not be resumed before it is suspended.
        MHD_suspend_connection(req->connection);
        req->next_aside = NULL;
        *aside->end = req;
        aside->end = &req->next_aside;
        pthread_cond_signal(&aside->come);
    }
    pthread_mutex_unlock(&aside->lock);
    return taken;
}

void ct_http__aside_stop(ct_http *http) {
    ct_http__aside *aside = &http->aside;
    pthread_mutex_lock(&aside->lock);
    aside->stopping = true;
    pthread_cond_broadcast(&aside->come);
    pthread_mutex_unlock(&aside->lock);
    for (size_t i = 0; i < aside->n_threads; i++) pthread_join(aside->threads[i], NULL);
    aside->n_threads = 0;
}
