// Square roots and drowned weirs, made straight where their slope would be infinite: solvers need
// one that they can follow.
#include "sim/core/opening.h"

#include <math.h>

double ct_root(double x) {
    const double straight = 1e-5;
    return x > 0 ? x / sqrt(sqrt(x * x + straight * straight)) : 0;
}

double ct_drowned(double ratio) {
    const double last = 0.995;
    if (!(ratio > 0)) return 1;
    double at = fmin(ratio, last), share = pow(1 - at * sqrt(at), 0.385);
    return ratio <= last ? share : share * fmax(0, 1 - ratio) / (1 - last);
}
