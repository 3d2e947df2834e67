// Running a case of drains: steps between reports, and what is kept of each step.
#include <math.h>

#include "base/mem.h"
#include "sim/cases/drains_private.h"

enum { MAX_FINDINGS = 1000 };

static const double k_flooded_m3 = 1e-3; // less is rounding
static const double k_flowing_m3s = 1e-7;

static ct_err allocate(ct_drains_case *c) {
    const ct_swmm_network *net = c->network;
    c->nodes = ct_calloc(net->drains.node_count, sizeof *c->nodes);
    if (!c->nodes) return CT_NOMEM;
    for (size_t i = 0; i < net->drains.node_count; i++) {
        c->nodes[i].depth.at_s = (double)NAN;
        c->nodes[i].flooded_from_s = (double)NAN;
    }
    for (int k = 0; k < CT_SWMM_LINK_KINDS; k++) {
        const size_t n = ct_swmm_link_count(net, (ct_swmm_link_kind)k);
        c->links[k] = ct_calloc(n, sizeof *c->links[k]);
        if (!c->links[k]) return CT_NOMEM;
        for (size_t i = 0; i < n; i++)
            c->links[k][i].flow.at_s = c->links[k][i].velocity.at_s = c->links[k][i].depth.at_s =
                (double)NAN;
    }
    return CT_OK;
}

ct_err ct_drains_case_read(ct_drains_case **out, const char *path) {
    ct_drains_case *c = ct_calloc(1, sizeof *c);
    if (!c) return CT_NOMEM;
    c->findings = ct_diagnostics_new(MAX_FINDINGS);
    ct_err err = c->findings ? ct_swmm_read(&c->document, path) : CT_NOMEM;
    if (err == CT_OK) err = ct_swmm_network_new(&c->network, c->document, false, c->findings);
    if (err == CT_OK) err = ct_swmm_network_open(&c->drains, c->network);
    if (err == CT_OK) err = allocate(c);
    if (err == CT_OK)
        *out = c;
    else
        ct_drains_case_free(c);
    return err;
}

void ct_drains_case_free(ct_drains_case *c) {
    if (!c) return;
    ct_drains_close(c->drains);
    ct_swmm_network_free(c->network);
    ct_diagnostics_free(c->findings);
    ct_swmm_free(c->document);
    ct_free(c->nodes);
    for (int k = 0; k < CT_SWMM_LINK_KINDS; k++) ct_free(c->links[k]);
    ct_free(c);
}

ct_drains_array ct_drains__flow_array(ct_swmm_link_kind kind) {
    static const ct_drains_array arrays[CT_SWMM_LINK_KINDS] = {
        CT_DRAINS_FLOW, CT_DRAINS_PUMP_FLOW, CT_DRAINS_ORIFICE_FLOW, CT_DRAINS_WEIR_FLOW,
        CT_DRAINS_OUTLET_FLOW};
    return arrays[kind];
}

// ---- what is kept of each step -----------------------------------------------------------------

static void keep(ct_drains__peak *peak, double value, double time_s) {
    if (fabs(value) > fabs(peak->value)) *peak = (ct_drains__peak){value, time_s};
}

static void look_at_nodes(ct_drains_case *c, double time_s) {
    const double *depth = ct_drains_get(c->drains, CT_DRAINS_DEPTH, NULL);
    const double *flooded = ct_drains_get(c->drains, CT_DRAINS_FLOODED, NULL);
    for (size_t i = 0; i < c->network->drains.node_count; i++) {
        ct_drains__node_seen *n = &c->nodes[i];
        keep(&n->depth, depth[i], time_s);
        n->flooded_m3 = flooded[i];
        if (isnan(n->flooded_from_s) && flooded[i] > k_flooded_m3) n->flooded_from_s = time_s;
    }
}

static void look_at_links(ct_drains_case *c, double time_s, double dt_s) {
    for (int k = 0; k < CT_SWMM_LINK_KINDS; k++) {
        size_t count;
        const double *flow =
            ct_drains_get(c->drains, ct_drains__flow_array((ct_swmm_link_kind)k), &count);
        for (size_t i = 0; i < count; i++) {
            ct_drains__link_seen *l = &c->links[k][i];
            keep(&l->flow, flow[i], time_s);
            l->volume_m3 += flow[i] * dt_s;
            if (fabs(flow[i]) > k_flowing_m3s) l->running_s += dt_s;
        }
    }
    const double *depth = ct_drains_get(c->drains, CT_DRAINS_CONDUIT_DEPTH, NULL);
    const double *velocity = ct_drains_get(c->drains, CT_DRAINS_VELOCITY, NULL);
    for (size_t i = 0; i < c->network->drains.conduit_count; i++) {
        keep(&c->links[CT_SWMM_CONDUIT][i].depth, depth[i], time_s);
        keep(&c->links[CT_SWMM_CONDUIT][i].velocity, velocity[i], time_s);
    }
}

