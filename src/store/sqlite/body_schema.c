// Tables of bodies and properties. Meshes and materials that are alike lie there once; a part names
// them, its feature by class and fid, and its place. Triggers take away what no feature needs any
// longer, whoever removes the feature.
#include "store/sqlite/body.h"

static const char tables[] =
    // hash: of the plain form of mesh_blob.c; data: that form, deflated (zlib)
    "CREATE TABLE ct_meshes(id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE,"
    " triangles INTEGER NOT NULL, data BLOB NOT NULL);\n"
    "CREATE TABLE ct_materials(id INTEGER PRIMARY KEY, name TEXT NOT NULL, red REAL NOT NULL,"
    " green REAL NOT NULL, blue REAL NOT NULL, opacity REAL NOT NULL,"
    " UNIQUE(name,red,green,blue,opacity));\n"
    // place: 12 doubles, little-endian, as in ct_affine
    "CREATE TABLE ct_parts(id INTEGER PRIMARY KEY, class TEXT NOT NULL, fid INTEGER NOT NULL,"
    " part INTEGER NOT NULL, lod INTEGER NOT NULL, mesh INTEGER NOT NULL,"
    " material INTEGER NOT NULL, place BLOB NOT NULL, UNIQUE(class,fid,part));\n"
    "CREATE INDEX ct_parts_mesh ON ct_parts(mesh);\n"
    "CREATE INDEX ct_parts_material ON ct_parts(material);\n"
    // of the placed parts, twin's CRS
    "CREATE VIRTUAL TABLE ct_part_boxes USING rtree(id,min_x,max_x,min_y,max_y,min_z,max_z);\n"
    "CREATE TABLE ct_properties(class TEXT NOT NULL, fid INTEGER NOT NULL, property_set TEXT NOT "
    "NULL, name TEXT NOT NULL, type TEXT NOT NULL, value, unit TEXT NOT NULL,"
    " PRIMARY KEY(class,fid,property_set,name)) WITHOUT ROWID;\n"
    "CREATE TRIGGER ct_delete_part AFTER DELETE ON ct_parts BEGIN\n"
    "DELETE FROM ct_part_boxes WHERE id=OLD.id;\n"
    "DELETE FROM ct_meshes WHERE id=OLD.mesh AND NOT EXISTS"
    " (SELECT 1 FROM ct_parts WHERE mesh=OLD.mesh);\n"
    "DELETE FROM ct_materials WHERE id=OLD.material AND NOT EXISTS"
    " (SELECT 1 FROM ct_parts WHERE material=OLD.material);\n"
    "END;\n";

ct_err ct_store__body_tables(bool *there, ct_store__conn *conn) {
    int64_t n = 0;
    CT_TRY(ct_store__get_int(
        &n, conn, "SELECT count(*) FROM sqlite_schema WHERE type='table' AND name='ct_properties'",
        NULL));
    *there = n > 0;
    return CT_OK;
}

ct_err ct_store__body_tables_make(ct_store__conn *conn) {
    return ct_context(ct_store__exec(conn, tables), "tables of bodies");
}

ct_err ct_store__body_triggers_make(ct_store__conn *conn, const ct_class *cls) {
    const char *table = cls->collection, *name = cls->name;
    ct_buf sql;
    ct_buf_init(&sql, CT_STORE__SQL_MAX);
    ct_buf_printf(&sql,
                  "CREATE TRIGGER \"ct_delete_body_%s\" AFTER DELETE ON \"%s\" BEGIN\n"
                  "DELETE FROM ct_parts WHERE class='%s' AND fid=OLD.fid;\n"
                  "DELETE FROM ct_properties WHERE class='%s' AND fid=OLD.fid;\n"
                  "END;\n",
                  table, table, name, name);
    ct_buf_printf(&sql,
                  "CREATE TRIGGER \"ct_move_body_%s\" AFTER UPDATE OF fid ON \"%s\" "
                  "WHEN NEW.fid IS NOT OLD.fid BEGIN\n"
                  "UPDATE ct_parts SET fid=NEW.fid WHERE class='%s' AND fid=OLD.fid;\n"
                  "UPDATE ct_properties SET fid=NEW.fid WHERE class='%s' AND fid=OLD.fid;\n"
                  "END;\n",
                  table, table, name, name);
    ct_err err = ct_buf_status(&sql);
    if (err == CT_OK) err = ct_store__exec(conn, sql.data);
    ct_buf_fini(&sql);
    return ct_context(err, "triggers of bodies of %s", table);
}
