// The body of a feature in space: meshes with a place and a material, shared where they are equal;
// and the property sets that came with it.
#ifndef CT_MODEL_BODY_H
#define CT_MODEL_BODY_H

#include "geo/mesh.h"

// What a face is to a building (the tag of ct_mesh): the boundary surfaces of CityGML 2.0 section
// 10.3.3 and 3.0 section 7.10, which IFC elements and CityJSON share.
#define CT_SURFACE_LIST(X)                                                                         \
    X(NONE, "")                                                                                    \
    X(GROUND, "GroundSurface")                                                                     \
    X(WALL, "WallSurface")                                                                         \
    X(ROOF, "RoofSurface")                                                                         \
    X(OUTER_FLOOR, "OuterFloorSurface")                                                            \
    X(OUTER_CEILING, "OuterCeilingSurface")                                                        \
    X(CLOSURE, "ClosureSurface")                                                                   \
    X(INTERIOR_WALL, "InteriorWallSurface")                                                        \
    X(FLOOR, "FloorSurface")                                                                       \
    X(CEILING, "CeilingSurface")                                                                   \
    X(DOOR, "DoorSurface")                                                                         \
    X(WINDOW, "WindowSurface")                                                                     \
    X(WATER, "WaterSurface")                                                                       \
    X(WATER_GROUND, "WaterGroundSurface")                                                          \
    X(TRAFFIC, "TrafficArea")                                                                      \
    X(AUXILIARY_TRAFFIC, "AuxiliaryTrafficArea")

typedef enum ct_surface {
#define CT_SURFACE_ENUM(name, text) CT_SURFACE_##name,
    CT_SURFACE_LIST(CT_SURFACE_ENUM)
#undef CT_SURFACE_ENUM
        CT_SURFACE_COUNT
} ct_surface;

const char *ct_surface_name(ct_surface surface); // "RoofSurface"; "" for none
ct_surface ct_surface_of_name(const char *name); // "RoofSurface"; also without "Surface"; NONE

typedef struct ct_material {
    const char *name; // "" where it has none
    float rgba[4];    // red, green, blue as sRGB says them and opacity, each 0 to 1
} ct_material;

typedef struct ct_body_part {
    const ct_mesh *mesh; // in the part's own frame, metres; parts that are alike share one
    ct_affine place;     // to the twin's CRS and heights
    ct_material material;
    uint8_t lod; // level of detail 0 to 4 of CityGML; bodies of IFC are 4
} ct_body_part;

typedef struct ct_body {
    size_t n_parts;
    const ct_body_part *parts;
} ct_body;

bool ct_body_box(ct_box3 *out, const ct_body *body); // of the placed parts; false if empty
double ct_body_volume_m3(const ct_body *body);       // sum over parts, mirrored ones too

#endif
