// Inside export/city: features on their way out. They come class by class and leave as trees, so
// each waits in a file that has no name; of each only its id and its place are kept in memory.
#ifndef CT_EXPORT_CITY_SPOOL_H
#define CT_EXPORT_CITY_SPOOL_H

#include "export/city/city.h"

#define CT_CITYOUT__NOBODY SIZE_MAX

typedef struct ct_cityout__entry {
    const char *id;
    const char *wishes[2]; // ids of parents, the nearer first; NULL = none
    uint64_t offset;       // in the file
    size_t length;
    size_t parent, child, last, next; // NOBODY = none
} ct_cityout__entry;

typedef struct ct_cityout__spool {
    const char *path; // of the export, for messages
    FILE *file;
    uint64_t length;
    ct_arena *ids;
    ct_strmap *index;
    ct_cityout__entry *entries;
    size_t n, room;
} ct_cityout__spool;

// A file in the folder of `path` that is gone with its last user. CT_IO, CT_NOMEM.
CT_CHECKED ct_err ct_cityout__open_nameless(FILE **out, const char *path);
// What stdio's failure on the way to `path` comes to.
ct_err ct_cityout__failed(const char *path);

CT_CHECKED ct_err ct_cityout__spool_init(ct_cityout__spool *s, const char *path);
void ct_cityout__spool_fini(ct_cityout__spool *s);
CT_CHECKED ct_err ct_cityout__spool_put(ct_cityout__spool *s, const char *id,
                                        const char *const wishes[2], const ct_buf *record);
CT_CHECKED ct_err ct_cityout__spool_get(ct_buf *record, ct_cityout__spool *s, size_t entry);
// Once all are there: who is in whom, children in the order in which they came. Parents that are
// not there are none, and circles are cut.
void ct_cityout__spool_link(ct_cityout__spool *s);

#endif
