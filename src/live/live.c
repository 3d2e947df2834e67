// The live state: opening from what is stored, following edits of the devices, silence.
#include "live/live.h"

#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "live/live_private.h"

#define SILENT_INTERVALS 3
#define SILENCE_GAP_US   500000 // between two looks at it

// ---- life
// ---------------------------------------------------------------------------------------------------------

typedef struct loader {
    ct_device_table *table;
    int64_t now_us;
} loader;

static ct_err load_last(void *context, const ct_observation *row) {
    const loader *l = context;
    bool may;
    ct_device *d = ct_live__find(l->table, row->device);
    if (!d) return CT_OK;
    if (strcmp(d->property, row->property) != 0)
        return ct_live__may_report(&may, l->table, d, row->property); // only to note it
    if (row->time_us > l->now_us + CT_LIVE__AHEAD_US) return CT_OK;   // our clock was set back
    d->has_value = true;
    d->value = row->value;
    d->quality = row->quality;
    d->time_us = row->time_us;
    d->heard_us = row->time_us < l->now_us ? row->time_us : l->now_us;
    return CT_OK;
}

// What a reload of the table ended: alarms without their device.
typedef struct ended {
    ct_alarm *alarms;
    size_t n;
} ended;

static ct_err load_state(ct_device_table *table, ended *e, ct_live *live) {
    loader l = {table, ct_clock_now_us(live->clock)};
    CT_TRY(ct_live__load_table(table, live->store));
    ct_err err = ct_obs_last(live->obs, NULL, load_last, &l);
    if (err == CT_OK) err = ct_live__load_alarms(&e->alarms, &e->n, table, live->obs, l.now_us);
    if (err != CT_OK) ct_live__free_table(table);
    return err;
}

// With take held, or before others see the table; `state` is held too where others do.
static void judge_silence(ct_device_table *table, int64_t now_us) {
    for (size_t i = 0; i < table->n; i++) {
        ct_device *d = &table->devices[i];
        if (!d->has_value || d->interval_s <= 0 || d->silent) continue;
        if ((double)(now_us - d->heard_us) <= SILENT_INTERVALS * 1e6 * d->interval_s) continue;
        d->silent = true;
        ct_live__mark_untold(table, i);
    }
}

ct_err ct_live_open(ct_live **out, ct_store *store, ct_clock *clock) {
    ct_live *live = ct_calloc(1, sizeof *live);
    if (!live) return CT_NOMEM;
    live->store = store;
    live->clock = clock;
    live->last_told_us = ct_clock_mono_us(clock) - ((int64_t)1 << 40); // the first is told at once
    live->silence_known_us = ct_clock_mono_us(clock);
    pthread_mutex_init(&live->queue, NULL);
    pthread_cond_init(&live->turn, NULL);
    pthread_mutex_init(&live->take, NULL);
    pthread_mutex_init(&live->tell, NULL);
    pthread_mutex_init(&live->state, NULL);
    ct_live__retention_init(live);
    ended e = {0};
    char *path = ct_store_file(store, "obs.sqlite");
    ct_err err = ct_live__storage_init(&live->storage, store);
    if (err == CT_OK) err = path ? ct_obs_open(&live->obs, path) : CT_NOMEM;
    ct_free(path);
    if (err == CT_OK) err = load_state(&live->table, &e, live);
    if (err != CT_OK) {
        ct_live_close(live);
        return err;
    }
    judge_silence(&live->table, ct_clock_now_us(clock));
    if (e.n) ct_log(CT_LOG_INFO, "live: %zu alarms of devices that are gone are cleared", e.n);
    *out = live;
    return CT_OK;
}

void ct_live_close(ct_live *live) {
    if (!live) return;
    ct_live__retention_fini(live);
    ct_live__free_table(&live->table);
    ct_obs_close(live->obs);
    pthread_cond_destroy(&live->turn);
    pthread_mutex_destroy(&live->queue);
    ct_live__storage_fini(&live->storage);
    pthread_mutex_destroy(&live->take);
    pthread_mutex_destroy(&live->tell);
    pthread_mutex_destroy(&live->state);
    ct_free(live);
}

void ct_live_listen(ct_live *live,
                    void (*event)(void *context, const char *type, const char *json, size_t length),
                    void *context) {
    live->event = event;
    live->event_context = context;
}

// ---- edits
// --------------------------------------------------------------------------------------------------------

// What the old table knows by listening, and the file does not.
static void carry_over(ct_device_table *table, const ct_device_table *old) {
    for (size_t i = 0; i < old->n; i++) {
        const ct_device *was = &old->devices[i];
        ct_device *d = ct_live__find(table, was->id);
        if (!d) continue;
        if (strcmp(d->property, was->property) == 0) {
            d->has_value = was->has_value;
            d->value = was->value;
            d->quality = was->quality;
            d->time_us = was->time_us;
            d->heard_us = was->heard_us;
            d->silent = was->silent && d->interval_s > 0;
        }
        if (old->is_untold[i]) ct_live__mark_untold(table, (size_t)(d - table->devices));
    }
}

ct_err ct_live_devices_changed(ct_live *live) {
    ct_device_table table = {0};
    ended e = {0};
    pthread_mutex_lock(&live->take);
    const ct_err err = load_state(&table, &e, live);
    if (err == CT_OK) {
        pthread_mutex_lock(&live->state);
        carry_over(&table, &live->table);
        judge_silence(&table, ct_clock_now_us(live->clock));
        const ct_device_table old = live->table;
        live->table = table;
        table = old;
        pthread_mutex_unlock(&live->state);
        for (size_t i = 0; i < e.n; i++) ct_live__tell_alarm(live, &e.alarms[i], NULL);
        ct_live__free_table(&table);
    }
    pthread_mutex_unlock(&live->take);
    return err;
}

// ---- time passing
// --------------------------------------------------------------------------------------------------

ct_err ct_live_tick(ct_live *live) {
    // While a batch goes to disk silence can wait, what others brought cannot.
    if (pthread_mutex_trylock(&live->take) == 0) {
        const int64_t mono_us = ct_clock_mono_us(live->clock);
        if (mono_us - live->silence_known_us >= SILENCE_GAP_US) {
            live->silence_known_us = mono_us;
            pthread_mutex_lock(&live->state);
            judge_silence(&live->table, ct_clock_now_us(live->clock));
            pthread_mutex_unlock(&live->state);
        }
        ct_live__look_at_storage(live, true);
        pthread_mutex_unlock(&live->take);
    } else {
        ct_live__look_at_storage(live, false);
    }
    ct_live__tell_observations(live);
    return CT_OK;
}
