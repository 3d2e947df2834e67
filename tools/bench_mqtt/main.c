// Durable observations: by MQTT QoS 1 through a real broker, from the first message sent to the
// last one on disk, with the CPU time of this process and of the broker apart; and in batches by
// ct_live_take. 2,000 devices, judged against thresholds. This program keeps to one core; publisher
// and broker share another where there is one.
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "bench_data/figure.h"
#include "live/mqtt.h"
#include "publish.h"

#define BROKER "tools/broker" // benches start in the source folder

// ---- the twin
// -----------------------------------------------------------------------------------------------------

typedef struct bench {
    char *folder, *twin, *broker;
    ct_catalogue *catalogue;
    ct_store *store;
    ct_live *live;
    ct_mqtt *mqtt;
    int port;
    long broker_pid;
} bench;

static ct_err add_device(ct_writer *w, const ct_class *cls, int number) {
    char id[32];
    ct_feature d;
    ct_arena *arena = ct_arena_new(4096, 0);
    if (!arena) return CT_NOMEM;
    (void)snprintf(id, sizeof id, "dev-%d", number);
    ct_err err = ct_feature_new(&d, arena, cls);
    d.id = id;
    if (err == CT_OK) err = ct_feature_set_text(&d, "kind", "water_level");
    if (err == CT_OK) err = ct_feature_set_text(&d, "property", "water_level_m");
    if (err == CT_OK) err = ct_feature_set_number(&d, "threshold_red", 89); // some do ring
    if (err == CT_OK) err = ct_writer_add(w, &d, NULL);
    ct_arena_free(arena);
    return err;
}

static ct_err add_devices(ct_store *store) {
    ct_writer *w = NULL;
    const ct_class *cls = ct_catalogue_by_name(ct_store_catalogue(store), "device");
    CT_TRY(ct_store_writer(&w, store, "bench"));
    for (int i = 0; i < BENCH_DEVICES; i++) {
        const ct_err err = add_device(w, cls, i);
        if (err != CT_OK) {
            ct_writer_rollback(w);
            return err;
        }
    }
    return ct_writer_commit(w, NULL);
}

static ct_err set_up(bench *b) {
    const char *place = getenv("TMPDIR");
    b->folder = ct_sprintf("%s/cimtwin-bench-%ld", place ? place : "/tmp", (long)getpid());
    b->twin = ct_sprintf("%s/bench.ct", b->folder ? b->folder : "");
    b->broker = ct_sprintf("%s/broker", b->folder ? b->folder : "");
    if (!b->folder || !b->twin || !b->broker) return CT_NOMEM;
    CT_TRY(ct_dir_make(b->folder));
    CT_TRY(ct_catalogue_load(&b->catalogue, NULL));
    CT_TRY(ct_store_create(b->twin, "EPSG:4547", "Bench", b->catalogue));
    CT_TRY(ct_store_open(&b->store, b->twin, b->catalogue));
    CT_TRY(add_devices(b->store));
    return ct_live_open(&b->live, b->store, ct_clock_real());
}

static void stop_broker(const bench *b) {
    ct_proc *script = NULL;
    if (!b->broker_pid) return;
    if (ct_proc_start(&script, (char *[]){BROKER, "stop", b->broker, NULL}, false) == CT_OK)
        (void)ct_proc_wait(script);
    ct_proc_free(script);
}

static void tear_down(bench *b) {
    ct_mqtt_stop(b->mqtt);
    ct_live_close(b->live);
    ct_store_close(b->store);
    ct_catalogue_free(b->catalogue);
    stop_broker(b);
    if (b->folder && ct_dir_remove(b->folder) != CT_OK)
        (void)fprintf(stderr, "bench_mqtt: %s stays behind\n", b->folder);
    ct_free(b->folder);
    ct_free(b->twin);
    ct_free(b->broker);
}

// ---- cores
// ------------------------------------------------------------------------------------------------------

// Keeps a process (0 = the calling thread and what it starts) to one core.
static void keep_to_core(long pid, int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)core, &set);
    if (sched_setaffinity((pid_t)pid, sizeof set, &set) != 0)
        (void)fprintf(stderr, "bench_mqtt: it runs on any core\n");
}

