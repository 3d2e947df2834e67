// The flood engine: two-dimensional shallow water on a grid of square cells, with rain, buildings,
// walls and edges. Arrays in, arrays out.
//
// Equations: depth h and discharges hu, hv obey the shallow-water equations with bed slope, Manning
// friction and rain.
// Schemes (ct_flood_scheme): first-order Godunov finite volumes or second-order MUSCL-Hancock (van
// Leer 1984; Toro 2001), in double or single precision, in tiles of which dry ones cost nothing;
// hydrostatic reconstruction (Audusse, Bouteau, Bristeau, Klein, Perthame 2004), with the pull of
// Chen and Noelle (2017) on films thinner than the step below them; HLLC fluxes (Toro 2001);
// friction implicit in each cell. Depths are never negative and never clipped; still water stays
// still over any bed; volume is conserved to rounding. Limits of the second order: beside dry
// cells, thin walls and edges of the model it is of the first. Limits of the first order: films no
// thicker than the rise from cell to cell begin to run off too early or too late by up to a half,
// and stand up to a quarter too thin or thick; the thin tip of a wave on dry ground lags; flow over
// a crest is that of a dam break on it (0.93 H^1.5 m2/s, where a weir passes 1.7 H^1.5).
//
// Grid: cell (row, column) is element row * nx + column; row 0 is the top; u runs along columns to
// the right, v along rows downwards. Face arrays: x faces ny * (nx + 1), face i of a row is the
// left side of column i; y faces (ny + 1) * nx, face row j is the upper side of row j.
#ifndef CIMTWIN_FLOOD_H
#define CIMTWIN_FLOOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cimtwin/err.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CT_FLOOD_GRAVITY     9.81 // m/s2
#define CT_FLOOD_DRY_M       1e-6 // thinner water has no velocity: it moves by its weight alone
#define CT_FLOOD_ARRIVAL_M   0.05 // depth that counts as "the water has arrived"
#define CT_FLOOD_MAX_CELLS   (1u << 28)
#define CT_FLOOD_MAX_SOURCES (1u << 20)
// Of the state in tiles: most that a thin model may waste; a square of 2^28 cells takes 3e10.
#define CT_FLOOD_MAX_TILE_BYTES (UINT64_C(1) << 36)

// A function of time. Times ascend strictly. count 0 = none. Borrowed during ct_flood_open, then
// copied.
typedef struct ct_flood_series {
    size_t count; // at most 1e6
    const double *time_s;
    const double *value;
} ct_flood_series;

typedef enum ct_flood_side {
    CT_FLOOD_LEFT,   // column 0
    CT_FLOOD_RIGHT,  // column nx - 1
    CT_FLOOD_TOP,    // row 0
    CT_FLOOD_BOTTOM, // row ny - 1
    CT_FLOOD_SIDES
} ct_flood_side;

typedef enum ct_flood_edge_kind {
    CT_FLOOD_CLOSED, // a wall: nothing passes (what every edge is unless told otherwise)
    CT_FLOOD_OPEN,   // moving water leaves: outside is like the last cell (water at rest stays)
    // Outside lies a reservoir at the series' level (m, same datum as the bed). Water enters with
    // the reservoir's total head, at most as critical flow; it leaves towards that level.
    CT_FLOOD_LEVEL,
    // The series' discharge (m3/s, >= 0) enters, spread evenly over the run's unblocked cells;
    // crests on such faces are not seen.
    CT_FLOOD_INFLOW
} ct_flood_edge_kind;

// A run of cells along one side. Runs must not overlap.
typedef struct ct_flood_edge {
    ct_flood_side side;
    uint32_t first, count; // rows from the top (left, right) or columns from the left (top, bottom)
    ct_flood_edge_kind kind;
    // LEVEL, INFLOW: linear between its times, the ends hold outside them. Else empty.
    ct_flood_series series;
} ct_flood_edge;

// Water that comes up in the model or is taken from it: a spring, a burst main, a pump's intake.
// The series' discharge (m3/s, linear between its times, the ends hold outside them) is spread
// evenly over the cells. What comes in brings no momentum; negative takes out, at most what each
// cell holds, and what is taken leaves with its own. An empty series: nothing, until the control
// "source" says otherwise.
typedef struct ct_flood_source {
    // Indices of cells, ascending strictly; none of a building.
    const uint32_t *cells;
    size_t cell_count;         // >= 1
    ct_flood_series discharge; // within +-1e6
} ct_flood_source;

