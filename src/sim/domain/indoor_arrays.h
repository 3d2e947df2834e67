// The passage from indoor models to arrays for engines: zones and vents for fire, floors, doors and
// stairs for crowds. SI; places in metres about an origin; every entry leads back to its feature.
#ifndef CT_SIM_DOMAIN_INDOOR_ARRAYS_H
#define CT_SIM_DOMAIN_INDOOR_ARRAYS_H

#include "model/indoor/indoor.h"

#define CT_INDOOR_OUTSIDE (-1) // zone or area outside

// ---- fire: one zone for each space that is not open to the air ----------------------------------
typedef struct ct_fire_zones {
    size_t n; // of each array
    const char **id;
    double *volume_m3, *area_m2, *height_m;
    double *floor_z_m; // height of the twin
    int32_t *compartment;
} ct_fire_zones;

typedef struct ct_fire_vents {
    size_t n;
    const char **id;          // of the opening or stair
    int32_t *zone_a, *zone_b; // zone_a is inside; of horizontal ones it is the lower if that is
    uint8_t *horizontal;      // through a floor
    double *sill_z_m, *soffit_z_m; // heights of the twin; horizontal: both that of the floor
    double *width_m, *area_m2;     // open
    double *leak_m2;               // closed
    double *open;                  // part that is open at the start, 0 to 1
    int32_t *rating_min;
    uint8_t *closes; // by itself
} ct_fire_vents;

// ---- crowd: an area for each space --------------------------------------------------------------
typedef struct ct_crowd_areas {
    size_t n;
    const char **id;
    double *floor_z_m, *occupants;
    uint8_t *outside;    // open to the air: who is there is out
    uint32_t *ring_end;  // by area: index after its last ring
    uint32_t *point_end; // by ring: index after its last point; the first ring of a polygon runs
                         // counter-clockwise, its holes clockwise
    double *xy;          // by point, 2 each; rings are closed
    size_t n_rings, n_points;
} ct_crowd_areas;

typedef struct ct_crowd_doors { // that people can pass
    size_t n;
    const char **id;
    int32_t *area_a, *area_b; // CT_INDOOR_OUTSIDE
    double *ends;             // x, y of the two jambs, 4 each; NAN where no place is known
    double *clear_width_m;
    uint8_t *exit, *locked, *closed; // closed: opened by who passes
} ct_crowd_doors;

typedef struct ct_crowd_stairs {
    size_t n;
    const char **id;
    int32_t *area_foot, *area_head;
    uint8_t *kind; // ct_indoor_stair_kind
    uint8_t *evacuates;
    double *foot, *head; // x, y, z, 3 each; z of the twin; NAN where no shape is known
    double *width_m, *length_m, *riser_m, *tread_m; // length along the flight
    int32_t *risers;
} ct_crowd_stairs;

typedef struct ct_indoor_arrays {
    double origin[2]; // that was taken off x and y
    ct_fire_zones zones;
    ct_fire_vents vents;
    ct_crowd_areas areas;
    ct_crowd_doors doors;
    ct_crowd_stairs stairs;
} ct_indoor_arrays;

// Vents and stairs with an end that is not known are left out, as nothing can pass them; doors
// whose sides are not both known too. All in the arena; ids are the model's own. CT_NOMEM.
CT_CHECKED ct_err ct_indoor_arrays_make(ct_indoor_arrays *out, ct_arena *arena,
                                        const ct_indoor *indoor, const double origin[2]);

#endif
