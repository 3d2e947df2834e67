// A program of somebody else's: water of one half of a basin settles over all of it, by the
// installed headers and library alone.
#include <cimtwin/err.h>
#include <cimtwin/flood.h>
#include <math.h>
#include <stdio.h>

enum { COLUMNS = 40, ROWS = 3, CELLS = COLUMNS * ROWS };

static ct_err settle(ct_flood *flood) {
    CT_TRY(ct_flood_advance(flood, 600));
    const double *depth_m = ct_flood_get(flood, CT_FLOOD_DEPTH);
    ct_flood_ledger ledger;
    ct_flood_ledger_get(flood, &ledger);
    if (fabs(ledger.state_m3 - CELLS * 4 * 0.5) > 1e-5)
        return ct_fail(CT_DIVERGED, "%.12g m3 of water are left", ledger.state_m3);
    for (int i = 0; i < CELLS; i++)
        if (fabs(depth_m[i] - 0.5) > 0.05)
            return ct_fail(CT_DIVERGED, "cell %d is %.3f m deep", i, depth_m[i]);
    return CT_OK;
}

int main(void) {
    double bed_m[CELLS], depth_m[CELLS];
    for (int i = 0; i < CELLS; i++) {
        bed_m[i] = 10;
        depth_m[i] = i % COLUMNS < COLUMNS / 2 ? 1 : 0;
    }
    ct_flood_params params;
    ct_flood_params_init(&params);
    params.nx = COLUMNS;
    params.ny = ROWS;
    params.cell_m = 2;
    params.bed_m = bed_m;
    params.depth_m = depth_m;
    params.manning_uniform = 0.05;
    ct_flood *flood = NULL;
    ct_err err = ct_flood_open(&flood, &params);
    if (err == CT_OK) err = settle(flood);
    ct_flood_close(flood);
    if (err != CT_OK) {
        (void)fprintf(stderr, "consumer: %s: %s\n", ct_err_name(err), ct_err_message());
        return ct_err_exit_code(err);
    }

    // What is wrong is refused, with words.
    params.cell_m = -1;
    flood = NULL;
    err = ct_flood_open(&flood, &params);
    return err == CT_RANGE && !flood && *ct_err_message() ? 0 : 1;
}
