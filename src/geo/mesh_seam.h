// Seams of meshes: edges that lie along one another but end at other points.
#ifndef CT_GEO_MESH_SEAM_H
#define CT_GEO_MESH_SEAM_H

#include "base/arena.h"
#include "geo/mesh.h"

// Where an edge without a partner passes within `near_m` of ends of other such edges, its triangle
// is cut up so that the edge runs through them; a triangle whose own third point is one goes.
// *n_cut: how many edges were. A mesh of very many open edges stays as it is. CT_NOMEM; the mesh is
// then as it was.
CT_CHECKED ct_err ct_mesh_close_seams(ct_mesh *mesh, uint32_t *n_cut, ct_arena *arena,
                                      double near_m);

#endif
