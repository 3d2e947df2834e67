// What the rooms of the triangulation share: the rings as linked lists, and the triangles.
#ifndef CT_GEO_TRIANGULATE_PRIVATE_H
#define CT_GEO_TRIANGULATE_PRIVATE_H

#include "base/grow.h"
#include "geo/flat.h"
#include "geo/triangulate.h"

#define CT_GEO__NONE UINT32_MAX
#define CT_GEO__THIN 1e-7 // of a polygon's extent: what rounding may turn over

typedef struct ct_geo__node {
    double at[2];
    uint32_t point; // index of the caller's
    uint32_t prev, next;
    uint32_t cell_next; // the next blocker in its cell of the grid
    bool blocks;        // not convex, and still in the ring
} ct_geo__node;

// Ways to go, each where the one before was not sound: straight on; looking for touching points
// first; with places that all but coincide made one and thin corners cut first.
typedef enum ct_geo__care { QUICK, TOUCHING, THIN_FIRST } ct_geo__care;

struct ct_triangulator {
    ct_flat flat;
    const double *xyz;
    ct_geo__node *nodes;
    size_t nodes_room;
    uint32_t n_nodes;
    uint32_t *holes; // leftmost node of each
    size_t holes_room;
    uint32_t n_holes;
    ct_geo__care care;
    double near;     // how far from an edge a point lies in it
    bool directed;   // rings are not turned
    uint32_t *cells; // grid of blockers: first node of each cell
    size_t cells_room;
    uint32_t nx, ny;
    double low[2], scale[2];
    uint32_t *corners;
    size_t corners_room;
    uint32_t n_corners;
    uint32_t *twin; // of the edge from corner i to the next one of its triangle; or NONE
    size_t twin_room;
    uint32_t *table, *stack;
    size_t table_room, stack_room;
};

static inline int ct_geo__turn(const ct_triangulator *t, uint32_t a, uint32_t b, uint32_t c) {
    return ct_orient2d(t->nodes[a].at, t->nodes[b].at, t->nodes[c].at);
}
static inline bool ct_geo__same_place(const ct_geo__node *a, const ct_geo__node *b) {
    return a->at[0] == b->at[0] && a->at[1] == b->at[1];
}

// Splits edges where points lie within them, with a triangle for each.
CT_CHECKED ct_err ct_geo__split_touched(ct_triangulator *t);
// Joins each hole to the ring of node `outer` (there must be room for two more nodes and triangles
// a hole).
void ct_geo__bridge_holes(ct_triangulator *t, uint32_t outer);
// Cuts the ring at `start` into triangles, two fewer than it has nodes, behind those that are
// there.
CT_CHECKED ct_err ct_geo__cut_ears(ct_triangulator *t, uint32_t start);
// Flips edges towards Delaunay's criterion, measured in space.
CT_CHECKED ct_err ct_geo__flip_edges(ct_triangulator *t);
// The same for the two triangles (a, b, c) and (c, d, a) alone.
void ct_geo__flip_quadrilateral(ct_triangulator *t);

#endif
