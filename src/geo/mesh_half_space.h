// Half-spaces as what is taken out of meshes: all on one side of a plane, or as much of it as lies
// over a polygon.
#ifndef CT_GEO_MESH_HALF_SPACE_H
#define CT_GEO_MESH_HALF_SPACE_H

#include "geo/mesh_section.h"

typedef struct ct_half_space {
    ct_affine plane;         // it lies above the xy-plane of this frame
    const ct_geom *boundary; // and over this polygon, valid, in x and y of `frame`, without end
                             // either way along z; NULL: no boundary
    ct_affine frame;
} ct_half_space;

typedef enum ct_half_space_way {
    CT_HALF_SPACE_BESIDE, // it does not meet the mesh
    CT_HALF_SPACE_PLANE,  // all that lies above the plane lies over the polygon too: ct_mesh_clip
    CT_HALF_SPACE_MESH,   // a boolean with a mesh
} ct_half_space_way;

// How the half-space meets a mesh. `cutter`, set for CT_HALF_SPACE_MESH only: a closed mesh that
// agrees with the half-space in and about all of `mesh`. What is nearer than `near_m` does not
// count. CT_ARG for singular frames, CT_GEOM, CT_NOMEM.
CT_CHECKED ct_err ct_mesh_half_space(ct_half_space_way *way, ct_mesh *cutter, ct_arena *arena,
                                     const ct_mesh *mesh, const ct_half_space *half, double near_m);

#endif
