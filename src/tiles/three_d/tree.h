// The quadtree over a scene's buildings, in the tiles of WebMercatorQuad: large buildings lie in
// the node whose tile they fill well, the others at its ends. Private to tiles.
#ifndef CT_TILES_THREE_D_TREE_H
#define CT_TILES_THREE_D_TREE_H

#include "tiles/three_d/scene.h"

typedef struct ct_tiles__node3 {
    ct_tile tile;
    uint32_t first, last;    // of the tree's list: all buildings of the node and below
    uint32_t n_own, n_apart; // its own come first: those drawn together, those with a tileset
    uint32_t child[4], n_children;
    uint32_t depth;
    uint32_t weight;  // tiles that tell of it and what is below
    double size_m;    // the largest building's, of it and below
    bool has_bodies;  // some of those drawn together
    ct_enu frame;     // of its box
    ct_box3 box;      // around all that is drawn of it and below, in the frame
    ct_box3 own_twin; // around those drawn together, twin's CRS
} ct_tiles__node3;

typedef struct ct_tiles__tree {
    uint32_t *list; // buildings
    ct_tiles__node3 *nodes;
    uint32_t n_nodes; // 0: the scene has no buildings; node 0 is the root
    size_t room;
} ct_tiles__tree;

CT_CHECKED ct_err ct_tiles__tree_make(ct_tiles__tree *out, const ct_tiles__scene *scene);
void ct_tiles__tree_free(ct_tiles__tree *tree); // what it holds, not the struct
// The node of this tile; CT_TILES__NONE if there is none.
uint32_t ct_tiles__tree_find(const ct_tiles__tree *tree, ct_tile tile);
// Whether a node that is no file's root is told by a file of its own.
bool ct_tiles__tree_splits(const ct_tiles__node3 *node);
// Grows `box` of `frame` by a box of another frame.
void ct_tiles__widen(ct_box3 *box, const ct_enu *frame, const ct_box3 *other,
                     const ct_enu *other_frame);

#endif
