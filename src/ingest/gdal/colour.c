// Mean colours of pictures, read by GDAL.
#include "ingest/colour.h"

#include <cpl_conv.h>
#include <stdint.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "ingest/gdal/gdal.h"

#define MOST_PIXELS 67108864.0 // of one picture: 8192 x 8192
#define MOST_BLOCK  33554432.0 // pixels that GDAL holds at once

// Of a folder below, without ways out of it.
static bool is_inside(const char *path) {
    if (*path == '/' || strstr(path, "://") || strchr(path, '\\')) return false;
    for (const char *at = path; at; at = strchr(at, '/')) {
        at += *at == '/';
        if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || !at[2])) return false;
    }
    return *path != '\0';
}

// Whether it is of a kind that can be added up, by bytes a band, and how large.
static bool is_plain(GDALDatasetH picture, double *pixels) {
    *pixels = (double)GDALGetRasterXSize(picture) * GDALGetRasterYSize(picture);
    for (int b = 1; b <= GDALGetRasterCount(picture); b++) {
        GDALRasterBandH band = GDALGetRasterBand(picture, b);
        int width, height;
        GDALGetBlockSize(band, &width, &height);
        if (GDALGetRasterDataType(band) != GDT_Byte || GDALGetRasterColorTable(band) ||
            (double)width * height > MOST_BLOCK)
            return false;
    }
    return GDALGetRasterCount(picture) > 0;
}

typedef struct bands {
    GDALRasterBandH at[4]; // red, green, blue, alpha; NULL = none
} bands;

static bands find_bands(GDALDatasetH picture) {
    const int n = GDALGetRasterCount(picture);
    bands b = {{NULL}};
    for (int k = 0; k < 3; k++) b.at[k] = GDALGetRasterBand(picture, n < 3 ? 1 : k + 1);
    for (int k = 1; k <= n; k++) {
        GDALRasterBandH band = GDALGetRasterBand(picture, k);
        if (GDALGetRasterColorInterpretation(band) == GCI_AlphaBand) b.at[3] = band;
    }
    return b;
}

// Row by row as they are: for a smaller picture GDAL would look for overviews, in files and at
// addresses that the picture names.
static bool add_up(float rgb[3], GDALDatasetH picture, uint8_t *row[4]) {
    const int width = GDALGetRasterXSize(picture), height = GDALGetRasterYSize(picture);
    const bands b = find_bands(picture);
    double sum[3] = {0}, weight = 0;
    for (int y = 0; y < height; y++) {
        for (int k = 0; k < 4; k++)
            if (b.at[k] && GDALRasterIO(b.at[k], GF_Read, 0, y, width, 1, row[k], width, 1,
                                        GDT_Byte, 0, 0) != CE_None)
                return false;
        for (int x = 0; x < width; x++) {
            const double w = b.at[3] ? row[3][x] : 255;
            for (int k = 0; k < 3; k++) sum[k] += w * row[k][x];
            weight += w;
        }
    }
    for (int k = 0; k < 3; k++) rgb[k] = weight > 0 ? (float)(sum[k] / weight / 255) : 1;
    return weight > 0;
}

static bool add_up_within(float rgb[3], GDALDatasetH picture, double *pixels_left) {
    double pixels;
    if (!is_plain(picture, &pixels) || pixels > MOST_PIXELS || pixels > *pixels_left) return false;
    *pixels_left -= pixels;
    const size_t width = (size_t)GDALGetRasterXSize(picture);
    uint8_t *rows = ct_alloc(4 * width);
    uint8_t *row[4] = {rows, rows + width, rows + 2 * width, rows + 3 * width};
    const bool read = rows && add_up(rgb, picture, row);
    ct_free(rows);
    return read;
}

bool ct_ingest__mean_colour(float rgb[3], const char *beside, const char *path,
                            double *pixels_left) {
    static const char *const drivers[] = {"JPEG", "PNG", "GTiff", NULL};
    static const char *const no_siblings[] = {NULL};
    if (!is_inside(path)) return false;
    const char *slash = strrchr(beside, '/');
    char *whole = ct_sprintf("%.*s%s", slash ? (int)(slash - beside) + 1 : 0, beside, path);
    bool read = false;
    if (whole && ct_file_exists(whole)) {
        GDALAllRegister();
        CPLPushErrorHandler(CPLQuietErrorHandler);
        CPLSetThreadLocalConfigOption("GDAL_PAM_ENABLED", "NO"); // no side files
        GDALDatasetH picture = GDALOpenEx(whole, GDAL_OF_RASTER, drivers, NULL, no_siblings);
        read = picture && add_up_within(rgb, picture, pixels_left);
        if (picture) GDALClose(picture);
        CPLSetThreadLocalConfigOption("GDAL_PAM_ENABLED", NULL);
        CPLPopErrorHandler();
    }
    ct_free(whole);
    return read;
}
