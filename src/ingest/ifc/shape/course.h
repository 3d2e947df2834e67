// Inside ifc/shape: curves that things are measured along: directrices of sections, alignments.
#ifndef CT_INGEST_IFC_SHAPE_COURSE_H
#define CT_INGEST_IFC_SHAPE_COURSE_H

#include "ingest/ifc/shape/work.h"

typedef struct ct_ifc__course {
    ct_ifc__line line;
    double *along; // of each point, m: in plan for alignments with heights, else in space
} ct_ifc__course;

typedef struct ct_ifc__station { // m; to the left, up
    double distance, lateral, vertical;
} ct_ifc__station;

// In the arena. CT_GEOM where nothing can be measured along it; errors of curves.
CT_CHECKED ct_err ct_ifc__course_read(ct_ifc__course *out, ct_ifc__work *w, uint32_t curve);
// Of an IfcPointByDistanceExpression, or of an IfcAxis2PlacementLinear's. CT_PARSE.
CT_CHECKED ct_err ct_ifc__station_read(ct_ifc__station *out, const ct_ifc__work *w, uint32_t slot);
// Which piece of the line a distance lies in, and which part of it is behind; beyond the ends less
// than 0 or more than 1.
uint32_t ct_ifc__course_piece(double *part, const ct_ifc__course *c, double distance);
// Where a station is, and the way there, of length 1.
void ct_ifc__course_point(double out[3], double way[3], const ct_ifc__course *c,
                          const ct_ifc__station *s);

// The line moved by what stations along it tell, straight between them (IfcOffsetCurveByDistances).
CT_CHECKED ct_err ct_ifc__course_offset(double **xyz, uint32_t *n, ct_ifc__work *w,
                                        const ct_ifc__course *c, const ct_ifc__station *stations,
                                        size_t n_stations);

#endif
