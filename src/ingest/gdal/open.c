// Opening a file with GDAL: which drivers may look at it, what GDAL says on the way, and which
// reader gets it.
#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <pthread.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "ingest/gdal/gdal.h"
#include "ingest/geojson.h"

// Formats that stand in one file (with its side files). None that refers to other files or to the
// network (VRT, WMS).
static const char *const drivers[] = {
    "GPKG",    "GeoJSON", "GeoJSONSeq", "ESRI Shapefile", "FlatGeobuf", "CSV",  "OSM", "GTiff",
    "AAIGrid", "SRTMHGT", "USGSDEM",    "GRASSASCIIGrid", "HFA",        "EHdr", NULL};

static pthread_once_t registered = PTHREAD_ONCE_INIT;

// GDAL's complaints while a file is read: they would be lost otherwise, and a file cut short would
// look complete.
static void CPL_STDCALL on_message(CPLErr severity, CPLErrorNum number, const char *text) {
    ct_ingest__job *job = CPLGetErrorHandlerUserData();
    (void)number;
    if (severity == CE_Warning)
        ct_diagnostics_add_once(job->diagnostics, CT_SEVERITY_WARNING, "reader", job->file, "%s",
                                text);
    if (severity == CE_Failure || severity == CE_Fatal)
        ct_diagnostics_add_once(job->diagnostics, CT_SEVERITY_ERROR, "reader", job->file, "%s",
                                text);
}

static ct_err open_osm(GDALDatasetH *out, const char *path, bool any_order) {
    static const char *const only[] = {"OSM", NULL};
    char *config = NULL;
    char **options = NULL;
    CT_TRY(ct_data_path(&config, "osmconf.ini"));
    options = CSLSetNameValue(options, "CONFIG_FILE", config);
    // The faster index is for ids that ascend.
    if (any_order) CPLSetThreadLocalConfigOption("OSM_USE_CUSTOM_INDEXING", "NO");
    *out = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, only, (const char *const *)options,
                      NULL);
    if (any_order) CPLSetThreadLocalConfigOption("OSM_USE_CUSTOM_INDEXING", NULL);
    CSLDestroy(options);
    ct_free(config);
    return CT_OK;
}

static GDALDatasetH open_csv(const char *path) {
    // The columns stay, so that vector.c can tell an empty place from one that cannot be read.
    static const char *const only[] = {"CSV", NULL};
    static const char *const options[] = {"GEOM_POSSIBLE_NAMES=wkt,geom,geometry,the_geom",
                                          "X_POSSIBLE_NAMES=lon,longitude,lng,x,east,easting",
                                          "Y_POSSIBLE_NAMES=lat,latitude,y,north,northing",
                                          "Z_POSSIBLE_NAMES=z,elevation_m",
                                          "KEEP_GEOM_COLUMNS=YES",
                                          NULL};
    return GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, only, options, NULL);
}

static ct_err open_dataset(GDALDatasetH *out, ct_ingest__job *job, bool *osm) {
    ct_err err = CT_OK;
    *out = NULL;
    if (ct_path_has_ending(job->path, ".geojson") || ct_path_has_ending(job->path, ".json"))
        CT_TRY(ct_ingest__geojson_look(&job->shapes, job->path, job->file));
    *osm = ct_path_has_ending(job->path, ".osm") || ct_path_has_ending(job->path, ".pbf");
    CPLPushErrorHandler(CPLQuietErrorHandler);
    CPLErrorReset();
    if (*osm)
        err = open_osm(out, job->path, job->any_order);
    else if (ct_path_has_ending(job->path, ".csv"))
        *out = open_csv(job->path);
    else
        *out = GDALOpenEx(job->path, GDAL_OF_VECTOR | GDAL_OF_RASTER | GDAL_OF_READONLY, drivers,
                          NULL, NULL);
    CPLPopErrorHandler();
    if (err != CT_OK || *out) return err;
    const char *reason = CPLGetLastErrorMsg();
    if (*reason) return ct_fail(CT_UNSUPPORTED, "%s: cannot be read: %s", job->file, reason);
    return ct_fail(CT_UNSUPPORTED, "%s: none of the known formats", job->file);
}

static ct_err read_dataset(ct_ingest__job *job, GDALDatasetH dataset, bool osm) {
    CT_TRY(ct_ingest__gdal_source(job, dataset));
    if (osm) return ct_ingest__osm(job, dataset);
    if (GDALDatasetGetLayerCount(dataset) > 0) return ct_ingest__vector(job, dataset);
    if (GDALGetRasterCount(dataset) > 0) return ct_ingest__raster(job, dataset);
    return ct_fail(CT_PARSE, "%s: there is no layer and no raster in it", job->file);
}

ct_err ct_ingest__gdal(ct_ingest__job *job) {
    GDALDatasetH dataset = NULL;
    bool osm = false;
    pthread_once(&registered, GDALAllRegister);
    CT_TRY(open_dataset(&dataset, job, &osm));
    CPLPushErrorHandlerEx(on_message, job);
    const ct_err err = read_dataset(job, dataset, osm);
    GDALClose(dataset);
    CPLPopErrorHandler();
    return err;
}

ct_err ct_ingest__note(ct_ingest__job *job, ct_err err, const char *where) {
    switch (err) {
    case CT_PARSE:
    case CT_RANGE:
    case CT_LIMIT:
    case CT_GEOM:
    case CT_CRS:
    case CT_UNSUPPORTED:
        ct_diagnostics_add(job->diagnostics, CT_SEVERITY_ERROR,
                           err == CT_PARSE || err == CT_RANGE ? "attribute" : "geometry", where,
                           "%s", ct_err_message());
        return CT_OK;
    case CT_OK:
    case CT_NOMEM:
    case CT_ARG:
    case CT_NOTFOUND:
    case CT_EXISTS:
    case CT_IO:
    case CT_DISKFULL:
    case CT_READONLY:
    case CT_BUSY:
    case CT_TIMEOUT:
    case CT_CANCELLED:
    case CT_REMOTE:
    case CT_CORRUPT:
    case CT_DIVERGED:
    case CT_INTERNAL: return err;
    }
    return err;
}
