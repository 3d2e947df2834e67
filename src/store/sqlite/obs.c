// Observations: the file, and appending to it. A row's key is (series, time): history reads are one
// range, and a row that is sent again meets itself.
#include "store/obs.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "store/sqlite/obs_internal.h"

static const char tables[] =
    "CREATE TABLE series(series INTEGER PRIMARY KEY, device TEXT NOT NULL, property TEXT NOT NULL,"
    " UNIQUE(device, property));\n"
    "CREATE TABLE obs(series INTEGER NOT NULL, time_us INTEGER NOT NULL, value REAL NOT NULL, "
    "quality INTEGER NOT NULL,"
    " PRIMARY KEY(series, time_us)) WITHOUT ROWID;\n"
    "CREATE TABLE last(series INTEGER PRIMARY KEY, time_us INTEGER NOT NULL, value REAL NOT NULL,"
    " quality INTEGER NOT NULL);\n"
    "CREATE TABLE total(n INTEGER NOT NULL);\n"
    "INSERT INTO total VALUES(0);\n"
    "CREATE TABLE alarms(id INTEGER PRIMARY KEY AUTOINCREMENT, device TEXT NOT NULL, property TEXT "
    "NOT NULL,"
    " rule TEXT NOT NULL, severity INTEGER NOT NULL, state INTEGER NOT NULL, raised_us INTEGER NOT "
    "NULL,"
    " acknowledged_us INTEGER NOT NULL, cleared_us INTEGER NOT NULL, value REAL NOT NULL, "
    "acknowledged_by TEXT);\n"
    "CREATE INDEX alarms_open ON alarms(raised_us) WHERE state<>2;\n"
    "CREATE INDEX alarms_raised ON alarms(raised_us);\n"
    // for people who open the file in a database browser
    "CREATE VIEW observations AS SELECT device, property,"
    " strftime('%Y-%m-%dT%H:%M:%fZ', time_us / 1e6, 'unixepoch') AS time, value, quality"
    " FROM obs JOIN series USING(series);\n";

// Rows that were later than could be believed when they came: the newest of the others is the last
// value. Files of before this table get it when they are opened.
static const char ahead_table[] =
    "CREATE TABLE IF NOT EXISTS ahead(series INTEGER NOT NULL, time_us INTEGER NOT NULL,"
    " PRIMARY KEY(series, time_us)) WITHOUT ROWID";

// ---- opening ------------------------------------------------------------------------------------
static ct_err make_tables(ct_store__conn *conn) {
    char pragmas[96];
    (void)sqlite3_snprintf(sizeof pragmas, pragmas,
                           "PRAGMA application_id=%d; PRAGMA user_version=%d",
                           CT_OBS__APPLICATION_ID, CT_OBS__SCHEMA_VERSION);
    CT_TRY(ct_store__exec(conn, "PRAGMA journal_mode=WAL"));
    CT_TRY(ct_store__exec(conn, "BEGIN IMMEDIATE"));
    int64_t version = 0; // another process may have been first
    CT_TRY(ct_store__get_int(&version, conn, "PRAGMA user_version", NULL));
    if (version == 0) CT_TRY(ct_store__exec(conn, tables));
    if (version == 0) CT_TRY(ct_store__exec(conn, pragmas));
    return ct_store__exec(conn, "COMMIT");
}

