// Health for people and balancers: what works, what does not, why, and since when.
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "http/api/internal.h"
#include "results/terrain.h"

#define LOOK_EVERY_US    1000000
#define TERRAIN_EVERY_US 60000000 // a raster may be spoiled without the folder's time changing

static const char *const k_status[] = {"ok", "degraded", "failed"};

// ---- looking ------------------------------------------------------------------------------------

static void note(ct_api *api, ct_api__part part, ct_api__health_status status,
                 const char *message) {
    pthread_mutex_lock(&api->health_lock);
    ct_api__state *state = &api->states[part];
    if (!state->since_us || state->status != status)
        state->since_us = ct_clock_now_us(ct_clock_real());
    state->status = status;
    snprintf(state->message, sizeof state->message, "%s", message ? message : "");
    pthread_mutex_unlock(&api->health_lock);
}

static void look_at_store(ct_api *api) {
    ct_reader *reader;
    const ct_err err = ct_store_reader(&reader, api->parts.store);
    // All readers in use is a moment's matter, and no damage.
    const ct_api__health_status bad = err == CT_BUSY ? CT_API__DEGRADED : CT_API__FAILED;
    note(api, CT_API__STORE, err == CT_OK ? CT_API__OK : bad, err ? ct_err_message() : NULL);
    if (err == CT_OK) ct_reader_release(reader);
}

static void look_at_live(ct_api *api) {
    if (api->parts.live) {
        ct_live_storage storage;
        ct_live_get_storage(&storage, api->parts.live);
        note(api, CT_API__LIVE, CT_API__OK, NULL);
        note(api, CT_API__STORAGE, storage.err == CT_OK ? CT_API__OK : CT_API__DEGRADED,
             storage.err ? storage.message : NULL);
    }
    if (api->parts.mqtt) {
        ct_mqtt_status mqtt;
        ct_mqtt_get_status(&mqtt, api->parts.mqtt);
        const char *why = *mqtt.last_error ? mqtt.last_error : "not connected yet";
        note(api, CT_API__MQTT, mqtt.connected ? CT_API__OK : CT_API__DEGRADED,
             mqtt.connected ? NULL : why);
    }
}

static void look_at_queue(ct_api *api) {
    if (!api->parts.queue) return;
    ct_queue_counts counts;
    char full[96];
    const ct_err err = ct_queue_count(&counts, api->parts.queue, false);
    if (err == CT_OK && counts.full) {
        snprintf(full, sizeof full, "%zu runs wait: no more are accepted",
                 counts.by_status[CT_JOB_QUEUED]);
        note(api, CT_API__QUEUE, CT_API__DEGRADED, full);
    } else {
        note(api, CT_API__QUEUE, err == CT_OK ? CT_API__OK : CT_API__DEGRADED,
             err ? ct_err_message() : NULL);
    }
}

// Opens the rasters only when the folder has changed, and once a minute.
static void look_at_terrain(ct_api *api) {
    char *folder = ct_store_file(api->parts.store, "terrain");
    if (!folder) return;
    const int64_t changed_us = ct_file_mtime_us(folder), now_us = ct_clock_mono_us(ct_clock_real());
    pthread_mutex_lock(&api->health_lock);
    const bool known = api->states[CT_API__TERRAIN].since_us &&
                       api->terrain_seen_us == changed_us &&
                       now_us - api->terrain_looked_us < TERRAIN_EVERY_US;
    if (!known) {
        api->terrain_seen_us = changed_us;
        api->terrain_looked_us = now_us;
    }
    pthread_mutex_unlock(&api->health_lock);
    if (!known) {
        ct_bbox box;
        const ct_err err = ct_terrain_bounds(&box, folder, api->twin_crs.code);
        if (err == CT_OK)
            note(api, CT_API__TERRAIN, CT_API__OK, NULL);
        else if (err == CT_NOTFOUND)
            note(api, CT_API__TERRAIN, CT_API__OK, "no elevation yet: floods cannot be simulated");
        else
            note(api, CT_API__TERRAIN, CT_API__DEGRADED, ct_err_message());
    }
    ct_free(folder);
}

static void look(ct_api *api) {
    look_at_store(api);
    look_at_live(api);
    look_at_queue(api);
    look_at_terrain(api);
}

void ct_api__health_tick(ct_api *api) {
    const int64_t now_us = ct_clock_mono_us(ct_clock_real());
    if (now_us - api->looked_us < LOOK_EVERY_US) return;
    api->looked_us = now_us; // the tick's alone
    look(api);
}

// ---- telling ------------------------------------------------------------------------------------

