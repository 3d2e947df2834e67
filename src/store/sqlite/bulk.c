// Many new features in a row. A trigger's program is begun anew for each row, and SpatiaLite's for
// the R*Tree makes SQL text of each box and has it parsed. Here the connection's triggers are off,
// and what they write is written by statements that stay prepared: the ids and the log of changes
// with each feature; R*Trees, counts and times once at the end, or when much waits for them. What
// the triggers check is checked before (ct_feature_check) or by the table of ids.
#include "store/sqlite/bulk.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/sqlite/body.h"
#include "store/sqlite/rtree_load.h"

enum { MAX_BOXES = 1 << 18 }; // that wait, of all classes together

typedef struct bulk_class {
    bool begun;
    sqlite3_stmt *insert;
    int64_t last_fid, version, added;
    ct_store__boxes boxes;
} bulk_class;

struct ct_store__bulk {
    ct_store *store;
    ct_store__conn *conn;
    sqlite3_stmt *put_id, *put_change;
    bulk_class *classes; // by their index
    ct_store__boxes parts;
    size_t n_boxes;
    char made_id[CT_ID_MAX];
    int64_t time_ms; // that `time` tells
    char time[40];
};

// ---- beginning ----------------------------------------------------------------------------------
// The triggers of a class's table, by the beginnings of their names; those on new rows come first.
static const char *const k_geometry_triggers[] = {"ggi", "gii", "tmi", "ggu",
                                                  "giu", "tmu", "gid", "tmd"};
static const char *const k_own_triggers[] = {"insert_check", "insert", "rename_check", "update",
                                             "rename",       "delete", "delete_body",  "move_body"};
enum { N_TRIGGERS = 8, GEOMETRY_ON_INSERT = 3, OWN_ON_INSERT = 2 };

// Counts what is known of one trigger's name; false for one of another program.
static bool is_ours(size_t *on_insert, const char *name, const char *table) {
    char known[2 * CT_STORE__NAME_MAX];
    for (size_t i = 0; i < N_TRIGGERS; i++) {
        (void)sqlite3_snprintf(sizeof known, known, "%s_%s_geom", k_geometry_triggers[i], table);
        if (sqlite3_stricmp(name, known) == 0) {
            *on_insert += i < GEOMETRY_ON_INSERT;
            return true;
        }
        (void)sqlite3_snprintf(sizeof known, known, "ct_%s_%s", k_own_triggers[i], table);
        if (sqlite3_stricmp(name, known) == 0) {
            *on_insert += i < OWN_ON_INSERT;
            return true;
        }
    }
    return false;
}

// Whether another program wants to hear of our own tables: what goes into them beside a feature.
static ct_err is_overheard(bool *out, ct_store__conn *conn) {
    int64_t one = 0;
    const ct_err err = ct_store__get_int(
        &one, conn,
        "SELECT 1 FROM sqlite_schema WHERE type='trigger' AND name<>'ct_delete_part' AND "
        "tbl_name COLLATE NOCASE IN ('ct_changes','ct_ids','ct_classes','ct_parts',"
        "'ct_properties','ct_meshes','ct_materials') LIMIT 1",
        NULL);
    if (err != CT_OK && err != CT_NOTFOUND) return err;
    *out = err == CT_OK;
    return CT_OK;
}

static ct_err triggers_known(bool *out, ct_store__conn *conn, const ct_class *cls) {
    sqlite3_stmt *stmt = NULL;
    size_t on_insert = 0;
    bool ours = true, row = true;
    CT_TRY(ct_store__prepare(&stmt, conn,
                             "SELECT name FROM sqlite_schema WHERE type='trigger' AND "
                             "tbl_name=?1 COLLATE NOCASE"));
    sqlite3_bind_text(stmt, 1, cls->collection, -1, SQLITE_STATIC);
    ct_err err = ct_store__step(conn, stmt, &row);
    for (; err == CT_OK && row; err = ct_store__step(conn, stmt, &row)) {
        const char *name = (const char *)sqlite3_column_text(stmt, 0);
        if (!name || !is_ours(&on_insert, name, cls->collection)) ours = false;
    }
    ct_store__done(conn, stmt);
    const size_t all = OWN_ON_INSERT + (cls->geometry == CT_GEOM_NONE ? 0 : GEOMETRY_ON_INSERT);
    *out = ours && on_insert == all;
    return err;
}

static void set_triggers(ct_store__conn *conn, bool on) {
    (void)sqlite3_db_config(conn->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, (int)on, NULL);
}

