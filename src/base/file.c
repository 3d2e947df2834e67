// Whole files: reading with a limit, writing complete or not at all. Folders are in dir.c, names in
// path.c.
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file_private.h"
#include "base/mem.h"

enum {
    CHUNK_BYTES = 256 * 1024,
    FULL_BYTES = 64 * 1024 // room in which nothing of use fits
};

ct_err ct_base__io_error(const char *path, const char *action, int error_number) {
    ct_err err = CT_IO;
    char text[128];
    if (error_number == ENOENT || error_number == ENOTDIR) err = CT_NOTFOUND;
    if (error_number == ENOSPC || error_number == EDQUOT) err = CT_DISKFULL;
    if (error_number == EROFS) err = CT_READONLY;
    if (error_number == ENOMEM) err = CT_NOMEM;
    return ct_fail(err, "%s: cannot %s: %s", path, action,
                   strerror_r(error_number, text, sizeof text));
}

// Reads to the end of fd: files of /proc and pipes tell no length beforehand.
static ct_err read_all(char **data, size_t *length, int fd, const char *path, size_t size,
                       size_t max_bytes) {
    size_t cap = size < max_bytes ? size : max_bytes, n = 0;
    char *bytes = ct_alloc(cap + 1);
    if (!bytes) return CT_NOMEM;
    ct_err err = CT_OK;
    for (;;) {
        // One byte more than the file should have shows whether it ends there.
        ssize_t got = read(fd, bytes + n, cap + 1 - n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) err = ct_base__io_error(path, "read", errno);
        if (got <= 0) break;
        n += (size_t)got;
        if (n <= cap) continue;
        if (cap == max_bytes) {
            err = ct_fail(CT_LIMIT, "%s: longer than %zu bytes", path, max_bytes);
            break;
        }
        size_t bigger = cap < CHUNK_BYTES ? CHUNK_BYTES : cap * 2;
        cap = bigger < max_bytes ? bigger : max_bytes;
        char *grown = ct_realloc(bytes, cap + 1);
        if (!grown) {
            err = CT_NOMEM;
            break;
        }
        bytes = grown;
    }
    if (err != CT_OK) {
        ct_free(bytes);
        return err;
    }
    bytes[n] = '\0';
    *data = bytes;
    *length = n;
    return CT_OK;
}

ct_err ct_file_read(char **data, size_t *length, const char *path, size_t max_bytes) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return ct_base__io_error(path, "open", errno);
    struct stat status;
    ct_err err = CT_OK;
    size_t n = 0;
    if (max_bytes > SIZE_MAX / 4) max_bytes = SIZE_MAX / 4;
    if (fstat(fd, &status) != 0)
        err = ct_base__io_error(path, "read", errno);
    else if (S_ISDIR(status.st_mode))
        err = ct_fail(CT_UNSUPPORTED, "%s: cannot read: it is a folder", path);
    else if (status.st_size > 0 && (uint64_t)status.st_size > max_bytes)
        err = ct_fail(CT_LIMIT, "%s: longer than %zu bytes", path, max_bytes);
    else
        err = read_all(data, &n, fd, path, (size_t)status.st_size, max_bytes);
    close(fd);
    if (err == CT_OK && length) *length = n;
    return err;
}

// A file on its way to `path`: written under a name beside it, which no other writer uses.
typedef struct writer {
    const char *path;
    char *beside;
    int fd;
} writer;

// Puts the file in place if `err` is CT_OK, else removes it; returns `err` or the failure met here.
static ct_err writer_close(writer *w, ct_err err) {
    if (err == CT_OK && fsync(w->fd) != 0) err = ct_base__io_error(w->path, "write", errno);
    if (err == CT_OK) err = ct_file_rename(w->beside, w->path);
    if (err != CT_OK) unlink(w->beside);
    close(w->fd); // last, as it gives up the lock; what it may have to tell, fsync has told
    ct_free(w->beside);
    return err;
}

