// MQTT with a real broker: what the broker has accepted gets into the store, once, whatever is
// killed meanwhile.
#include "fixture.h"

#include "broker.h"
#include "live/mqtt.h"

#define NAME   "twin" // of the topic
#define WAIT_S 20

typedef struct scene {
    fixture *f;
    broker broker;
    ct_mqtt *mqtt;
    publisher publisher;
} scene;

// ---- the receiving process of the kill test: this program again
// --------------------------------------------------

// Says when it is connected, and then serves until it is killed or its parent is.
static int receive(const char *path, const char *url) {
    ct_catalogue *catalogue = NULL;
    ct_store *store = NULL;
    ct_live *live = NULL;
    ct_mqtt *mqtt = NULL;
    ct_mqtt_status status = {0};
    if (ct_catalogue_load(&catalogue, NULL) != CT_OK ||
        ct_store_open(&store, path, catalogue) != CT_OK ||
        ct_live_open(&live, store, ct_clock_real()) != CT_OK ||
        ct_mqtt_start(&mqtt, live, url, NAME) != CT_OK) {
        fprintf(stderr, "receiver: %s\n", ct_err_message());
        return 1;
    }
    while (!status.connected) {
        ct_clock_sleep_us(ct_clock_real(), 2000);
        ct_mqtt_get_status(&status, mqtt);
    }
    puts("connected");
    fflush(stdout);
    for (;;) ct_clock_sleep_us(ct_clock_real(), 1000000);
}

static ct_proc *start_receiver(const scene *s) {
    ct_proc *child = NULL;
    char *line = NULL;
    char self[] = "/proc/self/exe", mode[] = "receive";
    ok(ct_proc_start(&child, (char *[]){self, mode, s->f->path, (char *)s->broker.url, NULL},
                     false));
    ok(ct_proc_read_line(child, &line));
    assert_string_equal(line, "connected");
    return child;
}

// ---- set-up
// ------------------------------------------------------------------------------------------------------

static int setup(void **state) {
    scene *s = calloc(1, sizeof *s);
    s->f = make_twin();
    s->f->clock = ct_clock_real();
    broker_init(&s->broker, s->f->folder);
    *state = s;
    return 0;
}

static int teardown(void **state) {
    scene *s = *state;
    void *inner = s->f;
    ct_mqtt_stop(s->mqtt);
    if (s->publisher.client) publisher_close(&s->publisher);
    broker_kill(&s->broker);
    fixture_teardown(&inner);
    free(s);
    return 0;
}

static ct_mqtt_status status_of(const scene *s) {
    ct_mqtt_status status;
    ct_mqtt_get_status(&status, s->mqtt);
    return status;
}

