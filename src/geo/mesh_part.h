// Meshes that touch themselves along edges, taken apart there.
#ifndef CT_GEO_MESH_PART_H
#define CT_GEO_MESH_PART_H

#include "base/arena.h"
#include "geo/mesh.h"

// Where more than two triangles meet along an edge, as many of them in one direction as in the
// other, its points are doubled, so that each copy of the edge has the two triangles between which
// the inside lies. The shape stays what it was. New points come behind the others, in the arena;
// triangles and faces keep their order. An edge stays as it is if the triangles about both its ends
// hang together otherwise too. CT_NOMEM; the mesh is then as it was.
CT_CHECKED ct_err ct_mesh_part_edges(ct_mesh *mesh, ct_arena *arena);

#endif
