// Thacker's planar oscillation in a parabolic bowl (Thacker 1981; numbers as in SWASHES): the
// surface stays a plane that swings, with two moving shores. A first-order scheme damps it; how
// much is stated.
#include "verify.h"

#include <math.h>

#include "base/mem.h"

static const double length_m = 4, half_width_m = 1, middle_m = 0.5;

static double bowl_z(double x_m) {
    double x = (x_m - length_m / 2) / half_width_m;
    return middle_m * (x * x - 1);
}

static double exact_depth(double x_m, double phase) {
    double x = (x_m - length_m / 2) / half_width_m + 0.5 * cos(phase);
    return fmax(0, middle_m * (1 - x * x));
}

static ct_err run(verify *v, double *error, size_t cells, double periods, bool report) {
    pond p = {0};
    double *exact = ct_calloc(cells, sizeof *exact);
    ct_err err = exact ? pond_new(v, &p, cells, 1, length_m / (double)cells) : CT_NOMEM;
    if (err != CT_OK) goto done;
    for (size_t i = 0; i < cells; i++) {
        p.bed[i] = bowl_z(pond_x_m(&p, i));
        p.depth[i] = exact_depth(pond_x_m(&p, i), 0);
        exact[i] = exact_depth(pond_x_m(&p, i), 2 * acos(-1) * periods);
    }
    err = pond_open(&p);
    if (err != CT_OK) goto done;
    double volume_m3 = pond_volume_m3(&p),
           rate = sqrt(2 * CT_FLOOD_GRAVITY * middle_m) / half_width_m;
    err = ct_flood_advance(p.flood, periods * 2 * acos(-1) / rate);
    if (err != CT_OK) goto done;
    *error = mean_error(ct_flood_get(p.flood, CT_FLOOD_DEPTH), exact, cells) / middle_m;
    if (report) {
        verify_near(v, "relative change of volume", 0, pond_volume_m3(&p) / volume_m3 - 1,
                    by_precision(v, 1e-13, 1e-9));
        verify_at_least(v, "smallest raw depth, m", 0, pond_min(&p, CT_FLOOD_DEPTH));
    }
done:
    pond_free(&p);
    ct_free(exact);
    return err;
}

ct_err verify_oscillation(verify *v) {
    double cells[3] = {200, 400, 800}, errors[3];
    v->name = "Thacker, swinging plane";
    for (size_t k = 0; k < 3; k++) CT_TRY(run(v, &errors[k], (size_t)cells[k], 1, k == 1));
    const bool second = v->scheme == CT_FLOOD_SECOND_ORDER;
    verify_near(v, "mean error / h0 after a period, 400 cells", 0, errors[1],
                second ? 0.002 : 0.05);
    verify_at_least(v, "L1 order of depth, 200 to 800 cells", second ? 1.1 : 0.7,
                    order_of(cells, errors, 3));
    if (!second) return CT_OK;
    double later;
    CT_TRY(run(v, &later, 400, 3, false));
    verify_near(v, "mean error / h0 after three periods, 400 cells", 0, later, 0.005);
    return CT_OK;
}
