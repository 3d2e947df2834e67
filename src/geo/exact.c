// Orientation predicates: filter first, expansions second.
//
// An expansion is a sum of doubles that do not overlap, smallest first; its sign is that of its
// last, largest part. Zero parts are left out, so the common exact cases stay short.
#include "geo/exact.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

static const double half_ulp = DBL_EPSILON / 2;
static const double splitter = 134217729.0; // 2^27 + 1

typedef struct expansion {
    int n;
    double part[192];
} expansion;

// a + b = sum + error, exactly.
static inline double two_sum(double a, double b, double *error) {
    const double sum = a + b;
    const double from_b = sum - a, from_a = sum - from_b;
    *error = (a - from_a) + (b - from_b);
    return sum;
}

static inline double split(double a, double *low) {
    const double c = splitter * a;
    const double high = c - (c - a);
    *low = a - high;
    return high;
}

// a * b = product + error, exactly.
static inline double two_product(double a, double b, double *error) {
    const double product = a * b;
    double a_low, b_low;
    const double a_high = split(a, &a_low), b_high = split(b, &b_low);
    *error = a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low);
    return product;
}

static void grow(expansion *e, double b) {
    double carry = b;
    int kept = 0;
    for (int i = 0; i < e->n; i++) {
        double error;
        carry = two_sum(carry, e->part[i], &error);
        if (error != 0) e->part[kept++] = error;
    }
    if (carry != 0) e->part[kept++] = carry;
    e->n = kept;
}

static void add(expansion *e, const expansion *f, double sign) {
    for (int i = 0; i < f->n; i++) grow(e, sign * f->part[i]);
}

static expansion difference(double a, double b) {
    expansion e; // its parts stay as they are: writing them all would take longer than the rest
    e.n = 0;
    double error;
    const double sum = two_sum(a, -b, &error);
    if (error != 0) e.part[e.n++] = error;
    if (sum != 0) e.part[e.n++] = sum;
    return e;
}

static void multiply(expansion *out, const expansion *e, const expansion *f) {
    out->n = 0;
    for (int i = 0; i < e->n; i++)
        for (int j = 0; j < f->n; j++) {
            double error;
            const double product = two_product(e->part[i], f->part[j], &error);
            if (error != 0) grow(out, error);
            if (product != 0) grow(out, product);
        }
}

static int sign_of(const expansion *e) {
    if (e->n == 0) return 0;
    const double top = e->part[e->n - 1];
    return top > 0 ? 1 : top < 0 ? -1 : 0;
}

// u[0] v[1] - u[1] v[0]
static void cross2(expansion *out, const expansion u[2], const expansion v[2]) {
    expansion other;
    multiply(out, &u[0], &v[1]);
    multiply(&other, &u[1], &v[0]);
    add(out, &other, -1);
}

static int orient2d_exactly(const double *a, const double *b, const double *c) {
    const expansion u[2] = {difference(a[0], c[0]), difference(a[1], c[1])};
    const expansion v[2] = {difference(b[0], c[0]), difference(b[1], c[1])};
    expansion det;
    cross2(&det, u, v);
    return sign_of(&det);
}

static int compare(double a, double b) {
    return (a > b) - (a < b);
}

// Where the four differences have no rounding. The rounded products are in the order of the exact
// ones; where they are equal their errors tell.
static bool orient2d_of_products(int *sign, const double *a, const double *b, const double *c) {
    double error[4], left_error, right_error;
    const double u = two_sum(a[0], -c[0], &error[0]), v = two_sum(b[1], -c[1], &error[1]);
    const double x = two_sum(a[1], -c[1], &error[2]), y = two_sum(b[0], -c[0], &error[3]);
    if (error[0] != 0 || error[1] != 0 || error[2] != 0 || error[3] != 0) return false;
    const double left = two_product(u, v, &left_error), right = two_product(x, y, &right_error);
    // Errors of products so small would be rounded themselves, and large ones not be finite.
    const double least = 0x1p-900, most = 0x1p900;
    if (!(fabs(left) > least && fabs(left) < most && fabs(right) > least && fabs(right) < most))
        return false;
    *sign = left != right ? compare(left, right) : compare(left_error, right_error);
    return true;
}

int ct_orient2d(const double a[2], const double b[2], const double c[2]) {
    const double u = a[0] - c[0], v = b[1] - c[1], x = a[1] - c[1], y = b[0] - c[0];
    // A difference of 0 is exact, and so are the signs of the others.
    if (u == 0 || v == 0) return -compare(x, 0) * compare(y, 0);
    if (x == 0 || y == 0) return compare(u, 0) * compare(v, 0);
    const double left = u * v, right = x * y;
    const double det = left - right;
    const double bound = (3 + 16 * half_ulp) * half_ulp * (fabs(left) + fabs(right));
    if (det > bound) return 1;
    if (det < -bound) return -1;
    if (!isfinite(bound)) return 0;
    int sign;
    return orient2d_of_products(&sign, a, b, c) ? sign : orient2d_exactly(a, b, c);
}

static int orient3d_exactly(const double *a, const double *b, const double *c, const double *d) {
    expansion u[3], v[3], w[3];
    for (int k = 0; k < 3; k++) {
        u[k] = difference(a[k], d[k]);
        v[k] = difference(b[k], d[k]);
        w[k] = difference(c[k], d[k]);
    }
    expansion det = {.n = 0};
    for (int k = 0; k < 3; k++) {
        const int k1 = (k + 1) % 3, k2 = (k + 2) % 3;
        const expansion p[2] = {v[k1], v[k2]}, q[2] = {w[k1], w[k2]};
        expansion minor, term;
        cross2(&minor, p, q);
        multiply(&term, &minor, &u[k]);
        add(&det, &term, -1);
    }
    return sign_of(&det);
}

int ct_orient3d(const double a[3], const double b[3], const double c[3], const double d[3]) {
    double u[3], v[3], w[3], det = 0, size = 0;
    for (int k = 0; k < 3; k++) {
        u[k] = a[k] - d[k];
        v[k] = b[k] - d[k];
        w[k] = c[k] - d[k];
    }
    for (int k = 0; k < 3; k++) {
        const int k1 = (k + 1) % 3, k2 = (k + 2) % 3;
        const double left = v[k1] * w[k2], right = v[k2] * w[k1];
        det -= u[k] * (left - right);
        size += fabs(u[k]) * (fabs(left) + fabs(right));
    }
    const double bound = (7 + 56 * half_ulp) * half_ulp * size;
    if (det > bound) return 1;
    if (det < -bound) return -1;
    if (!isfinite(bound)) return 0;
    return orient3d_exactly(a, b, c, d);
}
