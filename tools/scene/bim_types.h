// Types of things that stand in a house many times: doors and windows, furniture, devices; each
// with one shape that all its occurrences show.
#ifndef SCENE_BIM_TYPES_H
#define SCENE_BIM_TYPES_H

#include "bim_house.h"

typedef enum bim_thing {
    BIM_BED,
    BIM_WARDROBE,
    BIM_SOFA,
    BIM_TABLE,
    BIM_COUNTER,
    BIM_TOILET,
    BIM_BASIN,
    BIM_SHOWER,
    BIM_COT,
    BIM_SMALL_TABLE,
    BIM_SMOKE_SENSOR,
    BIM_HEAT_SENSOR,
    BIM_CONTACT,
    BIM_THERMOMETER,
    BIM_MONITOR, // meters and monitors of other kinds
    BIM_SOUNDER,
    BIM_CALL_POINT,
    BIM_HOLDER, // keeps a fire door open until the alarm
    BIM_SPRINKLER,
    BIM_HYDRANT,
    BIM_INLET,
    BIM_EXTINGUISHER,
    BIM_THINGS
} bim_thing;

typedef struct bim_thing_type {
    const char *entity, *predefined, *object_type; // object_type where it is USERDEFINED
    sc_label name;
    double width_m, depth_m, height_m; // its box; round where `round`
    bool round;
    bim_colour colour;
    const char *model;
} bim_thing_type;
extern const bim_thing_type BIM_THING_TYPES[BIM_THINGS];

typedef struct bim_types { // ids; 0 until one is needed
    ct_step_id opening[BIM_OPENING_KINDS], opening_shape[BIM_OPENING_KINDS],
        opening_set[BIM_OPENING_KINDS];
    ct_step_id thing[BIM_THINGS], thing_shape[BIM_THINGS];
} bim_types;

// Make the type with its shape and property set where it is not there yet.
void bim_need_opening(bim *b, bim_types *t, bim_opening_kind kind);
void bim_need_thing(bim *b, bim_types *t, bim_thing kind);
// An occurrence at a frame in its parent's place; links its type.
ct_step_id bim_put_thing(bim *b, bim_types *t, bim_thing kind, const char *guid, const char *name,
                         ct_step_id parent, ct_step_id frame);

#endif
