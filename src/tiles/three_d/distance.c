// Distances of corners from triangles.
#include "tiles/three_d/distance.h"

#include <math.h>

#include "geo/vector.h"

#define MOST_PAIRS 4e6 // of a corner and a triangle

static double to_segment2(const double p[3], const double a[3], const double b[3]) {
    double ab[3], ap[3], rest[3];
    ct_minus(ab, b, a);
    ct_minus(ap, p, a);
    const double length2 = ct_dot(ab, ab);
    const double t = length2 > 0 ? fmax(0, fmin(1, ct_dot(ap, ab) / length2)) : 0;
    for (int i = 0; i < 3; i++) rest[i] = ap[i] - t * ab[i];
    return ct_dot(rest, rest);
}

// Squared. Above the triangle it is the distance from its plane, else that from its nearest side.
static double to_triangle2(const double p[3], const double *const c[3]) {
    double u[3], v[3], w[3];
    ct_minus(u, c[1], c[0]);
    ct_minus(v, c[2], c[0]);
    ct_minus(w, p, c[0]);
    const double uu = ct_dot(u, u), uv = ct_dot(u, v), vv = ct_dot(v, v), wu = ct_dot(w, u),
                 wv = ct_dot(w, v);
    const double area2 = uu * vv - uv * uv;
    if (area2 > 0) {
        const double s = (vv * wu - uv * wv) / area2, t = (uu * wv - uv * wu) / area2;
        if (s >= 0 && t >= 0 && s + t <= 1) {
            double rest[3];
            for (int i = 0; i < 3; i++) rest[i] = w[i] - s * u[i] - t * v[i];
            return ct_dot(rest, rest);
        }
    }
    return fmin(to_segment2(p, c[0], c[1]),
                fmin(to_segment2(p, c[1], c[2]), to_segment2(p, c[2], c[0])));
}

static double to_mesh2(const double p[3], const ct_mesh *mesh, double best) {
    for (size_t t = 0; t < mesh->n_triangles && best > 0; t++) {
        const double *const c[3] = {mesh->xyz + 3 * (size_t)mesh->triangles[3 * t],
                                    mesh->xyz + 3 * (size_t)mesh->triangles[3 * t + 1],
                                    mesh->xyz + 3 * (size_t)mesh->triangles[3 * t + 2]};
        best = fmin(best, to_triangle2(p, c));
    }
    return best;
}

static size_t stride_for(double corners, double triangles) {
    const double stride = corners * triangles / MOST_PAIRS;
    return stride > 1 ? (size_t)stride : 1;
}

double ct_tiles__mesh_distance_m(const ct_mesh *parts, size_t n_parts, const ct_mesh *other) {
    double worst = 0, corners = 0, triangles = 0;
    for (size_t i = 0; i < n_parts; i++) {
        corners += parts[i].n_points;
        triangles += parts[i].n_triangles;
    }
    if (!(triangles > 0)) return 0;
    const size_t step = stride_for(corners, other->n_triangles);
    for (size_t i = 0; i < n_parts; i++)
        for (size_t p = 0; p < parts[i].n_points; p += step)
            worst = fmax(worst, to_mesh2(parts[i].xyz + 3 * p, other, INFINITY));
    const size_t back = stride_for(other->n_points, triangles);
    for (size_t p = 0; p < other->n_points; p += back) {
        double best = INFINITY;
        for (size_t i = 0; i < n_parts; i++) best = to_mesh2(other->xyz + 3 * p, &parts[i], best);
        worst = fmax(worst, best);
    }
    return sqrt(worst);
}
