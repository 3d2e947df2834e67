// Bodies and properties on their way into the file.
#include <math.h>
#include <string.h>

#include "base/gzip.h"
#include "base/hash.h"
#include "store/sqlite/body.h"
#include "store/sqlite/bulk.h"
#include "store/sqlite/mesh_blob.h"

enum { LEVEL = 6 }; // of deflate: beyond it, little more is won for twice the time

static ct_err delete_of(ct_writer *writer, const char *sql, const ct_class *cls, int64_t fid) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__prepare(&stmt, writer->conn, sql));
    sqlite3_bind_text(stmt, 1, cls->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, fid);
    const ct_err err = ct_store__run(writer->conn, stmt);
    ct_store__done(writer->conn, stmt);
    return err;
}

// ---- meshes -------------------------------------------------------------------------------------
static ct_err insert_mesh(int64_t *id, ct_writer *writer, const ct_mesh *mesh, const char *hash,
                          const ct_buf *plain) {
    sqlite3_stmt *stmt = NULL;
    ct_buf packed;
    ct_buf_init(&packed, CT_STORE__BLOB_MAX);
    ct_err err = ct_zlib(&packed, plain->data, plain->len, LEVEL);
    if (err == CT_OK)
        err = ct_store__prepare(&stmt, writer->conn,
                                "INSERT INTO ct_meshes(hash,triangles,data) VALUES(?1,?2,?3)");
    if (err == CT_OK) {
        sqlite3_bind_text(stmt, 1, hash, -1, SQLITE_STATIC);
        sqlite3_bind_int64(stmt, 2, mesh->n_triangles);
        sqlite3_bind_blob64(stmt, 3, packed.data, packed.len, SQLITE_STATIC);
        err = ct_store__run(writer->conn, stmt);
        if (err == CT_OK) *id = sqlite3_last_insert_rowid(writer->conn->db);
        ct_store__done(writer->conn, stmt);
    }
    ct_buf_fini(&packed);
    return err;
}

// The mesh's number, that of the one alike where there is one.
static ct_err put_mesh(int64_t *id, ct_writer *writer, const ct_mesh *mesh) {
    char hash[33];
    ct_buf_reset(&writer->blob);
    CT_TRY(ct_store__mesh_pack(&writer->blob, mesh));
    ct_hash_hex(hash, ct_hash_bytes(writer->blob.data, writer->blob.len));
    const ct_err err =
        ct_store__get_int(id, writer->conn, "SELECT id FROM ct_meshes WHERE hash=?1", hash);
    return err == CT_NOTFOUND ? insert_mesh(id, writer, mesh, hash, &writer->blob) : err;
}

// ---- materials ----------------------------------------------------------------------------------
static ct_err find_material(bool *found, int64_t *id, ct_writer *writer,
                            const ct_material *material) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__prepare(&stmt, writer->conn,
                             "SELECT id FROM ct_materials WHERE name=?1 AND red=?2 AND green=?3 "
                             "AND blue=?4 AND opacity=?5"));
    sqlite3_bind_text(stmt, 1, material->name ? material->name : "", -1, SQLITE_STATIC);
    for (int i = 0; i < 4; i++) sqlite3_bind_double(stmt, 2 + i, (double)material->rgba[i]);
    const ct_err err = ct_store__step(writer->conn, stmt, found);
    if (err == CT_OK && *found) *id = sqlite3_column_int64(stmt, 0);
    ct_store__done(writer->conn, stmt);
    return err;
}

static ct_err put_material(int64_t *id, ct_writer *writer, const ct_material *material) {
    sqlite3_stmt *stmt = NULL;
    bool found = false;
    for (int i = 0; i < 4; i++)
        if (!(material->rgba[i] >= 0 && material->rgba[i] <= 1))
            return ct_fail(CT_RANGE, "material \"%s\": a colour lies in 0 to 1",
                           material->name ? material->name : "");
    CT_TRY(find_material(&found, id, writer, material));
    if (found) return CT_OK;
    CT_TRY(ct_store__prepare(
        &stmt, writer->conn,
        "INSERT INTO ct_materials(name,red,green,blue,opacity) VALUES(?1,?2,?3,?4,?5)"));
    sqlite3_bind_text(stmt, 1, material->name ? material->name : "", -1, SQLITE_STATIC);
    for (int i = 0; i < 4; i++) sqlite3_bind_double(stmt, 2 + i, (double)material->rgba[i]);
    const ct_err err = ct_store__run(writer->conn, stmt);
    if (err == CT_OK) *id = sqlite3_last_insert_rowid(writer->conn->db);
    ct_store__done(writer->conn, stmt);
    return err;
}

