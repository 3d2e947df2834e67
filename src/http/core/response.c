// The response: what a handler says, kept until it returns, then turned into the wire library's
// form: compression, ranges of files, headers that every answer carries.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/gzip.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "base/mem.h"
#include "http/core/internal.h"

enum { MAX_INFLATED_BYTES = 256 << 20 };

void ct_http__res_init(ct_http_res *res, ct_arena *arena) {
    *res = (ct_http_res){.arena = arena, .status = 200, .fd = -1};
    res->headers_end = &res->headers;
}

void ct_http__res_drop_body(ct_http_res *res) {
    const bool lent = res->kind == CT_HTTP__BYTES || res->kind == CT_HTTP__READY;
    if (lent && res->release) res->release(res->context);
    if (res->kind == CT_HTTP__FILE && res->fd >= 0) close(res->fd);
    if (res->kind == CT_HTTP__STREAM && res->source.close) res->source.close(res->source.context);
    res->kind = CT_HTTP__NO_BODY;
    res->fd = -1;
    res->release = NULL;
    res->gzip = false;
}

void ct_http_res_status(ct_http_res *res, int status) {
    res->status = status;
}

void ct_http_res_header(ct_http_res *res, const char *name, const char *value) {
    if (!value || strpbrk(value, "\r\n")) return;
    ct_http__pair *pair = ct_arena_alloc(res->arena, sizeof *pair);
    if (!pair) return;
    pair->name = ct_arena_strdup(res->arena, name);
    pair->value = ct_arena_strdup(res->arena, value);
    pair->next = NULL;
    if (!pair->name || !pair->value) return;
    *res->headers_end = pair;
    res->headers_end = &pair->next;
}

void ct_http_res_headerf(ct_http_res *res, const char *name, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char text[2048];
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof text) ct_http_res_header(res, name, text);
}

ct_err ct_http_res_buf(ct_http_res *res, const char *type, ct_buf *body) {
    CT_TRY(ct_buf_status(body));
    size_t length = 0;
    char *data = body->len ? ct_buf_take(body, &length) : NULL;
    ct_http_res_bytes(res, type, data, length, false, data ? ct_free : NULL, data);
    return CT_OK;
}

ct_err ct_http_res_text(ct_http_res *res, const char *type, const char *text) {
    char *copy = ct_strdup(text);
    if (!copy) return CT_NOMEM;
    ct_http_res_bytes(res, type, copy, strlen(copy), false, ct_free, copy);
    return CT_OK;
}

void ct_http_res_bytes(ct_http_res *res, const char *type, const void *data, size_t length,
                       bool gzip, void (*release)(void *context), void *context) {
    ct_http__res_drop_body(res);
    res->kind = CT_HTTP__BYTES;
    res->type = ct_arena_strdup(res->arena, type);
    res->data = data;
    res->length = length;
    res->gzip = gzip;
    res->release = release;
    res->context = context;
}

ct_err ct_http_res_stream(ct_http_res *res, const char *type, ct_http_source source) {
    ct_http__res_drop_body(res);
    res->type = ct_arena_strdup(res->arena, type);
    if (!res->type) {
        source.close(source.context);
        return CT_NOMEM;
    }
    res->kind = CT_HTTP__STREAM;
    res->source = source;
    return CT_OK;
}

// One range "bytes=a-b", "a-" or "-n" of `size` bytes. 0: answer all; 206; 416.
static int parse_range(const char *text, uint64_t size, uint64_t *first, uint64_t *last) {
    if (!text || strncmp(text, "bytes=", 6) != 0 || strchr(text, ',')) return 0;
    const char *at = text + 6;
    char *end;
    if (strspn(at, "0123456789-") != strlen(at) || !strchr(at, '-')) return 0;
    if (*at == '-') {
        uint64_t n = strtoull(at + 1, &end, 10);
        if (end == at + 1 || *end) return 0;
        if (n == 0 || size == 0) return 416;
        *first = n < size ? size - n : 0;
        *last = size - 1;
        return 206;
    }
    *first = strtoull(at, &end, 10);
    if (*end != '-') return 0;
    at = end + 1;
    *last = size ? size - 1 : 0;
    if (*at) {
        uint64_t asked = strtoull(at, &end, 10);
        if (*end || asked < *first) return 0;
        if (asked < *last) *last = asked;
    }
    return *first < size ? 206 : 416;
}

