// The HTTP core against a real loopback server: routing, negotiation, caching, limits, files,
// streams, stop.
#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/file.h"
#include "http/core/http.h"
#include "unit/http/client.h"

typedef struct fixture {
    ct_http *http;
    uint16_t port;
    atomic_int released, closed;
    atomic_int tick, waiting;
    char folder[64];
} fixture;

// ---- handlers ----

static ct_err echo(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context;
    const char *c = ct_http_req_segment(req, "c"), *rest = ct_http_req_segment(req, "rest");
    const char *v = ct_http_req_param(req, "v");
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    ct_buf_printf(&out, "%s|%s|%s|%s", ct_http_req_path(req), c ? c : "-", rest ? rest : "-",
                  v ? v : "-");
    ct_err err = ct_http_res_buf(res, "text/plain", &out);
    ct_buf_fini(&out);
    return err;
}

static ct_err length_of_body(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context;
    size_t length;
    const unsigned char *bytes = ct_http_req_body(req, &length);
    unsigned sum = 0;
    for (size_t i = 0; i < length; i++) sum += bytes[i];
    char text[64];
    snprintf(text, sizeof text, "%zu %u", length, sum);
    ct_http_res_status(res, 201);
    ct_http_res_header(res, "Location", "/made/1");
    return ct_http_res_text(res, "text/plain", text);
}

static ct_err number(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context;
    int64_t n;
    double x;
    CT_TRY(ct_http_req_int(&n, req, "n", 7, 1, 100));
    CT_TRY(ct_http_req_double(&x, req, "x", 0.5, -1.0, 1.0));
    char text[64];
    snprintf(text, sizeof text, "%lld %g", (long long)n, x);
    return ct_http_res_text(res, "text/plain", text);
}

static ct_err negotiated(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context;
    static const ct_http_media offers[] = {
        {"json", "application/geo+json"}, {"json", "application/json"}, {"html", "text/html"}};
    size_t chosen = 99;
    CT_TRY(ct_http_negotiate(&chosen, req, res, offers, 3));
    return ct_http_res_text(res, offers[chosen].type, "x");
}

static ct_err tagged(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context;
    if (ct_http_not_modified(req, res, "v42")) return CT_OK;
    return ct_http_res_text(res, "text/plain", "state 42");
}

static ct_err big(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context, (void)req;
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    for (int i = 0; i < 5000; i++) ct_buf_printf(&out, "line %d\n", i);
    ct_err err = ct_http_res_buf(res, "text/plain", &out);
    ct_buf_fini(&out);
    return err;
}

static void count_release(void *context) {
    atomic_fetch_add((atomic_int *)context, 1);
}

static ct_err borrowed(void *context, ct_http_req *req, ct_http_res *res) {
    (void)req;
    fixture *f = context;
    ct_http_res_bytes(res, "image/png", "0123456789", 10, false, count_release, &f->released);
    return CT_OK;
}

static ct_err squeezed(void *context, ct_http_req *req, ct_http_res *res) {
    (void)req, (void)context;
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    ct_err err = ct_gzip(&out, "pre-compressed", 14, 6);
    size_t length = 0;
    char *data = ct_buf_take(&out, &length);
    if (err == CT_OK) ct_http_res_bytes(res, "text/plain", data, length, true, ct_free, data);
    return err;
}

static ct_err failing(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context, (void)res;
    const char *how = ct_http_req_segment(req, "how");
    if (strcmp(how, "range") == 0) return ct_fail(CT_RANGE, "depth \"x\" is below 0");
    if (strcmp(how, "io") == 0) return ct_fail(CT_IO, "/secret/path: cannot read");
    return ct_fail(CT_NOTFOUND, "no such %s", how);
}

static ct_err file(void *context, ct_http_req *req, ct_http_res *res) {
    fixture *f = context;
    char *path = ct_path_join(f->folder, ct_http_req_segment(req, "rest"));
    ct_err err = path ? ct_http_res_file(req, res, "application/octet-stream", path) : CT_NOMEM;
    ct_free(path);
    return err;
}

typedef struct ticker {
    fixture *f;
    int seen;
} ticker;

static size_t read_tick(void *context, char *out, size_t max) {
    ticker *t = context;
    int now = atomic_load(&t->f->tick);
    if (t->seen == now) return 0;
    if (now < 0) return SIZE_MAX;
    t->seen++;
    return (size_t)snprintf(out, max, "tick %d;", t->seen);
}

static void close_tick(void *context) {
    ticker *t = context;
    atomic_fetch_add(&t->f->closed, 1);
    ct_free(t);
}

static ct_err stream(void *context, ct_http_req *req, ct_http_res *res) {
    (void)req;
    ticker *t = ct_alloc(sizeof *t);
    if (!t) return CT_NOMEM;
    *t = (ticker){.f = context, .seen = 0};
    return ct_http_res_stream(res, "text/event-stream", (ct_http_source){read_tick, close_tick, t});
}

// Handlers aside: they come in, wait for the test to let them go, and answer.
static ct_err wait_for_tick(void *context, ct_http_req *req, ct_http_res *res) {
    fixture *f = context;
    size_t length;
    const char *body = ct_http_req_body(req, &length);
    atomic_fetch_add(&f->waiting, 1);
    while (!atomic_load(&f->tick)) usleep(1000);
    if (length == 4 && memcmp(body, "fail", 4) == 0) return ct_fail(CT_RANGE, "%.4s is told", body);
    char text[32];
    snprintf(text, sizeof text, "waited %zu", length);
    ct_http_res_status(res, 201);
    return ct_http_res_text(res, "text/plain", text);
}

