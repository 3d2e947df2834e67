// A curve or a function of time that an engine keeps: linear between its points, or in steps.
#ifndef CT_SIM_CORE_CURVE_H
#define CT_SIM_CORE_CURVE_H

#include <stddef.h>

#include "cimtwin/err.h"

// Owned; x ascends strictly. count 0 = none, {0}.
typedef struct ct_curve {
    size_t count;
    double *x, *y; // one block
} ct_curve;

// A copy of count points. CT_NOMEM.
CT_CHECKED ct_err ct_curve_copy(ct_curve *out, const double *x, const double *y, size_t count);
void ct_curve_free(ct_curve *curve);

// Linear between n >= 1 points of ascending x, the ends hold.
double ct_curve_linear(const double *x, const double *y, size_t n, double at);

// Of a curve with points:
double ct_curve_at(const ct_curve *curve, double x);               // linear, the ends hold
double ct_curve_below(const ct_curve *curve, double x);            // in steps: y k holds below x k
double ct_curve_mean(const ct_curve *curve, double x0, double x1); // of the linear one, x0 < x1
// Of any, in steps in which y k holds from x k to x k + 1, the last one for ever, 0 before the
// first:
double ct_curve_since(const ct_curve *curve, double x); // the value from x on
double ct_curve_next(const ct_curve *curve, double x);  // the first of its x beyond x; INFINITY
// The integral.
double ct_curve_integral(const ct_curve *curve, double x0, double x1);

#endif
