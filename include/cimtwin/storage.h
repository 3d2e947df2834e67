// Storages and the connections between them: water in buildings and through hydraulic structures.
// Arrays in, arrays out.
//
// A storage area is a room with one level (level pool): a storey, a garage, a light well, a tank, a
// pond behind a gate. Connections pass water between two ends: storage areas, places of a surface
// (told by ct_storage_surface_set before each step, as a coupling does: cimtwin/street.h) and the
// outside.
//
// Laws, by the levels a and b over the datum before and behind a connection (h = a - sill, d = b -
// sill; over the higher floor of both ends where that lies higher, of culverts and pumps the
// giver's; g = 9.81 m/s2). They work both ways, except pumps and where a flap shuts. Where two laws
// are named the lesser passes.
// Opening (door, ramp, window): weir C W h^1.5, drowned by (1 - (d/h)^1.5)^0.385 (Villemonte 1947),
//   and orifice Co W w sqrt(2 g (h - max(d, w/2))) of its wet height w <= height. C = 1.70 m^0.5/s
//   is critical flow on a broad sill (Henderson 1966); a sharp crest passes 1.83, C of the
//   field 1.4 to 1.8. A barrier is a second weir before it, up to the same soffit. Closed, it leaks
//   through leak_m2 at the sill: Co A sqrt(2 g (h - max(d, 0))).
// Orifice: that of an opening alone.
// Shaft (hole in a floor, stair, light well): weir over its edge, C W h^1.5 drowned likewise, and
//   orifice Co A sqrt(2 g (h - max(d, 0))), h over the edge.
// Culvert: FHWA HDS-5 (3rd edition 2012): inlet control unsubmerged (form 1 or 2), submerged, and a
//   straight line in between; outlet control by a - max(b, outlet invert + (dc + y)/2) = (k_entry +
//   k_exit + 2 g n2 L / R^(4/3)) V2/2g, where the barrel is filled to y, the depth before it, at
//   most its height: the full-flow law of HDS-5 where it is full. Limits: HDS-5 gives outlet
//   control of barrels that are not full by backwater, for which this stands; the approach has no
//   velocity.
// Gate (sluice): Cc a W sqrt(2 g h / (1 + Cc a / h)) under an opening of height a, Cc = 0.61 (Henry
//   1950), when drowned times 1 / (1 + 0.32 ((0.81 d (d/a)^0.72 - h) / (h - d))^0.7) (Swamee 1992);
//   and the weir of an opening, for water that does not touch the gate.
// Pump: its curve by the head over which it lifts; slows down within the last centimetre before
//   the floor.
//
// Scheme: implicit in all levels at once (backward Euler; Newton's method on an M-matrix), so a
// step of any length is stable and small rooms fill to the level outside without passing it; the
// error is of the first order in the step. A place's level answers as if its area were a pool.
// Volumes move by what connections carry, never more than the giver holds; state = initial + in -
// out to rounding.
//
// Limits: no momentum and no time of travel; a storey's water has one level; air does not hinder.
#ifndef CIMTWIN_STORAGE_H
#define CIMTWIN_STORAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cimtwin/err.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CT_STORAGE_GRAVITY 9.81       // m/s2
#define CT_STORAGE_MAX     (1u << 20) // areas, connections, places, outsides

// x ascends strictly; linear between, the ends hold. count 0 = none, at most 1e6. Borrowed during
// ct_storage_open, then copied.
typedef struct ct_storage_curve {
    size_t count;
    const double *x, *y;
} ct_storage_curve;

typedef struct ct_storage_area {
    ct_storage_curve area; // x = level m, y = m2, 1e-3..1e9; the first level is the floor; needed
    double depth_m;        // initial, over the floor, 0..1e4
    // What comes in beside its connections, x = s, y = m3/s within +-1e6; negative takes out, at
    // most what is there.
    ct_storage_curve inflow;
} ct_storage_area;

// A water level that nothing here changes: x = s, y = m; none: free fall, nothing comes back.
typedef struct ct_storage_outside {
    ct_storage_curve level;
} ct_storage_outside;

typedef enum ct_storage_end_kind {
    CT_STORAGE_AREA,
    CT_STORAGE_PLACE, // of the surface
    CT_STORAGE_OUTSIDE,
    CT_STORAGE_END_KINDS
} ct_storage_end_kind;

typedef struct ct_storage_end {
    ct_storage_end_kind kind;
    uint32_t index;
} ct_storage_end;

