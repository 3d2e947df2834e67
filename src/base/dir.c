// Folders: making, listing, syncing, locking and removing them with all inside. Symbolic links are
// never followed downwards.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_private.h"
#include "base/mem.h"

enum { MAX_ENTRIES = 10 * 1000 * 1000 };

bool ct_dir_exists(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

// There or not there: one that could not be synced is taken away again.
static ct_err make_one(const char *path) {
    char *above = ct_path_folder(path);
    if (!above) return CT_NOMEM;
    ct_err err = CT_OK;
    if (mkdir(path, 0777) == 0) {
        // What will be synced inside must not lose its folder.
        err = ct_base__sync_one(above, O_DIRECTORY);
        if (err == CT_IO) err = CT_OK; // one that may be written to but not read
        if (err != CT_OK) (void)rmdir(path);
    } else {
        const int reason = errno;
        // Else: there already, or made by somebody else at the same moment.
        if (!ct_dir_exists(path)) err = ct_base__io_error(path, "make the folder", reason);
    }
    ct_free(above);
    return err;
}

ct_err ct_dir_make(const char *path) {
    char *copy = ct_strdup(path);
    if (!copy) return CT_NOMEM;
    ct_err err = CT_OK;
    for (char *p = copy; *p && err == CT_OK; p++) {
        if (*p != '/' || p == copy) continue;
        *p = '\0';
        err = make_one(copy);
        *p = '/';
    }
    if (err == CT_OK) err = make_one(copy);
    ct_free(copy);
    return err;
}

typedef struct entry {
    char *name;
    bool is_dir;
} entry;

typedef struct listing {
    entry *entries;
    size_t n, cap;
} listing;

static int by_name(const void *a, const void *b) {
    return strcmp(((const entry *)a)->name, ((const entry *)b)->name);
}

static ct_err add_entry(listing *list, DIR *dir, const struct dirent *d) {
    if (list->n == MAX_ENTRIES)
        return ct_fail(CT_LIMIT, "more than %d entries in a folder", MAX_ENTRIES);
    if (list->n == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 32;
        entry *grown = ct_realloc(list->entries, cap * sizeof *grown);
        if (!grown) return CT_NOMEM;
        list->entries = grown;
        list->cap = cap;
    }
    bool is_dir = d->d_type == DT_DIR;
    if (d->d_type == DT_UNKNOWN) { // some file systems do not tell
        struct stat status;
        is_dir = fstatat(dirfd(dir), d->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                 S_ISDIR(status.st_mode);
    }
    char *name = ct_strdup(d->d_name);
    if (!name) return CT_NOMEM;
    list->entries[list->n++] = (entry){.name = name, .is_dir = is_dir};
    return CT_OK;
}

static void listing_fini(listing *list) {
    for (size_t i = 0; i < list->n; i++) ct_free(list->entries[i].name);
    ct_free(list->entries);
}

static ct_err listing_read(listing *list, const char *path) {
    DIR *dir = opendir(path);
    if (!dir) return ct_base__io_error(path, "open", errno);
    ct_err err = CT_OK;
    while (err == CT_OK) {
        errno = 0;
        const struct dirent *d = readdir(dir);
        if (!d) {
            if (errno) err = ct_base__io_error(path, "read", errno);
            break;
        }
        if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
            err = add_entry(list, dir, d);
    }
    closedir(dir);
    if (err == CT_OK && list->n) qsort(list->entries, list->n, sizeof *list->entries, by_name);
    return err;
}

ct_err ct_dir_list(const char *path, ct_err (*visit)(void *context, const char *name, bool is_dir),
                   void *context) {
    listing list = {0};
    ct_err err = listing_read(&list, path);
    for (size_t i = 0; i < list.n && err == CT_OK; i++)
        err = visit(context, list.entries[i].name, list.entries[i].is_dir);
    listing_fini(&list);
    return err;
}

static ct_err remove_entry(void *context, const char *name, bool is_dir) {
    char *path = ct_path_join(context, name);
    if (!path) return CT_NOMEM;
    ct_err err = is_dir ? ct_dir_remove(path) : ct_file_remove(path);
    ct_free(path);
    return err;
}

ct_err ct_dir_clear(const char *path) {
    return ct_dir_list(path, remove_entry, (void *)path);
}

ct_err ct_dir_remove(const char *path) {
    struct stat status;
    if (lstat(path, &status) != 0)
        return errno == ENOENT ? CT_OK : ct_base__io_error(path, "remove", errno);
    if (!S_ISDIR(status.st_mode))
        return ct_fail(CT_IO, "%s: cannot remove: it is not a folder", path);
    CT_TRY(ct_dir_clear(path));
    if (rmdir(path) != 0 && errno != ENOENT) return ct_base__io_error(path, "remove", errno);
    return CT_OK;
}

static ct_err sync_entry(void *context, const char *name, bool is_dir) {
    char *path = ct_path_join(context, name);
    if (!path) return CT_NOMEM;
    struct stat status;
    ct_err err = CT_OK;
    if (is_dir)
        err = ct_dir_sync(path);
    else if (lstat(path, &status) == 0 && S_ISREG(status.st_mode))
        err = ct_base__sync_one(path, O_NOFOLLOW);
    ct_free(path);
    return err;
}

ct_err ct_dir_sync(const char *path) {
    CT_TRY(ct_dir_list(path, sync_entry, (void *)path));
    return ct_base__sync_one(path, O_DIRECTORY);
}

enum { LOCK_ATTEMPTS = 16 };

ct_err ct_dir_lock(int *lock, const char *path) {
    for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
        CT_TRY(ct_dir_make(path));
        const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0 && errno == ENOENT) continue; // removed since it was made
        if (fd < 0) return ct_base__io_error(path, "open", errno);
        if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
            const int reason = errno;
            close(fd);
            if (reason == EWOULDBLOCK) return ct_fail(CT_BUSY, "%s: in use", path);
            return ct_base__io_error(path, "lock", reason);
        }
        // Its last holder may have renamed or removed it between the opening and the lock.
        struct stat held, named;
        if (fstat(fd, &held) == 0 && stat(path, &named) == 0 && held.st_ino == named.st_ino &&
            held.st_dev == named.st_dev) {
            *lock = fd;
            return CT_OK;
        }
        close(fd);
    }
    return ct_fail(CT_BUSY, "%s: in use", path);
}

ct_err ct_file_lock(int *lock, const char *path) {
    char pid[24];
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0) return ct_base__io_error(path, "open", errno);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        const int reason = errno;
        const ssize_t n = pread(fd, pid, sizeof pid - 1, 0);
        close(fd);
        if (reason != EWOULDBLOCK) return ct_base__io_error(path, "lock", reason);
        pid[n > 0 ? n : 0] = 0;
        pid[strspn(pid, "0123456789")] = 0;
        return ct_fail(CT_BUSY, "%s: in use by process %s", path, *pid ? pid : "?");
    }
    const int n = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, (size_t)n, 0) != n) {
        const int reason = errno;
        close(fd);
        return ct_base__io_error(path, "write", reason);
    }
    *lock = fd;
    return CT_OK;
}

void ct_dir_unlock(int lock) {
    if (lock >= 0) close(lock);
}
