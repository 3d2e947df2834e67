// Ready answers: what they say equals what the ordinary way says, whoever asks; what is lent to a
// request is given back once; requests are recycled without traces of the ones before.
#include <stdatomic.h>

#include "http/core/http.h"
#include "unit/http/client.h"

#define TEXT "a text that was compressed long before anybody asked for it"

typedef struct fixture {
    ct_http *http;
    uint16_t port;
    ct_buf packed;
    ct_http_ready *full, *empty, *plain;
    atomic_int lent, given_back;
} fixture;

static void give_back(void *context) {
    atomic_fetch_add((atomic_int *)context, 1);
}

static ct_err ready(void *context, ct_http_req *req, ct_http_res *res) {
    fixture *f = context;
    const char *which = ct_http_req_segment(req, "which");
    const ct_http_ready *r = strcmp(which, "full") == 0    ? f->full
                             : strcmp(which, "empty") == 0 ? f->empty
                                                           : f->plain;
    ct_http_res_status(res, 500); // whatever was said before does not count
    ct_http_res_header(res, "X-Before", "yes");
    atomic_fetch_add(&f->lent, 1);
    ct_http_res_ready(req, res, r, give_back, &f->given_back);
    return CT_OK;
}

// The same answers as handlers gave them before there were ready ones.
static ct_err ordinary(void *context, ct_http_req *req, ct_http_res *res) {
    fixture *f = context;
    const char *which = ct_http_req_segment(req, "which");
    ct_http_res_header(res, "Cache-Control", "no-cache");
    if (ct_http_not_modified(req, res, "\"abc\"")) return CT_OK;
    if (strcmp(which, "full") == 0)
        ct_http_res_bytes(res, "text/plain", f->packed.data, f->packed.len, true, NULL, NULL);
    else if (strcmp(which, "empty") == 0)
        ct_http_res_status(res, 204);
    else
        ct_http_res_bytes(res, "image/png", "0123456789", 10, false, NULL, NULL);
    return CT_OK;
}

static ct_err echo(void *context, ct_http_req *req, ct_http_res *res) {
    (void)context;
    const char *v = ct_http_req_param(req, "v");
    return ct_http_res_text(res, "text/plain", v ? v : "none");
}

static const ct_http_param v_param[] = {{"v", "{}", "a value", false}};
static const ct_http_route routes[] = {
    {.method = CT_HTTP_GET, .path = "/ready/{which}", .handler = ready, .name = "ready"},
    {.method = CT_HTTP_GET, .path = "/ordinary/{which}", .handler = ordinary, .name = "ordinary"},
    {.method = CT_HTTP_GET,
     .path = "/echo",
     .handler = echo,
     .name = "echo",
     .params = v_param,
     .n_params = 1},
};

static int set_up(void **state) {
    fixture *f = ct_calloc(1, sizeof *f);
    ct_buf_init(&f->packed, 4096);
    assert_int_equal(ct_gzip(&f->packed, TEXT, sizeof TEXT - 1, 6), CT_OK);
    ct_http_ready_form form = {.type = "text/plain",
                               .bytes = f->packed.data,
                               .length = f->packed.len,
                               .gzip = true,
                               .etag = "\"abc\"",
                               .cache_control = "no-cache"};
    assert_int_equal(ct_http_ready_new(&f->full, &form), CT_OK);
    form.length = 0;
    form.gzip = false;
    assert_int_equal(ct_http_ready_new(&f->empty, &form), CT_OK);
    form.type = "image/png";
    form.bytes = "0123456789";
    form.length = 10;
    assert_int_equal(ct_http_ready_new(&f->plain, &form), CT_OK);
    const ct_http_config config = {.threads = 2};
    assert_int_equal(ct_http_new(&f->http, &config), CT_OK);
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        assert_int_equal(ct_http_add_route(f->http, &routes[i], f), CT_OK);
    assert_int_equal(ct_http_start(f->http), CT_OK);
    f->port = ct_http_port(f->http);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    ct_http_free(f->http); // every request is over after the stop
    assert_int_equal(atomic_load(&f->lent), atomic_load(&f->given_back));
    ct_http_ready_free(f->full);
    ct_http_ready_free(f->empty);
    ct_http_ready_free(f->plain);
    ct_buf_fini(&f->packed);
    ct_free(f);
    return 0;
}

