// Requests from text, and the rules for every answer: see request.h.
#include "request.h"

#include <microhttpd.h>
#include <string.h>
#include <strings.h>

#include "base/gzip.h"
#include "base/utf8.h"
#include "fuzz.h"

// The next line of [*at, end) as a text of its own; NULL at the end or where the wire library would
// give up.
static char *next_line(const char **at, const char *end, ct_arena *arena) {
    if (*at >= end) return NULL;
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    size_t n = (size_t)((stop ? stop : end) - *at);
    char *line = ct_arena_alloc(arena, n + 1);
    FUZZ_MUST(line);
    memcpy(line, *at, n);
    line[n] = '\0';
    *at = stop ? stop + 1 : end;
    if (n && line[n - 1] == '\r') line[--n] = '\0';
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)line[i] < 0x20 && line[i] != '\t') return NULL;
    return line;
}

static const char *sent(const wire_request *request, const char *name) {
    for (size_t i = 0; i < request->n_headers; i++)
        if (strcasecmp(request->headers[i].name, name) == 0) return request->headers[i].value;
    return NULL;
}

bool request_read(wire_request *out, ct_arena *arena, const uint8_t *data, size_t size) {
    const char *at = (const char *)data, *end = at + size;
    *out = (wire_request){0};
    char *rest = next_line(&at, end, arena);
    if (!rest) return false;
    out->method = strsep(&rest, " ");
    out->uri = rest ? strsep(&rest, " ") : NULL;
    out->version = rest && *rest ? rest : "HTTP/1.1";
    if (!*out->method || !out->uri || !*out->uri) return false;
    for (char *line; (line = next_line(&at, end, arena)) && *line;) {
        char *value = strchr(line, ':');
        if (!value || out->n_headers == WIRE_MAX_HEADERS - 3) continue;
        *value++ = '\0';
        value += strspn(value, " \t");
        out->headers[out->n_headers++] = (wire_pair){line, value};
    }
    if (!sent(out, "Host") && !sent(out, "No-Host")) request_set(out, "Host", "twin.test");
    out->body = at;
    out->body_length = (size_t)(end - at);
    return true;
}

void request_set(wire_request *request, const char *name, const char *value) {
    for (size_t i = 0; i < request->n_headers; i++) {
        if (strcasecmp(request->headers[i].name, name) != 0) continue;
        request->headers[i].value = value;
        return;
    }
    FUZZ_MUST(request->n_headers < WIRE_MAX_HEADERS);
    request->headers[request->n_headers++] = (wire_pair){name, value};
}

static void gunzip(wire_answer *a) {
    ct_buf plain;
    ct_buf_init(&plain, 256U << 20);
    FUZZ_MUST(ct_gunzip(&plain, a->body, a->length, plain.max) == CT_OK);
    free(a->body);
    a->body = malloc(plain.len + 1);
    FUZZ_MUST(a->body);
    if (plain.len) memcpy(a->body, plain.data, plain.len);
    a->length = plain.len;
    ct_buf_fini(&plain);
}

static void check_problem(const wire_answer *a, const char *type) {
    FUZZ_MUST(type && strcmp(type, "application/problem+json") == 0);
    json_t *problem = NULL;
    FUZZ_MUST(ct_json_parse(&problem, a->body, a->length, a->length) == CT_OK);
    FUZZ_MUST(json_integer_value(json_object_get(problem, "status")) == a->status);
    FUZZ_MUST(json_string_length(json_object_get(problem, "title")) > 0);
    FUZZ_MUST(json_string_length(json_object_get(problem, "detail")) > 0);
    json_decref(problem);
}

static void check_body(const wire_answer *a) {
    const char *type = wire_header(a, "Content-Type");
    FUZZ_MUST(type || a->length == 0);
    if (a->status >= 400) {
        check_problem(a, type);
    } else if (type && strstr(type, "json")) {
        json_t *document = NULL;
        FUZZ_MUST(ct_json_parse(&document, a->body, a->length, a->length) == CT_OK);
        json_decref(document);
    } else if (type && (strncmp(type, "text/", 5) == 0)) {
        FUZZ_MUST(ct_utf8_valid(a->body, a->length));
    }
}

static void check_alone(wire_answer *a, const wire_request *request) {
    const bool head = strcmp(request->method, "HEAD") == 0;
    FUZZ_MUST(a->status >= 200 && a->status < 600 && a->status != 500);
    FUZZ_MUST(strcmp(MHD_get_reason_phrase_for((unsigned)a->status), "Unknown") != 0);
    FUZZ_MUST(strcmp(wire_header(a, "X-Content-Type-Options"), "nosniff") == 0);
    if (a->stream || head) return;
    const char *coding = wire_header(a, "Content-Encoding");
    if (coding && a->length) {
        FUZZ_MUST(strcmp(coding, "gzip") == 0 && sent(request, "Accept-Encoding"));
        FUZZ_MUST(wire_header(a, "Vary"));
        gunzip(a);
    }
    if (a->status == 204 || a->status == 304)
        FUZZ_MUST(a->length == 0);
    else if (a->status != 206) // a part of a document is none
        check_body(a);
    if (a->status == 304) FUZZ_MUST(wire_header(a, "ETag") && sent(request, "If-None-Match"));
    if (a->status == 206) FUZZ_MUST(wire_header(a, "Content-Range") && sent(request, "Range"));
    if (a->status == 405) FUZZ_MUST(wire_header(a, "Allow"));
}

// Whether one header field more would be refused.
static bool is_full(const wire_request *request) {
    size_t bytes = strlen(request->uri);
    for (size_t i = 0; i < request->n_headers; i++) {
        const wire_pair *h = &request->headers[i];
        bytes += strlen(h->name) + strlen(h->value) + 4;
    }
    return request->n_headers == 64 || bytes > 12000;
}

// The same thing again in another way: nothing was changed by the first.
static void check_again(const wire_answer *a, const wire_request *request) {
    wire_request other = *request;
    wire_answer b;
    const char *tag = wire_header(a, "ETag");
    other.method = "HEAD";
    wire_send(&b, &other);
    FUZZ_MUST(!b.closed && b.status == a->status && b.length == 0);
    FUZZ_MUST(!tag || (wire_header(&b, "ETag") && strcmp(wire_header(&b, "ETag"), tag) == 0));
    wire_answer_fini(&b);
    if (!tag || a->status != 200 || is_full(request)) return;
    other.method = "GET";
    request_set(&other, "If-None-Match", tag);
    wire_send(&b, &other);
    FUZZ_MUST(b.status == 304 && b.length == 0);
    wire_answer_fini(&b);
}

void request_check(wire_answer *out, const wire_request *request) {
    wire_send(out, request);
    if (out->closed) return;
    check_alone(out, request);
    if (strcmp(request->method, "GET") == 0 && !out->stream) check_again(out, request);
}
