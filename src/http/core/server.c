// The server: its life, and the way of a request through it: the wire library's callbacks, limits,
// dispatch, figures.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "http/core/internal.h"

enum {
    SMALL_ANSWER_BYTES = 64 * 1024, // less is never held back
    MAX_DETAIL_STATUS = 499
};

// ---- figures ----

// Upper bounds in microseconds; the last one is open.
static const uint64_t latency_bounds_us[CT_HTTP_LATENCY_BUCKETS] = {
    250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 500000, 2500000, UINT64_MAX};

double ct_http_latency_bound_s(size_t bucket) {
    if (bucket + 1 >= CT_HTTP_LATENCY_BUCKETS) return (double)INFINITY;
    return (double)latency_bounds_us[bucket] * 1e-6;
}

static void log_request(ct_http *http, ct_http_req *req, bool completed, int64_t us) {
    const char *uri = req->uri ? req->uri : "";
    const ct_log_field fields[] = {
        {"method", req->method_name ? req->method_name : "?", 0},
        {"path", req->raw_path ? req->raw_path : uri, 0},
        {"status", NULL, req->status},
        {"bytes", NULL, req->head ? 0 : (int64_t)req->sent_bytes},
        {"duration_us", NULL, us},
        {"request_id", ct_http__make_id(req), 0},
        {"end", completed ? "complete" : "broken off", 0},
        {"query", req->raw_query ? req->raw_query : "", 0},
    };
    const size_t n = sizeof fields / sizeof *fields;
    ct_log_fields(http->request_log, "request", fields,
                  req->raw_query && *req->raw_query ? n : n - 1);
}

static void add(atomic_ullong *sum, unsigned long long more) {
    atomic_fetch_add_explicit(sum, more, memory_order_relaxed);
}

static void count(ct_http *http, ct_http_req *req, bool completed, int64_t now_us) {
    const int64_t us = now_us - req->start_us;
    ct_http__share *share = req->share;
    const int family = completed ? req->status / 100 : 0;
    add(&share->by_class[family > 0 && family < 6 ? family : 0], 1);
    if (!req->stream) {
        add(&share->sent_bytes, req->head ? 0 : req->sent_bytes);
        add(&share->latency_us, (unsigned long long)us);
        size_t bucket = 0;
        while (bucket + 1 < CT_HTTP_LATENCY_BUCKETS && (uint64_t)us > latency_bounds_us[bucket])
            bucket++;
        add(&share->latency[bucket], 1);
    }
    if (ct_log_wants(http->request_log)) log_request(http, req, completed, us);
}

void ct_http_get_stats(ct_http *http, ct_http_stats *out) {
    *out = (ct_http_stats){.connections = atomic_load(&http->connections),
                           .shed = atomic_load(&http->conns.shed),
                           .refused = atomic_load(&http->conns.refused)};
    uint64_t latency_us = 0;
    for (size_t k = 0; k < CT_HTTP__SHARES; k++) {
        const ct_http__share *share = &http->shares[k];
        out->sent_bytes += atomic_load(&share->sent_bytes);
        latency_us += atomic_load(&share->latency_us);
        for (size_t i = 0; i < 6; i++) out->by_class[i] += atomic_load(&share->by_class[i]);
        for (size_t i = 0; i < CT_HTTP_LATENCY_BUCKETS; i++)
            out->latency[i] += atomic_load(&share->latency[i]);
    }
    out->latency_sum_s = (double)latency_us * 1e-6;
    for (size_t i = 0; i < 6; i++) out->requests += out->by_class[i];
    for (size_t i = 1; i < CT_HTTP_LATENCY_BUCKETS; i++) out->latency[i] += out->latency[i - 1];
    pthread_mutex_lock(&http->lock);
    out->streams = http->n_streams;
    pthread_mutex_unlock(&http->lock);
}

// ---- a request's way ----

