// Speed of the mesh kernel: building, triangulating, openings in the plane, booleans; the
// difference of two boxes beside SFCGAL. CPU time of one thread.
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "bench_data/bench_data.h"
#include "bench_mesh.h"
#include "geo/mesh_boolean.h"
#include "geo/mesh_prism.h"
#include "geo/triangulate.h"

static ct_err bench_build(void) {
    ct_mesh_builder *b = ct_mesh_builder_new(CT_MESH_WELD_M, 0);
    ct_arena *arena = ct_arena_new(1U << 20, 0);
    ct_mesh mesh = {0};
    ct_err err = b && arena ? CT_OK : CT_NOMEM;
    const double begin = now_s();
    if (!err) err = add_sphere(b, (const double[3]){0, 0, 0}, 10, 700);
    if (!err) err = ct_mesh_builder_finish(&mesh, NULL, arena, b);
    if (!err)
        print_figure("mesh", "faces built and welded", mesh.n_faces / (now_s() - begin), "faces/s",
                     1e6, false, NAN);
    ct_mesh_builder_free(b);
    ct_arena_free(arena);
    return err;
}

// A star of n points, and the same with holes in it.
static ct_err bench_ring(const char *metric, uint32_t n, uint32_t n_holes, double goal) {
    double *xyz = ct_alloc((3 * (size_t)n + 12 * (size_t)n_holes) * sizeof *xyz);
    uint32_t *points = ct_alloc((n + 4 * (size_t)n_holes) * sizeof *points);
    uint32_t *end = ct_alloc((1 + (size_t)n_holes) * sizeof *end);
    ct_triangulator *t = ct_triangulator_new();
    ct_err err = xyz && points && end && t ? CT_OK : CT_NOMEM;
    if (!err) {
        for (uint32_t i = 0; i < n; i++) {
            const double a = 2 * M_PI * i / n, r = i % 2 ? 90 : 100;
            const double p[3] = {r * cos(a), r * sin(a), 0.1 * r * cos(a)};
            for (int k = 0; k < 3; k++) xyz[3 * (size_t)i + k] = p[k];
        }
        end[0] = n;
        for (uint32_t h = 0; h < n_holes; h++) {
            const double x = 1.5 * (h % 40) - 30, y = 1.5 * (h / 40) - 30;
            for (uint32_t i = 0; i < 4; i++) {
                double *p = xyz + 3 * (n + 4 * (size_t)h + i);
                p[0] = x + (i == 1 || i == 2);
                p[1] = y + (i > 1);
                p[2] = 0.1 * p[0];
            }
            end[h + 1] = n + 4 * (h + 1);
        }
        for (uint32_t i = 0; i < n + 4 * n_holes; i++) points[i] = i;
        ct_triangles triangles;
        const double begin = now_s();
        err = ct_triangulate(&triangles, t, xyz, points, end, 1 + n_holes);
        if (!err && !triangles.sound) err = ct_fail(CT_GEOM, "the triangles overlap");
        if (!err)
            print_figure("mesh", metric, triangles.n / (now_s() - begin), "triangles/s", goal,
                         false, NAN);
    }
    ct_triangulator_free(t);
    ct_free(xyz);
    ct_free(points);
    ct_free(end);
    return err;
}

static ct_err bench_openings(void) {
    double wall[] = {0, 0, 5, 0, 5, 0.2, 0, 0.2, 0, 0}, hole[] = {1, 1, 2, 1, 2, 2, 1, 2, 1, 1};
    double other[] = {3, 0, 4, 0, 4, 2, 3, 2, 3, 0};
    uint32_t ring = 5, part = 1;
    const ct_geom plan = {CT_GEOM_POLYGON, false, 5, 1, 1, wall, &ring, &part};
    const ct_geom window = {CT_GEOM_POLYGON, false, 5, 1, 1, hole, &ring, &part};
    const ct_geom door = {CT_GEOM_POLYGON, false, 5, 1, 1, other, &ring, &part};
    const ct_affine upright = ct_affine_frame(
        (const double[3]){0, 0, 0}, (const double[3]){0, -1, 0}, (const double[3]){1, 0, 0});
    const ct_prism prism = {&plan, ct_affine_identity, {0, 0, 3}};
    const ct_prism openings[2] = {{&window, upright, {0, 0, -1}}, {&door, upright, {0, 0, -1}}};
    const ct_prism_cut options = {1e-5, 1e-5, {0}};
    ct_arena *arena = ct_arena_new(1U << 16, 0);
    if (!arena) return CT_NOMEM;
    ct_err err = CT_OK;
    const int rounds = 2000;
    const double begin = now_s();
    for (int i = 0; i < rounds && !err; i++) {
        ct_mesh mesh;
        bool done;
        err = ct_mesh_extrude_cut(&mesh, &done, arena, &prism, openings, 2, &options);
        ct_arena_reset(arena);
    }
    if (!err)
        print_figure("mesh", "wall with a window and a door, in the plane",
                     (now_s() - begin) / rounds * 1e6, "us", 50, true, NAN);
    ct_arena_free(arena);
    return err;
}

