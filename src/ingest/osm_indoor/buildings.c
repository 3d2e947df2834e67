// The buildings that things are in: by a relation of the type building, else by the smallest
// outline around, else one made around things that lie together in no outline.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geos.h"
#include "ingest/osm_indoor/inside.h"

#define REACH_M 0.5 // doors and walls may lie so far outside of an outline

// ---- outlines -----------------------------------------------------------------------------------

typedef struct tagged { // an element, for the rules
    const ct_ingest__rules *rules;
    const ct_osm__element *e;
} tagged;

static const char *tag_of(const void *context, size_t tag) {
    const tagged *t = context;
    return ct_osm__get(t->e, ct_ingest__rules_tag(t->rules, tag));
}

// The same question that the reader of outdoor things asks of it.
static bool is_building(const ct_osm__inside *in, const ct_osm__element *e) {
    const tagged t = {in->outdoor, e};
    const ct_ingest__tags tags = {.get = tag_of, .context = &t};
    const ct_ingest__rule *rule =
        ct_osm__get(e, "building")
            ? ct_ingest__rules_match(in->outdoor, &tags, CT_GEOM_MULTIPOLYGON, NULL)
            : NULL;
    return rule && strcmp(ct_ingest__rule_class(rule)->name, "building") == 0;
}

static ct_err add_building(ct_osm__inside *in, const ct_osm__element *of,
                           const ct_osm__element *outline) {
    ct_osm__building b = {.of = of, .outline = outline};
    CT_TRY(ct_osm__area(&b.shape, in, outline, true));
    if (b.shape.type == CT_GEOM_NONE) return CT_OK;
    b.box = ct_osm__box(&b.shape, 0, 0, REACH_M);
    b.area_m2 = ct_geom_area_m2(&b.shape);
    CT_TRY(ct_osm__id(&b.id, in, "building", of, ""));
    CT_TRY(ct_osm__source(&b.source, in, of));
    CT_TRY(ct_osm__room(&in->buildings, &in->building_room, in->n_buildings, sizeof b, in->arena));
    in->buildings[in->n_buildings++] = b;
    return CT_OK;
}

static ct_err take_outlines(ct_osm__inside *in) {
    const ct_osm__list *ways = &in->d->ways, *relations = &in->d->relations;
    for (size_t i = 0; i < ways->n; i++)
        if (ways->at[i].n_tags && ct_osm__is_closed(&ways->at[i]) && is_building(in, &ways->at[i]))
            CT_TRY(add_building(in, &ways->at[i], &ways->at[i]));
    for (size_t i = 0; i < relations->n; i++) {
        const ct_osm__element *e = &relations->at[i];
        if (ct_osm__has(e, "type", "multipolygon") && is_building(in, e))
            CT_TRY(add_building(in, e, e));
    }
    return CT_OK;
}

// ---- relations of buildings ---------------------------------------------------------------------

static bool is_outline_role(const char *role) {
    return strcmp(role, "outline") == 0 || strcmp(role, "outer") == 0 || strcmp(role, "shell") == 0;
}

static const ct_osm__element *member_of(const ct_osm__inside *in, const ct_osm__member *m) {
    return ct_osm__find(m->kind == 'n'   ? &in->d->nodes
                        : m->kind == 'w' ? &in->d->ways
                                         : &in->d->relations,
                        m->id);
}

static ct_err index_outlines(ct_strmap *outlines, const ct_osm__inside *in) {
    for (size_t i = 0; i < in->n_buildings; i++)
        CT_TRY(ct_strmap_put(outlines, in->buildings[i].source, i));
    return CT_OK;
}

