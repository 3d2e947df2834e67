// Polygons into triangles: areas, outlines, and rings that are hardly polygons.
#include "geo_fixture.h"

#include "geo/triangulate.h"

typedef struct rings {
    double xyz[3 * 4096];
    uint32_t points[4096], end[64];
    uint32_t n_points, n_rings;
} rings;

// Adds a ring of plane points, put into space by a turn that keeps areas.
static void add_ring(rings *r, const double *xy, uint32_t n, int tilt) {
    for (uint32_t i = 0; i < n; i++) {
        const double x = xy[2 * i], y = xy[2 * i + 1];
        double *p = r->xyz + 3 * (size_t)r->n_points;
        p[0] = tilt == 1 ? 0.25 : tilt == 2 ? 0.6 * x : x;
        p[1] = tilt == 1 ? x : y;
        p[2] = tilt == 1 ? y : tilt == 2 ? 0.8 * x : -3;
        r->points[r->n_points] = r->n_points;
        r->n_points++;
    }
    r->end[r->n_rings++] = r->n_points;
}

static ct_triangles cut(ct_triangulator *t, const rings *r) {
    ct_triangles out;
    assert_ok(ct_triangulate(&out, t, r->xyz, r->points, r->end, r->n_rings));
    return out;
}

// Each ring edge is in one triangle; all others pair up.
static void assert_outline_kept(const ct_triangles *t, const rings *r) {
    for (uint32_t ring = 0, i = 0; ring < r->n_rings; ring++) {
        const uint32_t begin = i;
        for (; i < r->end[ring]; i++) {
            const uint32_t a = r->points[i], b = r->points[i + 1 < r->end[ring] ? i + 1 : begin];
            int balance = 0;
            for (uint32_t e = 0; e < 3 * t->n; e++) {
                const uint32_t p = t->corners[e], q = t->corners[e % 3 == 2 ? e - 2 : e + 1];
                balance += (p == a && q == b) - (p == b && q == a);
            }
            assert_int_equal(balance * balance, 1);
        }
    }
}

static double area_of(const ct_triangles *t, const double *xyz) {
    double sum = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        const double *a = xyz + 3 * (size_t)t->corners[3 * i];
        const double *b = xyz + 3 * (size_t)t->corners[3 * i + 1];
        const double *c = xyz + 3 * (size_t)t->corners[3 * i + 2];
        const double u[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
        const double v[3] = {c[0] - a[0], c[1] - a[1], c[2] - a[2]};
        sum += sqrt(pow(u[1] * v[2] - u[2] * v[1], 2) + pow(u[2] * v[0] - u[0] * v[2], 2) +
                    pow(u[0] * v[1] - u[1] * v[0], 2)) /
               2;
    }
    return sum;
}

static void check(const rings *r, double area, uint32_t n) {
    ct_triangulator *t = ct_triangulator_new();
    assert_non_null(t);
    const ct_triangles cutted = cut(t, r);
    assert_true(cutted.sound);
    assert_int_equal(cutted.n, n);
    assert_near(area_of(&cutted, r->xyz), area, 1e-9 * area);
    assert_near(
        sqrt(pow(cutted.area_m2[0], 2) + pow(cutted.area_m2[1], 2) + pow(cutted.area_m2[2], 2)),
        area, 1e-9 * area);
    assert_outline_kept(&cutted, r);
    ct_triangulator_free(t);
}

static rings scratch;

static rings *fresh(void) {
    scratch.n_points = scratch.n_rings = 0;
    return &scratch;
}

static const double square[] = {0, 0, 8, 0, 8, 8, 0, 8};

static void simple_faces(void **state) {
    (void)state;
    for (int tilt = 0; tilt < 3; tilt++) {
        rings *r = fresh();
        add_ring(r, square, 3, tilt);
        check(r, 32, 1);
        r = fresh();
        add_ring(r, square, 4, tilt);
        check(r, 64, 2);
        static const double l[] = {0, 0, 8, 0, 8, 2, 2, 2, 2, 8, 0, 8};
        r = fresh();
        add_ring(r, l, 6, tilt);
        check(r, 28, 4);
    }
}

static void clockwise_looks_the_other_way(void **state) {
    (void)state;
    static const double turned[] = {0, 0, 0, 8, 8, 8, 8, 0};
    rings *r = fresh();
    add_ring(r, turned, 4, 0);
    ct_triangulator *t = ct_triangulator_new();
    const ct_triangles cutted = cut(t, r);
    assert_near(cutted.area_m2[2], -64, 1e-12);
    assert_int_equal(cutted.n, 2);
    ct_triangulator_free(t);
}

static void points_on_straight_lines_stay(void **state) {
    (void)state;
    static const double run[] = {0, 0, 1, 0, 2, 0, 3, 0, 8, 0, 8, 4, 8, 8, 6, 8, 5, 8, 0, 8, 0, 1};
    for (int tilt = 0; tilt < 3; tilt++) {
        rings *r = fresh();
        add_ring(r, run, 11, tilt);
        check(r, 64, 9);
    }
}

static void holes_touch_the_outside_and_each_other(void **state) {
    (void)state;
    // One in a corner point, one along half of an edge's middle point, two that share a point.
    static const double corner[] = {0, 0, 2, 1, 1, 2}, middle[] = {4, 0, 5, 2, 3, 2};
    static const double one[] = {4, 4, 6, 4, 6, 6, 4, 6}, two[] = {4, 4, 2, 4, 2, 3, 4, 3};
    for (int tilt = 0; tilt < 3; tilt++) {
        rings *r = fresh();
        add_ring(r, square, 4, tilt);
        add_ring(r, corner, 3, tilt);
        add_ring(r, middle, 3, tilt);
        add_ring(r, one, 4, tilt);
        add_ring(r, two, 4, tilt);
        check(r, 64 - 1.5 - 2 - 4 - 2, 18 + 2 * 4 - 2);
    }
}