static const ct_http_param v_param[] = {{"v", "{}", "a value", false}};
static const ct_http_param f_param[] = {{"f", "{}", "format", false}};
static const ct_http_param n_params[] = {{"n", "{}", "", false}, {"x", "{}", "", false}};
static const ct_http_param must_param[] = {{"must", "{}", "", true}};
static const ct_http_route routes[] = {
    {.method = CT_HTTP_GET, .path = "/", .handler = echo, .name = "root"},
    {.method = CT_HTTP_GET,
     .path = "/c/{c}/items",
     .handler = echo,
     .name = "c",
     .params = v_param,
     .n_params = 1},
    {.method = CT_HTTP_GET, .path = "/c/fixed/items", .handler = tagged, .name = "fixed"},
    {.method = CT_HTTP_GET, .path = "/open", .handler = echo, .name = "open", .open_params = true},
    {.method = CT_HTTP_GET, .path = "/rest/{rest...}", .handler = echo, .name = "rest"},
    {.method = CT_HTTP_POST,
     .path = "/made",
     .handler = length_of_body,
     .name = "make",
     .body = "application/json"},
    {.method = CT_HTTP_GET, .path = "/made", .handler = echo, .name = "made"},
    {.method = CT_HTTP_DELETE, .path = "/made", .handler = echo, .name = "unmake"},
    {.method = CT_HTTP_GET,
     .path = "/number",
     .handler = number,
     .name = "number",
     .params = n_params,
     .n_params = 2},
    {.method = CT_HTTP_GET,
     .path = "/must",
     .handler = echo,
     .name = "must",
     .params = must_param,
     .n_params = 1},
    {.method = CT_HTTP_GET,
     .path = "/negotiated",
     .handler = negotiated,
     .name = "neg",
     .params = f_param,
     .n_params = 1},
    {.method = CT_HTTP_GET, .path = "/tagged", .handler = tagged, .name = "tagged"},
    {.method = CT_HTTP_GET, .path = "/big", .handler = big, .name = "big"},
    {.method = CT_HTTP_GET, .path = "/borrowed", .handler = borrowed, .name = "borrowed"},
    {.method = CT_HTTP_GET, .path = "/squeezed", .handler = squeezed, .name = "squeezed"},
    {.method = CT_HTTP_GET, .path = "/fail/{how}", .handler = failing, .name = "fail"},
    {.method = CT_HTTP_GET, .path = "/files/{rest...}", .handler = file, .name = "file"},
    {.method = CT_HTTP_GET, .path = "/stream", .handler = stream, .name = "stream"},
    {.method = CT_HTTP_POST,
     .path = "/wait",
     .handler = wait_for_tick,
     .name = "wait",
     .aside = true},
};

static int set_up(void **state) {
    fixture *f = calloc(1, sizeof *f);
    snprintf(f->folder, sizeof f->folder, "/tmp/ct-http-XXXXXX");
    if (!mkdtemp(f->folder)) return -1;
    ct_http_config config = {.max_body_bytes = 100000, .threads = 2};
    assert_int_equal(ct_http_new(&f->http, &config), CT_OK);
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        assert_int_equal(ct_http_add_route(f->http, &routes[i], f), CT_OK);
    assert_int_equal(ct_http_start(f->http), CT_OK);
    f->port = ct_http_port(f->http);
    assert_true(f->port > 0);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    ct_http_free(f->http);
    assert_int_equal(ct_dir_remove(f->folder), CT_OK);
    free(f);
    return 0;
}

static void expect(fixture *f, const char *target, int status, const char *body) {
    answer a = get(f->port, target);
    if (a.status != status || (body && strcmp(a.body, body) != 0))
        fail_msg("%s: %d %s", target, a.status, a.body);
    answer_free(&a);
}

// ---- routing ----

static void routes_match_by_segments(void **state) {
    fixture *f = *state;
    expect(f, "/", 200, "/|-|-|-");
    expect(f, "/c/abc/items", 200, "/c/abc/items|abc|-|-");
    expect(f, "/c/abc/items/", 200, "/c/abc/items/|abc|-|-");
    expect(f, "/c/a%20%E6%A5%BC/items?v=1%2B2+3", 200, "/c/a 楼/items|a 楼|-|1+2 3");
    expect(f, "/c/fixed/items", 200, "state 42");
    expect(f, "/rest", 200, "/rest|-||-");
    expect(f, "/rest/a/b%20c/d.png", 200, "/rest/a/b c/d.png|-|a/b c/d.png|-");
    expect(f, "/c//items", 404, NULL);
    expect(f, "/nothing", 404, NULL);
    expect(f, "/c/abc/items/x", 404, NULL);
}

static void path_tricks_are_refused(void **state) {
    fixture *f = *state;
    const char *tricks[] = {"/rest/../made", "/rest/%2e%2e/made", "/rest/a%2Fb", "/rest/a%5Cb",
                            "/rest/a%00b",   "/rest/%zz",         "/rest/%4",    "/rest/%ff",
                            "/rest/./x",     "/rest/%C0%AE"};
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++) expect(f, tricks[i], 400, NULL);
}

