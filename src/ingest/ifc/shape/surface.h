// Inside ifc/shape: surfaces of the file as surfaces of geo.
#ifndef CT_INGEST_IFC_SHAPE_SURFACE_H
#define CT_INGEST_IFC_SHAPE_SURFACE_H

#include "geo/surf.h"
#include "ingest/ifc/shape/work.h"

// A curved surface: cylindrical, spherical, toroidal, swept or a spline. Planes and surfaces that
// are bounded otherwise are CT_UNSUPPORTED here. CT_PARSE, CT_GEOM, CT_NOMEM.
CT_CHECKED ct_err ct_ifc__surf(ct_surf *out, ct_ifc__work *w, uint32_t surface);
// Its domain narrowed to what parameters of the file tell, which are in the file's units. CT_GEOM
// where nothing is left.
CT_CHECKED ct_err ct_ifc__surf_trim(ct_surf *s, const ct_ifc__work *w, const double low[2],
                                    const double high[2]);

#endif
