// The passage from buildings to the storage engine's arrays, and what a run of it did: storeys and
// garages as storage areas, the ways in from the surface's cells, the stairs between storeys, and
// the pumps that stand in garages.
//
// What takes part, and what the features lack:
// - Of a building the storeys whose floors lie no higher than its highest way in from outdoors,
//   counted up to 10 m over the ground before it. A building with ways in but without storeys is
//   one, with its floor at their lowest sill.
// - A storey holds water on the areas of its spaces where they make up half of its outline or more,
//   else on 0.85 of the outline: the rest are walls and what stands on the floor. Over its ceiling
//   there is but the shaft of a stair.
// - Ways in are entrances, and doors and windows that are external. Closed doors leak
//   under the leaf (8 mm high); closed windows are tight. A door whose state is not recorded counts
//   as closed; an entrance or an opening without a leaf as open. `flood_barrier_m` is a demountable
//   barrier, over the sill.
// - Stairs, ramps and escalators between two storeys are holes in the upper floor, as wide as they
//   are; water falls over their edge and comes up through them. Lifts are left out.
// - A parking of kind "underground" is a garage, 0.95 of its outline, its floor at the foot of the
//   ramps that end in it or within 10 m of it, 1.5 m under the ground at their heads or deeper.
//   Where the ground's cells follow a ramp down, its gate stands at the foot, its crest (with
//   `flood_barrier_m`) is a wall across its head, and parapets of 1.1 m over the crest stand along
//   its sides; where they do not, water falls in over the crest.
// - A pump without node, in a garage, lifts out of the model: from 0.3 m over the floor down to
//   0.1 m where it has no levels.
#ifndef CT_SIM_DOMAIN_STORAGE_DOMAIN_H
#define CT_SIM_DOMAIN_STORAGE_DOMAIN_H

#include "base/buf.h"
#include "cimtwin/street.h"
#include "sim/domain/flood_domain.h"

// What the arrays do not show as the maker of the model or of the edits may expect.
typedef enum ct_storage_rule {
    CT_STORAGE_RULE_WAY_ALONE,      // ways in of no building, or of one without a shape: left out
    CT_STORAGE_RULE_WAY_SIZE,       // ways in without a width or height: left out
    CT_STORAGE_RULE_WAY_COVERED,    // no open ground near: left out
    CT_STORAGE_RULE_GARAGE_NO_RAMP, // left out
    CT_STORAGE_RULE_PUMP_PLACE,     // neither at a node nor in a garage: left out
    CT_STORAGE_RULE_PUMP_CAPACITY,  // of a garage, without: left out
    CT_STORAGE_RULES
} ct_storage_rule;
extern const ct_flood_rule_text ct_storage_rule_texts[CT_STORAGE_RULES];

typedef enum ct_storage_area_kind {
    CT_STORAGE_OF_STOREY,
    CT_STORAGE_OF_BUILDING, // without storeys
    CT_STORAGE_OF_GARAGE
} ct_storage_area_kind;

typedef struct ct_storage_room { // one storage area
    const char *id;              // of the feature
    const char *name, *name_zh;  // "" where it has none
    const char *building;        // that a storey is of; NULL of others
    ct_storage_area_kind kind;
    double floor_m, area_m2, height_m;
} ct_storage_room;

typedef struct ct_storage_domain {
    ct_storage_params params; // start_s is 0
    ct_street_place *places;
    ct_storage_room *rooms;      // of each area
    const char **connection_ids; // of features
    ct_flood_warning warnings[CT_STORAGE_RULES];
    ct_arena *arena; // owns everything above
} ct_storage_domain;

// Reads buildings and garages through `reader`, with `edits` laid over, onto the flood's domain, in
// which the crests of ramps are raised. *out = NULL where there are neither rooms nor ways, nor any
// to tell of. CT_NOMEM, and those of the store. Free with ct_storage_domain_free.
CT_CHECKED ct_err ct_storage_domain_make(ct_storage_domain **out, ct_store *store,
                                         ct_reader *reader, const ct_changeset *edits,
                                         ct_flood_domain *ground);
void ct_storage_domain_free(ct_storage_domain *domain); // NULL is fine

// Names of the classes whose features the engine sees; ends with NULL.
extern const char *const ct_storage_domain_classes[];

// Changes whenever equal features may give other results, by the passage or the engine; part of the
// run id.
#define CT_STORAGE_DOMAIN_VERSION "3"

// ---- back to the model

#define CT_STORAGE_FLOODED_M 0.05 // depth from which a storey or garage counts as flooded

typedef struct ct_storage_indicators {
    int64_t storeys_flooded; // that had CT_STORAGE_FLOODED_M or more at some time; garages apart
    int64_t garages_flooded;
    double garage_volume_m3; // in all garages at the end
    double inside_volume_m3; // in storeys and garages at the end
} ct_storage_indicators;
CT_CHECKED ct_err ct_storage_domain_indicators(ct_storage_indicators *out,
                                               const ct_storage_domain *domain, ct_street *street);

// The class of the feature that a room or a connection is.
const char *ct_storage_room_class(const ct_storage_room *room);
const char *ct_storage_way_class(const ct_storage_domain *domain, size_t connection);

// Appends rows of inside.csv: what areas and connections do now; the head first where `out` is
// empty. Levels over datum and depths in m; volumes in m3; flows in m3/s, inwards positive (of
// stairs: downwards).
CT_CHECKED ct_err ct_storage_domain_rows(ct_buf *out, const ct_storage_domain *domain,
                                         ct_street *street);

#endif
