// Tile arithmetic of the WebMercatorQuad tile matrix set (OGC 17-083r4, annex D.1): zoom, column x
// from the west, row y from the north.
#ifndef CT_GEO_TILE_H
#define CT_GEO_TILE_H

#include <stdbool.h>
#include <stdint.h>

#include "geo/crs.h"

#define CT_TILE_MAX_ZOOM 24
#define CT_MERCATOR_HALF 20037508.342789244 // half the side of the square world, metres

typedef struct ct_tile {
    uint32_t z, x, y;
} ct_tile;

bool ct_tile_ok(ct_tile tile);
ct_bbox ct_tile_bounds_mercator(ct_tile tile);
double ct_tile_pixel_m(uint32_t z, uint32_t pixels); // Mercator metres a pixel
// The tiles at zoom z that a Mercator box touches: columns x0..x1, rows y0..y1, both ends included.
void ct_tile_range(uint32_t z, const ct_bbox *mercator, uint32_t *x0, uint32_t *y0, uint32_t *x1,
                   uint32_t *y1);

// A cheap stand-in for a transform over a small box: bivariate cubic polynomials fitted to it, with
// the largest error measured on a finer lattice than the fit's.
typedef struct ct_fit {
    double centre_x, centre_y, scale_x, scale_y;
    double cx[10], cy[10];
    double max_error; // in units of the target
} ct_fit;
// CT_RANGE if the measured error is over `tolerance`: use the transform itself then.
CT_CHECKED ct_err ct_fit_make(ct_fit *out, ct_transform *t, const ct_bbox *box, double tolerance);
static inline void ct_fit_apply(const ct_fit *f, double x, double y, double *out_x, double *out_y) {
    const double u = (x - f->centre_x) * f->scale_x, v = (y - f->centre_y) * f->scale_y;
    const double uu = u * u, uv = u * v, vv = v * v;
    const double *a = f->cx, *b = f->cy;
    *out_x = a[0] + a[1] * u + a[2] * v + a[3] * uu + a[4] * uv + a[5] * vv + a[6] * uu * u +
             a[7] * uu * v + a[8] * vv * u + a[9] * vv * v;
    *out_y = b[0] + b[1] * u + b[2] * v + b[3] * uu + b[4] * uv + b[5] * vv + b[6] * uu * u +
             b[7] * uu * v + b[8] * vv * u + b[9] * vv * v;
}

#endif
