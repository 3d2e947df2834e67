// What the trimming of surfaces and the refining of their triangles share.
#ifndef CT_GEO_SURF_PRIVATE_H
#define CT_GEO_SURF_PRIVATE_H

#include "base/grow.h"
#include "geo/surf.h"

// Corners in the plane of the parameters, each times its scale, so that lengths there are about
// those on the surface. Several corners may be one point in space: at poles, and where the surface
// comes round.
typedef struct ct_geo__drawing {
    const ct_surf *surf;
    const ct_surf_options *options;
    double *at; // 3 a corner: u, v, 0
    uint32_t *point;
    size_t n, at_room, point_room;
    double *xyz; // 3 a point
    size_t n_points, xyz_room;
    uint32_t *triangles; // 3 corners each
    size_t n_triangles, triangles_room;
} ct_geo__drawing;

static inline const double *ct_geo__place(const ct_geo__drawing *d, uint32_t corner) {
    return d->xyz + 3 * (size_t)d->point[corner];
}

// A corner of a point that is there already. CT_NOMEM.
CT_CHECKED ct_err ct_geo__put_corner(ct_geo__drawing *d, double u, double v, uint32_t point);
// A new point: the surface's at (u, v). CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_geo__put_point(uint32_t *point, ct_geo__drawing *d, double u, double v);
// How high the surface stands, there where the parameters are half-way between two of its places
// (`middle`, scaled), over the middle of the straight line between them. 0 where that is near
// enough.
double ct_geo__off_chord(const ct_geo__drawing *d, const double middle[2], const double *a,
                         const double *b);
// Splits inner edges and triangles until they lie near the surface. CT_NOMEM.
CT_CHECKED ct_err ct_geo__refine(ct_geo__drawing *d);

#endif
