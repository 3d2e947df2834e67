// The exchange with the surface: manholes both ways, long steps, limits, surcharge and return; and
// inlets against HEC-22 worked out here in its US units.
#include "verify.h"

#include <math.h>

static const double g = CT_DRAINS_GRAVITY, foot = 0.3048;

static ct_drains_exchange manhole(uint32_t node, double level_m) {
    return (ct_drains_exchange){
        .node = node, .kind = CT_DRAINS_MANHOLE, .level_m = level_m, .opening_m = 0.6, .count = 1};
}

// A pond of 100 m2 on the ground over a tank of 50 m2, steps of 1000 s: they meet at one level. The
// pond is moved here by what the engine says has passed.
static ct_err settle(verify *v, double pond_m, double tank_m, const char *name) {
    net n;
    net_new(&n);
    uint32_t tank = net_tank(&n, 0, 50, tank_m);
    n.nodes[tank].top = CT_DRAINS_COUPLED;
    n.exchanges[0] = manhole(tank, 2);
    n.params.exchange_count = 1;
    ct_err err = net_open(&n);
    double level = pond_m, moved = 0;
    for (int i = 0; err == CT_OK && i < 20; i++) {
        ct_drains_surface s = {level, 100, HUGE_VAL, 0};
        err = ct_drains_surface_set(n.drains, 0, &s);
        if (err == CT_OK) err = ct_drains_step(n.drains, 1000);
        double passed = net_value(&n, CT_DRAINS_EXCHANGE_VOLUME, 0);
        level -= passed / 100;
        moved += passed;
    }
    if (err == CT_OK) {
        double common = (100 * pond_m + 50 * tank_m) / 150;
        v->name = name;
        verify_near(v, "level of the pond, m", common, level, 1e-4);
        verify_near(v, "head of the tank, m", common, net_value(&n, CT_DRAINS_HEAD, tank), 1e-4);
        verify_near(v, "volume moved, m3", 50 * (common - tank_m), moved, 0.01);
        verify_near(v, "volume error, relative", 0, net_error(&n), 1e-15);
    }
    net_free(&n);
    return err;
}

// The first instant: what a weir's edge and an orifice pass.
static ct_err laws(verify *v) {
    net n;
    const double pi = 3.14159265358979323846;
    static const double levels[] = {2.05, 2.8};
    for (int i = 0; i < 2; i++) {
        net_new(&n);
        uint32_t tank = net_tank(&n, 0, 1e6, 0);
        n.nodes[tank].top = CT_DRAINS_COUPLED;
        n.exchanges[0] = manhole(tank, 2);
        n.params.exchange_count = 1;
        ct_err err = net_open(&n);
        ct_drains_surface s = {levels[i], 0, HUGE_VAL, 0};
        if (err == CT_OK) err = ct_drains_surface_set(n.drains, 0, &s);
        if (err == CT_OK) err = ct_drains_step(n.drains, 1);
        if (err == CT_OK) {
            double h = levels[i] - 2, weir = 0.56 * 2 / 3 * sqrt(2 * g) * pi * 0.6 * pow(h, 1.5);
            double orifice = 0.6 * pi * 0.09 * sqrt(2 * g * h);
            v->name = i ? "manhole as an orifice" : "manhole as a weir";
            verify_share(v, "discharge, m3/s", i ? orifice : weir,
                         net_value(&n, CT_DRAINS_EXCHANGE_FLOW, 0), 1e-6);
        }
        net_free(&n);
        CT_TRY(err);
    }
    return CT_OK;
}

// 5 m3 lie there, a step of an hour could take a hundred times that.
static ct_err limit(verify *v) {
    net n;
    net_new(&n);
    uint32_t tank = net_tank(&n, 0, 1e4, 0);
    n.nodes[tank].top = CT_DRAINS_COUPLED;
    n.exchanges[0] = manhole(tank, 2);
    n.params.exchange_count = 1;
    ct_err err = net_open(&n);
    ct_drains_surface s = {2.3, 0, 5, 0};
    if (err == CT_OK) err = ct_drains_surface_set(n.drains, 0, &s);
    if (err == CT_OK) err = ct_drains_step(n.drains, 3600);
    if (err == CT_OK) {
        v->name = "limit of the surface's volume";
        verify_near(v, "volume taken in an hour, m3", 5,
                    net_value(&n, CT_DRAINS_EXCHANGE_VOLUME, 0), 1e-9);
    }
    net_free(&n);
    return err;
}

