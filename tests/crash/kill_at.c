// Loaded before the C library (LD_PRELOAD): counts the calls by which a program changes the files
// under one path, writes each to a trace, and kills the program at the n-th.
//
//   CT_KILL_UNDER   calls on paths that begin so are counted; nothing is done without it
//   CT_KILL_TRACE   file that gets a line for each call before it is made: "n call bytes path"
//   CT_KILL_AT      n:before | n:half | n:after; half: of a write half the bytes are written first
//   CT_KILL_LOSE    folder on the same disk (power.c puts there what the program removes); if set,
//                   before the kill all that was written, made, renamed or removed and not synced
//                   is taken back, as if the power had gone; the program's end counts as a call
//   CT_KILL_CALL    count only this call ("sync")
//
// Streams (fopen) count by fwrite and fclose: what the C library does inside is not seen, so a kill
// loses what was still in a stream's buffer, as it would without us.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "power.h"

#define EXPORT __attribute__((visibility("default")))

// ISO C knows no cast from an object pointer to a function: the bytes are copied.
#define REAL(name, type, ...)                                                                      \
    static type (*real)(__VA_ARGS__);                                                              \
    if (!real) {                                                                                   \
        void *found_ = dlsym(RTLD_NEXT, name);                                                     \
        memcpy(&real, &found_, sizeof real);                                                       \
    }

typedef enum moment { NEVER, BEFORE, HALF, AFTER } moment;

static bool k_lose;
static pthread_mutex_t k_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t k_once = PTHREAD_ONCE_INIT;
static char k_under[PATH_MAX];
static const char *k_call; // NULL: all
static size_t k_under_length;
static int k_trace = -1;
static long k_at, k_count;
static moment k_moment;

// ---- settings

static void read_settings(void) {
    const char *under = getenv("CT_KILL_UNDER"), *trace = getenv("CT_KILL_TRACE"),
               *at = getenv("CT_KILL_AT");
    if (!under || !*under) return;
    k_under_length = strlen(under);
    if (k_under_length >= sizeof k_under) return;
    memcpy(k_under, under, k_under_length + 1);
    // Not by open: it is ours, and would wait for these settings.
    const int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
    if (trace) k_trace = (int)syscall(SYS_openat, AT_FDCWD, trace, flags, 0666);
    k_call = getenv("CT_KILL_CALL");
    const char *lost = getenv("CT_KILL_LOSE");
    k_lose = lost != NULL;
    if (lost) power_start(k_under, lost);
    if (!at) return;
    char *rest;
    k_at = strtol(at, &rest, 10);
    k_moment = strcmp(rest, ":before") == 0  ? BEFORE
               : strcmp(rest, ":half") == 0  ? HALF
               : strcmp(rest, ":after") == 0 ? AFTER
                                             : NEVER;
}

// ---- counting

