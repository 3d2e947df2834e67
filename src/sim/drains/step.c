// Steps: try, accept or halve.
#include <math.h>
#include <string.h>

#include "sim/drains/state.h"

double ct_drains_time_s(const ct_drains *drains) {
    return drains->live.time_s;
}

uint64_t ct_drains_steps(const ct_drains *drains) {
    return drains->live.steps;
}

double ct_drains_dt_max_s(const ct_drains *drains) {
    return drains->step_s;
}

// What outfalls and inflows are from now to end_s.
static void prepare(ct_drains *d, double end_s) {
    double now_s = d->live.time_s;
    for (size_t i = 0; i < d->node_count; i++) {
        const ct_drains__node *n = &d->nodes[i];
        d->rate[i] = d->live.inflow_add[i];
        if (n->inflow.count > 0) d->rate[i] += ct_curve_mean(&n->inflow, now_s, end_s);
        if (n->what.kind != CT_DRAINS_OUTFALL) continue;
        d->rate[i] = 0;
        d->fixed[i] = n->what.outfall == CT_DRAINS_NORMAL ? (double)NAN : -HUGE_VAL;
        if (n->what.outfall == CT_DRAINS_LEVEL) d->fixed[i] = ct_curve_at(&n->level, end_s);
        if (!isnan(d->live.outfall_level[i])) d->fixed[i] = d->live.outfall_level[i];
    }
    ct_drains__pumps_switch(d);
}

static void book(ct_drains *d, int in, int out, double volume_m3) {
    ct_sum_add(&d->live.sums[volume_m3 >= 0 ? in : out], fabs(volume_m3));
}

static bool is_outfall(const ct_drains *d, int32_t i) {
    return i >= 0 && (size_t)i < d->node_count && d->nodes[i].what.kind == CT_DRAINS_OUTFALL;
}

static void book_edge(ct_drains *d, size_t edge, double volume) {
    const ct_drains__edge *e = &d->edges[edge];
    if (edge >= d->first_pump && edge < d->first_orifice)
        d->live.pumped[edge - d->first_pump] += volume;
    if (edge >= d->first_spill) {
        ct_sum_add(&d->live.sums[CT_DRAINS__FLOODED], volume);
        d->live.flooded[e->index] += volume;
    } else if (edge >= d->first_exchange) {
        book(d, CT_DRAINS__EXCHANGE_OUT, CT_DRAINS__EXCHANGE_IN, volume);
        d->live.exchanged[e->index] -= volume;
    } else {
        if (is_outfall(d, e->a)) book(d, CT_DRAINS__OUTFALL_IN, CT_DRAINS__OUTFALL_OUT, volume);
        if (is_outfall(d, e->b)) book(d, CT_DRAINS__OUTFALL_OUT, CT_DRAINS__OUTFALL_IN, volume);
    }
}

static void move(ct_drains *d, int32_t i, double volume_m3) {
    ct_sum sum = {d->live.volume[i], d->live.carry[i]};
    ct_sum_add(&sum, volume_m3);
    d->live.volume[i] = sum.sum;
    d->live.carry[i] = sum.carry;
}

// Volumes move by exactly what the edges carry; heads are what the last iterate found.
static void move_volumes(ct_drains *d, double dt_s) {
    for (size_t e = 0; e < d->edge_count; e++) {
        double moved = dt_s * d->flux[e].q;
        if (moved == 0) continue;
        int32_t a = d->edges[e].a, b = d->edges[e].b;
        if (!is_outfall(d, a)) move(d, a, -moved);
        if (b >= 0 && !is_outfall(d, b)) move(d, b, moved);
        book_edge(d, e, moved);
    }
    for (size_t i = 0; i < d->node_count; i++) {
        double moved = dt_s * d->took[i];
        if (moved == 0) continue;
        move(d, (int32_t)i, moved);
        book(d, CT_DRAINS__INFLOW, CT_DRAINS__TAKEN, moved);
    }
}

// At an outfall stands its own level or, where that is higher, what the water falls with that
// leaves a conduit on its floor.
static void tell_outfalls(ct_drains *d) {
    for (size_t i = 0; i < d->conduit_count; i++) {
        const ct_drains__conduit *c = &d->conduits[i];
        const uint32_t nodes[2] = {c->what.to, c->what.from};
        for (int at_from = 0; at_from < 2; at_from++) {
            const uint32_t node = nodes[at_from];
            const double offset_m = at_from ? c->what.offset_from_m : c->what.offset_to_m;
            if (!is_outfall(d, (int32_t)node) || offset_m > 0) continue;
            const double level = ct_drains__brink_level(d, c, at_from);
            d->live.head[node] = fmax(d->live.head[node], level);
        }
    }
}

