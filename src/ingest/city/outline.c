// The ground that an object covers: its footprint where the file draws one, else its floors, else
// what of it is seen from above, else that of its parts.
#include <math.h>
#include <string.h>

#include "geo/geos.h"
#include "ingest/city/city.h"

#define STEP_M 0.001 // grid of the outlines

enum { MOST_FACES = 50000 }; // of an outline by union; over that it is the box

typedef struct pile { // polygons that may overlap, rings closed
    ct_geom g;
    size_t points, rings, parts; // room
} pile;

// Negative where they run clockwise: the face looks down.
static double area_from_above(const double *xyz, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double *p = xyz + 3 * i, *q = xyz + 3 * ((i + 1) % n);
        sum += (p[0] - xyz[0]) * (q[1] - xyz[1]) - (q[0] - xyz[0]) * (p[1] - xyz[1]);
    }
    return sum / 2;
}

// Room for a polygon; the pile is made for all of them at once.
static ct_err open_pile(pile *p, ct_arena *arena, size_t points, size_t rings, size_t parts) {
    if (points + rings > UINT32_MAX) return ct_fail(CT_LIMIT, "outline: too many points");
    *p = (pile){.points = points + rings, .rings = rings, .parts = parts};
    p->g.type = CT_GEOM_MULTIPOLYGON;
    p->g.xyz = ct_arena_calloc(arena, p->points + 1, 2 * sizeof *p->g.xyz);
    p->g.ring_end = ct_arena_calloc(arena, rings + 1, sizeof *p->g.ring_end);
    p->g.part_end = ct_arena_calloc(arena, parts + 1, sizeof *p->g.part_end);
    return p->g.xyz && p->g.ring_end && p->g.part_end ? CT_OK : CT_NOMEM;
}

static void add_ring(ct_geom *g, const double *xyz, size_t n) {
    double *to = g->xyz + 2 * (size_t)g->n_points;
    for (size_t i = 0; i <= n; i++) {
        to[2 * i] = xyz[3 * (i % n)];
        to[2 * i + 1] = xyz[3 * (i % n) + 1];
    }
    g->n_points += (uint32_t)n + 1;
    g->ring_end[g->n_rings++] = g->n_points;
}

static void add_face(ct_geom *g, const ct_city__shape *s, uint32_t face, bool only_up) {
    const double least_m2 = STEP_M * STEP_M;
    uint32_t ring = face ? s->face_end[face - 1] : 0;
    bool any = false;
    for (; ring < s->face_end[face]; ring++) {
        const uint32_t begin = ring ? s->ring_end[ring - 1] : 0, n = s->ring_end[ring] - begin;
        const double *xyz = s->xyz + 3 * (size_t)begin;
        const double area_m2 = n >= 3 ? area_from_above(xyz, n) : 0;
        const bool seen = fabs(area_m2) > least_m2;
        if (!any && (!seen || (only_up && area_m2 < 0))) return; // it stands upright or looks down
        if (seen) add_ring(g, xyz, n);
        any = true;
    }
    if (any) g->part_end[g->n_parts++] = g->n_rings;
}

// ---- faces laid on faces ------------------------------------------------------------------------
// Some solids draw the hole of a floor or ceiling as a second face in the plane of the first. A
// sound solid has no such faces, so that the smaller one is a hole.

static bool is_level(double *z, const ct_city__shape *s, uint32_t face) {
    const uint32_t ring = face ? s->face_end[face - 1] : 0;
    const uint32_t begin = ring ? s->ring_end[ring - 1] : 0, end = s->ring_end[ring];
    *z = s->xyz[3 * (size_t)begin + 2];
    for (uint32_t i = begin + 1; i < end; i++)
        if (fabs(s->xyz[3 * (size_t)i + 2] - *z) > STEP_M) return false;
    return end - begin >= 3;
}

