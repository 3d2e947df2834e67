// A dam fails above a valley of 300,000 cells of 20 m, made of formulas: a meandering channel on a
// floor between steep flanks, 35 m of water behind the dam; 30 h of it.
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "bench_data/figure.h"
#include "bench_flood.h"
#include "sim/flood/state.h"

enum { NX = 1000, NY = 300, LAKE = 150 };

static void fill(double *bed_m, double *depth_m) {
    const double cell_m = 20, fall = 0.006;
    const double lake_m = 235 - fall * LAKE * cell_m;
    for (size_t i = 0; i < (size_t)NX * NY; i++) {
        double x = (double)(i % NX), y = (double)(i / NX);
        double middle = NY / 2.0 + 30 * sin(x / 60) + 12 * sin(x / 23);
        double aside_m = fabs(y - middle) * cell_m, floor_m = 150 + 100 * (1 + sin(x / 90));
        bed_m[i] = 200 - fall * x * cell_m + 0.004 * fmin(aside_m, floor_m) +
                   0.12 * fmax(0, aside_m - floor_m) + ct_rng_range(0, 0.5, 3, i, 0, 0);
        depth_m[i] = x < LAKE ? fmax(0, lake_m - bed_m[i]) : 0;
    }
}

// From now on to until_s, h being its name.
static ct_err report(ct_flood *flood, double until_s, const char *h) {
    enum { LOOKS = 100 };
    const double from_s = ct_flood_time_s(flood), count = ((NX + 63) / 64) * ((NY + 63) / 64);
    const uint64_t steps = ct_flood_steps(flood);
    double active = 0;
    char metric[80];
    int64_t start_us = ct_clock_cpu_us();
    for (int i = 1; i <= LOOKS; i++) {
        CT_TRY(ct_flood_advance(flood, from_s + (until_s - from_s) * i / LOOKS));
        active += (double)ct_surface_active_tiles(flood->surface) / (LOOKS * count);
    }
    double cpu_s = (double)(ct_clock_cpu_us() - start_us) * 1e-6;
    snprintf(metric, sizeof metric, "valley of 300,000 cells, a dam fails, %s", h);
    print_figure("flood", metric, cpu_s, "CPU s", (double)NAN, true, (double)NAN);
    snprintf(metric, sizeof metric, "valley, steps, %s", h);
    print_figure("flood", metric, (double)(ct_flood_steps(flood) - steps), "steps", (double)NAN,
                 true, (double)NAN);
    snprintf(metric, sizeof metric, "valley, active tiles, %s", h);
    print_figure("flood", metric, active, "of all", (double)NAN, true, (double)NAN);
    return CT_OK;
}

ct_err valley_open(ct_flood **out, bool local_steps) {
    const size_t cells = (size_t)NX * NY;
    double *bed_m = ct_calloc(2 * cells, sizeof *bed_m);
    if (!bed_m) return CT_NOMEM;
    double *depth_m = bed_m + cells;
    fill(bed_m, depth_m);
    const ct_flood_edge end = {CT_FLOOD_RIGHT, 0, NY, CT_FLOOD_OPEN, {0}};
    ct_flood_params params;
    ct_flood_params_init(&params);
    params.nx = NX;
    params.ny = NY;
    params.cell_m = 20;
    params.bed_m = bed_m;
    params.depth_m = depth_m;
    params.manning_uniform = 0.04;
    params.edges = &end;
    params.edge_count = 1;
    params.scheme = CT_FLOOD_SECOND_ORDER;
    params.precision = CT_FLOOD_SINGLE;
    params.local_steps = local_steps;
    ct_err err = ct_flood_open(out, &params);
    ct_free(bed_m);
    return err;
}

ct_err bench_valley(void) {
    ct_flood *flood = NULL;
    ct_err err = valley_open(&flood, false);
    if (err == CT_OK) err = report(flood, 7200, "0 to 2 h");
    if (err == CT_OK) err = report(flood, 108000, "2 to 30 h");
    ct_flood_close(flood);
    return err;
}
