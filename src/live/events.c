// Events told to the listener: alarms at once, observations joined.
#include <string.h>

#include "base/mem.h"
#include "live/live_private.h"

#define EVENT_GAP_US    200000
#define EVENT_DEVICES   500 // in one event at most
#define EVENT_MAX_BYTES (1 << 20)

static void kv_time(ct_jsonw *w, const char *key, int64_t us) {
    char text[32];
    if (us) ct_time_format(text, us);
    ct_jsonw_kv_string(w, key, us ? text : NULL);
}

void ct_live__write_alarm(ct_jsonw *w, const ct_alarm *alarm, const ct_device *device) {
    static const char *const k_states[] = {"active", "acknowledged", "cleared"};
    ct_jsonw_object(w);
    ct_jsonw_kv_int(w, "id", alarm->id);
    ct_jsonw_kv_string(w, "device", alarm->device);
    ct_jsonw_kv_string(w, "kind", device ? device->kind : NULL);
    ct_jsonw_kv_string(w, "building", device && *device->building ? device->building : NULL);
    ct_jsonw_kv_string(w, "property", alarm->property);
    ct_jsonw_kv_string(w, "unit", device ? device->unit : NULL);
    ct_jsonw_kv_string(w, "rule", alarm->rule);
    ct_jsonw_kv_int(w, "severity", alarm->severity);
    ct_jsonw_kv_string(w, "state", k_states[alarm->state]);
    ct_jsonw_kv_double(w, "value", alarm->value);
    kv_time(w, "raised", alarm->raised_us);
    kv_time(w, "acknowledged", alarm->acknowledged_us);
    kv_time(w, "cleared", alarm->cleared_us);
    ct_jsonw_kv_string(w, "acknowledged_by", alarm->acknowledged_by);
    ct_jsonw_end_object(w);
}

void ct_live__tell_alarm(ct_live *live, const ct_alarm *alarm, const ct_device *device) {
    if (!live->event) return;
    ct_buf json;
    ct_jsonw w;
    ct_buf_init(&json, EVENT_MAX_BYTES);
    ct_jsonw_init(&w, &json);
    ct_live__write_alarm(&w, alarm, device);
    if (ct_buf_status(&json) == CT_OK) {
        pthread_mutex_lock(&live->tell);
        live->event(live->event_context, "alarm", json.data, json.len);
        pthread_mutex_unlock(&live->tell);
    }
    ct_buf_fini(&json);
}

static void write_untold(ct_jsonw *w, const ct_device_table *t, size_t n) {
    ct_jsonw_object(w);
    ct_jsonw_key(w, "d");
    ct_jsonw_array(w);
    for (size_t i = 0; i < n; i++) {
        const ct_device *d = &t->devices[t->untold[i]];
        ct_jsonw_array(w);
        ct_jsonw_string(w, d->id);
        ct_jsonw_double(w, d->value);
        ct_jsonw_int(w, d->time_us / 1000);
        ct_jsonw_string(w, ct_live__state_name(ct_live__state(d)));
        ct_jsonw_end_array(w);
    }
    ct_jsonw_end_array(w);
    ct_jsonw_end_object(w);
}

static void forget_untold(ct_device_table *t, size_t n) {
    for (size_t i = 0; i < n; i++) t->is_untold[t->untold[i]] = false;
    t->n_untold -= n;
    memmove(t->untold, t->untold + n, t->n_untold * sizeof *t->untold);
}

// The oldest untold devices as one event's text; how many. What could not be written stays untold.
static size_t take_untold(ct_buf *json, ct_live *live) {
    ct_jsonw w;
    ct_buf_reset(json);
    ct_jsonw_init(&w, json);
    pthread_mutex_lock(&live->state);
    ct_device_table *t = &live->table;
    size_t n = t->n_untold < EVENT_DEVICES ? t->n_untold : EVENT_DEVICES;
    if (n) write_untold(&w, t, n);
    if (ct_buf_status(json) != CT_OK) n = 0;
    forget_untold(t, n);
    pthread_mutex_unlock(&live->state);
    return n;
}

void ct_live__tell_observations(ct_live *live) {
    if (!live->event) return;
    ct_buf json;
    ct_buf_init(&json, EVENT_MAX_BYTES);
    pthread_mutex_lock(&live->tell);
    const int64_t now_us = ct_clock_mono_us(live->clock);
    if (now_us - live->last_told_us >= EVENT_GAP_US) {
        size_t n;
        do {
            n = take_untold(&json, live);
            if (n) live->event(live->event_context, "observation", json.data, json.len);
            if (n) live->last_told_us = now_us;
        } while (n == EVENT_DEVICES);
    }
    pthread_mutex_unlock(&live->tell);
    ct_buf_fini(&json);
}
