// How far two surfaces lie apart. Private to tiles.
#ifndef CT_TILES_THREE_D_DISTANCE_H
#define CT_TILES_THREE_D_DISTANCE_H

#include <stddef.h>

#include "geo/mesh.h"

// The largest distance of a corner of the parts from the surface of `other`, or of a corner of
// `other` from the parts. Of very many corners only some, evenly chosen, are looked at.
double ct_tiles__mesh_distance_m(const ct_mesh *parts, size_t n_parts, const ct_mesh *other);

#endif
