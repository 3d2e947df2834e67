// Which change last touched a tile: for each class a quadtree of change numbers. Private to tiles;
// not thread-safe.
#ifndef CT_TILES_STAMPS_H
#define CT_TILES_STAMPS_H

#include "geo/tile.h"

#define CT_TILES__STAMP_ZOOM 18 // deepest level kept; deeper tiles share their ancestor's stamp

typedef struct ct_tiles__node {
    uint64_t key;    // tile, packed; 0 = free
    int64_t touched; // last change that the tile, with its buffer, shows; 0 = none
    int64_t below;   // last change that counts for all tiles inside it; 0 = none
} ct_tiles__node;

typedef struct ct_tiles__stamps {
    int64_t base; // counts for all tiles
    ct_tiles__node *nodes;
    size_t n, room; // room is a power of two
} ct_tiles__stamps;

void ct_tiles__stamps_init(ct_tiles__stamps *stamps, int64_t base);
void ct_tiles__stamps_fini(ct_tiles__stamps *stamps);
// All tiles count as changed.
void ct_tiles__stamps_all(ct_tiles__stamps *stamps, int64_t version);
// The tiles whose box with buffer meets the Mercator box. Where memory fails or the tree gets too
// large, all tiles count as changed: too much is redrawn, never too little.
void ct_tiles__stamps_touch(ct_tiles__stamps *stamps, const ct_bbox *mercator, int64_t version);
int64_t ct_tiles__stamps_get(const ct_tiles__stamps *stamps, ct_tile tile);

#endif
