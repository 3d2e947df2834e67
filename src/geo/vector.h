// Vectors in space, of doubles: what is too small to call.
#ifndef CT_GEO_VECTOR_H
#define CT_GEO_VECTOR_H

#include <math.h>

static inline double ct_dot(const double a[3], const double b[3]) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
static inline void ct_minus(double out[3], const double a[3], const double b[3]) {
    for (int k = 0; k < 3; k++) out[k] = a[k] - b[k];
}
static inline double ct_distance(const double a[3], const double b[3]) {
    double d[3];
    ct_minus(d, a, b);
    return sqrt(ct_dot(d, d));
}

#endif
