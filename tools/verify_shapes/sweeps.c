// Other solids: askew and tapered sweeps, revolved ones (Pappus), disks along curves, primitives,
// faceted breps and tessellations.
#include <math.h>

#include "verify.h"

static void askew(verify *v) {
    case_begin(v);
    const double x = between(v, 0.2, 2), y = between(v, 0.2, 2), depth = between(v, 0.5, 3);
    const double d[3] = {between(v, -1, 1), between(v, -1, 1), between(v, 0.5, 1)};
    const double n = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    const double u[3] = {d[0] / n * depth, d[1] / n * depth, d[2] / n * depth};
    const uint32_t profile = put_rectangle(v, x, y, 0, 0);
    // Sides are parallelograms of an edge and the sweep.
    expect_item(v, put_extrusion(v, profile, &ct_affine_identity, d[0], d[1], d[2], depth),
                x * y * u[2], 2 * (x * y + x * hypot(u[1], u[2]) + y * hypot(u[0], u[2])));
}

static void tapered(verify *v) {
    case_begin(v);
    const double x = between(v, 0.5, 2), y = between(v, 0.5, 2), s = between(v, 0.3, 0.9);
    const double h = between(v, 0.5, 3);
    const uint32_t low = put_rectangle(v, x, y, 0, 0), high = put_rectangle(v, s * x, s * y, 0, 0);
    const uint32_t place = put_frame(v, &ct_affine_identity), way = put_direction(v, 0, 0, 1);
    const double side_x = hypot(h, (1 - s) * y / 2), side_y = hypot(h, (1 - s) * x / 2);
    expect_item(v,
                put(v, "IFCEXTRUDEDAREASOLIDTAPERED(#%u,#%u,#%u,%.17g,#%u)", low, place, way,
                    len(v, h), high),
                h * x * y * (1 + s + s * s) / 3,
                x * y * (1 + s * s) + (1 + s) * (x * side_x + y * side_y));
}

// A rectangle beside the y axis of its plane, turned about it.
static void revolved(verify *v) {
    case_begin(v);
    const double x = between(v, 0.2, 1), y = between(v, 0.2, 2), r = between(v, 0.6, 4);
    const double angle = v->number % 6 ? between(v, 0.3, 6) : 2 * M_PI;
    const uint32_t profile = put_rectangle(v, x, y, r, 0);
    const uint32_t place = put_frame(v, &ct_affine_identity);
    const uint32_t axis =
        put(v, "IFCAXIS1PLACEMENT(#%u,#%u)", put_point3(v, 0, 0, 0), put_direction(v, 0, 1, 0));
    const double ends = angle < 6.28 ? 2 * x * y : 0;
    expect_item(
        v, put(v, "IFCREVOLVEDAREASOLID(#%u,#%u,#%u,%.17g)", profile, place, axis, ang(v, angle)),
        x * y * r * angle, 2 * (x + y) * r * angle + ends);
}

// A bar: straight, or round a quarter of a circle, hollow or not.
static void disk(verify *v) {
    case_begin(v);
    const double r = between(v, 0.01, 0.1), hole = v->number % 2 ? r * 0.6 : 0;
    const double bend = between(v, 0.5, 2);
    uint32_t curve;
    double length;
    if (v->number % 4 < 2) {
        length = bend;
        const uint32_t ends[2] = {put_spot(v, 0, 0, 0), put_spot(v, 0, 0, bend)};
        curve = put(v, "IFCPOLYLINE(%s)", list_of(ends, 2));
    } else {
        length = bend * M_PI / 2;
        const uint32_t circle =
            put(v, "IFCCIRCLE(#%u,%.17g)", put_frame(v, &ct_affine_identity), len(v, bend));
        curve = put(v,
                    "IFCTRIMMEDCURVE(#%u,(IFCPARAMETERVALUE(0.)),(IFCPARAMETERVALUE(%.17g)),"
                    ".T.,.PARAMETER.)",
                    circle, ang(v, M_PI / 2));
    }
    const uint32_t item =
        hole > 0 ? put(v, "IFCSWEPTDISKSOLID(#%u,%.17g,%.17g,$,$)", curve, len(v, r), len(v, hole))
                 : put(v, "IFCSWEPTDISKSOLID(#%u,%.17g,$,$,$)", curve, len(v, r));
    const double ring = M_PI * (r * r - hole * hole);
    expect_item(v, item, ring * length, 2 * M_PI * (r + hole) * length + 2 * ring);
}

