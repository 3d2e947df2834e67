// Inside ingest: a GeoJSON file looked through before GDAL reads it. GDAL tells no line of an
// error, takes words like NaN and commas too many, and gives a feature whose geometry it does not
// understand as one without.
#ifndef CT_INGEST_GEOJSON_H
#define CT_INGEST_GEOJSON_H

#include <stdbool.h>

#include "base/buf.h"

// Whether the file's text is JSON (RFC 8259), at most 64 levels deep, and its features are objects.
// Files with a document a line are taken too. `shapes` gets a bit for each feature: whether its
// "geometry" holds numbers or other contents. CT_PARSE names file, line and column; CT_LIMIT,
// CT_IO, CT_NOMEM. Initialised by the caller; needs a bit a feature.
CT_CHECKED ct_err ct_ingest__geojson_look(ct_buf *shapes, const char *path, const char *file);
bool ct_ingest__geojson_has_shape(const ct_buf *shapes, size_t feature); // in the file's order

#endif
