// Elevation rasters: checked, cleaned, warped into the twin's CRS with square cells, and written as
// a cloud-optimised GeoTIFF (32-bit reals) beside the twin, with a terrain feature that tells its
// extent.
#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal_utils.h>
#include <gdalwarper.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "ingest/gdal/gdal.h"

#define NODATA (-9999.0)

// No ground lies outside (Challenger Deep, Mount Everest): such values are marks for missing data.
static const double lowest_m = -12000, highest_m = 9000;

typedef struct raster {
    ct_ingest__job *job;
    char name[CT_ID_MAX]; // of the terrain: the file's name without extension, as an id
    OGRSpatialReferenceH source, twin;
    double to_metres;    // from the band's unit
    size_t n_odd;        // cells with values that cannot be heights
    double min_m, max_m; // of the result; min above max: no data at all
    double transform[6]; // of the result
    int nx, ny;
    char *clean, *warped, *cog, *final; // paths
} raster;

static ct_err gdal_failed(ct_err err, const raster *r, const char *what) {
    return ct_fail(err, "%s: %s: %s", r->job->file, what, CPLGetLastErrorMsg());
}

// ---- looking at the source ----------------------------------------------------------------------

static ct_err look_unit(raster *r, GDALRasterBandH band) {
    static const struct {
        const char *name;
        double metres;
    } units[] = {{"", 1},
                 {"m", 1},
                 {"metre", 1},
                 {"meter", 1},
                 {"metres", 1},
                 {"meters", 1},
                 {"ft", 0.3048},
                 {"foot", 0.3048},
                 {"feet", 0.3048},
                 {"us-ft", 1200.0 / 3937},
                 {"US survey foot", 1200.0 / 3937},
                 {"cm", 0.01}};
    const char *unit = GDALGetRasterUnitType(band);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcasecmp(unit, units[i].name) != 0) continue;
        r->to_metres = units[i].metres;
        if (units[i].metres != 1)
            ct_diagnostics_add(r->job->diagnostics, CT_SEVERITY_INFO, "raster-unit", r->job->file,
                               "heights in %s were brought into metres", unit);
        return CT_OK;
    }
    return ct_fail(CT_UNSUPPORTED, "%s: heights in the unknown unit \"%s\"", r->job->file, unit);
}

static ct_err look_crs(raster *r, GDALDatasetH dataset) {
    const ct_ingest_options *o = &r->job->options;
    OGRSpatialReferenceH srs = GDALGetSpatialRef(dataset);
    if (!srs && !o->source_crs)
        return ct_fail(CT_CRS,
                       "%s: the raster does not tell its coordinate reference system; give it "
                       "with --crs",
                       r->job->file);
    CT_TRY(ct_ingest__crs_of_code(&r->twin, o->twin_crs));
    if (!srs) return ct_ingest__crs_of_code(&r->source, o->source_crs);
    ct_ingest__crs_told(r->job, NULL);
    r->source = OSRClone(srs);
    if (!r->source) return ct_fail(CT_NOMEM, "out of memory");
    if (OSRIsCompound(r->source)) OSRStripVertical(r->source);
    return CT_OK;
}

static ct_err look(raster *r, GDALDatasetH dataset) {
    double transform[6];
    GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
    GDALColorInterp colour = GDALGetRasterColorInterpretation(band);
    double cells = (double)GDALGetRasterXSize(dataset) * GDALGetRasterYSize(dataset);
    if (cells > (double)r->job->options.max_cells)
        return ct_fail(CT_LIMIT, "%s: %.0f cells, at most %zu are taken", r->job->file, cells,
                       r->job->options.max_cells);
    if (colour == GCI_RedBand || colour == GCI_PaletteIndex ||
        GDALDataTypeIsComplex(GDALGetRasterDataType(band)))
        return ct_fail(CT_UNSUPPORTED, "%s: an image, no elevation raster", r->job->file);
    if (GDALGetRasterCount(dataset) > 1)
        ct_diagnostics_add(r->job->diagnostics, CT_SEVERITY_WARNING, "raster-bands", r->job->file,
                           "%d bands; the first one was taken", GDALGetRasterCount(dataset));
    if (GDALGetGeoTransform(dataset, transform) != CE_None)
        return ct_fail(CT_CRS, "%s: the raster does not tell where it lies", r->job->file);
    CT_TRY(look_unit(r, band));
    return look_crs(r, dataset);
}

