// The bench's publisher: speaks MQTT 3.1.1 by itself and sends many packets with one write, so that
// it costs next to nothing beside the broker. At most a number of messages are without the broker's
// acknowledgement.
#include "publish.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

#define ON_THEIR_WAY 4000
#define BURST        500 // messages of one write at most
#define ACK_BYTES    4   // PUBACK of MQTT 3.1.1

typedef struct publisher {
    int socket;
    long sent, accepted;
    size_t ack_bytes;
} publisher;

static int open_socket(int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    if (s < 0) return -1;
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(s, (struct sockaddr *)&to, sizeof to) == 0) return s;
    close(s);
    return -1;
}

static bool send_all(int socket, const char *data, size_t n) {
    while (n > 0) {
        const ssize_t sent = send(socket, data, n, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        data += sent;
        n -= (size_t)sent;
    }
    return true;
}

static bool say_hello(int socket) {
    static const char connect_packet[] = "\x10\x11\0\x04MQTT\x04\x02\0\0\0\x05"
                                         "bench";
    char answer[4];
    return send_all(socket, connect_packet, sizeof connect_packet - 1) &&
           recv(socket, answer, sizeof answer, MSG_WAITALL) == sizeof answer && answer[3] == 0;
}

// Message n: its device speaks for the (n / devices)th time, `rows` times 10 ms apart.
static void write_payload(ct_buf *json, long n, long rows, long round) {
    char time[32];
    ct_buf_reset(json);
    if (rows > 1) ct_buf_putc(json, '[');
    for (long i = 0; i < rows; i++) {
        ct_time_format(time, BENCH_START_US + round * INT64_C(10000000000) +
                                 (n / BENCH_DEVICES * rows + i) * 10000);
        ct_buf_printf(json, "%s{\"t\":\"%s\",\"v\":%ld.25}", i ? "," : "", time, (n + i) % 90);
    }
    if (rows > 1) ct_buf_putc(json, ']');
}

static void put_publish(ct_buf *packets, const ct_buf *json, long n) {
    char topic[64];
    const size_t topic_length = (size_t)snprintf(
        topic, sizeof topic, "cimtwin/" BENCH_TWIN "/obs/dev-%ld", n % BENCH_DEVICES);
    size_t rest = 2 + topic_length + 2 + json->len;
    const unsigned id = (unsigned)(n % 65535) + 1;
    ct_buf_putc(packets, 0x32); // PUBLISH, QoS 1
    do {
        ct_buf_putc(packets, (char)(rest % 128 | (rest >= 128 ? 128 : 0)));
        rest /= 128;
    } while (rest);
    ct_buf_putc(packets, (char)(topic_length >> 8));
    ct_buf_putc(packets, (char)topic_length);
    ct_buf_put(packets, topic, topic_length);
    ct_buf_putc(packets, (char)(id >> 8));
    ct_buf_putc(packets, (char)id);
    ct_buf_put(packets, json->data, json->len);
}

static bool read_acks(publisher *p, bool wait) {
    char bytes[65536];
    struct pollfd poll_in = {p->socket, POLLIN, 0};
    if (poll(&poll_in, 1, wait ? 60000 : 0) <= 0) return !wait;
    const ssize_t got = recv(p->socket, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    p->ack_bytes += (size_t)got;
    p->accepted = (long)(p->ack_bytes / ACK_BYTES);
    return true;
}

static bool publish(publisher *p, long messages, long rows, long round) {
    ct_buf json, packets;
    bool ok = true;
    ct_buf_init(&json, 1 << 20);
    ct_buf_init(&packets, 64 << 20);
    while (ok && p->accepted < messages) {
        ct_buf_reset(&packets);
        for (int i = 0; i < BURST && p->sent < messages && p->sent - p->accepted < ON_THEIR_WAY;
             i++) {
            write_payload(&json, p->sent, rows, round);
            put_publish(&packets, &json, p->sent++);
        }
        ok = ct_buf_status(&packets) == CT_OK && ct_buf_status(&json) == CT_OK &&
             send_all(p->socket, packets.data, packets.len) && read_acks(p, packets.len == 0);
    }
    ct_buf_fini(&json);
    ct_buf_fini(&packets);
    return ok;
}

int publish_all(int port, long messages, long rows, long round) {
    publisher p = {.socket = open_socket(port)};
    bool ok = p.socket >= 0 && say_hello(p.socket) && publish(&p, messages, rows, round);
    if (!ok) fprintf(stderr, "publisher: the broker does not take the messages\n");
    if (p.socket >= 0) close(p.socket);
    return ok ? 0 : 1;
}
