// What an import has to say: findings with severity, rule, place and text, in the order in which
// they were made.
#ifndef CT_INGEST_DIAGNOSTICS_H
#define CT_INGEST_DIAGNOSTICS_H

#include <stddef.h>

#include "base/jsonw.h"
#include "cimtwin/err.h"

typedef enum ct_severity { CT_SEVERITY_ERROR, CT_SEVERITY_WARNING, CT_SEVERITY_INFO } ct_severity;

typedef struct ct_diagnostic {
    ct_severity severity;
    const char *rule;  // short name of the rule, kebab-case: "self-crossing"
    const char *where; // "file:layer:feature 12", as far as known
    const char *text;
} ct_diagnostic;

typedef struct ct_diagnostics ct_diagnostics; // one thread at a time

// Keeps at most `max` findings, half of them other than errors; later ones are only counted. NULL
// when out of memory.
ct_diagnostics *ct_diagnostics_new(size_t max);
void ct_diagnostics_free(ct_diagnostics *diagnostics); // NULL is fine

// Copies the texts. What does not fit into memory is counted only, and ct_diagnostics_status says
// so.
void ct_diagnostics_add(ct_diagnostics *diagnostics, ct_severity severity, const char *rule,
                        const char *where, const char *format, ...) CT_PRINTF(5, 6);
// The same, but at most once for the pair of rule and text.
void ct_diagnostics_add_once(ct_diagnostics *diagnostics, ct_severity severity, const char *rule,
                             const char *where, const char *format, ...) CT_PRINTF(5, 6);
CT_CHECKED ct_err ct_diagnostics_status(const ct_diagnostics *diagnostics); // CT_OK or CT_NOMEM

size_t ct_diagnostics_kept(const ct_diagnostics *diagnostics);
const ct_diagnostic *ct_diagnostics_at(const ct_diagnostics *diagnostics,
                                       size_t index); // NULL at the end
size_t ct_diagnostics_count(const ct_diagnostics *diagnostics,
                            ct_severity severity);  // those not kept too
const char *ct_severity_name(ct_severity severity); // "error", "warning", "info"

// [{"severity","rule","where","text"}, ...]
void ct_diagnostics_write_json(ct_jsonw *w, const ct_diagnostics *diagnostics);

#endif