// The first sight of a request: its target as it came, before the wire library cuts it.
static void *on_uri(void *context, const char *uri, struct MHD_Connection *connection) {
    ct_http *http = context;
    ct_http__conn *conn = ct_http__conn_of(connection);
    ct_http_req *req = ct_http__req_take(http, &http->shares[conn ? conn->thread : 0]);
    if (!req) return NULL;
    req->connection = connection;
    req->start_us = ct_clock_mono_us(ct_clock_real());
    req->conn = conn;
    ct_http__conn_turn(req->conn, CT_HTTP__WAITING, req->start_us, 0); // for the rest of the head
    ct_buf_init(&req->body, http->config.max_body_bytes);
    req->uri_length = strlen(uri);
    req->uri = req->uri_length <= CT_HTTP__MAX_URI
                   ? ct_arena_strndup(req->arena, uri, req->uri_length)
                   : "";
    if (!req->uri) {
        ct_http__req_give_back(req);
        return NULL;
    }
    ct_http__res_init(&req->res, req->arena);
    return req;
}

static void set_method(ct_http_req *req, const char *method) {
    static const struct {
        const char *name;
        ct_http_method method;
    } names[] = {{"GET", CT_HTTP_GET}, {"HEAD", CT_HTTP_GET},    {"POST", CT_HTTP_POST},
                 {"PUT", CT_HTTP_PUT}, {"PATCH", CT_HTTP_PATCH}, {"DELETE", CT_HTTP_DELETE}};
    for (size_t i = 0; i < sizeof names / sizeof *names && !req->known_method; i++) {
        if (strcmp(method, names[i].name) != 0) continue;
        req->method = names[i].method;
        req->known_method = true;
    }
    // Only for the log, and only where it is kept: the wire library's text ends with the request.
    if (ct_log_wants(req->http->request_log)) {
        req->method_name = ct_arena_strndup(req->arena, method, strnlen(method, 32));
        (void)ct_http_req_id(req); // while its headers are there
    }
    req->head = *method == 'H' && strcmp(method, "HEAD") == 0;
    req->options = !req->known_method && strcmp(method, "OPTIONS") == 0;
}