// More inflow than the pipe takes: it ponds on 200 m2 and comes back; nothing is lost.
static ct_err ponding(verify *v) {
    net n;
    net_new(&n);
    uint32_t a = net_junction(&n, 0), end = net_outfall(&n, -1, CT_DRAINS_FREE, 0);
    net_pipe(&n, a, end, 100, 0.013, net_circle(0.3));
    n.nodes[a].rim_m = 2;
    n.nodes[a].top = CT_DRAINS_PONDED;
    n.nodes[a].ponded_area_m2 = 200;
    net_inflow(&n, a, 0.4);
    ct_err err = net_open(&n);
    if (err == CT_OK) err = net_run(&n, 300, 10);
    double high = err == CT_OK ? net_value(&n, CT_DRAINS_HEAD, a) : 0;
    if (err == CT_OK) err = ct_drains_set(n.drains, "inflow", a, -0.4);
    if (err == CT_OK) err = net_run(&n, 20000, 10);
    if (err == CT_OK) {
        ct_drains_ledger l;
        ct_drains_ledger_get(n.drains, &l);
        v->name = "surcharge, ponding and return";
        verify_near(v, "came above the rim: 1 = yes", 1, high > 2.2, 0);
        verify_share(v, "left by the outfall, of the inflow", 1, l.outfall_out_m3 / 120, 1e-3);
        verify_near(v, "volume error, relative", 0, net_error(&n), 1e-15);
    }
    net_free(&n);
    return err;
}

// What an inlet takes of a gutter's flow, m3/s, or of a pond's depth.
static ct_err capture(double *out, ct_drains_exchange x, double flow, double depth) {
    net n;
    net_new(&n);
    x.node = net_tank(&n, -10, 1e6, 0);
    x.count = 1;
    n.nodes[x.node].top = CT_DRAINS_COUPLED;
    n.exchanges[0] = x;
    n.params.exchange_count = 1;
    ct_err err = net_open(&n);
    ct_drains_surface s = {x.level_m + depth, 0, HUGE_VAL, flow};
    if (err == CT_OK) err = ct_drains_surface_set(n.drains, 0, &s);
    if (err == CT_OK) err = ct_drains_step(n.drains, 1);
    if (err == CT_OK) *out = net_value(&n, CT_DRAINS_EXCHANGE_FLOW, 0);
    net_free(&n);
    return err;
}

