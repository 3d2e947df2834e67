// MQTT in: one thread that drives the client's socket itself, so that a message is acknowledged
// only after it is stored.
//
// libmosquitto queues an acknowledgement when the message callback returns and sends it with the
// next write. In its threaded mode nothing is written but by mosquitto_loop_write: the thread reads
// what has come, stores it as one batch, then writes. If storing fails the client is thrown away
// unwritten, and the broker sends the messages again.
#include "live/mqtt.h"

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/mem.h"

#define BATCH_ROWS      10000 // a commit costs a wait for the disk and a page of every device
#define FLOOD_MESSAGES  100   // in one go; then more are waited for
#define GATHER_US       20000 // how long
#define POLL_US         100000
#define KEEPALIVE_S     30
#define SESSION_S       (7 * 86400) // that the broker keeps our place after we have gone
#define RECEIVE_MAXIMUM 20000       // unacknowledged messages
#define MAX_PACKET      (17 << 20)  // bytes; what a payload may have, and a topic
#define RETRY_MIN_US    1000000
#define RETRY_MAX_US    30000000

struct ct_mqtt {
    ct_live *live;
    char *host, *client_id, *topic;
    size_t topic_prefix; // length of "cimtwin/<twin>/obs/"
    int port;
    pthread_t thread;
    atomic_bool stop;
    ct_arena *arena; // of the batch in hand
    ct_observation *rows;
    size_t n_rows;
    int64_t n_read;       // messages, ever
    bool lost;            // something of the batch could not be kept: nothing may be acknowledged
    bool was_connected;   // ever
    bool stored;          // something, since the connection was made
    pthread_mutex_t lock; // of the status
    ct_mqtt_status status;
};

static pthread_once_t k_library_once = PTHREAD_ONCE_INIT;
static void init_library(void) {
    mosquitto_lib_init();
}

static void note_error(ct_mqtt *m, const char *what, const char *why) {
    pthread_mutex_lock(&m->lock);
    m->status.connected = false;
    snprintf(m->status.last_error, sizeof m->status.last_error, "%s: %s", what, why);
    pthread_mutex_unlock(&m->lock);
    ct_log(CT_LOG_WARNING, "mqtt %s:%d: %s: %s", m->host, m->port, what, why);
}

static void on_connect(struct mosquitto *client, void *context, int reason) {
    ct_mqtt *m = context;
    if (reason != 0) {
        note_error(m, "connect", mosquitto_reason_string(reason));
        return;
    }
    const int code = mosquitto_subscribe(client, NULL, m->topic, 1);
    if (code != MOSQ_ERR_SUCCESS) note_error(m, "subscribe", mosquitto_strerror(code));
}

// Connected is who will be told: a broker may refuse the topic.
static void on_subscribe(struct mosquitto *client, void *context, int id, int n_granted,
                         const int *granted) {
    (void)client;
    (void)id;
    ct_mqtt *m = context;
    if (n_granted != 1 || granted[0] > 2) {
        note_error(m, "subscribe",
                   mosquitto_reason_string(n_granted ? granted[0] : MQTT_RC_UNSPECIFIED));
        return;
    }
    pthread_mutex_lock(&m->lock);
    m->status.connected = true;
    m->status.held = false;
    if (m->was_connected) m->status.reconnects++;
    m->was_connected = true;
    pthread_mutex_unlock(&m->lock);
    ct_log(CT_LOG_INFO, "mqtt %s:%d: connected, %s", m->host, m->port, m->topic);
}

static void count_refused(ct_mqtt *m, size_t n) {
    pthread_mutex_lock(&m->lock);
    m->status.refused += (int64_t)n;
    pthread_mutex_unlock(&m->lock);
}

static void drop_batch(ct_mqtt *m) {
    m->rows = NULL;
    m->n_rows = 0;
    ct_arena_reset(m->arena);
}

// What came goes to disk; false: nothing of it may be acknowledged.
static bool store_batch(ct_mqtt *m) {
    size_t refused = 0;
    const ct_err err = m->n_rows ? ct_live_take(m->live, m->rows, m->n_rows, &refused) : CT_OK;
    if (m->n_rows && err == CT_OK) m->stored = true;
    drop_batch(m);
    if (refused) count_refused(m, refused);
    if (err != CT_OK) note_error(m, "storing observations", ct_err_message());
    if (err != CT_OK) m->lost = true;
    return !m->lost;
}

