// Any bytes as an HTTP request to routes of every kind: path, query, headers, negotiation, ranges,
// tags, bodies. What a handler sees of a request, said again in another spelling, must give the
// same answer; a range must be that part of the file.
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/gzip.h"
#include "base/jsonw.h"
#include "http/core/http.h"
#include "request.h"
#include "scratch_folder.h"

enum { FILE_BYTES = 5000, MAX_BODY = 4096 };

static char file_bytes[FILE_BYTES];
static ct_buf packed;
static ct_http_hub *hub;

// ---- handlers ----

// All that a handler can ask of a request, as JSON.
static ct_err echo(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context;
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    ct_jsonw w;
    ct_jsonw_init(&w, &out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "path", ct_http_req_path(req));
    ct_jsonw_kv_string(&w, "c", ct_http_req_segment(req, "c"));
    ct_jsonw_kv_string(&w, "rest", ct_http_req_segment(req, "rest"));
    ct_jsonw_kv_string(&w, "base", ct_http_req_base(req));
    ct_jsonw_key(&w, "params");
    ct_jsonw_array(&w);
    for (size_t i = 0; i < ct_http_req_param_count(req); i++) {
        const char *value = NULL;
        ct_jsonw_array(&w);
        ct_jsonw_string(&w, ct_http_req_param_at(req, i, &value));
        ct_jsonw_string(&w, value);
        ct_jsonw_end_array(&w);
    }
    ct_jsonw_end_array(&w);
    ct_jsonw_end_object(&w);
    static const char *const dropped[] = {"after", NULL};
    const char *without = ct_http_req_query_without(req, dropped);
    FUZZ_MUST(without && !strpbrk(without, " \r\n\"<>"));
    ct_http_res_headerf(res, "Link", "<%s/echo?%s>; rel=\"next\"", ct_http_req_base(req), without);
    const ct_err err = ct_http_res_buf(res, "application/json", &out);
    ct_buf_fini(&out);
    return err;
}

static ct_err numbers(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context;
    int64_t n = 0;
    double x = 0;
    CT_TRY(ct_http_req_int(&n, req, "n", 7, -5, 100));
    CT_TRY(ct_http_req_double(&x, req, "x", 0.5, -1.0, 1e6));
    FUZZ_MUST(n >= -5 && n <= 100 && isfinite(x) && x >= -1.0 && x <= 1e6);
    return ct_http_res_text(res, "text/plain", "taken");
}

static ct_err negotiated(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context;
    static const ct_http_media offers[] = {{"json", "application/geo+json"},
                                           {"html", "text/html; charset=utf-8"},
                                           {"mvt", "application/vnd.mapbox-vector-tile"}};
    static const char *const bodies[] = {"{\"type\":\"FeatureCollection\",\"features\":[]}",
                                         "<!doctype html>", "tile"};
    size_t chosen = SIZE_MAX;
    CT_TRY(ct_http_negotiate(&chosen, req, res, offers, 3));
    FUZZ_MUST(chosen < 3);
    if (ct_http_not_modified(req, res, offers[chosen].name)) return CT_OK;
    return ct_http_res_text(res, offers[chosen].type, bodies[chosen]);
}

static ct_err file(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context;
    return ct_http_res_file(req, res, "image/tiff", scratch("file.tif"));
}

static ct_err compressed(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context, (void)req;
    ct_http_res_bytes(res, "application/json", packed.data, packed.len, true, NULL, NULL);
    return CT_OK;
}

static ct_err take(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context;
    size_t length = 0;
    const char *body = ct_http_req_body(req, &length);
    FUZZ_MUST(body && length <= MAX_BODY);
    json_t *document = NULL;
    CT_TRY(ct_json_parse(&document, body, length, MAX_BODY));
    json_decref(document);
    ct_http_res_status(res, 201);
    ct_http_res_header(res, "Location", "/made/1");
    return ct_http_res_text(res, "text/plain", "made");
}

static ct_err gone(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context, (void)req;
    ct_http_res_status(res, 204);
    return CT_OK;
}

static ct_err broken(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context, (void)res;
    return ct_fail(CT_NOTFOUND, "there is no %s", ct_http_req_segment(req, "what"));
}

static ct_err events(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context;
    return ct_http_hub_subscribe(hub, req, res, 4);
}