static ct_err make(ct_store__bulk **out, ct_store *store) {
    ct_store__bulk *bulk = ct_calloc(1, sizeof *bulk);
    if (!bulk) return CT_NOMEM;
    const size_t n = ct_catalogue_count(store->catalogue);
    bulk->store = store;
    bulk->conn = store->main;
    bulk->parts.axes = 3;
    bulk->classes = ct_calloc(n, sizeof *bulk->classes);
    ct_err err = bulk->classes ? CT_OK : CT_NOMEM;
    for (size_t i = 0; err == CT_OK && i < n; i++) bulk->classes[i].boxes.axes = 2;
    set_triggers(bulk->conn, false);
    if (err == CT_OK)
        err = ct_store__prepare(
            &bulk->put_id, bulk->conn,
            "INSERT INTO ct_ids(id,class,fid) VALUES(?1,?2,?3) ON CONFLICT DO NOTHING");
    if (err == CT_OK)
        err = ct_store__prepare(&bulk->put_change, bulk->conn,
                                "INSERT INTO ct_changes(time,class,id,op,min_x,min_y,max_x,max_y) "
                                "VALUES(?1,?2,?3,'add',?4,?5,?6,?7)");
    if (err != CT_OK) {
        ct_store__bulk_free(bulk);
        return err;
    }
    *out = bulk;
    return CT_OK;
}

static ct_err begin_class(ct_store__bulk *bulk, bulk_class *c, const ct_class *cls) {
    const ct_err err = ct_store__get_int(
        &c->last_fid, bulk->conn, "SELECT seq FROM sqlite_sequence WHERE name=?1", cls->collection);
    if (err != CT_OK && err != CT_NOTFOUND) return err;
    CT_TRY(ct_store__prepare(&c->insert, bulk->conn, bulk->store->tables[cls->index].insert));
    c->begun = true;
    return CT_OK;
}

ct_err ct_store__bulk_begin(bool *may, ct_writer *writer, const ct_class *cls) {
    *may = writer->bulk && writer->bulk->classes[cls->index].begun;
    if (*may) return CT_OK;
    bool overheard = false;
    CT_TRY(triggers_known(may, writer->conn, cls));
    if (*may && !writer->bulk) CT_TRY(is_overheard(&overheard, writer->conn));
    *may = *may && !overheard;
    if (!*may) return CT_OK;
    if (!writer->bulk) CT_TRY(make(&writer->bulk, writer->store));
    return begin_class(writer->bulk, &writer->bulk->classes[cls->index], cls);
}

// ---- a feature ----------------------------------------------------------------------------------
static ct_err put_id(bool *used, ct_store__bulk *bulk, const ct_feature *f, int64_t fid) {
    sqlite3_bind_text(bulk->put_id, 1, f->id, -1, SQLITE_STATIC);
    sqlite3_bind_text(bulk->put_id, 2, f->cls->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(bulk->put_id, 3, fid);
    CT_TRY(ct_store__run(bulk->conn, bulk->put_id));
    *used = sqlite3_changes(bulk->conn->db) == 0;
    return CT_OK;
}

// Gives the feature the next number of its class and, if it has no id, one made of the number.
static ct_err take_id(ct_store__bulk *bulk, ct_feature *f) {
    bulk_class *c = &bulk->classes[f->cls->index];
    const bool given = f->id;
    bool used = true;
    for (f->fid = c->last_fid; used;) {
        f->fid++;
        if (!given) {
            (void)sqlite3_snprintf(sizeof bulk->made_id, bulk->made_id, "%s-%lld", f->cls->name,
                                   (long long)f->fid);
            f->id = bulk->made_id;
        }
        CT_TRY(put_id(&used, bulk, f, f->fid));
        if (given && used)
            return ct_fail(CT_EXISTS, "the id \"%s\" is used in this twin already", f->id);
    }
    c->last_fid = f->fid;
    return CT_OK;
}

// As the triggers write it, with three places behind the seconds.
static void tell_time(ct_store__bulk *bulk) {
    const int64_t ms = ct_clock_now_us(ct_clock_real()) / 1000;
    if (ms == bulk->time_ms) return;
    bulk->time_ms = ms;
    ct_time_format(bulk->time, ms / 1000 * 1000000);
    (void)sqlite3_snprintf(8, strchr(bulk->time, 'Z'), ".%03dZ", (int)(ms % 1000));
}

static ct_err put_change(ct_store__bulk *bulk, const ct_feature *f) {
    bulk_class *c = &bulk->classes[f->cls->index];
    sqlite3_stmt *stmt = bulk->put_change;
    ct_bbox box;
    const bool somewhere = ct_geom_bbox(&box, &f->geom);
    tell_time(bulk);
    sqlite3_bind_text(stmt, 1, bulk->time, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, f->cls->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, f->id, -1, SQLITE_STATIC);
    const double corners[4] = {box.min_x, box.min_y, box.max_x, box.max_y};
    for (int i = 0; i < 4; i++) {
        if (somewhere)
            sqlite3_bind_double(stmt, 4 + i, corners[i]);
        else
            sqlite3_bind_null(stmt, 4 + i);
    }
    CT_TRY(ct_store__run(bulk->conn, stmt));
    c->version = sqlite3_last_insert_rowid(bulk->conn->db);
    c->added++;
    if (!somewhere) return CT_OK;
    const double sides[] = {box.min_x, box.max_x, box.min_y, box.max_y};
    bulk->n_boxes++;
    return ct_store__boxes_add(&c->boxes, f->fid, sides);
}

ct_err ct_store__bulk_part_box(ct_store__bulk *bulk, int64_t part, const double *sides) {
    bulk->n_boxes++;
    return ct_store__boxes_add(&bulk->parts, part, sides);
}

// ---- what is written once -----------------------------------------------------------------------
static ct_err load_boxes(ct_store__bulk *bulk) {
    char table[CT_STORE__NAME_MAX + 16];
    for (size_t i = 0; i < ct_catalogue_count(bulk->store->catalogue); i++) {
        (void)sqlite3_snprintf(sizeof table, table, "idx_%s_geom",
                               ct_catalogue_at(bulk->store->catalogue, i)->collection);
        CT_TRY(ct_store__boxes_load(&bulk->classes[i].boxes, bulk->conn, table));
    }
    bulk->n_boxes = 0;
    return ct_store__boxes_load(&bulk->parts, bulk->conn, "ct_part_boxes");
}

static ct_err put_state(ct_store__bulk *bulk, const bulk_class *c, const ct_class *cls) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__prepare(
        &stmt, bulk->conn, "UPDATE ct_classes SET version=?2,features=features+?3 WHERE class=?1"));
    sqlite3_bind_text(stmt, 1, cls->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, c->version);
    sqlite3_bind_int64(stmt, 3, c->added);
    const ct_err err = ct_store__run(bulk->conn, stmt);
    ct_store__done(bulk->conn, stmt);
    return err;
}

