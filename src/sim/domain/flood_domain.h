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

enum { CT_COVER_GROUND, CT_COVER_ROAD, CT_COVER_PATH, CT_COVER_GREEN, CT_COVER_WATER, CT_COVERS };

// What the ground takes up by cover.
typedef struct ct_infiltration {
    bool any, has[CT_COVERS];
    ct_flood_soil soil[CT_COVERS];
} ct_infiltration;

typedef enum ct_flood_way { // how water gets at a building
    CT_FLOOD_WAY_CENTRE,    // it covers no cell of its own: in the cell under its centre
    CT_FLOOD_WAY_ROOF,      // wholly between others: where its roof drains to
    CT_FLOOD_WAY_WALLS      // through the open cells along its walls
} ct_flood_way;

typedef struct ct_flood_building {
    const char *id, *name, *name_zh; // live as long as the domain
    int64_t residents;
    ct_flood_way way;
    int64_t cell; // the one under its centre; -1 = outside
} ct_flood_building;

// What the arrays do not show as the maker of the model or of the edits may expect.
typedef enum ct_flood_rule {
    CT_FLOOD_RULE_OUTSIDE,        // features wholly outside the ground
    CT_FLOOD_RULE_BUILDING_CUT,   // buildings that reach beyond it
    CT_FLOOD_RULE_BUILDING_SMALL, // buildings that cover no cell's centre
    CT_FLOOD_RULE_BARRIER_HEIGHT, // barriers with neither crest nor height
    CT_FLOOD_RULE_BARRIER_SHORT,  // barriers too short for the grid
    CT_FLOOD_RULE_WATER_LEVEL,    // water bodies without a level
    CT_FLOOD_RULE_WATER_DRY,      // water bodies whose level lies below their ground
    CT_FLOOD_RULE_STAGE_UNUSED,   // a river stage, but no river
    CT_FLOOD_RULE_NO_GROUND,      // cells without ground
    CT_FLOOD_RULE_EDIT_NO_EFFECT, // edits of classes that the engine does not see
    CT_FLOOD_RULES
} ct_flood_rule;

#define CT_FLOOD_WARNING_IDS 20

typedef struct ct_flood_warning {
    size_t count;                          // features, or cells; 0 = nothing to say
    const char *ids[CT_FLOOD_WARNING_IDS]; // the first ones
    size_t n_ids;
} ct_flood_warning;

typedef struct ct_flood_rule_text {
    const char *rule, *en, *zh; // "barrier_without_height", and what it means
} ct_flood_rule_text;
extern const ct_flood_rule_text ct_flood_rule_texts[CT_FLOOD_RULES];

typedef struct ct_flood_domain {
    ct_grid shape;          // v is NULL
    double *bed_m;          // ny * nx; cells without ground are blocked and hold 0
    uint8_t *blocked;       // buildings and places without ground
    int64_t *roof_receiver; // nearest open cell of each roof cell
    double *manning;
    uint8_t *soil;        // 1 + cover, 0 where it takes nothing; NULL = nothing is taken up
    ct_flood_soil *soils; // CT_COVERS
    double *depth_m;      // standing water at the start
    double *level_m;      // and its level; NaN = none
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
    ct_flood_warning warnings[CT_FLOOD_RULES];
    ct_arena *arena; // owns everything above
} ct_flood_domain;

typedef struct ct_flood_domain_options {
    double cell_m; // 0.5 .. 100
    ct_manning manning;
    ct_infiltration infiltration;
    bool has_river_stage;
    // Stands in waters of kind "river" from the start, and outside where they meet the ground's
    // edge, instead of their level_m.
    double river_stage_m;
    bool drains; // edits of the drainage network have an effect
    bool inside; // edits of what is inside buildings and of garages have an effect
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
// Changes whenever equal features may give other arrays or indicators; part of the run id.
#define CT_FLOOD_DOMAIN_VERSION "5"

// ---- back to the model
// --------------------------------------------------------------------------------------------
#define CT_FLOOD_REACHED_M 0.15 // depth at a wall from which a building counts as reached
#define CT_FLOOD_FLOODED_M 0.15 // depth from which open ground counts as flooded
#define CT_FLOOD_CLOSED_M  0.30 // depth from which a road counts as closed

// What the water did to a building: in the open cells along its walls, or, where it has none
// (wholly between others), in those that its roof drains to. Cells with water from the start (a
// river at the wall) do not count.
typedef struct ct_flood_reach {
    double max_depth_m; // largest depth there
    double arrival_s;   // earliest arrival (CT_FLOOD_ARRIVAL_M) there; NaN = never
} ct_flood_reach;

// All of ground that was dry at the start: rivers and ponds do not count as flooded, however high
// they rise.
typedef struct ct_flood_indicators {
    double flooded_area_m2;    // cells whose largest depth is CT_FLOOD_FLOODED_M or more
    int64_t buildings_reached; // with CT_FLOOD_REACHED_M or more at a wall
    int64_t residents_reached; // of these buildings
    double max_depth_m;        // largest depth
    double mean_depth_m;       // mean over the flooded cells of their largest depth
    double roads_closed_m;  // length of centre lines under CT_FLOOD_CLOSED_M or more at some time
    double water_volume_m3; // that stands there at the end
} ct_flood_indicators;

// `reach` has room for n_buildings.
void ct_flood_domain_reach(ct_flood_reach *reach, const ct_flood_domain *domain,
                           const double *max_depth_m, const double *arrival_s);
void ct_flood_domain_indicators(ct_flood_indicators *out, const ct_flood_domain *domain,
                                const ct_flood_reach *reach, const double *max_depth_m,
                                const double *end_depth_m);

#endif
