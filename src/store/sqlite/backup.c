// Online backup: the twin's file and its observations by SQLite's backup interface, the rest of the
// folder by copying.
#include "store/sqlite/backup.h"

#include "base/file.h"
#include "base/mem.h"
#include "store/folder.h"
#include "store/obs.h"
#include "store/sqlite/rasters.h"

enum { PAGES_A_STEP = 2048 };

// ---- one database -------------------------------------------------------------------------------
static ct_err copy_pages(ct_store__conn *to, ct_store__conn *from,
                         void (*progress)(void *context, double part), void *context) {
    sqlite3_backup *backup = sqlite3_backup_init(to->db, "main", from->db, "main");
    if (!backup) return ct_store__sql_fail(to->db, "backup");
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
        code = sqlite3_backup_step(backup, PAGES_A_STEP);
        const int all = sqlite3_backup_pagecount(backup);
        if (progress && all > 0)
            progress(context, 1.0 - (double)sqlite3_backup_remaining(backup) / all);
    }
    const int finished = sqlite3_backup_finish(backup);
    if (code == SQLITE_DONE && finished == SQLITE_OK) return CT_OK;
    return ct_store__sql_fail(to->db, "backup");
}

// The source stands in a read transaction: all steps copy one version, and writers never make it
// start again.
static ct_err copy_pinned(ct_store__conn *from, const char *working,
                          void (*progress)(void *context, double part), void *context) {
    ct_store__conn *to = NULL;
    int64_t any = 0;
    const bool own = sqlite3_get_autocommit(from->db) != 0;
    if (own) CT_TRY(ct_store__exec(from, "BEGIN"));
    ct_err err = ct_store__get_int(&any, from, "SELECT count(*) FROM sqlite_schema", NULL);
    if (err == CT_OK)
        err = ct_store__conn_open(&to, working, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (err == CT_OK) err = copy_pages(to, from, progress, context);
    ct_store__conn_close(to);
    if (own && !sqlite3_get_autocommit(from->db))
        (void)sqlite3_exec(from->db, "ROLLBACK", NULL, NULL, NULL);
    return err;
}

ct_err ct_store__backup_file(ct_store__conn *from, const char *path,
                             void (*progress)(void *context, double part), void *context) {
    char *working = ct_sprintf("%s.new", path);
    ct_err err = working ? ct_file_remove(working) : CT_NOMEM;
    if (err == CT_OK) err = copy_pinned(from, working, progress, context);
    if (err == CT_OK) err = ct_file_rename(working, path);
    if (err != CT_OK && working) {
        const ct_err gone = ct_file_remove(working);
        if (gone != CT_OK) err = ct_context(err, "%s stays behind", working);
    }
    ct_free(working);
    return err;
}

// ---- the twin -----------------------------------------------------------------------------------
static ct_err copy_observations(const char *from_folder, const char *to_folder) {
    ct_store__conn *conn = NULL;
    char *from = ct_path_join(from_folder, CT_STORE__OBS),
         *to = ct_path_join(to_folder, CT_STORE__OBS);
    ct_err err = from && to ? CT_OK : CT_NOMEM;
    if (err == CT_OK && ct_file_exists(from)) {
        // For writing, though nothing is written: the last one to close takes the log away.
        err = ct_store__conn_open(&conn, from, SQLITE_OPEN_READWRITE);
        if (err == CT_OK) err = ct_store__backup_file(conn, to, NULL, NULL);
        ct_store__conn_close(conn);
    }
    ct_free(from);
    ct_free(to);
    return err;
}

typedef struct copying {
    ct_store *store;
    ct_reader *reader;
    ct_store__rasters *rasters; // seen before the reader was pinned
    void (*progress)(void *context, double part);
    void *context;
} copying;

// Those that the copied version names, and those that nothing names but somebody put there.
static ct_err choose_raster(bool *wanted, void *context, const char *name) {
    const copying *c = context;
    *wanted = ct_store__rasters_settled(c->rasters, name);
    return *wanted ? CT_OK : ct_store__names_raster(wanted, c->store, c->reader->conn, name);
}

// Both parts, in the stage.
static ct_err copy_twin(copying *c, const char *stage, const char *name) {
    const ct_store__choice choice = {choose_raster, c};
    const char *from = c->store->folder;
    char *file = ct_path_join(stage, name), *folder = ct_sprintf("%s/%s.d", stage, name);
    ct_err err = file && folder ? CT_OK : CT_NOMEM;
    if (err == CT_OK) err = ct_store__backup_file(c->reader->conn, file, c->progress, c->context);
    // The file names what lies in the folder: copied after it, the folder has all that the file
    // speaks of.
    if (err == CT_OK) err = ct_store__folder_copy(from, folder, &choice);
    if (err == CT_OK) err = copy_observations(from, folder);
    ct_free(file);
    ct_free(folder);
    return err;
}

ct_err ct_store_backup(ct_store *store, const char *path,
                       void (*progress)(void *context, double part), void *context) {
    copying c = {.store = store, .progress = progress, .context = context};
    ct_stage *stage = NULL;
    char *folder = ct_sprintf("%s.d", path);
    ct_err err = folder ? CT_OK : CT_NOMEM;
    if (err == CT_OK && ct_path_inside(path, store->folder)) // it would copy itself, without an end
        err = ct_fail(CT_ARG, "%s lies in the folder of the twin that is copied", path);
    if (err == CT_OK) err = ct_store__stage_open(&stage, path);
    if (err == CT_OK) err = ct_store__check_free(path, folder);
    if (err == CT_OK) err = ct_store__rasters_see(&c.rasters, store);
    if (err == CT_OK) err = ct_store_reader(&c.reader, store);
    if (err == CT_OK) err = copy_twin(&c, ct_stage_path(stage), ct_path_name(path));
    if (c.reader) ct_reader_release(c.reader);
    ct_store__rasters_free(c.rasters);
    if (err == CT_OK) {
        err = ct_stage_commit(stage);
        stage = NULL;
    }
    ct_stage_abort(stage);
    ct_free(folder);
    return err;
}
