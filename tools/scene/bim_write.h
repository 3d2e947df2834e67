// Inside the house's writer: what one storey after the other shares.
#ifndef SCENE_BIM_WRITE_H
#define SCENE_BIM_WRITE_H

#include "bim_types.h"

typedef struct bim_sketch { // what storeys of one plan share: shapes, frames, quantities; 0: not
                            // yet
    ct_step_id room_shape[FP_MAX_ROOMS], room_frame[FP_MAX_ROOMS], room_sizes[FP_MAX_ROOMS],
        room_sets[FP_MAX_ROOMS][3];
    ct_step_id wall_shape[FP_MAX_WALLS], wall_frame[FP_MAX_WALLS], wall_sizes[FP_MAX_WALLS];
    ct_step_id hole_shape[FP_MAX_OPENINGS], hole_frame[FP_MAX_OPENINGS];
    ct_step_id side_face[FP_MAX_ROOMS][FP_MAX_SIDES], hole_face[FP_MAX_OPENINGS][2];
    ct_step_id slab_shape, hatch_shape[8], flight_shape, rail_shape, landing_shape[2];
} bim_sketch;

typedef struct bim_story {
    int level; // 0: ground floor
    bim_level kind;
    double z, height_m; // above the ground floor; floor to floor
    ct_step_id id, place, slab;
    ct_step_id rooms[FP_MAX_ROOMS], room_places[FP_MAX_ROOMS];
    ct_step_id walls[FP_MAX_WALLS], openings[FP_MAX_OPENINGS];
} bim_story;

typedef struct bim_work {
    bim b;
    const bim_house *h;
    bim_types types;
    bim_sketch *sketches[BIM_LEVELS];
    ct_step_id site, site_place, building, building_place;
    ct_step_id wall_type[FP_WALL_KINDS], wall_layers[FP_WALL_KINDS], wall_set[FP_WALL_KINDS],
        slab_type, slab_layers, slab_set;
    int n_storeys;
    bim_story *storeys; // from the lowest
} bim_work;

// bim_fabric.c: walls, railings, slabs.
void bim_put_walls(bim_work *w, bim_story *s);
void bim_put_slab(bim_work *w, bim_story *s);
// bim_rooms.c: spaces, doors and windows, boundaries, dwellings as zones.
void bim_put_rooms(bim_work *w, bim_story *s);
void bim_put_openings(bim_work *w, bim_story *s);
void bim_put_boundaries(bim_work *w, const bim_story *s);
// bim_stairs.c: stairs and lifts.
void bim_put_stairs(bim_work *w, const bim_story *s);
void bim_put_lifts(bim_work *w, const bim_story *ground);
typedef struct bim_run { // of a stair between its room's faces; metres in the plan
    double x, y;         // where the first flight's side begins: u goes along `turn`, v to its left
    int turn, risers;
    double length, width, riser, landing;
} bim_run;
bim_run bim_run_of(const bim_house *h, const bim_stair *stair, bim_level kind, double height_m);
bim_xy bim_run_at(const bim_run *r, double u, double v); // in the plan
// bim_equip.c: furniture, devices of the community and those that only the model has.
void bim_put_furniture(bim_work *w, const bim_story *s);
void bim_put_protection(bim_work *w, const bim_story *s);
void bim_put_devices(bim_work *w);

static inline const fp_plan *bim_plan_of(const bim_work *w, const bim_story *s) {
    return w->h->plans[s->kind];
}
static inline bim_sketch *bim_sketch_of(const bim_work *w, const bim_story *s) {
    return w->sketches[s->kind];
}
static inline double bim_clear_m(const bim_work *w, const bim_story *s) { // floor to ceiling
    return s->height_m - w->h->slab_m;
}

#endif
