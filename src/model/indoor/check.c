// What is doubtful about the model of a building: each a finding, with the features that it is of.
#include <math.h>
#include <string.h>

#include "geo/geos.h"
#include "model/indoor/private.h"

#define DIFFERS     0.05 // of what is stated
#define OVERLAP_M2  0.1
#define OVERLAP_Z_M 0.3

const char *ct_indoor_rule_name(ct_indoor_rule rule) {
    static const char *const names[CT_INDOOR_RULES] = {
        "room-no-way-out", "building-no-exit", "rooms-overlap", "door-nowhere", "volume-differs",
        "area-differs",    "stair-end",        "steps-differ",  "room-no-shape"};
    return (unsigned)rule < CT_INDOOR_RULES ? names[rule] : "";
}

static ct_err check_ways(ct_indoor__work *w) {
    const ct_indoor *out = w->out;
    uint32_t exits = 0, inside = 0;
    for (uint32_t i = 0; i < out->n_openings; i++) exits += out->openings[i].exit;
    for (uint32_t i = 0; i < out->n_spaces; i++) inside += !out->spaces[i].outside;
    if (!exits && inside)
        return ct_indoor__finding(w, CT_INDOOR_NO_EXIT, out->building, NULL,
                                  "no door leads outside at ground level: %u rooms have no way out",
                                  inside);
    for (uint32_t i = 0; i < out->n_spaces; i++)
        if (!out->spaces[i].outside && !isfinite(out->spaces[i].way_out_m))
            CT_TRY(ct_indoor__finding(w, CT_INDOOR_NO_WAY_OUT, out->spaces[i].id, NULL,
                                      "no doors and stairs lead from it to an exit"));
    return CT_OK;
}

static ct_err check_openings(ct_indoor__work *w) {
    for (uint32_t i = 0; i < w->out->n_openings; i++) {
        const ct_indoor_opening *o = &w->out->openings[i];
        if (!o->passable || (o->side[0] != CT_INDOOR_NONE && o->side[1] != CT_INDOOR_NONE))
            continue;
        const bool one = o->side[0] < w->out->n_spaces;
        CT_TRY(ct_indoor__finding(
            w, CT_INDOOR_DOOR_NOWHERE, o->id, one ? w->out->spaces[o->side[0]].id : NULL,
            one ? "it leads from a room to no other, and not outside" : "no room is at it"));
    }
    return CT_OK;
}

static ct_err check_stairs(ct_indoor__work *w) {
    static const char *const ends[] = {"foot", "head"};
    for (uint32_t i = 0; i < w->out->n_stairs; i++) {
        const ct_indoor_stair *s = &w->out->stairs[i];
        for (int k = 0; k < 2; k++)
            if (s->space[k] == CT_INDOOR_NONE)
                CT_TRY(ct_indoor__finding(w, CT_INDOOR_STAIR_END, s->feature, NULL,
                                          "no room is at its %s", ends[k]));
        if (!s->line.n_points || s->risers <= 0 || s->kind != CT_INDOOR_STAIR) continue;
        const double *xyz = s->line.xyz;
        const double rise = xyz[3 * (size_t)(s->line.n_points - 1) + 2] - xyz[2];
        const double stepped = s->risers * s->riser_m;
        if (fabs(stepped - rise) > fmax(DIFFERS * rise, s->riser_m * 0.75))
            CT_TRY(ct_indoor__finding(w, CT_INDOOR_STEPS_DIFFER, s->feature, NULL,
                                      "%d risers of %.3f m climb %.2f m, it rises %.2f m",
                                      s->risers, s->riser_m, stepped, rise));
    }
    return CT_OK;
}

// ---- quantities ---------------------------------------------------------------------------------

static ct_err compare(ct_indoor__work *w, ct_indoor_rule rule, const char *id, const char *what,
                      double stated, double found) {
    if (!(stated > 0) || !(found > 0) || fabs(found - stated) <= DIFFERS * stated) return CT_OK;
    return ct_indoor__finding(w, rule, id, NULL, "%s stated %.2f, by its shape %.2f (%+.0f %%)",
                              what, stated, found, (found / stated - 1) * 100);
}

