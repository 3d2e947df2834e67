// Each profile extruded: its area times the depth, twice the area and the edge times the depth.
#include <math.h>

#include "verify.h"

typedef struct shape { // a profile with its formulas
    uint32_t profile;
    double area, edge;
} shape;

typedef shape maker(verify *v);

static uint32_t put_place(verify *v) {
    const double a = between(v, -3, 3);
    const uint32_t o = put_point2(v, between(v, -1, 1), between(v, -1, 1));
    const uint32_t x = put(v, "IFCDIRECTION((%.17g,%.17g))", cos(a), sin(a));
    return put(v, "IFCAXIS2PLACEMENT2D(#%u,#%u)", o, x);
}

// Areas and edges of corners rounded by r: what a full set of four takes from (or adds to) a shape.
static double corner_area(double r) {
    return (4 - M_PI) * r * r;
}
static double corner_edge(double r) {
    return (8 - 2 * M_PI) * r;
}

static shape rectangle(verify *v) {
    const double x = between(v, 0.1, 5), y = between(v, 0.1, 5);
    return (shape){put(v, "IFCRECTANGLEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g)", put_place(v),
                       len(v, x), len(v, y)),
                   x * y, 2 * (x + y)};
}

static shape rounded(verify *v) {
    const double x = between(v, 0.3, 3), y = between(v, 0.3, 3), r = between(v, 0.02, 0.14);
    return (shape){put(v, "IFCROUNDEDRECTANGLEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g)",
                       put_place(v), len(v, x), len(v, y), len(v, r)),
                   x * y - corner_area(r), 2 * (x + y) - corner_edge(r)};
}

static shape hollow(verify *v) {
    const double x = between(v, 0.3, 3), y = between(v, 0.3, 3), t = between(v, 0.02, 0.08);
    const bool fillets = v->number % 2;
    const double o = fillets ? t * 1.5 : 0, i = fillets ? t * 0.5 : 0;
    const double a = x - 2 * t, b = y - 2 * t;
    const uint32_t place = put_place(v);
    const uint32_t p =
        fillets ? put(v, "IFCRECTANGLEHOLLOWPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g,%.17g,%.17g)",
                      place, len(v, x), len(v, y), len(v, t), len(v, i), len(v, o))
                : put(v, "IFCRECTANGLEHOLLOWPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g,$,$)", place,
                      len(v, x), len(v, y), len(v, t));
    return (shape){p, x * y - corner_area(o) - a * b + corner_area(i),
                   2 * (x + y + a + b) - corner_edge(o) - corner_edge(i)};
}

static shape circle(verify *v) {
    const double r = between(v, 0.02, 4);
    return (shape){put(v, "IFCCIRCLEPROFILEDEF(.AREA.,$,#%u,%.17g)", put_place(v), len(v, r)),
                   M_PI * r * r, 2 * M_PI * r};
}

static shape circle_hollow(verify *v) {
    const double r = between(v, 0.05, 2), t = r * between(v, 0.05, 0.5);
    return (shape){put(v, "IFCCIRCLEHOLLOWPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g)", put_place(v),
                       len(v, r), len(v, t)),
                   M_PI * (r * r - (r - t) * (r - t)), 2 * M_PI * (2 * r - t)};
}

static shape ellipse(verify *v) {
    const double a = between(v, 0.1, 3), b = a * between(v, 0.4, 1);
    const double h = (a - b) * (a - b) / ((a + b) * (a + b)); // Ramanujan's second formula
    return (shape){put(v, "IFCELLIPSEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g)", put_place(v), len(v, a),
                       len(v, b)),
                   M_PI * a * b, M_PI * (a + b) * (1 + 3 * h / (10 + sqrt(4 - 3 * h)))};
}

static shape trapezium(verify *v) {
    const double b = between(v, 0.5, 3), t = between(v, 0.3, 3), y = between(v, 0.3, 2);
    const double o = between(v, -0.5, 0.5); // of the top's left end
    return (shape){put(v, "IFCTRAPEZIUMPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g,%.17g)",
                       put_place(v), len(v, b), len(v, t), len(v, y), len(v, o)),
                   (b + t) / 2 * y, b + t + hypot(o, y) + hypot(o + t - b, y)};
}