static void gather_maxima(ct_drains *d) {
    for (size_t i = 0; i < d->node_count; i++) {
        d->live.max_head[i] = fmax(d->live.max_head[i], d->live.head[i]);
    }
    for (size_t i = 0; i < d->conduit_count; i++) {
        const ct_drains__conduit *c = &d->conduits[i];
        double sum = 0;
        for (size_t k = 0; k <= c->cells; k++) sum += d->live.flow[c->first_face + k];
        double mean = fabs(sum) / (double)(c->cells + 1);
        d->live.max_flow[i] = fmax(d->live.max_flow[i], mean);
    }
}

static void accept(ct_drains *d, double dt_s, double end_s) {
    move_volumes(d, dt_s);
    memcpy(d->live.head, d->try_head, d->unknowns * sizeof *d->try_head);
    memcpy(d->live.velocity, d->try_velocity, d->faces * sizeof *d->try_velocity);
    for (size_t e = 0; e < d->edge_count; e++) d->live.flow[e] = d->flux[e].q;
    d->live.time_s = end_s;
    d->live.steps++;
    tell_outfalls(d);
    gather_maxima(d);
}

static ct_err diverged(const ct_drains *d, double dt_s, size_t unknown, const char *what) {
    bool node = unknown < d->node_count;
    size_t index = node ? unknown : d->cell_conduit[unknown - d->node_count];
    return ct_fail(CT_DIVERGED, "drains: %s at %s %zu, time %.6g s, step %.3g s: head %.6g m", what,
                   node ? "node" : "conduit", index, d->live.time_s, dt_s, d->try_head[unknown]);
}

// Only an unknown whose head ran away.
static bool wild(const ct_drains *d, size_t *unknown) {
    for (size_t i = 0; i < d->unknowns; i++) {
        if (fabs(d->try_head[i]) <= 1e6) continue;
        *unknown = i;
        return true;
    }
    return false;
}

static ct_err step_to(ct_drains *d, double dt_s, double end_s) {
    const double start_s = d->live.time_s, shortest_s = ldexp(dt_s, -16);
    double gone_s = 0, piece_s = dt_s;
    for (;;) {
        double rest_s = dt_s - gone_s;
        bool last = piece_s >= rest_s - 1e-9 * dt_s; // no last piece of rounding alone
        if (last) piece_s = rest_s;
        double to_s = last ? end_s : start_s + gone_s + piece_s;
        size_t worst = 0;
        prepare(d, to_s);
        bool solved = ct_drains__solve(d, piece_s, &worst) && !wild(d, &worst);
        if (solved) {
            accept(d, piece_s, to_s); // NOLINT(readability-suspicious-call-argument): a piece of it
            if (last) return CT_OK;
            gone_s += piece_s;
            piece_s *= 2;
        } else {
            piece_s *= 0.5;
            if (piece_s < shortest_s) return diverged(d, piece_s, worst, "the step collapsed");
        }
    }
}

static void begin_exchange(ct_drains *d) {
    for (size_t i = 0; i < d->exchange_count; i++) d->live.exchanged[i] = 0;
}

ct_err ct_drains_step(ct_drains *drains, double dt_s) {
    double end_s = drains->live.time_s + dt_s;
    if (!(dt_s > 0) || dt_s > drains->step_s || !(end_s > drains->live.time_s)) {
        return ct_fail(CT_RANGE, "drains: step of %g s: not within 0 and %g s", dt_s,
                       drains->step_s);
    }
    begin_exchange(drains);
    return step_to(drains, dt_s, end_s);
}

ct_err ct_drains_advance(ct_drains *drains, double until_s) {
    double now_s = drains->live.time_s;
    if (!(until_s >= now_s) || !isfinite(until_s)) {
        return ct_fail(CT_RANGE, "drains: cannot advance to %g s from %g s", until_s, now_s);
    }
    begin_exchange(drains);
    while (drains->live.time_s < until_s) {
        double rest_s = until_s - drains->live.time_s;
        double pieces = ceil(rest_s / drains->step_s * (1 - 1e-12));
        if (pieces <= 1) {
            CT_TRY(step_to(drains, rest_s, until_s));
            continue;
        }
        double dt_s = rest_s / pieces; // equal steps
        if (!(drains->live.time_s + dt_s > drains->live.time_s)) {
            return ct_fail(CT_RANGE, "drains: steps of %g s are lost in the time's rounding", dt_s);
        }
        CT_TRY(step_to(drains, dt_s, drains->live.time_s + dt_s));
    }
    return CT_OK;
}
