// The storm-drain engine: unsteady flow in a network of pipes, channels, manholes, tanks, pumps,
// orifices, weirs and outlets, and its exchange with the water on the surface. Arrays in, arrays
// out.
//
// Equations: the full one-dimensional (Saint-Venant) equations in every conduit, with Manning
// friction and local losses, free-surface and pressurised; volume balances at the nodes.
// Scheme: conduits are cut into cells (heads) with faces between them (velocities), staggered;
// backward Euler, all heads, areas and friction implicit by Newton's method on one sparse system,
// the advection of momentum conservative and point-implicit (Casulli and Stelling 2013; Stelling
// and Duinmeijer 2003). No step is too long to be stable; first order in time and space. A full
// pipe keeps a little elastic storage, g A / c2 of width, where c is `pressure_wave_ms`.
// Volume: state = initial + what came - what left, to rounding, whatever the solver's tolerance.
//
// Heads and elevations are in m over one datum. A discharge is positive from a link's node `from`
// to its node `to`. At a junction the water level passes into the pipes unchanged (benching carries
// the velocity head); a storage is still water: whoever leaves it pays the velocity head.
// Limits: supercritical flow into a junction does not throw up its velocity head; weirs, orifices
// and pumps have no inertia. Pumps switch between steps. The level of an outfall of the kind LEVEL
// is that at a step's end; outfalls without a level show their invert.
#ifndef CIMTWIN_DRAINS_H
#define CIMTWIN_DRAINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cimtwin/err.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CT_DRAINS_GRAVITY   9.81       // m/s2
#define CT_DRAINS_MAX_NODES (1u << 22) // and of each kind of link; of cells of conduits as well

// A curve or a function of time: x ascends strictly. count 0 = none. Borrowed during
// ct_drains_open, then copied. One that the kind of its element has no use for is not read.
typedef struct ct_drains_curve {
    size_t count; // at most 1e6
    const double *x;
    const double *y;
} ct_drains_curve;

// --- Cross-sections ---

typedef enum ct_drains_shape {
    CT_DRAINS_CIRCULAR,        // height = diameter
    CT_DRAINS_FILLED_CIRCULAR, // height = diameter of the pipe, `fill_m` of it is sediment
    CT_DRAINS_RECT_CLOSED,     // height, width
    CT_DRAINS_RECT_OPEN,       // height, width
    CT_DRAINS_TRAPEZOIDAL,     // height, width of the bottom, slope_left, slope_right; open
    CT_DRAINS_TRIANGULAR,      // height, width of the top; open
    CT_DRAINS_PARABOLIC,       // height, width of the top; open
    CT_DRAINS_POWER,           // height, width of the top; width ~ depth^(1/exponent); open
    CT_DRAINS_EGG,             // height; width 2/3 of it, the narrow end down, of arcs (3:2 egg)
    CT_DRAINS_HORSESHOE,       // height = width; semicircle over three arcs of twice its radius
    CT_DRAINS_ARCH,            // height, width; half-ellipses, the lower one 0.3 of the height
    CT_DRAINS_ELLIPSE,         // height, width: lying or standing
    CT_DRAINS_CUSTOM, // height; `table`: x = depth / height from 0 to 1, y = width / height; closed
    CT_DRAINS_TRANSECT, // `table`: x = station m, y = elevation m, left to right; open
    CT_DRAINS_SHAPES
} ct_drains_shape;

// What a shape does not name is not read.
typedef struct ct_drains_section {
    ct_drains_shape shape;
    double height_m;                // 1e-3..100, of the open ones to the top of the banks
    double width_m;                 // 1e-3..1e4 (trapezoid: 0..1e4)
    double slope_left, slope_right; // 0..1e3, horizontal per vertical; not both 0 where width is 0
    double exponent;                // 0.1..10
    double fill_m;                  // >= 0, < 0.95 of the height
    ct_drains_curve table;          // 2..10,000 points (transect: 2,000); stations may repeat
    // Of an open one: water above its banks presses, as in a full pipe (SWMM's channels); else its
    // walls go on upwards.
    bool capped;
    // Of a transect: between these stations the conduit's Manning holds, left and right of them the
    // banks' own (0 = the conduit's). Equal stations: no banks.
    double bank_left_m, bank_right_m;
    double manning_left, manning_right; // 0..1
} ct_drains_section;

// --- Nodes ---

