// Buildings and garages while they are read: rooms and ways with what their features say, before
// what water cannot reach is left out. Private to sim/domain.
#ifndef CT_SIM_DOMAIN_STORAGE_BUILD_H
#define CT_SIM_DOMAIN_STORAGE_BUILD_H

#include "base/strmap.h"
#include "sim/domain/flood_layers.h"
#include "sim/domain/storage_domain.h"

#define CT_ROOMS_NONE SIZE_MAX

typedef struct ct_rooms_room { // a storey, a building without any, a garage
    const char *id, *name, *name_zh;
    ct_storage_area_kind kind;
    size_t building; // index; CT_ROOMS_NONE of garages
    double floor_m;  // NaN: not known yet
    double height_m;
    double outline_m2, spaces_m2;
    const ct_geom *outline; // of garages
    bool reached;           // water gets there
    uint32_t index;         // among the areas
} ct_rooms_room;

typedef struct ct_rooms_building {
    const char *id, *name, *name_zh;
    double base_m, height_m; // NaN where it does not say
    double outline_m2;       // 0: no shape
    double highest_m;        // of its ways in, not more than CT_ROOMS_RISE_M over the ground
    double lowest_m;
    size_t whole;   // its one room where it has no storeys; CT_ROOMS_NONE
    size_t storeys; // how many
} ct_rooms_building;

typedef enum ct_rooms_way_kind {
    CT_ROOMS_IN,    // from the surface
    CT_ROOMS_STAIR, // from room to room
    CT_ROOMS_PUMP
} ct_rooms_way_kind;

typedef struct ct_rooms_way {
    const char *id;
    ct_rooms_way_kind kind;
    size_t room, above;        // of a stair: the lower and the upper room
    int64_t cell;              // CT_ROOMS_IN: of the surface
    double sill_m, width_m;    // sill over datum
    double height_m;           // 0: open above
    double leak_m2, barrier_m; // barrier over datum; -infinity: none
    bool closed;
    double capacity_m3s, on_m, off_m; // pumps; levels NaN where they have none
} ct_rooms_way;

typedef struct ct_rooms {
    ct_storage_domain *domain;
    ct_flood_domain *ground;
    const ct_catalogue *catalogue;
    ct_reader *reader;
    const ct_changeset *edits;
    ct_arena *arena; // scratch; ids are the domain's
    ct_strmap *building_by_id, *room_by_id;
    ct_rooms_building *buildings;
    size_t n_buildings, cap_buildings;
    ct_rooms_room *rooms;
    size_t n_rooms, cap_rooms;
    ct_rooms_way *ways;
    size_t n_ways, cap_ways;
} ct_rooms;

#define CT_ROOMS_RISE_M 10.0 // ways in that lie higher over the ground before them stay dry

// Of features, in the order of the twin.
CT_CHECKED ct_err ct_rooms__rooms(ct_rooms *b); // buildings, storeys, spaces, garages
CT_CHECKED ct_err ct_rooms__ways(ct_rooms *b);  // openings, ramps, stairs, pumps
// Floors that only the ways tell, and which rooms water reaches.
void ct_rooms__reach(ct_rooms *b);
// The parameters' arrays.
CT_CHECKED ct_err ct_rooms__compose(ct_rooms *b);

CT_CHECKED ct_err ct_rooms__warn(ct_rooms *b, ct_storage_rule rule, const char *id);
// Calls visit for every feature of a class; nothing happens where the catalogue has none such.
CT_CHECKED ct_err ct_rooms__each(ct_rooms *b, const char *cls,
                                 ct_err (*visit)(void *context, const ct_feature *feature));
CT_CHECKED ct_err ct_rooms__add_room(ct_rooms *b, const ct_rooms_room *room);
// The building of this id, or CT_ROOMS_NONE; likewise the room.
size_t ct_rooms__building(const ct_rooms *b, const char *id);
size_t ct_rooms__room(const ct_rooms *b, const char *id);
// The room of a building that stands for all of it, made where it is missing. CT_ROOMS_NONE where
// the building has no shape.
CT_CHECKED ct_err ct_rooms__whole(size_t *out, ct_rooms *b, size_t building);

#endif
