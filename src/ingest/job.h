// Inside ingest: one file on its way in, and the steps that all formats share.
#ifndef CT_INGEST_JOB_H
#define CT_INGEST_JOB_H

#include "base/buf.h"
#include "base/strmap.h"
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
    ct_source *source;           // the report's: what the file tells of itself
    ct_arena *arena;             // for the feature at work; reset by whoever makes the next one
    size_t n_features;           // read of this file
    size_t n_groundless;         // of them: no heights, and no ground to take them from
    bool nearly_valid;      // polygons of the feature at work may overlap by rounding: they were
                            // valid before they were written
    bool shapeless;         // features without geometry are nothing to tell of each
    const ct_strmap *taken; // OpenStreetMap: elements ("way/1") that another reader has; NULL: none
    bool any_order;         // OpenStreetMap: ids do not ascend, or are below 0
    ct_buf shapes;          // of GeoJSON: which features have a geometry (ingest/geojson.h)
} ct_ingest__job;

// Checks, repairs (polygons that cross themselves), counts and hands the feature to the sink.
// Findings about the feature are diagnostics and CT_OK; an error ends the import.
CT_CHECKED ct_err ct_ingest__deliver(ct_ingest__job *job, ct_feature *f, const char *where);

// Counts a read feature against the limit and reports progress. CT_LIMIT, CT_CANCELLED.
CT_CHECKED ct_err ct_ingest__tick(ct_ingest__job *job, double part);
// Whether so many errors were found that reading on helps nobody.
bool ct_ingest__hopeless(const ct_ingest__job *job);
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

// The record of the file that is read from now on; the report's, until the next one begins.
CT_CHECKED ct_err ct_ingest__begin_source(ct_source **out, ct_ingest_report *report,
                                          const char *file);

typedef enum ct_ingest__verdict {
    CT_INGEST__NOT_APPLICABLE,
    CT_INGEST__PASS,
    CT_INGEST__FAIL
} ct_ingest__verdict;
// Of a validation rule; `code` lives as long as the program. Of several files the worst stays.
// CT_LIMIT.
CT_CHECKED ct_err ct_ingest__add_verdict(ct_ingest_report *report, const char *code,
                                         ct_ingest__verdict verdict);

// The reader of everything that GDAL opens (gdal/open.c).
CT_CHECKED ct_err ct_ingest__gdal(ct_ingest__job *job);
// The reader of IFC (ifc/read.c), and whether a file is for it: by its name or its first bytes.
CT_CHECKED ct_err ct_ingest__ifc(ct_ingest__job *job);
CT_CHECKED ct_err ct_ingest__is_ifc(bool *out, const char *path);

#endif
