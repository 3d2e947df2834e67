// Private to the SQLite back end: many boxes into an R*Tree at once.
#ifndef CT_STORE_SQLITE_RTREE_LOAD_H
#define CT_STORE_SQLITE_RTREE_LOAD_H

#include "store/sqlite/conn.h"

#define CT_STORE__BOX_SIDES 6

typedef struct ct_store__box {
    int64_t id;
    float sides[CT_STORE__BOX_SIDES]; // min x, max x, min y, max y and, in space, min z, max z
} ct_store__box;

// Boxes on their way into one R*Tree. Zeroed but for `axes`, it is empty.
typedef struct ct_store__boxes {
    int axes; // 2 or 3
    ct_store__box *at;
    size_t n, cap;
} ct_store__boxes;

void ct_store__boxes_fini(ct_store__boxes *boxes);
// `sides` in the order of ct_store__box; they are rounded outwards as SQLite does it.
CT_CHECKED ct_err ct_store__boxes_add(ct_store__boxes *boxes, int64_t id, const double *sides);
// Puts them into the R*Tree `table` of the database, which has none of their ids, and empties the
// list; within the caller's transaction. Where they are many against what is there, the tree is
// packed anew.
CT_CHECKED ct_err ct_store__boxes_load(ct_store__boxes *boxes, ct_store__conn *conn,
                                       const char *table);

#endif
