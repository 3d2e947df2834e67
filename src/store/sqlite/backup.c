// Online backup: the twin's file and its observations by SQLite's backup interface, the rest of the
// folder by copying.
#include "store/sqlite/backup.h"

#include "base/file.h"
#include "base/mem.h"
#include "store/folder.h"
#include "store/obs.h"
#include "store/sqlite/internal.h"

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
        err = ct_store__conn_open(&conn, from, SQLITE_OPEN_READONLY);
        if (err == CT_OK) err = ct_store__backup_file(conn, to, NULL, NULL);
        ct_store__conn_close(conn);
    }
    ct_free(from);
    ct_free(to);
    return err;
}

// Makes both parts under working names, then gives them their own: the file last, so that it never
// stands alone.
static ct_err copy_twin(ct_store *store, ct_reader *reader, const char *path, const char *folder,
                        char *const working[2], void (*progress)(void *context, double part),
                        void *context) {
    CT_TRY(ct_dir_remove(working[1]));
    CT_TRY(ct_store__backup_file(reader->conn, working[0], progress, context));
    // The file names what lies in the folder: copied after it, the folder has all that the file
    // speaks of.
    CT_TRY(ct_store__folder_copy(store->folder, working[1]));
    CT_TRY(copy_observations(store->folder, working[1]));
    CT_TRY(ct_dir_sync(working[1]));
    CT_TRY(ct_file_rename(working[1], folder));
    const ct_err err = ct_file_rename(working[0], path);
    if (err != CT_OK && ct_file_rename(folder, working[1]) != CT_OK)
        return ct_context(err, "%s stays behind", folder);
    return err;
}

ct_err ct_store_backup(ct_store *store, const char *path,
                       void (*progress)(void *context, double part), void *context) {
    ct_reader *reader = NULL;
    char *folder = ct_sprintf("%s.d", path);
    char *working[2] = {ct_sprintf("%s.part", path), ct_sprintf("%s.d.part", path)};
    ct_err err = folder && working[0] && working[1] ? CT_OK : CT_NOMEM;
    if (err == CT_OK && (ct_file_exists(path) || ct_dir_exists(folder))) {
        err = ct_fail(CT_EXISTS, "%s is there already", ct_file_exists(path) ? path : folder);
    }
    if (err == CT_OK && ct_path_inside(path, store->folder)) // it would copy itself, without an end
        err = ct_fail(CT_ARG, "%s lies in the folder of the twin that is copied", path);
    if (err != CT_OK) goto done;
    err = ct_store_reader(&reader, store);
    if (err != CT_OK) goto done;
    err = copy_twin(store, reader, path, folder, working, progress, context);
    ct_reader_release(reader);
    if (err != CT_OK) {
        char *reason = ct_strdup(ct_err_message());
        ct_err gone = ct_file_remove(working[0]);
        if (gone == CT_OK) gone = ct_dir_remove(working[1]);
        err = ct_fail(err, "%s%s", reason ? reason : ct_err_text(err),
                      gone == CT_OK ? "" : " (a part stays behind)");
        ct_free(reason);
    }
done:
    ct_free(folder);
    ct_free(working[0]);
    ct_free(working[1]);
    return err;
}
