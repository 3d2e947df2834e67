// The dictionary of series: a number for each (device, property), in memory and in the file.
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "store/sqlite/obs_internal.h"

ct_err ct_obs__name_check(const char *what, const char *name) {
    const size_t n = name ? strnlen(name, CT_OBS_NAME_MAX + 1) : 0;
    if (n == 0 || n > CT_OBS_NAME_MAX) {
        return ct_fail(CT_RANGE, "observation: the %s has 1 to %d bytes", what, CT_OBS_NAME_MAX);
    }
    return CT_OK;
}

ct_err ct_obs__value_check(const ct_observation *row) {
    if (!isfinite(row->value))
        return ct_fail(CT_RANGE, "observation of %.127s: not a finite number", row->device);
    if (row->quality < 0 || row->quality > 2)
        return ct_fail(CT_RANGE, "observation of %.127s: quality %d", row->device, row->quality);
    return CT_OK;
}

void ct_obs__dictionary_fini(ct_obs__dictionary *d) {
    ct_arena_free(d->arena);
    ct_free(d->series);
    ct_free(d->slots);
    *d = (ct_obs__dictionary){0};
}

static uint64_t hash_of(const char *device, const char *property) {
    return ct_hash_bytes(device, strlen(device)).low * 31 +
           ct_hash_bytes(property, strlen(property)).low;
}

// The slot of the pair, or the free one where it belongs.
static size_t find_slot(const ct_obs__dictionary *d, const char *device, const char *property) {
    const size_t mask = d->n_slots - 1;
    size_t at = (size_t)hash_of(device, property) & mask;
    while (d->slots[at]) {
        const ct_obs__series *s = &d->series[d->slots[at] - 1];
        if (strcmp(s->device, device) == 0 && strcmp(s->property, property) == 0) break;
        at = (at + 1) & mask;
    }
    return at;
}

// Room for one more; the table stays at most half full.
static ct_err grow(ct_obs__dictionary *d) {
    if (d->n < d->room) return CT_OK;
    if (d->n >= CT_OBS__MAX_SERIES)
        return ct_fail(CT_LIMIT, "observations: more than %d series", CT_OBS__MAX_SERIES);
    const size_t room = d->room ? 2 * d->room : 1024;
    ct_obs__series *series = ct_realloc(d->series, room * sizeof *series);
    if (!series) return CT_NOMEM;
    d->series = series;
    uint32_t *slots = ct_calloc(2 * room, sizeof *slots);
    if (!slots) return CT_NOMEM;
    ct_free(d->slots);
    d->slots = slots;
    d->n_slots = 2 * room;
    d->room = room;
    for (size_t i = 0; i < d->n; ++i)
        d->slots[find_slot(d, series[i].device, series[i].property)] = (uint32_t)i + 1;
    return CT_OK;
}

static ct_err add(ct_obs__dictionary *d, const char *device, const char *property, int64_t number,
                  int64_t last_us) {
    CT_TRY(grow(d));
    const char *own_device = ct_arena_strdup(d->arena, device),
               *own_property = ct_arena_strdup(d->arena, property);
    if (!own_device || !own_property) return CT_NOMEM;
    const size_t slot = find_slot(d, device, property);
    d->series[d->n++] = (ct_obs__series){own_device, own_property, number, last_us};
    d->slots[slot] = (uint32_t)d->n;
    return CT_OK;
}

ct_err ct_obs__dictionary_load(ct_obs__dictionary *d, ct_store__conn *conn) {
    ct_obs__dictionary fresh = {.arena = ct_arena_new(1U << 16, 0)};
    sqlite3_stmt *stmt = NULL;
    bool row = true;
    ct_err err = fresh.arena ? grow(&fresh) : CT_NOMEM;
    if (err == CT_OK) {
        err = ct_store__prepare(
            &stmt, conn,
            "SELECT device,property,series,(SELECT time_us FROM last l WHERE l.series=s.series) "
            "FROM series s ORDER BY series");
    }
    while (err == CT_OK && row) {
        err = ct_store__step(conn, stmt, &row);
        if (err != CT_OK || !row) break;
        const char *device = (const char *)sqlite3_column_text(stmt, 0);
        const char *property = (const char *)sqlite3_column_text(stmt, 1);
        const bool has_last = sqlite3_column_type(stmt, 3) != SQLITE_NULL;
        err = device && property ? add(&fresh, device, property, sqlite3_column_int64(stmt, 2),
                                       has_last ? sqlite3_column_int64(stmt, 3) : INT64_MIN)
                                 : ct_fail(CT_NOMEM, "no memory for a text");
    }
    ct_store__done(conn, stmt);
    if (err == CT_OK) {
        ct_obs__dictionary_fini(d);
        *d = fresh;
    } else {
        ct_obs__dictionary_fini(&fresh);
    }
    return err;
}

ct_err ct_obs__series_get(size_t *out, ct_obs__dictionary *d, ct_store__conn *conn,
                          const char *device, const char *property) {
    CT_TRY(ct_obs__name_check("device", device));
    CT_TRY(ct_obs__name_check("property", property));
    const uint32_t known = d->slots[find_slot(d, device, property)];
    if (known) {
        *out = known - 1;
        return CT_OK;
    }
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    // Another program may have made it since: then its number comes back.
    CT_TRY(ct_store__prepare(
        &stmt, conn,
        "INSERT INTO series(device,property) VALUES(?1,?2) "
        "ON CONFLICT(device,property) DO UPDATE SET device=excluded.device RETURNING series"));
    sqlite3_bind_text(stmt, 1, device, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, property, -1, SQLITE_STATIC);
    ct_err err = ct_store__step(conn, stmt, &row);
    const int64_t number = err == CT_OK && row ? sqlite3_column_int64(stmt, 0) : 0;
    ct_store__done(conn, stmt);
    if (err == CT_OK) err = add(d, device, property, number, INT64_MIN);
    if (err == CT_OK) *out = d->n - 1;
    return err;
}
