// Live state of the devices: observations come in (MQTT, HTTP), are stored durably, judged against thresholds and told to
// everybody who listens.
#ifndef CT_LIVE_LIVE_H
#define CT_LIVE_LIVE_H

#include "base/clock.h"
#include "store/obs.h"
#include "store/store.h"

typedef struct ct_live ct_live; // thread-safe

// Loads devices, last values and open alarms. `clock` borrowed.
CT_CHECKED ct_err ct_live_open(ct_live **out, ct_store *store, ct_clock *clock);
void              ct_live_close(ct_live *live);

// Takes a batch: unknown devices and broken rows are counted and skipped (*refused), the rest is durable on return, with
// the alarms it raised or cleared. `property` NULL = the device's own.
CT_CHECKED ct_err ct_live_take(ct_live *live, const ct_observation *rows, size_t n_rows, size_t *refused);
// Parses a payload (object or array, see README "devices") for one device (NULL = each row names its own) and appends to
// `rows` in the arena. CT_PARSE naming the row and field.
CT_CHECKED ct_err ct_live_parse(ct_observation **rows, size_t *n_rows, ct_arena *arena, const char *device,
                                const char *json, size_t length);
CT_CHECKED ct_err ct_live_acknowledge(ct_live *live, int64_t alarm_id, const char *by); // CT_NOTFOUND; CT_ARG: cleared
CT_CHECKED ct_err ct_live_devices_changed(ct_live *live); // reloads devices after an edit
// Call about once a second: silent devices (no value for 3 intervals), coalesced events.
CT_CHECKED ct_err ct_live_tick(ct_live *live);

// JSON answers of /live/... appended to `out`.
CT_CHECKED ct_err ct_live_write_devices(ct_buf *out, ct_live *live);
CT_CHECKED ct_err ct_live_write_device(ct_buf *out, ct_live *live, const char *device);
CT_CHECKED ct_err ct_live_write_history(ct_buf *out, ct_live *live, const char *device, const char *property,
                                        int64_t from_us, int64_t to_us, int64_t limit);
CT_CHECKED ct_err ct_live_write_alarms(ct_buf *out, ct_live *live, bool open_only);
void              ct_live_counts(ct_live *live, size_t *devices, size_t *silent, size_t *open_alarms,
                                 int64_t *observations);

// ---- events -------------------------------------------------------------------------------------------------------
// A ring of the last events, numbered from 1 for ever rising (across restarts: numbers start at the wall clock's
// milliseconds), which SSE clients follow.
typedef struct ct_events ct_events; // thread-safe
ct_events        *ct_live_events(ct_live *live); // borrowed
void              ct_events_publish(ct_events *events, const char *type, const char *json);
// Appends "id: ...\nevent: ...\ndata: ...\n\n" for every event after *last (0 = from now on: only moves *last), at most
// `max_bytes`. *lost: some were forgotten already and the client must reload.
CT_CHECKED ct_err ct_events_read(ct_buf *out, ct_events *events, int64_t *last, size_t max_bytes, bool *lost);
// Calls `wake` (from any thread, must be quick) after each publish, until ct_events_unlisten.
CT_CHECKED ct_err ct_events_listen(ct_events *events, void (*wake)(void *context), void *context);
void              ct_events_unlisten(ct_events *events, void *context);

#endif
