// 4096 x 4096 wet cells beside the bandwidth of the memory, as measured in the same run; and the
// memory that a cell takes.
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench_data/figure.h"
#include "bench_flood.h"

enum { SIDE = 4096, STEPS = 8 };

// Of frictionless water in single precision: nine arrays come (four of the state, bed, rain gain,
// three maxima), seven go back.
static const double bytes_per_update = (9 + 7) * 4;

// a = b + s c over arrays far beyond every cache, GB/s of CPU time; write-allocate not counted.
static ct_err triad(double *gb_s) {
    const size_t n = (size_t)1 << 24;
    float *a = ct_calloc(3 * n, sizeof *a);
    if (!a) return CT_NOMEM;
    float *b = a + n, *c = b + n;
    for (size_t i = 0; i < n; i++) {
        b[i] = (float)i;
        c[i] = 1;
        a[i] = 0;
    }
    *gb_s = 0;
    for (int round = 1; round <= 5; round++) {
        int64_t start_us = ct_clock_cpu_us();
        for (size_t i = 0; i < n; i++) a[i] = b[i] + (float)round * c[i];
        double cpu_s = (double)(ct_clock_cpu_us() - start_us) * 1e-6;
        *gb_s = fmax(*gb_s, 3.0 * (double)n * sizeof *a * 1e-9 / cpu_s);
    }
    bool right = a[n - 1] == b[n - 1] + 5; // nothing may leave the loop out
    ct_free(a);
    return right ? CT_OK : ct_fail(CT_RANGE, "bench_flood: a sum is wrong");
}

static double resident_bytes(void) {
    unsigned long all = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return (double)NAN;
    int read = fscanf(file, "%lu %lu", &all, &resident);
    fclose(file);
    return read == 2 ? (double)resident * (double)sysconf(_SC_PAGESIZE) : (double)NAN;
}

static ct_err run(ct_flood_scheme scheme, const char *order, double gb_s) {
    const double cells = (double)SIDE * SIDE, before = resident_bytes();
    const dam_break b = {scheme, CT_FLOOD_SINGLE, SIDE, 1, 0, 0, 1};
    ct_flood *flood = NULL;
    char metric[80];
    CT_TRY(dam_break_open(&flood, &b));
    ct_err err = ct_flood_step(flood, ct_flood_dt_max_s(flood));
    double bytes = resident_bytes() - before;
    int64_t start_us = ct_clock_cpu_us();
    for (int i = 0; i < STEPS && err == CT_OK; i++) {
        err = ct_flood_step(flood, ct_flood_dt_max_s(flood));
    }
    double rate = STEPS * cells / ((double)(ct_clock_cpu_us() - start_us) * 1e-6);
    ct_flood_close(flood);
    if (err != CT_OK) return err;
    snprintf(metric, sizeof metric, "%s order, single, 4096 x 4096", order);
    print_figure("flood", metric, rate * 1e-6, "million cell updates per CPU second", (double)NAN,
                 false, (double)NAN);
    snprintf(metric, sizeof metric, "%s order, 4096 x 4096, share of bandwidth", order);
    print_figure("flood", metric, rate * bytes_per_update * 1e-9 / gb_s, "of the triad's",
                 (double)NAN, false, (double)NAN);
    if (scheme == CT_FLOOD_SECOND_ORDER) {
        print_figure("flood", "memory in single precision", bytes / cells, "resident bytes a cell",
                     (double)NAN, true, (double)NAN);
    }
    return CT_OK;
}

ct_err bench_large(void) {
    double gb_s;
    CT_TRY(triad(&gb_s));
    print_figure("flood", "bandwidth of the memory, triad", gb_s, "GB per CPU second", (double)NAN,
                 false, (double)NAN);
    CT_TRY(run(CT_FLOOD_FIRST_ORDER, "first", gb_s));
    return run(CT_FLOOD_SECOND_ORDER, "second", gb_s);
}
