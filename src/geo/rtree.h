// A static R-tree over boxes in space, packed by sort-tile-recursive (Leutenegger, Lopez, Edgington
// 1997): which of many boxes meet a given one.
#ifndef CT_GEO_RTREE_H
#define CT_GEO_RTREE_H

#include <stdint.h>

#include "base/arena.h"
#include "geo/mesh.h"

typedef struct ct_rtree ct_rtree; // immutable; lives in the arena it was made in

// Boxes with a bound that is not finite, or with min above max, are never found. CT_NOMEM.
CT_CHECKED ct_err ct_rtree_make(ct_rtree **out, ct_arena *arena, const ct_box3 *boxes, uint32_t n);

typedef struct ct_rtree_hits {
    uint32_t *at; // indices of boxes, ascending
    uint32_t n;
} ct_rtree_hits;

// The boxes that meet `box`, those that only touch it too; in the arena. CT_NOMEM.
CT_CHECKED ct_err ct_rtree_find(ct_rtree_hits *out, ct_arena *arena, const ct_rtree *tree,
                                const ct_box3 *box);

#endif
