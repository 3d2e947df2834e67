// Names of files: joining, cutting, and where the program and its data are.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_private.h"
#include "base/mem.h"

enum { MAX_PATH_BYTES = 4096 };

char *ct_path_join(const char *folder, const char *name) {
    size_t n = strlen(folder);
    bool slash = n == 0 || folder[n - 1] == '/';
    return ct_sprintf("%s%s%s", folder, slash ? "" : "/", name);
}

bool ct_path_has_ending(const char *path, const char *ending) {
    const size_t n = strlen(path), k = strlen(ending);
    return n > k && strcasecmp(path + n - k, ending) == 0;
}

const char *ct_path_name(const char *path) {
    // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): ct_program_path sets it or fails
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *ct_path_folder(const char *path) {
    const char *name = ct_path_name(path);
    if (name == path) return ct_strdup(".");
    size_t n = (size_t)(name - path);
    return ct_strndup(path, n > 1 ? n - 1 : 1); // keeps the slash of the root
}

bool ct_path_inside(const char *path, const char *folder) {
    struct stat wanted, here, above;
    char *at = ct_path_folder(path);
    bool inside = false;
    bool more = at && stat(folder, &wanted) == 0 && stat(at, &here) == 0;
    while (more && !inside) {
        inside = here.st_dev == wanted.st_dev && here.st_ino == wanted.st_ino;
        char *up = ct_path_join(at, "..");
        // the root's folder is the root
        more = up && stat(up, &above) == 0 &&
               (above.st_dev != here.st_dev || above.st_ino != here.st_ino);
        here = above;
        ct_free(at);
        at = up;
    }
    ct_free(at);
    return inside;
}

ct_err ct_program_path(char **out) {
    char path[MAX_PATH_BYTES];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n < 0) return ct_base__io_error("/proc/self/exe", "read", errno);
    if ((size_t)n == sizeof path - 1) return ct_fail(CT_LIMIT, "the program's path is too long");
    char *copy = ct_strndup(path, (size_t)n);
    if (!copy) return CT_NOMEM;
    *out = copy;
    return CT_OK;
}

static ct_err installed_data(char **out) {
    char *program = NULL;
    CT_TRY(ct_program_path(&program));
    char *folder = ct_path_folder(program);
    ct_free(program);
    if (!folder) return CT_NOMEM;
    char *data = ct_path_join(folder, "../share/cimtwin");
    ct_free(folder);
    if (!data) return CT_NOMEM;
    *out = data;
    return CT_OK;
}

ct_err ct_data_path(char **out, const char *name) {
    char *installed = NULL;
    CT_TRY(installed_data(&installed));
    const char *own = getenv("CIMTWIN_DATA");
    const char *places[] = {own && *own ? own : NULL, installed, CT_DATA_DIR};
    ct_err err = CT_NOTFOUND;
    for (size_t i = 0; i < sizeof places / sizeof *places && err == CT_NOTFOUND; i++) {
        if (!places[i]) continue;
        char *path = ct_path_join(places[i], name);
        if (!path) {
            err = CT_NOMEM;
        } else if (access(path, F_OK) == 0) {
            *out = path;
            err = CT_OK;
        } else {
            ct_free(path);
        }
    }
    if (err == CT_NOTFOUND)
        err = ct_fail(CT_NOTFOUND, "data file %s is in none of %s%s%s, %s", name,
                      own && *own ? own : "", own && *own ? ", " : "", installed, CT_DATA_DIR);
    ct_free(installed);
    return err;
}
