// Inside ifc/shape: parts less parts, for openings and for booleans alike.
#ifndef CT_INGEST_IFC_SHAPE_CUT_H
#define CT_INGEST_IFC_SHAPE_CUT_H

#include "geo/mesh_boolean.h"
#include "ingest/ifc/shape/work.h"

// A part with its mesh and box in the frame of the representation.
typedef struct ct_ifc__cutter {
    const ct_ifc__part *part; // borrowed
    const ct_mesh *mesh;
    ct_box3 box;
} ct_ifc__cutter;

CT_CHECKED ct_err ct_ifc__cutter_of(ct_ifc__cutter *out, ct_ifc__work *w, const ct_ifc__part *part);
// Boxes that come as near as points that are welded.
bool ct_ifc__boxes_touch(const ct_ifc__work *w, const ct_box3 *a, const ct_box3 *b);

// Takes the cutters out of the part: its mesh becomes another one, without triangles where nothing
// is left. Cutters that do not touch it are passed over; those that cannot be taken out (open
// meshes, booleans that fail) are counted in *n_failed, *reason, in the arena, then telling why the
// last one could not. CT_LIMIT where the budget ends: the part is as it was. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__cut_part(ct_ifc__part *part, size_t *n_failed, const char **reason,
                                   ct_ifc__work *w, const ct_ifc__cutter *cutters, size_t n);

// Of curved.c: what lies behind a curved surface, within the box and about it, as a closed part.
CT_CHECKED ct_err ct_ifc__behind(ct_ifc__solid *out, ct_ifc__work *w, uint32_t surface,
                                 const ct_box3 *box);

// A boolean within the budget of the product at work. Errors as ct_mesh_boolean.
CT_CHECKED ct_err ct_ifc__boolean(ct_mesh *out, ct_ifc__work *w, ct_boolean operation,
                                  const ct_mesh *const *meshes, uint32_t n);

#endif