// ---- parts --------------------------------------------------------------------------------------
static ct_err put_box(ct_writer *writer, int64_t id, const ct_body_part *part) {
    const ct_body alone = {1, part};
    sqlite3_stmt *stmt = NULL;
    ct_box3 box;
    if (!ct_body_box(&box, &alone)) return CT_OK; // an empty mesh is nowhere
    const double sides[] = {box.min[0], box.max[0], box.min[1], box.max[1], box.min[2], box.max[2]};
    if (writer->bulk) return ct_store__bulk_part_box(writer->bulk, id, sides);
    CT_TRY(ct_store__prepare(&stmt, writer->conn,
                             "INSERT INTO ct_part_boxes(id,min_x,max_x,min_y,max_y,min_z,max_z) "
                             "VALUES(?1,?2,?3,?4,?5,?6,?7)"));
    sqlite3_bind_int64(stmt, 1, id);
    for (int k = 0; k < 6; k++) sqlite3_bind_double(stmt, 2 + k, sides[k]);
    const ct_err err = ct_store__run(writer->conn, stmt);
    ct_store__done(writer->conn, stmt);
    return err;
}

static ct_err put_part(ct_writer *writer, const ct_class *cls, int64_t fid, size_t index,
                       const ct_body_part *part) {
    sqlite3_stmt *stmt = NULL;
    int64_t mesh = 0, material = 0;
    if (!ct_affine_is_finite(&part->place) || ct_affine_determinant(&part->place) == 0)
        return ct_fail(CT_GEOM, "part %zu of the body has no proper place", index);
    CT_TRY(put_mesh(&mesh, writer, part->mesh));
    CT_TRY(put_material(&material, writer, &part->material));
    CT_TRY(ct_store__prepare(&stmt, writer->conn,
                             "INSERT INTO ct_parts(class,fid,part,lod,mesh,material,place) "
                             "VALUES(?1,?2,?3,?4,?5,?6,?7)"));
    sqlite3_bind_text(stmt, 1, cls->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, fid);
    sqlite3_bind_int64(stmt, 3, (int64_t)index);
    sqlite3_bind_int(stmt, 4, part->lod);
    sqlite3_bind_int64(stmt, 5, mesh);
    sqlite3_bind_int64(stmt, 6, material);
    sqlite3_bind_blob(stmt, 7, part->place.m, sizeof part->place.m, SQLITE_STATIC);
    const ct_err err = ct_store__run(writer->conn, stmt);
    const int64_t id = sqlite3_last_insert_rowid(writer->conn->db);
    ct_store__done(writer->conn, stmt);
    CT_TRY(err);
    return put_box(writer, id, part);
}

static ct_err put_body(ct_writer *writer, const ct_class *cls, int64_t fid, const ct_body *body) {
    for (size_t i = 0; i < body->n_parts; i++)
        CT_TRY(put_part(writer, cls, fid, i, &body->parts[i]));
    return CT_OK;
}

// ---- properties ---------------------------------------------------------------------------------
static const char *type_name(ct_value_kind kind) {
    switch (kind) {
    case CT_VALUE_INTEGER: return "integer";
    case CT_VALUE_REAL: return "real";
    case CT_VALUE_TEXT: return "text";
    case CT_VALUE_BOOLEAN: return "boolean";
    case CT_VALUE_NULL: break;
    }
    return "null";
}

// Of two with the same set and name the later one counts.
static ct_err put_property(ct_writer *writer, const ct_class *cls, int64_t fid,
                           const ct_property *p) {
    sqlite3_stmt *stmt = NULL;
    if (!p->name || !*p->name) return ct_fail(CT_ARG, "a property has no name");
    CT_TRY(ct_store__prepare(&stmt, writer->conn,
                             "INSERT INTO ct_properties(class,fid,property_set,name,type,value,"
                             "unit) VALUES(?1,?2,?3,?4,?5,?6,?7) ON CONFLICT DO UPDATE SET "
                             "type=excluded.type,value=excluded.value,unit=excluded.unit"));
    sqlite3_bind_text(stmt, 1, cls->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, fid);
    sqlite3_bind_text(stmt, 3, p->set ? p->set : "", -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 4, p->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 5, type_name(p->value.kind), -1, SQLITE_STATIC);
    ct_store__bind_value(stmt, 6, &p->value);
    sqlite3_bind_text(stmt, 7, p->unit ? p->unit : "", -1, SQLITE_STATIC);
    const ct_err err = ct_store__run(writer->conn, stmt);
    ct_store__done(writer->conn, stmt);
    return err;
}

static ct_err put_properties(ct_writer *writer, const ct_class *cls, int64_t fid,
                             const ct_property *properties, size_t n) {
    for (size_t i = 0; i < n; i++) CT_TRY(put_property(writer, cls, fid, &properties[i]));
    return CT_OK;
}

ct_err ct_store__body_write(ct_writer *writer, const ct_feature *f, int64_t fid, bool fresh) {
    if (f->body && !fresh)
        CT_TRY(delete_of(writer, "DELETE FROM ct_parts WHERE class=?1 AND fid=?2", f->cls, fid));
    if (f->body) CT_TRY(put_body(writer, f->cls, fid, f->body));
    if (!f->properties) return CT_OK;
    if (!fresh)
        CT_TRY(
            delete_of(writer, "DELETE FROM ct_properties WHERE class=?1 AND fid=?2", f->cls, fid));
    return put_properties(writer, f->cls, fid, f->properties, f->n_properties);
}
