// What the tests of meshes share: solids, and the count of their edges.
#ifndef TESTS_MESH_FIXTURE_H
#define TESTS_MESH_FIXTURE_H

#include <stdlib.h>

#include "geo_fixture.h"

#include "geo/mesh.h"
#include "geo/mesh_build.h"

// A box of six faces, tagged 1 (bottom), 2 (top), 3 (sides).
static inline ct_mesh box_of(ct_arena *arena, double x0, double y0, double z0, double x1, double y1,
                             double z1) {
    const double p[8][3] = {{x0, y0, z0}, {x1, y0, z0}, {x1, y1, z0}, {x0, y1, z0},
                            {x0, y0, z1}, {x1, y0, z1}, {x1, y1, z1}, {x0, y1, z1}};
    static const uint8_t face[6][4] = {{0, 3, 2, 1}, {4, 5, 6, 7}, {0, 1, 5, 4},
                                       {1, 2, 6, 5}, {2, 3, 7, 6}, {3, 0, 4, 7}};
    ct_mesh_builder *b = ct_mesh_builder_new(0, 0);
    assert_non_null(b);
    for (int f = 0; f < 6; f++) {
        double xyz[12];
        const uint32_t end = 4;
        for (int i = 0; i < 4; i++) memcpy(xyz + 3 * i, p[face[f][i]], sizeof p[0]);
        assert_ok(ct_mesh_builder_polygon(b, xyz, &end, 1, (uint8_t)(f < 2 ? f + 1 : 3)));
    }
    ct_mesh mesh;
    assert_ok(ct_mesh_builder_finish(&mesh, NULL, arena, b));
    ct_mesh_builder_free(b);
    return mesh;
}

// A closed surface over a grid of (u, v) that closes on itself in u, and in v or at two poles.
typedef void surface(double out[3], double u, double v, const double *numbers);

static inline ct_mesh grid_surface(ct_arena *arena, uint32_t nu, uint32_t nv, surface *at,
                                   const double *numbers) {
    ct_mesh_builder *b = ct_mesh_builder_new(1e-9, 0);
    assert_non_null(b);
    for (uint32_t i = 0; i < nu; i++)
        for (uint32_t j = 0; j < nv; j++) {
            double xyz[12];
            for (int k = 0; k < 4; k++)
                at(xyz + 3 * k, (double)((i + (k == 1 || k == 2)) % nu) / nu,
                   (double)(j + (k > 1)) / nv, numbers);
            const uint32_t one = 3;
            const double other[9] = {xyz[0], xyz[1], xyz[2],  xyz[6], xyz[7],
                                     xyz[8], xyz[9], xyz[10], xyz[11]};
            assert_ok(ct_mesh_builder_polygon(b, xyz, &one, 1, 0));
            assert_ok(ct_mesh_builder_polygon(b, other, &one, 1, 0));
        }
    ct_mesh mesh;
    assert_ok(ct_mesh_builder_finish(&mesh, NULL, arena, b));
    ct_mesh_builder_free(b);
    return mesh;
}

// numbers: middle (3), radius
static inline void sphere_at(double out[3], double u, double v, const double *numbers) {
    const double a = 2 * M_PI * u, b = M_PI * (v - 0.5);
    const bool pole = v == 0 || v == 1;
    out[0] = numbers[0] + (pole ? 0 : numbers[3] * cos(a) * cos(b));
    out[1] = numbers[1] + (pole ? 0 : numbers[3] * sin(a) * cos(b));
    out[2] = numbers[2] + numbers[3] * (pole ? 2 * v - 1 : sin(b));
}
// numbers: middle (3), radius of the ring, radius of the tube
static inline void torus_at(double out[3], double u, double v, const double *numbers) {
    const double a = 2 * M_PI * u, b = 2 * M_PI * (v == 1 ? 0 : v);
    const double r = numbers[3] + numbers[4] * cos(b);
    out[0] = numbers[0] + r * cos(a);
    out[1] = numbers[1] + r * sin(a);
    out[2] = numbers[2] + numbers[4] * sin(b);
}

static int edge_order(const void *left, const void *right) {
    const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

// Every edge as it is named, and the other way round, each list in order; to be freed.
static inline size_t sorted_edges(uint64_t **forth, uint64_t **back, const ct_mesh *mesh) {
    const size_t n = 3 * (size_t)mesh->n_triangles;
    *forth = malloc((n + 1) * sizeof **forth);
    *back = malloc((n + 1) * sizeof **back);
    assert_non_null(*forth);
    assert_non_null(*back);
    for (size_t e = 0; e < n; e++) {
        const uint64_t from = mesh->triangles[e], to = mesh->triangles[e % 3 == 2 ? e - 2 : e + 1];
        (*forth)[e] = from << 32 | to;
        (*back)[e] = to << 32 | from;
    }
    qsort(*forth, n, sizeof **forth, edge_order);
    qsort(*back, n, sizeof **back, edge_order);
    return n;
}

// How many edges are not named exactly once in either direction.
static inline uint32_t edges_not_closed(const ct_mesh *mesh) {
    uint64_t *forth, *back;
    const size_t n = sorted_edges(&forth, &back, mesh);
    uint32_t wrong = 0;
    for (size_t e = 0; e < n; e++)
        wrong += forth[e] != back[e] || (e > 0 && forth[e] == forth[e - 1]);
    free(forth);
    free(back);
    return wrong;
}

#endif
