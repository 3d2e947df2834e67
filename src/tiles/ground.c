// Shaded ground: a pyramid of the twin's heights, its slopes lit from the north-west, lightly
// tinted by height, in colours that stay behind what is drawn on top.
#include "tiles/ground.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "results/terrain.h"
#include "tiles/png.h"
#include "tiles/view.h"

enum {
    PIXELS = 256,
    MAX_LEVELS = 16,
    LEAST_SIDE = 64,              // cells; a level so small has no coarser one
    TINTS = 6,                    // by height
    SHADES = 42,                  // by light
    COLOURS = 1 + TINTS * SHADES, // 0 is transparent
};
#define MAX_BASE_CELLS 16e6 // of the finest level in memory; finer ground is read when asked for
#define AZIMUTH_DEG    315.0
#define ALTITUDE_DEG   45.0
#define EXAGGERATION   3.0 // towns on rivers are flat
#define LEAST_RANGE_M  4.0 // flatter ground does not get the whole scale of tints

typedef struct level {
    ct_grid heights;
    uint8_t *light; // 0 .. 255, a value a cell
} level;

struct ct_tiles__ground {
    atomic_int refs;
    char hash[33], crs[32];
    char *folder;
    ct_bbox bounds;
    double finest_m; // of the rasters
    level levels[MAX_LEVELS];
    int n_levels;
    double low_m, high_m; // ends of the tints
    uint8_t palette[COLOURS][4];
};

static void free_level(level *l) {
    ct_grid_free(&l->heights);
    ct_free(l->light);
    l->light = NULL;
}

// Takes the heights, on failure too.
static ct_err light_level(level *out, ct_grid *heights) {
    level l = {.heights = *heights, .light = ct_alloc((size_t)heights->nx * heights->ny)};
    if (!l.light) {
        free_level(&l);
        return CT_NOMEM;
    }
    ct_grid_hillshade(l.light, &l.heights, AZIMUTH_DEG, ALTITUDE_DEG, EXAGGERATION);
    *out = l;
    return CT_OK;
}

static void find_range(ct_tiles__ground *g) {
    const ct_grid *coarse = &g->levels[g->n_levels - 1].heights;
    const size_t n = (size_t)coarse->nx * coarse->ny;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        if (isnan(coarse->v[i])) continue;
        low = fmin(low, (double)coarse->v[i]);
        high = fmax(high, (double)coarse->v[i]);
    }
    const double lack = LEAST_RANGE_M - (high - low);
    g->low_m = lack > 0 ? low - lack / 2 : low;
    g->high_m = lack > 0 ? high + lack / 2 : high;
}

static uint8_t channel(double low, double high, double t, double light) {
    return (uint8_t)lround(fmin(255, (low + t * (high - low)) * light));
}

static void make_palette(ct_tiles__ground *g) {
    static const double low[3] = {74, 88, 84}, high[3] = {112, 115, 104};
    for (int tint = 0; tint < TINTS; tint++)
        for (int shade = 0; shade < SHADES; shade++) {
            const double t = (double)tint / (TINTS - 1);
            const double light = 0.25 + 1.06 * shade / (SHADES - 1);
            uint8_t *c = g->palette[1 + tint * SHADES + shade];
            for (int i = 0; i < 3; i++) c[i] = channel(low[i], high[i], t, light);
            c[3] = 255;
        }
}

static ct_err load_levels(ct_tiles__ground *g) {
    const double x_m = g->bounds.max_x - g->bounds.min_x, y_m = g->bounds.max_y - g->bounds.min_y;
    double cell_m = g->finest_m;
    while (x_m / cell_m * (y_m / cell_m) > MAX_BASE_CELLS) cell_m *= 2;
    ct_grid heights;
    CT_TRY(ct_terrain_read(&heights, g->folder, g->crs, &g->bounds, cell_m));
    CT_TRY(light_level(&g->levels[0], &heights));
    g->n_levels = 1;
    while (g->n_levels < MAX_LEVELS) {
        const ct_grid *fine = &g->levels[g->n_levels - 1].heights;
        if (fine->nx <= LEAST_SIDE && fine->ny <= LEAST_SIDE) break;
        CT_TRY(ct_grid_resample(&heights, fine, (fine->nx + 1) / 2, (fine->ny + 1) / 2,
                                fine->west_m, fine->north_m, 2 * fine->cell_m));
        CT_TRY(light_level(&g->levels[g->n_levels], &heights));
        g->n_levels++;
    }
    find_range(g);
    make_palette(g);
    return CT_OK;
}

ct_err ct_tiles__ground_load(ct_tiles__ground **out, const char *folder, const char *crs) {
    ct_bbox bounds;
    ct_err err = ct_terrain_bounds(&bounds, folder, crs);
    if (err == CT_NOTFOUND) {
        *out = NULL;
        return CT_OK;
    }
    CT_TRY(err);
    ct_tiles__ground *g = ct_calloc(1, sizeof *g);
    if (!g) return CT_NOMEM;
    atomic_init(&g->refs, 1);
    g->bounds = bounds;
    (void)snprintf(g->crs, sizeof g->crs, "%s", crs);
    g->folder = ct_strdup(folder);
    err = g->folder ? ct_terrain_hash(g->hash, folder) : CT_NOMEM;
    if (err == CT_OK) err = ct_terrain_finest_m(&g->finest_m, folder, crs);
    if (err == CT_OK) err = load_levels(g);
    if (err == CT_OK)
        *out = g;
    else
        ct_tiles__ground_unref(g);
    return err;
}

ct_tiles__ground *ct_tiles__ground_ref(ct_tiles__ground *g) {
    if (g) atomic_fetch_add(&g->refs, 1);
    return g;
}

