// The log of changes, as far as a reader's version sees it.
#include <string.h>

#include "base/hash.h"
#include "store/sqlite/internal.h"

static bool op_of(ct_edit_op *op, const char *text) {
    if (text && strcmp(text, "add") == 0) {
        *op = CT_EDIT_ADD;
    } else if (text && strcmp(text, "set") == 0) {
        *op = CT_EDIT_SET;
    } else if (text && strcmp(text, "remove") == 0) {
        *op = CT_EDIT_REMOVE;
    } else {
        return false;
    }
    return true;
}

// False for a change of a class that this program's catalogue does not have.
static bool read_change(ct_change *out, const ct_store *store, sqlite3_stmt *stmt) {
    const char *cls = (const char *)sqlite3_column_text(stmt, 1);
    const char *id = (const char *)sqlite3_column_text(stmt, 2);
    ct_change c = {.version = sqlite3_column_int64(stmt, 0)};
    c.cls = cls ? ct_catalogue_by_name(store->catalogue, cls) : NULL;
    if (!c.cls || !id || strlen(id) >= sizeof c.id ||
        !op_of(&c.op, (const char *)sqlite3_column_text(stmt, 3))) {
        return false;
    }
    memcpy(c.id, id, strlen(id) + 1);
    c.has_bbox = sqlite3_column_type(stmt, 4) != SQLITE_NULL;
    if (c.has_bbox) {
        c.bbox = (ct_bbox){sqlite3_column_double(stmt, 4), sqlite3_column_double(stmt, 5),
                           sqlite3_column_double(stmt, 6), sqlite3_column_double(stmt, 7)};
    }
    *out = c;
    return true;
}

ct_err ct_reader_changes(ct_reader *reader, int64_t after_version,
                         ct_err (*visit)(void *context, const ct_change *change), void *context) {
    sqlite3_stmt *stmt = NULL;
    bool row = true;
    CT_TRY(ct_store__prepare(&stmt, reader->conn,
                             "SELECT version,class,id,op,min_x,min_y,max_x,max_y FROM ct_changes "
                             "WHERE version>?1 ORDER BY version"));
    sqlite3_bind_int64(stmt, 1, after_version);
    ct_err err = CT_OK;
    while (err == CT_OK && row) {
        ct_change change;
        err = ct_store__step(reader->conn, stmt, &row);
        if (err == CT_OK && row && read_change(&change, reader->store, stmt))
            err = visit(context, &change);
    }
    ct_store__done(reader->conn, stmt);
    return err;
}

ct_err ct_reader_change_mark(uint64_t *out, ct_reader *reader, int64_t version) {
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    CT_TRY(ct_store__prepare(&stmt, reader->conn,
                             "SELECT time||' '||class||' '||id||' '||op FROM ct_changes "
                             "WHERE version=?1"));
    sqlite3_bind_int64(stmt, 1, version);
    const ct_err err = ct_store__step(reader->conn, stmt, &row);
    const char *text = err == CT_OK && row ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
    if (err == CT_OK)
        *out = text ? ct_hash_bytes(text, (size_t)sqlite3_column_bytes(stmt, 0)).low : 0;
    ct_store__done(reader->conn, stmt);
    return err;
}