// The building that the relation is about; one of its own where its outline has no such tags.
static ct_err outline_of(uint32_t *out, ct_osm__inside *in, ct_strmap *outlines,
                         const ct_osm__element *relation) {
    *out = CT_OSM__NONE;
    for (uint32_t i = 0; i < relation->n; i++) {
        const ct_osm__member *m = &relation->members[i];
        const ct_osm__element *e = is_outline_role(m->role) ? member_of(in, m) : NULL;
        if (!e || e->kind == 'n') continue;
        const size_t before = in->n_buildings;
        const char *source;
        size_t known;
        CT_TRY(ct_osm__source(&source, in, e));
        if (!ct_strmap_get(&known, outlines, source)) {
            CT_TRY(add_building(in, relation, e));
            if (in->n_buildings == before) return CT_OK;
            known = before;
            CT_TRY(ct_strmap_put(outlines, source, known));
        }
        *out = (uint32_t)known;
        return CT_OK;
    }
    return CT_OK;
}

typedef struct walk { // down through relations of relations
    const ct_osm__element *path[16];
    size_t n;
} walk;

static ct_err name_members(ct_osm__inside *in, walk *w, uint32_t building);

static ct_err name_member(ct_osm__inside *in, walk *w, const ct_osm__element *relation,
                          const ct_osm__member *m, uint32_t building) {
    const ct_osm__element *e = member_of(in, m);
    const char *source;
    size_t known;
    if (!e) return CT_OK;
    for (size_t i = 0; i < w->n; i++) {
        if (w->path[i] != e) continue;
        ct_osm__tell(in->d, "relation-cycle", relation, "its member relation/%lld contains it",
                     (long long)e->id);
        return CT_OK;
    }
    CT_TRY(ct_osm__source(&source, in, e));
    if (ct_strmap_get(&known, in->house_of, source)) return CT_OK;
    CT_TRY(ct_strmap_put(in->house_of, source, building));
    if (e->kind != 'r' || ct_osm__has(e, "type", "multipolygon")) return CT_OK;
    if (w->n == sizeof w->path / sizeof *w->path) {
        ct_osm__tell(in->d, "relation-depth", e, "relations within relations more than %zu deep",
                     w->n);
        return CT_OK;
    }
    w->path[w->n++] = e;
    CT_TRY(name_members(in, w, building));
    w->n--;
    return CT_OK;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the path is long
static ct_err name_members(ct_osm__inside *in, walk *w, uint32_t building) {
    const ct_osm__element *relation = w->path[w->n - 1];
    for (uint32_t i = 0; i < relation->n; i++)
        if (!is_outline_role(relation->members[i].role))
            CT_TRY(name_member(in, w, relation, &relation->members[i], building));
    return CT_OK;
}

static ct_err read_relations(ct_osm__inside *in, ct_strmap *outlines) {
    const ct_osm__list *relations = &in->d->relations;
    for (size_t i = 0; i < relations->n; i++) {
        walk w = {.path = {&relations->at[i]}, .n = 1};
        uint32_t building;
        if (!ct_osm__has(&relations->at[i], "type", "building")) continue;
        CT_TRY(outline_of(&building, in, outlines, &relations->at[i]));
        if (building != CT_OSM__NONE)
            CT_TRY(name_members(in, &w, building));
        else
            ct_osm__tell(in->d, "no-outline", &relations->at[i],
                         "none of its members is an outline; its parts go by where they lie");
    }
    return CT_OK;
}

static ct_err take_relations(ct_osm__inside *in) {
    ct_strmap *outlines = ct_strmap_new(in->n_buildings + 1);
    ct_err err = outlines ? index_outlines(outlines, in) : CT_NOMEM;
    if (err == CT_OK) err = read_relations(in, outlines);
    ct_strmap_free(outlines);
    return err;
}

// ---- things in buildings ------------------------------------------------------------------------

static ct_err find_around(uint32_t *out, ct_osm__inside *in, const ct_rtree *tree,
                          const double at[2]) {
    const ct_box3 box = {{at[0], at[1], 0}, {at[0], at[1], 0}};
    double best = INFINITY;
    ct_rtree_hits hits;
    *out = CT_OSM__NONE;
    ct_arena_reset(in->job->arena);
    CT_TRY(ct_rtree_find(&hits, in->job->arena, tree, &box));
    for (uint32_t i = 0; i < hits.n; i++) {
        const ct_osm__building *b = &in->buildings[hits.at[i]];
        if (b->area_m2 >= best || ct_geom_distance_m(&b->shape, at[0], at[1]) > REACH_M) continue;
        best = b->area_m2;
        *out = hits.at[i];
    }
    return CT_OK;
}

static ct_err make_tree(ct_rtree **out, ct_osm__inside *in) {
    ct_box3 *boxes = ct_arena_calloc(in->arena, in->n_buildings + 1, sizeof *boxes);
    if (!boxes) return CT_NOMEM;
    for (size_t i = 0; i < in->n_buildings; i++) boxes[i] = in->buildings[i].box;
    return ct_rtree_make(out, in->arena, boxes, (uint32_t)in->n_buildings);
}

static bool is_area_kind(const ct_osm__thing *t) {
    return t->kind == CT_OSM__SPACE || t->kind == CT_OSM__LEVEL ||
           (t->kind == CT_OSM__WALKLINE && ct_osm__has(t->of, "highway", "corridor"));
}

static ct_err house(ct_osm__inside *in, bool areas) {
    ct_rtree *tree;
    CT_TRY(make_tree(&tree, in));
    for (size_t i = 0; i < in->n_things; i++) {
        ct_osm__thing *t = &in->things[i];
        const char *source;
        size_t named;
        if (t->building != CT_OSM__NONE || is_area_kind(t) != areas) continue;
        CT_TRY(ct_osm__source(&source, in, t->of));
        if (ct_strmap_get(&named, in->house_of, source))
            t->building = (uint32_t)named;
        else
            CT_TRY(find_around(&t->building, in, tree, t->at));
        if (areas && t->building != CT_OSM__NONE) in->buildings[t->building].inhabited = true;
        // Steps, doors and footways of houses without rooms are outdoors.
        if (!areas && t->building != CT_OSM__NONE && !in->buildings[t->building].inhabited)
            t->building = CT_OSM__NONE;
    }
    return CT_OK;
}

// ---- things in none -----------------------------------------------------------------------------

static uint32_t root_of(uint32_t *group, uint32_t i) {
    while (group[i] != i) i = group[i] = group[group[i]];
    return i;
}

static bool is_homeless(const ct_osm__thing *t) {
    return t->building == CT_OSM__NONE && is_area_kind(t) && t->kind != CT_OSM__WALKLINE;
}

// Those whose boxes meet are of one group, whose root is its first thing.
static ct_err group(uint32_t *groups, ct_osm__inside *in) {
    const double near_m = 1, pair = 1000;
    ct_rtree *tree;
    ct_box3 *boxes = ct_arena_calloc(in->arena, in->n_things + 1, sizeof *boxes);
    if (!boxes) return CT_NOMEM;
    for (size_t i = 0; i < in->n_things; i++) {
        const ct_geom *g = &in->things[i].geom;
        const ct_box3 nowhere = {{NAN, NAN, NAN}, {NAN, NAN, NAN}};
        groups[i] = (uint32_t)i;
        boxes[i] = is_homeless(&in->things[i]) ? ct_osm__box(g, 0, 0, near_m / 2) : nowhere;
    }
    CT_TRY(ct_rtree_make(&tree, in->arena, boxes, (uint32_t)in->n_things));
    for (size_t i = 0; i < in->n_things; i++) {
        ct_rtree_hits hits;
        if (!is_homeless(&in->things[i])) continue;
        ct_arena_reset(in->job->arena);
        CT_TRY(ct_rtree_find(&hits, in->job->arena, tree, &boxes[i]));
        CT_TRY(ct_osm__spend(in, pair * hits.n)); // of the union that they may come to
        for (uint32_t k = 0; k < hits.n; k++) {
            const uint32_t a = root_of(groups, (uint32_t)i), b = root_of(groups, hits.at[k]);
            groups[a < b ? b : a] = a < b ? a : b;
        }
    }
    return CT_OK;
}

typedef struct homeless {
    uint32_t root, thing;
} homeless;

static int by_root(const void *a, const void *b) {
    const homeless *p = a, *q = b;
    if (p->root != q->root) return p->root < q->root ? -1 : 1;
    return p->thing < q->thing ? -1 : p->thing > q->thing;
}

static ct_err ground_of(ct_geom *out, ct_osm__inside *in, const homeless *h, size_t n) {
    size_t points = 0, rings = 0, parts = 0;
    for (size_t i = 0; i < n; i++) {
        const ct_geom *g = &in->things[h[i].thing].geom;
        points += g->n_points;
        rings += g->n_rings;
        parts += g->n_parts;
    }
    if (points > UINT32_MAX) return ct_fail(CT_LIMIT, "rooms of too many points");
    ct_geom sum = {.type = CT_GEOM_MULTIPOLYGON,
                   .xyz = ct_arena_calloc(in->arena, points, 2 * sizeof(double)),
                   .ring_end = ct_arena_calloc(in->arena, rings, sizeof(uint32_t)),
                   .part_end = ct_arena_calloc(in->arena, parts, sizeof(uint32_t))};
    if (!sum.xyz || !sum.ring_end || !sum.part_end) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) ct_osm__append(&sum, &in->things[h[i].thing].geom);
    return ct_geos_union(out, in->arena, &sum, CT_OSM__STEP_M);
}

