// Cross-sections that the engine has no formula for: composite ones by their geometry, those of old
// masonry by widths, pipe makers' sizes.
//
// The five of masonry are known by tables only; these are the ones that the field computes with (US
// EPA, SWMM 5, in the public domain): widths over the largest at equal steps of depth. The basket
// handle's largest is its height, as its published area has it (0.786 of the height's square).
#include <math.h>
#include <string.h>

#include "sim/swmm/reader.h"

enum { KNOTS = 256 };

typedef struct masonry {
    const char *name;
    double width; // largest, over the height
    size_t count;
    double widths[26];
} masonry;

static const masonry k_masonry[] = {
    {"GOTHIC", 0.84, 21, {0,     0.286, 0.643, 0.762, 0.833, 0.905, 0.952, 0.976, 0.976, 1, 1,
                          0.976, 0.976, 0.952, 0.905, 0.833, 0.762, 0.667, 0.524, 0.357, 0}},
    {"CATENARY", 0.9, 21, {0,      0.6667, 0.8222, 0.9111, 0.9778, 1,      1,
                           0.9889, 0.9778, 0.9556, 0.9333, 0.8889, 0.8444, 0.8,
                           0.7556, 0.7,    0.6333, 0.5556, 0.4444, 0.3333, 0}},
    {"SEMIELLIPTICAL", 1, 21, {0,    0.7,  0.98, 1,    1,   1,    0.99, 0.98, 0.96, 0.94, 0.91,
                               0.88, 0.84, 0.8,  0.75, 0.7, 0.64, 0.56, 0.46, 0.34, 0}},
    {"BASKETHANDLE", 1, 26, {0,     0.49,  0.667, 0.82,  0.93,  1,     1,     1,     0.997,
                             0.994, 0.988, 0.982, 0.967, 0.948, 0.928, 0.904, 0.874, 0.842,
                             0.798, 0.75,  0.697, 0.637, 0.567, 0.467, 0.342, 0}},
    {"SEMICIRCULAR", 1.64, 21, {0,      0.5488, 0.8537, 1,      1,      0.9939, 0.9878,
                                0.9756, 0.9634, 0.9451, 0.9207, 0.8902, 0.8537, 0.8171,
                                0.7683, 0.7073, 0.6463, 0.5732, 0.4756, 0.3354, 0}},
};

static ct_err room(ct_drains_section *out, const ct_swmm__reader *r, double **x, double **y,
                   size_t count) {
    *x = ct_arena_calloc(r->arena, 2 * count, sizeof **x);
    if (!*x) return CT_NOMEM;
    *y = *x + count;
    out->shape = CT_DRAINS_CUSTOM;
    out->table = (ct_drains_curve){count, *x, *y};
    return CT_OK;
}

// Bottom and crown are round: there the width goes with the root of the distance from the end.
static ct_err of_masonry(ct_drains_section *out, const ct_swmm__reader *r, const masonry *m,
                         double height_m) {
    enum { PIECES = 8 };
    double *x, *y;
    size_t n = 0;
    const double step = 1.0 / (double)(m->count - 1), first = m->widths[1] * m->width,
                 last = m->widths[m->count - 2] * m->width;
    CT_TRY(room(out, r, &x, &y, m->count + (size_t)2 * (PIECES - 1)));
    out->height_m = height_m;
    for (size_t k = 0; k < PIECES; k++) { // knots where the width grows by an eighth
        const double share = (double)k / PIECES;
        x[n] = step * share * share;
        y[n++] = first * share;
    }
    for (size_t i = 1; i + 1 < m->count; i++) {
        x[n] = step * (double)i;
        y[n++] = m->widths[i] * m->width;
    }
    for (size_t k = PIECES; k-- > 0;) {
        const double share = (double)k / PIECES;
        x[n] = 1 - step * share * share;
        y[n++] = last * share;
    }
    return CT_OK;
}

// ---- composite shapes --------------------------------------------------------------------------

typedef struct composite {
    double height, width, third; // m; what the third is is the shape's
} composite;

// A triangle of height `third` under a rectangle.
static double rect_triangular(const composite *c, double y) {
    return y < c->third ? c->width * y / c->third : c->width;
}

// A circle's segment of radius `third` under a rectangle.
static double rect_round(const composite *c, double y) {
    const double half = c->width / 2, radius = c->third;
    const double rise = radius - sqrt(fmax(0, radius * radius - half * half));
    return y < rise ? 2 * sqrt(fmax(0, y * (2 * radius - y))) : c->width;
}

// A rectangle under a circle's segment of radius `third`.
static double modified_basket_handle(const composite *c, double y) {
    const double half = c->width / 2, radius = c->third, from_top = c->height - y;
    const double rise = radius - sqrt(fmax(0, radius * radius - half * half));
    return from_top < rise ? 2 * sqrt(fmax(0, from_top * (2 * radius - from_top))) : c->width;
}

