// The bench's publisher.
#include "publish.h"

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"

#define ON_THEIR_WAY 1000

typedef struct publisher {
    struct mosquitto *client;
    long sent, accepted;
    bool connected;
} publisher;

static void on_connect(struct mosquitto *client, void *context, int reason) {
    (void)client;
    publisher *p = context;
    p->connected = reason == 0;
}

static void on_publish(struct mosquitto *client, void *context, int id) {
    (void)client;
    (void)id;
    publisher *p = context;
    p->accepted++;
}

// Message n: its device speaks for the (n / devices)th time, `rows` times 10 ms apart.
static void write_message(ct_buf *json, long n, long rows, long round) {
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

static int send_one(publisher *p, ct_buf *json, long n) {
    char topic[64];
    (void)snprintf(topic, sizeof topic, "cimtwin/" BENCH_TWIN "/obs/dev-%ld", n % BENCH_DEVICES);
    p->sent++;
    return mosquitto_publish(p->client, NULL, topic, (int)json->len, json->data, 1, false);
}

int publish_all(int port, long messages, long rows, long round) {
    publisher p = {0};
    ct_buf json;
    mosquitto_lib_init();
    ct_buf_init(&json, 1 << 20);
    p.client = mosquitto_new(NULL, true, &p);
    if (!p.client) return 1;
    mosquitto_int_option(p.client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_int_option(p.client, MOSQ_OPT_SEND_MAXIMUM, ON_THEIR_WAY);
    mosquitto_connect_callback_set(p.client, on_connect);
    mosquitto_publish_callback_set(p.client, on_publish);
    int code = mosquitto_connect(p.client, "127.0.0.1", port, 60);
    while (code == MOSQ_ERR_SUCCESS && p.accepted < messages) {
        for (int i = 0; i < 100 && code == MOSQ_ERR_SUCCESS && p.connected && p.sent < messages &&
                        p.sent - p.accepted < ON_THEIR_WAY;
             i++) {
            write_message(&json, p.sent, rows, round);
            code = send_one(&p, &json, p.sent);
        }
        const bool more = p.connected && p.sent < messages && p.sent - p.accepted < ON_THEIR_WAY;
        if (code == MOSQ_ERR_SUCCESS) code = mosquitto_loop(p.client, more ? 0 : 100, 1);
    }
    if (code != MOSQ_ERR_SUCCESS) fprintf(stderr, "publisher: %s\n", mosquitto_strerror(code));
    mosquitto_disconnect(p.client);
    mosquitto_destroy(p.client);
    ct_buf_fini(&json);
    return code == MOSQ_ERR_SUCCESS ? 0 : 1;
}
