// What the cases of this program share: the report of checked quantities and small floods to run.
#ifndef TOOLS_VERIFY_FLOOD_VERIFY_H
#define TOOLS_VERIFY_FLOOD_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "cimtwin/flood.h"

// The running report; `name` is the case that the next lines belong to.
typedef struct verify {
    bool json;
    ct_flood_scheme scheme; // of the ponds that are made
    ct_flood_precision precision;
    const char *variant; // their words for it, behind the case's name
    const char *name;
    int checked, failed;
} verify;

// The bound of a line that single precision cannot hold as narrowly.
double by_precision(const verify *v, double in_double, double in_single);
// One line: ok where |got - expected| <= bound.
void verify_near(verify *v, const char *quantity, double expected, double got, double bound);
// One line: ok where got >= least; the error is what is missing.
void verify_at_least(verify *v, const char *quantity, double least, double got);

// A flood with arrays of its own: flat, dry, closed, at rest and frictionless until changed.
typedef struct pond {
    ct_flood_params params;
    size_t cells;
    double *bed, *depth, *velocity_x;
    ct_flood *flood;
} pond;

ct_err pond_new(const verify *v, pond *out, size_t nx, size_t ny, double cell_m);
void pond_free(pond *p);
ct_err pond_open(pond *p); // from the arrays as they are now
// The sum of the depths times the cell's area, added here and not by the engine.
double pond_volume_m3(const pond *p);
double pond_max(const pond *p, ct_flood_array which);
double pond_min(const pond *p, ct_flood_array which);
double pond_x_m(const pond *p, size_t cell); // centre of the cell from the left edge
// The mean over all cells of |got - exact| (discrete L1 norm of a unit length).
double mean_error(const double *got, const double *exact, size_t n);
// The least-squares slope of -log(error) over log(cells): the order of convergence.
double order_of(const double *cells, const double *errors, size_t n);

// The cases; each adds its lines. Only what keeps a case from running is an error.
ct_err verify_rest(verify *v);
ct_err verify_dam_break(verify *v);
ct_err verify_volume(verify *v);
ct_err verify_steady(verify *v);
ct_err verify_rain(verify *v);
ct_err verify_oscillation(verify *v);
ct_err verify_reservoir(verify *v);
ct_err verify_channel(verify *v);
ct_err verify_garage(verify *v);
ct_err verify_storage(verify *v); // of no scheme

#endif