// A bar along a line or a circle moved to its left.
static void beside(verify *v) {
    case_begin(v);
    const double r = between(v, 0.01, 0.1), a = between(v, 1, 3), b = between(v, 1, 3);
    const double by = between(v, -0.5, 0.5);
    uint32_t base;
    double length;
    if (v->number % 2) {
        const uint32_t points[3] = {put_spot(v, 0, 0, 0), put_spot(v, a, 0, 0),
                                    put_spot(v, a, b, 0)};
        base = put(v, "IFCPOLYLINE(%s)", list_of(points, 3));
        length = a + b - 2 * by;
    } else {
        base = put(v, "IFCCIRCLE(#%u,%.17g)", put_frame(v, &ct_affine_identity), len(v, a));
        length = 2 * M_PI * (a - by);
    }
    const uint32_t curve =
        put(v, "IFCOFFSETCURVE3D(#%u,%.17g,.F.,#%u)", base, len(v, by), put_way(v, 0, 0, 1));
    const double ends = v->number % 2 ? 2 * M_PI * r * r : 0;
    expect_item(v, put(v, "IFCSWEPTDISKSOLID(#%u,%.17g,$,$,$)", curve, len(v, r)),
                M_PI * r * r * length, 2 * M_PI * r * length + ends);
}

static void primitive(verify *v) {
    case_begin(v);
    const double a = between(v, 0.2, 3), b = between(v, 0.2, 3), h = between(v, 0.2, 3);
    const uint32_t place = put_frame(v, &ct_affine_identity);
    const double slope = hypot(a, h);
    switch (v->number % 5) {
    case 0:
        expect_item(
            v, put(v, "IFCBLOCK(#%u,%.17g,%.17g,%.17g)", place, len(v, a), len(v, b), len(v, h)),
            a * b * h, 2 * (a * b + b * h + a * h));
        break;
    case 1:
        expect_item(v,
                    put(v, "IFCRECTANGULARPYRAMID(#%u,%.17g,%.17g,%.17g)", place, len(v, a),
                        len(v, b), len(v, h)),
                    a * b * h / 3, a * b + a * hypot(h, b / 2) + b * hypot(h, a / 2));
        break;
    case 2:
        expect_item(v, put(v, "IFCRIGHTCIRCULARCONE(#%u,%.17g,%.17g)", place, len(v, h), len(v, a)),
                    M_PI * a * a * h / 3, M_PI * a * (a + slope));
        break;
    case 3:
        expect_item(
            v, put(v, "IFCRIGHTCIRCULARCYLINDER(#%u,%.17g,%.17g)", place, len(v, h), len(v, a)),
            M_PI * a * a * h, 2 * M_PI * a * (a + h));
        break;
    default:
        expect_item(v, put(v, "IFCSPHERE(#%u,%.17g)", place, len(v, a)), 4 * M_PI * a * a * a / 3,
                    4 * M_PI * a * a);
        break;
    }
}