// A payload that cannot be read is acknowledged all the same: sent again it would not get better.
// One that there is no room for is another matter.
static void on_message(struct mosquitto *client, void *context,
                       const struct mosquitto_message *message) {
    (void)client;
    ct_mqtt *m = context;
    pthread_mutex_lock(&m->lock);
    m->status.messages = ++m->n_read;
    pthread_mutex_unlock(&m->lock);
    if (m->lost) return;
    if (strlen(message->topic) <= m->topic_prefix || message->payloadlen <= 0) {
        count_refused(m, 1);
        return;
    }
    const char *device = message->topic + m->topic_prefix;
    const size_t length = (size_t)message->payloadlen;
    ct_err err = ct_live_parse(&m->rows, &m->n_rows, m->arena, device, message->payload, length);
    if (err == CT_NOMEM && store_batch(m)) // the arena is free again
        err = ct_live_parse(&m->rows, &m->n_rows, m->arena, device, message->payload, length);
    if (err == CT_NOMEM) {
        if (!m->lost) note_error(m, message->topic, ct_err_message());
        m->lost = true;
    } else if (err != CT_OK) {
        ct_log(CT_LOG_DEBUG, "mqtt %s: %s", message->topic, ct_err_message());
        count_refused(m, 1);
    }
}

static int64_t now_us(void) {
    return ct_clock_mono_us(ct_clock_real());
}

static bool readable(int socket, int64_t timeout_us) {
    struct pollfd p = {socket, POLLIN, 0};
    return poll(&p, 1, (int)((timeout_us + 999) / 1000)) > 0;
}

// Reads a batch: what is there, and while much comes also what comes within the next moments, so
// that a flood costs few commits and a lone message does not wait.
static int read_batch(ct_mqtt *m, struct mosquitto *client, int socket) {
    const int64_t end_us = now_us() + GATHER_US;
    const int64_t first = m->n_read;
    int code;
    for (;;) {
        const int64_t before = m->n_read;
        // A call reads one message at most; only a call in vain asks the system for more.
        code = mosquitto_loop_read(client, 1);
        if (code != MOSQ_ERR_SUCCESS || m->lost || m->n_rows >= BATCH_ROWS) return code;
        if (m->n_read != before) continue;
        const int64_t left_us = m->n_read - first >= FLOOD_MESSAGES ? end_us - now_us() : 0;
        if (!readable(socket, left_us > 0 ? left_us : 0)) return code;
    }
}

