// Openings cut into a prism in the plane of its profile.
//
// The prism gets oblique coordinates: x and y of its profile, and 0 to 1 along its sweep. An
// opening that is swept along the same line and covers 0 to 1 is its shadow in x and y; the rest is
// a difference of polygons. A box may take any of its faces for the profile.
#include <math.h>
#include <string.h>

#include "geo/geom_private.h"
#include "geo/mesh_prism_private.h"
#include "geo/subtract.h"

typedef struct tagger {
    const ct_geom *profile;
    double near_m;
    const ct_prism_tags *tags;
} tagger;

static double distance_to_edge(const double *a, const double *b, double x, double y) {
    const double u[2] = {b[0] - a[0], b[1] - a[1]}, v[2] = {x - a[0], y - a[1]};
    const double length2 = u[0] * u[0] + u[1] * u[1];
    double t = length2 > 0 ? (u[0] * v[0] + u[1] * v[1]) / length2 : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return hypot(v[0] - t * u[0], v[1] - t * u[1]);
}

// Sides over edges of the profile as it was, and those of openings.
static uint8_t tag_side(const void *context, const double a[2], const double b[2]) {
    const tagger *t = context;
    const ct_geom *g = t->profile;
    const double x = (a[0] + b[0]) / 2, y = (a[1] + b[1]) / 2;
    for (uint32_t r = 0; r < g->n_rings; r++)
        for (uint32_t i = ct_geo__ring_begin(g, r); i + 1 < g->ring_end[r]; i++)
            if (distance_to_edge(ct_geo__point(g, i), ct_geo__point(g, i + 1), x, y) <= t->near_m)
                return t->tags->side;
    return t->tags->cut;
}

// Profile, sweep -> space.
static ct_affine oblique_of(const ct_prism *p) {
    ct_affine own = ct_affine_identity;
    for (int k = 0; k < 3; k++) own.m[4 * k + 2] = p->along[k];
    return ct_affine_multiply(&p->place, &own);
}

