// Doors and windows: nodes in walls, on each of their levels, with the wall's direction and the
// spaces on either side.
#include <string.h>

#include "ingest/osm_indoor/inside.h"

#define REACH_M 0.6  // a wall may be so far from the door's node: walls with a thickness
#define TOUCH_M 0.05 // edges so near are as near
static const double k_beyond_m[] = {0.1, 0.25, 0.45, 0.7}; // where sides are looked for

// ---- the wall -----------------------------------------------------------------------------------

typedef struct wall { // edges at the door, by direction
    double near_m;
    size_t n;
    struct {
        double along[2], length_m;
        bool forth, back; // the wall goes on either way
    } at[8];
} wall;

static double distance_to(const double *a, const double *b, const double at[2], double *t) {
    const double d[2] = {b[0] - a[0], b[1] - a[1]};
    const double length2 = d[0] * d[0] + d[1] * d[1];
    const double k = length2 > 0 ? ((at[0] - a[0]) * d[0] + (at[1] - a[1]) * d[1]) / length2 : 0;
    *t = fmin(1, fmax(0, k));
    return hypot(a[0] + *t * d[0] - at[0], a[1] + *t * d[1] - at[1]);
}

static void add_edge(wall *w, const double *a, const double *b, double t) {
    const double askew = 0.05, short_m = 0.05;
    const double length = hypot(b[0] - a[0], b[1] - a[1]);
    if (!(length > short_m)) return;
    const double u[2] = {(b[0] - a[0]) / length, (b[1] - a[1]) / length};
    size_t i = 0;
    while (i < w->n && fabs(u[0] * w->at[i].along[1] - u[1] * w->at[i].along[0]) > askew) i++;
    if (i == sizeof w->at / sizeof *w->at) return;
    if (i == w->n) {
        memset(&w->at[w->n], 0, sizeof w->at[w->n]);
        memcpy(w->at[w->n++].along, u, sizeof u);
    }
    const bool same = u[0] * w->at[i].along[0] + u[1] * w->at[i].along[1] > 0;
    const bool forth = (1 - t) * length > short_m, back = t * length > short_m;
    w->at[i].forth |= same ? forth : back;
    w->at[i].back |= same ? back : forth;
    w->at[i].length_m = fmax(w->at[i].length_m, length);
}

// Edges that are as near as the nearest so far; a nearer one forgets the others.
static void add_edges(wall *w, const ct_geom *g, const double at[2]) {
    const size_t stride = (size_t)ct_geom_stride(g);
    for (uint32_t r = 0; r < g->n_rings; r++)
        for (uint32_t i = r ? g->ring_end[r - 1] : 0; i + 1 < g->ring_end[r]; i++) {
            const double *a = g->xyz + stride * i, *b = a + stride;
            double t;
            const double d = distance_to(a, b, at, &t);
            if (d > REACH_M || d > w->near_m + TOUCH_M) continue;
            if (d < w->near_m - TOUCH_M) w->n = 0;
            w->near_m = fmin(w->near_m, d);
            add_edge(w, a, b, t);
        }
}

// The direction that goes on both ways, the longer one of two.
static bool direction_of(double along[2], const wall *w) {
    double best = -1;
    for (size_t i = 0; i < w->n; i++) {
        const double through_m = 1e6;
        const double score = w->at[i].length_m + (w->at[i].forth && w->at[i].back ? through_m : 0);
        if (score <= best) continue;
        best = score;
        memcpy(along, w->at[i].along, 2 * sizeof *along);
    }
    return best >= 0;
}

static ct_err add_walls(wall *w, ct_osm__inside *in, const ct_osm__opening *o, double level) {
    const ct_box3 box = {{o->at[0] - REACH_M, o->at[1] - REACH_M, level},
                         {o->at[0] + REACH_M, o->at[1] + REACH_M, level}};
    ct_rtree_hits hits;
    CT_TRY(ct_rtree_find(&hits, in->job->arena, in->wall_tree, &box));
    for (uint32_t i = 0; i < hits.n; i++)
        if (in->things[hits.at[i]].building == o->building)
            add_edges(w, &in->things[hits.at[i]].geom, o->at);
    return CT_OK;
}