static ct_err on_grade(verify *v) {
    const double slope = 0.04, cross = 0.025, manning = 0.016, cfs = foot * foot * foot, q = 5;
    double spread = pow(q / (0.56 / manning * pow(cross, 1.67) * sqrt(slope)), 0.375);
    double speed = q / (0.5 * spread * spread * cross), got;
    ct_drains_exchange x = {.kind = CT_DRAINS_GRATE,
                            .length_m = 2 * foot,
                            .width_m = 2 * foot,
                            .grate = CT_DRAINS_P_50_100,
                            .open_share = 0.8,
                            .on_grade = true,
                            .slope = slope,
                            .cross_slope = cross,
                            .manning = manning};
    double splash = 0.74 + 2.44 * 2 - 0.27 * 4 + 0.02 * 8;
    double front = 1 - pow(1 - 2 / spread, 2.67), kept = 1 - 0.09 * fmax(0, speed - splash);
    double side = 1 / (1 + 0.15 * pow(speed, 1.8) / (cross * pow(2, 2.3)));
    v->name = "HEC-22 on grade, 5 cfs";
    CT_TRY(capture(&got, x, q * cfs, 0));
    verify_share(v, "grate, cfs", q * (kept * front + side * (1 - front)), got / cfs, 0.01);
    x.kind = CT_DRAINS_CURB;
    x.curb_length_m = 10 * foot;
    x.curb_height_m = 0.5 * foot;
    double all = 0.6 * pow(q, 0.42) * pow(slope, 0.3) * pow(1 / (manning * cross), 0.6);
    CT_TRY(capture(&got, x, q * cfs, 0));
    verify_share(v, "curb opening of 10 ft, cfs", q * (1 - pow(1 - 10 / all, 1.8)), got / cfs,
                 0.01);
    x.kind = CT_DRAINS_SLOTTED;
    x.length_m = 20 * foot;
    x.width_m = 0.15 * foot;
    CT_TRY(capture(&got, x, q * cfs, 0));
    double slot = 20 >= all ? q : q * (1 - pow(1 - 20 / all, 1.8));
    verify_share(v, "slot of 20 ft, cfs", slot, got / cfs, 0.01);
    x.kind = CT_DRAINS_COMBINATION;
    x.length_m = x.width_m = 2 * foot;
    double ahead = q * (1 - pow(1 - 8 / all, 1.8)), rest = q - ahead;
    spread = pow(rest / (0.56 / manning * pow(cross, 1.67) * sqrt(slope)), 0.375);
    speed = rest / (0.5 * spread * spread * cross);
    front = spread <= 2 ? 1 : 1 - pow(1 - 2 / spread, 2.67);
    kept = 1 - 0.09 * fmax(0, speed - splash);
    side = 1 / (1 + 0.15 * pow(speed, 1.8) / (cross * pow(2, 2.3)));
    CT_TRY(capture(&got, x, q * cfs, 0));
    verify_share(v, "combination with sweeper, cfs",
                 ahead + rest * (kept * front + side * (1 - front)), got / cfs, 0.01);
    return CT_OK;
}

static ct_err in_sag(verify *v) {
    const double cfs = foot * foot * foot;
    double got;
    ct_drains_exchange x = {.kind = CT_DRAINS_GRATE,
                            .length_m = 4 * foot,
                            .width_m = 2 * foot,
                            .grate = CT_DRAINS_P_50,
                            .open_share = 0.9};
    v->name = "HEC-22 in a sag";
    CT_TRY(capture(&got, x, 0, 0.3 * foot));
    verify_share(v, "grate as a weir, 0.3 ft, cfs", 3.0 * 8 * pow(0.3, 1.5), got / cfs, 0.01);
    CT_TRY(capture(&got, x, 0, 2.5 * foot));
    verify_share(v, "grate as an orifice, 2.5 ft, cfs", 0.67 * 7.2 * sqrt(64.4 * 2.5), got / cfs,
                 0.01);
    x.kind = CT_DRAINS_CURB;
    x.curb_length_m = 8 * foot;
    x.curb_height_m = 0.5 * foot;
    CT_TRY(capture(&got, x, 0, 0.3 * foot));
    verify_share(v, "curb opening as a weir, 0.3 ft, cfs", 3.0 * 8 * pow(0.3, 1.5), got / cfs,
                 0.04);
    CT_TRY(capture(&got, x, 0, 1.5 * foot));
    verify_share(v, "curb opening as an orifice, 1.5 ft, cfs", 0.67 * 4 * sqrt(64.4 * 1.25),
                 got / cfs, 0.01);
    x.kind = CT_DRAINS_SLOTTED;
    x.length_m = 10 * foot;
    x.width_m = 0.15 * foot;
    CT_TRY(capture(&got, x, 0, 0.1 * foot));
    verify_share(v, "slot as a weir, 0.1 ft, cfs", 2.48 * 10 * pow(0.1, 1.5), got / cfs, 0.03);
    CT_TRY(capture(&got, x, 0, 1 * foot));
    verify_share(v, "slot as an orifice, 1 ft, cfs", 0.8 * 1.5 * sqrt(64.4), got / cfs, 0.01);
    return CT_OK;
}

ct_err verify_surface(verify *v) {
    CT_TRY(settle(v, 3, 1, "pond into a tank, steps of 1000 s"));
    CT_TRY(settle(v, 2.2, 4, "tank onto the ground, steps of 1000 s"));
    CT_TRY(laws(v));
    CT_TRY(limit(v));
    CT_TRY(ponding(v));
    CT_TRY(on_grade(v));
    return in_sag(v);
}