static void parameters_are_strict(void **state) {
    fixture *f = *state;
    expect(f, "/c/a/items?v=1", 200, NULL);
    expect(f, "/c/a/items?w=1", 400, NULL);
    expect(f, "/c/a/items?v=1&v=2", 400, NULL);
    expect(f, "/c/a/items?v=%00", 400, NULL);
    expect(f, "/c/a/items?=1", 400, NULL);
    expect(f, "/open?anything=1&anything=2", 200, NULL);
    expect(f, "/must", 400, NULL);
    expect(f, "/must?must=", 200, NULL);
    expect(f, "/number", 200, "7 0.5");
    expect(f, "/number?n=100&x=-1e-1", 200, "100 -0.1");
    const char *bad[] = {"n=0",   "n=101", "n=abc", "n=1x",  "n=",  "n=+", "n=99999999999999999999",
                         "n=1.5", "x=nan", "x=inf", "x=0x1", "x=2", "x="};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char target[64];
        snprintf(target, sizeof target, "/number?%s", bad[i]);
        expect(f, target, 400, NULL);
    }
}

static void too_many_parameters(void **state) {
    fixture *f = *state;
    char target[1024] = "/open?";
    for (int i = 0; i < 70; i++) snprintf(target + strlen(target), 16, "p%d=1&", i);
    expect(f, target, 400, NULL);
}

// ---- methods ----

static void methods(void **state) {
    fixture *f = *state;
    char value[1024];
    answer a = request(f->port, "HEAD", "/tagged", "", NULL);
    assert_int_equal(a.status, 200);
    assert_int_equal(a.length, 0);
    assert_string_equal(answer_header(&a, "Content-Length", value), "8");
    assert_string_equal(answer_header(&a, "ETag", value), "W/\"v42\"");
    answer_free(&a);

    a = request(f->port, "PUT", "/made", "", "x");
    assert_int_equal(a.status, 405);
    assert_string_equal(answer_header(&a, "Allow", value), "GET, HEAD, POST, DELETE, OPTIONS");
    answer_free(&a);

    a = request(f->port, "BREW", "/tagged", "", NULL);
    assert_int_equal(a.status, 405);
    assert_string_equal(answer_header(&a, "Allow", value), "GET, HEAD, OPTIONS");
    answer_free(&a);

    a = request(f->port, "OPTIONS", "/made", "Origin: http://else.where\r\n", NULL);
    assert_int_equal(a.status, 200);
    assert_string_equal(answer_header(&a, "Allow", value), "GET, HEAD, POST, DELETE, OPTIONS");
    assert_string_equal(answer_header(&a, "Access-Control-Allow-Methods", value),
                        "GET, HEAD, OPTIONS");
    answer_free(&a);

    a = get(f->port, "/tagged");
    assert_string_equal(answer_header(&a, "Access-Control-Allow-Origin", value), "*");
    assert_string_equal(answer_header(&a, "X-Content-Type-Options", value), "nosniff");
    answer_free(&a);
}

static void bodies(void **state) {
    fixture *f = *state;
    char value[1024];
    answer a = request(f->port, "POST", "/made",
                       "Content-Type: application/json; charset=utf-8\r\n", "[1]");
    assert_int_equal(a.status, 201);
    assert_string_equal(a.body, "3 233");
    assert_string_equal(answer_header(&a, "Location", value), "/made/1");
    answer_free(&a);

    a = request(f->port, "POST", "/made", "Content-Type: text/plain\r\n", "[1]");
    assert_int_equal(a.status, 415);
    answer_free(&a);
    a = request(f->port, "POST", "/made", "", "[1]");
    assert_int_equal(a.status, 415);
    answer_free(&a);

    char *body = ct_alloc(100001);
    memset(body, 'x', 100000);
    body[100000] = '\0';
    a = request(f->port, "POST", "/made", "Content-Type: application/json\r\n", body);
    assert_int_equal(a.status, 201);
    assert_string_equal(a.body, "100000 12000000");
    answer_free(&a);
    ct_free(body);
    // a declared length above the limit is refused before the body is read
    const char *text = "POST /made HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100001\r\n"
                       "Content-Type: application/json\r\n\r\n";
    a = exchange(f->port, text, strlen(text));
    assert_int_equal(a.status, 413);
    assert_non_null(strstr(a.body, "\"status\":413"));
    answer_free(&a);
}

static void undeclared_body_is_told_of_the_limit(void **state) {
    fixture *f = *state;
    ct_buf text;
    ct_buf_init(&text, 1 << 20);
    ct_buf_puts(&text, "POST /made HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
                       "Content-Type: application/json\r\nConnection: close\r\n\r\n");
    for (int i = 0; i < 200; i++) ct_buf_printf(&text, "3e8\r\n%01000d\r\n", i);
    ct_buf_puts(&text, "0\r\n\r\n");
    answer a = exchange(f->port, text.data, text.len);
    assert_int_equal(a.status, 413);
    assert_non_null(strstr(a.body, "100000 bytes"));
    answer_free(&a);
    ct_buf_fini(&text);
}

// ---- limits over all clients ----

