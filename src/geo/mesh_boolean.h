// Booleans of closed meshes: union, intersection, difference.
//
// Points are put on a grid of whole numbers, fine enough that nobody sees it (0.1 nm for things of
// 50 m). From there to the end all decisions are exact: triangles are cut along the lines in which
// they meet, points of cuts are kept as the quotients that they are, and each piece learns by a ray
// how often each mesh winds round either of its sides. So faces that coincide, touch or cross are
// no special cases, and meshes may overlap themselves. What is kept is put together into the faces
// it came from, with the points on the grid again.
#ifndef CT_GEO_MESH_BOOLEAN_H
#define CT_GEO_MESH_BOOLEAN_H

#include "base/arena.h"
#include "geo/mesh.h"

typedef enum ct_boolean {
    CT_BOOLEAN_UNION,        // in any of the meshes
    CT_BOOLEAN_INTERSECTION, // in all of them
    CT_BOOLEAN_DIFFERENCE,   // in the first and in no other
} ct_boolean;

typedef struct ct_boolean_options {
    double flush_m; // faces along the first mesh's main directions that lie at most so far apart
                    // become one plane; 0: no point moves. A face that is bent by more comes back
                    // as its triangles. CT_BOOLEAN_FLUSH_M is usual
    uint64_t max_work;      // steps; 0: CT_BOOLEAN_WORK
    uint64_t *used;         // gets the steps that were taken; NULL
    const uint8_t *cut_tag; // by mesh: the tag of the faces that come of it, not their own; NULL
} ct_boolean_options;

#define CT_BOOLEAN_FLUSH_M 1e-5
#define CT_BOOLEAN_WORK    (UINT64_C(50) * 1000 * 1000) // some seconds at most

typedef struct ct_boolean_source {
    uint32_t mesh, face; // that a face of the result is a part of
} ct_boolean_source;

// The result, in the arena: closed (each edge as often in one direction as in the other, and but
// for the rare ones of ct_mesh_part_edges once), a face for each polygon, in the order of the
// meshes and faces that they came from. `sources` (may be NULL) tells where each came from. Meshes
// must be closed and look outside; what is inside is what they wind round once or more. `out` may
// be one of the meshes. CT_LIMIT: more work than allowed. CT_GEOM: a mesh is not sound, or the
// result could not be closed. CT_ARG, CT_NOMEM. Nothing is touched then.
CT_CHECKED ct_err ct_mesh_boolean(ct_mesh *out, ct_boolean_source **sources, ct_arena *arena,
                                  ct_boolean operation, const ct_mesh *const *meshes,
                                  uint32_t n_meshes, const ct_boolean_options *options);

#endif
