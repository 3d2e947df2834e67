// Where on the earth the file's frame lies: one affine map to the twin's CRS and heights.
#ifndef CT_INGEST_IFC_GEOREF_H
#define CT_INGEST_IFC_GEOREF_H

#include "ingest/ifc/placement.h"

// In the order in which they are looked for.
typedef enum ct_ifc__georef_kind {
    CT_IFC__GEOREF_NONE,
    CT_IFC__GEOREF_ANCHOR,         // the user's word
    CT_IFC__GEOREF_MAP_CONVERSION, // IfcMapConversion with its CRS (IFC4 and later)
    CT_IFC__GEOREF_RIGID,          // IfcRigidOperation (4.3)
    CT_IFC__GEOREF_PROPERTY_SET,   // ePSet_MapConversion, ePSet_ProjectedCRS (IFC2x3)
    CT_IFC__GEOREF_SITE,           // latitude and longitude of the site, true north
    CT_IFC__GEOREF_MAP_NUMBERS,    // placements have numbers of the twin's map
} ct_ifc__georef_kind;

typedef struct ct_ifc__anchor { // where the file's origin lies in the twin
    bool given;
    double east_m, north_m, height_m;
    double rotation_rad; // from east to the file's x axis, counter-clockwise
} ct_ifc__anchor;

typedef struct ct_ifc__georef {
    ct_ifc__georef_kind kind;
    ct_affine to_twin; // of points of the file in metres, its world coordinate system included
    double height_m;   // of the file's z = 0
} ct_ifc__georef;

// Finds the place and tells with a finding which way it took. A file without any, or with one that
// cannot be used: an error "no-place", kind NONE, the identity, and CT_OK. `source_crs` (may be
// NULL) stands in for a CRS that the file names in words, or that its numbers are in. CT_CRS where
// the twin cannot be reached from there, or where it would have to stand in and is not projected.
// CT_NOMEM.
CT_CHECKED ct_err ct_ifc__georef_read(ct_ifc__georef *out, ct_ifc__model *m,
                                      const ct_ifc__units *units, ct_ifc__places *places,
                                      const char *twin_crs, const char *source_crs,
                                      const ct_ifc__anchor *anchor, ct_arena *arena);
const char *ct_ifc__georef_name(ct_ifc__georef_kind kind); // for findings and the report

#endif
