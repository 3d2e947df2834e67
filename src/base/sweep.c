// Passing names of files being written, and removing those whose writer was killed: a writer holds
// its file locked.
#include <ctype.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_private.h"
#include "base/mem.h"

char *ct_base__passing_name(const char *path) {
    static atomic_uint serial;
    return ct_sprintf("%s.%d-%u.tmp", path, (int)getpid(), atomic_fetch_add(&serial, 1));
}

// NAME.<digits>-<digits>.tmp
static bool is_passing(const char *name) {
    static const char end[] = ".tmp";
    const size_t n = strlen(name);
    if (n <= sizeof end || strcmp(name + n - (sizeof end - 1), end) != 0) return false;
    const char *p = name + n - sizeof end; // the last digit
    size_t digits[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        for (; p > name && isdigit((unsigned char)*p); p--) digits[i]++;
        if (*p != (i == 0 ? '-' : '.') || !digits[i]) return false;
        if (i == 0) p--;
    }
    return p > name;
}

static ct_err sweep_entry(void *context, const char *name, bool is_dir) {
    if (is_dir || !is_passing(name)) return CT_OK;
    char *path = ct_path_join(context, name);
    if (!path) return CT_NOMEM;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat held, named;
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &held) == 0 &&
        S_ISREG(held.st_mode) && lstat(path, &named) == 0 && held.st_ino == named.st_ino &&
        held.st_dev == named.st_dev)
        unlink(path);
    if (fd >= 0) close(fd);
    ct_free(path);
    return CT_OK;
}

ct_err ct_file_sweep(const char *folder) {
    return ct_dir_list(folder, sweep_entry, (void *)(uintptr_t)folder);
}
