// Single answers of a reader: its version, counts, extents, one feature, meta data.
#include <string.h>

#include "base/mem.h"
#include "store/sqlite/internal.h"

// ---- the reader ---------------------------------------------------------------------------------
ct_err ct_store__version(int64_t *out, ct_store__conn *conn) {
    return ct_store__get_int(out, conn, "SELECT coalesce(max(version),0) FROM ct_changes", NULL);
}

ct_err ct_store_reader(ct_reader **out, ct_store *store) {
    ct_reader *reader = ct_calloc(1, sizeof *reader);
    if (!reader) return CT_NOMEM;
    reader->store = store;
    ct_err err = ct_store__pool_take(&reader->conn, &store->readers);
    if (err != CT_OK) {
        ct_free(reader);
        return err;
    }
    err = ct_store__begin_read(reader->conn);
    if (err == CT_OK)
        err = ct_store__version(&reader->version, reader->conn); // the first read pins
    if (err == CT_OK) {
        *out = reader;
    } else {
        ct_reader_release(reader);
    }
    return err;
}

void ct_reader_release(ct_reader *reader) {
    if (!reader) return;
    ct_store__pool_give(&reader->store->readers, reader->conn);
    ct_free(reader);
}

int64_t ct_reader_version(ct_reader *reader) {
    return reader->version;
}

ct_err ct_reader_class_version(int64_t *out, ct_reader *reader, const ct_class *cls) {
    return ct_store__get_int(out, reader->conn, "SELECT version FROM ct_classes WHERE class=?1",
                             cls->name);
}

ct_err ct_reader_get_meta(char **out, ct_reader *reader, const char *key) {
    return ct_store__get_text(out, reader->conn, "SELECT value FROM ct_meta WHERE key=?1", key);
}

// ---- extent -------------------------------------------------------------------------------------
// The R*Tree keeps boxes as floats, rounded outwards. So the root's box is a little too large; the
// features that reach its sides tell the exact one from their own boxes.
static ct_err root_box(bool *has, float box[4], ct_store__conn *conn, const char *collection) {
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    char sql[128];
    (void)sqlite3_snprintf(sizeof sql, sql, "SELECT data FROM \"idx_%s_geom_node\" WHERE nodeno=1",
                           collection);
    CT_TRY(ct_store__prepare(&stmt, conn, sql));
    const ct_err err = ct_store__step(conn, stmt, &row);
    const uint8_t *node = err == CT_OK && row ? sqlite3_column_blob(stmt, 0) : NULL;
    const size_t length = node ? (size_t)sqlite3_column_bytes(stmt, 0) : 0;
    // A node: depth and number of cells (2 bytes each), then cells of an 8-byte id and 4 floats,
    // all big-endian.
    const size_t cells = length >= 4 ? (size_t)node[2] << 8 | node[3] : 0;
    *has = cells > 0 && 4 + cells * 24 <= length;
    for (size_t i = 0; *has && i < cells; ++i) {
        for (size_t c = 0; c < 4; ++c) { // xmin, xmax, ymin, ymax
            uint32_t bits;
            float v;
            memcpy(&bits, node + 4 + i * 24 + 8 + c * 4, 4);
            bits = __builtin_bswap32(bits);
            memcpy(&v, &bits, 4);
            if (i == 0 || (c % 2 == 0 ? v < box[c] : v > box[c])) box[c] = v;
        }
    }
    ct_store__done(conn, stmt);
    return err;
}

// Adds the boxes of all features that reach one side of the root's box.
static ct_err add_side(bool *has, ct_bbox *box, ct_store__conn *conn, const char *collection,
                       int side, float at) {
    static const char *const tests[] = {"r.xmin<=?1", "r.xmax>=?1", "r.ymin<=?1", "r.ymax>=?1"};
    sqlite3_stmt *stmt = NULL;
    char sql[256];
    bool row = true;
    (void)sqlite3_snprintf(
        sizeof sql, sql,
        "SELECT t.geom FROM \"idx_%s_geom\" r CROSS JOIN \"%s\" t ON t.fid=r.pkid WHERE %s",
        collection, collection, tests[side]);
    CT_TRY(ct_store__prepare(&stmt, conn, sql));
    sqlite3_bind_double(stmt, 1, (double)at);
    ct_err err = CT_OK;
    while (err == CT_OK && row) {
        ct_bbox one;
        err = ct_store__step(conn, stmt, &row);
        if (err != CT_OK || !row) break;
        const void *blob = sqlite3_column_blob(stmt, 0);
        if (!ct_store__blob_box(&one, blob, (size_t)sqlite3_column_bytes(stmt, 0))) continue;
        if (*has) {
            ct_bbox_add(box, &one);
        } else {
            *box = one;
            *has = true;
        }
    }
    ct_store__done(conn, stmt);
    return err;
}

