// Private to the store: SpatiaLite's geometry blobs, read and written without the library.
#ifndef CT_STORE_SQLITE_BLOB_H
#define CT_STORE_SQLITE_BLOB_H

#include "base/buf.h"
#include "geo/geom.h"

// Storage that a decoded geometry points into; kept from one geometry to the next.
typedef struct ct_store__space {
    double *xyz;
    uint32_t *ring_end, *part_end;
    size_t cap_xyz, cap_rings, cap_parts;
} ct_store__space;

void ct_store__space_fini(ct_store__space *space);

// Decodes a blob; `out` borrows from `space` until its next use. CT_CORRUPT, CT_UNSUPPORTED
// (collections, measures).
CT_CHECKED ct_err ct_store__blob_read(ct_geom *out, ct_store__space *space, const void *blob,
                                      size_t length);
// The box from the blob's head alone. False if it is no geometry blob.
bool ct_store__blob_box(ct_bbox *out, const void *blob, size_t length);
// Appends the blob; the geometry must have points.
void ct_store__blob_write(ct_buf *out, const ct_geom *g, int srid);

#endif