typedef enum ct_flood_scheme {
    CT_FLOOD_FIRST_ORDER,  // Godunov
    CT_FLOOD_SECOND_ORDER, // MUSCL-Hancock
    CT_FLOOD_SCHEMES
} ct_flood_scheme;

typedef enum ct_flood_precision {
    CT_FLOOD_DOUBLE,
    CT_FLOOD_SINGLE, // heights to a quantum of 2^-20 m or, where a tile's relief is large, a
                     // coarser one
    CT_FLOOD_PRECISIONS
} ct_flood_precision;

// Their words in scenarios and cases, by number: "first_order", "second_order"; "double", "single".
// Each list ends with NULL.
extern const char *const ct_flood_scheme_words[], *const ct_flood_precision_words[];

typedef enum ct_flood_soil_kind {
    CT_FLOOD_SOIL_CONSTANT,     // rate_ms, as what small drains take off a street
    CT_FLOOD_SOIL_HORTON,       // from initial_ms down to rate_ms, Horton (1940)
    CT_FLOOD_SOIL_GREEN_AMPT,   // Green and Ampt (1911), under the water that stands
    CT_FLOOD_SOIL_CURVE_NUMBER, // of the rain alone, with what roofs bring: NRCS handbook 630, 10
    CT_FLOOD_SOILS
} ct_flood_soil_kind;

// How a ground takes up the water on it. What a kind does not name is not read.
typedef struct ct_flood_soil {
    ct_flood_soil_kind kind;
    double rate_ms;      // constant; Horton: in the end; Green-Ampt: saturated conductivity. 0..1
    double initial_ms;   // Horton, rate_ms..1
    double decay_s;      // Horton, 1/s, 1e-9..1
    double suction_m;    // Green-Ampt: head at the wetting front, 0..100
    double deficit;      // Green-Ampt: of moisture, the share of the volume that fills, 0..1
    double curve_number; // 1..100
    double abstraction;  // curve number: initial abstraction over retention, 0..1; usual: 0.2
    double capacity_m;   // at most this is taken in all, 0..1e4; 0 = no limit
} ct_flood_soil;

#define CT_FLOOD_MAX_SOILS 255
#define CT_FLOOD_MAX_ZONES 65535

// All arrays are borrowed during ct_flood_open and copied; those marked "or NULL" may be missing.
typedef struct ct_flood_params {
    uint32_t nx, ny; // columns, rows; each >= 1, nx * ny <= CT_FLOOD_MAX_CELLS
    double cell_m;   // > 0, up to 1e4

    // Ground, ny * nx, finite, within +-1e5 m. Kept to a quantum, which makes differences of
    // heights exact: 2^-30 m (1e-9 m) in double precision, see CT_FLOOD_SINGLE.
    const double *bed_m;
    const double *depth_m; // ny * nx, 0..1e4, or NULL = dry
    // Or the level of the water at the start, ny * nx, within +-1e5 m and at most 1e4 m above the
    // ground; NaN, or a level below the ground: dry; of blocked cells it is not read. Kept to the
    // quantum: one level is at rest to the bit, over any bed. NULL = depth_m says it.
    const double *level_m;
    const double *velocity_x_ms; // ny * nx, |u| <= 1e3, or NULL = at rest
    const double *velocity_y_ms;

    const double *manning;  // ny * nx, s m^-1/3, 0..10, or NULL = manning_uniform everywhere
    double manning_uniform; // s m^-1/3, 0..10

    // ny * nx, non-zero = a building: no water enters, its depth must be 0. NULL = none.
    const uint8_t *blocked;
    // ny * nx: where the rain that falls on a blocked cell arrives: the index of an unblocked cell,
    // or -1 = it leaves the model (counted as rain_lost_m3). Not read for unblocked cells. NULL =
    // -1 everywhere.
    const int64_t *roof_receiver;

    // Thin walls, dikes, barriers on faces: ny * (nx + 1) and (ny + 1) * nx crest heights in m,
    // same datum as the bed. The face's sill is the higher one of crest and both beds. NaN or
    // -INFINITY = no wall; +INFINITY = never overtopped. NULL = none.
    const double *crest_x_m;
    const double *crest_y_m;

    const ct_flood_edge *edges; // edge_count runs; the rest of the edge is closed
    size_t edge_count;

    const ct_flood_source *sources; // source_count of them; they may share cells
    size_t source_count;            // at most CT_FLOOD_MAX_SOURCES

    // Rain in m/s, 0..1: rate k holds from time k to time k + 1, the last one for ever; none before
    // the first time.
    ct_flood_series rain;
    // Or rain that is not the same everywhere (gauges, a radar's grid): zone_rain
    // has zone_count rains as above, `rain_zone` (ny * nx) the index of each cell's; `rain` is
    // empty. What falls on a roof counts to the zone of its receiver, or its own without one. NULL
    // and 0.
    const uint16_t *rain_zone;
    const ct_flood_series *zone_rain;
    size_t zone_count;         // at most CT_FLOOD_MAX_ZONES
    const double *rain_factor; // ny * nx, 0..1e3, times the rate, on roofs too, or NULL = 1

    // What the ground takes up: `soil` (ny * nx) holds 0 = nothing, else 1 + the
    // index of one of `soils`; not read for blocked cells. It is taken once a second of time, or at
    // every step that is longer. NULL and 0 = none.
    const uint8_t *soil;
    const ct_flood_soil *soils;
    size_t soil_count; // at most CT_FLOOD_MAX_SOILS

    const double *debris_factor; // ny * nx, DF of the hazard rating, 0..10, or NULL = 0

    ct_flood_scheme scheme;
    ct_flood_precision precision;
    // Every tile of 64 x 64 cells by steps of its own, cut in halves from a stretch of time of up
    // to eight of the shortest; else all by the shortest. Volume, still water, equal bits hold
    // alike. Quicker where few tiles have fast waves; a few per cent slower where all have.
    bool local_steps;

    double start_s; // time of the initial state
    // Share of a cell that the fastest wave may cross in a step, 0 < cfl <= 0.5 (0.9 where there is
    // but one row or column with nothing but closed edges along it); 0 = 0.45. Within a stretch of
    // local steps waves may grow by a tenth, to those bounds at most, before steps are cut.
    double cfl;
    // Threads that share each step, the caller's included; 0 = one per core. Never changes results.
    int threads;
} ct_flood_params;