static shape i_shape(verify *v) {
    const double b = between(v, 0.1, 0.4), h = between(v, 0.15, 0.8), w = b * 0.08, f = h * 0.06;
    const double r = v->number % 2 ? fmin(b, h) * 0.05 : 0;
    const uint32_t place = put_place(v);
    const uint32_t p =
        r > 0 ? put(v, "IFCISHAPEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g,%.17g,%.17g,$,$)", place,
                    len(v, b), len(v, h), len(v, w), len(v, f), len(v, r))
              : put(v, "IFCISHAPEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g,%.17g,$,$,$)", place,
                    len(v, b), len(v, h), len(v, w), len(v, f));
    return (shape){p, 2 * b * f + (h - 2 * f) * w + corner_area(r),
                   4 * b + 2 * h - 2 * w - corner_edge(r)};
}

static shape i_unequal(verify *v) {
    const double b = between(v, 0.2, 0.4), t = between(v, 0.1, 0.3), h = between(v, 0.2, 0.8);
    const double w = 0.02, f = between(v, 0.01, 0.04), g = between(v, 0.01, 0.04);
    return (shape){
        put(v,
            "IFCASYMMETRICISHAPEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g,%.17g,$,%.17g,%.17g,$,$,"
            "$,$,$)",
            put_place(v), len(v, b), len(v, h), len(v, w), len(v, f), len(v, t), len(v, g)),
        b * f + t * g + (h - f - g) * w, 2 * b + 2 * t + 2 * h - 2 * w};
}

static shape l_shape(verify *v) {
    const double h = between(v, 0.1, 0.3), b = between(v, 0.1, 0.3), t = between(v, 0.008, 0.03);
    const double r = v->number % 2 ? t * 0.8 : 0, e = v->number % 2 ? t * 0.5 : 0;
    const uint32_t place = put_place(v);
    const uint32_t p =
        r > 0 ? put(v, "IFCLSHAPEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g,%.17g,%.17g,$)", place,
                    len(v, h), len(v, b), len(v, t), len(v, r), len(v, e))
              : put(v, "IFCLSHAPEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g,$,$,$)", place,
                    len(v, h), len(v, b), len(v, t));
    return (shape){p, (h + b - t) * t + corner_area(r) / 4 - corner_area(e) / 2,
                   2 * (h + b) - corner_edge(r) / 4 - corner_edge(e) / 2};
}

static shape t_shape(verify *v) {
    const double h = between(v, 0.1, 0.4), b = between(v, 0.1, 0.4), w = 0.02, f = 0.015;
    const double r = v->number % 2 ? 0.01 : 0;
    const uint32_t place = put_place(v);
    const uint32_t p =
        r > 0 ? put(v, "IFCTSHAPEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g,%.17g,%.17g,$,$,$,$)",
                    place, len(v, h), len(v, b), len(v, w), len(v, f), len(v, r))
              : put(v, "IFCTSHAPEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g,%.17g,$,$,$,$,$)", place,
                    len(v, h), len(v, b), len(v, w), len(v, f));
    return (shape){p, b * f + (h - f) * w + corner_area(r) / 2, 2 * (b + h) - corner_edge(r) / 2};
}

static shape u_shape(verify *v) {
    const double h = between(v, 0.1, 0.4), b = between(v, 0.06, 0.2), w = 0.01, f = 0.015;
    const double r = v->number % 2 ? 0.01 : 0;
    const uint32_t place = put_place(v);
    const uint32_t p =
        r > 0 ? put(v, "IFCUSHAPEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g,%.17g,%.17g,$,$)", place,
                    len(v, h), len(v, b), len(v, w), len(v, f), len(v, r))
              : put(v, "IFCUSHAPEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g,%.17g,$,$,$)", place,
                    len(v, h), len(v, b), len(v, w), len(v, f));
    return (shape){p, 2 * b * f + (h - 2 * f) * w + corner_area(r) / 2,
                   2 * h + 4 * b - 2 * w - corner_edge(r) / 2};
}