// Waits with the clock ticking, as in the server.
#define WAIT_FOR(s, condition)                                                                     \
    do {                                                                                           \
        const int64_t ct_end_ = ct_clock_mono_us(ct_clock_real()) + (int64_t)WAIT_S * 1000000;     \
        while (!(condition)) {                                                                     \
            if (ct_clock_mono_us(ct_clock_real()) > ct_end_)                                       \
                fail_msg("waited for %s", #condition);                                             \
            ok(ct_live_tick((s)->f->live));                                                        \
            ct_clock_sleep_us(ct_clock_real(), 10000);                                             \
        }                                                                                          \
    } while (0)

static void start_receiving(scene *s) {
    open_live(s->f);
    ok(ct_mqtt_start(&s->mqtt, s->f->live, s->broker.url, NAME));
    WAIT_FOR(s, status_of(s).connected);
}

static bool heard(const scene *s, const char *part) {
    pthread_mutex_lock(&s->f->lock);
    const bool found = strstr(s->f->heard, part) != NULL;
    pthread_mutex_unlock(&s->f->lock);
    return found;
}

static int64_t rows_taken(const scene *s) {
    size_t devices, silent, alarms;
    int64_t taken;
    ct_live_counts(s->f->live, &devices, &silent, &alarms, &taken);
    return taken;
}

static int64_t rows_stored(const scene *s) {
    ct_obs *obs = NULL;
    int64_t rows = -1;
    char *path = ct_store_file(s->f->store, "obs.sqlite");
    ok(ct_obs_open(&obs, path));
    ok(ct_obs_count(obs, &rows));
    ct_obs_close(obs);
    ct_free(path);
    return rows;
}

static void publish_by_tool(const scene *s, const char *topic, const char *payload) {
    ct_proc *tool = NULL;
    char *const words[] = {"mosquitto_pub",
                           "-h",
                           "127.0.0.1",
                           "-p",
                           (char *)s->broker.port_text,
                           "-V",
                           "5",
                           "-q",
                           "1",
                           "-t",
                           (char *)topic,
                           "-m",
                           (char *)payload,
                           NULL};
    ok(ct_proc_start(&tool, words, false));
    assert_int_equal(ct_proc_wait(tool), 0);
    ct_proc_free(tool);
}

// ---- tests
// -------------------------------------------------------------------------------------------------------

static void test_arrives_is_stored_and_told(void **state) {
    scene *s = *state;
    start_receiving(s);
    int64_t slowest_us = 0;
    for (int i = 1; i <= 5; i++) {
        char payload[96], time[32], told[96];
        const int64_t now_us = ct_clock_now_us(ct_clock_real()) / 1000 * 1000;
        const int64_t began_us = ct_clock_mono_us(ct_clock_real());
        ct_time_format(time, now_us);
        (void)snprintf(payload, sizeof payload, "{\"t\":\"%s\",\"v\":0.1%d}", time, i);
        (void)snprintf(told, sizeof told, "[\"wl-1\",0.1%d,%lld,\"ok\"]", i,
                       (long long)(now_us / 1000));
        publish_by_tool(s, "cimtwin/" NAME "/obs/wl-1", payload);
        WAIT_FOR(s, heard(s, told));
        const int64_t took_us = ct_clock_mono_us(ct_clock_real()) - began_us;
        slowest_us = took_us > slowest_us ? took_us : slowest_us;
        assert_has(history_text(s->f, "wl-1", NULL), time);
        ct_clock_sleep_us(ct_clock_real(), 30000);
    }
    print_message("slowest of 5, tool's start included: %lld ms\n", (long long)slowest_us / 1000);
    assert_true(slowest_us < 1000000);
    publish_by_tool(s, "cimtwin/" NAME "/obs/smoke-1", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1}");
    WAIT_FOR(s, heard(s, "alarm {\"id\":1,\"device\":\"smoke-1\""));
    assert_int_equal(rows_stored(s), 6);
    assert_int_equal(status_of(s).reconnects, 0);
    assert_int_equal(status_of(s).messages, 6);
}

// Message n of the kill test: device, time and value follow from n.
static void nth_message(int n, char topic[64], char payload[96]) {
    static const char *const devices[] = {"wl-1", "wl-2", "smoke-1", "temp-1", "plain-1"};
    char time[32];
    ct_time_format(time, T0 + (int64_t)n * 1000);
    (void)snprintf(topic, 64, "cimtwin/" NAME "/obs/%s", devices[n % 5]);
    (void)snprintf(payload, 96, "{\"t\":\"%s\",\"v\":%d}", time, n);
}

typedef struct tally {
    int n;
    char seen[40000];
} tally;

static ct_err count_row(void *context, const ct_observation *row) {
    tally *t = context;
    const int64_t n = (row->time_us - T0) / 1000;
    assert_in_range(n, 0, sizeof t->seen - 1);
    assert_true(row->value == (double)n);
    assert_int_equal(t->seen[n], 0);
    t->seen[n] = 1;
    t->n++;
    return CT_OK;
}

static void report_problem(void *context, const char *line) {
    (void)context;
    print_error("%s\n", line);
}

static void check_all_once(const scene *s, int expected) {
    static const char *const series[][2] = {{"wl-1", "water_level_m"},
                                            {"wl-2", "water_level_m"},
                                            {"smoke-1", "smoke"},
                                            {"temp-1", "temperature_c"},
                                            {"plain-1", "power_w"}};
    static tally t;
    ct_obs *obs = NULL;
    int problems = -1;
    char *path = ct_store_file(s->f->store, "obs.sqlite");
    memset(&t, 0, sizeof t);
    ok(ct_obs_open(&obs, path));
    ct_free(path);
    for (size_t i = 0; i < sizeof series / sizeof *series; i++)
        ok(ct_obs_history(obs, series[i][0], series[i][1], INT64_MIN, INT64_MAX, INT64_MAX,
                          count_row, &t));
    ok(ct_obs_check(obs, report_problem, NULL, &problems));
    ct_obs_close(obs);
    assert_int_equal(problems, 0);
    assert_int_equal(t.n, expected);
}

static void test_killed_receiver_loses_nothing(void **state) {
    scene *s = *state;
    enum { MESSAGES = 30000, KILLS = 8, STEP = MESSAGES / (KILLS + 1) };
    char topic[64], payload[96];
    int64_t stored_before_last = 0;
    publisher_open(&s->publisher, &s->broker);
    ct_proc *receiver = start_receiver(s); // the broker knows its session from now on
    for (int n = 0; n < MESSAGES; n++) {
        nth_message(n, topic, payload);
        publisher_send(&s->publisher, topic, payload);
        if (n % 50 == 0) publisher_run(&s->publisher, 0);
        if (n % STEP != STEP - 1 || n / STEP >= KILLS) continue;
        // Thousands are on their way now. The next kill comes a little later than the last.
        ct_clock_sleep_us(ct_clock_real(), 3000 * (n / STEP));
        ct_proc_signal(receiver, SIGKILL);
        assert_int_equal(ct_proc_wait(receiver), 128 + SIGKILL);
        ct_proc_free(receiver);
        stored_before_last = rows_stored(s);
        receiver = start_receiver(s);
    }
    publisher_finish(&s->publisher);
    ct_proc_signal(receiver, SIGKILL); // once more, with the backlog
    ct_proc_wait(receiver);
    ct_proc_free(receiver);
    assert_int_equal(s->publisher.accepted, MESSAGES);
    print_message("%lld of %d stored at the last but one kill, %lld at the last\n",
                  (long long)stored_before_last, MESSAGES, (long long)rows_stored(s));
    assert_true(stored_before_last > 0 && stored_before_last < MESSAGES);

    start_receiving(s);
    WAIT_FOR(s, rows_stored(s) >= MESSAGES);
    ct_mqtt_stop(s->mqtt);
    s->mqtt = NULL;
    check_all_once(s, MESSAGES);
}

static void test_broker_comes_back(void **state) {
    scene *s = *state;
    start_receiving(s);
    broker_kill(&s->broker);
    WAIT_FOR(s, !status_of(s).connected);
    assert_true(strlen(status_of(s).last_error) > 0);
    broker_start(&s->broker);
    WAIT_FOR(s, status_of(s).connected);
    assert_int_equal(status_of(s).reconnects, 1);
    publish_by_tool(s, "cimtwin/" NAME "/obs/wl-1", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":0.2}");
    WAIT_FOR(s, heard(s, "[\"wl-1\",0.2,"));
    assert_int_equal(rows_stored(s), 1);
}

static void test_broken_payloads_stop_nothing(void **state) {
    scene *s = *state;
    static const char *const broken[][2] = {
        {"wl-1", "not JSON"},
        {"wl-1", "{\"t\":\"yesterday\",\"v\":1}"},
        {"wl-1", "{\"t\":\"2026-07-20T20:00:00Z\"}"},
        {"wl-1", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1e300}"},
        {"wl-1", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1,\"property\":\"\"}"},
        {"wl-1", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1,\"device\":\"wl-2\"}"},
        {"wl-1", "[{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1},{}]"},
        {"wl-1", "{\"t\":\"1960-01-01T00:00:00Z\",\"v\":1}"},
        {"wl-1/more", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1}"},
        {"nobody", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1}"},
        {"wl-1", ""},
    };
    enum { N = sizeof broken / sizeof *broken };
    char topic[64];
    start_receiving(s);
    publisher_open(&s->publisher, &s->broker);
    for (size_t i = 0; i < N; i++) {
        (void)snprintf(topic, sizeof topic, "cimtwin/" NAME "/obs/%s", broken[i][0]);
        publisher_send(&s->publisher, topic, broken[i][1]);
    }
    publisher_send(&s->publisher, "cimtwin/" NAME "/obs/wl-1",
                   "[{\"t\":\"2026-07-20T20:00:01Z\",\"v\":0.1},{\"t\":\"2026-07-20T20:00:02Z\","
                   "\"v\":0.2,\"q\":1}]");
    publisher_finish(&s->publisher);
    WAIT_FOR(s, heard(s, "[\"wl-1\",0.2,"));
    assert_int_equal(rows_stored(s), 2);
    assert_int_equal(status_of(s).messages, N + 1);
    assert_int_equal(status_of(s).refused, N);
    assert_int_equal(status_of(s).reconnects, 0);
    assert_true(status_of(s).connected);
}

static void test_disk_that_fails(void **state) {
    scene *s = *state;
    enum { N = 300 };
    char topic[64], payload[96];
    start_receiving(s);
    publisher_open(&s->publisher, &s->broker);
    foreign_sql(s->f, "CREATE TRIGGER broken BEFORE UPDATE ON total BEGIN SELECT RAISE(ABORT, 'the "
                      "disk is broken'); END");
    for (int n = 0; n < N; n++) {
        nth_message(n, topic, payload);
        publisher_send(&s->publisher, topic, payload);
    }
    publisher_finish(&s->publisher);
    WAIT_FOR(s, !status_of(s).connected);
    assert_has(status_of(s).last_error, "storing observations");
    assert_has(status_of(s).last_error, "the disk is broken");
    assert_int_equal(rows_stored(s), 0);
    assert_int_equal(rows_taken(s), 0);
    foreign_sql(s->f, "DROP TRIGGER broken");
    WAIT_FOR(s, rows_taken(s) >= N); // the broker had no acknowledgement
    assert_true(status_of(s).messages > N);
    assert_true(status_of(s).reconnects >= 1);
    ct_mqtt_stop(s->mqtt);
    s->mqtt = NULL;
    check_all_once(s, N);
}

static void test_simulator(void **state) {
    scene *s = *state;
    ct_proc *tool = NULL;
    char *line = NULL, devsim[] = CT_DEVSIM;
    start_receiving(s);
    ok(ct_proc_start(&tool,
                     (char *[]){devsim, s->f->path, "--mqtt", s->broker.url, "--start",
                                "2026-07-20T12:00:00Z", "--once", NULL},
                     false));
    ok(ct_proc_read_line(tool, &line));
    assert_has(line, "5 devices speak to cimtwin/twin/obs/");
    assert_int_equal(ct_proc_wait(tool), 0);
    ct_proc_free(tool);
    WAIT_FOR(s, rows_taken(s) == 5);
    assert_int_equal(status_of(s).refused, 0);
    // Stopped by a signal it ends well, with all it said acknowledged.
    ok(ct_proc_start(&tool,
                     (char *[]){devsim, s->f->path, "--mqtt", s->broker.url, "--start",
                                "2026-07-20T12:00:00Z", "--speed", "600", NULL},
                     false));
    ok(ct_proc_read_line(tool, &line));
    WAIT_FOR(s, rows_taken(s) >= 50);
    ct_proc_signal(tool, SIGTERM);
    ok(ct_proc_read_line(tool, &line));
    long long sent = 0, acknowledged = -1;
    assert_int_equal(
        sscanf(line, "ct_devsim: %lld observations sent, %lld acknowledged", &sent, &acknowledged),
        2);
    assert_int_equal(sent, acknowledged);
    assert_int_equal(ct_proc_wait(tool), 0);
    ct_proc_free(tool);
    WAIT_FOR(s, rows_taken(s) == 5 + sent);
}

int main(int argc, char **argv) {
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_arrives_is_stored_and_told),
        T(test_killed_receiver_loses_nothing),
        T(test_broker_comes_back),
        T(test_broken_payloads_stop_nothing),
        T(test_disk_that_fails),
        T(test_simulator),
    };
    if (argc == 4 && strcmp(argv[1], "receive") == 0) return receive(argv[2], argv[3]);
    if (!have_program("mosquitto") || !have_program("mosquitto_pub")) {
        puts("skipped: mosquitto or mosquitto_pub is not installed (packages mosquitto, "
             "mosquitto-clients)");
        return 77;
    }
    mosquitto_lib_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
