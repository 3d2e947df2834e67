// Inside export: what a format is made of.
#ifndef CT_EXPORT_FORMAT_H
#define CT_EXPORT_FORMAT_H

#include "export/export.h"

typedef struct ct_export__format {
    const char *extension; // ".gpkg"
    bool takes_properties;
    bool takes_bodies;          // features come with what they have of them
    const char *const *classes; // that it takes, in the order in which it needs them, and NULL at
                                // the end; NULL: all in the catalogue's order
    // Begins the file `path`, which is not there. `*state` is freed by `end`, which is called once
    // whatever failed before; `whole` false: what was written is thrown away by the caller.
    ct_err (*begin)(void **state, const char *path, const ct_export_options *options);
    ct_err (*begin_class)(void *state, const ct_class *cls);
    ct_err (*put)(void *state, const ct_feature *feature);
    ct_err (*put_indoor)(void *state, const ct_indoor *model); // NULL: it has no place for it
    ct_err (*end)(void *state, bool whole);
} ct_export__format;

extern const ct_export__format ct_export__gpkg;        // gdal/gpkg.c
extern const ct_export__format ct_export__cityjson;    // city/cityjson.c
extern const ct_export__format ct_export__cityjsonseq; // city/cityjson.c
extern const ct_export__format ct_export__ifc;         // ifc/frame.c
extern const ct_export__format ct_export__indoorgml;   // city/indoorgml.c

#endif