ct_err ct_http_res_file(ct_http_req *req, ct_http_res *res, const char *type, const char *path) {
    int fd;
    uint64_t size;
    CT_TRY(ct_file_open(&fd, &size, path));
    ct_http__res_drop_body(res);
    res->kind = CT_HTTP__FILE;
    res->fd = fd;
    res->offset = 0;
    res->size = size;
    res->type = ct_arena_strdup(res->arena, type);
    ct_http_res_header(res, "Accept-Ranges", "bytes");
    const char *etag = ct_arena_printf(req->arena, "%llx-%llx", (unsigned long long)size,
                                       (unsigned long long)ct_file_mtime_us(path));
    if (!etag) return CT_NOMEM;
    if (ct_http_not_modified(req, res, etag)) return CT_OK;
    // The tag is weak, so If-Range can never hold: the whole file is the right answer then.
    if (ct_http_req_header(req, "If-Range")) return CT_OK;
    uint64_t first = 0, last = 0;
    int status = parse_range(ct_http_req_header(req, "Range"), size, &first, &last);
    if (status == 416) {
        ct_http_res_headerf(res, "Content-Range", "bytes */%llu", (unsigned long long)size);
        return ct_http_res_problem(req, res, 416, "the file has %llu bytes",
                                   (unsigned long long)size);
    }
    if (status == 206) {
        res->status = 206;
        res->offset = first;
        res->size = last - first + 1;
        ct_http_res_headerf(res, "Content-Range", "bytes %llu-%llu/%llu", (unsigned long long)first,
                            (unsigned long long)last, (unsigned long long)size);
    }
    return CT_OK;
}

ct_err ct_http_res_problem(ct_http_req *req, ct_http_res *res, int status, const char *format,
                           ...) {
    char detail[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    if (n < 0) detail[0] = '\0';
    ct_buf body;
    ct_buf_init(&body, 64 * 1024);
    ct_jsonw w;
    ct_jsonw_init(&w, &body);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "type", "about:blank");
    ct_jsonw_kv_string(&w, "title", MHD_get_reason_phrase_for((unsigned)status));
    ct_jsonw_kv_int(&w, "status", status);
    ct_jsonw_kv_string(&w, "detail", detail);
    ct_jsonw_key(&w, "instance");
    // Refused before its address was cut into path and query: what stands before the query.
    if (req->raw_path)
        ct_jsonw_string(&w, req->raw_path);
    else if (req->uri && *req->uri == '/')
        ct_jsonw_string_n(&w, req->uri, strcspn(req->uri, "?"));
    else
        ct_jsonw_string(&w, "/");
    ct_jsonw_end_object(&w);
    ct_http_res_header(res, "X-Request-Id", ct_http_req_id(req));
    res->status = status;
    res->answered = true;
    res->unchanged = false;
    if (ct_http_res_buf(res, "application/problem+json", &body) != CT_OK)
        ct_http__res_drop_body(res);
    ct_buf_fini(&body);
    return CT_OK;
}

// Replaces the bytes by their compressed (or plain) form.
static ct_err recode(ct_http_res *res, bool compress) {
    ct_buf out;
    ct_buf_init(&out, MAX_INFLATED_BYTES);
    ct_err err = compress ? ct_gzip(&out, res->data, res->length, 1)
                          : ct_gunzip(&out, res->data, res->length, MAX_INFLATED_BYTES);
    if (err == CT_OK) {
        const char *type = res->type;
        size_t length = 0;
        char *data = ct_buf_take(&out, &length);
        ct_http_res_bytes(res, type, data, length, compress, ct_free, data);
    }
    ct_buf_fini(&out);
    return err;
}

