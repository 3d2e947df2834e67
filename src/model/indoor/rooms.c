// Rooms of a building whose source tells no spaces: per storey, the ground of its slabs less the
// sections of its walls, doors and windows closed.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geos.h"
#include "model/indoor/private.h"

#define CUT_M          1.0 // height of the section over the floor
#define NARROW_M       0.6 // what is nowhere wider is a cavity or a ledge, not a room
#define LEAST_M2       0.5
#define SLAB_M         0.35 // slabs whose tops lie so near to the storey's floor carry it
#define LEAST_HEIGHT_M 1.8  // of a storey that people are on
#define AIR_M          0.5  // of a room's edge with nothing beyond: it is open to the air

// ---- what is cut --------------------------------------------------------------------------------

static ct_err slabs_of(ct_geom *out, ct_indoor__work *w, const ct_indoor_storey *s) {
    ct_indoor__pile pile = {0};
    for (uint32_t i = 0; i < w->n_walls; i++) {
        const ct_box3 *b = &w->wall_boxes[i];
        ct_geom g;
        if (!w->walls[i].slab || fabs(b->max[2] - s->z_m) > SLAB_M) continue;
        const double z = (fmax(b->min[2], b->max[2] - 2 * SLAB_M) + b->max[2]) / 2;
        CT_TRY(ct_indoor__section(&g, NULL, w->scratch, w->walls[i].f->body, z));
        CT_TRY(ct_indoor__pile_add(&pile, w->scratch, &g));
    }
    *out = (ct_geom){0};
    if (!pile.g.n_points) return CT_OK;
    return ct_geos_union(out, w->scratch, &pile.g, CT_INDOOR__STEP_M);
}

// Doors and windows close the walls that they are in: their boxes, from jamb to jamb.
static ct_err close_openings(ct_indoor__pile *pile, ct_indoor__work *w, double z_m) {
    const double across_m = 0.01, along_m = 0.05;
    for (uint32_t i = 0; i < w->openings.n; i++) {
        const ct_feature *f = w->openings.at[i];
        ct_indoor__plan plan;
        if (!f->body) continue;
        CT_TRY(ct_indoor__plan_of(&plan, w->scratch, f->body));
        if (!plan.has || plan.z[0] > z_m || plan.z[1] < z_m) continue;
        CT_TRY(ct_indoor__pile_box(pile, w->scratch, &plan, along_m, across_m));
    }
    return CT_OK;
}

static ct_err walls_of(ct_geom *out, ct_indoor__work *w, double z_m) {
    ct_indoor__pile pile = {0};
    for (uint32_t i = 0; i < w->n_walls; i++) {
        ct_geom g;
        if (w->walls[i].slab || w->wall_boxes[i].min[2] > z_m || w->wall_boxes[i].max[2] < z_m)
            continue;
        CT_TRY(ct_indoor__section(&g, NULL, w->scratch, w->walls[i].f->body, z_m));
        CT_TRY(ct_indoor__pile_add(&pile, w->scratch, &g));
    }
    *out = (ct_geom){0};
    if (!pile.g.n_points) return CT_OK;
    CT_TRY(close_openings(&pile, w, z_m));
    return ct_geos_union(out, w->scratch, &pile.g, CT_INDOOR__STEP_M);
}

// Where no slab is known, the ground is that inside the outlines of the walls.
static ct_err without_holes(ct_geom *out, ct_arena *arena, const ct_geom *g) {
    CT_TRY(ct_geom_copy(out, arena, g));
    uint32_t points = 0, parts = 0;
    for (uint32_t part = 0; part < g->n_parts; part++) {
        const uint32_t ring = part ? g->part_end[part - 1] : 0;
        const uint32_t begin = ring ? g->ring_end[ring - 1] : 0, n = g->ring_end[ring] - begin;
        memmove(out->xyz + 2 * (size_t)points, g->xyz + 2 * (size_t)begin, 2 * sizeof *g->xyz * n);
        points += n;
        out->ring_end[parts] = points;
        out->part_end[parts] = parts + 1;
        parts++;
    }
    out->n_points = points;
    out->n_rings = out->n_parts = parts;
    return CT_OK;
}

// ---- rooms --------------------------------------------------------------------------------------

typedef struct part { // of what is left
    ct_geom g;
    double at[2];
} part;

static ct_geom part_of(const ct_geom *g, uint32_t i, uint32_t *one) {
    const uint32_t ring = i ? g->part_end[i - 1] : 0, begin = ring ? g->ring_end[ring - 1] : 0;
    ct_geom p = {.type = CT_GEOM_POLYGON,
                 .n_points = g->ring_end[g->part_end[i] - 1] - begin,
                 .n_rings = g->part_end[i] - ring,
                 .n_parts = 1,
                 .xyz = g->xyz + 2 * (size_t)begin,
                 .ring_end = g->ring_end + ring,
                 .part_end = one};
    *one = p.n_rings;
    return p;
}

static ct_err copy_part(ct_geom *out, ct_arena *arena, const ct_geom *g, uint32_t i) {
    uint32_t one;
    const ct_geom p = part_of(g, i, &one);
    const uint32_t ring = i ? g->part_end[i - 1] : 0, begin = ring ? g->ring_end[ring - 1] : 0;
    uint32_t *ends = ct_arena_calloc(arena, p.n_rings, sizeof *ends);
    if (!ends) return CT_NOMEM;
    for (uint32_t r = 0; r < p.n_rings; r++) ends[r] = p.ring_end[r] - begin;
    ct_geom own = p;
    own.ring_end = ends;
    return ct_geom_copy(out, arena, &own);
}

