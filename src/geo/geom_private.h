// What the files of geo share about geometries and nobody else sees.
#ifndef CT_GEO_GEOM_PRIVATE_H
#define CT_GEO_GEOM_PRIVATE_H

#include "geo/geom.h"

// Storage for the counts in one block of the arena; ring_end and part_end are not set. CT_NOMEM.
CT_CHECKED ct_err ct_geo__alloc(ct_geom *out, ct_arena *arena, ct_geom_type type, bool has_z,
                                size_t n_points, size_t n_rings, size_t n_parts);

// Signed area of a closed ring: positive counter-clockwise.
double ct_geo__ring_area_m2(const ct_geom *g, uint32_t ring);

static inline bool ct_geo__is_multi(ct_geom_type type) {
    return type == CT_GEOM_MULTIPOINT || type == CT_GEOM_MULTILINESTRING ||
           type == CT_GEOM_MULTIPOLYGON;
}
static inline bool ct_geo__is_polygonal(ct_geom_type type) {
    return type == CT_GEOM_POLYGON || type == CT_GEOM_MULTIPOLYGON;
}
static inline bool ct_geo__is_linear(ct_geom_type type) {
    return type == CT_GEOM_LINESTRING || type == CT_GEOM_MULTILINESTRING;
}
static inline bool ct_geo__is_puntal(ct_geom_type type) {
    return type == CT_GEOM_POINT || type == CT_GEOM_MULTIPOINT;
}
// MultiPolygon -> Polygon and so on; the single types stay.
static inline ct_geom_type ct_geo__single_of(ct_geom_type type) {
    return ct_geo__is_multi(type) ? (ct_geom_type)(type - 3) : type;
}

static inline uint32_t ct_geo__ring_begin(const ct_geom *g, uint32_t ring) {
    return ring ? g->ring_end[ring - 1] : 0;
}
static inline uint32_t ct_geo__part_begin(const ct_geom *g, uint32_t part) {
    return part ? g->part_end[part - 1] : 0;
}
static inline const double *ct_geo__point(const ct_geom *g, uint32_t i) {
    return g->xyz + (size_t)i * (size_t)ct_geom_stride(g);
}

// Whether an edge crosses the horizontal line through y, under the half-open rule that makes two
// polygons with a common edge share every point out exactly once.
static inline bool ct_geo__edge_spans(const double *a, const double *b, double y) {
    return (a[1] > y) != (b[1] > y);
}
// Where it crosses; the same number whichever end comes first. Only where ct_geo__edge_spans.
static inline double ct_geo__edge_x(const double *a, const double *b, double y) {
    if (a[1] > b[1]) {
        const double *swap = a;
        a = b;
        b = swap;
    }
    return a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
}

#endif
