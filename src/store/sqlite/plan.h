// Private to the back end: how a query is answered, row by row.
#ifndef CT_STORE_SQLITE_PLAN_H
#define CT_STORE_SQLITE_PLAN_H

#include "store/sqlite/internal.h"

// Two ways through a class's table, both by ascending fid:
// - ids: the R*Tree names the candidates; the table is read in runs of neighbouring fids;
// - scan: the table itself from after_fid on.
// Attribute filters are part of the row statement; box and time are tested here.
typedef struct ct_store__plan {
    ct_store__conn *conn;
    const ct_query *query; // borrowed
    sqlite3_stmt *rows;
    ct_store__row row;
    bool want_all; // rows are for a caller, with all columns; otherwise only what the tests need
    bool by_ids;
    int64_t *ids;
    size_t n_ids, next_id;
    int64_t n_sure;      // counting: features that match for sure and are not among the ids
    size_t run_end;      // the row statement goes through the ids up to this one; 0 = through none
    int geometry_column; // -1: not selected
    const void *blob;    // the row's geometry, while it stands there
    size_t blob_length;
    int time_attr; // -1: not asked
    bool test_box;
} ct_store__plan;

CT_CHECKED ct_err ct_store__query_check(const ct_query *q); // filters name attributes of the class
CT_CHECKED ct_err ct_store__plan_init(ct_store__plan *plan, const ct_store *store,
                                      ct_store__conn *conn, const ct_query *query, bool want_all);
void ct_store__plan_fini(ct_store__plan *plan);
// Goes to the next row that matches; *found false at the end. With want_all plan->row.feature is
// filled.
CT_CHECKED ct_err ct_store__plan_next(ct_store__plan *plan, bool *found);

// Candidates of a box from the R*Tree with fid > after_fid, ascending, and those without geometry.
// *too_many: more than `cap` (0 = no cap) were met and the list is not made. `n_within` not NULL:
// features whose indexed box lies wholly within are not listed but counted. Caller frees with
// ct_free.
CT_CHECKED ct_err ct_store__candidates(int64_t **ids, size_t *n, bool *too_many, int64_t *n_within,
                                       ct_store__conn *conn, const ct_query *query, size_t cap);

#endif
