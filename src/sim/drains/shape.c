// Outlines of the named shapes: widths by formula, laid out as polygons.
//
// Curved shapes get knots at equal steps of the angle of a circle as high as they are, which are
// dense at the bottom and at the crown, where widths change fastest. Straight ones keep their
// corners and get more knots near the bottom, where critical flow bends most.
#include "sim/drains/shape.h"

#include <math.h>

#include "base/mem.h"

enum { KNOTS = 128 };

ct_err ct_drains__outline_room(ct_drains__outline *out, size_t room) {
    double *block = ct_calloc(3 * room, sizeof *block);
    if (!block) return CT_NOMEM;
    *out = (ct_drains__outline){.depth = block,
                                .width = block + room,
                                .perimeter = block + 2 * room,
                                .closed = out->closed};
    return CT_OK;
}

void ct_drains__outline_free(ct_drains__outline *outline) {
    ct_free(outline->depth);
    *outline = (ct_drains__outline){0};
}

void ct_drains__outline_add(ct_drains__outline *out, double depth, double width, double perimeter) {
    out->depth[out->count] = depth;
    out->width[out->count] = width;
    out->perimeter[out->count++] = perimeter;
}

static double chord(double radius, double above_centre) {
    double square = radius * radius - above_centre * above_centre;
    return square > 0 ? 2 * sqrt(square) : 0;
}

// The 3:2 egg of unit radius at the top: circles of radius 1 and 1/2, joined by arcs of radius 3.
static double egg_width(double y) {
    if (y < 0.2) return chord(0.5, y - 0.5);
    if (y > 2) return chord(1, y - 2);
    return chord(3, y - 2) - 4;
}

// A semicircle of unit radius on two arcs of radius 2 around the other springing point, over an
// invert of radius 2 around the crown.
static double horseshoe_width(double y) {
    if (y > 1) return chord(1, y - 1);
    return fmin(chord(2, y - 1) - 2, chord(2, y - 2));
}

static double arch_width(double y) {
    double centre = 0.3, half = y < centre ? centre : 1 - centre;
    return chord(1, (y - centre) / half) / 2;
}

// Of the shapes that are not straight; y over the bed.
static double width_at(const ct_drains_section *s, double y) {
    double height = s->height_m, radius = 0.5 * height;
    switch (s->shape) {
    case CT_DRAINS_CIRCULAR: return chord(radius, y - radius);
    case CT_DRAINS_FILLED_CIRCULAR: return chord(radius, y + s->fill_m - radius);
    case CT_DRAINS_EGG: return egg_width(3 * y / height) * height / 3;
    case CT_DRAINS_HORSESHOE: return horseshoe_width(2 * y / height) * radius;
    case CT_DRAINS_ARCH: return arch_width(y / height) * s->width_m;
    case CT_DRAINS_ELLIPSE: return chord(radius, y - radius) * s->width_m / height;
    case CT_DRAINS_PARABOLIC: return s->width_m * sqrt(y / height);
    case CT_DRAINS_POWER: return s->width_m * pow(y / height, 1 / s->exponent);
    case CT_DRAINS_RECT_CLOSED:
    case CT_DRAINS_RECT_OPEN:
    case CT_DRAINS_TRAPEZOIDAL:
    case CT_DRAINS_TRIANGULAR:
    case CT_DRAINS_CUSTOM:
    case CT_DRAINS_TRANSECT:
    case CT_DRAINS_SHAPES: break;
    }
    return 0;
}

static ct_err curved(ct_drains__outline *out, const ct_drains_section *s) {
    double fill = s->shape == CT_DRAINS_FILLED_CIRCULAR ? s->fill_m : 0;
    double height = s->height_m - fill, before_m = 0, before_width = 0, perimeter = 0;
    const double half_turn = acos(-1);
    CT_TRY(ct_drains__outline_room(out, KNOTS + 1));
    for (size_t k = 0; k <= KNOTS; k++) {
        double y = k == KNOTS ? height : 0.5 * height * (1 - cos(half_turn * (double)k / KNOTS));
        double width = width_at(s, y);
        if (k == 0) {
            perimeter = width;
        } else {
            perimeter += 2 * hypot(y - before_m, 0.5 * (width - before_width));
        }
        ct_drains__outline_add(out, y, width, perimeter);
        before_m = y;
        before_width = width;
    }
    return CT_OK;
}