static void answer_options(ct_http_req *req, unsigned allowed) {
    char allow[64];
    ct_http__allow(allow, allowed);
    ct_http_res_header(&req->res, "Allow", allow);
    ct_http_res_header(&req->res, "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
    ct_http_res_header(&req->res, "Access-Control-Allow-Headers", "Accept, Last-Event-ID, Range");
    ct_http_res_header(&req->res, "Access-Control-Max-Age", "86400");
    req->res.answered = true;
}

// Answers what is wrong with the request itself; true if something was.
static bool refuse(ct_http_req *req) {
    ct_http_res *res = &req->res;
    if (!*req->uri) {
        (void)ct_http_res_problem(req, res, 414, "the address is longer than %d bytes",
                                  CT_HTTP__MAX_URI);
        return true;
    }
    ct_err err = ct_http__parse_uri(req);
    if (err != CT_OK) {
        (void)ct_http_res_problem(req, res, err == CT_NOMEM ? 503 : 400, "%s", ct_err_message());
        return true;
    }
    unsigned allowed = 0;
    ct_http__match match = ct_http__route(req->http, req, &allowed);
    if (match == CT_HTTP__NO_PATH) {
        (void)ct_http_res_problem(req, res, 404, "there is nothing at %s", req->path);
        return true;
    }
    if (req->options) {
        answer_options(req, allowed);
        return true;
    }
    if (match == CT_HTTP__NO_METHOD) {
        char allow[64];
        ct_http__allow(allow, allowed);
        ct_http_res_header(res, "Allow", allow);
        (void)ct_http_res_problem(req, res, 405, "this resource allows %s", allow);
        return true;
    }
    const char *refused = ct_http__write_refused(req);
    if (refused) {
        (void)ct_http_res_problem(req, res, 403, "%s", refused);
        return true;
    }
    if (ct_http__check_params(req) != CT_OK) {
        (void)ct_http_res_problem(req, res, 400, "%s", ct_err_message());
        return true;
    }
    if (!ct_http__body_ok(req)) {
        (void)ct_http_res_problem(req, res, 415, "the body must be of type %s",
                                  req->entry->route->body);
        return true;
    }
    return false;
}

void ct_http__run_handler(ct_http_req *req) {
    ct_http_res *res = &req->res;
    ct_err err = req->entry->route->handler(req->entry->context, req, res);
    if (err == CT_OK || res->answered) return;
    int status = ct_err_http_status(err);
    if (status <= MAX_DETAIL_STATUS) {
        (void)ct_http_res_problem(req, res, status, "%s", ct_err_message());
        return;
    }
    const ct_log_field fields[] = {{"path", req->raw_path, 0},
                                   {"status", NULL, status},
                                   {"request_id", ct_http_req_id(req), 0}};
    ct_log_fields(CT_LOG_ERROR, ct_err_message(), fields, sizeof fields / sizeof *fields);
    (void)ct_http_res_problem(req, res, status, "%s; the server's log says more", ct_err_text(err));
    if (status == 503) ct_http_res_header(res, "Retry-After", "1");
}

// Before the body: no room for this client, or a head that is refused.
static bool refuse_early(ct_http_req *req, const char *version) {
    ct_http__conn_turn(req->conn, CT_HTTP__RECEIVING, 0, 0);
    if (!ct_http__conn_admit(&req->http->conns, req->conn)) {
        ct_http_res_header(&req->res, "Retry-After", "1");
        ct_http_res_header(&req->res, "Connection", "close");
        (void)ct_http_res_problem(req, &req->res, 503, "%zu clients are connected and at work",
                                  req->http->conns.max);
        return true;
    }
    return ct_http__refuse_head(req, version);
}

// Keeps a piece of the body. What is wrong with it is said past the wire library, and what still
// comes is dropped for a while, so that the client can read that.
static enum MHD_Result take_body(ct_http_req *req, const char *data, size_t n) {
    ct_http *http = req->http;
    char reason[96];
    if (req->refused) {
        req->dropped += n;
        return req->dropped <= http->config.max_body_bytes ? MHD_YES : MHD_NO;
    }
    req->body_counted += n;
    ct_http__conn_turn_bytes(req->conn, n);
    const bool full = atomic_fetch_add(&http->conns.bodies, n) + n > http->config.max_bodies_bytes;
    if (!full) ct_buf_put(&req->body, data, n);
    if (!full && !req->body.err) return MHD_YES;
    req->status = full || req->body.err == CT_NOMEM ? 503 : 413;
    snprintf(reason, sizeof reason, "the body is longer than %zu bytes",
             http->config.max_body_bytes);
    ct_http__conn_say(req->conn, req->status,
                      req->status == 413 ? reason : "too many bodies are on their way; try again");
    ct_buf_fini(&req->body);
    req->refused = true;
    return MHD_YES;
}

// Clients that ask for much and do not read it would fill the memory.
static void hold_back(ct_http_req *req) {
    ct_http *http = req->http;
    const unsigned long long more = req->res.kind == CT_HTTP__BYTES ? req->res.length : 0;
    if (more < SMALL_ANSWER_BYTES) return;
    if (atomic_load(&http->conns.answers) + more <= http->config.max_answers_bytes) return;
    ct_http__conns_shed_readers(&http->conns);
    ct_http_res_header(&req->res, "Retry-After", "2");
    (void)ct_http_res_problem(req, &req->res, 503, "too much is on its way to slow clients");
}

// Queues the response and counts what it holds until it is read.
static enum MHD_Result answer(ct_http_req *req) {
    const bool stream = req->res.kind == CT_HTTP__STREAM, bytes = req->res.kind == CT_HTTP__BYTES,
               ready = req->res.kind == CT_HTTP__READY;
    const enum MHD_Result ok = ct_http__send(req);
    if (bytes && ok == MHD_YES) {
        req->answer_counted = req->sent_bytes;
        atomic_fetch_add(&req->http->conns.answers, req->answer_counted);
    }
    // What was ready took no time: the request's beginning is near enough.
    if (!stream)
        ct_http__conn_turn(req->conn, CT_HTTP__ANSWERING,
                           ready ? 0 : ct_clock_mono_us(ct_clock_real()), req->sent_bytes);
    return ok;
}

// Called first with the headers, then with pieces of the body, then once more when all is here, and
// again after a handler ran aside.
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **state) {
    (void)context, (void)connection, (void)url;
    ct_http_req *req = *state;
    if (!req) return MHD_NO;
    if (!req->started) {
        req->started = true;
        set_method(req, method);
        const bool refused = refuse_early(req, version);
        return refused && !req->refused ? answer(req) : MHD_YES;
    }
    if (*size > 0) {
        if (req->queued) return MHD_NO;
        const size_t n = *size;
        *size = 0;
        return take_body(req, data, n);
    }
    if (req->queued) return MHD_YES;
    if (req->refused) return MHD_NO;
    ct_http__conn_turn(req->conn, CT_HTTP__WORKING, 0, 0);
    if (!req->handled && !refuse(req)) {
        if (req->entry->route->aside && ct_http__aside_take(req)) return MHD_YES;
        ct_http__run_handler(req);
    }
    hold_back(req);
    return answer(req);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why) {
    (void)connection;
    ct_http_req *req = *state;
    if (!req) return;
    const int64_t now_us = ct_clock_mono_us(ct_clock_real());
    count(context, req,
          req->refused ||
              (req->queued && (why == MHD_REQUEST_TERMINATED_COMPLETED_OK || req->stream)),
          now_us);
    if (req->body_counted) atomic_fetch_sub(&req->http->conns.bodies, req->body_counted);
    if (req->answer_counted) atomic_fetch_sub(&req->http->conns.answers, req->answer_counted);
    ct_http__conn_turn(req->conn, CT_HTTP__WAITING, now_us, 0);
    if (req->stream) ct_http__stream_leave(req->stream);
    ct_http__res_drop_body(&req->res);
    ct_buf_fini(&req->body);
    ct_http__req_give_back(req);
    *state = NULL;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode what) {
    ct_http *http = context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        atomic_fetch_add(&http->connections, 1);
        *state = ct_http__conn_open(&http->conns, connection);
    } else {
        atomic_fetch_sub(&http->connections, 1);
        ct_http__conn_close(&http->conns, *state);
        *state = NULL;
    }
}

