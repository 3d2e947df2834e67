// Figures for Prometheus (text format 0.0.4).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "http/api/internal.h"

// `name` may end with labels.
static void figure(ct_buf *out, const char *name, const char *type, const char *help,
                   double value) {
    const int family = (int)strcspn(name, "{");
    ct_buf_printf(out, "# HELP %.*s %s\n# TYPE %.*s %s\n%s %.15g\n", family, name, help, family,
                  name, type, name, value);
}

// The buckets of a histogram, its sum and its count; `bound_s` of the last bucket is infinite.
static void histogram(ct_buf *out, const char *name, const char *help, const uint64_t *cumulative,
                      size_t n, double (*bound_s)(size_t bucket), double sum_s) {
    ct_buf_printf(out, "# HELP %s %s\n# TYPE %s histogram\n", name, help, name);
    for (size_t i = 0; i < n; i++) {
        char le[32];
        if (i + 1 == n)
            snprintf(le, sizeof le, "+Inf");
        else
            snprintf(le, sizeof le, "%g", bound_s(i));
        ct_buf_printf(out, "%s_bucket{le=\"%s\"} %llu\n", name, le,
                      (unsigned long long)cumulative[i]);
    }
    ct_buf_printf(out, "%s_sum %.6f\n%s_count %llu\n", name, sum_s, name,
                  (unsigned long long)cumulative[n - 1]);
}

static void http_figures(ct_buf *out, ct_api *api) {
    ct_http_stats s;
    ct_http_get_stats(api->http, &s);
    ct_buf_puts(out,
                "# HELP cimtwin_http_requests_total Requests by class of status (0: broken off)\n"
                "# TYPE cimtwin_http_requests_total counter\n");
    for (int i = 0; i < 6; i++)
        ct_buf_printf(out, "cimtwin_http_requests_total{class=\"%dxx\"} %llu\n", i,
                      (unsigned long long)s.by_class[i]);
    histogram(out, "cimtwin_http_request_duration_seconds", "From the first line to the last byte",
              s.latency, CT_HTTP_LATENCY_BUCKETS, ct_http_latency_bound_s, s.latency_sum_s);
    figure(out, "cimtwin_http_sent_bytes_total", "counter", "Bytes of bodies sent",
           (double)s.sent_bytes);
    figure(out, "cimtwin_http_connections", "gauge", "Open connections", (double)s.connections);
    figure(out, "cimtwin_http_connections_shed_total", "counter",
           "Connections cut off: idle when others came, or too slow", (double)s.shed);
    figure(out, "cimtwin_http_connections_refused_total", "counter",
           "Connections that came when all were at work", (double)s.refused);
    figure(out, "cimtwin_http_streams", "gauge", "Clients that follow the events",
           (double)s.streams);
}

static void commit_figures(ct_buf *out, ct_live *live) {
    ct_live_figures f;
    ct_live_get_figures(&f, live);
    figure(out, "cimtwin_observations_received_total", "counter", "Observations that were brought",
           (double)f.received);
    figure(out, "cimtwin_observations_stored_total", "counter", "Of them stored", (double)f.stored);
    figure(out, "cimtwin_observations_refused_total", "counter",
           "Of them refused: unknown devices, broken values", (double)f.refused);
    figure(out, "cimtwin_commit_failures_total", "counter", "Batches that the disk did not take",
           (double)f.failed);
    histogram(out, "cimtwin_commit_duration_seconds",
              "Batches of observations on their way to disk", f.commit, CT_LIVE_COMMIT_BUCKETS,
              ct_live_commit_bound_s, f.commit_sum_s);
}

static void run_figures(ct_buf *out, ct_queue *queue) {
    ct_queue_counts c;
    if (!queue || ct_queue_count(&c, queue, true) != CT_OK) return;
    ct_buf_puts(out, "# HELP cimtwin_runs Runs by state\n# TYPE cimtwin_runs gauge\n");
    for (int i = 0; i <= CT_JOB_CANCELLED; i++)
        ct_buf_printf(out, "cimtwin_runs{state=\"%s\"} %zu\n", ct_job_status_name((ct_job_status)i),
                      c.by_status[i]);
}

