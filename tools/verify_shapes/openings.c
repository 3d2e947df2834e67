// Openings in walls: straight, curved, layered and sloped ones; windows, doors, recesses; flush,
// too large, overlapping, touching, or beside the wall.
#include <math.h>

#include "verify.h"

typedef struct wall {
    double length, thickness, height;
} wall;

static wall some_wall(verify *v) {
    case_begin(v);
    return (wall){between(v, 4, 8), between(v, 0.1, 0.5), between(v, 2.5, 4)};
}

static uint32_t put_wall(verify *v, const wall *w) {
    return put_box(v, 0, 0, 0, w->length, w->thickness, w->height);
}

// An opening from x0, z0 to x1, z1 and from y0 to y1 through the wall; swept along, up or across.
static uint32_t opening(verify *v, double x0, double y0, double z0, double x1, double y1,
                        double z1) {
    if (v->number % 3 == 0) return put_box(v, x0, y0, z0, x1, y1, z1);
    const double origin[3] = {(x0 + x1) / 2, v->number % 3 == 1 ? y0 : y1, (z0 + z1) / 2};
    const double across[3] = {0, v->number % 3 == 1 ? 1 : -1, 0}, along[3] = {1, 0, 0};
    const ct_affine frame = ct_affine_frame(origin, across, along);
    return put_extrusion(v, put_rectangle(v, x1 - x0, z1 - z0, 0, 0), &frame, 0, 0, 1, y1 - y0);
}

static double shell_area(const wall *w) {
    return 2 * (w->length * w->thickness + w->thickness * w->height + w->length * w->height);
}

// Through: each window takes its two faces and adds its reveals.
static void windows(verify *v) {
    const wall w = some_wall(v);
    const int n = 1 + v->number % 3;
    const double a = between(v, 0.5, 0.9), b = between(v, 0.5, 1.4);
    const double over = v->number % 2 ? 0.1 : 0; // flush, or too long
    uint32_t holes[3];
    for (int i = 0; i < n; i++)
        holes[i] = opening(v, 0.5 + i, -over, 0.8, 0.5 + i + a, w.thickness + over, 0.8 + b);
    const uint32_t item = put_wall(v, &w);
    expect_cut(v, &item, 1, holes, n, w.thickness * (w.length * w.height - n * a * b),
               shell_area(&w) + n * (2 * (a + b) * w.thickness - 2 * a * b));
}

// A door stands on the wall's foot, or reaches below it.
static void doors(verify *v) {
    const wall w = some_wall(v);
    const double a = between(v, 0.7, 1.2), b = between(v, 1.9, 2.3);
    const double low = v->number % 2 ? 0 : -0.3;
    const uint32_t item = put_wall(v, &w);
    const uint32_t hole = opening(v, 1, 0, low, 1 + a, w.thickness, b);
    // The foot loses a, the reveals are two sides and the head.
    expect_cut(v, &item, 1, &hole, 1, w.thickness * (w.length * w.height - a * b),
               shell_area(&w) - 2 * a * b + 2 * b * w.thickness);
}

static void recesses(verify *v) {
    const wall w = some_wall(v);
    const double a = between(v, 0.3, 2), b = between(v, 0.3, 1.5);
    const double deep = w.thickness * between(v, 0.2, 0.8);
    const uint32_t item = put_wall(v, &w);
    // From the front, flush or from before it; the back stays.
    const uint32_t hole = opening(v, 1, v->number % 2 ? 0 : -0.5, 0.5, 1 + a, deep, 0.5 + b);
    expect_cut(v, &item, 1, &hole, 1, w.thickness * w.length * w.height - a * b * deep,
               shell_area(&w) + 2 * (a + b) * deep);
}

// A window and a recess in one wall.
static void both(verify *v) {
    const wall w = some_wall(v);
    const double a = between(v, 0.3, 0.9), b = between(v, 0.3, 1.5), deep = w.thickness / 2;
    const uint32_t item = put_wall(v, &w);
    const uint32_t holes[2] = {opening(v, 1, -0.1, 0.5, 1 + a, w.thickness + 0.1, 0.5 + b),
                               opening(v, 2.5, -0.1, 0.5, 2.5 + a, deep, 0.5 + b)};
    expect_cut(v, &item, 1, holes, 2,
               w.thickness * w.length * w.height - a * b * (deep + w.thickness),
               shell_area(&w) + 2 * (a + b) * (deep + w.thickness) - 2 * a * b);
}

// Larger than the wall one way or in all: a piece is left, or two, or none.
static void too_large(verify *v) {
    const wall w = some_wall(v);
    const uint32_t item = put_wall(v, &w);
    const double low = v->number % 4 == 0 ? -1 : 1,
                 high = v->number % 4 == 1 ? w.length - 1 : w.length + 1;
    const uint32_t hole = opening(v, low, -1, -1, high, w.thickness + 1, w.height + 1);
    const double left = fmax(low, 0), right = w.length - fmin(high, w.length);
    const double rest = left + right;
    const int pieces = (left > 0) + (right > 0);
    expect_cut(v, &item, 1, &hole, 1, rest * w.thickness * w.height,
               2 * rest * (w.thickness + w.height) + 2 * pieces * w.thickness * w.height);
}