static ct_err open_file(ct_obs *obs) {
    int64_t application = 0, version = 0, objects = 0;
    CT_TRY(ct_store__conn_open(&obs->main, obs->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
    CT_TRY(ct_store__exec(obs->main, CT_OBS__SETUP "; PRAGMA cache_size=-32768"));
    CT_TRY(ct_store__get_int(&application, obs->main, "PRAGMA application_id", NULL));
    CT_TRY(ct_store__get_int(&version, obs->main, "PRAGMA user_version", NULL));
    CT_TRY(ct_store__get_int(&objects, obs->main, "SELECT count(*) FROM sqlite_schema", NULL));
    if (application == 0 && version == 0 && objects == 0) {
        CT_TRY(make_tables(obs->main));
    } else if (application != CT_OBS__APPLICATION_ID) {
        return ct_fail(CT_CORRUPT, "%s is not a file of observations", obs->path);
    } else if (version > CT_OBS__SCHEMA_VERSION) {
        return ct_fail(
            CT_UNSUPPORTED,
            "%s has schema version %lld; this program knows up to %d: use a newer cimtwin",
            obs->path, (long long)version, CT_OBS__SCHEMA_VERSION);
    }
    CT_TRY(ct_store__exec(obs->main, ahead_table));
    ct_obs__watch_log(obs);
    return ct_obs__dictionary_load(&obs->dictionary, obs->main);
}

ct_err ct_obs_open(ct_obs **out, const char *path) {
    ct_obs *obs = ct_calloc(1, sizeof *obs);
    if (!obs) return CT_NOMEM;
    pthread_mutex_init(&obs->lock, NULL);
    obs->path = ct_strdup(path);
    ct_store__pool_init(&obs->readers, obs->path);
    obs->readers.setup = CT_OBS__SETUP;
    const ct_err err = obs->path ? open_file(obs) : CT_NOMEM;
    if (err == CT_OK) {
        *out = obs;
    } else {
        ct_obs_close(obs);
    }
    return err;
}

void ct_obs_close(ct_obs *obs) {
    if (!obs) return;
    ct_store__pool_fini(&obs->readers);
    ct_store__conn_close(obs->main);
    ct_obs__dictionary_fini(&obs->dictionary);
    ct_free(obs->path);
    pthread_mutex_destroy(&obs->lock);
    ct_free(obs);
}

// ---- appending ----------------------------------------------------------------------------------
typedef struct entry {
    int64_t number; // of the series
    int64_t time_us;
    size_t series; // place in the dictionary
    size_t row;    // place in the caller's rows
} entry;

// By key, and of equal keys the first given first: that one stays.
static int compare(const void *a, const void *b) {
    const entry *x = a, *y = b;
    if (x->number != y->number) return x->number < y->number ? -1 : 1;
    if (x->time_us != y->time_us) return x->time_us < y->time_us ? -1 : 1;
    return x->row < y->row ? -1 : 1;
}

static ct_err make_entries(entry *entries, ct_obs *obs, const ct_observation *rows, size_t n) {
    for (size_t i = 0; i < n; ++i) {
        const ct_observation *r = &rows[i];
        size_t series = 0;
        CT_TRY(ct_obs__series_get(&series, &obs->dictionary, obs->main, r->device, r->property));
        CT_TRY(ct_obs__value_check(r));
        entries[i] = (entry){obs->dictionary.series[series].number, r->time_us, series, i};
    }
    qsort(entries, n, sizeof *entries,
          compare); // rows of a series go into one page after the other
    return CT_OK;
}

static void bind_row(sqlite3_stmt *stmt, const entry *e, const ct_observation *r) {
    sqlite3_bind_int64(stmt, 1, e->number);
    sqlite3_bind_int64(stmt, 2, e->time_us);
    sqlite3_bind_double(stmt, 3, r->value);
    sqlite3_bind_int(stmt, 4, r->quality);
}

static ct_err insert_rows(ct_obs *obs, const entry *entries, const ct_observation *rows, size_t n) {
    sqlite3_stmt *stmt = NULL;
    int64_t added = 0;
    CT_TRY(ct_store__prepare(
        &stmt, obs->main,
        "INSERT OR IGNORE INTO obs(series,time_us,value,quality) VALUES(?1,?2,?3,?4)"));
    ct_err err = CT_OK;
    for (size_t i = 0; i < n && err == CT_OK; ++i) {
        bind_row(stmt, &entries[i], &rows[entries[i].row]);
        err = ct_store__run(obs->main, stmt);
        added += sqlite3_changes(obs->main->db);
    }
    ct_store__done(obs->main, stmt);
    CT_TRY(err);
    CT_TRY(ct_store__prepare(&stmt, obs->main, "UPDATE total SET n=n+?1"));
    sqlite3_bind_int64(stmt, 1, added);
    err = ct_store__run(obs->main, stmt);
    ct_store__done(obs->main, stmt);
    obs->n_new = added;
    return err;
}

// Once for a series: all its rows that are not believed, also those that once were (our own clock
// was set back since).
static ct_err note_ahead(ct_obs *obs, const entry *entries, size_t n, int64_t believed_us) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__prepare(&stmt, obs->main,
                             "INSERT OR IGNORE INTO ahead(series,time_us) "
                             "SELECT series,time_us FROM obs WHERE series=?1 AND time_us>?2"));
    ct_err err = CT_OK;
    for (size_t i = 0; i < n && err == CT_OK; ++i) {
        if (i + 1 < n && entries[i + 1].number == entries[i].number) continue;
        if (entries[i].time_us <= believed_us &&
            obs->dictionary.series[entries[i].series].last_us <= believed_us)
            continue;
        sqlite3_bind_int64(stmt, 1, entries[i].number);
        sqlite3_bind_int64(stmt, 2, believed_us);
        err = ct_store__run(obs->main, stmt);
    }
    ct_store__done(obs->main, stmt);
    return err;
}

// Of each series the first given row of its newest time that is believed, if that is newer than
// what is known.
static ct_err move_last(ct_obs *obs, const entry *entries, const ct_observation *rows, size_t n,
                        int64_t believed_us) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__prepare(
        &stmt, obs->main,
        "INSERT INTO last(series,time_us,value,quality) VALUES(?1,?2,?3,?4) "
        "ON CONFLICT(series) DO UPDATE SET time_us=excluded.time_us,value=excluded.value,"
        "quality=excluded.quality WHERE excluded.time_us>last.time_us OR last.time_us>?5"));
    ct_err err = CT_OK;
    size_t first = 0; // of the rows with this series and time
    for (size_t i = 0; i < n && err == CT_OK; ++i) {
        const entry *next = i + 1 < n ? &entries[i + 1] : NULL;
        if (i > 0 && (entries[i].number != entries[i - 1].number ||
                      entries[i].time_us != entries[i - 1].time_us))
            first = i;
        if (entries[i].time_us > believed_us) continue;
        if (next && next->number == entries[i].number && next->time_us <= believed_us) continue;
        ct_obs__series *s = &obs->dictionary.series[entries[i].series];
        if (entries[i].time_us <= s->last_us && s->last_us <= believed_us) continue;
        bind_row(stmt, &entries[first], &rows[entries[first].row]);
        sqlite3_bind_int64(stmt, 5, believed_us);
        err = ct_store__run(obs->main, stmt);
        s->last_us = entries[i].time_us;
    }
    ct_store__done(obs->main, stmt);
    return err;
}

