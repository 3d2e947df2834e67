// Inside export/city: what a feature is on the spool, and as text.
#ifndef CT_EXPORT_CITY_CITYJSON_H
#define CT_EXPORT_CITY_CITYJSON_H

#include "export/city/city.h"

// Binary, in this program's own memory order: types, attributes as JSON, geometries.
CT_CHECKED ct_err ct_cityout__record(ct_buf *out, const ct_cityout__type *type, const ct_buf *json,
                                     const ct_cityout__shapes *s);

typedef struct ct_cityout__item { // a record as it is read; borrowed from it
    const char *with, *without;
    const char *json;
    size_t json_bytes;
    const char *shapes; // ct_cityout__write_geometries reads them
    size_t shapes_bytes;
} ct_cityout__item;
CT_CHECKED ct_err ct_cityout__item_of(ct_cityout__item *out, const ct_buf *record);

// The value of "geometry". Points of it get numbers in `points`.
CT_CHECKED ct_err ct_cityout__write_geometries(ct_buf *out, ct_cityout__points *points,
                                               const ct_cityout__item *item);

#endif
