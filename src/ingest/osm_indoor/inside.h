// What an OpenStreetMap file tells of the inside of buildings, by the scheme "Simple Indoor
// Tagging" of the OpenStreetMap wiki: rooms, areas and corridors become spaces on storeys, nodes in
// their walls doors and windows, steps, ramps and lifts transitions; the outline that they lie in,
// or a relation of the type building names, is their building. What is outdoors goes the way of
// every OpenStreetMap file (gdal/osm.c), which passes over what was taken here.
//
// Levels become heights by the heights of levels and buildings, else by CT_OSM__STOREY_M each;
// level 0, or the lowest above, lies on the lowest ground along the outline.
#ifndef CT_INGEST_OSM_INDOOR_INSIDE_H
#define CT_INGEST_OSM_INDOOR_INSIDE_H

#include <math.h>

#include "base/strmap.h"
#include "geo/geom.h"
#include "geo/rtree.h"
#include "ingest/osm_indoor/data.h"
#include "ingest/osm_indoor/levels.h"
#include "ingest/rules.h"

#define CT_OSM__STOREY_M 3.0  // from floor to floor, where nothing tells it
#define CT_OSM__WALL_M   0.1  // thickness of walls drawn as lines
#define CT_OSM__WAY_M    2.0  // width of corridors drawn as lines
#define CT_OSM__STEP_M   1e-3 // grid of plane geometry
#define CT_OSM__NONE     UINT32_MAX

typedef struct ct_osm__run { // levels, ascending
    size_t n;
    const double *at;
} ct_osm__run;

typedef enum ct_osm__kind { // of a thing
    CT_OSM__NOTHING,
    CT_OSM__SPACE,    // an area with or without walls
    CT_OSM__LEVEL,    // the outline of a level
    CT_OSM__WALL,     // a line, or an area
    CT_OSM__COLUMN,   // an area
    CT_OSM__WALKLINE, // a corridor or footway drawn as a line
    CT_OSM__STEPS,    // a line up
    CT_OSM__RAMP,     // a line up without steps
    CT_OSM__LIFT,     // a node
    CT_OSM__DOOR,     // a node
    CT_OSM__WINDOW    // a node
} ct_osm__kind;

typedef struct ct_osm__thing { // an element that may be inside a building
    const ct_osm__element *of;
    ct_osm__kind kind;
    bool walls, stairs, lift; // of a space
    ct_osm__run levels;       // that it is on, or reaches
    ct_osm__run repeats;      // lowest levels of its copies
    ct_geom geom;             // of the twin, without heights
    double at[2];             // a point of it
    uint32_t building;        // CT_OSM__NONE: outdoors
} ct_osm__thing;

typedef struct ct_osm__storey {
    double level, z_m, height_m;
    const ct_osm__element *of; // the element of indoor=level, or NULL
    const char *name, *id;
    ct_geom shape; // of that element
    bool entrance;
} ct_osm__storey;

typedef struct ct_osm__building {
    const ct_osm__element *of;      // what its tags and id are of; NULL: made for things in none
    const ct_osm__element *outline; // what its shape is of
    const char *id, *source;
    ct_geom shape;
    ct_box3 box;
    double area_m2;
    bool inhabited; // something is inside
    double ground_m;
    uint32_t first, n; // storeys, by level
} ct_osm__building;

typedef struct ct_osm__space {
    const ct_osm__thing *thing;
    uint32_t building, storey;
    double low, high; // levels that its air reaches
    const char *id, *source;
    ct_geom shape;
    double z_m, height_m, area_m2;
    bool doors; // something leads into it
} ct_osm__space;

typedef struct ct_osm__opening {
    const ct_osm__thing *thing; // NULL: a free way between spaces
    const char *kind, *id, *source;
    uint32_t building, storey, side[2]; // spaces
    double at[2], along[2];             // unit vector of the wall
    double width_m;                     // of a free way
    bool external, placed;              // placed: the wall is known
} ct_osm__opening;

typedef struct ct_osm__climb {
    const ct_osm__thing *thing;
    const char *kind, *id, *source;
    uint32_t building, storey[2];
    ct_geom line; // with heights
} ct_osm__climb;

typedef struct ct_osm__heights { // how heights of storeys were found
    size_t n;                    // buildings
    const char *first;           // of them
    double each_m;               // of that one
} ct_osm__heights;

