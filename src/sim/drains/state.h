// The state of a drain engine and what its files share.
//
// The unknowns of a step are heads: one a node (0 .. node_count - 1), then one a cell of every
// conduit. Edges join them: first the faces of conduits, then pumps, orifices, weirs, outlets, then
// exchanges and open rims, whose second end is outside. An edge's discharge q(H_a, H_b) never
// falls with the head before it and never rises with the head behind it. So the system
//     V_i(H_i) - V_i_old - dt (sum of q into i) = 0
// has a Jacobian with positive diagonal and non-positive rest, whose columns are dominated by
// their diagonal (an M-matrix): it is factored without pivoting, in an order fixed at open
// (sparse.h). Volumes are what is kept: they are moved by dt q of the last iterate, so that the
// solver's tolerance is made good in the next step and never adds up.
#ifndef CT_SIM_DRAINS_STATE_H
#define CT_SIM_DRAINS_STATE_H

#include "base/hash.h"
#include "cimtwin/drains.h"
#include "sim/core/curve.h"
#include "sim/core/sparse.h"
#include "sim/core/sum.h"
#include "sim/drains/section.h"

typedef struct ct_drains__node {
    ct_drains_node what; // with its curves emptied
    ct_curve area, level, inflow;
    double *area_volume;            // of the table: volume below each of its depths
    double rim_volume_m3, rim_area; // at the rim; area that the water has above it
} ct_drains__node;

typedef struct ct_drains__conduit {
    ct_drains_conduit what;                 // with its curves emptied
    const ct_drains__section *section;      // equal ones are shared
    uint32_t cells, first_cell, first_face; // cell: an unknown; cells + 1 faces
    double cell_m;
    double bed_from, bed_to; // elevations of its ends
    double friction;         // g n2
} ct_drains__conduit;

typedef struct ct_drains__pump {
    ct_drains_pump what;
    ct_curve curve;
} ct_drains__pump;

typedef struct ct_drains__orifice {
    ct_drains_orifice what;
    ct_drains__section section;
} ct_drains__orifice;

typedef struct ct_drains__outlet {
    ct_drains_outlet what;
    ct_curve curve;
} ct_drains__outlet;

typedef struct ct_drains__edge {
    int32_t a, b;   // unknowns; b = -1: outside
    uint32_t index; // of the element among its kind (a face: of its conduit)
} ct_drains__edge;

// A face as a step sees it: u (1 + c dt) = start + ..., c = rate of exchange of momentum.
typedef struct ct_drains__face {
    double start_ms, factor;
} ct_drains__face;

// What a discharge is and how it answers to the heads: to_a >= 0, to_b <= 0.
typedef struct ct_drains__flux {
    double q, to_a, to_b;
} ct_drains__flux;

enum ct_drains__sum {
    CT_DRAINS__INFLOW,
    CT_DRAINS__TAKEN,
    CT_DRAINS__OUTFALL_IN,
    CT_DRAINS__OUTFALL_OUT,
    CT_DRAINS__EXCHANGE_IN,
    CT_DRAINS__EXCHANGE_OUT,
    CT_DRAINS__FLOODED,
    CT_DRAINS__SUMS
};

// Everything that decides the future, and what is gathered on the way; the arrays lie in one block.
typedef struct ct_drains__live {
    double time_s, initial_m3;
    uint64_t steps;
    ct_sum sums[CT_DRAINS__SUMS];
    size_t count; // of the block
    double *block;
    double *head, *volume; // unknowns
    double *carry;         // what the sums in volume lost to rounding (Neumaier 1974)
    double *velocity;      // faces, m/s
    double *flow;          // edges, m3/s (of all barrels)
    double *flooded, *max_head, *inflow_add, *outfall_level; // nodes
    double *max_flow, *gate;                                 // conduits
    double *pump_on, *pump_share, *pumped;                   // pumps
    double *orifice_open, *weir_open, *outlet_open;
    double *surface_level, *surface_area, *surface_volume, *surface_flow, *exchanged; // exchanges
} ct_drains__live;

