// Triggers of a class's table. They keep ids unique over the whole twin and write the log of
// changes, whoever writes: this program or a GIS that opens the file. (SpatiaLite's own triggers
// keep the geometry's type and the R*Tree.)
#include <stdio.h>

#include "base/buf.h"
#include "store/sqlite/internal.h"

typedef enum box { BOX_NONE, BOX_OLD, BOX_NEW, BOX_BOTH } box;

// The part of a log row that depends on geometries: a box, or nulls.
static void put_box(ct_buf *sql, const ct_class *cls, box of) {
    static const char *const corners[4][2] = {
        {"min", "MbrMinX"}, {"min", "MbrMinY"}, {"max", "MbrMaxX"}, {"max", "MbrMaxY"}};
    for (int i = 0; i < 4; ++i) {
        const char *pick = corners[i][0], *mbr = corners[i][1];
        if (cls->geometry == CT_GEOM_NONE || of == BOX_NONE) {
            ct_buf_puts(sql, ",NULL");
        } else if (of == BOX_BOTH) {
            ct_buf_printf(
                sql, ",%s(coalesce(%s(OLD.geom),%s(NEW.geom)),coalesce(%s(NEW.geom),%s(OLD.geom)))",
                pick, mbr, mbr, mbr, mbr);
        } else {
            ct_buf_printf(sql, ",%s(%s.geom)", mbr, of == BOX_OLD ? "OLD" : "NEW");
        }
    }
}

// `where`: when the row is written, "" = always.
static void put_log(ct_buf *sql, const ct_class *cls, const char *op, const char *which, box of,
                    const char *where) {
    ct_buf_printf(sql,
                  "INSERT INTO ct_changes(time,class,id,op,min_x,min_y,max_x,max_y) "
                  "SELECT strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ','now'),'%s',%s.id,'%s'",
                  cls->name, which, op);
    put_box(sql, cls, of);
    ct_buf_printf(sql, "%s;\n", where);
}

// What was moved away is a change in two places, and none in between: two rows.
static void put_log_of_update(ct_buf *sql, const ct_class *cls) {
    static const char apart[] =
        "(MbrMaxX(OLD.geom)<MbrMinX(NEW.geom) OR MbrMaxX(NEW.geom)<MbrMinX(OLD.geom) OR "
        "MbrMaxY(OLD.geom)<MbrMinY(NEW.geom) OR MbrMaxY(NEW.geom)<MbrMinY(OLD.geom))";
    char when[400], otherwise[400];
    if (cls->geometry == CT_GEOM_NONE) {
        put_log(sql, cls, "set", "NEW", BOX_NONE, "");
        return;
    }
    (void)snprintf(when, sizeof when, " WHERE %s", apart);
    (void)snprintf(otherwise, sizeof otherwise, " WHERE %s IS NOT 1", apart);
    put_log(sql, cls, "set", "NEW", BOX_OLD, when);
    put_log(sql, cls, "set", "NEW", BOX_NEW, when);
    put_log(sql, cls, "set", "NEW", BOX_BOTH, otherwise);
}

static void put_state(ct_buf *sql, const ct_class *cls, const char *count) {
    ct_buf_printf(sql,
                  "UPDATE ct_classes SET version=(SELECT max(version) FROM ct_changes)%s WHERE "
                  "class='%s';\n",
                  count, cls->name);
}

static void put_id_check(ct_buf *sql, const char *condition) {
    // A blob and a text with a NUL would pass the pattern: their bytes are more than its
    // characters.
    ct_buf_printf(
        sql,
        "SELECT RAISE(ABORT,'an id has 1 to %d of A-Z a-z 0-9 . _ ~ -') WHERE NEW.id='' OR "
        "length(NEW.id)>%d OR NEW.id GLOB '*[^A-Za-z0-9._~-]*' OR typeof(NEW.id)='blob' OR "
        "length(CAST(NEW.id AS BLOB))<>length(NEW.id);\n"
        "SELECT RAISE(ABORT,'the id is used in this twin already') WHERE %s EXISTS "
        "(SELECT 1 FROM ct_ids WHERE id=NEW.id);\n",
        CT_ID_MAX - 1, CT_ID_MAX - 1, condition);
}