static void encode(ct_http_req *req, ct_http_res *res) {
    if (res->kind != CT_HTTP__BYTES || !res->type) return;
    bool may = res->gzip || (ct_http__compressible(res->type) && res->length >= CT_HTTP__GZIP_FROM);
    if (!may) return;
    ct_http_res_header(res, "Vary", "Accept-Encoding");
    bool wanted = ct_http__accepts_gzip(req);
    if (wanted != res->gzip && recode(res, wanted) != CT_OK)
        ct_log(CT_LOG_WARNING, "http: %s: %s", req->raw_path, ct_err_message());
    if (res->gzip) ct_http_res_header(res, "Content-Encoding", "gzip");
}

// NULL when out of memory; either way `res` has no body afterwards.
static struct MHD_Response *wire_response(ct_http_req *req, ct_http_res *res) {
    static char nothing[1];
    struct MHD_Response *wire = NULL;
    switch (res->unchanged ? CT_HTTP__NO_BODY : res->kind) {
    case CT_HTTP__BYTES:
        req->sent_bytes = res->length;
        if (res->length && res->release) {
            wire = MHD_create_response_from_buffer_with_free_callback_cls(
                res->length, (void *)(uintptr_t)res->data, res->release, res->context);
            if (wire) res->release = NULL;
        } else {
            wire = MHD_create_response_from_buffer(
                res->length, res->length ? (void *)(uintptr_t)res->data : nothing,
                MHD_RESPMEM_PERSISTENT);
        }
        break;
    case CT_HTTP__FILE:
        req->sent_bytes = res->size;
        wire = MHD_create_response_from_fd_at_offset64(res->size, res->fd, res->offset);
        if (wire) res->fd = -1;
        break;
    case CT_HTTP__STREAM:
        res->kind = CT_HTTP__NO_BODY;
        wire = ct_http__stream_response(req, res->source);
        break;
    case CT_HTTP__READY: // has its wire form; see ct_http__send
    case CT_HTTP__NO_BODY:
        wire = MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);
        break;
    }
    ct_http__res_drop_body(res);
    return wire;
}

void ct_http__add_common_headers(struct MHD_Response *wire, bool readable) {
    MHD_add_response_header(wire, "X-Content-Type-Options", "nosniff");
    if (!readable) return;
    // Reading is open to pages of other origins; writing is not (see dispatch in server.c).
    MHD_add_response_header(wire, "Access-Control-Allow-Origin", "*");
    MHD_add_response_header(wire, "Access-Control-Expose-Headers",
                            "Content-Crs, Content-Range, ETag, Link, Location");
}

// What was lent with a ready answer is given back when the request is over (on_completed).
static enum MHD_Result send_ready(ct_http_req *req) {
    req->status = req->res.status;
    req->sent_bytes = req->res.length;
    req->queued = true;
    return MHD_queue_response(req->connection, (unsigned)req->res.status, req->res.ready);
}

enum MHD_Result ct_http__send(ct_http_req *req) {
    ct_http_res *res = &req->res;
    if (res->kind == CT_HTTP__READY) return send_ready(req);
    bool has_body = res->kind != CT_HTTP__NO_BODY && !res->unchanged;
    if (res->kind == CT_HTTP__STREAM && req->head) ct_http__res_drop_body(res);
    if (!res->unchanged) encode(req, res);
    struct MHD_Response *wire = wire_response(req, res);
    if (!wire) return MHD_NO;
    if (has_body && res->type) MHD_add_response_header(wire, "Content-Type", res->type);
    ct_http__add_common_headers(wire, req->method == CT_HTTP_GET || req->options);
    for (const ct_http__pair *h = res->headers; h; h = h->next)
        if (ct_http__answer_field_ok(req, strlen(h->name) + strlen(h->value) + 4))
            MHD_add_response_header(wire, h->name, h->value);
    req->status = res->status;
    req->queued = true;
    enum MHD_Result ok = MHD_queue_response(req->connection, (unsigned)res->status, wire);
    if (ok != MHD_YES) req->stream = NULL; // destroying the response frees it
    MHD_destroy_response(wire);
    return ok;
}
