// Server-sent events: order, resuming by Last-Event-ID, the bounded ring, many clients.
#include <inttypes.h>

#include "http/core/http.h"
#include "unit/http/client.h"

typedef struct fixture {
    ct_http *http;
    ct_http_hub *hub;
    uint16_t port;
} fixture;

static ct_err follow(void *context, ct_http_req *req, ct_http_res *res) {
    return ct_http_hub_subscribe(((fixture *)context)->hub, req, res, 50);
}

static const ct_http_route route = {
    .method = CT_HTTP_GET, .path = "/events", .handler = follow, .name = "events"};

static int set_up(void **state) {
    fixture *f = calloc(1, sizeof *f);
    ct_http_config config = {.threads = 2};
    assert_int_equal(ct_http_hub_new(&f->hub, 100, 64 * 1024), CT_OK);
    assert_int_equal(ct_http_new(&f->http, &config), CT_OK);
    assert_int_equal(ct_http_add_route(f->http, &route, f), CT_OK);
    assert_int_equal(ct_http_start(f->http), CT_OK);
    ct_http_hub_attach(f->hub, f->http);
    f->port = ct_http_port(f->http);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    ct_http_stop(f->http);
    ct_http_hub_attach(f->hub, NULL);
    assert_true(ct_http_hub_publish(f->hub, "late", "{}", 2) > 0); // nobody to wake any more
    ct_http_free(f->http);
    ct_http_hub_free(f->hub);
    free(f);
    return 0;
}

static uint64_t publish(fixture *f, const char *type, int number) {
    char data[64];
    int n = snprintf(data, sizeof data, "{\"n\":%d}", number);
    uint64_t seq = ct_http_hub_publish(f->hub, type, data, (size_t)n);
    assert_int_equal(seq, ct_http_hub_last(f->hub));
    return seq;
}

static int follow_from(fixture *f, const char *last_id, ct_buf *in) {
    char text[160];
    snprintf(text, sizeof text,
             "GET /events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s%s%s\r\n",
             last_id ? "Last-Event-ID: " : "", last_id ? last_id : "", last_id ? "\r\n" : "");
    int fd = client_connect(f->port);
    client_send(fd, text, strlen(text));
    ct_buf_init(in, 1 << 20);
    assert_true(client_read_until(fd, in, "event: hello"));
    assert_non_null(strstr(in->data, "Content-Type: text/event-stream"));
    assert_non_null(strstr(in->data, "Cache-Control: no-store"));
    return fd;
}

static void events_arrive_in_order(void **state) {
    fixture *f = *state;
    (void)publish(f, "early", 0); // before anybody listens: not sent to newcomers
    ct_buf in;
    int fd = follow_from(f, NULL, &in);
    char expected[128];
    uint64_t seq = 0;
    for (int i = 1; i <= 30; i++) seq = publish(f, "run", i);
    snprintf(expected, sizeof expected, "id: %" PRIu64 "\nevent: run\ndata: {\"n\":30}\n\n", seq);
    assert_true(client_read_until(fd, &in, expected));
    const char *at = in.data;
    for (int i = 1; i <= 30; i++) {
        snprintf(expected, sizeof expected, "data: {\"n\":%d}\n", i);
        at = strstr(at, expected);
        assert_non_null(at);
    }
    assert_null(strstr(in.data, "early"));
    close(fd);
    ct_buf_fini(&in);
}

static void missed_events_come_again(void **state) {
    fixture *f = *state;
    uint64_t third = 0;
    for (int i = 1; i <= 10; i++) {
        uint64_t seq = publish(f, "run", i);
        if (i == 3) third = seq;
    }
    char id[32];
    snprintf(id, sizeof id, "%" PRIu64, third);
    ct_buf in;
    int fd = follow_from(f, id, &in);
    assert_true(client_read_until(fd, &in, "{\"n\":10}"));
    assert_non_null(strstr(in.data, "{\"n\":4}"));
    assert_null(strstr(in.data, "{\"n\":3}"));
    assert_null(strstr(in.data, "reset"));
    close(fd);
    ct_buf_fini(&in);
}

// One who goes before the first event has a place too.
static void the_greeting_has_a_place(void **state) {
    fixture *f = *state;
    uint64_t seq = publish(f, "early", 0);
    ct_buf in;
    char expected[64], id[32];
    int fd = follow_from(f, NULL, &in);
    snprintf(expected, sizeof expected, "\nid: %" PRIu64 "\nevent: hello\n", seq);
    assert_non_null(strstr(in.data, expected));
    close(fd);
    ct_buf_fini(&in);
    (void)publish(f, "run", 1);
    seq = publish(f, "run", 2);
    snprintf(id, sizeof id, "%" PRIu64, seq - 2);
    fd = follow_from(f, id, &in);
    assert_non_null(strstr(in.data, expected)); // still there, with two to come
    snprintf(expected, sizeof expected, "\"seq\":%" PRIu64 ",", seq);
    assert_true(client_read_until(fd, &in, "{\"n\":2}"));
    assert_non_null(strstr(in.data, expected));
    assert_non_null(strstr(in.data, "{\"n\":1}"));
    assert_null(strstr(in.data, "reset"));
    close(fd);
    ct_buf_fini(&in);
}