// The acknowledgements of a batch leave in few segments: the library writes each by itself.
static int acknowledge(struct mosquitto *client, int socket) {
    const int on = 1, off = 0;
    (void)setsockopt(socket, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
    const int code = mosquitto_loop_write(client, 1000);
    (void)setsockopt(socket, IPPROTO_TCP, TCP_CORK, &off, sizeof off);
    return code;
}

// Reads, stores and acknowledges until something fails or the end is asked for.
static void serve_connection(ct_mqtt *m, struct mosquitto *client) {
    while (!atomic_load(&m->stop)) {
        const int socket = mosquitto_socket(client);
        if (socket < 0) return;
        int code = MOSQ_ERR_SUCCESS;
        if (readable(socket, POLL_US)) {
            code = read_batch(m, client, socket);
            if (!store_batch(m)) return;
        }
        if (code == MOSQ_ERR_SUCCESS && mosquitto_want_write(client))
            code = acknowledge(client, socket);
        if (code == MOSQ_ERR_SUCCESS) code = mosquitto_loop_misc(client);
        if (code != MOSQ_ERR_SUCCESS) {
            note_error(m, "connection", mosquitto_strerror(code));
            return;
        }
    }
    if (mosquitto_disconnect(client) == MOSQ_ERR_SUCCESS) (void)mosquitto_loop_write(client, 1);
}

static struct mosquitto *new_client(ct_mqtt *m) {
    struct mosquitto *client = mosquitto_new(m->client_id, false, m);
    if (!client) return NULL;
    mosquitto_threaded_set(client, true);
    mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_int_option(client, MOSQ_OPT_RECEIVE_MAXIMUM, RECEIVE_MAXIMUM);
    mosquitto_connect_callback_set(client, on_connect);
    mosquitto_subscribe_callback_set(client, on_subscribe);
    mosquitto_message_callback_set(client, on_message);
    return client;
}

static int connect_client(const ct_mqtt *m, struct mosquitto *client) {
    mosquitto_property *properties = NULL;
    int code =
        mosquitto_property_add_int32(&properties, MQTT_PROP_SESSION_EXPIRY_INTERVAL, SESSION_S);
    if (code == MOSQ_ERR_SUCCESS)
        code = mosquitto_property_add_int32(&properties, MQTT_PROP_MAXIMUM_PACKET_SIZE, MAX_PACKET);
    if (code == MOSQ_ERR_SUCCESS)
        code = mosquitto_connect_bind_v5(client, m->host, m->port, KEEPALIVE_S, NULL, properties);
    mosquitto_property_free_all(&properties);
    return code;
}

static bool disk_refuses(const ct_mqtt *m) {
    ct_live_storage storage;
    ct_live_get_storage(&storage, m->live);
    return storage.refuses;
}

static void set_held(ct_mqtt *m, bool held) {
    pthread_mutex_lock(&m->lock);
    m->status.held = held;
    pthread_mutex_unlock(&m->lock);
}

// Waits in small steps so that the end is not kept waiting; `held`, no longer than the disk takes
// to come back.
static void wait_us(const ct_mqtt *m, int64_t us, bool held) {
    for (int64_t waited = 0; waited < us && !atomic_load(&m->stop); waited += 50000) {
        if (held && !disk_refuses(m)) return;
        ct_clock_sleep_us(ct_clock_real(), 50000);
    }
}

static void *work(void *context) {
    ct_mqtt *m = context;
    int64_t retry_us = RETRY_MIN_US;
    while (!atomic_load(&m->stop)) {
        struct mosquitto *client = new_client(m);
        const int code = client ? connect_client(m, client) : MOSQ_ERR_NOMEM;
        if (code == MOSQ_ERR_SUCCESS) {
            m->stored = false;
            serve_connection(m, client);
            if (m->stored) retry_us = RETRY_MIN_US;
        } else {
            note_error(m, "connect", mosquitto_strerror(code));
        }
        // Closed without a word: what was read but not stored has no acknowledgement and comes
        // again.
        mosquitto_destroy(client);
        drop_batch(m);
        const bool held = m->lost && disk_refuses(m);
        m->lost = false;
        if (held) set_held(m, true);
        wait_us(m, retry_us, held);
        if (held && !disk_refuses(m)) retry_us = RETRY_MIN_US / 2; // doubled below
        retry_us = retry_us * 2 > RETRY_MAX_US ? RETRY_MAX_US : retry_us * 2;
    }
    return NULL;
}

static ct_err parse_url(ct_mqtt *m, const char *url) {
    static const char k_scheme[] = "mqtt://";
    if (strncmp(url, k_scheme, sizeof k_scheme - 1) != 0)
        return ct_fail(CT_ARG, "\"%s\": an MQTT address is mqtt://host[:port]", url);
    const char *host = url + sizeof k_scheme - 1, *colon = strchr(host, ':');
    size_t length = colon ? (size_t)(colon - host) : strcspn(host, "/");
    m->port = 1883;
    if (colon) {
        char *end;
        const long port = strtol(colon + 1, &end, 10);
        if (end == colon + 1 || (*end && strcmp(end, "/") != 0) || port < 1 || port > 65535)
            return ct_fail(CT_ARG, "\"%s\": \"%s\" is not a port", url, colon + 1);
        m->port = (int)port;
    }
    if (!length) return ct_fail(CT_ARG, "\"%s\": the host is missing", url);
    return (m->host = ct_strndup(host, length)) ? CT_OK : CT_NOMEM;
}

static void free_mqtt(ct_mqtt *m) {
    ct_free(m->host);
    ct_free(m->client_id);
    ct_free(m->topic);
    ct_arena_free(m->arena);
    pthread_mutex_destroy(&m->lock);
    ct_free(m);
}

ct_err ct_mqtt_start(ct_mqtt **out, ct_live *live, const char *url, const char *twin) {
    ct_mqtt *m = ct_calloc(1, sizeof *m);
    if (!m) return CT_NOMEM;
    pthread_once(&k_library_once, init_library);
    pthread_mutex_init(&m->lock, NULL);
    m->live = live;
    m->arena = ct_arena_new(1 << 20, (size_t)256 << 20);
    m->topic = ct_sprintf("cimtwin/%s/obs/#", twin);
    m->client_id = ct_sprintf("cimtwin-%s", twin);
    ct_err err = m->arena && m->topic && m->client_id ? CT_OK : CT_NOMEM;
    if (err == CT_OK && strpbrk(twin, "+#/"))
        err = ct_fail(CT_ARG, "the twin's name \"%s\" cannot stand in a topic", twin);
    if (err == CT_OK) err = parse_url(m, url);
    if (err == CT_OK) m->topic_prefix = strlen(m->topic) - 1;
    if (err == CT_OK && pthread_create(&m->thread, NULL, work, m) != 0)
        err = ct_fail(CT_NOMEM, "the MQTT thread could not be started");
    if (err == CT_OK)
        *out = m;
    else
        free_mqtt(m);
    return err;
}

void ct_mqtt_stop(ct_mqtt *mqtt) {
    if (!mqtt) return;
    atomic_store(&mqtt->stop, true);
    pthread_join(mqtt->thread, NULL);
    free_mqtt(mqtt);
}

void ct_mqtt_get_status(ct_mqtt_status *out, ct_mqtt *mqtt) {
    pthread_mutex_lock(&mqtt->lock);
    *out = mqtt->status;
    pthread_mutex_unlock(&mqtt->lock);
}
