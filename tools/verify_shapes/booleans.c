// Booleans of solids: boxes that overlap, touch, contain one another; balls and rods in boxes; long
// chains.
#include <math.h>

#include "verify.h"

static uint32_t result(verify *v, const char *op, uint32_t a, uint32_t b) {
    return put(v, "IFCBOOLEANRESULT(.%s.,#%u,#%u)", op, a, b);
}

typedef struct box {
    double low[3], high[3];
} box;

static uint32_t put_one(verify *v, const box *b) {
    return put_box(v, b->low[0], b->low[1], b->low[2], b->high[0], b->high[1], b->high[2]);
}

static double volume(const box *b) {
    double product = 1;
    for (int k = 0; k < 3; k++) product *= fmax(b->high[k] - b->low[k], 0);
    return product;
}

static double area(const box *b) {
    double d[3];
    for (int k = 0; k < 3; k++) d[k] = b->high[k] - b->low[k];
    return volume(b) > 0 ? 2 * (d[0] * d[1] + d[1] * d[2] + d[0] * d[2]) : 0;
}

// Two boxes. What they share decides all: |A + B| = |A| + |B| - |A * B|, and likewise the areas,
// while no two faces look the same way in one plane.
static void two_boxes(verify *v, int op, bool touching) {
    static const char *const names[3] = {"UNION", "INTERSECTION", "DIFFERENCE"};
    case_begin(v);
    box a = {{0, 0, 0}, {1, 1, 1}}, b, both;
    for (int k = 0; k < 3; k++) {
        a.high[k] = between(v, 1, 3);
        b.low[k] = between(v, -0.8, 0.8);
        b.high[k] = b.low[k] + between(v, 0.3, 3);
    }
    const int flush = v->number % 3;
    if (touching) { // a face of B lies in one of A, and it stays within it
        for (int k = 0; k < 3; k++) {
            b.low[k] = 0.2;
            b.high[k] = a.high[k] - 0.2;
        }
        if (v->number % 2) { // within A
            b.low[flush] = 0;
        } else { // outside it
            b.low[flush] = -1;
            b.high[flush] = 0;
        }
    }
    for (int k = 0; k < 3; k++) {
        both.low[k] = fmax(a.low[k], b.low[k]);
        both.high[k] = fmin(a.high[k], b.high[k]);
    }
    const double shared = volume(&both), shared_area = area(&both);
    double wanted[3] = {volume(&a) + volume(&b) - shared, shared, volume(&a) - shared};
    double areas[3] = {area(&a) + area(&b) - shared_area, shared_area, NAN};
    // Of B's surface what lies in A is added to what of A's lies outside B. Where B is within A or
    // they are apart that is plain; else the shared box has some faces from each.
    double from_b = 0, from_a = 0;
    for (int k = 0; k < 3; k++) {
        const double face = shared > 0 ? shared / (both.high[k] - both.low[k]) : 0;
        from_b += face * ((b.low[k] > a.low[k]) + (b.high[k] < a.high[k]));
        from_a += face * ((b.low[k] <= a.low[k]) + (b.high[k] >= a.high[k]));
    }
    areas[2] = area(&a) - from_a + from_b;
    if (touching) {
        const double spot = (b.high[(flush + 1) % 3] - b.low[(flush + 1) % 3]) *
                            (b.high[(flush + 2) % 3] - b.low[(flush + 2) % 3]);
        if (v->number % 2) {
            areas[0] = area(&a); // B is a part of A
        } else {
            areas[0] = area(&a) + area(&b) - 2 * spot; // they share one face
        }
    }
    const uint32_t first = put_one(v, &a), second = put_one(v, &b);
    expect_item(v, result(v, names[op], first, second), wanted[op], areas[op]);
}

static void unions(verify *v) {
    two_boxes(v, 0, false);
}
static void intersections(verify *v) {
    two_boxes(v, 1, false);
}
static void differences(verify *v) {
    two_boxes(v, 2, false);
}
static void touching_unions(verify *v) {
    two_boxes(v, 0, true);
}
static void touching_differences(verify *v) {
    two_boxes(v, 2, true);
}

// A ball: within a box, half in it, an eighth at its corner; three ways.
static void ball(verify *v) {
    case_begin(v);
    const double r = between(v, 0.3, 1.5), size = 4;
    const int faces = v->number % 4; // of the box that go through the middle
    const double middle[3] = {faces > 0 ? 0 : 2, faces > 1 ? 0 : 2, faces > 2 ? 0 : 2};
    const double share = 1.0 / (1 << faces), whole = 4 * M_PI * r * r * r / 3;
    const box b = {{0, 0, 0}, {size, size, size}};
    const uint32_t first = put_one(v, &b);
    const ct_affine at = at_point(middle[0], middle[1], middle[2]);
    const uint32_t second = put(v, "IFCSPHERE(#%u,%.17g)", put_frame(v, &at), len(v, r));
    // In each of these faces a disk, or a half or a quarter of one.
    const double disks = faces ? faces * M_PI * r * r / (1 << (faces - 1)) : 0;
    const double outside = 6 * size * size - disks, dent = 4 * M_PI * r * r * share;
    if (v->number % 3 == 0)
        expect_item(v, result(v, "INTERSECTION", first, second), whole * share, dent + disks);
    else if (v->number % 3 == 1)
        expect_item(v, result(v, "DIFFERENCE", first, second), size * size * size - whole * share,
                    outside + dent);
    else
        expect_item(v, result(v, "UNION", first, second), size * size * size + whole * (1 - share),
                    outside + 4 * M_PI * r * r - dent);
}

