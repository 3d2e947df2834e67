// What the parts of the flood engine's bench share.
#ifndef TOOLS_BENCH_FLOOD_H
#define TOOLS_BENCH_FLOOD_H

#include "cimtwin/flood.h"

// A radial dam break on side x side cells of 1 m: 10 m of water within 100 m of the centre and
// outside_m around, on a bed of waves of relief_m, closed.
typedef struct dam_break {
    ct_flood_scheme scheme;
    ct_flood_precision precision;
    uint32_t side;
    double outside_m, relief_m, manning;
    int threads;
} dam_break;

ct_err dam_break_open(ct_flood **out, const dam_break *b);

// Each prints its figures.
ct_err bench_rates(void);
ct_err bench_precision(void);
ct_err bench_large(void);
ct_err bench_local(void);
ct_err bench_valley(void);
ct_err bench_local_valley(void);

// The valley of bench_valley at its start.
ct_err valley_open(ct_flood **out, bool local_steps);

#endif
