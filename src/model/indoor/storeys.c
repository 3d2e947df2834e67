// Storeys by height, and what stands between rooms: walls and slabs with their ratings.
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/indoor/private.h"

#define FLOOR_SLACK_M 0.5 // a floor may lie so far below its storey: sunken rooms, ramps, landings
#define SLAB_M        0.3 // between a ceiling and the floor above, where nothing tells it

// ---- storeys ------------------------------------------------------------------------------------

static double lowest_of(const ct_feature *f) {
    ct_box3 box;
    double z = INFINITY;
    if (f->body && ct_body_box(&box, f->body)) return box.min[2];
    for (uint32_t i = 0; f->geom.has_z && i < f->geom.n_points; i++)
        z = fmin(z, f->geom.xyz[3 * (size_t)i + 2]);
    return isfinite(z) ? z : ct_feature_number(f, "elevation_m", INFINITY);
}

// Of the features of the list that lie on the storey (NULL: of all).
static double lowest_in(const ct_indoor__list *list, const char *storey) {
    double z = INFINITY;
    for (uint32_t i = 0; i < list->n; i++)
        if (!storey || strcmp(ct_feature_text(list->at[i], "storey", ""), storey) == 0)
            z = fmin(z, lowest_of(list->at[i]));
    return z;
}

static double floor_of(const ct_indoor__work *w, const ct_feature *f, int level) {
    double z = ct_feature_number(f, "elevation_m", NAN);
    if (isfinite(z)) return z;
    z = lowest_in(&w->spaces, f->id);
    if (isfinite(z)) return z;
    z = lowest_of(f);
    if (isfinite(z)) return z;
    const double ground = ct_feature_number(w->building, "ground_floor_m", 0);
    return ground + level * (w->defaults->other.ceiling_m + SLAB_M);
}

static ct_err take_storey(ct_indoor_storey *s, ct_indoor__work *w, const ct_feature *f) {
    s->id = ct_indoor__keep(w, f->id);
    s->name = ct_indoor__keep(w, ct_feature_text(f, "name", ""));
    s->name_zh = ct_indoor__keep(w, ct_feature_text(f, "name_zh", ""));
    s->level = (int)ct_feature_number(f, "level", 0);
    s->z_m = floor_of(w, f, s->level);
    s->height_m = ct_feature_number(f, "height_m", NAN);
    s->entrance = ct_indoor__flag(f, "is_entrance") == 1;
    return s->id && s->name && s->name_zh ? CT_OK : CT_NOMEM;
}

// Where the building has none: one, at its lowest floor.
static ct_err make_storey(ct_indoor__work *w) {
    ct_indoor_storey *s = &w->out->storeys[w->out->n_storeys++];
    double z = fmin(lowest_in(&w->spaces, NULL), lowest_in(&w->openings, NULL));
    if (!isfinite(z)) z = lowest_in(&w->elements, NULL);
    s->id = ct_arena_printf(w->arena, "%s~storey", w->out->building);
    s->name = s->name_zh = ct_indoor__keep(w, "");
    s->z_m = isfinite(z) ? z : 0;
    s->height_m = NAN;
    s->entrance = true;
    return s->id && s->name ? CT_OK : CT_NOMEM;
}

static int by_height(const void *a, const void *b) {
    const ct_indoor_storey *p = a, *q = b;
    if (p->z_m < q->z_m || p->z_m > q->z_m) return p->z_m < q->z_m ? -1 : 1;
    return strcmp(p->id, q->id);
}

ct_err ct_indoor__storeys(ct_indoor__work *w) {
    ct_indoor *out = w->out;
    static const ct_feature no_building = {0};
    if (!w->building) w->building = &no_building;
    out->storeys = ct_arena_calloc(w->arena, w->storeys.n + (size_t)1, sizeof *out->storeys);
    if (!out->storeys) return CT_NOMEM;
    for (uint32_t i = 0; i < w->storeys.n; i++)
        CT_TRY(take_storey(&out->storeys[out->n_storeys++], w, w->storeys.at[i]));
    if (!out->n_storeys) CT_TRY(make_storey(w));
    qsort(out->storeys, out->n_storeys, sizeof *out->storeys, by_height);
    w->storey_at = ct_strmap_new(out->n_storeys);
    if (!w->storey_at) return CT_NOMEM;
    for (uint32_t i = 0; i < out->n_storeys; i++) {
        ct_indoor_storey *s = &out->storeys[i];
        if (!(s->height_m > 0) && i + 1 < out->n_storeys)
            s->height_m = out->storeys[i + 1].z_m - s->z_m;
        if (!(s->height_m > 0)) s->height_m = w->defaults->other.ceiling_m + SLAB_M;
        CT_TRY(ct_strmap_put(w->storey_at, s->id, i));
    }
    return CT_OK;
}

uint32_t ct_indoor__storey_at(const ct_indoor__work *w, double z_m) {
    uint32_t at = 0;
    for (uint32_t i = 1; i < w->out->n_storeys; i++)
        if (w->out->storeys[i].z_m <= z_m + FLOOR_SLACK_M) at = i;
    return at;
}

// ---- walls --------------------------------------------------------------------------------------

static bool is_kind(const ct_feature *f, const char *const *kinds) {
    const char *kind = ct_feature_text(f, "kind", "");
    for (; *kinds; kinds++)
        if (strcmp(kind, *kinds) == 0) return true;
    return false;
}

// Walls and slabs; and the panes and posts of curtain walls, which have the shape of these.
static bool parts_rooms(const ct_indoor__work *w, const ct_feature *f, bool *slab) {
    static const char *const walls[] = {"wall", "curtain_wall", NULL};
    static const char *const slabs[] = {"slab", "roof", NULL};
    static const char *const panes[] = {"plate", "member", NULL};
    *slab = is_kind(f, slabs);
    if (*slab || is_kind(f, walls)) return true;
    if (!is_kind(f, panes)) return false;
    const uint32_t whole = ct_indoor__index(w->element_at, ct_feature_text(f, "part_of", NULL));
    return whole != CT_INDOOR_NONE && is_kind(w->elements.at[whole], walls);
}

ct_err ct_indoor__walls(ct_indoor__work *w) {
    const size_t room = w->elements.n + (size_t)1;
    w->walls = ct_arena_calloc(w->scratch, room, sizeof *w->walls);
    w->wall_boxes = ct_arena_calloc(w->scratch, room, sizeof *w->wall_boxes);
    if (!w->walls || !w->wall_boxes) return CT_NOMEM;
    for (uint32_t i = 0; i < w->elements.n; i++) {
        const ct_feature *f = w->elements.at[i];
        ct_indoor__wall wall = {.f = f};
        ct_box3 box;
        if (!f->body || !parts_rooms(w, f, &wall.slab) || !ct_body_box(&box, f->body)) continue;
        ct_arena_reset(w->moment);
        CT_TRY(ct_indoor__plan_of(&wall.plan, w->moment, f->body));
        const double rating = ct_feature_number(f, "fire_rating_min", 0);
        wall.rating_min = (int)rating;
        wall.separates =
            rating >= w->defaults->separating_min || ct_indoor__flag(f, "compartmentation") == 1;
        w->wall_boxes[w->n_walls] = box;
        w->walls[w->n_walls++] = wall;
    }
    return ct_rtree_make(&w->wall_tree, w->scratch, w->wall_boxes, w->n_walls);
}