// Two round rods that cross at right angles: what they share is 16 r^3 / 3 and 16 r^2 of surface.
static void crossing_rods(verify *v) {
    case_begin(v);
    const double r = between(v, 0.1, 0.8), l = between(v, 2, 4);
    uint32_t rods[2];
    for (int k = 0; k < 2; k++) {
        const double axis[3] = {k == 0, k == 1, 0};
        const double end[3] = {k == 0 ? -l / 2 : 0, k == 1 ? -l / 2 : 0, 0};
        const ct_affine frame = ct_affine_frame(end, axis, NULL);
        rods[k] = put(v, "IFCRIGHTCIRCULARCYLINDER(#%u,%.17g,%.17g)", put_frame(v, &frame),
                      len(v, l), len(v, r));
    }
    const double one = M_PI * r * r * l, shared = 16 * r * r * r / 3;
    const double skin = 2 * M_PI * r * l, ends = 2 * M_PI * r * r;
    if (v->number % 3 == 0)
        expect_item(v, result(v, "INTERSECTION", rods[0], rods[1]), shared, 16 * r * r);
    else if (v->number % 3 == 1)
        expect_item(v, result(v, "DIFFERENCE", rods[0], rods[1]), one - shared,
                    skin + ends); // each rod has half of the shared skin
    else
        expect_item(v, result(v, "UNION", rods[0], rods[1]), 2 * one - shared,
                    2 * (skin + ends) - 16 * r * r);
}

// A plate less up to 60 pegs, one after the other, as nested results.
static void chain(verify *v) {
    case_begin(v);
    const int n = 1 + 3 * (v->number % 20);
    const double t = between(v, 0.1, 0.5), s = between(v, 0.2, 0.6);
    uint32_t item = put_box(v, 0, 0, 0, 10, 10, t);
    for (int i = 0; i < n; i++) {
        const double x = 0.1 + i % 10, y = 0.1 + i / 10;
        item = result(v, "DIFFERENCE", item, put_box(v, x, y, -0.1, x + s, y + s, t + 0.1));
    }
    expect_item(v, item, t * (100 - n * s * s), 2 * (100 - n * s * s) + 40 * t + 4 * n * s * t);
}

// Steps of a stair, each a half on the one before it, joined one after the other; every third chain
// has a peg taken out of the middle of the work.
static void staircase(verify *v) {
    case_begin(v);
    const int n = 2 + 2 * (v->number % 20);
    const double w = between(v, 0.8, 1.5), a = between(v, 0.2, 0.3), b = between(v, 0.15, 0.2);
    const bool peg = v->number % 3 == 0;
    uint32_t item = put_box(v, 0, 0, 0, 2 * a, w, b);
    double pegs = 0;
    for (int i = 1; i < n; i++) {
        item = result(v, "UNION", item, put_box(v, i * a, 0, i * b, (i + 2) * a, w, (i + 1) * b));
        if (!peg || i != n / 2) continue;
        item = result(v, "DIFFERENCE", item, put_box(v, 0.1 * a, 0.1, -1, 0.6 * a, 0.3, b + 1));
        pegs = 0.5 * a * 0.2 * b;
    }
    // Treads and undersides: each step shows a half of both, the ends twice that.
    double area = NAN;
    if (!peg) area = n * b * (4 * a + 2 * w) + 2 * (n + 1) * a * w;
    expect_item(v, item, 2 * a * b * w * n - pegs, area);
}

// A box less a box less a ball: results as second operands too.
static void nested(verify *v) {
    case_begin(v);
    const double r = between(v, 0.2, 0.9), s = between(v, 2, 3);
    const uint32_t ball_in =
        put(v, "IFCSPHERE(#%u,%.17g)", put_frame(v, &ct_affine_identity), len(v, r));
    const uint32_t inner = put_box(v, -1, -1, -1, 1, 1, 1);
    const uint32_t outer = put_box(v, -s, -s, -s, s, s, s);
    const uint32_t item = result(v, "DIFFERENCE", outer, result(v, "DIFFERENCE", inner, ball_in));
    expect_item(v, put(v, "IFCCSGSOLID(#%u)", item), 8 * s * s * s - 8 + 4 * M_PI * r * r * r / 3,
                24 * s * s + 24 + 4 * M_PI * r * r);
}

void verify_booleans(verify *v) {
    static const struct {
        const char *name;
        void (*run)(verify *v);
    } families[] = {{"boolean: boxes joined", unions},
                    {"boolean: boxes intersected", intersections},
                    {"boolean: boxes subtracted", differences},
                    {"boolean: touching boxes joined", touching_unions},
                    {"boolean: flush boxes subtracted", touching_differences},
                    {"boolean: balls and boxes", ball},
                    {"boolean: crossing rods", crossing_rods},
                    {"boolean: chains", chain},
                    {"boolean: many joined", staircase},
                    {"boolean: nested", nested}};
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        family_begin(v, families[f].name);
        for (int i = 0; i < CASES; i++) families[f].run(v);
        family_end(v);
    }
}
