// Spaces: floors, heights and volumes of those that the features tell, and which space a point is
// in.
#include <math.h>
#include <string.h>

#include "geo/geos.h"
#include "geo/mesh_section.h"
#include "model/indoor/private.h"

#define ABOVE_FLOOR_M 0.1 // height of the section that is the floor: above skirtings and sills
#define REACH_BELOW_M 0.3 // a door's sill may lie so far below the floor, a foot so far beside it
static const double k_obstacles_m[] = {0.4, 1.2}; // heights at which columns and furniture stand

// ---- floors -------------------------------------------------------------------------------------

// The floor by the body's section, else by its ground, else by the feature's own outline.
static ct_err take_floor(ct_indoor__work *w, ct_indoor_space *s, const ct_feature *f,
                         bool *closed) {
    uint32_t n_open = 0;
    ct_box3 box;
    *closed = false;
    if (f->body && ct_body_box(&box, f->body)) {
        ct_geom g;
        s->z_m = box.min[2];
        const double above = fmin(ABOVE_FLOOR_M, (box.max[2] - box.min[2]) / 2);
        ct_arena_reset(w->moment);
        CT_TRY(ct_indoor__section(&g, &n_open, w->moment, f->body, box.min[2] + above));
        *closed = n_open == 0 && g.n_points;
        if (*closed) return ct_geom_copy(&s->floor, w->arena, &g);
    }
    ct_arena_reset(w->moment);
    ct_geom g;
    CT_TRY(ct_indoor__flat(&g, w->moment, &f->geom));
    return ct_geom_copy(&s->floor, w->arena, &g);
}

static double height_by_storey(const ct_indoor__work *w, const ct_indoor_space *s) {
    const ct_indoor_use *use = ct_indoor_use_of(w->defaults, s->use);
    if (s->storey == CT_INDOOR_NONE) return use->ceiling_m;
    const double slab_m = 0.3, all = w->out->storeys[s->storey].height_m;
    return all > 2 * slab_m ? all - slab_m : use->ceiling_m;
}

// Volume by the body where it is closed; the height is the mean one, volume over area.
static void take_air(const ct_indoor__work *w, ct_indoor_space *s, const ct_feature *f,
                     bool closed) {
    s->area_m2 = ct_geom_area_m2(&s->floor);
    if (!(s->area_m2 > 0)) s->area_m2 = ct_feature_number(f, "area_m2", 0);
    if (closed) s->volume_m3 = fabs(ct_indoor__volume(f->body));
    if (closed && s->area_m2 > 0) s->height_m = s->volume_m3 / s->area_m2;
    if (s->height_m > 0) return;
    s->height_m = ct_feature_number(f, "height_m", 0);
    const double stated = ct_feature_number(f, "volume_m3", 0);
    if (!(s->height_m > 0) && stated > 0 && s->area_m2 > 0) s->height_m = stated / s->area_m2;
    if (!(s->height_m > 0)) s->height_m = height_by_storey(w, s);
    s->volume_m3 = stated > 0 ? stated : s->area_m2 * s->height_m;
}

static bool is_outside(const ct_feature *f, const ct_indoor_space *s) {
    return ct_indoor__flag(f, "is_external") == 1 || strcmp(s->use, "balcony") == 0;
}

ct_err ct_indoor__finish_space(ct_indoor__work *w, ct_indoor_space *s, const ct_feature *f) {
    const ct_indoor_use *use = ct_indoor_use_of(w->defaults, s->use);
    s->occupants = f ? ct_feature_number(f, "occupants", NAN) : (double)NAN;
    if (!(s->occupants >= 0))
        s->occupants =
            use->area_per_person_m2 > 0 && !s->outside ? s->area_m2 / use->area_per_person_m2 : 0;
    s->compartment = CT_INDOOR_NONE;
    s->exit = CT_INDOOR_NONE;
    s->way_out_m = INFINITY;
    if (s->floor.n_points) {
        if (!ct_geom_inside_point(s->at, &s->floor)) s->at[0] = s->at[1] = NAN;
        return CT_OK;
    }
    s->at[0] = s->at[1] = NAN;
    return CT_OK;
}

