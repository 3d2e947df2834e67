// Advanced breps: solids of faces on curved surfaces, bounded by edges with curves; and bounded
// surfaces as items.
#include <math.h>
#include <stdio.h>

#include "verify.h"

static uint32_t vertex(verify *v, double x, double y, double z) {
    return put(v, "IFCVERTEXPOINT(#%u)", put_spot(v, x, y, z));
}

static uint32_t edge(verify *v, uint32_t from, uint32_t to, uint32_t curve, bool along) {
    return put(v, "IFCEDGECURVE(#%u,#%u,#%u,.%s.)", from, to, curve, along ? "T" : "F");
}

static uint32_t line(verify *v, const double p[3], const double q[3]) {
    const double d[3] = {q[0] - p[0], q[1] - p[1], q[2] - p[2]};
    const uint32_t at = put_spot(v, p[0], p[1], p[2]);
    const uint32_t vector = put(v, "IFCVECTOR(#%u,1.)", put_way(v, d[0], d[1], d[2]));
    return put(v, "IFCLINE(#%u,#%u)", at, vector);
}

// A circle in the plane of a height.
static uint32_t circle_at(verify *v, double z, double r) {
    const ct_affine frame = at_point(0, 0, z);
    return put(v, "IFCCIRCLE(#%u,%.17g)", put_frame(v, &frame), len(v, r));
}

// A loop of edges; a negative one (by `back`, a bit each) is gone through backwards.
static uint32_t loop_of(verify *v, const uint32_t *edges, int n, unsigned back) {
    uint32_t oriented[8];
    for (int i = 0; i < n; i++)
        oriented[i] = put(v, "IFCORIENTEDEDGE(*,*,#%u,.%s.)", edges[i], back >> i & 1 ? "F" : "T");
    return put(v, "IFCEDGELOOP(%s)", list_of(oriented, n));
}

static uint32_t face_of(verify *v, uint32_t surface, const uint32_t *loops, int n, bool same) {
    uint32_t bounds[4];
    for (int i = 0; i < n; i++)
        bounds[i] = put(v, i ? "IFCFACEBOUND(#%u,.T.)" : "IFCFACEOUTERBOUND(#%u,.T.)", loops[i]);
    return put(v, "IFCADVANCEDFACE(%s,#%u,.%s.)", list_of(bounds, n), surface, same ? "T" : "F");
}

static uint32_t brep(verify *v, const uint32_t *faces, int n) {
    return put(v, "IFCADVANCEDBREP(#%u)", put(v, "IFCCLOSEDSHELL(%s)", list_of(faces, n)));
}

static uint32_t level(verify *v, double z) {
    const double at[3] = {0, 0, z}, up[3] = {0, 0, 1};
    return put_plane(v, at, up);
}

// A disk that looks up or down, bounded by a circle that turns counter-clockwise.
static uint32_t disk(verify *v, double z, uint32_t circle_edge, bool up) {
    const uint32_t loop = loop_of(v, &circle_edge, 1, up ? 0 : 1);
    return face_of(v, level(v, z), &loop, 1, up);
}

// A line in the parameters of a surface, which are in the file's units already.
static uint32_t line_on(verify *v, uint32_t surface, double x, double y, double dx, double dy) {
    const uint32_t at = put(v, "IFCCARTESIANPOINT((%.17g,%.17g))", x, y);
    const uint32_t way = put(v, "IFCDIRECTION((%.17g,%.17g))", dx, dy);
    const uint32_t vector = put(v, "IFCVECTOR(#%u,1.)", way);
    return put(v, "IFCPCURVE(#%u,#%u)", surface, put(v, "IFCLINE(#%u,#%u)", at, vector));
}

// A circle in the parameters of a level plane.
static uint32_t circle_on(verify *v, double z, double r) {
    const uint32_t place = put(v, "IFCAXIS2PLACEMENT2D(#%u,$)", put_point2(v, 0, 0));
    const uint32_t circle = put(v, "IFCCIRCLE(#%u,%.17g)", place, len(v, r));
    return put(v, "IFCPCURVE(#%u,#%u)", level(v, z), circle);
}

