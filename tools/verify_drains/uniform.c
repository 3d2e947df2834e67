// Steady uniform flow: what Manning's formula conveys at a depth, put in, gives that depth back.
#include "verify.h"

#include <math.h>

static const double custom_x[] = {0, 0.5, 1}, custom_y[] = {0.4, 0.9, 0.2};
static const double station[] = {0, 2, 6, 7, 9, 10, 15, 16};
static const double elevation[] = {3, 1.5, 1.4, 0, 0, 1.4, 1.6, 3};

static const struct {
    const char *name;
    ct_drains_section section;
    double depth_m;
} list[] = {
    {"uniform, circular", {.shape = CT_DRAINS_CIRCULAR, .height_m = 1}, 0.6},
    {"uniform, filled circular",
     {.shape = CT_DRAINS_FILLED_CIRCULAR, .height_m = 1, .fill_m = 0.2},
     0.4},
    {"uniform, rectangular", {.shape = CT_DRAINS_RECT_CLOSED, .height_m = 1, .width_m = 1.5}, 0.5},
    {"uniform, open rectangle", {.shape = CT_DRAINS_RECT_OPEN, .height_m = 1, .width_m = 1.5}, 0.5},
    {"uniform, trapezoidal",
     {.shape = CT_DRAINS_TRAPEZOIDAL,
      .height_m = 2,
      .width_m = 1,
      .slope_left = 1,
      .slope_right = 2},
     0.7},
    {"uniform, triangular", {.shape = CT_DRAINS_TRIANGULAR, .height_m = 1, .width_m = 3}, 0.6},
    {"uniform, parabolic", {.shape = CT_DRAINS_PARABOLIC, .height_m = 1, .width_m = 2}, 0.6},
    {"uniform, power", {.shape = CT_DRAINS_POWER, .height_m = 1, .width_m = 2, .exponent = 3}, 0.6},
    {"uniform, egg", {.shape = CT_DRAINS_EGG, .height_m = 1.2}, 0.6},
    {"uniform, horseshoe", {.shape = CT_DRAINS_HORSESHOE, .height_m = 1.2}, 0.6},
    {"uniform, arch", {.shape = CT_DRAINS_ARCH, .height_m = 1, .width_m = 1.6}, 0.6},
    {"uniform, ellipse", {.shape = CT_DRAINS_ELLIPSE, .height_m = 1, .width_m = 1.6}, 0.6},
    {"uniform, custom",
     {.shape = CT_DRAINS_CUSTOM, .height_m = 1.5, .table = {3, custom_x, custom_y}},
     0.7},
    {"uniform, transect", {.shape = CT_DRAINS_TRANSECT, .table = {8, station, elevation}}, 2.0},
};

static ct_err run(verify *v, size_t i, double slope) {
    net n;
    const double manning = 0.013, length_m = 200;
    ct_drains_geometry g;
    v->name = list[i].name;
    net_new(&n);
    CT_TRY(ct_drains_geometry_at(&list[i].section, manning, list[i].depth_m, &g));
    double flow = g.area_m2 * pow(g.radius_m, 2.0 / 3) * sqrt(slope) / manning;
    uint32_t top = net_junction(&n, slope * length_m);
    uint32_t end = net_outfall(&n, 0, CT_DRAINS_NORMAL, 0);
    net_pipe(&n, top, end, length_m, manning, list[i].section);
    net_inflow(&n, top, flow);
    ct_err err = net_open(&n);
    if (err == CT_OK) err = net_run(&n, 20000, 20);
    if (err == CT_OK) {
        ct_drains_profile p;
        err = ct_drains_profile_get(n.drains, 0, &p);
        double worst = 0;
        for (size_t k = 0; err == CT_OK && k < p.count; k++) {
            worst = fmax(worst, fabs(p.head_m[k] - p.bed_m[k] - list[i].depth_m));
        }
        verify_near(v, slope < 0.01 ? "depth, worst cell, m, mild" : "depth, worst cell, m, steep",
                    0, worst, 1e-6);
        verify_near(v, "volume error, relative", 0, net_error(&n), 1e-15);
    }
    net_free(&n);
    return err;
}

ct_err verify_uniform(verify *v) {
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        CT_TRY(run(v, i, 0.001));
        CT_TRY(run(v, i, 0.03));
    }
    return CT_OK;
}
