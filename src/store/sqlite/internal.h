// Private to the SQLite back end: what a store, a reader, a writer and a cursor are made of.
#ifndef CT_STORE_SQLITE_INTERNAL_H
#define CT_STORE_SQLITE_INTERNAL_H

#include "store/sqlite/blob.h"
#include "store/sqlite/conn.h"
#include "store/sqlite/empty.h"
#include "store/store.h"

#define CT_STORE__APPLICATION_ID 0x6354776e // "cTwn" in the file's head
#define CT_STORE__NAME_MAX       63         // bytes of a class, collection or attribute name
#define CT_STORE__BLOB_MAX       (256U << 20)

// What the back end keeps of each class: texts from which its statements are made.
typedef struct ct_store__table {
    const ct_class *cls;
    char *attrs;  // fid,id,source_id,"use",... : the columns in the order of ct_store__row
    char *shown;  // the same with NULL for what is not shown: source_id, personal attributes
    char *insert; // INSERT of all columns, ?1 = fid .. ; geometry last
    char *update; // UPDATE of all columns by fid, same numbers
} ct_store__table;

typedef struct ct_store__request ct_store__request; // a change set in the writer thread's queue

struct ct_store {
    char *path, *folder, *title;
    ct_crs_info crs;
    int srid;
    const ct_catalogue *catalogue;
    ct_store__table *tables; // one a class, by its index
    ct_store__pool readers;
    ct_store__empty *empty; // what readers learned

    pthread_mutex_t lock;   // guards all that follows
    pthread_cond_t changed; // `writing` ended, the queue grew, a request was answered, or `closing`
    ct_store__conn *main;   // the one connection that writes
    void *spatialite;       // its extension; loaded with the first writer
    bool writing;
    bool thread_runs, closing;
    pthread_t thread;
    ct_store__request *first, *last;
};

struct ct_reader {
    ct_store *store;
    ct_store__conn *conn;
    int64_t version;
};

struct ct_writer {
    ct_store *store;
    ct_store__conn *conn;
    char *reason;
    int64_t before; // change number at the beginning
    size_t in_row;  // new features since another edit
    ct_err broken;  // why half of a feature is in, which must not be committed; else CT_OK
    struct ct_store__bulk *bulk; // NULL: edits are written by SQL and its triggers, one by one
    ct_arena *arena;             // of the edit at hand
    ct_buf blob;
};

// ---- rows (row.c) -------------------------------------------------------------------------------
// A feature read from a row: texts borrowed from the statement, geometry from `space`.
typedef struct ct_store__row {
    ct_feature feature;
    ct_store__space space;
    uint64_t left_out; // bit i: attribute i has no column in the row and is NULL
} ct_store__row;

CT_CHECKED ct_err ct_store__row_init(ct_store__row *row, const ct_class *cls);
void ct_store__row_fini(ct_store__row *row);
// The columns in a SELECT: those of table->attrs, or of table->shown, without `left_out`.
void ct_store__row_columns(ct_buf *sql, const ct_class *cls, bool shown, uint64_t left_out);
// Where attribute `attr` is among them; attr = n_attrs: behind the last.
int ct_store__row_column(uint64_t left_out, size_t attr);
// Reads these columns; the geometry is a separate step, from column 3 + n_attrs.
CT_CHECKED ct_err ct_store__row_read(ct_store__row *row, sqlite3_stmt *stmt);
CT_CHECKED ct_err ct_store__row_geometry(ct_store__row *row, sqlite3_stmt *stmt);
// The same of the column's bytes; NULL: no geometry.
CT_CHECKED ct_err ct_store__row_blob(ct_store__row *row, const void *blob, size_t length);
void ct_store__bind_value(sqlite3_stmt *stmt, int index, const ct_value *value);
// Binds ?1 = fid .. and the geometry, whose blob is made in `blob` and must live until the
// statement has run.
CT_CHECKED ct_err ct_store__bind_feature(sqlite3_stmt *stmt, const ct_feature *f, int64_t fid,
                                         ct_buf *blob, int srid);
// The same in two steps: the geometry, which may fail, and the others.
CT_CHECKED ct_err ct_store__bind_geometry(sqlite3_stmt *stmt, const ct_feature *f, ct_buf *blob,
                                          int srid);
void ct_store__bind_values(sqlite3_stmt *stmt, const ct_feature *f, int64_t fid);

CT_CHECKED ct_err ct_store__table_init(ct_store__table *table, const ct_class *cls);
void ct_store__table_fini(ct_store__table *table);

// ---- reading on any connection, the writer's too (get.c) ----------------------------------------
CT_CHECKED ct_err ct_store__get(ct_feature *out, ct_arena *arena, const ct_store *store,
                                ct_store__conn *conn, const ct_class *cls, const char *id);
CT_CHECKED ct_err ct_store__find_id(const ct_class **cls, int64_t *fid, const ct_store *store,
                                    ct_store__conn *conn, const char *id);
CT_CHECKED ct_err ct_store__version(int64_t *out, ct_store__conn *conn);

// ---- what killed processes left in the folder (sweep.c)
// --------------------------------------------- Best effort: only CT_NOMEM is an error.
CT_CHECKED ct_err ct_store__folder_sweep(ct_store *store);

// ---- schema (schema.c, triggers.c, extend.c) ----------------------------------------------------
CT_CHECKED ct_err ct_store__class_make(ct_store__conn *conn, const ct_class *cls, int srid);
CT_CHECKED ct_err ct_store__reference_index(ct_store__conn *conn, const ct_class *cls,
                                            const ct_attr *attr, ct_buf *sql);
// Names go into SQL text: CT_ARG unless they are plain, and none of the store's own.
CT_CHECKED ct_err ct_store__name_check(const char *name, bool of_column);
const char *ct_store__sql_type(ct_attr_type type);
CT_CHECKED ct_err ct_store__schema_make(ct_store__conn *conn, const ct_crs_info *crs,
                                        const char *title, const ct_catalogue *catalogue);
// Adds classes and attributes that the catalogue has and the file has not; `conn` has the extension
// loaded.
CT_CHECKED ct_err ct_store__schema_extend(ct_store__conn *conn, int srid,
                                          const ct_catalogue *catalogue);
// Whether ct_store__schema_extend has something to do; CT_UNSUPPORTED if a class changed its
// geometry.
CT_CHECKED ct_err ct_store__schema_lacks(bool *out, ct_store__conn *conn,
                                         const ct_catalogue *catalogue);
CT_CHECKED ct_err ct_store__triggers_make(ct_store__conn *conn, const ct_class *cls);
CT_CHECKED ct_err ct_store__srid(int *out, const ct_crs_info *crs);
CT_CHECKED ct_err ct_store__spatialite_load(void **out, ct_store__conn *conn);
void ct_store__spatialite_free(void *spatialite); // after its connection was closed

// ---- writing (writer.c, apply.c)
// ---------------------------------------------------------------------------------- Takes the
// right to write and begins a transaction; ct_store__write_end gives it back.
CT_CHECKED ct_err ct_store__write_begin(ct_store *store);
void ct_store__write_end(ct_store *store);
CT_CHECKED ct_err ct_store__writer_init(ct_writer *writer, ct_store *store, const char *reason);
void ct_store__writer_fini(ct_writer *writer);
// Notes the reason of all changes since `before`; *version is the newest change number.
CT_CHECKED ct_err ct_store__writer_log(ct_writer *writer, int64_t *version);
CT_CHECKED ct_err ct_store__writer_edits(ct_writer *writer, const ct_changeset *set);
void ct_store__apply_stop(ct_store *store); // answers the queue, then ends the thread

#endif