// A can: its mantle has two bounds, or one with a seam. Its edges have curves in space, or, `on`
// the cylinder that is its mantle, in the parameters of their surfaces.
static void expect_can_of(verify *v, double r, double h, uint32_t mantle, bool on) {
    const double foot[3] = {r, 0, 0}, head[3] = {r, 0, h};
    const uint32_t low = vertex(v, r, 0, 0), high = vertex(v, r, 0, h);
    const uint32_t foot_curve = on ? line_on(v, mantle, ang(v, 2), 0, 1, 0) : circle_at(v, 0, r);
    const uint32_t a = edge(v, low, low, foot_curve, true);
    const uint32_t b = edge(v, high, high, on ? circle_on(v, h, r) : circle_at(v, h, r), true);
    uint32_t faces[3] = {disk(v, 0, a, false), disk(v, h, b, true)};
    if (v->number % 2) {
        const uint32_t up = on ? line_on(v, mantle, 0, len(v, 1), 0, 1) : line(v, foot, head);
        const uint32_t seam = edge(v, low, high, up, true);
        const uint32_t edges[4] = {a, seam, b, seam};
        const uint32_t loop = loop_of(v, edges, 4, 4 + 8);
        faces[2] = face_of(v, mantle, &loop, 1, true);
    } else {
        const uint32_t loops[2] = {loop_of(v, &a, 1, 0), loop_of(v, &b, 1, 1)};
        faces[2] = face_of(v, mantle, loops, 2, true);
    }
    expect_item(v, brep(v, faces, 3), M_PI * r * r * h, 2 * M_PI * r * (r + h));
}

static void expect_can(verify *v, double r, double h, uint32_t mantle) {
    expect_can_of(v, r, h, mantle, false);
}

static uint32_t cylindrical(verify *v, double r) {
    return put(v, "IFCCYLINDRICALSURFACE(#%u,%.17g)", put_frame(v, &ct_affine_identity), len(v, r));
}

static void cylinder(verify *v) {
    case_begin(v);
    const double r = between(v, 0.1, 2), h = between(v, 0.2, 4);
    expect_can(v, r, h, cylindrical(v, r));
}

// A frustum: a line turned round its axis.
static void cone(verify *v) {
    case_begin(v);
    const double r = between(v, 0.3, 2), s = v->number % 3 ? r * between(v, 0.2, 0.8) : 0;
    const double h = between(v, 0.3, 3);
    const uint32_t low = vertex(v, r, 0, 0), high = vertex(v, s, 0, h);
    const uint32_t a = edge(v, low, low, circle_at(v, 0, r), true);
    const uint32_t b = s > 0 ? edge(v, high, high, circle_at(v, h, s), true) : 0;
    const uint32_t ends[2] = {put_point3(v, r, 0, 0), put_point3(v, s, 0, h)};
    const uint32_t side = put(v, "IFCPOLYLINE(%s)", list_of(ends, 2));
    const uint32_t profile = put(v, "IFCARBITRARYOPENPROFILEDEF(.CURVE.,$,#%u)", side);
    const uint32_t axis =
        put(v, "IFCAXIS1PLACEMENT(#%u,#%u)", put_point3(v, 0, 0, 0), put_direction(v, 0, 0, 1));
    const uint32_t mantle = put(v, "IFCSURFACEOFREVOLUTION(#%u,#%u,#%u)", profile,
                                put_frame(v, &ct_affine_identity), axis);
    const uint32_t loops[2] = {loop_of(v, &a, 1, 0), s > 0 ? loop_of(v, &b, 1, 1) : 0};
    uint32_t faces[3] = {disk(v, 0, a, false), face_of(v, mantle, loops, s > 0 ? 2 : 1, true), 0};
    if (s > 0) faces[2] = disk(v, h, b, true);
    expect_item(v, brep(v, faces, s > 0 ? 3 : 2), M_PI * h * (r * r + r * s + s * s) / 3,
                M_PI * (r * r + s * s + (r + s) * hypot(r - s, h)));
}

