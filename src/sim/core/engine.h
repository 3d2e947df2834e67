// What every engine offers: arrays in, arrays out, one table of functions (DESIGN: engines).
// Coupling and runs speak to engines through this table alone; each engine's own header documents
// its parameters, controls and fields.
//
// Contract of a step: no allocation, no input or output, no clock, no log. State and fields have
// the same bytes for any number of threads, after save and load, and on every run of one build on
// one instruction set.
#ifndef CT_SIM_CORE_ENGINE_H
#define CT_SIM_CORE_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "cimtwin/err.h"

// A grid of square cells. Row 0 is the top (the north, for a raster); columns run to the right,
// rows run down. Cell (row, column) is element row * nx + column of its array; an engine knows no
// other coordinates.
typedef struct ct_sim_grid {
    uint32_t nx, ny; // columns, rows
    double cell_m;   // side of a cell
} ct_sim_grid;

// Where the values of a field sit on the grid, and so how many there are.
typedef enum ct_sim_place {
    CT_SIM_CELLS,   // ny * nx, at cell centres
    CT_SIM_FACES_X, // ny * (nx + 1): face i of a row is the left side of column i
    CT_SIM_FACES_Y, // (ny + 1) * nx: face row j is the upper side of row j
    CT_SIM_LIST // nx entries without a place on the grid (ny = 1, cell_m = 0): rooms, nodes, doors
} ct_sim_place;

// One named array of an engine, borrowed: the values live until the engine's next step, load or
// close.
typedef struct ct_sim_field {
    const char *name; // "depth"; snake_case, unique within the engine
    const char *unit; // UDUNITS text: "m", "m s-1", "s", "1"
    const char *title;
    ct_sim_place place;
    ct_sim_grid grid;
    const double *values; // NaN = no value
} ct_sim_field;

// Every function but `open` takes the state that `open` made.
typedef struct ct_sim_engine {
    const char *name;    // "flood"
    const char *version; // changes whenever results may change; part of the run id

    // Checks the engine's own parameter struct (copied; nothing of it is kept) and makes the state.
    ct_err (*open)(void **state, const void *params);
    void (*close)(void *state); // NULL is fine

    // Writes up to `max` fields to `out` and returns how many there are in all.
    size_t (*fields)(const void *state, ct_sim_field *out, size_t max);

    // Moves one control (vent, gate, pump, door, wall) to a value; takes effect with the next step.
    // CT_NOTFOUND for an unknown control, CT_RANGE for a bad index or value.
    ct_err (*set)(void *state, const char *control, size_t index, double value);

    double (*time_s)(const void *state);
    double (*dt_max_s)(
        const void *state); // the longest step the state allows now; > 0, may be infinite

    // Advances by exactly dt_s (0 < dt_s <= dt_max_s). CT_DIVERGED names the place; the state is
    // then what it was.
    ct_err (*step)(void *state, double dt_s);

    // A checkpoint in memory of the caller: save_bytes, then save. `load` restores it exactly into
    // a state opened with equal parameters (CT_CORRUPT, or CT_ARG where it belongs to other
    // parameters; the state is then what it was).
    size_t (*save_bytes)(const void *state);
    ct_err (*save)(const void *state, void *out, size_t bytes);
    ct_err (*load)(void *state, const void *data, size_t bytes);

    // Of everything that decides the future of the state and of its fields.
    ct_hash128 (*hash)(const void *state);
} ct_sim_engine;

#endif