typedef enum ct_drains_node_kind {
    CT_DRAINS_JUNCTION, // a manhole: a shaft of constant area
    CT_DRAINS_STORAGE,  // a tank, a wet well, a pond: area by table or function
    CT_DRAINS_OUTFALL,  // the network's end: its level is given, it holds no volume
    CT_DRAINS_NODE_KINDS
} ct_drains_node_kind;

// What happens where the water of a junction or storage reaches the rim.
typedef enum ct_drains_top {
    CT_DRAINS_OPEN,   // it spills: over the opening's edge out of the model (counted as flooded)
    CT_DRAINS_PONDED, // it stands on `ponded_area_m2` and comes back
    CT_DRAINS_SEALED, // a bolted cover: the head rises above it
    CT_DRAINS_COUPLED // it spills to, and takes from, nothing but the node's exchanges
} ct_drains_top;

typedef enum ct_drains_outfall_kind {
    CT_DRAINS_FREE,   // a free fall: critical depth, or normal depth where that is less
    CT_DRAINS_NORMAL, // the conduit as if it went on for ever
    CT_DRAINS_LEVEL   // the level is the series' (count 1: fixed); free fall where it lies lower
} ct_drains_outfall_kind;

typedef struct ct_drains_node {
    ct_drains_node_kind kind;
    double invert_m; // within +-1e5
    double rim_m;    // invert..1e5; not of outfalls
    ct_drains_top top;
    double area_m2;        // junction: of the shaft, 1e-3..1e6
    double ponded_area_m2; // PONDED: 0.1..1e9
    double opening_m;      // OPEN: diameter of the opening, 1e-2..100
    double depth_m;        // initial, 0..1e4
    // Storage: `area` (x = depth m from 0, y = area m2 >= 1e-3, the last holds above), or without a
    // table area = area_base + area_factor * depth^area_exponent (m2, m; all >= 0, exponent <= 10).
    ct_drains_curve area;
    double area_base_m2, area_factor, area_exponent;
    ct_drains_outfall_kind outfall;
    ct_drains_curve level; // LEVEL: x = s, y = m; linear, the ends hold
    bool flap;             // outfall: nothing comes back
    // What comes in from outside the model, x = s, y = m3/s, linear, the ends hold; negative takes
    // out (at most what is there). Not of outfalls.
    ct_drains_curve inflow;
} ct_drains_node;

// --- Links ---

// At the start a conduit holds what stands at its ends: straight between two wet ones; from one
// wet end alone a pool, where the other end's bed (or water before its shut flap) is as high; else
// nothing.
typedef struct ct_drains_conduit {
    uint32_t from, to; // nodes, different
    double length_m;   // 0.1..1e5
    double manning;    // s m^-1/3, 0..1
    // Invert of each end over its node's invert, 0..1e4. The slope may have any sign.
    double offset_from_m, offset_to_m;
    ct_drains_section section;
    uint32_t barrels; // equal ones side by side, 1..1000
    // Times v2/2g: at each end for flow into and out of the conduit there, and along it. 0..1e3.
    double loss_entry, loss_exit, loss_average;
    bool flap; // no flow from `to` to `from`
    // Initial, of all barrels, 0 = at rest. Its depth is the normal one where that is more than
    // what stands there; the critical one where the bed does not fall along it or Manning is below
    // 1e-3; the full height where that is too little.
    double flow_m3s;
} ct_drains_conduit;

typedef enum ct_drains_pump_kind {
    CT_DRAINS_PUMP_VOLUME, // curve: x = volume at `from` m3, y = m3/s, in steps (SWMM type 1)
    CT_DRAINS_PUMP_STEPS,  // x = depth at `from` m, y = m3/s, in steps (type 2)
    CT_DRAINS_PUMP_LIFT,   // x = head over which it lifts m, y = m3/s, linear, falling (type 3)
    CT_DRAINS_PUMP_DEPTH,  // x = depth at `from` m, y = m3/s, linear, rising (type 4)
    CT_DRAINS_PUMP_IDEAL,  // passes on what arrives, holding `from` all but empty
    CT_DRAINS_PUMP_KINDS
} ct_drains_pump_kind;

typedef struct ct_drains_pump {
    uint32_t from, to;
    ct_drains_pump_kind kind;
    ct_drains_curve curve; // y >= 0; in steps: y k holds below x k, the last one above too
    // Depths at `from`: starts at on, stops at off; 0 <= off <= on. Both 0: always on.
    double on_m, off_m;
    bool stopped; // initially: until its depth reaches on; both 0: until "pump" is set (controls)
} ct_drains_pump;