static const ct_http_param number_params[] = {{"n", "{}", "", false}, {"x", "{}", "", true}};
static const ct_http_param f_param[] = {{"f", "{}", "", false}};
static const ct_http_route routes[] = {
    {.method = CT_HTTP_GET,
     .path = "/echo/{c}/items/{rest...}",
     .handler = echo,
     .name = "a",
     .type = "text/html",
     .open_params = true},
    {.method = CT_HTTP_GET, .path = "/echo/{c}", .handler = echo, .name = "b", .open_params = true},
    {.method = CT_HTTP_GET, .path = "/echo", .handler = echo, .name = "c", .open_params = true},
    {.method = CT_HTTP_GET, .path = "/", .handler = echo, .name = "d", .type = "application/json"},
    {.method = CT_HTTP_GET,
     .path = "/numbers",
     .handler = numbers,
     .name = "e",
     .params = number_params,
     .n_params = 2},
    {.method = CT_HTTP_GET,
     .path = "/negotiated",
     .handler = negotiated,
     .name = "f",
     .params = f_param,
     .n_params = 1},
    {.method = CT_HTTP_GET, .path = "/file", .handler = file, .name = "g"},
    {.method = CT_HTTP_GET, .path = "/compressed", .handler = compressed, .name = "h"},
    {.method = CT_HTTP_POST,
     .path = "/take",
     .handler = take,
     .name = "i",
     .body = "application/json"},
    {.method = CT_HTTP_PUT, .path = "/take", .handler = take, .name = "j"},
    {.method = CT_HTTP_DELETE, .path = "/take/{what}", .handler = gone, .name = "k"},
    {.method = CT_HTTP_GET, .path = "/take/{what}", .handler = broken, .name = "l"},
    {.method = CT_HTTP_GET, .path = "/events", .handler = events, .name = "m"},
};

static void start(void) {
    static ct_http *http;
    if (http) return;
    ct_http_config config = {.threads = 1, .max_body_bytes = MAX_BODY};
    FUZZ_MUST(ct_http_new(&http, &config) == CT_OK);
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        FUZZ_MUST(ct_http_add_route(http, &routes[i], NULL) == CT_OK);
    for (size_t i = 0; i < FILE_BYTES; i++) file_bytes[i] = (char)(i * 31 % 251);
    scratch_write(scratch("file.tif"), file_bytes, FILE_BYTES);
    ct_buf_init(&packed, 1 << 20);
    FUZZ_MUST(ct_gzip(&packed, "{\"a\":[1,2,3]}", 13, 1) == CT_OK);
    FUZZ_MUST(ct_http_hub_new(&hub, 8, 4096) == CT_OK);
    for (int i = 0; i < 5; i++) (void)ct_http_hub_publish(hub, "change", "{\"a\":1}", 7);
    FUZZ_MUST(ct_http_start(http) == CT_OK);
}

// ---- what must hold of the answers ----

static size_t field_bytes(const wire_request *request) {
    size_t bytes = 0;
    for (size_t i = 0; i < request->n_headers; i++)
        bytes += strlen(request->headers[i].name) + strlen(request->headers[i].value);
    return bytes;
}

// The echo's path and parameters, each byte escaped, must be read as the same request.
static void check_echo(const wire_answer *a, const wire_request *request) {
    json_t *seen = NULL, *again = NULL, *pair;
    size_t i;
    FUZZ_MUST(ct_json_parse(&seen, a->body, a->length, a->length) == CT_OK);
    ct_arena *arena = ct_arena_new(4096, 4 << 20);
    ct_buf uri;
    ct_buf_init(&uri, 1 << 20);
    for (const char *at = json_string_value(json_object_get(seen, "path")); *at; at++) {
        if (*at == '/')
            ct_buf_putc(&uri, '/');
        else
            ct_buf_printf(&uri, "%%%02x", (unsigned char)*at);
    }
    json_array_foreach(json_object_get(seen, "params"), i, pair) {
        ct_buf_printf(&uri, "%s%s=%s", i ? "&" : "?",
                      ct_http_encode(arena, json_string_value(json_array_get(pair, 0))),
                      ct_http_encode(arena, json_string_value(json_array_get(pair, 1))));
    }
    FUZZ_MUST(ct_buf_status(&uri) == CT_OK);
    wire_request other = *request;
    wire_answer b;
    other.uri = uri.data;
    if (uri.len + field_bytes(request) <= 8192) { // escaped it may be too long for an answer
        wire_send(&b, &other);
        const char *coding = wire_header(&b, "Content-Encoding");
        FUZZ_MUST(b.status == 200);
        if (!coding) {
            FUZZ_MUST(ct_json_parse(&again, b.body, b.length, b.length) == CT_OK);
            // A whole address as the target names the host in place of the field.
            (void)json_object_del(seen, "base");
            (void)json_object_del(again, "base");
            FUZZ_MUST(json_equal(seen, again));
            json_decref(again);
        }
        wire_answer_fini(&b);
    }
    ct_buf_fini(&uri);
    ct_arena_free(arena);
    json_decref(seen);
}

static void check_range(const wire_answer *a) {
    unsigned long long first = 0, last = 0, size = 0;
    FUZZ_MUST(
        sscanf(wire_header(a, "Content-Range"), "bytes %llu-%llu/%llu", &first, &last, &size) == 3);
    FUZZ_MUST(size == FILE_BYTES && first <= last && last < size);
    FUZZ_MUST(a->length == last - first + 1 && memcmp(a->body, file_bytes + first, a->length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    start();
    ct_arena *arena = ct_arena_new(4096, 64U << 20);
    wire_request request;
    wire_answer a;
    if (request_read(&request, arena, data, size)) {
        request_check(&a, &request);
        const bool get = strcmp(request.method, "GET") == 0 && !a.closed;
        if (get && a.status == 206) check_range(&a);
        if (get && a.status == 200 && wire_header(&a, "Link")) check_echo(&a, &request);
        wire_answer_fini(&a);
    }
    ct_arena_free(arena);
    return 0;
}
