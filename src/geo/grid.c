// Raster grids: storage, reading at a place, resampling.
#include "geo/grid.h"

#include <math.h>

#include "base/mem.h"

ct_err ct_grid_new(ct_grid *out, uint32_t nx, uint32_t ny, double west_m, double north_m,
                   double cell_m, float fill) {
    if (nx == 0 || ny == 0) return ct_fail(CT_ARG, "grid: %u by %u cells", nx, ny);
    if (!(cell_m > 0) || !isfinite(cell_m) || !isfinite(west_m) || !isfinite(north_m))
        return ct_fail(CT_ARG, "grid: corner and cell size must be finite, the size over 0");
    const uint64_t cells = (uint64_t)nx * ny;
    if (cells > 1ULL << 31)
        return ct_fail(CT_LIMIT, "grid: %u by %u cells are over the limit of 2^31", nx, ny);
    float *v = ct_alloc(cells * sizeof *v);
    if (!v) return CT_NOMEM;
    for (uint64_t i = 0; i < cells; i++) v[i] = fill;
    *out = (ct_grid){nx, ny, west_m, north_m, cell_m, v};
    return CT_OK;
}

void ct_grid_free(ct_grid *grid) {
    ct_free(grid->v);
    grid->v = NULL;
}

ct_bbox ct_grid_bbox(const ct_grid *grid) {
    return (ct_bbox){grid->west_m, grid->north_m - grid->ny * grid->cell_m,
                     grid->west_m + grid->nx * grid->cell_m, grid->north_m};
}

// Place in cells from the north-western corner; false outside.
static bool locate(const ct_grid *grid, double x, double y, double *column, double *row) {
    *column = (x - grid->west_m) / grid->cell_m;
    *row = (grid->north_m - y) / grid->cell_m;
    return *column >= 0 && *row >= 0 && *column <= grid->nx && *row <= grid->ny;
}

static uint32_t floor_below(double at, uint32_t n) {
    const uint32_t i = (uint32_t)at;
    return i < n ? i : n - 1;
}

static double value_at(const ct_grid *grid, uint32_t row, uint32_t column) {
    return (double)grid->v[(size_t)row * grid->nx + column];
}

int64_t ct_grid_cell_at(const ct_grid *grid, double x, double y) {
    const double column = floor((x - grid->west_m) / grid->cell_m);
    const double row = floor((grid->north_m - y) / grid->cell_m);
    if (!(column >= 0 && row >= 0 && column < grid->nx && row < grid->ny)) return -1;
    return (int64_t)row * grid->nx + (int64_t)column;
}

float ct_grid_nearest(const ct_grid *grid, double x, double y) {
    double column = 0, row = 0;
    if (!locate(grid, x, y, &column, &row)) return NAN;
    return (float)value_at(grid, floor_below(row, grid->ny), floor_below(column, grid->nx));
}

// The two centres around a place, and the share of the second; beyond the outermost centres the
// outermost holds. A place on a centre but for rounding is on it, so that no data beside it does
// not spread.
static void bracket(double at, uint32_t n, uint32_t *low, uint32_t *high, double *share) {
    double from_centre = fmin(fmax(at - 0.5, 0), n - 1.0);
    if (fabs(from_centre - round(from_centre)) < 1e-6) from_centre = round(from_centre);
    *low = floor_below(from_centre, n);
    *high = *low + 1 < n ? *low + 1 : *low;
    *share = from_centre - *low;
}

float ct_grid_bilinear(const ct_grid *grid, double x, double y) {
    double column = 0, row = 0, sx = 0, sy = 0;
    if (!locate(grid, x, y, &column, &row)) return NAN;
    uint32_t c0 = 0, c1 = 0, r0 = 0, r1 = 0;
    bracket(column, grid->nx, &c0, &c1, &sx);
    bracket(row, grid->ny, &r0, &r1, &sy);
    // A neighbour of no weight must not spoil the value with its NaN.
    if (!(sx > 0)) c1 = c0;
    if (!(sy > 0)) r1 = r0;
    const double north = value_at(grid, r0, c0) * (1 - sx) + value_at(grid, r0, c1) * sx;
    const double south = value_at(grid, r1, c0) * (1 - sx) + value_at(grid, r1, c1) * sx;
    return (float)(north * (1 - sy) + south * sy);
}

// Cells [first, end) of a row or column of n that overlap [low, high], both in cells.
static void covered(double low, double high, uint32_t n, uint32_t *first, uint32_t *end) {
    *first = low > 0 ? (low < n ? (uint32_t)low : n) : 0;
    *end = high > 0 ? (high < n ? (uint32_t)ceil(high) : n) : 0;
}

static double overlap(double low, double high, uint32_t cell) {
    return fmin(high, cell + 1.0) - fmax(low, cell);
}

// Mean over the box of the cell (row, column) of `out`, seen from `in`.
static float area_mean(const ct_grid *in, const ct_grid *out, uint32_t row, uint32_t column) {
    const double west = (out->west_m - in->west_m) / in->cell_m;
    const double north = (in->north_m - out->north_m) / in->cell_m;
    const double scale = out->cell_m / in->cell_m;
    const double low_x = west + column * scale, high_x = west + (column + 1.0) * scale;
    const double low_y = north + row * scale, high_y = north + (row + 1.0) * scale;
    uint32_t c0 = 0, c1 = 0, r0 = 0, r1 = 0;
    covered(low_x, high_x, in->nx, &c0, &c1);
    covered(low_y, high_y, in->ny, &r0, &r1);
    double sum = 0, weight = 0;
    for (uint32_t r = r0; r < r1; r++)
        for (uint32_t c = c0; c < c1; c++) {
            const double v = value_at(in, r, c);
            const double w = overlap(low_y, high_y, r) * overlap(low_x, high_x, c);
            if (isnan(v) || !(w > 0)) continue;
            sum += w * v;
            weight += w;
        }
    // A sliver that only rounding left is no cover.
    return weight > 1e-9 * scale * scale ? (float)(sum / weight) : NAN;
}

ct_err ct_grid_resample(ct_grid *out, const ct_grid *in, uint32_t nx, uint32_t ny, double west_m,
                        double north_m, double cell_m) {
    ct_grid made;
    CT_TRY(ct_grid_new(&made, nx, ny, west_m, north_m, cell_m, NAN));
    const bool coarser = cell_m > in->cell_m;
    for (uint32_t row = 0; row < ny; row++)
        for (uint32_t column = 0; column < nx; column++)
            made.v[(size_t)row * nx + column] =
                coarser ? area_mean(in, &made, row, column)
                        : ct_grid_bilinear(in, ct_grid_x(&made, column), ct_grid_y(&made, row));
    *out = made;
    return CT_OK;
}
