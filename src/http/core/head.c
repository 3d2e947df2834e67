// The head of a request: what RFC 9112 wants refused, and what would let two servers on the way
// read one request as two.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/core/internal.h"

typedef struct fields {
    int n, hosts;
    const char *host, *length, *coding;
    bool lengths_differ;
} fields;

static enum MHD_Result take(void *context, enum MHD_ValueKind kind, const char *name,
                            const char *value) {
    (void)kind;
    fields *f = context;
    f->n++;
    if (!value) value = "";
    if (strcasecmp(name, "Host") == 0) {
        f->hosts++;
        f->host = value;
    } else if (strcasecmp(name, "Content-Length") == 0) {
        if (f->length && strcmp(f->length, value) != 0) f->lengths_differ = true;
        f->length = value;
    } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
        f->coding = value;
    }
    return MHD_YES;
}

bool ct_http__refuse_head(ct_http_req *req, const char *version) {
    ct_http_res *res = &req->res;
    fields f = {0};
    (void)MHD_get_connection_values(req->connection, MHD_HEADER_KIND, take, &f);
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
