// The folder X.ct.d beside a twin's file: its parts, and copying them.
#include "store/folder.h"

#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/stage.h"
#include "store/store.h"

static const char *const parts[] = {CT_STORE__TERRAIN, CT_STORE__RUNS, "incidents", "cache"};

ct_err ct_store__folder_make(const char *folder) {
    for (size_t i = 0; i < sizeof parts / sizeof *parts; ++i) {
        char *path = ct_path_join(folder, parts[i]);
        const ct_err err = path ? ct_dir_make(path) : CT_NOMEM;
        ct_free(path);
        CT_TRY(err);
    }
    return CT_OK;
}

// ---- file and folder made together
// -------------------------------------------------------------------------------------------------
#define LABEL "cimtwin-" // in a folder that is not ours alone

static ct_err with_label(char **around, char **label, const char *path) {
    *around = ct_path_folder(path);
    *label = ct_sprintf(LABEL "%s", ct_path_name(path));
    return *around && *label ? CT_OK : CT_NOMEM;
}

ct_err ct_store__stage_open(ct_stage **out, const char *path) {
    char *around, *label;
    ct_err err = with_label(&around, &label, path);
    if (err == CT_OK && !ct_dir_exists(around))
        err = ct_fail(CT_IO, "%s: there is no folder %s", path, around);
    if (err == CT_OK) err = ct_stage_sweep(around, LABEL, NULL, NULL);
    if (err == CT_OK) {
        err = ct_stage_open(out, around, label);
        if (err == CT_BUSY) err = ct_fail(CT_BUSY, "%s: another process is making it", path);
    }
    ct_free(around);
    ct_free(label);
    return err;
}

ct_err ct_store__check_free(const char *path, const char *folder) {
    const bool there = ct_file_exists(path) || ct_dir_exists(path);
    if (!there && !ct_dir_exists(folder) && !ct_file_exists(folder)) return CT_OK;
    return ct_fail(CT_EXISTS, "%s is there already", there ? path : folder);
}

ct_err ct_store__stage_finish(const char *path) {
    char *around, *label;
    ct_err err = with_label(&around, &label, path);
    if (err == CT_OK) err = ct_stage_finish(around, label);
    ct_free(around);
    ct_free(label);
    return err;
}

// ---- copying
// -------------------------------------------------------------------------------------------------
typedef struct copying {
    const char *from, *to;
    int depth; // 0: the twin's folder, 1: its parts
    const ct_store__choice *choice;
} copying;

static ct_err copy_folder(const copying *c);

static bool begins(const char *name, const char *with) {
    return strncmp(name, with, strlen(with)) == 0;
}

static bool left_out(const copying *c, const char *name) {
    if (begins(name, CT_PART)) return true;
    return c->depth == 0 && (begins(name, CT_STORE__OBS) || strcmp(name, "cache") == 0 ||
                             strcmp(name, CT_STORE_SERVER_LOCK) == 0);
}

static ct_err wants(bool *wanted, const copying *c, const char *name) {
    *wanted = !left_out(c, name);
    const bool raster = c->depth == 1 && strcmp(ct_path_name(c->from), CT_STORE__TERRAIN) == 0;
    return *wanted && raster ? c->choice->raster(wanted, c->choice->context, name) : CT_OK;
}

// What goes while it is copied - a run that is removed, a file on its way - is not copied, and of
// a run not its first half either.
static ct_err copy_entry(void *context, const char *name, bool is_dir) {
    const copying *c = context;
    bool wanted;
    CT_TRY(wants(&wanted, c, name));
    if (!wanted) return CT_OK;
    char *from = ct_path_join(c->from, name), *to = ct_path_join(c->to, name);
    ct_err err = from && to ? CT_OK : CT_NOMEM;
    if (err == CT_OK)
        err = is_dir ? copy_folder(&(copying){from, to, c->depth + 1, c->choice})
                     : ct_file_copy_unsynced(from, to);
    if (err == CT_NOTFOUND && c->depth < 2) err = is_dir ? ct_dir_remove(to) : CT_OK;
    ct_free(from);
    ct_free(to);
    return err;
}

static ct_err copy_folder(const copying *c) {
    CT_TRY(ct_dir_make(c->to));
    return ct_dir_list(c->from, copy_entry, (void *)c);
}

ct_err ct_store__folder_copy(const char *from, const char *to, const ct_store__choice *choice) {
    if (ct_dir_exists(from)) CT_TRY(copy_folder(&(copying){from, to, 0, choice}));
    return ct_store__folder_make(to);
}
