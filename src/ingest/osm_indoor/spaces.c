// Spaces: rooms, areas and corridors on each of their levels and copied where they repeat; of two
// that lie over each other on a level the smaller is cut out of the larger.
#include <stdlib.h>
#include <string.h>

#include "geo/geos.h"
#include "ingest/osm_indoor/inside.h"

#define INSIDE    0.9  // of a space's corners that lie in another: it is inside of it
#define LEAST_M2  0.01 // less is no space
#define AIR_LEAST 0.05

static bool is_shaft(const ct_osm__thing *t) {
    return t->stairs || t->lift;
}

// ---- one space ----------------------------------------------------------------------------------

static ct_err name_space(ct_osm__space *s, ct_osm__inside *in, bool first) {
    const char *suffix = first ? "" : ct_arena_printf(in->arena, "~%g", s->low);
    if (!suffix) return CT_NOMEM;
    CT_TRY(ct_osm__source(&s->source, in, s->thing->of));
    return ct_osm__id(&s->id, in, "space", s->thing->of, suffix);
}

// min_height is over the ground; with it, height is that of the top (Simple 3D Buildings).
static void take_heights(ct_osm__space *s, const ct_osm__inside *in) {
    const double slab_m = 0.3;
    const ct_osm__building *b = &in->buildings[s->building];
    const ct_osm__storey *from = &in->storeys[s->storey];
    const uint32_t top = ct_osm__storey_of(in, s->building, s->high);
    const ct_osm__storey *to = top == CT_OSM__NONE ? from : &in->storeys[top];
    const double min = ct_osm__length_m(s->thing->of, "min_height");
    const double stated = ct_osm__length_m(s->thing->of, "height");
    s->z_m = min > 0 ? b->ground_m + min : from->z_m;
    s->height_m = min > 0 && stated > min ? stated - min : stated;
    if (s->height_m > AIR_LEAST && s->height_m <= 1000) return;
    const double all = to->z_m + to->height_m - s->z_m;
    s->height_m = all > 2 * slab_m ? all - slab_m : fmax(all, AIR_LEAST);
}

static ct_err add_space(ct_osm__inside *in, const ct_osm__thing *t, double low, double high,
                        bool *first) {
    ct_osm__space s = {.thing = t, .building = t->building, .low = low, .high = high};
    s.storey = ct_osm__storey_of(in, t->building, low);
    s.area_m2 = ct_geom_area_m2(&t->geom);
    if (s.storey == CT_OSM__NONE || s.area_m2 < LEAST_M2) return CT_OK;
    s.shape = t->geom;
    CT_TRY(name_space(&s, in, *first));
    take_heights(&s, in);
    *first = false;
    CT_TRY(ct_osm__room(&in->spaces, &in->space_room, in->n_spaces, sizeof s, in->arena));
    in->spaces[in->n_spaces++] = s;
    return CT_OK;
}

static bool is_own(const ct_osm__thing *t, double level) {
    for (size_t i = 0; i < t->levels.n; i++)
        if (fabs(t->levels.at[i] - level) < 1e-6) return true;
    return false;
}

// One over all its levels.
static ct_err add_rooms(ct_osm__inside *in, const ct_osm__thing *t) {
    const ct_osm__run *l = &t->levels;
    const double reach = l->at[l->n - 1] - l->at[0];
    bool first = true;
    CT_TRY(add_space(in, t, l->at[0], l->at[0] + reach, &first));
    for (size_t i = 0; i < t->repeats.n; i++)
        if (!is_own(t, t->repeats.at[i]))
            CT_TRY(add_space(in, t, t->repeats.at[i], t->repeats.at[i] + reach, &first));
    return CT_OK;
}

// Shafts: one on each level that they or their copies reach.
static ct_err add_shafts(ct_osm__inside *in, const ct_osm__thing *t) {
    ct_osm__levels levels = {.n = 0};
    bool first = true;
    for (size_t i = 0; i <= t->repeats.n; i++)
        for (size_t k = 0; k < t->levels.n; k++) {
            const double shift = i ? t->repeats.at[i - 1] - t->levels.at[0] : 0;
            (void)ct_osm__levels_add(&levels, t->levels.at[k] + shift);
        }
    for (size_t i = 0; i < levels.n; i++)
        CT_TRY(add_space(in, t, levels.at[i], levels.at[i], &first));
    return CT_OK;
}

