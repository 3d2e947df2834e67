// Meshes as bytes: how they lie in the twin's file.
#ifndef CT_STORE_SQLITE_MESH_BLOB_H
#define CT_STORE_SQLITE_MESH_BLOB_H

#include "base/buf.h"
#include "geo/mesh.h"

#define CT_STORE__MESH_PER_M 100000.0 // steps of the grid that coordinates lie on

// Appends the plain form. Coordinates are rounded to the grid, so that what was read back and is
// written again gives the same bytes. CT_RANGE (beyond 90,000 km), CT_GEOM.
CT_CHECKED ct_err ct_store__mesh_pack(ct_buf *out, const ct_mesh *mesh);
// Reads the plain form, all of it; storage from the arena. CT_CORRUPT, CT_NOMEM.
CT_CHECKED ct_err ct_store__mesh_unpack(ct_mesh *out, ct_arena *arena, const void *bytes,
                                        size_t length);

#endif