static ct_err take_space(ct_indoor__work *w, ct_indoor_space *s, const ct_feature *f) {
    bool closed;
    s->id = ct_indoor__keep(w, f->id);
    s->use = ct_indoor__keep(w, ct_feature_text(f, "use", "other"));
    const char *name = ct_feature_text(f, "name", "");
    const char *long_name = ct_feature_text(f, "long_name", "");
    s->name = *name && *long_name ? ct_arena_printf(w->arena, "%s %s", name, long_name)
                                  : ct_indoor__keep(w, *name ? name : long_name);
    if (!s->id || !s->use || !s->name) return CT_NOMEM;
    s->outside = is_outside(f, s);
    s->storey = ct_indoor__index(w->storey_at, ct_feature_text(f, "storey", NULL));
    s->z_m = NAN;
    CT_TRY(take_floor(w, s, f, &closed));
    if (!isfinite(s->z_m) && f->geom.has_z && f->geom.n_points) s->z_m = f->geom.xyz[2];
    if (!isfinite(s->z_m)) s->z_m = ct_feature_number(f, "elevation_m", NAN);
    if (!isfinite(s->z_m) && s->storey != CT_INDOOR_NONE) s->z_m = w->out->storeys[s->storey].z_m;
    if (!isfinite(s->z_m)) s->z_m = w->out->storeys[0].z_m;
    if (s->storey == CT_INDOOR_NONE) s->storey = ct_indoor__storey_at(w, s->z_m);
    take_air(w, s, f, closed);
    return ct_indoor__finish_space(w, s, f);
}

ct_err ct_indoor__spaces(ct_indoor__work *w) {
    ct_indoor *out = w->out;
    out->spaces = ct_arena_calloc(w->arena, w->spaces.n + (size_t)1, sizeof *out->spaces);
    if (!out->spaces) return CT_NOMEM;
    for (uint32_t i = 0; i < w->spaces.n; i++)
        CT_TRY(take_space(w, &out->spaces[out->n_spaces++], w->spaces.at[i]));
    return CT_OK;
}

// ---- what people can walk on --------------------------------------------------------------------

static bool stands_in_the_way(const ct_feature *f) {
    static const char *const kinds[] = {"column", "furniture", "equipment"};
    const char *kind = ct_feature_text(f, "kind", "");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kind, kinds[i]) == 0) return true;
    return false;
}

static ct_err add_obstacle(ct_indoor__pile *pile, ct_indoor__work *w, const ct_feature *f,
                           const ct_indoor_space *s) {
    for (size_t k = 0; k < sizeof k_obstacles_m / sizeof *k_obstacles_m; k++) {
        ct_geom g;
        CT_TRY(ct_indoor__section(&g, NULL, w->moment, f->body, s->z_m + k_obstacles_m[k]));
        CT_TRY(ct_indoor__pile_add(pile, w->moment, &g));
    }
    return CT_OK;
}

static ct_err walk_of(ct_indoor__work *w, ct_indoor_space *s, const ct_rtree *tree,
                      const uint32_t *elements) {
    ct_bbox box;
    ct_rtree_hits hits;
    ct_indoor__pile pile = {0};
    s->walk = s->floor;
    if (!ct_geom_bbox(&box, &s->floor)) return CT_OK;
    const ct_box3 at = {{box.min_x, box.min_y, s->z_m + k_obstacles_m[0]},
                        {box.max_x, box.max_y, s->z_m + k_obstacles_m[1]}};
    ct_arena_reset(w->moment);
    CT_TRY(ct_rtree_find(&hits, w->moment, tree, &at));
    for (uint32_t i = 0; i < hits.n; i++)
        CT_TRY(add_obstacle(&pile, w, w->elements.at[elements[hits.at[i]]], s));
    if (!pile.g.n_points) return CT_OK;
    ct_geom free, cut;
    CT_TRY(ct_geos_union(&cut, w->moment, &pile.g, CT_INDOOR__STEP_M));
    CT_TRY(ct_geos_subtract(&free, w->moment, &s->floor, &cut, CT_INDOOR__STEP_M));
    return ct_geom_copy(&s->walk, w->arena, &free);
}