// INSERT OR REPLACE and UPDATE OR REPLACE take away the row in their way without asking the delete
// trigger (SQLite: unless recursive_triggers is on), which would leave its id, its box and its
// count behind.
static void put_fid_check(ct_buf *sql, const char *table, const char *condition) {
    ct_buf_printf(sql,
                  "SELECT RAISE(ABORT,'the fid is used in this table already') WHERE %s EXISTS "
                  "(SELECT 1 FROM \"%s\" WHERE fid=NEW.fid);\n",
                  condition, table);
}

// Pages and tiles count fids from 1 upwards.
static void put_fid_range(ct_buf *sql) {
    ct_buf_puts(sql, "SELECT RAISE(ABORT,'a fid is at least 1') WHERE NEW.fid<1;\n");
}

static void put_new_id(ct_buf *sql, const ct_class *cls) {
    ct_buf_printf(sql, "INSERT INTO ct_ids(id,class,fid) VALUES(NEW.id,'%s',NEW.fid);\n",
                  cls->name);
}

static void put_all(ct_buf *sql, const ct_class *cls) {
    const char *table = cls->collection;
    ct_buf_printf(sql, "CREATE TRIGGER \"ct_insert_check_%s\" BEFORE INSERT ON \"%s\" BEGIN\n",
                  table, table);
    put_id_check(sql, "");
    put_fid_check(sql, table, "");
    ct_buf_printf(sql, "END;\nCREATE TRIGGER \"ct_insert_%s\" AFTER INSERT ON \"%s\" BEGIN\n",
                  table, table);
    put_fid_range(sql);
    put_new_id(sql, cls);
    put_log(sql, cls, "add", "NEW", BOX_NEW, "");
    put_state(sql, cls, ",features=features+1");

    ct_buf_printf(
        sql,
        "END;\nCREATE TRIGGER \"ct_rename_check_%s\" BEFORE UPDATE OF id,fid ON \"%s\" BEGIN\n",
        table, table);
    put_id_check(sql, "NEW.id IS NOT OLD.id AND");
    put_fid_check(sql, table, "NEW.fid IS NOT OLD.fid AND");
    put_fid_range(sql);
    ct_buf_printf(sql,
                  "END;\nCREATE TRIGGER \"ct_update_%s\" AFTER UPDATE ON \"%s\" "
                  "WHEN NEW.id IS OLD.id AND NEW.fid IS OLD.fid BEGIN\n",
                  table, table);
    put_log_of_update(sql, cls);
    put_state(sql, cls, "");
    // A feature that changes its name is one that goes and one that comes.
    ct_buf_printf(sql,
                  "END;\nCREATE TRIGGER \"ct_rename_%s\" AFTER UPDATE ON \"%s\" "
                  "WHEN NEW.id IS NOT OLD.id OR NEW.fid IS NOT OLD.fid BEGIN\n"
                  "DELETE FROM ct_ids WHERE id=OLD.id;\n",
                  table, table);
    put_new_id(sql, cls);
    put_log(sql, cls, "remove", "OLD", BOX_OLD, "");
    put_log(sql, cls, "add", "NEW", BOX_NEW, "");
    put_state(sql, cls, "");

    ct_buf_printf(sql,
                  "END;\nCREATE TRIGGER \"ct_delete_%s\" AFTER DELETE ON \"%s\" BEGIN\n"
                  "DELETE FROM ct_ids WHERE id=OLD.id;\n",
                  table, table);
    put_log(sql, cls, "remove", "OLD", BOX_OLD, "");
    put_state(sql, cls, ",features=features-1");
    ct_buf_puts(sql, "END;\n");
}

ct_err ct_store__triggers_make(ct_store__conn *conn, const ct_class *cls) {
    ct_buf sql;
    ct_buf_init(&sql, CT_STORE__SQL_MAX);
    put_all(&sql, cls);
    ct_err err = ct_buf_status(&sql);
    if (err == CT_OK) err = ct_store__exec(conn, sql.data);
    ct_buf_fini(&sql);
    return ct_context(err, "triggers of %s", cls->collection);
}