// Makes the file under a passing name and locks it, so that a sweep leaves it alone. Between the
// two steps a sweep may have taken it: then under another name.
static ct_err open_beside(writer *w) {
    for (;;) {
        w->beside = ct_base__passing_name(w->path);
        if (!w->beside) return CT_NOMEM;
        w->fd = open(w->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (w->fd < 0) break;
        struct stat made;
        const bool taken = flock(w->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
        if (!taken && (fstat(w->fd, &made) != 0 || made.st_nlink > 0)) return CT_OK;
        close(w->fd);
        ct_free(w->beside);
    }
    ct_err err = ct_base__io_error(w->path, "write", errno);
    ct_free(w->beside);
    w->beside = NULL;
    return err;
}

static ct_err writer_open(writer *w, const char *path) {
    *w = (writer){.path = path, .fd = -1};
    struct stat old;
    bool exists = stat(path, &old) == 0;
    if (exists && S_ISDIR(old.st_mode))
        return ct_fail(CT_IO, "%s: cannot write: it is a folder", path);
    CT_TRY(open_beside(w));
    if (exists && fchmod(w->fd, old.st_mode & 0777) != 0) // a replaced file keeps its permissions
        return writer_close(w, ct_base__io_error(path, "set the permissions of", errno));
    return CT_OK;
}

static ct_err writer_put(writer *w, const char *bytes, size_t n) {
    while (n > 0) {
        ssize_t wrote = write(w->fd, bytes, n);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return ct_base__io_error(w->path, "write", errno);
        bytes += wrote;
        n -= (size_t)wrote;
    }
    return CT_OK;
}

ct_err ct_file_write(const char *path, const void *data, size_t length) {
    writer w;
    CT_TRY(writer_open(&w, path));
    return writer_close(&w, writer_put(&w, data, length));
}

static ct_err pour(writer *w, int fd, const char *from) {
    char *chunk = ct_alloc(CHUNK_BYTES);
    if (!chunk) return CT_NOMEM;
    ct_err err = CT_OK;
    for (;;) {
        const ssize_t got = read(fd, chunk, CHUNK_BYTES);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) err = ct_base__io_error(from, "read", errno);
        if (got > 0) err = writer_put(w, chunk, (size_t)got);
        if (got <= 0 || err != CT_OK) break;
    }
    ct_free(chunk);
    return err;
}

ct_err ct_file_copy(const char *from, const char *to) {
    const int fd = open(from, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return ct_base__io_error(from, "open", errno);
    writer w;
    ct_err err = writer_open(&w, to);
    if (err == CT_OK) err = writer_close(&w, pour(&w, fd, from));
    close(fd);
    return err;
}

ct_err ct_file_copy_unsynced(const char *from, const char *to) {
    const int fd = open(from, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return ct_base__io_error(from, "open", errno);
    writer w = {.path = to, .fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)};
    ct_err err = w.fd < 0 ? ct_base__io_error(to, "write", errno) : pour(&w, fd, from);
    if (w.fd >= 0 && close(w.fd) != 0 && err == CT_OK) err = ct_base__io_error(to, "write", errno);
    close(fd);
    return err;
}

ct_err ct_file_rename(const char *from, const char *to) {
    char *folder = ct_path_folder(to); // first: a failure leaves the old name
    if (!folder) return CT_NOMEM;
    struct stat status;
    const bool fresh = lstat(to, &status) != 0;
    ct_err err = rename(from, to) == 0 ? CT_OK : ct_base__io_error(from, "rename", errno);
    if (err == CT_OK) {
        err = ct_base__sync_one(folder, O_DIRECTORY);
        if (err != CT_OK && fresh) (void)!rename(to, from);
    }
    ct_free(folder);
    return err;
}

// Disks of other machines know no exchange: three names one after the other.
static bool exchange_by_hand(const char *a, const char *b, const char *aside) {
    if (rename(b, aside) != 0) return false;
    if (rename(a, b) == 0) {
        if (rename(aside, a) == 0) return true;
        (void)!rename(b, a);
    }
    const int reason = errno;
    (void)!rename(aside, b);
    errno = reason;
    return false;
}

static bool exchange(const char *a, const char *b) {
    if (renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0) return true;
    if (errno != EINVAL && errno != ENOSYS) return false;
    char *aside = ct_sprintf("%s.aside", a);
    const bool done = aside && exchange_by_hand(a, b, aside);
    const int reason = aside ? errno : ENOMEM;
    ct_free(aside);
    errno = reason;
    return done;
}

ct_err ct_file_exchange(const char *a, const char *b) {
    char *folder = ct_path_folder(b);
    ct_err err = folder ? CT_OK : CT_NOMEM;
    if (err == CT_OK && !exchange(a, b)) err = ct_base__io_error(b, "exchange", errno);
    if (err == CT_OK) {
        err = ct_base__sync_one(folder, O_DIRECTORY);
        if (err != CT_OK) (void)!exchange(b, a);
    }
    ct_free(folder);
    return err;
}

ct_err ct_file_remove(const char *path) {
    if (unlink(path) != 0 && errno != ENOENT) return ct_base__io_error(path, "remove", errno);
    return CT_OK;
}

ct_err ct_file_remove_synced(const char *path) {
    char *folder = ct_path_folder(path);
    ct_err err = folder ? ct_file_remove(path) : CT_NOMEM;
    if (err == CT_OK) err = ct_base__sync_one(folder, O_DIRECTORY);
    ct_free(folder);
    return err;
}

ct_err ct_base__sync_one(const char *path, int flags) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
    if (fd < 0) return ct_base__io_error(path, "open", errno);
    // EINVAL: a special file that cannot be synced has nothing to lose
    ct_err err = fsync(fd) == 0 || errno == EINVAL ? CT_OK : ct_base__io_error(path, "sync", errno);
    close(fd);
    return err;
}

// "a/b/c" -> "a/b/."; false where that is too long.
static bool folder_of(char *folder, size_t size, const char *path) {
    const int n = (int)(ct_path_name(path) - path);
    const int used = snprintf(folder, size, "%.*s.", n, path);
    return used > 0 && (size_t)used < size;
}

ct_err ct_file_blame(ct_err err, const char *path) {
    struct statvfs disk;
    char folder[4096];
    if (err != CT_IO || !folder_of(folder, sizeof folder, path) || statvfs(folder, &disk) != 0)
        return err;
    const uint64_t left = (uint64_t)disk.f_bavail * disk.f_frsize;
    if (disk.f_blocks == 0 || left >= FULL_BYTES) return err;
    return ct_fail(CT_DISKFULL, "%s: cannot write: the disk is full", path);
}

// The folder's time of access is set to now: the one write that leaves nothing behind. statvfs and
// access do not tell of a disk that became read-only by an error.
bool ct_disk_read_only(const char *path) {
    static const struct timespec now[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_OMIT}};
    char folder[4096];
    return folder_of(folder, sizeof folder, path) && utimensat(AT_FDCWD, folder, now, 0) != 0 &&
           errno == EROFS;
}

bool ct_file_exists(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

int64_t ct_file_size(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? (int64_t)status.st_size : -1;
}

int64_t ct_file_mtime_us(const char *path) {
    struct stat status;
    if (stat(path, &status) != 0) return -1;
    return (int64_t)status.st_mtim.tv_sec * 1000000 + status.st_mtim.tv_nsec / 1000;
}

ct_err ct_file_open(int *fd, uint64_t *size, const char *path) {
    // Without waiting: the other end of a pipe need not be there.
    int opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (opened < 0) return ct_base__io_error(path, "open", errno);
    struct stat status;
    ct_err err = CT_OK;
    if (fstat(opened, &status) != 0)
        err = ct_base__io_error(path, "read", errno);
    else if (!S_ISREG(status.st_mode))
        err = ct_fail(CT_NOTFOUND, "%s: not a file", path);
    if (err) {
        close(opened);
        return err;
    }
    *fd = opened;
    *size = (uint64_t)status.st_size;
    return CT_OK;
}
