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
// durable on return, with the alarms it raised or cleared. `property` NULL = the device's own.
CT_CHECKED ct_err ct_live_take(ct_live *live, const ct_observation *rows, size_t n_rows,
                               size_t *refused);
// Parses a payload (object or array, see README "devices") for one device (NULL = each row names
// its own) and appends to `rows` in the arena. CT_PARSE naming the row and field.
CT_CHECKED ct_err ct_live_parse(ct_observation **rows, size_t *n_rows, ct_arena *arena,
                                const char *device, const char *json, size_t length);
CT_CHECKED ct_err ct_live_acknowledge(ct_live *live, int64_t alarm_id,
                                      const char *by);    // CT_NOTFOUND; CT_ARG: cleared
CT_CHECKED ct_err ct_live_devices_changed(ct_live *live); // reloads devices after an edit
// Call about five times a second: silent devices (no value for 3 intervals), joined events.
CT_CHECKED ct_err ct_live_tick(ct_live *live);

// JSON answers of /live/... appended to `out`.
CT_CHECKED ct_err ct_live_write_devices(ct_buf *out, ct_live *live);
CT_CHECKED ct_err ct_live_write_device(ct_buf *out, ct_live *live, const char *device);
CT_CHECKED ct_err ct_live_write_history(ct_buf *out, ct_live *live, const char *device,
                                        const char *property, int64_t from_us, int64_t to_us,
                                        int64_t limit);
CT_CHECKED ct_err ct_live_write_alarms(ct_buf *out, ct_live *live, bool open_only);
void ct_live_counts(ct_live *live, size_t *devices, size_t *silent, size_t *open_alarms,
                    int64_t *observations);

// ---- events
// -------------------------------------------------------------------------------------------------------
// Who listens gets each event once it is durable, from the thread that brought it: "observation"
// {"d":[[device, value, time in ms, state], ...]} (joined, at most 5 a second: ct_live_tick sends
// what waits) and "alarm" (the alarm's object). The HTTP server keeps the ring that clients follow.
// Set it before the first ct_live_take.
void ct_live_listen(ct_live *live,
                    void (*event)(void *context, const char *type, const char *json, size_t length),
                    void *context);

#endif
