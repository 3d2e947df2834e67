// What the layout stages share: buildings, gates and street joins, beside the features themselves.
#ifndef SCENE_TOWN_H
#define SCENE_TOWN_H

#include "ground.h"

enum { SC_MAX_ENTRANCES = 12 };

typedef struct sc_building {
    char id[40];
    int block, number; // number within its block, from 1
    const char *use;
    sc_ring ring;
    sc_point centre;
    double footprint_m2, storey_m, height_m, base_m, ground_floor_m;
    int storeys, below;
    int bays, units_per_bay; // stairs, and dwellings a storey at each; 0 where nobody lives
    int units, households, residents;
    int n_entrances;
    sc_point entrance[SC_MAX_ENTRANCES];
    double out_x, out_y; // direction out of the entrances
    size_t feature;      // index in the layer of buildings
} sc_building;

typedef struct sc_gate {
    char id[40];
    int block;
    sc_point at;
    bool vehicle;
    double heading_deg; // out of the compound
} sc_gate;

typedef struct sc_join { // a lane meets a street between two nodes
    bool on_column;
    int street, segment; // segment k lies between nodes k and k + 1 along the street
    sc_point at;
} sc_join;

typedef struct sc_town {
    sc_world *world;
    sc_plan *plan;
    sc_ground *ground;
    sc_building *buildings;
    size_t n_buildings, cap_buildings;
    sc_gate *gates;
    size_t n_gates, cap_gates;
    sc_join *joins;
    size_t n_joins, cap_joins;
} sc_town;

void sc_town_fini(sc_town *town);
// Grows an array of the town by one and returns the new zeroed entry; NULL once an error stuck.
sc_building *sc_town_new_building(sc_town *town);
sc_gate *sc_town_new_gate(sc_town *town);
sc_join *sc_town_new_join(sc_town *town);

typedef enum sc_form { SC_FORM_SLAB, SC_FORM_TOWER, SC_FORM_BOX, SC_FORM_U, SC_FORM_L } sc_form;
typedef enum sc_facing { SC_FACE_NORTH, SC_FACE_WEST, SC_FACE_SOUTH, SC_FACE_EAST } sc_facing;

typedef struct sc_design { // a building before it stands
    sc_form form;
    double length_m, depth_m; // along and across the face with the entrances
    double wing_m;            // U and L: width of the wings
    int bays;                 // parts with a stair and an entrance each
    int units_per_bay;
    int storeys, below;
    double storey_m, ground_storey_m; // floor to floor
    double step_m;                    // ground floor above the ground
    const char *use, *structure;
    int year;
    sc_label name; // empty: numbered "Building 3"
} sc_design;

double sc_design_area(const sc_design *design); // footprint, m2
// Stands the building with its centre at (p, q) of the block's frame, entrances on the given face:
// building, storeys and entrances as features. NULL once an error stuck.
sc_building *sc_build(sc_town *town, const sc_block *block, const sc_design *design, double p,
                      double q, sc_facing face);
// Level pads of all buildings for the raster. Caller frees with ct_free; NULL = no memory.
sc_pad *sc_town_pads(const sc_town *town);

// Stages, in order.
void sc_lay_housing(sc_town *town, const sc_block *block);
void sc_lay_public(sc_town *town, const sc_block *block);
void sc_lay_streets(sc_town *town);
void sc_lay_shore(sc_town *town);
void sc_lay_drains(sc_town *town);
void sc_lay_people(sc_town *town);
void sc_lay_safety(sc_town *town);
void sc_lay_devices(sc_town *town);
void sc_lay_sites(sc_town *town);

#endif
