// Inside ifc/shape: curves as spans, runs of a parameter on curves that have one.
#ifndef CT_INGEST_IFC_SHAPE_SPANS_H
#define CT_INGEST_IFC_SHAPE_SPANS_H

#include "ingest/ifc/shape/basis.h"

typedef struct ct_ifc__span {
    ct_ifc__basis b;
    double t0, t1; // in parameters of ours, in the direction of the curve: t1 may be the smaller
} ct_ifc__span;

typedef struct ct_ifc__spans { // one follows the other; zeroed at first, in the arena
    ct_ifc__span *at;
    size_t n, room;
} ct_ifc__spans;

typedef struct ct_ifc__trim { // one end of a trimmed curve: by parameter, by point, or both
    bool has_parameter, has_point;
    double parameter, point[3];
} ct_ifc__trim;

CT_CHECKED ct_err ct_ifc__trim_read(ct_ifc__trim *out, ct_ifc__work *w, uint32_t curve,
                                    const char *attribute);

CT_CHECKED ct_err ct_ifc__add_span(ct_ifc__spans *out, ct_ifc__work *w, const ct_ifc__basis *b,
                                   double t0, double t1);
// From one parameter to another, `forward` or against the curve's own direction; round again where
// it closes. CT_GEOM.
CT_CHECKED ct_err ct_ifc__spans_between(ct_ifc__spans *out, ct_ifc__work *w, const ct_ifc__basis *b,
                                        double t0, double t1, bool forward);
// Of an IfcTrimmedCurve whose basis has a parameter. CT_PARSE, CT_GEOM.
CT_CHECKED ct_err ct_ifc__trimmed_spans(ct_ifc__spans *out, ct_ifc__work *w, uint32_t curve,
                                        uint32_t basis);
// Polylines (each point a whole parameter), curves of basis.h, trimmed ones of these, and what is
// composed of them. A line alone is without end. CT_UNSUPPORTED for others.
CT_CHECKED ct_err ct_ifc__spans_of(ct_ifc__spans *out, ct_ifc__work *w, uint32_t curve);
// What lies between two parameters of the file of the whole, where those of one span begin when
// those of the one before end; p1 < p0: backwards. CT_GEOM where nothing is left.
CT_CHECKED ct_err ct_ifc__spans_cut(ct_ifc__spans *out, ct_ifc__work *w, const ct_ifc__spans *spans,
                                    double p0, double p1);
// A polyline as a curve with a parameter. CT_GEOM for less than 2 points.
CT_CHECKED ct_err ct_ifc__basis_of_points(ct_ifc__basis *out, ct_ifc__work *w,
                                          const ct_ifc__points *points);

// ---- pcurve.c: curves told by the parameters of a surface

// An IfcPcurve of a bounded curve, in space.
CT_CHECKED ct_err ct_ifc__put_pcurve(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve);
// The piece of an IfcPcurve of an IfcLine between two points. CT_GEOM where the points do not tell
// it.
CT_CHECKED ct_err ct_ifc__put_pline(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve,
                                    const double from[3], const double to[3], bool forward);

#endif