static void cache_figures(ct_buf *out, const ct_tiles *tiles) {
    ct_tiles_figures f;
    if (!tiles) return;
    ct_tiles_get_figures(&f, tiles);
    figure(out, "cimtwin_tile_cache_hits_total", "counter", "Tiles that were kept", (double)f.hits);
    figure(out, "cimtwin_tile_cache_misses_total", "counter", "Tiles that had to be made",
           (double)f.misses);
    figure(out, "cimtwin_tile_cache_tiles", "gauge", "Tiles kept", (double)f.tiles);
    figure(out, "cimtwin_tile_cache_bytes", "gauge", "Memory of the kept tiles", (double)f.bytes);
    figure(out, "cimtwin_tile_cache_max_bytes", "gauge", "Memory that they may have",
           (double)f.max_bytes);
}

static void live_figures(ct_buf *out, ct_api *api) {
    if (api->parts.live) {
        size_t devices, silent, alarms;
        int64_t observations;
        ct_live_counts(api->parts.live, &devices, &silent, &alarms, &observations);
        figure(out, "cimtwin_devices", "gauge", "Devices known", (double)devices);
        figure(out, "cimtwin_devices_silent", "gauge", "Devices without a value for too long",
               (double)silent);
        figure(out, "cimtwin_alarms_open", "gauge", "Alarms not cleared", (double)alarms);
        figure(out, "cimtwin_observations_total", "counter", "Observations stored",
               (double)observations);
        commit_figures(out, api->parts.live);
    }
    if (api->parts.mqtt) {
        ct_mqtt_status mqtt;
        ct_mqtt_get_status(&mqtt, api->parts.mqtt);
        figure(out, "cimtwin_mqtt_connected", "gauge", "1 while the broker answers",
               mqtt.connected ? 1 : 0);
        figure(out, "cimtwin_mqtt_messages_total", "counter", "Messages taken",
               (double)mqtt.messages);
        figure(out, "cimtwin_mqtt_refused_total", "counter", "Messages refused",
               (double)mqtt.refused);
        figure(out, "cimtwin_mqtt_reconnects_total", "counter", "Connections made again",
               (double)mqtt.reconnects);
    }
}

static ct_err count_one(void *context, const char *name, bool is_dir) {
    (void)name, (void)is_dir;
    ++*(size_t *)context;
    return CT_OK;
}

static void process_figures(ct_buf *out, const ct_api *api) {
    size_t files = 0;
    if (ct_dir_list("/proc/self/fd", count_one, &files) == CT_OK && files)
        figure(out, "process_open_fds", "gauge", "Open files and connections",
               (double)(files - 1)); // without the one that counts
    const int64_t up_us = ct_clock_mono_us(ct_clock_real()) - api->start_us;
    figure(out, "process_start_time_seconds", "gauge", "When it was started, Unix time",
           (double)(ct_clock_now_us(ct_clock_real()) - up_us) * 1e-6);
    figure(out, "cimtwin_build_info{version=\"" CT_VERSION "\"}", "gauge", "The program", 1);
    char *text;
    size_t length;
    unsigned long pages = 0;
    if (ct_file_read(&text, &length, "/proc/self/statm", 4096) == CT_OK) {
        char *at = strchr(text, ' ');
        if (at) pages = strtoul(at, NULL, 10);
        ct_free(text);
        figure(out, "process_resident_memory_bytes", "gauge", "Resident memory",
               (double)pages * 4096);
    }
    figure(out, "process_cpu_seconds_total", "counter", "User and system time",
           (double)ct_clock_cpu_us() * 1e-6);
}

static ct_err metrics(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    (void)req;
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    http_figures(&out, api);
    live_figures(&out, api);
    run_figures(&out, api->parts.queue);
    cache_figures(&out, api->parts.tiles);
    process_figures(&out, api);
    ct_reader *reader;
    if (ct_store_reader(&reader, api->parts.store) == CT_OK) {
        figure(&out, "cimtwin_store_version", "counter", "Number of the newest change",
               (double)ct_reader_version(reader));
        ct_reader_release(reader);
    }
    ct_http_res_header(res, "Cache-Control", "no-store");
    return ct_api__answer(res, "text/plain; version=0.0.4; charset=utf-8", &out);
}

static const ct_http_route route = {.method = CT_HTTP_GET,
                                    .path = "/metrics",
                                    .handler = metrics,
                                    .name = "getMetrics",
                                    .summary = "Figures in Prometheus' text format",
                                    .tag = "Operation",
                                    .type = "text/plain"};

ct_err ct_api__metrics(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, &route, 1);
}