// Begins the object of a part; the worst status so far stays in *worst.
static void begin(ct_jsonw *w, ct_api *api, ct_api__part part, const char *name,
                  ct_api__health_status *worst) {
    char since[32];
    pthread_mutex_lock(&api->health_lock);
    const ct_api__state state = api->states[part];
    pthread_mutex_unlock(&api->health_lock);
    if (state.status > *worst) *worst = state.status;
    ct_time_format(since, state.since_us);
    ct_jsonw_key(w, name);
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "status", k_status[state.status]);
    ct_jsonw_kv_string(w, "since", since);
    if (*state.message) ct_jsonw_kv_string(w, "message", state.message);
}

static void write_store(ct_jsonw *w, ct_api *api, ct_api__health_status *worst) {
    ct_reader *reader;
    begin(w, api, CT_API__STORE, "store", worst);
    if (ct_store_reader(&reader, api->parts.store) == CT_OK) {
        ct_jsonw_kv_int(w, "version", ct_reader_version(reader));
        ct_reader_release(reader);
    }
    ct_jsonw_end_object(w);
}

static void write_live(ct_jsonw *w, ct_api *api, ct_api__health_status *worst) {
    if (api->parts.live) {
        size_t devices, silent, alarms;
        int64_t observations;
        ct_live_storage storage;
        ct_live_counts(api->parts.live, &devices, &silent, &alarms, &observations);
        begin(w, api, CT_API__LIVE, "live", worst);
        ct_jsonw_kv_int(w, "devices", (int64_t)devices);
        ct_jsonw_kv_int(w, "silent", (int64_t)silent);
        ct_jsonw_kv_int(w, "open_alarms", (int64_t)alarms);
        ct_jsonw_kv_int(w, "observations", observations);
        ct_jsonw_end_object(w);
        // Whether observations can be written to disk.
        ct_live_get_storage(&storage, api->parts.live);
        begin(w, api, CT_API__STORAGE, "storage", worst);
        if (storage.free_bytes >= 0) ct_jsonw_kv_int(w, "free_bytes", storage.free_bytes);
        ct_jsonw_end_object(w);
    }
    if (api->parts.mqtt) {
        ct_mqtt_status mqtt;
        ct_mqtt_get_status(&mqtt, api->parts.mqtt);
        begin(w, api, CT_API__MQTT, "mqtt", worst);
        ct_jsonw_kv_int(w, "messages", mqtt.messages);
        ct_jsonw_kv_int(w, "refused", mqtt.refused);
        ct_jsonw_kv_int(w, "reconnects", mqtt.reconnects);
        ct_jsonw_end_object(w);
    }
}

static void write_queue(ct_jsonw *w, ct_api *api, ct_api__health_status *worst) {
    ct_queue_counts counts;
    if (!api->parts.queue) return;
    begin(w, api, CT_API__QUEUE, "queue", worst);
    if (ct_queue_count(&counts, api->parts.queue, false) == CT_OK) {
        ct_jsonw_kv_int(w, "waiting", (int64_t)counts.by_status[CT_JOB_QUEUED]);
        ct_jsonw_kv_int(w, "running", (int64_t)counts.by_status[CT_JOB_RUNNING]);
    }
    ct_jsonw_end_object(w);
}

static ct_err health(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    (void)req;
    ct_buf out, checks;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_buf_init(&checks, CT_API__MAX_JSON);
    ct_api__health_status worst = CT_API__OK;
    ct_jsonw w;
    look(api);
    ct_jsonw_init(&w, &checks);
    ct_jsonw_object(&w);
    write_store(&w, api, &worst);
    write_live(&w, api, &worst);
    write_queue(&w, api, &worst);
    begin(&w, api, CT_API__TERRAIN, "terrain", &worst);
    ct_jsonw_end_object(&w);
    ct_jsonw_end_object(&w);
    ct_jsonw_init(&w, &out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "status", k_status[worst]);
    ct_api__write_reasons(&w, ct_api__condition(api));
    ct_jsonw_kv_string(&w, "version", CT_VERSION);
    ct_jsonw_kv_int(&w, "uptime_s", (ct_clock_mono_us(ct_clock_real()) - api->start_us) / 1000000);
    ct_jsonw_key(&w, "checks");
    ct_err err = ct_buf_status(&checks);
    if (err == CT_OK) ct_jsonw_raw(&w, checks.data, checks.len);
    ct_buf_fini(&checks);
    ct_jsonw_end_object(&w);
    ct_http_res_header(res, "Cache-Control", "no-store");
    if (worst == CT_API__FAILED) ct_http_res_status(res, 503);
    ct_err answered = ct_api__answer(res, CT_API__JSON, &out);
    return err ? err : answered;
}

static const ct_http_route route = {.method = CT_HTTP_GET,
                                    .path = "/health",
                                    .handler = health,
                                    .name = "getHealth",
                                    .summary =
                                        "Whether every part works; 503 where it cannot serve",
                                    .tag = "Operation",
                                    .type = CT_API__JSON};

ct_err ct_api__health(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, &route, 1);
}
