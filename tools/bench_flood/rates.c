// Million cell updates per second of CPU time, all threads' together, over 20 s of a radial dam
// break on 512 x 512 cells.
#include <math.h>

#include "base/clock.h"
#include "bench_data/figure.h"
#include "bench_flood.h"

typedef struct rated {
    const char *metric;
    dam_break b;
    double goal, peer;
} rated;

static ct_err run(const rated *r) {
    ct_flood *flood = NULL;
    CT_TRY(dam_break_open(&flood, &r->b));
    int64_t start_us = ct_clock_cpu_us();
    ct_err err = ct_flood_advance(flood, 20);
    double cpu_s = (double)(ct_clock_cpu_us() - start_us) * 1e-6;
    double updates = (double)ct_flood_steps(flood) * r->b.side * r->b.side;
    ct_flood_close(flood);
    if (err != CT_OK) return err;
    print_figure("flood", r->metric, updates * 1e-6 / cpu_s, "million cell updates per CPU second",
                 r->goal, false, r->peer);
    return CT_OK;
}

ct_err bench_rates(void) {
    // Peer: LISFLOOD-FP 8.1 FV1 (first order), one thread, the same case: 14.4 wet, 15.8 dry in
    // double precision, 16.9 wet in single.
    const ct_flood_scheme FIRST = CT_FLOOD_FIRST_ORDER, SECOND = CT_FLOOD_SECOND_ORDER;
    const ct_flood_precision FULL = CT_FLOOD_DOUBLE, HALF = CT_FLOOD_SINGLE;
    const rated list[] = {
        {"first order, single, wet", {FIRST, HALF, 512, 1, 0, 0, 1}, 250, 16.9},
        {"first order, single, uneven, friction", {FIRST, HALF, 512, 1, 0.3, 0.03, 1}, 250, 16.9},
        {"first order, double, wet", {FIRST, FULL, 512, 1, 0, 0, 1}, 10, 14.4},
        {"second order, single, wet", {SECOND, HALF, 512, 1, 0, 0, 1}, 120, 16.9},
        {"second order, single, wet, 2 threads", {SECOND, HALF, 512, 1, 0, 0, 2}, 120, 16.9},
        {"second order, single, dry", {SECOND, HALF, 512, 0, 0, 0, 1}, 120, 16.9},
        {"second order, single, uneven, friction", {SECOND, HALF, 512, 1, 0.3, 0.03, 1}, 120, 16.9},
        {"second order, double, wet", {SECOND, FULL, 512, 1, 0, 0, 1}, 10, 14.4},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) CT_TRY(run(&list[i]));
    return CT_OK;
}
