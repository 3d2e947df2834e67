// JSON answers: devices, history, alarms, and the counts.
#include <string.h>

#include "base/mem.h"
#include "live/live_private.h"

#define MAX_ALARMS 1000 // in one answer

static void kv_time(ct_jsonw *w, const char *key, int64_t us) {
    char text[32];
    if (us) ct_time_format(text, us);
    ct_jsonw_kv_string(w, key, us ? text : NULL);
}

static void kv_value(ct_jsonw *w, const ct_device *d) {
    ct_jsonw_key(w, "value");
    if (d->has_value)
        ct_jsonw_double(w, d->value);
    else
        ct_jsonw_null(w);
}

static void write_device(ct_jsonw *w, const ct_device *d) {
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "id", d->id);
    ct_jsonw_kv_string(w, "kind", d->kind);
    ct_jsonw_kv_string(w, "property", d->property);
    ct_jsonw_kv_string(w, "unit", d->unit);
    ct_jsonw_kv_string(w, "building", *d->building ? d->building : NULL);
    kv_value(w, d);
    kv_time(w, "time", d->has_value ? d->time_us : 0);
    ct_jsonw_kv_string(w, "state", ct_live__state_name(ct_live__state(d)));
    ct_jsonw_key(w, "severity");
    if (d->has_alarm)
        ct_jsonw_int(w, d->alarm.severity);
    else
        ct_jsonw_null(w);
    ct_jsonw_end_object(w);
}

ct_err ct_live_write_devices(ct_buf *out, ct_live *live) {
    ct_jsonw w;
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    ct_jsonw_key(&w, "devices");
    ct_jsonw_array(&w);
    pthread_mutex_lock(&live->state);
    for (size_t i = 0; i < live->table.n; i++) write_device(&w, &live->table.devices[i]);
    pthread_mutex_unlock(&live->state);
    ct_jsonw_end_array(&w);
    ct_jsonw_end_object(&w);
    return ct_buf_status(out);
}

ct_err ct_live_write_device(ct_buf *out, ct_live *live, const char *device) {
    ct_jsonw w;
    ct_jsonw_init(&w, out);
    pthread_mutex_lock(&live->state);
    const ct_device *found = ct_live__find(&live->table, device);
    if (found) write_device(&w, found);
    pthread_mutex_unlock(&live->state);
    return found ? ct_buf_status(out) : ct_fail(CT_NOTFOUND, "there is no device \"%s\"", device);
}

static ct_err write_row(void *context, const ct_observation *row) {
    ct_jsonw *w = context;
    ct_jsonw_object(w);
    kv_time(w, "t", row->time_us);
    ct_jsonw_kv_double(w, "v", row->value);
    ct_jsonw_kv_int(w, "q", row->quality);
    ct_jsonw_end_object(w);
    return CT_OK;
}

// The device's own property where none is named; copied, as the table may be replaced meanwhile.
static ct_err own_property(char **out, ct_live *live, const char *device) {
    pthread_mutex_lock(&live->state);
    const ct_device *found = ct_live__find(&live->table, device);
    char *copy = found ? ct_strdup(found->property) : NULL;
    pthread_mutex_unlock(&live->state);
    if (!found) return ct_fail(CT_NOTFOUND, "there is no device \"%s\"", device);
    if (!copy) return CT_NOMEM;
    *out = copy;
    return CT_OK;
}

ct_err ct_live_write_history(ct_buf *out, ct_live *live, const char *device, const char *property,
                             int64_t from_us, int64_t to_us, int64_t limit) {
    char *own = NULL;
    CT_TRY(own_property(&own, live, device));
    ct_jsonw w;
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "device", device);
    ct_jsonw_kv_string(&w, "property", property ? property : own);
    ct_jsonw_key(&w, "observations");
    ct_jsonw_array(&w);
    const ct_err err = ct_obs_history(live->obs, device, property ? property : own, from_us, to_us,
                                      limit, write_row, &w);
    ct_jsonw_end_array(&w);
    ct_jsonw_end_object(&w);
    ct_free(own);
    return err == CT_OK ? ct_buf_status(out) : err;
}

typedef struct alarm_list {
    ct_jsonw w;
    ct_live *live;
    bool cleared_only;
} alarm_list;

static ct_err write_listed(void *context, const ct_alarm *alarm) {
    alarm_list *l = context;
    if (l->cleared_only && alarm->state != CT_ALARM_CLEARED) return CT_OK;
    pthread_mutex_lock(&l->live->state);
    ct_live__write_alarm(&l->w, alarm, ct_live__find(&l->live->table, alarm->device));
    pthread_mutex_unlock(&l->live->state);
    return CT_OK;
}

ct_err ct_live_write_alarms(ct_buf *out, ct_live *live, ct_live_which which) {
    alarm_list l = {.live = live, .cleared_only = which == CT_LIVE_CLEARED_ALARMS};
    ct_jsonw_init(&l.w, out);
    ct_jsonw_object(&l.w);
    ct_jsonw_key(&l.w, "alarms");
    ct_jsonw_array(&l.w);
    CT_TRY(ct_obs_alarms(live->obs, which == CT_LIVE_OPEN_ALARMS, MAX_ALARMS, write_listed, &l));
    ct_jsonw_end_array(&l.w);
    ct_jsonw_end_object(&l.w);
    return ct_buf_status(out);
}

void ct_live_counts(ct_live *live, size_t *devices, size_t *silent, size_t *open_alarms,
                    int64_t *observations) {
    size_t quiet = 0, ringing = 0;
    pthread_mutex_lock(&live->state);
    for (size_t i = 0; i < live->table.n; i++) {
        quiet += ct_live__state(&live->table.devices[i]) == CT_DEVICE_SILENT;
        ringing += live->table.devices[i].has_alarm;
    }
    *devices = live->table.n;
    *silent = quiet;
    *open_alarms = ringing;
    *observations = live->observations;
    pthread_mutex_unlock(&live->state);
}