static void unknown_places_are_reset(void **state) {
    fixture *f = *state;
    for (int i = 1; i <= 150; i++) (void)publish(f, "run", i); // the ring keeps 100
    char before[32], future[32];
    snprintf(before, sizeof before, "%" PRIu64, ct_http_hub_last(f->hub) - 120);
    snprintf(future, sizeof future, "%" PRIu64, ct_http_hub_last(f->hub) + 5);
    const char *ids[] = {"1", before, future};
    for (int i = 0; i < 3; i++) {
        ct_buf in;
        int fd = follow_from(f, ids[i], &in);
        assert_non_null(strstr(in.data, "event: reset"));
        (void)publish(f, "run", 1000 + i);
        char expected[32];
        snprintf(expected, sizeof expected, "{\"n\":%d}", 1000 + i);
        assert_true(client_read_until(fd, &in, expected));
        assert_null(strstr(in.data, "{\"n\":150}"));
        close(fd);
        ct_buf_fini(&in);
    }
}

// A client that does not read while the ring turns over many times is told so: by a reset, or by
// the end of its stream where half an event went out; coming back it gets the reset then.
static void slow_clients_are_told(void **state) {
    fixture *f = *state;
    ct_buf in;
    int fd = follow_from(f, NULL, &in);
    char data[2048];
    memset(data, 'x', sizeof data);
    data[0] = data[sizeof data - 1] = '"';
    uint64_t first = ct_http_hub_publish(f->hub, "bulk", data, sizeof data);
    for (int i = 0; i < 20000; i++)
        assert_true(ct_http_hub_publish(f->hub, "bulk", data, sizeof data) > 0);
    in.max = 256 << 20;
    bool told = client_read_until(fd, &in, "event: reset");
    close(fd);
    ct_buf_fini(&in);
    if (!told) {
        char id[32];
        snprintf(id, sizeof id, "%" PRIu64, first);
        fd = follow_from(f, id, &in);
        assert_non_null(strstr(in.data, "event: reset"));
        (void)publish(f, "run", 78);
        assert_true(client_read_until(fd, &in, "{\"n\":78}"));
        close(fd);
        ct_buf_fini(&in);
    }
}

enum { MOST_BYTES = 12000 };

static size_t write_data(char data[MOST_BYTES], int number) {
    const size_t n = 2 + (size_t)number * 7919 % (MOST_BYTES - 2);
    memset(data, 'a' + number % 26, n);
    return n;
}

// Of all lengths, round and round: the last ones come again as they were.
static void texts_stay_whole(void **state) {
    fixture *f = *state;
    static char data[MOST_BYTES];
    for (int i = 1; i <= 300; i++) {
        const size_t n = write_data(data, i);
        const uint64_t seq = ct_http_hub_publish(f->hub, "bulk", data, n);
        assert_true(seq > 0);
        if (i % 7 != 0) continue;
        char request[128], head[64];
        ct_buf in, expected;
        ct_buf_init(&in, 1 << 20);
        ct_buf_init(&expected, 1 << 20);
        snprintf(request, sizeof request,
                 "GET /events HTTP/1.0\r\nHost: a\r\nLast-Event-ID: %" PRIu64 "\r\n\r\n", seq - 3);
        for (int k = 2; k >= 0; k--) {
            snprintf(head, sizeof head, "id: %" PRIu64 "\nevent: bulk\ndata: ", seq - (uint64_t)k);
            ct_buf_puts(&expected, head);
            ct_buf_put(&expected, data, write_data(data, i - k));
            ct_buf_puts(&expected, "\n\n");
        }
        const int fd = client_connect(f->port); // 1.0: no chunks in between
        client_send(fd, request, strlen(request));
        assert_true(client_read_until(fd, &in, expected.data));
        assert_null(strstr(in.data, "reset"));
        close(fd);
        ct_buf_fini(&in);
        ct_buf_fini(&expected);
    }
}

static void hostile_events_are_dropped(void **state) {
    fixture *f = *state;
    uint64_t last = ct_http_hub_last(f->hub);
    assert_int_equal(ct_http_hub_publish(f->hub, "x", "a\nevent: y", 10), 0);
    char *large = ct_calloc(1, 64 * 1024);
    memset(large, 'x', 64 * 1024);
    assert_int_equal(ct_http_hub_publish(f->hub, "x", large, 64 * 1024), 0);
    ct_free(large);
    assert_int_equal(ct_http_hub_last(f->hub), last);
}

static void clients_are_counted(void **state) {
    fixture *f = *state;
    int fds[50];
    ct_buf in;
    for (int i = 0; i < 50; i++) {
        fds[i] = follow_from(f, NULL, &in);
        ct_buf_fini(&in);
    }
    answer a = get(f->port, "/events");
    assert_int_equal(a.status, 503);
    answer_free(&a);
    uint64_t seq = publish(f, "run", 5);
    char expected[64];
    snprintf(expected, sizeof expected, "id: %" PRIu64 "\n", seq);
    for (int i = 0; i < 50; i++) {
        ct_buf_init(&in, 1 << 20);
        assert_true(client_read_until(fds[i], &in, expected));
        ct_buf_fini(&in);
        close(fds[i]);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(events_arrive_in_order),   TEST(missed_events_come_again),
        TEST(unknown_places_are_reset), TEST(slow_clients_are_told),
        TEST(the_greeting_has_a_place), TEST(hostile_events_are_dropped),
        TEST(clients_are_counted),      TEST(texts_stay_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
