// Pumps that switch, weirs and outlets in steady flow, flaps.
#include "verify.h"

#include <math.h>

// A wet well of 2 m2 with 50 l/s coming in and a pump of 100 l/s between 0.5 and 1 m: a cycle of
// 20 s of filling and 20 s of pumping.
static ct_err pump_cycles(verify *v) {
    static const double x[] = {100}, y[] = {0.1};
    net n;
    net_new(&n);
    uint32_t well = net_tank(&n, 0, 2, 0.5), end = net_outfall(&n, 5, CT_DRAINS_FREE, 0);
    n.pumps[0] = (ct_drains_pump){.from = well,
                                  .to = end,
                                  .kind = CT_DRAINS_PUMP_STEPS,
                                  .curve = {1, x, y},
                                  .on_m = 1,
                                  .off_m = 0.5,
                                  .stopped = true};
    n.params.pump_count = 1;
    net_inflow(&n, well, 0.05);
    ct_err err = net_open(&n);
    int starts = 0;
    double first_s = 0, last_s = 0, before = 0, low = 1, high = 0;
    for (int i = 1; err == CT_OK && i <= 40000; i++) {
        err = ct_drains_step(n.drains, 0.1);
        double q = net_value(&n, CT_DRAINS_PUMP_FLOW, 0), depth = net_value(&n, CT_DRAINS_DEPTH, 0);
        if (q > 0 && before == 0) {
            if (starts++ == 0) first_s = 0.1 * i;
            last_s = 0.1 * i;
        }
        if (starts > 0) low = fmin(low, depth);
        high = fmax(high, depth);
        before = q;
    }
    if (err == CT_OK) {
        v->name = "pump, on and off";
        verify_near(v, "cycle, s", 40, (last_s - first_s) / (starts - 1), 0.25);
        verify_near(v, "lowest depth, m", 0.5, low, 0.006);
        verify_near(v, "highest depth, m", 1, high, 0.006);
        verify_near(v, "volume error, relative", 0, net_error(&n), 1e-15);
    }
    net_free(&n);
    return err;
}

// A pump against its lift: 0.2 - 0.02 lift, from a level of 0 into a well that 0.1 m3/s leave.
static ct_err pump_lift(verify *v) {
    static const double x[] = {0, 10}, y[] = {0.2, 0};
    net n;
    net_new(&n);
    uint32_t low = net_tank(&n, -1, 1e9, 1), high = net_tank(&n, 0, 20, 1);
    n.pumps[0] =
        (ct_drains_pump){.from = low, .to = high, .kind = CT_DRAINS_PUMP_LIFT, .curve = {2, x, y}};
    n.params.pump_count = 1;
    net_inflow(&n, high, -0.1);
    ct_err err = net_open(&n);
    if (err == CT_OK) err = net_run(&n, 50000, 50);
    if (err == CT_OK) {
        v->name = "pump, by its lift";
        verify_near(v, "head behind it, m", 5, net_value(&n, CT_DRAINS_HEAD, high), 1e-4);
        verify_near(v, "discharge, m3/s", 0.1, net_value(&n, CT_DRAINS_PUMP_FLOW, 0), 1e-6);
    }
    net_free(&n);
    return err;
}

// The head over a crest that passes a given inflow.
static ct_err weir(verify *v, const char *name, ct_drains_weir w, double flow, double head) {
    net n;
    net_new(&n);
    w.from = net_junction(&n, 0);
    w.to = net_outfall(&n, -5, CT_DRAINS_FREE, 0);
    w.offset_m = 1;
    w.opening = 1;
    n.weirs[0] = w;
    n.params.weir_count = 1;
    net_inflow(&n, w.from, flow);
    ct_err err = net_open(&n);
    if (err == CT_OK) err = net_run(&n, 10000, 100);
    if (err == CT_OK) {
        v->name = name;
        verify_near(v, "head over the crest, m", head, net_value(&n, CT_DRAINS_HEAD, w.from) - 1,
                    1e-9);
    }
    net_free(&n);
    return err;
}

