// Whether bodies and properties are in order: all that is named is there, all that is there is
// named, and every mesh can be read.
#include "base/gzip.h"
#include "store/sqlite/body.h"
#include "store/sqlite/mesh_blob.h"

static const char *const rules[] = {
    "SELECT 'bodies: part '||p.id||' names mesh '||p.mesh||', which is not there' FROM ct_parts p "
    "WHERE NOT EXISTS (SELECT 1 FROM ct_meshes m WHERE m.id=p.mesh)",
    "SELECT 'bodies: part '||p.id||' names material '||p.material||', which is not there' FROM "
    "ct_parts p WHERE NOT EXISTS (SELECT 1 FROM ct_materials m WHERE m.id=p.material)",
    "SELECT 'bodies: mesh '||m.id||' has no part' FROM ct_meshes m WHERE NOT EXISTS (SELECT 1 FROM "
    "ct_parts p WHERE p.mesh=m.id)",
    "SELECT 'bodies: part '||p.id||' has a place of '||length(p.place)||' bytes' FROM ct_parts p "
    "WHERE length(p.place)<>96",
    "SELECT 'bodies: index: '||answer FROM (SELECT rtreecheck('ct_part_boxes') AS answer) WHERE "
    "answer<>'ok'",
    "SELECT 'bodies: the index has '||count(*)||' boxes without a part' FROM ct_part_boxes b LEFT "
    "JOIN ct_parts p ON p.id=b.id WHERE p.id IS NULL HAVING count(*)>0",
    "SELECT 'bodies: part '||p.id||' is not in the index' FROM ct_parts p JOIN ct_meshes m ON "
    "m.id=p.mesh LEFT JOIN ct_part_boxes b ON b.id=p.id WHERE b.id IS NULL AND m.triangles>0",
};

static ct_err check_owners(ct_store__findings *findings, ct_store__conn *conn,
                           const ct_class *cls) {
    static const char *const tables[] = {"ct_parts", "ct_properties"};
    ct_buf sql;
    ct_buf_init(&sql, CT_STORE__SQL_MAX);
    ct_err err = CT_OK;
    for (size_t i = 0; err == CT_OK && i < sizeof tables / sizeof *tables; i++) {
        ct_buf_reset(&sql);
        ct_buf_printf(&sql,
                      "SELECT DISTINCT '%s: '||b.class||' '||b.fid||' is no feature' FROM %s b "
                      "WHERE b.class='%s' AND NOT EXISTS (SELECT 1 FROM \"%s\" t WHERE "
                      "t.fid=b.fid)",
                      tables[i] + 3, tables[i], cls->name, cls->collection);
        err = ct_buf_status(&sql);
        if (err == CT_OK) err = ct_store__each_finding(findings, conn, sql.data);
    }
    ct_buf_fini(&sql);
    return err;
}

static ct_err check_mesh(ct_store__findings *findings, ct_arena *arena, ct_buf *plain,
                         sqlite3_stmt *stmt) {
    ct_mesh mesh = {0};
    ct_arena_reset(arena);
    const ct_err err = ct_store__mesh_read(&mesh, arena, plain, stmt, 2);
    if (err == CT_NOMEM) return err;
    if (err != CT_OK)
        ct_store__found(findings, "bodies: mesh %lld: %s", (long long)sqlite3_column_int64(stmt, 0),
                        ct_err_message());
    else if (mesh.n_triangles != sqlite3_column_int64(stmt, 1))
        ct_store__found(findings, "bodies: mesh %lld has %u triangles, %lld are noted",
                        (long long)sqlite3_column_int64(stmt, 0), mesh.n_triangles,
                        (long long)sqlite3_column_int64(stmt, 1));
    return CT_OK;
}

static ct_err check_meshes(ct_store__findings *findings, ct_store__conn *conn) {
    sqlite3_stmt *stmt = NULL;
    ct_buf plain;
    bool row = true;
    ct_arena *arena = ct_arena_new(1U << 16, 0);
    ct_buf_init(&plain, CT_STORE__BLOB_MAX);
    ct_err err = arena ? CT_OK : CT_NOMEM;
    if (err == CT_OK)
        err = ct_store__prepare(&stmt, conn, "SELECT id,triangles,data FROM ct_meshes ORDER BY id");
    while (err == CT_OK && row) {
        err = ct_store__step(conn, stmt, &row);
        if (err == CT_OK && row) err = check_mesh(findings, arena, &plain, stmt);
    }
    ct_store__done(conn, stmt);
    ct_buf_fini(&plain);
    ct_arena_free(arena);
    return err;
}

ct_err ct_store__body_check(ct_store__findings *findings, ct_store__conn *conn,
                            const ct_catalogue *catalogue) {
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        CT_TRY(ct_store__each_finding(findings, conn, rules[i]));
    for (size_t i = 0; i < ct_catalogue_count(catalogue); i++)
        CT_TRY(check_owners(findings, conn, ct_catalogue_at(catalogue, i)));
    return check_meshes(findings, conn);
}
