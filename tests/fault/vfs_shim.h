// A disk that fails on purpose: SQLite's own file system behind a shim that lets the n-th call of a
// kind fail, or all from it on. What it does not fail it passes on unchanged.
#ifndef TESTS_FAULT_VFS_SHIM_H
#define TESTS_FAULT_VFS_SHIM_H

#include <stdbool.h>

typedef enum shim_fault {
    SHIM_WRITE,    // SQLITE_IOERR_WRITE, once
    SHIM_FULL,     // SQLITE_FULL, from the n-th write on; a file that would grow by truncate too
    SHIM_SYNC,     // SQLITE_IOERR_FSYNC, once
    SHIM_TRUNCATE, // SQLITE_IOERR_TRUNCATE, once
    SHIM_READ,     // SQLITE_IOERR_READ, once
    SHIM_OPEN,     // SQLITE_CANTOPEN, once
    SHIM_DELETE,   // SQLITE_IOERR_DELETE, once
    SHIM_SHARED,   // SQLITE_IOERR_SHMMAP: the index of the log cannot be mapped; once
    SHIM_GONE,     // the disk goes away: every call of every kind fails from the n-th on
    SHIM_FAULTS
} shim_fault;

// Becomes the default file system of the process. Once, before anything is opened.
void shim_install(void);
// Arms a fault: its n-th call from now (1 = the next) fails. 0 heals the disk.
void shim_fail_at(shim_fault fault, long n);
bool shim_failed(void); // whether the armed fault was met
const char *shim_name(shim_fault fault);

#endif