ct_err ct_reader_extent(bool *has, ct_bbox *out, ct_reader *reader, const ct_class *cls) {
    float root[4] = {0};
    bool any = false, exact = false;
    ct_bbox box = {0};
    if (cls->geometry != CT_GEOM_NONE) CT_TRY(root_box(&any, root, reader->conn, cls->collection));
    for (int side = 0; any && side < 4; ++side) {
        CT_TRY(add_side(&exact, &box, reader->conn, cls->collection, side, root[side]));
    }
    *has = exact;
    if (exact) *out = box;
    return CT_OK;
}

// ---- one feature --------------------------------------------------------------------------------
ct_err ct_store__find_id(const ct_class **cls, int64_t *fid, const ct_store *store,
                         ct_store__conn *conn, const char *id) {
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    CT_TRY(ct_store__prepare(&stmt, conn, "SELECT class,fid FROM ct_ids WHERE id=?1"));
    sqlite3_bind_text(stmt, 1, id, -1, SQLITE_STATIC);
    ct_err err = ct_store__step(conn, stmt, &row);
    const char *name = err == CT_OK && row ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
    const ct_class *found = name ? ct_catalogue_by_name(store->catalogue, name) : NULL;
    if (err == CT_OK && !found) err = ct_fail(CT_NOTFOUND, "there is no feature \"%.127s\"", id);
    if (err == CT_OK) {
        *cls = found;
        *fid = sqlite3_column_int64(stmt, 1);
    }
    ct_store__done(conn, stmt);
    return err;
}

static ct_err get_fid(ct_feature *out, ct_arena *arena, const ct_store *store, ct_store__conn *conn,
                      const ct_class *cls, int64_t fid) {
    const bool geometry = cls->geometry != CT_GEOM_NONE;
    sqlite3_stmt *stmt = NULL;
    ct_store__row row = {0};
    bool there = false;
    ct_buf sql;
    ct_buf_init(&sql, CT_STORE__SQL_MAX);
    ct_buf_printf(&sql, "SELECT %s%s FROM \"%s\" WHERE fid=?1", store->tables[cls->index].attrs,
                  geometry ? ",geom" : "", cls->collection);
    ct_err err = ct_buf_status(&sql);
    if (err == CT_OK) err = ct_store__row_init(&row, cls);
    if (err == CT_OK) err = ct_store__prepare(&stmt, conn, sql.data);
    if (err != CT_OK) goto done;
    sqlite3_bind_int64(stmt, 1, fid);
    err = ct_store__step(conn, stmt, &there);
    if (err == CT_OK && !there)
        err = ct_fail(CT_NOTFOUND, "%s has no fid %lld", cls->collection, (long long)fid);
    if (err == CT_OK) err = ct_store__row_read(&row, stmt);
    if (err == CT_OK && geometry) err = ct_store__row_geometry(&row, stmt);
    if (err == CT_OK) err = ct_feature_copy(out, arena, &row.feature);
    ct_store__done(conn, stmt);
done:
    ct_store__row_fini(&row);
    ct_buf_fini(&sql);
    return err;
}

ct_err ct_store__get(ct_feature *out, ct_arena *arena, const ct_store *store, ct_store__conn *conn,
                     const ct_class *cls, const char *id) {
    const ct_class *found = NULL;
    int64_t fid = 0;
    CT_TRY(ct_store__find_id(&found, &fid, store, conn, id));
    if (cls && cls != found)
        return ct_fail(CT_NOTFOUND, "there is no feature \"%.127s\" in %s", id, cls->collection);
    return get_fid(out, arena, store, conn, found, fid);
}

ct_err ct_reader_get(ct_feature *out, ct_arena *arena, ct_reader *reader, const ct_class *cls,
                     const char *id) {
    return ct_store__get(out, arena, reader->store, reader->conn, cls, id);
}

ct_err ct_reader_get_fid(ct_feature *out, ct_arena *arena, ct_reader *reader, const ct_class *cls,
                         int64_t fid) {
    return get_fid(out, arena, reader->store, reader->conn, cls, fid);
}
