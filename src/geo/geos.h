// Robust plane geometry by GEOS (reentrant interface; one context a thread, made on first use).
#ifndef CT_GEO_GEOS_H
#define CT_GEO_GEOS_H

#include "geo/geom.h"

// CT_OK if valid; CT_GEOM with GEOS's reason and place otherwise ("Self-intersection
// at 12.5 80.25").
CT_CHECKED ct_err ct_geos_check(const ct_geom *g);
// A valid geometry of the same dimension that covers the same ground; may become multi. CT_GEOM if
// nothing is left.
CT_CHECKED ct_err ct_geos_make_valid(ct_geom *out, ct_arena *arena, const ct_geom *g);
// Valid result with every coordinate a multiple of `step`; empty parts dropped (CT_GEOM_NONE if
// nothing is left).
CT_CHECKED ct_err ct_geos_snap(ct_geom *out, ct_arena *arena, const ct_geom *g, double step);
// The part of g inside the box; CT_GEOM_NONE if empty.
CT_CHECKED ct_err ct_geos_clip(ct_geom *out, ct_arena *arena, const ct_geom *g, const ct_bbox *box);
// Buffer (m) with 8 segments a quarter; negative distances shrink.
CT_CHECKED ct_err ct_geos_buffer(ct_geom *out, ct_arena *arena, const ct_geom *g,
                                 double distance_m);
// What is left of g where the polygons of `cut` (of a MultiPolygon, they may overlap) are taken
// away, by OverlayNG on a grid: every coordinate of the result is a multiple of `step`; g and the
// members of `cut` must be valid. CT_GEOM_NONE if nothing is left.
CT_CHECKED ct_err ct_geos_subtract(ct_geom *out, ct_arena *arena, const ct_geom *g,
                                   const ct_geom *cut, double step);
// The ground that the polygons of `g` cover together, which may overlap or cross themselves; points
// are moved to multiples of `step`, so that edges that nearly meet do. Without heights;
// CT_GEOM_NONE if nothing is left.
CT_CHECKED ct_err ct_geos_union(ct_geom *out, ct_arena *arena, const ct_geom *g, double step);

#endif
