// What file.c, dir.c and path.c share.
#ifndef CT_BASE_FILE_PRIVATE_H
#define CT_BASE_FILE_PRIVATE_H

#include "cimtwin/err.h"

// Sets the message "path: cannot ACTION: reason" and returns the error that errno stands for.
ct_err ct_base__io_error(const char *path, const char *action, int error_number);
// fsync of one file or folder, opened with `flags` more.
ct_err ct_base__sync_one(const char *path, int flags);
// A passing name beside `path`, that of no other writer; NULL when out of memory. The sweep knows
// such names.
char *ct_base__passing_name(const char *path);

#endif
