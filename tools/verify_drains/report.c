// Lines of the report, and the networks that the cases run.
#include "verify.h"

#include <math.h>

#include "verify_line/line.h"

static void line(verify *v, const char *quantity, double expected, double got, double error,
                 double bound) {
    const verify_line l = {"drains", v->name, quantity, expected, got, error, bound};
    v->checked++;
    v->failed += !verify_line_print(&l, v->json);
}

void verify_near(verify *v, const char *quantity, double expected, double got, double bound) {
    line(v, quantity, expected, got, fabs(got - expected), bound);
}

void verify_share(verify *v, const char *quantity, double expected, double got, double bound) {
    line(v, quantity, expected, got, fabs(got / expected - 1), bound);
}

void net_new(net *n) {
    *n = (net){0};
    ct_drains_params_init(&n->params);
    n->params.nodes = n->nodes;
    n->params.conduits = n->conduits;
    n->params.pumps = n->pumps;
    n->params.orifices = n->orifices;
    n->params.weirs = n->weirs;
    n->params.outlets = n->outlets;
    n->params.exchanges = n->exchanges;
    n->params.step_s = 1e5;
}

void net_free(net *n) {
    ct_drains_close(n->drains);
    n->drains = NULL;
}

uint32_t net_junction(net *n, double invert_m) {
    n->nodes[n->params.node_count] = (ct_drains_node){.kind = CT_DRAINS_JUNCTION,
                                                      .invert_m = invert_m,
                                                      .rim_m = invert_m + 10,
                                                      .top = CT_DRAINS_SEALED,
                                                      .area_m2 = 1};
    return (uint32_t)n->params.node_count++;
}

uint32_t net_tank(net *n, double invert_m, double area_m2, double depth_m) {
    n->nodes[n->params.node_count] = (ct_drains_node){.kind = CT_DRAINS_STORAGE,
                                                      .invert_m = invert_m,
                                                      .rim_m = invert_m + 100,
                                                      .top = CT_DRAINS_SEALED,
                                                      .area_base_m2 = area_m2,
                                                      .depth_m = depth_m};
    return (uint32_t)n->params.node_count++;
}

static ct_drains_curve constant(net *n, double value) {
    static const double start[1] = {0};
    double *at = &n->steady[n->steady_count++];
    *at = value;
    return (ct_drains_curve){1, start, at};
}

uint32_t net_outfall(net *n, double invert_m, ct_drains_outfall_kind kind, double level_m) {
    n->nodes[n->params.node_count] = (ct_drains_node){.kind = CT_DRAINS_OUTFALL,
                                                      .invert_m = invert_m,
                                                      .outfall = kind,
                                                      .level = constant(n, level_m)};
    return (uint32_t)n->params.node_count++;
}

uint32_t net_pipe(net *n, uint32_t from, uint32_t to, double length_m, double manning,
                  ct_drains_section section) {
    n->conduits[n->params.conduit_count] = (ct_drains_conduit){.from = from,
                                                               .to = to,
                                                               .length_m = length_m,
                                                               .manning = manning,
                                                               .section = section,
                                                               .barrels = 1};
    return (uint32_t)n->params.conduit_count++;
}

void net_inflow(net *n, uint32_t node, double flow_m3s) {
    n->nodes[node].inflow = constant(n, flow_m3s);
}

ct_drains_section net_circle(double diameter_m) {
    return (ct_drains_section){.shape = CT_DRAINS_CIRCULAR, .height_m = diameter_m};
}

ct_drains_section net_box(double height_m, double width_m) {
    return (ct_drains_section){
        .shape = CT_DRAINS_RECT_OPEN, .height_m = height_m, .width_m = width_m};
}

ct_err net_open(net *n) {
    ct_drains *drains;
    CT_TRY(ct_drains_open(&drains, &n->params));
    ct_drains_close(n->drains);
    n->drains = drains;
    return CT_OK;
}

ct_err net_run(net *n, double until_s, double step_s) {
    double from_s = ct_drains_time_s(n->drains);
    size_t steps = (size_t)ceil((until_s - from_s) / step_s);
    for (size_t k = 1; k <= steps; k++) {
        double to_s = k == steps ? until_s : from_s + (double)k * step_s;
        CT_TRY(ct_drains_advance(n->drains, to_s));
    }
    return CT_OK;
}

double net_value(const net *n, ct_drains_array which, size_t index) {
    return ct_drains_get(n->drains, which, NULL)[index];
}

double net_error(const net *n) {
    ct_drains_ledger l;
    ct_drains_ledger_get(n->drains, &l);
    double scale = fmax(l.initial_m3, l.state_m3);
    scale = fmax(scale, fmax(l.inflow_m3, l.outfall_out_m3));
    scale = fmax(scale, fmax(l.outfall_in_m3, l.exchange_in_m3));
    return scale > 0 ? fabs(l.error_m3) / scale : fabs(l.error_m3);
}
