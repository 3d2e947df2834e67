// The stand-in for the wire library: see wire.h.
#include "wire.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/mem.h"
#include "fuzz.h"
#include "http/core/internal.h"

struct MHD_Daemon {
    MHD_AccessHandlerCallback handle;
    void *handle_context;
    void *(*on_uri)(void *, const char *, struct MHD_Connection *);
    void *uri_context;
    MHD_RequestCompletedCallback completed;
    void *completed_context;
    MHD_NotifyConnectionCallback notify;
    void *notify_context;
};

struct MHD_Response {
    size_t references;
    size_t n_headers;
    char *names[WIRE_MAX_HEADERS], *values[WIRE_MAX_HEADERS];
    const char *data;
    uint64_t size;
    int fd;
    uint64_t offset;
    MHD_ContentReaderCallback read;
    void (*release)(void *);
    void *context;
};

struct MHD_Connection {
    const wire_request *request;
    struct MHD_Response *response;
    int status;
    void *context;         // of the server's own, for the time of the connection
    int handled_aside;     // times that the answer had to be waited for
    atomic_bool suspended; // a handler is at work on another thread, or a stream has nothing now
};

static pthread_mutex_t resume_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t resumed = PTHREAD_COND_INITIALIZER;

static struct MHD_Daemon *server; // the one that was started last

// ---- the library's functions ----

struct MHD_Daemon *MHD_start_daemon(unsigned int flags, uint16_t port, MHD_AcceptPolicyCallback apc,
                                    void *apc_cls, MHD_AccessHandlerCallback dh, void *dh_cls,
                                    ...) {
    (void)flags, (void)port, (void)apc, (void)apc_cls;
    struct MHD_Daemon *d = calloc(1, sizeof *d);
    FUZZ_MUST(d);
    d->handle = dh;
    d->handle_context = dh_cls;
    va_list args;
    va_start(args, dh_cls);
    for (int option; (option = va_arg(args, int)) != MHD_OPTION_END;) {
        if (option == MHD_OPTION_URI_LOG_CALLBACK) {
            d->on_uri = va_arg(args, void *(*)(void *, const char *, struct MHD_Connection *));
            d->uri_context = va_arg(args, void *);
        } else if (option == MHD_OPTION_NOTIFY_COMPLETED) {
            d->completed = va_arg(args, MHD_RequestCompletedCallback);
            d->completed_context = va_arg(args, void *);
        } else if (option == MHD_OPTION_NOTIFY_CONNECTION) {
            d->notify = va_arg(args, MHD_NotifyConnectionCallback);
            d->notify_context = va_arg(args, void *);
        } else if (option == MHD_OPTION_EXTERNAL_LOGGER || option == MHD_OPTION_UNESCAPE_CALLBACK) {
            (void)va_arg(args, void *);
            (void)va_arg(args, void *);
        } else if (option == MHD_OPTION_CONNECTION_MEMORY_LIMIT) {
            (void)va_arg(args, size_t);
        } else {
            (void)va_arg(args, unsigned);
        }
    }
    va_end(args);
    FUZZ_MUST(d->on_uri && d->completed && d->notify);
    server = d;
    return d;
}

// In the place of listen.c: nobody calls, and answers always name the same port.
ct_err ct_http__listen(int *listener, ct_http *http) {
    *listener = -1;
    http->port = 8080;
    http->url = ct_sprintf("http://%s:%u", http->address, http->port);
    return http->url ? CT_OK : CT_NOMEM;
}

MHD_socket MHD_quiesce_daemon(struct MHD_Daemon *daemon) {
    (void)daemon;
    return MHD_INVALID_SOCKET;
}

void MHD_stop_daemon(struct MHD_Daemon *daemon) {
    if (server == daemon) server = NULL;
    free(daemon);
}

const char *MHD_lookup_connection_value(struct MHD_Connection *connection, enum MHD_ValueKind kind,
                                        const char *key) {
    FUZZ_MUST(kind == MHD_HEADER_KIND);
    const wire_request *r = connection->request;
    for (size_t i = 0; i < r->n_headers; i++)
        if (strcasecmp(r->headers[i].name, key) == 0) return r->headers[i].value;
    return NULL;
}