// A cap of a ball on a disk; the ball's slice between two heights.
static void ball(verify *v) {
    case_begin(v);
    const double r = between(v, 0.2, 2), z0 = r * between(v, -0.8, 0.1);
    const double z1 = v->number % 2 ? r * between(v, 0.3, 0.8) : r;
    const double a0 = sqrt(r * r - z0 * z0), a1 = sqrt(fmax(r * r - z1 * z1, 0));
    const uint32_t low = vertex(v, a0, 0, z0), high = vertex(v, a1, 0, z1);
    const uint32_t a = edge(v, low, low, circle_at(v, z0, a0), true);
    const uint32_t b = a1 > 0 ? edge(v, high, high, circle_at(v, z1, a1), true) : 0;
    const uint32_t surface =
        put(v, "IFCSPHERICALSURFACE(#%u,%.17g)", put_frame(v, &ct_affine_identity), len(v, r));
    const uint32_t loops[2] = {loop_of(v, &a, 1, 0), b ? loop_of(v, &b, 1, 1) : 0};
    uint32_t faces[3] = {disk(v, z0, a, false), face_of(v, surface, loops, b ? 2 : 1, true), 0};
    if (b) faces[2] = disk(v, z1, b, true);
    const double h = z1 - z0;
    expect_item(v, brep(v, faces, b ? 3 : 2), M_PI * h * (3 * a0 * a0 + 3 * a1 * a1 + h * h) / 6,
                2 * M_PI * r * h + M_PI * (a0 * a0 + a1 * a1));
}

// A bent rod: a part of a torus between two disks.
static void bend(verify *v) {
    case_begin(v);
    const double r = between(v, 0.5, 2), m = r * between(v, 0.1, 0.4), turn = between(v, 0.5, 5);
    uint32_t rings[2], faces[3];
    for (int end = 0; end < 2; end++) {
        const double a = end ? turn : 0, middle[3] = {r * cos(a), r * sin(a), 0};
        const double along[3] = {-sin(a), cos(a), 0}, out[3] = {cos(a), sin(a), 0};
        const ct_affine frame = ct_affine_frame(middle, along, out);
        const uint32_t at = vertex(v, (r + m) * cos(a), (r + m) * sin(a), 0);
        rings[end] =
            edge(v, at, at, put(v, "IFCCIRCLE(#%u,%.17g)", put_frame(v, &frame), len(v, m)), true);
        const uint32_t loop = loop_of(v, &rings[end], 1, end ? 0 : 1);
        faces[end] = face_of(v, put_plane(v, middle, along), &loop, 1, end);
    }
    const uint32_t surface = put(v, "IFCTOROIDALSURFACE(#%u,%.17g,%.17g)",
                                 put_frame(v, &ct_affine_identity), len(v, r), len(v, m));
    const uint32_t loops[2] = {loop_of(v, &rings[0], 1, 0), loop_of(v, &rings[1], 1, 1)};
    faces[2] = face_of(v, surface, loops, 2, true);
    expect_item(v, brep(v, faces, 3), M_PI * m * m * r * turn,
                2 * M_PI * m * r * turn + 2 * M_PI * m * m);
}

