// The wrapped calls: each asks whether it is to fail, then passes on.
#include "libc_shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_int armed = LIBC_FAULTS; // a libc_fault; LIBC_FAULTS = none
static atomic_long countdown;
static atomic_bool met;
static atomic_bool no_exchange;

void libc_exchanges(bool known) {
    atomic_store(&no_exchange, !known);
}

void libc_fail_at(libc_fault fault, long n) {
    atomic_store(&armed, LIBC_FAULTS);
    atomic_store(&countdown, n);
    atomic_store(&met, false);
    if (n > 0) atomic_store(&armed, fault);
}

bool libc_failed(void) {
    return atomic_load(&met);
}

const char *libc_fault_name(libc_fault fault) {
    static const char *const names[LIBC_FAULTS] = {"open",  "write", "fsync",  "rename", "exchange",
                                                   "mkdir", "fopen", "fwrite", "fclose"};
    return names[fault];
}

static bool fails(libc_fault kind, int reason) {
    if (atomic_load(&armed) != (int)kind || atomic_fetch_sub(&countdown, 1) != 1) return false;
    atomic_store(&met, true);
    errno = reason;
    return true;
}

int __real_open(const char *path, int flags, ...);
ssize_t __real_write(int fd, const void *bytes, size_t n);
int __real_fsync(int fd);
int __real_rename(const char *from, const char *to);
int __real_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags);
int __real_mkdir(const char *path, mode_t mode);
FILE *__real_fopen(const char *path, const char *mode);
size_t __real_fwrite(const void *bytes, size_t size, size_t n, FILE *file);
int __real_fclose(FILE *file);

int __wrap_open(const char *path, int flags, ...);
ssize_t __wrap_write(int fd, const void *bytes, size_t n);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags);
int __wrap_mkdir(const char *path, mode_t mode);
FILE *__wrap_fopen(const char *path, const char *mode);
size_t __wrap_fwrite(const void *bytes, size_t size, size_t n, FILE *file);
int __wrap_fclose(FILE *file);

int __wrap_open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list args;
        va_start(args, flags);
        mode = va_arg(args, mode_t);
        va_end(args);
        if (fails(LIBC_OPEN, ENOSPC)) return -1;
    }
    return __real_open(path, flags, mode);
}
ssize_t __wrap_write(int fd, const void *bytes, size_t n) {
    return fails(LIBC_WRITE, ENOSPC) ? -1 : __real_write(fd, bytes, n);
}
int __wrap_fsync(int fd) {
    return fails(LIBC_FSYNC, EIO) ? -1 : __real_fsync(fd);
}
int __wrap_rename(const char *from, const char *to) {
    return fails(LIBC_RENAME, EIO) ? -1 : __real_rename(from, to);
}
int __wrap_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags) {
    if (fails(LIBC_EXCHANGE, EIO)) return -1;
    if (!atomic_load(&no_exchange)) return __real_renameat2(from_dir, from, to_dir, to, flags);
    errno = EINVAL;
    return -1;
}
int __wrap_mkdir(const char *path, mode_t mode) {
    return fails(LIBC_MKDIR, ENOSPC) ? -1 : __real_mkdir(path, mode);
}
FILE *__wrap_fopen(const char *path, const char *mode) {
    return fails(LIBC_FOPEN, ENOSPC) ? NULL : __real_fopen(path, mode);
}
size_t __wrap_fwrite(const void *bytes, size_t size, size_t n, FILE *file) {
    if (atomic_load(&armed) != LIBC_FWRITE) return __real_fwrite(bytes, size, n, file);
    const bool fail = atomic_load(&countdown) == 1;
    const size_t done = __real_fwrite(bytes, size, fail ? n / 2 : n, file);
    return fails(LIBC_FWRITE, ENOSPC) ? n / 2 : done;
}
int __wrap_fclose(FILE *file) {
    const int code = __real_fclose(file);
    return fails(LIBC_FCLOSE, ENOSPC) ? EOF : code;
}
