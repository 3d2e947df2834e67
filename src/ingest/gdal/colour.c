// Mean colours of pictures, by GDAL's averages over parts of them.
#include "ingest/colour.h"

#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "ingest/gdal/gdal.h"

enum { SIDE = 16 }; // of the small picture that is added up

// Of a folder below, without ways out of it.
static bool is_inside(const char *path) {
    if (*path == '/' || strstr(path, "://") || strchr(path, '\\')) return false;
    for (const char *at = path; at; at = strchr(at, '/')) {
        at += *at == '/';
        if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || !at[2])) return false;
    }
    return *path != '\0';
}

// False for a table of colours, which is not looked up, and for pictures that cannot be read.
static bool add_up(float rgb[3], GDALDatasetH picture) {
    const int n = GDALGetRasterCount(picture), width = GDALGetRasterXSize(picture);
    const int height = GDALGetRasterYSize(picture);
    float bands[4][SIDE * SIDE];
    GDALRasterIOExtraArg how;
    INIT_RASTERIO_EXTRA_ARG(how);
    how.eResampleAlg = GRIORA_Average;
    if (n < 1 || GDALGetRasterColorTable(GDALGetRasterBand(picture, 1))) return false;
    const int side_x = width < SIDE ? width : SIDE, side_y = height < SIDE ? height : SIDE;
    const bool alpha = n == 2 || n >= 4;
    for (int b = 0; b < (n < 4 ? n : 4); b++)
        if (GDALRasterIOEx(GDALGetRasterBand(picture, b + 1), GF_Read, 0, 0, width, height,
                           bands[b], side_x, side_y, GDT_Float32, 0, 0, &how) != CE_None)
            return false;
    double sum[3] = {0}, weight = 0;
    for (int i = 0; i < side_x * side_y; i++) {
        const double w = alpha ? (double)bands[n == 2 ? 1 : 3][i] / 255 : 1;
        for (int k = 0; k < 3; k++) sum[k] += w * (double)bands[n < 3 ? 0 : k][i];
        weight += w;
    }
    for (int k = 0; k < 3; k++) rgb[k] = weight > 0 ? (float)(sum[k] / weight / 255) : 1;
    return weight > 0;
}

bool ct_ingest__mean_colour(float rgb[3], const char *beside, const char *path) {
    static const char *const drivers[] = {"JPEG", "PNG", "GTiff", NULL};
    if (!is_inside(path)) return false;
    const char *slash = strrchr(beside, '/');
    char *whole = ct_sprintf("%.*s%s", slash ? (int)(slash - beside) + 1 : 0, beside, path);
    bool read = false;
    if (whole && ct_file_exists(whole)) {
        GDALAllRegister();
        CPLPushErrorHandler(CPLQuietErrorHandler);
        GDALDatasetH picture = GDALOpenEx(whole, GDAL_OF_RASTER, drivers, NULL, NULL);
        read = picture && add_up(rgb, picture);
        if (picture) GDALClose(picture);
        CPLPopErrorHandler();
    }
    ct_free(whole);
    for (int k = 0; k < 3 && read; k++) read = rgb[k] >= 0 && rgb[k] <= 1;
    return read;
}