// Path and query are decoded by request.c: the wire library shall leave them alone.
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
    (void)context, (void)connection;
    return strlen(text);
}

static void on_wire_message(void *context, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static void on_wire_message(void *context, const char *format, va_list args) {
    (void)context;
    char text[512];
    int n = vsnprintf(text, sizeof text, format, args);
    if (n > 0) ct_log(CT_LOG_DEBUG, "http: %s", text);
}

// ---- life ----

ct_err ct_http_new(ct_http **out, const ct_http_config *config) {
    ct_http *http = ct_calloc(1, sizeof *http);
    if (!http) return CT_NOMEM;
    http->config = *config;
    http->request_log = CT_LOG_DEBUG;
    http->start_stamp = (uint32_t)(ct_clock_now_us(ct_clock_real()) / 1000);
    http->address = ct_strdup(config->address ? config->address : "127.0.0.1");
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&http->lock, NULL);
    for (size_t i = 0; i < CT_HTTP__SHARES; i++) pthread_mutex_init(&http->shares[i].lock, NULL);
    pthread_cond_init(&http->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    ct_http__conns_init(&http->conns);
    ct_http__aside_init(http);
    ct_err err = http->address ? CT_OK : CT_NOMEM;
    if (err == CT_OK && config->public_url)
        err = ct_http__public_url(&http->public_url, config->public_url);
    if (err != CT_OK) {
        ct_http_free(http);
        return err;
    }
    ct_http_config *c = &http->config;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (c->threads <= 0) c->threads = cores > 4 ? (int)cores : 4;
    if (c->max_connections <= 0) c->max_connections = 12000;
    if (c->max_connections < c->threads) c->max_connections = c->threads;
    if (c->timeout_s <= 0) c->timeout_s = 30;
    if (c->max_body_bytes == 0) c->max_body_bytes = 16 << 20;
    if (c->max_bodies_bytes == 0) c->max_bodies_bytes = 256 << 20;
    if (c->max_answers_bytes == 0) c->max_answers_bytes = 1 << 30;
    *out = http;
    return CT_OK;
}

int ct_http_threads(const ct_http *http) {
    return http->config.threads;
}

void ct_http_log_requests(ct_http *http, ct_log_level level) {
    http->request_log = level;
}

// Takes the listener: the wire library closes it, also where it fails.
static ct_err start_daemon(ct_http *http, int listener, unsigned max_connections) {
    const unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    // clang-format off
    http->daemon = MHD_start_daemon(
        flags, http->port, NULL, NULL, on_request, http,
        MHD_OPTION_EXTERNAL_LOGGER, on_wire_message, http,
        MHD_OPTION_LISTEN_SOCKET, listener,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)http->config.threads,
        MHD_OPTION_CONNECTION_LIMIT, max_connections,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)http->config.timeout_s,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CT_HTTP__CONNECTION_MEMORY,
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, http,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
        MHD_OPTION_END);
    // clang-format on
    if (http->daemon) return CT_OK;
    return ct_fail(CT_IO,
                   "cannot start to serve at %s:%u (are there too many threads, open files?)",
                   http->address, http->port);
}

