// Connections to SQLite files: opening, error texts and the cache of prepared statements.
#include "store/sqlite/conn.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/store.h"

static ct_err error_of(int code) {
    switch (code & 0xff) {
    case SQLITE_NOMEM: return CT_NOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return CT_BUSY;
    case SQLITE_FULL: return CT_DISKFULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return CT_CORRUPT;
    case SQLITE_CONSTRAINT: return CT_RANGE;
    case SQLITE_INTERRUPT: return CT_CANCELLED;
    case SQLITE_TOOBIG: return CT_LIMIT;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY: return CT_IO;
    default: return CT_INTERNAL;
    }
}

// A disk without room fails more than writes: the index of the log cannot grow, a file not be made.
// Of one that is read-only SQLite says many things, with another system error or none.
static ct_err error_of_db(sqlite3 *db, const char *path) {
    const ct_err err = error_of(sqlite3_errcode(db));
    if (err != CT_IO) return err;
    const int reason = sqlite3_system_errno(db);
    if (reason == ENOSPC || reason == EDQUOT) return CT_DISKFULL;
    return path && ct_disk_read_only(path) ? CT_READONLY : CT_IO;
}

ct_err ct_store__sql_fail(sqlite3 *db, const char *what) {
    const char *path = sqlite3_db_filename(db, "main");
    const ct_err err = error_of_db(db, path);
    const char *name = path ? ct_path_name(path) : "database";
    if (err == CT_BUSY) return ct_fail(err, "%s: %s: another program is writing to it", name, what);
    if (err == CT_DISKFULL) return ct_fail(err, "%s: %s: the disk is full", name, what);
    if (err == CT_READONLY) return ct_fail(err, "%s: %s: the disk is read-only", name, what);
    const int reason = err == CT_IO ? sqlite3_system_errno(db) : 0;
    char text[128];
    return ct_fail(err, "%s: %s: %s%s%s", name, what, sqlite3_errmsg(db), reason ? ": " : "",
                   reason ? strerror_r(reason, text, sizeof text) : "");
}

void ct_store_program_begins(void) {
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); // refused where it is too late
}

ct_err ct_store__conn_open(ct_store__conn **out, const char *path, int flags) {
    ct_store__conn *conn = ct_calloc(1, sizeof *conn);
    ct_err err = CT_OK;
    if (!conn) return CT_NOMEM;
    if (sqlite3_open_v2(path, &conn->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        err = conn->db ? ct_fail(error_of_db(conn->db, path), "%s: cannot be opened: %s", path,
                                 sqlite3_errmsg(conn->db))
                       : ct_fail(CT_NOMEM, "%s: no memory", path);
        goto done;
    }
    sqlite3_busy_timeout(conn->db, CT_STORE__BUSY_MS);
    // a large import spills less, and its log does not stay as large for ever
    const char *pragmas =
        flags & SQLITE_OPEN_READWRITE
            ? "PRAGMA mmap_size=1073741824; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; "
              "PRAGMA cache_size=-65536; PRAGMA journal_size_limit=67108864"
            : "PRAGMA mmap_size=1073741824";
    if (sqlite3_exec(conn->db, pragmas, NULL, NULL, NULL) != SQLITE_OK)
        err = ct_store__sql_fail(conn->db, "opening");
done:
    if (err == CT_OK) {
        *out = conn;
    } else {
        ct_store__conn_close(conn);
    }
    return err;
}

void ct_store__conn_close(ct_store__conn *conn) {
    if (!conn) return;
    for (size_t i = 0; i < CT_STORE__STATEMENTS; ++i) sqlite3_finalize(conn->statements[i].stmt);
    sqlite3_close_v2(conn->db);
    ct_free(conn);
}

ct_err ct_store__exec(ct_store__conn *conn, const char *sql) {
    if (sqlite3_exec(conn->db, sql, NULL, NULL, NULL) == SQLITE_OK) return CT_OK;
    char what[64];
    (void)sqlite3_snprintf(sizeof what, what, "%.60s", sql);
    return ct_store__sql_fail(conn->db, what);
}

ct_err ct_store__begin_write(ct_store__conn *conn) {
    ct_store__undo(conn);
    CT_TRY(ct_store__exec(conn, "BEGIN IMMEDIATE"));
    if (sqlite3_db_readonly(conn->db, "main") != 1) return CT_OK;
    // SQLite opens a file that it may not write for reading, and says so with the first change.
    ct_store__undo(conn);
    const char *path = sqlite3_db_filename(conn->db, "main");
    if (ct_disk_read_only(path)) return ct_fail(CT_READONLY, "%s: the disk is read-only", path);
    return ct_fail(CT_IO, "%s: it may be read but not written", path);
}

// A statement that is run with every reader and is kept prepared.
static ct_err run_kept(ct_store__conn *conn, const char *sql) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__prepare(&stmt, conn, sql));
    const ct_err err = ct_store__run(conn, stmt);
    ct_store__done(conn, stmt);
    return err;
}

