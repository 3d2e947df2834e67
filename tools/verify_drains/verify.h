// What the cases of this program share: the report of checked quantities and small networks to run.
#ifndef TOOLS_VERIFY_DRAINS_VERIFY_H
#define TOOLS_VERIFY_DRAINS_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "cimtwin/drains.h"

// The running report; `name` is the case that the next lines belong to.
typedef struct verify {
    bool json;
    const char *name;
    int checked, failed;
} verify;

// One line: ok where |got - expected| <= bound.
void verify_near(verify *v, const char *quantity, double expected, double got, double bound);
// The same with |got / expected - 1| as the error.
void verify_share(verify *v, const char *quantity, double expected, double got, double bound);

enum { NET_MAX = 64 };

// A network that is built by hand: elements in arrays of fixed room.
typedef struct net {
    ct_drains_params params;
    ct_drains_node nodes[NET_MAX];
    ct_drains_conduit conduits[NET_MAX];
    ct_drains_pump pumps[4];
    ct_drains_orifice orifices[4];
    ct_drains_weir weirs[4];
    ct_drains_outlet outlets[4];
    ct_drains_exchange exchanges[4];
    double steady[NET_MAX]; // values of constant series
    size_t steady_count;
    ct_drains *drains;
} net;

void net_new(net *n);
void net_free(net *n);
// Each gives the new element's index. A junction: shaft of 1 m2, 10 m deep, sealed.
uint32_t net_junction(net *n, double invert_m);
uint32_t net_tank(net *n, double invert_m, double area_m2, double depth_m);
uint32_t net_outfall(net *n, double invert_m, ct_drains_outfall_kind kind, double level_m);
uint32_t net_pipe(net *n, uint32_t from, uint32_t to, double length_m, double manning,
                  ct_drains_section section);
void net_inflow(net *n, uint32_t node, double flow_m3s); // constant
ct_drains_section net_circle(double diameter_m);
ct_drains_section net_box(double height_m, double width_m); // open
ct_err net_open(net *n);
ct_err net_run(net *n, double until_s, double step_s); // equal steps
double net_value(const net *n, ct_drains_array which, size_t index);
double net_error(const net *n); // of the ledger, relative to its largest term

// The cases; each adds its lines. Only what keeps a case from running is an error.
ct_err verify_sections(verify *v);
ct_err verify_uniform(verify *v);
ct_err verify_profiles(verify *v);
ct_err verify_pressure(verify *v);
ct_err verify_oscillation(verify *v);
ct_err verify_filling(verify *v);
ct_err verify_structures(verify *v);
ct_err verify_surface(verify *v);
ct_err verify_rest(verify *v);

#endif