static ct_err huge(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context, (void)req;
    const size_t n = 24 << 20; // more than the sockets' buffers hold
    char *bytes = ct_calloc(n, 1);
    if (!bytes) return CT_NOMEM;
    ct_http_res_bytes(res, "image/png", bytes, n, false, ct_free, bytes);
    return CT_OK;
}

static const ct_http_route huge_route = {
    .method = CT_HTTP_GET, .path = "/huge", .handler = huge, .name = "huge"};
static const ct_http_route make_route = {.method = CT_HTTP_POST,
                                         .path = "/made",
                                         .handler = length_of_body,
                                         .name = "make",
                                         .body = "application/json"};

static ct_http *small_server(void) {
    ct_http *http = NULL;
    const ct_http_config config = {.max_body_bytes = 100000,
                                   .max_bodies_bytes = 150000,
                                   .max_answers_bytes = 32 << 20,
                                   .threads = 2};
    assert_int_equal(ct_http_new(&http, &config), CT_OK);
    assert_int_equal(ct_http_add_route(http, &huge_route, NULL), CT_OK);
    assert_int_equal(ct_http_add_route(http, &make_route, NULL), CT_OK);
    assert_int_equal(ct_http_start(http), CT_OK);
    return http;
}

static const char *const k_made =
    "POST /made HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 90000\r\n"
    "Content-Type: application/json\r\nConnection: close\r\n\r\n";

// Sends the head and `n` bytes of the body of 90,000.
static int begin_body(uint16_t port, size_t n) {
    int fd = client_connect(port);
    char *body = ct_calloc(n, 1);
    client_send(fd, k_made, strlen(k_made));
    client_send(fd, body, n);
    ct_free(body);
    return fd;
}

static int status_of(int fd) {
    ct_buf raw;
    int status = 0;
    ct_buf_init(&raw, 64 << 20);
    (void)client_read_until(fd, &raw, "\x01 never \x01");
    if (raw.len) (void)sscanf(raw.data, "HTTP/1.1 %d", &status);
    ct_buf_fini(&raw);
    close(fd);
    return status;
}

static void bodies_together_are_bounded(void **state) {
    (void)state;
    ct_http *http = small_server();
    const uint16_t port = ct_http_port(http);
    // Which of the two is refused, or both, is a matter of who is read first.
    bool refused = false;
    for (int i = 0; i < 1000 && !refused; i++) {
        int first = begin_body(port, 89999);
        const int second = status_of(begin_body(port, 90000));
        client_send(first, "x", 1);
        const int status = status_of(first);
        assert_true(status == 201 || status == 503);
        assert_true(second == 201 || second == 503);
        refused = status == 503 || second == 503;
    }
    assert_true(refused);
    // What they held is free again, as soon as they are gone.
    int alone = 503;
    for (int i = 0; i < 1000 && alone != 201; i++) alone = status_of(begin_body(port, 90000));
    assert_int_equal(alone, 201);
    ct_http_free(http);
}

static void answers_together_are_bounded(void **state) {
    (void)state;
    ct_http *http = small_server();
    const uint16_t port = ct_http_port(http);
    static const char ask[] = "GET /huge HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    int lazy = client_connect(port);
    client_send(lazy, ask, strlen(ask));
    ct_http_stats stats;
    // Nobody can read the first answer but the lazy client: the second does not fit beside it.
    int status = 0, rounds = 0;
    char some;
    assert_int_equal(recv(lazy, &some, 1, MSG_PEEK), 1);
    answer a = get(port, "/huge");
    assert_int_equal(a.status, 503);
    char value[1024];
    assert_string_equal(answer_header(&a, "Retry-After", value), "2");
    answer_free(&a);
    // After a while the lazy one is cut off, and there is room again.
    for (; rounds < 200 && status != 200; rounds++) {
        a = get(port, "/huge");
        status = a.status;
        answer_free(&a);
        ct_clock_sleep_us(ct_clock_real(), 100000);
    }
    assert_int_equal(status, 200);
    ct_http_get_stats(http, &stats);
    assert_int_equal(stats.shed, 1);
    close(lazy);
    ct_http_free(http);
}

