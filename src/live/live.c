// The live state: opening from what is stored, batches of observations, silence, acknowledgements.
#include "live/live.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "live/live_private.h"

#define SILENT_INTERVALS 3
#define OLD_ALARMS       100000 // cleared ones that an acknowledgement is looked up in

// ---- life
// ---------------------------------------------------------------------------------------------------------

static ct_err load_last(void *context, const ct_observation *row) {
    const ct_device_table *t = context;
    size_t i;
    if (!ct_strmap_get(&i, t->by_id, row->device)) return CT_OK;
    ct_device *d = &t->devices[i];
    if (strcmp(d->property, row->property) != 0) return CT_OK;
    d->has_value = true;
    d->value = row->value;
    d->quality = row->quality;
    d->time_us = row->time_us;
    return CT_OK;
}

// The rule's constant text, so that the alarm outlives the row it was read from.
static const char *rule_text(const char *rule) {
    static const char *const k_rules[] = {"red", "low", "yellow"};
    for (size_t i = 0; i < sizeof k_rules / sizeof *k_rules; i++)
        if (strcmp(k_rules[i], rule) == 0) return k_rules[i];
    return "yellow";
}

static void set_alarm(ct_device *d, const ct_alarm *alarm) {
    snprintf(d->by, sizeof d->by, "%s", alarm->acknowledged_by ? alarm->acknowledged_by : "");
    d->alarm = *alarm;
    d->alarm.device = d->id;
    d->alarm.property = d->property;
    d->alarm.rule = rule_text(alarm->rule);
    d->alarm.acknowledged_by = NULL; // copies of the device would point into the original: see `by`
    d->has_alarm = true;
}

static ct_err load_alarm(void *context, const ct_alarm *alarm) {
    const ct_device_table *t = context;
    size_t i;
    if (!ct_strmap_get(&i, t->by_id, alarm->device)) return CT_OK;
    ct_device *d = &t->devices[i];
    if (!d->has_alarm && strcmp(d->property, alarm->property) == 0) set_alarm(d, alarm);
    return CT_OK;
}

static ct_err load_state(ct_device_table *table, ct_obs *obs) {
    CT_TRY(ct_obs_last(obs, NULL, load_last, table));
    return ct_obs_alarms(obs, true, OLD_ALARMS, load_alarm, table);
}

static void judge_silence(ct_device_table *table, int64_t now_us) {
    for (size_t i = 0; i < table->n; i++) {
        ct_device *d = &table->devices[i];
        if (!d->has_value || d->interval_s <= 0) continue;
        const bool silent = (double)(now_us - d->time_us) > SILENT_INTERVALS * 1e6 * d->interval_s;
        if (silent != d->silent) d->told = false;
        d->silent = silent;
    }
}

ct_err ct_live_open(ct_live **out, ct_store *store, ct_clock *clock) {
    ct_live *live = ct_calloc(1, sizeof *live);
    if (!live) return CT_NOMEM;
    live->store = store;
    live->clock = clock;
    pthread_mutex_init(&live->take, NULL);
    pthread_mutex_init(&live->state, NULL);
    char *path = ct_store_file(store, "obs.sqlite");
    ct_err err = path ? ct_obs_open(&live->obs, path) : CT_NOMEM;
    ct_free(path);
    if (err == CT_OK) err = ct_live__load_table(&live->table, store);
    if (err == CT_OK) err = load_state(&live->table, live->obs);
    if (err != CT_OK) {
        ct_live_close(live);
        return err;
    }
    judge_silence(&live->table, ct_clock_now_us(clock));
    *out = live;
    return CT_OK;
}

void ct_live_close(ct_live *live) {
    if (!live) return;
    ct_live__free_table(&live->table);
    ct_obs_close(live->obs);
    pthread_mutex_destroy(&live->take);
    pthread_mutex_destroy(&live->state);
    ct_free(live);
}

void ct_live_listen(ct_live *live,
                    void (*event)(void *context, const char *type, const char *json, size_t length),
                    void *context) {
    live->event = event;
    live->event_context = context;
}

ct_err ct_live_devices_changed(ct_live *live) {
    ct_device_table table = {0};
    pthread_mutex_lock(&live->take);
    ct_err err = ct_live__load_table(&table, live->store);
    if (err == CT_OK) err = load_state(&table, live->obs);
    if (err == CT_OK) {
        judge_silence(&table, ct_clock_now_us(live->clock));
        pthread_mutex_lock(&live->state);
        const ct_device_table old = live->table;
        live->table = table;
        table = old;
        pthread_mutex_unlock(&live->state);
    }
    ct_live__free_table(&table);
    pthread_mutex_unlock(&live->take);
    return err;
}

// ---- batches
// ------------------------------------------------------------------------------------------------------

