// Affine maps of space.
#include "geo/affine.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

const ct_affine ct_affine_identity = {{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0}};

ct_affine ct_affine_multiply(const ct_affine *outer, const ct_affine *inner) {
    ct_affine out;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 4; k++) {
            out.m[4 * i + k] = outer->m[4 * i] * inner->m[k] +
                               outer->m[4 * i + 1] * inner->m[4 + k] +
                               outer->m[4 * i + 2] * inner->m[8 + k];
            if (k == 3) out.m[4 * i + k] += outer->m[4 * i + 3];
        }
    return out;
}

void ct_affine_vector(double out[3], const ct_affine *a, const double v[3]) {
    const double x = v[0], y = v[1], z = v[2];
    for (int i = 0; i < 3; i++)
        out[i] = a->m[4 * i] * x + a->m[4 * i + 1] * y + a->m[4 * i + 2] * z;
}

void ct_affine_point(double out[3], const ct_affine *a, const double p[3]) {
    ct_affine_vector(out, a, p);
    for (int i = 0; i < 3; i++) out[i] += a->m[4 * i + 3];
}

double ct_affine_determinant(const ct_affine *a) {
    const double *m = a->m;
    return m[0] * (m[5] * m[10] - m[6] * m[9]) - m[1] * (m[4] * m[10] - m[6] * m[8]) +
           m[2] * (m[4] * m[9] - m[5] * m[8]);
}

bool ct_affine_invert(ct_affine *out, const ct_affine *a) {
    const double *m = a->m, det = ct_affine_determinant(a);
    if (det == 0 || !isfinite(1 / det)) return false;
    ct_affine inverse = {{(m[5] * m[10] - m[6] * m[9]) / det, (m[2] * m[9] - m[1] * m[10]) / det,
                          (m[1] * m[6] - m[2] * m[5]) / det, 0, (m[6] * m[8] - m[4] * m[10]) / det,
                          (m[0] * m[10] - m[2] * m[8]) / det, (m[2] * m[4] - m[0] * m[6]) / det, 0,
                          (m[4] * m[9] - m[5] * m[8]) / det, (m[1] * m[8] - m[0] * m[9]) / det,
                          (m[0] * m[5] - m[1] * m[4]) / det, 0}};
    const double move[3] = {m[3], m[7], m[11]};
    double back[3];
    ct_affine_vector(back, &inverse, move);
    for (int i = 0; i < 3; i++) inverse.m[4 * i + 3] = -back[i];
    *out = inverse;
    return true;
}

bool ct_affine_is_finite(const ct_affine *a) {
    for (int i = 0; i < 12; i++)
        if (!isfinite(a->m[i])) return false;
    return true;
}

static bool normalise(double v[3]) {
    const double length = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    if (!(length > 1e-12) || !isfinite(length)) return false;
    for (int i = 0; i < 3; i++) v[i] /= length;
    return true;
}

// `v` less its part along the unit vector `z`, of length 1; false where nothing is left.
static bool across(double out[3], const double v[3], const double z[3]) {
    const double along = v[0] * z[0] + v[1] * z[1] + v[2] * z[2];
    double rest[3];
    for (int i = 0; i < 3; i++) rest[i] = v[i] - along * z[i];
    if (!normalise(rest)) return false;
    memcpy(out, rest, sizeof rest);
    return true;
}

ct_affine ct_affine_frame(const double origin[3], const double *axis, const double *ref) {
    double z[3] = {0, 0, 1}, x[3] = {0};
    if (axis) {
        double given[3] = {axis[0], axis[1], axis[2]};
        if (normalise(given)) memcpy(z, given, sizeof z);
    }
    double wanted[3] = {1, 0, 0};
    if (ref) {
        double given[3] = {ref[0], ref[1], ref[2]};
        if (normalise(given)) memcpy(wanted, given, sizeof wanted);
    }
    if (!across(x, wanted, z) && !across(x, (const double[3]){1, 0, 0}, z))
        (void)across(x, (const double[3]){0, 1, 0}, z);
    const double y[3] = {z[1] * x[2] - z[2] * x[1], z[2] * x[0] - z[0] * x[2],
                         z[0] * x[1] - z[1] * x[0]};
    return (ct_affine){
        {x[0], y[0], z[0], origin[0], x[1], y[1], z[1], origin[1], x[2], y[2], z[2], origin[2]}};
}
