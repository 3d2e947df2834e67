// Walls and bars clipped by planes: without bounds, with polygons about them, in chains, with
// either agreement; and by curved surfaces.
#include <math.h>

#include "verify.h"

static uint32_t clip(verify *v, uint32_t item, uint32_t half) {
    return put(v, "IFCBOOLEANCLIPPINGRESULT(.DIFFERENCE.,#%u,#%u)", item, half);
}

// What lies behind a plane is left: the material of the half-space lies before it. The plane's
// normal looks either way and the flag tells.
static uint32_t half_space(verify *v, const double point[3], const double normal[3]) {
    const bool agree = v->number % 2;
    const double turned[3] = {-normal[0], -normal[1], -normal[2]};
    const uint32_t plane = put_plane(v, point, agree ? turned : normal);
    return put(v, "IFCHALFSPACESOLID(#%u,.%s.)", plane, agree ? "T" : "F");
}

// The same over a polygon in x and y.
static uint32_t bounded(verify *v, const double point[3], const double normal[3],
                        const double (*xy)[2], int n) {
    const bool agree = v->number % 2;
    const double turned[3] = {-normal[0], -normal[1], -normal[2]};
    const uint32_t plane = put_plane(v, point, agree ? turned : normal);
    const uint32_t frame = put_frame(v, &ct_affine_identity);
    return put(v, "IFCPOLYGONALBOUNDEDHALFSPACE(#%u,.%s.,#%u,#%u)", plane, agree ? "T" : "F", frame,
               put_polyline2(v, xy, n));
}

// A wall under a sloping roof: a trapezium in elevation.
static void sloped(verify *v) {
    case_begin(v);
    const double l = between(v, 2, 8), t = between(v, 0.1, 0.4), h = between(v, 2, 3);
    const double rise = between(v, -0.2, 0.3) * l; // from h at one end to h + rise
    const uint32_t wall = put_box(v, 0, 0, 0, l, t, 8);
    const double point[3] = {0, 0, h}, normal[3] = {-rise, 0, l};
    const double face = l * (h + rise / 2);
    expect_item(v, clip(v, wall, half_space(v, point, normal)), t * face,
                2 * face + t * (l + h + h + rise + hypot(l, rise)));
}

// A gable: two planes, each over its own half of the wall, or without bounds.
static void gable(verify *v) {
    case_begin(v);
    const double l = between(v, 3, 8), t = between(v, 0.1, 0.4), h = between(v, 2, 3);
    const double rise = between(v, 0.5, 3);
    uint32_t wall = put_box(v, 0, 0, 0, l, t, 8);
    for (int side = 0; side < 2; side++) {
        const double point[3] = {side ? l : 0, 0, h};
        const double normal[3] = {side ? rise : -rise, 0, l / 2};
        const double x0 = side ? l / 2 : -1, x1 = side ? l + 1 : l / 2;
        const double over[4][2] = {{x0, -1}, {x1, -1}, {x1, t + 1}, {x0, t + 1}};
        wall = clip(v, wall,
                    v->number % 4 < 2 ? half_space(v, point, normal)
                                      : bounded(v, point, normal, over, 4));
    }
    const double face = l * h + l * rise / 2;
    expect_item(v, wall, t * face, 2 * face + t * (l + 2 * h + 2 * hypot(l / 2, rise)));
}

