// Meshes onto the grid: a frame along the first mesh's main directions, faces that are nearly flush
// made so, points welded, planes.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/boolean_private.h"

static double cross_of(double n[3], const ct_mesh *m, uint32_t t) {
    const uint32_t *c = m->triangles + 3 * (size_t)t;
    const double *a = m->xyz + 3 * (size_t)c[0], *b = m->xyz + 3 * (size_t)c[1];
    const double *d = m->xyz + 3 * (size_t)c[2];
    const double u[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
    const double v[3] = {d[0] - a[0], d[1] - a[1], d[2] - a[2]};
    for (int k = 0; k < 3; k++)
        n[k] = u[(k + 1) % 3] * v[(k + 2) % 3] - u[(k + 2) % 3] * v[(k + 1) % 3];
    return sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
}

// The normal of the first mesh's largest triangle, of those square to `to` (NULL: of all); false if
// there is none.
static bool main_normal(double out[3], const ct_mesh *m, const double *to) {
    double largest = 0;
    for (uint32_t t = 0; t < m->n_triangles; t++) {
        double n[3];
        const double size = cross_of(n, m, t);
        if (!(size > largest * (1 + 1e-9))) continue; // of equal ones the first
        if (to && fabs(n[0] * to[0] + n[1] * to[1] + n[2] * to[2]) > 1e-9 * size) continue;
        largest = size;
        for (int k = 0; k < 3; k++) out[k] = n[k] / size;
    }
    return largest > 0;
}

static void choose_frame(ct_geo__kernel *k) {
    k->into = k->back = ct_affine_identity;
    double z[3], x[3];
    if (k->options->flush_m <= 0 || k->meshes[0]->n_triangles == 0) return;
    if (!main_normal(z, k->meshes[0], NULL)) return;
    const bool has_x = main_normal(x, k->meshes[0], z);
    const ct_affine frame = ct_affine_frame((const double[3]){0, 0, 0}, z, has_x ? x : NULL);
    // Where every axis is one of the world's already, nothing need be turned.
    int along = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) along += fabs(fabs(frame.m[4 * i + j]) - 1) < 1e-12;
    if (along == 3) return;
    k->back = frame;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) k->into.m[4 * i + j] = frame.m[4 * j + i];
}

static ct_err choose_grid(ct_geo__kernel *k, const double *xyz, size_t n) {
    double half = 0;
    for (int i = 0; i < 3; i++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t p = 0; p < n; p++) {
            low = fmin(low, xyz[3 * p + i]);
            high = fmax(high, xyz[3 * p + i]);
        }
        if (!isfinite(low + high)) return ct_fail(CT_GEOM, "a mesh has points that are not finite");
        k->origin[i] = floor((low + high) / 2); // whole metres keep millimetres on the grid
        half = fmax(half, fmax(high - k->origin[i], k->origin[i] - low));
    }
    k->steps = 1e10;
    while (half * k->steps > 0x1p37) k->steps /= 10;
    return CT_OK;
}

typedef struct level { // a point in a face square to an axis, by where the face lies
    int64_t at;
    size_t point;
} level;

static int by_level(const void *left, const void *right) {
    const level *a = left, *b = right;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return a->point < b->point ? -1 : a->point > b->point;
}

// Levels that lie within `flush` of the lowest one of theirs become that of their first point.
static void level_out(int64_t *at, level *list, size_t n, int axis, int64_t flush) {
    for (size_t i = 0, end; i < n; i = end) {
        size_t first = list[i].point;
        for (end = i; end < n && list[end].at - list[i].at <= flush; end++)
            if (list[end].point < first) first = list[end].point;
        const int64_t level_at = at[3 * first + (size_t)axis];
        for (size_t j = i; j < end; j++)
            if (list[j].point != first) at[3 * list[j].point + (size_t)axis] = level_at;
    }
}

// The points of triangles that are level along an axis, into `list`; how many.
static size_t list_levels(level *list, const ct_mesh *mesh, const int64_t *at, size_t first,
                          int axis, int64_t flush) {
    size_t n = 0;
    for (uint32_t t = 0; t < mesh->n_triangles; t++) {
        const uint32_t *c = mesh->triangles + 3 * (size_t)t;
        int64_t low = INT64_MAX, high = INT64_MIN;
        for (int i = 0; i < 3; i++) {
            const int64_t v = at[3 * (first + c[i]) + (size_t)axis];
            if (v < low) low = v;
            if (v > high) high = v;
        }
        if (high - low > flush) continue;
        for (int i = 0; i < 3; i++)
            list[n++] = (level){at[3 * (first + c[i]) + (size_t)axis], first + c[i]};
    }
    return n;
}

