// Squares of the ground by their place, the least recently used given up first.
#include "results/ground.h"

#include <math.h>

#include "base/mem.h"
#include "results/terrain.h"

enum { SIDE_CELLS = 512, KEPT = 200 }; // a square takes 1 MB

typedef struct square {
    bool there;
    int64_t column, row, used; // used: the count of asking
    ct_grid grid;
} square;

struct ct_ground {
    char *folder, *crs;
    bool any;
    ct_bbox box;
    double cell_m;
    int64_t asked;
    square squares[KEPT];
};

ct_err ct_ground_open(ct_ground **out, const char *folder, const char *crs) {
    ct_ground *g = ct_calloc(1, sizeof *g);
    if (!g) return CT_NOMEM;
    g->folder = ct_strdup(folder);
    g->crs = ct_strdup(crs);
    ct_err err = g->folder && g->crs ? ct_terrain_bounds(&g->box, folder, crs) : CT_NOMEM;
    if (err == CT_OK) err = ct_terrain_finest_m(&g->cell_m, folder, crs);
    g->any = err == CT_OK;
    if (err == CT_OK || err == CT_NOTFOUND) {
        *out = g;
        return CT_OK;
    }
    ct_ground_close(g);
    return err;
}

void ct_ground_close(ct_ground *g) {
    if (!g) return;
    for (size_t i = 0; i < KEPT; i++)
        if (g->squares[i].there) ct_grid_free(&g->squares[i].grid);
    ct_free(g->folder);
    ct_free(g->crs);
    ct_free(g);
}

// With a cell more on every side, so that a place at the edge has its neighbours.
static ct_err read_square(square *s, const ct_ground *g, int64_t column, int64_t row) {
    const double side_m = SIDE_CELLS * g->cell_m;
    const ct_bbox box = {(double)column * side_m - g->cell_m, (double)row * side_m - g->cell_m,
                         (double)(column + 1) * side_m + g->cell_m,
                         (double)(row + 1) * side_m + g->cell_m};
    ct_grid grid;
    CT_TRY(ct_terrain_read(&grid, g->folder, g->crs, &box, g->cell_m));
    if (s->there) ct_grid_free(&s->grid);
    *s = (square){.there = true, .column = column, .row = row, .grid = grid};
    return CT_OK;
}

static ct_err find_square(square **out, ct_ground *g, int64_t column, int64_t row) {
    square *oldest = &g->squares[0];
    for (size_t i = 0; i < KEPT; i++) {
        square *s = &g->squares[i];
        if (s->there && s->column == column && s->row == row) {
            *out = s;
            return CT_OK;
        }
        if (!s->there || s->used < oldest->used) oldest = s;
        if (!s->there) break; // they fill up in order
    }
    CT_TRY(read_square(oldest, g, column, row));
    *out = oldest;
    return CT_OK;
}

ct_err ct_ground_height(double *z_m, ct_ground *g, double x, double y) {
    square *s = NULL;
    const ct_bbox *b = &g->box;
    *z_m = (double)NAN;
    if (!g->any || !(x >= b->min_x && x <= b->max_x && y >= b->min_y && y <= b->max_y))
        return CT_OK;
    const double side_m = SIDE_CELLS * g->cell_m;
    CT_TRY(find_square(&s, g, (int64_t)floor(x / side_m), (int64_t)floor(y / side_m)));
    s->used = ++g->asked;
    *z_m = (double)ct_grid_bilinear(&s->grid, x, y);
    return CT_OK;
}