static ct_err of_composite(ct_drains_section *out, const ct_swmm__reader *r, const composite *c,
                           double (*width)(const composite *, double)) {
    double *x, *y;
    const double pi = 3.14159265358979323846;
    CT_TRY(room(out, r, &x, &y, KNOTS + 1));
    out->height_m = c->height;
    for (size_t i = 0; i <= KNOTS; i++) { // dense at the bottom and the crown
        x[i] = i == KNOTS ? 1 : 0.5 * (1 - cos(pi * (double)i / KNOTS));
        y[i] = width(c, x[i] * c->height) / c->height;
    }
    return CT_OK;
}

ct_err ct_swmm__shape(ct_drains_section *out, bool *known, const ct_swmm__reader *r,
                      const char *shape, const double geometry[4]) {
    const double unit = r->units.length_m;
    const composite c = {geometry[0] * unit, geometry[1] * unit, geometry[2] * unit};
    *known = true;
    for (size_t i = 0; i < sizeof k_masonry / sizeof *k_masonry; i++)
        if (ct_swmm__is(shape, k_masonry[i].name))
            return of_masonry(out, r, &k_masonry[i], c.height);
    if (ct_swmm__is(shape, "RECT_TRIANGULAR")) return of_composite(out, r, &c, rect_triangular);
    const bool round = ct_swmm__is(shape, "RECT_ROUND");
    if (round || ct_swmm__is(shape, "MODBASKETHANDLE")) {
        composite d = c;
        if (d.third < d.width / 2) { // no arc of a circle spans the width
            if (d.third > 0) return ct_fail(CT_RANGE, "its radius is less than half its width");
            d.third = d.width / 2;
        }
        return of_composite(out, r, &d, round ? rect_round : modified_basket_handle);
    }
    *known = false;
    return CT_OK;
}

// ---- standard sizes, in inches: nominal dimensions of the makers' standards ---------------------

static const double k_minor[] = {14, 19, 22, 24, 27, 29, 32, 34, 38, 43,  48, 53,
                                 58, 63, 68, 72, 77, 82, 87, 92, 97, 106, 116};
static const double k_major[] = {23, 30, 34,  38,  42,  45,  49,  53,  60,  68,  76, 83,
                                 91, 98, 106, 113, 121, 128, 136, 143, 151, 166, 180};
static const double k_arch_height[] = {
    11,     13.5,  15.5, 18,  22.5, 26.625, 31.3125, 36,  40,  45,  54,  62,  72,  77.5, 87.125,
    96.875, 106.5, 13,   15,  18,   20,     24,      29,  33,  38,  43,  47,  52,  57,   31,
    36,     41,    46,   51,  55,   59,     63,      67,  71,  75,  79,  83,  87,  91,   55,
    57,     59,    61,   63,  65,   67,     69,      71,  73,  75,  77,  79,  81,  83,   85,
    87,     89,    91,   93,  95,   97,     100,     101, 103, 105, 107, 109, 111, 113,  115,
    118,    119,   121,  112, 114,  116,    118,     120, 122, 124, 126, 128, 130, 132,  134,
    136,    138,   140,  142, 144,  146,    148,     150, 152, 154, 156, 158};
static const double k_arch_width[] = {
    18,  22,  26,  28.5, 36.25, 43.75, 51.125, 58.5, 65,  73,  88,  102, 115, 122, 138, 154, 168.75,
    17,  21,  24,  28,   35,    42,    49,     57,   64,  71,  77,  83,  40,  46,  53,  60,  66,
    73,  81,  87,  95,   103,   112,   117,    128,  137, 142, 73,  76,  81,  84,  87,  92,  95,
    98,  103, 106, 112,  114,   117,   123,    128,  131, 137, 139, 142, 148, 150, 152, 154, 161,
    167, 169, 171, 178,  184,   186,   188,    190,  197, 199, 159, 162, 168, 170, 173, 179, 184,
    187, 190, 195, 198,  204,   206,   209,    215,  217, 223, 225, 231, 234, 236, 239, 245, 247};

static bool standard(double code, const double *a, const double *b, size_t count, double *a_m,
                     double *b_m) {
    if (!(code >= 1 && code <= (double)count && code == floor(code))) return false;
    *a_m = a[(size_t)code - 1] * 0.0254;
    *b_m = b[(size_t)code - 1] * 0.0254;
    return true;
}

bool ct_swmm__standard_ellipse(double code, double *minor_m, double *major_m) {
    return standard(code, k_minor, k_major, sizeof k_minor / sizeof *k_minor, minor_m, major_m);
}

bool ct_swmm__standard_arch(double code, double *height_m, double *width_m) {
    _Static_assert(sizeof k_arch_height == sizeof k_arch_width, "a height and a width each");
    return standard(code, k_arch_height, k_arch_width, sizeof k_arch_width / sizeof *k_arch_width,
                    height_m, width_m);
}