// Half a can: a half circle swept along, or the same as a rational spline; and flat faces.
// `on`: the arcs are told by the surface's parameters.
static void half_can(verify *v, bool spline, bool on) {
    case_begin(v);
    const double r = between(v, 0.2, 2), h = between(v, 0.3, 3);
    const double p[4][3] = {{r, 0, 0}, {-r, 0, 0}, {r, 0, h}, {-r, 0, h}};
    uint32_t at[4], arcs[2], chords[2], sides[2], surface, faces[4];
    for (int i = 0; i < 4; i++) at[i] = vertex(v, p[i][0], p[i][1], p[i][2]);
    for (int i = 0; i < 2; i++) {
        chords[i] = edge(v, at[2 * i + 1], at[2 * i], line(v, p[2 * i + 1], p[2 * i]), true);
        sides[i] = edge(v, at[i], at[i + 2], line(v, p[i], p[i + 2]), true);
    }
    if (spline) {
        // Two quarters of a circle, of degree 2.
        const double net[5][2] = {{r, 0}, {r, r}, {0, r}, {-r, r}, {-r, 0}};
        uint32_t rows[5][2];
        for (int i = 0; i < 5; i++)
            for (int j = 0; j < 2; j++) rows[i][j] = put_spot(v, net[i][0], net[i][1], j ? h : 0);
        surface =
            put(v,
                "IFCRATIONALBSPLINESURFACEWITHKNOTS(2,1,(%s,%s,%s,%s,%s),.UNSPECIFIED.,.F.,"
                ".F.,.F.,(3,2,3),(2,2),(0.,1.,2.),(0.,1.),.UNSPECIFIED.,((1.,1.),(%.17g,"
                "%.17g),(1.,1.),(%.17g,%.17g),(1.,1.)))",
                list_of(rows[0], 2), list_of(rows[1], 2), list_of(rows[2], 2), list_of(rows[3], 2),
                list_of(rows[4], 2), sqrt(0.5), sqrt(0.5), sqrt(0.5), sqrt(0.5));
    } else {
        const uint32_t middle = put_at(v, 0, 0, 0);
        const uint32_t circle = put(v, "IFCCIRCLE(#%u,%.17g)", middle, len(v, r));
        const uint32_t arc = put(v,
                                 "IFCTRIMMEDCURVE(#%u,(IFCPARAMETERVALUE(0.)),(IFCPARAMETERVALUE("
                                 "%.17g)),.T.,.PARAMETER.)",
                                 circle, ang(v, M_PI));
        surface = put(v, "IFCSURFACEOFLINEAREXTRUSION(#%u,#%u,#%u,%.17g)",
                      put(v, "IFCARBITRARYOPENPROFILEDEF(.CURVE.,$,#%u)", arc),
                      put_frame(v, &ct_affine_identity), put_direction(v, 0, 0, 1), len(v, h));
    }
    for (int i = 0; i < 2; i++) {
        uint32_t curve = circle_at(v, i ? h : 0, r);
        if (on && spline)
            curve = put(v, "IFCPCURVE(#%u,#%u)", surface,
                        put(v, "IFCPOLYLINE((#%u,#%u))", put(v, "IFCCARTESIANPOINT((0.,%d.))", i),
                            put(v, "IFCCARTESIANPOINT((2.,%d.))", i)));
        else if (on)
            curve = line_on(v, surface, 0, i, 1, 0);
        if (on && v->number % 2) // in space it is told by nothing
            curve = put(v, "IFCSEAMCURVE($,(#%u,#%u),.PCURVE_S1.)", curve, curve);
        arcs[i] = edge(v, at[2 * i], at[2 * i + 1], curve, true);
    }
    const uint32_t around[4] = {arcs[0], sides[1], arcs[1], sides[0]};
    const uint32_t mantle = loop_of(v, around, 4, 4 + 8);
    faces[0] = face_of(v, surface, &mantle, 1, true);
    const uint32_t wall[4] = {chords[0], sides[0], chords[1], sides[1]};
    const uint32_t back = loop_of(v, wall, 4, 4 + 8);
    const double origin[3] = {0, 0, 0}, to[3] = {0, -1, 0};
    faces[1] = face_of(v, put_plane(v, origin, to), &back, 1, true);
    for (int i = 0; i < 2; i++) {
        const uint32_t lid[2] = {arcs[i], chords[i]};
        const uint32_t loop = loop_of(v, lid, 2, 0);
        faces[2 + i] = face_of(v, level(v, i ? h : 0), &loop, 1, i == 1);
    }
    expect_item(v, brep(v, faces, 4), M_PI * r * r * h / 2, M_PI * r * (h + r) + 2 * r * h);
}

