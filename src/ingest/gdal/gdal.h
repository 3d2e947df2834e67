// Inside ingest: the readers that stand on GDAL. Only files of this folder include GDAL's headers.
#ifndef CT_INGEST_GDAL_GDAL_H
#define CT_INGEST_GDAL_GDAL_H

#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "geo/crs.h"
#include "ingest/job.h"

// The way from a source's reference system to the twin's: PROJ by code where the source's system
// has one, GDAL's transform of its definition otherwise.
typedef struct ct_ingest__crs {
    ct_transform *transform; // borrowed; NULL: use `foreign`
    OGRCoordinateTransformationH foreign;
    bool swap; // the source hands over north before east
} ct_ingest__crs;

// `srs` NULL: the options' source CRS. CT_CRS if there is neither, or no way to the twin's system.
CT_CHECKED ct_err ct_ingest__crs_open(ct_ingest__crs *out, OGRSpatialReferenceH srs,
                                      ct_ingest__job *job);
// Tells the user that the source CRS that was given is not needed; `code` is the file's own, or
// NULL.
void ct_ingest__crs_told(ct_ingest__job *job, const char *code);
void ct_ingest__crs_close(ct_ingest__crs *crs);
CT_CHECKED ct_err ct_ingest__crs_apply(const ct_ingest__crs *crs, ct_arena *arena, ct_geom *g);
// The twin's system as GDAL's object, in the order east, north; caller releases with OSRRelease.
CT_CHECKED ct_err ct_ingest__crs_of_code(OGRSpatialReferenceH *out, const char *code);

// GDAL's geometry in the twin's CRS, storage from the job's arena; `g` may be changed. NULL or
// empty: CT_GEOM_NONE. CT_GEOM, CT_LIMIT, CT_UNSUPPORTED, CT_CRS.
CT_CHECKED ct_err ct_ingest__geometry(ct_geom *out, ct_ingest__job *job, const ct_ingest__crs *crs,
                                      OGRGeometryH g);

// An error about one feature becomes a finding and CT_OK; others are passed on.
CT_CHECKED ct_err ct_ingest__note(ct_ingest__job *job, ct_err err, const char *where);

// What the file tells of itself goes to the source's record (source.c). CT_NOMEM.
CT_CHECKED ct_err ct_ingest__gdal_source(ct_ingest__job *job, GDALDatasetH dataset);

// ---- property_sets.c
typedef struct ct_ingest__sets ct_ingest__sets;
bool ct_ingest__is_sets(OGRLayerH layer); // whether the layer is that table
CT_CHECKED ct_err ct_ingest__sets_read(ct_ingest__sets **out, ct_ingest__job *job, OGRLayerH layer);
void ct_ingest__sets_free(ct_ingest__sets *sets); // NULL is fine
// The feature gets the properties of its id, if there are any; borrowed from `sets`, which may be
// NULL.
CT_CHECKED ct_err ct_ingest__sets_give(ct_feature *f, ct_arena *arena, ct_ingest__sets *sets);
// Tells of properties whose feature did not come.
void ct_ingest__sets_tell(ct_ingest__job *job, const ct_ingest__sets *sets);

CT_CHECKED ct_err ct_ingest__vector(ct_ingest__job *job, GDALDatasetH dataset);
CT_CHECKED ct_err ct_ingest__osm(ct_ingest__job *job, GDALDatasetH dataset);
CT_CHECKED ct_err ct_ingest__raster(ct_ingest__job *job, GDALDatasetH dataset);

#endif
