// A real broker on a free port, and a publisher that knows what the broker has accepted.
#ifndef TESTS_E2E_BROKER_H
#define TESTS_E2E_BROKER_H

#include <arpa/inet.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/proc.h"
#include "cmk.h"

#define BROKER_SCRIPT CT_SOURCE_DIR "/tools/broker"

typedef struct broker {
    char folder[160], url[64], port_text[16];
    int port;
    pid_t pid;
} broker;

static inline bool have_program(const char *name) {
    ct_proc *shell = NULL;
    char script[] = "PATH=$PATH:/usr/sbin; command -v \"$0\"";
    if (ct_proc_start(&shell, (char *[]){"sh", "-c", script, (char *)name, NULL}, true) != CT_OK)
        return false;
    const int code = ct_proc_wait(shell);
    ct_proc_free(shell);
    return code == 0;
}

static inline int free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static inline void broker_start(broker *b) {
    ct_proc *script = NULL;
    char *line = NULL;
    assert_int_equal(
        ct_proc_start(&script, (char *[]){BROKER_SCRIPT, "start", b->folder, b->port_text, NULL},
                      false),
        CT_OK);
    assert_int_equal(ct_proc_read_line(script, &line), CT_OK);
    b->pid = (pid_t)strtol(line, NULL, 10);
    assert_true(b->pid > 1);
    assert_int_equal(ct_proc_wait(script), 0);
    ct_proc_free(script);
}

static inline void broker_init(broker *b, const char *folder) {
    (void)snprintf(b->folder, sizeof b->folder, "%s/broker", folder);
    b->port = free_port();
    (void)snprintf(b->port_text, sizeof b->port_text, "%d", b->port);
    (void)snprintf(b->url, sizeof b->url, "mqtt://127.0.0.1:%d", b->port);
    broker_start(b);
}

static inline void broker_kill(broker *b) {
    if (!b->pid) return;
    assert_int_equal(kill(b->pid, SIGKILL), 0);
    while (kill(b->pid, 0) == 0) ct_clock_sleep_us(ct_clock_real(), 10000);
    b->pid = 0;
}

// ---- publishing
// --------------------------------------------------------------------------------------------------

typedef struct publisher {
    struct mosquitto *client;
    int64_t sent, accepted; // accepted: acknowledged to us by the broker
    bool connected;
} publisher;

static inline void publisher_connected(struct mosquitto *client, void *context, int reason) {
    (void)client;
    publisher *p = context;
    assert_int_equal(reason, 0);
    p->connected = true;
}

static inline void publisher_accepted(struct mosquitto *client, void *context, int id, int reason,
                                      const mosquitto_property *properties) {
    (void)client;
    (void)id;
    (void)properties;
    publisher *p = context;
    // 16: accepted, and nobody has subscribed
    if (reason == 0 || reason == MQTT_RC_NO_MATCHING_SUBSCRIBERS) p->accepted++;
}

static inline void publisher_run(publisher *p, int timeout_ms) {
    assert_int_equal(mosquitto_loop(p->client, timeout_ms, 1), MOSQ_ERR_SUCCESS);
}

static inline void publisher_open(publisher *p, const broker *b) {
    *p = (publisher){.client = mosquitto_new(NULL, true, p)};
    assert_non_null(p->client);
    mosquitto_int_option(p->client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_int_option(p->client, MOSQ_OPT_SEND_MAXIMUM, 2000);
    mosquitto_connect_callback_set(p->client, publisher_connected);
    mosquitto_publish_v5_callback_set(p->client, publisher_accepted);
    assert_int_equal(mosquitto_connect(p->client, "127.0.0.1", b->port, 60), MOSQ_ERR_SUCCESS);
    while (!p->connected) publisher_run(p, 100);
}

static inline void publisher_send(publisher *p, const char *topic, const char *payload) {
    assert_int_equal(
        mosquitto_publish(p->client, NULL, topic, (int)strlen(payload), payload, 1, false),
        MOSQ_ERR_SUCCESS);
    p->sent++;
}

static inline void publisher_finish(publisher *p) { // every message is with the broker
    while (p->accepted < p->sent) publisher_run(p, 100);
}

static inline void publisher_close(publisher *p) {
    mosquitto_disconnect(p->client);
    mosquitto_destroy(p->client);
}

#endif
