// Lines moved sideways.
#include <math.h>

#include "ingest/ifc/shape/basis.h"

const double ct_ifc__up[3] = {0, 0, 1};

// The unit vector to the left of the way from a to b, seen against `up`.
static void left_of(double out[3], const double *a, const double *b, const double up[3]) {
    double length = 0;
    for (int k = 0; k < 3; k++) {
        const int i = (k + 1) % 3, j = (k + 2) % 3;
        out[k] = up[i] * (b[j] - a[j]) - up[j] * (b[i] - a[i]);
        length += out[k] * out[k];
    }
    length = sqrt(length);
    for (int k = 0; k < 3; k++) out[k] = length > 0 ? out[k] / length : 0;
}

ct_err ct_ifc__offset(ct_ifc__points *out, ct_ifc__work *w, const ct_ifc__line *line, double by,
                      const double up[3]) {
    const uint32_t n = line->n;
    for (uint32_t i = 0; i < n; i++) {
        const double *p = line->xyz + 3 * (size_t)i;
        const bool begins = i == 0 && !line->closed, ends = i + 1 == n && !line->closed;
        const double *before = line->xyz + 3 * (size_t)(i ? i - 1 : n - 1);
        const double *after = line->xyz + 3 * (size_t)(i + 1 < n ? i + 1 : 0);
        double u[3], v[3], at[3];
        left_of(u, begins ? p : before, begins ? after : p, up);
        left_of(v, ends ? before : p, ends ? p : after, up);
        // Where both sides meet: p + by (u + v) / (1 + u v); a point that turns back gets no spike.
        const double k = by / fmax(1 + u[0] * v[0] + u[1] * v[1] + u[2] * v[2], 0.1);
        for (int c = 0; c < 3; c++) at[c] = p[c] + k * (u[c] + v[c]);
        CT_TRY(ct_ifc__put_point(out, w, at));
    }
    return CT_OK;
}