// A box with a shaft through it, from top to bottom: faces with holes, whatever way they look.
static void faceted(verify *v) {
    case_begin(v);
    const double x = between(v, 1, 3), y = between(v, 1, 3), z = between(v, 0.2, 2), s = 0.5;
    uint32_t p[16], faces[10];
    for (int i = 0; i < 16; i++) {
        const double size[2] = {i < 8 ? x : 0.2 + s, i < 8 ? y : 0.2 + s};
        const double low = i < 8 ? 0 : 0.2;
        p[i] = put_spot(v, i % 4 == 1 || i % 4 == 2 ? size[0] : low, i % 4 >= 2 ? size[1] : low,
                        i % 8 >= 4 ? z : 0);
    }
    for (int f = 0; f < 10; f++) {
        uint32_t ring[4], loop[2];
        if (f < 2) {
            for (int ring_of = 0; ring_of < 2; ring_of++) {
                for (int i = 0; i < 4; i++) ring[i] = p[8 * ring_of + 4 * f + i];
                loop[ring_of] = put(v, "IFCPOLYLOOP(%s)", list_of(ring, 4));
            }
        } else {
            const int k = (f - 2) % 4, base = f < 6 ? 0 : 8, next = (k + 1) % 4;
            ring[0] = p[base + k];
            ring[1] = p[base + next];
            ring[2] = p[base + next + 4];
            ring[3] = p[base + k + 4];
            loop[0] = put(v, "IFCPOLYLOOP(%s)", list_of(ring, 4));
        }
        uint32_t bounds[2] = {put(v, "IFCFACEOUTERBOUND(#%u,.T.)", loop[0]), 0};
        if (f < 2) bounds[1] = put(v, "IFCFACEBOUND(#%u,.T.)", loop[1]);
        faces[f] = put(v, "IFCFACE(%s)", list_of(bounds, f < 2 ? 2 : 1));
    }
    const uint32_t shell = put(v, "IFCCLOSEDSHELL(%s)", list_of(faces, 10));
    expect_item(v, put(v, "IFCFACETEDBREP(#%u)", shell), (x * y - s * s) * z,
                2 * (x * y - s * s) + 2 * (x + y) * z + 4 * s * z);
}

// An octahedron of three half axes.
static void tessellated(verify *v) {
    case_begin(v);
    const double a = between(v, 0.2, 2), b = between(v, 0.2, 2), c = between(v, 0.2, 2);
    double p[6][3] = {{a, 0, 0}, {-a, 0, 0}, {0, b, 0}, {0, -b, 0}, {0, 0, c}, {0, 0, -c}};
    for (int i = 0; i < 6; i++) {
        ct_affine_point(p[i], &v->turn, p[i]);
        for (int k = 0; k < 3; k++) p[i][k] = len(v, p[i][k]);
    }
    const uint32_t points =
        put(v,
            "IFCCARTESIANPOINTLIST3D(((%.17g,%.17g,%.17g),(%.17g,%.17g,%.17g),(%.17g,%.17g,"
            "%.17g),(%.17g,%.17g,%.17g),(%.17g,%.17g,%.17g),(%.17g,%.17g,%.17g)))",
            p[0][0], p[0][1], p[0][2], p[1][0], p[1][1], p[1][2], p[2][0], p[2][1], p[2][2],
            p[3][0], p[3][1], p[3][2], p[4][0], p[4][1], p[4][2], p[5][0], p[5][1], p[5][2]);
    const double side = sqrt(a * a * b * b + b * b * c * c + a * a * c * c) / 2;
    expect_item(v,
                put(v,
                    "IFCTRIANGULATEDFACESET(#%u,$,.T.,((1,3,5),(3,2,5),(2,4,5),(4,1,5),(3,1,6),"
                    "(2,3,6),(4,2,6),(1,4,6)),$)",
                    points),
                4 * a * b * c / 3, 8 * side);
}

void verify_sweeps(verify *v) {
    static const struct {
        const char *name;
        void (*run)(verify *v);
    } families[] = {{"solid: askew extrusion", askew},       {"solid: tapered extrusion", tapered},
                    {"solid: revolved", revolved},           {"solid: swept disk", disk},
                    {"solid: disk along an offset", beside}, {"solid: primitives", primitive},
                    {"solid: faceted brep", faceted},        {"solid: tessellated", tessellated}};
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        family_begin(v, families[f].name);
        for (int i = 0; i < CASES + 6; i++) families[f].run(v);
        family_end(v);
    }
}
