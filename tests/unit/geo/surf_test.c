// Curved surfaces: parameters and back, and pieces of them as triangles that meet their neighbours.
#include "mesh_fixture.h"

#include "geo/mesh_repair.h"
#include "geo/surf.h"

static const ct_surf_options how = {0.005, 0.15, 1e-5, 100000};

// A frame that is none of the obvious ones.
static ct_affine askew(void) {
    return ct_affine_frame((const double[3]){3, -2, 5}, (const double[3]){1, 2, 3},
                           (const double[3]){0, 1, -1});
}

typedef struct shell {
    ct_mesh_builder *b;
    ct_arena *arena;
} shell;

static void put(shell *s, const ct_surf *surf, const double *xyz, const uint32_t *loop_end,
                uint32_t n_loops, bool forward) {
    ct_surf_piece piece;
    assert_ok(ct_surf_trim(&piece, s->arena, surf, xyz, loop_end, n_loops, forward, &how));
    const uint32_t n = n_loops ? loop_end[n_loops - 1] : 0;
    for (uint32_t i = 0; i < 3 * n; i++) assert_true(piece.xyz[i] == xyz[i]);
    uint32_t *name = malloc((piece.n_points + 1) * sizeof *name);
    assert_non_null(name);
    for (uint32_t i = 0; i < piece.n_points; i++)
        assert_ok(ct_mesh_builder_point(&name[i], s->b, piece.xyz + 3 * (size_t)i));
    for (uint32_t i = 0; i < 3 * piece.n_triangles; i++) piece.corners[i] = name[piece.corners[i]];
    assert_ok(ct_mesh_builder_triangles(s->b, piece.corners, piece.n_triangles, 0));
    free(name);
}

static shell begin(ct_arena *arena) {
    const shell s = {ct_mesh_builder_new(1e-5, 0), arena};
    assert_non_null(s.b);
    return s;
}

// Closed, of about this volume and area (0.6 %, as chords lie inside).
static void end(shell *s, double volume, double area) {
    ct_mesh mesh;
    ct_mesh_topology top;
    assert_ok(ct_mesh_builder_finish(&mesh, NULL, s->arena, s->b));
    ct_mesh_builder_free(s->b);
    assert_ok(ct_mesh_repair(&top, s->arena, &mesh));
    assert_true(top.watertight);
    assert_int_equal(top.n_shells, 1);
    assert_near(ct_mesh_volume_m3(&mesh), volume, 0.006 * volume);
    assert_near(ct_mesh_area_m2(&mesh), area, 0.006 * area);
}

// n points of a circle about the z axis of the frame; from u = 0 on, or the other way round.
static uint32_t circle(double *xyz, const ct_affine *frame, double r, double z, uint32_t n,
                       bool back) {
    for (uint32_t i = 0; i < n; i++) {
        const double a = 2 * M_PI * (back ? n - i : i) / n, p[3] = {r * cos(a), r * sin(a), z};
        ct_affine_point(xyz + 3 * (size_t)i, frame, p);
    }
    return n;
}

static void there_and_back(const ct_surf *s, const double from[2], const double to[2]) {
    for (int i = 0; i <= 10; i++)
        for (int j = 0; j <= 10; j++) {
            const double uv[2] = {from[0] + (to[0] - from[0]) * i / 10,
                                  from[1] + (to[1] - from[1]) * j / 10};
            double p[3], q[3], back[2];
            ct_surf_point(p, s, uv);
            ct_surf_params(back, s, p, NULL);
            ct_surf_point(q, s, back);
            for (int k = 0; k < 3; k++) assert_near(q[k], p[k], 1e-7);
        }
}

static void parameters(void **state) {
    const ct_affine frame = askew();
    const double line[] = {1, 0, 0, 2, 0, 1, 2, 1, 3};
    ct_surf s;
    assert_ok(ct_surf_cylinder(&s, &frame, 2));
    there_and_back(&s, (const double[2]){-3, -5}, (const double[2]){3, 5});
    assert_ok(ct_surf_sphere(&s, &frame, 2));
    there_and_back(&s, (const double[2]){-3, -1.5}, (const double[2]){3, 1.5});
    assert_ok(ct_surf_torus(&s, &frame, 3, 1));
    there_and_back(&s, (const double[2]){-3, -3}, (const double[2]){3, 3});
    assert_ok(ct_surf_extrusion(&s, *state, line, 3, (const double[3]){0, 1, 1}));
    there_and_back(&s, (const double[2]){0, -3}, (const double[2]){s.high[0], 3});
    assert_ok(ct_surf_revolution(&s, *state, line, 3, &ct_affine_identity));
    there_and_back(&s, (const double[2]){-3, 0}, (const double[2]){3, s.high[1]});
}

