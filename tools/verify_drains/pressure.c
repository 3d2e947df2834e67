// Steady flow in full pipes: heads lost by friction, fittings and velocity heads.
#include "verify.h"

#include <math.h>

static const double g = CT_DRAINS_GRAVITY;

static ct_err between(verify *v, bool tanks) {
    net n;
    const double manning = 0.012, length_m = 150;
    ct_drains_section pipe = net_circle(0.6);
    ct_drains_geometry geometry;
    CT_TRY(ct_drains_geometry_at(&pipe, manning, 0.6, &geometry));
    net_new(&n);
    uint32_t a = tanks ? net_tank(&n, 0, 1e9, 8) : net_outfall(&n, 0, CT_DRAINS_LEVEL, 8);
    uint32_t b = tanks ? net_tank(&n, -1, 1e9, 6) : net_outfall(&n, -1, CT_DRAINS_LEVEL, 5);
    uint32_t c = net_pipe(&n, a, b, length_m, manning, pipe);
    n.conduits[c].loss_entry = 0.5;
    n.conduits[c].loss_exit = 0.7;
    n.conduits[c].loss_average = 1.3;
    ct_err err = net_open(&n);
    if (err == CT_OK) err = net_run(&n, 2000, 20);
    if (err == CT_OK) {
        double loss = 2.5 + (tanks ? 1 : 0) +
                      2 * g * manning * manning * length_m / pow(geometry.radius_m, 4.0 / 3);
        double expected = geometry.area_m2 * sqrt(2 * g * 3 / loss);
        v->name = tanks ? "full pipe between tanks" : "full pipe between levels";
        verify_share(v, "discharge, m3/s", expected, net_value(&n, CT_DRAINS_FLOW, 0),
                     tanks ? 1e-6 : 1e-9);
        verify_near(v, "volume error, relative", 0, net_error(&n), 1e-15);
    }
    net_free(&n);
    return err;
}

// Ten pipes end to end under manholes: the grade line is straight, and one long step finds it.
static ct_err manholes(verify *v) {
    net n;
    net_new(&n);
    ct_drains_section pipe = net_circle(0.5);
    ct_drains_geometry geometry;
    CT_TRY(ct_drains_geometry_at(&pipe, 0.013, 0.5, &geometry));
    uint32_t before = net_junction(&n, 0), top = before;
    for (int i = 1; i < 10; i++) {
        uint32_t next = net_junction(&n, -0.05 * i);
        net_pipe(&n, before, next, 50, 0.013, pipe);
        before = next;
    }
    net_pipe(&n, before, net_outfall(&n, -0.5, CT_DRAINS_LEVEL, 1), 50, 0.013, pipe);
    net_inflow(&n, top, 0.3);
    ct_err err = net_open(&n);
    if (err == CT_OK) err = net_run(&n, 50000, 5000);
    if (err == CT_OK) {
        double u = 0.3 / geometry.area_m2;
        double slope = 0.013 * 0.013 * u * u / pow(geometry.radius_m, 4.0 / 3);
        v->name = "surcharged manholes, steps of 5000 s";
        verify_near(v, "head at the top, m", 1 + 500 * slope, net_value(&n, CT_DRAINS_HEAD, top),
                    1e-6);
        verify_near(v, "head in the middle, m", 1 + 250 * slope, net_value(&n, CT_DRAINS_HEAD, 5),
                    1e-6);
        verify_near(v, "volume error, relative", 0, net_error(&n), 1e-15);
    }
    net_free(&n);
    return err;
}

ct_err verify_pressure(verify *v) {
    CT_TRY(between(v, false));
    CT_TRY(between(v, true));
    return manholes(v);
}
