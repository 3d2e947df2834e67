// The state of a coupling and what its files share.
#ifndef CT_SIM_STREET_STATE_H
#define CT_SIM_STREET_STATE_H

#include <stdbool.h>

#include "cimtwin/street.h"
#include "sim/core/sum.h"

// Of one exchange or place, all of it in checkpoints.
typedef struct ct_street__passed {
    double under_way_m3;
    double flow_m3s; // of the last step
    ct_sum drained_m3, surcharged_m3;
} ct_street__passed;

typedef struct ct_street__place {
    uint32_t *cells, *slots; // where each of them stands among the slots
    size_t count;
} ct_street__place;

// A cell that places lie in: what is there in a step, and who wants it.
typedef struct ct_street__slot {
    uint32_t cell;
    uint32_t sharers;   // places of the storages
    ct_flood_spot spot; // at the beginning of a step
    double owed_m3;     // of its water is owed by any place
} ct_street__slot;

struct ct_street {
    ct_flood *flood;
    ct_drains *drains;   // or NULL
    ct_storage *storage; // or NULL
    size_t sources;      // of the flood's own parameters: those of the places follow
    size_t exchanges;    // the first of the places
    size_t count;        // of all places, the storages' included
    ct_street__slot *slots;
    size_t slot_count;
    ct_street__place *places;
    ct_street__passed *passed;
    double *pours_m3s; // scratch: of each place in a step
    double cell_m, step_s, time_s;
    bool lost; // a step went wrong half way
};

// surface.c: reads the cells of all places, and who owes what of them.
CT_CHECKED ct_err ct_street__look(ct_street *s);
void ct_street__reckon_debts(ct_street *s);
// What the drains see at an exchange, and the storages at a place of theirs, counted among all.
ct_drains_surface ct_street__at_exchange(const ct_street *s, size_t place);
ct_storage_surface ct_street__at_storage(const ct_street *s, size_t place, double dt_s);

#endif
