// Import of files: reads a source, maps it to classes of the catalogue, brings it into the twin's
// CRS, checks it and hands features to a sink. It knows no store. All or nothing is made with the
// caller, in this order:
//
//   begin a transaction; ct_ingest_report_new; ct_ingest_file (the sink writes into the
//   transaction); ct_ingest_publish (rasters get their final names); commit; ct_ingest_keep;
//   ct_ingest_report_free.
//
// On any failure: roll back and free the report, which removes every raster that was not kept. A
// dry run stops after ct_ingest_file.
//
// Sources: vector layers (GeoPackage, GeoJSON, Shapefile, FlatGeobuf, CSV with WKT or lon/lat
// columns), OpenStreetMap (.osm, .pbf; rules in data/ingest/osm.json; the inside of buildings too,
// osm_indoor/inside.h), building models (IFC 2x3, 4 and 4.3 as .ifc and .ifczip),
// city models (CityJSON, CityJSONSeq, CityGML, IndoorGML) and elevation rasters (GeoTIFF, ESRI
// ASCII and others of GDAL).
#ifndef CT_INGEST_INGEST_H
#define CT_INGEST_INGEST_H

#include "ingest/diagnostics.h"
#include "model/feature.h"
#include "model/source.h"

enum { CT_INGEST_OBSERVED_MOST = 127 }; // bytes of what a device observes

// A value over time that a file brings of a device of its own.
typedef struct ct_ingest_observation {
    const char *device, *property; // the feature's id; what is observed: 1 to the most bytes
    int64_t time_us;
    double value; // in the unit that the device tells
} ct_ingest_observation;

typedef struct ct_ingest_options {
    const ct_catalogue *catalogue;
    const char *twin_crs; // code: "EPSG:4547"
    const char
        *class_name; // class or collection that all features become; NULL = by layer name or rules
    const char *source_crs; // for sources that do not tell theirs; NULL = refuse these
    const char
        *terrain_folder; // where rasters are written (made if needed); NULL = rasters are refused
    double resolution_m; // cell of rasters; 0 = the source's own
    // Where the origin of a building model lies in the twin, whatever the file says of it.
    struct {
        bool given;
        double east_m, north_m, height_m;
        double rotation_rad; // from east to the model's x axis, counter-clockwise
    } anchor;
    // Height of the ground at a place of the twin's CRS, NaN where there is none: what geometries
    // without heights get where their class has them. NULL: they get 0.
    ct_err (*ground)(void *context, double *z_m, double x, double y);
    void *ground_context;
    // Takes the observations of a device, all after the device itself. NULL: they stay properties
    // of the device, as far as it has room for them; so do those of a thing that is no device
    // (`class_name`), or whose observed property has too long a name.
    ct_err (*observe)(void *context, const ct_ingest_observation *observation);
    void *observe_context;
    // Of a city model with versions or dates: a date or time at which it is read, or the tag or id
    // of the version that is; NULL = its last version, now.
    const char *as_of;
    bool strict;         // errors instead of repairs
    int threads;         // that make the shapes of building models; 0 = one a core
    size_t max_features; // 0 = 10 million; of OpenStreetMap's nodes, for what is inside buildings,
                         // five times as many
    size_t max_points;   // of one feature; 0 = 1 million; of the elements of CityGML's parts that
                         // are members themselves four times as many
    size_t max_cells;    // of a raster; 0 = 400 million
    // Called now and then with the part done, 0 to 1; false cancels (CT_CANCELLED). May be NULL.
    bool (*progress)(void *context, double part);
    void *progress_context;
} ct_ingest_options;

typedef struct ct_ingest_report ct_ingest_report; // one thread at a time

// `catalogue` must outlive the report. NULL when out of memory.
ct_ingest_report *ct_ingest_report_new(const ct_catalogue *catalogue);
void ct_ingest_report_free(
    ct_ingest_report *report); // removes the rasters that were not kept; NULL is fine

// Reads `path` to its end. Findings go to the report; after the first error the sink gets nothing
// more, but reading goes on to find more errors (at most 1,000). May be called for several files
// with one report. CT_OK: everything was handed over. CT_PARSE with a message like the first
// error's "where: text" where findings are errors; CT_NOTFOUND (no such file), CT_UNSUPPORTED (no
// known format), CT_LIMIT, CT_CANCELLED, CT_NOMEM, or what the sink returned. `sink` NULL: check
// only.
CT_CHECKED ct_err ct_ingest_file(const char *path, const ct_ingest_options *options,
                                 const ct_sink *sink, ct_ingest_report *report);

// Gives the written rasters their final names. CT_EXISTS, CT_IO.
CT_CHECKED ct_err ct_ingest_publish(ct_ingest_report *report);
// The twin's file refers to the rasters from now on: they stay.
void ct_ingest_keep(ct_ingest_report *report);

ct_diagnostics *ct_ingest_diagnostics(ct_ingest_report *report); // borrowed
int64_t ct_ingest_count(const ct_ingest_report *report, const ct_class *cls);
int64_t ct_ingest_total(const ct_ingest_report *report);
// What each file told of itself, in the order of the files: an object with the members of
// ct_source_write_members and "features": {"class": count, ...} of that file.
size_t ct_ingest_source_count(const ct_ingest_report *report);
void ct_ingest_write_source(ct_jsonw *w, const ct_ingest_report *report, size_t index);
// {"source": source, "features": {"class": count, ...}, "sources": [...], "diagnostics": [...]}; of
// building models also "rules": {"SPS007": "pass" | "fail" | "not applicable", ...}
void ct_ingest_write_json(ct_jsonw *w, const ct_ingest_report *report, const char *source);

#endif