struct ct_drains {
    size_t node_count, conduit_count, pump_count, orifice_count, weir_count, outlet_count;
    size_t exchange_count, spill_count, unknowns, faces, edge_count;
    ct_drains__node *nodes;
    ct_drains__conduit *conduits;
    ct_drains__section **sections;
    size_t section_count;
    ct_drains__pump *pumps;
    ct_drains__orifice *orifices;
    ct_drains_weir *weirs;
    ct_drains__outlet *outlets;
    ct_drains_exchange *exchanges;
    ct_drains__edge *edges;
    // The first edge of each kind after the faces.
    size_t first_pump, first_orifice, first_weir, first_outlet, first_exchange, first_spill;
    uint32_t *cell_conduit; // of each cell (unknown - node_count)
    double *bed;            // of each cell; invert of each node
    double wave_ms, step_s;
    ct_drains__live live;

    // Of a try.
    double dt_s;
    double *try_head;         // unknowns
    double *fixed;            // nodes: level of outfalls, -INFINITY = free, NaN = normal
    double *rate;             // nodes: m3/s from outside
    double *residual, *slope; // unknowns: the balance, m3, and its own derivative, m2
    double *took;             // nodes: m3/s that `rate` came to
    ct_drains__face *face;
    double *try_velocity;  // faces
    ct_drains__flux *flux; // edges
    ct_sparse sparse;
    double *report; // buffers of ct_drains_get
    double *report_at[CT_DRAINS_ARRAYS];
    size_t report_count[CT_DRAINS_ARRAYS];
    ct_hash128 identity;
};

// check.c: everything that ct_drains_open promises to check.
ct_err ct_drains__check(const ct_drains_params *params);

// plain.c: an element with what its kind does not read set to 0.
ct_drains_node ct_drains__plain_node(const ct_drains_node *in);
ct_drains_conduit ct_drains__plain_conduit(const ct_drains_conduit *in);
ct_drains_pump ct_drains__plain_pump(const ct_drains_pump *in);
ct_drains_orifice ct_drains__plain_orifice(const ct_drains_orifice *in);
ct_drains_weir ct_drains__plain_weir(const ct_drains_weir *in);
ct_drains_outlet ct_drains__plain_outlet(const ct_drains_outlet *in);
ct_drains_exchange ct_drains__plain_exchange(const ct_drains_exchange *in);

// node.c
// Volume and area of the surface of a node at a head.
double ct_drains__node_volume(const ct_drains *d, size_t index, double head, double *area);
ct_err ct_drains__node_prepare(const ct_drains *d, ct_drains__node *node); // what open works out

// The level of the water that leaves a conduit at one end, as a fall makes it; the bed's where none
// does. For the live state.
double ct_drains__brink_level(const ct_drains *drains, const ct_drains__conduit *conduit,
                              bool at_from);

// conduit.c
// The volume of a cell (all barrels) at a head and its derivative.
double ct_drains__cell_volume(const ct_drains *d, size_t unknown, double head, double *area);
// Sets start and factor of all faces for a step of dt_s from the live state.
void ct_drains__faces_prepare(ct_drains *d, double dt_s);
// The discharge (all barrels) and velocity of a face.
ct_drains__flux ct_drains__face_flux(const ct_drains *d, size_t face, double head_a, double head_b,
                                     double *velocity);

// structure.c: pumps, orifices, weirs, outlets.
ct_drains__flux ct_drains__structure_flux(const ct_drains *d, size_t edge, double head_a,
                                          double head_b);
void ct_drains__pumps_switch(ct_drains *d); // by the depths now

// exchange.c: exchanges and open rims; q is out of the drains.
ct_drains__flux ct_drains__exchange_flux(const ct_drains *d, size_t edge, double head);
ct_drains__flux ct_drains__spill_flux(const ct_drains *d, size_t edge, double head);
// inlet.c: what an inlet of the kind takes, m3/s, of unlimited water `depth` over it (sag), or of
// `flow` in its gutter (on grade).
double ct_drains__inlet_sag(const ct_drains_exchange *x, double depth_m);
double ct_drains__inlet_grade(const ct_drains_exchange *x, double flow_m3s);
double ct_drains__gutter_depth(const ct_drains_exchange *x, double flow_m3s); // at the kerb

// solve.c: heads after dt_s by Newton's method into try_head, flux, try_velocity. False: it did not
// converge; *worst is the unknown that is to blame.
bool ct_drains__solve(ct_drains *d, double dt_s, size_t *worst);

// start.c: heads, volumes, discharges and controls at the start.
void ct_drains__begin(ct_drains *d);

// live.c: the one block, and the identity of the parameters.
ct_err ct_drains__live_new(ct_drains *d);
ct_err ct_drains__report_new(ct_drains *d);
void ct_drains__identify(ct_drains *d, const ct_drains_params *params);

#endif
