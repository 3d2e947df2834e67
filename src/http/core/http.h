// The HTTP server: routes, requests, responses, negotiation, caching headers, streams. Knows
// nothing of twins; hides the library that does the wire (libmicrohttpd) wholly, so that another
// can take its place.
//
// A handler runs on a server thread, reads its request, fills its response and returns. An error it
// returns becomes a problem document (RFC 9457) with the status of ct_err_http_status and the
// thread's message as detail (5xx: the message goes to the log only). Everything that a request
// lends lives until its response is complete.
#ifndef CT_HTTP_CORE_HTTP_H
#define CT_HTTP_CORE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "cimtwin/err.h"

typedef struct ct_http ct_http;         // a server; thread-safe
typedef struct ct_http_req ct_http_req; // a request; belongs to its handler
typedef struct ct_http_res ct_http_res; // its response, 200 with an empty body until told otherwise

typedef struct ct_http_config {
    const char *address; // numeric IPv4 or IPv6; NULL = 127.0.0.1
    uint16_t port;       // 0 = a free one (ct_http_port tells)
    int threads;         // that run handlers; 0 = number of cores, at least 4
    int max_connections; // 0 = 12,000; fewer where less than that and a third may be open as files.
                         // Above, those go that have waited longest for a request; where none
                         // waits the new one gets 503. 5 KiB each, 33 KiB from the first request on
    int timeout_s;       // of a silent connection; 0 = 30. A head, a body or a reader that takes
                         // longer, beside 4 KiB a second of its length, is cut off (408)
    size_t max_body_bytes;    // of a request, larger: 413; 0 = 16 MiB
    size_t max_bodies_bytes;  // of all requests on their way in, more: 503; 0 = 256 MiB
    size_t max_answers_bytes; // that clients have not read yet, more: slow readers are cut off,
                              // then 503; 0 = 1 GiB
    const char *public_url;   // start of links, where a proxy stands before
                            // ("https://twin.example.org"); NULL = "http://" and the request's Host
} ct_http_config;

// ---- routes ----
typedef enum ct_http_method {
    CT_HTTP_GET = 1, // answers HEAD too
    CT_HTTP_POST = 2,
    CT_HTTP_PUT = 4,
    CT_HTTP_PATCH = 8,
    CT_HTTP_DELETE = 16
} ct_http_method;

typedef ct_err (*ct_http_handler)(void *context, ct_http_req *req, ct_http_res *res);

typedef struct ct_http_param { // a query parameter
    const char *name;
    const char *schema; // its JSON Schema, as text (for the API's document)
    const char *description;
    bool required; // missing: 400
} ct_http_param;

typedef struct ct_http_route {
    ct_http_method method;
    const char *path; // "/collections/{c}/items": {c} takes one segment; a last {name...} takes the
                      // rest, or nothing
    ct_http_handler handler;
    const char *name;    // operation id, unique
    const char *summary; // for the API's document
    const char *tag; // group of operations in the document; NULL: an internal route, left out of it
    const char *type; // media type of a good answer
    int status;       // of a good answer; 0 = 200 (for the document)
    const char *body; // media type that the request's body must have, else 415; NULL = none asked
    const ct_http_param *params; // unknown or repeated ones are refused with 400
    size_t n_params;
    bool open_params; // the handler judges the names that are not in `params`
    bool
        aside; // the handler waits (for the disk, say): it runs on one of 16 threads of such
               // handlers while its connection rests, and keeps no server thread from other clients
    // What follows is for the API's document alone.
    int also;             // another good status: 204 has no body, others have the same; 0 = none
    bool tagged;          // answers carry an ETag: 304 for who has them
    const char *problems; // statuses of problems that do not follow from the rest: "409 503"
    const ct_http_param *headers; // of the request, beside those that every route reads
    size_t n_headers;
    const char *answers, *takes; // names of the schemas of answer and body; NULL = none is given
} ct_http_route;

// Whether the route answers JSON alone and names no parameter `f` of its own: f=json is then taken
// all the same, as clients put it everywhere.
bool ct_http_route_takes_json(const ct_http_route *route);

// Starts nothing yet: add routes, then start. The config is copied.
CT_CHECKED ct_err ct_http_new(ct_http **out, const ct_http_config *config);
// Before the start only. The route and what it points to must live as long as the server. CT_EXISTS
// for a path and method that are there already.
CT_CHECKED ct_err ct_http_add_route(ct_http *http, const ct_http_route *route, void *context);
size_t ct_http_route_count(const ct_http *http);
const ct_http_route *ct_http_route_at(const ct_http *http, size_t index);

