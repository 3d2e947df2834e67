// Making and applying the passages between the twin's CRS and tiles.
#include "tiles/view.h"

#include <math.h>
#include <string.h>

#include "tiles/tiles.h"

#define FIT_TOLERANCE_UNITS  0.01  // of a tile unit: neighbours round shared points alike
#define FIT_TOLERANCE_PIXELS 0.002 // of a pixel
#define BOW_UNITS            0.1   // by which an edge may miss its straight image, in tile units

static ct_bbox grown(const ct_bbox *box, double share, double least) {
    const double x = (box->max_x - box->min_x) * share + least,
                 y = (box->max_y - box->min_y) * share + least;
    return (ct_bbox){box->min_x - x, box->min_y - y, box->max_x + x, box->max_y + y};
}

static bool intersect(ct_bbox *a, const ct_bbox *b) {
    a->min_x = fmax(a->min_x, b->min_x);
    a->min_y = fmax(a->min_y, b->min_y);
    a->max_x = fmin(a->max_x, b->max_x);
    a->max_y = fmin(a->max_y, b->max_y);
    return a->min_x <= a->max_x && a->min_y <= a->max_y;
}

// The part of `frame` (Mercator) that the extent may reach; false if none. The box of a transformed
// box is found by sampling its sides, so a margin makes up for what bows out between samples.
static ct_err reach(bool *any, ct_bbox *frame, ct_transform *to_mercator, const ct_bbox *extent) {
    ct_bbox box = grown(extent, 0, 0.01);
    CT_TRY(ct_transform_bbox(to_mercator, &box));
    box = grown(&box, 1e-3, 0.01);
    *any = intersect(frame, &box);
    return CT_OK;
}

// The passage's scale goes into the polynomial: one evaluation gives tile units.
static void scale_fit(ct_fit *fit, double west_m, double north_m, double units_per_m) {
    fit->cx[0] -= west_m;
    fit->cy[0] -= north_m;
    for (int i = 0; i < 10; i++) {
        fit->cx[i] *= units_per_m;
        fit->cy[i] *= -units_per_m;
    }
    fit->max_error *= units_per_m;
}

// Half-way along an edge of (du, dv) the image is off its chord by a quarter of the second-order
// terms.
static double straight_size(const ct_tiles__view *view) {
    if (!view->fitted)
        return fmax(view->safe.max_x - view->safe.min_x, view->safe.max_y - view->safe.min_y) / 16;
    const double *a = view->fit.cx, *b = view->fit.cy;
    const double bow =
        hypot(fabs(a[3]) + fabs(a[4]) + fabs(a[5]), fabs(b[3]) + fabs(b[4]) + fabs(b[5])) / 4;
    const double unit = fmin(1 / view->fit.scale_x, 1 / view->fit.scale_y); // of u or v, in metres
    return bow > 0 ? sqrt(BOW_UNITS / bow) * unit : (double)INFINITY;
}

// A small Mercator box in the twin's CRS, by its corners and the middles of its sides. Far from the
// twin a CRS ends or folds back: places that do not return to themselves are not shown.
static ct_err near_box(bool *shown, ct_bbox *box, ct_transform *to_mercator, ct_transform *back) {
    enum { N = 8 };
    const double x = (box->min_x + box->max_x) / 2, y = (box->min_y + box->max_y) / 2;
    const double frame[N][2] = {{box->min_x, box->min_y}, {x, box->min_y},
                                {box->max_x, box->min_y}, {box->min_x, y},
                                {box->max_x, y},          {box->min_x, box->max_y},
                                {x, box->max_y},          {box->max_x, box->max_y}};
    double image[N][2], again[N][2];
    memcpy(image, frame, sizeof image);
    *shown = false;
    ct_err err = ct_transform_points(back, image[0], N, 2);
    if (err == CT_OK) {
        memcpy(again, image, sizeof again);
        err = ct_transform_points(to_mercator, again[0], N, 2);
    }
    if (err == CT_CRS) return CT_OK;
    CT_TRY(err);
    const double near_m = 1e-3 * (box->max_x - box->min_x);
    ct_bbox found = {image[0][0], image[0][1], image[0][0], image[0][1]};
    for (int i = 0; i < N; i++) {
        if (!(hypot(again[i][0] - frame[i][0], again[i][1] - frame[i][1]) < near_m)) return CT_OK;
        ct_bbox_add(&found, &(ct_bbox){image[i][0], image[i][1], image[i][0], image[i][1]});
    }
    *box = grown(&found, 0.01, 0);
    *shown = true;
    return CT_OK;
}

ct_err ct_tiles__view_make(ct_tiles__view *out, bool *shown, const char *crs, const ct_bbox *extent,
                           ct_tile tile) {
    ct_transform *to_mercator, *back;
    CT_TRY(ct_transform_get(&to_mercator, crs, CT_CRS_MERCATOR));
    CT_TRY(ct_transform_get(&back, CT_CRS_MERCATOR, crs));
    const ct_bbox bounds = ct_tile_bounds_mercator(tile);
    ct_bbox box = grown(&bounds, (double)CT_TILE_BUFFER / CT_TILE_EXTENT, 0);
    if (extent) {
        CT_TRY(reach(shown, &box, to_mercator, extent));
        if (*shown) CT_TRY(ct_transform_bbox(back, &box));
    } else {
        CT_TRY(near_box(shown, &box, to_mercator, back));
    }
    if (!*shown) return CT_OK;
    const double side_m = bounds.max_x - bounds.min_x;
    ct_tiles__view view = {.query = grown(&box, 1e-3, 1e-6 * side_m),
                           .transform = to_mercator,
                           .west_m = bounds.min_x,
                           .north_m = bounds.max_y,
                           .units_per_m = CT_TILE_EXTENT / side_m};
    view.safe = grown(&view.query, 0.05, 1e-3 * side_m);
    const ct_err err = ct_fit_make(&view.fit, to_mercator, &view.safe,
                                   FIT_TOLERANCE_UNITS * side_m / CT_TILE_EXTENT);
    if (err != CT_OK && err != CT_RANGE && err != CT_CRS) return err;
    view.fitted = err == CT_OK;
    if (view.fitted) scale_fit(&view.fit, view.west_m, view.north_m, view.units_per_m);
    view.straight_m = straight_size(&view);
    *out = view;
    return CT_OK;
}

