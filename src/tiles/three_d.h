// 3D Tiles 1.1 (OGC 22-025r4) of a twin: its buildings, storey by storey, and its ground; served
// file by file, or written into a folder.
//
// Contents are binary glTF 2.0 with quantised positions, feature ids (EXT_mesh_features) and a
// table of the features (EXT_structural_metadata: fid, id, class, name, storey), packed by
// EXT_meshopt_compression. Places are of WGS 84; the twin's heights are taken as ellipsoidal ones.
// Geometric errors are measured, never grow from a tile to its children, and are 0 where a tile
// shows all there is. Every box holds its tile's content and its children's boxes.
#ifndef CT_TILES_THREE_D_H
#define CT_TILES_THREE_D_H

#include "tiles/tiles.h"

// A file of the tileset of buildings ("tileset.json" and what it names, and what those name), gzip.
// `etag_only` as for ct_tiles_vector. CT_NOTFOUND for a path that the tileset has not, CT_BUSY,
// CT_NOMEM, errors of the store.
CT_CHECKED ct_err ct_tiles_buildings3d(const ct_tile_data **out, ct_tiles *tiles, const char *path,
                                       bool etag_only);
// The same of the ground, which is a tileset without contents where the twin has none.
CT_CHECKED ct_err ct_tiles_terrain3d(const ct_tile_data **out, ct_tiles *tiles, const char *path);

typedef struct ct_tiles3d_figures { // of an export
    int64_t files, contents;        // all; those with triangles
    int64_t triangles, bytes;       // of contents
} ct_tiles3d_figures;

typedef struct ct_tiles3d_options {
    bool plain;  // contents are not packed
    int threads; // 0: as many as there are cores; the bytes do not depend on it
    bool (*tick)(void *context, int64_t done); // of files; false ends it with CT_CANCELLED; or NULL
    void *context;
} ct_tiles3d_options;

// Writes both tilesets into a folder that is there: buildings/tileset.json, terrain/tileset.json
// and all that they name. All of one version of the twin; on failure part of the files may be
// there. CT_BUSY where the twin is edited faster than readers can be opened, CT_IO, CT_DISKFULL,
// CT_NOMEM, errors of the store.
CT_CHECKED ct_err ct_tiles3d_write(ct_tiles3d_figures *out, ct_store *store, const char *folder,
                                   const ct_tiles3d_options *options);

#endif
