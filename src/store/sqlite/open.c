// A twin's life: made, opened, closed; and what it says of itself.
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "store/folder.h"
#include "store/sqlite/internal.h"

// ---- making -------------------------------------------------------------------------------------
// The file under its working name; whole and synced when it returns.
static ct_err make_file(const char *path, const ct_crs_info *crs, const char *title,
                        const ct_catalogue *catalogue) {
    ct_store__conn *conn = NULL;
    void *spatialite = NULL;
    ct_err err = ct_store__conn_open(&conn, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (err != CT_OK) return err;
    err = ct_store__spatialite_load(&spatialite, conn);
    // Nobody sees the file before it is renamed: no journal, no syncs until its tables are there.
    if (err == CT_OK)
        err = ct_store__exec(conn, "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF");
    if (err == CT_OK) err = ct_store__schema_make(conn, crs, title, catalogue);
    if (err == CT_OK)
        err = ct_store__exec(conn, "PRAGMA synchronous=FULL; PRAGMA journal_mode=WAL");
    ct_store__conn_close(conn);
    ct_store__spatialite_free(spatialite);
    return err;
}

// File and folder, in the stage.
static ct_err make_twin(const char *stage, const char *name, const ct_crs_info *crs,
                        const char *title, const ct_catalogue *catalogue) {
    char *file = ct_path_join(stage, name), *folder = ct_sprintf("%s/%s.d", stage, name);
    ct_err err = file && folder ? CT_OK : CT_NOMEM;
    if (err == CT_OK) err = make_file(file, crs, title, catalogue);
    if (err == CT_OK) err = ct_store__folder_make(folder);
    ct_free(file);
    ct_free(folder);
    return err;
}

ct_err ct_store_create(const char *path, const char *crs, const char *title,
                       const ct_catalogue *catalogue) {
    ct_crs_info info;
    ct_stage *stage = NULL;
    char *folder = ct_sprintf("%s.d", path);
    ct_err err = folder ? CT_OK : CT_NOMEM;
    if (err != CT_OK) goto done;
    err = ct_crs_describe(&info, crs);
    if (err != CT_OK) goto done;
    if (!info.projected) {
        err = ct_fail(CT_CRS, "%s is not projected: a twin's coordinates are in metres", info.code);
        goto done;
    }
    err = ct_store__stage_open(&stage, path);
    if (err == CT_OK) err = ct_store__check_free(path, folder);
    if (err == CT_OK)
        err = make_twin(ct_stage_path(stage), ct_path_name(path), &info, title ? title : "",
                        catalogue);
    if (err == CT_OK) {
        err = ct_stage_commit(stage);
        stage = NULL;
    }
done:
    ct_stage_abort(stage);
    ct_free(folder);
    return err;
}

// ---- opening ------------------------------------------------------------------------------------
// Tells a twin from other files before anything is trusted.
static ct_err check_kind(ct_store__conn *conn, const char *path) {
    int64_t application = 0, version = 0;
    ct_err err = ct_store__get_int(&application, conn, "PRAGMA application_id", NULL);
    if (err == CT_OK) err = ct_store__get_int(&version, conn, "PRAGMA user_version", NULL);
    if (err != CT_OK) return err;
    if (application != CT_STORE__APPLICATION_ID || version < 1) {
        return ct_fail(CT_CORRUPT, "%s is not a twin", path);
    }
    if (version > CT_STORE_SCHEMA_VERSION) {
        return ct_fail(
            CT_UNSUPPORTED,
            "%s has schema version %lld; this program knows up to %d: use a newer cimtwin", path,
            (long long)version, CT_STORE_SCHEMA_VERSION);
    }
    return CT_OK;
}

static ct_err read_meta(ct_store *store) {
    static const char sql[] = "SELECT value FROM ct_meta WHERE key=?1";
    char *code = NULL;
    CT_TRY(ct_store__get_text(&code, store->main, sql, "crs"));
    ct_err err = ct_crs_describe(&store->crs, code);
    if (err == CT_OK) err = ct_store__srid(&store->srid, &store->crs);
    if (err == CT_OK) err = ct_store__get_text(&store->title, store->main, sql, "title");
    ct_free(code);
    return err;
}

static ct_err open_file(ct_store *store) {
    bool lacks = false;
    const ct_err opened = ct_store__conn_open(&store->main, store->path, SQLITE_OPEN_READWRITE);
    if (opened == CT_CORRUPT) return ct_fail(CT_CORRUPT, "%s is not a twin", store->path);
    CT_TRY(opened);
    CT_TRY(check_kind(store->main, store->path));
    CT_TRY(read_meta(store));
    for (size_t i = 0; i < ct_catalogue_count(store->catalogue); ++i) {
        CT_TRY(ct_store__table_init(&store->tables[i], ct_catalogue_at(store->catalogue, i)));
    }
    CT_TRY(ct_store__schema_lacks(&lacks, store->main, store->catalogue));
    if (!lacks) return CT_OK;
    CT_TRY(ct_store__write_begin(store));
    ct_err err = ct_store__schema_extend(store->main, store->srid, store->catalogue);
    if (err == CT_OK) err = ct_store__exec(store->main, "COMMIT");
    ct_store__write_end(store);
    return err;
}

// SQLite tells none of these apart.
static ct_err look_at_file(const char *path) {
    int fd = -1;
    uint64_t size = 0;
    if (ct_dir_exists(path)) return ct_fail(CT_UNSUPPORTED, "%s is a folder, not a twin", path);
    if (!ct_file_exists(path)) return ct_fail(CT_NOTFOUND, "%s is not there", path);
    CT_TRY(ct_file_open(&fd, &size, path));
    close(fd);
    return CT_OK;
}

ct_err ct_store_open(ct_store **out, const char *path, const ct_catalogue *catalogue) {
    const ct_err finished = ct_store__stage_finish(path);
    if (finished == CT_NOMEM) return finished; // else: is there a whole twin?
    CT_TRY(look_at_file(path));
    ct_store *store = ct_calloc(1, sizeof *store);
    if (!store) return CT_NOMEM;
    store->catalogue = catalogue;
    pthread_mutex_init(&store->lock, NULL);
    pthread_cond_init(&store->changed, NULL);
    store->path = ct_strdup(path);
    store->folder = ct_sprintf("%s.d", path);
    store->tables = ct_calloc(ct_catalogue_count(catalogue), sizeof *store->tables);
    ct_store__pool_init(&store->readers, store->path);
    store->empty = ct_store__empty_new(ct_catalogue_count(catalogue));
    ct_err err = store->path && store->folder && store->tables && store->empty ? CT_OK : CT_NOMEM;
    if (err == CT_OK) err = open_file(store);
    if (err == CT_OK) err = ct_store__folder_sweep(store);
    if (err == CT_CORRUPT) err = ct_context(err, "%s", path);
    if (err == CT_READONLY)
        err = ct_fail(err,
                      "%s: the disk is read-only, and opening this twin writes to it or beside "
                      "it: copy %s* to another disk",
                      path, path);
    if (err == CT_OK) {
        *out = store;
    } else {
        ct_store_close(store);
    }
    return err;
}

void ct_store_close(ct_store *store) {
    if (!store) return;
    ct_store__apply_stop(store);
    ct_store__pool_fini(&store->readers);
    ct_store__conn_close(store->main); // last: it writes the log back into the file
    ct_store__spatialite_free(store->spatialite);
    for (size_t i = 0; store->tables && i < ct_catalogue_count(store->catalogue); ++i) {
        ct_store__table_fini(&store->tables[i]);
    }
    ct_free(store->tables);
    ct_store__empty_free(store->empty);
    ct_free(store->path);
    ct_free(store->folder);
    ct_free(store->title);
    pthread_cond_destroy(&store->changed);
    pthread_mutex_destroy(&store->lock);
    ct_free(store);
}

const char *ct_store_path(const ct_store *store) {
    return store->path;
}
const char *ct_store_title(const ct_store *store) {
    return store->title;
}
const ct_crs_info *ct_store_crs(const ct_store *store) {
    return &store->crs;
}
const ct_catalogue *ct_store_catalogue(const ct_store *store) {
    return store->catalogue;
}
char *ct_store_file(const ct_store *store, const char *name) {
    return ct_path_join(store->folder, name);
}
