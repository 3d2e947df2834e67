// Water swinging between two shafts of equal area A through a full pipe (length L, area a): without
// friction with the angular frequency sqrt(2 g a / (L A)); with friction that is quadratic in the
// velocity, amplitudes z0, z1 of one and the next turn of the difference of levels obey
//     (1 + m z0) exp(-m z0) = (1 - m z1) exp(m z1),   m = A c,   c = g n2 / (R^(4/3) a)
// (Jaeger, Fluid Transients, 1977, chapter on mass oscillations). Backward Euler damps by itself:
// by pi2 / N in half a period of N steps; that is what the bounds of the first turns allow.
#include "verify.h"

#include <math.h>

static const double g = CT_DRAINS_GRAVITY, pi = 3.14159265358979323846;
static const double length_m = 100, shaft_m2 = 5;

typedef struct swing {
    double period_s, first_m, next_m; // of the difference: its first turn and the one after
} swing;

static ct_err run(swing *out, double manning, double step_s, double until_s) {
    net n;
    net_new(&n);
    uint32_t a = net_junction(&n, 0), b = net_junction(&n, 0);
    net_pipe(&n, a, b, length_m, manning, net_circle(0.8));
    n.nodes[a].area_m2 = n.nodes[b].area_m2 = shaft_m2;
    n.nodes[a].depth_m = 5;
    n.nodes[b].depth_m = 3;
    ct_err err = net_open(&n);
    double before = 2, crossing[2] = {0, 0};
    int crossings = 0;
    *out = (swing){0};
    for (double t = step_s; err == CT_OK && t <= until_s && crossings < 3; t += step_s) {
        err = ct_drains_step(n.drains, step_s);
        double z = net_value(&n, CT_DRAINS_HEAD, a) - net_value(&n, CT_DRAINS_HEAD, b);
        if ((z > 0) != (before > 0)) {
            double at = t - step_s + step_s * before / (before - z);
            if (crossings < 2) crossing[crossings] = at;
            if (crossings == 2) out->period_s = at - crossing[0];
            crossings++;
        }
        if (crossings == 1) out->first_m = fmax(out->first_m, -z);
        if (crossings == 2) out->next_m = fmax(out->next_m, z);
        before = z;
    }
    net_free(&n);
    return err;
}

static double next_turn(double m, double z0) {
    double left = (1 + m * z0) * exp(-m * z0), low = 0, high = z0;
    for (int i = 0; i < 100; i++) {
        double z1 = 0.5 * (low + high);
        if ((1 - m * z1) * exp(m * z1) > left) {
            low = z1;
        } else {
            high = z1;
        }
    }
    return low;
}

ct_err verify_oscillation(verify *v) {
    ct_drains_section pipe = net_circle(0.8);
    ct_drains_geometry s;
    CT_TRY(ct_drains_geometry_at(&pipe, 0, 0.8, &s));
    double period_s = 2 * pi * sqrt(length_m * shaft_m2 / (2 * g * s.area_m2));
    swing w;
    v->name = "mass oscillation, no friction";
    CT_TRY(run(&w, 0, period_s / 4000, 3 * period_s));
    verify_share(v, "period, s", period_s, w.period_s, 1e-3);
    verify_share(v, "first turn, m, 4000 steps a period", 2, w.first_m, 2.6e-3);
    verify_share(v, "next turn, m", 2, w.next_m, 5.2e-3);
    CT_TRY(run(&w, 0, period_s / 400, 3 * period_s));
    verify_share(v, "first turn, m, 400 steps a period", 2, w.first_m, 2.6e-2);
    v->name = "mass oscillation, friction";
    const double manning = 0.015;
    double m = shaft_m2 * g * manning * manning / (pow(s.radius_m, 4.0 / 3) * s.area_m2);
    double first = next_turn(m, 2), next = next_turn(m, first);
    CT_TRY(run(&w, manning, period_s / 4000, 3 * period_s));
    verify_share(v, "first turn, m", first, w.first_m, 3e-3);
    verify_share(v, "next turn, m", next, w.next_m, 5e-3);
    return CT_OK;
}
