// Private to the store: the folder X.ct.d beside a twin's file.
#ifndef CT_STORE_FOLDER_H
#define CT_STORE_FOLDER_H

#include "cimtwin/err.h"

#define CT_STORE__TERRAIN "terrain"
#define CT_STORE__RUNS    "runs"
#define CT_STORE__OBS     "obs.sqlite"
#define CT_STORE__PART    ".part-" // names of what is being written begin so

CT_CHECKED ct_err ct_store__folder_make(const char *folder);
// Copies all but observations (a database in use), the cache and what is being written.
CT_CHECKED ct_err ct_store__folder_copy(const char *from, const char *to);

#endif