// Two that overlap, two that share an edge, one at the wall's end, one beside the wall.
static void neighbours(verify *v) {
    const wall w = some_wall(v);
    const double a = between(v, 0.5, 1), b = between(v, 0.5, 1.5), t = w.thickness;
    const uint32_t item = put_wall(v, &w);
    const double shift = v->number % 4 == 0 ? a / 2 : a;
    uint32_t holes[2];
    double opened, skin;
    if (v->number % 4 < 2) { // side by side
        holes[0] = opening(v, 1, 0, 0.5, 1 + a, t, 0.5 + b);
        holes[1] = opening(v, 1 + shift, 0, 0.5, 1 + shift + a, t, 0.5 + b);
        opened = (a + shift) * b;
        skin = 2 * (a + shift + b) * t - 2 * opened;
    } else if (v->number % 4 == 2) { // at the end, and beside it
        holes[0] = opening(v, w.length - a, 0, 0.5, w.length, t, 0.5 + b);
        holes[1] = opening(v, w.length, 0, 0.5, w.length + a, t, 0.5 + b);
        opened = a * b;
        skin = 2 * a * t - 2 * opened;
    } else { // they touch before and behind
        holes[0] = opening(v, 1, -1, 0.5, 1 + a, 0, 0.5 + b);
        holes[1] = opening(v, 1, t, 0.5, 1 + a, t + 1, 0.5 + b);
        opened = skin = 0;
    }
    expect_cut(v, &item, 1, holes, 2, t * (w.length * w.height - opened), shell_area(&w) + skin);
}

// Three layers, each a solid of its own.
static void layered(verify *v) {
    const wall w = some_wall(v);
    const double a = between(v, 0.5, 2), b = between(v, 0.5, 1.5);
    const double layer[4] = {0, w.thickness * 0.3, w.thickness * 0.8, w.thickness};
    uint32_t items[3];
    for (int i = 0; i < 3; i++)
        items[i] = put_box(v, 0, layer[i], 0, w.length, layer[i + 1], w.height);
    const uint32_t hole = opening(v, 1, 0, 0.6, 1 + a, w.thickness, 0.6 + b);
    const double face = w.length * w.height - a * b;
    expect_cut(v, items, 3, &hole, 1, w.thickness * face,
               6 * face + w.thickness * (2 * (w.length + w.height) + 2 * (a + b)));
}

// Under a sloping top, clipped or drawn so.
static void sloped(verify *v) {
    const wall w = some_wall(v);
    const double a = between(v, 0.5, 2), b = between(v, 0.5, 1), rise = between(v, 0.3, 1.5);
    const double l = w.length, h = w.height, t = w.thickness;
    uint32_t item;
    if (v->number % 2) {
        const double point[3] = {0, 0, h}, normal[3] = {-rise, 0, l};
        const uint32_t plane = put_plane(v, point, normal);
        item = put(v, "IFCBOOLEANCLIPPINGRESULT(.DIFFERENCE.,#%u,#%u)",
                   put_box(v, 0, 0, 0, l, t, h + 3), put(v, "IFCHALFSPACESOLID(#%u,.F.)", plane));
    } else {
        const double xy[4][2] = {{0, 0}, {l, 0}, {l, h + rise}, {0, h}};
        const ct_affine upright = ct_affine_frame(
            (const double[3]){0, t, 0}, (const double[3]){0, -1, 0}, (const double[3]){1, 0, 0});
        item = put_extrusion(v, put_polygon(v, xy, 4), &upright, 0, 0, 1, t);
    }
    const uint32_t hole = opening(v, 1, -0.2, 0.6, 1 + a, t + 0.2, 0.6 + b);
    const double face = l * (h + rise / 2);
    expect_cut(v, &item, 1, &hole, 1, t * (face - a * b),
               2 * (face - a * b) + t * (l + 2 * h + rise + hypot(l, rise) + 2 * (a + b)));
}

