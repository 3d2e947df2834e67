// cimtwin import --as overrides: values of features that are there, from tables.
#ifndef CT_CLI_IMPORT_OVERRIDES_H
#define CT_CLI_IMPORT_OVERRIDES_H

#include "cli/command.h"
#include "ingest/diagnostics.h"

// The files after the first argument. Every line is checked before the first is written; what is
// wrong goes to the diagnostics by file and line, CT_PARSE then. `writer` NULL: check only. *n:
// lines taken.
CT_CHECKED ct_err ct_import_overrides(size_t *n, const ct_args *args, const ct_twin *twin,
                                      ct_writer *writer, ct_diagnostics *diagnostics);

#endif
