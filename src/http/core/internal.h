// What the files of http/core share: the request, the response and the server behind their opaque
// names.
#ifndef CT_HTTP_CORE_INTERNAL_H
#define CT_HTTP_CORE_INTERNAL_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "http/core/connections.h"

enum {
    CT_HTTP__MAX_URI = 8192,   // bytes of path and query; longer: 414
    CT_HTTP__MAX_HEADERS = 64, // more: 431
    CT_HTTP__MAX_HEAD = 12288, // bytes of path, query and header fields together; more: 431
    // What the wire library has for a connection: the head as it came, 64 bytes for each of its
    // fields, the head of the answer. It clears all of it (and half again) after every request, so
    // it is no larger than it has to be.
    CT_HTTP__FIELD_MEMORY = 64,
    CT_HTTP__ANSWER_HEAD = 2048,
    CT_HTTP__CONNECTION_MEMORY =
        CT_HTTP__MAX_HEAD + CT_HTTP__MAX_HEADERS * CT_HTTP__FIELD_MEMORY + CT_HTTP__ANSWER_HEAD,
    CT_HTTP__MAX_SEGMENTS = 24,  // of a path
    CT_HTTP__MAX_PARAMS = 64,    // of a query
    CT_HTTP__GZIP_FROM = 512,    // bytes; smaller bodies do not gain by compression
    CT_HTTP__WAKE_MS = 20,       // least time between two rounds of the push thread
    CT_HTTP__TICK_MS = 5000,     // streams are asked at least this often
    CT_HTTP__FAREWELL_MS = 1000, // that the stop gives streams for their end
    CT_HTTP__ASIDE_THREADS = 16, // that run handlers which wait
    CT_HTTP__REQUEST_MEMORY = 64 // MiB that one request's arena may hold
};

typedef struct ct_http__pair {
    const char *name, *value;
    struct ct_http__pair *next;
} ct_http__pair;

typedef enum ct_http__body {
    CT_HTTP__NO_BODY,
    CT_HTTP__BYTES,
    CT_HTTP__FILE,
    CT_HTTP__STREAM,
    CT_HTTP__READY
} ct_http__body;

struct ct_http_res {
    ct_arena *arena; // the request's
    int status;
    bool answered;  // complete: an error of the handler does not replace it
    bool unchanged; // 304
    ct_http__pair *headers, **headers_end;
    const char *type;
    ct_http__body kind;
    const void *data; // BYTES
    size_t length;
    bool gzip;
    void (*release)(void *context); // BYTES, READY
    void *context;
    struct MHD_Response *ready; // READY: borrowed
    int fd;                     // FILE: the range [offset, offset + size)
    uint64_t offset, size;
    ct_http_source source; // STREAM
};

typedef struct ct_http__entry { // a route, its path cut into segments
    const ct_http_route *route;
    void *context;
    size_t n_segments;
    const char *segments[CT_HTTP__MAX_SEGMENTS]; // "{c}" is kept as "c" with is_param
    bool is_param[CT_HTTP__MAX_SEGMENTS];
    bool rest; // the last segment takes all that follows
    size_t n_literals;
    char *storage;
    size_t next; // 1 + the index of the next entry in the same list of ct_http; 0: none
} ct_http__entry;

struct ct_http_req {
    ct_http *http;
    struct ct_http__share *share; // that it was taken from
    struct MHD_Connection *connection;
    ct_arena *arena;
    int64_t start_us; // monotonic
    ct_http_method method;
    bool known_method, head, options;
    const char *method_name; // as it came; NULL before the headers are there
    const char *id;          // NULL until asked for
    const char *uri;         // path and query as they came; "" if too long
    size_t uri_length;       // as it came
    const char *raw_path;    // as it came, without the query
    const char *raw_query;   // "" if there is none
    const char *path;        // decoded
    const char *base;
    const char *host;                            // of an address in absolute form
    const char *if_none_match, *accept_encoding; // header fields; NULL: not there
    size_t head_memory;                          // of the wire library, that the head takes
    size_t n_segments;
    const char *segments[CT_HTTP__MAX_SEGMENTS];
    size_t n_params;
    ct_http__pair *params; // an array
    const ct_http__entry *entry;
    bool started; // headers were looked at
    ct_http__conn *conn;
    uint64_t body_counted, answer_counted; // in the sums of what is held
    ct_buf body;
    size_t dropped; // bytes of a body that was refused on its way
    bool refused;   // answered past the wire library
    ct_http_res res;
    bool handled; // its handler has run aside
    struct ct_http_req *next_aside;
    bool queued; // a response went to the wire library
    int status;  // that was sent
    uint64_t sent_bytes;
    struct ct_http__stream *stream;
    ct_http_req *next_idle;
};

// What each of the server's threads changes with every request, apart from the others: one line of
// the processor's cache that two of them write costs more than finding a kept tile.
typedef struct ct_http__share {
    char apart[64];
    pthread_mutex_t lock; // of the next two
    ct_http_req *idle;    // requests kept for the next ones
    size_t n_idle;
    atomic_ullong by_class[6], sent_bytes, latency_us, latency[CT_HTTP_LATENCY_BUCKETS];
} ct_http__share;

typedef struct ct_http__stream { // one open stream; in the server's list while its request lives
    ct_http *http;
    ct_http__share *share;
    struct MHD_Connection *connection;
    ct_http_source source;
    bool suspended, listed;
    struct ct_http__stream *next, *previous;
} ct_http__stream;