static bool is_in_ring(const double p[3], const double *xyz, uint32_t n) {
    bool in = false;
    for (uint32_t i = 0; i < n; i++) {
        const double *a = xyz + 3 * (size_t)i, *b = xyz + 3 * (size_t)((i + 1) % n);
        if ((a[1] > p[1]) != (b[1] > p[1]) &&
            p[0] < a[0] + (p[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
            in = !in;
    }
    return in;
}

// Whether the outside of the one face, with all its points, is laid on the other's.
static bool is_laid_on(const ct_city__shape *s, uint32_t small, uint32_t large) {
    double z, other_z;
    if (small == large || !is_level(&z, s, small) || !is_level(&other_z, s, large) ||
        fabs(z - other_z) > STEP_M)
        return false;
    const uint32_t ring = small ? s->face_end[small - 1] : 0;
    const uint32_t other = large ? s->face_end[large - 1] : 0;
    const uint32_t begin = ring ? s->ring_end[ring - 1] : 0;
    const uint32_t other_begin = other ? s->ring_end[other - 1] : 0;
    const double *around = s->xyz + 3 * (size_t)other_begin;
    const uint32_t n = s->ring_end[other] - other_begin;
    for (uint32_t i = begin; i < s->ring_end[ring]; i++)
        if (!is_in_ring(s->xyz + 3 * (size_t)i, around, n)) return false;
    return true;
}

static bool is_hole(const ct_city__shape *s, uint32_t face) {
    for (uint32_t f = 0; f < s->n_faces; f++)
        if (is_laid_on(s, face, f)) return true;
    return false;
}

// The face with what is laid on it as holes; nothing where it is itself one.
static void add_holed_face(ct_geom *g, const ct_city__shape *s, uint32_t face) {
    if (is_hole(s, face)) return;
    const uint32_t parts = g->n_parts;
    add_face(g, s, face, false);
    if (g->n_parts == parts) return;
    for (uint32_t f = 0; f < s->n_faces; f++) {
        if (!is_laid_on(s, f, face)) continue;
        const uint32_t ring = f ? s->face_end[f - 1] : 0;
        const uint32_t begin = ring ? s->ring_end[ring - 1] : 0;
        add_ring(g, s->xyz + 3 * (size_t)begin, s->ring_end[ring] - begin);
    }
    g->part_end[parts] = g->n_rings;
}

// ---- choice -------------------------------------------------------------------------------------

typedef struct choice { // which faces make the outline
    ct_city__role role;
    int lod;
    ct_surface tag; // CT_SURFACE_NONE: all
} choice;

static bool takes(const choice *c, const ct_city__shape *s) {
    return !s->pattern && s->role == c->role && (c->lod < 0 || s->lod == c->lod);
}

static size_t count_faces(size_t *points, size_t *rings, const ct_city__object *o,
                          const choice *c) {
    size_t n = 0;
    *points = *rings = 0;
    for (size_t i = 0; i < o->n_shapes; i++) {
        const ct_city__shape *s = &o->shapes[i];
        if (!takes(c, s)) continue;
        *points += s->n_points;
        *rings += s->n_rings;
        for (uint32_t f = 0; f < s->n_faces; f++)
            n += c->tag == CT_SURFACE_NONE || s->tag[f] == c->tag;
    }
    return n;
}

static bool choose(choice *out, const ct_city__object *o) {
    size_t points, rings;
    *out = (choice){.role = CT_CITY__FOOTPRINT, .lod = -1};
    if (count_faces(&points, &rings, o, out)) return true;
    *out = (choice){.role = CT_CITY__BODY, .lod = 0};
    if (count_faces(&points, &rings, o, out)) return true;
    *out = (choice){.role = CT_CITY__BODY, .lod = 4, .tag = o->kind->floor};
    for (; out->tag != CT_SURFACE_NONE && out->lod > 0; out->lod--)
        if (count_faces(&points, &rings, o, out)) return true;
    *out = (choice){.role = CT_CITY__BODY, .lod = 1};
    for (; out->lod <= 4; out->lod++)
        if (count_faces(&points, &rings, o, out)) return true;
    *out = (choice){.role = CT_CITY__ROOF_EDGE, .lod = -1};
    return count_faces(&points, &rings, o, out) > 0;
}

static ct_err box_outline(ct_geom *out, ct_arena *arena, const ct_box3 *b) {
    const double xyz[12] = {b->min[0], b->min[1], 0, b->max[0], b->min[1], 0,
                            b->max[0], b->max[1], 0, b->min[0], b->max[1], 0};
    pile p;
    *out = (ct_geom){0};
    if (!(b->max[0] > b->min[0] && b->max[1] > b->min[1])) return CT_OK;
    CT_TRY(open_pile(&p, arena, 4, 1, 1));
    add_ring(&p.g, xyz, 4);
    p.g.part_end[p.g.n_parts++] = p.g.n_rings;
    p.g.type = CT_GEOM_POLYGON;
    *out = p.g;
    return CT_OK;
}

static void pile_up(ct_geom *g, const ct_city__object *o, const choice *c, bool only_up) {
    enum { MOST_LAID = 2000 }; // faces of a solid among which holes are looked for
    for (size_t i = 0; i < o->n_shapes; i++) {
        const ct_city__shape *s = &o->shapes[i];
        const bool solid = s->kind == CT_CITY__SOLID && c->tag == CT_SURFACE_NONE;
        for (uint32_t f = 0; takes(c, s) && f < s->n_faces; f++) {
            if (c->tag != CT_SURFACE_NONE && s->tag[f] != c->tag) continue;
            if (solid && !only_up && s->n_faces <= MOST_LAID)
                add_holed_face(g, s, f);
            else
                add_face(g, s, f, only_up && solid);
        }
    }
}

static ct_err of_faces(ct_city__reader *r, ct_city__object *o, const choice *c) {
    size_t points, rings;
    const size_t n = count_faces(&points, &rings, o, c);
    pile p;
    if (n > MOST_FACES) {
        ct_diagnostics_add(r->job->diagnostics, CT_SEVERITY_INFO, "outline-box", o->where,
                           "the outline of %zu faces is drawn as their box", n);
        return box_outline(&o->outline, r->family, &o->box);
    }
    CT_TRY(open_pile(&p, r->family, points, rings, n));
    // What looks up of solids covers as much as all of them.
    bool sound;
    pile_up(&p.g, o, c, true);
    CT_TRY(ct_city__join_faces(&o->outline, &sound, r, &p.g));
    if (sound) return CT_OK;
    p.g.n_points = p.g.n_rings = p.g.n_parts = 0;
    pile_up(&p.g, o, c, false);
    return ct_geos_union(&o->outline, r->family, &p.g, STEP_M);
}

static void add_outline(ct_geom *to, const ct_geom *g) {
    const int stride = ct_geom_stride(g);
    for (uint32_t i = 0; i < g->n_points; i++)
        memcpy(to->xyz + 2 * (size_t)(to->n_points + i), g->xyz + (size_t)stride * i,
               2 * sizeof *g->xyz);
    for (uint32_t i = 0; i < g->n_rings; i++)
        to->ring_end[to->n_rings + i] = to->n_points + g->ring_end[i];
    for (uint32_t i = 0; i < g->n_parts; i++)
        to->part_end[to->n_parts + i] = to->n_rings + g->part_end[i];
    to->n_points += g->n_points;
    to->n_rings += g->n_rings;
    to->n_parts += g->n_parts;
}

static ct_err of_children(ct_city__reader *r, ct_city__object *o) {
    size_t points = 0, rings = 0, parts = 0;
    pile p;
    for (const ct_city__object *c = o->child; c; c = c->next) {
        points += c->outline.n_points;
        rings += c->outline.n_rings;
        parts += c->outline.n_parts;
    }
    if (!points) return o->has_box ? box_outline(&o->outline, r->family, &o->box) : CT_OK;
    CT_TRY(open_pile(&p, r->family, points, rings, parts));
    for (const ct_city__object *c = o->child; c; c = c->next) add_outline(&p.g, &c->outline);
    return ct_geos_union(&o->outline, r->family, &p.g, STEP_M);
}

ct_err ct_city__join_outline(ct_city__reader *r, ct_city__object *o, const ct_city__object *other) {
    const ct_geom *a = &o->outline, *b = &other->outline;
    pile p;
    if (b->n_points == 0) return CT_OK;
    CT_TRY(open_pile(&p, r->family, (size_t)a->n_points + b->n_points,
                     (size_t)a->n_rings + b->n_rings, (size_t)a->n_parts + b->n_parts));
    add_outline(&p.g, a);
    add_outline(&p.g, b);
    return ct_geos_union(&o->outline, r->family, &p.g, STEP_M);
}

ct_err ct_city__outline(ct_city__reader *r, ct_city__object *o) {
    choice c;
    ct_err err = choose(&c, o) ? of_faces(r, o, &c) : of_children(r, o);
    if (err != CT_GEOM) return err;
    ct_diagnostics_add(r->job->diagnostics, CT_SEVERITY_WARNING, "outline-box", o->where,
                       "the outline is drawn as the box of the shape: %s", ct_err_message());
    return box_outline(&o->outline, r->family, &o->box);
}
