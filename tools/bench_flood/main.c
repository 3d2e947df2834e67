// Speed of the flood engine, single precision against double, memory, local time steps; with --long
// the flood of a valley too.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "bench_flood.h"

ct_err dam_break_open(ct_flood **out, const dam_break *b) {
    const size_t cells = (size_t)b->side * b->side;
    double *bed_m = ct_calloc(2 * cells, sizeof *bed_m);
    if (!bed_m) return CT_NOMEM;
    double *depth_m = bed_m + cells;
    for (size_t i = 0; i < cells; i++) {
        double x = (double)(i % b->side) + 0.5 - b->side / 2.0;
        double y = (double)(i / b->side) + 0.5 - b->side / 2.0;
        depth_m[i] = hypot(x, y) < 100 ? 10 : b->outside_m;
        bed_m[i] = b->relief_m * sin(x / 17) * sin(y / 23);
    }
    ct_flood_params params;
    ct_flood_params_init(&params);
    params.nx = params.ny = b->side;
    params.cell_m = 1;
    params.bed_m = bed_m;
    params.depth_m = depth_m;
    params.manning_uniform = b->manning;
    params.threads = b->threads;
    params.scheme = b->scheme;
    params.precision = b->precision;
    ct_err err = ct_flood_open(out, &params);
    ct_free(bed_m);
    return err;
}

int main(int argc, char **argv) {
    const bool all = argc == 2 && strcmp(argv[1], "--long") == 0;
    if (argc > 1 && !all) {
        fputs("usage: bench_flood [--long]\n", stderr);
        return 2;
    }
    ct_err (*const parts[])(void) = {bench_rates, bench_precision,    bench_large,
                                     bench_local, bench_local_valley, bench_valley};
    const size_t count = sizeof parts / sizeof *parts;
    for (size_t i = 0; i < (all ? count : count - 2); i++) {
        ct_err err = parts[i]();
        if (err != CT_OK) {
            fprintf(stderr, "bench_flood: %s\n", ct_err_message());
            return ct_err_exit_code(err);
        }
    }
    return 0;
}
