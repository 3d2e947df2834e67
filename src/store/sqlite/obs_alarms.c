// Alarms: written with the observations that raised them, listed newest first.
#include "store/sqlite/obs_internal.h"

static void bind_alarm(sqlite3_stmt *stmt, const ct_alarm *a) {
    sqlite3_bind_text(stmt, 1, a->device, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, a->property, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, a->rule, -1, SQLITE_STATIC);
    sqlite3_bind_int(stmt, 4, a->severity);
    sqlite3_bind_int(stmt, 5, (int)a->state);
    sqlite3_bind_int64(stmt, 6, a->raised_us);
    sqlite3_bind_int64(stmt, 7, a->acknowledged_us);
    sqlite3_bind_int64(stmt, 8, a->cleared_us);
    sqlite3_bind_double(stmt, 9, a->value);
    sqlite3_bind_text(stmt, 10, a->acknowledged_by, -1, SQLITE_STATIC);
}

static ct_err write_alarm(ct_store__conn *conn, ct_alarm *a) {
    static const char insert[] =
        "INSERT INTO "
        "alarms(device,property,rule,severity,state,raised_us,acknowledged_us,cleared_us,value,"
        "acknowledged_by) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)";
    static const char update[] =
        "UPDATE alarms SET "
        "device=?1,property=?2,rule=?3,severity=?4,state=?5,raised_us=?6,acknowledged_us=?7,"
        "cleared_us=?8,value=?9,acknowledged_by=?10 WHERE id=?11";
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_obs__name_check("alarm's device", a->device));
    CT_TRY(ct_obs__name_check("alarm's property", a->property));
    CT_TRY(ct_obs__name_check("alarm's rule", a->rule));
    CT_TRY(ct_store__prepare(&stmt, conn, a->id == 0 ? insert : update));
    bind_alarm(stmt, a);
    if (a->id != 0) sqlite3_bind_int64(stmt, 11, a->id);
    ct_err err = ct_store__run(conn, stmt);
    if (err == CT_OK && a->id != 0 && sqlite3_changes(conn->db) == 0) {
        err = ct_fail(CT_NOTFOUND, "there is no alarm %lld", (long long)a->id);
    }
    if (err == CT_OK && a->id == 0) a->id = sqlite3_last_insert_rowid(conn->db);
    ct_store__done(conn, stmt);
    return err;
}

ct_err ct_obs__alarms_write(ct_store__conn *conn, ct_alarm *alarms, size_t n) {
    for (size_t i = 0; i < n; ++i) CT_TRY(write_alarm(conn, &alarms[i]));
    return CT_OK;
}

static ct_err visit_alarms(ct_store__conn *conn, sqlite3_stmt *stmt,
                           ct_err (*visit)(void *context, const ct_alarm *alarm), void *context) {
    for (;;) {
        bool row = false;
        CT_TRY(ct_store__step(conn, stmt, &row));
        if (!row) return CT_OK;
        const ct_alarm a = {
            .id = sqlite3_column_int64(stmt, 0),
            .device = (const char *)sqlite3_column_text(stmt, 1),
            .property = (const char *)sqlite3_column_text(stmt, 2),
            .rule = (const char *)sqlite3_column_text(stmt, 3),
            .severity = sqlite3_column_int(stmt, 4),
            .state = (ct_alarm_state)sqlite3_column_int(stmt, 5),
            .raised_us = sqlite3_column_int64(stmt, 6),
            .acknowledged_us = sqlite3_column_int64(stmt, 7),
            .cleared_us = sqlite3_column_int64(stmt, 8),
            .value = sqlite3_column_double(stmt, 9),
            .acknowledged_by = (const char *)sqlite3_column_text(stmt, 10),
        };
        if (!a.device || !a.property || !a.rule) return ct_fail(CT_NOMEM, "no memory for a text");
        CT_TRY(visit(context, &a));
    }
}

ct_err ct_obs_alarms(ct_obs *obs, bool open_only, int64_t limit,
                     ct_err (*visit)(void *context, const ct_alarm *alarm), void *context) {
#define COLUMNS                                                                                    \
    "SELECT "                                                                                      \
    "id,device,property,rule,severity,state,raised_us,acknowledged_us,cleared_us,value,"           \
    "acknowledged_by "                                                                             \
    "FROM alarms "
    ct_store__conn *conn = NULL;
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__pool_take(&conn, &obs->readers));
    ct_err err = ct_store__prepare(&stmt, conn,
                                   open_only ? COLUMNS
                                       "WHERE state<>2 ORDER BY raised_us DESC,id DESC LIMIT ?1"
                                             : COLUMNS "ORDER BY raised_us DESC,id DESC LIMIT ?1");
    if (err == CT_OK) {
        sqlite3_bind_int64(stmt, 1, limit);
        err = visit_alarms(conn, stmt, visit, context);
        ct_store__done(conn, stmt);
    }
    ct_store__pool_give(&obs->readers, conn);
    return err;
#undef COLUMNS
}

ct_err ct_obs_alarm_state(ct_obs *obs, int64_t id, ct_alarm_state *out) {
    ct_store__conn *conn = NULL;
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    CT_TRY(ct_store__pool_take(&conn, &obs->readers));
    ct_err err = ct_store__prepare(&stmt, conn, "SELECT state FROM alarms WHERE id=?1");
    if (err == CT_OK) {
        sqlite3_bind_int64(stmt, 1, id);
        err = ct_store__step(conn, stmt, &row);
        if (err == CT_OK && !row)
            err = ct_fail(CT_NOTFOUND, "there is no alarm %lld", (long long)id);
        if (err == CT_OK) *out = (ct_alarm_state)sqlite3_column_int(stmt, 0);
        ct_store__done(conn, stmt);
    }
    ct_store__pool_give(&obs->readers, conn);
    return err;
}
