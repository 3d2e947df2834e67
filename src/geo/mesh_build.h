// Meshes made face by face: points welded, faces cut into triangles.
//
// Points are welded as they come: one within the weld distance of an earlier one is that one and
// takes its place. So the result depends on the order of the calls, and on nothing else.
#ifndef CT_GEO_MESH_BUILD_H
#define CT_GEO_MESH_BUILD_H

#include "base/arena.h"
#include "geo/mesh.h"

#define CT_MESH_WELD_M 1e-5 // the usual distance: 0.01 mm

typedef struct ct_mesh_builder ct_mesh_builder;

typedef struct ct_mesh_counts {
    uint32_t faces;      // that the mesh has
    uint32_t degenerate; // faces left out, as they have no area
    uint32_t crossing;   // faces kept whose rings are not a valid polygon: their triangles overlap
    uint32_t welded;     // points that fell on an earlier one
} ct_mesh_counts;

// Points that lie at most `weld_m` apart are welded (0: only equal ones); at most `max_points` in
// the mesh (0: as many as it can count). NULL when out of memory.
ct_mesh_builder *ct_mesh_builder_new(double weld_m, uint32_t max_points);
void ct_mesh_builder_free(ct_mesh_builder *b);
void ct_mesh_builder_reset(ct_mesh_builder *b); // empty again, memory kept

// The index of the point. CT_GEOM where it is not finite or too far for the weld distance (2^50
// times it), CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_mesh_builder_point(uint32_t *index, ct_mesh_builder *b, const double p[3]);
// A flat face of points that ct_mesh_builder_point gave: rings as ct_triangulate takes them,
// outside first. Counter-clockwise seen from where it looks. Degenerate ones are counted and left
// out. CT_LIMIT, CT_NOMEM; the builder then stands as before.
CT_CHECKED ct_err ct_mesh_builder_face(ct_mesh_builder *b, const uint32_t *points,
                                       const uint32_t *ring_end, uint32_t n_rings, uint8_t tag);
// The same with coordinates, 3 a point; a ring may repeat its first point at its end.
CT_CHECKED ct_err ct_mesh_builder_polygon(ct_mesh_builder *b, const double *xyz,
                                          const uint32_t *ring_end, uint32_t n_rings, uint8_t tag);
// A face of triangles that are known already: 3 * n indices.
CT_CHECKED ct_err ct_mesh_builder_triangles(ct_mesh_builder *b, const uint32_t *corners, uint32_t n,
                                            uint8_t tag);
// The mesh so far, in the arena; points that no face uses are left out. `counts` may be NULL.
CT_CHECKED ct_err ct_mesh_builder_finish(ct_mesh *out, ct_mesh_counts *counts, ct_arena *arena,
                                         const ct_mesh_builder *b);

#endif
