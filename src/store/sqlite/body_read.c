// Bodies and properties of one feature, read back.
#include <string.h>

#include "base/gzip.h"
#include "store/sqlite/body.h"
#include "store/sqlite/mesh_blob.h"

enum { MAX_PARTS = 100000, MAX_PROPERTIES = 1000000 }; // of one feature

ct_err ct_store__mesh_read(ct_mesh *out, ct_arena *arena, ct_buf *plain, sqlite3_stmt *stmt,
                           int column) {
    const void *data = sqlite3_column_blob(stmt, column);
    const size_t length = (size_t)sqlite3_column_bytes(stmt, column);
    ct_buf_reset(plain);
    CT_TRY(ct_unzlib(plain, data ? data : "", length, CT_STORE__BLOB_MAX));
    return ct_store__mesh_unpack(out, arena, plain->data ? plain->data : "", plain->len);
}

static ct_err copy_text(const char **out, ct_arena *arena, sqlite3_stmt *stmt, int column) {
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    *out = ct_arena_strdup(arena, text ? text : "");
    return *out ? CT_OK : CT_NOMEM;
}

static ct_err count_rows(size_t *out, ct_store__conn *conn, const char *sql, const ct_class *cls,
                         int64_t fid, size_t most) {
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    CT_TRY(ct_store__prepare(&stmt, conn, sql));
    sqlite3_bind_text(stmt, 1, cls->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, fid);
    const ct_err err = ct_store__step(conn, stmt, &row);
    const int64_t n = err == CT_OK && row ? sqlite3_column_int64(stmt, 0) : 0;
    ct_store__done(conn, stmt);
    CT_TRY(err);
    if ((uint64_t)n > most)
        return ct_fail(CT_LIMIT, "%s: fid %lld has %lld rows", cls->collection, (long long)fid,
                       (long long)n);
    *out = (size_t)n;
    return CT_OK;
}

// ---- bodies -------------------------------------------------------------------------------------
typedef struct body_reading {
    ct_store__conn *conn;
    const ct_class *cls;
    int64_t fid;
    ct_arena *arena;
    ct_mesh *meshes;  // the different ones
    int64_t *numbers; // of each, ascending
    size_t n_meshes;
    ct_body_part *parts;
    size_t n_parts;
} body_reading;

