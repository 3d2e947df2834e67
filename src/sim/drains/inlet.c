// What street inlets take: FHWA HEC-22, Urban Drainage Design Manual, 3rd edition (2013), section
// 4.4, in its metric form. A gutter is a triangle with one cross slope.
//
// Splash-over velocities are cubics of the grate's length fitted to chart 5B in feet (Denver Urban
// Drainage and Flood Control District, Criteria Manual, volume 1).
#include <math.h>

#include "sim/core/opening.h"
#include "sim/drains/state.h"

static const double foot_m = 0.3048;

// ft/s for a length in ft: a + b L - c L2 + d L3.
static const double splash[CT_DRAINS_GRATES][4] = {
    [CT_DRAINS_P_50] = {2.22, 4.03, 0.65, 0.06},
    [CT_DRAINS_P_50_100] = {0.74, 2.44, 0.27, 0.02},
    [CT_DRAINS_P_30] = {1.76, 3.12, 0.45, 0.03},
    [CT_DRAINS_CURVED_VANE] = {0.30, 4.85, 1.31, 0.15},
    [CT_DRAINS_TILT_45] = {0.99, 2.64, 0.36, 0.03},
    [CT_DRAINS_TILT_30] = {0.51, 2.34, 0.20, 0.01},
    [CT_DRAINS_RETICULINE] = {0.28, 2.28, 0.18, 0.01},
};

static double splash_ms(const ct_drains_exchange *x) {
    const double *c = splash[x->grate], l = x->length_m / foot_m;
    return fmax(0, c[0] + l * (c[1] + l * (-c[2] + l * c[3]))) * foot_m;
}

// The width of a gutter's flow (equation 4-2).
static double spread_of(const ct_drains_exchange *x, double flow) {
    double conveyance = 0.376 / x->manning * pow(x->cross_slope, 1.67) * sqrt(x->slope);
    return pow(flow / conveyance, 0.375);
}

double ct_drains__gutter_depth(const ct_drains_exchange *x, double flow_m3s) {
    return flow_m3s > 0 ? spread_of(x, flow_m3s) * x->cross_slope : 0;
}

// Grates: frontal flow that does not splash over (equations 4-16 to 4-21).
static double grate_grade(const ct_drains_exchange *x, double flow) {
    double spread = spread_of(x, flow);
    double speed = flow / (0.5 * spread * spread * x->cross_slope), width = x->width_m;
    double front = spread <= width ? 1 : 1 - pow(1 - width / spread, 2.67);
    double kept = fmin(1, fmax(0, 1 - 0.295 * fmax(0, speed - splash_ms(x))));
    double side = 1 / (1 + 0.0828 * pow(speed, 1.8) / (x->cross_slope * pow(x->length_m, 2.3)));
    return flow * (kept * front + side * (1 - front));
}

// Curb openings and slots: the length that takes all, and what a shorter one takes (4-22, 4-23).
static double curb_grade(const ct_drains_exchange *x, double length, double flow) {
    double all =
        0.817 * pow(flow, 0.42) * pow(x->slope, 0.3) * pow(1 / (x->manning * x->cross_slope), 0.6);
    return length >= all ? flow : flow * (1 - pow(1 - length / all, 1.8));
}

double ct_drains__inlet_grade(const ct_drains_exchange *x, double flow_m3s) {
    double clear = 1 - x->clogging, taken = 0;
    if (!(flow_m3s > 1e-9)) return fmax(0, flow_m3s) * clear;
    if (x->kind == CT_DRAINS_GRATE) taken = grate_grade(x, flow_m3s);
    if (x->kind == CT_DRAINS_SLOTTED) taken = curb_grade(x, x->length_m, flow_m3s);
    if (x->kind == CT_DRAINS_CURB) taken = curb_grade(x, x->curb_length_m, flow_m3s);
    if (x->kind == CT_DRAINS_COMBINATION) {
        // The curb opening sweeps along what it has upstream of the grate (4.4.4.4).
        double ahead = fmax(0, x->curb_length_m - x->length_m);
        taken = ahead > 0 ? curb_grade(x, ahead, flow_m3s) : 0;
        double rest = flow_m3s - taken;
        if (rest > 1e-9) taken += grate_grade(x, rest);
    }
    return taken * clear;
}

static double grate_sag(const ct_drains_exchange *x, double depth) {
    double edge = x->length_m + 2 * x->width_m; // one long side lies at the kerb
    double weir = 1.66 * edge * depth * sqrt(depth);
    double area = x->length_m * x->width_m * x->open_share;
    return fmin(weir, 0.67 * area * sqrt(2 * CT_DRAINS_GRAVITY) * ct_root(depth));
}

static double curb_sag(const ct_drains_exchange *x, double depth) {
    double weir = 1.60 * x->curb_length_m * depth * sqrt(depth);
    double half = 0.5 * x->curb_height_m;
    if (depth <= half) return weir;
    double area = x->curb_length_m * x->curb_height_m;
    double orifice = 0.67 * area * sqrt(2 * CT_DRAINS_GRAVITY) * ct_root(depth - half);
    // A weir up to the opening's height, an orifice from 1.4 of it, the lesser between.
    if (depth <= x->curb_height_m) return weir;
    if (depth >= 1.4 * x->curb_height_m) return orifice;
    return fmin(weir, orifice);
}

static double slot_sag(const ct_drains_exchange *x, double depth) {
    double weir = 1.4 * x->length_m * depth * sqrt(depth);
    double area = x->length_m * x->width_m;
    return fmin(weir, 0.8 * area * sqrt(2 * CT_DRAINS_GRAVITY) * ct_root(depth));
}

double ct_drains__inlet_sag(const ct_drains_exchange *x, double depth_m) {
    if (!(depth_m > 0)) return 0;
    double taken = 0;
    if (x->kind == CT_DRAINS_GRATE) taken = grate_sag(x, depth_m);
    if (x->kind == CT_DRAINS_CURB) taken = curb_sag(x, depth_m);
    if (x->kind == CT_DRAINS_SLOTTED) taken = slot_sag(x, depth_m);
    // The grate alone while both are weirs, both once the curb opening is an orifice.
    if (x->kind == CT_DRAINS_COMBINATION) {
        taken = fmax(grate_sag(x, depth_m), curb_sag(x, depth_m));
        if (depth_m > x->curb_height_m) taken = grate_sag(x, depth_m) + curb_sag(x, depth_m);
    }
    return taken * (1 - x->clogging);
}