static shape c_shape(verify *v) {
    const double h = between(v, 0.1, 0.4), b = between(v, 0.06, 0.2), t = 0.004;
    const double g = between(v, 0.015, 0.03); // the lip
    // Its middle line, each corner counted once, times t.
    return (shape){put(v, "IFCCSHAPEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g,%.17g,$)",
                       put_place(v), len(v, h), len(v, b), len(v, t), len(v, g)),
                   t * (h + 2 * b + 2 * g - 4 * t), 2 * (h + 2 * b + 2 * g - 4 * t) + 2 * t};
}

static shape z_shape(verify *v) {
    const double h = between(v, 0.1, 0.4), b = between(v, 0.06, 0.2), w = 0.01, f = 0.012;
    return (shape){put(v, "IFCZSHAPEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g,%.17g,%.17g,$,$)",
                       put_place(v), len(v, h), len(v, b), len(v, w), len(v, f)),
                   2 * b * f + (h - 2 * f) * w, 4 * b + 2 * h - 2 * w};
}

// A star of n points: n kites, two triangles each.
static shape star(verify *v) {
    enum { MOST = 60 };
    double xy[MOST][2];
    const int n = 3 + v->number % 20;
    const double r = between(v, 1, 2), s = r * between(v, 0.4, 0.9), a = M_PI / n;
    for (int i = 0; i < 2 * n; i++) {
        xy[i][0] = (i % 2 ? s : r) * cos(a * i);
        xy[i][1] = (i % 2 ? s : r) * sin(a * i);
    }
    return (shape){put_polygon(v, (const double(*)[2])xy, 2 * n), n * r * s * sin(a),
                   2 * n * sqrt(r * r + s * s - 2 * r * s * cos(a))};
}

// A square with square holes in rows.
static shape voids(verify *v) {
    uint32_t holes[9];
    const int n = 1 + v->number % 9;
    const double size = between(v, 3, 4), side = between(v, 0.1, 0.9);
    const double outside[4][2] = {{0, 0}, {size, 0}, {size, size}, {0, size}};
    for (int i = 0; i < n; i++) {
        const double x = 0.05 + i % 3, y = 0.05 + i / 3;
        double hole[4][2] = {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}};
        if (i % 2) { // the other way round
            const double keep[2] = {hole[1][0], hole[1][1]};
            hole[1][0] = hole[3][0];
            hole[1][1] = hole[3][1];
            hole[3][0] = keep[0];
            hole[3][1] = keep[1];
        }
        holes[i] = put_polyline2(v, (const double(*)[2])hole, 4);
    }
    const uint32_t line = put_polyline2(v, outside, 4);
    return (shape){
        put(v, "IFCARBITRARYPROFILEDEFWITHVOIDS(.AREA.,$,#%u,%s)", line, list_of(holes, n)),
        size * size - n * side * side, 4 * size + 4 * n * side};
}

// A stadium: straight sides and half circles, by arcs of an indexed curve.
static shape stadium(verify *v) {
    const double x = between(v, 0.2, 3), r = between(v, 0.05, 2);
    const uint32_t list =
        put(v,
            "IFCCARTESIANPOINTLIST2D(((0.,%.17g),(%.17g,%.17g),(%.17g,0.),(%.17g,%.17g),(0.,%.17g),"
            "(%.17g,0.)))",
            len(v, -r), len(v, x), len(v, -r), len(v, x + r), len(v, x), len(v, r), len(v, r),
            len(v, -r));
    const uint32_t curve = put(v,
                               "IFCINDEXEDPOLYCURVE(#%u,(IFCLINEINDEX((1,2)),IFCARCINDEX((2,3,4)),"
                               "IFCLINEINDEX((4,5)),IFCARCINDEX((5,6,1))),.F.)",
                               list);
    return (shape){put(v, "IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#%u)", curve),
                   2 * x * r + M_PI * r * r, 2 * x + 2 * M_PI * r};
}