// All zero, then threads = 1, the second order in single precision.
void ct_flood_params_init(ct_flood_params *params);

typedef struct ct_flood ct_flood; // opaque; one thread at a time may use it

// Checks everything, naming the first bad field and cell, and makes the state. CT_ARG: a missing
// array, a wrong size; CT_RANGE: a value outside the ranges above or not finite; CT_LIMIT: too many
// cells, or too many bytes in tiles; CT_NOMEM.
CT_CHECKED ct_err ct_flood_open(ct_flood **out, const ct_flood_params *params);
void ct_flood_close(ct_flood *flood); // NULL is fine

double ct_flood_time_s(const ct_flood *flood);
uint64_t ct_flood_steps(const ct_flood *flood); // so far; with local steps, the shortest ones

// The longest step: cfl * cell / the fastest wave of cells, edges and sources, 0.1 m/s at least.
// With local steps too: a step alone is one for all tiles, a longer stretch is ct_flood_advance's.
double ct_flood_dt_max_s(const ct_flood *flood);

// Advances by dt_s, 0 < dt_s <= ct_flood_dt_max_s. A cell lets out what it holds: no depth is ever
// clipped, no step done twice. CT_RANGE: dt_s out of range.
// CT_DIVERGED: a depth or speed that is not finite or beyond 1e4 m/s; the message names the cell.
// The time stays at the last good one, but the state is of no use any more: steps and save refuse
// it (CT_DIVERGED) until a checkpoint is loaded.
CT_CHECKED ct_err ct_flood_step(ct_flood *flood, double dt_s);

// Steps until the time is exactly until_s (not before now; CT_RANGE). CT_DIVERGED as above.
CT_CHECKED ct_err ct_flood_advance(ct_flood *flood, double until_s);

typedef enum ct_flood_array {
    CT_FLOOD_DEPTH,       // m
    CT_FLOOD_VELOCITY_X,  // m/s, to the right
    CT_FLOOD_VELOCITY_Y,  // m/s, downwards
    CT_FLOOD_BED,         // m, as kept
    CT_FLOOD_MAX_DEPTH,   // m, over all steps so far, the initial state included
    CT_FLOOD_MAX_SPEED,   // m/s
    CT_FLOOD_MAX_HAZARD,  // m2/s: the largest over time of h (v + 0.5) + DF (DEFRA FD2321), 0 where
                          // never wet
    CT_FLOOD_ARRIVAL,     // s: time of the end of the first step with h > CT_FLOOD_ARRIVAL_M; NaN =
                          // never yet
    CT_FLOOD_INFILTRATED, // m, taken by the ground so far; NULL where the parameters have no soil
    CT_FLOOD_ARRAYS
} ct_flood_array;