static ct_err make_building(ct_osm__inside *in, const homeless *h, size_t n) {
    const ct_osm__element *first = in->things[h->thing].of;
    ct_osm__building b = {.inhabited = true};
    CT_TRY(ground_of(&b.shape, in, h, n));
    if (b.shape.type == CT_GEOM_NONE) return CT_OK;
    b.box = ct_osm__box(&b.shape, 0, 0, REACH_M);
    b.area_m2 = ct_geom_area_m2(&b.shape);
    CT_TRY(ct_osm__id(&b.id, in, "building", first, "~around"));
    CT_TRY(ct_osm__source(&b.source, in, first));
    b.source = ct_arena_printf(in->arena, "%s/around", b.source);
    if (!b.source) return CT_NOMEM;
    CT_TRY(ct_osm__room(&in->buildings, &in->building_room, in->n_buildings, sizeof b, in->arena));
    for (size_t i = 0; i < n; i++) in->things[h[i].thing].building = (uint32_t)in->n_buildings;
    in->buildings[in->n_buildings++] = b;
    char where[CT_INGEST__WHERE_BYTES];
    snprintf(where, sizeof where, "%.150s:%.90s", in->job->file, b.source);
    ct_diagnostics_add(in->job->diagnostics, CT_SEVERITY_INFO, "made-building", where,
                       "%zu rooms lie together in no outline of a building: one was made "
                       "around them",
                       n);
    return CT_OK;
}

static ct_err make_buildings(ct_osm__inside *in) {
    uint32_t *groups = ct_arena_calloc(in->arena, in->n_things + 1, sizeof *groups);
    homeless *h = ct_arena_calloc(in->arena, in->n_things + 1, sizeof *h);
    size_t n = 0;
    if (!groups || !h) return CT_NOMEM;
    CT_TRY(group(groups, in));
    for (size_t i = 0; i < in->n_things; i++)
        if (is_homeless(&in->things[i]))
            h[n++] = (homeless){root_of(groups, (uint32_t)i), (uint32_t)i};
    qsort(h, n, sizeof *h, by_root);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && h[end].root == h[i].root;) end++;
        CT_TRY(make_building(in, h + i, end - i));
    }
    return CT_OK;
}

ct_err ct_osm__buildings(ct_osm__inside *in) {
    CT_TRY(take_outlines(in));
    CT_TRY(take_relations(in));
    CT_TRY(house(in, true));
    CT_TRY(make_buildings(in));
    return house(in, false);
}