// ---- the sides ----------------------------------------------------------------------------------

static ct_err space_at(uint32_t *out, ct_osm__inside *in, const ct_osm__opening *o, double level,
                       const double at[2]) {
    ct_rtree_hits hits;
    *out = CT_OSM__NONE;
    CT_TRY(ct_osm__spaces_near(&hits, in, o->building, level, at, 0));
    for (uint32_t i = 0; i < hits.n; i++)
        if (*out == CT_OSM__NONE || in->spaces[hits.at[i]].area_m2 < in->spaces[*out].area_m2)
            *out = hits.at[i];
    return CT_OK;
}

static ct_err look_across(ct_osm__opening *o, ct_osm__inside *in, double level) {
    for (int side = 0; side < 2; side++) {
        const double sign = side ? -1 : 1;
        o->side[side] = CT_OSM__NONE;
        for (size_t i = 0; i < sizeof k_beyond_m / sizeof *k_beyond_m; i++) {
            const double at[2] = {o->at[0] - sign * k_beyond_m[i] * o->along[1],
                                  o->at[1] + sign * k_beyond_m[i] * o->along[0]};
            CT_TRY(space_at(&o->side[side], in, o, level, at));
            if (o->side[side] != CT_OSM__NONE) break;
        }
    }
    if (o->side[0] == o->side[1]) o->side[1] = CT_OSM__NONE;
    if (o->side[0] != CT_OSM__NONE) return CT_OK;
    o->side[0] = o->side[1];
    o->side[1] = CT_OSM__NONE;
    return CT_OK;
}

// ---- one opening --------------------------------------------------------------------------------

static bool is_entrance(const ct_osm__element *e) {
    return ct_osm__get(e, "entrance") && !ct_osm__has(e, "entrance", "no");
}

static const char *kind_of(const ct_osm__thing *t) {
    if (t->kind == CT_OSM__WINDOW) return "window";
    if (is_entrance(t->of)) return "entrance";
    return ct_osm__has(t->of, "door", "no") ? "opening" : "door";
}

static ct_err put_in_wall(ct_osm__opening *o, ct_osm__inside *in, double level) {
    const ct_osm__building *b = &in->buildings[o->building];
    wall w = {.near_m = INFINITY}, outside = {.near_m = INFINITY};
    ct_rtree_hits hits;
    CT_TRY(ct_osm__spaces_near(&hits, in, o->building, level, o->at, REACH_M));
    for (uint32_t i = 0; i < hits.n; i++) add_edges(&w, &in->spaces[hits.at[i]].shape, o->at);
    CT_TRY(add_walls(&w, in, o, level));
    add_edges(&outside, &b->shape, o->at);
    if (outside.near_m <= w.near_m + TOUCH_M) add_edges(&w, &b->shape, o->at);
    o->placed = direction_of(o->along, &w);
    if (!o->placed) {
        ct_osm__tell(in->d, "door-in-no-wall", o->thing->of,
                     "no wall is within %.1f m of it on level %g", REACH_M, level);
        return CT_OK;
    }
    CT_TRY(look_across(o, in, level));
    o->external = o->side[1] == CT_OSM__NONE && isfinite(outside.near_m);
    return CT_OK;
}

static ct_err add_opening(ct_osm__inside *in, const ct_osm__thing *t, double level, bool *first) {
    ct_osm__opening o = {.thing = t,
                         .kind = kind_of(t),
                         .building = t->building,
                         .side = {CT_OSM__NONE, CT_OSM__NONE},
                         .at = {t->at[0], t->at[1]},
                         .width_m = NAN};
    const char *suffix = *first ? "" : ct_arena_printf(in->arena, "~%g", level);
    o.storey = ct_osm__storey_of(in, t->building, level);
    if (!suffix) return CT_NOMEM;
    if (o.storey == CT_OSM__NONE) return CT_OK;
    ct_arena_reset(in->job->arena);
    CT_TRY(put_in_wall(&o, in, level));
    CT_TRY(ct_osm__source(&o.source, in, t->of));
    CT_TRY(ct_osm__id(&o.id, in, "opening", t->of, suffix));
    for (int k = 0; k < 2 && t->kind == CT_OSM__DOOR; k++)
        if (o.side[k] != CT_OSM__NONE) in->spaces[o.side[k]].doors = true;
    if (is_entrance(t->of) && o.external) in->storeys[o.storey].entrance = true;
    *first = false;
    CT_TRY(ct_osm__room(&in->openings, &in->opening_room, in->n_openings, sizeof o, in->arena));
    in->openings[in->n_openings++] = o;
    return CT_OK;
}

