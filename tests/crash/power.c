// What is lost with the power. Of contents: each part that was overwritten since its file was last
// synced, put back newest first. Of names: each step by which a folder changed since it was last
// synced, undone newest first. Every such step is a renaming: what is removed goes to a folder
// aside, what is made comes from there. One from folder to folder is sure once the new name's
// folder is synced: a file system does both sides or none.
#define _GNU_SOURCE
#include "power.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct overwritten {
    struct overwritten *earlier;
    dev_t device;
    ino_t inode;
    int fd; // of our own, for reading and writing, open until the end
    off_t at, old_size;
    size_t n;
    char *old;
} overwritten;

typedef struct folder {
    struct folder *next;
    dev_t device;
    ino_t inode;
    int fd; // stays open: the folder may be renamed or removed
} folder;

typedef struct place {
    folder *in;
    char name[NAME_MAX + 1];
} place;

typedef struct step {
    struct step *earlier;
    place from, to;
    place replaced; // where that is which had the name before; in: NULL where nothing had it
    folder *sure;   // whose sync makes it last
} step;

static pthread_mutex_t p_lock = PTHREAD_MUTEX_INITIALIZER;
static overwritten *p_overwritten; // newest first
static folder *p_folders;
static step *p_steps; // newest first
static const char *p_under;
static int p_removed = -1;
static unsigned p_serial;

static int open_raw(const char *path, int flags) {
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0);
}

static void *made(size_t n) {
    void *room = calloc(1, n);
    if (!room) abort();
    return room;
}

void power_start(const char *under, const char *removed) {
    p_under = under;
    p_removed = open_raw(removed, O_PATH | O_DIRECTORY);
    if (p_removed < 0) abort();
}

bool power_path_of(char path[PATH_MAX], int fd) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t n = readlink(link, path, PATH_MAX - 1);
    if (n <= 0) return false;
    path[n] = 0;
    return true;
}

// ---- contents

void power_keep(int fd, off_t at, size_t n, bool cut) {
    char path[PATH_MAX], link[64];
    struct stat now;
    if (!p_under || !power_path_of(path, fd) || strncmp(path, p_under, strlen(p_under)) != 0 ||
        strstr(path, "-shm") || fstat(fd, &now) != 0 || !S_ISREG(now.st_mode))
        return;
    overwritten *o = made(sizeof *o);
    *o = (overwritten){.device = now.st_dev, .inode = now.st_ino, .fd = -1};
    o->at = at;
    o->old_size = now.st_size;
    if (at < now.st_size) o->n = (size_t)(now.st_size - at);
    if (!cut && o->n > n) o->n = n;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    pthread_mutex_lock(&p_lock);
    for (const overwritten *k = p_overwritten; k && o->fd < 0; k = k->earlier)
        if (k->inode == o->inode && k->device == o->device) o->fd = k->fd;
    if (o->fd < 0) o->fd = open_raw(link, O_RDWR);
    if (o->n) o->old = made(o->n);
    if (o->fd < 0 || (o->n && pread(o->fd, o->old, o->n, at) != (ssize_t)o->n)) abort();
    o->earlier = p_overwritten;
    p_overwritten = o;
    pthread_mutex_unlock(&p_lock);
}

// Descriptors stay open, as closing one would give up the program's own locks on the file.
static void contents_are_sure(const struct stat *file) {
    for (overwritten **o = &p_overwritten; *o;) {
        overwritten *gone = *o;
        if (gone->inode != file->st_ino || gone->device != file->st_dev) {
            o = &gone->earlier;
            continue;
        }
        *o = gone->earlier;
        free(gone->old);
        free(gone);
    }
}

// ---- names

static folder *folder_of(int fd) {
    struct stat now;
    if (fd < 0 || fstat(fd, &now) != 0) abort();
    for (folder *f = p_folders; f; f = f->next) {
        if (f->inode != now.st_ino || f->device != now.st_dev) continue;
        if (fd != f->fd && fd != p_removed) close(fd);
        return f;
    }
    folder *f = made(sizeof *f);
    *f = (folder){p_folders, now.st_dev, now.st_ino, fd};
    p_folders = f;
    return f;
}

