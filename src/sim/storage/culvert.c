// Culverts by HDS-5: a table of what a barrel passes into a free outfall, the lesser of inlet and
// outlet control, made once for each direction; and what a tailwater leaves of it.
#include <math.h>

#include "base/mem.h"
#include "sim/core/opening.h"
#include "sim/storage/state.h"

static const double two_g = 2 * CT_STORAGE_GRAVITY;
// The table reaches to this many heights of the barrel, with points that are closer where it is
// low; beyond, discharge grows with the root of the depth.
static const double reach = 20;

// HDS-5's constants of inlet control.
typedef struct inlet {
    double k, m, c, y;
    double slope; // what the barrel's slope is multiplied by
} inlet;

static const inlet k_inlets[CT_STORAGE_INLETS] = {
    [CT_STORAGE_CONCRETE_SQUARE] = {0.0098, 2.0, 0.0398, 0.67, -0.5},
    [CT_STORAGE_CONCRETE_GROOVE] = {0.0018, 2.0, 0.0292, 0.74, -0.5},
    [CT_STORAGE_CONCRETE_PROJECTING] = {0.0045, 2.0, 0.0317, 0.69, -0.5},
    [CT_STORAGE_METAL_HEADWALL] = {0.0078, 2.0, 0.0379, 0.69, -0.5},
    [CT_STORAGE_METAL_MITERED] = {0.0210, 1.33, 0.0463, 0.75, 0.7},
    [CT_STORAGE_METAL_PROJECTING] = {0.0340, 1.50, 0.0553, 0.54, -0.5},
    [CT_STORAGE_RING_BEVEL_45] = {0.0018, 2.50, 0.0300, 0.74, -0.5},
    [CT_STORAGE_RING_BEVEL_33] = {0.0018, 2.50, 0.0243, 0.83, -0.5},
    [CT_STORAGE_BOX_FLARED] = {0.026, 1.0, 0.0347, 0.81, -0.5},
    [CT_STORAGE_BOX_90] = {0.061, 0.75, 0.0400, 0.80, -0.5},
    [CT_STORAGE_BOX_STRAIGHT] = {0.061, 0.75, 0.0423, 0.82, -0.5},
};
static const double metric = 1.811;                     // Ku of HDS-5
static const double unsubmerged = 3.5, submerged = 4.0; // Ku Q / (A D^0.5) up to, and from, which
static const double steepest = 0.2; // beyond, the slope's term would outweigh the rest

typedef struct wetted {
    double area_m2, radius_m, width_m;
} wetted;

// At a depth of one barrel. The hydraulic radius is at most that of the full barrel: a roof that is
// reached all at once must not take back what passed below it.
static wetted wetted_at(const ct_storage_connection *c, double depth_m) {
    const double d = c->height_m, y = fmin(depth_m, d);
    if (c->width_m > 0) {
        const double full_m = c->width_m * d / (2 * (c->width_m + d));
        const double area = c->width_m * y;
        return (wetted){area, fmin(full_m, area / (c->width_m + 2 * y)), c->width_m};
    }
    const double angle = 2 * acos(fmax(-1, fmin(1, 1 - 2 * y / d)));
    const double area = 0.125 * d * d * (angle - sin(angle));
    return (wetted){area, fmin(0.25 * d, 2 * area / (d * angle)), d * sin(0.5 * angle)};
}

// The discharge that is critical at a depth.
static double critical(const ct_storage_connection *c, double depth_m) {
    const wetted w = wetted_at(c, depth_m);
    return w.area_m2 * sqrt(CT_STORAGE_GRAVITY * w.area_m2 / w.width_m);
}

// One end of a barrel as an inlet.
typedef struct barrel {
    const ct_storage_connection *c;
    const inlet *in;
    double area_m2, slope_term; // full; Ks S
    double fall_m;              // of the invert to the outlet
    // Where the law of the inlet that is not submerged ends: critical depth and headwater.
    double end_critical_m, end_m;
} barrel;

// The term of HDS-5 that discharge enters by.
static double intensity(const barrel *b, double q) {
    return metric * q / (b->area_m2 * sqrt(b->c->height_m));
}

static double discharge(const barrel *b, double intensity) {
    return intensity * b->area_m2 * sqrt(b->c->height_m) / metric;
}

// The headwater of an inlet that is not submerged, by its critical depth (form 1).
static double headwater(const barrel *b, double critical_m, double *q) {
    const wetted w = wetted_at(b->c, critical_m);
    *q = critical(b->c, critical_m);
    const double speed = *q / w.area_m2;
    const double extra = b->in->k * pow(intensity(b, *q), b->in->m) + b->slope_term;
    return critical_m + speed * speed / two_g + b->c->height_m * fmax(0, extra);
}

enum { HALVINGS = 44 };

