// What stands in for attributes that a model lacks: by the use of a room, and of doors. Data, each
// entry with its published source (data/indoor).
#ifndef CT_MODEL_INDOOR_DEFAULTS_H
#define CT_MODEL_INDOOR_DEFAULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "cimtwin/err.h"

typedef struct ct_indoor_use {
    const char *use;           // of the class space
    double area_per_person_m2; // of floor; 0: nobody stays there
    double ceiling_m;          // clear height
} ct_indoor_use;

typedef struct ct_indoor_doors {
    double frame_m;           // that a frame takes on each side of an opening
    double width_m, height_m; // of a door that tells none
    bool open;                // doors stand open at the start
    bool rated_open;          // those with a rating or that close by themselves
    double leak_single_m2, leak_double_m2, leak_lift_m2; // closed
    double double_from_m;                                // width from which a door has two leaves
} ct_indoor_doors;

typedef struct ct_indoor_stairs {
    double width_m, riser_m, tread_m;
} ct_indoor_stairs;

typedef struct ct_indoor_defaults {
    ct_indoor_use *uses; // by use
    size_t n_uses;
    ct_indoor_use other; // where the use is none of them
    ct_indoor_doors doors;
    ct_indoor_stairs stairs;
    double separating_min; // rating from which a wall or door parts compartments
    struct ct_arena *arena;
} ct_indoor_defaults; // immutable after load; may be shared by threads

// rooms.json and building.json of the folder (NULL = the program's own data). Errors name file and
// field.
CT_CHECKED ct_err ct_indoor_defaults_load(ct_indoor_defaults **out, const char *folder);
void ct_indoor_defaults_free(ct_indoor_defaults *defaults);
const ct_indoor_use *ct_indoor_use_of(const ct_indoor_defaults *defaults, const char *use);

#endif
