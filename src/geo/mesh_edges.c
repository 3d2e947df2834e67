// Edges by sorting: two passes of counting by point, so that the time is proportional to the mesh.
#include "geo/mesh_edges.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

// Stable; `counts` has room for n_points + 1.
static void sort_by(ct_geo__side *to, const ct_geo__side *from, size_t n, uint32_t *counts,
                    uint32_t n_points, bool low) {
    for (uint32_t i = 0; i <= n_points; i++) counts[i] = 0;
    for (size_t i = 0; i < n; i++) counts[(low ? from[i].low : from[i].high) + 1]++;
    for (uint32_t i = 0; i < n_points; i++) counts[i + 1] += counts[i];
    for (size_t i = 0; i < n; i++) to[counts[low ? from[i].low : from[i].high]++] = from[i];
}

ct_err ct_geo__edges_init(ct_geo__edges *out, const ct_mesh *mesh) {
    const size_t n = 3 * (size_t)mesh->n_triangles;
    ct_geo__side *sides = ct_alloc((2 * n + 1) * sizeof *sides);
    uint32_t *counts = ct_alloc(((size_t)mesh->n_points + 2) * sizeof *counts);
    if (!sides || !counts) {
        ct_free(sides);
        ct_free(counts);
        return CT_NOMEM;
    }
    for (uint32_t c = 0; c < n; c++) {
        const uint32_t a = mesh->triangles[c], b = mesh->triangles[c % 3 == 2 ? c - 2 : c + 1];
        sides[c] = (ct_geo__side){a < b ? a : b, a < b ? b : a, c};
    }
    sort_by(sides + n, sides, n, counts, mesh->n_points, false);
    sort_by(sides, sides + n, n, counts, mesh->n_points, true);
    ct_free(counts);
    *out = (ct_geo__edges){sides, n};
    return CT_OK;
}

void ct_geo__edges_fini(ct_geo__edges *e) {
    ct_free(e->sides);
}

// ---- triangles about an edge

typedef struct about {
    double angle;
    uint32_t side;
    bool up; // runs from the lower point to the higher one
} about;

// At one angle those first behind which the inside ends.
static int by_angle(const void *left, const void *right) {
    const about *a = left, *b = right;
    if (a->angle != b->angle) return a->angle < b->angle ? -1 : 1;
    if (a->up != b->up) return a->up ? -1 : 1;
    return a->side < b->side ? -1 : a->side > b->side;
}

// x and y perpendicular to the edge, so that x, y and the edge are right-handed.
static bool frame_of(double x[3], double y[3], const ct_mesh *mesh, const ct_geo__side *s) {
    const double *a = mesh->xyz + 3 * (size_t)s->low, *b = mesh->xyz + 3 * (size_t)s->high;
    double e[3], length2 = 0;
    for (int k = 0; k < 3; k++) {
        e[k] = b[k] - a[k];
        length2 += e[k] * e[k];
    }
    if (!(length2 > 0)) return false;
    int least = 0;
    for (int k = 1; k < 3; k++)
        if (fabs(e[k]) < fabs(e[least])) least = k;
    const double axis[3] = {least == 0, least == 1, least == 2}, length = sqrt(length2);
    for (int k = 0; k < 3; k++) {
        const int i = (k + 1) % 3, j = (k + 2) % 3;
        x[k] = (e[i] * axis[j] - e[j] * axis[i]) / length;
    }
    for (int k = 0; k < 3; k++) {
        const int i = (k + 1) % 3, j = (k + 2) % 3;
        y[k] = (e[i] * x[j] - e[j] * x[i]) / length;
    }
    return true;
}

static double angle_of(const ct_mesh *mesh, const ct_geo__side *s, const double x[3],
                       const double y[3]) {
    const uint32_t *c = mesh->triangles + s->corner / 3 * (size_t)3;
    uint32_t third = c[0];
    for (int k = 0; k < 3; k++)
        if (c[k] != s->low && c[k] != s->high) third = c[k];
    const double *o = mesh->xyz + 3 * (size_t)s->low, *q = mesh->xyz + 3 * (size_t)third;
    double u = 0, v = 0;
    for (int k = 0; k < 3; k++) {
        u += (q[k] - o[k]) * x[k];
        v += (q[k] - o[k]) * y[k];
    }
    return atan2(v, u);
}

// The inside begins behind a triangle that runs down and ends at the next one that runs up: they
// are brackets round it, and matched as such.
static uint32_t match(uint32_t pairs[][2], about *list, uint32_t n) {
    qsort(list, n, sizeof *list, by_angle);
    uint32_t first = 0, n_open = 0, n_pairs = 0, open[CT_GEO__MAX_PAIRS];
    int depth = 0, least = 0;
    for (uint32_t i = 0; i < n; i++) {
        depth += list[i].up ? -1 : 1;
        if (depth >= least) continue;
        least = depth;
        first = i + 1;
    }
    for (uint32_t i = 0; i < n; i++) {
        const about *one = &list[(first + i) % n];
        if (!one->up && n_open < CT_GEO__MAX_PAIRS) {
            open[n_open++] = one->side;
        } else if (n_open) {
            pairs[n_pairs][0] = open[--n_open];
            pairs[n_pairs++][1] = one->side;
        }
    }
    return n_pairs;
}

uint32_t ct_geo__pair_about(uint32_t pairs[CT_GEO__MAX_PAIRS][2], const ct_mesh *mesh,
                            const ct_geo__edges *e, size_t first, size_t end) {
    about list[2 * CT_GEO__MAX_PAIRS];
    double x[3], y[3];
    int balance = 0;
    if (end - first > 2 * CT_GEO__MAX_PAIRS || !frame_of(x, y, mesh, &e->sides[first])) return 0;
    for (size_t i = first; i < end; i++) {
        const bool up = ct_geo__runs_up(mesh, &e->sides[i]);
        list[i - first] = (about){angle_of(mesh, &e->sides[i], x, y), (uint32_t)i, up};
        balance += up ? 1 : -1;
    }
    return balance == 0 ? match(pairs, list, (uint32_t)(end - first)) : 0;
}
