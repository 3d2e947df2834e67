// Checks of the folder beside a twin's file: every run is whole, the observations are in order.
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/stage.h"
#include "store/folder.h"
#include "store/obs.h"
#include "store/sqlite/findings.h"

typedef struct runs {
    ct_store__findings *findings;
    const char *folder;
} runs;

static ct_err check_run(void *context, const char *name, bool is_dir) {
    const runs *r = context;
    if (!is_dir || strncmp(name, CT_PART, strlen(CT_PART)) == 0) return CT_OK;
    char *path = ct_sprintf("%s/%s/run.json", r->folder, name);
    if (!path) return CT_NOMEM;
    if (!ct_file_exists(path)) ct_store__found(r->findings, "runs/%s: there is no run.json", name);
    ct_free(path);
    return CT_OK;
}

static ct_err check_runs(ct_store__findings *f, const char *folder) {
    char *path = ct_path_join(folder, CT_STORE__RUNS);
    runs r = {f, path};
    ct_err err = path ? CT_OK : CT_NOMEM;
    if (path && ct_dir_exists(path)) err = ct_dir_list(path, check_run, &r);
    ct_free(path);
    return err;
}

static ct_err check_observations(ct_store__findings *f, const char *folder) {
    ct_obs *obs = NULL;
    char *path = ct_path_join(folder, CT_STORE__OBS);
    if (!path) return CT_NOMEM;
    ct_err err = CT_OK;
    if (ct_file_exists(path)) {
        int problems = 0;
        err = ct_obs_open(&obs, path);
        if (err == CT_OK) err = ct_obs_check(obs, f->report, f->context, &problems);
        f->problems += problems;
        ct_obs_close(obs);
    }
    if (err == CT_CORRUPT || err == CT_UNSUPPORTED) {
        ct_store__found(f, "%s", ct_err_message());
        err = CT_OK;
    }
    ct_free(path);
    return err;
}

ct_err ct_store__folder_check(ct_store__findings *f, const char *folder) {
    if (!ct_dir_exists(folder)) {
        ct_store__found(f, "%s is not there", folder);
        return CT_OK;
    }
    CT_TRY(check_runs(f, folder));
    return check_observations(f, folder);
}
