// Live state of the devices: observations come in (MQTT, HTTP), are stored durably, judged against
// thresholds and told to everybody who listens.
#ifndef CT_LIVE_LIVE_H
#define CT_LIVE_LIVE_H

#include "base/clock.h"
#include "store/obs.h"
#include "store/store.h"

typedef struct ct_live ct_live; // thread-safe

// Loads devices, last values and open alarms. `clock` borrowed.
CT_CHECKED ct_err ct_live_open(ct_live **out, ct_store *store, ct_clock *clock);
void ct_live_close(ct_live *live);

// Takes a batch: unknown devices and broken rows are counted and skipped (*refused), the rest is
// durable on return, with the alarms it raised or cleared. `property` NULL = the device's own; a
// device may report 16 others. Broken: value not finite, time not after 1970, quality not 0 to 2,
// property not 1 to 127 bytes. On failure nothing of the batch is kept, shown or told. Rows that
// come late or again are stored (once) and change nothing else. Callers at the same time share a
// commit.
CT_CHECKED ct_err ct_live_take(ct_live *live, const ct_observation *rows, size_t n_rows,
                               size_t *refused);
// Keeps observations and cleared alarms for that long from now on; without this call, for ever.
// What is older by the live state's clock is deleted little by little beside all else, but the
// newest value of each device and property. Once only: CT_EXISTS. CT_RANGE.
#define CT_LIVE_KEEP_MIN_DAYS 0.01
#define CT_LIVE_KEEP_MAX_DAYS 36500
CT_CHECKED ct_err ct_live_keep_for(ct_live *live, double days);
// Parses a payload for one device (NULL = each row names its own) and appends to `rows`, which
// lives in the arena (begin with NULL and 0): {"t": RFC 3339, "v": number, "property"?: text,
// "q"?: 0..2, "device"?: id} or an array of them. CT_PARSE, CT_RANGE naming the row and field; then
// nothing of the payload is appended. CT_LIMIT: over 16 MiB or 100,000 rows. CT_NOMEM: by no fault
// of the payload.
CT_CHECKED ct_err ct_live_parse(ct_observation **rows, size_t *n_rows, ct_arena *arena,
                                const char *device, const char *json, size_t length);
// `by`: 1 to 63 bytes; the first who acknowledges counts. CT_NOTFOUND; CT_ARG: cleared already.
CT_CHECKED ct_err ct_live_acknowledge(ct_live *live, int64_t alarm_id, const char *by);
// Reloads the devices after an edit. Alarms of devices that are gone, or observe another property
// now, are cleared.
CT_CHECKED ct_err ct_live_devices_changed(ct_live *live);
// Call ten to twenty times a second: silent devices (no value for 3 intervals), joined events.
// Looks every second at the disk; waits for it only to try one that refused the last write.
CT_CHECKED ct_err ct_live_tick(ct_live *live);

// JSON answers of /live/... appended to `out`.
CT_CHECKED ct_err ct_live_write_devices(ct_buf *out, ct_live *live);
CT_CHECKED ct_err ct_live_write_device(ct_buf *out, ct_live *live, const char *device);
CT_CHECKED ct_err ct_live_write_history(ct_buf *out, ct_live *live, const char *device,
                                        const char *property, int64_t from_us, int64_t to_us,
                                        int64_t limit);
typedef enum ct_live_which {
    CT_LIVE_ALL_ALARMS,
    CT_LIVE_OPEN_ALARMS,
    CT_LIVE_CLEARED_ALARMS
} ct_live_which;
// Of the newest 1,000 (open: of all that are open).
CT_CHECKED ct_err ct_live_write_alarms(ct_buf *out, ct_live *live, ct_live_which which);
void ct_live_counts(ct_live *live, size_t *devices, size_t *silent, size_t *open_alarms,
                    int64_t *observations);

// ---- figures, since the start
#define CT_LIVE_COMMIT_BUCKETS 8
typedef struct ct_live_figures {
    int64_t received;        // observations that were brought; those of failed commits too
    int64_t stored, refused; // of them
    int64_t commits, failed; // to disk
    double commit_sum_s;
    uint64_t commit[CT_LIVE_COMMIT_BUCKETS]; // within ct_live_commit_bound_s(i), cumulative
} ct_live_figures;
double ct_live_commit_bound_s(size_t bucket); // the last is infinite
void ct_live_get_figures(ct_live_figures *out, ct_live *live);

// ---- storage
// -----------------------------------------------------------------------------------------------------
typedef struct ct_live_storage {
    ct_err
        err; // CT_OK; CT_DISKFULL (little room, too), CT_READONLY; else why the last write failed
    bool refuses;       // the last write failed: nothing is taken until one succeeds
    int64_t since_us;   // when it began, by the clock; 0 while CT_OK
    int64_t free_bytes; // of the twin's disk; -1 = unknown
    char message[256];
} ct_live_storage;
void ct_live_get_storage(ct_live_storage *out, ct_live *live);

// ---- events
// -------------------------------------------------------------------------------------------------------
// Who listens gets each event once it is durable, from the thread that brought it or ticks, one
// event at a time: "observation" {"d":[[device, value, time in ms, state], ...]} (up to 500
// devices, joined: sent 5 times a second, ct_live_tick sends what waits) and "alarm" (the alarm's
// object). An alarm that a batch both raised and cleared is told once, cleared. `event` must not
// call this module. The HTTP server keeps the ring that clients follow. Set it before the first
// ct_live_take.
void ct_live_listen(ct_live *live,
                    void (*event)(void *context, const char *type, const char *json, size_t length),
                    void *context);

#endif