// Closing writes what is left; a failure there shows in the last message only.
static ct_err close_written(raster *r, GDALDatasetH dataset) {
    CPLErrorReset();
    GDALClose(dataset);
    return CPLGetLastErrorType() == CE_Failure ? gdal_failed(CT_IO, r, "cannot be written") : CT_OK;
}

// ---- cleaning -----------------------------------------------------------------------------------

typedef struct cleaner {
    double nodata, scale, offset;
    bool has_nodata;
} cleaner;

// Heights in metres as 32-bit reals; whatever is none becomes NODATA. Returns the number of odd
// values.
static size_t clean_row(float *out, const double *in, int n, const cleaner *c) {
    size_t odd = 0;
    for (int i = 0; i < n; i++) {
        bool missing = !isfinite(in[i]) || (c->has_nodata && in[i] == c->nodata);
        double height = in[i] * c->scale + c->offset;
        bool strange = !missing && !(height >= lowest_m && height <= highest_m);
        odd += strange;
        out[i] = (float)(missing || strange ? NODATA : height);
    }
    return odd;
}

static ct_err clean_rows(raster *r, GDALRasterBandH in, GDALRasterBandH out, int nx, int ny) {
    int has_nodata = 0;
    cleaner c = {.nodata = GDALGetRasterNoDataValue(in, &has_nodata)};
    c.has_nodata = has_nodata;
    c.scale = GDALGetRasterScale(in, NULL) * r->to_metres;
    c.offset = GDALGetRasterOffset(in, NULL) * r->to_metres;
    // The nodata value of 32-bit files may be given as a double that no cell equals.
    if (GDALGetRasterDataType(in) == GDT_Float32) c.nodata = (double)(float)c.nodata;
    double *row = ct_calloc((size_t)nx, sizeof *row);
    float *cleaned = ct_calloc((size_t)nx, sizeof *cleaned);
    ct_err err = row && cleaned ? CT_OK : CT_NOMEM;
    for (int y = 0; y < ny && err == CT_OK; y++) {
        if (GDALRasterIO(in, GF_Read, 0, y, nx, 1, row, nx, 1, GDT_Float64, 0, 0) != CE_None)
            err = gdal_failed(CT_PARSE, r, "the raster cannot be read to its end");
        if (err != CT_OK) break;
        r->n_odd += clean_row(cleaned, row, nx, &c);
        if (GDALRasterIO(out, GF_Write, 0, y, nx, 1, cleaned, nx, 1, GDT_Float32, 0, 0) != CE_None)
            err = gdal_failed(CT_IO, r, "cannot be written");
        if (y % 256 == 0 && !ct_ingest__progress(r->job, 0.4 * y / ny))
            err = ct_fail(CT_CANCELLED, "%s: cancelled", r->job->file);
    }
    ct_free(row);
    ct_free(cleaned);
    return err;
}

// A copy of the source whose cells are heights in metres or NODATA.
static ct_err clean(raster *r, GDALDatasetH dataset) {
    static const char *const options[] = {"TILED=YES", "COMPRESS=LZW", "BIGTIFF=IF_SAFER", NULL};
    double transform[6];
    int nx = GDALGetRasterXSize(dataset), ny = GDALGetRasterYSize(dataset);
    GDALDriverH driver = GDALGetDriverByName("GTiff");
    GDALDatasetH copy =
        GDALCreate(driver, r->clean, nx, ny, 1, GDT_Float32, (char **)(uintptr_t)options);
    if (!copy) return gdal_failed(CT_IO, r, "cannot be written");
    GDALGetGeoTransform(dataset, transform);
    GDALSetGeoTransform(copy, transform);
    GDALSetSpatialRef(copy, r->source);
    GDALRasterBandH band = GDALGetRasterBand(copy, 1);
    GDALSetRasterNoDataValue(band, NODATA);
    ct_err err = clean_rows(r, GDALGetRasterBand(dataset, 1), band, nx, ny);
    if (err == CT_OK) return close_written(r, copy);
    GDALClose(copy);
    return err;
}