static void die(void) {
    power_lose();
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static bool watched(const char *path) {
    return k_under_length && strncmp(path, k_under, k_under_length) == 0;
}

static off_t place_of(int fd) {
    struct stat now;
    if (fcntl(fd, F_GETFL) & O_APPEND && fstat(fd, &now) == 0) return now.st_size;
    return lseek(fd, 0, SEEK_CUR);
}

// Names are given relative to the working folder too; its own links are not followed further.
static bool absolute(char out[PATH_MAX], const char *path) {
    if (path[0] == '/') return snprintf(out, PATH_MAX, "%s", path) < PATH_MAX;
    char here[PATH_MAX];
    if (!getcwd(here, sizeof here)) return false;
    return snprintf(out, PATH_MAX, "%s/%s", here, path) < PATH_MAX;
}

// Whether, and when, this call is the one; writes its line first.
static moment count(const char *call, const char *path, size_t bytes) {
    static __thread bool inside;
    pthread_once(&k_once, read_settings);
    if (inside || !watched(path) || (k_call && strcmp(call, k_call) != 0)) return NEVER;
    inside = true;
    pthread_mutex_lock(&k_lock);
    const long n = ++k_count;
    const moment when = n == k_at ? k_moment : NEVER;
    if (k_trace >= 0) {
        char line[PATH_MAX + 64];
        const int length =
            snprintf(line, sizeof line, "%ld %s %zu %s\n", n, call, bytes, path + k_under_length);
        const struct iovec part = {line, (size_t)length};
        (void)!writev(k_trace, &part, 1);
    }
    if (when == BEFORE) die(); // with the lock held: no other thread writes any further
    if (when == NEVER) pthread_mutex_unlock(&k_lock);
    inside = false;
    return when;
}

static moment count_fd(const char *call, int fd, size_t bytes) {
    char path[PATH_MAX];
    pthread_once(&k_once, read_settings);
    if (!k_under_length || fd == k_trace || !power_path_of(path, fd)) return NEVER;
    return count(call, path, bytes);
}

static bool seen_name(char full[PATH_MAX], const char *name) {
    pthread_once(&k_once, read_settings);
    return k_under_length && absolute(full, name) && watched(full);
}

static moment count_name(const char *call, const char *name) {
    char full[PATH_MAX];
    return seen_name(full, name) ? count(call, full, 0) : NEVER;
}

// Before an opening that can make the file: whether that has to be remembered.
static bool making(const char *name) {
    char full[PATH_MAX];
    struct stat there;
    return seen_name(full, name) && k_lose && lstat(full, &there) != 0;
}

static size_t part_of(moment when, size_t bytes) {
    return when == HALF ? bytes / 2 : bytes;
}

// ---- calls on descriptors

EXPORT ssize_t write(int fd, const void *bytes, size_t n) {
    REAL("write", ssize_t, int, const void *, size_t)
    const moment when = count_fd("write", fd, n);
    if (when == NEVER) power_keep(fd, place_of(fd), n, false);
    const ssize_t done = when == NEVER || !k_lose ? real(fd, bytes, part_of(when, n)) : 0;
    if (when != NEVER) die();
    return done;
}

EXPORT ssize_t writev(int fd, const struct iovec *parts, int n) {
    REAL("writev", ssize_t, int, const struct iovec *, int)
    const moment when = count_fd("writev", fd, (size_t)n);
    const ssize_t done = real(fd, parts, n);
    if (when != NEVER) die();
    return done;
}

EXPORT ssize_t pwrite(int fd, const void *bytes, size_t n, off_t offset) {
    REAL("pwrite", ssize_t, int, const void *, size_t, off_t)
    const moment when = count_fd("write", fd, n);
    if (when == NEVER) power_keep(fd, offset, n, false);
    const ssize_t done = when == NEVER || !k_lose ? real(fd, bytes, part_of(when, n), offset) : 0;
    if (when != NEVER) die();
    return done;
}

EXPORT ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t offset) {
    REAL("pwrite64", ssize_t, int, const void *, size_t, off64_t)
    const moment when = count_fd("write", fd, n);
    if (when == NEVER) power_keep(fd, offset, n, false);
    const ssize_t done = when == NEVER || !k_lose ? real(fd, bytes, part_of(when, n), offset) : 0;
    if (when != NEVER) die();
    return done;
}

