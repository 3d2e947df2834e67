// The tables of a twin: SpatiaLite's metadata, our own ct_ tables, and one table a class made from
// the catalogue.
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/sqlite/body.h"

static const char own_tables[] =
    "CREATE TABLE ct_meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;\n"
    // one row a class: titles for people, newest change number and number of features for the
    // program
    "CREATE TABLE ct_classes(class TEXT PRIMARY KEY, collection TEXT NOT NULL UNIQUE, title_en "
    "TEXT, title_zh TEXT,"
    " geometry TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 0, features INTEGER NOT NULL "
    "DEFAULT 0) WITHOUT ROWID;\n"
    "CREATE TABLE ct_ids(id TEXT PRIMARY KEY, class TEXT NOT NULL, fid INTEGER NOT NULL) WITHOUT "
    "ROWID;\n"
    "CREATE TABLE ct_changes(version INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, class "
    "TEXT NOT NULL,"
    " id TEXT NOT NULL, op TEXT NOT NULL, min_x REAL, min_y REAL, max_x REAL, max_y REAL);\n"
    "CREATE TABLE ct_commits(last_version INTEGER PRIMARY KEY, first_version INTEGER NOT NULL, "
    "time TEXT NOT NULL,"
    " reason TEXT);\n";

const char *ct_store__sql_type(ct_attr_type type) {
    switch (type) {
    case CT_ATTR_INTEGER: return "INTEGER";
    case CT_ATTR_REAL: return "REAL";
    case CT_ATTR_BOOLEAN: return "BOOLEAN";
    case CT_ATTR_DATETIME: return "TIMESTAMP";
    case CT_ATTR_TEXT: break;
    }
    return "TEXT";
}

// Names go into SQL text: only letters, digits and underscores, and none of our own.
ct_err ct_store__name_check(const char *name, bool of_column) {
    static const char *const taken[] = {"fid", "id", "source_id", "geom", "rowid"};
    const size_t n = strlen(name);
    if (n == 0 || n > CT_STORE__NAME_MAX ||
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != n ||
        (name[0] >= '0' && name[0] <= '9') || strncmp(name, "ct_", 3) == 0) {
        return ct_fail(CT_ARG, "catalogue: \"%.80s\" cannot name a table or column", name);
    }
    for (size_t i = 0; of_column && i < sizeof taken / sizeof *taken; ++i) {
        if (strcmp(name, taken[i]) == 0)
            return ct_fail(CT_ARG, "catalogue: attribute \"%s\" is the store's own", name);
    }
    return CT_OK;
}

// Runs a SELECT of one of SpatiaLite's functions, which answer 1 for success.
static ct_err call(ct_store__conn *conn, const char *sql) {
    int64_t answer = 0;
    CT_TRY(ct_store__get_int(&answer, conn, sql, NULL));
    if (answer == 1) return CT_OK;
    // It does not say why; what we ask is in order, so the file or the memory failed it.
    return ct_fail(CT_IO, "%s: SpatiaLite refused %.60s: the disk or the memory fails",
                   ct_path_name(sqlite3_db_filename(conn->db, "main")), sql);
}

static void put_columns(ct_buf *sql, const ct_class *cls) {
    ct_buf_printf(
        sql,
        "CREATE TABLE \"%s\"(fid INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL ON CONFLICT "
        "REPLACE DEFAULT ('%s-'||lower(hex(randomblob(8)))) UNIQUE, source_id TEXT",
        cls->collection, cls->name);
    for (size_t i = 0; i < cls->n_attrs; ++i) {
        ct_buf_printf(sql, ",\"%s\" %s", cls->attrs[i].name,
                      ct_store__sql_type(cls->attrs[i].type));
    }
    ct_buf_puts(sql, ");\n");
}

static ct_err make_geometry(ct_store__conn *conn, const ct_class *cls, int srid, ct_buf *sql) {
    ct_buf_reset(sql);
    ct_buf_printf(sql, "SELECT AddGeometryColumn('%s','geom',%d,upper('%s'),'%s')", cls->collection,
                  srid, ct_geom_type_name(cls->geometry), cls->has_z ? "XYZ" : "XY");
    CT_TRY(ct_buf_status(sql));
    CT_TRY(call(conn, sql->data));
    ct_buf_reset(sql);
    ct_buf_printf(sql, "SELECT CreateSpatialIndex('%s','geom')", cls->collection);
    CT_TRY(ct_buf_status(sql));
    CT_TRY(call(conn, sql->data));
    // features without geometry belong to every box, and are not in the R*Tree
    ct_buf_reset(sql);
    ct_buf_printf(sql, "CREATE INDEX \"ct_nogeom_%s\" ON \"%s\"(fid) WHERE geom IS NULL",
                  cls->collection, cls->collection);
    CT_TRY(ct_buf_status(sql));
    return ct_store__exec(conn, sql->data);
}

ct_err ct_store__reference_index(ct_store__conn *conn, const ct_class *cls, const ct_attr *attr,
                                 ct_buf *sql) {
    if (!attr->references) return CT_OK;
    ct_buf_reset(sql);
    ct_buf_printf(sql, "CREATE INDEX \"ct_ref_%s_%s\" ON \"%s\"(\"%s\")", cls->collection,
                  attr->name, cls->collection, attr->name);
    CT_TRY(ct_buf_status(sql));
    return ct_store__exec(conn, sql->data);
}

