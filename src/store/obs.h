// Observations of devices and the alarms they raise: X.ct.d/obs.sqlite (WAL, synchronous FULL). An
// append returns when the rows are on disk; callers bring many rows at once.
#ifndef CT_STORE_OBS_H
#define CT_STORE_OBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cimtwin/err.h"

#define CT_OBS_NAME_MAX 127 // bytes of a device id, a property, a rule

typedef struct ct_obs ct_obs; // thread-safe

typedef struct ct_observation {
    const char *device;   // feature id of the device
    const char *property; // what is observed: "water_level_m", "smoke", "temperature_c", ...
    int64_t time_us;      // when it was true, by the device's clock
    double value;
    int quality; // 0 good, 1 doubtful, 2 bad
} ct_observation;

typedef enum ct_alarm_state {
    CT_ALARM_ACTIVE,
    CT_ALARM_ACKNOWLEDGED,
    CT_ALARM_CLEARED
} ct_alarm_state;

typedef struct ct_alarm {
    int64_t id; // 0 = new
    const char *device, *property, *rule;
    int severity; // 1 red (highest) .. 4 blue
    ct_alarm_state state;
    int64_t raised_us, acknowledged_us, cleared_us; // 0 = not yet
    double value;                                   // that raised it
    const char *acknowledged_by;
} ct_alarm;

CT_CHECKED ct_err ct_obs_open(ct_obs **out, const char *path); // makes the file
void ct_obs_close(ct_obs *obs);

// All rows and alarm changes in one durable transaction. A row that is there already (device,
// property, time) is not doubled: a publisher may send again. Last values move forward in time
// only. New alarms get their id set.
CT_CHECKED ct_err ct_obs_append(ct_obs *obs, const ct_observation *rows, size_t n_rows,
                                ct_alarm *alarms, size_t n_alarms);
// The same, but rows later than `believed_us` (a device clock that runs ahead) become history only:
// they are never the last value, and a last value later than that gives way.
CT_CHECKED ct_err ct_obs_append_believed(ct_obs *obs, const ct_observation *rows, size_t n_rows,
                                         int64_t believed_us, ct_alarm *alarms, size_t n_alarms);
// The same of many rows in pieces, each a transaction of its own, so that others may write between
// them; *n_new: how many are new. On failure the pieces before it stay, and *n_new tells of them.
CT_CHECKED ct_err ct_obs_append_many(ct_obs *obs, const ct_observation *rows, size_t n_rows,
                                     int64_t believed_us, int64_t *n_new);
// Deletes what is older than `before_us`, at most `max_rows` (from 1) values in one durable
// transaction: values, but the newest of each (device, property) whatever its age, and cleared
// alarms. *place is 0 to begin with and tells the next step where to go on; `*all` when nothing is
// left to look at. The file does not shrink: new values take the room.
CT_CHECKED ct_err ct_obs_expire(ct_obs *obs, int64_t before_us, int64_t max_rows, int64_t *place,
                                int64_t *deleted, bool *all);
// Whether the file takes writes: a durable transaction that changes nothing.
CT_CHECKED ct_err ct_obs_try(ct_obs *obs);
// Last value of every (device, property), or of one device. Visit may stop with an error.
CT_CHECKED ct_err ct_obs_last(ct_obs *obs, const char *device,
                              ct_err (*visit)(void *context, const ct_observation *row),
                              void *context);
// History of one (device, property), newest first, at most `limit` rows in [from, to].
CT_CHECKED ct_err ct_obs_history(ct_obs *obs, const char *device, const char *property,
                                 int64_t from_us, int64_t to_us, int64_t limit,
                                 ct_err (*visit)(void *context, const ct_observation *row),
                                 void *context);
// Alarms, newest first; `open_only` leaves cleared ones out.
CT_CHECKED ct_err ct_obs_alarms(ct_obs *obs, bool open_only, int64_t limit,
                                ct_err (*visit)(void *context, const ct_alarm *alarm),
                                void *context);
// State of one alarm. CT_NOTFOUND.
CT_CHECKED ct_err ct_obs_alarm_state(ct_obs *obs, int64_t id, ct_alarm_state *out);
CT_CHECKED ct_err ct_obs_count(ct_obs *obs, int64_t *rows);
// Consistent copy while in use (SQLite online backup), integrity check.
CT_CHECKED ct_err ct_obs_backup(ct_obs *obs, const char *path);
CT_CHECKED ct_err ct_obs_check(ct_obs *obs, void (*report)(void *context, const char *line),
                               void *context, int *problems);

#endif
