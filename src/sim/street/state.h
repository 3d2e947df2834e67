// The state of a coupling and what its files share.
#ifndef CT_SIM_STREET_STATE_H
#define CT_SIM_STREET_STATE_H

#include <stdbool.h>

#include "cimtwin/street.h"
#include "sim/core/sum.h"

// Of one exchange, all of it in checkpoints.
typedef struct ct_street__passed {
    double under_way_m3;
    double flow_m3s; // of the last step
    ct_sum drained_m3, surcharged_m3;
} ct_street__passed;

typedef struct ct_street__place {
    uint32_t *cells;
    size_t count;
} ct_street__place;

struct ct_street {
    ct_flood *flood;
    ct_drains *drains;
    size_t sources; // of the flood's own parameters: those of the exchanges follow
    size_t count;   // of exchanges
    ct_street__place *places;
    ct_street__passed *passed;
    double *pours_m3s; // scratch: of each exchange in a step
    double cell_m, step_s, time_s;
    bool lost; // a step went wrong half way
};

#endif
