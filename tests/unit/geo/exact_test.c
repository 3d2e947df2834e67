// Orientation predicates against whole-number arithmetic: on grids, on lines and planes, and a bit
// of rounding off them.
#include "geo_fixture.h"

#include "geo/exact.h"

__extension__ typedef __int128 wide;

static int64_t whole(dice *d, int64_t low, int64_t high) {
    return ct_rng_int(low, high, d->seed, 1, d->step++, 0);
}

static int sign128(wide v) {
    return v > 0 ? 1 : v < 0 ? -1 : 0;
}

static int orient2d_of(const int64_t *a, const int64_t *b, const int64_t *c) {
    return sign128((wide)(b[0] - a[0]) * (c[1] - a[1]) - (wide)(b[1] - a[1]) * (c[0] - a[0]));
}

static int orient3d_of(const int64_t *a, const int64_t *b, const int64_t *c, const int64_t *d) {
    wide u[3], v[3], w[3];
    for (int k = 0; k < 3; k++) {
        u[k] = b[k] - a[k];
        v[k] = c[k] - a[k];
        w[k] = d[k] - a[k];
    }
    return sign128(w[0] * (u[1] * v[2] - u[2] * v[1]) + w[1] * (u[2] * v[0] - u[0] * v[2]) +
                   w[2] * (u[0] * v[1] - u[1] * v[0]));
}

// Whole numbers times a step that rounds nothing.
static void point_of(double out[3], const int64_t *p, double step) {
    for (int k = 0; k < 3; k++) out[k] = (double)p[k] * step;
}

static void plane_signs_are_those_of_whole_numbers(void **state) {
    (void)state;
    dice d = {.seed = 41};
    for (int i = 0; i < 200000; i++) {
        // Small grids: many points on one line; large ones: sums beyond a double's digits.
        const int64_t reach = i % 3 == 0 ? 4 : i % 3 == 1 ? 1 << 20 : (int64_t)1 << 50;
        int64_t p[3][3] = {{0}};
        double q[3][3];
        for (int n = 0; n < 3; n++)
            for (int k = 0; k < 2; k++) p[n][k] = whole(&d, -reach, reach);
        if (i % 4 == 0) // on the line, or one step off it
            for (int k = 0; k < 2; k++) {
                p[1][k] = p[0][k] + (p[1][k] - p[0][k]) / 4;
                p[2][k] = p[0][k] + 3 * (p[1][k] - p[0][k]) + (i % 8 == 0 ? whole(&d, -1, 1) : 0);
            }
        for (int n = 0; n < 3; n++) point_of(q[n], p[n], 0x1p-30);
        assert_int_equal(ct_orient2d(q[0], q[1], q[2]), orient2d_of(p[0], p[1], p[2]));
    }
}

static void space_signs_are_those_of_whole_numbers(void **state) {
    (void)state;
    dice d = {.seed = 42};
    for (int i = 0; i < 200000; i++) {
        const int64_t reach = i % 3 == 0 ? 3 : i % 3 == 1 ? 1 << 20 : (int64_t)1 << 39;
        int64_t p[4][3];
        double q[4][3];
        for (int n = 0; n < 4; n++)
            for (int k = 0; k < 3; k++) p[n][k] = whole(&d, -reach, reach);
        if (i % 4 == 0) // in the plane, or one step off it
            for (int k = 0; k < 3; k++)
                p[3][k] = p[0][k] + (p[1][k] - p[0][k]) - (p[2][k] - p[0][k]) +
                          (i % 8 == 0 ? whole(&d, -1, 1) : 0);
        for (int n = 0; n < 4; n++) point_of(q[n], p[n], 0x1p-20);
        assert_int_equal(ct_orient3d(q[0], q[1], q[2], q[3]), orient3d_of(p[0], p[1], p[2], p[3]));
    }
}

// Of three points on a straight line, one moved by the smallest step of a double.
static void the_last_bit_decides(void **state) {
    (void)state;
    const double a[2] = {12, 12}, b[2] = {24, 24};
    double c[2] = {0.5, 0.5};
    assert_int_equal(ct_orient2d(a, b, c), 0);
    c[1] = nextafter(0.5, 1);
    assert_int_equal(ct_orient2d(a, b, c), 1);
    assert_int_equal(ct_orient2d(b, a, c), -1);
    c[1] = nextafter(0.5, 0);
    assert_int_equal(ct_orient2d(a, b, c), -1);
    const double p[3] = {0.1, 0.1, 0.1}, q[3] = {1e5, 0.1, 0.1}, r[3] = {0.1, 1e5, 0.1};
    double s[3] = {333.3, 777.7, 0.1};
    assert_int_equal(ct_orient3d(p, q, r, s), 0);
    s[2] = nextafter(0.1, 1);
    assert_int_equal(ct_orient3d(p, q, r, s), 1);
    s[2] = nextafter(0.1, 0);
    assert_int_equal(ct_orient3d(p, q, r, s), -1);
}

static void what_is_not_finite_has_no_side(void **state) {
    (void)state;
    const double a[3] = {0, 0, 0}, b[3] = {1, 0, 0}, c[3] = {0, 1, 0}, bad[3] = {NAN, 1, INFINITY};
    assert_int_equal(ct_orient2d(a, b, bad), 0);
    assert_int_equal(ct_orient3d(a, b, c, bad), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plane_signs_are_those_of_whole_numbers),
        cmocka_unit_test(space_signs_are_those_of_whole_numbers),
        cmocka_unit_test(the_last_bit_decides),
        cmocka_unit_test(what_is_not_finite_has_no_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
