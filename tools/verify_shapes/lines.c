// Lines that are swept: surfaces by their areas; and pieces of composite curves told by parameters,
// as bars along them.
#include <math.h>

#include "verify.h"

static uint32_t open_profile(verify *v, const double (*xy)[2], int n) {
    uint32_t points[8];
    for (int i = 0; i < n; i++) points[i] = put_point2(v, xy[i][0], xy[i][1]);
    return put(v, "IFCARBITRARYOPENPROFILEDEF(.CURVE.,$,#%u)",
               put(v, "IFCPOLYLINE(%s)", list_of(points, n)));
}

// A bent line swept along a direction, or round an axis: as a surface, and as what a solid is told
// by.
static void swept(verify *v) {
    case_begin(v);
    const double r = between(v, 1, 3), s = between(v, 1, 3), h = between(v, 0.5, 2);
    const double turn = between(v, 0.5, 5), slant = hypot(r - s, h);
    const double side[2][2] = {{r, 0}, {s, h}};
    const uint32_t profile = open_profile(v, side, 2);
    const uint32_t frame = put_frame(v, &ct_affine_identity);
    const uint32_t axis =
        put(v, "IFCAXIS1PLACEMENT(#%u,#%u)", put_point3(v, 0, 0, 0), put_direction(v, 0, 1, 0));
    switch (v->number % 4) {
    case 0:
        expect_item(v, put(v, "IFCSURFACEOFREVOLUTION(#%u,#%u,#%u)", profile, frame, axis), NAN,
                    M_PI * (r + s) * slant);
        break;
    case 1:
        expect_item(
            v,
            put(v, "IFCREVOLVEDAREASOLID(#%u,#%u,#%u,%.17g)", profile, frame, axis, ang(v, turn)),
            NAN, turn / 2 * (r + s) * slant);
        break;
    case 2:
        expect_item(v,
                    put(v, "IFCSURFACEOFLINEAREXTRUSION(#%u,#%u,#%u,%.17g)", profile, frame,
                        put_direction(v, 0, 0, 1), len(v, r)),
                    NAN, r * slant);
        break;
    default: {
        const uint32_t ends[2] = {put_spot(v, 0, 0, 0), put_spot(v, 0, 0, r)};
        const uint32_t directrix = put(v, "IFCPOLYLINE(%s)", list_of(ends, 2));
        expect_item(v,
                    put(v, "IFCFIXEDREFERENCESWEPTAREASOLID(#%u,$,#%u,$,$,#%u)", profile, directrix,
                        put_way(v, 1, 0, 0)),
                    NAN, r * slant);
    }
    }
}

// Lines through places one behind the other: a strip that becomes wider, one of lines cut into
// different numbers of pieces, a tube of circles.
static void spine(verify *v) {
    case_begin(v);
    const double a = between(v, 0.5, 2), b = between(v, 0.5, 2), l = between(v, 1, 4);
    const bool tube = v->number % 3 == 0, uneven = v->number % 3 == 1;
    uint32_t sections[2], places[2], ends[2];
    for (int i = 0; i < 2; i++) {
        const double wide = i ? b : a;
        const double line[3][2] = {{0, 0}, {wide / 3, 0}, {wide, 0}},
                     whole[2][2] = {{0, 0}, {wide, 0}};
        const uint32_t middle = put(v, "IFCAXIS2PLACEMENT2D(#%u,$)", put_point2(v, 0, 0));
        sections[i] = tube ? put(v, "IFCCIRCLEPROFILEDEF(.CURVE.,$,#%u,%.17g)", middle, len(v, a))
                      : uneven && i ? open_profile(v, whole, 2)
                                    : open_profile(v, line, 3);
        const ct_affine at = at_point(0, 0, i * l);
        places[i] = put_frame(v, &at);
        ends[i] = put_spot(v, 0, 0, i * l);
    }
    const uint32_t line = put(v, "IFCPOLYLINE(%s)", list_of(ends, 2));
    const uint32_t segment = put(v, "IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#%u)", line);
    expect_item(v,
                put(v, "IFCSECTIONEDSPINE(#%u,%s,%s)",
                    put(v, "IFCCOMPOSITECURVE((#%u),.F.)", segment), list_of(sections, 2),
                    list_of(places, 2)),
                NAN, tube ? 2 * M_PI * a * l : l * (a + b) / 2);
}

