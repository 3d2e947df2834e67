// Requests while each allocation in turn fails: an answer or an end of the connection, never a
// crash or a leak, and the next request is served.
#include "unit/http/api/twin.h"

enum { MOST_ALLOCATIONS = 5000, ANSWER_BYTES = 1 << 20 };

// Status of the answer; 0 where the server hung up. Allocates nothing.
static int status_of(uint16_t port, const char *request) {
    static char in[ANSWER_BYTES];
    size_t length = 0;
    int fd = client_connect(port);
    client_send(fd, request, strlen(request));
    ssize_t got;
    while (length < sizeof in - 1 && (got = recv(fd, in + length, sizeof in - 1 - length, 0)) > 0)
        length += (size_t)got;
    close(fd);
    in[length] = '\0';
    return length > 12 ? (int)strtol(in + 9, NULL, 10) : 0;
}

static void survive(const twin *t, const char *target, const char *method_and_more) {
    char request[512];
    snprintf(request, sizeof request,
             "%s %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept-Encoding: gzip\r\n\r\n",
             method_and_more, target);
    int good = status_of(t->port, request);
    assert_in_range(good, 200, 204);
    for (long n = 1; n < MOST_ALLOCATIONS; n++) {
        ct_mem_fail_at(n, false);
        int status = status_of(t->port, request);
        bool reached = ct_mem_failed();
        ct_mem_fail_at(0, false);
        if (!reached) {
            assert_int_equal(status, good);
            return;
        }
        // A failure may also hit something that can be done without (a header, compression).
        if (status != good && status != 0 && status != 503 && status != 500)
            fail_msg("%s: %d", target, status);
    }
    fail_msg("%s never got through", target);
}

static void requests_survive(void **state) {
    const twin *t = *state;
    static const char *const targets[] = {
        "/",
        "/api",
        "/collections",
        "/collections/buildings?f=html",
        "/collections/buildings/items?limit=3&bbox=114,30,115,31&use=school",
        "/collections/buildings/items?limit=3&f=html",
        ("/collections/buildings/items/bldg-7?crs=" TWIN_CRS_URI),
        "/collections/buildings/queryables",
        "/tiles/WebMercatorQuad",
        "/twin",
        "/runs",
        "/scenarios",
        "/live/devices",
        "/live/alarms",
        "/console/page-0123456789.js",
        "/health",
        "/metrics",
    };
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        // Before and after alike: what is kept (statements, transforms) was made by the first
        // request of each thread.
        survive(t, targets[i], "GET");
        expect_status(t, targets[i], 200);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(requests_survive)};
    return cmocka_run_group_tests(tests, twin_open, twin_close);
}
