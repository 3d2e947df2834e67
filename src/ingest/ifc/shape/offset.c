// Lines in the plane moved sideways.
#include <math.h>

#include "ingest/ifc/shape/basis.h"

// The unit vector to the left of the way from a to b.
static void left_of(double out[2], const double *a, const double *b) {
    const double x = b[0] - a[0], y = b[1] - a[1], length = sqrt(x * x + y * y);
    out[0] = length > 0 ? -y / length : 0;
    out[1] = length > 0 ? x / length : 0;
}

ct_err ct_ifc__offset(ct_ifc__points *out, ct_ifc__work *w, const ct_ifc__line *line, double by) {
    const uint32_t n = line->n;
    for (uint32_t i = 0; i < n; i++) {
        const double *p = line->xyz + 3 * (size_t)i;
        const bool begins = i == 0 && !line->closed, ends = i + 1 == n && !line->closed;
        const double *before = line->xyz + 3 * (size_t)(i ? i - 1 : n - 1);
        const double *after = line->xyz + 3 * (size_t)(i + 1 < n ? i + 1 : 0);
        double u[2], v[2];
        left_of(u, begins ? p : before, begins ? after : p);
        left_of(v, ends ? before : p, ends ? p : after);
        // Where both sides meet: p + by (u + v) / (1 + u v); a point that turns back gets no spike.
        const double k = by / fmax(1 + u[0] * v[0] + u[1] * v[1], 0.1);
        const double at[3] = {p[0] + k * (u[0] + v[0]), p[1] + k * (u[1] + v[1]), p[2]};
        CT_TRY(ct_ifc__put_point(out, w, at));
    }
    return CT_OK;
}