static void sizes_are_checked(void **state) {
    const double dot[] = {1, 1, 1, 1, 1, 1}, axis[] = {0, 0, 0, 0, 0, 1};
    ct_surf s;
    assert_int_equal(ct_surf_cylinder(&s, &ct_affine_identity, 0), CT_GEOM);
    assert_int_equal(ct_surf_sphere(&s, &ct_affine_identity, -1), CT_GEOM);
    assert_int_equal(ct_surf_torus(&s, &ct_affine_identity, 1, 0), CT_GEOM);
    assert_int_equal(ct_surf_extrusion(&s, *state, dot, 2, (const double[3]){0, 0, 1}), CT_GEOM);
    assert_int_equal(ct_surf_extrusion(&s, *state, axis, 2, (const double[3]){0, 0, 1}), CT_GEOM);
    assert_int_equal(ct_surf_revolution(&s, *state, axis, 2, &ct_affine_identity), CT_GEOM);
}

static void whole_surfaces(void **state) {
    const ct_affine frame = askew();
    ct_surf s;
    shell m = begin(*state);
    assert_ok(ct_surf_sphere(&s, &frame, 2));
    put(&m, &s, NULL, NULL, 0, true);
    end(&m, 32 * M_PI / 3, 16 * M_PI);
    m = begin(*state);
    assert_ok(ct_surf_torus(&s, &frame, 3, 1));
    put(&m, &s, NULL, NULL, 0, true);
    end(&m, 6 * M_PI * M_PI, 12 * M_PI * M_PI);
    assert_ok(ct_surf_cylinder(&s, &frame, 1));
    ct_surf_piece piece;
    assert_int_equal(ct_surf_trim(&piece, *state, &s, NULL, NULL, 0, true, &how), CT_GEOM);
    assert_message("without end");
}

// A can: the mantle within two circles, without or with a seam; lids are flat.
static void cylinders(void **state) {
    enum { N = 60 };
    const ct_affine frame = askew();
    double xyz[3 * (2 * N + 4)], lid[3 * N];
    const uint32_t two[2] = {N, 2 * N}, one = N;
    ct_surf s;
    assert_ok(ct_surf_cylinder(&s, &frame, 2));
    for (int seam = 0; seam < 2; seam++) {
        shell m = begin(*state);
        (void)circle(xyz, &frame, 2, 0, N, false);
        if (seam) { // round, up, back round, down
            memcpy(xyz + 3 * N, xyz, 3 * sizeof *xyz);
            (void)circle(xyz + 3 * (N + 1), &frame, 2, 5, N, true);
            memcpy(xyz + 3 * (2 * N + 1), xyz + 3 * (N + 1), 3 * sizeof *xyz);
            const uint32_t all = 2 * N + 2;
            put(&m, &s, xyz, &all, 1, true);
        } else {
            (void)circle(xyz + 3 * N, &frame, 2, 5, N, true);
            put(&m, &s, xyz, two, 2, true);
        }
        (void)circle(lid, &frame, 2, 0, N, true);
        assert_ok(ct_mesh_builder_polygon(m.b, lid, &one, 1, 0));
        (void)circle(lid, &frame, 2, 5, N, false);
        assert_ok(ct_mesh_builder_polygon(m.b, lid, &one, 1, 0));
        end(&m, 20 * M_PI, 28 * M_PI);
    }
}

// Cut at a latitude: the cap on one side or the other, closed by a disk.
static void caps(void **state) {
    enum { N = 60 };
    const ct_affine frame = askew();
    double xyz[3 * N];
    const uint32_t one = N;
    ct_surf s;
    assert_ok(ct_surf_sphere(&s, &frame, 2));
    for (int lower = 0; lower < 2; lower++) {
        const double z = 1, h = lower ? 2 + z : 2 - z, r = sqrt(4 - z * z);
        shell m = begin(*state);
        (void)circle(xyz, &frame, r, z, N, lower);
        put(&m, &s, xyz, &one, 1, true);
        assert_ok(ct_mesh_builder_polygon(m.b, xyz, &one, 1, 0));
        end(&m, M_PI * h * h * (6 - h) / 3, 2 * M_PI * 2 * h + M_PI * r * r);
    }
    // A cone is a line turned round; its tip a pole.
    const double side[] = {0, 0, 3, 2, 0, 0};
    assert_ok(ct_surf_revolution(&s, *state, side, 2, &ct_affine_identity));
    shell m = begin(*state);
    (void)circle(xyz, &ct_affine_identity, 2, 0, N, false);
    put(&m, &s, xyz, &one, 1, true);
    assert_ok(ct_mesh_builder_polygon(m.b, xyz, &one, 1, 0));
    end(&m, 4 * M_PI, 2 * M_PI * sqrt(13) + 4 * M_PI);
}

