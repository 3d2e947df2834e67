// Dam breaks in a straight channel: onto dry ground (Ritter 1892) and onto water (Stoker 1957).
// 100 m, dam in the middle, 1 m of water behind it, 6 s; grids of 100 to 800 cells. On dry ground
// the front is where the depth passes 0.05 m, what the engine calls arrival; the tip ahead of it,
// millimetres thin, lags in schemes of first and second order alike, and a line of its own says
// how far. And a round one, for the symmetry of the two axes.
#include "verify.h"

#include <math.h>

#include "base/mem.h"

static const double g = CT_FLOOD_GRAVITY;
static const double length_m = 100, dam_m = 50, behind_m = 1, end_s = 6, tip_depth_m = 1e-3;

// The state between rarefaction and bore of Stoker's solution: depth by bisection of
//   2 (c_l - c) = (h - h_r) sqrt(g (h + h_r) / (2 h h_r)), speed and bore speed from it.
typedef struct stoker {
    double depth, speed, bore;
} stoker;

static stoker solve_stoker(double before_m) {
    double low = before_m, high = behind_m, c_l = sqrt(g * behind_m);
    for (int i = 0; i < 200; i++) {
        double h = 0.5 * (low + high);
        double jump = (h - before_m) * sqrt(g * (h + before_m) / (2 * h * before_m));
        if (2 * (c_l - sqrt(g * h)) > jump) {
            low = h;
        } else {
            high = h;
        }
    }
    double speed = 2 * (c_l - sqrt(g * low));
    return (stoker){low, speed, low * speed / (low - before_m)};
}

// Depth at x from the dam at end_s.
static double exact_depth(double x_m, double before_m, const stoker *middle) {
    double s = x_m / end_s, c_l = sqrt(g * behind_m);
    if (s <= -c_l) return behind_m;
    double fan = (2 * c_l - s) * (2 * c_l - s) / (9 * g);
    if (before_m == 0) return s < 2 * c_l ? fan : 0;
    if (s <= middle->speed - sqrt(g * middle->depth)) return fan;
    return s < middle->bore ? middle->depth : before_m;
}

typedef struct outcome {
    double error_m, front_m, tip_m, lowest_m;
} outcome;

// Where the depth, coming from the right, first passes depth_m; from the dam.
static double first_passes(const pond *p, double depth_m) {
    const double *h = ct_flood_get(p->flood, CT_FLOOD_DEPTH);
    size_t front = p->cells;
    while (front > 0 && h[front - 1] <= depth_m) front--;
    return (double)front * p->params.cell_m - dam_m;
}

// Where Ritter's solution has depth_m.
static double ritter_x(double depth_m) {
    return end_s * (2 * sqrt(g * behind_m) - sqrt(9 * g * depth_m));
}

static ct_err run(const verify *v, outcome *out, size_t cells, double before_m,
                  const stoker *middle, double front_depth_m) {
    pond p = {0};
    double *exact = ct_calloc(cells, sizeof *exact);
    ct_err err = exact ? pond_new(v, &p, cells, 1, length_m / (double)cells) : CT_NOMEM;
    if (err != CT_OK) goto done;
    for (size_t i = 0; i < cells; i++) {
        double x_m = pond_x_m(&p, i) - dam_m;
        p.depth[i] = x_m < 0 ? behind_m : before_m;
        exact[i] = exact_depth(x_m, before_m, middle);
    }
    p.params.cfl = 0.9;
    err = pond_open(&p);
    if (err == CT_OK) err = ct_flood_advance(p.flood, end_s);
    if (err != CT_OK) goto done;
    const double *h = ct_flood_get(p.flood, CT_FLOOD_DEPTH);
    *out = (outcome){mean_error(h, exact, cells), first_passes(&p, front_depth_m),
                     first_passes(&p, tip_depth_m), pond_min(&p, CT_FLOOD_DEPTH)};
done:
    pond_free(&p);
    ct_free(exact);
    return err;
}

static ct_err channel(verify *v, const char *name, double before_m) {
    stoker middle = before_m > 0 ? solve_stoker(before_m) : (stoker){0};
    bool wet = before_m > 0;
    double front_depth_m = wet ? 0.5 * (middle.depth + before_m) : CT_FLOOD_ARRIVAL_M;
    double front_m = wet ? end_s * middle.bore : ritter_x(front_depth_m);
    double cells[4] = {100, 200, 400, 800}, errors[4], lowest_m = HUGE_VAL, front = 0, tip = 0;
    v->name = name;
    for (size_t i = 0; i < 4; i++) {
        outcome found;
        CT_TRY(run(v, &found, (size_t)cells[i], before_m, &middle, front_depth_m));
        errors[i] = found.error_m;
        lowest_m = fmin(lowest_m, found.lowest_m);
        if (cells[i] != 400) continue;
        front = (found.front_m - front_m) * cells[i] / length_m;
        tip = (found.tip_m - ritter_x(tip_depth_m)) * cells[i] / length_m;
    }
    verify_at_least(v, "L1 order of depth, 100 to 800 cells", 0.7, order_of(cells, errors, 4));
    verify_near(v, "mean error of depth at 400 cells, m", 0, errors[2],
                v->scheme == CT_FLOOD_SECOND_ORDER ? 0.002 : 0.006);
    verify_near(v, "front at 400 cells, cells from exact", 0, front, 3);
    if (!wet) verify_near(v, "tip of 1 mm at 400 cells, from exact", 0, tip, 25);
    verify_at_least(v, "smallest raw depth, m", 0, lowest_m);
    return CT_OK;
}

static ct_err round_one(verify *v) {
    enum { N = 101 };
    pond p;
    v->name = "radial dam break";
    CT_TRY(pond_new(v, &p, N, N, 1));
    for (size_t i = 0; i < p.cells; i++) {
        double x = (double)(i % N) - N / 2, y = (double)(i / N) - N / 2;
        p.depth[i] = hypot(x, y) < 20 ? 5 : 0;
    }
    ct_err err = pond_open(&p);
    if (err == CT_OK) err = ct_flood_advance(p.flood, 4);
    if (err == CT_OK) {
        const double *h = ct_flood_get(p.flood, CT_FLOOD_DEPTH);
        double turned = 0, mirrored = 0;
        for (size_t row = 0; row < N; row++) {
            for (size_t column = 0; column < N; column++) {
                double here = h[row * N + column];
                turned = fmax(turned, fabs(here - h[column * N + row]));
                mirrored = fmax(mirrored, fabs(here - h[row * N + N - 1 - column]));
            }
        }
        verify_near(v, "depth against rows and columns swapped, m", 0, turned, 0);
        verify_near(v, "depth against its mirror image, m", 0, mirrored,
                    by_precision(v, 1e-12, 2e-6));
    }
    pond_free(&p);
    return err;
}

ct_err verify_dam_break(verify *v) {
    CT_TRY(channel(v, "Ritter dam break", 0));
    CT_TRY(channel(v, "Stoker dam break", 0.2));
    return round_one(v);
}