static ct_err begin(sqlite3_stmt **out, const body_reading *r, const char *sql) {
    CT_TRY(ct_store__prepare(out, r->conn, sql));
    sqlite3_bind_text(*out, 1, r->cls->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(*out, 2, r->fid);
    return CT_OK;
}

static ct_err read_meshes(body_reading *r, size_t most) {
    sqlite3_stmt *stmt = NULL;
    ct_buf plain;
    bool row = true;
    CT_TRY(begin(&stmt, r,
                 "SELECT id,data FROM ct_meshes WHERE id IN (SELECT mesh FROM ct_parts WHERE "
                 "class=?1 AND fid=?2) ORDER BY id"));
    ct_buf_init(&plain, CT_STORE__BLOB_MAX);
    ct_err err = CT_OK;
    while (err == CT_OK && row && r->n_meshes < most) {
        err = ct_store__step(r->conn, stmt, &row);
        if (err != CT_OK || !row) break;
        r->numbers[r->n_meshes] = sqlite3_column_int64(stmt, 0);
        err = ct_store__mesh_read(&r->meshes[r->n_meshes++], r->arena, &plain, stmt, 1);
    }
    ct_store__done(r->conn, stmt);
    ct_buf_fini(&plain);
    return err;
}

static const ct_mesh *mesh_of(const body_reading *r, int64_t number) {
    size_t low = 0, high = r->n_meshes;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (r->numbers[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->n_meshes && r->numbers[low] == number ? &r->meshes[low] : NULL;
}

static ct_err read_part(ct_body_part *part, const body_reading *r, sqlite3_stmt *stmt) {
    part->mesh = mesh_of(r, sqlite3_column_int64(stmt, 0));
    if (!part->mesh) return ct_fail(CT_CORRUPT, "a mesh is missing");
    const void *place = sqlite3_column_blob(stmt, 1);
    if (!place || sqlite3_column_bytes(stmt, 1) != (int)sizeof part->place.m)
        return ct_fail(CT_CORRUPT, "a part has no place");
    memcpy(part->place.m, place, sizeof part->place.m);
    part->lod = (uint8_t)sqlite3_column_int(stmt, 2);
    CT_TRY(copy_text(&part->material.name, r->arena, stmt, 3));
    for (int i = 0; i < 4; i++) part->material.rgba[i] = (float)sqlite3_column_double(stmt, 4 + i);
    return CT_OK;
}

static ct_err read_parts(body_reading *r, size_t most) {
    sqlite3_stmt *stmt = NULL;
    bool row = true;
    CT_TRY(begin(&stmt, r,
                 "SELECT p.mesh,p.place,p.lod,t.name,t.red,t.green,t.blue,t.opacity FROM ct_parts "
                 "p LEFT JOIN ct_materials t ON t.id=p.material WHERE p.class=?1 AND p.fid=?2 "
                 "ORDER BY p.part"));
    ct_err err = CT_OK;
    while (err == CT_OK && row && r->n_parts < most) {
        err = ct_store__step(r->conn, stmt, &row);
        if (err == CT_OK && row) err = read_part(&r->parts[r->n_parts++], r, stmt);
    }
    ct_store__done(r->conn, stmt);
    return err;
}

ct_err ct_reader_body(ct_body *out, ct_arena *arena, ct_reader *reader, const ct_class *cls,
                      int64_t fid) {
    body_reading r = {.conn = reader->conn, .cls = cls, .fid = fid, .arena = arena};
    size_t n = 0;
    CT_TRY(count_rows(&n, reader->conn, "SELECT count(*) FROM ct_parts WHERE class=?1 AND fid=?2",
                      cls, fid, MAX_PARTS));
    r.parts = ct_arena_calloc(arena, n + 1, sizeof *r.parts);
    r.meshes = ct_arena_calloc(arena, n + 1, sizeof *r.meshes);
    r.numbers = ct_arena_calloc(arena, n + 1, sizeof *r.numbers);
    if (!r.parts || !r.meshes || !r.numbers) return CT_NOMEM;
    ct_err err = read_meshes(&r, n);
    if (err == CT_OK) err = read_parts(&r, n);
    if (err != CT_OK) return ct_context(err, "%s: fid %lld", cls->collection, (long long)fid);
    *out = (ct_body){n, r.parts};
    return CT_OK;
}

// ---- properties ---------------------------------------------------------------------------------
static ct_err read_value(ct_value *out, ct_arena *arena, sqlite3_stmt *stmt, const char *type) {
    ct_value value = {CT_VALUE_NULL, {0}};
    if (strcmp(type, "integer") == 0) {
        value.kind = CT_VALUE_INTEGER;
        value.as.integer = sqlite3_column_int64(stmt, 3);
    } else if (strcmp(type, "real") == 0) {
        value.kind = CT_VALUE_REAL;
        value.as.real = sqlite3_column_double(stmt, 3);
    } else if (strcmp(type, "boolean") == 0) {
        value.kind = CT_VALUE_BOOLEAN;
        value.as.boolean = sqlite3_column_int(stmt, 3) != 0;
    } else if (strcmp(type, "text") == 0) {
        value.kind = CT_VALUE_TEXT;
        CT_TRY(copy_text(&value.as.text, arena, stmt, 3));
    }
    *out = value;
    return CT_OK;
}

static ct_err read_property(ct_property *out, ct_arena *arena, sqlite3_stmt *stmt) {
    const char *type = (const char *)sqlite3_column_text(stmt, 2);
    CT_TRY(copy_text(&out->set, arena, stmt, 0));
    CT_TRY(copy_text(&out->name, arena, stmt, 1));
    CT_TRY(copy_text(&out->unit, arena, stmt, 4));
    return read_value(&out->value, arena, stmt, type ? type : "");
}

ct_err ct_reader_properties(const ct_property **out, size_t *n_out, ct_arena *arena,
                            ct_reader *reader, const ct_class *cls, int64_t fid) {
    sqlite3_stmt *stmt = NULL;
    size_t n = 0, read = 0;
    bool row = true;
    CT_TRY(count_rows(&n, reader->conn,
                      "SELECT count(*) FROM ct_properties WHERE class=?1 AND fid=?2", cls, fid,
                      MAX_PROPERTIES));
    ct_property *list = ct_arena_calloc(arena, n + 1, sizeof *list);
    if (!list) return CT_NOMEM;
    CT_TRY(ct_store__prepare(&stmt, reader->conn,
                             "SELECT property_set,name,type,value,unit FROM ct_properties WHERE "
                             "class=?1 AND fid=?2 ORDER BY property_set,name"));
    sqlite3_bind_text(stmt, 1, cls->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, fid);
    ct_err err = CT_OK;
    while (err == CT_OK && row && read < n) {
        err = ct_store__step(reader->conn, stmt, &row);
        if (err == CT_OK && row) err = read_property(&list[read++], arena, stmt);
    }
    ct_store__done(reader->conn, stmt);
    if (err != CT_OK) return err;
    *out = list;
    *n_out = n;
    return CT_OK;
}