// Bounds that go through poles: a seam there and back, and half a ball.
static void meridians(void **state) {
    enum { N = 31 };
    double xyz[3 * 2 * N];
    ct_surf s;
    assert_ok(ct_surf_sphere(&s, &ct_affine_identity, 1));
    for (int half = 0; half < 2; half++) {
        uint32_t n = 0;
        for (int i = 0; i < 2 * N - 2; i++, n++) {
            const double a = M_PI * (i < N ? i : 2 * N - 2 - i) / (N - 1);
            xyz[3 * n] = (half && i >= N ? -1 : 1) * sin(a);
            xyz[3 * n + 1] = 0;
            xyz[3 * n + 2] = -cos(a);
        }
        shell m = begin(*state);
        put(&m, &s, xyz, &n, 1, true);
        if (half) assert_ok(ct_mesh_builder_polygon(m.b, xyz, &n, 1, 0));
        const double whole = 4 * M_PI / 3;
        end(&m, half ? whole / 2 : whole, half ? 3 * M_PI : 4 * M_PI);
    }
}

// A hole in a ball where no pole is: the bound runs round what is not there.
static void the_outside_of_a_loop(void **state) {
    enum { N = 60 };
    double xyz[3 * N];
    const uint32_t one = N;
    const ct_affine side =
        ct_affine_frame((const double[3]){0, 0, 0}, (const double[3]){1, 0.2, 0.1}, NULL);
    ct_surf s;
    assert_ok(ct_surf_sphere(&s, &ct_affine_identity, 2));
    for (int back = 0; back < 2; back++) {
        shell m = begin(*state);
        (void)circle(xyz, &side, sqrt(3), 1, N, back);
        put(&m, &s, xyz, &one, 1, true);
        assert_ok(ct_mesh_builder_polygon(m.b, xyz, &one, 1, 0));
        const double h = back ? 3 : 1;
        end(&m, M_PI * h * h * (6 - h) / 3, 4 * M_PI * h + 3 * M_PI);
    }
}

// A quarter of a cylinder as a rational spline, and a bump of degree 3.
static void splines(void **state) {
    const double w = sqrt(0.5), arc[3][3] = {{1, 0, 1}, {1, 1, w}, {0, 1, 1}};
    const double knots[] = {0, 0, 0, 1, 1, 1}, straight[] = {0, 0, 1, 1};
    double points[3 * 2 * 4];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 2; j++) {
            double *p = points + 4 * (2 * i + j);
            p[0] = 2 * arc[i][0] * arc[i][2];
            p[1] = 2 * arc[i][1] * arc[i][2];
            p[2] = 3.0 * j * arc[i][2];
            p[3] = arc[i][2];
        }
    const ct_spline spline = {{2, 1}, {3, 2}, {knots, straight}, points};
    ct_surf s;
    assert_ok(ct_surf_spline(&s, *state, &spline));
    there_and_back(&s, (const double[2]){0, 0}, (const double[2]){1, 1});
    ct_surf_piece piece;
    assert_ok(ct_surf_trim(&piece, *state, &s, NULL, NULL, 0, true, &how));
    double area = 0;
    for (uint32_t i = 0; i < piece.n_triangles; i++) {
        double n[3] = {0, 0, 0};
        for (int k = 0; k < 3; k++) {
            const double *a = piece.xyz + 3 * (size_t)piece.corners[3 * i];
            const double *b = piece.xyz + 3 * (size_t)piece.corners[3 * i + 1];
            const double *c = piece.xyz + 3 * (size_t)piece.corners[3 * i + 2];
            const int x = (k + 1) % 3, y = (k + 2) % 3;
            n[k] = (b[x] - a[x]) * (c[y] - a[y]) - (b[y] - a[y]) * (c[x] - a[x]);
        }
        area += sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]) / 2;
    }
    assert_near(area, 3 * M_PI, 0.01 * 3 * M_PI);
    // Its slopes are those of the circle.
    double p[3], du[3], dv[3];
    ct_spline_at(p, du, dv, &spline, (const double[2]){0.5, 0.5});
    assert_near(hypot(p[0], p[1]), 2, 1e-12);
    assert_near(du[0] * p[0] + du[1] * p[1], 0, 1e-12);
    assert_near(dv[2], 3, 1e-12);
    ct_spline bad = spline;
    bad.degree[0] = 3;
    assert_int_equal(ct_surf_spline(&s, *state, &bad), CT_GEOM);
    const double falling[] = {0, 0, 0, 1, 0.5, 1};
    bad = spline;
    bad.knots[0] = falling;
    assert_int_equal(ct_surf_spline(&s, *state, &bad), CT_GEOM);
    assert_message("knot 4");
}

int main(void) {
#define SURF_TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        SURF_TEST(parameters),
        SURF_TEST(sizes_are_checked),
        SURF_TEST(whole_surfaces),
        SURF_TEST(cylinders),
        SURF_TEST(caps),
        SURF_TEST(meridians),
        SURF_TEST(the_outside_of_a_loop),
        SURF_TEST(splines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
