// Server-sent events to 1,000 clients: how late they come (from publishing to the client that has
// read them), what an event costs the server for each client, and what a client holds. The server
// is a process of its own that publishes at a steady rate; the clients are one thread of this one.
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "bench_data/figure.h"
#include "follow.h"
#include "http/core/http.h"

enum { CLIENTS = 1000, SECONDS = 10, RING_EVENTS = 20000, RING_BYTES = 4 << 20 };

typedef struct load {
    const char *name;
    int rate;     // events a second
    size_t bytes; // of an event's data
} load;

// ---- the server's process -----------------------------------------------------------------------

static ct_err follow(void *context, ct_http_req *req, ct_http_res *res) {
    return ct_http_hub_subscribe(context, req, res, CLIENTS + 100);
}

static const ct_http_route k_route = {
    .method = CT_HTTP_GET, .path = "/events", .handler = follow, .name = "events"};

static double resident_mb(void) {
    char *text;
    size_t length;
    if (ct_file_read(&text, &length, "/proc/self/statm", 4096) != CT_OK) return 0;
    const char *at = strchr(text, ' ');
    const double mb = at ? (double)strtol(at, NULL, 10) * 4096e-6 : 0;
    ct_free(text);
    return mb;
}

static void publish(ct_http_hub *hub, int rate, size_t bytes) {
    char *data = ct_calloc(1, bytes + 128);
    if (!data) return;
    const int64_t begin_us = ct_clock_mono_us(ct_clock_real());
    for (int i = 0; i < rate * SECONDS; i++) {
        const int64_t due_us = begin_us + (int64_t)i * 1000000 / rate;
        const int64_t wait_us = due_us - ct_clock_mono_us(ct_clock_real());
        if (wait_us > 0) ct_clock_sleep_us(ct_clock_real(), wait_us);
        int n = snprintf(data, 128, "{\"us\":%" PRId64 ",\"pad\":\"",
                         ct_clock_mono_us(ct_clock_real()));
        while ((size_t)n + 2 < bytes) data[n++] = 'x';
        data[n] = '"', data[n + 1] = '}';
        if (!ct_http_hub_publish(hub, "observation", data, (size_t)n + 2))
            fprintf(stderr, "bench_events: an event was dropped\n");
    }
    ct_free(data);
}

static size_t streams(ct_http *http) {
    ct_http_stats stats;
    ct_http_get_stats(http, &stats);
    return stats.streams;
}

// Says its port, publishes once all clients are there, says what that cost, stops with all of them
// connected and says how long that took.
static int serve(int rate, size_t bytes) {
    ct_http *http = NULL;
    ct_http_hub *hub = NULL;
    const ct_http_config config = {0};
    if (ct_http_hub_new(&hub, RING_EVENTS, RING_BYTES) != CT_OK ||
        ct_http_new(&http, &config) != CT_OK || ct_http_add_route(http, &k_route, hub) != CT_OK ||
        ct_http_start(http) != CT_OK)
        return 1;
    ct_http_hub_attach(hub, http);
    const double before_mb = resident_mb();
    printf("%u\n", ct_http_port(http));
    fflush(stdout);
    while (streams(http) < CLIENTS) ct_clock_sleep_us(ct_clock_real(), 10000);
    ct_clock_sleep_us(ct_clock_real(), 500000);
    const double clients_mb = resident_mb();
    const int64_t cpu_us = ct_clock_cpu_us();
    publish(hub, rate, bytes);
    ct_clock_sleep_us(ct_clock_real(), 1000000); // what is on its way is sent
    const double each_us =
        (double)(ct_clock_cpu_us() - cpu_us) / ((double)rate * SECONDS * CLIENTS);
    const double after_mb = resident_mb();
    const int64_t stop_us = ct_clock_mono_us(ct_clock_real());
    const size_t left = streams(http);
    ct_http_stop(http);
    const double stop_ms = (double)(ct_clock_mono_us(ct_clock_real()) - stop_us) * 1e-3;
    printf("%.4f %.2f %.2f %.1f %zu\n", each_us, (clients_mb - before_mb) * 1000 / CLIENTS,
           after_mb - clients_mb, stop_ms, left);
    fflush(stdout);
    ct_http_hub_attach(hub, NULL);
    ct_http_free(http);
    ct_http_hub_free(hub);
    return 0;
}

// ---- the clients' process -----------------------------------------------------------------------

static void print_figures(const load *l, followers *f, const char *line) {
    char metric[96];
    double each_us = 0, client_kb = 0, grown_mb = 0, stop_ms = 0;
    size_t left = 0;
    // NOLINTNEXTLINE(cert-err34-c): a line of our own server process
    if (sscanf(line, "%lf %lf %lf %lf %zu", &each_us, &client_kb, &grown_mb, &stop_ms, &left) != 5)
        return;
    const struct {
        const char *what, *unit;
        double value, goal;
    } figures[] = {{"median lateness", "ms", followers_late_ms(f, 0.5), (double)NAN},
                   {"lateness, 99 of 100", "ms", followers_late_ms(f, 0.99), 100},
                   {"CPU of an event and client", "us", each_us, 20},
                   {"events lost or out of order", "events", (double)f->out_of_order, 0},
                   {"memory of a client", "kB", client_kb, (double)NAN},
                   {"memory grown meanwhile", "MB", grown_mb, (double)NAN},
                   {"stop with all connected", "ms", stop_ms, 3000}};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        (void)snprintf(metric, sizeof metric, "%s: %s", l->name, figures[i].what);
        print_figure("events", metric, figures[i].value, figures[i].unit, figures[i].goal, true,
                     (double)NAN);
    }
}

static bool measure(const load *l) {
    char rate[16], bytes[16], self[] = "/proc/self/exe", mode[] = "serve", *line;
    ct_proc *server = NULL;
    followers f = {0};
    (void)snprintf(rate, sizeof rate, "%d", l->rate);
    (void)snprintf(bytes, sizeof bytes, "%zu", l->bytes);
    if (ct_proc_start(&server, (char *[]){self, mode, rate, bytes, NULL}, false) != CT_OK)
        return false;
    const size_t events = (size_t)l->rate * SECONDS;
    bool ok = ct_proc_read_line(server, &line) == CT_OK &&
              followers_open(&f, (int)strtol(line, NULL, 10), CLIENTS, events) &&
              followers_read(&f, events, 10 * SECONDS) && ct_proc_read_line(server, &line) == CT_OK;
    if (ok) print_figures(l, &f, line);
    if (!ok) {
        fprintf(stderr, "bench_events: %s: %zu of %zu events came\n", l->name, f.n_late,
                f.max_late);
        ct_proc_signal(server, SIGKILL);
    }
    ok = ct_proc_wait(server) == 0 && ok;
    ct_proc_free(server);
    followers_close(&f);
    return ok;
}

int main(int argc, char **argv) {
    // 100 devices an event, as in the busy demo; all that an event may hold (500); single alarms.
    static const load loads[] = {{"1,000 clients, 20 a second of 4 kB", 20, 4000},
                                 {"1,000 clients, 20 a second of 20 kB", 20, 20000},
                                 {"1,000 clients, 100 a second of 300 B", 100, 300}};
    (void)ct_proc_raise_files();
    if (argc == 4 && strcmp(argv[1], "serve") == 0)
        return serve((int)strtol(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
    bool ok = true;
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) ok = measure(&loads[i]) && ok;
    return ok ? 0 : 1;
}
