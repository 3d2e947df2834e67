// Telling what a check found.
#include "store/sqlite/findings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

void ct_store__found(ct_store__findings *f, const char *format, ...) {
    char line[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    f->problems++;
    f->report(f->context, line);
}

// SQLite's integrity check tells of a page that could not be read as if it were damage: a disk or
// a memory that fails is no finding about the twin.
static ct_err page_error(const char *line, sqlite3 *db) {
    static const char mark[] = "unable to get the page. error code=";
    const char *at = strstr(line, mark);
    const long code = at ? strtol(at + sizeof mark - 1, NULL, 10) & 0xff : SQLITE_OK;
    if (code != SQLITE_IOERR && code != SQLITE_NOMEM) return CT_OK;
    return ct_fail(code == SQLITE_IOERR ? CT_IO : CT_NOMEM, "%s: a page cannot be read: %s",
                   ct_path_name(sqlite3_db_filename(db, "main")), sqlite3_errstr((int)code));
}

ct_err ct_store__each_finding(ct_store__findings *f, ct_store__conn *conn, const char *sql) {
    sqlite3_stmt *stmt = NULL;
    bool row = true;
    CT_TRY(ct_store__prepare(&stmt, conn, sql));
    ct_err err = CT_OK;
    while (err == CT_OK && row) {
        err = ct_store__step(conn, stmt, &row);
        const char *line = err == CT_OK && row ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
        if (line) err = page_error(line, conn->db);
        if (line && err == CT_OK) ct_store__found(f, "%s", line);
    }
    ct_store__done(conn, stmt);
    return err;
}
