// Elevation rasters: cleaned, in the twin's CRS, cloud-optimised, and gone again unless kept.
#include "harness.h"

#include <gdal.h>
#include <math.h>
#include <ogr_srs_api.h>

static ct_ingest_options raster_options(void) {
    ct_ingest_options o = options_for();
    o.terrain_folder = in_folder("terrain");
    return o;
}

// Cells of the written raster, row by row; caller frees with ct_free.
static float *read_cells(const char *path, int *nx, int *ny, double transform[6]) {
    GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
    assert_non_null(dataset);
    *nx = GDALGetRasterXSize(dataset);
    *ny = GDALGetRasterYSize(dataset);
    assert_int_equal(GDALGetGeoTransform(dataset, transform), CE_None);
    GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
    int has = 0;
    assert_near(GDALGetRasterNoDataValue(band, &has), -9999, 0);
    assert_true(has);
    assert_int_equal(GDALGetRasterDataType(band), GDT_Float32);
    assert_string_equal(OSRGetAuthorityCode(GDALGetSpatialRef(dataset), NULL), "4547");
    assert_string_equal(GDALGetMetadataItem(dataset, "LAYOUT", "IMAGE_STRUCTURE"), "COG");
    float *cells = ct_calloc((size_t)*nx * (size_t)*ny, sizeof *cells);
    assert_non_null(cells);
    assert_int_equal(
        GDALRasterIO(band, GF_Read, 0, 0, *nx, *ny, cells, *nx, *ny, GDT_Float32, 0, 0), CE_None);
    GDALClose(dataset);
    return cells;
}

static ct_err count_file(void *context, const char *name, bool is_dir) {
    (void)name;
    *(size_t *)context += !is_dir;
    return CT_OK;
}

static void files_left(size_t expected) {
    size_t n = 0;
    must(ct_dir_list(in_folder("terrain"), count_file, &n));
    assert_int_equal(n, expected);
}

static void an_ascii_grid_in_the_twins_crs_keeps_its_cells(void **state) {
    (void)state;
    ct_ingest_options o = raster_options();
    must(import(DATA("dem.asc"), &o));
    assert_int_equal(n_kept, 1);
    const ct_feature *f = by_id("terrain-dem");
    assert_string_equal(f->cls->name, "terrain");
    assert_string_equal(ct_feature_text(f, "kind", ""), "dem");
    assert_string_equal(ct_feature_text(f, "file", ""), "dem.tif");
    assert_string_equal(ct_feature_text(f, "source", ""), "dem.asc");
    assert_near(ct_feature_number(f, "resolution_m", 0), 2, 0);
    assert_near(ct_feature_number(f, "min_m", 0), 20, 0);
    assert_near(ct_feature_number(f, "max_m", 0), 22.5, 0);
    assert_near(ct_geom_area_m2(&f->geom), 12 * 8, 1e-9);
    found("odd-heights", CT_SEVERITY_WARNING, "dem.asc", "1 cells");

    // not there before it is published, gone after a failure, there after keep
    assert_false(ct_file_exists(in_folder("terrain/dem.tif")));
    must(ct_ingest_publish(report));
    assert_true(ct_file_exists(in_folder("terrain/dem.tif")));
    int nx, ny;
    double t[6];
    float *cells = read_cells(in_folder("terrain/dem.tif"), &nx, &ny, t);
    assert_int_equal(nx, 6);
    assert_int_equal(ny, 4);
    assert_near(t[0], 500000, 0);
    assert_near(t[3], 3374008, 0);
    assert_near(t[1], 2, 0);
    assert_near((double)cells[1], 20.5, 0);
    assert_near((double)cells[6 + 2], -9999, 0);  // nan
    assert_near((double)cells[12 + 5], -9999, 0); // 99999 m is no height
    assert_near((double)cells[18], -9999, 0);     // the file's own mark
    assert_near((double)cells[23], 22.5, 0);
    ct_free(cells);
    ct_ingest_report_free(report);
    report = NULL;
    files_left(0);

    must(import(DATA("dem.asc"), &o));
    must(ct_ingest_publish(report));
    ct_ingest_keep(report);
    ct_ingest_report_free(report);
    report = NULL;
    files_left(1);
    failed_with(import(DATA("dem.asc"), &o), CT_EXISTS, "terrain \"dem\"");
    files_left(1);
    must(ct_file_remove(in_folder("terrain/dem.tif")));
}

// A plane in geographic coordinates: height = 100 + 1000 (lon - 114) + 500 (lat - 30.5).
static double plane(double lon, double lat) {
    return 100 + 1000 * (lon - 114) + 500 * (lat - 30.5);
}

static const char *write_plane(const char *name, int epsg, double west, double north, double cell,
                               int n, double (*height)(double x, double y), double factor) {
    const char *path = in_folder(name);
    GDALAllRegister();
    GDALDatasetH d = GDALCreate(GDALGetDriverByName("GTiff"), path, n, n, 1, GDT_Float64, NULL);
    assert_non_null(d);
    double t[6] = {west, cell, 0, north, 0, -cell};
    GDALSetGeoTransform(d, t);
    if (epsg) {
        OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
        OSRImportFromEPSG(srs, epsg);
        GDALSetSpatialRef(d, srs);
        OSRRelease(srs);
    }
    GDALRasterBandH band = GDALGetRasterBand(d, 1);
    for (int y = 0; y < n; y++)
        for (int x = 0; x < n; x++) {
            double v = height(west + (x + 0.5) * cell, north - (y + 0.5) * cell) * factor;
            assert_int_equal(GDALRasterIO(band, GF_Write, x, y, 1, 1, &v, 1, 1, GDT_Float64, 0, 0),
                             CE_None);
        }
    if (factor != 1) GDALSetRasterUnitType(band, "ft");
    GDALClose(d);
    return path;
}