static void heads_that_mislead_are_refused(void **state) {
    fixture *f = *state;
    static const struct {
        const char *lines;
        int status;
        const char *says;
    } cases[] = {
        {"", 400, "Host is missing"},
        {"Host: a\r\nHost: b\r\n", 400, "Host is given twice"},
        {"Host: a b\r\n", 400, "names no host"},
        {"Host: a\r\nTransfer-Encoding: gzip\r\n", 501, "chunked"},
        {"Host: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n", 400, "two different"},
        {"Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400, "both"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[300];
        snprintf(text, sizeof text, "GET /tagged HTTP/1.1\r\nConnection: close\r\n%s\r\n",
                 cases[i].lines);
        answer a = exchange(f->port, text, strlen(text));
        if (a.status != cases[i].status || !strstr(a.body, cases[i].says))
            fail_msg("%s: %d %s", cases[i].lines, a.status, a.body);
        answer_free(&a);
    }
    expect(f, "http://twin.test/tagged", 200, "state 42");
    expect(f, "http://twin.test", 200, "/|-|-|-");
    expect(f, "http:///tagged", 400, NULL);
}

static void other_origins_may_not_write(void **state) {
    fixture *f = *state;
    answer a = request(f->port, "POST", "/made",
                       "Content-Type: application/json\r\nOrigin: http://evil.example\r\n", "[1]");
    assert_int_equal(a.status, 403);
    answer_free(&a);
    char own[160];
    snprintf(own, sizeof own, "Content-Type: application/json\r\nOrigin: http://127.0.0.1:%u\r\n",
             f->port);
    a = request(f->port, "POST", "/made", own, "[1]");
    assert_int_equal(a.status, 201);
    answer_free(&a);
}

static void expect_write(uint16_t port, const char *lines, int status, const char *says) {
    char text[400];
    snprintf(text, sizeof text,
             "POST /made HTTP/1.1\r\nConnection: close\r\nContent-Type: application/json\r\n"
             "Content-Length: 3\r\n%s\r\n[1]",
             lines);
    answer a = exchange(port, text, strlen(text));
    if (a.status != status || !strstr(a.body, says)) fail_msg("%s: %d %s", lines, a.status, a.body);
    answer_free(&a);
}

// A name that somebody else gave this address is none of the server's: not to write, not to say
// that the page is from here.
static void rebound_names_may_not_write(void **state) {
    const fixture *f = *state;
    expect_write(f->port, "Host: evil.example:80\r\nOrigin: http://evil.example:80\r\n", 403,
                 "--public-url");
    expect_write(f->port, "Host: evil.example\r\n", 403, "--public-url");
    expect_write(f->port, "Host: 127.0.0.1.evil.example\r\n", 403, "--public-url");
    expect_write(f->port, "Host: 192.168.7.7\r\n", 403, "--public-url"); // not listened on
    expect_write(f->port, "Host: LocalHost:9\r\nOrigin: http://localhost:9\r\n", 201, "3 233");
    expect_write(f->port, "Host: [::1]:80\r\n", 201, "3 233");
    expect_write(f->port, "Host: localhost:9\r\nOrigin: http://evil.example\r\n", 403, "origin");
    answer a = request(f->port, "GET", "/made", "Origin: http://evil.example\r\n", NULL);
    assert_int_equal(a.status, 200); // reading is for all
    answer_free(&a);

    static const struct {
        ct_http_config config;
        const char *lines;
        int status;
    } cases[] = {
        {{.public_url = "https://twin.example.org/here/", .threads = 1},
         "Host: twin.example.org\r\nOrigin: https://twin.example.org\r\n",
         201},
        {{.public_url = "https://twin.example.org", .threads = 1},
         "Host: 127.0.0.1:9\r\nOrigin: https://twin.example.org\r\n",
         201},
        {{.public_url = "https://twin.example.org", .threads = 1},
         "Host: 127.0.0.1:9\r\nOrigin: https://twin.example.or\r\n",
         403},
        {{.public_url = "https://twin.example.org", .threads = 1},
         "Host: evil.example\r\nOrigin: http://evil.example\r\n",
         403},
        {{.address = "0.0.0.0", .threads = 1}, "Host: 192.168.7.7:80\r\n", 201},
        {{.address = "0.0.0.0", .threads = 1}, "Host: evil.example\r\n", 403},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ct_http *http;
        assert_int_equal(ct_http_new(&http, &cases[i].config), CT_OK);
        for (size_t k = 0; k < sizeof routes / sizeof *routes; k++)
            if (routes[k].method == CT_HTTP_POST && strcmp(routes[k].path, "/made") == 0)
                assert_int_equal(ct_http_add_route(http, &routes[k], *state), CT_OK);
        assert_int_equal(ct_http_start(http), CT_OK);
        expect_write(ct_http_port(http), cases[i].lines, cases[i].status,
                     cases[i].status == 201 ? "3 233" : "");
        ct_http_free(http);
    }
}

static void public_addresses(void **state) {
    (void)state;
    static const struct {
        const char *text, *taken; // NULL: refused
    } cases[] = {
        {"https://twin.example.org", "https://twin.example.org"},
        {"http://[::1]:8080/twin//", "http://[::1]:8080/twin"},
        {"https://example.org/a%20b/", "https://example.org/a%20b"},
        {"twin.example.org", NULL},
        {"ftp://twin.example.org", NULL},
        {"https://", NULL},
        {"https:///path", NULL},
        {"https://a b", NULL},
        {"https://user@host", NULL},
        {"https://host/?a=b", NULL},
        {"https://host/\"><script>", NULL},
        {"https://host/\r\nX: y", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ct_http *http = NULL;
        const ct_http_config config = {.public_url = cases[i].text, .threads = 1};
        const ct_err err = ct_http_new(&http, &config);
        assert_int_equal(err, cases[i].taken ? CT_OK : CT_ARG);
        if (err == CT_OK)
            assert_string_equal(ct_http_url(http), cases[i].taken);
        else
            assert_non_null(strstr(ct_err_message(), "public URL"));
        if (err == CT_OK) ct_http_free(http);
    }
}

// ---- negotiation and caching ----

static void expect_type(fixture *f, const char *target, const char *accept, int status,
                        const char *type) {
    char header[256] = "", value[1024];
    if (accept) snprintf(header, sizeof header, "Accept: %s\r\n", accept);
    answer a = request(f->port, "GET", target, header, NULL);
    if (a.status != status) fail_msg("%s %s: %d", target, accept ? accept : "-", a.status);
    assert_string_equal(answer_header(&a, "Content-Type", value), type);
    answer_free(&a);
}

static void media_types(void **state) {
    fixture *f = *state;
    const char *n = "/negotiated";
    expect_type(f, n, NULL, 200, "application/geo+json");
    expect_type(f, n, "", 200, "application/geo+json"); // an empty list wishes nothing
    expect_type(f, n, "*/*", 200, "application/geo+json");
    expect_type(f, n, "application/json", 200, "application/json");
    expect_type(f, n, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", 200, "text/html");
    expect_type(f, n, "text/*;q=0.3, application/geo+json;q=0.2", 200, "text/html");
    expect_type(f, n, "TEXT/HTML ; level=1 ; q=0.5", 200, "text/html");
    expect_type(f, n, "text/html;q=0, image/png", 406, "application/problem+json");
    expect_type(f, "/negotiated?f=html", "application/json", 200, "text/html");
    expect_type(f, "/negotiated?f=json", "text/html", 200, "application/geo+json");
    expect_type(f, "/negotiated?f=xml", NULL, 400, "application/problem+json");
}

static void entity_tags(void **state) {
    fixture *f = *state;
    const char *same[] = {"\"v42\"", "W/\"v42\"", "\"a\", W/\"v42\"", "*"};
    const char *other[] = {"\"v43\"", "v42", "\"v4\"", ""};
    char header[128];
    for (size_t i = 0; i < 4; i++) {
        snprintf(header, sizeof header, "If-None-Match: %s\r\n", same[i]);
        answer a = request(f->port, "GET", "/tagged", header, NULL);
        assert_int_equal(a.status, 304);
        assert_int_equal(a.length, 0);
        answer_free(&a);
        snprintf(header, sizeof header, "If-None-Match: %s\r\n", other[i]);
        a = request(f->port, "GET", "/tagged", header, NULL);
        assert_int_equal(a.status, 200);
        answer_free(&a);
    }
}

static void compression(void **state) {
    fixture *f = *state;
    char value[1024];
    answer plain = get(f->port, "/big");
    assert_string_equal(answer_header(&plain, "Content-Encoding", value), "");
    assert_non_null(strstr(answer_header(&plain, "Vary", value), "Accept-Encoding"));
    answer a = request(f->port, "GET", "/big", "Accept-Encoding: br, gzip;q=0.5\r\n", NULL);
    assert_string_equal(answer_header(&a, "Content-Encoding", value), "gzip");
    assert_true(a.length < plain.length / 2);
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    assert_int_equal(ct_gunzip(&out, a.body, a.length, 1 << 20), CT_OK);
    assert_int_equal(out.len, plain.length);
    assert_memory_equal(out.data, plain.body, plain.length);
    answer_free(&a);
    answer_free(&plain);
    a = request(f->port, "GET", "/big", "Accept-Encoding: gzip;q=0, *\r\n", NULL);
    assert_string_equal(answer_header(&a, "Content-Encoding", value), "");
    answer_free(&a);
    // what is kept compressed goes out as it is, or inflated
    a = get(f->port, "/squeezed");
    assert_string_equal(a.body, "pre-compressed");
    answer_free(&a);
    a = request(f->port, "GET", "/squeezed", "Accept-Encoding: gzip\r\n", NULL);
    assert_string_equal(answer_header(&a, "Content-Encoding", value), "gzip");
    ct_buf_reset(&out);
    assert_int_equal(ct_gunzip(&out, a.body, a.length, 1 << 20), CT_OK);
    assert_string_equal(out.data, "pre-compressed");
    answer_free(&a);
    ct_buf_fini(&out);
}

static void borrowed_bytes_are_released_once(void **state) {
    fixture *f = *state;
    for (int i = 0; i < 3; i++) expect(f, "/borrowed", 200, "0123456789");
    for (int i = 0; i < 200 && atomic_load(&f->released) < 3; i++) usleep(10000);
    assert_int_equal(atomic_load(&f->released), 3);
}

// ---- errors and limits ----

static void problems(void **state) {
    fixture *f = *state;
    char value[1024];
    answer a = get(f->port, "/fail/range");
    assert_int_equal(a.status, 400);
    assert_string_equal(answer_header(&a, "Content-Type", value), "application/problem+json");
    assert_string_equal(a.body,
                        "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
                        "\"detail\":\"depth \\\"x\\\" is below 0\",\"instance\":\"/fail/range\"}");
    answer_free(&a);
    a = get(f->port, "/fail/x");
    assert_int_equal(a.status, 404);
    answer_free(&a);
    a = get(f->port, "/fail/io"); // what went wrong inside is not told outside
    assert_int_equal(a.status, 500);
    assert_null(strstr(a.body, "secret"));
    answer_free(&a);
}

static void address_and_header_limits(void **state) {
    fixture *f = *state;
    char *target = ct_alloc(9002);
    memset(target, 'a', 9000);
    memcpy(target, "/rest/", 6);
    target[9000] = '\0';
    expect(f, target, 414, NULL);
    ct_free(target);
    ct_buf headers;
    ct_buf_init(&headers, 1 << 20);
    for (int i = 0; i < 80; i++) ct_buf_printf(&headers, "X-H%d: 1\r\n", i);
    answer a = request(f->port, "GET", "/tagged", headers.data, NULL);
    assert_int_equal(a.status, 431);
    answer_free(&a);
    ct_buf_fini(&headers);
}

// Two requests over one connection, then rubbish: the server answers and stays.
static void connections_are_kept_and_survive_rubbish(void **state) {
    fixture *f = *state;
    int fd = client_connect(f->port);
    ct_buf in;
    ct_buf_init(&in, 1 << 20);
    const char *one = "GET /tagged HTTP/1.1\r\nHost: a\r\n\r\n";
    for (int i = 0; i < 2; i++) {
        ct_buf_reset(&in);
        client_send(fd, one, strlen(one));
        assert_true(client_read_until(fd, &in, "state 42"));
    }
    close(fd);
    ct_buf_fini(&in);
    const char *rubbish = "\x16\x03\x01 \x80 rubbish\r\n\r\n";
    answer a = exchange(f->port, rubbish, strlen(rubbish));
    answer_free(&a);
    expect(f, "/tagged", 200, "state 42");
}

// ---- files ----

static void files_and_ranges(void **state) {
    fixture *f = *state;
    char *path = ct_path_join(f->folder, "data.bin");
    assert_int_equal(ct_file_write(path, "0123456789", 10), CT_OK);
    ct_free(path);
    expect(f, "/files/data.bin", 200, "0123456789");
    expect(f, "/files/none.bin", 404, NULL);
    expect(f, "/files/", 404, NULL); // the folder is no file
    static const struct {
        const char *range, *body, *content_range;
        int status;
    } cases[] = {
        {"bytes=2-4", "234", "bytes 2-4/10", 206}, {"bytes=7-", "789", "bytes 7-9/10", 206},
        {"bytes=-3", "789", "bytes 7-9/10", 206},  {"bytes=8-99", "89", "bytes 8-9/10", 206},
        {"bytes=10-", NULL, "bytes */10", 416},    {"bytes=0-1,3-4", "0123456789", "", 200},
        {"bytes=4-2", "0123456789", "", 200},      {"lines=1-2", "0123456789", "", 200}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char header[64], value[1024];
        snprintf(header, sizeof header, "Range: %s\r\n", cases[i].range);
        answer a = request(f->port, "GET", "/files/data.bin", header, NULL);
        assert_int_equal(a.status, cases[i].status);
        if (cases[i].body) assert_string_equal(a.body, cases[i].body);
        assert_string_equal(answer_header(&a, "Content-Range", value), cases[i].content_range);
        answer_free(&a);
    }
}

// ---- streams ----

static void streams_follow_wakes(void **state) {
    fixture *f = *state;
    const char *text = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n";
    int clients[20];
    ct_buf in[20];
    for (int i = 0; i < 20; i++) {
        clients[i] = client_connect(f->port);
        client_send(clients[i], text, strlen(text));
        ct_buf_init(&in[i], 1 << 20);
        assert_true(client_read_until(clients[i], &in[i], "\r\n\r\n"));
    }
    for (int tick = 1; tick <= 3; tick++) {
        usleep(30000); // so that every client is asleep
        atomic_store(&f->tick, tick);
        int64_t start_us = ct_clock_mono_us(ct_clock_real());
        ct_http_wake(f->http);
        char expected[32];
        snprintf(expected, sizeof expected, "tick %d;", tick);
        for (int i = 0; i < 20; i++) assert_true(client_read_until(clients[i], &in[i], expected));
        // by the wake, not by the 5 s round
        assert_true(ct_clock_mono_us(ct_clock_real()) - start_us < 4000000);
    }
    ct_http_stats stats;
    ct_http_get_stats(f->http, &stats);
    assert_int_equal(stats.streams, 20);
    expect(f, "/tagged", 200, "state 42"); // others are served meanwhile
    for (int i = 0; i < 10; i++) close(clients[i]);
    atomic_store(&f->tick, 4);
    ct_http_wake(f->http);
    for (int i = 10; i < 20; i++) assert_true(client_read_until(clients[i], &in[i], "tick 4;"));
    ct_http_stop(f->http); // ends them all properly
    for (int i = 10; i < 20; i++)
        assert_true(client_read_until(clients[i], &in[i], "\r\n0\r\n\r\n"));
    assert_int_equal(atomic_load(&f->closed), 20);
    for (int i = 0; i < 20; i++) ct_buf_fini(&in[i]);
    for (int i = 10; i < 20; i++) close(clients[i]);
}

static void stream_may_end_itself(void **state) {
    fixture *f = *state;
    atomic_store(&f->tick, -1);
    answer a = get(f->port, "/stream");
    assert_int_equal(a.status, 200);
    assert_int_equal(a.length, 0);
    answer_free(&a);
}

// ---- handlers that wait ----

enum { WAITERS = 24 }; // more than there are threads for them

static void send_waiter(const fixture *f, int *client, const char *body) {
    char text[160];
    snprintf(text, sizeof text,
             "POST /wait HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %zu\r\n\r\n%s",
             strlen(body), body);
    *client = client_connect(f->port);
    client_send(*client, text, strlen(text));
}

static void await_waiters(fixture *f, int n) {
    for (int i = 0; i < 20000 && atomic_load(&f->waiting) < n; i++) usleep(1000);
    assert_int_equal(atomic_load(&f->waiting), n);
}

static void waiting_keeps_nobody_waiting(void **state) {
    fixture *f = *state;
    int clients[WAITERS];
    for (int i = 0; i < WAITERS; i++) send_waiter(f, &clients[i], i == 3 ? "fail" : "12345");
    await_waiters(f, 16);
    for (int i = 0; i < 20; i++) expect(f, "/tagged", 200, "state 42");
    atomic_store(&f->tick, 1);
    for (int i = 0; i < WAITERS; i++) {
        ct_buf in;
        ct_buf_init(&in, 1 << 20);
        assert_true(client_read_until(clients[i], &in, i == 3 ? "fail is told" : "waited 5"));
        assert_non_null(strstr(in.data, i == 3 ? "HTTP/1.1 400" : "HTTP/1.1 201"));
        ct_buf_reset(&in); // the connection serves on, and waits again
        const char *more = "POST /wait HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n12"
                           "GET /tagged HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        client_send(clients[i], more, strlen(more));
        assert_true(client_read_until(clients[i], &in, "waited 2"));
        assert_true(client_read_until(clients[i], &in, "state 42"));
        ct_buf_fini(&in);
        close(clients[i]);
    }
}

static void *let_go_later(void *context) {
    fixture *f = context;
    usleep(200000); // the stop is waiting by then, as a rule
    atomic_store(&f->tick, 1);
    return NULL;
}

// Those whose handlers run are answered, nothing aborts.
static void stop_with_waiters(void **state) {
    fixture *f = *state;
    int clients[WAITERS];
    pthread_t thread;
    for (int i = 0; i < WAITERS; i++) send_waiter(f, &clients[i], "123");
    close(clients[0]); // one has gone meanwhile
    await_waiters(f, 16);
    assert_int_equal(pthread_create(&thread, NULL, let_go_later, f), 0);
    ct_http_stop(f->http);
    pthread_join(thread, NULL);
    assert_true(atomic_load(&f->waiting) >= 16);
    for (int i = 1; i < WAITERS; i++) close(clients[i]);
}

// ---- the rest ----

static void *hammer(void *context) {
    fixture *f = context;
    for (int i = 0; i < 100; i++) {
        answer a = get(f->port, i % 2 ? "/big" : "/c/x/items?v=1");
        if (a.status == 200) atomic_fetch_add(&f->tick, 1);
        answer_free(&a);
    }
    return NULL;
}

static void many_clients_and_figures(void **state) {
    fixture *f = *state;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) assert_int_equal(pthread_create(&threads[i], NULL, hammer, f), 0);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&f->tick), 400);
    expect(f, "/nothing", 404, NULL);
    ct_http_stats stats;
    for (int i = 0; i < 200; i++) { // the last completion may come after the client saw the end
        ct_http_get_stats(f->http, &stats);
        if (stats.requests == 401) break;
        usleep(10000);
    }
    assert_int_equal(stats.requests, 401);
    assert_int_equal(stats.by_class[2], 400);
    assert_int_equal(stats.by_class[4], 1);
    assert_int_equal(stats.latency[CT_HTTP_LATENCY_BUCKETS - 1], 401);
    assert_true(stats.sent_bytes > 200 * 40000);
    assert_true(ct_http_latency_bound_s(0) < ct_http_latency_bound_s(1));
}

