// A feature's geometry on a tile's grid of whole units: what is left of it after clipping to the
// tile and its buffer and rounding; valid polygons. Private to tiles.
#ifndef CT_TILES_SHAPE_H
#define CT_TILES_SHAPE_H

#include "geo/geom.h"
#include "tiles/clip.h"
#include "tiles/view.h"

typedef struct ct_tiles__ring { // of a polygon, or a line, or the points
    uint32_t begin, end;        // points
    bool hole;
} ct_tiles__ring;

typedef struct ct_tiles__shape {
    ct_geom_type type; // POINT, LINESTRING or POLYGON
    int32_t (*xy)[2];
    uint32_t n, room; // points; rings are not closed by a repeated point
    ct_tiles__ring *rings;
    uint32_t n_rings, ring_room; // exteriors before their holes
    bool crossed; // a ring was left out whose two sides outweigh each other: it crosses itself
    // working memory, kept from one feature to the next
    ct_tiles__points ring, spare;
    ct_tiles__pieces pieces, cut;
    ct_arena *arena;
    void *edges;
    size_t edge_room;
} ct_tiles__shape;

CT_CHECKED ct_err ct_tiles__shape_init(ct_tiles__shape *shape);
void ct_tiles__shape_fini(ct_tiles__shape *shape);
// shape->n_rings is 0 if nothing is left. Polygons come out valid (OGC 06-103r4, 6.1.11), exterior
// rings clockwise on the screen (positive area by the surveyor's formula, vector tile specification
// 2.1, 4.3.3.3), holes the other way; every point within a tile unit of the source. CT_NOMEM,
// CT_CRS, CT_LIMIT.
CT_CHECKED ct_err ct_tiles__shape_make(ct_tiles__shape *shape, const ct_geom *g,
                                       const ct_tiles__view *view);

// ---- steps, each in a file of its own
// The points first .. end - 1 of the geometry, without heights.
CT_CHECKED ct_err ct_tiles__take_points(ct_tiles__points *out, const ct_geom *g, uint32_t first,
                                        uint32_t end);
// Appends a ring of n points (x, y), rounded; repeated points, points on straight edges and spikes
// go. *kept false if no area is left. `hole` settles its direction.
CT_CHECKED ct_err ct_tiles__shape_add_ring(ct_tiles__shape *shape, bool *kept, const double *xy,
                                           size_t n, bool hole);
// Appends lines or points. Repeated points go, and lines that shrink to a point.
CT_CHECKED ct_err ct_tiles__shape_add_line(ct_tiles__shape *shape, const double *xy, size_t n);
CT_CHECKED ct_err ct_tiles__shape_add_points(ct_tiles__shape *shape, const double *xy, size_t n);
// Whether no two edges meet but at the ends of neighbours, holes lie in their exteriors and
// exteriors outside each other: enough for validity, not necessary.
CT_CHECKED ct_err ct_tiles__shape_simple(bool *simple, ct_tiles__shape *shape);
// Makes the polygon anew from its source by robust overlay with snap rounding.
CT_CHECKED ct_err ct_tiles__shape_repair(ct_tiles__shape *shape, const ct_geom *g,
                                         const ct_tiles__view *view);

static const ct_bbox ct_tiles__frame = {-64, -64, 4096 + 64, 4096 + 64};

#endif