// ---- levels of doors that tell none -------------------------------------------------------------

// Those of the spaces at whose edge it stands.
static ct_err find_levels(ct_osm__levels *out, ct_osm__inside *in, const ct_osm__thing *t) {
    const ct_osm__building *b = &in->buildings[t->building];
    static const double reaches_m[] = {TOUCH_M, REACH_M};
    out->n = 0;
    for (int r = 0; r < 2 && out->n == 0; r++)
        for (uint32_t i = b->first; i < b->first + b->n; i++) {
            ct_rtree_hits hits;
            ct_arena_reset(in->job->arena);
            CT_TRY(ct_osm__spaces_near(&hits, in, t->building, in->storeys[i].level, t->at,
                                       reaches_m[r]));
            if (hits.n) (void)ct_osm__levels_add(out, in->storeys[i].level);
        }
    return CT_OK;
}

// People come in where the ground is.
static void keep_ground(ct_osm__levels *levels) {
    size_t i = 0;
    while (i + 1 < levels->n && levels->at[i] < 0) i++;
    levels->at[0] = levels->at[i];
    levels->n = 1;
}

static ct_err take_opening(ct_osm__inside *in, const ct_osm__thing *t) {
    ct_osm__levels levels = {.n = 0};
    bool first = true;
    for (size_t i = 0; i < t->levels.n; i++) (void)ct_osm__levels_add(&levels, t->levels.at[i]);
    for (size_t i = 0; i < t->repeats.n; i++) (void)ct_osm__levels_add(&levels, t->repeats.at[i]);
    if (!t->levels.n) {
        ct_osm__levels found;
        CT_TRY(find_levels(&found, in, t));
        if (found.n > 1 && is_entrance(t->of)) keep_ground(&found);
        if (found.n > 1) in->n_stacked++;
        for (size_t i = 0; i < found.n; i++) (void)ct_osm__levels_add(&levels, found.at[i]);
    }
    if (levels.n == 0) in->n_far_doors++;
    for (size_t i = 0; i < levels.n; i++) CT_TRY(add_opening(in, t, levels.at[i], &first));
    return CT_OK;
}

static ct_err index_walls(ct_osm__inside *in) {
    ct_box3 *boxes = ct_arena_calloc(in->arena, in->n_things + 1, sizeof *boxes);
    if (!boxes) return CT_NOMEM;
    for (size_t i = 0; i < in->n_things; i++) {
        const ct_osm__thing *t = &in->things[i];
        const bool stands = t->kind == CT_OSM__WALL && t->building != CT_OSM__NONE && t->levels.n;
        boxes[i] = stands ? ct_osm__box(&t->geom, t->levels.at[0], t->levels.at[t->levels.n - 1], 0)
                          : (ct_box3){{NAN, NAN, NAN}, {NAN, NAN, NAN}};
    }
    return ct_rtree_make(&in->wall_tree, in->arena, boxes, (uint32_t)in->n_things);
}

ct_err ct_osm__doors(ct_osm__inside *in) {
    CT_TRY(index_walls(in));
    for (size_t i = 0; i < in->n_things; i++) {
        const ct_osm__thing *t = &in->things[i];
        if ((t->kind == CT_OSM__DOOR || t->kind == CT_OSM__WINDOW) && t->building != CT_OSM__NONE)
            CT_TRY(take_opening(in, t));
    }
    return CT_OK;
}
