// A tiny HTTP client for tests: raw requests over a loopback socket, answers cut into status,
// headers and body.
#ifndef TESTS_UNIT_HTTP_CLIENT_H
#define TESTS_UNIT_HTTP_CLIENT_H

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/gzip.h"
#include "base/mem.h"
#include "cmk.h"

typedef struct answer {
    int status;
    char *head; // status line and headers
    char *body; // NUL-ended, chunks joined
    size_t length;
    ct_buf raw;
} answer;

static inline int client_connect(uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // For a server that hangs; long, as tests run under valgrind too.
    struct timeval patience = {.tv_sec = 120};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static inline void client_send(int fd, const char *data, size_t n) {
    while (n > 0) {
        ssize_t sent = send(fd, data, n, MSG_NOSIGNAL);
        if (sent <= 0) return; // the server may answer and close before it has read all
        data += sent;
        n -= (size_t)sent;
    }
}

// Reads until `until` occurs in what was read, or the end; false at the end.
static inline bool client_read_until(int fd, ct_buf *into, const char *until) {
    for (;;) {
        if (into->len && strstr(into->data, until)) return true;
        char *room = ct_buf_reserve(into, 65536);
        assert_non_null(room);
        ssize_t got = recv(fd, room, 65535, 0);
        room[got > 0 ? got : 0] = '\0';
        if (got <= 0) return false;
        into->len += (size_t)got;
        into->data[into->len] = '\0';
    }
}

// Value of a header in the arena of the answer's own memory: copied to `out`; "" if it is not
// there.
static inline const char *answer_header(const answer *a, const char *name, char out[1024]) {
    out[0] = '\0';
    size_t n = strlen(name);
    for (const char *line = strstr(a->head, "\r\n"); line; line = strstr(line + 2, "\r\n")) {
        const char *at = line + 2;
        if (strncasecmp(at, name, n) != 0 || at[n] != ':') continue;
        at += n + 1;
        while (*at == ' ') at++;
        size_t length = strcspn(at, "\r\n");
        size_t used = strlen(out);
        snprintf(out + used, 1024 - used, "%s%.*s", used ? ", " : "", (int)length, at);
    }
    return out;
}

static inline void join_chunks(answer *a) {
    char *from = a->body, *to = a->body, *end = a->body + a->length;
    while (from < end) {
        char *line_end;
        size_t n = strtoul(from, &line_end, 16);
        from = line_end + 2;
        if (n == 0) break;
        assert_true(from + n <= end);
        memmove(to, from, n);
        to += n;
        from += n + 2;
    }
    *to = '\0';
    a->length = (size_t)(to - a->body);
}

// Sends the bytes as they are and reads to the end of the connection.
static inline answer exchange(uint16_t port, const char *request, size_t n) {
    answer a = {0};
    int fd = client_connect(port);
    client_send(fd, request, n);
    ct_buf_init(&a.raw, 256 << 20);
    (void)client_read_until(fd, &a.raw, "\x01 never \x01");
    close(fd);
    if (!a.raw.len) return a;
    a.head = a.raw.data;
    char *blank = strstr(a.head, "\r\n\r\n");
    assert_non_null(blank);
    blank[2] = '\0';
    blank[3] = '\0';
    a.body = blank + 4;
    a.length = a.raw.len - (size_t)(a.body - a.raw.data);
    assert_int_equal(sscanf(a.head, "HTTP/1.1 %d", &a.status), 1);
    char value[1024];
    if (strstr(answer_header(&a, "Transfer-Encoding", value), "chunked")) join_chunks(&a);
    return a;
}

static inline void answer_free(answer *a) {
    ct_buf_fini(&a->raw);
}

// One request; `headers` are whole lines with \r\n, or "".
static inline answer request(uint16_t port, const char *method, const char *target,
                             const char *headers, const char *body) {
    char length[64] = "";
    if (body) snprintf(length, sizeof length, "Content-Length: %zu\r\n", strlen(body));
    char *text =
        ct_sprintf("%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n%s%s\r\n%s",
                   method, target, port, length, headers, body ? body : "");
    answer a = exchange(port, text, strlen(text));
    ct_free(text);
    return a;
}

static inline answer get(uint16_t port, const char *target) {
    return request(port, "GET", target, "", NULL);
}

#endif
