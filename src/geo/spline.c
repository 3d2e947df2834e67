// B-splines by their basis functions (Cox and de Boor).
#include "geo/spline.h"

#include <math.h>
#include <stddef.h>

ct_err ct_spline_check(const ct_spline *s) {
    for (int k = 0; k < 2; k++) {
        if (s->degree[k] < 1 || s->degree[k] > CT_SPLINE_MAX_DEGREE)
            return ct_fail(CT_GEOM, "a spline of degree %u", s->degree[k]);
        if (s->n[k] <= s->degree[k])
            return ct_fail(CT_GEOM, "a spline of degree %u with %u control points", s->degree[k],
                           s->n[k]);
        const uint32_t n = s->n[k] + s->degree[k] + 1;
        for (uint32_t i = 0; i < n; i++)
            if (!isfinite(s->knots[k][i]) || (i && s->knots[k][i] < s->knots[k][i - 1]))
                return ct_fail(CT_GEOM, "knot %u of a spline is less than the one before it", i);
        if (!(s->knots[k][s->degree[k]] < s->knots[k][s->n[k]]))
            return ct_fail(CT_GEOM, "the knots of a spline do not rise");
    }
    for (size_t i = 0; i < (size_t)s->n[0] * s->n[1]; i++) {
        const double *p = s->points + 4 * i;
        if (!isfinite(p[0]) || !isfinite(p[1]) || !isfinite(p[2]) || !(p[3] > 0) || !isfinite(p[3]))
            return ct_fail(CT_GEOM, "control point %zu of a spline makes no sense", i + 1);
    }
    return CT_OK;
}

void ct_spline_domain(double low[2], double high[2], const ct_spline *s) {
    for (int k = 0; k < 2; k++) {
        low[k] = s->knots[k][s->degree[k]];
        high[k] = s->knots[k][s->n[k]];
    }
}

// The last span that begins at or before t and is not empty.
static uint32_t span_of(const double *knots, uint32_t n, uint32_t degree, double t) {
    uint32_t low = degree, high = n;
    while (high - low > 1) {
        const uint32_t middle = (low + high) / 2;
        if (knots[middle] <= t)
            low = middle;
        else
            high = middle;
    }
    while (low > degree && knots[low] == knots[low + 1]) low--;
    return low;
}

// The degree + 1 functions that are not 0 in the span, and their slopes.
static void basis(double *value, double *slope, const double *knots, uint32_t span, uint32_t degree,
                  double t) {
    double left[CT_SPLINE_MAX_DEGREE + 1], right[CT_SPLINE_MAX_DEGREE + 1];
    double lower[CT_SPLINE_MAX_DEGREE + 1] = {0}; // of one degree less
    value[0] = 1;
    for (uint32_t d = 1; d <= degree; d++) {
        if (d == degree)
            for (uint32_t i = 0; i < d; i++) lower[i] = value[i];
        left[d] = t - knots[span + 1 - d];
        right[d] = knots[span + d] - t;
        double saved = 0;
        for (uint32_t i = 0; i < d; i++) {
            const double width = right[i + 1] + left[d - i];
            const double part = width > 0 ? value[i] / width : 0;
            value[i] = saved + right[i + 1] * part;
            saved = left[d - i] * part;
        }
        value[d] = saved;
    }
    for (uint32_t i = 0; i <= degree; i++) {
        const uint32_t at = span - degree + i;
        const double before = knots[at + degree] - knots[at];
        const double after = knots[at + degree + 1] - knots[at + 1];
        slope[i] = 0;
        if (i > 0 && before > 0) slope[i] += degree * lower[i - 1] / before;
        if (i < degree && after > 0) slope[i] -= degree * lower[i] / after;
    }
}

void ct_spline_at(double place[3], double du[3], double dv[3], const ct_spline *s,
                  const double uv[2]) {
    double value[2][CT_SPLINE_MAX_DEGREE + 1], slope[2][CT_SPLINE_MAX_DEGREE + 1];
    uint32_t span[2];
    for (int k = 0; k < 2; k++) {
        const double low = s->knots[k][s->degree[k]], high = s->knots[k][s->n[k]];
        const double t = fmin(fmax(uv[k], low), high);
        span[k] = span_of(s->knots[k], s->n[k], s->degree[k], t);
        basis(value[k], slope[k], s->knots[k], span[k], s->degree[k], t);
    }
    double sum[3][4] = {{0}}; // the surface, its slopes in u and v; all times the weight
    for (uint32_t i = 0; i <= s->degree[0]; i++)
        for (uint32_t j = 0; j <= s->degree[1]; j++) {
            const size_t row = span[0] - s->degree[0] + i, column = span[1] - s->degree[1] + j;
            const double *p = s->points + 4 * (row * s->n[1] + column);
            const double f[3] = {value[0][i] * value[1][j], slope[0][i] * value[1][j],
                                 value[0][i] * slope[1][j]};
            for (int d = 0; d < 3; d++)
                for (int k = 0; k < 4; k++) sum[d][k] += f[d] * p[k];
        }
    const double w = sum[0][3];
    for (int k = 0; k < 3; k++) {
        place[k] = sum[0][k] / w;
        if (du) du[k] = (sum[1][k] - place[k] * sum[1][3]) / w;
        if (dv) dv[k] = (sum[2][k] - place[k] * sum[2][3]) / w;
    }
}
