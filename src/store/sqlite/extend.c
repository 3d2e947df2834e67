// A twin meets a catalogue that has grown since it was made: what lacks is added.
#include <string.h>

#include "base/mem.h"
#include "store/sqlite/body.h"

static ct_err has_column(bool *out, ct_store__conn *conn, const ct_class *cls,
                         const ct_attr *attr) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__prepare(&stmt, conn, "SELECT 1 FROM pragma_table_info(?1) WHERE name=?2"));
    sqlite3_bind_text(stmt, 1, cls->collection, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, attr->name, -1, SQLITE_STATIC);
    const ct_err err = ct_store__step(conn, stmt, out);
    ct_store__done(conn, stmt);
    return err;
}

// Whether the class has its table; CT_UNSUPPORTED if that was made for another kind of geometry.
static ct_err has_class(bool *out, ct_store__conn *conn, const ct_class *cls) {
    char *geometry = NULL;
    const ct_err err = ct_store__get_text(
        &geometry, conn, "SELECT geometry FROM ct_classes WHERE class=?1", cls->name);
    if (err == CT_NOTFOUND) {
        *out = false;
        return CT_OK;
    }
    CT_TRY(err);
    const char *now = ct_geom_type_name(cls->geometry);
    const size_t n = strlen(now);
    const bool same =
        strncmp(geometry, now, n) == 0 && strcmp(geometry + n, cls->has_z ? " Z" : "") == 0;
    ct_err result = CT_OK;
    if (same) {
        *out = true;
    } else {
        result = ct_fail(CT_UNSUPPORTED, "class %s: the twin stores %s, the catalogue wants %s%s",
                         cls->name, *geometry ? geometry : "no geometry", *now ? now : "none",
                         cls->has_z ? " Z" : "");
    }
    ct_free(geometry);
    return result;
}

ct_err ct_store__schema_lacks(bool *out, ct_store__conn *conn, const ct_catalogue *catalogue) {
    bool complete = false;
    CT_TRY(ct_store__body_tables(&complete, conn));
    for (size_t i = 0; i < ct_catalogue_count(catalogue) && complete; ++i) {
        const ct_class *cls = ct_catalogue_at(catalogue, i);
        CT_TRY(has_class(&complete, conn, cls));
        for (size_t k = 0; k < cls->n_attrs && complete; ++k) {
            CT_TRY(has_column(&complete, conn, cls, &cls->attrs[k]));
        }
    }
    *out = !complete;
    return CT_OK;
}

static ct_err add_column(ct_store__conn *conn, const ct_class *cls, const ct_attr *attr) {
    ct_buf sql;
    CT_TRY(ct_store__name_check(attr->name, true));
    ct_buf_init(&sql, CT_STORE__SQL_MAX);
    ct_buf_printf(&sql, "ALTER TABLE \"%s\" ADD COLUMN \"%s\" %s", cls->collection, attr->name,
                  ct_store__sql_type(attr->type));
    ct_err err = ct_buf_status(&sql);
    if (err == CT_OK) err = ct_store__exec(conn, sql.data);
    if (err == CT_OK) err = ct_store__reference_index(conn, cls, attr, &sql);
    ct_buf_fini(&sql);
    return err;
}

// A twin that was made before there were bodies.
static ct_err add_bodies(ct_store__conn *conn, const ct_catalogue *catalogue) {
    bool there = false;
    CT_TRY(ct_store__body_tables(&there, conn));
    if (there) return CT_OK;
    CT_TRY(ct_store__body_tables_make(conn));
    for (size_t i = 0; i < ct_catalogue_count(catalogue); ++i) {
        const ct_class *cls = ct_catalogue_at(catalogue, i);
        bool table = false;
        CT_TRY(has_class(&table, conn, cls));
        if (table) CT_TRY(ct_store__body_triggers_make(conn, cls));
    }
    return CT_OK;
}

ct_err ct_store__schema_extend(ct_store__conn *conn, int srid, const ct_catalogue *catalogue) {
    CT_TRY(add_bodies(conn, catalogue));
    for (size_t i = 0; i < ct_catalogue_count(catalogue); ++i) {
        const ct_class *cls = ct_catalogue_at(catalogue, i);
        bool there = false;
        CT_TRY(has_class(&there, conn, cls));
        if (!there) CT_TRY(ct_store__class_make(conn, cls, srid));
        for (size_t k = 0; k < cls->n_attrs; ++k) {
            bool column = false;
            CT_TRY(has_column(&column, conn, cls, &cls->attrs[k]));
            if (!column) CT_TRY(add_column(conn, cls, &cls->attrs[k]));
        }
    }
    return CT_OK;
}
