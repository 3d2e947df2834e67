// Private to the SQLite back end: many new features in a row, without the triggers.
#ifndef CT_STORE_SQLITE_BULK_H
#define CT_STORE_SQLITE_BULK_H

#include "store/sqlite/internal.h"

typedef struct ct_store__bulk ct_store__bulk;

// New features after each other before a writer changes to this way: beginning and ending it costs
// as much as some of them.
enum { CT_STORE__BULK_AFTER = 64 };

// Whether features of this class may come this way from here on: by `writer->bulk`, which is made
// if need be. Not where the table has a trigger of another program on new rows, or lacks one of
// ours.
CT_CHECKED ct_err ct_store__bulk_begin(bool *may, ct_writer *writer, const ct_class *cls);
// Puts in a new feature that is checked (ct_feature_check) and gives it its fid and, where it has
// none, its id, which lives until the next one; what the triggers would write is written with it or
// by ct_store__bulk_end. CT_EXISTS for a used id. A failure that leaves half of it is noted in
// `writer->broken`.
CT_CHECKED ct_err ct_store__bulk_add(ct_writer *writer, ct_feature *f);
// The box of a part of a body of such a feature.
CT_CHECKED ct_err ct_store__bulk_part_box(ct_store__bulk *bulk, int64_t part, const double *sides);
// Writes what is left to write, and lets triggers work again.
CT_CHECKED ct_err ct_store__bulk_end(ct_writer *writer);
// Lets triggers work again, where the transaction is given up. NULL is fine.
void ct_store__bulk_free(ct_store__bulk *bulk);

#endif