void ct_tiles__ground_unref(ct_tiles__ground *g) {
    if (!g || atomic_fetch_sub(&g->refs, 1) != 1) return;
    for (int i = 0; i < g->n_levels; i++) free_level(&g->levels[i]);
    ct_free(g->folder);
    ct_free(g);
}

const char *ct_tiles__ground_hash(const ct_tiles__ground *g) {
    return g->hash;
}

const ct_grid *ct_tiles__ground_heights(const ct_tiles__ground *g) {
    return &g->levels[0].heights;
}

// ---- drawing
// ------------------------------------------------------------------------------------------------------
typedef struct look {
    double height_m, light;
} look;

// Bilinear between the centres of cells that have ground; false where the place's own cell has
// none.
static bool look_at(look *out, const level *l, double x, double y) {
    const ct_grid *g = &l->heights;
    const double column = (x - g->west_m) / g->cell_m, row = (g->north_m - y) / g->cell_m;
    if (!(column >= 0 && row >= 0 && column < g->nx && row < g->ny)) return false;
    if (isnan(g->v[(size_t)row * g->nx + (size_t)column])) return false;
    const double c = column - 0.5, r = row - 0.5, c0 = floor(c), r0 = floor(r);
    double sum = 0, height = 0, light = 0;
    for (int i = 0; i < 4; i++) {
        const double cc = c0 + (i & 1), rr = r0 + (i >> 1);
        if (cc < 0 || rr < 0 || cc >= g->nx || rr >= g->ny) continue;
        const size_t at = (size_t)rr * g->nx + (size_t)cc;
        if (isnan(g->v[at])) continue;
        const double w = (1 - fabs(c - cc)) * (1 - fabs(r - rr));
        sum += w;
        height += w * (double)g->v[at];
        light += w * l->light[at];
    }
    out->height_m = height / sum;
    out->light = light / sum;
    return sum > 0;
}

// An even pattern in place of rounding's steps: Bayer's matrix, in 1/16, half a step to either
// side.
static double dither(uint32_t column, uint32_t row) {
    static const uint8_t bayer[4][4] = {
        {0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};
    return (bayer[row & 3][column & 3] + 0.5) / 16 - 0.5;
}

static int step(double share, int steps, double shift) {
    const double at = fmin(fmax(share, 0), 1) * (steps - 1) + shift;
    return (int)fmin(fmax(floor(at + 0.5), 0), steps - 1);
}

static uint8_t colour_of(const ct_tiles__ground *g, const look *l, uint32_t column, uint32_t row) {
    const double shift = dither(column, row);
    const int tint = step((l->height_m - g->low_m) / (g->high_m - g->low_m), TINTS, shift);
    return (uint8_t)(1 + tint * SHADES + step(l->light / 255, SHADES, 0));
}

static ct_err fill(uint8_t *pixels, bool *any, const ct_tiles__ground *g, const level *l,
                   const ct_tiles__raster_view *view) {
    double xy[2 * PIXELS];
    for (uint32_t row = view->row0; row < view->row1; row++) {
        CT_TRY(ct_tiles__raster_view_row(view, row, xy));
        for (uint32_t column = view->column0; column < view->column1; column++) {
            const double *p = xy + 2 * (size_t)(column - view->column0);
            look at;
            if (!look_at(&at, l, p[0], p[1])) continue;
            pixels[row * PIXELS + column] = colour_of(g, &at, column, row);
            *any = true;
        }
    }
    return CT_OK;
}

// The coarsest level whose cells are not larger than a pixel on the ground. Of ground finer than
// the memory holds, the tile's part is read from the rasters into `own`.
static ct_err choose_level(const level **out, level *own, const ct_tiles__ground *g,
                           const ct_tiles__raster_view *view) {
    const double cell_m = g->levels[0].heights.cell_m;
    if (view->ground_pixel_m < cell_m && g->finest_m < cell_m) {
        double fine_m = g->finest_m;
        while (2 * fine_m <= view->ground_pixel_m) fine_m *= 2;
        ct_bbox box = view->area;
        box.min_x = fmax(box.min_x, g->bounds.min_x) - 2 * fine_m; // slopes look at neighbours
        box.min_y = fmax(box.min_y, g->bounds.min_y) - 2 * fine_m;
        box.max_x = fmin(box.max_x, g->bounds.max_x) + 2 * fine_m;
        box.max_y = fmin(box.max_y, g->bounds.max_y) + 2 * fine_m;
        ct_grid heights;
        CT_TRY(ct_terrain_read(&heights, g->folder, g->crs, &box, fine_m));
        *out = own;
        return light_level(own, &heights);
    }
    int i = 0;
    while (i + 1 < g->n_levels && g->levels[i + 1].heights.cell_m <= view->ground_pixel_m) i++;
    *out = &g->levels[i];
    return CT_OK;
}

ct_err ct_tiles__ground_draw(ct_buf *out, const ct_tiles__ground *g, ct_tile tile) {
    ct_tiles__raster_view view;
    bool any = false;
    CT_TRY(ct_tiles__raster_view_make(&view, &any, g->crs, &g->bounds, tile, PIXELS));
    if (!any) return CT_OK;
    uint8_t *pixels = ct_calloc(PIXELS, PIXELS);
    if (!pixels) return CT_NOMEM;
    level own = {0};
    const level *l = NULL;
    any = false;
    ct_err err = choose_level(&l, &own, g, &view);
    if (err == CT_OK) err = fill(pixels, &any, g, l, &view);
    if (err == CT_OK && any)
        err = ct_tiles__png(out, pixels, PIXELS, PIXELS, g->palette[0], COLOURS);
    free_level(&own);
    ct_free(pixels);
    return err;
}
