// Rasters on disk: elevation read through GDAL, grids written as cloud-optimised GeoTIFF.
#include "results/raster_file.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <gdal.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <pthread.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "geo/crs.h"

// Formats that stand in one file (with its side files). None that refers to other files or to the
// network, whatever the file is called.
static const char *const k_drivers[] = {"GTiff",          "AAIGrid", "SRTMHGT", "USGSDEM",
                                        "GRASSASCIIGrid", "HFA",     "EHdr",    NULL};

static pthread_once_t g_gdal_once = PTHREAD_ONCE_INIT;

static void register_drivers(void) {
    GDALAllRegister();
}

// GDAL prints to stderr unless told otherwise: its last message goes into our own error instead.
static void gdal_begin(void) {
    pthread_once(&g_gdal_once, register_drivers);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    CPLErrorReset();
}

static void gdal_end(void) {
    CPLPopErrorHandler();
}

static ct_err gdal_fail(ct_err err, const char *path) {
    const char *text = CPLGetLastErrorMsg();
    return ct_fail(err, "%s: %s", path, text && *text ? text : "GDAL gave no reason");
}

static ct_err check_crs(GDALDatasetH dataset, const char *path, const char *crs) {
    if (!crs) return CT_OK;
    OGRSpatialReferenceH have = GDALGetSpatialRef(dataset);
    if (!have) return ct_fail(CT_CRS, "%s: the raster has no coordinate reference system", path);
    OGRSpatialReferenceH want = OSRNewSpatialReference(NULL);
    if (!want) return ct_fail(CT_NOMEM, "out of memory");
    ct_err err = CT_OK;
    const char *const options[] = {"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES",
                                   "CRITERION=EQUIVALENT", NULL};
    if (OSRSetFromUserInput(want, crs) != OGRERR_NONE)
        err = ct_fail(CT_CRS, "%s is not a known coordinate reference system", crs);
    else if (!OSRIsSameEx(have, want, options))
        err = ct_fail(CT_CRS, "%s: the raster is not in %s", path, crs);
    OSRDestroySpatialReference(want);
    return err;
}

// Cells of the raster that the window touches: first column and row, counts.
typedef struct span {
    int col, row, n_cols, n_rows;
} span;

static ct_err window_span(span *out, GDALDatasetH dataset, const double gt[6],
                          const ct_bbox *window, const char *path) {
    const int nx = GDALGetRasterXSize(dataset), ny = GDALGetRasterYSize(dataset);
    span s = {0, 0, nx, ny};
    if (window) {
        const double c0 = floor((window->min_x - gt[0]) / gt[1]),
                     c1 = ceil((window->max_x - gt[0]) / gt[1]);
        const double r0 = floor((gt[3] - window->max_y) / gt[1]),
                     r1 = ceil((gt[3] - window->min_y) / gt[1]);
        const double left = fmax(c0, 0), top = fmax(r0, 0), right = fmin(c1, nx),
                     bottom = fmin(r1, ny);
        if (!(right > left && bottom > top))
            return ct_fail(CT_NOTFOUND, "%s: the raster does not reach into the window", path);
        s = (span){(int)left, (int)top, (int)(right - left), (int)(bottom - top)};
    }
    *out = s;
    return CT_OK;
}

static ct_err read_place(double gt[6], GDALDatasetH dataset, const char *path) {
    if (GDALGetGeoTransform(dataset, gt) != CE_None)
        return ct_fail(CT_UNSUPPORTED, "%s: the raster has no place on the ground", path);
    if (gt[2] != 0 || gt[4] != 0 || gt[1] <= 0 || fabs(gt[1] + gt[5]) > 1e-9 * gt[1])
        return ct_fail(CT_UNSUPPORTED, "%s: cells are not square and north-up", path);
    return CT_OK;
}

static ct_err read_shape(ct_grid *out, GDALDatasetH dataset, const char *path,
                         const ct_bbox *window) {
    (void)window;
    double gt[6];
    CT_TRY(read_place(gt, dataset, path));
    *out = (ct_grid){(uint32_t)GDALGetRasterXSize(dataset),
                     (uint32_t)GDALGetRasterYSize(dataset),
                     gt[0],
                     gt[3],
                     gt[1],
                     NULL};
    return CT_OK;
}

static ct_err read_band(ct_grid *out, GDALDatasetH dataset, const char *path,
                        const ct_bbox *window) {
    double gt[6];
    CT_TRY(read_place(gt, dataset, path));
    span s;
    CT_TRY(window_span(&s, dataset, gt, window, path));
    ct_grid grid;
    CT_TRY(ct_grid_new(&grid, (uint32_t)s.n_cols, (uint32_t)s.n_rows, gt[0] + s.col * gt[1],
                       gt[3] - s.row * gt[1], gt[1], NAN));
    GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
    if (!band || GDALRasterIO(band, GF_Read, s.col, s.row, s.n_cols, s.n_rows, grid.v, s.n_cols,
                              s.n_rows, GDT_Float32, 0, 0) != CE_None) {
        ct_grid_free(&grid);
        return gdal_fail(CT_IO, path);
    }
    int has_nodata = 0;
    const float nodata = (float)GDALGetRasterNoDataValue(band, &has_nodata);
    const size_t n = (size_t)grid.nx * grid.ny;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(grid.v[i]) || (has_nodata && grid.v[i] == nodata)) grid.v[i] = NAN;
    *out = grid;
    return CT_OK;
}