typedef struct ct_http__aside { // requests that wait for one of the threads; oldest first
    pthread_mutex_t lock;
    pthread_cond_t come;
    ct_http_req *first, **end;
    pthread_t threads[CT_HTTP__ASIDE_THREADS];
    size_t n_threads;
    bool stopping;
} ct_http__aside;

struct ct_http {
    ct_http_config config;
    char *address, *public_url, *url;
    uint16_t port;
    struct MHD_Daemon *daemon;
    ct_http__entry *entries;
    size_t n_entries, cap_entries;
    // Lists of entries by the number of their segments; [MAX_SEGMENTS + 1]: those with a rest.
    size_t of_segments[CT_HTTP__MAX_SEGMENTS + 2]; // 1 + an index; 0: none
    pthread_mutex_t lock;                          // of the streams, stop and the condition
    pthread_cond_t wake;
    pthread_t push_thread;
    bool push_started;
    bool stopping;
    atomic_ullong wakes; // counts ct_http_wake
    ct_log_level request_log;
    uint32_t start_stamp; // begins the ids of requests
    atomic_ullong ids;
    ct_http__stream *streams;
    size_t n_streams;
    ct_http__share shares[CT_HTTP__SHARES];
    atomic_ullong connections;
    ct_http__conns conns;
    ct_http__aside aside;
};

// ---- router.c
typedef enum ct_http__match { CT_HTTP__FOUND, CT_HTTP__NO_PATH, CT_HTTP__NO_METHOD } ct_http__match;
// Finds the entry with the most literal segments; `allowed` gets the methods that the path has.
ct_http__match ct_http__route(const ct_http *http, ct_http_req *req, unsigned *allowed);
void ct_http__entry_fini(ct_http__entry *entry);
// "GET, HEAD, OPTIONS"
void ct_http__allow(char out[64], unsigned methods);

// ---- listen.c
// A listening socket at the configured address, the caller's to close; sets http->port and
// http->url. CT_ARG for an address that is none, CT_IO.
CT_CHECKED ct_err ct_http__listen(int *listener, ct_http *http);

// ---- recycle.c
// An empty request with its arena: a kept one or a new one. NULL when out of memory.
ct_http_req *ct_http__req_take(ct_http *http, ct_http__share *share);
void ct_http__req_give_back(ct_http_req *req); // done with: kept or freed
void ct_http__req_free_idle(ct_http *http);

// ---- request.c
// Cuts and decodes path and query of req->uri. CT_PARSE for bad escapes and the like, CT_LIMIT.
CT_CHECKED ct_err ct_http__parse_uri(ct_http_req *req);
// Unknown, repeated and missing parameters of the matched route: CT_ARG.
CT_CHECKED ct_err ct_http__check_params(const ct_http_req *req);
// Whether the body is declared as the route asks (parameters ignored).
const char *ct_http__write_refused(const ct_http_req *req); // why, or NULL (origin.c)
bool ct_http__body_ok(const ct_http_req *req);
bool ct_http__host_ok(const char *host);
// A copy of http(s)://HOST[:PORT][/PATH] without slashes at its end. CT_ARG for other texts.
CT_CHECKED ct_err ct_http__public_url(char **out, const char *text);

// Of a request whose headers cannot be asked any more.
const char *ct_http__make_id(ct_http_req *req);

// ---- head.c
// Whether the answer of this request may have a header field of so many bytes.
bool ct_http__answer_field_ok(const ct_http_req *req, size_t bytes);
// Answers what is wrong with the header fields, before the body comes; true if something was. A
// head that leaves no room for an answer is refused past the wire library: `refused` is set.
bool ct_http__refuse_head(ct_http_req *req, const char *version);

// ---- server.c
void ct_http__run_handler(ct_http_req *req); // of the matched route; its error becomes the response

// ---- aside.c
void ct_http__aside_init(ct_http *http);
void ct_http__aside_fini(ct_http *http);
CT_CHECKED ct_err ct_http__aside_start(ct_http *http); // if a route wants it
// Suspends the request's connection until its handler has run, then the wire library asks for the
// request again and `handled` is set. False: not taken, as it is stopping; run it here.
bool ct_http__aside_take(ct_http_req *req);
// Runs what was taken to its end. No connection is left suspended by it.
void ct_http__aside_stop(ct_http *http);

// ---- response.c
void ct_http__res_init(ct_http_res *res, ct_arena *arena);
void ct_http__res_drop_body(ct_http_res *res);
// Headers that every answer carries; `readable`: to a GET or OPTIONS.
void ct_http__add_common_headers(struct MHD_Response *wire, bool readable);
// Turns the response into the wire library's and queues it.
enum MHD_Result ct_http__send(ct_http_req *req);

// ---- negotiate.c
bool ct_http__accepts_gzip(const ct_http_req *req);
bool ct_http__compressible(const char *type);
bool ct_http__etag_listed(const char *if_none_match, const char *etag);
// The tag as it is sent: W/"...". Arena; NULL when out of memory.
const char *ct_http__weak_etag(ct_arena *arena, const char *etag);

// ---- stream.c
CT_CHECKED ct_err ct_http__push_start(ct_http *http);
void ct_http__push_stop(ct_http *http); // resumes every suspended stream for its end
// The response that asks the source; takes the source. NULL when out of memory (the source is
// closed).
struct MHD_Response *ct_http__stream_response(ct_http_req *req, ct_http_source source);
void ct_http__stream_leave(
    ct_http__stream *stream); // out of the list: its connection must not be touched again

#endif
