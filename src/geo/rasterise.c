// Vector to raster: the cells of a polygon by scan lines, the cell edges along a line.
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "geo/geom_private.h"
#include "geo/grid.h"

// Where the boundary of a part crosses the centre line of a row.
typedef struct crossing {
    uint32_t row, part;
    double x;
} crossing;

// Columns [first, end) of a row.
typedef struct span {
    uint32_t row, first, end;
} span;

// First row whose centre lies at or below y; the same arithmetic as ct_grid_y decides.
static uint32_t row_from(const ct_grid *grid, double y) {
    const double guess = (grid->north_m - y) / grid->cell_m - 0.5;
    uint32_t row = guess > 0 ? (guess < grid->ny ? (uint32_t)guess : grid->ny) : 0;
    while (row > 0 && ct_grid_y(grid, row - 1) <= y) row--;
    while (row < grid->ny && ct_grid_y(grid, row) > y) row++;
    return row;
}

// First column whose centre lies at or east of x.
static uint32_t column_from(const ct_grid *grid, double x) {
    const double guess = (x - grid->west_m) / grid->cell_m - 0.5;
    uint32_t column = guess > 0 ? (guess < grid->nx ? (uint32_t)guess : grid->nx) : 0;
    while (column > 0 && ct_grid_x(grid, column - 1) >= x) column--;
    while (column < grid->nx && ct_grid_x(grid, column) < x) column++;
    return column;
}

// Crossings of all edges of the polygon; counts only where `out` is NULL.
static size_t collect(crossing *out, const ct_grid *grid, const ct_geom *g) {
    size_t n = 0;
    for (uint32_t part = 0; part < g->n_parts; part++)
        for (uint32_t ring = ct_geo__part_begin(g, part); ring < g->part_end[part]; ring++)
            for (uint32_t i = ct_geo__ring_begin(g, ring); i + 1 < g->ring_end[ring]; i++) {
                const double *a = ct_geo__point(g, i), *b = ct_geo__point(g, i + 1);
                // Rows with min <= y < max; the test below settles the ends.
                const uint32_t last = row_from(grid, fmin(a[1], b[1]));
                for (uint32_t row = row_from(grid, fmax(a[1], b[1])); row <= last && row < grid->ny;
                     row++) {
                    const double y = ct_grid_y(grid, row);
                    if (!ct_geo__edge_spans(a, b, y)) continue;
                    if (out) out[n] = (crossing){row, part, ct_geo__edge_x(a, b, y)};
                    n++;
                }
            }
    return n;
}

static int by_row_part_x(const void *left, const void *right) {
    const crossing *a = left, *b = right;
    if (a->row != b->row) return a->row < b->row ? -1 : 1;
    if (a->part != b->part) return a->part < b->part ? -1 : 1;
    return a->x < b->x ? -1 : a->x > b->x;
}

static int by_row_first(const void *left, const void *right) {
    const span *a = left, *b = right;
    if (a->row != b->row) return a->row < b->row ? -1 : 1;
    return a->first < b->first ? -1 : a->first > b->first;
}

// Closed rings cross every line an even number of times, so crossings of a part come in pairs: in
// and out.
static size_t pair_up(span *out, const ct_grid *grid, const crossing *crossings, size_t n) {
    size_t spans = 0;
    for (size_t i = 0; i + 1 < n; i += 2) {
        const span s = {crossings[i].row, column_from(grid, crossings[i].x),
                        column_from(grid, crossings[i + 1].x)};
        if (s.first < s.end) out[spans++] = s;
    }
    return spans;
}

ct_err ct_grid_visit_polygon(const ct_grid *grid, const ct_geom *polygon,
                             void (*visit)(void *context, uint32_t row, uint32_t column),
                             void *context) {
    if (!ct_geo__is_polygonal(polygon->type)) return CT_OK;
    const size_t n = collect(NULL, grid, polygon);
    if (n == 0) return CT_OK;
    ct_err err = CT_NOMEM;
    crossing *crossings = ct_alloc(n * sizeof *crossings);
    span *spans = ct_alloc(n / 2 * sizeof *spans);
    if (!crossings || !spans) goto done;
    (void)collect(crossings, grid, polygon);
    qsort(crossings, n, sizeof *crossings, by_row_part_x);
    const size_t n_spans = pair_up(spans, grid, crossings, n);
    qsort(spans, n_spans, sizeof *spans, by_row_first);
    uint32_t column = 0; // parts may overlap: a cell is visited once all the same
    for (size_t i = 0; i < n_spans; i++) {
        if (i == 0 || spans[i].row != spans[i - 1].row) column = 0;
        if (column < spans[i].first) column = spans[i].first;
        for (; column < spans[i].end; column++) visit(context, spans[i].row, column);
    }
    err = CT_OK;
done:
    ct_free(spans);
    ct_free(crossings);
    return err;
}

