// Plane geometry for laying out blocks: points, frames, polygons, and noding of lines. Local
// metres.
#ifndef SCENE_SHAPE_H
#define SCENE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "cimtwin/err.h"

typedef struct sc_point {
    double x, y;
} sc_point;

enum { SC_MAX_CORNERS = 64 };

typedef struct sc_ring { // an open list of corners, counter-clockwise
    int n;
    sc_point at[SC_MAX_CORNERS];
} sc_ring;

typedef struct sc_frame { // an upright rectangle turned slightly: p along its south side, q up
    sc_point origin;      // its south-west corner
    double cosine, sine;
    double width, depth;
} sc_frame;

sc_point sc_at(const sc_frame *frame, double p, double q);            // frame to local
void sc_in(double *p, double *q, const sc_frame *frame, sc_point at); // local to frame

double sc_distance(sc_point a, sc_point b);
double sc_ring_area(const sc_ring *ring);
sc_point sc_ring_centre(const sc_ring *ring); // of its bounding box
bool sc_ring_has(const sc_ring *ring, sc_point at);
double sc_segment_distance(sc_point a, sc_point b, sc_point at);
// Where the lines through a-b and c-d meet; false if they are parallel.
bool sc_lines_meet(sc_point *out, sc_point a, sc_point b, sc_point c, sc_point d);
// Moves each side of a convex counter-clockwise quadrilateral inwards by distance[k] (side k:
// corner k to k + 1).
void sc_quad_inset(sc_point *out, const sc_point *quad, const double *distance); // four of each
// The part of a convex ring where nx * x + ny * y <= limit; n = 0 if nothing is left.
void sc_ring_cut(sc_ring *ring, double nx, double ny, double limit);
// The largest upright rectangle of the quad's mean direction that fits inside a nearly rectangular
// quad (corners south-west, south-east, north-east, north-west).
sc_frame sc_frame_inside(const sc_point *quad);

// Lines that meet get a vertex there: a network whose joints are shared vertices.
typedef struct sc_line {
    sc_point a, b;
    const char *kind; // borrowed; carried along
    double width_m;
} sc_line;
// Calls emit once a line, with its vertices in order from a to b; joints closer than 1 cm are one.
CT_CHECKED ct_err sc_node_lines(const sc_line *lines, size_t n,
                                ct_err (*emit)(void *context, const sc_line *line,
                                               const sc_point *at, int count),
                                void *context);

#endif
