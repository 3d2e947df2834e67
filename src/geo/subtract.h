// Openings taken out of a polygon: what walls need, without GEOS where the case is simple.
#ifndef CT_GEO_SUBTRACT_H
#define CT_GEO_SUBTRACT_H

#include "geo/geom.h"

// What is left of g where the polygons of `cut` (which may overlap) are taken away; both without
// heights and valid. Rectangles out of a rectangle, all along the axes, by their coordinates alone,
// each a multiple of `step` then; openings that touch nothing become holes as they are; the rest is
// ct_geos_subtract's. CT_GEOM_NONE if nothing is left. CT_GEOM, CT_ARG, CT_NOMEM.
CT_CHECKED ct_err ct_geo__subtract(ct_geom *out, ct_arena *arena, const ct_geom *g,
                                   const ct_geom *cut, double step);

// Whether the box lies in g, a polygon, and no edge of g comes into it.
bool ct_geo__covers_box(const ct_geom *g, const ct_bbox *box);

#endif
