// Loaded before the C library (LD_PRELOAD): all files under one path refuse to be changed, as on a
// disk that was remounted read-only under a program that has them open, which `mount` itself
// refuses to do.
//
//   CT_READ_ONLY_UNDER   paths that begin so are meant
//   CT_READ_ONLY_WHILE   while this file is there
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

// ISO C knows no cast from an object pointer to a function: the bytes are copied.
#define REAL(name, type, ...)                                                                      \
    type (*real)(__VA_ARGS__);                                                                     \
    void *found_ = dlsym(RTLD_NEXT, name);                                                         \
    memcpy(&real, &found_, sizeof real)

static bool refuses(const char *path) {
    const char *under = getenv("CT_READ_ONLY_UNDER"), *flag = getenv("CT_READ_ONLY_WHILE");
    if (!under || !flag || strncmp(path, under, strlen(under)) != 0) return false;
    const int before = errno;
    const bool there = access(flag, F_OK) == 0;
    errno = there ? EROFS : before;
    return there;
}

static bool refuses_fd(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return false;
    path[n] = '\0';
    return refuses(path);
}

// ---- opening ------------------------------------------------------------------------------------
static bool changes(const char *path, int flags) {
    if ((flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC) return true;
    return flags & O_CREAT && access(path, F_OK) != 0;
}

#define OPEN(name)                                                                                 \
    EXPORT int name(const char *path, int flags, ...) {                                            \
        va_list more;                                                                              \
        va_start(more, flags);                                                                     \
        const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;              \
        va_end(more);                                                                              \
        REAL(#name, int, const char *, int, ...);                                                  \
        return changes(path, flags) && refuses(path) ? -1 : real(path, flags, mode);               \
    }
OPEN(open)
OPEN(open64)

#define STREAM(name)                                                                               \
    EXPORT FILE *name(const char *path, const char *mode) {                                        \
        REAL(#name, FILE *, const char *, const char *);                                           \
        return strpbrk(mode, "wa+") && refuses(path) ? NULL : real(path, mode);                    \
    }
STREAM(fopen)
STREAM(fopen64)

// ---- what is open -------------------------------------------------------------------------------
EXPORT ssize_t write(int fd, const void *data, size_t n) {
    REAL("write", ssize_t, int, const void *, size_t);
    return refuses_fd(fd) ? -1 : real(fd, data, n);
}

#define PWRITE(name, offset_type)                                                                  \
    EXPORT ssize_t name(int fd, const void *data, size_t n, offset_type at) {                      \
        REAL(#name, ssize_t, int, const void *, size_t, offset_type);                              \
        return refuses_fd(fd) ? -1 : real(fd, data, n, at);                                        \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define RESIZE(name, offset_type)                                                                  \
    EXPORT int name(int fd, offset_type size) {                                                    \
        REAL(#name, int, int, offset_type);                                                        \
        return refuses_fd(fd) ? -1 : real(fd, size);                                               \
    }
RESIZE(ftruncate, off_t)
RESIZE(ftruncate64, off64_t)

// ---- names --------------------------------------------------------------------------------------
EXPORT int mkdir(const char *path, mode_t mode) {
    REAL("mkdir", int, const char *, mode_t);
    return access(path, F_OK) != 0 && refuses(path) ? -1 : real(path, mode);
}

EXPORT int rename(const char *from, const char *to) {
    REAL("rename", int, const char *, const char *);
    return refuses(from) || refuses(to) ? -1 : real(from, to);
}

#define REMOVE(name)                                                                               \
    EXPORT int name(const char *path) {                                                            \
        REAL(#name, int, const char *);                                                            \
        return access(path, F_OK) == 0 && refuses(path) ? -1 : real(path);                         \
    }
REMOVE(unlink)
REMOVE(rmdir)
REMOVE(remove)

EXPORT int utimensat(int folder, const char *path, const struct timespec times[2], int flags) {
    REAL("utimensat", int, int, const char *, const struct timespec[2], int);
    return refuses(path) ? -1 : real(folder, path, times, flags);
}