// Length of the room's outer edge that is at no wall and has nothing of the building beyond.
static double open_length(const ct_geom *g, const ct_geom *walls, const ct_geom *envelope) {
    const double near_m = 2 * CT_INDOOR__STEP_M, beyond_m = 0.1;
    double sum = 0;
    for (uint32_t i = 0; i + 1 < g->ring_end[0]; i++) {
        const double *a = g->xyz + 2 * (size_t)i, *b = a + 2;
        const double x = (a[0] + b[0]) / 2, y = (a[1] + b[1]) / 2;
        const double length = hypot(b[0] - a[0], b[1] - a[1]);
        if (!(length > 0) || ct_geom_distance_m(walls, x, y) <= near_m) continue;
        const double u = beyond_m * (b[1] - a[1]) / length, v = beyond_m * (b[0] - a[0]) / length;
        if (!ct_geom_contains_point(envelope, x + u, y - v) ||
            !ct_geom_contains_point(envelope, x - u, y + v))
            sum += length;
    }
    return sum;
}

// What slabs and walls cover together, wells of stairs too.
static ct_err envelope_of(ct_geom *out, ct_indoor__work *w, const ct_geom *slabs,
                          const ct_geom *walls) {
    ct_indoor__pile pile = {0};
    ct_geom all;
    CT_TRY(ct_indoor__pile_add(&pile, w->scratch, slabs));
    CT_TRY(ct_indoor__pile_add(&pile, w->scratch, walls));
    CT_TRY(ct_geos_union(&all, w->scratch, &pile.g, CT_INDOOR__STEP_M));
    return without_holes(out, w->scratch, &all);
}

static ct_err is_room(bool *yes, ct_indoor__work *w, const ct_geom *g) {
    ct_geom core;
    *yes = false;
    if (ct_geom_area_m2(g) < LEAST_M2) return CT_OK;
    CT_TRY(ct_geos_buffer(&core, w->scratch, g, -NARROW_M / 2));
    *yes = core.n_points > 0;
    return CT_OK;
}

static int by_place(const void *a, const void *b) {
    const part *p = a, *q = b;
    if (p->at[0] < q->at[0] || p->at[0] > q->at[0]) return p->at[0] < q->at[0] ? -1 : 1;
    return p->at[1] < q->at[1] ? -1 : p->at[1] > q->at[1];
}

static ct_err add_room(ct_indoor__work *w, uint32_t storey, uint32_t number, const part *p,
                       bool outside) {
    const ct_indoor_storey *at = &w->out->storeys[storey];
    ct_indoor_space *s = &w->out->spaces[w->out->n_spaces];
    *s = (ct_indoor_space){.made = true, .storey = storey, .z_m = at->z_m};
    s->id = ct_arena_printf(w->arena, "%s~room-%u", at->id, number);
    s->name = ct_indoor__keep(w, "");
    s->use = ct_indoor__keep(w, "other");
    if (!s->id || !s->name || !s->use) return CT_NOMEM;
    CT_TRY(ct_geom_copy(&s->floor, w->arena, &p->g));
    s->outside = outside;
    s->area_m2 = ct_geom_area_m2(&s->floor);
    s->height_m = at->height_m;
    s->volume_m3 = s->area_m2 * s->height_m;
    w->out->n_spaces++;
    return ct_indoor__finish_space(w, s, NULL);
}

static ct_err rooms_of(ct_indoor__work *w, uint32_t storey) {
    ct_geom slabs, walls, ground, left, envelope;
    uint32_t n = 0;
    const ct_indoor_storey *s = &w->out->storeys[storey];
    ct_arena_reset(w->moment);
    if (s->height_m < LEAST_HEIGHT_M) return CT_OK;
    CT_TRY(walls_of(&walls, w, s->z_m + CUT_M));
    if (!walls.n_points) return CT_OK;
    CT_TRY(slabs_of(&slabs, w, s));
    if (slabs.n_points)
        ground = slabs;
    else
        CT_TRY(without_holes(&ground, w->scratch, &walls));
    CT_TRY(envelope_of(&envelope, w, &slabs, &walls));
    CT_TRY(ct_geos_subtract(&left, w->scratch, &ground, &walls, CT_INDOOR__STEP_M));
    part *parts = ct_arena_calloc(w->scratch, left.n_parts + (size_t)1, sizeof *parts);
    if (!parts) return CT_NOMEM;
    for (uint32_t i = 0; i < left.n_parts; i++) {
        bool yes;
        CT_TRY(copy_part(&parts[n].g, w->scratch, &left, i));
        CT_TRY(is_room(&yes, w, &parts[n].g));
        if (yes && ct_geom_inside_point(parts[n].at, &parts[n].g)) n++;
    }
    qsort(parts, n, sizeof *parts, by_place);
    ct_indoor_space *grown =
        ct_arena_calloc(w->arena, w->out->n_spaces + n + (size_t)1, sizeof *grown);
    if (!grown) return CT_NOMEM;
    if (w->out->n_spaces) memcpy(grown, w->out->spaces, w->out->n_spaces * sizeof *grown);
    w->out->spaces = grown;
    for (uint32_t i = 0; i < n; i++)
        CT_TRY(add_room(w, storey, i + 1, &parts[i],
                        open_length(&parts[i].g, &walls, &envelope) > AIR_M));
    return CT_OK;
}

ct_err ct_indoor__rooms(ct_indoor__work *w) {
    for (uint32_t i = 0; i < w->out->n_storeys; i++) CT_TRY(rooms_of(w, i));
    return CT_OK;
}
