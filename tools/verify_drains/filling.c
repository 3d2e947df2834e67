// Filling and emptying: pipes that run full with nowhere to go, and a tank through an orifice.
#include "verify.h"

#include <math.h>

static const double g = CT_DRAINS_GRAVITY;

// An empty pipe between two shafts of 1 m2 takes a constant inflow; once it is full both shafts
// rise by half of it. What heads there are follows from the volume alone once the waves have died.
static ct_err fill(verify *v, double step_s) {
    net n;
    net_new(&n);
    uint32_t a = net_junction(&n, 0), b = net_junction(&n, -0.3);
    net_pipe(&n, a, b, 120, 0.013, net_circle(0.5));
    n.nodes[a].rim_m = n.nodes[b].rim_m = 20;
    net_inflow(&n, a, 0.05);
    ct_err err = net_open(&n);
    if (err == CT_OK) err = net_run(&n, 600, step_s);
    if (err == CT_OK) err = ct_drains_set(n.drains, "inflow", a, -0.05); // stop
    if (err == CT_OK) err = net_run(&n, 7200, step_s);
    if (err == CT_OK) {
        ct_drains_section pipe = net_circle(0.5);
        ct_drains_geometry s;
        CT_TRY(ct_drains_geometry_at(&pipe, 0, 0.5, &s));
        // 30 m3 = pipe + two shafts (from 0 and from -0.3) + the pipe's elastic width
        double elastic = g * s.area_m2 / 1e6, crown = 0.35; // of the pipe's middle
        double pipe_m3 = 120 * (s.area_m2 - elastic * crown);
        double level = (30 - pipe_m3 - 0.3) / (2 + 120 * elastic);
        v->name = step_s > 5 ? "filling a pipe, steps of 60 s" : "filling a pipe, steps of 1 s";
        verify_near(v, "level in the shafts, m", level, net_value(&n, CT_DRAINS_HEAD, a), 1e-6);
        verify_near(v, "difference of levels, m", 0,
                    net_value(&n, CT_DRAINS_HEAD, a) - net_value(&n, CT_DRAINS_HEAD, b), 1e-6);
        verify_near(v, "volume error, relative", 0, net_error(&n), 1e-15);
    }
    net_free(&n);
    return err;
}

// From 4 m to h through an orifice in its floor: sqrt(h) falls linearly.
static ct_err empty_tank(verify *v, double step_s, double bound) {
    net n;
    net_new(&n);
    uint32_t tank = net_tank(&n, 0, 10, 4), end = net_outfall(&n, -10, CT_DRAINS_FREE, 0);
    n.orifices[0] = (ct_drains_orifice){.from = tank,
                                        .to = end,
                                        .bottom = true,
                                        .height_m = 0.2,
                                        .coefficient = 0.62,
                                        .opening = 1};
    n.params.orifice_count = 1;
    ct_err err = net_open(&n);
    if (err == CT_OK) err = net_run(&n, 300, step_s);
    if (err == CT_OK) {
        ct_drains_section hole = net_circle(0.2);
        ct_drains_geometry s;
        CT_TRY(ct_drains_geometry_at(&hole, 0, 0.2, &s));
        double rate = 0.62 * s.area_m2 * sqrt(2 * g) / (2 * 10);
        v->name = step_s < 1 ? "emptying a tank, steps of 0.1 s" : "emptying a tank, steps of 5 s";
        verify_near(v, "depth after 300 s, m", pow(2 - rate * 300, 2),
                    net_value(&n, CT_DRAINS_HEAD, tank), bound);
        verify_near(v, "volume error, relative", 0, net_error(&n), 1e-15);
    }
    net_free(&n);
    return err;
}

ct_err verify_filling(verify *v) {
    CT_TRY(fill(v, 1));
    CT_TRY(fill(v, 60));
    CT_TRY(empty_tank(v, 0.1, 1e-3));
    return empty_tank(v, 5, 0.03);
}