// ---- warping ------------------------------------------------------------------------------------

// The cell that the result gets: what the user wants, else the source's own, squared if need be.
static ct_err choose_cell(double *out, raster *r, GDALDatasetH source, bool *same) {
    double own[6], made[6];
    int nx = 0, ny = 0;
    GDALGetGeoTransform(source, own);
    bool upright = own[2] == 0 && own[4] == 0 && own[1] > 0 && own[5] < 0;
    bool square = upright && fabs(own[1] + own[5]) <= 1e-9 * own[1];
    bool same_crs = OSRIsSame(r->source, r->twin);
    *out = r->job->options.resolution_m;
    *same = same_crs && square && (*out == 0 || *out == own[1]);
    if (*out > 0) return CT_OK;
    if (same_crs && upright) {
        *out = fmin(own[1], -own[5]);
        return CT_OK;
    }
    char *wkt = NULL;
    void *transformer = NULL;
    if (OSRExportToWkt(r->twin, &wkt) == OGRERR_NONE)
        transformer = GDALCreateGenImgProjTransformer(source, NULL, NULL, wkt, FALSE, 0, 1);
    CPLErr failed = CE_Failure;
    if (transformer)
        failed =
            GDALSuggestedWarpOutput(source, GDALGenImgProjTransform, transformer, made, &nx, &ny);
    if (transformer) GDALDestroyGenImgProjTransformer(transformer);
    CPLFree(wkt);
    if (failed != CE_None) return gdal_failed(CT_CRS, r, "no way into the twin's reference system");
    *out = made[1];
    return CT_OK;
}

// Mean of the covered cells where the result is coarser, bilinear otherwise.
static const char *choose_method(GDALDatasetH source, double cell, bool metres) {
    double own[6];
    GDALGetGeoTransform(source, own);
    return metres && cell > 1.5 * fabs(own[1]) ? "average" : "bilinear";
}

static ct_err warp_with(raster *r, GDALDatasetH source, double cell) {
    char size[64];
    char *wkt = NULL;
    char **args = NULL;
    GDALDatasetH warped = NULL;
    int misuse = FALSE;
    snprintf(size, sizeof size, "%.17g", cell);
    if (OSRExportToWkt(r->twin, &wkt) != OGRERR_NONE) {
        CPLFree(wkt);
        return gdal_failed(CT_CRS, r, "the twin's reference system cannot be written");
    }
    const char *const fixed[] = {
        "-of",           "GTiff", "-ot",       "Float32", "-dstnodata",       "-9999", "-wo",
        "NUM_THREADS=1", "-co",   "TILED=YES", "-co",     "BIGTIFF=IF_SAFER", "-et",   "0"};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) args = CSLAddString(args, fixed[i]);
    args = CSLAddString(CSLAddString(args, "-t_srs"), wkt);
    args = CSLAddString(CSLAddString(CSLAddString(args, "-tr"), size), size);
    args = CSLAddString(CSLAddString(args, "-r"),
                        choose_method(source, cell, OSRIsProjected(r->source)));
    GDALWarpAppOptions *options = GDALWarpAppOptionsNew(args, NULL);
    if (options) warped = GDALWarp(r->warped, NULL, 1, &source, options, &misuse);
    GDALWarpAppOptionsFree(options);
    CSLDestroy(args);
    CPLFree(wkt);
    if (!warped && ct_file_blame(CT_IO, r->warped) == CT_DISKFULL) return CT_DISKFULL;
    if (!warped)
        return gdal_failed(CT_CRS, r, "cannot be brought into the twin's reference system");
    return close_written(r, warped);
}

