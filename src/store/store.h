// The twin on disk: a SpatiaLite file X.ct (features, changes, small tables) and beside it the
// folder X.ct.d (terrain, observations, runs, cache). Readers work in a pinned read transaction;
// one writer at a time.
#ifndef CT_STORE_STORE_H
#define CT_STORE_STORE_H

#include "geo/crs.h"
#include "model/changeset.h"
#include "model/source.h"
#include "query/query.h"

#define CT_STORE_SCHEMA_VERSION 1
#define CT_STORE_SOURCE_MOST    (64u << 10)
// In the folder; held by the one server of the twin (ct_file_lock). Other programs need no lock.
#define CT_STORE_SERVER_LOCK "server.lock"

typedef struct ct_store ct_store;   // thread-safe
typedef struct ct_reader ct_reader; // one thread at a time
typedef struct ct_cursor ct_cursor;
typedef struct ct_writer ct_writer; // one thread at a time

// For a program's first moment, before SQLite is used by anybody (PROJ and GDAL do too): lets it
// count no memory, which nobody asks for and which costs a lock at every block. Without it all
// works as well.
void ct_store_program_begins(void);

// Makes an empty twin with every class's table, spatial index and the folder. `crs` must be
// projected, in metres. CT_EXISTS if the file or the folder is there; nothing stays behind on
// failure.
CT_CHECKED ct_err ct_store_create(const char *path, const char *crs, const char *title,
                                  const ct_catalogue *catalogue);
// CT_NOTFOUND, CT_CORRUPT (not a twin), CT_UNSUPPORTED (made by a newer version: it says which).
// CT_READONLY on a disk that refuses writing: SQLite's log needs its index beside the file, for
// readers too. Where log and index are there (a server had the twin as the disk became read-only)
// it opens, and only writing is refused.
CT_CHECKED ct_err ct_store_open(ct_store **out, const char *path, const ct_catalogue *catalogue);
void ct_store_close(ct_store *store); // ends the writer thread after its queue; NULL is fine

const char *ct_store_path(const ct_store *store);
const char *ct_store_title(const ct_store *store);
const ct_crs_info *ct_store_crs(const ct_store *store);
const ct_catalogue *ct_store_catalogue(const ct_store *store);
char *ct_store_file(const ct_store *store, const char *name); // path inside the folder; ct_free

// ---- reading ------------------------------------------------------------------------------------
// A reader comes from a pool of read-only connections and holds one version until released.
CT_CHECKED ct_err ct_store_reader(ct_reader **out, ct_store *store);
void ct_reader_release(ct_reader *reader);
int64_t ct_reader_version(ct_reader *reader); // change number it sees
CT_CHECKED ct_err ct_reader_count(int64_t *out, ct_reader *reader,
                                  const ct_query *query); // ignores limit, after_fid
CT_CHECKED ct_err ct_reader_extent(bool *has, ct_bbox *out, ct_reader *reader, const ct_class *cls);
// Last change number of a class: its collection's state for ETags.
CT_CHECKED ct_err ct_reader_class_version(int64_t *out, ct_reader *reader, const ct_class *cls);

// What tells the change with this number from one of the same number in another line of this twin's
// life (a backup that was restored and edited anew): a hash of when and what it changed. 0 where
// there is no such change.
CT_CHECKED ct_err ct_reader_change_mark(uint64_t *out, ct_reader *reader, int64_t version);

CT_CHECKED ct_err ct_cursor_open(ct_cursor **out, ct_reader *reader, const ct_query *query);
// The next feature, borrowed until the next call; CT_NOTFOUND (without message) after the last one.
CT_CHECKED ct_err ct_cursor_next(ct_cursor *cursor, const ct_feature **out);
void ct_cursor_close(ct_cursor *cursor);
// One feature by id, copied to the arena; `cls` NULL = look in every class. CT_NOTFOUND.
CT_CHECKED ct_err ct_reader_get(ct_feature *out, ct_arena *arena, ct_reader *reader,
                                const ct_class *cls, const char *id);
CT_CHECKED ct_err ct_reader_get_fid(ct_feature *out, ct_arena *arena, ct_reader *reader,
                                    const ct_class *cls, int64_t fid);

// The feature's body and properties as they were written, copied to the arena; properties in order
// of set and name. Empty where it has none. CT_CORRUPT, CT_LIMIT.
CT_CHECKED ct_err ct_reader_body(ct_body *out, ct_arena *arena, ct_reader *reader,
                                 const ct_class *cls, int64_t fid);
