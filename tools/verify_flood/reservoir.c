// Flow between two reservoirs through a frictionless flat channel, 50 m long: the levels at its
// ends decide the flow. The left one's total head is kept in the channel: h + u2/2g = head. Where
// the right one is high enough its level is the depth, else the flow is critical (h = 2/3 head;
// Henderson, Open Channel Flow, 1966, section 2). Over a crest into a deep basin: the law of the
// broad-crested weir.
#include "verify.h"

#include <math.h>

static const double g = CT_FLOOD_GRAVITY;
enum { CELLS = 50 };

typedef struct ends {
    double left_m, right_m; // levels over the channel's bed
    double start_ms;        // the water's speed at the start
    double seconds;
} ends;

// The state at the end: mean depth and speed, and what differs most from them.
typedef struct flow {
    double depth_m, speed_ms, spread;
} flow;

static ct_err run(const verify *v, flow *out, const ends *e) {
    double zero[1] = {0};
    ct_flood_edge edges[] = {{CT_FLOOD_LEFT, 0, 1, CT_FLOOD_LEVEL, {1, zero, &e->left_m}},
                             {CT_FLOOD_RIGHT, 0, 1, CT_FLOOD_LEVEL, {1, zero, &e->right_m}}};
    pond p = {0};
    ct_err err = pond_new(v, &p, CELLS, 1, 1);
    if (err != CT_OK) goto done;
    for (size_t i = 0; i < CELLS; i++) {
        p.depth[i] = e->right_m;
        p.velocity_x[i] = e->start_ms;
    }
    p.params.edges = edges;
    p.params.edge_count = 2;
    err = pond_open(&p);
    if (err == CT_OK) err = ct_flood_advance(p.flood, e->seconds);
    if (err != CT_OK) goto done;
    const double *h = ct_flood_get(p.flood, CT_FLOOD_DEPTH);
    const double *u = ct_flood_get(p.flood, CT_FLOOD_VELOCITY_X);
    *out = (flow){0};
    for (size_t i = 0; i < CELLS; i++) {
        out->depth_m += h[i] / CELLS;
        out->speed_ms += u[i] / CELLS;
    }
    for (size_t i = 0; i < CELLS; i++)
        out->spread =
            fmax(out->spread, fmax(fabs(h[i] - out->depth_m), fabs(u[i] - out->speed_ms)));
done:
    pond_free(&p);
    return err;
}

static ct_err between_levels(verify *v) {
    flow f;
    v->name = "reservoirs, slow flow";
    CT_TRY(run(v, &f, &(ends){1.05, 1, 0, 2000}));
    verify_near(v, "depth, m", 1, f.depth_m, by_precision(v, 1e-6, 3e-6));
    verify_near(v, "speed, m/s", sqrt(2 * g * 0.05), f.speed_ms, by_precision(v, 1e-6, 1e-4));
    verify_near(v, "largest difference along the channel", 0, f.spread,
                by_precision(v, 1e-6, 3e-6));
    v->name = "reservoirs, free fall";
    CT_TRY(run(v, &f, &(ends){1.5, 0.3, 0, 2000}));
    verify_near(v, "depth, m", 1, f.depth_m, 0.005); // the last waves stand still in critical flow
    verify_near(v, "discharge, m2/s", sqrt(g), f.depth_m * f.speed_ms, 1e-4);
    // The whole column slows down by the head that entering costs: L du/dt = -u2/2.
    v->name = "reservoirs, equal";
    CT_TRY(run(v, &f, &(ends){1, 1, 2, 2000}));
    verify_near(v, "depth, m", 1, f.depth_m, 1e-3);
    verify_near(v, "speed, m/s, from 2 at the start", 2 / (1 + 2000.0 / CELLS), f.speed_ms, 1e-3);
    return CT_OK;
}

static ct_err over_crest(verify *v) {
    double zero[1] = {0}, level_m[1] = {1}, crest_m[CELLS + 1];
    for (size_t i = 0; i <= CELLS; i++) crest_m[i] = (double)NAN;
    crest_m[0] = 0.6;
    ct_flood_edge edge = {CT_FLOOD_LEFT, 0, 1, CT_FLOOD_LEVEL, {1, zero, level_m}};
    pond p = {0};
    v->name = "reservoir, over a crest";
    ct_err err = pond_new(v, &p, CELLS, 1, 1);
    if (err != CT_OK) goto done;
    for (size_t i = 0; i < CELLS; i++) p.bed[i] = -5;
    p.params.crest_x_m = crest_m;
    p.params.edges = &edge;
    p.params.edge_count = 1;
    err = pond_open(&p);
    if (err == CT_OK) err = ct_flood_advance(p.flood, 100);
    if (err != CT_OK) goto done;
    verify_near(v, "discharge of the weir, m2/s", sqrt(g) * pow(0.4 * 2 / 3, 1.5),
                pond_volume_m3(&p) / 100, by_precision(v, 1e-9, 2e-6));
done:
    pond_free(&p);
    return err;
}

ct_err verify_reservoir(verify *v) {
    CT_TRY(between_levels(v));
    return over_crest(v);
}