void ct_grid_visit_disc(const ct_grid *grid, double x, double y, double radius_m,
                        void (*visit)(void *context, uint32_t row, uint32_t column),
                        void *context) {
    const int64_t cell = ct_grid_cell_at(grid, x, y);
    if (cell < 0) return;
    const uint32_t row = (uint32_t)(cell / grid->nx), column = (uint32_t)(cell % grid->nx);
    const double reach = ceil(radius_m / grid->cell_m);
    const uint32_t first_row = (uint32_t)fmax(0, row - reach),
                   last_row = (uint32_t)fmin(grid->ny - 1, row + reach),
                   first_column = (uint32_t)fmax(0, column - reach),
                   last_column = (uint32_t)fmin(grid->nx - 1, column + reach);
    bool any = false;
    for (uint32_t j = first_row; j <= last_row; j++) {
        for (uint32_t i = first_column; i <= last_column; i++) {
            if (hypot(ct_grid_x(grid, i) - x, ct_grid_y(grid, j) - y) > radius_m) continue;
            visit(context, j, i);
            any = true;
        }
    }
    if (!any) visit(context, row, column);
}

// A walk along one segment through the squares between four cell centres, in cells from the
// north-western centre: x grows with columns, y with rows. Leaving a square through a side cuts the
// connection of that side's two centres, which is a cell edge; and each square stands for the cell
// corner in its middle, so that the edges form a chain.
typedef struct walk {
    const ct_grid *grid;
    void (*visit)(void *context, uint32_t row, uint32_t column, int side, int sense);
    void *context;
    bool ahead; // the line runs eastward here, as the walk does
} walk;

// Cuts a-b to the grid and a margin around it; false if nothing is left. Liang and Barsky 1984.
static bool clip(const ct_grid *grid, double a[2], double b[2]) {
    const double margin = 4, high[2] = {grid->nx + margin, grid->ny + margin};
    double t0 = 0, t1 = 1;
    const double d[2] = {b[0] - a[0], b[1] - a[1]};
    for (int k = 0; k < 2; k++) {
        if (d[k] == 0) {
            if (a[k] < -margin || a[k] > high[k]) return false;
            continue;
        }
        const double in = ((d[k] > 0 ? -margin : high[k]) - a[k]) / d[k];
        const double out = ((d[k] > 0 ? high[k] : -margin) - a[k]) / d[k];
        t0 = fmax(t0, in);
        t1 = fmin(t1, out);
    }
    if (!(t0 <= t1)) return false;
    for (int k = 0; k < 2; k++) {
        const double start = a[k];
        if (t1 < 1) b[k] = start + t1 * d[k];
        if (t0 > 0) a[k] = start + t0 * d[k];
        // Rounding, and overflow of absurd coordinates, must not lead the walk away.
        a[k] = fmin(fmax(a[k], -margin - 1), high[k] + 1);
        b[k] = fmin(fmax(b[k], -margin - 1), high[k] + 1);
    }
    return true;
}

// sense: of the walk as it goes, eastward.
static void cut_across(const walk *w, int64_t column, int64_t row, int side, int sense) {
    const int64_t columns = (int64_t)w->grid->nx - (side == 0),
                  rows = (int64_t)w->grid->ny - (side == 1);
    if (column < 0 || row < 0 || column >= columns || row >= rows) return;
    w->visit(w->context, (uint32_t)row, (uint32_t)column, side, w->ahead ? sense : -sense);
}

static void walk_segment(const walk *w, const double *from, const double *to) {
    const ct_grid *grid = w->grid;
    double a[2] = {(from[0] - grid->west_m) / grid->cell_m - 0.5,
                   (grid->north_m - from[1]) / grid->cell_m - 0.5};
    double b[2] = {(to[0] - grid->west_m) / grid->cell_m - 0.5,
                   (grid->north_m - to[1]) / grid->cell_m - 0.5};
    if (!clip(grid, a, b)) return;
    int64_t i = (int64_t)floor(a[0]), j = (int64_t)floor(a[1]);
    const int64_t end_i = (int64_t)floor(b[0]), end_j = (int64_t)floor(b[1]);
    const int64_t step_j = end_j > j ? 1 : -1;
    while (i != end_i || j != end_j) {
        // The corner ahead: a line that passes on its far side leaves through the eastern side
        // first.
        const double corner_x = (double)(i + 1), corner_y = (double)(step_j > 0 ? j + 1 : j);
        const double side = (b[0] - a[0]) * (corner_y - a[1]) - (b[1] - a[1]) * (corner_x - a[0]);
        const bool east = i != end_i && (j == end_j || (step_j > 0 ? side > 0 : side < 0));
        if (east) {
            cut_across(w, i + 1, j, 1, -1); // to the south, on its right
            i++;
        } else {
            cut_across(w, i, step_j > 0 ? j + 1 : j, 0, step_j > 0 ? 1 : -1); // to the east
            j += step_j;
        }
    }
}

void ct_grid_visit_line_edges(const ct_grid *grid, const ct_geom *line,
                              void (*visit)(void *context, uint32_t row, uint32_t column, int side,
                                            int sense),
                              void *context) {
    walk w = {grid, visit, context, true};
    for (uint32_t ring = 0; ring < line->n_rings; ring++)
        for (uint32_t i = ct_geo__ring_begin(line, ring); i + 1 < line->ring_end[ring]; i++) {
            const double *a = ct_geo__point(line, i), *b = ct_geo__point(line, i + 1);
            // Always eastward, so that a line gives the same edges whichever way it runs.
            w.ahead = a[0] < b[0] || (a[0] == b[0] && a[1] <= b[1]);
            walk_segment(&w, w.ahead ? a : b, w.ahead ? b : a);
        }
}
