// From the storm-drain engine's arrays back to the model: sums over a run, indicators, and the
// table of what nodes, links and pumps did.
#include "base/mem.h"
#include "sim/domain/drains_domain.h"

#define NEARLY 1e-9 // share of the height that a full pipe's mean depth may lack

ct_err ct_drains_gauge_new(ct_drains_gauge **out, const ct_drains_domain *domain) {
    const size_t links = domain->params.conduit_count, pumps = domain->params.pump_count;
    ct_drains_gauge *g = ct_calloc(1, sizeof *g);
    if (!g) return CT_NOMEM;
    g->domain = domain;
    g->full_s = ct_calloc(links ? links : 1, sizeof *g->full_s);
    g->pumped_m3 = ct_calloc(pumps ? pumps : 1, sizeof *g->pumped_m3);
    g->running_s = ct_calloc(pumps ? pumps : 1, sizeof *g->running_s);
    if (!g->full_s || !g->pumped_m3 || !g->running_s) {
        ct_drains_gauge_free(g);
        return CT_NOMEM;
    }
    *out = g;
    return CT_OK;
}

void ct_drains_gauge_free(ct_drains_gauge *gauge) {
    if (!gauge) return;
    ct_free(gauge->full_s);
    ct_free(gauge->pumped_m3);
    ct_free(gauge->running_s);
    ct_free(gauge);
}

static void sum_step(ct_drains_gauge *g, const ct_drains *drains, double dt_s) {
    size_t n;
    const double *depth_m = ct_drains_get(drains, CT_DRAINS_CONDUIT_DEPTH, &n);
    for (size_t k = 0; k < n; k++)
        if (depth_m[k] >= (1 - NEARLY) * g->domain->full_height_m[k]) g->full_s[k] += dt_s;
    const double *pumped_m3 = ct_drains_get(drains, CT_DRAINS_PUMPED, &n);
    for (size_t k = 0; k < n; k++) {
        if (pumped_m3[k] > g->pumped_m3[k]) g->running_s[k] += dt_s;
        g->pumped_m3[k] = pumped_m3[k];
    }
}

ct_err ct_drains_gauge_advance(ct_drains_gauge *gauge, ct_street *street, double until_s) {
    for (double now_s; (now_s = ct_street_time_s(street)) < until_s;) {
        const double rest_s = until_s - now_s, most_s = ct_street_dt_max_s(street);
        // Two equal steps rather than a long and a tiny one.
        const double end_s = rest_s <= most_s       ? until_s
                             : rest_s <= 2 * most_s ? now_s + 0.5 * rest_s
                                                    : now_s + most_s;
        CT_TRY(ct_street_advance(street, end_s));
        sum_step(gauge, ct_street_drains(street), end_s - now_s);
    }
    return CT_OK;
}

ct_err ct_drains_domain_indicators(ct_drains_indicators *out, const ct_drains_gauge *gauge,
                                   ct_street *street) {
    const ct_drains_params *p = &gauge->domain->params;
    ct_drains_indicators sum = {0};
    for (size_t k = 0; k < p->exchange_count; k++) {
        ct_street_report report;
        CT_TRY(ct_street_exchange_get(street, k, &report));
        sum.surcharge_volume_m3 += report.surcharged_m3;
        sum.drained_volume_m3 += report.drained_m3;
        if (report.surcharged_m3 >= CT_DRAINS_SURCHARGED_M3) sum.nodes_surcharged++;
    }
    for (size_t k = 0; k < p->conduit_count; k++)
        if (gauge->full_s[k] > 0) sum.links_full++;
    for (size_t k = 0; k < p->pump_count; k++) sum.pumped_volume_m3 += gauge->pumped_m3[k];
    ct_drains_ledger ledger;
    ct_drains_ledger_get(ct_street_drains(street), &ledger);
    sum.outfall_volume_m3 = ledger.outfall_out_m3 - ledger.outfall_in_m3;
    *out = sum;
    return CT_OK;
}

// ---- the table ----------------------------------------------------------------------------------
static const char k_head[] =
    "time_s,class,id,level_m,depth_m,flow_m3s,exchange_m3s,drained_m3,surcharged_m3\n";

// The exchanges stand in the order of their nodes, one at most a node.
static ct_err node_rows(ct_buf *out, const ct_drains_domain *d, ct_street *street) {
    const ct_drains *drains = ct_street_drains(street);
    size_t n, exchange = 0;
    const double *level_m = ct_drains_get(drains, CT_DRAINS_HEAD, &n);
    const double *depth_m = ct_drains_get(drains, CT_DRAINS_DEPTH, &n);
    for (size_t k = 0; k < d->own_nodes; k++) {
        ct_buf_printf(out, "%.10g,drain_node,%s,%.7g,%.7g,", ct_street_time_s(street),
                      d->node_ids[k], level_m[k], depth_m[k]);
        if (exchange == d->params.exchange_count || d->params.exchanges[exchange].node != k) {
            ct_buf_puts(out, ",,,\n");
            continue;
        }
        ct_street_report report;
        CT_TRY(ct_street_exchange_get(street, exchange++, &report));
        ct_buf_printf(out, ",%.6g,%.7g,%.7g\n", report.flow_m3s, report.drained_m3,
                      report.surcharged_m3);
    }
    return CT_OK;
}

ct_err ct_drains_domain_rows(ct_buf *out, const ct_drains_domain *d, ct_street *street) {
    const ct_drains *drains = ct_street_drains(street);
    const double time_s = ct_street_time_s(street);
    size_t n;
    if (out->len == 0) ct_buf_puts(out, k_head);
    CT_TRY(node_rows(out, d, street));
    const double *depth_m = ct_drains_get(drains, CT_DRAINS_CONDUIT_DEPTH, &n);
    const double *flow_m3s = ct_drains_get(drains, CT_DRAINS_FLOW, &n);
    for (size_t k = 0; k < d->params.conduit_count; k++)
        ct_buf_printf(out, "%.10g,drain_link,%s,,%.6g,%.6g,,,\n", time_s, d->conduit_ids[k],
                      depth_m[k], flow_m3s[k]);
    const double *pumped_m3s = ct_drains_get(drains, CT_DRAINS_PUMP_FLOW, &n);
    for (size_t k = 0; k < d->params.pump_count; k++)
        ct_buf_printf(out, "%.10g,pump,%s,,,%.6g,,,\n", time_s, d->pump_ids[k], pumped_m3s[k]);
    return ct_buf_status(out);
}
