// Memory for meshoptimizer, which cannot say that there is none: it is taken before a call, as much
// as the call can need, so that its lack is an error of ours.
#ifndef CT_TILES_THREE_D_MESH_ROOM_H
#define CT_TILES_THREE_D_MESH_ROOM_H

#include <stddef.h>

#include "cimtwin/err.h"

// Bytes that merging, ordering and fetching of `corners` corners need, one call after the other.
size_t ct_tiles__mesh_room_pack(size_t corners);
// Bytes that simplifying a mesh needs.
size_t ct_tiles__mesh_room_simplify(size_t points, size_t indices);

// From here to the close all that meshoptimizer allocates on this thread comes from these bytes.
// One at a time on a thread. CT_NOMEM: nothing is open.
CT_CHECKED ct_err ct_tiles__mesh_room_open(size_t bytes);
void ct_tiles__mesh_room_close(void);

// Blocks of all threads so far that did not fit, or were asked for while none was open: they came
// from the heap, and the program ended if there was nothing left. Tests hold it at 0.
long ct_tiles__mesh_room_missed(void);

#endif
