// Chains of edges into rings, and rings into polygons.
#include "geo/outline.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "geo/flat.h"

#define NONE UINT32_MAX

typedef struct edge {
    uint32_t from, to;
} edge;

typedef struct ring {
    uint32_t begin, end; // in `points`
    uint32_t owner;      // ring that it is a hole of; NONE: an outside
    double area2;
} ring;

struct ct_outline {
    edge *edges;
    size_t n_edges, edges_room;
    bool *used; // by edge
    size_t used_room;
    uint32_t *mark; // by the first edge of a point: where the point stands on the walk; or NONE
    size_t mark_room;
    uint32_t *walk; // first edges of the points walked over
    size_t walk_room;
    uint32_t *points;
    size_t n_points, points_room;
    ring *rings;
    size_t n_rings, rings_room;
    uint32_t *out_points, *out_ring_end, *out_part_end;
    size_t out_points_room, out_ring_room, out_part_room;
    const double *xyz;
    ct_flat flat;
};

ct_outline *ct_outline_new(void) {
    return ct_calloc(1, sizeof(ct_outline));
}

void ct_outline_free(ct_outline *o) {
    if (!o) return;
    ct_free(o->edges);
    ct_free(o->used);
    ct_free(o->mark);
    ct_free(o->walk);
    ct_free(o->points);
    ct_free(o->rings);
    ct_free(o->out_points);
    ct_free(o->out_ring_end);
    ct_free(o->out_part_end);
    ct_free(o);
}

void ct_outline_begin(ct_outline *o) {
    o->n_edges = o->n_points = o->n_rings = 0;
}

ct_err ct_outline_edge(ct_outline *o, uint32_t from, uint32_t to) {
    if (from == to) return CT_OK;
    CT_TRY(ct_grow(&o->edges, &o->edges_room, o->n_edges + 1, sizeof *o->edges));
    o->edges[o->n_edges++] = (edge){from, to};
    return CT_OK;
}

static int by_pair(const void *left, const void *right) {
    const edge *a = left, *b = right;
    const uint32_t a_low = a->from < a->to ? a->from : a->to;
    const uint32_t a_high = a->from ^ a->to ^ a_low;
    const uint32_t b_low = b->from < b->to ? b->from : b->to;
    const uint32_t b_high = b->from ^ b->to ^ b_low;
    if (a_low != b_low) return a_low < b_low ? -1 : 1;
    return a_high < b_high ? -1 : a_high > b_high;
}

static int by_from(const void *left, const void *right) {
    const edge *a = left, *b = right;
    if (a->from != b->from) return a->from < b->from ? -1 : 1;
    return a->to < b->to ? -1 : a->to > b->to;
}

static void cancel(ct_outline *o) {
    if (o->n_edges == 0) return;
    qsort(o->edges, o->n_edges, sizeof *o->edges, by_pair);
    size_t kept = 0;
    for (size_t i = 0, end; i < o->n_edges; i = end) {
        const edge e = o->edges[i];
        long up = 0;
        for (end = i; end < o->n_edges && by_pair(&e, &o->edges[end]) == 0; end++)
            up += o->edges[end].from < o->edges[end].to ? 1 : -1;
        const uint32_t low = e.from < e.to ? e.from : e.to, high = e.from ^ e.to ^ low;
        for (; up > 0; up--) o->edges[kept++] = (edge){low, high};
        for (; up < 0; up++) o->edges[kept++] = (edge){high, low};
    }
    o->n_edges = kept;
    if (kept) qsort(o->edges, kept, sizeof *o->edges, by_from);
}

// The first edge that leaves the point, NONE if there is none.
static uint32_t first_edge(const ct_outline *o, uint32_t point) {
    size_t low = 0, high = o->n_edges;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (o->edges[middle].from < point)
            low = middle + 1;
        else
            high = middle;
    }
    return low < o->n_edges && o->edges[low].from == point ? (uint32_t)low : NONE;
}

static const double *place(const ct_outline *o, uint32_t point) {
    return o->xyz + 3 * (size_t)point;
}

// Turning clockwise from the way back (v to u): which third of the turn `w` stands in.
static int third_of_turn(const ct_outline *o, uint32_t u, uint32_t v, uint32_t w) {
    const double *b = place(o, u), *c = place(o, v), *d = place(o, w);
    const int side = ct_flat_orient(o->flat, c, b, d);
    if (side) return side < 0 ? 0 : 2;
    const double along = (b[o->flat.x] - c[o->flat.x]) * (d[o->flat.x] - c[o->flat.x]) +
                         (b[o->flat.y] - c[o->flat.y]) * (d[o->flat.y] - c[o->flat.y]);
    return along < 0 ? 1 : 3;
}

