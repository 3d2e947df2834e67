// Inside ifc/shape: areas swept along a way: sections that follow each other, each a profile with a
// frame.
#ifndef CT_INGEST_IFC_SHAPE_SWEEP_H
#define CT_INGEST_IFC_SHAPE_SWEEP_H

#include "ingest/ifc/shape/work.h"

typedef struct ct_ifc__sections {
    const ct_geom *const *profiles; // of each section, or one for all; cut alike: as many points in
    uint32_t n_profiles;            // each ring
    const ct_affine *at;            // of each section: from the profile's plane
    uint32_t n;                     // 2 at least
    bool around;                    // the last one goes on to the first
    bool surface;                   // of lines: it has no ends
} ct_ifc__sections;

// Adds the swept area to the mesh in the making: its sides, and both ends unless it goes around
// or is a surface.
CT_CHECKED ct_err ct_ifc__sweep(ct_ifc__work *w, const ct_ifc__sections *s);
// Puts points into the rings of two profiles, or into two lines, until both are cut alike.
// CT_UNSUPPORTED where they have not as many rings, or one alone is open.
CT_CHECKED ct_err ct_ifc__match(ct_geom *a, ct_geom *b, ct_ifc__work *w);
// Frames along a line, one a point, at corners in the plane that halves the angle. `x` (of any
// length) is where the profile's x looks to at the first point, as far as it is across the line; it
// turns with the line, or, where `fixed`, looks to `x` at each point again.
CT_CHECKED ct_err ct_ifc__frames(ct_affine **out, ct_ifc__work *w, const ct_ifc__line *line,
                                 const double x[3], bool fixed);

// The makers, for item.c.
CT_CHECKED ct_err ct_ifc__extruded(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item);
CT_CHECKED ct_err ct_ifc__extruded_tapered(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item);
CT_CHECKED ct_err ct_ifc__revolved(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item);
CT_CHECKED ct_err ct_ifc__disk(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item);
CT_CHECKED ct_err ct_ifc__directrix_swept(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item);
CT_CHECKED ct_err ct_ifc__sectioned(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item);

#endif