static ct_err make_flush(const ct_geo__kernel *k, int64_t *at, size_t n_corners) {
    const int64_t flush = (int64_t)(k->options->flush_m * k->steps);
    if (flush <= 0) return CT_OK;
    level *list = ct_alloc((n_corners + 1) * sizeof *list);
    if (!list) return CT_NOMEM;
    for (int axis = 0; axis < 3; axis++) {
        size_t n = 0, first = 0;
        for (uint32_t m = 0; m < k->n_meshes; first += k->meshes[m++]->n_points)
            n += list_levels(list + n, k->meshes[m], at, first, axis, flush);
        if (n) qsort(list, n, sizeof *list, by_level);
        level_out(at, list, n, axis, flush);
    }
    ct_free(list);
    return CT_OK;
}

static ct_err put_points(ct_geo__kernel *k, uint32_t *number, const int64_t *at,
                         const int64_t *was) {
    size_t i = 0;
    for (uint32_t m = 0; m < k->n_meshes; m++)
        for (uint32_t p = 0; p < k->meshes[m]->n_points; p++, i++) {
            const uint32_t before = k->points.n;
            CT_TRY(ct_geo__point_given(&number[i], &k->points, at + 3 * i));
            if (number[i] < before) continue;
            memcpy(k->given + 3 * (size_t)before, k->meshes[m]->xyz + 3 * (size_t)p,
                   3 * sizeof *k->given);
            k->moved[before] = memcmp(at + 3 * i, was + 3 * i, 3 * sizeof *at) != 0;
        }
    return CT_OK;
}

static ct_geo__plane plane_of(const ct_geo__points *p, const uint32_t c[3]) {
    int64_t a[3], u[3], v[3];
    ct_geo__plane plane = {.offset = 0};
    for (int k = 0; k < 3; k++) {
        a[k] = ct_geo__coordinate(p, c[0], k);
        u[k] = ct_geo__coordinate(p, c[1], k) - a[k];
        v[k] = ct_geo__coordinate(p, c[2], k) - a[k];
    }
    for (int k = 0; k < 3; k++) {
        const int k1 = (k + 1) % 3, k2 = (k + 2) % 3;
        plane.normal[k] = (ct_int128)u[k1] * v[k2] - (ct_int128)u[k2] * v[k1];
        plane.offset += plane.normal[k] * a[k];
    }
    return plane;
}

static ct_int128 size_of(ct_int128 v) {
    return v < 0 ? -v : v;
}

// A triangle, unless it has no area.
static void put_triangle(ct_geo__kernel *k, const uint32_t c[3], uint32_t mesh, uint32_t face) {
    const ct_geo__plane plane = plane_of(&k->points, c);
    int axis = 0;
    for (int i = 1; i < 3; i++)
        if (size_of(plane.normal[i]) > size_of(plane.normal[axis])) axis = i;
    if (plane.normal[axis] == 0) return;
    ct_geo__triangle t = {{c[0], c[1], c[2]},     mesh,  face, axis,
                          plane.normal[axis] < 0, false, {0},  {0}};
    for (int i = 0; i < 3; i++) {
        t.low[i] = INT64_MAX;
        t.high[i] = INT64_MIN;
        for (int j = 0; j < 3; j++) {
            const int64_t v = ct_geo__coordinate(&k->points, c[j], i);
            if (v < t.low[i]) t.low[i] = v;
            if (v > t.high[i]) t.high[i] = v;
        }
    }
    k->planes[k->n_triangles] = plane;
    k->triangles[k->n_triangles++] = t;
}

static void put_triangles(ct_geo__kernel *k, const uint32_t *number) {
    size_t first = 0;
    for (uint32_t m = 0; m < k->n_meshes; first += k->meshes[m++]->n_points) {
        const ct_mesh *mesh = k->meshes[m];
        for (uint32_t f = 0, t = 0; f < mesh->n_faces; f++)
            for (; t < mesh->face_end[f]; t++) {
                const uint32_t *c = mesh->triangles + 3 * (size_t)t;
                const uint32_t mine[3] = {number[first + c[0]], number[first + c[1]],
                                          number[first + c[2]]};
                put_triangle(k, mine, m, f);
            }
    }
    k->n_planes = k->n_triangles;
}

