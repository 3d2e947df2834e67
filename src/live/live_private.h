// The live state's inside, shared by its files. Private to live.
#ifndef CT_LIVE_LIVE_PRIVATE_H
#define CT_LIVE_LIVE_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/strmap.h"
#include "live/live.h"

#define CT_LIVE__BY_MAX 64 // bytes of who acknowledged, its end included
// A device's time further ahead of our clock than this is not believed: its row is history only.
#define CT_LIVE__AHEAD_US ((int64_t)10 * 60 * 1000000)

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
    int64_t time_us;  // of the value, by the device's clock
    int64_t heard_us; // when it came, by our clock: device clocks that are wrong do not matter
    bool has_alarm;
    ct_alarm alarm; // the open one; its acknowledged_by is NULL, see `by`
    char by[CT_LIVE__BY_MAX];
    size_t batch_slot; // place in the batch in hand, + 1; 0 = not in it (the taker's own)
} ct_device;

typedef struct ct_device_table {
    ct_arena *arena;
    ct_device *devices;
    size_t n;
    ct_strmap *by_id;
    ct_strmap *others; // "device\nproperty" of what else devices reported, "device" -> how many
    size_t *untold;    // devices with something new since they were told, oldest first
    size_t n_untold;
    bool *is_untold; // of each device
} ct_device_table;

typedef struct ct_live__retention {
    pthread_mutex_t lock; // of `stop`
    pthread_cond_t wake;
    pthread_t thread;
    int64_t keep_us;
    bool started, stop;
} ct_live__retention;

typedef struct ct_live__storage {
    char *folder;
    atomic_bool refuses; // write_err is not CT_OK; read without the lock
    int64_t looked_us;   // the ticking thread's, as `looked`
    bool looked;
    pthread_mutex_t lock; // guards all that follows; nothing else is locked under it
    ct_err write_err, room_err;
    char write_message[256], room_message[256];
    int64_t since_us, free_bytes;
} ct_live__storage;

// Locks are taken in the order queue, take, tell, state; nobody holds the queue's while others
// work. Devices change under take and state together: who holds either may read them. What is
// untold is under state alone.
struct ct_live {
    ct_store *store;
    ct_obs *obs;
    ct_clock *clock;
    pthread_mutex_t queue;           // of callers with rows
    pthread_cond_t turn;             // a group is done
    struct ct_live__waiter *waiting; // oldest first
    bool led;                        // one of the callers writes for a group
    bool passed;                     // in the last group small batches passed a large one
    pthread_mutex_t take;            // one batch at a time; held while it goes to disk
    pthread_mutex_t tell;  // one event at a time: nobody hears an old value after a new one
    pthread_mutex_t state; // of the table; held shortly
    ct_device_table table;
    int64_t observations;     // taken since the start
    ct_live_figures figures;  // under state; its buckets not yet summed up
    int64_t last_told_us;     // under tell
    int64_t silence_known_us; // under take; when it was last judged
    void (*event)(void *context, const char *type, const char *json, size_t length);
    void *event_context;
    ct_live__retention retention;
    ct_live__storage storage;
};

// ---- devices.c
// Table of the store's devices; all values unknown.
CT_CHECKED ct_err ct_live__load_table(ct_device_table *out, ct_store *store);
void ct_live__free_table(ct_device_table *table);
ct_device *ct_live__find(const ct_device_table *table, const char *id); // NULL = unknown
// Whether a device may report the property: its own, or one of a bounded number of others. Notes a
// new one. With take held.
CT_CHECKED ct_err ct_live__may_report(bool *may, ct_device_table *table, const ct_device *device,
                                      const char *property);
// With state held (or before others see the table).
void ct_live__mark_untold(ct_device_table *table, size_t device);
ct_device_state ct_live__state(const ct_device *device);
const char *ct_live__state_name(ct_device_state state);

// ---- batch.c
typedef struct ct_live__part { // of a batch: what one caller brought
    const ct_observation *rows;
    size_t n_rows, refused;
    struct ct_live__part *next;
} ct_live__part;
// All parts in one commit, or none of any.
CT_CHECKED ct_err ct_live__take_parts(ct_live *live, ct_live__part *first);

// ---- group.c
typedef struct ct_live__waiter { // a caller of ct_live_take, on its stack
    ct_live__part part;
    ct_err err;
    char *message; // of the error; may be missing
    bool done;
    struct ct_live__waiter *next;
} ct_live__waiter;

// ---- storage.c
CT_CHECKED ct_err ct_live__storage_init(ct_live__storage *storage, const ct_store *store);
void ct_live__storage_fini(ct_live__storage *storage);
// After each write: what it gave, its message on this thread. CT_NOMEM says nothing of the disk.
void ct_live__note_write(ct_live *live, ct_err err);
// Of the ticking thread: how much room there is; and tries the disk if it refused the last write.
// `may_write`: take is held.
void ct_live__look_at_storage(ct_live *live, bool may_write);

// ---- rules.c
// What a value does to the device's alarm: the rule ("red", "yellow", "low") and severity it
// breaks, or NULL.
const char *ct_live__broken_rule(int *severity, const ct_device *device, double value);
// The rule's constant text, which outlives the row it was read from.
const char *ct_live__rule_text(const char *rule);
// Whether the open alarm is over at the value: 2 % of the threshold inside it, so that a value that
// trembles at the threshold does not ring twice.
bool ct_live__is_over(const ct_device *device, double value);

// ---- alarms.c
// Open alarms from the file to their devices. Those whose device is gone, or observes something
// else now, are cleared in the file and listed: *orphans in the table's arena.
CT_CHECKED ct_err ct_live__load_alarms(ct_alarm **orphans, size_t *n_orphans,
                                       ct_device_table *table, ct_obs *obs, int64_t now_us);

// ---- retention.c
void ct_live__retention_init(ct_live *live);
void ct_live__retention_fini(ct_live *live); // ends its thread

// ---- figures.c
// A batch of n rows was tried: `written` rows came to the disk in that time, or err says why not.
void ct_live__note_commit(ct_live *live, ct_err err, size_t n, size_t written, int64_t us);

// ---- events.c
void ct_live__write_alarm(ct_jsonw *w, const ct_alarm *alarm, const ct_device *device);
void ct_live__tell_alarm(ct_live *live, const ct_alarm *alarm, const ct_device *device);
// Sends "observation" events with what is untold, unless the last went less than 200 ms ago.
void ct_live__tell_observations(ct_live *live);

#endif
