// Meshes cut by planes: sections, and solids clipped by half-spaces.
//
// A plane is the xy-plane of a frame. What lies in it counts as just below it for sections (the cut
// is made just above), and as cut off for clips; so no point is ever both, and what comes of a
// closed mesh is closed.
#ifndef CT_GEO_MESH_SECTION_H
#define CT_GEO_MESH_SECTION_H

#include "base/arena.h"
#include "geo/geom.h"
#include "geo/mesh.h"

// The section of a closed mesh: a MultiPolygon without heights in the frame's x and y (CT_GEOM_NONE
// if it is empty), valid and free of points on straight lines. `n_open`, may be NULL: edges that
// close no ring, left out; 0 for a closed mesh. CT_ARG for a frame that is singular, CT_NOMEM.
CT_CHECKED ct_err ct_mesh_section(ct_geom *out, uint32_t *n_open, ct_arena *arena,
                                  const ct_mesh *mesh, const ct_affine *frame);
// The section at a height, in x and y of the mesh.
CT_CHECKED ct_err ct_mesh_section_at(ct_geom *out, uint32_t *n_open, ct_arena *arena,
                                     const ct_mesh *mesh, double height_m);

// The ground that the mesh covers seen from above, open or closed: a polygon without heights, every
// coordinate a multiple of `step_m`; CT_GEOM_NONE if it stands upright everywhere.
CT_CHECKED ct_err ct_mesh_footprint(ct_geom *out, ct_arena *arena, const ct_mesh *mesh,
                                    double step_m);

typedef struct ct_clip_options {
    ct_affine plane; // what lies above its xy-plane goes
    double on_m;     // points at most so far from the plane lie in it
    uint8_t tag;     // of the new faces that close the cut
} ct_clip_options;

// The part of a closed mesh below a plane, closed again by a new face for each polygon of the cut;
// the other faces keep order and tag. A mesh without triangles if nothing is left. Storage from the
// arena; `out` may be `mesh`. CT_GEOM if the cut is not closed (the mesh was not), CT_ARG,
// CT_NOMEM.
CT_CHECKED ct_err ct_mesh_clip(ct_mesh *out, ct_arena *arena, const ct_mesh *mesh,
                               const ct_clip_options *options);

#endif
