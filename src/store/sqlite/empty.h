// Private to the back end: attributes that no feature of a class has. A row of a class with thirty
// attributes, of which a twin's source brought ten, is read in two thirds of the time without the
// others.
#ifndef CT_STORE_SQLITE_EMPTY_H
#define CT_STORE_SQLITE_EMPTY_H

#include "store/sqlite/conn.h"
#include "store/store.h"

typedef struct ct_store__empty ct_store__empty; // what is known of a store's classes; thread-safe

// NULL when memory fails.
ct_store__empty *ct_store__empty_new(size_t n_classes);
void ct_store__empty_free(ct_store__empty *empty); // NULL is allowed

// Of a connection in a transaction that is about to read `n_rows` rows of a class: bit i of *attrs
// is set if attribute i is NULL in every row that it sees. Without a bit nothing is said. The table
// is looked through once as many rows were read since its last change as it has, so that this
// never costs more than what was read.
CT_CHECKED ct_err ct_store__empty_attrs(uint64_t *attrs, ct_store__empty *empty,
                                        ct_store__conn *conn, const ct_class *cls, int64_t n_rows);

#endif
