// Vector geometry: one flat form for all types, read from and written to WKB and GeoJSON, with
// plane measures.
//
// A geometry is a run of points cut into rings (lines, rings of polygons, single points) cut into
// parts (polygons). Coordinates are x (east or longitude), y (north or latitude) and, where has_z,
// z (height in metres), interleaved.
#ifndef CT_GEO_GEOM_H
#define CT_GEO_GEOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "cimtwin/err.h"

typedef enum ct_geom_type { // values of WKB
    CT_GEOM_NONE = 0,       // a feature without geometry
    CT_GEOM_POINT = 1,
    CT_GEOM_LINESTRING = 2,
    CT_GEOM_POLYGON = 3,
    CT_GEOM_MULTIPOINT = 4,
    CT_GEOM_MULTILINESTRING = 5,
    CT_GEOM_MULTIPOLYGON = 6
} ct_geom_type;

typedef struct ct_geom {
    ct_geom_type type;
    bool has_z;
    uint32_t n_points, n_rings, n_parts;
    double *xyz;        // n_points * (has_z ? 3 : 2)
    uint32_t *ring_end; // n_rings: index after the ring's last point; polygon rings are closed
                        // (last = first)
    uint32_t *part_end; // n_parts: index after the part's last ring; a polygon is one part, a
                        // (multi)line or (multi)point has one part with all its lines or points (a
                        // point is a ring of one)
} ct_geom;

typedef struct ct_bbox {
    double min_x, min_y, max_x, max_y;
} ct_bbox;

static inline int ct_geom_stride(const ct_geom *g) {
    return g->has_z ? 3 : 2;
}

const char *ct_geom_type_name(ct_geom_type type);    // "MultiPolygon"; "" for CT_GEOM_NONE
ct_geom_type ct_geom_type_of_name(const char *name); // case-insensitive; CT_GEOM_NONE if unknown
bool ct_geom_bbox(ct_bbox *out, const ct_geom *g);   // false if it has no points
static inline bool ct_bbox_intersects(const ct_bbox *a, const ct_bbox *b) {
    return a->min_x <= b->max_x && a->max_x >= b->min_x && a->min_y <= b->max_y &&
           a->max_y >= b->min_y;
}
// Whether two points in space are one and the same, to the last bit (0 and -0 are one).
static inline bool ct_same_point(const double a[3], const double b[3]) {
    return a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
}
void ct_bbox_add(ct_bbox *box, const ct_bbox *other); // grows `box`
double ct_geom_area_m2(const ct_geom *g);  // plane area of polygons, holes taken out; else 0
double ct_geom_length_m(const ct_geom *g); // plane length of lines, perimeter of polygons
bool ct_geom_centroid(double *x, double *y,
                      const ct_geom *g); // area-, length- or point-weighted by type
bool ct_geom_contains_point(const ct_geom *g, double x,
                            double y); // polygons; a point on the edge may be either
// A point well inside polygons: the centroid where that is inside, else the middle of the longest
// of some runs from edge to edge. False, `out` untouched: there is none.
bool ct_geom_inside_point(double out[2], const ct_geom *g);
double ct_geom_distance_m(const ct_geom *g, double x,
                          double y); // to the nearest edge or point; 0 inside polygons
void ct_geom_orient(
    ct_geom *g); // exteriors counter-clockwise, holes clockwise (RFC 7946), in place
bool ct_geom_intersects_box(const ct_geom *g,
                            const ct_bbox *box); // exact, not only of the bounding boxes

// A point, a line or the one ring of a polygon, of n points that the caller fills. Storage from the
// arena. CT_NOMEM.
CT_CHECKED ct_err ct_geom_single(ct_geom *out, ct_arena *arena, ct_geom_type type, bool has_z,
                                 uint32_t n);
CT_CHECKED ct_err ct_geom_copy(ct_geom *out, ct_arena *arena, const ct_geom *g);
// Well-known binary, either byte order, ISO or EWKB heights. At most `max_points`. Storage from the
// arena. An empty geometry has no points, rings or parts; empty members are dropped. CT_PARSE,
// CT_GEOM (ring open or short), CT_LIMIT, CT_UNSUPPORTED (curves, collections, M), CT_NOMEM.
CT_CHECKED ct_err ct_geom_from_wkb(ct_geom *out, ct_arena *arena, const void *wkb, size_t length,
                                   size_t max_points);
void ct_geom_to_wkb(ct_buf *out,
                    const ct_geom *g); // ISO WKB, little endian; nothing for CT_GEOM_NONE
// A GeoJSON geometry object (or null: CT_GEOM_NONE). Rings must be closed and have 4 points, lines
// 2, numbers finite; heights everywhere or nowhere. An empty coordinates array is an empty
// geometry. Errors as for WKB, naming the place: "coordinates[0][3]: ...".
CT_CHECKED ct_err ct_geom_from_geojson(ct_geom *out, ct_arena *arena, const json_t *object,
                                       size_t max_points);
// `decimals` of x and y (7 for degrees, 3 for metres); heights with 3. CT_GEOM_NONE writes null.
// swap_xy writes y before x, for CRSs whose authority says so.
void ct_geom_write_geojson(ct_jsonw *w, const ct_geom *g, int decimals, bool swap_xy);

#endif
