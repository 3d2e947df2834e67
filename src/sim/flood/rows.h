// The loops over a row: faces, cells, maxima. The same source is compiled once per instruction set
// (rows_*.c); since products and sums are never fused, every build gives the same bits and the
// widest one the processor has is taken.
#ifndef CT_SIM_FLOOD_ROWS_H
#define CT_SIM_FLOOD_ROWS_H

#include <stddef.h>

// No flood is faster: a state that has such speeds or waves is diverging.
#define CT_FLOOD__SPEED_LIMIT_MS 1e4

// What lies on one side of a row of faces: depth, normal and tangential velocity, bed.
typedef struct ct_flood__row_state {
    const double *h, *normal, *tangential, *z;
} ct_flood__row_state;

// Fluxes of a row of faces; members as in ct_flood__flux.
typedef struct ct_flood__row_flux {
    double *mass, *left, *right, *cross;
} ct_flood__row_flux;

// One row of cells in a step.
typedef struct ct_flood__row_cells {
    const double *h, *u, *v;           // before
    const double *gn2, *rain_gain;     // g n2; factor on the rain depth
    ct_flood__row_flux x, top, bottom; // x: face i is the left side of cell i
    double *h_new, *u_new, *v_new;
    double *wave; // max(|u|, |v|) + c after the step
    double dt_s, dt_over_cell, rain_m;
} ct_flood__row_cells;

typedef struct ct_flood__row_maxima {
    const double *h, *u, *v;
    const double *debris; // NULL = 0
    double *depth, *speed, *hazard, *arrival;
    double time_s;
} ct_flood__row_maxima;

typedef struct ct_flood__rows {
    void (*faces)(size_t n, double cell_m, const ct_flood__row_state *left,
                  const ct_flood__row_state *right, const double *sill,
                  const ct_flood__row_flux *out);
    // Adds to `drained` the new depths that are not >= 0, to `wild` the speeds over
    // CT_FLOOD__SPEED_LIMIT_MS or not finite.
    void (*cells)(size_t n, const ct_flood__row_cells *row, size_t *drained, size_t *wild);
    void (*maxima)(size_t n, const ct_flood__row_maxima *row);
    const char *name;
} ct_flood__rows;

extern const ct_flood__rows ct_flood__rows_plain;
#if defined(__x86_64__)
#define CT_FLOOD_ROWS_X86 1
extern const ct_flood__rows ct_flood__rows_avx2;
extern const ct_flood__rows ct_flood__rows_avx512;
#endif

// The widest build this processor runs.
const ct_flood__rows *ct_flood__rows_best(void);

#endif
