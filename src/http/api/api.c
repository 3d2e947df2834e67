// The API as a whole: its making and end, its routes, and what it does by itself between requests.
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/api/internal.h"
#include "sim/domain/indoor_cache.h"

// Of the events that a client may have missed. More would cost it more than the state as it is now:
// at the most that devices say (2,000 of them, five times a second) these are the last ten seconds.
enum { RING_EVENTS = 20000, RING_BYTES = 4 << 20 };

// Listener of the live state; and what ct_api_publish does.
static void publish(void *context, const char *type, const char *json, size_t length) {
    ct_api *api = context;
    if (!ct_http_hub_publish(api->hub, type, json, length))
        ct_log(CT_LOG_WARNING, "events: a %s event of %zu bytes was dropped", type, length);
}

void ct_api_publish(ct_api *api, const char *type, const char *json) {
    publish(api, type, json, strlen(json));
}

void ct_api_set_mqtt(ct_api *api, ct_mqtt *mqtt) {
    api->parts.mqtt = mqtt;
}

ct_err ct_api_new(ct_api **out, const ct_api_parts *parts) {
    ct_api *api = ct_calloc(1, sizeof *api);
    if (!api) return CT_NOMEM;
    api->parts = *parts;
    api->terrain_version = -1;
    api->start_us = ct_clock_mono_us(ct_clock_real());
    pthread_mutex_init(&api->lock, NULL);
    pthread_mutex_init(&api->marks_lock, NULL);
    pthread_mutex_init(&api->health_lock, NULL);
    ct_reader *reader = NULL;
    ct_err err = ct_http_hub_new(&api->hub, RING_EVENTS, RING_BYTES);
    if (err == CT_OK) err = ct_api__keys_init(api);
    if (err == CT_OK)
        err = ct_indoor_cache_new(&api->indoor, ct_store_catalogue(parts->store), CT_API__INDOOR);
    if (err == CT_OK) err = ct_api__console_load(api);
    if (err == CT_OK) err = ct_store_reader(&reader, parts->store);
    if (err == CT_OK) err = ct_api__make_stamp(api, reader);
    if (err == CT_OK) {
        ct_api__crs_init(api);
        ct_api__crs_refit(api, reader);
        ct_api__warm_start(api);
        api->seen_version = ct_reader_version(reader);
        ct_reader_release(reader);
        if (parts->live) ct_live_listen(parts->live, publish, api);
        *out = api;
    } else {
        if (reader) ct_reader_release(reader);
        ct_api_free(api);
    }
    return err;
}

void ct_api_free(ct_api *api) {
    if (!api) return;
    if (api->hub && api->parts.live) ct_live_listen(api->parts.live, NULL, NULL);
    ct_api__warm_end(api);
    ct_http_hub_free(api->hub);
    ct_api__console_unload(api);
    ct_api__keys_fini(api);
    ct_indoor_cache_free(api->indoor);
    pthread_mutex_destroy(&api->lock);
    pthread_mutex_destroy(&api->marks_lock);
    pthread_mutex_destroy(&api->health_lock);
    ct_free(api);
}

ct_err ct_api_add_routes(ct_http *http, ct_api *api) {
    api->http = http;
    ct_api__stamp_address(api, ct_http_url(http));
    CT_TRY(ct_api__common(http, api));
    CT_TRY(ct_api__openapi(http, api));
    CT_TRY(ct_api__collections(http, api));
    CT_TRY(ct_api__items(http, api));
    CT_TRY(ct_api__property_sets(http, api));
    CT_TRY(ct_api__twin(http, api));
    CT_TRY(ct_api__indoor(http, api));
    CT_TRY(ct_api__health(http, api));
    CT_TRY(ct_api__metrics(http, api));
    CT_TRY(ct_api__console(http, api));
    if (api->parts.tiles) CT_TRY(ct_api__tiles(http, api));
    if (api->parts.tiles) CT_TRY(ct_api__three_d(http, api));
    if (api->parts.queue) CT_TRY(ct_api__runs(http, api));
    if (api->parts.queue && api->parts.tiles) CT_TRY(ct_api__maps(http, api));
    if (api->parts.live) CT_TRY(ct_api__live(http, api));
    CT_TRY(ct_api__events(http, api));
    ct_http_hub_attach(api->hub, http);
    return CT_OK;
}

// ---- between requests ----

typedef struct changed {
    const ct_class *classes[64]; // touched, each once
    size_t n;
    bool devices;
} changed;

static ct_err note_change(void *context, const ct_change *change) {
    changed *c = context;
    for (size_t i = 0; i < c->n; i++)
        if (c->classes[i] == change->cls) return CT_OK;
    if (c->n < sizeof c->classes / sizeof *c->classes) c->classes[c->n++] = change->cls;
    if (strcmp(change->cls->name, "device") == 0) c->devices = true;
    return CT_OK;
}

static void tell(ct_api *api, const changed *c, int64_t version) {
    ct_buf json;
    ct_buf_init(&json, 64 * 1024);
    ct_jsonw w;
    ct_jsonw_init(&w, &json);
    ct_jsonw_object(&w);
    ct_jsonw_key(&w, "collections");
    ct_jsonw_array(&w);
    for (size_t i = 0; i < c->n; i++) ct_jsonw_string(&w, c->classes[i]->collection);
    ct_jsonw_end_array(&w);
    ct_jsonw_kv_int(&w, "version", version);
    ct_jsonw_end_object(&w);
    if (ct_buf_status(&json) == CT_OK) publish(api, "change", json.data, json.len);
    ct_buf_fini(&json);
}

static ct_err look_for_changes(ct_api *api) {
    ct_reader *reader;
    CT_TRY(ct_store_reader(&reader, api->parts.store));
    int64_t version = ct_reader_version(reader);
    changed c = {0};
    ct_err err = CT_OK;
    if (version != api->seen_version) {
        err = ct_reader_changes(reader, api->seen_version, note_change, &c);
        if (err == CT_OK) ct_api__crs_refit(api, reader);
    }
    ct_reader_release(reader);
    if (err != CT_OK || version == api->seen_version) return err;
    // First drop what is old, then tell who will ask for the new.
    if (api->parts.tiles) CT_TRY(ct_tiles_refresh(api->parts.tiles, NULL));
    if (api->parts.live && c.devices) CT_TRY(ct_live_devices_changed(api->parts.live));
    api->seen_version = version;
    if (c.n) tell(api, &c, version);
    return CT_OK;
}

void ct_api_tick(ct_api *api) {
    if (look_for_changes(api) != CT_OK) ct_log(CT_LOG_WARNING, "changes: %s", ct_err_message());
    if (api->parts.live && ct_live_tick(api->parts.live) != CT_OK)
        ct_log(CT_LOG_WARNING, "live: %s", ct_err_message());
    ct_api__tell_condition(api);
    ct_api__health_tick(api);
}
