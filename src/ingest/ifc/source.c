// The bytes of an IFC file.
#include "ingest/ifc/source.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

static const size_t k_populate_max = (size_t)1 << 30; // larger files are read page by page

static ct_err map(ct_ifc__source *out, const char *path) {
    int fd = -1;
    uint64_t size = 0;
    CT_TRY(ct_file_open(&fd, &size, path));
    if (size == 0) {
        close(fd);
        return ct_fail(CT_PARSE, "%s: the file is empty", path);
    }
    void *at = mmap(NULL, size, PROT_READ, MAP_PRIVATE | (size < k_populate_max ? MAP_POPULATE : 0),
                    fd, 0);
    const int reason = errno;
    close(fd);
    if (at == MAP_FAILED) return ct_fail(CT_IO, "%s: %s", path, strerror(reason));
    *out = (ct_ifc__source){.bytes = at, .n = size, .mapped = true};
    return CT_OK;
}

ct_err ct_ifc__source_open(ct_ifc__source *out, const char *path) {
    ct_ifc__source mapped;
    CT_TRY(map(&mapped, path));
    if (mapped.n < 4 || memcmp(mapped.bytes, "PK\3\4", 4) != 0) {
        *out = mapped;
        return CT_OK;
    }
    const size_t size = mapped.n;
    ct_ifc__source_close(&mapped);
    return ct_ifc__source_unpack(out, path, size);
}

void ct_ifc__source_close(ct_ifc__source *source) {
    if (source->mapped)
        munmap((void *)source->bytes, source->n);
    else
        ct_free((void *)source->bytes);
    *source = (ct_ifc__source){0};
}