static double length_of(const ct_int128 normal[3]) {
    const double x = (double)normal[0], y = (double)normal[1], z = (double)normal[2];
    return sqrt(x * x + y * y + z * z);
}

// Marks the triangles [begin, end) of one face if some of its points lie off the plane of the
// largest one.
static void mark_bent(ct_geo__kernel *k, uint32_t begin, uint32_t end) {
    uint32_t largest = begin;
    for (uint32_t t = begin; t < end; t++)
        if (length_of(k->planes[t].normal) > length_of(k->planes[largest].normal)) largest = t;
    const double off = ct_geo__flatness_m(k) * k->steps * length_of(k->planes[largest].normal);
    bool bent = false;
    for (uint32_t t = begin; t < end && !bent; t++)
        for (int i = 0; i < 3; i++)
            bent |= fabs((double)ct_geo__over(&k->points, &k->planes[largest],
                                              k->triangles[t].point[i])) > off;
    for (uint32_t t = begin; t < end; t++) k->triangles[t].bent = bent;
}

static void mark_bent_faces(ct_geo__kernel *k) {
    for (uint32_t i = 0, end; i < k->n_triangles; i = end) {
        const ct_geo__triangle *t = &k->triangles[i];
        for (end = i; end < k->n_triangles && k->triangles[end].face == t->face &&
                      k->triangles[end].mesh == t->mesh;)
            end++;
        if (end - i > 1) mark_bent(k, i, end);
    }
}

typedef struct loading {
    double *xyz;
    int64_t *at, *was;
    uint32_t *number;
} loading;

static ct_err load(ct_geo__kernel *k, loading *l, size_t n_points, size_t n_triangles) {
    l->xyz = ct_alloc((3 * n_points + 1) * sizeof *l->xyz);
    l->at = ct_alloc((3 * n_points + 1) * sizeof *l->at);
    l->was = ct_alloc((3 * n_points + 1) * sizeof *l->was);
    l->number = ct_alloc((n_points + 1) * sizeof *l->number);
    k->given = ct_alloc((3 * n_points + 1) * sizeof *k->given);
    k->moved = ct_alloc((n_points + 1) * sizeof *k->moved);
    k->triangles = ct_alloc((n_triangles + 1) * sizeof *k->triangles);
    if (!l->xyz || !l->at || !l->was || !l->number || !k->given || !k->moved || !k->triangles)
        return CT_NOMEM;
    CT_TRY(ct_grow(&k->planes, &k->planes_room, n_triangles, sizeof *k->planes));
    choose_frame(k);
    size_t i = 0;
    for (uint32_t m = 0; m < k->n_meshes; m++)
        for (size_t p = 0; p < k->meshes[m]->n_points; p++, i++)
            ct_affine_point(l->xyz + 3 * i, &k->into, k->meshes[m]->xyz + 3 * p);
    CT_TRY(choose_grid(k, l->xyz, n_points));
    for (i = 0; i < 3 * n_points; i++)
        l->at[i] = llround((l->xyz[i] - k->origin[i % 3]) * k->steps);
    memcpy(l->was, l->at, 3 * n_points * sizeof *l->at);
    CT_TRY(make_flush(k, l->at, 3 * n_triangles));
    CT_TRY(put_points(k, l->number, l->at, l->was));
    put_triangles(k, l->number);
    mark_bent_faces(k);
    return CT_OK;
}

ct_err ct_geo__load(ct_geo__kernel *k) {
    size_t n_points = 0, n_triangles = 0;
    for (uint32_t m = 0; m < k->n_meshes; m++) {
        n_points += k->meshes[m]->n_points;
        n_triangles += k->meshes[m]->n_triangles;
    }
    if (n_points == 0) return CT_OK;
    CT_TRY(ct_geo__worked(k, n_points + n_triangles));
    loading l = {0};
    const ct_err err = load(k, &l, n_points, n_triangles);
    ct_free(l.xyz);
    ct_free(l.at);
    ct_free(l.was);
    ct_free(l.number);
    return err;
}