// A pump's starts are told by what flowed before the step and after it.
static void count_starts(ct_drains_case *c, const double *before) {
    size_t count;
    const double *flow = ct_drains_get(c->drains, CT_DRAINS_PUMP_FLOW, &count);
    for (size_t i = 0; i < count; i++)
        if (before[i] <= k_flowing_m3s && flow[i] > k_flowing_m3s)
            c->links[CT_SWMM_PUMP][i].starts++;
}

// ---- the run -----------------------------------------------------------------------------------

typedef struct run {
    ct_drains_case *c;
    const ct_drains_case_options *options;
    ct_drains__tables *tables; // NULL = no files
    double *pumped;            // before the step
} run;

static ct_err one_step(run *r, double until_s) {
    ct_drains_case *c = r->c;
    const double from_s = ct_drains_time_s(c->drains);
    if (r->options->cancel && atomic_load(r->options->cancel))
        return ct_fail(CT_CANCELLED, "cancelled");
    size_t pumps;
    const double *flow = ct_drains_get(c->drains, CT_DRAINS_PUMP_FLOW, &pumps);
    for (size_t i = 0; i < pumps; i++) r->pumped[i] = flow[i];
    CT_TRY(ct_swmm_follow(c->network, c->drains, from_s, until_s));
    CT_TRY(ct_drains_advance(c->drains, until_s));
    look_at_nodes(c, until_s);
    look_at_links(c, until_s, until_s - from_s);
    count_starts(c, r->pumped);
    return CT_OK;
}

// To a stop in equal steps no longer than the engine allows.
static ct_err run_to(run *r, double stop_s) {
    const double from_s = ct_drains_time_s(r->c->drains), length_s = stop_s - from_s;
    const double count = fmax(1, ceil(length_s / ct_drains_dt_max_s(r->c->drains) * (1 - 1e-12)));
    for (int64_t i = 1; i <= (int64_t)count; i++) {
        const double part = (double)i / count;
        CT_TRY(one_step(r, part >= 1 ? stop_s : from_s + length_s * part));
    }
    if (r->options->progress)
        r->options->progress(r->options->context, stop_s / r->c->network->options.duration_s);
    return CT_OK;
}

static ct_err run_all(run *r) {
    ct_drains_case *c = r->c;
    const ct_swmm_options *o = &c->network->options;
    look_at_nodes(c, 0);
    look_at_links(c, 0, 0);
    if (r->tables && o->report_from_s <= 0) ct_drains__tables_row(r->tables, c, 0);
    double stop_s = 0;
    for (int64_t i = 1; stop_s < o->duration_s; i++) {
        stop_s = fmin((double)i * o->report_step_s, o->duration_s);
        CT_TRY(run_to(r, stop_s));
        if (r->tables && stop_s >= o->report_from_s) ct_drains__tables_row(r->tables, c, stop_s);
    }
    return CT_OK;
}

static void close_books(ct_drains_case *c) {
    ct_drains_ledger_get(c->drains, &c->ledger);
    const ct_drains_ledger *l = &c->ledger;
    const double all = l->initial_m3 + l->inflow_m3 + l->outfall_in_m3 + l->exchange_in_m3;
    c->error = all > 0 ? l->error_m3 / all : l->error_m3;
    // what is drawn is less than asked for where a node falls dry
    if (!c->network->draws)
        c->inflow_error_m3 =
            l->inflow_m3 - c->network->runoff_to_nodes_m3 - c->network->other_inflow_m3;
    c->inflow_error = all > 0 ? c->inflow_error_m3 / all : c->inflow_error_m3;
    c->steps = ct_drains_steps(c->drains);
}

static bool is_closed(const ct_drains_case *c) {
    return fabs(c->error) <= CT_DRAINS_CASE_BOUND && fabs(c->inflow_error) <= CT_DRAINS_CASE_BOUND;
}

ct_err ct_drains_case_run(ct_drains_case *c, const ct_drains_case_options *options, bool *closed) {
    run r = {.c = c, .options = options};
    ct_err err = CT_OK;
    r.pumped = ct_calloc(c->network->drains.pump_count + 1, sizeof *r.pumped);
    if (!r.pumped) return CT_NOMEM;
    if (options->folder) err = ct_drains__tables_new(&r.tables, c);
    if (err == CT_OK) err = run_all(&r);
    if (err == CT_OK) close_books(c);
    if (err == CT_OK && options->folder) err = ct_drains__tables_write(r.tables, options->folder);
    if (err == CT_OK) *closed = is_closed(c);
    ct_drains__tables_free(r.tables);
    ct_free(r.pumped);
    return err == CT_OK || err == CT_CANCELLED ? err
                                               : ct_context(err, "%s", ct_swmm_name(c->document));
}
