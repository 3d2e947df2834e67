// Affine maps of space: where a local frame lies in another one.
#ifndef CT_GEO_AFFINE_H
#define CT_GEO_AFFINE_H

#include <stdbool.h>

// The three upper rows of a 4 x 4 matrix, row by row: out[i] = m[4i] x + m[4i+1] y + m[4i+2] z +
// m[4i+3].
typedef struct ct_affine {
    double m[12];
} ct_affine;

extern const ct_affine ct_affine_identity;

ct_affine ct_affine_multiply(const ct_affine *outer, const ct_affine *inner); // inner goes first
void ct_affine_point(double out[3], const ct_affine *a, const double p[3]);   // out may be p
void ct_affine_vector(double out[3], const ct_affine *a,
                      const double v[3]); // without the translation; out may be v
// Of the linear part: the factor by which volumes grow, negative where it mirrors.
double ct_affine_determinant(const ct_affine *a);
bool ct_affine_invert(ct_affine *out, const ct_affine *a); // false where it is singular
bool ct_affine_is_finite(const ct_affine *a);

// The frame of ISO 10303-42 axis2_placement_3d: `origin`, `axis` (z) and `ref` (x, made
// perpendicular to z). Neither need be of length 1; NULL, a zero vector or a ref along the axis
// mean the default: (0,0,1), and the first of (1,0,0), (0,1,0) not along the axis.
ct_affine ct_affine_frame(const double origin[3], const double *axis, const double *ref);

#endif