// A wall round a part of a circle; the opening a slice of the ring, by angle, so that a formula
// tells what it takes; or a round hole from the middle, which takes no formula's worth.
static void curved(verify *v) {
    case_begin(v);
    enum { N = 40 };
    const double r = between(v, 4, 8), t = between(v, 0.2, 0.5), h = 3, sweep = 1.2;
    const double from = 0.3, to = from + between(v, 0.1, 0.4), low = 0.8, high = 2;
    const uint32_t place = put_frame(v, &ct_affine_identity);
    const uint32_t profile = put_rectangle(v, t, h, r, h / 2);
    const uint32_t axis =
        put(v, "IFCAXIS1PLACEMENT(#%u,#%u)", put_point3(v, 0, 0, 0), put_direction(v, 0, 1, 0));
    // The profile's y is the axis; its plane is turned about it.
    const uint32_t item =
        put(v, "IFCREVOLVEDAREASOLID(#%u,#%u,#%u,%.17g)", profile, place, axis, ang(v, sweep));
    const double a = tan((to - from) / 2) * 20; // a wedge, wide enough at 10 m from the axis
    // Turning about y takes x to -z: the wedge's middle lies at that angle.
    const double middle = (from + to) / 2;
    const ct_affine frame =
        ct_affine_frame((const double[3]){0, low, 0}, (const double[3]){0, 1, 0},
                        (const double[3]){cos(middle), 0, -sin(middle)});
    const double wedge[3][2] = {{0, 0}, {10, -a / 2}, {10, a / 2}};
    const uint32_t hole = put_extrusion(v, put_polygon(v, wedge, 3), &frame, 0, 0, 1, high - low);
    const double angle = sweep - (to - from) * (high - low) / h;
    expect_cut(v, &item, 1, &hole, 1, t * r * angle * h, NAN);
}

// A round window, a gabled one, and one askew through the wall.
static void other_forms(verify *v) {
    const wall w = some_wall(v);
    const double r = between(v, 0.2, 0.8), t = w.thickness;
    const uint32_t item = put_wall(v, &w);
    const ct_affine frame = ct_affine_frame((const double[3]){2, -0.5, 1.2},
                                            (const double[3]){0, 1, 0}, (const double[3]){1, 0, 0});
    uint32_t profile;
    double hole, edge;
    if (v->number % 3 == 0) {
        profile = put(v, "IFCCIRCLEPROFILEDEF(.AREA.,$,$,%.17g)", len(v, r));
        hole = M_PI * r * r;
        edge = 2 * M_PI * r;
    } else {
        const double xy[5][2] = {{-r, -r}, {r, -r}, {r, 0}, {0, r}, {-r, 0}};
        profile = put_polygon(v, xy, 5);
        hole = 3 * r * r;
        edge = (4 + 2 * sqrt(2)) * r;
    }
    const double slant = v->number % 3 == 2 ? 0.5 : 0; // along the wall for each metre through it
    const uint32_t opening_item =
        put_extrusion(v, profile, &frame, slant, 0, 1, (t + 1) * hypot(1, slant));
    double area = shell_area(&w) - 2 * hole + edge * t;
    if (slant > 0) area = NAN;
    expect_cut(v, &item, 1, &opening_item, 1, t * (w.length * w.height - hole), area);
}

// Many at once.
static void many(verify *v) {
    case_begin(v);
    const int n = 10 * (1 + v->number % 12);
    const double t = between(v, 0.1, 0.4), s = between(v, 0.3, 0.8);
    uint32_t holes[130];
    const uint32_t item = put_box(v, 0, 0, 0, n / 4.0 + 1, t, 5);
    for (int i = 0; i < n; i++) {
        const double x = 0.1 + i / 4, z = 0.1 + i % 4;
        holes[i] = opening(v, x, v->number % 2 ? 0 : -0.1, z, x + s, t, z + s);
    }
    const wall w = {n / 4.0 + 1, t, 5};
    expect_cut(v, &item, 1, holes, n, t * (w.length * 5 - n * s * s),
               shell_area(&w) + n * (4 * s * t - 2 * s * s));
}

// A slab with shafts of its own form: a rectangle drawn askew, a round one.
static void slabs(verify *v) {
    case_begin(v);
    const double x = between(v, 4, 8), y = between(v, 4, 8), t = between(v, 0.1, 0.4);
    const double r = between(v, 0.3, 1), a = between(v, 0, 3);
    const uint32_t item = put_box(v, 0, 0, 0, x, y, t);
    const double c = cos(a) * r, s = sin(a) * r;
    const double square[4][2] = {{2 + c, 2 + s}, {2 - s, 2 + c}, {2 - c, 2 - s}, {2 + s, 2 - c}};
    const ct_affine below = at_point(0, 0, -0.5);
    const uint32_t hole = put_extrusion(v, put_polygon(v, square, 4), &below, 0, 0, 1, t + 1);
    const wall w = {x, y, t};
    expect_cut(v, &item, 1, &hole, 1, t * (x * y - 2 * r * r),
               shell_area(&w) - 4 * r * r + 4 * sqrt(2) * r * t);
}

void verify_openings(verify *v) {
    static const struct {
        const char *name;
        void (*run)(verify *v);
    } families[] = {{"opening: windows", windows},
                    {"opening: doors", doors},
                    {"opening: recesses", recesses},
                    {"opening: windows and recesses", both},
                    {"opening: larger than the wall", too_large},
                    {"opening: overlapping, touching", neighbours},
                    {"opening: layered walls", layered},
                    {"opening: sloped walls", sloped},
                    {"opening: curved walls", curved},
                    {"opening: other forms", other_forms},
                    {"opening: many", many},
                    {"opening: slabs", slabs}};
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        family_begin(v, families[f].name);
        for (int i = 0; i < CASES; i++) families[f].run(v);
        family_end(v);
    }
}
