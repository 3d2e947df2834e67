// Between rows and features: texts of the statements of a class, reading a row, binding a feature.
#include <string.h>

#include "base/mem.h"
#include "store/sqlite/internal.h"

// ---- statement texts ----------------------------------------------------------------------------
static bool has_bit(uint64_t bits, size_t i) {
    return i < 64 && bits >> i & 1;
}

void ct_store__row_columns(ct_buf *sql, const ct_class *cls, bool shown, uint64_t left_out) {
    ct_buf_puts(sql, shown ? "fid,id,NULL" : "fid,id,source_id");
    for (size_t i = 0; i < cls->n_attrs; ++i) {
        if (has_bit(left_out, i)) continue;
        if (shown && cls->attrs[i].personal)
            ct_buf_puts(sql, ",NULL");
        else
            ct_buf_printf(sql, ",\"%s\"", cls->attrs[i].name);
    }
}

int ct_store__row_column(uint64_t left_out, size_t attr) {
    int column = 3 + (int)attr;
    for (size_t i = 0; i < attr; ++i) column -= has_bit(left_out, i);
    return column;
}

static char *columns_text(const ct_class *cls, bool shown) {
    ct_buf sql;
    ct_buf_init(&sql, CT_STORE__SQL_MAX);
    ct_store__row_columns(&sql, cls, shown, 0);
    char *text = ct_buf_take(&sql, NULL);
    ct_buf_fini(&sql);
    return text;
}

static char *insert_text(const ct_class *cls, const char *columns) {
    const bool geometry = cls->geometry != CT_GEOM_NONE;
    ct_buf sql;
    ct_buf_init(&sql, CT_STORE__SQL_MAX);
    ct_buf_printf(&sql, "INSERT INTO \"%s\"(%s%s) VALUES(?1", cls->collection, columns,
                  geometry ? ",geom" : "");
    const size_t n = 3 + cls->n_attrs + (geometry ? 1 : 0);
    for (size_t i = 2; i <= n; ++i) ct_buf_printf(&sql, ",?%zu", i);
    ct_buf_putc(&sql, ')');
    char *text = ct_buf_take(&sql, NULL);
    ct_buf_fini(&sql);
    return text;
}

static char *update_text(const ct_class *cls) {
    ct_buf sql;
    ct_buf_init(&sql, CT_STORE__SQL_MAX);
    ct_buf_printf(&sql, "UPDATE \"%s\" SET source_id=?3", cls->collection);
    for (size_t i = 0; i < cls->n_attrs; ++i)
        ct_buf_printf(&sql, ",\"%s\"=?%zu", cls->attrs[i].name, 4 + i);
    if (cls->geometry != CT_GEOM_NONE) ct_buf_printf(&sql, ",geom=?%zu", 4 + cls->n_attrs);
    ct_buf_puts(&sql, " WHERE fid=?1");
    char *text = ct_buf_take(&sql, NULL);
    ct_buf_fini(&sql);
    return text;
}

ct_err ct_store__table_init(ct_store__table *table, const ct_class *cls) {
    ct_store__table t = {.cls = cls};
    t.attrs = columns_text(cls, false);
    t.shown = t.attrs ? columns_text(cls, true) : NULL;
    t.insert = t.shown ? insert_text(cls, t.attrs) : NULL;
    t.update = t.insert ? update_text(cls) : NULL;
    if (!t.update) {
        ct_store__table_fini(&t);
        return CT_NOMEM;
    }
    *table = t;
    return CT_OK;
}

void ct_store__table_fini(ct_store__table *table) {
    ct_free(table->attrs);
    ct_free(table->shown);
    ct_free(table->insert);
    ct_free(table->update);
    *table = (ct_store__table){0};
}

// ---- reading ------------------------------------------------------------------------------------
ct_err ct_store__row_init(ct_store__row *row, const ct_class *cls) {
    ct_value *values = ct_calloc(cls->n_attrs, sizeof *values);
    if (!values) return CT_NOMEM;
    *row = (ct_store__row){.feature = {.cls = cls, .values = values}};
    return CT_OK;
}

void ct_store__row_fini(ct_store__row *row) {
    ct_free(row->feature.values);
    ct_store__space_fini(&row->space);
    *row = (ct_store__row){0};
}

// A column is asked for once: each question to the statement costs as much as the answer. (SQLite
// calls such values unprotected; a connection is used by one thread at a time.)
static ct_err read_text(ct_value *out, sqlite3_value *value) {
    out->as.text = (const char *)sqlite3_value_text(value);
    out->kind = out->as.text ? CT_VALUE_TEXT : CT_VALUE_NULL;
    if (out->as.text || sqlite3_value_type(value) == SQLITE_NULL) return CT_OK;
    return ct_fail(CT_NOMEM, "no memory for a text");
}

