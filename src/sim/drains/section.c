// Tables of cross-sections from their shapes, and what is read from them.
#include "sim/drains/section.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/drains/shape.h"

// The interval that holds a depth between the first and the last: the last k with depth[k] <= it.
static size_t interval(const double *depth, size_t count, double at) {
    size_t low = 0, high = count - 1;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (depth[middle] <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

ct_drains__wet ct_drains__section_at(const ct_drains__section *s, double depth) {
    if (!(depth > 0)) return (ct_drains__wet){0};
    size_t last = s->count - 1;
    if (depth >= s->full_m) {
        double over = depth - s->full_m;
        if (s->closed) return (ct_drains__wet){s->full_m2, 0, s->perimeter[last], 0};
        return (ct_drains__wet){s->full_m2 + s->width[last] * over, s->width[last],
                                s->perimeter[last] + 2 * over, 2};
    }
    size_t k = interval(s->depth, s->count, depth);
    double step = s->depth[k + 1] - s->depth[k], over = depth - s->depth[k];
    double width_slope = (s->width[k + 1] - s->width[k]) / step;
    double perimeter_slope = (s->perimeter[k + 1] - s->perimeter[k]) / step;
    return (ct_drains__wet){s->area[k] + (s->width[k] + 0.5 * width_slope * over) * over,
                            s->width[k] + width_slope * over,
                            s->perimeter[k] + perimeter_slope * over, perimeter_slope};
}

double ct_drains__critical_flow(const ct_drains__section *s, double depth) {
    ct_drains__wet w = ct_drains__section_at(s, depth);
    return w.area > 0 ? w.area * sqrt(CT_DRAINS_GRAVITY * w.area / w.width) : 0;
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
    return s->depth[k] + share * (s->depth[k + 1] - s->depth[k]);
}

static ct_err allocate(ct_drains__section *s, size_t count) {
    s->block = ct_calloc(6 * count, sizeof *s->block);
    if (!s->block) return CT_NOMEM;
    s->count = count;
    s->depth = s->block;
    s->width = s->block + count;
    s->perimeter = s->block + 2 * count;
    s->area = s->block + 3 * count;
    s->critical = s->block + 4 * count;
    s->energy = s->block + 5 * count;
    return CT_OK;
}

// Areas, critical discharges and energies from depths and widths.
static void integrate(ct_drains__section *s) {
    double area = 0, critical = 0, energy = 0;
    for (size_t k = 0; k < s->count; k++) {
        if (k > 0) {
            area += 0.5 * (s->width[k] + s->width[k - 1]) * (s->depth[k] - s->depth[k - 1]);
        }
        s->area[k] = area;
        double mean = s->width[k] > 0 ? area / s->width[k] : (area > 0 ? HUGE_VAL : 0);
        // What follows a closed top belongs to a full pipe: critical depth stays below it.
        critical = fmax(critical, area > 0 ? area * sqrt(CT_DRAINS_GRAVITY * mean) : 0);
        energy = fmax(energy, s->depth[k] + 0.5 * fmin(mean, 1e3 * s->depth[s->count - 1]));
        s->critical[k] = critical;
        s->energy[k] = energy;
    }
    s->full_m = s->depth[s->count - 1];
    s->full_m2 = area;
}

// A lid of some width adds to the wetted perimeter as the last 3 % of the height fill.
static void close_lid(ct_drains__section *s) {
    size_t last = s->count - 1;
    double lid = s->width[last], from = 0.97 * s->depth[last], length = s->depth[last] - from;
    if (!(lid > 0)) return;
    for (size_t k = 0; k <= last; k++) {
        if (s->depth[k] > from) s->perimeter[k] += lid * (s->depth[k] - from) / length;
    }
}

ct_err ct_drains__section_new(ct_drains__section *out, const ct_drains_section *in,
                              double manning) {
    ct_drains__outline outline = {0};
    ct_drains__section s = {0};
    ct_err err = ct_drains__outline_new(&outline, in, manning);
    if (err == CT_OK) err = allocate(&s, outline.count);
    if (err == CT_OK) {
        memcpy(s.depth, outline.depth, outline.count * sizeof *s.depth);
        memcpy(s.width, outline.width, outline.count * sizeof *s.width);
        memcpy(s.perimeter, outline.perimeter, outline.count * sizeof *s.perimeter);
        s.closed = outline.closed;
        s.raised_m = in->shape == CT_DRAINS_FILLED_CIRCULAR ? in->fill_m : 0;
        if (s.closed) close_lid(&s);
        integrate(&s);
        *out = s;
    }
    ct_drains__outline_free(&outline);
    return err;
}

void ct_drains__section_free(ct_drains__section *section) {
    ct_free(section->block);
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
