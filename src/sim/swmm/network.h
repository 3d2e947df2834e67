// A SWMM 5 project file as arrays of the storm-drain engine, in SI units, and the other way round.
//
// What a reader gets: the engine's parameters (`drains`, ready for ct_drains_open), the name, place
// and line of every element in the order of its array, the file's own times, its control rules, and
// findings for what the engine does otherwise or not at all. Nothing is guessed in silence.
//
// How the format's things are taken:
// - A junction is a shaft of MIN_SURFAREA whose rim is its maximum depth (raised to the highest
//   crown that enters it) and the surcharge depth; it is open, or ponds where ALLOW_PONDING is set.
// - Inflows (series, baselines, dry weather with patterns) are one series a node; steps of patterns
//   are ramps of 10 ms.
// - The runoff of subcatchments over the whole run is part of these series, as the means of its
//   steps, so that the nodes are given the volume that ran off. Who lets the rain fall on a surface
//   of its own sets `ignore_rain` in ct_swmm_network_new.
// - Dividers are junctions, as in SWMM's own dynamic wave.
// - Shapes that the engine does not have are tables of widths; streets are transects.
// - A force main has the Manning that gives its loss when full, at the slope it lies on.
#ifndef CT_SIM_SWMM_NETWORK_H
#define CT_SIM_SWMM_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "cimtwin/drains.h"
#include "ingest/diagnostics.h"
#include "ingest/swmm/document.h"
#include "sim/runoff/runoff.h"

typedef enum ct_swmm_flow_units {
    CT_SWMM_CFS,
    CT_SWMM_GPM,
    CT_SWMM_MGD,
    CT_SWMM_CMS,
    CT_SWMM_LPS,
    CT_SWMM_MLD,
    CT_SWMM_FLOW_UNITS
} ct_swmm_flow_units;

// How many SI units one of the file's is.
typedef struct ct_swmm_units {
    ct_swmm_flow_units flow_units;
    bool metric;
    double length_m; // ft or m
    double flow_m3s;
    double rain_m;  // in or mm
    double land_m2; // acre or ha
} ct_swmm_units;
ct_swmm_units ct_swmm_units_of(ct_swmm_flow_units flow_units);
const char *ct_swmm_flow_units_name(ct_swmm_flow_units flow_units);

typedef struct ct_swmm_options {
    ct_swmm_units units;
    int64_t start_s;      // of the run, since 1970-01-01 in the file's own clock
    double duration_s;    // > 0
    double report_from_s; // since the start
    double report_step_s, routing_step_s, wet_step_s, dry_step_s;
    double rule_step_s; // 0 = every routing step
    bool elevations;    // offsets of links are elevations
    bool ponding;
    double min_area_m2; // of a junction
    bool darcy;         // force mains: Darcy-Weisbach, else Hazen-Williams
    bool ignore_rain;
} ct_swmm_options;

typedef enum ct_swmm_link_kind {
    CT_SWMM_CONDUIT,
    CT_SWMM_PUMP,
    CT_SWMM_ORIFICE,
    CT_SWMM_WEIR,
    CT_SWMM_OUTLET,
    CT_SWMM_LINK_KINDS
} ct_swmm_link_kind;

typedef struct ct_swmm_place {
    double x, y; // in the file's map units; NaN where it has none
} ct_swmm_place;

typedef struct ct_swmm_node {
    const char *name;
    size_t line; // index in the document
    ct_swmm_place place;
} ct_swmm_node;

typedef struct ct_swmm_link {
    const char *name;
    size_t line;
    size_t vertex_count; // between its ends
    const ct_swmm_place *vertices;
    double close_s; // orifice: for the whole way of its gate; 0 = at once
} ct_swmm_link;

typedef struct ct_swmm_subcatchment {
    const char *name;
    size_t line;
    double area_m2;
    double peak_m3s, peak_at_s; // of its runoff, s since the start; NaN = none
    double volume_m3;           // that ran off
} ct_swmm_subcatchment;

// All of it lives in the arena; `document` is borrowed.
typedef struct ct_swmm_network {
    ct_arena *arena;
    const ct_swmm_document *document;
    ct_swmm_options options;
    ct_drains_params drains;
    ct_swmm_node *nodes;                     // drains.node_count
    ct_swmm_link *links[CT_SWMM_LINK_KINDS]; // drains.conduit_count, pump_count, ...
    ct_swmm_subcatchment *subcatchments;
    size_t subcatchment_count;
    ct_runoff_ledger runoff;               // of all of them, over the whole run
    double runoff_to_nodes_m3;             // of `left`, what nodes are given
    double other_inflow_m3;                // what they are given otherwise, over the whole run
    bool draws;                            // somewhere an inflow is negative
    struct ct_swmm_rules *rules;           // [CONTROLS], with their state
    struct ct_strmap *node_map, *link_map; // of upper-case names; see the finders
} ct_swmm_network;

// Reads; series of files are sought beside the document. ignore_rain: nothing falls on
// subcatchments, as with the file's own option IGNORE_RAINFALL. Findings go to `findings` (rules
// swmm-...). CT_PARSE (also for names that are not there), CT_RANGE, CT_EXISTS, CT_NOTFOUND
// (a series' file): "FILE line N, [SECTION]: ..."; CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_swmm_network_new(ct_swmm_network **out, const ct_swmm_document *document,
                                      bool ignore_rain, ct_diagnostics *findings);
void ct_swmm_network_free(ct_swmm_network *network); // NULL is fine

// ct_drains_open, whose errors name the file's line and element.
CT_CHECKED ct_err ct_swmm_network_open(ct_drains **out, const ct_swmm_network *network);

// Looks at the control rules at the engine's time, dt_s after the last time (at first: before the
// first step of that length): what pumps, orifices, weirs, outlets and conduits are to be set to.
// For one run of a network only.
void ct_swmm_control(ct_swmm_network *network, const ct_drains *drains, double dt_s);

// Sets them for the step of dt_s that follows; orifices take their time to open. Call it before
// each step, also where the rules are looked at less often.
CT_CHECKED ct_err ct_swmm_move(ct_swmm_network *network, ct_drains *drains, double dt_s);

// Both, before the step from from_s to until_s (from the file's start): rules as often as the
// file's RULE_STEP says.
CT_CHECKED ct_err ct_swmm_follow(ct_swmm_network *network, ct_drains *drains, double from_s,
                                 double until_s);

// By name, in any case of letters. False: there is none.
bool ct_swmm_find_node(uint32_t *index, const ct_swmm_network *network, const char *name);
bool ct_swmm_find_link(ct_swmm_link_kind *kind, uint32_t *index, const ct_swmm_network *network,
                       const char *name);
size_t ct_swmm_link_count(const ct_swmm_network *network, ct_swmm_link_kind kind);
const char *ct_swmm_link_kind_name(ct_swmm_link_kind kind); // "conduit"

#endif