static ct_err add_spaces(ct_osm__inside *in, const ct_osm__thing *t) {
    return is_shaft(t) ? add_shafts(in, t) : add_rooms(in, t);
}

// ---- where they are -----------------------------------------------------------------------------

// Boxes by place and level.
static ct_err index_spaces(ct_osm__inside *in) {
    ct_box3 *boxes = ct_arena_calloc(in->arena, in->n_spaces + 1, sizeof *boxes);
    if (!boxes) return CT_NOMEM;
    for (size_t i = 0; i < in->n_spaces; i++)
        boxes[i] = ct_osm__box(&in->spaces[i].shape, in->spaces[i].low, in->spaces[i].high, 0);
    return ct_rtree_make(&in->space_tree, in->arena, boxes, (uint32_t)in->n_spaces);
}

ct_err ct_osm__spaces_near(ct_rtree_hits *out, ct_osm__inside *in, uint32_t building, double level,
                           const double at[2], double reach_m) {
    const double same = 1e-6;
    const ct_box3 box = {{at[0] - reach_m, at[1] - reach_m, level - same},
                         {at[0] + reach_m, at[1] + reach_m, level + same}};
    uint32_t n = 0;
    CT_TRY(ct_rtree_find(out, in->job->arena, in->space_tree, &box));
    for (uint32_t i = 0; i < out->n; i++) {
        const ct_osm__space *s = &in->spaces[out->at[i]];
        CT_TRY(ct_osm__spend(in, s->shape.n_points));
        if (s->building == building && ct_geom_distance_m(&s->shape, at[0], at[1]) <= reach_m)
            out->at[n++] = out->at[i];
    }
    out->n = n;
    return CT_OK;
}

// ---- corridors drawn as lines -------------------------------------------------------------------

// How much of the line lies in spaces of its level, by points along it.
static ct_err covered(double *out, ct_osm__inside *in, const ct_osm__thing *t) {
    const double step_m = 0.5;
    double n = 0, in_spaces = 0;
    enum { MOST = 20000 };
    for (uint32_t i = 0; i + 1 < t->geom.n_points; i++) {
        const double *a = t->geom.xyz + 2 * (size_t)i, *b = a + 2;
        const double pieces = fmax(1, ceil(hypot(b[0] - a[0], b[1] - a[1]) / step_m));
        for (double k = 0; k < pieces && n < MOST; k++) {
            const double part = (k + 0.5) / pieces;
            const double at[2] = {a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])};
            ct_rtree_hits hits;
            ct_arena_reset(in->job->arena);
            CT_TRY(ct_osm__spaces_near(&hits, in, t->building, t->levels.at[0], at, 0));
            n++;
            in_spaces += hits.n > 0;
        }
    }
    *out = n > 0 ? in_spaces / n : 0;
    return CT_OK;
}

typedef struct cutter { // what a line's corridor may not cover
    ct_geom g;
    size_t point_room, ring_room, part_room;
    double crowd; // spaces that lie at its parts
} cutter;

static ct_err add_to(cutter *c, ct_osm__inside *in, const ct_osm__space *s) {
    ct_geom *g = &c->g;
    ct_arena *arena = in->arena;
    while (g->n_points + (size_t)s->shape.n_points > c->point_room)
        CT_TRY(ct_osm__room(&g->xyz, &c->point_room, c->point_room, 2 * sizeof *g->xyz, arena));
    while (g->n_rings + (size_t)s->shape.n_rings > c->ring_room)
        CT_TRY(ct_osm__room(&g->ring_end, &c->ring_room, c->ring_room, sizeof *g->ring_end, arena));
    while (g->n_parts + (size_t)s->shape.n_parts > c->part_room)
        CT_TRY(ct_osm__room(&g->part_end, &c->part_room, c->part_room, sizeof *g->part_end, arena));
    g->type = CT_GEOM_MULTIPOLYGON;
    ct_osm__append(g, &s->shape);
    return CT_OK;
}