// The unused edge out of v that turns most to the left for who comes from u; NONE if there is none.
static uint32_t leftmost_edge(const ct_outline *o, uint32_t u, uint32_t v) {
    uint32_t best = NONE;
    int best_third = 0;
    for (uint32_t e = first_edge(o, v); e < o->n_edges && o->edges[e].from == v; e++) {
        if (o->used[e]) continue;
        const int third = third_of_turn(o, u, v, o->edges[e].to);
        if (best == NONE || third < best_third ||
            (third == best_third && ct_flat_orient(o->flat, place(o, v), place(o, o->edges[e].to),
                                                   place(o, o->edges[best].to)) < 0)) {
            best = e;
            best_third = third;
        }
    }
    return best;
}

// Takes the last points of the walk, from `begin` on, off as a ring.
static ct_err take_ring(ct_outline *o, size_t begin, size_t *n_walk) {
    const size_t n = *n_walk - begin;
    CT_TRY(ct_grow(&o->points, &o->points_room, o->n_points + n, sizeof *o->points));
    CT_TRY(ct_grow(&o->rings, &o->rings_room, o->n_rings + 1, sizeof *o->rings));
    const size_t first = o->n_points;
    for (size_t i = begin; i < *n_walk; i++) {
        o->points[o->n_points++] = o->edges[o->walk[i]].from;
        o->mark[o->walk[i]] = NONE;
    }
    *n_walk = begin;
    o->rings[o->n_rings++] = (ring){(uint32_t)first, (uint32_t)o->n_points, NONE, 0};
    return CT_OK;
}

// Walks from an edge until there is no way on; what closes on the way comes off as rings.
static ct_err walk_from(ct_outline *o, uint32_t start, uint32_t *n_open) {
    size_t n_walk = 0;
    for (uint32_t e = start; e != NONE;) {
        const uint32_t from = o->edges[e].from, to = o->edges[e].to;
        const uint32_t here = first_edge(o, from);
        o->used[e] = true;
        o->mark[here] = (uint32_t)n_walk;
        o->walk[n_walk++] = here;
        const uint32_t there = first_edge(o, to);
        if (there == NONE) break;
        if (o->mark[there] != NONE) CT_TRY(take_ring(o, o->mark[there], &n_walk));
        e = leftmost_edge(o, from, to);
    }
    *n_open += (uint32_t)n_walk;
    while (n_walk) o->mark[o->walk[--n_walk]] = NONE;
    return CT_OK;
}

static ct_err make_rings(ct_outline *o, uint32_t *n_open) {
    CT_TRY(ct_grow(&o->used, &o->used_room, o->n_edges, sizeof *o->used));
    CT_TRY(ct_grow(&o->mark, &o->mark_room, o->n_edges, sizeof *o->mark));
    CT_TRY(ct_grow(&o->walk, &o->walk_room, o->n_edges, sizeof *o->walk));
    for (size_t e = 0; e < o->n_edges; e++) {
        o->used[e] = false;
        o->mark[e] = NONE;
    }
    o->n_points = o->n_rings = 0;
    for (uint32_t e = 0; e < o->n_edges; e++)
        if (!o->used[e]) CT_TRY(walk_from(o, e, n_open));
    return CT_OK;
}

static double area2_of(const ct_outline *o, const ring *r) {
    const double *a = place(o, o->points[r->begin]);
    double sum = 0;
    for (uint32_t i = r->begin + 1; i + 1 < r->end; i++) {
        const double *b = place(o, o->points[i]), *c = place(o, o->points[i + 1]);
        sum += (b[o->flat.x] - a[o->flat.x]) * (c[o->flat.y] - a[o->flat.y]) -
               (b[o->flat.y] - a[o->flat.y]) * (c[o->flat.x] - a[o->flat.x]);
    }
    return sum;
}

// 1 where p lies inside the ring, 0 on it, -1 outside.
static int inside(const ct_outline *o, const ring *r, const double *p) {
    bool in = false;
    for (uint32_t i = r->begin, j = r->end - 1; i < r->end; j = i++) {
        const double *a = place(o, o->points[j]), *b = place(o, o->points[i]);
        const double ay = a[o->flat.y], by = b[o->flat.y], py = p[o->flat.y];
        if (fmin(ay, by) > py || fmax(ay, by) < py) continue;
        const int side = ct_flat_orient(o->flat, a, b, p);
        if (side == 0) {
            const double ax = a[o->flat.x], bx = b[o->flat.x], px = p[o->flat.x];
            if (fmin(ax, bx) <= px && px <= fmax(ax, bx)) return 0;
        }
        if ((ay > py) != (by > py) && (side > 0) == (by > ay)) in = !in;
    }
    return in ? 1 : -1;
}