static ct_err warp(raster *r) {
    bool same = false;
    double cell = 0;
    GDALDatasetH source = GDALOpen(r->clean, GA_ReadOnly);
    if (!source) return gdal_failed(CT_IO, r, "cannot be read again");
    ct_err err = choose_cell(&cell, r, source, &same);
    if (err == CT_OK && !same) err = warp_with(r, source, cell);
    GDALClose(source);
    // Cells that fit already are not touched: the copy is the result.
    if (err == CT_OK && same) err = ct_file_rename(r->clean, r->warped);
    return err;
}

// ---- writing ------------------------------------------------------------------------------------

static ct_err measure(raster *r, GDALDatasetH result) {
    GDALRasterBandH band = GDALGetRasterBand(result, 1);
    r->nx = GDALGetRasterXSize(result);
    r->ny = GDALGetRasterYSize(result);
    GDALGetGeoTransform(result, r->transform);
    float *row = ct_calloc((size_t)r->nx, sizeof *row);
    if (!row) return CT_NOMEM;
    ct_err err = CT_OK;
    r->min_m = (double)INFINITY;
    r->max_m = -(double)INFINITY;
    for (int y = 0; y < r->ny && err == CT_OK; y++) {
        if (GDALRasterIO(band, GF_Read, 0, y, r->nx, 1, row, r->nx, 1, GDT_Float32, 0, 0) !=
            CE_None)
            err = gdal_failed(CT_IO, r, "cannot be read again");
        for (int x = 0; x < r->nx && err == CT_OK; x++) {
            if ((double)row[x] == NODATA) continue;
            r->min_m = fmin(r->min_m, (double)row[x]);
            r->max_m = fmax(r->max_m, (double)row[x]);
        }
    }
    ct_free(row);
    if (err == CT_OK && r->min_m > r->max_m)
        err = ct_fail(CT_PARSE, "%s: no cell of the raster has a height", r->job->file);
    return err;
}

static ct_err write_cog(raster *r) {
    static const char *const options[] = {"COMPRESS=DEFLATE",
                                          "PREDICTOR=YES",
                                          "BLOCKSIZE=512",
                                          "RESAMPLING=AVERAGE",
                                          "BIGTIFF=IF_SAFER",
                                          "NUM_THREADS=1",
                                          NULL};
    GDALDatasetH result = GDALOpen(r->warped, GA_ReadOnly);
    if (!result) return gdal_failed(CT_IO, r, "cannot be read again");
    ct_err err = measure(r, result);
    if (err == CT_OK) {
        GDALDriverH driver = GDALGetDriverByName("COG");
        GDALDatasetH cog = driver ? GDALCreateCopy(driver, r->cog, result, TRUE,
                                                   (char **)(uintptr_t)options, NULL, NULL)
                                  : NULL;
        if (!cog) err = gdal_failed(CT_IO, r, "cannot be written as GeoTIFF");
        if (cog) err = close_written(r, cog);
    }
    GDALClose(result);
    return err;
}

// ---- the feature --------------------------------------------------------------------------------

static ct_err set_extent(ct_geom *out, ct_arena *arena, const raster *r) {
    double west = r->transform[0], north = r->transform[3];
    double east = west + r->nx * r->transform[1], south = north + r->ny * r->transform[5];
    const double corners[] = {west, south, east, south, east, north, west, north, west, south};
    ct_geom g = {.type = CT_GEOM_POLYGON, .n_points = 5, .n_rings = 1, .n_parts = 1};
    g.xyz = ct_arena_alloc(arena, sizeof corners);
    g.ring_end = ct_arena_alloc(arena, sizeof *g.ring_end);
    g.part_end = ct_arena_alloc(arena, sizeof *g.part_end);
    if (!g.xyz || !g.ring_end || !g.part_end) return CT_NOMEM;
    memcpy(g.xyz, corners, sizeof corners);
    g.ring_end[0] = 5;
    g.part_end[0] = 1;
    *out = g;
    return CT_OK;
}

