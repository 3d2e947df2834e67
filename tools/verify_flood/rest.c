// Still water over a bed of steps higher than the depth, with dry islands, buildings and walls,
// 100,000 steps: it must not move. Bed and level are numbers like any other.
#include "verify.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

enum { SIDE = 64, STEPS = 100000 };

static const double level_m = 10.0 / 3;

// Depths from 1e-5 m to 3 m side by side, and ground up to 5 m above the water.
static void fill(pond *p, double *level, uint8_t *blocked, double *crest_x, double *crest_y) {
    for (size_t i = 0; i < p->cells; i++) {
        double bed = ct_rng_range(0, 8, 11, i, 0, 0);
        if (ct_rng_unit(11, i, 0, 1) < 0.2)
            bed = level_m - pow(10, ct_rng_range(-5, -1, 11, i, 0, 2));
        p->bed[i] = bed;
        level[i] = level_m;
        blocked[i] = ct_rng_unit(11, i, 0, 3) < 0.04;
    }
    for (size_t i = 0; i < p->cells + SIDE; i++) {
        bool wall_x = ct_rng_unit(11, i, 0, 4) < 0.1, wall_y = ct_rng_unit(11, i, 0, 5) < 0.1;
        crest_x[i] = wall_x ? ct_rng_range(0, 8, 11, i, 0, 6) : (double)NAN;
        crest_y[i] = wall_y ? ct_rng_range(0, 8, 11, i, 0, 7) : (double)NAN;
    }
}

// At rest nothing moves by any rounding: the bounds are zero. before_m: the depths as opened.
static void report(verify *v, const pond *p, const double *before_m, double volume_m3) {
    const double *h = ct_flood_get(p->flood, CT_FLOOD_DEPTH);
    double moved = 0;
    for (size_t i = 0; i < p->cells; i++) moved = fmax(moved, fabs(h[i] - before_m[i]));
    verify_at_least(v, "steps", STEPS, (double)ct_flood_steps(p->flood));
    verify_near(v, "depth below which velocity is cut off, m", 0, CT_FLOOD_DRY_M, 1e-5);
    verify_near(v, "largest speed of any cell and step, m/s", 0, pond_max(p, CT_FLOOD_MAX_SPEED),
                0);
    verify_near(v, "largest change of a depth, m", 0, moved, 0);
    verify_near(v, "relative change of volume", 0, pond_volume_m3(p) / volume_m3 - 1, 0);
}

ct_err verify_rest(verify *v) {
    pond p = {0};
    size_t faces = SIDE * (SIDE + 1);
    uint8_t *blocked = ct_calloc(SIDE * SIDE, 1);
    double *crest_x = ct_calloc(faces, sizeof *crest_x),
           *crest_y = ct_calloc(faces, sizeof *crest_y),
           *before_m = ct_calloc(SIDE * SIDE, sizeof *before_m),
           *level = ct_calloc(SIDE * SIDE, sizeof *level);
    ct_err err = CT_NOMEM;
    v->name = "still water, steps and islands";
    if (!blocked || !crest_x || !crest_y || !before_m || !level) goto done;
    err = pond_new(v, &p, SIDE, SIDE, 1);
    if (err != CT_OK) goto done;
    fill(&p, level, blocked, crest_x, crest_y);
    p.params.depth_m = NULL;
    p.params.level_m = level;
    p.params.blocked = blocked;
    p.params.crest_x_m = crest_x;
    p.params.crest_y_m = crest_y;
    err = pond_open(&p);
    if (err != CT_OK) goto done;
    double volume_m3 = pond_volume_m3(&p);
    memcpy(before_m, ct_flood_get(p.flood, CT_FLOOD_DEPTH), p.cells * sizeof *before_m);
    for (int step = 0; step < STEPS && err == CT_OK; step++) {
        err = ct_flood_step(p.flood, ct_flood_dt_max_s(p.flood));
    }
    if (err == CT_OK) report(v, &p, before_m, volume_m3);
done:
    pond_free(&p);
    ct_free(blocked);
    ct_free(crest_x);
    ct_free(crest_y);
    ct_free(before_m);
    ct_free(level);
    return err;
}