// The loss comes before the call where both would undo each other: what is on its way is lost too.
#define ON_SYNC(name)                                                                              \
    EXPORT int name(int fd) {                                                                      \
        REAL(#name, int, int)                                                                      \
        const moment when = count_fd("sync", fd, 0);                                               \
        const int done = real(fd);                                                                 \
        if (done == 0) power_synced(fd);                                                           \
        if (when != NEVER) die();                                                                  \
        return done;                                                                               \
    }
ON_SYNC(fsync)
ON_SYNC(fdatasync)

#define ON_TRUNCATE(name, type)                                                                    \
    EXPORT int name(int fd, type length) {                                                         \
        REAL(#name, int, int, type)                                                                \
        const moment when = count_fd("truncate", fd, 0);                                           \
        if (when != NEVER && k_lose) die();                                                        \
        power_keep(fd, length, 0, true);                                                           \
        const int done = real(fd, length);                                                         \
        if (when != NEVER) die();                                                                  \
        return done;                                                                               \
    }
ON_TRUNCATE(ftruncate, off_t)
ON_TRUNCATE(ftruncate64, off64_t)

// ---- calls on names

// The real call, or power.c's, which does the same and can take it back.
#define ON_NAME(name, call, parameters, types, values)                                             \
    EXPORT int name parameters {                                                                   \
        static int(*real) types;                                                                   \
        if (!real) {                                                                               \
            void *found_ = dlsym(RTLD_NEXT, #name);                                                \
            memcpy(&real, &found_, sizeof real);                                                   \
        }                                                                                          \
        char full[PATH_MAX];                                                                       \
        const bool seen = seen_name(full, path);                                                   \
        const moment when = seen ? count(call, full, 0) : NEVER;                                   \
        const int done = seen && k_lose ? power_##name values : real values;                       \
        if (when != NEVER) die();                                                                  \
        return done;                                                                               \
    }
ON_NAME(unlink, "unlink", (const char *path), (const char *), (path))
ON_NAME(rmdir, "rmdir", (const char *path), (const char *), (path))
ON_NAME(mkdir, "mkdir", (const char *path, mode_t mode), (const char *, mode_t), (path, mode))
// By the new name where only that is watched.
ON_NAME(rename, "rename", (const char *from, const char *path), (const char *, const char *),
        (from, path))

// Opening counts where it can make or empty a file.
#define ON_OPEN(name)                                                                              \
    EXPORT int name(const char *path, int flags, ...) {                                            \
        REAL(#name, int, const char *, int, ...)                                                   \
        mode_t mode = 0;                                                                           \
        if (flags & (O_CREAT | O_TMPFILE)) {                                                       \
            va_list rest;                                                                          \
            va_start(rest, flags);                                                                 \
            mode = va_arg(rest, mode_t);                                                           \
            va_end(rest);                                                                          \
        }                                                                                          \
        const moment when = flags & (O_CREAT | O_TRUNC) ? count_name("create", path) : NEVER;      \
        const bool fresh = flags & O_CREAT && making(path);                                        \
        const int fd = real(path, flags, mode);                                                    \
        if (fresh && fd >= 0) power_made(path);                                                    \
        if (when != NEVER) die();                                                                  \
        return fd;                                                                                 \
    }
ON_OPEN(open)
ON_OPEN(open64)

// ---- streams

#define ON_FOPEN(name)                                                                             \
    EXPORT FILE *name(const char *path, const char *mode) {                                        \
        REAL(#name, FILE *, const char *, const char *)                                            \
        const moment when = mode[0] == 'w' ? count_name("create", path) : NEVER;                   \
        const bool fresh = mode[0] != 'r' && making(path);                                         \
        FILE *file = real(path, mode);                                                             \
        if (fresh && file) power_made(path);                                                       \
        if (when != NEVER) die();                                                                  \
        if (file && mode[0] == 'w') power_keep(fileno(file), 0, 0, true);                          \
        return file;                                                                               \
    }
ON_FOPEN(fopen)
ON_FOPEN(fopen64)

EXPORT size_t fwrite(const void *bytes, size_t size, size_t n, FILE *file) {
    REAL("fwrite", size_t, const void *, size_t, size_t, FILE *)
    const moment when = count_fd("fwrite", fileno(file), size * n);
    const size_t done = real(bytes, size, part_of(when, n), file);
    if (when != NEVER) die();
    return done;
}

static bool written_to(int fd) {
    const int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

EXPORT int fclose(FILE *file) {
    REAL("fclose", int, FILE *)
    const int fd = fileno(file);
    const moment when = written_to(fd) ? count_fd("fclose", fd, 0) : NEVER;
    const int done = real(file);
    if (when != NEVER) die();
    return done;
}

// ---- the end

__attribute__((destructor)) static void end(void) {
    pthread_once(&k_once, read_settings);
    if (k_lose && count("exit", k_under, 0) != NEVER) die();
}