typedef enum ct_storage_kind {
    CT_STORAGE_OPENING,
    CT_STORAGE_ORIFICE,
    CT_STORAGE_SHAFT,
    CT_STORAGE_CULVERT,
    CT_STORAGE_GATE,
    CT_STORAGE_PUMP,
    CT_STORAGE_KINDS
} ct_storage_kind;

// Inlets of culverts with their constants (HDS-5, table A.1), inlet by inlet: chart, scale.
typedef enum ct_storage_inlet {
    CT_STORAGE_CONCRETE_SQUARE,     // circular concrete, square edge with headwall: 1, 1
    CT_STORAGE_CONCRETE_GROOVE,     // groove end with headwall: 1, 2
    CT_STORAGE_CONCRETE_PROJECTING, // groove end projecting: 1, 3
    CT_STORAGE_METAL_HEADWALL,      // circular corrugated metal: 2, 1
    CT_STORAGE_METAL_MITERED,       // mitered to slope: 2, 2
    CT_STORAGE_METAL_PROJECTING,    // 2, 3
    CT_STORAGE_RING_BEVEL_45,       // circular, beveled ring: 3, A
    CT_STORAGE_RING_BEVEL_33,       // 3, B
    CT_STORAGE_BOX_FLARED,          // box, wingwalls flared 30 to 75 degrees: 8, 1
    CT_STORAGE_BOX_90,              // 90 or 15 degrees: 8, 2
    CT_STORAGE_BOX_STRAIGHT,        // 0 degrees: 8, 3
    CT_STORAGE_INLETS
} ct_storage_inlet;

// What a kind does not name is not read.
typedef struct ct_storage_connection {
    ct_storage_kind kind;
    ct_storage_end from, to; // not the same one
    bool flap;               // nothing from `to` to `from`
    // Level of the lower edge (opening, orifice, gate), of the edge of the hole (shaft), of the
    // invert at `from` (culvert), within +-1e5.
    double sill_m;
    // Clear width (opening, orifice, gate), length of the edge (shaft), span of a box, 0 = circular
    // (culvert). 1e-3..1e4
    double width_m;
    // From the sill to the soffit (opening: 0 = open above; orifice), to where it is wide open
    // (gate), rise or diameter (culvert). 1e-3..100
    double height_m;
    double area_m2; // shaft, 1e-4..1e6
    double leak_m2; // opening, 0..100: of what is left when it is closed
    // C in m^0.5/s, 0 = 1.70, at most 10; Co, or Cc of gates, 0 = 0.6 (0.61), at most 1.
    double weir_coefficient, orifice_coefficient;
    ct_storage_inlet inlet; // culvert; both ends alike
    double invert_to_m;     // invert at `to`, within +-1e5
    double length_m;        // 0.1..1e5
    double manning;         // s m^-1/3, 1e-3..1
    double loss_entry;      // k times V2/2g, 0..100; HDS-5: 0.2 to 0.9
    double loss_exit;       // 0..100; usual: 1
    uint32_t barrels;       // 1..1000
    // Pump: x = head m over which it lifts, to `to` or to outlet_m where that is higher; y = m3/s
    // >= 0, not rising. Runs from on_m at `from` down to off_m (levels); equal ones: always.
    ct_storage_curve curve;
    double on_m, off_m, outlet_m;
    // Share that is open, 0..1, or of the pump's curve, 0..10, while its rule has it run; x = s.
    // None = 1. Gate: of height_m.
    ct_storage_curve setting;
    ct_storage_curve crest; // opening: of a barrier, x = s, y = m within +-1e5. None = no barrier.
} ct_storage_connection;

typedef struct ct_storage_params { // all arrays are borrowed during ct_storage_open and copied
    const ct_storage_area *areas;
    size_t area_count;
    const ct_storage_connection *connections;
    size_t connection_count;
    const ct_storage_outside *outsides;
    size_t outside_count;
    size_t place_count; // of the surface
    double start_s;
    double step_s; // longest step, 1e-3..1e5; 0 = 1 s
} ct_storage_params;

void ct_storage_params_init(ct_storage_params *params); // all zero

typedef struct ct_storage ct_storage; // opaque; one thread at a time may use it

// Checks everything, naming the first bad element and field, and makes the state. CT_ARG: a missing
// array, an end that is none; CT_RANGE: a value outside the ranges above or not finite; CT_LIMIT;
// CT_NOMEM.
CT_CHECKED ct_err ct_storage_open(ct_storage **out, const ct_storage_params *params);
void ct_storage_close(ct_storage *storage); // NULL is fine

