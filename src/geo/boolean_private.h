// What the rooms of the boolean share.
//
// Bounds: coordinates are whole numbers of at most 2^38, so normals stay below 2^80, offsets of
// planes below 2^121, points of three planes below 2^286 / 2^245, and no sign needs more than 1,200
// bits.
#ifndef CT_GEO_BOOLEAN_PRIVATE_H
#define CT_GEO_BOOLEAN_PRIVATE_H

#include "base/grow.h"
#include "geo/mesh_boolean.h"
#include "geo/wide.h"

#define NONE UINT32_MAX

enum {
    CT_GEO__FINE = 20, // bits behind the point of ct_geo__spot
    CT_GEO__REACH = 38 // bits of a coordinate
};

// normal . p = offset
typedef struct ct_geo__plane {
    ct_int128 normal[3], offset;
} ct_geo__plane;

// Points: those of the meshes first, then quotients. A number each; equal points have one number.
typedef struct ct_geo__points {
    int64_t *spot;   // 3 a point: rounded down, times 2^FINE
    uint32_t *exact; // where in `pool` the quotient stands; NONE: it is its spot
    size_t spot_room, exact_room;
    uint32_t n, n_given;
    uint64_t *pool;
    size_t n_pool, pool_room;
    uint32_t *table; // by spot, open addressing
    uint32_t table_size;
} ct_geo__points;

typedef struct ct_geo__triangle {
    uint32_t point[3];
    uint32_t mesh, face;
    int axis;  // the coordinate left out to see it in the plane
    bool back; // seen so, it turns clockwise
    bool bent; // its face is not flat
    int64_t low[3], high[3];
} ct_geo__triangle;

// A piece of a triangle, to be: from p to q (equal: only a point), in the plane `plane` too.
typedef struct ct_geo__cut {
    uint32_t triangle, p, q, plane;
} ct_geo__cut;

// Boxes of triangles: a complete binary tree over the triangles in Morton order.
typedef struct ct_geo__tree {
    uint32_t *order;   // triangles
    int64_t *boxes;    // 6 a node: low, high
    uint32_t n_leaves; // a power of two; node i has children 2i + 1 and 2i + 2
} ct_geo__tree;

// Pieces: loops of points, counter-clockwise about the triangle's normal; the first is the outside.
typedef struct ct_geo__cell {
    uint32_t triangle;
    uint32_t first_loop, n_loops;
    uint32_t region; // equal pieces of several triangles are one region
    int8_t turned;   // 1, or -1 if it runs against the region's first piece
    uint32_t next;   // piece of the region; NONE
} ct_geo__cell;

typedef struct ct_geo__region {
    uint32_t first;  // piece
    int8_t kept;     // 1 as its first piece looks, -1 the other way, 0 not
    uint32_t chosen; // the piece that gives mesh and face
} ct_geo__region;

typedef struct ct_geo__kernel {
    ct_boolean operation;
    uint32_t n_meshes;
    const ct_mesh *const *meshes;
    const ct_boolean_options *options;
    uint64_t work, max_work;
    // frame
    ct_affine into, back;    // from the meshes' space to the frame of whole numbers, in metres
    double origin[3], steps; // steps of the grid a metre
    double *given; // 3 a given point: its own coordinates; the first of those that became it
    bool *moved;   // by given point: it stands elsewhere now
    ct_geo__points points;
    ct_geo__triangle *triangles;
    uint32_t n_triangles;
    ct_geo__plane *planes; // of the triangles, then others
    size_t planes_room;
    uint32_t n_planes;
    ct_geo__tree tree;
    ct_geo__cut *cuts;
    size_t n_cuts, cuts_room;
    uint32_t *loop_points;
    size_t n_loop_points, loop_points_room;
    uint32_t *loop_end;
    size_t n_loops, loops_room;
    ct_geo__cell *cells;
    size_t n_cells, cells_room;
    ct_geo__region *regions;
    size_t n_regions, regions_room;
} ct_geo__kernel;

