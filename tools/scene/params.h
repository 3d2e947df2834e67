// Parameters of a sample community as read from its JSON file (data/schemas/scene.schema.json).
// Places are local: metres east (x) and north (y) of the origin; heights in metres above datum.
#ifndef SCENE_PARAMS_H
#define SCENE_PARAMS_H

#include "base/json.h"
#include "cimtwin/err.h"

enum { SC_MAX_COLUMNS = 12, SC_MAX_ROWS = 8, SC_MAX_FACTOR = 100, SC_MAX_MEMBERS = 8 };

typedef struct sc_label { // borrowed from the document
    const char *en, *zh;
} sc_label;

typedef enum sc_rank { SC_ARTERIAL, SC_COLLECTOR, SC_LOCAL } sc_rank;

typedef struct sc_axis { // one street of the grid
    double at_m;         // nominal distance of its centreline from the west or the south edge
    double red_line_m;   // width between property lines
    double carriageway_m;
    sc_rank rank;
    int lanes;
    sc_label name;
} sc_axis;

typedef enum sc_block_kind {
    SC_WALKUP, // six-storey perimeter blocks around courts
    SC_SLAB,   // rows of slabs, 11 to 18 storeys, low in the south
    SC_TOWER,  // staggered towers, 24 to 33 storeys
    SC_SCHOOL,
    SC_KINDERGARTEN,
    SC_HEALTH,
    SC_MARKET,
    SC_PLAZA,
    SC_OFFICE,
    SC_COMMERCIAL,
    SC_PARK,
    SC_SPORTS,
    SC_BLOCK_KINDS
} sc_block_kind;

typedef struct sc_programme { // what stands on a block
    sc_block_kind kind;
    sc_label name;
} sc_programme;

typedef struct sc_housing { // a residential type
    double far;             // floor-area ratio aimed at
    double storey_m;        // floor to floor
    double depth_m;         // north to south
    double bay_m;      // length of one stair's part, stretched by at most a tenth to reach `far`
    int units_per_bay; // dwellings a storey and stair
    int storeys[3];    // by row from the south
    int year_from, year_to;
} sc_housing;

typedef struct sc_river {
    double centre_m, width_m, meander_m, wave_m; // middle line at normal level and its swing
    double level_m, bed_m, bank_m;
} sc_river;

typedef struct sc_dike {
    double offset_m; // of its axis from the normal shore
    double crest_m, crest_width_m, slope;
    double canal_offset_m, canal_top_m, canal_bottom_m, canal_bed_m, canal_level_m;
    double sluice_at_m, sluice_width_m, sluice_sill_m;
} sc_dike;

typedef struct sc_ground_params {
    double cell_m, margin_m;
    double inner_m, fall_m; // behind the dike, and how much higher the north edge lies
    double relief_m;        // amplitude of the gentle undulation
    double kerb_m, lift_m;  // gutter below, yards above the natural ground
} sc_ground_params;

typedef struct sc_hollow { // a shallow bowl: share of the block's width and depth
    int column, row;
    double at[2], radius_m, depth_m;
} sc_hollow;

typedef struct sc_underpass {
    int column, row; // node of the street grid; the column's street dives under the row's
    double depth_m, ramp_m, width_m;
} sc_underpass;

enum { SC_MAX_MODELS = 4 };
typedef struct sc_model { // a building that gets a model of its inside
    sc_block_kind kind;   // SC_TOWER or SC_KINDERGARTEN
    int column, row, number, storeys;
} sc_model;

typedef struct sc_params {
    json_t *document;
    sc_label name, city, district;
    int64_t seed;
    int epsg;
    double east_m, north_m, depth_m,
        edge_m;    // origin; north extent; strip outside the outer streets
    int residents; // of one community
    int factor;    // communities side by side along the river
    sc_ground_params ground;
    sc_river river;
    sc_dike dike;
    int n_columns, n_rows; // streets; one fewer blocks each way
    sc_axis columns[SC_MAX_COLUMNS], rows[SC_MAX_ROWS];
    double jitter_m;
    sc_underpass underpass;
    sc_programme blocks[SC_MAX_ROWS][SC_MAX_COLUMNS]; // [row from the south][column from the west]
    sc_housing housing[SC_TOWER + 1];
    double household_sizes[SC_MAX_MEMBERS]; // weights of 1, 2, ... members
    int n_hollows;
    sc_hollow hollows[16];
    double manhole_spacing_m, cover_m, min_slope, storm_mm_h, runoff;
    int silted_column;   // the street whose main has sediment, of each community; -1 = none
    double silted_share; // of the height
    double sump_area_m2;
    double hydrant_spacing_m;
    int devices; // of one community
    int n_models;
    sc_model models[SC_MAX_MODELS];
} sc_params;

// Errors name the field. CT_PARSE, CT_RANGE, CT_IO, CT_NOMEM. Release with sc_params_fini.
CT_CHECKED ct_err sc_params_read(sc_params *out, const char *path);
void sc_params_fini(sc_params *params);

// The model of a building; NULL where it has none.
const sc_model *sc_params_model(const sc_params *params, int column, int row, int number);

const char *sc_block_kind_name(sc_block_kind kind);
const char *sc_rank_name(sc_rank rank);
static inline bool sc_is_residential(sc_block_kind kind) {
    return kind <= SC_TOWER;
}

#endif
