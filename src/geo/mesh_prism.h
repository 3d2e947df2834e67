// Prisms: polygons with holes swept along a line, and openings cut into them in the plane.
#ifndef CT_GEO_MESH_PRISM_H
#define CT_GEO_MESH_PRISM_H

#include "base/arena.h"
#include "geo/geom.h"
#include "geo/mesh.h"

typedef struct ct_prism {
    const ct_geom *profile; // Polygon or MultiPolygon in x and y of the place; valid
    ct_affine place;        // where the profile lies
    double along[3];        // from the profile to the other end, in the place's coordinates
} ct_prism;

typedef struct ct_prism_tags {
    uint8_t begin, end; // the profile itself, and the other end
    uint8_t side;       // where the profile's edges were swept
    uint8_t cut;        // the sides of openings
} ct_prism_tags;

// The closed mesh: a face for each polygon at both ends and for each edge. CT_GEOM if the profile
// has no area or moves within its own plane, CT_NOMEM.
CT_CHECKED ct_err ct_mesh_extrude(ct_mesh *out, ct_arena *arena, const ct_prism *prism,
                                  const ct_prism_tags *tags);

typedef struct ct_prism_cut {
    double step_m; // grid of the polygon difference; 0.01 mm is usual
    double near_m; // an opening that ends so near before or behind a face goes through it
    ct_prism_tags tags;
} ct_prism_cut;

// The prism less openings that run through it from end to end; a box may be crossed in any one of
// its three directions. Faces that coincide are no trouble, as the work is done in the plane.
// *done false, and nothing else, if this is not so: an opening that stops inside, runs askew, or
// openings in more than one direction (ct_mesh_boolean then). A mesh without triangles if nothing
// is left. CT_GEOM, CT_ARG, CT_NOMEM.
CT_CHECKED ct_err ct_mesh_extrude_cut(ct_mesh *out, bool *done, ct_arena *arena,
                                      const ct_prism *prism, const ct_prism *openings,
                                      size_t n_openings, const ct_prism_cut *options);

#endif