// A batch is judged on copies of its devices, written, and only then becomes the state: what is
// told is on disk.
typedef struct batch {
    ct_observation *rows;
    size_t n_rows;
    ct_device *copies;
    size_t *indexes; // of each copy in the table
    size_t n_copies;
    ct_alarm *alarms;   // raised, changed or cleared, in order; may name one twice
    size_t *alarm_copy; // the copy each belongs to
    size_t n_alarms;
} batch;

static void free_batch(batch *b) {
    ct_free(b->rows);
    ct_free(b->copies);
    ct_free(b->indexes);
    ct_free(b->alarms);
    ct_free(b->alarm_copy);
}

static ct_err alloc_batch(batch *b, size_t n_rows) {
    *b = (batch){0};
    b->rows = ct_calloc(n_rows, sizeof *b->rows);
    b->copies = ct_calloc(n_rows, sizeof *b->copies);
    b->indexes = ct_calloc(n_rows, sizeof *b->indexes);
    b->alarms = ct_calloc(2 * n_rows, sizeof *b->alarms); // a row may end one and begin another
    b->alarm_copy = ct_calloc(2 * n_rows, sizeof *b->alarm_copy);
    if (b->rows && b->copies && b->indexes && b->alarms && b->alarm_copy) return CT_OK;
    free_batch(b);
    return CT_NOMEM;
}

static void push_alarm(batch *b, size_t copy, const ct_alarm *alarm) {
    b->alarms[b->n_alarms] = *alarm;
    b->alarms[b->n_alarms].acknowledged_by = b->copies[copy].by[0] ? b->copies[copy].by : NULL;
    b->alarm_copy[b->n_alarms++] = copy;
}

static void clear_alarm(batch *b, size_t copy, int64_t time_us) {
    ct_device *d = &b->copies[copy];
    d->alarm.state = CT_ALARM_CLEARED;
    d->alarm.cleared_us = time_us;
    push_alarm(b, copy, &d->alarm);
    d->has_alarm = false;
}

static void raise_alarm(batch *b, size_t copy, const char *rule, int severity, double value,
                        int64_t time_us) {
    ct_device *d = &b->copies[copy];
    d->by[0] = 0;
    d->alarm = (ct_alarm){.device = d->id,
                          .property = d->property,
                          .rule = rule,
                          .severity = severity,
                          .state = CT_ALARM_ACTIVE,
                          .raised_us = time_us,
                          .value = value};
    d->has_alarm = true;
    push_alarm(b, copy, &d->alarm);
}

static void judge(batch *b, size_t copy, const ct_observation *row) {
    ct_device *d = &b->copies[copy];
    if (strcmp(row->property, d->property) != 0)
        return; // stored, but not what the device is judged by
    if (d->has_value && row->time_us < d->time_us) return; // late: history only
    d->has_value = true;
    d->silent = false;
    d->told = false;
    d->value = row->value;
    d->time_us = row->time_us;
    d->quality = row->quality;
    if (row->quality == 2) return; // a faulty value raises nothing and clears nothing
    int severity = 0;
    const char *rule = ct_live__broken_rule(&severity, d, row->value);
    if (rule && d->has_alarm && severity < d->alarm.severity)
        clear_alarm(b, copy, row->time_us); // it got worse
    if (rule && !d->has_alarm)
        raise_alarm(b, copy, rule, severity, row->value, row->time_us);
    else if (!rule && d->has_alarm && ct_live__is_over(d, row->value))
        clear_alarm(b, copy, row->time_us);
}

static bool row_ok(const ct_observation *row) {
    return row->device && isfinite(row->value) && row->time_us > 0 && row->quality >= 0 &&
           row->quality <= 2;
}

static void judge_rows(batch *b, ct_device_table *table, const ct_observation *rows,
                       size_t n_rows) {
    for (size_t i = 0; i < n_rows; i++) {
        size_t index;
        if (!row_ok(&rows[i]) || !ct_strmap_get(&index, table->by_id, rows[i].device)) continue;
        ct_device *d = &table->devices[index];
        if (!d->batch_slot) {
            b->copies[b->n_copies] = *d;
            b->indexes[b->n_copies] = index;
            d->batch_slot = ++b->n_copies;
        }
        ct_observation *row = &b->rows[b->n_rows++];
        *row = rows[i];
        row->device = d->id;
        if (!row->property) row->property = d->property;
        judge(b, d->batch_slot - 1, row);
    }
    for (size_t i = 0; i < b->n_copies; i++) table->devices[b->indexes[i]].batch_slot = 0;
}

