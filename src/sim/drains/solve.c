// The heads after a step, by Newton's method on the balance of volumes.
//
// Volumes bend where a cell dries, where it fills to its crown, where a cover stops it. Newton's
// method alone would jump to and fro over such a bend; so a head that would pass one stops just
// beyond it (as trust regions at inflection points do; compare the nested iterations of Casulli and
// Zanolli 2012, which serve linear fluxes only). From there the next iterate sees the new side. Nor
// may a head rise by more than 0.2 m at first, and a fifth more in each iterate: a town whose pipes
// run full all at once would else be thrown to and fro by their joint overshoot. What still cycles
// (square roots around equal levels) is broken by half strides from the tenth iterate on.
//
// Laws must not jump: wherever a discharge jumped with a head (an inlet that drowns, a reversal at
// a tank, a node that empties backwards), no step, however short, converged. The soak of the unit
// tests finds such places; add each new element to it.
#include <math.h>
#include <string.h>

#include "sim/drains/state.h"

enum { ITERATIONS = 40 };
static const double beyond_m = 1e-3;

typedef struct bend {
    double low, high; // bed or invert; crown or bolted rim, HUGE_VAL = none
} bend;

static bend bend_of(const ct_drains *d, size_t i) {
    if (i < d->node_count) {
        const ct_drains_node *n = &d->nodes[i].what;
        bool lid = n->top == CT_DRAINS_SEALED; // the others widen: from there it finds back
        return (bend){n->invert_m, lid ? n->rim_m : HUGE_VAL};
    }
    const ct_drains__section *s = d->conduits[d->cell_conduit[i - d->node_count]].section;
    return (bend){d->bed[i], s->closed ? d->bed[i] + s->full_m : HUGE_VAL};
}

static double moved(const ct_drains *d, size_t i, double from, double to, double rise_m) {
    bend b = bend_of(d, i);
    to = fmin(to, from + rise_m);
    if (from < b.high && to > b.high) return fmin(to, b.high + beyond_m);
    if (from > b.high && to < b.high) {
        to = fmax(to, b.high - fmin(20 * beyond_m, 0.25 * (b.high - b.low)));
    }
    // Never below the bed; in few strides to where hardly anything is left.
    return to < b.low ? b.low + 0.05 * fmax(0, from - b.low) : to;
}

static bool is_outfall(const ct_drains *d, size_t i) {
    return i < d->node_count && d->nodes[i].what.kind == CT_DRAINS_OUTFALL;
}

// What comes from outside at a node: what is taken out is at most what is there.
static double rate_at(ct_drains *d, size_t node, double head, double *slope) {
    const double shallow = 1e-3;
    double rate = d->rate[node], depth = head - d->nodes[node].what.invert_m;
    *slope = 0;
    if (rate >= 0 || depth >= shallow) return rate;
    *slope = rate / shallow;
    return rate * fmax(0, depth) / shallow;
}

static void sum_volumes(ct_drains *d) {
    for (size_t i = 0; i < d->unknowns; i++) {
        double area = 0, volume;
        if (i < d->node_count) {
            double slope;
            volume = ct_drains__node_volume(d, i, d->try_head[i], &area);
            d->took[i] = rate_at(d, i, d->try_head[i], &slope);
            area -= d->dt_s * slope;
            volume -= d->dt_s * d->took[i];
        } else {
            const ct_drains__conduit *c = &d->conduits[d->cell_conduit[i - d->node_count]];
            double least = c->section->knots[0].width * c->cell_m * (double)c->what.barrels;
            volume = ct_drains__cell_volume(d, i, d->try_head[i], &area);
            if (d->try_head[i] < d->bed[i] + 0.5 * c->section->full_m) area = fmax(area, least);
        }
        d->residual[i] = (volume - d->live.volume[i]) - d->live.carry[i];
        d->slope[i] = fmax(area, 1e-9);
    }
}

