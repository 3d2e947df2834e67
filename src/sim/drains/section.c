// Tables of cross-sections from their shapes, and what is read from them.
#include "sim/drains/section.h"

#include <math.h>

#include "base/mem.h"
#include "sim/drains/shape.h"

ct_drains__wet ct_drains__section_at(const ct_drains__section *s, double depth) {
    if (!(depth > 0)) return (ct_drains__wet){0};
    if (depth >= s->full_m) {
        double over = depth - s->full_m;
        if (s->closed) return (ct_drains__wet){s->full_m2, 0, s->full_perimeter, 0};
        return (ct_drains__wet){s->full_m2 + s->full_width * over, s->full_width,
                                s->full_perimeter + 2 * over, 2};
    }
    size_t bin = (size_t)(depth * s->bins_per_m);
    const ct_drains__knot *k = &s->knots[s->bin[bin < CT_DRAINS__BINS ? bin : CT_DRAINS__BINS - 1]];
    while (k[1].depth <= depth) k++;
    double over = depth - k->depth;
    return (ct_drains__wet){k->area + (k->width + 0.5 * k->width_slope * over) * over,
                            k->width + k->width_slope * over,
                            k->perimeter + k->perimeter_slope * over, k->perimeter_slope};
}

double ct_drains__critical_flow(const ct_drains__section *s, double depth) {
    ct_drains__wet w = ct_drains__section_at(s, depth);
    return w.area > 0 ? w.area * sqrt(CT_DRAINS_GRAVITY * w.area / w.width) : 0;
}

// The interval that holds a value between the first and the last: the last k with values[k] <= it.
static size_t interval(const double *values, size_t count, double at) {
    size_t low = 0, high = count - 1;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (values[middle] <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

double ct_drains__depth_of_energy(const ct_drains__section *s, double energy) {
    if (!(energy > 0)) return 0;
    size_t last = s->count - 1;
    if (energy >= s->energy[last]) {
        return s->closed ? s->full_m : s->full_m + (energy - s->energy[last]) * 2 / 3;
    }
    size_t k = interval(s->energy, s->count, energy);
    double span = s->energy[k + 1] - s->energy[k];
    double share = span > 0 ? (energy - s->energy[k]) / span : 0;
    return s->knots[k].depth + share * (s->knots[k + 1].depth - s->knots[k].depth);
}

// Areas and slopes between knots, and energies, from depths and widths.
static void integrate(ct_drains__section *s) {
    double area = 0, energy = 0;
    for (size_t i = 0; i < s->count; i++) {
        ct_drains__knot *k = &s->knots[i];
        if (i > 0) {
            double step = k->depth - k[-1].depth;
            area += 0.5 * (k->width + k[-1].width) * step;
            if (step > 0) {
                k[-1].width_slope = (k->width - k[-1].width) / step;
                k[-1].perimeter_slope = (k->perimeter - k[-1].perimeter) / step;
            }
        }
        k->area = area;
        double mean = k->width > 0 ? area / k->width : (area > 0 ? HUGE_VAL : 0);
        energy = fmax(energy, k->depth + 0.5 * fmin(mean, 1e3 * s->full_m));
        s->energy[i] = energy;
    }
    s->full_m2 = area;
}

static void fill_bins(ct_drains__section *s) {
    size_t k = 0;
    s->bins_per_m = CT_DRAINS__BINS / s->full_m * (1 - 1e-12);
    for (size_t b = 0; b < CT_DRAINS__BINS; b++) {
        double depth = s->full_m * (double)b / CT_DRAINS__BINS;
        while (s->knots[k + 1].depth <= depth) k++;
        s->bin[b] = (uint32_t)k;
    }
}

// A lid of some width adds to the wetted perimeter as the last 3 % of the height fill.
static void close_lid(ct_drains__section *s) {
    double lid = s->full_width, from = 0.97 * s->full_m, length = s->full_m - from;
    for (size_t i = 0; i < s->count && lid > 0; i++) {
        ct_drains__knot *k = &s->knots[i];
        if (k->depth > from) k->perimeter += lid * (k->depth - from) / length;
    }
}

static ct_err fill(ct_drains__section *s, const ct_drains__outline *outline, bool capped) {
    s->count = outline->count;
    s->knots = ct_calloc(s->count, sizeof *s->knots);
    s->energy = ct_calloc(s->count, sizeof *s->energy);
    if (!s->knots || !s->energy) return CT_NOMEM;
    for (size_t i = 0; i < s->count; i++) {
        s->knots[i].depth = outline->depth[i];
        s->knots[i].width = outline->width[i];
        s->knots[i].perimeter = outline->perimeter[i];
    }
    s->closed = outline->closed || capped;
    s->full_m = s->knots[s->count - 1].depth;
    s->full_width = s->knots[s->count - 1].width;
    if (outline->closed) close_lid(s);
    // A pointed bottom gets a slot of a thousandth of the height: a drop of water has a depth then.
    double least = 1e-3 * s->full_m;
    for (size_t i = 0; i < s->count && s->knots[i].depth < 0.5 * s->full_m; i++) {
        s->knots[i].width = fmax(s->knots[i].width, least);
        s->knots[i].perimeter = fmax(s->knots[i].perimeter, least);
    }
    integrate(s);
    s->full_perimeter = s->knots[s->count - 1].perimeter;
    fill_bins(s);
    return CT_OK;
}

ct_err ct_drains__section_new(ct_drains__section *out, const ct_drains_section *in,
                              double manning) {
    ct_drains__outline outline = {0};
    ct_drains__section s = {0};
    ct_err err = ct_drains__outline_new(&outline, in, manning);
    s.raised_m = in->shape == CT_DRAINS_FILLED_CIRCULAR ? in->fill_m : 0;
    if (err == CT_OK) err = fill(&s, &outline, in->capped);
    if (err == CT_OK) {
        *out = s;
    } else {
        ct_drains__section_free(&s);
    }
    ct_drains__outline_free(&outline);
    return err;
}

void ct_drains__section_free(ct_drains__section *section) {
    ct_free(section->knots);
    ct_free(section->energy);
    *section = (ct_drains__section){0};
}

ct_err ct_drains_geometry_at(const ct_drains_section *section, double manning, double depth_m,
                             ct_drains_geometry *out) {
    if (!(depth_m >= 0 && depth_m <= 1e4)) {
        return ct_fail(CT_RANGE, "drains: depth: %g is not within 0 and 1e4", depth_m);
    }
    if (!(manning >= 0 && manning <= 1)) {
        return ct_fail(CT_RANGE, "drains: manning: %g is not within 0 and 1", manning);
    }
    CT_TRY(ct_drains__shape_check(section));
    ct_drains__section s;
    CT_TRY(ct_drains__section_new(&s, section, manning));
    ct_drains__wet w = ct_drains__section_at(&s, depth_m);
    *out = (ct_drains_geometry){w.area, w.width, w.perimeter,
                                w.perimeter > 0 ? w.area / w.perimeter : 0,
                                ct_drains__critical_flow(&s, depth_m)};
    ct_drains__section_free(&s);
    return CT_OK;
}
