// Sections joined to surfaces.
#include "ingest/ifc/shape/sweep.h"

#include <math.h>
#include <string.h>

#include "geo/vector.h"

static uint32_t ring_begin(const ct_geom *g, uint32_t ring) {
    return ring ? g->ring_end[ring - 1] : 0;
}

// ---- sides and ends -----------------------------------------------------------------------------

static ct_err put_points(uint32_t *index, ct_ifc__work *w, const ct_geom *g, const ct_affine *at) {
    CT_TRY(ct_ifc__spend(w, g->n_points));
    for (uint32_t i = 0; i < g->n_points; i++) {
        double p[3] = {g->xyz[2 * (size_t)i], g->xyz[2 * (size_t)i + 1], 0};
        ct_affine_point(p, at, p);
        CT_TRY(ct_mesh_builder_point(&index[i], w->builder, p));
    }
    return CT_OK;
}

// A point of a section in space.
static void place(double out[3], const ct_geom *g, uint32_t i, const ct_affine *at) {
    const double p[3] = {g->xyz[2 * (size_t)i], g->xyz[2 * (size_t)i + 1], 0};
    ct_affine_point(out, at, p);
}

static bool is_flat(double p[4][3]) {
    double u[3], v[3], d[3], n[3];
    for (int k = 0; k < 3; k++) {
        u[k] = p[2][k] - p[0][k];
        v[k] = p[3][k] - p[1][k];
        d[k] = p[1][k] - p[0][k];
    }
    for (int k = 0; k < 3; k++)
        n[k] = u[(k + 1) % 3] * v[(k + 2) % 3] - u[(k + 2) % 3] * v[(k + 1) % 3];
    const double length = sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
    return fabs(n[0] * d[0] + n[1] * d[1] + n[2] * d[2]) <= 1e-6 * length;
}

// The quadrilaterals between two sections; a bent one is two faces.
static ct_err put_sides(ct_ifc__work *w, const ct_geom *a, const ct_geom *b, const ct_affine *at_a,
                        const ct_affine *at_b, const uint32_t *from, const uint32_t *to) {
    CT_TRY(ct_ifc__spend(w, 4 * (uint64_t)a->n_points));
    for (uint32_t r = 0; r < a->n_rings; r++)
        for (uint32_t i = ring_begin(a, r); i + 1 < a->ring_end[r]; i++) {
            const uint32_t c[6] = {from[i], from[i + 1], to[i + 1], from[i], to[i + 1], to[i]};
            double p[4][3];
            place(p[0], a, i, at_a);
            place(p[1], a, i + 1, at_a);
            place(p[2], b, i + 1, at_b);
            place(p[3], b, i, at_b);
            if (is_flat(p)) {
                CT_TRY(ct_mesh_builder_triangles(w->builder, c, 2, 0));
                continue;
            }
            CT_TRY(ct_mesh_builder_triangles(w->builder, c, 1, 0));
            CT_TRY(ct_mesh_builder_triangles(w->builder, c + 3, 1, 0));
        }
    return CT_OK;
}

// The profile itself as faces.
static ct_err put_end(ct_ifc__work *w, const ct_geom *g, const uint32_t *index, bool back) {
    CT_TRY(ct_ifc__spend(w, 8 * (uint64_t)g->n_points));
    double *xyz = ct_arena_calloc(w->arena, 3 * (size_t)g->n_points, sizeof *xyz);
    uint32_t *ring = ct_arena_alloc(w->arena, g->n_points * sizeof *ring);
    uint32_t *ends = ct_arena_alloc(w->arena, g->n_rings * sizeof *ends);
    if (!xyz || !ring || !ends) return CT_NOMEM;
    for (size_t i = 0; i < g->n_points; i++) memcpy(xyz + 3 * i, g->xyz + 2 * i, 2 * sizeof *xyz);
    for (uint32_t part = 0, r = 0; part < g->n_parts; part++) {
        uint32_t n = 0, n_rings = 0;
        for (; r < g->part_end[part]; r++) {
            for (uint32_t i = ring_begin(g, r); i + 1 < g->ring_end[r]; i++) ring[n++] = i;
            ends[n_rings++] = n;
        }
        ct_triangles t;
        CT_TRY(ct_triangulate(&t, w->triangulator, xyz, ring, ends, n_rings));
        uint32_t *corners = ct_arena_alloc(w->arena, (3 * (size_t)t.n + 1) * sizeof *corners);
        if (!corners) return CT_NOMEM;
        for (size_t i = 0; i < 3 * (size_t)t.n; i++)
            corners[i] = index[t.corners[back ? 3 * (i / 3) + 2 - i % 3 : i]];
        CT_TRY(ct_mesh_builder_triangles(w->builder, corners, t.n, 0));
    }
    return CT_OK;
}

