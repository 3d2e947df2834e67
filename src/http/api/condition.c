// What is wrong with the server as a whole: reasons for /health, and the event `health` when they
// change.
#include "http/api/internal.h"

typedef enum reason { DISK_FULL, DISK_READ_ONLY, STORAGE_FAILS, BROKER_LOST, REASONS } reason;

static const char *const names[REASONS] = {"disk-full", "disk-read-only", "storage-fails",
                                           "broker-lost"};

unsigned ct_api__condition(ct_api *api) {
    unsigned bits = 0;
    if (api->parts.live) {
        ct_live_storage storage;
        ct_live_get_storage(&storage, api->parts.live);
        if (storage.err == CT_DISKFULL)
            bits |= 1U << DISK_FULL;
        else if (storage.err == CT_READONLY)
            bits |= 1U << DISK_READ_ONLY;
        else if (storage.err != CT_OK)
            bits |= 1U << STORAGE_FAILS;
    }
    if (api->parts.mqtt) {
        ct_mqtt_status mqtt;
        ct_mqtt_get_status(&mqtt, api->parts.mqtt);
        // Left on purpose, while nothing can be stored, the broker is not lost.
        if (!mqtt.connected && !mqtt.held) bits |= 1U << BROKER_LOST;
    }
    return bits;
}

void ct_api__write_reasons(ct_jsonw *w, unsigned condition) {
    ct_jsonw_key(w, "reasons");
    ct_jsonw_array(w);
    for (int i = 0; i < REASONS; i++)
        if (condition & (1U << i)) ct_jsonw_string(w, names[i]);
    ct_jsonw_end_array(w);
}

void ct_api__tell_condition(ct_api *api) {
    const unsigned condition = ct_api__condition(api);
    if (condition == api->told_condition) return;
    ct_buf json;
    ct_buf_init(&json, 4096);
    ct_jsonw w;
    ct_jsonw_init(&w, &json);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "status", condition ? "degraded" : "ok");
    ct_api__write_reasons(&w, condition);
    ct_jsonw_end_object(&w);
    if (ct_buf_status(&json) == CT_OK) {
        ct_api_publish(api, "health", json.data);
        api->told_condition = condition;
    }
    ct_buf_fini(&json);
}
