// Street, drains and buildings together: the water on the surface (cimtwin/flood.h), that in the
// pipes below it (cimtwin/drains.h), passed through manholes and inlets, and that in storages
// beside it (cimtwin/storage.h), passed through doors, ramps, culverts and pumps. Drains or
// storages may be missing. Arrays in, arrays out.
//
// A step: every exchange of the drains is told the surface at its cells; the drains go a step
// ahead, each exchange bounded by what its cells hold and answering the level that it moves; then
// the surface goes the same way in steps of its own, before each of which the storages go ahead
// likewise, with what the drains left; what was passed comes up or goes away evenly over that time.
// So all are at the same time after every step, and no step of one binds another.
//
// Volume: what left one side and has not reached the other yet is kept by exchange and place, to
// the last bit; it is what a cell that ran dry still owes. state = initial + what came - what left,
// to rounding. A cell that several storage places share is divided evenly between them; what
// anybody owes is nobody else's to take.
//
// Limits: what flows along a gutter to an inlet on grade is depth times speed times the cell's
// side, of the one of its cells where that is largest. Water that comes up brings no momentum, and
// what goes through a connection of the storages none either. A place's level answers within a
// step of the surface over up to one and a half times its wet cells, as waves reach.
#ifndef CIMTWIN_STREET_H
#define CIMTWIN_STREET_H

#include <stddef.h>
#include <stdint.h>

#include "cimtwin/drains.h"
#include "cimtwin/err.h"
#include "cimtwin/flood.h"
#include "cimtwin/storage.h"

#ifdef __cplusplus
extern "C" {
#endif

// Where an exchange of the drains, or a place of the storages, lies on the surface.
typedef struct ct_street_place {
    const uint32_t *cells; // indices, ascending strictly; none of a building
    size_t cell_count;     // >= 1
} ct_street_place;

typedef struct ct_street_params { // all is borrowed during ct_street_open and copied
    ct_flood_params flood;        // start_s as the drains'
    // Nodes that have exchanges should be CT_DRAINS_COUPLED: others spill out of the model as well.
    // None: no drains.
    ct_drains_params drains;
    const ct_street_place *places; // one for each exchange of the drains
    size_t place_count;
    double step_s; // longest step of all, 1e-3..1e5; 0 = 1 s
    // Neither areas nor places: no storages. start_s as the surface's; step_s 0 = as above.
    ct_storage_params storage;
    const ct_street_place *storage_places; // storage.place_count of them
} ct_street_params;

// As the engines' own, then all zero.
void ct_street_params_init(ct_street_params *params);

typedef struct ct_street ct_street; // opaque; one thread at a time may use it

// Checks everything. CT_ARG: places that do not fit the exchanges, start times that differ;
// CT_RANGE: a cell outside or of a building, step_s; and all that ct_flood_open, ct_drains_open and
// ct_storage_open say.
CT_CHECKED ct_err ct_street_open(ct_street **out, const ct_street_params *params);
void ct_street_close(ct_street *street); // NULL is fine

double ct_street_time_s(const ct_street *street);
double ct_street_dt_max_s(const ct_street *street); // step_s of the parameters

// Advances all by dt_s, 0 < dt_s <= ct_street_dt_max_s. CT_RANGE: dt_s. CT_DIVERGED: as the
// engines say; the state is of no use any more: load a checkpoint or close it.
CT_CHECKED ct_err ct_street_step(ct_street *street, double dt_s);
CT_CHECKED ct_err ct_street_advance(ct_street *street, double until_s); // to exactly until_s

// Each of them, borrowed until close, to read from; the controls of drains and storages may be
// moved. NULL = there are none. The surface's sources beyond those of its parameters are the
// exchanges, then the places of the storages.
const ct_flood *ct_street_flood(const ct_street *street);
ct_drains *ct_street_drains(ct_street *street);
ct_storage *ct_street_storage(ct_street *street);

typedef enum ct_street_state {
    CT_STREET_IDLE,       // nothing passed
    CT_STREET_DRAINING,   // from the surface into the drains or storages
    CT_STREET_SURCHARGING // and the other way
} ct_street_state;

// An exchange in the last step, and so far.
typedef struct ct_street_report {
    ct_street_state state;
    double flow_m3s; // into the drains positive, the mean of the step
    double drained_m3, surcharged_m3;
    double
        under_way_m3; // left the drains and is not on the surface yet; negative: the surface owes
} ct_street_report;
CT_CHECKED ct_err ct_street_exchange_get(const ct_street *street, size_t exchange,
                                         ct_street_report *out); // CT_RANGE
// Likewise of a place of the storages: into them positive.
CT_CHECKED ct_err ct_street_place_get(const ct_street *street, size_t place,
                                      ct_street_report *out); // CT_RANGE

// Volumes in m3 since the initial state. state = initial + in - out to rounding.
typedef struct ct_street_ledger {
    double initial_m3;
    double in_m3;  // rain, edges, sources, inflows to drains and storages, back from outside
    double out_m3; // edges, the ground, intakes, outfalls, over open rims, outside of the storages
    double surface_m3, drains_m3, under_way_m3;
    double state_m3; // the sum of the three and of storage_m3
    double error_m3; // state - (initial + in - out)
    double storage_m3;
} ct_street_ledger;
void ct_street_ledger_get(const ct_street *street, ct_street_ledger *out);

// The controls of all engines; "source" but those of the parameters and "surface_..." are the
// coupling's own. CT_NOTFOUND, CT_RANGE, CT_NOMEM as they say.
CT_CHECKED ct_err ct_street_set(ct_street *street, const char *control, size_t index, double value);

// A checkpoint, as the engines'. The state is untouched on failure.
size_t ct_street_save_bytes(const ct_street *street);
CT_CHECKED ct_err ct_street_save(const ct_street *street, void *out, size_t bytes);
CT_CHECKED ct_err ct_street_load(ct_street *street, const void *data, size_t bytes);

// 128-bit hash (XXH3) of the state.
void ct_street_hash(const ct_street *street, uint64_t out[2]);

#ifdef __cplusplus
}
#endif

#endif