double ct_storage_time_s(const ct_storage *storage);
double ct_storage_dt_max_s(const ct_storage *storage); // step_s of the parameters

// Advances by dt_s, 0 < dt_s <= ct_storage_dt_max_s. A step whose equations do not converge is done
// again in halves. CT_RANGE: dt_s. CT_DIVERGED: halves that collapse; the message names the area or
// place, the state is what it was before the piece.
CT_CHECKED ct_err ct_storage_step(ct_storage *storage, double dt_s);
CT_CHECKED ct_err ct_storage_advance(ct_storage *storage, double until_s); // to exactly until_s

typedef struct ct_storage_area_report {
    double level_m; // of the water; the floor where it is empty
    double depth_m, volume_m3;
    double max_level_m; // so far
} ct_storage_area_report;
CT_CHECKED ct_err ct_storage_area_get(const ct_storage *storage, size_t area,
                                      ct_storage_area_report *out); // CT_RANGE

typedef struct ct_storage_flow_report {
    double flow_m3s;                // from `from` to `to` positive, of the last piece of a step
    double forward_m3, backward_m3; // so far, both >= 0
    bool runs;                      // pump: its rule has it run; others true
} ct_storage_flow_report;
CT_CHECKED ct_err ct_storage_flow_get(const ct_storage *storage, size_t connection,
                                      ct_storage_flow_report *out); // CT_RANGE

// Volumes in m3 since the initial state. state = initial + in - out to rounding.
typedef struct ct_storage_ledger {
    double initial_m3;
    double inflow_m3, taken_m3;           // by inflow series and controls
    double outside_in_m3, outside_out_m3; // from and to the outsides
    double place_in_m3, place_out_m3;     // from and to the surface
    double state_m3;                      // what stands in all areas
    double error_m3;                      // state - (initial + in - out)
} ct_storage_ledger;
void ct_storage_ledger_get(const ct_storage *storage, ct_storage_ledger *out);

// The surface at one place during the next steps.
typedef struct ct_storage_surface {
    double level_m;   // of the water; its ground where it is dry
    double area_m2;   // over which the level answers to what is exchanged, > 0
    double volume_m3; // >= 0: at most this may be taken until it is told anew; INFINITY = no limit
    double floor_m;   // its ground, at most level_m: a sill that lies lower is that high
} ct_storage_surface;

// Initially every place is dry, its ground at -1e5 m. CT_RANGE.
CT_CHECKED ct_err ct_storage_surface_set(ct_storage *storage, size_t place,
                                         const ct_storage_surface *surface);
// m3 that went from the place into areas and the outside during the last ct_storage_step or
// _advance; negative: came up. NaN = there is no such place.
double ct_storage_surface_taken(const ct_storage *storage, size_t place);

// Controls that may move while it runs; they take effect with the next step and are part of the
// saved state. "setting": value instead of the connection's series, NaN = the series again (index =
// connection); for pumps instead of the rule as well. "crest": of the barrier of an opening,
// likewise; -INFINITY = no barrier. "outside": the level in m instead of the series, likewise
// (index = outside). "area_inflow": m3/s at an area beside its series, within +-1e6. CT_NOTFOUND:
// unknown name; CT_RANGE: index or value.
CT_CHECKED ct_err ct_storage_set(ct_storage *storage, const char *control, size_t index,
                                 double value);

// A checkpoint: bytes in the machine's own number format. `load` continues to the bit in a state
// that was opened with equal parameters. CT_ARG: too small a buffer, or other parameters;
// CT_CORRUPT: damaged bytes; the state is untouched on failure.
size_t ct_storage_save_bytes(const ct_storage *storage);
CT_CHECKED ct_err ct_storage_save(const ct_storage *storage, void *out, size_t bytes);
CT_CHECKED ct_err ct_storage_load(ct_storage *storage, const void *data, size_t bytes);

// 128-bit hash (XXH3) of the state.
void ct_storage_hash(const ct_storage *storage, uint64_t out[2]);

// What a connection passes between two levels (m) with its settings of now, as the engine sees it
// between ends that lie deep below: its rating. CT_RANGE: index, or a level that is not finite.
CT_CHECKED ct_err ct_storage_rating(ct_storage *storage, size_t connection, double from_m,
                                    double to_m, double *m3s);

#ifdef __cplusplus
}
#endif

#endif
