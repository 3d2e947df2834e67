// Flat things in space seen in the plane: the coordinate plane onto which they cast the largest
// shadow, by leaving out one coordinate, so that no number is rounded.
#ifndef CT_GEO_FLAT_H
#define CT_GEO_FLAT_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/exact.h"

// Which coordinates become x and y; seen so, what turned counter-clockwise about the normal does.
typedef struct ct_flat {
    int x, y;
} ct_flat;

static inline ct_flat ct_flat_of(const double normal[3]) {
    int axis = 2;
    if (fabs(normal[1]) > fabs(normal[axis])) axis = 1;
    if (fabs(normal[0]) > fabs(normal[axis])) axis = 0;
    const ct_flat up = {(axis + 1) % 3, (axis + 2) % 3};
    return normal[axis] < 0 ? (ct_flat){up.y, up.x} : up;
}

static inline int ct_flat_orient(ct_flat f, const double *a, const double *b, const double *c) {
    const double p[2] = {a[f.x], a[f.y]}, q[2] = {b[f.x], b[f.y]}, r[2] = {c[f.x], c[f.y]};
    return ct_orient2d(p, q, r);
}

// Adds twice the area vector of a ring of `n` indices into `xyz` (Newell), about its first point.
static inline void ct_flat_newell(double normal[3], const double *xyz, const uint32_t *ring,
                                  uint32_t n) {
    if (n < 3) return;
    const double *o = xyz + 3 * (size_t)ring[0];
    for (uint32_t i = 1; i + 1 < n; i++) {
        const double *a = xyz + 3 * (size_t)ring[i], *b = xyz + 3 * (size_t)ring[i + 1];
        const double u[3] = {a[0] - o[0], a[1] - o[1], a[2] - o[2]};
        const double v[3] = {b[0] - o[0], b[1] - o[1], b[2] - o[2]};
        for (int k = 0; k < 3; k++) {
            const int k1 = (k + 1) % 3, k2 = (k + 2) % 3;
            normal[k] += u[k1] * v[k2] - u[k2] * v[k1];
        }
    }
}

#endif