// An alarm that was raised and cleared within the batch went to the store as one row: the last word
// on it counts, and a new one has no number before the store gave it.
static void join_alarms(batch *b) {
    size_t kept = 0;
    for (size_t i = 0; i < b->n_alarms; i++) {
        size_t j = 0;
        while (j < kept && (b->alarm_copy[j] != b->alarm_copy[i] ||
                            b->alarms[j].raised_us != b->alarms[i].raised_us ||
                            b->alarms[j].rule != b->alarms[i].rule))
            j++;
        b->alarms[j] = b->alarms[i];
        b->alarm_copy[j] = b->alarm_copy[i];
        if (j == kept) kept++;
    }
    b->n_alarms = kept;
}

// With both locks held: the copies become the state; new alarms' numbers come from the store.
static void publish(ct_live *live, batch *b) {
    for (size_t i = 0; i < b->n_alarms; i++) {
        ct_device *d = &b->copies[b->alarm_copy[i]];
        if (d->has_alarm && d->alarm.raised_us == b->alarms[i].raised_us &&
            d->alarm.rule == b->alarms[i].rule)
            d->alarm.id = b->alarms[i].id;
    }
    for (size_t i = 0; i < b->n_copies; i++) live->table.devices[b->indexes[i]] = b->copies[i];
    live->observations += (int64_t)b->n_rows;
}

ct_err ct_live_take(ct_live *live, const ct_observation *rows, size_t n_rows, size_t *refused) {
    batch b;
    CT_TRY(alloc_batch(&b, n_rows));
    pthread_mutex_lock(&live->take); // the table changes under this lock only, so it may be read
    judge_rows(&b, &live->table, rows, n_rows);
    join_alarms(&b);
    const ct_err err =
        b.n_rows ? ct_obs_append(live->obs, b.rows, b.n_rows, b.alarms, b.n_alarms) : CT_OK;
    if (err == CT_OK) {
        pthread_mutex_lock(&live->state);
        publish(live, &b);
        pthread_mutex_unlock(&live->state);
        for (size_t i = 0; i < b.n_alarms; i++)
            ct_live__tell_alarm(live, &b.alarms[i], &b.copies[b.alarm_copy[i]]);
        *refused = n_rows - b.n_rows;
    }
    pthread_mutex_unlock(&live->take);
    free_batch(&b);
    if (err == CT_OK) ct_live__tell_observations(live);
    return err;
}

ct_err ct_live_tick(ct_live *live) {
    pthread_mutex_lock(&live->take);
    pthread_mutex_lock(&live->state);
    judge_silence(&live->table, ct_clock_now_us(live->clock));
    pthread_mutex_unlock(&live->state);
    pthread_mutex_unlock(&live->take);
    ct_live__tell_observations(live);
    return CT_OK;
}

// ---- acknowledging
// ------------------------------------------------------------------------------------------------

typedef struct search {
    int64_t id;
    bool found;
} search;

static ct_err match_alarm(void *context, const ct_alarm *alarm) {
    search *s = context;
    if (alarm->id == s->id) s->found = true;
    return CT_OK;
}

static ct_err explain_missing(ct_live *live, int64_t alarm_id) {
    search s = {alarm_id, false};
    CT_TRY(ct_obs_alarms(live->obs, false, OLD_ALARMS, match_alarm, &s));
    if (s.found) return ct_fail(CT_ARG, "alarm %lld is over already", (long long)alarm_id);
    return ct_fail(CT_NOTFOUND, "there is no alarm %lld", (long long)alarm_id);
}

static ct_err acknowledge(ct_live *live, ct_device *d, const char *by) {
    if (d->alarm.state == CT_ALARM_ACKNOWLEDGED) return CT_OK; // the first one counts
    ct_alarm changed = d->alarm;
    changed.state = CT_ALARM_ACKNOWLEDGED;
    changed.acknowledged_us = ct_clock_now_us(live->clock);
    changed.acknowledged_by = by;
    CT_TRY(ct_obs_append(live->obs, NULL, 0, &changed, 1));
    pthread_mutex_lock(&live->state);
    set_alarm(d, &changed);
    pthread_mutex_unlock(&live->state);
    ct_live__tell_alarm(live, &changed, d);
    return CT_OK;
}

ct_err ct_live_acknowledge(ct_live *live, int64_t alarm_id, const char *by) {
    if (!by || !*by || strlen(by) >= CT_LIVE_BY_MAX)
        return ct_fail(CT_PARSE, "by: a name of 1 to %d bytes is needed", CT_LIVE_BY_MAX - 1);
    pthread_mutex_lock(&live->take);
    ct_device *found = NULL;
    for (size_t i = 0; i < live->table.n && !found; i++)
        if (live->table.devices[i].has_alarm && live->table.devices[i].alarm.id == alarm_id)
            found = &live->table.devices[i];
    const ct_err err = found ? acknowledge(live, found, by) : explain_missing(live, alarm_id);
    pthread_mutex_unlock(&live->take);
    return err;
}