static void wrong_starts(void **state) {
    fixture *f = *state;
    ct_http *other;
    ct_http_config taken = {.port = f->port};
    assert_int_equal(ct_http_new(&other, &taken), CT_OK);
    assert_int_equal(ct_http_start(other), CT_IO);
    ct_http_free(other);
    ct_http_config name = {.address = "localhost"};
    assert_int_equal(ct_http_new(&other, &name), CT_OK);
    assert_int_equal(ct_http_start(other), CT_ARG);
    assert_int_equal(ct_http_add_route(other, &routes[0], NULL), CT_OK);
    assert_int_equal(ct_http_add_route(other, &routes[0], NULL), CT_EXISTS);
    ct_http_free(other);
    assert_int_equal(ct_http_route_count(f->http), sizeof routes / sizeof *routes);
    assert_ptr_equal(ct_http_route_at(f->http, 1), &routes[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(routes_match_by_segments),
        TEST(path_tricks_are_refused),
        TEST(parameters_are_strict),
        TEST(too_many_parameters),
        TEST(methods),
        TEST(bodies),
        TEST(undeclared_body_is_told_of_the_limit),
        TEST(bodies_together_are_bounded),
        TEST(answers_together_are_bounded),
        TEST(heads_that_mislead_are_refused),
        TEST(other_origins_may_not_write),
        TEST(rebound_names_may_not_write),
        TEST(media_types),
        TEST(entity_tags),
        TEST(compression),
        TEST(borrowed_bytes_are_released_once),
        TEST(problems),
        TEST(address_and_header_limits),
        TEST(connections_are_kept_and_survive_rubbish),
        TEST(files_and_ranges),
        TEST(streams_follow_wakes),
        TEST(stream_may_end_itself),
        TEST(waiting_keeps_nobody_waiting),
        TEST(stop_with_waiters),
        TEST(many_clients_and_figures),
        TEST(public_addresses),
        TEST(wrong_starts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
