// Inside ifc/shape: profiles in the making.
#ifndef CT_INGEST_IFC_SHAPE_PROFILE_H
#define CT_INGEST_IFC_SHAPE_PROFILE_H

#include "ingest/ifc/shape/work.h"

typedef struct ct_ifc__area { // polygons ring by ring; zeroed at first, in the arena
    double *xy;
    uint32_t *ring_end, *part_end;
    uint32_t n_points, n_rings, n_parts;
    size_t point_room, ring_room, part_room;
} ct_ifc__area;

typedef struct ct_ifc__corner { // of a ring: a point, and the radius that it is rounded with
    double x, y, r;
} ct_ifc__corner;

// Adds a ring of `n` points, `stride` numbers each of which the first two count, open. CT_GEOM
// where it has no area.
CT_CHECKED ct_err ct_ifc__add_ring(ct_ifc__area *out, ct_ifc__work *w, const double *xy, uint32_t n,
                                   int stride);
// The same with rounded corners: each arc touches both sides, and is smaller where they are too
// short.
CT_CHECKED ct_err ct_ifc__add_corners(ct_ifc__area *out, ct_ifc__work *w,
                                      const ct_ifc__corner *corners, uint32_t n);
// Ends the polygon of the rings since the last one, the first of them the outside.
CT_CHECKED ct_err ct_ifc__end_area(ct_ifc__area *out, ct_ifc__work *w);

// profile_line.c: a profile that is a line, open or closed: a LineString, or a Polygon whose inside
// does not count. CT_PARSE, CT_GEOM.
bool ct_ifc__profile_is_line(const ct_ifc__work *w, uint32_t profile);
CT_CHECKED ct_err ct_ifc__profile_line(ct_geom *out, ct_ifc__work *w, uint32_t profile);

// profile_plain.c and profile_steel.c: a parametric profile without its Position.
CT_CHECKED ct_err ct_ifc__plain_profile(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile);
CT_CHECKED ct_err ct_ifc__steel_profile(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile);

#endif