static ct_err difference(double *seconds, ct_mesh *out, const ct_mesh *const *list, uint32_t n,
                         double flush_m, int rounds) {
    ct_arena *arena = ct_arena_new(1U << 16, 0);
    if (!arena) return CT_NOMEM;
    const ct_boolean_options options = {.flush_m = flush_m, .max_work = UINT64_C(1) << 34};
    ct_err err = CT_OK;
    const double begin = now_s();
    for (int i = 0; i < rounds && !err; i++) {
        err = ct_mesh_boolean(out, NULL, arena, CT_BOOLEAN_DIFFERENCE, list, n, &options);
        ct_arena_reset(arena);
    }
    *seconds = (now_s() - begin) / rounds;
    ct_arena_free(arena);
    return err;
}

static ct_err bench_boxes(ct_arena *arena) {
    ct_mesh boxes[2], out;
    CT_TRY(make_box(&boxes[0], arena, (const double[3]){0, 0, 0}, (const double[3]){2, 2, 2}));
    CT_TRY(make_box(&boxes[1], arena, (const double[3]){1, 1, 1}, (const double[3]){3, 3, 3}));
    const ct_mesh *list[2] = {&boxes[0], &boxes[1]};
    double seconds;
    CT_TRY(difference(&seconds, &out, list, 2, CT_BOOLEAN_FLUSH_M, 2000));
    const double peer = peer_difference_s();
    if (isfinite(peer))
        print_figure("mesh", "box less box: SFCGAL", peer * 1e6, "us", NAN, true, NAN);
    print_figure("mesh", "box less box", seconds * 1e6, "us", isfinite(peer) ? peer * 1e5 : 1000,
                 true, peer * 1e6);
    return CT_OK;
}

static ct_err bench_wall(ct_arena *arena) {
    enum { OPENINGS = 100 };
    ct_mesh meshes[OPENINGS + 1], out;
    const ct_mesh *list[OPENINGS + 1];
    CT_TRY(make_box(&meshes[0], arena, (const double[3]){0, 0, 0},
                    (const double[3]){OPENINGS + 1, 0.3, 3}));
    for (int i = 1; i <= OPENINGS; i++)
        CT_TRY(make_box(&meshes[i], arena, (const double[3]){i - 0.25, 0, 1},
                        (const double[3]){i + 0.25, 0.3, 2}));
    for (int i = 0; i <= OPENINGS; i++) list[i] = &meshes[i];
    double seconds;
    CT_TRY(difference(&seconds, &out, list, OPENINGS + 1, CT_BOOLEAN_FLUSH_M, 10));
    print_figure("mesh", "wall less 100 flush openings at once", seconds * 1e3, "ms", 100, true,
                 NAN);
    return CT_OK;
}

static ct_err sphere(ct_mesh *out, ct_arena *arena, double x, uint32_t n) {
    ct_mesh_builder *b = ct_mesh_builder_new(CT_MESH_WELD_M, 0);
    if (!b) return CT_NOMEM;
    ct_err err = add_sphere(b, (const double[3]){x, 0.1 * x, 0.2 * x}, 10, n);
    if (!err) err = ct_mesh_builder_finish(out, NULL, arena, b);
    ct_mesh_builder_free(b);
    return err;
}

static ct_err bench_spheres(ct_arena *arena) {
    ct_mesh spheres[2], out;
    CT_TRY(sphere(&spheres[0], arena, 0, 200));
    CT_TRY(sphere(&spheres[1], arena, 7, 200));
    const ct_mesh *list[2] = {&spheres[0], &spheres[1]};
    double seconds;
    CT_TRY(difference(&seconds, &out, list, 2, 0, 1));
    print_figure("mesh", "sphere less sphere of 40,000 triangles each",
                 (spheres[0].n_triangles + spheres[1].n_triangles) / seconds, "triangles/s", 1e5,
                 false, NAN);
    return CT_OK;
}

int main(void) {
    ct_arena *arena = ct_arena_new(1U << 20, 0);
    ct_err err = arena ? bench_build() : CT_NOMEM;
    if (!err) err = bench_ring("ring of 100,000 points", 100000, 0, 2e5);
    if (!err) err = bench_ring("ring of 1,000 points with 1,000 holes", 1000, 1000, 2e4);
    if (!err) err = bench_openings();
    if (!err) err = bench_boxes(arena);
    if (!err) err = bench_wall(arena);
    if (!err) err = bench_spheres(arena);
    if (err) (void)fprintf(stderr, "bench_mesh: %s\n", ct_err_message());
    ct_arena_free(arena);
    return err ? 1 : 0;
}