int MHD_get_connection_values_n(struct MHD_Connection *connection, enum MHD_ValueKind kind,
                                MHD_KeyValueIteratorN iterator, void *iterator_cls) {
    const wire_request *r = connection->request;
    FUZZ_MUST(kind == MHD_HEADER_KIND);
    for (size_t i = 0; iterator && i < r->n_headers; i++) {
        const wire_pair *h = &r->headers[i];
        const size_t value_length = h->value ? strlen(h->value) : 0;
        if (iterator(iterator_cls, kind, h->name, strlen(h->name), h->value, value_length) !=
            MHD_YES)
            break;
    }
    return (int)r->n_headers;
}

const union MHD_ConnectionInfo *MHD_get_connection_info(struct MHD_Connection *connection,
                                                        enum MHD_ConnectionInfoType info_type,
                                                        ...) {
    static union MHD_ConnectionInfo info; // read at once, by the fuzzer's thread
    if (info_type == MHD_CONNECTION_INFO_CONNECTION_FD) {
        info.connect_fd = -1; // what goes past the library is lost
    } else {
        FUZZ_MUST(info_type == MHD_CONNECTION_INFO_SOCKET_CONTEXT);
        info.socket_context = connection->context;
    }
    return &info;
}

static struct MHD_Response *new_response(void) {
    struct MHD_Response *r = calloc(1, sizeof *r);
    FUZZ_MUST(r);
    r->references = 1;
    r->fd = -1;
    return r;
}

struct MHD_Response *MHD_create_response_from_buffer(size_t size, void *buffer,
                                                     enum MHD_ResponseMemoryMode mode) {
    FUZZ_MUST(mode == MHD_RESPMEM_PERSISTENT && (buffer || !size));
    struct MHD_Response *r = new_response();
    r->data = buffer;
    r->size = size;
    return r;
}

struct MHD_Response *MHD_create_response_from_buffer_with_free_callback_cls(
    size_t size, void *buffer, MHD_ContentReaderFreeCallback crfc, void *crfc_cls) {
    struct MHD_Response *r = MHD_create_response_from_buffer(size, buffer, MHD_RESPMEM_PERSISTENT);
    r->release = crfc;
    r->context = crfc_cls;
    return r;
}

struct MHD_Response *MHD_create_response_from_fd_at_offset64(uint64_t size, int fd,
                                                             uint64_t offset) {
    FUZZ_MUST(fd >= 0);
    struct MHD_Response *r = new_response();
    r->size = size;
    r->fd = fd;
    r->offset = offset;
    return r;
}

struct MHD_Response *MHD_create_response_from_callback(uint64_t size, size_t block_size,
                                                       MHD_ContentReaderCallback crc, void *crc_cls,
                                                       MHD_ContentReaderFreeCallback crfc) {
    FUZZ_MUST(size == MHD_SIZE_UNKNOWN && block_size > 0);
    struct MHD_Response *r = new_response();
    r->read = crc;
    r->release = crfc;
    r->context = crc_cls;
    return r;
}

enum MHD_Result MHD_add_response_header(struct MHD_Response *response, const char *header,
                                        const char *content) {
    FUZZ_MUST(header && *header && content);
    // The library refuses these: the program would lose a header without knowing.
    FUZZ_MUST(!strpbrk(header, "\r\n\t ") && !strpbrk(content, "\r\n"));
    FUZZ_MUST(response->n_headers < WIRE_MAX_HEADERS);
    response->names[response->n_headers] = strdup(header);
    response->values[response->n_headers] = strdup(content);
    response->n_headers++;
    return MHD_YES;
}

enum MHD_Result MHD_queue_response(struct MHD_Connection *connection, unsigned int status_code,
                                   struct MHD_Response *response) {
    FUZZ_MUST(!connection->response); // one answer a request
    response->references++;
    connection->response = response;
    connection->status = (int)status_code;
    return MHD_YES;
}

void MHD_destroy_response(struct MHD_Response *response) {
    FUZZ_MUST(response->references > 0);
    if (--response->references > 0) return;
    if (response->release) response->release(response->context);
    if (response->fd >= 0) close(response->fd);
    for (size_t i = 0; i < response->n_headers; i++) {
        free(response->names[i]);
        free(response->values[i]);
    }
    free(response);
}

void MHD_suspend_connection(struct MHD_Connection *connection) {
    atomic_store(&connection->suspended, true);
}

void MHD_resume_connection(struct MHD_Connection *connection) {
    pthread_mutex_lock(&resume_lock);
    atomic_store(&connection->suspended, false);
    pthread_cond_broadcast(&resumed);
    pthread_mutex_unlock(&resume_lock);
}

// ---- the fuzzer's side ----

