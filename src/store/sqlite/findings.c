// Telling what a check found.
#include "store/sqlite/findings.h"

#include <stdio.h>

void ct_store__found(ct_store__findings *f, const char *format, ...) {
    char line[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    f->problems++;
    f->report(f->context, line);
}

ct_err ct_store__each_finding(ct_store__findings *f, ct_store__conn *conn, const char *sql) {
    sqlite3_stmt *stmt = NULL;
    bool row = true;
    CT_TRY(ct_store__prepare(&stmt, conn, sql));
    ct_err err = CT_OK;
    while (err == CT_OK && row) {
        err = ct_store__step(conn, stmt, &row);
        const char *line = err == CT_OK && row ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
        if (line) ct_store__found(f, "%s", line);
    }
    ct_store__done(conn, stmt);
    return err;
}
