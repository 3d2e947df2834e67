// Whether a twin is in order: SQLite's own check, then class by class ids, counts, spatial index,
// features, references.
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "store/folder.h"
#include "store/sqlite/body.h"

typedef struct checking {
    ct_store__findings findings;
    ct_store *store;
    ct_store__conn *conn;
    ct_arena *arena; // of one feature
    ct_buf sql;
} checking;

// ---- statements whose rows are findings ---------------------------------------------------------
static ct_err run_sql(checking *c) {
    CT_TRY(ct_buf_status(&c->sql));
    const ct_err err = ct_store__each_finding(&c->findings, c->conn, c->sql.data);
    ct_buf_reset(&c->sql);
    return err;
}

static ct_err check_ids(checking *c, const ct_class *cls) {
    const char *table = cls->collection;
    ct_buf_printf(&c->sql,
                  "SELECT '%s: '||t.id||' is not in the table of ids' FROM \"%s\" t LEFT JOIN "
                  "ct_ids i ON i.id=t.id "
                  "WHERE i.class IS NOT '%s' OR i.fid IS NOT t.fid",
                  table, table, cls->name);
    CT_TRY(run_sql(c));
    ct_buf_printf(&c->sql,
                  "SELECT '%s: the id '||i.id||' has no feature' FROM ct_ids i WHERE i.class='%s' "
                  "AND NOT EXISTS "
                  "(SELECT 1 FROM \"%s\" t WHERE t.fid=i.fid)",
                  table, cls->name, table);
    CT_TRY(run_sql(c));
    ct_buf_printf(
        &c->sql,
        "SELECT '%s: '||features||' features are noted, '||n||' are there' FROM ct_classes, "
        "(SELECT count(*) AS n FROM \"%s\") WHERE class='%s' AND features<>n",
        table, table, cls->name);
    return run_sql(c);
}

static ct_err check_index(checking *c, const ct_class *cls) {
    const char *table = cls->collection;
    ct_buf_printf(
        &c->sql,
        "SELECT '%s: spatial index: '||answer FROM (SELECT rtreecheck('idx_%s_geom') AS answer) "
        "WHERE answer<>'ok'",
        table, table);
    CT_TRY(run_sql(c));
    ct_buf_printf(&c->sql,
                  "SELECT '%s: the spatial index has '||count(*)||' boxes without a geometry' FROM "
                  "\"idx_%s_geom\" r "
                  "LEFT JOIN \"%s\" t ON t.fid=r.pkid WHERE t.geom IS NULL HAVING count(*)>0",
                  table, table, table);
    return run_sql(c);
}

static ct_err check_references(checking *c, const ct_class *cls) {
    for (size_t i = 0; i < cls->n_attrs; ++i) {
        const ct_attr *attr = &cls->attrs[i];
        const ct_class *to =
            attr->references ? ct_catalogue_by_name(c->store->catalogue, attr->references) : NULL;
        if (!to) continue;
        ct_buf_printf(&c->sql,
                      "SELECT '%s: '||t.id||': %s: there is no %s \"'||t.\"%s\"||'\"' FROM \"%s\" "
                      "t WHERE t.\"%s\" "
                      "IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \"%s\" r WHERE r.id=t.\"%s\")",
                      cls->collection, attr->name, to->name, attr->name, cls->collection,
                      attr->name, to->collection, attr->name);
        CT_TRY(run_sql(c));
    }
    return CT_OK;
}

// ---- feature by feature
// ------------------------------------------------------------------------------------------- The
// R*Tree's floats are rounded outwards, by a few of their last places at most.
static bool side_ok(double indexed, double exact, bool lower) {
    const double slack = 4 * (double)FLT_EPSILON * fabs(exact) + (double)FLT_MIN;
    return lower ? indexed <= exact && exact - indexed <= slack
                 : indexed >= exact && indexed - exact <= slack;
}

static void check_box(checking *c, const ct_feature *f, sqlite3_stmt *stmt, int column) {
    ct_bbox head, box;
    const void *blob = sqlite3_column_blob(stmt, column - 1);
    const size_t length = (size_t)sqlite3_column_bytes(stmt, column - 1);
    if (!ct_geom_bbox(&box, &f->geom) || !ct_store__blob_box(&head, blob, length)) return;
    // By value, not by bytes: other programs may write 0 as -0.
    if (box.min_x != head.min_x || box.min_y != head.min_y || box.max_x != head.max_x ||
        box.max_y != head.max_y) {
        ct_store__found(&c->findings, "%s: %s: the box in the geometry's head is not its own",
                        f->cls->collection, f->id);
    }
    if (sqlite3_column_type(stmt, column) == SQLITE_NULL) {
        ct_store__found(&c->findings, "%s: %s is not in the spatial index", f->cls->collection,
                        f->id);
    } else if (!side_ok(sqlite3_column_double(stmt, column), box.min_x, true) ||
               !side_ok(sqlite3_column_double(stmt, column + 1), box.max_x, false) ||
               !side_ok(sqlite3_column_double(stmt, column + 2), box.min_y, true) ||
               !side_ok(sqlite3_column_double(stmt, column + 3), box.max_y, false)) {
        ct_store__found(&c->findings, "%s: %s: its box in the spatial index is another",
                        f->cls->collection, f->id);
    }
}

static void check_geometry(checking *c, const ct_feature *f, sqlite3_stmt *stmt, int column) {
    if (f->geom.type == CT_GEOM_NONE) return;
    if (f->geom.type != f->cls->geometry || f->geom.has_z != f->cls->has_z) {
        ct_store__found(&c->findings, "%s: %s: geometry of type %s%s", f->cls->collection, f->id,
                        ct_geom_type_name(f->geom.type), f->geom.has_z ? " Z" : "");
    }
    check_box(c, f, stmt, column);
}

