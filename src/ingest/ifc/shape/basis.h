// Inside ifc/shape: curves that have a parameter: lines, circles, ellipses, B-splines.
#ifndef CT_INGEST_IFC_SHAPE_BASIS_H
#define CT_INGEST_IFC_SHAPE_BASIS_H

#include "ingest/ifc/shape/work.h"

typedef struct ct_ifc__spline {
    uint32_t degree, n; // n: control points
    double *points;     // 4 numbers each: x w, y w, z w, w
    double *knots;      // n + degree + 1, not falling
} ct_ifc__spline;

// Of an IfcBSplineCurve with or without knots and weights. CT_PARSE, CT_GEOM, CT_LIMIT.
CT_CHECKED ct_err ct_ifc__spline_read(ct_ifc__spline *out, ct_ifc__work *w, uint32_t curve);
void ct_ifc__spline_point(double out[3], const ct_ifc__spline *s, double t);
// Distinct knots, with their multiplicities spread out: `n` knots in the arena. CT_PARSE.
CT_CHECKED ct_err ct_ifc__knots_read(double **out, uint32_t *n, ct_ifc__work *w, uint32_t slot,
                                     const char *knots, const char *multiplicities);

typedef struct ct_ifc__basis {
    enum { CT_IFC__B_LINE, CT_IFC__B_CONIC, CT_IFC__B_SPLINE } kind;
    ct_affine at;    // line: x of it is the vector of one parameter; conic: its plane
    double a, b;     // radii of a conic
    double t0, t1;   // where it begins and ends; a line has none
    double per_unit; // of a parameter of the file in parameters of ours: radians for conics
    ct_ifc__spline spline;
} ct_ifc__basis;

bool ct_ifc__has_basis(ct_ifc__kind kind);
CT_CHECKED ct_err ct_ifc__basis_read(ct_ifc__basis *out, ct_ifc__work *w, uint32_t curve);
void ct_ifc__basis_point(double out[3], const ct_ifc__basis *b, double t);
double ct_ifc__basis_parameter(const ct_ifc__basis *b, const double p[3]); // of the nearest point
bool ct_ifc__basis_is_closed(const ct_ifc__basis *b, double within_m);

// ---- polylines in the making

typedef struct ct_ifc__points {
    double *xyz;
    uint32_t n;
    size_t room;
} ct_ifc__points; // zeroed at first; in the arena

CT_CHECKED ct_err ct_ifc__put_point(ct_ifc__points *out, ct_ifc__work *w, const double p[3]);
// The points from parameter t0 to t1, both ends too.
CT_CHECKED ct_err ct_ifc__put_piece(ct_ifc__points *out, ct_ifc__work *w, const ct_ifc__basis *b,
                                    double t0, double t1);
// The polyline: points that follow themselves are dropped; whether it is closed is seen from its
// ends. CT_GEOM if less than 2 points are left.
CT_CHECKED ct_err ct_ifc__finish_line(ct_ifc__line *out, const ct_ifc__work *w,
                                      ct_ifc__points *points);

// Of curve.c: all points of a bounded curve. CT_UNSUPPORTED, CT_GEOM.
CT_CHECKED ct_err ct_ifc__put_curve(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve);
// Of alignment.c: an IfcCurveSegment, and an IfcGradientCurve as points in space.
CT_CHECKED ct_err ct_ifc__put_curve_segment(ct_ifc__points *out, ct_ifc__work *w, uint32_t segment);
CT_CHECKED ct_err ct_ifc__put_gradient(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve);
// Of offset.c: a line moved by a distance to its left, seen against `up`, corners cut straight on.
CT_CHECKED ct_err ct_ifc__offset(ct_ifc__points *out, ct_ifc__work *w, const ct_ifc__line *line,
                                 double by, const double up[3]);
extern const double ct_ifc__up[3]; // (0, 0, 1): of lines in the plane

#endif
