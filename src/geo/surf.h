// Curved surfaces over two parameters, and pieces of them cut out by loops of points, as triangles.
//
// A surface has a domain: each parameter runs from low to high, or round again after its period. A
// line of the domain that is one point in space is a pole. Lengths in metres, angles in radians.
#ifndef CT_GEO_SURF_H
#define CT_GEO_SURF_H

#include "base/arena.h"
#include "geo/affine.h"
#include "geo/spline.h"

typedef enum ct_surf_kind {
    CT_SURF_CYLINDER,   // u round the z axis, v along it
    CT_SURF_SPHERE,     // u the longitude, v the latitude
    CT_SURF_TORUS,      // u round the z axis, v round the tube
    CT_SURF_EXTRUSION,  // u along a polyline, v along z
    CT_SURF_REVOLUTION, // u round the z axis, v along a polyline
    CT_SURF_SPLINE,
} ct_surf_kind;

typedef struct ct_surf {
    ct_surf_kind kind;
    ct_affine frame, into; // from the surface's own coordinates to space, and back
    double radius, minor;  // of the torus: of the ring, of the tube
    const double *line;    // points of the polyline in the frame; of a revolution radius, height
                           // and angle
    double *along;         // the length of the polyline up to each
    uint32_t n_line;
    ct_spline spline; // in space
    double *samples;  // of the spline: 5 numbers each: u, v, place
    uint32_t n_samples;
    double low[2], high[2]; // infinite where it does not end
    double period[2];       // 0: it does not come round
    bool pole[2][2];        // [parameter][low, high]: that end of the domain is one point
    double scale[2];        // metres a unit of each parameter, about
} ct_surf;

// Each in a frame without scale; CT_GEOM for sizes that make no sense.
CT_CHECKED ct_err ct_surf_cylinder(ct_surf *out, const ct_affine *frame, double radius);
CT_CHECKED ct_err ct_surf_sphere(ct_surf *out, const ct_affine *frame, double radius);
CT_CHECKED ct_err ct_surf_torus(ct_surf *out, const ct_affine *frame, double radius, double minor);
// A polyline of `n` points in space swept along a direction. Closed: its first point comes again.
CT_CHECKED ct_err ct_surf_extrusion(ct_surf *out, ct_arena *arena, const double *xyz, uint32_t n,
                                    const double direction[3]);
// The same turned round the z axis of a frame.
CT_CHECKED ct_err ct_surf_revolution(ct_surf *out, ct_arena *arena, const double *xyz, uint32_t n,
                                     const ct_affine *axis);
CT_CHECKED ct_err ct_surf_spline(ct_surf *out, ct_arena *arena, const ct_spline *spline);

void ct_surf_point(double out[3], const ct_surf *s, const double uv[2]);
// Of length 1, along du x dv; zero where that is.
void ct_surf_normal(double out[3], const ct_surf *s, const double uv[2]);
// The parameters of the surface's point next to p. `near` (may be NULL): where to look first.
void ct_surf_params(double uv[2], const ct_surf *s, const double p[3], const double *near);

typedef struct ct_surf_options {
    double chord_m;  // how far a triangle may lie off the surface
    double turn_rad; // and how far the surface may turn along one of its edges
    double weld_m;   // points so near to each other are one
    uint32_t max_points;
} ct_surf_options;

typedef struct ct_surf_piece {
    double *xyz; // the points of the loops, then new ones
    uint32_t n_points;
    uint32_t *corners; // 3 a triangle
    uint32_t n_triangles;
} ct_surf_piece;

// The piece of the surface within loops of points (3 coordinates each) that lie on it. Where the
// loops alone do not tell on which side of them it lies, it is on their left, seen against du x dv,
// if `forward`, else on their right. The triangles turn counter-clockwise seen against du x dv. No
// point is put on the loops' edges, so that neighbours meet. Loops may go round: two of them bound
// a band, one a cap with a pole. None: the whole domain. CT_GEOM where they bound nothing,
// CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_surf_trim(ct_surf_piece *out, ct_arena *arena, const ct_surf *s,
                               const double *xyz, const uint32_t *loop_end, uint32_t n_loops,
                               bool forward, const ct_surf_options *options);

#endif
