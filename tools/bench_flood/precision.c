// How far single precision is from double after 20 s of a radial dam break on 512 x 512 cells.
#include <math.h>

#include "bench_data/figure.h"
#include "bench_flood.h"

static ct_err run(double relief_m, double manning, double *mean_m, double *most_m) {
    const size_t cells = (size_t)512 * 512;
    ct_flood *flood[2] = {NULL, NULL};
    ct_err err = CT_OK;
    for (int p = 0; p < 2 && err == CT_OK; p++) {
        const dam_break b = {.scheme = CT_FLOOD_SECOND_ORDER,
                             .precision = p ? CT_FLOOD_SINGLE : CT_FLOOD_DOUBLE,
                             .side = 512,
                             .outside_m = 1,
                             .relief_m = relief_m,
                             .manning = manning,
                             .threads = 1};
        err = dam_break_open(&flood[p], &b);
        if (err == CT_OK) err = ct_flood_advance(flood[p], 20);
    }
    *mean_m = *most_m = 0;
    if (err == CT_OK) {
        const double *full_m = ct_flood_get(flood[0], CT_FLOOD_DEPTH);
        const double *half_m = ct_flood_get(flood[1], CT_FLOOD_DEPTH);
        for (size_t i = 0; i < cells; i++) {
            *mean_m += fabs(full_m[i] - half_m[i]) / (double)cells;
            *most_m = fmax(*most_m, fabs(full_m[i] - half_m[i]));
        }
    }
    ct_flood_close(flood[0]);
    ct_flood_close(flood[1]);
    return err;
}

// Over an uneven bed jumps of water stand here or there by the last bits: the mean tells more.
ct_err bench_precision(void) {
    double mean_m, most_m;
    CT_TRY(run(0, 0, &mean_m, &most_m));
    print_figure("flood", "single against double, wet, most", most_m * 1e6, "micrometres", 100,
                 true, (double)NAN);
    CT_TRY(run(0.3, 0.03, &mean_m, &most_m));
    print_figure("flood", "single against double, uneven, mean", mean_m * 1e6, "micrometres", 100,
                 true, (double)NAN);
    return CT_OK;
}
