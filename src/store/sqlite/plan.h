// Private to the back end: how a query is answered, row by row.
#ifndef CT_STORE_SQLITE_PLAN_H
#define CT_STORE_SQLITE_PLAN_H

#include "store/sqlite/internal.h"

// Two ways through a class's table, both by ascending fid:
// - ids: the R*Tree names the candidates, whose rows are fetched one by one;
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
    int geometry_column; // -1: not selected
    int time_attr;       // -1: not asked
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
// *too_many: more than `cap` (0 = no cap) were met and the list is not made. Caller frees with
// ct_free.
CT_CHECKED ct_err ct_store__candidates(int64_t **ids, size_t *n, bool *too_many,
                                       ct_store__conn *conn, const ct_class *cls,
                                       const ct_bbox *box, int64_t after_fid, size_t cap);

#endif
