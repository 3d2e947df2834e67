// The polynomial stand-in for a transform: a least-squares fit of bivariate cubics on a lattice of
// Chebyshev nodes, which spreads the error evenly, then checked on a finer even lattice that
// includes the corners.
#include <math.h>

#include "geo/tile.h"

// The fourth-order error of a cubic on 4 by 4 nodes is greatest at the corners and middles, which
// the 5 by 5 checks contain. More of either cost a small tile more than its features do.
enum { TERMS = 10, NODES = 4, CHECKS = 5 };

// The terms in the order of ct_fit_apply.
static void terms_at(double out[TERMS], double u, double v) {
    const double t[TERMS] = {1,     u,         v,         u * u,     u * v,
                             v * v, u * u * u, u * u * v, v * v * u, v * v * v};
    for (int i = 0; i < TERMS; i++) out[i] = t[i];
}

// Solves m * x = b for two right sides by Cholesky's decomposition; m is symmetric and positive
// definite by the choice of nodes.
static void solve(double m[TERMS][TERMS], double bx[TERMS], double by[TERMS]) {
    for (int j = 0; j < TERMS; j++) {
        for (int k = 0; k < j; k++) m[j][j] -= m[j][k] * m[j][k];
        m[j][j] = sqrt(m[j][j]);
        for (int i = j + 1; i < TERMS; i++) {
            for (int k = 0; k < j; k++) m[i][j] -= m[i][k] * m[j][k];
            m[i][j] /= m[j][j];
        }
    }
    double *sides[2] = {bx, by};
    for (int s = 0; s < 2; s++) {
        double *b = sides[s];
        for (int i = 0; i < TERMS; i++) {
            for (int k = 0; k < i; k++) b[i] -= m[i][k] * b[k];
            b[i] /= m[i][i];
        }
        for (int i = TERMS - 1; i >= 0; i--) {
            for (int k = i + 1; k < TERMS; k++) b[i] -= m[k][i] * b[k];
            b[i] /= m[i][i];
        }
    }
}

static void set_frame(ct_fit *fit, const ct_bbox *box) {
    fit->centre_x = box->min_x + (box->max_x - box->min_x) / 2;
    fit->centre_y = box->min_y + (box->max_y - box->min_y) / 2;
    // A box without width still gets a frame: a sliver that the coordinates can resolve.
    const double half_x = fmax((box->max_x - box->min_x) / 2, 1e-6 * fmax(1, fabs(fit->centre_x)));
    const double half_y = fmax((box->max_y - box->min_y) / 2, 1e-6 * fmax(1, fabs(fit->centre_y)));
    fit->scale_x = 1 / half_x;
    fit->scale_y = 1 / half_y;
}

static ct_err fit_terms(ct_fit *fit, ct_transform *t) {
    double uv[NODES * NODES + 1][2], image[NODES * NODES + 1][2];
    for (int i = 0; i < NODES * NODES; i++) {
        uv[i][0] = cos(M_PI * (2 * (i % NODES) + 1) / (2 * NODES));
        uv[i][1] = cos(M_PI * (2 * (i / NODES) + 1) / (2 * NODES));
    }
    uv[NODES * NODES][0] = uv[NODES * NODES][1] = 0;
    for (int i = 0; i <= NODES * NODES; i++) {
        image[i][0] = fit->centre_x + uv[i][0] / fit->scale_x;
        image[i][1] = fit->centre_y + uv[i][1] / fit->scale_y;
    }
    CT_TRY(ct_transform_points(t, image[0], NODES * NODES + 1, 2));
    // Fitted as differences to the centre's image, so that large coordinates do not drown them.
    const double *origin = image[NODES * NODES];
    double m[TERMS][TERMS] = {{0}}, term[TERMS];
    for (int i = 0; i < TERMS; i++) fit->cx[i] = fit->cy[i] = 0;
    for (int i = 0; i < NODES * NODES; i++) {
        terms_at(term, uv[i][0], uv[i][1]);
        for (int a = 0; a < TERMS; a++) {
            for (int b = 0; b <= a; b++) m[a][b] += term[a] * term[b];
            fit->cx[a] += term[a] * (image[i][0] - origin[0]);
            fit->cy[a] += term[a] * (image[i][1] - origin[1]);
        }
    }
    solve(m, fit->cx, fit->cy);
    fit->cx[0] += origin[0];
    fit->cy[0] += origin[1];
    return CT_OK;
}

static ct_err measure(ct_fit *fit, ct_transform *t) {
    double from[CHECKS * CHECKS][2], image[CHECKS * CHECKS][2];
    for (int i = 0; i < CHECKS * CHECKS; i++) {
        const double u = 2.0 * (i % CHECKS) / (CHECKS - 1) - 1;
        const double v = 2.0 * (i / CHECKS) / (CHECKS - 1) - 1;
        from[i][0] = image[i][0] = fit->centre_x + u / fit->scale_x;
        from[i][1] = image[i][1] = fit->centre_y + v / fit->scale_y;
    }
    CT_TRY(ct_transform_points(t, image[0], CHECKS * CHECKS, 2));
    fit->max_error = 0;
    for (int i = 0; i < CHECKS * CHECKS; i++) {
        double x = 0, y = 0;
        ct_fit_apply(fit, from[i][0], from[i][1], &x, &y);
        fit->max_error = fmax(fit->max_error, hypot(x - image[i][0], y - image[i][1]));
    }
    return CT_OK;
}

ct_err ct_fit_make(ct_fit *out, ct_transform *t, const ct_bbox *box, double tolerance) {
    if (!(box->min_x <= box->max_x && box->min_y <= box->max_y) || !isfinite(box->min_x) ||
        !isfinite(box->min_y) || !isfinite(box->max_x) || !isfinite(box->max_y))
        return ct_fail(CT_ARG, "transform fit: the box is empty or not finite");
    ct_fit fit;
    set_frame(&fit, box);
    CT_TRY(fit_terms(&fit, t));
    CT_TRY(measure(&fit, t));
    if (!(fit.max_error <= tolerance))
        return ct_fail(CT_RANGE, "transform fit: error %g is over the tolerance %g", fit.max_error,
                       tolerance);
    *out = fit;
    return CT_OK;
}
