// The passage from the model to the flood engine's arrays and back: ground, buildings, walls,
// roughness, water and edges on one grid, and results gathered per building and road.
#ifndef CT_SIM_DOMAIN_FLOOD_DOMAIN_H
#define CT_SIM_DOMAIN_FLOOD_DOMAIN_H

#include "cimtwin/flood.h"
#include "geo/grid.h"
#include "store/store.h"

typedef struct ct_manning { // Manning's n by ground cover, s m^-1/3
    double ground, road, path, green, water;
} ct_manning;

typedef struct ct_flood_building {
    const char *id, *name, *name_zh; // live as long as the domain
    int64_t residents;
} ct_flood_building;

typedef struct ct_flood_domain {
    ct_grid shape; // v is NULL
    double *bed_m; // ny * nx; cells without ground have the bed of the lowest neighbour's and are
                   // blocked
    uint8_t *blocked;       // buildings and places without ground
    int64_t *roof_receiver; // nearest open cell of each roof cell
    double *manning;
    double *depth_m;               // standing water at the start
    double *crest_x_m, *crest_y_m; // walls, dikes, flood barriers; NaN = none
    int32_t *
        building; // ny * nx: index into `buildings` of the building that covers the cell; -1 = none
    ct_flood_building *buildings;
    size_t n_buildings;
    ct_geom *roads; // centre lines in the twin's CRS
    size_t n_roads;
    ct_flood_edge *edges;
    size_t n_edges;
    double edge_time_s;    // the one time of the level series
    double *edge_levels_m; // level of each edge that has one
    ct_arena *arena;       // owns everything above
} ct_flood_domain;

typedef struct ct_flood_domain_options {
    double cell_m; // 0.5 .. 100
    ct_manning manning;
    bool has_river_stage;
    double river_stage_m; // stands in rivers from the start, instead of the water features' level_m
} ct_flood_domain_options;

// Reads terrain and features through `reader`, with `edits` laid over. CT_NOTFOUND without terrain,
// CT_RANGE, CT_LIMIT (more than CT_FLOOD_MAX_CELLS), CT_NOMEM. Free with ct_flood_domain_free.
CT_CHECKED ct_err ct_flood_domain_make(ct_flood_domain **out, ct_store *store, ct_reader *reader,
                                       const ct_changeset *edits,
                                       const ct_flood_domain_options *options);
void ct_flood_domain_free(ct_flood_domain *domain);
// Fills the arrays and edges of `params`, borrowed from the domain.
void ct_flood_domain_params(ct_flood_params *params, const ct_flood_domain *domain);

// Names of the classes whose features the engine sees; ends with NULL.
extern const char *const ct_flood_domain_classes[];
// Changes whenever equal features may give other arrays; part of the run id.
#define CT_FLOOD_DOMAIN_VERSION "1"

// ---- back to the model
// --------------------------------------------------------------------------------------------
#define CT_FLOOD_REACHED_M 0.15 // depth at a wall from which a building counts as reached
#define CT_FLOOD_FLOODED_M 0.15 // depth from which open ground counts as flooded
#define CT_FLOOD_CLOSED_M  0.30 // depth from which a road counts as closed

typedef struct ct_flood_reach { // what the water did to a building
    double max_depth_m;         // largest depth in the open cells along its walls
    double arrival_s;           // earliest arrival there; NaN = never
} ct_flood_reach;

typedef struct ct_flood_indicators {
    double flooded_area_m2; // open ground, dry at the start
    int64_t buildings_reached, residents_reached;
    double max_depth_m, mean_depth_m; // on flooded ground that was dry at the start
    double roads_closed_m;
    double water_volume_m3; // that stands on the ground at the end beyond the start's
} ct_flood_indicators;

// `reach` has room for n_buildings.
void ct_flood_domain_reach(ct_flood_reach *reach, const ct_flood_domain *domain,
                           const double *max_depth_m, const double *arrival_s);
void ct_flood_domain_indicators(ct_flood_indicators *out, const ct_flood_domain *domain,
                                const ct_flood_reach *reach, const double *max_depth_m,
                                const double *end_depth_m);

#endif