// The hole's edge runs on where the bridge from its leftmost point would.
static void a_hole_hangs_in_a_corner(void **state) {
    (void)state;
    static const double outer[] = {0, 2, 0, 0, 4, 0, 4, 3, 1, 3, 1, 2};
    static const double hole[] = {1, 2, 3, 2, 3, 1, 1, 1};
    rings *r = fresh();
    double mirrored[12];
    for (int i = 0; i < 6; i++) { // counter-clockwise
        mirrored[2 * i] = outer[2 * (5 - i)];
        mirrored[2 * i + 1] = -outer[2 * (5 - i) + 1];
    }
    add_ring(r, outer, 6, 0);
    add_ring(r, hole, 4, 0);
    check(r, 9, 10);
    r = fresh();
    add_ring(r, mirrored, 6, 0);
    check(r, 11, 4);
}

static void many_holes(void **state) {
    (void)state;
    rings *r = fresh();
    add_ring(r, square, 4, 2);
    for (int i = 0; i < 49; i++) {
        const double x = 1 + i % 7, y = 1 + i / 7;
        const double hole[] = {x - 0.3, y, x, y + 0.3, x + 0.3, y, x, y - 0.3};
        add_ring(r, hole, 4, 2);
    }
    check(r, 64 - 49 * 0.18, 4 + 49 * 4 + 2 * 49 - 2);
}

// Star-shaped rings of random radii: simple however wild.
static void random_stars(void **state) {
    (void)state;
    dice d = {.seed = 43};
    for (int i = 0; i < 300; i++) {
        double xy[2 * 400], area = 0;
        const uint32_t n = (uint32_t)dice_int(&d, 3, i % 10 == 0 ? 400 : 40);
        for (uint32_t k = 0; k < n; k++) {
            const double turn = 2 * M_PI * k / n, far = dice_range(&d, 0.01, 10);
            xy[2 * k] = far * cos(turn);
            xy[2 * k + 1] = far * sin(turn);
        }
        for (uint32_t k = 0; k < n; k++) {
            const double *a = xy + 2 * k, *b = xy + 2 * ((k + 1) % n);
            area += (a[0] * b[1] - a[1] * b[0]) / 2;
        }
        if (area < 1e-3) continue;
        rings *r = fresh();
        add_ring(r, xy, n, i % 3);
        check(r, area, n - 2);
    }
}

// Rings over a coarse grid cross themselves: the outline is kept nonetheless.
static void rings_that_cross_themselves_keep_their_edges(void **state) {
    (void)state;
    dice d = {.seed = 44};
    ct_triangulator *t = ct_triangulator_new();
    for (int i = 0; i < 3000; i++) {
        double xy[2 * 20];
        const uint32_t n = (uint32_t)dice_int(&d, 3, 20);
        for (uint32_t k = 0; k < 2 * n; k++) xy[k] = (double)dice_int(&d, 0, 5);
        rings *r = fresh();
        add_ring(r, xy, n, i % 3);
        const ct_triangles cutted = cut(t, r);
        if (cutted.n == 0) continue;    // no area
        assert_true(cutted.n >= n - 2); // more where points lie within edges
        assert_outline_kept(&cutted, r);
    }
    ct_triangulator_free(t);
}

static void what_has_no_area_has_no_triangles(void **state) {
    (void)state;
    static const double line[] = {0, 0, 1, 1, 2, 2, 1, 1};
    rings *r = fresh();
    add_ring(r, line, 4, 0);
    ct_triangulator *t = ct_triangulator_new();
    assert_int_equal(cut(t, r).n, 0);
    r = fresh();
    add_ring(r, square, 2, 0);
    assert_int_equal(cut(t, r).n, 0);
    r->n_rings = 0;
    assert_int_equal(cut(t, r).n, 0);
    ct_triangulator_free(t);
}

static void edges_are_flipped_to_fat_triangles(void **state) {
    (void)state;
    // A kite: the short diagonal is Delaunay's.
    static const double kite[] = {0, 0, 10, -1, 20, 0, 10, 1};
    rings *r = fresh();
    add_ring(r, kite, 4, 2);
    ct_triangulator *t = ct_triangulator_new();
    const ct_triangles cutted = cut(t, r);
    assert_int_equal(cutted.n, 2);
    for (uint32_t i = 0; i < 2; i++) {
        int ends = 0; // of the long diagonal
        for (int k = 0; k < 3; k++) ends += cutted.corners[3 * i + k] % 2 == 0;
        assert_int_equal(ends, 1);
    }
    ct_triangulator_free(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simple_faces),
        cmocka_unit_test(clockwise_looks_the_other_way),
        cmocka_unit_test(points_on_straight_lines_stay),
        cmocka_unit_test(holes_touch_the_outside_and_each_other),
        cmocka_unit_test(a_hole_hangs_in_a_corner),
        cmocka_unit_test(many_holes),
        cmocka_unit_test(random_stars),
        cmocka_unit_test(rings_that_cross_themselves_keep_their_edges),
        cmocka_unit_test(what_has_no_area_has_no_triangles),
        cmocka_unit_test(edges_are_flipped_to_fat_triangles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
