// One try of a step: every part walks its rows, makes the fluxes of a row's faces and moves its
// cells, from `now` to `next`. The parts share nothing that they write, so their number cannot
// change a byte.
#include <math.h>
#include <string.h>

#include "sim/flood/face.h"
#include "sim/flood/state.h"

// The y faces above row j (j = 0 and j = ny are edges).
static void faces_above(ct_flood *f, uint32_t j, const ct_flood__row_flux *out) {
    size_t nx = f->nx, below = (size_t)j * nx;
    if (j == 0 || j == f->ny) {
        ct_flood_side side = j == 0 ? CT_FLOOD_TOP : CT_FLOOD_BOTTOM;
        for (size_t i = 0; i < nx; i++) ct_flood__edge_flux(f, side, i, out, i);
        return;
    }
    size_t above = below - nx;
    const ct_flood__cells *c = &f->now;
    ct_flood__row_state upper = {c->h + above, c->v + above, c->u + above, f->z + above};
    ct_flood__row_state lower = {c->h + below, c->v + below, c->u + below, f->z + below};
    f->rows->faces(nx, f->cell_m, &upper, &lower, f->sill_y + below, out);
}

// The x faces of row j, nx + 1 of them.
static void faces_along(ct_flood *f, uint32_t j, const ct_flood__row_flux *out) {
    size_t nx = f->nx, at = (size_t)j * nx;
    const ct_flood__cells *c = &f->now;
    ct_flood__row_state left = {c->h + at, c->u + at, c->v + at, f->z + at};
    ct_flood__row_state right = {left.h + 1, left.normal + 1, left.tangential + 1, left.z + 1};
    ct_flood__row_flux inner = {out->mass + 1, out->left + 1, out->right + 1, out->cross + 1};
    f->rows->faces(nx - 1, f->cell_m, &left, &right, f->sill_x + (size_t)j * (nx + 1) + 1, &inner);
    ct_flood__edge_flux(f, CT_FLOOD_LEFT, j, out, 0);
    ct_flood__edge_flux(f, CT_FLOOD_RIGHT, j, out, nx);
}

// Several running maxima side by side vectorise where one does not; the result is the same.
static double row_max(const double *values, size_t n) {
    double lane[8] = {0};
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        for (size_t k = 0; k < 8; k++) lane[k] = ct_flood__max(values[i + k], lane[k]);
    }
    for (; i < n; i++) lane[0] = ct_flood__max(values[i], lane[0]);
    for (size_t k = 1; k < 8; k++) lane[0] = ct_flood__max(lane[k], lane[0]);
    return lane[0];
}

static void sweep_part(void *context, size_t index) {
    ct_flood *f = context;
    ct_flood__part *part = &f->parts[index];
    size_t nx = f->nx;
    part->drained = part->wild = 0;
    part->wave_ms = 0;
    faces_above(f, part->first_row, &part->y[0]);
    for (uint32_t j = part->first_row; j < part->end_row; j++) {
        size_t at = (size_t)j * nx, upper = (j - part->first_row) & 1;
        faces_along(f, j, &part->x);
        faces_above(f, j + 1, &part->y[1 - upper]);
        ct_flood__row_cells row = {.h = f->now.h + at,
                                   .u = f->now.u + at,
                                   .v = f->now.v + at,
                                   .gn2 = f->gn2 + at,
                                   .rain_gain = f->rain.gain + at,
                                   .x = part->x,
                                   .top = part->y[upper],
                                   .bottom = part->y[1 - upper],
                                   .h_new = f->next.h + at,
                                   .u_new = f->next.u + at,
                                   .v_new = f->next.v + at,
                                   .wave = part->wave,
                                   .dt_s = f->try_dt_s,
                                   .dt_over_cell = f->try_dt_s / f->cell_m,
                                   .rain_m = f->try_rain_m};
        f->rows->cells(nx, &row, &part->drained, &part->wild);
        double wave = row_max(part->wave, nx);
        if (wave > part->wave_ms) part->wave_ms = wave;
    }
}

void ct_flood__sweep(ct_flood *flood, double dt_s, double rain_m) {
    flood->try_dt_s = dt_s;
    flood->try_rain_m = rain_m;
    ct_pool_run(flood->pool, flood->part_count, sweep_part, flood);
}

static void maxima_part(void *context, size_t index) {
    ct_flood *f = context;
    const ct_flood__part *part = &f->parts[index];
    size_t at = (size_t)part->first_row * f->nx;
    ct_flood__row_maxima rows = {.h = f->now.h + at,
                                 .u = f->now.u + at,
                                 .v = f->now.v + at,
                                 .debris = f->debris ? f->debris + at : NULL,
                                 .depth = f->max_depth + at,
                                 .speed = f->max_speed + at,
                                 .hazard = f->max_hazard + at,
                                 .arrival = f->arrival + at,
                                 .time_s = f->time_s};
    f->rows->maxima((size_t)(part->end_row - part->first_row) * f->nx, &rows);
}

void ct_flood__update_maxima(ct_flood *flood) {
    ct_pool_run(flood->pool, flood->part_count, maxima_part, flood);
}
