// Stages: a locked folder beside, one renaming that decides, then each entry's move to its place.
#include "base/stage.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

struct ct_stage {
    char *folder, *part, *ready;
    int lock;
};

static void free_stage(ct_stage *s) {
    ct_dir_unlock(s->lock);
    ct_free(s->folder);
    ct_free(s->part);
    ct_free(s->ready);
    ct_free(s);
}

size_t ct_stage_noted(const char *name) {
    const size_t length = strlen(name), end = strlen(CT_NOTE);
    return length > end && strcmp(name + length - end, CT_NOTE) == 0 ? length - end : 0;
}

// ---- moving out

typedef struct moving {
    const char *from, *to;
    bool folders; // or files
} moving;

static ct_err move_entry(void *context, const char *name, bool is_dir) {
    const moving *m = context;
    if (is_dir != m->folders) return CT_OK;
    char *from = ct_path_join(m->from, name), *to = ct_path_join(m->to, name);
    ct_err err = from && to ? CT_OK : CT_NOMEM;
    if (err == CT_OK) err = ct_file_rename(from, to);
    ct_free(from);
    ct_free(to);
    return err;
}

// Folders first: who finds a file finds the folder that belongs to it.
static ct_err move_out(const char *ready, const char *folder) {
    moving m = {ready, folder, true};
    CT_TRY(ct_dir_list(ready, move_entry, &m));
    m.folders = false;
    CT_TRY(ct_dir_list(ready, move_entry, &m));
    return ct_dir_remove(ready);
}

static ct_err finish_path(const char *ready, const char *folder) {
    int lock;
    const ct_err locked = ct_dir_lock(&lock, ready);
    if (locked == CT_BUSY) return CT_OK; // its maker is at it
    CT_TRY(locked);
    const ct_err err = move_out(ready, folder);
    ct_dir_unlock(lock);
    return err;
}

ct_err ct_stage_finish(const char *folder, const char *label) {
    char *ready = ct_sprintf("%s/" CT_READY "%s", folder, label);
    if (!ready) return CT_NOMEM;
    const ct_err err = ct_dir_exists(ready) ? finish_path(ready, folder) : CT_OK;
    ct_free(ready);
    return err;
}

// ---- life

// Of no other stage, whoever made it and still lives.
static ct_err name_stage(ct_stage *s, const char *label) {
    static atomic_uint serial;
    char own[48];
    for (;;) {
        if (!label) snprintf(own, sizeof own, "%d-%u", (int)getpid(), atomic_fetch_add(&serial, 1));
        s->part = ct_sprintf("%s/" CT_PART "%s", s->folder, label ? label : own);
        s->ready = ct_sprintf("%s/" CT_READY "%s", s->folder, label ? label : own);
        if (!s->part || !s->ready) return CT_NOMEM;
        if (label || (!ct_dir_exists(s->part) && !ct_dir_exists(s->ready))) return CT_OK;
        ct_free(s->part);
        ct_free(s->ready);
        s->part = s->ready = NULL;
    }
}

// Best effort: what cannot be removed now is swept later. The caller's error stays the last one.
static void remove_quietly(const char *path) {
    char kept[1024];
    snprintf(kept, sizeof kept, "%s", ct_err_message());
    if (ct_dir_remove(path) != CT_OK) (void)ct_fail(CT_IO, "%s", kept);
}

ct_err ct_stage_open(ct_stage **out, const char *folder, const char *label) {
    ct_stage *s = ct_calloc(1, sizeof *s);
    if (!s) return CT_NOMEM;
    s->lock = -1;
    s->folder = ct_strdup(folder);
    ct_err err = s->folder ? name_stage(s, label) : CT_NOMEM;
    if (err == CT_OK && label) err = ct_stage_finish(folder, label);
    if (err == CT_OK) err = ct_dir_lock(&s->lock, s->part);
    if (err == CT_OK) err = ct_dir_clear(s->part);
    if (err == CT_OK) {
        *out = s;
    } else {
        if (s->lock >= 0) remove_quietly(s->part);
        free_stage(s);
    }
    return err;
}

const char *ct_stage_path(const ct_stage *stage) {
    return stage->part;
}

ct_err ct_stage_commit(ct_stage *s) {
    ct_err err = ct_dir_sync(s->part);
    if (err == CT_OK) err = ct_file_rename(s->part, s->ready);
    if (err == CT_OK) {
        err = move_out(s->ready, s->folder);
    } else {
        remove_quietly(s->part);
        remove_quietly(s->ready); // renamed, but not for certain
    }
    free_stage(s);
    return err;
}

ct_err ct_stage_replace(ct_stage *s, const char *name) {
    char *made = ct_path_join(s->part, name), *place = ct_path_join(s->folder, name);
    ct_err err = made && place ? CT_OK : CT_NOMEM;
    const bool older = err == CT_OK && ct_dir_exists(place);
    if (older) err = ct_dir_sync(s->part);
    if (older && err == CT_OK) err = ct_file_exchange(made, place);
    ct_free(made);
    ct_free(place);
    if (err == CT_OK && !older) return ct_stage_commit(s);
    ct_stage_abort(s);
    return err;
}

void ct_stage_abort(ct_stage *stage) {
    if (!stage) return;
    remove_quietly(stage->part);
    free_stage(stage);
}

void ct_stage_leave(ct_stage *stage) {
    if (stage) free_stage(stage);
}

// ---- sweeping

typedef struct sweeping {
    const char *folder, *prefix;
    ct_err (*abandoned)(void *context, const char *path);
    void *context;
} sweeping;

static bool begins(const char *name, const char *first, const char *then) {
    const size_t n = strlen(first);
    return strncmp(name, first, n) == 0 && strncmp(name + n, then, strlen(then)) == 0;
}

static ct_err sweep_part(const sweeping *s, const char *path) {
    int lock;
    const ct_err locked = ct_dir_lock(&lock, path);
    if (locked == CT_BUSY) return CT_OK; // in the making
    CT_TRY(locked);
    ct_err err = s->abandoned ? s->abandoned(s->context, path) : CT_OK;
    if (err == CT_OK) err = ct_dir_remove(path);
    ct_dir_unlock(lock);
    return err == CT_NOTFOUND ? CT_OK : err; // somebody else is removing it too
}

static ct_err sweep_entry(void *context, const char *name, bool is_dir) {
    const sweeping *s = context;
    const bool part = begins(name, CT_PART, s->prefix), ready = begins(name, CT_READY, s->prefix);
    if (!is_dir || (!part && !ready)) return CT_OK;
    char *path = ct_path_join(s->folder, name);
    if (!path) return CT_NOMEM;
    const ct_err err = part ? sweep_part(s, path) : finish_path(path, s->folder);
    ct_free(path);
    return err;
}

ct_err ct_stage_sweep(const char *folder, const char *prefix,
                      ct_err (*abandoned)(void *context, const char *path), void *context) {
    if (!ct_dir_exists(folder)) return CT_OK;
    sweeping s = {folder, prefix, abandoned, context};
    return ct_dir_list(folder, sweep_entry, &s);
}