// Lines of before are not yet in the tree from `indexed` on.
static ct_err spaces_under(cutter *c, ct_osm__inside *in, const ct_osm__thing *t,
                           const ct_geom *wide, size_t indexed) {
    const ct_box3 box = ct_osm__box(wide, t->levels.at[0], t->levels.at[0], 0);
    const ct_bbox flat = {box.min[0], box.min[1], box.max[0], box.max[1]};
    ct_rtree_hits hits;
    ct_arena_reset(in->job->arena);
    CT_TRY(ct_rtree_find(&hits, in->job->arena, in->space_tree, &box));
    for (uint32_t i = 0; i < hits.n; i++)
        if (in->spaces[hits.at[i]].building == t->building)
            CT_TRY(add_to(c, in, &in->spaces[hits.at[i]]));
    for (size_t i = indexed; i < in->n_spaces; i++) {
        const ct_osm__space *s = &in->spaces[i];
        ct_bbox b;
        if (s->building == t->building && fabs(s->low - t->levels.at[0]) < 1e-6 &&
            ct_geom_bbox(&b, &s->shape) && ct_bbox_intersects(&b, &flat))
            CT_TRY(add_to(c, in, s));
    }
    return CT_OK;
}

// What lies in the outline of the building.
static ct_err clip(ct_geom *g, ct_osm__inside *in, uint32_t building) {
    const ct_geom *outline = &in->buildings[building].shape;
    ct_geom beyond;
    if (!in->buildings[building].of) return CT_OK; // made around the rooms alone
    CT_TRY(ct_geos_subtract(&beyond, in->arena, g, outline, CT_OSM__STEP_M));
    if (beyond.type == CT_GEOM_NONE) return CT_OK;
    return ct_geos_subtract(g, in->arena, g, &beyond, CT_OSM__STEP_M);
}

static ct_err widen_line(ct_osm__inside *in, ct_osm__thing *t, size_t indexed) {
    const double most_m = 5000;
    const double given = ct_osm__length_m(t->of, "width");
    const double width = given >= 0.5 && given <= 50 ? given : CT_OSM__WAY_M;
    ct_geom wide;
    cutter c = {.point_room = 0};
    if (ct_geom_length_m(&t->geom) > most_m) return CT_OK;
    CT_TRY(ct_geos_buffer(&wide, in->arena, &t->geom, width / 2));
    CT_TRY(spaces_under(&c, in, t, &wide, indexed));
    CT_TRY(ct_geos_subtract(&t->geom, in->arena, &wide, &c.g, CT_OSM__STEP_M));
    if (t->geom.type != CT_GEOM_NONE) CT_TRY(clip(&t->geom, in, t->building));
    if (t->geom.type == CT_GEOM_NONE) return CT_OK;
    in->n_lines++;
    return add_spaces(in, t);
}

static ct_err take_lines(ct_osm__inside *in) {
    enum { AT_ONCE = 256 };
    size_t indexed = in->n_spaces;
    for (size_t i = 0; i < in->n_things; i++) {
        ct_osm__thing *t = &in->things[i];
        double part;
        if (t->kind != CT_OSM__WALKLINE || t->building == CT_OSM__NONE || !t->levels.n) continue;
        CT_TRY(covered(&part, in, t));
        if (part > 0.5) continue;
        CT_TRY(widen_line(in, t, indexed));
        if (in->n_spaces < indexed + AT_ONCE) continue;
        CT_TRY(index_spaces(in));
        indexed = in->n_spaces;
    }
    return index_spaces(in);
}

// ---- spaces in spaces ---------------------------------------------------------------------------

static bool is_larger(const ct_osm__inside *in, uint32_t a, uint32_t b) {
    const double p = in->spaces[a].area_m2, q = in->spaces[b].area_m2;
    return p > q || (p >= q && a > b);
}

static bool share_level(const ct_osm__space *a, const ct_osm__space *b) {
    return a->building == b->building && a->low <= b->high + 1e-6 && b->low <= a->high + 1e-6;
}

