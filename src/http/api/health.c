// Health for people and balancers, figures for Prometheus (text format 0.0.4).
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "http/api/internal.h"

static void check_begin(ct_jsonw *w, const char *name, bool ok, bool *all) {
    ct_jsonw_key(w, name);
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "status", ok ? "ok" : "degraded");
    *all = *all && ok;
}

static void check_store(ct_jsonw *w, ct_api *api, bool *all) {
    ct_reader *reader;
    ct_err err = ct_store_reader(&reader, api->parts.store);
    check_begin(w, "store", err == CT_OK, all);
    if (err == CT_OK) {
        ct_jsonw_kv_int(w, "version", ct_reader_version(reader));
        ct_reader_release(reader);
    } else {
        ct_jsonw_kv_string(w, "message", ct_err_text(err));
    }
    ct_jsonw_end_object(w);
}

static void check_live(ct_jsonw *w, ct_api *api, bool *all) {
    if (api->parts.live) {
        size_t devices, silent, alarms;
        int64_t observations;
        ct_live_counts(api->parts.live, &devices, &silent, &alarms, &observations);
        check_begin(w, "live", true, all);
        ct_jsonw_kv_int(w, "devices", (int64_t)devices);
        ct_jsonw_kv_int(w, "silent", (int64_t)silent);
        ct_jsonw_kv_int(w, "open_alarms", (int64_t)alarms);
        ct_jsonw_kv_int(w, "observations", observations);
        ct_jsonw_end_object(w);
    }
    if (api->parts.mqtt) {
        ct_mqtt_status mqtt;
        ct_mqtt_get_status(&mqtt, api->parts.mqtt);
        check_begin(w, "mqtt", mqtt.connected, all);
        ct_jsonw_kv_int(w, "messages", mqtt.messages);
        ct_jsonw_kv_int(w, "refused", mqtt.refused);
        ct_jsonw_kv_int(w, "reconnects", mqtt.reconnects);
        if (!mqtt.connected) ct_jsonw_kv_string(w, "message", mqtt.last_error);
        ct_jsonw_end_object(w);
    }
}

// Whether observations can be written to disk.
static void check_storage(ct_jsonw *w, ct_api *api, bool *all) {
    if (!api->parts.live) return;
    ct_live_storage storage;
    ct_live_get_storage(&storage, api->parts.live);
    check_begin(w, "storage", storage.err == CT_OK, all);
    if (storage.free_bytes >= 0) ct_jsonw_kv_int(w, "free_bytes", storage.free_bytes);
    if (storage.err != CT_OK) {
        char since[32];
        ct_time_format(since, storage.since_us);
        ct_jsonw_kv_string(w, "since", since);
        ct_jsonw_kv_string(w, "message", storage.message);
    }
    ct_jsonw_end_object(w);
}

static ct_err health(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    (void)req;
    ct_buf out, checks;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_buf_init(&checks, CT_API__MAX_JSON);
    bool all = true;
    ct_jsonw w;
    ct_jsonw_init(&w, &checks);
    ct_jsonw_object(&w);
    check_store(&w, api, &all);
    check_live(&w, api, &all);
    check_storage(&w, api, &all);
    ct_jsonw_end_object(&w);
    ct_jsonw_init(&w, &out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "status", all ? "ok" : "degraded");
    ct_api__write_reasons(&w, ct_api__condition(api));
    ct_jsonw_kv_string(&w, "version", CT_VERSION);
    ct_jsonw_kv_int(&w, "uptime_s", (ct_clock_mono_us(ct_clock_real()) - api->start_us) / 1000000);
    ct_jsonw_key(&w, "checks");
    ct_err err = ct_buf_status(&checks);
    if (err == CT_OK) ct_jsonw_raw(&w, checks.data, checks.len);
    ct_buf_fini(&checks);
    ct_jsonw_end_object(&w);
    ct_http_res_header(res, "Cache-Control", "no-store");
    ct_err answered = ct_api__answer(res, CT_API__JSON, &out);
    return err ? err : answered;
}

// ---- figures ----

static void figure(ct_buf *out, const char *name, const char *type, const char *help,
                   double value) {
    ct_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.15g\n", name, help, name, type, name,
                  value);
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
    ct_buf_puts(
        out, "# HELP cimtwin_http_request_duration_seconds From the first line to the last byte\n"
             "# TYPE cimtwin_http_request_duration_seconds histogram\n");
    uint64_t timed = 0;
    for (size_t i = 0; i < CT_HTTP_LATENCY_BUCKETS; i++) {
        double bound = ct_http_latency_bound_s(i);
        char le[32];
        if (isinf(bound))
            snprintf(le, sizeof le, "+Inf");
        else
            snprintf(le, sizeof le, "%g", bound);
        timed = s.latency[i];
        ct_buf_printf(out, "cimtwin_http_request_duration_seconds_bucket{le=\"%s\"} %llu\n", le,
                      (unsigned long long)timed);
    }
    ct_buf_printf(out,
                  "cimtwin_http_request_duration_seconds_sum %.6f\n"
                  "cimtwin_http_request_duration_seconds_count %llu\n",
                  s.latency_sum_s, (unsigned long long)timed);
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

static void process_figures(ct_buf *out) {
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
    process_figures(&out);
    ct_reader *reader;
    if (ct_store_reader(&reader, api->parts.store) == CT_OK) {
        figure(&out, "cimtwin_store_version", "counter", "Number of the newest change",
               (double)ct_reader_version(reader));
        ct_reader_release(reader);
    }
    ct_http_res_header(res, "Cache-Control", "no-store");
    return ct_api__answer(res, "text/plain; version=0.0.4; charset=utf-8", &out);
}

static const ct_http_route routes[] = {
    {.method = CT_HTTP_GET,
     .path = "/health",
     .handler = health,
     .name = "getHealth",
     .summary = "Whether every part works",
     .tag = "Operation",
     .type = CT_API__JSON},
    {.method = CT_HTTP_GET,
     .path = "/metrics",
     .handler = metrics,
     .name = "getMetrics",
     .summary = "Figures in Prometheus' text format",
     .tag = "Operation",
     .type = "text/plain"},
};

ct_err ct_api__health(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, routes, sizeof routes / sizeof *routes);
}
