// The indoor model of a building: a graph of spaces, doors, free openings, stairs and the outdoors,
// with the compartments and vents that fire asks for and the clear widths and floors that people
// need. Derived from features alone and stored nowhere: equal features give an equal model, in
// whatever order they come.
//
// Where spaces know the doors' sides (space boundaries) or each other (connections of IndoorGML),
// what they say counts; where they do not, a door's sides are looked up across its thickness; where
// there are no spaces, rooms are the ground that slabs leave between walls, doors closed.
// Coordinates and heights are the twin's, in metres.
#ifndef CT_MODEL_INDOOR_INDOOR_H
#define CT_MODEL_INDOOR_INDOOR_H

#include "model/feature.h"
#include "model/indoor/defaults.h"

#define CT_INDOOR_NONE     UINT32_MAX       // not known
#define CT_INDOOR_OUTDOORS (UINT32_MAX - 1) // the node outside
// Changes whenever equal features may give another model; part of what is kept by version.
#define CT_INDOOR_VERSION "2"

typedef struct ct_indoor_storey {
    const char *id;
    const char *name, *name_zh; // "" where it has none
    int level;
    double z_m;      // of its floor
    double height_m; // to the next floor
    bool entrance;   // people come in on it
} ct_indoor_storey;

typedef struct ct_indoor_space {
    const char *id;   // of the feature; "<storey>~room-3" where it was made
    const char *name; // "" where it has none
    const char *use;  // of the class's codes; "other" where none is stated
    bool made;        // of slabs and walls: there is no such feature
    bool outside;     // open to the air: balconies, roofs
    uint32_t storey;
    ct_geom floor;  // without heights; CT_GEOM_NONE where nothing tells its shape
    ct_geom walk;   // floor less columns and furniture
    double z_m;     // of the floor
    double area_m2; // of the floor
    double height_m, volume_m3;
    double at[2];     // a point of the floor, for labels and distances
    double occupants; // stated, or by the use's load factor
    uint32_t compartment;
    double way_out_m; // to the nearest exit by doors and stairs, straight inside each room;
                      // infinite where there is none
    uint32_t exit;    // that opening; CT_INDOOR_NONE
} ct_indoor_space;

typedef enum ct_indoor_kind { // of an opening
    CT_INDOOR_DOOR,
    CT_INDOOR_WINDOW,
    CT_INDOOR_FREE,      // opening without a filling
    CT_INDOOR_GAP,       // spaces that touch with no wall between
    CT_INDOOR_FLOOR,     // opening in a slab
    CT_INDOOR_CONNECTION // stated by the source, without a shape
} ct_indoor_kind;
const char *ct_indoor_kind_name(ct_indoor_kind kind); // "door", ...

typedef enum ct_indoor_state { CT_INDOOR_OPEN, CT_INDOOR_CLOSED, CT_INDOOR_LOCKED } ct_indoor_state;
const char *ct_indoor_state_name(ct_indoor_state state); // "open", "closed", "locked"

typedef struct ct_indoor_opening {
    const char *id; // of the feature; "<space>~<space>" for gaps
    ct_indoor_kind kind;
    ct_indoor_state state; // at the start
    uint32_t side[2];      // spaces, CT_INDOOR_OUTDOORS, CT_INDOOR_NONE
    uint32_t storey;
    double ends[4];     // x, y of its two jambs; equal where only a point is known
    double thickness_m; // along its normal
    double sill_z_m, soffit_z_m;
    double width_m;       // of the hole
    double clear_width_m; // that people can use; 0 where they cannot
    double leak_m2;       // when closed
    int fire_rating_min;  // 0: none
    bool passable, exit;  // exit: leads out at ground level
    bool self_closing, smoke_stop;
} ct_indoor_opening;

typedef enum ct_indoor_stair_kind {
    CT_INDOOR_STAIR,
    CT_INDOOR_RAMP,
    CT_INDOOR_ESCALATOR,
    CT_INDOOR_LIFT // not for evacuation
} ct_indoor_stair_kind;
const char *ct_indoor_stair_kind_name(ct_indoor_stair_kind kind); // "stair", ...

typedef struct ct_indoor_stair { // one climb from storey to storey
    const char *id;              // of the feature; its climbs after the first: "<id>~2"
    const char *feature;         // id of the feature
    ct_indoor_stair_kind kind;
    uint32_t space[2], storey[2]; // at the foot and at the head
    ct_geom line;                 // LineString with heights; CT_GEOM_NONE where no shape is known
    double width_m;
    int risers; // 0 where not known or a ramp
    double riser_m, tread_m;
    double length_m; // along the line, in space
    bool evacuates;
    int fire_rating_min;
} ct_indoor_stair;

typedef struct ct_indoor_compartment {
    uint32_t n_spaces;
    int fire_rating_min; // the least of what parts it from others; 0 where nothing rated does
    double area_m2, volume_m3;
} ct_indoor_compartment;

typedef struct ct_indoor_vent {
    uint32_t opening; // that it is; CT_INDOOR_NONE: the well of a stair
    uint32_t stair;   // the stair; CT_INDOOR_NONE
    uint32_t zone[2]; // spaces or CT_INDOOR_OUTDOORS; horizontal: below, above
    bool horizontal;
    double sill_z_m, soffit_z_m; // horizontal: both the height of the slab
    double width_m;
    double area_m2; // open
    double leak_m2; // closed
    double open;    // part of the area that is open at the start, 0 to 1
} ct_indoor_vent;

typedef enum ct_indoor_rule {
    CT_INDOOR_NO_WAY_OUT,
    CT_INDOOR_NO_EXIT,
    CT_INDOOR_OVERLAP,
    CT_INDOOR_DOOR_NOWHERE,
    CT_INDOOR_VOLUME_DIFFERS,
    CT_INDOOR_AREA_DIFFERS,
    CT_INDOOR_STAIR_END,
    CT_INDOOR_STEPS_DIFFER,
    CT_INDOOR_NO_SHAPE,
    CT_INDOOR_RULES
} ct_indoor_rule;
const char *ct_indoor_rule_name(ct_indoor_rule rule); // "room-no-way-out", ...

typedef struct ct_indoor_finding {
    ct_indoor_rule rule;
    const char *id;    // of the feature; of the building where it is all of it
    const char *other; // of the second feature; NULL
    const char *text;
} ct_indoor_finding;

typedef struct ct_indoor {
    const char *building; // id
    uint32_t n_storeys, n_spaces, n_openings, n_stairs, n_compartments, n_vents, n_findings;
    ct_indoor_storey *storeys; // by height
    ct_indoor_space *spaces;   // by id
    ct_indoor_opening *openings;
    ct_indoor_stair *stairs;
    ct_indoor_compartment *compartments;
    ct_indoor_vent *vents;
    ct_indoor_finding *findings;
    ct_arena *arena; // owns everything above
} ct_indoor;

// `features`: those of one building, of the classes building, storey, space, opening, transition,
// element and connection (others are passed over), with their bodies where they have some; borrowed
// during the call. Oddities of the model are findings, never errors. CT_NOMEM, CT_LIMIT.
CT_CHECKED ct_err ct_indoor_derive(ct_indoor **out, const char *building,
                                   const ct_feature *features, size_t n,
                                   const ct_indoor_defaults *defaults);
void ct_indoor_free(ct_indoor *indoor); // NULL is fine

#endif
