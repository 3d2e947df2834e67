// Our own calls to the system's files, made to fail on purpose: the linker's --wrap puts
// libc_shim.c between our code and libc (see CMakeLists.txt). Libraries are not concerned.
#ifndef TESTS_FAULT_LIBC_SHIM_H
#define TESTS_FAULT_LIBC_SHIM_H

#include <stdbool.h>

typedef enum libc_fault {
    LIBC_OPEN,     // ENOSPC, of a file to be made
    LIBC_WRITE,    // ENOSPC
    LIBC_FSYNC,    // EIO
    LIBC_RENAME,   // EIO
    LIBC_EXCHANGE, // EIO
    LIBC_MKDIR,    // ENOSPC
    LIBC_FOPEN,    // ENOSPC
    LIBC_FWRITE,   // ENOSPC, half of it written
    LIBC_FCLOSE,   // ENOSPC; the file is closed
    LIBC_FAULTS
} libc_fault;

// Whether the disk knows the exchange of two names (renameat2); true from the start.
void libc_exchanges(bool known);
// The n-th call of the kind from now fails (1 = the next); 0 = none does.
void libc_fail_at(libc_fault fault, long n);
bool libc_failed(void); // whether it was met
const char *libc_fault_name(libc_fault fault);

#endif