static int core_of_others(void) {
    return sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 1 : 0;
}

// ---- by MQTT
// ------------------------------------------------------------------------------------------------------

static ct_err try_broker(bench *b) {
    char port[16], *line;
    ct_proc *script = NULL;
    (void)snprintf(port, sizeof port, "%d", b->port);
    CT_TRY(ct_proc_start(&script, (char *[]){BROKER, "start", b->broker, port, NULL}, false));
    const ct_err err = ct_proc_read_line(script, &line);
    if (err == CT_OK) b->broker_pid = strtol(line, NULL, 10);
    const int code = ct_proc_wait(script);
    ct_proc_free(script);
    if (b->broker_pid > 0) keep_to_core(b->broker_pid, core_of_others());
    return b->broker_pid && code == 0 ? CT_OK : ct_fail(CT_REMOTE, "the broker did not start");
}

static ct_err start_broker(bench *b) { // the first free one of some ports
    ct_err err = CT_REMOTE;
    for (int i = 0; i < 5 && err == CT_REMOTE; i++) {
        b->port = 20000 + (int)(getpid() % 10000) + i;
        err = try_broker(b);
    }
    return err;
}

static ct_err start_receiving(bench *b) {
    char url[64];
    ct_mqtt_status status = {0};
    (void)snprintf(url, sizeof url, "mqtt://127.0.0.1:%d", b->port);
    CT_TRY(ct_mqtt_start(&b->mqtt, b->live, url, BENCH_TWIN));
    for (int i = 0; i < 1000 && !status.connected; i++) {
        ct_clock_sleep_us(ct_clock_real(), 10000);
        ct_mqtt_get_status(&status, b->mqtt);
    }
    return status.connected ? CT_OK : ct_fail(CT_REMOTE, "no connection: %s", status.last_error);
}

