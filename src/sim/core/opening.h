// Pieces of the laws of weirs and orifices.
#ifndef CT_SIM_CORE_OPENING_H
#define CT_SIM_CORE_OPENING_H

// The square root of x > 0, straight near 0 (within 1e-5); 0 below.
double ct_root(double x);
// The share of a free weir's discharge that passes where the depth over the crest behind it is
// `ratio` of that before it: (1 - ratio^1.5)^0.385 (Villemonte 1947), straight near 1.
double ct_drowned(double ratio);

#endif
