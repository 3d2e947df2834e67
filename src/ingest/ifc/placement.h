// Where products lie in the file's own frame: chains of placements, resolved once each.
#ifndef CT_INGEST_IFC_PLACEMENT_H
#define CT_INGEST_IFC_PLACEMENT_H

#include "geo/affine.h"
#include "ingest/ifc/units.h"

typedef struct ct_ifc__places ct_ifc__places; // one thread at a time

// Borrows the model and the units. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__places_new(ct_ifc__places **out, ct_ifc__model *m,
                                     const ct_ifc__units *units);
void ct_ifc__places_free(ct_ifc__places *places); // NULL is fine

// The frame of an IfcObjectPlacement: from local metres to the file's world, metres, its world
// coordinate system not yet applied. Local ones, those along curves and those at crossings of grid
// axes. A chain that comes back to itself or is longer than 256, and what is not understood, are
// findings and count as the identity from there up.
ct_affine ct_ifc__place(ct_ifc__places *places, uint32_t placement);
ct_affine ct_ifc__place_of(ct_ifc__places *places, uint32_t product); // of its ObjectPlacement

// CT_NOMEM where a place could not be made for lack of memory.
CT_CHECKED ct_err ct_ifc__places_status(const ct_ifc__places *places);

// An IfcAxis2Placement3D, -2D or IfcPlacement with coordinates in metres; the identity where it is
// none.
ct_affine ct_ifc__axes(const ct_ifc__model *m, uint32_t slot, double length_m);
// A point or direction: three numbers, missing ones 0, times `factor`. False if it is none.
bool ct_ifc__triple(double out[3], const ct_ifc__model *m, uint32_t slot, double factor);

#endif
