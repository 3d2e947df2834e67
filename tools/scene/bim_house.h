// A house of storeys with plans, and how it becomes an IFC file: kinds of openings, storeys,
// stairs.
#ifndef SCENE_BIM_HOUSE_H
#define SCENE_BIM_HOUSE_H

#include "bim.h"
#include "floorplan.h"
#include "town.h"

typedef enum bim_opening_kind {
    BIM_DOOR_FLAT,
    BIM_DOOR_ROOM,
    BIM_DOOR_BATH,
    BIM_DOOR_KITCHEN,
    BIM_DOOR_BALCONY,
    BIM_DOOR_STAIR,
    BIM_DOOR_LOBBY,
    BIM_DOOR_SHAFT,
    BIM_DOOR_PLANT,
    BIM_DOOR_LIFT,
    BIM_DOOR_ENTRANCE,
    BIM_DOOR_EXIT,
    BIM_DOOR_ROOF,
    BIM_DOOR_CLASS,
    BIM_DOOR_WIDE,
    BIM_DOOR_HALL,
    BIM_WINDOW_LIVING,
    BIM_WINDOW_BED,
    BIM_WINDOW_SMALL,
    BIM_WINDOW_STAIR,
    BIM_WINDOW_CLASS,
    BIM_OPENING_KINDS
} bim_opening_kind;

typedef struct bim_opening_type {
    const char *key;
    sc_label name;
    double width_m, height_m, sill_m;
    const char *operation; // of IfcDoorTypeOperationEnum; of windows IfcWindowTypePartitioningEnum
    const char *rating;    // "60 min"; NULL: none
    bool window, glazed, leaves_two, self_closing, smoke_stop, exit, external, accessible;
    bim_colour colour;
} bim_opening_type;
extern const bim_opening_type BIM_OPENINGS[BIM_OPENING_KINDS];

void bim_door(fp_plan *plan, const char *a, const char *b, bim_opening_kind kind, double at);
void bim_outer(fp_plan *plan, const char *room, char side, bim_opening_kind kind, double at);

typedef struct bim_stair { // two flights and a landing a storey
    const char *room;
    int turn; // direction of the first flight, quarter turns from east
    double tread_m, flight_m;
    double riser_max_m;
} bim_stair;

typedef enum bim_level { BIM_BELOW, BIM_GROUND, BIM_TYPICAL, BIM_ROOF, BIM_LEVELS } bim_level;

enum { BIM_MAX_STAIRS = 2, BIM_MAX_LIFTS = 4 };

typedef struct bim_house {
    const sc_town *town;
    const sc_building *building;
    sc_label project;
    double below_m, storey_m, slab_m; // heights of storeys floor to floor, thickness of slabs
    fp_plan *plans[BIM_LEVELS];       // compiled; NULL: no such storey
    int n_stairs, n_lifts;
    bim_stair stairs[BIM_MAX_STAIRS];
    const char *lifts[BIM_MAX_LIFTS]; // rooms of the ground floor
    int units;                        // of a storey; 0: none
    const char *unit_en, *unit_zh;    // printf formats of the zone's name: storey and number
    int fire_class;                   // resistance class of the building
} bim_house;

// Writes the house to `path`. Errors leave what was written to the caller.
CT_CHECKED ct_err bim_house_write(const bim_house *house, const char *path);

// The models that the parameters ask for, as DIR/NAME-tower.ifc and DIR/NAME-kindergarten.ifc.
CT_CHECKED ct_err sc_write_models(const sc_town *town, const char *dir, const char *name);

// Plans of the tower and of the kindergarten, by the size of their footprints. CT_RANGE.
CT_CHECKED ct_err bim_tower_plans(bim_house *house);
CT_CHECKED ct_err bim_nursery_plans(bim_house *house);

#endif