// Heads and bodies of both ways are equal but for the date.
static void expect_same(const fixture *f, const char *method, const char *which,
                        const char *headers, int status) {
    char one[64], other[64];
    snprintf(one, sizeof one, "/ready/%s", which);
    snprintf(other, sizeof other, "/ordinary/%s", which);
    answer a = request(f->port, method, one, headers, NULL);
    answer b = request(f->port, method, other, headers, NULL);
    assert_int_equal(a.status, status);
    assert_int_equal(b.status, status);
    for (const answer *x = &a, *y = &b;; x = &b, y = &a) { // each line of one is in the other
        char *copy = ct_strdup(x->head), *rest = NULL;
        for (char *line = strtok_r(copy, "\r\n", &rest); line; line = strtok_r(NULL, "\r\n", &rest))
            if (strncmp(line, "Date:", 5) != 0 && !strstr(y->head, line))
                fail_msg("%s %s [%s]: \"%s\" is in one answer only", method, which, headers, line);
        ct_free(copy);
        if (x == &b) break;
    }
    assert_int_equal(a.length, b.length);
    assert_memory_equal(a.body, b.body, a.length);
    answer_free(&a);
    answer_free(&b);
}

static void equals_the_ordinary_answer(void **state) {
    fixture *f = *state;
    static const char *const kinds[] = {"full", "empty", "plain"};
    for (size_t i = 0; i < 3; i++) {
        const int good = i == 1 ? 204 : 200;
        expect_same(f, "GET", kinds[i], "Accept-Encoding: gzip\r\n", good);
        expect_same(f, "GET", kinds[i], "", good); // inflated
        expect_same(f, "GET", kinds[i], "Accept-Encoding: gzip;q=0\r\n", good);
        expect_same(f, "HEAD", kinds[i], "Accept-Encoding: gzip\r\n", good);
        expect_same(f, "GET", kinds[i], "If-None-Match: W/\"abc\"\r\n", 304);
        expect_same(f, "GET", kinds[i], "If-None-Match: \"x\", \"abc\"\r\n", 304);
        expect_same(f, "GET", kinds[i], "If-None-Match: \"abd\"\r\n", good);
    }
    answer a = get(f->port, "/ready/full");
    assert_string_equal(a.body, TEXT);
    answer_free(&a);
}

// A client that goes away in the middle gives back too (tear_down counts).
static void given_back_when_clients_leave(void **state) {
    fixture *f = *state;
    static const char text[] = "GET /ready/full HTTP/1.1\r\nHost: a\r\n\r\n";
    for (int i = 0; i < 20; i++) {
        int fd = client_connect(f->port);
        client_send(fd, text, sizeof text - 1);
        close(fd);
    }
    answer a = get(f->port, "/ready/plain");
    assert_string_equal(a.body, "0123456789");
    answer_free(&a);
}

static void recycled_requests_are_empty(void **state) {
    fixture *f = *state;
    for (int i = 0; i < 50; i++) {
        answer a = get(f->port, "/echo?v=something");
        assert_string_equal(a.body, "something");
        answer_free(&a);
        a = get(f->port, "/echo");
        assert_string_equal(a.body, "none");
        answer_free(&a);
        a = get(f->port, "/nowhere/at/all");
        assert_int_equal(a.status, 404);
        answer_free(&a);
    }
}

static void making_survives_want_of_memory(void **state) {
    const fixture *f = *state;
    const ct_http_ready_form form = {.type = "text/plain",
                                     .bytes = f->packed.data,
                                     .length = f->packed.len,
                                     .gzip = true,
                                     .etag = "\"abc\"",
                                     .cache_control = "no-cache"};
    const long live = ct_mem_live();
    for (long n = 1;; n++) {
        ct_http_ready *r = NULL;
        ct_mem_fail_at(n, false);
        const ct_err err = ct_http_ready_new(&r, &form);
        const bool reached = ct_mem_failed();
        ct_mem_fail_at(0, false);
        assert_int_equal(err, reached ? CT_NOMEM : CT_OK);
        assert_true((r == NULL) == reached);
        ct_http_ready_free(r);
        assert_int_equal(ct_mem_live(), live);
        if (!reached) break;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(equals_the_ordinary_answer),
        TEST(given_back_when_clients_leave),
        TEST(recycled_requests_are_empty),
        TEST(making_survives_want_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
