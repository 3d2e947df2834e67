// Care of the file of observations beside the appends: its log is kept short, and what is too old
// is deleted little by little.
#include "store/sqlite/obs_internal.h"

enum {
    LOG_HOME_PAGES = 8192, // of 4 KiB
    LOG_MAX_PAGES = 32768,
    READERS_MS = 250,    // that readers are waited for
    EXPIRE_SERIES = 1000 // looked at in one step
};

// ---- the log ------------------------------------------------------------------------------------
static int note_log(void *context, sqlite3 *db, const char *schema, int pages) {
    (void)db;
    (void)schema;
    ((ct_obs *)context)->log_pages = pages;
    return SQLITE_OK;
}

void ct_obs__watch_log(ct_obs *obs) {
    obs->log_home_pages = LOG_HOME_PAGES;
    obs->log_max_pages = obs->log_next_pages = LOG_MAX_PAGES;
    (void)sqlite3_wal_hook(obs->main->db, note_log, obs);
}

// A log starts anew only in a moment without a reader in it, and where many read there may be none:
// then this waits for those who read now; who comes later reads beside the log. A reader that takes
// long (a backup) is not waited for again before the log has grown by as much once more.
void ct_obs__shorten_log(ct_obs *obs) {
    if (obs->log_pages < obs->log_home_pages) return;
    sqlite3 *db = obs->main->db;
    if (obs->log_pages < obs->log_next_pages) {
        // What fails here is tried again after the next commit; the rows are safe in the log.
        (void)sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        return;
    }
    sqlite3_busy_timeout(db, READERS_MS);
    const int code = sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_RESTART, NULL, NULL);
    sqlite3_busy_timeout(db, CT_STORE__BUSY_MS);
    obs->log_next_pages =
        code == SQLITE_OK ? obs->log_max_pages : obs->log_pages + obs->log_max_pages;
}

// ---- age ----------------------------------------------------------------------------------------
typedef struct step {
    int64_t before_us;
    int64_t room; // rows that may still be deleted
    int64_t deleted;
    int64_t series; // the last one that is done
    bool all;       // no series is left
} step;

// The series after `after` and the time of its last value, before which all may go; 0 = none left.
static ct_err next_series(int64_t *series, int64_t *last_us, ct_store__conn *conn, int64_t after) {
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    CT_TRY(ct_store__prepare(&stmt, conn,
                             "SELECT s.series,l.time_us FROM series s LEFT JOIN last l "
                             "ON l.series=s.series WHERE s.series>?1 ORDER BY s.series LIMIT 1"));
    sqlite3_bind_int64(stmt, 1, after);
    const ct_err err = ct_store__step(conn, stmt, &row);
    if (err == CT_OK) {
        // Without a last value all its rows came too early to be believed.
        const bool has_last = row && sqlite3_column_type(stmt, 1) != SQLITE_NULL;
        *series = row ? sqlite3_column_int64(stmt, 0) : 0;
        *last_us = has_last ? sqlite3_column_int64(stmt, 1) : INT64_MAX;
    }
    ct_store__done(conn, stmt);
    return err;
}

// The time before which at most `room` of the series' rows lie, and no row that must stay.
static ct_err find_cut(int64_t *cut_us, ct_store__conn *conn, int64_t series, int64_t before_us,
                       int64_t room) {
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    CT_TRY(ct_store__prepare(&stmt, conn,
                             "SELECT time_us FROM obs WHERE series=?1 AND time_us<?2 "
                             "ORDER BY time_us LIMIT 1 OFFSET ?3"));
    sqlite3_bind_int64(stmt, 1, series);
    sqlite3_bind_int64(stmt, 2, before_us);
    sqlite3_bind_int64(stmt, 3, room);
    const ct_err err = ct_store__step(conn, stmt, &row);
    if (err == CT_OK) *cut_us = row ? sqlite3_column_int64(stmt, 0) : before_us;
    ct_store__done(conn, stmt);
    return err;
}

