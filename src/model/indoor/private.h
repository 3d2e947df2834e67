// What the rooms of the derivation share: the features by class, what their bodies show, and the
// model in the making.
#ifndef CT_MODEL_INDOOR_PRIVATE_H
#define CT_MODEL_INDOOR_PRIVATE_H

#include "base/strmap.h"
#include "geo/rtree.h"
#include "model/indoor/indoor.h"

#define CT_INDOOR__STEP_M 0.001 // grid of all plane geometry

typedef struct ct_indoor__list {
    const ct_feature **at; // by id
    uint32_t n;
} ct_indoor__list;

typedef struct ct_indoor__plan { // a body seen from above: the smallest rectangle around it
    bool has;
    double centre[2], axis[2]; // unit vector along its longer side
    double half[2];            // half its length along and across the axis
    double z[2];               // of the body
} ct_indoor__plan;

typedef struct ct_indoor__wall { // what stands between rooms, or lies between storeys
    const ct_feature *f;
    ct_indoor__plan plan;
    bool slab;
    bool separates; // parts compartments
    int rating_min;
} ct_indoor__wall;

typedef struct ct_indoor__work {
    ct_indoor *out;
    ct_arena *arena;   // of the result
    ct_arena *scratch; // of the derivation
    ct_arena *moment;  // of one step; reset at will
    const ct_indoor_defaults *defaults;
    const ct_feature *building;
    ct_indoor__list storeys, spaces, openings, transitions, elements, connections;
    ct_strmap *storey_at, *space_at, *element_at; // ids to indices
    ct_indoor__wall *walls;
    ct_box3 *wall_boxes;
    uint32_t n_walls;
    ct_rtree *wall_tree, *space_tree;
    const ct_feature **opening_features; // of the model's openings, the first ones of them
    uint32_t n_opening_features;
    uint32_t opening_room, stair_room, finding_room;
} ct_indoor__work;

// ---- features.c ----
CT_CHECKED ct_err ct_indoor__take(ct_indoor__work *w, const ct_feature *features, size_t n);
const char *ct_indoor__keep(ct_indoor__work *w, const char *text); // NULL when out of memory
int ct_indoor__flag(const ct_feature *f, const char *attr);        // 1, 0, or -1: not stated
uint32_t ct_indoor__index(const ct_strmap *map, const char *id);   // CT_INDOOR_NONE
CT_CHECKED ct_err ct_indoor__finding(ct_indoor__work *w, ct_indoor_rule rule, const char *id,
                                     const char *other, const char *format, ...) CT_PRINTF(5, 6);

// ---- shape.c ----
// The part's mesh where it is placed; false: it is of a coarser level of detail than others.
CT_CHECKED ct_err ct_indoor__part(bool *finest, ct_mesh *out, ct_arena *arena, const ct_body *body,
                                  size_t part);
// The ground that the body covers at a height. `n_open`: edges that close no ring.
CT_CHECKED ct_err ct_indoor__section(ct_geom *out, uint32_t *n_open, ct_arena *arena,
                                     const ct_body *body, double z_m);
double ct_indoor__volume(const ct_body *body); // of its finest parts
CT_CHECKED ct_err ct_indoor__plan_of(ct_indoor__plan *out, ct_arena *moment, const ct_body *body);
CT_CHECKED ct_err ct_indoor__flat(ct_geom *out, ct_arena *arena,
                                  const ct_geom *g); // valid polygons

// Polygons of many sources, in one MultiPolygon that may overlap itself.
typedef struct ct_indoor__pile {
    ct_geom g;
    size_t points, rings, parts; // room
} ct_indoor__pile;
CT_CHECKED ct_err ct_indoor__pile_add(ct_indoor__pile *p, ct_arena *arena, const ct_geom *g);
CT_CHECKED ct_err ct_indoor__pile_box(ct_indoor__pile *p, ct_arena *arena,
                                      const ct_indoor__plan *plan, double grow_along,
                                      double grow_across);

// ---- the steps, in their order ----
CT_CHECKED ct_err ct_indoor__storeys(ct_indoor__work *w);
CT_CHECKED ct_err ct_indoor__walls(ct_indoor__work *w);
CT_CHECKED ct_err ct_indoor__spaces(ct_indoor__work *w);
CT_CHECKED ct_err ct_indoor__rooms(ct_indoor__work *w); // where there are no spaces
CT_CHECKED ct_err ct_indoor__space_index(ct_indoor__work *w);
CT_CHECKED ct_err ct_indoor__openings(ct_indoor__work *w);
CT_CHECKED ct_err ct_indoor__gaps(ct_indoor__work *w);
CT_CHECKED ct_err ct_indoor__stairs(ct_indoor__work *w);
CT_CHECKED ct_err ct_indoor__exits(ct_indoor__work *w);
CT_CHECKED ct_err ct_indoor__compartments(ct_indoor__work *w);
CT_CHECKED ct_err ct_indoor__vents(ct_indoor__work *w);
CT_CHECKED ct_err ct_indoor__ways_out(ct_indoor__work *w);
CT_CHECKED ct_err ct_indoor__check(ct_indoor__work *w);

// ---- spaces.c, storeys.c ----
uint32_t ct_indoor__storey_at(const ct_indoor__work *w, double z_m); // the one a floor is of
// The space whose floor has the point and whose air has the height; CT_INDOOR_NONE.
CT_CHECKED ct_err ct_indoor__space_at(uint32_t *out, ct_indoor__work *w, const double at[2],
                                      double z_m);
// The space whose floor is nearest to the point, at most `reach_m` away.
CT_CHECKED ct_err ct_indoor__space_near(uint32_t *out, ct_indoor__work *w, const double at[2],
                                        double z_m, double reach_m);
CT_CHECKED ct_err ct_indoor__finish_space(ct_indoor__work *w, ct_indoor_space *s,
                                          const ct_feature *f);

// ---- openings.c, stairs.c: one more, zeroed; NULL when out of memory ----
ct_indoor_opening *ct_indoor__add_opening(ct_indoor__work *w);
ct_indoor_stair *ct_indoor__add_stair(ct_indoor__work *w);

// ---- facing.c: where the floors of two spaces lie side by side ----
typedef struct ct_indoor__strip { // the line midway between two edges
    uint32_t space[2];
    double ends[4]; // x, y
    double cut_z_m; // the height at which walls were looked for
} ct_indoor__strip;
typedef struct ct_indoor__facing {
    double reach_m;       // between the edges
    double least_m;       // length of a strip
    bool only_separating; // walls that part compartments stop it; else every wall, door and window
    ct_err (*visit)(void *context, const ct_indoor__strip *strip);
    void *context;
} ct_indoor__facing;
// Calls visit for each stretch that nothing stops, by storey and space. Nothing where no wall has a
// body: it cannot be told then.
CT_CHECKED ct_err ct_indoor__face(ct_indoor__work *w, const ct_indoor__facing *how);

// ---- flights.c ----
typedef struct ct_indoor__flight { // what a flight's body shows
    double foot[3], head[3];       // the middles of its lower and upper edge, on the floors
    double width_m, riser_m, tread_m;
    int risers; // 0: a ramp, or no treads seen
} ct_indoor__flight;
// *has false where the body shows no climb.
CT_CHECKED ct_err ct_indoor__flight_of(ct_indoor__flight *out, bool *has, ct_arena *moment,
                                       const ct_body *body);

#endif
