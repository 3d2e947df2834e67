// Private to the back end: copying a database file while it is in use.
#ifndef CT_STORE_SQLITE_BACKUP_H
#define CT_STORE_SQLITE_BACKUP_H

#include "store/sqlite/conn.h"

// One version of the connection's database as the file `path`, complete or absent, synced. progress
// may be NULL.
CT_CHECKED ct_err ct_store__backup_file(ct_store__conn *from, const char *path,
                                        void (*progress)(void *context, double part),
                                        void *context);

#endif