typedef struct ct_drains_orifice {
    uint32_t from, to;
    bool bottom;        // in the floor of `from`, else in its side
    bool rectangular;   // else circular
    double offset_m;    // of the lower edge over `from`'s invert, 0..1e4
    double height_m;    // or diameter, 1e-3..100
    double width_m;     // rectangular, 1e-3..1e3
    double coefficient; // of discharge, 0.01..1
    bool flap;          // no flow from `to` to `from`
    double opening;     // initial, 0..1: share of the height (side) or area (bottom)
} ct_drains_orifice;

typedef enum ct_drains_weir_kind {
    CT_DRAINS_WEIR_TRANSVERSE,  // C L h^1.5
    CT_DRAINS_WEIR_SIDE,        // C L h^(5/3)
    CT_DRAINS_WEIR_V_NOTCH,     // C slope h^2.5
    CT_DRAINS_WEIR_TRAPEZOIDAL, // C L h^1.5 + C_end slope h^2.5
    CT_DRAINS_WEIR_KINDS
} ct_drains_weir_kind;

// A weir drowned from below passes less (Villemonte 1947). Above `height` it is an orifice.
typedef struct ct_drains_weir {
    uint32_t from, to;
    ct_drains_weir_kind kind;
    double offset_m; // of the crest over `from`'s invert, 0..1e4
    double height_m; // of the opening over the crest, 1e-3..100
    double length_m; // L, 1e-3..1e4; the V-notch has none
    double slope;    // of the sides, horizontal per vertical, 1e-3..100: V-notch, trapezoidal
    double coefficient, coefficient_end; // C, C_end, m^0.5/s, 0..10
    uint32_t contractions; // transverse: 0..2 ends, 0.1 h of L lost at each, at most 0.6 L in all
    bool flap;
    double opening; // initial, 0..1: the crest rises by (1 - opening) height
} ct_drains_weir;

// Q = curve (x = m, y = m3/s, from x >= 0, rising), or without one factor * x^exponent.
typedef struct ct_drains_outlet {
    uint32_t from, to;
    double offset_m; // over `from`'s invert, 0..1e4
    bool by_head;    // x = difference of heads, else depth at `from` over the offset
    ct_drains_curve curve;
    double factor, exponent; // 0..1e6; 0.1..10
    bool flap;
    double opening; // initial, 0..1, times Q
} ct_drains_outlet;

// --- Exchange with the surface ---

typedef enum ct_drains_exchange_kind {
    // An open manhole: a weir around its edge or an orifice through it, the lesser, both ways.
    CT_DRAINS_MANHOLE,
    // Inlets (FHWA HEC-22, 3rd edition 2013, chapter 4): in a sag by the depth, on grade by what
    // flows past. Back to the surface they are manholes of their clear opening.
    CT_DRAINS_GRATE,
    CT_DRAINS_CURB,
    CT_DRAINS_COMBINATION, // curb opening beside a grate of the same kerb
    CT_DRAINS_SLOTTED,
    CT_DRAINS_EXCHANGE_KINDS
} ct_drains_exchange_kind;

typedef enum ct_drains_grate {
    CT_DRAINS_P_50,     // parallel bars 48 mm apart
    CT_DRAINS_P_50_100, // with cross bars
    CT_DRAINS_P_30,     // 29 mm apart
    CT_DRAINS_CURVED_VANE,
    CT_DRAINS_TILT_45,
    CT_DRAINS_TILT_30,
    CT_DRAINS_RETICULINE,
    CT_DRAINS_GRATES
} ct_drains_grate;

typedef struct ct_drains_exchange {
    uint32_t node; // junction or storage
    ct_drains_exchange_kind kind;
    double level_m; // of the edge over which water enters and leaves, the node's invert..1e5
    // Manhole: clear diameter and coefficients of its weir and orifice, 0 = 0.56 and 0.6.
    double opening_m; // 1e-2..100
    double weir_coefficient, orifice_coefficient;
    // Inlets. Grate and slot: length along the kerb and width; curb opening: curb_length and
    // height.
    double length_m, width_m;            // 1e-2..100
    double curb_length_m, curb_height_m; // 1e-2..100
    ct_drains_grate grate;
    double open_share; // of the grate's area that is open, 0.01..1
    // The gutter that an inlet on grade lies in.
    bool on_grade;
    double slope;       // along, 1e-4..0.5
    double cross_slope; // 1e-3..0.5
    double manning;     // 1e-3..1
    double clogging;    // share of the inlet that is blocked, 0..1, exclusive of 1
    uint32_t count;     // equal ones, 1..1000
} ct_drains_exchange;

