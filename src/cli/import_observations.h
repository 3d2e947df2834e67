// Observations that imported files bring: kept until all files are read, then stored with their
// devices or not at all.
#ifndef CT_CLI_IMPORT_OBSERVATIONS_H
#define CT_CLI_IMPORT_OBSERVATIONS_H

#include "ingest/ingest.h"
#include "store/arrival.h"
#include "store/store.h"

typedef struct ct_import_observations { // zeroed at first
    ct_observation *rows;               // their names in the arena
    size_t n, room, n_series;
    ct_arena *arena;
    ct_arrival *arrival; // between the two steps of storing them
} ct_import_observations;

// The ingest's `observe`; the context is the observations. CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_import_observe(void *context, const ct_ingest_observation *observation);
// Brings them to the twin's folder, durably, where they wait: before the devices are committed.
CT_CHECKED ct_err ct_import_observations_stage(ct_import_observations *o, const ct_store *store);
// After it: stores them. What is there already is not doubled, and what lies ahead of now is
// history only. Findings tell how many there are, were there already, or must wait until the twin
// is opened again, and why.
void ct_import_observations_store(ct_import_observations *o, ct_diagnostics *found,
                                  const char *file);
// The finding of a dry run.
void ct_import_observations_tell(const ct_import_observations *o, ct_diagnostics *found,
                                 const char *file);
void ct_import_observations_fini(ct_import_observations *o);

#endif
