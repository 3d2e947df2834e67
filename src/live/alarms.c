// Alarms from the file at the start, and people acknowledging them.
#include <string.h>

#include "live/live_private.h"

static void set_alarm(ct_device *d, const ct_alarm *alarm) {
    snprintf(d->by, sizeof d->by, "%s", alarm->acknowledged_by ? alarm->acknowledged_by : "");
    d->alarm = *alarm;
    d->alarm.device = d->id;
    d->alarm.property = d->property;
    d->alarm.rule = ct_live__rule_text(alarm->rule);
    d->alarm.acknowledged_by = NULL;
    d->has_alarm = true;
}

// ---- loading
// ------------------------------------------------------------------------------------------------------

typedef struct loader {
    ct_device_table *table;
    ct_alarm *orphans;
    size_t n_orphans;
    int64_t now_us;
} loader;

static ct_err keep_orphan(loader *l, const ct_alarm *alarm) {
    ct_arena *arena = l->table->arena;
    const size_t n = l->n_orphans;
    if ((n & (n - 1)) == 0) { // full at 0 (1), 1, 2, 4, ...
        ct_alarm *grown = ct_arena_calloc(arena, n ? 2 * n : 1, sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (n) memcpy(grown, l->orphans, n * sizeof *grown);
        l->orphans = grown;
    }
    ct_alarm *kept = &l->orphans[n];
    *kept = *alarm;
    kept->device = ct_arena_strdup(arena, alarm->device);
    kept->property = ct_arena_strdup(arena, alarm->property);
    kept->rule = ct_arena_strdup(arena, alarm->rule);
    if (alarm->acknowledged_by)
        kept->acknowledged_by = ct_arena_strdup(arena, alarm->acknowledged_by);
    if (!kept->device || !kept->property || !kept->rule ||
        (alarm->acknowledged_by && !kept->acknowledged_by))
        return CT_NOMEM;
    kept->state = CT_ALARM_CLEARED;
    kept->cleared_us = l->now_us;
    l->n_orphans++;
    return CT_OK;
}

static ct_err load_alarm(void *context, const ct_alarm *alarm) {
    loader *l = context;
    ct_device *d = ct_live__find(l->table, alarm->device);
    if (!d || d->has_alarm || strcmp(d->property, alarm->property) != 0)
        return keep_orphan(l, alarm);
    set_alarm(d, alarm);
    return CT_OK;
}

ct_err ct_live__load_alarms(ct_alarm **orphans, size_t *n_orphans, ct_device_table *table,
                            ct_obs *obs, int64_t now_us) {
    loader l = {.table = table, .now_us = now_us};
    CT_TRY(ct_obs_alarms(obs, true, INT64_MAX, load_alarm, &l));
    CT_TRY(ct_obs_append(obs, NULL, 0, l.orphans, l.n_orphans));
    *orphans = l.orphans;
    *n_orphans = l.n_orphans;
    return CT_OK;
}

// ---- acknowledging
// ------------------------------------------------------------------------------------------------

static ct_err explain_missing(ct_live *live, int64_t alarm_id) {
    ct_alarm_state state;
    CT_TRY(ct_obs_alarm_state(live->obs, alarm_id, &state));
    return ct_fail(CT_ARG, "alarm %lld is over already", (long long)alarm_id);
}

// With take held.
static ct_err acknowledge(ct_live *live, ct_device *d, const char *by) {
    if (d->alarm.state == CT_ALARM_ACKNOWLEDGED) return CT_OK; // the first one counts
    ct_alarm changed = d->alarm;
    changed.state = CT_ALARM_ACKNOWLEDGED;
    changed.acknowledged_us = ct_clock_now_us(live->clock);
    changed.acknowledged_by = by;
    const ct_err err = ct_obs_append(live->obs, NULL, 0, &changed, 1);
    ct_live__note_write(live, err);
    CT_TRY(err);
    pthread_mutex_lock(&live->state);
    set_alarm(d, &changed);
    pthread_mutex_unlock(&live->state);
    ct_live__tell_alarm(live, &changed, d);
    return CT_OK;
}

ct_err ct_live_acknowledge(ct_live *live, int64_t alarm_id, const char *by) {
    if (!by || !*by || strlen(by) >= CT_LIVE__BY_MAX)
        return ct_fail(CT_PARSE, "by: a name of 1 to %d bytes is needed", CT_LIVE__BY_MAX - 1);
    pthread_mutex_lock(&live->take);
    ct_device *found = NULL;
    for (size_t i = 0; i < live->table.n && !found; i++)
        if (live->table.devices[i].has_alarm && live->table.devices[i].alarm.id == alarm_id)
            found = &live->table.devices[i];
    const ct_err err = found ? acknowledge(live, found, by) : CT_OK;
    pthread_mutex_unlock(&live->take);
    return found ? err : explain_missing(live, alarm_id);
}
