// Private to the SQLite back end: bodies and property sets of features.
#ifndef CT_STORE_SQLITE_BODY_H
#define CT_STORE_SQLITE_BODY_H

#include "store/sqlite/findings.h"
#include "store/sqlite/internal.h"

// ---- tables (body_schema.c) ---------------------------------------------------------------------
CT_CHECKED ct_err ct_store__body_tables(bool *there, ct_store__conn *conn);
CT_CHECKED ct_err ct_store__body_tables_make(ct_store__conn *conn);
// The triggers by which a class's parts and properties follow its features; tables must be there.
CT_CHECKED ct_err ct_store__body_triggers_make(ct_store__conn *conn, const ct_class *cls);

// ---- writing (body_write.c) ---------------------------------------------------------------------
// What the feature brings takes the place of what row `fid` of its class has; what it does not
// bring (NULL) stays. `fresh`: the number was never used, so nothing is there.
CT_CHECKED ct_err ct_store__body_write(ct_writer *writer, const ct_feature *f, int64_t fid,
                                       bool fresh);

// ---- reading (body_read.c) ----------------------------------------------------------------------
CT_CHECKED ct_err ct_store__mesh_read(ct_mesh *out, ct_arena *arena, ct_buf *plain,
                                      sqlite3_stmt *stmt, int column);

// ---- care (body_check.c) ------------------------------------------------------------------------
CT_CHECKED ct_err ct_store__body_check(ct_store__findings *findings, ct_store__conn *conn,
                                       const ct_catalogue *catalogue);

#endif
