// A self-contained case of the flood engine: terrain by formula or raster, forcing, points and what
// is expected there. Tests of the engine are such files; so are benchmarks that others publish.
// The file's form: data/schemas/case-flood.schema.json. x runs to the east and y to the north, as
// on a map, and velocities with them; the engine's rows run southwards.
#ifndef CT_SIM_CASES_FLOOD_CASE_H
#define CT_SIM_CASES_FLOOD_CASE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/buf.h"

#define CT_CASE_MAX_BYTES  (64u << 20) // of a file
#define CT_CASE_MAX_CELLS  (1u << 26)
#define CT_CASE_MAX_POINTS 1000
#define CT_CASE_MAX_CHECKS 10000

typedef struct ct_flood_case ct_flood_case;

// Reads and checks; rasters and tables are sought beside the file. Errors name file and field:
// CT_NOTFOUND, CT_PARSE, CT_RANGE, CT_LIMIT, CT_CRS, CT_UNSUPPORTED, CT_IO, CT_NOMEM.
CT_CHECKED ct_err ct_flood_case_read(ct_flood_case **out, const char *path);
void ct_flood_case_free(ct_flood_case *flood_case); // NULL is fine

typedef struct ct_flood_case_options {
    int threads;               // 0 = one per core
    const char *folder;        // made if missing: points.csv, sections.csv, rasters; NULL = none
    const atomic_bool *cancel; // looked at between outputs; NULL = never
    void (*progress)(void *context, double share); // 0..1; NULL = none
    void *context;
} ct_flood_case_options;

// Runs it and compares. *met: every expectation holds. CT_DIVERGED, CT_CANCELLED, errors of
// writing.
CT_CHECKED ct_err ct_flood_case_run(ct_flood_case *flood_case, const ct_flood_case_options *options,
                                    bool *met);

// After the run. As JSON: title, steps, ledger, state hash, points, checks. As text: one line a
// check, as tools/verify prints them.
void ct_flood_case_json(ct_buf *out, const ct_flood_case *flood_case);
void ct_flood_case_text(ct_buf *out, const ct_flood_case *flood_case);

#endif