// The critical depth of a discharge; the height of a barrel that it fills.
static double critical_depth(const ct_storage_connection *c, double q) {
    double low = 0, high = c->height_m * (1 - 1e-9);
    if (critical(c, high) <= q) return c->height_m;
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = 0.5 * (low + high);
        if (critical(c, middle) < q) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return 0.5 * (low + high);
}

static double inlet_control(const barrel *b, double depth_m) {
    const double d = b->c->height_m, q_low = discharge(b, unsubmerged);
    const double high_m = d * (b->in->c * submerged * submerged + b->in->y + b->slope_term);
    double q, low = 0, high = b->end_critical_m;
    if (depth_m >= high_m)
        return discharge(b, sqrt((depth_m / d - b->in->y - b->slope_term) / b->in->c));
    if (depth_m >= b->end_m) {
        const double share = (depth_m - b->end_m) / (high_m - b->end_m);
        return q_low + share * (discharge(b, submerged) - q_low);
    }
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = 0.5 * (low + high);
        if (headwater(b, middle, &q) < depth_m) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return critical(b->c, 0.5 * (low + high));
}

// Losses of a barrel filled to a depth: drop = losses Q2.
static double losses(const ct_storage_connection *c, double depth_m) {
    const wetted w = wetted_at(c, depth_m);
    const double friction =
        two_g * c->manning * c->manning * c->length_m / (w.radius_m * cbrt(w.radius_m));
    return (c->loss_entry + c->loss_exit + friction) / (two_g * w.area_m2 * w.area_m2);
}

static double outlet_control(const barrel *b, double depth_m) {
    const double head_m = depth_m + b->fall_m, filled_m = fmin(depth_m, b->c->height_m);
    const double loss = losses(b->c, filled_m);
    double low = 0, high = 0.999999 * b->c->height_m;
    if (!(head_m > 0.5 * filled_m)) return 0;
    double q = critical(b->c, high);
    if (0.5 * (high + filled_m) + loss * q * q < head_m)
        return sqrt((head_m - 0.5 * (b->c->height_m + filled_m)) / loss);
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = 0.5 * (low + high);
        q = critical(b->c, middle);
        if (0.5 * (middle + filled_m) + loss * q * q < head_m) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return critical(b->c, 0.5 * (low + high));
}

static barrel barrel_of(const ct_storage_connection *c, bool back) {
    const double fall_m = (back ? -1 : 1) * (c->sill_m - c->invert_to_m);
    const inlet *in = &k_inlets[c->inlet];
    const double slope = fmin(steepest, fmax(0, fall_m / c->length_m));
    barrel b = {c, in, wetted_at(c, c->height_m).area_m2, in->slope * slope, fall_m, 0, 0};
    double q;
    b.end_critical_m = critical_depth(c, discharge(&b, unsubmerged));
    b.end_m = headwater(&b, b.end_critical_m, &q);
    return b;
}

ct_err ct_storage__culvert_new(ct_storage__culvert **out, const ct_storage_connection *c) {
    ct_storage__culvert *made = ct_calloc(1, sizeof *made);
    if (!made) return CT_NOMEM;
    for (int back = 0; back < 2; back++) {
        const barrel b = barrel_of(c, back);
        for (int k = 1; k <= CT_STORAGE__RATED; k++) {
            const double share = (double)k / CT_STORAGE__RATED;
            const double depth_m = reach * c->height_m * share * share;
            const double q = fmin(inlet_control(&b, depth_m), outlet_control(&b, depth_m));
            // Never falling, whatever rounding says.
            made->free_m3s[back][k] = fmax(q, made->free_m3s[back][k - 1]);
        }
    }
    *out = made;
    return CT_OK;
}

static double free_flow(const ct_storage__connection *c, bool back, double depth_m) {
    const double *table = c->culvert->free_m3s[back];
    const double share = depth_m / (reach * c->what.height_m);
    if (share >= 1) return table[CT_STORAGE__RATED] * sqrt(share);
    int k = (int)(CT_STORAGE__RATED * sqrt(share));
    if (k > CT_STORAGE__RATED - 1) k = CT_STORAGE__RATED - 1;
    const double scale = 1.0 / CT_STORAGE__RATED;
    const double before = k * scale * k * scale, after = (k + 1) * scale * (k + 1) * scale;
    const double within = (share - before) / (after - before);
    return table[k] + within * (table[k + 1] - table[k]);
}

double ct_storage__culvert_flow(const ct_storage__connection *c, bool back, double up, double down,
                                double floor_m) {
    const double depth_m = up - fmax(back ? c->what.invert_to_m : c->what.sill_m, floor_m);
    if (!(depth_m > 0)) return 0;
    double q = free_flow(c, back, depth_m);
    if (down > -HUGE_VAL)
        q = fmin(q, ct_root(up - down) / sqrt(losses(&c->what, fmin(depth_m, c->what.height_m))));
    return c->what.barrels * q;
}
