// Topology of meshes, and the winding of their faces put right.
#ifndef CT_GEO_MESH_REPAIR_H
#define CT_GEO_MESH_REPAIR_H

#include "base/arena.h"
#include "geo/mesh.h"

// A part of the mesh that hangs together by edges of two triangles each, or of more where the
// inside lies between them as they are wound.
typedef struct ct_mesh_shell {
    uint32_t n_triangles;
    uint32_t n_open_edges;    // of one triangle
    uint32_t n_crowded_edges; // of more than two
    long euler;               // points - edges + triangles
    long genus;               // 1 - euler / 2; -1 unless closed and without crowded edges
    bool closed;              // along every edge as many of its triangles run one way as the other
    uint32_t depth;           // in how many other closed shells it lies; odd: a cavity
    double volume_m3;         // signed
} ct_mesh_shell;

typedef struct ct_mesh_topology {
    uint32_t n_edges;
    uint32_t n_open_edges;    // of one triangle
    uint32_t n_crowded_edges; // of more than two: not a manifold there
    uint32_t n_wrong_edges;   // of two triangles that run the same way
    bool watertight;          // each edge used exactly twice, once in either direction (GEM001)
    bool closed;              // all shells are
    uint32_t n_shells;
    ct_mesh_shell *shells; // in the order of their first triangles
    uint32_t n_turned;     // faces that ct_mesh_repair turned round
} ct_mesh_topology;

// Counts; depths are 0. CT_NOMEM.
CT_CHECKED ct_err ct_mesh_topology_of(ct_mesh_topology *out, ct_arena *arena, const ct_mesh *mesh);
// Turns faces in place until neighbours agree: a closed shell then looks outside, one inside
// another closed one (a cavity) into the cavity, and so on inwards. Open shells keep the side of
// most of their area, or get the outside where they bulge clearly. `out` (may be NULL) tells the
// topology after it; a surface with one side only keeps wrong edges. Of many thousand shells the
// last ones may not be looked for cavities. CT_NOMEM; the mesh is then as it was.
CT_CHECKED ct_err ct_mesh_repair(ct_mesh_topology *out, ct_arena *arena, ct_mesh *mesh);

// Area of the triangles that look within `angle_rad` of a direction (unit vector): downwards,
// {0, 0, -1}, what a slab or a ceiling shows.
double ct_mesh_area_facing_m2(const ct_mesh *mesh, const double direction[3], double angle_rad);

#endif
