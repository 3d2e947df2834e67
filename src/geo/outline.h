// From directed edges back to polygons: the outlines of flat faces, of sections and of caps.
//
// Edges run with the inside on their left, seen against the normal. An edge and its reverse cancel
// each other out, so that the three edges of each triangle of a face give the face's outline.
#ifndef CT_GEO_OUTLINE_H
#define CT_GEO_OUTLINE_H

#include <stdint.h>

#include "base/arena.h"
#include "geo/mesh.h"

typedef struct ct_outline ct_outline; // room to work in, kept between calls

ct_outline *ct_outline_new(void); // NULL when out of memory
void ct_outline_free(ct_outline *o);

// Polygons over the caller's points, as ct_geom cuts them, but rings are open: the first point does
// not come again.
typedef struct ct_rings {
    uint32_t n_points, n_rings, n_parts;
    uint32_t *points;   // indices
    uint32_t *ring_end; // n_rings: index after the ring's last point
    uint32_t *part_end; // n_parts: index after the polygon's last ring; the first is the outside,
                        // counter-clockwise about the normal, the others holes
    uint32_t n_open;    // edges that close no ring; they are left out
} ct_rings;

void ct_outline_begin(ct_outline *o); // forgets all edges
CT_CHECKED ct_err ct_outline_edge(ct_outline *o, uint32_t from, uint32_t to);
// The polygons; borrowed until the next ct_outline_begin. Rings that touch come apart; a ring that
// runs clockwise and lies in no other becomes a polygon of its own, as it runs. CT_NOMEM.
CT_CHECKED ct_err ct_outline_rings(ct_rings *out, ct_outline *o, const double *xyz,
                                   const double normal[3]);
// The polygons of a mesh's face; in the arena. CT_NOMEM.
CT_CHECKED ct_err ct_mesh_face_rings(ct_rings *out, ct_arena *arena, const ct_mesh *mesh,
                                     uint32_t face);

#endif
