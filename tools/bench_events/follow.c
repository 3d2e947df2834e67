// Followers: sockets in one epoll; chunked bodies taken apart, events looked at line by line.
#include "follow.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

enum { LINE_MAX_BYTES = 64, READ_BYTES = 1 << 16 };

typedef enum part { HEAD, CHUNK_SIZE, CHUNK, CHUNK_END } part;

typedef struct follower {
    int socket;
    part part;
    unsigned head_end; // how much of the blank line that ends the head has come
    size_t left;       // of the chunk
    char line[LINE_MAX_BYTES];
    size_t length;
    uint64_t id; // of the event before
    size_t events;
} follower;

static void take_line(followers *f, follower *c, int64_t now_us) {
    static const char id[] = "id: ", data[] = "data: {\"us\":";
    c->line[c->length < LINE_MAX_BYTES ? c->length : LINE_MAX_BYTES - 1] = '\0';
    c->length = 0;
    if (strncmp(c->line, id, sizeof id - 1) == 0) {
        const uint64_t number = strtoull(c->line + sizeof id - 1, NULL, 10);
        if (c->id && number != c->id + 1) f->out_of_order++;
        c->id = number;
    } else if (strncmp(c->line, data, sizeof data - 1) == 0) {
        const int64_t late_us = now_us - strtoll(c->line + sizeof data - 1, NULL, 10);
        if (f->n_late < f->max_late) f->late_us[f->n_late++] = (uint32_t)late_us;
        c->events++;
    }
}

static void take_text(followers *f, follower *c, const char *text, size_t n, int64_t now_us) {
    while (n > 0) {
        const char *end = memchr(text, '\n', n);
        const size_t piece = end ? (size_t)(end - text) : n;
        const size_t room = c->length < LINE_MAX_BYTES ? LINE_MAX_BYTES - c->length : 0;
        memcpy(c->line + c->length, text, piece < room ? piece : room);
        c->length += piece < room ? piece : room;
        if (end) take_line(f, c, now_us);
        n -= end ? piece + 1 : piece;
        text += end ? piece + 1 : piece;
    }
}

static void take_bytes(followers *f, follower *c, const char *bytes, size_t n, int64_t now_us) {
    static const char blank[] = "\r\n\r\n";
    for (size_t i = 0; i < n;) {
        const char byte = bytes[i];
        if (c->part == HEAD) {
            c->head_end = byte == blank[c->head_end] ? c->head_end + 1 : byte == '\r';
            if (c->head_end == 4) c->part = CHUNK_SIZE;
            i++;
        } else if (c->part == CHUNK_SIZE) {
            const char *digits = "0123456789abcdef", *digit = strchr(digits, byte | 32);
            if (byte == '\n') c->part = CHUNK;
            if (byte != '\n' && byte != '\r' && digit)
                c->left = 16 * c->left + (size_t)(digit - digits);
            i++;
        } else if (c->part == CHUNK) {
            const size_t take = c->left < n - i ? c->left : n - i;
            take_text(f, c, bytes + i, take, now_us);
            c->left -= take;
            i += take;
            if (c->left == 0) c->part = CHUNK_END;
        } else {
            if (byte == '\n') c->part = CHUNK_SIZE;
            i++;
        }
    }
}

static bool open_one(followers *f, follower *c, int port) {
    static const char request[] = "GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->socket = socket(AF_INET, SOCK_STREAM, 0);
    struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = c}};
    return c->socket >= 0 && connect(c->socket, (struct sockaddr *)&to, sizeof to) == 0 &&
           send(c->socket, request, sizeof request - 1, MSG_NOSIGNAL) > 0 &&
           epoll_ctl(f->epoll, EPOLL_CTL_ADD, c->socket, &event) == 0;
}

bool followers_open(followers *f, int port, size_t n_clients, size_t max_events) {
    *f = (followers){.epoll = epoll_create1(0),
                     .n_clients = n_clients,
                     .clients = ct_calloc(n_clients, sizeof *f->clients),
                     .late_us = ct_calloc(n_clients * max_events, sizeof *f->late_us),
                     .max_late = n_clients * max_events};
    bool ok = f->epoll >= 0 && f->clients && f->late_us;
    for (size_t i = 0; i < n_clients && ok; i++) ok = open_one(f, &f->clients[i], port);
    if (!ok) perror("bench_events: followers");
    return ok;
}

static bool read_ready(followers *f, const struct epoll_event *ready, int n) {
    static char bytes[READ_BYTES];
    for (int i = 0; i < n; i++) {
        follower *c = ready[i].data.ptr;
        const ssize_t got = recv(c->socket, bytes, sizeof bytes, 0);
        if (got <= 0) {
            fprintf(stderr, "bench_events: a stream has ended\n");
            return false;
        }
        take_bytes(f, c, bytes, (size_t)got, ct_clock_mono_us(ct_clock_real()));
    }
    return true;
}

bool followers_read(followers *f, size_t n_events, double timeout_s) {
    const int64_t end_us = ct_clock_mono_us(ct_clock_real()) + (int64_t)(timeout_s * 1e6);
    while (f->n_late < n_events * f->n_clients) {
        struct epoll_event ready[256];
        const int n = epoll_wait(f->epoll, ready, 256, 100);
        if (!read_ready(f, ready, n) || ct_clock_mono_us(ct_clock_real()) > end_us) return false;
    }
    return true;
}

void followers_close(followers *f) {
    for (size_t i = 0; f->clients && i < f->n_clients; i++)
        if (f->clients[i].socket > 0) close(f->clients[i].socket);
    if (f->epoll > 0) close(f->epoll);
    ct_free(f->clients);
    ct_free(f->late_us);
}

static int compare(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

double followers_late_ms(followers *f, double share) {
    if (!f->n_late) return 0;
    qsort(f->late_us, f->n_late, sizeof *f->late_us, compare);
    return f->late_us[(size_t)(share * (double)(f->n_late - 1))] * 1e-3;
}
