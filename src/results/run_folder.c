// The folder of runs: names, listing, removal. Names that begin with CT_PART are not runs:
// they belong to whoever holds their lock, and are left over where nobody does.
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stage.h"
#include "results/run_store.h"

bool ct_run_id_ok(const char *id) {
    if (!id || strlen(id) != CT_RUN_ID_MAX - 1) return false;
    return strspn(id, "0123456789abcdef") == CT_RUN_ID_MAX - 1;
}

typedef struct listing {
    const char *folder;
    ct_err (*visit)(void *context, const char *id);
    void *context;
} listing;

static ct_err visit_entry(void *context, const char *name, bool is_dir) {
    const listing *l = context;
    if (!is_dir || !ct_run_id_ok(name)) return CT_OK;
    return l->visit(l->context, name);
}

ct_err ct_run_list(const char *runs_folder, ct_err (*visit)(void *context, const char *id),
                   void *context) {
    if (!ct_dir_exists(runs_folder)) return CT_OK;
    listing l = {runs_folder, visit, context};
    return ct_dir_list(runs_folder, visit_entry, &l);
}

ct_err ct_run_sweep(const char *runs_folder) {
    return ct_stage_sweep(runs_folder, "", NULL, NULL);
}

ct_err ct_run_remove(const char *runs_folder, const char *id) {
    if (!ct_run_id_ok(id)) return ct_fail(CT_NOTFOUND, "\"%s\" is not a run id", id ? id : "");
    char *path = ct_path_join(runs_folder, id);
    char *doomed = path ? ct_sprintf("%s/" CT_PART "removed-%s", runs_folder, id) : NULL;
    ct_err err = doomed ? CT_OK : CT_NOMEM;
    if (err == CT_OK && !ct_dir_exists(path)) err = ct_fail(CT_NOTFOUND, "there is no run %s", id);
    // Renamed first: a reader sees a whole run or none.
    if (err == CT_OK) err = ct_dir_remove(doomed);
    if (err == CT_OK) err = ct_file_rename(path, doomed);
    // Gone from here on: what stays of it, if anything does, goes with the next sweep.
    if (err == CT_OK && ct_dir_remove(doomed) != CT_OK)
        ct_log(CT_LOG_WARNING, "run %s is removed, not all of its files: %s", id, ct_err_message());
    ct_free(doomed);
    ct_free(path);
    return err;
}