// User and system time of another process so far (proc(5)), in seconds.
static double cpu_s_of(long pid) {
    char path[64], *text, *at;
    size_t length;
    unsigned long user = 0, system = 0;
    (void)snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    if (ct_file_read(&text, &length, path, 4096) != CT_OK) return 0;
    at = strrchr(text, ')');
    for (int field = 2; at && field < 14; field++) at = strchr(at + 1, ' ');
    if (at) {
        user = strtoul(at, &at, 10);
        system = strtoul(at, NULL, 10);
    }
    ct_free(text);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static int64_t rows_taken(const bench *b) {
    size_t devices, silent, alarms;
    int64_t taken;
    ct_live_counts(b->live, &devices, &silent, &alarms, &taken);
    return taken;
}

static ct_err by_mqtt(bench *b, long messages, long rows, long round, double goal, double peer) {
    char text[4][16], metric[96], self[] = "/proc/self/exe", mode[] = "publish";
    ct_proc *publisher = NULL;
    const long numbers[4] = {b->port, messages, rows, round};
    for (int i = 0; i < 4; i++) (void)snprintf(text[i], sizeof text[i], "%ld", numbers[i]);
    const int64_t before = rows_taken(b), total = messages * rows;
    const double broker_s = cpu_s_of(b->broker_pid);
    const int64_t cpu_us = ct_clock_cpu_us(), wall_us = ct_clock_mono_us(ct_clock_real());
    CT_TRY(ct_proc_start(&publisher,
                         (char *[]){self, mode, text[0], text[1], text[2], text[3], NULL}, false));
    const int64_t end_us = wall_us + INT64_C(300000000);
    while (rows_taken(b) < before + total && ct_clock_mono_us(ct_clock_real()) < end_us)
        ct_clock_sleep_us(ct_clock_real(), 2000);
    const double wall_s = (double)(ct_clock_mono_us(ct_clock_real()) - wall_us) * 1e-6;
    const double ours_s = (double)(ct_clock_cpu_us() - cpu_us) * 1e-6;
    const int code = ct_proc_wait(publisher);
    ct_proc_free(publisher);
    if (code || rows_taken(b) < before + total)
        return ct_fail(CT_REMOTE, "%lld of %lld observations arrived",
                       (long long)(rows_taken(b) - before), (long long)total);
    const double n = (double)total;
    (void)snprintf(metric, sizeof metric, "MQTT QoS 1, durable, %ld a message", rows);
    print_figure("mqtt", metric, n / wall_s, "rows/s", goal, false, peer);
    (void)snprintf(metric, sizeof metric, "MQTT, %ld a message, CPU of this process", rows);
    print_figure("mqtt", metric, n / ours_s, "rows per CPU second", goal, false, (double)NAN);
    (void)snprintf(metric, sizeof metric, "MQTT, %ld a message, CPU of the broker", rows);
    print_figure("mqtt", metric, n / (cpu_s_of(b->broker_pid) - broker_s), "rows per CPU second",
                 (double)NAN, false, (double)NAN);
    return CT_OK;
}

// ---- in batches
// --------------------------------------------------------------------------------------------------

static ct_err by_batches(bench *b, size_t batch, size_t total, int64_t start_us, double goal) {
    static char ids[BENCH_DEVICES][16];
    char metric[96];
    ct_observation *rows = ct_calloc(batch, sizeof *rows);
    if (!rows) return CT_NOMEM;
    for (int i = 0; i < BENCH_DEVICES; i++) (void)snprintf(ids[i], sizeof ids[i], "dev-%d", i);
    const int64_t cpu_us = ct_clock_cpu_us(), wall_us = ct_clock_mono_us(ct_clock_real());
    ct_err err = CT_OK;
    for (size_t done = 0; done < total && err == CT_OK; done += batch) {
        size_t refused = 0;
        for (size_t i = 0; i < batch; i++) {
            const size_t n = done + i;
            rows[i] = (ct_observation){ids[n % BENCH_DEVICES], NULL,
                                       start_us + (int64_t)(n / BENCH_DEVICES) * 1000000,
                                       (double)(n % 90), 0};
        }
        err = ct_live_take(b->live, rows, batch, &refused);
        if (err == CT_OK && refused) err = ct_fail(CT_INTERNAL, "%zu rows refused", refused);
    }
    const double wall_s = (double)(ct_clock_mono_us(ct_clock_real()) - wall_us) * 1e-6;
    const double ours_s = (double)(ct_clock_cpu_us() - cpu_us) * 1e-6;
    ct_free(rows);
    CT_TRY(err);
    (void)snprintf(metric, sizeof metric, "taken, durable, batches of %zu", batch);
    print_figure("mqtt", metric, (double)total / wall_s, "rows/s", goal, false,
                 goal > 0 ? 5000 : (double)NAN);
    (void)snprintf(metric, sizeof metric, "taken, batches of %zu, CPU", batch);
    print_figure("mqtt", metric, (double)total / ours_s, "rows per CPU second", (double)NAN, false,
                 (double)NAN);
    return CT_OK;
}

static ct_err run(bench *b) {
    CT_TRY(set_up(b));
    CT_TRY(by_batches(b, 1, 500, BENCH_START_US, (double)NAN));
    CT_TRY(by_batches(b, 1000, 200000, BENCH_START_US + INT64_C(1000000000000), (double)NAN));
    CT_TRY(by_batches(b, 10000, 1000000, BENCH_START_US + INT64_C(2000000000000), 50000));
    CT_TRY(start_broker(b));
    CT_TRY(start_receiving(b));
    // Peers: FROST-Server about 5,000 observations/s claimed; ThingsBoard 3,333 with PostgreSQL.
    CT_TRY(by_mqtt(b, 200000, 1, 300, 50000, 5000));
    return by_mqtt(b, 50000, 20, 400, 50000, 5000);
}

int main(int argc, char **argv) {
    const bool publisher = argc == 6 && strcmp(argv[1], "publish") == 0;
    keep_to_core(0, publisher ? core_of_others() : 0);
    if (publisher)
        return publish_all((int)strtol(argv[2], NULL, 10), strtol(argv[3], NULL, 10),
                           strtol(argv[4], NULL, 10), strtol(argv[5], NULL, 10));
    bench b = {0};
    const ct_err err = run(&b);
    if (err != CT_OK) (void)fprintf(stderr, "bench_mqtt: %s\n", ct_err_message());
    tear_down(&b);
    return err == CT_OK ? 0 : 1;
}
