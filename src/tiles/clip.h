// Clipping of rings and lines to boxes. Private to tiles.
#ifndef CT_TILES_CLIP_H
#define CT_TILES_CLIP_H

#include "geo/geom.h"

typedef struct ct_tiles__points { // a growing list of (x, y)
    double *xy;
    size_t n, room; // points
} ct_tiles__points;

void ct_tiles__points_fini(ct_tiles__points *list);
CT_CHECKED ct_err ct_tiles__points_reserve(ct_tiles__points *list, size_t room);

bool ct_tiles__all_inside(const ct_tiles__points *list, const ct_bbox *box);

// A ring (its first point not repeated at the end) to a box, by Sutherland and Hodgman's algorithm
// (1974, Communications of the ACM 17(1):32-42). What it covers inside the box stays the same;
// pieces of a ring that fall apart hang together along the box's sides. `spare` is for its use.
CT_CHECKED ct_err ct_tiles__clip_ring(ct_tiles__points *ring, ct_tiles__points *spare,
                                      const ct_bbox *box);

typedef struct ct_tiles__pieces { // lines, one after the other
    ct_tiles__points points;
    size_t *end; // index after each piece's last point
    size_t n, room;
} ct_tiles__pieces;

void ct_tiles__pieces_fini(ct_tiles__pieces *pieces);
// Appends the parts of a line that lie in the box, by Liang and Barsky's parameters (1984, ACM
// Transactions on Graphics 3(1):1-22).
CT_CHECKED ct_err ct_tiles__clip_line(ct_tiles__pieces *out, const double *xy, size_t n,
                                      const ct_bbox *box);

#endif
