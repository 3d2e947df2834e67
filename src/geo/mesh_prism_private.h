// Sweeping with a tag chosen for each side.
#ifndef CT_GEO_MESH_PRISM_PRIVATE_H
#define CT_GEO_MESH_PRISM_PRIVATE_H

#include "geo/mesh_prism.h"

// The tag of the side over the profile's edge from a to b.
typedef uint8_t ct_geo__side_tag(const void *context, const double a[2], const double b[2]);

CT_CHECKED ct_err ct_geo__extrude(ct_mesh *out, ct_arena *arena, const ct_prism *prism,
                                  const ct_prism_tags *tags, ct_geo__side_tag *tag_of,
                                  const void *context);

#endif
