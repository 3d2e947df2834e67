// A twin's buildings as a 3D tileset: a set of files by their paths, each made from the scene when
// it is asked for.
//
//   tileset.json                the quadtree's top
//   branches/Z/X/Y.json         a branch that has a file of its own
//   tiles/Z/X/Y-0.glb, -1.glb   the buildings that a node draws together; 1: their blocks
//   FID/tileset.json            a building with what is inside, storey by storey
//   id:ID/...                   the same by the building's id, for who knows that alone
//   FID/block.glb, FID/shell-0.glb, FID/sFID-spaces-0.glb ...    its contents; -1: simplified
//
// Private to tiles.
#ifndef CT_TILES_THREE_D_CITY_H
#define CT_TILES_THREE_D_CITY_H

#include "base/hash.h"
#include "tiles/three_d/solids.h"
#include "tiles/three_d/tree.h"

typedef struct ct_tiles__city { // immutable
    ct_tiles__scene *scene;
    ct_tiles__tree tree;
} ct_tiles__city;

typedef enum ct_tiles__what {
    CT_TILES__TOP,      // tileset.json
    CT_TILES__BRANCH,   // branches/Z/X/Y.json
    CT_TILES__TOGETHER, // tiles/Z/X/Y-0.glb
    CT_TILES__INSIDE,   // FID/tileset.json
    CT_TILES__OUTLINE,  // FID/block.glb
    CT_TILES__PART      // FID/...-0.glb
} ct_tiles__what;

typedef struct ct_tiles__part3 { // contents of one storey and one kind
    uint32_t storey;             // CT_TILES__NONE: of the building as a whole
    ct_tiles__kind kind;
    bool own;          // with the building's own body or outline
    uint32_t first, n; // things of the scene
    int64_t triangles; // about
    ct_box3 box;       // twin's CRS
    char name[48];     // of its files: "shell", "s12-spaces"
} ct_tiles__part3;

typedef struct ct_tiles__file {
    ct_tiles__what what;
    uint32_t node;        // of TOP, BRANCH, TOGETHER; NONE for the top of an empty twin
    uint32_t building;    // of the others
    ct_tiles__part3 part; // of PART
    ct_tiles__detail detail;
} ct_tiles__file;

CT_CHECKED ct_err ct_tiles__city_make(ct_tiles__city **out, ct_reader *reader,
                                      const ct_store *store);
void ct_tiles__city_free(ct_tiles__city *city); // NULL is fine
// CT_NOTFOUND for a path that the tileset has not.
CT_CHECKED ct_err ct_tiles__city_find(ct_tiles__file *out, const ct_tiles__city *city,
                                      const char *path);
// Appends the file. `reader` holds the version of the scene, or one with no edits of its classes
// since. *triangles (may be NULL): that a content has.
CT_CHECKED ct_err ct_tiles__city_write(ct_buf *out, const ct_tiles__city *city, ct_reader *reader,
                                       const ct_tiles__file *file, bool compress,
                                       size_t *triangles);
// Hash of what the file shows and of where it lies: it changes where features come, go, or move.
CT_CHECKED ct_err ct_tiles__city_fingerprint(ct_hash128 *out, const ct_tiles__city *city,
                                             const ct_tiles__file *file);
bool ct_tiles__city_is_json(const ct_tiles__file *file);

// ---- a building's parts (parts.c) ----
typedef struct ct_tiles__parts3 { // on the way through them, in the order of their files
    const ct_tiles__scene *scene;
    const ct_tiles__building *building;
    uint32_t at; // thing
    bool own;    // the building's own body or outline is still to come
} ct_tiles__parts3;
ct_tiles__parts3 ct_tiles__parts_begin(const ct_tiles__scene *scene, const ct_tiles__building *b);
bool ct_tiles__parts_next(ct_tiles__part3 *out, ct_tiles__parts3 *parts); // false: all were there
// Draws a part; the drawing's frame is the building's.
CT_CHECKED ct_err ct_tiles__draw_part(ct_tiles__drawing *d, const ct_tiles__building *b,
                                      const ct_tiles__part3 *part, ct_tiles__detail detail);
// FID/tileset.json.
CT_CHECKED ct_err ct_tiles__write_inside(ct_buf *out, const ct_tiles__scene *scene,
                                         ct_reader *reader, const ct_tiles__building *b);

#endif
