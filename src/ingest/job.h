// Inside ingest: one file on its way in, and the steps that all formats share.
#ifndef CT_INGEST_JOB_H
#define CT_INGEST_JOB_H

#include "base/buf.h"
#include "ingest/ingest.h"

enum { CT_INGEST__MAX_ERRORS = 1000, CT_INGEST__WHERE_BYTES = 256 };

typedef struct ct_ingest__job {
    const char *path;
    const char *file;           // its name without folders: begins every `where`
    ct_ingest_options options;  // defaults filled in
    const ct_class *only_class; // of options.class_name; NULL = by layer or rule
    const ct_sink *sink;        // NULL: check only
    ct_ingest_report *report;
    ct_diagnostics *diagnostics; // the report's
    ct_arena *arena;             // for the feature at work; reset by whoever makes the next one
    size_t n_features;           // read of this file
    size_t n_groundless;         // of them: no heights, and no ground to take them from
    ct_buf shapes;               // of GeoJSON: which features have a geometry (ingest/geojson.h)
} ct_ingest__job;

// Checks, repairs (polygons that cross themselves), counts and hands the feature to the sink.
// Findings about the feature are diagnostics and CT_OK; an error ends the import.
CT_CHECKED ct_err ct_ingest__deliver(ct_ingest__job *job, ct_feature *f, const char *where);

// False once the user cancelled.
bool ct_ingest__progress(const ct_ingest__job *job, double part);

// One text as people write it into the attribute: blanks around are dropped, nothing left is null,
// a code may be given by its value or by its English or Chinese title, in any case of letters.
// CT_PARSE, CT_RANGE, CT_LIMIT.
CT_CHECKED ct_err ct_ingest__value(ct_value *out, ct_arena *arena, const ct_attr *attr,
                                   const char *text);

// Gives the feature its ids: `own` (may be NULL or "") if it is a valid id, else "<class>-<source
// id>" encoded.
CT_CHECKED ct_err ct_ingest__set_ids(ct_feature *f, ct_arena *arena, const char *own,
                                     const char *source_id);

// The folder in which the import makes its rasters: a stage in `terrain_folder`, made with the
// first one. `*path` is borrowed from the report.
CT_CHECKED ct_err ct_ingest__stage(const char **path, ct_ingest_report *report,
                                   const char *terrain_folder);
// The report takes a raster that lies at `temporary`, in the stage, and shall become `final` (both
// copied).
CT_CHECKED ct_err ct_ingest__add_raster(ct_ingest_report *report, const char *temporary,
                                        const char *final);
void ct_ingest__count(ct_ingest_report *report, const ct_class *cls);

// The reader of everything that GDAL opens (gdal/open.c).
CT_CHECKED ct_err ct_ingest__gdal(ct_ingest__job *job);

#endif
