// Pictures taken apart by GDAL's PNG driver.
#ifndef TESTS_TILES_PICTURE_H
#define TESTS_TILES_PICTURE_H

#include <cpl_vsi.h>
#include <gdal.h>

#include "fixture.h"

typedef struct picture {
    uint32_t width, height;
    uint8_t (*rgba)[4];
} picture;

static inline picture picture_open(const void *png, size_t length) {
    static const char *const drivers[] = {"PNG", NULL};
    GDALAllRegister();
    GByte *copy = malloc(length);
    memcpy(copy, png, length);
    VSIFCloseL(VSIFileFromMemBuffer("/vsimem/picture.png", copy, length, 1));
    GDALDatasetH set = GDALOpenEx("/vsimem/picture.png", GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR,
                                  drivers, NULL, NULL);
    assert_non_null(set);
    assert_int_equal(GDALGetRasterCount(set), 1);
    picture p = {(uint32_t)GDALGetRasterXSize(set), (uint32_t)GDALGetRasterYSize(set), NULL};
    uint8_t *index = malloc((size_t)p.width * p.height);
    p.rgba = malloc((size_t)p.width * p.height * 4);
    GDALRasterBandH band = GDALGetRasterBand(set, 1);
    assert_int_equal(GDALRasterIO(band, GF_Read, 0, 0, (int)p.width, (int)p.height, index,
                                  (int)p.width, (int)p.height, GDT_Byte, 0, 0),
                     CE_None);
    GDALColorTableH colours = GDALGetRasterColorTable(band);
    assert_non_null(colours);
    for (size_t i = 0; i < (size_t)p.width * p.height; i++) {
        assert_true(index[i] < GDALGetColorEntryCount(colours));
        const GDALColorEntry *c = GDALGetColorEntry(colours, index[i]);
        p.rgba[i][0] = (uint8_t)c->c1;
        p.rgba[i][1] = (uint8_t)c->c2;
        p.rgba[i][2] = (uint8_t)c->c3;
        p.rgba[i][3] = (uint8_t)c->c4;
    }
    free(index);
    GDALClose(set);
    VSIUnlink("/vsimem/picture.png");
    return p;
}

static inline void picture_close(picture *p) {
    free(p->rgba);
    *p = (picture){0};
}

static inline const uint8_t *picture_at(const picture *p, uint32_t x, uint32_t y) {
    return p->rgba[y * p->width + x];
}

// The centre of a pixel of a 256-pixel tile in the twin's CRS, by the exact transform.
static inline void pixel_place(double place[2], ct_tile tile, uint32_t x, uint32_t y) {
    const ct_bbox b = ct_tile_bounds_mercator(tile);
    const double pixel_m = (b.max_x - b.min_x) / 256;
    ct_transform *back;
    place[0] = b.min_x + (x + 0.5) * pixel_m;
    place[1] = b.max_y - (y + 0.5) * pixel_m;
    ok(ct_transform_get(&back, CT_CRS_MERCATOR, CRS));
    ok(ct_transform_points(back, place, 1, 2));
}

#endif
