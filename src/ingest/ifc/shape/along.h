// Inside ifc: places that are told along curves and at crossings of grid axes.
#ifndef CT_INGEST_IFC_SHAPE_ALONG_H
#define CT_INGEST_IFC_SHAPE_ALONG_H

#include "geo/affine.h"
#include "ingest/ifc/units.h"

typedef struct ct_ifc__along ct_ifc__along; // one thread at a time

// Borrows the model. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__along_new(ct_ifc__along **out, const ct_ifc__model *m,
                                    const ct_ifc__units *units);
void ct_ifc__along_free(ct_ifc__along *along); // NULL is fine

// The frame of an IfcAxis2PlacementLinear in the curve's own: x along the curve and z up, unless it
// tells them. CT_PARSE, CT_GEOM, CT_UNSUPPORTED, CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_ifc__along_frame(ct_affine *out, ct_ifc__along *along, uint32_t axes);
// The frame of an IfcGridPlacement in the grid's own: x along the first axis, or as it tells. The
// same errors.
CT_CHECKED ct_err ct_ifc__crossing_frame(ct_affine *out, ct_ifc__along *along, uint32_t placement);

#endif
