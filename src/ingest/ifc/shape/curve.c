// Curves as polylines.
#include "ingest/ifc/shape/work.h"

#include <math.h>

uint32_t ct_ifc__arc_steps(const ct_ifc__work *w, double radius, double sweep) {
    // The sagitta of a chord over the angle a is r (1 - cos a/2).
    const double flat = radius > w->chord_m ? 2 * acos(1 - w->chord_m / radius) : CT_IFC__ARC_RAD;
    const double step = fmin(flat, CT_IFC__ARC_RAD);
    const double n = ceil(fabs(sweep) / step - 1e-9);
    return n >= 1 ? (uint32_t)fmin(n, 1e6) : 1;
}

ct_err ct_ifc__curve(ct_ifc__line *out, ct_ifc__work *w, uint32_t curve) {
    (void)out;
    return ct_ifc__unsupported(w, curve);
}

ct_err ct_ifc__curve_between(ct_ifc__line *out, ct_ifc__work *w, uint32_t curve,
                             const double from[3], const double to[3], bool forward) {
    (void)out;
    (void)from;
    (void)to;
    (void)forward;
    return ct_ifc__unsupported(w, curve);
}
