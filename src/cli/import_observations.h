// Observations that imported files bring: kept until all files are read, then stored together.
#ifndef CT_CLI_IMPORT_OBSERVATIONS_H
#define CT_CLI_IMPORT_OBSERVATIONS_H

#include "ingest/ingest.h"
#include "store/obs.h"
#include "store/store.h"

typedef struct ct_import_observations { // zeroed at first
    ct_observation *rows;               // their names in the arena
    size_t n, room, n_series;
    ct_arena *arena;
} ct_import_observations;

// The ingest's `observe`; the context is the observations. CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_import_observe(void *context, const ct_ingest_observation *observation);
// Brings them to the twin's folder, durably, all or none; what is there already is not doubled, and
// what lies ahead of now is history only. Call it before the devices are committed: without them
// nobody sees the values, and the same import again finds them.
CT_CHECKED ct_err ct_import_observations_store(const ct_import_observations *o,
                                               const ct_store *store);
void ct_import_observations_fini(ct_import_observations *o);

#endif