int ct_http_threads(const ct_http *http); // that run handlers: of the configuration, never 0
// The level of the line that is logged for each request when it is over (method, path, query,
// status, bytes, duration, request id); CT_LOG_DEBUG until told otherwise. Before the start.
void ct_http_log_requests(ct_http *http, ct_log_level level);

// Listens and serves. CT_IO if the address cannot be had (in use, not of this machine).
CT_CHECKED ct_err ct_http_start(ct_http *http);
uint16_t ct_http_port(const ct_http *http); // that it listens on
const char *
ct_http_url(const ct_http *http); // "http://127.0.0.1:8080", or the public one; borrowed
// Ends streams, lets running handlers finish, closes every connection. May be called twice.
void ct_http_stop(ct_http *http);
void ct_http_free(ct_http *http); // stops first; NULL is fine

// ---- requests ----
const char *ct_http_req_path(const ct_http_req *req); // decoded, always starts with /
const char *
ct_http_req_base(ct_http_req *req); // "http://host:port", start of links; no slash at the end
ct_arena *ct_http_req_arena(ct_http_req *req);
// Names the request in the log and, as X-Request-Id, in answers that tell of an error: what the
// client sent under that name (1 to 64 letters, digits, . _ ~ -), else one made here.
const char *ct_http_req_id(ct_http_req *req);
// The segment (or the rest) that {name} took, decoded; never holds a slash (but the rest may), NUL,
// "." or "..".
const char *ct_http_req_segment(const ct_http_req *req, const char *name);
// Query parameters, decoded (+ is a blank), in their order. Repeated names of `params` never get
// here.
const char *ct_http_req_param(const ct_http_req *req, const char *name); // NULL if not given
size_t ct_http_req_param_count(const ct_http_req *req);
const char *ct_http_req_param_at(const ct_http_req *req, size_t index, const char **value);
// Whole numbers of a parameter: CT_PARSE if it is none, CT_RANGE outside [min, max]; `otherwise` if
// it is not given.
CT_CHECKED ct_err ct_http_req_int(int64_t *out, const ct_http_req *req, const char *name,
                                  int64_t otherwise, int64_t min, int64_t max);
CT_CHECKED ct_err ct_http_req_double(double *out, const ct_http_req *req, const char *name,
                                     double otherwise, double min, double max);
const char *ct_http_req_header(const ct_http_req *req,
                               const char *name); // case-insensitive; NULL if not sent
const void *ct_http_req_body(const ct_http_req *req, size_t *length);
// The query string without the parameters named (NULL-ended list), encoded, "" or "a=b&c=d": for
// links. Arena.
const char *ct_http_req_query_without(ct_http_req *req, const char *const *names);
// Percent-encodes all but unreserved characters (RFC 3986). Arena; NULL when out of memory.
const char *ct_http_encode(ct_arena *arena, const char *text);

// ---- negotiation ----
typedef struct ct_http_media {
    const char *name; // of f=, "json"
    const char *type; // "application/geo+json"; may have parameters
} ct_http_media;
// Which of the offers (best first) the client wants: parameter f, else Accept (RFC 9110, 12.5.1),
// else the first. Puts Vary: Accept. CT_ARG for an unknown f; with none acceptable it answers 406:
// pass the error up.
CT_CHECKED ct_err ct_http_negotiate(size_t *chosen, ct_http_req *req, ct_http_res *res,
                                    const ct_http_media *offers, size_t n_offers);
// Puts the ETag (sent as a weak one; quotes are put where `etag` has none) and tells whether the
// client has that state already: the response is then a complete 304 and the handler returns CT_OK
// at once.
bool ct_http_not_modified(ct_http_req *req, ct_http_res *res, const char *etag);

// ---- responses ----
void ct_http_res_status(ct_http_res *res, int status);
// Copied. A repeated name is sent twice. Line ends in the value make it be left out.
void ct_http_res_header(ct_http_res *res, const char *name, const char *value);
void ct_http_res_headerf(ct_http_res *res, const char *name, const char *format, ...)
    CT_PRINTF(3, 4);
// Bodies: each replaces the one before. `type` is copied. Text, JSON, XML and the like are
// compressed where the client takes gzip and it pays. Moves the bytes out of `body` (it is empty
// afterwards). Returns the error that stuck in it, if any.
CT_CHECKED ct_err ct_http_res_buf(ct_http_res *res, const char *type, ct_buf *body);
CT_CHECKED ct_err ct_http_res_text(ct_http_res *res, const char *type, const char *text); // copied
// Borrowed bytes; `release(context)` is called once when they are no longer needed (NULL: they live
// for ever). `gzip`: they are compressed already; a client that does not take that gets them
// inflated.
void ct_http_res_bytes(ct_http_res *res, const char *type, const void *data, size_t length,
                       bool gzip, void (*release)(void *context), void *context);
