// Signs of orientation determinants, always right: a fast evaluation with an error bound, and where
// that cannot tell, exact arithmetic on expansions (Shewchuk: Adaptive precision floating-point
// arithmetic and fast robust geometric predicates, Discrete & Computational Geometry 18, 1997).
//
// Needs IEEE doubles rounded to nearest and no contraction (-ffp-contract=off). Exact while no
// product over- or underflows: coordinates of magnitude 0 or 1e-60 to 1e90. Of coordinates that are
// not finite the sign is 0.
#ifndef CT_GEO_EXACT_H
#define CT_GEO_EXACT_H

// 1 where a, b, c turn counter-clockwise, -1 clockwise, 0 on one line.
int ct_orient2d(const double a[2], const double b[2], const double c[2]);
// 1 where d lies on the side of the plane a, b, c from which they turn counter-clockwise, -1 on the
// other, 0 in the plane.
int ct_orient3d(const double a[3], const double b[3], const double c[3], const double d[3]);

#endif