static place place_of(const char *path) {
    char around[PATH_MAX];
    const char *slash = strrchr(path, '/');
    const size_t n = slash ? (size_t)(slash - path) : 0;
    if (n >= sizeof around) abort();
    snprintf(around, sizeof around, "%.*s%s", (int)n, path, !slash ? "." : n == 0 ? "/" : "");
    place p = {.in = folder_of(open_raw(around, O_PATH | O_DIRECTORY))};
    snprintf(p.name, sizeof p.name, "%s", slash ? slash + 1 : path);
    return p;
}

static place place_aside(void) {
    place p = {.in = folder_of(p_removed)};
    snprintf(p.name, sizeof p.name, "%ld-%u", (long)getpid(), p_serial++);
    return p;
}

static int move(const place *from, const place *to) {
    return (int)syscall(SYS_renameat2, from->in->fd, from->name, to->in->fd, to->name, 0);
}

static void remember(const place *from, const place *to, const place *replaced, folder *sure) {
    step *s = made(sizeof *s);
    *s = (step){p_steps, *from, *to, *replaced, sure};
    p_steps = s;
}

static const place nothing;

static int remove_aside(const char *path) {
    const place from = place_of(path), to = place_aside();
    const int done = move(&from, &to);
    if (done == 0) remember(&from, &to, &nothing, from.in);
    return done;
}

int power_rename(const char *from_path, const char *to_path) {
    pthread_mutex_lock(&p_lock);
    const place from = place_of(from_path), to = place_of(to_path), aside = place_aside();
    const bool replaces = syscall(SYS_linkat, to.in->fd, to.name, aside.in->fd, aside.name, 0) == 0;
    const int done = move(&from, &to);
    if (done == 0) remember(&from, &to, replaces ? &aside : &nothing, to.in);
    pthread_mutex_unlock(&p_lock);
    return done;
}

int power_unlink(const char *path) {
    struct stat there;
    if (lstat(path, &there) == 0 && S_ISDIR(there.st_mode)) {
        errno = EISDIR;
        return -1;
    }
    pthread_mutex_lock(&p_lock);
    const int done = remove_aside(path);
    pthread_mutex_unlock(&p_lock);
    return done;
}

static int entries(const char *path) {
    DIR *dir = opendir(path);
    if (!dir) return -1;
    int n = 0;
    while (readdir(dir)) n++;
    closedir(dir);
    return n - 2; // without . and ..
}

int power_rmdir(const char *path) {
    pthread_mutex_lock(&p_lock);
    const int n = entries(path);
    if (n > 0) errno = ENOTEMPTY;
    const int done = n == 0 ? remove_aside(path) : -1;
    pthread_mutex_unlock(&p_lock);
    return done;
}

static void remember_made(const char *path) {
    const place from = place_aside(), to = place_of(path);
    remember(&from, &to, &nothing, to.in);
}

void power_made(const char *path) {
    pthread_mutex_lock(&p_lock);
    remember_made(path);
    pthread_mutex_unlock(&p_lock);
}

int power_mkdir(const char *path, mode_t mode) {
    pthread_mutex_lock(&p_lock);
    const int done = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    if (done == 0) remember_made(path);
    pthread_mutex_unlock(&p_lock);
    return done;
}

static void names_are_sure(const struct stat *in) {
    for (step **s = &p_steps; *s;) {
        step *gone = *s;
        if (gone->sure->inode != in->st_ino || gone->sure->device != in->st_dev) {
            s = &gone->earlier;
            continue;
        }
        *s = gone->earlier;
        free(gone);
    }
}

// ---- the end

void power_synced(int fd) {
    struct stat now;
    if (!p_under || fstat(fd, &now) != 0) return;
    pthread_mutex_lock(&p_lock);
    contents_are_sure(&now);
    names_are_sure(&now);
    pthread_mutex_unlock(&p_lock);
}

void power_lose(void) {
    pthread_mutex_lock(&p_lock);
    for (const overwritten *o = p_overwritten; o; o = o->earlier) {
        if (o->n) (void)syscall(SYS_pwrite64, o->fd, o->old, o->n, o->at);
        (void)syscall(SYS_ftruncate, o->fd, o->old_size);
    }
    // A step fails to go back where a later one, which is sure, has taken the thing elsewhere.
    for (const step *s = p_steps; s; s = s->earlier) {
        (void)move(&s->to, &s->from);
        if (s->replaced.in) (void)move(&s->replaced, &s->to);
    }
}