static void swept(verify *v) {
    half_can(v, false, false);
}
static void splined(verify *v) {
    half_can(v, true, false);
}

// Edges told by the parameters of surfaces; and the area within a parallelogram of them on a
// cylinder, on a ball between two latitudes.
static void on_surfaces(verify *v) {
    if (v->number % 4 == 1) {
        case_begin(v);
        const double r = between(v, 0.1, 2), h = between(v, 0.2, 4);
        expect_can_of(v, r, h, cylindrical(v, r), true);
    } else if (v->number % 4 == 2) {
        half_can(v, v->number % 3 > 0, true);
    } else {
        case_begin(v);
        const bool ball = v->number % 4 == 0;
        const double r = between(v, 0.3, 2), du = between(v, 0.5, 5), lean = ball ? 0 : 0.8;
        const double low = between(v, 0, 0.3), high = between(v, 0.6, 1.2);
        const double uv[5][2] = {{0, low}, {du, low}, {du + lean, high}, {lean, high}, {0, low}};
        uint32_t at[5];
        for (int i = 0; i < 5; i++)
            at[i] = put(v, "IFCCARTESIANPOINT((%.17g,%.17g))", ang(v, uv[i][0]),
                        ball ? ang(v, uv[i][1]) : len(v, uv[i][1]));
        const uint32_t surface = ball ? put(v, "IFCSPHERICALSURFACE(#%u,%.17g)",
                                            put_frame(v, &ct_affine_identity), len(v, r))
                                      : cylindrical(v, r);
        const uint32_t curve =
            put(v, "IFCPCURVE(#%u,#%u)", surface, put(v, "IFCPOLYLINE(%s)", list_of(at, 5)));
        const uint32_t segment = put(v, "IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#%u)", curve);
        expect_item(v,
                    put(v, "IFCCURVEBOUNDEDSURFACE(#%u,(#%u),.F.)", surface,
                        put(v, "IFCOUTERBOUNDARYCURVE((#%u),.F.)", segment)),
                    NAN, ball ? r * r * du * (sin(high) - sin(low)) : r * du * (high - low));
    }
}

// A post with a twisted top, z over its corners: a spline of degree 1 both ways. The mean of the
// corners is its height.
static void twisted(verify *v) {
    case_begin(v);
    const double x = between(v, 0.5, 2), y = between(v, 0.5, 2);
    double z[4], sum = 0;
    uint32_t low[4], high[4], feet[4], heads[4], posts[4], faces[6];
    const double xy[4][2] = {{0, 0}, {x, 0}, {x, y}, {0, y}};
    for (int i = 0; i < 4; i++) {
        z[i] = between(v, 0.5, 2);
        sum += z[i];
        low[i] = vertex(v, xy[i][0], xy[i][1], 0);
        high[i] = vertex(v, xy[i][0], xy[i][1], z[i]);
    }
    for (int i = 0; i < 4; i++) {
        const int j = (i + 1) % 4;
        const double a[3] = {xy[i][0], xy[i][1], 0}, b[3] = {xy[j][0], xy[j][1], 0};
        const double c[3] = {xy[i][0], xy[i][1], z[i]}, d[3] = {xy[j][0], xy[j][1], z[j]};
        feet[i] = edge(v, low[i], low[j], line(v, a, b), true);
        heads[i] = edge(v, high[i], high[j], line(v, c, d), true);
        posts[i] = edge(v, low[i], high[i], line(v, a, c), true);
    }
    for (int i = 0; i < 4; i++) {
        const int j = (i + 1) % 4;
        const uint32_t around[4] = {feet[i], posts[j], heads[i], posts[i]};
        const uint32_t loop = loop_of(v, around, 4, 4 + 8);
        const double at[3] = {xy[i][0], xy[i][1], 0};
        const double out[3] = {xy[j][1] - xy[i][1], xy[i][0] - xy[j][0], 0};
        faces[i] = face_of(v, put_plane(v, at, out), &loop, 1, true);
    }
    const uint32_t top = loop_of(v, heads, 4, 0);
    uint32_t rows[2][2];
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            const int corner = i ? (j ? 2 : 1) : (j ? 3 : 0);
            rows[i][j] = put_spot(v, xy[corner][0], xy[corner][1], z[corner]);
        }
    const uint32_t surface = put(v,
                                 "IFCBSPLINESURFACEWITHKNOTS(1,1,(%s,%s),.UNSPECIFIED.,.F.,.F.,.F.,"
                                 "(2,2),(2,2),(0.,1.),(0.,1.),.UNSPECIFIED.)",
                                 list_of(rows[0], 2), list_of(rows[1], 2));
    faces[4] = face_of(v, surface, &top, 1, true);
    const uint32_t bottom[4] = {feet[3], feet[2], feet[1], feet[0]};
    const uint32_t loop = loop_of(v, bottom, 4, 15);
    faces[5] = face_of(v, level(v, 0), &loop, 1, false);
    expect_item(v, brep(v, faces, 6), x * y * sum / 4, NAN);
}

