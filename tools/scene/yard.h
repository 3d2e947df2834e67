// The open ground of one block: lanes, paths, gates, fence, greens and parking, drawn in the
// block's frame (p from its west edge, q from its south edge, metres).
#ifndef SCENE_YARD_H
#define SCENE_YARD_H

#include "town.h"

enum { SC_YARD_LINES = 256, SC_YARD_GAPS = 12 };

typedef struct sc_gap { // in the fence
    int side;
    sc_point at;
    double half_m;
} sc_gap;

typedef struct sc_yard {
    sc_town *town;
    const sc_block *block;
    sc_frame frame;
    double width, depth; // of the frame
    sc_line paths[SC_YARD_LINES], lanes[SC_YARD_LINES];
    sc_gap gaps[SC_YARD_GAPS];
    int n_paths, n_lanes, n_gaps, n_greens, n_parkings, n_zones, n_gates;
} sc_yard;

// Corner k of the footway around the block, outside its red line: where crossings begin.
sc_point sc_walk_corner(const sc_block *block, int corner);
// Starts with the footways outside the block's four sides.
void sc_yard_open(sc_yard *yard, sc_town *town, const sc_block *block);
void sc_yard_path(sc_yard *yard, double p0, double q0, double p1, double q1, double width_m);
void sc_yard_lane(sc_yard *yard, double p0, double q0, double p1, double q1, double width_m);
// A closed way, `in` metres inside the frame: a lane or a footpath.
void sc_yard_ring(sc_yard *yard, double in_m, bool lane, double width_m);
// From each entrance of the building straight out for `reach` metres.
void sc_yard_doors(sc_yard *yard, const sc_building *building, double reach_m);

typedef struct sc_way_in {
    int side;
    double along;     // p (south, north) or q (east, west) of the way
    double path_from; // the other coordinate where the footpath starts inside
    double lane_from; // the same for the lane; vehicle gates only
    bool vehicle;
    double walk_aside; // offset of the footpath from the lane; vehicle gates only
    bool gates;        // false: the way stands open
} sc_way_in;
void sc_yard_way_in(sc_yard *yard, const sc_way_in *way);

void sc_yard_green(sc_yard *yard, double p0, double q0, double p1, double q1, const char *kind);
// A running track's form: a rectangle with round ends in the west and east.
void sc_yard_oval(sc_yard *yard, double p0, double q0, double p1, double q1, const char *kind);
void sc_yard_parking(sc_yard *yard, double p0, double q0, double p1, double q1, const char *kind,
                     int spaces, double entrance_m);
void sc_yard_zone(sc_yard *yard, double p0, double q0, double p1, double q1, const char *kind,
                  const char *en, const char *zh);
void sc_yard_shelter(sc_yard *yard, double p0, double q0, double p1, double q1, const char *en,
                     const char *zh);

typedef enum sc_fence { SC_FENCE_NONE, SC_FENCE_RAILING, SC_FENCE_WALL } sc_fence;
// Joins the lines into networks and writes them, and the fence.
void sc_yard_close(sc_yard *yard, sc_fence fence);

#endif
