// Taking observations. A batch, of one caller or several, is judged on copies of its devices,
// written, and only then becomes the state: what is shown and told is on disk.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "live/live_private.h"

#define PROPERTY_MAX 127 // bytes, as the store takes them

typedef struct copy {
    ct_device device;
    size_t index; // in the table
    size_t alarm; // place of its latest alarm in the batch, + 1; 0 = none
    bool changed;
    char by[CT_LIVE__BY_MAX]; // who acknowledged the alarm that was open before the batch
} copy;

typedef struct batch {
    int64_t now_us;
    ct_observation *rows;
    size_t n_rows;
    copy *copies;
    size_t n_copies;
    ct_alarm *alarms; // raised, changed or cleared, each once, as it is after the batch
    copy **alarm_of;  // the copy each belongs to
    size_t n_alarms;
} batch;

static void free_batch(batch *b) {
    ct_free(b->rows);
    ct_free(b->copies);
    ct_free(b->alarms);
    ct_free(b->alarm_of);
}

static ct_err alloc_batch(batch *b, size_t n_rows, size_t n_devices) {
    const size_t n_copies = n_rows < n_devices ? n_rows : n_devices;
    b->rows = ct_calloc(n_rows, sizeof *b->rows);
    b->copies = ct_calloc(n_copies, sizeof *b->copies);
    // A row may end an open alarm and begin another. Only the one that was open before the batch
    // is there beside those that rows began.
    b->alarms = ct_calloc(n_rows + n_copies, sizeof *b->alarms);
    b->alarm_of = ct_calloc(n_rows + n_copies, sizeof *b->alarm_of);
    return b->rows && b->copies && b->alarms && b->alarm_of ? CT_OK : CT_NOMEM;
}

// An alarm that changes twice within the batch is written once, as it came out.
static void put_alarm(batch *b, copy *c) {
    if (!c->alarm) c->alarm = ++b->n_alarms;
    ct_alarm *alarm = &b->alarms[c->alarm - 1];
    *alarm = c->device.alarm;
    alarm->acknowledged_by = c->device.by[0] ? c->by : NULL;
    b->alarm_of[c->alarm - 1] = c;
}

static void clear_alarm(batch *b, copy *c, int64_t time_us) {
    c->device.alarm.state = CT_ALARM_CLEARED;
    c->device.alarm.cleared_us = time_us;
    put_alarm(b, c);
    c->device.has_alarm = false;
}

static void raise_alarm(batch *b, copy *c, const char *rule, int severity,
                        const ct_observation *row) {
    ct_device *d = &c->device;
    d->by[0] = 0;
    d->alarm = (ct_alarm){.device = d->id,
                          .property = d->property,
                          .rule = rule,
                          .severity = severity,
                          .state = CT_ALARM_ACTIVE,
                          .raised_us = row->time_us,
                          .value = row->value};
    d->has_alarm = true;
    c->alarm = 0;
    put_alarm(b, c);
}

// Rows that come late, are sent again or lie too far ahead of our clock are history only. If our
// own clock was set back, what is known may lie ahead too: a believable time replaces it.
static bool is_news(const ct_device *d, int64_t time_us, int64_t now_us) {
    const int64_t believed_us = now_us + CT_LIVE__AHEAD_US;
    if (time_us > believed_us) return false;
    return !d->has_value || time_us > d->time_us || d->time_us > believed_us;
}

static void judge(batch *b, copy *c, const ct_observation *row) {
    ct_device *d = &c->device;
    if (strcmp(row->property, d->property) != 0)
        return; // stored, but not what the device is judged by
    if (!is_news(d, row->time_us, b->now_us)) return;
    d->has_value = true;
    d->silent = false;
    d->value = row->value;
    d->time_us = row->time_us;
    d->heard_us = b->now_us;
    d->quality = row->quality;
    c->changed = true;
    if (row->quality == 2) return; // a faulty value raises nothing and clears nothing
    int severity = 0;
    const char *rule = ct_live__broken_rule(&severity, d, row->value);
    const bool worse = rule && d->has_alarm && severity < d->alarm.severity;
    if (d->has_alarm && (worse || ct_live__is_over(d, row->value))) clear_alarm(b, c, row->time_us);
    if (rule && !d->has_alarm) raise_alarm(b, c, rule, severity, row);
}