static bool is_within(const ct_outline *o, const ring *in, const ring *out) {
    for (uint32_t i = in->begin; i < in->end; i++) {
        const int where = inside(o, out, place(o, o->points[i]));
        if (where) return where > 0;
    }
    const double *a = place(o, o->points[in->begin]), *b = place(o, o->points[in->begin + 1]);
    const double middle[3] = {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2};
    return inside(o, out, middle) > 0;
}

// Gives each clockwise ring to the smallest outside that holds it.
static void nest(ct_outline *o) {
    size_t n_outer = 0, only = 0;
    for (size_t i = 0; i < o->n_rings; i++) {
        o->rings[i].area2 = area2_of(o, &o->rings[i]);
        if (o->rings[i].area2 > 0) {
            n_outer++;
            only = i;
        }
    }
    for (size_t i = 0; i < o->n_rings; i++) {
        ring *hole = &o->rings[i];
        if (hole->area2 > 0) continue;
        if (n_outer == 1 && -hole->area2 <= o->rings[only].area2) {
            hole->owner = (uint32_t)only;
            continue;
        }
        for (size_t j = 0; j < o->n_rings; j++) {
            const ring *outer = &o->rings[j];
            if (outer->area2 <= 0 || outer->area2 < -hole->area2) continue;
            if (hole->owner != NONE && outer->area2 >= o->rings[hole->owner].area2) continue;
            if (is_within(o, hole, outer)) hole->owner = (uint32_t)j;
        }
    }
}

static void put_ring(ct_rings *out, const ct_outline *o, const ring *r) {
    memcpy(out->points + out->n_points, o->points + r->begin,
           (r->end - r->begin) * sizeof *o->points);
    out->n_points += r->end - r->begin;
    out->ring_end[out->n_rings++] = out->n_points;
}

ct_err ct_outline_rings(ct_rings *out, ct_outline *o, const double *xyz, const double normal[3]) {
    o->xyz = xyz;
    o->flat = ct_flat_of(normal);
    ct_rings rings = {0};
    cancel(o);
    CT_TRY(make_rings(o, &rings.n_open));
    nest(o);
    CT_TRY(ct_grow(&o->out_points, &o->out_points_room, o->n_points, sizeof(uint32_t)));
    CT_TRY(ct_grow(&o->out_ring_end, &o->out_ring_room, o->n_rings, sizeof(uint32_t)));
    CT_TRY(ct_grow(&o->out_part_end, &o->out_part_room, o->n_rings, sizeof(uint32_t)));
    rings.points = o->out_points;
    rings.ring_end = o->out_ring_end;
    rings.part_end = o->out_part_end;
    for (size_t i = 0; i < o->n_rings; i++) {
        if (o->rings[i].owner != NONE) continue;
        put_ring(&rings, o, &o->rings[i]);
        for (size_t j = 0; j < o->n_rings; j++)
            if (o->rings[j].owner == i) put_ring(&rings, o, &o->rings[j]);
        rings.part_end[rings.n_parts++] = rings.n_rings;
    }
    *out = rings;
    return CT_OK;
}

static ct_err face_edges(ct_outline *o, double normal[3], const ct_mesh *mesh, uint32_t face) {
    for (uint32_t t = face ? mesh->face_end[face - 1] : 0; t < mesh->face_end[face]; t++) {
        const uint32_t *c = mesh->triangles + 3 * (size_t)t;
        ct_flat_newell(normal, mesh->xyz, c, 3);
        for (int k = 0; k < 3; k++) CT_TRY(ct_outline_edge(o, c[k], c[(k + 1) % 3]));
    }
    return CT_OK;
}

static ct_err copy_rings(ct_rings *out, ct_arena *arena, const ct_rings *rings) {
    ct_rings copy = *rings;
    uint32_t *block = ct_arena_alloc(
        arena, ((size_t)copy.n_points + copy.n_rings + copy.n_parts + 1) * sizeof *block);
    if (!block) return CT_NOMEM;
    copy.points = block;
    copy.ring_end = block + copy.n_points;
    copy.part_end = copy.ring_end + copy.n_rings;
    for (uint32_t i = 0; i < copy.n_points; i++) copy.points[i] = rings->points[i];
    for (uint32_t i = 0; i < copy.n_rings; i++) copy.ring_end[i] = rings->ring_end[i];
    for (uint32_t i = 0; i < copy.n_parts; i++) copy.part_end[i] = rings->part_end[i];
    *out = copy;
    return CT_OK;
}

ct_err ct_mesh_face_rings(ct_rings *out, ct_arena *arena, const ct_mesh *mesh, uint32_t face) {
    ct_outline *o = ct_outline_new();
    if (!o) return CT_NOMEM;
    double normal[3] = {0};
    ct_rings rings;
    ct_err err = face_edges(o, normal, mesh, face);
    if (!err) err = ct_outline_rings(&rings, o, mesh->xyz, normal);
    if (!err) err = copy_rings(out, arena, &rings);
    ct_outline_free(o);
    return err;
}
