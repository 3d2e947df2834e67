// A list of faces in the making: triangles over somebody's points, and the mesh that comes of them.
#ifndef CT_GEO_FACES_H
#define CT_GEO_FACES_H

#include "base/arena.h"
#include "geo/mesh.h"

typedef struct ct_geo__faces {
    uint32_t *corners;
    size_t n_corners, corners_room;
    uint32_t *face_end;
    uint8_t *face_tag;
    size_t end_room, tag_room;
    uint32_t n_faces;
} ct_geo__faces; // zeroed at first; _fini frees

void ct_geo__faces_fini(ct_geo__faces *f);
// A triangle of the face at work; one that names a point twice is left out.
CT_CHECKED ct_err ct_geo__faces_triangle(ct_geo__faces *f, uint32_t a, uint32_t b, uint32_t c);
// Ends the face at work; one without triangles is none. CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_geo__faces_end(ct_geo__faces *f, uint8_t tag);
// The mesh, in the arena, with the points that faces use in the order of their first use.
CT_CHECKED ct_err ct_geo__faces_mesh(ct_mesh *out, ct_arena *arena, const ct_geo__faces *f,
                                     const double *xyz, uint32_t n_points);

#endif