static ct_drains__flux flux_of(ct_drains *d, size_t edge) {
    const ct_drains__edge *e = &d->edges[edge];
    double a = d->try_head[e->a];
    if (edge >= d->first_spill) return ct_drains__spill_flux(d, edge, a);
    if (edge >= d->first_exchange) return ct_drains__exchange_flux(d, edge, a);
    double b = d->try_head[e->b];
    if (edge >= d->first_pump) return ct_drains__structure_flux(d, edge, a, b);
    return ct_drains__face_flux(d, edge, a, b, &d->try_velocity[edge]);
}

static void sum_fluxes(ct_drains *d) {
    for (size_t e = 0; e < d->edge_count; e++) {
        ct_drains__flux f = d->flux[e] = flux_of(d, e);
        int32_t a = d->edges[e].a, b = d->edges[e].b;
        d->residual[a] += d->dt_s * f.q;
        d->slope[a] += d->dt_s * f.to_a;
        if (b < 0) continue;
        d->residual[b] -= d->dt_s * f.q;
        d->slope[b] -= d->dt_s * f.to_b;
    }
    for (size_t i = 0; i < d->node_count; i++) {
        if (!is_outfall(d, i)) continue;
        d->residual[i] = 0;
        d->slope[i] = 1;
    }
}

static void assemble(ct_drains *d) {
    ct_sparse *s = &d->sparse;
    ct_sparse_clear(s);
    for (size_t i = 0; i < d->unknowns; i++) ct_sparse_add_diagonal(s, i, d->slope[i]);
    for (size_t e = 0; e < d->edge_count; e++) {
        int32_t a = d->edges[e].a, b = d->edges[e].b;
        if (b < 0 || is_outfall(d, a) || is_outfall(d, b)) continue;
        ct_sparse_add(s, e, d->dt_s * d->flux[e].to_b, -d->dt_s * d->flux[e].to_a);
    }
}

// How far the worst balance is from its bound: <= 1 is good enough. NaN and infinity are not, nor
// is a slope that is infinite: it would bound nothing. No head can be told closer than its own
// rounding, which the slope turns into volume.
static double misfit(const ct_drains *d, size_t *worst) {
    double most = 0;
    for (size_t i = 0; i < d->unknowns; i++) {
        double rounding = 1e-15 * (fabs(d->try_head[i]) * d->slope[i] + fabs(d->live.volume[i]));
        double miss = isfinite(rounding) ? fabs(d->residual[i]) / (1e-10 + rounding) : HUGE_VAL;
        if (miss <= most) continue;
        most = miss;
        *worst = i;
        if (!isfinite(miss)) return HUGE_VAL;
    }
    return most;
}

bool ct_drains__solve(ct_drains *d, double dt_s, size_t *worst) {
    d->dt_s = dt_s;
    memcpy(d->try_head, d->live.head, d->unknowns * sizeof *d->try_head);
    for (size_t i = 0; i < d->node_count; i++) {
        if (!is_outfall(d, i)) continue;
        double invert = d->nodes[i].what.invert_m;
        d->try_head[i] = isfinite(d->fixed[i]) ? fmax(invert, d->fixed[i]) : invert;
    }
    ct_drains__faces_prepare(d, dt_s);
    double rise_m = 0.2;
    for (int k = 0; k < ITERATIONS; k++) {
        sum_volumes(d);
        sum_fluxes(d);
        double miss = misfit(d, worst);
        if (miss <= 1) return true;
        if (!isfinite(miss)) return false;
        assemble(d);
        ct_sparse_solve(&d->sparse, d->residual);
        double share = k < 10 || k % 4 == 3 ? 1 : 0.5; // halves break cycles
        for (size_t i = 0; i < d->unknowns; i++) {
            if (is_outfall(d, i)) continue;
            double from = d->try_head[i];
            d->try_head[i] = moved(d, i, from, from - share * d->residual[i], rise_m);
        }
        rise_m *= 1.2;
    }
    return false;
}
