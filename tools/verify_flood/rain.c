// Rain: on a closed level basin it stands as deep as it fell; on a plane it runs off as the
// kinematic wave says.
#include "verify.h"

#include <math.h>

#include "base/mem.h"

static ct_err closed_basin(verify *v) {
    double time_s[] = {100, 1000, 1300}, rate_ms[] = {1e-5, 5e-5, 0};
    pond p;
    v->name = "rain on a closed basin";
    CT_TRY(pond_new(v, &p, 20, 15, 5));
    p.params.rain = (ct_flood_series){3, time_s, rate_ms};
    p.params.manning_uniform = 0.03;
    ct_err err = pond_open(&p);
    if (err == CT_OK) err = ct_flood_advance(p.flood, 2000);
    if (err == CT_OK) {
        const double bound_m = by_precision(v, 1e-14, 5e-10); // of 0.024 m
        double fallen_m = 900 * 1e-5 + 300 * 5e-5;
        verify_near(v, "smallest depth, m", fallen_m, pond_min(&p, CT_FLOOD_DEPTH), bound_m);
        verify_near(v, "largest depth, m", fallen_m, pond_max(&p, CT_FLOOD_DEPTH), bound_m);
        verify_near(v, "largest speed, m/s", 0, pond_max(&p, CT_FLOOD_MAX_SPEED), 1e-12);
    }
    pond_free(&p);
    return err;
}

// A plane 200 m long and one cell wide, cells of 2 m, n = 0.03, 72 mm/h. Steady kinematic wave:
// q(x) = i x and h = (n i x / sqrt(S))^(3/5); rising, q(L, t) = sqrt(S) / n (i t)^(5/3), until the
// wave from the upper end arrives at t_e = (n L / (i^(2/3) sqrt(S)))^(3/5).
enum { CELLS = 100 };
static const double cell_m = 2, manning = 0.03, rain_ms = 2e-5;

typedef struct runoff {
    double out_m3s, rising_m3, depth_error; // steady; of the first half of t_e; relative mean
} runoff;

static ct_err run_off(pond *p, double slope, double rise_s, runoff *out) {
    double exact[CELLS], deep_m = 0;
    ct_flood_ledger rising, early, late;
    for (size_t i = 0; i < CELLS; i++) {
        p->bed[i] = slope * (CELLS * cell_m - pond_x_m(p, i));
        exact[i] = pow(manning * rain_ms * pond_x_m(p, i) / sqrt(slope), 0.6);
        deep_m += exact[i] / CELLS;
    }
    CT_TRY(pond_open(p));
    CT_TRY(ct_flood_advance(p->flood, 0.5 * rise_s));
    ct_flood_ledger_get(p->flood, &rising);
    CT_TRY(ct_flood_advance(p->flood, 10 * rise_s));
    ct_flood_ledger_get(p->flood, &early);
    CT_TRY(ct_flood_advance(p->flood, 10 * rise_s + 100));
    ct_flood_ledger_get(p->flood, &late);
    const double *h = ct_flood_get(p->flood, CT_FLOOD_DEPTH);
    *out = (runoff){(late.out_m3[CT_FLOOD_RIGHT] - early.out_m3[CT_FLOOD_RIGHT]) / 100,
                    rising.out_m3[CT_FLOOD_RIGHT], mean_error(h, exact, CELLS) / deep_m};
    return CT_OK;
}

static ct_err plane(verify *v, const char *name, double slope, double rising_bound,
                    double depth_bound) {
    double time_s[] = {0};
    ct_flood_edge edge = {CT_FLOOD_RIGHT, 0, 1, CT_FLOOD_OPEN, {0}};
    double rise_s = pow(manning * CELLS * cell_m / (pow(rain_ms, 2.0 / 3) * sqrt(slope)), 0.6);
    double half_m3 =
        0.375 * sqrt(slope) / manning * pow(rain_ms, 5.0 / 3) * pow(0.5 * rise_s, 8.0 / 3) * cell_m;
    runoff found;
    pond p;
    v->name = name;
    CT_TRY(pond_new(v, &p, CELLS, 1, cell_m));
    p.params.rain = (ct_flood_series){1, time_s, &rain_ms};
    p.params.manning_uniform = manning;
    p.params.edges = &edge;
    p.params.edge_count = 1;
    ct_err err = run_off(&p, slope, rise_s, &found);
    pond_free(&p);
    if (err != CT_OK) return err;
    double steady_m3s = rain_ms * CELLS * cell_m * cell_m;
    verify_near(v, "steady outflow / (i L)", 1, found.out_m3s / steady_m3s, 1e-5);
    verify_near(v, "outflow while it rises / kinematic", 1, found.rising_m3 / half_m3,
                rising_bound);
    verify_near(v, "mean error of depth, relative", 0, found.depth_error, depth_bound);
    return CT_OK;
}

ct_err verify_rain(verify *v) {
    CT_TRY(closed_basin(v));
    // The film is thinner than the step from cell to cell (0.1 m), then about as thick (0.02 m):
    // where the first order is at its weakest. The bounds state how weak.
    if (v->scheme == CT_FLOOD_SECOND_ORDER) {
        CT_TRY(plane(v, "rain on a plane, slope 0.05", 0.05, 0.02, 0.005));
        return plane(v, "rain on a plane, slope 0.01", 0.01, 0.02, 0.005);
    }
    CT_TRY(plane(v, "rain on a plane, slope 0.05", 0.05, 0.25, 0.06));
    return plane(v, "rain on a plane, slope 0.01", 0.01, 0.6, 0.3);
}
