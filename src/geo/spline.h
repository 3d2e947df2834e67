// B-splines, rational or not: surfaces over a net of control points.
#ifndef CT_GEO_SPLINE_H
#define CT_GEO_SPLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "cimtwin/err.h"

enum { CT_SPLINE_MAX_DEGREE = 24 };

typedef struct ct_spline {
    uint32_t degree[2];
    uint32_t n[2];          // control points each way
    const double *knots[2]; // n + degree + 1 of each, never falling
    const double *points;   // 4 numbers each: weight * place, weight; the second way runs first
} ct_spline;

// CT_GEOM naming what is wrong: degrees, counts, knots that fall, weights that are not above 0.
CT_CHECKED ct_err ct_spline_check(const ct_spline *s);
void ct_spline_domain(double low[2], double high[2], const ct_spline *s);
// The place, and how it changes with either parameter (may be NULL). Parameters beyond the domain
// count as its end.
void ct_spline_at(double place[3], double du[3], double dv[3], const ct_spline *s,
                  const double uv[2]);

#endif