static bool row_ok(const ct_observation *row, const char *property) {
    const size_t length = strnlen(property, PROPERTY_MAX + 1);
    return isfinite(row->value) && row->time_us > 0 && row->quality >= 0 && row->quality <= 2 &&
           length > 0 && length <= PROPERTY_MAX;
}

static copy *copy_of(batch *b, ct_device_table *table, ct_device *d) {
    if (!d->batch_slot) {
        copy *c = &b->copies[b->n_copies];
        c->device = *d;
        c->index = (size_t)(d - table->devices);
        memcpy(c->by, d->by, sizeof c->by);
        d->batch_slot = ++b->n_copies;
    }
    return &b->copies[d->batch_slot - 1];
}

static ct_err judge_rows(batch *b, ct_device_table *table, const ct_observation *rows,
                         size_t n_rows) {
    ct_err err = CT_OK;
    for (size_t i = 0; i < n_rows && err == CT_OK; i++) {
        ct_device *d = rows[i].device ? ct_live__find(table, rows[i].device) : NULL;
        if (!d) continue;
        const char *property = rows[i].property ? rows[i].property : d->property;
        bool may = row_ok(&rows[i], property);
        if (may) err = ct_live__may_report(&may, table, d, property);
        if (!may || err != CT_OK) continue;
        ct_observation *row = &b->rows[b->n_rows++];
        *row = rows[i];
        row->device = d->id;
        row->property = property;
        judge(b, copy_of(b, table, d), row);
    }
    return err;
}

static void forget_slots(const batch *b, ct_device_table *table) {
    for (size_t i = 0; i < b->n_copies; i++) table->devices[b->copies[i].index].batch_slot = 0;
}

// With take held: the copies become the state; the numbers of new alarms come from the store.
static void publish(ct_live *live, const batch *b) {
    pthread_mutex_lock(&live->state);
    for (size_t i = 0; i < b->n_copies; i++) {
        copy *c = &b->copies[i];
        if (c->device.has_alarm && c->alarm) c->device.alarm.id = b->alarms[c->alarm - 1].id;
        live->table.devices[c->index] = c->device;
        if (c->changed) ct_live__mark_untold(&live->table, c->index);
    }
    live->observations += (int64_t)b->n_rows;
    pthread_mutex_unlock(&live->state);
    for (size_t i = 0; i < b->n_alarms; i++)
        ct_live__tell_alarm(live, &b->alarms[i], &b->alarm_of[i]->device);
}

ct_err ct_live__take_parts(ct_live *live, ct_live__part *first) {
    batch b = {0};
    size_t n_rows = 0;
    for (const ct_live__part *p = first; p; p = p->next) n_rows += p->n_rows;
    pthread_mutex_lock(&live->take);
    b.now_us = ct_clock_now_us(live->clock);
    ct_err err = alloc_batch(&b, n_rows, live->table.n);
    for (ct_live__part *p = first; p && err == CT_OK; p = p->next) {
        const size_t before = b.n_rows;
        err = judge_rows(&b, &live->table, p->rows, p->n_rows);
        p->refused = p->n_rows - (b.n_rows - before);
    }
    forget_slots(&b, &live->table);
    const int64_t begun_us = ct_clock_mono_us(ct_clock_real());
    if (err == CT_OK && b.n_rows)
        err = ct_obs_append_believed(live->obs, b.rows, b.n_rows, b.now_us + CT_LIVE__AHEAD_US,
                                     b.alarms, b.n_alarms);
    if (b.n_rows) ct_live__note_write(live, err);
    ct_live__note_commit(live, err, n_rows, b.n_rows, ct_clock_mono_us(ct_clock_real()) - begun_us);
    if (err == CT_OK) publish(live, &b);
    pthread_mutex_unlock(&live->take);
    free_batch(&b);
    return err;
}