CT_CHECKED ct_err ct_reader_properties(const ct_property **out, size_t *n, ct_arena *arena,
                                       ct_reader *reader, const ct_class *cls, int64_t fid);

typedef struct ct_body_summary {
    int64_t fid;
    int64_t parts, triangles; // of all levels of detail together
    uint8_t lod;              // the highest that it has
    ct_box3 box;              // around the placed parts, twin's CRS; up to half a metre too wide
} ct_body_summary;
// Calls visit for each feature of the class that has a body, by fid; an error of visit ends it.
CT_CHECKED ct_err ct_reader_bodies(ct_reader *reader, const ct_class *cls,
                                   ct_err (*visit)(void *context, const ct_body_summary *body),
                                   void *context);

// ---- writing ------------------------------------------------------------------------------------
// A writer is one transaction (BEGIN IMMEDIATE, waits up to 10 s for other programs: CT_BUSY).
CT_CHECKED ct_err ct_store_writer(ct_writer **out, ct_store *store,
                                  const char *reason); // reason: kept in the log
CT_CHECKED ct_err ct_writer_add(ct_writer *writer, const ct_feature *feature,
                                int64_t *fid); // CT_EXISTS for a used id;
                                               // NULL id: "<class>-<fid>"
CT_CHECKED ct_err ct_writer_replace(ct_writer *writer,
                                    const ct_feature *feature); // by id; CT_NOTFOUND
// Gives the feature of this id what it lacks: geometry, source id and values where it has none, and
// the body and properties that `feature` brings; *there tells that it is there. Adds it where it is
// not. CT_EXISTS for an id of another class.
CT_CHECKED ct_err ct_writer_complete(bool *there, ct_writer *writer, const ct_feature *feature);
CT_CHECKED ct_err ct_writer_remove(ct_writer *writer, const char *id); // CT_NOTFOUND
CT_CHECKED ct_err ct_writer_set_meta(ct_writer *writer, const char *key, const char *value);
// Adds to the records of where the data come from: an object with the members of
// ct_source_write_members, of at most CT_STORE_SOURCE_MOST bytes, with the member "imported", the
// time of now, added. CT_PARSE, CT_LIMIT.
CT_CHECKED ct_err ct_writer_add_source(ct_writer *writer, const char *record, size_t length);
CT_CHECKED ct_err ct_writer_commit(ct_writer *writer,
                                   int64_t *version); // durable when it returns; frees the writer
void ct_writer_rollback(ct_writer *writer);           // frees the writer
// Applies a change set through the store's one writer thread; many callers' sets share a commit
// (group commit). Returns when durable. All of a set or none of it.
CT_CHECKED ct_err ct_store_apply(ct_store *store, const ct_changeset *set, const char *reason,
                                 int64_t *version);

CT_CHECKED ct_err ct_reader_get_meta(char **out, ct_reader *reader,
                                     const char *key); // ct_free; CT_NOTFOUND
// Calls visit for each record of a source, oldest first; `record` is borrowed. An error of visit
// ends it. CT_CORRUPT.
CT_CHECKED ct_err ct_reader_sources(ct_reader *reader,
                                    ct_err (*visit)(void *context, const json_t *record),
                                    void *context);
// What must be said beside a picture of the twin (ct_source_attribute): empty where nothing must. A
// spoilt record is passed over.
CT_CHECKED ct_err ct_reader_attribution(char *out, size_t room, ct_reader *reader);

// ---- what changed -------------------------------------------------------------------------------
typedef struct ct_change {
    int64_t version; // change number
    const ct_class *cls;
    char id[CT_ID_MAX];
    ct_edit_op op;
    bool has_bbox;
    ct_bbox bbox; // old and new geometry, twin's CRS
} ct_change;
// Changes after a version, oldest first; also those made by foreign programs (triggers write the
// log).
CT_CHECKED ct_err ct_reader_changes(ct_reader *reader, int64_t after_version,
                                    ct_err (*visit)(void *context, const ct_change *change),
                                    void *context);

// ---- care ---------------------------------------------------------------------------------------
// Copies the twin (file by SQLite's online backup, folder file by file) to `path` and `path`.d
// while others write.
CT_CHECKED ct_err ct_store_backup(ct_store *store, const char *path,
                                  void (*progress)(void *context, double part), void *context);
// Integrity of file and folder, index against tables, ids, references. Calls report for each
// finding; *problems counts.
CT_CHECKED ct_err ct_store_check(ct_store *store, void (*report)(void *context, const char *line),
                                 void *context, int *problems);

#endif