typedef struct ct_osm__inside {
    ct_ingest__job *job;
    ct_osm__data *d;
    ct_arena *arena;
    ct_ingest__rules *outdoor, *indoor;
    ct_osm__thing *things;
    ct_osm__building *buildings;
    ct_osm__storey *storeys; // of one building after the other
    ct_osm__space *spaces;
    ct_osm__opening *openings;
    ct_osm__climb *climbs;
    size_t n_things, thing_room, n_buildings, building_room, n_storeys, storey_room, n_spaces,
        space_room, n_openings, opening_room, n_climbs, climb_room;
    ct_rtree *space_tree;       // by place and level
    ct_rtree *wall_tree;        // of `things` that are walls, the same
    ct_strmap *taken;           // source ids
    ct_strmap *house_of;        // of what relations of buildings name: into `buildings`
    bool placed;                // the first point was looked at
    double steps, looked;       // of the work so far; when it was last asked whether to go on
    ct_osm__heights heights[2]; // by default, stated
    size_t n_stacked, n_lines, n_cut, n_openless, n_far_doors;
} ct_osm__inside;

// Whether the file is .osm and speaks of things indoors.
// What such a file tells of itself goes to the source's record; of other files nothing. CT_NOMEM.
CT_CHECKED ct_err ct_osm__tell_source(ct_ingest__job *job);
CT_CHECKED ct_err ct_osm_indoor__is(bool *out, const ct_ingest__job *job);
// Reads the file: what is outdoors by GDAL, what is inside by this module.
CT_CHECKED ct_err ct_osm_indoor__import(ct_ingest__job *job);

// ---- shapes.c: elements as geometry of the twin, without heights. CT_GEOM_NONE, with a finding
// unless `quiet`, where an element has none.
CT_CHECKED ct_err ct_osm__area(ct_geom *out, ct_osm__inside *in, const ct_osm__element *e,
                               bool quiet);
CT_CHECKED ct_err ct_osm__line(ct_geom *out, ct_osm__inside *in, const ct_osm__element *way);
CT_CHECKED ct_err ct_osm__point(ct_geom *out, ct_osm__inside *in, const ct_osm__element *node);
// A point of it: inside of areas, the middle of lines.
void ct_osm__middle(double out[2], const ct_geom *g);
// Adds the rings and parts, for which there is room, to those of `sum`.
void ct_osm__append(ct_geom *sum, const ct_geom *g);
ct_box3 ct_osm__box(const ct_geom *g, double low, double high, double margin);

// ---- rings.c: the outer rings of a multipolygon with their holes.
CT_CHECKED ct_err ct_osm__rings(ct_geom *out, ct_osm__inside *in, const ct_osm__element *relation,
                                bool quiet);
// Coordinates of the nodes in the twin, those that are not in the file left out.
CT_CHECKED ct_err ct_osm__points(double **xy, uint32_t *n, ct_osm__inside *in,
                                 const ct_osm__element *e, const int64_t *nodes, uint32_t n_nodes,
                                 bool quiet);

// ---- the steps, in their order
CT_CHECKED ct_err ct_osm__things(ct_osm__inside *in);    // things.c
CT_CHECKED ct_err ct_osm__buildings(ct_osm__inside *in); // buildings.c
CT_CHECKED ct_err ct_osm__storeys(ct_osm__inside *in);   // storeys.c
CT_CHECKED ct_err ct_osm__spaces(ct_osm__inside *in);    // spaces.c
CT_CHECKED ct_err ct_osm__doors(ct_osm__inside *in);     // doors.c
CT_CHECKED ct_err ct_osm__free_ways(ct_osm__inside *in); // free_ways.c
CT_CHECKED ct_err ct_osm__climbs(ct_osm__inside *in);    // climbs.c
CT_CHECKED ct_err ct_osm__take(ct_osm__inside *in);      // emit.c: fills `taken`
CT_CHECKED ct_err ct_osm__emit(ct_osm__inside *in);

// Counts steps of the work through shapes that lie over each other: CT_LIMIT where it would take
// too long, CT_CANCELLED.
CT_CHECKED ct_err ct_osm__spend(ct_osm__inside *in, double steps);

// ---- small readings
// "way/123", in the arena.
CT_CHECKED ct_err ct_osm__source(const char **out, ct_osm__inside *in, const ct_osm__element *e);
// "space-w123", or "space-w123~2" with a suffix; in the arena.
CT_CHECKED ct_err ct_osm__id(const char **out, ct_osm__inside *in, const char *cls,
                             const ct_osm__element *e, const char *suffix);
double ct_osm__length_m(const ct_osm__element *e, const char *key); // NaN where it is none
uint32_t ct_osm__storey_of(const ct_osm__inside *in, uint32_t building, double level);
// Spaces of the level at a place, by the distance of `reach_m` at most.
CT_CHECKED ct_err ct_osm__spaces_near(ct_rtree_hits *out, ct_osm__inside *in, uint32_t building,
                                      double level, const double at[2], double reach_m);

#endif
