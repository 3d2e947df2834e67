// Geometries to GEOS and back.
#ifndef CT_GEO_GEOS_PRIVATE_H
#define CT_GEO_GEOS_PRIVATE_H

#include "geo/geom_private.h"
#include "geo/thread.h"

// Caller destroys. CT_NOMEM, or CT_GEOM if GEOS refuses, its message then being with the context's
// handler.
CT_CHECKED ct_err ct_geo__to_geos(GEOSGeometry **out, GEOSContextHandle_t geos, const ct_geom *g);
// Whether it is a polygon of one ring that is valid beyond doubt (simple_ring.c); others may be so
// too.
bool ct_geo__is_simple_ring(const ct_geom *g);
// The members of `in` that have the dimension of type `like`, as that type: a single type becomes
// multi where there are several; CT_GEOM_NONE where there is none. With heights, GEOS has given its
// new points interpolated ones.
CT_CHECKED ct_err ct_geo__from_geos(ct_geom *out, ct_arena *arena, GEOSContextHandle_t geos,
                                    const GEOSGeometry *in, ct_geom_type like, bool has_z);

#endif
