// The levels after a step, by Newton's method on the balance of volumes.
//
// A level that would pass a floor stops short of it, and one that would pass a bend of its area's
// curve just beyond the bend; nor may a level rise by more than 0.2 m at first, and a fifth more in
// each iterate. What still cycles is broken by half strides from the twelfth iterate on.
//
// Laws must not jump, nor have an infinite slope that is not made straight: no step, however short,
// would converge there. The soak of the unit tests finds such places; add each new kind to it.
#include <math.h>
#include <string.h>

#include "sim/storage/state.h"

enum { ITERATIONS = 80 };

// What a body at a level holds more than now; the surface there. Places have walls.
static double gained(const ct_storage *s, size_t body, double level_m, double *surface_m2) {
    const ct_sum *held = &s->live.volume[body];
    if (body < s->area_count)
        return (ct_storage__volume(&s->areas[body], level_m, surface_m2) - held->sum) - held->carry;
    *surface_m2 = s->live.told_area[body - s->area_count];
    return *surface_m2 * (level_m - s->live.level[body]);
}

// What comes in at an area beside its connections: what is taken is at most what is there.
static double rate_at(const ct_storage *s, size_t area, double level_m, double *slope) {
    const double shallow_m = 1e-3, rate = s->rate[area];
    const double depth_m = level_m - s->areas[area].floor_m;
    *slope = 0;
    if (rate >= 0 || depth_m >= shallow_m) return rate;
    *slope = rate / shallow_m;
    return rate * fmax(0, depth_m) / shallow_m;
}

static void sum_volumes(ct_storage *s, double dt_s) {
    for (size_t i = 0; i < s->bodies; i++) {
        double surface_m2, slope = 0;
        double volume = gained(s, i, s->try_level[i], &surface_m2);
        if (i < s->area_count) {
            s->took[i] = rate_at(s, i, s->try_level[i], &slope);
            volume -= dt_s * s->took[i];
        }
        s->residual[i] = volume;
        s->slope[i] = surface_m2 - dt_s * slope;
    }
}

static double level_at(const ct_storage *s, int32_t end) {
    return end >= 0 ? s->try_level[end] : s->outside_now[-1 - end];
}

static double floor_at(const ct_storage *s, int32_t end) {
    return end >= 0 ? s->floor[end] : -HUGE_VAL;
}

// Differences are taken away from equal levels: beyond them another law may hold, or none. Where
// none does (a flap, a floor over the soffit) the chord to them counts if it is the steeper one: an
// iterate that went by the tangent of a root would jump over the bend and not find back.
static ct_storage__flux flux_of(const ct_storage *s, size_t i, bool by_chord) {
    const double close_m = 0.01;
    const int32_t a = s->connections[i].a, b = s->connections[i].b;
    const double level_a = level_at(s, a), level_b = level_at(s, b), drop = level_a - level_b;
    const double floor_a = floor_at(s, a), floor_b = floor_at(s, b);
    const double h = drop >= 0 ? 1e-7 : -1e-7;
    const double q = ct_storage__discharge(s, i, level_a, level_b, floor_a, floor_b);
    const double by_a = ct_storage__discharge(s, i, level_a + h, level_b, floor_a, floor_b);
    const double by_b = ct_storage__discharge(s, i, level_a, level_b - h, floor_a, floor_b);
    ct_storage__flux f = {q, fmax(0, (by_a - q) / h), fmin(0, (q - by_b) / h)};
    const bool near = by_chord && q != 0 && drop != 0 && fabs(drop) < close_m;
    if (near && s->connections[i].what.kind != CT_STORAGE_PUMP &&
        ct_storage__discharge(s, i, level_b, level_a, floor_a, floor_b) == 0) {
        f.to_a = fmax(f.to_a, q / drop);
        f.to_b = fmin(f.to_b, -q / drop);
    }
    return f;
}

static void sum_fluxes(ct_storage *s, double dt_s, bool by_chord) {
    for (size_t i = 0; i < s->connection_count; i++) {
        const ct_storage__flux f = s->flux[i] = flux_of(s, i, by_chord);
        const int32_t a = s->connections[i].a, b = s->connections[i].b;
        if (a >= 0) {
            s->residual[a] += dt_s * f.q;
            s->slope[a] += dt_s * f.to_a;
        }
        if (b >= 0) {
            s->residual[b] -= dt_s * f.q;
            s->slope[b] -= dt_s * f.to_b;
        }
    }
}