// A ready answer: the whole of a 200, and the 304 that goes with it, made once and sent many times.
// A request for it costs little more than the wire does. Thread-safe.
typedef struct ct_http_ready ct_http_ready;
typedef struct ct_http_ready_form {
    const char *type;          // copied
    const void *bytes;         // borrowed, as long as the ready answer lives; none: a 204
    size_t length;             //
    bool gzip;                 // they are compressed already; else they are sent as they are
    const char *etag;          // as in ct_http_not_modified; copied
    const char *cache_control; // copied
} ct_http_ready_form;
CT_CHECKED ct_err ct_http_ready_new(ct_http_ready **out, const ct_http_ready_form *form);
void ct_http_ready_free(ct_http_ready *ready); // NULL is fine
// Answers with it, whatever was said before: 304 where the client has that state already, inflated
// where it takes no gzip. `release(context)` is called once when this request needs neither it nor
// its bytes any more.
void ct_http_res_ready(ct_http_req *req, ct_http_res *res, const ct_http_ready *ready,
                       void (*release)(void *context), void *context);
// A file as it is; answers Range with 206 (one range). CT_NOTFOUND, CT_IO.
CT_CHECKED ct_err ct_http_res_file(ct_http_req *req, ct_http_res *res, const char *type,
                                   const char *path);
// A problem document with this status. Returns CT_OK, so that a handler may end with it.
ct_err ct_http_res_problem(ct_http_req *req, ct_http_res *res, int status, const char *format, ...)
    CT_PRINTF(4, 5);

// ---- streams ----
// A stream is pulled: `read` copies up to `max` bytes of what is ready and returns how many; 0 =
// nothing now (asked again after the next ct_http_wake, and every 5 s), SIZE_MAX = the end. It
// must not block. `close` is called once, when the client has gone or the server stops.
typedef struct ct_http_source {
    size_t (*read)(void *context, char *out, size_t max);
    void (*close)(void *context);
    void *context;
} ct_http_source;
// The response takes the source, also on failure (it is closed then).
CT_CHECKED ct_err ct_http_res_stream(ct_http_res *res, const char *type, ct_http_source source);
// Something is ready for streams. Any thread; never blocks; many calls within 20 ms count as one.
void ct_http_wake(ct_http *http);

// Server-sent events for many clients from one ring: an event is formatted and kept once, a client
// is a place in the ring. A client that falls behind the ring, or comes back from before it, gets
// the event `reset` and goes on with what is new. The ring is bounded by events and bytes, which it
// holds from the beginning, so a slow client costs nothing but its own gaps.
typedef struct ct_http_hub ct_http_hub; // thread-safe
CT_CHECKED ct_err ct_http_hub_new(ct_http_hub **out, size_t max_events, size_t max_bytes);
void ct_http_hub_free(ct_http_hub *hub); // after the server's stop; NULL is fine
// Wakes the clients of this server from now on; NULL: of none (call so before the server is freed).
void ct_http_hub_attach(ct_http_hub *hub, ct_http *http);
// `data` is one line of text, as a rule JSON. Returns the event's number, which only grows, also
// over restarts (it starts at the wall clock's microseconds); 0 if it was dropped (larger than half
// the ring). Any thread; never waits for a client.
uint64_t ct_http_hub_publish(ct_http_hub *hub, const char *type, const char *data, size_t length);
uint64_t ct_http_hub_last(ct_http_hub *hub); // number of the newest event
// Answers the request with the stream: `hello` {"seq","time"} first (with the number after which
// the client goes on), then what Last-Event-ID missed, then what comes; a comment after 15 s of
// silence. A number of before the ring or of another process gets `reset` before the `hello`. 503
// above `max_clients` streams of the server.
CT_CHECKED ct_err ct_http_hub_subscribe(ct_http_hub *hub, ct_http_req *req, ct_http_res *res,
                                        size_t max_clients);

// ---- figures ----
#define CT_HTTP_LATENCY_BUCKETS 12
typedef struct ct_http_stats {
    uint64_t requests;             // completed
    uint64_t by_class[6];          // [2]: 2xx ... [0]: broken off
    uint64_t sent_bytes;           // of bodies, as they went out
    uint64_t connections, streams; // now
    uint64_t shed, refused; // connections: cut off for others or as too slow; come without room
    double latency_sum_s;   // streams are not counted
    uint64_t
        latency[CT_HTTP_LATENCY_BUCKETS]; // requests within ct_http_latency_bound_s(i), cumulative
} ct_http_stats;
double ct_http_latency_bound_s(size_t bucket); // the last is infinite
void ct_http_get_stats(ct_http *http, ct_http_stats *out);

#endif
