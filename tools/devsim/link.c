// The connection to the broker. A broker acknowledges before it saves: what it took in the last
// seconds before it broke is said again.
#include "link.h"

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#define KEEPALIVE_S  30
#define ON_THEIR_WAY 1000     // unacknowledged messages, at most
#define REPEATED_US  10000000 // before the end of a connection: what is said again
#define REPEATED_MAX 65536
#define WAIT_MIN_US  200000
#define WAIT_MAX_US  5000000

typedef struct said {
    int64_t at_us; // by the steady clock
    const char *topic;
    char *payload;
} said;

struct ds_link {
    struct mosquitto *client;
    char *host;
    int port;
    bool connected, begun; // begun: a connection was asked for, its answer may be on its way
    int64_t next_try_us, wait_us;
    ds_link_counts counts;
    said said[REPEATED_MAX];   // a ring
    size_t first, n, repeated; // repeated: of those n, on this connection; all but after a break
};

static said *said_at(ds_link *link, size_t index) {
    return &link->said[(link->first + index) % REPEATED_MAX];
}

static void forget_first(ds_link *link) {
    ct_free(said_at(link, 0)->payload);
    link->first = (link->first + 1) % REPEATED_MAX;
    link->n--;
    if (link->repeated) link->repeated--;
}

static void forget_before(ds_link *link, int64_t time_us) {
    while (link->n && said_at(link, 0)->at_us < time_us) forget_first(link);
}

static ct_err keep(ds_link *link, const char *topic, const char *payload, size_t length) {
    const int64_t now_us = ct_clock_mono_us(ct_clock_real());
    forget_before(link, now_us - REPEATED_US);
    if (link->n == REPEATED_MAX) forget_first(link);
    char *copy = ct_strndup(payload, length);
    if (!copy) return CT_NOMEM;
    *said_at(link, link->n++) = (said){now_us, topic, copy};
    link->repeated++;
    return CT_OK;
}

static void on_connect(struct mosquitto *client, void *context, int reason) {
    (void)client;
    ds_link *link = context;
    if (reason != 0) {
        ct_log(CT_LOG_WARNING, "%s:%d: %s", link->host, link->port,
               mosquitto_reason_string(reason));
        return;
    }
    link->connected = true;
    link->wait_us = WAIT_MIN_US;
    link->counts.connects++;
    ct_log(CT_LOG_INFO, "connected to %s:%d", link->host, link->port);
}

static void on_publish(struct mosquitto *client, void *context, int id) {
    (void)client;
    (void)id;
    ds_link *link = context;
    link->counts.acknowledged++;
}

static ct_err parse_url(ds_link *link, const char *url) {
    static const char k_scheme[] = "mqtt://";
    const bool right = strncmp(url, k_scheme, sizeof k_scheme - 1) == 0;
    const char *host = right ? url + sizeof k_scheme - 1 : url;
    const size_t length = strcspn(host, ":/");
    long port = 1883;
    char *end = (char *)host + length;
    if (right && *end == ':') port = strtol(host + length + 1, &end, 10);
    if (!right || !length || (*end && strcmp(end, "/") != 0) || port < 1 || port > 65535)
        return ct_fail(CT_ARG, "--mqtt %s: it is mqtt://host[:port]", url);
    link->port = (int)port;
    return (link->host = ct_strndup(host, length)) ? CT_OK : CT_NOMEM;
}

ct_err ds_link_open(ds_link **out, const char *url) {
    ds_link *link = ct_calloc(1, sizeof *link);
    if (!link) return CT_NOMEM;
    mosquitto_lib_init();
    link->wait_us = WAIT_MIN_US;
    ct_err err = parse_url(link, url);
    if (err == CT_OK && !(link->client = mosquitto_new(NULL, true, link)))
        err = ct_fail(CT_NOMEM, "the MQTT client could not be made");
    if (err != CT_OK) {
        ds_link_close(link);
        return err;
    }
    mosquitto_int_option(link->client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_int_option(link->client, MOSQ_OPT_SEND_MAXIMUM, ON_THEIR_WAY);
    mosquitto_connect_callback_set(link->client, on_connect);
    mosquitto_publish_callback_set(link->client, on_publish);
    *out = link;
    return CT_OK;
}

void ds_link_close(ds_link *link) {
    if (!link) return;
    if (link->connected) mosquitto_disconnect(link->client);
    mosquitto_destroy(link->client);
    mosquitto_lib_cleanup();
    while (link->n) forget_first(link);
    ct_free(link->host);
    ct_free(link);
}

// The next attempt comes later and later.
static void put_off(ds_link *link, const char *why) {
    if (link->connected || link->wait_us == WAIT_MIN_US)
        ct_log(CT_LOG_WARNING, "%s:%d: %s; trying again", link->host, link->port, why);
    const int64_t now_us = ct_clock_mono_us(ct_clock_real());
    if (link->connected) {
        forget_before(link, now_us - REPEATED_US);
        link->repeated = 0;
    }
    link->connected = link->begun = false;
    link->next_try_us = now_us + link->wait_us;
    link->wait_us = link->wait_us * 2 > WAIT_MAX_US ? WAIT_MAX_US : link->wait_us * 2;
}

static void try_connect(ds_link *link, int timeout_ms) {
    const int64_t left_us = link->next_try_us - ct_clock_mono_us(ct_clock_real());
    if (left_us > 0) {
        const int64_t most_us = (int64_t)timeout_ms * 1000;
        ct_clock_sleep_us(ct_clock_real(), left_us < most_us ? left_us : most_us);
        return;
    }
    const int code = mosquitto_connect(link->client, link->host, link->port, KEEPALIVE_S);
    link->begun = code == MOSQ_ERR_SUCCESS;
    if (!link->begun) put_off(link, mosquitto_strerror(code));
}

static bool has_room(const ds_link *link) {
    return link->connected && link->counts.sent - link->counts.acknowledged < ON_THEIR_WAY;
}

static ct_err send(ds_link *link, const char *topic, const char *payload, size_t length) {
    const int code = mosquitto_publish(link->client, NULL, topic, (int)length, payload, 1, false);
    // Without a connection the message is kept, and sent once there is one again.
    if (code != MOSQ_ERR_SUCCESS && code != MOSQ_ERR_NO_CONN && code != MOSQ_ERR_CONN_LOST)
        return ct_fail(CT_REMOTE, "%s: %s", topic, mosquitto_strerror(code));
    link->counts.sent++;
    return CT_OK;
}

static void repeat(ds_link *link) {
    while (link->repeated < link->n && has_room(link)) {
        const said *again = said_at(link, link->repeated++);
        if (send(link, again->topic, again->payload, strlen(again->payload)) != CT_OK)
            ct_log(CT_LOG_WARNING, "not repeated: %s", ct_err_message());
    }
}

void ds_link_run(ds_link *link, int timeout_ms) {
    if (!link->begun) {
        try_connect(link, timeout_ms);
        return;
    }
    const int code = mosquitto_loop(link->client, timeout_ms, 1);
    if (code != MOSQ_ERR_SUCCESS)
        put_off(link, mosquitto_strerror(code));
    else
        repeat(link);
}

bool ds_link_ready(const ds_link *link) {
    return has_room(link) && link->repeated == link->n;
}

ct_err ds_link_publish(ds_link *link, const char *topic, const char *payload, size_t length) {
    CT_TRY(send(link, topic, payload, length));
    return keep(link, topic, payload, length);
}

ds_link_counts ds_link_get_counts(const ds_link *link) {
    return link->counts;
}
