// Speed of the drain engine: a town of manholes in rows that fall towards a main, a storm of an
// hour that surcharges it, and two hours after; million cell and node updates per second of CPU
// time.
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench_data/figure.h"
#include "cimtwin/drains.h"

enum { SIDE = 50, NODES = SIDE * SIDE + 1, PIPES = SIDE * SIDE };

static const double storm_s[] = {0, 1800, 3600}, storm_m3s[] = {0, 0.01, 0};

typedef struct town {
    ct_drains_node nodes[NODES];
    ct_drains_conduit pipes[PIPES];
} town;

// Rows run down to column 0, which runs down to row 0 and its outfall.
static void lay_out(town *t) {
    for (uint32_t i = 0; i < NODES - 1; i++) {
        uint32_t row = i / SIDE, column = i % SIDE;
        double invert = 0.15 * row + 0.2 * column;
        bool main_pipe = column == 0;
        t->nodes[i] = (ct_drains_node){.kind = CT_DRAINS_JUNCTION,
                                       .invert_m = invert,
                                       .rim_m = invert + 2.5,
                                       .top = CT_DRAINS_PONDED,
                                       .area_m2 = 1,
                                       .ponded_area_m2 = 100,
                                       .inflow = {3, storm_s, storm_m3s}};
        uint32_t to = main_pipe ? (row == 0 ? NODES - 1 : i - SIDE) : i - 1;
        double diameter = main_pipe ? 1.6 : 0.5;
        t->pipes[i] = (ct_drains_conduit){.from = i,
                                          .to = to,
                                          .length_m = 50,
                                          .manning = 0.013,
                                          .section = {CT_DRAINS_CIRCULAR, .height_m = diameter},
                                          .barrels = 1};
    }
    t->nodes[NODES - 1] = (ct_drains_node){.kind = CT_DRAINS_OUTFALL, .invert_m = -0.2};
}

static ct_err run(const town *t, double step_s, const char *metric, const char *hours) {
    ct_drains_params p;
    ct_drains *drains = NULL;
    ct_drains_params_init(&p);
    p.nodes = t->nodes;
    p.node_count = NODES;
    p.conduits = t->pipes;
    p.conduit_count = PIPES;
    p.step_s = step_s;
    CT_TRY(ct_drains_open(&drains, &p));
    int64_t start_us = ct_clock_cpu_us();
    ct_err err = ct_drains_advance(drains, 10800);
    double cpu_s = (double)(ct_clock_cpu_us() - start_us) * 1e-6;
    double cells = NODES + 3.0 * PIPES; // three cells of 17 m in each pipe
    if (err == CT_OK) {
        double steps = (double)ct_drains_steps(drains);
        fprintf(stderr, "bench_drains: %s: %.0f steps, %.2f CPU s\n", metric, steps, cpu_s);
        print_figure("drains", metric, steps * cells * 1e-6 / cpu_s,
                     "million cell and node updates per CPU second", 0.3, false, (double)NAN);
        print_figure("drains", hours, 3 * 3600 / cpu_s, "simulated seconds per CPU second", 300,
                     false, (double)NAN);
    }
    ct_drains_close(drains);
    return err;
}

int main(void) {
    town *t = ct_calloc(1, sizeof *t);
    if (!t) return ct_err_exit_code(CT_NOMEM);
    lay_out(t);
    ct_err err = run(t, 5, "2500 pipes, steps of 5 s", "2500 pipes, steps of 5 s, pace");
    if (err == CT_OK) {
        err = run(t, 60, "2500 pipes, steps of 60 s", "2500 pipes, steps of 60 s, pace");
    }
    if (err != CT_OK) fprintf(stderr, "bench_drains: %s\n", ct_err_message());
    ct_free(t);
    return ct_err_exit_code(err);
}