static const ct_geom *profile_of(const ct_ifc__sections *s, uint32_t i) {
    return s->profiles[s->n_profiles > 1 ? i : 0];
}

ct_err ct_ifc__sweep(ct_ifc__work *w, const ct_ifc__sections *s) {
    const size_t n = profile_of(s, 0)->n_points;
    uint32_t *index = ct_arena_alloc(w->arena, (size_t)s->n * n * sizeof *index);
    if (!index) return CT_NOMEM;
    for (uint32_t i = 0; i < s->n; i++)
        CT_TRY(put_points(index + i * n, w, profile_of(s, i), &s->at[i]));
    const bool ends = !s->around && !s->surface;
    if (ends) CT_TRY(put_end(w, profile_of(s, 0), index, true));
    for (uint32_t i = 0; i + (s->around ? 0 : 1) < s->n; i++) {
        const uint32_t next = i + 1 < s->n ? i + 1 : 0;
        CT_TRY(put_sides(w, profile_of(s, i), profile_of(s, next), &s->at[i], &s->at[next],
                         index + i * n, index + next * n));
    }
    if (!ends) return CT_OK;
    return put_end(w, profile_of(s, s->n - 1), index + (s->n - 1) * n, false);
}

// ---- profiles cut alike -------------------------------------------------------------------------

// How far along its ring each point is, 0 to 1.
static void measure(double *out, const double *xy, uint32_t n) {
    out[0] = 0;
    for (uint32_t i = 1; i < n; i++)
        out[i] = out[i - 1] + hypot(xy[2 * i] - xy[2 * i - 2], xy[2 * i + 1] - xy[2 * i - 1]);
    for (uint32_t i = 1; i < n; i++) out[i] /= out[n - 1] > 0 ? out[n - 1] : 1;
    out[n - 1] = 1;
}

static void at_part(double out[2], const double *xy, const double *t, uint32_t n, double part) {
    uint32_t i = 0;
    while (i + 2 < n && t[i + 1] < part) i++;
    const double f = t[i + 1] > t[i] ? (part - t[i]) / (t[i + 1] - t[i]) : 0;
    for (int k = 0; k < 2; k++) out[k] = xy[2 * i + k] + f * (xy[2 * i + 2 + k] - xy[2 * i + k]);
}

// Two rings with all the points of both; the number of points.
static uint32_t merge(double *to_a, double *to_b, const double *a, const double *ta, uint32_t na,
                      const double *b, const double *tb, uint32_t nb) {
    uint32_t n = 0;
    for (uint32_t i = 0, k = 0; i < na || k < nb; n++) {
        const double t = k == nb || (i < na && ta[i] <= tb[k]) ? ta[i] : tb[k];
        at_part(to_a + 2 * n, a, ta, na, t);
        at_part(to_b + 2 * n, b, tb, nb, t);
        while (i < na && ta[i] <= t + 1e-9) i++;
        while (k < nb && tb[k] <= t + 1e-9) k++;
    }
    return n;
}

// Begins the closed ring `xy` of `n` points at the one nearest to `at`. `room` for as many points.
static void begin_near(double *xy, uint32_t n, const double at[2], double *room) {
    uint32_t best = 0;
    for (uint32_t i = 1; i + 1 < n; i++)
        if (hypot(xy[2 * i] - at[0], xy[2 * i + 1] - at[1]) <
            hypot(xy[2 * best] - at[0], xy[2 * best + 1] - at[1]))
            best = i;
    for (uint32_t i = 0; i < n; i++)
        memcpy(room + 2 * (size_t)i, xy + 2 * (size_t)((best + i) % (n - 1)), 2 * sizeof *xy);
    memcpy(xy, room, 2 * (size_t)n * sizeof *xy);
}

