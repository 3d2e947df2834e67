// Local time steps beside one step for all: a cloudburst on a town of formulas, as the sample
// community is, and the first hours of the valley.
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "bench_data/figure.h"
#include "bench_flood.h"
#include "sim/flood/state.h"

enum { SIDE = 320 }; // 25 tiles

typedef struct town {
    double bed_m[SIDE * SIDE], depth_m[SIDE * SIDE], manning[SIDE * SIDE];
    uint8_t blocked[SIDE * SIDE];
} town;

// Cells of 4 m; streets between blocks of houses, falling to a river of 4 m of water along one
// side; one pond.
static void fill(town *t) {
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++) {
        const double x = (double)(i % SIDE), y = (double)(i / SIDE);
        const size_t across = i % SIDE % 16, along = i / SIDE % 20;
        const bool river = x < 24 + 6 * sin(y / 40), street = across < 3 || along < 3;
        const double pond = fmax(0, 1 - hypot(x - 220, y - 90) / 14);
        t->bed_m[i] = river ? 6 : 10 + 0.012 * x + 0.4 * sin(x / 31) * sin(y / 43) - 3 * pond;
        if (!river && !street) t->bed_m[i] += 0.15;
        t->bed_m[i] += ct_rng_range(0, 0.05, 4, i, 0, 0);
        t->depth_m[i] = river ? fmax(0, 10 - t->bed_m[i]) : 2 * pond;
        t->manning[i] = street ? 0.016 : 0.05;
        t->blocked[i] = !river && pond == 0 && across > 5 && across < 13 && along > 5 && along < 17;
    }
}

static ct_err open_town(ct_flood **out, const town *t, bool local) {
    static const double times_s[] = {0, 600, 1500, 2400}, rates_ms[] = {1.4e-5, 5e-5, 2e-5, 0};
    ct_flood_params params;
    ct_flood_params_init(&params);
    params.nx = params.ny = SIDE;
    params.cell_m = 4;
    params.bed_m = t->bed_m;
    params.depth_m = t->depth_m;
    params.manning = t->manning;
    params.blocked = t->blocked;
    params.rain = (ct_flood_series){4, times_s, rates_ms};
    params.local_steps = local;
    return ct_flood_open(out, &params);
}

static ct_err measure(ct_flood *flood, double until_s, double *cpu_s, double *tile_steps) {
    const int64_t start_us = ct_clock_cpu_us();
    CT_TRY(ct_flood_advance(flood, until_s));
    *cpu_s = (double)(ct_clock_cpu_us() - start_us) * 1e-6;
    *tile_steps = (double)ct_surface_tile_steps(flood->surface);
    return CT_OK;
}

// Floods of one model by one step [0] and by local ones [1]; closes them.
static ct_err report(const char *name, ct_flood *flood[2], double until_s) {
    double cpu_s[2] = {0, 0}, tile_steps[2] = {0, 0}, mean_m = 0;
    char metric[80];
    ct_err err = CT_OK;
    for (int k = 0; k < 2 && err == CT_OK; k++) {
        err = measure(flood[k], until_s, &cpu_s[k], &tile_steps[k]);
    }
    if (err == CT_OK) {
        const double *a = ct_flood_get(flood[0], CT_FLOOD_MAX_DEPTH);
        const double *b = ct_flood_get(flood[1], CT_FLOOD_MAX_DEPTH);
        const size_t cells = flood[0]->cells;
        for (size_t i = 0; i < cells; i++) mean_m += fabs(a[i] - b[i]) / (double)cells;
    }
    ct_flood_close(flood[0]);
    ct_flood_close(flood[1]);
    if (err != CT_OK) return err;
    snprintf(metric, sizeof metric, "%s, one step", name);
    print_figure("flood", metric, cpu_s[0], "CPU s", (double)NAN, true, (double)NAN);
    snprintf(metric, sizeof metric, "%s, local steps", name);
    print_figure("flood", metric, cpu_s[1], "CPU s", (double)NAN, true, (double)NAN);
    snprintf(metric, sizeof metric, "%s, gain of local steps", name);
    print_figure("flood", metric, cpu_s[0] / cpu_s[1], "times", (double)NAN, false, (double)NAN);
    snprintf(metric, sizeof metric, "%s, tile steps less", name);
    print_figure("flood", metric, tile_steps[0] / tile_steps[1], "times", (double)NAN, false,
                 (double)NAN);
    snprintf(metric, sizeof metric, "%s, largest depths apart, mean", name);
    print_figure("flood", metric, mean_m * 1e3, "mm", (double)NAN, true, (double)NAN);
    return CT_OK;
}

ct_err bench_local(void) {
    ct_flood *flood[2] = {NULL, NULL};
    town *t = ct_calloc(1, sizeof *t);
    if (!t) return CT_NOMEM;
    fill(t);
    ct_err err = CT_OK;
    for (int k = 0; k < 2 && err == CT_OK; k++) err = open_town(&flood[k], t, k == 1);
    ct_free(t);
    if (err == CT_OK) return report("town of 100,000 cells, cloudburst", flood, 1200);
    ct_flood_close(flood[0]);
    ct_flood_close(flood[1]);
    return err;
}

ct_err bench_local_valley(void) {
    ct_flood *flood[2] = {NULL, NULL};
    ct_err err = CT_OK;
    for (int k = 0; k < 2 && err == CT_OK; k++) err = valley_open(&flood[k], k == 1);
    if (err == CT_OK) return report("valley, 0 to 1 h", flood, 3600);
    ct_flood_close(flood[0]);
    ct_flood_close(flood[1]);
    return err;
}