// The surface at one exchange during the next steps.
typedef struct ct_drains_surface {
    double level_m;   // of the water; at or below the exchange's level: dry
    double area_m2;   // over which the level answers to what is exchanged; 0 = it does not
    double volume_m3; // at most this may be taken in the next step; INFINITY = no limit
    double flow_m3s;  // on grade: what flows along the gutter towards the inlet, >= 0
} ct_drains_surface;

// --- The engine ---

typedef struct ct_drains_params { // all arrays are borrowed during ct_drains_open and copied
    const ct_drains_node *nodes;
    size_t node_count;
    const ct_drains_conduit *conduits;
    size_t conduit_count;
    const ct_drains_pump *pumps;
    size_t pump_count;
    const ct_drains_orifice *orifices;
    size_t orifice_count;
    const ct_drains_weir *weirs;
    size_t weir_count;
    const ct_drains_outlet *outlets;
    size_t outlet_count;
    const ct_drains_exchange *exchanges;
    size_t exchange_count;
    double start_s;
    double cell_m;           // longest cell of a conduit, 0.1..1e5; 0 = 20 m
    double pressure_wave_ms; // c of full pipes, 10..1e4; 0 = 1000 m/s
    double step_s;           // longest step that ct_drains_dt_max_s allows, 1e-3..1e5; 0 = 10 s
} ct_drains_params;

void ct_drains_params_init(ct_drains_params *params); // all zero

typedef struct ct_drains ct_drains; // opaque; one thread at a time may use it

// Checks everything, naming the first bad element and field, and makes the state. CT_ARG: a missing
// array, a node that is none; CT_RANGE: a value outside the ranges above or not finite; CT_LIMIT;
// CT_NOMEM.
CT_CHECKED ct_err ct_drains_open(ct_drains **out, const ct_drains_params *params);
void ct_drains_close(ct_drains *drains); // NULL is fine

double ct_drains_time_s(const ct_drains *drains);
uint64_t ct_drains_steps(const ct_drains *drains); // pieces of repeated ones counted each

// `step_s` of the parameters: any step is stable, a shorter one more accurate.
double ct_drains_dt_max_s(const ct_drains *drains);

// Advances by dt_s, 0 < dt_s <= ct_drains_dt_max_s. A step whose equations do not converge is done
// again in halves. CT_RANGE: dt_s. CT_DIVERGED: halves that collapse, a head that is not finite or
// beyond 1e6 m; the message names the node or conduit, the state is what it was before the piece.
CT_CHECKED ct_err ct_drains_step(ct_drains *drains, double dt_s);
CT_CHECKED ct_err ct_drains_advance(ct_drains *drains, double until_s); // to exactly until_s

typedef enum ct_drains_array {
    CT_DRAINS_HEAD,            // node: m; outfall: with what falls onto its floor
    CT_DRAINS_DEPTH,           // node: m over the invert, >= 0
    CT_DRAINS_VOLUME,          // node: m3, what stands over the rim included
    CT_DRAINS_FLOODED,         // node: m3 that left over the rim so far
    CT_DRAINS_MAX_HEAD,        // node: m, highest so far
    CT_DRAINS_FLOW,            // conduit: m3/s of all barrels, the mean of its faces
    CT_DRAINS_FLOW_FROM,       // conduit: m3/s at its end at `from`
    CT_DRAINS_FLOW_TO,         // conduit: m3/s at its end at `to`
    CT_DRAINS_CONDUIT_DEPTH,   // conduit: m, mean of its cells, at most the height of a closed one
    CT_DRAINS_VELOCITY,        // conduit: m/s, mean of its faces
    CT_DRAINS_MAX_FLOW,        // conduit: m3/s, the largest |FLOW| so far
    CT_DRAINS_PUMP_FLOW,       // m3/s
    CT_DRAINS_PUMPED,          // pump: m3 that it lifted so far
    CT_DRAINS_ORIFICE_FLOW,    // m3/s
    CT_DRAINS_WEIR_FLOW,       // m3/s
    CT_DRAINS_OUTLET_FLOW,     // m3/s
    CT_DRAINS_EXCHANGE_FLOW,   // m3/s during the last piece of a step, into the drains positive
    CT_DRAINS_EXCHANGE_VOLUME, // m3 during the last ct_drains_step or _advance, likewise
    CT_DRAINS_ARRAYS
} ct_drains_array;

