// Vents: every opening between two zones, and the wells of open stairs, as fire asks for them.
#include <math.h>
#include <string.h>

#include "model/indoor/private.h"

// Spaces that are open to the air are the outside.
static uint32_t zone_of(const ct_indoor__work *w, uint32_t side) {
    if (side < w->out->n_spaces && w->out->spaces[side].outside) return CT_INDOOR_OUTDOORS;
    return side;
}

static bool parts_zones(const uint32_t zone[2]) {
    return zone[0] != CT_INDOOR_NONE && zone[1] != CT_INDOOR_NONE && zone[0] != zone[1];
}

static void add_opening(ct_indoor__work *w, uint32_t i) {
    const ct_indoor_opening *o = &w->out->openings[i];
    ct_indoor_vent v = {.opening = i,
                        .stair = CT_INDOOR_NONE,
                        .zone = {zone_of(w, o->side[0]), zone_of(w, o->side[1])},
                        .horizontal = o->kind == CT_INDOOR_FLOOR,
                        .sill_z_m = o->sill_z_m,
                        .soffit_z_m = o->soffit_z_m,
                        .width_m = o->width_m,
                        .leak_m2 = o->leak_m2,
                        .open = o->state == CT_INDOOR_OPEN ? 1 : 0};
    if (!parts_zones(v.zone)) return;
    v.area_m2 = o->width_m * (v.horizontal ? o->thickness_m : o->soffit_z_m - o->sill_z_m);
    if (v.horizontal) {
        v.sill_z_m = v.soffit_z_m = (o->sill_z_m + o->soffit_z_m) / 2;
        v.area_m2 = fmax(v.area_m2, 0);
    }
    if (v.area_m2 > 0) w->out->vents[w->out->n_vents++] = v;
}

static bool has_well(const ct_indoor__work *w, const uint32_t zone[2]) {
    for (uint32_t i = 0; i < w->out->n_vents; i++) {
        const ct_indoor_vent *v = &w->out->vents[i];
        if (v->horizontal && ((v->zone[0] == zone[0] && v->zone[1] == zone[1]) ||
                              (v->zone[0] == zone[1] && v->zone[1] == zone[0])))
            return true;
    }
    return false;
}

// Over its flight a stair leaves the floor open: its width times its length in plan.
static void add_stair(ct_indoor__work *w, uint32_t i) {
    const ct_indoor_stair *s = &w->out->stairs[i];
    ct_indoor_vent v = {.opening = CT_INDOOR_NONE,
                        .stair = i,
                        .zone = {zone_of(w, s->space[0]), zone_of(w, s->space[1])},
                        .horizontal = true,
                        .width_m = s->width_m,
                        .open = 1};
    if (s->kind == CT_INDOOR_LIFT || !parts_zones(v.zone) || has_well(w, v.zone)) return;
    if (v.zone[0] == CT_INDOOR_OUTDOORS || v.zone[1] == CT_INDOOR_OUTDOORS) return;
    if (s->storey[0] == CT_INDOOR_NONE || s->storey[0] == s->storey[1]) return;
    v.sill_z_m = v.soffit_z_m = w->out->spaces[v.zone[1]].z_m;
    double run = ct_geom_length_m(&s->line);
    if (!(run > 0)) run = s->risers * s->tread_m;
    v.area_m2 = s->width_m * run;
    if (v.area_m2 > 0) w->out->vents[w->out->n_vents++] = v;
}

ct_err ct_indoor__vents(ct_indoor__work *w) {
    ct_indoor *out = w->out;
    out->vents =
        ct_arena_calloc(w->arena, (size_t)out->n_openings + out->n_stairs + 1, sizeof *out->vents);
    if (!out->vents) return CT_NOMEM;
    for (uint32_t i = 0; i < out->n_openings; i++) add_opening(w, i);
    for (uint32_t i = 0; i < out->n_stairs; i++) add_stair(w, i);
    return CT_OK;
}
