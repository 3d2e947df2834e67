// Raster grids of square cells. Row 0 is the northernmost, like in image files; values sit at cell
// centres.
#ifndef CT_GEO_GRID_H
#define CT_GEO_GRID_H

#include <stdint.h>

#include "geo/geom.h"

typedef struct ct_grid {
    uint32_t nx, ny;
    double west_m, north_m; // outer corner of cell (row 0, column 0), in the grid's projected CRS
    double cell_m;
    float *v; // ny * nx, row by row; NaN = no data
} ct_grid;

CT_CHECKED ct_err ct_grid_new(ct_grid *out, uint32_t nx, uint32_t ny, double west_m, double north_m,
                              double cell_m,
                              float fill); // CT_LIMIT above 2^31 cells
void ct_grid_free(ct_grid *grid);          // the values, not the struct
ct_bbox ct_grid_bbox(const ct_grid *grid);
// The centre of a cell.
static inline double ct_grid_x(const ct_grid *grid, uint32_t column) {
    return grid->west_m + (column + 0.5) * grid->cell_m;
}
static inline double ct_grid_y(const ct_grid *grid, uint32_t row) {
    return grid->north_m - (row + 0.5) * grid->cell_m;
}
// The cell that holds a place, row * nx + column; -1 outside. The southern and eastern edges are
// outside.
int64_t ct_grid_cell_at(const ct_grid *grid, double x, double y);
float ct_grid_nearest(const ct_grid *grid, double x, double y);  // NaN outside
float ct_grid_bilinear(const ct_grid *grid, double x, double y); // NaN outside or beside no data
// Onto a grid with another cell size or origin: the area-weighted mean of what a cell covers (no
// data left out; NaN only where nothing is left) if cells grow, else bilinear at the centre. `out`
// may be a fresh struct only. CT_ARG, CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_grid_resample(ct_grid *out, const ct_grid *in, uint32_t nx, uint32_t ny,
                                   double west_m, double north_m, double cell_m);

// Calls visit(context, row, column) for every cell whose centre lies in the polygon, rows then
// columns ascending; just the cells for which ct_geom_contains_point(polygon, ct_grid_x,
// ct_grid_y). Polygons that share an edge never both claim a cell. Only CT_NOMEM, before the first
// visit.
CT_CHECKED ct_err ct_grid_visit_polygon(const ct_grid *grid, const ct_geom *polygon,
                                        void (*visit)(void *context, uint32_t row, uint32_t column),
                                        void *context);
// The same for the cells whose centre is no farther than radius_m from a place; for the one that
// holds the place where there is none; for none where it lies outside.
void ct_grid_visit_disc(const ct_grid *grid, double x, double y, double radius_m,
                        void (*visit)(void *context, uint32_t row, uint32_t column), void *context);
// Calls visit(context, row, column, side, sense) for a chain of cell edges that follows the line
// (or a polygon's rings) and that no 4-neighbour path crosses unnoticed: side 0 = the edge between
// (row, column) and (row, column + 1), side 1 = between (row, column) and (row + 1, column). sense:
// 1 where the way from (row, column) to the other cell leads to the left of the line as it runs,
// else -1; what the line passes back and forth has both. They are the edges between cells whose
// connection the line cuts; the chain's ends are the cell corners nearest to the line's ends. Edges
// come in no fixed order, and twice where the line does.
void ct_grid_visit_line_edges(const ct_grid *grid, const ct_geom *line,
                              void (*visit)(void *context, uint32_t row, uint32_t column, int side,
                                            int sense),
                              void *context);

// Brightness 0..255 of the ground under a light from `azimuth_deg` (from north, clockwise) and
// `altitude_deg`, Horn's slopes (Horn 1981), heights exaggerated. 0 where no data. `out` holds ny *
// nx.
void ct_grid_hillshade(uint8_t *out, const ct_grid *ground, double azimuth_deg, double altitude_deg,
                       double exaggeration);

#endif