// A stated area may be gross: up to the middles of the walls around.
static double stated_area(const ct_feature *f, const ct_indoor_space *s) {
    const double wall_m = 0.25, stated = ct_feature_number(f, "area_m2", 0);
    const double net = ct_geom_area_m2(&s->floor),
                 gross = net + wall_m * ct_geom_length_m(&s->floor);
    return stated > net && stated <= gross ? net : stated;
}

// Where there are features of spaces, the model's spaces are those, in their order.
static ct_err check_quantities(ct_indoor__work *w) {
    for (uint32_t i = 0; i < w->spaces.n; i++) {
        const ct_feature *f = w->spaces.at[i];
        const ct_indoor_space *s = &w->out->spaces[i];
        if (s->floor.n_points)
            CT_TRY(compare(w, CT_INDOOR_AREA_DIFFERS, s->id, "area (m2)", stated_area(f, s),
                           ct_geom_area_m2(&s->floor)));
        if (f->body)
            CT_TRY(compare(w, CT_INDOOR_VOLUME_DIFFERS, s->id, "volume (m3)",
                           ct_feature_number(f, "volume_m3", 0), s->volume_m3));
    }
    return CT_OK;
}

// ---- overlaps -----------------------------------------------------------------------------------

static ct_err check_pair(ct_indoor__work *w, const ct_indoor_space *a, const ct_indoor_space *b) {
    ct_geom left;
    const double bottom = fmax(a->z_m, b->z_m);
    const double top = fmin(a->z_m + a->height_m, b->z_m + b->height_m);
    if (top - bottom < OVERLAP_Z_M) return CT_OK;
    CT_TRY(ct_geos_subtract(&left, w->moment, &a->floor, &b->floor, CT_INDOOR__STEP_M));
    const double shared = ct_geom_area_m2(&a->floor) - ct_geom_area_m2(&left);
    if (shared <= OVERLAP_M2) return CT_OK;
    return ct_indoor__finding(w, CT_INDOOR_OVERLAP, a->id, b->id, "they share %.2f m2 of floor",
                              shared);
}

static ct_err check_overlaps(ct_indoor__work *w) {
    const ct_indoor *out = w->out;
    for (uint32_t i = 0; i < out->n_spaces; i++) {
        ct_bbox b;
        ct_rtree_hits hits;
        const ct_indoor_space *s = &out->spaces[i];
        if (!ct_geom_bbox(&b, &s->floor)) continue;
        const ct_box3 box = {{b.min_x, b.min_y, s->z_m}, {b.max_x, b.max_y, s->z_m + s->height_m}};
        ct_arena_reset(w->moment);
        CT_TRY(ct_rtree_find(&hits, w->moment, w->space_tree, &box));
        for (uint32_t k = 0; k < hits.n; k++)
            if (hits.at[k] > i) CT_TRY(check_pair(w, s, &out->spaces[hits.at[k]]));
    }
    return CT_OK;
}

// A model without any shapes is told of once.
static ct_err check_shapes(ct_indoor__work *w) {
    uint32_t without = 0;
    for (uint32_t i = 0; i < w->out->n_spaces; i++) without += !w->out->spaces[i].floor.n_points;
    if (without && without == w->out->n_spaces)
        return ct_indoor__finding(w, CT_INDOOR_NO_SHAPE, w->out->building, NULL,
                                  "none of its %u rooms has a body or an outline", without);
    for (uint32_t i = 0; without && i < w->out->n_spaces; i++)
        if (!w->out->spaces[i].floor.n_points)
            CT_TRY(ct_indoor__finding(w, CT_INDOOR_NO_SHAPE, w->out->spaces[i].id, NULL,
                                      "neither body nor outline: its floor is not known"));
    return CT_OK;
}

ct_err ct_indoor__check(ct_indoor__work *w) {
    CT_TRY(check_shapes(w));
    CT_TRY(check_ways(w));
    CT_TRY(check_openings(w));
    CT_TRY(check_stairs(w));
    CT_TRY(check_quantities(w));
    return check_overlaps(w);
}
