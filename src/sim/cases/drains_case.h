// A case of the storm-drain engine: a SWMM 5 project file (.inp) run over its own times.
#ifndef CT_SIM_CASES_DRAINS_CASE_H
#define CT_SIM_CASES_DRAINS_CASE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/buf.h"
#include "cimtwin/drains.h"

#define CT_DRAINS_CASE_BOUND 1e-9 // of the volume's error, as a share of all water there was

typedef struct ct_drains_case ct_drains_case;

// Reads, checks and opens the network; findings are kept. Errors name file, line and section:
// CT_NOTFOUND, CT_PARSE, CT_RANGE, CT_EXISTS, CT_LIMIT, CT_IO, CT_NOMEM.
CT_CHECKED ct_err ct_drains_case_read(ct_drains_case **out, const char *path);
void ct_drains_case_free(ct_drains_case *c); // NULL is fine

typedef struct ct_drains_case_options {
    const char *folder;        // made if missing: time series as CSV; NULL = none
    const atomic_bool *cancel; // looked at between steps; NULL = never
    void (*progress)(void *context, double share); // 0..1; NULL = none
    void *context;
} ct_drains_case_options;

// Runs it, once. *closed: the errors of the volume, and of what flowed in against the runoff
// and the inflows of the file, are within CT_DRAINS_CASE_BOUND. CT_DIVERGED,
// CT_CANCELLED, CT_LIMIT (too many values to write), errors of writing; files are written at the
// end, complete.
CT_CHECKED ct_err ct_drains_case_run(ct_drains_case *drains_case,
                                     const ct_drains_case_options *options, bool *closed);

// After the run, in SI units. As JSON: title, times, steps, findings, nodes, links, ledger. As
// text: findings and tables for people, of at most `most` nodes and links each, those with the
// most flooding and flow.
void ct_drains_case_json(ct_buf *out, const ct_drains_case *c);
void ct_drains_case_text(ct_buf *out, const ct_drains_case *c, size_t most);

#endif
