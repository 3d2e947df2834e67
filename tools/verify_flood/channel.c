// Steady flow with friction in a long channel, without and with rain (MacDonald 1996; as in
// SWASHES, Delestre et al. 2013): the depth is chosen, h = (4/g)^(1/3) (1 + exp(-16 (x/1000 -
// 1/2)2) / 2) over 1000 m, and the bed that makes it so follows from
//   z' = (q2 / (g h3) - 1) h' - 2 q R / (g h2) - n2 q2 / h^(10/3),  q = q0 + R x.
// At the ends, where the ground falls on, every scheme is of first order: that is what the orders
// show.
#include "verify.h"

#include <math.h>

#include "base/mem.h"

static const double g = CT_FLOOD_GRAVITY;
static const double length_m = 1000, manning = 0.033;

typedef struct channel {
    const char *name;
    double inflow_m2s, rain_ms;
    double bound_m[2], order[2]; // of the first- and the second-order scheme
} channel;

static double depth_at(double x_m) {
    double s = x_m / length_m - 0.5;
    return cbrt(4 / g) * (1 + 0.5 * exp(-16 * s * s));
}

static double bed_slope(const channel *c, double x_m) {
    double h = depth_at(x_m), q = c->inflow_m2s + c->rain_ms * x_m, s = x_m / length_m - 0.5;
    double rise = -cbrt(4 / g) * 16 * s * exp(-16 * s * s) / length_m;
    return (q * q / (g * h * h * h) - 1) * rise - 2 * q * c->rain_ms / (g * h * h) -
           manning * manning * q * q / pow(h, 10.0 / 3);
}

// The mean of the bed over each cell, by Simpson's rule from the lower end upwards.
static void fill_bed(const channel *c, pond *p) {
    const int pieces = 20;
    const double piece_m = p->params.cell_m / pieces;
    double z = 0, x = length_m;
    for (size_t i = p->cells; i-- > 0;) {
        double sum = 0;
        for (int k = 0; k < pieces; k++) {
            double before = z;
            z -=
                piece_m / 6 *
                (bed_slope(c, x) + 4 * bed_slope(c, x - 0.5 * piece_m) + bed_slope(c, x - piece_m));
            x -= piece_m;
            sum += 0.5 * (before + z);
        }
        p->bed[i] = sum / pieces;
    }
}

static ct_err run(const verify *v, double *error_m, const channel *c, size_t cells) {
    double zero[1] = {0}, level_m = depth_at(length_m), flow_m3s;
    ct_flood_edge edges[] = {{CT_FLOOD_LEFT, 0, 1, CT_FLOOD_INFLOW, {1, zero, &flow_m3s}},
                             {CT_FLOOD_RIGHT, 0, 1, CT_FLOOD_LEVEL, {1, zero, &level_m}}};
    pond p = {0};
    double *exact = ct_calloc(cells, sizeof *exact);
    ct_err err = exact ? pond_new(v, &p, cells, 1, length_m / (double)cells) : CT_NOMEM;
    if (err != CT_OK) goto done;
    flow_m3s = c->inflow_m2s * p.params.cell_m;
    fill_bed(c, &p);
    for (size_t i = 0; i < cells; i++) {
        double x_m = pond_x_m(&p, i);
        p.depth[i] = exact[i] = depth_at(x_m);
        p.velocity_x[i] = (c->inflow_m2s + c->rain_ms * x_m) / exact[i];
    }
    p.params.manning_uniform = manning;
    p.params.edges = edges;
    p.params.edge_count = 2;
    p.params.rain = (ct_flood_series){1, zero, &c->rain_ms};
    err = pond_open(&p);
    if (err == CT_OK) err = ct_flood_advance(p.flood, 3000);
    if (err == CT_OK) *error_m = mean_error(ct_flood_get(p.flood, CT_FLOOD_DEPTH), exact, cells);
done:
    pond_free(&p);
    ct_free(exact);
    return err;
}

ct_err verify_channel(verify *v) {
    static const channel list[] = {
        {"channel with friction", 2, 0, {0.01, 0.0015}, {0.9, 1.1}},
        {"channel with friction and rain", 1, 0.001, {0.01, 0.001}, {0.9, 1.1}},
    };
    const bool second = v->scheme == CT_FLOOD_SECOND_ORDER;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        double cells[3] = {100, 200, 400}, errors[3];
        v->name = list[i].name;
        for (size_t k = 0; k < 3; k++) CT_TRY(run(v, &errors[k], &list[i], (size_t)cells[k]));
        verify_near(v, "mean error of depth at 200 cells, m", 0, errors[1],
                    list[i].bound_m[second]);
        verify_at_least(v, "L1 order of depth, 100 to 400 cells", list[i].order[second],
                        order_of(cells, errors, 3));
    }
    return CT_OK;
}
