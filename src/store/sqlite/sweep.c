// What killed processes left in a twin's folder: runs and imports in the making, files being
// written. An import gives its rasters their names before its transaction commits, and notes each
// in its stage first: those of a transaction that never came to its end go again. Its observations
// wait in a stage until then (store/arrival.h): those of one that did come to its end are brought
// in.
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/folder.h"
#include "store/sqlite/arrival_file.h"
#include "store/sqlite/rasters.h"

typedef struct sweeping {
    ct_store *store;
    const char *part; // of the stage being looked at
} sweeping;

// A note NAME.out: the raster NAME stays where the twin's file speaks of it.
static ct_err sweep_note(void *context, const char *note, bool is_dir) {
    const sweeping *s = context;
    const size_t length = is_dir ? 0 : ct_stage_noted(note);
    if (!length) return CT_OK;
    char *name = ct_strndup(note, length), *folder = ct_path_folder(s->part);
    char *raster = name && folder ? ct_path_join(folder, name) : NULL;
    ct_err err = raster ? CT_OK : CT_NOMEM;
    bool named = true;
    if (err == CT_OK) err = ct_store__names_raster(&named, s->store, s->store->main, name);
    if (err == CT_OK && !named) err = ct_file_remove(raster);
    ct_free(name);
    ct_free(folder);
    ct_free(raster);
    return err;
}

static ct_err abandoned(void *context, const char *part) {
    sweeping *s = context;
    s->part = part;
    CT_TRY(ct_dir_list(part, sweep_note, s));
    return ct_store__arrival_finish(s->store, part);
}

// Only the want of memory is an error: others are told, and the next opening tries again.
static ct_err told(const ct_store *store, ct_err err) {
    if (err == CT_OK || err == CT_NOMEM) return err;
    ct_log(CT_LOG_WARNING, "%s: not tidied: %s", store->path, ct_err_message());
    return CT_OK;
}

static ct_err sweep_folder(void *context, const char *name, bool is_dir) {
    sweeping *s = context;
    if (!is_dir) return CT_OK;
    char *path = ct_path_join(s->store->folder, name);
    ct_err err = path ? ct_stage_sweep(path, "", abandoned, s) : CT_NOMEM;
    if (err == CT_OK) err = ct_file_sweep(path);
    ct_free(path);
    return told(s->store, err);
}

ct_err ct_store__folder_sweep(ct_store *store) {
    sweeping s = {.store = store};
    const ct_err err =
        ct_dir_exists(store->folder) ? ct_dir_list(store->folder, sweep_folder, &s) : CT_OK;
    return told(store, err);
}
