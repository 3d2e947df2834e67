// Private to the store: the folder X.ct.d beside a twin's file.
#ifndef CT_STORE_FOLDER_H
#define CT_STORE_FOLDER_H

#include <stdbool.h>

#include "base/stage.h"

#define CT_STORE__TERRAIN  "terrain"
#define CT_STORE__RUNS     "runs"
#define CT_STORE__OBS      "obs.sqlite"
#define CT_STORE__ARRIVING "arriving" // observations of imports at work

CT_CHECKED ct_err ct_store__folder_make(const char *folder);

// Which files of the terrain folder to copy.
typedef struct ct_store__choice {
    ct_err (*raster)(bool *wanted, void *context, const char *name);
    void *context;
} ct_store__choice;

// Copies all but observations (a database in use), the cache, the server's lock, what is being
// written and rasters that are not chosen. `to` lies in a stage: it is not synced.
CT_CHECKED ct_err ct_store__folder_copy(const char *from, const char *to,
                                        const ct_store__choice *choice);

// The stage in which the file `path` and its folder are made together. CT_IO: the folder around
// them is not there; CT_BUSY: another process makes the same.
CT_CHECKED ct_err ct_store__stage_open(ct_stage **out, const char *path);
// CT_EXISTS: there is something at the path, or at the folder's.
CT_CHECKED ct_err ct_store__check_free(const char *path, const char *folder);
// Brings the making of `path` to its end if its maker was killed after the decisive step.
CT_CHECKED ct_err ct_store__stage_finish(const char *path);

#endif