// Where a balance has changed its sign, the slope between the two iterates counts if it is the
// steeper one: on the flat side of a bend (a flap that shuts, a sill that falls dry) the slope
// there would lead far back over the steep side, for ever.
static void heed_bends(ct_storage *s) {
    for (size_t i = 0; i < s->bodies; i++) {
        const double residual = s->residual[i], level = s->try_level[i];
        if (residual * s->last_residual[i] < 0) {
            const double between = (residual - s->last_residual[i]) / (level - s->last_level[i]);
            if (isfinite(between)) s->slope[i] = fmax(s->slope[i], between);
        }
        s->last_residual[i] = residual;
        s->last_level[i] = level;
    }
}

static void assemble(ct_storage *s, double dt_s) {
    ct_sparse_clear(&s->sparse);
    for (size_t i = 0; i < s->bodies; i++) ct_sparse_add_diagonal(&s->sparse, i, s->slope[i]);
    for (size_t i = 0; i < s->connection_count; i++) {
        if (s->connections[i].a < 0 || s->connections[i].b < 0) continue;
        ct_sparse_add(&s->sparse, i, dt_s * s->flux[i].to_b, -dt_s * s->flux[i].to_a);
    }
}

// How far the worst balance is from its bound: <= 1 is good enough.
static double misfit(const ct_storage *s, size_t *worst) {
    double most = 0;
    for (size_t i = 0; i < s->bodies; i++) {
        const double held_m3 = s->live.volume[i].sum;
        const double rounding =
            1e-15 * (fabs(s->try_level[i]) * s->slope[i] + (isfinite(held_m3) ? fabs(held_m3) : 0));
        const double miss =
            isfinite(rounding) ? fabs(s->residual[i]) / (1e-12 + rounding) : HUGE_VAL;
        if (miss <= most) continue;
        most = miss;
        *worst = i;
        if (!isfinite(miss)) return HUGE_VAL;
    }
    return most;
}

static double moved(const ct_storage *s, size_t body, double from, double to, double rise_m) {
    const double beyond_m = 1e-3;
    to = fmin(to, from + rise_m);
    if (body < s->area_count) {
        const ct_curve *c = &s->areas[body].area;
        for (size_t k = 1; k < c->count && to > from; k++) {
            if (from < c->x[k] && to > c->x[k] + beyond_m) return c->x[k] + beyond_m;
        }
    }
    // Never below the floor; in few strides to where hardly anything is left.
    return to < s->floor[body] ? s->floor[body] + 0.05 * fmax(0, from - s->floor[body]) : to;
}

static void find_floors(ct_storage *s) {
    for (size_t i = 0; i < s->area_count; i++) s->floor[i] = s->areas[i].floor_m;
    for (size_t i = 0; i < s->place_count; i++) s->floor[s->area_count + i] = s->live.told_floor[i];
}

bool ct_storage__solve(ct_storage *s, double dt_s, size_t *worst) {
    double rise_m = 0.2;
    find_floors(s);
    memcpy(s->try_level, s->live.level, s->bodies * sizeof *s->try_level);
    memset(s->last_residual, 0, s->bodies * sizeof *s->last_residual);
    for (int k = 0; k < ITERATIONS; k++) {
        sum_volumes(s, dt_s);
        sum_fluxes(s, dt_s, k >= 8); // tangents first: they are quick
        const double miss = misfit(s, worst);
        if (miss <= 1) return true;
        if (!isfinite(miss)) return false;
        heed_bends(s);
        assemble(s, dt_s);
        ct_sparse_solve(&s->sparse, s->residual);
        const double share = k < 12 || k % 4 == 3 ? 1 : 0.5; // halves break cycles
        for (size_t i = 0; i < s->bodies; i++) {
            const double from = s->try_level[i];
            s->try_level[i] = moved(s, i, from, from - share * s->residual[i], rise_m);
        }
        rise_m *= 1.2;
    }
    return false;
}