ct_err ct_ifc__match(ct_geom *a, ct_geom *b, ct_ifc__work *w) {
    const bool open = a->type == CT_GEOM_LINESTRING;
    if (open != (b->type == CT_GEOM_LINESTRING))
        return ct_fail(CT_UNSUPPORTED, "an open and a closed profile joined to a surface");
    bool alike = a->n_rings == b->n_rings && a->n_parts == b->n_parts;
    if (!alike)
        return ct_fail(CT_UNSUPPORTED, "profiles with %u and %u rings joined to a solid",
                       a->n_rings, b->n_rings);
    for (uint32_t r = 0; r < a->n_rings; r++) alike &= a->ring_end[r] == b->ring_end[r];
    if (alike) return CT_OK;
    const size_t room = (size_t)a->n_points + b->n_points;
    CT_TRY(ct_ifc__spend(w, room * 4));
    double *xy = ct_arena_alloc(w->arena, 2 * room * sizeof *xy);
    double *merged = ct_arena_alloc(w->arena, 4 * room * sizeof *merged);
    double *t = ct_arena_alloc(w->arena, room * sizeof *t);
    uint32_t *ends = ct_arena_alloc(w->arena, a->n_rings * sizeof *ends);
    if (!xy || !merged || !t || !ends) return CT_NOMEM;
    uint32_t n = 0;
    for (uint32_t r = 0; r < a->n_rings; r++) {
        const uint32_t ia = ring_begin(a, r), na = a->ring_end[r] - ia;
        const uint32_t ib = ring_begin(b, r), nb = b->ring_end[r] - ib;
        // Rings of other points begin anywhere: that of more points is turned.
        if (na > nb && !open) begin_near(a->xyz + 2 * (size_t)ia, na, b->xyz + 2 * (size_t)ib, xy);
        if (na < nb && !open) begin_near(b->xyz + 2 * (size_t)ib, nb, a->xyz + 2 * (size_t)ia, xy);
        measure(t, a->xyz + 2 * (size_t)ia, na);
        measure(t + na, b->xyz + 2 * (size_t)ib, nb);
        n += merge(merged + 2 * (size_t)n, merged + 2 * (room + n), a->xyz + 2 * (size_t)ia, t, na,
                   b->xyz + 2 * (size_t)ib, t + na, nb);
        ends[r] = n;
    }
    a->xyz = merged;
    b->xyz = merged + 2 * room;
    a->ring_end = b->ring_end = ends;
    a->n_points = b->n_points = n;
    return CT_OK;
}

// ---- frames along a line ------------------------------------------------------------------------

static bool unit(double v[3]) {
    const double length = sqrt(ct_dot(v, v));
    if (!(length > 0)) return false;
    for (int k = 0; k < 3; k++) v[k] /= length;
    return true;
}

static void along(double out[3], const ct_ifc__line *line, uint32_t i) {
    const double *a = line->xyz + 3 * (size_t)i;
    const double *b = line->xyz + 3 * (size_t)(i + 1 < line->n ? i + 1 : 0);
    for (int k = 0; k < 3; k++) out[k] = b[k] - a[k];
    (void)unit(out);
}

// `v` moved along `d` into the plane across `m`; no farther than about five times.
static void slide(double out[3], const double v[3], const double d[3], const double m[3]) {
    const double across = ct_dot(d, m),
                 f = ct_dot(v, m) / (fabs(across) > 0.2 ? across : copysign(0.2, across));
    for (int k = 0; k < 3; k++) out[k] = v[k] - f * d[k];
}

// Makes x perpendicular to d and of length 1; any such where it is along d.
static void across(double x[3], const double d[3]) {
    const double f = ct_dot(x, d);
    for (int k = 0; k < 3; k++) x[k] -= f * d[k];
    if (sqrt(ct_dot(x, x)) > 1e-9 && unit(x)) return;
    const ct_affine any = ct_affine_frame((const double[3]){0}, d, NULL);
    for (int k = 0; k < 3; k++) x[k] = any.m[4 * k];
}

static void turn_to(double x[3], const double d[3], const double x0[3], bool fixed) {
    if (fixed) memcpy(x, x0, 3 * sizeof *x);
    across(x, d);
}

ct_err ct_ifc__frames(ct_affine **out, ct_ifc__work *w, const ct_ifc__line *line,
                      const double x0[3], bool fixed) {
    CT_TRY(ct_ifc__spend(w, 4 * (uint64_t)line->n));
    ct_affine *at = ct_arena_alloc(w->arena, line->n * sizeof *at);
    if (!at) return CT_NOMEM;
    double x[3] = {x0[0], x0[1], x0[2]}, d[3], before[3];
    along(before, line, line->closed ? line->n - 1 : 0);
    turn_to(x, before, x0, fixed);
    for (uint32_t i = 0; i < line->n; i++) {
        const bool last = i + 1 == line->n && !line->closed;
        memcpy(d, before, sizeof d);
        if (!last) along(d, line, i);
        double m[3] = {d[0] + before[0], d[1] + before[1], d[2] + before[2]}, y[3], sx[3], sy[3];
        if (!unit(m)) memcpy(m, before, sizeof m);
        for (int k = 0; k < 3; k++) {
            const int k1 = (k + 1) % 3, k2 = (k + 2) % 3;
            y[k] = before[k1] * x[k2] - before[k2] * x[k1];
        }
        slide(sx, x, before, m);
        slide(sy, y, before, m);
        for (int k = 0; k < 3; k++) {
            at[i].m[4 * k] = sx[k];
            at[i].m[4 * k + 1] = sy[k];
            at[i].m[4 * k + 2] = m[k];
            at[i].m[4 * k + 3] = line->xyz[3 * (size_t)i + k];
        }
        memcpy(x, sx, sizeof x);
        turn_to(x, d, x0, fixed);
        memcpy(before, d, sizeof before);
    }
    *out = at;
    return CT_OK;
}