static ct_err weirs(verify *v) {
    ct_drains_weir w = {.kind = CT_DRAINS_WEIR_TRANSVERSE,
                        .height_m = 2,
                        .length_m = 2,
                        .coefficient = 1.8,
                        .slope = 1.5,
                        .coefficient_end = 1.4};
    CT_TRY(weir(v, "weir, transverse", w, 0.5, pow(0.5 / 3.6, 2.0 / 3)));
    w.contractions = 2;
    double deep = 1.5; // L - 0.1 n h of it
    CT_TRY(weir(v, "weir, contracted", w, 1.8 * (2 - 0.2 * deep) * pow(deep, 1.5), deep));
    w.contractions = 0;
    w.height_m = 0.2; // an orifice above: Q = Q(0.2) sqrt((h - 0.1) / 0.1)
    double full = 3.6 * pow(0.2, 1.5);
    CT_TRY(weir(v, "weir, drowned at its top", w, 0.5, 0.1 + 0.1 * pow(0.5 / full, 2)));
    w.height_m = 2;
    w.kind = CT_DRAINS_WEIR_SIDE;
    CT_TRY(weir(v, "weir, side flow", w, 0.5, pow(0.5 / 3.6, 0.6)));
    w.kind = CT_DRAINS_WEIR_V_NOTCH;
    CT_TRY(weir(v, "weir, V-notch", w, 0.5, pow(0.5 / 2.7, 0.4)));
    w.kind = CT_DRAINS_WEIR_TRAPEZOIDAL;
    double h = 0.3;
    return weir(v, "weir, trapezoidal", w, (3.6 + 2.1 * h) * pow(h, 1.5), h);
}

static ct_err outlets(verify *v) {
    static const double x[] = {0, 1, 2}, y[] = {0, 0.1, 0.5};
    net n;
    net_new(&n);
    uint32_t a = net_junction(&n, 0), b = net_junction(&n, 0);
    uint32_t end = net_outfall(&n, -5, CT_DRAINS_FREE, 0);
    n.outlets[0] =
        (ct_drains_outlet){.from = a, .to = b, .offset_m = 0.5, .curve = {3, x, y}, .opening = 1};
    n.outlets[1] = (ct_drains_outlet){
        .from = b, .to = end, .by_head = true, .factor = 0.2, .exponent = 0.5, .opening = 0.5};
    n.params.outlet_count = 2;
    net_inflow(&n, a, 0.2);
    ct_err err = net_open(&n);
    if (err == CT_OK) err = net_run(&n, 20000, 100);
    if (err == CT_OK) {
        v->name = "outlets";
        verify_near(v, "depth by the table, m", 1.75, net_value(&n, CT_DRAINS_DEPTH, a), 1e-9);
        verify_near(v, "depth by the power of the head, m", 4, net_value(&n, CT_DRAINS_DEPTH, b),
                    1e-6);
    }
    net_free(&n);
    return err;
}

// A tide over a flap keeps what it keeps out; without the flap the pipe's node follows it.
static ct_err flaps(verify *v) {
    for (int flap = 0; flap < 2; flap++) {
        net n;
        net_new(&n);
        uint32_t a = net_junction(&n, 0), end = net_outfall(&n, -0.5, CT_DRAINS_LEVEL, 2);
        net_pipe(&n, a, end, 80, 0.013, net_circle(0.6));
        n.nodes[a].depth_m = 0.5;
        n.nodes[end].flap = flap == 1;
        ct_err err = net_open(&n);
        double before = net_value(&n, CT_DRAINS_HEAD, a);
        if (err == CT_OK) err = net_run(&n, 5000, 5);
        if (err == CT_OK) {
            ct_drains_ledger l;
            ct_drains_ledger_get(n.drains, &l);
            v->name = flap ? "flap at an outfall" : "no flap at an outfall";
            if (flap) verify_near(v, "volume that came in, m3", 0, l.outfall_in_m3, 0);
            if (!flap) {
                verify_near(v, "head behind the tide, m", 2, net_value(&n, CT_DRAINS_HEAD, a),
                            1e-6);
            }
            if (flap) {
                verify_near(v, "volume kept, m3", l.initial_m3, l.state_m3, 1e-12);
                verify_near(v, "highest head, m", before, net_value(&n, CT_DRAINS_MAX_HEAD, a),
                            0.2);
            }
        }
        net_free(&n);
        CT_TRY(err);
    }
    return CT_OK;
}

ct_err verify_structures(verify *v) {
    CT_TRY(pump_cycles(v));
    CT_TRY(pump_lift(v));
    CT_TRY(weirs(v));
    CT_TRY(outlets(v));
    return flaps(v);
}