static ct_err take_walks(ct_indoor__work *w) {
    const size_t room = w->elements.n + (size_t)1;
    ct_box3 *boxes = ct_arena_calloc(w->scratch, room, sizeof *boxes);
    uint32_t *elements = ct_arena_calloc(w->scratch, room, sizeof *elements), n = 0;
    ct_rtree *tree;
    if (!boxes || !elements) return CT_NOMEM;
    for (uint32_t i = 0; i < w->elements.n; i++) {
        const ct_feature *f = w->elements.at[i];
        if (f->body && stands_in_the_way(f) && ct_body_box(&boxes[n], f->body)) elements[n++] = i;
    }
    CT_TRY(ct_rtree_make(&tree, w->scratch, boxes, n));
    for (uint32_t i = 0; i < w->out->n_spaces; i++)
        CT_TRY(walk_of(w, &w->out->spaces[i], tree, elements));
    return CT_OK;
}

// ---- which space a point is in ------------------------------------------------------------------

ct_err ct_indoor__space_index(ct_indoor__work *w) {
    const uint32_t n = w->out->n_spaces;
    ct_box3 *boxes = ct_arena_calloc(w->scratch, n + (size_t)1, sizeof *boxes);
    if (!boxes) return CT_NOMEM;
    for (uint32_t i = 0; i < n; i++) {
        const ct_indoor_space *s = &w->out->spaces[i];
        ct_bbox b = {NAN, NAN, NAN, NAN};
        (void)ct_geom_bbox(&b, &s->floor);
        boxes[i] = (ct_box3){{b.min_x, b.min_y, s->z_m - REACH_BELOW_M},
                             {b.max_x, b.max_y, s->z_m + s->height_m}};
    }
    CT_TRY(ct_rtree_make(&w->space_tree, w->scratch, boxes, n));
    return take_walks(w);
}

ct_err ct_indoor__space_at(uint32_t *out, ct_indoor__work *w, const double at[2], double z_m) {
    const ct_box3 box = {{at[0], at[1], z_m}, {at[0], at[1], z_m}};
    ct_rtree_hits hits;
    *out = CT_INDOOR_NONE;
    if (!isfinite(at[0]) || !isfinite(at[1]) || !isfinite(z_m)) return CT_OK;
    CT_TRY(ct_rtree_find(&hits, w->moment, w->space_tree, &box));
    for (uint32_t i = 0; i < hits.n; i++) {
        const ct_indoor_space *s = &w->out->spaces[hits.at[i]];
        if (!ct_geom_contains_point(&s->floor, at[0], at[1])) continue;
        // Where rooms lie over each other in the slack, the one with the nearer floor.
        if (*out != CT_INDOOR_NONE && fabs(w->out->spaces[*out].z_m - z_m) <= fabs(s->z_m - z_m))
            continue;
        *out = hits.at[i];
    }
    return CT_OK;
}

ct_err ct_indoor__space_near(uint32_t *out, ct_indoor__work *w, const double at[2], double z_m,
                             double reach_m) {
    const ct_box3 box = {{at[0] - reach_m, at[1] - reach_m, z_m},
                         {at[0] + reach_m, at[1] + reach_m, z_m}};
    ct_rtree_hits hits;
    double best = reach_m;
    *out = CT_INDOOR_NONE;
    if (!isfinite(at[0]) || !isfinite(at[1]) || !isfinite(z_m)) return CT_OK;
    CT_TRY(ct_rtree_find(&hits, w->moment, w->space_tree, &box));
    for (uint32_t i = 0; i < hits.n; i++) {
        const double d = ct_geom_distance_m(&w->out->spaces[hits.at[i]].floor, at[0], at[1]);
        if (d >= best && !(d <= best && *out == CT_INDOOR_NONE)) continue;
        best = d;
        *out = hits.at[i];
    }
    return CT_OK;
}