// A half disk: a trimmed circle and a line, as a composite curve.
static shape half_disk(verify *v) {
    const double r = between(v, 0.1, 3);
    const uint32_t middle = put_point2(v, 0, 0);
    const uint32_t frame = put(v, "IFCAXIS2PLACEMENT2D(#%u,$)", middle);
    const uint32_t whole = put(v, "IFCCIRCLE(#%u,%.17g)", frame, len(v, r));
    const uint32_t arc =
        put(v,
            "IFCTRIMMEDCURVE(#%u,(IFCPARAMETERVALUE(0.)),(IFCPARAMETERVALUE(%.17g)),.T.,"
            ".PARAMETER.)",
            whole, ang(v, M_PI));
    const uint32_t ends[2] = {put_point2(v, -r, 0), put_point2(v, r, 0)};
    const uint32_t line = put(v, "IFCPOLYLINE(%s)", list_of(ends, 2));
    const uint32_t parts[2] = {put(v, "IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#%u)", arc),
                               put(v, "IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#%u)", line)};
    const uint32_t curve = put(v, "IFCCOMPOSITECURVE(%s,.F.)", list_of(parts, 2));
    return (shape){put(v, "IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#%u)", curve), M_PI * r * r / 2,
                   M_PI * r + 2 * r};
}

static shape derived(verify *v) {
    const double x = between(v, 0.5, 2), y = between(v, 0.5, 2), scale = between(v, 0.5, 3);
    const double a = between(v, -3, 3);
    const uint32_t parent = put_rectangle(v, x, y, 0.3, 0.1);
    const uint32_t ux = put(v, "IFCDIRECTION((%.17g,%.17g))", cos(a), sin(a));
    const uint32_t uy = put(v, "IFCDIRECTION((%.17g,%.17g))", -sin(a), cos(a));
    const uint32_t op = put(v, "IFCCARTESIANTRANSFORMATIONOPERATOR2D(#%u,#%u,#%u,%.17g)", ux, uy,
                            put_point2(v, 1, 2), scale);
    return (shape){put(v, "IFCDERIVEDPROFILEDEF(.AREA.,$,#%u,#%u,$)", parent, op),
                   scale * scale * x * y, scale * 2 * (x + y)};
}

// A zigzag with right angles, thickened on both sides: mitred corners.
static shape centre_line(verify *v) {
    const double a = between(v, 1, 2), b = between(v, 1, 2), t = between(v, 0.02, 0.2);
    const uint32_t points[3] = {put_point2(v, a, 0), put_point2(v, 0, 0), put_point2(v, 0, b)};
    const uint32_t line = put(v, "IFCPOLYLINE(%s)", list_of(points, 3));
    return (shape){put(v, "IFCCENTERLINEPROFILEDEF(.CURVE.,$,#%u,%.17g)", line, len(v, t)),
                   t * (a + b), 2 * (a + b) + 2 * t};
}

void verify_profiles(verify *v) {
    static const struct {
        const char *name;
        maker *make;
    } families[] = {{"profile: rectangle", rectangle},
                    {"profile: rounded rectangle", rounded},
                    {"profile: hollow rectangle", hollow},
                    {"profile: circle", circle},
                    {"profile: hollow circle", circle_hollow},
                    {"profile: ellipse", ellipse},
                    {"profile: trapezium", trapezium},
                    {"profile: I", i_shape},
                    {"profile: I of unequal flanges", i_unequal},
                    {"profile: L", l_shape},
                    {"profile: T", t_shape},
                    {"profile: U", u_shape},
                    {"profile: C", c_shape},
                    {"profile: Z", z_shape},
                    {"profile: polygon", star},
                    {"profile: polygon with voids", voids},
                    {"profile: indexed curve with arcs", stadium},
                    {"profile: composite curve", half_disk},
                    {"profile: derived", derived},
                    {"profile: centre line", centre_line}};
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        family_begin(v, families[f].name);
        for (int i = 0; i < CASES; i++) {
            case_begin(v);
            const shape s = families[f].make(v);
            const double depth = between(v, 0.1, 6);
            const ct_affine place = at_point(1, 2, 3);
            expect_item(v, put_extrusion(v, s.profile, &place, 0, 0, v->number % 5 ? 1 : -1, depth),
                        s.area * depth, 2 * s.area + s.edge * depth);
        }
        family_end(v);
    }
}