// A trapezoid by its bottom and the walk of its two sides per depth.
static ct_err straight(ct_drains__outline *out, double height, double bottom, double left,
                       double right) {
    double walk = hypot(1, left) + hypot(1, right);
    CT_TRY(ct_drains__outline_room(out, KNOTS + 2));
    for (size_t k = 0; k <= KNOTS; k++) {
        double share = (double)k / KNOTS, y = k == KNOTS ? height : height * share * share;
        ct_drains__outline_add(out, y, bottom + (left + right) * y, bottom + walk * y);
        // a knot where a lid begins to tell (section.c)
        double next = (share + 1.0 / KNOTS) * (share + 1.0 / KNOTS);
        if (share * share < 0.97 && next > 0.97) {
            y = 0.97 * height;
            ct_drains__outline_add(out, y, bottom + (left + right) * y, bottom + walk * y);
        }
    }
    return CT_OK;
}

// Between the table's own points come others, as the straight shapes have them.
static ct_err custom(ct_drains__outline *out, const ct_drains_section *s) {
    const ct_drains_curve *t = &s->table;
    size_t pieces = KNOTS / t->count + 1;
    double perimeter = t->y[0] * s->height_m;
    CT_TRY(ct_drains__outline_room(out, t->count * pieces + 1));
    ct_drains__outline_add(out, 0, t->y[0] * s->height_m, perimeter);
    for (size_t k = 1; k < t->count; k++) {
        double rise = (t->x[k] - t->x[k - 1]) * s->height_m;
        double spread = (t->y[k] - t->y[k - 1]) * s->height_m;
        for (size_t i = 1; i <= pieces; i++) {
            double share = (double)i / (double)pieces;
            double y =
                i == pieces ? t->x[k] * s->height_m : t->x[k - 1] * s->height_m + share * rise;
            ct_drains__outline_add(out, y, t->y[k - 1] * s->height_m + share * spread,
                                   perimeter + share * 2 * hypot(rise, 0.5 * spread));
        }
        perimeter += 2 * hypot(rise, 0.5 * spread);
    }
    return CT_OK;
}

bool ct_drains__is_closed(ct_drains_shape shape) {
    switch (shape) {
    case CT_DRAINS_RECT_OPEN:
    case CT_DRAINS_TRAPEZOIDAL:
    case CT_DRAINS_TRIANGULAR:
    case CT_DRAINS_PARABOLIC:
    case CT_DRAINS_POWER:
    case CT_DRAINS_TRANSECT: return false;
    case CT_DRAINS_CIRCULAR:
    case CT_DRAINS_FILLED_CIRCULAR:
    case CT_DRAINS_RECT_CLOSED:
    case CT_DRAINS_EGG:
    case CT_DRAINS_HORSESHOE:
    case CT_DRAINS_ARCH:
    case CT_DRAINS_ELLIPSE:
    case CT_DRAINS_CUSTOM:
    case CT_DRAINS_SHAPES: break;
    }
    return true;
}

static ct_err outline_of(ct_drains__outline *out, const ct_drains_section *s, double manning) {
    switch (s->shape) {
    case CT_DRAINS_RECT_CLOSED:
    case CT_DRAINS_RECT_OPEN: return straight(out, s->height_m, s->width_m, 0, 0);
    case CT_DRAINS_TRAPEZOIDAL:
        return straight(out, s->height_m, s->width_m, s->slope_left, s->slope_right);
    case CT_DRAINS_TRIANGULAR: {
        double side = 0.5 * s->width_m / s->height_m;
        return straight(out, s->height_m, 0, side, side);
    }
    case CT_DRAINS_CUSTOM: return custom(out, s);
    case CT_DRAINS_TRANSECT: return ct_drains__transect_outline(out, s, manning);
    case CT_DRAINS_CIRCULAR:
    case CT_DRAINS_FILLED_CIRCULAR:
    case CT_DRAINS_PARABOLIC:
    case CT_DRAINS_POWER:
    case CT_DRAINS_EGG:
    case CT_DRAINS_HORSESHOE:
    case CT_DRAINS_ARCH:
    case CT_DRAINS_ELLIPSE:
    case CT_DRAINS_SHAPES: break;
    }
    return curved(out, s);
}

ct_err ct_drains__outline_new(ct_drains__outline *out, const ct_drains_section *in,
                              double manning) {
    ct_drains__outline outline = {.closed = ct_drains__is_closed(in->shape)};
    ct_err err = outline_of(&outline, in, manning);
    if (err != CT_OK) {
        ct_drains__outline_free(&outline);
        return err;
    }
    *out = outline;
    return CT_OK;
}
