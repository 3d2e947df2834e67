// Which features of a class have bodies, with their boxes: from the parts' table and its index.
#include "store/sqlite/internal.h"

ct_err ct_reader_bodies(ct_reader *reader, const ct_class *cls,
                        ct_err (*visit)(void *context, const ct_body_summary *body),
                        void *context) {
    sqlite3_stmt *stmt = NULL;
    bool row = true;
    CT_TRY(ct_store__prepare(
        &stmt, reader->conn,
        "SELECT p.fid,count(*),max(p.lod),sum(m.triangles),min(b.min_x),min(b.min_y),min(b.min_z),"
        "max(b.max_x),max(b.max_y),max(b.max_z) FROM ct_parts p JOIN ct_meshes m ON m.id=p.mesh"
        " LEFT JOIN ct_part_boxes b ON b.id=p.id WHERE p.class=?1 GROUP BY p.fid ORDER BY p.fid"));
    sqlite3_bind_text(stmt, 1, cls->name, -1, SQLITE_STATIC);
    ct_err err = CT_OK;
    while (err == CT_OK && row) {
        err = ct_store__step(reader->conn, stmt, &row);
        if (err != CT_OK || !row) break;
        if (sqlite3_column_type(stmt, 4) == SQLITE_NULL) continue; // meshes without points
        ct_body_summary body = {.fid = sqlite3_column_int64(stmt, 0),
                                .parts = sqlite3_column_int64(stmt, 1),
                                .lod = (uint8_t)sqlite3_column_int(stmt, 2),
                                .triangles = sqlite3_column_int64(stmt, 3)};
        for (int i = 0; i < 3; i++) {
            body.box.min[i] = sqlite3_column_double(stmt, 4 + i);
            body.box.max[i] = sqlite3_column_double(stmt, 7 + i);
        }
        err = visit(context, &body);
    }
    ct_store__done(reader->conn, stmt);
    return err;
}
