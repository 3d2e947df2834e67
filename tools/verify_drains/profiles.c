// Gradually varied flow in a rectangular channel against its equation
//     dy/dx = (S0 - Sf) / (1 - Fr2)
// (Chow, Open-Channel Hydraulics, 1959, chapter 9), integrated by Runge and Kutta's method from
// where the depth is known; the jump of an S1 profile where the depths are conjugate.
#include "verify.h"

#include <math.h>

static const double g = CT_DRAINS_GRAVITY, width_m = 2, manning = 0.015;

static double depth_slope(double y, double flow, double bed) {
    double area = width_m * y, radius = area / (width_m + 2 * y), u = flow / area;
    double friction = manning * manning * u * u / pow(radius, 4.0 / 3);
    return (bed - friction) / (1 - u * u / (g * y));
}

// The depth at a distance (negative: upstream) from a known one.
static double depth_at(double y, double flow, double bed, double distance) {
    const int steps = 200000;
    double h = distance / steps;
    for (int i = 0; i < steps; i++) {
        double k1 = depth_slope(y, flow, bed), k2 = depth_slope(y + 0.5 * h * k1, flow, bed);
        double k3 = depth_slope(y + 0.5 * h * k2, flow, bed),
               k4 = depth_slope(y + h * k3, flow, bed);
        y += h * (k1 + 2 * k2 + 2 * k3 + k4) / 6;
    }
    return y;
}

static double normal_depth(double flow, double bed) {
    double low = 0, high = 10;
    for (int i = 0; i < 100; i++) {
        double y = 0.5 * (low + high), radius = width_m * y / (width_m + 2 * y);
        double conveyed = width_m * y * pow(radius, 2.0 / 3) * sqrt(bed) / manning;
        if (conveyed < flow) {
            low = y;
        } else {
            high = y;
        }
    }
    return 0.5 * (low + high);
}

typedef struct channel {
    double length_m, bed, flow, cell_m;
    ct_drains_outfall_kind end;
    double level_m;
} channel;

static ct_err settle(net *n, const channel *c) {
    net_new(n);
    n->params.cell_m = c->cell_m;
    uint32_t top = net_junction(n, c->bed * c->length_m);
    uint32_t end = net_outfall(n, 0, c->end, c->level_m);
    uint32_t pipe = net_pipe(n, top, end, c->length_m, manning, net_box(5, width_m));
    n->conduits[pipe].flow_m3s = c->flow;
    net_inflow(n, top, c->flow);
    CT_TRY(net_open(n));
    return net_run(n, 4000, 2);
}

// The depth between the two cells around a distance from the end.
static double depth_before_end(const net *n, const channel *c, double distance) {
    ct_drains_profile p;
    if (ct_drains_profile_get(n->drains, 0, &p) != CT_OK) return (double)NAN;
    double place = (c->length_m - distance) / p.cell_m - 0.5;
    size_t k = (size_t)place;
    double share = place - (double)k;
    return (p.head_m[k] - p.bed_m[k]) * (1 - share) + (p.head_m[k + 1] - p.bed_m[k + 1]) * share;
}

static ct_err mild(verify *v, double cell_m, double bound) {
    net n;
    channel c = {1000, 0.001, 3, cell_m, CT_DRAINS_LEVEL, 2};
    v->name = cell_m > 5 ? "M1, cells of 10 m" : "M1, cells of 2.5 m";
    ct_err err = settle(&n, &c);
    if (err == CT_OK) {
        for (double at = 200; at <= 800; at += 300) {
            verify_near(v, "depth before a high level, m", depth_at(2, c.flow, c.bed, -at),
                        depth_before_end(&n, &c, at), bound);
        }
    }
    net_free(&n);
    return err;
}

static ct_err drawdown(verify *v, double cell_m, double bound) {
    net n;
    channel c = {500, 0.001, 3, cell_m, CT_DRAINS_FREE, 0};
    v->name = cell_m > 2 ? "M2, cells of 5 m" : "M2, cells of 1 m";
    ct_err err = settle(&n, &c);
    if (err == CT_OK) {
        double critical = cbrt(c.flow * c.flow / (width_m * width_m * g));
        double brink = critical * 1.0005;
        for (double at = 20; at <= 320; at += 100) {
            verify_near(v, "depth before a free fall, m", depth_at(brink, c.flow, c.bed, -at),
                        depth_before_end(&n, &c, at), bound);
        }
    }
    net_free(&n);
    return err;
}

// Where the S1 profile has fallen to the depth that is conjugate to the normal one, from the end.
static double jump_place(const channel *c, double normal) {
    double speed = c->flow / (width_m * normal), froude2 = speed * speed / (g * normal);
    double conjugate = 0.5 * normal * (sqrt(1 + 8 * froude2) - 1), low = 0, high = c->length_m;
    for (int i = 0; i < 30; i++) {
        double middle = 0.5 * (low + high);
        double y = depth_at(c->level_m, c->flow, c->bed, -middle);
        if (y > conjugate) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static ct_err steep(verify *v) {
    net n;
    channel c = {200, 0.02, 4, 1, CT_DRAINS_LEVEL, 2.5};
    v->name = "S1 and jump, cells of 1 m";
    ct_err err = settle(&n, &c);
    if (err == CT_OK) {
        double normal = normal_depth(c.flow, c.bed), critical = cbrt(c.flow * c.flow / 4 / g);
        double jump = jump_place(&c, normal), got = 0;
        for (double at = 1; at < 199 && depth_before_end(&n, &c, at) > critical; at += 0.1)
            got = at;
        verify_near(v, "depth 30 m before the end, m", depth_at(2.5, c.flow, c.bed, -30),
                    depth_before_end(&n, &c, 30), 0.01);
        verify_near(v, "place of the jump before the end, m", jump, got, 3);
        verify_near(v, "depth 30 m before the jump, m", normal, depth_before_end(&n, &c, jump + 30),
                    1e-6);
    }
    net_free(&n);
    return err;
}

ct_err verify_profiles(verify *v) {
    CT_TRY(mild(v, 10, 0.01));
    CT_TRY(mild(v, 2.5, 0.003));
    CT_TRY(drawdown(v, 5, 0.035));
    CT_TRY(drawdown(v, 1, 0.016));
    return steep(v);
}
