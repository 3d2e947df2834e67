// The twin's ground from the rasters of its terrain folder.
#include "results/terrain.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "results/raster_file.h"

typedef struct walk {
    const char *folder, *crs;
    ct_err (*visit)(struct walk *walk, const char *path);
    void *context;
    size_t count;
} walk;

static ct_err visit_name(void *context, const char *name, bool is_dir) {
    walk *w = context;
    const size_t n = strlen(name);
    if (is_dir || n < 5 || strcmp(name + n - 4, ".tif") != 0) return CT_OK;
    char *path = ct_path_join(w->folder, name);
    if (!path) return CT_NOMEM;
    w->count++;
    const ct_err err = w->visit(w, path);
    ct_free(path);
    return err;
}

static ct_err each_raster(walk *w) {
    if (ct_dir_exists(w->folder)) CT_TRY(ct_dir_list(w->folder, visit_name, w));
    if (!w->count) return ct_fail(CT_NOTFOUND, "%s: no terrain raster (*.tif)", w->folder);
    return CT_OK;
}

typedef struct bounds {
    ct_bbox box;
    double finest_m;
} bounds;

static ct_err visit_bounds(walk *w, const char *path) {
    bounds *b = w->context;
    ct_grid shape;
    CT_TRY(ct_raster_shape(&shape, path, w->crs));
    const ct_bbox box = ct_grid_bbox(&shape);
    if (w->count == 1) *b = (bounds){box, shape.cell_m};
    ct_bbox_add(&b->box, &box);
    b->finest_m = fmin(b->finest_m, shape.cell_m);
    return CT_OK;
}

static ct_err find_bounds(bounds *out, const char *folder, const char *crs) {
    walk w = {folder, crs, visit_bounds, out, 0};
    return each_raster(&w);
}

ct_err ct_terrain_bounds(ct_bbox *out, const char *folder, const char *crs) {
    bounds b;
    CT_TRY(find_bounds(&b, folder, crs));
    *out = b.box;
    return CT_OK;
}

ct_err ct_terrain_finest_m(double *cell_m, const char *folder, const char *crs) {
    bounds b;
    CT_TRY(find_bounds(&b, folder, crs));
    *cell_m = b.finest_m;
    return CT_OK;
}

static ct_err visit_lay_over(walk *w, const char *path) {
    ct_grid *ground = w->context;
    ct_bbox box = ct_grid_bbox(ground);
    ct_grid raster, fitted;
    const ct_err err = ct_raster_read(&raster, path, w->crs, &box);
    if (err == CT_NOTFOUND) return CT_OK; // it lies beside the box
    CT_TRY(err);
    const ct_err fit = ct_grid_resample(&fitted, &raster, ground->nx, ground->ny, ground->west_m,
                                        ground->north_m, ground->cell_m);
    ct_grid_free(&raster);
    CT_TRY(fit);
    const size_t n = (size_t)ground->nx * ground->ny;
    for (size_t i = 0; i < n; i++)
        if (!isnan(fitted.v[i])) ground->v[i] = fitted.v[i];
    ct_grid_free(&fitted);
    return CT_OK;
}

ct_err ct_terrain_read(ct_grid *out, const char *folder, const char *crs, const ct_bbox *box,
                       double cell_m) {
    const double west = floor(box->min_x / cell_m + 1e-9) * cell_m,
                 north = ceil(box->max_y / cell_m - 1e-9) * cell_m;
    const double nx = ceil((box->max_x - west) / cell_m - 1e-9),
                 ny = ceil((north - box->min_y) / cell_m - 1e-9);
    if (!(nx >= 1 && ny >= 1 && nx < 1e6 && ny < 1e6))
        return ct_fail(CT_RANGE, "cells of %g m do not fit a box of %g m by %g m", cell_m,
                       box->max_x - box->min_x, box->max_y - box->min_y);
    ct_grid ground;
    CT_TRY(ct_grid_new(&ground, (uint32_t)nx, (uint32_t)ny, west, north, cell_m, NAN));
    walk w = {folder, crs, visit_lay_over, &ground, 0};
    const ct_err err = each_raster(&w);
    if (err == CT_OK)
        *out = ground;
    else
        ct_grid_free(&ground);
    return err;
}

static ct_err visit_hash(walk *w, const char *path) {
    ct_hash_add_text(w->context, ct_path_name(path));
    return ct_hash_add_file(w->context, path);
}

ct_err ct_terrain_hash(char out[33], const char *folder) {
    ct_hash *hash = ct_hash_new();
    if (!hash) return CT_NOMEM;
    walk w = {folder, NULL, visit_hash, hash, 0};
    const ct_err err = each_raster(&w);
    if (err == CT_OK) ct_hash_hex(out, ct_hash_get(hash));
    ct_hash_free(hash);
    return err;
}