static ct_err make_class_row(ct_store__conn *conn, const ct_class *cls) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__prepare(&stmt, conn,
                             "INSERT INTO ct_classes(class,collection,title_en,title_zh,geometry) "
                             "VALUES(?1,?2,?3,?4,?5||?6)"));
    sqlite3_bind_text(stmt, 1, cls->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, cls->collection, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, cls->title_en, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 4, cls->title_zh, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 5, ct_geom_type_name(cls->geometry), -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 6, cls->has_z ? " Z" : "", -1, SQLITE_STATIC);
    const ct_err err = ct_store__run(conn, stmt);
    ct_store__done(conn, stmt);
    return err;
}

ct_err ct_store__class_make(ct_store__conn *conn, const ct_class *cls, int srid) {
    ct_buf sql;
    ct_buf_init(&sql, CT_STORE__SQL_MAX);
    ct_err err = ct_store__name_check(cls->name, false);
    if (err == CT_OK) err = ct_store__name_check(cls->collection, false);
    for (size_t i = 0; err == CT_OK && i < cls->n_attrs; ++i)
        err = ct_store__name_check(cls->attrs[i].name, true);
    if (err != CT_OK) goto done;
    put_columns(&sql, cls);
    err = ct_buf_status(&sql);
    if (err == CT_OK) err = ct_store__exec(conn, sql.data);
    if (err == CT_OK && cls->geometry != CT_GEOM_NONE) err = make_geometry(conn, cls, srid, &sql);
    for (size_t i = 0; err == CT_OK && i < cls->n_attrs; ++i) {
        err = ct_store__reference_index(conn, cls, &cls->attrs[i], &sql);
    }
    if (err == CT_OK) err = make_class_row(conn, cls);
    if (err == CT_OK) err = ct_store__triggers_make(conn, cls);
    if (err == CT_OK) err = ct_store__body_triggers_make(conn, cls);
done:
    ct_buf_fini(&sql);
    return ct_context(err, "table %s", cls->collection);
}

// ---- the CRS ------------------------------------------------------------------------------------
ct_err ct_store__srid(int *out, const ct_crs_info *crs) {
    if (strncmp(crs->code, "EPSG:", 5) != 0 || !crs->projected) {
        return ct_fail(CT_CRS, "a twin's CRS is a projected one of EPSG, in metres; not %s",
                       crs->code);
    }
    char *end = NULL;
    const long n = strtol(crs->code + 5, &end, 10);
    if (*end || n <= 0 || n > 999999) return ct_fail(CT_CRS, "CRS code %s", crs->code);
    *out = (int)n;
    return CT_OK;
}

// SpatiaLite brings most codes of EPSG; a newer one is taken from PROJ.
static ct_err ensure_crs(ct_store__conn *conn, const ct_crs_info *crs, int srid) {
    sqlite3_stmt *stmt = NULL;
    char *wkt = NULL;
    CT_TRY(ct_crs_wkt(&wkt, crs->code, true));
    ct_err err = ct_store__prepare(
        &stmt, conn,
        "INSERT INTO spatial_ref_sys(srid,auth_name,auth_srid,ref_sys_name,proj4text,srtext) "
        "SELECT ?1,'epsg',?1,?2,'',?3 WHERE NOT EXISTS "
        "(SELECT 1 FROM spatial_ref_sys WHERE srid=?1)");
    if (err == CT_OK) {
        sqlite3_bind_int(stmt, 1, srid);
        sqlite3_bind_text(stmt, 2, crs->name, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 3, wkt, -1, SQLITE_STATIC);
        err = ct_store__run(conn, stmt);
        ct_store__done(conn, stmt);
    }
    ct_free(wkt);
    return ct_context(err, "spatial_ref_sys");
}

// ---- making -------------------------------------------------------------------------------------
static ct_err put_meta(ct_store__conn *conn, const char *key, const char *value) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__prepare(&stmt, conn, "INSERT INTO ct_meta(key,value) VALUES(?1,?2)"));
    sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, value, -1, SQLITE_STATIC);
    const ct_err err = ct_store__run(conn, stmt);
    ct_store__done(conn, stmt);
    return err;
}

static ct_err make_own(ct_store__conn *conn, const ct_crs_info *crs, const char *title) {
    char created[40], version[16];
    ct_time_format(created, ct_clock_now_us(ct_clock_real()));
    (void)sqlite3_snprintf(sizeof version, version, "%d", CT_STORE_SCHEMA_VERSION);
    CT_TRY(ct_store__exec(conn, own_tables));
    CT_TRY(put_meta(conn, "schema_version", version));
    CT_TRY(put_meta(conn, "crs", crs->code));
    CT_TRY(put_meta(conn, "title", title));
    CT_TRY(put_meta(conn, "created", created));
    char pragmas[96];
    (void)sqlite3_snprintf(sizeof pragmas, pragmas,
                           "PRAGMA application_id=%d; PRAGMA user_version=%d",
                           CT_STORE__APPLICATION_ID, CT_STORE_SCHEMA_VERSION);
    return ct_store__exec(conn, pragmas);
}

ct_err ct_store__schema_make(ct_store__conn *conn, const ct_crs_info *crs, const char *title,
                             const ct_catalogue *catalogue) {
    int srid = 0;
    CT_TRY(ct_store__srid(&srid, crs));
    CT_TRY(ct_store__exec(conn, "BEGIN"));
    CT_TRY(call(conn, "SELECT InitSpatialMetaData(0)")); // 0: inside our transaction
    CT_TRY(ensure_crs(conn, crs, srid));
    CT_TRY(make_own(conn, crs, title));
    CT_TRY(ct_store__body_tables_make(conn));
    for (size_t i = 0; i < ct_catalogue_count(catalogue); ++i) {
        CT_TRY(ct_store__class_make(conn, ct_catalogue_at(catalogue, i), srid));
    }
    return ct_store__exec(conn, "COMMIT");
}
