// Surfaces in space: triangles over shared points, grouped into the flat faces that they were cut
// from.
//
// Points are shared: two triangles meet where they name the same points. A mesh is closed when each
// edge is named once in either direction; its triangles then run counter-clockwise seen from
// outside. Measures need no particular origin, but are the more exact the nearer it is.
#ifndef CT_GEO_MESH_H
#define CT_GEO_MESH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "cimtwin/err.h"
#include "geo/affine.h"

typedef struct ct_mesh {
    uint32_t n_points, n_triangles, n_faces;
    double *xyz;         // n_points * 3, metres
    uint32_t *triangles; // n_triangles * 3: indices of points
    uint32_t *face_end;  // n_faces: index after the face's last triangle; a face is one flat
                         // polygon, its holes cut out
    uint8_t *face_tag;   // n_faces, of the owner's meaning; NULL = all 0
} ct_mesh;

typedef struct ct_box3 {
    double min[3], max[3];
} ct_box3;

bool ct_mesh_box(ct_box3 *out, const ct_mesh *mesh); // false if it has no points
double ct_mesh_area_m2(const ct_mesh *mesh);
// Signed volume inside (divergence theorem, about the middle of the box); of meaning where the mesh
// is closed.
double ct_mesh_volume_m3(const ct_mesh *mesh);
// Applies a map; a mirroring one turns the triangles, so that they still look outside.
void ct_mesh_transform(ct_mesh *mesh, const ct_affine *a);
CT_CHECKED ct_err ct_mesh_copy(ct_mesh *out, ct_arena *arena, const ct_mesh *mesh);
// Indices within their arrays, faces in order and together all triangles, coordinates finite.
// CT_GEOM naming the first fault.
CT_CHECKED ct_err ct_mesh_check(const ct_mesh *mesh);

#endif