static ct_err check_feature(checking *c, ct_store__row *row, sqlite3_stmt *stmt) {
    const ct_class *cls = row->feature.cls;
    const bool geometry = cls->geometry != CT_GEOM_NONE;
    ct_err err = ct_store__row_read(row, stmt);
    if (err == CT_OK && geometry) err = ct_store__row_geometry(row, stmt);
    if (err == CT_CORRUPT || err == CT_UNSUPPORTED) {
        ct_store__found(&c->findings, "%s: %s", cls->collection, ct_err_message());
        return CT_OK;
    }
    CT_TRY(err);
    if (geometry) check_geometry(c, &row->feature, stmt, 4 + (int)cls->n_attrs);
    ct_feature copy = row->feature; // the check may widen the geometry, and change nothing else of
                                    // a stored feature
    ct_arena_reset(c->arena);
    err = ct_feature_check(&copy, c->arena);
    if (err == CT_NOMEM) return err;
    if (err != CT_OK)
        ct_store__found(&c->findings, "%s: %s: %s", cls->collection, row->feature.id,
                        ct_err_message());
    return CT_OK;
}

static ct_err check_features(checking *c, const ct_class *cls) {
    const char *table = cls->collection, *attrs = c->store->tables[cls->index].attrs;
    ct_store__row row;
    sqlite3_stmt *stmt = NULL;
    bool more = true;
    CT_TRY(ct_store__row_init(&row, cls));
    if (cls->geometry == CT_GEOM_NONE) {
        ct_buf_printf(&c->sql, "SELECT %s FROM \"%s\" ORDER BY fid", attrs, table);
    } else {
        ct_buf_printf(&c->sql,
                      "SELECT %s,geom,xmin,xmax,ymin,ymax FROM \"%s\" LEFT JOIN \"idx_%s_geom\" ON "
                      "pkid=fid ORDER BY fid",
                      attrs, table, table);
    }
    ct_err err = ct_buf_status(&c->sql);
    if (err == CT_OK) err = ct_store__prepare(&stmt, c->conn, c->sql.data);
    ct_buf_reset(&c->sql);
    while (err == CT_OK && more) {
        err = ct_store__step(c->conn, stmt, &more);
        if (err == CT_OK && more) err = check_feature(c, &row, stmt);
    }
    ct_store__done(c->conn, stmt);
    ct_store__row_fini(&row);
    return err;
}

// ---- terrain ------------------------------------------------------------------------------------
static ct_err check_terrain_row(checking *c, const char *id, const char *file) {
    if (strchr(file, '/')) {
        ct_store__found(&c->findings, "terrains: %s: \"%s\" is no file name", id, file);
        return CT_OK;
    }
    char *path = ct_sprintf("%s/%s/%s", c->store->folder, CT_STORE__TERRAIN, file);
    if (!path) return CT_NOMEM;
    if (!ct_file_exists(path))
        ct_store__found(&c->findings, "terrains: %s: %s is not there", id, path);
    ct_free(path);
    return CT_OK;
}

// Every raster that a feature names lies in the terrain folder.
static ct_err check_terrain(checking *c) {
    const ct_class *cls = ct_catalogue_by_name(c->store->catalogue, "terrain");
    sqlite3_stmt *stmt = NULL;
    bool row = true;
    if (!cls || ct_class_attr(cls, "file") < 0) return CT_OK;
    CT_TRY(
        ct_store__prepare(&stmt, c->conn, "SELECT id,file FROM terrains WHERE file IS NOT NULL"));
    ct_err err = CT_OK;
    while (err == CT_OK && row) {
        err = ct_store__step(c->conn, stmt, &row);
        const char *id = err == CT_OK && row ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
        const char *file = id ? (const char *)sqlite3_column_text(stmt, 1) : NULL;
        if (file) err = check_terrain_row(c, id, file);
    }
    ct_store__done(c->conn, stmt);
    return err;
}

// ---- all ----------------------------------------------------------------------------------------
static ct_err check_class(checking *c, const ct_class *cls) {
    CT_TRY(check_ids(c, cls));
    if (cls->geometry != CT_GEOM_NONE) CT_TRY(check_index(c, cls));
    CT_TRY(check_features(c, cls));
    return check_references(c, cls);
}

static ct_err check_file(checking *c) {
    ct_buf_puts(&c->sql,
                "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check<>'ok'");
    CT_TRY(run_sql(c));
    for (size_t i = 0; i < ct_catalogue_count(c->store->catalogue); ++i) {
        CT_TRY(check_class(c, ct_catalogue_at(c->store->catalogue, i)));
    }
    CT_TRY(ct_store__body_check(&c->findings, c->conn, c->store->catalogue));
    return check_terrain(c);
}

ct_err ct_store_check(ct_store *store, void (*report)(void *context, const char *line),
                      void *context, int *problems) {
    ct_reader *reader = NULL;
    checking c = {.findings = {.report = report, .context = context}, .store = store};
    ct_buf_init(&c.sql, CT_STORE__SQL_MAX);
    c.arena = ct_arena_new(1U << 16, 0);
    ct_err err = c.arena ? ct_store_reader(&reader, store) : CT_NOMEM;
    if (err != CT_OK) goto done;
    c.conn = reader->conn;
    err = check_file(&c);
    if (err == CT_CORRUPT) { // too damaged to be looked at any closer
        ct_store__found(&c.findings, "%s", ct_err_message());
        err = CT_OK;
    }
    if (err == CT_OK) err = ct_store__folder_check(&c.findings, store->folder);
    if (err == CT_OK) *problems = c.findings.problems;
done:
    ct_reader_release(reader);
    ct_arena_free(c.arena);
    ct_buf_fini(&c.sql);
    return err;
}