static ct_err deliver(raster *r) {
    ct_ingest__job *job = r->job;
    ct_feature f = {0};
    const ct_class *cls = ct_catalogue_by_name(job->options.catalogue, "terrain");
    if (!cls) return ct_fail(CT_NOTFOUND, "the catalogue has no class terrain");
    ct_arena_reset(job->arena);
    CT_TRY(ct_feature_new(&f, job->arena, cls));
    const char *file = ct_arena_printf(job->arena, "%s.tif", r->name);
    const char *source = ct_arena_strdup(job->arena, job->file);
    if (!file || !source) return CT_NOMEM;
    CT_TRY(ct_ingest__set_ids(&f, job->arena, NULL, r->name));
    CT_TRY(ct_feature_set_text(&f, "kind", "dem"));
    CT_TRY(ct_feature_set_text(&f, "name", r->name));
    CT_TRY(ct_feature_set_text(&f, "source", source));
    CT_TRY(ct_feature_set_text(&f, "file", file));
    CT_TRY(ct_feature_set_number(&f, "resolution_m", r->transform[1]));
    CT_TRY(ct_feature_set_number(&f, "min_m", r->min_m));
    CT_TRY(ct_feature_set_number(&f, "max_m", r->max_m));
    CT_TRY(set_extent(&f.geom, job->arena, r));
    return ct_ingest__deliver(job, &f, job->file);
}

static ct_err make_paths(raster *r) {
    const char *folder = r->job->options.terrain_folder, *stage = NULL;
    char stem[CT_ID_MAX];
    snprintf(stem, sizeof stem, "%.*s", (int)strcspn(r->job->file, "."), r->job->file);
    CT_TRY(ct_id_encode(r->name, *stem ? stem : "terrain"));
    CT_TRY(ct_ingest__stage(&stage, r->job->report, folder));
    r->clean = ct_sprintf("%s/%s.clean", stage, r->name);
    r->warped = ct_sprintf("%s/%s.warped", stage, r->name);
    r->cog = ct_sprintf("%s/%s.tif", stage, r->name);
    r->final = ct_sprintf("%s/%s.tif", folder, r->name);
    if (!r->clean || !r->warped || !r->cog || !r->final) return CT_NOMEM;
    if (ct_file_exists(r->final))
        return ct_fail(CT_EXISTS, "%s: the twin has a terrain \"%s\" already", r->job->file,
                       r->name);
    return CT_OK;
}

static ct_err convert(raster *r, GDALDatasetH dataset) {
    CT_TRY(look(r, dataset));
    CT_TRY(make_paths(r));
    CT_TRY(clean(r, dataset));
    if (r->n_odd)
        ct_diagnostics_add(r->job->diagnostics, CT_SEVERITY_WARNING, "odd-heights", r->job->file,
                           "%zu cells below %.0f m or above %.0f m were taken as no data", r->n_odd,
                           lowest_m, highest_m);
    CT_TRY(warp(r));
    if (!ct_ingest__progress(r->job, 0.7))
        return ct_fail(CT_CANCELLED, "%s: cancelled", r->job->file);
    CT_TRY(write_cog(r));
    CT_TRY(ct_ingest__add_raster(r->job->report, r->cog, r->final));
    return deliver(r);
}

static void remove_path(char *path) {
    // Best effort: what stays goes with the stage.
    if (path) (void)!ct_file_remove(path);
    ct_free(path);
}

ct_err ct_ingest__raster(ct_ingest__job *job, GDALDatasetH dataset) {
    raster r = {.job = job};
    if (!job->options.terrain_folder)
        return ct_fail(CT_UNSUPPORTED, "%s: rasters are not taken here", job->file);
    if (job->only_class && strcmp(job->only_class->name, "terrain") != 0)
        return ct_fail(CT_ARG, "%s: a raster cannot become class %s", job->file,
                       job->only_class->name);
    ct_err err = convert(&r, dataset);
    if (r.cog) err = ct_file_blame(err, r.cog); // while what fills the disk is there
    remove_path(r.clean);
    remove_path(r.warped);
    if (err != CT_OK && r.cog) (void)!ct_file_remove(r.cog);
    ct_free(r.cog);
    ct_free(r.final);
    if (r.source) OSRRelease(r.source);
    if (r.twin) OSRRelease(r.twin);
    return err;
}
