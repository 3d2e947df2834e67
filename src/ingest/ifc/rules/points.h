// Inside rules: loops and curves as lists of points, and what a loop may not do.
#ifndef CT_INGEST_IFC_RULES_POINTS_H
#define CT_INGEST_IFC_RULES_POINTS_H

#include "geo/geom.h"
#include "ingest/ifc/rules/check.h"

typedef struct ct_ifc__points { // in project units; in the check's scratch arena
    double (*at)[3];
    uint32_t *slots; // of the IfcCartesianPoint; NULL where they come from a list of numbers
    size_t n;
} ct_ifc__points;

// Of one rule; a file in which loops share their points may ask for more: what is beyond has no
// points.
enum { CT_IFC__MAX_POINTS = 50000000 };

// The points that a list attribute of an IfcPolyLoop ("Polygon") or IfcPolyline ("Points") names.
// n 0 where one of them is none. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__points_of(ct_ifc__points *out, ct_ifc__check *c, uint32_t slot,
                                    const char *attribute);
// All points of an IfcCartesianPointList.
CT_CHECKED ct_err ct_ifc__point_list(ct_ifc__points *out, ct_ifc__check *c, uint32_t slot);
// Of a list the points with the numbers (from 1) of `indices`; n 0 where one is beyond the list.
CT_CHECKED ct_err ct_ifc__points_picked(ct_ifc__points *out, ct_ifc__check *c,
                                        const ct_ifc__points *list, const ct_step__value *indices);
// A curve as chords that lie within `chord` of it: IfcPolyline, IfcIndexedPolyCurve, and
// IfcCompositeCurve of these. n 0 for others.
CT_CHECKED ct_err ct_ifc__flatten(ct_ifc__points *out, ct_ifc__check *c, uint32_t curve,
                                  double chord);

double ct_ifc__distance(const double a[3], const double b[3]);
double ct_ifc__precision(const ct_ifc__check *c); // in project units

// Whether the closed loop meets itself: two edges that are not neighbours come nearer than
// `tolerance`, or a neighbour folds back onto its edge. The last point may repeat the first. Loops
// of more work than anybody waits for count as good. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__meets_itself(bool *out, ct_arena *arena, const ct_ifc__points *loop,
                                       double tolerance);

#endif
