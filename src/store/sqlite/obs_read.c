// Reading observations and alarms; each read is one statement on a connection of its own, beside
// the writer.
#include "store/sqlite/backup.h"
#include "store/sqlite/findings.h"
#include "store/sqlite/obs_internal.h"

typedef ct_err row_visit(void *context, const ct_observation *row);

// Columns: device, property, time, value, quality.
static ct_err visit_rows(ct_store__conn *conn, sqlite3_stmt *stmt, row_visit *visit,
                         void *context) {
    bool row = true;
    for (;;) {
        CT_TRY(ct_store__step(conn, stmt, &row));
        if (!row) return CT_OK;
        const ct_observation o = {
            .device = (const char *)sqlite3_column_text(stmt, 0),
            .property = (const char *)sqlite3_column_text(stmt, 1),
            .time_us = sqlite3_column_int64(stmt, 2),
            .value = sqlite3_column_double(stmt, 3),
            .quality = sqlite3_column_int(stmt, 4),
        };
        if (!o.device || !o.property) return ct_fail(CT_NOMEM, "no memory for a text");
        CT_TRY(visit(context, &o));
    }
}

ct_err ct_obs_last(ct_obs *obs, const char *device, row_visit *visit, void *context) {
    static const char all[] =
        "SELECT device,property,time_us,value,quality FROM series JOIN last USING(series) "
        "ORDER BY device,property";
    static const char one[] =
        "SELECT device,property,time_us,value,quality FROM series JOIN last USING(series) "
        "WHERE device=?1 ORDER BY property";
    ct_store__conn *conn = NULL;
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__pool_take(&conn, &obs->readers));
    ct_err err = ct_store__prepare(&stmt, conn, device ? one : all);
    if (err == CT_OK) {
        if (device) sqlite3_bind_text(stmt, 1, device, -1, SQLITE_STATIC);
        err = visit_rows(conn, stmt, visit, context);
        ct_store__done(conn, stmt);
    }
    ct_store__pool_give(&obs->readers, conn);
    return err;
}

ct_err ct_obs_history(ct_obs *obs, const char *device, const char *property, int64_t from_us,
                      int64_t to_us, int64_t limit, row_visit *visit, void *context) {
    static const char sql[] =
        "SELECT ?1,?2,time_us,value,quality FROM obs WHERE series=(SELECT series FROM series WHERE "
        "device=?1 AND "
        "property=?2) AND time_us BETWEEN ?3 AND ?4 ORDER BY time_us DESC LIMIT ?5";
    ct_store__conn *conn = NULL;
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__pool_take(&conn, &obs->readers));
    ct_err err = ct_store__prepare(&stmt, conn, sql);
    if (err == CT_OK) {
        sqlite3_bind_text(stmt, 1, device, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 2, property, -1, SQLITE_STATIC);
        sqlite3_bind_int64(stmt, 3, from_us);
        sqlite3_bind_int64(stmt, 4, to_us);
        sqlite3_bind_int64(stmt, 5, limit);
        err = visit_rows(conn, stmt, visit, context);
        ct_store__done(conn, stmt);
    }
    ct_store__pool_give(&obs->readers, conn);
    return err;
}

ct_err ct_obs_count(ct_obs *obs, int64_t *rows) {
    ct_store__conn *conn = NULL;
    CT_TRY(ct_store__pool_take(&conn, &obs->readers));
    const ct_err err = ct_store__get_int(rows, conn, "SELECT n FROM total", NULL);
    ct_store__pool_give(&obs->readers, conn);
    return err;
}

ct_err ct_obs_backup(ct_obs *obs, const char *path) {
    ct_store__conn *conn = NULL;
    CT_TRY(ct_store__pool_take(&conn, &obs->readers));
    const ct_err err = ct_store__backup_file(conn, path, NULL, NULL);
    ct_store__pool_give(&obs->readers, conn);
    return err;
}

// ---- check --------------------------------------------------------------------------------------
ct_err ct_obs_check(ct_obs *obs, void (*report)(void *context, const char *line), void *context,
                    int *problems) {
    static const char *const tests[] = {
        "SELECT 'obs.sqlite: '||integrity_check FROM pragma_integrity_check WHERE "
        "integrity_check<>'ok'",
        "SELECT 'obs.sqlite: '||count(*)||' rows of an unknown series' FROM obs WHERE series NOT "
        "IN "
        "(SELECT series FROM series) HAVING count(*)>0",
        // A row that came too early to be believed may be newer; sent again in time it may be the
        // last.
        "SELECT 'obs.sqlite: the last value of '||device||' '||property||' is not its newest' FROM "
        "(SELECT device,property,"
        "(SELECT o.time_us FROM obs o WHERE o.series=s.series AND NOT EXISTS (SELECT 1 FROM ahead "
        "a "
        "WHERE a.series=o.series AND a.time_us=o.time_us) ORDER BY o.time_us DESC LIMIT 1) AS "
        "newest,"
        "(SELECT time_us FROM last l WHERE l.series=s.series) AS noted,"
        "(SELECT count(*) FROM obs o JOIN last l USING(series,time_us) WHERE l.series=s.series) AS "
        "there FROM series s) "
        "WHERE ifnull(noted<newest,noted IS NULL AND newest IS NOT NULL) OR "
        "(noted IS NOT NULL AND there=0)",
        "SELECT 'obs.sqlite: '||n||' rows are noted, '||(SELECT count(*) FROM obs)||' are there' "
        "FROM total "
        "WHERE n<>(SELECT count(*) FROM obs)",
    };
    ct_store__findings f = {report, context, 0};
    ct_store__conn *conn = NULL;
    CT_TRY(ct_store__pool_take(&conn, &obs->readers));
    ct_err err = ct_store__begin_read(conn);
    for (size_t i = 0; i < sizeof tests / sizeof *tests && err == CT_OK; ++i) {
        err = ct_store__each_finding(&f, conn, tests[i]);
        if (err == CT_CORRUPT) { // too damaged to be looked at any closer
            ct_store__found(&f, "%s", ct_err_message());
            err = CT_OK;
            break;
        }
    }
    ct_store__pool_give(&obs->readers, conn);
    if (err == CT_OK) *problems = f.problems;
    return err;
}
