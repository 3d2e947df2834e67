// The Run object of the HTTP interface, from a job that is on its way or from a finished run.
// Private to scenario.
#ifndef CT_SCENARIO_RUN_JSON_H
#define CT_SCENARIO_RUN_JSON_H

#include "scenario/queue.h"

typedef struct ct_job_state {
    char id[CT_RUN_ID_MAX];
    ct_job_status status;
    double progress;
    char message[512];
    int64_t created_us, started_us, finished_us; // 0 = not yet
} ct_job_state;

// `whole`: with the scenario document and, of a finished one, warnings, ledger, versions, hashes
// and provenance.
void ct_scenario__write_job(ct_buf *out, const ct_job_state *state, const json_t *document,
                            bool whole);
// The short form as a text of its own (ct_free); NULL = out of memory.
char *ct_scenario__describe(const ct_job_state *state, const json_t *document);
void ct_scenario__write_run(ct_buf *out, const ct_run *run, bool whole);

#endif
