// Which rasters of the terrain folder go with a version of the twin's file. An import names its
// rasters, with a note in its stage, before its transaction ends, and takes the note away after it.
#include "store/sqlite/rasters.h"

#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stage.h"
#include "base/strmap.h"
#include "store/folder.h"

ct_err ct_store__names_raster(bool *named, const ct_store *store, ct_store__conn *conn,
                              const char *name) {
    const ct_class *cls = ct_catalogue_by_name(store->catalogue, "terrain");
    int64_t one = 0;
    *named = true;
    if (!cls || ct_class_attr(cls, "file") < 0) return CT_OK; // nothing is named at all
    const ct_err err = ct_store__get_int(&one, conn, "SELECT 1 FROM terrains WHERE file=?1", name);
    *named = err == CT_OK;
    return err == CT_NOTFOUND ? CT_OK : err;
}

enum { COMES, SETTLED }; // of an import that was at work, or there for good

struct ct_store__rasters {
    char *folder;
    ct_arena *arena; // of the names
    ct_strmap *names;
};

static ct_err put(ct_store__rasters *r, const char *name, size_t length, size_t value) {
    const char *kept = ct_arena_printf(r->arena, "%.*s", (int)length, name);
    return kept ? ct_strmap_put(r->names, kept, value) : CT_NOMEM;
}

static ct_err see_file(void *context, const char *name, bool is_dir) {
    (void)is_dir;
    return put(context, name, strlen(name), SETTLED);
}

static ct_err see_note(void *context, const char *note, bool is_dir) {
    const size_t length = is_dir ? 0 : ct_stage_noted(note);
    return length ? put(context, note, length, COMES) : CT_OK;
}

static ct_err see_stage(void *context, const char *name, bool is_dir) {
    ct_store__rasters *r = context;
    if (!is_dir || strncmp(name, CT_PART, strlen(CT_PART)) != 0) return CT_OK;
    char *part = ct_path_join(r->folder, name);
    ct_err err = part ? ct_dir_list(part, see_note, r) : CT_NOMEM;
    if (err == CT_NOTFOUND) err = CT_OK; // its import has come to its end
    ct_free(part);
    return err;
}

ct_err ct_store__rasters_see(ct_store__rasters **out, const ct_store *store) {
    ct_store__rasters *r = ct_calloc(1, sizeof *r);
    if (!r) return CT_NOMEM;
    r->folder = ct_path_join(store->folder, CT_STORE__TERRAIN);
    r->arena = ct_arena_new(4096, 0);
    r->names = ct_strmap_new(64);
    ct_err err = r->folder && r->arena && r->names ? CT_OK : CT_NOMEM;
    // The notes after the files: a file whose note has gone by then has its feature.
    if (err == CT_OK && ct_dir_exists(r->folder)) {
        err = ct_dir_list(r->folder, see_file, r);
        if (err == CT_OK) err = ct_dir_list(r->folder, see_stage, r);
    }
    if (err == CT_OK)
        *out = r;
    else
        ct_store__rasters_free(r);
    return err;
}

bool ct_store__rasters_settled(const ct_store__rasters *r, const char *name) {
    size_t value = COMES;
    return ct_strmap_get(&value, r->names, name) && value == SETTLED;
}

void ct_store__rasters_free(ct_store__rasters *r) {
    if (!r) return;
    ct_strmap_free(r->names);
    ct_arena_free(r->arena);
    ct_free(r->folder);
    ct_free(r);
}