static inline int ct_geo__sign(ct_int128 v) {
    return v > 0 ? 1 : v < 0 ? -1 : 0;
}
static inline int64_t ct_geo__coordinate(const ct_geo__points *p, uint32_t point, int k) {
    return p->spot[3 * (size_t)point + k] >> CT_GEO__FINE;
}
// Of a given point over a plane.
static inline ct_int128 ct_geo__over(const ct_geo__points *p, const ct_geo__plane *plane,
                                     uint32_t point) {
    ct_int128 sum = -plane->offset;
    for (int k = 0; k < 3; k++) sum += plane->normal[k] * ct_geo__coordinate(p, point, k);
    return sum;
}
// How far the points of a face may lie off its plane for it to be one flat face.
static inline double ct_geo__flatness_m(const ct_geo__kernel *k) {
    return k->options->flush_m > 4 / k->steps ? k->options->flush_m : 4 / k->steps;
}
// CT_LIMIT once there was more work than allowed.
static inline ct_err ct_geo__worked(ct_geo__kernel *k, uint64_t steps) {
    k->work += steps;
    if (k->work <= k->max_work) return CT_OK;
    return ct_fail(CT_LIMIT, "the boolean of the meshes takes more than %llu steps",
                   (unsigned long long)k->max_work);
}

// boolean_points.c
CT_CHECKED ct_err ct_geo__point_given(uint32_t *point, ct_geo__points *p, const int64_t at[3]);
// at = x / w, w != 0; the number of the equal point that is there already, or a new one.
CT_CHECKED ct_err ct_geo__point_quotient(uint32_t *point, ct_geo__points *p, const ct_wide x[3],
                                         const ct_wide *w);
// The same without a look for equals; ct_geo__point_drop takes it back.
CT_CHECKED ct_err ct_geo__point_push(uint32_t *point, ct_geo__points *p, const ct_wide x[3],
                                     const ct_wide *w);
void ct_geo__point_drop(ct_geo__points *p);
void ct_geo__point_get(ct_wide x[3], ct_wide *w, const ct_geo__points *p, uint32_t point);
int ct_geo__compare_coordinate(const ct_geo__points *p, uint32_t a, uint32_t b, int k);
int ct_geo__compare_points(const ct_geo__points *p, uint32_t a, uint32_t b); // x, then y, then z
// The turn a, b, c seen along `axis` (coordinates axis + 1, axis + 2).
int ct_geo__orient(const ct_geo__points *p, int axis, uint32_t a, uint32_t b, uint32_t c);
void ct_geo__points_fini(ct_geo__points *p);

// boolean_load.c: frame, grid, given points, triangles, planes.
CT_CHECKED ct_err ct_geo__load(ct_geo__kernel *k);
// boolean_tree.c
CT_CHECKED ct_err ct_geo__tree_init(ct_geo__tree *t, const ct_geo__triangle *triangles, uint32_t n);
void ct_geo__tree_fini(ct_geo__tree *t);
typedef ct_err ct_geo__visit(void *context, uint32_t triangle);
// Triangles whose boxes meet the box; each once.
CT_CHECKED ct_err ct_geo__tree_search(const ct_geo__tree *t, uint32_t n, const int64_t low[3],
                                      const int64_t high[3], ct_geo__visit *visit, void *context);
// boolean_meet.c: where triangles meet, as cuts of both.
CT_CHECKED ct_err ct_geo__meet_all(ct_geo__kernel *k);
// boolean_cells.c: triangles into pieces along their cuts.
CT_CHECKED ct_err ct_geo__make_cells(ct_geo__kernel *k);
// boolean_sides.c: equal pieces joined, and which are kept.
CT_CHECKED ct_err ct_geo__choose_regions(ct_geo__kernel *k);
// boolean_emit.c: the mesh.
CT_CHECKED ct_err ct_geo__emit(ct_mesh *out, ct_boolean_source **sources, ct_arena *arena,
                               ct_geo__kernel *k);

static inline const uint32_t *ct_geo__loop(uint32_t *n, const ct_geo__kernel *k, uint32_t loop) {
    const uint32_t begin = loop ? k->loop_end[loop - 1] : 0;
    *n = k->loop_end[loop] - begin;
    return k->loop_points + begin;
}

#endif