static ct_err append(ct_obs *obs, const ct_observation *rows, size_t n, int64_t believed_us,
                     entry *entries, ct_alarm *alarms, size_t n_alarms) {
    if (obs->stale) {
        CT_TRY(ct_obs__dictionary_load(&obs->dictionary, obs->main));
        obs->stale = false;
    }
    CT_TRY(ct_store__begin_write(obs->main));
    ct_err err = make_entries(entries, obs, rows, n);
    if (err == CT_OK && n > 0) err = insert_rows(obs, entries, rows, n);
    if (err == CT_OK && n > 0) err = note_ahead(obs, entries, n, believed_us);
    if (err == CT_OK && n > 0) err = move_last(obs, entries, rows, n, believed_us);
    if (err == CT_OK) err = ct_obs__alarms_write(obs->main, alarms, n_alarms);
    if (err == CT_OK) err = ct_store__exec(obs->main, "COMMIT");
    if (err != CT_OK) {
        obs->stale = true;
        ct_store__undo(obs->main);
    }
    return err;
}

ct_err ct_obs_append(ct_obs *obs, const ct_observation *rows, size_t n_rows, ct_alarm *alarms,
                     size_t n_alarms) {
    return ct_obs_append_believed(obs, rows, n_rows, INT64_MAX, alarms, n_alarms);
}

static ct_err append_alone(ct_obs *obs, const ct_observation *rows, size_t n_rows,
                           int64_t believed_us, ct_alarm *alarms, size_t n_alarms, int64_t *n_new) {
    *n_new = 0;
    if (n_rows == 0 && n_alarms == 0) return CT_OK;
    entry *entries = ct_calloc(n_rows, sizeof *entries);
    int64_t *ids = ct_calloc(n_alarms, sizeof *ids);
    ct_err err = entries && ids ? CT_OK : CT_NOMEM;
    for (size_t i = 0; i < n_alarms && err == CT_OK; ++i) ids[i] = alarms[i].id;
    if (err == CT_OK) {
        pthread_mutex_lock(&obs->lock);
        obs->n_new = 0;
        err = append(obs, rows, n_rows, believed_us, entries, alarms, n_alarms);
        if (err == CT_OK) *n_new = obs->n_new;
        if (err == CT_OK) ct_obs__shorten_log(obs);
        pthread_mutex_unlock(&obs->lock);
        for (size_t i = 0; i < n_alarms && err != CT_OK; ++i)
            alarms[i].id = ids[i]; // nothing was stored
    }
    ct_free(entries);
    ct_free(ids);
    return err;
}

ct_err ct_obs_append_believed(ct_obs *obs, const ct_observation *rows, size_t n_rows,
                              int64_t believed_us, ct_alarm *alarms, size_t n_alarms) {
    int64_t n_new;
    return append_alone(obs, rows, n_rows, believed_us, alarms, n_alarms, &n_new);
}

ct_err ct_obs_append_many(ct_obs *obs, const ct_observation *rows, size_t n_rows,
                          int64_t believed_us, int64_t *n_new) {
    enum { PIECE = 50000 };
    *n_new = 0;
    for (size_t i = 0; i < n_rows; i += PIECE) {
        const size_t n = n_rows - i < PIECE ? n_rows - i : PIECE;
        int64_t added;
        CT_TRY(append_alone(obs, rows + i, n, believed_us, NULL, 0, &added));
        *n_new += added;
    }
    return CT_OK;
}

static ct_err rewrite_total(ct_store__conn *conn) {
    CT_TRY(ct_store__exec(conn, "BEGIN IMMEDIATE"));
    // A page whose content does not change is not written.
    ct_err err = ct_store__exec(conn, "UPDATE total SET n=n+1; UPDATE total SET n=n-1");
    if (err == CT_OK) err = ct_store__exec(conn, "COMMIT");
    if (err != CT_OK && !sqlite3_get_autocommit(conn->db))
        (void)sqlite3_exec(conn->db, "ROLLBACK", NULL, NULL, NULL);
    return err;
}

ct_err ct_obs_try(ct_obs *obs) {
    pthread_mutex_lock(&obs->lock);
    const ct_err err = rewrite_total(obs->main);
    pthread_mutex_unlock(&obs->lock);
    return err;
}