static ct_err put_time(ct_store__bulk *bulk, const ct_class *cls) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__prepare(&stmt, bulk->conn,
                             "UPDATE geometry_columns_time SET "
                             "last_insert=strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE "
                             "lower(f_table_name)=lower(?1) AND lower(f_geometry_column)='geom'"));
    sqlite3_bind_text(stmt, 1, cls->collection, -1, SQLITE_STATIC);
    const ct_err err = ct_store__run(bulk->conn, stmt);
    ct_store__done(bulk->conn, stmt);
    return err;
}

static ct_err put_rest(ct_writer *writer, const ct_feature *f, sqlite3_stmt *insert) {
    ct_store__bulk *bulk = writer->bulk;
    ct_store__bind_values(insert, f, f->fid);
    CT_TRY(ct_store__run(bulk->conn, insert));
    CT_TRY(put_change(bulk, f));
    CT_TRY(ct_store__body_write(writer, f, f->fid, true));
    return bulk->n_boxes < MAX_BOXES ? CT_OK : load_boxes(bulk);
}

ct_err ct_store__bulk_add(ct_writer *writer, ct_feature *f) {
    ct_store__bulk *bulk = writer->bulk;
    sqlite3_stmt *insert = bulk->classes[f->cls->index].insert;
    CT_TRY(ct_store__bind_geometry(insert, f, &writer->blob, writer->store->srid));
    CT_TRY(take_id(bulk, f));
    const ct_err err = put_rest(writer, f, insert);
    if (err != CT_OK) writer->broken = err;
    return err;
}

static ct_err finish(ct_store__bulk *bulk) {
    CT_TRY(load_boxes(bulk));
    for (size_t i = 0; i < ct_catalogue_count(bulk->store->catalogue); i++) {
        const bulk_class *c = &bulk->classes[i];
        const ct_class *cls = ct_catalogue_at(bulk->store->catalogue, i);
        if (!c->added) continue;
        CT_TRY(put_state(bulk, c, cls));
        if (cls->geometry != CT_GEOM_NONE) CT_TRY(put_time(bulk, cls));
    }
    return CT_OK;
}

ct_err ct_store__bulk_end(ct_writer *writer) {
    ct_store__bulk *bulk = writer->bulk;
    if (!bulk) return CT_OK;
    const ct_err err = finish(bulk);
    writer->bulk = NULL;
    ct_store__bulk_free(bulk);
    if (err != CT_OK) writer->broken = err; // rows are in, what belongs to them is not
    return err;
}

void ct_store__bulk_free(ct_store__bulk *bulk) {
    if (!bulk) return;
    for (size_t i = 0; bulk->classes && i < ct_catalogue_count(bulk->store->catalogue); i++) {
        ct_store__done(bulk->conn, bulk->classes[i].insert);
        ct_store__boxes_fini(&bulk->classes[i].boxes);
    }
    ct_store__done(bulk->conn, bulk->put_id);
    ct_store__done(bulk->conn, bulk->put_change);
    ct_store__boxes_fini(&bulk->parts);
    set_triggers(bulk->conn, true);
    ct_free(bulk->classes);
    ct_free(bulk);
}