// Faces that close themselves: a ball without bounds or along a seam from pole to pole and back, a
// ring along two seams, a can whose mantle is a spline that comes round, with a seam or without.
static void closed(verify *v) {
    case_begin(v);
    const double r = between(v, 0.3, 2), m = r * between(v, 0.2, 0.6), h = between(v, 0.3, 3);
    const uint32_t place = put_frame(v, &ct_affine_identity);
    const ct_affine upright = ct_affine_frame(
        (const double[3]){0, 0, 0}, (const double[3]){0, -1, 0}, (const double[3]){1, 0, 0});
    uint32_t faces[3];
    if (v->number % 3 == 0) {
        const uint32_t low = vertex(v, 0, 0, -r), high = vertex(v, 0, 0, r);
        uint32_t loop;
        if (v->number % 2) {
            loop = put(v, "IFCVERTEXLOOP(#%u)", low);
        } else {
            const uint32_t circle =
                put(v, "IFCCIRCLE(#%u,%.17g)", put_frame(v, &upright), len(v, r));
            const uint32_t seam = edge(v, low, high, circle, true);
            const uint32_t edges[2] = {seam, seam};
            loop = loop_of(v, edges, 2, 2);
        }
        faces[0] =
            face_of(v, put(v, "IFCSPHERICALSURFACE(#%u,%.17g)", place, len(v, r)), &loop, 1, true);
        expect_item(v, brep(v, faces, 1), 4 * M_PI * r * r * r / 3, 4 * M_PI * r * r);
    } else if (v->number % 3 == 1) {
        const ct_affine tube = ct_affine_frame(
            (const double[3]){r, 0, 0}, (const double[3]){0, -1, 0}, (const double[3]){1, 0, 0});
        const uint32_t at = vertex(v, r + m, 0, 0);
        const uint32_t seams[2] = {
            edge(v, at, at, circle_at(v, 0, r + m), true),
            edge(v, at, at, put(v, "IFCCIRCLE(#%u,%.17g)", put_frame(v, &tube), len(v, m)), true)};
        const uint32_t edges[4] = {seams[0], seams[1], seams[0], seams[1]};
        const uint32_t loop = loop_of(v, edges, 4, 4 + 8);
        faces[0] =
            face_of(v, put(v, "IFCTOROIDALSURFACE(#%u,%.17g,%.17g)", place, len(v, r), len(v, m)),
                    &loop, 1, true);
        expect_item(v, brep(v, faces, 1), 2 * M_PI * M_PI * m * m * r, 4 * M_PI * M_PI * m * r);
    } else {
        static const double net[9][2] = {{1, 0},   {1, 1},  {0, 1},  {-1, 1}, {-1, 0},
                                         {-1, -1}, {0, -1}, {1, -1}, {1, 0}};
        char rows[1024], weights[1024];
        size_t at = 0, end = 0;
        for (int i = 0; i < 9; i++) {
            const double w = i % 2 ? sqrt(0.5) : 1;
            const uint32_t row[2] = {put_spot(v, r * net[i][0], r * net[i][1], 0),
                                     put_spot(v, r * net[i][0], r * net[i][1], h)};
            at += (size_t)snprintf(rows + at, sizeof rows - at, "%s%s", i ? "," : "",
                                   list_of(row, 2));
            end += (size_t)snprintf(weights + end, sizeof weights - end, "%s(%.17g,%.17g)",
                                    i ? "," : "", w, w);
        }
        const uint32_t mantle =
            put(v,
                "IFCRATIONALBSPLINESURFACEWITHKNOTS(2,1,(%s),.UNSPECIFIED.,.T.,.F.,.F.,(3,2,2,2,3),"
                "(2,2),(0.,1.,2.,3.,4.),(0.,1.),.UNSPECIFIED.,(%s))",
                rows, weights);
        expect_can(v, r, h, mantle);
    }
}