// ny * nx values, borrowed until the next step, advance, load or close. Blocked cells hold 0
// (arrival: NaN).
const double *ct_flood_get(const ct_flood *flood, ct_flood_array which);

// --- Sections ---

// The face between two cells that lie side by side.
typedef struct ct_flood_face {
    size_t from, to; // cells
} ct_flood_face;

// What passes through faces now, m3/s, from `from` to `to` positive: the flux between the cells as
// they stand, in the second order the mean of what both carry where both stand over the face
// without a wall. CT_RANGE: no such cells, or not side by side.
CT_CHECKED ct_err ct_flood_discharge(const ct_flood *flood, const ct_flood_face *faces,
                                     size_t count, double *out_m3s);

// --- Coupling: between steps ---

// The water at one cell.
typedef struct ct_flood_spot {
    double bed_m;
    double depth_m;
    double velocity_x_ms, velocity_y_ms;
    double volume_m3; // what ct_flood_put can take
} ct_flood_spot;

// CT_RANGE: no such cell. A building holds nothing.
CT_CHECKED ct_err ct_flood_look(const ct_flood *flood, size_t cell, ct_flood_spot *out);

// Puts volume_m3 into a cell, or, negative, takes at most what it holds; momentum as with sources.
// *done_m3 = what the cell holds more than before (negative: less), booked as exchange.
// CT_RANGE: no such cell, a building, or more than 1e4 m of depth.
// The longest step shrinks with the depth that comes; water that arrives over time belongs in a
// source, whose "source" control may be set before each step.
CT_CHECKED ct_err ct_flood_put(ct_flood *flood, size_t cell, double volume_m3, double *done_m3);

// Volumes in m3 since the initial state, by source. state = initial + rain + in - out -
// infiltrated to rounding.
typedef struct ct_flood_ledger {
    double initial_m3;
    double rain_m3;                         // that reached cells, roofs' included
    double rain_lost_m3;                    // fell on roofs without a receiver: not in the model
    double in_m3[CT_FLOOD_SIDES];           // through each side, inwards
    double out_m3[CT_FLOOD_SIDES];          // and outwards
    double source_in_m3, source_out_m3;     // by sources; what they really took
    double exchange_in_m3, exchange_out_m3; // by ct_flood_put
    double infiltrated_m3;                  // taken by the ground
    double state_m3;                        // the sum of all depths now, times the cell's area
    double error_m3;                        // state - (initial + rain + in - out - infiltrated)
} ct_flood_ledger;
void ct_flood_ledger_get(const ct_flood *flood, ct_flood_ledger *out);

// What one source has brought and taken so far. CT_RANGE: no such source.
CT_CHECKED ct_err ct_flood_source_get(const ct_flood *flood, size_t source, double *in_m3,
                                      double *out_m3);

// Controls that may move while it runs; they take effect with the next step and are part of the
// saved state. "crest_x", "crest_y": index = face, value = crest in m, as in the parameters (faces
// of blocked cells and of closed edges stay closed). "edge": index = place in the edges list, value
// = level or discharge that replaces its series from now on, NaN = back to the series. "source":
// index = place in the sources list, value = discharge, likewise. CT_NOTFOUND: unknown name;
// CT_RANGE: index or value; CT_NOMEM: a wall where there was none near. On failure nothing has
// changed.
CT_CHECKED ct_err ct_flood_set(ct_flood *flood, const char *control, size_t index, double value);
// "source" for `count` of them from `first` on, m3s[k] each, as a coupling does before every step.
CT_CHECKED ct_err ct_flood_set_sources(ct_flood *flood, size_t first, size_t count,
                                       const double *m3s);

// A checkpoint: bytes in the machine's own number format. `load` continues to the bit in a state
// that was opened with equal parameters (threads may differ). CT_ARG: too small a buffer, or other
// parameters; CT_CORRUPT: damaged bytes; CT_NOMEM: room for walls that the state has not; the state
// is untouched on failure.
size_t ct_flood_save_bytes(const ct_flood *flood);
CT_CHECKED ct_err ct_flood_save(const ct_flood *flood, void *out, size_t bytes);
CT_CHECKED ct_err ct_flood_load(ct_flood *flood, const void *data, size_t bytes);

// 128-bit hash (XXH3) of the state: time, depths, velocities, maxima, ledger, controls.
void ct_flood_hash(const ct_flood *flood, uint64_t out[2]);

#ifdef __cplusplus
}
#endif

#endif
