// Polygons with holes in space, cut into triangles of their own points only.
//
// Ears are cut after the holes were joined to the outside by bridges; edges are then flipped
// towards Delaunay's criterion. All decisions are by exact predicates on the coordinates of the
// plane that sees the polygon best, so that collinear runs, points that come twice, holes that
// touch and slightly bent faces are no special cases. Every edge of every ring is an edge of
// exactly one triangle, also where the rings are not a valid polygon: faces that met still meet.
#ifndef CT_GEO_TRIANGULATE_H
#define CT_GEO_TRIANGULATE_H

#include <stdbool.h>
#include <stdint.h>

#include "cimtwin/err.h"

typedef struct ct_triangulator ct_triangulator; // room to work in, kept between calls

ct_triangulator *ct_triangulator_new(void); // NULL when out of memory
void ct_triangulator_free(ct_triangulator *t);

typedef struct ct_triangles {
    const uint32_t *corners; // 3 * n indices of points; borrowed until the next call
    uint32_t n;
    double area_m2[3]; // area vector of the polygon: along its normal, as long as its area
    bool sound;        // false: the triangles overlap by more than a millionth of the area: the
                       // rings are not a valid polygon
} ct_triangles;

// Rings of indices into `xyz` (3 coordinates a point), open (the first point does not come again);
// the first ring is the outside and gives the normal, about which the triangles turn
// counter-clockwise; the others are holes, in either direction. Rings of fewer than 3 different
// points are left out; an outside without area gives no triangles. Takes time of about n log n for
// usual rings, never more than a fixed multiple of n * n. CT_NOMEM.
CT_CHECKED ct_err ct_triangulate(ct_triangles *out, ct_triangulator *t, const double *xyz,
                                 const uint32_t *points, const uint32_t *ring_end,
                                 uint32_t n_rings);
// The same for holes that run against the outside already: no ring is turned, so that thin ones
// keep their direction too whatever rounding makes of their area.
CT_CHECKED ct_err ct_triangulate_directed(ct_triangles *out, ct_triangulator *t, const double *xyz,
                                          const uint32_t *points, const uint32_t *ring_end,
                                          uint32_t n_rings);

#endif
