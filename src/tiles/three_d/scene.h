// What a twin's buildings hold in space, as of one version: where each building, storey and thing
// inside lies, without its meshes. Tilesets are cut from it. Private to tiles.
#ifndef CT_TILES_THREE_D_SCENE_H
#define CT_TILES_THREE_D_SCENE_H

#include "geo/ecef.h"
#include "geo/tile.h"
#include "store/store.h"

#define CT_TILES__NONE       UINT32_MAX
#define CT_TILES__PLACE_ZOOM 22 // of buildings' places in the quadtree

typedef enum ct_tiles__kind { // of things in a building
    CT_TILES__SHELL,          // walls, slabs, doors, stairs ...
    CT_TILES__SPACES,         // rooms
    CT_TILES__FURNITURE,      // and equipment
    CT_TILES__UNITS,          // flats and shops as a whole
    CT_TILES__KINDS
} ct_tiles__kind;
const char *ct_tiles__kind_name(ct_tiles__kind kind); // "shell"

typedef struct ct_tiles__thing { // a feature with a shape
    const ct_class *cls;
    int64_t fid;
    uint32_t building, storey; // places in the arrays; storey CT_TILES__NONE where it is in none
    ct_tiles__kind kind;
    bool has_body;     // else its outline is extruded
    int64_t triangles; // about
    ct_box3 box;       // twin's CRS
} ct_tiles__thing;

typedef struct ct_tiles__storey {
    int64_t fid;
    const char *id, *name, *name_zh; // names are "" where it has none
    uint32_t building;
    int64_t level;
    double elevation_m, height_m; // NaN where unknown
    uint32_t was;                 // its place before the sorting, while the scene is read
} ct_tiles__storey;

typedef struct ct_tiles__building {
    int64_t fid;
    const char *id;
    bool has_outline, has_body;
    bool apart;           // has things inside or a large body: a tileset of its own
    int64_t triangles;    // of its own body, or of its block
    double base_m, top_m; // of its block
    ct_box3 box;          // with all that is inside; twin's CRS
    double size_m;        // diagonal of the box
    uint32_t x, y;        // its place: the tile of CT_TILES__PLACE_ZOOM that its middle lies in
    uint32_t first_thing, n_things; // by storey, kind, class, fid; those of no storey last
    uint32_t was;                   // as of a storey
} ct_tiles__building;

typedef struct ct_tiles__scene ct_tiles__scene; // immutable
struct ct_tiles__scene {
    int64_t version;
    char crs[32];
    const ct_class *building_class; // NULL: the catalogue has none
    ct_tiles__building *buildings;  // along the curve of their places (Morton), then by fid
    uint32_t n_buildings;
    ct_tiles__storey *storeys; // by building, elevation, level, fid
    uint32_t n_storeys;
    ct_tiles__thing *things;
    uint32_t n_things;
    uint32_t *by_fid; // buildings, by fid
    ct_arena *arena;
};

// Reads it. Buildings that do not say how high they lie stand on the twin's ground.
CT_CHECKED ct_err ct_tiles__scene_read(ct_tiles__scene **out, ct_reader *reader,
                                       const ct_store *store);
void ct_tiles__scene_free(ct_tiles__scene *scene); // NULL is fine
// CT_TILES__NONE if there is none.
uint32_t ct_tiles__scene_find(const ct_tiles__scene *scene, int64_t building_fid);
// Whether edits of the class change the scene or what is drawn of it.
bool ct_tiles__scene_shows(const ct_class *cls);

#endif