// One value an element; borrowed until the next step, advance, load or close.
const double *ct_drains_get(const ct_drains *drains, ct_drains_array which, size_t *count);
// One of them, without the others; NaN = there is no such element.
double ct_drains_value(const ct_drains *drains, ct_drains_array which, size_t index);

// The profile of one conduit: `count` cells with their beds, heads (m) and the discharges at their
// count + 1 faces (m3/s, of all barrels), from `from` to `to`. Borrowed likewise. CT_RANGE.
typedef struct ct_drains_profile {
    size_t count;
    double cell_m;
    const double *bed_m, *head_m, *flow_m3s;
} ct_drains_profile;
CT_CHECKED ct_err ct_drains_profile_get(const ct_drains *drains, size_t conduit,
                                        ct_drains_profile *out);

// Volumes in m3 since the initial state, by source. state = initial + in - out to rounding.
typedef struct ct_drains_ledger {
    double initial_m3;
    double inflow_m3, taken_m3;             // by inflow series: positive parts, negative parts
    double outfall_in_m3, outfall_out_m3;   // from and to the outfalls
    double exchange_in_m3, exchange_out_m3; // from and to the surface by exchanges
    double flooded_m3;                      // over open rims
    double node_m3, conduit_m3;             // what stands in nodes and conduits now
    double state_m3;                        // their sum
    double error_m3;                        // state - (initial + in - out)
} ct_drains_ledger;
void ct_drains_ledger_get(const ct_drains *drains, ct_drains_ledger *out);

// Controls that may move while it runs; they take effect with the next step and are part of the
// saved state. "pump": value = share of its curve, 0..10, NaN = by its depths again; 0 stops it.
// "orifice", "weir", "outlet": the opening, 0..1. "conduit": 0 closes it, 1 opens it (a gate at
// `from`). "inflow": m3/s, at a node (index) beside its series, within +-1e6. "outfall": the level
// in m instead of its kind and series, NaN = these again (index = node). "surface_level",
// "surface_area", "surface_volume", "surface_flow": see ct_drains_surface (index = exchange).
// CT_NOTFOUND: unknown name; CT_RANGE: index or value.
CT_CHECKED ct_err ct_drains_set(ct_drains *drains, const char *control, size_t index, double value);

// Sets all of one exchange's surface; initially every one is dry. The volume limit holds for one
// ct_drains_step or ct_drains_advance: set it anew before each. CT_RANGE.
CT_CHECKED ct_err ct_drains_surface_set(ct_drains *drains, size_t exchange,
                                        const ct_drains_surface *surface);

// A checkpoint: bytes in the machine's own number format. `load` continues to the bit in a state
// that was opened with equal parameters. CT_ARG: too small a buffer, or other parameters;
// CT_CORRUPT: damaged bytes; the state is untouched on failure.
size_t ct_drains_save_bytes(const ct_drains *drains);
CT_CHECKED ct_err ct_drains_save(const ct_drains *drains, void *out, size_t bytes);
CT_CHECKED ct_err ct_drains_load(ct_drains *drains, const void *data, size_t bytes);

// 128-bit hash (XXH3) of the state.
void ct_drains_hash(const ct_drains *drains, uint64_t out[2]);

// --- Cross-sections on their own ---

typedef struct ct_drains_geometry {
    double area_m2;      // wetted
    double width_m;      // of the surface
    double perimeter_m;  // wetted; of a transect with banks: that which gives its conveyance
    double radius_m;     // hydraulic
    double critical_m3s; // A sqrt(g A / B): the discharge that is critical at this depth
} ct_drains_geometry;

// At one depth (>= 0) of one barrel, as the engine itself sees it: a polygon of 256 sides or the
// section's own corners, no narrower than a thousandth of its height in its lower half, without
// elastic storage. manning: of the conduit, for transects' banks.
CT_CHECKED ct_err ct_drains_geometry_at(const ct_drains_section *section, double manning,
                                        double depth_m, ct_drains_geometry *out);

#ifdef __cplusplus
}
#endif

#endif
