// Steady flow over a bump (Goutal and Maurel 1997; cases and numbers as in SWASHES, Delestre et al.
// 2013): 25 m, z = 0.2 - 0.05 (x - 10)2 between 8 and 12 m. Slow flow; slow to fast; slow to fast
// and back in a jump.
#include "verify.h"

#include <math.h>

#include "base/mem.h"

static const double g = CT_FLOOD_GRAVITY;

typedef struct bump {
    const char *name;
    double q_m2s, level_m; // level_m at the right end, unseen where the flow stays fast
    bool stays_fast;
    double depth_bound_m, q_bound;
    double order[2]; // of the first- and the second-order scheme, at least
} bump;

static double bump_z(double x_m) {
    return fmax(0, 0.2 - 0.05 * (x_m - 10) * (x_m - 10));
}

// Depth with h + q2 / (2 g h2) = head; the slow (deep) root or the fast one, by bisection from the
// critical depth.
static double depth_of(double head_m, double q, bool slow) {
    double critical = cbrt(q * q / g), low = slow ? critical : 0, high = slow ? head_m : critical;
    for (int i = 0; i < 200; i++) {
        double h = 0.5 * (low + high), excess = h + q * q / (2 * g * h * h) - head_m;
        if ((excess > 0) == slow) {
            high = h;
        } else {
            low = h;
        }
    }
    return 0.5 * (low + high);
}

// Where the jump stands: the momentum q2/h + g h2/2 of the fast flow from the crest equals that of
// the slow flow that ends at the level; by bisection over 10..12 m.
static double jump_m(double head_up_m, double head_down_m, double q) {
    double low = 10, high = 12;
    for (int i = 0; i < 200; i++) {
        double x = 0.5 * (low + high), z = bump_z(x);
        double fast = depth_of(head_up_m - z, q, false), slow = depth_of(head_down_m - z, q, true);
        double gain = q * q / fast + 0.5 * g * fast * fast - q * q / slow - 0.5 * g * slow * slow;
        if (gain > 0) { // the fast flow pushes it on
            low = x;
        } else {
            high = x;
        }
    }
    return 0.5 * (low + high);
}

static void exact_depths(const pond *p, const bump *b, double *exact) {
    double q = b->q_m2s, critical = cbrt(q * q / g);
    double head_crest = 1.5 * critical + 0.2;
    double head_down = b->level_m + q * q / (2 * g * b->level_m * b->level_m);
    bool passes = b->stays_fast || head_down < head_crest; // the crest is a control
    double jump = passes && !b->stays_fast ? jump_m(head_crest, head_down, q) : HUGE_VAL;
    for (size_t i = 0; i < p->cells; i++) {
        double x = pond_x_m(p, i), z = bump_z(x);
        if (!passes || x > jump) {
            exact[i] = depth_of(head_down - z, q, true);
        } else {
            exact[i] = depth_of(head_crest - z, q, x < 10);
        }
    }
}

static ct_err run(const verify *v, double *depth_error_m, double *q_error, const bump *b,
                  size_t cells) {
    double zero[1] = {0};
    ct_flood_edge edges[] = {{CT_FLOOD_LEFT, 0, 1, CT_FLOOD_INFLOW, {1, zero, NULL}},
                             {CT_FLOOD_RIGHT, 0, 1, CT_FLOOD_LEVEL, {0}}};
    pond p = {0};
    double *exact = ct_calloc(cells, sizeof *exact);
    ct_err err = exact ? pond_new(v, &p, cells, 1, 25 / (double)cells) : CT_NOMEM;
    if (err != CT_OK) goto done;
    double flow_m3s = b->q_m2s * p.params.cell_m;
    edges[0].series.value = &flow_m3s;
    edges[1].series = (ct_flood_series){1, zero, &b->level_m};
    for (size_t i = 0; i < cells; i++) {
        p.bed[i] = bump_z(pond_x_m(&p, i));
        p.depth[i] = fmax(0, b->level_m - p.bed[i]);
    }
    p.params.edges = edges;
    p.params.edge_count = 2;
    err = pond_open(&p);
    if (err == CT_OK) err = ct_flood_advance(p.flood, 500);
    if (err != CT_OK) goto done;
    exact_depths(&p, b, exact);
    const double *h = ct_flood_get(p.flood, CT_FLOOD_DEPTH);
    const double *u = ct_flood_get(p.flood, CT_FLOOD_VELOCITY_X);
    double sum = 0;
    for (size_t i = 0; i < cells; i++) sum += fabs(h[i] * u[i] - b->q_m2s);
    *depth_error_m = mean_error(h, exact, cells);
    *q_error = sum / (double)cells / b->q_m2s;
done:
    pond_free(&p);
    ct_free(exact);
    return err;
}

ct_err verify_steady(verify *v) {
    static const bump list[] = {
        {"bump, slow flow", 4.42, 2, false, 0.005, 0.01, {0.9, 1.8}},
        {"bump, slow to fast", 1.53, 0.66, true, 0.01, 0.01, {0.9, 1.8}},
        {"bump, jump", 0.18, 0.33, false, 0.01, 0.02, {0.7, 0.9}},
    };
    const bool second = v->scheme == CT_FLOOD_SECOND_ORDER;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        double cells[3] = {100, 200, 400}, errors[3], q_errors[3];
        v->name = list[i].name;
        for (size_t k = 0; k < 3; k++)
            CT_TRY(run(v, &errors[k], &q_errors[k], &list[i], (size_t)cells[k]));
        verify_near(v, "mean error of depth at 200 cells, m", 0, errors[1],
                    list[i].depth_bound_m * (second ? 0.1 : 1));
        verify_near(v, "mean error of discharge at 200, relative", 0, q_errors[1], list[i].q_bound);
        // In single precision the smallest errors are near the rounding of a depth of 2 m.
        double order = list[i].order[second] - (v->precision == CT_FLOOD_SINGLE ? 0.2 : 0);
        verify_at_least(v, "L1 order of depth, 100 to 400 cells", order,
                        order_of(cells, errors, 3));
    }
    return CT_OK;
}