static ct_err read_value(ct_value *out, sqlite3_value *value, ct_attr_type type) {
    if (type == CT_ATTR_TEXT || type == CT_ATTR_DATETIME) return read_text(out, value);
    if (sqlite3_value_type(value) == SQLITE_NULL) {
        out->kind = CT_VALUE_NULL;
    } else if (type == CT_ATTR_INTEGER) {
        out->kind = CT_VALUE_INTEGER;
        out->as.integer = sqlite3_value_int64(value);
    } else if (type == CT_ATTR_REAL) {
        out->kind = CT_VALUE_REAL;
        out->as.real = sqlite3_value_double(value);
    } else {
        out->kind = CT_VALUE_BOOLEAN;
        out->as.boolean = sqlite3_value_int(value) != 0;
    }
    return CT_OK;
}

ct_err ct_store__row_read(ct_store__row *row, sqlite3_stmt *stmt) {
    ct_feature *f = &row->feature;
    const ct_class *cls = f->cls;
    int column = 3;
    f->fid = sqlite3_column_int64(stmt, 0);
    f->id = (const char *)sqlite3_column_text(stmt, 1);
    f->source_id = (const char *)sqlite3_column_text(stmt, 2);
    if (!f->id)
        return ct_fail(CT_CORRUPT, "%s: fid %lld has no id", cls->collection, (long long)f->fid);
    for (size_t i = 0; i < cls->n_attrs; ++i) {
        if (has_bit(row->left_out, i)) continue;
        CT_TRY(read_value(&f->values[i], sqlite3_column_value(stmt, column++), cls->attrs[i].type));
    }
    f->geom = (ct_geom){0};
    return CT_OK;
}

ct_err ct_store__row_blob(ct_store__row *row, const void *blob, size_t length) {
    ct_feature *f = &row->feature;
    if (!blob) return CT_OK;
    const ct_err err = ct_store__blob_read(&f->geom, &row->space, blob, length);
    return err == CT_OK ? CT_OK : ct_context(err, "%s %s", f->cls->name, f->id);
}

ct_err ct_store__row_geometry(ct_store__row *row, sqlite3_stmt *stmt) {
    const int column = 3 + (int)row->feature.cls->n_attrs;
    const void *blob = sqlite3_column_blob(stmt, column);
    return ct_store__row_blob(row, blob, (size_t)sqlite3_column_bytes(stmt, column));
}

// ---- binding ------------------------------------------------------------------------------------
void ct_store__bind_value(sqlite3_stmt *stmt, int index, const ct_value *value) {
    switch (value->kind) {
    case CT_VALUE_NULL: sqlite3_bind_null(stmt, index); break;
    case CT_VALUE_INTEGER: sqlite3_bind_int64(stmt, index, value->as.integer); break;
    case CT_VALUE_REAL: sqlite3_bind_double(stmt, index, value->as.real); break;
    case CT_VALUE_TEXT: sqlite3_bind_text(stmt, index, value->as.text, -1, SQLITE_TRANSIENT); break;
    case CT_VALUE_BOOLEAN: sqlite3_bind_int(stmt, index, value->as.boolean); break;
    }
}

void ct_store__bind_values(sqlite3_stmt *stmt, const ct_feature *f, int64_t fid) {
    sqlite3_bind_int64(stmt, 1, fid);
    sqlite3_bind_text(stmt, 2, f->id, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, f->source_id, -1, SQLITE_STATIC);
    for (size_t i = 0; i < f->cls->n_attrs; ++i) {
        const ct_value *value = &f->values[i];
        if (value->kind == CT_VALUE_TEXT) // borrowed: the feature lives until the statement has run
            sqlite3_bind_text(stmt, 4 + (int)i, value->as.text, -1, SQLITE_STATIC);
        else
            ct_store__bind_value(stmt, 4 + (int)i, value);
    }
}

ct_err ct_store__bind_geometry(sqlite3_stmt *stmt, const ct_feature *f, ct_buf *blob, int srid) {
    if (f->cls->geometry == CT_GEOM_NONE) return CT_OK;
    const int last = 4 + (int)f->cls->n_attrs;
    if (f->geom.type == CT_GEOM_NONE || f->geom.n_points == 0) {
        sqlite3_bind_null(stmt, last);
        return CT_OK;
    }
    ct_buf_reset(blob);
    ct_store__blob_write(blob, &f->geom, srid);
    CT_TRY(ct_buf_status(blob));
    sqlite3_bind_blob64(stmt, last, blob->data, blob->len, SQLITE_STATIC);
    return CT_OK;
}

ct_err ct_store__bind_feature(sqlite3_stmt *stmt, const ct_feature *f, int64_t fid, ct_buf *blob,
                              int srid) {
    ct_store__bind_values(stmt, f, fid);
    return ct_store__bind_geometry(stmt, f, blob, srid);
}