// Pieces of surfaces alone: areas.
static void bounded(verify *v) {
    case_begin(v);
    const double r = between(v, 0.3, 2), a = between(v, 0.2, 3), b = a + between(v, 0.3, 3);
    const uint32_t place = put_frame(v, &ct_affine_identity);
    switch (v->number % 4) {
    case 0: {
        const uint32_t cylinder_surface =
            put(v, "IFCCYLINDRICALSURFACE(#%u,%.17g)", place, len(v, r));
        expect_item(v,
                    put(v, "IFCRECTANGULARTRIMMEDSURFACE(#%u,%.17g,%.17g,%.17g,%.17g,.T.,.T.)",
                        cylinder_surface, ang(v, a), len(v, 1), ang(v, b), len(v, 3)),
                    NAN, 2 * r * (b - a));
        break;
    }
    case 1: { // from latitude 0 to 1
        const uint32_t sphere = put(v, "IFCSPHERICALSURFACE(#%u,%.17g)", place, len(v, r));
        expect_item(v,
                    put(v, "IFCRECTANGULARTRIMMEDSURFACE(#%u,%.17g,0.,%.17g,%.17g,.T.,.T.)", sphere,
                        ang(v, a), ang(v, b), ang(v, 1)),
                    NAN, r * r * (b - a) * sin(1));
        break;
    }
    case 2: { // a rectangle with a round hole, by curves in the plane
        const double xy[4][2] = {{-3, -3}, {3, -3}, {3, 3}, {-3, 3}};
        const uint32_t outer = put_polyline2(v, xy, 4);
        const uint32_t middle = put(v, "IFCAXIS2PLACEMENT2D(#%u,$)", put_point2(v, 0, 0));
        const uint32_t hole = put(v, "IFCCIRCLE(#%u,%.17g)", middle, len(v, r));
        expect_item(v,
                    put(v, "IFCCURVEBOUNDEDPLANE(#%u,#%u,(#%u))", put(v, "IFCPLANE(#%u)", place),
                        outer, hole),
                    NAN, 36 - M_PI * r * r);
        break;
    }
    default:
        expect_item(v,
                    put(v, "IFCRECTANGULARTRIMMEDSURFACE(#%u,%.17g,0.,%.17g,%.17g,.T.,.T.)",
                        put(v, "IFCPLANE(#%u)", place), len(v, a), len(v, b), len(v, 2)),
                    NAN, 2 * (b - a));
        break;
    }
}

void verify_advanced(verify *v) {
    static const struct {
        const char *name;
        void (*run)(verify *v);
    } families[] = {{"advanced: cylinders", cylinder},
                    {"advanced: cones", cone},
                    {"advanced: balls", ball},
                    {"advanced: bends", bend},
                    {"advanced: swept curves", swept},
                    {"advanced: splines", splined},
                    {"advanced: twisted tops", twisted},
                    {"advanced: closed surfaces", closed},
                    {"advanced: bounded surfaces", bounded},
                    {"advanced: curves on surfaces", on_surfaces}};
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        family_begin(v, families[f].name);
        for (int i = 0; i < CASES; i++) families[f].run(v);
        family_end(v);
    }
}
