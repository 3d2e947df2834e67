// The live state's inside, shared by its files. Private to live.
#ifndef CT_LIVE_LIVE_PRIVATE_H
#define CT_LIVE_LIVE_PRIVATE_H

#include <pthread.h>

#include "base/arena.h"
#include "base/strmap.h"
#include "live/live.h"

#define CT_LIVE_BY_MAX 64 // bytes of who acknowledged, its end included

typedef enum ct_device_state {
    CT_DEVICE_OK,
    CT_DEVICE_ALARM,
    CT_DEVICE_SILENT,
    CT_DEVICE_FAULT
} ct_device_state;

typedef struct ct_device { // texts live in the table's arena
    const char *id, *kind, *property, *unit, *building;
    double yellow, red, low; // thresholds; NaN = none
    double interval_s;       // between reports; 0 = unknown: never silent
    bool has_value, silent;
    double value;
    int quality;
    int64_t time_us; // of the value
    bool has_alarm;
    ct_alarm alarm; // the open one; acknowledged_by points to `by`
    char by[CT_LIVE_BY_MAX];
    bool told;         // nothing new since the last observation event
    size_t batch_slot; // place in the batch in hand, + 1; 0 = not in it (the taker's own)
} ct_device;

typedef struct ct_device_table {
    ct_arena *arena;
    ct_device *devices;
    size_t n;
    ct_strmap *by_id;
} ct_device_table;

struct ct_live {
    ct_store *store;
    ct_obs *obs;
    ct_clock *clock;
    pthread_mutex_t take;  // one batch at a time; held while it goes to disk
    pthread_mutex_t state; // of the table; held shortly. Order: take, then state.
    ct_device_table table;
    int64_t observations; // taken since the start
    int64_t last_told_us;
    void (*event)(void *context, const char *type, const char *json, size_t length);
    void *event_context;
};

// Table of the store's devices; all values unknown.
CT_CHECKED ct_err ct_live__load_table(ct_device_table *out, ct_store *store);
void ct_live__free_table(ct_device_table *table);

ct_device_state ct_live__state(const ct_device *device);
const char *ct_live__state_name(ct_device_state state);

// What a value does to the device's alarm: the rule ("red", "yellow", "low") and severity it
// breaks, or NULL.
const char *ct_live__broken_rule(int *severity, const ct_device *device, double value);
// Whether an open alarm of this severity is over at the value: 2 % of the threshold inside it, so
// that a value that trembles at the threshold does not ring twice.
bool ct_live__is_over(const ct_device *device, double value);

void ct_live__write_alarm(ct_jsonw *w, const ct_alarm *alarm, const ct_device *device);
void ct_live__tell_alarm(ct_live *live, const ct_alarm *alarm, const ct_device *device);

// Sends one "observation" event with what changed, if any, unless the last went less than 200 ms
// ago.
void ct_live__tell_observations(ct_live *live);

#endif
