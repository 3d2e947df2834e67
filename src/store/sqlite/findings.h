// Private to the back end: problems found by a check, told one by one.
#ifndef CT_STORE_SQLITE_FINDINGS_H
#define CT_STORE_SQLITE_FINDINGS_H

#include "store/sqlite/conn.h"

typedef struct ct_store__findings {
    void (*report)(void *context, const char *line);
    void *context;
    int problems;
} ct_store__findings;

void ct_store__found(ct_store__findings *f, const char *format, ...) CT_PRINTF(2, 3);
// Runs a statement whose every row is a finding: its first column, a text.
CT_CHECKED ct_err ct_store__each_finding(ct_store__findings *f, ct_store__conn *conn,
                                         const char *sql);
// What lies in the folder beside the file: runs and observations (terrain is checked with its
// features).
CT_CHECKED ct_err ct_store__folder_check(ct_store__findings *f, const char *folder);

#endif