static ct_err delete_before(int *deleted, ct_store__conn *conn, const char *sql, int64_t series,
                            int64_t cut_us) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__prepare(&stmt, conn, sql));
    sqlite3_bind_int64(stmt, 1, series);
    sqlite3_bind_int64(stmt, 2, cut_us);
    const ct_err err = ct_store__run(conn, stmt);
    if (err == CT_OK) *deleted = sqlite3_changes(conn->db);
    ct_store__done(conn, stmt);
    return err;
}

static ct_err delete_rows(step *s, ct_store__conn *conn, int64_t series, int64_t cut_us) {
    int n = 0, ahead = 0;
    CT_TRY(
        delete_before(&n, conn, "DELETE FROM obs WHERE series=?1 AND time_us<?2", series, cut_us));
    if (n)
        CT_TRY(delete_before(&ahead, conn, "DELETE FROM ahead WHERE series=?1 AND time_us<?2",
                             series, cut_us));
    s->deleted += n;
    s->room -= n;
    return CT_OK;
}

static ct_err expire_series(step *s, ct_store__conn *conn) {
    for (int i = 0; i < EXPIRE_SERIES; i++) {
        int64_t series = 0, last_us = 0, cut_us = 0;
        CT_TRY(next_series(&series, &last_us, conn, s->series));
        s->all = series == 0;
        if (s->all) return CT_OK;
        const int64_t before_us = last_us < s->before_us ? last_us : s->before_us;
        CT_TRY(find_cut(&cut_us, conn, series, before_us, s->room));
        CT_TRY(delete_rows(s, conn, series, cut_us));
        if (cut_us < before_us) return CT_OK; // more of this series in the next step
        s->series = series;
    }
    return CT_OK;
}

static ct_err expire_alarms(ct_store__conn *conn, int64_t before_us, int64_t room) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__prepare(&stmt, conn,
                             "DELETE FROM alarms WHERE id IN (SELECT id FROM alarms WHERE "
                             "raised_us<?1 AND state=2 AND cleared_us<?1 LIMIT ?2)"));
    sqlite3_bind_int64(stmt, 1, before_us);
    sqlite3_bind_int64(stmt, 2, room);
    const ct_err err = ct_store__run(conn, stmt);
    ct_store__done(conn, stmt);
    return err;
}

static ct_err count_off(ct_store__conn *conn, int64_t n) {
    sqlite3_stmt *stmt = NULL;
    if (n == 0) return CT_OK;
    CT_TRY(ct_store__prepare(&stmt, conn, "UPDATE total SET n=n-?1"));
    sqlite3_bind_int64(stmt, 1, n);
    const ct_err err = ct_store__run(conn, stmt);
    ct_store__done(conn, stmt);
    return err;
}

static ct_err expire(step *s, ct_store__conn *conn) {
    const bool first = s->series == 0;
    CT_TRY(ct_store__exec(conn, "BEGIN IMMEDIATE"));
    ct_err err = first ? expire_alarms(conn, s->before_us, s->room) : CT_OK;
    if (err == CT_OK) err = expire_series(s, conn);
    if (err == CT_OK) err = count_off(conn, s->deleted);
    if (err == CT_OK) err = ct_store__exec(conn, "COMMIT");
    if (err != CT_OK && !sqlite3_get_autocommit(conn->db))
        (void)sqlite3_exec(conn->db, "ROLLBACK", NULL, NULL, NULL);
    return err;
}

ct_err ct_obs_expire(ct_obs *obs, int64_t before_us, int64_t max_rows, int64_t *place,
                     int64_t *deleted, bool *all) {
    step s = {.before_us = before_us, .room = max_rows, .series = *place};
    pthread_mutex_lock(&obs->lock);
    const ct_err err = expire(&s, obs->main);
    if (err == CT_OK) ct_obs__shorten_log(obs);
    pthread_mutex_unlock(&obs->lock);
    if (err != CT_OK) return err;
    *place = s.series;
    *deleted = s.deleted;
    *all = s.all;
    return CT_OK;
}
