// Overrides: a table of what planners know better, "id,attribute,value", one value a line.
#ifndef CT_INGEST_OVERRIDES_H
#define CT_INGEST_OVERRIDES_H

#include "ingest/diagnostics.h"
#include "model/feature.h"

#define CT_OVERRIDES_MAX_BYTES ((size_t)64 << 20)

typedef struct ct_override {
    const char *id, *attribute;
    const char *value; // as it is written; "" takes the value away
    size_t line;       // of the file, from 1
} ct_override;

// Reads a CSV file (RFC 4180, UTF-8, a first line of the three names in any order). Every line that
// is none goes to the diagnostics as an error at "file.csv:12"; CT_PARSE then. CT_NOTFOUND,
// CT_LIMIT, CT_NOMEM. Texts are the arena's.
CT_CHECKED ct_err ct_overrides_read(ct_override **out, size_t *n, ct_arena *arena, const char *path,
                                    ct_diagnostics *diagnostics);
// Puts the value into the feature and checks it as a whole; the feature stays as it was on failure.
// CT_NOTFOUND (its class has no such attribute), CT_PARSE, CT_RANGE naming the attribute.
CT_CHECKED ct_err ct_override_apply(ct_feature *feature, ct_arena *arena,
                                    const ct_override *override);

#endif
