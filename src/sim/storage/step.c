// Steps: solve, accept or halve; volumes move by what connections carry, within what is there.
#include <math.h>

#include "sim/storage/state.h"

double ct_storage_time_s(const ct_storage *storage) {
    return *storage->live.time_s;
}

double ct_storage_dt_max_s(const ct_storage *storage) {
    return storage->step_s;
}

static void prepare(ct_storage *s, double end_s) {
    const double now_s = *s->live.time_s;
    ct_storage__settle(s, now_s);
    ct_storage__pumps_switch(s);
    ct_storage__settle(s, end_s);
    for (size_t i = 0; i < s->area_count; i++) {
        const ct_curve *inflow = &s->areas[i].inflow;
        s->rate[i] = s->live.inflow_add[i];
        if (inflow->count > 0) s->rate[i] += ct_curve_mean(inflow, now_s, end_s);
    }
}

// ---- what the giver holds -----------------------------------------------------------------------
// What comes to and goes from every body at what its givers can give.
static void balance(ct_storage *s, double dt_s) {
    for (size_t i = 0; i < s->bodies; i++) {
        const double rate = i < s->area_count ? dt_s * s->took[i] : 0;
        s->in_m3[i] = fmax(0, rate);
        s->out_m3[i] = fmax(0, -rate) * s->share[i];
    }
    for (size_t i = 0; i < s->connection_count; i++) {
        const double moved = dt_s * s->flux[i].q;
        const int32_t giver = moved > 0 ? s->connections[i].a : s->connections[i].b;
        const int32_t taker = moved > 0 ? s->connections[i].b : s->connections[i].a;
        const double given = fabs(moved) * (giver >= 0 ? s->share[giver] : 1);
        if (giver >= 0) s->out_m3[giver] += given;
        if (taker >= 0) s->in_m3[taker] += given;
    }
}

static const double left_m3 = 1e-18; // in a body: over the rounding of sums that once held far more

// The solver leaves a rounding of volume open. Where a body would give that much more than it has,
// all that take from it get the same share less; without_gifts: what it holds at the start alone
// counts, which no other body's share can spoil.
static bool lessen(ct_storage *s, double dt_s, bool without_gifts) {
    bool enough = true;
    balance(s, dt_s);
    for (size_t i = 0; i < s->bodies; i++) {
        const double held = ct_sum_value(&s->live.volume[i]);
        const double have = held + (without_gifts ? 0 : s->in_m3[i]) - left_m3;
        if (s->out_m3[i] == 0 || s->out_m3[i] <= have) continue;
        s->share[i] *= fmax(0, have / s->out_m3[i] * (1 - 1e-12));
        enough = false;
    }
    return enough;
}

static void limit(ct_storage *s, double dt_s) {
    enum { SWEEPS = 32 };
    for (size_t i = 0; i < s->bodies; i++) s->share[i] = 1;
    for (int k = 0; k < SWEEPS; k++) {
        if (lessen(s, dt_s, false)) return;
    }
    lessen(s, dt_s, true);
}

// ---- accepting ----------------------------------------------------------------------------------
static void book(ct_storage *s, int in, int out, double volume_m3) {
    ct_sum_add(&s->live.sums[volume_m3 >= 0 ? in : out], fabs(volume_m3));
}

// Into (negative: out of) the end of a connection.
static void move(ct_storage *s, int32_t end, double volume_m3) {
    if (end < 0) {
        book(s, CT_STORAGE__OUTSIDE_OUT, CT_STORAGE__OUTSIDE_IN, volume_m3);
        return;
    }
    if (isfinite(s->live.volume[end].sum)) ct_sum_add(&s->live.volume[end], volume_m3);
    if ((size_t)end < s->area_count) return;
    ct_sum_add(&s->live.taken[end - (int32_t)s->area_count], -volume_m3);
    book(s, CT_STORAGE__PLACE_OUT, CT_STORAGE__PLACE_IN, volume_m3);
}

