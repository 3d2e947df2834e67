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

// Box around the points; false if there are none or one is not finite.
bool ct_tiles__points_box(ct_bbox *out, const ct_tiles__points *list);
static inline bool ct_tiles__box_inside(const ct_bbox *a, const ct_bbox *b) {
    return a->min_x >= b->min_x && a->max_x <= b->max_x && a->min_y >= b->min_y &&
           a->max_y <= b->max_y;
}
// Puts points on edges (of a ring: also the one from the last point to the first) so that none is
// longer than size_m along an axis. CT_LIMIT where that takes over a million.
CT_CHECKED ct_err ct_tiles__split_edges(ct_tiles__points *list, ct_tiles__points *spare, bool ring,
                                        double size_m);

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