static void a_geographic_raster_is_warped_into_the_twins_crs(void **state) {
    (void)state;
    ct_ingest_options o = raster_options();
    o.resolution_m = 5;
    const char *path = write_plane("plane.tif", 4490, 114, 30.51, 0.0001, 100, plane, 1);
    must(import(path, &o));
    must(ct_ingest_publish(report));
    int nx, ny;
    double t[6];
    float *cells = read_cells(in_folder("terrain/plane.tif"), &nx, &ny, t);
    assert_near(t[1], 5, 1e-9);
    assert_near(t[5], -5, 1e-9);
    // 0.01 degree is 959.8 m by 1108.7 m here
    assert_near(nx * 5.0, 960, 10);
    assert_near(ny * 5.0, 1109, 10);
    int checked = 0;
    OGRSpatialReferenceH twin = OSRNewSpatialReference(NULL), geo = OSRNewSpatialReference(NULL);
    OSRImportFromEPSG(twin, 4547);
    OSRImportFromEPSG(geo, 4490);
    OSRSetAxisMappingStrategy(twin, OAMS_TRADITIONAL_GIS_ORDER);
    OSRSetAxisMappingStrategy(geo, OAMS_TRADITIONAL_GIS_ORDER);
    OGRCoordinateTransformationH back = OCTNewCoordinateTransformation(twin, geo);
    for (int row = 5; row < ny - 5; row += 20)
        for (int column = 5; column < nx - 5; column += 20) {
            double x = t[0] + (column + 0.5) * 5, y = t[3] - (row + 0.5) * 5;
            assert_true(OCTTransform(back, 1, &x, &y, NULL));
            assert_near((double)cells[row * nx + column], plane(x, y), 0.01);
            checked++;
        }
    assert_true(checked > 50);
    OCTDestroyCoordinateTransformation(back);
    OSRRelease(twin);
    OSRRelease(geo);
    ct_free(cells);
    // without a wish the cells are about as large as the source's: 0.0001 degree, 9.6 m by 11.1 m
    o.resolution_m = 0;
    must(import(path, &o));
    double cell = ct_feature_number(by_id("terrain-plane"), "resolution_m", 0);
    assert_true(cell > 9 && cell < 12);
}

static void heights_in_feet_become_metres(void **state) {
    (void)state;
    ct_ingest_options o = raster_options();
    const char *path = write_plane("feet.tif", 4490, 114, 30.51, 0.0001, 20, plane, 1 / 0.3048);
    must(import(path, &o));
    found("raster-unit", CT_SEVERITY_INFO, "feet.tif", "ft");
    assert_near(ct_feature_number(by_id("terrain-feet"), "min_m", 0), plane(114, 30.508), 1);
}

static double nothing(double x, double y) {
    (void)x;
    (void)y;
    return (double)NAN;
}

static void bad_rasters_are_refused(void **state) {
    (void)state;
    ct_ingest_options o = raster_options();
    const char *unplaced = write_plane("unplaced.tif", 0, 500000, 3374000, 2, 8, plane, 1);
    failed_with(import(unplaced, &o), CT_CRS, "--crs");
    o.source_crs = TWIN; // given by the user
    // the plane's heights of these coordinates are far off any ground
    failed_with(import(unplaced, &o), CT_PARSE, "no cell of the raster has a height");
    o.source_crs = NULL;
    failed_with(import(write_plane("empty.tif", 4547, 500000, 3374000, 2, 8, nothing, 1), &o),
                CT_PARSE, "no cell of the raster has a height");
    o.max_cells = 10;
    failed_with(import(DATA("dem.asc"), &o), CT_LIMIT, "24 cells");
    o = raster_options();
    o.class_name = "building";
    failed_with(import(DATA("dem.asc"), &o), CT_ARG, "class building");
    o = raster_options();
    o.terrain_folder = NULL;
    failed_with(import(DATA("dem.asc"), &o), CT_UNSUPPORTED, "not taken");
    ct_ingest_report_free(report);
    report = NULL;
    files_left(0); // nothing stays of all these
}

static void a_raster_cut_short_is_an_error(void **state) {
    (void)state;
    char *bytes = NULL;
    size_t length = 0;
    ct_ingest_options o = raster_options();
    const char *path = write_plane("whole.tif", 4547, 500000, 3374000, 2, 200, nothing, 1);
    must(ct_file_read(&bytes, &length, path, 1 << 24));
    const char *cut = in_folder("cut.tif");
    must(ct_file_write(cut, bytes, length / 2));
    ct_free(bytes);
    ct_err err = import(cut, &o);
    assert_true(err == CT_PARSE || err == CT_UNSUPPORTED);
    assert_int_equal(n_kept, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ascii_grid_in_the_twins_crs_keeps_its_cells),
        cmocka_unit_test(a_geographic_raster_is_warped_into_the_twins_crs),
        cmocka_unit_test(heights_in_feet_become_metres),
        cmocka_unit_test(bad_rasters_are_refused),
        cmocka_unit_test(a_raster_cut_short_is_an_error),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
