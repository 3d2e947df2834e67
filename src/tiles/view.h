// The passage between the twin's CRS and a tile: a polynomial fitted for the tile's part of the
// twin where its measured error is small enough, the exact transform otherwise. Private to tiles.
#ifndef CT_TILES_VIEW_H
#define CT_TILES_VIEW_H

#include "geo/tile.h"

// From the twin's CRS to tile units: x from the tile's west edge, y from its north edge downwards,
// CT_TILE_EXTENT a side.
typedef struct ct_tiles__view {
    ct_bbox query; // what the tile with its buffer shows, in the twin's CRS
    ct_bbox safe;  // a little more; the passage is made for places inside
    bool fitted;
    ct_fit fit; // to tile units
    ct_transform *transform;
    double west_m, north_m, units_per_m; // of Mercator
    double straight_m; // edges up to this size (the longer side of their box) stay straight enough
} ct_tiles__view;

// From this zoom on tiles are so small that their place in the twin's CRS tells where they lie;
// before, that needs the extent of what is shown.
#define CT_TILES__NEAR_ZOOM 12

// `extent`: box around all that may be shown, in the twin's CRS; NULL from CT_TILES__NEAR_ZOOM on.
// *shown false: the tile with its buffer lies beside it or out of the CRS's reach. CT_CRS,
// CT_NOMEM.
CT_CHECKED ct_err ct_tiles__view_make(ct_tiles__view *out, bool *shown, const char *crs,
                                      const ct_bbox *extent, ct_tile tile);
// In place, n points of (x, y).
CT_CHECKED ct_err ct_tiles__view_apply(const ct_tiles__view *view, double *xy, size_t n);

// From pixel centres of a tile to the twin's CRS.
typedef struct ct_tiles__raster_view {
    uint32_t column0, row0, column1, row1; // pixels that may show something; ends excluded
    bool fitted;
    ct_fit fit;
    ct_transform *transform;
    double west_m, north_m, pixel_m; // Mercator
    double ground_pixel_m;           // a pixel's side on the ground, about
    ct_bbox area;                    // what those pixels show, in the twin's CRS
} ct_tiles__raster_view;

// `pixels` a side; `extent` as above. *shown false: nothing lies in the tile.
CT_CHECKED ct_err ct_tiles__raster_view_make(ct_tiles__raster_view *out, bool *shown,
                                             const char *crs, const ct_bbox *extent, ct_tile tile,
                                             uint32_t pixels);
// The places of a row's pixels column0 .. column1 - 1, as (x, y).
CT_CHECKED ct_err ct_tiles__raster_view_row(const ct_tiles__raster_view *view, uint32_t row,
                                            double *xy);

#endif