// Whether the small one lies inside: its middle, and nearly all its corners or on the edge.
static ct_err is_inside(bool *out, ct_osm__inside *in, const ct_osm__space *large,
                        const ct_osm__space *small) {
    const double edge_m = 0.05;
    const ct_geom *g = &small->shape;
    const ct_box3 around = ct_osm__box(&large->shape, 0, 0, edge_m);
    const size_t stride = (size_t)ct_geom_stride(g);
    double at[2];
    uint32_t corners = 0;
    *out = false;
    ct_osm__middle(at, g);
    CT_TRY(ct_osm__spend(in, 2.0 * large->shape.n_points + g->n_points));
    if (!ct_geom_contains_point(&large->shape, at[0], at[1])) return CT_OK;
    for (uint32_t i = 0; i < g->n_points; i++) {
        const double *p = g->xyz + stride * i;
        if (p[0] < around.min[0] || p[0] > around.max[0] || p[1] < around.min[1] ||
            p[1] > around.max[1])
            continue;
        CT_TRY(ct_osm__spend(in, large->shape.n_points));
        corners += ct_geom_distance_m(&large->shape, p[0], p[1]) <= edge_m;
    }
    *out = corners >= INSIDE * g->n_points;
    return CT_OK;
}

// All that lies inside is taken away at once.
static ct_err cut(ct_osm__inside *in, ct_osm__space *large, const cutter *c) {
    const double point = 1000, pair = 500; // steps of an overlay, at worst
    ct_geom left;
    CT_TRY(ct_osm__spend(in, point * ((double)c->g.n_points + large->shape.n_points) +
                                 pair * c->crowd));
    CT_TRY(ct_geos_subtract(&left, in->arena, &large->shape, &c->g, CT_OSM__STEP_M));
    if (ct_geom_area_m2(&left) >= LEAST_M2) large->shape = left;
    return CT_OK;
}

// How many spaces lie at each.
static ct_err count_crowds(uint32_t *crowd, ct_osm__inside *in) {
    for (size_t i = 0; i < in->n_spaces; i++) {
        const ct_osm__space *s = &in->spaces[i];
        const ct_box3 box = ct_osm__box(&s->shape, s->low, s->high, 0);
        ct_rtree_hits hits;
        ct_arena_reset(in->job->arena);
        CT_TRY(ct_rtree_find(&hits, in->job->arena, in->space_tree, &box));
        crowd[i] = hits.n;
    }
    return CT_OK;
}

static ct_err cut_all(ct_osm__inside *in) {
    uint32_t *crowd = ct_arena_calloc(in->arena, in->n_spaces + 1, sizeof *crowd);
    if (!crowd) return CT_NOMEM;
    CT_TRY(count_crowds(crowd, in));
    for (uint32_t i = 0; i < in->n_spaces; i++) {
        ct_osm__space *s = &in->spaces[i];
        const ct_box3 box = ct_osm__box(&s->shape, s->low, s->high, 0);
        cutter c = {.point_room = 0};
        ct_rtree_hits hits;
        ct_arena_reset(in->job->arena);
        CT_TRY(ct_rtree_find(&hits, in->job->arena, in->space_tree, &box));
        for (uint32_t k = 0; k < hits.n; k++) {
            const uint32_t other = hits.at[k];
            bool inside;
            if (other == i || !is_larger(in, i, other) || !share_level(s, &in->spaces[other]))
                continue;
            CT_TRY(is_inside(&inside, in, s, &in->spaces[other]));
            if (!inside) continue;
            CT_TRY(add_to(&c, in, &in->spaces[other]));
            c.crowd += crowd[other];
            in->n_cut++;
        }
        if (c.g.n_points) CT_TRY(cut(in, s, &c));
    }
    return CT_OK;
}

ct_err ct_osm__spaces(ct_osm__inside *in) {
    for (size_t i = 0; i < in->n_things; i++) {
        const ct_osm__thing *t = &in->things[i];
        if (t->kind == CT_OSM__SPACE && t->building != CT_OSM__NONE) CT_TRY(add_spaces(in, t));
    }
    CT_TRY(index_spaces(in));
    CT_TRY(take_lines(in));
    return cut_all(in);
}
