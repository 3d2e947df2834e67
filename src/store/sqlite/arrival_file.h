// Private to the store: the file in which observations wait for their features.
#ifndef CT_STORE_SQLITE_ARRIVAL_FILE_H
#define CT_STORE_SQLITE_ARRIVAL_FILE_H

#include "store/obs.h"
#include "store/sqlite/internal.h"

CT_CHECKED ct_err ct_store__arrival_write(const char *stage, const ct_observation *rows, size_t n);
// To the twin's observations; *n_new: how many were not there yet.
CT_CHECKED ct_err ct_store__arrival_append(const ct_store *store, const ct_observation *rows,
                                           size_t n, int64_t *n_new);
// What a killed import left in its stage comes in where the twin has its devices. The stage may
// hold none.
CT_CHECKED ct_err ct_store__arrival_finish(const ct_store *store, const char *stage);

#endif