static double length_of(const double v[3]) {
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

// The edges of a box from one of its corners; false if the prism is none.
static bool box_edges(double corner[2], double edges[3][3], const ct_prism *p) {
    const ct_geom *g = p->profile;
    if (g->n_rings != 1 || g->n_points != 5) return false;
    const double *a = ct_geo__point(g, 0), *b = ct_geo__point(g, 1);
    const double *c = ct_geo__point(g, 2), *d = ct_geo__point(g, 3);
    const double lengths[2] = {hypot(b[0] - a[0], b[1] - a[1]), hypot(d[0] - a[0], d[1] - a[1])};
    const double slack = 1e-9 * (lengths[0] + lengths[1]);
    if (fabs(a[0] + c[0] - b[0] - d[0]) + fabs(a[1] + c[1] - b[1] - d[1]) > slack) return false;
    const double dot = (b[0] - a[0]) * (d[0] - a[0]) + (b[1] - a[1]) * (d[1] - a[1]);
    if (fabs(dot) > slack * fmin(lengths[0], lengths[1])) return false;
    if (hypot(p->along[0], p->along[1]) > 1e-9 * fabs(p->along[2])) return false;
    for (int k = 0; k < 2; k++) {
        corner[k] = a[k];
        edges[0][k] = b[k] - a[k];
        edges[1][k] = d[k] - a[k];
        edges[2][k] = 0;
    }
    edges[0][2] = edges[1][2] = 0;
    edges[2][2] = p->along[2];
    return true;
}

// The box swept along its edge `axis` instead. `profile` has room for five points.
static bool turn_box(ct_prism *out, ct_geom *profile, const ct_prism *p, int axis) {
    double corner[2], edges[3][3];
    if (!box_edges(corner, edges, p)) return false;
    const int order[3] = {(axis + 1) % 3, (axis + 2) % 3, axis};
    double size[3];
    ct_affine own = ct_affine_identity;
    for (int k = 0; k < 3; k++) {
        size[k] = length_of(edges[order[k]]);
        if (!(size[k] > 0)) return false;
        for (int i = 0; i < 3; i++) own.m[4 * i + k] = edges[order[k]][i] / size[k];
    }
    own.m[3] = corner[0];
    own.m[7] = corner[1];
    const double xy[10] = {0, 0, size[0], 0, size[0], size[1], 0, size[1], 0, 0};
    memcpy(profile->xyz, xy, sizeof xy);
    profile->ring_end[0] = 5;
    profile->part_end[0] = 1;
    *out = (ct_prism){profile, ct_affine_multiply(&p->place, &own), {0, 0, size[2]}};
    return true;
}

typedef enum passage { THROUGH, BESIDE, NEITHER } passage;

// How an opening passes through the prism whose oblique coordinates `into` gives; its points are
// put into `shadow`, which has their number.
static passage pass(ct_geom *shadow, const ct_affine *into, const ct_prism *prism,
                    const ct_prism *opening, double near_m) {
    const ct_affine map = ct_affine_multiply(into, &opening->place);
    double along[3], low[2] = {INFINITY, -INFINITY}, high[2] = {INFINITY, -INFINITY};
    ct_affine_vector(along, &map, opening->along);
    const double thickness = length_of(prism->along), near = near_m / thickness;
    const ct_geom *g = opening->profile;
    for (uint32_t i = 0; i < g->n_points; i++) {
        const double *xy = ct_geo__point(g, i);
        const double p[3] = {xy[0], xy[1], 0};
        double at[3];
        ct_affine_point(at, &map, p);
        shadow->xyz[2 * (size_t)i] = at[0];
        shadow->xyz[2 * (size_t)i + 1] = at[1];
        const double a = fmin(at[2], at[2] + along[2]), b = fmax(at[2], at[2] + along[2]);
        low[0] = fmin(low[0], a);
        low[1] = fmax(low[1], a);
        high[0] = fmin(high[0], b);
        high[1] = fmax(high[1], b);
    }
    if (low[0] >= 1 - near || high[1] <= near) return BESIDE;
    if (fabs(along[0]) > near_m || fabs(along[1]) > near_m) return NEITHER;
    return low[1] <= near && high[0] >= 1 - near ? THROUGH : NEITHER;
}

// The same for an opening that is a box, which may be swept along any of its edges: *profile is
// then the one that passes, and `own` its room.
static passage pass_any(ct_geom *shadow, const ct_geom **profile, ct_geom *own,
                        const ct_affine *into, const ct_prism *prism, const ct_prism *opening,
                        double near_m) {
    const passage how = pass(shadow, into, prism, opening, near_m);
    *profile = opening->profile;
    for (int axis = 0; axis < 2 && how == NEITHER; axis++) {
        ct_prism turned;
        if (!turn_box(&turned, own, opening, axis)) break;
        *profile = own;
        if (pass(shadow, into, prism, &turned, near_m) == THROUGH) return THROUGH;
    }
    return how;
}

// The shadows of all openings as one MultiPolygon; *fit false if one of them does not fit.
static ct_err shadows_of(ct_geom *out, bool *fit, ct_arena *arena, const ct_prism *prism,
                         const ct_prism *openings, size_t n, double near_m) {
    const ct_affine oblique = oblique_of(prism);
    ct_affine into;
    size_t points = 0, rings = 0, parts = 0;
    *fit = false;
    if (!ct_affine_invert(&into, &oblique)) return ct_fail(CT_GEOM, "the prism is flat");
    for (size_t i = 0; i < n; i++) {
        if (!ct_geo__is_polygonal(openings[i].profile->type)) continue;
        points += openings[i].profile->n_points;
        rings += openings[i].profile->n_rings;
        parts += openings[i].profile->n_parts;
    }
    ct_geom g, turned;
    CT_TRY(ct_geo__alloc(&turned, arena, CT_GEOM_POLYGON, false, 5, 1, 1));
    CT_TRY(ct_geo__alloc(&g, arena, CT_GEOM_MULTIPOLYGON, false, points, rings, parts));
    g.n_points = g.n_rings = g.n_parts = 0;
    for (size_t i = 0; i < n; i++) {
        const ct_geom *p = openings[i].profile;
        if (!ct_geo__is_polygonal(p->type)) continue;
        ct_geom rest = {.xyz = g.xyz + 2 * (size_t)g.n_points};
        const passage how = pass_any(&rest, &p, &turned, &into, prism, &openings[i], near_m);
        if (how == NEITHER) return CT_OK;
        if (how == BESIDE) continue;
        for (uint32_t r = 0; r < p->n_rings; r++)
            g.ring_end[g.n_rings + r] = g.n_points + p->ring_end[r];
        for (uint32_t k = 0; k < p->n_parts; k++)
            g.part_end[g.n_parts + k] = g.n_rings + p->part_end[k];
        g.n_points += p->n_points;
        g.n_rings += p->n_rings;
        g.n_parts += p->n_parts;
    }
    *fit = true;
    *out = g.n_parts ? g : (ct_geom){0};
    return CT_OK;
}

// Tags of a turned box's faces by where they lie in the prism as it was given; those of openings
// have `cut` already, all others another one.
static ct_err retag(ct_mesh *mesh, const ct_prism *given, const ct_prism_cut *options,
                    uint8_t cut) {
    const ct_affine oblique = oblique_of(given);
    ct_affine into;
    if (!ct_affine_invert(&into, &oblique)) return ct_fail(CT_GEOM, "the prism is flat");
    const double near = (options->near_m + options->step_m) / length_of(given->along);
    for (uint32_t f = 0; f < mesh->n_faces; f++) {
        if (mesh->face_tag[f] == cut) {
            mesh->face_tag[f] = options->tags.cut;
            continue;
        }
        const uint32_t *c = mesh->triangles + 3 * (size_t)(f ? mesh->face_end[f - 1] : 0);
        double low = INFINITY, high = -INFINITY;
        for (int k = 0; k < 3; k++) {
            double at[3];
            ct_affine_point(at, &into, mesh->xyz + 3 * (size_t)c[k]);
            low = fmin(low, at[2]);
            high = fmax(high, at[2]);
        }
        mesh->face_tag[f] = fabs(high) <= near      ? options->tags.begin
                            : fabs(low - 1) <= near ? options->tags.end
                                                    : options->tags.side;
    }
    return CT_OK;
}

static ct_err cut_along(ct_mesh *out, ct_arena *arena, const ct_prism *prism, const ct_geom *shadow,
                        const ct_prism_cut *options) {
    ct_geom rest = *prism->profile;
    if (shadow->n_parts)
        CT_TRY(ct_geo__subtract(&rest, arena, prism->profile, shadow, options->step_m));
    if (rest.type == CT_GEOM_NONE) {
        *out = (ct_mesh){0};
        return CT_OK;
    }
    const tagger t = {prism->profile, 2 * options->step_m, &options->tags};
    const ct_prism left = {
        &rest, prism->place, {prism->along[0], prism->along[1], prism->along[2]}};
    return ct_geo__extrude(out, arena, &left, &options->tags, tag_side, &t);
}

ct_err ct_mesh_extrude_cut(ct_mesh *out, bool *done, ct_arena *arena, const ct_prism *prism,
                           const ct_prism *openings, size_t n_openings,
                           const ct_prism_cut *options) {
    ct_geom shadow, profile;
    bool fit;
    CT_TRY(shadows_of(&shadow, &fit, arena, prism, openings, n_openings, options->near_m));
    if (fit) {
        CT_TRY(cut_along(out, arena, prism, &shadow, options));
        *done = true;
        return CT_OK;
    }
    CT_TRY(ct_geo__alloc(&profile, arena, CT_GEOM_POLYGON, false, 5, 1, 1));
    for (int axis = 0; axis < 2 && !fit; axis++) {
        ct_prism turned;
        if (!turn_box(&turned, &profile, prism, axis)) break;
        CT_TRY(shadows_of(&shadow, &fit, arena, &turned, openings, n_openings, options->near_m));
        if (!fit) continue;
        ct_mesh mesh;
        ct_prism_cut own = *options;
        own.tags = (ct_prism_tags){.cut = 1};
        CT_TRY(cut_along(&mesh, arena, &turned, &shadow, &own));
        CT_TRY(retag(&mesh, prism, options, own.tags.cut));
        *out = mesh;
    }
    *done = fit;
    return CT_OK;
}
