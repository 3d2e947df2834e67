// Solids to measure with, and the peer.
#ifndef TOOLS_BENCH_MESH_H
#define TOOLS_BENCH_MESH_H

#include "geo/mesh.h"
#include "geo/mesh_build.h"

CT_CHECKED ct_err make_box(ct_mesh *out, ct_arena *arena, const double low[3],
                           const double high[3]);
// A sphere of 2 * n * (n / 2 - 1) triangles, added to a builder face by face.
CT_CHECKED ct_err add_sphere(ct_mesh_builder *b, const double middle[3], double radius_m,
                             uint32_t n);

// Seconds of one box less another by SFCGAL; NAN where Debian's libsfcgal1 is missing.
double peer_difference_s(void);
double now_s(void);

#endif
