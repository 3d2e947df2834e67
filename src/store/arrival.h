// Observations that come with new features, all of both or none: until the features' transaction
// has come to its end they wait in a file of their own in the twin's folder (X.ct.d/arriving), and
// are then brought to the others in obs.sqlite. Of a process that is killed between, or whose disk
// is full, the file stays, and whoever opens the twin next brings in what is of features that are
// there; the file of a transaction that never came to its end is removed.
#ifndef CT_STORE_ARRIVAL_H
#define CT_STORE_ARRIVAL_H

#include "store/obs.h"
#include "store/store.h"

typedef struct ct_arrival ct_arrival; // one thread at a time

// Writes them, durably, within the features' transaction, which must add the devices: by these
// being there it is known what became of it. The rows, those of one series in a row, and the store
// are borrowed. CT_RANGE for what cannot be stored, CT_LIMIT, CT_NOMEM, CT_IO, CT_DISKFULL.
CT_CHECKED ct_err ct_arrival_open(ct_arrival **out, const ct_store *store,
                                  const ct_observation *rows, size_t n_rows);
// After the transaction: to the others, in pieces. *n_new: how many were not there yet. On failure
// they wait for whoever opens the twin next. Frees it in any case.
CT_CHECKED ct_err ct_arrival_bring(ct_arrival *arrival, int64_t *n_new);
void ct_arrival_drop(ct_arrival *arrival); // there was no transaction; NULL is fine

#endif