static void move_volumes(ct_storage *s, double dt_s) {
    for (size_t i = 0; i < s->connection_count; i++) {
        const ct_storage__connection *c = &s->connections[i];
        const double wanted = dt_s * s->flux[i].q;
        const int32_t giver = wanted > 0 ? c->a : c->b;
        const double volume = giver >= 0 ? wanted * s->share[giver] : wanted;
        s->live.flow[i] = volume == 0 ? 0 : volume / dt_s; // no -0
        if (volume == 0) continue;
        move(s, c->a, -volume);
        move(s, c->b, volume);
        ct_sum_add(volume > 0 ? &s->live.forward[i] : &s->live.backward[i], fabs(volume));
    }
    for (size_t i = 0; i < s->area_count; i++) {
        const double rate = s->took[i], volume = dt_s * (rate < 0 ? rate * s->share[i] : rate);
        if (volume == 0) continue;
        ct_sum_add(&s->live.volume[i], volume);
        book(s, CT_STORAGE__INFLOW, CT_STORAGE__TAKEN, volume);
    }
}

static void accept(ct_storage *s, double dt_s, double end_s) {
    limit(s, dt_s);
    move_volumes(s, dt_s);
    for (size_t i = 0; i < s->bodies; i++) {
        s->live.level[i] = i < s->area_count
                               ? ct_storage__level(&s->areas[i], ct_sum_value(&s->live.volume[i]))
                               : s->try_level[i];
        s->live.max_level[i] = fmax(s->live.max_level[i], s->live.level[i]);
    }
    *s->live.time_s = end_s;
}

static ct_err collapsed(const ct_storage *s, double dt_s, size_t body) {
    const bool area = body < s->area_count;
    return ct_fail(CT_DIVERGED, "storage: the step collapsed at %s %zu, time %.6g s, step %.3g s",
                   area ? "area" : "place", area ? body : body - s->area_count, *s->live.time_s,
                   dt_s);
}

static ct_err step_to(ct_storage *s, double dt_s, double end_s) {
    const double start_s = *s->live.time_s, shortest_s = ldexp(dt_s, -16);
    double gone_s = 0, piece_s = dt_s;
    for (;;) {
        const double rest_s = dt_s - gone_s;
        const bool last = piece_s >= rest_s - 1e-9 * dt_s; // no last piece of rounding alone
        if (last) piece_s = rest_s;
        const double to_s = last ? end_s : start_s + gone_s + piece_s;
        size_t worst = 0;
        prepare(s, to_s);
        if (ct_storage__solve(s, piece_s, &worst)) {
            accept(s, piece_s, to_s); // NOLINT(readability-suspicious-call-argument): a piece of it
            if (last) return CT_OK;
            gone_s += piece_s;
            piece_s *= 2;
        } else {
            piece_s *= 0.5;
            if (piece_s < shortest_s) return collapsed(s, piece_s, worst);
        }
    }
}

static void begin(ct_storage *s) {
    for (size_t i = 0; i < s->place_count; i++) s->live.taken[i] = (ct_sum){0};
}

ct_err ct_storage_step(ct_storage *storage, double dt_s) {
    const double now_s = *storage->live.time_s;
    if (!(dt_s > 0) || dt_s > storage->step_s || !(now_s + dt_s > now_s)) {
        return ct_fail(CT_RANGE, "storage: step of %g s: not within 0 and %g s", dt_s,
                       storage->step_s);
    }
    begin(storage);
    return step_to(storage, dt_s, now_s + dt_s);
}

ct_err ct_storage_advance(ct_storage *storage, double until_s) {
    const double now_s = *storage->live.time_s;
    if (!(until_s >= now_s) || !isfinite(until_s)) {
        return ct_fail(CT_RANGE, "storage: cannot advance to %g s from %g s", until_s, now_s);
    }
    begin(storage);
    while (*storage->live.time_s < until_s) {
        const double rest_s = until_s - *storage->live.time_s;
        const double pieces = ceil(rest_s / storage->step_s * (1 - 1e-12));
        if (pieces <= 1) {
            CT_TRY(step_to(storage, rest_s, until_s));
            continue;
        }
        const double dt_s = rest_s / pieces; // equal steps
        if (!(*storage->live.time_s + dt_s > *storage->live.time_s)) {
            return ct_fail(CT_RANGE, "storage: steps of %g s are lost in the time's rounding",
                           dt_s);
        }
        CT_TRY(step_to(storage, dt_s, *storage->live.time_s + dt_s));
    }
    return CT_OK;
}
