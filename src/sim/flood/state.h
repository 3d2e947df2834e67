// The state of a flood engine and what its files share.
#ifndef CT_SIM_FLOOD_STATE_H
#define CT_SIM_FLOOD_STATE_H

#include <stdbool.h>

#include "base/hash.h"
#include "base/pool.h"
#include "cimtwin/flood.h"
#include "sim/core/curve.h"
#include "sim/core/sum.h"
#include "sim/flood/rain.h"
#include "sim/flood/surface/layout.h"
#include "sim/flood/surface/surface.h"

typedef struct ct_flood__edge {
    ct_flood_side side;
    uint32_t first, count;
    ct_flood_edge_kind kind;
    ct_curve series;
    double override; // NaN = follow the series
    double width_m;  // of the run's unblocked cells
    double value;    // now: outside level (m) or inflow (m2/s)
} ct_flood__edge;

typedef struct ct_flood__source {
    uint32_t *cells, *spots; // spots: which of the model's source cells each is
    size_t count;
    ct_curve discharge;
    double override; // NaN = follow the series
    ct_sum in_m3, out_m3;
} ct_flood__source;

// One side of the domain, an entry per cell along it: what stands outside, and what passed in the
// last step.
typedef struct ct_flood__rim {
    size_t n;
    int32_t *edge; // index into edges; -1 = closed
    double *flux;  // m2/s, inwards positive
    ct_sum in_m3, out_m3;
} ct_flood__rim;

typedef struct ct_flood__cells {
    double *h, *u, *v;
} ct_flood__cells;

struct ct_flood {
    uint32_t nx, ny;
    size_t cells;
    double cell_m, cfl;
    ct_flood_scheme scheme;
    ct_flood_precision precision;
    bool local_steps;

    double time_s;
    uint64_t steps;
    double
        wave_ms; // the fastest wave now, of cells, edges, sources; at least CT_FLOOD__WAVE_FLOOR_MS

    // The state and the maxima; `now` and the arrays of maxima are filled from it when asked for.
    ct_surface *surface;
    ct_flood__cells now;
    bool lost;               // since a step diverged: of no use until a checkpoint is loaded
    double quantum_m;        // of heights
    double *z;               // bed, a multiple of the quantum
    uint8_t *blocked;        // NULL = none
    double *sill_x, *sill_y; // height of each face, +infinity = closed
    double *gn2;             // g n2
    double *debris;          // NULL = 0
    double *max_depth, *max_speed, *max_hazard, *arrival;

    ct_flood__edge *edges;
    size_t edge_count;
    ct_flood__source *sources;
    size_t source_count;
    // Every cell that some source has, once, ascending, and scratch: what all together bring, m/s.
    uint32_t *spot_cells;
    double *spot_ms;
    size_t spot_count;
    ct_flood__rim rim[CT_FLOOD_SIDES];
    ct_flood__rain rain;
    double start_s;
    uint8_t *soil; // NULL = the ground takes nothing; else with `soils` and
    ct_flood_soil *soils;
    size_t soil_count;
    double *taken_m;      // what each cell has taken
    double taken_until_s; // the time up to which it has
    ct_sum taken_sum_m;   // of all cells
    double *fallen_m;     // scratch: rain of each zone before and during a taking

    double initial_m3;
    ct_sum exchange_in_m3, exchange_out_m3; // by ct_flood_put

    ct_pool *pool;
    ct_sum *blocks;      // scratch of the state's sum
    ct_hash128 identity; // of the parameters
};

// open.c
// v to the nearest multiple of the model's quantum; infinities stay.
double ct_flood__round_height(const ct_flood *flood, double v);
// The sill of a face between two beds; NAN crest = no wall.
double ct_flood__sill(const ct_flood *flood, double z_a, double z_b, double crest);
size_t ct_flood__rim_cell(const ct_flood *flood, ct_flood_side side, size_t k); // cell of entry k
size_t ct_flood__rim_face(const ct_flood *flood, ct_flood_side side,
                          size_t k); // its face in sill_x or sill_y

// check.c: everything that ct_flood_open promises to check.
ct_err ct_flood__check(const ct_flood_params *params);

// checkpoint.c: sets the identity, a hash of all parameters that decide the future.
void ct_flood__identify(ct_flood *flood);

// edge.c
// Sets what stands outside every edge: means from the state's time to end_s.
void ct_flood__edges_prepare(ct_flood *flood, double end_s);
// Tells the surface what passes the edges in a step of dt_s.
void ct_flood__edges_tell(ct_flood *flood, double dt_s);
// Of local steps: the waves that edges can send in; what passes them in the steps that start now,
// told and booked.
void ct_flood__edges_raise(const ct_flood *flood);
void ct_flood__edges_tell_starting(ct_flood *flood);
// The fastest wave that an edge can send in at time_s.
double ct_flood__edges_wave(const ct_flood *flood, double time_s);
// Books what passed the edges in an accepted step.
void ct_flood__edges_book(ct_flood *flood, double dt_s);

// source.c
CT_CHECKED ct_err ct_flood__sources_fill(ct_flood *flood, const ct_flood_params *params);
void ct_flood__sources_free(ct_flood *flood);
// What the sources bring and take from the state's time to end_s, dt_s later.
void ct_flood__sources_pour(ct_flood *flood, double dt_s, double end_s);
// Of local steps, in a stretch to end_s: waves with what sources may bring; what they bring and
// take in the steps that start now.
void ct_flood__sources_raise(const ct_flood *flood, double end_s);
void ct_flood__sources_pour_starting(ct_flood *flood, double end_s);
// The fastest wave with what the sources may bring in a step from time_s on; at least wave_ms.
double ct_flood__sources_wave(const ct_flood *flood, double time_s, double wave_ms);
// soak.c: the ground takes no oftener than that; infiltration is slow beside waves and does not
// need their steps.
#define CT_FLOOD__SOAK_BETWEEN_S 1.0
// Copies the soils; CT_NOMEM.
ct_err ct_flood__soak_open(ct_flood *flood, const ct_flood_params *params);
// Lets the ground take up what it can until the state's time, when that is due.
void ct_flood__soak(ct_flood *flood);

// ledger.c: fills `now` from the surface.
void ct_flood__surface_read(const ct_flood *flood);

#endif