ct_err ct_store__begin_read(ct_store__conn *conn) {
    return run_kept(conn, "BEGIN");
}

void ct_store__end_read(ct_store__conn *conn) {
    if (!sqlite3_get_autocommit(conn->db)) (void)run_kept(conn, "ROLLBACK");
    ct_store__undo(conn);
}

// It may fail where memory does: whoever uses the connection next tries again.
void ct_store__undo(ct_store__conn *conn) {
    if (!sqlite3_get_autocommit(conn->db))
        (void)sqlite3_exec(conn->db, "ROLLBACK", NULL, NULL, NULL);
}

// ---- prepared statements ------------------------------------------------------------------------
ct_err ct_store__prepare(sqlite3_stmt **out, ct_store__conn *conn, const char *sql) {
    const size_t length = strlen(sql);
    const uint64_t hash = ct_hash_bytes(sql, length).low;
    ct_store__statement *place = NULL; // a free one, else the one longest unused
    for (size_t i = 0; i < CT_STORE__STATEMENTS; ++i) {
        ct_store__statement *s = &conn->statements[i];
        if (s->stmt && !s->out && s->hash == hash && strcmp(sqlite3_sql(s->stmt), sql) == 0) {
            s->out = true;
            s->used = ++conn->uses;
            *out = s->stmt;
            return CT_OK;
        }
        if (s->out) continue;
        if (!place || (place->stmt && (!s->stmt || s->used < place->used))) place = s;
    }
    if (!place) return ct_fail(CT_LIMIT, "more than %d statements at once", CT_STORE__STATEMENTS);
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v3(conn->db, sql, (int)length + 1, SQLITE_PREPARE_PERSISTENT, &stmt,
                           NULL) != SQLITE_OK) {
        return ct_store__sql_fail(conn->db, "prepare");
    }
    sqlite3_finalize(place->stmt);
    *place = (ct_store__statement){.stmt = stmt, .hash = hash, .used = ++conn->uses, .out = true};
    *out = stmt;
    return CT_OK;
}

void ct_store__done(ct_store__conn *conn, sqlite3_stmt *stmt) {
    if (!stmt) return;
    (void)sqlite3_reset(stmt); // repeats the error of the last step, which was reported then
    sqlite3_clear_bindings(stmt);
    for (size_t i = 0; i < CT_STORE__STATEMENTS; ++i) {
        if (conn->statements[i].stmt == stmt) {
            conn->statements[i].out = false;
            return;
        }
    }
}

ct_err ct_store__step(ct_store__conn *conn, sqlite3_stmt *stmt, bool *row) {
    const int code = sqlite3_step(stmt);
    if (code != SQLITE_ROW && code != SQLITE_DONE) return ct_store__sql_fail(conn->db, "step");
    *row = code == SQLITE_ROW;
    return CT_OK;
}

ct_err ct_store__run(ct_store__conn *conn, sqlite3_stmt *stmt) {
    bool row = false;
    const ct_err err = ct_store__step(conn, stmt, &row);
    (void)sqlite3_reset(stmt);
    return err;
}

ct_err ct_store__get_int(int64_t *out, ct_store__conn *conn, const char *sql, const char *text) {
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    CT_TRY(ct_store__prepare(&stmt, conn, sql));
    if (text) sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
    ct_err err = ct_store__step(conn, stmt, &row);
    if (err == CT_OK && !row)
        err = ct_fail(CT_NOTFOUND, "%s is not there", text ? text : "the row");
    if (err == CT_OK) *out = sqlite3_column_int64(stmt, 0);
    ct_store__done(conn, stmt);
    return err;
}

ct_err ct_store__get_text(char **out, ct_store__conn *conn, const char *sql, const char *text) {
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    CT_TRY(ct_store__prepare(&stmt, conn, sql));
    if (text) sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
    ct_err err = ct_store__step(conn, stmt, &row);
    if (err == CT_OK && (!row || sqlite3_column_type(stmt, 0) == SQLITE_NULL)) {
        err = ct_fail(CT_NOTFOUND, "%s is not there", text ? text : "the row");
    }
    if (err == CT_OK) {
        const char *value = (const char *)sqlite3_column_text(stmt, 0);
        char *copy = value ? ct_strdup(value) : NULL;
        if (copy) {
            *out = copy;
        } else {
            err = value ? CT_NOMEM : ct_fail(CT_NOMEM, "no memory for a text");
        }
    }
    ct_store__done(conn, stmt);
    return err;
}
