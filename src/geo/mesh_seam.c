// Edges without partners, cut where they pass the ends of others.
#include "geo/mesh_seam.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "geo/faces.h"
#include "geo/mesh_edges.h"
#include "geo/triangulate.h"

#define MAX_PAIRS 4000000.0 // of edges and points that are looked at

typedef struct stop { // a point within an edge
    uint32_t corner;  // where the edge begins: 3 * triangle + which
    double along;
    uint32_t point;
} stop;

typedef struct seams {
    const ct_mesh *mesh;
    ct_geo__side *open;
    size_t n_open, open_room;
    uint32_t *ends; // points of open edges, each once
    size_t n_ends, ends_room;
    stop *stops;
    size_t n_stops, stops_room;
    ct_triangulator *triangulator;
    uint32_t *ring;
    size_t ring_room;
    ct_geo__faces faces;
} seams;

static void seams_fini(seams *s) {
    ct_free(s->open);
    ct_free(s->ends);
    ct_free(s->stops);
    ct_triangulator_free(s->triangulator);
    ct_free(s->ring);
    ct_geo__faces_fini(&s->faces);
}

static int by_number(const void *left, const void *right) {
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

static ct_err find_open(seams *s) {
    ct_geo__edges edges;
    CT_TRY(ct_geo__edges_init(&edges, s->mesh));
    ct_err err = CT_OK;
    for (size_t i = 0, end; i < edges.n && !err; i = end) {
        end = ct_geo__edge_end(&edges, i);
        if ((end - i) % 2 == 0) continue;
        for (size_t k = i; k < end && !err; k++) {
            err = ct_grow(&s->open, &s->open_room, s->n_open + 1, sizeof *s->open);
            if (!err) s->open[s->n_open++] = edges.sides[k];
        }
        if (!err) err = ct_grow(&s->ends, &s->ends_room, s->n_ends + 2, sizeof *s->ends);
        if (err) break;
        s->ends[s->n_ends++] = edges.sides[i].low;
        s->ends[s->n_ends++] = edges.sides[i].high;
    }
    ct_geo__edges_fini(&edges);
    if (s->n_ends) qsort(s->ends, s->n_ends, sizeof *s->ends, by_number);
    size_t n = 0;
    for (size_t i = 0; i < s->n_ends; i++)
        if (n == 0 || s->ends[i] != s->ends[n - 1]) s->ends[n++] = s->ends[i];
    s->n_ends = n;
    return err;
}

// How far along the edge from a to b the point lies within it; negative if it does not.
static double within(const double *a, const double *b, const double *p, double near_m) {
    double length2 = 0, along = 0, off2 = 0;
    for (int k = 0; k < 3; k++) {
        if (p[k] < fmin(a[k], b[k]) - near_m || p[k] > fmax(a[k], b[k]) + near_m) return -1;
        length2 += (b[k] - a[k]) * (b[k] - a[k]);
        along += (b[k] - a[k]) * (p[k] - a[k]);
    }
    const double length = sqrt(length2);
    if (!(along > near_m * length && along < length2 - near_m * length)) return -1;
    for (int k = 0; k < 3; k++) {
        const double off = p[k] - a[k] - along / length2 * (b[k] - a[k]);
        off2 += off * off;
    }
    return off2 <= near_m * near_m ? along / length : -1;
}

static ct_err find_stops(seams *s, double near_m) {
    const ct_mesh *m = s->mesh;
    for (size_t i = 0; i < s->n_open; i++) {
        const uint32_t corner = s->open[i].corner;
        const uint32_t from = m->triangles[corner];
        const uint32_t to = m->triangles[corner % 3 == 2 ? corner - 2 : corner + 1];
        for (size_t k = 0; k < s->n_ends; k++) {
            const uint32_t p = s->ends[k];
            if (p == from || p == to) continue;
            const double along = within(m->xyz + 3 * (size_t)from, m->xyz + 3 * (size_t)to,
                                        m->xyz + 3 * (size_t)p, near_m);
            if (along < 0) continue;
            CT_TRY(ct_grow(&s->stops, &s->stops_room, s->n_stops + 1, sizeof *s->stops));
            s->stops[s->n_stops++] = (stop){corner, along, p};
        }
    }
    return CT_OK;
}

static int by_place(const void *left, const void *right) {
    const stop *a = left, *b = right;
    if (a->corner != b->corner) return a->corner < b->corner ? -1 : 1;
    if (a->along != b->along) return a->along < b->along ? -1 : 1;
    return a->point < b->point ? -1 : a->point > b->point;
}

// A triangle with the stops on its edges, from number *next on, as several; as none where its own
// third point is one of them.
static ct_err put_triangle(seams *s, uint32_t triangle, size_t *next) {
    const uint32_t *c = s->mesh->triangles + 3 * (size_t)triangle;
    size_t end = *next;
    bool flat = false;
    for (; end < s->n_stops && s->stops[end].corner / 3 == triangle; end++)
        for (int k = 0; k < 3; k++) flat |= s->stops[end].point == c[k];
    if (end == *next) return ct_geo__faces_triangle(&s->faces, c[0], c[1], c[2]);
    if (flat) {
        *next = end;
        return CT_OK;
    }
    uint32_t n = 0;
    for (uint32_t k = 0; k < 3; k++) {
        CT_TRY(ct_grow(&s->ring, &s->ring_room, n + 1, sizeof *s->ring));
        s->ring[n++] = c[k];
        for (; *next < s->n_stops && s->stops[*next].corner == 3 * triangle + k; ++*next) {
            CT_TRY(ct_grow(&s->ring, &s->ring_room, n + 1, sizeof *s->ring));
            if (s->ring[n - 1] != s->stops[*next].point) s->ring[n++] = s->stops[*next].point;
        }
    }
    ct_triangles t;
    CT_TRY(ct_triangulate(&t, s->triangulator, s->mesh->xyz, s->ring, &n, 1));
    for (uint32_t i = 0; i < t.n; i++)
        CT_TRY(ct_geo__faces_triangle(&s->faces, t.corners[3 * i], t.corners[3 * i + 1],
                                      t.corners[3 * i + 2]));
    return CT_OK;
}

static ct_err cut_up(ct_mesh *out, seams *s, ct_arena *arena) {
    const ct_mesh *m = s->mesh;
    size_t next = 0;
    s->triangulator = ct_triangulator_new();
    if (!s->triangulator) return CT_NOMEM;
    qsort(s->stops, s->n_stops, sizeof *s->stops, by_place);
    for (uint32_t face = 0, t = 0; face < m->n_faces; face++) {
        for (; t < m->face_end[face]; t++) CT_TRY(put_triangle(s, t, &next));
        CT_TRY(ct_geo__faces_end(&s->faces, m->face_tag ? m->face_tag[face] : 0));
    }
    return ct_geo__faces_mesh(out, arena, &s->faces, m->xyz, m->n_points);
}

ct_err ct_mesh_close_seams(ct_mesh *mesh, uint32_t *n_cut, ct_arena *arena, double near_m) {
    seams s = {.mesh = mesh};
    ct_mesh made = *mesh;
    uint32_t cut = 0;
    ct_err err = find_open(&s);
    if (!err && (double)s.n_open * (double)s.n_ends <= MAX_PAIRS) err = find_stops(&s, near_m);
    if (!err && s.n_stops) err = cut_up(&made, &s, arena);
    for (size_t i = 0; i < s.n_stops; i++) cut += !i || s.stops[i].corner != s.stops[i - 1].corner;
    seams_fini(&s);
    if (err) return err;
    *mesh = made;
    *n_cut = cut;
    return CT_OK;
}