static ct_err with_dataset(ct_grid *out, const char *path, const char *crs, const ct_bbox *window,
                           ct_err (*read)(ct_grid *, GDALDatasetH, const char *, const ct_bbox *)) {
    gdal_begin();
    ct_err err;
    GDALDatasetH dataset =
        GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY, k_drivers, NULL, NULL);
    if (!dataset) {
        err = gdal_fail(ct_file_exists(path) ? CT_CORRUPT : CT_NOTFOUND, path);
    } else {
        err = check_crs(dataset, path, crs);
        if (err == CT_OK) err = read(out, dataset, path, window);
        GDALClose(dataset);
    }
    gdal_end();
    return err;
}

ct_err ct_raster_read(ct_grid *out, const char *path, const char *crs, const ct_bbox *window) {
    return with_dataset(out, path, crs, window, read_band);
}

ct_err ct_raster_shape(ct_grid *out, const char *path, const char *crs) {
    return with_dataset(out, path, crs, NULL, read_shape);
}

static bool set_crs(GDALDatasetH dataset, const char *crs) {
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    const bool ok = srs && OSRSetFromUserInput(srs, crs) == OGRERR_NONE &&
                    GDALSetSpatialRef(dataset, srs) == CE_None;
    if (srs) OSRDestroySpatialReference(srs);
    return ok;
}

// The grid as a dataset over its own memory: nothing is copied.
static GDALDatasetH memory_dataset(const ct_grid *grid, const char *crs, const char *description,
                                   const char *unit) {
    GDALDatasetH memory = GDALCreate(GDALGetDriverByName("MEM"), "", (int)grid->nx, (int)grid->ny,
                                     0, GDT_Float32, NULL);
    if (!memory) return NULL;
    char pointer[64];
    const int n = CPLPrintPointer(pointer, grid->v, sizeof pointer - 1);
    pointer[n] = 0;
    char **options = CSLSetNameValue(NULL, "DATAPOINTER", pointer);
    const CPLErr added = GDALAddBand(memory, GDT_Float32, options);
    CSLDestroy(options);
    double gt[6] = {grid->west_m, grid->cell_m, 0, grid->north_m, 0, -grid->cell_m};
    const bool ok = added == CE_None && GDALSetGeoTransform(memory, gt) == CE_None &&
                    (!crs || set_crs(memory, crs));
    if (ok) {
        GDALRasterBandH band = GDALGetRasterBand(memory, 1);
        GDALSetRasterNoDataValue(band, NAN);
        if (description) GDALSetDescription(band, description);
        if (unit) GDALSetRasterUnitType(band, unit);
        return memory;
    }
    GDALClose(memory);
    return NULL;
}

ct_err ct_raster_write(const char *path, const ct_grid *grid, const char *crs,
                       const char *description, const char *unit) {
    char *beside = ct_sprintf("%s.part", path);
    if (!beside) return CT_NOMEM;
    gdal_begin();
    ct_err err = CT_OK;
    char **options = CSLSetNameValue(NULL, "COMPRESS", "DEFLATE");
    options = CSLSetNameValue(options, "PREDICTOR", "YES");
    options = CSLSetNameValue(options, "RESAMPLING", "NEAREST");
    GDALDatasetH memory = memory_dataset(grid, crs, description, unit);
    GDALDatasetH written = NULL;
    if (memory)
        written =
            GDALCreateCopy(GDALGetDriverByName("COG"), beside, memory, FALSE, options, NULL, NULL);
    if (written) {
        CPLErrorReset();
        GDALClose(written); // writes what is left: its errors show in the last message only
        if (CPLGetLastErrorType() == CE_Failure) err = gdal_fail(CT_IO, path);
    } else {
        err = gdal_fail(CT_IO, path);
    }
    err = ct_file_blame(err, path);
    if (memory) GDALClose(memory);
    CSLDestroy(options);
    gdal_end();
    if (err == CT_OK) err = ct_file_rename(beside, path);
    if (err != CT_OK) {
        char kept[512];
        strncpy(kept, ct_err_message(), sizeof kept - 1);
        kept[sizeof kept - 1] = 0;
        ct_err removed = ct_file_remove(beside);
        (void)removed; // the first failure is the one to tell
        err = ct_fail(err, "%s", kept);
    }
    ct_free(beside);
    return err;
}
