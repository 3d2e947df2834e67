// Carrying out a scenario in this process (the server starts `cimtwin run` as a child for each),
// and comparing two runs.
#ifndef CT_SCENARIO_RUN_H
#define CT_SCENARIO_RUN_H

#include <stdatomic.h>

#include "scenario/scenario.h"

typedef struct ct_run_options {
    int threads;                                                       // 0 = cores
    void (*progress)(void *context, double part, const char *message); // part 0..1; may be NULL
    void *context;
    atomic_bool *cancel; // NULL = cannot be cancelled; CT_CANCELLED leaves no traces
} ct_run_options;

// The id of the finished run; an equal finished run is found again at once (*reused), one in the
// making by another process is waited for. Nothing stays on failure; what a killed process leaves
// behind is removed by the next run. The files of a run have the same bytes for any number of
// threads and in every twin with the same features and ground, but for run.json's `provenance`.
CT_CHECKED ct_err ct_scenario_run(char id[CT_RUN_ID_MAX], bool *reused, ct_store *store,
                                  const ct_scenario *scenario, const ct_run_options *options);

// The comparison document of `/runs/{a}/compare?with=b`: indicators with delta and direction,
// buildings by change of depth. Both runs must be on the same grid (CT_ARG otherwise). Appends JSON
// to `out`.
CT_CHECKED ct_err ct_scenario_compare(ct_buf *out, const ct_run *base, const ct_run *other);
// Depth difference (other minus base, of the maxima) as a grid on their common shape; NaN where
// both are dry.
CT_CHECKED ct_err ct_scenario_difference(ct_grid *out, ct_run *base, ct_run *other);

#endif