// The wire library's threads come last: they read what is made here, without a lock.
ct_err ct_http_start(ct_http *http) {
    unsigned total = 0;
    int listener = -1;
    ct_err err = ct_http__conns_start(&http->conns, &total, (size_t)http->config.max_connections,
                                      http->config.timeout_s);
    if (total < (unsigned)http->config.threads) total = (unsigned)http->config.threads;
    if (err == CT_OK) err = ct_http__push_start(http);
    if (err == CT_OK) err = ct_http__aside_start(http);
    if (err == CT_OK) err = ct_http__listen(&listener, http);
    if (err == CT_OK) err = start_daemon(http, listener, total);
    if (err != CT_OK) ct_http_stop(http);
    return err;
}

uint16_t ct_http_port(const ct_http *http) {
    return http->port;
}

const char *ct_http_url(const ct_http *http) {
    if (http->public_url) return http->public_url;
    return http->url ? http->url : "";
}

void ct_http_stop(ct_http *http) {
    // Nobody new; then every stream awake to see its end, every handler aside done: the wire
    // library aborts on suspended connections.
    MHD_socket listener = http->daemon ? MHD_quiesce_daemon(http->daemon) : MHD_INVALID_SOCKET;
    ct_http__push_stop(http);
    ct_http__conns_stop(&http->conns);
    ct_http__aside_stop(http);
    if (http->daemon) MHD_stop_daemon(http->daemon);
    http->daemon = NULL;
    if (listener != MHD_INVALID_SOCKET) close(listener);
}

void ct_http_free(ct_http *http) {
    if (!http) return;
    ct_http_stop(http);
    for (size_t i = 0; i < http->n_entries; i++) ct_http__entry_fini(&http->entries[i]);
    ct_http__req_free_idle(http);
    ct_free(http->entries);
    ct_free(http->address);
    ct_free(http->public_url);
    ct_free(http->url);
    ct_http__aside_fini(http);
    pthread_cond_destroy(&http->wake);
    pthread_mutex_destroy(&http->lock);
    ct_http__conns_fini(&http->conns);
    for (size_t i = 0; i < CT_HTTP__SHARES; i++) pthread_mutex_destroy(&http->shares[i].lock);
    ct_free(http);
}
