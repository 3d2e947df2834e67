// Compression by libdeflate: gzip for HTTP and zlib for PNG and Zarr, both ways.
#ifndef CT_BASE_GZIP_H
#define CT_BASE_GZIP_H

#include "base/buf.h"

// Appends the compressed form. level 1 (fast) .. 12. Uses one compressor per thread and level.
CT_CHECKED ct_err ct_gzip(ct_buf *out, const void *data, size_t length, int level);
CT_CHECKED ct_err ct_zlib(ct_buf *out, const void *data, size_t length, int level);
// Appends the plain form, at most `max_bytes` of it. CT_CORRUPT, CT_LIMIT.
CT_CHECKED ct_err ct_gunzip(ct_buf *out, const void *data, size_t length, size_t max_bytes);
CT_CHECKED ct_err ct_unzlib(ct_buf *out, const void *data, size_t length, size_t max_bytes);
uint32_t ct_crc32(uint32_t crc, const void *data, size_t length); // start with 0

#endif
