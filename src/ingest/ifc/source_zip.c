// .ifczip: the one .ifc of an archive, unpacked by GDAL's virtual files, within limits.
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "ingest/ifc/source.h"

enum { MAX_FILES = 1000, MAX_RATIO = 200, PIECE = 1 << 20 };
static const size_t k_max_bytes = (size_t)2 << 30;

static bool is_ifc(const char *name) {
    const size_t n = strlen(name);
    return n > 4 && strcasecmp(name + n - 4, ".ifc") == 0;
}

static ct_err find_ifc(char **out, const char *root, const char *file) {
    char **names = VSIReadDirRecursive(root);
    const int n = CSLCount(names);
    const char *found = NULL;
    int n_found = 0;
    for (int i = 0; i < n && i < MAX_FILES; i++) {
        if (!is_ifc(names[i])) continue;
        found = names[i];
        n_found++;
    }
    ct_err err = CT_OK;
    if (n > MAX_FILES)
        err = ct_fail(CT_LIMIT, "%s: more than %d files in the archive", file, MAX_FILES);
    else if (n == 0)
        err = ct_fail(CT_PARSE, "%s: the archive is damaged, cut off or empty", file);
    else if (n_found != 1)
        err = ct_fail(CT_PARSE, "%s: %d files .ifc in the archive; one is expected", file, n_found);
    else if (!(*out = ct_sprintf("%s/%s", root, found)))
        err = CT_NOMEM;
    CSLDestroy(names);
    return err;
}

// `n_told`: how long the archive says that the file is. A deflated one tells its end by no more
// than that it gives no more.
static ct_err read_all(ct_buf *out, VSILFILE *in, uint64_t n_told, const char *file) {
    for (;;) {
        char *to = ct_buf_reserve(out, PIECE);
        if (!to) {
            if (out->err == CT_LIMIT)
                return ct_fail(CT_LIMIT,
                               "%s: what the archive holds is over 2 GiB or %d times its own size",
                               file, MAX_RATIO);
            return ct_buf_status(out);
        }
        const size_t n = VSIFReadL(to, 1, PIECE, in);
        out->len += n;
        if (n == PIECE && out->len < n_told) continue;
        if (out->len == n_told && CPLGetLastErrorType() < CE_Failure) return CT_OK;
        return ct_fail(CT_PARSE, "%s: the archive is damaged", file);
    }
}

static ct_err unpack(ct_buf *out, const char *path, const char *root) {
    const char *file = ct_path_name(path);
    char *inner = NULL;
    CT_TRY(find_ifc(&inner, root, file));
    VSIStatBufL told;
    VSILFILE *in = VSIStatL(inner, &told) == 0 ? VSIFOpenL(inner, "rb") : NULL;
    ct_free(inner);
    if (!in) return ct_fail(CT_PARSE, "%s: the archive is damaged", file);
    const ct_err err = read_all(out, in, (uint64_t)told.st_size, file);
    VSIFCloseL(in);
    return err;
}

ct_err ct_ifc__source_unpack(ct_ifc__source *out, const char *path, size_t size) {
    char *root = ct_sprintf("/vsizip/{%s}", path);
    ct_buf bytes;
    if (!root) return CT_NOMEM;
    // One piece more than allowed, as room is asked for before it is needed.
    const size_t max = size < k_max_bytes / MAX_RATIO ? MAX_RATIO * size : k_max_bytes;
    ct_buf_init(&bytes, max + PIECE);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    CPLErrorReset();
    ct_err err = unpack(&bytes, path, root);
    CPLPopErrorHandler();
    ct_free(root);
    if (err == CT_OK && bytes.len == 0)
        err = ct_fail(CT_PARSE, "%s: the file in the archive is empty", ct_path_name(path));
    if (err == CT_OK) {
        out->mapped = false;
        out->bytes = ct_buf_take(&bytes, &out->n);
    }
    ct_buf_fini(&bytes);
    return err;
}