// A notch: a half-space over a rectangle within the plan takes a block out from the top.
static void notch(verify *v) {
    case_begin(v);
    const double x = between(v, 2, 4), y = between(v, 2, 4), h = 3, deep = between(v, 0.2, 2.5);
    const double a = between(v, 0.3, 1), b = between(v, 0.3, 1);
    const double point[3] = {0, 0, h - deep}, up[3] = {0, 0, 1};
    // Within the plan, over its edge, or at a corner of it, flush with it.
    const int way = v->number % 3;
    const double x0 = way ? -1 : 0.5, y0 = way == 2 ? 0 : 0.5, x1 = way ? a : 0.5 + a, y1 = y0 + b;
    const double over[4][2] = {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
    const double faces[3] = {2 * (a + b), 2 * a + b - b,
                             a + b - a - b}; // sides less what they open
    const uint32_t block = put_box(v, 0, 0, 0, x, y, h);
    expect_item(v, clip(v, block, bounded(v, point, up, over, 4)), x * y * h - a * b * deep,
                2 * x * y + 2 * (x + y) * h + faces[way] * deep);
}

// An L about the corner of a block, with a sloping plane.
static void l_bounded(verify *v) {
    case_begin(v);
    const double s = between(v, 2, 4), w = between(v, 0.3, 1), h = 3, low = between(v, 0.5, 1);
    const double point[3] = {0, 0, low}, normal[3] = {-1, 0, 2}; // z = low + x / 2
    const double l[6][2] = {{-1, -1}, {s + 1, -1}, {s + 1, w}, {w, w}, {w, s + 1}, {-1, s + 1}};
    // Over an area the plane stands low + x / 2 high, x at the area's middle.
    const double foot = s * w, leg = w * (s - w);
    const double cut = foot * (h - low - s / 4) + leg * (h - low - w / 4);
    const uint32_t block = put_box(v, 0, 0, 0, s, s, h);
    expect_item(v, clip(v, block, bounded(v, point, normal, l, 6)), s * s * h - cut, NAN);
}

// A cone of n planes about a block: what is left is a pyramid on a regular polygon's plan.
static void chain(verify *v) {
    case_begin(v);
    const int n = 3 + v->number % 20;
    const double r = between(v, 0.5, 1.5), h = between(v, 1, 3);
    uint32_t item = put_box(v, -4, -4, 0, 4, 4, 5);
    for (int i = 0; i < n; i++) {
        const double a = 2 * M_PI * i / n;
        const double point[3] = {r * cos(a), r * sin(a), 0};
        const double normal[3] = {h * cos(a), h * sin(a), r};
        item = clip(v, item, half_space(v, point, normal));
    }
    const double base = n * r * r * tan(M_PI / n);
    // Facets: base edges times the height along the slope.
    const double edge = 2 * r * tan(M_PI / n);
    expect_item(v, item, base * h / 3, base + n * edge * hypot(r, h) / 2);
}

// Intersections with half-spaces, and those that miss or take all.
static void kept(verify *v) {
    case_begin(v);
    const double x = between(v, 1, 3), y = between(v, 1, 3), h = between(v, 1, 3);
    const uint32_t block = put_box(v, 0, 0, 0, x, y, h);
    const double z = v->number % 3 == 0 ? h : v->number % 3 == 1 ? h / 2 : h + 1;
    const double point[3] = {0, 0, z}, normal[3] = {0, 0, 1};
    if (v->number % 2) { // what lies above z is left: nothing, half, nothing
        const double rest = fmax(h - z, 0);
        expect_item(
            v,
            put(v, "IFCBOOLEANRESULT(.INTERSECTION.,#%u,#%u)", block, half_space(v, point, normal)),
            x * y * rest, rest > 0 ? 2 * x * y + 2 * (x + y) * rest : 0);
    } else {
        const double rest = fmin(h, z);
        expect_item(v, clip(v, block, half_space(v, point, normal)), x * y * rest,
                    2 * x * y + 2 * (x + y) * rest);
    }
}

// Half-spaces combined before a solid comes: a wall less what lies above both slopes of a roof
// (which leaves a valley's upper side), above either (a gable), and a half-space as the first
// operand.
static void combined(verify *v) {
    case_begin(v);
    const double l = between(v, 3, 8), t = between(v, 0.1, 0.4), h = between(v, 2, 3);
    const double rise = between(v, 0.5, 2), top = 8;
    const uint32_t wall = put_box(v, 0, 0, 0, l, t, top);
    uint32_t slopes[2];
    for (int side = 0; side < 2; side++) {
        const double point[3] = {side ? l : 0, 0, h};
        const double normal[3] = {side ? rise : -rise, 0, l / 2};
        slopes[side] = half_space(v, point, normal);
    }
    if (v->number % 3 == 0) {
        const uint32_t either = put(v, "IFCBOOLEANRESULT(.UNION.,#%u,#%u)", slopes[0], slopes[1]);
        expect_item(v, put(v, "IFCBOOLEANRESULT(.DIFFERENCE.,#%u,#%u)", wall, either),
                    t * (l * h + l * rise / 2), NAN);
    } else if (v->number % 3 == 1) {
        const uint32_t both =
            put(v, "IFCBOOLEANRESULT(.INTERSECTION.,#%u,#%u)", slopes[0], slopes[1]);
        // The higher of the two slopes: from h + 2 * rise at the ends to h + rise in the middle.
        expect_item(v, put(v, "IFCBOOLEANRESULT(.DIFFERENCE.,#%u,#%u)", wall, both),
                    t * l * (h + 1.5 * rise), NAN);
    } else {
        expect_item(v, put(v, "IFCBOOLEANRESULT(.INTERSECTION.,#%u,#%u)", slopes[0], wall),
                    t * l * (top - h - rise), NAN);
    }
}

// A block less what lies inside or outside of a cylinder or a ball, or with it alone.
static void round_base(verify *v) {
    case_begin(v);
    const double x = between(v, 2, 4), y = between(v, 2, 4), h = between(v, 1, 2);
    const bool ball = v->number % 2, agree = v->number / 2 % 2, both = v->number / 4 % 2;
    const double r = ball ? between(v, 0.2, 0.45) * h : between(v, 0.2, 0.9);
    const uint32_t block = put_box(v, 0, 0, 0, x, y, h);
    const ct_affine middle = at_point(x / 2, y / 2, h / 2);
    const uint32_t frame = put_frame(v, &middle);
    const uint32_t surface =
        put(v, ball ? "IFCSPHERICALSURFACE(#%u,%.17g)" : "IFCCYLINDRICALSURFACE(#%u,%.17g)", frame,
            len(v, r));
    const uint32_t half = put(v, "IFCHALFSPACESOLID(#%u,.%s.)", surface, agree ? "T" : "F");
    const double inner = ball ? 4 * M_PI * r * r * r / 3 : M_PI * r * r * h;
    const double skin = ball ? 4 * M_PI * r * r : 2 * M_PI * r * h;
    const double cap = ball ? 0 : 2 * M_PI * r * r;
    const bool kept = both == agree; // what is inside
    expect_item(
        v,
        put(v, "IFCBOOLEANRESULT(.%s.,#%u,#%u)", both ? "INTERSECTION" : "DIFFERENCE", block, half),
        kept ? inner : x * y * h - inner,
        kept ? skin + cap : 2 * (x * y + y * h + h * x) + skin - cap);
}

// The same over a boundary: a half circle, or half the block's plan, which the surface's middle
// lies on the edge of; the boundary may be a curve.
static void round_bounded(verify *v) {
    case_begin(v);
    const double x = between(v, 2, 4), y = between(v, 2, 4), h = between(v, 1, 2);
    const bool ball = v->number % 2, agree = v->number / 2 % 2, both = v->number / 4 % 2;
    const bool curved = v->number % 3 == 0;
    const double r = ball ? between(v, 0.2, 0.45) * h : between(v, 0.2, 0.5);
    const double wide = r + between(v, 0.05, 0.1); // of the boundary's half circle
    const uint32_t block = put_box(v, 0, 0, 0, x, y, h);
    const ct_affine middle = at_point(x / 2, y / 2, h / 2);
    const uint32_t frame = put_frame(v, &middle);
    const uint32_t surface =
        put(v, ball ? "IFCSPHERICALSURFACE(#%u,%.17g)" : "IFCCYLINDRICALSURFACE(#%u,%.17g)", frame,
            len(v, r));
    const double over[4][2] = {{0, -y}, {x, -y}, {x, y}, {0, y}};
    uint32_t boundary;
    double area = x / 2 * y;
    if (curved) { // to the right of the middle
        const uint32_t place = put(v, "IFCAXIS2PLACEMENT2D(#%u,$)", put_point2(v, 0, 0));
        const uint32_t circle = put(v, "IFCCIRCLE(#%u,%.17g)", place, len(v, wide));
        const uint32_t arc = put(v,
                                 "IFCTRIMMEDCURVE(#%u,(IFCPARAMETERVALUE(%.17g)),"
                                 "(IFCPARAMETERVALUE(%.17g)),.T.,.PARAMETER.)",
                                 circle, ang(v, -M_PI / 2), ang(v, M_PI / 2));
        const uint32_t ends[2] = {put_point2(v, 0, wide), put_point2(v, 0, -wide)};
        const uint32_t chord = put(v, "IFCPOLYLINE(%s)", list_of(ends, 2));
        uint32_t segments[2];
        segments[0] = put(v, "IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#%u)", arc);
        segments[1] = put(v, "IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#%u)", chord);
        boundary = put(v, "IFCCOMPOSITECURVE(%s,.F.)", list_of(segments, 2));
        area = M_PI * wide * wide / 2;
    } else {
        boundary = put_polyline2(v, over, 4);
    }
    const uint32_t half = put(v, "IFCPOLYGONALBOUNDEDHALFSPACE(#%u,.%s.,#%u,#%u)", surface,
                              agree ? "T" : "F", frame, boundary);
    const double inner = (ball ? 4 * M_PI * r * r * r / 3 : M_PI * r * r * h) / 2;
    const double material = agree ? inner : area * h - inner;
    expect_item(
        v,
        put(v, "IFCBOOLEANRESULT(.%s.,#%u,#%u)", both ? "INTERSECTION" : "DIFFERENCE", block, half),
        both ? material : x * y * h - material, NAN);
}

// A wall under a spline surface that bends along it: z = low + rise (x / l)^2 by three rows of
// control points, that reach beyond the wall.
static void spline_base(verify *v) {
    case_begin(v);
    const double l = between(v, 2, 6), t = between(v, 0.1, 0.4), low = between(v, 1, 2);
    const double rise = between(v, 0.3, 1);
    const bool agree = v->number % 2;
    uint32_t rows[3][2];
    // The parabola over -l to 2 l: its ends and where their tangents meet.
    const double at[3][2] = {{-l, low + rise}, {l / 2, low - 2 * rise}, {2 * l, low + 4 * rise}};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 2; k++) rows[i][k] = put_spot(v, at[i][0], k ? t + 1 : -1, at[i][1]);
    // Its normal looks up (along x cross y).
    const uint32_t surface =
        put(v,
            "IFCBSPLINESURFACEWITHKNOTS(2,1,(%s,%s,%s),.UNSPECIFIED.,.F.,.F.,.F.,(3,3),(2,2),"
            "(0.,1.),(0.,1.),.UNSPECIFIED.)",
            list_of(rows[0], 2), list_of(rows[1], 2), list_of(rows[2], 2));
    const uint32_t half = put(v, "IFCHALFSPACESOLID(#%u,.%s.)", surface, agree ? "T" : "F");
    const uint32_t wall = put_box(v, 0, 0, 0, l, t, 8);
    const double below = t * l * (low + rise / 3);
    expect_item(v, put(v, "IFCBOOLEANRESULT(.DIFFERENCE.,#%u,#%u)", wall, half),
                agree ? t * l * 8 - below : below, NAN);
}

void verify_half_spaces(verify *v) {
    static const struct {
        const char *name;
        void (*run)(verify *v);
    } families[] = {{"half-space: sloped wall", sloped},
                    {"half-space: gable", gable},
                    {"half-space: bounded", notch},
                    {"half-space: bounded by an L", l_bounded},
                    {"half-space: combined", combined},
                    {"half-space: chain", chain},
                    {"half-space: kept, missed", kept},
                    {"half-space: cylinders, balls", round_base},
                    {"half-space: round, bounded", round_bounded},
                    {"half-space: splines", spline_base}};
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        family_begin(v, families[f].name);
        for (int i = 0; i < CASES; i++) families[f].run(v);
        family_end(v);
    }
}