static void read_stream(wire_answer *out, struct MHD_Connection *c) {
    out->stream = true;
    out->body = malloc(WIRE_MAX_STREAM);
    FUZZ_MUST(out->body);
    while (out->length + 1024 <= WIRE_MAX_STREAM) {
        const ssize_t n =
            c->response->read(c->response->context, out->length, out->body + out->length, 1024);
        if (n <= 0) break; // the end, or nothing more now: the client goes
        FUZZ_MUST(n <= 1024);
        out->length += (size_t)n;
    }
}

static void read_body(wire_answer *out, struct MHD_Connection *c) {
    const struct MHD_Response *r = c->response;
    out->body = malloc(r->size + 1);
    FUZZ_MUST(out->body);
    out->length = r->size;
    out->body[r->size] = '\0';
    if (r->fd >= 0)
        FUZZ_MUST(pread(r->fd, out->body, r->size, (off_t)r->offset) == (ssize_t)r->size);
    else if (r->size)
        memcpy(out->body, r->data, r->size);
}

static void read_answer(wire_answer *out, struct MHD_Connection *c, bool head) {
    const struct MHD_Response *r = c->response;
    out->status = c->status;
    out->n_headers = r->n_headers;
    for (size_t i = 0; i < r->n_headers; i++) {
        out->names[i] = strdup(r->names[i]);
        out->values[i] = strdup(r->values[i]);
    }
    // What the library keeps off the wire: bodies of HEAD, 204 and 304.
    if (head || c->status == 204 || c->status == 304) return;
    if (r->read)
        read_stream(out, c);
    else
        read_body(out, c);
}

static enum MHD_Result call(struct MHD_Connection *c, const char *data, size_t *size,
                            void **state) {
    const wire_request *r = c->request;
    return server->handle(server->handle_context, c, r->uri, r->method, r->version, data, size,
                          state);
}

// The body in pieces, as the library hands it over; false: the connection is to be closed.
static bool deliver(struct MHD_Connection *c, void **state) {
    const wire_request *r = c->request;
    size_t none = 0, at = 0;
    if (call(c, NULL, &none, state) != MHD_YES) return false;
    while (at < r->body_length && !c->response) {
        const size_t piece = at ? r->body_length - at : (r->body_length + 1) / 2;
        char *copy = malloc(piece); // a read past its end is seen
        FUZZ_MUST(copy);
        memcpy(copy, r->body + at, piece);
        size_t left = piece;
        const enum MHD_Result ok = call(c, copy, &left, state);
        free(copy);
        if (ok != MHD_YES) return false;
        FUZZ_MUST(left == 0);
        at += piece;
    }
    while (!c->response) {
        none = 0;
        if (call(c, NULL, &none, state) != MHD_YES) return false;
        // Asked again when the handler on the other thread is done.
        pthread_mutex_lock(&resume_lock);
        FUZZ_MUST(c->response || c->handled_aside++ == 0);
        while (!c->response && atomic_load(&c->suspended))
            pthread_cond_wait(&resumed, &resume_lock);
        pthread_mutex_unlock(&resume_lock);
    }
    return true;
}

void wire_send(wire_answer *out, const wire_request *request) {
    struct MHD_Connection c = {.request = request};
    *out = (wire_answer){.closed = true};
    FUZZ_MUST(server);
    server->notify(server->notify_context, &c, &c.context, MHD_CONNECTION_NOTIFY_STARTED);
    void *state = server->on_uri(server->uri_context, request->uri, &c);
    const bool answered = deliver(&c, &state);
    FUZZ_MUST(!answered || c.response);
    if (answered) {
        out->closed = false;
        read_answer(out, &c, strcmp(request->method, "HEAD") == 0);
    }
    server->completed(server->completed_context, &c, &state,
                      answered ? MHD_REQUEST_TERMINATED_COMPLETED_OK
                               : MHD_REQUEST_TERMINATED_WITH_ERROR);
    FUZZ_MUST(!state);
    if (c.response) MHD_destroy_response(c.response);
    server->notify(server->notify_context, &c, &c.context, MHD_CONNECTION_NOTIFY_CLOSED);
}

void wire_answer_fini(wire_answer *answer) {
    for (size_t i = 0; i < answer->n_headers; i++) {
        free(answer->names[i]);
        free(answer->values[i]);
    }
    free(answer->body);
    *answer = (wire_answer){0};
}

const char *wire_header(const wire_answer *answer, const char *name) {
    for (size_t i = 0; i < answer->n_headers; i++)
        if (strcasecmp(answer->names[i], name) == 0) return answer->values[i];
    return NULL;
}
