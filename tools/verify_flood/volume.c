// The water's books over 10,000 steps and more: rain on roofs and ground, a river level that rises
// and falls, an inflow, free outflow, on a rough bed that falls dry and floods. The sum of the
// state is made here; rain is the integral of its rate; what passed the edges is the engine's.
#include "verify.h"

#include <math.h>

#include "base/mem.h"
#include "base/rng.h"

enum { NX = 80, NY = 60 };

static void fill(pond *p, uint8_t *blocked, int64_t *roof) {
    for (size_t i = 0; i < p->cells; i++) {
        double column = (double)(i % NX);
        p->bed[i] = 3 - 0.03 * column + ct_rng_range(0, 0.5, 23, i, 0, 0);
        blocked[i] = ct_rng_unit(23, i, 0, 1) < 0.1;
        roof[i] = -1;
        p->depth[i] = !blocked[i] && column > 60 ? fmax(0, 1.5 - p->bed[i]) : 0;
    }
    for (size_t i = 1; i < p->cells; i++) {
        if (blocked[i] && !blocked[i - 1]) roof[i] = (int64_t)i - 1;
    }
}

static void report(verify *v, const pond *p, double before_m3, double rain_all_m3,
                   double lowest_m) {
    ct_flood_ledger l;
    ct_flood_ledger_get(p->flood, &l);
    double state_m3 = pond_volume_m3(p), in_m3 = 0, out_m3 = 0;
    for (int s = 0; s < CT_FLOOD_SIDES; s++) {
        in_m3 += l.in_m3[s];
        out_m3 += l.out_m3[s];
    }
    double turnover_m3 = before_m3 + rain_all_m3 + in_m3;
    double missing_m3 = state_m3 + out_m3 + l.rain_lost_m3 - turnover_m3;
    verify_at_least(v, "steps", 10000, (double)ct_flood_steps(p->flood));
    verify_near(v, "state + out - in - rain - initial, relative", 0, missing_m3 / turnover_m3,
                by_precision(v, 1e-12, 1e-9));
    verify_near(v, "the engine's own ledger, relative", 0, l.error_m3 / turnover_m3,
                by_precision(v, 1e-12, 1e-9));
    verify_near(v, "rain booked against its integral, relative", 1,
                (l.rain_m3 + l.rain_lost_m3) / rain_all_m3, 1e-12);
    verify_at_least(v, "share of the turnover that left again", 0.5, out_m3 / turnover_m3);
    verify_at_least(v, "smallest raw depth of any step, m", 0, lowest_m);
}

ct_err verify_volume(verify *v) {
    double rain_s[] = {60, 400, 900, 2000}, rain_ms[] = {2e-5, 1e-4, 1e-5, 0};
    double level_s[] = {0, 800, 1600}, level_m[] = {1.5, 3.2, 0.5};
    double flow_s[] = {0, 500, 1000}, flow_m3s[] = {0, 6, 0};
    ct_flood_edge edges[] = {{CT_FLOOD_RIGHT, 0, NY, CT_FLOOD_LEVEL, {3, level_s, level_m}},
                             {CT_FLOOD_LEFT, 20, 10, CT_FLOOD_INFLOW, {3, flow_s, flow_m3s}},
                             {CT_FLOOD_TOP, 10, 50, CT_FLOOD_OPEN, {0}}};
    pond p = {0};
    uint8_t *blocked = ct_calloc((size_t)NX * NY, 1);
    int64_t *roof = ct_calloc((size_t)NX * NY, sizeof *roof);
    ct_err err = blocked && roof ? pond_new(v, &p, NX, NY, 1) : CT_NOMEM;
    v->name = "volume, rain and edges";
    if (err != CT_OK) goto done;
    fill(&p, blocked, roof);
    p.params.blocked = blocked;
    p.params.roof_receiver = roof;
    p.params.edges = edges;
    p.params.edge_count = 3;
    p.params.rain = (ct_flood_series){4, rain_s, rain_ms};
    p.params.manning_uniform = 0.02;
    err = pond_open(&p);
    if (err != CT_OK) goto done;
    double before_m3 = pond_volume_m3(&p), lowest_m = HUGE_VAL;
    for (int i = 1; i <= 300 && err == CT_OK; i++) {
        err = ct_flood_advance(p.flood, 10 * i);
        lowest_m = fmin(lowest_m, pond_min(&p, CT_FLOOD_DEPTH));
    }
    double rain_m = 340 * 2e-5 + 500 * 1e-4 + 1100 * 1e-5;
    if (err == CT_OK) report(v, &p, before_m3, rain_m * NX * NY, lowest_m);
done:
    pond_free(&p);
    ct_free(blocked);
    ct_free(roof);
    return err;
}