static bool inside(const ct_bbox *box, const double *p) {
    return p[0] >= box->min_x && p[0] <= box->max_x && p[1] >= box->min_y && p[1] <= box->max_y;
}

static ct_err apply_exact(const ct_tiles__view *view, double *xy, size_t n) {
    CT_TRY(ct_transform_points(view->transform, xy, n, 2));
    for (size_t i = 0; i < n; i++) {
        xy[2 * i] = (xy[2 * i] - view->west_m) * view->units_per_m;
        xy[2 * i + 1] = (view->north_m - xy[2 * i + 1]) * view->units_per_m;
    }
    return CT_OK;
}

ct_err ct_tiles__view_apply(const ct_tiles__view *view, double *xy, size_t n) {
    if (!view->fitted) return apply_exact(view, xy, n);
    for (size_t i = 0; i < n; i++) {
        double *p = xy + 2 * i;
        if (inside(&view->safe, p))
            ct_fit_apply(&view->fit, p[0], p[1], &p[0], &p[1]);
        else // the polynomial holds nothing there
            CT_TRY(apply_exact(view, p, 1));
    }
    return CT_OK;
}

// Pixels whose centres may lie between two offsets (m) from the tile's edge.
static void pixel_range(uint32_t *first, uint32_t *end, double from_m, double to_m, double pixel_m,
                        uint32_t pixels) {
    const double a = floor(from_m / pixel_m) - 1, b = ceil(to_m / pixel_m) + 1;
    *first = a > 0 ? (uint32_t)fmin(a, pixels) : 0;
    *end = b > 0 ? (uint32_t)fmin(b, pixels) : 0;
}

ct_err ct_tiles__raster_view_make(ct_tiles__raster_view *out, bool *shown, const char *crs,
                                  const ct_bbox *extent, ct_tile tile, uint32_t pixels) {
    ct_transform *to_mercator, *back;
    CT_TRY(ct_transform_get(&to_mercator, crs, CT_CRS_MERCATOR));
    CT_TRY(ct_transform_get(&back, CT_CRS_MERCATOR, crs));
    const ct_bbox bounds = ct_tile_bounds_mercator(tile);
    ct_tiles__raster_view view = {.transform = back,
                                  .west_m = bounds.min_x,
                                  .north_m = bounds.max_y,
                                  .pixel_m = ct_tile_pixel_m(tile.z, pixels)};
    ct_bbox box = bounds;
    CT_TRY(reach(shown, &box, to_mercator, extent));
    if (!*shown) return CT_OK;
    pixel_range(&view.column0, &view.column1, box.min_x - bounds.min_x, box.max_x - bounds.min_x,
                view.pixel_m, pixels);
    pixel_range(&view.row0, &view.row1, bounds.max_y - box.max_y, bounds.max_y - box.min_y,
                view.pixel_m, pixels);
    *shown = view.column0 < view.column1 && view.row0 < view.row1;
    if (!*shown) return CT_OK;
    const ct_bbox centres = {view.west_m + (view.column0 + 0.5) * view.pixel_m,
                             view.north_m - (view.row1 - 0.5) * view.pixel_m,
                             view.west_m + (view.column1 - 0.5) * view.pixel_m,
                             view.north_m - (view.row0 + 0.5) * view.pixel_m};
    const ct_err err = ct_fit_make(&view.fit, back, &centres, FIT_TOLERANCE_PIXELS * view.pixel_m);
    if (err != CT_OK && err != CT_RANGE && err != CT_CRS) return err;
    view.fitted = err == CT_OK;
    // Spherical Mercator stretches by the secant of the latitude.
    const double north = (centres.min_y + centres.max_y) / 2 * M_PI / CT_MERCATOR_HALF;
    view.ground_pixel_m = view.pixel_m / cosh(north);
    view.area = centres;
    CT_TRY(ct_transform_bbox(back, &view.area));
    view.area = grown(&view.area, 1e-3, view.ground_pixel_m);
    *out = view;
    return CT_OK;
}

ct_err ct_tiles__raster_view_row(const ct_tiles__raster_view *view, uint32_t row, double *xy) {
    const uint32_t n = view->column1 - view->column0;
    const double y = view->north_m - (row + 0.5) * view->pixel_m;
    for (uint32_t i = 0; i < n; i++) {
        const double x = view->west_m + (view->column0 + i + 0.5) * view->pixel_m;
        if (view->fitted) {
            ct_fit_apply(&view->fit, x, y, &xy[2 * i], &xy[2 * i + 1]);
        } else {
            xy[2 * i] = x;
            xy[2 * i + 1] = y;
        }
    }
    return view->fitted ? CT_OK : ct_transform_points(view->transform, xy, n, 2);
}
