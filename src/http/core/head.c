// The head of a request: what RFC 9112 wants refused, and what would let two servers on the way
// read one request as two.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/core/internal.h"

typedef struct fields {
    ct_http_req *req;
    int n, hosts;
    size_t bytes;
    const char *host, *length, *coding;
    bool lengths_differ;
} fields;

static void take_length(fields *f, const char *value) {
    if (f->length && strcmp(f->length, value) != 0) f->lengths_differ = true;
    f->length = value;
}

// Sizes tell most fields apart. Of those given twice the first counts, but where that misleads.
static enum MHD_Result take(void *context, enum MHD_ValueKind kind, const char *name, size_t size,
                            const char *value, size_t value_size) {
    (void)kind;
    fields *f = context;
    f->n++;
    f->bytes += size + value_size + 4; // ": " and the end of the line
    if (!value) value = "";
    if (size == 4 && strcasecmp(name, "Host") == 0) {
        f->hosts++;
        f->host = value;
    } else if (size == 13 && strcasecmp(name, "If-None-Match") == 0) {
        if (!f->req->if_none_match) f->req->if_none_match = value;
    } else if (size == 14 && strcasecmp(name, "Content-Length") == 0) {
        take_length(f, value);
    } else if (size == 15 && strcasecmp(name, "Accept-Encoding") == 0) {
        if (!f->req->accept_encoding) f->req->accept_encoding = value;
    } else if (size == 17 && strcasecmp(name, "Transfer-Encoding") == 0) {
        f->coding = value;
    }
    return MHD_YES;
}

bool ct_http__answer_field_ok(const ct_http_req *req, size_t bytes) {
    // The short ones are few and always have room.
    return bytes < CT_HTTP__ANSWER_HEAD / 2 ||
           req->head_memory + CT_HTTP__ANSWER_HEAD / 2 + bytes <= CT_HTTP__CONNECTION_MEMORY;
}

// Where the head leaves the wire library no memory for the answer's head.
static bool refuse_long(ct_http_req *req, const fields *f) {
    char detail[96];
    if (f->bytes <= CT_HTTP__MAX_HEAD &&
        req->head_memory + CT_HTTP__ANSWER_HEAD <= CT_HTTP__CONNECTION_MEMORY)
        return false;
    if (f->bytes > CT_HTTP__MAX_HEAD)
        snprintf(detail, sizeof detail, "address and header fields are longer than %d bytes",
                 CT_HTTP__MAX_HEAD);
    else
        snprintf(detail, sizeof detail, "more than %d header fields", CT_HTTP__MAX_HEADERS);
    req->status = 431;
    req->refused = true;
    ct_http__conn_say(req->conn, 431, detail);
    return true;
}

bool ct_http__refuse_head(ct_http_req *req, const char *version) {
    ct_http_res *res = &req->res;
    fields f = {.req = req};
    (void)MHD_get_connection_values_n(req->connection, MHD_HEADER_KIND, take, &f);
    f.bytes += req->uri_length;
    req->head_memory = f.bytes + (size_t)f.n * CT_HTTP__FIELD_MEMORY;
    if (refuse_long(req, &f)) return true;
    int status = 0;
    const char *detail = "";
    if (f.n > CT_HTTP__MAX_HEADERS) {
        (void)ct_http_res_problem(req, res, 431, "more than %d header fields",
                                  CT_HTTP__MAX_HEADERS);
        return true;
    }
    if (strcmp(version, "HTTP/1.0") != 0 && strcmp(version, "HTTP/1.1") != 0)
        status = 505, detail = "HTTP/1.1 is spoken here";
    else if (f.hosts == 0 && strcmp(version, "HTTP/1.1") == 0)
        status = 400, detail = "the header field Host is missing";
    else if (f.hosts > 1)
        status = 400, detail = "the header field Host is given twice";
    else if (f.host && !ct_http__host_ok(f.host))
        status = 400, detail = "the header field Host names no host";
    else if (f.lengths_differ)
        status = 400, detail = "two different values of Content-Length";
    else if (f.coding && f.length)
        status = 400, detail = "both Content-Length and Transfer-Encoding";
    else if (f.coding && strcasecmp(f.coding, "chunked") != 0)
        status = 501, detail = "no Transfer-Encoding but chunked is taken";
    if (!status && f.length && strtoull(f.length, NULL, 10) > req->http->config.max_body_bytes) {
        (void)ct_http_res_problem(req, res, 413, "the body is longer than %zu bytes",
                                  req->http->config.max_body_bytes);
        return true;
    }
    if (status) (void)ct_http_res_problem(req, res, status, "%s", detail);
    return status != 0;
}
