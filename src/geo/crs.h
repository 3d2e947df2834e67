// Coordinate reference systems and transforms by PROJ. Inside the program coordinates are always in
// the order east, north (or longitude, latitude); the authority's order matters at the edge only
// (ct_crs_swapped).
#ifndef CT_GEO_CRS_H
#define CT_GEO_CRS_H

#include <stdbool.h>
#include <stddef.h>

#include "cimtwin/err.h"
#include "geo/geom.h"

#define CT_CRS_CRS84    "OGC:CRS84"
#define CT_CRS_MERCATOR "EPSG:3857"
#define CT_CRS84_URI    "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
#define CT_CRS84H_URI   "http://www.opengis.net/def/crs/OGC/0/CRS84h"

typedef struct ct_crs_info {
    char code[32];  // "EPSG:4547" or "OGC:CRS84"
    char uri[96];   // "http://www.opengis.net/def/crs/EPSG/0/4547"
    char name[128]; // "CGCS2000 / 3-degree Gauss-Kruger CM 114E"
    bool projected; // metres, as against degrees
    bool swapped;   // the authority orders it north, east (latitude, longitude)
    ct_bbox area;   // where it is meant to be used, in degrees; max_x > 180 where that lies across
                    // the antimeridian; the whole world where nothing is known
} ct_crs_info;

// `text`: "EPSG:4547", "OGC:CRS84", their URIs, safe CURIEs "[EPSG:4547]" or "4547". CT_CRS if
// unknown; also for compound and vertical systems. Projected systems must be in metres.
CT_CHECKED ct_err ct_crs_describe(ct_crs_info *out, const char *text);
// What the register of EPSG holds under a number, whether this program can work with it or not.
typedef struct ct_crs_entry {
    bool vertical, compound; // kinds of systems
    bool deprecated;
    double unit_m; // of the horizontal axes of a projected system, or of its projected part; 0
                   // where there are none, or of several units
} ct_crs_entry;
// `number`: digits alone. False where EPSG has no reference system of it.
bool ct_crs_epsg(ct_crs_entry *out, const char *number);
// Well-known text 2 (or "wkt1_gdal") for writers of files. Caller frees with ct_free.
CT_CHECKED ct_err ct_crs_wkt(char **out, const char *code, bool wkt1);

// A transform belongs to one thread at a time. Finding one takes up to 0.2 s; while any thread
// holds one of the pair, more of them cost 0.3 ms each (ct_transform_get keeps them).
typedef struct ct_transform ct_transform;
CT_CHECKED ct_err ct_transform_new(ct_transform **out, const char *from, const char *to);
void ct_transform_free(ct_transform *t);
// This thread's cached transform for the pair; borrowed, lives as long as the thread.
CT_CHECKED ct_err ct_transform_get(ct_transform **out, const char *from, const char *to);
// Frees what this thread caches of PROJ and GEOS now. Threads that end do it by themselves; for the
// main thread's last act.
void ct_geo_thread_end(void);
bool ct_transform_is_identity(const ct_transform *t);

// In place, `n` points with `stride` doubles a point (2 or 3); heights are kept as they are. CT_CRS
// names the first point that has no image; coordinates are then undefined.
CT_CHECKED ct_err ct_transform_points(ct_transform *t, double *xy, size_t n, size_t stride);
CT_CHECKED ct_err ct_transform_geom(ct_transform *t, ct_geom *g);
// The box around the transformed box, edges sampled at 21 points a side. CT_CRS where a sample has
// no image: clip a box from outside (the whole world, say) to the twin's own extent first.
CT_CHECKED ct_err ct_transform_bbox(ct_transform *t, ct_bbox *box);

// Whether a point of the system lies where the system is meant to be used, or not far (3 degrees)
// from there. True where nothing is known.
bool ct_crs_covers(const char *code, double x, double y);
// CT_CRS, naming both places, if the point of the source lies outside the area of `to` (the
// transform's target) and would lie inside with its coordinates exchanged; else CT_OK.
CT_CHECKED ct_err ct_transform_place(ct_transform *t, const char *to, double x, double y);
ct_err ct_crs_exchanged(const char *code, double x, double y); // that CT_CRS

#endif