// A road's surface: two strips by widths and slopes, wider at its end, along a straight way that
// rises or not. Upright is upright: nothing is turned.
static void road(verify *v) {
    v->latest = true;
    case_begin(v);
    v->turn = ct_affine_identity;
    const double l = between(v, 5, 50), left = between(v, 2, 5), right = between(v, 1, 3);
    const double wider = between(v, 0, 2), slope[2] = {between(v, -0.1, 0.1), between(v, -0.4, 0)};
    const bool level = v->number % 2;
    uint32_t sections[2], places[2];
    const uint32_t ends[2] = {put_point3(v, 0, 0, 0), put_point3(v, l, 0, 0)};
    const uint32_t way = put(v, "IFCPOLYLINE(%s)", list_of(ends, 2));
    double area = 0;
    for (int i = 0; i < 2; i++) {
        const double wide[2] = {left + i * wider, right};
        const uint32_t from = put_point2(v, -left - i * wider, 0.5);
        sections[i] = put(v,
                          "IFCOPENCROSSPROFILEDEF(.CURVE.,$,.%s.,(%.17g,%.17g),(%.17g,%.17g),$,"
                          "#%u)",
                          level ? "T" : "F", len(v, wide[0]), len(v, wide[1]), ang(v, slope[0]),
                          ang(v, slope[1]), from);
        if (v->number % 3 == 0) // seen the other way round
            sections[i] = put(v, "IFCMIRROREDPROFILEDEF(.CURVE.,$,#%u,*,$)", sections[i]);
        places[i] = put(v, "IFCAXIS2PLACEMENTLINEAR(#%u,$,$)",
                        put(v, "IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(%.17g),$,$,$,#%u)",
                            len(v, i * l), way));
        for (int k = 0; k < 2; k++) area += l / 2 * (level ? wide[k] / cos(slope[k]) : wide[k]);
    }
    expect_item(
        v, put(v, "IFCSECTIONEDSURFACE(#%u,%s,%s)", way, list_of(places, 2), list_of(sections, 2)),
        NAN, area);
    v->latest = false;
}

// A bar along a piece of two legs and an arc: from the middle of the first leg, by parameters of
// the whole, to the middle of the arc, or backwards.
static void trimmed(verify *v) {
    case_begin(v);
    const double a = between(v, 1, 3), b = between(v, 1, 3), bend = between(v, 0.5, 2), r = 0.01;
    const uint32_t points[3] = {put_spot(v, -b, bend, a), put_spot(v, -b, bend, 0),
                                put_spot(v, 0, bend, 0)};
    const ct_affine about = ct_affine_frame((const double[3]){0, 0, 0}, (const double[3]){0, 0, -1},
                                            (const double[3]){0, 1, 0});
    const uint32_t circle = put(v, "IFCCIRCLE(#%u,%.17g)", put_frame(v, &about), len(v, bend));
    const uint32_t arc = put(v,
                             "IFCTRIMMEDCURVE(#%u,(IFCPARAMETERVALUE(0.)),(IFCPARAMETERVALUE("
                             "%.17g)),.T.,.PARAMETER.)",
                             circle, ang(v, M_PI / 2));
    uint32_t segments[2] = {put(v, "IFCPOLYLINE(%s)", list_of(points, 3)), arc};
    for (int i = 0; i < 2; i++)
        segments[i] = put(v, "IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#%u)", segments[i]);
    const bool back = v->number % 2;
    const double from = 0.5, to = 2 + ang(v, M_PI / 4);
    const uint32_t piece = put(v,
                               "IFCTRIMMEDCURVE(#%u,(IFCPARAMETERVALUE(%.17g)),(IFCPARAMETERVALUE("
                               "%.17g)),.%s.,.PARAMETER.)",
                               put(v, "IFCCOMPOSITECURVE(%s,.F.)", list_of(segments, 2)),
                               back ? to : from, back ? from : to, back ? "F" : "T");
    const double length = a / 2 + b + bend * M_PI / 4;
    expect_item(v, put(v, "IFCSWEPTDISKSOLID(#%u,%.17g,$,$,$)", piece, len(v, r)),
                M_PI * r * r * length, NAN);
}

void verify_lines(verify *v) {
    static const struct {
        const char *name;
        void (*run)(verify *v);
    } families[] = {{"line: swept, turned", swept},
                    {"line: spines", spine},
                    {"line: sectioned surfaces", road},
                    {"line: pieces by parameters", trimmed}};
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        family_begin(v, families[f].name);
        for (int i = 0; i < CASES; i++) families[f].run(v);
        family_end(v);
    }
}
