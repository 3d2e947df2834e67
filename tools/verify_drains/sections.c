// Sections against numerical integration of their widths, and full areas against closed forms.
#include "verify.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

static const double custom_x[] = {0, 0.1, 0.5, 0.8, 1}, custom_y[] = {0.2, 0.5, 0.9, 0.9, 0.3};
static const double station[] = {0, 2, 6, 7, 9, 10, 15, 16};
static const double elevation[] = {3, 1.5, 1.4, 0, 0, 1.4, 1.6, 3};

typedef struct shape {
    const char *name;
    ct_drains_section section;
    double full_m2; // by formula
} shape;

static const shape shapes[] = {
    {"circular", {.shape = CT_DRAINS_CIRCULAR, .height_m = 1.2}, 1.130973355292325},
    {"filled circular",
     {.shape = CT_DRAINS_FILLED_CIRCULAR, .height_m = 2, .fill_m = 1},
     1.570796326794897},
    {"rectangular, closed", {.shape = CT_DRAINS_RECT_CLOSED, .height_m = 1, .width_m = 2}, 2},
    {"rectangular, open", {.shape = CT_DRAINS_RECT_OPEN, .height_m = 1, .width_m = 2}, 2},
    {"trapezoidal",
     {.shape = CT_DRAINS_TRAPEZOIDAL,
      .height_m = 2,
      .width_m = 1,
      .slope_left = 1,
      .slope_right = 2},
     8},
    {"triangular", {.shape = CT_DRAINS_TRIANGULAR, .height_m = 1, .width_m = 4}, 2},
    {"parabolic", {.shape = CT_DRAINS_PARABOLIC, .height_m = 1.5, .width_m = 3}, 3},
    {"power 3", {.shape = CT_DRAINS_POWER, .height_m = 1, .width_m = 2, .exponent = 3}, 1.5},
    // 4.594 r2 of the 3:2 egg, r = height / 3
    {"egg", {.shape = CT_DRAINS_EGG, .height_m = 1.5}, 1.148525},
    {"horseshoe", {.shape = CT_DRAINS_HORSESHOE, .height_m = 2}, 3.3172}, // 0.8293 height2
    {"arch", {.shape = CT_DRAINS_ARCH, .height_m = 1, .width_m = 1.6}, 1.256637061435917},
    {"ellipse", {.shape = CT_DRAINS_ELLIPSE, .height_m = 1, .width_m = 1.6}, 1.256637061435917},
    {"custom", {.shape = CT_DRAINS_CUSTOM, .height_m = 2, .table = {5, custom_x, custom_y}}, 2.82},
    {"transect", {.shape = CT_DRAINS_TRANSECT, .table = {8, station, elevation}}, 0},
};
enum { SHAPES = sizeof shapes / sizeof *shapes, STEPS = 20000 };

static double full_height(const shape *s) {
    return s->section.shape == CT_DRAINS_TRANSECT ? 3 : s->section.height_m - s->section.fill_m;
}

// The largest difference between the area and the integral of the width, over the full area.
static ct_err integrate(verify *v, const shape *s) {
    double height = full_height(s), area = 0, worst = 0;
    ct_drains_geometry g;
    for (int i = 0; i < STEPS; i += 100) {
        for (int k = i; k < i + 100; k++) {
            CT_TRY(ct_drains_geometry_at(&s->section, 0.013, height * (k + 0.5) / STEPS, &g));
            area += g.width_m * height / STEPS;
        }
        CT_TRY(ct_drains_geometry_at(&s->section, 0.013, height * (i + 100) / STEPS, &g));
        worst = fmax(worst, fabs(g.area_m2 - area));
    }
    v->name = s->name;
    verify_near(v, "area less integral of width, of full", 0, worst / area, 1e-5);
    if (s->full_m2 > 0) verify_share(v, "full area, m2", s->full_m2, g.area_m2, 1.5e-4);
    return CT_OK;
}

static ct_err circle(verify *v) {
    ct_drains_section s = net_circle(2);
    ct_drains_geometry g;
    v->name = "circular, 0.3 of 2 m";
    double angle = 2 * acos(1 - 0.3), area = 0.5 * (angle - sin(angle));
    CT_TRY(ct_drains_geometry_at(&s, 0, 0.3, &g));
    verify_share(v, "area, m2", area, g.area_m2, 3e-4);
    verify_share(v, "width, m", 2 * sin(0.5 * angle), g.width_m, 3e-4);
    verify_share(v, "wetted perimeter, m", angle, g.perimeter_m, 3e-4);
    double critical = sqrt(CT_DRAINS_GRAVITY * pow(area, 3) / (2 * sin(0.5 * angle)));
    verify_share(v, "critical discharge, m3/s", critical, g.critical_m3s, 6e-4);
    v->name = "circular, full";
    CT_TRY(ct_drains_geometry_at(&s, 0, 2, &g));
    verify_share(v, "hydraulic radius, m", 0.5, g.radius_m, 2e-4);
    verify_share(v, "wetted perimeter, m", 2 * pi, g.perimeter_m, 2e-4);
    return CT_OK;
}

// Conveyance of a channel of 2 x 2 m between banks of 5 m, half a metre under water.
static ct_err banks(verify *v) {
    static const double x[] = {0, 5, 5, 7, 7, 12}, z[] = {2, 2, 0, 0, 2, 2};
    ct_drains_section s = {.shape = CT_DRAINS_TRANSECT,
                           .table = {6, x, z},
                           .bank_left_m = 5,
                           .bank_right_m = 7,
                           .manning_left = 0.06,
                           .manning_right = 0.06};
    ct_drains_geometry g;
    CT_TRY(ct_drains_geometry_at(&s, 0.02, 2.5, &g));
    v->name = "transect with banks";
    double bank = pow(2.5, 5.0 / 3) / pow(5.5, 2.0 / 3) / 0.06;
    double channel = pow(5, 5.0 / 3) / pow(6, 2.0 / 3) / 0.02;
    double got = g.area_m2 * pow(g.radius_m, 2.0 / 3) / 0.02;
    verify_share(v, "area, m2", 10, g.area_m2, 1e-12);
    verify_share(v, "conveyance, m3/s, above its table", 2 * bank + channel, got, 0.005);
    return CT_OK;
}

ct_err verify_sections(verify *v) {
    for (size_t i = 0; i < SHAPES; i++) CT_TRY(integrate(v, &shapes[i]));
    CT_TRY(circle(v));
    return banks(v);
}
